// SPDX-License-Identifier: Apache-2.0
//
// What the three files of the memory model share; nobody else includes it.
#ifndef SIM_MEMORY_PRIVATE_H
#define SIM_MEMORY_PRIVATE_H

#include "memory.h"

enum { MEMORY_BEATS_MAX = 256 };

struct burst {
    uint64_t addr, due; // due: first cycle in which it may be answered
    unsigned beats, size_bytes, taken; // taken: beats that are through
    unsigned extra;                    // cycles more than the latency
    uint8_t  resp;
    int      fail_beat;
    uint64_t fail_first, fail_last; // for MEMORY_BEATS_HIT
    bool     silent;
};

struct write_beat {
    uint8_t  data[BUS_BYTES_MAX];
    uint16_t strb;
};

struct memory {
    struct memory_config config;
    struct axi          *bus;
    struct report       *report;
    struct memory_counts counts;
    uint64_t             random;

    uint8_t *image, *expected;
    uint8_t *permitted; // one bit a byte

    struct burst reads[MEMORY_OUTSTANDING], writes[MEMORY_OUTSTANDING]; // rings, oldest at head
    unsigned     read_head, read_count;
    unsigned     write_head, write_count, write_filled; // filled: writes whose last beat has come
    struct write_beat (*beats)[MEMORY_BEATS_MAX];       // of each write

    struct memory_fault faults[MEMORY_FAULTS];
    unsigned            fault_count;

    // What a manager left standing, and so has to keep.
    bool                  ar_stalled, aw_stalled, w_stalled, w_open;
    struct axi_address    ar_was, aw_was;
    struct axi_write_data w_was;

    void (*log)(void *user, const struct memory_event *event);
    void *log_user;
};

// Bytes of the burst, counted from the start of its first beat's lanes.
static inline uint64_t burst_beat_addr(const struct burst *burst, unsigned beat)
{
    return beat == 0 ? burst->addr : (burst->addr & ~(uint64_t)(burst->size_bytes - 1u)) + (uint64_t)beat * burst->size_bytes;
}

static inline uint64_t burst_end(const struct burst *burst)
{
    return (burst->addr & ~(uint64_t)(burst->size_bytes - 1u)) + (uint64_t)burst->beats * burst->size_bytes;
}

static inline bool memory_holds(const struct memory *memory, uint64_t addr, uint64_t len_bytes)
{
    uint64_t offset = addr - memory->config.base;
    return offset < memory->config.size_bytes && len_bytes <= memory->config.size_bytes - offset;
}

// memory_rules.c: each looks at one cycle and reports what the protocol forbids.
void memory_rules_stable(struct memory *memory);
void memory_rules_address(struct memory *memory, const char *channel, const struct axi_address *address);
void memory_rules_beat(struct memory *memory, const struct burst *burst);

// memory_image.c
bool memory_image_permitted(const struct memory *memory, uint64_t beat_addr, uint16_t strb);

#endif
