// SPDX-License-Identifier: Apache-2.0
//
// Goes through the work of a channel, descriptor after descriptor, and judges where the engine came to rest.
#include "reference_private.h"

#include <assert.h>

enum { LAPS_MAX = 1 << 14 }; // descriptors of a cyclic ring until it must have rested

static struct place ring_place(const struct reference_channel *channel, uint16_t index)
{
    return (struct place){ .index = index,
                           .addr  = channel->base + (index & ((1u << channel->slots_lg) - 1u)) * (uint64_t)REFERENCE_SLOT };
}

void reference_start(struct reference *reference, unsigned channel, uint64_t base, unsigned slots_lg, bool cyclic)
{
    struct reference_channel *at = &reference->channels[channel];
    at->base           = base;
    at->slots_lg       = slots_lg;
    at->cyclic         = cyclic;
    at->halted         = false;
    at->aborted        = false;
    at->paused         = false;
    at->streaming      = false;
    at->producer       = 0;
    at->consumer       = 0;
    at->interrupts     = 0;
    at->interrupts_may = 0;
    at->unfenced_count = 0;
    at->next           = ring_place(at, 0);
}

void reference_budget(struct reference *reference, unsigned channel, unsigned slots)
{
    reference->channels[channel].budget = slots;
}

void reference_doorbell(struct reference *reference, unsigned channel, uint16_t producer)
{
    reference->channels[channel].producer = producer;
}

void reference_acknowledge(struct reference *reference, unsigned channel, uint32_t mask)
{
    reference->channels[channel].interrupts &= ~mask;
    reference->channels[channel].interrupts_may &= ~mask;
}

// The consumer index jumps behind what failed as soon as software says what comes next.
void reference_command(struct reference *reference, unsigned channel, uint32_t mask)
{
    struct reference_channel *at = &reference->channels[channel];
    if (mask == DRAY_CHANNEL_COMMAND_ABORT_MASK) at->aborted = true;
    if (mask == DRAY_CHANNEL_COMMAND_PAUSE_MASK) at->paused = true;
    if (mask == DRAY_CHANNEL_COMMAND_ABORT_MASK || mask == DRAY_CHANNEL_COMMAND_END_PERIOD_MASK ||
        mask == DRAY_CHANNEL_COMMAND_PAUSE_MASK) return;
    assert(at->halted);
    if (mask == DRAY_CHANNEL_COMMAND_SKIP_MASK) at->next = ring_place(at, (uint16_t)(at->next.index + 1u));
    if (mask == DRAY_CHANNEL_COMMAND_DROP_MASK) at->next = ring_place(at, at->producer);
    if (mask == DRAY_CHANNEL_COMMAND_RESUME_MASK) at->halted = false;
    at->next.spent = 0; // what never began is taken anew
    at->consumer = at->next.index;
}

static bool has_work(const struct reference_channel *channel)
{
    return channel->cyclic || channel->next.in_segment || channel->next.index != channel->producer;
}

static struct place place_after(const struct reference_channel *channel, const struct place *place, const struct outcome *outcome)
{
    uint32_t more = outcome->slots - 1u;
    if (!outcome->early && outcome->type->leads_away) // its last slot stands for the segment in the ring
        return (struct place){ (uint16_t)(place->index + (place->in_segment ? 0 : more)), true, outcome->descriptor.length,
                               place->spent + (place->in_segment ? outcome->slots : 0), outcome->descriptor.source };
    if (place->in_segment && place->left > outcome->slots)
        return (struct place){ place->index, true, place->left - outcome->slots, place->spent + outcome->slots,
                               place->addr + outcome->slots * REFERENCE_SLOT };
    return ring_place(channel, (uint16_t)(place->index + (place->in_segment ? 1u : outcome->slots)));
}

static bool is_there(const struct place *place, uint16_t index, uint64_t addr)
{
    return place->index == index && place->addr == addr;
}

static bool asks(const struct outcome *outcome, uint32_t flag)
{
    return outcome->readable && (outcome->descriptor.control & flag) != 0;
}

// It begins: everything before it has ended if it bears a fence.
static void begin(struct reference *reference, unsigned channel, const struct outcome *outcome)
{
    struct reference_channel *at = &reference->channels[channel];
    if (outcome->fenced) at->unfenced_count = 0;
    reference->counts.movers += outcome->length != 0;
    reference->counts.brief += outcome->length != 0 && outcome->length < REFERENCE_BRIEF;
    at->streaming = outcome->length != 0 && reference_to_stream(&outcome->descriptor); // a link is no job to the stream
}

