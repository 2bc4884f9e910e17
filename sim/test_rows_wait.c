// SPDX-License-Identifier: Apache-2.0
//
// A descriptor of two slots comes in by halves: whatever happens to its channel between the two, the channel comes to rest, and
// the ring goes on where it should.
// HW-03, HW-09, HW-10, HW-15.
#include "testing.h"

#include <string.h>

enum {
    RING     = ENGINE_MEMORY_BASE,
    SLOTS_LG = 5,
    SEGMENT  = ENGINE_MEMORY_BASE + 0x10000,
    SOURCE   = ENGINE_MEMORY_BASE + 0x20000,
    TARGET   = ENGINE_MEMORY_BASE + 0x80000,
    OPEN     = 0x100000,
    LIMIT    = 300000,
    IDLE     = 300, // cycles in which a first slot certainly comes in
};

static struct engine *engine;
static struct ring    ring;

static const struct descriptor rows = { .type = DRAY_DESC_TYPE_ROWS, .source = SOURCE, .destination = TARGET + 0x8000,
                                        .length = 64, .rows = 5, .source_stride = 96, .destination_stride = 64 };

static void begin(void **state, const struct engine_config *config)
{
    engine = testing_begin(state, config, &ring, RING, SLOTS_LG);
}

static void expect_rows(void)
{
    for (unsigned i = 0; i < rows.rows; i++)
        testing_expect_copy(engine, rows.source + (uint64_t)((int64_t)rows.source_stride * i),
                            rows.destination + (uint64_t)((int64_t)rows.destination_stride * i), rows.length);
}

// A copy, and rows of which the doorbell tells only the first slot.
static void put_half(void)
{
    ring.may_fail = true;
    ring_put(&ring, &(struct descriptor){ .source = SOURCE, .destination = TARGET, .length = 256 });
    ring_put(&ring, &rows);
    ring.producer--;
    ring_doorbell(&ring);
}

static void go_on_with_the_other_half(uint16_t next)
{
    assert_int_equal(ring_halt(&ring).next, next);
    ring.producer++;
    expect_rows();
    ring_doorbell(&ring);
    ring_command(&ring, DRAY_CHANNEL_COMMAND_RESUME_MASK);
    ring_wait_empty(&ring, LIMIT);
    for (uint16_t i = 0; i < ring.producer; i++) testing_expect_slot(engine, ring_slot(&ring, i));
    testing_memory(engine);
    testing_clean(engine);
}

static void a_late_error_ends_a_channel_that_waits_for_a_second_slot(void **state)
{
    begin(state, &(struct engine_config){ .latency = 4, .open_bytes = OPEN });
    memory_fault_add(engine->memory, &(struct memory_fault){ .direction = MEMORY_WRITE, .first = TARGET + 64, .last = TARGET + 64,
                                                             .count = 1, .resp = BUS_SLVERR, .beat = MEMORY_ALL_BEATS,
                                                             .delay = IDLE });
    testing_expect_copy(engine, SOURCE, TARGET, 256);
    put_half();
    engine_wait_state(engine, 0, DRAY_CHANNEL_STATE_HALTED, LIMIT);
    struct halt halt = ring_halt(&ring);
    assert_int_equal(halt.cause, DRAY_CAUSE_WRITE_SLVERR);
    assert_int_equal(halt.failed, 0);
    // Behind a write that failed nothing is known of the copy's own bytes.
    memcpy(memory_expected(engine->memory, TARGET, 256), memory_at(engine->memory, TARGET, 256), 256);
    go_on_with_the_other_half(1);
}

static void an_abort_ends_a_channel_that_waits_for_a_second_slot(void **state)
{
    begin(state, &(struct engine_config){ .latency = 4, .open_bytes = OPEN });
    testing_expect_copy(engine, SOURCE, TARGET, 256);
    put_half();
    engine_clocks(engine, IDLE);
    assert_int_equal(ring_consumer(&ring), 1);
    ring_command(&ring, DRAY_CHANNEL_COMMAND_ABORT_MASK);
    engine_wait_state(engine, 0, DRAY_CHANNEL_STATE_STOPPED, LIMIT);
    go_on_with_the_other_half(1);
}

static void a_cyclic_ring_of_blocks_ends_its_period_at_any_time(void **state)
{
    for (unsigned wait = 1; wait < 150; wait++) {
        begin(state, &(struct engine_config){ .latency = 1 + wait % 3, .open_bytes = OPEN });
        ring_stop(&ring, LIMIT);
        ring = (struct ring){ .engine = engine, .base = RING, .slots_lg = 2 };
        for (uint32_t at = 0; at < 4; at += 2) {
            descriptor_write(engine, RING + at * SLOT_BYTES, &rows, 0);
            descriptor_write_second(engine, RING + (at + 1) * SLOT_BYTES, &rows, 0);
        }
        expect_rows();
        ring_start_cyclic(&ring, engine, 0, RING, 2);
        engine_clocks(engine, wait);
        ring_command(&ring, DRAY_CHANNEL_COMMAND_END_PERIOD_MASK);
        engine_wait_state(engine, 0, DRAY_CHANNEL_STATE_STOPPED, LIMIT);
        assert_int_equal(ring_halt(&ring).next % 2, 0);
        assert_int_equal(ring_consumer(&ring), ring_halt(&ring).next);
        if (ring_consumer(&ring) != 0) testing_memory(engine);
        testing_clean(engine);
    }
}

// How many descriptors are fetched ahead, and in which bursts, is the engine's own matter: so every length, behind a fence.
static void the_last_block_of_a_segment_may_stand_in_two_bursts(void **state)
{
    begin(state, &(struct engine_config){ .latency = 6, .open_bytes = OPEN });
    for (unsigned singles = 1; singles < 60; singles++) {
        struct descriptor one = { .source = SOURCE + 0x1000, .destination = TARGET, .length = 2048 };
        testing_expect_copy(engine, one.source, one.destination, one.length);
        ring_put(&ring, &one);
        unsigned generation = ring_generation(&ring, ring.producer);
        for (unsigned i = 0; i < singles; i++) {
            one = (struct descriptor){ .source = SOURCE + 0x2000 + 64 * i, .destination = TARGET + 0x1000 + 16 * i, .length = 16,
                                       .flags = i == 0 ? DESCRIPTOR_FENCE : 0 };
            testing_expect_copy(engine, one.source, one.destination, one.length);
            descriptor_write(engine, SEGMENT + i * SLOT_BYTES, &one, generation);
        }
        descriptor_write(engine, SEGMENT + singles * SLOT_BYTES, &rows, generation);
        descriptor_write_second(engine, SEGMENT + (singles + 1) * SLOT_BYTES, &rows, generation);
        expect_rows();
        ring_put(&ring, &(struct descriptor){ .type = DRAY_DESC_TYPE_LINK, .source = SEGMENT, .length = singles + 2 });
        ring_doorbell(&ring);
        ring_wait_empty(&ring, LIMIT);
        testing_memory(engine);
    }
    testing_clean(engine);
}

int main(void)
{
    const struct testing_case cases[] = {
        TESTING_CASE(a_late_error_ends_a_channel_that_waits_for_a_second_slot),
        TESTING_CASE(an_abort_ends_a_channel_that_waits_for_a_second_slot),
        TESTING_CASE(a_cyclic_ring_of_blocks_ends_its_period_at_any_time),
        TESTING_CASE(the_last_block_of_a_segment_may_stand_in_two_bursts),
    };
    TESTING_ADD(testing_widths, cases);
    return testing_run("rows_wait");
}
