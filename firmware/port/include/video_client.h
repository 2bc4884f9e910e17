/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file video_client.h
 * The other side of a miniport: who opens its device and asks it. In Windows this is GDI's EngDeviceIoControl().
 *
 *     VpOpenDevice(0);                                                        // HwInitialize, the first time
 *     status = VpDeviceIoControl(0, IOCTL_X, in, in_bytes, out, out_bytes, &moved);   // a client's addresses; waits
 *
 *     static VP_REQUEST request;                                              // nonpageable buffers; does not wait
 *     request = (VP_REQUEST){ .Packet = { .IoControlCode = IOCTL_X, ... }, .Told = told };
 *     VpSendRequest(0, &request);                                             // told(&request), once
 *
 *         SendRequest          device lock free          HwStartIO returns TRUE
 *      ----------> QUEUED ----------------> STARTED ------------------------------------> told
 *                                              `--returns FALSE--> PENDING --VpCompleteRequest--^
 */
#ifndef VIDEO_CLIENT_H
#define VIDEO_CLIENT_H

#include "video.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Most bytes of a request's input or output through VpDeviceIoControl(). */
#define VP_IO_BYTES 128u

/** One request. Allocate it statically; set Packet, Told and Context, and zero the rest. The port's until it is told. */
typedef struct _VP_REQUEST {
    VIDEO_REQUEST_PACKET Packet;      /**< StatusBlock is set by the port */
    VOID (*Told)(struct _VP_REQUEST *Request); /**< once, at DISPATCH; must not send */
    PVOID                Context;     /**< the caller's */
    STATUS_BLOCK         StatusBlock; /**< valid when told */
    struct _VP_REQUEST  *Next;        /**< the port's */
} VP_REQUEST, *PVP_REQUEST;

/**
 * Open a device. The first time its miniport's HwInitialize is called.
 *
 * @param DeviceNumber  0 is the first that VideoPortInitialize() found
 * @return NO_ERROR; ERROR_DEV_NOT_EXIST; VP_ERROR_IO_DEVICE when HwInitialize says FALSE
 *
 * [passive]
 */
VP_STATUS VpOpenDevice(ULONG DeviceNumber);

/**
 * Hand a request to the miniport: now, or when the device lock is released. First come, first served.
 *
 * @return NO_ERROR: it is told exactly once, perhaps before this returns. ERROR_DEV_NOT_EXIST: no such open device;
 *         ERROR_INVALID_PARAMETER: nobody to tell; never told
 *
 * Spec PRT-07. [passive]
 */
VP_STATUS VpSendRequest(ULONG DeviceNumber, PVP_REQUEST Request);

/**
 * Ask the miniport and wait. The buffers are the client's whose address space is in force: bytes go in and out through a
 * nonpageable buffer of the port, so that they may be pageable.
 *
 * @param Information  gets the bytes that were written to OutputBuffer; may be NULL
 * @return what the miniport said; output is written for NO_ERROR and ERROR_MORE_DATA only. ERROR_DEV_NOT_EXIST;
 *         ERROR_NOT_ENOUGH_MEMORY: more than VP_IO_BYTES; ERROR_INVALID_PARAMETER: not the client's addresses;
 *         ERROR_BUSY, with VIOL_DEVICE_LOCK: under the device lock it would wait for itself
 *
 * [passive]
 */
VP_STATUS VpDeviceIoControl(ULONG DeviceNumber, ULONG IoControlCode, PVOID InputBuffer, ULONG InputBufferLength,
                            PVOID OutputBuffer, ULONG OutputBufferLength, PULONG Information);

/** The extension of a device, for tests and logs. @return NULL: no such device. [any] */
PVOID VpGetDeviceExtension(ULONG DeviceNumber);

/** The newest of VideoPortLogError(). */
typedef struct _VP_LOGGED_ERROR {
    ULONG     Count; /**< of all */
    ULONG     IoControlCode; /**< of its request; 0: none */
    VP_STATUS ErrorCode;
    ULONG     UniqueId;
} VP_LOGGED_ERROR, *PVP_LOGGED_ERROR;

/** @return FALSE: no such device. For tests and logs. [any] */
BOOLEAN VpQueryError(PVOID HwDeviceExtension, PVP_LOGGED_ERROR Error);

#ifdef __cplusplus
}
#endif

#endif
