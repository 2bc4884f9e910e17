// SPDX-License-Identifier: Apache-2.0
//
// The gate: the window translates, the guard refuses, what is refused never reaches the bus, and closing is at once.
#include "testing.h"

enum {
    RING   = ENGINE_MEMORY_BASE,
    OPEN   = 0x10000,                      // the ring's frames, open to everyone
    FRAMES = ENGINE_MEMORY_BASE + 0x40000, // closed in the guard
    PAGE   = 4096,
    LIMIT  = 50000,
};

static struct engine *engine;
static struct ring    ring;

static void begin(void **state, unsigned latency)
{
    engine = testing_begin(state, &(struct engine_config){ .latency = latency, .open_bytes = OPEN }, &ring, RING, 5);
    ring.may_fail = true;
}

static void put(uint64_t source, uint64_t destination, uint32_t length, uint32_t flags)
{
    ring_put(&ring, &(struct descriptor){ .source = (uint32_t)source, .destination = (uint32_t)destination, .length = length,
                                          .flags = flags });
}

// HALTED with this cause and this record; then both are cleared.
static void expect_fault(struct ring *of, uint16_t index, uint32_t why, unsigned is_write, uint64_t addr)
{
    engine_wait_state(engine, of->channel, DRAY_CHANNEL_STATE_HALTED, LIMIT);
    struct halt halt = ring_halt(of);
    assert_int_equal(halt.cause, DRAY_CAUSE_FAULT);
    assert_int_equal(halt.failed, index);
    assert_int_equal(halt.next, index + 1);
    uint32_t info = gate_read(engine, DRAY_GATE_FAULT_INFO);
    assert_true(gate_read(engine, DRAY_GATE_FAULT_STATUS) & DRAY_GATE_FAULT_STATUS_VALID_MASK);
    assert_int_equal(info & DRAY_GATE_FAULT_INFO_CAUSE_MASK, why);
    assert_int_equal(!!(info & DRAY_GATE_FAULT_INFO_IS_WRITE_MASK), is_write);
    assert_int_equal((info & DRAY_GATE_FAULT_INFO_CHANNEL_MASK) >> DRAY_GATE_FAULT_INFO_CHANNEL_SHIFT, of->channel);
    uint32_t at = gate_read(engine, DRAY_GATE_FAULT_ADDR), beat = engine->width_bytes - 1;
    assert_int_equal(at & ~beat, (uint32_t)addr & ~beat);
    gate_write(engine, DRAY_GATE_FAULT_STATUS, DRAY_GATE_FAULT_STATUS_VALID_MASK);
    assert_false(gate_read(engine, DRAY_GATE_FAULT_STATUS) & DRAY_GATE_FAULT_STATUS_VALID_MASK);
    ring_acknowledge(of, 7);
    ring_command(of, DRAY_CHANNEL_COMMAND_RESUME_MASK);
}

// ---- window

static void a_window_makes_scattered_frames_contiguous(void **state)
{
    static const unsigned from[] = { 9, 2, 7, 4, 30 }, to[] = { 20, 11, 27, 14, 23 };
    begin(state, 13);
    uint64_t source = 0, target = 0;
    for (unsigned i = 0; i < 5; i++) {
        uint64_t s = engine_window_open(engine, 3 + i, 0, FRAMES + from[i] * PAGE, ENGINE_READ);
        uint64_t t = engine_window_open(engine, 40 + i, 0, FRAMES + to[i] * PAGE, ENGINE_WRITE);
        if (i == 0) source = s, target = t;
    }
    // 4 pages and a half, from 100 behind a page edge to 300 behind another.
    uint32_t length = 4 * PAGE + 700;
    for (uint32_t byte = 0; byte < length; byte++) {
        uint32_t s = 100 + byte, t = 300 + byte;
        testing_expect_copy(engine, FRAMES + from[s / PAGE] * PAGE + s % PAGE, FRAMES + to[t / PAGE] * PAGE + t % PAGE, 1);
    }
    put(source + 100, target + 300, length, DESCRIPTOR_IRQ);
    ring_doorbell(&ring);
    ring_wait_done(&ring, LIMIT);
    testing_memory(engine);
    testing_clean(engine);
}

static void a_ring_may_stand_in_the_window(void **state)
{
    begin(state, 13);
    ring_stop(&ring, LIMIT);
    uint64_t at = engine_window_open(engine, 0, 0, RING + PAGE, ENGINE_READ | ENGINE_WRITE);
    engine_guard(engine, 0, FRAMES, 2 * PAGE, ENGINE_READ | ENGINE_WRITE);
    ring_start(&ring, engine, 0, at, 3);
    struct descriptor copy = { .source = FRAMES, .destination = FRAMES + PAGE, .length = 256,
                               .flags = DESCRIPTOR_IRQ | DESCRIPTOR_WRITE_BACK };
    testing_expect_copy(engine, copy.source, copy.destination, copy.length);
    descriptor_write(engine, RING + PAGE, &copy, 1);
    ring.producer = 1;
    ring_acknowledge(&ring, 7);
    ring_doorbell(&ring);
    ring_wait_done(&ring, LIMIT);
    assert_int_equal(ring_write_back(&ring, RING + PAGE).moved, 256);
    testing_expect_slot(engine, RING + PAGE);
    testing_memory(engine);
    testing_clean(engine);
}

