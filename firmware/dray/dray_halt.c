/* SPDX-License-Identifier: Apache-2.0 */
/* Errors and ends: states, causes, going on after a halt, stopping. */
#include "dray.h"

#include <assert.h>

#include "dray_private.h"

#define STATUS_OF_CAUSE(cause) (DRAY_ERR_UNKNOWN - (int)(cause))

_Static_assert(STATUS_OF_CAUSE(DRAY_CAUSE_DESC_SLVERR) == (int)DRAY_ERR_DESC_SLVERR, "order of the hardware");
_Static_assert(STATUS_OF_CAUSE(DRAY_CAUSE_READ_SLVERR) == (int)DRAY_ERR_READ_SLVERR, "order of the hardware");
_Static_assert(STATUS_OF_CAUSE(DRAY_CAUSE_BACK_DECERR) == (int)DRAY_ERR_BACK_DECERR, "order of the hardware");
_Static_assert(STATUS_OF_CAUSE(DRAY_CAUSE_FAULT) == (int)DRAY_ERR_FAULT, "order of the hardware");

enum dray_status dray_status_of_cause(uint32_t cause)
{
    switch (cause) {
    case DRAY_CAUSE_NONE: return DRAY_OK;
    case DRAY_CAUSE_DESC_SLVERR:
    case DRAY_CAUSE_DESC_DECERR:
    case DRAY_CAUSE_READ_SLVERR:
    case DRAY_CAUSE_READ_DECERR:
    case DRAY_CAUSE_WRITE_SLVERR:
    case DRAY_CAUSE_WRITE_DECERR:
    case DRAY_CAUSE_BACK_SLVERR:
    case DRAY_CAUSE_BACK_DECERR:
    case DRAY_CAUSE_TYPE:
    case DRAY_CAUSE_GENERATION:
    case DRAY_CAUSE_LENGTH:
    case DRAY_CAUSE_ADDRESS:
    case DRAY_CAUSE_FAULT:
    case DRAY_CAUSE_ABORTED: return (enum dray_status)STATUS_OF_CAUSE(cause);
    default: return DRAY_ERR_UNKNOWN; /* newer hardware */
    }
}

const char *dray_status_name(enum dray_status status)
{
    switch (status) {
    case DRAY_OK:               return "ok";
    case DRAY_EMPTY:            return "nothing retired";
    case DRAY_BUSY:             return "busy";
    case DRAY_ERR_ARGUMENT:     return "bad argument";
    case DRAY_ERR_STATE:        return "wrong state";
    case DRAY_ERR_FULL:         return "ring full";
    case DRAY_ERR_ABSENT:       return "not built";
    case DRAY_ERR_GONE:         return "device gone";
    case DRAY_ERR_HALTED:       return "channel halted";
    case DRAY_ERR_STOPPED:      return "channel stopped";
    case DRAY_ERR_UNKNOWN:      return "unknown cause";
    case DRAY_ERR_DESC_SLVERR:  return "SLVERR at descriptor";
    case DRAY_ERR_DESC_DECERR:  return "DECERR at descriptor";
    case DRAY_ERR_READ_SLVERR:  return "SLVERR at read";
    case DRAY_ERR_READ_DECERR:  return "DECERR at read";
    case DRAY_ERR_WRITE_SLVERR: return "SLVERR at write";
    case DRAY_ERR_WRITE_DECERR: return "DECERR at write";
    case DRAY_ERR_BACK_SLVERR:  return "SLVERR at write-back";
    case DRAY_ERR_BACK_DECERR:  return "DECERR at write-back";
    case DRAY_ERR_TYPE:         return "unknown descriptor";
    case DRAY_ERR_GENERATION:   return "stale descriptor";
    case DRAY_ERR_LENGTH:       return "bad length";
    case DRAY_ERR_ADDRESS:      return "bad address";
    case DRAY_ERR_FAULT:        return "refused by the gate";
    case DRAY_ERR_ABORTED:      return "aborted";
    }
    return "unknown";
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
    default:                         return DRAY_DRAINING; /* whatever it is, it is not at rest */
    }
}

bool dray_outstanding(const struct dray_channel *channel)
{
    assert(channel != NULL);
    return (dray_channel_read(channel, DRAY_CHANNEL_REG(STATUS)) & DRAY_CHANNEL_STATUS_BUSY_MASK) != 0u;
}

static bool at_rest(enum dray_state state)
{
    return state == DRAY_HALTED || state == DRAY_STOPPED;
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
    if (!at_rest(state)) return DRAY_ERR_STATE;

    uint32_t failed = dray_channel_read(channel, DRAY_CHANNEL_REG(FAILED));
    uint16_t next = (uint16_t)dray_channel_read(channel, DRAY_CHANNEL_REG(NEXT));
    *failure = (struct dray_failure){
        .status = DRAY_ERR_STOPPED,
        .failed_index = next,
        .next_index = next,
        .next_bus = dray_channel_read(channel, DRAY_CHANNEL_REG(NEXT_ADDR)),
    };
    if (!has_failed(channel, state, failed, next)) return DRAY_OK;

    failure->failed_index = (uint16_t)(failed & DRAY_CHANNEL_FAILED_INDEX_MASK);
    failure->status = dray_status_of_cause((failed & DRAY_CHANNEL_FAILED_CAUSE_MASK) >> DRAY_CHANNEL_FAILED_CAUSE_SHIFT);
    if (failure->status == DRAY_OK) failure->status = DRAY_ERR_UNKNOWN; /* a halt without a cause is no success */
    failure->failed_bus = dray_channel_read(channel, DRAY_CHANNEL_REG(FAILED_ADDR));
    failure->moved_bytes = dray_channel_read(channel, DRAY_CHANNEL_REG(FAILED_MOVED));
    return DRAY_OK;
}

static enum dray_status command_at_rest(struct dray_channel *channel, uint32_t command)
{
    assert(channel != NULL);

    enum dray_state state = dray_state(channel);
    if (state == DRAY_GONE) return DRAY_ERR_GONE;
    if (!at_rest(state)) return DRAY_ERR_STATE;
    dray_channel_write(channel, DRAY_CHANNEL_REG(COMMAND), command);
    return DRAY_OK;
}

enum dray_status dray_resume(struct dray_channel *channel)
{
    return command_at_rest(channel, DRAY_CHANNEL_COMMAND_RESUME_MASK);
}

enum dray_status dray_skip(struct dray_channel *channel)
{
    struct dray_failure failure;
    enum dray_status status = dray_failure(channel, &failure);
    if (status != DRAY_OK) return status;
    if (!channel->cyclic && failure.next_index == channel->producer) return DRAY_ERR_STATE; /* the engine would pass its producer */
    return command_at_rest(channel, DRAY_CHANNEL_COMMAND_SKIP_MASK);
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
        if (at_rest(state) || state == DRAY_OFF) return DRAY_OK;
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
