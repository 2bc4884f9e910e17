/* SPDX-License-Identifier: Apache-2.0 */
/* The list that Execute gets: what stands in it, how long it does, and the length that it comes with. */
#include "opened.h"

#include "trace.h"

/* ---- The list ------------------------------------------------------------------------------------------------------ */

static void SGL_02_a_late_reader_of_the_list_finds_poison_and_moves_nothing(void **state)
{
    (void)state;
    open_direct(4 * PAGE, 0, 1, 100, 3 * PAGE);
    assert_int_equal(start(adapter, mdl, 0, 3 * PAGE, TRUE), NO_ERROR);
    PVP_SCATTER_GATHER_LIST list = executes[0].list;
    assert_int_equal(device_run(0, list, TRUE, 0), 3 * PAGE); /* valid from Execute on */
    assert_int_equal(complete_last(adapter, TRUE), NO_ERROR);
    assert_int_equal(list->NumberOfElements, 0x01010101u);
    uint8_t byte;
    for (unsigned i = 0; i < executes[0].elements; i++) {
        assert_false(fake_access(0, (uint64_t)list->Elements[i].Address.QuadPart, false, &byte));
        assert_int_equal(list->Elements[i].Length, 0x01010101u);
    }
    forget_refused();
    close_all();
}

/* Bytes come out in the buffer's order, whatever order the frames have. */
static void SGL_03_elements_are_in_order_not_empty_and_together_the_length(void **state)
{
    (void)state;
    uint32_t random = 7;
    client_fill(0, 12 * PAGE, 3);
    for (unsigned round = 0; round < 60; round++) {
        uint32_t base = opened_random(&random) % (4 * PAGE), length = 1u + opened_random(&random) % (8 * PAGE);
        if (round % 2u == 0u) open_direct(8 * PAGE, 0, 1, base, length);
        else open_windowed(8 * PAGE, 0, base, length);
        assert_int_equal(start(adapter, mdl, 0, length, TRUE), NO_ERROR);
        assert_int_equal(executes[0].bytes, start_length); /* list_bytes() has looked at each element */
        assert_int_equal(device_run(0, executes[0].list, TRUE, 0), start_length);
        assert_device_has(0, start_length, 3, base);
        assert_int_equal(complete_last(adapter, TRUE), NO_ERROR);
        close_all();
    }
}

static void SGL_04_an_element_may_be_one_byte_at_head_and_tail(void **state)
{
    (void)state;
    open_direct(4 * PAGE, 0, 1, PAGE - 1u, PAGE + 2u);
    assert_int_equal(start(adapter, mdl, 0, PAGE + 2u, TRUE), NO_ERROR);
    assert_int_equal(executes[0].elements, 3);
    assert_int_equal(executes[0].list->Elements[0].Length, 1);
    assert_int_equal(executes[0].list->Elements[1].Length, PAGE);
    assert_int_equal(executes[0].list->Elements[2].Length, 1);
    assert_int_equal((uint64_t)executes[0].list->Elements[2].Address.QuadPart % PAGE, 0);
    assert_int_equal(complete_last(adapter, TRUE), NO_ERROR);
    assert_int_equal(start(adapter, mdl, 7, 1, TRUE), NO_ERROR);
    assert_int_equal(executes[1].elements, 1);
    assert_int_equal(executes[1].first_length, 1);
    assert_int_equal(complete_last(adapter, TRUE), NO_ERROR);
    close_all();
}

static void SGL_06_addresses_are_logical_and_a_physical_one_is_refused(void **state)
{
    (void)state;
    uint8_t byte;
    open_windowed(4 * PAGE, 0, 5, 2 * PAGE);
    assert_int_equal(start(adapter, mdl, 0, 2 * PAGE, TRUE), NO_ERROR);
    uint32_t physical = memory_frame_bus(memory_mdl_frame(mdl, 0)) + 5u;
    assert_int_not_equal(executes[0].first_address, physical);
    assert_true(fake_access(0, executes[0].first_address, false, &byte));
    assert_false(fake_access(0, physical, false, &byte));         /* a miniport that computes it itself */
    assert_false(fake_access(0, (uint32_t)buffer + 5u, false, &byte)); /* or takes the client's pointer */
    forget_refused();
    assert_int_equal(complete_last(adapter, TRUE), NO_ERROR);
    close_all();
}

static void DD_02_a_device_without_scatter_gather_gets_a_list_too(void **state)
{
    (void)state;
    open_windowed(4 * PAGE, 0, 9, 3 * PAGE);
    assert_int_equal(start(adapter, mdl, 0, 3 * PAGE, TRUE), NO_ERROR);
    assert_non_null(executes[0].list);
    assert_int_equal(executes[0].list->NumberOfElements, 1);
    assert_int_equal(executes[0].list->Elements[0].Length, 3 * PAGE);
    assert_int_equal(complete_last(adapter, TRUE), NO_ERROR);
    close_all();
}

