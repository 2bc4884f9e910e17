// SPDX-License-Identifier: Apache-2.0
//
// Both register ports: what they are after reset, what they keep, and what they refuse.
#include "testing.h"

static void the_engine_says_what_it_is(void **state)
{
    struct engine *engine = testing_engine(state, &(struct engine_config){ .latency = 1 });
    const struct model_parameters *built = engine->parameters;

    assert_int_equal(engine_read(engine, DRAY_ID), 0x44524159);
    assert_int_equal(engine_read(engine, DRAY_VERSION), 0x00000100);
    uint32_t capabilities = engine_read(engine, DRAY_CAPABILITIES);
    assert_int_equal(1u << (capabilities & DRAY_CAPABILITIES_DATA_LG_MASK), engine->width_bytes);
    assert_int_equal((capabilities & DRAY_CAPABILITIES_ADDR_WIDTH_MASK) >> DRAY_CAPABILITIES_ADDR_WIDTH_SHIFT, built->addr_w);
    assert_int_equal((capabilities & DRAY_CAPABILITIES_CHANNELS_MASK) >> DRAY_CAPABILITIES_CHANNELS_SHIFT, built->channels);
    assert_int_equal(1u << ((capabilities & DRAY_CAPABILITIES_BOUND_LG_MASK) >> DRAY_CAPABILITIES_BOUND_LG_SHIFT),
                     built->burst_beats * engine->width_bytes);
    uint32_t features = engine_read(engine, DRAY_FEATURES);
    assert_int_equal(!!(features & DRAY_FEATURES_BYTES_MASK), built->bytes);
    assert_int_equal(!!(features & DRAY_FEATURES_GATE_MASK), built->gate);
    assert_int_equal(!!(features & DRAY_FEATURES_STREAM_OUT_MASK), built->stream_out != 0);
    assert_int_equal(!!(features & DRAY_FEATURES_FILL_MASK), built->fill);
    assert_int_equal(!!(features & DRAY_FEATURES_ROWS_MASK), built->rows);
    assert_int_equal(!!(features & DRAY_FEATURES_STREAM_IN_MASK), built->stream_in != 0);
    assert_int_equal(!!(features & DRAY_FEATURES_LISTS_MASK), built->lists);
    assert_int_equal(!!(features & DRAY_FEATURES_BUDGET_MASK), built->budget);
    assert_int_equal(!!(features & DRAY_FEATURES_WATCHDOG_MASK), built->watchdog);
    assert_int_equal(!!(features & DRAY_FEATURES_COALESCE_MASK), built->coalesce);
    assert_int_equal(!!(features & DRAY_FEATURES_PRIORITY_MASK), built->priority);
    assert_int_equal(!!(features & DRAY_FEATURES_ATTRIBUTES_MASK), built->attributes);
    assert_int_equal(!!(features & DRAY_FEATURES_COUNTERS_MASK), built->counters);
    assert_int_equal((features & DRAY_FEATURES_STREAMS_OUT_MASK) >> DRAY_FEATURES_STREAMS_OUT_SHIFT, built->stream_out);
    assert_int_equal((features & DRAY_FEATURES_STREAMS_IN_MASK) >> DRAY_FEATURES_STREAMS_IN_SHIFT, built->stream_in);
    testing_clean(engine);
}

static void the_gate_says_what_it_is(void **state)
{
    struct engine *engine = testing_engine(state, &(struct engine_config){ .latency = 1 });
    const struct model_parameters *built = engine->parameters;
    if (!built->gate) return;

    assert_int_equal(gate_read(engine, DRAY_GATE_ID), 0x47415445);
    uint32_t capabilities = gate_read(engine, DRAY_GATE_CAPABILITIES);
    assert_int_equal(capabilities & DRAY_GATE_CAPABILITIES_WINDOW_MASK, built->window);
    assert_int_equal((capabilities & DRAY_GATE_CAPABILITIES_PAGE_LG_MASK) >> DRAY_GATE_CAPABILITIES_PAGE_LG_SHIFT, built->page_lg);
    assert_int_equal((capabilities & DRAY_GATE_CAPABILITIES_CHANNELS_MASK) >> DRAY_GATE_CAPABILITIES_CHANNELS_SHIFT,
                     built->channels);
    assert_int_equal((capabilities & DRAY_GATE_CAPABILITIES_ADDR_WIDTH_MASK) >> DRAY_GATE_CAPABILITIES_ADDR_WIDTH_SHIFT,
                     built->addr_w);
    assert_int_equal(gate_read(engine, DRAY_GATE_WINDOW_BASE), built->window_base);
    assert_int_equal(gate_read(engine, DRAY_GATE_GUARD_BASE), built->guard_base);
    assert_int_equal(gate_read(engine, DRAY_GATE_GUARD_SIZE), built->guard_frames);
    assert_int_equal(gate_read(engine, DRAY_GATE_SYNC), 0);
    assert_int_equal(gate_read(engine, DRAY_GATE_FAULT_STATUS), 0);
    for (unsigned i = 0; i < built->channels; i++) assert_int_equal(gate_read(engine, DRAY_GATE_OUTSTANDING(i)), 0);
    testing_clean(engine);
}

