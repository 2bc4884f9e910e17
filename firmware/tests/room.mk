# SPDX-License-Identifier: Apache-2.0
# The checker of laws L1 to L5: tests that record a trace link it, and sim/run.mk does for the core.

FW_LAWS_TESTS := test_trace_laws test_trace_laws_owner
FW_ROOMS_OF_test_trace_laws       := hal
FW_ROOMS_OF_test_trace_laws_owner := hal
FW_LAWS_C := firmware/tests/trace_laws.c firmware/tests/trace_laws_life.c firmware/tests/trace_laws_signal.c firmware/hal/trace.c

$(foreach build,$(FW_BUILDS),$(eval $(FW_OUT)/$(build)/laws.a: $(FW_LAWS_C:firmware/%.c=$(FW_OUT)/$(build)/%.o) ; @rm -f $$@ && ar rcs $$@ $$^))
$(foreach build,$(FW_BUILDS),$(foreach test,$(FW_FAKE_TESTS) $(FW_LAWS_TESTS),$(eval $(FW_OUT)/$(build)/$(test): $(FW_OUT)/$(build)/laws.a)))
$(FW_DRIVER_TESTS:%=$(OUT)/sim/%): $(FW_OUT)/gcc-default/laws.a

# The miniport that is written from the documents, for the test that runs it.
$(foreach build,$(FW_BUILDS),$(eval $(FW_OUT)/$(build)/document.a: $(FW_OUT)/$(build)/tests/document_miniport.o ; @rm -f $$@ && ar rcs $$@ $$^))
$(foreach build,$(FW_BUILDS),$(eval $(FW_OUT)/$(build)/test_document: $(FW_OUT)/$(build)/document.a))

# ---- Tests of the contract's rules over the fake engine, in pages of both sizes

FW_RULE_TESTS := test_list test_registers test_flush test_calls test_execute test_miniport_irq test_matrix
FW_TESTS_gcc-page512 += $(FW_RULE_TESTS)

$(foreach build,gcc-default clang-default gcc-page512,$(foreach test,$(FW_RULE_TESTS),$(eval $(FW_OUT)/$(build)/$(test): $(FW_OUT)/$(build)/fake.a $(FW_OUT)/$(build)/laws.a)))

# ---- Mutants: one archive of everything that a unit test links, and how its files were compiled (tools/mutate_unit.py)

FW_UNIT   := $(FW_OUT)/gcc-default
FW_UNIT_C := $(sort $(foreach room,$(FW_ROOMS),$(wildcard firmware/$(room)/*.c firmware/$(room)/host/*.c)) $(FW_FAKE_C) $(FW_LAWS_C) $(wildcard firmware/tests/document_*.c))

$(FW_UNIT)/unit.a: $(FW_UNIT_C:firmware/%.c=$(FW_UNIT)/%.o)
	$(Q)rm -f $@ && ar qcs $@ $^

$(FW_UNIT)/unit.flags: $(FW_UNIT)/unit.a $(FW_UNIT)/tests/only.o $(FW_TESTS_gcc-default:%=$(FW_UNIT)/tests/%.o)
	$(Q)echo "$(CC) $(CHOST) -DMMIO_HOST $(FW_DEF_default) $(addprefix -I,$(FW_INC) $(FW_HOST_INC))" > $@

firmware-unit: $(FW_UNIT)/unit.flags
.PHONY: firmware-unit

# ---- libFuzzer on the public entries: a program for each firmware/tests/fuzz/fuzz_*.c, of all rooms built for it

FW_BUILDS   += clang-fuzz
FW_DEF_fuzz := -fsanitize=fuzzer-no-link

FW_FUZZ   := $(patsubst firmware/tests/fuzz/%.c,%,$(wildcard firmware/tests/fuzz/fuzz_*.c))
FW_FUZZED := $(FW_FUZZ:%=$(FW_OUT)/clang-fuzz/%)

$(FW_OUT)/clang-fuzz/fuzzed.a: $(FW_UNIT_C:firmware/%.c=$(FW_OUT)/clang-fuzz/%.o)
	$(Q)rm -f $@ && ar qcs $@ $^

$(FW_FUZZED): $(FW_OUT)/clang-fuzz/%: $(FW_OUT)/clang-fuzz/tests/fuzz/%.o $(FW_OUT)/clang-fuzz/fuzzed.a
	$(say) LD "$* (clang-fuzz)"
	$(Q)$(CLANG) $(CHOST) -fsanitize=fuzzer $^ -lcmocka -o $@

LINT_C_HOST += $(wildcard firmware/tests/fuzz/*.c)

# ---- Line coverage: the unit tests of the Linux variant and of the smallest device, without sanitizers

FW_COVERED      := gcc-default gcc-smallest
FW_COVERAGE_OUT := $(OUT)/coverage

coverage: ## lines of the firmware that its unit tests run, at least 95 %; the result is in build/coverage.json
	$(Q)+$(MAKE) --no-print-directory FW_OUT=$(FW_COVERAGE_OUT) CHOST="$(CWARN) -g -O0 --coverage" firmware-covered
	$(Q)find $(FW_COVERAGE_OUT) -name '*.gcda' -delete
	$(Q)$(PYTHON) tools/run_tests.py $(foreach build,$(FW_COVERED),$(addprefix $(FW_COVERAGE_OUT)/$(build)/,$(filter $(FW_TESTS),$(FW_TESTS_$(build)))))
	$(Q)$(PYTHON) tools/coverage.py --least 95 $(addprefix $(FW_COVERAGE_OUT)/,$(FW_COVERED))

# The same, of a tree of builds that the variables on the command line describe.
firmware-covered: $(foreach build,$(FW_COVERED),$(addprefix $(FW_OUT)/$(build)/,$(filter $(FW_TESTS),$(FW_TESTS_$(build)))))
.PHONY: coverage firmware-covered

$(FW_OUT)/fuzz_runs: firmware/tests/fuzz/runs.sh $(FW_FUZZED)
	$(Q)cp $< $@
TESTS += $(FW_OUT)/fuzz_runs

fuzz: $(FW_FUZZED) ## libFuzzer on the firmware's public entries, MINUTES=1 for each; what it learnt stays in build/fuzz
	$(Q)mkdir -p $(FW_FUZZ:%=$(OUT)/fuzz/%)
	$(Q)$(foreach name,$(FW_FUZZ),$(FW_OUT)/clang-fuzz/$(name) -max_len=600 -max_total_time=$$(($(or $(MINUTES),1) * 60)) \
	    -print_final_stats=1 -artifact_prefix=$(OUT)/fuzz/$(name)- $(OUT)/fuzz/$(name) &&) :

soak: $(if $(MINUTES),fuzz)
.PHONY: fuzz

# ---- The packet core against docs/contract/oracle.py

$(FW_UNIT)/oracle_answers: $(FW_UNIT)/tests/oracle/answers.o $(FW_UNIT)/packet/packet_list.o
	$(Q)$(CC) $(CHOST) $^ -o $@

$(FW_OUT)/oracle_compare.py: firmware/tests/oracle/compare.py docs/contract/oracle.py $(FW_UNIT)/oracle_answers
	$(Q)cp $< $@
TESTS       += $(FW_OUT)/oracle_compare.py
LINT_C_HOST += firmware/tests/oracle/answers.c

# ---- Bytes of the driver on the core

$(FW_OUT)/footprint_limit.py: firmware/tests/footprint/limit.py tools/footprint.py tools/driver_bench.py $(FW_OUT)/core-quick/bench.elf
	$(Q)cp $< $@
TESTS += $(FW_OUT)/footprint_limit.py
