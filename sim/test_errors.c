// SPDX-License-Identifier: Apache-2.0
//
// An error belongs to one descriptor: those before it are done, those behind it never began, and no reset is needed.
#include "testing.h"

enum {
    RING   = ENGINE_MEMORY_BASE,
    SOURCE = ENGINE_MEMORY_BASE + 0x20000,
    TARGET = ENGINE_MEMORY_BASE + 0x30000,
    OTHER  = ENGINE_MEMORY_BASE + 0x50000, // of the other channel: destination, and source 0x4000 behind it
    OPEN   = 0x60000,
    LIMIT  = 50000,
    COUNT  = 14,
    LENGTH = 96,
    PLACE  = 256,
};

// What goes wrong with one descriptor.
enum wrong {
    FETCH_SLVERR, FETCH_DECERR, READ_SLVERR, READ_DECERR, READ_LAST_BEAT, WRITE_SLVERR, WRITE_DECERR, BACK_SLVERR, BACK_DECERR,
    LENGTH_ZERO, TYPE_ZERO, TYPE_DONE, TYPE_UNKNOWN, STALE, UNALIGNED_SOURCE, UNALIGNED_LENGTH, LINK_ZERO, GATE_READ, GATE_WRITE,
};

static const uint32_t causes[] = {
    [FETCH_SLVERR] = DRAY_CAUSE_DESC_SLVERR, [FETCH_DECERR] = DRAY_CAUSE_DESC_DECERR, [READ_SLVERR] = DRAY_CAUSE_READ_SLVERR,
    [READ_DECERR] = DRAY_CAUSE_READ_DECERR,  [READ_LAST_BEAT] = DRAY_CAUSE_READ_SLVERR, [WRITE_SLVERR] = DRAY_CAUSE_WRITE_SLVERR,
    [WRITE_DECERR] = DRAY_CAUSE_WRITE_DECERR, [BACK_SLVERR] = DRAY_CAUSE_BACK_SLVERR, [BACK_DECERR] = DRAY_CAUSE_BACK_DECERR,
    [LENGTH_ZERO] = DRAY_CAUSE_LENGTH,       [TYPE_ZERO] = DRAY_CAUSE_TYPE,           [TYPE_DONE] = DRAY_CAUSE_TYPE,
    [TYPE_UNKNOWN] = DRAY_CAUSE_TYPE,        [STALE] = DRAY_CAUSE_GENERATION,         [UNALIGNED_SOURCE] = DRAY_CAUSE_ADDRESS,
    [UNALIGNED_LENGTH] = DRAY_CAUSE_LENGTH,  [LINK_ZERO] = DRAY_CAUSE_LENGTH,         [GATE_READ] = DRAY_CAUSE_FAULT,
    [GATE_WRITE] = DRAY_CAUSE_FAULT,
};

static struct engine *engine;
static struct ring    ring, other;
static unsigned       others_done;

static uint32_t source_of(unsigned i) { return SOURCE + i * PLACE; }
static uint32_t target_of(unsigned i) { return TARGET + i * PLACE; }

static void begin(void **state, unsigned latency)
{
    engine = testing_engine(state, &(struct engine_config){ .latency = latency, .open_bytes = OPEN });
    testing_fill(engine, testing_seed());
    ring_start(&ring, engine, 0, RING, 5);
    others_done = 0;
    if (engine->channels > 1) ring_start(&other, engine, 1, RING + 0x8000, 5);
}

static void fault(enum memory_direction direction, uint32_t first, unsigned len_bytes, uint8_t resp)
{
    memory_fault_add(engine->memory, &(struct memory_fault){ .direction = direction, .first = first, .last = first + len_bytes - 1u,
                                                             .count = 1000, .resp = resp, .beat = MEMORY_BEATS_HIT });
}

