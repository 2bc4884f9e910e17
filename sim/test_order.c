// SPDX-License-Identifier: Apache-2.0
//
// What may be relied on, and when: the fence, the write-back behind its data, the interrupt behind both.
#include "testing.h"

#include <string.h>

enum {
    RING   = ENGINE_MEMORY_BASE,
    A      = ENGINE_MEMORY_BASE + 0x20000,
    B      = ENGINE_MEMORY_BASE + 0x30000,
    C      = ENGINE_MEMORY_BASE + 0x40000,
    OPEN   = 0x60000,
    LIMIT  = 50000,
};

static struct engine *open_engine(void **state, unsigned latency, struct ring *ring)
{
    struct engine *engine = testing_begin(state, &(struct engine_config){ .latency = latency, .open_bytes = OPEN }, ring, RING, 6);
    return engine;
}

static void put_copy(struct ring *ring, uint32_t from, uint32_t to, uint32_t length, uint32_t flags, uint32_t tag)
{
    testing_expect_copy(ring->engine, from, to, length);
    ring_put(ring, &(struct descriptor){ .source = from, .destination = to, .length = length, .flags = flags, .tag = tag });
}

static void a_fenced_descriptor_reads_what_the_ones_before_it_wrote(void **state)
{
    const unsigned latencies[] = { 1, 13, 100 };
    for (unsigned l = 0; l < 3; l++) {
        struct ring ring;
        open_engine(state, latencies[l], &ring);
        for (unsigned i = 0; i < 16; i++) {
            uint32_t length = 8 + i * 56, at = i * 0x800;
            put_copy(&ring, A + at, B + at, length, 0, i);
            put_copy(&ring, B + at, C + at, length, DESCRIPTOR_FENCE, i);
        }
        testing_flush(&ring, LIMIT);
    }
}

// A write that the memory does not take yet waits for a response; that response must not wait for its own write-back.
static void write_backs_end_on_a_memory_that_takes_few_writes(void **state)
{
    for (unsigned outstanding = 1; outstanding <= 16; outstanding *= 2) {
        struct engine *engine = testing_engine(state, &(struct engine_config){ .latency = 9, .outstanding = outstanding, .open_bytes = OPEN });
        struct ring    ring;
        testing_fill(engine, testing_seed());
        ring_start(&ring, engine, 0, RING, 6);
        for (unsigned i = 0; i < 60; i++) put_copy(&ring, A + i * 0x200, B + i * 0x200, 16 + i % 5 * 64, i % 7 ? DESCRIPTOR_WRITE_BACK : 0, i);
        ring_doorbell(&ring);
        ring_wait_empty(&ring, LIMIT);
        for (uint16_t i = 0; i < 60; i++) {
            if (i % 7 == 0) continue;
            struct write_back back = ring_write_back(&ring, ring_slot(&ring, i));
            assert_int_equal(back.type, DRAY_DESC_TYPE_DONE);
            assert_int_equal(back.moved, 16 + i % 5 * 64);
            testing_expect_slot(engine, ring_slot(&ring, i));
        }
        testing_memory(engine);
        testing_clean(engine);
    }
}

static void a_chain_of_fences_carries_a_value_through(void **state)
{
    struct ring ring;
    open_engine(state, 20, &ring);
    for (unsigned i = 0; i < 30; i++) put_copy(&ring, A + i * 32, A + (i + 1) * 32, 32, DESCRIPTOR_FENCE, i);
    testing_flush(&ring, LIMIT);
}

static void a_fence_holds_up_only_its_own_channel(void **state)
{
    struct ring    ring, other;
    struct engine *engine = open_engine(state, 100, &ring);
    if (engine->channels < 2) return;
    ring_start(&other, engine, 1, RING + 0x8000, 6);
    for (unsigned i = 0; i < 16; i++) put_copy(&ring, A + i * 64, B + i * 64, 64, DESCRIPTOR_FENCE, i);
    for (unsigned i = 0; i < 16; i++) put_copy(&other, A + i * 64, C + i * 64, 64, i == 15 ? DESCRIPTOR_IRQ : 0, i);
    ring_doorbell(&ring);
    ring_doorbell(&other);
    uint64_t done = ring_wait_done(&other, LIMIT);
    assert_true(done - other.rung < 3 * 300 + 500); // a fence alone costs 16 times 300
    assert_true(ring_consumer(&ring) < 16);
    ring_wait_empty(&ring, LIMIT);
    testing_memory(engine);
    testing_clean(engine);
}

// ---- write-back

static struct {
    uint64_t data_answered, data_begun, back_begun;
    unsigned too_early, lone;
    uint64_t last_word;
} order;

static void watch_order(void *user, const struct memory_event *event)
{
    const struct ring *ring = user;
    bool of_ring = event->addr < A;
    if (event->kind == MEMORY_B && !of_ring) order.data_answered++;
    if (event->kind != MEMORY_AW) return;
    if (!of_ring) {
        order.data_begun++;
        return;
    }
    // Each descriptor writes one burst here, so the n-th write-back needs n + 1 answers before it.
    unsigned number = (unsigned)(event->addr - ring->base) / SLOT_BYTES;
    if (order.data_answered < number + 1) order.too_early++;
    order.back_begun++;
}

