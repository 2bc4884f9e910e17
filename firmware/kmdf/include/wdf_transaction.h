/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file wdf_transaction.h
 * DMA transactions: a client's buffer, moved in as many transfers as it takes. wdf.h includes it.
 *
 *     Create -> CREATED --Initialize--> INITIALIZED --Execute--> TRANSFER { EvtProgramDma ... DmaCompleted }+ -> COMPLETED
 *                                            |                      |                                         or FAILED
 *            `--AllocateResources--> RESERVED --Initialize--^
 *        RELEASED <-------Release------------+---- it waits: Cancel +--------------------- Release ---------------+
 *
 * Each EvtProgramDma is answered by one of the three WdfDmaTransactionDmaCompleted functions. TRUE: the transaction is
 * over and holds nothing any more; *Status says how. FALSE: STATUS_MORE_PROCESSING_REQUIRED, and the next transfer has
 * begun. The buffer is the device's from Execute until TRUE.
 *
 * Nothing nests: what EvtProgramDma completes goes on when it has returned.
 */
#ifndef WDF_TRANSACTION_H
#define WDF_TRANSACTION_H

#include "wdf_dma.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Programs the device for one transfer and starts it.
 *
 * @param SgList  in buffer order; valid until the transfer is completed, in a packet profile only during the call
 * @return TRUE: started. FALSE means nothing to the framework: the transaction is ended by
 *         WdfDmaTransactionDmaCompletedFinal(transaction, 0, &status), then Release or Delete, then the request
 *
 * Spec WPG-01..06. [dispatch]
 */
typedef BOOLEAN EVT_WDF_PROGRAM_DMA(IN WDFDMATRANSACTION Transaction, IN WDFDEVICE Device, IN WDFCONTEXT Context,
                                    IN WDF_DMA_DIRECTION Direction, IN PSCATTER_GATHER_LIST SgList);
typedef EVT_WDF_PROGRAM_DMA *PFN_WDF_PROGRAM_DMA;

/**
 * Make a transaction, a child of its enabler.
 *
 * @return STATUS_SUCCESS; STATUS_INVALID_PARAMETER: attributes name a parent; STATUS_INFO_LENGTH_MISMATCH;
 *         STATUS_INSUFFICIENT_RESOURCES: none left, or a context too large
 *
 * Spec WTX-01. [<= dispatch]
 */
NTSTATUS WdfDmaTransactionCreate(WDFDMAENABLER DmaEnabler, PWDF_OBJECT_ATTRIBUTES Attributes OPTIONAL,
                                 WDFDMATRANSACTION *DmaTransaction);

/**
 * Say what to move. After an error the transaction is RELEASED.
 *
 * @param Mdl             locked; for a read of the device, for writing
 * @param VirtualAddress  where in it: MmGetMdlVirtualAddress() and an offset
 * @param Length          bytes, at least 1, inside the MDL: chains are not followed
 * @return STATUS_SUCCESS; STATUS_INVALID_PARAMETER; STATUS_WDF_TOO_FRAGMENTED: a transfer spans more pages than the enabler's
 *         elements. Where one transfer is required: STATUS_WDF_TOO_MANY_TRANSFERS: longer than one can be;
 *         STATUS_WDF_NOT_ENOUGH_MAP_REGISTERS. STATUS_INVALID_DEVICE_REQUEST with VIOL_WDF_STATE unless CREATED or RELEASED
 *
 * Spec WTX-02, WTX-04, WTX-05, WTX-08. [<= dispatch]
 */
NTSTATUS WdfDmaTransactionInitialize(WDFDMATRANSACTION DmaTransaction, PFN_WDF_PROGRAM_DMA EvtProgramDmaFunction,
                                     WDF_DMA_DIRECTION DmaDirection, PMDL Mdl, PVOID VirtualAddress, size_t Length);

/** The same with an offset from the first byte of the MDL. Spec WTX-02. [<= dispatch] */
NTSTATUS WdfDmaTransactionInitializeUsingOffset(WDFDMATRANSACTION DmaTransaction, PFN_WDF_PROGRAM_DMA EvtProgramDmaFunction,
                                                WDF_DMA_DIRECTION DmaDirection, PMDL Mdl, size_t Offset, size_t Length);

/**
 * At most so many bytes a transfer; more than there may be is ignored. When INITIALIZED, or for the transfers that follow.
 * Until Release. 0 is VIOL_WDF_STATE.
 *
 * Spec WTX-06, WTX-07. [<= dispatch]
 */
VOID WdfDmaTransactionSetMaximumLength(WDFDMATRANSACTION DmaTransaction, size_t MaximumLength);

/** All in one transfer, or not at all; before Initialize, until Release; version 3. Spec WTX-08. [<= dispatch] */
VOID WdfDmaTransactionSetSingleTransferRequirement(WDFDMATRANSACTION DmaTransaction, BOOLEAN RequireSingleTransfer);

/** Execute calls EvtProgramDma before it returns, or fails; until Release; version 3. Spec WTX-11. [<= dispatch] */
VOID WdfDmaTransactionSetImmediateExecution(WDFDMATRANSACTION DmaTransaction, BOOLEAN UseImmediateExecution);

/**
 * What the whole transaction would need at once; either pointer may be NULL. When INITIALIZED, version 3.
 *
 * Spec MAP-30. [<= dispatch]
 */
VOID WdfDmaTransactionGetTransferInfo(WDFDMATRANSACTION DmaTransaction, ULONG *MapRegisterCount, ULONG *ScatterGatherElementCount);

/** Map registers are there, and stay. What it initializes and executes begins before that returns. Spec WTX-12. [dispatch] */
typedef VOID EVT_WDF_RESERVE_DMA(IN WDFDMATRANSACTION DmaTransaction, IN PVOID Context);
typedef EVT_WDF_RESERVE_DMA *PFN_WDF_RESERVE_DMA;

/**
 * Wait for map registers, and keep them through Release: for transfers that must not wait. Packet profiles, version 3. A transaction
 * that needs more has more transfers.
 *
 * @param RequiredMapRegisters  0: as many as the transaction needs, which is INITIALIZED then
 * @return STATUS_SUCCESS: EvtReserveDma was called or will be, or Cancel takes it back. STATUS_INSUFFICIENT_RESOURCES: more than
 *         there are, or not now where execution is to be immediate. STATUS_INVALID_DEVICE_REQUEST with VIOL_WDF_STATE: another
 *         profile or version, reserved already, or not in this state. STATUS_INVALID_PARAMETER: no such direction, or no
 *         EvtReserveDma
 *
 * Spec WTX-12, WTX-13. [<= dispatch]
 */
NTSTATUS WdfDmaTransactionAllocateResources(WDFDMATRANSACTION DmaTransaction, WDF_DMA_DIRECTION DmaDirection,
                                            ULONG RequiredMapRegisters, PFN_WDF_RESERVE_DMA EvtReserveDmaFunction,
                                            PVOID EvtReserveDmaContext);

/** Give the registers back; not in TRANSFER. Who waits for them begins, perhaps inside. Spec WTX-12. [<= dispatch] */
VOID WdfDmaTransactionFreeResources(WDFDMATRANSACTION DmaTransaction);

/**
 * Begin; once for each Initialize. EvtProgramDma is called now, or when there are map registers.
 *
 * @param Context  for every EvtProgramDma of it; nonpageable
 * @return STATUS_SUCCESS: begun or queued, perhaps over already. STATUS_WDF_BUSY: a packet profile of version 2 is in transfer.
 *         STATUS_WDF_TOO_FRAGMENTED; STATUS_INSUFFICIENT_RESOURCES; STATUS_INVALID_DEVICE_STATE: an earlier transfer never became
 *         quiet. After these it is FAILED: Release it. STATUS_INVALID_DEVICE_REQUEST with VIOL_WDF_STATE: not INITIALIZED, or
 *         the device is not at power; nothing was changed
 *
 * Spec WTX-09, WTX-10, WTX-18. [<= dispatch]
 */
NTSTATUS WdfDmaTransactionExecute(WDFDMATRANSACTION DmaTransaction, WDFCONTEXT Context OPTIONAL);

/**
 * The transfer is over, and the device quiet: all of it moved; TransferredLength bytes of it did, and the next begins behind
 * them; FinalTransferredLength of it did, and there shall be no next.
 *
 * @param Status  with TRUE: STATUS_SUCCESS; STATUS_CANCELLED; STATUS_INVALID_PARAMETER: more than the transfer has, nothing
 *                counted; STATUS_WDF_TOO_MANY_TRANSFERS: something is left where one transfer was required; or what
 *                WdfDmaTransactionExecute() returns, of the next transfer. With FALSE: STATUS_MORE_PROCESSING_REQUIRED; or
 *                nothing was changed, and a violation recorded: STATUS_INVALID_DEVICE_REQUEST, no EvtProgramDma is
 *                unanswered; STATUS_INVALID_DEVICE_STATE, the device still runs
 *
 * Spec WDC-01..09, WDC-11. [<= dispatch]
 */
BOOLEAN WdfDmaTransactionDmaCompleted(WDFDMATRANSACTION DmaTransaction, NTSTATUS *Status);
BOOLEAN WdfDmaTransactionDmaCompletedWithLength(WDFDMATRANSACTION DmaTransaction, size_t TransferredLength, NTSTATUS *Status);
BOOLEAN WdfDmaTransactionDmaCompletedFinal(WDFDMATRANSACTION DmaTransaction, size_t FinalTransferredLength, NTSTATUS *Status);

/** Bytes of the transfers that are completed; 0 after Release. Spec WTX-15. [<= dispatch] */
size_t WdfDmaTransactionGetBytesTransferred(WDFDMATRANSACTION DmaTransaction);

/** Bytes of the transfer that runs or waits; 0: none. Look before it is said to be completed. Spec WTX-16. [<= dispatch] */
size_t WdfDmaTransactionGetCurrentDmaTransferLength(WDFDMATRANSACTION DmaTransaction);

/** Whose it is. [<= dispatch] */
WDFDEVICE WdfDmaTransactionGetDevice(WDFDMATRANSACTION DmaTransaction);

/**
 * Take it back while it waits for map registers; version 3.
 *
 * @return TRUE: no EvtProgramDma comes, release it. FALSE: too late; but if a transfer runs now it is the last, and
 *         completing it ends in STATUS_CANCELLED where something is left
 *
 * Spec WCA-01, WCA-02. [<= dispatch]
 */
BOOLEAN WdfDmaTransactionCancel(WDFDMATRANSACTION DmaTransaction);

/**
 * Forget what Initialize said; the transaction can be used again. Not in TRANSFER.
 *
 * @return STATUS_SUCCESS; STATUS_INVALID_DEVICE_STATE: RELEASED already, or in TRANSFER with VIOL_WDF_STATE
 *
 * Spec WTX-14. [<= dispatch]
 */
NTSTATUS WdfDmaTransactionRelease(WDFDMATRANSACTION DmaTransaction);

#ifdef __cplusplus
}
#endif

#endif
