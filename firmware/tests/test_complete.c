/* SPDX-License-Identifier: Apache-2.0 */
/* VideoPortCompleteDma: what it makes visible, what it closes, what it refuses; unlock in flight. */
#include "port_fixture.h"

#include "trace.h"

static PVP_DMA_ADAPTER adapter;
static PVOID           mdl;

static void open_described(const VP_DEVICE_DESCRIPTION_EX *description, uint32_t base, uint32_t length)
{
    adapter = VpGetDmaAdapterEx(extension, description);
    assert_non_null(adapter);
    mdl = lock_at(base, length, VpModifyAccess);
    assert_non_null(mdl);
    executes_clear();
}

static void open_direct(ULONG maximum, ULONG depth, uint32_t base, uint32_t length)
{
    VP_DEVICE_DESCRIPTION_EX description = described(TRUE, maximum);
    description.Depth = depth;
    open_described(&description, base, length);
}

static void close_all(void)
{
    assert_no_violation();
    VideoPortUnlockBuffer(extension, mdl);
    VideoPortPutDmaAdapter(extension, adapter);
    assert_no_violation();
}

static void CPL_01_after_complete_the_cpu_sees_every_byte(void **state)
{
    (void)state;
    for (BOOLEAN several = FALSE; several <= TRUE; several++) {
        static uint8_t got[4 * 4096];
        VP_DEVICE_DESCRIPTION_EX description = described(several, 8 * PAGE);
        open_described(&description, 77, 3 * PAGE);
        client_fill(77, 3 * PAGE, 1); /* lines of it stand in the caches */
        assert_int_equal(start(adapter, mdl, 0, 3 * PAGE, FALSE), NO_ERROR);
        fixture_fill(device_bytes, 3 * PAGE, 2);
        assert_int_equal(device_run(0, executes[0].list, FALSE, 0), 3 * PAGE);
        client_read(77, got, 3 * PAGE);
        assert_memory_not_equal(got, device_bytes, 3 * PAGE); /* before: old */
        assert_int_equal(complete_last(adapter, FALSE), NO_ERROR);
        client_read(77, got, 3 * PAGE);
        assert_memory_equal(got, device_bytes, 3 * PAGE); /* the last 128 bytes came from the posting bridge */
        close_all();
    }
}

static void CPL_02_a_list_is_spoilt_when_it_is_freed(void **state)
{
    (void)state;
    open_direct(2 * PAGE, 1, 0, PAGE);
    ULONG registers = information(adapter).RegistersFree;
    assert_int_equal(start(adapter, mdl, 0, 10, TRUE), NO_ERROR);
    PVP_SCATTER_GATHER_LIST list = executes[0].list;
    assert_int_equal(list->NumberOfElements, 1);
    assert_int_equal(information(adapter).RegistersFree, registers - 1u);
    assert_int_equal(complete_last(adapter, TRUE), NO_ERROR);
    assert_int_equal(list->NumberOfElements, 0x01010101u); /* SGL-02 */
    assert_int_equal(list->Elements[0].Length, 0x01010101u);
    assert_int_equal(information(adapter).RegistersFree, registers);
    close_all();
}

static void CPL_04_a_busy_engine_refuses_complete(void **state)
{
    (void)state;
    open_direct(2 * PAGE, 1, 0, PAGE);
    assert_int_equal(start(adapter, mdl, 0, 10, FALSE), NO_ERROR);
    fake.outstanding[0] = 1;
    assert_int_equal(complete_last(adapter, FALSE), ERROR_INVALID_PARAMETER);
    assert_violation(VIOL_ENGINE_BUSY);
    assert_int_equal(device_run(0, executes[0].list, FALSE, 0), 10); /* still open: nothing was changed */
    fake.outstanding[0] = 0;
    assert_int_equal(complete_last(adapter, FALSE), NO_ERROR);
    close_all();
}

static void CPL_05_a_complete_that_is_wrong_changes_nothing(void **state)
{
    (void)state;
    open_direct(2 * PAGE, 1, 0, PAGE);
    PVP_DMA_ADAPTER second = adapter_direct(PAGE);
    VP_SCATTER_GATHER_LIST mine = { .NumberOfElements = 1 };
    assert_int_equal(start(adapter, mdl, 0, 10, TRUE), NO_ERROR);
    PVP_SCATTER_GATHER_LIST list = executes[0].list;

    assert_int_equal(VideoPortCompleteDma(extension, adapter, &mine, TRUE), ERROR_INVALID_PARAMETER); /* CPL-06: 87 */
    assert_violation(VIOL_LIST);
    assert_int_equal(VideoPortCompleteDma(extension, second, list, TRUE), ERROR_INVALID_PARAMETER);
    assert_violation(VIOL_ADAPTER);
    assert_int_equal(VideoPortCompleteDma(extension, adapter, list, FALSE), ERROR_INVALID_PARAMETER);
    assert_violation(VIOL_DIRECTION);
    assert_int_equal(VideoPortCompleteDma(extension, adapter, NULL, TRUE), ERROR_INVALID_PARAMETER);
    assert_violation(VIOL_LIST);
    assert_int_equal(information(adapter).Executing, 1);
    assert_int_equal(memory_mdl_in_flight(mdl), 1);

    assert_int_equal(complete_last(adapter, TRUE), NO_ERROR);
    assert_int_equal(complete_last(adapter, TRUE), ERROR_INVALID_PARAMETER);
    assert_violation(VIOL_DOUBLE_COMPLETE);
    VideoPortPutDmaAdapter(extension, second);
    close_all();
}

