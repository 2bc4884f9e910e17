// SPDX-License-Identifier: Apache-2.0
//
// Descriptors of two slots with all bits of their addresses: each type above 4 GiB, and over it, where the window ends and the
// memory begins.
// HW-02, HW-03, HW-11.
#include "testing.h"

#include <string.h>

enum { SLOTS_LG = 4, PAGE = 4096, LIMIT = 50000, OPEN = 0x100000, LENGTH = 3001, AMID = 1500 };

static const uint64_t base = 0x100000000u; // of the memory; right below, a page of the window leads to `below`

static uint64_t below, source, target, lists, segment;

static struct engine *engine;
static struct ring    ring;

static void begin(void **state)
{
    engine  = testing_engine(state, &(struct engine_config){ .latency = 9, .memory_base = base, .open_bytes = OPEN });
    source  = base + 0x20003;
    target  = base + 0x40005;
    lists   = base + 0x60000;
    segment = base + 0x70000;
    below   = base + 0x90000;
    memory_fill_random(engine->memory, base, OPEN, testing_seed());
    memory_expect_reset(engine->memory);
    memory_forbid_all(engine->memory);
    unsigned last = engine->parameters->window - 1;
    assert_true(engine_window_open(engine, last, 0, below, ENGINE_READ | ENGINE_WRITE) == base - PAGE);
    ring_start(&ring, engine, 0, base + 0x10000, SLOTS_LG);
}

// Where the bus goes.
static uint64_t place(uint64_t addr)
{
    return addr < base ? below + addr % PAGE : addr;
}

static void expect_copy(uint64_t from, uint64_t to, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) testing_expect_copy(engine, place(from + i), place(to + i), 1);
}

static void put_copy(uint64_t from, uint64_t to, uint32_t count)
{
    ring_put(&ring, &(struct descriptor){ .source = from, .destination = to, .length = count });
    expect_copy(from, to, count);
}

// @return what the channel halted with; nothing was written.
static uint32_t cause_of(const struct descriptor *wrong)
{
    ring.may_fail = true;
    uint16_t index = ring_put(&ring, wrong);
    ring_doorbell(&ring);
    engine_wait_state(engine, 0, DRAY_CHANNEL_STATE_HALTED, LIMIT);
    struct halt halt = ring_halt(&ring);
    assert_int_equal(halt.failed, index);
    testing_expect_slot(engine, ring_slot(&ring, index));
    ring_command(&ring, DRAY_CHANNEL_COMMAND_DROP_MASK);
    ring_command(&ring, DRAY_CHANNEL_COMMAND_RESUME_MASK);
    ring_acknowledge(&ring, DRAY_CHANNEL_IRQ_STATUS_HALTED_MASK);
    testing_memory(engine);
    testing_clean(engine);
    return halt.cause;
}

static void a_copy_above_4_gib_takes_two_slots_and_retires_as_one(void **state)
{
    begin(state);
    uint16_t index = ring_put(&ring, &(struct descriptor){ .source = source, .destination = target, .length = LENGTH,
                                                           .flags = DESCRIPTOR_WRITE_BACK | DESCRIPTOR_IRQ });
    expect_copy(source, target, LENGTH);
    ring_doorbell(&ring);
    ring_wait_done(&ring, LIMIT);
    assert_int_equal(ring_consumer(&ring), 2);
    assert_int_equal(ring_write_back(&ring, ring_slot(&ring, index)).moved, LENGTH);
    testing_expect_slot(engine, ring_slot(&ring, index));
    testing_memory(engine);
    testing_clean(engine);
}

static void both_sides_of_a_copy_run_over_4_gib(void **state)
{
    begin(state);
    put_copy(base - AMID, target, LENGTH);
    ring_put(&ring, &(struct descriptor){ .source = source, .destination = base - AMID, .length = LENGTH, .flags = DESCRIPTOR_FENCE });
    expect_copy(source, base - AMID, LENGTH);
    testing_flush(&ring, LIMIT);
}

