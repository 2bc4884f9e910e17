/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file memory_pager.h
 * Pages come in and go out: backing store, pager, stealer.
 *
 *     page-in   PASSIVE only    free frame, or the oldest unpinned page is evicted; content from the store, or zero
 *     evict     <= DISPATCH     written back if dirty, unmapped, frame poisoned and given back
 *
 * The stealer evicts what is not pinned, at the worst times: it may be called between any two DPCs. What still
 * works with it on does not depend on where a page lies.
 */
#ifndef MEMORY_PAGER_H
#define MEMORY_PAGER_H

#include <stdbool.h>
#include <stdint.h>

#include "memory_client.h"
#include "memory_status.h"

/** What happened since memory_init(). */
struct memory_pager_counts {
    uint32_t faults;     /**< page faults and software walks that missed */
    uint32_t page_ins;
    uint32_t evictions;
    uint32_t write_backs; /**< evictions that wrote to the store */
    uint32_t first_stores; /**< pages that became writable */
    uint32_t refused;    /**< page-ins that found every frame pinned */
};
struct memory_pager_counts memory_pager_counts(void);

/**
 * Makes one page resident and fit for an access: what a page fault calls.
 *
 * @param address  any byte of the page
 * @return MEMORY_OK: the access may be tried again. MEMORY_ERR_RANGE, MEMORY_ERR_PROTECTION: never.
 *         MEMORY_ERR_NO_FRAME: every frame is pinned; the client is told
 *
 * At or above DISPATCH it is a bugcheck: VIOL_PAGED_AT_DISPATCH. IRQ-03. [passive]
 */
enum memory_status memory_page_in(struct memory_client *client, uintptr_t address, enum memory_access access);

/** How eagerly memory_steal() takes. */
enum memory_steal {
    MEMORY_STEAL_OFF        = 0, /**< memory_steal() does nothing */
    MEMORY_STEAL_ON         = 1, /**< one page a call, in turn */
    MEMORY_STEAL_AGGRESSIVE = 2, /**< every page that is not pinned, at each call */
};
void memory_steal_set(enum memory_steal mode);

/**
 * Evicts as the mode says. A frame that it frees is the next to be handed out, to whoever asks.
 *
 * @return pages evicted
 *
 * LCK-04. [<= dispatch]
 */
uint32_t memory_steal(void);

/** Calls memory_steal() every @p period_cycles from a timer, at DISPATCH at the latest; 0 stops it. [passive] */
void memory_steal_every(uint32_t period_cycles);

/**
 * Evicts the page at an address, if it is resident and not pinned.
 *
 * @return true: it is not resident now
 *
 * [<= dispatch]
 */
bool memory_evict(struct memory_client *client, uintptr_t address);

/**
 * Reserves a run of pages of the backing store for given content.
 *
 * @param store_page  first page; what the loader and the firmware agree on
 * @return false: one of them is taken
 *
 * [passive]
 */
bool memory_store_reserve(uint32_t store_page, uint32_t pages);

/** CPU pointer to a page of the store (through the caches), MEMORY_PAGE_BYTES long. [any] */
uint8_t *memory_store_at(uint32_t store_page);

/** Its bus address: where a loader puts content before the core starts. [any] */
static inline uint32_t memory_store_bus(uint32_t store_page)
{
    return SOC_BUS_HOST + (MEMORY_STORE_FIRST + store_page) * MEMORY_PAGE_BYTES;
}

#endif
