# SPDX-License-Identifier: Apache-2.0
# The firmware. A new .c in a room, a test_*.c in tests/, a folder in apps/ or a .c in tests/core/ is found by itself.
#
#   firmware/<room>/*.c          host and core        firmware/<room>/include   what other rooms may include
#   firmware/<room>/host/*.c     host only            firmware/<room>/core/*.[cS]   core only
#   firmware/tests/test_*.c      a cmocka program each, linked with every room (or FW_ROOMS_OF_<test>)
#   firmware/apps/<app>/*.c      a program of the core each; *_client.c runs in U mode
#   firmware/tests/core/<t>.c    the same, with <t>_client.c if there is one; sim/test_core_*.c runs them
#
# What a room has to say beside that stands in firmware/<room>/room.mk.

FW_ROOMS := $(filter $(notdir $(wildcard firmware/*)),hal memory dray map packet port kmdf miniport)
FW_OUT   := $(OUT)/firmware
FW_INC   := $(wildcard $(FW_ROOMS:%=firmware/%/include))
FW_HOST_INC := $(wildcard $(FW_ROOMS:%=firmware/%/host/include)) firmware/tests

# Host builds: <compiler>-<variant>. The default variant is the Linux variant of the core; page512 has small pages;
# smallest is the smallest device: no MMU, no cache, no bridges, no software interrupt; release has no checks.
FW_DEF_default  :=
FW_DEF_page512  := -DHAL_PAGE_BYTES=512u
FW_DEF_smallest := -DHAL_PAGE_BYTES=512u -DHAL_HAS_MMU=0 -DHAL_HAS_SOFT_IRQ=0 -DMEMORY_STORE_PAGES=0u
FW_DEF_release  := -DHAL_CHECKS=0
FW_BUILDS := gcc-default clang-default gcc-page512 gcc-smallest gcc-release
FW_CC_gcc   = $(CC)
FW_CC_clang = $(CLANG)

# Which tests run in which build: all of them in the default ones, in the others those that are named here.
FW_TESTS := $(patsubst firmware/tests/%.c,%,$(wildcard firmware/tests/test_*.c))
FW_TESTS_gcc-default   = $(filter-out test_smallest,$(FW_TESTS))
FW_TESTS_clang-default = $(filter-out test_smallest,$(FW_TESTS))
FW_TESTS_gcc-page512   := test_lock test_lock_refused test_pager test_client test_mdl
FW_TESTS_gcc-smallest  := test_irql test_irq test_smallest
FW_TESTS_gcc-release   := test_irql test_irq test_lock test_lock_refused

# Core builds. linux: everything real. quick: the same without checks and trace. min: rv32i without MMU, cache, bridges.
# A board has a build of its own (rtl/board/board.mk), with one program: the self-test.
FW_CORES := linux quick min $(BOARDS)
FW_MARCH_linux := -march=rv32ima -mabi=ilp32
FW_MARCH_min   := -march=rv32i -mabi=ilp32
FW_MARCH_quick := -march=rv32ima -mabi=ilp32
FW_CDEF_linux  :=
FW_CDEF_quick  := -DHAL_CHECKS=0 -DHAL_TRACE=0 -DNDEBUG
FW_CDEF_min    := -DHAL_HAS_MMU=0 -DHAL_HAS_CACHE=0 -DHAL_HAS_BRIDGES=0 -DHAL_PAGE_BYTES=512u -DMEMORY_STORE_PAGES=0u

# Speed where there is room for it, size elsewhere: what a module keeps for itself is reached by gp, and all of a program is
# optimised when it is linked.
FW_OPT_linux := -O2
FW_OPT_quick := -Os -flto -freorder-blocks-algorithm=stc -msave-restore -fno-caller-saves -msmall-data-limit=256
FW_OPT_min   := $(FW_OPT_quick)

-include $(wildcard firmware/*/room.mk)

# ---- Host -------------------------------------------------------------------------------------------------------------

fw_host_c = $(wildcard firmware/$(1)/*.c firmware/$(1)/host/*.c)

# One archive a room and build. $(1) build, $(2) room.
define FW_HOST_ROOM
$(FW_OUT)/$(1)/$(2).a: $(patsubst firmware/%.c,$(FW_OUT)/$(1)/%.o,$(call fw_host_c,$(2)))
	$$(Q)rm -f $$@ && ar qcs $$@ $$^
endef

# $(1) build, $(2) test. Rooms depend on each other in both directions through hooks, so they are one group.
define FW_HOST_TEST
$(FW_OUT)/$(1)/$(2): $(FW_OUT)/$(1)/tests/$(2).o $(patsubst %,$(FW_OUT)/$(1)/%.a,$(or $(FW_ROOMS_OF_$(2)),$(FW_ROOMS)))
	$$(say) LD "$(2) ($(1))"
	$$(Q)$(FW_CC_$(firstword $(subst -, ,$(1)))) $$(CHOST) -o $$@ $$< -Wl,--start-group $$(filter %.a,$$^) -Wl,--end-group -lcmocka
TESTS += $(FW_OUT)/$(1)/$(2)
endef

define FW_HOST_BUILD
$(FW_OUT)/$(1)/%.o: firmware/%.c firmware/firmware.mk
	$$(Q)mkdir -p $$(@D) && $(FW_CC_$(firstword $(subst -, ,$(1)))) $$(CHOST) -DMMIO_HOST $(FW_DEF_$(lastword $(subst -, ,$(1)))) $(addprefix -I,$(FW_INC) $(FW_HOST_INC)) -MMD -MP -c $$< -o $$@
$(foreach room,$(FW_ROOMS),$(eval $(call FW_HOST_ROOM,$(1),$(room))))
$(foreach test,$(filter $(FW_TESTS),$(FW_TESTS_$(1))),$(eval $(call FW_HOST_TEST,$(1),$(test))))
endef
$(foreach build,$(FW_BUILDS),$(eval $(call FW_HOST_BUILD,$(build))))

# ---- Core -------------------------------------------------------------------------------------------------------------

FW_SECTIONS := --specs=picolibc.specs -ffunction-sections -fdata-sections
FW_TARGET := $(CWARN) -g $(FW_SECTIONS) -fno-common
# Client pages hold no library, so the compiler may not call one.
FW_CLIENT := -fno-lto -mno-save-restore -ffreestanding -fno-builtin -fno-tree-loop-distribute-patterns -fno-jump-tables
FW_LD     := firmware/hal/core/program.ld

fw_core_sources = $(wildcard firmware/$(1)/*.c firmware/$(1)/core/*.c firmware/$(1)/core/*.S)
FW_APPS       := $(notdir $(patsubst %/,%,$(dir $(wildcard firmware/apps/*/main.c))))
FW_CORE_TESTS := $(patsubst firmware/tests/core/%.c,%,$(filter-out %_client.c,$(wildcard firmware/tests/core/*.c)))
fw_app_c  = $(wildcard firmware/apps/$(1)/*.c)
fw_test_c = $(wildcard firmware/tests/core/$(1).c firmware/tests/core/$(1)_client.c)
fw_object = $(patsubst firmware/%,$(FW_OUT)/core-$(1)/%.o,$(basename $(2)))

# $(1) core, $(2) program, $(3) its sources
define FW_PROGRAM
$(FW_OUT)/core-$(1)/$(2).elf: $(FW_OUT)/core-$(1)/hal/core/start.o $(call fw_object,$(1),$(3)) $(FW_ROOMS:%=$(FW_OUT)/core-$(1)/%.a) $(FW_LD)
	$$(say) LD "$(2).elf ($(1))"
	$$(Q)$(RISCV)gcc $(FW_MARCH_$(1)) -g $(FW_SECTIONS) $(FW_OPT_$(1)) -nostartfiles -Wl,--gc-sections,--no-warn-rwx-segments -T $(FW_LD) $(FW_LINK_$(1)) -Wl,-Map=$$@.map -o $$@ $$(filter %.o,$$^) -Wl,--start-group $$(filter %.a,$$^) -Wl,--end-group
FW_ELFS += $(FW_OUT)/core-$(1)/$(2).elf
endef

# $(1) core, $(2) room
define FW_CORE_ROOM
$(FW_OUT)/core-$(1)/$(2).a: $(call fw_object,$(1),$(call fw_core_sources,$(2)))
	$$(Q)rm -f $$@ && $(RISCV)gcc-ar qcs $$@ $$^
endef

define FW_CORE_BUILD
$(FW_OUT)/core-$(1)/%_client.o: firmware/%_client.c firmware/firmware.mk $(FW_MK_$(1))
	$$(Q)mkdir -p $$(@D) && $(RISCV)gcc $(FW_TARGET) $(FW_OPT_$(1)) $(FW_CLIENT) $(FW_MARCH_$(1)) $(FW_CDEF_$(1)) $(addprefix -I,$(FW_INC)) -MMD -MP -c $$< -o $$@
$(FW_OUT)/core-$(1)/%.o: firmware/%.c firmware/firmware.mk $(FW_MK_$(1))
	$$(Q)mkdir -p $$(@D) && $(RISCV)gcc $(FW_TARGET) $(FW_OPT_$(1)) $$(FW_MORE) $(FW_MARCH_$(1)) $(FW_CDEF_$(1)) $(addprefix -I,$(FW_INC)) -MMD -MP -c $$< -o $$@
$(FW_OUT)/core-$(1)/%.o: firmware/%.S firmware/firmware.mk $(FW_MK_$(1))
	$$(Q)mkdir -p $$(@D) && $(RISCV)gcc -g $(FW_MARCH_$(1)) $(FW_CDEF_$(1)) $(addprefix -I,$(FW_INC)) -MMD -MP -c $$< -o $$@
$(foreach room,$(FW_ROOMS),$(eval $(call FW_CORE_ROOM,$(1),$(room))))
$(foreach app,$(if $(filter $(1),$(BOARDS)),selftest,$(filter-out selftest,$(FW_APPS))),$(eval $(call FW_PROGRAM,$(1),$(app),$(call fw_app_c,$(app)))))
$(foreach test,$(if $(filter $(1),$(BOARDS)),,$(FW_CORE_TESTS)),$(eval $(call FW_PROGRAM,$(1),$(test),$(call fw_test_c,$(test)))))
endef
$(foreach core,$(FW_CORES),$(eval $(call FW_CORE_BUILD,$(core))))

firmware: $(FW_ELFS) ## the programs of the soft core

firmware-size: $(FW_OUT)/core-quick/$(or $(PROGRAM),bench).elf ## bytes of each room in a program of the core, without checks and trace; PROGRAM=bench
	$(Q)$(PYTHON) tools/footprint.py $<

-include $(shell find $(FW_OUT) -name '*.d' 2> /dev/null)

# ---- Programs of tests/core on the simulated system: one TAP program ------------------------------------------------------

FW_CORE_ELFS := $(FW_CORE_TESTS:%=$(FW_OUT)/core-linux/%.elf)
FW_SIM_OBJ   := $(FW_OUT)/sim/core_tests.o $(FW_OUT)/sim/trace.o

fw_comma  := ,
fw_quoted  = $(patsubst %,\"%\"$(fw_comma),$(1))
$(FW_OUT)/sim/core_tests.o: sim/core_tests.c firmware/firmware.mk $(wildcard firmware/tests/core/*.c)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CWARN) -g -O2 -DMMIO_HOST $(addprefix -I,sim $(FW_INC)) -DCORE_PROGRAMS="$(call fw_quoted,$(FW_CORE_ELFS))" -MMD -MP -c $< -o $@
$(FW_OUT)/sim/trace.o: firmware/hal/trace.c
	$(Q)mkdir -p $(@D) && $(CC) $(CWARN) -g -O2 -DMMIO_HOST -DHAL_TRACE=0 $(addprefix -I,$(FW_INC)) -MMD -MP -c $< -o $@

# The libraries are those of sim/system.mk.
FW_SIM_LIBS := $(OUT)/sim/system.a $(OUT)/sim/soc.a $(OUT)/sim/runtime.a
$(FW_OUT)/core_tests: $(FW_SIM_OBJ) $(FW_SIM_LIBS) | $(FW_CORE_ELFS)
	$(say) LD "core_tests"
	$(Q)$(CXX) $(FW_SIM_OBJ) $(FW_SIM_LIBS) -lm -lpthread $(if $(TRACE),-llz4 -lz) -o $@
ifneq ($(wildcard sim/system.mk),)
TESTS += $(FW_OUT)/core_tests
endif

# ---- Lint -------------------------------------------------------------------------------------------------------------

LINT_C        += $(foreach room,$(FW_ROOMS),$(wildcard firmware/$(room)/*.c))
LINT_C_HOST   += $(foreach room,$(FW_ROOMS),$(wildcard firmware/$(room)/host/*.c)) $(wildcard firmware/tests/*.c) sim/core_tests.c
LINT_C_TARGET += $(foreach room,$(FW_ROOMS),$(wildcard firmware/$(room)/core/*.c)) $(wildcard firmware/apps/*/*.c firmware/tests/core/*.c)
CINC          += $(addprefix -I,$(FW_INC) $(FW_HOST_INC))
CDEF_HOST     += -DMMIO_HOST

.PHONY: firmware firmware-size
