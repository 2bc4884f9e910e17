// SPDX-License-Identifier: Apache-2.0
//
// Interrupts come by count or by time, whichever is first, and none is ever lost.
#include "testing.h"

enum {
    RING   = ENGINE_MEMORY_BASE,
    SOURCE = ENGINE_MEMORY_BASE + 0x10000,
    TARGET = ENGINE_MEMORY_BASE + 0x20000,
    OPEN   = 0x40000,
    LIMIT  = 40000,
    UNIT   = 64,
    LONG   = 500, // units that no test waits for
    DONE   = DRAY_CHANNEL_IRQ_STATUS_DONE_MASK,
};

static struct engine *engine;
static struct ring    ring;

static void begin(void **state, unsigned count, unsigned units)
{
    engine = testing_engine(state, &(struct engine_config){ .latency = 5, .open_bytes = OPEN });
    memory_permit(engine->memory, TARGET, 0x10000);
    uint32_t word = count << DRAY_CHANNEL_COALESCE_COUNT_SHIFT | units << DRAY_CHANNEL_COALESCE_TIME_SHIFT;
    engine_write(engine, DRAY_CHANNEL_COALESCE(0), word);
    assert_int_equal(engine_read(engine, DRAY_CHANNEL_COALESCE(0)), word);
    ring_start(&ring, engine, 0, RING, 6);
}

static void put(uint32_t flags)
{
    unsigned at = ring.producer % 64u * 64u;
    ring_put(&ring, &(struct descriptor){ .source = SOURCE + at, .destination = TARGET + at, .length = 64, .flags = flags });
}

// So many retire, and as many others that ask for no interrupt.
static void do_some(unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        put(0);
        put(DESCRIPTOR_IRQ);
    }
    ring_doorbell(&ring);
    ring_wait_empty(&ring, LIMIT);
    engine_clocks(engine, 4);
}

static void nothing_set_is_at_once(void **state)
{
    const unsigned both[][2] = { { 0, 0 }, { 1, 0 }, { 9, 0 }, { 0, 9 }, { 1, 9 } };
    for (unsigned i = 0; i < sizeof both / sizeof both[0]; i++) {
        begin(state, both[i][0], both[i][1]);
        for (unsigned n = 0; n < 5; n++) {
            put(DESCRIPTOR_IRQ);
            ring_doorbell(&ring);
            engine_wait_irq(engine, LIMIT);
            assert_int_equal(engine->irq_rose - memory_counts(engine->memory)->last_b, 2);
            ring_acknowledge(&ring, DONE);
        }
        testing_clean(engine);
    }
}

static void the_count_tells(void **state)
{
    begin(state, 7, LONG);
    do_some(6);
    assert_int_equal(ring_interrupts(&ring), 0);
    do_some(1);
    assert_int_equal(ring_interrupts(&ring), DONE);
    ring_acknowledge(&ring, DONE);
    do_some(6); // it is counted anew
    assert_int_equal(ring_interrupts(&ring), 0);
    do_some(1);
    assert_int_equal(ring_interrupts(&ring), DONE);
    testing_clean(engine);
}

static void the_greatest_count_is_not_reached_too_soon(void **state)
{
    begin(state, 255, 0xffff);
    for (unsigned i = 0; i < 10; i++) do_some(25);
    do_some(4);
    assert_int_equal(ring_interrupts(&ring), 0);
    do_some(1);
    assert_int_equal(ring_interrupts(&ring), DONE);
    testing_clean(engine);
}

// The time runs from the first that was not told, not from the last.
static void the_timer_tells(void **state)
{
    for (unsigned units = 1; units < 40; units += 12) {
        begin(state, 100, units);
        do_some(1);
        uint64_t first = memory_counts(engine->memory)->last_b;
        for (unsigned i = 0; i < 4 && units > 30; i++) do_some(1);
        engine_wait_irq(engine, LIMIT);
        uint64_t took = engine->irq_rose - first;
        assert_in_range(took, (units - 1) * UNIT, units * UNIT + 5);
        ring_acknowledge(&ring, DONE);
        engine_clocks(engine, 3 * units * UNIT); // once
        assert_int_equal(ring_interrupts(&ring), 0);
        do_some(1);
        engine_wait_irq(engine, (units + 1) * UNIT);
        testing_clean(engine);
    }
}

