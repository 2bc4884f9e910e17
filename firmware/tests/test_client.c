/* SPDX-License-Identifier: Apache-2.0 */
/* Address spaces: what a client has, what it may, and how firmware reaches it. */
#include "fixture.h"

#define P MEMORY_PAGE_BYTES

static struct memory_client *client;
static uintptr_t base; /* four pages that may be written */

static int begin(void **state)
{
    fixture_begin(state);
    client = memory_client_create();
    assert_non_null(client);
    assert_int_equal(memory_client_map(client, 4, MEMORY_MAY_WRITE, &base), MEMORY_OK);
    return 0;
}

static void new_pages_are_not_resident_and_read_zero(void **state)
{
    (void)state;
    uint8_t bytes[3] = { 1, 2, 3 };
    struct memory_page page = memory_client_page(client, base + P);
    assert_true(page.mapped && page.may_write && !page.resident);
    assert_int_equal(memory_client_read(client, base + P - 1u, bytes, sizeof bytes), MEMORY_OK);
    assert_int_equal(bytes[0] | bytes[1] | bytes[2], 0);
    page = memory_client_page(client, base + P);
    assert_true(page.resident && !page.writable && !page.dirty);
    assert_int_equal(memory_pager_counts().page_ins, 2);
}

static void bytes_of_any_alignment_come_back(void **state)
{
    (void)state;
    uint8_t wrote[150], read[150];
    for (uint32_t offset = 0; offset < 9; offset++) {
        for (uint32_t length = 0; length < 140; length += offset + 1u) {
            uintptr_t at = base + P - 70u + offset;
            fixture_fill(wrote, length, offset * 1000u + length);
            memset(read, 0xee, sizeof read);
            assert_int_equal(memory_client_write(client, at, wrote + offset, 0), MEMORY_OK);
            assert_int_equal(memory_client_write(client, at, wrote, length), MEMORY_OK);
            assert_int_equal(memory_client_read(client, at, read + 1, length), MEMORY_OK);
            assert_memory_equal(wrote, read + 1, length);
            assert_int_equal(read[length + 1u], 0xee);
        }
    }
}

static void copy_goes_through_both_ends(void **state)
{
    (void)state;
    static uint8_t wrote[2u * 4096u], read[2u * 4096u];
    uint32_t length = P + 100u;
    fixture_fill(wrote, length, 3);
    assert_int_equal(memory_client_write(client, base + 3u, wrote, length), MEMORY_OK);
    assert_int_equal(memory_client_copy(client, base + 2u * P + 9u, base + 3u, length), MEMORY_OK);
    assert_int_equal(memory_client_read(client, base + 2u * P + 9u, read, length), MEMORY_OK);
    assert_memory_equal(wrote, read, length);
}

static void the_first_store_makes_a_page_dirty_and_a_load_does_not(void **state)
{
    (void)state;
    uint32_t value;
    assert_int_equal(memory_client_read32(client, base, &value), MEMORY_OK);
    assert_false(memory_client_page(client, base).dirty);
    assert_int_equal(memory_client_write32(client, base, 7), MEMORY_OK);
    assert_true(memory_client_page(client, base).dirty);
    assert_int_equal(memory_pager_counts().first_stores, 1);
    assert_int_equal(memory_client_write32(client, base + 4u, 8), MEMORY_OK);
    assert_int_equal(memory_pager_counts().first_stores, 1);
}

static void LCK_02_a_page_that_may_only_be_read_refuses_stores_and_stays_as_it_was(void **state)
{
    (void)state;
    uint32_t value;
    assert_int_equal(memory_client_write32(client, base, 7), MEMORY_OK);
    assert_int_equal(memory_client_protect(client, base, P, MEMORY_MAY_READ), MEMORY_OK);
    assert_int_equal(memory_client_write32(client, base, 8), MEMORY_ERR_PROTECTION);
    assert_int_equal(memory_client_read32(client, base, &value), MEMORY_OK);
    assert_int_equal(value, 7);
    assert_true(memory_client_page(client, base).dirty); /* what was written before is not forgotten */
    assert_int_equal(memory_client_protect(client, base, 1, MEMORY_MAY_WRITE), MEMORY_OK);
    assert_int_equal(memory_client_write32(client, base, 8), MEMORY_OK);
}

