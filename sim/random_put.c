// SPDX-License-Identifier: Apache-2.0
//
// Random descriptors: lengths and places at every edge, segments, fences, and now and then one that is wrong.
#include "random_case.h"

#include <assert.h>

enum {
    DEPTH_MOST   = 3,
    SEGMENT_MOST = 10,
    ROWS_MOST    = 12,
    BRIEF_MOST   = 240, // bytes of a brief descriptor
};

static uint32_t lesser(uint32_t a, uint32_t b) { return a < b ? a : b; }

static uint32_t unit_of(const struct random_case *random)
{
    return random->engine->parameters->bytes ? 1 : random->engine->width_bytes;
}

static bool fills(const struct random_case *random) { return random->engine->parameters->fill; }
static bool has_rows(const struct random_case *random) { return random->engine->parameters->rows; }
static bool lists(const struct random_case *random) { return random->engine->parameters->lists; }

static bool is_known(const struct random_case *random, uint32_t type)
{
    if (type == DRAY_DESC_TYPE_FILL) return fills(random);
    if (type == DRAY_DESC_TYPE_LIST) return lists(random);
    return type == DRAY_DESC_TYPE_ROWS ? has_rows(random) : reference_type_known(type);
}


static uint32_t bound_of(const struct random_case *random)
{
    return lesser(random->engine->width_bytes * random->engine->parameters->burst_beats, 1u << random->engine->parameters->page_lg);
}

// ---- errors of the bus

// Two faults never stand in one burst, so that it is known which of them the burst meets.
static bool is_apart(const struct random_case *random, enum memory_direction direction, uint64_t first, uint64_t last)
{
    uint64_t bound = bound_of(random);
    for (unsigned i = 0; i < random->fault_count; i++) {
        const struct memory_fault *other = &random->faults[i];
        if (other->direction == direction && first / bound <= other->last / bound && last / bound >= other->first / bound)
            return false;
    }
    return true;
}

// A fault of whole beats that touches a byte of [addr, addr + count), a logical address of the channel.
static void put_fault(struct random_case *random, unsigned channel, enum memory_direction direction, uint64_t addr, uint32_t count)
{
    uint64_t width = random->engine->width_bytes, physical;
    if (random->fault_count == MEMORY_FAULTS) return;
    if (!reference_reach(random->reference, channel, direction, addr + random_below(random, count), &physical)) return;
    uint64_t first = physical / width * width, last = first + width * (1 + random_below(random, 3)) - 1;
    if (first < ENGINE_MEMORY_BASE || !is_apart(random, direction, first, last)) return;
    random->faults[random->fault_count++] = (struct memory_fault){ .direction = direction,
                                                                   .first     = first,
                                                                   .last      = last,
                                                                   .count     = ~0u,
                                                                   .resp      = random_below(random, 2) ? BUS_SLVERR : BUS_DECERR,
                                                                   .beat      = MEMORY_BEATS_HIT };
}

static void put_slot_fault(struct random_case *random, enum memory_direction direction, uint32_t slot)
{
    uint64_t first = slot, last = slot + SLOT_BYTES - 1u;
    if (random->fault_count == MEMORY_FAULTS || !is_apart(random, direction, first, last)) return;
    random->faults[random->fault_count++] = (struct memory_fault){
        .direction = direction, .first = first, .last = last, .count = ~0u,
        .resp = random_below(random, 2) ? BUS_SLVERR : BUS_DECERR, .beat = MEMORY_BEATS_HIT,
    };
}

// ---- one descriptor

// Most are brief, whatever they consist of: it is the joints between descriptors that are hard.
static bool random_brief(struct random_case *random) { return random_below(random, 5) < 4; }

static uint32_t whole_units(const struct random_case *random, uint32_t length)
{
    uint32_t unit = unit_of(random);
    return (length + unit - 1) / unit * unit;
}

static uint32_t brief_length(struct random_case *random, unsigned pieces)
{
    uint32_t width = random->engine->width_bytes, most = BRIEF_MOST / pieces / width * width, length = 0;
    switch (random_below(random, 6)) {
    case 0: length = 1 + random_below(random, 3); break;
    case 1: length = width * (1 + random_below(random, 4)); break;
    case 2: length = 1 + random_below(random, 2 * width); break;
    case 3:
    case 4: length = 1 + random_below(random, 100); break;
    default: length = 1 + random_below(random, BRIEF_MOST); break;
    }
    return whole_units(random, most == 0 ? 1 : lesser(length, most));
}

