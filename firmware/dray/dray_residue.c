/* SPDX-License-Identifier: Apache-2.0 */
/* How far a channel is: its position, and the residue of a batch. */
#include "dray.h"

#include <assert.h>

#include "dray_private.h"

enum dray_status dray_position(const struct dray_channel *channel, uint16_t *index)
{
    assert(channel != NULL && index != NULL);

    uint32_t consumer = dray_channel_read(channel, DRAY_CHANNEL_REG(CONSUMER));
    if (consumer == DRAY_ALL_ONES) return DRAY_ERR_GONE;
    *index = (uint16_t)consumer;
    return DRAY_OK;
}

static uint64_t bytes_of(const struct dray_job *job)
{
    return dray_job_slots(job) == 2u ? (uint64_t)job->length_bytes * job->count : job->length_bytes;
}

/* True if @p index stands before @p other in a ring that @p retired is the oldest index of. */
static bool before(const struct dray_channel *channel, uint16_t index, uint16_t other)
{
    return (uint16_t)(index - channel->retired) < (uint16_t)(other - channel->retired);
}

/* Of a job that began, in a channel at rest: the registers tell of FAILED, a status of what had begun behind it. */
static uint64_t moved_at_rest(const struct dray_channel *channel, const struct dray_failure *failure, uint16_t index)
{
    const struct dray_descriptor *slot = dray_descriptor_at(channel, index);
    if (index == failure->failed_index) return failure->moved_bytes;
    return dray_type_of(slot) == DRAY_DESC_TYPE_DONE ? slot->length : 0u;
}

uint64_t dray_residue(struct dray_channel *channel, const struct dray_job *jobs, unsigned count, uint16_t first)
{
    assert(channel != NULL && (jobs != NULL || count == 0u));

    struct dray_failure failure;
    enum dray_status status = dray_failure(channel, &failure);
    if (status == DRAY_ERR_GONE) return UINT64_MAX;
    bool rests = status == DRAY_OK;
    uint16_t consumer = (uint16_t)(channel->retired + dray_consumed(channel));
    uint64_t left = 0;
    for (uint16_t index = first; count != 0u; count--, jobs++) {
        uint16_t here = index;
        index = (uint16_t)(index + dray_ring_slots(channel, jobs, here));
        if ((uint16_t)(here - channel->retired) >= channel->ring.slot_count || before(channel, here, consumer)) continue;
        left += bytes_of(jobs);
        if (rests && before(channel, here, failure.next_index)) left -= moved_at_rest(channel, &failure, here);
    }
    return left;
}
