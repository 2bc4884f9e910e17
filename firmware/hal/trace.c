/* SPDX-License-Identifier: Apache-2.0 */
/* Names of trace events: what the checker in sim/ prints. No firmware needs them, so no firmware links them. */
#include "trace.h"

const char *trace_name(enum trace_event event)
{
    switch (event) {
    case TRACE_NONE:            return "NONE";
    case TRACE_GET:             return "GET";
    case TRACE_PUT:             return "PUT";
    case TRACE_LOCK:            return "LOCK";
    case TRACE_UNLOCK:          return "UNLOCK";
    case TRACE_START:           return "START";
    case TRACE_EXECUTE:         return "EXECUTE";
    case TRACE_EXECUTE_RETURN:  return "EXECUTE_RETURN";
    case TRACE_START_RETURN:    return "START_RETURN";
    case TRACE_ISR:             return "ISR";
    case TRACE_DPC_QUEUED:      return "DPC_QUEUED";
    case TRACE_DPC:             return "DPC";
    case TRACE_DPC_RETURN:      return "DPC_RETURN";
    case TRACE_COMPLETE:        return "COMPLETE";
    case TRACE_COMPLETE_RETURN: return "COMPLETE_RETURN";
    case TRACE_NOTIFY:          return "NOTIFY";
    case TRACE_REQUEST:         return "REQUEST";
    case TRACE_CANCEL:          return "CANCEL";
    case TRACE_TIMEOUT:         return "TIMEOUT";
    case TRACE_ABORT:           return "ABORT";
    case TRACE_QUARANTINE:      return "QUARANTINE";
    case TRACE_STATUS:          return "STATUS";
    case TRACE_PAGE_IN:         return "PAGE_IN";
    case TRACE_EVICT:           return "EVICT";
    case TRACE_PIN:             return "PIN";
    case TRACE_UNPIN:           return "UNPIN";
    case TRACE_FAULT:           return "FAULT";
    case TRACE_MAP:             return "MAP";
    case TRACE_UNMAP:           return "UNMAP";
    case TRACE_GATE_FAULT:      return "GATE_FAULT";
    case TRACE_VIOLATION:       return "VIOLATION";
    case TRACE_MARK:            return "MARK";
    }
    return "?";
}
