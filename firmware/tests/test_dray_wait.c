/* SPDX-License-Identifier: Apache-2.0 */
/* Ends of all sorts: callbacks, residue, pause, skip, terminate, synchronize, and statuses that never came. */
#include "dray_fixture.h"

static struct {
    unsigned count, more; /* called; jobs that it submits itself */
    uint16_t tags[64];
    enum dray_status last;
} called;

static void on_done(void *context, const struct dray_result *result)
{
    struct dray_channel *of = context;
    called.tags[called.count++] = result->tag;
    called.last = result->status;
    if (called.more == 0u) return;
    called.more--;
    struct dray_job one = job(100u + called.more, 4, 0);
    assert_int_equal(dray_submit(of, &one, 1), DRAY_OK);
}

static int begin_called(void **state)
{
    (void)state;
    memset(&called, 0, sizeof called);
    return begin_with_options(&(struct fake_config){ 0 }, 0, &(struct dray_channel_options){ .done = on_done, .context = &channel });
}

static void submit_some(unsigned count, uint32_t length)
{
    struct dray_job jobs[SLOTS];
    for (uint32_t i = 0; i < count; i++) jobs[i] = job(64u * i, length, 0);
    assert_int_equal(dray_submit(&channel, jobs, count), DRAY_OK);
}

static void PRT_05_each_job_is_told_once_in_order_within_the_budget(void **state)
{
    (void)state;
    submit_some(5, 8);
    assert_int_equal(dray_service(&channel, 0), DRAY_OK);
    assert_int_equal(called.count, 0);
    assert_int_equal(dray_service(&channel, 3), DRAY_OK);
    assert_int_equal(called.count, 3);
    assert_int_equal(dray_service(&channel, 10), DRAY_EMPTY);
    assert_int_equal(called.count, 5);
    for (unsigned i = 0; i < 5; i++) assert_int_equal(called.tags[i], 64u * i);
}

static void EXE_05_a_callback_may_submit_into_a_ring_that_was_full(void **state)
{
    (void)state;
    called.more = 3;
    submit_some(SLOTS, 8);
    assert_int_equal(dray_service(&channel, 100), DRAY_EMPTY);
    assert_int_equal(called.count, SLOTS + 3u);
    for (unsigned i = 0; i < 3; i++) assert_int_equal(called.tags[SLOTS + i], 102u - i);
}

static void ERR_01_a_failed_job_is_told_before_the_halt(void **state)
{
    (void)state;
    fake_fail(1, DRAY_CAUSE_WATCHDOG, 3);
    submit_some(3, 8);
    assert_int_equal(dray_service(&channel, 100), DRAY_ERR_HALTED);
    assert_int_equal(called.count, 2);
    assert_int_equal(called.last, DRAY_ERR_WATCHDOG);
    assert_int_equal(dray_resume(&channel), DRAY_OK);
    assert_int_equal(dray_service(&channel, 100), DRAY_EMPTY);
    assert_int_equal(called.count, 3);
    fake.gone = true;
    assert_int_equal(dray_service(&channel, 100), DRAY_ERR_GONE);
}

/* ---- Residue */

static void HW_02_a_residue_shrinks_with_each_job_that_ends(void **state)
{
    (void)state;
    fake_slow(true);
    struct dray_job jobs[] = { job(0, 100, 0), dray_rows(SOURCE_BUS, 12, TARGET_BUS, 12, 10, 3), dray_gather(LIST_BUS, 2, TARGET_BUS + 600u, 42), job(300, 7, 0) };
    const struct dray_element pieces[] = { { SOURCE_BUS + 100u, 30 }, { SOURCE_BUS + 7u, 12 } };
    const unsigned left[] = { 179, 79, 49, 7, 0 };
    memcpy(host_memory(LIST_BUS, sizeof pieces), pieces, sizeof pieces);
    for (unsigned lap = 0; lap < 3; lap++) {
        uint16_t first = dray_next_index(&channel);
        assert_int_equal(dray_submit(&channel, jobs, 4), DRAY_OK);
        for (unsigned i = 0; i <= 4; i++) {
            assert_int_equal(dray_residue(&channel, jobs, 4, first), left[i]);
            assert_int_equal(dray_residue(&channel, jobs, 1, first), i == 0u ? 100u : 0u);
            (void)fake_run(1);
        }
        struct dray_result result;
        for (unsigned i = 0; i < 4; i++) {
            assert_int_equal(dray_retire(&channel, &result), DRAY_OK);
            assert_int_equal(dray_residue(&channel, jobs, 4, first), 0);
        }
    }
    assert_int_equal(dray_residue(&channel, NULL, 0, 0), 0);
}

