// SPDX-License-Identifier: Apache-2.0
//
// Rows: one descriptor of two slots copies each row from stride to stride, and touches no byte between them.
// HW-03, HW-05, HW-06, HW-09, HW-10, HW-11, HW-15.
#include "testing.h"

#include <string.h>

enum {
    RING     = ENGINE_MEMORY_BASE,
    SLOTS_LG = 5,
    SLOTS    = 1 << SLOTS_LG,
    SEGMENT  = ENGINE_MEMORY_BASE + 0x10000,
    SOURCE   = ENGINE_MEMORY_BASE + 0x20000,
    TARGET   = ENGINE_MEMORY_BASE + 0x80000,
    OPEN     = 0x100000,
    LIMIT    = 300000,
};

static struct engine *engine;
static struct ring    ring;

static void begin(void **state, const struct engine_config *config)
{
    engine = testing_begin(state, config, &ring, RING, SLOTS_LG);
}

static void expect(const struct descriptor *one, unsigned rows)
{
    for (unsigned i = 0; i < rows; i++)
        testing_expect_copy(engine, one->source + (uint64_t)((int64_t)one->source_stride * i),
                            one->destination + (uint64_t)((int64_t)one->destination_stride * i), one->length);
}

// `rows` rows of `length` bytes, strides from start to start.
static struct descriptor block(uint32_t source, uint32_t destination, uint32_t length, unsigned rows, int32_t from, int32_t to)
{
    return (struct descriptor){ .type = DRAY_DESC_TYPE_ROWS, .source = source, .destination = destination, .length = length,
                                .rows = rows, .source_stride = from, .destination_stride = to };
}

// The next descriptor fits before the ring's end; filled up with copies of a byte where it does not.
static void put(struct ring *to, const struct descriptor *one)
{
    if ((to->producer & (SLOTS - 1u)) == SLOTS - 1u) {
        testing_expect_copy(engine, SOURCE, TARGET - 0x100, 1);
        ring_put(to, &(struct descriptor){ .source = SOURCE, .destination = TARGET - 0x100, .length = 1 });
    }
    ring_put(to, one);
}

static void every_pair_of_offsets_at_short_rows_is_memcpy_row_by_row(void **state)
{
    begin(state, &(struct engine_config){ .latency = 3, .open_bytes = OPEN });
    unsigned width = engine->width_bytes;
    for (unsigned from = 0; from < width; from++) {
        for (unsigned to = 0; to < width; to++) {
            unsigned          length = 1 + (from * 7 + to * 3) % (2 * width);
            struct descriptor one = block(SOURCE + from, TARGET + 0x100 * to + from, length, 5, (int32_t)(3 * width + from),
                                          (int32_t)(2 * width + 1 + to));
            expect(&one, one.rows);
            put(&ring, &one);
            testing_flush(&ring, LIMIT);
        }
    }
}

static void long_rows_cross_pages_and_go_both_ways(void **state)
{
    begin(state, &(struct engine_config){ .latency = 9, .open_bytes = OPEN });
    unsigned burst = engine->width_bytes * engine->parameters->burst_beats;
    const struct { uint32_t length; unsigned rows; int32_t from, to; } cases[] = {
        { burst, 7, (int32_t)burst, (int32_t)burst },
        { burst + 1, 5, 4096, -4096 },
        { 3 * burst - 5, 4, -4096, 5000 },
        { 4100, 6, 4111, 4101 },
        { 4096, 4, 0, 4096 },
        { 2 * burst, 2, -8192, -(int32_t)(4 * burst) },
        { 1, 300, 64, 3 },
        { 9, 1, 12345, -12345 },
        { 5000, 1, 0, 0 },
    };
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct descriptor one = block(SOURCE + 0xff1 * 20 + i, TARGET + 0x20000 - 3 * i, cases[i].length, cases[i].rows,
                                      cases[i].from, cases[i].to);
        expect(&one, one.rows);
        put(&ring, &one);
        testing_flush(&ring, LIMIT);
    }
}

