// SPDX-License-Identifier: Apache-2.0
//
// Lists of the cycle bench: pieces permuted over pages, the other side contiguous.
#include "bench.h"

#include <string.h>

enum {
    PAGE     = 4096,
    BIG_SLOT = 16384,
    STEP     = 37, // odd, so that a multiple of it modulo N is a permutation
};

static uint64_t ceil_div(uint64_t a, uint64_t b) { return (a + b - 1) / b; }

uint64_t bench_list_limit(unsigned bytes, unsigned latency, unsigned size)
{
    return BENCH_COUNT * ceil_div(size, bytes) + ceil_div(ELEMENT_BYTES * BENCH_COUNT, bytes) + BENCH_COUNT / 4 + 4 * latency + 40;
}

uint64_t bench_lists_limit(unsigned bytes, unsigned latency, unsigned size)
{
    return bench_list_limit(bytes, latency, size) + BENCH_LISTS * ceil_div(SLOT_BYTES, bytes);
}

void bench_lists_put(struct ring *ring, const struct bench_case *one, unsigned size, unsigned lists)
{
    struct engine *engine = ring->engine;
    bool     scatters = (one->flags & DESCRIPTOR_SCATTER) != 0;
    unsigned slot     = size > PAGE ? BIG_SLOT : PAGE, count = BENCH_COUNT / lists;
    for (unsigned i = 0; i < BENCH_COUNT; i++) {
        uint32_t place = i * STEP % BENCH_COUNT * slot, other = i * size;
        uint32_t from  = BENCH_SOURCE + (scatters ? other : place), to = BENCH_TARGET + (scatters ? place : other);
        element_write(engine, BENCH_SEGMENTS + i * ELEMENT_BYTES, scatters ? to : from, size);
        memory_permit(engine->memory, to, size);
        memcpy(memory_expected(engine->memory, to, size), memory_expected(engine->memory, from, size), size);
    }
    for (unsigned i = 0; i < lists; i++) {
        uint32_t list = BENCH_SEGMENTS + i * count * ELEMENT_BYTES, other = i * count * size;
        ring_put(ring, &(struct descriptor){ .type = DRAY_DESC_TYPE_LIST, .length = count, .tag = i,
                                             .source      = scatters ? BENCH_SOURCE + other : list,
                                             .destination = scatters ? list : BENCH_TARGET + other,
                                             .flags       = one->flags | (i + 1 == lists ? DESCRIPTOR_IRQ : 0u) });
    }
}
