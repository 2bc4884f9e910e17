// SPDX-License-Identifier: Apache-2.0
//
// PAUSE lets what began come to its end, begins nothing more, and nothing is lost when the channel goes on.
#include "testing.h"

#include <string.h>

enum {
    RING   = ENGINE_MEMORY_BASE,
    SOURCE = ENGINE_MEMORY_BASE + 0x20000,
    TARGET = ENGINE_MEMORY_BASE + 0x40000,
    OPEN   = 0x80000,
    LIMIT  = 50000,
    COUNT  = 24,
    PLACE  = 1024,
    LONG   = 0x8000,
};

static struct engine *engine;
static struct ring    ring;

static uint32_t length_of(unsigned i) { return 16 + i * 176 % 900 / 16 * 16; }

static void begin(void **state, unsigned latency)
{
    engine = testing_begin(state, &(struct engine_config){ .latency = latency, .open_bytes = OPEN }, &ring, RING, 5);
    ring.may_fail = true;
}

static void put_all(void)
{
    memory_fill_random(engine->memory, TARGET, COUNT * PLACE, engine_cycle(engine));
    memcpy(memory_expected(engine->memory, TARGET, COUNT * PLACE), memory_at(engine->memory, TARGET, COUNT * PLACE), COUNT * PLACE);
    for (unsigned i = 0; i < COUNT; i++) {
        memory_permit(engine->memory, TARGET + i * PLACE, length_of(i));
        ring_put(&ring, &(struct descriptor){ .source = SOURCE + i * PLACE, .destination = TARGET + i * PLACE,
                                              .length = length_of(i), .flags = DESCRIPTOR_WRITE_BACK, .tag = i });
    }
    ring_doorbell(&ring);
}

// Descriptors from..to - 1 are whole, with a good status.
static void take_done(uint16_t first, unsigned from, unsigned to)
{
    for (unsigned i = from; i < to; i++) {
        uint64_t          slot = ring_slot(&ring, (uint16_t)(first + i));
        struct write_back back = ring_write_back(&ring, slot);
        assert_int_equal(back.type, DRAY_DESC_TYPE_DONE);
        assert_int_equal(back.cause, DRAY_CAUSE_NONE);
        assert_int_equal(back.moved, length_of(i));
        testing_expect_copy(engine, SOURCE + i * PLACE, TARGET + i * PLACE, length_of(i));
        testing_expect_slot(engine, slot);
    }
}

// ... and of the others no byte has changed.
static void expect_done(uint16_t first, unsigned from, unsigned to)
{
    take_done(first, from, to);
    testing_memory(engine);
}

static void go_on(void)
{
    ring_acknowledge(&ring, 7);
    ring_command(&ring, DRAY_CHANNEL_COMMAND_RESUME_MASK);
}

static void paused_in_the_middle(unsigned when)
{
    uint16_t first = ring.producer;
    put_all();
    engine_clocks(engine, when);
    ring_command(&ring, DRAY_CHANNEL_COMMAND_PAUSE_MASK);
    engine_wait_state(engine, 0, DRAY_CHANNEL_STATE_PAUSED, LIMIT);
    assert_int_equal(memory_counts(engine->memory)->reads_now, 0);
    assert_int_equal(memory_counts(engine->memory)->writes_now, 0);
    assert_int_equal(engine_read(engine, DRAY_CHANNEL_STATUS(0)) & DRAY_CHANNEL_STATUS_BUSY_MASK, 0);
    assert_int_equal(ring_interrupts(&ring), DRAY_CHANNEL_IRQ_STATUS_STOPPED_MASK);
    assert_true(engine_quiet(engine, 150));
    unsigned begun = (uint16_t)(ring_halt(&ring).next - first);
    assert_in_range(begun, 0, COUNT);
    assert_int_equal(ring_halt(&ring).next_addr, ring_slot(&ring, ring_halt(&ring).next));
    assert_int_equal(ring_consumer(&ring), ring_halt(&ring).next);
    expect_done(first, 0, begun);
    go_on();
    ring_wait_empty(&ring, LIMIT);
    expect_done(first, begun, COUNT);
    testing_clean(engine);
}

static void a_pause_at_any_cycle_cuts_nothing_short(void **state)
{
    begin(state, 13);
    for (unsigned when = 0; when < 700; when += 17) paused_in_the_middle(when);
}

static void a_pause_with_a_fast_memory_and_stalls(void **state)
{
    begin(state, 1);
    memory_set_stalls(engine->memory, (struct memory_stalls){ 60, 60, 60, 60, 60 });
    for (unsigned when = 0; when < 400; when += 9) paused_in_the_middle(when);
}

// One descriptor that is long: the channel drains as long as it lasts.
static void put_long(void)
{
    testing_expect_copy(engine, SOURCE, TARGET, LONG);
    ring_put(&ring, &(struct descriptor){ .source = SOURCE, .destination = TARGET, .length = LONG, .flags = DESCRIPTOR_WRITE_BACK });
    ring_put(&ring, &(struct descriptor){ .source = SOURCE, .destination = TARGET, .length = LONG, .flags = DESCRIPTOR_WRITE_BACK });
    ring_doorbell(&ring);
    engine_clocks(engine, 300);
}

