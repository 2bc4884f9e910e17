/* SPDX-License-Identifier: Apache-2.0 */
/* Pages come in and go out. */
#include "memory_pager.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "space.h"
#include "trace.h"
#include "violation.h"

static struct memory_pager_counts counts;

void pager_init(void)
{
    counts = (struct memory_pager_counts){ 0 };
}

struct memory_pager_counts memory_pager_counts(void)
{
    return counts;
}

static const struct region *region_of_page(const struct memory_client *client, uint32_t page)
{
    for (uint32_t i = 0; i < MEMORY_REGIONS; i++) {
        const struct region *region = &client->regions[i];
        if (page - region->first < region->pages) return region;
    }
    return NULL;
}

/* ---- Out ------------------------------------------------------------------------------------------------------------ */

static uint32_t without_frame(uint32_t entry, bool stored)
{
    return (entry & (PTE_MAPPED | PTE_MAY_WRITE)) | (stored ? PTE_STORED : 0u);
}

void pager_evict(uint32_t number)
{
    struct frame *frame = frame_at(number);
    struct memory_client *client = space_client(frame->client);
    uint32_t page = frame->page;
    uint32_t entry = client->leaf[page];
    bool dirty = (entry & USER_PTE_W) != 0u || frame->dirty;

    client->leaf[page] = without_frame(entry, dirty || frame->stored);
    space_changed();
    if (dirty) {
        const struct region *region = region_of_page(client, page);
        memcpy(memory_store_at(region->store + page - region->first), frame_words(number), MEMORY_PAGE_BYTES);
        counts.write_backs++;
    }
    counts.evictions++;
    trace_page(TRACE_EVICT, client->number, page, number);
    frame_give(number);
}

void pager_drop(struct memory_client *client, uint32_t page)
{
    uint32_t entry = client->leaf[page];
    if ((entry & USER_PTE_V) == 0u) return;
    uint32_t number = memory_frame_of_bus(user_pte_bus(entry));
    client->leaf[page] = without_frame(entry, frame_at(number)->stored);
    space_changed();
    trace_page(TRACE_EVICT, client->number, page, number);
    frame_give(number);
}

static bool evictable(const struct frame *frame)
{
    return HAL_HAS_MMU != 0 && frame->owner == MEMORY_OWNER_PAGE && frame->pins == 0u;
}

static bool evict_one(void)
{
    uint32_t number = HAL_HAS_MMU != 0 ? frame_next_loose() : MEMORY_FRAME_NONE;
    if (number == MEMORY_FRAME_NONE) return false;
    pager_evict(number);
    return true;
}

bool memory_evict(struct memory_client *client, uintptr_t address)
{
    assert(client != NULL);
    if (!irql_assert_at_most(IRQL_DISPATCH)) return false;
    enum irql old = space_enter();
    struct memory_page page = memory_client_page(client, address);
    if (page.resident && evictable(frame_at(page.frame))) {
        pager_evict(page.frame);
        page.resident = false;
    }
    space_leave(old);
    return page.mapped && !page.resident;
}

/* ---- In ------------------------------------------------------------------------------------------------------------- */

/* A frame with the page's content, not yet the page's. The frame is LOADING, so nobody takes it away meanwhile. */
static uint32_t load(const struct memory_client *client, const struct region *region, uint32_t page)
{
    enum irql old = space_enter();
    uint32_t number = frame_take();
    if (number == MEMORY_FRAME_NONE && evict_one()) number = frame_take();
    space_leave(old);
    if (number == MEMORY_FRAME_NONE) {
        counts.refused++;
        return number;
    }
    if ((client->leaf[page] & PTE_STORED) != 0u) {
        memcpy(frame_words(number), memory_store_at(region->store + page - region->first), MEMORY_PAGE_BYTES);
    } else {
        memset(frame_words(number), 0, MEMORY_PAGE_BYTES);
    }
    return number;
}

/* At DISPATCH. Read-only, whatever it may: the first store is what makes it dirty. */
static void attach(struct memory_client *client, uint32_t page, uint32_t number)
{
    uint32_t entry = client->leaf[page];
    frame_attach(number, client->number, page);
    frame_at(number)->stored = (entry & PTE_STORED) != 0u;
    client->leaf[page] = user_pte(memory_frame_bus(number), PTE_PAGE | (entry & (PTE_MAPPED | PTE_MAY_WRITE)));
    counts.page_ins++;
    trace_page(TRACE_PAGE_IN, client->number, page, number);
}

/* At DISPATCH, page resident: lets the access through. */
static void widen(struct memory_client *client, uint32_t page, enum memory_access access)
{
    if (access == MEMORY_ACCESS_READ || (client->leaf[page] & USER_PTE_W) != 0u) return;
    client->leaf[page] |= USER_PTE_W;
    space_changed();
    counts.first_stores++;
}

/* Lock's paging-in. At DISPATCH before and behind; at PASSIVE while the content is on its way. */
static enum memory_status bring_in(struct memory_client *client, const struct region *region, uint32_t page)
{
    if ((client->leaf[page] & USER_PTE_V) != 0u) return MEMORY_OK;
    irql_lower(IRQL_PASSIVE);
    uint32_t number = load(client, region, page);
    (void)space_enter();
    if (number == MEMORY_FRAME_NONE) return MEMORY_ERR_NO_FRAME;
    attach(client, page, number);
    return MEMORY_OK;
}

enum memory_status pager_pin(struct memory_client *client, const struct region *region, uint32_t page,
                             uint32_t *frame)
{
    enum memory_status status = bring_in(client, region, page);
    if (status != MEMORY_OK) return status;
    *frame = memory_frame_of_bus(user_pte_bus(client->leaf[page]));
    frame_pin(*frame);
    return MEMORY_OK;
}

static bool permitted(uint32_t entry, enum memory_access access)
{
    switch (access) {
    case MEMORY_ACCESS_READ:    return true;
    case MEMORY_ACCESS_WRITE:   return (entry & PTE_MAY_WRITE) != 0u;
    case MEMORY_ACCESS_MODIFY:  return (entry & PTE_MAY_WRITE) != 0u;
    case MEMORY_ACCESS_EXECUTE: return false;
    }
    return false;
}

enum memory_status memory_page_in(struct memory_client *client, uintptr_t address, enum memory_access access)
{
    assert(client != NULL);
    const struct region *region = space_region(client, address);
    if (region == NULL) return MEMORY_ERR_RANGE;
    uint32_t page = space_page(region, address);
    if (!permitted(client->leaf[page], access)) return MEMORY_ERR_PROTECTION;

    counts.faults++;
    trace_page(TRACE_FAULT, client->number, page, (uint32_t)access);
    enum irql old = space_enter();
    if ((client->leaf[page] & USER_PTE_V) == 0u) {
        if (old >= IRQL_DISPATCH) violation_bugcheck(VIOL_PAGED_AT_DISPATCH, address, (uintptr_t)old, 0, 0);
        space_leave(old);
        uint32_t number = load(client, region, page);
        if (number == MEMORY_FRAME_NONE) return MEMORY_ERR_NO_FRAME;
        old = space_enter();
        attach(client, page, number);
    }
    widen(client, page, access);
    space_leave(old);
    return MEMORY_OK;
}

/* ---- For the stealer ---------------------------------------------------------------------------------------------- */

uint32_t pager_evict_up_to(uint32_t most)
{
    uint32_t count = 0;
    enum irql old = space_enter();
    while (count < most && evict_one()) count++;
    space_leave(old);
    return count;
}
