# SPDX-License-Identifier: Apache-2.0
# The checker of laws L1 to L5: tests that record a trace link it, and sim/run.mk does for the core.

FW_LAWS_TESTS := test_trace_laws test_trace_laws_owner
FW_ROOMS_OF_test_trace_laws       := hal
FW_ROOMS_OF_test_trace_laws_owner := hal
FW_LAWS_C := firmware/tests/trace_laws.c firmware/tests/trace_laws_life.c firmware/tests/trace_laws_signal.c firmware/hal/trace.c

$(foreach build,$(FW_BUILDS),$(eval $(FW_OUT)/$(build)/laws.a: $(FW_LAWS_C:firmware/%.c=$(FW_OUT)/$(build)/%.o) ; @rm -f $$@ && ar rcs $$@ $$^))
$(foreach build,$(FW_BUILDS),$(foreach test,$(FW_FAKE_TESTS) $(FW_LAWS_TESTS),$(eval $(FW_OUT)/$(build)/$(test): $(FW_OUT)/$(build)/laws.a)))
$(FW_DRIVER_TESTS:%=$(OUT)/sim/%): $(FW_OUT)/gcc-default/laws.a

# ---- Tests of the contract's rules over the fake engine, in pages of both sizes

FW_RULE_TESTS := test_list test_registers test_calls test_execute test_matrix
FW_TESTS_gcc-page512 += $(FW_RULE_TESTS)

$(foreach build,gcc-default clang-default gcc-page512,$(foreach test,$(FW_RULE_TESTS),$(eval $(FW_OUT)/$(build)/$(test): $(FW_OUT)/$(build)/fake.a $(FW_OUT)/$(build)/laws.a)))

# ---- Mutants: one archive of everything that a unit test links, and how its files were compiled (tools/mutate_unit.py)

FW_UNIT   := $(FW_OUT)/gcc-default
FW_UNIT_C := $(sort $(foreach room,$(FW_ROOMS),$(wildcard firmware/$(room)/*.c firmware/$(room)/host/*.c)) $(FW_FAKE_C) $(FW_LAWS_C))

$(FW_UNIT)/unit.a: $(FW_UNIT_C:firmware/%.c=$(FW_UNIT)/%.o)
	$(Q)rm -f $@ && ar qcs $@ $^

$(FW_UNIT)/unit.flags: $(FW_UNIT)/unit.a $(FW_UNIT)/tests/only.o $(FW_TESTS_gcc-default:%=$(FW_UNIT)/tests/%.o)
	$(Q)echo "$(CC) $(CHOST) -DMMIO_HOST $(FW_DEF_default) $(addprefix -I,$(FW_INC) $(FW_HOST_INC))" > $@

firmware-unit: $(FW_UNIT)/unit.flags
.PHONY: firmware-unit
