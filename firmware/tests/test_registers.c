/* SPDX-License-Identifier: Apache-2.0 */
/* Map registers as section 4 of the contract has them: how many, and whose. Until when: test_flush.c. */
#include "opened.h"

#include "packet_list.h"

static void MAP_03_a_range_takes_the_registers_of_the_pages_that_it_spans(void **state)
{
    (void)state;
    uint32_t random = 9;
    for (unsigned windowed = 0; windowed < 2; windowed++) {
        if (windowed != 0u) open_windowed(10 * PAGE, 0, 0, 12 * PAGE);
        else open_direct(10 * PAGE, 0, 1, 0, 12 * PAGE);
        ULONG all = registers_free();
        for (unsigned round = 0; round < 100; round++) {
            uint32_t offset = opened_random(&random) % PAGE, length = 1u + opened_random(&random) % (9 * PAGE);
            executes_clear();
            assert_int_equal(start(adapter, mdl, offset, length, TRUE), NO_ERROR);
            assert_int_equal(start_length, length);
            assert_int_equal(all - registers_free(), (offset + length + PAGE - 1u) / PAGE);
            assert_int_equal(complete_last(adapter, TRUE), NO_ERROR);
            assert_int_equal(registers_free(), all);
        }
        close_all();
    }
}

static void MAP_10_packets_follow_the_grant_and_not_the_wish(void **state)
{
    (void)state;
    open_direct(16 * PAGE, 6, 1, 0, 16 * PAGE); /* seventeen are wanted */
    assert_int_equal(information(adapter).Registers, 6);
    ULONG done = 0;
    for (; done < 16 * PAGE; done += start_length) {
        assert_int_equal(start(adapter, mdl, done, 16 * PAGE - done, TRUE), NO_ERROR);
        assert_true(start_length <= 6 * PAGE);
        assert_int_equal(complete_last(adapter, TRUE), NO_ERROR);
    }
    assert_int_equal(execute_count, 3);
    close_all();
}

static void MAP_13_a_start_that_succeeds_has_one_callback_and_one_that_fails_has_none(void **state)
{
    (void)state;
    static ULONG lengths[64];
    uint32_t random = 11;
    unsigned good = 0, cancelled = 0, completed = 0;
    open_direct(2 * PAGE, 4, 2, 0, 8 * PAGE);
    for (unsigned n = 0; n < 60; n++) {
        bool bad = opened_random(&random) % 4u == 0u;
        lengths[n] = bad ? 9 * PAGE : 1u + opened_random(&random) % (2 * PAGE);
        VP_STATUS status = VideoPortStartDma(extension, adapter, mdl, 0, &lengths[n], execute_recording, &lengths[n], TRUE);
        if (bad) assert_int_not_equal(status, NO_ERROR);
        violation_reset();
        good += status == NO_ERROR;
        if (opened_random(&random) % 3u == 0u) cancelled += VpCancelQueuedDma(extension, adapter, &lengths[n]);
        assert_int_equal(execute_count + cancelled + information(adapter).Queued, good);
        if (opened_random(&random) % 2u == 0u && completed < execute_count) {
            assert_int_equal(VideoPortCompleteDma(extension, adapter, executes[completed++].list, TRUE), NO_ERROR);
        }
    }
    while (completed < execute_count) {
        assert_int_equal(VideoPortCompleteDma(extension, adapter, executes[completed++].list, TRUE), NO_ERROR);
    }
    assert_int_equal(execute_count + cancelled, good);
    assert_true(good > 20u && good < 60u && cancelled > 0u);
    close_all();
}

/* What the map layer's callback would return, Execute does: it leaves the packet in flight, or it completes it. */
static VOID execute_completing(PVOID ext, PVP_DMA_ADAPTER handle, PVP_SCATTER_GATHER_LIST list, PVOID context)
{
    execute_recording(ext, handle, list, context);
    assert_int_equal(VideoPortCompleteDma(ext, handle, list, TRUE), NO_ERROR);
}

