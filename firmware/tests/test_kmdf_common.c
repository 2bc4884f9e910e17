/* SPDX-License-Identifier: Apache-2.0 */
/* Common buffers of an enabler. */
#include "kmdf_fixture.h"

static WDFCOMMONBUFFER common;
static ULONG           device_alignment;

static NTSTATUS add_with_alignment(WDFDEVICE made)
{
    WdfDeviceSetAlignmentRequirement(made, device_alignment);
    NTSTATUS status = add_enabler(made);
    WdfDeviceSetAlignmentRequirement(made, 0xffff); /* too late for this enabler (WEN-02) */
    return status;
}

static void begin(WDF_DMA_PROFILE profile, ULONG alignment)
{
    device_alignment = alignment;
    WDF_DMA_ENABLER_CONFIG_INIT(&enabler_config, profile, 4u * PAGE);
    enabler_config.WdmDmaVersionOverride = 3;
    assert_int_equal(add_device(add_with_alignment), STATUS_SUCCESS);
}

static uint64_t logical_of(WDFCOMMONBUFFER of)
{
    return (uint64_t)WdfCommonBufferGetAlignedLogicalAddress(of).QuadPart;
}

/* What one side writes the other reads, from the first byte to the last. */
static void assert_shared(WDFCOMMONBUFFER of, unsigned channel)
{
    uint8_t *cpu = WdfCommonBufferGetAlignedVirtualAddress(of), byte = 0x5a;
    size_t length = WdfCommonBufferGetLength(of);
    cpu[length - 1u] = 0xa5;
    assert_true(fake_access(channel, logical_of(of), true, &byte));
    assert_true(fake_access(channel, logical_of(of) + length - 1u, false, &byte));
    assert_int_equal(byte, 0xa5);
    assert_int_equal(cache_posted_flush(1000), CACHE_OK);
    assert_int_equal(cpu[0], 0x5a);
}

static void WCB_01_WEN_02_a_common_buffer_is_aligned_as_the_device_asked_before(void **state)
{
    (void)state;
    begin(WdfDmaProfileScatterGather, 4u * PAGE - 1u);
    WDFCOMMONBUFFER other;
    assert_int_equal(WdfCommonBufferCreate(enabler, 100, WDF_NO_OBJECT_ATTRIBUTES, &other), STATUS_SUCCESS);
    assert_int_equal(WdfCommonBufferCreate(enabler, 100, WDF_NO_OBJECT_ATTRIBUTES, &common), STATUS_SUCCESS);
    assert_int_equal(logical_of(other) % (4u * PAGE), 0);
    assert_int_equal(logical_of(common) % (4u * PAGE), 0);
    assert_int_equal(WdfCommonBufferGetLength(common), 100);
    assert_shared(common, 0);
    assert_shared(other, 0);
    remove_device(); /* and both with it */
}

static void WCB_02_WCB_03_a_buffer_can_have_an_alignment_of_its_own(void **state)
{
    (void)state;
    begin(WdfDmaProfileScatterGather, 3);
    WDF_COMMON_BUFFER_CONFIG config;
    const ULONG masks[] = { 63, PAGE - 1u, 2u * PAGE - 1u, 8u * PAGE - 1u };
    for (unsigned i = 0; i < 4u; i++) {
        for (unsigned pad = 0; pad < 2u; pad++) { /* at an even page and at an odd one */
            WDFCOMMONBUFFER before = NULL;
            if (pad != 0u) assert_int_equal(WdfCommonBufferCreate(enabler, PAGE, WDF_NO_OBJECT_ATTRIBUTES, &before), STATUS_SUCCESS);
            WDF_COMMON_BUFFER_CONFIG_INIT(&config, masks[i]);
            assert_int_equal(WdfCommonBufferCreateWithConfig(enabler, PAGE + 1u, &config, WDF_NO_OBJECT_ATTRIBUTES, &common), STATUS_SUCCESS);
            assert_int_equal(logical_of(common) & masks[i], 0);
            assert_int_equal((uintptr_t)WdfCommonBufferGetAlignedVirtualAddress(common) & masks[i] & 63u, 0);
            assert_shared(common, 0);
            WdfObjectDelete(common);
            if (pad != 0u) WdfObjectDelete(before);
        }
    }
    remove_device();
}

