/* SPDX-License-Identifier: Apache-2.0 */
/* VideoPortStartDma: checks, lengths, elements, caches. */
#include "port_fixture.h"

static PVP_DMA_ADAPTER adapter;
static PVOID           mdl;

static void open_with(ULONG maximum, ULONG registers, ULONG depth, uint32_t base, uint32_t length)
{
    VP_DEVICE_DESCRIPTION_EX description = described(TRUE, maximum);
    description.MapRegisters = registers;
    description.Depth = depth;
    adapter = VpGetDmaAdapterEx(extension, &description);
    assert_non_null(adapter);
    mdl = lock_at(base, length, VpModifyAccess);
    assert_non_null(mdl);
    executes_clear();
}

static void close_all(void)
{
    assert_no_violation();
    VideoPortUnlockBuffer(extension, mdl);
    VideoPortPutDmaAdapter(extension, adapter);
    assert_no_violation();
}

static void STA_01_start_returns_while_the_device_stands_still(void **state)
{
    (void)state;
    open_with(4 * PAGE, 0, 1, 0, 4 * PAGE);
    assert_int_equal(start(adapter, mdl, 0, 4 * PAGE, TRUE), NO_ERROR);
    assert_int_equal(execute_count, 1);
    assert_int_equal(executes[0].level, IRQL_DISPATCH);
    assert_int_equal(irql_current(), IRQL_PASSIVE);
    assert_int_equal(complete_last(adapter, TRUE), NO_ERROR);
    close_all();
}

static void STA_02_bad_arguments_change_nothing(void **state)
{
    (void)state;
    open_with(4 * PAGE, 0, 1, 0, 100);
    const struct { ULONG offset, length; enum violation_code code; } bad[] = {
        { 0, 0, VIOL_ZERO_LENGTH }, { 100, 1, VIOL_OUT_OF_MDL }, { 50, 51, VIOL_OUT_OF_MDL },
        { 0xffffffffu, 2, VIOL_OUT_OF_MDL }, { 1, 0xffffffffu, VIOL_OUT_OF_MDL },
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(start(adapter, mdl, bad[i].offset, bad[i].length, TRUE), ERROR_INVALID_PARAMETER);
        assert_int_equal(start_length, bad[i].length);
        assert_violation(bad[i].code);
    }
    start_length = 8;
    assert_int_equal(VideoPortStartDma(extension, adapter, NULL, 0, &start_length, execute_recording, NULL, TRUE), ERROR_INVALID_PARAMETER);
    assert_int_equal(VideoPortStartDma(extension, adapter, mdl, 0, NULL, execute_recording, NULL, TRUE), ERROR_INVALID_PARAMETER);
    assert_int_equal(VideoPortStartDma(extension, adapter, mdl, 0, &start_length, NULL, NULL, TRUE), ERROR_INVALID_PARAMETER);
    assert_int_equal(execute_count, 0);
    assert_int_equal(memory_mdl_in_flight(mdl), 0);
    close_all();
}

static void STA_03_the_buffer_has_to_be_locked(void **state)
{
    (void)state;
    static uint8_t made_up[64];
    open_with(PAGE, 0, 1, 0, 100);
    assert_int_equal(start(adapter, made_up, 0, 8, TRUE), ERROR_INVALID_PARAMETER);
    assert_violation(VIOL_NOT_LOCKED);
    PVOID gone = lock_at(0, 8, VpReadAccess);
    VideoPortUnlockBuffer(extension, gone);
    assert_int_equal(start(adapter, gone, 0, 8, TRUE), ERROR_INVALID_PARAMETER); /* UNL-05 */
    assert_violation(VIOL_MDL);
    close_all();
}

static void STA_04_an_adapter_serves_its_own_device_only(void **state)
{
    (void)state;
    uint32_t other[2];
    VP_DEVICE_ATTACHMENT attachment = { .Channels = 1 };
    assert_int_equal(VpAttachDevice(other, &attachment), NO_ERROR);
    open_with(PAGE, 0, 1, 0, 100);
    start_length = 8;
    assert_int_equal(VideoPortStartDma(other, adapter, mdl, 0, &start_length, execute_recording, NULL, TRUE), ERROR_INVALID_PARAMETER);
    assert_violation(VIOL_ADAPTER);
    assert_int_equal(VpDetachDevice(other), NO_ERROR);
    close_all();
}

