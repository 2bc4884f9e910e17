/* SPDX-License-Identifier: Apache-2.0 */
/* Gate: identity, SYNC, faults, and the pool of window registers. The guard is in map_guard.c. */
#include "map.h"

#include <assert.h>
#include <string.h>

#include "mmio.h"

#define ID_LETTERS  0x47415445u
#define ALL_ONES    0xffffffffu
#define ENTRIES     0x400u     /* register n of the window stands at ENTRIES + 4 n */
#define FRAME_LOW_LG 26u       /* frame bits in the entry itself; the rest goes through WINDOW_HIGH */
#define READY_POLLS 1000000u   /* the guard is cleared one frame a cycle after reset */

static uint32_t field(uint32_t value, uint32_t mask, uint32_t shift)
{
    return (value & mask) >> shift;
}

static bool bit_get(const uint32_t *bits, unsigned n)
{
    return (bits[n / 32u] >> (n % 32u) & 1u) != 0u;
}

static void bit_set(uint32_t *bits, unsigned n)
{
    bits[n / 32u] |= 1u << (n % 32u);
}

static void bit_clear(uint32_t *bits, unsigned n)
{
    bits[n / 32u] &= ~(1u << (n % 32u));
}

const char *map_status_name(enum map_status status)
{
    switch (status) {
    case MAP_OK:           return "ok";
    case MAP_ERR_ARGUMENT: return "bad argument";
    case MAP_ERR_ABSENT:   return "no gate";
    case MAP_ERR_FULL:     return "no register free";
    case MAP_ERR_STATE:    return "wrong state";
    case MAP_ERR_OUTSIDE:  return "not guarded";
    }
    return "unknown";
}

static bool wait_ready(uintptr_t base)
{
    for (unsigned i = 0; i < READY_POLLS; i++) {
        if ((mmio_read32(base + DRAY_GATE_CAPABILITIES) & DRAY_GATE_CAPABILITIES_READY_MASK) != 0u) return true;
    }
    return false;
}

enum map_status map_init(struct map *map, uintptr_t base, uint8_t *counts, size_t count_bytes)
{
    assert(map != NULL);

    if (base % sizeof(uint32_t) != 0u) return MAP_ERR_ARGUMENT;
    if (mmio_read32(base + DRAY_GATE_ID) != ID_LETTERS || !wait_ready(base)) return MAP_ERR_ABSENT;

    uint32_t caps = mmio_read32(base + DRAY_GATE_CAPABILITIES);
    struct map found = {
        .base = base,
        .window_base = mmio_read32(base + DRAY_GATE_WINDOW_BASE),
        .guard_base = mmio_read32(base + DRAY_GATE_GUARD_BASE),
        .guard_frames = mmio_read32(base + DRAY_GATE_GUARD_SIZE),
        .registers = (uint16_t)field(caps, DRAY_GATE_CAPABILITIES_WINDOW_MASK, DRAY_GATE_CAPABILITIES_WINDOW_SHIFT),
        .page_lg = (uint8_t)field(caps, DRAY_GATE_CAPABILITIES_PAGE_LG_MASK, DRAY_GATE_CAPABILITIES_PAGE_LG_SHIFT),
        .channels = (uint8_t)field(caps, DRAY_GATE_CAPABILITIES_CHANNELS_MASK, DRAY_GATE_CAPABILITIES_CHANNELS_SHIFT),
        .addr_bits = (uint8_t)field(caps, DRAY_GATE_CAPABILITIES_ADDR_WIDTH_MASK, DRAY_GATE_CAPABILITIES_ADDR_WIDTH_SHIFT),
        .counts = counts,
    };
    found.page_bytes = 1u << found.page_lg;
    found.guard_first = found.guard_base >> found.page_lg;
    if (found.registers > MAP_REGISTERS_MAX || found.channels == 0u || found.channels > MAP_CHANNELS_MAX) return MAP_ERR_ABSENT;
    size_t needed = MAP_COUNT_BYTES(found.guard_frames, found.channels);
    if (needed > count_bytes || (needed != 0u && counts == NULL)) return MAP_ERR_ARGUMENT;

    /* Whatever stood in the window and the guard before is closed: the books begin empty, and so does the gate. */
    for (uint32_t reg = 0; reg < found.registers; reg++) mmio_write32(base + ENTRIES + 4u * reg, 0u);
    for (uint32_t channel = 0; channel < found.channels; channel++) {
        for (uint32_t frame = 0; frame < found.guard_frames; frame++) {
            mmio_write32(base + DRAY_GATE_GUARD_SET, frame | channel << DRAY_GATE_GUARD_SET_CHANNEL_SHIFT);
        }
    }
    if (needed != 0u) memset(counts, 0, needed);
    *map = found;
    return MAP_OK;
}

enum map_status map_registers_take(struct map *map, unsigned count, unsigned *first)
{
    assert(map != NULL && first != NULL);

    if (count == 0u) return MAP_ERR_ARGUMENT;
    unsigned run = 0;
    for (unsigned reg = 0; reg < map->registers; reg++) {
        run = bit_get(map->taken, reg) ? 0u : run + 1u;
        if (run < count) continue;
        *first = reg + 1u - count;
        for (unsigned i = 0; i < count; i++) bit_set(map->taken, *first + i);
        return MAP_OK;
    }
    return MAP_ERR_FULL;
}

enum map_status map_registers_give(struct map *map, unsigned first, unsigned count)
{
    assert(map != NULL);

