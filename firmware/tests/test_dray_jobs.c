/* SPDX-License-Identifier: Apache-2.0 */
/* Jobs of every kind: what they move, where they stand in the ring, what they may not be. */
#include "dray_fixture.h"

#define ROW 10u

static struct dray_result retired(void)
{
    struct dray_result result;
    assert_int_equal(dray_retire(&channel, &result), DRAY_OK);
    return result;
}

static struct dray_result done(struct dray_job job)
{
    assert_int_equal(dray_submit(&channel, &job, 1), DRAY_OK);
    return retired();
}

static void assert_refused(const struct dray_job *jobs, size_t count, enum dray_status status)
{
    for (size_t i = 0; i < count; i++) {
        struct dray_job batch[2] = { dray_copy(SOURCE_BUS, TARGET_BUS, 4), jobs[i] };
        assert_int_equal(dray_check(&channel, &jobs[i]), status);
        assert_int_equal(dray_submit(&channel, batch, 2), status);
        assert_int_equal(dray_prepare(&channel, &jobs[i]), status);
        assert_int_equal(dray_free_slots(&channel), SLOTS);
    }
    assert_int_equal(fake.doorbells, 0);
}

static void put_list(const struct dray_element *elements, unsigned count)
{
    memcpy(host_memory(LIST_BUS, 8u * count), elements, 8u * count);
}

/* Two pieces of the source, 30 and 12 bytes long. */
static void put_source_list(void)
{
    const struct dray_element pieces[] = { { SOURCE_BUS + 100u, 30 }, { SOURCE_BUS + 7u, 12 } };
    put_list(pieces, 2);
}

static void PRT_05_a_fill_writes_its_pattern_from_the_first_byte_on(void **state)
{
    (void)state;
    struct dray_result result = done(dray_fill(0x44332211u, TARGET_BUS + 3u, 6));
    assert_int_equal(result.moved_bytes, 6);
    const uint8_t *target = host_memory(TARGET_BUS, 16);
    for (unsigned i = 0; i < 6; i++) assert_int_equal(target[3 + i], 0x11 * (1 + i % 4));
}

static void assert_rows(uint32_t to, int32_t to_stride, uint32_t from, int32_t from_stride, unsigned rows)
{
    for (unsigned i = 0; i < rows; i++) {
        assert_memory_equal(host_memory((uint32_t)((int32_t)to + to_stride * (int32_t)i), ROW),
                            host_memory((uint32_t)((int32_t)from + from_stride * (int32_t)i), ROW), ROW);
    }
}

static void PRT_05_rows_go_by_their_strides_and_count_all_their_bytes(void **state)
{
    (void)state;
    struct dray_job rows = dray_rows(SOURCE_BUS + 90u, -20, TARGET_BUS + 5u, 33, ROW, 4);
    rows.tag = 0x123;
    struct dray_result result = done(rows);
    assert_int_equal(result.moved_bytes, 4 * ROW);
    assert_int_equal(result.tag, 0x123);
    assert_int_equal(result.index, 0);
    assert_rows(TARGET_BUS + 5u, 33, SOURCE_BUS + 90u, -20, 4);
    assert_int_equal(dray_free_slots(&channel), SLOTS);
    rows.flags = DRAY_WRITE_BACK;
    assert_int_equal(done(rows).moved_bytes, 4 * ROW);
    assert_int_equal(dray_next_index(&channel), 4);
}

