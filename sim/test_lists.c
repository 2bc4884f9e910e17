// SPDX-License-Identifier: Apache-2.0
//
// Lists: one descriptor gathers from, or scatters to, the pieces that a list in memory names, in its order.
// HW-03, HW-05, HW-06, HW-09, HW-10, HW-11, HW-15.
#include "testing.h"

#include <string.h>

enum {
    RING     = ENGINE_MEMORY_BASE,
    SLOTS_LG = 5,
    SEGMENT  = ENGINE_MEMORY_BASE + 0x4000,
    LISTS    = ENGINE_MEMORY_BASE + 0x10000,
    SOURCE   = ENGINE_MEMORY_BASE + 0x20000,
    TARGET   = ENGINE_MEMORY_BASE + 0x80000,
    OPEN     = 0x100000,
    CLOSED   = ENGINE_MEMORY_BASE + OPEN, // to the gate
    LIMIT    = 300000,
    MOST     = 600, // elements of a list
};

enum side { GATHER, SCATTER };

// A list, and the contiguous side.
struct list {
    enum side side;
    uint32_t  at, other;
    unsigned  count;
    struct { uint32_t addr, length; } elements[MOST];
};

static struct engine *engine;
static struct ring    ring;

static void begin(void **state, const struct engine_config *config)
{
    engine = testing_engine(state, config);
    testing_fill(engine, testing_seed());
    ring_start(&ring, engine, 0, RING, SLOTS_LG);
}

// Where the pieces of such a list lie, and where its other side.
static uint32_t pieces_of(enum side side) { return side == GATHER ? SOURCE : TARGET; }
static uint32_t other_of(enum side side) { return side == GATHER ? TARGET : SOURCE; }

static void add(struct list *list, uint32_t addr, uint32_t length)
{
    list->elements[list->count].addr     = addr;
    list->elements[list->count++].length = length;
}

static uint32_t total(const struct list *list, unsigned elements)
{
    uint32_t sum = 0;
    for (unsigned i = 0; i < elements; i++) sum += list->elements[i].length;
    return sum;
}

// The first elements of it happen.
static void expect(const struct list *list, unsigned elements)
{
    for (unsigned i = 0; i < elements; i++) {
        uint32_t other = list->other + total(list, i), piece = list->elements[i].addr, length = list->elements[i].length;
        testing_expect_copy(engine, list->side == GATHER ? piece : other, list->side == GATHER ? other : piece, length);
    }
}

static struct descriptor written(const struct list *list)
{
    for (unsigned i = 0; i < list->count; i++)
        element_write(engine, list->at + i * ELEMENT_BYTES, list->elements[i].addr, list->elements[i].length);
    return (struct descriptor){ .type = DRAY_DESC_TYPE_LIST, .length = list->count,
                                .source      = list->side == GATHER ? list->at : list->other,
                                .destination = list->side == GATHER ? list->other : list->at,
                                .flags       = list->side == GATHER ? 0 : DESCRIPTOR_SCATTER };
}

static uint16_t put(struct ring *to, const struct list *list)
{
    struct descriptor one = written(list);
    expect(list, list->count);
    return ring_put(to, &one);
}

static void flush(void)
{
    ring_doorbell(&ring);
    ring_wait_empty(&ring, LIMIT);
    testing_memory(engine);
    testing_clean(engine);
}

static void every_alignment_of_short_elements_is_memcpy_in_the_order_of_the_list(void **state)
{
    begin(state, &(struct engine_config){ .latency = 3, .open_bytes = OPEN });
    unsigned width = engine->width_bytes;
    for (unsigned other = 0; other < width; other++) {
        for (unsigned first = 0; first < 2 * width; first++) {
            struct list list = { .side = first % 2 ? SCATTER : GATHER, .at = LISTS + 0x40 * first + ELEMENT_BYTES * (other % 2) };
            list.other = other_of(list.side) + other;
            for (unsigned i = 0; i < 6; i++)
                add(&list, pieces_of(list.side) + 0x100 * i + (first / 2 + i * 5) % width,
                    1 + (first + other * 3 + i * 7) % (2 * width + 3));
            put(&ring, &list);
            if (first % 4 == 3) flush();
        }
        flush();
    }
}

