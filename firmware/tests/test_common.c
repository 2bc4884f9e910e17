/* SPDX-License-Identifier: Apache-2.0 */
/* Common buffers. */
#include "port_fixture.h"

#include "video_compat.h"

static PVP_DMA_ADAPTER  adapter;
static PHYSICAL_ADDRESS logical;

static void open_as(BOOLEAN several, ULONG maximum)
{
    VP_DEVICE_DESCRIPTION_EX description = described(several, maximum);
    adapter = VpGetDmaAdapterEx(extension, &description);
    assert_non_null(adapter);
    executes_clear();
}

static void CMB_01_cpu_and_device_share_every_byte_of_a_contiguous_range(void **state)
{
    (void)state;
    fake.no_posting = true;
    for (BOOLEAN several = FALSE; several <= TRUE; several++) {
        open_as(several, 8 * PAGE);
        uint8_t *cpu = VideoPortAllocateCommonBuffer(extension, adapter, 2 * PAGE + 10u, &logical, FALSE, NULL);
        assert_non_null(cpu);
        assert_int_equal((uint64_t)logical.QuadPart % PAGE, 0);
        assert_int_equal((uint64_t)logical.QuadPart >= SOC_BUS_WINDOW, !several);
        for (uint32_t i = 0; i < 2 * PAGE + 10u; i += 61u) {
            uint8_t byte = fixture_byte(1, i);
            assert_int_equal(cpu[i], 0);
            cpu[i] = byte;
            uint8_t seen = 0;
            assert_true(fake_access(0, (uint64_t)logical.QuadPart + i, false, &seen));
            assert_int_equal(seen, byte);
            seen = (uint8_t)~byte;
            assert_true(fake_access(0, (uint64_t)logical.QuadPart + i, true, &seen));
            assert_int_equal(cpu[i], seen);
        }
        VideoPortReleaseCommonBuffer(extension, adapter, 2 * PAGE + 10u, logical, cpu, FALSE);
        assert_no_violation();
        uint8_t byte;
        assert_false(fake_access(0, (uint64_t)logical.QuadPart, false, &byte));
        VideoPortPutDmaAdapter(extension, adapter);
    }
}

static void CMB_02_a_common_buffer_takes_registers_for_its_life(void **state)
{
    (void)state;
    for (BOOLEAN several = FALSE; several <= TRUE; several++) {
        open_as(several, 7 * PAGE); /* eight registers */
        PVOID mdl = lock_at(0, 8 * PAGE, VpReadAccess);
        PVOID cpu = VideoPortAllocateCommonBuffer(extension, adapter, 3 * PAGE, &logical, FALSE, NULL);
        assert_int_equal(start(adapter, mdl, 0, 8 * PAGE, TRUE), NO_ERROR);
        assert_int_equal(start_length, 5 * PAGE);
        assert_int_equal(complete_last(adapter, TRUE), NO_ERROR);
        VideoPortReleaseCommonBuffer(extension, adapter, 3 * PAGE, logical, cpu, FALSE);
        assert_int_equal(start(adapter, mdl, 0, 8 * PAGE, TRUE), NO_ERROR);
        assert_int_equal(start_length, 7 * PAGE);
        assert_int_equal(complete_last(adapter, TRUE), NO_ERROR);
        VideoPortUnlockBuffer(extension, mdl);
        VideoPortPutDmaAdapter(extension, adapter);
    }
}

static void CMB_03_release_wants_exactly_what_was_allocated(void **state)
{
    (void)state;
    open_as(TRUE, 8 * PAGE);
    uint8_t *cpu = VideoPortAllocateCommonBuffer(extension, adapter, 100, &logical, FALSE, NULL);
    PHYSICAL_ADDRESS other = { .QuadPart = logical.QuadPart + 1 };
    VideoPortReleaseCommonBuffer(extension, adapter, 99, logical, cpu, FALSE);
    assert_violation(VIOL_CB_MISMATCH);
    VideoPortReleaseCommonBuffer(extension, adapter, 100, other, cpu, FALSE);
    assert_violation(VIOL_CB_MISMATCH);
    VideoPortReleaseCommonBuffer(extension, adapter, 100, logical, cpu + 1, FALSE);
    assert_violation(VIOL_CB_MISMATCH);
    VideoPortReleaseCommonBuffer(extension, adapter, 100, logical, cpu, TRUE);
    assert_violation(VIOL_CB_MISMATCH);
    cpu[5] = 9;
    uint8_t byte = 0;
    assert_true(fake_access(0, (uint64_t)logical.QuadPart + 5u, false, &byte));
    assert_int_equal(byte, 9);
    VideoPortReleaseCommonBuffer(extension, adapter, 100, logical, cpu, FALSE);
    assert_no_violation();
    VideoPortReleaseCommonBuffer(extension, adapter, 100, logical, cpu, FALSE); /* CMB-06: twice */
    assert_violation(VIOL_CB_MISMATCH);
    VideoPortPutDmaAdapter(extension, adapter);
}

