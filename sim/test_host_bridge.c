// SPDX-License-Identifier: Apache-2.0
//
// The host bridge: a cache the core does not know of.
#include "parts_bench.h"

#include <string.h>

enum { LINE = 32, LINES = 8 };

static uint32_t line(unsigned number) { return PARTS_HOST + 0x400u + LINE * number; }

static void a_store_is_held_until_drain(void **state)
{
    (void)state;
    struct parts_bench *bench = parts_open(&(struct parts_config){ .latency = 13 });
    parts_store(bench, PARTS_VIA_HOST, line(0), 4, 0x12345678);
    parts_ticks(bench, 500);
    assert_int_equal(memory_word(bench->host, line(0)), 0);
    assert_int_equal(parts_load(bench, PARTS_VIA_HOST, line(0)), 0x12345678);
    parts_drain(bench);
    assert_int_equal(memory_word(bench->host, line(0)), 0x12345678);
    parts_clean(bench);
}

static void a_store_reads_no_memory_and_a_load_reads_the_line_once(void **state)
{
    (void)state;
    struct parts_bench *bench = parts_open(&(struct parts_config){ .latency = 13 });
    memory_fill_random(bench->host, line(0), LINE, 7);
    parts_store(bench, PARTS_VIA_HOST, line(0) + 4, 4, 0xabcd);
    assert_true(memory_counts(bench->host)->ar == 0);
    for (unsigned i = 0; i < LINE; i += 4)
        assert_int_equal(parts_load(bench, PARTS_VIA_HOST, line(0) + i), i == 4 ? 0xabcdu : memory_word(bench->host, line(0) + i));
    assert_true(memory_counts(bench->host)->ar == 1);
    assert_true(memory_counts(bench->host)->r == LINE / PARTS_BYTES);
    parts_clean(bench);
}

static void hits_are_answered_in_their_cycle(void **state)
{
    (void)state;
    struct parts_bench *bench = parts_open(&(struct parts_config){ .latency = 13 });
    (void)parts_load(bench, PARTS_VIA_HOST, line(0));
    const uint64_t before = bench->cycle;
    for (unsigned i = 0; i < LINE; i += 4) (void)parts_load(bench, PARTS_VIA_HOST, line(0) + i);
    assert_true(bench->cycle - before == LINE / 4);
    parts_clean(bench);
}

static void the_oldest_of_eight_lines_goes_first(void **state)
{
    (void)state;
    struct parts_bench *bench = parts_open(&(struct parts_config){ .latency = 13 });
    for (unsigned i = 0; i < LINES; i++) parts_store(bench, PARTS_VIA_HOST, line(i), 4, i + 1);
    (void)parts_load(bench, PARTS_VIA_HOST, line(0)); // used again, and still the oldest
    parts_ticks(bench, 200);
    for (unsigned i = 0; i < LINES; i++) assert_int_equal(memory_word(bench->host, line(i)), 0);
    for (unsigned n = 0; n < LINES; n++) {
        parts_store(bench, PARTS_VIA_HOST, line(LINES + n), 4, 100 + n);
        parts_ticks(bench, 100);
        for (unsigned i = 0; i < LINES; i++) assert_int_equal(memory_word(bench->host, line(i)), i <= n ? i + 1 : 0);
    }
    parts_clean(bench);
}

static void only_dirty_bytes_are_written_back(void **state)
{
    (void)state;
    struct parts_bench *bench = parts_open(&(struct parts_config){ .latency = 13 });
    memory_fill_random(bench->host, line(0), LINE, 3);
    (void)parts_load(bench, PARTS_VIA_HOST, line(0));
    parts_store(bench, PARTS_VIA_HOST, line(0) + 9, 1, 0x5a);
    parts_store(bench, PARTS_VIA_HOST, line(0) + 22, 2, 0xbeef);
    memory_fill_random(bench->host, line(0), LINE, 4); // the engine wrote behind the bridge
    uint8_t should[LINE];
    memcpy(should, memory_at(bench->host, line(0), LINE), LINE);
    should[9]  = 0x5a;
    should[22] = 0xef;
    should[23] = 0xbe;
    parts_drain(bench);
    assert_memory_equal(memory_at(bench->host, line(0), LINE), should, LINE);
    parts_clean(bench);
}

static void a_clean_line_is_not_written_back(void **state)
{
    (void)state;
    struct parts_bench *bench = parts_open(&(struct parts_config){ .latency = 13 });
    for (unsigned i = 0; i < 3 * LINES; i++) (void)parts_load(bench, PARTS_VIA_HOST, line(i));
    parts_drain(bench);
    assert_true(memory_counts(bench->host)->aw == 0);
    parts_clean(bench);
}

static void drain_writes_every_line_and_leaves_none(void **state)
{
    (void)state;
    struct parts_bench *bench = parts_open(&(struct parts_config){ .latency = 13 });
    for (unsigned i = 0; i < LINES; i++) parts_store(bench, PARTS_VIA_HOST, line(i) + 4 * i, 4, 0x1000 + i);
    parts_drain(bench);
    for (unsigned i = 0; i < LINES; i++) {
        assert_int_equal(memory_word(bench->host, line(i) + 4 * i), 0x1000 + i);
        memory_set_word(bench->host, line(i), 0x2000 + i);
    }
    for (unsigned i = LINES; i-- > 1;) assert_int_equal(parts_load(bench, PARTS_VIA_HOST, line(i)), 0x2000 + i);
    parts_clean(bench);
}

