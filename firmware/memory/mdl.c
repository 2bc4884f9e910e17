/* SPDX-License-Identifier: Apache-2.0 */
/* MDLs: what a locked buffer looks like from the packet core. */
#include "mdl.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "cache.h"
#include "violation.h"

static struct memory_mdl mdls[MEMORY_MDLS];
static uint32_t turn; /* where the search for a free one begins: a stale pointer stays stale for a while */

void mdl_init(void)
{
    for (uint32_t i = 0; i < MEMORY_MDLS; i++) {
        mdls[i].self = &mdls[i];
        mdls[i].state = MEMORY_MDL_FREE;
        mdls[i].next = NULL;
    }
    turn = 0;
}

uint32_t mdl_used(void)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < MEMORY_MDLS; i++) count += mdls[i].state != MEMORY_MDL_FREE ? 1u : 0u;
    return count;
}

struct memory_mdl *mdl_take(void)
{
    for (uint32_t tried = 0; tried < MEMORY_MDLS; tried++) {
        struct memory_mdl *mdl = &mdls[turn];
        turn = (turn + 1u) % MEMORY_MDLS;
        if (mdl->state != MEMORY_MDL_FREE) continue;
        mdl->state = MEMORY_MDL_LOCKED;
        return mdl;
    }
    return NULL;
}

enum memory_mdl_state memory_mdl_state(const struct memory_mdl *mdl)
{
    uintptr_t offset = (uintptr_t)mdl - (uintptr_t)mdls;
    if (offset > sizeof mdls - sizeof mdls[0] || offset % sizeof mdls[0].self != 0u) return MEMORY_MDL_FOREIGN;
    if (mdl->self != mdl) return MEMORY_MDL_FOREIGN;
    return (enum memory_mdl_state)mdl->state;
}

#if HAL_CHECKS
bool mdl_usable(const struct memory_mdl *mdl)
{
    switch (memory_mdl_state(mdl)) {
    case MEMORY_MDL_LOCKED:  return true;
    case MEMORY_MDL_CLOSING: return true;
    case MEMORY_MDL_FREE:    violation_report(VIOL_MDL, (uintptr_t)mdl, 0, 0, 0); return false;
    case MEMORY_MDL_FOREIGN: violation_report(VIOL_NOT_LOCKED, (uintptr_t)mdl, 0, 0, 0); return false;
    }
    return false;
}
#endif

/* ---- What it says --------------------------------------------------------------------------------------------------- */

uint32_t memory_mdl_number(const struct memory_mdl *mdl)
{
    return mdl_usable(mdl) ? (uint32_t)(mdl - mdls) : 0u;
}

uint32_t memory_mdl_length(const struct memory_mdl *mdl)
{
    return mdl_usable(mdl) ? mdl->length : 0u;
}

uint32_t memory_mdl_page_offset(const struct memory_mdl *mdl)
{
    return mdl_usable(mdl) ? mdl->page_offset : 0u;
}

uint32_t memory_mdl_pages(const struct memory_mdl *mdl)
{
    return mdl_usable(mdl) ? mdl->pages : 0u;
}

bool memory_mdl_may_write(const struct memory_mdl *mdl)
{
    return mdl_usable(mdl) && mdl->may_write;
}

struct memory_client *memory_mdl_client(const struct memory_mdl *mdl)
{
    return mdl_usable(mdl) ? mdl->client : NULL;
}

uint32_t memory_mdl_frame(const struct memory_mdl *mdl, uint32_t page)
{
    return mdl_usable(mdl) && page < mdl->pages ? mdl->frames[page] : MEMORY_FRAME_NONE;
}

uint32_t memory_mdl_bus(const struct memory_mdl *mdl, uint32_t offset, uint32_t *run)
{
    if (!mdl_usable(mdl)) return 0;
    if (offset >= mdl->length) {
        violation_report(VIOL_OUT_OF_MDL, (uintptr_t)mdl, offset, mdl->length, 0);
        return 0;
    }
    uint32_t at = mdl->page_offset + offset;
    uint32_t in_page = at % MEMORY_PAGE_BYTES;
    if (run != NULL) {
        uint32_t to_page_end = MEMORY_PAGE_BYTES - in_page;
        uint32_t to_end = mdl->length - offset;
        *run = to_page_end < to_end ? to_page_end : to_end;
    }
    return memory_frame_bus(mdl->frames[at / MEMORY_PAGE_BYTES]) + in_page;
}

/* ---- What happens to it --------------------------------------------------------------------------------------------- */

