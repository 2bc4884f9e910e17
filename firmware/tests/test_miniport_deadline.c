/* SPDX-License-Identifier: Apache-2.0 */
/* Deadlines: when a packet is late, what is done about it, and interrupts that were lost. */
#include "stop_fixture.h"

static int begin_restarting(void **state)
{
    (void)state;
    struct miniport_config config = watched;
    config.deadline_restarts = true;
    return begin_with(&config);
}

static int begin_unwatched(void **state)
{
    (void)state;
    return begin_with(&(struct miniport_config){ .packet_bytes_max = 4 * PAGE });
}

static void TMO_01_a_deadline_is_fixed_and_by_the_kib(void **state)
{
    (void)state;
    fake.hangs = true;
    submit_bytes(&request, 1);
    time_goes_by(DEADLINE_US + 499u);
    assert_int_equal(miniport.counts.timeouts, 0); /* one KiB begun is one KiB */
    time_goes_by(2);
    assert_int_equal(miniport.counts.timeouts, 1);
    assert_int_equal(miniport_cancel(&miniport, &request), MINIPORT_OK);
    submit_bytes(&request, 4 * PAGE);
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
    submit_bytes(&request, LENGTH);
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
    submit_bytes(&request, LENGTH);
    assert_ended(&request, MINIPORT_OK, LENGTH);
    uint32_t dpcs = miniport.counts.dpcs;
    time_goes_by(10u * DEADLINE_US);
    assert_int_equal(miniport.counts.dpcs, dpcs);
}

static void TMO_03_a_deadline_that_passes_as_the_packet_ends_does_nothing(void **state)
{
    (void)state;
    submit_bytes(&request, 4 * PAGE); /* one packet */
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
            submit_bytes(&request, LENGTH);
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
    submit_bytes(&request, LENGTH);
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
    submit_bytes(&request, 8 * PAGE); /* two packets */
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
    submit_bytes(&request, LENGTH);
    for (unsigned i = 0; i < 9u; i++) fake_run(1);
    time_goes_by(DEADLINE_US + 1u);
    assert_ended(&request, MINIPORT_ERR_DEVICE, 2 * PAGE + 7u);
    assert_int_equal(request.cause, DRAY_ERR_READ_SLVERR);
    fake.silent = false;
}

static void TMO_07_slow_is_not_dead(void **state)
{
    (void)state;
    submit_bytes(&request, 4 * PAGE);
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
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
