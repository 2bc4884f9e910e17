/* SPDX-License-Identifier: Apache-2.0 */
/* Rings: preparing, ringing, retiring. */
#include "dray.h"

#include <assert.h>
#include <stdatomic.h>

#include "dray_private.h"

#define FLAGS_KNOWN ((uint32_t)DRAY_IRQ | (uint32_t)DRAY_WRITE_BACK | (uint32_t)DRAY_FENCE | (uint32_t)DRAY_TO_STREAM)

static bool aligned(const struct dray *engine, uint64_t value)
{
    return engine->any_byte || ((uint32_t)value & (engine->data_bytes - 1u)) == 0u; /* a power of two */
}

/* What the engine would refuse is refused here, where the caller still holds the job in his hand. */
static enum dray_status job_check(const struct dray_channel *channel, const struct dray_job *job)
{
    const struct dray *engine = channel->engine;
    bool to_stream = (job->flags & DRAY_TO_STREAM) != 0u;

    if ((job->flags & ~FLAGS_KNOWN) != 0u || job->tag > DRAY_TAG_MAX || job->length_bytes == 0u) return DRAY_ERR_ARGUMENT;
    if (channel->cyclic && (job->flags & DRAY_WRITE_BACK) != 0u) return DRAY_ERR_ARGUMENT;
    if (to_stream && !engine->stream_out) return DRAY_ERR_ABSENT;
    if (!aligned(engine, job->source) || !aligned(engine, job->length_bytes)) return DRAY_ERR_ARGUMENT;
    if (!dray_range_reachable(engine, job->source, job->length_bytes)) return DRAY_ERR_ARGUMENT;
    if (to_stream) return DRAY_OK;
    if (!aligned(engine, job->destination)) return DRAY_ERR_ARGUMENT;
    if (!dray_range_reachable(engine, job->destination, job->length_bytes)) return DRAY_ERR_ARGUMENT;
    return DRAY_OK;
}

static void job_write(struct dray_descriptor *slot, const struct dray_job *job, uint32_t generation)
{
    bool to_stream = (job->flags & DRAY_TO_STREAM) != 0u;

    slot->source = (uint32_t)job->source;
    slot->destination = to_stream ? 0u : (uint32_t)job->destination;
    slot->length = job->length_bytes;
    slot->control = (uint32_t)DRAY_DESC_TYPE_LINEAR | generation | job->flags
                    | ((uint32_t)job->tag << DRAY_DESCRIPTOR_CONTROL_TAG_SHIFT);
}

static enum dray_status jobs_check(const struct dray_channel *channel, const struct dray_job *jobs, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        enum dray_status status = job_check(channel, &jobs[i]);
        if (status != DRAY_OK) return status;
    }
    return DRAY_OK;
}

unsigned dray_free_slots(const struct dray_channel *channel)
{
    assert(channel != NULL);
    return channel->ring.slot_count - (uint16_t)(channel->staged - channel->retired);
}

enum dray_status dray_prepare(struct dray_channel *channel, const struct dray_job *job)
{
    assert(channel != NULL && job != NULL);

    enum dray_status status = job_check(channel, job);
    if (status != DRAY_OK) return status;
    if (dray_free_slots(channel) == 0u) return DRAY_ERR_FULL;

    job_write(dray_slot(channel, channel->staged), job, dray_generation(channel, channel->staged));
    channel->staged++;
    return DRAY_OK;
}

