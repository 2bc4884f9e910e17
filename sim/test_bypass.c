// SPDX-License-Identifier: Apache-2.0
//
// With both bridges bypassed nothing is ever old, and nothing is answered before memory has it.
#include "parts_bench.h"

#include <string.h>

enum { BASE = PARTS_HOST + 0x400, ALL = 0xff };

static void a_store_is_in_memory_when_it_is_answered(void **state)
{
    (void)state;
    struct parts_bench *bench = parts_open(&(struct parts_config){ .latency = 13 });
    parts_store(bench, PARTS_VIA_HOST, BASE + 5, 1, 0x77);
    assert_int_equal(memory_word(bench->host, BASE + 4), 0x7700);
    memory_set_word(bench->host, BASE + 4, 5);
    assert_int_equal(parts_load(bench, PARTS_VIA_HOST, BASE + 4), 5);
    parts_clean(bench);
}

static void a_write_of_the_engine_is_in_memory_when_it_is_answered(void **state)
{
    (void)state;
    struct parts_bench *bench = parts_open(&(struct parts_config){ .latency = 40 });
    const uint64_t      begun = bench->cycle;
    const unsigned      n     = manager_write(&bench->engine, BASE, 8, 3, ALL);
    parts_wait(bench, &bench->engine);
    assert_true(bench->cycle - begun > 40);
    assert_memory_equal(memory_at(bench->host, BASE, 64), bench->engine.ops[n].data, 64);
    parts_clean(bench);
}

static void drain_and_flush_end_at_once(void **state)
{
    (void)state;
    struct parts_bench *bench = parts_open(&(struct parts_config){ .latency = 100 });
    const uint64_t      begun = bench->cycle;
    parts_drain(bench);
    parts_flush(bench);
    assert_true(bench->cycle - begun <= 4);
    parts_clean(bench);
}

static void both_ways_of_the_core_and_the_engine_agree_at_random(void **state)
{
    (void)state;
    enum { SPAN = 1024, STEPS = 1500 };
    struct parts_bench *bench = parts_open(&(struct parts_config){ .latency = 5, .spread = 20, .stalls = { 60, 60, 60, 60, 60 } });
    const uint64_t      seed  = bench->seed;
    static uint8_t      image[SPAN];
    memory_fill_random(bench->host, BASE, SPAN, 1);
    memcpy(image, memory_at(bench->host, BASE, SPAN), SPAN);
    for (unsigned step = 0; step < STEPS; step++) {
        const uint64_t       r      = parts_random(bench);
        const enum parts_way way    = r % 2 ? PARTS_VIA_HOST : PARTS_VIA_ALIAS;
        const unsigned       bytes  = 1u << (r >> 1) % 3;
        const unsigned       offset = (unsigned)(r >> 8) % SPAN & ~(bytes - 1u);
        const uint32_t       value  = (uint32_t)(r >> 32);
        uint32_t             should;
        memcpy(&should, image + (offset & ~3u), 4);
        switch ((r >> 4) % 4) {
        case 0: {
            const unsigned n = manager_write(&bench->engine, BASE + (offset & ~7u), 1, r, ALL);
            parts_wait(bench, &bench->engine);
            memcpy(image + (offset & ~7u), bench->engine.ops[n].data, 8);
            break;
        }
        case 1:
            parts_store(bench, way, BASE + offset, bytes, value);
            memcpy(image + offset, &value, bytes);
            break;
        default: {
            const uint32_t is = parts_load(bench, way, BASE + (offset & ~3u));
            if (is != should) fail_msg("seed %llu step %u: %08x, not %08x", (unsigned long long)seed, step, (unsigned)is, (unsigned)should);
            break;
        }
        }
    }
    assert_memory_equal(memory_at(bench->host, BASE, SPAN), image, SPAN);
    parts_clean(bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PARTS_TEST(a_store_is_in_memory_when_it_is_answered),
        PARTS_TEST(a_write_of_the_engine_is_in_memory_when_it_is_answered),
        PARTS_TEST(drain_and_flush_end_at_once),
        PARTS_TEST(both_ways_of_the_core_and_the_engine_agree_at_random),
    };
    return cmocka_run_group_tests_name("bypass", tests, NULL, NULL);
}