// Blocks, copies, fills, fences and write-backs of two channels, on a bus that stalls at random.
static void blocks_and_copies_mix_on_a_bus_that_stalls(void **state)
{
    enum { ROUNDS = 14, BATCH = 12, PLACE = 0x1800 };
    begin(state, &(struct engine_config){ .latency = 11, .spread = 15, .open_bytes = OPEN,
                                          .stalls = { 100, 120, 90, 90, 80 } });
    uint64_t    random = testing_seed();
    struct ring other;
    ring_start(&other, engine, 1, RING + 0x8000, SLOTS_LG);
    for (unsigned round = 0; round < ROUNDS; round++) {
        for (unsigned i = 0; i < 2 * BATCH; i++) {
            uint32_t from   = SOURCE + 0x8000 + (uint32_t)(memory_random(&random) % 0x4000);
            uint32_t to     = TARGET + i * PLACE + (uint32_t)(memory_random(&random) % 64);
            uint32_t length = 1 + (uint32_t)(memory_random(&random) % (memory_random(&random) % 2 ? 30 : 400));
            unsigned rows   = 1 + (unsigned)(memory_random(&random) % 9);
            int32_t  stride = (int32_t)(memory_random(&random) % 0x1000) - 0x800;
            int32_t  after  = (int32_t)(length + memory_random(&random) % 100);
            struct descriptor one = block(from, to, length, rows, stride, after);
            if (memory_random(&random) % 3 == 0) one = (struct descriptor){ .source = from, .destination = to, .length = length };
            else if (memory_random(&random) % 2) {
                one.destination += (rows - 1) * (uint32_t)after;
                one.destination_stride = -after;
            }
            if (memory_random(&random) % 8 == 0) one.flags |= DESCRIPTOR_FENCE;
            expect(&one, one.type == DRAY_DESC_TYPE_ROWS ? rows : 1);
            put(i % 2 ? &other : &ring, &one);
        }
        ring_doorbell(&other);
        ring_doorbell(&ring);
        ring_wait_empty(&other, LIMIT);
        ring_wait_empty(&ring, LIMIT);
        testing_memory(engine);
    }
    testing_clean(engine);
}

static void a_block_stands_in_a_segment_and_tells_all_its_bytes(void **state)
{
    begin(state, &(struct engine_config){ .latency = 6, .open_bytes = OPEN });
    struct descriptor one = block(SOURCE + 5, TARGET + 3, 200, 9, 333, 222), two = block(SOURCE + 9, TARGET + 0x2001, 70, 3, 100, 70);
    one.flags = DESCRIPTOR_WRITE_BACK;
    one.tag   = 0x321;
    expect(&one, one.rows);
    expect(&two, two.rows);
    unsigned generation = ring_generation(&ring, ring.producer);
    descriptor_write(engine, SEGMENT, &one, generation);
    descriptor_write_second(engine, SEGMENT + SLOT_BYTES, &one, generation);
    descriptor_write(engine, SEGMENT + 2 * SLOT_BYTES, &two, generation);
    descriptor_write_second(engine, SEGMENT + 3 * SLOT_BYTES, &two, generation);
    ring_put(&ring, &(struct descriptor){ .type = DRAY_DESC_TYPE_LINK, .source = SEGMENT, .length = 4 });
    struct descriptor last = block(SOURCE + 77, TARGET + 0x4000, 33, 4, 40, 34);
    expect(&last, last.rows);
    ring_put(&ring, &last);
    ring_doorbell(&ring);
    ring_wait_empty(&ring, LIMIT);
    struct write_back back = ring_write_back(&ring, SEGMENT);
    assert_int_equal(back.type, DRAY_DESC_TYPE_DONE);
    assert_int_equal(back.cause, DRAY_CAUSE_NONE);
    assert_int_equal(back.moved, 9 * 200);
    assert_int_equal(back.tag, 0x321);
    testing_expect_slot(engine, SEGMENT);
    testing_memory(engine);
    testing_clean(engine);
}

static void a_second_slot_that_is_not_there_yet_is_waited_for(void **state)
{
    begin(state, &(struct engine_config){ .latency = 4, .open_bytes = OPEN });
    struct descriptor one = block(SOURCE + 1, TARGET + 2, 50, 6, 64, 64);
    expect(&one, one.rows);
    ring_put(&ring, &one);
    ring.producer--;
    ring_doorbell(&ring);
    engine_clocks(engine, 200);
    assert_int_equal(ring_consumer(&ring), 0);
    ring.producer++;
    testing_flush(&ring, LIMIT);
}

enum wrong_block { NO_ROWS, NO_LENGTH, STALE_SECOND, BUSY_SECOND, HIGH_SECOND, ONE_SLOT, TWO_SLOTS, WRAPS, SECOND_SLVERR,
                   BEFORE_THE_START, WRITE_FAILS };

