// SPDX-License-Identifier: Apache-2.0
//
// Says what will become of one descriptor: whether it ends well, what else it may end with, and how far it comes.
#include "reference_private.h"

// Found before anything behind it may begin: in a read, at the gate.
struct trouble {
    uint64_t least, most; // bytes that are moved in spite of it
    uint32_t causes;
};

static uint64_t less(uint64_t a, uint64_t b) { return a < b ? a : b; }

// So many bytes of a piece certainly go out when it is cut at `count`: the rest of a destination beat waits for more.
static uint64_t whole_beats(const struct reference *reference, const struct piece *piece, uint64_t count)
{
    uint64_t end = (piece->destination + count) / reference->width * reference->width;
    return end > piece->destination ? end - piece->destination : 0;
}

uint32_t reference_bus_cause(const struct memory_fault *fault, uint32_t slverr, uint32_t decerr)
{
    return reference_bit(fault->resp == BUS_SLVERR ? slverr : decerr);
}

// Reads are cut at burst boundaries, and what is wrong with a chunk takes effect in its place: chunks before it are
// written, bytes of it before the bad beat may be.
static struct trouble judge_reads(const struct reference *reference, unsigned channel, const struct piece *piece)
{
    for (uint64_t at = 0, span; at < piece->count; at += span) {
        uint64_t addr = piece->source + at, physical, first, end;
        span = less(reference_page_rest(reference, addr), piece->count - at);
        if (addr >> reference->parameters.addr_w != 0)
            return (struct trouble){ whole_beats(reference, piece, at), at, reference_bit(DRAY_CAUSE_ADDRESS) };
        if (!reference_reach(reference, channel, MEMORY_READ, addr, &physical))
            return (struct trouble){ whole_beats(reference, piece, at), at, reference_bit(DRAY_CAUSE_FAULT) };
        const struct memory_fault *fault = reference_fault_at(reference, MEMORY_READ, physical, span, &first, &end);
        if (fault == NULL) continue;
        uint64_t bad   = at + (first - physical);
        uint64_t chunk = (piece->source + bad) / reference->bound * reference->bound;
        chunk          = chunk > piece->source ? chunk - piece->source : 0;
        return (struct trouble){ whole_beats(reference, piece, chunk), bad,
                                 reference_bus_cause(fault, DRAY_CAUSE_READ_SLVERR, DRAY_CAUSE_READ_DECERR) };
    }
    return (struct trouble){ piece->count, piece->count, 0 };
}

// A write that is refused takes effect exactly where its page begins.
static struct trouble judge_write_rights(const struct reference *reference, unsigned channel, const struct piece *piece)
{
    for (uint64_t at = 0, span; at < piece->count; at += span) {
        uint64_t addr = piece->destination + at, physical;
        span = less(reference_page_rest(reference, addr), piece->count - at);
        if (addr >> reference->parameters.addr_w != 0)
            return (struct trouble){ 0, at, reference_bit(DRAY_CAUSE_ADDRESS) };
        if (!reference_reach(reference, channel, MEMORY_WRITE, addr, &physical))
            return (struct trouble){ at, at, reference_bit(DRAY_CAUSE_FAULT) };
    }
    return (struct trouble){ piece->count, piece->count, 0 };
}

// The read's, the write's, or either where the write that is refused could carry bytes of the chunk that came back bad.
static struct trouble first_of(struct trouble read, struct trouble write)
{
    if (write.causes == 0 || (read.causes != 0 && read.most <= write.least)) return read;
    if (read.causes == 0 || write.most < read.least) return write;
    return (struct trouble){ less(read.least, write.least), less(read.most, write.most), read.causes | write.causes };
}

