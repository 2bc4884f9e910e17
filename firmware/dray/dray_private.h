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

/* DRAY_DESC_TYPE_*; of one that was written back, DONE. */
static inline uint32_t dray_type_of(const struct dray_descriptor *slot)
{
    return slot->control & DRAY_DESCRIPTOR_CONTROL_DESC_TYPE_MASK;
}

/* Lap parity: 1 in the first lap. */
static inline uint32_t dray_generation(const struct dray_channel *channel, uint16_t index)
{
    return (index & channel->ring.slot_count) == 0u ? DRAY_DESCRIPTOR_CONTROL_GENERATION_MASK : 0u;
}

static inline uint32_t dray_field(uint32_t value, uint32_t mask, uint32_t shift)
{
    return (value & mask) >> shift;
}

struct dray_kind {
    uint32_t control; /* of slot 0, before flags, tag and generation */
    uint32_t flags;   /* that it may have beside those of every job */
    uint32_t feature; /* that it needs */
    bool     lists;   /* its length counts elements */

    /* What dray_check() cannot know of it: addresses, counts. */
    bool (*fits)(const struct dray_channel *channel, const struct dray_job *job);

    /* Of a kind with two slots: writes the second; and gives both a place where the ring ends behind the first. */
    void (*write_second)(struct dray_descriptor *slot, const struct dray_job *job, uint32_t generation);
    struct dray_descriptor *(*wraps)(const struct dray_channel *channel, uint16_t index);
};

/* True if jobs can name these bytes, at least one. */
bool dray_reachable(const struct dray *engine, uint64_t bus, uint32_t bytes);

/* True if the job's length_bytes can stand at @p bus. */
bool dray_data_fits(const struct dray *engine, const struct dray_job *job, uint64_t bus);

/* 2 of rows, else 1. */
static inline unsigned dray_job_slots(const struct dray_job *job)
{
    return job->kind != NULL && job->kind->write_second != NULL ? 2u : 1u;
}

static inline bool dray_is_last(const struct dray_channel *channel, uint16_t index)
{
    return ((index + 1u) & (channel->ring.slot_count - 1u)) == 0u;
}

/* Slots of a ring that a job takes at @p index: rows at the ring's last slot stand behind it, and a link leads there. */
static inline unsigned dray_ring_slots(const struct dray_channel *channel, const struct dray_job *job, uint16_t index)
{
    return dray_is_last(channel, index) ? 1u : dray_job_slots(job);
}

static inline uint64_t dray_spare_bus(const struct dray_channel *channel)
{
    return channel->ring.bus + (uint64_t)channel->ring.slot_count * DRAY_DESCRIPTOR_BYTES;
}

/* What the options say to the registers of a channel, in the order of dray_options.c. */
#define DRAY_OPTION_WORDS 4u

/* Opens a channel with @p control in CONTROL, and these options, which fit. @return as dray_channel_open() */
enum dray_status dray_open(struct dray_channel *channel, struct dray *engine, unsigned number,
                           const struct dray_ring *ring, uint32_t control, const uint32_t words[DRAY_OPTION_WORDS]);

/* Those that there are registers for. */
void dray_options_write(const struct dray_channel *channel, const uint32_t words[DRAY_OPTION_WORDS]);

/* What every channel has that was not given others. */
extern const uint32_t dray_options_none[DRAY_OPTION_WORDS];

static inline struct dray_descriptor *dray_spare(const struct dray_channel *channel)
{
    return &channel->ring.slots[channel->ring.slot_count];
}

/* A link to so many slots at @p target. */
void dray_link_write(struct dray_descriptor *slot, uint64_t target, uint32_t slots, uint32_t generation);

/* Writes a job that was checked: one slot, of rows two. */
void dray_job_write(const struct dray_channel *channel, struct dray_descriptor *slot, const struct dray_job *job, uint32_t generation);

/* Slots that the descriptor at @p index of the ring has: one that was written, and not retired. */
unsigned dray_slots_at(const struct dray_channel *channel, uint16_t index);

/* Its first slot, wherever that stands. */
const struct dray_descriptor *dray_descriptor_at(const struct dray_channel *channel, uint16_t index);

/* HALTED, STOPPED or PAUSED. */
bool dray_at_rest(enum dray_state state);

/* Of a channel at rest, that in which nothing more retires. */
enum dray_status dray_rest_status(enum dray_state state);

/* Cause of the hardware to status; an unknown cause is newer hardware, and no success. */
enum dray_status dray_status_of_cause(uint32_t cause);

#endif
