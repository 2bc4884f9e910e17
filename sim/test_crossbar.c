// SPDX-License-Identifier: Apache-2.0
//
// The interconnect: two managers, two memories, nothing lost, nothing out of order, nobody waits for the wrong one.
#include "parts_bench.h"

#include <string.h>

enum { ALL = 0xff, NOWHERE = 0x50000000 };

static struct memory *memory_of(struct parts_bench *bench, uint32_t addr)
{
    return addr >= PARTS_DEVICE ? bench->x_device : bench->x_host;
}

static void wait_both(struct parts_bench *bench)
{
    parts_wait(bench, &bench->a);
    parts_wait(bench, &bench->b);
    parts_wait(bench, &bench->a);
}

// Every read of a manager that is done must hold what the image holds now.
static void check_reads(struct parts_bench *bench, const struct manager *manager)
{
    for (unsigned i = 0; i < manager->count; i++) {
        const struct manager_op *op = &manager->ops[i];
        assert_true(op->done != 0);
        if (op->is_write || op->addr >= NOWHERE) continue;
        const unsigned bytes = op->beats * PARTS_BYTES;
        if (memcmp(op->data, memory_at(memory_of(bench, op->addr), op->addr, bytes), bytes) != 0)
            fail_msg("op %u: %u beats at 0x%x are wrong", i, op->beats, (unsigned)op->addr);
    }
}

// Each manager reads the lower half of either memory and writes a quarter of its own in the upper half.
static void random_traffic(struct parts_config config)
{
    enum { OPS = 1500, QUARTER = 0x4000 };
    struct parts_bench *bench = parts_open(&config);
    memory_fill_random(bench->x_host, PARTS_HOST, PARTS_HOST_SIZE, 1);
    memory_fill_random(bench->x_device, PARTS_DEVICE, PARTS_DEVICE_SIZE, 2);
    memory_expect_reset(bench->x_host);
    memory_expect_reset(bench->x_device);
    for (unsigned i = 0; i < OPS; i++) {
        struct manager *manager = i % 2 ? &bench->a : &bench->b;
        const uint64_t  r       = parts_random(bench);
        const uint32_t  base    = r % 2 ? PARTS_HOST : PARTS_DEVICE;
        const unsigned  beats   = 1 + (unsigned)(r >> 8) % 16;
        const uint32_t  offset  = manager_inside((uint32_t)(r >> 16) % QUARTER & ~(PARTS_BYTES - 1u), beats * PARTS_BYTES);
        if ((r >> 4) % 16 == 0) {
            if ((r >> 5) % 2) (void)manager_read(manager, NOWHERE, beats);
            else (void)manager_write(manager, NOWHERE, beats, r, ALL);
        } else if ((r >> 4) % 2) {
            (void)manager_read(manager, base + offset, beats);
        } else {
            const uint32_t addr = base + 0x8000u + (i % 2) * QUARTER + offset;
            const unsigned n    = manager_write(manager, addr, beats, r, ALL);
            memcpy(memory_expected(memory_of(bench, addr), addr, beats * PARTS_BYTES), manager->ops[n].data, beats * PARTS_BYTES);
        }
    }
    wait_both(bench);
    for (unsigned m = 0; m < 2; m++) {
        const struct manager *manager = m ? &bench->a : &bench->b;
        for (unsigned i = 0; i < manager->count; i++)
            assert_int_equal(manager->ops[i].resp, manager->ops[i].addr == NOWHERE ? BUS_DECERR : BUS_OKAY);
        check_reads(bench, manager);
    }
    uint64_t wrong;
    assert_true(memory_compare(bench->x_host, &wrong) == 0);
    assert_true(memory_compare(bench->x_device, &wrong) == 0);
    parts_clean(bench);
}

static void random_traffic_of_both_managers_arrives_in_order(void **state)
{
    (void)state;
    random_traffic((struct parts_config){ .latency = 1 });
    random_traffic((struct parts_config){ .latency = 13 });
}

static void the_same_with_stalls_on_every_channel(void **state)
{
    (void)state;
    random_traffic((struct parts_config){ .latency = 20, .spread = 60, .stalls = { 128, 128, 128, 128, 128 }, .stall = 100 });
    random_traffic((struct parts_config){ .latency = 3, .stalls = { 200, 30, 30, 200, 200 }, .stall = 30 });
}

static void one_manager_gets_a_beat_a_cycle_each_way(void **state)
{
    (void)state;
    enum { BURSTS = 64, BEATS = 16, LATENCY = 30 };
    struct parts_bench *bench = parts_open(&(struct parts_config){ .latency = LATENCY });
    const uint64_t      begun = bench->cycle;
    for (unsigned i = 0; i < BURSTS; i++) {
        (void)manager_read(&bench->a, PARTS_HOST + i * BEATS * PARTS_BYTES, BEATS);
        (void)manager_write(&bench->a, PARTS_HOST + 0x8000u + i * BEATS * PARTS_BYTES, BEATS, i, ALL);
    }
    parts_wait(bench, &bench->a);
    assert_true(bench->cycle - begun <= BURSTS * BEATS + LATENCY + 8);
    parts_clean(bench);
}

