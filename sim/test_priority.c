// SPDX-License-Identifier: Apache-2.0
//
// A channel of higher priority loses no more than what is in flight, and a cap says how much that is.
#include "testing.h"

enum {
    RING   = ENGINE_MEMORY_BASE,
    SOURCE = ENGINE_MEMORY_BASE + 0x20000,
    TARGET = ENGINE_MEMORY_BASE + 0x80000,
    OPEN   = 0x100000,
    LIMIT  = 400000,
    SLOTS  = 6,
};

static struct engine *engine;
static struct ring    rings[2];
static uint64_t       ended[2]; // cycle of the last response that belongs to the channel
static unsigned       reads_now[2], reads_most[2];
static uint64_t       first_read[2];

static unsigned owner(uint64_t addr) { return (unsigned)(addr - SOURCE) / 0x10000u % 2u; }

// Sources of channel 1 stand 64 KiB behind those of channel 0.
static uint32_t source_of(unsigned channel) { return SOURCE + channel * 0x10000u; }
static uint32_t target_of(unsigned channel) { return TARGET + channel * 0x10000u; }

static void note(void *user, const struct memory_event *event)
{
    static uint64_t beats_left;
    (void)user;
    if (event->kind == MEMORY_B && event->addr >= TARGET) ended[(event->addr - TARGET) / 0x10000u % 2u] = event->cycle;
    if (event->addr < SOURCE || event->addr >= TARGET) return;
    unsigned channel = owner(event->addr);
    if (event->kind == MEMORY_AR) {
        if (first_read[channel] == 0) first_read[channel] = event->cycle;
        if (++reads_now[channel] > reads_most[channel]) reads_most[channel] = reads_now[channel];
    }
    if (event->kind == MEMORY_R) {
        if (beats_left == 0) beats_left = event->beats;
        if (--beats_left == 0) reads_now[channel]--;
    }
}

static void begin(void **state, unsigned latency)
{
    engine = testing_engine(state, &(struct engine_config){ .latency = latency, .open_bytes = OPEN });
    testing_fill(engine, testing_seed());
    memory_log(engine->memory, note, NULL);
    for (unsigned c = 0; c < 2; c++) {
        ring_start(&rings[c], engine, c, RING + c * 0x1000u, SLOTS);
        reads_now[c] = reads_most[c] = 0;
        ended[c] = first_read[c] = 0;
    }
}

static void rank(unsigned channel, unsigned level, unsigned bursts)
{
    uint32_t word = level << DRAY_CHANNEL_PRIORITY_RANK_SHIFT | bursts << DRAY_CHANNEL_PRIORITY_BURSTS_SHIFT;
    engine_write(engine, DRAY_CHANNEL_PRIORITY(channel), word);
    assert_int_equal(engine_read(engine, DRAY_CHANNEL_PRIORITY(channel)), word);
}

static void put(unsigned channel, unsigned count, uint32_t length)
{
    for (unsigned i = 0; i < count; i++) {
        testing_expect_copy(engine, source_of(channel) + i * length, target_of(channel) + i * length, length);
        ring_put(&rings[channel], &(struct descriptor){ .source = source_of(channel) + i * length,
                                                        .destination = target_of(channel) + i * length, .length = length });
    }
}

static void finish(void)
{
    ring_wait_empty(&rings[0], LIMIT);
    ring_wait_empty(&rings[1], LIMIT);
    testing_memory(engine);
    testing_clean(engine);
}

// Cycles that channel 1 takes for its work beside channel 0, which began before.
static uint64_t beside(void **state, unsigned latency, unsigned count, uint32_t length, unsigned level0, unsigned level1, unsigned cap0)
{
    begin(state, latency);
    rank(0, level0, cap0);
    rank(1, level1, 0);
    put(0, 60, 1000);
    put(1, count, length);
    ring_doorbell(&rings[0]);
    engine_clocks(engine, 400);
    ring_doorbell(&rings[1]);
    ring_wait_empty(&rings[1], LIMIT);
    uint64_t took = ended[1] - rings[1].rung;
    finish();
    return took;
}

static uint64_t alone(void **state, unsigned latency, unsigned count, uint32_t length)
{
    begin(state, latency);
    put(1, count, length);
    ring_doorbell(&rings[1]);
    ring_wait_empty(&rings[1], LIMIT);
    uint64_t took = ended[1] - rings[1].rung;
    finish();
    return took;
}