static void WCB_02_what_cannot_be_is_refused(void **state)
{
    (void)state;
    begin(WdfDmaProfileScatterGather, 0);
    WDF_COMMON_BUFFER_CONFIG config;
    WDF_COMMON_BUFFER_CONFIG_INIT(&config, 62);
    assert_int_equal(WdfCommonBufferCreateWithConfig(enabler, 8, &config, WDF_NO_OBJECT_ATTRIBUTES, &common), STATUS_INVALID_PARAMETER);
    WDF_COMMON_BUFFER_CONFIG_INIT(&config, 63);
    config.Size++;
    assert_int_equal(WdfCommonBufferCreateWithConfig(enabler, 8, &config, WDF_NO_OBJECT_ATTRIBUTES, &common), STATUS_INFO_LENGTH_MISMATCH);
    WDF_COMMON_BUFFER_CONFIG_INIT(&config, 0x7fffffff);
    assert_int_equal(WdfCommonBufferCreateWithConfig(enabler, 8, &config, WDF_NO_OBJECT_ATTRIBUTES, &common), STATUS_INSUFFICIENT_RESOURCES);
    assert_int_equal(WdfCommonBufferCreate(enabler, 0, WDF_NO_OBJECT_ATTRIBUTES, &common), STATUS_INVALID_PARAMETER);
    assert_int_equal(WdfCommonBufferCreate(enabler, SOC_BUS_HOST_BYTES + 1u, WDF_NO_OBJECT_ATTRIBUTES, &common), STATUS_INVALID_PARAMETER);
    enum irql old = irql_raise(IRQL_DISPATCH);
    assert_int_equal(WdfCommonBufferCreate(enabler, 8, WDF_NO_OBJECT_ATTRIBUTES, &common), STATUS_INVALID_PARAMETER);
    irql_lower(old);
    assert_violation(VIOL_IRQL);
    remove_device();
}

static void WCB_04_a_buffer_that_the_device_can_still_use_stays(void **state)
{
    (void)state;
    begin(WdfDmaProfileScatterGather, 0);
    assert_int_equal(WdfDmaTransactionCreate(enabler, WDF_NO_OBJECT_ATTRIBUTES, &transaction), STATUS_SUCCESS);
    assert_int_equal(WdfCommonBufferCreate(enabler, 64, WDF_NO_OBJECT_ATTRIBUTES, &common), STATUS_SUCCESS);
    mdl = lock_bytes(0, PAGE, MEMORY_ACCESS_READ);
    execute_all(transaction, WdfDmaDirectionWriteToDevice, 0, PAGE);
    WdfObjectDelete(common); /* a transfer's descriptors may stand in it */
    assert_violation(VIOL_WDF_STATE);
    assert_shared(common, 0);
    assert_completed(WdfDmaTransactionDmaCompleted(transaction, completed), TRUE, STATUS_SUCCESS);
    fake.outstanding[0] = 1; /* a burst on its way, of whatever */
    WdfObjectDelete(common);
    assert_violation(VIOL_WDF_STATE);
    fake.outstanding[0] = 0;
    WdfObjectDelete(common);
    assert_int_equal(fake_open_frames(), 0);
    assert_null(WdfCommonBufferGetAlignedVirtualAddress(common));
    assert_violation(VIOL_WDF_STATE);
    end_transaction();
}

/* PLX's manner: as many elements as the ring has descriptors, zeroed before use. */
static NTSTATUS add_ring(WDFDEVICE made)
{
    NTSTATUS status = add_enabler(made);
    if (NT_SUCCESS(status)) status = WdfCommonBufferCreate(enabler, 4u * 16u, WDF_NO_OBJECT_ATTRIBUTES, &common);
    if (NT_SUCCESS(status)) WdfDmaEnablerSetMaximumScatterGatherElements(enabler, WdfCommonBufferGetLength(common) / 16u);
    return status;
}

static void WCB_05_descriptors_bound_the_elements(void **state)
{
    (void)state;
    WDF_DMA_ENABLER_CONFIG_INIT(&enabler_config, WdfDmaProfileScatterGather, 8u * PAGE);
    assert_int_equal(add_device(add_ring), STATUS_SUCCESS);
    uint8_t zeroes[4 * 16] = { 0 };
    assert_memory_equal(WdfCommonBufferGetAlignedVirtualAddress(common), zeroes, sizeof zeroes);
    assert_int_equal(WdfDmaTransactionCreate(enabler, WDF_NO_OBJECT_ATTRIBUTES, &transaction), STATUS_SUCCESS);
    mdl = lock_bytes(0, 5u * PAGE, MEMORY_ACCESS_READ);
    execute_all(transaction, WdfDmaDirectionWriteToDevice, 1, 4u * PAGE - 1u);
    assert_int_equal(programs[0].elements, 4); /* the ring is exactly full */
    assert_completed(WdfDmaTransactionDmaCompleted(transaction, completed), TRUE, STATUS_SUCCESS);
    assert_int_equal(WdfDmaTransactionRelease(transaction), STATUS_SUCCESS);
    assert_int_equal(initialize(transaction, WdfDmaDirectionWriteToDevice, 1, 4u * PAGE), STATUS_WDF_TOO_FRAGMENTED);
    end_transaction();
}

