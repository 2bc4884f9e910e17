// SPDX-License-Identifier: Apache-2.0
//
// Every error at every beat of each of three descriptors, with eight more behind them, a hundred cycles from the memory: FAILED,
// NEXT, every status, every byte and what RESUME does are as the reference model says, and another channel never notices.
// HW-09, HW-10, HW-11.
#include "reference.h"
#include "testing.h"

#include <string.h>

enum {
    LATENCY   = 100,
    SLOTS_LG  = 4,
    TRIED     = 3,
    COUNT     = TRIED + 8,
    PAGE      = 4096,
    PLACE     = 2 * PAGE, // of each descriptor: two pages, used round the edge between them
    SOURCE    = ENGINE_MEMORY_BASE,
    SOURCES   = 2 * COUNT * PLACE,
    RINGS     = ENGINE_MEMORY_BASE + 0x40000,
    TARGET    = ENGINE_MEMORY_BASE + 0x80000,
    OPEN      = 0x100000,
    LIMIT     = 100000,
    QUIET     = 2 * LATENCY + 50,
    ALL_IRQS  = 7,
};

enum kind { FETCH, READ, WRITE, BACK, GATE_READ, GATE_WRITE, TYPE, GENERATION, LENGTH, ADDRESS, KINDS };

struct trial {
    enum kind kind;
    uint8_t   resp;
    unsigned  bad, beat; // of which descriptor, and which beat of it
};

static struct engine    *engine;
static struct reference *reference;
static struct ring       rings[2];
static struct descriptor lists[2][COUNT];
static uint64_t          seed;

static unsigned width(void) { return engine->width_bytes; }

static unsigned channels(void) { return engine->channels < 2 ? engine->channels : 2; }

static void open_frame(unsigned channel, uint64_t addr, unsigned rights)
{
    engine_guard(engine, channel, addr, 1, rights);
    if (engine->parameters->gate) reference_guard(reference, channel, addr, 1, rights);
}

// In both images.
static void copy_to_reference(uint64_t addr, size_t len_bytes)
{
    memcpy(reference_at(reference, addr, len_bytes), memory_at(engine->memory, addr, len_bytes), len_bytes);
}

static void begin(void **state)
{
    engine = testing_engine(state, &(struct engine_config){ .latency = LATENCY, .open_bytes = OPEN });
    reference_free(reference);
    reference = reference_new(engine->parameters, ENGINE_MEMORY_BASE, ENGINE_MEMORY_BYTES);
    for (unsigned c = 0; c < channels() && engine->parameters->gate; c++)
        reference_guard(reference, c, ENGINE_MEMORY_BASE, OPEN, REFERENCE_READ | REFERENCE_WRITE);
    memory_fill_random(engine->memory, ENGINE_MEMORY_BASE, OPEN, testing_seed());
    copy_to_reference(ENGINE_MEMORY_BASE, OPEN);
    memory_forbid_all(engine->memory);
}

// ---- the descriptors of a trial

// Whole beats where a build knows no bytes; otherwise both ends stand somewhere in a beat, and source and target apart.
static struct descriptor plain(unsigned channel, unsigned i)
{
    unsigned bytes = engine->parameters->bytes, own = (channel * COUNT + i) * PLACE;
    uint32_t length = (3 + 8 * (i % 3)) * width(); // within a burst, over its boundary, and more than one
    return (struct descriptor){ .source      = SOURCE + own + PAGE - width() * (i % 3) + bytes * (1 + i % 3),
                                .destination = TARGET + own + PAGE - width() * ((i + 1) % 3) + bytes * (i % 2),
                                .length      = length + bytes * (i % 4),
                                .flags       = i % 2 ? DESCRIPTOR_WRITE_BACK : 0,
                                .tag         = 100 * channel + i };
}

static unsigned beats_of(uint64_t addr, uint32_t length)
{
    return (unsigned)((addr + length - 1) / width() - addr / width() + 1);
}

static unsigned beats(const struct trial *trial)
{
    struct descriptor one = plain(0, trial->bad);
    switch (trial->kind) {
    case FETCH: return SLOT_BYTES / width();
    case READ:
    case GATE_READ: return beats_of(one.source, one.length);
    case WRITE:
    case GATE_WRITE: return beats_of(one.destination, one.length);
    case BACK: return beats_of(DRAY_WRITE_BACK_MOVED, 8);
    case TYPE:
    case GENERATION:
    case LENGTH:
    case ADDRESS:
    case KINDS: return 1;
    }
    return 0;
}

static void put_fault(const struct trial *trial, enum memory_direction direction, uint64_t addr)
{
    uint64_t            beat  = (addr / width() + trial->beat) * width();
    struct memory_fault fault = { .direction = direction, .first = beat, .last = beat + width() - 1, .count = ~0u,
                                  .resp = trial->resp, .beat = MEMORY_BEATS_HIT };
    memory_fault_add(engine->memory, &fault);
    reference_fault_add(reference, &fault);
}

