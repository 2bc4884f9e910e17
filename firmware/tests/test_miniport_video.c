/* SPDX-License-Identifier: Apache-2.0 */
/* The miniport as the port finds it and clients ask it. */
#include "port_fixture.h"

#include "laws.h"
#include "miniport_video.h"

#define FRAME_BYTES (32u * 4096u)
#define IN_AT       ((CLIENT_PAGES - 1u) * PAGE)
#define OUT_AT      (IN_AT + 64u)

static const VIDEO_ACCESS_RANGE ranges[] = {
    { .RangeStart.QuadPart = SOC_ENGINE, .RangeLength = 0x1000 },
    { .RangeStart.QuadPart = SOC_BUS_DEVICE, .RangeLength = FRAME_BYTES },
};
static const VIDEO_ACCESS_RANGE no_engine[] = {
    { .RangeStart.QuadPart = SOC_REGISTERS + 0x9000u, .RangeLength = 0x1000 },
    { .RangeStart.QuadPart = SOC_BUS_DEVICE, .RangeLength = FRAME_BYTES },
};
static const struct port_bus_device devices[] = {
    { .ranges = no_engine, .range_count = 2, .line = SOC_LINE_UART, .channels = FAKE_CHANNELS },
    { .ranges = ranges, .range_count = 2, .line = SOC_LINE_ENGINE, .channels = FAKE_CHANNELS },
};
static const struct port_bus bus = { devices, 2 };

static int begin_by(void **state, ULONG (*entry)(PVOID Context1, PVOID Context2))
{
    (void)port_begin_working(state);
    fake_slow(true);
    port_init(&gate, 600); /* 256 KiB in pages of 512, and the screen */
    assert_int_equal(port_load_driver(entry, &bus), NO_ERROR); /* the first range of the first device is no engine */
    assert_int_equal(VpOpenDevice(0), NO_ERROR);
    assert_int_equal(VpOpenDevice(1), ERROR_DEV_NOT_EXIST);
    client_fill(0, CLIENT_PAGES * PAGE, 3);
    return 0;
}

static int begin(void **state)
{
    return begin_by(state, miniport_entry);
}

/* What the bus says is not for a driver to wish. */
static ULONG wishing_entry(PVOID context1, PVOID context2)
{
    struct miniport_config wishes = { .registers = 4, .frame_buffer_bytes = 1, .map_registers = 4, .one_element = true, .retries = 1 };
    return miniport_entry_with(context1, context2, &wishes);
}

static int begin_wishing(void **state)
{
    return begin_by(state, wishing_entry);
}

static int end(void **state)
{
    PVOID ext = VpGetDeviceExtension(0);
    assert_int_equal(miniport_unload(ext), MINIPORT_OK);
    assert_int_equal(VpDetachDevice(ext), NO_ERROR);
    assert_null(VpGetDeviceExtension(0));
    laws_check();
    return port_end_working(state);
}

#define video_test(name) cmocka_unit_test_setup_teardown(name, begin, end)

static VP_STATUS ask(ULONG code, const void *input, ULONG input_bytes, void *output, ULONG output_bytes)
{
    ULONG information = 99;
    assert_int_equal(memory_client_write(client, buffer + IN_AT, input, input_bytes), MEMORY_OK);
    VP_STATUS status = VpDeviceIoControl(0, code, (PVOID)(buffer + IN_AT), input_bytes, (PVOID)(buffer + OUT_AT), output_bytes, &information);
    assert_int_equal(information, status == NO_ERROR ? output_bytes : 0u);
    client_read(OUT_AT, output, output_bytes);
    return status;
}

static struct miniport_copy copy_of(uint32_t offset, uint32_t length, uint32_t frame_offset, bool to_frame_buffer)
{
    return (struct miniport_copy){ .buffer = buffer + offset, .length_bytes = length, .frame_offset = frame_offset,
                                   .to_frame_buffer = to_frame_buffer, .tag = frame_offset };
}