static void a_fill_runs_over_4_gib_and_keeps_its_pattern(void **state)
{
    begin(state);
    const uint32_t pattern = 0xd1c2b3a4;
    uint64_t       places[] = { base - AMID, target };
    for (unsigned n = 0; n < 2; n++) {
        ring_put(&ring, &(struct descriptor){ .type = DRAY_DESC_TYPE_FILL, .source = pattern, .destination = places[n], .length = LENGTH });
        for (uint32_t i = 0; i < LENGTH; i++) {
            memory_permit(engine->memory, place(places[n] + i), 1);
            *memory_expected(engine->memory, place(places[n] + i), 1) = (uint8_t)(pattern >> i % 4 * 8);
        }
    }
    testing_flush(&ring, LIMIT);
}

static void a_list_and_its_elements_share_the_high_bits(void **state)
{
    begin(state);
    enum { COUNT = 40 };
    for (unsigned scatters = 0; scatters < 2; scatters++) {
        uint64_t at = lists + scatters * 0x1000 + 24, flat = (scatters ? source : target) + 0x8000 * (1u + scatters);
        for (uint32_t i = 0, done = 0; i < COUNT; done += 10 + i, i++) {
            uint64_t piece = (scatters ? target : source) + 0x101 * i;
            element_write(engine, at + ELEMENT_BYTES * i, (uint32_t)piece, 10 + i);
            expect_copy(scatters ? flat + done : piece, scatters ? piece : flat + done, 10 + i);
        }
        ring_put(&ring, &(struct descriptor){ .type = DRAY_DESC_TYPE_LIST, .source = scatters ? flat : at,
                                              .destination = scatters ? at : flat, .length = COUNT,
                                              .flags = scatters ? DESCRIPTOR_SCATTER : 0 });
    }
    testing_flush(&ring, LIMIT);
}

// Its elements keep the high bits that it began with.
static void a_list_that_runs_over_4_gib_scatters_below(void **state)
{
    begin(state);
    enum { COUNT = 30 };
    for (uint32_t i = 0; i < COUNT; i++) {
        uint64_t piece = base - PAGE + 100 * i;
        element_write(engine, place(base - ELEMENT_BYTES * 10 + ELEMENT_BYTES * i), (uint32_t)piece, 50);
        expect_copy(source + 50 * i, piece, 50);
    }
    ring_put(&ring, &(struct descriptor){ .type = DRAY_DESC_TYPE_LIST, .source = source, .destination = base - ELEMENT_BYTES * 10,
                                          .length = COUNT, .flags = DESCRIPTOR_SCATTER });
    testing_flush(&ring, LIMIT);
}

// A descriptor of two slots at an address of memory, as the ring's slot `index` would have it.
static void write_both(uint64_t at, const struct descriptor *descriptor)
{
    descriptor_write(engine, at, descriptor, ring_generation(&ring, 0));
    descriptor_write_second(engine, at + SLOT_BYTES, descriptor, ring_generation(&ring, 0));
}

static void links_above_4_gib_lead_on_from_the_ring_and_from_a_segments_end(void **state)
{
    begin(state);
    struct descriptor on = { .type = DRAY_DESC_TYPE_LINK, .source = segment + 0x800, .length = 2 };
    struct descriptor copy = { .source = source, .destination = target, .length = LENGTH };
    struct descriptor more = { .source = source + 0x4000, .destination = target + 0x4000, .length = LENGTH };
    write_both(segment, &copy);
    write_both(segment + 2 * SLOT_BYTES, &on);
    write_both(segment + 0x800, &more);
    expect_copy(copy.source, copy.destination, LENGTH);
    expect_copy(more.source, more.destination, LENGTH);
    ring_put(&ring, &(struct descriptor){ .type = DRAY_DESC_TYPE_LINK, .source = segment, .length = 4 });
    put_copy(source + 0x8000, target + 0x8000, LENGTH);
    testing_flush(&ring, LIMIT);
    assert_int_equal(ring_consumer(&ring), 4);
}