static const struct { enum wrong_block wrong; uint32_t cause; } wrongs[] = {
    { NO_ROWS, DRAY_CAUSE_LENGTH },          { NO_LENGTH, DRAY_CAUSE_LENGTH },     { STALE_SECOND, DRAY_CAUSE_GENERATION },
    { BUSY_SECOND, DRAY_CAUSE_TYPE },        { HIGH_SECOND, DRAY_CAUSE_ADDRESS },  { ONE_SLOT, DRAY_CAUSE_TYPE },
    { TWO_SLOTS, DRAY_CAUSE_TYPE },          { WRAPS, DRAY_CAUSE_TYPE },           { SECOND_SLVERR, DRAY_CAUSE_DESC_SLVERR },
    { BEFORE_THE_START, DRAY_CAUSE_ADDRESS }, { WRITE_FAILS, DRAY_CAUSE_WRITE_SLVERR },
};

// Changes what was put at `index` so that it is wrong. @return bytes that are moved all the same.
static uint32_t spoil(enum wrong_block wrong, uint16_t index, struct descriptor *one)
{
    uint64_t slot = ring_slot(&ring, index), second = slot + SLOT_BYTES;
    uint32_t control = memory_word(engine->memory, slot + DRAY_DESCRIPTOR_CONTROL);
    uint32_t count   = memory_word(engine->memory, second + DRAY_SECOND_COUNT);
    switch (wrong) {
    case NO_ROWS: memory_set_word(engine->memory, second + DRAY_SECOND_COUNT, count & 0xffffu); break;
    case NO_LENGTH: memory_set_word(engine->memory, slot + DRAY_DESCRIPTOR_LENGTH, 0); break;
    case STALE_SECOND:
        memory_set_word(engine->memory, second + DRAY_SECOND_COUNT, count ^ DRAY_SECOND_COUNT_GENERATION_MASK);
        break;
    case BUSY_SECOND: memory_set_word(engine->memory, second + DRAY_SECOND_COUNT, count | 1u); break;
    case HIGH_SECOND: memory_set_word(engine->memory, second + DRAY_SECOND_HIGH, 0x10000u); break;
    case ONE_SLOT:
        memory_set_word(engine->memory, slot + DRAY_DESCRIPTOR_CONTROL, control & ~DRAY_DESCRIPTOR_CONTROL_TWO_SLOT_MASK);
        break;
    case TWO_SLOTS:
        memory_set_word(engine->memory, slot + DRAY_DESCRIPTOR_CONTROL, (control & ~7u) | DRAY_DESC_TYPE_LINEAR);
        break;
    case WRAPS: break;
    case SECOND_SLVERR:
        memory_fault_add(engine->memory, &(struct memory_fault){ .direction = MEMORY_READ, .first = second,
                                                                 .last = second + SLOT_BYTES - 1, .count = 9,
                                                                 .resp = BUS_SLVERR, .beat = MEMORY_BEATS_HIT });
        break;
    case BEFORE_THE_START:
        memory_set_word(engine->memory, second + DRAY_SECOND_SOURCE_STRIDE, 0x80000000u);
        break;
    case WRITE_FAILS:
        memory_fault_add(engine->memory, &(struct memory_fault){ .direction = MEMORY_WRITE,
                                                                 .first = one->destination + 2 * (uint32_t)one->destination_stride,
                                                                 .last = one->destination + 2 * (uint32_t)one->destination_stride,
                                                                 .count = 9, .resp = BUS_SLVERR, .beat = MEMORY_ALL_BEATS });
        return 2 * one->length;
    }
    return wrong == BEFORE_THE_START ? one->length : 0;
}

