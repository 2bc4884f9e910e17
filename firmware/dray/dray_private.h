/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of this room share and nobody else sees. */
#ifndef DRAY_PRIVATE_H
#define DRAY_PRIVATE_H

#include "dray.h"
#include "mmio.h"

/* What a device that does not answer reads as. No register of the engine is all ones by itself, SCRATCH and bus
 * addresses apart. */
#define DRAY_ALL_ONES 0xffffffffu

#define DRAY_ID_LETTERS 0x44524159u

/* Offset of a channel's register from the channel's own base. */
#define DRAY_CHANNEL_REG(name) (DRAY_CHANNEL_##name(0u) - DRAY_CHANNEL_BASE(0u))

static inline uint32_t dray_channel_read(const struct dray_channel *channel, uint32_t reg)
{
    return mmio_read32(channel->base + reg);
}

static inline void dray_channel_write(const struct dray_channel *channel, uint32_t reg, uint32_t value)
{
    mmio_write32(channel->base + reg, value);
}

static inline struct dray_descriptor *dray_slot(const struct dray_channel *channel, uint16_t index)
{
    return &channel->ring.slots[index & (channel->ring.slot_count - 1u)];
}

/* Lap parity: 1 in the first lap. */
static inline uint32_t dray_generation(const struct dray_channel *channel, uint16_t index)
{
    return (index & channel->ring.slot_count) == 0u ? DRAY_DESCRIPTOR_CONTROL_GENERATION_MASK : 0u;
}

/* Slots hold 32 bits of an address, and an engine may have fewer. */
static inline bool dray_range_reachable(const struct dray *engine, uint64_t bus, uint64_t bytes)
{
    unsigned bits = engine->addr_bits < 32u ? engine->addr_bits : 32u;
    uint64_t end = UINT64_C(1) << bits;
    return bus < end && bytes <= end - bus;
}

/* Cause of the hardware to status; an unknown cause is newer hardware, and no success. */
enum dray_status dray_status_of_cause(uint32_t cause);

#endif
