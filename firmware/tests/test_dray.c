/* SPDX-License-Identifier: Apache-2.0 */
/* The native driver, alone: rings in plain host memory, every frame open. */
#include "dray_fixture.h"

static void HW_01_init_reads_what_the_engine_is(void **state)
{
    (void)state;
    assert_int_equal(engine.channels, FAKE_CHANNELS);
    assert_int_equal(engine.data_bytes, 8);
    assert_int_equal(engine.addr_bits, 32);
    assert_int_equal(engine.bound_bytes, 4096);
    assert_true(dray_has(&engine, DRAY_HAS_BYTES | DRAY_HAS_GATE | DRAY_HAS_FILL | DRAY_HAS_COUNTERS));
    assert_int_equal(engine.stream_out, 3);
    assert_int_equal(engine.stream_in, 2);
    begin_with(&(struct fake_config){ .absent = DRAY_FEATURES_FILL_MASK, .no_streams = true });
    assert_false(dray_has(&engine, DRAY_HAS_FILL | DRAY_HAS_COUNTERS));
    assert_true(dray_has(&engine, DRAY_HAS_COUNTERS));
    assert_int_equal(engine.stream_out | engine.stream_in, 0);
}

static void HW_01_init_refuses_an_empty_slot_and_a_device_that_is_gone(void **state)
{
    (void)state;
    struct dray other = { .channels = 77 };
    assert_int_equal(dray_init(&other, SOC_REGISTERS + 0x8000u), DRAY_ERR_ABSENT);
    assert_int_equal(dray_init(&other, SOC_ENGINE + 1u), DRAY_ERR_ARGUMENT);
    fake.gone = true;
    assert_int_equal(dray_init(&other, SOC_ENGINE), DRAY_ERR_GONE);
    assert_int_equal(other.channels, 77);
}

static void CMB_07_a_ring_that_is_not_aligned_to_its_size_is_refused(void **state)
{
    (void)state;
    struct dray_channel other = { .number = 9 };
    const struct dray_ring bad[] = {
        { cache_uncached(RING_BUS), RING_BUS + 16u, 8, false }, { cache_uncached(RING_BUS), RING_BUS, 6, false },
        { cache_uncached(RING_BUS), RING_BUS, 0, false },       { NULL, RING_BUS, 8, false },
        { cache_uncached(RING_BUS), RING_BUS, 65536, false },   { cache_uncached(RING_BUS), UINT64_C(1) << 32, 8, false },
        { cache_uncached(RING_BUS), 0xffffff80u, 8, true },
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(dray_channel_open(&other, &engine, 1, &bad[i]), DRAY_ERR_ARGUMENT);
        assert_int_equal(other.number, 9);
    }
    struct dray_ring good = ring_of(8);
    assert_int_equal(dray_channel_open(&other, &engine, 2, &good), DRAY_ERR_ARGUMENT);
}

static void a_channel_that_runs_or_is_gone_is_not_opened(void **state)
{
    (void)state;
    struct dray_channel other = { .number = 9 };
    struct dray_ring ring = ring_of(SLOTS);
    memset(ring.slots, 0x33, 16);
    assert_int_equal(dray_channel_open(&other, &engine, 0, &ring), DRAY_ERR_STATE);
    fake.gone = true;
    assert_int_equal(dray_channel_open(&other, &engine, 1, &ring), DRAY_ERR_GONE);
    assert_int_equal(other.number, 9);
    assert_int_equal(ring.slots[0].source, 0x33333333);
}

static void EXE_05_a_batch_is_one_publish_and_one_doorbell(void **state)
{
    (void)state;
    struct dray_job jobs[3] = { job(0, 100, 0), job(100, 1, 0), job(101, 300, DRAY_IRQ) };
    unsigned published = fake.published;
    assert_int_equal(dray_submit(&channel, jobs, 3), DRAY_OK);
    assert_int_equal(fake.doorbells, 1);
    assert_int_equal(fake.published, published + 1u);
    assert_moved(0, 401);
    assert_int_equal(dray_consumed(&channel), 3);
}

static void EXE_05_nothing_is_rung_for_nothing(void **state)
{
    (void)state;
    dray_ring(&channel);
    assert_int_equal(fake.doorbells, 0);
    struct dray_job one = job(0, 4, 0);
    assert_int_equal(dray_prepare(&channel, &one), DRAY_OK);
    dray_discard(&channel);
    dray_ring(&channel);
    assert_int_equal(fake.doorbells, 0);
    assert_int_equal(dray_free_slots(&channel), SLOTS);
}

