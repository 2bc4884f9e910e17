/* SPDX-License-Identifier: Apache-2.0 */
/* Retiring: what became of each job, in order. */
#include "dray.h"

#include <assert.h>
#include <stdatomic.h>

#include "dray_private.h"

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

/* No descriptor is of type 0, so this is the second slot of the one before. Status words overwrite only first ones. */
unsigned dray_slots_at(const struct dray_channel *channel, uint16_t index)
{
    uint16_t second = (uint16_t)(index + 1u);
    if (!channel->ring.spare || second == channel->producer) return 1u;
    return dray_type_of(dray_slot(channel, second)) == 0u ? 2u : 1u;
}

/* The job's own slot: rows at the ring's end stand behind it. */
const struct dray_descriptor *dray_descriptor_at(const struct dray_channel *channel, uint16_t index)
{
    const struct dray_descriptor *slot = dray_slot(channel, index);
    bool leads_behind = channel->ring.spare && dray_type_of(slot) == DRAY_DESC_TYPE_LINK && slot->source == (uint32_t)dray_spare_bus(channel);
    return leads_behind ? dray_spare(channel) : slot;
}

/* A descriptor that ended well, or has a status: it was moved whole, or write-back says how much. A link moves nothing itself. */
static uint32_t moved_of_slot(const struct dray_descriptor *slot)
{
    switch (dray_type_of(slot)) {
    case DRAY_DESC_TYPE_LINK: return 0u;
    case DRAY_DESC_TYPE_ROWS: return slot[0].length * dray_field(slot[1].control, DRAY_SECOND_COUNT_ROWS_MASK, DRAY_SECOND_COUNT_ROWS_SHIFT);
    default: return slot->length;
    }
}

static void result_of_slot(const struct dray_channel *channel, struct dray_result *result)
{
    const struct dray_descriptor *slot = dray_descriptor_at(channel, channel->retired);
    uint32_t control = slot->control;
    bool told = dray_type_of(slot) == DRAY_DESC_TYPE_DONE;

    *result = (struct dray_result){
        .status = DRAY_OK,
        .moved_bytes = moved_of_slot(slot),
        .index = channel->retired,
        .tag = (uint16_t)dray_field(control, DRAY_DESCRIPTOR_CONTROL_TAG_MASK, DRAY_DESCRIPTOR_CONTROL_TAG_SHIFT),
        .packet_end = told && (control & DRAY_WRITE_BACK_STATUS_PACKET_END_MASK) != 0u,
    };
    if (told) result->status = dray_status_of_cause(dray_field(control, DRAY_WRITE_BACK_STATUS_CAUSE_MASK, DRAY_WRITE_BACK_STATUS_CAUSE_SHIFT));
}

static void give_back(struct dray_channel *channel)
{
    channel->retired = (uint16_t)(channel->retired + dray_slots_at(channel, channel->retired));
}

/* The channel stands still: what is before FAILED was good, FAILED's own end is in the registers, even where write-back
 * itself failed, and what had begun behind it has a status in its slot, unless that could not be written. */
static enum dray_status retire_at_rest(struct dray_channel *channel, struct dray_result *result)
{
    struct dray_failure failure;
    enum dray_status status = dray_failure(channel, &failure);
    if (status == DRAY_ERR_STATE) return DRAY_EMPTY;
    if (status != DRAY_OK) return status;
    if (channel->retired == failure.next_index) return dray_rest_status(dray_state(channel));

    result_of_slot(channel, result);
    if (channel->retired == failure.failed_index) {
        result->status = failure.status;
        result->moved_bytes = failure.moved_bytes;
    } else if (dray_type_of(dray_descriptor_at(channel, channel->retired)) != DRAY_DESC_TYPE_DONE) {
        result->status = DRAY_ERR_UNTOLD;
        result->moved_bytes = 0u;
    }
    return DRAY_OK;
}

enum dray_status dray_retire(struct dray_channel *channel, struct dray_result *result)
{
    assert(channel != NULL && result != NULL);

    if (channel->consumer != channel->retired || dray_consumed(channel) != 0u) {
        atomic_signal_fence(memory_order_acquire); /* the slot is read after the index that says it is ours */
        result_of_slot(channel, result);
        give_back(channel);
        return DRAY_OK;
    }
    enum dray_status status = retire_at_rest(channel, result);
    if (status != DRAY_OK) return status;
    give_back(channel);
    channel->consumer = channel->retired;
    return DRAY_OK;
}

enum dray_status dray_service(struct dray_channel *channel, unsigned budget)
{
    assert(channel != NULL && channel->done != NULL);

    for (; budget != 0u; budget--) {
        struct dray_result result;
        enum dray_status status = dray_retire(channel, &result);
        if (status != DRAY_OK) return status;
        channel->done(channel->context, &result); /* it may submit: the slots are free already */
    }
    return DRAY_OK;
}
