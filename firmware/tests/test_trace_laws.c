/* SPDX-License-Identifier: Apache-2.0 */
/* The checker of the laws: what only looks like a break passes, and what breaks L1 or L2 is rejected by name. */
#include "trace_laws_fixture.h"

/* ---- What passes ------------------------------------------------------------------------------------------------------- */

static void a_good_trace_passes(void **state)
{
    (void)state;
    good_request();
    passes();
    assert_int_equal(laws.executes, 2);
    assert_int_equal(laws.notifies, 1);
}

static void put_may_be_missing(void **state)
{
    (void)state;
    opened(PAGE);
    started(0, PAGE, PAGE);
    interrupted();
    dispatch(TRACE_DPC, 0, 0);
    completed(0, PAGE);
    told(PAGE);
    dispatch(TRACE_DPC_RETURN, 0, 0);
    passes();
}

static void a_polled_engine_needs_neither_isr_nor_dpc(void **state)
{
    (void)state;
    opened(PAGE);
    started(0, PAGE, PAGE);
    completed(0, PAGE);
    told(PAGE);
    passes();
}

static void complete_may_come_before_start_returned(void **state)
{
    (void)state;
    opened(PAGE);
    dispatch(TRACE_START, 0, PAGE);
    dispatch(TRACE_MAP, 0, FRAME);
    dispatch(TRACE_EXECUTE, 0, PAGE);
    completed(0, PAGE); /* in Execute itself */
    dispatch(TRACE_EXECUTE_RETURN, 0, 0);
    dispatch(TRACE_START_RETURN, 0, 0);
    told(PAGE);
    passes();
}

static void a_dpc_between_execute_and_the_return_of_start_passes(void **state)
{
    (void)state;
    opened(PAGE);
    say(TRACE_START, IRQL_PASSIVE, 0, 0, PAGE);
    dispatch(TRACE_MAP, 0, FRAME);
    dispatch(TRACE_EXECUTE, 0, PAGE);
    dispatch(TRACE_EXECUTE_RETURN, 0, 0);
    interrupted();
    dispatch(TRACE_DPC, 0, 0);
    now += WAIT; /* the DPC's time is not Start's */
    completed(0, PAGE);
    told(PAGE);
    dispatch(TRACE_DPC_RETURN, 0, 0);
    say(TRACE_START_RETURN, IRQL_PASSIVE, 0, 0, 0);
    passes();
}

static void a_nested_start_whose_execute_comes_after_its_return_passes(void **state)
{
    (void)state;
    opened(2 * PAGE);
    dispatch(TRACE_START, 0, 2 * PAGE);
    dispatch(TRACE_MAP, 0, FRAME);
    dispatch(TRACE_EXECUTE, 0, PAGE);
    dispatch(TRACE_START, 1, PAGE); /* queued: the one loop that executes is further up */
    dispatch(TRACE_START_RETURN, 1, 0);
    dispatch(TRACE_EXECUTE_RETURN, 0, 0);
    dispatch(TRACE_MAP, 1, FRAME);
    dispatch(TRACE_EXECUTE, 1, PAGE);
    completed(0, PAGE);
    completed(1, PAGE);
    dispatch(TRACE_EXECUTE_RETURN, 1, 0);
    dispatch(TRACE_START_RETURN, 0, 0);
    told(2 * PAGE);
    passes();
}

static void a_queued_start_that_is_cancelled_passes(void **state)
{
    (void)state;
    opened(2 * PAGE);
    started(0, PAGE, PAGE);
    dispatch(TRACE_START, 1, PAGE);
    dispatch(TRACE_START_RETURN, 1, 0);
    dispatch(TRACE_CANCEL, 1, 1);
    completed(0, PAGE);
    told(PAGE);
    passes();
}

static void a_request_that_is_taken_back_from_the_queue_is_told_before_the_oldest(void **state)
{
    (void)state;
    opened(PAGE);
    started(0, PAGE, PAGE);
    lock(2);
    dispatch(TRACE_REQUEST, 0, 3 * PAGE);
    dispatch(TRACE_STATUS, 0, 1);
    unlock(2);
    dispatch(TRACE_NOTIFY, 0, 0);
    completed(0, PAGE);
    told(PAGE);
    passes();
}

