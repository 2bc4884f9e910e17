// SPDX-License-Identifier: Apache-2.0
//
// Sets up and measures each case of the cycle bench.
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    SEED         = 2026,
    PAGE         = 4096,
    BIG_SLOT     = 16384,
    RING_LG      = 7,
    STOP_LIMIT   = 10000,
    GATE_CYCLES  = 2, // each passage of the gate
};

static uint64_t ceil_div(uint64_t a, uint64_t b) { return (a + b - 1) / b; }

// p, d and b of the limits: beats of a transfer, of a descriptor, of two.
static uint64_t linear_limit(unsigned bytes, unsigned latency, unsigned size)
{
    return BENCH_COUNT * (ceil_div(size, bytes) + ceil_div(16, bytes)) + BENCH_COUNT / 4 + 3 * latency + 32;
}

static uint64_t write_back_limit(unsigned bytes, unsigned latency, unsigned size)
{
    return BENCH_COUNT * (ceil_div(size, bytes) + ceil_div(16, bytes)) + BENCH_COUNT / 4 + 4 * latency + 40;
}

static uint64_t unaligned_limit(unsigned bytes, unsigned latency, unsigned size)
{
    return BENCH_COUNT * (ceil_div(size, bytes) + 1 + ceil_div(16, bytes)) + BENCH_COUNT / 4 + 3 * latency + 32;
}

static uint64_t links_limit(unsigned bytes, unsigned latency, unsigned size)
{
    uint64_t p = ceil_div(size, bytes), b = ceil_div(32, bytes);
    uint64_t hop = latency + b + 5 > b + p ? latency + b + 5 : b + p;
    return BENCH_COUNT * hop + 3 * latency + 48;
}

static uint64_t fill_limit(unsigned bytes, unsigned latency, unsigned size)
{
    uint64_t p = ceil_div(size, bytes), d = ceil_div(16, bytes);
    return BENCH_COUNT * (p > d ? p : d) + BENCH_COUNT / 4 + 2 * latency + 32;
}

static uint64_t rows_limit(unsigned bytes, unsigned latency, unsigned size)
{
    return BENCH_COUNT * ceil_div(size, bytes) + BENCH_COUNT / 4 + 3 * latency + 40;
}

static uint64_t single_limit(unsigned bytes, unsigned latency, unsigned size)
{
    return size / bytes + ceil_div(16, bytes) + 3 * latency + 18;
}

// ---- what every case does

static void permute(unsigned *order, uint64_t seed)
{
    uint64_t random = seed * 2 + 1;
    for (unsigned i = 0; i < BENCH_COUNT; i++) order[i] = i;
    for (unsigned i = BENCH_COUNT - 1; i > 0; i--) {
        unsigned j = (unsigned)(memory_random(&random) % (i + 1)), kept = order[i];
        order[i]   = order[j];
        order[j]   = kept;
    }
}

static void prepare(struct engine *engine, unsigned latency)
{
    memory_set_latency(engine->memory, latency, 0);
    memory_fill_random(engine->memory, ENGINE_MEMORY_BASE, BENCH_OPEN_BYTES, SEED + latency);
    memory_expect_reset(engine->memory);
    memory_forbid_all(engine->memory);
}

// The transfers of a row: from one permutation of slots to another.
static void list_transfers(struct engine *engine, const struct bench_case *one, unsigned size, struct descriptor *list)
{
    unsigned from[BENCH_COUNT], to[BENCH_COUNT], slot = size > PAGE ? BIG_SLOT : PAGE;
    permute(from, SEED);
    permute(to, SEED + 1);
    for (unsigned i = 0; i < BENCH_COUNT; i++) {
        list[i] = (struct descriptor){ .source      = BENCH_SOURCE + from[i] * slot + one->src_offset,
                                       .destination = BENCH_TARGET + to[i] * slot + one->dst_offset,
                                       .length = size, .flags = one->flags, .tag = i };
        memory_permit(engine->memory, list[i].destination, size);
        memcpy(memory_expected(engine->memory, list[i].destination, size),
               memory_expected(engine->memory, list[i].source, size), size);
    }
    list[BENCH_COUNT - 1].flags |= DESCRIPTOR_IRQ;
}