static void WCB_06_CMB_02_it_takes_map_registers_for_its_life(void **state)
{
    (void)state;
    on_the_bus.registers_max[0] = 4;
    begin(WdfDmaProfileScatterGather, 0);
    assert_int_equal(WdfCommonBufferCreate(enabler, 5u * PAGE, WDF_NO_OBJECT_ATTRIBUTES, &common), STATUS_INSUFFICIENT_RESOURCES);
    assert_int_equal(WdfCommonBufferCreate(enabler, 2u * PAGE, WDF_NO_OBJECT_ATTRIBUTES, &common), STATUS_SUCCESS);
    assert_int_equal(WdfDmaTransactionCreate(enabler, WDF_NO_OBJECT_ATTRIBUTES, &transaction), STATUS_SUCCESS);
    mdl = lock_bytes(0, 3u * PAGE, MEMORY_ACCESS_READ);
    execute_all(transaction, WdfDmaDirectionWriteToDevice, 0, 3u * PAGE);
    assert_int_equal(programs[0].bytes, 2u * PAGE); /* what is left of three, and it is told so */
    assert_int_equal(WdfDmaTransactionGetCurrentDmaTransferLength(transaction), 2u * PAGE);
    assert_completed(WdfDmaTransactionDmaCompleted(transaction, completed), FALSE, STATUS_MORE_PROCESSING_REQUIRED);
    assert_completed(WdfDmaTransactionDmaCompleted(transaction, completed), TRUE, STATUS_SUCCESS);
    WdfObjectDelete(common);
    assert_int_equal(WdfDmaTransactionRelease(transaction), STATUS_SUCCESS);
    execute_all(transaction, WdfDmaDirectionWriteToDevice, 0, 3u * PAGE);
    assert_int_equal(programs[0].bytes, 3u * PAGE);
    assert_completed(WdfDmaTransactionDmaCompleted(transaction, completed), TRUE, STATUS_SUCCESS);
    end_transaction();
}

static void WCB_06_CMB_02_both_paths_of_a_duplex_enabler_reach_it(void **state)
{
    (void)state;
    on_the_bus.registers_max[1] = 4;
    begin(WdfDmaProfileScatterGatherDuplex, 0);
    assert_int_equal(WdfCommonBufferCreate(enabler, 5u * PAGE, WDF_NO_OBJECT_ATTRIBUTES, &common), STATUS_INSUFFICIENT_RESOURCES); /* of the second */
    assert_int_equal(fake_open_frames(), 0);
    assert_int_equal(WdfCommonBufferCreate(enabler, 2u * PAGE, WDF_NO_OBJECT_ATTRIBUTES, &common), STATUS_SUCCESS);
    assert_shared(common, 0);
    assert_shared(common, 1);
    assert_int_equal(fake_open_frames(), 4);
    remove_device();
}

static void WCB_06_CMB_01_a_packet_profile_has_it_in_its_window(void **state)
{
    (void)state;
    begin(WdfDmaProfilePacket, 0);
    assert_int_equal(WdfCommonBufferCreate(enabler, 3u * PAGE, WDF_NO_OBJECT_ATTRIBUTES, &common), STATUS_SUCCESS);
    assert_true(logical_of(common) >= SOC_BUS_WINDOW);
    assert_shared(common, 0);
    assert_int_equal(fake_open_entries(), 3);
    remove_device();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        kmdf_test(WCB_01_WEN_02_a_common_buffer_is_aligned_as_the_device_asked_before),
        kmdf_test(WCB_02_WCB_03_a_buffer_can_have_an_alignment_of_its_own),
        kmdf_test(WCB_02_what_cannot_be_is_refused),
        kmdf_test(WCB_04_a_buffer_that_the_device_can_still_use_stays),
        kmdf_test(WCB_05_descriptors_bound_the_elements),
        kmdf_test(WCB_06_CMB_02_it_takes_map_registers_for_its_life),
        kmdf_test(WCB_06_CMB_02_both_paths_of_a_duplex_enabler_reach_it),
        kmdf_test(WCB_06_CMB_01_a_packet_profile_has_it_in_its_window),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
