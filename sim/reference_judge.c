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

// The last burst that begins below the last address and runs past it is ADDRESS as a whole, before the gate is asked.
static bool runs_past(const struct reference *reference, uint64_t addr, uint64_t end)
{
    uint64_t last = (uint64_t)1 << reference->parameters.addr_w;
    return end > last && last - addr <= reference->bound;
}

// A write that is refused takes effect exactly where its page begins.
static struct trouble judge_write_rights(const struct reference *reference, unsigned channel, const struct piece *piece)
{
    for (uint64_t at = 0, span; at < piece->count; at += span) {
        uint64_t addr = piece->destination + at, physical;
        span = less(reference_page_rest(reference, addr), piece->count - at);
        if (addr >> reference->parameters.addr_w != 0)
            return (struct trouble){ 0, at, reference_bit(DRAY_CAUSE_ADDRESS) };
        if (!reference_reach(reference, channel, MEMORY_WRITE, addr, &physical)) {
            bool past = runs_past(reference, addr, piece->destination + piece->count);
            return (struct trouble){ past ? 0 : at, at, reference_bit(DRAY_CAUSE_FAULT) | (past ? reference_bit(DRAY_CAUSE_ADDRESS) : 0) };
        }
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
        if (outcome->early) continue; // an earlier piece ends it
        struct trouble trouble = { piece.count, piece.count, 0 };
        if (piece.causes != 0) trouble = (struct trouble){ 0, 0, piece.causes };
        else if (!piece.fills && !outcome->from) trouble = judge_reads(reference, channel, &piece);
        if (!to_stream && piece.causes == 0) trouble = first_of(trouble, judge_write_rights(reference, channel, &piece));
        outcome->early = trouble.causes != 0;
        outcome->limit = before + trouble.most;
        if (outcome->write_fails) continue; // behind that, pieces may still have been written
        outcome->causes = trouble.causes;
        outcome->least  = before + trouble.least;
        outcome->most   = before + trouble.most;
        // A packet goes on from piece to piece: what does not fill a beat waits for the next one.
        if (to_stream && outcome->early) outcome->least = outcome->least / reference->width * reference->width;
        if (!to_stream && piece.causes == 0) judge_writes(reference, channel, &piece, trouble.most, before, outcome);
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

// The words of one slot. @return causes if it cannot be read.
static uint32_t fetch_slot(const struct reference *reference, unsigned channel, uint64_t addr, uint32_t words[4])
{
    uint64_t physical, first, end;
    if (!reference_reach(reference, channel, MEMORY_READ, addr, &physical)) return reference_bit(DRAY_CAUSE_FAULT);
    const struct memory_fault *fault = reference_fault_at(reference, MEMORY_READ, physical, REFERENCE_SLOT, &first, &end);
    if (fault != NULL) return reference_bus_cause(fault, DRAY_CAUSE_DESC_SLVERR, DRAY_CAUSE_DESC_DECERR);
    for (unsigned i = 0; i < 4; i++) {
        const uint8_t *at = reference->image + (physical - reference->base) + 4 * i;
        words[i] = at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
    }
    return 0;
}

static void judge_fetch(const struct reference *reference, unsigned channel, const struct place *place, struct outcome *outcome)
{
    uint32_t words[4];
    outcome->slots  = 1;
    outcome->causes = fetch_slot(reference, channel, place->addr, words);
    outcome->early  = outcome->causes != 0;
    if (outcome->early) return;
    outcome->readable   = true;
    outcome->descriptor = (struct reference_descriptor){
        .source = words[0], .destination = words[1], .length = words[2], .control = words[3],
    };
    outcome->type = reference_type(words[3] & DRAY_DESCRIPTOR_CONTROL_DESC_TYPE_MASK);
}

// Whether no slot can follow: it ends its segment, or the ring wraps behind it.
static bool is_alone(const struct reference_channel *channel, const struct place *place)
{
    uint32_t mask = (1u << channel->slots_lg) - 1u;
    return place->in_segment ? place->left == 1 : (place->index & mask) == mask;
}

// When several things are wrong with it, nothing says which of them is told. Its second slot is looked at only when its first
// is right.
static void judge_sense(const struct reference *reference, unsigned channel, const struct place *place, struct outcome *outcome)
{
    const uint32_t known = DRAY_DESCRIPTOR_CONTROL_DESC_TYPE_MASK | DRAY_DESCRIPTOR_CONTROL_GENERATION_MASK |
                           DRAY_DESCRIPTOR_CONTROL_IRQ_MASK | DRAY_DESCRIPTOR_CONTROL_WRITE_BACK_MASK |
                           DRAY_DESCRIPTOR_CONTROL_FENCE_MASK | DRAY_DESCRIPTOR_CONTROL_TO_STREAM_MASK |
                           DRAY_DESCRIPTOR_CONTROL_FROM_STREAM_MASK | DRAY_DESCRIPTOR_CONTROL_SCATTER_MASK |
                           DRAY_DESCRIPTOR_CONTROL_TAG_MASK | DRAY_DESCRIPTOR_CONTROL_TWO_SLOT_MASK;
    const struct reference_channel *at = &reference->channels[channel];
    uint32_t control    = outcome->descriptor.control;
    uint32_t generation = (control & DRAY_DESCRIPTOR_CONTROL_GENERATION_MASK) >> DRAY_DESCRIPTOR_CONTROL_GENERATION_SHIFT;
    bool     two        = reference_says_two(&outcome->descriptor);
    bool     may_two    = outcome->type != NULL && (outcome->type->two_always || reference->parameters.addr_w > 32);
    bool     must_two   = outcome->type != NULL && outcome->type->two_always;
    bool     streamless = reference_to_stream(&outcome->descriptor) && !(reference->parameters.stream_out >> channel & 1);
    bool     scatters   = (control & DRAY_DESCRIPTOR_CONTROL_SCATTER_MASK) != 0 && outcome->type != &reference_list;

    if (reference_from_stream(&outcome->descriptor))
        streamless = streamless || !(reference->parameters.stream_in >> channel & 1) || reference_to_stream(&outcome->descriptor);
    if (at->budget != 0 && place->in_segment && place->spent >= at->budget) outcome->causes |= reference_bit(DRAY_CAUSE_BUDGET);
    if (generation != reference_generation(at, place->index)) outcome->causes |= reference_bit(DRAY_CAUSE_GENERATION);
    if (outcome->type == NULL || (control & ~known) != 0 || streamless || scatters || (two && !may_two) || (must_two && !two) ||
        (two && is_alone(at, place)) ||
        (at->cyclic && (control & DRAY_DESCRIPTOR_CONTROL_WRITE_BACK_MASK)))
        outcome->causes |= reference_bit(DRAY_CAUSE_TYPE);
    if (outcome->type != NULL) outcome->causes |= outcome->type->check(reference, place, &outcome->descriptor);
    outcome->early = outcome->causes != 0;
    if (two && !outcome->early) outcome->slots = 2;
}

// In a segment it bears the generation of the ring's link, in the ring that of its own index.
static void judge_second(const struct reference *reference, unsigned channel, const struct place *place, struct outcome *outcome)
{
    const struct reference_channel *at = &reference->channels[channel];
    uint16_t index = place->in_segment ? place->index : (uint16_t)(place->index + 1u);
    uint32_t words[4];
    outcome->half = !place->in_segment && !at->cyclic && index == at->producer;
    if (outcome->half) return;
    outcome->causes = fetch_slot(reference, channel, place->addr + REFERENCE_SLOT, words);
    if (outcome->causes == 0) {
        outcome->descriptor.source_stride      = words[0];
        outcome->descriptor.destination_stride = words[1];
        outcome->descriptor.count              = words[3];
        outcome->descriptor.source |= (uint64_t)(words[2] & DRAY_SECOND_HIGH_SOURCE_MASK) << 32;
        outcome->descriptor.destination |= (uint64_t)(words[2] >> DRAY_SECOND_HIGH_DESTINATION_SHIFT) << 32;
        if ((words[3] & DRAY_SECOND_COUNT_GENERATION_MASK) >> DRAY_SECOND_COUNT_GENERATION_SHIFT != reference_generation(at, index))
            outcome->causes |= reference_bit(DRAY_CAUSE_GENERATION);
        outcome->causes |= outcome->type->check(reference, place, &outcome->descriptor);
        outcome->causes |= outcome->type->check_second(reference, place, &outcome->descriptor);
        if (at->budget != 0 && place->in_segment && place->spent + 1u >= at->budget)
            outcome->causes |= reference_bit(DRAY_CAUSE_BUDGET);
    }
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
        if (outcome.slots == 2) judge_second(reference, channel, place, &outcome);
    }
    if (outcome.causes == 0 && !outcome.half) {
        if (reference_from_stream(&outcome.descriptor)) reference_arrival(reference, channel, &outcome);
        judge_data(reference, channel, &outcome);
        if (outcome.write_fails) outcome.most = outcome.hole;
    }
    judge_status(reference, channel, place, &outcome);
    return outcome;
}
