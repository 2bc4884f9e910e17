/* SPDX-License-Identifier: Apache-2.0 */
/* The checker of the laws: what breaks L3, L4 or L5 is rejected by name. */
#include "trace_laws_fixture.h"

/* ---- L3 ---------------------------------------------------------------------------------------------------------------- */

static void L3_a_frame_that_goes_while_it_is_mapped_is_rejected(void **state)
{
    static const enum trace_event events[] = { TRACE_EVICT, TRACE_UNPIN, TRACE_PAGE_IN };
    (void)state;
    for (size_t i = 0; i < sizeof events / sizeof events[0]; i++) {
        begin(NULL);
        opened(PAGE);
        started(0, PAGE, PAGE);
        page(events[i], FRAME);
        breaks(LAW_OWNER, "frame 200 is mapped for a packet");
    }
}

static void L3_an_execute_of_nothing_mapped_is_rejected(void **state)
{
    (void)state;
    opened(PAGE);
    dispatch(TRACE_START, 0, PAGE);
    dispatch(TRACE_EXECUTE, 0, PAGE);
    breaks(LAW_OWNER, "nothing is mapped");
}

static void L3_a_frame_unmapped_before_complete_is_rejected(void **state)
{
    (void)state;
    opened(PAGE);
    started(0, PAGE, PAGE);
    dispatch(TRACE_UNMAP, 0, FRAME);
    breaks(LAW_OWNER, "taken from a packet that runs");
}

static void L3_a_frame_mapped_behind_complete_is_rejected(void **state)
{
    (void)state;
    opened(PAGE);
    started(0, PAGE, PAGE);
    dispatch(TRACE_COMPLETE, 0, PAGE);
    dispatch(TRACE_COMPLETE_RETURN, 0, 0);
    breaks(LAW_OWNER, "1 of its frames are still mapped");
}

static void L3_a_frame_mapped_without_a_pin_is_rejected(void **state)
{
    (void)state;
    get(0);
    say(TRACE_LOCK, IRQL_PASSIVE, 0, 0, 1);
    page(TRACE_PAGE_IN, FRAME);
    started(0, PAGE, PAGE);
    breaks(LAW_OWNER, "mapped and not pinned");
}

/* ---- L4 ---------------------------------------------------------------------------------------------------------------- */

static void L4_two_completes_of_one_execute_are_rejected(void **state)
{
    (void)state;
    opened(PAGE);
    started(0, PAGE, PAGE);
    completed(0, PAGE);
    dispatch(TRACE_COMPLETE, 0, PAGE);
    breaks(LAW_ONCE, "completed, or never started");
}

static void L4_an_execute_without_complete_is_rejected(void **state)
{
    (void)state;
    opened(PAGE);
    started(7, PAGE, PAGE);
    breaks(LAW_ONCE, "packet 7 of adapter 0 is not completed");
}

static void L4_two_executes_of_one_start_are_rejected(void **state)
{
    (void)state;
    opened(PAGE);
    started(0, PAGE, PAGE);
    dispatch(TRACE_EXECUTE, 0, PAGE);
    breaks(LAW_ONCE, "a second Execute");
}

static void L4_a_lock_without_unlock_and_two_unlocks_are_rejected(void **state)
{
    (void)state;
    lock(0);
    breaks(LAW_ONCE, "1 buffers are locked");
    begin(NULL);
    lock(0);
    unlock(0);
    dispatch(TRACE_UNLOCK, 0, 1);
    breaks(LAW_ONCE, "MDL 0 is not locked");
}

static void L4_two_gets_or_two_puts_are_rejected(void **state)
{
    (void)state;
    get(3);
    get(3);
    breaks(LAW_ONCE, "GET of adapter 3");
    begin(NULL);
    get(3);
    say(TRACE_PUT, IRQL_PASSIVE, 3, 0, 0);
    say(TRACE_PUT, IRQL_PASSIVE, 3, 0, 0);
    breaks(LAW_ONCE, "PUT of adapter 3");
}

static void L4_a_client_told_twice_or_never_is_rejected(void **state)
{
    (void)state;
    good_request();
    dispatch(TRACE_NOTIFY, 0, 2 * PAGE);
    breaks(LAW_ONCE, "nobody waits to be told");
    begin(NULL);
    opened(PAGE);
    started(0, PAGE, PAGE);
    completed(0, PAGE);
    unlock(0);
    breaks(LAW_ONCE, "was never told");
}

static void L4_a_cancel_of_what_runs_is_rejected(void **state)
{
    (void)state;
    opened(PAGE);
    started(0, PAGE, PAGE);
    dispatch(TRACE_CANCEL, 0, 1);
    breaks(LAW_ONCE, "what is cancelled does not wait");
}

static void L4_a_recorded_violation_is_rejected_in_a_run(void **state)
{
    (void)state;
    dispatch(TRACE_VIOLATION, VIOL_DOUBLE_COMPLETE, 0);
    breaks(LAW_ONCE, "recorded violation 8");
    laws_begin(&laws, &laws_of_a_test);
    dispatch(TRACE_VIOLATION, VIOL_DOUBLE_COMPLETE, 0);
    passes();
}

/* ---- L5 ---------------------------------------------------------------------------------------------------------------- */

static void L5_an_idle_engine_between_two_packets_told_as_done_is_rejected(void **state)
{
    static const uint32_t said[] = { PAGE, 2 * PAGE };
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        begin(NULL);
        opened(2 * PAGE);
        started(0, 2 * PAGE, PAGE);
        completed(0, PAGE);
        told(said[i]);
        breaks(LAW_IDLE, "4096 were moved of 8192, and nothing failed");
    }
}

static void L5_a_client_told_with_a_packet_in_flight_is_rejected(void **state)
{
    (void)state;
    opened(PAGE);
    started(0, PAGE, PAGE);
    dispatch(TRACE_NOTIFY, 0, PAGE);
    breaks(LAW_IDLE, "in flight");
}

static void L5_a_client_told_of_more_than_was_moved_is_rejected(void **state)
{
    (void)state;
    opened(PAGE);
    started(0, PAGE, PAGE);
    completed(0, 100);
    told(PAGE);
    breaks(LAW_IDLE, "4096 bytes are told of 100");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(L3_a_frame_that_goes_while_it_is_mapped_is_rejected),
        T(L3_an_execute_of_nothing_mapped_is_rejected),
        T(L3_a_frame_unmapped_before_complete_is_rejected),
        T(L3_a_frame_mapped_behind_complete_is_rejected),
        T(L3_a_frame_mapped_without_a_pin_is_rejected),
        T(L4_two_completes_of_one_execute_are_rejected),
        T(L4_an_execute_without_complete_is_rejected),
        T(L4_two_executes_of_one_start_are_rejected),
        T(L4_a_lock_without_unlock_and_two_unlocks_are_rejected),
        T(L4_two_gets_or_two_puts_are_rejected),
        T(L4_a_client_told_twice_or_never_is_rejected),
        T(L4_a_cancel_of_what_runs_is_rejected),
        T(L4_a_recorded_violation_is_rejected_in_a_run),
        T(L5_an_idle_engine_between_two_packets_told_as_done_is_rejected),
        T(L5_a_client_told_with_a_packet_in_flight_is_rejected),
        T(L5_a_client_told_of_more_than_was_moved_is_rejected),
    };
    return cmocka_run_group_tests_name("trace_laws_owner", tests, NULL, NULL);
}
