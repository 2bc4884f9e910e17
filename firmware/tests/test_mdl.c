/* SPDX-License-Identifier: Apache-2.0 */
/* MDLs as the packet core sees them: copies, holds, built ones, and pointers that are none. */
#include "fixture.h"

#define P MEMORY_PAGE_BYTES

static struct memory_client *client;
static uintptr_t base;
static struct memory_mdl *mdl;

static int begin(void **state)
{
    fixture_begin(state);
    client = memory_client_create();
    assert_int_equal(memory_client_map(client, 4, MEMORY_MAY_WRITE, &base), MEMORY_OK);
    assert_int_equal(memory_lock(client, base + 5u, 2u * P, MEMORY_ACCESS_WRITE, NULL, &mdl), MEMORY_OK);
    return 0;
}

static int end(void **state)
{
    if (memory_mdl_state(mdl) == MEMORY_MDL_LOCKED) assert_int_equal(memory_unlock(mdl), MEMORY_OK);
    return fixture_end(state);
}

static void BNC_01_bytes_go_in_and_out_across_scattered_pages(void **state)
{
    (void)state;
    static uint8_t wrote[2u * 4096u], read[2u * 4096u];
    fixture_fill(wrote, 2u * P, 1);
    assert_int_equal(memory_mdl_write(mdl, 0, wrote, 2u * P), MEMORY_OK);
    assert_int_equal(memory_mdl_read(mdl, 0, read, 2u * P), MEMORY_OK);
    assert_memory_equal(wrote, read, 2u * P);
    assert_int_equal(memory_mdl_read(mdl, P - 9u, read, 20), MEMORY_OK);
    assert_memory_equal(wrote + P - 9u, read, 20);
    assert_int_equal(memory_client_read(client, base + 5u, read, 2u * P), MEMORY_OK);
    assert_memory_equal(wrote, read, 2u * P);
}

static void BNC_01_a_copy_beyond_the_buffer_is_refused_whole(void **state)
{
    (void)state;
    uint8_t bytes[4] = { 1, 2, 3, 4 };
    assert_int_equal(memory_mdl_write(mdl, 2u * P - 3u, bytes, 4), MEMORY_ERR_RANGE);
    assert_int_equal(memory_mdl_read(mdl, 2u * P, bytes, 1), MEMORY_ERR_RANGE);
    assert_int_equal(memory_mdl_read(mdl, UINT32_MAX, bytes, 2), MEMORY_ERR_RANGE);
    assert_int_equal(memory_mdl_read(mdl, 2u * P, bytes, 0), MEMORY_OK);
    assert_int_equal(memory_mdl_read(mdl, 2u * P - 3u, bytes, 3), MEMORY_OK);
    assert_int_equal(bytes[0] | bytes[1] | bytes[2], 0);
}

static void MAP_16_runs_end_at_the_page_and_at_the_buffer(void **state)
{
    (void)state;
    uint32_t total = 0;
    for (uint32_t offset = 0; offset < 2u * P;) {
        uint32_t run;
        uint32_t bus = memory_mdl_bus(mdl, offset, &run);
        assert_true(run > 0u && bus % P + run <= P);
        offset += run;
        total += run;
    }
    assert_int_equal(total, 2u * P);
    assert_int_equal(memory_mdl_bus(mdl, 2u * P, NULL), 0);
    assert_violation(VIOL_OUT_OF_MDL);
}

static void LCK_03_a_buffer_locked_for_reading_cannot_be_marked_dirty(void **state)
{
    (void)state;
    struct memory_mdl *read_only;
    assert_int_equal(memory_lock(client, base + 3u * P, P, MEMORY_ACCESS_READ, NULL, &read_only), MEMORY_OK);
    assert_int_equal(memory_mdl_mark_dirty(read_only, 0, P), MEMORY_ERR_PROTECTION);
    assert_false(memory_client_page(client, base + 3u * P).dirty);
    assert_int_equal(memory_unlock(read_only), MEMORY_OK);
}

static void LCK_11_only_the_pages_of_the_bytes_become_dirty(void **state)
{
    (void)state;
    assert_int_equal(memory_mdl_mark_dirty(mdl, 0, 0), MEMORY_OK);
    assert_int_equal(memory_mdl_mark_dirty(mdl, 2u * P, 1), MEMORY_OK);
    assert_false(memory_client_page(client, base).dirty);
    assert_int_equal(memory_mdl_mark_dirty(mdl, P - 5u, UINT32_MAX), MEMORY_OK); /* clipped to the buffer */
    assert_false(memory_client_page(client, base).dirty);
    assert_true(memory_client_page(client, base + P).dirty);
    assert_true(memory_client_page(client, base + 2u * P).dirty);
    assert_false(memory_client_page(client, base + 3u * P).dirty);
}

