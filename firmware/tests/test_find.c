/* SPDX-License-Identifier: Apache-2.0 */
/* Finding: which device gets which driver, with what extension and ranges, what a failure leaves behind and the log keeps. */
#include "pending_miniport.h"

static const struct port_bus bus_of_two = { devices, 2 };

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
        request_test(each_device_is_found_once_with_an_extension_of_its_own),
        request_test(a_find_adapter_that_fails_and_keeps_something_is_a_leak),
        request_test(the_log_keeps_the_newest_error_and_counts_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
