/* SPDX-License-Identifier: Apache-2.0 */
/* Execute, EvtProgramDma, DmaCompleted, Cancel: the framework's face of the packet core. */
#include <stddef.h>

#include "kmdf_private.h"

/* Address and length in a list that is over (WPG-05): no gate lets the one through, and no check the other. */
#define SPOILT 0x01010101u

/* ---- Face: what the core calls, at DISPATCH -------------------------------------------------------------------------- */

static struct kmdf_transaction *transaction_of(struct packet *packet)
{
    return (struct kmdf_transaction *)(void *)((uint8_t *)packet - offsetof(struct kmdf_transaction, packet));
}

static PSCATTER_GATHER_LIST list_of(struct kmdf_transaction *transaction)
{
    if (kmdf_enabler_packet(transaction->enabler)) return &transaction->path->list;
    return (PSCATTER_GATHER_LIST)(void *)transaction->arena;
}

static void spoil(PSCATTER_GATHER_LIST list, uint32_t elements)
{
    list->NumberOfElements = SPOILT;
    for (uint32_t i = 0; i < elements; i++) {
        list->Elements[i].Address.QuadPart = SPOILT;
        list->Elements[i].Length = SPOILT;
    }
}

static void element(struct packet *packet, uint32_t index, uint64_t address, uint32_t length_bytes)
{
    PSCATTER_GATHER_ELEMENT element = &list_of(transaction_of(packet))->Elements[index];
    element->Address.QuadPart = (LONGLONG)address;
    element->Length = length_bytes;
    element->Reserved = 0u;
}

static void staged(struct packet *packet, uint32_t count)
{
    PSCATTER_GATHER_LIST list = list_of(transaction_of(packet));
    list->NumberOfElements = count;
    list->Reserved = 0u;
}

/* Behind the callback the transaction may be deleted; the path stays as long as the enabler. */
static void execute(struct packet *packet)
{
    struct kmdf_transaction *transaction = transaction_of(packet);
    struct kmdf_path *path = transaction->path;
    bool of_packet = kmdf_enabler_packet(transaction->enabler);

    if (transaction->begun != NULL) *transaction->begun = true;
    transaction->begun = NULL;
    (void)transaction->program((WDFDMATRANSACTION)(void *)transaction, (WDFDEVICE)(void *)transaction->enabler->device,
                               transaction->context_of_execute, transaction->direction, list_of(transaction));
    if (of_packet) spoil(&path->list, 1u);
}

static void freed(struct packet *packet)
{
    if (!packet->holds) spoil(list_of(transaction_of(packet)), packet->elements);
}

const struct packet_face kmdf_face = {
    .element = element, .staged = staged, .execute = execute, .freed = freed, .held = kmdf_reserved,
};

/* ---- The next transfer ----------------------------------------------------------------------------------------------- */

static NTSTATUS status_of(enum packet_status status)
{
    switch (status) {
    case PACKET_OK:            return STATUS_SUCCESS;
    case PACKET_ERR_RESOURCES: return STATUS_INSUFFICIENT_RESOURCES;
    case PACKET_ERR_ARGUMENT:  return STATUS_INVALID_PARAMETER;
    case PACKET_ERR_FAULTED:
    case PACKET_ERR_STATE:     return STATUS_INVALID_DEVICE_STATE;
    }
    return STATUS_INVALID_DEVICE_STATE;
}

NTSTATUS kmdf_stage(struct kmdf_transaction *transaction)
{
    uint32_t limit = kmdf_transfer_limit(transaction), left = transaction->length - transaction->moved;
    uint32_t bytes = left < limit ? left : limit;
    if (kmdf_too_fragmented(transaction, transaction->moved, bytes)) return STATUS_WDF_TOO_FRAGMENTED;

    transaction->state = KMDF_TRANSFER;
    transaction->packet.mdl = transaction->mdl;
    transaction->packet.offset = transaction->offset + transaction->moved;
    transaction->packet.wanted_bytes = bytes;
    transaction->packet.hold = transaction->hold.state == PACKET_HELD && transaction->hold_path == transaction->path ? &transaction->hold : NULL;
    transaction->packet.direction = transaction->direction == WdfDmaDirectionWriteToDevice ? PACKET_TO_DEVICE : PACKET_FROM_DEVICE;
    return status_of(packet_start(&transaction->path->core, &transaction->packet));
}

