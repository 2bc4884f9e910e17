// SPDX-License-Identifier: Apache-2.0
//
// Lists: one descriptor gathers from, or scatters to, the pieces that a list in memory names, in its order.
// HW-03, HW-05, HW-09, HW-11.
#include "lists.h"

#include <string.h>

enum { SEGMENT = ENGINE_MEMORY_BASE + 0x4000 };

static struct engine *engine;
static struct ring    ring;

static void begin(void **state, const struct engine_config *config)
{
    engine = testing_begin(state, config, &ring, LISTS_RING, LISTS_SLOTS_LG);
}

static void every_alignment_of_short_elements_is_memcpy_in_the_order_of_the_list(void **state)
{
    begin(state, &(struct engine_config){ .latency = 3, .open_bytes = LISTS_OPEN });
    unsigned width = engine->width_bytes;
    for (unsigned other = 0; other < width; other++) {
        for (unsigned first = 0; first < 2 * width; first++) {
            struct list list = { .side = first % 2 ? SCATTER : GATHER, .at = LISTS_AT + 0x40 * first + ELEMENT_BYTES * (other % 2) };
            list.other = list_other(list.side) + other;
            for (unsigned i = 0; i < 6; i++)
                list_add(&list, list_pieces(list.side) + 0x100 * i + (first / 2 + i * 5) % width,
                    1 + (first + other * 3 + i * 7) % (2 * width + 3));
            list_put(&ring, &list);
            if (first % 4 == 3) testing_flush(&ring, LISTS_LIMIT);
        }
        testing_flush(&ring, LISTS_LIMIT);
    }
}

static void long_lists_of_long_elements_cross_bursts_and_pages(void **state)
{
    begin(state, &(struct engine_config){ .latency = 9, .open_bytes = LISTS_OPEN });
    unsigned burst = engine->width_bytes * engine->parameters->burst_beats;
    for (enum list_side side = GATHER; side <= SCATTER; side++) {
        // 8 bytes before a burst's end, over a page's end
        struct list list = { .side = side, .at = LISTS_AT + 0x1000 - burst - ELEMENT_BYTES, .other = list_other(side) + 3 };
        uint32_t    piece = list_pieces(side) + 0x123;
        for (unsigned i = 0; i < 60; i++) {
            uint32_t length = i % 7 == 6 ? 5000 : i % 7 == 3 ? 3 * burst + 1 : 1 + i * 11 % 90;
            list_add(&list, piece, length);
            piece += length + i;
        }
        list_put(&ring, &list);
        testing_flush(&ring, LISTS_LIMIT);
        struct list many = { .side = side, .at = LISTS_AT + 0x2000 + ELEMENT_BYTES, .other = list.other };
        for (unsigned i = 0; i < LISTS_MOST; i++)
            list_add(&many, list_pieces(side) + 16 * ((i * 37) % LISTS_MOST), 1 + i % 16);
        list_put(&ring, &many);
        testing_flush(&ring, LISTS_LIMIT);
    }
}

// Lists, copies, fills, rows, fences and write-backs of two channels, on a bus that stalls at random.
static void lists_and_others_mix_on_a_bus_that_stalls(void **state)
{
    enum { ROUNDS = 12, BATCH = 12, PLACE = 0x1800 };
    begin(state, &(struct engine_config){ .latency = 11, .spread = 15, .open_bytes = LISTS_OPEN, .stalls = { 100, 120, 90, 90, 80 } });
    uint64_t    random = testing_seed();
    struct ring other;
    ring_start(&other, engine, 1, LISTS_RING + 0x2000, LISTS_SLOTS_LG);
    for (unsigned round = 0; round < ROUNDS; round++) {
        for (unsigned i = 0; i < 2 * BATCH; i++) {
            struct ring *to     = i % 2 ? &other : &ring;
            uint32_t     from   = LISTS_SOURCE + (uint32_t)(memory_random(&random) % 0x8000);
            uint32_t     target = LISTS_TARGET + i * PLACE + (uint32_t)(memory_random(&random) % 64);
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
                    testing_expect_copy(engine, LISTS_SOURCE, LISTS_TARGET - 0x100, 1);
                    ring_put(to, &(struct descriptor){ .source = LISTS_SOURCE, .destination = LISTS_TARGET - 0x100, .length = 1 });
                }
            } else {
                struct list list = { .side = kind == 3 ? GATHER : SCATTER, .at = LISTS_AT + i * 0x200 + 8 * (i % 3),
                                     .other = kind == 3 ? target : from };
                for (unsigned n = 1 + (unsigned)(memory_random(&random) % 40); n > 0; n--) {
                    uint32_t length = 1 + (uint32_t)(memory_random(&random) % (n % 8 == 0 ? 300 : 30));
                    list_add(&list, kind == 3 ? LISTS_SOURCE + (uint32_t)(memory_random(&random) % 0x8000) : target, length);
                    target += kind == 3 ? 0 : length + n % 3;
                }
                one       = list_write(engine, &list);
                one.flags |= flags;
                list_expect(engine, &list, list.count);
            }
            ring_put(to, &one);
        }
        ring_doorbell(&other);
        ring_doorbell(&ring);
        ring_wait_empty(&other, LISTS_LIMIT);
        ring_wait_empty(&ring, LISTS_LIMIT);
        testing_memory(engine);
    }
    testing_clean(engine);
}

