# SPDX-License-Identifier: Apache-2.0
# Tests of the framework use the fake of engine and gate, and the checker of laws; they run with small pages too.

FW_KMDF_TESTS := test_enabler test_transaction test_transfer test_kmdf_common test_kmdf_interrupt test_kmdf_request
FW_TESTS_gcc-page512 += $(FW_KMDF_TESTS)

$(foreach build,gcc-default clang-default gcc-page512,$(foreach test,$(FW_KMDF_TESTS),$(eval $(FW_OUT)/$(build)/$(test): $(FW_OUT)/$(build)/fake.a $(FW_OUT)/$(build)/laws.a)))
