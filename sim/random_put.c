// SPDX-License-Identifier: Apache-2.0
//
// Random descriptors in their slots: a ring, segments behind its links, and now and then one that is wrong.
#include "random_private.h"

enum { DEPTH_MOST = 3, SEGMENT_MOST = 10 };

// Software may SKIP to a second slot, so it is permitted as any other is.
static void write_words(struct random_case *random, unsigned channel, uint32_t slot, const uint32_t words[4])
{
    for (uint32_t i = 0; i < 4; i++) {
        memory_set_word(random->engine->memory, slot + 4 * i, words[i]);
        reference_set_word(random->reference, slot + 4 * i, words[i]);
    }
    memory_forbid(random->engine->memory, slot, SLOT_BYTES);
    if (!random->channels[channel].cyclic) memory_permit(random->engine->memory, slot + DRAY_WRITE_BACK_MOVED, 8);
}

static void write_slot(struct random_case *random, unsigned channel, uint16_t index, uint32_t slot, const struct descriptor *made,
                       uint32_t control)
{
    write_words(random, channel, slot, (const uint32_t[4]){ made->source, made->destination, made->length, control });
    if (random->note_count < RANDOM_NOTES)
        random->notes[random->note_count++] = (struct random_note){ channel, index, slot, *made };
}

static void write_second(struct random_case *random, unsigned channel, uint32_t slot, const struct descriptor *made,
                         unsigned generation, const uint32_t turned[2])
{
    uint32_t count = made->rows << DRAY_SECOND_COUNT_ROWS_SHIFT | (uint32_t)generation << DRAY_SECOND_COUNT_GENERATION_SHIFT;
    write_words(random, channel, slot, (const uint32_t[4]){ (uint32_t)made->source_stride, (uint32_t)made->destination_stride,
                                                            turned[0], count ^ turned[1] });
}

// ---- a descriptor at a slot, and the segments behind it

struct spot {
    unsigned channel;
    uint16_t index;
    unsigned generation, depth;
    uint32_t slot;
    bool     last; // of its segment, or any of the ring: a link may stand here
    bool     alone; // no slot follows: the segment ends here, or the ring wraps
    bool     full;  // ... or nothing more is wanted
};

// @return how many slots it takes, 0 if there is no room for what it moves.
static unsigned put_at(struct random_case *random, const struct spot *spot, bool *ends);

// Slots for a segment in the channel's own memory; its descriptors. @return how many, 0 if there is no room.
static unsigned put_segment(struct random_case *random, const struct spot *link, uint32_t *at, bool *ends)
{
    struct random_channel *own   = &random->channels[link->channel];
    unsigned               count = 1 + random_below(random, SEGMENT_MOST);
    own->segment_at += random_below(random, 9) * SLOT_BYTES;
    if (own->segment_at + count * SLOT_BYTES > RANDOM_SEGMENT_LEN) return 0;
    *at = random_segments(link->channel) + own->segment_at;
    own->segment_at += count * SLOT_BYTES;
    for (unsigned i = 0, slots; i < count; i += slots) {
        struct spot spot = *link;
        spot.depth++;
        spot.slot  = *at + i * SLOT_BYTES;
        spot.last  = i + 1 == count;
        spot.alone = spot.last;
        slots      = put_at(random, &spot, ends);
        if (slots == 0) return i;
    }
    return count;
}

// One of two slots where there is room for them, and now and then where there is not.
static bool wants_rows(struct random_case *random, const struct spot *spot)
{
    if (!random_has_rows(random) || (spot->alone ? !random->has_errors : spot->full)) return false;
    return random_once_in(random, spot->alone ? 60 : 5);
}

static bool make(struct random_case *random, unsigned channel, bool rows, struct descriptor *made, bool *ends)
{
    if (rows) return random_make_rows(random, channel, made);
    if (random_has_lists(random) && random_once_in(random, 4) && random_make_list(random, channel, made, ends)) return true;
    if (random_fills(random) && random_once_in(random, 6)) return random_make_fill(random, channel, made);
    return random_make_linear(random, channel, made);
}

static unsigned put_at(struct random_case *random, const struct spot *spot, bool *ends)
{
    struct descriptor made;
    uint32_t          at = 0, turned = 0, turned_second[2] = { 0, 0 };
    unsigned          count = 0;
    bool              rows  = wants_rows(random, spot);
    if (!rows && spot->last && spot->depth < DEPTH_MOST && random_once_in(random, spot->depth == 0 ? 12 : 3))
        count = put_segment(random, spot, &at, ends);
    if (count != 0)
        made = (struct descriptor){ .type = DRAY_DESC_TYPE_LINK, .source = at, .length = count,
                                    .flags = random_flags(random, spot->channel), .tag = random_below(random, 4096) };
    else if (!make(random, spot->channel, rows, &made, ends))
        return 0;
    if (rows && !spot->alone && random->has_errors && random_once_in(random, 14))
        *ends = random_spoil_second(random, spot->slot + SLOT_BYTES, &made, turned_second) || *ends;
    if (rows && spot->alone) *ends = true;
    if (random->has_errors && random_once_in(random, 14))
        *ends = random_spoil(random, spot->channel, spot->slot, &made, &turned) || *ends;
    write_slot(random, spot->channel, spot->index, spot->slot, &made, descriptor_control(&made, spot->generation) ^ turned);
    if (!rows || spot->alone) return 1;
    write_second(random, spot->channel, spot->slot + SLOT_BYTES, &made, spot->generation, turned_second);
    return 2;
}

bool random_put(struct random_case *random, unsigned channel, unsigned count)
{
    struct random_channel *own  = &random->channels[channel];
    bool                   ends = false;
    own->ends_in_two = false;
    for (unsigned i = 0; i < count;) {
        struct spot spot = { .channel    = channel,
                             .index      = own->cyclic ? (uint16_t)i : own->ring.producer,
                             .generation = own->cyclic ? 0 : ring_generation(&own->ring, own->ring.producer),
                             .last       = true };
        uint32_t mask = (1u << own->ring.slots_lg) - 1u;
        spot.slot  = (uint32_t)ring_slot(&own->ring, spot.index);
        spot.alone = (spot.index & mask) == mask;
        spot.full  = i + 1 == count;
        unsigned slots = put_at(random, &spot, &ends);
        if (slots == 0 && !own->cyclic) return ends;
        if (slots == 0) own->target_at = own->window_at = 0; // every slot of a cyclic ring is filled
        i += slots;
        own->ends_in_two = slots == 2;
        if (!own->cyclic) own->ring.producer = (uint16_t)(own->ring.producer + slots);
    }
    return ends;
}
