/* SPDX-License-Identifier: Apache-2.0 */
/* Execute of the miniport and what follows a doorbell: costs, order, errors. Interrupts and DPCs: test_miniport_irq.c. */
#include "miniport_fixture.h"

/* The engine stands still all the while: whoever waited for it would wait for ever. */
static void EXE_01_execute_programs_the_engine_and_returns_without_waiting(void **state)
{
    (void)state;
    static struct miniport_request request;
    fake_slow(true);
    client_fill(0, 8 * PAGE, 1);
    for (uint32_t pages = 1; pages <= 7; pages += 3) {
        request = request_of(0, pages * PAGE, 0, MINIPORT_TO_FRAME_BUFFER);
        struct host_accesses before = host_accesses();
        unsigned doorbells = fake.doorbells;
        submit(&request);
        struct host_accesses after = host_accesses();
        assert_int_equal(fake.doorbells, doorbells + 1u);
        assert_int_equal(request.elements, pages);
        assert_int_equal(told_count, 0);
        assert_true(after.reads - before.reads <= 2u);       /* it asks the engine nothing again and again */
        assert_true(after.writes - before.writes <= pages + 1u); /* a frame in the guard each, and the doorbell */
        run_to_the_end(&request);
        told_count = 0;
    }
}

/* Every page that is not locked is away, from submit to the notification: a touch of one at DISPATCH would be a bugcheck. */
static void EXE_02_nothing_on_the_way_from_execute_to_the_client_is_paged(void **state)
{
    (void)state;
    static struct miniport_request request;
    fake_slow(true);
    client_fill(0, CLIENT_PAGES * PAGE, 2);
    memory_steal_set(MEMORY_STEAL_AGGRESSIVE);
    request = request_of(PAGE / 2, 12 * PAGE, 0, MINIPORT_TO_FRAME_BUFFER);
    submit(&request);
    (void)memory_steal();
    struct memory_pager_counts before = memory_pager_counts();
    run_to_the_end(&request);
    assert_int_equal(memory_pager_counts().faults, before.faults);
    assert_int_equal(memory_pager_counts().page_ins, before.page_ins);
    assert_int_equal(request.moved_bytes, 12 * PAGE);
    assert_no_violation();
}

/* A ring in cached memory: what the engine fetches at the doorbell is what publish has brought there before. */
static void EXE_05_descriptors_are_in_memory_when_the_doorbell_rings(void **state)
{
    (void)state;
    static struct dray_channel channel;
    uint32_t bus = memory_common_take(PAGE, UINT32_MAX);
    struct dray_ring ring = { .slots = cache_cpu(bus), .bus = bus, .slot_count = 8 };
    memset(fake.guard[1], 3, sizeof fake.guard[1]);
    fixture_fill(host_memory(SOC_BUS_DEVICE, 64), 64, 4);
    assert_int_equal(dray_channel_open(&channel, &miniport.engine, 1, &ring), DRAY_OK);
    for (uint32_t i = 0; i < 20u; i++) {
        struct dray_job job = { .source = SOC_BUS_DEVICE + i, .destination = SOC_BUS_DEVICE + 1000u + i, .length_bytes = 1 };
        unsigned doorbells = fake.doorbells;
        assert_int_equal(dray_submit(&channel, &job, 1), DRAY_OK);
        assert_int_equal(fake.doorbells, doorbells + 1u);
        assert_int_equal(dray_consumed(&channel), 1);
        dray_retire_slots(&channel, 1);
    }
    assert_int_equal(dray_state(&channel), DRAY_RUNNING);
    assert_memory_equal(host_memory(SOC_BUS_DEVICE + 1000u, 20), host_memory(SOC_BUS_DEVICE, 20), 20);
    assert_int_equal(dray_channel_close(&channel, 10), DRAY_OK);
    memset(fake.guard[1], 0, sizeof fake.guard[1]);
    assert_true(memory_common_give(bus, PAGE));
}

/* Nothing is left out of an empty ring: NEXT would stand behind the producer, and 65535 descriptors before it. */
static void HW_06_a_skip_with_nothing_left_is_refused_and_the_channel_runs_on(void **state)
{
    (void)state;
    static struct miniport_request request;
    assert_int_equal(dray_stop(&miniport.copy, 10), DRAY_OK);
    assert_int_equal(dray_skip(&miniport.copy), DRAY_ERR_STATE);
    assert_int_equal(dray_free_slots(&miniport.copy), miniport.copy.ring.slot_count);
    assert_int_equal(dray_resume(&miniport.copy), DRAY_OK);
    client_fill(0, 3 * PAGE, 7);
    request = request_of(0, 3 * PAGE, 0, MINIPORT_TO_FRAME_BUFFER);
    submit(&request);
    run_to_the_end(&request);
    assert_frame_is(0, 3 * PAGE, 7);
}

static void CMB_08_a_slot_that_was_not_written_is_never_executed(void **state)
{
    (void)state;
    unsigned moved = fake.bytes_moved;
    struct dray_failure failure;
    miniport.copy.staged++; /* the producer moves, and no descriptor stands there: its generation says so */
    dray_ring(&miniport.copy);
    assert_int_equal(fake.bytes_moved, moved);
    assert_int_equal(dray_failure(&miniport.copy, &failure), DRAY_OK);
    assert_string_equal(dray_status_name(failure.status), dray_status_name(DRAY_ERR_GENERATION));
}

/* ---- Requests ------------------------------------------------------------------------------------------------------ */

