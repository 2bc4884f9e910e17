/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file video_ex.h
 * What this video port adds to video.h: a fuller description of the device, exact counts, cancelling, and how a
 * device is attached. Names begin with Vp, or end in Ex.
 *
 *     static const VP_DEVICE_ATTACHMENT attachment = {
 *         .HwInterrupt = interrupt, .InterruptLine = SOC_LINE_ENGINE, .Channels = 2 };
 *     VpAttachDevice(ext, &attachment);
 *
 *     VP_DEVICE_DESCRIPTION_EX description = {
 *         .Size = sizeof description, .Base = { TRUE, TRUE, FALSE, 256 * 1024 }, .MaximumElements = 64,
 *         .FrameBuffer = frame_buffer, .FrameBufferLength = bytes, .FrameBufferRead = TRUE, .FrameBufferWrite = TRUE };
 *     adapter = VpGetDmaAdapterEx(ext, &description);
 */
#ifndef VIDEO_EX_H
#define VIDEO_EX_H

#include "video.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What a Start on a faulted adapter returns. */
#define VP_ERROR_IO_DEVICE 1117

/** Of VideoPortInitialize(): initialization data of a size that no version has. */
#define VP_STATUS_REVISION_MISMATCH 0xc0000059u

#define VP_EXTENSION_BYTES 2048u /**< of a device that VideoPortInitialize() finds */

#define VP_MAX_ADAPTERS 4u  /**< of all devices */
#define VP_MAX_DEVICES  2u
#define VP_MAX_EVENTS   4u  /**< of a device */
#define VP_MAX_SPIN_LOCKS 4u /**< of a device */
#define VP_MAX_DEPTH    4u  /**< packets of an adapter between Execute and Complete */
#define VP_MAX_STARTS   8u  /**< Starts of an adapter that execute or wait */

/** Elements that the lists of an adapter hold together, less one a list: depth 1 has lists of 79. */
#define VP_LIST_ELEMENTS 80u

#define VP_ANY_CHANNEL 0xffu

/** A device and its interrupt. */
typedef struct _VP_DEVICE_ATTACHMENT {
    PVIDEO_HW_INTERRUPT HwInterrupt;   /**< NULL: the device is polled */
    ULONG               InterruptLine; /**< of the core */
    UCHAR               Channels;      /**< channels 0 .. Channels - 1 of the gate are this device's */
    UCHAR               Gate;          /**< which gate: a controller beside the first has its own, see port.h */
    PVIDEO_HW_TIMER     HwTimer;       /**< what VideoPortStartTimer() has called; NULL: no timer */
    ULONG               TimerPeriod;   /**< microseconds; 0: a second */
    ULONG               LockedPages;   /**< most pages that its buffers may pin; 0: no limit (LCK-12) */
} VP_DEVICE_ATTACHMENT, *PVP_DEVICE_ATTACHMENT;

/** VP_DEVICE_DESCRIPTION and what it cannot say; zero: unlimited, or 1 byte, or none. Spec DD-08. */
typedef struct _VP_DEVICE_DESCRIPTION_EX {
    ULONG                 Size;              /**< of this structure: its version */
    VP_DEVICE_DESCRIPTION Base;
    ULONG                 MaximumElements;   /**< of one list */
    ULONG                 MaximumElementLength; /**< bytes */
    ULONG                 Alignment;         /**< elements begin at a multiple of it; a power of two, at most a page. A buffer
                                                  that does not needs a bounce page, or its Start is out of memory */
    ULONG                 Boundary;          /**< no element crosses a multiple of it; a power of two */
    ULONG                 LengthGranularity; /**< packets that are not the last are a multiple of it */
    ULONG                 Depth;             /**< packets that may be executing at a time, 1..VP_MAX_DEPTH; 0: 1 */
    ULONG                 MapRegisters;      /**< at most so many are granted; 1 is allowed here (ADP-05) */
    ULONG                 CommonPages;       /**< registers wanted besides, for common buffers */
    ULONG                 AddressBits;       /**< the device's reach, where the two flags of Base do not fit; 0: they tell */
    PHYSICAL_ADDRESS      HighestAddress;    /**< that the device can say, where its reach ends inside memory; 0: the bits tell */
    ULONG                 BouncePages;       /**< for frames beyond the reach, and for buffers that are not aligned */
    BOOLEAN               BounceAlways;      /**< bounce every page: for tests (BNC-04) */
    UCHAR                 Channel;           /**< of the device, or VP_ANY_CHANNEL; a zeroed structure says channel 0 */
    BOOLEAN               FrameBufferRead;   /**< the device reads the frame buffer */
    BOOLEAN               FrameBufferWrite;  /**< the device writes it */
    PHYSICAL_ADDRESS      FrameBuffer;       /**< a page boundary in device memory */
    ULONG                 FrameBufferLength; /**< bytes that Get opens in the guard until Put */
} VP_DEVICE_DESCRIPTION_EX, *PVP_DEVICE_DESCRIPTION_EX;

/** What an adapter became. Not part of Windows: for tests and logs. */
typedef struct _VP_ADAPTER_INFORMATION {
    ULONG Registers;       /**< map registers granted */
    ULONG RegistersFree;   /**< of them, held by no packet and no common buffer */
    ULONG MaximumElements; /**< of a list */
    ULONG Channel;
    ULONG Executing;       /**< packets between Execute and Complete */
    ULONG Queued;          /**< Starts that wait */
    BOOLEAN Windowed;      /**< one element through the gate's window, not frames through its guard */
    BOOLEAN Faulted;       /**< a device run failed, or frames are in quarantine: no Start before VpResetAdapter() */
    ULONG Bounced;         /**< pages so far (BNC-04) */
    ULONG Quarantined;     /**< pages so far */
    PHYSICAL_ADDRESS FaultAddress; /**< of the newest burst of its channel that the gate refused */
    ULONG FaultCause;      /**< DRAY_GATE_FAULT_CAUSE_*; 0: none was */
    BOOLEAN FaultWrite;    /**< it was a write */
} VP_ADAPTER_INFORMATION, *PVP_ADAPTER_INFORMATION;

