/* SPDX-License-Identifier: Apache-2.0 */
/* Deadlines, lost interrupts, hanging engines, cancelling: each ends in a status and a true count, told once. */
#include "miniport_fixture.h"

#include "irq.h"
#include "video_client.h"

#define DEADLINE_US 1000u
#define LENGTH      (12u * PAGE)

static struct miniport_request request, other;

static const struct miniport_config watched = { .packet_bytes_max = 4 * PAGE, .deadline_us = DEADLINE_US };

static int begin_with(const struct miniport_config *config)
{
    int failed = miniport_begin_with(config);
    memset(host_memory(SOC_BUS_DEVICE, FRAME_BYTES), 0x11, FRAME_BYTES);
    client_fill(0, CLIENT_PAGES * PAGE, 3);
    fake_slow(true);
    return failed;
}

static int begin(void **state)
{
    (void)state;
    return begin_with(&watched);
}

static int begin_deep(void **state)
{
    (void)state;
    struct miniport_config config = watched;
    config.depth = 3;
    return begin_with(&config);
}

static int begin_restarting(void **state)
{
    (void)state;
    struct miniport_config config = watched;
    config.deadline_restarts = true;
    return begin_with(&config);
}

static int begin_long(void **state)
{
    (void)state;
    struct miniport_config config = watched;
    config.deadline_us_per_kib = 500;
    return begin_with(&config);
}

static int begin_unwatched(void **state)
{
    (void)state;
    return begin_with(&(struct miniport_config){ .packet_bytes_max = 4 * PAGE });
}

#define stop_test(name) cmocka_unit_test_setup_teardown(name, begin, miniport_end)

static void submit(struct miniport_request *wanted, uint32_t length)
{
    *wanted = request_of(0, length, 0, MINIPORT_TO_FRAME_BUFFER);
    assert_int_equal(miniport_submit(&miniport, wanted), MINIPORT_OK);
}

static void time_goes_by(uint32_t us)
{
    host_clock_advance(clock_cycles_of_us(us));
    (void)host_irq_poll();
}

static bool was_told(const struct miniport_request *wanted)
{
    assert_true((uintptr_t)wanted->context <= 1u);
    return (uintptr_t)wanted->context == 1u;
}

/* Bytes moved are there, the others are as they were; and nothing is held any more. */
static void assert_ended(const struct miniport_request *ended, enum miniport_status status, uint32_t moved)
{
    assert_true(was_told(ended));
    assert_string_equal(miniport_status_name(ended->status), miniport_status_name(status));
    assert_int_equal(ended->moved_bytes, moved);
    assert_frame_is(0, moved, 3);
    for (uint32_t i = moved; i < LENGTH; i++) assert_int_equal(*host_memory(SOC_BUS_DEVICE + i, 1), 0x11);
    if (miniport.head == NULL) assert_int_equal(memory_use().pins, 0);
}

/* CAN-05: the engine works as ever. */
static void assert_works(void)
{
    submit(&other, 3 * PAGE);
    for (unsigned i = 0; i < 20u && !was_told(&other); i++) fake_run(1);
    assert_true(was_told(&other));
    assert_int_equal(other.status, MINIPORT_OK);
    assert_int_equal(other.moved_bytes, 3 * PAGE);
    assert_frame_is(0, 3 * PAGE, 3);
}

/* ---- Deadlines ------------------------------------------------------------------------------------------------------ */

static void TMO_01_a_deadline_is_fixed_and_by_the_kib(void **state)
{
    (void)state;
    fake.hangs = true;
    submit(&request, 1);
    time_goes_by(DEADLINE_US + 499u);
    assert_int_equal(miniport.counts.timeouts, 0); /* one KiB begun is one KiB */
    time_goes_by(2);
    assert_int_equal(miniport.counts.timeouts, 1);
    assert_int_equal(miniport_cancel(&miniport, &request), MINIPORT_OK);
    submit(&request, 4 * PAGE);
    time_goes_by(DEADLINE_US + 500u * (4u * PAGE / 1024u) - 1u);
    assert_int_equal(miniport.counts.timeouts, 1);
    time_goes_by(2);
    assert_int_equal(miniport.counts.timeouts, 2);
    assert_int_equal(miniport_cancel(&miniport, &request), MINIPORT_OK);
}

