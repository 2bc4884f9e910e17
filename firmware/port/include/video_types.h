/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file video_types.h
 * The codes that the video port returns, beside Windows' basic types. video.h includes it.
 */
#ifndef VIDEO_TYPES_H
#define VIDEO_TYPES_H

#include "nt_types.h"

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
