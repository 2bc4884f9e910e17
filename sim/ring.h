// SPDX-License-Identifier: Apache-2.0
//
// Rings and descriptors as a bench writes them: straight into the memory's image.
//
//     struct ring ring;
//     ring_start(&ring, engine, 0, 0x40010000, 7);
//     ring_put(&ring, &(struct descriptor){ .source = s, .destination = d, .length = 64, .flags = DESCRIPTOR_IRQ });
//     ring_doorbell(&ring);
//     engine_wait_irq(engine, 10000);
#ifndef SIM_RING_H
#define SIM_RING_H

#include "engine.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    DESCRIPTOR_IRQ        = DRAY_DESCRIPTOR_CONTROL_IRQ_MASK,
    DESCRIPTOR_WRITE_BACK = DRAY_DESCRIPTOR_CONTROL_WRITE_BACK_MASK,
    DESCRIPTOR_TWO_SLOT   = DRAY_DESCRIPTOR_CONTROL_TWO_SLOT_MASK, // whether it needs them or not
    DESCRIPTOR_FENCE      = DRAY_DESCRIPTOR_CONTROL_FENCE_MASK,
    DESCRIPTOR_TO_STREAM  = DRAY_DESCRIPTOR_CONTROL_TO_STREAM_MASK,
    DESCRIPTOR_SCATTER    = DRAY_DESCRIPTOR_CONTROL_SCATTER_MASK,
    ELEMENT_BYTES         = DRAY_ELEMENT_BYTES,
    DESCRIPTOR_FROM_STREAM = DRAY_DESCRIPTOR_CONTROL_FROM_STREAM_MASK,
    SLOT_BYTES            = DRAY_DESCRIPTOR_BYTES,
};

// Type 0 stands for LINEAR. Rows and strides are slot 1's, as are bits of the addresses above 31.
struct descriptor {
    uint32_t type;
    uint64_t source, destination;
    uint32_t length, flags, tag;
    uint32_t rows;
    int32_t  source_stride, destination_stride;
};

struct ring {
    struct engine *engine;
    unsigned       channel, slots_lg;
    uint32_t       control; // CONTROL while it runs
    uint64_t       base;
    uint16_t       producer; // what has been put; what the engine knows is in its register
    uint64_t       rung;     // cycle of the last doorbell's W handshake
    bool           may_fail; // a descriptor that fails gets a status, whatever it asked for: every slot is permitted
};

// All interrupts enabled, channel enabled.
void ring_start(struct ring *ring, struct engine *engine, unsigned channel, uint64_t base, unsigned slots_lg);
void ring_start_cyclic(struct ring *ring, struct engine *engine, unsigned channel, uint64_t base, unsigned slots_lg);

// Whether it has a second slot: asked for, or needed.
bool     descriptor_two(const struct descriptor *descriptor);
uint32_t descriptor_high(const struct descriptor *descriptor);

// The control word of a descriptor of that generation; and the whole descriptor at an address of memory, in the
// expected image too. Its bytes 8..15 are permitted if it asks for write-back.
uint32_t descriptor_control(const struct descriptor *descriptor, unsigned generation);
void     descriptor_write(struct engine *engine, uint64_t addr, const struct descriptor *descriptor, unsigned generation);

// Slot 1 of it, at an address of its own.
void     descriptor_write_second(struct engine *engine, uint64_t addr, const struct descriptor *descriptor, unsigned generation);

// An element of a list, in both images; nobody may write it over the bus.
void     element_write(struct engine *engine, uint64_t addr, uint32_t piece, uint32_t len_bytes);

unsigned ring_generation(const struct ring *ring, uint16_t index);
uint64_t ring_slot(const struct ring *ring, uint16_t index);

// Writes it to the next slot, or to the next two. @return its index.
uint16_t ring_put(struct ring *ring, const struct descriptor *descriptor);
void     ring_doorbell(struct ring *ring);

void     ring_command(struct ring *ring, uint32_t mask);
uint16_t ring_consumer(struct ring *ring);
uint32_t ring_interrupts(struct ring *ring);            // IRQ_STATUS
void     ring_acknowledge(struct ring *ring, uint32_t mask); // clears bits of it

// DONE in IRQ_STATUS, then cleared; and until the consumer index has come to what was put.
uint64_t ring_wait_done(struct ring *ring, unsigned limit);
void     ring_wait_empty(struct ring *ring, unsigned limit);

// enable = 0, then until OFF. The ring is empty after it.
void ring_stop(struct ring *ring, unsigned limit);

// What a write-back left in a slot.
struct write_back { uint32_t moved, type, generation, cause, tag; bool packet_end; };
struct write_back ring_write_back(struct ring *ring, uint64_t slot_addr);

// What HALTED and STOPPED show.
struct halt { uint16_t failed, next; uint32_t cause, moved; uint64_t failed_addr, next_addr; };
struct halt ring_halt(struct ring *ring);

#endif