/* Every place in the ring, the last one among them, for some laps; and with it every place for two jobs in one batch. */
static void HW_15_rows_never_wrap_whatever_stands_before_them(void **state)
{
    (void)state;
    unsigned free = SLOTS;
    for (uint32_t i = 0; i < 200u; i++) {
        struct dray_job jobs[3] = { dray_rows(SOURCE_BUS + i, 12, TARGET_BUS, (int32_t)ROW, ROW, 3), dray_copy(SOURCE_BUS, TARGET_BUS + 64u, 5),
                                    dray_rows(SOURCE_BUS + i, 16, TARGET_BUS + 128u, 20, ROW, 2) };
        jobs[0].tag = 1;
        jobs[2].tag = (uint16_t)(i + 3u);
        jobs[2].flags = i % 2u != 0u ? DRAY_WRITE_BACK : 0u;
        unsigned count = 1u + i % 3u;
        uint16_t first = dray_next_index(&channel);
        memset(host_memory(TARGET_BUS, 256), 0, 256);
        assert_int_equal(dray_submit(&channel, jobs, count), DRAY_OK);
        for (unsigned k = 0; k < count; k++) {
            struct dray_result result = retired();
            assert_int_equal(result.status, DRAY_OK);
            assert_int_equal(result.tag, jobs[k].tag);
            assert_int_equal(result.moved_bytes, k == 0u ? 30u : k == 1u ? 5u : 20u);
            if (k == 0u) assert_int_equal(result.index, first);
        }
        assert_rows(TARGET_BUS, (int32_t)ROW, SOURCE_BUS + i, 12, 3);
        if (count == 3u) assert_rows(TARGET_BUS + 128u, 20, SOURCE_BUS + i, 16, 2);
        assert_int_equal(dray_free_slots(&channel), free);
    }
}

static void EXE_05_rows_need_as_many_slots_as_they_take(void **state)
{
    (void)state;
    fake_slow(true);
    struct dray_job copies[SLOTS], rows = dray_rows(SOURCE_BUS, 12, TARGET_BUS, 12, ROW, 3);
    for (unsigned i = 0; i < SLOTS; i++) copies[i] = dray_copy(SOURCE_BUS, TARGET_BUS, 1);
    assert_int_equal(dray_submit(&channel, copies, 4), DRAY_OK);
    fake_run(4);
    dray_retire_slots(&channel, 4);
    assert_int_equal(dray_submit(&channel, copies, 7), DRAY_OK); /* one is free, in the middle */
    assert_int_equal(dray_submit(&channel, &rows, 1), DRAY_ERR_FULL);
    fake_run(SLOTS);
    dray_retire_slots(&channel, 7);
    struct dray_job many[4] = { rows, rows, rows, rows }; /* from slot 3 on: 3, 5, then 7 by a link, 0 */
    assert_int_equal(dray_submit(&channel, many, 4), DRAY_OK);
    assert_int_equal(dray_free_slots(&channel), 1);
    fake_run(SLOTS);
    for (unsigned i = 0; i < 4; i++) assert_int_equal(retired().moved_bytes, 30);
    assert_int_equal(dray_free_slots(&channel), SLOTS);
}

static void ERR_01_rows_behind_the_ring_fail_like_any_other_job(void **state)
{
    (void)state;
    for (unsigned place = 0; place < SLOTS; place++) {
        begin(NULL);
        for (unsigned i = 0; i < place; i++) (void)done(dray_copy(SOURCE_BUS, TARGET_BUS, 1));
        fake_fail(0, DRAY_CAUSE_READ_SLVERR, 13);
        struct dray_job jobs[2] = { dray_rows(SOURCE_BUS, 12, TARGET_BUS, 12, ROW, 3), dray_copy(SOURCE_BUS + 5u, TARGET_BUS + 500u, 9) };
        jobs[0].tag = 77;
        assert_int_equal(dray_submit(&channel, jobs, 2), DRAY_OK);
        struct dray_result result = retired();
        assert_int_equal(result.status, DRAY_ERR_READ_SLVERR);
        assert_int_equal(result.moved_bytes, 13);
        assert_int_equal(result.tag, 77);
        assert_int_equal(dray_retire(&channel, &result), DRAY_ERR_HALTED);
        assert_int_equal(dray_resume(&channel), DRAY_OK);
        assert_int_equal(retired().moved_bytes, 9);
    }
}

