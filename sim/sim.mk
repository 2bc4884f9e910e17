# SPDX-License-Identifier: Apache-2.0
# Co-simulation: each configuration of the engine is Verilated once, and every test links with all of them.

# A configuration is a list of Verilog parameters; make bench and make size measure these very lists:
#   min32      words, one channel, linear and link alone: the smallest that is of use
#   default*   two channels, every type of descriptor, streams both ways, gate and counters
#   full64     four channels, every option; one of its channels has both streams
#   plain64    full64 as one plain Verilog file, as a tool without SystemVerilog reads it
#   wide64     every option, and all of its memory, and so all that its guard knows, stands above 4 GiB; its window, right below
#   up5k       words, two channels: the first feeds a screen
SIM_KINDS    := min32 default32 default64 default128 full64 plain64 wide64 up5k
SIM_OPTIONS  := BUDGET WATCHDOG COALESCE PRIORITY ATTRIBUTES
SIM_COMMON   := ADDR_W=32 BURST_BEATS=16 PAGE_LG=12 GUARD_FRAMES=4096 WINDOW=64 STREAM_BEATS=256 $(SIM_OPTIONS:%=%=0)
SIM_WORDS    := $(SIM_COMMON) DATA_W=32 FIFO_BEATS=128 READS=16 DESCRIPTORS=8 BYTES=0 FILL=0 ROWS=0 LISTS=0 COUNTERS=0 STREAM_IN=0
SIM_DEFAULT  := $(SIM_COMMON) CHANNELS=2 FIFO_BEATS=256 READS=64 DESCRIPTORS=48 BYTES=1 FILL=1 ROWS=1 LISTS=1 COUNTERS=1 GATE=1 STREAM_OUT=1 STREAM_IN=2
SIM_FULL     := $(SIM_DEFAULT) $(SIM_OPTIONS:%=%=1) DATA_W=64 STREAM_IN=1