static void long_lists_of_long_elements_cross_bursts_and_pages(void **state)
{
    begin(state, &(struct engine_config){ .latency = 9, .open_bytes = OPEN });
    unsigned burst = engine->width_bytes * engine->parameters->burst_beats;
    for (enum side side = GATHER; side <= SCATTER; side++) {
        // 8 bytes before a burst's end, over a page's end
        struct list list = { .side = side, .at = LISTS + 0x1000 - burst - ELEMENT_BYTES, .other = other_of(side) + 3 };
        uint32_t    piece = pieces_of(side) + 0x123;
        for (unsigned i = 0; i < 60; i++) {
            uint32_t length = i % 7 == 6 ? 5000 : i % 7 == 3 ? 3 * burst + 1 : 1 + i * 11 % 90;
            add(&list, piece, length);
            piece += length + i;
        }
        put(&ring, &list);
        flush();
        struct list many = { .side = side, .at = LISTS + 0x2000 + ELEMENT_BYTES, .other = list.other };
        for (unsigned i = 0; i < MOST; i++)
            add(&many, pieces_of(side) + 16 * ((i * 37) % MOST), 1 + i % 16);
        put(&ring, &many);
        flush();
    }
}

// Lists, copies, fills, rows, fences and write-backs of two channels, on a bus that stalls at random.
static void lists_and_others_mix_on_a_bus_that_stalls(void **state)
{
    enum { ROUNDS = 12, BATCH = 12, PLACE = 0x1800 };
    begin(state, &(struct engine_config){ .latency = 11, .spread = 15, .open_bytes = OPEN, .stalls = { 100, 120, 90, 90, 80 } });
    uint64_t    random = testing_seed();
    struct ring other;
    ring_start(&other, engine, 1, RING + 0x2000, SLOTS_LG);
    for (unsigned round = 0; round < ROUNDS; round++) {
        for (unsigned i = 0; i < 2 * BATCH; i++) {
            struct ring *to     = i % 2 ? &other : &ring;
            uint32_t     from   = SOURCE + (uint32_t)(memory_random(&random) % 0x8000);
            uint32_t     target = TARGET + i * PLACE + (uint32_t)(memory_random(&random) % 64);
            unsigned     kind   = (unsigned)(memory_random(&random) % 5);
            uint32_t     flags  = memory_random(&random) % 8 == 0 ? DESCRIPTOR_FENCE : 0;
            struct descriptor one = { .source = from, .destination = target, .flags = flags,
                                      .length = 1 + (uint32_t)(memory_random(&random) % 400) };
            if (kind == 0) {
                testing_expect_copy(engine, from, target, one.length);
            } else if (kind == 1) {
                one.type = DRAY_DESC_TYPE_FILL;
                memory_permit(engine->memory, target, one.length);
                uint8_t *filled = memory_expected(engine->memory, target, one.length);
                for (unsigned byte = 0; byte < one.length; byte++) filled[byte] = (uint8_t)(from >> 8 * (byte % 4));
            } else if (kind == 2) {
                one.type = DRAY_DESC_TYPE_ROWS;
                one.rows = 1 + (uint32_t)(memory_random(&random) % 9);
                one.source_stride = 77, one.destination_stride = (int32_t)one.length + 9;
                for (unsigned row = 0; row < one.rows; row++)
                    testing_expect_copy(engine, from + 77 * row, target + (one.length + 9) * row, one.length);
                if ((to->producer & 31u) == 31u) { // it does not fit before the ring's end
                    testing_expect_copy(engine, SOURCE, TARGET - 0x100, 1);
                    ring_put(to, &(struct descriptor){ .source = SOURCE, .destination = TARGET - 0x100, .length = 1 });
                }
            } else {
                struct list list = { .side = kind == 3 ? GATHER : SCATTER, .at = LISTS + i * 0x200 + 8 * (i % 3),
                                     .other = kind == 3 ? target : from };
                for (unsigned n = 1 + (unsigned)(memory_random(&random) % 40); n > 0; n--) {
                    uint32_t length = 1 + (uint32_t)(memory_random(&random) % (n % 8 == 0 ? 300 : 30));
                    add(&list, kind == 3 ? SOURCE + (uint32_t)(memory_random(&random) % 0x8000) : target, length);
                    target += kind == 3 ? 0 : length + n % 3;
                }
                one       = written(&list);
                one.flags |= flags;
                expect(&list, list.count);
            }
            ring_put(to, &one);
        }
        ring_doorbell(&other);
        ring_doorbell(&ring);
        ring_wait_empty(&other, LIMIT);
        ring_wait_empty(&ring, LIMIT);
        testing_memory(engine);
    }
    testing_clean(engine);
}

