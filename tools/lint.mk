# SPDX-License-Identifier: Apache-2.0
# What `make lint` runs. Every checker is silent when it finds nothing, and has a test in tools/tests/ that makes it fail.
# `make -k lint` goes on after a failure and shows them all.

lint: lint-arrows lint-text lint-generated lint-c lint-rtl ## RTL in three tools, C in three compilers, rooms, licences; no waivers

lint-rtl: $(GENERATED)
	$(say) LINT "$(words $(LINT_RTL)) tops in Verilator, Icarus and Yosys"
	$(Q)$(PYTHON) tools/lint_rtl.py --seen $(OUT)/lint/rtl $(LINT_RTL)

lint-arrows:
	$(say) LINT "arrows between rooms"
	$(Q)$(PYTHON) tools/arrows.py

lint-text:
	$(say) LINT "licences, leftovers, paths, waivers"
	$(Q)$(PYTHON) tools/lint_text.py

lint-generated:
	$(say) LINT "$(words $(REGS)) register descriptions and what was generated from them"
	$(Q)$(PYTHON) tools/generate.py --check $(REGS)

# ---- C: one object a compiler, so only what changed is compiled again

LINT_HOST_C   := $(LINT_C) $(LINT_C_HOST)
LINT_TARGET_C := $(LINT_C) $(LINT_C_TARGET)
LINT_OBJECTS  := $(LINT_HOST_C:%.c=$(OUT)/lint/gcc/%.o) $(LINT_HOST_C:%.c=$(OUT)/lint/clang/%.o) \
                 $(LINT_TARGET_C:%.c=$(OUT)/lint/riscv/%.o)
LINT_MK       := Makefile $(wildcard */*.mk)

lint-c: lint-c-said $(LINT_OBJECTS)

lint-c-said:
	$(say) LINT "$(words $(sort $(LINT_HOST_C) $(LINT_TARGET_C))) C files in gcc, clang and the target's gcc"
	$(Q)$(PYTHON) tools/lint_listed.py .c firmware sim -- $(LINT_HOST_C) $(LINT_TARGET_C)

# compile <compiler and flags>: the output is the message, so a clean file says nothing.
lint_compile = $(Q)mkdir -p $(@D) && $(1) -MMD -MP $(CINC) -c $< -o $@

$(LINT_OBJECTS): $(LINT_MK) | $(GENERATED)
$(OUT)/lint/gcc/%.o: %.c
	$(call lint_compile,$(CC) $(CHOST) $(CDEF_HOST))
$(OUT)/lint/clang/%.o: %.c
	$(call lint_compile,$(CLANG) $(CHOST) $(CDEF_HOST))
$(OUT)/lint/riscv/%.o: %.c
	$(call lint_compile,$(RISCV)gcc $(CTARGET) $(CDEF_TARGET))

-include $(LINT_OBJECTS:.o=.d)

.PHONY: lint lint-arrows lint-text lint-generated lint-c lint-c-said lint-rtl
