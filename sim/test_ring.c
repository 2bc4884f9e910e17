// SPDX-License-Identifier: Apache-2.0
//
// A ring goes round: laps, indices modulo 65536, doorbells while it runs, nothing fetched past the producer.
#include "testing.h"

enum {
    RING   = ENGINE_MEMORY_BASE,
    SOURCE = ENGINE_MEMORY_BASE + 0x40000,
    TARGET = ENGINE_MEMORY_BASE + 0x60000,
    OPEN   = 0x80000,
    LIMIT  = 100000,
    PIECE  = 64,
};

static struct engine *open_engine(void **state, unsigned latency)
{
    struct engine *engine = testing_engine(state, &(struct engine_config){ .latency = latency, .open_bytes = OPEN });
    testing_fill(engine, testing_seed());
    return engine;
}

static void put_piece(struct ring *ring, unsigned number, uint32_t flags)
{
    uint32_t source = SOURCE + number * 37 % 256 * PIECE, target = TARGET + number % 1024 * PIECE;
    testing_expect_copy(ring->engine, source, target, PIECE);
    ring_put(ring, &(struct descriptor){ .source = source, .destination = target, .length = PIECE, .flags = flags });
}

static void laps(void **state, unsigned slots_lg)
{
    struct engine *engine = open_engine(state, 5);
    struct ring    ring;
    uint64_t       random = testing_seed();
    ring_start(&ring, engine, 0, RING, slots_lg);
    for (unsigned number = 0; number < (8u << slots_lg);) {
        unsigned count = 1 + (unsigned)(memory_random(&random) % (1u << slots_lg));
        for (unsigned i = 0; i < count; i++) put_piece(&ring, number++, 0);
        ring_doorbell(&ring);
        ring_wait_empty(&ring, LIMIT);
    }
    testing_memory(engine);
    testing_clean(engine);
}

static void a_ring_of_one_slot_goes_round(void **state) { laps(state, 0); }
static void a_ring_of_two_slots_goes_round(void **state) { laps(state, 1); }
static void a_ring_of_sixteen_slots_goes_round(void **state) { laps(state, 4); }

static void a_ring_with_more_slots_than_the_engine_buffers_is_filled_at_once(void **state)
{
    struct engine *engine = open_engine(state, 20);
    struct ring    ring;
    ring_start(&ring, engine, 0, RING, 9);
    for (unsigned lap = 0; lap < 3; lap++) {
        for (unsigned i = 0; i < 512; i++) put_piece(&ring, i, i == 511 ? DESCRIPTOR_IRQ : 0);
        ring_doorbell(&ring);
        ring_wait_done(&ring, LIMIT);
        assert_int_equal(ring_consumer(&ring), ring.producer);
    }
    testing_memory(engine);
    testing_clean(engine);
}

static void the_producer_moves_in_small_steps_while_the_ring_runs(void **state)
{
    struct engine *engine = open_engine(state, 13);
    struct ring    ring;
    uint64_t       random = testing_seed();
    ring_start(&ring, engine, 0, RING, 5);
    for (unsigned number = 0; number < 700;) {
        unsigned room = 32u - (uint16_t)(ring.producer - ring_consumer(&ring));
        unsigned count = (unsigned)(memory_random(&random) % 4);
        for (unsigned i = 0; i < count && i < room; i++) put_piece(&ring, number++, 0);
        ring_doorbell(&ring);
        engine_clocks(engine, (unsigned)(memory_random(&random) % 30));
    }
    ring_wait_empty(&ring, LIMIT);
    testing_memory(engine);
    testing_clean(engine);
}

static void indices_run_modulo_65536(void **state)
{
    struct engine *engine = open_engine(state, 1);
    struct ring    ring;
    ring_start(&ring, engine, 0, RING, 10);
    for (unsigned number = 0; number < 65536 + 2048; number += 512) {
        for (unsigned i = 0; i < 512; i++) put_piece(&ring, number + i, i == 511 ? DESCRIPTOR_IRQ : 0);
        ring_doorbell(&ring);
        ring_wait_done(&ring, LIMIT);
    }
    assert_int_equal(ring.producer, 2048);
    assert_int_equal(ring_consumer(&ring), ring.producer);
    testing_memory(engine);
    testing_clean(engine);
}

// ---- what is read, and when

static struct ring watched;
static unsigned    early;

static void watch_fetch(void *user, const struct memory_event *event)
{
    (void)user;
    if (event->kind != MEMORY_AR || event->addr < watched.base || event->addr >= watched.base + (16u << watched.slots_lg)) return;
    uint64_t end = event->addr + event->beats * watched.engine->width_bytes;
    if (end > ring_slot(&watched, watched.producer)) early++;
}

static void nothing_is_fetched_past_the_producer(void **state)
{
    struct engine *engine = open_engine(state, 3);
    ring_start(&watched, engine, 0, RING, 8);
    early = 0;
    memory_log(engine->memory, watch_fetch, NULL);
    for (unsigned number = 0; number < 200;) {
        unsigned count = 1 + number % 9;
        for (unsigned i = 0; i < count && number < 200; i++) put_piece(&watched, number++, 0);
        ring_doorbell(&watched);
        ring_wait_empty(&watched, LIMIT);
    }
    assert_int_equal(early, 0);
    testing_memory(engine);
    testing_clean(engine);
}

static void the_consumer_index_never_runs_ahead_of_the_last_response(void **state)
{
    struct engine *engine = open_engine(state, 40);
    struct ring    ring;
    ring_start(&ring, engine, 0, RING, 6);
    for (unsigned i = 0; i < 40; i++) put_piece(&ring, i, 0);
    ring_doorbell(&ring);
    for (uint16_t seen = 0; seen != 40;) {
        uint16_t now      = ring_consumer(&ring);
        uint64_t answered = memory_counts(engine->memory)->b;
        assert_true(now >= seen);
        // A piece is one burst at most where it does not cross a boundary: so many at least have been answered.
        assert_true(answered >= now);
        seen = now;
    }
    testing_memory(engine);
    testing_clean(engine);
}

static void a_doorbell_that_moves_nothing_does_nothing(void **state)
{
    struct engine *engine = open_engine(state, 3);
    struct ring    ring;
    ring_start(&ring, engine, 0, RING, 4);
    ring_doorbell(&ring);
    assert_true(engine_quiet(engine, 100));
    put_piece(&ring, 0, DESCRIPTOR_IRQ);
    ring_doorbell(&ring);
    ring_wait_done(&ring, LIMIT);
    ring_doorbell(&ring);
    assert_true(engine_quiet(engine, 100));
    testing_memory(engine);
    testing_clean(engine);
}

int main(void)
{
    const struct testing_case cases[] = {
        TESTING_CASE(a_ring_of_one_slot_goes_round),
        TESTING_CASE(a_ring_of_two_slots_goes_round),
        TESTING_CASE(a_ring_of_sixteen_slots_goes_round),
        TESTING_CASE(a_ring_with_more_slots_than_the_engine_buffers_is_filled_at_once),
        TESTING_CASE(the_producer_moves_in_small_steps_while_the_ring_runs),
        TESTING_CASE(nothing_is_fetched_past_the_producer),
        TESTING_CASE(the_consumer_index_never_runs_ahead_of_the_last_response),
        TESTING_CASE(a_doorbell_that_moves_nothing_does_nothing),
    };
    const struct testing_case slow[] = { TESTING_CASE(indices_run_modulo_65536) };
    TESTING_ADD(testing_all, cases);
    TESTING_ADD(testing_one, slow);
    return testing_run("ring");
}