// All descriptors, one of them wrong.
static void put_all(unsigned bad, enum wrong wrong)
{
    for (unsigned i = 0; i < COUNT; i++) {
        struct descriptor copy = { .source = source_of(i), .destination = target_of(i), .length = LENGTH, .tag = 0x100 + i,
                                   .flags = DESCRIPTOR_WRITE_BACK };
        uint32_t slot = (uint32_t)ring_slot(&ring, ring.producer);
        memory_permit(engine->memory, copy.destination, copy.length);
        if (i == bad)
            switch (wrong) {
            case FETCH_SLVERR: fault(MEMORY_READ, slot, SLOT_BYTES, BUS_SLVERR); break;
            case FETCH_DECERR: fault(MEMORY_READ, slot, SLOT_BYTES, BUS_DECERR); break;
            case READ_SLVERR: fault(MEMORY_READ, copy.source, LENGTH, BUS_SLVERR); break;
            case READ_DECERR: fault(MEMORY_READ, copy.source, LENGTH, BUS_DECERR); break;
            case READ_LAST_BEAT: fault(MEMORY_READ, copy.source + LENGTH - 1, 1, BUS_SLVERR); break;
            case WRITE_SLVERR: fault(MEMORY_WRITE, copy.destination, LENGTH, BUS_SLVERR); break;
            case WRITE_DECERR: fault(MEMORY_WRITE, copy.destination, LENGTH, BUS_DECERR); break;
            case BACK_SLVERR: fault(MEMORY_WRITE, slot, SLOT_BYTES, BUS_SLVERR); break;
            case BACK_DECERR: fault(MEMORY_WRITE, slot, SLOT_BYTES, BUS_DECERR); break;
            case LENGTH_ZERO: copy.length = 0; break;
            case TYPE_ZERO: copy.type = 0; break; // written below
            case TYPE_DONE: copy.type = DRAY_DESC_TYPE_DONE; break;
            case TYPE_UNKNOWN: copy.type = 5; break;
            case STALE: break; // written below
            case UNALIGNED_SOURCE: copy.source += 1; break;
            case UNALIGNED_LENGTH: copy.length += 1; break;
            case LINK_ZERO: copy.type = DRAY_DESC_TYPE_LINK, copy.length = 0; break;
            case GATE_READ: copy.source = 0x90000000; break;
            case GATE_WRITE: copy.destination = 0x90000000; break;
            }
        ring_put(&ring, &copy);
        if (i != bad) continue;
        uint32_t control = memory_word(engine->memory, slot + DRAY_DESCRIPTOR_CONTROL);
        if (wrong == TYPE_ZERO) memory_set_word(engine->memory, slot + DRAY_DESCRIPTOR_CONTROL, control & ~7u);
        if (wrong == STALE)
            memory_set_word(engine->memory, slot + DRAY_DESCRIPTOR_CONTROL, control ^ DRAY_DESCRIPTOR_CONTROL_GENERATION_MASK);
    }
}

static void expect_copied(unsigned i)
{
    struct write_back back = ring_write_back(&ring, ring_slot(&ring, (uint16_t)i));
    if (back.type != DRAY_DESC_TYPE_DONE || back.cause != DRAY_CAUSE_NONE || back.moved != LENGTH || back.tag != 0x100 + i)
        fail_msg("descriptor %u: status type %u cause %u moved %u tag 0x%x", i, (unsigned)back.type, (unsigned)back.cause,
                 (unsigned)back.moved, (unsigned)back.tag);
    assert_memory_equal(memory_at(engine->memory, target_of(i), LENGTH), memory_at(engine->memory, source_of(i), LENGTH), LENGTH);
}

static void expect_untouched(unsigned i)
{
    assert_memory_equal(memory_at(engine->memory, target_of(i), LENGTH), memory_expected(engine->memory, target_of(i), LENGTH), LENGTH);
    assert_int_equal(memory_word(engine->memory, ring_slot(&ring, (uint16_t)i) + DRAY_DESCRIPTOR_LENGTH), LENGTH);
}

// The other channel copies all along, and does not notice.
static void other_put(void)
{
    if (engine->channels < 2) return;
    for (unsigned i = 0; i < 8; i++, others_done++) {
        uint32_t to = OTHER + others_done * 128;
        testing_expect_copy(engine, OTHER + 0x4000 + i * 128, to, 128);
        ring_put(&other, &(struct descriptor){ .source = OTHER + 0x4000 + i * 128, .destination = to, .length = 128 });
    }
    ring_doorbell(&other);
}

static void other_check(void)
{
    if (engine->channels < 2) return;
    ring_wait_empty(&other, LIMIT);
    assert_int_equal(engine_state(engine, 1), DRAY_CHANNEL_STATE_RUNNING);
    assert_memory_equal(memory_at(engine->memory, OTHER, others_done * 128), memory_expected(engine->memory, OTHER, others_done * 128),
                        others_done * 128);
}

