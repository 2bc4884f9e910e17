/* SPDX-License-Identifier: Apache-2.0 */
/* Rings: preparing and ringing. What came of it is in dray_retire.c. */
#include "dray.h"

#include <assert.h>

#include "dray_private.h"

unsigned dray_free_slots(const struct dray_channel *channel)
{
    assert(channel != NULL);
    return channel->ring.slot_count - (uint16_t)(channel->staged - channel->retired);
}

uint16_t dray_next_index(const struct dray_channel *channel)
{
    assert(channel != NULL);
    return channel->staged;
}

enum dray_status dray_prepare(struct dray_channel *channel, const struct dray_job *job)
{
    enum dray_status status = dray_check(channel, job);
    if (status != DRAY_OK) return status;
    uint16_t index = channel->staged;
    unsigned slots = dray_ring_slots(channel, job, index);
    if (slots > dray_free_slots(channel)) return DRAY_ERR_FULL;

    struct dray_descriptor *slot = dray_slot(channel, index);
    if (slots != dray_job_slots(job)) slot = job->kind->wraps(channel, index);
    dray_job_write(channel, slot, job, dray_generation(channel, index));
    channel->staged = (uint16_t)(index + slots);
    return DRAY_OK;
}

enum dray_status dray_submit(struct dray_channel *channel, const struct dray_job *jobs, unsigned count)
{
    assert(channel != NULL && jobs != NULL);

    uint16_t before = channel->staged;
    enum dray_status status = count == 0u ? DRAY_ERR_ARGUMENT : DRAY_OK;
    for (unsigned i = 0; i < count && status == DRAY_OK; i++) status = dray_prepare(channel, &jobs[i]);
    if (status == DRAY_OK) dray_ring(channel);
    else channel->staged = before; /* what was written stands in free slots */
    return status;
}

void dray_discard(struct dray_channel *channel)
{
    assert(channel != NULL);
    channel->staged = channel->producer; /* the engine never fetches past the producer */
}

void dray_ring(struct dray_channel *channel)
{
    assert(channel != NULL);

    if (channel->staged == channel->producer) return;
    channel->producer = channel->staged;

    /* The engine fetches as soon as the doorbell lands, so every store to the ring has to be in memory first. */
    mmio_publish();
    dray_channel_write(channel, DRAY_CHANNEL_REG(PRODUCER), channel->producer);
    if (channel->cyclic && dray_free_slots(channel) == 0u) {
        /* Full for the first time: the engine would not have waited for it. Later it is enabled anyway. */
        dray_channel_write(channel, DRAY_CHANNEL_REG(CONTROL),
                           DRAY_CHANNEL_CONTROL_CYCLIC_MASK | DRAY_CHANNEL_CONTROL_ENABLE_MASK);
    }
}
