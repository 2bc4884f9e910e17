/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file miniport_video.h
 * The miniport as a driver that the port finds and clients ask: its entry, and its requests.
 *
 *     port_load_driver(miniport_entry, &bus);       // range 0 of its device is the engine, range 1 the frame buffer
 *     VpOpenDevice(0);
 *     copy = (struct miniport_copy){ .buffer = (uintptr_t)picture, .length_bytes = n, .to_frame_buffer = 1 };
 *     VpDeviceIoControl(0, IOCTL_MINIPORT_COPY, &copy, sizeof copy, &copied, sizeof copied, NULL);
 *
 * A copy stays pending until the engine is done with it; several may be. What has begun is told with NO_ERROR, whatever
 * became of it: struct miniport_copied says that, and how much moved. An error status says that nothing was begun.
 */
#ifndef MINIPORT_VIDEO_H
#define MINIPORT_VIDEO_H

#include "miniport.h"
#include "video_client.h"

/** Copies of all clients that may be under way. */
#define MINIPORT_COPIES 4u

#define IOCTL_MINIPORT_COPY       CTL_CODE(FILE_DEVICE_VIDEO, 0x800u, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_MINIPORT_SCREEN_ON  CTL_CODE(FILE_DEVICE_VIDEO, 0x801u, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_MINIPORT_SCREEN_OFF CTL_CODE(FILE_DEVICE_VIDEO, 0x802u, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_MINIPORT_CANCEL     CTL_CODE(FILE_DEVICE_VIDEO, 0x803u, METHOD_BUFFERED, FILE_ANY_ACCESS)

/** Input of COPY. 32 bits a field on every machine, but for the address. */
struct miniport_copy {
    uint64_t buffer;          /**< client address, any byte */
    uint32_t length_bytes;
    uint32_t frame_offset;
    uint32_t to_frame_buffer; /**< 1; 0: from it */
    uint32_t tag;             /**< for CANCEL: the client's, whatever it likes */
};

/** Output of COPY. */
struct miniport_copied {
    int32_t  status;          /**< enum miniport_status */
    int32_t  cause;           /**< enum dray_status */
    uint32_t moved_bytes, packets, elements, dma_cycles;
};

/** Input of SCREEN_ON. SCREEN_OFF has none. */
struct miniport_screen {
    uint32_t frame_offset, length_bytes;
};

/** Input of CANCEL: every copy with this tag; NO_ERROR when there was one, ERROR_INVALID_PARAMETER when it was too late. */
struct miniport_tag {
    uint32_t tag;
};

/** DriverEntry of this miniport. [passive] */
ULONG miniport_entry(PVOID Context1, PVOID Context2);

/**
 * The same with wishes, for a DriverEntry of one's own that has them. What find-adapter learns from the bus (registers, line,
 * frame buffer) is not looked at; where deadline_us and deadline_us_per_kib are both 0, a deadline of its own is taken.
 *
 * @param wishes  read while find-adapter runs; NULL: none
 *
 * [passive]
 */
ULONG miniport_entry_with(PVOID Context1, PVOID Context2, struct miniport_config *wishes);

/** The miniport in a device extension of this driver, for counts and tests. [any] */
struct miniport *miniport_of(PVOID HwDeviceExtension);

/** Give back what find-adapter took; the port then detaches the device. @return as miniport_release(). [passive] */
enum miniport_status miniport_unload(PVOID HwDeviceExtension);

#endif
