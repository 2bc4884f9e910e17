# SPDX-License-Identifier: Apache-2.0
# A board in simulation: its own configuration with its own firmware in it. `make selftest BOARD=ulx3s` runs the self-test.

BOARD_SOURCES = $(shell sed 's/\#.*//' $(BOARD_LISTS))

$(foreach board,$(BOARDS),$(OUT)/$(board)/selftest.hex): $(OUT)/%/selftest.hex: $(FW_OUT)/core-%/selftest.elf
	$(Q)mkdir -p $(@D)
	$(Q)$(RISCV)objcopy -O binary $< $(@:.hex=.bin)
	$(Q)od -An -v --endian=little -t x4 -w4 $(@:.hex=.bin) > $@

# The program is read when the simulation begins, so a new one needs no new model.
define board_model
$(OUT)/$(1)/sim/Vboard.mk: $(BOARD_LISTS) $$(BOARD_SOURCES) rtl/board/board.mk sim/board.mk sim/soc.vlt
	$$(say) VERILATE "$(1)"
	$$(Q)rm -rf $$(@D) && mkdir -p $$(@D)
	$$(Q)$$(VERILATOR) --cc --assert -O3 --x-assign fast --x-initial fast --Wno-fatal --prefix Vboard --Mdir $$(@D) --top-module board_system \
	    $$(BOARD_$(1):%=-G%) '-GIMAGE="$(OUT)/$(1)/selftest.hex"' $$(BOARD_SOURCES) $$(SOC_CORE) > $$(@D)/log 2>&1 || { cat $$(@D)/log; exit 1; }

$(OUT)/$(1)/sim/board.a: $(OUT)/$(1)/sim/Vboard.mk sim/board_model.cpp sim/board_model.h
	$$(say) MODEL "$(1)"
	$$(Q)$$(SYSTEM_MAKE) -C $$(@D) -f Vboard.mk Vboard__ALL.a OPT_FAST="$$(SYSTEM_FAST)" > $$(@D)/log 2>&1 || { cat $$(@D)/log; exit 1; }
	$$(Q)$$(SIM_CXX) -isystem $$(@D) $$(filter -DBOARD_CLOCK_HZ% -DBOARD_BAUD%,$$(BOARD_$(1):%=-DBOARD_%)) -c sim/board_model.cpp -o $$(@D)/board_model.o
	$$(Q)cp $$(@D)/Vboard__ALL.a $$@ && ar rs $$@ $$(@D)/board_model.o 2> /dev/null

$(OUT)/$(1)/sim/selftest: $(SIM)/fast/selftest.o $(SIM)/fast/screen.o $(OUT)/$(1)/sim/board.a $(SIM)/runtime.a
	$$(say) LINK $$@
	$$(Q)$$(CXX) $$^ $$(SIM_LIBS) -o $$@

selftest-$(1): $(OUT)/$(1)/sim/selftest $(OUT)/$(1)/selftest.hex
	$$(Q)$(OUT)/$(1)/sim/selftest $(OUT)/$(1)/selftest.txt
endef
$(foreach board,$(BOARDS),$(eval $(call board_model,$(board))))


selftest: ## the self-test on the simulation of a board's configuration, as it comes out of its UART; BOARD=ulx3s
	$(board_known)
	$(Q)$(MAKE) --no-print-directory selftest-$(BOARD)

.PHONY: selftest $(BOARDS:%=selftest-%)

# ---- every board's, as a test

TESTS       += $(SIM)/test_selftest
LINT_C_HOST += sim/test_selftest.c
CDEF_HOST   += -DBOARDS='$(BOARDS:%="%",)'

$(SIM)/check/test_selftest.o: SIM_CINC += -DBOARDS='$(BOARDS:%="%",)'

$(SIM)/test_selftest: $(SIM)/check/test_selftest.o $(SIM)/check/shell.o | $(foreach board,$(BOARDS),$(OUT)/$(board)/sim/selftest $(OUT)/$(board)/selftest.hex)
	$(say) LINK $@
	$(Q)$(CC) -fsanitize=address,undefined $^ -lcmocka -o $@

$(SIM)/fast/selftest.o: SIM_CINC += -Ifirmware/apps/selftest
LINT_C_HOST += sim/selftest.c
CINC        += -Ifirmware/apps/selftest

# ---- the screen's way to the pads, alone

DVI_SOURCES := $(shell sed 's/\#.*//' rtl/board/dvi.f) sim/dvi.sv
TESTS       += $(SIM)/test_dvi
LINT_C_HOST += sim/test_dvi.c

$(SIM)/dvi/Vdvi.mk: $(DVI_SOURCES) sim/board.mk
	$(say) VERILATE "dvi"
	$(Q)rm -rf $(@D) && mkdir -p $(@D)
	$(Q)$(VERILATOR) --cc --assert -Wall -O3 --x-assign fast --Mdir $(@D) --top-module dvi $(DVI_SOURCES) > $(@D)/log 2>&1 || { cat $(@D)/log; exit 1; }

$(SIM)/dvi.a: $(SIM)/dvi/Vdvi.mk sim/dvi_model.cpp sim/dvi_model.h
	$(say) MODEL "dvi"
	$(Q)$(SYSTEM_MAKE) -C $(SIM)/dvi -f Vdvi.mk Vdvi__ALL.a OPT_FAST=-O2 > $(SIM)/dvi/log 2>&1 || { cat $(SIM)/dvi/log; exit 1; }
	$(Q)$(SIM_CXX) -isystem $(SIM)/dvi -c sim/dvi_model.cpp -o $(SIM)/dvi/face.o
	$(Q)cp $(SIM)/dvi/Vdvi__ALL.a $@ && ar rs $@ $(SIM)/dvi/face.o 2> /dev/null

$(SIM)/test_dvi: $(SIM)/check/test_dvi.o $(SIM)/dvi.a $(SIM)/runtime.a
	$(say) LINK $@
	$(Q)$(CXX) -fsanitize=address,undefined $^ $(SIM_LIBS) -lcmocka -o $@