// A bad write response: the burst with the bad beat is lost as a whole, and later ones may have been on their way.
static void judge_writes(const struct reference *reference, unsigned channel, const struct piece *piece, uint64_t limit,
                         uint64_t before, struct outcome *outcome)
{
    for (uint64_t at = 0, span; at < limit; at += span) {
        uint64_t addr = piece->destination + at, physical, first, end;
        span = less(reference_page_rest(reference, addr), limit - at);
        if (!reference_reach(reference, channel, MEMORY_WRITE, addr, &physical)) return;
        const struct memory_fault *fault = reference_fault_at(reference, MEMORY_WRITE, physical, span, &first, &end);
        if (fault == NULL) continue;
        uint64_t bad   = at + (first - physical);
        uint64_t burst = (piece->destination + bad) / reference->bound * reference->bound;
        burst          = burst > piece->destination ? burst - piece->destination : 0;
        outcome->write_fails = true;
        outcome->hole        = before + bad;
        outcome->hole_end    = before + at + (end - physical);
        outcome->least       = less(outcome->least, before + burst);
        outcome->causes |= reference_bus_cause(fault, DRAY_CAUSE_WRITE_SLVERR, DRAY_CAUSE_WRITE_DECERR);
        return;
    }
}

// What an earlier error has not ended goes out, and a write that fails does not end it: later pieces may be written too.
static void judge_data(const struct reference *reference, unsigned channel, struct outcome *outcome)
{
    bool         to_stream = reference_to_stream(&outcome->descriptor);
    struct piece piece;
    for (unsigned n = 0; outcome->type->piece(reference, channel, &outcome->descriptor, n, &piece); n++) {
        uint64_t before = outcome->length;
        outcome->length += piece.count;
        if (outcome->early) continue;
        struct trouble trouble = { piece.count, piece.count, 0 };
        if (piece.causes != 0) trouble = (struct trouble){ 0, 0, piece.causes };
        else if (!piece.fills && !outcome->from) trouble = judge_reads(reference, channel, &piece);
        if (!to_stream && piece.causes == 0) trouble = first_of(trouble, judge_write_rights(reference, channel, &piece));
        outcome->early = trouble.causes != 0;
        outcome->causes |= trouble.causes;
        outcome->most = before + trouble.most;
        if (!outcome->write_fails) outcome->least = before + trouble.least;
        // A packet goes on from piece to piece: what does not fill a beat waits for the next one.
        if (to_stream && outcome->early) outcome->least = outcome->least / reference->width * reference->width;
        if (!to_stream && !outcome->write_fails && piece.causes == 0)
            judge_writes(reference, channel, &piece, trouble.most, before, outcome);
    }
}

// The generation of a slot: the parity of its lap, 1 in the first; in a cyclic ring that of the newest index below the
// producer that fell on it.
uint32_t reference_generation(const struct reference_channel *channel, uint16_t index)
{
    uint32_t slots = 1u << channel->slots_lg, newest = index;
    if (channel->cyclic) {
        newest = channel->producer - 1u;
        while ((newest & (slots - 1)) != (index & (slots - 1))) newest--;
    }
    return ~(newest >> channel->slots_lg) & 1u;
}

static void judge_fetch(const struct reference *reference, unsigned channel, const struct place *place, struct outcome *outcome)
{
    uint64_t physical, first, end;
    outcome->early = true;
    if (!reference_reach(reference, channel, MEMORY_READ, place->addr, &physical)) {
        outcome->causes = reference_bit(DRAY_CAUSE_FAULT);
        return;
    }
    const struct memory_fault *fault = reference_fault_at(reference, MEMORY_READ, physical, REFERENCE_SLOT, &first, &end);
    if (fault != NULL) {
        outcome->causes = reference_bus_cause(fault, DRAY_CAUSE_DESC_SLVERR, DRAY_CAUSE_DESC_DECERR);
        return;
    }
    uint32_t words[4];
    for (unsigned i = 0; i < 4; i++) {
        const uint8_t *at = reference->image + (physical - reference->base) + 4 * i;
        words[i] = at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
    }
    outcome->readable   = true;
    outcome->early      = false;
    outcome->descriptor = (struct reference_descriptor){ words[0], words[1], words[2], words[3] };
    outcome->type       = reference_type(words[3] & DRAY_DESCRIPTOR_CONTROL_DESC_TYPE_MASK);
}

