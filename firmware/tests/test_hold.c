/* SPDX-License-Identifier: Apache-2.0 */
/* The packet core by itself: registers that are kept for packets to come, and a common buffer of two adapters. */
#include "client_fixture.h"

#include "packet.h"

static struct packet_system  packets;
static struct packet_adapter adapter, other;
static struct packet         packet, waits, hold, second_hold;
static struct memory_mdl    *mdl;

/* What the face was told, a letter each: e execute, h held, f freed. */
static char     told[64];
static uint32_t told_bytes;

static void note(char what)
{
    size_t length = strlen(told);
    if (length + 1u < sizeof told) told[length] = what;
}

static void element(struct packet *of, uint32_t index, uint64_t address, uint32_t length_bytes)
{
    (void)of;
    (void)index;
    (void)address;
    (void)length_bytes;
}

static void staged(struct packet *of, uint32_t count)
{
    assert_true(count > 0u);
    told_bytes = of->length_bytes;
}

static void execute(struct packet *of)
{
    (void)of;
    note('e');
}

static void freed(struct packet *of)
{
    (void)of;
    note('f');
}

static struct packet *start_inside;

static void held(struct packet *of)
{
    assert_int_equal(of->state, PACKET_HELD);
    note('h');
    if (start_inside != NULL) assert_int_equal(packet_start(&adapter, start_inside), PACKET_OK);
    if (start_inside != NULL) note('.');
}

static const struct packet_face face = { .element = element, .staged = staged, .execute = execute, .freed = freed, .held = held };

static void open_with(bool windowed, uint32_t registers)
{
    struct packet_adapter_config config = {
        .face = &face, .reach = UINT32_MAX, .maximum_bytes = 8u * PAGE, .registers_max = registers, .depth = 2, .channels = 3,
        .channel = PACKET_ANY_CHANNEL, .windowed = windowed,
    };
    assert_int_equal(packet_adapter_open(&adapter, &packets, &config), PACKET_OK);
    config.windowed = false;
    assert_int_equal(packet_adapter_open(&other, &packets, &config), PACKET_OK);
    assert_int_equal(memory_lock(NULL, buffer, 8u * PAGE, MEMORY_ACCESS_READ, NULL, &mdl), MEMORY_OK);
    packet = waits = hold = second_hold = (struct packet){ .mdl = mdl, .wanted_bytes = 8u * PAGE };
    packet.hold = &hold;
    start_inside = NULL;
    memset(told, 0, sizeof told);
}

static void close_all(void)
{
    assert_int_equal(memory_unlock(mdl), MEMORY_OK);
    assert_int_equal(packet_adapter_close(&adapter), PACKET_OK);
    assert_int_equal(packet_adapter_close(&other), PACKET_OK);
    assert_no_violation();
}

static void complete(struct packet *of)
{
    assert_int_equal(packet_complete(&adapter, of, PACKET_TO_DEVICE, of->length_bytes, PACKET_RUN_GOOD), PACKET_OK);
}

static void MAP_14_registers_that_are_held_outlive_their_packets(void **state)
{
    (void)state;
    for (unsigned windowed = 0; windowed < 2u; windowed++) {
        open_with(windowed != 0u, 8);
        assert_int_equal(packet_hold(&adapter, &hold, 3), PACKET_OK);
        for (unsigned i = 0; i < 3u; i++) {
            packet.offset = PAGE / 2u;
            packet.wanted_bytes = 7u * PAGE;
            assert_int_equal(packet_start(&adapter, &packet), PACKET_OK);
            assert_int_equal(told_bytes, 3u * PAGE - PAGE / 2u); /* as long as three registers allow */
            assert_int_equal(adapter.registers_packets, 3);
            complete(&packet);
            assert_int_equal(adapter.registers_packets, 3);
        }
        assert_string_equal(told, "hefefef");
        assert_int_equal(packet_adapter_close(&adapter), PACKET_ERR_STATE);
        assert_violation(VIOL_PUT_REGISTER);
        packet_unhold(&adapter, &hold);
        assert_int_equal(adapter.registers_packets, 0);
        close_all();
    }
}

