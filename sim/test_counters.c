// SPDX-License-Identifier: Apache-2.0
//
// The counters say what the bus saw, to the last byte and clock; a snapshot holds still, and one that clears loses nothing.
#include "testing.h"

enum {
    RING   = ENGINE_MEMORY_BASE,
    SOURCE = ENGINE_MEMORY_BASE + 0x20000,
    TARGET = ENGINE_MEMORY_BASE + 0x60000,
    HALF   = 0x8000, // of channel 1: so much behind channel 0's
    CLOSED = 0x100000, // nobody may touch it
    OPEN   = 0x80000,
    LIMIT  = 100000,
    SLOTS  = 6,
};

struct counts { uint64_t bytes, bursts, busy, stall, faults; };

static struct engine *engine;
static struct ring    rings[2];
static struct counts  bus[2]; // what the bus saw; busy: clocks in which something came back

static void note(void *user, const struct memory_event *event)
{
    static uint64_t last[2];
    (void)user;
    unsigned channel = event->addr / HALF % 2;
    bool     came    = event->kind == MEMORY_R || event->kind == MEMORY_B;
    bus[channel].bursts += event->kind == MEMORY_AR || event->kind == MEMORY_AW;
    if (came && (bus[channel].busy == 0 || last[channel] != event->cycle)) bus[channel].busy++;
    if (came) last[channel] = event->cycle;
}

static void begin(void **state, unsigned latency)
{
    engine = testing_engine(state, &(struct engine_config){ .latency = latency, .open_bytes = OPEN });
    testing_fill(engine, testing_seed());
    memory_permit(engine->memory, TARGET, 2 * HALF);
    memory_log(engine->memory, note, NULL);
    for (unsigned c = 0; c < 2; c++) {
        bus[c] = (struct counts){ 0 };
        ring_start(&rings[c], engine, c, RING + c * HALF, SLOTS);
        rings[c].may_fail = true;
    }
}

static uint64_t value(unsigned channel, unsigned counter)
{
    uint32_t at = DRAY_CHANNEL_COUNT_BYTES(channel) + 8 * counter;
    return engine_read(engine, at) | (uint64_t)engine_read(engine, at + 4) << 32;
}

static struct counts snapshot(unsigned channel, uint32_t clear)
{
    engine_write(engine, DRAY_CHANNEL_SNAPSHOT(channel), DRAY_CHANNEL_SNAPSHOT_TAKE_MASK | clear);
    for (unsigned i = 0; engine_read(engine, DRAY_CHANNEL_SNAPSHOT(channel)) & DRAY_CHANNEL_SNAPSHOT_PENDING_MASK; i++)
        assert_true(i < 40);
    return (struct counts){ value(channel, 0), value(channel, 1), value(channel, 2), value(channel, 3), value(channel, 4) };
}

static uint64_t put(unsigned channel, unsigned count, uint32_t length)
{
    for (unsigned i = 0; i < count; i++)
        ring_put(&rings[channel], &(struct descriptor){ .source = SOURCE + channel * HALF + i * 8, .length = length,
                                                        .destination = TARGET + channel * HALF + i * 32, .flags = i % 3 ? 0 : DESCRIPTOR_WRITE_BACK });
    ring_doorbell(&rings[channel]);
    return (uint64_t)count * length;
}

static void expect(unsigned channel, const struct counts *counts, uint64_t bytes)
{
    assert_int_equal(counts->bytes, bytes);
    assert_int_equal(counts->bursts, bus[channel].bursts);
}

static void they_begin_at_zero_and_an_idle_channel_counts_nothing(void **state)
{
    begin(state, 5);
    engine_clocks(engine, 1000);
    for (unsigned c = 0; c < 2; c++) {
        struct counts counts = snapshot(c, 0);
        assert_int_equal(counts.bytes + counts.bursts + counts.busy + counts.stall + counts.faults, 0);
    }
    testing_clean(engine);
}

static void they_say_what_the_bus_saw(void **state)
{
    const unsigned latencies[] = { 1, 13, 100 };
    for (unsigned l = 0; l < 3; l++) {
        begin(state, latencies[l]);
        uint64_t before = engine_cycle(engine);
        uint64_t first = put(0, 60, 32), second = put(1, 50, 1000);
        ring_wait_empty(&rings[0], LIMIT);
        ring_wait_empty(&rings[1], LIMIT);
        engine_clocks(engine, 10);
        uint64_t      took   = engine_cycle(engine) - before;
        struct counts counts = snapshot(0, 0), other = snapshot(1, 0);
        expect(0, &counts, first);
        expect(1, &other, second);
        assert_in_range(counts.busy, 60, took);
        assert_in_range(other.busy, 50 * 1000 / engine->width_bytes, took);
        assert_true(other.busy > counts.busy);
        assert_int_equal(counts.faults + other.faults, 0);
        testing_clean(engine);
    }
}

