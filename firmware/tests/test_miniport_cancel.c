/* SPDX-License-Identifier: Apache-2.0 */
/* Cancelling: at any point, told once, with a true count; what came first wins. */
#include "stop_fixture.h"

static int begin_deep(void **state)
{
    (void)state;
    struct miniport_config config = watched;
    config.depth = 3;
    return begin_with(&config);
}

static void CAN_03_a_cancel_at_every_descriptor_counts_what_moved(void **state)
{
    (void)state;
    for (unsigned done = 0; done <= LENGTH / PAGE; done++) {
        for (unsigned bytes = 0; bytes < 40u; bytes += 13u) {
            memset(host_memory(SOC_BUS_DEVICE, LENGTH), 0x11, LENGTH);
            fake.abort_moved = bytes;
            submit_bytes(&request, LENGTH);
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
    submit_bytes(&other, PAGE); /* behind what is left */
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
    submit_bytes(&request, 4 * PAGE);
    enum irql old = irql_raise(IRQL_DISPATCH);
    while (fake_run(1) != 0u) { } /* done; its ISR has run, its DPC waits */
    uint32_t interrupts = miniport.counts.interrupts;
    assert_int_equal(miniport_cancel(&miniport, &request), MINIPORT_OK);
    assert_ended(&request, MINIPORT_ERR_CANCELLED, 4 * PAGE); /* CAN-06: the first wins, and the bytes are counted */
    uint32_t empty = miniport.counts.dpcs_empty;
    irql_lower(old);
    (void)host_irq_poll();
    assert_int_equal(miniport.counts.dpcs_empty, empty + 1u); /* DPC-06 */
    assert_int_equal(miniport.counts.interrupts, interrupts); /* nor does the stop itself interrupt */
    assert_works();
}

static void CAN_06_the_first_of_error_timeout_and_cancel_wins(void **state)
{
    (void)state;
    fake_fail(1, DRAY_CAUSE_WRITE_SLVERR, 5);
    submit_bytes(&request, LENGTH);
    enum irql old = irql_raise(IRQL_DISPATCH);
    while (fake_run(1) != 0u) { } /* halted, and nobody has looked */
    assert_int_equal(miniport_cancel(&miniport, &request), MINIPORT_OK);
    irql_lower(old);
    assert_ended(&request, MINIPORT_ERR_CANCELLED, PAGE + 5u);

    memset(host_memory(SOC_BUS_DEVICE, LENGTH), 0x11, LENGTH);
    fake.hangs = true;
    fake.stop_after = 300;
    submit_bytes(&request, LENGTH);
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
        stop_test(CAN_03_a_cancel_at_every_descriptor_counts_what_moved),
        cmocka_unit_test_setup_teardown(CAN_03_and_with_three_packets_in_the_ring, begin_deep, miniport_end),
        stop_test(CAN_01_a_request_that_has_not_begun_leaves_the_queue),
        stop_test(CAN_04_a_done_interrupt_during_the_stop_is_consumed),
        stop_test(CAN_06_the_first_of_error_timeout_and_cancel_wins),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