static void MAP_14_what_execute_leaves_owned_is_the_packets(void **state)
{
    (void)state;
    static ULONG first, second;
    for (ULONG depth = 1; depth <= 2; depth++) {
        open_direct(2 * PAGE, 0, depth, 0, 4 * PAGE);
        ULONG all = registers_free();
        first = second = PAGE;
        assert_int_equal(VideoPortStartDma(extension, adapter, mdl, 0, &first, execute_completing, NULL, TRUE), NO_ERROR);
        assert_int_equal(registers_free(), all); /* nothing stays */
        assert_int_equal(VideoPortStartDma(extension, adapter, mdl, 0, &first, execute_recording, NULL, TRUE), NO_ERROR);
        assert_int_equal(registers_free(), all - 1u); /* the registers stay */
        assert_int_equal(VideoPortStartDma(extension, adapter, mdl, PAGE, &second, execute_recording, NULL, TRUE), NO_ERROR);
        assert_int_equal(information(adapter).Queued, depth == 1u); /* and at depth 1 the path stays too */
        assert_int_equal(registers_free(), all - depth);
        assert_int_equal(VideoPortCompleteDma(extension, adapter, executes[1].list, TRUE), NO_ERROR);
        assert_int_equal(VideoPortCompleteDma(extension, adapter, executes[2].list, TRUE), NO_ERROR);
        assert_int_equal(registers_free(), all);
        close_all();
    }
}

static void MAP_15_elements_are_the_longest_contiguous_pieces_or_the_whole(void **state)
{
    (void)state;
    static const uint16_t frames[] = { 20, 21, 22, 30, 29, 40, 41 };
    for (unsigned windowed = 0; windowed < 2; windowed++) {
        VP_DEVICE_DESCRIPTION_EX description = described(windowed == 0u, 1u << 20);
        adapter = VpGetDmaAdapterEx(extension, &description);
        executes_clear();
        mdl = memory_mdl_build(frames, 7, 4, 7 * PAGE - 4u);
        assert_int_equal(start(adapter, mdl, 0, 7 * PAGE - 4u, TRUE), NO_ERROR);
        const VP_SCATTER_GATHER_ELEMENT *got = executes[0].list->Elements;
        assert_int_equal(executes[0].elements, windowed != 0u ? 1 : 4);
        if (windowed == 0u) {
            assert_int_equal(got[0].Length, 3 * PAGE - 4u);
            assert_int_equal(got[1].Length, PAGE);
            assert_int_equal(got[2].Length, PAGE);
            assert_int_equal(got[3].Length, 2 * PAGE);
            assert_int_equal(got[3].Address.QuadPart, SOC_BUS_HOST + 40u * PAGE);
        }
        assert_int_equal(complete_last(adapter, TRUE), NO_ERROR);
        close_all();
    }
}

static void MAP_19_what_is_freed_is_what_was_taken(void **state)
{
    (void)state;
    unsigned first, before = map_registers_free(&gate);
    assert_int_equal(map_registers_take(&gate, 4, &first), MAP_OK);
    assert_int_equal(map_registers_give(&gate, first, 5), MAP_ERR_STATE);
    assert_int_equal(map_registers_give(&gate, first + 1u, 4), MAP_ERR_STATE);
    assert_int_equal(map_registers_give(&gate, first, 0), MAP_ERR_ARGUMENT);
    assert_int_equal(map_registers_free(&gate), before - 4u); /* a mismatch frees nothing */
    assert_int_equal(map_registers_give(&gate, first, 4), MAP_OK);
    assert_int_equal(map_registers_free(&gate), before);
}