static void TMO_01_no_deadline_is_for_ever(void **state)
{
    (void)state;
    fake.hangs = true;
    submit(&request, LENGTH);
    time_goes_by(100u * DEADLINE_US);
    assert_int_equal(miniport.counts.timeouts, 0);
    assert_false(was_told(&request));
    fake.hangs = false;
    while (!was_told(&request)) fake_run(1);
    assert_ended(&request, MINIPORT_OK, LENGTH);
}

static void TMO_02_an_engine_that_is_done_at_the_doorbell_leaves_no_timer(void **state)
{
    (void)state;
    fake_slow(false);
    submit(&request, LENGTH);
    assert_ended(&request, MINIPORT_OK, LENGTH);
    uint32_t dpcs = miniport.counts.dpcs;
    time_goes_by(10u * DEADLINE_US);
    assert_int_equal(miniport.counts.dpcs, dpcs);
}

static void TMO_03_a_deadline_that_passes_as_the_packet_ends_does_nothing(void **state)
{
    (void)state;
    submit(&request, 4 * PAGE); /* one packet */
    enum irql old = irql_raise(IRQL_DISPATCH);
    time_goes_by(2u * DEADLINE_US); /* the clock has said so; the DPC waits */
    while (fake_run(1) != 0u) { }   /* and now it is done */
    irql_lower(old);
    assert_ended(&request, MINIPORT_OK, 4 * PAGE);
    assert_int_equal(miniport.counts.timeouts, 0);
    assert_int_equal(miniport.counts.stops, 0);
    assert_int_equal(miniport.counts.recovered, 0); /* the interrupt came */
    assert_works();
}

static void TMO_04_a_hang_after_any_descriptor_is_counted_and_tried_again(void **state)
{
    (void)state;
    for (unsigned done = 0; done < LENGTH / PAGE; done++) {
        for (unsigned bytes = 0; bytes < 40u; bytes += 39u) { /* cut short in the middle, or not begun */
            memset(host_memory(SOC_BUS_DEVICE, LENGTH), 0x11, LENGTH);
            uint32_t timeouts = miniport.counts.timeouts;
            fake.abort_moved = bytes;
            submit(&request, LENGTH);
            for (unsigned i = 0; i < done; i++) fake_run(1);
            fake.hangs = true;
            uint32_t packets = request.packets;
            time_goes_by(DEADLINE_US + 1u);
            assert_int_equal(miniport.counts.timeouts, timeouts + 1u);
            assert_int_equal(request.packets, packets + 1u); /* STA-27: from where it stood */
            assert_int_equal(miniport.started, request.moved_bytes + miniport.packets[miniport.first].length);
            assert_int_equal(request.moved_bytes, done * PAGE + bytes);
            assert_frame_is(0, request.moved_bytes, 3);
            fake.hangs = false;
            while (!was_told(&request)) assert_true(fake_run(1) != 0u);
            assert_ended(&request, MINIPORT_OK, LENGTH);
        }
    }
    assert_no_violation();
}

static void TMO_05_a_packet_is_tried_again_twice_and_then_its_request_fails(void **state)
{
    (void)state;
    submit(&request, LENGTH);
    for (unsigned i = 0; i < 6u; i++) fake_run(1); /* in the second packet; frames are scattered, so a page is a descriptor */
    fake.hangs = true;
    for (unsigned i = 0; i < 3u; i++) {
        assert_false(was_told(&request));
        fake.abort_moved = 10;
        time_goes_by(DEADLINE_US + 1u);
    }
    assert_int_equal(miniport.counts.retries, 2);
    assert_int_equal(miniport.counts.timeouts, 3);
    assert_ended(&request, MINIPORT_ERR_TIMEOUT, 6 * PAGE + 30u); /* three times ten bytes */
    fake.hangs = false;
    fake.abort_moved = 0;
    assert_works();
    assert_no_violation();
}

