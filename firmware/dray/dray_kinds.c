/* SPDX-License-Identifier: Apache-2.0 */
/* Kinds of jobs beside a copy. A program has those that it names. */
#include "dray.h"

#include "dray_private.h"

#define LIST_ALIGNMENT 8u

/* ---- Fill */

static bool fill_fits(const struct dray_channel *channel, const struct dray_job *job)
{
    return job->source <= UINT32_MAX && dray_data_fits(channel->engine, job, job->destination);
}

const struct dray_kind dray_kind_fill = { .control = DRAY_DESC_TYPE_FILL, .feature = DRAY_FEATURES_FILL_MASK, .fits = fill_fits };

/* ---- Rows: the addresses of all lie between those of the first and the last. */

static bool side_fits(const struct dray *engine, const struct dray_job *job, uint64_t bus, int32_t stride)
{
    uint64_t last = bus + (uint64_t)((int64_t)stride * (job->count - 1)); /* below 0 it is far out */
    uint64_t second = bus + (uint64_t)(int64_t)stride;                     /* as aligned as the stride is */
    if (!dray_aligned(engine, (uint32_t)second)) return false;
    return dray_data_fits(engine, job, bus) && dray_data_fits(engine, job, last);
}

static bool rows_fit(const struct dray_channel *channel, const struct dray_job *job)
{
    const struct dray *engine = channel->engine;
    return channel->ring.spare && job->count != 0u && side_fits(engine, job, job->source, job->source_stride)
           && side_fits(engine, job, job->destination, job->destination_stride);
}

static void rows_write(struct dray_descriptor *slot, const struct dray_job *job, uint32_t generation)
{
    slot->source = (uint32_t)job->source_stride;
    slot->destination = (uint32_t)job->destination_stride;
    slot->length = 0u;
    slot->control = (uint32_t)job->count << DRAY_SECOND_COUNT_ROWS_SHIFT | generation;
}

/* Two slots never wrap: those of a job at the ring's last one stand behind the ring. They bear their link's generation. */
static struct dray_descriptor *rows_wrap(const struct dray_channel *channel, uint16_t index)
{
    dray_link_write(dray_slot(channel, index), dray_spare_bus(channel), DRAY_SPARE_SLOTS, dray_generation(channel, index));
    return dray_spare(channel);
}

const struct dray_kind dray_kind_rows = {
    .control = DRAY_DESC_TYPE_ROWS | DRAY_DESCRIPTOR_CONTROL_TWO_SLOT_MASK,
    .feature = DRAY_FEATURES_ROWS_MASK,
    .fits = rows_fit,
    .write_second = rows_write,
    .wraps = rows_wrap,
};

/* ---- Lists: how long one was, only the engine knows */

static bool list_fits(const struct dray *engine, const struct dray_job *job, uint64_t bus)
{
    return job->count != 0u && bus % LIST_ALIGNMENT == 0u && dray_reachable(engine, bus, job->count * DRAY_ELEMENT_BYTES);
}

static bool gather_fits(const struct dray_channel *channel, const struct dray_job *job)
{
    if (!list_fits(channel->engine, job, job->source)) return false;
    return (job->flags & DRAY_TO_STREAM) != 0u || dray_data_fits(channel->engine, job, job->destination);
}

static bool scatter_fits(const struct dray_channel *channel, const struct dray_job *job)
{
    return list_fits(channel->engine, job, job->destination) && dray_data_fits(channel->engine, job, job->source);
}

const struct dray_kind dray_kind_gather = {
    .control = DRAY_DESC_TYPE_LIST | DRAY_DESCRIPTOR_CONTROL_WRITE_BACK_MASK,
    .flags = DRAY_TO_STREAM,
    .feature = DRAY_FEATURES_LISTS_MASK,
    .lists = true,
    .fits = gather_fits,
};

const struct dray_kind dray_kind_scatter = {
    .control = DRAY_DESC_TYPE_LIST | DRAY_DESCRIPTOR_CONTROL_SCATTER_MASK | DRAY_DESCRIPTOR_CONTROL_WRITE_BACK_MASK,
    .feature = DRAY_FEATURES_LISTS_MASK,
    .lists = true,
    .fits = scatter_fits,
};
