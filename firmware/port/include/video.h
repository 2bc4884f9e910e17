/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file video.h
 * The DMA part of the video port, as a miniport sees it: Windows' names, types, parameters and codes.
 *
 *     Get < Lock < { Start < Execute < device done < interrupt < DPC < Complete }+ < Unlock < Put
 *
 *     adapter = VideoPortGetDmaAdapter(ext, &description);                       // PASSIVE, once
 *     mdl = VideoPortLockBuffer(ext, buffer, length, VpReadAccess);              // PASSIVE, the owner's context
 *     VideoPortStartDma(ext, adapter, mdl, offset, &packet->length, execute, packet, TRUE);
 *         execute(ext, adapter, list, packet)      programs the device, at DISPATCH; packet->length is final
 *     interrupt(ext)                               silences it, VideoPortQueueDpc(ext, dpc, NULL)
 *     dpc(ext, NULL)                               VideoPortCompleteDma(ext, adapter, list, TRUE); next packet, or
 *     VideoPortUnlockBuffer(ext, mdl);             and tell the client
 *
 * Start never waits, and everything behind Execute may have happened before it returns. Its length variable is
 * written once, before Execute, perhaps after Start returned: account in the DPC, not behind Start (STA-15..17).
 *
 * How a miniport begins and is asked is in video_init.h; who runs when, in video_sync.h.
 * Violations of a rule are recorded by violation.h. What Windows' structures cannot say is in video_ex.h.
 * A source that includes only this compiles as C11 and as C++17. ULONG has 32 bits on every machine.
 *
 * The last line of each comment gives rules of the contract and the level: [passive], [<= dispatch], [device] ...
 */
#ifndef VIDEO_H
#define VIDEO_H

#include "video_init.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What the device can do. Zero it, set what applies; no pointer to it is kept. Spec DD-01..06. */
typedef struct __VP_DEVICE_DESCRIPTION {
    BOOLEAN ScatterGather;     /**< several elements a packet; FALSE: exactly one */
    BOOLEAN Dma32BitAddresses; /**< reaches 4 GiB; neither: 16 MiB */
    BOOLEAN Dma64BitAddresses; /**< reaches everything */
    ULONG   MaximumLength;     /**< most bytes of one packet, at least 1 */
} VP_DEVICE_DESCRIPTION, *PVP_DEVICE_DESCRIPTION;

/** Bus-master adapter: opaque, only its address means something. Spec ADP-01. */
typedef struct _VP_DMA_ADAPTER VP_DMA_ADAPTER, *PVP_DMA_ADAPTER;

typedef struct __VP_SCATTER_GATHER_ELEMENT {
    PHYSICAL_ADDRESS Address;  /**< logical */
    ULONG            Length;   /**< bytes, at least 1 */
    ULONG_PTR        Reserved; /**< the port's */
} VP_SCATTER_GATHER_ELEMENT, *PVP_SCATTER_GATHER_ELEMENT;

/** In buffer order. Read only; valid from Execute until Complete is called. Spec SGL-01..05. */
typedef struct __VP_SCATTER_GATHER_LIST {
    ULONG                     NumberOfElements;
    ULONG_PTR                 Reserved; /**< the port's */
    VP_SCATTER_GATHER_ELEMENT Elements[1]; /**< NumberOfElements of them */
} VP_SCATTER_GATHER_LIST, *PVP_SCATTER_GATHER_LIST;

typedef enum _VP_LOCK_OPERATION {
    VpReadAccess   = 0, /**< the device reads the buffer: WriteToDevice TRUE only */
    VpWriteAccess  = 1, /**< the device writes it */
    VpModifyAccess = 2, /**< both; as VpWriteAccess */
} VP_LOCK_OPERATION;

/** Programs the device and starts it; DISPATCH, never waits, returns nothing. Spec EXE-01..10. */
typedef VOID (*PEXECUTE_DMA)(IN PVOID HwDeviceExtension, IN PVP_DMA_ADAPTER VpDmaAdapter,
                             IN PVP_SCATTER_GATHER_LIST SGList, IN PVOID Context);

/**
 * Make an adapter for one path that runs at a time. Two paths at once need two adapters. Memory among the device's access
 * ranges is open to it until Put.
 *
 * @return the adapter, or NULL: no length, more claimed than the device has, no channel, adapter or map register left
 *
 * Spec ADP-01..11, DD-01..09. [passive]
 */
PVP_DMA_ADAPTER VideoPortGetDmaAdapter(IN PVOID HwDeviceExtension, IN PVP_DEVICE_DESCRIPTION VpDeviceDescription);

/**
 * Give an adapter back for ever. With a packet, a queued Start or a common buffer outstanding it is refused, and
 * the adapter stays.
 *
 * Spec ADP-06, ADP-07. [passive]
 */
VOID VideoPortPutDmaAdapter(IN PVOID HwDeviceExtension, IN PVP_DMA_ADAPTER VpDmaAdapter);

/**
 * Probe a client's buffer, make it resident and pin it, whole or not at all.
 *
 * @param BaseAddress  of the client whose context this is, any byte alignment
 * @param Length       bytes, at least 1
 * @return MDL, or NULL
 *
 * Spec LCK-01..13. [passive]
 */
PVOID VideoPortLockBuffer(IN PVOID HwDeviceExtension, IN PVOID BaseAddress, IN ULONG Length, IN VP_LOCK_OPERATION Operation);

