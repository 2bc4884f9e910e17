/* SPDX-License-Identifier: Apache-2.0 */
/* The queue, and registers that outlive a packet: they are waited for in it, and used ahead of it. */
#include <assert.h>
#include <stddef.h>

#include "irql.h"
#include "packet_private.h"

void packet_append(struct packet_adapter *adapter, struct packet *packet)
{
    packet->next = NULL;
    if (adapter->head == NULL) adapter->head = packet;
    else adapter->tail->next = packet;
    adapter->tail = packet;
    adapter->queued++;
}

void packet_prepend(struct packet_adapter *adapter, struct packet *packet)
{
    packet->next = adapter->head;
    adapter->head = packet;
    if (packet->next == NULL) adapter->tail = packet;
    adapter->queued++;
}

void packet_take_out(struct packet_adapter *adapter, struct packet *before, struct packet *packet)
{
    if (before == NULL) adapter->head = packet->next;
    else before->next = packet->next;
    if (adapter->tail == packet) adapter->tail = before;
    adapter->queued--;
}

/* While the face is told, the loop that serves the queue lets another run inside: it is as deep as there are holds. */
bool packet_grant(struct packet_adapter *adapter, struct packet *packet)
{
    if (!packet_registers_take(adapter, packet->registers, &packet->first_register)) return false;
    packet_take_out(adapter, NULL, packet);
    packet->state = PACKET_HELD;
    adapter->staging = false;
    adapter->config.face->held(packet);
    adapter->staging = true;
    return true;
}

enum packet_status packet_hold(struct packet_adapter *adapter, struct packet *packet, uint32_t registers)
{
    assert(adapter != NULL && adapter->open && packet != NULL && packet->state == PACKET_FREE && registers != 0u);

    if (adapter->faulted) return PACKET_ERR_FAULTED;
    if (registers > packet_registers_lasting(adapter)) return PACKET_ERR_RESOURCES;
    enum irql old = irql_raise(IRQL_DISPATCH);
    *packet = (struct packet){ .state = PACKET_QUEUED, .holds = true, .registers = (uint16_t)registers };
    packet_append(adapter, packet);
    packet_serve(adapter, NULL);
    irql_lower(old);
    return PACKET_OK;
}

void packet_unhold(struct packet_adapter *adapter, struct packet *packet)
{
    assert(adapter != NULL && packet != NULL && packet->state == PACKET_HELD);

    enum irql old = irql_raise(IRQL_DISPATCH);
    packet->state = PACKET_FREE;
    packet_registers_give(adapter, packet->registers, packet->first_register);
    packet_serve(adapter, NULL);
    irql_lower(old);
}
