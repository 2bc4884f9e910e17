// SPDX-License-Identifier: Apache-2.0
//
// A memory that does not answer is reported in time, nothing more is asked of it, and a late answer ends in order.
#include "hung.h"

#include <string.h>

enum {
    COUNT = 24,
    HUNG  = 9, // the descriptor that is not answered
    ALL   = 15,
};

static struct engine *engine;
static struct ring    ring;

static uint32_t length_of(unsigned i) { return 40 + i * 176 % 900; }
static uint32_t source_of(unsigned i) { return HUNG_SOURCE + i * HUNG_PLACE + i % 5; }
static uint32_t target_of(unsigned i) { return HUNG_TARGET + i * HUNG_PLACE + i % 7; }

static void put_all(void)
{
    for (unsigned i = 0; i < COUNT; i++) {
        testing_expect_copy(engine, source_of(i), target_of(i), length_of(i));
        ring_put(&ring, &(struct descriptor){ .source = source_of(i), .destination = target_of(i), .length = length_of(i),
                                              .flags = i % 3 == 0 ? DESCRIPTOR_WRITE_BACK : 0, .tag = i });
    }
}

// Only the last to have begun can have been cut short; what it moved is there.
static void expect_cut(unsigned i, uint32_t moved, unsigned next)
{
    assert_int_equal(i, next - 1);
    assert_in_range(moved, 0, length_of(i) - 1);
    assert_memory_equal(memory_at(engine->memory, source_of(i), length_of(i)), memory_at(engine->memory, target_of(i), length_of(i)),
                        moved);
    memcpy(memory_expected(engine->memory, target_of(i), length_of(i)) + moved,
           memory_at(engine->memory, target_of(i), length_of(i)) + moved, length_of(i) - moved);
}

// The late answer comes: it halts at what was late, and goes on behind it as after any error.
static void expect_late_end(unsigned late, bool begun)
{
    memory_answer(engine->memory);
    engine_wait_state(engine, 0, DRAY_CHANNEL_STATE_HALTED, HUNG_LIMIT);
    struct halt halt = ring_halt(&ring);
    // A write-back behind the write that was not answered came late too, and its descriptor is the older one.
    if (begun && halt.failed < late && halt.failed % 3 == 0 && halt.failed + 3u >= late) late = halt.failed;
    assert_int_equal(halt.cause, DRAY_CAUSE_WATCHDOG);
    assert_int_equal(halt.failed, late);
    assert_int_equal(halt.failed_addr, ring_slot(&ring, (uint16_t)late));
    assert_int_equal(ring_consumer(&ring), late);
    assert_int_equal(ring_interrupts(&ring) & ALL & ~1u, HUNG_BITTEN | DRAY_CHANNEL_IRQ_STATUS_HALTED_MASK);
    if (!begun) assert_int_equal(halt.next, late);
    if (!begun) assert_int_equal(halt.moved, 0);
    if (begun) assert_in_range(halt.next, HUNG + 1, COUNT);
    for (unsigned i = 0; i < halt.next; i++) {
        if (i >= HUNG || i % 3 == 0) {
            struct write_back back = ring_write_back(&ring, ring_slot(&ring, (uint16_t)i));
            assert_int_equal(back.tag, i);
            if (back.moved != length_of(i)) expect_cut(i, back.moved, halt.next); // else late, but all of it came
            assert_true(back.cause == DRAY_CAUSE_NONE || (i == late && back.cause == DRAY_CAUSE_WATCHDOG) ||
                        (i != late && back.moved != length_of(i) && back.cause == DRAY_CAUSE_ABORTED));
        }
        testing_expect_slot(engine, ring_slot(&ring, (uint16_t)i));
    }
    ring_acknowledge(&ring, ALL);
    memory_faults_clear(engine->memory);
    ring_command(&ring, DRAY_CHANNEL_COMMAND_RESUME_MASK);
    ring_wait_empty(&ring, HUNG_LIMIT);
    for (unsigned i = halt.next; i < COUNT; i++) testing_expect_slot(engine, ring_slot(&ring, (uint16_t)i));
    testing_memory(engine);
    testing_clean(engine);
}

static void hang_and_answer(void **state, enum memory_direction direction, uint32_t first, uint32_t count, bool begun)
{
    const unsigned latencies[] = { 1, 13, 90 }, units[] = { 1, 3 };
    for (unsigned l = 0; l < 3; l++) {
        for (unsigned u = 0; u < 2; u++) {
            engine = hung_begin(state, &(struct engine_config){ .latency = latencies[l], .open_bytes = HUNG_OPEN }, units[u], &ring);
            put_all();
            hung_from(engine, direction, first, count);
            ring_doorbell(&ring);
            hung_expect_bite(&ring, units[u]);
            expect_late_end(HUNG, begun);
        }
    }
}