static void LCK_03_a_buffer_locked_for_reading_is_not_written(void **state)
{
    (void)state;
    open_with(PAGE, 0, 1, 0, 100);
    PVOID reading = lock_at(0, 100, VpReadAccess), writing = lock_at(0, 100, VpWriteAccess);
    assert_int_equal(start(adapter, reading, 0, 8, FALSE), ERROR_INVALID_PARAMETER);
    assert_violation(VIOL_DIRECTION);
    assert_int_equal(execute_count, 0);
    const struct { PVOID of; BOOLEAN to; } good[] = { { reading, TRUE }, { writing, TRUE }, { writing, FALSE } };
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(start(adapter, good[i].of, 0, 8, good[i].to), NO_ERROR);
        assert_int_equal(complete_last(adapter, good[i].to), NO_ERROR);
    }
    VideoPortUnlockBuffer(extension, reading);
    VideoPortUnlockBuffer(extension, writing);
    close_all();
}

static void STA_06_without_registers_there_is_no_callback_and_length_zero(void **state)
{
    (void)state;
    open_with(3 * PAGE, 0, 1, 0, 4 * PAGE); /* four registers */
    PHYSICAL_ADDRESS logical;
    PVOID common = VideoPortAllocateCommonBuffer(extension, adapter, 4 * PAGE, &logical, FALSE, NULL);
    assert_non_null(common);
    assert_int_equal(start(adapter, mdl, 0, 8, TRUE), ERROR_NOT_ENOUGH_MEMORY);
    assert_int_equal(start_length, 0);
    assert_int_equal(execute_count, 0);
    VideoPortReleaseCommonBuffer(extension, adapter, 4 * PAGE, logical, common, FALSE);
    assert_int_equal(start(adapter, mdl, 0, 8, TRUE), NO_ERROR);
    assert_int_equal(complete_last(adapter, TRUE), NO_ERROR);
    close_all();
}

/* ---- Lengths ------------------------------------------------------------------------------------------------------- */

static void assert_packets(uint32_t total, const ULONG *want, unsigned count)
{
    uint32_t done = 0;
    for (unsigned i = 0; i < count; i++) {
        assert_int_equal(start(adapter, mdl, done, total - done, TRUE), NO_ERROR);
        assert_int_equal(start_length, want[i]);
        assert_int_equal(executes[execute_count - 1u].bytes, want[i]); /* SGL-03 */
        assert_int_equal(complete_last(adapter, TRUE), NO_ERROR);
        done += start_length;
    }
    assert_int_equal(done, total);
}

static void STA_11_packets_are_the_oracles(void **state)
{
    (void)state;
    open_with(1u << 30, 5, 1, 0, 12 * PAGE);
    assert_packets(12 * PAGE, (const ULONG[]){ 5 * PAGE, 5 * PAGE, 2 * PAGE }, 3);
    close_all();
    open_with(1u << 30, 5, 1, 0x10, 12 * PAGE);
    assert_packets(12 * PAGE, (const ULONG[]){ 5 * PAGE - 0x10, 5 * PAGE, 2 * PAGE + 0x10 }, 3);
    close_all();
    open_with(1u << 30, 1, 1, PAGE - 1u, PAGE + 2u);
    assert_packets(PAGE + 2u, (const ULONG[]){ 1, PAGE, 1 }, 3);
    close_all();
}

static void STA_13_a_partial_packet_is_a_success(void **state)
{
    (void)state;
    open_with(4096, 4096 / PAGE + 1u, 1, PAGE - 4u, 10000);
    assert_packets(10000, (const ULONG[]){ 4096, 4096, 1808 }, 3);
    close_all();
    open_with(3000, 0, 1, 7, 9001); /* DD-05 */
    assert_packets(9001, (const ULONG[]){ 3000, 3000, 3000, 1 }, 4);
    close_all();
}