static void the_last_slot_of_a_link_stands_for_its_segment(void **state)
{
    begin(state);
    ring.may_fail = true;
    struct descriptor nothing = { .source = source, .destination = target };
    write_both(segment, &nothing);
    memory_permit(engine->memory, segment + DRAY_WRITE_BACK_MOVED, 8);
    put_copy(source, target, LENGTH);
    uint16_t link = ring_put(&ring, &(struct descriptor){ .type = DRAY_DESC_TYPE_LINK, .source = segment, .length = 2 });
    ring_doorbell(&ring);
    engine_wait_state(engine, 0, DRAY_CHANNEL_STATE_HALTED, LIMIT);
    assert_int_equal(ring_halt(&ring).cause, DRAY_CAUSE_LENGTH);
    assert_int_equal(ring_halt(&ring).failed, link + 1);
    assert_true(ring_halt(&ring).failed_addr == segment);
    assert_int_equal(ring_consumer(&ring), link + 1);
    ring_command(&ring, DRAY_CHANNEL_COMMAND_SKIP_MASK);
    assert_int_equal(ring_halt(&ring).next, link + 2);
    testing_expect_slot(engine, segment);
    testing_memory(engine);
    testing_clean(engine);
}

static void a_link_of_two_slots_amid_its_segment_is_refused(void **state)
{
    begin(state);
    struct descriptor on = { .type = DRAY_DESC_TYPE_LINK, .source = segment + 0x800, .length = 2 };
    write_both(segment, &on);
    memory_permit(engine->memory, segment + DRAY_WRITE_BACK_MOVED, 8);
    ring_put(&ring, &(struct descriptor){ .type = DRAY_DESC_TYPE_LINK, .source = segment, .length = 3 });
    ring_doorbell(&ring);
    engine_wait_state(engine, 0, DRAY_CHANNEL_STATE_HALTED, LIMIT);
    assert_int_equal(ring_halt(&ring).cause, DRAY_CAUSE_TYPE);
    assert_true(ring_halt(&ring).failed_addr == segment);
    testing_expect_slot(engine, segment);
    testing_memory(engine);
    testing_clean(engine);
}

static void one_slot_behind_two_has_no_high_bits(void **state)
{
    begin(state);
    put_copy(source, target, LENGTH);
    testing_flush(&ring, LIMIT);
    assert_int_equal(cause_of(&(struct descriptor){ .source = (uint32_t)source, .destination = (uint32_t)target, .length = 8 }),
                     DRAY_CAUSE_FAULT);
    assert_int_equal(gate_read(engine, DRAY_GATE_FAULT_ADDR), (uint32_t)source);
    assert_int_equal(gate_read(engine, DRAY_GATE_FAULT_ADDR_HIGH), 0);
}

static void a_list_of_one_slot_behind_one_of_two_stands_below(void **state)
{
    begin(state);
    element_write(engine, lists, (uint32_t)source, 100);
    expect_copy(source, target, 100);
    ring_put(&ring, &(struct descriptor){ .type = DRAY_DESC_TYPE_LIST, .source = lists, .destination = target, .length = 1 });
    element_write(engine, place(base - 0x100), (uint32_t)(base - 0x800), 100);
    expect_copy(base - 0x800, base - 0x400, 100);
    ring_put(&ring, &(struct descriptor){ .type = DRAY_DESC_TYPE_LIST, .source = base - 0x100, .destination = base - 0x400, .length = 1 });
    testing_flush(&ring, LIMIT);
    assert_int_equal(ring_consumer(&ring), 3);
}

static void an_address_bit_too_many_is_told_and_every_other_one_reaches_the_gate(void **state)
{
    begin(state);
    for (unsigned bit = 32; bit < 48; bit++) {
        uint64_t far = source ^ (uint64_t)1 << bit;
        uint32_t due = bit < engine->parameters->addr_w ? DRAY_CAUSE_FAULT : DRAY_CAUSE_ADDRESS;
        assert_int_equal(cause_of(&(struct descriptor){ .source = far, .destination = target, .length = 8, .flags = DESCRIPTOR_TWO_SLOT }), due);
        if (due == DRAY_CAUSE_FAULT) assert_int_equal(gate_read(engine, DRAY_GATE_FAULT_ADDR_HIGH), (uint32_t)(far >> 32));
        gate_write(engine, DRAY_GATE_FAULT_STATUS, ~0u);
        far = target ^ (uint64_t)1 << bit;
        assert_int_equal(cause_of(&(struct descriptor){ .source = source, .destination = far, .length = 8, .flags = DESCRIPTOR_TWO_SLOT }), due);
        if (due == DRAY_CAUSE_FAULT) assert_int_equal(gate_read(engine, DRAY_GATE_FAULT_ADDR_HIGH), (uint32_t)(far >> 32));
        gate_write(engine, DRAY_GATE_FAULT_STATUS, ~0u);
    }
}