static void PRT_05_a_residue_is_exact_when_the_channel_stands_still(void **state)
{
    (void)state;
    for (unsigned place = 0; place < SLOTS; place++) {
        begin(NULL);
        for (unsigned i = 0; i < place; i++) submit_some(1, 1);
        dray_retire_slots(&channel, dray_consumed(&channel));
        struct dray_job jobs[] = { job(0, 50, 0), dray_rows(SOURCE_BUS, 12, TARGET_BUS, 12, 10, 3), job(100, 70, 0) };
        uint16_t first = dray_next_index(&channel);
        fake_fail(1, DRAY_CAUSE_WRITE_SLVERR, 17);
        assert_int_equal(dray_submit(&channel, jobs, 3), DRAY_OK);
        assert_int_equal(dray_residue(&channel, jobs, 3, first), 13 + 70);
        assert_int_equal(dray_resume(&channel), DRAY_OK);
        assert_int_equal(dray_residue(&channel, jobs, 3, first), 0); /* what failed has come to its end */
    }
    fake.gone = true;
    assert_true(dray_residue(&channel, NULL, 0, 0) == UINT64_MAX);
}

/* What had begun behind FAILED has a status, or none if that could not be written. */
static void HW_06_what_began_behind_a_failure_counts_what_its_status_says(void **state)
{
    (void)state;
    fake_fail(0, DRAY_CAUSE_BACK_SLVERR, 20);
    struct dray_job jobs[] = { job(0, 64, 0), job(100, 64, 0), job(200, 64, 0) };
    assert_int_equal(dray_submit(&channel, jobs, 3), DRAY_OK);
    fake.channels[0].next = 3;
    channel.ring.slots[1].length = 60;
    channel.ring.slots[1].control = DRAY_DESC_TYPE_DONE | 0x10u | (uint32_t)DRAY_CAUSE_ABORTED << 8 | 100u << 16;
    assert_int_equal(dray_residue(&channel, jobs, 3, 0), 44 + 4 + 64);
    struct dray_result result;
    assert_int_equal(dray_retire(&channel, &result), DRAY_OK);
    assert_int_equal(result.status, DRAY_ERR_BACK_SLVERR);
    assert_int_equal(dray_retire(&channel, &result), DRAY_OK);
    assert_int_equal(result.status, DRAY_ERR_ABORTED);
    assert_int_equal(result.moved_bytes, 60);
    assert_int_equal(dray_retire(&channel, &result), DRAY_OK);
    assert_int_equal(result.status, DRAY_ERR_UNTOLD);
    assert_int_equal(result.moved_bytes, 0);
    assert_int_equal(result.tag, 200);
    assert_int_equal(dray_retire(&channel, &result), DRAY_ERR_HALTED);
}

/* ---- Standing still and going on */

static void HW_05_a_pause_loses_nothing(void **state)
{
    (void)state;
    fake_slow(true);
    submit_some(3, 64);
    fake_run(1);
    fake.pause_after = 15;
    assert_int_equal(dray_pause(&channel, 10), DRAY_BUSY);
    assert_int_equal(dray_pause(&channel, 10), DRAY_OK);
    assert_int_equal(dray_state(&channel), DRAY_PAUSED);
    assert_int_equal(dray_pause(&channel, 1), DRAY_OK);
    struct dray_result result;
    struct dray_failure failure;
    assert_int_equal(dray_retire(&channel, &result), DRAY_OK);
    assert_int_equal(dray_retire(&channel, &result), DRAY_ERR_PAUSED);
    assert_int_equal(dray_failure(&channel, &failure), DRAY_OK);
    assert_int_equal(failure.status, DRAY_ERR_PAUSED);
    assert_int_equal(failure.next_index, 1);
    assert_int_equal(dray_synchronize(&channel, 5), DRAY_ERR_PAUSED);
    assert_int_equal(fake_run(1), 0);
    assert_int_equal(dray_resume(&channel), DRAY_OK);
    assert_int_equal(fake_run(2), 2);
    for (unsigned i = 1; i < 3; i++) assert_int_equal(dray_retire(&channel, &result), DRAY_OK);
    assert_int_equal(result.moved_bytes, 64);
}

static void HW_05_a_pause_tells_what_came_first(void **state)
{
    (void)state;
    fake_fail(0, DRAY_CAUSE_TYPE, 0);
    submit_some(1, 8);
    assert_int_equal(dray_pause(&channel, 5), DRAY_ERR_HALTED);
    assert_int_equal(dray_drop(&channel), DRAY_OK);
    assert_int_equal(dray_abort(&channel), DRAY_OK);
    assert_int_equal(dray_pause(&channel, 5), DRAY_ERR_STOPPED);
    assert_int_equal(dray_channel_close(&channel, 5), DRAY_OK);
    assert_int_equal(dray_pause(&channel, 5), DRAY_ERR_STATE);
    fake.gone = true;
    assert_int_equal(dray_pause(&channel, 5), DRAY_ERR_GONE);
}