void bench_check(struct ring *ring)
{
    struct engine *engine = ring->engine;
    uint64_t       addr   = 0;
    for (uint16_t i = 0; i != ring->producer; i++) {
        if (!(memory_expected(engine->memory, ring_slot(ring, i), SLOT_BYTES)[DRAY_DESCRIPTOR_CONTROL] &
              DESCRIPTOR_WRITE_BACK))
            continue;
        struct write_back back = ring_write_back(ring, ring_slot(ring, i));
        if (back.type != DRAY_DESC_TYPE_DONE || back.cause != DRAY_CAUSE_NONE) engine_stop(engine, "a write-back is wrong");
        memcpy(memory_expected(engine->memory, ring_slot(ring, i), SLOT_BYTES),
               memory_at(engine->memory, ring_slot(ring, i), SLOT_BYTES), SLOT_BYTES);
    }
    if (memory_compare(engine->memory, &addr) != 0) {
        fprintf(stderr, "memory is wrong at 0x%llx\n", (unsigned long long)addr);
        engine_stop(engine, "a copy is wrong");
    }
    if (engine->report.count != 0) engine_stop(engine, "the engine broke the protocol");
    ring_stop(ring, STOP_LIMIT);
    ring_acknowledge(ring, 7);
}

// Doorbell to interrupt, then everything is looked at.
static uint64_t measure(struct ring *ring, uint64_t limit)
{
    ring_doorbell(ring);
    uint64_t cycles = engine_wait_irq(ring->engine, (unsigned)(20 * limit + 10000)) - ring->rung;
    bench_check(ring);
    return cycles;
}

static struct bench_row row(struct engine *engine, const struct bench_case *one, unsigned latency, unsigned size,
                            unsigned count)
{
    return (struct bench_row){ .name = one->name, .config = engine->name, .width = engine->width_bytes * 8, .latency = latency,
                               .size = size, .count = count, .src_offset = one->src_offset, .dst_offset = one->dst_offset,
                               .limit = one->limit ? one->limit(engine->width_bytes, latency, size) : 0,
                               .underruns = -1, .finish_skew = -1 };
}

void bench_prepare(struct engine *engine, unsigned latency) { prepare(engine, latency); }

void bench_transfers(struct engine *engine, const struct bench_case *one, unsigned size, struct descriptor *list)
{
    list_transfers(engine, one, size, list);
}

struct bench_row bench_row(struct engine *engine, const struct bench_case *one, unsigned latency, unsigned size, unsigned count)
{
    return row(engine, one, latency, size, count);
}

// ---- the cases

static unsigned run_ring(struct engine *engine, const struct bench_case *one, unsigned latency, unsigned size,
                         struct bench_row *rows)
{
    struct descriptor list[BENCH_COUNT];
    struct ring       ring;
    prepare(engine, latency);
    list_transfers(engine, one, size, list);
    ring_start(&ring, engine, 0, BENCH_RING, RING_LG);
    for (unsigned i = 0; i < BENCH_COUNT; i++) ring_put(&ring, &list[i]);
    rows[0]        = row(engine, one, latency, size, BENCH_COUNT);
    rows[0].cycles = measure(&ring, rows[0].limit);
    return 1;
}

// As a ring of copies, but each transfer writes a pattern of its own.
static unsigned run_fills(struct engine *engine, const struct bench_case *one, unsigned latency, unsigned size,
                          struct bench_row *rows)
{
    struct descriptor list[BENCH_COUNT];
    struct ring       ring;
    prepare(engine, latency);
    list_transfers(engine, one, size, list);
    ring_start(&ring, engine, 0, BENCH_RING, RING_LG);
    for (unsigned i = 0; i < BENCH_COUNT; i++) {
        list[i].type   = DRAY_DESC_TYPE_FILL;
        list[i].source = 0x9e3779b9u * (i + 1);
        uint8_t *to    = memory_expected(engine->memory, list[i].destination, size);
        for (unsigned byte = 0; byte < size; byte++) to[byte] = (uint8_t)(list[i].source >> 8 * (byte % 4));
        ring_put(&ring, &list[i]);
    }
    rows[0]        = row(engine, one, latency, size, BENCH_COUNT);
    rows[0].cycles = measure(&ring, rows[0].limit);
    return 1;
}

