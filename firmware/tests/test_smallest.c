/* SPDX-License-Identifier: Apache-2.0 */
/* The smallest device: no MMU, so pages are always resident and a client may be handed a pointer. */
#include "fixture.h"

#define P MEMORY_PAGE_BYTES

static struct memory_client *client;
static uintptr_t base;

static int begin(void **state)
{
    fixture_begin(state);
    client = memory_client_create();
    assert_int_equal(memory_client_map(client, 4, MEMORY_MAY_WRITE, &base), MEMORY_OK);
    return 0;
}

static void pages_are_resident_from_the_start_in_one_run_and_zero(void **state)
{
    (void)state;
    uint32_t first = memory_client_page(client, base).frame;
    for (uint32_t i = 0; i < 4; i++) {
        struct memory_page page = memory_client_page(client, base + i * P);
        assert_true(page.mapped && page.resident && page.may_write);
        assert_int_equal(page.frame, first + i);
    }
    const uint8_t *bytes = (const void *)base;
    for (uint32_t i = 0; i < 4u * P; i++) assert_int_equal(bytes[i], 0);
    assert_int_equal(cache_bus(bytes), memory_frame_bus(first));
}

static void a_client_may_use_its_pointer_and_firmware_its_functions(void **state)
{
    (void)state;
    uint8_t byte = 0;
    *(uint8_t *)(base + 77u) = 0x77;
    assert_int_equal(memory_client_read(client, base + 77u, &byte, 1), MEMORY_OK);
    assert_int_equal(byte, 0x77);
    assert_int_equal(memory_client_write(client, base + 4u * P - 1u, &byte, 1), MEMORY_OK);
    assert_int_equal(memory_client_write(client, base + 4u * P - 1u, "ab", 2), MEMORY_ERR_RANGE);
    assert_int_equal(memory_client_read(client, base - 1u, &byte, 1), MEMORY_ERR_RANGE);
    assert_int_equal(memory_client_protect(client, base, P, MEMORY_MAY_READ), MEMORY_OK);
    assert_int_equal(memory_client_write(client, base, &byte, 1), MEMORY_ERR_PROTECTION);
}

static void LCK_01_locks_pin_and_the_stealer_finds_nothing(void **state)
{
    (void)state;
    struct memory_mdl *mdl;
    assert_int_equal(memory_lock(client, base + 3u, 2u * P, MEMORY_ACCESS_WRITE, NULL, &mdl), MEMORY_OK);
    assert_int_equal(memory_mdl_pages(mdl), 3);
    assert_int_equal(memory_client_page(client, base + P).pins, 1);
    memory_steal_set(MEMORY_STEAL_AGGRESSIVE);
    assert_int_equal(memory_steal(), 0);
    assert_false(memory_evict(client, base));
    assert_int_equal(memory_client_destroy(client), MEMORY_ERR_IN_FLIGHT);
    assert_int_equal(memory_unlock(mdl), MEMORY_OK);
    assert_int_equal(memory_steal(), 0);
}

static void LCK_08_bad_requests_are_refused_here_too(void **state)
{
    (void)state;
    struct memory_mdl *mdl;
    assert_int_equal(memory_lock(client, base, 0, MEMORY_ACCESS_READ, NULL, &mdl), MEMORY_ERR_LENGTH);
    assert_int_equal(memory_lock(client, base + P, 4u * P, MEMORY_ACCESS_READ, NULL, &mdl), MEMORY_ERR_RANGE);
    assert_int_equal(memory_lock(client, UINTPTR_MAX, 2, MEMORY_ACCESS_READ, NULL, &mdl), MEMORY_ERR_WRAP);
}

static void frames_come_back_and_run_out(void **state)
{
    (void)state;
    uint32_t frames = memory_frames_free();
    uintptr_t at;
    struct memory_client *other = memory_client_create();
    assert_int_equal(memory_client_map(other, frames + 1u, MEMORY_MAY_READ, &at), MEMORY_ERR_NO_FRAME);
    assert_int_equal(memory_client_map(other, 7, MEMORY_MAY_READ, &at), MEMORY_OK);
    assert_int_equal(memory_frames_free(), frames - 7u);
    assert_int_equal(memory_client_destroy(other), MEMORY_OK);
    assert_int_equal(memory_frames_free(), frames);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(pages_are_resident_from_the_start_in_one_run_and_zero, begin, fixture_end),
        cmocka_unit_test_setup_teardown(a_client_may_use_its_pointer_and_firmware_its_functions, begin, fixture_end),
        cmocka_unit_test_setup_teardown(LCK_01_locks_pin_and_the_stealer_finds_nothing, begin, fixture_end),
        cmocka_unit_test_setup_teardown(LCK_08_bad_requests_are_refused_here_too, begin, fixture_end),
        cmocka_unit_test_setup_teardown(frames_come_back_and_run_out, begin, fixture_end),
    };
    return cmocka_run_group_tests_name("smallest", tests, NULL, NULL);
}
