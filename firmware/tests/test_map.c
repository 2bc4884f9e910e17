/* SPDX-License-Identifier: Apache-2.0 */
/* The gate's driver: pool of registers, window, guard counts, SYNC, faults. */
#include "port_fixture.h"

#define FRAME(n) ((uint64_t)SOC_BUS_HOST / PAGE + (n))

static int begin(void **state)
{
    (void)state;
    fixture_begin(NULL);
    fake_begin(&(struct fake_config){ .window = 16 });
    assert_int_equal(map_init(&gate, SOC_GATE, gate_counts, sizeof gate_counts), MAP_OK);
    return 0;
}

static void init_reads_the_gate_and_closes_everything(void **state)
{
    (void)state;
    assert_int_equal(gate.registers, 16);
    assert_int_equal(gate.page_bytes, PAGE);
    assert_int_equal(gate.channels, FAKE_CHANNELS);
    assert_int_equal(gate.guard_frames, (SOC_BUS_HOST_BYTES + SOC_BUS_DEVICE_BYTES) / PAGE);
    memset(fake.guard, 3, sizeof fake.guard);
    fake.window[3].valid = true;
    assert_int_equal(map_init(&gate, SOC_GATE, gate_counts, sizeof gate_counts), MAP_OK);
    assert_int_equal(fake_open_entries(), 0);
    for (uint32_t i = 0; i < gate.guard_frames; i++) assert_int_equal(fake.guard[0][i] | fake.guard[1][i], 0);
    memset(fake.guard, 0, sizeof fake.guard);
}

static void init_refuses_an_empty_slot_and_too_little_memory(void **state)
{
    (void)state;
    struct map other = { .registers = 5 };
    assert_int_equal(map_init(&other, SOC_ENGINE, gate_counts, sizeof gate_counts), MAP_ERR_ABSENT);
    assert_int_equal(map_init(&other, SOC_GATE, gate_counts, 100), MAP_ERR_ARGUMENT);
    assert_int_equal(map_init(&other, SOC_GATE, NULL, sizeof gate_counts), MAP_ERR_ARGUMENT);
    assert_int_equal(other.registers, 5);
}

static void MAP_01_registers_are_taken_consecutive_and_given_back(void **state)
{
    (void)state;
    unsigned a, b, c;
    assert_int_equal(map_registers_take(&gate, 5, &a), MAP_OK);
    assert_int_equal(map_registers_take(&gate, 5, &b), MAP_OK);
    assert_int_equal(map_registers_take(&gate, 7, &c), MAP_ERR_FULL);
    assert_int_equal(map_registers_free(&gate), 6);
    assert_int_equal(map_registers_give(&gate, a, 5), MAP_OK);
    assert_int_equal(map_registers_free(&gate), 6); /* 5 and 6 are apart */
    assert_int_equal(map_registers_take(&gate, 6, &c), MAP_OK);
    assert_int_equal(c, 10);
    assert_int_equal(map_registers_take(&gate, 0, &c), MAP_ERR_ARGUMENT);
}

static void MAP_04_what_is_done_twice_is_refused(void **state)
{
    (void)state;
    unsigned first;
    assert_int_equal(map_registers_take(&gate, 2, &first), MAP_OK);
    assert_int_equal(map_entry_set(&gate, first + 2u, FRAME(1), 0, MAP_READ), MAP_ERR_STATE); /* not taken */
    assert_int_equal(map_entry_set(&gate, first, FRAME(1), 0, MAP_READ), MAP_OK);
    assert_int_equal(map_entry_set(&gate, first, FRAME(2), 0, MAP_READ), MAP_ERR_STATE); /* mapped already */
    assert_int_equal(map_registers_give(&gate, first, 2), MAP_ERR_STATE);                /* mapped at free */
    assert_int_equal(map_entry_clear(&gate, first), MAP_OK);
    assert_int_equal(map_entry_clear(&gate, first), MAP_ERR_STATE);
    assert_int_equal(map_registers_give(&gate, first, 3), MAP_ERR_STATE); /* more than taken */
    assert_int_equal(map_registers_give(&gate, first, 2), MAP_OK);
    assert_int_equal(map_registers_give(&gate, first, 2), MAP_ERR_STATE); /* double free */
    assert_int_equal(map_entry_set(&gate, 16, FRAME(1), 0, MAP_READ), MAP_ERR_ARGUMENT);
    assert_int_equal(map_entry_clear(&gate, 99), MAP_ERR_ARGUMENT);
}

static void MAP_05_an_entry_opens_one_page_for_one_channel_and_direction(void **state)
{
    (void)state;
    unsigned first;
    uint8_t byte = 0x5a;
    fake.no_posting = true;
    assert_int_equal(map_registers_take(&gate, 1, &first), MAP_OK);
    assert_int_equal(map_entry_set(&gate, first, FRAME(9), 1, MAP_WRITE), MAP_OK);
    uint64_t address = map_window_address(&gate, first) + 5u;
    assert_true(fake_access(1, address, true, &byte));
    assert_int_equal(*host_memory(SOC_BUS_HOST + 9u * PAGE + 5u, 1), 0x5a);
    assert_false(fake_access(1, address, false, &byte));
    assert_false(fake_access(0, address, true, &byte));
    assert_int_equal(map_entry_clear(&gate, first), MAP_OK);
    assert_false(fake_access(1, address, true, &byte));
}

