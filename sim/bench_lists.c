// SPDX-License-Identifier: Apache-2.0
//
// Lists of the cycle bench: pieces permuted over pages, the other side contiguous.
#include "bench.h"

enum { LISTS = 16 }; // each of as many elements as it takes to make BENCH_COUNT

static uint64_t list_limit(unsigned bytes, unsigned latency, unsigned size)
{
    return BENCH_COUNT * bench_beats(size, bytes) + bench_beats(ELEMENT_BYTES * BENCH_COUNT, bytes) + BENCH_COUNT / 4 + 4 * latency + 40;
}

static uint64_t lists_limit(unsigned bytes, unsigned latency, unsigned size)
{
    return list_limit(bytes, latency, size) + LISTS * bench_beats(SLOT_BYTES, bytes);
}

// As many transfers as another case has, as elements of so many lists.
static void put_lists(struct ring *ring, const struct bench_case *one, unsigned size, unsigned lists)
{
    struct engine *engine = ring->engine;
    bool     scatters = (one->flags & DESCRIPTOR_SCATTER) != 0;
    unsigned slot     = bench_slot(size), count = BENCH_COUNT / lists;
    unsigned order[BENCH_COUNT];
    bench_permute(order, 0);
    for (unsigned i = 0; i < BENCH_COUNT; i++) {
        uint32_t place = order[i] * slot, other = i * size;
        uint32_t from  = BENCH_SOURCE + (scatters ? other : place), to = BENCH_TARGET + (scatters ? place : other);
        element_write(engine, BENCH_SEGMENTS + i * ELEMENT_BYTES, scatters ? to : from, size);
        bench_expect_copy(engine, from, to, size);
    }
    for (unsigned i = 0; i < lists; i++) {
        uint32_t list = BENCH_SEGMENTS + i * count * ELEMENT_BYTES, other = i * count * size;
        ring_put(ring, &(struct descriptor){ .type = DRAY_DESC_TYPE_LIST, .length = count, .tag = i,
                                             .source      = scatters ? BENCH_SOURCE + other : list,
                                             .destination = scatters ? list : BENCH_TARGET + other,
                                             .flags       = one->flags | (i + 1 == lists ? DESCRIPTOR_IRQ : 0u) });
    }
}

static unsigned run_lists_of(struct engine *engine, const struct bench_case *one, unsigned latency, unsigned size, unsigned lists,
                             struct bench_row *rows)
{
    struct ring ring;
    bench_prepare(engine, latency);
    ring_start(&ring, engine, 0, BENCH_RING, BENCH_RING_LG);
    put_lists(&ring, one, size, lists);
    return bench_measured(&ring, one, latency, size, rows);
}

static unsigned run_list(struct engine *engine, const struct bench_case *one, unsigned latency, unsigned size,
                         struct bench_row *rows)
{
    return run_lists_of(engine, one, latency, size, 1, rows);
}

static unsigned run_lists(struct engine *engine, const struct bench_case *one, unsigned latency, unsigned size,
                          struct bench_row *rows)
{
    return run_lists_of(engine, one, latency, size, LISTS, rows);
}

const struct bench_case bench_list_cases[] = {
    { "list", 0, 0, 0, 8, 16, BENCH_BIG_SLOT, list_limit, run_list },
    { "list-scatter", 0, 0, DESCRIPTOR_SCATTER, 8, 16, BENCH_BIG_SLOT, list_limit, run_list },
    { "lists", 0, 0, 0, 8, 16, BENCH_BIG_SLOT, lists_limit, run_lists },
    { "lists-scatter", 0, 0, DESCRIPTOR_SCATTER, 8, 16, BENCH_BIG_SLOT, lists_limit, run_lists },
};
const unsigned bench_list_count = sizeof bench_list_cases / sizeof bench_list_cases[0];