/**
 * Make the device known and connect its interrupt. DMA and DPCs of its extension work from here on.
 *
 * @param HwDeviceExtension  the miniport's, nonpageable, for ever: the port knows the device by its address
 * @return NO_ERROR; ERROR_INVALID_PARAMETER for an extension that is attached; ERROR_NOT_ENOUGH_MEMORY
 *
 * [passive]
 */
VP_STATUS VpAttachDevice(PVOID HwDeviceExtension, const VP_DEVICE_ATTACHMENT *Attachment);

/**
 * Take the device away; its adapters are put, its events and spin locks are deleted, and its requests are told before.
 * Its timer stops.
 *
 * @return NO_ERROR; ERROR_INVALID_PARAMETER if some are left
 *
 * [passive]
 */
VP_STATUS VpDetachDevice(PVOID HwDeviceExtension);

/**
 * The longest time that the device's interrupt lock was held since it was attached, by its ISR or under
 * VideoPortSynchronizeExecution(). For tests and logs.
 *
 * @return cycles; 0 for a device that is not attached, and in a build without HAL_CHECKS
 *
 * Spec IRQ-07. [any]
 */
ULONG VpInterruptLockCycles(PVOID HwDeviceExtension);

/** VideoPortGetDmaAdapter with the fuller description. @return as there. Spec DD-08, ADP-11. [passive] */
PVP_DMA_ADAPTER VpGetDmaAdapterEx(PVOID HwDeviceExtension, const VP_DEVICE_DESCRIPTION_EX *Description);

/** What an adapter became. @return FALSE for one that is stale. [<= dispatch] */
BOOLEAN VpQueryAdapter(PVOID HwDeviceExtension, PVP_DMA_ADAPTER VpDmaAdapter, PVP_ADAPTER_INFORMATION Information);

/**
 * VideoPortCompleteDma that knows the outcome: how many bytes moved from the start of the packet, and whether the
 * device run failed. After a failed run the map is closed and SYNC waited for even when the device does not answer; frames
 * whose SYNC does not end are never freed. The adapter is faulted then, and its queue waits for VpResetAdapter().
 *
 * @return as VideoPortCompleteDma()
 *
 * Spec CPL-12, CPL-07, SUP-01. [<= dispatch]
 */
VP_STATUS VideoPortCompleteDmaEx(PVOID HwDeviceExtension, PVP_DMA_ADAPTER VpDmaAdapter,
                                 PVP_SCATTER_GATHER_LIST VpScatterGather, BOOLEAN WriteToDevice, ULONG BytesMoved,
                                 VP_STATUS Outcome);

/**
 * Take a Start back that is still waiting: found by its Context, the oldest first.
 *
 * @return TRUE: its Execute is never called, nothing is held. FALSE: it was called, will be, or is not known.
 *
 * Spec CAN-01. [<= dispatch]
 */
BOOLEAN VpCancelQueuedDma(PVOID HwDeviceExtension, PVP_DMA_ADAPTER VpDmaAdapter, PVOID Context);

/**
 * Take a faulted adapter into use again. The miniport has stopped its channel and cleared it before; here nothing of the
 * channel may be outstanding any more. Starts that waited are executed, perhaps inside.
 *
 * @return NO_ERROR, also for one that is not faulted; ERROR_BUSY: a packet is not completed yet; VP_ERROR_IO_DEVICE: the
 *         channel is not quiet; the adapter stays faulted, and Complete, Unlock and Put work; ERROR_INVALID_PARAMETER
 *
 * Spec ERR-06, ERR-07. [<= dispatch]
 */
VP_STATUS VpResetAdapter(PVOID HwDeviceExtension, PVP_DMA_ADAPTER VpDmaAdapter);

/** Say in the trace that an Execute failed; the DPC completes the packet as always. Spec EXE-07. [dispatch] */
VOID VpExecuteResult(PVOID HwDeviceExtension, PVP_DMA_ADAPTER VpDmaAdapter, VP_STATUS Status);

/** Say in the trace that the client was told, with how many bytes. Spec PRT-07, SIM-01. [<= dispatch] */
VOID VpTraceNotify(PVOID HwDeviceExtension, PVP_DMA_ADAPTER VpDmaAdapter, ULONG Bytes);

/** Say in the trace that the client asked, for how many bytes. Spec SIM-01. [<= dispatch] */
VOID VpTraceRequest(PVOID HwDeviceExtension, PVP_DMA_ADAPTER VpDmaAdapter, ULONG Bytes);

/**
 * End a request for which HwStartIO returned FALSE, or is about to. Status and Information are set before.
 *
 * A request that is not pending, such as one that was completed already, is VIOL_REQUEST, and nobody is told.
 *
 * Spec PRT-07. [<= dispatch]
 */
VOID VpCompleteRequest(PVOID HwDeviceExtension, PVIDEO_REQUEST_PACKET RequestPacket);

/** A cached common buffer goes to the device (before) or comes from it (after). Spec CMB-04. [<= dispatch] */
VOID VpSyncCommonBuffer(PVOID HwDeviceExtension, PVP_DMA_ADAPTER VpDmaAdapter);

#ifdef __cplusplus
}
#endif

#endif
