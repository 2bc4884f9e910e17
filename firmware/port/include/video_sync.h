/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file video_sync.h
 * Who runs when: interrupt, DPC, and the lock between them. video.h includes it.
 *
 *     BOOLEAN interrupt(PVOID ext)        collects what the device says into ext, VideoPortQueueDpc(ext, dpc, NULL)
 *     VOID dpc(PVOID ext, PVOID context)  VideoPortSynchronizeExecution(ext, VpHighPriority, take, &mine)
 *     BOOLEAN take(PVOID context)         moves it from ext to mine while no interrupt comes
 */
#ifndef VIDEO_SYNC_H
#define VIDEO_SYNC_H

#include "video_types.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum _VIDEO_SYNCHRONIZE_PRIORITY {
    VpLowPriority,    /**< DISPATCH: no DPC interferes, interrupts do */
    VpMediumPriority, /**< the device's level with its interrupt lock: no ISR interferes. No ISR: as VpLowPriority */
    VpHighPriority,   /**< as VpMediumPriority */
} VIDEO_SYNCHRONIZE_PRIORITY, *PVIDEO_SYNCHRONIZE_PRIORITY;

/** TRUE: the interrupt was mine and is silenced. The device's level; of these functions only QueueDpc. Spec ISR-01..07. */
typedef BOOLEAN (*PVIDEO_HW_INTERRUPT)(IN PVOID HwDeviceExtension);

typedef VOID (*PMINIPORT_DPC_ROUTINE)(IN PVOID HwDeviceExtension, IN PVOID Context);
typedef BOOLEAN (*PMINIPORT_SYNCHRONIZE_ROUTINE)(IN PVOID Context);

/**
 * Queue the device's DPC. It runs when the level drops below DISPATCH, never synchronously.
 *
 * @return TRUE; FALSE when it is queued already: nothing changed, not even routine and context
 *
 * Spec DPC-01..08, QDP-01. [>= dispatch]
 */
BOOLEAN VideoPortQueueDpc(IN PVOID HwDeviceExtension, IN PMINIPORT_DPC_ROUTINE CallbackRoutine, IN PVOID Context);

/**
 * Call a routine where nothing of that priority interferes. A caller that runs above the level stays where it is.
 *
 * The interrupt lock, which VpMediumPriority and VpHighPriority take, is not recursive, and the ISR holds it. It is
 * usable from VpAttachDevice() to VpDetachDevice(). Hold it for a sequence of registers or a snapshot, no longer.
 *
 * @param Context  for the routine; may be NULL
 * @return what the routine returns; FALSE when it was not called: no routine, no such device, wrong level, or the lock
 *         is held or not usable (VIOL_LOCK_RECURSION)
 *
 * Spec IRQ-06, IRQ-07. [<= device]
 */
BOOLEAN VideoPortSynchronizeExecution(IN PVOID HwDeviceExtension, IN VIDEO_SYNCHRONIZE_PRIORITY Priority,
                                      IN PMINIPORT_SYNCHRONIZE_ROUTINE SynchronizeRoutine, IN PVOID Context);

/* ---- Spin locks: who shares with a DPC ------------------------------------------------------------------------------ */

/** Opaque. It belongs to the device that created it. All misuse is VIOL_SPIN_LOCK, and nothing changes. */
typedef struct _VIDEO_PORT_SPIN_LOCK *PSPIN_LOCK;

/**
 * Make a spin lock.
 *
 * @param SpinLock  gets the lock; unchanged on an error
 * @return NO_ERROR; ERROR_NOT_ENOUGH_MEMORY when the device has VP_MAX_SPIN_LOCKS; ERROR_INVALID_PARAMETER
 *
 * Spec 3.13. [passive]
 */
VP_STATUS VideoPortCreateSpinLock(IN PVOID HwDeviceExtension, OUT PSPIN_LOCK *SpinLock);

/** Give a lock back that nobody holds. @return NO_ERROR; ERROR_INVALID_PARAMETER when it is none, or held. [<= dispatch] */
VP_STATUS VideoPortDeleteSpinLock(IN PVOID HwDeviceExtension, IN PSPIN_LOCK SpinLock);

/**
 * Raise to DISPATCH and take the lock: no DPC runs until it is released. Interrupts do. Not recursive.
 *
 * @param OldIrql  gets the caller's level, for the release
 *
 * Spec 3.13. [<= dispatch]
 */
VOID VideoPortAcquireSpinLock(IN PVOID HwDeviceExtension, IN PSPIN_LOCK SpinLock, OUT PUCHAR OldIrql);

/** Release what VideoPortAcquireSpinLock() took, and go back to the level that it gave; pending DPCs run inside. [dispatch] */
VOID VideoPortReleaseSpinLock(IN PVOID HwDeviceExtension, IN PSPIN_LOCK SpinLock, IN UCHAR NewIrql);

