// SPDX-License-Identifier: Apache-2.0
//
// The guard: two bits a frame and channel decide what may be touched outside the window.
#include "testing.h"

enum {
    RING   = ENGINE_MEMORY_BASE,
    OPEN   = 0x10000,
    FRAMES = ENGINE_MEMORY_BASE + 0x40000,
    PAGE   = 4096,
    LIMIT  = 50000,
};

static struct engine *engine;
static struct ring    rings[2];
static unsigned       reached; // addresses on the bus that only a broken guard lets through
static uint64_t       forbidden_first, forbidden_last;

static void watch(void *user, const struct memory_event *event)
{
    (void)user;
    if ((event->kind == MEMORY_AR || event->kind == MEMORY_AW) && event->addr >= forbidden_first && event->addr <= forbidden_last)
        reached++;
}

static void begin(void **state)
{
    engine = testing_engine(state, &(struct engine_config){ .latency = 5, .open_bytes = OPEN });
    testing_fill(engine, testing_seed());
    for (unsigned i = 0; i < 2; i++) {
        ring_start(&rings[i], engine, i, RING + i * 0x8000u, 5);
        rings[i].may_fail = true;
    }
    memory_log(engine->memory, watch, NULL);
    reached = 0;
}

static void copy(struct ring *ring, uint32_t from, uint32_t to, uint32_t length)
{
    ring_put(ring, &(struct descriptor){ .source = from, .destination = to, .length = length, .flags = DESCRIPTOR_IRQ });
    ring_doorbell(ring);
}

static void expect_done(struct ring *ring, uint32_t from, uint32_t to, uint32_t length)
{
    testing_expect_copy(engine, from, to, length);
    copy(ring, from, to, length);
    ring_wait_done(ring, LIMIT);
    testing_memory(engine);
}

static void expect_refused(struct ring *ring, uint32_t from, uint32_t to, unsigned is_write, uint32_t why)
{
    forbidden_first = is_write ? to : from;
    forbidden_last  = forbidden_first + 255;
    copy(ring, from, to, 256);
    engine_wait_state(engine, ring->channel, DRAY_CHANNEL_STATE_HALTED, LIMIT);
    struct halt halt = ring_halt(ring);
    assert_int_equal(halt.cause, DRAY_CAUSE_FAULT);
    assert_int_equal(halt.moved, 0);
    assert_int_equal(reached, 0);
    uint32_t info = gate_read(engine, DRAY_GATE_FAULT_INFO);
    assert_int_equal(info & DRAY_GATE_FAULT_INFO_CAUSE_MASK, why);
    assert_int_equal(!!(info & DRAY_GATE_FAULT_INFO_IS_WRITE_MASK), is_write);
    assert_int_equal(gate_read(engine, DRAY_GATE_FAULT_ADDR), is_write ? to : from);
    forbidden_first = 1, forbidden_last = 0;
    testing_expect_slot(engine, halt.failed_addr);
    gate_write(engine, DRAY_GATE_FAULT_STATUS, 1);
    ring_acknowledge(ring, 7);
    ring_command(ring, DRAY_CHANNEL_COMMAND_RESUME_MASK);
    testing_memory(engine);
}

static void rights_are_those_of_one_frame_one_channel_and_one_direction(void **state)
{
    begin(state);
    const uint32_t from = FRAMES + 4 * PAGE, to = FRAMES + 9 * PAGE;
    const uint32_t direction = DRAY_GATE_FAULT_CAUSE_DIRECTION;
    expect_refused(&rings[0], from, to, 0, direction);
    engine_guard(engine, 0, from, 1, ENGINE_READ);
    expect_refused(&rings[0], from, to, 1, direction);
    engine_guard(engine, 0, to, 1, ENGINE_WRITE);
    expect_done(&rings[0], from, to, 256);
    expect_refused(&rings[1], from, to, 0, direction); // the other channel has gained nothing
    expect_refused(&rings[0], to, to + 1024, 0, direction); // writing is not reading
    expect_refused(&rings[0], from, from + 1024, 1, direction); // nor the other way
    expect_refused(&rings[0], from + PAGE, to, 0, direction); // the frames beside are closed
    expect_refused(&rings[0], from - 256, to, 0, direction);
    engine_guard(engine, 1, from, 1, ENGINE_READ);
    engine_guard(engine, 1, to, 1, ENGINE_READ | ENGINE_WRITE);
    expect_done(&rings[1], from, to + 512, 300);
    engine_guard(engine, 0, to, 1, 0);
    expect_refused(&rings[0], from, to, 1, direction); // taken away again
    expect_done(&rings[1], from, to + 1024, 300);      // of one channel only
    testing_clean(engine);
}

