/* SPDX-License-Identifier: Apache-2.0 */
/* Both memories, round every cache and bridge: each word tells its own address, then the opposite. */
#include "selftest.h"

#include "cache.h"
#include "console.h"
#include "mmio.h"
#include "soc.h"

#define KIB 1024u

static uint32_t content(uint32_t at, uint32_t flip)
{
    return (at * 2654435761u) ^ flip;
}

/* @return words that were not what was written */
static uint32_t words_wrong(volatile uint32_t *words, uint32_t bytes, uint32_t flip)
{
    uint32_t wrong = 0;
    for (uint32_t i = 0; i < bytes / 4u; i++) words[i] = content(i, flip);
    for (uint32_t i = 0; i < bytes / 4u; i++) wrong += words[i] != content(i, flip) ? 1u : 0u;
    return wrong;
}

/* Each byte of some beats alone: the others stay. */
static uint32_t bytes_wrong(volatile uint8_t *bytes)
{
    uint32_t wrong = 0;
    for (uint32_t i = 0; i < 64u; i++) bytes[i] = (uint8_t)i;
    for (uint32_t i = 1; i < 64u; i += 3u) bytes[i] = (uint8_t)~i;
    for (uint32_t i = 0; i < 64u; i++) wrong += bytes[i] != (uint8_t)(i % 3u == 1u ? ~i : i) ? 1u : 0u;
    return wrong;
}

/* The core is not told of a bus error, so the register is asked. @return true: nothing answers there */
static bool nothing_at(uint32_t bus)
{
    const uintptr_t errors = SOC_REGISTERS + SOC_SYSTEM_BUS_ERROR;
    mmio_write32(errors, SOC_SYSTEM_BUS_ERROR_ALIAS_READ_MASK);
    (void)*(const volatile uint32_t *)cache_uncached(bus);
    bool refused = (mmio_read32(errors) & SOC_SYSTEM_BUS_ERROR_ALIAS_READ_MASK) != 0u;
    mmio_write32(errors, SOC_SYSTEM_BUS_ERROR_ALIAS_READ_MASK);
    return refused;
}

static bool one_memory(const char *name, uint32_t bus, uint32_t bytes)
{
    volatile uint32_t *words = cache_uncached(bus);
    uint32_t wrong = words_wrong(words, bytes, 0u) + words_wrong(words, bytes, UINT32_MAX);
    uint32_t bytewise = bytes_wrong(cache_uncached(bus + bytes - 64u));
    bool ends = bytes == SOC_BUS_BYTES / 2u || nothing_at(bus + bytes);
    console_print("memory: %s, %u KiB, %u words and %u bytes wrong, %s\n", name, (unsigned)(bytes / KIB), (unsigned)wrong,
                  (unsigned)bytewise, ends ? "nothing behind it" : "something behind it");
    return wrong + bytewise == 0u && ends;
}

bool selftest_memory(void)
{
    bool host = one_memory("host", SOC_BUS_HOST, SOC_BUS_HOST_BYTES);
    return one_memory("device", SOC_BUS_DEVICE, SOC_BUS_DEVICE_BYTES) && host;
}
