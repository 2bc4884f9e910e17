/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file video_compat.h
 * What was obsolete when Windows 2000 came, for old source that still names it. All but the first two do nothing and
 * return constants, as documented; the sequence of video.h has taken their place.
 *
 * Spec 3.13, OBS-01. [any]
 */
#ifndef VIDEO_COMPAT_H
#define VIDEO_COMPAT_H

#include "video.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct __DMA_PARAMETERS *PDMA;

typedef enum _DMA_FLAGS {
    VideoPortUnlockAfterDma = 1,
    VideoPortKeepPagesLocked,
    VideoPortDmaInitOnly,
} DMA_FLAGS;

/** @return TRUE for VideoPortDmaInitOnly, which asks for nothing; else FALSE: use VideoPortLockBuffer(). */
BOOLEAN VideoPortLockPages(IN PVOID HwDeviceExtension, IN OUT PVIDEO_REQUEST_PACKET pVrp, IN OUT PEVENT pUEvent,
                           IN PEVENT pDisplayEvent, IN DMA_FLAGS DmaFlags);

/** @return TRUE: nothing is locked. */
BOOLEAN VideoPortUnlockPages(IN PVOID hwDeviceExtension, IN OUT PDMA pDma);

/** @return NULL */
PDMA VideoPortDoDma(IN PVOID HwDeviceExtension, IN PDMA pDma, IN DMA_FLAGS DmaFlags);

/** @return NULL */
PVOID VideoPortGetMdl(IN PVOID HwDeviceExtension, IN PDMA pDma);

/** @return NULL */
PDMA VideoPortMapDmaMemory(IN PVOID HwDeviceExtension, IN PVIDEO_REQUEST_PACKET pVrp, IN PHYSICAL_ADDRESS BoardAddress,
                           IN PULONG Length, IN PULONG InIoSpace, IN PVOID MappedUserEvent, IN PVOID DisplayDriverEvent,
                           IN OUT PVOID *VirtualAddress);

/** @return FALSE */
BOOLEAN VideoPortUnmapDmaMemory(IN PVOID HwDeviceExtension, IN PVOID VirtualAddress, IN PVOID ProcessHandle, IN PDMA BoardMemoryHandle);

/** @return NULL */
PDMA VideoPortAssociateEventsWithDmaHandle(IN PVOID HwDeviceExtension, IN OUT PVIDEO_REQUEST_PACKET pVrp,
                                           IN PVOID MappedUserEvent, IN PVOID DisplayDriverEvent);

/** @return NULL */
PVOID VideoPortGetDmaContext(IN PVOID HwDeviceExtension, IN PDMA pDma);

VOID VideoPortSetDmaContext(IN PVOID HwDeviceExtension, OUT PDMA pDma, IN PVOID InstanceContext);

/** @return FALSE */
BOOLEAN VideoPortSignalDmaComplete(IN PVOID HwDeviceExtension, IN PDMA pDmaHandle);

/** @return 0 */
ULONG VideoPortGetBytesUsed(IN PVOID HwDeviceExtension, IN PDMA pDma);

VOID VideoPortSetBytesUsed(IN PVOID HwDeviceExtension, IN OUT PDMA pDma, IN ULONG BytesUsed);

#ifdef __cplusplus
}
#endif

#endif