static void HW_10_bad_jobs_are_refused_and_change_nothing(void **state)
{
    (void)state;
    const struct dray_job bad[] = {
        { .source = SOURCE_BUS, .destination = TARGET_BUS, .length_bytes = 0 },
        { .source = 0, .destination = 0, .length_bytes = 0 },
        { .source = SOURCE_BUS, .destination = TARGET_BUS, .length_bytes = 4, .flags = 1u << 12 },
        { .source = SOURCE_BUS, .destination = TARGET_BUS, .length_bytes = 4, .tag = 4096 },
        { .source = UINT64_C(1) << 32, .destination = TARGET_BUS, .length_bytes = 4 },
        { .source = SOURCE_BUS, .destination = 0xfffffffeu, .length_bytes = 4 },
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct dray_job batch[2] = { job(0, 4, 0), bad[i] };
        assert_int_equal(dray_submit(&channel, batch, 2), DRAY_ERR_ARGUMENT);
        assert_int_equal(dray_free_slots(&channel), SLOTS);
    }
    assert_int_equal(fake.doorbells, 0);
}

static void HW_03_a_word_aligned_engine_is_given_whole_words_only(void **state)
{
    (void)state;
    begin_with(&(struct fake_config){ .word_aligned = true });
    struct dray_job odd[] = { job(1, 8, 0), job(0, 9, 0), dray_copy(SOURCE_BUS, TARGET_BUS + 4u, 8) };
    for (size_t i = 0; i < 3; i++) assert_int_equal(dray_submit(&channel, &odd[i], 1), DRAY_ERR_ARGUMENT);
    struct dray_job whole = job(8, 16, 0);
    assert_int_equal(dray_submit(&channel, &whole, 1), DRAY_OK);
}

static void EXE_05_a_full_ring_is_a_status_and_takes_nothing(void **state)
{
    (void)state;
    fake_slow(true);
    struct dray_job jobs[SLOTS];
    for (uint32_t i = 0; i < SLOTS; i++) jobs[i] = job(16u * i, 16, 0);
    assert_int_equal(dray_submit(&channel, jobs, SLOTS - 1u), DRAY_OK);
    assert_int_equal(dray_submit(&channel, jobs, 2), DRAY_ERR_FULL);
    assert_int_equal(dray_free_slots(&channel), 1);
    assert_int_equal(dray_submit(&channel, jobs, 1), DRAY_OK);
    assert_int_equal(dray_prepare(&channel, jobs), DRAY_ERR_FULL);
    fake_run(SLOTS);
    dray_retire_slots(&channel, dray_consumed(&channel));
    assert_int_equal(dray_free_slots(&channel), SLOTS);
}

static void HW_15_the_generation_is_right_for_ten_thousand_laps(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 10000u * SLOTS; i += 5u) {
        struct dray_job jobs[5];
        for (uint32_t k = 0; k < 5u; k++) jobs[k] = job((i + k) % 64u, 1, 0);
        assert_int_equal(dray_submit(&channel, jobs, 5), DRAY_OK);
        assert_int_equal(dray_consumed(&channel), 5); /* a stale descriptor would halt the channel */
        dray_retire_slots(&channel, 5);
    }
    assert_int_equal(dray_state(&channel), DRAY_RUNNING);
}

static void PRT_05_each_descriptor_retires_with_its_tag_and_bytes(void **state)
{
    (void)state;
    struct dray_result result;
    assert_int_equal(dray_retire(&channel, &result), DRAY_EMPTY);
    struct dray_job jobs[2] = { job(7, 100, 0), job(300, 50, DRAY_WRITE_BACK) };
    assert_int_equal(dray_submit(&channel, jobs, 2), DRAY_OK);
    for (unsigned i = 0; i < 2; i++) {
        assert_int_equal(dray_retire(&channel, &result), DRAY_OK);
        assert_int_equal(result.status, DRAY_OK);
        assert_int_equal(result.index, i);
        assert_int_equal(result.tag, jobs[i].tag);
        assert_int_equal(result.moved_bytes, jobs[i].length_bytes);
    }
    assert_int_equal(dray_retire(&channel, &result), DRAY_EMPTY);
}