    if (count == 0u || first >= map->registers || count > map->registers - first) return MAP_ERR_ARGUMENT;
    for (unsigned reg = first; reg < first + count; reg++) {
        if (!bit_get(map->taken, reg) || bit_get(map->valid, reg)) return MAP_ERR_STATE;
    }
    for (unsigned reg = first; reg < first + count; reg++) bit_clear(map->taken, reg);
    return MAP_OK;
}

unsigned map_registers_free(const struct map *map)
{
    assert(map != NULL);

    unsigned best = 0, run = 0;
    for (unsigned reg = 0; reg < map->registers; reg++) {
        run = bit_get(map->taken, reg) ? 0u : run + 1u;
        if (run > best) best = run;
    }
    return best;
}

enum map_status map_entry_set(struct map *map, unsigned reg, uint64_t frame, unsigned channel, enum map_access access)
{
    assert(map != NULL);

    if (reg >= map->registers || channel >= map->channels || access == 0) return MAP_ERR_ARGUMENT;
    if (!bit_get(map->taken, reg) || bit_get(map->valid, reg)) return MAP_ERR_STATE;

    uint32_t low = (uint32_t)frame & ((1u << FRAME_LOW_LG) - 1u);
    uint32_t high = (uint32_t)(frame >> FRAME_LOW_LG);
    uint32_t entry = DRAY_GATE_WINDOW_ENTRY_WORD_VALID_MASK | low << DRAY_GATE_WINDOW_ENTRY_WORD_FRAME_SHIFT
                     | channel << DRAY_GATE_WINDOW_ENTRY_WORD_CHANNEL_SHIFT;
    if ((access & MAP_READ) != 0) entry |= DRAY_GATE_WINDOW_ENTRY_WORD_MAY_READ_MASK;
    if ((access & MAP_WRITE) != 0) entry |= DRAY_GATE_WINDOW_ENTRY_WORD_MAY_WRITE_MASK;
    /* Staged bits stay for the next entry too, so they are written wherever a build may have them. */
    if (map->addr_bits > map->page_lg + FRAME_LOW_LG) mmio_write32(map->base + DRAY_GATE_WINDOW_HIGH, high);
    mmio_write32(map->base + ENTRIES + 4u * reg, entry);
    bit_set(map->valid, reg);
    return MAP_OK;
}

enum map_status map_entry_clear(struct map *map, unsigned reg)
{
    assert(map != NULL);

    if (reg >= map->registers) return MAP_ERR_ARGUMENT;
    if (!bit_get(map->valid, reg)) return MAP_ERR_STATE;
    mmio_write32(map->base + ENTRIES + 4u * reg, 0u);
    bit_clear(map->valid, reg);
    return MAP_OK;
}

uint64_t map_window_address(const struct map *map, unsigned reg)
{
    assert(map != NULL && reg < map->registers);
    return map->window_base + ((uint64_t)reg << map->page_lg);
}

void map_sync_start(struct map *map)
{
    assert(map != NULL);
    mmio_write32(map->base + DRAY_GATE_SYNC, DRAY_GATE_SYNC_PENDING_MASK);
}

bool map_synced(const struct map *map)
{
    assert(map != NULL);
    /* All ones has the pending bit set too: a gate that is gone never says that frames are free. */
    return (mmio_read32(map->base + DRAY_GATE_SYNC) & DRAY_GATE_SYNC_PENDING_MASK) == 0u;
}

bool map_fault_take(struct map *map, struct map_fault *fault)
{
    assert(map != NULL && fault != NULL);

    uint32_t status = mmio_read32(map->base + DRAY_GATE_FAULT_STATUS);
    if (status == ALL_ONES || (status & DRAY_GATE_FAULT_STATUS_VALID_MASK) == 0u) return false;
    uint32_t info = mmio_read32(map->base + DRAY_GATE_FAULT_INFO);
    uint64_t high = mmio_read32(map->base + DRAY_GATE_FAULT_ADDR_HIGH) & DRAY_GATE_FAULT_ADDR_HIGH_ADDR_MASK;
    *fault = (struct map_fault){
        .address = high << 32 | mmio_read32(map->base + DRAY_GATE_FAULT_ADDR),
        .cause = field(info, DRAY_GATE_FAULT_INFO_CAUSE_MASK, DRAY_GATE_FAULT_INFO_CAUSE_SHIFT),
        .count = field(status, DRAY_GATE_FAULT_STATUS_COUNT_MASK, DRAY_GATE_FAULT_STATUS_COUNT_SHIFT),
        .channel = (uint8_t)field(info, DRAY_GATE_FAULT_INFO_CHANNEL_MASK, DRAY_GATE_FAULT_INFO_CHANNEL_SHIFT),
        .access = (info & DRAY_GATE_FAULT_INFO_IS_WRITE_MASK) != 0u ? MAP_WRITE : MAP_READ,
    };
    mmio_write32(map->base + DRAY_GATE_FAULT_STATUS, DRAY_GATE_FAULT_STATUS_VALID_MASK);
    return true;
}

unsigned map_outstanding(const struct map *map, unsigned channel)
{
    assert(map != NULL && channel < map->channels);

    uint32_t counts = mmio_read32(map->base + DRAY_GATE_OUTSTANDING(channel));
    return field(counts, DRAY_GATE_OUTSTANDING_READS_MASK, DRAY_GATE_OUTSTANDING_READS_SHIFT)
           + field(counts, DRAY_GATE_OUTSTANDING_WRITES_MASK, DRAY_GATE_OUTSTANDING_WRITES_SHIFT);
}
