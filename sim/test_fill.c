// SPDX-License-Identifier: Apache-2.0
//
// A fill writes its pattern from the first byte of its destination on, reads nothing, and touches no byte more.
// HW-06, HW-09, HW-10, HW-11.
#include "wrong.h"

#include <string.h>

enum {
    RING     = ENGINE_MEMORY_BASE,
    SLOTS_LG = 6,
    SLOTS    = 1 << SLOTS_LG,
    SOURCE   = ENGINE_MEMORY_BASE + 0x20000,
    TARGET   = ENGINE_MEMORY_BASE + 0x40000,
    OPEN     = 0xc0000,
    PLACE    = 0x1000,
    LIMIT    = 200000,
};

static struct engine *engine;
static struct ring    ring;
static unsigned       reads; // of data

static void watch(void *user, const struct memory_event *event)
{
    (void)user;
    if (event->kind == MEMORY_AR && event->addr >= SOURCE) reads++;
}

static void begin(void **state, const struct engine_config *config)
{
    engine = testing_begin(state, config, &ring, RING, SLOTS_LG);
    reads = 0;
    memory_log(engine->memory, watch, NULL);
}

static void expect_fill(uint32_t destination, uint32_t pattern, uint32_t len_bytes)
{
    uint8_t *to = memory_expected(engine->memory, destination, len_bytes);
    memory_permit(engine->memory, destination, len_bytes);
    for (uint32_t i = 0; i < len_bytes; i++) to[i] = (uint8_t)(pattern >> 8 * (i % 4));
}

static struct descriptor fill(uint32_t destination, uint32_t pattern, uint32_t len_bytes)
{
    expect_fill(destination, pattern, len_bytes);
    return (struct descriptor){ .type = DRAY_DESC_TYPE_FILL, .source = pattern, .destination = destination, .length = len_bytes };
}

static void every_offset_at_every_short_length_is_the_pattern(void **state)
{
    begin(state, &(struct engine_config){ .latency = 3, .open_bytes = OPEN });
    unsigned width = engine->width_bytes, count = 0;
    for (unsigned to = 0; to < width; to++)
        for (unsigned length = 1; length <= 3 * width + 2; length++) {
            struct descriptor one = fill(TARGET + count % 0x400 * 128 + 16 + to, 0x44332211u * (2 * count + 1), length);
            ring_put(&ring, &one);
            if (++count % SLOTS == 0) testing_flush(&ring, LIMIT);
        }
    testing_flush(&ring, LIMIT);
    assert_int_equal(reads, 0);
}

static void page_and_burst_boundaries_are_the_pattern(void **state)
{
    begin(state, &(struct engine_config){ .latency = 7, .open_bytes = OPEN });
    unsigned width = engine->width_bytes, burst = width * engine->parameters->burst_beats, count = 0;
    const unsigned before[]  = { 0, 1, 2, 3, width - 1, width, width + 1, burst - 1, burst, burst + 1 };
    const unsigned lengths[] = { 1, 2, width, burst - 1, burst, burst + 1, 2 * burst + 3, 4095, 4096, 4097, 9000 };
    for (unsigned b = 0; b < sizeof before / sizeof before[0]; b++)
        for (unsigned l = 0; l < sizeof lengths / sizeof lengths[0]; l++) {
            struct descriptor one = fill(TARGET + count % 24 * 4 * PLACE + PLACE - before[b], 0x9e3779b9u * (count + 1), lengths[l]);
            ring_put(&ring, &one);
            if (++count % 24 == 0) testing_flush(&ring, LIMIT);
        }
    testing_flush(&ring, LIMIT);
    assert_int_equal(reads, 0);
}

// Copies, fills, fences and write-backs of two channels, on a bus that stalls at random.
static void HW_11_fills_and_copies_mix_on_a_bus_that_stalls(void **state)
{
    enum { LENGTH_MOST = 700, ROUNDS = 12, BATCH = 24 };
    begin(state, &(struct engine_config){ .latency = 9, .spread = 20, .open_bytes = OPEN,
                                          .stalls = { 100, 120, 90, 90, 80 } });
    uint64_t    random = testing_seed();
    struct ring other;
    ring_start(&other, engine, 1, RING + 0x8000, SLOTS_LG);
    for (unsigned round = 0; round < ROUNDS; round++) {
        for (unsigned i = 0; i < 2 * BATCH; i++) {
            uint32_t at     = TARGET + i * 0x600 + (uint32_t)(memory_random(&random) % 300);
            uint32_t length = 1 + (uint32_t)(memory_random(&random) % (memory_random(&random) % 3 ? 40 : LENGTH_MOST));
            uint32_t from   = SOURCE + (uint32_t)(memory_random(&random) % 0x10000);
            bool     fills  = memory_random(&random) % 2;
            struct descriptor one = { .source = from, .destination = at, .length = length };
            if (fills) one = fill(at, (uint32_t)memory_random(&random), length);
            else testing_expect_copy(engine, from, at, length);
            if (memory_random(&random) % 8 == 0) one.flags |= DESCRIPTOR_FENCE;
            ring_put(i % 2 ? &other : &ring, &one);
        }
        ring_doorbell(&other);
        ring_doorbell(&ring);
        ring_wait_empty(&other, LIMIT);
        ring_wait_empty(&ring, LIMIT);
        testing_memory(engine);
    }
    testing_clean(engine);
}

