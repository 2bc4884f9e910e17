/* SPDX-License-Identifier: Apache-2.0 */
/* Bounce pages: frames beyond the reach of a device. */
#include "port_fixture.h"

static PVP_DMA_ADAPTER adapter;
static PVOID           mdl;

static void open_described(const VP_DEVICE_DESCRIPTION_EX *description, uint32_t base, uint32_t length)
{
    adapter = VpGetDmaAdapterEx(extension, description);
    assert_non_null(adapter);
    mdl = lock_at(base, length, VpModifyAccess);
    assert_non_null(mdl);
    executes_clear();
}

static void close_all(void)
{
    assert_no_violation();
    VideoPortUnlockBuffer(extension, mdl);
    VideoPortPutDmaAdapter(extension, adapter);
    assert_no_violation();
}

/* ---- Bounce pages -------------------------------------------------------------------------------------------------- */

/* A reach that ends below the frames of clients: common frames are below it, so bounce pages are too. */
static VP_DEVICE_DESCRIPTION_EX short_reach(ULONG pages)
{
    VP_DEVICE_DESCRIPTION_EX description = described(TRUE, 16 * PAGE);
    description.BouncePages = pages;
    return description;
}

static uint32_t highest_common(void)
{
    return SOC_BUS_HOST + MEMORY_FRAME_FIRST * PAGE - 1u;
}

static void BNC_01_pages_beyond_the_reach_are_bounced_both_ways(void **state)
{
    (void)state;
    uint8_t got[700];
    for (BOOLEAN to_device = FALSE; to_device <= TRUE; to_device++) {
        VP_DEVICE_DESCRIPTION_EX description = short_reach(4);
        description.BounceAlways = TRUE;
        open_described(&description, PAGE - 300u, 700);
        client_fill(PAGE - 300u, 700, 4);
        assert_int_equal(start(adapter, mdl, 0, 700, to_device), NO_ERROR);
        assert_true(executes[0].first_address <= highest_common());
        assert_int_equal(executes[0].first_address % PAGE, PAGE - 300u); /* the offset in the page is kept */
        if (!to_device) fixture_fill(device_bytes, 700, 5);
        assert_int_equal(device_run(0, executes[0].list, to_device, 0), 700);
        assert_int_equal(complete_last(adapter, to_device), NO_ERROR);
        client_read(PAGE - 300u, got, 700);
        assert_memory_equal(got, device_bytes, 700);
        for (uint32_t i = 0; i < 700; i++) assert_int_equal(got[i], fixture_byte(to_device ? 4 : 5, i));
        close_all();
    }
}

static void CPL_07_a_short_transfer_through_bounce_pages_leaves_the_rest_alone(void **state)
{
    (void)state;
    uint8_t got[400];
    VP_DEVICE_DESCRIPTION_EX description = short_reach(2);
    description.BounceAlways = TRUE;
    for (unsigned with_count = 0; with_count < 2; with_count++) {
        open_described(&description, 0, 400);
        client_fill(0, 400, 7);
        assert_int_equal(start(adapter, mdl, 0, 400, FALSE), NO_ERROR);
        memset(device_bytes, 0xab, 400);
        executes[0].list->Elements[0].Length = 100; /* the device stops early */
        assert_int_equal(device_run(0, executes[0].list, FALSE, 0), 100);
        VP_STATUS status = with_count != 0u
            ? VideoPortCompleteDmaEx(extension, adapter, executes[0].list, FALSE, 100, NO_ERROR) /* copies 100 */
            : complete_last(adapter, FALSE);                                                     /* copies all: prefilled, BNC-02 */
        assert_int_equal(status, NO_ERROR);
        client_read(0, got, 400);
        for (uint32_t i = 0; i < 400; i++) assert_int_equal(got[i], i < 100 ? 0xab : fixture_byte(7, i));
        close_all();
    }
}

