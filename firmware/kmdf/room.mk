# SPDX-License-Identifier: Apache-2.0
# Tests of the framework use the fake of engine and gate, and the checker of laws; they run with small pages too.

FW_KMDF_TESTS := test_enabler test_transaction test_transfer test_kmdf_common test_kmdf_interrupt test_kmdf_request \
                 test_kmdf_reserve test_kmdf_calls test_document_kmdf test_faces test_hold
FW_TESTS_gcc-page512 += $(FW_KMDF_TESTS)

$(foreach build,gcc-default clang-default gcc-page512,$(foreach test,$(FW_KMDF_TESTS),$(eval $(FW_OUT)/$(build)/$(test): $(FW_OUT)/$(build)/fake.a $(FW_OUT)/$(build)/laws.a)))

# The driver that is written from document 4.
$(foreach build,gcc-default clang-default gcc-page512,$(eval $(FW_OUT)/$(build)/document_kmdf.a: $(FW_OUT)/$(build)/tests/document_kmdf.o ; @rm -f $$@ && ar rcs $$@ $$^))
$(foreach build,gcc-default clang-default gcc-page512,$(eval $(FW_OUT)/$(build)/test_document_kmdf: $(FW_OUT)/$(build)/document_kmdf.a))

# The code blocks of document 4, compiled as they stand there, where the documents are at hand; they are not part of the tree.
DOCUMENTS       := ../shared/documents
DOCUMENT_4      := $(firstword $(wildcard $(DOCUMENTS)/4-*.md))
DOCUMENT_4_CODE := $(OUT)/docs/document_4_errors.h $(OUT)/docs/document_4_complete.h
DOCUMENT_4_TEST := $(FW_OUT)/gcc-default/test_document_4
TESTS           += firmware/tests/test_document_4.sh

ifneq ($(DOCUMENT_4),)
$(OUT)/docs/document_4_%.h: $(DOCUMENT_4) firmware/kmdf/room.mk
	$(Q)mkdir -p $(@D)
	$(Q)awk -v want=$(if $(filter errors,$*),1,2) '{ sub(/\r$$/, "") } /^```cpp/ { block++; on = block == want; next } /^```$$/ { on = 0 } on { print; lines++ } END { exit !lines }' $< > $@

$(FW_OUT)/gcc-default/document_4.o: firmware/tests/document_kmdf.c $(DOCUMENT_4_CODE)
	$(Q)mkdir -p $(@D) && $(CC) $(CHOST) -DMMIO_HOST -DDOCUMENT_4 -I$(OUT)/docs $(addprefix -I,$(FW_INC) $(FW_HOST_INC)) -MMD -MP -c $< -o $@

$(DOCUMENT_4_TEST): $(FW_OUT)/gcc-default/tests/test_document_kmdf.o $(FW_OUT)/gcc-default/document_4.o $(FW_OUT)/gcc-default/fake.a $(FW_OUT)/gcc-default/laws.a $(FW_ROOMS:%=$(FW_OUT)/gcc-default/%.a)
	$(say) LD "test_document_4 (gcc-default)"
	$(Q)$(CC) $(CHOST) -o $@ $(filter %.o,$^) -Wl,--start-group $(filter %.a,$^) -Wl,--end-group -lcmocka

firmware/tests/test_document_4.sh: $(DOCUMENT_4_TEST)
endif

# The same driver on the core.
$(foreach core,$(FW_CORES),$(eval $(FW_OUT)/core-$(core)/framework.elf: $(FW_OUT)/core-$(core)/tests/document_kmdf.o))
LINT_C_TARGET += firmware/tests/document_kmdf.c
