/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file wdf_request.h
 * A client's request, and the transaction that serves it. wdf.h includes it.
 *
 *     WdfDmaTransactionInitializeUsingRequest(transaction, request, EvtProgramDma, WdfDmaDirectionReadFromDevice);
 *     ...
 *     request = WdfDmaTransactionGetRequest(transaction);
 *     bytes = WdfDmaTransactionGetBytesTransferred(transaction);
 *     WdfDmaTransactionRelease(transaction);
 *     WdfRequestCompleteWithInformation(request, status, bytes);       // in this order
 */
#ifndef WDF_REQUEST_H
#define WDF_REQUEST_H

#include "wdf_transaction.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum _WDF_REQUEST_TYPE {
    WdfRequestTypeRead          = 3,
    WdfRequestTypeWrite         = 4,
    WdfRequestTypeDeviceControl = 14, /**< in-direct or out-direct, as the two lowest bits of its code say */
} WDF_REQUEST_TYPE;

#define METHOD_IN_DIRECT  1 /**< the driver reads the buffer */
#define METHOD_OUT_DIRECT 2 /**< the driver writes it */

/**
 * WdfDmaTransactionInitialize() with a request's buffer, all of it. The transaction refers to the request until Release.
 *
 * @return as there; STATUS_INVALID_DEVICE_REQUEST also for a direction that is not the request's: reads and out-direct
 *         controls read from the device, writes and in-direct controls write to it
 *
 * Spec WTX-03. [<= dispatch]
 */
NTSTATUS WdfDmaTransactionInitializeUsingRequest(WDFDMATRANSACTION DmaTransaction, WDFREQUEST Request,
                                                 PFN_WDF_PROGRAM_DMA EvtProgramDmaFunction, WDF_DMA_DIRECTION DmaDirection);

/** The request it was initialized with; NULL: none, or released. [<= dispatch] */
WDFREQUEST WdfDmaTransactionGetRequest(WDFDMATRANSACTION DmaTransaction);

/** The buffer's MDL: of a request whose buffer the driver reads, of one whose buffer it writes. [<= dispatch] */
NTSTATUS WdfRequestRetrieveInputWdmMdl(WDFREQUEST Request, PMDL *Mdl);
NTSTATUS WdfRequestRetrieveOutputWdmMdl(WDFREQUEST Request, PMDL *Mdl);

/** What the client is told beside the status, in most cases bytes. [<= dispatch] */
VOID      WdfRequestSetInformation(WDFREQUEST Request, ULONG_PTR Information);
ULONG_PTR WdfRequestGetInformation(WDFREQUEST Request);

/**
 * End a request: its buffer is unlocked and its client told, once. A second time is VIOL_REQUEST, and nobody is told; with a
 * transfer in its buffer the pages stay pinned until that is completed, and VIOL_UNLOCK_IN_FLIGHT.
 *
 * Spec PRT-07, ERR-08. [<= dispatch]
 */
VOID WdfRequestComplete(WDFREQUEST Request, NTSTATUS Status);
VOID WdfRequestCompleteWithInformation(WDFREQUEST Request, NTSTATUS Status, ULONG_PTR Information);

#ifdef __cplusplus
}
#endif

#endif
