// SPDX-License-Identifier: Apache-2.0
//
// A cyclic ring goes round by itself until it is told to end at a period; a screen is fed like this.
#include "testing.h"

enum {
    RING    = ENGINE_MEMORY_BASE,
    SOURCE  = ENGINE_MEMORY_BASE + 0x20000,
    OPEN    = 0x40000,
    LIMIT   = 200000,
    LENGTH  = 500,
    PLACE   = 512,
};

static struct engine *engine;
static struct ring    ring;
static struct sink   *sink;

static void begin(void **state, unsigned slots_lg)
{
    engine = testing_engine(state, &(struct engine_config){ .latency = 13, .open_bytes = OPEN });
    testing_fill(engine, testing_seed());
    sink = &engine->sinks[0];
    sink_clear(sink);
    ring_start_cyclic(&ring, engine, 0, RING, slots_lg);
}

static struct descriptor line(unsigned i)
{
    return (struct descriptor){ .source = SOURCE + i * PLACE, .length = LENGTH, .flags = DESCRIPTOR_TO_STREAM };
}

// The channel is enabled with its ring already written: it starts by itself.
static void restart(unsigned slots_lg)
{
    ring_stop(&ring, LIMIT);
    ring_acknowledge(&ring, 7);
    sink_clear(sink);
    for (unsigned i = 0; i < 1u << slots_lg; i++) {
        struct descriptor descriptor = line(i);
        descriptor_write(engine, RING + i * SLOT_BYTES, &descriptor, 0);
    }
}

static void expect_lines(unsigned from, unsigned to, unsigned slots)
{
    assert_true(sink->packets >= to);
    for (unsigned n = from; n < to; n++) {
        size_t at = n == 0 ? 0 : sink->packet_end[n - 1];
        assert_int_equal(sink->packet_end[n] - at, LENGTH);
        assert_false(sink->packet_cut[n]);
        assert_memory_equal(sink->bytes + at, memory_at(engine->memory, SOURCE + n % slots * PLACE, LENGTH), LENGTH);
    }
}

// With the producer at 0 no index below it fell on any slot: every slot is of the lap before the first, parity 0.
static void a_cyclic_ring_goes_round_by_itself(void **state)
{
    enum { SLOTS_LG = 3 };
    begin(state, SLOTS_LG);
    restart(SLOTS_LG);
    ring_start_cyclic(&ring, engine, 0, RING, SLOTS_LG);
    while (sink->packets < 60) engine_clock(engine);
    expect_lines(0, 60, 1 << SLOTS_LG);
    assert_int_equal(engine_state(engine, 0), DRAY_CHANNEL_STATE_RUNNING);
    testing_clean(engine);
}

static void end_period_stops_after_a_whole_descriptor(void **state)
{
    enum { SLOTS_LG = 2 };
    begin(state, SLOTS_LG);
    for (unsigned when = 20; when < 1200; when += 67) {
        restart(SLOTS_LG);
        sink->mode   = SINK_RANDOM;
        sink->chance = 128;
        ring_start_cyclic(&ring, engine, 0, RING, SLOTS_LG);
        engine_clocks(engine, when);
        ring_command(&ring, DRAY_CHANNEL_COMMAND_END_PERIOD_MASK);
        engine_wait_state(engine, 0, DRAY_CHANNEL_STATE_STOPPED, LIMIT);
        assert_true(engine_quiet(engine, 100));
        unsigned packets = sink->packets;
        assert_int_equal(sink->count, packets * LENGTH);
        expect_lines(0, packets, 1 << SLOTS_LG);
        assert_int_equal(ring_halt(&ring).next, packets);
        ring_acknowledge(&ring, 7);
        ring_command(&ring, DRAY_CHANNEL_COMMAND_RESUME_MASK); // and goes on where it stood
        while (sink->packets < packets + 6) engine_clock(engine);
        expect_lines(0, packets + 6, 1 << SLOTS_LG);
        testing_clean(engine);
    }
}

// New descriptors for a ring that runs: written with the parity of their index, then the producer tells of them.
static void the_producer_says_which_generation_each_slot_has(void **state)
{
    enum { SLOTS_LG = 2, SLOTS = 1 << SLOTS_LG };
    begin(state, SLOTS_LG);
    ring_stop(&ring, LIMIT);
    ring_acknowledge(&ring, 7);
    sink_clear(sink);
    // The whole ring is published before the channel runs its first round: all of parity 1.
    ring_start(&ring, engine, 0, RING, SLOTS_LG);
    ring_stop(&ring, LIMIT);
    ring_acknowledge(&ring, 7);
    for (unsigned i = 0; i < SLOTS; i++) {
        struct descriptor descriptor = line(i);
        descriptor_write(engine, RING + i * SLOT_BYTES, &descriptor, 1);
    }
    // Between enabling and the doorbell a slot of parity 0 is expected, so the ring's memory is closed until then.
    ring_start_cyclic(&ring, engine, 0, RING, SLOTS_LG);
    engine_wait_state(engine, 0, DRAY_CHANNEL_STATE_HALTED, LIMIT);
    assert_int_equal(ring_halt(&ring).cause, DRAY_CAUSE_GENERATION);
    ring.producer = SLOTS;
    ring_doorbell(&ring);
    ring_acknowledge(&ring, 7);
    for (unsigned next = ring_halt(&ring).next; next % SLOTS != 0; next++) ring_command(&ring, DRAY_CHANNEL_COMMAND_SKIP_MASK);
    ring_command(&ring, DRAY_CHANNEL_COMMAND_RESUME_MASK);
    while (sink->packets < 13) engine_clock(engine);
    expect_lines(0, 13, SLOTS);
    assert_int_equal(engine_state(engine, 0), DRAY_CHANNEL_STATE_RUNNING);
    testing_clean(engine);
}

