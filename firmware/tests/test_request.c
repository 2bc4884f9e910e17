/* SPDX-License-Identifier: Apache-2.0 */
/* From DriverEntry to a request that is told once: a miniport from the documents, and one that leaves requests pending. */
#include "port_fixture.h"

#include "document_miniport.h"
#include "laws.h"
#include "video_client.h"

#define FRAME_BYTES (64u * 4096u)

static const VIDEO_ACCESS_RANGE ranges[] = {
    { .RangeStart.QuadPart = SOC_ENGINE, .RangeLength = 0x1000 },
    { .RangeStart.QuadPart = SOC_BUS_DEVICE, .RangeLength = FRAME_BYTES },
};
static const struct port_bus_device devices[] = {
    { .ranges = ranges, .range_count = 2, .line = SOC_LINE_ENGINE, .channels = FAKE_CHANNELS },
    { .ranges = &ranges[1], .range_count = 1, .line = SOC_LINE_ENGINE, .channels = FAKE_CHANNELS },
};
static const struct port_bus bus = { devices, 1 };
static const struct port_bus bus_of_two = { devices, 2 };

/* Time goes by: the engine works. */
static uint64_t cycles;

static uint64_t now(void *context)
{
    (void)context;
    return cycles++;
}

static void engine_works(void *context, uint32_t wait)
{
    (void)context;
    cycles += wait;
    (void)fake_run(1);
}

static int begin(void **state)
{
    (void)port_begin(state);
    assert_int_equal(VpDetachDevice(extension), NO_ERROR);
    cycles = 0;
    host_clock_source(now, engine_works, NULL);
    return 0;
}

static int end(void **state)
{
    host_clock_source(NULL, NULL, NULL);
    return port_end(state);
}

#define request_test(name) cmocka_unit_test_setup_teardown(name, begin, end)

/* Asks with input and output in the client's last page, as a client does. */
static VP_STATUS ask(ULONG code, const void *input, ULONG input_bytes, void *output, ULONG output_bytes, PULONG information)
{
    uintptr_t in = buffer + (CLIENT_PAGES - 1u) * PAGE + 3u, out = in + VP_IO_BYTES + 2u;
    if (input_bytes != 0u) assert_int_equal(memory_client_write(client, in, input, input_bytes), MEMORY_OK);
    VP_STATUS status = VpDeviceIoControl(0, code, (PVOID)in, input_bytes, (PVOID)out, output_bytes, information);
    if (output_bytes != 0u) assert_int_equal(memory_client_read(client, out, output, output_bytes), MEMORY_OK);
    assert_int_equal(irql_current(), IRQL_PASSIVE); /* IRQ-08 */
    return status;
}

/* ---- A miniport from the documents ------------------------------------------------------------------------------------ */

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

/* ---- A miniport whose requests stay pending --------------------------------------------------------------------------- */

static struct {
    VP_STATUS find_status;
    ULONG     extension_bytes, data_bytes;
    unsigned  finds, initializes, starts, nested, depth;
    BOOLEAN   ready, keep_adapter;
    PVOID     extensions[4];
    PVIDEO_REQUEST_PACKET got[4];
    BOOLEAN (*start_io)(PVOID, PVIDEO_REQUEST_PACKET);
    UCHAR     level;
} pending;

static VP_STATUS pending_find(PVOID ext, PVOID context, PWSTR argument, PVIDEO_PORT_CONFIG_INFO info, PUCHAR again)
{
    assert_null(context);
    assert_null(argument);
    assert_int_equal(*again, FALSE);
    assert_int_equal(info->Length, sizeof *info);
    assert_int_equal(info->BusInterruptLevel, SOC_LINE_ENGINE);
    for (ULONG i = 0; i < pending.extension_bytes; i++) assert_int_equal(((UCHAR *)ext)[i], 0);
    if (pending.extension_bytes != 0u) memset(ext, 0xff, pending.extension_bytes);
    assert_false(VideoPortSynchronizeExecution(ext, VpHighPriority, NULL, NULL));
    pending.extensions[pending.finds++] = ext;
    if (pending.keep_adapter) {
        VP_DEVICE_DESCRIPTION description = { .ScatterGather = TRUE, .MaximumLength = PAGE };
        assert_non_null(VideoPortGetDmaAdapter(ext, &description));
    }
    return pending.find_status;
}

