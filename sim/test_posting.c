// SPDX-License-Identifier: Apache-2.0
//
// The posting bridge: answers when it has taken a write, keeps the last 16 beats, and never lets the engine notice.
#include "parts_bench.h"

#include <string.h>

enum { HELD = 16, QUIET = 4096, ALL = 0xff };

static uint32_t at(unsigned beat) { return PARTS_HOST + 0x1000u + beat * PARTS_BYTES; }

// A write by the engine, taken and answered. @return its op
static const struct manager_op *posted(struct parts_bench *bench, uint32_t addr, unsigned beats, uint64_t seed)
{
    const unsigned number = manager_write(&bench->engine, addr, beats, seed, ALL);
    parts_wait(bench, &bench->engine);
    assert_int_equal(bench->engine.ops[number].resp, BUS_OKAY);
    return &bench->engine.ops[number];
}

static bool in_memory(struct parts_bench *bench, const struct manager_op *op)
{
    struct memory *memory = op->addr >= PARTS_DEVICE ? bench->device : bench->host;
    return memcmp(memory_at(memory, op->addr, op->beats * PARTS_BYTES), op->data, op->beats * PARTS_BYTES) == 0;
}

static void a_write_is_answered_early_and_visible_only_after_flush(void **state)
{
    (void)state;
    struct parts_bench      *bench = parts_open(&(struct parts_config){ .latency = 50 });
    const uint64_t           begun = bench->cycle;
    const struct manager_op *op    = posted(bench, at(0), 4, 1);
    assert_true(bench->cycle - begun < 15);
    parts_ticks(bench, QUIET - 200);
    assert_true(memory_counts(bench->host)->aw == 0);
    assert_false(in_memory(bench, op));
    parts_flush(bench);
    assert_true(in_memory(bench, op));
    parts_clean(bench);
}

static void quiet_for_4096_cycles_sends_it_out(void **state)
{
    (void)state;
    struct parts_bench      *bench = parts_open(&(struct parts_config){ .latency = 13 });
    const struct manager_op *op    = posted(bench, at(0), 4, 1);
    parts_ticks(bench, QUIET / 2);
    const struct manager_op *newer = posted(bench, at(4), 1, 2); // a write begins the wait anew
    parts_ticks(bench, QUIET - 50);
    assert_false(in_memory(bench, op));
    parts_ticks(bench, 100);
    assert_true(in_memory(bench, op));
    assert_true(in_memory(bench, newer));
    parts_clean(bench);
}

static void the_burst_that_is_one_too_many_sends_out_the_oldest(void **state)
{
    (void)state;
    struct parts_bench *bench = parts_open(&(struct parts_config){ .latency = 13 });
    for (unsigned i = 0; i < HELD / 4; i++) (void)posted(bench, at(4 * i), 4, i);
    parts_ticks(bench, 200);
    assert_true(memory_counts(bench->host)->aw == 0);
    (void)posted(bench, at(HELD), 1, 9);
    parts_ticks(bench, 200);
    assert_true(memory_counts(bench->host)->aw == 1);
    assert_true(in_memory(bench, &bench->engine.ops[0]));
    assert_false(in_memory(bench, &bench->engine.ops[1]));
    parts_clean(bench);
}

static void the_engine_reads_what_it_holds(void **state)
{
    (void)state;
    struct parts_bench *bench = parts_open(&(struct parts_config){ .latency = 30 });
    for (unsigned i = 0; i < 20; i++) {
        const struct manager_op *write  = posted(bench, at(16 * i + i % 16), 1 + i % 8, i);
        const unsigned           number = manager_read(&bench->engine, write->addr, write->beats);
        parts_wait(bench, &bench->engine);
        assert_memory_equal(bench->engine.ops[number].data, write->data, write->beats * PARTS_BYTES);
    }
    parts_clean(bench);
}