static void each_refusal_of_the_window_has_its_cause(void **state)
{
    begin(state, 5);
    engine_guard(engine, 0, FRAMES, 16 * PAGE, ENGINE_READ | ENGINE_WRITE);
    memory_permit(engine->memory, FRAMES + 8 * PAGE, 4 * PAGE);
    uint64_t readable = engine_window_open(engine, 1, 0, FRAMES, ENGINE_READ);
    uint64_t writable = engine_window_open(engine, 2, 0, FRAMES + 8 * PAGE, ENGINE_WRITE);
    uint64_t others   = engine_window_open(engine, 3, 1, FRAMES + PAGE, ENGINE_READ | ENGINE_WRITE);
    uint64_t closed   = engine_window_open(engine, 4, 0, FRAMES, ENGINE_READ | ENGINE_WRITE);
    engine_window_close(engine, 4);

    const struct { uint64_t source, destination, at; uint32_t why; unsigned is_write; } cases[] = {
        { closed, FRAMES + 8 * PAGE, closed, DRAY_GATE_FAULT_CAUSE_NO_ENTRY, 0 },
        { FRAMES, closed + 8, closed + 8, DRAY_GATE_FAULT_CAUSE_NO_ENTRY, 1 },
        { writable, FRAMES + 8 * PAGE, writable, DRAY_GATE_FAULT_CAUSE_DIRECTION, 0 },
        { FRAMES, readable + 16, readable + 16, DRAY_GATE_FAULT_CAUSE_DIRECTION, 1 },
        { others, FRAMES + 8 * PAGE, others, DRAY_GATE_FAULT_CAUSE_OWNER, 0 },
        { FRAMES, others, others, DRAY_GATE_FAULT_CAUSE_OWNER, 1 },
        { 0x90000000u, FRAMES + 8 * PAGE, 0x90000000u, DRAY_GATE_FAULT_CAUSE_OUTSIDE, 0 },
        { FRAMES, 0x3ffffff0u, 0x3ffffff0u, DRAY_GATE_FAULT_CAUSE_OUTSIDE, 1 },
        { engine->parameters->window_base + (uint64_t)engine->parameters->window * PAGE, FRAMES + 8 * PAGE,
          engine->parameters->window_base + (uint64_t)engine->parameters->window * PAGE, DRAY_GATE_FAULT_CAUSE_OUTSIDE, 0 },
    };
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        put(cases[i].source, cases[i].destination, 16, 0);
        ring_doorbell(&ring);
        expect_fault(&ring, (uint16_t)(2 * i), cases[i].why, cases[i].is_write, cases[i].at);
        put(readable + 8, writable + 8, 16, DESCRIPTOR_IRQ); // and the channel goes on
        ring_doorbell(&ring);
        ring_wait_done(&ring, LIMIT);
    }
    testing_clean(engine);
}

static void a_transfer_is_refused_at_the_first_page_that_is_closed(void **state)
{
    begin(state, 20);
    uint64_t source = engine_window_open(engine, 8, 0, FRAMES, ENGINE_READ);
    uint64_t target = engine_window_open(engine, 16, 0, FRAMES + 0x10000, ENGINE_WRITE);
    engine_window_open(engine, 17, 0, FRAMES + 0x11000, ENGINE_WRITE); // two pages to write, one to read
    memory_permit(engine->memory, FRAMES + 0x10000, PAGE);
    put(source + 3000, target, PAGE, DESCRIPTOR_WRITE_BACK);
    ring_doorbell(&ring);
    expect_fault(&ring, 0, DRAY_GATE_FAULT_CAUSE_NO_ENTRY, 0, source + PAGE);
    struct write_back back = ring_write_back(&ring, RING);
    assert_int_equal(back.cause, DRAY_CAUSE_FAULT);
    assert_true(back.moved <= PAGE - 3000);
    assert_memory_equal(memory_at(engine->memory, FRAMES + 0x10000, back.moved),
                        memory_expected(engine->memory, FRAMES + 3000, back.moved), back.moved);
    testing_clean(engine);
}

// ---- closing

static uint64_t closed_at;
static unsigned after_closing, owed; // owed: beats and responses of the frames that have not come

static void watch_closed(void *user, const struct memory_event *event)
{
    (void)user;
    if (event->addr < FRAMES) return;
    if (event->kind == MEMORY_AR) owed += event->beats;
    if (event->kind == MEMORY_AW) owed++;
    if (event->kind == MEMORY_R || event->kind == MEMORY_B) owed--;
    if (closed_at == 0) return;
    if (event->kind == MEMORY_AR || event->kind == MEMORY_AW) after_closing++;
}

