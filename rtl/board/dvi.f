# SPDX-License-Identifier: Apache-2.0
# From the pins of the screen to a DVI cable, for boards that have one.
rtl/board/board_fifo.sv
rtl/board/board_tmds.sv
rtl/board/board_dvi.sv
rtl/board/board_shift.sv