// One descriptor of as many rows as another case has transfers: every other row of a picture.
static unsigned run_rows(struct engine *engine, const struct bench_case *one, unsigned latency, unsigned size,
                         struct bench_row *rows)
{
    struct ring       ring;
    unsigned          stride = size > PAGE ? BIG_SLOT : PAGE;
    struct descriptor all    = { .type = DRAY_DESC_TYPE_ROWS, .source = BENCH_SOURCE, .length = size, .rows = BENCH_COUNT,
                                 .destination = BENCH_TARGET + (BENCH_COUNT - 1) * stride, .source_stride = (int32_t)stride,
                                 .destination_stride = -(int32_t)stride, .flags = DESCRIPTOR_IRQ };
    prepare(engine, latency);
    ring_start(&ring, engine, 0, BENCH_RING, RING_LG);
    ring_put(&ring, &all);
    for (unsigned i = 0; i < BENCH_COUNT; i++) {
        uint32_t to = all.destination - i * stride;
        memory_permit(engine->memory, to, size);
        memcpy(memory_expected(engine->memory, to, size), memory_expected(engine->memory, all.source + i * stride, size), size);
    }
    rows[0]        = row(engine, one, latency, size, BENCH_COUNT);
    rows[0].cycles = measure(&ring, rows[0].limit);
    return 1;
}

static unsigned run_lists_of(struct engine *engine, const struct bench_case *one, unsigned latency, unsigned size, unsigned lists,
                             struct bench_row *rows)
{
    struct ring ring;
    prepare(engine, latency);
    ring_start(&ring, engine, 0, BENCH_RING, RING_LG);
    bench_lists_put(&ring, one, size, lists);
    rows[0]        = row(engine, one, latency, size, BENCH_COUNT);
    rows[0].cycles = measure(&ring, rows[0].limit);
    return 1;
}

static unsigned run_list(struct engine *engine, const struct bench_case *one, unsigned latency, unsigned size,
                         struct bench_row *rows)
{
    return run_lists_of(engine, one, latency, size, 1, rows);
}

static unsigned run_lists(struct engine *engine, const struct bench_case *one, unsigned latency, unsigned size,
                          struct bench_row *rows)
{
    return run_lists_of(engine, one, latency, size, BENCH_LISTS, rows);
}

// Each page holds a linear descriptor and a link to the next page; the ring holds the first link.
static unsigned run_links(struct engine *engine, const struct bench_case *one, unsigned latency, unsigned size,
                          struct bench_row *rows)
{
    struct descriptor list[BENCH_COUNT];
    struct ring       ring;
    unsigned          page[BENCH_COUNT];
    prepare(engine, latency);
    list_transfers(engine, one, size, list);
    permute(page, SEED + 2);
    ring_start(&ring, engine, 0, BENCH_RING, RING_LG);
    unsigned generation = ring_generation(&ring, 0);
    for (unsigned i = 0; i < BENCH_COUNT; i++) {
        uint32_t at = BENCH_SEGMENTS + page[i] * PAGE;
        descriptor_write(engine, at, &list[i], generation);
        if (i + 1 == BENCH_COUNT) break;
        descriptor_write(engine, at + SLOT_BYTES,
                         &(struct descriptor){ .type = DRAY_DESC_TYPE_LINK, .source = BENCH_SEGMENTS + page[i + 1] * PAGE,
                                               .length = i + 2 == BENCH_COUNT ? 1 : 2 }, generation);
    }
    ring_put(&ring, &(struct descriptor){
                        .type = DRAY_DESC_TYPE_LINK, .source = BENCH_SEGMENTS + page[0] * PAGE, .length = 2 });
    rows[0]        = row(engine, one, latency, size, BENCH_COUNT);
    rows[0].cycles = measure(&ring, rows[0].limit);
    return 1;
}

