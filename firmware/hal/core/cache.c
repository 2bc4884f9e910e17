/* SPDX-License-Identifier: Apache-2.0 */
/* Caches and bridges of the SoC, and the addresses that go round them. */
#include "cache.h"

#include <stddef.h>

#include "../machine.h"
#include "clock.h"
#include "core.h"
#include "mmio.h"
#include "soc.h"

static struct cache_counts counts;

void machine_cache_init(void)
{
    cache_invalidate();
    counts = (struct cache_counts){ 0 };
}

void cache_drain(void)
{
    counts.drains++;
    mmio_publish();
}

void cache_invalidate(void)
{
    counts.invalidates++;
    mmio_publish();
#if HAL_HAS_CACHE
    core_cache_empty();
#endif
    __asm__ __volatile__("" ::: "memory");
}

enum cache_status cache_posted_flush(uint32_t timeout_cycles)
{
    counts.flushes++;
#if HAL_HAS_BRIDGES
    mmio_write32(SOC_REGISTERS + SOC_SYSTEM_FLUSH, 1u);
    uint32_t begin = clock_cycles();
    while ((mmio_read32(SOC_REGISTERS + SOC_SYSTEM_FLUSH) & SOC_SYSTEM_FLUSH_BUSY_MASK) != 0u) {
        if (clock_cycles() - begin < timeout_cycles) continue;
        counts.timeouts++;
        return CACHE_TIMEOUT;
    }
#else
    (void)timeout_cycles;
#endif
    return CACHE_OK;
}

struct cache_counts cache_counts(void)
{
    return counts;
}

void *cache_cpu(uint32_t bus)
{
    if (bus - SOC_BUS_HOST < SOC_BUS_HOST_BYTES) return (void *)(uintptr_t)bus;
    return cache_uncached(bus);
}

void *cache_uncached(uint32_t bus)
{
    if (bus - SOC_BUS_HOST >= SOC_BUS_BYTES) return NULL;
    return (void *)(uintptr_t)(bus + SOC_UNCACHED_OFFSET);
}

uint32_t cache_bus(const void *cpu)
{
    uint32_t address = (uint32_t)(uintptr_t)cpu;
    if (address - SOC_BUS_HOST < SOC_BUS_HOST_BYTES) return address;
    uint32_t bus = address - SOC_UNCACHED_OFFSET;
    return bus - SOC_BUS_HOST < SOC_BUS_BYTES ? bus : 0u;
}
