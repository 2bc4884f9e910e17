/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file picture_client.h
 * What the client and the driver's side of the picture program agree on: the job, the calls, the client's entry.
 *
 *     picture   | page | page | ...                    read only by habit; its bytes are those of the backing store
 *     back      | guard | the picture as it came back | guard |       PICTURE_GUARD_BYTES before it, the rest behind
 */
#ifndef PICTURE_CLIENT_H
#define PICTURE_CLIENT_H

#include <stdint.h>

/** Calls; a, b, c are buffer, bytes, bytes from the start of the frame buffer. Answer: 0, or -enum miniport_status. */
enum picture_call {
    PICTURE_CALL_SHOW      = 1, /**< move the buffer into the frame buffer */
    PICTURE_CALL_READ_BACK = 2, /**< and the other way */
};

#define PICTURE_GUARD_BYTES 1024u /**< a multiple of 4, so that the whole picture is compared by words */
#define PICTURE_GUARD_PAGES 2u    /**< pages of `back` beyond those of the picture */

/** In a page of the client's; its entry function gets the address. */
struct picture_job {
    uint32_t picture, bytes;   /**< a multiple of 4 */
    uint32_t back, back_bytes; /**< back_bytes holds bytes and all guards */
    uint32_t wrong;            /**< out: bytes that came back wrong */
    uint32_t guards;           /**< out: guard bytes that did not survive */
    uint32_t pieces;           /**< out: unaligned pieces that were asked for */
};

/** In user mode. @return 0, or the first answer of the driver that was not. */
uint32_t picture_client(uint32_t job);

#endif