// Cycles of the events that one transfer consists of.
static struct { uint64_t descriptor_ar, descriptor_r, payload_ar, last_b; } seen;

static void watch_single(void *user, const struct memory_event *event)
{
    (void)user;
    bool of_ring = event->addr < BENCH_SEGMENTS;
    if (event->kind == MEMORY_AR && of_ring) seen.descriptor_ar = event->cycle;
    if (event->kind == MEMORY_R && of_ring) seen.descriptor_r = event->cycle;
    if (event->kind == MEMORY_AR && !of_ring && seen.payload_ar == 0) seen.payload_ar = event->cycle;
    if (event->kind == MEMORY_B) seen.last_b = event->cycle;
}

static unsigned run_single(struct engine *engine, const struct bench_case *one, unsigned latency, unsigned size,
                           struct bench_row *rows)
{
    struct descriptor list[BENCH_COUNT];
    struct ring       ring;
    prepare(engine, latency);
    list_transfers(engine, one, size, list);
    for (unsigned i = 0; i + 1 < BENCH_COUNT; i++) { // only the last one happens
        memcpy(memory_expected(engine->memory, list[i].destination, size),
               memory_at(engine->memory, list[i].destination, size), size);
        memory_forbid(engine->memory, list[i].destination, size);
    }
    ring_start(&ring, engine, 0, BENCH_RING, RING_LG);
    ring_put(&ring, &list[BENCH_COUNT - 1]);
    memset(&seen, 0, sizeof seen);
    memory_log(engine->memory, watch_single, NULL);
    rows[0]        = row(engine, one, latency, size, 1);
    rows[0].cycles = measure(&ring, single_limit(engine->width_bytes, latency, size));
    memory_log(engine->memory, NULL, NULL);
    return 1;
}

static unsigned run_latency(struct engine *engine, const struct bench_case *one, unsigned latency, unsigned size,
                            struct bench_row *rows)
{
    struct bench_row whole;
    run_single(engine, one, latency, size, &whole);
    uint64_t rung = engine->irq_rose - whole.cycles;
    rows[0] = rows[1] = rows[2] = whole;
    rows[0].name   = "doorbell to descriptor";
    rows[0].cycles = seen.descriptor_ar - rung;
    rows[0].limit  = 3 + GATE_CYCLES;
    rows[1].name   = "descriptor to payload";
    rows[1].cycles = seen.payload_ar - seen.descriptor_r;
    rows[1].limit  = 4 + GATE_CYCLES;
    rows[2].name   = "response to irq";
    rows[2].cycles = engine->irq_rose - seen.last_b;
    rows[2].limit  = 2;
    return 3;
}

const struct bench_case bench_cases[] = {
    { "linear", 0, 0, 0, 8, 8, BIG_SLOT, linear_limit, run_ring },
    { "unaligned", 1, 3, 0, 8, 8, BIG_SLOT, unaligned_limit, run_ring },
    { "writeback", 0, 0, DESCRIPTOR_WRITE_BACK, 8, 32, BIG_SLOT, write_back_limit, run_ring },
    { "links", 0, 0, 0, 8, 8, BIG_SLOT, links_limit, run_links },
    { "fill", 0, 0, 0, 8, 8, BIG_SLOT, fill_limit, run_fills },
    { "rows", 0, 0, 0, 8, 8, BIG_SLOT, rows_limit, run_rows },
    { "list", 0, 0, 0, 8, 16, BIG_SLOT, bench_list_limit, run_list },
    { "list-scatter", 0, 0, DESCRIPTOR_SCATTER, 8, 16, BIG_SLOT, bench_list_limit, run_list },
    { "lists", 0, 0, 0, 8, 16, BIG_SLOT, bench_lists_limit, run_lists },
    { "lists-scatter", 0, 0, DESCRIPTOR_SCATTER, 8, 16, BIG_SLOT, bench_lists_limit, run_lists },
    { "single", 0, 0, 0, 64, 64, 64, single_limit, run_single },
    { "latency", 0, 0, 0, 64, 64, 64, NULL, run_latency },
};
const unsigned bench_case_count = sizeof bench_cases / sizeof bench_cases[0];
