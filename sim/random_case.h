// SPDX-License-Identifier: Apache-2.0
//
// One random case: an engine, rings of random descriptors, errors and software actions, all of it judged by the
// reference model.
//
//     struct random_case *random = random_case_new("default64", seed, stop);
//     bool good = random_case_run(random);      // false: what is wrong has been printed, with the seed
//     random_case_free(random);
//
// Everything about a case follows from its configuration and its seed: the memory's latency and stalls, the rights at the
// gate, the rings, what is wrong in them, and what software does when a channel has halted.
#ifndef SIM_RANDOM_CASE_H
#define SIM_RANDOM_CASE_H

#include "engine.h"
#include "reference.h"
#include "ring.h"

enum {
    RANDOM_PAGE        = 4096, // of the largest page
    RANDOM_SOURCE_LEN  = 16 * RANDOM_PAGE,
    RANDOM_TARGET_LEN  = 12 * RANDOM_PAGE,
    RANDOM_WINDOW      = 8, // window entries of each channel, and frames that nothing else reaches
    RANDOM_SEGMENT_LEN = 2 * RANDOM_PAGE,
    RANDOM_LIST_LEN    = 4 * RANDOM_PAGE,
    RANDOM_NOTES       = 1024,
    RANDOM_EDGE        = 2 * RANDOM_PAGE,
};

// A descriptor of this round, for messages, and as a source of later ones.
struct random_note {
    unsigned          channel;
    uint16_t          index;
    uint64_t          slot;
    struct descriptor descriptor;
};

struct random_channel {
    struct ring ring;
    bool        cyclic, started;
    bool        ends_by_itself; // a cyclic ring with an error in it
    bool        rests;          // until the next round
    bool        ends_in_two;    // what was put last takes two slots
    bool        half;           // the doorbell told only the first of them
    uint32_t    target_at, window_at, segment_at, list_at, edge_at; // so much of each is used in this round
};

// What the edge is used for in a round.
enum random_edge { RANDOM_EDGE_READ, RANDOM_EDGE_WRITTEN, RANDOM_EDGE_LIST, RANDOM_EDGE_SEGMENT, RANDOM_EDGE_USES };

struct random_case {
    const char          *kind;
    uint64_t             seed, random;
    struct engine       *engine;
    struct reference    *reference;
    struct random_channel channels[MODEL_CHANNELS_MAX];
    bool                 has_errors;
    unsigned             round, fault_count;
    struct memory_fault  faults[MEMORY_FAULTS];
    struct random_note   notes[RANDOM_NOTES];
    unsigned             note_count;
    enum random_edge     edge;
    bool                 low; // what is made next has one slot: nothing of it may stand above 4 GiB
    unsigned             told_after; // cycles until every interrupt has come, though it be held back
    bool                 failed;
    void               (*stop)(void);
};

// @param stop  called after a wait ran out and all was printed; it must not return.
struct random_case *random_case_new(const char *kind, uint64_t seed, void (*stop)(void));
bool                random_case_run(struct random_case *random);
void                random_case_free(struct random_case *random);

// The memory begins where the guard does. In it, what is read by all channels, and then places of one channel: in a MiB of its own.
static inline uint64_t random_base(const struct random_case *random) { return random->engine->parameters->guard_base; }
static inline uint64_t random_source(const struct random_case *random) { return random_base(random) + RANDOM_EDGE; }
static inline uint64_t random_home(const struct random_case *random, unsigned channel)
{
    return random_base(random) + 0x100000u * (channel + 1);
}
static inline uint64_t random_ring(const struct random_case *random, unsigned channel) { return random_home(random, channel); }
static inline uint64_t random_segments(const struct random_case *random, unsigned channel) { return random_home(random, channel) + 0x4000; }
static inline uint64_t random_lists(const struct random_case *random, unsigned channel) { return random_home(random, channel) + 0x8000; }
static inline uint64_t random_target(const struct random_case *random, unsigned channel) { return random_home(random, channel) + 0x10000; }
static inline uint64_t random_frames(const struct random_case *random, unsigned channel) { return random_home(random, channel) + 0x30000; }

// Whether addresses have more than 32 bits: any descriptor may have a second slot then. Where the memory is so high that it needs
// them, it begins at 4 GiB, and right below stand the last pages of the window: RANDOM_EDGE bytes on both sides of that are the first
// channel's.
static inline bool random_is_wide(const struct random_case *random) { return random->engine->parameters->addr_w > 32; }
static inline bool random_is_high(const struct random_case *random) { return random_base(random) >> 32 != 0; }

// Of the build, in bytes; its window may be too small to use.
uint32_t random_page(const struct random_case *random);
bool     random_has_window(const struct random_case *random);

// One of 0 .. below - 1; true once in so many times.
uint32_t random_below(struct random_case *random, uint32_t below);
bool     random_once_in(struct random_case *random, uint32_t times);

// random_say.c: each prints what is wrong, once a case, and marks it as failed.
void random_say_seed(const struct random_case *random, const char *why);
void random_check_report(struct random_case *random);
void random_check_image(struct random_case *random);

// random_round.c: some descriptors on every channel, until all of them rest.
void random_round(struct random_case *random);

// random_put.c: descriptors of a round, in both images. @return true if one of them certainly ends a cyclic ring.
bool random_put(struct random_case *random, unsigned channel, unsigned count);

#endif
