// SPDX-License-Identifier: Apache-2.0
//
// Random descriptors in their slots: a ring, segments behind its links, and now and then one that is wrong.
#include "random_private.h"

enum { DEPTH_MOST = 3, SEGMENT_MOST = 10 };

void random_set_words(struct random_case *random, unsigned channel, uint64_t addr, const uint32_t *words, unsigned count)
{
    uint64_t physical;
    (void)reference_reach(random->reference, channel, MEMORY_READ, addr, &physical);
    for (uint32_t i = 0; i < count; i++) {
        memory_set_word(random->engine->memory, physical + 4 * i, words[i]);
        reference_set_word(random->reference, physical + 4 * i, words[i]);
    }
}

// Software may SKIP to a second slot, so it is permitted as any other is.
static void write_words(struct random_case *random, unsigned channel, uint64_t slot, const uint32_t words[4])
{
    uint64_t physical;
    (void)reference_reach(random->reference, channel, MEMORY_WRITE, slot, &physical);
    random_set_words(random, channel, slot, words, 4);
    memory_forbid(random->engine->memory, physical, SLOT_BYTES);
    if (!random->channels[channel].cyclic) memory_permit(random->engine->memory, physical + DRAY_WRITE_BACK_MOVED, 8);
}

static void write_slot(struct random_case *random, unsigned channel, uint16_t index, uint64_t slot, const struct descriptor *made,
                       uint32_t control)
{
    write_words(random, channel, slot, (const uint32_t[4]){ (uint32_t)made->source, (uint32_t)made->destination, made->length, control });
    if (random->note_count < RANDOM_NOTES)
        random->notes[random->note_count++] = (struct random_note){ channel, index, slot, *made };
}

// Bits of an address that there is not mean nothing.
static uint32_t idle_bits(struct random_case *random, const struct descriptor *made)
{
    bool no_source      = made->type == DRAY_DESC_TYPE_FILL || (made->flags & DESCRIPTOR_FROM_STREAM);
    bool no_destination = made->type == DRAY_DESC_TYPE_LINK || (made->flags & DESCRIPTOR_TO_STREAM);
    if (!random_is_wide(random) || random_once_in(random, 2)) return 0;
    return (no_source ? random_below(random, 0x10000) : 0) | (no_destination ? random_below(random, 0x10000) << 16 : 0);
}

static void write_second(struct random_case *random, unsigned channel, uint64_t slot, const struct descriptor *made,
                         unsigned generation, const uint32_t turned[2])
{
    uint32_t count = made->rows << DRAY_SECOND_COUNT_ROWS_SHIFT | (uint32_t)generation << DRAY_SECOND_COUNT_GENERATION_SHIFT;
    write_words(random, channel, slot, (const uint32_t[4]){ (uint32_t)made->source_stride, (uint32_t)made->destination_stride,
                                                            (descriptor_high(made) | idle_bits(random, made)) ^ turned[0],
                                                            count ^ turned[1] });
}

// ---- a descriptor at a slot, and the segments behind it

struct spot {
    unsigned channel;
    uint16_t index;
    unsigned generation, depth;
    uint64_t slot;
    bool     last; // of its segment, or any of the ring: a link may stand here
    bool     pair; // ... one of two slots
    bool     alone; // no slot follows: the segment ends here, or the ring wraps
    bool     full;  // ... or nothing more is wanted
};

// @return how many slots it takes, 0 if there is no room for what it moves.
static unsigned put_at(struct random_case *random, const struct spot *spot, bool *ends);