static void CMB_04_a_cached_buffer_needs_its_flush(void **state)
{
    (void)state;
    uint8_t byte = 0;
    fake.no_posting = true;
    open_as(TRUE, PAGE);
    uint8_t *cpu = VideoPortAllocateCommonBuffer(extension, adapter, 64, &logical, TRUE, NULL);
    cpu[3] = 0x77;
    assert_true(fake_access(0, (uint64_t)logical.QuadPart + 3u, false, &byte));
    assert_int_equal(byte, 0); /* it stands in the CPU's cache */
    VpSyncCommonBuffer(extension, adapter);
    assert_true(fake_access(0, (uint64_t)logical.QuadPart + 3u, false, &byte));
    assert_int_equal(byte, 0x77);
    byte = 0x88;
    assert_true(fake_access(0, (uint64_t)logical.QuadPart + 3u, true, &byte));
    assert_int_equal(cpu[3], 0x77);
    VpSyncCommonBuffer(extension, adapter);
    assert_int_equal(cpu[3], 0x88);
    VideoPortReleaseCommonBuffer(extension, adapter, 64, logical, cpu, TRUE);
    VideoPortPutDmaAdapter(extension, adapter);
}

static void CMB_05_without_a_contiguous_run_or_a_register_there_is_none(void **state)
{
    (void)state;
    open_as(TRUE, 3 * PAGE); /* four registers */
    static uint32_t taken[MEMORY_COMMON_FRAMES];
    unsigned count = 0;
    while ((taken[count] = memory_common_take(PAGE, 0xffffffffu)) != 0u) count++;
    assert_true(memory_common_give(taken[0], PAGE)); /* one free, one taken, one free */
    assert_true(memory_common_give(taken[2], PAGE));
    assert_null(VideoPortAllocateCommonBuffer(extension, adapter, 2 * PAGE, &logical, FALSE, NULL));
    assert_int_equal(information(adapter).RegistersFree, 4);
    PVOID cpu = VideoPortAllocateCommonBuffer(extension, adapter, PAGE, &logical, FALSE, NULL);
    assert_non_null(cpu);
    VideoPortReleaseCommonBuffer(extension, adapter, PAGE, logical, cpu, FALSE);
    for (unsigned i = 1; i < count; i++) assert_int_equal(memory_common_give(taken[i], PAGE), i != 2u);
    assert_null(VideoPortAllocateCommonBuffer(extension, adapter, 5 * PAGE, &logical, FALSE, NULL));
    assert_null(VideoPortAllocateCommonBuffer(extension, adapter, 0, &logical, FALSE, NULL));
    assert_null(VideoPortAllocateCommonBuffer(extension, adapter, 1, &logical, FALSE, &logical));
    VideoPortPutDmaAdapter(extension, adapter);
}

static void CMB_03_the_obsolete_pair_takes_the_first_adapter_and_gives_back_to_the_right_one(void **state)
{
    (void)state;
    ULONG actual = 1;
    assert_null(VideoPortGetCommonBuffer(extension, 100, 0, &logical, &actual, FALSE)); /* no adapter */
    PVP_DMA_ADAPTER first = adapter_direct(PAGE);
    open_as(TRUE, PAGE); /* another one behind it */
    assert_null(VideoPortGetCommonBuffer(extension, 0, 0, &logical, &actual, FALSE));
    assert_null(VideoPortGetCommonBuffer(extension, 100, 0, &logical, NULL, FALSE));
    assert_int_equal(actual, 1);
    VideoPortPutDmaAdapter(extension, first);
    uint8_t *cpu = VideoPortGetCommonBuffer(extension, 100, 64, &logical, &actual, FALSE);
    assert_non_null(cpu);
    assert_int_equal(actual, 100);
    assert_int_equal(information(adapter).RegistersFree, information(adapter).Registers - 1u);
    cpu[7] = 0x5a;
    uint8_t byte = 0;
    assert_true(fake_access((unsigned)information(adapter).Channel, (uint64_t)logical.QuadPart + 7u, false, &byte));
    assert_int_equal(byte, 0x5a);
    first = adapter_direct(PAGE); /* a first adapter that knows nothing of the buffer */
    VideoPortFreeCommonBuffer(extension, 99, cpu, logical, FALSE);
    assert_violation(VIOL_CB_MISMATCH);
    VideoPortFreeCommonBuffer(extension, 100, cpu + 1, logical, FALSE);
    assert_violation(VIOL_CB_MISMATCH);
    assert_int_equal(information(adapter).RegistersFree, information(adapter).Registers - 1u);
    VideoPortFreeCommonBuffer(extension, 100, cpu, logical, FALSE);
    assert_no_violation();
    assert_int_equal(information(adapter).RegistersFree, information(adapter).Registers);
    enum irql old = irql_raise(IRQL_DISPATCH);
    assert_null(VideoPortGetCommonBuffer(extension, 100, 0, &logical, &actual, FALSE));
    assert_violation(VIOL_IRQL);
    VideoPortFreeCommonBuffer(extension, 100, cpu, logical, FALSE);
    assert_violation(VIOL_IRQL);
    irql_lower(old);
    VideoPortPutDmaAdapter(extension, first);
    VideoPortPutDmaAdapter(extension, adapter);
}

