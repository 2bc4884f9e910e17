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
$(foreach build,$(FW_BUILDS),$(eval $(FW_OUT)/$(build)/test_request: $(FW_OUT)/$(build)/document.a))