static void a_list_stands_in_a_segment_and_tells_all_its_bytes(void **state)
{
    begin(state, &(struct engine_config){ .latency = 6, .open_bytes = OPEN });
    struct list gather = { .side = GATHER, .at = LISTS, .other = TARGET + 3 }, scatter = { .side = SCATTER, .at = LISTS + 0x108, .other = SOURCE };
    for (unsigned i = 0; i < 30; i++) {
        add(&gather, SOURCE + 0x200 * i + i, 1 + 9 * i);
        add(&scatter, TARGET + 0x4000 + 0x200 * i + i, 301 - 10 * i);
    }
    struct descriptor one = written(&gather), two = written(&scatter);
    one.flags |= DESCRIPTOR_WRITE_BACK;
    one.tag = 0x321;
    expect(&gather, gather.count);
    expect(&scatter, scatter.count);
    unsigned generation = ring_generation(&ring, ring.producer);
    descriptor_write(engine, SEGMENT, &one, generation);
    descriptor_write(engine, SEGMENT + SLOT_BYTES, &two, generation);
    ring_put(&ring, &(struct descriptor){ .type = DRAY_DESC_TYPE_LINK, .source = SEGMENT, .length = 2 });
    ring_doorbell(&ring);
    ring_wait_empty(&ring, LIMIT);
    struct write_back back = ring_write_back(&ring, SEGMENT);
    assert_int_equal(back.type, DRAY_DESC_TYPE_DONE);
    assert_int_equal(back.cause, DRAY_CAUSE_NONE);
    assert_int_equal(back.moved, total(&gather, gather.count));
    assert_int_equal(back.tag, 0x321);
    testing_expect_slot(engine, SEGMENT);
    testing_memory(engine);
    testing_clean(engine);
}

// ---- elements that are wrong: the bytes of those before are moved, and no more

enum wrong_element { NO_LENGTH, CLOSED_ADDRESS, PAST_THE_END, LIST_SLVERR, LIST_DECERR, PIECE_SLVERR, PIECE_LATE };

static const struct { enum wrong_element wrong; uint32_t cause; } wrongs[] = {
    { NO_LENGTH, DRAY_CAUSE_LENGTH },        { CLOSED_ADDRESS, DRAY_CAUSE_FAULT },    { PAST_THE_END, DRAY_CAUSE_FAULT },
    { LIST_SLVERR, DRAY_CAUSE_LIST_SLVERR }, { LIST_DECERR, DRAY_CAUSE_LIST_DECERR }, { PIECE_SLVERR, DRAY_CAUSE_READ_SLVERR },
    { PIECE_LATE, DRAY_CAUSE_WRITE_SLVERR },
};

