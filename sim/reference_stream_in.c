// SPDX-License-Identifier: Apache-2.0
//
// Descriptors from a stream: what they get, and where in the stream the next one goes on.
//
// A descriptor that came to its own end leaves what it had no room for, byte by byte. One that failed or was cut short
// leaves the stream at the beat where it stood: it has taken each beat of which it wrote a byte, as a whole.
#include "reference_private.h"

static uint64_t less(uint64_t a, uint64_t b) { return a < b ? a : b; }

void reference_source(struct reference *reference, unsigned channel, struct source *source)
{
    reference->channels[channel].incoming = (struct reference_incoming){ .source = source };
}

void reference_arrival(const struct reference *reference, unsigned channel, struct outcome *outcome)
{
    const struct reference_incoming *in     = &reference->channels[channel].incoming;
    const struct source_packet      *packet = source_at(in->source, in->packet);
    uint64_t left = packet->count - in->at, room = outcome->descriptor.length;
    outcome->from = true;
    outcome->ends = packet->bare_end ? room > left : room >= left;
    outcome->descriptor.length = (uint32_t)less(room, left);
}

const uint8_t *reference_arrived(const struct reference *reference, unsigned channel, uint64_t at)
{
    const struct reference_incoming *in = &reference->channels[channel].incoming;
    return in->source->bytes + source_at(in->source, in->packet)->first + in->at + at;
}

// Whether its first chunk, which ends with the burst of the destination, has a single beat of the stream, and that
// completes no beat of the destination: it was taken without a byte being written.
static bool begins_alone(const struct reference *reference, const struct outcome *outcome, uint64_t lane)
{
    uint64_t to = outcome->descriptor.destination;
    return lane > to % reference->width && (to + reference->width) / reference->width * reference->width % reference->bound == 0 &&
           outcome->length > reference->width - lane;
}

void reference_consume(struct reference *reference, unsigned channel, const struct outcome *outcome, uint32_t cause, uint64_t moved)
{
    struct reference_incoming *in = &reference->channels[channel].incoming;
    if (!outcome->from) return;
    const struct source_packet *packet = source_at(in->source, in->packet);
    uint64_t lane = in->at % reference->width, taken = outcome->length;
    bool     cut  = cause == DRAY_CAUSE_ABORTED || cause == DRAY_CAUSE_ADDRESS;
    bool     ends = outcome->ends;
    if (cut || outcome->early) {
        uint64_t reached = cut ? moved : outcome->limit;
        taken = (lane + reached + reference->width - 1) / reference->width * reference->width - lane;
        if (reached == 0) taken = begins_alone(reference, outcome, lane) ? reference->width - lane : 0;
        taken = less(taken, outcome->length);
        ends  = !packet->bare_end && in->at + taken == packet->count;
    }
    in->at += taken;
    if (!ends) return;
    in->at = 0;
    in->packet++;
}
