// SPDX-License-Identifier: Apache-2.0
//
// An error belongs to one descriptor: those before it are done, those behind it never began, and no reset is needed.
#include "wrong.h"

static struct wrong_bench the_bench;

static void one_error(void **state, enum wrong wrong, unsigned latency)
{
    struct wrong_bench *bench = &the_bench;
    const unsigned places[] = { 0, 5, WRONG_COUNT - 1 };
    for (unsigned p = 0; p < 3; p++) {
        unsigned bad = places[p];
        wrong_begin(bench, state, latency);
        wrong_other_put(bench);
        wrong_put_all(bench, bad, wrong);
        ring_doorbell(&bench->ring);
        wrong_other_put(bench);
        unsigned next = wrong_expect_halt(bench, bad, wrong);
        wrong_other_check(bench);
        memory_faults_clear(bench->engine->memory);
        ring_acknowledge(&bench->ring, 7);
        ring_command(&bench->ring, DRAY_CHANNEL_COMMAND_RESUME_MASK);
        wrong_other_put(bench);
        if (next < WRONG_COUNT) ring_wait_empty(&bench->ring, WRONG_LIMIT);
        for (unsigned i = next; i < WRONG_COUNT; i++) wrong_expect_copied(bench, i);
        wrong_other_check(bench);
        assert_int_equal(engine_state(bench->engine, 0), DRAY_CHANNEL_STATE_RUNNING);
        testing_clean(bench->engine);
    }
}

static void each_at_two_latencies(void **state, const enum wrong *wrong, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        one_error(state, wrong[i], 2);
        one_error(state, wrong[i], 60);
    }
}

static void an_error_on_a_descriptor_fetch_stops_there(void **state)
{
    each_at_two_latencies(state, (const enum wrong[]){ FETCH_SLVERR, FETCH_DECERR }, 2);
}

static void an_error_on_a_read_stops_there_and_its_data_is_never_written(void **state)
{
    each_at_two_latencies(state, (const enum wrong[]){ READ_SLVERR, READ_DECERR, READ_LAST_BEAT }, 3);
}

static void HW_02_HW_06_an_error_on_a_write_stops_there_and_later_ones_end(void **state)
{
    each_at_two_latencies(state, (const enum wrong[]){ WRITE_SLVERR, WRITE_DECERR }, 2);
}

static void an_error_on_a_write_back_stops_there(void **state)
{
    each_at_two_latencies(state, (const enum wrong[]){ BACK_SLVERR, BACK_DECERR }, 2);
}

static void HW_10_HW_15_a_descriptor_that_makes_no_sense_is_never_executed(void **state)
{
    each_at_two_latencies(state, (const enum wrong[]){ LENGTH_ZERO, TYPE_ZERO, TYPE_DONE, TYPE_UNKNOWN, STALE, LINK_ZERO }, 6);
}

static void what_a_word_aligned_build_cannot_do_is_an_error(void **state)
{
    each_at_two_latencies(state, (const enum wrong[]){ UNALIGNED_SOURCE, UNALIGNED_LENGTH }, 2);
}

static void what_the_gate_refuses_is_an_error_of_that_descriptor(void **state)
{
    each_at_two_latencies(state, (const enum wrong[]){ GATE_READ, GATE_WRITE }, 2);
}

static unsigned truncated; // writes below the memory: what ran past the last address and began anew at 0

static void watch_truncated(void *user, const struct memory_event *event)
{
    (void)user;
    if (event->kind == MEMORY_AW && event->addr < ENGINE_MEMORY_BASE) truncated++;
}

static void HW_03_a_copy_past_the_last_address_is_never_truncated(void **state)
{
    struct wrong_bench *bench = &the_bench;
    for (uint32_t length = 32; length <= 128; length += 32) {
        wrong_begin(bench, state, 5);
        memory_log(bench->engine->memory, watch_truncated, NULL);
        truncated = 0;
        bench->ring.may_fail = true;
        ring_put(&bench->ring,
                 &(struct descriptor){ .source = WRONG_SOURCE, .destination = 0xfffffff0, .length = length });
        ring_doorbell(&bench->ring);
        engine_wait_state(bench->engine, 0, DRAY_CHANNEL_STATE_HALTED, WRONG_LIMIT);
        assert_int_equal(truncated, 0);
        assert_in_range(ring_halt(&bench->ring).moved, 0, 16);
        report_clear(&bench->engine->report); // there is no memory up to the last address either
    }
}

int main(void)
{
    const struct testing_case cases[] = {
        TESTING_CASE(an_error_on_a_descriptor_fetch_stops_there),
        TESTING_CASE(an_error_on_a_read_stops_there_and_its_data_is_never_written),
        TESTING_CASE(HW_02_HW_06_an_error_on_a_write_stops_there_and_later_ones_end),
        TESTING_CASE(an_error_on_a_write_back_stops_there),
        TESTING_CASE(HW_10_HW_15_a_descriptor_that_makes_no_sense_is_never_executed),
    };
    const struct testing_case gate[]  = { TESTING_CASE(what_the_gate_refuses_is_an_error_of_that_descriptor) };
    const struct testing_case words[] = { TESTING_CASE(what_a_word_aligned_build_cannot_do_is_an_error),
                                          TESTING_CASE(HW_03_a_copy_past_the_last_address_is_never_truncated) };
    TESTING_ADD(testing_all, cases);
    TESTING_ADD(testing_widths, gate);
    TESTING_ADD(testing_words, words);
    return testing_run("errors");
}
