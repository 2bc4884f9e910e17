/* SPDX-License-Identifier: Apache-2.0 */
/* Lock, Start, Execute, Complete, Unlock: the port's face of the packet core. */
#include <assert.h>

#include "irql.h"
#include "port_private.h"
#include "trace.h"
#include "violation.h"

/* ---- Face: what the core calls, at DISPATCH ------------------------------------------------------------------------ */

static struct port_packet *packet_of(struct packet *packet)
{
    return (struct port_packet *)(void *)packet;
}

/* What the Reserved field of a valid list holds; a miniport that writes it is found out at Complete (SGL-01). */
static ULONG_PTR seal(const struct port_packet *packet)
{
    return (ULONG_PTR)packet ^ (ULONG_PTR)0x5ea1u;
}

/* There is one for each packet of the depth, so one is free when the core maps a packet. */
static PVP_SCATTER_GATHER_LIST list_take(struct port_adapter *adapter)
{
    unsigned number = 0;
    while ((adapter->lists_used >> number & 1u) != 0u) number++;
    assert(number < adapter->core.config.depth);
    adapter->lists_used |= 1u << number;
    return port_list_at(adapter, number);
}

static void list_give(struct port_adapter *adapter, PVP_SCATTER_GATHER_LIST list, uint32_t elements)
{
    for (unsigned number = 0; number < adapter->core.config.depth; number++) {
        if (port_list_at(adapter, number) == list) adapter->lists_used &= ~(1u << number);
    }
    port_spoil(list, elements);
}

/* Start's list: what the device will be given. */
static void write_element(PVP_SCATTER_GATHER_ELEMENT element, uint64_t address, uint32_t length_bytes)
{
    element->Address.QuadPart = (LONGLONG)address;
    element->Length = length_bytes;
    element->Reserved = 0;
}

static void element(struct packet *core, uint32_t index, uint64_t address, uint32_t length_bytes)
{
    struct port_packet *packet = packet_of(core);
    if (index == 0u) packet->list = list_take(packet->adapter);
    write_element(&packet->list->Elements[index], address, length_bytes);
}

/* The only write of *pLength: what it holds later is the next Start's (STA-15). */
static void staged(struct packet *core, uint32_t count)
{
    struct port_packet *packet = packet_of(core);
    packet->list->NumberOfElements = count;
    packet->list->Reserved = seal(packet);
    *packet->length = core->length_bytes;
}

static void execute(struct packet *core)
{
    struct port_packet *packet = packet_of(core);
    struct port_adapter *adapter = packet->adapter;
    packet->routine(adapter->device->extension, port_handle_of(adapter), packet->list, packet->context);
}

static void freed(struct packet *core)
{
    struct port_packet *packet = packet_of(core);
    if (packet->list != NULL) list_give(packet->adapter, packet->list, core->elements);
    packet->list = NULL;
    packet->used = false;
}

const struct packet_face port_face = { .element = element, .staged = staged, .execute = execute, .freed = freed };

/* ---- Lock, unlock -------------------------------------------------------------------------------------------------- */

static enum memory_access access_of(VP_LOCK_OPERATION operation)
{
    return operation == VpReadAccess ? MEMORY_ACCESS_READ : MEMORY_ACCESS_WRITE;
}

PVOID VideoPortLockBuffer(PVOID HwDeviceExtension, PVOID BaseAddress, ULONG Length, VP_LOCK_OPERATION Operation)
{
    if (!irql_assert_passive()) return NULL;
    struct port_device *device = port_device_of(HwDeviceExtension);
    bool known = Operation == VpReadAccess || Operation == VpWriteAccess || Operation == VpModifyAccess;
    if (device == NULL || !known) return NULL;
    struct memory_quota *quota = device->quota.limit != 0u ? &device->quota : NULL;
    struct memory_mdl *mdl;
    if (memory_lock(NULL, (uintptr_t)BaseAddress, Length, access_of(Operation), quota, &mdl) != MEMORY_OK) return NULL;
    return mdl;
}

VOID VideoPortUnlockBuffer(PVOID HwDeviceExtension, PVOID Mdl)
{
    if (!irql_assert_at_most(IRQL_DISPATCH) || port_device_of(HwDeviceExtension) == NULL) return;
    (void)memory_unlock(Mdl); /* with packets in flight it is deferred and reported there (UNL-03) */
}

/* ---- Start --------------------------------------------------------------------------------------------------------- */