static BOOLEAN pending_initialize(PVOID ext)
{
    assert_ptr_equal(ext, pending.extensions[0]);
    pending.initializes++;
    return pending.ready;
}

static BOOLEAN pending_interrupt(PVOID ext)
{
    (void)ext;
    return FALSE;
}

static BOOLEAN pending_start(PVOID ext, PVIDEO_REQUEST_PACKET packet)
{
    pending.level = VideoPortGetCurrentIrql();
    pending.nested += pending.depth++;
    pending.got[pending.starts++ % 4u] = packet;
    BOOLEAN done = pending.start_io != NULL ? pending.start_io(ext, packet) : FALSE;
    pending.depth--;
    return done;
}

static ULONG pending_entry(PVOID context1, PVOID context2)
{
    VIDEO_HW_INITIALIZATION_DATA data = {
        .HwInitDataSize = pending.data_bytes, .HwFindAdapter = pending_find, .HwInitialize = pending_initialize,
        .HwInterrupt = pending_interrupt, .HwStartIO = pending_start, .HwDeviceExtensionSize = pending.extension_bytes,
    };
    return VideoPortInitialize(context1, context2, &data, NULL);
}

static void load_pending(void)
{
    memset(&pending, 0, sizeof pending);
    pending.ready = TRUE;
    pending.extension_bytes = 64;
    pending.data_bytes = sizeof(VIDEO_HW_INITIALIZATION_DATA);
    assert_int_equal(port_load_driver(pending_entry, &bus), NO_ERROR);
    assert_int_equal(VpOpenDevice(0), NO_ERROR);
    assert_int_equal(VpOpenDevice(0), NO_ERROR);
    assert_int_equal(pending.initializes, 1);
}

static VP_REQUEST requests[3];
static unsigned   tells;

static VOID told(PVP_REQUEST request)
{
    assert_int_equal(irql_current(), IRQL_DISPATCH);
    request->Context = (PVOID)((uintptr_t)request->Context + 1u);
    tells++;
}

static VP_STATUS send(unsigned number)
{
    requests[number] = (VP_REQUEST){ .Packet = { .IoControlCode = number }, .Told = told };
    return VpSendRequest(0, &requests[number]);
}

static void PRT_07_a_pending_request_is_told_once_when_it_is_completed(void **state)
{
    (void)state;
    load_pending();
    tells = 0;
    for (unsigned i = 0; i < 3u; i++) assert_int_equal(send(i), NO_ERROR);
    assert_int_equal(pending.starts, 3);
    assert_int_equal(pending.level, IRQL_PASSIVE);
    assert_int_equal(tells, 0);
    assert_int_equal(VpDetachDevice(pending.extensions[0]), ERROR_INVALID_PARAMETER); /* they are outstanding */
    requests[1].StatusBlock = (STATUS_BLOCK){ .Status = ERROR_BUSY, .Information = 7 };
    VpCompleteRequest(pending.extensions[0], pending.got[1]);
    assert_int_equal((uintptr_t)requests[1].Context, 1);
    assert_int_equal(requests[1].StatusBlock.Status, ERROR_BUSY);
    assert_no_violation();
    VpCompleteRequest(pending.extensions[0], pending.got[1]);
    assert_violation(VIOL_REQUEST);
    VpCompleteRequest(pending.extensions[0], &(VIDEO_REQUEST_PACKET){ 0 });
    assert_violation(VIOL_REQUEST);
    assert_int_equal(tells, 1);
    VpCompleteRequest(pending.extensions[0], pending.got[2]);
    VpCompleteRequest(pending.extensions[0], pending.got[0]);
    assert_int_equal(tells, 3);
    assert_int_equal(VpDetachDevice(pending.extensions[0]), NO_ERROR);
    assert_no_violation();
}

