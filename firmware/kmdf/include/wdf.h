/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file wdf.h
 * The DMA part of KMDF, as a driver sees it: the framework's names, types, parameters, codes and callbacks.
 *
 *     WDF_DMA_ENABLER_CONFIG_INIT(&config, WdfDmaProfileScatterGather, 64 * 1024);      // device-add, prepare-hardware
 *     WdfDmaEnablerCreate(device, &config, WDF_NO_OBJECT_ATTRIBUTES, &enabler);
 *     WdfDmaTransactionCreate(enabler, WDF_NO_OBJECT_ATTRIBUTES, &transaction);
 *
 *     WdfDmaTransactionInitializeUsingRequest(transaction, request, EvtProgramDma, direction);
 *     WdfDmaTransactionExecute(transaction, context);
 *         EvtProgramDma(transaction, device, context, direction, list)   programs the device, at DISPATCH; for each part
 *     EvtInterruptIsr     silences the device, WdfInterruptQueueDpcForIsr(interrupt)
 *     EvtInterruptDpc     if (WdfDmaTransactionDmaCompleted(transaction, &status)) ... over, release it, complete the request
 *
 * Execute never waits, and everything behind it may have happened before it returns: the transaction may be over, even
 * deleted. So is it with the functions that say that a transfer is completed: FALSE means that the next one has begun, and
 * perhaps more.
 *
 * A handle that is no object of its kind, and a call that the object's state does not allow, are VIOL_WDF_STATE: the
 * call changes nothing. How a machine brings its devices to a driver, and who sends requests, is in kmdf.h.
 */
#ifndef WDF_H
#define WDF_H

#include "ntddk.h"
#include "wdf_object.h"
#include "wdf_device.h"
#include "wdf_dma.h"
#include "wdf_transaction.h"
#include "wdf_common.h"
#include "wdf_interrupt.h"
#include "wdf_request.h"

#endif
