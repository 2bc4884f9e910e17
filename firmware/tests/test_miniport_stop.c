/* SPDX-License-Identifier: Apache-2.0 */
/* Interrupts that nobody can stop, and engines that do not stop: each ends in a status and a true count, told once. */
#include "stop_fixture.h"

#include "irq.h"
#include "video_client.h"

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
    submit_bytes(&request, LENGTH);
    for (unsigned i = 0; i < 100u && !was_told(&request); i++) {
        fake_run(1);
        time_goes_by(200); /* the deadline is far, the next look is near */
    }
    assert_ended(&request, MINIPORT_OK, LENGTH);
    assert_int_equal(miniport.counts.recovered, 3);
    assert_int_equal(miniport.counts.timeouts, 0);
    fake.hangs = true;
    submit_bytes(&request, PAGE);
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
    submit_bytes(&request, LENGTH);
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
    submit_bytes(&request, LENGTH);
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
    submit_bytes(&request, LENGTH);
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
    submit_bytes(&request, LENGTH);
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

    submit_bytes(&other, PAGE); /* told at once: nothing can run */
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

static void ERR_07_an_adapter_that_is_not_quiet_fails_requests_until_it_is(void **state)
{
    (void)state;
    submit_bytes(&request, LENGTH);
    fake.outstanding[0] = 1; /* the engine stops, and the gate still waits for an answer */
    assert_int_equal(miniport_cancel(&miniport, &request), MINIPORT_OK);
    assert_ended(&request, MINIPORT_ERR_CANCELLED, 0);
    submit_bytes(&other, PAGE);
    assert_true(was_told(&other));
    assert_string_equal(miniport_status_name(other.status), miniport_status_name(MINIPORT_ERR_DEVICE));
    fake.outstanding[0] = 0;
    assert_works();
}

static void SUP_01_an_engine_that_answers_all_ones_at_the_deadline_is_gone(void **state)
{
    (void)state;
    submit_bytes(&request, LENGTH);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(SUP_02_a_stuck_line_is_masked_logged_and_the_engine_is_polled, begin_long, miniport_end),
        stop_test(SUP_03_random_pulses_change_nothing),
        stop_test(SUP_04_done_without_a_start_and_done_twice_are_ignored),
        stop_test(CAN_03_an_engine_that_drains_for_long_is_waited_for_by_the_timer),
        stop_test(ERR_07_an_engine_that_never_stops_is_shut_out_and_its_frames_are_not_used_again),
        stop_test(ERR_07_an_adapter_that_is_not_quiet_fails_requests_until_it_is),
        stop_test(SUP_01_an_engine_that_answers_all_ones_at_the_deadline_is_gone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
