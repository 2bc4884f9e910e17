/* SPDX-License-Identifier: Apache-2.0 */
/* From DriverEntry to a request that is told once, by a miniport that is written from the documents. */
#include "request_fixture.h"

#include "document_miniport.h"
#include "laws.h"

static VP_STATUS copy(uint32_t offset, uint32_t length, uint32_t frame_offset, BOOLEAN to_frame_buffer, ULONG *moved)
{
    struct document_copy input = { (PVOID)(buffer + offset), length, frame_offset, to_frame_buffer };
    ULONG information = 99;
    VP_STATUS status = ask(IOCTL_DOCUMENT_COPY, &input, sizeof input, moved, sizeof *moved, &information);
    assert_int_equal(information, status == NO_ERROR ? sizeof *moved : 0u);
    return status;
}

static void document_ends(void)
{
    assert_int_equal(ask(IOCTL_DOCUMENT_END, NULL, 0, NULL, 0, NULL), NO_ERROR);
    laws_check();
    assert_no_violation();
}

static void document_moves(void)
{
    static uint8_t got[9 * 4096];
    ULONG moved = 0;
    client_fill(5, 9 * PAGE, 1);
    assert_int_equal(copy(5, 9 * PAGE, 100, TRUE, &moved), NO_ERROR);
    assert_int_equal(moved, 9 * PAGE);
    for (uint32_t i = 0; i < 9 * PAGE; i++) assert_int_equal(*host_memory(SOC_BUS_DEVICE + 100 + i, 1), fixture_byte(1, i));

    client_fill(5, 9 * PAGE, 2);
    assert_int_equal(copy(5, 9 * PAGE, 100, FALSE, &moved), NO_ERROR);
    client_read(5, got, 9 * PAGE);
    for (uint32_t i = 0; i < 9 * PAGE; i++) assert_int_equal(got[i], fixture_byte(1, i));
}

static void document_runs(void)
{
    assert_int_equal(port_load_driver(DriverEntry, &bus), NO_ERROR);
    assert_int_equal(VpOpenDevice(0), NO_ERROR);
    assert_int_equal(VpOpenDevice(0), NO_ERROR); /* initialized once, or its ring would begin anew */
    document_moves();
    document_ends();
}

static void L1_a_miniport_from_the_documents_moves_what_its_client_asks_for(void **state)
{
    (void)state;
    document_runs(); /* the engine is done at the doorbell */
}

static void IRQ_05_start_io_may_wait_for_the_engine(void **state)
{
    (void)state;
    fake_slow(true);
    document_runs();
}

static void PRT_07_a_request_has_a_status_and_as_many_bytes_as_there_is_room(void **state)
{
    (void)state;
    char name[sizeof DOCUMENT_NAME] = "";
    ULONG bytes = 0, moved = 0;
    assert_int_equal(port_load_driver(DriverEntry, &bus), NO_ERROR);
    assert_int_equal(VpDeviceIoControl(0, IOCTL_DOCUMENT_NAME, NULL, 0, NULL, 0, NULL), ERROR_DEV_NOT_EXIST); /* not open */
    assert_int_equal(VpOpenDevice(1), ERROR_DEV_NOT_EXIST);
    assert_int_equal(VpOpenDevice(0), NO_ERROR);

    assert_int_equal(ask(IOCTL_DOCUMENT_NAME, NULL, 0, name, sizeof name, &bytes), NO_ERROR);
    assert_int_equal(bytes, sizeof name);
    assert_string_equal(name, DOCUMENT_NAME);
    memset(name, 0, sizeof name);
    assert_int_equal(ask(IOCTL_DOCUMENT_NAME, NULL, 0, name, 4, &bytes), ERROR_MORE_DATA);
    assert_int_equal(bytes, 4);
    assert_memory_equal(name, "docu", 5);
    assert_int_equal(ask(0x123, NULL, 0, name, 4, &bytes), ERROR_INVALID_FUNCTION);
    assert_int_equal(bytes, 0);
    assert_int_equal(ask(IOCTL_DOCUMENT_COPY, name, 4, &moved, sizeof moved, &bytes), ERROR_INSUFFICIENT_BUFFER);
    assert_int_equal(copy(CLIENT_PAGES * PAGE, 8, 0, TRUE, &moved), ERROR_INVALID_PARAMETER); /* its lock failed */
    assert_int_equal(VpDeviceIoControl(0, IOCTL_DOCUMENT_NAME, NULL, 0, (PVOID)buffer, VP_IO_BYTES + 1u, NULL), ERROR_NOT_ENOUGH_MEMORY);
    assert_int_equal(VpDeviceIoControl(0, IOCTL_DOCUMENT_NAME, (PVOID)(uintptr_t)16, 4, NULL, 0, NULL), ERROR_INVALID_PARAMETER);
    assert_int_equal(VpDeviceIoControl(0, IOCTL_DOCUMENT_NAME, NULL, 0, (PVOID)(uintptr_t)16, 4, NULL), ERROR_INVALID_PARAMETER);
    assert_no_violation();
    document_ends();
}

static void PRT_07_a_request_whose_buffers_are_paged_out_brings_them_in(void **state)
{
    (void)state;
    char name[sizeof DOCUMENT_NAME] = "";
    assert_int_equal(port_load_driver(DriverEntry, &bus), NO_ERROR);
    assert_int_equal(VpOpenDevice(0), NO_ERROR);
    client_fill(0, CLIENT_PAGES * PAGE, 1);
    for (uint32_t page = 0; page < CLIENT_PAGES; page++) assert_true(memory_evict(client, buffer + page * PAGE));
    assert_int_equal(ask(IOCTL_DOCUMENT_NAME, NULL, 0, name, sizeof name, NULL), NO_ERROR);
    assert_string_equal(name, DOCUMENT_NAME);
    document_ends();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        request_test(L1_a_miniport_from_the_documents_moves_what_its_client_asks_for),
        request_test(IRQ_05_start_io_may_wait_for_the_engine),
        request_test(PRT_07_a_request_has_a_status_and_as_many_bytes_as_there_is_room),
        request_test(PRT_07_a_request_whose_buffers_are_paged_out_brings_them_in),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
