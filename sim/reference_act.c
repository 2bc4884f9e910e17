// SPDX-License-Identifier: Apache-2.0
//
// Does what a descriptor does: bytes in memory, bytes in a stream, the status over its slot.
#include "reference_private.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { PATTERN_BYTES = 1 << 12 };

static uint64_t less(uint64_t a, uint64_t b) { return a < b ? a : b; }

static void note_written(struct reference *reference, unsigned channel, uint64_t physical, uint64_t count)
{
    struct reference_channel *at = &reference->channels[channel];
    assert(at->unfenced_count < REFERENCE_RANGES);
    at->unfenced[at->unfenced_count++] = (struct reference_range){ physical, count };
}

// What is read here was not written since the last fence, and is one value.
static const uint8_t *certain(const struct reference *reference, unsigned channel, unsigned written, uint64_t physical,
                              uint64_t count)
{
    const struct reference_channel *at = &reference->channels[channel];
    assert(reference_holds(reference, physical, count));
    for (unsigned i = 0; i < written; i++)
        assert(physical + count <= at->unfenced[i].first || physical >= at->unfenced[i].first + at->unfenced[i].count);
    uint64_t from = physical - reference->base;
    for (uint64_t i = 0; i < count; i++) assert(!reference->either[from + i]);
    return reference->image + from;
}

static void append(struct reference_stream *stream, const uint8_t *bytes, uint64_t count)
{
    if (stream->count + count > stream->room) {
        stream->room  = 2 * (stream->room + count);
        stream->bytes = realloc(stream->bytes, stream->room);
        if (stream->bytes == NULL) abort();
    }
    memcpy(stream->bytes + stream->count, bytes, count);
    stream->count += count;
}

// What a fill writes from byte `at` of its destination on, until the next call.
static const uint8_t *pattern_from(const struct piece *piece, uint64_t at, uint64_t count)
{
    static uint8_t bytes[PATTERN_BYTES];
    assert(count <= PATTERN_BYTES);
    for (uint64_t i = 0; i < count; i++) bytes[i] = (uint8_t)(piece->source >> (at + i) % 4 * 8);
    return bytes;
}

// Bytes [from, to) of a descriptor, span by span: each lies in one page of both sides.
static void move(struct reference *reference, unsigned channel, const struct outcome *outcome, uint64_t from, uint64_t to,
                 void (*put)(struct reference *reference, uint64_t addr, const uint8_t *bytes, size_t count))
{
    struct reference_channel *at = &reference->channels[channel];
    bool         to_stream = reference_to_stream(&outcome->descriptor);
    unsigned     written   = at->unfenced_count; // its own bytes come later
    uint64_t     before    = 0;
    struct piece piece;
    for (unsigned n = 0; before < to && outcome->type->piece(reference, channel, &outcome->descriptor, n, &piece); n++, before += piece.count) {
        uint64_t stop = less(piece.count, to - before), span;
        for (uint64_t done = from > before ? from - before : 0; done < stop; done += span) {
            uint64_t source, destination;
            bool     made  = piece.fills || outcome->from; // no memory is read
            bool     reads = made || reference_reach(reference, channel, MEMORY_READ, piece.source + done, &source);
            span           = less(stop - done, made ? PATTERN_BYTES : reference_page_rest(reference, piece.source + done));
            assert(reads);
            if (to_stream) {
                append(&at->stream, certain(reference, channel, written, source, span), span);
                continue;
            }
            bool writes = reference_reach(reference, channel, MEMORY_WRITE, piece.destination + done, &destination);
            span        = less(span, reference_page_rest(reference, piece.destination + done));
            assert(writes);
            const uint8_t *bytes = outcome->from ? reference_arrived(reference, channel, done) :
                                   piece.fills   ? pattern_from(&piece, done, span) :
                                                   certain(reference, channel, written, source, span);
            put(reference, destination, bytes, span);
            note_written(reference, channel, destination, span);
        }
    }
    reference->counts.bytes += to - from;
}

void reference_move(struct reference *reference, unsigned channel, const struct outcome *outcome, uint64_t moved)
{
    if (moved != 0) move(reference, channel, outcome, 0, moved, reference_put);
}

void reference_move_maybe(struct reference *reference, unsigned channel, const struct outcome *outcome, uint64_t from, uint64_t to)
{
    if (from < to) move(reference, channel, outcome, from, to, reference_put_maybe);
}

// A packet that was cut short is closed by a beat without bytes, unless none of its beats has gone out.
void reference_packet(struct reference *reference, unsigned channel, const struct outcome *outcome, uint64_t moved)
{
    struct reference_stream *stream = &reference->channels[channel].stream;
    if (!reference_to_stream(&outcome->descriptor) || moved == 0) return;
    assert(stream->packets < sizeof stream->end / sizeof stream->end[0]);
    stream->cut[stream->packets]   = moved != outcome->length;
    stream->end[stream->packets++] = stream->count;
}

// A packet has ended in it if it came to its own end, well or not.
uint32_t reference_status_word(const struct outcome *outcome, uint32_t cause)
{
    bool ends = outcome->ends && !outcome->early && cause != DRAY_CAUSE_ABORTED;
    return DRAY_DESC_TYPE_DONE | cause << DRAY_WRITE_BACK_STATUS_CAUSE_SHIFT | (ends ? DRAY_WRITE_BACK_STATUS_PACKET_END_MASK : 0) |
           (outcome->descriptor.control & (DRAY_DESCRIPTOR_CONTROL_GENERATION_MASK | DRAY_DESCRIPTOR_CONTROL_TAG_MASK));
}

void reference_status(struct reference *reference, unsigned channel, uint64_t slot_addr, uint32_t moved, uint32_t status)
{
    uint64_t physical;
    if (!reference_reach(reference, channel, MEMORY_WRITE, slot_addr, &physical)) assert(false);
    reference_set_word(reference, physical + DRAY_WRITE_BACK_MOVED, moved);
    reference_set_word(reference, physical + DRAY_WRITE_BACK_STATUS, status);
    note_written(reference, channel, physical + DRAY_WRITE_BACK_MOVED, REFERENCE_STATUS);
}

void reference_compare_stream(struct reference *reference, unsigned channel, const struct reference_packets *seen,
                              struct report *report)
{
    struct reference_stream *stream = &reference->channels[channel].stream;
    unsigned both = stream->packets < seen->packets ? stream->packets : seen->packets;
    for (unsigned n = 0; n < both; n++) {
        size_t from = n == 0 ? 0 : stream->end[n - 1];
        if (seen->end[n] != stream->end[n] || seen->cut[n] != stream->cut[n]) {
            report_error(report, "channel %u: packet %u ends after %zu bytes%s, should be %zu%s", channel, n, seen->end[n] - from,
                         seen->cut[n] ? ", cut" : "", stream->end[n] - from, stream->cut[n] ? ", cut" : "");
            break;
        }
        for (size_t i = from; i < stream->end[n]; i++) {
            if (seen->bytes[i] == stream->bytes[i]) continue;
            report_error(report, "channel %u: byte %zu of packet %u is 0x%02x, should be 0x%02x", channel, i - from, n,
                         (unsigned)seen->bytes[i], (unsigned)stream->bytes[i]);
            break;
        }
    }
    if (seen->packets != stream->packets || seen->count != stream->count)
        report_error(report, "channel %u: %u packets, %zu bytes, should be %u, %zu", channel, seen->packets, seen->count,
                     stream->packets, stream->count);
    stream->count = stream->packets = 0;
}