// Moves the place so that its beat stands at the start of the second page, and closes that page.
static uint64_t close_page(const struct trial *trial, uint64_t addr, uint32_t length)
{
    uint64_t edge = addr / PLACE * PLACE + PAGE, moved = edge - trial->beat * width() + addr % width();
    if (trial->beat == 0) moved = edge + addr % width();
    assert_true(moved / PAGE == edge / PAGE || moved + length > edge);
    open_frame(0, edge, trial->kind == GATE_READ ? ENGINE_WRITE : ENGINE_READ);
    return moved;
}

// What is wrong before it is written.
static void spoil(const struct trial *trial, struct descriptor *one)
{
    uint64_t slot = ring_slot(&rings[0], (uint16_t)trial->bad);
    switch (trial->kind) {
    case FETCH: put_fault(trial, MEMORY_READ, slot); break;
    case READ: put_fault(trial, MEMORY_READ, one->source); break;
    case WRITE: put_fault(trial, MEMORY_WRITE, one->destination); break;
    case BACK:
        one->flags |= DESCRIPTOR_WRITE_BACK;
        put_fault(trial, MEMORY_WRITE, slot + DRAY_WRITE_BACK_MOVED);
        break;
    case GATE_READ: one->source = close_page(trial, one->source, one->length); break;
    case GATE_WRITE: one->destination = close_page(trial, one->destination, one->length); break;
    case TYPE: one->type = DRAY_DESC_TYPE_DONE; break;
    case LENGTH: one->length = 0; break;
    case ADDRESS: // a copy past the last address, or one that a word-aligned build cannot do
        if (engine->parameters->bytes) one->destination = 0xfffffff8u, one->source = SOURCE, one->length = 64;
        else one->source |= 1;
        break;
    case GENERATION:
    case KINDS: break;
    }
}

static uint32_t cause_of(const struct trial *trial)
{
    bool slverr = trial->resp == BUS_SLVERR;
    switch (trial->kind) {
    case FETCH: return slverr ? DRAY_CAUSE_DESC_SLVERR : DRAY_CAUSE_DESC_DECERR;
    case READ: return slverr ? DRAY_CAUSE_READ_SLVERR : DRAY_CAUSE_READ_DECERR;
    case WRITE: return slverr ? DRAY_CAUSE_WRITE_SLVERR : DRAY_CAUSE_WRITE_DECERR;
    case BACK: return slverr ? DRAY_CAUSE_BACK_SLVERR : DRAY_CAUSE_BACK_DECERR;
    case GATE_READ:
    case GATE_WRITE: return DRAY_CAUSE_FAULT;
    case TYPE: return DRAY_CAUSE_TYPE;
    case GENERATION: return DRAY_CAUSE_GENERATION;
    case LENGTH: return DRAY_CAUSE_LENGTH;
    case ADDRESS: return DRAY_CAUSE_ADDRESS;
    case KINDS: break;
    }
    return DRAY_CAUSE_NONE;
}

static void put_all(const struct trial *trial)
{
    for (unsigned c = 0; c < channels(); c++) {
        for (unsigned i = 0; i < COUNT; i++) {
            struct descriptor *one = &lists[c][i];
            bool               bad = c == 0 && i == trial->bad;
            *one = plain(c, i);
            if (bad) spoil(trial, one);
            uint64_t slot = ring_slot(&rings[c], ring_put(&rings[c], one));
            if (bad && trial->kind == GENERATION)
                memory_set_word(engine->memory, slot + DRAY_DESCRIPTOR_CONTROL,
                                descriptor_control(one, 0));
            copy_to_reference(slot, SLOT_BYTES);
            if (one->destination < TARGET + OPEN) memory_permit(engine->memory, one->destination, one->length);
        }
    }
}

// ---- one trial

static void settle(unsigned c)
{
    struct halt           halt = ring_halt(&rings[c]);
    struct reference_seen seen = { .state = engine_state(engine, c), .interrupts = ring_interrupts(&rings[c]),
                                   .consumer = ring_consumer(&rings[c]), .failed = halt.failed, .next = halt.next,
                                   .cause = halt.cause, .moved = halt.moved, .failed_addr = halt.failed_addr,
                                   .next_addr = halt.next_addr };
    reference_settle(reference, c, &seen, memory_at(engine->memory, ENGINE_MEMORY_BASE, 1), &engine->report);
    ring_acknowledge(&rings[c], ALL_IRQS);
    reference_acknowledge(reference, c, ALL_IRQS);
}

static void look(const struct trial *trial, const char *when)
{
    uint64_t addr = 0;
    if (!engine_quiet(engine, QUIET)) report_error(&engine->report, "the channels rest, the bus does not");
    for (unsigned c = 0; c < channels(); c++) settle(c);
    size_t wrong = reference_compare(reference, memory_at(engine->memory, ENGINE_MEMORY_BASE, 1), &addr);
    if (wrong == 0 && engine->report.count == 0) return;
    report_print(&engine->report, stderr);
    fail_msg("kind %u, response %u, descriptor %u, beat %u, %s: %zu bytes are wrong, first at 0x%llx; %u errors", (unsigned)trial->kind,
             trial->resp, trial->bad, trial->beat, when, wrong, (unsigned long long)addr, engine->report.count);
}