static bool is_late(enum wrong wrong)
{
    return wrong == WRITE_SLVERR || wrong == WRITE_DECERR || wrong == BACK_SLVERR || wrong == BACK_DECERR;
}

// One wrong descriptor at `bad`: HALTED, and everything before, at and behind it as it must be. @return NEXT.
static unsigned expect_halt(unsigned bad, enum wrong wrong)
{
    engine_wait_state(engine, 0, DRAY_CHANNEL_STATE_HALTED, LIMIT);
    struct halt halt = ring_halt(&ring);
    if (halt.cause != causes[wrong] || halt.failed != bad)
        fail_msg("case %d: failed %u with cause %u, expected %u with %u", (int)wrong, halt.failed, (unsigned)halt.cause, bad,
                 (unsigned)causes[wrong]);
    assert_int_equal(halt.failed_addr, ring_slot(&ring, (uint16_t)bad));
    assert_int_equal(halt.next_addr, ring_slot(&ring, halt.next));
    if (is_late(wrong)) assert_in_range(halt.next, bad + 1, COUNT);
    else assert_int_equal(halt.next, bad + 1);
    assert_true(ring_interrupts(&ring) & DRAY_CHANNEL_IRQ_STATUS_HALTED_MASK);
    assert_true(engine->pins.channel_irq & 1);

    for (unsigned i = 0; i < bad; i++) expect_copied(i);
    bool back_failed = wrong == BACK_SLVERR || wrong == BACK_DECERR;
    assert_int_equal(halt.moved, back_failed ? LENGTH : halt.moved);
    assert_true(halt.moved <= LENGTH);
    assert_memory_equal(memory_at(engine->memory, target_of(bad), halt.moved), memory_at(engine->memory, source_of(bad), halt.moved),
                        halt.moved);
    if (wrong != READ_LAST_BEAT && !back_failed) assert_int_equal(halt.moved, 0);
    if (!back_failed) {
        struct write_back back = ring_write_back(&ring, halt.failed_addr);
        assert_int_equal(back.type, DRAY_DESC_TYPE_DONE);
        assert_int_equal(back.cause, causes[wrong]);
        assert_int_equal(back.moved, halt.moved);
        for (unsigned i = bad + 1; i < halt.next; i++) expect_copied(i);
    }
    if (wrong == READ_SLVERR || wrong == READ_DECERR)
        assert_memory_equal(memory_at(engine->memory, target_of(bad), LENGTH), memory_expected(engine->memory, target_of(bad), LENGTH),
                            LENGTH);
    for (unsigned i = halt.next; i < COUNT; i++) expect_untouched(i);
    assert_true(engine->channels > 1 || engine_quiet(engine, 250));
    return halt.next;
}

static void one_error(void **state, enum wrong wrong, unsigned latency)
{
    const unsigned places[] = { 0, 5, COUNT - 1 };
    for (unsigned p = 0; p < 3; p++) {
        unsigned bad = places[p];
        begin(state, latency);
        other_put();
        put_all(bad, wrong);
        ring_doorbell(&ring);
        other_put();
        unsigned next = expect_halt(bad, wrong);
        other_check();
        memory_faults_clear(engine->memory);
        ring_acknowledge(&ring, 7);
        ring_command(&ring, DRAY_CHANNEL_COMMAND_RESUME_MASK);
        other_put();
        if (next < COUNT) ring_wait_empty(&ring, LIMIT);
        for (unsigned i = next; i < COUNT; i++) expect_copied(i);
        other_check();
        assert_int_equal(engine_state(engine, 0), DRAY_CHANNEL_STATE_RUNNING);
        testing_clean(engine);
    }
}

static void each_at_two_latencies(void **state, const enum wrong *wrong, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        one_error(state, wrong[i], 2);
        one_error(state, wrong[i], 60);
    }
}

static void an_error_on_a_descriptor_fetch_stops_there(void **state)
{
    each_at_two_latencies(state, (const enum wrong[]){ FETCH_SLVERR, FETCH_DECERR }, 2);
}

