/* SPDX-License-Identifier: Apache-2.0 */
/* What holds for calls of the port whoever makes them: levels, order, what they leave behind. */
#include "opened.h"

#include "trace.h"

/* ---- Levels -------------------------------------------------------------------------------------------------------- */

static PHYSICAL_ADDRESS logical;
static PEVENT           event;
static PSPIN_LOCK       spin;

static BOOLEAN yes(PVOID context)
{
    (void)context;
    return TRUE;
}

static VOID nothing(PVOID ext, PVOID context)
{
    (void)ext;
    (void)context;
}

static void call_each(void)
{
    VP_DEVICE_DESCRIPTION plain = { TRUE, TRUE, FALSE, PAGE };
    VP_ADAPTER_INFORMATION found;
    ULONG length = 8;
    enum irql level = irql_current();
#define same(call) ((void)(call), assert_int_equal(irql_current(), level))
    PVP_DMA_ADAPTER got = VideoPortGetDmaAdapter(extension, &plain);
    if (got != NULL) same((VideoPortPutDmaAdapter(extension, got), 0));
    same(VpQueryAdapter(extension, adapter, &found));
    PVOID locked = lock_at(0, 8, VpReadAccess);
    same(0);
    if (locked != NULL) same((VideoPortUnlockBuffer(extension, locked), 0));
    executes_clear();
    same(VideoPortStartDma(extension, adapter, mdl, 0, &length, execute_recording, &length, TRUE));
    same(VpCancelQueuedDma(extension, adapter, &length));
    if (execute_count != 0u) same(complete_last(adapter, TRUE));
    PVOID common = VideoPortAllocateCommonBuffer(extension, adapter, 8, &logical, FALSE, NULL);
    same((VpSyncCommonBuffer(extension, adapter), 0));
    if (common != NULL) same((VideoPortReleaseCommonBuffer(extension, adapter, 8, logical, common, FALSE), 0));
    same(VideoPortQueueDpc(extension, nothing, NULL));
    same(VideoPortSynchronizeExecution(extension, VpLowPriority, yes, NULL));
    same(VideoPortSynchronizeExecution(extension, VpHighPriority, yes, NULL));
    same(VideoPortSetEvent(extension, event));
    same((VideoPortClearEvent(extension, event), 0));
    same(VideoPortWaitForSingleObject(extension, event, &(LARGE_INTEGER){ .QuadPart = 0 }));
    same((VideoPortStallExecution(1), 0));
#undef same
}

/* Allowed at its level or refused: a call returns where it began. */
static void IRQ_08_every_call_returns_at_the_level_it_came_with(void **state)
{
    (void)state;
    open_direct(PAGE, 0, 1, 0, PAGE);
    assert_int_equal(VideoPortCreateEvent(extension, 0, NULL, &event), NO_ERROR);
    assert_int_equal(VideoPortCreateSpinLock(extension, &spin), NO_ERROR);
    static const enum irql levels[] = { IRQL_PASSIVE, IRQL_DISPATCH, IRQL_DEVICE };
    for (unsigned i = 0; i < 3; i++) {
        enum irql old = irql_raise(levels[i]);
        call_each();
        irql_lower(old);
        violation_reset();
    }
    UCHAR before;
    VideoPortAcquireSpinLock(extension, spin, &before);
    assert_int_equal(irql_current(), IRQL_DISPATCH);
    VideoPortReleaseSpinLock(extension, spin, before);
    assert_int_equal(irql_current(), IRQL_PASSIVE);
    assert_int_equal(VideoPortDeleteSpinLock(extension, spin), NO_ERROR);
    assert_int_equal(VideoPortDeleteEvent(extension, event), NO_ERROR);
    close_all();
}

/* ---- Get in the middle of which a DPC runs --------------------------------------------------------------------------- */

static struct { unsigned dpcs; bool in_get, ran_in_get, moved; ULONG length; } amid;

static VOID amid_dpc(PVOID ext, PVOID context)
{
    (void)context;
    amid.dpcs++;
    amid.ran_in_get = amid.in_get;
    amid.length = 64;
    executes_clear();
    assert_int_equal(VideoPortStartDma(ext, adapter, mdl, 0, &amid.length, execute_recording, NULL, TRUE), NO_ERROR);
    assert_int_equal(complete_last(adapter, TRUE), NO_ERROR);
    amid.moved = true;
}

static BOOLEAN amid_interrupt(PVOID ext)
{
    host_irq_set(SOC_LINE_ENGINE, false);
    (void)VideoPortQueueDpc(ext, amid_dpc, NULL);
    return TRUE;
}

