/* SPDX-License-Identifier: Apache-2.0 */
/* Firmware's loads and stores to client memory. */
#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "memory_client.h"
#include "memory_pager.h"
#include "space.h"

#define BLOCK_BYTES (USER_BLOCK_WORDS * 4u)

_Static_assert(MEMORY_PAGE_BYTES % BLOCK_BYTES == 0u, "blocks do not cross pages when they are aligned");

/* Where a piece lands: at its place when that is aligned, else in the words beside it. */
static uint32_t *landing(uint8_t *at, uint32_t bytes, uint32_t *words)
{
    return bytes >= 4u && (uintptr_t)at % 4u == 0u ? (void *)at : words;
}

/* How many bytes the next access moves: a block where one fits, a word, a byte. */
static uint32_t piece(uintptr_t address, uint32_t length)
{
    if (address % 4u != 0u || length < 4u) return 1;
    bool fits = address % MEMORY_PAGE_BYTES + BLOCK_BYTES <= MEMORY_PAGE_BYTES;
    return length >= BLOCK_BYTES && fits ? BLOCK_BYTES : 4u;
}

#if HAL_HAS_MMU

static bool load(struct memory_client *client, uintptr_t from, uint32_t *to, uint32_t bytes)
{
    uint8_t byte;
    (void)client;
    if (bytes == BLOCK_BYTES) return user_load_block((uint32_t)from, to);
    if (bytes == 4u) return user_load32((uint32_t)from, to);
    if (!user_load8((uint32_t)from, &byte)) return false;
    memcpy(to, &byte, 1);
    return true;
}

static bool store(struct memory_client *client, uintptr_t to, const uint32_t *from, uint32_t bytes)
{
    uint8_t byte;
    (void)client;
    if (bytes == BLOCK_BYTES) return user_store_block((uint32_t)to, from);
    if (bytes == 4u) return user_store32((uint32_t)to, *from);
    memcpy(&byte, from, 1);
    return user_store8((uint32_t)to, byte);
}

static bool addressable(uintptr_t address)
{
    return address <= UINT32_MAX;
}

#else

static bool load(struct memory_client *client, uintptr_t from, uint32_t *to, uint32_t bytes)
{
    if (space_region(client, from) == NULL) return false;
    memcpy(to, (const void *)from, bytes);
    return true;
}

static bool store(struct memory_client *client, uintptr_t to, const uint32_t *from, uint32_t bytes)
{
    const struct region *region = space_region(client, to);
    if (region == NULL || (client->leaf[space_page(region, to)] & USER_PTE_W) == 0u) return false;
    memcpy((void *)to, from, bytes);
    return true;
}

static bool addressable(uintptr_t address)
{
    (void)address;
    return true;
}

#endif

static enum memory_status check(uintptr_t address, uint32_t length)
{
    if (length == 0u) return MEMORY_OK;
    if (length - 1u > UINTPTR_MAX - address) return MEMORY_ERR_WRAP;
    if (addressable(address) && !addressable(address + (length - 1u))) return MEMORY_ERR_WRAP;
    return addressable(address) ? MEMORY_OK : MEMORY_ERR_RANGE;
}

enum memory_status memory_client_read(struct memory_client *client, uintptr_t from, void *to, uint32_t length)
{
    assert(client != NULL && (to != NULL || length == 0u));
    enum memory_status status = check(from, length);
    if (status != MEMORY_OK) return status;

    struct memory_client *before = memory_client_attach(client);
    uint32_t words[USER_BLOCK_WORDS];
    uint8_t *at = to;
    while (length > 0u && status == MEMORY_OK) {
        uint32_t bytes = piece(from, length);
        uint32_t *to_words = landing(at, bytes, words);
        if (!load(client, from, to_words, bytes)) {
            status = memory_page_in(client, from, MEMORY_ACCESS_READ);
            continue;
        }
        if (to_words == words) memcpy(at, words, bytes);
        at += bytes;
        from += bytes;
        length -= bytes;
    }
    (void)memory_client_attach(before);
    return status;
}

enum memory_status memory_client_write(struct memory_client *client, uintptr_t to, const void *from, uint32_t length)
{
    assert(client != NULL && (from != NULL || length == 0u));
    enum memory_status status = check(to, length);
    if (status != MEMORY_OK) return status;

    struct memory_client *before = memory_client_attach(client);
    uint32_t words[USER_BLOCK_WORDS];
    const uint8_t *at = from;
    while (length > 0u && status == MEMORY_OK) {
        uint32_t bytes = piece(to, length);
        memcpy(words, at, bytes);
        if (!store(client, to, words, bytes)) {
            status = memory_page_in(client, to, MEMORY_ACCESS_WRITE);
            continue;
        }
        at += bytes;
        to += bytes;
        length -= bytes;
    }
    (void)memory_client_attach(before);
    return status;
}

enum memory_status memory_client_copy(struct memory_client *client, uintptr_t to, uintptr_t from, uint32_t length)
{
    uint8_t bytes[BLOCK_BYTES];
    enum memory_status status = check(to, length);
    while (length > 0u && status == MEMORY_OK) {
        uint32_t count = length < sizeof bytes ? length : (uint32_t)sizeof bytes;
        status = memory_client_read(client, from, bytes, count);
        if (status == MEMORY_OK) status = memory_client_write(client, to, bytes, count);
        from += count;
        to += count;
        length -= count;
    }
    return status;
}

enum memory_status memory_client_read32(struct memory_client *client, uintptr_t from, uint32_t *value)
{
    assert(from % 4u == 0u);
    return memory_client_read(client, from, value, sizeof *value);
}

enum memory_status memory_client_write32(struct memory_client *client, uintptr_t to, uint32_t value)
{
    assert(to % 4u == 0u);
    return memory_client_write(client, to, &value, sizeof value);
}
