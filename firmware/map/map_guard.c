/* SPDX-License-Identifier: Apache-2.0 */
/* Guard: two counts a frame and channel, of which the gate sees only whether they are zero. */
#include "map.h"

#include <assert.h>

#include "mmio.h"

#define WRITERS_SHIFT 4u
#define HALF_MASK     0xfu

bool map_guarded(const struct map *map, uint64_t frame)
{
    assert(map != NULL);
    return frame - map->guard_first < map->guard_frames; /* below the first: far above the last */
}

static enum map_status check(const struct map *map, uint64_t frame, unsigned channel, enum map_access access)
{
    assert(map != NULL);
    if (channel >= map->channels || (access & MAP_READ_WRITE) == 0) return MAP_ERR_ARGUMENT;
    return map_guarded(map, frame) ? MAP_OK : MAP_ERR_OUTSIDE;
}

/* Which of the guarded frames it is. */
static uint32_t index_of(const struct map *map, uint64_t frame)
{
    return (uint32_t)(frame - map->guard_first);
}

static uint8_t *count_of(const struct map *map, uint32_t index, unsigned channel)
{
    return &map->counts[index * map->channels + channel];
}

static unsigned readers(uint8_t count)
{
    return count & HALF_MASK;
}

static unsigned writers(uint8_t count)
{
    return (unsigned)count >> WRITERS_SHIFT;
}

static void tell_gate(const struct map *map, uint32_t index, unsigned channel, uint8_t count)
{
    uint32_t word = index | channel << DRAY_GATE_GUARD_SET_CHANNEL_SHIFT;
    if (readers(count) != 0u) word |= DRAY_GATE_GUARD_SET_MAY_READ_MASK;
    if (writers(count) != 0u) word |= DRAY_GATE_GUARD_SET_MAY_WRITE_MASK;
    mmio_write32(map->base + DRAY_GATE_GUARD_SET, word);
}

/* The gate is told when a direction opens or closes, not each time one is counted. */
static void change(struct map *map, uint32_t index, unsigned channel, uint8_t after)
{
    uint8_t *count = count_of(map, index, channel);
    bool same = (readers(*count) != 0u) == (readers(after) != 0u) && (writers(*count) != 0u) == (writers(after) != 0u);
    *count = after;
    if (!same) tell_gate(map, index, channel, after);
}

static unsigned step_of(enum map_access access)
{
    return ((access & MAP_READ) != 0 ? 1u : 0u) + ((access & MAP_WRITE) != 0 ? 1u << WRITERS_SHIFT : 0u);
}

/* One more, or one less; no count goes over its edge. */
static enum map_status count_on(struct map *map, uint64_t frame, unsigned channel, enum map_access access, bool opens)
{
    enum map_status status = check(map, frame, channel, access);
    if (status != MAP_OK) return status;

    uint32_t index = index_of(map, frame);
    uint8_t count = *count_of(map, index, channel);
    unsigned edge = opens ? MAP_OPEN_MAX : 0u, step = step_of(access);
    bool over = ((access & MAP_READ) != 0 && readers(count) == edge) || ((access & MAP_WRITE) != 0 && writers(count) == edge);
    if (over) return opens ? MAP_ERR_FULL : MAP_ERR_STATE;
    change(map, index, channel, (uint8_t)(opens ? count + step : count - step));
    return MAP_OK;
}

enum map_status map_guard_open(struct map *map, uint64_t frame, unsigned channel, enum map_access access)
{
    return count_on(map, frame, channel, access, true);
}

enum map_status map_guard_close(struct map *map, uint64_t frame, unsigned channel, enum map_access access)
{
    return count_on(map, frame, channel, access, false);
}

unsigned map_guard_count(const struct map *map, uint64_t frame, unsigned channel, enum map_access access)
{
    assert(access == MAP_READ || access == MAP_WRITE);
    if (check(map, frame, channel, access) != MAP_OK) return 0u;
    uint8_t count = *count_of(map, index_of(map, frame), channel);
    return access == MAP_READ ? readers(count) : writers(count);
}
