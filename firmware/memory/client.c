/* SPDX-License-Identifier: Apache-2.0 */
/* Address spaces: regions, page tables, and which one is in force. */
#include "memory_client.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "cache.h"
#include "memory_pager.h"
#include "space.h"

static struct memory_client clients[MEMORY_CLIENTS];
static struct memory_client *current;

#if !HAL_HAS_MMU
static uint32_t leaves[MEMORY_CLIENTS][MEMORY_CLIENT_PAGES];
#endif

void space_init(void)
{
    for (uint32_t i = 0; i < MEMORY_CLIENTS; i++) clients[i] = (struct memory_client){ .used = false };
    current = NULL;
#if HAL_HAS_MMU
    user_table_set(0);
#endif
}

struct memory_client *space_client(uint32_t number)
{
    return number - 1u < MEMORY_CLIENTS && clients[number - 1u].used ? &clients[number - 1u] : NULL;
}

uint32_t space_clients(void)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < MEMORY_CLIENTS; i++) count += clients[i].used ? 1u : 0u;
    return count;
}

const struct region *space_region(const struct memory_client *client, uintptr_t address)
{
    for (uint32_t i = 0; i < MEMORY_REGIONS; i++) {
        const struct region *region = &client->regions[i];
        if (region->pages != 0u && address - region->base < (uintptr_t)region->pages * MEMORY_PAGE_BYTES) return region;
    }
    return NULL;
}

/* ---- Life --------------------------------------------------------------------------------------------------------- */

#if HAL_HAS_MMU

static void set_pointer(uint32_t root_bus, uint32_t address, uint32_t table_bus)
{
    uint32_t *root = cache_cpu(root_bus);
    root[address / HAL_PAGE_BYTES / USER_TABLE_ENTRIES] = user_pte(table_bus, USER_PTE_V);
}

static void give_tables(struct memory_client *client)
{
    common_table_give(client->root_bus, USER_TABLE_BYTES);
    common_table_give(client->leaf_bus, USER_TABLE_BYTES);
    common_table_give(client->code_bus, USER_TABLE_BYTES);
}

static bool make_tables(struct memory_client *client)
{
    client->root_bus = common_table_take(USER_TABLE_BYTES);
    client->leaf_bus = common_table_take(USER_TABLE_BYTES);
    client->code_bus = space_code_table();
    if (client->root_bus == 0u || client->leaf_bus == 0u) {
        give_tables(client);
        return false;
    }
    client->leaf = cache_cpu(client->leaf_bus);
    set_pointer(client->root_bus, MEMORY_CLIENT_BASE, client->leaf_bus);
    if (client->code_bus != 0u) set_pointer(client->root_bus, SOC_PROGRAM, client->code_bus);
    return true;
}

#else

static void give_tables(struct memory_client *client)
{
    (void)client;
}

static bool make_tables(struct memory_client *client)
{
    client->leaf = leaves[client->number - 1u];
    for (uint32_t i = 0; i < MEMORY_CLIENT_PAGES; i++) client->leaf[i] = 0;
    return true;
}

#endif

struct memory_client *memory_client_create(void)
{
    if (!irql_assert_passive()) return NULL;
    for (uint32_t i = 0; i < MEMORY_CLIENTS; i++) {
        struct memory_client *client = &clients[i];
        if (client->used) continue;
        *client = (struct memory_client){ .number = (uint8_t)(i + 1u) };
        if (!make_tables(client)) return NULL;
        client->used = true;
        return client;
    }
    return NULL;
}

static bool has_pins(const struct memory_client *client)
{
    for (uint32_t page = 0; page < client->next; page++) {
        uint32_t entry = client->leaf[page];
        if ((entry & USER_PTE_V) != 0u && memory_frame_pins(memory_frame_of_bus(user_pte_bus(entry))) != 0u) return true;
    }
    return false;
}

enum memory_status memory_client_destroy(struct memory_client *client)
{
    assert(client != NULL && client->used);
    if (!irql_assert_passive()) return MEMORY_ERR_IRQL;

    enum irql old = space_enter();
    if (has_pins(client)) {
        space_leave(old);
        return MEMORY_ERR_IN_FLIGHT;
    }
    for (uint32_t page = 0; page < client->next; page++) pager_drop(client, page);
    space_leave(old);
    if (current == client) (void)memory_client_attach(NULL);
    for (uint32_t i = 0; i < MEMORY_REGIONS; i++) store_give(client->regions[i].store, client->regions[i].pages);
    give_tables(client);
    client->used = false;
    return MEMORY_OK;
}

