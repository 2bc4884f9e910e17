/* SPDX-License-Identifier: Apache-2.0 */
/* Pages go out and come back: the pager, the stealer, and what they must not lose. */
#include "fixture.h"

#define P MEMORY_PAGE_BYTES
#define PAGES 6u

static struct memory_client *client;
static uintptr_t base;

static int begin(void **state)
{
    fixture_begin(state);
    client = memory_client_create();
    assert_int_equal(memory_client_map(client, PAGES, MEMORY_MAY_WRITE, &base), MEMORY_OK);
    return 0;
}

static void fill(uint32_t seed)
{
    static uint8_t bytes[PAGES * 4096u];
    fixture_fill(bytes, PAGES * P, seed);
    assert_int_equal(memory_client_write(client, base, bytes, PAGES * P), MEMORY_OK);
}

static void expect(uint32_t seed)
{
    static uint8_t bytes[PAGES * 4096u], wanted[PAGES * 4096u];
    fixture_fill(wanted, PAGES * P, seed);
    assert_int_equal(memory_client_read(client, base, bytes, PAGES * P), MEMORY_OK);
    assert_memory_equal(bytes, wanted, PAGES * P);
}

static void dirty_data_survives_eviction(void **state)
{
    (void)state;
    fill(1);
    memory_steal_set(MEMORY_STEAL_AGGRESSIVE);
    assert_int_equal(memory_steal(), PAGES);
    assert_int_equal(memory_pager_counts().write_backs, PAGES);
    for (uint32_t i = 0; i < PAGES; i++) assert_false(memory_client_page(client, base + i * P).resident);
    expect(1);
}

static void a_clean_page_is_not_written_back_and_keeps_its_content(void **state)
{
    (void)state;
    fill(2);
    memory_steal_set(MEMORY_STEAL_AGGRESSIVE);
    (void)memory_steal();
    expect(2);
    assert_int_equal(memory_steal(), PAGES);
    assert_int_equal(memory_pager_counts().write_backs, PAGES);
    expect(2);
}

static void a_page_that_was_never_written_stays_zero_without_a_write_back(void **state)
{
    (void)state;
    uint32_t value = 1;
    memory_steal_set(MEMORY_STEAL_AGGRESSIVE);
    assert_int_equal(memory_client_read32(client, base, &value), MEMORY_OK);
    assert_int_equal(memory_steal(), 1);
    assert_int_equal(memory_pager_counts().write_backs, 0);
    assert_int_equal(memory_client_read32(client, base, &value), MEMORY_OK);
    assert_int_equal(value, 0);
}

static void an_evicted_frame_is_poisoned_and_is_the_next_to_be_used(void **state)
{
    (void)state;
    fill(3);
    uint32_t frame = memory_client_page(client, base).frame;
    assert_true(memory_evict(client, base));
    const uint32_t *words = cache_cpu(memory_frame_bus(frame));
    for (uint32_t i = 0; i < P / 4u; i++) assert_int_equal(words[i], MEMORY_POISON | frame);
    assert_int_equal(memory_frame_owner(frame), MEMORY_OWNER_FREE);
    struct memory_client *other = memory_client_create();
    uintptr_t at;
    assert_int_equal(memory_client_map(other, 1, MEMORY_MAY_WRITE, &at), MEMORY_OK);
    assert_int_equal(memory_client_write32(other, at, 9), MEMORY_OK);
    assert_int_equal(memory_client_page(other, at).frame, frame);
    expect(3);
    assert_int_not_equal(memory_client_page(client, base).frame, frame);
}

static void no_translation_outlives_an_eviction(void **state)
{
    (void)state;
    (void)memory_client_attach(client); /* so that no change of address space empties the translation buffer */
    fill(11);
    expect(11);
    memory_steal_set(MEMORY_STEAL_AGGRESSIVE);
    assert_int_equal(memory_steal(), PAGES);
    expect(11);
    assert_int_equal(memory_client_write32(client, base, 5), MEMORY_OK);
    assert_true(memory_evict(client, base));
    uint32_t value;
    assert_int_equal(memory_client_read32(client, base, &value), MEMORY_OK);
    assert_int_equal(value, 5);
    assert_int_equal(memory_client_write32(client, base, 6), MEMORY_OK);
    assert_true(memory_client_page(client, base).dirty);
}

static void the_stealer_takes_one_page_a_call_or_none(void **state)
{
    (void)state;
    fill(4);
    assert_int_equal(memory_steal(), 0);
    memory_steal_set(MEMORY_STEAL_ON);
    for (uint32_t i = 0; i < PAGES; i++) assert_int_equal(memory_steal(), 1);
    assert_int_equal(memory_steal(), 0);
    expect(4);
}