static void a_descriptor_that_does_not_come_is_reported(void **state)
{
    engine = hung_begin(state, &(struct engine_config){ .latency = 13, .open_bytes = HUNG_OPEN }, 2, &ring);
    put_all();
    uint16_t all = ring.producer; // the first ones alone, so that the fetch of HUNG begins with it
    ring.producer = HUNG;
    ring_doorbell(&ring);
    ring_wait_empty(&ring, HUNG_LIMIT);
    hung_from(engine, MEMORY_READ, HUNG_RING + HUNG * SLOT_BYTES, SLOT_BYTES);
    ring.producer = all;
    ring_doorbell(&ring);
    hung_expect_bite(&ring, 2);
    expect_late_end(HUNG, false);
}

static void data_that_does_not_come_is_reported(void **state)
{
    hang_and_answer(state, MEMORY_READ, HUNG_SOURCE + HUNG * HUNG_PLACE, HUNG_PLACE, false);
}

static void a_write_that_is_not_answered_is_reported(void **state)
{
    hang_and_answer(state, MEMORY_WRITE, HUNG_TARGET + HUNG * HUNG_PLACE, HUNG_PLACE, true);
}

static void a_write_back_that_is_not_answered_is_reported(void **state)
{
    hang_and_answer(state, MEMORY_WRITE, HUNG_RING + HUNG * SLOT_BYTES, SLOT_BYTES, true);
}

// The memory takes no address while it owes an answer: the one that is shown stays, and no other comes.
static void an_address_that_is_not_taken_is_reported(void **state)
{
    engine = hung_begin(state, &(struct engine_config){ .latency = 13, .open_bytes = HUNG_OPEN, .outstanding = 1 }, 2, &ring);
    put_all();
    hung_from(engine, MEMORY_WRITE, HUNG_TARGET + HUNG * HUNG_PLACE, HUNG_PLACE);
    ring_doorbell(&ring);
    hung_expect_bite(&ring, 2);
    memory_answer(engine->memory);
    engine_wait_state(engine, 0, DRAY_CHANNEL_STATE_HALTED, HUNG_LIMIT);
    assert_int_equal(ring_halt(&ring).failed, HUNG);
    assert_int_equal(ring_halt(&ring).cause, DRAY_CAUSE_WATCHDOG);
    assert_in_range(ring_halt(&ring).next, HUNG + 1, COUNT);
    testing_clean(engine);
}

// The rest of it is not asked for when the answer comes at last.
static void a_long_descriptor_goes_no_further(void **state)
{
    engine = hung_begin(state, &(struct engine_config){ .latency = 13, .open_bytes = HUNG_OPEN }, 2, &ring);
    ring_put(&ring, &(struct descriptor){ .source = HUNG_SOURCE, .destination = HUNG_TARGET, .length = 0x8000 });
    memory_permit(engine->memory, HUNG_TARGET, 0x8000);
    hung_from(engine, MEMORY_WRITE, HUNG_TARGET, 16);
    ring_doorbell(&ring);
    hung_expect_bite(&ring, 2);
    struct memory_counts before = *memory_counts(engine->memory);
    memory_answer(engine->memory);
    engine_wait_state(engine, 0, DRAY_CHANNEL_STATE_HALTED, HUNG_LIMIT);
    assert_in_range(memory_counts(engine->memory)->ar - before.ar, 0, 2); // an address that was shown is taken
    assert_in_range(memory_counts(engine->memory)->aw - before.aw, 0, 2); // and its status written
    struct halt halt = ring_halt(&ring);
    assert_int_equal(halt.cause, DRAY_CAUSE_WATCHDOG);
    assert_int_equal(halt.failed, 0);
    assert_int_equal(halt.next, 1);
    assert_in_range(halt.moved, 1, 0x7fff);
    assert_int_equal(ring_write_back(&ring, HUNG_RING).moved, halt.moved);
    assert_memory_equal(memory_at(engine->memory, HUNG_SOURCE, 0x8000), memory_at(engine->memory, HUNG_TARGET, 0x8000), halt.moved);
    testing_clean(engine);
}

static void a_slow_memory_is_not_bitten(void **state)
{
    engine = hung_begin(state, &(struct engine_config){ .latency = 200, .spread = 40, .open_bytes = HUNG_OPEN }, 1, &ring);
    memory_set_stalls(engine->memory, (struct memory_stalls){ 150, 150, 150, 150, 150 });
    put_all();
    ring_doorbell(&ring);
    ring_wait_empty(&ring, HUNG_LIMIT);
    assert_int_equal(ring_interrupts(&ring), 0);
    for (unsigned i = 0; i < COUNT; i++) testing_expect_slot(engine, ring_slot(&ring, (uint16_t)i));
    testing_memory(engine);
    testing_clean(engine);
}

