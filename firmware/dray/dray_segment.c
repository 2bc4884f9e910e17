/* SPDX-License-Identifier: Apache-2.0 */
/* Segments: jobs outside the ring, which one link of it leads to. */
#include "dray.h"

#include <assert.h>

#include "dray_private.h"

void dray_link_write(struct dray_descriptor *slot, uint64_t target, uint32_t slots, uint32_t generation)
{
    *slot = (struct dray_descriptor){
        .source = (uint32_t)target,
        .length = slots,
        .control = (uint32_t)DRAY_DESC_TYPE_LINK | generation,
    };
}

/* @return slots that the jobs have, one behind the other; 0: more than a link can name */
static uint32_t slots_of(const struct dray_job *jobs, unsigned count)
{
    uint32_t slots = 0;
    for (unsigned i = 0; i < count; i++) {
        slots += dray_job_slots(&jobs[i]);
        if (slots > DRAY_COUNT_MAX) return 0u;
    }
    return slots;
}

enum dray_status dray_prepare_segment(struct dray_channel *channel, struct dray_descriptor *segment,
                                      uint64_t segment_bus, const struct dray_job *jobs, unsigned count)
{
    assert(channel != NULL && segment != NULL && jobs != NULL);

    uint32_t slots = slots_of(jobs, count);
    if (slots == 0u || segment_bus % DRAY_DESCRIPTOR_BYTES != 0u) return DRAY_ERR_ARGUMENT;
    if (!dray_reachable(channel->engine, segment_bus, slots * DRAY_DESCRIPTOR_BYTES)) return DRAY_ERR_ARGUMENT;
    for (unsigned i = 0; i < count; i++) {
        enum dray_status status = dray_check(channel, &jobs[i]);
        if (status != DRAY_OK) return status;
    }
    if (dray_free_slots(channel) == 0u) return DRAY_ERR_FULL;

    /* A segment bears its ring link's generation. */
    uint32_t generation = dray_generation(channel, channel->staged);
    for (unsigned i = 0; i < count; i++) {
        dray_job_write(channel, segment, &jobs[i], generation);
        segment += dray_job_slots(&jobs[i]);
    }
    dray_link_write(dray_slot(channel, channel->staged), segment_bus, slots, generation);
    channel->staged++;
    return DRAY_OK;
}
