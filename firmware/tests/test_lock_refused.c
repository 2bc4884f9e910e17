/* SPDX-License-Identifier: Apache-2.0 */
/* Locks that are refused, all or nothing, and unlocks, once and in time. */
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

/* ---- Failure ----------------------------------------------------------------------------------------------------------- */

static void LCK_01_failure_pins_none(void **state)
{
    (void)state;
    assert_int_equal(memory_client_protect(client, base + 2u * P, P, MEMORY_MAY_READ), MEMORY_OK);
    assert_int_equal(lock(base, PAGES * P, MEMORY_ACCESS_WRITE), MEMORY_ERR_PROTECTION);
    assert_null(mdl);
    assert_int_equal(pins(), 0);
    assert_int_equal(memory_use().mdls, 0);
    assert_int_equal(memory_pager_counts().page_ins, 0); /* it was probed before a page moved */
}

static void LCK_01_failure_in_the_middle_undoes_the_pins_before(void **state)
{
    (void)state;
    /* All frames but two are pinned for somebody else. */
    uintptr_t at;
    struct memory_quota quota = { .limit = 100 };
    struct memory_mdl *mdls[MEMORY_MDLS];
    uint32_t locked = 0;
    uint32_t pages = memory_frames_free() - 2u;
    struct memory_client *other = memory_client_create();
    assert_int_equal(memory_client_map(other, pages, MEMORY_MAY_WRITE, &at), MEMORY_OK);
    uint32_t share = pages / (MEMORY_MDLS - 1u) + 1u;
    for (uint32_t i = 0; i < pages; i += share) {
        uint32_t count = pages - i < share ? pages - i : share;
        assert_int_equal(memory_lock(other, at + i * P, count * P, MEMORY_ACCESS_READ, NULL, &mdls[locked++]), MEMORY_OK);
    }
    uint32_t before = pins();
    assert_int_equal(memory_lock(client, base, 3u * P, MEMORY_ACCESS_READ, &quota, &mdl), MEMORY_ERR_NO_FRAME);
    assert_int_equal(pins(), before);
    assert_int_equal(quota.used, 0);
    assert_int_equal(memory_use().mdls, locked);
    assert_int_equal(memory_lock(client, base, 2u * P, MEMORY_ACCESS_READ, &quota, &mdl), MEMORY_OK);
    assert_int_equal(quota.used, 2);
    unlock();
    assert_int_equal(quota.used, 0);
    while (locked > 0u) assert_int_equal(memory_unlock(mdls[--locked]), MEMORY_OK);
}

static void LCK_08_each_bad_request_has_its_reason_and_pins_nothing(void **state)
{
    (void)state;
    const struct { uintptr_t base; uint32_t length; enum memory_status want; } bad[] = {
        { base, 0, MEMORY_ERR_LENGTH },
        { UINT32_MAX, 2, MEMORY_ERR_WRAP },
        { UINTPTR_MAX - 5u, 7, MEMORY_ERR_WRAP },
        { base, UINT32_MAX, MEMORY_ERR_WRAP },
        { base - 1u, 2, MEMORY_ERR_RANGE },
        { base + PAGES * P - 1u, 2, MEMORY_ERR_RANGE },
        { base + PAGES * P, 1, MEMORY_ERR_RANGE },
        { 0, 1, MEMORY_ERR_RANGE },
        { SOC_PROGRAM, 4, MEMORY_ERR_RANGE },
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(lock(bad[i].base, bad[i].length, MEMORY_ACCESS_READ), bad[i].want);
        assert_null(mdl);
        assert_int_equal(pins(), 0);
    }
    assert_int_equal(memory_lock(NULL, base, 1, MEMORY_ACCESS_READ, NULL, &mdl), MEMORY_ERR_RANGE);
    assert_no_violation();
}

static void LCK_08_a_pool_without_an_mdl_says_so(void **state)
{
    (void)state;
    struct memory_mdl *mdls[MEMORY_MDLS];
    for (uint32_t i = 0; i < MEMORY_MDLS; i++) {
        assert_int_equal(memory_lock(client, base, 1, MEMORY_ACCESS_READ, NULL, &mdls[i]), MEMORY_OK);
    }
    assert_int_equal(lock(base, 1, MEMORY_ACCESS_READ), MEMORY_ERR_NO_MDL);
    assert_int_equal(pins(), MEMORY_MDLS);
    for (uint32_t i = 0; i < MEMORY_MDLS; i++) assert_int_equal(memory_unlock(mdls[i]), MEMORY_OK);

    uintptr_t at;
    assert_int_equal(memory_client_map(client, MEMORY_MDL_PAGES + 1u, MEMORY_MAY_READ, &at), MEMORY_OK);
    assert_int_equal(lock(at, (MEMORY_MDL_PAGES + 1u) * P, MEMORY_ACCESS_READ), MEMORY_ERR_NO_MDL);
    assert_int_equal(lock(at, MEMORY_MDL_PAGES * P, MEMORY_ACCESS_READ), MEMORY_OK);
    unlock();
}