static void PRT_05_a_gather_puts_the_pieces_of_its_list_together(void **state)
{
    (void)state;
    put_source_list();
    struct dray_result result = done(dray_gather(LIST_BUS, 2, TARGET_BUS + 1u, 42));
    assert_int_equal(result.moved_bytes, 42);
    assert_memory_equal(host_memory(TARGET_BUS + 1u, 30), host_memory(SOURCE_BUS + 100u, 30), 30);
    assert_memory_equal(host_memory(TARGET_BUS + 31u, 12), host_memory(SOURCE_BUS + 7u, 12), 12);
}

static void PRT_05_a_scatter_fills_the_pieces_of_its_list(void **state)
{
    (void)state;
    const struct dray_element pieces[] = { { TARGET_BUS + 64u, 5 }, { TARGET_BUS + 9u, 20 } };
    put_list(pieces, 2);
    struct dray_job scatter = dray_scatter(SOURCE_BUS + 3u, LIST_BUS, 2, 25);
    fake_fail(0, DRAY_CAUSE_LIST_DECERR, 11);
    assert_int_equal(dray_submit(&channel, &scatter, 1), DRAY_OK);
    struct dray_result result = retired();
    assert_int_equal(result.status, DRAY_ERR_LIST_DECERR);
    assert_int_equal(result.moved_bytes, 11);
    assert_int_equal(dray_resume(&channel), DRAY_OK);
    assert_int_equal(done(scatter).moved_bytes, 25);
    assert_memory_equal(host_memory(TARGET_BUS + 64u, 5), host_memory(SOURCE_BUS + 3u, 5), 5);
    assert_memory_equal(host_memory(TARGET_BUS + 9u, 20), host_memory(SOURCE_BUS + 8u, 20), 20);
}

static void PRT_05_packets_are_sent_from_one_place_or_from_a_list(void **state)
{
    (void)state;
    put_source_list();
    assert_int_equal(done(dray_send(SOURCE_BUS, 50)).moved_bytes, 50);
    struct dray_job list = dray_gather(LIST_BUS, 2, 0, 42);
    list.flags = DRAY_TO_STREAM;
    struct dray_result result = done(list);
    assert_int_equal(result.moved_bytes, 42);
    assert_false(result.packet_end);
    assert_int_equal(fake.channels[0].streamed, 92);
}

static void PRT_05_a_packet_that_came_has_its_true_length(void **state)
{
    (void)state;
    begin_with_options(&(struct fake_config){ 0 }, 1, &(struct dray_channel_options){ 0 });
    fake.channels[1].packet_left = 100;
    struct dray_result result = done(dray_receive(TARGET_BUS, 64));
    assert_int_equal(result.moved_bytes, 64);
    assert_false(result.packet_end);
    result = done(dray_receive(TARGET_BUS + 64u, 64));
    assert_int_equal(result.moved_bytes, 36);
    assert_true(result.packet_end);
    const uint8_t *target = host_memory(TARGET_BUS, 100);
    for (unsigned i = 0; i < 100; i++) assert_int_equal(target[i], i);
}

