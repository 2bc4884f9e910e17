/* SPDX-License-Identifier: Apache-2.0 */
/* Options of a channel, the watchdog, counters, labels of packets, addresses above 4 GiB. */
#include "dray_fixture.h"

static void assert_options(uint32_t priority, uint32_t budget, uint32_t coalesce, uint32_t attributes)
{
    const uint32_t *options = fake.channels[1].options;
    assert_int_equal(options[0], priority);
    assert_int_equal(options[1], budget);
    assert_int_equal(options[2], coalesce);
    assert_int_equal(options[3], attributes);
}

static enum dray_status open_with(const struct dray_channel_options *options)
{
    struct dray_ring ring = ring_of(SLOTS);
    (void)dray_channel_close(&channel, 10);
    return dray_channel_open_with(&channel, &engine, 1, &ring, options);
}

static void HW_16_options_reach_their_registers(void **state)
{
    (void)state;
    struct dray_channel_options options = { .priority = 5, .bursts_max = 63, .budget_slots = 700, .irq_count = 20, .irq_clocks = 65,
                                            .attributes = DRAY_ATTRIBUTES(2, 15, 9) };
    assert_int_equal(open_with(&options), DRAY_OK);
    assert_options(0x3f05, 700, 2u << 16 | 20u, 0x9f2); /* 65 clocks are two units */
    options = (struct dray_channel_options){ .attributes = DRAY_ATTRIBUTES(0, 0, 0), .irq_count = 255, .irq_clocks = 4194240 };
    assert_int_equal(open_with(&options), DRAY_OK);
    assert_options(0, 0, 0xffff00ff, 0);
    struct dray_ring ring = ring_of(SLOTS);
    assert_int_equal(dray_channel_close(&channel, 10), DRAY_OK);
    assert_int_equal(dray_channel_open(&channel, &engine, 1, &ring), DRAY_OK); /* none are left over */
    assert_options(0, 0, 0, 0x30);
}

static void HW_01_options_out_of_range_or_not_built_change_nothing(void **state)
{
    (void)state;
    const struct dray_channel_options bad[] = {
        { .priority = 8 },     { .bursts_max = 64 }, { .irq_count = 1, .irq_clocks = 64 },        { .irq_count = 2 },
        { .irq_clocks = 64 },  { .irq_count = 2, .irq_clocks = 4194241 }, { .attributes = 0x30 }, { .attributes = 0x9000 },
        { .attributes = 0x8008 }, { .budget_slots = 1 },
    };
    const struct dray_channel_options absent[] = {
        { .priority = 1 }, { .bursts_max = 1 }, { .irq_count = 2, .irq_clocks = 64 }, { .attributes = DRAY_ATTRIBUTES(0, 0, 0) }, { .budget_slots = 2 },
    };
    struct dray_channel other = { .number = 9 };
    struct dray_ring ring = ring_of(SLOTS);
    assert_int_equal(dray_channel_close(&channel, 10), DRAY_OK);
    memset(ring.slots, 0x11, 16);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(dray_channel_open_with(&other, &engine, 1, &ring, &bad[i]), DRAY_ERR_ARGUMENT);
    }
    assert_int_equal(ring.slots[0].control, 0x11111111);
    assert_options(0, 0, 0, 0);
    begin_with(&(struct fake_config){ .absent = DRAY_FEATURES_PRIORITY_MASK | DRAY_FEATURES_BUDGET_MASK | DRAY_FEATURES_COALESCE_MASK
                                                | DRAY_FEATURES_ATTRIBUTES_MASK });
    for (size_t i = 0; i < sizeof absent / sizeof absent[0]; i++) {
        assert_int_equal(dray_channel_open_with(&other, &engine, 1, &ring, &absent[i]), DRAY_ERR_ABSENT);
    }
    assert_int_equal(other.number, 9);
    const struct dray_channel_options same = { .attributes = DRAY_ATTRIBUTES(0, 3, 0) }; /* what such a build does anyway */
    assert_int_equal(dray_channel_open_with(&other, &engine, 1, &ring, &same), DRAY_OK);
    ring.spare = false;
    begin(NULL);
    assert_int_equal(dray_channel_open_with(&other, &engine, 1, &ring, &(struct dray_channel_options){ .budget_slots = 1 }), DRAY_OK);
}

static void HW_01_the_watchdog_is_set_in_clocks_and_off_at_first(void **state)
{
    (void)state;
    assert_int_equal(dray_watchdog(&engine, 257), DRAY_OK);
    assert_int_equal(fake.watchdog, 2);
    assert_int_equal(dray_watchdog(&engine, 16776961), DRAY_ERR_ARGUMENT);
    assert_int_equal(fake.watchdog, 2);
    assert_int_equal(dray_watchdog(&engine, 16776960), DRAY_OK);
    assert_int_equal(fake.watchdog, 0xffff);
    assert_int_equal(dray_init(&engine, SOC_ENGINE), DRAY_OK);
    assert_int_equal(fake.watchdog, 0);
    begin_with(&(struct fake_config){ .absent = DRAY_FEATURES_WATCHDOG_MASK });
    assert_int_equal(dray_watchdog(&engine, 256), DRAY_ERR_ABSENT);
    assert_int_equal(dray_watchdog(&engine, 0), DRAY_OK);
}