static void SGL_01_a_miniport_that_writes_into_the_list_is_found_out(void **state)
{
    (void)state;
    open_direct(2 * PAGE, 1, 0, PAGE);
    assert_int_equal(start(adapter, mdl, 0, 10, TRUE), NO_ERROR);
    executes[0].list->Reserved ^= 1u;
    assert_int_equal(complete_last(adapter, TRUE), ERROR_INVALID_PARAMETER);
    assert_violation(VIOL_LIST);
    executes[0].list->Reserved ^= 1u;
    assert_int_equal(complete_last(adapter, TRUE), NO_ERROR);
    close_all();
}

static void CPL_11_after_complete_the_map_is_closed_in_both_directions(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 4; i++) {
        BOOLEAN several = i & 1u ? TRUE : FALSE, to_device = i & 2u ? TRUE : FALSE;
        uint8_t byte = 0;
        VP_DEVICE_DESCRIPTION_EX description = described(several, 2 * PAGE);
        open_described(&description, 0, PAGE);
        assert_int_equal(start(adapter, mdl, 0, 100, to_device), NO_ERROR);
        uint64_t address = executes[0].first_address;
        assert_true(fake_access(0, address, !to_device, &byte));
        assert_false(fake_access(0, address, to_device, &byte)); /* the other direction never was open */
        assert_false(fake_access(1, address, !to_device, &byte));
        assert_int_equal(complete_last(adapter, to_device), NO_ERROR);
        assert_false(fake_access(0, address, !to_device, &byte)); /* a stray write faults */
        struct map_fault fault;
        assert_true(map_fault_take(&gate, &fault));
        assert_int_equal(fault.address, address);
        close_all();
    }
}

static void LCK_05_two_packets_on_one_page_keep_it_open_until_the_second_ends(void **state)
{
    (void)state;
    uint8_t byte = 0;
    open_direct(2 * PAGE, 2, 0, 100);
    PVOID second = lock_at(50, 100, VpModifyAccess);
    assert_int_equal(start(adapter, mdl, 0, 100, FALSE), NO_ERROR);
    static ULONG length = 100;
    assert_int_equal(VideoPortStartDma(extension, adapter, second, 0, &length, execute_recording, &length, FALSE), NO_ERROR);
    uint64_t address = executes[1].first_address;
    assert_int_equal(VideoPortCompleteDma(extension, adapter, executes[0].list, FALSE), NO_ERROR);
    VideoPortUnlockBuffer(extension, mdl);
    assert_true(fake_access(0, address, true, &byte));
    assert_true(memory_use().pins != 0u);
    assert_int_equal(complete_last(adapter, FALSE), NO_ERROR);
    mdl = second;
    close_all();
    assert_int_equal(memory_use().pins, 0);
}

/* ---- Refusals of the gate ------------------------------------------------------------------------------------------ */

static void ERR_05_a_refusal_is_kept_by_its_adapter(void **state)
{
    (void)state;
    uint8_t byte = 0;
    open_direct(2 * PAGE, 1, 0, PAGE);
    PVP_DMA_ADAPTER other = adapter_direct(PAGE);
    assert_int_equal(start(adapter, mdl, 0, 10, TRUE), NO_ERROR);
    uint64_t address = executes[0].first_address;
    assert_false(fake_access(0, address + 3u, true, &byte));
    assert_int_equal(VideoPortCompleteDmaEx(extension, adapter, executes[0].list, TRUE, 3, VP_ERROR_IO_DEVICE), NO_ERROR);
    assert_int_equal(information(adapter).FaultAddress.QuadPart, address + 3u);
    assert_int_equal(information(adapter).FaultCause, DRAY_GATE_FAULT_CAUSE_DIRECTION);
    assert_true(information(adapter).FaultWrite);
    assert_int_equal(information(other).FaultCause, 0);

    assert_false(fake_access(1, address, false, &byte)); /* never had a packet: it runs by itself, as a screen does */
    VideoPortPutDmaAdapter(extension, other);
    assert_int_equal(VpResetAdapter(extension, adapter), NO_ERROR);
    close_all();
}

