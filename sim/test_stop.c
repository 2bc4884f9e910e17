// SPDX-License-Identifier: Apache-2.0
//
// ABORT and disabling stop a channel at any cycle: nothing is left in flight, everything is accounted for, work goes on.
#include "testing.h"

enum {
    RING   = ENGINE_MEMORY_BASE,
    SOURCE = ENGINE_MEMORY_BASE + 0x20000,
    TARGET = ENGINE_MEMORY_BASE + 0x40000,
    OTHER  = ENGINE_MEMORY_BASE + 0x60000,
    OPEN   = 0x80000,
    LIMIT  = 50000,
    COUNT  = 24,
    PLACE  = 1024,
};

static struct engine *engine;
static struct ring    ring;

static uint32_t length_of(unsigned i) { return 16 + i * 176 % 900 / 16 * 16; }

static bool alone; // no other channel is at work

static void begin(void **state, unsigned latency)
{
    alone  = true;
    engine = testing_begin(state, &(struct engine_config){ .latency = latency, .open_bytes = OPEN }, &ring, RING, 5);
    ring.may_fail = true;
}

static void put_all(void)
{
    for (unsigned i = 0; i < COUNT; i++) {
        memory_permit(engine->memory, TARGET + i * PLACE, length_of(i));
        ring_put(&ring, &(struct descriptor){ .source = SOURCE + i * PLACE,
                                              .destination = TARGET + i * PLACE,
                                              .length = length_of(i),
                                              .flags = DESCRIPTOR_WRITE_BACK,
                                              .tag = i });
    }
    ring_doorbell(&ring);
}

static void clear_targets(void)
{
    memory_fill_random(engine->memory, TARGET, COUNT * PLACE, engine_cycle(engine));
}

static bool copied(unsigned i, uint32_t bytes)
{
    const uint8_t *from = memory_at(engine->memory, SOURCE + i * PLACE, bytes + 1);
    const uint8_t *to   = memory_at(engine->memory, TARGET + i * PLACE, bytes + 1);
    for (uint32_t byte = 0; byte < bytes; byte++)
        if (from[byte] != to[byte]) return false;
    return true;
}

// Everything before NEXT has a status that tells the truth, and its slot's index is `first` + i.
static void check_begun(uint16_t first, unsigned begun)
{
    unsigned cut = 0;
    for (unsigned i = 0; i < begun; i++) {
        struct write_back back = ring_write_back(&ring, ring_slot(&ring, (uint16_t)(first + i)));
        assert_int_equal(back.type, DRAY_DESC_TYPE_DONE);
        assert_int_equal(back.tag, i);
        if (!copied(i, back.moved)) fail_msg("descriptor %u: not all of the %u bytes moved are there", i, (unsigned)back.moved);
        if (back.cause == DRAY_CAUSE_NONE) assert_int_equal(back.moved, length_of(i));
        else assert_int_equal(back.cause, DRAY_CAUSE_ABORTED);
        if (back.cause != DRAY_CAUSE_NONE) cut++;
        else if (cut != 0) fail_msg("descriptor %u is done behind one that was cut short", i);
    }
}

static void check_not_begun(uint16_t first, unsigned begun)
{
    for (unsigned i = begun; i < COUNT; i++) {
        assert_int_equal(memory_word(engine->memory, ring_slot(&ring, (uint16_t)(first + i)) + DRAY_DESCRIPTOR_LENGTH),
                         length_of(i));
        if (copied(i, 16)) fail_msg("descriptor %u never began, and was copied", i);
    }
}

