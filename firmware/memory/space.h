/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file space.h
 * What the files of firmware/memory share: a client's tables and the frame table. Private to the room.
 *
 * A page table entry says all there is to know of a page:
 *
 *     not resident   V = 0   MAPPED  MAY_WRITE  STORED: the store has its content, else it is zero
 *     resident       V = 1   MAPPED  MAY_WRITE  W: written since it came in; the frame's record has the rest
 *
 * Whoever changes an entry or a frame's record is at DISPATCH or above it, so that the stealer, which runs at
 * DISPATCH, finds both whole.
 */
#ifndef SPACE_H
#define SPACE_H

#include <stdbool.h>
#include <stdint.h>

#include "irql.h"
#include "memory_client.h"
#include "memory_frame.h"
#include "memory_status.h"
#include "user.h"

#define PTE_MAPPED    USER_PTE_SOFT0
#define PTE_MAY_WRITE USER_PTE_SOFT1
#define PTE_STORED    0x400u /* only while V is 0 */
#define PTE_PAGE      (USER_PTE_V | USER_PTE_R | USER_PTE_U | USER_PTE_A | USER_PTE_D)

/** A run of pages that were mapped together. */
struct region {
    uintptr_t base;
    uint16_t  first; /* page number in the client's table */
    uint16_t  pages;
    uint16_t  store; /* page of the store of the first one */
};

struct memory_client {
    bool     used;
    uint8_t  number;  /* 1 .. MEMORY_CLIENTS */
    uint16_t next;    /* page number for the next region */
    uint32_t *leaf;   /* MEMORY_CLIENT_PAGES entries */
    uint32_t root_bus, leaf_bus, code_bus; /* tables; 0 without an MMU */
    struct region regions[MEMORY_REGIONS];
};

/** A frame of clients. page is the next free frame while the owner is FREE. */
struct frame {
    uint8_t  owner;
    uint8_t  client;
    uint16_t pins;
    uint16_t page;
    bool     dirty : 1;       /* a device wrote it, or it was dirty before it was read-only */
    bool     stored : 1;      /* the store has an older content */
    bool     quarantined : 1; /* goes away for good when its last pin goes */
};

/** Enters DISPATCH from below, or stays. leave() wants what enter() returned. */
static inline enum irql space_enter(void)
{
    enum irql now = irql_current();
    return now >= IRQL_DISPATCH ? now : irql_raise(IRQL_DISPATCH);
}

static inline void space_leave(enum irql old)
{
    if (old < IRQL_DISPATCH) irql_lower(old);
}

/* ---- client.c ---- */

void space_init(void);

/** Client by its number; NULL for one that is not there. */
struct memory_client *space_client(uint32_t number);

/** Region that an address lies in; NULL: none. */
const struct region *space_region(const struct memory_client *client, uintptr_t address);

/** Page number of an address that lies in a region. */
static inline uint32_t space_page(const struct region *region, uintptr_t address)
{
    return region->first + (uint32_t)((address - region->base) / MEMORY_PAGE_BYTES);
}

uint32_t space_clients(void);

/** Entry of a page that is not resident. */
static inline uint32_t space_entry(enum memory_protection protection)
{
    return PTE_MAPPED | (protection == MEMORY_MAY_WRITE ? PTE_MAY_WRITE : 0u);
}

/** Says that an entry lost a right or was widened. Without an MMU nobody keeps translations. */
static inline void space_changed(void)
{
#if HAL_HAS_MMU
    user_table_changed();
#endif
}

/** Table of the pages that hold client code, which every client may read and execute; 0 where there is none. */
#if HAL_HAS_MMU && !defined(MMIO_HOST)
uint32_t space_code_table(void);
#else
static inline uint32_t space_code_table(void)
{
    return 0;
}
#endif

/* ---- frame.c ---- */

void frame_init(void);

/** Record of a frame number; NULL when it is not a frame of clients. */
struct frame *frame_at(uint32_t number);

/** Next free frame, LOADING; MEMORY_FRAME_NONE. At DISPATCH. */
uint32_t frame_take(void);

/** A contiguous run, LOADING, for builds without an MMU. At DISPATCH. */
uint32_t frame_take_run(uint32_t frames);

/** Makes a frame that was taken a page's: clean, not pinned. At DISPATCH. */
void frame_attach(uint32_t number, uint32_t client, uint32_t page);

/** The next page in turn that nobody pins; MEMORY_FRAME_NONE. At DISPATCH. */
uint32_t frame_next_loose(void);

/** Poisons a frame and makes it the next to be taken; or retires it, when it is in quarantine. At DISPATCH. */
void frame_give(uint32_t number);

/** CPU pointer to a frame's bytes, through the caches. */
uint32_t *frame_words(uint32_t number);

/** Pin counts. At DISPATCH. unpin retires a frame in quarantine whose last pin goes. */
void frame_pin(uint32_t number);
void frame_unpin(uint32_t number);

/** A run of common frames that is not counted: page tables. 0: none. */
uint32_t common_table_take(uint32_t bytes);
void common_table_give(uint32_t bus, uint32_t bytes);
void common_init(void);
bool common_quarantine(uint32_t frame);
uint32_t common_taken(void);
uint32_t common_quarantined(void);
uint32_t frame_pins_sum(void);
uint32_t frame_owned(enum memory_owner owner);

/* ---- pager.c ---- */

void pager_init(void);

/** Makes a mapped page resident and pins it. @return MEMORY_OK or MEMORY_ERR_NO_FRAME. At DISPATCH, which it leaves for PASSIVE
 * while the page comes in. */
enum memory_status pager_pin(struct memory_client *client, const struct region *region, uint32_t page,
                             uint32_t *frame);

/** Takes a resident, unpinned page's frame away: written back if dirty. At DISPATCH. */
void pager_evict(uint32_t frame);

/** Takes a page's frame away without looking at its content: the end of a client. At DISPATCH. */
void pager_drop(struct memory_client *client, uint32_t page);

/** Evicts pages in turn. @return how many. [<= dispatch] */
uint32_t pager_evict_up_to(uint32_t most);

/* ---- stealer.c ---- */

void stealer_init(void);

/* ---- store.c ---- */

void store_init(void);

/** A run of pages of the store; MEMORY_STORE_PAGES when there is none. */
uint32_t store_take(uint32_t pages);
void store_give(uint32_t first, uint32_t pages);

/* ---- mdl.c ---- */

void mdl_init(void);
uint32_t mdl_used(void);

#endif
