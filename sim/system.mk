# SPDX-License-Identifier: Apache-2.0
# The whole system in simulation: build/sim/boot runs a program on it; system.a and soc.a are for other mains.

SYSTEM_DATA_W  := 64
SYSTEM_DIVISOR := 8
SYSTEM_LISTS   := rtl/dray/dray.f rtl/soc/soc.f
SYSTEM_SOURCES  = $(shell sed 's/\#.*//' $(SYSTEM_LISTS) 2> /dev/null)
# The core is not ours, so its warnings stop nothing; `make lint` reads everything else with -Wall.
SYSTEM_FLAGS   := --cc -O3 --x-assign fast --x-initial fast --public-ignore --flatten --Wno-fatal $(if $(TRACE),--trace-fst --timescale-override 1ns/1ns) \
                  -GDATA_W=$(SYSTEM_DATA_W) -GUART_DIVISOR=$(SYSTEM_DIVISOR)
# The model is built where it runs: a tenth faster with this machine's own instructions.
SYSTEM_FAST     = -O2 $(shell $(CXX) -march=native -E -x c++ /dev/null > /dev/null 2>&1 && echo -march=native)
SYSTEM_MAKE     = +$(MAKE) -s $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc)) OPT_SLOW=-O0 CFG_CXXFLAGS_PCH_I=-include CXX="$(CXX)"

$(SIM)/soc/Vsoc.mk: $(SYSTEM_LISTS) $(SYSTEM_SOURCES) sim/system.mk sim/soc.vlt
	$(say) VERILATE "system"
	$(Q)rm -rf $(@D) && mkdir -p $(@D)
	$(Q)$(VERILATOR) $(SYSTEM_FLAGS) --Mdir $(@D) --top-module soc sim/soc.vlt $(SYSTEM_SOURCES) $(SOC_CORE) > $(@D)/log 2>&1 \
	    || { cat $(@D)/log; exit 1; }

$(SIM)/soc.a: $(SIM)/soc/Vsoc.mk sim/soc_model.cpp sim/soc_model.h sim/bus.h
	$(say) MODEL "system"
	$(Q)$(SYSTEM_MAKE) -C $(SIM)/soc -f Vsoc.mk Vsoc__ALL.a OPT_FAST="$(SYSTEM_FAST)" > $(SIM)/soc/log 2>&1 || { cat $(SIM)/soc/log; exit 1; }
	$(Q)$(SIM_CXX) -isystem $(SIM)/soc -DSOC_DATA_W=$(SYSTEM_DATA_W) -DSOC_UART_DIVISOR=$(SYSTEM_DIVISOR) -c sim/soc_model.cpp -o $(SIM)/soc/soc_model.o
	$(Q)cp $(SIM)/soc/Vsoc__ALL.a $@ && ar rs $@ $(SIM)/soc/soc_model.o 2> /dev/null

# ---- the harness: fast for running, with sanitizers for its own test

SYSTEM_C := system elf memory memory_rules memory_image report

$(SIM)/system.a: $(SYSTEM_C:%=$(SIM)/fast/%.o)
	$(Q)rm -f $@ && ar rcs $@ $^

$(SIM)/boot: $(SIM)/fast/boot.o $(SIM)/system.a $(SIM)/soc.a $(SIM)/runtime.a
	$(say) LINK $@
	$(Q)$(CXX) $^ $(SIM_LIBS) -o $@

# ---- programs of the harness's own tests

SYSTEM_PROGRAMS := boot_test dma_test
SYSTEM_ELFS     := $(SYSTEM_PROGRAMS:%=$(SIM)/program/%.elf)

$(SIM)/program/%.elf: sim/program/%.c sim/program/start.S sim/program/program.h sim/program/program.ld
	$(say) RISCV $@
	$(Q)mkdir -p $(@D)
	$(Q)$(RISCV)gcc $(CTARGET) -O2 -nostartfiles -Isim/program -Ifirmware/hal/include -Ifirmware/dray/include -Ifirmware/map/include -T sim/program/program.ld -Wl,--no-warn-rwx-segments \
	    sim/program/start.S $< -o $@

