/* SPDX-License-Identifier: Apache-2.0 */
/* Transactions: what they are told and say, from Create to Release. How they move bytes is in kmdf_execute.c. */
#include <stddef.h>

#include "kmdf_private.h"
#include "packet_list.h"

static struct kmdf_transaction transactions[KMDF_TRANSACTIONS];

static bool in_use(const struct kmdf_object *object)
{
    return ((const struct kmdf_transaction *)(const void *)object)->state == KMDF_TRANSFER;
}

static void release(struct kmdf_transaction *transaction)
{
    struct kmdf_request *request = transaction->request;
    transaction->state = KMDF_RELEASED;
    transaction->request = NULL;
    transaction->mdl = NULL;
    transaction->moved = 0;
    transaction->single = false;
    transaction->immediate = false;
    transaction->cancelled = false;
    kmdf_request_drop(request);
}

static void gone(struct kmdf_object *object)
{
    kmdf_unreserve((struct kmdf_transaction *)(void *)object);
    release((struct kmdf_transaction *)(void *)object);
}

const struct kmdf_kind kmdf_transactions = {
    KMDF_POOL(kmdf_transaction, transactions), .at_dispatch = true, .in_use = in_use, .gone = gone,
};

/* The transaction of a handle, when it may be called now; NULL with the violation. */
static struct kmdf_transaction *transaction_at(WDFDMATRANSACTION handle, const char *where)
{
    if (!irql_check_at_most(IRQL_DISPATCH, where)) return NULL;
    return kmdf_object_of(handle, &kmdf_transactions, where);
}
#define TRANSACTION(handle) transaction_at((handle), __func__)

#define BIT(state) (1u << (unsigned)(state))

static bool state_is(const struct kmdf_transaction *transaction, unsigned allowed, const char *where)
{
    if ((allowed & BIT(transaction->state)) != 0u) return true;
    kmdf_wrong_state(transaction, (unsigned)transaction->state, where);
    return false;
}

/* What only version 3 has. */
static bool version_3(const struct kmdf_transaction *transaction, const char *where)
{
    if (kmdf_enabler_version_3(transaction->enabler)) return true;
    kmdf_wrong_state(transaction, transaction->enabler->config.WdmDmaVersionOverride, where);
    return false;
}

/* ---- Create, release ------------------------------------------------------------------------------------------------- */

NTSTATUS WdfDmaTransactionCreate(WDFDMAENABLER DmaEnabler, PWDF_OBJECT_ATTRIBUTES Attributes, WDFDMATRANSACTION *DmaTransaction)
{
    if (!irql_assert_at_most(IRQL_DISPATCH) || DmaTransaction == NULL) return STATUS_INVALID_PARAMETER;
    struct kmdf_enabler *enabler = kmdf_of(DmaEnabler, kmdf_enablers);
    if (enabler == NULL) return STATUS_INVALID_PARAMETER;
    NTSTATUS status;
    struct kmdf_transaction *transaction = kmdf_object_take(&kmdf_transactions, enabler, Attributes, &status);
    if (transaction == NULL) return status;
    transaction->enabler = enabler;
    *DmaTransaction = (WDFDMATRANSACTION)(void *)transaction;
    return STATUS_SUCCESS;
}

NTSTATUS WdfDmaTransactionRelease(WDFDMATRANSACTION DmaTransaction)
{
    struct kmdf_transaction *transaction = TRANSACTION(DmaTransaction);
    if (transaction == NULL || !state_is(transaction, ~BIT(KMDF_TRANSFER), __func__)) return STATUS_INVALID_DEVICE_STATE;
    if (transaction->state == KMDF_RELEASED) return STATUS_INVALID_DEVICE_STATE;
    release(transaction);
    return STATUS_SUCCESS;
}

/* ---- Initialize ------------------------------------------------------------------------------------------------------ */

uint32_t kmdf_pages(const struct kmdf_transaction *transaction, uint32_t done, uint32_t bytes)
{
    uint32_t begin = (memory_mdl_page_offset(transaction->mdl) + transaction->offset + done) % MEMORY_PAGE_BYTES;
    return memory_pages_spanned(begin, bytes);
}

bool kmdf_too_fragmented(const struct kmdf_transaction *transaction, uint32_t done, uint32_t bytes)
{
    return !kmdf_enabler_packet(transaction->enabler) && kmdf_pages(transaction, done, bytes) > transaction->enabler->elements_max;
}