static void MAP_13_a_hold_waits_its_turn_and_is_overtaken_by_who_holds(void **state)
{
    (void)state;
    for (unsigned windowed = 0; windowed < 2u; windowed++) {
        open_with(windowed != 0u, 8);
        assert_int_equal(packet_hold(&adapter, &hold, 9), PACKET_ERR_RESOURCES);
        assert_int_equal(packet_hold(&adapter, &hold, 5), PACKET_OK);
        assert_int_equal(packet_start(&adapter, &waits), PACKET_OK);        /* all eight: it waits */
        assert_int_equal(packet_hold(&adapter, &second_hold, 1), PACKET_OK); /* one is free, but it stands behind */
        assert_string_equal(told, "h");
        assert_int_equal(packet_start(&adapter, &packet), PACKET_OK);       /* needs to wait for nothing */
        assert_string_equal(told, "he");
        complete(&packet);
        packet_unhold(&adapter, &hold);
        assert_string_equal(told, "hefe");
        complete(&waits);
        assert_string_equal(told, "hefefh");
        packet_unhold(&adapter, &second_hold);
        close_all();
    }
}

static void MAP_13_what_a_hold_starts_when_it_is_told_begins_inside(void **state)
{
    (void)state;
    open_with(false, 8);
    start_inside = &packet;
    assert_int_equal(packet_hold(&adapter, &hold, 2), PACKET_OK);
    assert_string_equal(told, "he."); /* before packet_start() returned */
    complete(&packet);
    packet_unhold(&adapter, &hold);
    close_all();
}

static void MAP_34_a_hold_that_waits_is_taken_back(void **state)
{
    (void)state;
    open_with(false, 8);
    assert_int_equal(packet_hold(&adapter, &hold, 6), PACKET_OK);
    assert_int_equal(packet_hold(&adapter, &second_hold, 6), PACKET_OK);
    assert_false(packet_cancel(&adapter, &hold)); /* it has its registers */
    assert_true(packet_cancel(&adapter, &second_hold));
    packet_unhold(&adapter, &hold);
    assert_string_equal(told, "hf");
    assert_int_equal(adapter.queued, 0);
    close_all();
}

static void CMB_02_a_shared_common_buffer_takes_registers_of_both(void **state)
{
    (void)state;
    uint8_t byte = 7;
    open_with(false, 8);
    const struct packet_common *common = packet_common_take_uncached(&adapter, 2u * PAGE);
    assert_non_null(common);
    assert_false(fake_access(other.channel, common->logical, true, &byte));
    fake.fault_status = 0;
    assert_true(packet_common_share(common, &other));
    assert_true(fake_access(other.channel, common->logical, true, &byte));
    assert_true(fake_access(other.channel, common->logical + 2u * PAGE - 1u, false, &byte));
    assert_int_equal(packet_adapter_available(&other), 6);
    assert_int_equal(packet_adapter_close(&other), PACKET_ERR_STATE);
    assert_violation(VIOL_PUT_COMMON_BUFFER);
    packet_common_unshare(common, &other);
    assert_false(fake_access(other.channel, common->logical, true, &byte));
    fake.fault_status = 0;
    assert_int_equal(packet_adapter_available(&other), 8);
    struct packet_common receipt = *common;
    assert_int_equal(packet_common_give(&receipt), PACKET_OK);

    common = packet_common_take_uncached(&adapter, 8u * PAGE);
    const struct packet_common *own = packet_common_take_uncached(&other, PAGE);
    assert_false(packet_common_share(common, &other)); /* seven are left */
    assert_int_equal(packet_adapter_available(&other), 7);
    receipt = *common;
    assert_int_equal(packet_common_give(&receipt), PACKET_OK);
    receipt = *own;
    assert_int_equal(packet_common_give(&receipt), PACKET_OK);
    close_all();
}

static int begin(void **state)
{
    (void)state;
    gate_begin(&(struct fake_config){ 0 });
    packet_system_init(&packets, &gate, 256);
    client_begin();
    return 0;
}

#define hold_test(name) cmocka_unit_test_setup_teardown(name, begin, client_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        hold_test(MAP_14_registers_that_are_held_outlive_their_packets),
        hold_test(MAP_13_a_hold_waits_its_turn_and_is_overtaken_by_who_holds),
        hold_test(MAP_13_what_a_hold_starts_when_it_is_told_begins_inside),
        hold_test(MAP_34_a_hold_that_waits_is_taken_back),
        hold_test(CMB_02_a_shared_common_buffer_takes_registers_of_both),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
