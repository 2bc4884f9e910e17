/* SPDX-License-Identifier: Apache-2.0 */
/* What Complete does before registers, frames and bytes are the CPU's again: flush, copy, neighbours, bounce pages. */
#include "opened.h"

#include "cache.h"

/* Until the flush has ended the packet still holds its registers, its buffer and its pins. */
static struct { unsigned calls; ULONG registers; uint32_t in_flight, pins, open_frames; } at_flush;

static bool flush_looks(void *context)
{
    (void)context;
    at_flush.calls++;
    at_flush.registers = registers_free();
    at_flush.in_flight = memory_mdl_in_flight(mdl);
    at_flush.pins = memory_use().pins;
    at_flush.open_frames = fake_open_frames() + fake_open_entries();
    return true;
}

static void MAP_06_frames_and_registers_are_free_only_behind_sync_and_flush(void **state)
{
    (void)state;
    open_direct(4 * PAGE, 0, 1, 0, 2 * PAGE);
    ULONG all = registers_free();
    assert_int_equal(start(adapter, mdl, 0, 2 * PAGE, FALSE), NO_ERROR);
    memset(&at_flush, 0, sizeof at_flush);
    host_on_posted_flush(flush_looks, NULL);
    assert_int_equal(complete_last(adapter, FALSE), NO_ERROR);
    assert_int_equal(at_flush.open_frames, 0); /* nothing is admitted any more */
    assert_int_equal(at_flush.in_flight, 1);
    assert_int_equal(at_flush.registers, all - 2u);
    assert_int_equal(at_flush.pins, 2);
    assert_int_equal(registers_free(), all);
    host_on_posted_flush(NULL, NULL);
    close_all();
}

/* Whole lines are maintained; what shares a line with the ends of the buffer is the CPU's all the time. */
static void MAP_12_the_neighbours_of_any_alignment_in_a_line_survive(void **state)
{
    (void)state;
    for (uint32_t base = 64; base < 96; base++) {
        for (uint32_t length = 1; length < 34; length += 4) {
            uint8_t got[160];
            client_fill(0, sizeof got, base);
            open_direct(PAGE, 0, 1, base, length);
            assert_int_equal(start(adapter, mdl, 0, length, FALSE), NO_ERROR);
            memset(device_bytes, 0xd5, length);
            assert_int_equal(memory_client_write(client, buffer + base - 1u, "\x31", 1), MEMORY_OK);
            assert_int_equal(device_run(0, executes[0].list, FALSE, 0), length);
            assert_int_equal(memory_client_write(client, buffer + base + length, "\x32", 1), MEMORY_OK);
            assert_int_equal(complete_last(adapter, FALSE), NO_ERROR);
            client_read(0, got, sizeof got);
            for (uint32_t i = 0; i < sizeof got; i++) {
                uint8_t want = i + 1u == base ? 0x31 : i == base + length ? 0x32
                             : i >= base && i < base + length ? 0xd5 : fixture_byte(base, i);
                assert_int_equal(got[i], want);
            }
            close_all();
        }
    }
}

static void MAP_17_every_transfer_is_flushed_before_its_registers_are_free(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 4; i++) {
        BOOLEAN to_device = i & 1u ? TRUE : FALSE;
        if ((i & 2u) != 0u) open_windowed(4 * PAGE, 0, 0, 3 * PAGE);
        else open_direct(4 * PAGE, 0, 1, 0, 3 * PAGE);
        ULONG all = registers_free();
        memset(&at_flush, 0, sizeof at_flush);
        host_on_posted_flush(flush_looks, NULL);
        for (unsigned n = 1; n < 4; n++) {
            assert_int_equal(start(adapter, mdl, 0, 3 * PAGE, to_device), NO_ERROR);
            assert_int_equal(complete_last(adapter, to_device), NO_ERROR);
            assert_int_equal(at_flush.calls, n);
            assert_int_equal(at_flush.registers, all - 3u);
        }
        host_on_posted_flush(NULL, NULL);
        close_all();
    }
}

