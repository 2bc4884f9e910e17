// SPDX-License-Identifier: Apache-2.0
//
// The watchdog and streams: one that waits for its sink is not bitten, one whose data does not come is.
#include "hung.h"

static struct engine *engine;
static struct ring    ring;

static void begin_stream(void **state, unsigned units, unsigned packets)
{
    engine = hung_begin(state, &(struct engine_config){ .latency = 13, .open_bytes = HUNG_OPEN }, units, &ring);
    for (unsigned i = 0; i < packets; i++)
        ring_put(&ring, &(struct descriptor){ .source = HUNG_SOURCE + i * HUNG_PLACE, .length = HUNG_PLACE, .flags = DESCRIPTOR_TO_STREAM });
}

static void a_sink_that_holds_back_is_not_bitten(void **state)
{
    begin_stream(state, 1, 6);
    engine->sinks[0].mode = SINK_STALLED;
    ring_doorbell(&ring);
    engine_clocks(engine, 6000);
    assert_int_equal(ring_interrupts(&ring), 0);
    assert_true(engine_read(engine, DRAY_CHANNEL_STATUS(0)) & DRAY_CHANNEL_STATUS_BUSY_MASK);
    engine->sinks[0].mode = SINK_ALWAYS;
    ring_wait_empty(&ring, HUNG_LIMIT);
    assert_int_equal(engine->sinks[0].packets, 6);
    assert_int_equal(ring_interrupts(&ring), 0);
    testing_clean(engine);
}

// What it reads goes on and on; only the other one's writes are not answered.
static void a_stream_goes_on_beside_a_write_that_is_not_answered(void **state)
{
    begin_stream(state, 2, 40);
    struct ring other;
    ring_start(&other, engine, 1, HUNG_RING + 0x8000, 4);
    other.may_fail = true;
    engine_write(engine, DRAY_CHANNEL_IRQ_ENABLE(1), HUNG_BITTEN);
    engine->sinks[0].mode   = SINK_RANDOM;
    engine->sinks[0].chance = 100;
    testing_expect_copy(engine, HUNG_SOURCE, HUNG_OTHER, 64);
    ring_put(&other, &(struct descriptor){ .source = HUNG_SOURCE, .destination = HUNG_OTHER, .length = 64 });
    hung_from(engine, MEMORY_WRITE, HUNG_OTHER, 64);
    ring_doorbell(&ring);
    ring_doorbell(&other);
    engine_wait_channel_irq(engine, 1, HUNG_LIMIT);
    assert_int_equal(ring_interrupts(&ring), 0);
    assert_int_equal(ring_interrupts(&other), HUNG_BITTEN);
    memory_answer(engine->memory);
    engine_wait_state(engine, 1, DRAY_CHANNEL_STATE_HALTED, HUNG_LIMIT);
    assert_int_equal(ring_halt(&other).moved, 64);
    assert_int_equal(ring_write_back(&other, HUNG_RING + 0x8000).cause, DRAY_CAUSE_WATCHDOG);
    ring_wait_empty(&ring, HUNG_LIMIT);
    assert_int_equal(engine->sinks[0].packets, 40);
    assert_int_equal(ring_interrupts(&ring), 0);
    testing_clean(engine);
}

static void a_stream_whose_data_does_not_come_is_reported(void **state)
{
    begin_stream(state, 2, 6);
    hung_from(engine, MEMORY_READ, HUNG_SOURCE + 3 * HUNG_PLACE + 512, 8);
    ring_doorbell(&ring);
    hung_expect_bite(&ring, 2);
    memory_answer(engine->memory);
    engine_wait_state(engine, 0, DRAY_CHANNEL_STATE_HALTED, HUNG_LIMIT);
    struct halt halt = ring_halt(&ring);
    assert_int_equal(halt.cause, DRAY_CAUSE_WATCHDOG);
    assert_int_equal(halt.failed, 3);
    assert_int_equal(halt.next, 4);
    assert_int_equal(engine->sinks[0].packets, 4);
    assert_true(engine->sinks[0].packet_cut[3]);
    assert_int_equal(engine->sinks[0].packet_end[3] - engine->sinks[0].packet_end[2], halt.moved);
    testing_clean(engine);
}

int main(void)
{
    const struct testing_case cases[] = {
        TESTING_CASE(a_sink_that_holds_back_is_not_bitten),
        TESTING_CASE(a_stream_goes_on_beside_a_write_that_is_not_answered),
        TESTING_CASE(a_stream_whose_data_does_not_come_is_reported),
    };
    TESTING_ADD(testing_options, cases);
    return testing_run("watchdog_streams");
}
