// SPDX-License-Identifier: Apache-2.0
//
// Interrupt bits are sticky, cleared by writing 1, and no event is ever lost to a clear.
#include "testing.h"

enum {
    RING   = ENGINE_MEMORY_BASE,
    SOURCE = ENGINE_MEMORY_BASE + 0x10000,
    TARGET = ENGINE_MEMORY_BASE + 0x20000,
    OPEN   = 0x40000,
    LIMIT  = 10000,
};

static struct engine *engine;
static struct ring    ring;

static void begin(void **state, unsigned latency)
{
    engine = testing_engine(state, &(struct engine_config){ .latency = latency, .open_bytes = OPEN });
    memory_permit(engine->memory, TARGET, 0x10000);
    ring_start(&ring, engine, 0, RING, 6);
}

static void put(uint32_t flags)
{
    unsigned at = ring.producer * 64u;
    ring_put(&ring, &(struct descriptor){ .source = SOURCE + at, .destination = TARGET + at, .length = 64, .flags = flags });
}

static void HW_08_only_a_flagged_descriptor_interrupts(void **state)
{
    begin(state, 5);
    for (unsigned i = 0; i < 10; i++) put(0);
    ring_doorbell(&ring);
    ring_wait_empty(&ring, LIMIT);
    engine_clocks(engine, 100);
    assert_false(engine->pins.irq);
    assert_int_equal(ring_interrupts(&ring), 0);
    put(DESCRIPTOR_IRQ);
    put(0);
    ring_doorbell(&ring);
    engine_wait_irq(engine, LIMIT);
    assert_int_equal(ring_interrupts(&ring), DRAY_CHANNEL_IRQ_STATUS_DONE_MASK);
    testing_clean(engine);
}

static void a_bit_stays_until_one_is_written_to_it(void **state)
{
    begin(state, 5);
    put(DESCRIPTOR_IRQ);
    ring_doorbell(&ring);
    engine_wait_irq(engine, LIMIT);
    for (unsigned i = 0; i < 20; i++) assert_int_equal(ring_interrupts(&ring), DRAY_CHANNEL_IRQ_STATUS_DONE_MASK);
    ring_acknowledge(&ring, 0);
    ring_acknowledge(&ring, DRAY_CHANNEL_IRQ_STATUS_HALTED_MASK | DRAY_CHANNEL_IRQ_STATUS_STOPPED_MASK);
    assert_int_equal(ring_interrupts(&ring), DRAY_CHANNEL_IRQ_STATUS_DONE_MASK);
    assert_true(engine->pins.irq);
    assert_int_equal(engine_read(engine, DRAY_IRQ_SUMMARY), 1);
    ring_acknowledge(&ring, DRAY_CHANNEL_IRQ_STATUS_DONE_MASK);
    assert_int_equal(ring_interrupts(&ring), 0);
    engine_clocks(engine, 4);
    assert_false(engine->pins.irq);
    assert_int_equal(engine_read(engine, DRAY_IRQ_SUMMARY), 0);
    testing_clean(engine);
}

static void a_bit_that_is_not_enabled_is_set_but_silent(void **state)
{
    begin(state, 5);
    engine_write(engine, DRAY_CHANNEL_IRQ_ENABLE(0), 0);
    put(DESCRIPTOR_IRQ);
    ring_doorbell(&ring);
    ring_wait_empty(&ring, LIMIT);
    engine_clocks(engine, 20);
    assert_int_equal(ring_interrupts(&ring), DRAY_CHANNEL_IRQ_STATUS_DONE_MASK);
    assert_false(engine->pins.irq);
    assert_int_equal(engine_read(engine, DRAY_IRQ_SUMMARY), 0);
    engine_write(engine, DRAY_CHANNEL_IRQ_ENABLE(0), DRAY_CHANNEL_IRQ_ENABLE_DONE_MASK);
    engine_clocks(engine, 4);
    assert_true(engine->pins.irq);
    testing_clean(engine);
}

