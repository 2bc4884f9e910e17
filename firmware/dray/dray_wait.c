/* SPDX-License-Identifier: Apache-2.0 */
/* Waiting for a channel, so many looks long: pause, the end of everything, of one way or the other. */
#include "dray.h"

#include <assert.h>

#include "dray_private.h"

enum dray_status dray_pause(struct dray_channel *channel, unsigned polls)
{
    assert(channel != NULL && polls != 0u);

    dray_channel_write(channel, DRAY_CHANNEL_REG(COMMAND), DRAY_CHANNEL_COMMAND_PAUSE_MASK);
    for (unsigned i = 0; i < polls; i++) {
        enum dray_state state = dray_state(channel);
        if (state == DRAY_GONE) return DRAY_ERR_GONE;
        if (state == DRAY_OFF) return DRAY_ERR_STATE;
        if (dray_at_rest(state)) return state == DRAY_PAUSED ? DRAY_OK : dray_rest_status(state);
    }
    return DRAY_BUSY;
}

enum dray_status dray_terminate(struct dray_channel *channel, unsigned polls)
{
    enum dray_status status = dray_stop(channel, polls);
    return status == DRAY_OK ? dray_drop(channel) : status;
}

enum dray_status dray_synchronize(struct dray_channel *channel, unsigned polls)
{
    assert(channel != NULL && polls != 0u);

    if (channel->cyclic) return DRAY_ERR_STATE;
    for (unsigned i = 0; i < polls; i++) {
        enum dray_state state = dray_state(channel);
        if (state == DRAY_GONE) return DRAY_ERR_GONE;
        if (state == DRAY_OFF) return DRAY_ERR_STATE;
        /* Write-backs are among what is outstanding; the consumer index moves behind them. */
        bool ended = dray_channel_read(channel, DRAY_CHANNEL_REG(CONSUMER)) == channel->producer;
        if (ended && !dray_outstanding(channel)) return DRAY_OK;
        if (!ended && dray_at_rest(state)) return dray_rest_status(state);
    }
    return DRAY_BUSY;
}