// When several things are wrong with it, nothing says which of them is told.
static void judge_sense(const struct reference *reference, unsigned channel, const struct place *place, struct outcome *outcome)
{
    const uint32_t known = DRAY_DESCRIPTOR_CONTROL_DESC_TYPE_MASK | DRAY_DESCRIPTOR_CONTROL_GENERATION_MASK |
                           DRAY_DESCRIPTOR_CONTROL_IRQ_MASK | DRAY_DESCRIPTOR_CONTROL_WRITE_BACK_MASK |
                           DRAY_DESCRIPTOR_CONTROL_FENCE_MASK | DRAY_DESCRIPTOR_CONTROL_TO_STREAM_MASK |
                           DRAY_DESCRIPTOR_CONTROL_FROM_STREAM_MASK | DRAY_DESCRIPTOR_CONTROL_SCATTER_MASK | DRAY_DESCRIPTOR_CONTROL_TAG_MASK;
    const struct reference_channel *at = &reference->channels[channel];
    uint32_t control    = outcome->descriptor.control;
    uint32_t generation = (control & DRAY_DESCRIPTOR_CONTROL_GENERATION_MASK) >> DRAY_DESCRIPTOR_CONTROL_GENERATION_SHIFT;
    bool     streamless = reference_to_stream(&outcome->descriptor) && !(reference->parameters.stream_out >> channel & 1);
    bool     scatters   = (control & DRAY_DESCRIPTOR_CONTROL_SCATTER_MASK) != 0 && outcome->type != &reference_list;

    if (reference_from_stream(&outcome->descriptor))
        streamless = streamless || !(reference->parameters.stream_in >> channel & 1) || reference_to_stream(&outcome->descriptor);
    if (at->budget != 0 && place->in_segment && place->spent >= at->budget) outcome->causes |= reference_bit(DRAY_CAUSE_BUDGET);
    if (generation != reference_generation(at, place->index)) outcome->causes |= reference_bit(DRAY_CAUSE_GENERATION);
    if (outcome->type == NULL || (control & ~known) != 0 || streamless || scatters ||
        (at->cyclic && (control & DRAY_DESCRIPTOR_CONTROL_WRITE_BACK_MASK)))
        outcome->causes |= reference_bit(DRAY_CAUSE_TYPE);
    if (outcome->type != NULL) outcome->causes |= outcome->type->check(reference, place, &outcome->descriptor);
    outcome->early = outcome->causes != 0;
}

static void judge_status(const struct reference *reference, unsigned channel, const struct place *place, struct outcome *outcome)
{
    uint64_t slot = place->addr + DRAY_WRITE_BACK_MOVED, physical, first, end;
    bool     asked = outcome->readable && (outcome->descriptor.control & DRAY_DESCRIPTOR_CONTROL_WRITE_BACK_MASK);
    uint32_t cause = 0;
    if (reference->channels[channel].cyclic) return;
    if (!reference_reach(reference, channel, MEMORY_WRITE, slot, &physical)) {
        cause = reference_bit(DRAY_CAUSE_FAULT);
    } else {
        const struct memory_fault *fault =
            reference_fault_at(reference, MEMORY_WRITE, physical, REFERENCE_STATUS, &first, &end);
        if (fault != NULL) cause = reference_bus_cause(fault, DRAY_CAUSE_BACK_SLVERR, DRAY_CAUSE_BACK_DECERR);
    }
    outcome->status_lost = cause != 0;
    if (asked && outcome->causes == 0) outcome->causes = cause;
}

struct outcome reference_judge(const struct reference *reference, unsigned channel, const struct place *place)
{
    const struct reference_channel *at = &reference->channels[channel];
    struct outcome outcome = { 0 };
    judge_fetch(reference, channel, place, &outcome);
    if (outcome.causes == 0) judge_sense(reference, channel, place, &outcome);
    if (outcome.causes == 0) {
        bool to_stream = reference_to_stream(&outcome.descriptor);
        outcome.fenced = (outcome.descriptor.control & DRAY_DESCRIPTOR_CONTROL_FENCE_MASK) != 0 ||
                         to_stream != at->streaming;
        if (reference_from_stream(&outcome.descriptor)) reference_arrival(reference, channel, &outcome);
        judge_data(reference, channel, &outcome);
        outcome.limit = outcome.most;
        if (outcome.write_fails) outcome.most = outcome.hole;
    }
    judge_status(reference, channel, place, &outcome);
    return outcome;
}
