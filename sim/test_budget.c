// SPDX-License-Identifier: Apache-2.0
//
// BUDGET ends what leads round for ever: so many slots of segments in a row, and the next is an error of its own.
#include "testing.h"

enum {
    RING    = ENGINE_MEMORY_BASE,
    SEGMENT = ENGINE_MEMORY_BASE + 0x4000,
    SOURCE  = ENGINE_MEMORY_BASE + 0x20000,
    TARGET  = ENGINE_MEMORY_BASE + 0x40000,
    OPEN    = 0x80000,
    LIMIT   = 20000,
    LENGTH  = 64,
};

static struct engine *engine;
static struct ring    ring;
static unsigned       placed; // copies

static void begin(void **state, unsigned budget)
{
    engine = testing_engine(state, &(struct engine_config){ .latency = 13, .open_bytes = OPEN });
    testing_fill(engine, testing_seed());
    placed = 0;
    engine_write(engine, DRAY_CHANNEL_BUDGET(0), budget);
    assert_int_equal(engine_read(engine, DRAY_CHANNEL_BUDGET(0)), budget);
    ring_start(&ring, engine, 0, RING, 5);
    ring.may_fail = true;
}

static struct descriptor copy(void)
{
    unsigned at = placed++ * LENGTH;
    testing_expect_copy(engine, SOURCE + at, TARGET + at, LENGTH);
    return (struct descriptor){ .source = SOURCE + at, .destination = TARGET + at, .length = LENGTH };
}

static void put_link(uint32_t target, uint32_t count)
{
    ring_put(&ring, &(struct descriptor){ .type = DRAY_DESC_TYPE_LINK, .source = target, .length = count });
}

static void write_slot(uint32_t slot, const struct descriptor *descriptor)
{
    descriptor_write(engine, slot, descriptor, 1);
    memory_permit(engine->memory, slot + DRAY_WRITE_BACK_MOVED, 8); // it may fail
}

// `count` copies one behind the other.
static void write_copies(uint32_t segment, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        struct descriptor made = copy();
        write_slot(segment + i * SLOT_BYTES, &made);
    }
}

static void expect_budget_halt(uint32_t slot)
{
    engine_wait_state(engine, 0, DRAY_CHANNEL_STATE_HALTED, LIMIT);
    struct halt halt = ring_halt(&ring);
    assert_int_equal(halt.cause, DRAY_CAUSE_BUDGET);
    assert_int_equal(halt.failed_addr, slot);
    assert_int_equal(halt.moved, 0);
    assert_int_equal(ring_write_back(&ring, slot).cause, DRAY_CAUSE_BUDGET);
    testing_expect_slot(engine, slot);
}

static void links_that_go_round_end(void **state)
{
    begin(state, 25);
    struct descriptor once = copy();
    write_slot(SEGMENT, &once);
    write_slot(SEGMENT + SLOT_BYTES, &(struct descriptor){ .type = DRAY_DESC_TYPE_LINK, .source = SEGMENT, .length = 2 });
    put_link(SEGMENT, 2);
    ring_doorbell(&ring);
    expect_budget_halt(SEGMENT + SLOT_BYTES); // the 26th slot
    assert_int_equal(ring_halt(&ring).failed, 0);
    assert_int_equal(ring_consumer(&ring), 0);
    assert_true(engine_quiet(engine, 200));
    testing_memory(engine);
    testing_clean(engine);
}

static void the_other_channel_works_while_links_go_round(void **state)
{
    begin(state, 0);
    struct ring other;
    write_slot(SEGMENT, &(struct descriptor){ .type = DRAY_DESC_TYPE_LINK, .source = SEGMENT, .length = 1 });
    put_link(SEGMENT, 1);
    ring_doorbell(&ring); // no budget: round and round
    ring_start(&other, engine, 1, RING + 0x1000, 4);
    struct descriptor made = copy();
    ring_put(&other, &made);
    ring_doorbell(&other);
    ring_wait_empty(&other, LIMIT);
    assert_int_equal(engine_state(engine, 0), DRAY_CHANNEL_STATE_RUNNING);
    ring_stop(&ring, LIMIT);
    testing_memory(engine);
    testing_clean(engine);
}