static void a_segment_is_one_slot_of_the_ring(void **state)
{
    (void)state;
    struct dray_descriptor *segment = cache_uncached(RING_BUS + 0x1000u);
    for (unsigned lap = 0; lap < 3u * SLOTS; lap++) {
        struct dray_job jobs[4];
        for (uint32_t i = 0; i < 4u; i++) jobs[i] = job(lap + 10u * i, 10, i == 3u ? DRAY_IRQ : 0u);
        assert_int_equal(dray_prepare_segment(&channel, segment, RING_BUS + 0x1000u, jobs, 4), DRAY_OK);
        dray_ring(&channel);
        assert_int_equal(dray_consumed(&channel), 1);
        dray_retire_slots(&channel, 1);
        assert_moved(lap, 40);
    }
}

static void ERR_01_a_halt_tells_what_moved_and_resume_goes_on_behind_it(void **state)
{
    (void)state;
    fake_fail(1, DRAY_CAUSE_WRITE_DECERR, 33);
    struct dray_job jobs[3] = { job(0, 64, 0), job(64, 64, 0), job(128, 64, 0) };
    assert_int_equal(dray_submit(&channel, jobs, 3), DRAY_OK);

    struct dray_result result;
    assert_int_equal(dray_retire(&channel, &result), DRAY_OK);
    assert_int_equal(result.status, DRAY_OK);
    assert_int_equal(dray_retire(&channel, &result), DRAY_OK);
    assert_int_equal(result.status, DRAY_ERR_WRITE_DECERR);
    assert_int_equal(result.moved_bytes, 33);
    assert_int_equal(dray_retire(&channel, &result), DRAY_ERR_HALTED);

    struct dray_failure failure;
    assert_int_equal(dray_failure(&channel, &failure), DRAY_OK);
    assert_int_equal(failure.failed_index, 1);
    assert_int_equal(failure.next_index, 2);
    assert_int_equal(failure.failed_bus, RING_BUS + 16u);
    assert_int_equal(dray_resume(&channel), DRAY_OK);
    assert_int_equal(dray_retire(&channel, &result), DRAY_OK);
    assert_int_equal(result.index, 2);
    assert_int_equal(result.status, DRAY_OK);
}

static void ERR_01_drop_gives_the_ring_up_and_the_channel_runs_on(void **state)
{
    (void)state;
    assert_int_equal(dray_drop(&channel), DRAY_ERR_STATE);
    fake_fail(0, DRAY_CAUSE_READ_SLVERR, 0);
    struct dray_job jobs[3] = { job(0, 64, 0), job(64, 64, 0), job(128, 64, 0) };
    assert_int_equal(dray_submit(&channel, jobs, 3), DRAY_OK);
    assert_int_equal(dray_state(&channel), DRAY_HALTED);
    assert_int_equal(dray_drop(&channel), DRAY_OK);
    assert_int_equal(dray_free_slots(&channel), SLOTS);
    assert_int_equal(dray_submit(&channel, jobs, 3), DRAY_OK);
    assert_int_equal(dray_consumed(&channel), 3);
    assert_moved(0, 192);
}

static void ERR_04_every_cause_has_its_status_and_a_new_one_is_no_success(void **state)
{
    (void)state;
    for (uint32_t cause = 1; cause < 32u; cause++) {
        begin(NULL);
        fake_fail(0, cause, 0);
        struct dray_job one = job(0, 8, 0);
        struct dray_failure failure;
        assert_int_equal(dray_submit(&channel, &one, 1), DRAY_OK);
        assert_int_equal(dray_failure(&channel, &failure), DRAY_OK);
        assert_true(failure.status <= DRAY_ERR_UNKNOWN);
        assert_int_equal(failure.status, cause <= DRAY_CAUSE_BUDGET ? -16 - (int)cause : DRAY_ERR_UNKNOWN);
        assert_string_not_equal(dray_status_name(failure.status), "unknown");
    }
}

static void HW_05_stop_waits_and_is_bounded(void **state)
{
    (void)state;
    fake_slow(true);
    struct dray_job one = job(0, 8, 0);
    assert_int_equal(dray_submit(&channel, &one, 1), DRAY_OK);
    assert_int_equal(dray_stop(&channel, 10), DRAY_OK);
    assert_int_equal(dray_state(&channel), DRAY_STOPPED);
    struct dray_result result;
    assert_int_equal(dray_retire(&channel, &result), DRAY_ERR_STOPPED);
    assert_int_equal(dray_drop(&channel), DRAY_OK);
    fake.stop_after = 15;
    assert_int_equal(dray_stop(&channel, 10), DRAY_BUSY);
    assert_int_equal(dray_stop(&channel, 10), DRAY_OK); /* asked again, it has come to rest */
}

