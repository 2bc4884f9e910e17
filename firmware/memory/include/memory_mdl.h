/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file memory_mdl.h
 * Locking: the pages of a buffer come in, are probed and pinned, and an MDL says where they are.
 *
 *     struct memory_mdl *mdl;
 *
 *     status = memory_lock(client, base, length, MEMORY_ACCESS_WRITE, &quota, &mdl);
 *     memory_mdl_hold(mdl);                       // a packet is in flight
 *     ... memory_mdl_bus(mdl, offset, &run) ...   // where byte `offset` is, and how far it goes on from there
 *     memory_mdl_mark_dirty(mdl, offset, moved);
 *     memory_mdl_release(mdl);
 *     memory_unlock(mdl);
 *
 * An MDL belongs to this room; its fields are private, also to the packet core. Offsets count from the base of the
 * buffer, not from the start of its page (LCK-07).
 */
#ifndef MEMORY_MDL_H
#define MEMORY_MDL_H

#include <stdbool.h>
#include <stdint.h>

#include "memory_client.h"
#include "memory_status.h"

struct memory_mdl;

/** A limit of pinned pages: of an adapter, of a device. A page in two MDLs counts twice. LCK-12. */
struct memory_quota {
    uint32_t limit; /**< pages; set by the owner */
    uint32_t used;  /**< pages; kept by lock and unlock */
};

/**
 * Pins every page of [base, base + length) and returns an MDL, or does nothing at all.
 *
 * @param client  whose buffer it is; NULL: memory_client_current()
 * @param length  bytes, 1 ..
 * @param access  from the driver's view: READ, or WRITE and MODIFY, which are the same and need a page that may be
 *                written (LCK-02)
 * @param quota   counted up by the number of pages; NULL: no limit
 * @param mdl     out, on success only
 * @return MEMORY_OK, MEMORY_ERR_LENGTH, _WRAP, _RANGE, _PROTECTION, _NO_FRAME, _NO_MDL, _QUOTA, _IRQL. After an error
 *         no pin count differs and no content does; pages may have become resident.
 *
 * LCK-01, 02, 04..10, 12, 13. [passive]
 */
enum memory_status memory_lock(struct memory_client *client, uintptr_t base, uint32_t length,
                               enum memory_access access, struct memory_quota *quota, struct memory_mdl **mdl);

/**
 * Unpins what memory_lock() pinned; the MDL is invalid from here on.
 *
 * With packets in flight nothing is unpinned now: the last memory_mdl_release() does it (UNL-03).
 *
 * @return MEMORY_OK; MEMORY_ERR_MDL: not an MDL that is locked, VIOL_MDL was reported; MEMORY_ERR_IN_FLIGHT: deferred,
 *         VIOL_UNLOCK_IN_FLIGHT was reported
 *
 * UNL-01..05. [<= dispatch]
 */
enum memory_status memory_unlock(struct memory_mdl *mdl);

/** What a pointer that claims to be an MDL is. */
enum memory_mdl_state {
    MEMORY_MDL_FOREIGN = 0, /**< never was one of ours: STA-03, VIOL_NOT_LOCKED */
    MEMORY_MDL_FREE    = 1, /**< not locked, or not any more: UNL-05, VIOL_MDL */
    MEMORY_MDL_LOCKED  = 2,
    MEMORY_MDL_CLOSING = 3, /**< unlocked with packets in flight: no new packet may be started */
};
enum memory_mdl_state memory_mdl_state(const struct memory_mdl *mdl);

/* The functions below want an MDL in state LOCKED or CLOSING; with another they report VIOL_MDL and return 0, NULL or
 * MEMORY_ERR_MDL in a build with HAL_CHECKS. One without believes its caller. */

/** Number of the MDL, 0 .. MEMORY_MDLS - 1, for the trace. [any] */
uint32_t memory_mdl_number(const struct memory_mdl *mdl);

/** Bytes of the buffer. [any] */
uint32_t memory_mdl_length(const struct memory_mdl *mdl);

/** Offset of the buffer's first byte in its page. [any] */
uint32_t memory_mdl_page_offset(const struct memory_mdl *mdl);

/** Pages of the buffer. [any] */
uint32_t memory_mdl_pages(const struct memory_mdl *mdl);

/** May the device write it: was it locked for WRITE or MODIFY? LCK-03. [any] */
bool memory_mdl_may_write(const struct memory_mdl *mdl);

/** Whose buffer it is; NULL for one that was built with memory_mdl_build(). [any] */
struct memory_client *memory_mdl_client(const struct memory_mdl *mdl);

/** Frame number of the MDL's @p page-th page, counted from SOC_BUS_HOST. MEMORY_FRAME_NONE beyond the last. [any] */
uint32_t memory_mdl_frame(const struct memory_mdl *mdl, uint32_t page);

/**
 * Bus address of a byte.
 *
 * @param offset  from the base of the buffer; beyond its end: VIOL_OUT_OF_MDL, returns 0
 * @param run     out: bytes from there to the end of the page or of the buffer; may be NULL
 *
 * [any]
 */
uint32_t memory_mdl_bus(const struct memory_mdl *mdl, uint32_t offset, uint32_t *run);

/** Counts a packet in flight on the MDL. UNL-02. [<= dispatch] */
enum memory_status memory_mdl_hold(struct memory_mdl *mdl);

/** Counts it out; does an unlock that waited for it (UNL-03). Without a hold: VIOL_MDL. [<= dispatch] */
enum memory_status memory_mdl_release(struct memory_mdl *mdl);

/** Packets in flight. [any] */
uint32_t memory_mdl_in_flight(const struct memory_mdl *mdl);

/**
 * Says that the device wrote bytes, so that an eviction after the unlock keeps them.
 *
 * @param offset, length  clipped to the buffer; length 0 marks nothing
 * @return MEMORY_OK; MEMORY_ERR_PROTECTION: locked for READ, nothing marked; MEMORY_ERR_MDL
 *
 * LCK-11. [<= dispatch]
 */
enum memory_status memory_mdl_mark_dirty(struct memory_mdl *mdl, uint32_t offset, uint32_t length);

/**
 * Copies between the buffer and memory of the firmware, through the caches: bounce pages, tests.
 *
 * @param length  offset + length must not go beyond the buffer: MEMORY_ERR_RANGE, nothing copied
 *
 * memory_mdl_write() does not mark dirty. BNC-01, BNC-02. [<= dispatch]
 */
enum memory_status memory_mdl_read(const struct memory_mdl *mdl, uint32_t offset, void *to, uint32_t length);
enum memory_status memory_mdl_write(struct memory_mdl *mdl, uint32_t offset, const void *from, uint32_t length);

/**
 * Describes frames that need no pin, such as bounce pages or a common buffer (MAP-24).
 *
 * @param frames  frames[pages], counted from SOC_BUS_HOST; copied
 * @param page_offset  of the first byte, below MEMORY_PAGE_BYTES
 * @return the MDL, locked for WRITE, given back with memory_unlock(); NULL when there is none, or the pages do not
 *         hold the length
 *
 * [<= dispatch]
 */
struct memory_mdl *memory_mdl_build(const uint16_t *frames, uint32_t pages, uint32_t page_offset, uint32_t length);

/** Chains MDLs, as a request of several buffers has them. @p next may be NULL. [<= dispatch] */
void memory_mdl_chain(struct memory_mdl *mdl, struct memory_mdl *next);
struct memory_mdl *memory_mdl_next(const struct memory_mdl *mdl);

#endif