static void fail_at(enum memory_direction direction, uint32_t addr, uint8_t resp)
{
    memory_fault_add(engine->memory, &(struct memory_fault){ .direction = direction, .first = addr, .last = addr, .count = ~0u,
                                                             .resp = resp, .beat = direction == MEMORY_READ ? MEMORY_BEATS_HIT : MEMORY_ALL_BEATS });
}

static void spoil(enum wrong_element wrong, const struct list *list, unsigned bad)
{
    uint32_t at = list->at + bad * ELEMENT_BYTES, other = list->other + total(list, bad);
    uint32_t piece = list->elements[bad].addr;
    switch (wrong) {
    case NO_LENGTH: memory_set_word(engine->memory, at + DRAY_ELEMENT_LENGTH, 0); break;
    case CLOSED_ADDRESS: memory_set_word(engine->memory, at + DRAY_ELEMENT_ADDRESS, CLOSED); break;
    case PAST_THE_END: memory_set_word(engine->memory, at + DRAY_ELEMENT_ADDRESS, 0xfffffff0u); break;
    case LIST_SLVERR: fail_at(MEMORY_READ, at, BUS_SLVERR); break;
    case LIST_DECERR: fail_at(MEMORY_READ, at + ELEMENT_BYTES - 1, BUS_DECERR); break;
    case PIECE_SLVERR: fail_at(MEMORY_READ, list->side == GATHER ? piece : other, BUS_SLVERR); break;
    case PIECE_LATE: fail_at(MEMORY_WRITE, list->side == GATHER ? other : piece, BUS_SLVERR); break;
    }
    memcpy(memory_expected(engine->memory, at, ELEMENT_BYTES), memory_at(engine->memory, at, ELEMENT_BYTES), ELEMENT_BYTES);
}

// One list between two copies; its element `bad` is wrong. The other side and the pieces are at beats of their own.
static void run_wrong(unsigned i, enum side side, unsigned bad, unsigned count)
{
    enum { STRIDE = 0x100, LENGTH = 0x100 };
    struct list list = { .side = side, .at = LISTS + 0xf80, .other = side == GATHER ? TARGET + 0x1000 : SOURCE };
    for (unsigned n = 0; n < count; n++) add(&list, (side == GATHER ? SOURCE : TARGET + 0x1000) + 2 * STRIDE * n, LENGTH);
    struct descriptor one = written(&list), next = one;
    ring.may_fail = true;
    testing_expect_copy(engine, SOURCE + 9, TARGET + 5, 99);
    ring_put(&ring, &(struct descriptor){ .source = SOURCE + 9, .destination = TARGET + 5, .length = 99 });
    uint16_t failed = ring_put(&ring, &one);
    next.source = side == GATHER ? next.source + ELEMENT_BYTES : next.source, next.length = 1; // must never begin
    next.destination = side == GATHER ? next.destination + 0x8000 : next.destination;
    if (wrongs[i].wrong != PIECE_LATE) ring_put(&ring, &next);
    expect(&list, wrongs[i].wrong == PIECE_LATE ? count : bad);
    spoil(wrongs[i].wrong, &list, bad);
    if (wrongs[i].wrong == NO_LENGTH && bad + 1 < count) // what stands behind it must never be used
        element_write(engine, list.at + (bad + 1) * ELEMENT_BYTES, CLOSED, LENGTH);
    ring_doorbell(&ring);
    engine_wait_state(engine, 0, DRAY_CHANNEL_STATE_HALTED, LIMIT);
    if (wrongs[i].wrong == NO_LENGTH) assert_int_equal(gate_read(engine, DRAY_GATE_FAULT_STATUS), 0);
    struct halt halt = ring_halt(&ring);
    // What would be written behind the last address is an error as a whole; what is read there is refused before.
    uint32_t cause = wrongs[i].wrong == PAST_THE_END && side == SCATTER ? DRAY_CAUSE_ADDRESS : wrongs[i].cause;
    if (halt.cause != cause || halt.failed != failed || halt.moved != total(&list, bad) || halt.next != failed + 1)
        fail_msg("case %u, side %u, element %u: failed %u, next %u, cause %u, should be %u, moved %u, should be %u", i,
                 (unsigned)side, bad, halt.failed, halt.next, (unsigned)halt.cause, (unsigned)cause,
                 (unsigned)halt.moved, (unsigned)total(&list, bad));
    for (uint16_t n = 0; n < ring.producer; n++) testing_expect_slot(engine, ring_slot(&ring, n));
    if (wrongs[i].wrong != PIECE_LATE) return;
    // The burst that failed is lost, and nothing says how long it is; all others are written.
    uint32_t lost  = side == GATHER ? list.other + total(&list, bad) : list.elements[bad].addr;
    uint32_t burst = engine->width_bytes * engine->parameters->burst_beats;
    memcpy(memory_expected(engine->memory, lost, burst), memory_at(engine->memory, lost, burst), burst);
}

