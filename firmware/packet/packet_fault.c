/* SPDX-License-Identifier: Apache-2.0 */
/* What the gate refused: whose it was, and whether he had a right to be there at all. */
#include <stddef.h>

#include "packet_private.h"
#include "trace.h"
#include "violation.h"

/* A channel that never had a packet runs by itself, from its common buffer: the screen's. Any other is idle without one. */
static bool stray(const struct packet_adapter *owner)
{
    return owner == NULL || (owner->executing == 0u && owner->counts.started != 0u);
}

void packet_faults(const struct packet_adapter *adapter)
{
    struct map_fault fault;
    if (!map_fault_take(adapter->map, &fault)) return;

    struct packet_adapter *owner = packet_adapter_at(adapter->system, adapter->map, fault.channel);
    trace_record(TRACE_GATE_FAULT, owner != NULL ? owner->number : 0u, 0u, fault.cause);
    if (stray(owner)) violation_report(VIOL_STRAY_DMA, (uintptr_t)fault.address, fault.channel, fault.cause, (uintptr_t)fault.access);
    if (owner != NULL) owner->fault = fault;
}