static void run(const struct trial *trial)
{
    memory_fill_random(engine->memory, SOURCE, SOURCES, ++seed); // so that no copy leaves things as they were
    copy_to_reference(SOURCE, SOURCES);
    for (unsigned c = 0; c < channels(); c++) {
        uint64_t base = RINGS + c * 0x1000u;
        ring_start(&rings[c], engine, c, base, SLOTS_LG);
        rings[c].may_fail = true;
        reference_start(reference, c, base, SLOTS_LG, false);
    }
    put_all(trial);
    for (unsigned c = 0; c < channels(); c++) {
        ring_doorbell(&rings[c]);
        reference_doorbell(reference, c, rings[c].producer);
    }
    engine_wait_state(engine, 0, DRAY_CHANNEL_STATE_HALTED, LIMIT);
    if (channels() == 2) ring_wait_empty(&rings[1], LIMIT);
    struct halt halt = ring_halt(&rings[0]);
    if (halt.failed != trial->bad || halt.cause != cause_of(trial))
        fail_msg("kind %u, response %u, descriptor %u, beat %u: failed %u with cause %u", (unsigned)trial->kind, trial->resp, trial->bad,
                 trial->beat, halt.failed, (unsigned)halt.cause);
    look(trial, "halted");

    memory_faults_clear(engine->memory);
    reference_faults_clear(reference);
    ring_command(&rings[0], DRAY_CHANNEL_COMMAND_RESUME_MASK);
    reference_command(reference, 0, DRAY_CHANNEL_COMMAND_RESUME_MASK);
    ring_wait_empty(&rings[0], LIMIT);
    look(trial, "resumed");
    if (trial->kind == GATE_READ) open_frame(0, lists[0][trial->bad].source / PLACE * PLACE + PAGE, ENGINE_READ | ENGINE_WRITE);
    if (trial->kind == GATE_WRITE) open_frame(0, lists[0][trial->bad].destination / PLACE * PLACE + PAGE, ENGINE_READ | ENGINE_WRITE);
    for (unsigned c = 0; c < channels(); c++) ring_stop(&rings[c], LIMIT);
}

// @return how many there were.
static unsigned run_all(void **state, enum kind kind)
{
    static const uint8_t responses[] = { BUS_SLVERR, BUS_DECERR };
    unsigned count = 0;
    begin(state);
    for (unsigned bad = 0; bad < TRIED; bad++)
        for (unsigned r = 0; r < (kind <= BACK ? 2u : 1u); r++) {
            struct trial trial = { .kind = kind, .resp = responses[r], .bad = bad };
            for (unsigned all = beats(&trial); trial.beat < all; trial.beat++, count++) run(&trial);
        }
    reference_free(reference);
    reference = NULL;
    return count;
}

static void an_error_at_any_beat_of_a_descriptor(void **state) { assert_in_range(run_all(state, FETCH), 2 * TRIED, ~0u); }
static void an_error_at_any_beat_that_is_read(void **state) { assert_in_range(run_all(state, READ), 6 * TRIED, ~0u); }
static void an_error_at_any_beat_that_is_written(void **state) { assert_in_range(run_all(state, WRITE), 6 * TRIED, ~0u); }
static void an_error_at_any_beat_of_a_status(void **state) { assert_in_range(run_all(state, BACK), 2 * TRIED, ~0u); }
static void a_read_refused_from_any_beat_on(void **state) { assert_in_range(run_all(state, GATE_READ), 3 * TRIED, ~0u); }
static void a_write_refused_from_any_beat_on(void **state) { assert_in_range(run_all(state, GATE_WRITE), 3 * TRIED, ~0u); }

static void a_descriptor_that_makes_no_sense(void **state)
{
    for (enum kind kind = TYPE; kind < KINDS; kind++) assert_int_equal(run_all(state, kind), TRIED);
}

int main(void)
{
    const struct testing_case cases[] = {
        TESTING_CASE(an_error_at_any_beat_of_a_descriptor),
        TESTING_CASE(an_error_at_any_beat_that_is_read),
        TESTING_CASE(an_error_at_any_beat_that_is_written),
        TESTING_CASE(an_error_at_any_beat_of_a_status),
        TESTING_CASE(a_descriptor_that_makes_no_sense),
    };
    const struct testing_case gate[] = {
        TESTING_CASE(a_read_refused_from_any_beat_on),
        TESTING_CASE(a_write_refused_from_any_beat_on),
    };
    TESTING_ADD(testing_all, cases);
    TESTING_ADD(testing_widths, gate);
    return testing_run("error_matrix");
}