static void stopped_in_the_middle(unsigned when)
{
    uint16_t first = ring.producer;
    clear_targets();
    put_all();
    engine_clocks(engine, when);
    uint64_t stop = engine_cycle(engine);
    ring_command(&ring, DRAY_CHANNEL_COMMAND_ABORT_MASK);
    engine_wait_state(engine, 0, DRAY_CHANNEL_STATE_STOPPED, LIMIT);
    assert_true(engine_cycle(engine) - stop < 2000);
    if (alone) {
        assert_int_equal(memory_counts(engine->memory)->reads_now, 0);
        assert_int_equal(memory_counts(engine->memory)->writes_now, 0);
    }
    assert_int_equal(engine_read(engine, DRAY_CHANNEL_STATUS(0)) & DRAY_CHANNEL_STATUS_BUSY_MASK, 0);
    assert_true(!alone || engine_quiet(engine, 150));
    assert_int_equal(ring_interrupts(&ring) & DRAY_CHANNEL_IRQ_STATUS_STOPPED_MASK, DRAY_CHANNEL_IRQ_STATUS_STOPPED_MASK);

    unsigned begun = (uint16_t)(ring_halt(&ring).next - first);
    assert_in_range(begun, 0, COUNT);
    assert_int_equal(ring_halt(&ring).next_addr, ring_slot(&ring, (uint16_t)(first + begun)));
    check_begun(first, begun);
    check_not_begun(first, begun);

    ring_acknowledge(&ring, 7);
    ring_command(&ring, DRAY_CHANNEL_COMMAND_RESUME_MASK);
    ring_wait_empty(&ring, LIMIT);
    for (unsigned i = begun; i < COUNT; i++) {
        assert_int_equal(ring_write_back(&ring, ring_slot(&ring, (uint16_t)(first + i))).cause, DRAY_CAUSE_NONE);
        assert_true(copied(i, length_of(i)));
    }
    testing_clean(engine);
}

static void HW_05_an_abort_at_any_cycle_loses_nothing_and_resume_goes_on(void **state)
{
    begin(state, 13);
    for (unsigned when = 0; when < 700; when += 11) stopped_in_the_middle(when);
}

static void an_abort_at_any_cycle_with_a_fast_memory(void **state)
{
    begin(state, 1);
    for (unsigned when = 0; when < 40; when++) stopped_in_the_middle(when);
}

static void an_abort_of_a_full_pipeline_ends_within_its_bound(void **state)
{
    begin(state, 100);
    for (unsigned i = 0; i < COUNT; i++) {
        memory_permit(engine->memory, TARGET + i * 0x1000, 0x1000);
        ring_put(&ring, &(struct descriptor){
                            .source = SOURCE + i * 0x400, .destination = TARGET + i * 0x1000, .length = 0x1000 });
    }
    ring_doorbell(&ring);
    engine_clocks(engine, 600);
    ring_command(&ring, DRAY_CHANNEL_COMMAND_ABORT_MASK);
    uint64_t written = engine->registers.data_cycle;
    engine_wait_irq(engine, LIMIT);
    unsigned flight = engine->parameters->fifo_beats; // no read is asked for without a place
    assert_true(engine->irq_rose - written <= flight + 2 * 100 + 32);
    testing_clean(engine);
}

static void an_idle_channel_stops_at_once(void **state)
{
    begin(state, 13);
    ring_command(&ring, DRAY_CHANNEL_COMMAND_ABORT_MASK);
    engine_wait_state(engine, 0, DRAY_CHANNEL_STATE_STOPPED, 200);
    assert_int_equal(ring_halt(&ring).next, 0);
    ring_acknowledge(&ring, 7);
    uint16_t first = ring.producer;
    put_all(); // rung while stopped: nothing happens until RESUME
    assert_true(engine_quiet(engine, 200));
    ring_command(&ring, DRAY_CHANNEL_COMMAND_RESUME_MASK);
    ring_wait_empty(&ring, LIMIT);
    check_begun(first, COUNT);
    testing_clean(engine);
}

