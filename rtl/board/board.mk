# SPDX-License-Identifier: Apache-2.0
# Boards. What one has is said once here: simulation, synthesis and firmware are given these very numbers.

BOARDS := ulx3s

# ulx3s  ULX3S with an LFE5U-85F: default64 of the engine, all memory in 128 + 64 + 64 KiB of block RAM, and so a picture of
#        160 x 120 in RGB565, shown four times as large.
BOARD_ulx3s := CLOCK_HZ=50000000 BAUD=115200 DATA_W=64 PROGRAM_BYTES=131072 HOST_BYTES=65536 DEVICE_BYTES=65536 \
               FIFO_BEATS=256 DESCRIPTORS=48 READS=64 WINDOW=64 EXTRAS=1 PIXEL_CLOCKS=2 SCALE_LG=2

# The frames of host memory: tables and rings, pages of one client, and their backing store.
FW_MARCH_ulx3s := -march=rv32ima -mabi=ilp32
FW_CDEF_ulx3s  := -DHAL_TRACE=0 -DSOC_BUS_HOST_BYTES=65536u -DSOC_BUS_DEVICE_BYTES=65536u -DMEMORY_COMMON_FRAMES=5u \
                  -DMEMORY_FRAMES=6u -DMEMORY_STORE_PAGES=5u -DMEMORY_CLIENTS=1u -DMEMORY_CLIENT_PAGES=32u -DMEMORY_MDL_PAGES=16u
FW_OPT_ulx3s    = $(FW_OPT_quick)
FW_MK_ulx3s    := rtl/board/board.mk
FW_LINK_ulx3s  := -Wl,--defsym=__program_bytes=131072 -Wl,--defsym=__stack_bytes=0x2000

BOARD_LISTS := rtl/dray/dray.f rtl/soc/soc.f rtl/board/board.f
BOARD_LINT  := $(OUT)/soc/board.f

$(BOARD_LINT): rtl/board/board.mk $(BOARD_LISTS) $(SOC_STUB)
	$(Q)mkdir -p $(@D)
	$(Q)cat $(BOARD_LISTS) > $@ && echo $(SOC_STUB) >> $@

GENERATED += $(BOARD_LINT)
LINT_RTL  += rtl/board/dvi.f:board_dvi rtl/board/dvi.f:board_shift $(BOARD_LINT):board_system $(BOARD_LINT):board_system:DATA_W=32:EXTRAS=0:PIXEL_CLOCKS=4:SCALE_LG=0

board_known = $(if $(filter $(BOARD),$(BOARDS)),,$(error say which board: BOARD is one of: $(BOARDS)))