static void a_list_stands_in_a_segment_and_tells_all_its_bytes(void **state)
{
    begin(state, &(struct engine_config){ .latency = 6, .open_bytes = LISTS_OPEN });
    struct list gather = { .side = GATHER, .at = LISTS_AT, .other = LISTS_TARGET + 3 }, scatter = { .side = SCATTER, .at = LISTS_AT + 0x108, .other = LISTS_SOURCE };
    for (unsigned i = 0; i < 30; i++) {
        list_add(&gather, LISTS_SOURCE + 0x200 * i + i, 1 + 9 * i);
        list_add(&scatter, LISTS_TARGET + 0x4000 + 0x200 * i + i, 301 - 10 * i);
    }
    struct descriptor one = list_write(engine, &gather), two = list_write(engine, &scatter);
    one.flags |= DESCRIPTOR_WRITE_BACK;
    one.tag = 0x321;
    list_expect(engine, &gather, gather.count);
    list_expect(engine, &scatter, scatter.count);
    unsigned generation = ring_generation(&ring, ring.producer);
    descriptor_write(engine, SEGMENT, &one, generation);
    descriptor_write(engine, SEGMENT + SLOT_BYTES, &two, generation);
    ring_put(&ring, &(struct descriptor){ .type = DRAY_DESC_TYPE_LINK, .source = SEGMENT, .length = 2 });
    ring_doorbell(&ring);
    ring_wait_empty(&ring, LISTS_LIMIT);
    struct write_back back = ring_write_back(&ring, SEGMENT);
    assert_int_equal(back.type, DRAY_DESC_TYPE_DONE);
    assert_int_equal(back.cause, DRAY_CAUSE_NONE);
    assert_int_equal(back.moved, list_total(&gather, gather.count));
    assert_int_equal(back.tag, 0x321);
    testing_expect_slot(engine, SEGMENT);
    testing_memory(engine);
    testing_clean(engine);
}

// ---- streams

static void a_gathered_packet_is_whole_and_ends_with_its_descriptor(void **state)
{
    enum { PACKETS = 24 };
    begin(state, &(struct engine_config){ .latency = 17, .spread = 9, .open_bytes = LISTS_OPEN, .stalls = { 60, 60, 0, 0, 0 } });
    struct sink *sink = &engine->sinks[0];
    uint8_t      bytes[0x10000];
    size_t       count = 0, ends[PACKETS];
    uint64_t     random = testing_seed();
    sink->mode   = SINK_RANDOM;
    sink->chance = 200;
    for (unsigned n = 0; n < PACKETS; n++) {
        struct list list = { .side = GATHER, .at = LISTS_AT + 0x200 * n + 8 * (n % 5), .other = 0xdeadbeefu };
        for (unsigned i = 0; i < 1 + n * 2; i++) {
            list_add(&list, LISTS_SOURCE + (uint32_t)(memory_random(&random) % 0x4000), 1 + (uint32_t)(memory_random(&random) % (i % 5 ? 20 : 300)));
            memcpy(bytes + count, memory_at(engine->memory, list.elements[i].addr, list.elements[i].length), list.elements[i].length);
            count += list.elements[i].length;
        }
        ends[n] = count;
        struct descriptor one = list_write(engine, &list);
        one.flags |= DESCRIPTOR_TO_STREAM;
        ring_put(&ring, &one);
    }
    ring_doorbell(&ring);
    ring_wait_empty(&ring, LISTS_LIMIT);
    assert_int_equal(sink->packets, PACKETS);
    for (unsigned n = 0; n < PACKETS; n++) assert_int_equal(sink->packet_end[n], ends[n]);
    assert_int_equal(sink->count, count);
    assert_memory_equal(sink->bytes, bytes, count);
    testing_memory(engine);
    testing_clean(engine);
}

static void a_stream_cannot_be_scattered(void **state)
{
    begin(state, &(struct engine_config){ .latency = 5, .open_bytes = LISTS_OPEN });
    ring.may_fail = true;
    ring_put(&ring, &(struct descriptor){ .type = DRAY_DESC_TYPE_LIST, .source = LISTS_SOURCE, .destination = LISTS_AT, .length = 3,
                                          .flags = DESCRIPTOR_SCATTER | DESCRIPTOR_TO_STREAM });
    ring_doorbell(&ring);
    engine_wait_state(engine, 0, DRAY_CHANNEL_STATE_HALTED, LISTS_LIMIT);
    assert_int_equal(ring_halt(&ring).cause, DRAY_CAUSE_TYPE);
}

int main(void)
{
    const struct testing_case cases[] = {
        TESTING_CASE(every_alignment_of_short_elements_is_memcpy_in_the_order_of_the_list),
        TESTING_CASE(long_lists_of_long_elements_cross_bursts_and_pages),
        TESTING_CASE(lists_and_others_mix_on_a_bus_that_stalls),
        TESTING_CASE(a_list_stands_in_a_segment_and_tells_all_its_bytes),
        TESTING_CASE(a_gathered_packet_is_whole_and_ends_with_its_descriptor),
        TESTING_CASE(a_stream_cannot_be_scattered),
    };
    TESTING_ADD(testing_widths, cases);
    return testing_run("lists");
}
