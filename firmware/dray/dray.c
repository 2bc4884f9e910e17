/* SPDX-License-Identifier: Apache-2.0 */
/* Engine and channels: identity, opening, closing, interrupts. Jobs are in dray_job.c, rings in
 * dray_ring.c and dray_retire.c, errors and ends in dray_halt.c and dray_wait.c. */
#include "dray.h"

#include <assert.h>
#include <string.h>

#include "dray_private.h"

#define MAJOR_KNOWN 0u

/* An ABORT lasts as long as the slowest response that is outstanding; opening is not the place to wait for a hung bus. */
#define OPEN_POLLS 10000u

enum dray_status dray_init(struct dray *engine, uintptr_t base)
{
    assert(engine != NULL);

    if (base % sizeof(uint32_t) != 0u) return DRAY_ERR_ARGUMENT;
    uint32_t id = mmio_read32(base + DRAY_ID);
    if (id == DRAY_ALL_ONES) return DRAY_ERR_GONE;
    if (id != DRAY_ID_LETTERS) return DRAY_ERR_ABSENT;
    uint32_t version = mmio_read32(base + DRAY_VERSION);
    if (dray_field(version, DRAY_VERSION_MAJOR_MASK, DRAY_VERSION_MAJOR_SHIFT) != MAJOR_KNOWN) return DRAY_ERR_ABSENT;
    uint32_t caps = mmio_read32(base + DRAY_CAPABILITIES);
    uint32_t features = mmio_read32(base + DRAY_FEATURES);
    uint32_t channels = dray_field(caps, DRAY_CAPABILITIES_CHANNELS_MASK, DRAY_CAPABILITIES_CHANNELS_SHIFT);
    if (channels == 0u || channels > DRAY_CHANNEL_COUNT) return DRAY_ERR_ABSENT;

    *engine = (struct dray){
        .base = base,
        .version = version,
        .features = features,
        .bound_bytes = 1u << dray_field(caps, DRAY_CAPABILITIES_BOUND_LG_MASK, DRAY_CAPABILITIES_BOUND_LG_SHIFT),
        .channels = (uint8_t)channels,
        .data_bytes = (uint8_t)(1u << dray_field(caps, DRAY_CAPABILITIES_DATA_LG_MASK, DRAY_CAPABILITIES_DATA_LG_SHIFT)),
        .addr_bits = (uint8_t)dray_field(caps, DRAY_CAPABILITIES_ADDR_WIDTH_MASK, DRAY_CAPABILITIES_ADDR_WIDTH_SHIFT),
        .stream_out = (uint8_t)dray_field(features, DRAY_FEATURES_STREAMS_OUT_MASK, DRAY_FEATURES_STREAMS_OUT_SHIFT),
        .stream_in = (uint8_t)dray_field(features, DRAY_FEATURES_STREAMS_IN_MASK, DRAY_FEATURES_STREAMS_IN_SHIFT),
    };
    if (dray_has(engine, DRAY_HAS_WATCHDOG)) mmio_write32(base + DRAY_WATCHDOG, 0u);
    for (uint32_t number = 0; number < channels; number++) {
        mmio_write32(base + DRAY_CHANNEL_IRQ_ENABLE(number), 0u);
        mmio_write32(base + DRAY_CHANNEL_CONTROL(number), 0u);
    }
    return DRAY_OK;
}

uint32_t dray_irq_summary(const struct dray *engine)
{
    assert(engine != NULL);
    return mmio_read32(engine->base + DRAY_IRQ_SUMMARY);
}

static bool power_of_two(uint32_t value)
{
    return value != 0u && (value & (value - 1u)) == 0u;
}

static uint32_t log2_of(uint32_t power)
{
    uint32_t lg = 0;
    while ((power >>= 1) != 0u) lg++;
    return lg;
}

static uint32_t ring_bytes(const struct dray_ring *ring)
{
    return (ring->slot_count + (ring->spare ? DRAY_SPARE_SLOTS : 0u)) * DRAY_DESCRIPTOR_BYTES;
}

/* A ring that begins in reach ends there: it is aligned to its size. */
static bool begins_in_reach(const struct dray *engine, uint64_t bus)
{
    if (engine->addr_bits > 32u) return (uint32_t)(bus >> 32) >> (engine->addr_bits - 32u) == 0u;
    return dray_reachable(engine, bus, 1u);
}

static bool ring_fits(const struct dray *engine, const struct dray_ring *ring)
{
    if (!power_of_two(ring->slot_count) || ring->slot_count > DRAY_SLOTS_MAX) return false;
    uint32_t bytes = ring->slot_count * DRAY_DESCRIPTOR_BYTES;
    if (ring->slots == NULL || ((uint32_t)ring->bus & (bytes - 1u)) != 0u || !begins_in_reach(engine, ring->bus)) return false;
    return !ring->spare || dray_reachable(engine, ring->bus, ring_bytes(ring)); /* a link leads there */
}