uint32_t memory_client_number(const struct memory_client *client)
{
    assert(client != NULL);
    return client->number;
}

struct memory_client *memory_client_current(void)
{
    return current;
}

/* A DPC that touches another client's memory puts it in force and brings the old one back before it ends. */
struct memory_client *memory_client_attach(struct memory_client *client)
{
    struct memory_client *before = current;
    if (before == client) return before;
    enum irql old = space_enter();
    current = client;
#if HAL_HAS_MMU
    user_table_set(client == NULL ? 0u : client->root_bus);
#endif
    space_leave(old);
    return before;
}

/* ---- Regions ------------------------------------------------------------------------------------------------------ */

static struct region *free_region(struct memory_client *client, uint32_t pages)
{
    if (pages == 0u || pages >= MEMORY_CLIENT_PAGES || client->next + pages >= MEMORY_CLIENT_PAGES) return NULL;
    for (uint32_t i = 0; i < MEMORY_REGIONS; i++) {
        if (client->regions[i].pages == 0u) return &client->regions[i];
    }
    return NULL;
}

static void add_region(struct memory_client *client, struct region *region, uintptr_t base, uint32_t pages,
                       uint32_t store)
{
    *region = (struct region){ base, client->next, (uint16_t)pages, (uint16_t)store };
    client->next = (uint16_t)(client->next + pages + 1u);
}

#if HAL_HAS_MMU

static enum memory_status map(struct memory_client *client, uint32_t pages, uint32_t entry, uint32_t store,
                              uintptr_t *base)
{
    struct region *region = free_region(client, pages);
    if (region == NULL) return MEMORY_ERR_FULL;
    uintptr_t start = MEMORY_CLIENT_BASE + (uintptr_t)client->next * MEMORY_PAGE_BYTES;
    for (uint32_t page = client->next; page < client->next + pages; page++) client->leaf[page] = entry;
    add_region(client, region, start, pages, store);
    *base = start;
    return MEMORY_OK;
}

enum memory_status memory_client_map(struct memory_client *client, uint32_t pages, enum memory_protection protection,
                                     uintptr_t *base)
{
    assert(client != NULL && base != NULL);
    if (!irql_assert_passive()) return MEMORY_ERR_IRQL;
    if (free_region(client, pages) == NULL) return MEMORY_ERR_FULL;
    uint32_t store = store_take(pages);
    if (store == MEMORY_STORE_PAGES) return MEMORY_ERR_FULL;
    return map(client, pages, space_entry(protection), store, base);
}

enum memory_status memory_client_map_stored(struct memory_client *client, uint32_t pages,
                                            enum memory_protection protection, uint32_t store_page, uintptr_t *base)
{
    assert(client != NULL && base != NULL);
    if (!irql_assert_passive()) return MEMORY_ERR_IRQL;
    if (store_page > MEMORY_STORE_PAGES || pages > MEMORY_STORE_PAGES - store_page) return MEMORY_ERR_FULL;
    return map(client, pages, space_entry(protection) | PTE_STORED, store_page, base);
}

#else

static void make_resident(struct memory_client *client, uint32_t page, uint32_t number, uint32_t entry)
{
    frame_attach(number, client->number, page);
    memset(frame_words(number), 0, MEMORY_PAGE_BYTES);
    client->leaf[page] = user_pte(memory_frame_bus(number), PTE_PAGE | entry);
}

enum memory_status memory_client_map(struct memory_client *client, uint32_t pages, enum memory_protection protection,
                                     uintptr_t *base)
{
    assert(client != NULL && base != NULL);
    if (!irql_assert_passive()) return MEMORY_ERR_IRQL;
    struct region *region = free_region(client, pages);
    if (region == NULL) return MEMORY_ERR_FULL;
    uint32_t first = frame_take_run(pages);
    if (first == MEMORY_FRAME_NONE) return MEMORY_ERR_NO_FRAME;
    for (uint32_t i = 0; i < pages; i++) make_resident(client, client->next + i, first + i, space_entry(protection));
    uintptr_t start = (uintptr_t)frame_words(first);
    add_region(client, region, start, pages, 0);
    *base = start;
    return MEMORY_OK;
}

enum memory_status memory_client_map_stored(struct memory_client *client, uint32_t pages,
                                            enum memory_protection protection, uint32_t store_page, uintptr_t *base)
{
    (void)client;
    (void)pages;
    (void)protection;
    (void)store_page;
    (void)base;
    return MEMORY_ERR_FULL; /* there is no store */
}

#endif