static struct port_packet *packet_take(struct port_adapter *adapter)
{
    for (unsigned i = 0; i < VP_MAX_STARTS; i++) {
        if (!adapter->packets[i].used) return &adapter->packets[i];
    }
    return NULL;
}

static VP_STATUS start(struct port_adapter *adapter, struct port_packet *packet)
{
    packet->adapter = adapter;
    packet->used = true;
    enum packet_status status = packet_start(&adapter->core, &packet->core);
    if (status == PACKET_OK) return NO_ERROR; /* packet and *pLength may be the next Start's by now */
    packet->used = false;
    switch (status) {
    case PACKET_ERR_RESOURCES: return ERROR_NOT_ENOUGH_MEMORY;
    case PACKET_ERR_FAULTED:   return VP_ERROR_IO_DEVICE;
    case PACKET_OK:
    case PACKET_ERR_ARGUMENT:
    case PACKET_ERR_STATE:     return ERROR_INVALID_PARAMETER;
    }
    return ERROR_INVALID_PARAMETER;
}

VP_STATUS VideoPortStartDma(PVOID HwDeviceExtension, PVP_DMA_ADAPTER VpDmaAdapter, PVOID Mdl, ULONG Offset,
                            PULONG pLength, PEXECUTE_DMA ExecuteDmaRoutine, PVOID Context, BOOLEAN WriteToDevice)
{
    if (!irql_assert_at_most(IRQL_DISPATCH)) return ERROR_INVALID_PARAMETER;
    if (Mdl == NULL || pLength == NULL || ExecuteDmaRoutine == NULL) return ERROR_INVALID_PARAMETER;
    struct port_adapter *adapter = port_adapter_of(HwDeviceExtension, VpDmaAdapter);
    if (adapter == NULL) return ERROR_INVALID_PARAMETER;

    VP_STATUS status = ERROR_NOT_ENOUGH_MEMORY;
    enum irql old = irql_raise(IRQL_DISPATCH);
    struct port_packet *packet = packet_take(adapter); /* what it held before is over; the core sets what is not set here */
    if (packet != NULL) {
        packet->core.mdl = Mdl;
        packet->core.offset = Offset;
        packet->core.wanted_bytes = *pLength;
        packet->core.direction = WriteToDevice ? PACKET_TO_DEVICE : PACKET_FROM_DEVICE;
        packet->length = pLength;
        packet->routine = ExecuteDmaRoutine;
        packet->context = Context;
        status = start(adapter, packet);
    }
    if (status == ERROR_NOT_ENOUGH_MEMORY) *pLength = 0u; /* no Execute, so nobody else writes it */
    irql_lower(old); /* DPCs run here; nothing but the status is touched behind it (IRQ-04) */
    return status;
}

BOOLEAN VpCancelQueuedDma(PVOID HwDeviceExtension, PVP_DMA_ADAPTER VpDmaAdapter, PVOID Context)
{
    if (!irql_assert_at_most(IRQL_DISPATCH)) return FALSE;
    struct port_adapter *adapter = port_adapter_of(HwDeviceExtension, VpDmaAdapter);
    if (adapter == NULL) return FALSE;

    enum irql old = irql_raise(IRQL_DISPATCH);
    struct packet *core = adapter->core.head;
    while (core != NULL && packet_of(core)->context != Context) core = core->next;
    bool cancelled = core != NULL && packet_cancel(&adapter->core, core);
    irql_lower(old);
    return cancelled ? TRUE : FALSE;
}

/* ---- Complete ------------------------------------------------------------------------------------------------------ */

static struct port_packet *packet_with(struct port_adapter *adapter, PVP_SCATTER_GATHER_LIST list)
{
    for (unsigned i = 0; i < VP_MAX_STARTS; i++) {
        struct port_packet *packet = &adapter->packets[i];
        if (packet->used && packet->list == list) return packet;
    }
    return NULL;
}

static bool has_list(struct port_adapter *adapter, PVP_SCATTER_GATHER_LIST list)
{
    for (unsigned i = 0; adapter->device != NULL && i < adapter->core.config.depth; i++) {
        if (port_list_at(adapter, i) == list) return true;
    }
    return false;
}

/* Why a list is not that of a packet of this adapter (CPL-05). */
static enum violation_code list_violation(struct port_adapter *adapter, PVP_SCATTER_GATHER_LIST list)
{
    if (has_list(adapter, list)) return VIOL_DOUBLE_COMPLETE;
    for (unsigned i = 0; i < VP_MAX_ADAPTERS; i++) {
        if (has_list(&port_adapters()[i], list)) return VIOL_ADAPTER;
    }
    return VIOL_LIST;
}