static BOOLEAN completes_and_says_false(PVOID ext, PVIDEO_REQUEST_PACKET packet)
{
    packet->StatusBlock->Status = ERROR_MORE_DATA;
    VpCompleteRequest(ext, packet);
    return FALSE;
}

static BOOLEAN completes_and_says_true(PVOID ext, PVIDEO_REQUEST_PACKET packet)
{
    VpCompleteRequest(ext, packet);
    return TRUE;
}

static void PRT_07_a_request_may_be_completed_before_start_io_returns(void **state)
{
    (void)state;
    load_pending();
    tells = 0;
    pending.start_io = completes_and_says_false;
    assert_int_equal(send(0), NO_ERROR);
    assert_int_equal(tells, 1);
    assert_int_equal(requests[0].StatusBlock.Status, ERROR_MORE_DATA);
    assert_no_violation();
    pending.start_io = completes_and_says_true;
    assert_int_equal(send(1), NO_ERROR);
    assert_violation(VIOL_REQUEST);
    assert_int_equal(tells, 2); /* once each, all the same */
    VP_REQUEST mute = { .Told = NULL };
    assert_int_equal(VpSendRequest(0, &mute), ERROR_INVALID_PARAMETER);
    assert_int_equal(VpDetachDevice(pending.extensions[0]), NO_ERROR);
}

static BOOLEAN says_too_much(PVOID ext, PVIDEO_REQUEST_PACKET packet)
{
    (void)ext;
    packet->StatusBlock->Information = packet->OutputBufferLength + 1u;
    return TRUE;
}

static void a_miniport_that_says_more_than_there_is_room_is_found_out(void **state)
{
    (void)state;
    uint8_t output[8];
    ULONG bytes = 0;
    load_pending();
    pending.start_io = says_too_much;
    assert_int_equal(ask(1, NULL, 0, output, sizeof output, &bytes), NO_ERROR);
    assert_violation(VIOL_REQUEST);
    assert_int_equal(bytes, sizeof output);
}

/* ---- Device lock ------------------------------------------------------------------------------------------------------- */

static BOOLEAN sends_another(PVOID ext, PVIDEO_REQUEST_PACKET packet)
{
    (void)ext;
    if (packet->IoControlCode == 0u) assert_int_equal(send(1), NO_ERROR);
    if (packet->IoControlCode == 0u) assert_int_equal(pending.starts, 1); /* it waits for this one's return */
    return TRUE;
}

static void the_device_lock_keeps_requests_out_and_start_io_runs_under_it(void **state)
{
    (void)state;
    load_pending();
    PVOID ext = pending.extensions[0];
    tells = 0;
    pending.start_io = sends_another;
    assert_int_equal(send(0), NO_ERROR);
    assert_int_equal(pending.starts, 2);
    assert_int_equal(pending.nested, 0);
    assert_int_equal(tells, 2);

    VideoPortAcquireDeviceLock(ext);
    VideoPortAcquireDeviceLock(ext);
    assert_int_equal(irql_current(), IRQL_PASSIVE); /* 3.13: no spin lock, the level stays */
    assert_int_equal(send(1), NO_ERROR);
    assert_int_equal(send(2), NO_ERROR);
    VideoPortReleaseDeviceLock(ext);
    assert_int_equal(pending.starts, 2);
    assert_int_equal(VpDeviceIoControl(0, 9, NULL, 0, NULL, 0, NULL), ERROR_BUSY);
    assert_violation(VIOL_DEVICE_LOCK);
    assert_int_equal(VpDetachDevice(ext), ERROR_INVALID_PARAMETER);
    VideoPortReleaseDeviceLock(ext);
    assert_int_equal(pending.starts, 4);
    assert_int_equal(pending.got[2]->IoControlCode, 1); /* first come, first served */
    assert_int_equal(pending.got[3]->IoControlCode, 2);
    assert_no_violation();
    VideoPortReleaseDeviceLock(ext);
    assert_violation(VIOL_DEVICE_LOCK);
}