/**
 * Unpin. With a packet in flight or queued it is a violation, and the Complete that ends the last packet unpins.
 *
 * Spec UNL-01..06. [<= dispatch]
 */
VOID VideoPortUnlockBuffer(IN PVOID HwDeviceExtension, IN PVOID Mdl);

/**
 * Map the next packet of a locked buffer and call ExecuteDmaRoutine, now or when resources are free; never waits.
 *
 * @param Offset         bytes from the BaseAddress that was locked
 * @param pLength        bytes wanted, at least 1, Offset + *pLength inside the buffer; becomes the bytes of this packet,
 *                       written once, before Execute. Must live until Execute was called.
 * @param Context        for Execute; nonpageable, must live until Execute returned
 * @param WriteToDevice  TRUE: buffer to device; FALSE: device to buffer, which needs a lock for writing
 * @return NO_ERROR: exactly one Execute was or will be called. ERROR_NOT_ENOUGH_MEMORY: none will be, *pLength is 0.
 *         ERROR_INVALID_PARAMETER: none will be, nothing changed.
 *
 * Spec STA-01..27. [<= dispatch]
 */
VP_STATUS VideoPortStartDma(IN PVOID HwDeviceExtension, IN PVP_DMA_ADAPTER VpDmaAdapter, IN PVOID Mdl, IN ULONG Offset,
                            IN OUT PULONG pLength, IN PEXECUTE_DMA ExecuteDmaRoutine, IN PVOID Context,
                            IN BOOLEAN WriteToDevice);

/**
 * End a packet whose device run is over: close its map, empty every cache on the way, free list and registers, serve
 * who waits. The next Execute may run inside.
 *
 * @param VpScatterGather  the list that Execute got; invalid from here on
 * @param WriteToDevice    as given to Start
 * @return NO_ERROR; ERROR_INVALID_PARAMETER for a wrong list, adapter or direction, a second Complete, or a device
 *         that still runs: then nothing was changed
 *
 * Spec CPL-01..11. [<= dispatch]
 */
VP_STATUS VideoPortCompleteDma(IN PVOID HwDeviceExtension, IN PVP_DMA_ADAPTER VpDmaAdapter,
                               IN PVP_SCATTER_GATHER_LIST VpScatterGather, IN BOOLEAN WriteToDevice);

/**
 * Memory that CPU and device share at any time, contiguous where the device sees it. Takes map registers for its life.
 *
 * @param DesiredLength   bytes, at least 1
 * @param LogicalAddress  gets the device's address, a multiple of the page size
 * @param CacheEnabled    TRUE: cached memory; flush around every hand-over, VpSyncCommonBuffer()
 * @param Reserved        NULL
 * @return CPU address, or NULL
 *
 * Spec CMB-01..08. [passive]
 */
PVOID VideoPortAllocateCommonBuffer(IN PVOID HwDeviceExtension, IN PVP_DMA_ADAPTER VpDmaAdapter, IN ULONG DesiredLength,
                                    OUT PPHYSICAL_ADDRESS LogicalAddress, IN BOOLEAN CacheEnabled, PVOID Reserved);

/** Give a common buffer back, with exactly the parameters of its allocation; the device no longer uses it. Spec CMB-03. [passive] */
VOID VideoPortReleaseCommonBuffer(IN PVOID HwDeviceExtension, IN PVP_DMA_ADAPTER VpDmaAdapter, IN ULONG Length,
                                  IN PHYSICAL_ADDRESS LogicalAddress, IN PVOID VirtualAddress, IN BOOLEAN CacheEnabled);

/**
 * Obsolete: VideoPortAllocateCommonBuffer() on the device's first adapter.
 *
 * @param Alignment      ignored; what comes is aligned to pages
 * @param pActualLength  gets the bytes that may be used: DesiredLength. Unchanged on an error
 * @return CPU address; NULL also without an adapter
 *
 * Spec 3.12. [passive]
 */
PVOID VideoPortGetCommonBuffer(IN PVOID HwDeviceExtension, IN ULONG DesiredLength, IN ULONG Alignment,
                               OUT PPHYSICAL_ADDRESS LogicalAddress, OUT PULONG pActualLength, IN BOOLEAN CacheEnabled);

/** Obsolete: gives back what VideoPortGetCommonBuffer() gave, with exactly its parameters, or VIOL_CB_MISMATCH. Spec 3.12. [passive] */
VOID VideoPortFreeCommonBuffer(IN PVOID HwDeviceExtension, IN ULONG Length, IN PVOID VirtualAddress,
                               IN PHYSICAL_ADDRESS LogicalAddress, IN BOOLEAN CacheEnabled);

/** Registers are 32 bits wide, aligned to 4. A write comes behind every earlier store to memory, as in Windows. [any] */
ULONG VideoPortReadRegisterUlong(IN PULONG Register);
VOID  VideoPortWriteRegisterUlong(IN PULONG Register, IN ULONG Value);

/** Plain memory, never a client's. [any] */
VOID VideoPortZeroMemory(IN PVOID Destination, IN ULONG Length);
VOID VideoPortMoveMemory(IN PVOID Destination, IN PVOID Source, IN ULONG Length);

/** @return how many bytes from the start are equal. [any] */
ULONG VideoPortCompareMemory(IN PVOID Source1, IN PVOID Source2, IN ULONG Length);

#ifdef __cplusplus
}
#endif

#endif