static uint32_t long_length(struct random_case *random)
{
    uint32_t width = random->engine->width_bytes, bound = bound_of(random), length = 0;
    switch (random_below(random, 4)) {
    case 0: length = bound * (1 + random_below(random, 3)) - random_below(random, 2) * random_below(random, width + 1); break;
    case 1: length = 1 + random_below(random, 700); break;
    default: length = 1 + random_below(random, random_once_in(random, 4) ? 9000 : 2500); break;
    }
    return whole_units(random, length);
}

// Of each of some pieces of a descriptor, all of it brief or not.
static uint32_t random_length(struct random_case *random, unsigned pieces, bool brief)
{
    return brief ? brief_length(random, pieces) : long_length(random);
}

// An offset of at least `at`: at once, some bytes on, or shortly before or at an edge of beats, bursts or pages.
static uint32_t random_place(struct random_case *random, uint32_t at)
{
    uint32_t unit = unit_of(random), edge = 0;
    switch (random_below(random, 8)) {
    case 0: edge = random->engine->width_bytes; break;
    case 1: edge = bound_of(random); break;
    case 2: edge = random_page(random); break;
    case 3: break;
    default: at += random_below(random, 40); break;
    }
    if (edge != 0) {
        uint32_t back = random_below(random, 2) * random_below(random, 20), next = (at + back + edge - 1) / edge * edge;
        if (next < at + RANDOM_PAGE / 2) at = next - back; // never leave half a page empty
    }
    return (at + unit - 1) / unit * unit;
}

static void permit(struct random_case *random, unsigned channel, uint32_t addr, uint32_t count)
{
    for (uint32_t done = 0, span; done < count; done += span) {
        uint64_t physical;
        span = lesser(count - done, random_page(random) - (addr + done) % random_page(random));
        if (reference_reach(random->reference, channel, MEMORY_WRITE, addr + done, &physical))
            memory_permit(random->engine->memory, physical, span);
    }
}

// A place to write to that nobody has yet, in the channel's own memory or behind its window. @return 0 if there is none.
static uint32_t random_target_place(struct random_case *random, unsigned channel, uint32_t length)
{
    struct random_channel *own      = &random->channels[channel];
    bool                   windowed = random_has_window(random) && random_once_in(random, 3);
    uint32_t *used = windowed ? &own->window_at : &own->target_at;
    uint32_t  room = windowed ? RANDOM_WINDOW * random_page(random) : RANDOM_TARGET_LEN;
    uint32_t  base = windowed ? (uint32_t)random->engine->parameters->window_base + channel * RANDOM_WINDOW * random_page(random)
                              : random_target(channel);
    uint32_t at = random_place(random, *used);
    if (at + length > room) return 0;
    *used = at + length;
    return base + at;
}

static struct random_note *earlier(struct random_case *random, unsigned channel)
{
    if (random->note_count == 0) return NULL;
    struct random_note *note = &random->notes[random_below(random, random->note_count)];
    bool writes = note->descriptor.type != DRAY_DESC_TYPE_LINK && note->descriptor.type != DRAY_DESC_TYPE_LIST &&
                  !(note->descriptor.flags & DESCRIPTOR_TO_STREAM);
    return note->channel == channel && writes && note->descriptor.length < RANDOM_TARGET_LEN ? note : NULL;
}

static uint32_t random_flags(struct random_case *random, unsigned channel)
{
    uint32_t flags = 0;
    if (random_once_in(random, 3) && !random->channels[channel].cyclic) flags |= DESCRIPTOR_WRITE_BACK;
    if (random_once_in(random, 8)) flags |= DESCRIPTOR_FENCE;
    if (random_once_in(random, 4)) flags |= DESCRIPTOR_IRQ;
    return flags;
}

static bool overlap(const struct descriptor *copy)
{
    return copy->source < copy->destination + copy->length && copy->destination < copy->source + copy->length;
}