static void at_get(const struct host_record *record, void *context)
{
    (void)context;
    if (record->event != TRACE_GET) return;
    assert_int_equal(record->level, IRQL_DISPATCH); /* the list is changed where no DPC can look */
    host_irq_set(SOC_LINE_ENGINE, true);
    host_irq_poll();
    assert_int_equal(amid.dpcs, 0);
}

static void ADP_10_a_dpc_that_comes_during_get_finds_the_adapters_whole(void **state)
{
    (void)state;
    VP_DEVICE_ATTACHMENT attachment = { .Channels = FAKE_CHANNELS, .HwInterrupt = amid_interrupt, .InterruptLine = SOC_LINE_ENGINE };
    assert_int_equal(VpDetachDevice(extension), NO_ERROR);
    assert_int_equal(VpAttachDevice(extension, &attachment), NO_ERROR);
    open_direct(PAGE, 0, 1, 0, PAGE);
    memset(&amid, 0, sizeof amid);
    host_on_trace(at_get, NULL);
    amid.in_get = true;
    PVP_DMA_ADAPTER second = adapter_direct(PAGE);
    amid.in_get = false;
    host_on_trace(NULL, NULL);
    assert_non_null(second);
    assert_int_equal(amid.dpcs, 1);
    assert_true(amid.ran_in_get && amid.moved);
    VideoPortPutDmaAdapter(extension, second);
    close_all();
}

/* ---- Locks --------------------------------------------------------------------------------------------------------- */

static void LCK_06_the_same_buffer_gets_a_second_mdl_from_a_second_lock(void **state)
{
    (void)state;
    open_direct(2 * PAGE, 0, 2, 0, PAGE);
    PVOID second = lock_at(0, PAGE, VpReadAccess);
    assert_non_null(second);
    assert_ptr_not_equal(second, mdl);
    assert_int_equal(memory_mdl_frame(second, 0), memory_mdl_frame(mdl, 0));
    assert_int_equal(memory_client_page(client, buffer).pins, 2);
    VideoPortUnlockBuffer(extension, second);
    assert_int_equal(start(adapter, mdl, 0, 8, FALSE), NO_ERROR); /* the first is as it was */
    assert_int_equal(complete_last(adapter, FALSE), NO_ERROR);
    close_all();
}

/* ---- Execute ------------------------------------------------------------------------------------------------------- */

static uintptr_t paged_context;
static bool      bugcheck_seen;
static uint8_t   first_of_context;

static VOID execute_reading(PVOID ext, PVP_DMA_ADAPTER handle, PVP_SCATTER_GATHER_LIST list, PVOID context)
{
    execute_recording(ext, handle, list, context);
    bugcheck_seen = bugchecked((void)memory_client_read(client, paged_context, &first_of_context, 1));
}

static void STA_05_a_context_that_is_paged_out_is_a_bugcheck_in_execute(void **state)
{
    open_direct(PAGE, 0, 1, 0, PAGE);
    paged_context = buffer + 20 * PAGE;
    assert_int_equal(memory_client_write(client, paged_context, "\x77", 1), MEMORY_OK);
    assert_int_equal(start(adapter, mdl, 0, 8, TRUE), NO_ERROR);
    assert_int_equal(complete_last(adapter, TRUE), NO_ERROR);
    static ULONG length;
    for (unsigned out = 0; out < 2; out++) {
        length = 8;
        if (out != 0u) assert_true(memory_evict(client, paged_context));
        assert_int_equal(VideoPortStartDma(extension, adapter, mdl, 0, &length, execute_reading, NULL, TRUE), NO_ERROR);
        assert_int_equal(bugcheck_seen, out != 0u);
        if (out == 0u) assert_int_equal(complete_last(adapter, TRUE), NO_ERROR);
    }
    assert_int_equal(violation_last(0)->code, VIOL_PAGED_AT_DISPATCH);
    assert_int_equal(port_begin(state), 0); /* a machine that stopped is started anew */
}

static VOID execute_failing(PVOID ext, PVP_DMA_ADAPTER handle, PVP_SCATTER_GATHER_LIST list, PVOID context)
{
    execute_recording(ext, handle, list, context);
    VpExecuteResult(ext, handle, VP_ERROR_IO_DEVICE);
}