/* Where EvtProgramDma was not called it waits, and nobody else knows of it yet. */
NTSTATUS kmdf_stage_at_once(struct kmdf_transaction *transaction)
{
    bool begun = false;
    transaction->begun = &begun;
    NTSTATUS status = kmdf_stage(transaction);
    if (begun) return status;
    transaction->begun = NULL;
    if (NT_SUCCESS(status) && packet_cancel(&transaction->path->core, &transaction->packet)) status = STATUS_INSUFFICIENT_RESOURCES;
    return status;
}

/* ---- Execute --------------------------------------------------------------------------------------------------------- */

/* A packet profile of version 2 has one transaction at a time; version 3 lets them wait (WTX-09). */
static bool busy(const struct kmdf_transaction *transaction)
{
    const struct packet_adapter *core = &transaction->path->core;
    bool one = kmdf_enabler_packet(transaction->enabler) && !kmdf_enabler_version_3(transaction->enabler);
    return one && core->executing + core->queued != 0u;
}

static NTSTATUS begin(struct kmdf_transaction *transaction)
{
    if (busy(transaction)) return STATUS_WDF_BUSY;
    return transaction->immediate ? kmdf_stage_at_once(transaction) : kmdf_stage(transaction);
}

NTSTATUS WdfDmaTransactionExecute(WDFDMATRANSACTION DmaTransaction, WDFCONTEXT Context)
{
    if (!irql_assert_at_most(IRQL_DISPATCH)) return STATUS_INVALID_DEVICE_REQUEST;
    struct kmdf_transaction *transaction = kmdf_of(DmaTransaction, kmdf_transactions);
    if (transaction == NULL) return STATUS_INVALID_DEVICE_REQUEST;
    bool waits = transaction->hold.state == PACKET_QUEUED; /* for EvtReserveDma */
    if (transaction->state != KMDF_INITIALIZED || waits || !transaction->enabler->device->powered) {
        kmdf_wrong_state(transaction, (unsigned)transaction->state, __func__);
        return STATUS_INVALID_DEVICE_REQUEST;
    }
    transaction->context_of_execute = Context;
    enum irql old = irql_raise(IRQL_DISPATCH);
    NTSTATUS status = begin(transaction);
    if (!NT_SUCCESS(status)) transaction->state = KMDF_FAILED;
    irql_lower(old); /* DPCs run here; nothing but the status is touched behind a success (WTX-10) */
    return status;
}

/* ---- DmaCompleted ---------------------------------------------------------------------------------------------------- */

/* Has EvtProgramDma been called for a transfer that nobody has completed? */
static bool unanswered(const struct kmdf_transaction *transaction)
{
    enum packet_state state = transaction->packet.state;
    return transaction->state == KMDF_TRANSFER && (state == PACKET_EXECUTING || state == PACKET_IN_FLIGHT);
}

/* What follows a transfer that moved what is counted now. */
static NTSTATUS verdict(const struct kmdf_transaction *transaction, bool final)
{
    if (transaction->moved == transaction->length) return STATUS_SUCCESS;
    if (kmdf_single(transaction)) return STATUS_WDF_TOO_MANY_TRANSFERS;
    if (final) return STATUS_SUCCESS;
    return transaction->cancelled ? STATUS_CANCELLED : STATUS_MORE_PROCESSING_REQUIRED;
}

static BOOLEAN over(struct kmdf_transaction *transaction, NTSTATUS status, NTSTATUS *said)
{
    transaction->state = NT_SUCCESS(status) ? KMDF_COMPLETED : KMDF_FAILED;
    *said = status;
    return TRUE;
}