static void zero_is_off(void **state)
{
    engine = hung_begin(state, &(struct engine_config){ .latency = 13, .open_bytes = HUNG_OPEN }, 0, &ring);
    put_all();
    hung_from(engine, MEMORY_WRITE, HUNG_TARGET + HUNG * HUNG_PLACE, HUNG_PLACE);
    ring_doorbell(&ring);
    engine_clocks(engine, 10000);
    assert_int_equal(ring_interrupts(&ring), 0);
    assert_int_equal(engine_state(engine, 0), DRAY_CHANNEL_STATE_RUNNING);
    engine_write(engine, DRAY_WATCHDOG, 4); // now it is on
    engine_wait_irq(engine, 2 * 4 * HUNG_UNIT + HUNG_SLACK);
    expect_late_end(HUNG, true);
}

static void an_idle_channel_is_left_alone_and_a_waiting_one_is_not(void **state)
{
    engine = hung_begin(state, &(struct engine_config){ .latency = 13, .open_bytes = HUNG_OPEN }, 2, &ring);
    struct ring other;
    ring_start(&other, engine, 1, HUNG_RING + 0x8000, 4);
    put_all();
    hung_from(engine, MEMORY_READ, HUNG_SOURCE + HUNG * HUNG_PLACE, HUNG_PLACE);
    ring_doorbell(&ring);
    hung_expect_bite(&ring, 2);
    assert_int_equal(engine_state(engine, 1), DRAY_CHANNEL_STATE_RUNNING);
    assert_int_equal(ring_interrupts(&other), 0);
    testing_expect_copy(engine, HUNG_SOURCE, HUNG_OTHER, 64); // behind the read that does not come
    ring_put(&other, &(struct descriptor){ .source = HUNG_SOURCE, .destination = HUNG_OTHER, .length = 64 });
    ring_doorbell(&other);
    engine_wait_state(engine, 1, DRAY_CHANNEL_STATE_DRAINING, 3 * 2 * HUNG_UNIT);
    assert_int_equal(ring_interrupts(&other), HUNG_BITTEN);
    memory_answer(engine->memory);
    engine_wait_state(engine, 1, DRAY_CHANNEL_STATE_HALTED, HUNG_LIMIT);
    assert_int_equal(ring_halt(&other).cause, DRAY_CAUSE_WATCHDOG);
    assert_int_equal(ring_halt(&other).failed, 0);
    assert_int_equal(ring_halt(&other).next, 0);
    ring_acknowledge(&other, ALL);
    ring_command(&other, DRAY_CHANNEL_COMMAND_RESUME_MASK);
    ring_wait_empty(&other, HUNG_LIMIT);
    expect_late_end(HUNG, false);
}

static void an_abort_of_a_hung_channel_is_bitten_too(void **state)
{
    engine = hung_begin(state, &(struct engine_config){ .latency = 13, .open_bytes = HUNG_OPEN }, 12, &ring);
    put_all();
    hung_from(engine, MEMORY_WRITE, HUNG_TARGET + HUNG * HUNG_PLACE, HUNG_PLACE);
    ring_doorbell(&ring);
    engine_clocks(engine, 2000);
    ring_command(&ring, DRAY_CHANNEL_COMMAND_ABORT_MASK);
    hung_expect_bite(&ring, 12);
    ring_acknowledge(&ring, ALL);
    engine_write(engine, DRAY_CHANNEL_CONTROL(0), 0); // nor does switching it off end it
    engine_clocks(engine, 8000);
    assert_int_equal(engine_state(engine, 0), DRAY_CHANNEL_STATE_DRAINING);
    assert_int_equal(ring_interrupts(&ring), 0); // it bites once
    memory_answer(engine->memory);
    engine_wait_state(engine, 0, DRAY_CHANNEL_STATE_OFF, HUNG_LIMIT);
    ring_start(&ring, engine, 0, HUNG_RING, 6);
    put_all();
    ring_doorbell(&ring);
    ring_wait_empty(&ring, HUNG_LIMIT);
    testing_clean(engine);
}

int main(void)
{
    const struct testing_case cases[] = {
        TESTING_CASE(a_descriptor_that_does_not_come_is_reported),
        TESTING_CASE(data_that_does_not_come_is_reported),
        TESTING_CASE(a_write_that_is_not_answered_is_reported),
        TESTING_CASE(a_write_back_that_is_not_answered_is_reported),
        TESTING_CASE(an_address_that_is_not_taken_is_reported),
        TESTING_CASE(a_long_descriptor_goes_no_further),
        TESTING_CASE(a_slow_memory_is_not_bitten),
        TESTING_CASE(zero_is_off),
        TESTING_CASE(an_idle_channel_is_left_alone_and_a_waiting_one_is_not),
        TESTING_CASE(an_abort_of_a_hung_channel_is_bitten_too),
    };
    TESTING_ADD(testing_options, cases);
    return testing_run("watchdog");
}
