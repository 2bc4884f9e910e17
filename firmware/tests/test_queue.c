/* SPDX-License-Identifier: Apache-2.0 */
/* VideoPortStartDma: its length variable, what happens before it returns, and the queue. */
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

/* ---- The length variable and everything that happens before Start returns ---------------------------------------- */

/* A request as a miniport has it, completed by a DPC that is queued at once: oracle, section 4. */
static struct {
    ULONG    length, total, done, seen[64];
    unsigned packets, depth, deepest;
    bool     in_execute; /* complete there, instead of in a DPC */
    PVP_SCATTER_GATHER_LIST list;
} request;

static VOID request_dpc(PVOID ext, PVOID context);

static VOID request_execute(PVOID ext, PVP_DMA_ADAPTER handle, PVP_SCATTER_GATHER_LIST list, PVOID context)
{
    (void)context;
    if (++request.depth > request.deepest) request.deepest = request.depth;
    assert_int_equal(list_bytes(list), request.length); /* STA-14: final here */
    request.list = list;
    request.seen[request.packets++] = request.length;
    if (request.in_execute) request_dpc(ext, handle);
    else assert_true(VideoPortQueueDpc(ext, request_dpc, handle));
    request.depth--;
}

static VP_STATUS request_start(void)
{
    request.length = request.total - request.done;
    return VideoPortStartDma(extension, adapter, mdl, request.done, &request.length, request_execute, NULL, TRUE);
}

static VOID request_dpc(PVOID ext, PVOID context)
{
    request.done += request.length;
    assert_int_equal(VideoPortCompleteDma(ext, context, request.list, TRUE), NO_ERROR);
    if (request.done < request.total) assert_int_equal(request_start(), NO_ERROR);
}

static void STA_15_length_is_written_once_before_the_callback(void **state)
{
    (void)state;
    open_with(4096, 0, 1, 0, 10000);
    memset(&request, 0, sizeof request);
    request.total = 10000;
    assert_int_equal(request_start(), NO_ERROR); /* PASSIVE: the DPCs run inside this call (IRQ-04, CPL-09) */
    assert_int_equal(request.done, 10000);
    assert_int_equal(request.packets, 3);
    assert_int_equal(request.seen[0], 4096);
    assert_int_equal(request.seen[1], 4096);
    assert_int_equal(request.seen[2], 1808);
    close_all();
}

static void STA_16_the_caller_sees_the_last_packets_length_not_his_own(void **state)
{
    (void)state;
    open_with(4096, 0, 1, 0, 10000);
    memset(&request, 0, sizeof request);
    request.total = 10000;
    assert_int_equal(request_start(), NO_ERROR);
    assert_int_equal(request.length, 1808); /* the oracle's number */
    close_all();
}

static void CPL_08_complete_is_legal_inside_execute(void **state)
{
    (void)state;
    open_with(PAGE, 0, 1, 0, 100);
    memset(&request, 0, sizeof request);
    request.total = 100;
    request.in_execute = true;
    assert_int_equal(request_start(), NO_ERROR);
    assert_int_equal(request.done, 100);
    assert_int_equal(information(adapter).Executing, 0);
    assert_int_equal(memory_mdl_in_flight(mdl), 0);
    close_all();
}

static void CPL_10_fifty_packets_completed_inside_execute_are_one_deep(void **state)
{
    (void)state;
    open_with(100, 0, 1, 0, 5000);
    memset(&request, 0, sizeof request);
    request.total = 5000;
    request.in_execute = true;
    assert_int_equal(request_start(), NO_ERROR);
    assert_int_equal(request.packets, 50);
    assert_int_equal(request.done, 5000);
    assert_int_equal(request.deepest, 1); /* EXE-09 */
    close_all();
}