static void BNC_05_bounce_pages_are_map_registers_and_cut_packets(void **state)
{
    (void)state;
    VP_DEVICE_DESCRIPTION_EX description = short_reach(2);
    description.BounceAlways = TRUE;
    open_described(&description, 0, 5 * PAGE);
    ULONG done = 0;
    const ULONG want[3] = { 2 * PAGE, 2 * PAGE, PAGE };
    for (unsigned i = 0; i < 3; i++, done += start_length) {
        assert_int_equal(start(adapter, mdl, done, 5 * PAGE - done, TRUE), NO_ERROR);
        assert_int_equal(start_length, want[i]);
        assert_int_equal(complete_last(adapter, TRUE), NO_ERROR);
    }
    close_all();
}

static void DD_04_frames_beyond_the_reach_need_bounce_pages_or_fail(void **state)
{
    (void)state;
    VP_DEVICE_DESCRIPTION_EX description = short_reach(0);
    description.AddressBits = 31; /* host memory stands at 1 GiB: all of it is within */
    open_described(&description, 0, PAGE);
    assert_int_equal(start(adapter, mdl, 0, 8, TRUE), NO_ERROR);
    assert_int_equal(complete_last(adapter, TRUE), NO_ERROR);
    close_all();
    description.AddressBits = 30; /* none of it is, and a bounce page would not be either */
    open_described(&description, 0, PAGE);
    assert_int_equal(start(adapter, mdl, 0, 8, TRUE), ERROR_NOT_ENOUGH_MEMORY);
    close_all();
    description.BouncePages = 1;
    assert_null(VpGetDmaAdapterEx(extension, &description));
}

/* Frames of a client are scattered: this lies in the middle of them. */
static uint32_t middle_of(uint32_t pages)
{
    uint32_t least = UINT32_MAX, most = 0;
    for (uint32_t i = 0; i < pages; i++) {
        uint32_t bus = memory_frame_bus(memory_client_page(client, buffer + i * PAGE).frame);
        least = bus < least ? bus : least;
        most = bus > most ? bus : most;
    }
    return least + (most - least) / 2u;
}

static uint32_t pages_beyond(uint64_t highest, uint32_t pages)
{
    uint32_t beyond = 0;
    for (uint32_t i = 0; i < pages; i++) {
        beyond += memory_frame_bus(memory_client_page(client, buffer + i * PAGE).frame) + PAGE - 1u > highest;
    }
    return beyond;
}

static void DD_04_a_reach_that_ends_inside_memory_bounces_what_is_beyond_and_nothing_else(void **state)
{
    (void)state;
    static uint8_t got[12 * 4096];
    for (BOOLEAN to_device = FALSE; to_device <= TRUE; to_device++) {
        client_fill(0, 12 * PAGE, 4);
        VP_DEVICE_DESCRIPTION_EX description = short_reach(12);
        description.HighestAddress.QuadPart = middle_of(12);
        open_described(&description, 0, 12 * PAGE);
        uint32_t beyond = pages_beyond((uint64_t)description.HighestAddress.QuadPart, 12);
        assert_in_range(beyond, 1, 11);
        assert_int_equal(start(adapter, mdl, 0, 12 * PAGE, to_device), NO_ERROR);
        assert_int_equal(start_length, 12 * PAGE);
        PVP_SCATTER_GATHER_LIST list = executes[0].list;
        for (ULONG i = 0; i < list->NumberOfElements; i++) {
            assert_true(list->Elements[i].Address.QuadPart + list->Elements[i].Length - 1u <= description.HighestAddress.QuadPart);
        }
        assert_int_equal(information(adapter).Bounced, beyond); /* BNC-04 */
        if (!to_device) fixture_fill(device_bytes, 12 * PAGE, 5);
        assert_int_equal(device_run(0, list, to_device, 0), 12 * PAGE);
        assert_int_equal(complete_last(adapter, to_device), NO_ERROR);
        client_read(0, got, 12 * PAGE);
        assert_memory_equal(got, device_bytes, 12 * PAGE);
        for (uint32_t i = 0; i < 12 * PAGE; i++) assert_int_equal(got[i], fixture_byte(to_device ? 4 : 5, i));
        close_all();
    }
}