static void channels_are_off_after_reset(void **state)
{
    struct engine *engine = testing_engine(state, &(struct engine_config){ .latency = 1 });
    for (unsigned i = 0; i < engine->channels; i++) {
        const uint32_t zero[] = { DRAY_CHANNEL_CONTROL(i), DRAY_CHANNEL_COMMAND(i), DRAY_CHANNEL_STATUS(i),
                                  DRAY_CHANNEL_IRQ_STATUS(i), DRAY_CHANNEL_IRQ_ENABLE(i), DRAY_CHANNEL_PRODUCER(i),
                                  DRAY_CHANNEL_CONSUMER(i) };
        for (unsigned r = 0; r < sizeof zero / sizeof zero[0]; r++) assert_int_equal(engine_read(engine, zero[r]), 0);
    }
    assert_int_equal(engine_read(engine, DRAY_IRQ_SUMMARY), 0);
    assert_int_equal(engine_read(engine, DRAY_SCRATCH), 0);
    assert_true(engine_quiet(engine, 200));
    assert_false(engine->pins.irq);
    testing_clean(engine);
}

static void what_is_written_reads_back(void **state)
{
    struct engine *engine = testing_engine(state, &(struct engine_config){ .latency = 1 });
    engine->registers.pause_most = engine->gate.pause_most = 3;
    uint64_t random = testing_seed();
    for (unsigned i = 0; i < 200; i++) {
        uint32_t value = (uint32_t)memory_random(&random);
        engine_write(engine, DRAY_SCRATCH, value);
        assert_int_equal(engine_read(engine, DRAY_SCRATCH), value);
        unsigned channel = i % engine->channels;
        engine_write(engine, DRAY_CHANNEL_RING_BASE(channel), value);
        engine_write(engine, DRAY_CHANNEL_RING_SIZE(channel), value & 0xf);
        engine_write(engine, DRAY_CHANNEL_IRQ_ENABLE(channel), value & 7);
        assert_int_equal(engine_read(engine, DRAY_CHANNEL_RING_BASE(channel)), value & 0xfffffff0);
        assert_int_equal(engine_read(engine, DRAY_CHANNEL_RING_SIZE(channel)), value & 0xf);
        assert_int_equal(engine_read(engine, DRAY_CHANNEL_IRQ_ENABLE(channel)), value & 7);
        if (engine->parameters->gate) assert_int_equal(gate_read(engine, DRAY_GATE_ID), 0x47415445);
    }
    testing_clean(engine);
}

static void reading_has_no_side_effect(void **state)
{
    struct engine *engine = testing_engine(state, &(struct engine_config){ .latency = 1, .open_bytes = 0x20000 });
    struct ring    ring;
    ring_start(&ring, engine, 0, ENGINE_MEMORY_BASE, 4);
    memory_permit(engine->memory, ENGINE_MEMORY_BASE + 0x10000, 16);
    ring_put(&ring, &(struct descriptor){ .source = ENGINE_MEMORY_BASE + 0x8000, .destination = ENGINE_MEMORY_BASE + 0x10000,
                                          .length = 16, .flags = DESCRIPTOR_IRQ });
    ring_doorbell(&ring);
    engine_wait_irq(engine, 1000);
    uint32_t first[0x400], value;
    for (uint32_t offset = 0; offset < 0x1000; offset += 4) axil_read(&engine->registers, offset, &first[offset / 4]);
    for (uint32_t offset = 0; offset < 0x1000; offset += 4) {
        axil_read(&engine->registers, offset, &value);
        assert_int_equal(value, first[offset / 4]);
    }
    assert_true(engine->pins.irq);
    testing_clean(engine);
}

static void an_address_without_a_register_answers_slverr(void **state)
{
    struct engine *engine = testing_engine(state, &(struct engine_config){ .latency = 1 });
    uint32_t value;
    const uint32_t unmapped[] = { 0x01c, 0x0fc, 0x17c, 0x1fc, 0x9fc, 0xffc, 0x100u + 0x100u * engine->channels };
    for (unsigned i = 0; i < sizeof unmapped / sizeof unmapped[0]; i++) {
        assert_int_equal(axil_read(&engine->registers, unmapped[i], &value), BUS_SLVERR);
        assert_int_equal(axil_write(&engine->registers, unmapped[i], 0xffffffff), BUS_SLVERR);
    }
    const uint32_t nothing[] = { 0x030, 0x03c, 0x0f0, 0x3fc };
    for (unsigned i = 0; engine->parameters->gate && i < sizeof nothing / sizeof nothing[0]; i++) {
        assert_int_equal(axil_read(&engine->gate, nothing[i], &value), BUS_SLVERR);
        assert_int_equal(axil_write(&engine->gate, nothing[i], 0xffffffff), BUS_SLVERR);
    }
    assert_int_equal(engine_read(engine, DRAY_ID), 0x44524159);
    assert_true(engine_quiet(engine, 50));
    testing_clean(engine);
}

int main(void)
{
    const struct testing_case cases[] = {
        TESTING_CASE(the_engine_says_what_it_is),     TESTING_CASE(the_gate_says_what_it_is),
        TESTING_CASE(channels_are_off_after_reset),   TESTING_CASE(what_is_written_reads_back),
        TESTING_CASE(reading_has_no_side_effect),     TESTING_CASE(an_address_without_a_register_answers_slverr),
    };
    const struct testing_case streams[] = { TESTING_CASE(the_engine_says_what_it_is) };
    TESTING_ADD(testing_all, cases);
    TESTING_ADD(testing_streams, streams);
    return testing_run("registers");
}