// All that one descriptor does that ends well.
static void execute(struct reference *reference, unsigned channel, const struct place *place, const struct outcome *outcome)
{
    struct reference_channel *at = &reference->channels[channel];
    begin(reference, channel, outcome);
    reference_move(reference, channel, outcome, outcome->length);
    reference_packet(reference, channel, outcome, outcome->length);
    if (asks(outcome, DRAY_DESCRIPTOR_CONTROL_WRITE_BACK_MASK))
        reference_status(reference, channel, place->addr, (uint32_t)outcome->length,
                         reference_status_word(outcome, DRAY_CAUSE_NONE));
    reference_consume(reference, channel, outcome, DRAY_CAUSE_NONE, outcome->length);
    if (asks(outcome, DRAY_DESCRIPTOR_CONTROL_IRQ_MASK)) at->interrupts |= DRAY_CHANNEL_IRQ_STATUS_DONE_MASK;
    at->next     = place_after(at, place, outcome);
    at->consumer = at->next.index;
    reference->counts.done++;
}

// A status as it stands in the image, and whether anything was written there at all.
struct status { uint32_t moved, word; bool written; };

static uint32_t word_of(const uint8_t *at)
{
    return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static struct status status_of(struct reference *reference, unsigned channel, uint64_t slot_addr, const uint8_t *image)
{
    uint64_t physical;
    if (!reference_reach(reference, channel, MEMORY_WRITE, slot_addr, &physical)) return (struct status){ 0 };
    const uint8_t *slot   = image + (physical - reference->base);
    struct status  status = { word_of(slot + DRAY_WRITE_BACK_MOVED), word_of(slot + DRAY_WRITE_BACK_STATUS), false };
    status.written        = status.moved != reference_word(reference, physical + DRAY_WRITE_BACK_MOVED) ||
                     status.word != reference_word(reference, physical + DRAY_WRITE_BACK_STATUS);
    return status;
}

static uint32_t cause_of(uint32_t status_word)
{
    return (status_word & DRAY_WRITE_BACK_STATUS_CAUSE_MASK) >> DRAY_WRITE_BACK_STATUS_CAUSE_SHIFT;
}

// ABORT came while this was the last to have begun: whatever would have become of it, it may have been cut short anywhere.
// Only the status tells, and it is written whether asked for or not; where it is lost nothing tells, and the channel halts.
static void allow_cut(struct reference *reference, unsigned channel, const struct place *place, const struct reference_seen *seen,
                      const uint8_t *image, struct outcome *outcome)
{
    struct reference_channel *at = &reference->channels[channel];
    struct place  after  = place_after(at, place, outcome);
    struct status status = status_of(reference, channel, place->addr, image);
    bool untold          = seen->state == DRAY_CHANNEL_STATE_HALTED && outcome->status_lost;
    if (!at->aborted || at->cyclic || outcome->length == 0 || !is_there(&after, seen->next, seen->next_addr)) return;
    if (!untold && !(status.written && cause_of(status.word) == DRAY_CAUSE_ABORTED)) return;
    outcome->causes |= reference_bit(DRAY_CAUSE_ABORTED);
    outcome->least = 0;
}

// What the status says is possible, and it is taken over.
static void judge_status(struct reference *reference, unsigned channel, const struct place *place, const struct outcome *outcome,
                         const struct status *status, struct report *report)
{
    uint32_t cause   = cause_of(status->word);
    uint32_t allowed = outcome->causes == 0 ? reference_bit(DRAY_CAUSE_NONE) : outcome->causes;
    uint32_t known   = outcome->readable ? ~0u : ~(DRAY_WRITE_BACK_STATUS_TAG_MASK | DRAY_WRITE_BACK_STATUS_GENERATION_MASK);
    uint32_t word    = reference_status_word(outcome, cause);
    if (!(allowed >> cause & 1) || (status->word & known) != (word & known))
        report_error(report, "channel %u, slot 0x%llx: status 0x%08x with cause %u; possible causes 0x%x, else 0x%08x", channel,
                     (unsigned long long)place->addr, (unsigned)status->word, (unsigned)cause, (unsigned)allowed, (unsigned)word);
    if (status->moved < outcome->least || status->moved > outcome->most)
        report_error(report, "channel %u, slot 0x%llx: status with %u bytes moved, should be %llu to %llu", channel,
                     (unsigned long long)place->addr, (unsigned)status->moved, (unsigned long long)outcome->least,
                     (unsigned long long)outcome->most);
    reference_status(reference, channel, place->addr, status->moved, status->word);
}

// Bytes of a descriptor that failed. Behind a write that failed each byte is old or new; else what was not moved is old.
static void move_part(struct reference *reference, unsigned channel, const struct outcome *outcome, uint64_t moved)
{
    reference_move(reference, channel, outcome, moved);
    if (outcome->write_fails) reference_move_maybe(reference, channel, outcome, outcome->hole_end, outcome->limit);
    reference_packet(reference, channel, outcome, moved);
}

// One that began behind FAILED ran to its own end, and has its status whether it asked for it or not.
static void execute_behind(struct reference *reference, unsigned channel, const struct place *place, const struct outcome *outcome,
                           bool status_due, const uint8_t *image, struct report *report)
{
    struct reference_channel *at = &reference->channels[channel];
    struct status status = status_of(reference, channel, place->addr, image);
    begin(reference, channel, outcome);
    if (asks(outcome, DRAY_DESCRIPTOR_CONTROL_IRQ_MASK)) at->interrupts_may |= DRAY_CHANNEL_IRQ_STATUS_DONE_MASK;
    bool has_status = !at->cyclic && !outcome->status_lost && (status.written || status_due || outcome->causes != 0);
    if (outcome->causes == 0) {
        reference_move(reference, channel, outcome, outcome->length);
        reference_packet(reference, channel, outcome, outcome->length);
    } else if (has_status) {
        move_part(reference, channel, outcome, status.moved < outcome->most ? status.moved : outcome->most);
    } else if (outcome->type != NULL) { // nothing tells how far it came
        move_part(reference, channel, outcome, outcome->least);
        reference_move_maybe(reference, channel, outcome, outcome->least, outcome->most);
    }
    if (has_status) judge_status(reference, channel, place, outcome, &status, report);
    reference_consume(reference, channel, outcome, has_status ? cause_of(status.word) : DRAY_CAUSE_NONE, status.moved);
    reference->counts.done += outcome->causes == 0;
    reference->counts.failed += outcome->causes != 0;
}

// The one that FAILED names.
static void execute_failed(struct reference *reference, unsigned channel, const struct place *place, const struct outcome *outcome,
                           const struct reference_seen *seen, const uint8_t *image, struct report *report)
{
    struct reference_channel *at = &reference->channels[channel];
    if (!is_there(place, seen->failed, seen->failed_addr))
        report_error(report, "channel %u: FAILED is %u at 0x%llx, should be %u at 0x%llx", channel, seen->failed,
                     (unsigned long long)seen->failed_addr, place->index, (unsigned long long)place->addr);
    if (!(outcome->causes >> seen->cause & 1) || seen->moved < outcome->least || seen->moved > outcome->most)
        report_error(report, "channel %u, slot 0x%llx: FAILED with cause %u, %u bytes moved; possible causes 0x%x, %llu to %llu",
                     channel, (unsigned long long)place->addr, (unsigned)seen->cause, (unsigned)seen->moved,
                     (unsigned)outcome->causes, (unsigned long long)outcome->least, (unsigned long long)outcome->most);
    begin(reference, channel, outcome);
    if (outcome->type != NULL) move_part(reference, channel, outcome, seen->moved < outcome->most ? seen->moved : outcome->most);
    reference_consume(reference, channel, outcome, seen->cause, seen->moved);
    if (asks(outcome, DRAY_DESCRIPTOR_CONTROL_IRQ_MASK)) at->interrupts_may |= DRAY_CHANNEL_IRQ_STATUS_DONE_MASK;
    reference->counts.failed++;
    reference->counts.halts[seen->cause % REFERENCE_CAUSES]++;
    if (at->cyclic || outcome->status_lost) return;
    struct status status = status_of(reference, channel, place->addr, image);
    if (status.moved != seen->moved || cause_of(status.word) != seen->cause)
        report_error(report, "channel %u, slot 0x%llx: status with cause %u, %u bytes moved; FAILED has %u, %u", channel,
                     (unsigned long long)place->addr, (unsigned)cause_of(status.word), (unsigned)status.moved,
                     (unsigned)seen->cause, (unsigned)seen->moved);
    judge_status(reference, channel, place, outcome, &status, report);
}

// FAILED, and behind it what began before its error was known.
static void settle_halted(struct reference *reference, unsigned channel, const struct outcome *outcome,
                          const struct reference_seen *seen, const uint8_t *image, struct report *report)
{
    struct reference_channel *at = &reference->channels[channel];
    struct place   failed     = at->next;
    struct outcome last       = *outcome;
    bool           status_due = !outcome->status_lost;
    execute_failed(reference, channel, &failed, outcome, seen, image, report);
    at->next = place_after(at, &failed, outcome);
    while (!is_there(&at->next, seen->next, seen->next_addr) && !last.early && has_work(at)) {
        struct place here = at->next;
        last              = reference_judge(reference, channel, &here);
        if (last.fenced || last.half) break;
        allow_cut(reference, channel, &here, seen, image, &last);
        bool asked = asks(&last, DRAY_DESCRIPTOR_CONTROL_WRITE_BACK_MASK);
        execute_behind(reference, channel, &here, &last, status_due || asked, image, report);
        at->next = place_after(at, &here, &last);
    }
    if (!is_there(&at->next, seen->next, seen->next_addr))
        report_error(report, "channel %u: NEXT is %u at 0x%llx, can be %u at 0x%llx at most", channel, seen->next,
                     (unsigned long long)seen->next_addr, at->next.index, (unsigned long long)at->next.addr);
    at->interrupts |= DRAY_CHANNEL_IRQ_STATUS_HALTED_MASK;
    at->halted = true;
}

// ---- all of it

static void check_rest(const struct reference_channel *at, unsigned channel, uint32_t state, const struct reference_seen *seen,
                       struct report *report)
{
    if (seen->state != state) report_error(report, "channel %u: state %u, should be %u", channel, (unsigned)seen->state, (unsigned)state);
    if (seen->consumer != at->consumer)
        report_error(report, "channel %u: consumer %u, should be %u", channel, seen->consumer, at->consumer);
    if ((seen->interrupts & ~at->interrupts_may) != (at->interrupts & ~at->interrupts_may))
        report_error(report, "channel %u: interrupts 0x%x, should be 0x%x", channel, (unsigned)seen->interrupts,
                     (unsigned)at->interrupts);
}

void reference_settle(struct reference *reference, unsigned channel, const struct reference_seen *seen, const uint8_t *image,
                      struct report *report)
{
    struct reference_channel *at = &reference->channels[channel];
    // One that was told to pause, and then to abort, may have come to rest in between.
    bool pauses  = at->paused && (!at->aborted || seen->state == DRAY_CHANNEL_STATE_PAUSED);
    bool stopped = seen->state == (pauses ? DRAY_CHANNEL_STATE_PAUSED : DRAY_CHANNEL_STATE_STOPPED);
    if (pauses) at->aborted = false;
    assert(!at->halted);
    for (unsigned n = 0; has_work(at); n++) {
        if (stopped && is_there(&at->next, seen->next, seen->next_addr)) break;
        struct place   place   = at->next;
        struct outcome outcome = reference_judge(reference, channel, &place);
        if (outcome.half) break;
        allow_cut(reference, channel, &place, seen, image, &outcome);
        if (stopped && (outcome.causes >> DRAY_CAUSE_ABORTED & 1)) { // the last, and it does not count as retired
            execute_behind(reference, channel, &place, &outcome, true, image, report);
            at->next = place_after(at, &place, &outcome);
            reference->counts.cut++;
            break;
        }
        if (outcome.causes != 0) {
            settle_halted(reference, channel, &outcome, seen, image, report);
            check_rest(at, channel, DRAY_CHANNEL_STATE_HALTED, seen, report);
            at->unfenced_count = 0;
            at->aborted        = false;
            at->paused         = false;
            return;
        }
        if (at->cyclic && n == LAPS_MAX) {
            report_error(report, "channel %u: the cyclic ring came to rest at %u, nobody knows why", channel, seen->next);
            return;
        }
        execute(reference, channel, &place, &outcome);
    }
    at->aborted = false;
    at->paused  = false;
    if (stopped) at->interrupts |= DRAY_CHANNEL_IRQ_STATUS_STOPPED_MASK;
    at->halted         = stopped;
    reference->counts.stopped += stopped;
    at->unfenced_count = 0;
    check_rest(at, channel, !stopped ? DRAY_CHANNEL_STATE_RUNNING : pauses ? DRAY_CHANNEL_STATE_PAUSED
                                                           : DRAY_CHANNEL_STATE_STOPPED, seen, report);
}