static void TMO_06_a_lost_interrupt_is_made_good(void **state)
{
    (void)state;
    fake.silent = true;
    submit(&request, 8 * PAGE); /* two packets */
    for (unsigned packet = 0; packet < 2u; packet++) {
        while (fake_run(1) != 0u) { }
        assert_false(was_told(&request));
        time_goes_by(DEADLINE_US + 1u);
    }
    assert_ended(&request, MINIPORT_OK, 8 * PAGE);
    assert_int_equal(miniport.counts.recovered, 2);
    assert_int_equal(miniport.counts.timeouts, 0);
    assert_int_equal(miniport.counts.interrupts, 0);
    fake.silent = false;
}

static void TMO_06_a_lost_interrupt_of_an_error_is_made_good_too(void **state)
{
    (void)state;
    fake.silent = true;
    fake_fail(2, DRAY_CAUSE_READ_SLVERR, 7);
    submit(&request, LENGTH);
    for (unsigned i = 0; i < 9u; i++) fake_run(1);
    time_goes_by(DEADLINE_US + 1u);
    assert_ended(&request, MINIPORT_ERR_DEVICE, 2 * PAGE + 7u);
    assert_int_equal(request.cause, DRAY_ERR_READ_SLVERR);
    fake.silent = false;
}

static void TMO_07_slow_is_not_dead(void **state)
{
    (void)state;
    submit(&request, 4 * PAGE);
    for (unsigned i = 0; i < 3u; i++) {
        time_goes_by(DEADLINE_US * 3u / 4u);
        fake_run(1);
        time_goes_by(DEADLINE_US / 2u); /* over the deadline that began before the descriptor ended */
        assert_int_equal(miniport.counts.timeouts, 0);
    }
    time_goes_by(2u * DEADLINE_US); /* and now nothing moves */
    assert_int_equal(miniport.counts.timeouts, 1);
    while (!was_told(&request)) assert_true(fake_run(1) != 0u);
    assert_ended(&request, MINIPORT_OK, 4 * PAGE);
}

/* ---- Interrupts that nobody can stop ------------------------------------------------------------------------------------ */

static bool not_mine(void *context)
{
    (void)context;
    return false;
}

static void SUP_02_a_stuck_line_is_masked_logged_and_the_engine_is_polled(void **state)
{
    (void)state;
    VP_LOGGED_ERROR error;
    static struct irq_handler neighbour;
    irq_connect(&neighbour, SOC_LINE_ENGINE, not_mine, NULL);
    fake.silent = true;
    host_irq_set(SOC_LINE_ENGINE, true); /* nobody's */
    for (unsigned i = 0; i < 2u * IRQ_UNCLAIMED_MAX; i++) (void)host_irq_poll();
    assert_true(irq_stuck(SOC_LINE_ENGINE));
    submit(&request, LENGTH);
    for (unsigned i = 0; i < 100u && !was_told(&request); i++) {
        fake_run(1);
        time_goes_by(200); /* the deadline is far, the next look is near */
    }
    assert_ended(&request, MINIPORT_OK, LENGTH);
    assert_int_equal(miniport.counts.recovered, 3);
    assert_int_equal(miniport.counts.timeouts, 0);
    fake.hangs = true;
    submit(&request, PAGE);
    for (unsigned i = 0; i < 5u; i++) time_goes_by(1001);
    assert_true(VpQueryError(&miniport, &error));
    assert_int_equal(error.ErrorCode, WAIT_TIMEOUT);
    assert_int_equal(error.UniqueId, 1); /* the stuck line */
    assert_int_equal(miniport_cancel(&miniport, &request), MINIPORT_OK);
    host_irq_set(SOC_LINE_ENGINE, false);
    irq_disconnect(&neighbour);
    fake.hangs = false;
    fake.silent = false;
}

/* A pulse: the line is low again when the ISRs return. */
static bool pulse(void *context)
{
    (void)context;
    host_irq_set(SOC_LINE_ENGINE, false);
    return false;
}

