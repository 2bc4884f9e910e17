// SPDX-License-Identifier: Apache-2.0
//
// What the files that make random descriptors share; nobody else includes it.
//
//     random_put.c     slots of rings and segments
//     random_make.c    one descriptor: lengths and places at every edge
//     random_pieces.c  lists, and rows
//     random_spoil.c   what is wrong with it: bits, and errors of the bus
#ifndef SIM_RANDOM_PRIVATE_H
#define SIM_RANDOM_PRIVATE_H

#include "random_case.h"

enum { RANDOM_PIECE_MOST = 700 }; // bytes of an element

static inline uint32_t random_lesser(uint32_t a, uint32_t b) { return a < b ? a : b; }

static inline uint32_t random_unit(const struct random_case *random)
{
    return random->engine->parameters->bytes ? 1 : random->engine->width_bytes;
}

static inline bool random_fills(const struct random_case *random) { return random->engine->parameters->fill; }
static inline bool random_has_rows(const struct random_case *random) { return random->engine->parameters->rows; }
static inline bool random_has_lists(const struct random_case *random) { return random->engine->parameters->lists; }

static inline bool random_type_known(const struct random_case *random, uint32_t type)
{
    if (type == DRAY_DESC_TYPE_FILL) return random_fills(random);
    if (type == DRAY_DESC_TYPE_LIST) return random_has_lists(random);
    return type == DRAY_DESC_TYPE_ROWS ? random_has_rows(random) : reference_type_known(type);
}

static inline uint32_t random_bound(const struct random_case *random)
{
    const struct model_parameters *built = random->engine->parameters;
    return random_lesser(random->engine->width_bytes * built->burst_beats, 1u << built->page_lg);
}

static inline uint64_t random_row(uint64_t start, int32_t stride, unsigned n) { return start + (uint64_t)((int64_t)stride * n); }

// Each makes one descriptor, with what it needs permitted. @return false if there is no room: it is another one then.
// @param ends  set if it certainly ends its channel
bool random_make_linear(struct random_case *random, unsigned channel, struct descriptor *made);
bool random_make_fill(struct random_case *random, unsigned channel, struct descriptor *made);
bool random_make_rows(struct random_case *random, unsigned channel, struct descriptor *made);
bool random_make_list(struct random_case *random, unsigned channel, struct descriptor *made, bool *ends);

// Of each of some pieces of a descriptor, all of it brief or not: most are, for it is the joints between descriptors that are hard.
bool     random_brief(struct random_case *random);
uint32_t random_length(struct random_case *random, unsigned pieces, bool brief);
uint32_t random_whole_units(const struct random_case *random, uint32_t length);

// An offset of at least `at`: at once, some bytes on, or shortly before or at an edge of beats, bursts or pages.
uint32_t random_place(struct random_case *random, uint32_t at);

// A place to write to that nobody has yet, in the channel's own memory or behind its window. @return 0 if there is none.
uint64_t random_target_place(struct random_case *random, unsigned channel, uint32_t length);
uint64_t random_window_place(struct random_case *random, unsigned channel, uint32_t length);
void     random_permit(struct random_case *random, unsigned channel, uint64_t addr, uint32_t count);

// At the edge, if this round uses it so: mostly across it. @return 0 if there is no such place.
uint64_t random_edge_place(struct random_case *random, unsigned channel, enum random_edge use, uint32_t length, uint32_t align);

// Words of slots and elements, in both images, at an address of the channel.
void     random_set_words(struct random_case *random, unsigned channel, uint64_t addr, const uint32_t *words, unsigned count);
uint32_t random_flags(struct random_case *random, unsigned channel);

// What is wrong with a descriptor: in it, in the bits of its control word or of the last two words of its second slot that are to be
// turned, in one element of its list, or on the bus. @return that it certainly ends its channel.
bool random_spoil(struct random_case *random, unsigned channel, uint64_t slot, struct descriptor *made, uint32_t *turned);
bool random_spoil_second(struct random_case *random, unsigned channel, uint64_t second, struct descriptor *made, uint32_t turned[2]);
bool random_spoil_element(struct random_case *random, unsigned channel, bool scatters, uint64_t at, uint64_t *piece, uint32_t *length);

#endif
