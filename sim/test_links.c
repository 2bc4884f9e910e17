// SPDX-License-Identifier: Apache-2.0
//
// A link sends the engine to a segment elsewhere in memory; after a segment without a link the ring goes on.
#include "testing.h"

enum {
    RING     = ENGINE_MEMORY_BASE,
    SEGMENTS = ENGINE_MEMORY_BASE + 0x10000,
    SOURCE   = ENGINE_MEMORY_BASE + 0x40000,
    TARGET   = ENGINE_MEMORY_BASE + 0x60000,
    OPEN     = 0x80000,
    LIMIT    = 50000,
    PIECE    = 48,
};

static struct engine *engine;
static struct ring    ring;
static unsigned       pieces; // so many copies have been handed out

static void begin(void **state, unsigned latency, unsigned slots_lg)
{
    engine = testing_begin(state, &(struct engine_config){ .latency = latency, .open_bytes = OPEN }, &ring, RING, slots_lg);
    pieces = 0;
}

static struct descriptor next_piece(uint32_t flags)
{
    unsigned number = pieces++;
    struct descriptor piece = { .source = SOURCE + number * 2 * PIECE, .destination = TARGET + number * 2 * PIECE, .length = PIECE,
                                .flags = flags, .tag = number };
    testing_expect_copy(engine, piece.source, piece.destination, piece.length);
    return piece;
}

static struct descriptor link_to(uint32_t target, uint32_t count)
{
    return (struct descriptor){ .type = DRAY_DESC_TYPE_LINK, .source = target, .length = count };
}

// `count` pieces at an address, of the generation of the ring's slot `index`; with a link behind them where `next` says so.
static void put_segment(uint32_t at, unsigned count, uint16_t index, const struct descriptor *next)
{
    for (unsigned i = 0; i < count; i++) {
        struct descriptor piece = next_piece(0);
        descriptor_write(engine, at + i * SLOT_BYTES, &piece, ring_generation(&ring, index));
    }
    if (next != NULL) descriptor_write(engine, at + count * SLOT_BYTES, next, ring_generation(&ring, index));
}

static void put_piece(uint32_t flags)
{
    struct descriptor piece = next_piece(flags);
    ring_put(&ring, &piece);
}

static void after_a_segment_without_a_link_the_ring_goes_on(void **state)
{
    const unsigned counts[] = { 1, 2, 3, 7, 8, 15, 16, 17, 40, 70 };
    begin(state, 5, 6);
    for (unsigned i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        uint32_t at = SEGMENTS + i * 0x1000 + i * SLOT_BYTES; // any alignment to a slot
        put_piece(0);
        put_segment(at, counts[i], ring.producer, NULL);
        struct descriptor link = link_to(at, counts[i]);
        ring_put(&ring, &link);
        put_piece(i % 2 ? DESCRIPTOR_FENCE : 0);
    }
    testing_flush(&ring, LIMIT);
}

static void a_chain_of_segments_is_followed_to_its_end(void **state)
{
    enum { SEGMENTS_MANY = 20 };
    begin(state, 20, 4);
    put_piece(0);
    for (unsigned i = 0; i < SEGMENTS_MANY; i++) {
        // Segment i has 1 + i % 4 pieces, and a link in all but the last.
        unsigned          after = i + 1, after_pieces = 1 + after % 4;
        struct descriptor next = link_to(SEGMENTS + after * 0x800, after_pieces + (after + 1 < SEGMENTS_MANY));
        put_segment(SEGMENTS + i * 0x800, 1 + i % 4, ring.producer, after < SEGMENTS_MANY ? &next : NULL);
    }
    struct descriptor first = link_to(SEGMENTS, 2);
    ring_put(&ring, &first);
    put_piece(DESCRIPTOR_IRQ);
    testing_flush(&ring, LIMIT);
}

static void a_link_may_lead_to_a_link(void **state)
{
    begin(state, 13, 4);
    uint16_t          index = ring.producer;
    struct descriptor second = link_to(SEGMENTS + 0x100, 1), third = link_to(SEGMENTS + 0x200, 2), first = link_to(SEGMENTS, 1);
    put_segment(SEGMENTS, 0, index, &second);
    put_segment(SEGMENTS + 0x100, 0, index, &third);
    put_segment(SEGMENTS + 0x200, 2, index, NULL);
    ring_put(&ring, &first);
    put_piece(0);
    testing_flush(&ring, LIMIT);
}