bool kmdf_single(const struct kmdf_transaction *transaction)
{
    return transaction->single || (transaction->enabler->config.Flags & WDF_DMA_ENABLER_CONFIG_REQUIRE_SINGLE_TRANSFER) != 0u;
}

uint32_t kmdf_transfer_limit(const struct kmdf_transaction *transaction)
{
    uint32_t most = kmdf_single(transaction) ? (uint32_t)transaction->enabler->config.MaximumLength : transaction->path->fragment_bytes;
    return transaction->maximum < most ? transaction->maximum : most;
}

/* WTX-08: no register is kept back, what is needed is known. */
static NTSTATUS judge_single(const struct kmdf_transaction *transaction)
{
    if (transaction->length > transaction->enabler->config.MaximumLength) return STATUS_WDF_TOO_MANY_TRANSFERS;
    uint32_t pages = kmdf_pages(transaction, 0u, transaction->length);
    if (pages > packet_adapter_available(&transaction->path->core)) return STATUS_WDF_NOT_ENOUGH_MAP_REGISTERS;
    return kmdf_too_fragmented(transaction, 0u, transaction->length) ? STATUS_WDF_TOO_FRAGMENTED : STATUS_SUCCESS;
}

/* WTX-04: every transfer, as they will be when each moves all that it has. */
static NTSTATUS judge_transfers(const struct kmdf_transaction *transaction)
{
    uint32_t limit = kmdf_transfer_limit(transaction), bytes = 0;
    for (uint32_t done = 0; done < transaction->length; done += bytes) {
        bytes = transaction->length - done < limit ? transaction->length - done : limit;
        if (kmdf_too_fragmented(transaction, done, bytes)) return STATUS_WDF_TOO_FRAGMENTED;
    }
    return STATUS_SUCCESS;
}

/* Is this a part of a locked buffer that the device may move in this direction? */
static bool buffer_sane(const struct memory_mdl *mdl, WDF_DMA_DIRECTION direction, size_t offset, size_t length)
{
    if (memory_mdl_state(mdl) != MEMORY_MDL_LOCKED) {
        violation_report(VIOL_NOT_LOCKED, (uintptr_t)mdl, offset, length, 0u);
        return false;
    }
    size_t bytes = memory_mdl_length(mdl);
    if (length == 0u || offset >= bytes || length > bytes - offset) return false;
    return direction == WdfDmaDirectionWriteToDevice || memory_mdl_may_write(mdl);
}

static NTSTATUS initialize(struct kmdf_transaction *transaction, PFN_WDF_PROGRAM_DMA program, WDF_DMA_DIRECTION direction,
                           struct memory_mdl *mdl, size_t offset, size_t length)
{
    transaction->path = kmdf_path_of(transaction->enabler, direction);
    if (program == NULL || transaction->path == NULL || !buffer_sane(mdl, direction, offset, length)) return STATUS_INVALID_PARAMETER;
    transaction->program = program;
    transaction->direction = direction;
    transaction->mdl = mdl;
    transaction->offset = (uint32_t)offset;
    transaction->length = (uint32_t)length;
    transaction->moved = 0;
    transaction->maximum = UINT32_MAX;
    return kmdf_single(transaction) ? judge_single(transaction) : judge_transfers(transaction);
}

NTSTATUS WdfDmaTransactionInitializeUsingOffset(WDFDMATRANSACTION DmaTransaction, PFN_WDF_PROGRAM_DMA EvtProgramDmaFunction,
                                                WDF_DMA_DIRECTION DmaDirection, PMDL Mdl, size_t Offset, size_t Length)
{
    struct kmdf_transaction *transaction = TRANSACTION(DmaTransaction);
    if (transaction == NULL || !state_is(transaction, BIT(KMDF_CREATED) | BIT(KMDF_RESERVED) | BIT(KMDF_RELEASED), __func__)) return STATUS_INVALID_DEVICE_REQUEST;
    struct memory_mdl *mdl = (struct memory_mdl *)(void *)Mdl;
    NTSTATUS status = initialize(transaction, EvtProgramDmaFunction, DmaDirection, mdl, Offset, Length);
    if (NT_SUCCESS(status)) transaction->state = KMDF_INITIALIZED;
    else release(transaction);
    return status;
}