static void ISR_07_taking_interrupts_clears_exactly_what_it_returns(void **state)
{
    (void)state;
    assert_int_equal(dray_irq_take(&channel), 0);
    fake_raise(0, DRAY_IRQ_DONE | DRAY_IRQ_STOPPED);
    assert_int_equal(dray_irq_summary(&engine), 1);
    assert_int_equal(dray_irq_take(&channel), DRAY_IRQ_DONE | DRAY_IRQ_STOPPED);
    assert_int_equal(fake.channels[0].irq_status, 0);
    fake_raise(1, DRAY_IRQ_DONE);
    assert_int_equal(dray_irq_take(&channel), 0);
    assert_int_equal(fake.channels[1].irq_status, DRAY_IRQ_DONE);
}

static void ISR_06_all_ones_is_never_a_status(void **state)
{
    (void)state;
    struct dray_result result;
    fake.gone = true;
    assert_int_equal(dray_irq_take(&channel), 0);
    assert_int_equal(dray_consumed(&channel), 0);
    assert_int_equal(dray_state(&channel), DRAY_GONE);
    assert_int_equal(dray_retire(&channel, &result), DRAY_ERR_GONE);
    assert_int_equal(dray_stop(&channel, 3), DRAY_ERR_GONE);
    assert_int_equal(dray_irq_summary(&engine), 0xffffffffu);
}

static void COM_04_a_cyclic_ring_goes_round_by_itself(void **state)
{
    (void)state;
    struct dray_channel cyclic;
    struct dray_ring ring = { cache_uncached(RING_BUS + 0x2000u), RING_BUS + 0x2000u, 2, false };
    assert_int_equal(dray_channel_open_cyclic(&cyclic, &engine, 1, &ring), DRAY_OK);
    struct dray_job periods[2] = { job(0, 100, DRAY_TO_STREAM), job(100, 28, DRAY_TO_STREAM | DRAY_IRQ) };
    struct dray_job back = job(0, 8, DRAY_WRITE_BACK);
    assert_int_equal(dray_submit(&cyclic, &back, 1), DRAY_ERR_ARGUMENT);
    assert_int_equal(dray_submit(&cyclic, periods, 2), DRAY_OK);
    fake_run(10);
    assert_int_equal(fake.channels[1].streamed, 5u * 128u);
    assert_int_equal(dray_end_period(&channel), DRAY_ERR_STATE);
    assert_int_equal(dray_channel_close(&cyclic, 10), DRAY_OK);
    assert_int_equal(fake_run(10), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        dray_test(HW_01_init_reads_what_the_engine_is),
        dray_test(HW_01_init_refuses_an_empty_slot_and_a_device_that_is_gone),
        dray_test(CMB_07_a_ring_that_is_not_aligned_to_its_size_is_refused),
        dray_test(a_channel_that_runs_or_is_gone_is_not_opened),
        dray_test(EXE_05_a_batch_is_one_publish_and_one_doorbell),
        dray_test(EXE_05_nothing_is_rung_for_nothing),
        dray_test(HW_10_bad_jobs_are_refused_and_change_nothing),
        dray_test(HW_03_a_word_aligned_engine_is_given_whole_words_only),
        dray_test(EXE_05_a_full_ring_is_a_status_and_takes_nothing),
        dray_test(HW_15_the_generation_is_right_for_ten_thousand_laps),
        dray_test(PRT_05_each_descriptor_retires_with_its_tag_and_bytes),
        dray_test(a_segment_is_one_slot_of_the_ring),
        dray_test(ERR_01_a_halt_tells_what_moved_and_resume_goes_on_behind_it),
        dray_test(ERR_01_drop_gives_the_ring_up_and_the_channel_runs_on),
        dray_test(ERR_04_every_cause_has_its_status_and_a_new_one_is_no_success),
        dray_test(HW_05_stop_waits_and_is_bounded),
        dray_test(ISR_07_taking_interrupts_clears_exactly_what_it_returns),
        dray_test(ISR_06_all_ones_is_never_a_status),
        dray_test(COM_04_a_cyclic_ring_goes_round_by_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