static void HW_10_what_no_engine_can_do_is_refused(void **state)
{
    (void)state;
    struct dray_job bad[] = {
        dray_rows(SOURCE_BUS, 12, TARGET_BUS, 12, 0, 3),         /* no bytes */
        dray_rows(SOURCE_BUS, 12, TARGET_BUS, 12, ROW, 0),       /* no rows */
        dray_rows(SOURCE_BUS, INT32_MIN, TARGET_BUS, 12, ROW, 3), /* before address 0 */
        dray_rows(SOURCE_BUS, 12, TARGET_BUS, INT32_MAX, ROW, 3), /* behind the last */
        dray_rows(SOURCE_BUS, 12, UINT64_C(1) << 32, -12, ROW, 3),
        dray_gather(LIST_BUS, 0, TARGET_BUS, 9),
        dray_gather(0, 0, TARGET_BUS, 9),
        dray_gather(LIST_BUS + 4u, 1, TARGET_BUS, 9),            /* lists are aligned to 8 */
        dray_gather(0xfffffff8u, 2, TARGET_BUS, 9),
        dray_scatter(SOURCE_BUS, LIST_BUS, 1, 0),
        dray_scatter(SOURCE_BUS, LIST_BUS + 1u, 1, 9),
        dray_scatter(0xfffffff8u, LIST_BUS, 1, 9),
        dray_fill(1, TARGET_BUS, 0),
        { .kind = &dray_kind_fill, .source = UINT64_C(1) << 32, .destination = TARGET_BUS, .length_bytes = 4 },
        { .kind = &dray_kind_fill, .destination = TARGET_BUS, .length_bytes = 4, .flags = DRAY_TO_STREAM },
        { .kind = &dray_kind_rows, .source = SOURCE_BUS, .destination = TARGET_BUS, .length_bytes = 4, .count = 1, .flags = DRAY_TO_STREAM },
        { .kind = &dray_kind_scatter, .source = SOURCE_BUS, .destination = LIST_BUS, .length_bytes = 4, .count = 1, .flags = DRAY_TO_STREAM },
        { .kind = &dray_kind_gather, .source = LIST_BUS, .destination = TARGET_BUS, .length_bytes = 4, .count = 1, .flags = DRAY_FROM_STREAM },
        { .source = SOURCE_BUS, .destination = TARGET_BUS, .length_bytes = 4, .flags = DRAY_TO_STREAM | DRAY_FROM_STREAM },
    };
    assert_refused(bad, sizeof bad / sizeof bad[0], DRAY_ERR_ARGUMENT);
}

static void HW_10_rows_need_a_ring_with_a_spare(void **state)
{
    (void)state;
    struct dray_ring ring = ring_of(SLOTS);
    struct dray_job rows = dray_rows(SOURCE_BUS, 12, TARGET_BUS, 12, ROW, 1);
    ring.spare = false;
    memset(&ring.slots[SLOTS], 0x5a, 2u * sizeof ring.slots[0]);
    assert_int_equal(dray_channel_close(&channel, 10), DRAY_OK);
    assert_int_equal(dray_channel_open(&channel, &engine, 0, &ring), DRAY_OK);
    assert_refused(&rows, 1, DRAY_ERR_ARGUMENT);
    for (unsigned i = 0; i < DRAY_SPARE_SLOTS; i++) assert_int_equal(ring.slots[SLOTS + i].control, 0x5a5a5a5a);
}

static void HW_01_what_was_not_built_is_absent(void **state)
{
    (void)state;
    struct dray_job jobs[] = { dray_fill(1, TARGET_BUS, 4), dray_rows(SOURCE_BUS, 8, TARGET_BUS, 8, ROW, 1), dray_gather(LIST_BUS, 1, TARGET_BUS, 4),
                               dray_scatter(SOURCE_BUS, LIST_BUS, 1, 4), dray_send(SOURCE_BUS, 4), dray_receive(TARGET_BUS, 4) };
    begin_with(&(struct fake_config){ .absent = DRAY_FEATURES_FILL_MASK | DRAY_FEATURES_ROWS_MASK | DRAY_FEATURES_LISTS_MASK, .no_streams = true });
    assert_refused(jobs, 6, DRAY_ERR_ABSENT);
    begin(NULL);
    assert_refused(&jobs[5], 1, DRAY_ERR_ABSENT); /* the other channel's */
    for (unsigned i = 0; i < 5; i++) assert_int_equal(dray_check(&channel, &jobs[i]), DRAY_OK);
}

