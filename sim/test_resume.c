// SPDX-License-Identifier: Apache-2.0
//
// After a halt the channel goes on where software says: RESUME, SKIP, DROP, in the ring and within a segment.
#include "wrong.h"

static struct wrong_bench the_bench;

static void skip_leaves_descriptors_out_and_drop_leaves_all_out(void **state)
{
    struct wrong_bench *bench = &the_bench;
    wrong_begin(bench, state, 5);
    wrong_put_all(bench, 3, LENGTH_ZERO);
    ring_doorbell(&bench->ring);
    unsigned next = wrong_expect_halt(bench, 3, LENGTH_ZERO);
    ring_command(&bench->ring, DRAY_CHANNEL_COMMAND_SKIP_MASK);
    ring_command(&bench->ring, DRAY_CHANNEL_COMMAND_SKIP_MASK);
    assert_int_equal(ring_halt(&bench->ring).next, next + 2);
    assert_int_equal(ring_halt(&bench->ring).next_addr, ring_slot(&bench->ring, (uint16_t)(next + 2)));
    ring_acknowledge(&bench->ring, 7);
    ring_command(&bench->ring, DRAY_CHANNEL_COMMAND_RESUME_MASK);
    ring_wait_empty(&bench->ring, WRONG_LIMIT);
    wrong_expect_untouched(bench, next);
    wrong_expect_untouched(bench, next + 1);
    for (unsigned i = next + 2; i < WRONG_COUNT; i++) wrong_expect_copied(bench, i);

    wrong_begin(bench, state, 5);
    wrong_put_all(bench, 3, TYPE_UNKNOWN);
    ring_doorbell(&bench->ring);
    wrong_expect_halt(bench, 3, TYPE_UNKNOWN);
    ring_command(&bench->ring, DRAY_CHANNEL_COMMAND_DROP_MASK);
    assert_int_equal(ring_halt(&bench->ring).next, WRONG_COUNT);
    ring_acknowledge(&bench->ring, 7);
    ring_command(&bench->ring, DRAY_CHANNEL_COMMAND_RESUME_MASK);
    engine_clocks(bench->engine, 300);
    for (unsigned i = 4; i < WRONG_COUNT; i++) wrong_expect_untouched(bench, i);
    assert_int_equal(ring_consumer(&bench->ring), WRONG_COUNT);

    // New work behind what was dropped is done.
    testing_expect_copy(bench->engine, WRONG_SOURCE, WRONG_TARGET + 0x8000, 64);
    ring_put(&bench->ring, &(struct descriptor){ .source = WRONG_SOURCE, .destination = WRONG_TARGET + 0x8000, .length = 64 });
    ring_doorbell(&bench->ring);
    ring_wait_empty(&bench->ring, WRONG_LIMIT);
    assert_memory_equal(memory_at(bench->engine->memory, WRONG_TARGET + 0x8000, 64),
                        memory_at(bench->engine->memory, WRONG_SOURCE, 64), 64);
    testing_clean(bench->engine);
}

static void two_errors_are_two_halts(void **state)
{
    struct wrong_bench *bench = &the_bench;
    wrong_begin(bench, state, 13);
    wrong_put_all(bench, 4, LENGTH_ZERO);
    memory_set_word(bench->engine->memory, ring_slot(&bench->ring, 9) + DRAY_DESCRIPTOR_LENGTH, 0);
    ring_doorbell(&bench->ring);
    engine_wait_state(bench->engine, 0, DRAY_CHANNEL_STATE_HALTED, WRONG_LIMIT);
    assert_int_equal(ring_halt(&bench->ring).failed, 4);
    assert_int_equal(ring_halt(&bench->ring).next, 5);
    ring_acknowledge(&bench->ring, 7);
    ring_command(&bench->ring, DRAY_CHANNEL_COMMAND_RESUME_MASK);
    engine_clocks(bench->engine, 20);
    engine_wait_state(bench->engine, 0, DRAY_CHANNEL_STATE_HALTED, WRONG_LIMIT);
    assert_int_equal(ring_halt(&bench->ring).failed, 9);
    assert_int_equal(ring_halt(&bench->ring).next, 10);
    assert_int_equal(ring_halt(&bench->ring).cause, DRAY_CAUSE_LENGTH);
    ring_acknowledge(&bench->ring, 7);
    ring_command(&bench->ring, DRAY_CHANNEL_COMMAND_RESUME_MASK);
    ring_wait_empty(&bench->ring, WRONG_LIMIT);
    for (unsigned i = 0; i < WRONG_COUNT; i++)
        if (i != 4 && i != 9) wrong_expect_copied(bench, i);
    testing_clean(bench->engine);
}