static void a_read_of_another_block_does_not_wait(void **state)
{
    (void)state;
    struct parts_bench      *bench = parts_open(&(struct parts_config){ .latency = 13 });
    const struct manager_op *op    = posted(bench, at(0), 16, 1);
    const uint64_t           begun = bench->cycle;
    (void)manager_read(&bench->engine, at(16), 16);
    parts_wait(bench, &bench->engine);
    assert_true(bench->cycle - begun < 13 + 16 + 8);
    assert_false(in_memory(bench, op));
    parts_clean(bench);
}

static void a_later_write_wins(void **state)
{
    (void)state;
    struct parts_bench *bench = parts_open(&(struct parts_config){ .latency = 13, .spread = 40 });
    for (unsigned i = 0; i < 40; i++) (void)manager_write(&bench->engine, at(i % 3), 2, i, ALL);
    parts_wait(bench, &bench->engine);
    parts_flush(bench);
    assert_true(in_memory(bench, &bench->engine.ops[39]));
    parts_clean(bench);
}

static void a_write_to_device_memory_is_not_posted(void **state)
{
    (void)state;
    struct parts_bench *bench = parts_open(&(struct parts_config){ .latency = 40 });
    const struct manager_op *held = posted(bench, at(0), 4, 3);
    const uint64_t begun = bench->cycle;
    const struct manager_op *op = posted(bench, PARTS_DEVICE + 64, 8, 1);
    assert_true(bench->cycle - begun > 40);
    assert_true(in_memory(bench, op));
    assert_false(in_memory(bench, held));
    parts_clean(bench);
}

static void an_error_of_device_memory_reaches_the_engine_and_one_of_a_posted_write_the_register(void **state)
{
    (void)state;
    struct parts_bench *bench = parts_open(&(struct parts_config){ .latency = 13 });
    struct memory_fault fault = { .direction = MEMORY_WRITE, .first = PARTS_DEVICE, .last = PARTS_DEVICE + 7, .count = 1,
                                  .resp = BUS_SLVERR, .beat = MEMORY_ALL_BEATS };
    memory_fault_add(bench->device, &fault);
    const unsigned number = manager_write(&bench->engine, PARTS_DEVICE, 1, 1, ALL);
    parts_wait(bench, &bench->engine);
    assert_int_equal(bench->engine.ops[number].resp, BUS_SLVERR);
    assert_int_equal(bench->errors, 0);
    fault.first = fault.last = at(0);
    memory_fault_add(bench->host, &fault);
    (void)posted(bench, at(0), 1, 1);
    parts_flush(bench);
    assert_int_equal(bench->errors, PARTS_POSTED);
    parts_clean(bench);
}

static void a_read_through_the_alias_drains_it(void **state)
{
    (void)state;
    struct parts_bench      *bench = parts_open(&(struct parts_config){ .latency = 13 });
    const struct manager_op *op    = posted(bench, at(0), 4, 5);
    uint32_t                 should;
    memcpy(&should, op->data + 12, 4);
    (void)parts_load(bench, PARTS_VIA_ALIAS, PARTS_DEVICE);
    parts_store(bench, PARTS_VIA_ALIAS, PARTS_HOST, 4, 1);
    assert_false(in_memory(bench, op)); // neither of these asks for it
    assert_int_equal(parts_load(bench, PARTS_VIA_ALIAS, at(0) + 12), should);
    assert_true(in_memory(bench, op));
    parts_clean(bench);
}

static void a_load_through_the_host_bridge_does_not(void **state)
{
    (void)state;
    struct parts_bench      *bench = parts_open(&(struct parts_config){ .latency = 13 });
    const struct manager_op *op    = posted(bench, at(0), 4, 5);
    assert_int_equal(parts_load(bench, PARTS_VIA_HOST, at(0)), 0);
    assert_false(in_memory(bench, op));
    parts_clean(bench);
}

static void flush_of_nothing_ends_at_once(void **state)
{
    (void)state;
    struct parts_bench *bench = parts_open(&(struct parts_config){ .latency = 100 });
    const uint64_t      begun = bench->cycle;
    parts_flush(bench);
    assert_true(bench->cycle - begun <= 4);
    parts_clean(bench);
}