enum dray_status dray_prepare_segment(struct dray_channel *channel, struct dray_descriptor *segment,
                                      uint64_t segment_bus, const struct dray_job *jobs, unsigned count)
{
    assert(channel != NULL && segment != NULL && jobs != NULL);

    uint64_t bytes = (uint64_t)count * DRAY_DESCRIPTOR_BYTES;
    if (count == 0u || segment_bus % DRAY_DESCRIPTOR_BYTES != 0u) return DRAY_ERR_ARGUMENT;
    if (!dray_range_reachable(channel->engine, segment_bus, bytes)) return DRAY_ERR_ARGUMENT;
    enum dray_status status = jobs_check(channel, jobs, count);
    if (status != DRAY_OK) return status;
    if (dray_free_slots(channel) == 0u) return DRAY_ERR_FULL;

    /* A segment bears its ring link's generation. */
    uint32_t generation = dray_generation(channel, channel->staged);
    for (unsigned i = 0; i < count; i++) job_write(&segment[i], &jobs[i], generation);
    *dray_slot(channel, channel->staged) = (struct dray_descriptor){
        .source = (uint32_t)segment_bus,
        .length = count,
        .control = (uint32_t)DRAY_DESC_TYPE_LINK | generation,
    };
    channel->staged++;
    return DRAY_OK;
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

enum dray_status dray_submit(struct dray_channel *channel, const struct dray_job *jobs, unsigned count)
{
    assert(channel != NULL && jobs != NULL);

    if (count == 0u) return DRAY_ERR_ARGUMENT;
    enum dray_status status = jobs_check(channel, jobs, count);
    if (status != DRAY_OK) return status;
    if (count > dray_free_slots(channel)) return DRAY_ERR_FULL;

    for (unsigned i = 0; i < count; i++) {
        job_write(dray_slot(channel, channel->staged), &jobs[i], dray_generation(channel, channel->staged));
        channel->staged++;
    }
    dray_ring(channel);
    return DRAY_OK;
}

unsigned dray_consumed(struct dray_channel *channel)
{
    assert(channel != NULL);

    uint32_t consumer = dray_channel_read(channel, DRAY_CHANNEL_REG(CONSUMER));
    /* All ones, or an index beyond what was rung, is no consumer. Of a channel at rest it stands still while the
     * descriptors behind it are retired. */
    bool sane = consumer <= DRAY_CHANNEL_CONSUMER_INDEX_MASK
                && (uint16_t)(consumer - channel->retired) <= (uint16_t)(channel->producer - channel->retired);
    channel->consumer = sane ? (uint16_t)consumer : channel->retired;
    return (uint16_t)(channel->consumer - channel->retired);
}

void dray_retire_slots(struct dray_channel *channel, unsigned count)
{
    assert(channel != NULL);
    assert(count <= (uint16_t)(channel->producer - channel->retired));
    channel->retired = (uint16_t)(channel->retired + count);
    if ((uint16_t)(channel->consumer - channel->retired) > channel->ring.slot_count) channel->consumer = channel->retired;
}

/* A descriptor that retired well: its length was moved, or write-back says how much. A link moves nothing itself. */
static void result_of_slot(struct dray_channel *channel, struct dray_result *result)
{
    const struct dray_descriptor *slot = dray_slot(channel, channel->retired);
    uint32_t control = slot->control;
    uint32_t type = control & DRAY_DESCRIPTOR_CONTROL_DESC_TYPE_MASK;

    result->index = channel->retired;
    result->tag = (uint16_t)((control & DRAY_DESCRIPTOR_CONTROL_TAG_MASK) >> DRAY_DESCRIPTOR_CONTROL_TAG_SHIFT);
    result->moved_bytes = type == DRAY_DESC_TYPE_LINK ? 0u : slot->length;
    result->status = DRAY_OK;
    if (type != DRAY_DESC_TYPE_DONE) return;
    result->status = dray_status_of_cause((control & DRAY_WRITE_BACK_STATUS_CAUSE_MASK) >> DRAY_WRITE_BACK_STATUS_CAUSE_SHIFT);
}

/* The channel stands still: what is before FAILED was good, FAILED's own end is in the registers, even where write-back
 * itself failed, and what had begun behind it has a status in its slot. */
static enum dray_status retire_at_rest(struct dray_channel *channel, struct dray_result *result)
{
    struct dray_failure failure;
    enum dray_status status = dray_failure(channel, &failure);
    if (status == DRAY_ERR_STATE) return DRAY_EMPTY;
    if (status != DRAY_OK) return status;
    if (channel->retired == failure.next_index) {
        return dray_state(channel) == DRAY_STOPPED ? DRAY_ERR_STOPPED : DRAY_ERR_HALTED;
    }
    result_of_slot(channel, result);
    if (channel->retired == failure.failed_index) {
        result->status = failure.status;
        result->moved_bytes = failure.moved_bytes;
    }
    return DRAY_OK;
}

enum dray_status dray_retire(struct dray_channel *channel, struct dray_result *result)
{
    assert(channel != NULL && result != NULL);

    if (channel->consumer != channel->retired || dray_consumed(channel) != 0u) {
        atomic_signal_fence(memory_order_acquire); /* the slot is read after the index that says it is ours */
        result_of_slot(channel, result);
        channel->retired++;
        return DRAY_OK;
    }
    enum dray_status status = retire_at_rest(channel, result);
    if (status != DRAY_OK) return status;
    channel->retired++;
    channel->consumer = channel->retired;
    return DRAY_OK;
}
