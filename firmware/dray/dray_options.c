/* SPDX-License-Identifier: Apache-2.0 */
/* What may be set beside the work itself: options of a channel, the watchdog, labels of packets. */
#include "dray.h"

#include <assert.h>

#include "dray_private.h"

#define WATCHDOG_UNIT     256u
#define COALESCE_UNIT     64u
#define COALESCE_MAX      (0xffffu * COALESCE_UNIT)
#define ATTRIBUTES_RESET  0x30u /* AxPROT 0, AxCACHE 3, AxQOS 0 */
#define ATTRIBUTES_GIVEN  0x8000u
#define ATTRIBUTES_KNOWN  (DRAY_CHANNEL_ATTRIBUTES_PROT_MASK | DRAY_CHANNEL_ATTRIBUTES_CACHE_MASK | DRAY_CHANNEL_ATTRIBUTES_QOS_MASK)

/* Each is one register, there where its feature was built. */
static const struct {
    uint16_t feature, reg;
} options_of[DRAY_OPTION_WORDS] = {
    { DRAY_FEATURES_PRIORITY_MASK,   DRAY_CHANNEL_REG(PRIORITY) },
    { DRAY_FEATURES_BUDGET_MASK,     DRAY_CHANNEL_REG(BUDGET) },
    { DRAY_FEATURES_COALESCE_MASK,   DRAY_CHANNEL_REG(COALESCE) },
    { DRAY_FEATURES_ATTRIBUTES_MASK, DRAY_CHANNEL_REG(ATTRIBUTES) },
};

/* As after reset. An engine without an option behaves as if this stood there. */
const uint32_t dray_options_none[DRAY_OPTION_WORDS] = { 0u, 0u, 0u, ATTRIBUTES_RESET };

/* The hardware would cut these to its fields. */
static bool options_fit(const struct dray_ring *ring, const struct dray_channel_options *options)
{
    if (options->priority > DRAY_CHANNEL_PRIORITY_RANK_MASK) return false;
    if (options->bursts_max > DRAY_CHANNEL_PRIORITY_BURSTS_MASK >> DRAY_CHANNEL_PRIORITY_BURSTS_SHIFT) return false;
    if (ring->spare && options->budget_slots == 1u) return false; /* rows behind the ring's end are two of a segment */
    if (options->irq_clocks > COALESCE_MAX || options->irq_count == 1u) return false;
    if ((options->irq_count == 0u) != (options->irq_clocks == 0u)) return false; /* one alone does nothing */
    return options->attributes == 0u || (options->attributes & ~ATTRIBUTES_KNOWN) == ATTRIBUTES_GIVEN;
}

static enum dray_status options_encode(const struct dray *engine, const struct dray_channel_options *options,
                                       uint32_t words[DRAY_OPTION_WORDS])
{
    words[0] = options->priority | (uint32_t)options->bursts_max << DRAY_CHANNEL_PRIORITY_BURSTS_SHIFT;
    words[1] = options->budget_slots;
    words[2] = options->irq_count | (options->irq_clocks + COALESCE_UNIT - 1u) / COALESCE_UNIT << DRAY_CHANNEL_COALESCE_TIME_SHIFT;
    words[3] = options->attributes == 0u ? ATTRIBUTES_RESET : options->attributes & ATTRIBUTES_KNOWN;
    for (unsigned i = 0; i < DRAY_OPTION_WORDS; i++) {
        if (words[i] != dray_options_none[i] && !dray_has(engine, options_of[i].feature)) return DRAY_ERR_ABSENT;
    }
    return DRAY_OK;
}

enum dray_status dray_channel_open_with(struct dray_channel *channel, struct dray *engine, unsigned number,
                                        const struct dray_ring *ring, const struct dray_channel_options *options)
{
    assert(channel != NULL && engine != NULL && ring != NULL && options != NULL);

    uint32_t words[DRAY_OPTION_WORDS];
    if (!options_fit(ring, options)) return DRAY_ERR_ARGUMENT;
    enum dray_status status = options_encode(engine, options, words);
    if (status != DRAY_OK) return status;
    status = dray_open(channel, engine, number, ring, options->cyclic ? DRAY_CHANNEL_CONTROL_CYCLIC_MASK : 0u, words);
    if (status != DRAY_OK) return status;
    channel->done = options->done;
    channel->context = options->context;
    return DRAY_OK;
}

void dray_options_write(const struct dray_channel *channel, const uint32_t words[DRAY_OPTION_WORDS])
{
    for (unsigned i = 0; i < DRAY_OPTION_WORDS; i++) {
        if (dray_has(channel->engine, options_of[i].feature)) dray_channel_write(channel, options_of[i].reg, words[i]);
    }
}

enum dray_status dray_watchdog(const struct dray *engine, uint32_t clocks)
{
    assert(engine != NULL);

    if (clocks > DRAY_WATCHDOG_TIME_MASK * WATCHDOG_UNIT) return DRAY_ERR_ARGUMENT;
    if (!dray_has(engine, DRAY_HAS_WATCHDOG)) return clocks == 0u ? DRAY_OK : DRAY_ERR_ABSENT;
    mmio_write32(engine->base + DRAY_WATCHDOG, (clocks + WATCHDOG_UNIT - 1u) / WATCHDOG_UNIT);
    return DRAY_OK;
}

enum dray_status dray_stream_label(const struct dray_channel *channel, uint8_t tid, uint8_t tdest)
{
    assert(channel != NULL);

    if (!dray_has_stream_out(channel->engine, channel->number)) return DRAY_ERR_ABSENT;
    dray_channel_write(channel, DRAY_CHANNEL_REG(STREAM), (uint32_t)tid | (uint32_t)tdest << DRAY_CHANNEL_STREAM_TDEST_SHIFT);
    return DRAY_OK;
}

enum dray_status dray_stream_seen(const struct dray_channel *channel, uint8_t *tid, uint8_t *tdest)
{
    assert(channel != NULL && tid != NULL && tdest != NULL);

    if (!dray_has_stream_in(channel->engine, channel->number)) return DRAY_ERR_ABSENT;
    uint32_t seen = dray_channel_read(channel, DRAY_CHANNEL_REG(STREAM_IN));
    if (seen == DRAY_ALL_ONES) return DRAY_ERR_GONE;
    *tid = (uint8_t)dray_field(seen, DRAY_CHANNEL_STREAM_IN_TID_MASK, DRAY_CHANNEL_STREAM_IN_TID_SHIFT);
    *tdest = (uint8_t)dray_field(seen, DRAY_CHANNEL_STREAM_IN_TDEST_MASK, DRAY_CHANNEL_STREAM_IN_TDEST_SHIFT);
    return DRAY_OK;
}
