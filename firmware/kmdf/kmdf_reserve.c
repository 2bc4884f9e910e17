/* SPDX-License-Identifier: Apache-2.0 */
/* Map registers that a transaction waits for once and keeps: AllocateResources, EvtReserveDma, FreeResources. */
#include "kmdf_private.h"

static struct kmdf_transaction *transaction_of(struct packet *hold)
{
    return (struct kmdf_transaction *)(void *)((uint8_t *)hold - offsetof(struct kmdf_transaction, hold));
}

/* It may end with the transaction deleted. */
void kmdf_reserved(struct packet *hold)
{
    struct kmdf_transaction *transaction = transaction_of(hold);
    if (transaction->begun != NULL) *transaction->begun = true;
    transaction->begun = NULL;
    transaction->reserve((WDFDMATRANSACTION)(void *)transaction, transaction->context_of_reserve);
}

void kmdf_unreserve(struct kmdf_transaction *transaction)
{
    enum packet_state state = transaction->hold.state;
    if (state == PACKET_QUEUED) (void)packet_cancel(&transaction->hold_path->core, &transaction->hold);
    else if (state == PACKET_HELD) packet_unhold(&transaction->hold_path->core, &transaction->hold);
}

/* A packet profile of version 3, nothing reserved yet, and a state in which the count is known. */
static bool allowed(const struct kmdf_transaction *transaction, ULONG registers)
{
    enum kmdf_transaction_state state = transaction->state;
    bool known = state == KMDF_INITIALIZED || (registers != 0u && (state == KMDF_CREATED || state == KMDF_RELEASED));
    return known && transaction->hold.state == PACKET_FREE && kmdf_enabler_packet(transaction->enabler)
        && kmdf_enabler_version_3(transaction->enabler) && transaction->enabler->device->powered;
}

/* At DISPATCH. Behind a success nothing of it is touched: EvtReserveDma may have been called, and more. */
static NTSTATUS hold(struct kmdf_transaction *transaction, struct kmdf_path *path, uint32_t registers)
{
    enum kmdf_transaction_state before = transaction->state;
    bool begun = false;
    transaction->hold_path = path;
    transaction->begun = &begun;
    if (before != KMDF_INITIALIZED) transaction->state = KMDF_RESERVED;
    enum packet_status status = packet_hold(&path->core, &transaction->hold, registers);
    if (begun) return STATUS_SUCCESS;
    transaction->begun = NULL;
    if (status == PACKET_OK && !transaction->immediate) return STATUS_SUCCESS;
    kmdf_unreserve(transaction);
    transaction->state = before;
    return STATUS_INSUFFICIENT_RESOURCES;
}

NTSTATUS WdfDmaTransactionAllocateResources(WDFDMATRANSACTION DmaTransaction, WDF_DMA_DIRECTION DmaDirection,
                                            ULONG RequiredMapRegisters, PFN_WDF_RESERVE_DMA EvtReserveDmaFunction,
                                            PVOID EvtReserveDmaContext)
{
    if (!irql_assert_at_most(IRQL_DISPATCH)) return STATUS_INVALID_DEVICE_REQUEST;
    struct kmdf_transaction *transaction = kmdf_of(DmaTransaction, kmdf_transactions);
    if (transaction == NULL) return STATUS_INVALID_DEVICE_REQUEST;
    struct kmdf_path *path = kmdf_path_of(transaction->enabler, DmaDirection);
    if (path == NULL || EvtReserveDmaFunction == NULL) return STATUS_INVALID_PARAMETER;
    if (!allowed(transaction, RequiredMapRegisters)) {
        kmdf_wrong_state(transaction, (unsigned)transaction->state, __func__);
        return STATUS_INVALID_DEVICE_REQUEST;
    }
    uint32_t available = packet_adapter_available(&path->core);
    uint32_t registers = RequiredMapRegisters != 0u ? RequiredMapRegisters : kmdf_pages(transaction, 0u, transaction->length);
    if (RequiredMapRegisters == 0u && registers > available) registers = available; /* it has more transfers then (WTX-13) */
    if (registers == 0u || registers > available) return STATUS_INSUFFICIENT_RESOURCES; /* common buffers may have all */
    transaction->reserve = EvtReserveDmaFunction;
    transaction->context_of_reserve = EvtReserveDmaContext;
    enum irql old = irql_raise(IRQL_DISPATCH);
    NTSTATUS status = hold(transaction, path, registers);
    irql_lower(old);
    return status;
}

VOID WdfDmaTransactionFreeResources(WDFDMATRANSACTION DmaTransaction)
{
    if (!irql_assert_at_most(IRQL_DISPATCH)) return;
    struct kmdf_transaction *transaction = kmdf_of(DmaTransaction, kmdf_transactions);
    if (transaction == NULL) return;
    if (transaction->state == KMDF_CREATED || transaction->state == KMDF_TRANSFER) {
        kmdf_wrong_state(transaction, (unsigned)transaction->state, __func__);
        return;
    }
    if (transaction->state == KMDF_RESERVED) transaction->state = KMDF_RELEASED;
    kmdf_unreserve(transaction);
}
