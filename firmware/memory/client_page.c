/* SPDX-License-Identifier: Apache-2.0 */
/* One page of a client: what it may, and what state it is in. */
#include <assert.h>
#include <stddef.h>

#include "space.h"

enum memory_status memory_client_protect(struct memory_client *client, uintptr_t base, uint32_t length,
                                         enum memory_protection protection)
{
    assert(client != NULL);
    if (!irql_assert_passive()) return MEMORY_ERR_IRQL;
    if (length == 0u) return MEMORY_ERR_LENGTH;
    if (length - 1u > UINTPTR_MAX - base) return MEMORY_ERR_WRAP;
    const struct region *region = space_region(client, base);
    if (region == NULL || space_region(client, base + (length - 1u)) != region) return MEMORY_ERR_RANGE;

    enum irql old = space_enter();
    uint32_t last = space_page(region, base + (length - 1u));
    for (uint32_t page = space_page(region, base); page <= last; page++) {
        uint32_t entry = client->leaf[page];
        if ((entry & (USER_PTE_V | USER_PTE_W)) == (USER_PTE_V | USER_PTE_W)) {
            frame_at(memory_frame_of_bus(user_pte_bus(entry)))->dirty = true;
        }
        client->leaf[page] = (entry & ~(USER_PTE_W | PTE_MAY_WRITE)) | space_entry(protection);
    }
    space_changed();
    space_leave(old);
    return MEMORY_OK;
}

struct memory_page memory_client_page(const struct memory_client *client, uintptr_t address)
{
    assert(client != NULL);
    struct memory_page view = { .frame = MEMORY_FRAME_NONE };
    const struct region *region = space_region(client, address);
    if (region == NULL) return view;
    enum irql old = space_enter();
    uint32_t entry = client->leaf[space_page(region, address)];
    view.mapped = true;
    view.may_write = (entry & PTE_MAY_WRITE) != 0u;
    view.resident = (entry & USER_PTE_V) != 0u;
    if (view.resident) {
        view.frame = memory_frame_of_bus(user_pte_bus(entry));
        view.writable = (entry & USER_PTE_W) != 0u;
        view.dirty = view.writable || frame_at(view.frame)->dirty;
        view.pins = memory_frame_pins(view.frame);
    }
    space_leave(old);
    return view;
}
