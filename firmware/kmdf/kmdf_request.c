/* SPDX-License-Identifier: Apache-2.0 */
/* Requests: a client's locked buffer, from the machine to a driver and back, told once. */
#include "kmdf_private.h"
#include "trace.h"

struct kmdf_request {
    struct kmdf_object object;
    struct kmdf_io     io;
    struct memory_mdl *mdl;
    ULONG_PTR          information;
    unsigned           references; /* transactions that were initialized with it */
    bool               completed, traced;
    uint8_t            adapter;    /* in the trace */
    uint64_t           context[KMDF_CONTEXT_BYTES / sizeof(uint64_t)];
};

static struct kmdf_request requests[KMDF_REQUESTS];

static bool in_use(const struct kmdf_object *object)
{
    return !((const struct kmdf_request *)(const void *)object)->completed;
}

const struct kmdf_kind kmdf_requests = { KMDF_POOL(kmdf_request, requests), .at_dispatch = true, .in_use = in_use };

/* One that its client still waits for. */
static struct kmdf_request *request_at(WDFREQUEST handle, const char *where)
{
    if (!irql_check_at_most(IRQL_DISPATCH, where)) return NULL;
    struct kmdf_request *request = kmdf_object_of(handle, &kmdf_requests, where);
    if (request == NULL || !request->completed) return request;
    violation_report(VIOL_REQUEST, (uintptr_t)request, (uintptr_t)where, 0u, 0u);
    return NULL;
}
#define REQUEST(handle) request_at((handle), __func__)

/* ---- The machine's side ---------------------------------------------------------------------------------------------- */

/* Does the driver write the buffer? */
static bool writes(const struct kmdf_io *io)
{
    return io->type == WdfRequestTypeRead || (io->type == WdfRequestTypeDeviceControl && (io->code & 3u) == METHOD_OUT_DIRECT);
}

static bool io_sane(const struct kmdf_io *io)
{
    if (io->told == NULL) return false;
    if (io->type == WdfRequestTypeRead || io->type == WdfRequestTypeWrite) return true;
    return io->type == WdfRequestTypeDeviceControl && ((io->code & 3u) == METHOD_IN_DIRECT || (io->code & 3u) == METHOD_OUT_DIRECT);
}

static NTSTATUS status_of(enum memory_status status)
{
    bool scarce = status == MEMORY_ERR_NO_FRAME || status == MEMORY_ERR_NO_MDL;
    return scarce ? STATUS_INSUFFICIENT_RESOURCES : STATUS_INVALID_PARAMETER;
}

NTSTATUS kmdf_request_make(WDFDEVICE Device, const struct kmdf_io *io, WDFREQUEST *made)
{
    if (!irql_assert_passive() || io == NULL || made == NULL || !io_sane(io)) return STATUS_INVALID_PARAMETER;
    struct kmdf_device *device = kmdf_of(Device, kmdf_devices);
    if (device == NULL) return STATUS_INVALID_PARAMETER;
    NTSTATUS status;
    struct kmdf_request *request = kmdf_object_take(&kmdf_requests, device, NULL, &status);
    if (request == NULL) return status;
    request->io = *io;
    enum memory_access access = writes(io) ? MEMORY_ACCESS_WRITE : MEMORY_ACCESS_READ;
    enum memory_status locked = memory_lock(NULL, io->buffer, io->length, access, NULL, &request->mdl);
    if (locked != MEMORY_OK) {
        kmdf_object_discard(&request->object);
        return status_of(locked);
    }
    *made = (WDFREQUEST)(void *)request;
    return STATUS_SUCCESS;
}

/* ---- References ------------------------------------------------------------------------------------------------------ */

void kmdf_request_drop(struct kmdf_request *request)
{
    if (request == NULL) return;
    enum irql old = irql_raise(IRQL_DISPATCH);
    bool last = --request->references == 0u && request->completed;
    irql_lower(old);
    if (last) (void)kmdf_object_delete(&request->object);
}

/* What a client asked is known when it is known whom it concerns, and once. */
static void trace_asked(struct kmdf_request *request, const struct kmdf_transaction *transaction)
{
    if (request->traced) return;
    request->traced = true;
    request->adapter = transaction->path->core.number;
    trace_record(TRACE_REQUEST, request->adapter, 0u, request->io.length);
}

