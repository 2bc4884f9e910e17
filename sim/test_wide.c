// SPDX-License-Identifier: Apache-2.0
//
// Memory above 4 GiB: rings stand in it, and the window leads 32-bit addresses of descriptors there.
// HW-02, HW-09, HW-12.
#include "testing.h"

#include <string.h>

enum { SLOTS_LG = 3, PAGE = 4096, LIMIT = 50000, LENGTH = 3000 };

static const uint64_t base = 0x100000000u; // of the memory and of the guard, right behind the window; bit 39 of an address is the highest

static struct engine *engine;
static struct ring    ring;
static uint32_t       source, target, segment; // as descriptors say them

static uint64_t frame(unsigned n) { return base + 0x40000 + n * (uint64_t)PAGE; }

// Two pages of source, two of target, one of a segment: neighbours as the engine sees them, in no order in memory.
static void begin(void **state)
{
    static const unsigned frames[] = { 7, 2, 9, 4, 11 };
    engine = testing_engine(state, &(struct engine_config){ .latency = 7, .memory_base = base });
    memory_fill_random(engine->memory, base, 0x80000, testing_seed());
    memory_expect_reset(engine->memory);
    memory_forbid_all(engine->memory);
    engine_guard(engine, 0, base, PAGE, ENGINE_READ | ENGINE_WRITE);
    for (unsigned i = 0; i < 5; i++) {
        uint64_t logical = engine_window_open(engine, i, 0, frame(frames[i]), i == 2 || i == 3 ? ENGINE_WRITE : ENGINE_READ);
        if (i == 0) source = (uint32_t)logical;
        if (i == 2) target = (uint32_t)logical;
        if (i == 4) segment = (uint32_t)logical;
    }
    ring_start(&ring, engine, 0, base + 0x100, SLOTS_LG);
}

// LENGTH bytes from 2000 on in both pages of the source to the same place of the target.
static void expect_copy(void)
{
    const unsigned at = 2000, first = PAGE - at;
    memory_permit(engine->memory, frame(9) + at, first);
    memory_permit(engine->memory, frame(4), LENGTH - first);
    memcpy(memory_expected(engine->memory, frame(9) + at, first), memory_at(engine->memory, frame(7) + at, first), first);
    memcpy(memory_expected(engine->memory, frame(4), LENGTH - first), memory_at(engine->memory, frame(2), LENGTH - first), LENGTH - first);
}

static void a_ring_above_4_gib_copies_there_through_the_window(void **state)
{
    begin(state);
    uint16_t one = ring_put(&ring, &(struct descriptor){ .source = source + 2000, .destination = target + 2000, .length = LENGTH,
                                                         .flags = DESCRIPTOR_WRITE_BACK, .tag = 5 });
    expect_copy();
    ring_doorbell(&ring);
    ring_wait_empty(&ring, LIMIT);
    struct write_back back = ring_write_back(&ring, ring_slot(&ring, one));
    assert_int_equal(back.cause, DRAY_CAUSE_NONE);
    assert_int_equal(back.moved, LENGTH);
    assert_int_equal(back.tag, 5);
    testing_expect_slot(engine, ring_slot(&ring, one));
    testing_memory(engine);
    testing_clean(engine);
}

static void a_link_leads_to_a_segment_above_4_gib(void **state)
{
    begin(state);
    struct descriptor copy = { .source = source + 2000, .destination = target + 2000, .length = LENGTH };
    descriptor_write(engine, frame(11) + 0x40, &copy, ring_generation(&ring, 0));
    ring_put(&ring, &(struct descriptor){ .type = DRAY_DESC_TYPE_LINK, .source = segment + 0x40, .length = 1 });
    expect_copy();
    testing_flush(&ring, LIMIT);
}

static void what_failed_and_what_comes_next_are_told_with_all_address_bits(void **state)
{
    begin(state);
    ring.may_fail = true;
    ring_put(&ring, &(struct descriptor){ .type = DRAY_DESC_TYPE_DONE, .source = source, .destination = target, .length = 8 });
    ring_put(&ring, &(struct descriptor){ .source = source + 2000, .destination = target + 2000, .length = LENGTH });
    ring_doorbell(&ring);
    engine_wait_state(engine, 0, DRAY_CHANNEL_STATE_HALTED, LIMIT);
    struct halt halt = ring_halt(&ring);
    assert_int_equal(halt.cause, DRAY_CAUSE_TYPE);
    assert_true(halt.failed_addr == ring_slot(&ring, 0));
    assert_true(halt.next_addr == ring_slot(&ring, 1));
    testing_expect_slot(engine, ring_slot(&ring, 0));
    expect_copy();
    ring_command(&ring, DRAY_CHANNEL_COMMAND_RESUME_MASK);
    ring_wait_empty(&ring, LIMIT);
    testing_memory(engine);
    testing_clean(engine);
}

static void the_gate_refuses_a_ring_outside_and_tells_its_whole_address(void **state)
{
    begin(state);
    ring_stop(&ring, LIMIT);
    uint64_t outside = base + 0x8400000000u + 0x100; // the same low bits
    ring_start(&ring, engine, 0, outside, SLOTS_LG);
    engine_write(engine, DRAY_CHANNEL_PRODUCER(0), 1);
    engine_wait_state(engine, 0, DRAY_CHANNEL_STATE_HALTED, LIMIT);
    assert_int_equal(ring_halt(&ring).cause, DRAY_CAUSE_FAULT);
    assert_true(ring_halt(&ring).failed_addr == outside);
    assert_int_equal(gate_read(engine, DRAY_GATE_FAULT_ADDR), (uint32_t)outside);
    assert_int_equal(gate_read(engine, DRAY_GATE_FAULT_ADDR_HIGH), (uint32_t)(outside >> 32));
    testing_clean(engine);
}

int main(void)
{
    const struct testing_case cases[] = {
        TESTING_CASE(a_ring_above_4_gib_copies_there_through_the_window),
        TESTING_CASE(a_link_leads_to_a_segment_above_4_gib),
        TESTING_CASE(what_failed_and_what_comes_next_are_told_with_all_address_bits),
        TESTING_CASE(the_gate_refuses_a_ring_outside_and_tells_its_whole_address),
    };
    static const char *const wide[] = { "wide64", NULL };
    TESTING_ADD(wide, cases);
    return testing_run("wide");
}
