// SPDX-License-Identifier: Apache-2.0
//
// The cases of the cycle bench with a stream: memory to stream and stream to memory, one packet a descriptor. The stream's
// other end is always ready, or always has a beat.
#include "bench.h"

#include <string.h>

enum {
    SEED       = 2027,
    PAGE       = 4096,
    BIG_SLOT   = 16384,
    RING_LG    = 7,
    STOP_LIMIT = 10000,
    STEP       = 37, // odd: place i * STEP modulo BENCH_COUNT is a permutation
};

static uint64_t ceil_div(uint64_t a, uint64_t b) { return (a + b - 1) / b; }

// p and d of the limits: beats of a packet, of a descriptor.
static uint64_t mm2s_limit(unsigned bytes, unsigned latency, unsigned size)
{
    return BENCH_COUNT * (ceil_div(size, bytes) + ceil_div(16, bytes)) + BENCH_COUNT / 4 + 2 * latency + 32;
}

static uint64_t s2mm_limit(unsigned bytes, unsigned latency, unsigned size)
{
    uint64_t p = ceil_div(size, bytes), d = ceil_div(16, bytes);
    return BENCH_COUNT * (p > d ? p : d) + BENCH_COUNT / 4 + 2 * latency + 32;
}

static uint32_t place_of(uint32_t base, unsigned i, unsigned size)
{
    return base + i * STEP % BENCH_COUNT * (size > PAGE ? BIG_SLOT : PAGE);
}

static void prepare(struct engine *engine, unsigned latency)
{
    memory_set_latency(engine->memory, latency, 0);
    memory_fill_random(engine->memory, ENGINE_MEMORY_BASE, BENCH_OPEN_BYTES, SEED + latency);
    memory_expect_reset(engine->memory);
    memory_forbid_all(engine->memory);
}

static struct bench_row row(struct engine *engine, const struct bench_case *one, unsigned latency, unsigned size)
{
    return (struct bench_row){ .name = one->name, .config = engine->name, .width = engine->width_bytes * 8, .latency = latency,
                               .size = size, .count = BENCH_COUNT, .limit = one->limit(engine->width_bytes, latency, size) };
}

// Doorbell to interrupt, then memory is looked at.
static uint64_t measure(struct ring *ring, uint64_t limit)
{
    struct engine *engine = ring->engine;
    ring_doorbell(ring);
    uint64_t cycles = engine_wait_irq(engine, (unsigned)(20 * limit + 10000)) - ring->rung;
    if (memory_compare(engine->memory, NULL) != 0) engine_stop(engine, "memory is wrong");
    if (engine->report.count != 0) engine_stop(engine, "the engine broke the protocol");
    ring_stop(ring, STOP_LIMIT);
    ring_acknowledge(ring, 7);
    return cycles;
}

static unsigned run_mm2s(struct engine *engine, const struct bench_case *one, unsigned latency, unsigned size,
                         struct bench_row *rows)
{
    struct ring  ring;
    struct sink *sink = &engine->sinks[0];
    prepare(engine, latency);
    sink_clear(sink);
    ring_start(&ring, engine, 0, BENCH_RING, RING_LG);
    for (unsigned i = 0; i < BENCH_COUNT; i++)
        ring_put(&ring, &(struct descriptor){ .source = place_of(BENCH_SOURCE, i, size), .length = size,
                                              .flags = DESCRIPTOR_TO_STREAM | (i + 1 == BENCH_COUNT ? DESCRIPTOR_IRQ : 0) });
    rows[0]        = row(engine, one, latency, size);
    rows[0].cycles = measure(&ring, rows[0].limit);
    if (sink->packets != BENCH_COUNT) engine_stop(engine, "a packet is missing");
    for (unsigned i = 0; i < BENCH_COUNT; i++)
        if (sink->packet_end[i] != (i + 1) * (size_t)size ||
            memcmp(sink->bytes + i * (size_t)size, memory_at(engine->memory, place_of(BENCH_SOURCE, i, size), size), size) != 0)
            engine_stop(engine, "a packet is wrong");
    return 1;
}

static unsigned run_s2mm(struct engine *engine, const struct bench_case *one, unsigned latency, unsigned size,
                         struct bench_row *rows)
{
    unsigned       channel = engine_stream_in(engine);
    struct source *source  = &engine->sources[channel];
    struct ring    ring;
    prepare(engine, latency);
    source_end(source);
    source_init(source, &engine->pins.stream_in[channel], engine->width_bytes);
    source->mode = SOURCE_ALWAYS;
    ring_start(&ring, engine, channel, BENCH_RING, RING_LG);
    for (unsigned i = 0; i < BENCH_COUNT; i++) {
        uint32_t to = place_of(BENCH_TARGET, i, size);
        source_packet(source, size, false);
        ring_put(&ring, &(struct descriptor){ .destination = to, .length = size,
                                              .flags = DESCRIPTOR_FROM_STREAM | (i + 1 == BENCH_COUNT ? DESCRIPTOR_IRQ : 0) });
        memory_permit(engine->memory, to, size);
        memcpy(memory_expected(engine->memory, to, size), source->bytes + i * (size_t)size, size);
    }
    rows[0]        = row(engine, one, latency, size);
    rows[0].cycles = measure(&ring, rows[0].limit);
    return 1;
}

const struct bench_case bench_stream_cases[] = {
    { "mm2s", 0, 0, 0, 8, 8, BIG_SLOT, mm2s_limit, run_mm2s },
    { "s2mm", 0, 0, 0, 8, 8, BIG_SLOT, s2mm_limit, run_s2mm },
};
const unsigned bench_stream_case_count = sizeof bench_stream_cases / sizeof bench_stream_cases[0];