static void HW_03_a_word_aligned_engine_gets_whole_words_of_every_kind(void **state)
{
    (void)state;
    begin_with_options(&(struct fake_config){ .word_aligned = true }, 1, &(struct dray_channel_options){ 0 });
    struct dray_job bad[] = { dray_fill(1, TARGET_BUS + 1u, 8), dray_fill(1, TARGET_BUS, 9), dray_rows(SOURCE_BUS, 12, TARGET_BUS, 16, 8, 2),
                              dray_rows(SOURCE_BUS, 16, TARGET_BUS, 12, 8, 2),
                              dray_rows(SOURCE_BUS, 4, TARGET_BUS, 16, 8, 3), dray_rows(SOURCE_BUS, 16, TARGET_BUS, 4, 8, 1), dray_receive(TARGET_BUS, 12), dray_send(SOURCE_BUS + 4u, 8),
                              dray_gather(LIST_BUS, 1, TARGET_BUS + 2u, 8), dray_scatter(SOURCE_BUS + 2u, LIST_BUS, 1, 8) };
    struct dray_job good[] = { dray_fill(1, TARGET_BUS, 16), dray_rows(SOURCE_BUS, -16, TARGET_BUS, 8, 8, 2), dray_receive(TARGET_BUS, 16),
                               dray_send(SOURCE_BUS + 8u, 8), dray_gather(LIST_BUS, 1, TARGET_BUS, 8) };
    assert_refused(bad, sizeof bad / sizeof bad[0], DRAY_ERR_ARGUMENT);
    for (unsigned i = 0; i < 5; i++) assert_int_equal(dray_check(&channel, &good[i]), DRAY_OK);
}

static void EXE_05_a_segment_has_jobs_of_every_kind(void **state)
{
    (void)state;
    put_source_list();
    struct dray_descriptor *segment = cache_uncached(RING_BUS + 0x1000u);
    struct dray_job jobs[] = { dray_fill(0x55555555u, TARGET_BUS + 200u, 9), dray_rows(SOURCE_BUS, 20, TARGET_BUS, (int32_t)ROW, ROW, 3),
                               dray_gather(LIST_BUS, 2, TARGET_BUS + 100u, 42) };
    for (unsigned lap = 0; lap < 3u * SLOTS; lap++) {
        memset(host_memory(TARGET_BUS, 256), 0, 256);
        assert_int_equal(dray_prepare_segment(&channel, segment, RING_BUS + 0x1000u, jobs, 3), DRAY_OK);
        dray_ring(&channel);
        assert_int_equal(retired().moved_bytes, 0);
        assert_rows(TARGET_BUS, (int32_t)ROW, SOURCE_BUS, 20, 3);
        assert_int_equal(*host_memory(TARGET_BUS + 208u, 1), 0x55);
        assert_memory_equal(host_memory(TARGET_BUS + 100u, 30), host_memory(SOURCE_BUS + 100u, 30), 30);
    }
}

static void HW_10_a_segment_that_no_link_can_name_is_refused(void **state)
{
    (void)state;
    static struct dray_job many[DRAY_COUNT_MAX / 2u + 1u];
    struct dray_descriptor *segment = cache_uncached(RING_BUS + 0x1000u), before;
    for (size_t i = 0; i < sizeof many / sizeof many[0]; i++) many[i] = dray_rows(SOURCE_BUS, 12, TARGET_BUS, 12, ROW, 1);
    memset(segment, 0x77, sizeof *segment);
    before = *segment;
    assert_int_equal(dray_prepare_segment(&channel, segment, RING_BUS + 0x1000u, many, DRAY_COUNT_MAX / 2u + 1u), DRAY_ERR_ARGUMENT);
    assert_int_equal(dray_prepare_segment(&channel, segment, RING_BUS + 0x1000u, many, 0), DRAY_ERR_ARGUMENT);
    assert_int_equal(dray_prepare_segment(&channel, segment, RING_BUS + 0x1008u, many, 1), DRAY_ERR_ARGUMENT);
    assert_int_equal(dray_prepare_segment(&channel, segment, 0xfffffff0u, many, 1), DRAY_ERR_ARGUMENT);
    many[1].tag = 0x1000;
    assert_int_equal(dray_prepare_segment(&channel, segment, RING_BUS + 0x1000u, many, 2), DRAY_ERR_ARGUMENT);
    fake_slow(true);
    struct dray_job full[SLOTS];
    for (unsigned i = 0; i < SLOTS; i++) full[i] = dray_copy(SOURCE_BUS, TARGET_BUS, 1);
    assert_int_equal(dray_submit(&channel, full, SLOTS), DRAY_OK);
    assert_int_equal(dray_prepare_segment(&channel, segment, RING_BUS + 0x1000u, many, 1), DRAY_ERR_FULL);
    assert_memory_equal(segment, &before, sizeof before);
}