enum memory_status memory_mdl_hold(struct memory_mdl *mdl)
{
    if (!mdl_usable(mdl)) return MEMORY_ERR_MDL;
    enum irql old = space_enter();
    mdl->in_flight++;
    space_leave(old);
    return MEMORY_OK;
}

enum memory_status memory_mdl_release(struct memory_mdl *mdl)
{
    if (!mdl_usable(mdl)) return MEMORY_ERR_MDL;
    enum irql old = space_enter();
    enum memory_status status = MEMORY_OK;
    if (mdl->in_flight == 0u) {
        violation_report(VIOL_MDL, (uintptr_t)mdl, 0, 0, 0);
        status = MEMORY_ERR_MDL;
    } else {
        mdl->in_flight--;
        if (mdl->in_flight == 0u && mdl->state == MEMORY_MDL_CLOSING) mdl_close(mdl);
    }
    space_leave(old);
    return status;
}

uint32_t memory_mdl_in_flight(const struct memory_mdl *mdl)
{
    return mdl_usable(mdl) ? mdl->in_flight : 0u;
}

enum memory_status memory_mdl_mark_dirty(struct memory_mdl *mdl, uint32_t offset, uint32_t length)
{
    if (!mdl_usable(mdl)) return MEMORY_ERR_MDL;
    if (!mdl->may_write) return MEMORY_ERR_PROTECTION;
    if (offset >= mdl->length || length == 0u || !mdl->pinned) return MEMORY_OK;
    if (length > mdl->length - offset) length = mdl->length - offset;

    uint32_t first = (mdl->page_offset + offset) / MEMORY_PAGE_BYTES;
    uint32_t last = (mdl->page_offset + offset + length - 1u) / MEMORY_PAGE_BYTES;
    enum irql old = space_enter();
    for (uint32_t page = first; page <= last; page++) frame_at(mdl->frames[page])->dirty = true;
    space_leave(old);
    return MEMORY_OK;
}

static bool inside(const struct memory_mdl *mdl, uint32_t offset, uint32_t length)
{
    return offset <= mdl->length && length <= mdl->length - offset;
}

enum memory_status memory_mdl_read(const struct memory_mdl *mdl, uint32_t offset, void *to, uint32_t length)
{
    if (!mdl_usable(mdl)) return MEMORY_ERR_MDL;
    if (!inside(mdl, offset, length)) return MEMORY_ERR_RANGE;
    uint8_t *at = to;
    while (length > 0u) {
        uint32_t run;
        const void *from = cache_cpu(memory_mdl_bus(mdl, offset, &run));
        if (run > length) run = length;
        memcpy(at, from, run);
        at += run;
        offset += run;
        length -= run;
    }
    return MEMORY_OK;
}

enum memory_status memory_mdl_write(struct memory_mdl *mdl, uint32_t offset, const void *from, uint32_t length)
{
    if (!mdl_usable(mdl)) return MEMORY_ERR_MDL;
    if (!inside(mdl, offset, length)) return MEMORY_ERR_RANGE;
    const uint8_t *at = from;
    while (length > 0u) {
        uint32_t run;
        void *to = cache_cpu(memory_mdl_bus(mdl, offset, &run));
        if (run > length) run = length;
        memcpy(to, at, run);
        at += run;
        offset += run;
        length -= run;
    }
    return MEMORY_OK;
}

/* ---- Without a lock -------------------------------------------------------------------------------------------------- */

struct memory_mdl *memory_mdl_build(const uint16_t *frames, uint32_t pages, uint32_t page_offset, uint32_t length)
{
    assert(frames != NULL);
    bool holds = pages > 0u && pages <= MEMORY_MDL_PAGES && page_offset < MEMORY_PAGE_BYTES && length > 0u
              && length <= pages * MEMORY_PAGE_BYTES - page_offset;
    if (!holds) return NULL;
    enum irql old = space_enter();
    struct memory_mdl *mdl = mdl_take();
    space_leave(old);
    if (mdl == NULL) return NULL;
    mdl->may_write = true;
    mdl->pinned = false;
    mdl->pages = (uint16_t)pages;
    mdl->page_offset = (uint16_t)page_offset;
    mdl->in_flight = 0;
    mdl->length = length;
    mdl->client = NULL;
    mdl->quota = NULL;
    mdl->next = NULL;
    memcpy(mdl->frames, frames, pages * sizeof frames[0]);
    return mdl;
}

void memory_mdl_chain(struct memory_mdl *mdl, struct memory_mdl *next)
{
    if (mdl_usable(mdl)) mdl->next = next;
}

struct memory_mdl *memory_mdl_next(const struct memory_mdl *mdl)
{
    return mdl_usable(mdl) ? mdl->next : NULL;
}