static void an_error_in_a_segment_names_the_link_and_the_slot(void **state)
{
    struct wrong_bench *bench = &the_bench;
    enum { SEGMENT = ENGINE_MEMORY_BASE + 0x4000 };
    wrong_begin(bench, state, 13);
    ring_put(&bench->ring, &(struct descriptor){ .source = wrong_source(0),
                                                 .destination = wrong_target(0),
                                                 .length = WRONG_LENGTH,
                                                 .tag = 0x100,
                                                 .flags = DESCRIPTOR_WRITE_BACK });
    memory_permit(bench->engine->memory, wrong_target(0), WRONG_COUNT * WRONG_PLACE);
    for (unsigned i = 0; i < 6; i++)
        descriptor_write(bench->engine, SEGMENT + i * SLOT_BYTES,
                         &(struct descriptor){ .source = wrong_source(i + 1), .destination = wrong_target(i + 1),
                                               .length = i == 2 ? 0 : WRONG_LENGTH, .flags = DESCRIPTOR_WRITE_BACK }, 1);
    ring_put(&bench->ring, &(struct descriptor){ .type = DRAY_DESC_TYPE_LINK, .source = SEGMENT, .length = 6 });
    ring_put(&bench->ring, &(struct descriptor){ .source = wrong_source(7),
                                                 .destination = wrong_target(7),
                                                 .length = WRONG_LENGTH,
                                                 .flags = DESCRIPTOR_IRQ });
    ring_doorbell(&bench->ring);
    engine_wait_state(bench->engine, 0, DRAY_CHANNEL_STATE_HALTED, WRONG_LIMIT);
    struct halt halt = ring_halt(&bench->ring);
    assert_int_equal(halt.cause, DRAY_CAUSE_LENGTH);
    assert_int_equal(halt.failed, 1);
    assert_int_equal(halt.failed_addr, SEGMENT + 2 * SLOT_BYTES);
    assert_int_equal(halt.next, 1);
    assert_int_equal(halt.next_addr, SEGMENT + 3 * SLOT_BYTES);
    ring_acknowledge(&bench->ring, 7);
    ring_command(&bench->ring, DRAY_CHANNEL_COMMAND_RESUME_MASK);
    ring_wait_empty(&bench->ring, WRONG_LIMIT);
    for (unsigned i = 0; i < 8; i++)
        if (i != 3)
            assert_memory_equal(memory_at(bench->engine->memory, wrong_target(i), WRONG_LENGTH),
                                memory_at(bench->engine->memory, wrong_source(i), WRONG_LENGTH), WRONG_LENGTH);
    assert_memory_equal(memory_at(bench->engine->memory, wrong_target(3), WRONG_LENGTH),
                        memory_expected(bench->engine->memory, wrong_target(3), WRONG_LENGTH), WRONG_LENGTH);
    testing_clean(bench->engine);
}

int main(void)
{
    const struct testing_case cases[] = {
        TESTING_CASE(skip_leaves_descriptors_out_and_drop_leaves_all_out),
        TESTING_CASE(two_errors_are_two_halts),
        TESTING_CASE(an_error_in_a_segment_names_the_link_and_the_slot),
    };
    TESTING_ADD(testing_all, cases);
    return testing_run("resume");
}