static bool make_linear(struct random_case *random, unsigned channel, struct descriptor *made)
{
    uint32_t unit = unit_of(random);
    *made = (struct descriptor){ .type = DRAY_DESC_TYPE_LINEAR, .length = random_length(random, 1, random_brief(random)),
                                 .flags = random_flags(random, channel), .tag = random_below(random, 4096) };
    const struct random_note *before = random_once_in(random, 6) ? earlier(random, channel) : NULL;
    bool from = (random->engine->parameters->stream_in >> channel & 1) && random_below(random, 2);
    if (from) { // the source word means nothing
        made->flags |= DESCRIPTOR_FROM_STREAM;
        made->destination = random_target_place(random, channel, made->length);
        made->source      = random_below(random, 0xffffffff);
        if (made->destination == 0) return false;
        permit(random, channel, made->destination, made->length);
        return true;
    }
    if ((random->engine->parameters->stream_out >> channel & 1) && random_below(random, 2)) {
        made->flags |= DESCRIPTOR_TO_STREAM;
        made->destination = random_below(random, 0xffffffff);
    } else if (before != NULL && random_below(random, 2)) { // once more to the same place
        made->length      = lesser(made->length, before->descriptor.length);
        made->destination = before->descriptor.destination;
        before            = NULL;
    } else {
        made->destination = random_target_place(random, channel, made->length);
        if (made->destination == 0) return false;
    }
    if (before != NULL) { // from where an earlier one writes: only with a fence is it known what is read
        made->length = lesser(made->length, before->descriptor.length);
        made->source = before->descriptor.destination +
                       random_below(random, (before->descriptor.length - made->length) / unit + 1) * unit;
        made->flags |= DESCRIPTOR_FENCE;
    }
    if (before == NULL || overlap(made)) {
        uint32_t at  = random_place(random, random_below(random, RANDOM_SOURCE_LEN - 3 * RANDOM_PAGE));
        made->source = RANDOM_SOURCE + lesser(at, RANDOM_SOURCE_LEN - made->length);
    }
    if (!(made->flags & DESCRIPTOR_TO_STREAM)) permit(random, channel, made->destination, made->length);
    return true;
}

static bool make_fill(struct random_case *random, unsigned channel, struct descriptor *made)
{
    *made = (struct descriptor){ .type = DRAY_DESC_TYPE_FILL, .source = random_below(random, 0xffffffff),
                                 .length = random_length(random, 1, random_brief(random)), .flags = random_flags(random, channel),
                                 .tag = random_below(random, 4096) };
    made->destination = random_target_place(random, channel, made->length);
    if (made->destination == 0) return false;
    permit(random, channel, made->destination, made->length);
    return true;
}

// ---- lists: one side of a descriptor in pieces

enum { ELEMENTS_MOST = 20, PIECE_MOST = 700 };

static void write_element(struct random_case *random, uint32_t addr, uint32_t piece, uint32_t length)
{
    const uint32_t words[2] = { piece, length };
    for (uint32_t i = 0; i < 2; i++) {
        memory_set_word(random->engine->memory, addr + 4 * i, words[i]);
        reference_set_word(random->reference, addr + 4 * i, words[i]);
    }
}

// Something about one element, or about the bytes it names. @return that it certainly ends its channel.
static bool spoil_element(struct random_case *random, unsigned channel, bool scatters, uint32_t at, uint32_t *piece, uint32_t *length)
{
    switch (random_below(random, 6)) {
    case 0: *length = 0; return true;
    case 1:
    case 2: put_fault(random, channel, MEMORY_READ, at, ELEMENT_BYTES); break;
    case 3: put_fault(random, channel, scatters ? MEMORY_WRITE : MEMORY_READ, *piece, *length); break;
    case 4: *piece = 0x90000000u + random_below(random, 1 << 20); return true;
    default: *length = 0xffffffffu - random_below(random, 1000); break; // on and on, until the gate ends it
    }
    return false;
}