static void an_error_on_a_read_stops_there_and_its_data_is_never_written(void **state)
{
    each_at_two_latencies(state, (const enum wrong[]){ READ_SLVERR, READ_DECERR, READ_LAST_BEAT }, 3);
}

static void an_error_on_a_write_stops_there_and_later_ones_end(void **state)
{
    each_at_two_latencies(state, (const enum wrong[]){ WRITE_SLVERR, WRITE_DECERR }, 2);
}

static void an_error_on_a_write_back_stops_there(void **state)
{
    each_at_two_latencies(state, (const enum wrong[]){ BACK_SLVERR, BACK_DECERR }, 2);
}

static void a_descriptor_that_makes_no_sense_is_never_executed(void **state)
{
    each_at_two_latencies(state, (const enum wrong[]){ LENGTH_ZERO, TYPE_ZERO, TYPE_DONE, TYPE_UNKNOWN, STALE, LINK_ZERO }, 6);
}

static void what_a_word_aligned_build_cannot_do_is_an_error(void **state)
{
    each_at_two_latencies(state, (const enum wrong[]){ UNALIGNED_SOURCE, UNALIGNED_LENGTH }, 2);
}

static void what_the_gate_refuses_is_an_error_of_that_descriptor(void **state)
{
    each_at_two_latencies(state, (const enum wrong[]){ GATE_READ, GATE_WRITE }, 2);
}

// ---- going on

static void skip_leaves_descriptors_out_and_drop_leaves_all_out(void **state)
{
    begin(state, 5);
    put_all(3, LENGTH_ZERO);
    ring_doorbell(&ring);
    unsigned next = expect_halt(3, LENGTH_ZERO);
    ring_command(&ring, DRAY_CHANNEL_COMMAND_SKIP_MASK);
    ring_command(&ring, DRAY_CHANNEL_COMMAND_SKIP_MASK);
    assert_int_equal(ring_halt(&ring).next, next + 2);
    assert_int_equal(ring_halt(&ring).next_addr, ring_slot(&ring, (uint16_t)(next + 2)));
    ring_acknowledge(&ring, 7);
    ring_command(&ring, DRAY_CHANNEL_COMMAND_RESUME_MASK);
    ring_wait_empty(&ring, LIMIT);
    expect_untouched(next);
    expect_untouched(next + 1);
    for (unsigned i = next + 2; i < COUNT; i++) expect_copied(i);

    begin(state, 5);
    put_all(3, TYPE_UNKNOWN);
    ring_doorbell(&ring);
    expect_halt(3, TYPE_UNKNOWN);
    ring_command(&ring, DRAY_CHANNEL_COMMAND_DROP_MASK);
    assert_int_equal(ring_halt(&ring).next, COUNT);
    ring_acknowledge(&ring, 7);
    ring_command(&ring, DRAY_CHANNEL_COMMAND_RESUME_MASK);
    engine_clocks(engine, 300);
    for (unsigned i = 4; i < COUNT; i++) expect_untouched(i);
    assert_int_equal(ring_consumer(&ring), COUNT);

    // New work behind what was dropped is done.
    testing_expect_copy(engine, SOURCE, TARGET + 0x8000, 64);
    ring_put(&ring, &(struct descriptor){ .source = SOURCE, .destination = TARGET + 0x8000, .length = 64 });
    ring_doorbell(&ring);
    ring_wait_empty(&ring, LIMIT);
    assert_memory_equal(memory_at(engine->memory, TARGET + 0x8000, 64), memory_at(engine->memory, SOURCE, 64), 64);
    testing_clean(engine);
}

static void two_errors_are_two_halts(void **state)
{
    begin(state, 13);
    put_all(4, LENGTH_ZERO);
    memory_set_word(engine->memory, ring_slot(&ring, 9) + DRAY_DESCRIPTOR_LENGTH, 0);
    ring_doorbell(&ring);
    engine_wait_state(engine, 0, DRAY_CHANNEL_STATE_HALTED, LIMIT);
    assert_int_equal(ring_halt(&ring).failed, 4);
    assert_int_equal(ring_halt(&ring).next, 5);
    ring_acknowledge(&ring, 7);
    ring_command(&ring, DRAY_CHANNEL_COMMAND_RESUME_MASK);
    engine_clocks(engine, 20);
    engine_wait_state(engine, 0, DRAY_CHANNEL_STATE_HALTED, LIMIT);
    assert_int_equal(ring_halt(&ring).failed, 9);
    assert_int_equal(ring_halt(&ring).next, 10);
    assert_int_equal(ring_halt(&ring).cause, DRAY_CAUSE_LENGTH);
    ring_acknowledge(&ring, 7);
    ring_command(&ring, DRAY_CHANNEL_COMMAND_RESUME_MASK);
    ring_wait_empty(&ring, LIMIT);
    for (unsigned i = 0; i < COUNT; i++)
        if (i != 4 && i != 9) expect_copied(i);
    testing_clean(engine);
}

