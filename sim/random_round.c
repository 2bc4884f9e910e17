// SPDX-License-Identifier: Apache-2.0
//
// A round of a random case: rings are filled and run, and the engine is held against the reference model whenever it rests.
#include "random_case.h"

enum {
    SLOTS_LG_MOST = 6,
    PHASES_MOST   = 40,      // halts of one round
    LIMIT         = 2000000, // cycles until a channel must have come to rest
    QUIET         = 60,
    COALESCE_UNIT = 64, // cycles
    COALESCE_MOST = 4,
    LONGEST_READ  = 300, // cycles from AR to R
    POLL          = 16,
    ALL_IRQS      = 7,
};

// Registers of a channel that is OFF.
static void start_options(struct random_case *random, unsigned channel)
{
    if (random->engine->parameters->budget) {
        unsigned budget = random_once_in(random, 2) ? 0 : 1 + random_below(random, 24);
        engine_write(random->engine, DRAY_CHANNEL_BUDGET(channel), budget);
        reference_budget(random->reference, channel, budget);
    }
    if (random->engine->parameters->priority) // a cyclic ring above others would leave them nothing
        engine_write(random->engine, DRAY_CHANNEL_PRIORITY(channel),
                     (random->channels[channel].cyclic ? 0 : random_below(random, 8)) << DRAY_CHANNEL_PRIORITY_RANK_SHIFT |
                         (random_once_in(random, 2) ? 0 : random_below(random, 20)) << DRAY_CHANNEL_PRIORITY_BURSTS_SHIFT);
    if (random->engine->parameters->coalesce) {
        unsigned count = random_below(random, 9), units = random_below(random, COALESCE_MOST);
        if (random_once_in(random, 2)) count = units = 0;
        engine_write(random->engine, DRAY_CHANNEL_COALESCE(channel),
                     count << DRAY_CHANNEL_COALESCE_COUNT_SHIFT | units << DRAY_CHANNEL_COALESCE_TIME_SHIFT);
        random->told_after = COALESCE_MOST * COALESCE_UNIT;
    }
}

static void start(struct random_case *random, unsigned channel)
{
    struct random_channel *own = &random->channels[channel];
    bool runs = own->started && engine_state(random->engine, channel) == DRAY_CHANNEL_STATE_RUNNING;
    if (runs && !random_once_in(random, 3)) return; // the ring goes on where it is
    if (own->started) ring_stop(&own->ring, LIMIT);
    unsigned slots_lg = random_below(random, 2) ? SLOTS_LG_MOST : random_below(random, SLOTS_LG_MOST);
    uint64_t base     = random_ring(random, channel) + random_below(random, 4) * ((uint64_t)SLOT_BYTES << slots_lg);
    own->cyclic       = random_once_in(random, 5);
    start_options(random, channel);
    reference_start(random->reference, channel, base, slots_lg, own->cyclic);
    // A cyclic ring is written before it starts, as it starts by itself.
    if (own->cyclic) own->ring = (struct ring){ .engine = random->engine, .channel = channel, .base = base, .slots_lg = slots_lg };
    else ring_start(&own->ring, random->engine, channel, base, slots_lg);
    own->started = true;
}

static void clear_faults(struct random_case *random)
{
    random->fault_count = 0;
    memory_faults_clear(random->engine->memory);
    reference_faults_clear(random->reference);
}

static void put_round(struct random_case *random)
{
    clear_faults(random);
    random->note_count = 0;
    random->edge       = (enum random_edge)random_below(random, RANDOM_EDGE_USES);
    memory_forbid(random->engine->memory, random_base(random), RANDOM_EDGE);
    for (unsigned c = 0; c < random->engine->channels; c++) {
        struct random_channel *own   = &random->channels[c];
        memory_forbid(random->engine->memory, random_home(random, c), 0x40000);
        start(random, c);
        own->target_at = own->window_at = own->segment_at = own->list_at = own->edge_at = 0;
        unsigned slots      = 1u << own->ring.slots_lg;
        own->ends_by_itself = random_put(random, c, own->cyclic || random_below(random, 2) ? slots : random_below(random, slots + 1));
    }
    for (unsigned i = 0; i < random->fault_count; i++) {
        memory_fault_add(random->engine->memory, &random->faults[i]);
        reference_fault_add(random->reference, &random->faults[i]);
    }
}