static void SUP_05_a_burst_of_an_idle_channel_is_stray(void **state)
{
    (void)state;
    uint8_t byte = 0;
    open_direct(2 * PAGE, 1, 0, PAGE);
    assert_int_equal(start(adapter, mdl, 0, 10, FALSE), NO_ERROR);
    uint64_t address = executes[0].first_address;
    assert_int_equal(complete_last(adapter, FALSE), NO_ERROR);
    assert_false(fake_access(0, address, true, &byte)); /* a rogue: it goes on writing */
    assert_no_violation();
    assert_int_equal(start(adapter, mdl, 0, 10, FALSE), NO_ERROR); /* found when the channel is used next */
    assert_int_equal(violation_last(0)->p[0], (uintptr_t)address);
    assert_violation(VIOL_STRAY_DMA);
    assert_int_equal(complete_last(adapter, FALSE), NO_ERROR);
    assert_false(fake_access(1, address, true, &byte)); /* of a channel that nobody has */
    VideoPortUnlockBuffer(extension, mdl);
    VideoPortPutDmaAdapter(extension, adapter); /* or when an adapter is put */
    assert_violation(VIOL_STRAY_DMA);
}

static void LCK_11_what_the_device_wrote_survives_a_page_out(void **state)
{
    (void)state;
    uint8_t got[100];
    open_direct(2 * PAGE, 1, 10, 100);
    assert_int_equal(start(adapter, mdl, 0, 100, FALSE), NO_ERROR);
    fixture_fill(device_bytes, 100, 6);
    assert_int_equal(device_run(0, executes[0].list, FALSE, 0), 100);
    assert_int_equal(complete_last(adapter, FALSE), NO_ERROR);
    VideoPortUnlockBuffer(extension, mdl);
    assert_true(memory_evict(client, buffer));
    client_read(10, got, 100);
    assert_memory_equal(got, device_bytes, 100);
    VideoPortPutDmaAdapter(extension, adapter);
}

/* ---- Unlock in flight ---------------------------------------------------------------------------------------------- */

static void UNL_03_unlock_in_flight_unpins_in_complete(void **state)
{
    (void)state;
    open_direct(2 * PAGE, 1, 0, PAGE);
    assert_int_equal(start(adapter, mdl, 0, PAGE, FALSE), NO_ERROR);
    VideoPortUnlockBuffer(extension, mdl);
    assert_violation(VIOL_UNLOCK_IN_FLIGHT);
    memory_steal_set(MEMORY_STEAL_AGGRESSIVE);
    assert_int_equal(memory_steal(), 0); /* still pinned */
    fixture_fill(device_bytes, PAGE, 8);
    assert_int_equal(device_run(0, executes[0].list, FALSE, 0), PAGE);
    assert_int_equal(start(adapter, mdl, 0, 8, TRUE), ERROR_INVALID_PARAMETER); /* it takes no new packet */
    assert_violation(VIOL_MDL);
    assert_int_equal(complete_last(adapter, FALSE), NO_ERROR);
    assert_int_equal(memory_use().pins, 0);
    assert_true(memory_steal() != 0u);
    uint8_t got[512];
    client_read(0, got, sizeof got);
    assert_memory_equal(got, device_bytes, sizeof got);
    VideoPortPutDmaAdapter(extension, adapter);
    assert_no_violation();
}

static void UNL_03_unlock_with_a_queued_start_waits_for_it_too(void **state)
{
    (void)state;
    open_direct(PAGE, 1, 0, PAGE);
    static ULONG waiting = 8;
    assert_int_equal(start(adapter, mdl, 0, 8, TRUE), NO_ERROR);
    assert_int_equal(VideoPortStartDma(extension, adapter, mdl, 8, &waiting, execute_recording, &waiting, TRUE), NO_ERROR);
    VideoPortUnlockBuffer(extension, mdl);
    assert_violation(VIOL_UNLOCK_IN_FLIGHT);
    assert_int_equal(complete_last(adapter, TRUE), NO_ERROR);
    assert_true(memory_use().pins != 0u);
    assert_int_equal(execute_count, 2);
    assert_int_equal(complete_last(adapter, TRUE), NO_ERROR);
    assert_int_equal(memory_use().pins, 0);
    VideoPortPutDmaAdapter(extension, adapter);
}

/* ---- Order, quarantine --------------------------------------------------------------------------------------------- */

static unsigned syncs_at_flush, open_at_sync;

static bool flush_looks(void *context)
{
    (void)context;
    syncs_at_flush = fake.syncs;
    open_at_sync = fake_open_frames();
    return true;
}