static void LCK_12_the_quota_is_kept_and_given_back(void **state)
{
    (void)state;
    struct memory_quota quota = { .limit = 5 };
    struct memory_mdl *other;
    assert_int_equal(memory_lock(client, base, 6u * P, MEMORY_ACCESS_READ, &quota, &mdl), MEMORY_ERR_QUOTA);
    assert_int_equal(memory_lock(client, base, 3u * P, MEMORY_ACCESS_READ, &quota, &mdl), MEMORY_OK);
    assert_int_equal(memory_lock(client, base, 3u * P, MEMORY_ACCESS_READ, &quota, &other), MEMORY_ERR_QUOTA);
    assert_int_equal(memory_lock(client, base, 2u * P, MEMORY_ACCESS_READ, &quota, &other), MEMORY_OK);
    assert_int_equal(quota.used, 5);
    unlock();
    assert_int_equal(quota.used, 2);
    assert_int_equal(memory_unlock(other), MEMORY_OK);
    assert_int_equal(quota.used, 0);
    assert_int_equal(memory_lock(client, base, 5u * P, MEMORY_ACCESS_READ, &quota, &mdl), MEMORY_OK);
    unlock();
}

static void LCK_13_lock_above_passive_is_a_violation(void **state)
{
    (void)state;
    static const enum irql levels[] = { IRQL_DISPATCH, IRQL_DEVICE, IRQL_CLOCK };
    for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++) {
        enum irql old = irql_raise(levels[i]);
        assert_int_equal(lock(base, 1, MEMORY_ACCESS_READ), MEMORY_ERR_IRQL);
        assert_violation(VIOL_IRQL);
        irql_lower(old);
    }
    assert_int_equal(pins(), 0);
}

static void LCK_13_a_lock_without_a_client_is_for_the_one_in_force(void **state)
{
    (void)state;
    (void)memory_client_attach(client);
    assert_int_equal(memory_lock(NULL, base, 1, MEMORY_ACCESS_READ, NULL, &mdl), MEMORY_OK);
    assert_ptr_equal(memory_mdl_client(mdl), client);
    unlock();
    struct memory_client *other = memory_client_create();
    (void)memory_client_attach(other);
    assert_int_equal(memory_lock(NULL, base, 1, MEMORY_ACCESS_READ, NULL, &mdl), MEMORY_ERR_RANGE);
}

/* ---- Unlock ------------------------------------------------------------------------------------------------------------ */

static void UNL_01_a_second_unlock_or_a_foreign_pointer_is_a_violation(void **state)
{
    (void)state;
    struct memory_mdl *other;
    assert_int_equal(lock(base, 1, MEMORY_ACCESS_READ), MEMORY_OK);
    assert_int_equal(memory_lock(client, base, 1, MEMORY_ACCESS_READ, NULL, &other), MEMORY_OK);
    assert_int_equal(memory_unlock(mdl), MEMORY_OK);
    assert_int_equal(memory_unlock(mdl), MEMORY_ERR_MDL);
    assert_violation(VIOL_MDL);
    assert_int_equal(memory_client_page(client, base).pins, 1);
    assert_int_equal(memory_unlock(NULL), MEMORY_ERR_MDL);
    assert_violation(VIOL_MDL);
    assert_int_equal(memory_unlock((struct memory_mdl *)((uintptr_t)other + 8u)), MEMORY_ERR_MDL);
    assert_violation(VIOL_MDL);
    assert_int_equal(memory_unlock(other), MEMORY_OK);
}

