/* SPDX-License-Identifier: Apache-2.0 */
/* Errors and ends: states, causes, going on after a halt, stopping. What waits for longer is in dray_wait.c. */
#include "dray.h"

#include <assert.h>

#include "dray_private.h"

#define STATUS_OF_CAUSE(cause) (DRAY_ERR_UNKNOWN - (int)(cause))

_Static_assert(STATUS_OF_CAUSE(DRAY_CAUSE_DESC_SLVERR) == (int)DRAY_ERR_DESC_SLVERR, "order of the hardware");
_Static_assert(STATUS_OF_CAUSE(DRAY_CAUSE_LIST_SLVERR) == (int)DRAY_ERR_LIST_SLVERR, "order of the hardware");
_Static_assert(STATUS_OF_CAUSE(DRAY_CAUSE_READ_SLVERR) == (int)DRAY_ERR_READ_SLVERR, "order of the hardware");
_Static_assert(STATUS_OF_CAUSE(DRAY_CAUSE_BACK_DECERR) == (int)DRAY_ERR_BACK_DECERR, "order of the hardware");
_Static_assert(STATUS_OF_CAUSE(DRAY_CAUSE_FAULT) == (int)DRAY_ERR_FAULT, "order of the hardware");
_Static_assert(STATUS_OF_CAUSE(DRAY_CAUSE_BUDGET) == (int)DRAY_ERR_BUDGET, "order of the hardware");

enum dray_status dray_status_of_cause(uint32_t cause)
{
    if (cause == DRAY_CAUSE_NONE) return DRAY_OK;
    return cause <= DRAY_CAUSE_BUDGET ? (enum dray_status)STATUS_OF_CAUSE(cause) : DRAY_ERR_UNKNOWN; /* newer hardware */
}

enum dray_state dray_state(const struct dray_channel *channel)
{
    assert(channel != NULL);

    uint32_t status = dray_channel_read(channel, DRAY_CHANNEL_REG(STATUS));
    if (status == DRAY_ALL_ONES) return DRAY_GONE;
    switch ((status & DRAY_CHANNEL_STATUS_STATE_MASK) >> DRAY_CHANNEL_STATUS_STATE_SHIFT) {
    case DRAY_CHANNEL_STATE_OFF:     return DRAY_OFF;
    case DRAY_CHANNEL_STATE_RUNNING: return DRAY_RUNNING;
    case DRAY_CHANNEL_STATE_HALTED:  return DRAY_HALTED;
    case DRAY_CHANNEL_STATE_STOPPED: return DRAY_STOPPED;
    case DRAY_CHANNEL_STATE_PAUSED:  return DRAY_PAUSED;
    default:                         return DRAY_DRAINING; /* whatever it is, it is not at rest */
    }
}

bool dray_outstanding(const struct dray_channel *channel)
{
    assert(channel != NULL);
    return (dray_channel_read(channel, DRAY_CHANNEL_REG(STATUS)) & DRAY_CHANNEL_STATUS_BUSY_MASK) != 0u;
}

bool dray_at_rest(enum dray_state state)
{
    return state == DRAY_HALTED || state == DRAY_STOPPED || state == DRAY_PAUSED;
}

enum dray_status dray_rest_status(enum dray_state state)
{
    if (state == DRAY_HALTED) return DRAY_ERR_HALTED;
    return state == DRAY_PAUSED ? DRAY_ERR_PAUSED : DRAY_ERR_STOPPED;
}

/* Where a slot stands; the high half is there only where addresses have one. */
static uint64_t read_bus(const struct dray_channel *channel, uint32_t low, uint32_t high)
{
    uint64_t bus = dray_channel_read(channel, low);
    return channel->engine->addr_bits > 32u ? bus | (uint64_t)dray_channel_read(channel, high) << 32 : bus;
}

/* After an abort FAILED is the descriptor that was cut short, if one was: then the consumer stands before NEXT. */
static bool has_failed(const struct dray_channel *channel, enum dray_state state, uint32_t failed, uint16_t next)
{
    if (state == DRAY_HALTED) return true;
    uint32_t consumer = dray_channel_read(channel, DRAY_CHANNEL_REG(CONSUMER));
    return consumer != next && (failed & DRAY_CHANNEL_FAILED_INDEX_MASK) == consumer;
}

enum dray_status dray_failure(const struct dray_channel *channel, struct dray_failure *failure)
{
    assert(channel != NULL && failure != NULL);

    enum dray_state state = dray_state(channel);
    if (state == DRAY_GONE) return DRAY_ERR_GONE;
    if (!dray_at_rest(state)) return DRAY_ERR_STATE;

    uint32_t failed = dray_channel_read(channel, DRAY_CHANNEL_REG(FAILED));
    uint16_t next = (uint16_t)dray_channel_read(channel, DRAY_CHANNEL_REG(NEXT));
    *failure = (struct dray_failure){
        .status = state == DRAY_PAUSED ? DRAY_ERR_PAUSED : DRAY_ERR_STOPPED,
        .failed_index = next,
        .next_index = next,
        .next_bus = read_bus(channel, DRAY_CHANNEL_REG(NEXT_ADDR), DRAY_CHANNEL_REG(NEXT_ADDR_HIGH)),
    };
    if (!has_failed(channel, state, failed, next)) return DRAY_OK;

