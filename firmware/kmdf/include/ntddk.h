/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file ntddk.h
 * What a KMDF driver's DMA part says of the kernel beside the framework: codes, lists, MDLs, registers. wdf.h includes it.
 *
 * A source that includes only this, or only wdf.h, compiles as C11 and as C++17.
 * Level legend, here and in every header of this room: [passive], [<= dispatch], [dispatch], [device], [any].
 */
#ifndef NTDDK_H
#define NTDDK_H

#include "nt_types.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef LONG     NTSTATUS, *PNTSTATUS;
typedef size_t   SIZE_T, *PSIZE_T;
typedef UCHAR    KIRQL, *PKIRQL;
typedef PVOID    HANDLE;

#define PASSIVE_LEVEL  0
#define DISPATCH_LEVEL 2

#define NT_SUCCESS(Status) ((NTSTATUS)(Status) >= 0)

#define STATUS_SUCCESS                 ((NTSTATUS)0x00000000)
#define STATUS_INFO_LENGTH_MISMATCH    ((NTSTATUS)0xC0000004)
#define STATUS_UNSUCCESSFUL            ((NTSTATUS)0xC0000001)
#define STATUS_INVALID_PARAMETER       ((NTSTATUS)0xC000000D)
#define STATUS_INVALID_DEVICE_REQUEST  ((NTSTATUS)0xC0000010)
#define STATUS_MORE_PROCESSING_REQUIRED ((NTSTATUS)0xC0000016)
#define STATUS_BUFFER_TOO_SMALL        ((NTSTATUS)0xC0000023)
#define STATUS_INSUFFICIENT_RESOURCES  ((NTSTATUS)0xC000009A)
#define STATUS_NOT_SUPPORTED           ((NTSTATUS)0xC00000BB)
#define STATUS_CANCELLED               ((NTSTATUS)0xC0000120)
#define STATUS_INVALID_DEVICE_STATE    ((NTSTATUS)0xC0000184)
#define STATUS_WDF_BUSY                    ((NTSTATUS)0xC0200204)
#define STATUS_WDF_TOO_FRAGMENTED          ((NTSTATUS)0xC020020A)
#define STATUS_WDF_TOO_MANY_TRANSFERS      ((NTSTATUS)0xC0200213)
#define STATUS_WDF_NOT_ENOUGH_MAP_REGISTERS ((NTSTATUS)0xC0200214)

/** Tells of an expression that is false, in a build with HAL_CHECKS: VIOL_ASSERT. [any] */
#define ASSERT(Expression) ((Expression) ? (VOID)0 : RtlAssert(#Expression, __FILE__, __LINE__))
VOID RtlAssert(const CHAR *Expression, const CHAR *FileName, ULONG LineNumber);

/** Plain memory, never a client's. [any] */
VOID RtlZeroMemory(PVOID Destination, SIZE_T Length);
VOID RtlCopyMemory(PVOID Destination, const VOID *Source, SIZE_T Length);

/** The level at which the caller runs. [any] */
KIRQL KeGetCurrentIrql(VOID);

/* ---- Memory -------------------------------------------------------------------------------------------------------- */

/** The locked pages of a buffer: opaque. */
typedef struct _MDL MDL, *PMDL;

/**
 * What stands for the buffer's first byte when a place in it is named: never dereferenced, only counted from.
 *
 * @return a number whose offset in its page is that of the buffer
 *
 * [any]
 */
PVOID MmGetMdlVirtualAddress(PMDL Mdl);

/** Bytes of the buffer. [any] */
ULONG MmGetMdlByteCount(PMDL Mdl);

/** Where the buffer begins in its first page. [any] */
ULONG MmGetMdlByteOffset(PMDL Mdl);

typedef struct _SCATTER_GATHER_ELEMENT {
    PHYSICAL_ADDRESS Address;  /**< logical */
    ULONG            Length;   /**< bytes, at least 1 */
    ULONG_PTR        Reserved; /**< the framework's */
} SCATTER_GATHER_ELEMENT, *PSCATTER_GATHER_ELEMENT;

/** In buffer order. Read only. */
typedef struct _SCATTER_GATHER_LIST {
    ULONG                  NumberOfElements;
    ULONG_PTR              Reserved; /**< the framework's */
    SCATTER_GATHER_ELEMENT Elements[1]; /**< NumberOfElements of them */
} SCATTER_GATHER_LIST, *PSCATTER_GATHER_LIST;

/* ---- Registers ------------------------------------------------------------------------------------------------------- */

typedef enum _MEMORY_CACHING_TYPE {
    MmNonCached = 0,
    MmCached    = 1,
} MEMORY_CACHING_TYPE;

/** Where a device's range can be reached; it stays so. @return NULL for no bytes. [passive] */
PVOID MmMapIoSpace(PHYSICAL_ADDRESS PhysicalAddress, SIZE_T NumberOfBytes, MEMORY_CACHING_TYPE CacheType);
VOID  MmUnmapIoSpace(PVOID BaseAddress, SIZE_T NumberOfBytes);

/** Registers are 32 bits wide, aligned to 4. A write comes behind every earlier store to memory, as in Windows. [any] */
ULONG READ_REGISTER_ULONG(volatile ULONG *Register);
VOID  WRITE_REGISTER_ULONG(volatile ULONG *Register, ULONG Value);

typedef enum _CM_RESOURCE_TYPE {
    CmResourceTypeNull      = 0,
    CmResourceTypeInterrupt = 2,
    CmResourceTypeMemory    = 3,
} CM_RESOURCE_TYPE;

/** A range or an interrupt of a device. */
typedef struct _CM_PARTIAL_RESOURCE_DESCRIPTOR {
    UCHAR Type; /**< CM_RESOURCE_TYPE: says which member of u it is */
    union {
        struct {
            PHYSICAL_ADDRESS Start;
            ULONG            Length; /**< bytes */
        } Memory;
        struct {
            ULONG Level, Vector;
        } Interrupt;
    } u;
} CM_PARTIAL_RESOURCE_DESCRIPTOR, *PCM_PARTIAL_RESOURCE_DESCRIPTOR;

#ifdef __cplusplus
}
#endif

#endif