static void SUP_03_random_pulses_change_nothing(void **state)
{
    (void)state;
    static struct irq_handler neighbour;
    irq_connect(&neighbour, SOC_LINE_ENGINE, pulse, NULL);
    submit(&request, LENGTH);
    for (unsigned i = 0; i < 1000u && !was_told(&request); i++) {
        host_irq_set(SOC_LINE_ENGINE, true);
        (void)host_irq_poll();
        if (i % 3u == 0u) fake_run(1);
    }
    irq_disconnect(&neighbour);
    assert_ended(&request, MINIPORT_OK, LENGTH);
    assert_int_equal(miniport.counts.not_mine, 3u * (LENGTH / PAGE) - 2u);
    assert_int_equal(irq_unclaimed(SOC_LINE_ENGINE), miniport.counts.not_mine);
    assert_int_equal(miniport.counts.timeouts, 0);
}

static void SUP_04_done_without_a_start_and_done_twice_are_ignored(void **state)
{
    (void)state;
    fake_raise(0, DRAY_CHANNEL_IRQ_STATUS_DONE_MASK);
    (void)host_irq_poll();
    assert_int_equal(miniport.counts.dpcs_empty, 1);
    submit(&request, LENGTH);
    for (unsigned i = 0; !was_told(&request); i++) {
        fake_raise(0, DRAY_CHANNEL_IRQ_STATUS_DONE_MASK); /* before the first descriptor, and again behind each */
        (void)host_irq_poll();
        fake_run(1);
    }
    assert_ended(&request, MINIPORT_OK, LENGTH);
    assert_no_violation();
}

/* ---- Engines that do not stop --------------------------------------------------------------------------------------- */

static void CAN_03_an_engine_that_drains_for_long_is_waited_for_by_the_timer(void **state)
{
    (void)state;
    fake.hangs = true;
    fake.stop_after = 900; /* four and a half DPCs */
    submit(&request, LENGTH);
    time_goes_by(DEADLINE_US + 1u);
    assert_int_equal(miniport.counts.stops, 1);
    assert_true(miniport.stopping);
    assert_int_equal(fake.channels[0].irq_enable, 0); /* masked meanwhile */
    assert_true(fake_open_frames() != 0u);            /* CAN-02: nothing is free before it is at rest */
    assert_int_equal(memory_mdl_in_flight(request.mdl), 1);
    for (unsigned i = 0; i < 6u; i++) time_goes_by(100);
    assert_false(miniport.stopping);
    assert_int_equal(miniport.counts.hung, 0);
    fake.hangs = false;
    while (!was_told(&request)) assert_true(fake_run(1) != 0u);
    assert_ended(&request, MINIPORT_OK, LENGTH);
}

static void ERR_07_an_engine_that_never_stops_is_shut_out_and_its_frames_are_not_used_again(void **state)
{
    (void)state;
    VP_LOGGED_ERROR error;
    fake.hangs = true;
    fake.stop_after = 0xffffffffu;
    fake.outstanding[0] = 1;
    fake.sync_hangs = true;
    port_set_timeout(1000);
    unsigned held = fake_open_frames();
    submit(&request, LENGTH);
    fake.hangs = false;
    fake_run(1); /* one descriptor ends */
    fake.hangs = true;
    time_goes_by(DEADLINE_US + 1u);
    for (unsigned i = 0; i < 30u; i++) time_goes_by(100);
    assert_ended(&request, MINIPORT_ERR_TIMEOUT, PAGE);
    assert_int_equal(miniport.counts.hung, 1);
    assert_int_equal(fake_open_frames(), held); /* closed, though the engine does not answer (SUP-01) */
    assert_int_equal(memory_use().quarantined, 4);
    assert_true(VpQueryError(&miniport, &error));
    assert_int_equal(error.UniqueId, 2);

    submit(&other, PAGE); /* told at once: nothing can run */
    assert_true(was_told(&other));
    assert_int_equal(other.status, MINIPORT_ERR_DEVICE);
    assert_int_equal(other.moved_bytes, 0);

    fake.stop_after = 0; /* it has come to rest after all */
    fake.channels[0].state = DRAY_CHANNEL_STATE_STOPPED;
    fake.hangs = false;
    fake.outstanding[0] = 0;
    fake.sync_hangs = false;
    client_fill(0, LENGTH, 3); /* what the frames in quarantine held is lost */
    assert_works(); /* ERR-06: by a reset of its adapter, of nothing else */
}

