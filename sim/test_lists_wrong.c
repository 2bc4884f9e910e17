// SPDX-License-Identifier: Apache-2.0
//
// Lists that are wrong, refused or aborted: the bytes of the elements before are moved, no more, and the ring goes on.
// HW-03, HW-06, HW-09, HW-10, HW-15.
#include "lists.h"

#include <string.h>

enum { CLOSED = ENGINE_MEMORY_BASE + LISTS_OPEN }; // to the gate

static struct engine *engine;
static struct ring    ring;

static void begin(void **state, const struct engine_config *config)
{
    engine = testing_begin(state, config, &ring, LISTS_RING, LISTS_SLOTS_LG);
}

// ---- elements that are wrong: the bytes of those before are moved, and no more

enum wrong_element { NO_LENGTH, CLOSED_ADDRESS, PAST_THE_END, LIST_SLVERR, LIST_DECERR, PIECE_SLVERR, PIECE_LATE };

static const struct { enum wrong_element wrong; uint32_t cause; } wrongs[] = {
    { NO_LENGTH, DRAY_CAUSE_LENGTH },        { CLOSED_ADDRESS, DRAY_CAUSE_FAULT },    { PAST_THE_END, DRAY_CAUSE_FAULT },
    { LIST_SLVERR, DRAY_CAUSE_LIST_SLVERR }, { LIST_DECERR, DRAY_CAUSE_LIST_DECERR }, { PIECE_SLVERR, DRAY_CAUSE_READ_SLVERR },
    { PIECE_LATE, DRAY_CAUSE_WRITE_SLVERR },
};

static void fail_at(enum memory_direction direction, uint32_t addr, uint8_t resp)
{
    memory_fault_add(engine->memory, &(struct memory_fault){ .direction = direction, .first = addr, .last = addr, .count = ~0u,
                                                             .resp = resp, .beat = direction == MEMORY_READ ? MEMORY_BEATS_HIT : MEMORY_ALL_BEATS });
}

static void spoil(enum wrong_element wrong, const struct list *list, unsigned bad)
{
    uint32_t at = list->at + bad * ELEMENT_BYTES, other = list->other + list_total(list, bad);
    uint32_t piece = list->elements[bad].addr;
    switch (wrong) {
    case NO_LENGTH: memory_set_word(engine->memory, at + DRAY_ELEMENT_LENGTH, 0); break;
    case CLOSED_ADDRESS: memory_set_word(engine->memory, at + DRAY_ELEMENT_ADDRESS, CLOSED); break;
    case PAST_THE_END: memory_set_word(engine->memory, at + DRAY_ELEMENT_ADDRESS, 0xfffffff0u); break;
    case LIST_SLVERR: fail_at(MEMORY_READ, at, BUS_SLVERR); break;
    case LIST_DECERR: fail_at(MEMORY_READ, at + ELEMENT_BYTES - 1, BUS_DECERR); break;
    case PIECE_SLVERR: fail_at(MEMORY_READ, list->side == GATHER ? piece : other, BUS_SLVERR); break;
    case PIECE_LATE: fail_at(MEMORY_WRITE, list->side == GATHER ? other : piece, BUS_SLVERR); break;
    }
    memcpy(memory_expected(engine->memory, at, ELEMENT_BYTES), memory_at(engine->memory, at, ELEMENT_BYTES), ELEMENT_BYTES);
}