// Writes of one length, back to back; reads of elsewhere beside them. Both must run at a beat a cycle.
static void stream(unsigned latency, unsigned beats, unsigned bursts)
{
    struct parts_bench *bench = parts_open(&(struct parts_config){ .latency = latency });
    const uint64_t      begun = bench->cycle;
    for (unsigned i = 0; i < bursts; i++) {
        (void)manager_write(&bench->engine, at(beats * i), beats, i, ALL);
        (void)manager_read(&bench->engine, PARTS_HOST + 0x10000u + i * beats * PARTS_BYTES, beats);
    }
    parts_wait(bench, &bench->engine);
    const uint64_t took = bench->cycle - begun;
    if (took > beats * bursts + latency + 20)
        fail_msg("%u bursts of %u beats at latency %u took %llu cycles", bursts, beats, latency, (unsigned long long)took);
    parts_flush(bench);
    for (unsigned i = 0; i < bench->engine.count; i++)
        if (bench->engine.ops[i].is_write) assert_true(in_memory(bench, &bench->engine.ops[i]));
    parts_clean(bench);
}

static void a_stream_of_writes_goes_through_at_full_rate(void **state)
{
    (void)state;
    stream(1, 16, 64);
    stream(13, 16, 64);
    stream(100, 16, 64);
    stream(13, 8, 100);
    stream(13, 4, 200);
    stream(13, 2, 300);
    stream(13, 1, 400);
}

// Rounds of writes, then reads of what they wrote, in both memories and with lengths that cross blocks.
static void rounds(struct parts_config config)
{
    enum { SPAN = 256, ROUNDS = 60, OPS = 12 };
    struct parts_bench *bench = parts_open(&config);
    const uint64_t      seed  = bench->seed;
    static uint8_t      image[2][SPAN * PARTS_BYTES];
    memset(image, 0, sizeof image);
    for (unsigned round = 0; round < ROUNDS; round++) {
        bench->engine.count = bench->engine.ar = bench->engine.r = bench->engine.aw = bench->engine.w = bench->engine.b = 0;
        for (unsigned i = 0; i < OPS; i++) {
            const uint64_t r     = parts_random(bench);
            const unsigned side  = r % 4 == 0;
            const unsigned beats = 1 + (unsigned)(r >> 8) % 16;
            const unsigned first = (unsigned)(r >> 16) % (SPAN - beats);
            const uint16_t strb  = (r >> 40) % 3 == 0 ? (uint16_t)(r >> 48 & ALL) : ALL;
            const uint32_t base  = side ? PARTS_DEVICE : PARTS_HOST;
            const unsigned n     = manager_write(&bench->engine, base + first * PARTS_BYTES, beats, r, strb);
            for (unsigned b = 0; b < beats * PARTS_BYTES; b++)
                if (strb >> b % PARTS_BYTES & 1) image[side][first * PARTS_BYTES + b] = bench->engine.ops[n].data[b];
        }
        parts_wait(bench, &bench->engine);
        for (unsigned i = 0; i < OPS; i++) {
            const uint64_t r = parts_random(bench);
            (void)manager_read(&bench->engine, (r % 4 == 0 ? PARTS_DEVICE : PARTS_HOST) + (unsigned)(r >> 16) % (SPAN - 16) * PARTS_BYTES,
                               1 + (unsigned)(r >> 8) % 16);
        }
        parts_wait(bench, &bench->engine);
        for (unsigned i = 0; i < bench->engine.count; i++) {
            const struct manager_op *op = &bench->engine.ops[i];
            if (op->is_write) continue;
            const uint8_t *should = image[op->addr >= PARTS_DEVICE] + (op->addr & 0xffffu);
            if (memcmp(op->data, should, op->beats * PARTS_BYTES) != 0)
                fail_msg("seed %llu round %u: %u beats at 0x%x are old", (unsigned long long)seed, round, op->beats, (unsigned)op->addr);
        }
        if (round % 7 == 0) parts_ticks(bench, QUIET);
        if (round % 5 == 0) parts_flush(bench);
    }
    parts_flush(bench);
    assert_memory_equal(memory_at(bench->host, PARTS_HOST, sizeof image[0]), image[0], sizeof image[0]);
    assert_memory_equal(memory_at(bench->device, PARTS_DEVICE, sizeof image[1]), image[1], sizeof image[1]);
    parts_clean(bench);
}