static void PRT_07_a_client_asks_and_gets_status_and_bytes(void **state)
{
    (void)state;
    struct miniport_copy copy = copy_of(7, 9 * PAGE, 33, true);
    struct miniport_copied copied;
    assert_int_equal(ask(IOCTL_MINIPORT_COPY, &copy, sizeof copy, &copied, sizeof copied), NO_ERROR);
    assert_int_equal(copied.status, MINIPORT_OK);
    assert_int_equal(copied.moved_bytes, 9 * PAGE);
    for (uint32_t i = 0; i < 9 * PAGE; i++) assert_int_equal(*host_memory(SOC_BUS_DEVICE + 33u + i, 1), fixture_byte(3, 7u + i));

    copy = copy_of(12 * PAGE, 100, 33, false);
    for (unsigned i = 0; i <= MINIPORT_COPIES; i++) { /* each makes room for the next */
        assert_int_equal(ask(IOCTL_MINIPORT_COPY, &copy, sizeof copy, &copied, sizeof copied), NO_ERROR);
    }
    uint8_t got[100];
    client_read(12 * PAGE, got, sizeof got);
    for (uint32_t i = 0; i < sizeof got; i++) assert_int_equal(got[i], fixture_byte(3, 7u + i));
    assert_no_violation();
}

static void DD_02_a_driver_without_scatter_gather_is_wished_for_and_hangs_no_longer_than_its_deadline(void **state)
{
    (void)state;
    struct miniport_copy copy = copy_of(0, 6 * PAGE, 0, true);
    struct miniport_copied copied;
    assert_int_equal(ask(IOCTL_MINIPORT_COPY, &copy, sizeof copy, &copied, sizeof copied), NO_ERROR);
    assert_int_equal(copied.status, MINIPORT_OK);
    assert_int_equal(copied.packets, 2); /* one of four registers is the ring's */
    assert_int_equal(copied.elements, 2);
    fake.hangs = true;
    assert_int_equal(ask(IOCTL_MINIPORT_COPY, &copy, sizeof copy, &copied, sizeof copied), NO_ERROR);
    assert_int_equal(copied.status, MINIPORT_ERR_TIMEOUT);
    assert_int_equal(miniport_of(VpGetDeviceExtension(0))->counts.retries, 1);
    fake.hangs = false;
}

static void PRT_05_an_error_in_the_middle_is_told_with_a_true_count(void **state)
{
    (void)state;
    struct miniport_copy copy = copy_of(0, 8 * PAGE, 0, true);
    struct miniport_copied copied;
    fake_fail(3, DRAY_CAUSE_WRITE_DECERR, 9);
    assert_int_equal(ask(IOCTL_MINIPORT_COPY, &copy, sizeof copy, &copied, sizeof copied), NO_ERROR);
    assert_int_equal(copied.status, MINIPORT_ERR_DEVICE);
    assert_int_equal(copied.cause, DRAY_ERR_WRITE_DECERR);
    assert_int_equal(copied.moved_bytes, 3 * PAGE + 9u);
    assert_int_equal(ask(IOCTL_MINIPORT_COPY, &copy, sizeof copy, &copied, sizeof copied), NO_ERROR); /* ERR-06: it works again */
    assert_int_equal(copied.status, MINIPORT_OK);
}

static void TMO_04_an_engine_that_hangs_does_not_keep_its_client_waiting(void **state)
{
    (void)state;
    struct miniport_copy copy = copy_of(0, 8 * PAGE, 0, true);
    struct miniport_copied copied;
    fake.hangs = true;
    assert_int_equal(ask(IOCTL_MINIPORT_COPY, &copy, sizeof copy, &copied, sizeof copied), NO_ERROR);
    assert_int_equal(copied.status, MINIPORT_ERR_TIMEOUT);
    assert_int_equal(copied.moved_bytes, 0);
    fake.hangs = false;
}

static void PRT_07_what_cannot_begin_is_told_at_once(void **state)
{
    (void)state;
    struct miniport_copied copied;
    struct miniport_copy copy = copy_of(0, 8, FRAME_BYTES, true);
    assert_int_equal(ask(IOCTL_MINIPORT_COPY, &copy, sizeof copy, &copied, sizeof copied), ERROR_INVALID_PARAMETER);
    copy = copy_of(CLIENT_PAGES * PAGE - 4u, 8, 0, true); /* not all of it is the client's */
    assert_int_equal(ask(IOCTL_MINIPORT_COPY, &copy, sizeof copy, &copied, sizeof copied), ERROR_INVALID_PARAMETER);
    assert_int_equal(ask(IOCTL_MINIPORT_COPY, &copy, sizeof copy - 1u, &copied, sizeof copied), ERROR_INSUFFICIENT_BUFFER);
    assert_int_equal(ask(IOCTL_MINIPORT_COPY, &copy, sizeof copy, &copied, sizeof copied - 1u), ERROR_INSUFFICIENT_BUFFER);
    assert_int_equal(ask(IOCTL_MINIPORT_CANCEL, &copy, sizeof(struct miniport_tag), &copied, 0), ERROR_INVALID_PARAMETER);
    assert_int_equal(ask(77, &copy, sizeof copy, &copied, sizeof copied), ERROR_INVALID_FUNCTION);
    assert_no_violation();
}