static void STA_17_the_length_variable_of_a_queued_start_is_written_when_it_is_executed(void **state)
{
    (void)state;
    static struct { ULONG before, length, after; } canary;
    canary.before = canary.after = 0xfeedbeefu;
    canary.length = 3 * PAGE;
    open_with(2 * PAGE, 0, 1, 0, 8 * PAGE);
    assert_int_equal(start(adapter, mdl, 0, PAGE, TRUE), NO_ERROR);
    assert_int_equal(VideoPortStartDma(extension, adapter, mdl, 0, &canary.length, execute_recording, &canary, TRUE), NO_ERROR);
    assert_int_equal(execute_count, 1);
    assert_int_equal(canary.length, 3 * PAGE); /* still what was asked for */
    assert_int_equal(complete_last(adapter, TRUE), NO_ERROR);
    assert_int_equal(execute_count, 2);
    assert_int_equal(canary.length, 2 * PAGE);
    assert_int_equal(canary.before, canary.after);
    assert_ptr_equal(executes[1].context, &canary);
    assert_int_equal(complete_last(adapter, TRUE), NO_ERROR);
    close_all();
}

/* ---- Queue --------------------------------------------------------------------------------------------------------- */

static ULONG lengths[16];

static VP_STATUS queue_start(unsigned n, ULONG offset, ULONG length)
{
    lengths[n] = length;
    return VideoPortStartDma(extension, adapter, mdl, offset, &lengths[n], execute_recording, &lengths[n], TRUE);
}

static void complete_nth(unsigned n)
{
    assert_int_equal(VideoPortCompleteDma(extension, adapter, executes[n].list, TRUE), NO_ERROR);
}

static void STA_20_starts_that_must_wait_are_executed_in_order(void **state)
{
    (void)state;
    open_with(4 * PAGE, 4, 4, 0, 12 * PAGE);
    for (unsigned n = 0; n < 3; n++) assert_int_equal(queue_start(n, n * 4 * PAGE, 4 * PAGE), NO_ERROR);
    for (unsigned n = 0; n < 3; n++) {
        assert_int_equal(execute_count, n + 1u); /* the next only after this one's Complete */
        assert_ptr_equal(executes[n].context, &lengths[n]);
        complete_nth(n);
    }
    assert_int_equal(execute_count, 3);
    close_all();
}

static void STA_21_the_depth_says_how_many_execute_at_a_time(void **state)
{
    (void)state;
    for (ULONG depth = 1; depth <= VP_MAX_DEPTH; depth++) {
        open_with(PAGE, 0, depth, 0, 8 * PAGE);
        for (unsigned n = 0; n < 6; n++) assert_int_equal(queue_start(n, n * PAGE, 64), NO_ERROR);
        assert_int_equal(execute_count, depth);
        assert_int_equal(information(adapter).Queued, 6u - depth);
        for (unsigned n = 0; n < 6; n++) complete_nth(n);
        assert_int_equal(execute_count, 6);
        close_all();
    }
}

static void PRT_04_with_depth_one_a_start_before_complete_waits(void **state)
{
    (void)state;
    open_with(PAGE, 0, 1, 0, PAGE);
    assert_int_equal(queue_start(0, 0, 8), NO_ERROR);
    assert_int_equal(queue_start(1, 8, 8), NO_ERROR);
    assert_int_equal(execute_count, 1);
    complete_nth(0);
    assert_int_equal(execute_count, 2);
    complete_nth(1);
    close_all();
}

static void STA_22_a_full_queue_refuses_without_effect(void **state)
{
    (void)state;
    open_with(PAGE, 0, 1, 0, PAGE);
    for (unsigned n = 0; n < VP_MAX_STARTS; n++) assert_int_equal(queue_start(n, 0, 8), NO_ERROR);
    assert_int_equal(queue_start(15, 0, 8), ERROR_NOT_ENOUGH_MEMORY);
    assert_int_equal(lengths[15], 0);
    assert_int_equal(memory_mdl_in_flight(mdl), VP_MAX_STARTS);
    for (unsigned n = 0; n < VP_MAX_STARTS; n++) complete_nth(n);
    assert_int_equal(execute_count, VP_MAX_STARTS);
    close_all();
}

