/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file video_types.h
 * Windows' basic types and the codes that the video port returns. video.h includes it.
 */
#ifndef VIDEO_TYPES_H
#define VIDEO_TYPES_H

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

/** Here always a logical address: what the device puts on its bus. */
typedef LARGE_INTEGER PHYSICAL_ADDRESS, *PPHYSICAL_ADDRESS;

/** Win32 codes. Of Start the first two are documented, of Complete the first; ERROR_INVALID_PARAMETER is for misuse. */
typedef LONG VP_STATUS, *PVP_STATUS;
#ifndef NO_ERROR
#define NO_ERROR                  0
#define ERROR_INVALID_FUNCTION    1   /**< of a miniport: a request that it does not know */
#define ERROR_NOT_ENOUGH_MEMORY   8
#define ERROR_DEV_NOT_EXIST       55
#define ERROR_INVALID_PARAMETER   87
#define ERROR_INSUFFICIENT_BUFFER 122
#define ERROR_BUSY                170
#define ERROR_MORE_DATA           234
#define WAIT_TIMEOUT              258
#endif

#endif