static void MAP_05_registers_in_the_window_stay_consecutive_round_common_buffers(void **state)
{
    (void)state;
    PHYSICAL_ADDRESS a, b;
    open_as(FALSE, 11 * PAGE); /* twelve registers */
    PVOID mdl = lock_at(0, 12 * PAGE, VpReadAccess);
    PVOID first = VideoPortAllocateCommonBuffer(extension, adapter, 2 * PAGE, &a, FALSE, NULL);
    PVOID second = VideoPortAllocateCommonBuffer(extension, adapter, 3 * PAGE, &b, FALSE, NULL);
    VideoPortReleaseCommonBuffer(extension, adapter, 2 * PAGE, a, first, FALSE); /* a hole at the top */
    assert_int_equal(start(adapter, mdl, 0, 12 * PAGE, TRUE), NO_ERROR);
    assert_int_equal(start_length, 7 * PAGE); /* the longest run, not the nine that are free */
    assert_int_equal(complete_last(adapter, TRUE), NO_ERROR);
    VideoPortReleaseCommonBuffer(extension, adapter, 3 * PAGE, b, second, FALSE);
    VideoPortUnlockBuffer(extension, mdl);
    VideoPortPutDmaAdapter(extension, adapter);
}

static void OBS_01_what_is_obsolete_returns_its_constant(void **state)
{
    (void)state;
    static ULONG_PTR handle[4];
    PDMA dma = (PDMA)(PVOID)handle;
    ULONG length = 8, space = 0;
    PVOID address = handle;
    PHYSICAL_ADDRESS board = { .QuadPart = SOC_BUS_DEVICE };
    VIDEO_REQUEST_PACKET packet = { .IoControlCode = 1 };
    assert_true(VideoPortLockPages(extension, &packet, NULL, NULL, VideoPortDmaInitOnly));
    assert_false(VideoPortLockPages(extension, &packet, NULL, NULL, VideoPortUnlockAfterDma));
    assert_false(VideoPortLockPages(extension, &packet, NULL, NULL, VideoPortKeepPagesLocked));
    assert_true(VideoPortUnlockPages(extension, dma));
    assert_null(VideoPortDoDma(extension, dma, VideoPortUnlockAfterDma));
    assert_null(VideoPortGetMdl(extension, dma));
    assert_null(VideoPortMapDmaMemory(extension, &packet, board, &length, &space, NULL, NULL, &address));
    assert_false(VideoPortUnmapDmaMemory(extension, address, NULL, dma));
    assert_null(VideoPortAssociateEventsWithDmaHandle(extension, &packet, NULL, NULL));
    VideoPortSetDmaContext(extension, dma, handle);
    assert_null(VideoPortGetDmaContext(extension, dma));
    assert_false(VideoPortSignalDmaComplete(extension, dma));
    VideoPortSetBytesUsed(extension, dma, 5);
    assert_int_equal(VideoPortGetBytesUsed(extension, dma), 0);
    assert_ptr_equal(address, handle); /* and nothing was touched */
    assert_int_equal(length, 8);
    for (unsigned i = 0; i < 4u; i++) assert_int_equal(handle[i], 0);
    assert_int_equal(memory_use().pins, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        port_test(CMB_01_cpu_and_device_share_every_byte_of_a_contiguous_range),
        port_test(CMB_02_a_common_buffer_takes_registers_for_its_life),
        port_test(CMB_03_release_wants_exactly_what_was_allocated),
        port_test(CMB_04_a_cached_buffer_needs_its_flush),
        port_test(CMB_05_without_a_contiguous_run_or_a_register_there_is_none),
        port_test(CMB_03_the_obsolete_pair_takes_the_first_adapter_and_gives_back_to_the_right_one),
        port_test(MAP_05_registers_in_the_window_stay_consecutive_round_common_buffers),
        port_test(OBS_01_what_is_obsolete_returns_its_constant),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