static void SUP_01_an_engine_that_answers_all_ones_at_the_deadline_is_gone(void **state)
{
    (void)state;
    submit(&request, LENGTH);
    fake_run(1);
    fake.gone = true;
    time_goes_by(DEADLINE_US + 1u);
    assert_true(was_told(&request));
    assert_int_equal(request.status, MINIPORT_ERR_GONE);
    assert_int_equal(request.moved_bytes, 0); /* nobody can say what moved since the last Complete */
    assert_int_equal(memory_use().pins, 0);
    other = request_of(0, PAGE, 0, MINIPORT_TO_FRAME_BUFFER);
    assert_int_equal(miniport_submit(&miniport, &other), MINIPORT_ERR_GONE);
    fake.gone = false;
}

/* ---- Cancelling ----------------------------------------------------------------------------------------------------- */

static void CAN_03_a_cancel_at_every_descriptor_counts_what_moved(void **state)
{
    (void)state;
    for (unsigned done = 0; done <= LENGTH / PAGE; done++) {
        for (unsigned bytes = 0; bytes < 40u; bytes += 13u) {
            memset(host_memory(SOC_BUS_DEVICE, LENGTH), 0x11, LENGTH);
            fake.abort_moved = bytes;
            submit(&request, LENGTH);
            for (unsigned i = 0; i < done; i++) fake_run(1);
            bool late = done == LENGTH / PAGE;
            assert_int_equal(miniport_cancel(&miniport, &request), late ? MINIPORT_ERR_STATE : MINIPORT_OK);
            assert_ended(&request, late ? MINIPORT_OK : MINIPORT_ERR_CANCELLED, late ? LENGTH : done * PAGE + bytes);
            assert_int_equal(miniport_cancel(&miniport, &request), MINIPORT_ERR_STATE); /* twice is too late */
            fake.abort_moved = 0;
            assert_works();
        }
    }
    assert_no_violation();
}

static void CAN_03_and_with_three_packets_in_the_ring(void **state)
{
    CAN_03_a_cancel_at_every_descriptor_counts_what_moved(state);
}

static void CAN_01_a_request_that_has_not_begun_leaves_the_queue(void **state)
{
    (void)state;
    static struct miniport_request queue[4];
    for (uint32_t i = 0; i < 4u; i++) {
        queue[i] = request_of(i * 2 * PAGE, 2 * PAGE, i * 2 * PAGE, MINIPORT_TO_FRAME_BUFFER);
        assert_int_equal(miniport_submit(&miniport, &queue[i]), MINIPORT_OK);
    }
    assert_int_equal(miniport_cancel(&miniport, &queue[3]), MINIPORT_OK); /* the last */
    assert_int_equal(miniport_cancel(&miniport, &queue[1]), MINIPORT_OK);
    assert_int_equal(told_count, 2);
    assert_int_equal(fake.channels[0].state, DRAY_CHANNEL_STATE_RUNNING); /* what runs is not stopped */
    submit(&other, PAGE); /* behind what is left */
    while (told_count < 5u) assert_true(fake_run(1) != 0u);
    for (uint32_t i = 0; i < 4u; i++) {
        assert_int_equal((uintptr_t)queue[i].context, 1);
        assert_int_equal(queue[i].status, i % 2u == 1u ? MINIPORT_ERR_CANCELLED : MINIPORT_OK);
        assert_int_equal(queue[i].moved_bytes, i % 2u == 1u ? 0u : 2 * PAGE);
    }
    assert_int_equal(other.status, MINIPORT_OK);
    assert_int_equal(miniport.counts.cancelled, 2);
}