// Slots for a segment in the channel's own memory; its descriptors. @return how many, 0 if there is no room.
static unsigned put_segment(struct random_case *random, const struct spot *link, uint64_t *at, bool *ends)
{
    struct random_channel *own   = &random->channels[link->channel];
    unsigned               count = 1 + random_below(random, SEGMENT_MOST);
    *at = random_edge_place(random, link->channel, RANDOM_EDGE_SEGMENT, count * SLOT_BYTES, SLOT_BYTES);
    if (*at == 0) {
        own->segment_at += random_below(random, 9) * SLOT_BYTES;
        if (own->segment_at + count * SLOT_BYTES > RANDOM_SEGMENT_LEN) return 0;
        *at = random_segments(random, link->channel) + own->segment_at;
        own->segment_at += count * SLOT_BYTES;
    }
    if (*at >> 32 != 0 && !link->pair) return 0; // the link has no second slot
    for (unsigned i = 0, slots; i < count; i += slots) {
        struct spot spot = *link;
        spot.depth++;
        spot.slot  = *at + i * SLOT_BYTES;
        spot.last  = i + 1 == count;
        spot.pair  = i + 2 == count;
        spot.alone = spot.last;
        spot.full  = spot.last;
        slots      = put_at(random, &spot, ends);
        if (slots == 0) return i;
    }
    return count;
}

// Two slots where there is room for them, and now and then where there is not.
static bool may_have_two(struct random_case *random, const struct spot *spot)
{
    if (spot->alone) return random->has_errors && random_once_in(random, 60);
    return !spot->full;
}

static bool make(struct random_case *random, const struct spot *spot, bool two, struct descriptor *made, bool *ends)
{
    unsigned channel = spot->channel;
    random->low = random_is_high(random) && !two;
    if (random->low) return random_make_fill(random, channel, made);
    if (two && random_has_rows(random) && (random_once_in(random, 5) || (spot->alone && !random_is_high(random))))
        return random_make_rows(random, channel, made);
    if (random_has_lists(random) && random_once_in(random, 4) && random_make_list(random, channel, made, ends)) return true;
    if (random_fills(random) && random_once_in(random, 6)) return random_make_fill(random, channel, made);
    return random_make_linear(random, channel, made);
}

static unsigned put_at(struct random_case *random, const struct spot *spot, bool *ends)
{
    struct descriptor made;
    uint64_t          at = 0;
    uint32_t          turned = 0, turned_second[2] = { 0, 0 };
    unsigned          count = 0;
    bool              two   = may_have_two(random, spot);
    bool              links = spot->last || (random_is_wide(random) && spot->pair);
    if (links && spot->depth < DEPTH_MOST && random_once_in(random, spot->depth == 0 ? 12 : 3))
        count = put_segment(random, spot, &at, ends);
    if (count != 0)
        made = (struct descriptor){ .type = DRAY_DESC_TYPE_LINK, .source = at, .length = count,
                                    .flags = random_flags(random, spot->channel), .tag = random_below(random, 4096) };
    else if (!make(random, spot, two, &made, ends))
        return 0;
    if (random_is_wide(random) && two && random_once_in(random, 6)) made.flags |= DESCRIPTOR_TWO_SLOT;
    if (count != 0 && !spot->last) made.flags |= DESCRIPTOR_TWO_SLOT; // amid a segment, unless it is the last with both
    two = descriptor_two(&made);
    if (two) made.flags |= DESCRIPTOR_TWO_SLOT;
    if (two && !spot->alone && random->has_errors && random_once_in(random, 14))
        *ends = random_spoil_second(random, spot->channel, spot->slot + SLOT_BYTES, &made, turned_second) || *ends;
    if (two && spot->alone) *ends = true;
    if (random->has_errors && random_once_in(random, 14))
        *ends = random_spoil(random, spot->channel, spot->slot, &made, &turned) || *ends;
    write_slot(random, spot->channel, spot->index, spot->slot, &made, descriptor_control(&made, spot->generation) ^ turned);
    if (!two || spot->alone) return 1;
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
        spot.slot  = ring_slot(&own->ring, spot.index);
        spot.alone = (spot.index & mask) == mask;
        spot.full  = i + 1 == count;
        spot.pair  = !spot.alone && !spot.full;
        unsigned slots = put_at(random, &spot, &ends);
        if (slots == 0 && !own->cyclic) return ends;
        if (slots == 0) own->target_at = own->window_at = own->edge_at = 0; // every slot of a cyclic ring is filled
        i += slots;
        own->ends_in_two = slots == 2;
        if (!own->cyclic) own->ring.producer = (uint16_t)(own->ring.producer + slots);
    }
    return ends;
}
