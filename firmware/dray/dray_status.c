/* SPDX-License-Identifier: Apache-2.0 */
/* Statuses by name. */
#include "dray.h"

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
    case DRAY_ERR_PAUSED:       return "channel paused";
    case DRAY_ERR_UNTOLD:       return "end not told";
    case DRAY_ERR_UNKNOWN:      return "unknown cause";
    case DRAY_ERR_DESC_SLVERR:  return "SLVERR at descriptor";
    case DRAY_ERR_DESC_DECERR:  return "DECERR at descriptor";
    case DRAY_ERR_LIST_SLVERR:  return "SLVERR at list";
    case DRAY_ERR_LIST_DECERR:  return "DECERR at list";
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
    case DRAY_ERR_WATCHDOG:     return "memory does not answer";
    case DRAY_ERR_BUDGET:       return "budget of segments used up";
    }
    return "unknown";
}