// @return false if there is no room: the descriptor is another one then.
static bool make_list(struct random_case *random, unsigned channel, struct descriptor *made, bool *ends)
{
    struct random_channel *own = &random->channels[channel];
    uint32_t count = 1 + random_below(random, ELEMENTS_MOST), lengths[ELEMENTS_MOST], total = 0, unit = unit_of(random);
    uint32_t list  = own->list_at + random_below(random, 9) * ELEMENT_BYTES;
    bool scatters  = random_below(random, 2), streams = (random->engine->parameters->stream_out >> channel & 1) && !scatters &&
                                                        random_below(random, 2);
    bool brief     = random_brief(random);
    bool certain   = false, is_wrong = random->has_errors && random->engine->parameters->gate && random_once_in(random, 10);
    if (list + count * ELEMENT_BYTES > RANDOM_LIST_LEN) return false;
    for (uint32_t i = 0; i < count; i++) {
        lengths[i] = brief || random_once_in(random, 4) ? lesser(random_length(random, count, brief), PIECE_MOST / unit * unit)
                                                        : whole_units(random, 1 + random_below(random, 40));
        total += lengths[i];
    }
    uint32_t other = scatters  ? RANDOM_SOURCE + random_place(random, random_below(random, RANDOM_SOURCE_LEN - 5 * RANDOM_PAGE))
                     : streams ? random_below(random, 0xffffffff)
                               : random_target_place(random, channel, total);
    uint32_t bad   = is_wrong ? random_below(random, count) : count;
    if (other == 0) return false;
    own->list_at = list + count * ELEMENT_BYTES;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t at    = random_lists(channel) + list + i * ELEMENT_BYTES;
        uint32_t piece = scatters ? random_target_place(random, channel, lengths[i])
                                  : RANDOM_SOURCE + random_place(random, random_below(random, RANDOM_SOURCE_LEN - 3 * RANDOM_PAGE));
        if (piece == 0) return false;
        if (scatters) permit(random, channel, piece, lengths[i]);
        if (i == bad) certain = spoil_element(random, channel, scatters, at, &piece, &lengths[i]);
        if (i == bad && scatters && lengths[i] > PIECE_MOST) permit(random, channel, piece, RANDOM_TARGET_LEN);
        write_element(random, at, piece, lengths[i]);
    }
    *made = (struct descriptor){ .type = DRAY_DESC_TYPE_LIST, .length = count, .flags = random_flags(random, channel),
                                 .tag = random_below(random, 4096),
                                 .source      = scatters ? other : random_lists(channel) + list,
                                 .destination = scatters ? random_lists(channel) + list : other };
    *ends = *ends || certain;
    if (scatters) made->flags |= DESCRIPTOR_SCATTER;
    if (streams) made->flags |= DESCRIPTOR_TO_STREAM;
    if (!scatters && !streams) permit(random, channel, other, bad < count ? RANDOM_TARGET_LEN : total);
    return true;
}

// ---- rows

static uint32_t row_addr(uint32_t start, int32_t stride, unsigned n) { return start + (uint32_t)stride * n; }

// A stride for that many rows in that much room; now and then none, or rows that overlap.
static int32_t random_stride(struct random_case *random, uint32_t length, unsigned rows, uint32_t room)
{
    uint32_t unit = unit_of(random), most = rows > 1 ? (room - length) / (rows - 1) / unit : 1u << 20, stride = 0;
    switch (random_below(random, 5)) {
    case 0: stride = random_below(random, 30); break;
    case 1: stride = random_page(random) / unit; break;
    default: stride = (length + random_below(random, random_once_in(random, 3) ? 5000 : 60)) / unit; break;
    }
    if (stride > most) stride = most;
    return (random_once_in(random, 3) ? -1 : 1) * (int32_t)(stride * unit);
}

// The place of the first of some rows, whose lowest byte stands at `low`.
static uint32_t first_row(uint32_t low, int32_t stride, unsigned rows)
{
    return stride < 0 ? low + (rows - 1) * (uint32_t)-stride : low;
}

static bool make_rows(struct random_case *random, unsigned channel, struct descriptor *made)
{
    *made = (struct descriptor){ .type = DRAY_DESC_TYPE_ROWS, .rows = 1 + random_below(random, ROWS_MOST),
                                 .flags = random_flags(random, channel), .tag = random_below(random, 4096) };
    made->length = random_length(random, made->rows, random_brief(random));
    if (made->length > RANDOM_PAGE / 4 && random_below(random, 4)) made->length = RANDOM_PAGE / 4;
    made->destination_stride = random_stride(random, made->length, made->rows, RANDOM_TARGET_LEN / 2);
    made->source_stride      = random_stride(random, made->length, made->rows, RANDOM_SOURCE_LEN);
    uint32_t to = (uint32_t)(made->destination_stride < 0 ? -made->destination_stride : made->destination_stride) * (made->rows - 1);
    uint32_t from = (uint32_t)(made->source_stride < 0 ? -made->source_stride : made->source_stride) * (made->rows - 1);
    made->destination = random_target_place(random, channel, to + made->length);
    if (made->destination == 0) return false;
    uint32_t at       = random_place(random, random_below(random, RANDOM_SOURCE_LEN - 3 * RANDOM_PAGE));
    made->source      = first_row(RANDOM_SOURCE + lesser(at, RANDOM_SOURCE_LEN - made->length - from), made->source_stride, made->rows);
    made->destination = first_row(made->destination, made->destination_stride, made->rows);
    for (unsigned n = 0; n < made->rows; n++)
        permit(random, channel, row_addr(made->destination, made->destination_stride, n), made->length);
    return true;
}

