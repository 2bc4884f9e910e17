// SPDX-License-Identifier: Apache-2.0
//
// Writes descriptors and reads what became of them.
#include "ring.h"

#include <assert.h>
#include <string.h>

enum { POLL_CYCLES = 8 };

static void start(struct ring *ring, struct engine *engine, unsigned channel, uint64_t base, unsigned slots_lg, uint32_t control)
{
    assert(base % ((uint64_t)SLOT_BYTES << slots_lg) == 0);
    *ring = (struct ring){ .engine = engine, .channel = channel, .slots_lg = slots_lg, .base = base, .control = control };
    engine_write(engine, DRAY_CHANNEL_RING_BASE(channel), (uint32_t)base);
    if (engine->parameters->addr_w > 32) engine_write(engine, DRAY_CHANNEL_RING_BASE_HIGH(channel), (uint32_t)(base >> 32));
    engine_write(engine, DRAY_CHANNEL_RING_SIZE(channel), slots_lg);
    engine_write(engine, DRAY_CHANNEL_IRQ_STATUS(channel), 7);
    engine_write(engine, DRAY_CHANNEL_IRQ_ENABLE(channel), 7);
    engine_write(engine, DRAY_CHANNEL_CONTROL(channel), control);
}

void ring_start(struct ring *ring, struct engine *engine, unsigned channel, uint64_t base, unsigned slots_lg)
{
    start(ring, engine, channel, base, slots_lg, DRAY_CHANNEL_CONTROL_ENABLE_MASK);
}

void ring_start_cyclic(struct ring *ring, struct engine *engine, unsigned channel, uint64_t base, unsigned slots_lg)
{
    start(ring, engine, channel, base, slots_lg, DRAY_CHANNEL_CONTROL_ENABLE_MASK | DRAY_CHANNEL_CONTROL_CYCLIC_MASK);
}

bool descriptor_two(const struct descriptor *descriptor)
{
    return descriptor->type == DRAY_DESC_TYPE_ROWS || (descriptor->flags & DESCRIPTOR_TWO_SLOT) != 0 ||
           (descriptor->source | descriptor->destination) >> 32 != 0;
}

// The word of a second slot.
uint32_t descriptor_high(const struct descriptor *descriptor)
{
    return (uint32_t)(descriptor->source >> 32) << DRAY_SECOND_HIGH_SOURCE_SHIFT |
           (uint32_t)(descriptor->destination >> 32) << DRAY_SECOND_HIGH_DESTINATION_SHIFT;
}

uint32_t descriptor_control(const struct descriptor *descriptor, unsigned generation)
{
    uint32_t two = descriptor_two(descriptor) ? DRAY_DESCRIPTOR_CONTROL_TWO_SLOT_MASK : 0;
    return (descriptor->type ? descriptor->type : DRAY_DESC_TYPE_LINEAR) | descriptor->flags | two |
           (uint32_t)generation << DRAY_DESCRIPTOR_CONTROL_GENERATION_SHIFT |
           descriptor->tag << DRAY_DESCRIPTOR_CONTROL_TAG_SHIFT;
}

void descriptor_write(struct engine *engine, uint64_t addr, const struct descriptor *descriptor, unsigned generation)
{
    memory_set_word(engine->memory, addr + DRAY_DESCRIPTOR_SOURCE, (uint32_t)descriptor->source);
    memory_set_word(engine->memory, addr + DRAY_DESCRIPTOR_DESTINATION, (uint32_t)descriptor->destination);
    memory_set_word(engine->memory, addr + DRAY_DESCRIPTOR_LENGTH, descriptor->length);
    memory_set_word(engine->memory, addr + DRAY_DESCRIPTOR_CONTROL, descriptor_control(descriptor, generation));
    if (descriptor->flags & DESCRIPTOR_WRITE_BACK) memory_permit(engine->memory, addr + DRAY_WRITE_BACK_MOVED, 8);
    else memory_forbid(engine->memory, addr, SLOT_BYTES);
    memcpy(memory_expected(engine->memory, addr, SLOT_BYTES), memory_at(engine->memory, addr, SLOT_BYTES), SLOT_BYTES);
}

void descriptor_write_second(struct engine *engine, uint64_t addr, const struct descriptor *descriptor, unsigned generation)
{
    memory_set_word(engine->memory, addr + DRAY_SECOND_SOURCE_STRIDE, (uint32_t)descriptor->source_stride);
    memory_set_word(engine->memory, addr + DRAY_SECOND_DESTINATION_STRIDE, (uint32_t)descriptor->destination_stride);
    memory_set_word(engine->memory, addr + DRAY_SECOND_HIGH, descriptor_high(descriptor));
    memory_set_word(engine->memory, addr + DRAY_SECOND_COUNT,
                    descriptor->rows << DRAY_SECOND_COUNT_ROWS_SHIFT | (uint32_t)generation << DRAY_SECOND_COUNT_GENERATION_SHIFT);
    memory_forbid(engine->memory, addr, SLOT_BYTES);
    memcpy(memory_expected(engine->memory, addr, SLOT_BYTES), memory_at(engine->memory, addr, SLOT_BYTES), SLOT_BYTES);
}

void element_write(struct engine *engine, uint64_t addr, uint32_t piece, uint32_t len_bytes)
{
    memory_set_word(engine->memory, addr + DRAY_ELEMENT_ADDRESS, piece);
    memory_set_word(engine->memory, addr + DRAY_ELEMENT_LENGTH, len_bytes);
    memory_forbid(engine->memory, addr, ELEMENT_BYTES);
    memcpy(memory_expected(engine->memory, addr, ELEMENT_BYTES), memory_at(engine->memory, addr, ELEMENT_BYTES), ELEMENT_BYTES);
}