static void EXE_07_a_failed_execute_leaves_its_status_in_the_trace(void **state)
{
    (void)state;
    static ULONG length = 8;
    open_direct(PAGE, 0, 1, 0, PAGE);
    for (unsigned n = 0; n < 3; n++) {
        host_trace_clear();
        assert_int_equal(VideoPortStartDma(extension, adapter, mdl, 0, &length, execute_failing, NULL, TRUE), NO_ERROR);
        unsigned found = 0;
        uint32_t packet = 0;
        for (size_t i = 0; i < host_trace_count(); i++) {
            const struct host_record *record = host_trace_at(i);
            if (record->event == TRACE_EXECUTE) packet = record->argument >> 20 & 0xffu;
            if (record->event != TRACE_STATUS) continue;
            found++;
            assert_int_equal(record->argument & 0xfffffu, VP_ERROR_IO_DEVICE);
            assert_int_equal(record->argument >> 20 & 0xffu, packet);
        }
        assert_int_equal(found, 1);
        assert_int_equal(complete_last(adapter, TRUE), NO_ERROR);
    }
    close_all();
}

static struct { unsigned depth, deepest, left; ULONG lengths[8]; } nest;

/* Starts the next one and completes itself: both would call Execute, were it not on the stack. */
static VOID execute_busy(PVOID ext, PVP_DMA_ADAPTER handle, PVP_SCATTER_GATHER_LIST list, PVOID context)
{
    if (++nest.depth > nest.deepest) nest.deepest = nest.depth;
    execute_recording(ext, handle, list, context);
    if (nest.left != 0u) {
        ULONG *length = &nest.lengths[--nest.left];
        *length = 8;
        assert_int_equal(VideoPortStartDma(ext, handle, mdl, 0, length, execute_busy, NULL, TRUE), NO_ERROR);
    }
    assert_int_equal(VideoPortCompleteDma(ext, handle, list, TRUE), NO_ERROR);
    nest.depth--;
}

static void EXE_09_one_execute_is_active_on_an_adapter_at_any_depth(void **state)
{
    (void)state;
    for (ULONG depth = 1; depth <= VP_MAX_DEPTH; depth++) {
        static ULONG length;
        open_direct(PAGE, 0, depth, 0, PAGE);
        memset(&nest, 0, sizeof nest);
        nest.left = 8;
        length = 8;
        assert_int_equal(VideoPortStartDma(extension, adapter, mdl, 0, &length, execute_busy, NULL, TRUE), NO_ERROR);
        assert_int_equal(execute_count, 9);
        assert_int_equal(nest.deepest, 1);
        assert_int_equal(information(adapter).Executing, 0);
        close_all();
    }
}

/* What nobody hands back: a miniport keeps list, adapter and direction of each packet itself. */
static struct flight { PVP_DMA_ADAPTER handle; PVP_SCATTER_GATHER_LIST list; BOOLEAN to_device; ULONG length; } flights[2];

static VOID execute_flight(PVOID ext, PVP_DMA_ADAPTER handle, PVP_SCATTER_GATHER_LIST list, PVOID context)
{
    struct flight *flight = context;
    execute_recording(ext, handle, list, context);
    assert_ptr_equal(handle, flight->handle);
    flight->list = list;
}

static void EXE_10_two_adapters_in_flight_are_completed_with_what_each_was_given(void **state)
{
    (void)state;
    uint8_t got[100];
    open_direct(PAGE, 0, 1, 0, 200);
    client_fill(0, 200, 3);
    flights[0] = (struct flight){ .handle = adapter, .to_device = TRUE, .length = 100 };
    flights[1] = (struct flight){ .handle = adapter_direct(PAGE), .to_device = FALSE, .length = 100 };
    for (ULONG i = 0; i < 2; i++) {
        assert_int_equal(VideoPortStartDma(extension, flights[i].handle, mdl, i * 100u, &flights[i].length, execute_flight,
                                           &flights[i], flights[i].to_device), NO_ERROR);
    }
    assert_int_equal(device_run(0, flights[0].list, TRUE, 0), 100);
    assert_device_has(0, 100, 3, 0);
    fixture_fill(device_bytes, 100, 4);
    assert_int_equal(device_run(1, flights[1].list, FALSE, 0), 100);
    assert_int_equal(VideoPortCompleteDma(extension, flights[0].handle, flights[1].list, TRUE), ERROR_INVALID_PARAMETER);
    assert_violation(VIOL_ADAPTER);
    assert_int_equal(VideoPortCompleteDma(extension, flights[1].handle, flights[1].list, TRUE), ERROR_INVALID_PARAMETER);
    assert_violation(VIOL_DIRECTION);
    for (ULONG i = 2; i-- != 0u;) {
        assert_int_equal(VideoPortCompleteDma(extension, flights[i].handle, flights[i].list, flights[i].to_device), NO_ERROR);
    }
    client_read(100, got, 100);
    assert_memory_equal(got, device_bytes, 100);
    VideoPortPutDmaAdapter(extension, flights[1].handle);
    close_all();
}