static void STA_23_a_small_start_does_not_overtake_a_large_one(void **state)
{
    (void)state;
    open_with(8 * PAGE, 8, 4, 0, 12 * PAGE);
    assert_int_equal(queue_start(0, 0, 2 * PAGE), NO_ERROR);
    assert_int_equal(queue_start(1, 0, 8 * PAGE), NO_ERROR); /* needs all: waits */
    assert_int_equal(queue_start(2, 0, 8), NO_ERROR);        /* would fit: waits behind it */
    assert_int_equal(execute_count, 1);
    complete_nth(0);
    assert_int_equal(execute_count, 2);
    assert_ptr_equal(executes[1].context, &lengths[1]);
    complete_nth(1);
    assert_ptr_equal(executes[2].context, &lengths[2]);
    complete_nth(2);
    close_all();
}

static unsigned other_count;
static VOID other_execute(PVOID ext, PVP_DMA_ADAPTER handle, PVP_SCATTER_GATHER_LIST list, PVOID context)
{
    other_count++;
    execute_recording(ext, handle, list, context);
}

static void STA_24_each_start_has_its_own_routine(void **state)
{
    (void)state;
    open_with(PAGE, 0, 1, 0, PAGE);
    other_count = 0;
    assert_int_equal(queue_start(0, 0, 8), NO_ERROR);
    lengths[1] = 8;
    assert_int_equal(VideoPortStartDma(extension, adapter, mdl, 0, &lengths[1], other_execute, &lengths[1], TRUE), NO_ERROR);
    assert_int_equal(queue_start(2, 0, 8), NO_ERROR);
    for (unsigned n = 0; n < 3; n++) complete_nth(n);
    assert_int_equal(other_count, 1);
    assert_ptr_equal(executes[1].context, &lengths[1]);
    close_all();
}

static PVP_DMA_ADAPTER second;
static unsigned nest, nest_most;

static VOID nested_execute(PVOID ext, PVP_DMA_ADAPTER handle, PVP_SCATTER_GATHER_LIST list, PVOID context)
{
    if (++nest > nest_most) nest_most = nest;
    execute_recording(ext, handle, list, context);
    if (execute_count == 1u) {
        static ULONG same = 8, elsewhere = 8;
        assert_int_equal(VideoPortStartDma(ext, handle, mdl, 0, &same, nested_execute, &same, TRUE), NO_ERROR);
        assert_int_equal(execute_count, 1); /* its own adapter: queued */
        assert_int_equal(VideoPortStartDma(ext, second, mdl, 0, &elsewhere, execute_recording, &elsewhere, TRUE), NO_ERROR);
        assert_int_equal(execute_count, 2); /* another one: at once */
    }
    nest--;
}

static void STA_25_start_inside_execute_is_queued_on_its_own_adapter_only(void **state)
{
    (void)state;
    open_with(PAGE, 0, 2, 0, PAGE);
    second = adapter_direct(PAGE);
    nest = nest_most = 0;
    lengths[0] = 8;
    assert_int_equal(VideoPortStartDma(extension, adapter, mdl, 0, &lengths[0], nested_execute, &lengths[0], TRUE), NO_ERROR);
    assert_int_equal(execute_count, 3);
    assert_int_equal(nest_most, 1);
    complete_nth(0);
    complete_nth(2);
    assert_int_equal(VideoPortCompleteDma(extension, second, executes[1].list, TRUE), NO_ERROR);
    VideoPortPutDmaAdapter(extension, second);
    close_all();
}

static void STA_26_a_start_is_executed_or_cancelled_and_never_both(void **state)
{
    (void)state;
    open_with(PAGE, 0, 1, 0, PAGE);
    for (unsigned n = 0; n < 4; n++) assert_int_equal(queue_start(n, 0, 8), NO_ERROR);
    assert_false(VpCancelQueuedDma(extension, adapter, &lengths[0])); /* executing */
    assert_true(VpCancelQueuedDma(extension, adapter, &lengths[2]));
    assert_false(VpCancelQueuedDma(extension, adapter, &lengths[2]));
    complete_nth(0);
    complete_nth(1);
    complete_nth(2);
    assert_int_equal(execute_count, 3);
    assert_ptr_equal(executes[2].context, &lengths[3]);
    assert_false(VpCancelQueuedDma(extension, adapter, &lengths[3]));
    assert_int_equal(memory_mdl_in_flight(mdl), 0);
    close_all();
}