static void PRT_02_the_buffer_stays_locked_and_the_client_untold_until_the_last_complete(void **state)
{
    (void)state;
    static struct miniport_request request;
    fake_slow(true);
    request = request_of(100, 20 * PAGE, 0, MINIPORT_TO_FRAME_BUFFER);
    submit(&request);
    for (unsigned i = 0; i < 40u && (uintptr_t)request.context == 0u; i++) {
        assert_int_equal(memory_use().pins, 21);
        assert_true(memory_mdl_in_flight(request.mdl) != 0u);
        fake_run(1);
    }
    unsigned completes = 0, unlocks = 0, notifies = 0;
    for (size_t i = 0; i < host_trace_count(); i++) {
        enum trace_event event = host_trace_at(i)->event;
        completes += event == TRACE_COMPLETE_RETURN || event == TRACE_COMPLETE;
        if (event == TRACE_UNLOCK) assert_int_equal(unlocks++, 0);
        if (event == TRACE_NOTIFY) assert_int_equal(notifies++, 0);
        if (event == TRACE_COMPLETE) assert_int_equal(unlocks + notifies, 0);
    }
    assert_int_equal(unlocks, 1);
    assert_int_equal(notifies, 1);
    assert_int_equal(completes, 2u * 3u);
}

/* An engine that ends without a byte is not tried for ever: the request fails, with what was moved before. */
static void PRT_03_a_packet_that_moves_nothing_fails_the_request(void **state)
{
    (void)state;
    static struct miniport_request request;
    fake_slow(true);
    for (unsigned at = 0; at < 12u; at += 5u) {
        request = request_of(0, 12 * PAGE, 0, MINIPORT_TO_FRAME_BUFFER);
        told_count = 0;
        fake_fail((int)at, DRAY_CAUSE_READ_SLVERR, 0);
        submit(&request);
        run_to_the_end(&request);
        assert_int_equal(request.status, MINIPORT_ERR_DEVICE);
        assert_int_equal(request.moved_bytes, at * PAGE);
        assert_int_equal(told_count, 1);
    }
}

/* Software knows that nothing runs when, and only when, the engine says so: the next request starts at once. */
static void CAN_05_after_a_stop_the_engine_and_the_driver_agree_that_nothing_runs(void **state)
{
    (void)state;
    static struct miniport_request request, next;
    fake_slow(true);
    for (unsigned pages = 1; pages < 6u; pages++) {
        request = request_of(0, 8 * PAGE, 0, MINIPORT_TO_FRAME_BUFFER);
        submit(&request);
        for (unsigned i = 0; i < pages; i++) fake_run(1);
        assert_int_equal(miniport_cancel(&miniport, &request), MINIPORT_OK);
        assert_int_equal((uintptr_t)request.context, 1);
        assert_int_equal(miniport.count, 0);
        assert_int_equal(fake.channels[0].consumer, fake.channels[0].producer);
        client_fill(0, 2 * PAGE, pages);
        next = request_of(0, 2 * PAGE, 0, MINIPORT_TO_FRAME_BUFFER);
        submit(&next);
        run_to_the_end(&next);
        assert_int_equal(next.status, MINIPORT_OK);
        assert_frame_is(0, 2 * PAGE, pages);
    }
}

static void ERR_02_what_an_error_leaves_undefined_lies_inside_the_request(void **state)
{
    (void)state;
    static struct miniport_request request;
    static uint8_t got[6u * 4096u];
    fake_slow(true);
    fixture_fill(host_memory(SOC_BUS_DEVICE, 4 * PAGE), 4 * PAGE, 8);
    for (uint32_t at = 0; at < 4u; at++) {
        client_fill(0, 6 * PAGE, 5);
        request = request_of(PAGE + 3u, 4 * PAGE, 0, MINIPORT_FROM_FRAME_BUFFER);
        fake_fail((int)at, DRAY_CAUSE_WRITE_SLVERR, 17);
        submit(&request);
        run_to_the_end(&request);
        assert_int_equal(request.status, MINIPORT_ERR_DEVICE);
        assert_int_equal(memory_client_read(client, buffer, got, 6 * PAGE), MEMORY_OK);
        for (uint32_t i = 0; i < request.moved_bytes; i++) assert_int_equal(got[PAGE + 3u + i], fixture_byte(8, i));
        for (uint32_t i = 0; i < PAGE + 3u; i++) assert_int_equal(got[i], fixture_byte(5, i));
        for (uint32_t i = 5 * PAGE + 3u; i < 6 * PAGE; i++) assert_int_equal(got[i], fixture_byte(5, i));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        miniport_test(EXE_01_execute_programs_the_engine_and_returns_without_waiting),
        miniport_test(EXE_02_nothing_on_the_way_from_execute_to_the_client_is_paged),
        miniport_test(EXE_05_descriptors_are_in_memory_when_the_doorbell_rings),
        miniport_test(HW_06_a_skip_with_nothing_left_is_refused_and_the_channel_runs_on),
        miniport_test(CMB_08_a_slot_that_was_not_written_is_never_executed),
        miniport_test(PRT_02_the_buffer_stays_locked_and_the_client_untold_until_the_last_complete),
        miniport_test(PRT_03_a_packet_that_moves_nothing_fails_the_request),
        miniport_test(CAN_05_after_a_stop_the_engine_and_the_driver_agree_that_nothing_runs),
        miniport_test(ERR_02_what_an_error_leaves_undefined_lies_inside_the_request),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