unsigned ring_generation(const struct ring *ring, uint16_t index)
{
    return ~((unsigned)index >> ring->slots_lg) & 1u;
}

uint64_t ring_slot(const struct ring *ring, uint16_t index)
{
    return ring->base + (uint64_t)(index & ((1u << ring->slots_lg) - 1u)) * SLOT_BYTES;
}

uint16_t ring_put(struct ring *ring, const struct descriptor *descriptor)
{
    uint16_t index = ring->producer++;
    descriptor_write(ring->engine, ring_slot(ring, index), descriptor, ring_generation(ring, index));
    if (ring->may_fail) memory_permit(ring->engine->memory, ring_slot(ring, index) + DRAY_WRITE_BACK_MOVED, 8);
    if (descriptor_two(descriptor)) {
        descriptor_write_second(ring->engine, ring_slot(ring, ring->producer), descriptor, ring_generation(ring, ring->producer));
        ring->producer++;
    }
    return index;
}

void ring_doorbell(struct ring *ring)
{
    engine_write(ring->engine, DRAY_CHANNEL_PRODUCER(ring->channel), ring->producer);
    ring->rung = ring->engine->registers.data_cycle;
}

void ring_command(struct ring *ring, uint32_t mask)
{
    engine_write(ring->engine, DRAY_CHANNEL_COMMAND(ring->channel), mask);
}

uint16_t ring_consumer(struct ring *ring)
{
    return (uint16_t)engine_read(ring->engine, DRAY_CHANNEL_CONSUMER(ring->channel));
}

uint32_t ring_interrupts(struct ring *ring)
{
    return engine_read(ring->engine, DRAY_CHANNEL_IRQ_STATUS(ring->channel));
}

void ring_acknowledge(struct ring *ring, uint32_t mask)
{
    engine_write(ring->engine, DRAY_CHANNEL_IRQ_STATUS(ring->channel), mask);
}

uint64_t ring_wait_done(struct ring *ring, unsigned limit)
{
    uint64_t cycle = engine_wait_channel_irq(ring->engine, ring->channel, limit);
    uint32_t came  = ring_interrupts(ring);
    if (came != DRAY_CHANNEL_IRQ_STATUS_DONE_MASK) engine_stop(ring->engine, "an interrupt came that is not DONE");
    ring_acknowledge(ring, came);
    return cycle;
}

void ring_wait_empty(struct ring *ring, unsigned limit)
{
    uint64_t end = engine_cycle(ring->engine) + limit;
    while (ring_consumer(ring) != ring->producer) {
        if (engine_cycle(ring->engine) >= end) engine_stop(ring->engine, "the ring never became empty");
        engine_clocks(ring->engine, POLL_CYCLES);
    }
}

void ring_stop(struct ring *ring, unsigned limit)
{
    engine_write(ring->engine, DRAY_CHANNEL_CONTROL(ring->channel), ring->control & ~DRAY_CHANNEL_CONTROL_ENABLE_MASK);
    engine_wait_state(ring->engine, ring->channel, DRAY_CHANNEL_STATE_OFF, limit);
    ring->producer = 0;
}

struct write_back ring_write_back(struct ring *ring, uint64_t slot_addr)
{
    uint32_t status = memory_word(ring->engine->memory, slot_addr + DRAY_WRITE_BACK_STATUS);
    return (struct write_back){
        .moved      = memory_word(ring->engine->memory, slot_addr + DRAY_WRITE_BACK_MOVED),
        .type       = (status & DRAY_WRITE_BACK_STATUS_DESC_TYPE_MASK) >> DRAY_WRITE_BACK_STATUS_DESC_TYPE_SHIFT,
        .generation = (status & DRAY_WRITE_BACK_STATUS_GENERATION_MASK) >> DRAY_WRITE_BACK_STATUS_GENERATION_SHIFT,
        .cause      = (status & DRAY_WRITE_BACK_STATUS_CAUSE_MASK) >> DRAY_WRITE_BACK_STATUS_CAUSE_SHIFT,
        .tag        = (status & DRAY_WRITE_BACK_STATUS_TAG_MASK) >> DRAY_WRITE_BACK_STATUS_TAG_SHIFT,
        .packet_end = (status & DRAY_WRITE_BACK_STATUS_PACKET_END_MASK) != 0,
    };
}

// A slot address; the high half is there only where addresses have one.
static uint64_t read_addr(struct engine *engine, uint32_t low, uint32_t high)
{
    uint64_t addr = engine_read(engine, low);
    return engine->parameters->addr_w > 32 ? addr | (uint64_t)engine_read(engine, high) << 32 : addr;
}

struct halt ring_halt(struct ring *ring)
{
    struct engine *engine  = ring->engine;
    unsigned       channel = ring->channel;
    uint32_t       failed  = engine_read(engine, DRAY_CHANNEL_FAILED(channel));
    return (struct halt){
        .failed      = (uint16_t)(failed & DRAY_CHANNEL_FAILED_INDEX_MASK),
        .cause       = (failed & DRAY_CHANNEL_FAILED_CAUSE_MASK) >> DRAY_CHANNEL_FAILED_CAUSE_SHIFT,
        .failed_addr = read_addr(engine, DRAY_CHANNEL_FAILED_ADDR(channel), DRAY_CHANNEL_FAILED_ADDR_HIGH(channel)),
        .moved       = engine_read(engine, DRAY_CHANNEL_FAILED_MOVED(channel)),
        .next        = (uint16_t)engine_read(engine, DRAY_CHANNEL_NEXT(channel)),
        .next_addr   = read_addr(engine, DRAY_CHANNEL_NEXT_ADDR(channel), DRAY_CHANNEL_NEXT_ADDR_HIGH(channel)),
    };
}