// What is wrong with a second slot, as bits to be turned in its last two words, or with what it leads to.
static bool make_wrong_second(struct random_case *random, uint32_t second, struct descriptor *made, uint32_t turned[2])
{
    switch (random_below(random, 9)) {
    case 0: made->rows = 0; return true;
    case 1: turned[1] ^= DRAY_SECOND_COUNT_GENERATION_MASK; return true;
    case 2: turned[1] ^= 1u << random_below(random, 4); return true;
    case 3: turned[1] ^= 1u << (5 + random_below(random, 11)); return true;
    case 4: turned[0] ^= 1u << random_below(random, 32); return true;
    case 5: put_slot_fault(random, MEMORY_READ, second); return false;
    case 6: put_slot_fault(random, MEMORY_WRITE, second); return false; // nobody writes there
    case 7: // the second row begins before the first address, or behind the last
        made->source_stride = INT32_MIN;
        return made->rows > 1;
    default:
        if (!random->engine->parameters->gate) return false; // nothing would end it below the last address
        made->destination_stride = INT32_MAX;
        return made->rows > 1;
    }
}

// ----

// What is wrong with it, and whether that ends its channel for certain.
static bool make_wrong(struct random_case *random, unsigned channel, uint32_t slot, struct descriptor *made, uint32_t *turned)
{
    bool comes  = (made->flags & DESCRIPTOR_FROM_STREAM) != 0, rows = made->type == DRAY_DESC_TYPE_ROWS;
    bool copies = made->type == DRAY_DESC_TYPE_LINEAR && !comes, streams = (made->flags & DESCRIPTOR_TO_STREAM) != 0;
    bool writes = made->type != DRAY_DESC_TYPE_LINK && !streams;
    uint32_t type, row, reserved = random->engine->parameters->stream_in >> channel & 1 ? 10 : 9; // the first such bit
    switch (random_below(random, 13)) {
    case 0: made->length = 0; return true;
    case 1:
        do type = random_below(random, 8);
        while (is_known(random, type));
        *turned |= made->type ^ type;
        return true;
    case 2:
        *turned |= 1u << (random_below(random, 2) ? reserved + random_below(random, 16 - reserved) : 28 + random_below(random, 4));
        if (made->type == DRAY_DESC_TYPE_LIST) *turned ^= *turned & DESCRIPTOR_SCATTER ? DESCRIPTOR_SCATTER | 1u << 11 : 0;
        return true;
    case 3: *turned |= DRAY_DESCRIPTOR_CONTROL_GENERATION_MASK; return true;
    case 4: *turned |= DRAY_DESCRIPTOR_CONTROL_TWO_SLOT_MASK; return true;
    case 5: put_slot_fault(random, MEMORY_READ, slot); break;
    case 6: put_slot_fault(random, MEMORY_WRITE, slot); break;
    case 7:
    case 8:
        row = rows ? random_below(random, made->rows) : 0;
        if (copies || rows) put_fault(random, channel, MEMORY_READ, row_addr(made->source, made->source_stride, row), made->length);
        break;
    case 9:
    case 10:
        row = rows ? random_below(random, made->rows) : 0;
        if (writes) put_fault(random, channel, MEMORY_WRITE, row_addr(made->destination, made->destination_stride, row), made->length);
        break;
    case 11: // on and on, until the gate ends it
        if (!copies || !random->engine->parameters->gate || made->source >= RANDOM_SOURCE + RANDOM_SOURCE_LEN) return false;
        made->length = 0xffffffffu - random_below(random, 1000);
        if (!streams) permit(random, channel, made->destination, RANDOM_TARGET_LEN);
        return true;
    default:
        if (copies && random->engine->parameters->gate) made->source = 0x90000000u + random_below(random, 1 << 20);
        if (copies && !random->engine->parameters->bytes) made->source |= 1;
        return copies && (random->engine->parameters->gate || !random->engine->parameters->bytes);
    }
    return false;
}

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
    if (!has_rows(random) || (spot->alone ? !random->has_errors : spot->full)) return false;
    return random_once_in(random, spot->alone ? 60 : 5);
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
    else if (!(!rows && lists(random) && random_once_in(random, 4) && make_list(random, spot->channel, &made, ends)) &&
             !(rows ? make_rows : fills(random) && random_once_in(random, 6) ? make_fill : make_linear)(random, spot->channel, &made))
        return 0;
    if (rows && !spot->alone && random->has_errors && random_once_in(random, 14))
        *ends = make_wrong_second(random, spot->slot + SLOT_BYTES, &made, turned_second) || *ends;
    if (rows && spot->alone) *ends = true;
    if (random->has_errors && random_once_in(random, 14))
        *ends = make_wrong(random, spot->channel, spot->slot, &made, &turned) || *ends;
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
