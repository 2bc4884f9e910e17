/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file wdf_common.h
 * Common buffers: memory that CPU and device share at any time, for descriptors and what they tell. wdf.h includes it.
 *
 * It is zeroed, goes round the CPU's caches, and both directions of the device reach it. Nothing flushes it: who owns what
 * in it is said by the driver's own protocol.
 */
#ifndef WDF_COMMON_H
#define WDF_COMMON_H

#include "wdf_dma.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct _WDF_COMMON_BUFFER_CONFIG {
    ULONG Size;                 /**< of this structure: its version */
    ULONG AlignmentRequirement; /**< mask: 63 for 64 bytes */
} WDF_COMMON_BUFFER_CONFIG, *PWDF_COMMON_BUFFER_CONFIG;

static inline VOID WDF_COMMON_BUFFER_CONFIG_INIT(PWDF_COMMON_BUFFER_CONFIG Config, ULONG AlignmentRequirement)
{
    RtlZeroMemory(Config, sizeof *Config);
    Config->Size = (ULONG)sizeof *Config;
    Config->AlignmentRequirement = AlignmentRequirement;
}

/**
 * Make a common buffer, a child of its enabler. It takes map registers of it for its life.
 *
 * @param Length  bytes, at least 1. The buffer begins at a multiple of what WdfDeviceSetAlignmentRequirement() had said when the
 *                enabler was created, or of what Config says
 * @return STATUS_SUCCESS; STATUS_INVALID_PARAMETER; STATUS_INFO_LENGTH_MISMATCH; STATUS_INSUFFICIENT_RESOURCES: no frames in a row,
 *         no map registers, no object left
 *
 * Spec WCB-01, WCB-02, CMB-01, CMB-02. [passive]
 */
NTSTATUS WdfCommonBufferCreate(WDFDMAENABLER DmaEnabler, size_t Length, PWDF_OBJECT_ATTRIBUTES Attributes OPTIONAL,
                               WDFCOMMONBUFFER *CommonBuffer);
NTSTATUS WdfCommonBufferCreateWithConfig(WDFDMAENABLER DmaEnabler, size_t Length, PWDF_COMMON_BUFFER_CONFIG Config,
                                         PWDF_OBJECT_ATTRIBUTES Attributes OPTIONAL, WDFCOMMONBUFFER *CommonBuffer);

/** Where the CPU finds it: aligned as its logical address, but not beyond a page. Spec WCB-03. [<= dispatch] */
PVOID WdfCommonBufferGetAlignedVirtualAddress(WDFCOMMONBUFFER CommonBuffer);

/** Where the device finds it, all of it in one piece. Spec WCB-03. [<= dispatch] */
PHYSICAL_ADDRESS WdfCommonBufferGetAlignedLogicalAddress(WDFCOMMONBUFFER CommonBuffer);

/** Bytes, as they were asked for. [<= dispatch] */
size_t WdfCommonBufferGetLength(WDFCOMMONBUFFER CommonBuffer);

#ifdef __cplusplus
}
#endif

#endif
