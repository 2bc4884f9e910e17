// SPDX-License-Identifier: Apache-2.0
//
// The cases of the cycle bench: what each does and how many cycles it may take.
#ifndef SIM_BENCH_H
#define SIM_BENCH_H

#include "ring.h"

enum {
    BENCH_COUNT      = 128, // N
    BENCH_LISTS      = 16,  // of which each has as many elements as it takes to make N
    BENCH_ROWS_MAX   = 3,
    BENCH_RING       = ENGINE_MEMORY_BASE,
    BENCH_SEGMENTS   = ENGINE_MEMORY_BASE + 0x100000, // a page each
    BENCH_SOURCE     = ENGINE_MEMORY_BASE + 0x200000,
    BENCH_TARGET     = ENGINE_MEMORY_BASE + 0x500000,
    BENCH_OPEN_BYTES = 0x800000,
};

struct bench_row {
    const char *name, *config;
    unsigned    width, latency, size, count, src_offset, dst_offset;
    uint64_t    cycles, limit;
};

struct bench_case {
    const char *name;
    unsigned    src_offset, dst_offset;
    uint32_t    flags; // of every descriptor
    unsigned    size_least, size_least_128, size_most;
    uint64_t  (*limit)(unsigned bytes, unsigned latency, unsigned size);
    unsigned  (*run)(struct engine *engine, const struct bench_case *one, unsigned latency, unsigned size, struct bench_row *rows);
};

// bench_lists.c: as many transfers as another case has, as elements of so many lists, and its limits.
void     bench_lists_put(struct ring *ring, const struct bench_case *one, unsigned size, unsigned lists);
uint64_t bench_list_limit(unsigned bytes, unsigned latency, unsigned size);
uint64_t bench_lists_limit(unsigned bytes, unsigned latency, unsigned size);

extern const struct bench_case bench_cases[];
extern const unsigned          bench_case_count;

// Those with a stream, for configurations that have one.
extern const struct bench_case bench_stream_cases[];
extern const unsigned          bench_stream_case_count;

#endif
