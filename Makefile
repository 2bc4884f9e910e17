# SPDX-License-Identifier: Apache-2.0
# Everything is one word: make <target>. V=1 shows the commands. The rooms' own rules are in the four files included below.

.DEFAULT_GOAL := help
Q    := $(if $(V),,@)
say   = @printf '  %-6s %s\n'

# What a room may use. Tools of .venv/ come first on the PATH of every recipe too, so they find each other by name.
OUT       := build
PYTHON    := .venv/bin/python
VERILATOR := .venv/bin/verilator
YOSYS     := .venv/bin/yosys
CLANG     := clang
RISCV     := riscv64-unknown-elf-
CWARN     := -std=c11 -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
             -Wswitch-enum -Wcast-align -Wundef -Wvla -Wdouble-promotion -Wformat=2 -Werror
CHOST     := $(CWARN) -g -O1 -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
CTARGET   := $(CWARN) -g -Os -march=rv32ima -mabi=ilp32 --specs=picolibc.specs -ffunction-sections -fdata-sections
export PATH := $(CURDIR)/.venv/bin:$(PATH)

# What a room may say, with +=. Paths start at the root of the tree.
#   TESTS      programs that `make test` runs: cmocka executables (with rules that build them), scripts that print TAP
#   GENERATED  files under $(OUT) that lint and test need first and a rule of the room makes
#   REGS       <.rdl>[:rtl=<folder>][:c=<.h>][:svd=<.svd>][:md=<.md>]  what `make regs` writes, and lint compares
#   LINT_RTL   <.f>:<top>[:<PARAMETER>=<value>...]  a top to lint; the .f has one source a line, and # comments
#   LINT_C     C files that both the host and the target compile; LINT_C_HOST, LINT_C_TARGET: only the one
#   CINC       their -I; CDEF_HOST and CDEF_TARGET: their -D
-include rtl/rtl.mk firmware/firmware.mk sim/sim.mk tools/tools.mk
include tools/lint.mk

help: ## show this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | sort -u | expand -t 12

setup: ## install what is missing (every other target does it too)
	$(Q)tools/setup

doctor: ## show each tool, its version, and what is missing
	$(Q)tools/doctor

test: $(GENERATED) $(TESTS) ## every test, two at a time; the result is in build/test.json
	$(Q)$(PYTHON) tools/run_tests.py --timeout 900 --json $(OUT)/test.json $(TESTS)

regs: ## write the register block, header and pages from their .rdl
	$(Q)$(PYTHON) tools/generate.py $(REGS)

clean: ## remove build/
	$(Q)rm -rf $(OUT)

# Set-up comes before everything but these: make remakes the makefile it includes, then starts anew. FORCE lets
# tools/setup look each time; it leaves the file alone when nothing was missing, and make goes on.
ifneq ($(filter-out help setup doctor clean,$(or $(MAKECMDGOALS),help)),)
include .venv/paths.mk
.venv/paths.mk: FORCE
	@tools/setup
endif
FORCE:

.PHONY: help setup doctor test regs clean FORCE
.DELETE_ON_ERROR:
