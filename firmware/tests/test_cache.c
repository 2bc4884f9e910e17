/* SPDX-License-Identifier: Apache-2.0 */
/* The modelled caches of a host build: a missing call shows old bytes, and the right calls show the right ones. */
#include "fixture.h"

#include "mmio.h"

static uint32_t bus;
static uint8_t *cpu;    /* cached */
static uint8_t *engine; /* memory behind everything */

static int begin(void **state)
{
    fixture_begin(state);
    bus = memory_common_take(64, UINT32_MAX);
    cpu = cache_cpu(bus);
    engine = host_memory(bus, 64);
    cache_drain();
    return 0;
}

static int end(void **state)
{
    (void)memory_common_give(bus, 64);
    return fixture_end(state);
}

static void STA_07_without_a_drain_the_engine_reads_old_bytes(void **state)
{
    (void)state;
    cpu[5] = 0x55;
    assert_int_equal(engine[5], 0);
    cache_drain();
    assert_int_equal(engine[5], 0x55);
}

static void STA_07_a_late_eviction_overwrites_what_the_engine_wrote_unless_drained_before(void **state)
{
    (void)state;
    cpu[1] = 0x11;
    engine[1] = 0x99;
    host_cache_evict(bus);
    assert_int_equal(engine[1], 0x11);

    cpu[2] = 0x22;
    cache_drain();
    engine[2] = 0x99;
    host_cache_evict(bus);
    assert_int_equal(engine[2], 0x99);
}

static void CPL_01_without_an_invalidate_the_cpu_reads_old_bytes(void **state)
{
    (void)state;
    engine[7] = 0x77;
    assert_int_equal(cpu[7], 0);
    cache_drain();
    assert_int_equal(cpu[7], 0);
    cache_invalidate();
    assert_int_equal(cpu[7], 0x77);
}

static void STA_07_an_invalidate_loses_no_store_of_the_cpu_in_the_same_line(void **state)
{
    (void)state;
    cpu[3] = 0x33;
    engine[4] = 0x44;
    cache_invalidate();
    assert_int_equal(cpu[3], 0x33);
    assert_int_equal(cpu[4], 0x44);
    assert_int_equal(engine[3], 0x33);
}

static void EXE_05_publish_brings_descriptors_to_memory(void **state)
{
    (void)state;
    cpu[8] = 0x88;
    mmio_publish();
    assert_int_equal(engine[8], 0x88);
    assert_int_equal(host_accesses().publishes, 1);
}

static void the_uncached_alias_is_memory_itself(void **state)
{
    (void)state;
    uint8_t *alias = cache_uncached(bus);
    alias[9] = 0x99;
    assert_int_equal(engine[9], 0x99);
    assert_int_equal(cpu[9], 0);
    assert_ptr_equal(alias, engine);
}

static void addresses_go_there_and_back(void **state)
{
    (void)state;
    assert_int_equal(cache_bus(cpu + 13), bus + 13);
    assert_int_equal(cache_bus(cache_uncached(bus + 13)), bus + 13);
    assert_int_equal(cache_bus(&bus), 0);
    assert_int_equal(cache_bus(NULL), 0);
    assert_null(cache_cpu(SOC_BUS_HOST - 1u));
    assert_null(cache_cpu(SOC_BUS_DEVICE + SOC_BUS_DEVICE_BYTES));
    assert_ptr_equal(cache_cpu(SOC_BUS_DEVICE), host_memory(SOC_BUS_DEVICE, 1));
    assert_null(host_memory(SOC_BUS_DEVICE + SOC_BUS_DEVICE_BYTES - 1u, 2));
}

static bool after_three(void *context)
{
    unsigned *asked = context;
    return ++*asked >= 3u;
}

static bool never(void *context)
{
    (void)context;
    return false;
}

static void CPL_04_a_posted_flush_ends_or_times_out(void **state)
{
    (void)state;
    unsigned asked = 0;
    assert_int_equal(cache_posted_flush(100), CACHE_OK);
    host_on_posted_flush(after_three, &asked);
    assert_int_equal(cache_posted_flush(100), CACHE_OK);
    assert_int_equal(asked, 3);
    host_on_posted_flush(never, NULL);
    uint32_t begin_cycle = clock_cycles();
    assert_int_equal(cache_posted_flush(100), CACHE_TIMEOUT);
    assert_true(clock_cycles() - begin_cycle >= 100u);
    assert_int_equal(cache_counts().timeouts, 1);
    assert_int_equal(cache_counts().flushes, 3);
}

static void bypassed_there_is_nothing_old(void **state)
{
    (void)state;
    host_cache_bypass(true);
    uint8_t *at = cache_cpu(bus);
    at[1] = 1;
    assert_int_equal(engine[1], 1);
    engine[2] = 2;
    assert_int_equal(at[2], 2);
}

#define test(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        test(STA_07_without_a_drain_the_engine_reads_old_bytes),
        test(STA_07_a_late_eviction_overwrites_what_the_engine_wrote_unless_drained_before),
        test(CPL_01_without_an_invalidate_the_cpu_reads_old_bytes),
        test(STA_07_an_invalidate_loses_no_store_of_the_cpu_in_the_same_line),
        test(EXE_05_publish_brings_descriptors_to_memory),
        test(the_uncached_alias_is_memory_itself),
        test(addresses_go_there_and_back),
        test(CPL_04_a_posted_flush_ends_or_times_out),
        test(bypassed_there_is_nothing_old),
    };
    return cmocka_run_group_tests_name("cache", tests, NULL, NULL);
}