static void UNL_03_unlock_with_packets_in_flight_unpins_when_the_last_one_ends(void **state)
{
    (void)state;
    assert_int_equal(lock(base, 2u * P, MEMORY_ACCESS_WRITE), MEMORY_OK);
    assert_int_equal(memory_mdl_hold(mdl), MEMORY_OK);
    assert_int_equal(memory_mdl_hold(mdl), MEMORY_OK);
    assert_int_equal(memory_unlock(mdl), MEMORY_ERR_IN_FLIGHT);
    assert_violation(VIOL_UNLOCK_IN_FLIGHT);
    assert_int_equal(memory_mdl_state(mdl), MEMORY_MDL_CLOSING);
    memory_steal_set(MEMORY_STEAL_AGGRESSIVE);
    assert_int_equal(memory_steal(), 0);
    assert_int_equal(memory_unlock(mdl), MEMORY_ERR_MDL); /* UNL_01: once is enough */
    assert_violation(VIOL_MDL);
    assert_int_equal(memory_mdl_release(mdl), MEMORY_OK);
    assert_int_equal(pins(), 2);
    assert_int_equal(memory_mdl_release(mdl), MEMORY_OK);
    assert_int_equal(pins(), 0);
    assert_int_equal(memory_mdl_state(mdl), MEMORY_MDL_FREE);
    assert_int_equal(memory_steal(), 2);
}

static void UNL_04_unlock_works_at_dispatch_and_not_above(void **state)
{
    (void)state;
    assert_int_equal(lock(base, 1, MEMORY_ACCESS_READ), MEMORY_OK);
    enum irql old = irql_raise(IRQL_DEVICE);
#if HAL_CHECKS
    assert_int_equal(memory_unlock(mdl), MEMORY_ERR_IRQL);
    assert_violation(VIOL_IRQL);
#endif
    irql_lower(IRQL_DISPATCH);
    assert_int_equal(memory_unlock(mdl), MEMORY_OK);
    irql_lower(old);
    assert_int_equal(pins(), 0);
}

static void UNL_05_after_unlock_the_mdl_says_nothing(void **state)
{
    (void)state;
    assert_int_equal(lock(base, 1, MEMORY_ACCESS_READ), MEMORY_OK);
    assert_int_equal(memory_mdl_state(mdl), MEMORY_MDL_LOCKED);
    assert_int_equal(memory_unlock(mdl), MEMORY_OK);
    assert_int_equal(memory_mdl_state(mdl), MEMORY_MDL_FREE);
#if HAL_CHECKS
    assert_int_equal(memory_mdl_length(mdl), 0);
    assert_violation(VIOL_MDL);
    assert_int_equal(memory_mdl_hold(mdl), MEMORY_ERR_MDL);
    assert_violation(VIOL_MDL);
#endif
    struct memory_mdl *again; /* the slot is not the first to be used again */
    assert_int_equal(memory_lock(client, base, 1, MEMORY_ACCESS_READ, NULL, &again), MEMORY_OK);
    assert_ptr_not_equal(again, mdl);
    assert_int_equal(memory_unlock(again), MEMORY_OK);
}

static void UNL_06_what_is_still_locked_is_a_leak(void **state)
{
    (void)state;
    assert_true(memory_check_leaks());
    assert_int_equal(lock(base, 1, MEMORY_ACCESS_READ), MEMORY_OK);
    assert_false(memory_check_leaks());
    assert_int_equal(violation_count_of(VIOL_LEAK), 2); /* the MDL, and its pin */
    violation_reset();
    assert_int_equal(memory_client_destroy(client), MEMORY_ERR_IN_FLIGHT);
    unlock();
    assert_int_equal(memory_client_destroy(client), MEMORY_OK);
}

#define test(name) cmocka_unit_test_setup_teardown(name, begin, fixture_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        test(LCK_01_failure_pins_none),
        test(LCK_01_failure_in_the_middle_undoes_the_pins_before),
        test(LCK_08_each_bad_request_has_its_reason_and_pins_nothing),
        test(LCK_08_a_pool_without_an_mdl_says_so),
        test(LCK_12_the_quota_is_kept_and_given_back),
        test(LCK_13_lock_above_passive_is_a_violation),
        test(LCK_13_a_lock_without_a_client_is_for_the_one_in_force),
        test(UNL_01_a_second_unlock_or_a_foreign_pointer_is_a_violation),
        test(UNL_03_unlock_with_packets_in_flight_unpins_when_the_last_one_ends),
        test(UNL_04_unlock_works_at_dispatch_and_not_above),
        test(UNL_05_after_unlock_the_mdl_says_nothing),
        test(UNL_06_what_is_still_locked_is_a_leak),
    };
    return cmocka_run_group_tests_name("lock_refused", tests, NULL, NULL);
}