# Of two values of a parameter the later one.
sim_last = $(foreach name,$(sort $(foreach item,$(1),$(firstword $(subst =, ,$(item))))),$(lastword $(filter $(name)=%,$(1))))
SIM_min32      := $(call sim_last,$(SIM_WORDS) CHANNELS=1 GATE=0 STREAM_OUT=0)
SIM_up5k       := $(call sim_last,$(SIM_WORDS) CHANNELS=2 GATE=1 WINDOW=16 STREAM_OUT=1)
SIM_default32  := $(call sim_last,$(SIM_DEFAULT) DATA_W=32)
SIM_default64  := $(call sim_last,$(SIM_DEFAULT) DATA_W=64)
SIM_default128 := $(call sim_last,$(SIM_DEFAULT) DATA_W=128 DESCRIPTORS=64)
SIM_full64     := $(call sim_last,$(SIM_FULL) CHANNELS=4)
SIM_plain64    := $(SIM_full64)
SIM_wide64     := $(call sim_last,$(SIM_FULL) ADDR_W=40 WINDOW_BASE=48\'hfffc0000 GUARD_BASE=48\'h100000000)

# make size also measures full64 with one option after the other switched off.
SIZE_KINDS       := min32 default32 default64 full64 up5k
SIZE_OFF         := bytes rows lists fill gate streams counters budget watchdog coalesce priority attributes
SIZE_OFF_bytes   := BYTES=0 FILL=0
SIZE_OFF_rows    := ROWS=0
SIZE_OFF_fill    := FILL=0
SIZE_OFF_gate    := GATE=0
SIZE_OFF_streams := STREAM_OUT=0 STREAM_IN=0
SIZE_OFF_lists   := LISTS=0
$(foreach off,COUNTERS $(SIM_OPTIONS),$(eval SIZE_OFF_$(shell echo $(off) | tr A-Z a-z) := $(off)=0))

# TRACE=1: models that can write FST, in a folder of their own. A program then traces to $TRACE_FILE.
SIM       := $(OUT)/sim$(if $(TRACE),-trace)
SIM_RTL   ?= rtl/dray/dray.f
SIM_SOURCES := $(if $(wildcard $(SIM_RTL)),$(shell sed -n '/\.sv$$/p' $(SIM_RTL)))
SIM_ROOT   = $(shell $(VERILATOR) --getenv VERILATOR_ROOT)
SIM_VFLAGS = --cc --assert -O3 --x-assign fast --output-split 20000 $(if $(TRACE),--trace-fst)
SIM_CXX    = $(CXX) -std=c++17 -O2 -Wall -Wextra -Isim -isystem $(SIM_ROOT)/include -isystem $(SIM_ROOT)/include/vltstd \
             $(if $(TRACE),-DMODEL_TRACE)
SIM_OPT   ?= OPT_FAST=-O2 OPT_SLOW=-O1
SIM_CINC  := -Isim -I$(SIM) -Ifirmware/dray/include -Ifirmware/map/include
SIM_LIBS   = -lm -lpthread $(if $(TRACE),-llz4 -lz)

# ---- models: build/sim/default64/ has the Verilated C++, build/sim/default64.a all of it with its C face

SIM_MODELS := $(SIM_KINDS:%=$(SIM)/%.a)

# plain64 is what a tool without SystemVerilog would read: no parameters, and no checks inside. How Yosys writes it is not
# ours, so its warnings stop nothing.
SIM_PLAIN_plain64 := $(OUT)/verilog/plain64.v

define sim_model
$(SIM)/$(1)/V$(1).mk: $(or $(SIM_PLAIN_$(1)),$(SIM_RTL) $(SIM_SOURCES)) $(SIM)/$(1).given
	$$(say) VERILATE "$(1)"
	$$(Q)rm -rf $$(@D) && mkdir -p $$(@D)
	$$(Q)$$(VERILATOR) $$(SIM_VFLAGS) --prefix V$(1) --Mdir $$(@D) --top-module dray \
	    $$(if $(SIM_PLAIN_$(1)),--language 1364-2005 --Wno-fatal $(SIM_PLAIN_$(1)),$$(SIM_$(1):%=-G%) -f $(SIM_RTL)) \
	    > $$(@D)/log 2>&1 || { cat $$(@D)/log; exit 1; }

$(SIM)/$(1).a: $(SIM)/$(1)/V$(1).mk sim/model.cpp sim/model.h sim/bus.h
	$$(say) MODEL "$(1)"
	$$(Q)+$$(MAKE) -s $$(if $$(filter -j%,$$(MAKEFLAGS)),,-j$$(shell nproc)) -C $(SIM)/$(1) -f V$(1).mk V$(1)__ALL.a $(SIM_OPT) CFG_CXXFLAGS_PCH_I=-include CXX="$$(CXX)" > $(SIM)/$(1)/log 2>&1 \
	    || { cat $(SIM)/$(1)/log; exit 1; }
	$$(Q)$$(SIM_CXX) -I$(SIM)/$(1) -DMODEL_NAME=$(1) -DMODEL_HEADER='"V$(1).h"' $$(subst 48\'h,0x,$$(SIM_$(1):%=-DDRAY_%)) -c sim/model.cpp -o $(SIM)/$(1)/model.o
	$$(Q)cp $(SIM)/$(1)/V$(1)__ALL.a $$@ && ar rs $$@ $(SIM)/$(1)/model.o 2> /dev/null
endef
$(foreach kind,$(SIM_KINDS),$(eval $(call sim_model,$(kind))))

$(OUT)/verilog/%.v: $(SIM_RTL) $(SIM_SOURCES) tools/verilog.py $(SIM)/%.given
	$(if $(filter $*,$(SIM_KINDS)),,$(error there is no configuration $*; CONFIG is one of: $(SIM_KINDS)))
	$(say) VERILOG $@
	$(Q)$(PYTHON) tools/verilog.py --sources $(SIM_RTL) --set "$(SIM_$*)" --out $@ --yosys $(YOSYS)
	$(Q)iverilog -g2005 -o /dev/null $@

verilog: $(OUT)/verilog/$(or $(CONFIG),default64).v ## the engine as one plain Verilog-2005 file in build/verilog; CONFIG=min32 or another one

.PHONY: verilog

SIM_RUNTIME := verilated verilated_threads $(if $(TRACE),verilated_fst_c)
$(SIM)/runtime.a: $(SIM_RUNTIME:%=$(SIM)/runtime/%.o)
	$(Q)rm -f $@ && ar rcs $@ $^

$(SIM)/runtime/%.o: sim/sim.mk
	$(Q)mkdir -p $(@D)
	$(Q)$(SIM_CXX) -w -DVM_COVERAGE=0 -DVM_SC=0 -DVM_TRACE=$(if $(TRACE),1,0) -DVM_TRACE_FST=$(if $(TRACE),1,0) -c $(SIM_ROOT)/include/$*.cpp -o $@

# ---- the bench: once with sanitizers for tests, once fast for measuring

SIM_TESTED := registers copy fill rows rows_wait lists lists_wrong random ring links order interrupts gate guard errors error_matrix resume stop stream stream_in stream_stop cyclic budget pause watchdog watchdog_streams coalesce priority attributes counters wide wide_forms
SIM_BENCH  := report memory memory_rules memory_image axil sink source engine engine_wait ring
# The reference model of the engine, and random cases that it judges.
SIM_REFERENCE := reference reference_gate reference_list reference_type reference_judge reference_act reference_stream_in reference_settle random_put random_make random_pieces random_spoil random_say random_round random_case
# What tests share, and the bench.
SIM_TESTING := testing wrong lists hung
SIM_MEASURE := bench bench_common bench_cases bench_lists bench_streams bench_channels
GENERATED   += $(OUT)/sim/model_kinds.h
LINT_C_HOST += $(SIM_BENCH:%=sim/%.c) $(SIM_REFERENCE:%=sim/%.c) sim/model.c $(SIM_TESTING:%=sim/%.c) $(SIM_MEASURE:%=sim/%.c) sim/soak.c sim/test_memory.c \
               $(SIM_TESTED:%=sim/test_%.c)
CINC        += -Isim -I$(OUT)/sim -Ifirmware/dray/include -Ifirmware/map/include

# Written anew only when it says something else, as with SIM_KINDS=default64 on the command line.
sim_say = mkdir -p $(@D) && printf '%s\n' "$(1)" > $@.new && if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

$(SIM)/model_kinds.h: force
	$(Q)$(call sim_say,#define MODEL_KINDS $(foreach kind,$(SIM_KINDS),X($(kind))))

# What a model is made of beside its sources.
$(SIM)/%.given: force
	$(Q)$(call sim_say,$(SIM_$*) $(SIM_VFLAGS))

$(SIM)/check/%.o: sim/%.c | $(SIM)/model_kinds.h
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CHOST) $(SIM_CINC) -MMD -MP -c $< -o $@

$(SIM)/fast/%.o: sim/%.c | $(SIM)/model_kinds.h
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CWARN) -g -O2 $(SIM_CINC) -MMD -MP -c $< -o $@

-include $(wildcard $(SIM)/check/*.d $(SIM)/fast/*.d)

$(SIM)/check.a: $(SIM_BENCH:%=$(SIM)/check/%.o) $(SIM_REFERENCE:%=$(SIM)/check/%.o) $(SIM)/check/model.o $(SIM_TESTING:%=$(SIM)/check/%.o)
	$(Q)rm -f $@ && ar rcs $@ $^

$(SIM)/fast.a: $(SIM_BENCH:%=$(SIM)/fast/%.o) $(SIM_REFERENCE:%=$(SIM)/fast/%.o) $(SIM)/fast/model.o
	$(Q)rm -f $@ && ar rcs $@ $^

include sim/system.mk
include sim/run.mk
include sim/board.mk

SIM_TESTS  := $(SIM_TESTED:%=$(SIM)/test_%)
TESTS      += $(SIM)/test_memory $(SIM_TESTS)

$(SIM)/test_memory: $(SIM)/check/test_memory.o $(SIM)/check/memory.o $(SIM)/check/memory_rules.o $(SIM)/check/memory_image.o \
                    $(SIM)/check/report.o
	$(say) LINK $@
	$(Q)$(CC) -fsanitize=address,undefined $^ -lcmocka -o $@

$(SIM_TESTS): $(SIM)/%: $(SIM)/check/%.o $(SIM)/check.a $(SIM_MODELS) $(SIM)/runtime.a
	$(say) LINK $@
	$(Q)$(CXX) -fsanitize=address,undefined $^ $(SIM_LIBS) -lcmocka -o $@

force:
.PHONY: force

.PRECIOUS: $(SIM)/%.given $(SIM)/check/%.o $(SIM)/fast/%.o

# ---- random cases without end

soak: $(SIM)/soak ## random cases against the reference model, more than a million descriptors; COUNT=1000 of each configuration, or MINUTES=30, SEED=1, KIND=default64
	$(Q)COUNT=$(COUNT) MINUTES=$(MINUTES) SEED=$(or $(SEED),1) KIND=$(KIND) $(SIM)/soak

$(SIM)/soak: $(SIM)/fast/soak.o $(SIM)/fast.a $(SIM_MODELS) $(SIM)/runtime.a
	$(say) LINK $@
	$(Q)$(CXX) $^ $(SIM_LIBS) -o $@

.PHONY: soak

# ---- measuring

# No word: all of it; `driver`: what the driver costs; others: a part of the engine's rows.
BENCH_ENGINE := $(if $(filter driver,$(ARGS)),,$(SIM)/bench)
BENCH_DRIVER := $(if $(filter-out driver,$(ARGS)),,$(SIM)/boot $(OUT)/firmware/core-quick/bench.elf)

bench: $(BENCH_ENGINE) $(BENCH_DRIVER) ## measure cycles and bytes against their limits; ARGS="default64 linear S=64 L=13" or ARGS=driver for a part
	$(Q)$(if $(BENCH_ENGINE),$(SIM)/bench --json $(OUT)/bench.json $(ARGS),:)
	$(Q)$(if $(BENCH_DRIVER),$(PYTHON) tools/driver_bench.py --boot $(SIM)/boot --elf $(lastword $(BENCH_DRIVER)) --json $(OUT)/bench.json,:)

$(SIM)/bench: $(SIM_MEASURE:%=$(SIM)/fast/%.o) $(SIM)/fast.a $(SIM_MODELS) $(SIM)/runtime.a
	$(say) LINK $@
	$(Q)$(CXX) $^ $(SIM_LIBS) -o $@

.PHONY: bench

size: ## area and clock of the engine's configurations; CONFIG=min32 for one of them, FAMILY=ecp5, SEED=1
	$(Q)$(PYTHON) tools/size.py --sources $(SIM_RTL) --yosys $(YOSYS) --out $(OUT)/size --json $(OUT)/size.json \
	    $(foreach kind,$(SIZE_KINDS),--config $(kind)="$(SIM_$(kind))") \
	    $(foreach off,$(SIZE_OFF),--config "full64 -$(off)=$(SIM_full64) $(SIZE_OFF_$(off))") \
	    $(if $(CONFIG),--only "$(CONFIG)") $(if $(FAMILY),--family $(FAMILY)) $(if $(SEED),--seed $(SEED))

.PHONY: size
