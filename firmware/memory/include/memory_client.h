/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file memory_client.h
 * Address spaces of clients, and the only way firmware touches what is in them.
 *
 *     struct memory_client *client = memory_client_create();
 *     uintptr_t picture;
 *
 *     memory_client_map(client, pages, MEMORY_MAY_WRITE, &picture);
 *     memory_client_write(client, picture + 5u, bytes, sizeof bytes);   // pages come in as they are touched
 *
 * A page belongs to a client from memory_client_map() on, but it has a frame only while it is resident; at first it
 * has none, and reads zero. Present and writable are bits of the page table (Sv32, in host memory, walked by the core
 * and by nobody else; on the host by a walk in software). A page that may be written is mapped read-only until its
 * first store, which is how it is known to be dirty.
 *
 * Without an MMU a region is a contiguous run of frames that is resident from the start, its base is its CPU address,
 * and a client may be handed a pointer to it. Everything else is the same.
 */
#ifndef MEMORY_CLIENT_H
#define MEMORY_CLIENT_H

#include <stdbool.h>
#include <stdint.h>

#include "memory_status.h"

/** One address space. One of a static pool; the fields are private to firmware/memory. */
struct memory_client;

/** What the client may do with a page besides reading it. */
enum memory_protection {
    MEMORY_MAY_READ  = 0,
    MEMORY_MAY_WRITE = 1,
};

/** First address of a client where there is an MMU; MEMORY_CLIENT_PAGES pages, in one 4 MiB piece. */
#define MEMORY_CLIENT_BASE 0x10000000u

/** @return a new, empty address space, or NULL when there are MEMORY_CLIENTS or no frame for its tables. [passive] */
struct memory_client *memory_client_create(void);

/**
 * Ends an address space: its frames become free. Refused while a page is pinned.
 *
 * @return MEMORY_OK, MEMORY_ERR_IN_FLIGHT (pages are pinned), MEMORY_ERR_IRQL
 *
 * [passive]
 */
enum memory_status memory_client_destroy(struct memory_client *client);

/** Number of a client, 1 .. MEMORY_CLIENTS: what the trace shows. [any] */
uint32_t memory_client_number(const struct memory_client *client);

/** The client whose address space is in force: who a lock without a client is for. NULL: none. LCK-13. [any] */
struct memory_client *memory_client_current(void);

/** Puts an address space in force (SATP on the core). NULL: none. @return the one before. [passive] */
struct memory_client *memory_client_attach(struct memory_client *client);

/**
 * Adds a region of new pages: not resident, all zero.
 *
 * @param pages       1 ..; one page that belongs to nobody follows it
 * @param protection  of every page; memory_client_protect() changes it by the page
 * @param base        out: address of the first page, aligned to MEMORY_PAGE_BYTES
 * @return MEMORY_OK, MEMORY_ERR_FULL, MEMORY_ERR_IRQL; without an MMU also MEMORY_ERR_NO_FRAME
 *
 * [passive]
 */
enum memory_status memory_client_map(struct memory_client *client, uint32_t pages, enum memory_protection protection,
                                     uintptr_t *base);

/**
 * The same with given content: what somebody (the simulator's loader) has put into the backing store.
 *
 * @param store_page  page of the store, 0 .. MEMORY_STORE_PAGES - 1; taken with memory_store_reserve()
 *
 * [passive]
 */
enum memory_status memory_client_map_stored(struct memory_client *client, uint32_t pages,
                                            enum memory_protection protection, uint32_t store_page, uintptr_t *base);

/**
 * Changes what a client may do with pages that it has. Pages that are pinned for writing stay so for the device.
 *
 * @return MEMORY_OK, MEMORY_ERR_RANGE, MEMORY_ERR_LENGTH, MEMORY_ERR_WRAP, MEMORY_ERR_IRQL
 *
 * [passive]
 */
enum memory_status memory_client_protect(struct memory_client *client, uintptr_t base, uint32_t length,
                                         enum memory_protection protection);

/**
 * Reads, writes, copies client memory with the client's rights. Pages come in on the way.
 *
 * On the core the bytes move by loads and stores with MPRV set, so a page that is not there is a page fault of the
 * MMU; on the host by a walk of the same tables. At or above DISPATCH a page that is not resident is a bugcheck,
 * VIOL_PAGED_AT_DISPATCH (IRQ-03); one that is resident is read.
 *
 * @param length   bytes, 0 is MEMORY_OK; any alignment on both sides
 * @return MEMORY_OK, MEMORY_ERR_RANGE, MEMORY_ERR_PROTECTION, MEMORY_ERR_NO_FRAME, MEMORY_ERR_WRAP. After an error the
 *         bytes before the failing page may have been moved.
 *
 * IRQ-03. [any; page-in only passive]
 */
enum memory_status memory_client_read(struct memory_client *client, uintptr_t from, void *to, uint32_t length);
enum memory_status memory_client_write(struct memory_client *client, uintptr_t to, const void *from, uint32_t length);
enum memory_status memory_client_copy(struct memory_client *client, uintptr_t to, uintptr_t from, uint32_t length);

/** One word, aligned to 4: a user's flag, a record in a shared page. As above. */
enum memory_status memory_client_read32(struct memory_client *client, uintptr_t from, uint32_t *value);
enum memory_status memory_client_write32(struct memory_client *client, uintptr_t to, uint32_t value);

/** State of one page, for tests and the monitor. */
struct memory_page {
    bool     mapped;    /**< belongs to the client */
    bool     may_write; /**< by its protection */
    bool     resident;
    bool     writable;  /**< the page table lets a store through: it has been written since it came in */
    bool     dirty;     /**< written by the client or by a device since it came in */
    uint32_t frame;     /**< MEMORY_FRAME_NONE when not resident */
    uint32_t pins;
};
struct memory_page memory_client_page(const struct memory_client *client, uintptr_t address);

#endif