static void EXE_03_without_scatter_gather_every_execute_sees_one_element(void **state)
{
    (void)state;
    uint32_t random = 5;
    open_windowed(6 * PAGE, 5, 0x123, 20 * PAGE);
    for (unsigned round = 0; round < 50; round++) {
        executes_clear();
        uint32_t offset = opened_random(&random) % (10 * PAGE), length = 1u + opened_random(&random) % (9 * PAGE);
        assert_int_equal(start(adapter, mdl, offset, length, FALSE), NO_ERROR);
        assert_int_equal(executes[0].elements, 1);
        assert_int_equal(executes[0].first_length, start_length);
        assert_int_equal(complete_last(adapter, FALSE), NO_ERROR);
    }
    close_all();
}

/* Not copied by contract: the miniport keeps the pointer, and what later packets do leaves the list alone. */
static void EXE_04_a_list_is_as_execute_saw_it_until_its_own_complete(void **state)
{
    (void)state;
    static ULONG lengths[3];
    struct { uint64_t address; ULONG length; } before[3];
    open_direct(2 * PAGE, 0, 3, 0, 12 * PAGE);
    for (unsigned n = 0; n < 3; n++) {
        lengths[n] = 2 * PAGE;
        assert_int_equal(VideoPortStartDma(extension, adapter, mdl, n * 2 * PAGE, &lengths[n], execute_recording, NULL, TRUE), NO_ERROR);
        before[n].address = executes[n].first_address;
        before[n].length = executes[n].first_length;
    }
    static const unsigned order[] = { 1, 2, 0 };
    for (unsigned k = 0; k < 3; k++) {
        for (unsigned left = k; left < 3; left++) {
            unsigned n = order[left];
            assert_int_equal((uint64_t)executes[n].list->Elements[0].Address.QuadPart, before[n].address);
            assert_int_equal(executes[n].list->Elements[0].Length, before[n].length);
        }
        assert_int_equal(VideoPortCompleteDma(extension, adapter, executes[order[k]].list, TRUE), NO_ERROR);
    }
    close_all();
}

/* ---- The length ------------------------------------------------------------------------------------------------------ */

static void DD_05_three_times_the_maximum_and_one_byte_are_four_packets(void **state)
{
    (void)state;
    const ULONG maximum = 1000, total = 3 * maximum + 1u;
    open_direct(maximum, 0, 1, 77, total);
    ULONG done = 0;
    for (; done < total; done += start_length) {
        assert_int_equal(start(adapter, mdl, done, total - done, TRUE), NO_ERROR);
        assert_true(start_length <= maximum);
        assert_int_equal(complete_last(adapter, TRUE), NO_ERROR);
    }
    assert_int_equal(execute_count, 4);
    assert_int_equal(done, total);
    close_all();
}

static ULONG asked;

static VOID execute_measuring(PVOID ext, PVP_DMA_ADAPTER handle, PVP_SCATTER_GATHER_LIST list, PVOID context)
{
    const ULONG *length = context;
    assert_true(*length > 0u && *length <= asked);
    execute_recording(ext, handle, list, context);
}

static void STA_10_the_actual_length_is_above_zero_and_at_most_what_was_asked(void **state)
{
    (void)state;
    uint32_t random = 3;
    open_direct(3 * PAGE, 3, 1, 0x77, 30 * PAGE);
    for (unsigned round = 0; round < 200; round++) {
        static ULONG length;
        uint32_t offset = opened_random(&random) % (30 * PAGE - 1u);
        executes_clear();
        asked = length = 1u + opened_random(&random) % (30 * PAGE - offset);
        assert_int_equal(VideoPortStartDma(extension, adapter, mdl, offset, &length, execute_measuring, &length, TRUE), NO_ERROR);
        assert_int_equal(executes[0].bytes, length);
        assert_int_equal(complete_last(adapter, TRUE), NO_ERROR);
    }
    close_all();
}

static struct { ULONG length, in_execute, in_dpc; bool returned, dpc_before_return; PVP_SCATTER_GATHER_LIST list; } final;

static VOID dpc_of_final(PVOID ext, PVOID context)
{
    final.in_dpc = final.length;
    final.dpc_before_return = !final.returned;
    assert_int_equal(VideoPortCompleteDma(ext, context, final.list, TRUE), NO_ERROR);
}

static VOID execute_of_final(PVOID ext, PVP_DMA_ADAPTER handle, PVP_SCATTER_GATHER_LIST list, PVOID context)
{
    (void)context;
    final.in_execute = final.length;
    final.list = list;
    assert_int_equal(list_bytes(list), final.length);
    assert_true(VideoPortQueueDpc(ext, dpc_of_final, handle));
}

static void STA_14_the_length_is_final_in_execute_and_in_a_dpc_before_start_returns(void **state)
{
    (void)state;
    open_direct(PAGE, 0, 1, 50, 3 * PAGE);
    memset(&final, 0, sizeof final);
    final.length = 3 * PAGE;
    assert_int_equal(VideoPortStartDma(extension, adapter, mdl, 0, &final.length, execute_of_final, NULL, TRUE), NO_ERROR);
    final.returned = true;
    assert_true(final.dpc_before_return);
    assert_int_equal(final.in_execute, PAGE);
    assert_int_equal(final.in_dpc, PAGE);
    assert_int_equal(final.length, PAGE);
    close_all();
}

