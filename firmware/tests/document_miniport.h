/* SPDX-License-Identifier: Apache-2.0 */
/** @file document_miniport.h  Requests of document_miniport.c, as its client knows them. */
#ifndef DOCUMENT_MINIPORT_H
#define DOCUMENT_MINIPORT_H

#include "video.h"

#define IOCTL_DOCUMENT_COPY CTL_CODE(FILE_DEVICE_VIDEO, 0x800u, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_DOCUMENT_NAME CTL_CODE(FILE_DEVICE_VIDEO, 0x801u, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_DOCUMENT_END  CTL_CODE(FILE_DEVICE_VIDEO, 0x802u, METHOD_BUFFERED, FILE_ANY_ACCESS)

#define DOCUMENT_NAME "document"

/** Input of COPY; its output is a ULONG: the bytes that were moved. NAME's output is the name;
 * END gives everything back. */
struct document_copy {
    PVOID   buffer;
    ULONG   length;
    ULONG   frame_offset;
    BOOLEAN to_frame_buffer;
};

#endif