/* Nothing is written back into a cyclic ring, whatever the job; rows stand in it too. */
static void COM_04_a_cyclic_ring_of_any_kind_goes_round(void **state)
{
    (void)state;
    begin_with_options(&(struct fake_config){ 0 }, 1, &(struct dray_channel_options){ .cyclic = true });
    put_source_list();
    struct dray_job periods[] = { dray_gather(LIST_BUS, 2, TARGET_BUS, 42), dray_rows(SOURCE_BUS, 20, TARGET_BUS + 64u, 20, ROW, 2),
                                  dray_rows(SOURCE_BUS, 20, TARGET_BUS + 128u, 20, ROW, 2), dray_copy(SOURCE_BUS, TARGET_BUS + 256u, 8),
                                  dray_fill(0u, TARGET_BUS + 300u, 8), dray_rows(SOURCE_BUS, 20, TARGET_BUS + 400u, 20, ROW, 2) };
    assert_int_equal(dray_submit(&channel, periods, 6), DRAY_OK);
    fake.channels[1].packet_left = 1000;
    uint16_t position = 7;
    assert_int_equal(dray_position(&channel, &position), DRAY_OK);
    assert_int_equal(position, 0);
    assert_int_equal(fake_run(20), 20);
    assert_int_equal(dray_state(&channel), DRAY_RUNNING);
    assert_int_equal(dray_position(&channel, &position), DRAY_OK);
    assert_int_equal(position, 3u * SLOTS + 3u); /* three rounds of 6 jobs in 8 slots, and two jobs */
    assert_rows(TARGET_BUS + 400u, 20, SOURCE_BUS, 20, 2);
    assert_int_equal(dray_end_period(&channel), DRAY_OK);
    assert_int_equal(fake_run(20), 0);
    assert_int_equal(dray_state(&channel), DRAY_STOPPED);
    fake.gone = true;
    assert_int_equal(dray_end_period(&channel), DRAY_ERR_GONE);
    assert_int_equal(dray_position(&channel, &position), DRAY_ERR_GONE);
    assert_int_equal(position, 3u * SLOTS + 3u);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        dray_test(PRT_05_a_fill_writes_its_pattern_from_the_first_byte_on),
        dray_test(PRT_05_rows_go_by_their_strides_and_count_all_their_bytes),
        dray_test(HW_15_rows_never_wrap_whatever_stands_before_them),
        dray_test(EXE_05_rows_need_as_many_slots_as_they_take),
        dray_test(ERR_01_rows_behind_the_ring_fail_like_any_other_job),
        dray_test(PRT_05_a_gather_puts_the_pieces_of_its_list_together),
        dray_test(PRT_05_a_scatter_fills_the_pieces_of_its_list),
        dray_test(PRT_05_packets_are_sent_from_one_place_or_from_a_list),
        dray_test(PRT_05_a_packet_that_came_has_its_true_length),
        dray_test(HW_10_what_no_engine_can_do_is_refused),
        dray_test(HW_10_rows_need_a_ring_with_a_spare),
        dray_test(HW_01_what_was_not_built_is_absent),
        dray_test(HW_03_a_word_aligned_engine_gets_whole_words_of_every_kind),
        dray_test(EXE_05_a_segment_has_jobs_of_every_kind),
        dray_test(HW_10_a_segment_that_no_link_can_name_is_refused),
        dray_test(COM_04_a_cyclic_ring_of_any_kind_goes_round),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
