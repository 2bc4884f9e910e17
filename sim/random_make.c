// SPDX-License-Identifier: Apache-2.0
//
// Random descriptors of one piece: lengths and places at every edge, sources that an earlier one writes, streams.
#include "random_private.h"

enum { BRIEF_MOST = 240 }; // bytes of a brief descriptor

bool random_brief(struct random_case *random) { return random_below(random, 5) < 4; }

uint32_t random_whole_units(const struct random_case *random, uint32_t length)
{
    uint32_t unit = random_unit(random);
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
    return random_whole_units(random, most == 0 ? 1 : random_lesser(length, most));
}

static uint32_t long_length(struct random_case *random)
{
    uint32_t width = random->engine->width_bytes, bound = random_bound(random), length = 0;
    switch (random_below(random, 4)) {
    case 0: length = bound * (1 + random_below(random, 3)) - random_below(random, 2) * random_below(random, width + 1); break;
    case 1: length = 1 + random_below(random, 700); break;
    default: length = 1 + random_below(random, random_once_in(random, 4) ? 9000 : 2500); break;
    }
    return random_whole_units(random, length);
}

uint32_t random_length(struct random_case *random, unsigned pieces, bool brief)
{
    return brief ? brief_length(random, pieces) : long_length(random);
}

uint32_t random_place(struct random_case *random, uint32_t at)
{
    uint32_t unit = random_unit(random), edge = 0;
    switch (random_below(random, 8)) {
    case 0: edge = random->engine->width_bytes; break;
    case 1: edge = random_bound(random); break;
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

void random_permit(struct random_case *random, unsigned channel, uint64_t addr, uint32_t count)
{
    for (uint32_t done = 0, span; done < count; done += span) {
        uint64_t physical;
        span = random_lesser(count - done, random_page(random) - (uint32_t)(addr + done) % random_page(random));
        if (reference_reach(random->reference, channel, MEMORY_WRITE, addr + done, &physical))
            memory_permit(random->engine->memory, physical, span);
    }
}

static uint64_t place_in(struct random_case *random, uint64_t base, uint32_t room, uint32_t *used, uint32_t length)
{
    uint32_t at = random_place(random, *used);
    if (at + length > room) return 0;
    *used = at + length;
    return base + at;
}

uint64_t random_window_place(struct random_case *random, unsigned channel, uint32_t length)
{
    uint32_t room = RANDOM_WINDOW * random_page(random);
    return place_in(random, random->engine->parameters->window_base + channel * room, room, &random->channels[channel].window_at, length);
}

uint64_t random_target_place(struct random_case *random, unsigned channel, uint32_t length)
{
    if (random_has_window(random) && random_once_in(random, 3)) return random_window_place(random, channel, length);
    uint64_t at = random_edge_place(random, channel, RANDOM_EDGE_WRITTEN, length, 1);
    return at != 0 ? at : place_in(random, random_target(random, channel), RANDOM_TARGET_LEN, &random->channels[channel].target_at, length);
}

uint64_t random_edge_place(struct random_case *random, unsigned channel, enum random_edge use, uint32_t length, uint32_t align)
{
    uint32_t *used = &random->channels[channel].edge_at;
    if (!random_is_high(random) || channel != 0 || random->edge != use || !random_once_in(random, 3)) return 0;
    uint32_t at = RANDOM_EDGE - random_below(random, random_lesser(length + 20, RANDOM_EDGE));
    at = ((at > *used ? at : *used) + align - 1) / align * align;
    if (at + length > 2 * RANDOM_EDGE) return 0;
    if (use != RANDOM_EDGE_READ) *used = at + length;
    return random_base(random) - RANDOM_EDGE + at;
}

static struct random_note *earlier(struct random_case *random, unsigned channel)
{
    if (random->note_count == 0) return NULL;
    struct random_note *note = &random->notes[random_below(random, random->note_count)];
    bool writes = note->descriptor.type != DRAY_DESC_TYPE_LINK && note->descriptor.type != DRAY_DESC_TYPE_LIST &&
                  !(note->descriptor.flags & DESCRIPTOR_TO_STREAM);
    return note->channel == channel && writes && note->descriptor.length < RANDOM_TARGET_LEN ? note : NULL;
}

uint32_t random_flags(struct random_case *random, unsigned channel)
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

bool random_make_linear(struct random_case *random, unsigned channel, struct descriptor *made)
{
    uint32_t unit = random_unit(random);
    *made = (struct descriptor){ .type = DRAY_DESC_TYPE_LINEAR, .length = random_length(random, 1, random_brief(random)),
                                 .flags = random_flags(random, channel), .tag = random_below(random, 4096) };
    const struct random_note *before = random_once_in(random, 6) ? earlier(random, channel) : NULL;
    bool from = (random->engine->parameters->stream_in >> channel & 1) && random_below(random, 2);
    if (from) { // the source word means nothing
        made->flags |= DESCRIPTOR_FROM_STREAM;
        made->destination = random_target_place(random, channel, made->length);
        made->source      = random_below(random, 0xffffffff);
        if (made->destination == 0) return false;
        random_permit(random, channel, made->destination, made->length);
        return true;
    }
    if ((random->engine->parameters->stream_out >> channel & 1) && random_below(random, 2)) {
        made->flags |= DESCRIPTOR_TO_STREAM;
        made->destination = random_below(random, 0xffffffff);
    } else if (before != NULL && random_below(random, 2)) { // once more to the same place
        made->length      = random_lesser(made->length, before->descriptor.length);
        made->destination = before->descriptor.destination;
        before            = NULL;
    } else {
        made->destination = random_target_place(random, channel, made->length);
        if (made->destination == 0) return false;
    }
    if (before != NULL) { // from where an earlier one writes: only with a fence is it known what is read
        made->length = random_lesser(made->length, before->descriptor.length);
        made->source = before->descriptor.destination +
                       random_below(random, (before->descriptor.length - made->length) / unit + 1) * unit;
        made->flags |= DESCRIPTOR_FENCE;
    }
    if (before == NULL || overlap(made)) {
        uint32_t at  = random_place(random, random_below(random, RANDOM_SOURCE_LEN - 3 * RANDOM_PAGE));
        made->source = random_edge_place(random, channel, RANDOM_EDGE_READ, made->length, 1);
        if (made->source == 0) made->source = random_source(random) + random_lesser(at, RANDOM_SOURCE_LEN - made->length);
    }
    if (!(made->flags & DESCRIPTOR_TO_STREAM)) random_permit(random, channel, made->destination, made->length);
    return true;
}

bool random_make_fill(struct random_case *random, unsigned channel, struct descriptor *made)
{
    *made = (struct descriptor){ .type = DRAY_DESC_TYPE_FILL, .source = random_below(random, 0xffffffff),
                                 .length = random_length(random, 1, random_brief(random)), .flags = random_flags(random, channel),
                                 .tag = random_below(random, 4096) };
    made->destination = random->low ? random_window_place(random, channel, made->length)
                                    : random_target_place(random, channel, made->length);
    if (made->destination == 0) return false;
    random_permit(random, channel, made->destination, made->length);
    return true;
}
