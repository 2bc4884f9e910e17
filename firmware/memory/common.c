/* SPDX-License-Identifier: Apache-2.0 */
/* Common frames: contiguous runs from the lowest addresses, first fit. */
#include <stddef.h>
#include <string.h>

#include "cache.h"
#include "space.h"

/* One byte a frame. A run is a FIRST and the MOREs behind it. */
enum { FREE = 0, FIRST = 1, MORE = 2, USE = 3, TABLE = 4, GONE = 8 };

static uint8_t common[MEMORY_COMMON_FRAMES];

void common_init(void)
{
    memset(common, FREE, sizeof common);
}

static uint32_t frames_of(uint32_t bytes)
{
    return bytes / MEMORY_PAGE_BYTES + (bytes % MEMORY_PAGE_BYTES != 0u ? 1u : 0u);
}

static uint32_t find(uint32_t count, uint32_t bus_limit)
{
    uint32_t run = 0;
    for (uint32_t i = 0; i < MEMORY_COMMON_FRAMES; i++) {
        if (memory_frame_bus(i) + (MEMORY_PAGE_BYTES - 1u) > bus_limit) break;
        run = common[i] == FREE ? run + 1u : 0u;
        if (run == count) return i + 1u - count;
    }
    return MEMORY_FRAME_NONE;
}

/* Tables are lists of words that are read before they are written, and nobody gets somebody else's old bytes. */
static void clear(uint32_t first, uint32_t count)
{
    for (uint32_t number = first; number < first + count; number++) {
        memset(frame_words(number), 0, MEMORY_PAGE_BYTES);
    }
}

static uint32_t take(uint32_t bytes, uint32_t bus_limit, uint8_t kind)
{
    if (bytes == 0u) return 0;
    uint32_t count = frames_of(bytes);
    enum irql old = space_enter();
    uint32_t first = find(count, bus_limit);
    for (uint32_t i = 0; first != MEMORY_FRAME_NONE && i < count; i++) {
        common[first + i] = (uint8_t)((i == 0u ? FIRST : MORE) | kind);
    }
    space_leave(old);
    if (first == MEMORY_FRAME_NONE) return 0;
    clear(first, count);
    return memory_frame_bus(first);
}

/* Is [first, first + count) exactly one run? */
static bool is_run(uint32_t first, uint32_t count)
{
    if (count == 0u || first >= MEMORY_COMMON_FRAMES || count > MEMORY_COMMON_FRAMES - first) return false;
    if ((common[first] & USE) != FIRST) return false;
    for (uint32_t i = 1; i < count; i++) {
        if ((common[first + i] & USE) != MORE) return false;
    }
    return first + count == MEMORY_COMMON_FRAMES || (common[first + count] & USE) != MORE;
}

static bool give(uint32_t bus, uint32_t bytes)
{
    if (bus % MEMORY_PAGE_BYTES != 0u) return false;
    uint32_t first = memory_frame_of_bus(bus);
    uint32_t count = frames_of(bytes);
    enum irql old = space_enter();
    bool known = is_run(first, count);
    for (uint32_t i = 0; known && i < count; i++) {
        common[first + i] = (common[first + i] & GONE) != 0u ? GONE : FREE;
    }
    space_leave(old);
    return known;
}

uint32_t memory_common_take(uint32_t bytes, uint32_t bus_limit)
{
    return take(bytes, bus_limit, 0);
}

bool memory_common_give(uint32_t bus, uint32_t bytes)
{
    return give(bus, bytes);
}

uint32_t common_table_take(uint32_t bytes)
{
    return take(bytes, UINT32_MAX, TABLE);
}

void common_table_give(uint32_t bus, uint32_t bytes)
{
    if (bus != 0u) (void)give(bus, bytes);
}

bool common_quarantine(uint32_t frame)
{
    if (frame >= MEMORY_COMMON_FRAMES) return false;
    enum irql old = space_enter();
    common[frame] |= GONE;
    space_leave(old);
    return true;
}

uint32_t common_taken(void)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < MEMORY_COMMON_FRAMES; i++) {
        if ((common[i] & USE) != FREE && (common[i] & TABLE) == 0u) count++;
    }
    return count;
}

uint32_t common_quarantined(void)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < MEMORY_COMMON_FRAMES; i++) count += (common[i] & GONE) != 0u ? 1u : 0u;
    return count;
}
