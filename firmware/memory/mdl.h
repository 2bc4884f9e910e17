/* SPDX-License-Identifier: Apache-2.0 */
/** @file mdl.h  What lock.c and mdl.c know of an MDL. Private to the room. */
#ifndef MDL_H
#define MDL_H

#include "memory_mdl.h"
#include "space.h"

struct memory_mdl {
    const struct memory_mdl *self; /* what a pointer into the middle of one does not find */
    uint8_t  state; /* enum memory_mdl_state */
    bool     may_write;
    bool     pinned; /* by memory_lock(); false for one that was built */
    uint16_t pages;
    uint16_t page_offset;
    uint16_t in_flight;
    uint32_t length;
    struct memory_client *client;
    struct memory_quota  *quota;
    struct memory_mdl    *next;
    uint16_t frames[MEMORY_MDL_PAGES];
};

/** A free MDL, the one that has been free longest; NULL. At DISPATCH. */
struct memory_mdl *mdl_take(void);

/** LOCKED or CLOSING; else reports what is wrong with it. Who holds an MDL need not be asked: only the debug build looks. */
#if HAL_CHECKS
bool mdl_usable(const struct memory_mdl *mdl);
#else
static inline bool mdl_usable(const struct memory_mdl *mdl)
{
    (void)mdl;
    return true;
}
#endif

/** Unpins and frees. At DISPATCH. */
void mdl_close(struct memory_mdl *mdl);

#endif
