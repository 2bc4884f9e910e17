# SPDX-License-Identifier: Apache-2.0
# sim/test_driver_*.c: the drivers of the host build with the Verilated engine, in one process.

FW_DRIVER_TESTS   := $(patsubst sim/%.c,$(OUT)/sim/%,$(wildcard sim/test_driver_*.c))
FW_DRIVER_ROOMS   := hal memory dray map packet port miniport
FW_DRIVER_C       := $(foreach room,$(FW_DRIVER_ROOMS),$(wildcard firmware/$(room)/*.c firmware/$(room)/host/*.c)) $(wildcard firmware/tests/trace_*.c)
FW_DRIVER_OBJECTS := $(FW_DRIVER_C:firmware/%.c=$(FW_OUT)/gcc-default/%.o)
TESTS += $(FW_DRIVER_TESTS)
LINT_C_HOST += $(wildcard sim/test_driver_*.c)

$(FW_OUT)/gcc-default/driver.a: $(FW_DRIVER_OBJECTS)
	$(Q)rm -f $@ && ar rcs $@ $^

$(FW_DRIVER_TESTS:$(OUT)/sim/%=$(OUT)/sim/check/%.o): SIM_CINC += -DMMIO_HOST $(addprefix -I,$(FW_INC) $(FW_HOST_INC))

# A test of the bench alone stands for everything that it is linked with.
$(FW_DRIVER_TESTS): $(OUT)/sim/%: $(OUT)/sim/check/%.o $(FW_OUT)/gcc-default/driver.a $(OUT)/sim/test_copy
	$(say) LINK $@
	$(Q)$(CXX) -fsanitize=address,undefined $(filter %.o %.a,$^) $(SIM)/check.a $(SIM_MODELS) $(SIM)/runtime.a $(SIM_LIBS) -lcmocka -o $@
