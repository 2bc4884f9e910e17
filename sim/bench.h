// SPDX-License-Identifier: Apache-2.0
//
// The cases of the cycle bench: what each does and how many cycles it may take. What they share is in bench_common.c.
#ifndef SIM_BENCH_H
#define SIM_BENCH_H

#include "ring.h"

enum {
    BENCH_COUNT      = 128, // N
    BENCH_ROWS_MAX   = 3,
    BENCH_RING_LG    = 7,   // a slot of its ring for each
    BENCH_SEED       = 2026,
    BENCH_PAGE       = 4096,
    BENCH_BIG_SLOT   = 16384, // of transfers that are longer than a page
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

// p, d and b of the limits: beats of so many bytes. And how far apart transfers of that size stand.
static inline uint64_t bench_beats(uint64_t size, unsigned bytes) { return (size + bytes - 1) / bytes; }
static inline unsigned bench_slot(unsigned size) { return size > BENCH_PAGE ? BENCH_BIG_SLOT : BENCH_PAGE; }

// Limits of more than one case: data goes both ways, and shares the way in with descriptors; or it goes one way only.
uint64_t bench_linear_limit(unsigned bytes, unsigned latency, unsigned size);
uint64_t bench_one_way_limit(unsigned bytes, unsigned latency, unsigned size);

// One of some permutations of 0 .. BENCH_COUNT - 1.
void bench_permute(unsigned *order, unsigned number);

// A fresh image; then what is to happen, permitted and expected: one copy, or all of a case, from one permutation of places to
// another, the last with an interrupt.
void bench_prepare(struct engine *engine, unsigned latency);
void bench_expect_copy(struct engine *engine, uint64_t from, uint64_t to, unsigned size);
void bench_transfers(struct engine *engine, const struct bench_case *one, unsigned size, struct descriptor *list);

// A row with its limit, to be filled.
struct bench_row bench_row(struct engine *engine, const struct bench_case *one, unsigned latency, unsigned size, unsigned count);

// Doorbell to interrupt in cycles, and then all of bench_check: write-backs, the whole memory, the protocol; the ring is stopped.
uint64_t bench_measure(struct ring *ring, uint64_t limit);
void     bench_check(struct ring *ring);

// The same for all of BENCH_COUNT, into the one row of the case. Rows that are filled: 1.
unsigned bench_measured(struct ring *ring, const struct bench_case *one, unsigned latency, unsigned size, struct bench_row *row);

extern const struct bench_case bench_cases[];
extern const unsigned          bench_case_count;
extern const struct bench_case bench_list_cases[];    // bench_lists.c
extern const unsigned          bench_list_count;
extern const struct bench_case bench_channel_cases[]; // bench_channels.c
extern const unsigned          bench_channel_count;
extern const struct bench_case bench_stream_cases[];  // bench_streams.c
extern const unsigned          bench_stream_count;

#endif
