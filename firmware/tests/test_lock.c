/* SPDX-License-Identifier: Apache-2.0 */
/* Locks that succeed: what is pinned, described and kept. */
#include "fixture.h"

#define P MEMORY_PAGE_BYTES
#define PAGES 6u

static struct memory_client *client;
static uintptr_t base;
static struct memory_mdl *mdl;

static int begin(void **state)
{
    fixture_begin(state);
    client = memory_client_create();
    assert_int_equal(memory_client_map(client, PAGES, MEMORY_MAY_WRITE, &base), MEMORY_OK);
    mdl = NULL;
    return 0;
}

static uint32_t pins(void)
{
    return memory_use().pins;
}

static enum memory_status lock(uintptr_t at, uint32_t length, enum memory_access access)
{
    return memory_lock(client, at, length, access, NULL, &mdl);
}

static void unlock(void)
{
    assert_int_equal(memory_unlock(mdl), MEMORY_OK);
    mdl = NULL;
}

static void LCK_01_success_pins_every_page_that_the_range_touches(void **state)
{
    (void)state;
    static const struct { uint32_t offset, length, pages; } cases[] = {
        { 0, 1, 1 }, { 0, P, 1 }, { 0, P + 1u, 2 }, { P - 1u, 1, 1 }, { P - 1u, 2, 2 }, { 1, P, 2 },
        { 5, 3u * P, 4 }, { 0, PAGES * P, PAGES }, { P / 2u, P / 2u, 1 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(lock(base + cases[i].offset, cases[i].length, MEMORY_ACCESS_WRITE), MEMORY_OK);
        assert_int_equal(memory_mdl_pages(mdl), cases[i].pages);
        assert_int_equal(pins(), cases[i].pages);
        assert_int_equal(memory_pages_spanned(cases[i].offset, cases[i].length), cases[i].pages);
        unlock();
        assert_int_equal(pins(), 0);
    }
}

static void LCK_02_the_operation_is_what_the_device_does_to_memory(void **state)
{
    (void)state;
    assert_int_equal(memory_client_protect(client, base, P, MEMORY_MAY_READ), MEMORY_OK);
    assert_int_equal(lock(base, P, MEMORY_ACCESS_WRITE), MEMORY_ERR_PROTECTION);
    assert_int_equal(lock(base, P, MEMORY_ACCESS_MODIFY), MEMORY_ERR_PROTECTION);
    assert_int_equal(lock(base, P, MEMORY_ACCESS_READ), MEMORY_OK);
    assert_false(memory_mdl_may_write(mdl)); /* LCK_03: what the port refuses a write with */
    unlock();
    assert_int_equal(lock(base + P, P, MEMORY_ACCESS_MODIFY), MEMORY_OK);
    assert_true(memory_mdl_may_write(mdl));
    unlock();
}

static void LCK_05_two_mdls_on_one_page_hold_it_until_the_last_is_unlocked(void **state)
{
    (void)state;
    struct memory_mdl *other;
    assert_int_equal(lock(base, 10, MEMORY_ACCESS_READ), MEMORY_OK);
    assert_int_equal(memory_lock(client, base + 20u, 10, MEMORY_ACCESS_WRITE, NULL, &other), MEMORY_OK);
    assert_ptr_not_equal(mdl, other); /* LCK_06 */
    assert_int_equal(memory_client_page(client, base).pins, 2);
    unlock();
    assert_int_equal(memory_client_page(client, base).pins, 1);
    assert_false(memory_evict(client, base));
    assert_int_equal(memory_unlock(other), MEMORY_OK);
    assert_true(memory_evict(client, base));
}

static void LCK_07_the_mdl_has_offset_count_and_frames(void **state)
{
    (void)state;
    uint32_t run;
    uint32_t in_page = P - 3u;
    assert_int_equal(lock(base + in_page, P + 7u, MEMORY_ACCESS_READ), MEMORY_OK);
    assert_int_equal(memory_mdl_page_offset(mdl), in_page);
    assert_int_equal(memory_mdl_length(mdl), P + 7u);
    assert_int_equal(memory_mdl_pages(mdl), 3);
    assert_ptr_equal(memory_mdl_client(mdl), client);
    for (uint32_t i = 0; i < 3; i++) {
        assert_int_equal(memory_mdl_frame(mdl, i), memory_client_page(client, base + i * P).frame);
    }
    assert_int_equal(memory_mdl_frame(mdl, 3), MEMORY_FRAME_NONE);
    assert_int_equal(memory_mdl_bus(mdl, 0, &run), memory_frame_bus(memory_mdl_frame(mdl, 0)) + in_page);
    assert_int_equal(run, 3);
    assert_int_equal(memory_mdl_bus(mdl, 5, &run), memory_frame_bus(memory_mdl_frame(mdl, 1)) + 2u);
    assert_int_equal(run, P - 2u);
    assert_int_equal(memory_mdl_bus(mdl, P + 3u, &run), memory_frame_bus(memory_mdl_frame(mdl, 2)));
    assert_int_equal(run, 4);
    unlock();
}

static void LCK_09_lock_keeps_content_and_dirty_state_of_pages_that_were_out(void **state)
{
    (void)state;
    static uint8_t wrote[PAGES * 4096u], read[PAGES * 4096u];
    fixture_fill(wrote, PAGES * P, 1);
    assert_int_equal(memory_client_write(client, base, wrote, PAGES * P), MEMORY_OK);
    memory_steal_set(MEMORY_STEAL_AGGRESSIVE);
    assert_int_equal(memory_steal(), PAGES);
    assert_int_equal(lock(base, PAGES * P, MEMORY_ACCESS_WRITE), MEMORY_OK);
    for (uint32_t i = 0; i < PAGES; i++) assert_false(memory_client_page(client, base + i * P).dirty);
    assert_int_equal(memory_mdl_read(mdl, 0, read, PAGES * P), MEMORY_OK);
    assert_memory_equal(wrote, read, PAGES * P);
    unlock();

    assert_int_equal(memory_client_write32(client, base, 1), MEMORY_OK);
    assert_int_equal(lock(base, P, MEMORY_ACCESS_READ), MEMORY_OK);
    unlock();
    assert_true(memory_client_page(client, base).dirty);
}

static void LCK_10_one_lock_lives_through_many_packets(void **state)
{
    (void)state;
    assert_int_equal(lock(base, P, MEMORY_ACCESS_WRITE), MEMORY_OK);
    for (uint32_t packet = 0; packet < 100; packet++) {
        assert_int_equal(memory_mdl_hold(mdl), MEMORY_OK);
        assert_int_equal(memory_mdl_in_flight(mdl), 1);
        assert_int_equal(memory_mdl_release(mdl), MEMORY_OK);
    }
    unlock();
    assert_no_violation();
}

static void LCK_04_pages_stay_where_they_are_until_unlock(void **state)
{
    (void)state;
    assert_int_equal(lock(base + 7u, 3u * P, MEMORY_ACCESS_WRITE), MEMORY_OK);
    memory_steal_set(MEMORY_STEAL_AGGRESSIVE);
    uint32_t frames[4];
    for (uint32_t i = 0; i < 4; i++) frames[i] = memory_mdl_frame(mdl, i);
    for (uint32_t round = 0; round < 20; round++) {
        assert_int_equal(memory_client_write32(client, base + 5u * P, round), MEMORY_OK);
        (void)memory_steal();
        for (uint32_t i = 0; i < 4; i++) {
            assert_int_equal(memory_mdl_frame(mdl, i), frames[i]);
            assert_int_equal(memory_client_page(client, base + i * P).frame, frames[i]);
        }
    }
    unlock();
    assert_int_equal(memory_steal(), 4);
}

static void LCK_11_what_a_device_wrote_survives_eviction_when_it_is_marked(void **state)
{
    (void)state;
    uint8_t byte = 0;
    assert_int_equal(lock(base + P - 4u, 8, MEMORY_ACCESS_WRITE), MEMORY_OK);
    for (uint32_t i = 0; i < 8; i++) *host_memory(memory_mdl_bus(mdl, i, NULL), 1) = (uint8_t)(0xd0u + i);
    cache_invalidate();
    assert_int_equal(memory_mdl_mark_dirty(mdl, 0, 6), MEMORY_OK);
    unlock();
    assert_true(memory_client_page(client, base).dirty);
    assert_true(memory_evict(client, base) && memory_evict(client, base + P));
    for (uint32_t i = 0; i < 8; i++) {
        assert_int_equal(memory_client_read(client, base + P - 4u + i, &byte, 1), MEMORY_OK);
        assert_int_equal(byte, 0xd0u + i);
    }
}

static void LCK_11_what_is_not_marked_is_dropped_with_the_page(void **state)
{
    (void)state;
    uint8_t byte = 1;
    assert_int_equal(lock(base, 2u * P, MEMORY_ACCESS_WRITE), MEMORY_OK);
    *host_memory(memory_mdl_bus(mdl, 0, NULL), 1) = 0xd0;
    *host_memory(memory_mdl_bus(mdl, P, NULL), 1) = 0xd1;
    cache_invalidate();
    assert_int_equal(memory_mdl_mark_dirty(mdl, P, 1), MEMORY_OK);
    unlock();
    assert_true(memory_evict(client, base) && memory_evict(client, base + P));
    assert_int_equal(memory_client_read(client, base, &byte, 1), MEMORY_OK);
    assert_int_equal(byte, 0);
    assert_int_equal(memory_client_read(client, base + P, &byte, 1), MEMORY_OK);
    assert_int_equal(byte, 0xd1);
}

static void LCK_04_pages_are_pinned_one_by_one_under_a_stealer_that_comes_between(void **state)
{
    (void)state;
    memory_steal_set(MEMORY_STEAL_AGGRESSIVE);
    memory_steal_every(3);
    for (uint32_t round = 0; round < 50; round++) {
        assert_int_equal(lock(base, PAGES * P, MEMORY_ACCESS_WRITE), MEMORY_OK);
        host_clock_advance(10);
        for (uint32_t i = 0; i < PAGES; i++) {
            assert_int_equal(memory_client_page(client, base + i * P).frame, memory_mdl_frame(mdl, i));
            assert_int_equal(memory_frame_pins(memory_mdl_frame(mdl, i)), 1);
        }
        unlock();
        host_clock_advance(10);
    }
    memory_steal_every(0);
}

#define test(name) cmocka_unit_test_setup_teardown(name, begin, fixture_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        test(LCK_01_success_pins_every_page_that_the_range_touches),
        test(LCK_02_the_operation_is_what_the_device_does_to_memory),
        test(LCK_05_two_mdls_on_one_page_hold_it_until_the_last_is_unlocked),
        test(LCK_07_the_mdl_has_offset_count_and_frames),
        test(LCK_09_lock_keeps_content_and_dirty_state_of_pages_that_were_out),
        test(LCK_10_one_lock_lives_through_many_packets),
        test(LCK_04_pages_stay_where_they_are_until_unlock),
        test(LCK_11_what_a_device_wrote_survives_eviction_when_it_is_marked),
        test(LCK_11_what_is_not_marked_is_dropped_with_the_page),
        test(LCK_04_pages_are_pinned_one_by_one_under_a_stealer_that_comes_between),
    };
    return cmocka_run_group_tests_name("lock", tests, NULL, NULL);
}
