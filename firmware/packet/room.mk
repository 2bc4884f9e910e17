# SPDX-License-Identifier: Apache-2.0
# Tests of the rooms from dray to miniport use one fake of engine and gate, and run with small pages too; those of the
# port that wait and count time also run without a software interrupt (IRQ-14).

FW_DRAY_TESTS := $(filter test_dray_%,$(FW_TESTS))
FW_FAKE_TESTS := test_dray $(FW_DRAY_TESTS) test_map test_packet test_common test_start test_queue test_complete \
                 test_bounce test_dpc test_sync test_event test_timer test_spin test_adapter test_reset test_controllers \
                 test_miniport test_miniport_error test_miniport_stop test_miniport_deadline test_miniport_cancel test_miniport_video \
                 test_document test_request test_find

FW_TESTS_gcc-page512 += $(FW_FAKE_TESTS)
FW_TESTS_gcc-smallest += test_sync test_event test_timer test_spin
FW_TESTS_gcc-release += test_start test_queue test_miniport test_miniport_stop test_miniport_deadline test_miniport_cancel

FW_FAKE_C := $(wildcard firmware/tests/fake*.c firmware/tests/trace_*.c)

$(foreach build,$(FW_BUILDS),$(eval $(FW_OUT)/$(build)/fake.a: $(FW_FAKE_C:firmware/%.c=$(FW_OUT)/$(build)/%.o) ; @rm -f $$@ && ar rcs $$@ $$^))
$(foreach build,$(FW_BUILDS),$(foreach test,$(FW_FAKE_TESTS),$(eval $(FW_OUT)/$(build)/$(test): $(FW_OUT)/$(build)/fake.a)))
