/* SPDX-License-Identifier: Apache-2.0 */
/* Counters of a channel, through a snapshot: both halves of a number belong together. */
#include "dray.h"

#include <assert.h>

#include "dray_private.h"

/* A snapshot takes some tens of clocks. */
#define SNAPSHOT_POLLS 1000u

static uint64_t wide(const struct dray_channel *channel, uint32_t reg)
{
    return dray_channel_read(channel, reg) | (uint64_t)dray_channel_read(channel, reg + sizeof(uint32_t)) << 32;
}

static enum dray_status snapshot(const struct dray_channel *channel, uint32_t command)
{
    if (!dray_has(channel->engine, DRAY_HAS_COUNTERS)) return DRAY_ERR_ABSENT;
    dray_channel_write(channel, DRAY_CHANNEL_REG(SNAPSHOT), command);
    for (unsigned i = 0; i < SNAPSHOT_POLLS; i++) {
        uint32_t word = dray_channel_read(channel, DRAY_CHANNEL_REG(SNAPSHOT));
        if (word == DRAY_ALL_ONES) return DRAY_ERR_GONE;
        if ((word & DRAY_CHANNEL_SNAPSHOT_PENDING_MASK) == 0u) return DRAY_OK;
    }
    return DRAY_BUSY;
}

static enum dray_status counters(const struct dray_channel *channel, struct dray_counters *into, uint32_t command)
{
    assert(channel != NULL && into != NULL);

    enum dray_status status = snapshot(channel, command);
    if (status != DRAY_OK) return status;
    *into = (struct dray_counters){
        .bytes = wide(channel, DRAY_CHANNEL_REG(COUNT_BYTES)),
        .bursts = wide(channel, DRAY_CHANNEL_REG(COUNT_BURSTS)),
        .busy_clocks = wide(channel, DRAY_CHANNEL_REG(COUNT_BUSY)),
        .stall_clocks = wide(channel, DRAY_CHANNEL_REG(COUNT_STALL)),
        .faults = wide(channel, DRAY_CHANNEL_REG(COUNT_FAULTS)),
    };
    return DRAY_OK;
}

enum dray_status dray_counters_read(const struct dray_channel *channel, struct dray_counters *into)
{
    return counters(channel, into, DRAY_CHANNEL_SNAPSHOT_TAKE_MASK);
}

enum dray_status dray_counters_take(const struct dray_channel *channel, struct dray_counters *into)
{
    return counters(channel, into, DRAY_CHANNEL_SNAPSHOT_TAKE_MASK | DRAY_CHANNEL_SNAPSHOT_CLEAR_MASK);
}
