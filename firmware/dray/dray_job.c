/* SPDX-License-Identifier: Apache-2.0 */
/* Jobs: can a channel do them, and how they stand in their slots. What the kinds differ in is in dray_kinds.c. */
#include "dray.h"

#include <assert.h>

#include "dray_private.h"

#define FLAGS_ANY ((uint32_t)DRAY_IRQ | (uint32_t)DRAY_WRITE_BACK | (uint32_t)DRAY_FENCE)
#define STREAMS   ((uint32_t)DRAY_TO_STREAM | (uint32_t)DRAY_FROM_STREAM)

static bool copy_fits(const struct dray_channel *channel, const struct dray_job *job)
{
    const struct dray *engine = channel->engine;
    if ((job->flags & DRAY_FROM_STREAM) == 0u && !dray_data_fits(engine, job, job->source)) return false;
    return (job->flags & DRAY_TO_STREAM) != 0u || dray_data_fits(engine, job, job->destination);
}

static const struct dray_kind copy = { .control = DRAY_DESC_TYPE_LINEAR, .flags = STREAMS, .fits = copy_fits };

static const struct dray_kind *kind_of(const struct dray_job *job)
{
    return job->kind == NULL ? &copy : job->kind;
}

/* Slots hold 32 bits of an address, and an engine may have fewer. */
bool dray_reachable(const struct dray *engine, uint64_t bus, uint32_t bytes)
{
    uint32_t last = engine->addr_bits < 32u ? (UINT32_C(1) << engine->addr_bits) - 1u : UINT32_MAX;
    return bus <= last && bytes - 1u <= last - (uint32_t)bus;
}

bool dray_data_fits(const struct dray *engine, const struct dray_job *job, uint64_t bus)
{
    return dray_aligned(engine, (uint32_t)bus) && dray_reachable(engine, bus, job->length_bytes);
}

static bool streams_built(const struct dray_channel *channel, uint32_t flags)
{
    if ((flags & DRAY_TO_STREAM) != 0u) return dray_has_stream_out(channel->engine, channel->number);
    return (flags & DRAY_FROM_STREAM) == 0u || dray_has_stream_in(channel->engine, channel->number);
}

/* What the engine would refuse is refused here, where the caller still holds the job in his hand. */
enum dray_status dray_check(const struct dray_channel *channel, const struct dray_job *job)
{
    assert(channel != NULL && job != NULL);

    const struct dray_kind *kind = kind_of(job);
    uint32_t flags = job->flags;
    if ((flags & ~(FLAGS_ANY | kind->flags)) != 0u || (flags & STREAMS) == STREAMS) return DRAY_ERR_ARGUMENT;
    if (job->tag > DRAY_TAG_MAX || job->length_bytes == 0u) return DRAY_ERR_ARGUMENT;
    if (channel->cyclic && (flags & DRAY_WRITE_BACK) != 0u) return DRAY_ERR_ARGUMENT;
    if (!dray_has(channel->engine, kind->feature) || !streams_built(channel, flags)) return DRAY_ERR_ABSENT;
    return dray_aligned(channel->engine, job->length_bytes) && kind->fits(channel, job) ? DRAY_OK : DRAY_ERR_ARGUMENT;
}

void dray_job_write(const struct dray_channel *channel, struct dray_descriptor *slot, const struct dray_job *job, uint32_t generation)
{
    const struct dray_kind *kind = kind_of(job);
    uint32_t control = kind->control | generation | job->flags | (uint32_t)job->tag << DRAY_DESCRIPTOR_CONTROL_TAG_SHIFT;
    /* How long it was, only the engine knows; so it is of lists. */
    if ((job->flags & DRAY_FROM_STREAM) != 0u) control |= DRAY_DESCRIPTOR_CONTROL_WRITE_BACK_MASK;
    if (channel->cyclic) control &= ~DRAY_DESCRIPTOR_CONTROL_WRITE_BACK_MASK;
    slot->source = (uint32_t)job->source;
    slot->destination = (uint32_t)job->destination;
    slot->length = kind->lists ? job->count : job->length_bytes;
    slot->control = control;
    if (kind->write_second != NULL) kind->write_second(&slot[1], job, generation);
}
