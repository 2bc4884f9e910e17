/* SPDX-License-Identifier: Apache-2.0 */
/* Common buffers: contiguous frames, open in the guard or standing in the window for their whole life. */
#include "packet.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "cache.h"
#include "irql.h"
#include "memory_frame.h"
#include "packet_private.h"
#include "violation.h"

static struct packet_common *entry_free(struct packet_system *system)
{
    for (unsigned i = 0; i < PACKET_COMMON_MAX; i++) {
        if (system->common[i].adapter == NULL) return &system->common[i];
    }
    return NULL;
}

static void close_pages(struct packet_adapter *adapter, const struct packet_common *common, uint32_t pages)
{
    struct map *map = adapter->map;
    for (uint32_t i = 0; i < pages; i++) {
        if (adapter->config.windowed) (void)map_entry_clear(map, common->first_register + i);
        else (void)map_guard_close(map, common->bus / MEMORY_PAGE_BYTES + i, adapter->channel, MAP_READ_WRITE);
    }
}

static bool open_pages(struct packet_adapter *adapter, const struct packet_common *common)
{
    struct map *map = adapter->map;
    for (uint32_t i = 0; i < common->registers; i++) {
        uint64_t frame = common->bus / MEMORY_PAGE_BYTES + i;
        enum map_status status = adapter->config.windowed
            ? map_entry_set(map, common->first_register + i, frame, adapter->channel, MAP_READ_WRITE)
            : map_guard_open(map, frame, adapter->channel, MAP_READ_WRITE);
        if (status == MAP_OK) continue;
        close_pages(adapter, common, i);
        return false;
    }
    return true;
}

/* A Start that waits was promised registers; a buffer that takes the last of them would strand it. */
static bool leaves_enough(const struct packet_adapter *adapter, uint32_t pages)
{
    return adapter->queued == 0u || packet_registers_lasting(adapter) > pages;
}

static bool common_open(struct packet_adapter *adapter, struct packet_common *common)
{
    bool windowed = adapter->config.windowed;
    uint32_t limit = windowed || adapter->config.reach > UINT32_MAX ? UINT32_MAX : (uint32_t)adapter->config.reach;

    if (!leaves_enough(adapter, common->registers)) return false;
    if (!packet_registers_take_lasting(adapter, common->registers, &common->first_register)) return false;
    common->bus = memory_common_take(common->bytes, limit);
    if (common->bus != 0u) {
        if (open_pages(adapter, common)) return true;
        (void)memory_common_give(common->bus, common->bytes);
    }
    packet_registers_give_lasting(adapter, common->registers, common->first_register);
    return false;
}

static const struct packet_common *take(struct packet_adapter *adapter, uint32_t bytes, bool cached)
{
    assert(adapter != NULL && adapter->open);

    if (bytes == 0u || bytes > SOC_BUS_HOST_BYTES) return NULL;
    enum irql old = irql_raise(IRQL_DISPATCH);
    struct packet_common *common = entry_free(adapter->system);
    struct packet_common taken = { .adapter = adapter, .bytes = bytes, .cached = cached };
    taken.registers = (uint16_t)((bytes + MEMORY_PAGE_BYTES - 1u) / MEMORY_PAGE_BYTES);
    bool opened = common != NULL && common_open(adapter, &taken);
    if (opened) {
        taken.logical = adapter->config.windowed ? map_window_address(adapter->map, taken.first_register) : taken.bus;
        taken.cpu = cached ? cache_cpu(taken.bus) : cache_uncached(taken.bus);
        /* Round the caches, as who had these frames last may have written them; then no line of them is left. */
        memset(cache_uncached(taken.bus), 0, bytes);
        cache_invalidate();
        *common = taken;
        adapter->common++;
    }
    irql_lower(old);
    return opened ? common : NULL;
}

const struct packet_common *packet_common_take_cached(struct packet_adapter *adapter, uint32_t bytes)
{
    return take(adapter, bytes, true);
}

const struct packet_common *packet_common_take_uncached(struct packet_adapter *adapter, uint32_t bytes)
{
    return take(adapter, bytes, false);
}

static struct packet_common *entry_of(const struct packet_common *receipt)
{
    for (unsigned i = 0; i < PACKET_COMMON_MAX; i++) {
        struct packet_common *common = &receipt->adapter->system->common[i];
        if (common->adapter != NULL && common->adapter == receipt->adapter && common->cpu == receipt->cpu
            && common->logical == receipt->logical && common->bytes == receipt->bytes && common->cached == receipt->cached) {
            return common;
        }
    }
    return NULL;
}

enum packet_status packet_common_give(const struct packet_common *receipt)
{
    assert(receipt != NULL);

    enum irql old = irql_raise(IRQL_DISPATCH);
    struct packet_common *common = entry_of(receipt);
    if (common == NULL) {
        irql_lower(old);
        violation_report(VIOL_CB_MISMATCH, (uintptr_t)receipt->cpu, (uintptr_t)receipt->logical, receipt->bytes, receipt->cached);
        return PACKET_ERR_ARGUMENT;
    }
    struct packet_adapter *adapter = common->adapter;
    close_pages(adapter, common, common->registers);
    if (!packet_quiet(adapter)) {
        for (uint32_t i = 0; i < common->registers; i++) (void)memory_frame_quarantine(common->bus + i * MEMORY_PAGE_BYTES);
        adapter->faulted = true;
    }
    (void)memory_common_give(common->bus, common->bytes);
    packet_registers_give_lasting(adapter, common->registers, common->first_register);
    memset(common, 0, sizeof *common);
    adapter->common--;
    packet_serve(adapter, NULL);
    irql_lower(old);
    return PACKET_OK;
}

bool packet_common_held(const struct packet_adapter *adapter, const void *cpu)
{
    assert(adapter != NULL && adapter->open);

    const struct packet_system *system = adapter->system;
    for (unsigned i = 0; i < PACKET_COMMON_MAX; i++) {
        if (system->common[i].adapter == adapter && system->common[i].cpu == cpu) return true;
    }
    return false;
}

void packet_common_sync(void)
{
    cache_invalidate(); /* drains first: what the CPU wrote is in memory, what the engine wrote is seen */
}