static void MAP_18_the_copy_out_of_a_flush_ends_where_the_device_did(void **state)
{
    (void)state;
    uint8_t got[2 * 4096];
    open_bounced(4, 0, 2 * PAGE);
    for (uint32_t moved = 1; moved < 2 * PAGE; moved += PAGE / 3u) {
        client_fill(0, 2 * PAGE, moved);
        executes_clear();
        assert_int_equal(start(adapter, mdl, 0, 2 * PAGE, FALSE), NO_ERROR);
        memset(device_bytes, 0xa7, 2 * PAGE); /* more than is said: behind an error the device may have written on */
        assert_int_equal(device_run(0, executes[0].list, FALSE, 0), 2 * PAGE);
        assert_int_equal(VideoPortCompleteDmaEx(extension, adapter, executes[0].list, FALSE, moved, NO_ERROR), NO_ERROR);
        client_read(0, got, 2 * PAGE);
        for (uint32_t i = 0; i < 2 * PAGE; i++) assert_int_equal(got[i], i < moved ? 0xa7 : fixture_byte(moved, i));
    }
    close_all();
}

static void MAP_23_complete_flushes_unmaps_and_frees_before_the_cpu_looks(void **state)
{
    (void)state;
    uint8_t got[64], byte;
    client_fill(0, 64, 1);
    open_windowed(4 * PAGE, 0, 0, 64);
    ULONG all = registers_free();
    assert_int_equal(start(adapter, mdl, 0, 64, FALSE), NO_ERROR);
    uint64_t address = executes[0].first_address;
    fixture_fill(device_bytes, 64, 2);
    assert_int_equal(device_run(0, executes[0].list, FALSE, 0), 64);
    client_read(0, got, 64);
    assert_int_equal(got[0], fixture_byte(1, 0)); /* neither the posting bridge nor the caches have let go */
    assert_int_equal(complete_last(adapter, FALSE), NO_ERROR);
    client_read(0, got, 64);
    assert_memory_equal(got, device_bytes, 64);
    assert_false(fake_access(0, address, true, &byte));
    forget_refused();
    assert_int_equal(registers_free(), all);
    close_all();
}

static void MAP_33_each_map_has_one_flush_cut_short_or_not(void **state)
{
    (void)state;
    static ULONG waiting;
    open_direct(2 * PAGE, 0, 1, 0, 2 * PAGE);
    memset(&at_flush, 0, sizeof at_flush);
    host_on_posted_flush(flush_looks, NULL);
    assert_int_equal(start(adapter, mdl, 0, 8, FALSE), NO_ERROR);
    waiting = 8;
    assert_int_equal(VideoPortStartDma(extension, adapter, mdl, 8, &waiting, execute_recording, &waiting, FALSE), NO_ERROR);
    assert_true(VpCancelQueuedDma(extension, adapter, &waiting)); /* never mapped: nothing to flush */
    assert_int_equal(at_flush.calls, 0);
    assert_int_equal(VideoPortCompleteDmaEx(extension, adapter, executes[0].list, FALSE, 3, VP_ERROR_IO_DEVICE), NO_ERROR);
    assert_int_equal(at_flush.calls, 1);
    assert_int_equal(execute_count, 1);
    host_on_posted_flush(NULL, NULL);
    close_all();
}