static void an_error_in_a_segment_names_the_link_and_the_slot(void **state)
{
    enum { SEGMENT = ENGINE_MEMORY_BASE + 0x4000 };
    begin(state, 13);
    ring_put(&ring, &(struct descriptor){ .source = source_of(0), .destination = target_of(0), .length = LENGTH, .tag = 0x100,
                                          .flags = DESCRIPTOR_WRITE_BACK });
    memory_permit(engine->memory, target_of(0), COUNT * PLACE);
    for (unsigned i = 0; i < 6; i++)
        descriptor_write(engine, SEGMENT + i * SLOT_BYTES,
                         &(struct descriptor){ .source = source_of(i + 1), .destination = target_of(i + 1),
                                               .length = i == 2 ? 0 : LENGTH, .flags = DESCRIPTOR_WRITE_BACK }, 1);
    ring_put(&ring, &(struct descriptor){ .type = DRAY_DESC_TYPE_LINK, .source = SEGMENT, .length = 6 });
    ring_put(&ring, &(struct descriptor){ .source = source_of(7), .destination = target_of(7), .length = LENGTH,
                                          .flags = DESCRIPTOR_IRQ });
    ring_doorbell(&ring);
    engine_wait_state(engine, 0, DRAY_CHANNEL_STATE_HALTED, LIMIT);
    struct halt halt = ring_halt(&ring);
    assert_int_equal(halt.cause, DRAY_CAUSE_LENGTH);
    assert_int_equal(halt.failed, 1);
    assert_int_equal(halt.failed_addr, SEGMENT + 2 * SLOT_BYTES);
    assert_int_equal(halt.next, 1);
    assert_int_equal(halt.next_addr, SEGMENT + 3 * SLOT_BYTES);
    ring_acknowledge(&ring, 7);
    ring_command(&ring, DRAY_CHANNEL_COMMAND_RESUME_MASK);
    ring_wait_empty(&ring, LIMIT);
    for (unsigned i = 0; i < 8; i++)
        if (i != 3)
            assert_memory_equal(memory_at(engine->memory, target_of(i), LENGTH), memory_at(engine->memory, source_of(i), LENGTH), LENGTH);
    assert_memory_equal(memory_at(engine->memory, target_of(3), LENGTH), memory_expected(engine->memory, target_of(3), LENGTH), LENGTH);
    testing_clean(engine);
}

int main(void)
{
    const struct testing_case cases[] = {
        TESTING_CASE(an_error_on_a_descriptor_fetch_stops_there),
        TESTING_CASE(an_error_on_a_read_stops_there_and_its_data_is_never_written),
        TESTING_CASE(an_error_on_a_write_stops_there_and_later_ones_end),
        TESTING_CASE(an_error_on_a_write_back_stops_there),
        TESTING_CASE(a_descriptor_that_makes_no_sense_is_never_executed),
        TESTING_CASE(skip_leaves_descriptors_out_and_drop_leaves_all_out),
        TESTING_CASE(two_errors_are_two_halts),
        TESTING_CASE(an_error_in_a_segment_names_the_link_and_the_slot),
    };
    const struct testing_case gate[]  = { TESTING_CASE(what_the_gate_refuses_is_an_error_of_that_descriptor) };
    const struct testing_case words[] = { TESTING_CASE(what_a_word_aligned_build_cannot_do_is_an_error) };
    static const char *const word_builds[] = { "min32", NULL };
    TESTING_ADD(testing_all, cases);
    TESTING_ADD(testing_widths, gate);
    TESTING_ADD(word_builds, words);
    return testing_run("errors");
}