static void HW_13_counters_are_read_whole_behind_a_snapshot(void **state)
{
    (void)state;
    struct dray_counters counters;
    for (unsigned i = 0; i < 5; i++) fake.channels[0].counters[i] = UINT64_C(0x123456789abc) + i;
    assert_int_equal(dray_counters_read(&channel, &counters), DRAY_OK);
    assert_true(counters.bytes == UINT64_C(0x123456789abc));
    assert_true(counters.bursts == counters.bytes + 1u && counters.busy_clocks == counters.bytes + 2u);
    assert_true(counters.stall_clocks == counters.bytes + 3u && counters.faults == counters.bytes + 4u);
    assert_int_equal(fake.channels[0].pending, 0); /* it was waited for */
    assert_true(fake.channels[0].counters[0] == counters.bytes);
}

static void HW_13_what_is_taken_is_not_counted_again(void **state)
{
    (void)state;
    struct dray_counters counters;
    fake.channels[0].counters[0] = 500;
    assert_int_equal(dray_counters_take(&channel, &counters), DRAY_OK);
    assert_int_equal(counters.bytes, 500);
    fake.channels[0].counters[0] += 7;
    assert_int_equal(dray_counters_take(&channel, &counters), DRAY_OK);
    assert_int_equal(counters.bytes, 7);
    assert_int_equal(fake.channels[0].counters[0], 0);
}

static void HW_13_counters_that_do_not_come_are_a_status(void **state)
{
    (void)state;
    struct dray_counters counters = { .bytes = 99 };
    fake.endless = true;
    assert_int_equal(dray_counters_read(&channel, &counters), DRAY_BUSY);
    fake.gone = true;
    assert_int_equal(dray_counters_read(&channel, &counters), DRAY_ERR_GONE);
    begin_with(&(struct fake_config){ .absent = DRAY_FEATURES_COUNTERS_MASK });
    assert_int_equal(dray_counters_take(&channel, &counters), DRAY_ERR_ABSENT);
    assert_int_equal(counters.bytes, 99);
}

static void HW_01_packets_bear_labels_where_there_is_a_stream(void **state)
{
    (void)state;
    uint8_t tid = 1, tdest = 2;
    assert_int_equal(dray_stream_label(&channel, 0xab, 0xcd), DRAY_OK);
    assert_int_equal(fake.channels[0].label, 0xcdab);
    assert_int_equal(dray_stream_seen(&channel, &tid, &tdest), DRAY_ERR_ABSENT); /* of channel 1 only */
    assert_int_equal(tid, 1);
    begin_with_options(&(struct fake_config){ 0 }, 1, &(struct dray_channel_options){ 0 });
    fake.channels[1].seen = 0x3412;
    assert_int_equal(dray_stream_seen(&channel, &tid, &tdest), DRAY_OK);
    assert_int_equal(tid, 0x12);
    assert_int_equal(tdest, 0x34);
    fake.gone = true;
    assert_int_equal(dray_stream_seen(&channel, &tid, &tdest), DRAY_ERR_GONE);
    assert_int_equal(tid, 0x12);
    begin_with(&(struct fake_config){ .no_streams = true });
    assert_int_equal(dray_stream_label(&channel, 1, 1), DRAY_ERR_ABSENT);
}

static void HW_02_a_ring_may_stand_above_4_gib(void **state)
{
    (void)state;
    begin_with(&(struct fake_config){ .addr_bits = 40 });
    struct dray_ring ring = { cache_uncached(RING_BUS), UINT64_C(0xf300000000) + RING_BUS, SLOTS, false };
    struct dray_failure failure;
    struct dray_channel high;
    assert_int_equal(dray_channel_open(&high, &engine, 1, &ring), DRAY_OK);
    assert_int_equal(fake.channels[1].ring_base_high, 0xf3);
    fake.channels[1].high = 0x55;
    fake_fail(0, DRAY_CAUSE_DESC_SLVERR, 0);
    struct dray_job copy = dray_copy(SOURCE_BUS, TARGET_BUS, 4);
    assert_int_equal(dray_submit(&high, &copy, 1), DRAY_OK);
    assert_int_equal(dray_failure(&high, &failure), DRAY_OK);
    assert_true(failure.failed_bus == (UINT64_C(0x5500000000) | RING_BUS) && failure.next_bus >> 32 == 0x56);
    ring.spare = true; /* a link leads there, with 32 bits */
    assert_int_equal(dray_channel_open(&high, &engine, 1, &ring), DRAY_ERR_ARGUMENT);
    ring = (struct dray_ring){ cache_uncached(RING_BUS), UINT64_C(0x10000000000) + RING_BUS, SLOTS, false };
    assert_int_equal(dray_channel_open(&high, &engine, 1, &ring), DRAY_ERR_ARGUMENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        dray_test(HW_16_options_reach_their_registers),
        dray_test(HW_01_options_out_of_range_or_not_built_change_nothing),
        dray_test(HW_01_the_watchdog_is_set_in_clocks_and_off_at_first),
        dray_test(HW_13_counters_are_read_whole_behind_a_snapshot),
        dray_test(HW_13_what_is_taken_is_not_counted_again),
        dray_test(HW_13_counters_that_do_not_come_are_a_status),
        dray_test(HW_01_packets_bear_labels_where_there_is_a_stream),
        dray_test(HW_02_a_ring_may_stand_above_4_gib),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
