// SPDX-License-Identifier: Apache-2.0
//
// A memory that owes an answer, and the watchdog that must find out.
#ifndef SIM_HUNG_H
#define SIM_HUNG_H

#include "testing.h"

enum {
    HUNG_RING   = ENGINE_MEMORY_BASE,
    HUNG_SOURCE = ENGINE_MEMORY_BASE + 0x20000,
    HUNG_TARGET = ENGINE_MEMORY_BASE + 0x40000,
    HUNG_OTHER  = ENGINE_MEMORY_BASE + 0x60000, // of another channel
    HUNG_OPEN   = 0x80000,
    HUNG_LIMIT  = 50000, // cycles of a wait
    HUNG_UNIT   = 256,   // cycles that WATCHDOG counts in
    HUNG_SLACK  = 64,
    HUNG_PLACE  = 1024, // bytes of each source and target
    HUNG_BITTEN = DRAY_CHANNEL_IRQ_STATUS_WATCHDOG_MASK,
};

// Channel 0 runs an empty ring, and interrupts for the watchdog alone.
struct engine *hung_begin(void **state, const struct engine_config *config, unsigned units, struct ring *ring);

// Bursts that touch [first, first + count) are not answered until memory_answer.
void hung_from(struct engine *engine, enum memory_direction direction, uint32_t first, uint32_t count);

// It bites in time, says so at once, and the channel asks for nothing more.
void hung_expect_bite(struct ring *ring, unsigned units);

#endif