// One list between two copies; its element `bad` is wrong. The other side and the pieces are at beats of their own.
static void run_wrong(unsigned i, enum list_side side, unsigned bad, unsigned count)
{
    enum { STRIDE = 0x100, LENGTH = 0x100 };
    struct list list = { .side = side, .at = LISTS_AT + 0xf80, .other = side == GATHER ? LISTS_TARGET + 0x1000 : LISTS_SOURCE };
    for (unsigned n = 0; n < count; n++) list_add(&list, (side == GATHER ? LISTS_SOURCE : LISTS_TARGET + 0x1000) + 2 * STRIDE * n, LENGTH);
    struct descriptor one = list_write(engine, &list), next = one;
    ring.may_fail = true;
    testing_expect_copy(engine, LISTS_SOURCE + 9, LISTS_TARGET + 5, 99);
    ring_put(&ring, &(struct descriptor){ .source = LISTS_SOURCE + 9, .destination = LISTS_TARGET + 5, .length = 99 });
    uint16_t failed = ring_put(&ring, &one);
    next.source = side == GATHER ? next.source + ELEMENT_BYTES : next.source, next.length = 1; // must never begin
    next.destination = side == GATHER ? next.destination + 0x8000 : next.destination;
    if (wrongs[i].wrong != PIECE_LATE) ring_put(&ring, &next);
    list_expect(engine, &list, wrongs[i].wrong == PIECE_LATE ? count : bad);
    spoil(wrongs[i].wrong, &list, bad);
    if (wrongs[i].wrong == NO_LENGTH && bad + 1 < count) // what stands behind it must never be used
        element_write(engine, list.at + (bad + 1) * ELEMENT_BYTES, CLOSED, LENGTH);
    ring_doorbell(&ring);
    engine_wait_state(engine, 0, DRAY_CHANNEL_STATE_HALTED, LISTS_LIMIT);
    if (wrongs[i].wrong == NO_LENGTH) assert_int_equal(gate_read(engine, DRAY_GATE_FAULT_STATUS), 0);
    struct halt halt = ring_halt(&ring);
    // What would be written behind the last address is an error as a whole; what is read there is refused before.
    uint32_t cause = wrongs[i].wrong == PAST_THE_END && side == SCATTER ? DRAY_CAUSE_ADDRESS : wrongs[i].cause;
    if (halt.cause != cause || halt.failed != failed || halt.moved != list_total(&list, bad) || halt.next != failed + 1)
        fail_msg("case %u, side %u, element %u: failed %u, next %u, cause %u, should be %u, moved %u, should be %u", i,
                 (unsigned)side, bad, halt.failed, halt.next, (unsigned)halt.cause, (unsigned)cause,
                 (unsigned)halt.moved, (unsigned)list_total(&list, bad));
    for (uint16_t n = 0; n < ring.producer; n++) testing_expect_slot(engine, ring_slot(&ring, n));
    if (wrongs[i].wrong != PIECE_LATE) return;
    // The burst that failed is lost, and nothing says how long it is; all others are written.
    uint32_t lost  = side == GATHER ? list.other + list_total(&list, bad) : list.elements[bad].addr;
    uint32_t burst = engine->width_bytes * engine->parameters->burst_beats;
    memcpy(memory_expected(engine->memory, lost, burst), memory_at(engine->memory, lost, burst), burst);
}

static void a_wrong_element_ends_its_list_in_its_place_and_the_ring_goes_on(void **state)
{
    for (unsigned i = 0; i < sizeof wrongs / sizeof wrongs[0]; i++)
        for (unsigned variant = 0; variant < 6; variant++) {
            // Even ones: the beat of 128 bits that fails brings that element and the one behind it.
            unsigned count = 69, bad = variant / 2 == 0 ? 0 : variant / 2 == 1 ? 36 : count - 1;
            begin(state, &(struct engine_config){ .latency = variant % 2 ? 40 : 3, .open_bytes = LISTS_OPEN });
            enum list_side side = (i + variant) % 2 ? SCATTER : GATHER;
            run_wrong(i, side, bad, count);
            testing_memory(engine);
            memory_faults_clear(engine->memory);
            ring_acknowledge(&ring, 7);
            ring_command(&ring, DRAY_CHANNEL_COMMAND_DROP_MASK);
            ring_command(&ring, DRAY_CHANNEL_COMMAND_RESUME_MASK);
            struct list after = { .side = side, .at = LISTS_AT + 0x2008, .other = list_other(side) + 0x18005 };
            for (unsigned n = 0; n < 9; n++) list_add(&after, list_pieces(side) + 0x14003 + 60 * n, 17 + n);
            list_put(&ring, &after);
            testing_flush(&ring, LISTS_LIMIT);
        }
}

static void a_list_that_the_gate_refuses_is_a_fault_of_its_first_closed_element(void **state)
{
    begin(state, &(struct engine_config){ .latency = 5, .open_bytes = LISTS_OPEN });
    engine_guard(engine, 0, LISTS_AT + 0x1000, 0x1000, 0);
    ring.may_fail = true;
    struct list list = { .side = GATHER, .at = LISTS_AT + 0x1000 - 11 * ELEMENT_BYTES, .other = LISTS_TARGET + 1 };
    for (unsigned i = 0; i < 40; i++) list_add(&list, LISTS_SOURCE + 50 * i, 40);
    struct descriptor one = list_write(engine, &list);
    uint16_t index = ring_put(&ring, &one);
    list_expect(engine, &list, 11);
    ring_doorbell(&ring);
    engine_wait_state(engine, 0, DRAY_CHANNEL_STATE_HALTED, LISTS_LIMIT);
    struct halt halt = ring_halt(&ring);
    assert_int_equal(halt.cause, DRAY_CAUSE_FAULT);
    assert_int_equal(halt.moved, 11 * 40);
    testing_expect_slot(engine, ring_slot(&ring, index));
    testing_memory(engine);
    testing_clean(engine);
}

// ---- descriptors that make no sense