    failure->failed_index = (uint16_t)(failed & DRAY_CHANNEL_FAILED_INDEX_MASK);
    failure->status = dray_status_of_cause(dray_field(failed, DRAY_CHANNEL_FAILED_CAUSE_MASK, DRAY_CHANNEL_FAILED_CAUSE_SHIFT));
    if (failure->status == DRAY_OK) failure->status = DRAY_ERR_UNKNOWN; /* a halt without a cause is no success */
    failure->failed_bus = read_bus(channel, DRAY_CHANNEL_REG(FAILED_ADDR), DRAY_CHANNEL_REG(FAILED_ADDR_HIGH));
    failure->moved_bytes = dray_channel_read(channel, DRAY_CHANNEL_REG(FAILED_MOVED));
    return DRAY_OK;
}

static enum dray_status command_at_rest(struct dray_channel *channel, uint32_t command)
{
    assert(channel != NULL);

    enum dray_state state = dray_state(channel);
    if (state == DRAY_GONE) return DRAY_ERR_GONE;
    if (!dray_at_rest(state)) return DRAY_ERR_STATE;
    dray_channel_write(channel, DRAY_CHANNEL_REG(COMMAND), command);
    return DRAY_OK;
}

enum dray_status dray_resume(struct dray_channel *channel)
{
    return command_at_rest(channel, DRAY_CHANNEL_COMMAND_RESUME_MASK);
}

/* What is skipped retires with what follows: it has moved nothing. A cyclic ring is read again, and nothing retires in it. */
static void mark_skipped(const struct dray_channel *channel, uint16_t index)
{
    struct dray_descriptor *slot = dray_slot(channel, index);
    uint32_t kept = dray_descriptor_at(channel, index)->control & (DRAY_DESCRIPTOR_CONTROL_TAG_MASK | DRAY_DESCRIPTOR_CONTROL_GENERATION_MASK);
    slot->length = 0u;
    slot->control = kept | DRAY_DESC_TYPE_DONE | (uint32_t)DRAY_CAUSE_ABORTED << DRAY_WRITE_BACK_STATUS_CAUSE_SHIFT;
}

enum dray_status dray_skip(struct dray_channel *channel)
{
    struct dray_failure failure;
    enum dray_status status = dray_failure(channel, &failure);
    if (status != DRAY_OK) return status;
    if (!channel->cyclic && failure.next_index == channel->producer) return DRAY_ERR_STATE; /* the engine would pass its producer */
    for (unsigned slots = dray_slots_at(channel, failure.next_index); slots != 0u; slots--) {
        dray_channel_write(channel, DRAY_CHANNEL_REG(COMMAND), DRAY_CHANNEL_COMMAND_SKIP_MASK);
    }
    if (!channel->cyclic) mark_skipped(channel, failure.next_index);
    return DRAY_OK;
}

enum dray_status dray_drop(struct dray_channel *channel)
{
    enum dray_status status = command_at_rest(channel, DRAY_CHANNEL_COMMAND_DROP_MASK);
    if (status != DRAY_OK) return status;

    dray_channel_write(channel, DRAY_CHANNEL_REG(COMMAND), DRAY_CHANNEL_COMMAND_RESUME_MASK);
    channel->retired = channel->producer;
    channel->consumer = channel->producer;
    channel->staged = channel->producer;
    return DRAY_OK;
}

enum dray_status dray_abort(struct dray_channel *channel)
{
    assert(channel != NULL);

    if (dray_state(channel) == DRAY_GONE) return DRAY_ERR_GONE;
    dray_channel_write(channel, DRAY_CHANNEL_REG(COMMAND), DRAY_CHANNEL_COMMAND_ABORT_MASK);
    return DRAY_OK;
}

enum dray_status dray_stop(struct dray_channel *channel, unsigned polls)
{
    assert(polls != 0u);

    enum dray_status status = dray_abort(channel);
    if (status != DRAY_OK) return status;
    for (unsigned i = 0; i < polls; i++) {
        enum dray_state state = dray_state(channel);
        if (state == DRAY_GONE) return DRAY_ERR_GONE;
        if (dray_at_rest(state) || state == DRAY_OFF) return DRAY_OK;
    }
    return DRAY_BUSY;
}

enum dray_status dray_end_period(struct dray_channel *channel)
{
    assert(channel != NULL);

    if (!channel->cyclic) return DRAY_ERR_STATE;
    if (dray_state(channel) == DRAY_GONE) return DRAY_ERR_GONE;
    dray_channel_write(channel, DRAY_CHANNEL_REG(COMMAND), DRAY_CHANNEL_COMMAND_END_PERIOD_MASK);
    return DRAY_OK;
}
