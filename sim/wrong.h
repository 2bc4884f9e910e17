// SPDX-License-Identifier: Apache-2.0
//
// A ring in which one descriptor is wrong, and what must be found when the channel has halted.
#ifndef SIM_WRONG_H
#define SIM_WRONG_H

#include "testing.h"

enum {
    WRONG_RING   = ENGINE_MEMORY_BASE,
    WRONG_SOURCE = ENGINE_MEMORY_BASE + 0x20000,
    WRONG_TARGET = ENGINE_MEMORY_BASE + 0x30000,
    WRONG_OTHER  = ENGINE_MEMORY_BASE + 0x50000, // of the other channel: destination, and source 0x4000 behind it
    WRONG_OPEN   = 0x60000,
    WRONG_LIMIT  = 50000,
    WRONG_COUNT  = 14,
    WRONG_LENGTH = 96, // bytes of each copy
    WRONG_PLACE  = 256,
};

// What goes wrong with one descriptor.
enum wrong {
    FETCH_SLVERR, FETCH_DECERR, READ_SLVERR, READ_DECERR, READ_LAST_BEAT, WRITE_SLVERR, WRITE_DECERR, BACK_SLVERR, BACK_DECERR,
    LENGTH_ZERO, TYPE_ZERO, TYPE_DONE, TYPE_UNKNOWN, STALE, UNALIGNED_SOURCE, UNALIGNED_LENGTH, LINK_ZERO, GATE_READ, GATE_WRITE,
};

// An engine with the ring under test on channel 0, and another one that copies all along, where there is a channel 1.
struct wrong_bench {
    struct engine *engine;
    struct ring    ring, other;
    unsigned       others_done;
};

void wrong_begin(struct wrong_bench *bench, void **state, unsigned latency);

static inline uint32_t wrong_source(unsigned i) { return WRONG_SOURCE + i * WRONG_PLACE; }
static inline uint32_t wrong_target(unsigned i) { return WRONG_TARGET + i * WRONG_PLACE; }

// All descriptors, the one with index `bad` wrong. The doorbell is the caller's.
void wrong_put_all(struct wrong_bench *bench, unsigned bad, enum wrong wrong);

// Descriptor i is done, with its status; or it never began.
void wrong_expect_copied(struct wrong_bench *bench, unsigned i);
void wrong_expect_bytes(struct wrong_bench *bench, unsigned i);
void wrong_expect_target_kept(struct wrong_bench *bench, unsigned i);
void wrong_expect_untouched(struct wrong_bench *bench, unsigned i);

// HALTED, and everything before, at and behind the wrong descriptor is as it must be. @return NEXT.
unsigned wrong_expect_halt(struct wrong_bench *bench, unsigned bad, enum wrong wrong);

// The other channel: some more copies; all of them done, and it never noticed.
void wrong_other_put(struct wrong_bench *bench);
void wrong_other_check(struct wrong_bench *bench);

#endif