static void ERR_05_a_fault_is_recorded_once_and_can_be_taken(void **state)
{
    (void)state;
    uint8_t byte = 0;
    struct map_fault fault;
    assert_false(map_fault_take(&gate, &fault));
    assert_false(fake_access(1, SOC_BUS_HOST + 0x123u, true, &byte));
    assert_false(fake_access(0, SOC_BUS_WINDOW, false, &byte));
    assert_true(map_fault_take(&gate, &fault));
    assert_int_equal(fault.address, SOC_BUS_HOST + 0x123u);
    assert_int_equal(fault.channel, 1);
    assert_int_equal(fault.access, MAP_WRITE);
    assert_int_equal(fault.cause, DRAY_GATE_FAULT_CAUSE_DIRECTION);
    assert_int_equal(fault.count, 2);
    assert_false(map_fault_take(&gate, &fault));
}

static void the_guard_is_counted_by_frame_channel_and_direction(void **state)
{
    (void)state;
    unsigned writes = fake.guard_writes;
    assert_int_equal(map_guard_open(&gate, FRAME(3), 0, MAP_READ), MAP_OK);
    assert_int_equal(map_guard_open(&gate, FRAME(3), 0, MAP_READ), MAP_OK);
    assert_int_equal(map_guard_open(&gate, FRAME(3), 0, MAP_WRITE), MAP_OK);
    assert_int_equal(map_guard_open(&gate, FRAME(3), 1, MAP_READ_WRITE), MAP_OK);
    assert_int_equal(fake.guard_writes - writes, 3); /* the second reader is only counted */
    assert_int_equal(fake.guard[0][3], 3);
    assert_int_equal(map_guard_close(&gate, FRAME(3), 0, MAP_READ), MAP_OK);
    assert_int_equal(fake.guard[0][3], 3);
    assert_int_equal(map_guard_count(&gate, FRAME(3), 0, MAP_READ), 1);
    assert_int_equal(map_guard_close(&gate, FRAME(3), 0, MAP_READ), MAP_OK);
    assert_int_equal(fake.guard[0][3], 2);
    assert_int_equal(map_guard_close(&gate, FRAME(3), 0, MAP_READ), MAP_ERR_STATE);
    assert_int_equal(map_guard_close(&gate, FRAME(3), 0, MAP_WRITE), MAP_OK);
    assert_int_equal(fake.guard[0][3], 0);
    assert_int_equal(fake.guard[1][3], 3);
    assert_int_equal(map_guard_close(&gate, FRAME(3), 1, MAP_READ_WRITE), MAP_OK);
}

static void the_guard_has_bounds(void **state)
{
    (void)state;
    assert_int_equal(map_guard_open(&gate, FRAME(0) - 1u, 0, MAP_READ), MAP_ERR_OUTSIDE);
    assert_int_equal(map_guard_open(&gate, FRAME(gate.guard_frames), 0, MAP_READ), MAP_ERR_OUTSIDE);
    assert_int_equal(map_guard_open(&gate, FRAME(0), FAKE_CHANNELS, MAP_READ), MAP_ERR_ARGUMENT);
    for (unsigned i = 0; i < MAP_OPEN_MAX; i++) assert_int_equal(map_guard_open(&gate, FRAME(1), 0, MAP_WRITE), MAP_OK);
    assert_int_equal(map_guard_open(&gate, FRAME(1), 0, MAP_READ_WRITE), MAP_ERR_FULL);
    assert_int_equal(map_guard_count(&gate, FRAME(1), 0, MAP_READ), 0);
    for (unsigned i = 0; i < MAP_OPEN_MAX; i++) assert_int_equal(map_guard_close(&gate, FRAME(1), 0, MAP_WRITE), MAP_OK);
}

static void sync_and_outstanding_are_the_gates(void **state)
{
    (void)state;
    map_sync_start(&gate);
    assert_int_equal(fake.syncs, 1);
    assert_true(map_synced(&gate));
    fake.sync_hangs = true;
    assert_false(map_synced(&gate));
    fake.outstanding[1] = 0x0302;
    assert_int_equal(map_outstanding(&gate, 1), 5);
    assert_int_equal(map_outstanding(&gate, 0), 0);
}

#define map_test(name) cmocka_unit_test_setup_teardown(name, begin, fixture_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        map_test(init_reads_the_gate_and_closes_everything),
        map_test(init_refuses_an_empty_slot_and_too_little_memory),
        map_test(MAP_01_registers_are_taken_consecutive_and_given_back),
        map_test(MAP_04_what_is_done_twice_is_refused),
        map_test(MAP_05_an_entry_opens_one_page_for_one_channel_and_direction),
        map_test(ERR_05_a_fault_is_recorded_once_and_can_be_taken),
        map_test(the_guard_is_counted_by_frame_channel_and_direction),
        map_test(the_guard_has_bounds),
        map_test(sync_and_outstanding_are_the_gates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
