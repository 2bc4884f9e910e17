// SPDX-License-Identifier: Apache-2.0
//
// Makes up packets, and shows their beats one by one.
#include "source.h"

#include "memory.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

void source_init(struct source *source, struct axis *bus, unsigned width_bytes)
{
    *source    = (struct source){ .bus = bus, .width_bytes = width_bytes, .random = 1, .content = 3 };
    bus->valid = false;
}

void source_end(struct source *source)
{
    free(source->bytes);
    free(source->packets);
    source->bytes   = NULL;
    source->packets = NULL;
}

void source_packet(struct source *source, size_t count, bool bare_end)
{
    if (bare_end) count = count / source->width_bytes * source->width_bytes;
    if (count == 0) bare_end = true;
    if (source->count + count > source->room) {
        source->room  = 2 * (source->count + count);
        source->bytes = realloc(source->bytes, source->room);
        if (source->bytes == NULL) abort();
    }
    if (source->packet_count == source->packet_room) {
        source->packet_room = 2 * source->packet_room + 16;
        source->packets     = realloc(source->packets, source->packet_room * sizeof *source->packets);
        if (source->packets == NULL) abort();
    }
    for (size_t i = 0; i < count; i++) source->bytes[source->count + i] = (uint8_t)(memory_random(&source->content) >> 40);
    source->packets[source->packet_count++] = (struct source_packet){ source->count, count, bare_end };
    source->count += count;
}

const struct source_packet *source_at(struct source *source, size_t n)
{
    while (n >= source->packet_count && source->endless != 0) {
        uint64_t random = memory_random(&source->content) >> 16;
        source_packet(source, random % source->endless, random >> 32 & 1);
    }
    assert(n < source->packet_count);
    return &source->packets[n];
}

static bool has_more(const struct source *source)
{
    return source->endless != 0 || source->packet < source->packet_count;
}

static void show(struct source *source)
{
    const struct source_packet *packet = source_at(source, source->packet);
    size_t       left = packet->count - source->at;
    unsigned     kept = left < source->width_bytes ? (unsigned)left : source->width_bytes;
    struct axis *beat = source->bus;
    beat->valid = true;
    beat->last  = left == kept && !(packet->bare_end && kept != 0);
    beat->keep  = (uint16_t)((1u << kept) - 1u);
    beat->id    = (uint8_t)source->packet;
    beat->dest  = (uint8_t)~source->packet;
    for (unsigned i = 0; i < BUS_BYTES_MAX; i++) beat->data[i] = (uint8_t)(memory_random(&source->random) >> 40);
    if (kept != 0) memcpy(beat->data, source->bytes + packet->first + source->at, kept);
    source->at += kept;
    if (!beat->last) return;
    source->at = 0;
    source->packet++;
}

static bool shows_next(struct source *source)
{
    switch (source->mode) {
    case SOURCE_SILENT: return false;
    case SOURCE_ALWAYS: return true;
    case SOURCE_RANDOM: return (memory_random(&source->random) >> 56) < source->chance;
    }
    return false;
}

void source_clock(struct source *source)
{
    struct axis *bus = source->bus;
    if (bus->valid && bus->ready) {
        source->beats++;
        bus->valid = false;
    }
    if (!bus->valid && has_more(source) && shows_next(source)) show(source);
}