static void a_wrong_element_ends_its_list_in_its_place_and_the_ring_goes_on(void **state)
{
    for (unsigned i = 0; i < sizeof wrongs / sizeof wrongs[0]; i++)
        for (unsigned variant = 0; variant < 6; variant++) {
            // Even ones: the beat of 128 bits that fails brings that element and the one behind it.
            unsigned count = 69, bad = variant / 2 == 0 ? 0 : variant / 2 == 1 ? 36 : count - 1;
            begin(state, &(struct engine_config){ .latency = variant % 2 ? 40 : 3, .open_bytes = OPEN });
            enum side side = (i + variant) % 2 ? SCATTER : GATHER;
            run_wrong(i, side, bad, count);
            testing_memory(engine);
            memory_faults_clear(engine->memory);
            ring_acknowledge(&ring, 7);
            ring_command(&ring, DRAY_CHANNEL_COMMAND_DROP_MASK);
            ring_command(&ring, DRAY_CHANNEL_COMMAND_RESUME_MASK);
            struct list after = { .side = side, .at = LISTS + 0x2008, .other = other_of(side) + 0x18005 };
            for (unsigned n = 0; n < 9; n++) add(&after, pieces_of(side) + 0x14003 + 60 * n, 17 + n);
            put(&ring, &after);
            ring_doorbell(&ring);
            ring_wait_empty(&ring, LIMIT);
            testing_memory(engine);
            testing_clean(engine);
        }
}

static void a_list_that_the_gate_refuses_is_a_fault_of_its_first_closed_element(void **state)
{
    begin(state, &(struct engine_config){ .latency = 5, .open_bytes = OPEN });
    engine_guard(engine, 0, LISTS + 0x1000, 0x1000, 0);
    ring.may_fail = true;
    struct list list = { .side = GATHER, .at = LISTS + 0x1000 - 11 * ELEMENT_BYTES, .other = TARGET + 1 };
    for (unsigned i = 0; i < 40; i++) add(&list, SOURCE + 50 * i, 40);
    struct descriptor one = written(&list);
    uint16_t index = ring_put(&ring, &one);
    expect(&list, 11);
    ring_doorbell(&ring);
    engine_wait_state(engine, 0, DRAY_CHANNEL_STATE_HALTED, LIMIT);
    struct halt halt = ring_halt(&ring);
    assert_int_equal(halt.cause, DRAY_CAUSE_FAULT);
    assert_int_equal(halt.moved, 11 * 40);
    testing_expect_slot(engine, ring_slot(&ring, index));
    testing_memory(engine);
    testing_clean(engine);
}

// ---- descriptors that make no sense

