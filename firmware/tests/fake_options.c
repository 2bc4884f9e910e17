/* SPDX-License-Identifier: Apache-2.0 */
/* Registers of the fake engine that only some builds have: options, counters, labels of packets, high halves of addresses. */
#include "fake.h"

#include <stddef.h>

#include "fake_private.h"

#define OPTIONS 4u

static const struct {
    uint32_t reg, feature, kept; /* kept: bits that the register has */
} options[OPTIONS] = {
    { DRAY_CHANNEL_PRIORITY(0),   DRAY_FEATURES_PRIORITY_MASK,   0x3f07u },
    { DRAY_CHANNEL_BUDGET(0),     DRAY_FEATURES_BUDGET_MASK,     0xffffu },
    { DRAY_CHANNEL_COALESCE(0),   DRAY_FEATURES_COALESCE_MASK,   0xffff00ffu },
    { DRAY_CHANNEL_ATTRIBUTES(0), DRAY_FEATURES_ATTRIBUTES_MASK, 0xff7u },
};

uint32_t fake_features(void)
{
    uint32_t all = 0x2fffu | 3u << DRAY_FEATURES_STREAMS_OUT_SHIFT | 2u << DRAY_FEATURES_STREAMS_IN_SHIFT;
    if (fake.config.word_aligned) all &= ~DRAY_FEATURES_BYTES_MASK;
    if (fake.config.no_streams) {
        all &= ~(DRAY_FEATURES_STREAMS_OUT_MASK | DRAY_FEATURES_STREAMS_IN_MASK | DRAY_FEATURES_STREAM_OUT_MASK | DRAY_FEATURES_STREAM_IN_MASK);
    }
    return all & ~fake.config.absent;
}

static uint32_t counter_read(const struct fake_channel *channel, uint32_t offset)
{
    uint64_t value = channel->shown[offset / 8u];
    return (uint32_t)(offset % 8u == 0u ? value : value >> 32);
}

static uint32_t snapshot_read(struct fake_channel *channel)
{
    if (fake.endless) return DRAY_CHANNEL_SNAPSHOT_PENDING_MASK;
    if (channel->pending == 0u) return 0u;
    channel->pending--;
    return DRAY_CHANNEL_SNAPSHOT_PENDING_MASK;
}

static void snapshot_write(struct fake_channel *channel, uint32_t value)
{
    channel->pending = 3;
    for (unsigned i = 0; (value & DRAY_CHANNEL_SNAPSHOT_TAKE_MASK) != 0u && i < 5u; i++) {
        channel->shown[i] = channel->counters[i];
        if ((value & DRAY_CHANNEL_SNAPSHOT_CLEAR_MASK) != 0u) channel->counters[i] = 0;
    }
}

bool fake_option_read(unsigned number, uint32_t offset, uint32_t *value)
{
    struct fake_channel *channel = &fake.channels[number];
    uint32_t reg = offset + 0x100u;
    *value = 0;
    if (reg >= DRAY_CHANNEL_COUNT_BYTES(0) && reg <= DRAY_CHANNEL_COUNT_FAULTS_HIGH(0)) *value = counter_read(channel, reg - DRAY_CHANNEL_COUNT_BYTES(0));
    else if (reg == DRAY_CHANNEL_SNAPSHOT(0)) *value = snapshot_read(channel);
    else if (reg == DRAY_CHANNEL_STREAM_IN(0)) *value = channel->seen;
    else if (reg == DRAY_CHANNEL_FAILED_ADDR_HIGH(0)) *value = channel->high;
    else if (reg == DRAY_CHANNEL_NEXT_ADDR_HIGH(0)) *value = channel->high + 1u;
    else return false;
    return true;
}

bool fake_option_write(unsigned number, uint32_t offset, uint32_t value)
{
    struct fake_channel *channel = &fake.channels[number];
    uint32_t reg = offset + 0x100u, features = fake_features();
    for (unsigned i = 0; i < OPTIONS; i++) {
        if (reg != options[i].reg || (features & options[i].feature) == 0u || (value & ~options[i].kept) != 0u) continue;
        channel->options[i] = value;
        return true;
    }
    if (reg == DRAY_CHANNEL_SNAPSHOT(0) && (features & DRAY_FEATURES_COUNTERS_MASK) != 0u) snapshot_write(channel, value);
    else if (reg == DRAY_CHANNEL_STREAM(0) && (features >> DRAY_FEATURES_STREAMS_OUT_SHIFT >> number & 1u) != 0u) channel->label = value;
    else if (reg == DRAY_CHANNEL_RING_BASE_HIGH(0) && fake.config.addr_bits > 32u) channel->ring_base_high = value;
    else return false;
    return true;
}