static void ring_all(struct random_case *random)
{
    for (unsigned c = 0; c < random->engine->channels; c++) {
        struct random_channel *own = &random->channels[c];
        struct sink *sink = &random->engine->sinks[c];
        own->rests   = false;
        own->half    = !own->cyclic && own->ends_in_two && random_once_in(random, 4);
        sink->mode   = random_once_in(random, 2) ? SINK_ALWAYS : SINK_RANDOM;
        sink->chance = (uint8_t)(20 + random_below(random, 230));
        random->engine->sources[c].mode   = random_once_in(random, 2) ? SOURCE_ALWAYS : SOURCE_RANDOM;
        random->engine->sources[c].chance = (uint8_t)(20 + random_below(random, 230));
        if (own->cyclic) {
            ring_start_cyclic(&own->ring, random->engine, c, own->ring.base, own->ring.slots_lg);
            continue;
        }
        uint16_t all  = (uint16_t)(own->ring.producer - own->half);
        uint16_t rung = (uint16_t)engine_read(random->engine, DRAY_CHANNEL_PRODUCER(c));
        if (random_once_in(random, 2) && all != rung) { // in two parts
            own->ring.producer = (uint16_t)(rung + random_below(random, (uint16_t)(all - rung)));
            ring_doorbell(&own->ring);
            engine_clocks(random->engine, random_below(random, 400));
        }
        own->ring.producer = all;
        ring_doorbell(&own->ring);
        reference_doorbell(random->reference, c, all);
    }
}

static void command(struct random_case *random, unsigned channel, uint32_t mask)
{
    ring_command(&random->channels[channel].ring, mask);
    reference_command(random->reference, channel, mask);
}

static bool stands(uint32_t state)
{
    return state == DRAY_CHANNEL_STATE_HALTED || state == DRAY_CHANNEL_STATE_STOPPED || state == DRAY_CHANNEL_STATE_PAUSED;
}

// Where the status of one to a stream is lost, nothing would tell how far it came before it was cut short.
static bool may_abort(const struct random_case *random, unsigned channel)
{
    return !random->channels[channel].cyclic && !(random->has_errors && (random->engine->parameters->stream_out >> channel & 1));
}

static void stop(struct random_case *random, unsigned channel)
{
    bool cyclic = random->channels[channel].cyclic, aborts = may_abort(random, channel);
    bool pauses = random_once_in(random, 2) || !(cyclic || aborts);
    if (pauses) command(random, channel, DRAY_CHANNEL_COMMAND_PAUSE_MASK);
    else if (cyclic) command(random, channel, DRAY_CHANNEL_COMMAND_END_PERIOD_MASK);
    if (aborts && (!pauses || random_once_in(random, 3))) command(random, channel, DRAY_CHANNEL_COMMAND_ABORT_MASK);
}

// All that was told has retired, but for the first slot of a descriptor whose second was not.
static bool is_through(struct random_channel *own)
{
    uint16_t consumer = ring_consumer(&own->ring);
    return consumer == own->ring.producer || (own->half && (uint16_t)(consumer + 1u) == own->ring.producer);
}

// Until the channel has done all it can, or was told to stop at some time.
static void wait_rest(struct random_case *random, unsigned channel)
{
    struct random_channel *own = &random->channels[channel];
    uint64_t end   = engine_cycle(random->engine) + LIMIT;
    bool     ended = own->cyclic ? own->ends_by_itself : !random_once_in(random, 6);
    // Nothing would tell how far into its stream a descriptor came that fails and is cut short.
    if (!own->cyclic && random->has_errors && (random->engine->parameters->stream_in >> channel & 1)) ended = true;
    if (!ended) engine_clocks(random->engine, random_below(random, 2000));
    for (;;) {
        uint32_t state = engine_state(random->engine, channel);
        if (stands(state)) return;
        if (!own->cyclic && state == DRAY_CHANNEL_STATE_RUNNING && is_through(own)) return;
        if (!ended) stop(random, channel);
        ended = true;
        if (engine_cycle(random->engine) > end) engine_stop(random->engine, "a channel never came to rest");
        engine_clocks(random->engine, POLL);
    }
}

