// SPDX-License-Identifier: Apache-2.0
//
// An AXI4 manager for tests: asks for what it is told, in order, stalls at random, and keeps what came back.
//
//     manager_init(&manager, &pins.bus, 8, seed);
//     unsigned n = manager_read(&manager, 0x40000000, 16);
//     while (!manager_idle(&manager)) clock_all();
//     manager.ops[n].data ...
//
// manager_clock is called once after each clock, as memory_clock is.
#ifndef SIM_MANAGER_H
#define SIM_MANAGER_H

#include "bus.h"
#include "report.h"

#include <stdbool.h>
#include <stdint.h>

enum { MANAGER_OPS = 4096, MANAGER_BEATS = 16 };

struct manager_op {
    bool     is_write;
    uint32_t addr;  // a multiple of the bus width
    unsigned beats;
    uint8_t  data[MANAGER_BEATS * BUS_BYTES_MAX]; // whole beats, as on the bus
    uint16_t strb[MANAGER_BEATS];
    uint8_t  resp;  // the worst of its responses
    uint64_t asked, done; // cycles; 0: not yet
};

struct manager {
    struct axi        *bus;
    struct report     *report;
    unsigned           width_bytes;
    uint8_t            stall;  // how often each channel rests, in 1/256
    uint64_t           random, cycle;
    unsigned           count;  // of ops
    unsigned           ar, r, aw, w, b; // the op each channel is at
    unsigned           r_beat, w_beat;
    struct manager_op  ops[MANAGER_OPS];
};

void manager_init(struct manager *manager, struct axi *bus, struct report *report, unsigned width_bytes, uint64_t seed);
void manager_clock(struct manager *manager);
bool manager_idle(const struct manager *manager);

// The address moved down, if need be, so that a burst there stays in its 4 KiB.
static inline uint32_t manager_inside(uint32_t addr, unsigned bytes)
{
    const uint32_t last = 0x1000u - bytes;
    return (addr & 0xfffu) > last ? (addr & ~0xfffu) + last : addr;
}

// @return number of the op
unsigned manager_read(struct manager *manager, uint32_t addr, unsigned beats);
// All bytes of a pattern that depends on seed; @param strb  of every beat.
unsigned manager_write(struct manager *manager, uint32_t addr, unsigned beats, uint64_t seed, uint16_t strb);

#endif