static void a_list_descriptor_that_makes_no_sense_is_refused(void **state)
{
    const struct { uint32_t source, destination, length, flags, cause; } cases[] = {
        { LISTS + 4, TARGET, 3, 0, DRAY_CAUSE_ADDRESS },
        { SOURCE, LISTS + 1, 3, DESCRIPTOR_SCATTER, DRAY_CAUSE_ADDRESS },
        { 0xfffffff0u, TARGET, 3, 0, DRAY_CAUSE_ADDRESS },
        { 0xfffffff0u, TARGET, 2, 0, DRAY_CAUSE_FAULT },
        { SOURCE, 0xfff80000u, 0xffff, DESCRIPTOR_SCATTER, DRAY_CAUSE_FAULT },
        { SOURCE, 0xfff80010u, 0xffff, DESCRIPTOR_SCATTER, DRAY_CAUSE_ADDRESS },
        { LISTS, TARGET, 0, 0, DRAY_CAUSE_LENGTH },
        { LISTS, TARGET, 0x10000, 0, DRAY_CAUSE_LENGTH },
        { LISTS, TARGET, 3, DESCRIPTOR_FROM_STREAM, DRAY_CAUSE_TYPE },
        { LISTS, TARGET, 3, DRAY_DESCRIPTOR_CONTROL_TWO_SLOT_MASK, DRAY_CAUSE_TYPE },
    };
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        begin(state, &(struct engine_config){ .latency = 4, .open_bytes = OPEN });
        ring.may_fail = true;
        ring_put(&ring, &(struct descriptor){ .type = DRAY_DESC_TYPE_LIST, .source = cases[i].source, .flags = cases[i].flags,
                                              .destination = cases[i].destination, .length = cases[i].length });
        ring_doorbell(&ring);
        engine_wait_state(engine, 0, DRAY_CHANNEL_STATE_HALTED, LIMIT);
        struct halt halt = ring_halt(&ring);
        if (halt.cause != cases[i].cause || halt.moved != 0)
            fail_msg("case %u: cause %u, should be %u", i, (unsigned)halt.cause, (unsigned)cases[i].cause);
        testing_clean(engine);
    }
}

static void scatter_without_a_list_is_refused(void **state)
{
    for (uint32_t type = DRAY_DESC_TYPE_LINEAR; type <= DRAY_DESC_TYPE_FILL; type++) {
        begin(state, &(struct engine_config){ .latency = 4, .open_bytes = OPEN });
        ring.may_fail = true;
        ring_put(&ring, &(struct descriptor){ .type = type, .source = SOURCE, .destination = TARGET, .length = 8,
                                              .flags = DESCRIPTOR_SCATTER });
        ring_doorbell(&ring);
        engine_wait_state(engine, 0, DRAY_CHANNEL_STATE_HALTED, LIMIT);
        assert_int_equal(ring_halt(&ring).cause, DRAY_CAUSE_TYPE);
    }
}

// ---- abort, and two channels

static void a_list_can_be_aborted_at_any_time_and_done_again(void **state)
{
    for (unsigned wait = 1; wait < 500; wait += 13) {
        begin(state, &(struct engine_config){ .latency = 15, .open_bytes = OPEN });
        ring.may_fail = true;
        struct list lists[2] = { { .side = GATHER, .at = LISTS + 8, .other = TARGET + 1 },
                                 { .side = SCATTER, .at = LISTS + 0x1008, .other = SOURCE + 0x8001 } };
        for (unsigned i = 0; i < 90; i++) {
            add(&lists[0], SOURCE + 40 * i, 1 + i % 33);
            add(&lists[1], TARGET + 0x4000 + 50 * i, 1 + i % 45);
        }
        put(&ring, &lists[0]);
        put(&ring, &lists[1]);
        ring_doorbell(&ring);
        engine_clocks(engine, wait);
        ring_command(&ring, DRAY_CHANNEL_COMMAND_ABORT_MASK);
        engine_wait_state(engine, 0, DRAY_CHANNEL_STATE_STOPPED, LIMIT);
        if (!engine_quiet(engine, 60)) fail_msg("STOPPED after %u clocks, but the bus is not at rest", wait);
        // Elements that were fetched before must not be used again.
        for (unsigned i = 0; i < 90; i++) {
            lists[1].elements[i].addr += 0x3000;
            lists[1].elements[i].length = 90 - lists[1].elements[i].length;
        }
        uint16_t next = ring_halt(&ring).next;
        assert_true(next <= 2);
        if (next < 2) { // the second has not begun: it is done as it stands now
            memory_forbid(engine->memory, TARGET + 0x4000, 0x2000);
            memcpy(memory_expected(engine->memory, TARGET + 0x4000, 0x2000), memory_at(engine->memory, TARGET + 0x4000, 0x2000), 0x2000);
            (void)written(&lists[1]);
            expect(&lists[1], 90);
        }
        ring_command(&ring, DRAY_CHANNEL_COMMAND_RESUME_MASK);
        ring_wait_empty(&ring, LIMIT);
        for (uint16_t again = 0; again < next; again++) put(&ring, &lists[again]);
        if (next == 2) memcpy(memory_expected(engine->memory, TARGET + 0x4000, 0x2000), memory_at(engine->memory, TARGET + 0x4000, 0x2000), 0x2000);
        ring_doorbell(&ring);
        ring_wait_empty(&ring, LIMIT);
        for (uint16_t i = 0; i < 2; i++) testing_expect_slot(engine, ring_slot(&ring, i));
        testing_memory(engine);
        testing_clean(engine);
    }
}