static void what_is_read_stays_old_until_drain(void **state)
{
    (void)state;
    struct parts_bench *bench = parts_open(&(struct parts_config){ .latency = 13 });
    memory_set_word(bench->host, line(0), 1);
    assert_int_equal(parts_load(bench, PARTS_VIA_HOST, line(0)), 1);
    memory_set_word(bench->host, line(0), 2);
    assert_int_equal(parts_load(bench, PARTS_VIA_HOST, line(0)), 1);
    parts_drain(bench);
    assert_int_equal(parts_load(bench, PARTS_VIA_HOST, line(0)), 2);
    parts_clean(bench);
}

// Against a flat image: what the core reads is what it wrote, whatever was sent out and brought back between.
static void random_accesses(struct parts_config config)
{
    enum { SPAN = 32 * LINE, STEPS = 4000 };
    struct parts_bench *bench = parts_open(&config);
    const uint64_t      seed  = bench->seed;
    static uint8_t      image[SPAN];
    memory_fill_random(bench->host, line(0), SPAN, 11);
    memcpy(image, memory_at(bench->host, line(0), SPAN), SPAN);
    for (unsigned step = 0; step < STEPS; step++) {
        const uint64_t r      = parts_random(bench);
        const unsigned bytes  = 1u << (r % 3);
        const unsigned offset = (unsigned)(r >> 8) % SPAN & ~(bytes - 1u);
        const uint32_t value  = (uint32_t)(r >> 32);
        switch ((r >> 3) % 16) {
        case 0:
            if (r >> 60 == 0) parts_drain(bench);
            break;
        case 1: case 2: case 3: case 4: case 5: case 6: case 7: {
            uint32_t should;
            memcpy(&should, image + (offset & ~3u), 4);
            const uint32_t is = parts_load(bench, PARTS_VIA_HOST, line(0) + (offset & ~3u));
            if (is != should) fail_msg("seed %llu step %u: 0x%x is %08x, not %08x", (unsigned long long)seed, step, offset,
                                       (unsigned)is, (unsigned)should);
            break;
        }
        default:
            parts_store(bench, PARTS_VIA_HOST, line(0) + offset, bytes, value);
            memcpy(image + offset, &value, bytes);
            break;
        }
    }
    parts_drain(bench);
    assert_memory_equal(memory_at(bench->host, line(0), SPAN), image, SPAN);
    assert_int_equal(bench->errors, 0);
    parts_clean(bench);
}

static void random_accesses_of_all_widths_read_back(void **state)
{
    (void)state;
    random_accesses((struct parts_config){ .latency = 1 });
    random_accesses((struct parts_config){ .latency = 13 });
}

static void random_accesses_read_back_from_a_memory_that_stalls(void **state)
{
    (void)state;
    random_accesses((struct parts_config){ .latency = 30, .spread = 60, .stalls = { 128, 128, 128, 128, 128 } });
}

static void bus_errors_are_told(void **state)
{
    (void)state;
    struct parts_bench *bench = parts_open(&(struct parts_config){ .latency = 13 });
    struct memory_fault fault = { .direction = MEMORY_WRITE, .first = line(0), .last = line(0), .count = 1, .resp = BUS_SLVERR,
                                  .beat = MEMORY_ALL_BEATS };
    memory_fault_add(bench->host, &fault);
    parts_store(bench, PARTS_VIA_HOST, line(0), 4, 1);
    assert_int_equal(bench->errors, 0);
    parts_drain(bench);
    assert_int_equal(bench->errors, PARTS_HOST_WRITE);
    fault.direction = MEMORY_READ;
    fault.resp      = BUS_DECERR;
    memory_fault_add(bench->host, &fault);
    (void)parts_load(bench, PARTS_VIA_HOST, line(0));
    assert_int_equal(bench->errors, PARTS_HOST_WRITE | PARTS_HOST_READ);
    parts_clean(bench);
}

static void the_alias_goes_round_it(void **state)
{
    (void)state;
    struct parts_bench *bench = parts_open(&(struct parts_config){ .latency = 13 });
    parts_store(bench, PARTS_VIA_HOST, line(0), 4, 1);
    assert_int_equal(parts_load(bench, PARTS_VIA_ALIAS, line(0)), 0);
    parts_store(bench, PARTS_VIA_ALIAS, line(0) + 6, 2, 0x7777);
    assert_int_equal(memory_word(bench->host, line(0) + 4), 0x77770000);
    parts_store(bench, PARTS_VIA_ALIAS, PARTS_DEVICE + 0x100, 4, 0x1234);
    assert_int_equal(memory_word(bench->device, PARTS_DEVICE + 0x100), 0x1234);
    assert_int_equal(parts_load(bench, PARTS_VIA_ALIAS, PARTS_DEVICE + 0x100), 0x1234);
    parts_clean(bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PARTS_TEST(a_store_is_held_until_drain),
        PARTS_TEST(a_store_reads_no_memory_and_a_load_reads_the_line_once),
        PARTS_TEST(hits_are_answered_in_their_cycle),
        PARTS_TEST(the_oldest_of_eight_lines_goes_first),
        PARTS_TEST(only_dirty_bytes_are_written_back),
        PARTS_TEST(a_clean_line_is_not_written_back),
        PARTS_TEST(drain_writes_every_line_and_leaves_none),
        PARTS_TEST(what_is_read_stays_old_until_drain),
        PARTS_TEST(random_accesses_of_all_widths_read_back),
        PARTS_TEST(random_accesses_read_back_from_a_memory_that_stalls),
        PARTS_TEST(bus_errors_are_told),
        PARTS_TEST(the_alias_goes_round_it),
    };
    return cmocka_run_group_tests_name("host bridge", tests, NULL, NULL);
}
