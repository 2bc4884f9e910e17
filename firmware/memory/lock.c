/* SPDX-License-Identifier: Apache-2.0 */
/* Lock: probe, bring in, pin, describe; all of it or nothing. Unlock: the reverse, when nothing is in flight. */
#include <assert.h>
#include <stddef.h>

#include "mdl.h"
#include "trace.h"
#include "violation.h"

/* A request that was found to be good so far. */
struct wish {
    struct memory_client *client;
    const struct region *region;
    uint32_t first, pages; /* pages of the client */
    uint32_t entry_bits;   /* what each page table entry must have */
    uint16_t page_offset;
};

/* The end of the address space is that of the core: 32 bits, on the host too where there is an MMU. */
static bool wraps(uintptr_t base, uint32_t length)
{
    if (length - 1u > UINTPTR_MAX - base) return true;
    return HAL_HAS_MMU != 0 && base <= UINT32_MAX && base + (length - 1u) > UINT32_MAX;
}

/* Everything that can be refused before a page moves. */
static enum memory_status probe(uintptr_t base, uint32_t length, struct wish *wish)
{
    if (length == 0u) return MEMORY_ERR_LENGTH;
    if (wraps(base, length)) return MEMORY_ERR_WRAP;
    if (wish->client == NULL) return MEMORY_ERR_RANGE;
    wish->region = space_region(wish->client, base);
    if (wish->region == NULL) return MEMORY_ERR_RANGE;
    if (space_region(wish->client, base + (length - 1u)) != wish->region) return MEMORY_ERR_RANGE;

    wish->first = space_page(wish->region, base);
    wish->pages = space_page(wish->region, base + (length - 1u)) - wish->first + 1u;
    for (uint32_t i = 0; i < wish->pages; i++) {
        if ((wish->client->leaf[wish->first + i] & wish->entry_bits) != wish->entry_bits) return MEMORY_ERR_PROTECTION;
    }
    return MEMORY_OK;
}

static void unpin(struct memory_mdl *mdl)
{
    for (uint32_t i = 0; i < mdl->pages; i++) frame_unpin(mdl->frames[i]);
    if (mdl->quota != NULL) mdl->quota->used -= mdl->pages;
}

void mdl_close(struct memory_mdl *mdl)
{
    if (HAL_TRACE != 0) trace_record(TRACE_UNLOCK, 0, memory_mdl_number(mdl), mdl->pages);
    if (mdl->pinned) unpin(mdl);
    mdl->state = MEMORY_MDL_FREE;
    mdl->next = NULL;
}

/* Takes what is counted: the MDL and the quota. At DISPATCH, because unlocks happen there. */
static enum memory_status reserve(uint32_t pages, struct memory_quota *quota, struct memory_mdl **mdl)
{
    if (quota != NULL && (quota->used > quota->limit || pages > quota->limit - quota->used)) return MEMORY_ERR_QUOTA;
    *mdl = pages <= MEMORY_MDL_PAGES ? mdl_take() : NULL;
    if (*mdl == NULL) return MEMORY_ERR_NO_MDL;
    if (quota != NULL) quota->used += pages;
    return MEMORY_OK;
}

/* However long a buffer is, no DPC waits longer than for one page. */
static void let_dpcs_in(void)
{
    irql_lower(IRQL_PASSIVE);
    (void)irql_raise(IRQL_DISPATCH);
}

/* Pages are pinned one by one, and one that is pinned stays: the stealer may come between two of them. */
static enum memory_status pin(const struct wish *wish, struct memory_mdl *mdl)
{
    for (uint32_t i = 0; i < wish->pages; i++) {
        uint32_t frame;
        if (i != 0u) let_dpcs_in();
        enum memory_status status = pager_pin(wish->client, wish->region, wish->first + i, &frame);
        if (status != MEMORY_OK) return status;
        mdl->frames[i] = (uint16_t)frame;
        mdl->pages = (uint16_t)(i + 1u);
    }
    return MEMORY_OK;
}

static void undo(struct memory_mdl *mdl, uint32_t reserved_pages)
{
    if (mdl->quota != NULL) mdl->quota->used -= reserved_pages - mdl->pages;
    unpin(mdl);
    mdl->state = MEMORY_MDL_FREE;
}

/* At DISPATCH, but for the time in which a page comes in. */
static enum memory_status lock_at_dispatch(const struct wish *wish, uint32_t length, struct memory_quota *quota, struct memory_mdl **mdl)
{
    struct memory_mdl *made = NULL;
    enum memory_status status = reserve(wish->pages, quota, &made);
    if (status != MEMORY_OK) return status;
    made->may_write = (wish->entry_bits & PTE_MAY_WRITE) != 0u;
    made->pinned = true;
    made->pages = 0;
    made->page_offset = wish->page_offset;
    made->in_flight = 0;
    made->length = length;
    made->client = wish->client;
    made->quota = quota;
    made->next = NULL;
    status = pin(wish, made);
    if (status == MEMORY_OK) *mdl = made;
    else undo(made, wish->pages);
    return status;
}

enum memory_status memory_lock(struct memory_client *client, uintptr_t base, uint32_t length,
                               enum memory_access access, struct memory_quota *quota, struct memory_mdl **mdl)
{
    assert(mdl != NULL);
    if (!irql_check_exactly(IRQL_PASSIVE, __func__)) return MEMORY_ERR_IRQL;

    bool may_write = access != MEMORY_ACCESS_READ;
    struct wish wish = {
        .client = client != NULL ? client : memory_client_current(),
        .entry_bits = PTE_MAPPED | (may_write ? PTE_MAY_WRITE : 0u),
        .page_offset = (uint16_t)(base % MEMORY_PAGE_BYTES),
    };
    enum memory_status status = probe(base, length, &wish);
    if (status != MEMORY_OK) return status;
    enum irql old = irql_raise(IRQL_DISPATCH);
    status = lock_at_dispatch(&wish, length, quota, mdl);
    if (HAL_TRACE != 0 && status == MEMORY_OK) trace_record(TRACE_LOCK, 0, memory_mdl_number(*mdl), wish.pages);
    irql_lower(old);
    return status;
}

enum memory_status memory_unlock(struct memory_mdl *mdl)
{
    if (!irql_assert_at_most(IRQL_DISPATCH)) return MEMORY_ERR_IRQL;

    enum irql old = space_enter();
    enum memory_status status = MEMORY_OK;
    if (memory_mdl_state(mdl) != MEMORY_MDL_LOCKED) {
        violation_report(VIOL_MDL, (uintptr_t)mdl, (uintptr_t)memory_mdl_state(mdl), 0, 0);
        status = MEMORY_ERR_MDL;
    } else if (mdl->in_flight != 0u) {
        mdl->state = MEMORY_MDL_CLOSING;
        violation_report(VIOL_UNLOCK_IN_FLIGHT, (uintptr_t)mdl, mdl->in_flight, 0, 0);
        status = MEMORY_ERR_IN_FLIGHT;
    } else {
        mdl_close(mdl);
    }
    space_leave(old);
    return status;
}
