/* SPDX-License-Identifier: Apache-2.0 */
/* Caches of a host build: the CPU's view of host memory is a copy, kept apart from memory until somebody calls.
 *
 *     view      what cached pointers point into
 *     base      what the view was when it last agreed with memory: where they differ, the CPU has written
 *     memory    what the engine sees, and uncached pointers point into
 *
 * So a drain writes exactly the bytes that the CPU wrote, as the host bridge's dirty bits do, and an invalidate
 * brings the rest. A page takes part from the first cache_cpu() for it: whoever goes on from a pointer into the next
 * page has asked for that page before, as memory_common_take() does. */
#include "cache.h"

#include <stddef.h>
#include <string.h>

#include "clock.h"
#include "host.h"
#include "hostbus.h"
#include "soc.h"

#define LINE_BYTES   32u
#define PAGE_BYTES   4096u
#define PAGES        (SOC_BUS_HOST_BYTES / PAGE_BYTES)
#define MEMORY_BYTES (SOC_BUS_HOST_BYTES + SOC_BUS_DEVICE_BYTES)

static uint8_t memory[MEMORY_BYTES];
static uint8_t view[SOC_BUS_HOST_BYTES];
static uint8_t base[SOC_BUS_HOST_BYTES];

/* Pages that take part, in the order in which they came. */
static struct {
    bool     in[PAGES];
    uint16_t list[PAGES];
    unsigned count;
    bool     device; /* device memory was looked at */
} pages;

static struct {
    struct cache_counts counts;
    bool bypassed;
    bool (*flush)(void *context);
    void *flush_context;
} state;

void machine_cache_init(void)
{
    memset(memory, 0, SOC_BUS_HOST_BYTES);
    if (pages.device) memset(memory + SOC_BUS_HOST_BYTES, 0, SOC_BUS_DEVICE_BYTES);
    memset(&pages, 0, sizeof pages);
    state.counts = (struct cache_counts){ 0 };
    state.bypassed = false;
    state.flush = NULL;
    hostbus_init();
    hostuser_init();
}

static bool in_host(uint32_t bus)
{
    return bus - SOC_BUS_HOST < SOC_BUS_HOST_BYTES;
}

uint8_t *host_memory(uint32_t bus, size_t bytes)
{
    uint32_t offset = bus - SOC_BUS_HOST;
    if (offset >= MEMORY_BYTES || bytes > MEMORY_BYTES - offset) return NULL;
    if (offset + bytes > SOC_BUS_HOST_BYTES) pages.device = true;
    return memory + offset;
}

/* A page that comes in agrees with memory, as a line that is fetched does. */
static void take_in(size_t page)
{
    if (pages.in[page]) return;
    pages.in[page] = true;
    pages.list[pages.count++] = (uint16_t)page;
    memcpy(view + page * PAGE_BYTES, memory + page * PAGE_BYTES, PAGE_BYTES);
    memcpy(base + page * PAGE_BYTES, memory + page * PAGE_BYTES, PAGE_BYTES);
}

void *cache_cpu(uint32_t bus)
{
    if (!in_host(bus) || state.bypassed) return cache_uncached(bus);
    take_in((bus - SOC_BUS_HOST) / PAGE_BYTES);
    return view + (bus - SOC_BUS_HOST);
}

void *cache_uncached(uint32_t bus)
{
    return host_memory(bus, 1);
}

static bool within(const uint8_t *cpu, const uint8_t *begin, size_t bytes)
{
    return (uintptr_t)cpu >= (uintptr_t)begin && (uintptr_t)cpu - (uintptr_t)begin < bytes;
}

uint32_t cache_bus(const void *cpu)
{
    const uint8_t *at = cpu;
    if (within(at, view, sizeof view)) return SOC_BUS_HOST + (uint32_t)(at - view);
    if (within(at, memory, sizeof memory)) return SOC_BUS_HOST + (uint32_t)(at - memory);
    return 0;
}

static void write_back(size_t from, size_t bytes)
{
    for (size_t at = from; at < from + bytes; at++) {
        if (view[at] == base[at]) continue;
        memory[at] = view[at];
        base[at] = view[at];
    }
}

void hostbus_drain(void)
{
    for (unsigned i = 0; i < pages.count; i++) {
        size_t at = (size_t)pages.list[i] * PAGE_BYTES;
        if (memcmp(view + at, base + at, PAGE_BYTES) != 0) write_back(at, PAGE_BYTES);
    }
}

void cache_drain(void)
{
    state.counts.drains++;
    hostbus_drain();
}

void cache_invalidate(void)
{
    state.counts.invalidates++;
    hostbus_drain();
    for (unsigned i = 0; i < pages.count; i++) {
        size_t at = (size_t)pages.list[i] * PAGE_BYTES;
        memcpy(view + at, memory + at, PAGE_BYTES);
        memcpy(base + at, memory + at, PAGE_BYTES);
    }
}

enum cache_status cache_posted_flush(uint32_t timeout_cycles)
{
    state.counts.flushes++;
    uint32_t begin = clock_cycles();
    while (state.flush != NULL && !state.flush(state.flush_context)) {
        if (clock_cycles() - begin < timeout_cycles) continue;
        state.counts.timeouts++;
        return CACHE_TIMEOUT;
    }
    return CACHE_OK;
}

struct cache_counts cache_counts(void)
{
    return state.counts;
}

/* The CPU's pointers change with it, so it is for the start of a test. */
void host_cache_bypass(bool bypassed)
{
    hostbus_drain();
    memset(&pages, 0, sizeof pages);
    pages.device = true;
    state.bypassed = bypassed;
}

void host_cache_evict(uint32_t bus)
{
    if (!in_host(bus) || !pages.in[(bus - SOC_BUS_HOST) / PAGE_BYTES]) return;
    write_back((bus - SOC_BUS_HOST) / LINE_BYTES * LINE_BYTES, LINE_BYTES);
}

void host_on_posted_flush(bool (*flush)(void *context), void *context)
{
    state.flush = flush;
    state.flush_context = context;
}