static VP_STATUS complete(struct port_adapter *adapter, PVP_SCATTER_GATHER_LIST list, BOOLEAN write_to_device,
                          const ULONG *moved, enum packet_outcome outcome)
{
    struct port_packet *packet = list != NULL ? packet_with(adapter, list) : NULL;
    if (packet == NULL) {
        violation_report(list_violation(adapter, list), (uintptr_t)list, (uintptr_t)adapter, 0u, 0u);
        return ERROR_INVALID_PARAMETER;
    }
    if (list->Reserved != seal(packet)) {
        violation_report(VIOL_LIST, (uintptr_t)list, list->Reserved, 0u, 0u);
        return ERROR_INVALID_PARAMETER;
    }
    enum packet_direction direction = write_to_device ? PACKET_TO_DEVICE : PACKET_FROM_DEVICE;
    uint32_t bytes = moved != NULL ? *moved : packet->core.length_bytes;
    return packet_complete(&adapter->core, &packet->core, direction, bytes, outcome) == PACKET_OK
        ? NO_ERROR : ERROR_INVALID_PARAMETER;
}

static VP_STATUS complete_at_dispatch(PVOID extension, PVP_DMA_ADAPTER handle, PVP_SCATTER_GATHER_LIST list,
                                      BOOLEAN write_to_device, const ULONG *moved, enum packet_outcome outcome)
{
    struct port_adapter *adapter = port_adapter_of(extension, handle);
    if (adapter == NULL) return ERROR_INVALID_PARAMETER;
    enum irql old = irql_raise(IRQL_DISPATCH);
    VP_STATUS status = complete(adapter, list, write_to_device, moved, outcome);
    irql_lower(old);
    return status;
}

VP_STATUS VideoPortCompleteDma(PVOID HwDeviceExtension, PVP_DMA_ADAPTER VpDmaAdapter,
                               PVP_SCATTER_GATHER_LIST VpScatterGather, BOOLEAN WriteToDevice)
{
    if (!irql_assert_at_most(IRQL_DISPATCH)) return ERROR_INVALID_PARAMETER;
    return complete_at_dispatch(HwDeviceExtension, VpDmaAdapter, VpScatterGather, WriteToDevice, NULL, PACKET_RUN_GOOD);
}

VP_STATUS VideoPortCompleteDmaEx(PVOID HwDeviceExtension, PVP_DMA_ADAPTER VpDmaAdapter,
                                 PVP_SCATTER_GATHER_LIST VpScatterGather, BOOLEAN WriteToDevice, ULONG BytesMoved,
                                 VP_STATUS Outcome)
{
    if (!irql_assert_at_most(IRQL_DISPATCH)) return ERROR_INVALID_PARAMETER;
    return complete_at_dispatch(HwDeviceExtension, VpDmaAdapter, VpScatterGather, WriteToDevice, &BytesMoved,
                                Outcome == NO_ERROR ? PACKET_RUN_GOOD : PACKET_RUN_FAILED);
}

/* ---- Said for the trace -------------------------------------------------------------------------------------------- */

static void say(PVOID extension, PVP_DMA_ADAPTER handle, enum trace_event event, uint32_t value)
{
    if (HAL_TRACE == 0) return;
    struct port_adapter *adapter = port_adapter_of(extension, handle);
    if (adapter == NULL) return;
    const struct packet *running = adapter->core.in_execute;
    trace_record(event, adapter->core.number, running != NULL ? running->number : 0u, value);
}

VOID VpExecuteResult(PVOID HwDeviceExtension, PVP_DMA_ADAPTER VpDmaAdapter, VP_STATUS Status)
{
    say(HwDeviceExtension, VpDmaAdapter, TRACE_STATUS, (uint32_t)Status);
}

VOID VpTraceNotify(PVOID HwDeviceExtension, PVP_DMA_ADAPTER VpDmaAdapter, ULONG Bytes)
{
    say(HwDeviceExtension, VpDmaAdapter, TRACE_NOTIFY, Bytes);
}

VOID VpTraceRequest(PVOID HwDeviceExtension, PVP_DMA_ADAPTER VpDmaAdapter, ULONG Bytes)
{
    say(HwDeviceExtension, VpDmaAdapter, TRACE_REQUEST, Bytes);
}