static void a_failed_packet_ends_its_request_short(void **state)
{
    (void)state;
    opened(2 * PAGE);
    started(0, 2 * PAGE, 2 * PAGE);
    interrupted();
    dispatch(TRACE_DPC, 0, 0);
    completed(0, 100);
    told(100);
    dispatch(TRACE_DPC_RETURN, 0, 0);
    passes();
}

static void several_packets_and_adapters_are_kept_apart(void **state)
{
    (void)state;
    opened(2 * PAGE);
    get(1);
    lock(1);
    say(TRACE_REQUEST, IRQL_PASSIVE, 1, 0, PAGE);
    started(0, 2 * PAGE, PAGE);
    started(1, PAGE, PAGE);
    say(TRACE_START, IRQL_DISPATCH, 1, 0, PAGE);
    say(TRACE_MAP, IRQL_DISPATCH, 1, 0, FRAME + 1);
    say(TRACE_EXECUTE, IRQL_DISPATCH, 1, 0, PAGE);
    say(TRACE_EXECUTE_RETURN, IRQL_DISPATCH, 1, 0, 0);
    say(TRACE_START_RETURN, IRQL_DISPATCH, 1, 0, 0);
    interrupted();
    dispatch(TRACE_DPC, 0, 0);
    completed(0, PAGE);
    completed(1, PAGE); /* one interrupt for both */
    told(2 * PAGE);
    say(TRACE_COMPLETE, IRQL_DISPATCH, 1, 0, PAGE);
    say(TRACE_UNMAP, IRQL_DISPATCH, 1, 0, FRAME + 1);
    say(TRACE_COMPLETE_RETURN, IRQL_DISPATCH, 1, 0, 0);
    unlock(1);
    say(TRACE_NOTIFY, IRQL_DISPATCH, 1, 0, PAGE);
    dispatch(TRACE_DPC_RETURN, 0, 0);
    passes();
}

static void packet_numbers_and_values_come_round(void **state)
{
    (void)state;
    const uint32_t each = 256u * 1024u;
    opened(300u * each % (1u << 20));
    for (uint32_t i = 0; i < 300; i++) {
        started(i % 256, (300 - i) * each % (1u << 20), each);
        completed(i % 256, each);
    }
    told(300u * each % (1u << 20));
    passes();
}

/* ---- L1 ---------------------------------------------------------------------------------------------------------------- */

static void L1_a_start_without_get_is_rejected(void **state)
{
    (void)state;
    lock(0);
    started(0, PAGE, PAGE);
    breaks(LAW_ORDER, "START of adapter 0, packet 0: no Get");
}

static void L1_a_start_without_lock_is_rejected(void **state)
{
    (void)state;
    get(0);
    started(0, PAGE, PAGE);
    breaks(LAW_ORDER, "nothing is locked");
}

static void L1_a_complete_before_its_execute_is_rejected(void **state)
{
    (void)state;
    opened(PAGE);
    dispatch(TRACE_START, 0, PAGE);
    dispatch(TRACE_MAP, 0, FRAME);
    completed(0, PAGE);
    breaks(LAW_ORDER, "no Execute came before it");
}

static void L1_a_complete_before_its_interrupt_is_rejected(void **state)
{
    (void)state;
    opened(PAGE);
    say(TRACE_DPC_QUEUED, IRQL_DEVICE, 0, 0, 1);
    started(0, PAGE, PAGE);
    dispatch(TRACE_DPC, 0, 0);
    completed(0, PAGE);
    say(TRACE_ISR, IRQL_DEVICE, 0, 0, 0);
    breaks(LAW_ORDER, "no interrupt was claimed");
}

static void L1_a_dpc_that_nobody_queued_is_rejected(void **state)
{
    (void)state;
    good_request();
    dispatch(TRACE_DPC, 0, 0);
    breaks(LAW_ORDER, "nobody queued");
}

static void L1_an_unlock_before_the_complete_is_rejected(void **state)
{
    (void)state;
    opened(PAGE);
    started(0, PAGE, PAGE);
    dispatch(TRACE_UNLOCK, 0, 1);
    completed(0, PAGE);
    breaks(LAW_ORDER, "packet 0 of adapter 0 still moves it");
}

static void L1_an_unlock_of_another_buffer_passes(void **state)
{
    (void)state;
    get(0);
    lock(1);
    lock(0);
    say(TRACE_REQUEST, IRQL_PASSIVE, 0, 0, PAGE);
    started(0, PAGE, PAGE);
    unlock(1);
    completed(0, PAGE);
    told(PAGE);
    passes();
}