static void MAP_20_what_is_no_start_never_gets_a_part(void **state)
{
    (void)state;
    PHYSICAL_ADDRESS logical;
    unsigned first;
    for (unsigned windowed = 0; windowed < 2; windowed++) {
        if (windowed != 0u) open_windowed(4 * PAGE, 5, 0, PAGE);
        else open_direct(4 * PAGE, 5, 1, 0, PAGE);
        assert_null(VideoPortAllocateCommonBuffer(extension, adapter, 5 * PAGE + 1u, &logical, FALSE, NULL));
        assert_int_equal(registers_free(), 5);
        PVOID cpu = VideoPortAllocateCommonBuffer(extension, adapter, 5 * PAGE, &logical, FALSE, NULL);
        assert_non_null(cpu);
        assert_int_equal(registers_free(), 0);
        VideoPortReleaseCommonBuffer(extension, adapter, 5 * PAGE, logical, cpu, FALSE);
        close_all();
    }
    assert_int_equal(map_registers_take(&gate, map_registers_free(&gate) + 1u, &first), MAP_ERR_FULL);
}

static void MAP_21_the_pointer_of_the_list_is_the_key_of_complete(void **state)
{
    (void)state;
    open_direct(4 * PAGE, 0, 2, 0, 4 * PAGE);
    assert_int_equal(start(adapter, mdl, 0, 8, TRUE), NO_ERROR);
    VP_SCATTER_GATHER_LIST copy = *executes[0].list;
    assert_int_equal(VideoPortCompleteDma(extension, adapter, &copy, TRUE), ERROR_INVALID_PARAMETER);
    assert_violation(VIOL_LIST);
    PVP_SCATTER_GATHER_LIST beside = (PVP_SCATTER_GATHER_LIST)(void *)&executes[0].list->Elements[0];
    assert_int_equal(VideoPortCompleteDma(extension, adapter, beside, TRUE), ERROR_INVALID_PARAMETER);
    assert_violation(VIOL_LIST);
    assert_int_equal(information(adapter).Executing, 1);
    assert_int_equal(complete_last(adapter, TRUE), NO_ERROR);
    close_all();
}

/* Without a buffer: the worst place in a page. */
static void MAP_22_sizes_are_computed_at_any_level_and_change_nothing(void **state)
{
    (void)state;
    open_direct(8 * PAGE, 5, 1, 3, 4 * PAGE);
    ULONG all = registers_free();
    struct host_accesses before = host_accesses();
    for (unsigned i = 0; i < 3; i++) {
        enum irql old = irql_raise(i == 0u ? IRQL_DISPATCH : i == 1u ? IRQL_DEVICE : IRQL_HIGH);
        assert_int_equal(packet_chunk(PAGE - 1u, 100 * PAGE, 8 * PAGE, 5, PAGE), 4 * PAGE + 1u);
        assert_int_equal(packet_chunk(0, 100 * PAGE, 8 * PAGE, 5, PAGE), 5 * PAGE);
        assert_int_equal(memory_pages_spanned(PAGE - 1u, 4 * PAGE + 1u), 5);
        irql_lower(old);
    }
    assert_int_equal(host_accesses().writes, before.writes);
    assert_int_equal(registers_free(), all);
    close_all();
}

static void MAP_30_what_a_transfer_takes_is_known_before_and_exact(void **state)
{
    (void)state;
    uint32_t random = 21;
    open_direct(5 * PAGE, 4, 1, 0x41, 12 * PAGE);
    for (unsigned round = 0; round < 100; round++) {
        uint32_t offset = opened_random(&random) % (8 * PAGE), wanted = 1u + opened_random(&random) % (4 * PAGE);
        uint32_t in_page = (0x41u + offset) % PAGE;
        uint32_t length = packet_chunk(in_page, wanted, 5 * PAGE, information(adapter).Registers, PAGE);
        assert_int_equal(packet_chunk(in_page, wanted, 5 * PAGE, information(adapter).Registers, PAGE), length); /* pure */
        executes_clear();
        assert_int_equal(start(adapter, mdl, offset, wanted, TRUE), NO_ERROR);
        assert_int_equal(start_length, length);
        assert_int_equal(4u - registers_free(), memory_pages_spanned(in_page, length));
        assert_true(executes[0].elements <= memory_pages_spanned(in_page, length));
        assert_int_equal(complete_last(adapter, TRUE), NO_ERROR);
    }
    close_all();
}