// The clear is moved over the event cycle by cycle: whenever it falls, the event was seen or is still there.
static void HW_07_a_clear_never_swallows_an_event(void **state)
{
    begin(state, 5);
    put(DESCRIPTOR_IRQ);
    ring_doorbell(&ring);
    unsigned usual = (unsigned)(engine_wait_irq(engine, LIMIT) - ring.rung);
    ring_acknowledge(&ring, 7);
    bool cleared = false;
    for (unsigned when = usual - 10; when < usual + 6; when++) {
        put(DESCRIPTOR_IRQ);
        ring_doorbell(&ring);
        uint64_t before = engine->irq_rose;
        while (engine_cycle(engine) < ring.rung + when) engine_clock(engine);
        ring_acknowledge(&ring, DRAY_CHANNEL_IRQ_STATUS_DONE_MASK);
        ring_wait_empty(&ring, LIMIT);
        engine_clocks(engine, 20);
        bool still = ring_interrupts(&ring) == DRAY_CHANNEL_IRQ_STATUS_DONE_MASK;
        if (engine->irq_rose == before) fail_msg("the event was lost to a clear %u cycles after the doorbell", when);
        if (still && cleared) fail_msg("a clear %u cycles after the doorbell did not clear", when);
        cleared = cleared || !still;
        ring_acknowledge(&ring, 7);
    }
    assert_true(cleared);
    testing_clean(engine);
}

static void an_interrupt_comes_for_each_descriptor_that_asks(void **state)
{
    begin(state, 13);
    unsigned came = 0;
    for (unsigned i = 0; i < 48; i++) put(DESCRIPTOR_IRQ);
    ring_doorbell(&ring);
    while (ring_consumer(&ring) != ring.producer || engine->pins.irq) {
        engine_wait_irq(engine, LIMIT);
        ring_acknowledge(&ring, 7);
        engine_clocks(engine, 3);
        came++;
    }
    assert_in_range(came, 1, 48);
    assert_int_equal(ring_consumer(&ring), 48);
    testing_clean(engine);
}

static void each_channel_has_its_own_line(void **state)
{
    begin(state, 5);
    if (engine->channels < 2) return;
    struct ring other;
    ring_start(&other, engine, 1, RING + 0x1000, 4);
    ring_put(&other, &(struct descriptor){
                         .source = SOURCE, .destination = TARGET + 0x8000, .length = 64, .flags = DESCRIPTOR_IRQ });
    ring_doorbell(&other);
    engine_wait_irq(engine, LIMIT);
    assert_int_equal(engine->pins.channel_irq, 2);
    assert_int_equal(engine_read(engine, DRAY_IRQ_SUMMARY), 2);
    assert_int_equal(ring_interrupts(&ring), 0);
    put(DESCRIPTOR_IRQ);
    ring_doorbell(&ring);
    engine_wait_channel_irq(engine, 0, LIMIT);
    assert_int_equal(engine->pins.channel_irq, 3);
    ring_acknowledge(&other, 7);
    engine_clocks(engine, 4);
    assert_int_equal(engine->pins.channel_irq, 1);
    assert_true(engine->pins.irq);
    testing_clean(engine);
}

int main(void)
{
    const struct testing_case cases[] = {
        TESTING_CASE(HW_08_only_a_flagged_descriptor_interrupts),
        TESTING_CASE(a_bit_stays_until_one_is_written_to_it),
        TESTING_CASE(a_bit_that_is_not_enabled_is_set_but_silent),
        TESTING_CASE(HW_07_a_clear_never_swallows_an_event),
        TESTING_CASE(an_interrupt_comes_for_each_descriptor_that_asks),
        TESTING_CASE(each_channel_has_its_own_line),
    };
    TESTING_ADD(testing_all, cases);
    return testing_run("interrupts");
}