static void CAN_04_a_done_interrupt_during_the_stop_is_consumed(void **state)
{
    (void)state;
    submit(&request, 4 * PAGE);
    enum irql old = irql_raise(IRQL_DISPATCH);
    while (fake_run(1) != 0u) { } /* done; its ISR has run, its DPC waits */
    assert_int_equal(miniport_cancel(&miniport, &request), MINIPORT_OK);
    assert_ended(&request, MINIPORT_ERR_CANCELLED, 4 * PAGE); /* CAN-06: the first wins, and the bytes are counted */
    uint32_t empty = miniport.counts.dpcs_empty;
    irql_lower(old);
    assert_int_equal(miniport.counts.dpcs_empty, empty + 1u); /* DPC-06 */
    assert_works();
}

static void CAN_06_the_first_of_error_timeout_and_cancel_wins(void **state)
{
    (void)state;
    fake_fail(1, DRAY_CAUSE_WRITE_SLVERR, 5);
    submit(&request, LENGTH);
    enum irql old = irql_raise(IRQL_DISPATCH);
    while (fake_run(1) != 0u) { } /* halted, and nobody has looked */
    assert_int_equal(miniport_cancel(&miniport, &request), MINIPORT_OK);
    irql_lower(old);
    assert_ended(&request, MINIPORT_ERR_CANCELLED, PAGE + 5u);

    memset(host_memory(SOC_BUS_DEVICE, LENGTH), 0x11, LENGTH);
    fake.hangs = true;
    fake.stop_after = 300;
    submit(&request, LENGTH);
    time_goes_by(DEADLINE_US + 1u); /* a retry is due as soon as it stands */
    assert_true(miniport.stopping);
    assert_int_equal(miniport_cancel(&miniport, &request), MINIPORT_OK);
    assert_false(was_told(&request));
    time_goes_by(200);
    assert_ended(&request, MINIPORT_ERR_CANCELLED, 0);
    fake.hangs = false;
    assert_works();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(TMO_01_a_deadline_is_fixed_and_by_the_kib, begin_long, miniport_end),
        cmocka_unit_test_setup_teardown(TMO_01_no_deadline_is_for_ever, begin_unwatched, miniport_end),
        stop_test(TMO_02_an_engine_that_is_done_at_the_doorbell_leaves_no_timer),
        stop_test(TMO_03_a_deadline_that_passes_as_the_packet_ends_does_nothing),
        stop_test(TMO_04_a_hang_after_any_descriptor_is_counted_and_tried_again),
        stop_test(TMO_05_a_packet_is_tried_again_twice_and_then_its_request_fails),
        stop_test(TMO_06_a_lost_interrupt_is_made_good),
        stop_test(TMO_06_a_lost_interrupt_of_an_error_is_made_good_too),
        cmocka_unit_test_setup_teardown(TMO_07_slow_is_not_dead, begin_restarting, miniport_end),
        cmocka_unit_test_setup_teardown(SUP_02_a_stuck_line_is_masked_logged_and_the_engine_is_polled, begin_long, miniport_end),
        stop_test(SUP_03_random_pulses_change_nothing),
        stop_test(SUP_04_done_without_a_start_and_done_twice_are_ignored),
        stop_test(CAN_03_an_engine_that_drains_for_long_is_waited_for_by_the_timer),
        stop_test(ERR_07_an_engine_that_never_stops_is_shut_out_and_its_frames_are_not_used_again),
        stop_test(SUP_01_an_engine_that_answers_all_ones_at_the_deadline_is_gone),
        stop_test(CAN_03_a_cancel_at_every_descriptor_counts_what_moved),
        cmocka_unit_test_setup_teardown(CAN_03_and_with_three_packets_in_the_ring, begin_deep, miniport_end),
        stop_test(CAN_01_a_request_that_has_not_begun_leaves_the_queue),
        stop_test(CAN_04_a_done_interrupt_during_the_stop_is_consumed),
        stop_test(CAN_06_the_first_of_error_timeout_and_cancel_wins),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