static void HW_14_after_closing_and_sync_nothing_touches_the_frame(void **state)
{
    begin(state, 100);
    unsigned lives = owed = 0;
    memory_permit(engine->memory, FRAMES + 0x40000, 0x4000);
    memory_log(engine->memory, watch_closed, NULL);
    for (unsigned when = 10; when < 500; when += 35) {
        closed_at = after_closing = 0;
        uint64_t source = engine_window_open(engine, 0, 0, FRAMES, ENGINE_READ), target = 0;
        for (unsigned i = 1; i < 4; i++) engine_window_open(engine, i, 0, FRAMES + i * PAGE, ENGINE_READ);
        for (unsigned i = 0; i < 4; i++) {
            uint64_t at = engine_window_open(engine, 10 + i, 0, FRAMES + 0x40000 + i * PAGE, ENGINE_WRITE);
            if (i == 0) target = at;
        }
        put(source, target, 4 * PAGE, 0);
        ring_doorbell(&ring);
        engine_clocks(engine, when);
        for (unsigned i = 0; i < 4; i++) engine_window_close(engine, i);
        for (unsigned i = 0; i < 4; i++) engine_window_close(engine, 10 + i);
        engine_clocks(engine, 4); // a burst may stand admitted at the port
        closed_at = engine_cycle(engine);
        engine_sync(engine, 5000);
        // From here on the frames are somebody else's.
        assert_int_equal(owed, 0);
        memory_forbid(engine->memory, FRAMES + 0x40000, 0x4000);
        engine_wait_state(engine, 0, DRAY_CHANNEL_STATE_HALTED, LIMIT);
        assert_int_equal(after_closing, 0);
        assert_int_equal(ring_halt(&ring).cause, DRAY_CAUSE_FAULT);
        lives += ring_halt(&ring).moved != 0;
        assert_true(engine_quiet(engine, 300));
        memory_permit(engine->memory, FRAMES + 0x40000, 0x4000);
        gate_write(engine, DRAY_GATE_FAULT_STATUS, 1);
        ring_acknowledge(&ring, 7);
        ring_command(&ring, DRAY_CHANNEL_COMMAND_RESUME_MASK);
        engine_clocks(engine, 10);
    }
    assert_true(lives > 0);
    testing_clean(engine);
}

static void sync_waits_for_a_burst_that_is_not_answered(void **state)
{
    begin(state, 13);
    engine_guard(engine, 0, FRAMES, 2 * PAGE, ENGINE_READ | ENGINE_WRITE);
    testing_expect_copy(engine, FRAMES, FRAMES + PAGE, 256);
    memory_fault_add(engine->memory, &(struct memory_fault){ .direction = MEMORY_WRITE, .first = FRAMES, .last = UINT64_MAX,
                                                             .count = 100, .silent = true });
    put(FRAMES, FRAMES + PAGE, 256, DESCRIPTOR_IRQ);
    ring_doorbell(&ring);
    engine_clocks(engine, 200);
    assert_true(gate_read(engine, DRAY_GATE_OUTSTANDING(0)) & DRAY_GATE_OUTSTANDING_WRITES_MASK);
    gate_write(engine, DRAY_GATE_SYNC, 1);
    for (unsigned i = 0; i < 50; i++) assert_int_equal(gate_read(engine, DRAY_GATE_SYNC), 1);
    memory_answer(engine->memory);
    ring_wait_done(&ring, LIMIT);
    engine_clocks(engine, 20);
    assert_int_equal(gate_read(engine, DRAY_GATE_SYNC), 0);
    assert_int_equal(gate_read(engine, DRAY_GATE_OUTSTANDING(0)), 0);
    testing_memory(engine);
    testing_clean(engine);
}

// SYNC must not wait for bursts admitted after it, or it would never end beside a busy channel.
static void sync_does_not_wait_for_later_bursts(void **state)
{
    begin(state, 30);
    engine_guard(engine, 0, FRAMES, 0x40000, ENGINE_READ | ENGINE_WRITE);
    for (unsigned i = 0; i < 31; i++) {
        testing_expect_copy(engine, FRAMES, FRAMES + 0x20000 + i * PAGE, PAGE);
        put(FRAMES, FRAMES + 0x20000 + i * PAGE, PAGE, i == 30 ? DESCRIPTOR_IRQ : 0);
    }
    ring_doorbell(&ring);
    for (unsigned i = 0; i < 20; i++) {
        uint64_t before = engine_cycle(engine);
        engine_sync(engine, 2000);
        assert_true(engine_cycle(engine) - before < 1000);
    }
    ring_wait_done(&ring, LIMIT);
    testing_memory(engine);
    testing_clean(engine);
}

int main(void)
{
    const struct testing_case cases[] = {
        TESTING_CASE(a_window_makes_scattered_frames_contiguous),
        TESTING_CASE(a_ring_may_stand_in_the_window),
        TESTING_CASE(each_refusal_of_the_window_has_its_cause),
        TESTING_CASE(a_transfer_is_refused_at_the_first_page_that_is_closed),
        TESTING_CASE(HW_14_after_closing_and_sync_nothing_touches_the_frame),
        TESTING_CASE(sync_waits_for_a_burst_that_is_not_answered),
        TESTING_CASE(sync_does_not_wait_for_later_bursts),
    };
    TESTING_ADD(testing_widths, cases);
    return testing_run("gate");
}