static void two_links_stand_behind_each_other_in_the_ring(void **state)
{
    begin(state, 13, 4);
    for (unsigned i = 0; i < 6; i++) {
        uint32_t          at = SEGMENTS + i * 0x400;
        struct descriptor link = link_to(at, 2);
        put_segment(at, 2, ring.producer, NULL);
        ring_put(&ring, &link);
    }
    testing_flush(&ring, LIMIT);
}

static void a_link_is_the_last_of_the_ring_and_the_first_of_the_next_lap(void **state)
{
    begin(state, 7, 2);
    for (unsigned lap = 0; lap < 6; lap++) {
        bool              at_start = lap % 2;
        uint32_t          at = SEGMENTS + lap * 0x400;
        struct descriptor link = link_to(at, 3);
        for (unsigned i = 0; i < 4; i++) {
            if (i != (at_start ? 0u : 3u)) {
                put_piece(0);
                continue;
            }
            put_segment(at, 3, ring.producer, NULL);
            ring_put(&ring, &link);
        }
        ring_doorbell(&ring);
        ring_wait_empty(&ring, LIMIT);
    }
    testing_flush(&ring, LIMIT);
}

static void a_ring_of_one_slot_holds_a_link_again_and_again(void **state)
{
    begin(state, 3, 0);
    for (unsigned lap = 0; lap < 8; lap++) {
        struct descriptor link = link_to(SEGMENTS, lap + 1);
        put_segment(SEGMENTS, lap + 1, ring.producer, NULL);
        ring_put(&ring, &link);
        ring_doorbell(&ring);
        ring_wait_empty(&ring, LIMIT);
    }
    testing_flush(&ring, LIMIT);
}

static void a_link_that_is_the_last_piece_of_work_completes(void **state)
{
    begin(state, 30, 3);
    put_segment(SEGMENTS, 3, ring.producer, NULL);
    struct descriptor last = next_piece(DESCRIPTOR_IRQ | DESCRIPTOR_WRITE_BACK), link = link_to(SEGMENTS, 4);
    descriptor_write(engine, SEGMENTS + 3 * SLOT_BYTES, &last, ring_generation(&ring, ring.producer));
    ring_put(&ring, &link);
    ring_doorbell(&ring);
    ring_wait_done(&ring, LIMIT);
    assert_int_equal(ring_consumer(&ring), ring.producer);
    struct write_back back = ring_write_back(&ring, SEGMENTS + 3 * SLOT_BYTES);
    assert_int_equal(back.type, DRAY_DESC_TYPE_DONE);
    assert_int_equal(back.moved, PIECE);
    assert_int_equal(back.tag, last.tag);
    testing_expect_slot(engine, SEGMENTS + 3 * SLOT_BYTES);
    assert_true(engine_quiet(engine, 200));
    testing_memory(engine);
    testing_clean(engine);
}

static struct engine *reading;
static uint64_t       read_to; // end of what may be read of the segment
static unsigned       beyond;

static void watch_segment(void *user, const struct memory_event *event)
{
    (void)user;
    if (event->kind != MEMORY_AR || event->addr < SEGMENTS || event->addr >= SOURCE) return;
    uint64_t width = reading->width_bytes, end = (event->addr & ~(width - 1)) + event->beats * width;
    if (end > ((read_to + width - 1) & ~(width - 1))) beyond++;
}

static void nothing_is_read_beyond_a_segment(void **state)
{
    for (unsigned count = 1; count < 40; count += count < 10 ? 1 : 7) {
        begin(state, 4, 4);
        reading = engine;
        beyond  = 0;
        read_to = SEGMENTS + count * SLOT_BYTES;
        memory_log(engine->memory, watch_segment, NULL);
        put_segment(SEGMENTS, count, ring.producer, NULL);
        struct descriptor link = link_to(SEGMENTS, count);
        ring_put(&ring, &link);
        put_piece(0);
        testing_flush(&ring, LIMIT);
        assert_int_equal(beyond, 0);
    }
}

int main(void)
{
    const struct testing_case cases[] = {
        TESTING_CASE(after_a_segment_without_a_link_the_ring_goes_on),
        TESTING_CASE(a_chain_of_segments_is_followed_to_its_end),
        TESTING_CASE(a_link_may_lead_to_a_link),
        TESTING_CASE(two_links_stand_behind_each_other_in_the_ring),
        TESTING_CASE(a_link_is_the_last_of_the_ring_and_the_first_of_the_next_lap),
        TESTING_CASE(a_ring_of_one_slot_holds_a_link_again_and_again),
        TESTING_CASE(a_link_that_is_the_last_piece_of_work_completes),
        TESTING_CASE(nothing_is_read_beyond_a_segment),
    };
    TESTING_ADD(testing_all, cases);
    return testing_run("links");
}
