/* SPDX-License-Identifier: Apache-2.0 */
/* Requests that stay pending, are completed once, and wait for the device lock. */
#include "pending_miniport.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        request_test(PRT_07_a_pending_request_is_told_once_when_it_is_completed),
        request_test(PRT_07_a_request_may_be_completed_before_start_io_returns),
        request_test(a_miniport_that_says_more_than_there_is_room_is_found_out),
        request_test(the_device_lock_keeps_requests_out_and_start_io_runs_under_it),
        request_test(IRQ_02_the_device_lock_and_requests_are_for_passive_code),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