static void STA_12_granularity_cuts_or_fails_and_never_sends_crumbs(void **state)
{
    (void)state;
    VP_DEVICE_DESCRIPTION_EX description = described(TRUE, 1u << 20);
    description.MapRegisters = 1;
    description.LengthGranularity = 4;
    adapter = VpGetDmaAdapterEx(extension, &description);
    mdl = lock_at(PAGE - 1u, 100, VpReadAccess);
    executes_clear();
    assert_int_equal(start(adapter, mdl, 0, 100, TRUE), ERROR_NOT_ENOUGH_MEMORY);
    assert_int_equal(start_length, 0);
    assert_int_equal(start(adapter, mdl, 0, 1, TRUE), NO_ERROR); /* the last one may be odd */
    assert_int_equal(complete_last(adapter, TRUE), NO_ERROR);
    close_all();
}

static void DD_08_a_packet_has_as_many_elements_as_declared(void **state)
{
    (void)state;
    VP_DEVICE_DESCRIPTION_EX description = described(TRUE, 1u << 20);
    description.MaximumElements = 4;
    adapter = VpGetDmaAdapterEx(extension, &description);
    mdl = lock_at(0, 16 * PAGE, VpReadAccess);
    executes_clear();
    assert_packets(16 * PAGE, (const ULONG[]){ 4 * PAGE, 4 * PAGE, 4 * PAGE, 4 * PAGE }, 4);
    for (unsigned i = 0; i < 4; i++) assert_int_equal(executes[i].elements, 4);
    close_all();
}

static void SGL_05_neighbouring_frames_become_one_element(void **state)
{
    (void)state;
    static const uint16_t frames[] = { 7, 8, 3, 4, 5, 9 };
    VP_DEVICE_DESCRIPTION_EX description = described(TRUE, 1u << 20);
    adapter = VpGetDmaAdapterEx(extension, &description);
    executes_clear();
    mdl = memory_mdl_build(frames, 6, 0x100, 5 * PAGE);
    assert_int_equal(start(adapter, mdl, 0, 5 * PAGE, TRUE), NO_ERROR);
    assert_int_equal(executes[0].elements, 3);
    assert_int_equal(executes[0].first_address, SOC_BUS_HOST + 7u * PAGE + 0x100u);
    assert_int_equal(executes[0].first_length, 2 * PAGE - 0x100u);
    assert_int_equal(complete_last(adapter, TRUE), NO_ERROR);
    close_all();
}

static void MAP_02_one_element_stands_in_the_window(void **state)
{
    (void)state;
    VP_DEVICE_DESCRIPTION_EX description = described(FALSE, 8 * PAGE);
    adapter = VpGetDmaAdapterEx(extension, &description);
    mdl = lock_at(0x100, 5 * PAGE, VpReadAccess);
    executes_clear();
    assert_int_equal(start(adapter, mdl, 0, 5 * PAGE, TRUE), NO_ERROR);
    assert_int_equal(executes[0].elements, 1); /* EXE-03 */
    assert_int_equal(executes[0].first_address, SOC_BUS_WINDOW + 0x100u); /* SGL-06: no physical address */
    assert_int_equal(fake_open_entries(), 6);
    assert_int_equal(complete_last(adapter, TRUE), NO_ERROR);
    assert_int_equal(fake_open_entries(), 0);
    close_all();
}

static void LCK_07_offsets_count_from_the_base_of_the_buffer(void **state)
{
    (void)state;
    client_fill(0x1fd, 2 * PAGE, 9);
    open_with(PAGE, 0, 1, 0x1fd, 2 * PAGE);
    assert_int_equal(start(adapter, mdl, 5, 300, TRUE), NO_ERROR);
    assert_int_equal(device_run(0, executes[0].list, TRUE, 0), 300);
    for (uint32_t i = 0; i < 300; i++) assert_int_equal(device_bytes[i], fixture_byte(9, i + 5u));
    assert_int_equal(complete_last(adapter, TRUE), NO_ERROR);
    close_all();
}

/* ---- Caches -------------------------------------------------------------------------------------------------------- */

static void STA_07_the_device_reads_what_the_cpu_wrote_last(void **state)
{
    (void)state;
    open_with(4 * PAGE, 0, 1, 3, 4 * PAGE);
    for (uint32_t round = 1; round < 4; round++) {
        client_fill(3, 4 * PAGE, round); /* stays in the host bridge until somebody drains it */
        assert_int_equal(start(adapter, mdl, 0, 4 * PAGE, TRUE), NO_ERROR);
        assert_int_equal(device_run(0, executes[execute_count - 1u].list, TRUE, 0), 4 * PAGE);
        for (uint32_t i = 0; i < 4 * PAGE; i++) assert_int_equal(device_bytes[i], fixture_byte(round, i));
        assert_int_equal(complete_last(adapter, TRUE), NO_ERROR);
    }
    close_all();
}

