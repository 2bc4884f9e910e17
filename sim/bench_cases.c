// SPDX-License-Identifier: Apache-2.0
//
// Sets up and measures each case of the cycle bench.
#include "bench.h"

#include <string.h>

enum { GATE_CYCLES = 2 }; // each passage of the gate

// ---- limits

static uint64_t write_back_limit(unsigned bytes, unsigned latency, unsigned size)
{
    return bench_linear_limit(bytes, latency, size) + latency + 8;
}

static uint64_t unaligned_limit(unsigned bytes, unsigned latency, unsigned size)
{
    return bench_linear_limit(bytes, latency, size) + BENCH_COUNT; // a beat more each
}

static uint64_t links_limit(unsigned bytes, unsigned latency, unsigned size)
{
    uint64_t p = bench_beats(size, bytes), b = bench_beats(2 * SLOT_BYTES, bytes);
    uint64_t hop = latency + b + 5 > b + p ? latency + b + 5 : b + p;
    return BENCH_COUNT * hop + 3 * latency + 48;
}

static uint64_t rows_limit(unsigned bytes, unsigned latency, unsigned size)
{
    return BENCH_COUNT * bench_beats(size, bytes) + BENCH_COUNT / 4 + 3 * latency + 40;
}

static uint64_t single_limit(unsigned bytes, unsigned latency, unsigned size)
{
    return size / bytes + bench_beats(SLOT_BYTES, bytes) + 3 * latency + 18;
}

// ---- the cases

static unsigned run_ring(struct engine *engine, const struct bench_case *one, unsigned latency, unsigned size,
                         struct bench_row *rows)
{
    struct descriptor list[BENCH_COUNT];
    struct ring       ring;
    bench_prepare(engine, latency);
    bench_transfers(engine, one, size, list);
    ring_start(&ring, engine, 0, BENCH_RING, BENCH_RING_LG);
    for (unsigned i = 0; i < BENCH_COUNT; i++) ring_put(&ring, &list[i]);
    return bench_measured(&ring, one, latency, size, rows);
}

// As a ring of copies, but each transfer writes a pattern of its own.
static unsigned run_fills(struct engine *engine, const struct bench_case *one, unsigned latency, unsigned size,
                          struct bench_row *rows)
{
    struct descriptor list[BENCH_COUNT];
    struct ring       ring;
    bench_prepare(engine, latency);
    bench_transfers(engine, one, size, list);
    ring_start(&ring, engine, 0, BENCH_RING, BENCH_RING_LG);
    for (unsigned i = 0; i < BENCH_COUNT; i++) {
        list[i].type   = DRAY_DESC_TYPE_FILL;
        list[i].source = 0x9e3779b9u * (i + 1);
        uint8_t *to    = memory_expected(engine->memory, list[i].destination, size);
        for (unsigned byte = 0; byte < size; byte++) to[byte] = (uint8_t)(list[i].source >> 8 * (byte % 4));
        ring_put(&ring, &list[i]);
    }
    return bench_measured(&ring, one, latency, size, rows);
}

// One descriptor of as many rows as another case has transfers: every other row of a picture.
static unsigned run_rows(struct engine *engine, const struct bench_case *one, unsigned latency, unsigned size,
                         struct bench_row *rows)
{
    struct ring       ring;
    unsigned          stride = bench_slot(size);
    struct descriptor all    = { .type = DRAY_DESC_TYPE_ROWS, .source = BENCH_SOURCE, .length = size, .rows = BENCH_COUNT,
                                 .destination = BENCH_TARGET + (BENCH_COUNT - 1) * stride, .source_stride = (int32_t)stride,
                                 .destination_stride = -(int32_t)stride, .flags = DESCRIPTOR_IRQ };
    bench_prepare(engine, latency);
    ring_start(&ring, engine, 0, BENCH_RING, BENCH_RING_LG);
    ring_put(&ring, &all);
    for (unsigned i = 0; i < BENCH_COUNT; i++) bench_expect_copy(engine, all.source + i * stride, all.destination - i * stride, size);
    return bench_measured(&ring, one, latency, size, rows);
}

// Each page holds a linear descriptor and a link to the next page; the ring holds the first link.
static unsigned run_links(struct engine *engine, const struct bench_case *one, unsigned latency, unsigned size,
                          struct bench_row *rows)
{
    struct descriptor list[BENCH_COUNT];
    struct ring       ring;
    unsigned          page[BENCH_COUNT];
    bench_prepare(engine, latency);
    bench_transfers(engine, one, size, list);
    bench_permute(page, 2);
    ring_start(&ring, engine, 0, BENCH_RING, BENCH_RING_LG);
    unsigned generation = ring_generation(&ring, 0);
    for (unsigned i = 0; i < BENCH_COUNT; i++) {
        uint32_t at = BENCH_SEGMENTS + page[i] * BENCH_PAGE;
        descriptor_write(engine, at, &list[i], generation);
        if (i + 1 == BENCH_COUNT) break;
        descriptor_write(engine, at + SLOT_BYTES,
                         &(struct descriptor){ .type = DRAY_DESC_TYPE_LINK, .source = BENCH_SEGMENTS + page[i + 1] * BENCH_PAGE,
                                               .length = i + 2 == BENCH_COUNT ? 1 : 2 }, generation);
    }
    ring_put(&ring, &(struct descriptor){
                        .type = DRAY_DESC_TYPE_LINK, .source = BENCH_SEGMENTS + page[0] * BENCH_PAGE, .length = 2 });
    return bench_measured(&ring, one, latency, size, rows);
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
    bench_prepare(engine, latency);
    bench_transfers(engine, one, size, list);
    for (unsigned i = 0; i + 1 < BENCH_COUNT; i++) { // only the last one happens
        memcpy(memory_expected(engine->memory, list[i].destination, size),
               memory_at(engine->memory, list[i].destination, size), size);
        memory_forbid(engine->memory, list[i].destination, size);
    }
    ring_start(&ring, engine, 0, BENCH_RING, BENCH_RING_LG);
    ring_put(&ring, &list[BENCH_COUNT - 1]);
    memset(&seen, 0, sizeof seen);
    memory_log(engine->memory, watch_single, NULL);
    rows[0]        = bench_row(engine, one, latency, size, 1);
    rows[0].cycles = bench_measure(&ring, single_limit(engine->width_bytes, latency, size));
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
    { "linear", 0, 0, 0, 8, 8, BENCH_BIG_SLOT, bench_linear_limit, run_ring },
    { "unaligned", 1, 3, 0, 8, 8, BENCH_BIG_SLOT, unaligned_limit, run_ring },
    { "writeback", 0, 0, DESCRIPTOR_WRITE_BACK, 8, 32, BENCH_BIG_SLOT, write_back_limit, run_ring },
    { "links", 0, 0, 0, 8, 8, BENCH_BIG_SLOT, links_limit, run_links },
    { "fill", 0, 0, 0, 8, 8, BENCH_BIG_SLOT, bench_one_way_limit, run_fills },
    { "rows", 0, 0, 0, 8, 8, BENCH_BIG_SLOT, rows_limit, run_rows },
    { "single", 0, 0, 0, 64, 64, 64, single_limit, run_single },
    { "latency", 0, 0, 0, 64, 64, 64, NULL, run_latency },
};
const unsigned bench_case_count = sizeof bench_cases / sizeof bench_cases[0];