static void IRQ_02_the_device_lock_and_requests_are_for_passive_code(void **state)
{
    (void)state;
    load_pending();
    PVOID ext = pending.extensions[0];
    enum irql old = irql_raise(IRQL_DISPATCH);
    VideoPortAcquireDeviceLock(ext);
    assert_violation(VIOL_IRQL);
    VideoPortReleaseDeviceLock(ext);
    assert_violation(VIOL_IRQL);
    assert_int_equal(VpOpenDevice(0), ERROR_INVALID_PARAMETER);
    assert_violation(VIOL_IRQL);
    assert_int_equal(send(0), ERROR_INVALID_PARAMETER);
    assert_violation(VIOL_IRQL);
    assert_int_equal(VpDeviceIoControl(0, 9, NULL, 0, NULL, 0, NULL), ERROR_INVALID_PARAMETER);
    assert_violation(VIOL_IRQL);
    irql_lower(old);
    assert_int_equal(pending.starts, 0);
}

/* ---- Finding ----------------------------------------------------------------------------------------------------------- */

static ULONG load_with(VP_STATUS status, ULONG extension_bytes, ULONG data_bytes)
{
    memset(&pending, 0, sizeof pending);
    pending.find_status = status;
    pending.extension_bytes = extension_bytes;
    pending.data_bytes = data_bytes;
    return port_load_driver(pending_entry, &bus_of_two);
}

static void each_device_is_found_once_with_an_extension_of_its_own(void **state)
{
    (void)state;
    ULONG whole = sizeof(VIDEO_HW_INITIALIZATION_DATA);
    VIDEO_ACCESS_RANGE one;
    PHYSICAL_ADDRESS inside = { .QuadPart = SOC_BUS_DEVICE + 8 }, outside = { .QuadPart = SOC_BUS_DEVICE + FRAME_BYTES };

    assert_int_equal(load_with(ERROR_DEV_NOT_EXIST, 16, whole), ERROR_DEV_NOT_EXIST);
    assert_int_equal(pending.finds, 2);
    assert_int_equal(load_with(ERROR_INVALID_PARAMETER, 16, whole), ERROR_INVALID_PARAMETER);
    assert_int_equal(VpOpenDevice(0), ERROR_DEV_NOT_EXIST);
    assert_int_equal(load_with(NO_ERROR, VP_EXTENSION_BYTES + 1u, whole), ERROR_NOT_ENOUGH_MEMORY);
    assert_int_equal(load_with(NO_ERROR, 16, whole + 1u), VP_STATUS_REVISION_MISMATCH);
    assert_int_equal(load_with(NO_ERROR, 16, 4), VP_STATUS_REVISION_MISMATCH);
    assert_int_equal(pending.finds, 0);
    assert_int_equal(pending_entry(NULL, NULL), ERROR_INVALID_PARAMETER); /* nobody loads a driver */

    assert_int_equal(load_with(NO_ERROR, VP_EXTENSION_BYTES, SIZE_OF_W2K_VIDEO_HW_INITIALIZATION_DATA), NO_ERROR);
    assert_int_equal(pending.finds, 2);
    assert_ptr_not_equal(pending.extensions[0], pending.extensions[1]);
    assert_int_equal(VpOpenDevice(0), VP_ERROR_IO_DEVICE); /* HwInitialize says FALSE */
    assert_int_equal(VpOpenDevice(2), ERROR_DEV_NOT_EXIST);
    assert_int_equal(port_load_driver(pending_entry, &bus_of_two), ERROR_DEV_NOT_EXIST); /* both have a driver */

    PVOID ext = pending.extensions[1];
    assert_int_equal(VideoPortGetAccessRanges(pending.extensions[0], 0, NULL, 1, &one, NULL, NULL, NULL), ERROR_MORE_DATA);
    assert_int_equal(VideoPortGetAccessRanges(ext, 0, NULL, 1, &one, NULL, NULL, NULL), NO_ERROR);
    assert_int_equal(one.RangeStart.QuadPart, SOC_BUS_DEVICE);
    assert_int_equal(VideoPortGetAccessRanges(extension, 0, NULL, 1, &one, NULL, NULL, NULL), ERROR_INVALID_PARAMETER);
    assert_ptr_equal(VideoPortGetDeviceBase(ext, inside, 4, 0), host_memory(SOC_BUS_DEVICE + 8, 4));
    assert_null(VideoPortGetDeviceBase(ext, inside, FRAME_BYTES, 0));
    assert_null(VideoPortGetDeviceBase(ext, outside, 1, 0));
    assert_no_violation();
}

