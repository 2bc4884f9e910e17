/* SPDX-License-Identifier: Apache-2.0 */
/* The arithmetic of packets: the numbers of the contract's appendix A, and what holds for any numbers. */
#include "fixture.h"

#include "packet_list.h"

#define P 4096u

static unsigned split(uint32_t byte_offset, uint32_t total, uint32_t maximum, uint32_t registers, uint32_t *out)
{
    unsigned count = 0;
    for (uint32_t done = 0; done < total; done += out[count++]) {
        out[count] = packet_chunk((byte_offset + done) % P, total - done, maximum, registers, P);
        assert_true(out[count] > 0u);
    }
    return count;
}

static void assert_split(uint32_t byte_offset, uint32_t total, uint32_t maximum, uint32_t registers,
                         const uint32_t *want, unsigned count)
{
    uint32_t got[64];
    assert_int_equal(split(byte_offset, total, maximum, registers, got), count);
    assert_memory_equal(got, want, count * sizeof *want);
}

static void STA_11_the_oracles_splits_are_ours(void **state)
{
    (void)state;
    assert_split(0, 12 * P, UINT32_MAX, 5, (const uint32_t[]){ 20480, 20480, 8192 }, 3);
    assert_split(0x10, 12 * P, UINT32_MAX, 5, (const uint32_t[]){ 20464, 20480, 8208 }, 3);
    assert_split(0xffc, 10000, 4096, 2, (const uint32_t[]){ 4096, 4096, 1808 }, 3);
    assert_split(0xfff, 4098, UINT32_MAX, 1, (const uint32_t[]){ 1, 4096, 1 }, 3);
}

static void WEN_05_the_oracles_fragments_are_ours(void **state)
{
    (void)state;
    assert_int_equal(packet_fragment(65536, 17, P), 65536);
    assert_int_equal(packet_fragment(65536, 16, P), 61440);
    assert_int_equal(packet_fragment(UINT32_MAX, 5, P), 4 * P);
}

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static void STA_11_random_splits_hold_sum_length_and_registers(void **state)
{
    (void)state;
    uint64_t random = 88172645463325252u;
    for (unsigned i = 0; i < 20000; i++) {
        uint32_t offset = (uint32_t)(next_random(&random) % P), total = 1u + (uint32_t)(next_random(&random) % 200000u);
        uint32_t maximum = 1000u + (uint32_t)(next_random(&random) % 100000u), registers = 1u + (uint32_t)(next_random(&random) % 19u);
        uint32_t done = 0;
        while (done < total) {
            uint32_t at = (offset + done) % P;
            uint32_t n = packet_chunk(at, total - done, maximum, registers, P);
            assert_true(n > 0u && n <= maximum && n <= total - done && (at + n + P - 1u) / P <= registers);
            done += n;
        }
        assert_int_equal(done, total);
    }
}

static void STA_12_a_packet_that_is_not_the_last_is_granular(void **state)
{
    (void)state;
    assert_int_equal(packet_granular(4099, 10000, 4), 4096);
    assert_int_equal(packet_granular(4099, 4099, 4), 4099);
    assert_int_equal(packet_granular(3, 10000, 4), 0);
    assert_int_equal(packet_granular(7, 10000, 0), 7);
}

/* ---- Elements ------------------------------------------------------------------------------------------------------- */

static struct { uint64_t address; uint32_t length; } got[64];
static unsigned got_count;

static void emit(void *context, uint32_t index, uint64_t address, uint32_t length_bytes)
{
    assert_ptr_equal(context, got);
    assert_int_equal(index, got_count);
    got[got_count].address = address;
    got[got_count++].length = length_bytes;
}

static uint32_t build(struct packet_list *list, const uint32_t *frames, uint32_t byte_offset, uint32_t length)
{
    got_count = 0;
    list->emit = emit;
    list->context = got;
    uint32_t position = byte_offset, left = length;
    while (left != 0u) {
        uint32_t at = position % P, n = P - at < left ? P - at : left;
        if (packet_list_add(list, (uint64_t)frames[position / P] * P + at, n) != n) break;
        position += n;
        left -= n;
    }
    packet_list_end(list);
    assert_int_equal(got_count, list->elements);
    return list->bytes;
}

static void assert_element(unsigned index, uint64_t address, uint32_t length)
{
    assert_true(index < got_count);
    assert_int_equal(got[index].address, address);
    assert_int_equal(got[index].length, length);
}

static void SGL_05_the_oracles_elements_are_ours(void **state)
{
    (void)state;
    struct packet_list list = { 0 };
    assert_int_equal(build(&list, (const uint32_t[]){ 7, 8, 3, 4, 5, 9 }, 0x100, 5 * P), 5 * P);
    assert_int_equal(got_count, 3);
    assert_element(0, 0x7100, 0x1f00);
    assert_element(1, 0x3000, 0x3000);
    assert_element(2, 0x9000, 0x100);

    list = (struct packet_list){ 0 };
    build(&list, (const uint32_t[]){ 7, 8, 3 }, 0xf00 + 0x200, 0x100);
    assert_int_equal(got_count, 1);
    assert_element(0, 0x8100, 0x100);
}

static void SGL_05_no_element_crosses_four_gigabytes(void **state)
{
    (void)state;
    struct packet_list list = { 0 };
    build(&list, (const uint32_t[]){ 0xfffff, 0x100000 }, 0, 2 * P);
    assert_int_equal(got_count, 2);
    assert_element(0, 0xfffff000u, 0x1000);
    assert_element(1, UINT64_C(0x100000000), 0x1000);
}

static void DD_08_elements_keep_to_what_is_declared(void **state)
{
    (void)state;
    struct packet_list list = { .elements_max = 2 };
    assert_int_equal(build(&list, (const uint32_t[]){ 1, 2, 9, 10, 20 }, 0, 5 * P), 4 * P);
    assert_int_equal(got_count, 2);

    list = (struct packet_list){ .element_bytes_max = 1000 };
    assert_int_equal(build(&list, (const uint32_t[]){ 1, 2 }, 0, 2 * P), 2 * P);
    for (unsigned i = 0; i < got_count; i++) assert_true(got[i].length <= 1000u);
    assert_int_equal(got_count, 10);

    list = (struct packet_list){ .boundary_bytes = 2 * P };
    build(&list, (const uint32_t[]){ 1, 2, 3, 4 }, 0, 4 * P);
    assert_int_equal(got_count, 3);
    assert_element(1, 2 * P, 2 * P);
}

static void SGL_08_seventeen_fragments_and_sixteen_elements_are_two_packets(void **state)
{
    (void)state;
    uint32_t frames[17];
    for (uint32_t i = 0; i < 17u; i++) frames[i] = 2u * i;
    struct packet_list list = { .elements_max = 16 };
    assert_int_equal(build(&list, frames, 0, 17 * P), 16 * P);
    list = (struct packet_list){ .elements_max = 16 };
    assert_int_equal(build(&list, frames + 16, 0, P), P);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(STA_11_the_oracles_splits_are_ours),
        cmocka_unit_test(WEN_05_the_oracles_fragments_are_ours),
        cmocka_unit_test(STA_11_random_splits_hold_sum_length_and_registers),
        cmocka_unit_test(STA_12_a_packet_that_is_not_the_last_is_granular),
        cmocka_unit_test(SGL_05_the_oracles_elements_are_ours),
        cmocka_unit_test(SGL_05_no_element_crosses_four_gigabytes),
        cmocka_unit_test(DD_08_elements_keep_to_what_is_declared),
        cmocka_unit_test(SGL_08_seventeen_fragments_and_sixteen_elements_are_two_packets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
