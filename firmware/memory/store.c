/* SPDX-License-Identifier: Apache-2.0 */
/* The backing store: the last pages of host memory, standing for a disk. */
#include <stddef.h>
#include <string.h>

#include "cache.h"
#include "memory_pager.h"
#include "space.h"

#define WORD_BITS 32u
#define WORDS     (MEMORY_STORE_PAGES / WORD_BITS + 1u)

static uint32_t taken[WORDS];

void store_init(void)
{
    memset(taken, 0, sizeof taken);
}

static bool is_taken(uint32_t page)
{
    return (taken[page / WORD_BITS] >> page % WORD_BITS & 1u) != 0u;
}

static void mark(uint32_t first, uint32_t pages)
{
    for (uint32_t page = first; page < first + pages; page++) taken[page / WORD_BITS] |= 1u << page % WORD_BITS;
}

/* From the end: what loader and firmware agree on lies at the start. */
uint32_t store_take(uint32_t pages)
{
    uint32_t run = 0;
    for (uint32_t page = MEMORY_STORE_PAGES; page-- > 0u;) {
        run = is_taken(page) ? 0u : run + 1u;
        if (run == pages) {
            mark(page, pages);
            return page;
        }
    }
    return MEMORY_STORE_PAGES;
}

void store_give(uint32_t first, uint32_t pages)
{
    for (uint32_t page = first; page < first + pages; page++) taken[page / WORD_BITS] &= ~(1u << page % WORD_BITS);
}

bool memory_store_reserve(uint32_t store_page, uint32_t pages)
{
    (void)irql_assert_passive();
    if (store_page > MEMORY_STORE_PAGES || pages > MEMORY_STORE_PAGES - store_page) return false;
    for (uint32_t page = store_page; page < store_page + pages; page++) {
        if (is_taken(page)) return false;
    }
    mark(store_page, pages);
    return true;
}

uint8_t *memory_store_at(uint32_t store_page)
{
    return cache_cpu(memory_store_bus(store_page));
}