static void the_last_frame_is_guarded_and_the_one_behind_is_outside(void **state)
{
    begin(state);
    uint32_t last = ENGINE_MEMORY_BASE + ENGINE_MEMORY_BYTES - PAGE, from = FRAMES;
    engine_guard(engine, 0, from, 1, ENGINE_READ);
    expect_refused(&rings[0], from, last, 1, DRAY_GATE_FAULT_CAUSE_DIRECTION);
    engine_guard(engine, 0, last, 1, ENGINE_WRITE);
    expect_done(&rings[0], from, last + PAGE - 256, 256);
    expect_refused(&rings[0], from, last + PAGE, 1, DRAY_GATE_FAULT_CAUSE_OUTSIDE);
    testing_clean(engine);
}

static void the_gates_own_reset_closes_everything(void **state)
{
    begin(state);
    engine_guard(engine, 0, FRAMES, 2 * PAGE, ENGINE_READ | ENGINE_WRITE);
    expect_done(&rings[0], FRAMES, FRAMES + PAGE, 64);
    engine_reset(engine);
    engine_guard(engine, 0, RING, OPEN, ENGINE_READ | ENGINE_WRITE);
    ring_start(&rings[0], engine, 0, RING, 5);
    rings[0].may_fail = true;
    expect_refused(&rings[0], FRAMES, FRAMES + PAGE, 0, DRAY_GATE_FAULT_CAUSE_DIRECTION);
    testing_clean(engine);
}

static void a_refused_descriptor_fetch_is_an_error_of_that_slot(void **state)
{
    begin(state);
    ring_stop(&rings[0], LIMIT);
    ring_acknowledge(&rings[0], 7);
    ring_start(&rings[0], engine, 0, FRAMES, 5);
    copy(&rings[0], RING, RING + 0x4000, 64);
    engine_wait_state(engine, 0, DRAY_CHANNEL_STATE_HALTED, LIMIT);
    struct halt halt = ring_halt(&rings[0]);
    assert_int_equal(halt.cause, DRAY_CAUSE_FAULT);
    assert_int_equal(halt.failed, 0);
    assert_int_equal(halt.failed_addr, FRAMES);
    assert_int_equal(gate_read(engine, DRAY_GATE_FAULT_ADDR), FRAMES);
    testing_memory(engine);
    testing_clean(engine);
}

static void a_refused_write_back_is_a_fault(void **state)
{
    begin(state);
    ring_stop(&rings[0], LIMIT);
    ring_acknowledge(&rings[0], 7);
    engine_guard(engine, 0, FRAMES, PAGE, ENGINE_READ);
    ring_start(&rings[0], engine, 0, FRAMES, 5);
    testing_expect_copy(engine, RING + 0x2000, RING + 0x4000, 64);
    ring_put(&rings[0], &(struct descriptor){ .source = RING + 0x2000, .destination = RING + 0x4000, .length = 64,
                                              .flags = DESCRIPTOR_IRQ | DESCRIPTOR_WRITE_BACK });
    ring_doorbell(&rings[0]);
    engine_wait_state(engine, 0, DRAY_CHANNEL_STATE_HALTED, LIMIT);
    struct halt halt = ring_halt(&rings[0]);
    assert_int_equal(halt.cause, DRAY_CAUSE_FAULT);
    assert_int_equal(halt.failed, 0);
    assert_int_equal(halt.moved, 64);
    assert_int_equal(gate_read(engine, DRAY_GATE_FAULT_ADDR) & ~15u, FRAMES);
    testing_memory(engine); // the data is there, the slot as it was
    testing_clean(engine);
}

int main(void)
{
    const struct testing_case cases[] = {
        TESTING_CASE(rights_are_those_of_one_frame_one_channel_and_one_direction),
        TESTING_CASE(the_last_frame_is_guarded_and_the_one_behind_is_outside),
        TESTING_CASE(the_gates_own_reset_closes_everything),
        TESTING_CASE(a_refused_descriptor_fetch_is_an_error_of_that_slot),
        TESTING_CASE(a_refused_write_back_is_a_fault),
    };
    TESTING_ADD(testing_widths, cases);
    return testing_run("guard");
}
