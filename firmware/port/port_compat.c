/* SPDX-License-Identifier: Apache-2.0 */
/* Constants where functions were: what the pages say of the obsolete ones. */
#include "video_compat.h"

BOOLEAN VideoPortLockPages(PVOID HwDeviceExtension, PVIDEO_REQUEST_PACKET pVrp, PEVENT pUEvent, PEVENT pDisplayEvent, DMA_FLAGS DmaFlags)
{
    (void)HwDeviceExtension;
    (void)pVrp;
    (void)pUEvent;
    (void)pDisplayEvent;
    return DmaFlags == VideoPortDmaInitOnly ? TRUE : FALSE;
}

BOOLEAN VideoPortUnlockPages(PVOID hwDeviceExtension, PDMA pDma)
{
    (void)hwDeviceExtension;
    (void)pDma;
    return TRUE;
}

PDMA VideoPortDoDma(PVOID HwDeviceExtension, PDMA pDma, DMA_FLAGS DmaFlags)
{
    (void)HwDeviceExtension;
    (void)pDma;
    (void)DmaFlags;
    return NULL;
}

PVOID VideoPortGetMdl(PVOID HwDeviceExtension, PDMA pDma)
{
    (void)HwDeviceExtension;
    (void)pDma;
    return NULL;
}

PDMA VideoPortMapDmaMemory(PVOID HwDeviceExtension, PVIDEO_REQUEST_PACKET pVrp, PHYSICAL_ADDRESS BoardAddress, PULONG Length,
                           PULONG InIoSpace, PVOID MappedUserEvent, PVOID DisplayDriverEvent, PVOID *VirtualAddress)
{
    (void)HwDeviceExtension;
    (void)pVrp;
    (void)BoardAddress;
    (void)Length;
    (void)InIoSpace;
    (void)MappedUserEvent;
    (void)DisplayDriverEvent;
    (void)VirtualAddress;
    return NULL;
}

BOOLEAN VideoPortUnmapDmaMemory(PVOID HwDeviceExtension, PVOID VirtualAddress, PVOID ProcessHandle, PDMA BoardMemoryHandle)
{
    (void)HwDeviceExtension;
    (void)VirtualAddress;
    (void)ProcessHandle;
    (void)BoardMemoryHandle;
    return FALSE;
}

PDMA VideoPortAssociateEventsWithDmaHandle(PVOID HwDeviceExtension, PVIDEO_REQUEST_PACKET pVrp, PVOID MappedUserEvent,
                                           PVOID DisplayDriverEvent)
{
    (void)HwDeviceExtension;
    (void)pVrp;
    (void)MappedUserEvent;
    (void)DisplayDriverEvent;
    return NULL;
}

PVOID VideoPortGetDmaContext(PVOID HwDeviceExtension, PDMA pDma)
{
    (void)HwDeviceExtension;
    (void)pDma;
    return NULL;
}

VOID VideoPortSetDmaContext(PVOID HwDeviceExtension, PDMA pDma, PVOID InstanceContext)
{
    (void)HwDeviceExtension;
    (void)pDma;
    (void)InstanceContext;
}

BOOLEAN VideoPortSignalDmaComplete(PVOID HwDeviceExtension, PDMA pDmaHandle)
{
    (void)HwDeviceExtension;
    (void)pDmaHandle;
    return FALSE;
}

ULONG VideoPortGetBytesUsed(PVOID HwDeviceExtension, PDMA pDma)
{
    (void)HwDeviceExtension;
    (void)pDma;
    return 0u;
}

VOID VideoPortSetBytesUsed(PVOID HwDeviceExtension, PDMA pDma, ULONG BytesUsed)
{
    (void)HwDeviceExtension;
    (void)pDma;
    (void)BytesUsed;
}