static void CAN_02_cancel_leaves_what_executes_as_it_is(void **state)
{
    (void)state;
    uint8_t byte = 0;
    open_direct(2 * PAGE, 0, 2, 0, PAGE);
    assert_int_equal(start(adapter, mdl, 0, 100, FALSE), NO_ERROR);
    ULONG registers = information(adapter).RegistersFree;
    assert_false(VpCancelQueuedDma(extension, adapter, &start_length));
    assert_int_equal(information(adapter).Executing, 1);
    assert_int_equal(information(adapter).RegistersFree, registers);
    assert_int_equal(memory_mdl_in_flight(mdl), 1);
    assert_int_equal(memory_client_page(client, buffer).pins, 1);
    assert_true(fake_access(0, executes[0].first_address, true, &byte)); /* the device may go on */
    assert_int_equal(complete_last(adapter, FALSE), NO_ERROR);
    close_all();
}

/* ---- Complete, common buffers ---------------------------------------------------------------------------------------- */

static void CPL_06_a_valid_complete_is_zero_and_each_wrong_one_87_with_a_record(void **state)
{
    (void)state;
    open_direct(PAGE, 0, 1, 0, PAGE);
    PVP_DMA_ADAPTER second = adapter_direct(PAGE);
    assert_int_equal(start(adapter, mdl, 0, 8, TRUE), NO_ERROR);
    PVP_SCATTER_GATHER_LIST list = executes[0].list;
    const struct { PVP_DMA_ADAPTER of; PVP_SCATTER_GATHER_LIST list; BOOLEAN to_device; } wrong[] = {
        { adapter, NULL, TRUE }, { second, list, TRUE }, { adapter, list, FALSE },
    };
    for (unsigned i = 0; i < 3; i++) {
        violation_reset();
        assert_int_equal(VideoPortCompleteDma(extension, wrong[i].of, wrong[i].list, wrong[i].to_device), 87);
        assert_int_equal(violation_count(), 1);
    }
    violation_reset();
    assert_int_equal(VideoPortCompleteDma(extension, adapter, list, TRUE), 0);
    assert_int_equal(violation_count(), 0);
    assert_int_equal(VideoPortCompleteDma(extension, adapter, list, TRUE), 87);
    assert_violation(VIOL_DOUBLE_COMPLETE);
    VideoPortPutDmaAdapter(extension, second);
    close_all();
}

static void CMB_06_a_leak_is_reported_at_put_and_a_double_free_at_once(void **state)
{
    (void)state;
    open_direct(PAGE, 0, 1, 0, PAGE);
    PVOID cpu = VideoPortAllocateCommonBuffer(extension, adapter, 100, &logical, FALSE, NULL);
    VideoPortPutDmaAdapter(extension, adapter);
    assert_violation(VIOL_PUT_COMMON_BUFFER);
    VideoPortReleaseCommonBuffer(extension, adapter, 100, logical, cpu, FALSE); /* the adapter is still there */
    assert_no_violation();
    VideoPortReleaseCommonBuffer(extension, adapter, 100, logical, cpu, FALSE);
    assert_violation(VIOL_CB_MISMATCH);
    close_all();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        port_test(IRQ_08_every_call_returns_at_the_level_it_came_with),
        port_test(ADP_10_a_dpc_that_comes_during_get_finds_the_adapters_whole),
        port_test(LCK_06_the_same_buffer_gets_a_second_mdl_from_a_second_lock),
        port_test(STA_05_a_context_that_is_paged_out_is_a_bugcheck_in_execute),
        port_test(EXE_07_a_failed_execute_leaves_its_status_in_the_trace),
        port_test(EXE_09_one_execute_is_active_on_an_adapter_at_any_depth),
        port_test(EXE_10_two_adapters_in_flight_are_completed_with_what_each_was_given),
        port_test(CAN_02_cancel_leaves_what_executes_as_it_is),
        port_test(CPL_06_a_valid_complete_is_zero_and_each_wrong_one_87_with_a_record),
        port_test(CMB_06_a_leak_is_reported_at_put_and_a_double_free_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