/* Account, unmap, decide, map the next: in this order (WDC-08). The last touches nothing behind it (WDC-09). At DISPATCH. */
static BOOLEAN complete(struct kmdf_transaction *transaction, size_t bytes, bool final, NTSTATUS *said)
{
    uint32_t before = transaction->moved;
    bool too_long = bytes > transaction->packet.length_bytes;
    uint32_t moved = too_long ? 0u : (uint32_t)bytes;

    transaction->moved += moved;
    enum packet_status completed = packet_complete(&transaction->path->core, &transaction->packet, transaction->packet.direction,
                                                   moved, PACKET_RUN_GOOD);
    if (completed != PACKET_OK) {
        transaction->moved = before;
        *said = STATUS_INVALID_DEVICE_STATE;
        return FALSE;
    }
    NTSTATUS status = too_long ? STATUS_INVALID_PARAMETER : verdict(transaction, final);
    if (status != STATUS_MORE_PROCESSING_REQUIRED) return over(transaction, status, said);
    *said = status;
    status = kmdf_stage(transaction);
    return NT_SUCCESS(status) ? FALSE : over(transaction, status, said);
}

/* bytes NULL: all of the transfer. */
static BOOLEAN complete_at_dispatch(WDFDMATRANSACTION handle, const size_t *bytes, bool final, NTSTATUS *said, const char *where)
{
    NTSTATUS nobody;
    if (said == NULL) said = &nobody;
    *said = STATUS_INVALID_DEVICE_REQUEST;
    if (!irql_check_at_most(IRQL_DISPATCH, where)) return FALSE;
    struct kmdf_transaction *transaction = kmdf_object_of(handle, &kmdf_transactions, where);
    if (transaction == NULL) return FALSE;
    if (!unanswered(transaction)) {
        kmdf_wrong_state(transaction, (unsigned)transaction->state, where);
        return FALSE;
    }
    enum irql old = irql_raise(IRQL_DISPATCH);
    BOOLEAN done = complete(transaction, bytes != NULL ? *bytes : transaction->packet.length_bytes, final, said);
    irql_lower(old);
    return done;
}

BOOLEAN WdfDmaTransactionDmaCompleted(WDFDMATRANSACTION DmaTransaction, NTSTATUS *Status)
{
    return complete_at_dispatch(DmaTransaction, NULL, false, Status, __func__);
}

BOOLEAN WdfDmaTransactionDmaCompletedWithLength(WDFDMATRANSACTION DmaTransaction, size_t TransferredLength, NTSTATUS *Status)
{
    return complete_at_dispatch(DmaTransaction, &TransferredLength, false, Status, __func__);
}

BOOLEAN WdfDmaTransactionDmaCompletedFinal(WDFDMATRANSACTION DmaTransaction, size_t FinalTransferredLength, NTSTATUS *Status)
{
    return complete_at_dispatch(DmaTransaction, &FinalTransferredLength, true, Status, __func__);
}

/* ---- Cancel ---------------------------------------------------------------------------------------------------------- */

static bool cancel(struct kmdf_transaction *transaction)
{
    if (!packet_cancel(&transaction->path->core, &transaction->packet)) {
        transaction->cancelled = true; /* what runs is the last (WCA-02) */
        return false;
    }
    transaction->state = KMDF_FAILED;
    return true;
}

static bool cancel_reserve(struct kmdf_transaction *transaction)
{
    kmdf_unreserve(transaction);
    transaction->state = KMDF_FAILED;
    return true;
}

BOOLEAN WdfDmaTransactionCancel(WDFDMATRANSACTION DmaTransaction)
{
    if (!irql_assert_at_most(IRQL_DISPATCH)) return FALSE;
    struct kmdf_transaction *transaction = kmdf_of(DmaTransaction, kmdf_transactions);
    if (transaction == NULL) return FALSE;
    bool never = transaction->state == KMDF_CREATED || transaction->state == KMDF_RELEASED;
    if (never || !kmdf_enabler_version_3(transaction->enabler)) {
        kmdf_wrong_state(transaction, (unsigned)transaction->state, __func__);
        return FALSE;
    }
    enum irql old = irql_raise(IRQL_DISPATCH);
    bool cancelled = transaction->hold.state == PACKET_QUEUED ? cancel_reserve(transaction)
                                                              : transaction->state == KMDF_TRANSFER && cancel(transaction);
    irql_lower(old);
    return cancelled ? TRUE : FALSE;
}