/* The synchronous kind of this layer is a common buffer: there now, or not at all. */
static void MAP_31_what_cannot_be_had_now_is_refused_and_nothing_waits(void **state)
{
    (void)state;
    PHYSICAL_ADDRESS logical;
    open_direct(4 * PAGE, 4, 1, 0, 4 * PAGE);
    assert_int_equal(start(adapter, mdl, 0, 4 * PAGE, TRUE), NO_ERROR);
    assert_null(VideoPortAllocateCommonBuffer(extension, adapter, PAGE, &logical, FALSE, NULL));
    assert_int_equal(information(adapter).Queued, 0);
    assert_int_equal(complete_last(adapter, TRUE), NO_ERROR);
    assert_int_equal(registers_free(), 4); /* nobody got them behind the caller's back */
    PVOID cpu = VideoPortAllocateCommonBuffer(extension, adapter, PAGE, &logical, FALSE, NULL);
    assert_non_null(cpu);
    VideoPortReleaseCommonBuffer(extension, adapter, PAGE, logical, cpu, FALSE);
    close_all();
}

static BOOLEAN cancelled_inside;
static ULONG   raced;

static VOID execute_cancelling(PVOID ext, PVP_DMA_ADAPTER handle, PVP_SCATTER_GATHER_LIST list, PVOID context)
{
    execute_recording(ext, handle, list, context);
    cancelled_inside = VpCancelQueuedDma(ext, handle, context);
}

/* At every point of a start's life: TRUE means never, FALSE means it has run or will. */
static void MAP_34_cancel_and_callback_exclude_each_other_at_every_point(void **state)
{
    (void)state;
    static ULONG holder;
    for (unsigned point = 0; point < 5; point++) {
        open_direct(PAGE, 0, 1, 0, PAGE);
        holder = raced = 8;
        bool queued = point == 1u;
        BOOLEAN cancelled = FALSE;
        if (point == 0u) assert_false(VpCancelQueuedDma(extension, adapter, &raced)); /* before it is there */
        if (queued) assert_int_equal(VideoPortStartDma(extension, adapter, mdl, 0, &holder, execute_recording, NULL, TRUE), NO_ERROR);
        PEXECUTE_DMA routine = point == 2u ? execute_cancelling : execute_recording;
        cancelled_inside = TRUE;
        assert_int_equal(VideoPortStartDma(extension, adapter, mdl, 0, &raced, routine, &raced, TRUE), NO_ERROR);
        if (point == 2u) assert_false(cancelled_inside);
        if (queued || point == 3u) cancelled = VpCancelQueuedDma(extension, adapter, &raced);
        assert_int_equal(cancelled, queued);
        assert_int_equal(complete_last(adapter, TRUE), NO_ERROR);
        if (point == 4u) assert_false(VpCancelQueuedDma(extension, adapter, &raced));
        assert_int_equal(execute_count, 1);
        assert_int_equal(executes[0].context == &raced, !queued);
        close_all();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        port_test(MAP_03_a_range_takes_the_registers_of_the_pages_that_it_spans),
        port_test(MAP_10_packets_follow_the_grant_and_not_the_wish),
        port_test(MAP_13_a_start_that_succeeds_has_one_callback_and_one_that_fails_has_none),
        port_test(MAP_14_what_execute_leaves_owned_is_the_packets),
        port_test(MAP_15_elements_are_the_longest_contiguous_pieces_or_the_whole),
        port_test(MAP_19_what_is_freed_is_what_was_taken),
        port_test(MAP_20_what_is_no_start_never_gets_a_part),
        port_test(MAP_21_the_pointer_of_the_list_is_the_key_of_complete),
        port_test(MAP_22_sizes_are_computed_at_any_level_and_change_nothing),
        port_test(MAP_30_what_a_transfer_takes_is_known_before_and_exact),
        port_test(MAP_31_what_cannot_be_had_now_is_refused_and_nothing_waits),
        port_test(MAP_34_cancel_and_callback_exclude_each_other_at_every_point),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