// Without write-backs every end of a write is a response of the bus.
static void busy_and_stalled_clocks_differ_by_those_in_which_something_came(void **state)
{
    const unsigned latencies[] = { 1, 13, 100 };
    for (unsigned l = 0; l < 3; l++) {
        begin(state, latencies[l]);
        for (unsigned i = 0; i < 20; i++)
            ring_put(&rings[0], &(struct descriptor){ .source = SOURCE + i * 8, .length = 500, .destination = TARGET + i * 512 });
        ring_doorbell(&rings[0]);
        ring_wait_empty(&rings[0], LIMIT);
        engine_clocks(engine, 10);
        struct counts counts = snapshot(0, 0);
        assert_int_equal(counts.busy - counts.stall, bus[0].busy);
        assert_true(counts.stall >= latencies[l]);
        struct counts later = snapshot(0, 0); // it idles
        assert_int_equal(later.busy, counts.busy);
        assert_int_equal(later.stall, counts.stall);
        testing_clean(engine);
    }
}

static void what_is_shown_holds_still(void **state)
{
    begin(state, 13);
    put(0, 60, 200);
    engine_clocks(engine, 300);
    struct counts counts = snapshot(0, 0);
    assert_in_range(counts.bytes, 1, 60 * 200 - 1);
    ring_wait_empty(&rings[0], LIMIT);
    assert_int_equal(value(0, 0), counts.bytes);
    assert_int_equal(value(0, 1), counts.bursts);
    assert_int_equal(value(0, 2), counts.busy);
    assert_int_equal(snapshot(1, 0).bytes, 0); // nor does another channel's touch it
    assert_int_equal(value(0, 0), counts.bytes);
    counts = snapshot(0, 0);
    expect(0, &counts, 60 * 200);
    testing_clean(engine);
}

static void clearing_loses_nothing(void **state)
{
    const uint32_t lengths[] = { 4, 16, 300 };
    uint64_t random = testing_seed();
    for (unsigned l = 0; l < 3; l++) {
        begin(state, 2);
        struct counts sum[2] = { { 0 }, { 0 } };
        uint64_t bytes[2] = { 0, 0 };
        for (unsigned round = 0; round < 20; round++) {
            for (unsigned c = 0; c < 2; c++) bytes[c] += put(c, 40, lengths[l]);
            for (unsigned n = 0; n < 6; n++) {
                engine_clocks(engine, (unsigned)(memory_random(&random) >> 57));
                unsigned      c      = n % 2;
                struct counts counts = snapshot(c, DRAY_CHANNEL_SNAPSHOT_CLEAR_MASK);
                sum[c].bytes += counts.bytes;
                sum[c].bursts += counts.bursts;
            }
            for (unsigned c = 0; c < 2; c++) ring_wait_empty(&rings[c], LIMIT);
        }
        for (unsigned c = 0; c < 2; c++) {
            struct counts counts = snapshot(c, DRAY_CHANNEL_SNAPSHOT_CLEAR_MASK);
            sum[c].bytes += counts.bytes;
            sum[c].bursts += counts.bursts;
            expect(c, &sum[c], bytes[c]);
            counts = snapshot(c, 0);
            assert_int_equal(counts.bytes + counts.bursts + counts.busy + counts.stall, 0);
        }
        testing_clean(engine);
    }
}

static void what_the_gate_refuses_is_counted(void **state)
{
    begin(state, 5);
    for (unsigned i = 0; i < 5; i++) {
        bool reads = i % 2;
        ring_put(&rings[1], &(struct descriptor){ .source = reads ? SOURCE + CLOSED : SOURCE, .length = 64,
                                                  .destination = reads ? TARGET : TARGET + CLOSED });
        ring_doorbell(&rings[1]);
        engine_wait_state(engine, 1, DRAY_CHANNEL_STATE_HALTED, LIMIT);
        assert_int_equal(ring_halt(&rings[1]).cause, DRAY_CAUSE_FAULT);
        ring_command(&rings[1], DRAY_CHANNEL_COMMAND_RESUME_MASK);
        assert_int_equal(snapshot(1, 0).faults, i + 1);
        assert_int_equal(snapshot(0, 0).faults, 0);
    }
    testing_clean(engine);
}

int main(void)
{
    const struct testing_case cases[] = {
        TESTING_CASE(they_begin_at_zero_and_an_idle_channel_counts_nothing),
        TESTING_CASE(they_say_what_the_bus_saw),
        TESTING_CASE(busy_and_stalled_clocks_differ_by_those_in_which_something_came),
        TESTING_CASE(what_is_shown_holds_still),
        TESTING_CASE(clearing_loses_nothing),
        TESTING_CASE(what_the_gate_refuses_is_counted),
    };
    TESTING_ADD(testing_widths, cases);
    return testing_run("counters");
}
