# SPDX-License-Identifier: Apache-2.0
# The first program of docs/programming.md is cut out of the page for its test: at most 60 lines, and it runs.

DRAY_FIRST := $(OUT)/docs/first_program.c
GENERATED  += $(DRAY_FIRST)
CINC       += -I$(dir $(DRAY_FIRST))

$(DRAY_FIRST): docs/programming.md firmware/dray/room.mk
	$(Q)mkdir -p $(@D)
	$(Q)awk '/^```c$$/ { on = 1; next } /^```$$/ { on = 0 } on { print; lines++ } END { exit lines < 1 || lines > 60 }' $< > $@

$(OUT)/sim/check/test_driver_program.o: SIM_CINC += -I$(dir $(DRAY_FIRST))
$(OUT)/sim/check/test_driver_program.o: $(DRAY_FIRST)
