# SPDX-License-Identifier: Apache-2.0
# What every board shares. It needs rtl/dray/dray.f and rtl/soc/soc.f too, and the module VexRiscv.
rtl/board/board_system.sv