static void SUP_01_close_then_sync_then_flush_then_free(void **state)
{
    (void)state;
    open_direct(2 * PAGE, 1, 0, PAGE);
    assert_int_equal(start(adapter, mdl, 0, 10, FALSE), NO_ERROR);
    unsigned syncs = fake.syncs;
    host_on_posted_flush(flush_looks, NULL);
    assert_int_equal(complete_last(adapter, FALSE), NO_ERROR);
    assert_int_equal(syncs_at_flush, syncs + 1u);
    assert_int_equal(open_at_sync, 0); /* closed before */
    close_all();
}

static void quarantined(bool *hang)
{
    open_direct(2 * PAGE, 1, 0, 2 * PAGE);
    port_set_timeout(1000);
    assert_int_equal(start(adapter, mdl, 0, 2 * PAGE, FALSE), NO_ERROR);
    *hang = true;
    assert_int_equal(VideoPortCompleteDmaEx(extension, adapter, executes[0].list, FALSE, 0, VP_ERROR_IO_DEVICE), NO_ERROR);
    *hang = false;
    assert_true(information(adapter).Faulted);
    assert_int_equal(start(adapter, mdl, 0, 8, TRUE), VP_ERROR_IO_DEVICE); /* ERR-06 */
    VideoPortUnlockBuffer(extension, mdl); /* ERR-07: rundown still works */
    VideoPortPutDmaAdapter(extension, adapter);
    assert_int_equal(memory_use().quarantined, 2);
    assert_no_violation();
}

static void a_sync_that_does_not_end_takes_the_frames_away_for_ever(void **state)
{
    (void)state;
    quarantined(&fake.sync_hangs);
}

static void a_flush_that_does_not_end_takes_the_frames_away_for_ever(void **state)
{
    (void)state;
    quarantined(&fake.flush_hangs);
}

static void CPL_12_complete_ex_says_how_much_moved(void **state)
{
    (void)state;
    open_direct(2 * PAGE, 1, 0, 1000);
    assert_int_equal(start(adapter, mdl, 0, 1000, FALSE), NO_ERROR);
    assert_int_equal(VideoPortCompleteDmaEx(extension, adapter, executes[0].list, FALSE, 1001, NO_ERROR), ERROR_INVALID_PARAMETER);
    assert_violation(VIOL_FLUSH_TOO_LONG);
    host_trace_clear();
    assert_int_equal(VideoPortCompleteDmaEx(extension, adapter, executes[0].list, FALSE, 123, NO_ERROR), NO_ERROR);
    assert_int_equal(host_trace_at(0)->event, TRACE_COMPLETE);
    assert_int_equal(host_trace_at(0)->argument & 0xfffffu, 123);
    close_all();
}

static void CPL_03_the_registers_of_an_adapter_serve_who_waits_inside_complete(void **state)
{
    (void)state;
    open_direct(PAGE, 1, 0, PAGE);
    static ULONG waiting = 8;
    assert_int_equal(start(adapter, mdl, 0, 8, TRUE), NO_ERROR);
    assert_int_equal(VideoPortStartDma(extension, adapter, mdl, 8, &waiting, execute_recording, &waiting, TRUE), NO_ERROR);
    enum irql old = irql_raise(IRQL_DISPATCH);
    assert_int_equal(complete_last(adapter, TRUE), NO_ERROR);
    assert_int_equal(execute_count, 2); /* inside the call, not later */
    assert_int_equal(complete_last(adapter, TRUE), NO_ERROR);
    irql_lower(old);
    close_all();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        port_test(CPL_01_after_complete_the_cpu_sees_every_byte),
        port_test(CPL_02_a_list_is_spoilt_when_it_is_freed),
        port_test(CPL_04_a_busy_engine_refuses_complete),
        port_test(CPL_05_a_complete_that_is_wrong_changes_nothing),
        port_test(SGL_01_a_miniport_that_writes_into_the_list_is_found_out),
        port_test(CPL_11_after_complete_the_map_is_closed_in_both_directions),
        port_test(LCK_05_two_packets_on_one_page_keep_it_open_until_the_second_ends),
        port_test(ERR_05_a_refusal_is_kept_by_its_adapter),
        port_test(SUP_05_a_burst_of_an_idle_channel_is_stray),
        port_test(LCK_11_what_the_device_wrote_survives_a_page_out),
        port_test(UNL_03_unlock_in_flight_unpins_in_complete),
        port_test(UNL_03_unlock_with_a_queued_start_waits_for_it_too),
        port_test(SUP_01_close_then_sync_then_flush_then_free),
        port_test(a_sync_that_does_not_end_takes_the_frames_away_for_ever),
        port_test(a_flush_that_does_not_end_takes_the_frames_away_for_ever),
        port_test(CPL_12_complete_ex_says_how_much_moved),
        port_test(CPL_03_the_registers_of_an_adapter_serve_who_waits_inside_complete),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