static void a_write_back_follows_the_last_response_of_its_data(void **state)
{
    struct ring    ring;
    struct engine *engine = open_engine(state, 25, &ring);
    memset(&order, 0, sizeof order);
    memory_log(engine->memory, watch_order, &ring);
    for (unsigned i = 0; i < 40; i++) put_copy(&ring, A + i * 64, B + i * 64, 64, DESCRIPTOR_WRITE_BACK, i);
    ring_doorbell(&ring);
    ring_wait_empty(&ring, LIMIT);
    assert_int_equal(order.back_begun, 40);
    assert_int_equal(order.too_early, 0);
    testing_clean(engine);
}

static void a_write_back_says_how_much_was_moved_and_touches_nothing_else(void **state)
{
    struct ring    ring;
    struct engine *engine = open_engine(state, 7, &ring);
    unsigned       unit   = engine->parameters->bytes ? 1 : engine->width_bytes;
    for (unsigned lap = 0; lap < 3; lap++) {
        uint16_t first = ring.producer;
        for (unsigned i = 0; i < 64; i++)
            put_copy(&ring, A + i * 512, B + lap * 0x8000 + i * 512, (1 + i * 7 % 120) * unit, i % 3 ? DESCRIPTOR_WRITE_BACK : 0,
                     0xfff - i);
        ring_doorbell(&ring);
        ring_wait_empty(&ring, LIMIT);
        for (unsigned i = 0; i < 64; i++) {
            uint64_t slot = ring_slot(&ring, (uint16_t)(first + i));
            if (i % 3 == 0) continue; // its slot is a guard, and compared below
            struct write_back back = ring_write_back(&ring, slot);
            assert_int_equal(back.moved, (1 + i * 7 % 120) * unit);
            assert_int_equal(back.type, DRAY_DESC_TYPE_DONE);
            assert_int_equal(back.cause, DRAY_CAUSE_NONE);
            assert_int_equal(back.generation, ring_generation(&ring, (uint16_t)(first + i)));
            assert_int_equal(back.tag, 0xfff - i);
            assert_int_equal(memory_word(engine->memory, slot + DRAY_WRITE_BACK_STATUS) & 0xf000e0e8, 0);
            testing_expect_slot(engine, slot);
        }
        testing_memory(engine);
    }
    testing_clean(engine);
}

static void write_backs_of_many_small_copies_flow_at_any_latency(void **state)
{
    const unsigned latencies[] = { 1, 13, 100, 300 };
    for (unsigned l = 0; l < 4; l++) {
        struct ring    ring;
        struct engine *engine = open_engine(state, latencies[l], &ring);
        ring_stop(&ring, LIMIT);
        ring_acknowledge(&ring, 7);
        ring_start(&ring, engine, 0, RING, 8);
        for (unsigned i = 0; i < 256; i++)
            put_copy(&ring, A + i * 16, B + i * 64, 16, DESCRIPTOR_WRITE_BACK | (i == 255 ? DESCRIPTOR_IRQ : 0), i);
        ring_doorbell(&ring);
        ring_wait_done(&ring, LIMIT);
        for (unsigned i = 0; i < 256; i++) {
            uint64_t slot = ring_slot(&ring, (uint16_t)i);
            assert_int_equal(ring_write_back(&ring, slot).moved, 16);
            assert_int_equal(ring_write_back(&ring, slot).tag, i);
            testing_expect_slot(engine, slot);
        }
        testing_memory(engine);
        testing_clean(engine);
    }
}

static void HW_04_at_the_interrupt_data_and_status_are_in_memory(void **state)
{
    const unsigned latencies[] = { 1, 4, 60 };
    for (unsigned l = 0; l < 3; l++) {
        struct ring    ring;
        struct engine *engine = open_engine(state, latencies[l], &ring);
        for (unsigned i = 0; i < 20; i++) {
            put_copy(&ring, A + i * 256, B + i * 256, 16 * (i + 1) % 256 / 16 * 16 + 16, DESCRIPTOR_WRITE_BACK | DESCRIPTOR_IRQ, i);
            ring_doorbell(&ring);
            engine_wait_channel_irq(engine, 0, LIMIT);
            // Nothing is clocked between the interrupt and these looks.
            assert_int_equal(ring_write_back(&ring, ring_slot(&ring, (uint16_t)i)).type, DRAY_DESC_TYPE_DONE);
            testing_expect_slot(engine, ring_slot(&ring, (uint16_t)i));
            testing_memory(engine);
            assert_int_equal(ring_consumer(&ring), ring.producer);
            ring_acknowledge(&ring, 7);
        }
        testing_clean(engine);
    }
}

int main(void)
{
    const struct testing_case cases[] = {
        TESTING_CASE(a_fenced_descriptor_reads_what_the_ones_before_it_wrote),
        TESTING_CASE(write_backs_end_on_a_memory_that_takes_few_writes),
        TESTING_CASE(a_chain_of_fences_carries_a_value_through),
        TESTING_CASE(a_fence_holds_up_only_its_own_channel),
        TESTING_CASE(a_write_back_follows_the_last_response_of_its_data),
        TESTING_CASE(a_write_back_says_how_much_was_moved_and_touches_nothing_else),
        TESTING_CASE(write_backs_of_many_small_copies_flow_at_any_latency),
        TESTING_CASE(HW_04_at_the_interrupt_data_and_status_are_in_memory),
    };
    TESTING_ADD(testing_all, cases);
    return testing_run("order");
}