static void two_managers_on_two_memories_do_not_meet(void **state)
{
    (void)state;
    enum { BURSTS = 64, BEATS = 16, LATENCY = 30 };
    struct parts_bench *bench = parts_open(&(struct parts_config){ .latency = LATENCY });
    const uint64_t      begun = bench->cycle;
    for (unsigned i = 0; i < BURSTS; i++) {
        (void)manager_read(&bench->a, PARTS_HOST + i * BEATS * PARTS_BYTES, BEATS);
        (void)manager_read(&bench->b, PARTS_DEVICE + i * BEATS * PARTS_BYTES, BEATS);
    }
    wait_both(bench);
    assert_true(bench->cycle - begun <= BURSTS * BEATS + LATENCY + 8);
    parts_clean(bench);
}

static void two_managers_share_one_memory_fairly(void **state)
{
    (void)state;
    enum { BURSTS = 64, BEATS = 8, LATENCY = 13 };
    struct parts_bench *bench = parts_open(&(struct parts_config){ .latency = LATENCY });
    const uint64_t      begun = bench->cycle;
    for (unsigned i = 0; i < BURSTS; i++) {
        (void)manager_read(&bench->a, PARTS_HOST + i * BEATS * PARTS_BYTES, BEATS);
        (void)manager_read(&bench->b, PARTS_HOST + i * BEATS * PARTS_BYTES, BEATS);
    }
    parts_wait(bench, &bench->a);
    const uint64_t first = bench->cycle;
    parts_wait(bench, &bench->b);
    assert_true(bench->cycle - begun <= 2 * BURSTS * BEATS + LATENCY + 8);
    assert_true(bench->cycle - first <= 2 * BEATS);
    parts_clean(bench);
}

// Reads that alternate between a quick and a slow memory: the slow one's latency is paid once, not each time.
static void a_manager_asks_one_memory_while_the_other_has_not_answered(void **state)
{
    (void)state;
    enum { BURSTS = 32, BEATS = 4, SLOW = 100 };
    struct parts_bench *bench = parts_open(&(struct parts_config){ .latency = 5 });
    memory_set_latency(bench->x_device, SLOW, 0);
    memory_fill_random(bench->x_host, PARTS_HOST, 0x4000, 1);
    memory_fill_random(bench->x_device, PARTS_DEVICE, 0x4000, 2);
    const uint64_t begun = bench->cycle;
    for (unsigned i = 0; i < BURSTS; i++)
        (void)manager_read(&bench->b, (i % 2 ? PARTS_HOST : PARTS_DEVICE) + i * BEATS * PARTS_BYTES, BEATS);
    parts_wait(bench, &bench->b);
    assert_true(bench->cycle - begun <= BURSTS * BEATS + SLOW + 8);
    check_reads(bench, &bench->b);
    parts_clean(bench);
}

static void an_address_in_neither_memory_is_a_decode_error_in_its_turn(void **state)
{
    (void)state;
    struct parts_bench *bench = parts_open(&(struct parts_config){ .latency = 13 });
    const unsigned before = manager_read(&bench->b, PARTS_HOST, 4), wrong = manager_read(&bench->b, NOWHERE, 5);
    const unsigned behind = manager_read(&bench->b, PARTS_DEVICE, 4), lost = manager_write(&bench->b, 0x3ffffff8u, 1, 1, ALL);
    parts_wait(bench, &bench->b);
    assert_int_equal(bench->b.ops[before].resp, BUS_OKAY);
    assert_int_equal(bench->b.ops[wrong].resp, BUS_DECERR);
    assert_int_equal(bench->b.ops[behind].resp, BUS_OKAY);
    assert_int_equal(bench->b.ops[lost].resp, BUS_DECERR);
    parts_clean(bench);
}

static void errors_of_the_memories_reach_who_asked(void **state)
{
    (void)state;
    struct parts_bench *bench = parts_open(&(struct parts_config){ .latency = 13 });
    struct memory_fault fault = { .direction = MEMORY_READ, .first = PARTS_HOST + 64, .last = PARTS_HOST + 71, .count = 1,
                                  .resp = BUS_SLVERR, .beat = 0 };
    memory_fault_add(bench->x_host, &fault);
    const unsigned good = manager_read(&bench->a, PARTS_HOST, 2), bad = manager_read(&bench->b, PARTS_HOST + 64, 2);
    wait_both(bench);
    assert_int_equal(bench->a.ops[good].resp, BUS_OKAY);
    assert_int_equal(bench->b.ops[bad].resp, BUS_SLVERR);
    parts_clean(bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PARTS_TEST(random_traffic_of_both_managers_arrives_in_order),
        PARTS_TEST(the_same_with_stalls_on_every_channel),
        PARTS_TEST(one_manager_gets_a_beat_a_cycle_each_way),
        PARTS_TEST(two_managers_on_two_memories_do_not_meet),
        PARTS_TEST(two_managers_share_one_memory_fairly),
        PARTS_TEST(a_manager_asks_one_memory_while_the_other_has_not_answered),
        PARTS_TEST(an_address_in_neither_memory_is_a_decode_error_in_its_turn),
        PARTS_TEST(errors_of_the_memories_reach_who_asked),
    };
    return cmocka_run_group_tests_name("crossbar", tests, NULL, NULL);
}