static bool cancelled_in_execute;

static VOID execute_cancelling(PVOID ext, PVP_DMA_ADAPTER handle, PVP_SCATTER_GATHER_LIST list, PVOID context)
{
    execute_recording(ext, handle, list, context);
    cancelled_in_execute = VpCancelQueuedDma(ext, handle, context) != FALSE;
}

static void CAN_01_only_a_start_that_waits_can_be_taken_back(void **state)
{
    (void)state;
    open_with(PAGE, 0, 1, 0, PAGE);
    static ULONG length = 8, waiting = 8;
    ULONG free = information(adapter).RegistersFree;
    assert_false(VpCancelQueuedDma(extension, adapter, &length)); /* not known */
    cancelled_in_execute = true;
    assert_int_equal(VideoPortStartDma(extension, adapter, mdl, 0, &length, execute_cancelling, &length, TRUE), NO_ERROR);
    assert_false(cancelled_in_execute);                           /* executing */
    assert_false(VpCancelQueuedDma(extension, adapter, &length)); /* in flight */
    assert_int_equal(VideoPortStartDma(extension, adapter, mdl, 0, &waiting, execute_recording, &waiting, TRUE), NO_ERROR);
    assert_int_equal(memory_mdl_in_flight(mdl), 2);
    enum irql old = irql_raise(IRQL_DISPATCH);
    assert_true(VpCancelQueuedDma(extension, adapter, &waiting)); /* waiting */
    irql_lower(old);
    assert_int_equal(waiting, 8); /* no Execute, so nobody wrote it */
    assert_int_equal(memory_mdl_in_flight(mdl), 1);
    assert_int_equal(information(adapter).Queued, 0);
    assert_int_equal(information(adapter).RegistersFree, free - 1u);
    assert_int_equal(complete_last(adapter, TRUE), NO_ERROR);
    assert_int_equal(execute_count, 1);
    assert_false(VpCancelQueuedDma(extension, adapter, &length)); /* completed */
    assert_int_equal(information(adapter).RegistersFree, free);
    close_all();
}

static void SGL_07_twenty_thousand_starts_leave_nothing_behind(void **state)
{
    (void)state;
    open_with(4 * PAGE, 0, 2, 11, 6 * PAGE);
    for (uint32_t i = 0; i < 20000; i++) {
        executes_clear();
        assert_int_equal(start(adapter, mdl, i % (2 * PAGE), 1u + i % (3 * PAGE), TRUE), NO_ERROR);
        assert_int_equal(complete_last(adapter, TRUE), NO_ERROR);
    }
    assert_int_equal(information(adapter).RegistersFree, information(adapter).Registers);
    close_all();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        port_test(STA_15_length_is_written_once_before_the_callback),
        port_test(STA_16_the_caller_sees_the_last_packets_length_not_his_own),
        port_test(CPL_08_complete_is_legal_inside_execute),
        port_test(CPL_10_fifty_packets_completed_inside_execute_are_one_deep),
        port_test(STA_17_the_length_variable_of_a_queued_start_is_written_when_it_is_executed),
        port_test(STA_20_starts_that_must_wait_are_executed_in_order),
        port_test(STA_21_the_depth_says_how_many_execute_at_a_time),
        port_test(PRT_04_with_depth_one_a_start_before_complete_waits),
        port_test(STA_22_a_full_queue_refuses_without_effect),
        port_test(STA_23_a_small_start_does_not_overtake_a_large_one),
        port_test(STA_24_each_start_has_its_own_routine),
        port_test(STA_25_start_inside_execute_is_queued_on_its_own_adapter_only),
        port_test(STA_26_a_start_is_executed_or_cancelled_and_never_both),
        port_test(CAN_01_only_a_start_that_waits_can_be_taken_back),
        port_test(SGL_07_twenty_thousand_starts_leave_nothing_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