static void bits_of_a_side_without_an_address_mean_nothing(void **state)
{
    begin(state);
    struct descriptor fill = { .type = DRAY_DESC_TYPE_FILL, .source = 0xffff00000000u, .destination = target, .length = 64 };
    ring_put(&ring, &fill);
    memory_permit(engine->memory, target, 64);
    memset(memory_expected(engine->memory, target, 64), 0, 64);
    testing_flush(&ring, LIMIT);
}

static void a_second_slot_that_is_no_rows_has_nothing_beside(void **state)
{
    begin(state);
    struct descriptor wrong = { .source = source, .destination = target, .length = 8, .rows = 1 };
    assert_int_equal(cause_of(&wrong), DRAY_CAUSE_TYPE);
    wrong.rows = 0, wrong.source_stride = 1;
    assert_int_equal(cause_of(&wrong), DRAY_CAUSE_TYPE);
    wrong.source_stride = 0, wrong.destination_stride = INT32_MIN;
    assert_int_equal(cause_of(&wrong), DRAY_CAUSE_TYPE);
    wrong.type = DRAY_DESC_TYPE_LIST, wrong.source = lists;
    assert_int_equal(cause_of(&wrong), DRAY_CAUSE_TYPE);
    wrong.type = DRAY_DESC_TYPE_LINK, wrong.source = segment;
    assert_int_equal(cause_of(&wrong), DRAY_CAUSE_TYPE);
}

static void a_list_past_the_last_address_is_refused(void **state)
{
    begin(state);
    uint64_t end = (uint64_t)1 << engine->parameters->addr_w;
    struct descriptor list = { .type = DRAY_DESC_TYPE_LIST, .source = end - 8, .destination = target, .length = 2 };
    assert_int_equal(cause_of(&list), DRAY_CAUSE_ADDRESS);
    list.length = 1; // ends right there: the gate says no
    assert_int_equal(cause_of(&list), DRAY_CAUSE_FAULT);
}

int main(void)
{
    const struct testing_case cases[] = {
        TESTING_CASE(a_copy_above_4_gib_takes_two_slots_and_retires_as_one),
        TESTING_CASE(both_sides_of_a_copy_run_over_4_gib),
        TESTING_CASE(a_fill_runs_over_4_gib_and_keeps_its_pattern),
        TESTING_CASE(a_list_and_its_elements_share_the_high_bits),
        TESTING_CASE(a_list_that_runs_over_4_gib_scatters_below),
        TESTING_CASE(links_above_4_gib_lead_on_from_the_ring_and_from_a_segments_end),
        TESTING_CASE(the_last_slot_of_a_link_stands_for_its_segment),
        TESTING_CASE(a_link_of_two_slots_amid_its_segment_is_refused),
        TESTING_CASE(one_slot_behind_two_has_no_high_bits),
        TESTING_CASE(a_list_of_one_slot_behind_one_of_two_stands_below),
        TESTING_CASE(an_address_bit_too_many_is_told_and_every_other_one_reaches_the_gate),
        TESTING_CASE(bits_of_a_side_without_an_address_mean_nothing),
        TESTING_CASE(a_second_slot_that_is_no_rows_has_nothing_beside),
        TESTING_CASE(a_list_past_the_last_address_is_refused),
    };
    static const char *const wide[] = { "wide64", NULL };
    TESTING_ADD(wide, cases);
    return testing_run("wide_forms");
}