static void STA_07_no_late_eviction_overwrites_what_the_device_wrote(void **state)
{
    (void)state;
    uint8_t got[200];
    open_with(PAGE, 0, 1, 0, 200);
    client_fill(0, 200, 1);
    assert_int_equal(start(adapter, mdl, 0, 200, FALSE), NO_ERROR);
    fixture_fill(device_bytes, 200, 2);
    assert_int_equal(device_run(0, executes[0].list, FALSE, 0), 200);
    for (uint32_t at = 0; at < 200; at += 32) host_cache_evict((uint32_t)executes[0].first_address + at);
    assert_int_equal(complete_last(adapter, FALSE), NO_ERROR);
    client_read(0, got, sizeof got);
    assert_memory_equal(got, device_bytes, sizeof got);
    close_all();
}

static void BNC_03_neighbours_in_the_first_and_last_line_survive(void **state)
{
    (void)state;
    uint8_t got[96];
    open_with(PAGE, 0, 1, 40, 20); /* bytes 40..59 of lines 32..63 */
    client_fill(0, 96, 5);
    assert_int_equal(start(adapter, mdl, 0, 20, FALSE), NO_ERROR);
    memset(device_bytes, 0xee, 20);
    assert_int_equal(device_run(0, executes[0].list, FALSE, 0), 20);
    assert_int_equal(memory_client_write(client, buffer + 39u, "\x11", 1), MEMORY_OK); /* the CPU writes beside it meanwhile */
    assert_int_equal(memory_client_write(client, buffer + 60u, "\x22", 1), MEMORY_OK);
    assert_int_equal(complete_last(adapter, FALSE), NO_ERROR);
    client_read(0, got, sizeof got);
    for (uint32_t i = 0; i < 96; i++) {
        uint8_t want = i == 39 ? 0x11 : i == 60 ? 0x22 : i >= 40 && i < 60 ? 0xee : fixture_byte(5, i);
        assert_int_equal(got[i], want);
    }
    close_all();
}

static void MAP_11_caches_are_maintained_once_a_packet(void **state)
{
    (void)state;
    open_with(PAGE, 0, 1, 0, 100);
    struct cache_counts before = cache_counts();
    assert_int_equal(start(adapter, mdl, 0, 100, TRUE), NO_ERROR);
    assert_int_equal(complete_last(adapter, TRUE), NO_ERROR);
    assert_int_equal(start(adapter, mdl, 0, 100, FALSE), NO_ERROR);
    assert_int_equal(complete_last(adapter, FALSE), NO_ERROR);
    struct cache_counts after = cache_counts();
    assert_int_equal(after.drains - before.drains, 2);
    assert_int_equal(after.flushes - before.flushes, 2);
    assert_int_equal(after.invalidates - before.invalidates, 1);
    close_all();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        port_test(STA_01_start_returns_while_the_device_stands_still),
        port_test(STA_02_bad_arguments_change_nothing),
        port_test(STA_03_the_buffer_has_to_be_locked),
        port_test(STA_04_an_adapter_serves_its_own_device_only),
        port_test(LCK_03_a_buffer_locked_for_reading_is_not_written),
        port_test(STA_06_without_registers_there_is_no_callback_and_length_zero),
        port_test(STA_11_packets_are_the_oracles),
        port_test(STA_13_a_partial_packet_is_a_success),
        port_test(STA_12_granularity_cuts_or_fails_and_never_sends_crumbs),
        port_test(DD_08_a_packet_has_as_many_elements_as_declared),
        port_test(SGL_05_neighbouring_frames_become_one_element),
        port_test(MAP_02_one_element_stands_in_the_window),
        port_test(LCK_07_offsets_count_from_the_base_of_the_buffer),
        port_test(STA_07_the_device_reads_what_the_cpu_wrote_last),
        port_test(STA_07_no_late_eviction_overwrites_what_the_device_wrote),
        port_test(BNC_03_neighbours_in_the_first_and_last_line_survive),
        port_test(MAP_11_caches_are_maintained_once_a_packet),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
