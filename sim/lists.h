// SPDX-License-Identifier: Apache-2.0
//
// Lists of the tests: what their elements are, what they move, and the descriptor of one.
#ifndef SIM_LISTS_H
#define SIM_LISTS_H

#include "testing.h"

enum {
    LISTS_RING     = ENGINE_MEMORY_BASE,
    LISTS_SLOTS_LG = 5,
    LISTS_AT       = ENGINE_MEMORY_BASE + 0x10000, // where lists stand
    LISTS_SOURCE   = ENGINE_MEMORY_BASE + 0x20000,
    LISTS_TARGET   = ENGINE_MEMORY_BASE + 0x80000,
    LISTS_OPEN     = 0x100000,
    LISTS_LIMIT    = 300000, // cycles of a wait
    LISTS_MOST     = 600,    // elements of a list
};

enum list_side { GATHER, SCATTER };

// A list, and the contiguous side.
struct list {
    enum list_side side;
    uint32_t       at, other;
    unsigned       count;
    struct { uint32_t addr, length; } elements[LISTS_MOST];
};

// Where the pieces of such a list lie, and where its other side.
static inline uint32_t list_pieces(enum list_side side) { return side == GATHER ? LISTS_SOURCE : LISTS_TARGET; }
static inline uint32_t list_other(enum list_side side) { return side == GATHER ? LISTS_TARGET : LISTS_SOURCE; }

void     list_add(struct list *list, uint32_t addr, uint32_t length);
uint32_t list_total(const struct list *list, unsigned elements); // bytes of the first of them

// The first elements of it happen.
void list_expect(struct engine *engine, const struct list *list, unsigned elements);

// Its elements, to memory. @return its descriptor.
struct descriptor list_write(struct engine *engine, const struct list *list);

// All of it: written, expected, and in the ring. @return its index there.
uint16_t list_put(struct ring *ring, const struct list *list);

#endif