static void what_does_not_ask_is_not_counted(void **state)
{
    begin(state, 2, 2);
    for (unsigned i = 0; i < 20; i++) put(0);
    ring_doorbell(&ring);
    ring_wait_empty(&ring, LIMIT);
    engine_clocks(engine, 10 * UNIT);
    assert_int_equal(ring_interrupts(&ring), 0);
    testing_clean(engine);
}

static void a_halt_does_not_swallow_what_was_not_told(void **state)
{
    begin(state, 50, 20);
    ring.may_fail = true;
    do_some(3);
    ring_put(&ring, &(struct descriptor){ .source = SOURCE, .destination = TARGET, .length = 0 });
    ring_doorbell(&ring);
    engine_wait_state(engine, 0, DRAY_CHANNEL_STATE_HALTED, LIMIT);
    assert_int_equal(ring_interrupts(&ring), DRAY_CHANNEL_IRQ_STATUS_HALTED_MASK);
    engine_clocks(engine, 21 * UNIT);
    assert_int_equal(ring_interrupts(&ring), DRAY_CHANNEL_IRQ_STATUS_HALTED_MASK | DONE);
    testing_clean(engine);
}

static void nor_do_a_stop_and_switching_off(void **state)
{
    begin(state, 50, 20);
    do_some(3);
    ring_stop(&ring, LIMIT);
    assert_int_equal(ring_interrupts(&ring) & DONE, 0);
    engine_clocks(engine, 21 * UNIT);
    assert_int_equal(ring_interrupts(&ring) & DONE, DONE);
    testing_clean(engine);
}

static void a_write_to_the_register_tells(void **state)
{
    begin(state, 50, LONG);
    do_some(3);
    assert_int_equal(ring_interrupts(&ring), 0);
    engine_write(engine, DRAY_CHANNEL_COALESCE(0), 2u | (uint32_t)LONG << 16);
    engine_clocks(engine, 4);
    assert_int_equal(ring_interrupts(&ring), DONE);
    ring_acknowledge(&ring, DONE);
    engine_write(engine, DRAY_CHANNEL_COALESCE(0), 2u | (uint32_t)LONG << 16); // nothing to tell
    engine_clocks(engine, 4);
    assert_int_equal(ring_interrupts(&ring), 0);
    do_some(2);
    assert_int_equal(ring_interrupts(&ring), DONE);
    testing_clean(engine);
}

// Software that believes the interrupt alone sees every descriptor, whenever it clears the bit.
static void every_descriptor_is_told_in_time(void **state)
{
    begin(state, 4, 3);
    uint64_t random = testing_seed();
    unsigned told   = 0;
    for (unsigned i = 0; i < 200; i++) {
        for (unsigned n = (unsigned)(memory_random(&random) >> 60); n > 0; n--) put(DESCRIPTOR_IRQ);
        ring_doorbell(&ring);
        while (told != ring.producer) {
            engine_wait_irq(engine, LIMIT);
            engine_clocks(engine, (unsigned)(memory_random(&random) >> 59));
            ring_acknowledge(&ring, DONE);
            told = ring_consumer(&ring);
        }
    }
    testing_clean(engine);
}

int main(void)
{
    const struct testing_case cases[] = {
        TESTING_CASE(nothing_set_is_at_once),
        TESTING_CASE(the_count_tells),
        TESTING_CASE(the_greatest_count_is_not_reached_too_soon),
        TESTING_CASE(the_timer_tells),
        TESTING_CASE(what_does_not_ask_is_not_counted),
        TESTING_CASE(a_halt_does_not_swallow_what_was_not_told),
        TESTING_CASE(nor_do_a_stop_and_switching_off),
        TESTING_CASE(a_write_to_the_register_tells),
        TESTING_CASE(every_descriptor_is_told_in_time),
    };
    TESTING_ADD(testing_options, cases);
    return testing_run("coalesce");
}