static void what_began_is_whole_however_long_it_is(void **state)
{
    begin(state, 40);
    put_long();
    ring_command(&ring, DRAY_CHANNEL_COMMAND_PAUSE_MASK);
    assert_int_equal(engine_state(engine, 0), DRAY_CHANNEL_STATE_DRAINING);
    for (unsigned i = 0; i < 50; i++) {
        engine_clocks(engine, 10);
        assert_int_equal(engine_state(engine, 0), DRAY_CHANNEL_STATE_DRAINING);
        assert_true(engine_read(engine, DRAY_CHANNEL_STATUS(0)) & DRAY_CHANNEL_STATUS_BUSY_MASK);
    }
    engine_wait_state(engine, 0, DRAY_CHANNEL_STATE_PAUSED, LIMIT);
    assert_int_equal(ring_halt(&ring).next, 1);
    assert_int_equal(ring_write_back(&ring, RING).moved, LONG);
    testing_expect_slot(engine, RING);
    testing_memory(engine);
    testing_clean(engine);
}

static void an_abort_on_the_way_cuts_it_short(void **state)
{
    begin(state, 40);
    put_long();
    ring_command(&ring, DRAY_CHANNEL_COMMAND_PAUSE_MASK);
    engine_clocks(engine, 50);
    ring_command(&ring, DRAY_CHANNEL_COMMAND_ABORT_MASK);
    engine_wait_state(engine, 0, DRAY_CHANNEL_STATE_STOPPED, 1000);
    assert_int_equal(ring_halt(&ring).next, 1);
    assert_int_equal(ring_write_back(&ring, RING).cause, DRAY_CAUSE_ABORTED);
    assert_in_range(ring_write_back(&ring, RING).moved, 1, LONG - 1);
    testing_clean(engine);
}

static void commands_of_a_paused_channel(void **state)
{
    begin(state, 20);
    put_all();
    engine_clocks(engine, 150);
    ring_command(&ring, DRAY_CHANNEL_COMMAND_PAUSE_MASK);
    engine_wait_state(engine, 0, DRAY_CHANNEL_STATE_PAUSED, LIMIT);
    unsigned begun = ring_halt(&ring).next;
    assert_in_range(begun, 1, COUNT - 4);
    ring_command(&ring, DRAY_CHANNEL_COMMAND_ABORT_MASK); // nothing to abort
    ring_command(&ring, DRAY_CHANNEL_COMMAND_PAUSE_MASK);
    engine_clocks(engine, 20);
    assert_int_equal(engine_state(engine, 0), DRAY_CHANNEL_STATE_PAUSED);
    ring_command(&ring, DRAY_CHANNEL_COMMAND_SKIP_MASK);
    assert_int_equal(ring_halt(&ring).next, begun + 1);
    go_on();
    ring_wait_empty(&ring, LIMIT);
    take_done(0, 0, begun);
    expect_done(0, begun + 1, COUNT);

    uint16_t first = ring.producer;
    put_all();
    engine_clocks(engine, 150);
    ring_command(&ring, DRAY_CHANNEL_COMMAND_PAUSE_MASK);
    engine_wait_state(engine, 0, DRAY_CHANNEL_STATE_PAUSED, LIMIT);
    begun = (uint16_t)(ring_halt(&ring).next - first);
    ring_command(&ring, DRAY_CHANNEL_COMMAND_DROP_MASK);
    assert_int_equal(ring_halt(&ring).next, first + COUNT);
    go_on();
    assert_true(engine_quiet(engine, 200));
    expect_done(first, 0, begun);
    ring_command(&ring, DRAY_CHANNEL_COMMAND_PAUSE_MASK); // an idle channel, at once
    engine_wait_state(engine, 0, DRAY_CHANNEL_STATE_PAUSED, 50);
    ring_stop(&ring, LIMIT);
    testing_clean(engine);
}

static void an_error_on_the_way_halts(void **state)
{
    begin(state, 40);
    memory_fault_add(engine->memory, &(struct memory_fault){ .direction = MEMORY_READ, .first = SOURCE + LONG - 64,
                                                             .last = SOURCE + LONG - 1, .count = ~0u, .resp = BUS_SLVERR,
                                                             .beat = MEMORY_BEATS_HIT });
    put_long();
    ring_command(&ring, DRAY_CHANNEL_COMMAND_PAUSE_MASK);
    engine_wait_state(engine, 0, DRAY_CHANNEL_STATE_HALTED, LIMIT);
    assert_int_equal(ring_halt(&ring).cause, DRAY_CAUSE_READ_SLVERR);
    assert_int_equal(ring_interrupts(&ring), DRAY_CHANNEL_IRQ_STATUS_HALTED_MASK);
    testing_clean(engine);
}

int main(void)
{
    const struct testing_case cases[] = {
        TESTING_CASE(a_pause_at_any_cycle_cuts_nothing_short),
        TESTING_CASE(a_pause_with_a_fast_memory_and_stalls),
        TESTING_CASE(what_began_is_whole_however_long_it_is),
        TESTING_CASE(an_abort_on_the_way_cuts_it_short),
        TESTING_CASE(commands_of_a_paused_channel),
        TESTING_CASE(an_error_on_the_way_halts),
    };
    TESTING_ADD(testing_all, cases);
    return testing_run("pause");
}
