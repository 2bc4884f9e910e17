/* SPDX-License-Identifier: Apache-2.0 */
/* The MMU of a host build: Sv32 tables walked in software, and a translation buffer that is as forgetful as the core's.
 *
 * Like VexRiscv it ignores the A and D bits, keeps a translation until user_table_changed(), and does not keep a miss:
 * gaining a mapping needs no call, losing or widening a right does. */
#include "user.h"

#include <stddef.h>
#include <string.h>

#include "cache.h"
#include "hostbus.h"

#define BUFFER 64u

static uint32_t root;
static struct {
    uint32_t page;  /* page number + 1; 0 empty */
    uint32_t entry;
} buffer[BUFFER];

void hostuser_init(void)
{
    user_table_set(0);
}

void user_table_changed(void)
{
    memset(buffer, 0, sizeof buffer);
}

void user_table_set(uint32_t table)
{
    root = table;
    user_table_changed();
}

static uint32_t entry_of(uint32_t table, uint32_t index)
{
    uint32_t entry;
    const uint8_t *at = cache_cpu(table);
    if (at == NULL || index >= USER_TABLE_ENTRIES) return 0;
    at = cache_cpu(table + index * 4u);
    memcpy(&entry, at, sizeof entry);
    return entry;
}

/* 0 when there is no page. */
static uint32_t walk(uint32_t page)
{
    if (root == 0u) return 0;
    uint32_t pointer = entry_of(root, page / USER_TABLE_ENTRIES);
    if ((pointer & USER_PTE_V) == 0u) return 0;
    if ((pointer & (USER_PTE_R | USER_PTE_W | USER_PTE_X)) != 0u) return 0;
    uint32_t entry = entry_of(user_pte_bus(pointer), page % USER_TABLE_ENTRIES);
    return (entry & USER_PTE_V) != 0u ? entry : 0u;
}

static uint8_t *translate(uint32_t address, uint32_t right)
{
    uint32_t page = address / HAL_PAGE_BYTES;
    uint32_t slot = page % BUFFER;
    if (buffer[slot].page != page + 1u) {
        uint32_t entry = walk(page);
        if (entry == 0u) return NULL;
        buffer[slot].page = page + 1u;
        buffer[slot].entry = entry;
    }
    uint32_t entry = buffer[slot].entry;
    if ((entry & right) == 0u) return NULL;
    uint8_t *at = cache_cpu(user_pte_bus(entry));
    return at == NULL ? NULL : at + address % HAL_PAGE_BYTES;
}

static bool load(uint32_t address, void *to, size_t bytes)
{
    const uint8_t *at = translate(address, USER_PTE_R);
    if (at != NULL) memcpy(to, at, bytes);
    return at != NULL;
}

static bool store(uint32_t address, const void *from, size_t bytes)
{
    uint8_t *at = translate(address, USER_PTE_W);
    if (at != NULL) memcpy(at, from, bytes);
    return at != NULL;
}

bool user_load8(uint32_t address, uint8_t *value)
{
    return load(address, value, sizeof *value);
}

bool user_store8(uint32_t address, uint8_t value)
{
    return store(address, &value, sizeof value);
}

bool user_load32(uint32_t address, uint32_t *value)
{
    return load(address, value, sizeof *value);
}

bool user_store32(uint32_t address, uint32_t value)
{
    return store(address, &value, sizeof value);
}

bool user_load_block(uint32_t address, uint32_t words[USER_BLOCK_WORDS])
{
    return load(address, words, USER_BLOCK_WORDS * 4u);
}

bool user_store_block(uint32_t address, const uint32_t words[USER_BLOCK_WORDS])
{
    return store(address, words, USER_BLOCK_WORDS * 4u);
}