static void the_higher_loses_no_more_than_what_is_in_flight(void **state)
{
    const struct { unsigned latency, count; uint32_t length; } cases[] = {
        { 13, 24, 1024 }, { 1, 24, 1024 }, { 100, 24, 1024 }, { 13, 48, 64 }, { 13, 48, 256 }, { 13, 1, 4096 },
    };
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint64_t own    = alone(state, cases[i].latency, cases[i].count, cases[i].length);
        uint64_t higher = beside(state, cases[i].latency, cases[i].count, cases[i].length, 2, 5, 0);
        // What is in flight goes before its first descriptors, and once more before its first data.
        uint64_t flight = 2 * engine->parameters->fifo_beats + 3 * cases[i].latency;
        if (higher > own + own / 8 + flight)
            fail_msg("case %u: %llu cycles, alone %llu", i, (unsigned long long)higher, (unsigned long long)own);
    }
}

static void equals_take_turns(void **state)
{
    begin(state, 13);
    rank(0, 3, 0);
    rank(1, 3, 0);
    for (unsigned c = 0; c < 2; c++) put(c, 60, 1000);
    ring_doorbell(&rings[0]);
    ring_doorbell(&rings[1]);
    ring_wait_empty(&rings[0], LIMIT);
    ring_wait_empty(&rings[1], LIMIT);
    uint64_t later = ended[0] > ended[1] ? ended[0] : ended[1], sooner = ended[0] + ended[1] - later;
    assert_true((later - sooner) * 10 < later - rings[0].rung);
    finish();
}

// It begins before the other does anything, and the lower one then waits for the end of it.
static void the_lower_waits_as_long_as_the_higher_wants_all(void **state)
{
    begin(state, 13);
    rank(0, 0, 0);
    rank(1, 1, 0);
    put(0, 4, 1000);
    put(1, 60, 1000);
    ring_doorbell(&rings[1]);
    engine_clocks(engine, 200);
    ring_doorbell(&rings[0]);
    ring_wait_empty(&rings[1], LIMIT);
    uint64_t total = ended[1] - rings[1].rung;
    assert_true(first_read[0] - rings[1].rung > total * 3 / 4);
    finish();
}

static void a_cap_holds_back_its_channel(void **state)
{
    uint64_t took[3];
    const unsigned caps[] = { 1, 3, 0 };
    for (unsigned i = 0; i < 3; i++) {
        begin(state, 60);
        rank(0, 0, caps[i]);
        put(0, 30, 2000);
        ring_doorbell(&rings[0]);
        ring_wait_empty(&rings[0], LIMIT);
        took[i] = ended[0] - rings[0].rung;
        if (caps[i] != 0) assert_int_equal(reads_most[0], caps[i]);
        else assert_true(reads_most[0] > 4);
        finish();
    }
    assert_true(took[0] > 2 * took[1] && took[1] * 4 > took[2] * 5);
}

static void another_waits_for_no_more_than_the_cap(void **state)
{
    uint64_t own      = alone(state, 13, 1, 64);
    uint64_t uncapped = beside(state, 13, 1, 64, 0, 0, 0);
    uint64_t capped   = beside(state, 13, 1, 64, 0, 0, 2);
    uint64_t burst    = engine->parameters->burst_beats;
    assert_true(capped <= own + 2 * (2 + 1) * burst + 40);
    assert_true(uncapped > capped + 4 * burst);
}

static void the_shortest_work_under_a_cap_is_done(void **state)
{
    begin(state, 13);
    rank(0, 0, 1);
    rank(1, 7, 63);
    put(0, 60, 8);
    put(1, 60, 24);
    ring_doorbell(&rings[0]);
    ring_doorbell(&rings[1]);
    finish();
}

int main(void)
{
    const struct testing_case cases[] = {
        TESTING_CASE(the_higher_loses_no_more_than_what_is_in_flight),
        TESTING_CASE(equals_take_turns),
        TESTING_CASE(the_lower_waits_as_long_as_the_higher_wants_all),
        TESTING_CASE(a_cap_holds_back_its_channel),
        TESTING_CASE(another_waits_for_no_more_than_the_cap),
        TESTING_CASE(the_shortest_work_under_a_cap_is_done),
    };
    TESTING_ADD(testing_options, cases);
    return testing_run("priority");
}