static void L1_a_put_before_the_complete_is_rejected(void **state)
{
    (void)state;
    opened(PAGE);
    started(0, PAGE, PAGE);
    say(TRACE_PUT, IRQL_PASSIVE, 0, 0, 0);
    breaks(LAW_ORDER, "packet 0 is not completed");
}

static void L1_a_start_or_complete_in_an_isr_is_rejected(void **state)
{
    (void)state;
    opened(PAGE);
    say(TRACE_START, IRQL_DEVICE, 0, 0, PAGE);
    breaks(LAW_ORDER, "a Start at level 3");
    begin(NULL);
    opened(PAGE);
    started(0, PAGE, PAGE);
    say(TRACE_COMPLETE, IRQL_DEVICE, 0, 0, PAGE);
    breaks(LAW_ORDER, "a Complete at level 3");
}

static void L1_calls_that_do_not_nest_are_rejected(void **state)
{
    (void)state;
    opened(PAGE);
    dispatch(TRACE_START, 0, PAGE);
    dispatch(TRACE_MAP, 0, FRAME);
    dispatch(TRACE_EXECUTE, 0, PAGE);
    dispatch(TRACE_START_RETURN, 0, 0);
    breaks(LAW_ORDER, "not the call that was entered last");
}

/* ---- L2 ---------------------------------------------------------------------------------------------------------------- */

static void L2_a_start_that_waits_behind_execute_is_rejected(void **state)
{
    (void)state;
    opened(PAGE);
    dispatch(TRACE_START, 0, PAGE);
    dispatch(TRACE_MAP, 0, FRAME);
    dispatch(TRACE_EXECUTE, 0, PAGE);
    dispatch(TRACE_EXECUTE_RETURN, 0, 0);
    now += WAIT;
    interrupted(); /* the device is done, and only now Start returns */
    dispatch(TRACE_START_RETURN, 0, 0);
    breaks(LAW_ASYNC, "it waits");
}

static void L2_a_start_that_waits_before_execute_is_rejected(void **state)
{
    (void)state;
    opened(PAGE);
    dispatch(TRACE_START, 0, PAGE);
    now += WAIT;
    dispatch(TRACE_MAP, 0, FRAME);
    dispatch(TRACE_EXECUTE, 0, PAGE);
    breaks(LAW_ASYNC, "it waits");
}

static void L2_a_queued_start_that_waits_for_its_turn_is_rejected(void **state)
{
    (void)state;
    opened(2 * PAGE);
    started(0, PAGE, PAGE);
    dispatch(TRACE_START, 1, PAGE);
    dispatch(TRACE_COMPLETE, 0, PAGE);
    breaks(LAW_ASYNC, "Start of packet 1 waits for it");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(a_good_trace_passes),
        T(put_may_be_missing),
        T(a_polled_engine_needs_neither_isr_nor_dpc),
        T(complete_may_come_before_start_returned),
        T(a_dpc_between_execute_and_the_return_of_start_passes),
        T(a_nested_start_whose_execute_comes_after_its_return_passes),
        T(a_queued_start_that_is_cancelled_passes),
        T(a_request_that_is_taken_back_from_the_queue_is_told_before_the_oldest),
        T(a_failed_packet_ends_its_request_short),
        T(several_packets_and_adapters_are_kept_apart),
        T(packet_numbers_and_values_come_round),
        T(L1_a_start_without_get_is_rejected),
        T(L1_a_start_without_lock_is_rejected),
        T(L1_a_complete_before_its_execute_is_rejected),
        T(L1_a_complete_before_its_interrupt_is_rejected),
        T(L1_a_dpc_that_nobody_queued_is_rejected),
        T(L1_an_unlock_before_the_complete_is_rejected),
        T(L1_an_unlock_of_another_buffer_passes),
        T(L1_a_put_before_the_complete_is_rejected),
        T(L1_a_start_or_complete_in_an_isr_is_rejected),
        T(L1_calls_that_do_not_nest_are_rejected),
        T(L2_a_start_that_waits_behind_execute_is_rejected),
        T(L2_a_start_that_waits_before_execute_is_rejected),
        T(L2_a_queued_start_that_waits_for_its_turn_is_rejected),
    };
    return cmocka_run_group_tests_name("trace_laws", tests, NULL, NULL);
}