static void a_find_adapter_that_fails_and_keeps_something_is_a_leak(void **state)
{
    (void)state;
    memset(&pending, 0, sizeof pending);
    pending.find_status = ERROR_INVALID_PARAMETER;
    pending.keep_adapter = TRUE;
    pending.data_bytes = sizeof(VIDEO_HW_INITIALIZATION_DATA);
    assert_int_equal(port_load_driver(pending_entry, &bus), ERROR_INVALID_PARAMETER);
    assert_violation(VIOL_LEAK);
    memset(fake.guard, 0, sizeof fake.guard); /* so that nothing seems to be left open */
}

static void the_log_keeps_the_newest_error_and_counts_all(void **state)
{
    (void)state;
    VP_LOGGED_ERROR error;
    VIDEO_REQUEST_PACKET packet = { .IoControlCode = 77 };
    load_pending();
    PVOID ext = pending.extensions[0];
    enum irql old = irql_raise(IRQL_DEVICE); /* an ISR may */
    VideoPortLogError(ext, NULL, ERROR_BUSY, 1);
    VideoPortLogError(ext, &packet, ERROR_MORE_DATA, 2);
    irql_lower(old);
    assert_true(VpQueryError(ext, &error));
    assert_int_equal(error.Count, 2);
    assert_int_equal(error.IoControlCode, 77);
    assert_int_equal(error.ErrorCode, ERROR_MORE_DATA);
    assert_int_equal(error.UniqueId, 2);
    assert_false(VpQueryError(NULL, &error));
    assert_int_equal(VideoPortCompareMemory(&error, &error, sizeof error), sizeof error);
    assert_int_equal(VideoPortCompareMemory("abcd", "abxd", 4), 2);
    assert_no_violation();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        request_test(L1_a_miniport_from_the_documents_moves_what_its_client_asks_for),
        request_test(IRQ_05_start_io_may_wait_for_the_engine),
        request_test(PRT_07_a_request_has_a_status_and_as_many_bytes_as_there_is_room),
        request_test(PRT_07_a_request_whose_buffers_are_paged_out_brings_them_in),
        request_test(PRT_07_a_pending_request_is_told_once_when_it_is_completed),
        request_test(PRT_07_a_request_may_be_completed_before_start_io_returns),
        request_test(a_miniport_that_says_more_than_there_is_room_is_found_out),
        request_test(the_device_lock_keeps_requests_out_and_start_io_runs_under_it),
        request_test(IRQ_02_the_device_lock_and_requests_are_for_passive_code),
        request_test(each_device_is_found_once_with_an_extension_of_its_own),
        request_test(a_find_adapter_that_fails_and_keeps_something_is_a_leak),
        request_test(the_log_keeps_the_newest_error_and_counts_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