static void HW_06_what_is_skipped_retires_without_a_byte(void **state)
{
    (void)state;
    for (unsigned place = 0; place < SLOTS; place++) {
        begin(NULL);
        for (unsigned i = 0; i < place; i++) submit_some(1, 1);
        dray_retire_slots(&channel, dray_consumed(&channel));
        assert_int_equal(dray_stop(&channel, 5), DRAY_OK);
        struct dray_job jobs[] = { dray_rows(SOURCE_BUS, 12, TARGET_BUS, 12, 10, 3), job(100, 70, 0) };
        jobs[0].tag = 0x77;
        assert_int_equal(dray_submit(&channel, jobs, 2), DRAY_OK);
        assert_int_equal(dray_skip(&channel), DRAY_OK);
        assert_int_equal(dray_resume(&channel), DRAY_OK);
        if (fake.channels[0].next != fake.channels[0].producer) (void)fake_run(1);
        struct dray_result result;
        assert_int_equal(dray_retire(&channel, &result), DRAY_OK);
        assert_int_equal(result.status, DRAY_ERR_ABORTED);
        assert_int_equal(result.moved_bytes, 0);
        assert_int_equal(result.tag, 0x77);
        assert_int_equal(dray_retire(&channel, &result), DRAY_OK);
        assert_int_equal(result.status, DRAY_OK);
        assert_int_equal(result.moved_bytes, 70);
        assert_int_equal(dray_retire(&channel, &result), DRAY_EMPTY);
    }
}

static void CAN_03_terminate_gives_everything_up_and_runs_on(void **state)
{
    (void)state;
    fake_slow(true);
    submit_some(3, 64);
    fake.stop_after = 15;
    assert_int_equal(dray_terminate(&channel, 10), DRAY_BUSY);
    assert_int_equal(dray_free_slots(&channel), SLOTS - 3u);
    assert_int_equal(dray_terminate(&channel, 10), DRAY_OK);
    assert_int_equal(dray_state(&channel), DRAY_RUNNING);
    assert_int_equal(dray_free_slots(&channel), SLOTS);
    struct dray_result result;
    assert_int_equal(fake_run(5), 0);
    assert_int_equal(dray_retire(&channel, &result), DRAY_EMPTY);
    submit_some(1, 9);
    fake_run(1);
    assert_int_equal(dray_retire(&channel, &result), DRAY_OK);
    assert_int_equal(result.moved_bytes, 9);
    assert_int_equal(dray_channel_close(&channel, 5), DRAY_OK);
    assert_int_equal(dray_terminate(&channel, 10), DRAY_ERR_STATE);
    fake.gone = true;
    assert_int_equal(dray_terminate(&channel, 10), DRAY_ERR_GONE);
}

static void CPL_04_synchronize_waits_for_the_last_response(void **state)
{
    (void)state;
    assert_int_equal(dray_synchronize(&channel, 1), DRAY_OK);
    fake_slow(true);
    submit_some(2, 8);
    fake_run(1);
    assert_int_equal(dray_synchronize(&channel, 5), DRAY_BUSY);
    fake_run(1);
    fake.busy = true;
    assert_int_equal(dray_synchronize(&channel, 5), DRAY_BUSY);
    fake.busy = false;
    assert_int_equal(dray_synchronize(&channel, 5), DRAY_OK);
    assert_int_equal(dray_consumed(&channel), 2); /* nothing was retired */
    assert_int_equal(dray_pause(&channel, 1), DRAY_OK);
    assert_int_equal(dray_synchronize(&channel, 5), DRAY_OK);
    fake_fail(0, DRAY_CAUSE_BUDGET, 0);
    assert_int_equal(dray_resume(&channel), DRAY_OK);
    submit_some(1, 8);
    fake_run(1);
    assert_int_equal(dray_synchronize(&channel, 5), DRAY_ERR_HALTED);
    assert_int_equal(dray_channel_close(&channel, 5), DRAY_OK);
    assert_int_equal(dray_synchronize(&channel, 5), DRAY_ERR_STATE);
    fake.gone = true;
    assert_int_equal(dray_synchronize(&channel, 5), DRAY_ERR_GONE);
    channel.cyclic = true;
    assert_int_equal(dray_synchronize(&channel, 5), DRAY_ERR_STATE);
}

#define called_test(name) cmocka_unit_test_setup_teardown(name, begin_called, fixture_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        called_test(PRT_05_each_job_is_told_once_in_order_within_the_budget),
        called_test(EXE_05_a_callback_may_submit_into_a_ring_that_was_full),
        called_test(ERR_01_a_failed_job_is_told_before_the_halt),
        dray_test(HW_02_a_residue_shrinks_with_each_job_that_ends),
        dray_test(PRT_05_a_residue_is_exact_when_the_channel_stands_still),
        dray_test(HW_06_what_began_behind_a_failure_counts_what_its_status_says),
        dray_test(HW_05_a_pause_loses_nothing),
        dray_test(HW_05_a_pause_tells_what_came_first),
        dray_test(HW_06_what_is_skipped_retires_without_a_byte),
        dray_test(CAN_03_terminate_gives_everything_up_and_runs_on),
        dray_test(CPL_04_synchronize_waits_for_the_last_response),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