static void a_block_that_is_wrong_is_an_error_and_the_ring_goes_on_behind_it(void **state)
{
    for (unsigned i = 0; i < sizeof wrongs / sizeof wrongs[0]; i++)
        for (unsigned latency = 2; latency < 50; latency += 40) {
            begin(state, &(struct engine_config){ .latency = latency, .open_bytes = OPEN });
            ring.may_fail = true;
            struct descriptor before = block(SOURCE, TARGET, 10, 3, 16, 16), one = block(SOURCE + 9, TARGET + 0x1000, 48, 4, 64, 64);
            struct descriptor after = block(SOURCE + 99, TARGET + 0x3000, 60, 3, 80, 80);
            if (wrongs[i].wrong == WRAPS) {
                for (unsigned n = 0; n < SLOTS - 3; n++) {
                    testing_expect_copy(engine, SOURCE, TARGET - 0x100, 1);
                    ring_put(&ring, &(struct descriptor){ .source = SOURCE, .destination = TARGET - 0x100, .length = 1 });
                }
                testing_flush(&ring, LIMIT);
            }
            expect(&before, before.rows);
            ring_put(&ring, &before);
            uint16_t bad = ring_put(&ring, &one);
            memory_permit(engine->memory, one.destination, 0x400);
            memcpy(memory_expected(engine->memory, one.destination, 0x400), memory_at(engine->memory, one.destination, 0x400), 0x400);
            uint32_t moved = spoil(wrongs[i].wrong, bad, &one);
            ring_doorbell(&ring);
            engine_wait_state(engine, 0, DRAY_CHANNEL_STATE_HALTED, LIMIT);
            struct halt halt = ring_halt(&ring);
            if (halt.cause != wrongs[i].cause || halt.failed != bad || halt.moved != moved)
                fail_msg("case %u: failed %u, should %u, cause %u, should %u, moved %u, should %u", i, halt.failed, bad,
                         (unsigned)halt.cause, (unsigned)wrongs[i].cause, (unsigned)halt.moved, (unsigned)moved);
            memory_faults_clear(engine->memory);
            ring_acknowledge(&ring, 7);
            ring_command(&ring, DRAY_CHANNEL_COMMAND_DROP_MASK);
            ring_command(&ring, DRAY_CHANNEL_COMMAND_RESUME_MASK);
            expect(&after, after.rows);
            ring_put(&ring, &after);
            ring_doorbell(&ring);
            ring_wait_empty(&ring, LIMIT);
            assert_memory_equal(memory_at(engine->memory, TARGET + 0x3000, 0x200), memory_expected(engine->memory, TARGET + 0x3000, 0x200), 0x200);
            assert_memory_equal(memory_at(engine->memory, TARGET, 0x100), memory_expected(engine->memory, TARGET, 0x100), 0x100);
            testing_clean(engine);
        }
}

static void a_block_can_be_aborted_at_any_time_and_done_again(void **state)
{
    for (unsigned wait = 1; wait < 400; wait += 13) {
        begin(state, &(struct engine_config){ .latency = 15, .open_bytes = OPEN });
        ring.may_fail = true;
        struct descriptor one = block(SOURCE + 3, TARGET + 1, 300, 20, 512, 300), two = block(SOURCE + 7, TARGET + 0x3001, 9, 40, 10, 9);
        expect(&one, one.rows);
        expect(&two, two.rows);
        ring_put(&ring, &one);
        ring_put(&ring, &two);
        ring_doorbell(&ring);
        engine_clocks(engine, wait);
        ring_command(&ring, DRAY_CHANNEL_COMMAND_ABORT_MASK);
        engine_wait_state(engine, 0, DRAY_CHANNEL_STATE_STOPPED, LIMIT);
        uint16_t next = ring_halt(&ring).next;
        assert_true(next % 2 == 0 && next <= 4);
        ring_command(&ring, DRAY_CHANNEL_COMMAND_RESUME_MASK);
        ring_wait_empty(&ring, LIMIT);
        for (uint16_t again = 0; again < next; again = (uint16_t)(again + 2)) ring_put(&ring, again ? &two : &one);
        ring_doorbell(&ring);
        ring_wait_empty(&ring, LIMIT);
        for (uint16_t i = 0; i < 4; i = (uint16_t)(i + 2)) testing_expect_slot(engine, ring_slot(&ring, i));
        testing_memory(engine);
        testing_clean(engine);
    }
}

static void a_build_without_rows_says_so(void **state)
{
    begin(state, &(struct engine_config){ .latency = 5, .open_bytes = OPEN });
    assert_int_equal(engine_read(engine, DRAY_FEATURES) & DRAY_FEATURES_ROWS_MASK, 0);
    ring.may_fail = true;
    struct descriptor one = block(SOURCE, TARGET, 64, 2, 64, 64);
    ring_put(&ring, &one);
    ring_doorbell(&ring);
    engine_wait_state(engine, 0, DRAY_CHANNEL_STATE_HALTED, LIMIT);
    assert_int_equal(ring_halt(&ring).cause, DRAY_CAUSE_TYPE);
}

int main(void)
{
    const struct testing_case cases[] = {
        TESTING_CASE(every_pair_of_offsets_at_short_rows_is_memcpy_row_by_row),
        TESTING_CASE(long_rows_cross_pages_and_go_both_ways),
        TESTING_CASE(blocks_and_copies_mix_on_a_bus_that_stalls),
        TESTING_CASE(a_block_stands_in_a_segment_and_tells_all_its_bytes),
        TESTING_CASE(a_second_slot_that_is_not_there_yet_is_waited_for),
        TESTING_CASE(a_block_that_is_wrong_is_an_error_and_the_ring_goes_on_behind_it),
        TESTING_CASE(a_block_can_be_aborted_at_any_time_and_done_again),
    };
    const struct testing_case without[] = { TESTING_CASE(a_build_without_rows_says_so) };
    TESTING_ADD(testing_widths, cases);
    TESTING_ADD(testing_words, without);
    return testing_run("rows");
}