static void LCK_08_addresses_that_are_not_the_clients_are_refused(void **state)
{
    (void)state;
    uint8_t byte = 0;
    assert_int_equal(memory_client_read(client, base - 1u, &byte, 1), MEMORY_ERR_RANGE);
    assert_int_equal(memory_client_read(client, base + 4u * P, &byte, 1), MEMORY_ERR_RANGE);
    assert_int_equal(memory_client_write(client, base + 4u * P - 1u, "ab", 2), MEMORY_ERR_RANGE);
    assert_int_equal(memory_client_read(client, 0, &byte, 1), MEMORY_ERR_RANGE);
    assert_int_equal(memory_client_read(client, SOC_PROGRAM, &byte, 1), MEMORY_ERR_RANGE);
    assert_int_equal(memory_client_read(client, UINT32_MAX, &byte, 2), MEMORY_ERR_WRAP);
    assert_int_equal(memory_client_protect(client, base + 3u * P, 2u * P, MEMORY_MAY_READ), MEMORY_ERR_RANGE);
    assert_int_equal(memory_client_protect(client, base, 0, MEMORY_MAY_READ), MEMORY_ERR_LENGTH);
}

static void clients_do_not_see_each_other(void **state)
{
    (void)state;
    struct memory_client *other = memory_client_create();
    uintptr_t other_base;
    uint32_t value;
    assert_int_equal(memory_client_map(other, 1, MEMORY_MAY_WRITE, &other_base), MEMORY_OK);
    assert_int_equal(other_base, base); /* the same address, another page */
    assert_int_equal(memory_client_write32(client, base, 1), MEMORY_OK);
    assert_int_equal(memory_client_write32(other, base, 2), MEMORY_OK);
    assert_int_equal(memory_client_read32(client, base, &value), MEMORY_OK);
    assert_int_equal(value, 1);
    assert_int_equal(memory_client_read32(other, base, &value), MEMORY_OK);
    assert_int_equal(value, 2);
    assert_int_equal(memory_client_read32(other, base + P, &value), MEMORY_ERR_RANGE);
    assert_null(memory_client_current());
    assert_int_equal(memory_client_destroy(other), MEMORY_OK);
}

static void an_access_brings_the_attached_client_back(void **state)
{
    (void)state;
    struct memory_client *other = memory_client_create();
    assert_null(memory_client_attach(other));
    assert_int_equal(memory_client_write32(client, base, 1), MEMORY_OK);
    assert_ptr_equal(memory_client_current(), other);
    assert_ptr_equal(memory_client_attach(NULL), other);
}

static void IRQ_03_at_dispatch_a_resident_page_is_read_and_a_missing_one_is_a_bugcheck(void **state)
{
    (void)state;
    uint32_t value = 0;
    assert_int_equal(memory_client_write32(client, base, 7), MEMORY_OK);
    (void)irql_raise(IRQL_DISPATCH);
    assert_int_equal(memory_client_read32(client, base, &value), MEMORY_OK);
    assert_int_equal(value, 7);
    assert_true(bugchecked((void)memory_client_read32(client, base + P, &value)));
    assert_violation(VIOL_PAGED_AT_DISPATCH);
    irql_lower(IRQL_PASSIVE);
    assert_int_equal(memory_client_read32(client, base + P, &value), MEMORY_OK);
}

static void a_destroyed_client_gives_every_frame_back(void **state)
{
    (void)state;
    struct memory_use before = memory_use();
    uint32_t frames = memory_frames_free();
    struct memory_client *other = memory_client_create();
    uintptr_t at;
    assert_int_equal(memory_client_map(other, 5, MEMORY_MAY_WRITE, &at), MEMORY_OK);
    for (uint32_t i = 0; i < 5; i++) assert_int_equal(memory_client_write32(other, at + i * P, i), MEMORY_OK);
    assert_int_equal(memory_frames_free(), frames - 5u);
    assert_int_equal(memory_client_destroy(other), MEMORY_OK);
    assert_int_equal(memory_frames_free(), frames);
    struct memory_use after = memory_use();
    assert_memory_equal(&before, &after, sizeof before);
}