static void drop_after_abort_leaves_the_rest_out(void **state)
{
    begin(state, 20);
    put_all();
    engine_clocks(engine, 150);
    ring_command(&ring, DRAY_CHANNEL_COMMAND_ABORT_MASK);
    engine_wait_state(engine, 0, DRAY_CHANNEL_STATE_STOPPED, LIMIT);
    unsigned begun = ring_halt(&ring).next;
    ring_command(&ring, DRAY_CHANNEL_COMMAND_DROP_MASK);
    assert_int_equal(ring_halt(&ring).next, COUNT);
    ring_acknowledge(&ring, 7);
    ring_command(&ring, DRAY_CHANNEL_COMMAND_RESUME_MASK);
    engine_clocks(engine, 500);
    check_begun(0, begun);
    check_not_begun(0, begun);
    uint16_t first = ring.producer;
    put_all();
    ring_wait_empty(&ring, LIMIT);
    check_begun(first, COUNT);
    testing_clean(engine);
}

static void HW_12_a_disabled_channel_is_off_and_starts_from_zero(void **state)
{
    begin(state, 13);
    for (unsigned when = 0; when < 400; when += 23) {
        clear_targets();
        put_all();
        engine_clocks(engine, when);
        ring_stop(&ring, LIMIT);
        assert_int_equal(memory_counts(engine->memory)->reads_now, 0);
        assert_int_equal(memory_counts(engine->memory)->writes_now, 0);
        assert_true(engine_quiet(engine, 150));
        assert_int_equal(engine_read(engine, DRAY_CHANNEL_PRODUCER(0)), 0);
        assert_int_equal(ring_consumer(&ring), 0);
        assert_true(ring_interrupts(&ring) & DRAY_CHANNEL_IRQ_STATUS_STOPPED_MASK);

        clear_targets();
        ring_start(&ring, engine, 0, RING, 5);
        put_all();
        ring_wait_empty(&ring, LIMIT);
        check_begun(0, COUNT);
        assert_int_equal(ring_write_back(&ring, ring_slot(&ring, COUNT - 1)).cause, DRAY_CAUSE_NONE);
        ring_stop(&ring, LIMIT);
        ring_start(&ring, engine, 0, RING, 5);
        testing_clean(engine);
    }
}

static void an_abort_does_not_disturb_the_other_channel(void **state)
{
    begin(state, 20);
    alone = false;
    struct ring other;
    ring_start(&other, engine, 1, RING + 0x8000, 6);
    for (unsigned when = 20; when < 600; when += 57) {
        uint32_t at = OTHER + when * 8;
        for (unsigned i = 0; i < 16; i++) {
            testing_expect_copy(engine, SOURCE + i * 300, at + i * 200, 150);
            ring_put(&other, &(struct descriptor){ .source = SOURCE + i * 300, .destination = at + i * 200, .length = 150 });
        }
        ring_doorbell(&other);
        stopped_in_the_middle(when);
        ring_wait_empty(&other, LIMIT);
        assert_memory_equal(memory_at(engine->memory, at, 3200), memory_expected(engine->memory, at, 3200), 3200);
        memory_forbid(engine->memory, OTHER, 0x8000);
    }
}

static void aborts_under_random_stalls_lose_nothing(void **state)
{
    begin(state, 5);
    uint64_t random = testing_seed();
    memory_set_stalls(engine->memory, (struct memory_stalls){ 80, 80, 80, 80, 80 });
    for (unsigned i = 0; i < 40; i++) stopped_in_the_middle((unsigned)(memory_random(&random) % 1500));
}

int main(void)
{
    const struct testing_case cases[] = {
        TESTING_CASE(HW_05_an_abort_at_any_cycle_loses_nothing_and_resume_goes_on),
        TESTING_CASE(an_abort_at_any_cycle_with_a_fast_memory),
        TESTING_CASE(an_abort_of_a_full_pipeline_ends_within_its_bound),
        TESTING_CASE(an_idle_channel_stops_at_once),
        TESTING_CASE(drop_after_abort_leaves_the_rest_out),
        TESTING_CASE(HW_12_a_disabled_channel_is_off_and_starts_from_zero),
        TESTING_CASE(aborts_under_random_stalls_lose_nothing),
    };
    const struct testing_case two[] = { TESTING_CASE(an_abort_does_not_disturb_the_other_channel) };
    TESTING_ADD(testing_all, cases);
    TESTING_ADD(testing_widths, two);
    return testing_run("stop");
}