/** The same for a caller at DISPATCH, who stays there: each is released by its own function. [dispatch] */
VOID VideoPortAcquireSpinLockAtDpcLevel(IN PVOID HwDeviceExtension, IN PSPIN_LOCK SpinLock);
VOID VideoPortReleaseSpinLockFromDpcLevel(IN PVOID HwDeviceExtension, IN PSPIN_LOCK SpinLock);

/* ---- Events: how a DPC tells the main loop ------------------------------------------------------------------------- */

/** Opaque. It belongs to the device that created it; a violation VIOL_EVENT says that a function got something else. */
typedef struct _ENG_EVENT *PEVENT;

/** Flags of VideoPortCreateEvent(). Without NOTIFICATION_EVENT the wait that is satisfied clears the event. */
#define NOTIFICATION_EVENT     1u
#define INITIAL_EVENT_SIGNALED 2u

/**
 * Make an event, signaled or not.
 *
 * @param EventFlag  NOTIFICATION_EVENT and INITIAL_EVENT_SIGNALED, or-ed
 * @param Unused     NULL
 * @param ppEvent    gets the event; unchanged on an error
 * @return NO_ERROR; ERROR_NOT_ENOUGH_MEMORY when the device has VP_MAX_EVENTS; ERROR_INVALID_PARAMETER
 *
 * Spec 3.13. [passive]
 */
VP_STATUS VideoPortCreateEvent(IN PVOID HwDeviceExtension, IN ULONG EventFlag, IN PVOID Unused, OUT PEVENT *ppEvent);

/** Give an event back. @return NO_ERROR; ERROR_INVALID_PARAMETER when it is none, or is being waited for. [<= dispatch] */
VP_STATUS VideoPortDeleteEvent(IN PVOID HwDeviceExtension, IN PEVENT pEvent);

/** Signal an event. @return nonzero when it was signaled already. [<= dispatch] */
LONG VideoPortSetEvent(IN PVOID HwDeviceExtension, IN PEVENT pEvent);

/** Make an event not signaled. [<= dispatch] */
VOID VideoPortClearEvent(IN PVOID HwDeviceExtension, IN PEVENT pEvent);

/** @return nonzero when the event is signaled; it stays as it is. [<= dispatch] */
LONG VideoPortReadStateEvent(IN PVOID HwDeviceExtension, IN PEVENT pEvent);

/**
 * Wait until an event is signaled. Interrupts and DPCs run meanwhile; the core sleeps between them. Only the main loop
 * can wait, so an event has one waiter at most.
 *
 * @param Object   an event
 * @param Timeout  in units of 100 ns. Negative: from now. Zero: ask and return. Positive: an absolute time, which counts
 *                 from reset here. NULL: for ever, and so is what lies more than some weeks ahead.
 * @return NO_ERROR: it was signaled, and is cleared if it is no notification event. WAIT_TIMEOUT: the time is over, the
 *         event is as it was. ERROR_INVALID_PARAMETER: no event, or a wrong level.
 *
 * Spec IRQ-05. [<= dispatch, and passive unless the timeout is zero]
 */
VP_STATUS VideoPortWaitForSingleObject(IN PVOID HwDeviceExtension, IN PVOID Object, IN PLARGE_INTEGER Timeout);

/* ---- Timer: about once a second ------------------------------------------------------------------------------------ */

/** Called at DISPATCH like a DPC, about once a second. It may not stop its own timer. */
typedef VOID (*PVIDEO_HW_TIMER)(IN PVOID HwDeviceExtension);

/**
 * Have the device's HwVidTimer (VP_DEVICE_ATTACHMENT) called once in every period from now on. The clock goes on above
 * DISPATCH; calls that a long DPC held back are one call. Started already: nothing changes.
 *
 * A device without HwVidTimer must not call it: VIOL_TIMER.
 *
 * Spec 3.13. [<= dispatch]
 */
VOID VideoPortStartTimer(IN PVOID HwDeviceExtension);

/**
 * HwVidTimer is not called any more from here on, not even for a period that is over. Not started: nothing changes.
 *
 * A device without HwVidTimer, and HwVidTimer itself, must not call it: VIOL_TIMER, nothing changes.
 *
 * Spec 3.13. [<= dispatch]
 */
VOID VideoPortStopTimer(IN PVOID HwDeviceExtension);

/* ---- Level and time ------------------------------------------------------------------------------------------------ */

/** The level of the caller: 0 PASSIVE, 2 DISPATCH, above that a device's. [any] */
UCHAR VideoPortGetCurrentIrql(VOID);

/**
 * Wait actively for at least so long; nothing of the caller's level or below runs. While a device is set up a wait may last
 * some thousands; otherwise 50 at most, and a few in an ISR.
 *
 * Spec 3.13. [any]
 */
VOID VideoPortStallExecution(IN ULONG Microseconds);

#ifdef __cplusplus
}
#endif

#endif