/* Waits until the channel is OFF; what comes before is DRAINING. */
static enum dray_status wait_off(uintptr_t base, unsigned polls)
{
    for (unsigned i = 0; i < polls; i++) {
        uint32_t status = mmio_read32(base + DRAY_CHANNEL_REG(STATUS));
        if (status == DRAY_ALL_ONES) return DRAY_ERR_GONE;
        if ((status & DRAY_CHANNEL_STATUS_STATE_MASK) == DRAY_CHANNEL_STATE_OFF) return DRAY_OK;
    }
    return DRAY_BUSY;
}

static void ring_program(const struct dray_channel *channel)
{
    const struct dray_ring *ring = &channel->ring;

    /* Zero is no valid descriptor in the first lap: its generation is 1. */
    memset(ring->slots, 0, ring_bytes(ring));
    dray_channel_write(channel, DRAY_CHANNEL_REG(RING_BASE), (uint32_t)ring->bus);
    if (channel->engine->addr_bits > 32u) dray_channel_write(channel, DRAY_CHANNEL_REG(RING_BASE_HIGH), (uint32_t)(ring->bus >> 32));
    dray_channel_write(channel, DRAY_CHANNEL_REG(RING_SIZE), log2_of(ring->slot_count));
}

enum dray_status dray_open(struct dray_channel *channel, struct dray *engine, unsigned number,
                           const struct dray_ring *ring, uint32_t control, const uint32_t words[DRAY_OPTION_WORDS])
{
    assert(channel != NULL && engine != NULL && ring != NULL);

    if (number >= engine->channels || !ring_fits(engine, ring)) return DRAY_ERR_ARGUMENT;
    uintptr_t base = engine->base + DRAY_CHANNEL_BASE(number);
    enum dray_status status = wait_off(base, OPEN_POLLS);
    if (status == DRAY_BUSY) return DRAY_ERR_STATE;
    if (status != DRAY_OK) return status;

    /* A cyclic ring runs as soon as it is enabled, with the producer at 0: what it finds is the lap before the first. */
    bool cyclic = (control & DRAY_CHANNEL_CONTROL_CYCLIC_MASK) != 0u;
    uint16_t index = (uint16_t)(cyclic ? 0u - ring->slot_count : 0u);
    channel->engine = engine;
    channel->ring = *ring;
    channel->base = base;
    channel->done = NULL;
    channel->retired = channel->consumer = channel->producer = channel->staged = index;
    channel->number = (uint8_t)number;
    channel->cyclic = cyclic;
    ring_program(channel);
    dray_options_write(channel, words);
    dray_channel_write(channel, DRAY_CHANNEL_REG(IRQ_STATUS), DRAY_IRQ_ALL);
    dray_channel_write(channel, DRAY_CHANNEL_REG(IRQ_ENABLE), DRAY_IRQ_ALL);
    mmio_publish(); /* the cleared ring is what the engine finds, whatever stood there before */
    if (!channel->cyclic) control |= DRAY_CHANNEL_CONTROL_ENABLE_MASK; /* the other one begins in dray_ring() */
    dray_channel_write(channel, DRAY_CHANNEL_REG(CONTROL), control);
    return DRAY_OK;
}

enum dray_status dray_channel_open(struct dray_channel *channel, struct dray *engine, unsigned number,
                                   const struct dray_ring *ring)
{
    return dray_open(channel, engine, number, ring, 0u, dray_options_none);
}

enum dray_status dray_channel_open_cyclic(struct dray_channel *channel, struct dray *engine, unsigned number,
                                          const struct dray_ring *ring)
{
    return dray_open(channel, engine, number, ring, DRAY_CHANNEL_CONTROL_CYCLIC_MASK, dray_options_none);
}

enum dray_status dray_channel_close(struct dray_channel *channel, unsigned polls)
{
    assert(channel != NULL && polls != 0u);

    dray_channel_write(channel, DRAY_CHANNEL_REG(IRQ_ENABLE), 0u);
    dray_channel_write(channel, DRAY_CHANNEL_REG(CONTROL), 0u);
    return wait_off(channel->base, polls);
}

uint32_t dray_irq_take(const struct dray_channel *channel)
{
    assert(channel != NULL);

    uint32_t bits = dray_channel_read(channel, DRAY_CHANNEL_REG(IRQ_STATUS));
    if (bits == DRAY_ALL_ONES) return 0u;
    bits &= DRAY_IRQ_ALL;
    if (bits == 0u) return 0u;

    dray_channel_write(channel, DRAY_CHANNEL_REG(IRQ_STATUS), bits);
    /* On a slow bus the store is still under way when the handler returns, and the line, still high, would enter
     * it again. Reading the device back waits for it. */
    (void)dray_channel_read(channel, DRAY_CHANNEL_REG(IRQ_STATUS));
    return bits;
}

void dray_irq_enable(const struct dray_channel *channel, uint32_t bits)
{
    assert(channel != NULL && (bits & ~(uint32_t)DRAY_IRQ_ALL) == 0u);
    dray_channel_write(channel, DRAY_CHANNEL_REG(IRQ_ENABLE), bits);
}