// A list of channel 1 that no one answers for a while, or that fails, and one of channel 0 that goes on all the same.
static void a_list_that_halts_does_not_hold_up_the_other_channel(void **state)
{
    begin(state, &(struct engine_config){ .latency = 13, .open_bytes = OPEN });
    struct ring other;
    ring_start(&other, engine, 1, RING + 0x2000, SLOTS_LG);
    other.may_fail = true;
    struct list bad = { .side = GATHER, .at = LISTS + 0x1000, .other = TARGET + 0x20000 };
    for (unsigned i = 0; i < 70; i++) add(&bad, SOURCE + 64 * i, i == 50 ? 0 : 8);
    struct descriptor wrong = written(&bad);
    expect(&bad, 50);
    ring_put(&other, &wrong);
    for (unsigned i = 0; i < 8; i++) ring_put(&other, &wrong); // none of them may begin
    for (unsigned n = 0; n < 20; n++) {
        struct list good = { .side = n % 2 ? SCATTER : GATHER, .at = LISTS + 0x2000 + 0x200 * n,
                             .other = (n % 2 ? SOURCE : TARGET + 0x1000 * n) + n };
        for (unsigned i = 0; i < 60; i++) add(&good, (n % 2 ? TARGET + 0x1000 * n : SOURCE) + 64 * i + n % 7, 1 + (i + n) % 50);
        put(&ring, &good);
    }
    ring_doorbell(&other);
    ring_doorbell(&ring);
    ring_wait_empty(&ring, LIMIT);
    engine_wait_state(engine, 1, DRAY_CHANNEL_STATE_HALTED, LIMIT);
    assert_int_equal(ring_halt(&other).cause, DRAY_CAUSE_LENGTH);
    assert_int_equal(ring_halt(&other).moved, 400);
    testing_expect_slot(engine, ring_slot(&other, 0));
    testing_memory(engine);
    testing_clean(engine);
}

// ---- streams

