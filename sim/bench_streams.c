// SPDX-License-Identifier: Apache-2.0
//
// The cases of the cycle bench with a stream: memory to stream and stream to memory, one packet a descriptor. The stream's
// other end is always ready, or always has a beat.
#include "bench.h"

#include <string.h>

static uint64_t mm2s_limit(unsigned bytes, unsigned latency, unsigned size)
{
    return bench_linear_limit(bytes, latency, size) - latency; // nobody waits for a response
}

// The sources, or the targets, of what the other cases copy.
static void places(uint32_t *place, uint32_t base, unsigned size)
{
    unsigned order[BENCH_COUNT];
    bench_permute(order, 0);
    for (unsigned i = 0; i < BENCH_COUNT; i++) place[i] = base + order[i] * bench_slot(size);
}

static unsigned run_mm2s(struct engine *engine, const struct bench_case *one, unsigned latency, unsigned size,
                         struct bench_row *rows)
{
    struct ring  ring;
    struct sink *sink = &engine->sinks[0];
    uint32_t     from[BENCH_COUNT];
    bench_prepare(engine, latency);
    places(from, BENCH_SOURCE, size);
    sink_clear(sink);
    ring_start(&ring, engine, 0, BENCH_RING, BENCH_RING_LG);
    for (unsigned i = 0; i < BENCH_COUNT; i++)
        ring_put(&ring, &(struct descriptor){ .source = from[i], .length = size,
                                              .flags = DESCRIPTOR_TO_STREAM | (i + 1 == BENCH_COUNT ? DESCRIPTOR_IRQ : 0) });
    unsigned filled = bench_measured(&ring, one, latency, size, rows);
    if (sink->packets != BENCH_COUNT) engine_stop(engine, "a packet is missing");
    for (unsigned i = 0; i < BENCH_COUNT; i++)
        if (sink->packet_end[i] != (i + 1) * (size_t)size ||
            memcmp(sink->bytes + i * (size_t)size, memory_at(engine->memory, from[i], size), size) != 0)
            engine_stop(engine, "a packet is wrong");
    return filled;
}

static unsigned run_s2mm(struct engine *engine, const struct bench_case *one, unsigned latency, unsigned size,
                         struct bench_row *rows)
{
    unsigned       channel = engine_stream_in(engine);
    struct source *source  = &engine->sources[channel];
    struct ring    ring;
    uint32_t       to[BENCH_COUNT];
    bench_prepare(engine, latency);
    places(to, BENCH_TARGET, size);
    source_end(source);
    source_init(source, &engine->pins.stream_in[channel], engine->width_bytes);
    source->mode = SOURCE_ALWAYS;
    ring_start(&ring, engine, channel, BENCH_RING, BENCH_RING_LG);
    for (unsigned i = 0; i < BENCH_COUNT; i++) {
        source_packet(source, size, false);
        ring_put(&ring, &(struct descriptor){ .destination = to[i], .length = size,
                                              .flags = DESCRIPTOR_FROM_STREAM | (i + 1 == BENCH_COUNT ? DESCRIPTOR_IRQ : 0) });
        memory_permit(engine->memory, to[i], size);
        memcpy(memory_expected(engine->memory, to[i], size), source->bytes + i * (size_t)size, size);
    }
    return bench_measured(&ring, one, latency, size, rows);
}

const struct bench_case bench_stream_cases[] = {
    { "mm2s", 0, 0, 0, 8, 8, BENCH_BIG_SLOT, mm2s_limit, run_mm2s },
    { "s2mm", 0, 0, 0, 8, 8, BENCH_BIG_SLOT, bench_one_way_limit, run_s2mm },
};
const unsigned bench_stream_count = sizeof bench_stream_cases / sizeof bench_stream_cases[0];