static void a_list_descriptor_that_makes_no_sense_is_refused(void **state)
{
    const struct { uint32_t source, destination, length, flags, cause; } cases[] = {
        { LISTS_AT + 4, LISTS_TARGET, 3, 0, DRAY_CAUSE_ADDRESS },
        { LISTS_SOURCE, LISTS_AT + 1, 3, DESCRIPTOR_SCATTER, DRAY_CAUSE_ADDRESS },
        { 0xfffffff0u, LISTS_TARGET, 3, 0, DRAY_CAUSE_ADDRESS },
        { 0xfffffff0u, LISTS_TARGET, 2, 0, DRAY_CAUSE_FAULT },
        { LISTS_SOURCE, 0xfff80000u, 0xffff, DESCRIPTOR_SCATTER, DRAY_CAUSE_FAULT },
        { LISTS_SOURCE, 0xfff80010u, 0xffff, DESCRIPTOR_SCATTER, DRAY_CAUSE_ADDRESS },
        { LISTS_AT, LISTS_TARGET, 0, 0, DRAY_CAUSE_LENGTH },
        { LISTS_AT, LISTS_TARGET, 0x10000, 0, DRAY_CAUSE_LENGTH },
        { LISTS_AT, LISTS_TARGET, 3, DESCRIPTOR_FROM_STREAM, DRAY_CAUSE_TYPE },
        { LISTS_AT, LISTS_TARGET, 3, DRAY_DESCRIPTOR_CONTROL_TWO_SLOT_MASK, DRAY_CAUSE_TYPE },
    };
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        begin(state, &(struct engine_config){ .latency = 4, .open_bytes = LISTS_OPEN });
        ring.may_fail = true;
        ring_put(&ring, &(struct descriptor){ .type = DRAY_DESC_TYPE_LIST, .source = cases[i].source, .flags = cases[i].flags,
                                              .destination = cases[i].destination, .length = cases[i].length });
        ring_doorbell(&ring);
        engine_wait_state(engine, 0, DRAY_CHANNEL_STATE_HALTED, LISTS_LIMIT);
        struct halt halt = ring_halt(&ring);
        if (halt.cause != cases[i].cause || halt.moved != 0)
            fail_msg("case %u: cause %u, should be %u", i, (unsigned)halt.cause, (unsigned)cases[i].cause);
        testing_clean(engine);
    }
}

static void scatter_without_a_list_is_refused(void **state)
{
    for (uint32_t type = DRAY_DESC_TYPE_LINEAR; type <= DRAY_DESC_TYPE_FILL; type++) {
        begin(state, &(struct engine_config){ .latency = 4, .open_bytes = LISTS_OPEN });
        ring.may_fail = true;
        ring_put(&ring, &(struct descriptor){ .type = type, .source = LISTS_SOURCE, .destination = LISTS_TARGET, .length = 8,
                                              .flags = DESCRIPTOR_SCATTER });
        ring_doorbell(&ring);
        engine_wait_state(engine, 0, DRAY_CHANNEL_STATE_HALTED, LISTS_LIMIT);
        assert_int_equal(ring_halt(&ring).cause, DRAY_CAUSE_TYPE);
    }
}

// ---- abort, and two channels

static void a_list_can_be_aborted_at_any_time_and_done_again(void **state)
{
    for (unsigned wait = 1; wait < 500; wait += 13) {
        begin(state, &(struct engine_config){ .latency = 15, .open_bytes = LISTS_OPEN });
        ring.may_fail = true;
        struct list lists[2] = { { .side = GATHER, .at = LISTS_AT + 8, .other = LISTS_TARGET + 1 },
                                 { .side = SCATTER, .at = LISTS_AT + 0x1008, .other = LISTS_SOURCE + 0x8001 } };
        for (unsigned i = 0; i < 90; i++) {
            list_add(&lists[0], LISTS_SOURCE + 40 * i, 1 + i % 33);
            list_add(&lists[1], LISTS_TARGET + 0x4000 + 50 * i, 1 + i % 45);
        }
        list_put(&ring, &lists[0]);
        list_put(&ring, &lists[1]);
        ring_doorbell(&ring);
        engine_clocks(engine, wait);
        ring_command(&ring, DRAY_CHANNEL_COMMAND_ABORT_MASK);
        engine_wait_state(engine, 0, DRAY_CHANNEL_STATE_STOPPED, LISTS_LIMIT);
        if (!engine_quiet(engine, 60)) fail_msg("STOPPED after %u clocks, but the bus is not at rest", wait);
        // Elements that were fetched before must not be used again.
        for (unsigned i = 0; i < 90; i++) {
            lists[1].elements[i].addr += 0x3000;
            lists[1].elements[i].length = 90 - lists[1].elements[i].length;
        }
        uint16_t next = ring_halt(&ring).next;
        assert_true(next <= 2);
        if (next < 2) { // the second has not begun: it is done as it stands now
            memory_forbid(engine->memory, LISTS_TARGET + 0x4000, 0x2000);
            memcpy(memory_expected(engine->memory, LISTS_TARGET + 0x4000, 0x2000), memory_at(engine->memory, LISTS_TARGET + 0x4000, 0x2000), 0x2000);
            (void)list_write(engine, &lists[1]);
            list_expect(engine, &lists[1], 90);
        }
        ring_command(&ring, DRAY_CHANNEL_COMMAND_RESUME_MASK);
        ring_wait_empty(&ring, LISTS_LIMIT);
        for (uint16_t again = 0; again < next; again++) list_put(&ring, &lists[again]);
        if (next == 2) memcpy(memory_expected(engine->memory, LISTS_TARGET + 0x4000, 0x2000), memory_at(engine->memory, LISTS_TARGET + 0x4000, 0x2000), 0x2000);
        ring_doorbell(&ring);
        ring_wait_empty(&ring, LISTS_LIMIT);
        for (uint16_t i = 0; i < 2; i++) testing_expect_slot(engine, ring_slot(&ring, i));
        testing_memory(engine);
        testing_clean(engine);
    }
}