static void random_writes_read_back_in_both_memories(void **state)
{
    (void)state;
    rounds((struct parts_config){ .latency = 13 });
    rounds((struct parts_config){ .latency = 100, .spread = 50 });
    rounds((struct parts_config){ .latency = 5, .spread = 20, .stalls = { 128, 128, 128, 128, 128 }, .stall = 100 });
}

static void a_fault_before_the_bridge_is_told_and_changes_no_byte(void **state)
{
    (void)state;
    struct parts_bench *bench = parts_open(&(struct parts_config){ .latency = 13 });
    bench->pins.fault.on_write = bench->pins.fault.on_read = true;
    bench->pins.fault.first = at(16);
    bench->pins.fault.last  = at(17) - 1;
    bench->pins.fault.resp  = BUS_SLVERR;
    memory_fill_random(bench->host, at(0), 64 * PARTS_BYTES, 9);
    uint8_t before[4 * PARTS_BYTES];
    memcpy(before, memory_at(bench->host, at(16), sizeof before), sizeof before);
    for (unsigned i = 0; i < 8; i++) (void)manager_write(&bench->engine, at(8 * i), 4, i, ALL);
    for (unsigned i = 0; i < 8; i++) (void)manager_read(&bench->engine, at(8 * i), 4);
    parts_wait(bench, &bench->engine);
    parts_flush(bench);
    for (unsigned i = 0; i < bench->engine.count; i++) {
        const struct manager_op *op = &bench->engine.ops[i];
        assert_int_equal(op->resp, op->addr == at(16) ? BUS_SLVERR : BUS_OKAY);
        if (op->is_write && op->addr != at(16)) assert_true(in_memory(bench, op));
    }
    assert_memory_equal(memory_at(bench->host, at(16), sizeof before), before, sizeof before);
    assert_int_equal(bench->errors, 0);
    parts_clean(bench);
}

static void answers_that_were_held_back_come_when_the_hang_is_over(void **state)
{
    (void)state;
    struct parts_bench *bench = parts_open(&(struct parts_config){ .latency = 13 });
    bench->pins.fault.hang = true;
    const unsigned write = manager_write(&bench->engine, at(0), 4, 1, ALL), read = manager_read(&bench->engine, at(32), 4);
    parts_ticks(bench, 5000);
    assert_true(bench->engine.ops[write].done == 0 && bench->engine.ops[read].done == 0);
    bench->pins.fault.hang = false;
    parts_wait(bench, &bench->engine);
    assert_int_equal(bench->engine.ops[read].resp, BUS_OKAY);
    parts_clean(bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PARTS_TEST(a_write_is_answered_early_and_visible_only_after_flush),
        PARTS_TEST(quiet_for_4096_cycles_sends_it_out),
        PARTS_TEST(the_burst_that_is_one_too_many_sends_out_the_oldest),
        PARTS_TEST(the_engine_reads_what_it_holds),
        PARTS_TEST(a_read_of_another_block_does_not_wait),
        PARTS_TEST(a_later_write_wins),
        PARTS_TEST(a_write_to_device_memory_is_not_posted),
        PARTS_TEST(an_error_of_device_memory_reaches_the_engine_and_one_of_a_posted_write_the_register),
        PARTS_TEST(a_read_through_the_alias_drains_it),
        PARTS_TEST(a_load_through_the_host_bridge_does_not),
        PARTS_TEST(flush_of_nothing_ends_at_once),
        PARTS_TEST(a_stream_of_writes_goes_through_at_full_rate),
        PARTS_TEST(random_writes_read_back_in_both_memories),
        PARTS_TEST(a_fault_before_the_bridge_is_told_and_changes_no_byte),
        PARTS_TEST(answers_that_were_held_back_come_when_the_hang_is_over),
    };
    return cmocka_run_group_tests_name("posting bridge", tests, NULL, NULL);
}
