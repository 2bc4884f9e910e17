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

int main(void)
{
    const struct CMUnitTest tests[] = {
        port_test(BNC_01_pages_beyond_the_reach_are_bounced_both_ways),
        port_test(CPL_07_a_short_transfer_through_bounce_pages_leaves_the_rest_alone),
        port_test(BNC_05_bounce_pages_are_map_registers_and_cut_packets),
        port_test(DD_04_frames_beyond_the_reach_need_bounce_pages_or_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
