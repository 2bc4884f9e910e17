/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file wdf_interrupt.h
 * A device's interrupt: its ISR, its DPC, its lock. wdf.h includes it.
 *
 *     WDF_INTERRUPT_CONFIG_INIT(&config, EvtInterruptIsr, EvtInterruptDpc);     // device-add, prepare-hardware
 *     WdfInterruptCreate(device, &config, WDF_NO_OBJECT_ATTRIBUTES, &interrupt);
 *
 * The device interrupts, and the lock can be taken, from D0 entry to D0 exit: EvtInterruptEnable is the first to hold the
 * lock, EvtInterruptDisable the last. The ISR may run several times before one run of the DPC.
 */
#ifndef WDF_INTERRUPT_H
#define WDF_INTERRUPT_H

#include "wdf_device.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Silences the device, keeps what it says, queues the DPC; under the lock. @return FALSE: not mine. Spec WIN-01. [device] */
typedef BOOLEAN EVT_WDF_INTERRUPT_ISR(IN WDFINTERRUPT Interrupt, IN ULONG MessageID);
/** Handles all that the ISR kept. Spec WIN-02, WIN-03. [dispatch] */
typedef VOID EVT_WDF_INTERRUPT_DPC(IN WDFINTERRUPT Interrupt, IN WDFOBJECT AssociatedObject);
/** Let the device interrupt, or not; under the lock. Spec WIN-04. [device] */
typedef NTSTATUS EVT_WDF_INTERRUPT_ENABLE(IN WDFINTERRUPT Interrupt, IN WDFDEVICE AssociatedDevice);
typedef NTSTATUS EVT_WDF_INTERRUPT_DISABLE(IN WDFINTERRUPT Interrupt, IN WDFDEVICE AssociatedDevice);
/** Touches what the ISR touches; under the lock. [device] */
typedef BOOLEAN EVT_WDF_INTERRUPT_SYNCHRONIZE(IN WDFINTERRUPT Interrupt, IN WDFCONTEXT Context);
typedef EVT_WDF_INTERRUPT_ISR         *PFN_WDF_INTERRUPT_ISR;
typedef EVT_WDF_INTERRUPT_DPC         *PFN_WDF_INTERRUPT_DPC;
typedef EVT_WDF_INTERRUPT_ENABLE      *PFN_WDF_INTERRUPT_ENABLE;
typedef EVT_WDF_INTERRUPT_DISABLE     *PFN_WDF_INTERRUPT_DISABLE;
typedef EVT_WDF_INTERRUPT_SYNCHRONIZE *PFN_WDF_INTERRUPT_SYNCHRONIZE;

typedef struct _WDF_INTERRUPT_CONFIG {
    ULONG                     Size; /**< of this structure: its version */
    BOOLEAN                   AutomaticSerialization; /**< the DPC never overlaps another callback of the device that the
                                                           framework calls at DISPATCH; it does not in any case */
    PFN_WDF_INTERRUPT_ISR     EvtInterruptIsr;
    PFN_WDF_INTERRUPT_DPC     EvtInterruptDpc;     /**< may be NULL, as the following */
    PFN_WDF_INTERRUPT_ENABLE  EvtInterruptEnable;
    PFN_WDF_INTERRUPT_DISABLE EvtInterruptDisable;
} WDF_INTERRUPT_CONFIG, *PWDF_INTERRUPT_CONFIG;

static inline VOID WDF_INTERRUPT_CONFIG_INIT(PWDF_INTERRUPT_CONFIG Configuration, PFN_WDF_INTERRUPT_ISR EvtInterruptIsr,
                                             PFN_WDF_INTERRUPT_DPC EvtInterruptDpc)
{
    RtlZeroMemory(Configuration, sizeof *Configuration);
    Configuration->Size = (ULONG)sizeof *Configuration;
    Configuration->EvtInterruptIsr = EvtInterruptIsr;
    Configuration->EvtInterruptDpc = EvtInterruptDpc;
}

/**
 * Make an interrupt, a child of its device, on the device's line: in device-add or prepare-hardware.
 *
 * @return STATUS_SUCCESS; STATUS_INFO_LENGTH_MISMATCH; STATUS_INVALID_PARAMETER: no ISR; STATUS_INSUFFICIENT_RESOURCES;
 *         STATUS_INVALID_DEVICE_REQUEST: at another time, with VIOL_WDF_STATE
 *
 * [passive]
 */
NTSTATUS WdfInterruptCreate(WDFDEVICE Device, PWDF_INTERRUPT_CONFIG Configuration, PWDF_OBJECT_ATTRIBUTES Attributes OPTIONAL,
                            WDFINTERRUPT *Interrupt);

/** @return FALSE: the DPC is queued already, and its one run has to see what is new. Spec WIN-02, DPC-02. [<= device] */
BOOLEAN WdfInterruptQueueDpcForIsr(WDFINTERRUPT Interrupt);

/** Shut the ISR out, for register sequences; not recursive: VIOL_LOCK_RECURSION, and nothing happens. Spec IRQ-06, IRQ-07. [<= device] */
VOID WdfInterruptAcquireLock(WDFINTERRUPT Interrupt);
VOID WdfInterruptReleaseLock(WDFINTERRUPT Interrupt);

/** Call it under the lock. @return what it returned; FALSE with VIOL_LOCK_RECURSION without the call. Spec WIN-06. [<= dispatch] */
BOOLEAN WdfInterruptSynchronize(WDFINTERRUPT Interrupt, PFN_WDF_INTERRUPT_SYNCHRONIZE Callback, WDFCONTEXT Context);

/** Whose it is. [any] */
WDFDEVICE WdfInterruptGetDevice(WDFINTERRUPT Interrupt);

#ifdef __cplusplus
}
#endif

#endif