# ---- tests: of the whole system, and of its parts by their pins

PARTS_TESTS   := host_bridge posting crossbar screen console
PARTS_C       := parts_bench manager memory memory_rules memory_image report
SYSTEM_TEST_C := sim/test_system.c sim/test_bypass.c $(PARTS_TESTS:%=sim/test_%.c)
SYSTEM_TESTS  := $(SYSTEM_TEST_C:sim/%.c=$(SIM)/%)
TESTS         += $(SYSTEM_TESTS)

$(SIM)/test_system: $(SIM)/check/test_system.o $(SYSTEM_C:%=$(SIM)/check/%.o) $(SIM)/soc.a $(SIM)/runtime.a | $(SYSTEM_ELFS)
	$(say) LINK $@
	$(Q)$(CXX) -fsanitize=address,undefined $^ $(SIM_LIBS) -lcmocka -o $@

$(PARTS_TESTS:%=$(SIM)/test_%): $(SIM)/test_%: $(SIM)/check/test_%.o $(PARTS_C:%=$(SIM)/check/%.o) $(SIM)/parts.a $(SIM)/runtime.a
	$(say) LINK $@
	$(Q)$(CXX) -fsanitize=address,undefined $^ $(SIM_LIBS) -lcmocka -o $@

$(SIM)/test_bypass: $(SIM)/check/test_bypass.o $(PARTS_C:%=$(SIM)/check/%.o) $(SIM)/bypass.a $(SIM)/runtime.a
	$(say) LINK $@
	$(Q)$(CXX) -fsanitize=address,undefined $^ $(SIM_LIBS) -lcmocka -o $@

# Neither core nor engine is among the parts. Twice: with both bridges, and with both bypassed.
PARTS_SOURCES  = $(filter-out %/soc.sv %/soc_core.sv %/soc_engine.sv,$(filter rtl/soc/%,$(SYSTEM_SOURCES))) sim/parts.sv
PARTS_G_bypass := -GHOST_BRIDGE=0 -GPOSTING_BRIDGE=0

define parts_model
$(SIM)/$(1)/V$(1).mk: rtl/soc/soc.f $$(PARTS_SOURCES) sim/system.mk
	$$(say) VERILATE "$(1)"
	$$(Q)rm -rf $$(@D) && mkdir -p $$(@D)
	$$(Q)$$(VERILATOR) --cc --assert -Wall -O3 --x-assign fast --prefix V$(1) --Mdir $$(@D) --top-module parts $$(PARTS_G_$(1)) \
	    $$(PARTS_SOURCES) > $$(@D)/log 2>&1 || { cat $$(@D)/log; exit 1; }

$(SIM)/$(1).a: $(SIM)/$(1)/V$(1).mk sim/parts_model.cpp sim/parts_model.h sim/bus.h
	$$(say) MODEL "$(1)"
	$$(Q)$$(SYSTEM_MAKE) -C $(SIM)/$(1) -f V$(1).mk V$(1)__ALL.a OPT_FAST=-O2 > $(SIM)/$(1)/log 2>&1 || { cat $(SIM)/$(1)/log; exit 1; }
	$$(Q)$$(SIM_CXX) -isystem $(SIM)/$(1) -DPARTS_TOP=V$(1) -DPARTS_HEADER='"V$(1).h"' -c sim/parts_model.cpp -o $(SIM)/$(1)/face.o
	$$(Q)cp $(SIM)/$(1)/V$(1)__ALL.a $$@ && ar rs $$@ $(SIM)/$(1)/face.o 2> /dev/null
endef
$(foreach name,parts bypass,$(eval $(call parts_model,$(name))))

LINT_C_HOST   += sim/boot.c sim/system.c sim/elf.c sim/parts_bench.c sim/manager.c $(SYSTEM_TEST_C)
LINT_C_TARGET += $(SYSTEM_PROGRAMS:%=sim/program/%.c)