static void UNL_02_holds_are_counted_and_one_too_many_releases_is_a_violation(void **state)
{
    (void)state;
    assert_int_equal(memory_mdl_hold(mdl), MEMORY_OK);
    assert_int_equal(memory_mdl_in_flight(mdl), 1);
    assert_int_equal(memory_mdl_release(mdl), MEMORY_OK);
    assert_int_equal(memory_mdl_release(mdl), MEMORY_ERR_MDL);
    assert_violation(VIOL_MDL);
    assert_int_equal(memory_mdl_in_flight(mdl), 0);
}

static void STA_03_a_pointer_that_is_no_mdl_is_known_as_that(void **state)
{
    (void)state;
    uint32_t hand_made[64] = { 0 };
    assert_int_equal(memory_mdl_state(NULL), MEMORY_MDL_FOREIGN);
    assert_int_equal(memory_mdl_state((const void *)hand_made), MEMORY_MDL_FOREIGN);
    for (uintptr_t offset = 1; offset < 600u; offset++) {
        assert_int_equal(memory_mdl_state((const void *)((uintptr_t)mdl + offset)), MEMORY_MDL_FOREIGN);
    }
    assert_int_equal(memory_mdl_pages((const void *)hand_made), 0);
    assert_violation(VIOL_NOT_LOCKED);
    assert_int_equal(memory_mdl_frame((const void *)hand_made, 0), MEMORY_FRAME_NONE);
    assert_violation(VIOL_NOT_LOCKED);
}

static void MAP_24_an_mdl_can_be_built_over_frames_that_are_not_a_clients(void **state)
{
    (void)state;
    uint32_t bus = memory_common_take(2u * P, UINT32_MAX);
    uint16_t first = (uint16_t)memory_frame_of_bus(bus);
    uint16_t frames[2] = { (uint16_t)(first + 1u), first };
    uint8_t byte = 0x5a;
    assert_null(memory_mdl_build(frames, 2, 10, 2u * P - 9u));
    assert_null(memory_mdl_build(frames, 2, P, 1));
    assert_null(memory_mdl_build(frames, 0, 0, 1));
    assert_null(memory_mdl_build(frames, 2, 0, 0));
    struct memory_mdl *built = memory_mdl_build(frames, 2, 10, 2u * P - 10u);
    assert_non_null(built);
    assert_null(memory_mdl_client(built));
    assert_true(memory_mdl_may_write(built));
    assert_int_equal(memory_mdl_bus(built, 0, NULL), bus + P + 10u);
    assert_int_equal(memory_mdl_write(built, P - 10u, &byte, 1), MEMORY_OK);
    assert_int_equal(*(const uint8_t *)cache_cpu(bus), 0x5a);
    assert_int_equal(memory_mdl_mark_dirty(built, 0, P), MEMORY_OK);
    memory_mdl_chain(mdl, built);
    assert_ptr_equal(memory_mdl_next(mdl), built);
    assert_null(memory_mdl_next(built));
    memory_mdl_chain(mdl, NULL);
    uint32_t pins = memory_use().pins;
    assert_int_equal(memory_unlock(built), MEMORY_OK);
    assert_int_equal(memory_use().pins, pins);
    assert_true(memory_common_give(bus, 2u * P));
}

#define test(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        test(BNC_01_bytes_go_in_and_out_across_scattered_pages),
        test(BNC_01_a_copy_beyond_the_buffer_is_refused_whole),
        test(MAP_16_runs_end_at_the_page_and_at_the_buffer),
        test(LCK_03_a_buffer_locked_for_reading_cannot_be_marked_dirty),
        test(LCK_11_only_the_pages_of_the_bytes_become_dirty),
        test(UNL_02_holds_are_counted_and_one_too_many_releases_is_a_violation),
        test(STA_03_a_pointer_that_is_no_mdl_is_known_as_that),
        test(MAP_24_an_mdl_can_be_built_over_frames_that_are_not_a_clients),
    };
    return cmocka_run_group_tests_name("mdl", tests, NULL, NULL);
}
