// SPDX-License-Identifier: Apache-2.0
//
// What every case of the cycle bench does: a fresh image, permuted transfers, a row to fill, and a look at all of it in the end.
#include "bench.h"

#include <stdio.h>
#include <string.h>

enum { STOP_LIMIT = 10000, ALL_IRQS = 7 };

uint64_t bench_linear_limit(unsigned bytes, unsigned latency, unsigned size)
{
    return BENCH_COUNT * (bench_beats(size, bytes) + bench_beats(SLOT_BYTES, bytes)) + BENCH_COUNT / 4 + 3 * latency + 32;
}

uint64_t bench_one_way_limit(unsigned bytes, unsigned latency, unsigned size)
{
    uint64_t p = bench_beats(size, bytes), d = bench_beats(SLOT_BYTES, bytes);
    return BENCH_COUNT * (p > d ? p : d) + BENCH_COUNT / 4 + 2 * latency + 32;
}

void bench_permute(unsigned *order, unsigned number)
{
    uint64_t random = (BENCH_SEED + number) * 2 + 1;
    for (unsigned i = 0; i < BENCH_COUNT; i++) order[i] = i;
    for (unsigned i = BENCH_COUNT - 1; i > 0; i--) {
        unsigned j = (unsigned)(memory_random(&random) % (i + 1)), kept = order[i];
        order[i]   = order[j];
        order[j]   = kept;
    }
}

void bench_prepare(struct engine *engine, unsigned latency)
{
    memory_set_latency(engine->memory, latency, 0);
    memory_fill_random(engine->memory, ENGINE_MEMORY_BASE, BENCH_OPEN_BYTES, BENCH_SEED + latency);
    memory_expect_reset(engine->memory);
    memory_forbid_all(engine->memory);
}

void bench_expect_copy(struct engine *engine, uint64_t from, uint64_t to, unsigned size)
{
    memory_permit(engine->memory, to, size);
    memcpy(memory_expected(engine->memory, to, size), memory_expected(engine->memory, from, size), size);
}

void bench_transfers(struct engine *engine, const struct bench_case *one, unsigned size, struct descriptor *list)
{
    unsigned from[BENCH_COUNT], to[BENCH_COUNT], slot = bench_slot(size);
    bench_permute(from, 0);
    bench_permute(to, 1);
    for (unsigned i = 0; i < BENCH_COUNT; i++) {
        list[i] = (struct descriptor){ .source      = BENCH_SOURCE + from[i] * slot + one->src_offset,
                                       .destination = BENCH_TARGET + to[i] * slot + one->dst_offset,
                                       .length = size, .flags = one->flags, .tag = i };
        bench_expect_copy(engine, list[i].source, list[i].destination, size);
    }
    list[BENCH_COUNT - 1].flags |= DESCRIPTOR_IRQ;
}

struct bench_row bench_row(struct engine *engine, const struct bench_case *one, unsigned latency, unsigned size, unsigned count)
{
    return (struct bench_row){ .name = one->name, .config = engine->name, .width = engine->width_bytes * 8, .latency = latency,
                               .size = size, .count = count, .src_offset = one->src_offset, .dst_offset = one->dst_offset,
                               .limit = one->limit ? one->limit(engine->width_bytes, latency, size) : 0,
                               .underruns = -1, .finish_skew = -1 };
}

// Write-backs that were asked for say that all is well, and are taken over into the expected image.
static void check_write_backs(struct ring *ring)
{
    struct engine *engine = ring->engine;
    for (uint16_t i = 0; i != ring->producer; i++) {
        uint64_t slot    = ring_slot(ring, i);
        uint8_t *written = memory_expected(engine->memory, slot, SLOT_BYTES);
        if (!(written[DRAY_DESCRIPTOR_CONTROL] & DESCRIPTOR_WRITE_BACK)) continue;
        struct write_back back = ring_write_back(ring, slot);
        if (back.type != DRAY_DESC_TYPE_DONE || back.cause != DRAY_CAUSE_NONE) engine_stop(engine, "a write-back is wrong");
        memcpy(written, memory_at(engine->memory, slot, SLOT_BYTES), SLOT_BYTES);
    }
}

void bench_check(struct ring *ring)
{
    struct engine *engine = ring->engine;
    uint64_t       addr   = 0;
    check_write_backs(ring);
    if (memory_compare(engine->memory, &addr) != 0) {
        fprintf(stderr, "memory is wrong at 0x%llx\n", (unsigned long long)addr);
        engine_stop(engine, "a transfer is wrong");
    }
    if (engine->report.count != 0) engine_stop(engine, "the engine broke the protocol");
    ring_stop(ring, STOP_LIMIT);
    ring_acknowledge(ring, ALL_IRQS);
}

uint64_t bench_measure(struct ring *ring, uint64_t limit)
{
    ring_doorbell(ring);
    uint64_t cycles = engine_wait_irq(ring->engine, (unsigned)(20 * limit + 10000)) - ring->rung;
    bench_check(ring);
    return cycles;
}

unsigned bench_measured(struct ring *ring, const struct bench_case *one, unsigned latency, unsigned size, struct bench_row *row)
{
    *row        = bench_row(ring->engine, one, latency, size, BENCH_COUNT);
    row->cycles = bench_measure(ring, row->limit);
    return 1;
}