NTSTATUS WdfDmaTransactionInitializeUsingRequest(WDFDMATRANSACTION DmaTransaction, WDFREQUEST Request,
                                                 PFN_WDF_PROGRAM_DMA EvtProgramDmaFunction, WDF_DMA_DIRECTION DmaDirection)
{
    struct kmdf_request *request = REQUEST(Request);
    if (request == NULL) return STATUS_INVALID_PARAMETER;
    struct kmdf_transaction *transaction = kmdf_of(DmaTransaction, kmdf_transactions);
    if (transaction == NULL) return STATUS_INVALID_DEVICE_REQUEST;
    WDF_DMA_DIRECTION wanted = writes(&request->io) ? WdfDmaDirectionReadFromDevice : WdfDmaDirectionWriteToDevice;
    if (DmaDirection != wanted) return STATUS_INVALID_DEVICE_REQUEST;

    PMDL mdl = (PMDL)(void *)request->mdl;
    NTSTATUS status = WdfDmaTransactionInitializeUsingOffset(DmaTransaction, EvtProgramDmaFunction, DmaDirection, mdl, 0u, request->io.length);
    if (!NT_SUCCESS(status)) return status;
    request->references++;
    transaction->request = request;
    trace_asked(request, transaction);
    return STATUS_SUCCESS;
}

WDFREQUEST WdfDmaTransactionGetRequest(WDFDMATRANSACTION DmaTransaction)
{
    if (!irql_assert_at_most(IRQL_DISPATCH)) return NULL;
    const struct kmdf_transaction *transaction = kmdf_of(DmaTransaction, kmdf_transactions);
    return transaction != NULL ? (WDFREQUEST)(void *)transaction->request : NULL;
}

/* ---- What a driver calls --------------------------------------------------------------------------------------------- */

static NTSTATUS retrieve(const struct kmdf_request *request, bool written, PMDL *mdl)
{
    if (request == NULL || mdl == NULL) return STATUS_INVALID_PARAMETER;
    if (writes(&request->io) != written) return STATUS_INVALID_DEVICE_REQUEST;
    *mdl = (PMDL)(void *)request->mdl;
    return STATUS_SUCCESS;
}

NTSTATUS WdfRequestRetrieveInputWdmMdl(WDFREQUEST Request, PMDL *Mdl)
{
    return retrieve(REQUEST(Request), false, Mdl);
}

NTSTATUS WdfRequestRetrieveOutputWdmMdl(WDFREQUEST Request, PMDL *Mdl)
{
    return retrieve(REQUEST(Request), true, Mdl);
}

VOID WdfRequestSetInformation(WDFREQUEST Request, ULONG_PTR Information)
{
    struct kmdf_request *request = REQUEST(Request);
    if (request != NULL) request->information = Information;
}

ULONG_PTR WdfRequestGetInformation(WDFREQUEST Request)
{
    const struct kmdf_request *request = REQUEST(Request);
    return request != NULL ? request->information : 0u;
}

/* The client may ask again inside told(); the request is its no more. */
static void complete(struct kmdf_request *request, NTSTATUS status)
{
    enum irql old = irql_raise(IRQL_DISPATCH);
    struct kmdf_io io = request->io;
    ULONG_PTR information = request->information;
    request->completed = true;
    if (request->traced && !NT_SUCCESS(status)) trace_record(TRACE_STATUS, request->adapter, 0u, (uint32_t)status);
    (void)memory_unlock(request->mdl);
    if (request->traced) trace_record(TRACE_NOTIFY, request->adapter, 0u, (uint32_t)information);
    if (request->references == 0u) (void)kmdf_object_delete(&request->object);
    io.told(io.context, status, information);
    irql_lower(old);
}

VOID WdfRequestCompleteWithInformation(WDFREQUEST Request, NTSTATUS Status, ULONG_PTR Information)
{
    struct kmdf_request *request = REQUEST(Request);
    if (request == NULL) return;
    request->information = Information;
    complete(request, Status);
}

VOID WdfRequestComplete(WDFREQUEST Request, NTSTATUS Status)
{
    struct kmdf_request *request = REQUEST(Request);
    if (request != NULL) complete(request, Status);
}
