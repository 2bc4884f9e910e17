/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file wdf_dma.h
 * DMA enablers: what a device's DMA can do, decided once. Transactions and common buffers are made from one. wdf.h
 * includes it.
 */
#ifndef WDF_DMA_H
#define WDF_DMA_H

#include "wdf_device.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum _WDF_DMA_DIRECTION {
    WdfDmaDirectionReadFromDevice = FALSE, /**< the device writes memory */
    WdfDmaDirectionWriteToDevice  = TRUE,  /**< the device reads memory */
} WDF_DMA_DIRECTION;

/** Packet: one element, one transfer at a time. 64: reaches beyond 4 GiB. Duplex: reads and writes have a path each. */
typedef enum _WDF_DMA_PROFILE {
    WdfDmaProfileInvalid = 0,
    WdfDmaProfilePacket,
    WdfDmaProfileScatterGather,
    WdfDmaProfilePacket64,
    WdfDmaProfileScatterGather64,
    WdfDmaProfileScatterGatherDuplex,
    WdfDmaProfileScatterGather64Duplex,
    WdfDmaProfileSystem,       /**< not supported, as the next */
    WdfDmaProfileSystemDuplex,
} WDF_DMA_PROFILE;

/** @return other than success: the device does not come to power, or is said to have failed on its way down. [passive] */
typedef NTSTATUS EVT_WDF_DMA_ENABLER_FILL(IN WDFDMAENABLER DmaEnabler);
typedef NTSTATUS EVT_WDF_DMA_ENABLER_FLUSH(IN WDFDMAENABLER DmaEnabler);
typedef NTSTATUS EVT_WDF_DMA_ENABLER_ENABLE(IN WDFDMAENABLER DmaEnabler);
typedef NTSTATUS EVT_WDF_DMA_ENABLER_DISABLE(IN WDFDMAENABLER DmaEnabler);
typedef NTSTATUS EVT_WDF_DMA_ENABLER_SELFMANAGED_IO_START(IN WDFDMAENABLER DmaEnabler);
typedef NTSTATUS EVT_WDF_DMA_ENABLER_SELFMANAGED_IO_STOP(IN WDFDMAENABLER DmaEnabler);
typedef EVT_WDF_DMA_ENABLER_FILL                  *PFN_WDF_DMA_ENABLER_FILL;
typedef EVT_WDF_DMA_ENABLER_FLUSH                 *PFN_WDF_DMA_ENABLER_FLUSH;
typedef EVT_WDF_DMA_ENABLER_ENABLE                *PFN_WDF_DMA_ENABLER_ENABLE;
typedef EVT_WDF_DMA_ENABLER_DISABLE               *PFN_WDF_DMA_ENABLER_DISABLE;
typedef EVT_WDF_DMA_ENABLER_SELFMANAGED_IO_START  *PFN_WDF_DMA_ENABLER_SELFMANAGED_IO_START;
typedef EVT_WDF_DMA_ENABLER_SELFMANAGED_IO_STOP   *PFN_WDF_DMA_ENABLER_SELFMANAGED_IO_STOP;

/** Flags of WDF_DMA_ENABLER_CONFIG. Lists are there from the start, whatever the first says. */
#define WDF_DMA_ENABLER_CONFIG_NO_SGLIST_PREALLOCATION 0x00000001u
#define WDF_DMA_ENABLER_CONFIG_REQUIRE_SINGLE_TRANSFER 0x00000002u /**< for every transaction, of version 3 */

#define WDF_DMA_ENABLER_UNLIMITED_FRAGMENTS ((ULONG)-1)

/** Spec WEN-04. */
typedef struct _WDF_DMA_ENABLER_CONFIG {
    ULONG           Size;    /**< of this structure: its version */
    WDF_DMA_PROFILE Profile;
    size_t          MaximumLength; /**< most bytes of one transfer, at least 1 */
    PFN_WDF_DMA_ENABLER_FILL                  EvtDmaEnablerFill; /**< up: Fill, Enable, SelfManagedIoStart; each may be NULL */
    PFN_WDF_DMA_ENABLER_FLUSH                 EvtDmaEnablerFlush;
    PFN_WDF_DMA_ENABLER_DISABLE               EvtDmaEnablerDisable;
    PFN_WDF_DMA_ENABLER_ENABLE                EvtDmaEnablerEnable;
    PFN_WDF_DMA_ENABLER_SELFMANAGED_IO_START  EvtDmaEnablerSelfManagedIoStart;
    PFN_WDF_DMA_ENABLER_SELFMANAGED_IO_STOP   EvtDmaEnablerSelfManagedIoStop; /**< down: this, Disable, Flush */
    ULONG           AddressWidthOverride;  /**< bits that the device can say, 24 .. 63, at most 32 in a profile of 32; 0: as the profile */
    ULONG           WdmDmaVersionOverride; /**< 3, or 0: 2. What only version 3 has says so where it is declared */
    ULONG           Flags;
} WDF_DMA_ENABLER_CONFIG, *PWDF_DMA_ENABLER_CONFIG;

static inline VOID WDF_DMA_ENABLER_CONFIG_INIT(PWDF_DMA_ENABLER_CONFIG Config, WDF_DMA_PROFILE Profile, size_t MaximumLength)
{
    RtlZeroMemory(Config, sizeof *Config);
    Config->Size = (ULONG)sizeof *Config;
    Config->Profile = Profile;
    Config->MaximumLength = MaximumLength;
}

/**
 * Make an enabler, a child of its device: in device-add or prepare-hardware.
 *
 * @return STATUS_SUCCESS; STATUS_INFO_LENGTH_MISMATCH: a structure of no known size; STATUS_NOT_SUPPORTED: a system
 *         profile, or no such version; STATUS_INVALID_PARAMETER; STATUS_INSUFFICIENT_RESOURCES: no enabler, channel or map
 *         register left; STATUS_INVALID_DEVICE_REQUEST: at another time, with VIOL_WDF_STATE
 *
 * Spec WEN-01, WEN-02, WEN-04. [passive]
 */
NTSTATUS WdfDmaEnablerCreate(WDFDEVICE Device, PWDF_DMA_ENABLER_CONFIG Config, PWDF_OBJECT_ATTRIBUTES Attributes OPTIONAL,
                             WDFDMAENABLER *DmaEnablerHandle);

/** MaximumLength of its configuration. [<= dispatch] */
size_t WdfDmaEnablerGetMaximumLength(WDFDMAENABLER DmaEnabler);

/**
 * Most bytes of a transfer: MaximumLength, or what one map register less than granted holds.
 *
 * @return 0 for a direction that does not exist
 *
 * Spec WEN-05, WEN-06. [<= dispatch]
 */
size_t WdfDmaEnablerGetFragmentLength(WDFDMAENABLER DmaEnabler, WDF_DMA_DIRECTION DmaDirection);

/**
 * Most elements that a list may need, counted as the pages that a transfer spans: whether neighbours become one is not
 * looked at. In device-add or prepare-hardware only, at least 1; a packet profile has one whatever this says.
 *
 * Spec WEN-02, WEN-09. [passive]
 */
VOID WdfDmaEnablerSetMaximumScatterGatherElements(WDFDMAENABLER DmaEnabler, size_t MaximumFragments);

/** What was set; WDF_DMA_ENABLER_UNLIMITED_FRAGMENTS at first. [<= dispatch] */
size_t WdfDmaEnablerGetMaximumScatterGatherElements(WDFDMAENABLER DmaEnabler);

#ifdef __cplusplus
}
#endif

#endif
