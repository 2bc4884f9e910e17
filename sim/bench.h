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
    int64_t     underruns;   // of a screen, must be 0; -1: there is none
    double      finish_skew; // of two channels: so much of the time their ends are apart, at most BENCH_SKEW_MOST; -1: there is one
};
#define BENCH_SKEW_MOST 0.10

struct bench_case {
    const char *name;
    unsigned    src_offset, dst_offset;
    uint32_t    flags; // of every descriptor; with TO_STREAM channel 0 must have a stream
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
extern const struct bench_case bench_channel_cases[]; // bench_channels.c
extern const unsigned          bench_channel_count;

// What every case does: a fresh image; its transfers, permitted and expected; a row to fill; all that is looked at in the end.
void             bench_prepare(struct engine *engine, unsigned latency);
void             bench_transfers(struct engine *engine, const struct bench_case *one, unsigned size, struct descriptor *list);
struct bench_row bench_row(struct engine *engine, const struct bench_case *one, unsigned latency, unsigned size, unsigned count);
void             bench_check(struct ring *ring);

// Those with a stream, for configurations that have one.
extern const struct bench_case bench_stream_cases[];
extern const unsigned          bench_stream_case_count;

#endif
