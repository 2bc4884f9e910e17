/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file nt_types.h
 * Windows' basic types, as both faces of the packet core say them. ULONG has 32 bits on every machine.
 */
#ifndef NT_TYPES_H
#define NT_TYPES_H

#include <stddef.h>
#include <stdint.h>

#ifndef IN
#define IN
#define OUT
#define OPTIONAL
#endif
#ifndef VOID
#define VOID void
#endif
#ifndef TRUE
#define FALSE 0
#define TRUE  1
#endif

typedef void     *PVOID;
typedef char      CHAR, *PCHAR;
typedef uint8_t   UCHAR, *PUCHAR, BOOLEAN, *PBOOLEAN;
typedef uint16_t  USHORT, *PUSHORT, WCHAR, *PWSTR;
typedef uint32_t  ULONG, *PULONG;
typedef int32_t   LONG, *PLONG;
typedef uint64_t  ULONGLONG, *PULONGLONG;
typedef int64_t   LONGLONG, *PLONGLONG;
typedef uintptr_t ULONG_PTR, *PULONG_PTR;

typedef union _LARGE_INTEGER {
    __extension__ struct {
        ULONG LowPart;
        LONG  HighPart;
    };
    struct {
        ULONG LowPart;
        LONG  HighPart;
    } u;
    LONGLONG QuadPart;
} LARGE_INTEGER, *PLARGE_INTEGER;

/** Where the faces say one, it is a logical address: what the device puts on its bus. */
typedef LARGE_INTEGER PHYSICAL_ADDRESS, *PPHYSICAL_ADDRESS;

#endif