static void a_stale_slot_stops_a_cyclic_ring(void **state)
{
    enum { SLOTS_LG = 3 };
    begin(state, SLOTS_LG);
    restart(SLOTS_LG);
    struct descriptor wrong = line(5);
    descriptor_write(engine, RING + 5 * SLOT_BYTES, &wrong, 1);
    ring_start_cyclic(&ring, engine, 0, RING, SLOTS_LG);
    engine_wait_state(engine, 0, DRAY_CHANNEL_STATE_HALTED, LIMIT);
    assert_int_equal(ring_halt(&ring).cause, DRAY_CAUSE_GENERATION);
    assert_int_equal(ring_halt(&ring).failed, 5);
    assert_int_equal(ring_halt(&ring).next, 6);
    assert_int_equal(sink->packets, 5);
    expect_lines(0, 5, 8);
    testing_clean(engine); // no status was written: its slot is a guard
}

static void write_back_in_a_cyclic_ring_is_an_error(void **state)
{
    enum { SLOTS_LG = 2 };
    begin(state, SLOTS_LG);
    restart(SLOTS_LG);
    struct descriptor wrong = line(2);
    wrong.flags |= DESCRIPTOR_WRITE_BACK;
    descriptor_write(engine, RING + 2 * SLOT_BYTES, &wrong, 0);
    memory_forbid(engine->memory, RING, 0x1000);
    ring_start_cyclic(&ring, engine, 0, RING, SLOTS_LG);
    engine_wait_state(engine, 0, DRAY_CHANNEL_STATE_HALTED, LIMIT);
    assert_int_equal(ring_halt(&ring).cause, DRAY_CAUSE_TYPE);
    assert_int_equal(ring_halt(&ring).failed, 2);
    testing_clean(engine);
}

static void a_screen_beside_a_busy_copy_never_runs_dry(void **state)
{
    enum { SLOTS_LG = 4, COPIES = 60 };
    begin(state, SLOTS_LG);
    restart(SLOTS_LG);
    struct ring other;
    ring_start(&other, engine, 1, RING + 0x8000, 6);
    engine_guard(engine, 1, ENGINE_MEMORY_BASE + 0x100000, 0x100000, ENGINE_READ | ENGINE_WRITE);
    for (unsigned i = 0; i < COPIES; i++) {
        uint32_t from = ENGINE_MEMORY_BASE + 0x100000 + i % 8 * 4096, to = ENGINE_MEMORY_BASE + 0x180000 + i * 4096;
        testing_expect_copy(engine, from, to, 4096);
        ring_put(&other, &(struct descriptor){ .source = from, .destination = to, .length = 4096,
                                               .flags = i + 1 == COPIES ? DESCRIPTOR_IRQ : 0 });
    }
    for (unsigned i = 0; i < 16; i++) { // whole beats, so that one byte a cycle is exact
        struct descriptor whole = line(i);
        whole.length            = 512;
        descriptor_write(engine, RING + i * SLOT_BYTES, &whole, 0);
    }
    sink->mode   = SINK_PACED;
    sink->period = engine->width_bytes;
    ring_start_cyclic(&ring, engine, 0, RING, SLOTS_LG);
    engine_clocks(engine, 400);
    sink->underruns = 0;
    ring_doorbell(&other);
    ring_wait_done(&other, LIMIT);
    assert_int_equal(sink->underruns, 0);
    testing_memory(engine);
    testing_clean(engine);
}

int main(void)
{
    const struct testing_case cases[] = {
        TESTING_CASE(a_cyclic_ring_goes_round_by_itself),
        TESTING_CASE(end_period_stops_after_a_whole_descriptor),
        TESTING_CASE(the_producer_says_which_generation_each_slot_has),
        TESTING_CASE(a_stale_slot_stops_a_cyclic_ring),
        TESTING_CASE(write_back_in_a_cyclic_ring_is_an_error),
        TESTING_CASE(a_screen_beside_a_busy_copy_never_runs_dry),
    };
    TESTING_ADD(testing_streams, cases);
    return testing_run("cyclic");
}