static void a_right_that_is_taken_away_is_gone_at_once(void **state)
{
    (void)state;
    (void)memory_client_attach(client); /* so that no change of address space empties the translation buffer */
    assert_int_equal(memory_client_write32(client, base, 7), MEMORY_OK);
    assert_int_equal(memory_client_protect(client, base, P, MEMORY_MAY_READ), MEMORY_OK);
    assert_int_equal(memory_client_write32(client, base, 8), MEMORY_ERR_PROTECTION);
}

static void address_spaces_come_and_go_without_end(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 300; i++) {
        struct memory_client *other = memory_client_create();
        uintptr_t at;
        assert_non_null(other);
        assert_int_equal(memory_client_map(other, 2, MEMORY_MAY_WRITE, &at), MEMORY_OK);
        assert_int_equal(memory_client_destroy(other), MEMORY_OK);
    }
}

static void tables_that_are_full_say_so(void **state)
{
    (void)state;
    uintptr_t at;
    assert_int_equal(memory_client_map(client, MEMORY_CLIENT_PAGES, MEMORY_MAY_READ, &at), MEMORY_ERR_FULL);
    assert_int_equal(memory_client_map(client, 0, MEMORY_MAY_READ, &at), MEMORY_ERR_FULL);
    for (uint32_t i = 1; i < MEMORY_REGIONS; i++) {
        assert_int_equal(memory_client_map(client, 1, MEMORY_MAY_READ, &at), MEMORY_OK);
    }
    assert_int_equal(memory_client_map(client, 1, MEMORY_MAY_READ, &at), MEMORY_ERR_FULL);
    for (uint32_t i = 1; i < MEMORY_CLIENTS; i++) assert_non_null(memory_client_create());
    assert_null(memory_client_create());
}

static void common_frames_are_contiguous_zero_and_below_the_limit(void **state)
{
    (void)state;
    uint32_t first = memory_common_take(3u * P - 1u, UINT32_MAX);
    assert_true(first != 0u && first % P == 0u);
    for (uint32_t page = 0; page < 3; page++) {
        const uint32_t *words = cache_cpu(first + page * P);
        for (uint32_t i = 0; i < P / 4u; i++) assert_int_equal(words[i], 0);
    }
    memset(cache_cpu(first), 0x5a, P);
    assert_int_equal(memory_use().common_frames, 3);
    assert_int_equal(memory_common_take(P, first - 1u), 0);
    assert_int_equal(memory_common_take(P, first + 3u * P - 1u), 0);
    assert_int_equal(memory_common_take(P, first + 4u * P - 1u), first + 3u * P);
    assert_false(memory_common_give(first, P));
    assert_false(memory_common_give(first + P, 2u * P));
    assert_false(memory_common_give(first + 1u, 3u * P));
    assert_true(memory_common_give(first, 3u * P));
    assert_false(memory_common_give(first, 3u * P));
    assert_true(memory_common_give(first + 3u * P, P));
    assert_int_equal(memory_common_take(0, UINT32_MAX), 0);
    assert_int_equal(memory_common_take(UINT32_MAX, UINT32_MAX), 0);
    assert_int_equal(memory_common_take(P, UINT32_MAX), first);
    assert_int_equal(*(const uint8_t *)cache_cpu(first), 0);
    assert_true(memory_common_give(first, P));
}

#define test(name) cmocka_unit_test_setup_teardown(name, begin, fixture_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        test(new_pages_are_not_resident_and_read_zero),
        test(bytes_of_any_alignment_come_back),
        test(copy_goes_through_both_ends),
        test(the_first_store_makes_a_page_dirty_and_a_load_does_not),
        test(LCK_02_a_page_that_may_only_be_read_refuses_stores_and_stays_as_it_was),
        test(LCK_08_addresses_that_are_not_the_clients_are_refused),
        test(clients_do_not_see_each_other),
        test(an_access_brings_the_attached_client_back),
        test(IRQ_03_at_dispatch_a_resident_page_is_read_and_a_missing_one_is_a_bugcheck),
        test(a_destroyed_client_gives_every_frame_back),
        test(a_right_that_is_taken_away_is_gone_at_once),
        test(address_spaces_come_and_go_without_end),
        test(tables_that_are_full_say_so),
        test(common_frames_are_contiguous_zero_and_below_the_limit),
    };
    return cmocka_run_group_tests_name("client", tests, NULL, NULL);
}