/* In front of the buffer the difference wraps round, and is beyond its end. */
NTSTATUS WdfDmaTransactionInitialize(WDFDMATRANSACTION DmaTransaction, PFN_WDF_PROGRAM_DMA EvtProgramDmaFunction,
                                     WDF_DMA_DIRECTION DmaDirection, PMDL Mdl, PVOID VirtualAddress, size_t Length)
{
    size_t offset = memory_mdl_state((struct memory_mdl *)(void *)Mdl) == MEMORY_MDL_LOCKED
        ? (uintptr_t)VirtualAddress - (uintptr_t)MmGetMdlVirtualAddress(Mdl) : 0u;
    return WdfDmaTransactionInitializeUsingOffset(DmaTransaction, EvtProgramDmaFunction, DmaDirection, Mdl, offset, Length);
}

/* ---- Settings -------------------------------------------------------------------------------------------------------- */

VOID WdfDmaTransactionSetMaximumLength(WDFDMATRANSACTION DmaTransaction, size_t MaximumLength)
{
    struct kmdf_transaction *transaction = TRANSACTION(DmaTransaction);
    if (transaction == NULL || !state_is(transaction, BIT(KMDF_INITIALIZED) | BIT(KMDF_TRANSFER), __func__)) return;
    if (MaximumLength == 0u) kmdf_wrong_state(transaction, (unsigned)transaction->state, __func__);
    else transaction->maximum = MaximumLength < UINT32_MAX ? (uint32_t)MaximumLength : UINT32_MAX;
}

VOID WdfDmaTransactionSetSingleTransferRequirement(WDFDMATRANSACTION DmaTransaction, BOOLEAN RequireSingleTransfer)
{
    struct kmdf_transaction *transaction = TRANSACTION(DmaTransaction);
    if (transaction == NULL || !version_3(transaction, __func__)) return;
    if (state_is(transaction, BIT(KMDF_CREATED) | BIT(KMDF_RESERVED) | BIT(KMDF_RELEASED), __func__)) transaction->single = RequireSingleTransfer != FALSE;
}

VOID WdfDmaTransactionSetImmediateExecution(WDFDMATRANSACTION DmaTransaction, BOOLEAN UseImmediateExecution)
{
    const unsigned allowed = BIT(KMDF_CREATED) | BIT(KMDF_INITIALIZED) | BIT(KMDF_RELEASED);
    struct kmdf_transaction *transaction = TRANSACTION(DmaTransaction);
    if (transaction == NULL || !version_3(transaction, __func__)) return;
    if (state_is(transaction, allowed, __func__)) transaction->immediate = UseImmediateExecution != FALSE;
}

/* ---- What it says ---------------------------------------------------------------------------------------------------- */

static uint32_t elements_of(const struct kmdf_transaction *transaction)
{
    struct packet_list list = { .elements_max = 0u };
    if (kmdf_enabler_packet(transaction->enabler)) return 1u;
    while (list.bytes < transaction->length) {
        uint32_t run, left = transaction->length - list.bytes;
        uint32_t bus = memory_mdl_bus(transaction->mdl, transaction->offset + list.bytes, &run);
        (void)packet_list_add(&list, bus, run < left ? run : left);
    }
    return list.elements;
}

VOID WdfDmaTransactionGetTransferInfo(WDFDMATRANSACTION DmaTransaction, ULONG *MapRegisterCount, ULONG *ScatterGatherElementCount)
{
    const struct kmdf_transaction *transaction = TRANSACTION(DmaTransaction);
    if (transaction == NULL || !version_3(transaction, __func__) || !state_is(transaction, BIT(KMDF_INITIALIZED), __func__)) return;
    if (MapRegisterCount != NULL) *MapRegisterCount = kmdf_pages(transaction, 0u, transaction->length);
    if (ScatterGatherElementCount != NULL) *ScatterGatherElementCount = elements_of(transaction);
}

size_t WdfDmaTransactionGetBytesTransferred(WDFDMATRANSACTION DmaTransaction)
{
    const struct kmdf_transaction *transaction = TRANSACTION(DmaTransaction);
    return transaction != NULL ? transaction->moved : 0u;
}

size_t WdfDmaTransactionGetCurrentDmaTransferLength(WDFDMATRANSACTION DmaTransaction)
{
    const struct kmdf_transaction *transaction = TRANSACTION(DmaTransaction);
    if (transaction == NULL || transaction->state != KMDF_TRANSFER) return 0u;
    return transaction->packet.state == PACKET_QUEUED ? transaction->packet.wanted_bytes : transaction->packet.length_bytes;
}

WDFDEVICE WdfDmaTransactionGetDevice(WDFDMATRANSACTION DmaTransaction)
{
    const struct kmdf_transaction *transaction = TRANSACTION(DmaTransaction);
    return transaction != NULL ? (WDFDEVICE)(void *)transaction->enabler->device : NULL;
}
