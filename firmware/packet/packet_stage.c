/* SPDX-License-Identifier: Apache-2.0 */
/* Starting: checks, the queue, the staging loop, cancelling. */
#include "packet.h"

#include <assert.h>
#include <stddef.h>

#include "cache.h"
#include "irql.h"
#include "packet_private.h"
#include "trace.h"
#include "violation.h"

static enum violation_code mdl_violation(const struct memory_mdl *mdl)
{
    switch (memory_mdl_state(mdl)) {
    case MEMORY_MDL_LOCKED:  return VIOL_NONE;
    case MEMORY_MDL_FOREIGN: return VIOL_NOT_LOCKED;
    case MEMORY_MDL_FREE:
    case MEMORY_MDL_CLOSING: return VIOL_MDL;
    }
    return VIOL_NOT_LOCKED;
}

/* What a start breaks, if anything; VIOL_NONE: nothing. No side effects (STA-02, STA-03, LCK-03). */
static enum violation_code start_violation(const struct packet *packet)
{
    enum violation_code code = mdl_violation(packet->mdl);
    if (code != VIOL_NONE) return code;
    uint32_t length = memory_mdl_length(packet->mdl);
    if (packet->wanted_bytes == 0u) return VIOL_ZERO_LENGTH;
    if (packet->offset >= length || packet->wanted_bytes > length - packet->offset) return VIOL_OUT_OF_MDL;
    if (packet->direction == PACKET_FROM_DEVICE && !memory_mdl_may_write(packet->mdl)) return VIOL_DIRECTION;
    return VIOL_NONE;
}

/* Everything a packet needs at once, or nothing: the head of the queue waits, and nobody overtakes it (STA-23). */
static bool resources_take(struct packet_adapter *adapter, struct packet *packet, const struct packet_plan *plan)
{
    if (plan->length_bytes == 0u) return false;
    if (packet->hold != NULL) packet->first_register = packet->hold->first_register;
    else if (!packet_registers_take(adapter, plan->registers, &packet->first_register)) return false;
    if (!packet_bounce_take(adapter, packet, plan->bounced)) {
        if (packet->hold == NULL) packet_registers_give(adapter, plan->registers, packet->first_register);
        return false;
    }
    packet->registers = (uint16_t)plan->registers;
    packet->length_bytes = plan->length_bytes;
    return true;
}

/* Steps 4 to 8 of a start, in the contract's order; the last touches the packet only if it is known to be alive. */
static void stage(struct packet_adapter *adapter, struct packet *packet)
{
    uint8_t number = packet->number;

    packet_take_out(adapter, NULL, packet);
    packet->state = PACKET_STAGING;
    adapter->executing++;

    if (packet->bounced != 0u) packet_bounce_in(adapter, packet);
    cache_drain(); /* TO device: memory has the bytes. FROM device: no later eviction writes over the device's (STA-07) */
    packet_map(adapter, packet);
    adapter->config.face->staged(packet, packet->elements);

    packet->state = PACKET_EXECUTING;
    adapter->in_execute = packet;
    adapter->counts.executed++;
    trace_record(TRACE_EXECUTE, adapter->number, number, packet->length_bytes);
    adapter->config.face->execute(packet);
    trace_record(TRACE_EXECUTE_RETURN, adapter->number, number, 0u);

    /* Completed inside execute: in_execute is NULL, and the packet is somebody else's by now. */
    if (adapter->in_execute != NULL) adapter->in_execute->state = PACKET_IN_FLIGHT;
    adapter->in_execute = NULL;
}

/* The one loop that calls execute. What an execute starts or completes finds `staging` set, changes the books, and
 * returns to this loop, which looks at them again: the stack is as deep for fifty packets as for one (CPL-10). */
void packet_serve(struct packet_adapter *adapter, const struct packet_plan *planned)
{
    if (adapter->staging) return;
    adapter->staging = true;
    while (adapter->head != NULL && !adapter->faulted) {
        struct packet *head = adapter->head;
        if (head->holds) {
            if (!packet_grant(adapter, head)) break;
            continue;
        }
        if (adapter->executing == adapter->config.depth) break;
        struct packet_plan plan = planned != NULL ? *planned : packet_plan(adapter, head);
        if (!resources_take(adapter, head, &plan)) break;
        stage(adapter, head);
        planned = NULL;
    }
    adapter->staging = false;
}

enum packet_status packet_start(struct packet_adapter *adapter, struct packet *packet)
{
    assert(adapter != NULL && adapter->open && packet != NULL && packet->state == PACKET_FREE);

    enum violation_code code = start_violation(packet);
    if (code != VIOL_NONE) {
        violation_report(code, (uintptr_t)packet->mdl, packet->offset, packet->wanted_bytes, adapter->number);
        return PACKET_ERR_ARGUMENT;
    }
    if (adapter->faulted) return PACKET_ERR_FAULTED;
    struct packet_plan plan = packet_plan(adapter, packet);
    if (plan.length_bytes == 0u) return PACKET_ERR_RESOURCES;

    enum irql old = irql_raise(IRQL_DISPATCH);
    if (adapter->executing == 0u) packet_faults(adapter);
    packet->number = adapter->next_packet++;
    packet->state = PACKET_QUEUED;
    packet->registers = 0;
    packet->bounced = 0;
    packet->quarantined = false;
    (void)memory_mdl_hold(packet->mdl);
    adapter->counts.started++;
    if (packet->hold != NULL) packet_prepend(adapter, packet);
    else packet_append(adapter, packet);

    uint8_t adapter_number = adapter->number, number = packet->number;
    trace_record(TRACE_START, adapter_number, number, packet->wanted_bytes);
    packet_serve(adapter, adapter->head == packet ? &plan : NULL);
    trace_record(TRACE_START_RETURN, adapter_number, number, 0u);
    irql_lower(old); /* DPCs run here: packet and adapter may be gone when it returns */
    return PACKET_OK;
}

bool packet_cancel(struct packet_adapter *adapter, struct packet *packet)
{
    assert(adapter != NULL && packet != NULL);

    enum irql old = irql_raise(IRQL_DISPATCH);
    struct packet *before = NULL, *found = adapter->head;
    while (found != NULL && found != packet) {
        before = found;
        found = found->next;
    }
    if (!packet->holds) trace_record(TRACE_CANCEL, adapter->number, packet->number, found != NULL);
    if (found != NULL) {
        packet_take_out(adapter, before, found);
        adapter->counts.cancelled++;
        found->state = PACKET_FREE;
        if (!found->holds) (void)memory_mdl_release(found->mdl);
        adapter->config.face->freed(found);
        packet_serve(adapter, NULL); /* who stood behind it may fit */
    }
    irql_lower(old);
    return found != NULL;
}