static void COM_04_the_screen_is_switched_by_requests(void **state)
{
    (void)state;
    struct miniport_screen screen = { 0, 100 };
    assert_int_equal(ask(IOCTL_MINIPORT_SCREEN_OFF, &screen, 0, &screen, 0), ERROR_BUSY);
    assert_int_equal(ask(IOCTL_MINIPORT_SCREEN_ON, &screen, sizeof screen, &screen, 0), NO_ERROR);
    assert_int_equal(ask(IOCTL_MINIPORT_SCREEN_ON, &screen, sizeof screen, &screen, 0), ERROR_BUSY);
    uint32_t streamed = fake.channels[1].streamed;
    fake_run(3);
    assert_int_equal(fake.channels[1].streamed, streamed + 300u);
    assert_int_equal(ask(IOCTL_MINIPORT_SCREEN_OFF, &screen, 0, &screen, 0), NO_ERROR);
}

/* ---- Several at a time ------------------------------------------------------------------------------------------------- */

static struct asked {
    VP_REQUEST             request;
    struct miniport_copy   copy;
    struct miniport_copied copied;
    unsigned               told;
} asked[MINIPORT_COPIES + 1u];

static VOID told(PVP_REQUEST request)
{
    ((struct asked *)request->Context)->told++;
}

static void send(unsigned i)
{
    struct asked *one = &asked[i];
    *one = (struct asked){ .copy = copy_of(i * 2 * PAGE, 2 * PAGE, i * 2 * PAGE, true) };
    one->request = (VP_REQUEST){
        .Packet = { IOCTL_MINIPORT_COPY, NULL, &one->copy, sizeof one->copy, &one->copied, sizeof one->copied },
        .Told = told, .Context = one,
    };
    assert_int_equal(VpSendRequest(0, &one->request), NO_ERROR);
}

static void PRT_07_copies_that_are_under_way_together_are_told_once_each(void **state)
{
    (void)state;
    for (unsigned i = 0; i <= MINIPORT_COPIES; i++) send(i);
    assert_int_equal(asked[MINIPORT_COPIES].told, 1); /* no room for it */
    assert_int_equal(asked[MINIPORT_COPIES].request.StatusBlock.Status, ERROR_BUSY);
    struct miniport_tag tag = { asked[2].copy.tag };
    struct miniport_copied nothing;
    assert_int_equal(asked[2].told, 0);
    assert_int_equal(ask(IOCTL_MINIPORT_CANCEL, &tag, sizeof tag, &nothing, 0), NO_ERROR);
    assert_int_equal(asked[2].told, 1);
    for (unsigned i = 0; i < 100u; i++) fake_run(1);
    for (unsigned i = 0; i < MINIPORT_COPIES; i++) {
        assert_int_equal(asked[i].told, 1);
        assert_int_equal(asked[i].request.StatusBlock.Status, NO_ERROR);
        assert_int_equal(asked[i].request.StatusBlock.Information, sizeof asked[i].copied);
        assert_int_equal(asked[i].copied.status, i == 2u ? MINIPORT_ERR_CANCELLED : MINIPORT_OK);
        assert_int_equal(asked[i].copied.moved_bytes, i == 2u ? 0u : 2 * PAGE);
    }
    assert_int_equal(ask(IOCTL_MINIPORT_CANCEL, &tag, sizeof tag, &nothing, 0), ERROR_INVALID_PARAMETER); /* too late */
    assert_no_violation();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        video_test(PRT_07_a_client_asks_and_gets_status_and_bytes),
        cmocka_unit_test_setup_teardown(DD_02_a_driver_without_scatter_gather_is_wished_for_and_hangs_no_longer_than_its_deadline, begin_wishing, end),
        video_test(PRT_05_an_error_in_the_middle_is_told_with_a_true_count),
        video_test(TMO_04_an_engine_that_hangs_does_not_keep_its_client_waiting),
        video_test(PRT_07_what_cannot_begin_is_told_at_once),
        video_test(COM_04_the_screen_is_switched_by_requests),
        video_test(PRT_07_copies_that_are_under_way_together_are_told_once_each),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
