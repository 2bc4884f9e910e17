// SPDX-License-Identifier: Apache-2.0
//
// The bench: one engine, the memory behind it, its two register ports, a sink or a source on each stream.
//
//     struct engine *engine = engine_new(&(struct engine_config){ .kind = "default64", .latency = 13 });
//     engine_guard(engine, 0, 0x40000000, 1 << 20, ENGINE_READ | ENGINE_WRITE);
//     engine_write(engine, DRAY_SCRATCH, 1);
//     engine_clocks(engine, 100);
//     engine_free(engine);
//
// After engine_new both resets are released and the gate is ready; nothing is guarded open unless
// `open_bytes` says so. Rings and descriptors are in ring.h.
#ifndef SIM_ENGINE_H
#define SIM_ENGINE_H

#include "axil.h"
#include "memory.h"
#include "model.h"
#include "report.h"
#include "sink.h"
#include "source.h"

#include "dray_gate_regs.h"
#include "dray_regs.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ENGINE_READ = 1, ENGINE_WRITE = 2 };

enum {
    ENGINE_MEMORY_BASE  = 0x40000000,
    ENGINE_MEMORY_BYTES = 16 << 20,
};

struct engine_config {
    const char          *kind; // a configuration of sim.mk
    unsigned             latency; // L of the memory; 0 is 1
    unsigned             spread;
    struct memory_stalls stalls;
    unsigned             outstanding; // bursts of each direction that the memory takes; 0: as many as it can
    uint64_t             seed;
    uint64_t             memory_base; // 0: ENGINE_MEMORY_BASE
    size_t               open_bytes; // so many bytes of memory are open to every channel, from its start
};

struct engine {
    const struct model_parameters *parameters;
    struct model       *model;
    struct model_pins   pins;
    struct memory      *memory;
    struct axil_manager registers, gate;
    struct sink         sinks[MODEL_CHANNELS_MAX];
    struct source       sources[MODEL_CHANNELS_MAX]; // silent at first
    struct report       report; // its cycle is the bench's time
    const char         *name;   // of the configuration
    unsigned            width_bytes, channels;
    uint64_t            irq_rose; // cycle in which irq last went from low to high

    // Called after each cycle, for tests that watch or interfere. Register accesses from it are not possible.
    void (*watch)(void *user);
    void  *watch_user;

    // Called when a wait ran out, after the state of everything has been printed. It must not return.
    void (*stop)(void);
    bool  irq_was; // private
};

struct engine *engine_new(const struct engine_config *config);
void engine_free(struct engine *engine);

// Both resets for some cycles, then until the gate is ready. The memory's image and permissions stay.
void engine_reset(struct engine *engine);

// The first channel with a stream to memory; 0 if there is none.
unsigned engine_stream_in(const struct engine *engine);

void engine_clock(struct engine *engine);
void engine_clocks(struct engine *engine, unsigned cycles);
static inline uint64_t engine_cycle(const struct engine *engine) { return engine->report.cycle; }

// Registers. An answer other than OKAY is an error of the report.
uint32_t engine_read(struct engine *engine, uint32_t offset);
void     engine_write(struct engine *engine, uint32_t offset, uint32_t value);
uint32_t gate_read(struct engine *engine, uint32_t offset);
void     gate_write(struct engine *engine, uint32_t offset, uint32_t value);

// Rights of one channel on every frame that [addr, addr + len) touches: ENGINE_READ, ENGINE_WRITE, both or 0.
void engine_guard(struct engine *engine, unsigned channel, uint64_t addr, size_t len_bytes, unsigned rights);

// Window entries. @return the logical address of the page.
uint64_t engine_window_open(struct engine *engine, unsigned entry, unsigned channel, uint64_t frame_addr, unsigned rights);
void     engine_window_close(struct engine *engine, unsigned entry);

// SYNC, then until it reads 0.
void engine_sync(struct engine *engine, unsigned limit);

// Clocks until irq, or the channel's, is high. @return the cycle in which it was first seen high.
uint64_t engine_wait_irq(struct engine *engine, unsigned limit);
uint64_t engine_wait_channel_irq(struct engine *engine, unsigned channel, unsigned limit);

// Clocks until the channel is in that state, or prints all there is to know and calls `stop`.
void engine_wait_state(struct engine *engine, unsigned channel, uint32_t state, unsigned limit);
uint32_t engine_state(struct engine *engine, unsigned channel);

// Nothing on the bus for some cycles, whatever the engine says.
bool engine_quiet(struct engine *engine, unsigned cycles);

// Prints registers, counts and errors to standard error.
void engine_print(struct engine *engine);
void engine_stop(struct engine *engine, const char *why);

#endif