static void DD_08_elements_begin_where_the_device_wants_them(void **state)
{
    (void)state;
    uint8_t got[600];
    for (BOOLEAN to_device = FALSE; to_device <= TRUE; to_device++) {
        VP_DEVICE_DESCRIPTION_EX description = short_reach(1);
        description.Alignment = 16;
        for (uint32_t offset = 0; offset < 20u; offset++) {
            uint32_t base = PAGE - 16u * 20u + offset; /* over the end of a page */
            open_described(&description, base, 600);
            client_fill(base - 1u, 602, 4); /* and the neighbours */
            assert_int_equal(start(adapter, mdl, 0, 600, to_device), NO_ERROR);
            assert_int_equal(start_length, 600);
            for (ULONG i = 0; i < executes[0].elements; i++) {
                assert_int_equal(executes[0].list->Elements[i].Address.QuadPart % 16, 0);
            }
            assert_int_equal(information(adapter).Bounced, base % 16u != 0u);
            if (!to_device) fixture_fill(device_bytes, 600, 5);
            assert_int_equal(device_run(0, executes[0].list, to_device, 0), 600);
            assert_int_equal(complete_last(adapter, to_device), NO_ERROR);
            client_read(base, got, 600);
            assert_memory_equal(got, device_bytes, 600);
            for (uint32_t i = 0; i < 600; i++) assert_int_equal(got[i], to_device ? fixture_byte(4, i + 1u) : fixture_byte(5, i));
            client_read(base - 1u, got, 1);
            assert_int_equal(got[0], fixture_byte(4, 0));
            client_read(base + 600u, got, 1);
            assert_int_equal(got[0], fixture_byte(4, 601));
            close_all();
        }
    }
}

static void DD_08_a_buffer_that_cannot_be_aligned_is_refused(void **state)
{
    (void)state;
    for (BOOLEAN several = FALSE; several <= TRUE; several++) { /* through the window; and without a bounce page */
        VP_DEVICE_DESCRIPTION_EX description = described(several, 4 * PAGE);
        description.Alignment = 8;
        open_described(&description, 4, 100);
        assert_int_equal(start(adapter, mdl, 0, 96, TRUE), ERROR_NOT_ENOUGH_MEMORY);
        assert_int_equal(start(adapter, mdl, 4, 96, TRUE), NO_ERROR);
        assert_int_equal(executes[0].first_address % 8u, 0);
        assert_int_equal(complete_last(adapter, TRUE), NO_ERROR);
        close_all();
    }
    const struct { ULONG alignment, boundary, element; } bad[] = { { 3, 0, 0 }, { 2 * PAGE, 0, 0 }, { 64, 32, 0 }, { 16, 0, 24 } };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        VP_DEVICE_DESCRIPTION_EX description = described(TRUE, PAGE);
        description.Alignment = bad[i].alignment;
        description.Boundary = bad[i].boundary;
        description.MaximumElementLength = bad[i].element;
        assert_null(VpGetDmaAdapterEx(extension, &description));
    }
    assert_no_violation();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        port_test(BNC_01_pages_beyond_the_reach_are_bounced_both_ways),
        port_test(CPL_07_a_short_transfer_through_bounce_pages_leaves_the_rest_alone),
        port_test(BNC_05_bounce_pages_are_map_registers_and_cut_packets),
        port_test(DD_04_frames_beyond_the_reach_need_bounce_pages_or_fail),
        port_test(DD_04_a_reach_that_ends_inside_memory_bounces_what_is_beyond_and_nothing_else),
        port_test(DD_08_elements_begin_where_the_device_wants_them),
        port_test(DD_08_a_buffer_that_cannot_be_aligned_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