static void what_the_budget_allows_is_done(void **state)
{
    begin(state, 9);
    for (unsigned lap = 0; lap < 5; lap++) {
        uint32_t segment = SEGMENT + lap * 0x200;
        write_copies(segment, 4); // 4, a link, 4: nine in a row
        write_slot(segment + 4 * SLOT_BYTES,
                   &(struct descriptor){ .type = DRAY_DESC_TYPE_LINK, .source = segment + 0x100, .length = 4 });
        write_copies(segment + 0x100, 4);
        put_link(segment, 5);
        if (lap % 2) { // with and without a copy between the links of the ring
            struct descriptor made = copy();
            ring_put(&ring, &made);
        }
    }
    ring_doorbell(&ring);
    ring_wait_empty(&ring, LIMIT);
    assert_int_equal(engine_state(engine, 0), DRAY_CHANNEL_STATE_RUNNING);
    testing_memory(engine);
    testing_clean(engine);
}

static void the_slot_behind_the_budget_fails_and_is_not_executed(void **state)
{
    begin(state, 3);
    write_copies(SEGMENT, 3);
    write_slot(SEGMENT + 3 * SLOT_BYTES, &(struct descriptor){ .source = SOURCE, .destination = TARGET + 0x1000, .length = LENGTH });
    write_copies(SEGMENT + 4 * SLOT_BYTES, 1);
    put_link(SEGMENT, 5);
    struct descriptor behind = copy();
    ring_put(&ring, &behind);
    ring_doorbell(&ring);
    expect_budget_halt(SEGMENT + 3 * SLOT_BYTES);
    assert_int_equal(ring_halt(&ring).next_addr, SEGMENT + 4 * SLOT_BYTES);
    // The budget is counted anew: what was left of the segment, and the ring, are done.
    ring_acknowledge(&ring, 7);
    ring_command(&ring, DRAY_CHANNEL_COMMAND_RESUME_MASK);
    ring_wait_empty(&ring, LIMIT);
    testing_memory(engine);
    testing_clean(engine);
}

static void skip_leads_out_of_the_round(void **state)
{
    begin(state, 6);
    write_slot(SEGMENT, &(struct descriptor){ .type = DRAY_DESC_TYPE_LINK, .source = SEGMENT, .length = 1 });
    put_link(SEGMENT, 1);
    struct descriptor behind = copy();
    ring_put(&ring, &behind);
    ring_doorbell(&ring);
    expect_budget_halt(SEGMENT);
    ring_acknowledge(&ring, 7);
    if (ring_halt(&ring).next == 0) ring_command(&ring, DRAY_CHANNEL_COMMAND_SKIP_MASK);
    ring_command(&ring, DRAY_CHANNEL_COMMAND_RESUME_MASK);
    ring_wait_empty(&ring, LIMIT);
    testing_memory(engine);
    testing_clean(engine);
}

// What was decoded and never began is fetched again: it is not counted twice.
static void an_abort_and_resume_do_not_spend_the_budget(void **state)
{
    begin(state, 24);
    for (unsigned when = 0; when < 400; when += 13) {
        uint16_t first = ring.producer;
        placed         = 0;
        write_copies(SEGMENT, 24);
        put_link(SEGMENT, 24);
        for (unsigned i = 0; i < 24; i++) descriptor_write(engine, SEGMENT + i * SLOT_BYTES, &(struct descriptor){
            .source = SOURCE + i * LENGTH, .destination = TARGET + i * LENGTH, .length = LENGTH }, ring_generation(&ring, first));
        for (unsigned i = 0; i < 24; i++) memory_permit(engine->memory, SEGMENT + i * SLOT_BYTES + DRAY_WRITE_BACK_MOVED, 8);
        ring_doorbell(&ring);
        engine_clocks(engine, when);
        ring_command(&ring, DRAY_CHANNEL_COMMAND_PAUSE_MASK);
        engine_wait_state(engine, 0, DRAY_CHANNEL_STATE_PAUSED, LIMIT);
        ring_command(&ring, DRAY_CHANNEL_COMMAND_RESUME_MASK);
        ring_wait_empty(&ring, LIMIT);
        assert_int_equal(engine_state(engine, 0), DRAY_CHANNEL_STATE_RUNNING);
    }
    testing_memory(engine);
    testing_clean(engine);
}

int main(void)
{
    const struct testing_case cases[] = {
        TESTING_CASE(links_that_go_round_end),
        TESTING_CASE(the_other_channel_works_while_links_go_round),
        TESTING_CASE(what_the_budget_allows_is_done),
        TESTING_CASE(the_slot_behind_the_budget_fails_and_is_not_executed),
        TESTING_CASE(skip_leads_out_of_the_round),
        TESTING_CASE(an_abort_and_resume_do_not_spend_the_budget),
    };
    TESTING_ADD(testing_options, cases);
    return testing_run("budget");
}