static void refuses(struct descriptor one, uint32_t cause)
{
    ring.may_fail = true;
    ring_put(&ring, &one);
    ring_doorbell(&ring);
    engine_wait_state(engine, 0, DRAY_CHANNEL_STATE_HALTED, LIMIT);
    assert_int_equal(ring_halt(&ring).cause, cause);
    testing_clean(engine);
}

static void a_fill_of_nothing_is_an_error(void **state)
{
    begin(state, &(struct engine_config){ .latency = 5, .open_bytes = OPEN });
    refuses(fill(TARGET, 1, 0), DRAY_CAUSE_LENGTH);
}

static void a_fill_that_the_gate_refuses_fails_where_it_stands(void **state)
{
    begin(state, &(struct engine_config){ .latency = 5 });
    ring.may_fail = true;
    engine_guard(engine, 0, RING, 0x1000, ENGINE_READ | ENGINE_WRITE);
    engine_guard(engine, 0, TARGET, 0x1000, ENGINE_WRITE);
    struct descriptor whole = fill(TARGET, 0x12345678, 100), part = fill(TARGET + 0xf00, 0xabcdef01, 0x100);
    part.length = 0x300;
    ring_put(&ring, &whole);
    ring_put(&ring, &part);
    ring_put(&ring, &whole);
    ring_doorbell(&ring);
    engine_wait_state(engine, 0, DRAY_CHANNEL_STATE_HALTED, LIMIT);
    struct halt halt = ring_halt(&ring);
    assert_int_equal(halt.failed, 1);
    assert_int_equal(halt.cause, DRAY_CAUSE_FAULT);
    assert_int_equal(halt.moved, 0x100);
    testing_expect_slot(engine, halt.failed_addr);
    testing_memory(engine);
    ring_acknowledge(&ring, 7);
    ring_command(&ring, DRAY_CHANNEL_COMMAND_RESUME_MASK);
    ring_wait_empty(&ring, LIMIT);
    testing_memory(engine);
    testing_clean(engine);
}

static void a_fill_can_be_aborted_and_the_channel_goes_on(void **state)
{
    for (unsigned wait = 1; wait < 120; wait += 7) {
        begin(state, &(struct engine_config){ .latency = 20, .open_bytes = OPEN });
        ring.may_fail = true;
        struct descriptor large = fill(TARGET, 0x01020304, 0x20000), small = fill(TARGET + 0x30001, 0x55667788, 77);
        ring_put(&ring, &large);
        ring_put(&ring, &small);
        ring_doorbell(&ring);
        engine_clocks(engine, wait);
        ring_command(&ring, DRAY_CHANNEL_COMMAND_ABORT_MASK);
        engine_wait_state(engine, 0, DRAY_CHANNEL_STATE_STOPPED, LIMIT);
        uint16_t next = ring_halt(&ring).next;
        assert_true(next <= 1);
        ring_command(&ring, DRAY_CHANNEL_COMMAND_RESUME_MASK);
        ring_wait_empty(&ring, LIMIT);
        assert_memory_equal(memory_at(engine->memory, TARGET + 0x30000, 0x100),
                            memory_expected(engine->memory, TARGET + 0x30000, 0x100), 0x100);
        testing_clean(engine);
    }
}

static void a_build_without_fills_says_so(void **state)
{
    begin(state, &(struct engine_config){ .latency = 5, .open_bytes = OPEN });
    assert_int_equal(engine_read(engine, DRAY_FEATURES) & DRAY_FEATURES_FILL_MASK, 0);
    refuses(fill(TARGET, 1, 64), DRAY_CAUSE_TYPE);
}

static void a_fill_of_a_stream_is_an_error(void **state)
{
    begin(state, &(struct engine_config){ .latency = 5, .open_bytes = OPEN });
    struct descriptor one = fill(TARGET, 1, 64);
    one.flags |= DESCRIPTOR_TO_STREAM;
    refuses(one, DRAY_CAUSE_TYPE);
}

int main(void)
{
    const struct testing_case cases[] = {
        TESTING_CASE(every_offset_at_every_short_length_is_the_pattern),
        TESTING_CASE(page_and_burst_boundaries_are_the_pattern),
        TESTING_CASE(HW_11_fills_and_copies_mix_on_a_bus_that_stalls),
        TESTING_CASE(a_fill_of_nothing_is_an_error),
        TESTING_CASE(a_fill_that_the_gate_refuses_fails_where_it_stands),
        TESTING_CASE(a_fill_can_be_aborted_and_the_channel_goes_on),
    };
    const struct testing_case without[] = { TESTING_CASE(a_build_without_fills_says_so) };
    const struct testing_case streams[] = { TESTING_CASE(a_fill_of_a_stream_is_an_error) };
    TESTING_ADD(testing_widths, cases);
    TESTING_ADD(testing_words, without);
    TESTING_ADD(testing_widths, streams);
    return testing_run("fill");
}