// A first slot may still be on its way: it is looked at as soon as it has come.
static void wait_halves(struct random_case *random)
{
    bool     any = false;
    uint64_t end = engine_cycle(random->engine) + LIMIT;
    for (unsigned c = 0; c < random->engine->channels; c++) any = any || random->channels[c].half;
    while (any && !engine_quiet(random->engine, LONGEST_READ))
        if (engine_cycle(random->engine) > end) engine_stop(random->engine, "the bus never came to rest");
}

static void settle(struct random_case *random, unsigned channel)
{
    struct random_channel *own    = &random->channels[channel];
    struct engine         *engine = random->engine;
    struct halt            halt   = ring_halt(&own->ring);
    struct reference_seen  seen   = { .state = engine_state(engine, channel), .interrupts = ring_interrupts(&own->ring),
                                      .consumer = ring_consumer(&own->ring), .failed = halt.failed, .next = halt.next,
                                      .cause = halt.cause, .moved = halt.moved, .failed_addr = halt.failed_addr,
                                      .next_addr = halt.next_addr };
    struct sink *sink = &engine->sinks[channel];
    reference_settle(random->reference, channel, &seen, memory_at(engine->memory, random_base(random), 1), &engine->report);
    reference_compare_stream(random->reference, channel,
                             &(struct reference_packets){ sink->bytes, sink->count, sink->packet_end, sink->packet_cut,
                                                          sink->packets }, &engine->report);
    sink_clear(sink);
    ring_acknowledge(&own->ring, ALL_IRQS);
    reference_acknowledge(random->reference, channel, ALL_IRQS);
}

// A descriptor waits for its second slot: that comes, or ABORT does.
static bool go_on_with_half(struct random_case *random, unsigned channel)
{
    struct random_channel *own = &random->channels[channel];
    if (random_once_in(random, 3)) {
        command(random, channel, DRAY_CHANNEL_COMMAND_ABORT_MASK);
        return true;
    }
    own->half = false;
    own->ring.producer++;
    ring_doorbell(&own->ring);
    reference_doorbell(random->reference, channel, own->ring.producer);
    return true;
}

// What software does with a channel that stands. @return true if it goes on.
static bool act(struct random_case *random, unsigned channel)
{
    struct random_channel *own   = &random->channels[channel];
    uint32_t               state = engine_state(random->engine, channel);
    if (state == DRAY_CHANNEL_STATE_RUNNING && own->half) return go_on_with_half(random, channel);
    if (!stands(state)) return false;
    own->rests = own->cyclic && random_once_in(random, 2);
    if (own->rests) return false; // disabled before the next round
    if (!own->cyclic && random_once_in(random, 8)) command(random, channel, DRAY_CHANNEL_COMMAND_DROP_MASK);
    for (unsigned i = random_once_in(random, 3) ? 1 + random_below(random, 3) : 0; i > 0; i--)
        if (own->cyclic || ring_halt(&own->ring).next != own->ring.producer)
            command(random, channel, DRAY_CHANNEL_COMMAND_SKIP_MASK);
    command(random, channel, DRAY_CHANNEL_COMMAND_RESUME_MASK);
    return true;
}

void random_round(struct random_case *random)
{
    put_round(random);
    ring_all(random);
    bool goes_on = true;
    for (unsigned phase = 0; goes_on && !random->failed; phase++) {
        for (unsigned c = 0; c < random->engine->channels; c++) wait_rest(random, c);
        wait_halves(random);
        if (!engine_quiet(random->engine, QUIET)) report_error(&random->engine->report, "all channels rest, the bus does not");
        engine_clocks(random->engine, random->told_after);
        for (unsigned c = 0; c < random->engine->channels; c++)
            if (!random->channels[c].rests) settle(random, c);
        random_check_image(random);
        random_check_report(random);
        if (random->failed) return;
        if (random_once_in(random, 3)) clear_faults(random);
        goes_on = false;
        for (unsigned c = 0; c < random->engine->channels && phase < PHASES_MOST; c++)
            if (!random->channels[c].rests) goes_on = act(random, c) || goes_on;
    }
}
