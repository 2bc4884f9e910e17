/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file memory_status.h
 * Outcomes and sizes of the room "memory". Every size may be set with -D; nothing is allocated at run time.
 *
 *     host memory, 8 MiB     | common | frames of clients, handed out scattered | backing store |
 *     counted in frames from SOC_BUS_HOST: frame number n is bus address SOC_BUS_HOST + n * MEMORY_PAGE_BYTES
 */
#ifndef MEMORY_STATUS_H
#define MEMORY_STATUS_H

#include <stdbool.h>
#include <stdint.h>

#include "hal.h"
#include "soc.h"

/** Bytes of a page and of a frame, a power of two. */
#ifndef MEMORY_PAGE_BYTES
#define MEMORY_PAGE_BYTES HAL_PAGE_BYTES
#endif

/** Frames for page tables, common buffers, rings and bounce pages: contiguous runs, lowest addresses. */
#ifndef MEMORY_COMMON_FRAMES
#define MEMORY_COMMON_FRAMES 128u
#endif

/** Frames for pages of clients. */
#ifndef MEMORY_FRAMES
#define MEMORY_FRAMES 512u
#endif

/** Pages of the backing store ("disk"), the last bytes of host memory. 0 without an MMU. */
#ifndef MEMORY_STORE_PAGES
#define MEMORY_STORE_PAGES 1024u
#endif

/** Clients, at most 15. */
#ifndef MEMORY_CLIENTS
#define MEMORY_CLIENTS 4u
#endif

/** Pages of one client, all its regions and the gaps between them; at most 1024. */
#ifndef MEMORY_CLIENT_PAGES
#define MEMORY_CLIENT_PAGES 1024u
#endif

/** Regions of one client. */
#ifndef MEMORY_REGIONS
#define MEMORY_REGIONS 8u
#endif

/** MDLs, and the pages each can hold. 301 pages are a picture of 640 x 480 x 4 bytes at any offset. */
#ifndef MEMORY_MDLS
#define MEMORY_MDLS 8u
#endif
#ifndef MEMORY_MDL_PAGES
#define MEMORY_MDL_PAGES 304u
#endif

/** First frame of clients, and first frame of the store. */
#define MEMORY_FRAME_FIRST  MEMORY_COMMON_FRAMES
#define MEMORY_STORE_FIRST  (SOC_BUS_HOST_BYTES / MEMORY_PAGE_BYTES - MEMORY_STORE_PAGES)

_Static_assert((MEMORY_PAGE_BYTES & (MEMORY_PAGE_BYTES - 1u)) == 0u, "pages are a power of two");
_Static_assert(MEMORY_COMMON_FRAMES + MEMORY_FRAMES <= MEMORY_STORE_FIRST, "frames and store overlap");
_Static_assert(MEMORY_CLIENTS <= 15u, "the trace has four bits");
_Static_assert(MEMORY_CLIENT_PAGES <= 1024u, "one leaf table of Sv32");

/** Outcome of a call. On an error nothing was changed unless the function says so. */
enum memory_status {
    MEMORY_OK             =  0,
    MEMORY_ERR_LENGTH     = -1,  /**< length 0 */
    MEMORY_ERR_WRAP       = -2,  /**< base + length goes past the end of the address space */
    MEMORY_ERR_RANGE      = -3,  /**< a page is not the client's */
    MEMORY_ERR_PROTECTION = -4,  /**< a page does not permit the access */
    MEMORY_ERR_NO_FRAME   = -5,  /**< every frame is pinned */
    MEMORY_ERR_NO_MDL     = -6,  /**< all MDLs are locked, or one cannot hold that many pages */
    MEMORY_ERR_QUOTA      = -7,  /**< more pinned pages than the quota allows */
    MEMORY_ERR_IRQL       = -8,  /**< called above PASSIVE; VIOL_IRQL was reported */
    MEMORY_ERR_MDL        = -9,  /**< not an MDL that is locked now; VIOL_MDL or VIOL_NOT_LOCKED was reported */
    MEMORY_ERR_IN_FLIGHT  = -10, /**< packets in flight: the unlock waits for them; VIOL_UNLOCK_IN_FLIGHT was reported */
    MEMORY_ERR_FULL       = -11, /**< no client, region, page of the client or store page is left */
};

/** Name of a status, for logs. Never NULL. [any] */
const char *memory_status_name(enum memory_status status);

/** What somebody wants to do with a page. */
enum memory_access {
    MEMORY_ACCESS_READ    = 0,
    MEMORY_ACCESS_WRITE   = 1, /**< of a lock: may write, the same as MODIFY (LCK-02) */
    MEMORY_ACCESS_MODIFY  = 2,
    MEMORY_ACCESS_EXECUTE = 3, /**< of a client's instruction fetch only */
};

/** Pages that [base, base + length) touches; 0 for length 0. Pure; no wrap. MAP-03. [any] */
static inline uint32_t memory_pages_spanned(uint32_t base, uint32_t length)
{
    return (base % MEMORY_PAGE_BYTES + length + MEMORY_PAGE_BYTES - 1u) / MEMORY_PAGE_BYTES;
}

/**
 * Begins anew: every frame free, no client, no MDL, the stealer off. After hal_init(). [passive]
 */
void memory_init(void);

/** What is not given back, for the leak check at the end of every test (UNL-06). */
struct memory_use {
    uint32_t mdls;          /**< locked, or waiting for a deferred unlock */
    uint32_t pins;          /**< sum of the pin counts */
    uint32_t clients;
    uint32_t frames;        /**< resident pages of clients */
    uint32_t common_frames; /**< taken by memory_common_take(); page tables are not counted */
    uint32_t quarantined;   /**< never to be used again */
};
struct memory_use memory_use(void);

/** Reports VIOL_LEAK for MDLs, pins and common frames that are still taken. @return true: none. UNL-06. [any] */
bool memory_check_leaks(void);

#endif
