// SPDX-License-Identifier: Apache-2.0
//
// Keeps answers back, and looks at what the engine does then.
#include "hung.h"

struct engine *hung_begin(void **state, const struct engine_config *config, unsigned units, struct ring *ring)
{
    struct engine *engine = testing_begin(state, config, ring, HUNG_RING, 6);
    ring->may_fail = true;
    engine_write(engine, DRAY_WATCHDOG, units);
    assert_int_equal(engine_read(engine, DRAY_WATCHDOG), units);
    engine_write(engine, DRAY_CHANNEL_IRQ_ENABLE(0), HUNG_BITTEN);
    return engine;
}

void hung_from(struct engine *engine, enum memory_direction direction, uint32_t first, uint32_t count)
{
    memory_fault_add(engine->memory, &(struct memory_fault){ .direction = direction, .first = first, .last = first + count - 1,
                                                             .count = ~0u, .resp = BUS_OKAY, .silent = true });
}

static uint64_t last_move(struct engine *engine)
{
    const struct memory_counts *counts = memory_counts(engine->memory);
    uint64_t last = counts->last_ar;
    if (counts->last_r > last) last = counts->last_r;
    if (counts->last_aw > last) last = counts->last_aw;
    if (counts->last_w > last) last = counts->last_w;
    if (counts->last_b > last) last = counts->last_b;
    return last;
}

void hung_expect_bite(struct ring *ring, unsigned units)
{
    struct engine *engine = ring->engine;
    engine_wait_irq(engine, HUNG_LIMIT);
    uint64_t quiet = engine->irq_rose - last_move(engine);
    assert_in_range(quiet, units * HUNG_UNIT, 2 * units * HUNG_UNIT + HUNG_SLACK);
    assert_int_equal(engine_state(engine, 0), DRAY_CHANNEL_STATE_DRAINING);
    assert_true(engine_read(engine, DRAY_CHANNEL_STATUS(0)) & DRAY_CHANNEL_STATUS_BUSY_MASK);
    assert_int_equal(ring_halt(ring).cause, DRAY_CAUSE_WATCHDOG);
    assert_int_equal(ring_interrupts(ring) & ~(uint32_t)DRAY_CHANNEL_IRQ_STATUS_DONE_MASK, HUNG_BITTEN);
    struct memory_counts before = *memory_counts(engine->memory);
    engine_clocks(engine, 5 * units * HUNG_UNIT);
    assert_int_equal(memory_counts(engine->memory)->ar, before.ar);
    assert_int_equal(memory_counts(engine->memory)->aw, before.aw);
    assert_int_equal(memory_counts(engine->memory)->w, before.w);
    assert_int_equal(engine_state(engine, 0), DRAY_CHANNEL_STATE_DRAINING);
}