/* Registers are what costs most, wherever the device is: make bench has the cycles of the core. */
static void STA_01_a_page_costs_few_register_accesses_from_lock_to_unlock(void **state)
{
    (void)state;
    for (unsigned to_device = 0; to_device < 2; to_device++) {
        open_direct(4 * PAGE, 0, 1, 0, PAGE);
        VideoPortUnlockBuffer(extension, mdl);
        struct host_accesses before = host_accesses();
        struct cache_counts caches = cache_counts();
        mdl = lock_at(0, PAGE, VpModifyAccess);
        assert_int_equal(start(adapter, mdl, 0, PAGE, to_device != 0u), NO_ERROR);
        assert_int_equal(complete_last(adapter, to_device != 0u), NO_ERROR);
        VideoPortUnlockBuffer(extension, mdl);
        struct host_accesses after = host_accesses();
        assert_int_equal(after.reads - before.reads, 4);   /* faults, twice; what is outstanding; SYNC */
        assert_int_equal(after.writes - before.writes, 3); /* the guard, open and closed; SYNC */
        assert_int_equal(cache_counts().drains - caches.drains, 1);
        assert_int_equal(cache_counts().flushes - caches.flushes, 1);
        assert_int_equal(cache_counts().invalidates - caches.invalidates, to_device == 0u);
        VideoPortPutDmaAdapter(extension, adapter);
    }
}

/* ---- Bounce pages ---------------------------------------------------------------------------------------------------- */

static void BNC_02_no_bytes_of_an_earlier_user_come_out_of_a_bounce_page(void **state)
{
    (void)state;
    uint8_t got[PAGE];
    open_bounced(1, 0, PAGE);
    client_fill(0, PAGE, 1);
    assert_int_equal(start(adapter, mdl, 0, PAGE, FALSE), NO_ERROR);
    memset(device_bytes, 0x5e, PAGE); /* the secret of the first one */
    assert_int_equal(device_run(0, executes[0].list, FALSE, 0), PAGE);
    assert_int_equal(complete_last(adapter, FALSE), NO_ERROR);
    client_fill(0, PAGE, 2);
    assert_int_equal(start(adapter, mdl, 0, PAGE, FALSE), NO_ERROR);
    assert_int_equal(complete_last(adapter, FALSE), NO_ERROR); /* the device wrote nothing this time */
    client_read(0, got, PAGE);
    for (uint32_t i = 0; i < PAGE; i++) assert_int_equal(got[i], fixture_byte(2, i));
    close_all();
}

/* The core's counter, through a second face: pages that were bounced. */
static uint64_t bounced_address(ULONG pages, BOOLEAN always)
{
    VP_DEVICE_DESCRIPTION_EX description = described(TRUE, 16 * PAGE);
    description.BouncePages = pages;
    description.BounceAlways = always;
    open_described(&description, 0, 2 * PAGE);
    assert_int_equal(start(adapter, mdl, 0, 2 * PAGE, TRUE), NO_ERROR);
    uint64_t address = executes[0].first_address;
    assert_int_equal(complete_last(adapter, TRUE), NO_ERROR);
    return address;
}

static void BNC_04_bouncing_is_forced_or_left_out_as_declared(void **state)
{
    (void)state;
    uint64_t direct = bounced_address(2, FALSE);
    assert_int_equal(direct, memory_frame_bus(memory_mdl_frame(mdl, 0)));
    close_all();
    uint64_t forced = bounced_address(2, TRUE);
    assert_int_not_equal(forced, memory_frame_bus(memory_mdl_frame(mdl, 0)));
    assert_true(forced < memory_frame_bus(MEMORY_FRAME_FIRST)); /* a common frame */
    close_all();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        port_test(MAP_06_frames_and_registers_are_free_only_behind_sync_and_flush),
        port_test(MAP_12_the_neighbours_of_any_alignment_in_a_line_survive),
        port_test(MAP_17_every_transfer_is_flushed_before_its_registers_are_free),
        port_test(MAP_18_the_copy_out_of_a_flush_ends_where_the_device_did),
        port_test(MAP_23_complete_flushes_unmaps_and_frees_before_the_cpu_looks),
        port_test(MAP_33_each_map_has_one_flush_cut_short_or_not),
        port_test(STA_01_a_page_costs_few_register_accesses_from_lock_to_unlock),
        port_test(BNC_02_no_bytes_of_an_earlier_user_come_out_of_a_bounce_page),
        port_test(BNC_04_bouncing_is_forced_or_left_out_as_declared),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