/* The same run: Complete came from a DPC that the level's drop at the end of Start let in. */
static void CPL_09_complete_is_legal_before_the_start_that_began_it_has_returned(void **state)
{
    (void)state;
    open_direct(PAGE, 0, 1, 0, PAGE);
    memset(&final, 0, sizeof final);
    final.length = 64;
    host_trace_clear();
    assert_int_equal(VideoPortStartDma(extension, adapter, mdl, 0, &final.length, execute_of_final, NULL, TRUE), NO_ERROR);
    assert_true(final.dpc_before_return);
    assert_int_equal(information(adapter).Executing, 0);
    assert_int_equal(memory_mdl_in_flight(mdl), 0);
    close_all();
}

static void MAP_32_a_partial_map_is_a_success_and_its_length_stands_before_the_callback(void **state)
{
    (void)state;
    open_direct(1u << 20, 4, 1, 33, 10 * PAGE);
    memset(&final, 0, sizeof final);
    final.length = 10 * PAGE;
    enum irql old = irql_raise(IRQL_DISPATCH);
    assert_int_equal(VideoPortStartDma(extension, adapter, mdl, 0, &final.length, execute_of_final, NULL, TRUE), NO_ERROR);
    assert_int_equal(final.in_execute, 4 * PAGE - 33u);
    irql_lower(old);
    close_all();
}

static void STA_27_the_next_packet_begins_behind_what_really_moved(void **state)
{
    (void)state;
    uint32_t done = 0, packets = 0;
    client_fill(11, 5 * PAGE, 6);
    open_direct(2 * PAGE, 0, 1, 11, 5 * PAGE);
    for (; done < 5 * PAGE; packets++) {
        executes_clear();
        assert_int_equal(start(adapter, mdl, done, 5 * PAGE - done, TRUE), NO_ERROR);
        /* The engine does less than it was given: it stops in the middle of the first element. */
        ULONG moved = start_length < 300u ? start_length : 300u + packets;
        if (moved > executes[0].first_length) moved = executes[0].first_length;
        ULONG whole = executes[0].list->Elements[0].Length;
        executes[0].list->Elements[0].Length = moved;
        for (ULONG i = 1; i < executes[0].elements; i++) executes[0].list->Elements[i].Length = 0;
        assert_int_equal(device_run(0, executes[0].list, TRUE, done), moved);
        executes[0].list->Elements[0].Length = whole;
        assert_int_equal(VideoPortCompleteDmaEx(extension, adapter, executes[0].list, TRUE, moved, NO_ERROR), NO_ERROR);
        done += moved;
    }
    assert_true(packets > 5 * PAGE / 400u);
    assert_device_has(0, 5 * PAGE, 6, 0);
    close_all();
}

static void PRT_03_a_packet_moves_at_least_a_byte_or_start_fails(void **state)
{
    (void)state;
    VP_DEVICE_DESCRIPTION_EX description = described(TRUE, 1u << 20);
    description.MapRegisters = 1;
    description.LengthGranularity = 64;
    open_described(&description, PAGE - 63u, 2 * PAGE);
    assert_int_equal(start(adapter, mdl, 0, 2 * PAGE, TRUE), ERROR_NOT_ENOUGH_MEMORY); /* 63 bytes to the page's end */
    assert_int_equal(execute_count, 0);
    assert_int_equal(start(adapter, mdl, 63, 2 * PAGE - 63u, TRUE), NO_ERROR);
    assert_int_equal(start_length, PAGE);
    assert_int_equal(complete_last(adapter, TRUE), NO_ERROR);
    close_all();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        port_test(SGL_02_a_late_reader_of_the_list_finds_poison_and_moves_nothing),
        port_test(SGL_03_elements_are_in_order_not_empty_and_together_the_length),
        port_test(SGL_04_an_element_may_be_one_byte_at_head_and_tail),
        port_test(SGL_06_addresses_are_logical_and_a_physical_one_is_refused),
        port_test(DD_02_a_device_without_scatter_gather_gets_a_list_too),
        port_test(EXE_03_without_scatter_gather_every_execute_sees_one_element),
        port_test(EXE_04_a_list_is_as_execute_saw_it_until_its_own_complete),
        port_test(DD_05_three_times_the_maximum_and_one_byte_are_four_packets),
        port_test(STA_10_the_actual_length_is_above_zero_and_at_most_what_was_asked),
        port_test(STA_14_the_length_is_final_in_execute_and_in_a_dpc_before_start_returns),
        port_test(CPL_09_complete_is_legal_before_the_start_that_began_it_has_returned),
        port_test(MAP_32_a_partial_map_is_a_success_and_its_length_stands_before_the_callback),
        port_test(STA_27_the_next_packet_begins_behind_what_really_moved),
        port_test(PRT_03_a_packet_moves_at_least_a_byte_or_start_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