static void LCK_04_the_stealer_leaves_what_is_pinned(void **state)
{
    (void)state;
    struct memory_mdl *mdl;
    fill(5);
    assert_int_equal(memory_lock(client, base + P, 2u * P, MEMORY_ACCESS_READ, NULL, &mdl), MEMORY_OK);
    uint32_t frame = memory_client_page(client, base + P).frame;
    memory_steal_set(MEMORY_STEAL_AGGRESSIVE);
    assert_int_equal(memory_steal(), PAGES - 2u);
    assert_false(memory_evict(client, base + P));
    assert_true(memory_client_page(client, base + P).resident);
    assert_int_equal(memory_client_page(client, base + P).frame, frame);
    assert_int_equal(memory_mdl_frame(mdl, 0), frame);
    assert_int_equal(memory_unlock(mdl), MEMORY_OK);
    assert_int_equal(memory_steal(), 2);
    expect(5);
}

static void frames_are_scattered_by_construction(void **state)
{
    (void)state;
    fill(6);
    for (uint32_t i = 1; i < PAGES; i++) {
        uint32_t before = memory_client_page(client, base + (i - 1u) * P).frame;
        uint32_t frame = memory_client_page(client, base + i * P).frame;
        assert_int_not_equal(frame, before + 1u);
        assert_int_not_equal(frame, before - 1u);
        assert_int_not_equal(frame, before);
    }
}

/* Takes every frame there is, so that the next page-in has to look for one. */
static uint32_t crowd(struct memory_client *other, uintptr_t *at)
{
    uint32_t pages = memory_frames_free();
    assert_int_equal(memory_client_map(other, pages, MEMORY_MAY_WRITE, at), MEMORY_OK);
    for (uint32_t i = 0; i < pages; i++) assert_int_equal(memory_client_write32(other, *at + i * P, i), MEMORY_OK);
    assert_int_equal(memory_frames_free(), 0);
    return pages;
}

static void with_no_free_frame_a_page_in_evicts_another_page(void **state)
{
    (void)state;
    uintptr_t at;
    struct memory_client *other = memory_client_create();
    fill(7);
    uint32_t pages = crowd(other, &at);
    uintptr_t more;
    assert_int_equal(memory_client_map(client, 3, MEMORY_MAY_WRITE, &more), MEMORY_OK);
    for (uint32_t i = 0; i < 3; i++) assert_int_equal(memory_client_write32(client, more + i * P, i), MEMORY_OK);
    assert_int_equal(memory_pager_counts().evictions, 3);
    expect(7);
    uint32_t value;
    for (uint32_t i = 0; i < pages; i++) {
        assert_int_equal(memory_client_read32(other, at + i * P, &value), MEMORY_OK);
        assert_int_equal(value, i);
    }
}

static void a_client_is_told_when_every_frame_is_pinned(void **state)
{
    (void)state;
    uintptr_t at;
    struct memory_mdl *mdls[MEMORY_MDLS];
    uint32_t locked = 0;
    struct memory_client *other = memory_client_create();
    uint32_t pages = crowd(other, &at);
    uint32_t share = (pages + MEMORY_MDLS - 1u) / MEMORY_MDLS;
    for (uint32_t i = 0; i < pages; i += share, locked++) {
        uint32_t count = pages - i < share ? pages - i : share;
        assert_int_equal(memory_lock(other, at + i * P, count * P, MEMORY_ACCESS_READ, NULL, &mdls[locked]), MEMORY_OK);
    }
    uint32_t value;
    assert_int_equal(memory_client_read32(client, base, &value), MEMORY_ERR_NO_FRAME);
    assert_int_equal(memory_pager_counts().refused, 1);
    assert_int_equal(memory_unlock(mdls[--locked]), MEMORY_OK);
    assert_int_equal(memory_client_read32(client, base, &value), MEMORY_OK);
    while (locked > 0u) assert_int_equal(memory_unlock(mdls[--locked]), MEMORY_OK);
}

static void stored_content_appears_as_it_was_put_there(void **state)
{
    (void)state;
    uintptr_t at;
    static uint8_t wanted[2u * 4096u], read[2u * 4096u];
    fixture_fill(wanted, 2u * P, 8);
    memcpy(host_memory(memory_store_bus(3), 2u * P), wanted, 2u * P); /* a loader, before the core looks */
    assert_true(memory_store_reserve(3, 2));
    assert_false(memory_store_reserve(4, 1));
    assert_int_equal(memory_client_map_stored(client, 2, MEMORY_MAY_WRITE, 3, &at), MEMORY_OK);
    assert_false(memory_client_page(client, at).resident);
    assert_int_equal(memory_client_read(client, at, read, 2u * P), MEMORY_OK);
    assert_memory_equal(read, wanted, 2u * P);
    assert_int_equal(memory_client_write32(client, at, 0x12345678u), MEMORY_OK);
    assert_true(memory_evict(client, at));
    uint32_t value;
    assert_int_equal(memory_client_read32(client, at, &value), MEMORY_OK);
    assert_int_equal(value, 0x12345678u);
    assert_false(memory_store_reserve(MEMORY_STORE_PAGES, 1));
}

