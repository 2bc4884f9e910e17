// SPDX-License-Identifier: Apache-2.0
//
// Random descriptors of many pieces: lists, which have one side in pieces, and rows.
#include "random_private.h"

enum { ELEMENTS_MOST = 20, ROWS_MOST = 12 };

// An element has the low bits of its address; the others are those of its list.
static uint64_t piece_place(struct random_case *random, unsigned channel, uint64_t list, uint32_t length)
{
    if (random_is_high(random) && list >> 32 == 0) return random_window_place(random, channel, length);
    uint64_t at = random_target_place(random, channel, length);
    return at >> 32 == list >> 32 ? at : 0;
}

bool random_make_list(struct random_case *random, unsigned channel, struct descriptor *made, bool *ends)
{
    struct random_channel *own = &random->channels[channel];
    uint32_t count = 1 + random_below(random, ELEMENTS_MOST), lengths[ELEMENTS_MOST], total = 0, unit = random_unit(random);
    uint32_t list  = own->list_at + random_below(random, 9) * ELEMENT_BYTES;
    bool scatters  = random_below(random, 2), streams = (random->engine->parameters->stream_out >> channel & 1) && !scatters &&
                                                        random_below(random, 2);
    bool brief     = random_brief(random);
    bool certain   = false, is_wrong = random->has_errors && random->engine->parameters->gate && random_once_in(random, 10);
    if (list + count * ELEMENT_BYTES > RANDOM_LIST_LEN) return false;
    for (uint32_t i = 0; i < count; i++) {
        lengths[i] = brief || random_once_in(random, 4) ? random_lesser(random_length(random, count, brief), RANDOM_PIECE_MOST / unit * unit)
                                                        : random_whole_units(random, 1 + random_below(random, 40));
        total += lengths[i];
    }
    uint64_t edge  = scatters ? random_edge_place(random, channel, RANDOM_EDGE_READ, total, 1) : 0;
    uint64_t at_edge = scatters ? random_edge_place(random, channel, RANDOM_EDGE_LIST, count * ELEMENT_BYTES, ELEMENT_BYTES) : 0;
    uint64_t first = at_edge != 0 ? at_edge : random_lists(random, channel) + list;
    uint64_t other = edge != 0 ? edge
                     : scatters  ? random_source(random) + random_place(random, random_below(random, RANDOM_SOURCE_LEN - 5 * RANDOM_PAGE))
                     : streams ? random_below(random, 0xffffffff)
                               : random_target_place(random, channel, total);
    uint32_t bad   = is_wrong ? random_below(random, count) : count;
    if (other == 0) return false;
    own->list_at = list + count * ELEMENT_BYTES;
    for (uint32_t i = 0; i < count; i++) {
        uint64_t at    = first + i * ELEMENT_BYTES;
        uint64_t piece = scatters ? piece_place(random, channel, first, lengths[i])
                                  : random_source(random) + random_place(random, random_below(random, RANDOM_SOURCE_LEN - 3 * RANDOM_PAGE));
        if (piece == 0) return false;
        if (scatters) random_permit(random, channel, piece, lengths[i]);
        if (i == bad) certain = random_spoil_element(random, channel, scatters, at, &piece, &lengths[i]);
        if (i == bad && scatters && lengths[i] > RANDOM_PIECE_MOST) random_permit(random, channel, piece, RANDOM_TARGET_LEN);
        random_set_words(random, channel, at, (const uint32_t[2]){ (uint32_t)piece, lengths[i] }, 2);
    }
    *made = (struct descriptor){ .type = DRAY_DESC_TYPE_LIST, .length = count, .flags = random_flags(random, channel),
                                 .tag = random_below(random, 4096),
                                 .source = scatters ? other : first, .destination = scatters ? first : other };
    *ends = *ends || certain;
    if (scatters) made->flags |= DESCRIPTOR_SCATTER;
    if (streams) made->flags |= DESCRIPTOR_TO_STREAM;
    if (!scatters && !streams) random_permit(random, channel, other, bad < count ? RANDOM_TARGET_LEN : total);
    return true;
}

// ---- rows

// A stride for that many rows in that much room; now and then none, or rows that overlap.
static int32_t random_stride(struct random_case *random, uint32_t length, unsigned rows, uint32_t room)
{
    uint32_t unit = random_unit(random), most = rows > 1 ? (room - length) / (rows - 1) / unit : 1u << 20, stride = 0;
    switch (random_below(random, 5)) {
    case 0: stride = random_below(random, 30); break;
    case 1: stride = random_page(random) / unit; break;
    default: stride = (length + random_below(random, random_once_in(random, 3) ? 5000 : 60)) / unit; break;
    }
    if (stride > most) stride = most;
    return (random_once_in(random, 3) ? -1 : 1) * (int32_t)(stride * unit);
}

// The place of the first of some rows, whose lowest byte stands at `low`.
static uint64_t first_row(uint64_t low, int32_t stride, unsigned rows)
{
    return stride < 0 ? low + (rows - 1) * (uint32_t)-stride : low;
}

bool random_make_rows(struct random_case *random, unsigned channel, struct descriptor *made)
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
    made->source      = random_edge_place(random, channel, RANDOM_EDGE_READ, made->length + from, 1);
    if (made->source == 0) made->source = random_source(random) + random_lesser(at, RANDOM_SOURCE_LEN - made->length - from);
    made->source      = first_row(made->source, made->source_stride, made->rows);
    made->destination = first_row(made->destination, made->destination_stride, made->rows);
    for (unsigned n = 0; n < made->rows; n++)
        random_permit(random, channel, random_row(made->destination, made->destination_stride, n), made->length);
    return true;
}