static void a_gathered_packet_is_whole_and_ends_with_its_descriptor(void **state)
{
    enum { PACKETS = 24 };
    begin(state, &(struct engine_config){ .latency = 17, .spread = 9, .open_bytes = OPEN, .stalls = { 60, 60, 0, 0, 0 } });
    struct sink *sink = &engine->sinks[0];
    uint8_t      bytes[0x10000];
    size_t       count = 0, ends[PACKETS];
    uint64_t     random = testing_seed();
    sink->mode   = SINK_RANDOM;
    sink->chance = 200;
    for (unsigned n = 0; n < PACKETS; n++) {
        struct list list = { .side = GATHER, .at = LISTS + 0x200 * n + 8 * (n % 5), .other = 0xdeadbeefu };
        for (unsigned i = 0; i < 1 + n * 2; i++) {
            add(&list, SOURCE + (uint32_t)(memory_random(&random) % 0x4000), 1 + (uint32_t)(memory_random(&random) % (i % 5 ? 20 : 300)));
            memcpy(bytes + count, memory_at(engine->memory, list.elements[i].addr, list.elements[i].length), list.elements[i].length);
            count += list.elements[i].length;
        }
        ends[n] = count;
        struct descriptor one = written(&list);
        one.flags |= DESCRIPTOR_TO_STREAM;
        ring_put(&ring, &one);
    }
    ring_doorbell(&ring);
    ring_wait_empty(&ring, LIMIT);
    assert_int_equal(sink->packets, PACKETS);
    for (unsigned n = 0; n < PACKETS; n++) assert_int_equal(sink->packet_end[n], ends[n]);
    assert_int_equal(sink->count, count);
    assert_memory_equal(sink->bytes, bytes, count);
    testing_memory(engine);
    testing_clean(engine);
}

static void a_stream_cannot_be_scattered(void **state)
{
    begin(state, &(struct engine_config){ .latency = 5, .open_bytes = OPEN });
    ring.may_fail = true;
    ring_put(&ring, &(struct descriptor){ .type = DRAY_DESC_TYPE_LIST, .source = SOURCE, .destination = LISTS, .length = 3,
                                          .flags = DESCRIPTOR_SCATTER | DESCRIPTOR_TO_STREAM });
    ring_doorbell(&ring);
    engine_wait_state(engine, 0, DRAY_CHANNEL_STATE_HALTED, LIMIT);
    assert_int_equal(ring_halt(&ring).cause, DRAY_CAUSE_TYPE);
}

static void a_build_without_lists_says_so(void **state)
{
    begin(state, &(struct engine_config){ .latency = 5, .open_bytes = OPEN });
    assert_int_equal(engine_read(engine, DRAY_FEATURES) & DRAY_FEATURES_LISTS_MASK, 0);
    ring.may_fail = true;
    ring_put(&ring, &(struct descriptor){ .type = DRAY_DESC_TYPE_LIST, .source = LISTS, .destination = TARGET, .length = 4 });
    ring_doorbell(&ring);
    engine_wait_state(engine, 0, DRAY_CHANNEL_STATE_HALTED, LIMIT);
    assert_int_equal(ring_halt(&ring).cause, DRAY_CAUSE_TYPE);
}

int main(void)
{
    const struct testing_case cases[] = {
        TESTING_CASE(every_alignment_of_short_elements_is_memcpy_in_the_order_of_the_list),
        TESTING_CASE(long_lists_of_long_elements_cross_bursts_and_pages),
        TESTING_CASE(lists_and_others_mix_on_a_bus_that_stalls),
        TESTING_CASE(a_list_stands_in_a_segment_and_tells_all_its_bytes),
        TESTING_CASE(a_wrong_element_ends_its_list_in_its_place_and_the_ring_goes_on),
        TESTING_CASE(a_list_that_the_gate_refuses_is_a_fault_of_its_first_closed_element),
        TESTING_CASE(a_list_descriptor_that_makes_no_sense_is_refused),
        TESTING_CASE(scatter_without_a_list_is_refused),
        TESTING_CASE(a_list_can_be_aborted_at_any_time_and_done_again),
        TESTING_CASE(a_list_that_halts_does_not_hold_up_the_other_channel),
    };
    const struct testing_case streams[] = {
        TESTING_CASE(a_gathered_packet_is_whole_and_ends_with_its_descriptor),
        TESTING_CASE(a_stream_cannot_be_scattered),
    };
    const struct testing_case without[] = { TESTING_CASE(a_build_without_lists_says_so) };
    TESTING_ADD(testing_widths, cases);
    TESTING_ADD(testing_widths, streams);
    TESTING_ADD(testing_words, without);
    return testing_run("lists");
}