static void ticks_of_the_stealer_come_at_dispatch_until_it_is_stopped(void **state)
{
    (void)state;
    fill(9);
    memory_steal_set(MEMORY_STEAL_ON);
    memory_steal_every(1000);
    enum irql old = irql_raise(IRQL_DISPATCH);
    host_clock_advance(1500);
    assert_int_equal(memory_pager_counts().evictions, 0);
    irql_lower(old);
    assert_int_equal(memory_pager_counts().evictions, 1);
    host_clock_advance(1100);
    assert_int_equal(memory_pager_counts().evictions, 2);
    memory_steal_every(0);
    host_clock_advance(5000);
    assert_int_equal(memory_pager_counts().evictions, 2);
    expect(9);
}

static void accesses_go_on_while_the_stealer_is_at_its_worst(void **state)
{
    (void)state;
    memory_steal_set(MEMORY_STEAL_AGGRESSIVE);
    memory_steal_every(50);
    uint32_t model[PAGES * 4u] = { 0 };
    uint32_t random = 1;
    for (uint32_t i = 0; i < 3000; i++) {
        random = random * 1664525u + 1013904223u;
        uint32_t slot = (random >> 8) % (PAGES * 4u);
        uintptr_t at = base + slot * (P / 4u);
        uint32_t value;
        host_clock_advance(20);
        if ((random >> 30) == 0u) {
            assert_int_equal(memory_client_write32(client, at, random), MEMORY_OK);
            model[slot] = random;
        } else {
            assert_int_equal(memory_client_read32(client, at, &value), MEMORY_OK);
            assert_int_equal(value, model[slot]);
        }
    }
    assert_true(memory_pager_counts().evictions > 500u);
    memory_steal_every(0);
}

static void a_quarantined_frame_is_never_used_again_and_its_page_falls_back_to_the_store(void **state)
{
    (void)state;
    struct memory_mdl *mdl;
    fill(10);
    assert_true(memory_evict(client, base));
    expect(10);
    assert_int_equal(memory_client_write32(client, base, 0x0badbad0u), MEMORY_OK);
    assert_int_equal(memory_lock(client, base, 1, MEMORY_ACCESS_WRITE, NULL, &mdl), MEMORY_OK);
    uint32_t frame = memory_mdl_frame(mdl, 0);
    assert_true(memory_frame_quarantine(memory_frame_bus(frame) + 5u));
    assert_true(memory_client_page(client, base).resident); /* until the last pin goes */
    assert_int_equal(memory_unlock(mdl), MEMORY_OK);
    assert_false(memory_client_page(client, base).resident);
    assert_int_equal(memory_frame_owner(frame), MEMORY_OWNER_QUARANTINED);
    expect(10);
    assert_int_not_equal(memory_client_page(client, base).frame, frame);
    assert_int_equal(memory_use().quarantined, 1);
    uintptr_t at;
    (void)crowd(memory_client_create(), &at);
    assert_int_equal(memory_frame_owner(frame), MEMORY_OWNER_QUARANTINED);
    assert_false(memory_frame_quarantine(memory_frame_bus(frame)));
    assert_false(memory_frame_quarantine(SOC_BUS_DEVICE));
}

#define test(name) cmocka_unit_test_setup_teardown(name, begin, fixture_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        test(dirty_data_survives_eviction),
        test(a_clean_page_is_not_written_back_and_keeps_its_content),
        test(a_page_that_was_never_written_stays_zero_without_a_write_back),
        test(an_evicted_frame_is_poisoned_and_is_the_next_to_be_used),
        test(no_translation_outlives_an_eviction),
        test(the_stealer_takes_one_page_a_call_or_none),
        test(LCK_04_the_stealer_leaves_what_is_pinned),
        test(frames_are_scattered_by_construction),
        test(with_no_free_frame_a_page_in_evicts_another_page),
        test(a_client_is_told_when_every_frame_is_pinned),
        test(stored_content_appears_as_it_was_put_there),
        test(ticks_of_the_stealer_come_at_dispatch_until_it_is_stopped),
        test(accesses_go_on_while_the_stealer_is_at_its_worst),
        test(a_quarantined_frame_is_never_used_again_and_its_page_falls_back_to_the_store),
    };
    return cmocka_run_group_tests_name("pager", tests, NULL, NULL);
}