// A list of channel 1 that no one answers for a while, or that fails, and one of channel 0 that goes on all the same.
static void a_list_that_halts_does_not_hold_up_the_other_channel(void **state)
{
    begin(state, &(struct engine_config){ .latency = 13, .open_bytes = LISTS_OPEN });
    struct ring other;
    ring_start(&other, engine, 1, LISTS_RING + 0x2000, LISTS_SLOTS_LG);
    other.may_fail = true;
    struct list bad = { .side = GATHER, .at = LISTS_AT + 0x1000, .other = LISTS_TARGET + 0x20000 };
    for (unsigned i = 0; i < 70; i++) list_add(&bad, LISTS_SOURCE + 64 * i, i == 50 ? 0 : 8);
    struct descriptor wrong = list_write(engine, &bad);
    list_expect(engine, &bad, 50);
    ring_put(&other, &wrong);
    for (unsigned i = 0; i < 8; i++) ring_put(&other, &wrong); // none of them may begin
    for (unsigned n = 0; n < 20; n++) {
        struct list good = { .side = n % 2 ? SCATTER : GATHER, .at = LISTS_AT + 0x2000 + 0x200 * n,
                             .other = (n % 2 ? LISTS_SOURCE : LISTS_TARGET + 0x1000 * n) + n };
        for (unsigned i = 0; i < 60; i++) list_add(&good, (n % 2 ? LISTS_TARGET + 0x1000 * n : LISTS_SOURCE) + 64 * i + n % 7, 1 + (i + n) % 50);
        list_put(&ring, &good);
    }
    ring_doorbell(&other);
    ring_doorbell(&ring);
    ring_wait_empty(&ring, LISTS_LIMIT);
    engine_wait_state(engine, 1, DRAY_CHANNEL_STATE_HALTED, LISTS_LIMIT);
    assert_int_equal(ring_halt(&other).cause, DRAY_CAUSE_LENGTH);
    assert_int_equal(ring_halt(&other).moved, 400);
    testing_expect_slot(engine, ring_slot(&other, 0));
    testing_memory(engine);
    testing_clean(engine);
}

static void a_build_without_lists_says_so(void **state)
{
    begin(state, &(struct engine_config){ .latency = 5, .open_bytes = LISTS_OPEN });
    assert_int_equal(engine_read(engine, DRAY_FEATURES) & DRAY_FEATURES_LISTS_MASK, 0);
    ring.may_fail = true;
    ring_put(&ring, &(struct descriptor){ .type = DRAY_DESC_TYPE_LIST, .source = LISTS_AT, .destination = LISTS_TARGET, .length = 4 });
    ring_doorbell(&ring);
    engine_wait_state(engine, 0, DRAY_CHANNEL_STATE_HALTED, LISTS_LIMIT);
    assert_int_equal(ring_halt(&ring).cause, DRAY_CAUSE_TYPE);
}

int main(void)
{
    const struct testing_case cases[] = {
        TESTING_CASE(a_wrong_element_ends_its_list_in_its_place_and_the_ring_goes_on),
        TESTING_CASE(a_list_that_the_gate_refuses_is_a_fault_of_its_first_closed_element),
        TESTING_CASE(a_list_descriptor_that_makes_no_sense_is_refused),
        TESTING_CASE(scatter_without_a_list_is_refused),
        TESTING_CASE(a_list_can_be_aborted_at_any_time_and_done_again),
        TESTING_CASE(a_list_that_halts_does_not_hold_up_the_other_channel),
    };
    const struct testing_case without[] = {
        TESTING_CASE(a_build_without_lists_says_so),
    };
    TESTING_ADD(testing_widths, cases);
    TESTING_ADD(testing_words, without);
    return testing_run("lists_wrong");
}
