/* SPDX-License-Identifier: Apache-2.0 */
/* Requests, and the transactions that serve them. */
#include "kmdf_fixture.h"
#include "laws.h"

#define TO   WdfDmaDirectionWriteToDevice
#define FROM WdfDmaDirectionReadFromDevice

static unsigned told_count;
static NTSTATUS told_status;
static size_t   told_bytes;

static void told(void *context, NTSTATUS status, size_t information)
{
    assert_ptr_equal(context, &told_count);
    assert_int_equal(KeGetCurrentIrql(), DISPATCH_LEVEL);
    told_count++;
    told_status = status;
    told_bytes = information;
}

static WDFREQUEST ask_for(WDF_REQUEST_TYPE type, uint32_t code, uint32_t offset, uint32_t length)
{
    WDFREQUEST request = NULL;
    struct kmdf_io io = { .type = type, .code = code, .buffer = buffer + offset, .length = length, .told = told, .context = &told_count };
    assert_int_equal(kmdf_request_make(device, &io, &request), STATUS_SUCCESS);
    told_count = 0;
    return request;
}

static void begin(void)
{
    programs_clear();
    begin_enabler(WdfDmaProfileScatterGather, PAGE, 3u);
    assert_int_equal(WdfDmaTransactionCreate(enabler, WDF_NO_OBJECT_ATTRIBUTES, &transaction), STATUS_SUCCESS);
}

static void assert_told(NTSTATUS status, size_t bytes)
{
    assert_int_equal(told_count, 1);
    assert_int_equal(told_status, status);
    assert_int_equal(told_bytes, bytes);
    told_count = 0;
}

static void WTX_03_the_direction_is_that_of_the_request(void **state)
{
    (void)state;
    const struct { WDF_REQUEST_TYPE type; uint32_t code; WDF_DMA_DIRECTION direction; } cases[] = {
        { WdfRequestTypeRead, 0, FROM }, { WdfRequestTypeWrite, 0, TO },
        { WdfRequestTypeDeviceControl, 0x22e000 | METHOD_OUT_DIRECT, FROM }, { WdfRequestTypeDeviceControl, METHOD_IN_DIRECT, TO },
    };
    begin();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        WDFREQUEST request = ask_for(cases[i].type, cases[i].code, 3, 100);
        PMDL of_request = NULL;
        WDF_DMA_DIRECTION wrong = cases[i].direction == TO ? FROM : TO;
        assert_int_equal(WdfDmaTransactionInitializeUsingRequest(transaction, request, program, wrong), STATUS_INVALID_DEVICE_REQUEST);
        assert_null(WdfDmaTransactionGetRequest(transaction));
        assert_int_equal(WdfDmaTransactionInitializeUsingRequest(transaction, request, program, cases[i].direction), STATUS_SUCCESS);
        assert_ptr_equal(WdfDmaTransactionGetRequest(transaction), request);
        assert_int_equal(WdfRequestRetrieveInputWdmMdl(request, &of_request), cases[i].direction == TO ? STATUS_SUCCESS : STATUS_INVALID_DEVICE_REQUEST);
        assert_int_equal(WdfRequestRetrieveOutputWdmMdl(request, &of_request), cases[i].direction == FROM ? STATUS_SUCCESS : STATUS_INVALID_DEVICE_REQUEST);
        assert_int_equal(MmGetMdlByteCount(of_request), 100);
        assert_int_equal(MmGetMdlByteOffset(of_request), 3);
        assert_int_equal(WdfDmaTransactionExecute(transaction, NULL), STATUS_SUCCESS);
        assert_int_equal(programs[program_count - 1u].bytes, 100); /* all of the request's buffer */
        assert_completed(WdfDmaTransactionDmaCompleted(transaction, completed), TRUE, STATUS_SUCCESS);
        assert_int_equal(WdfDmaTransactionRelease(transaction), STATUS_SUCCESS);
        assert_null(WdfDmaTransactionGetRequest(transaction));
        WdfRequestCompleteWithInformation(request, STATUS_SUCCESS, 100);
        assert_told(STATUS_SUCCESS, 100);
    }
    remove_device();
    laws_check();
}

static void WTX_03_a_request_lives_until_its_transaction_is_released(void **state)
{
    (void)state;
    begin();
    WDFREQUEST request = ask_for(WdfRequestTypeWrite, 0, 0, 100);
    assert_int_equal(WdfDmaTransactionInitializeUsingRequest(transaction, request, program, TO), STATUS_SUCCESS);
    assert_int_equal(WdfDmaTransactionExecute(transaction, NULL), STATUS_SUCCESS);
    assert_completed(WdfDmaTransactionDmaCompleted(transaction, completed), TRUE, STATUS_SUCCESS);
    WdfRequestSetInformation(request, 7);
    assert_int_equal(WdfRequestGetInformation(request), 7);
    WdfRequestComplete(request, STATUS_SUCCESS); /* before Release: the handle is still one */
    assert_told(STATUS_SUCCESS, 7);
    assert_ptr_equal(WdfDmaTransactionGetRequest(transaction), request);
    WdfRequestComplete(request, STATUS_SUCCESS);
    assert_violation(VIOL_REQUEST);
    assert_int_equal(told_count, 0);
    assert_int_equal(WdfDmaTransactionRelease(transaction), STATUS_SUCCESS);
    WdfRequestComplete(request, STATUS_SUCCESS);
    assert_violation(VIOL_WDF_STATE); /* and now it is none */
    remove_device();
}

static void PRT_07_a_request_that_cannot_be_is_not_made(void **state)
{
    (void)state;
    begin();
    WDFREQUEST request = NULL;
    struct kmdf_io io = { .type = WdfRequestTypeRead, .buffer = buffer, .length = 0, .told = told };
    assert_int_equal(kmdf_request_make(device, &io, &request), STATUS_INVALID_PARAMETER);
    io.length = PAGE * (CLIENT_PAGES + 1u);
    assert_int_equal(kmdf_request_make(device, &io, &request), STATUS_INVALID_PARAMETER);
    io.length = 1;
    io.type = WdfRequestTypeDeviceControl; /* buffered */
    assert_int_equal(kmdf_request_make(device, &io, &request), STATUS_INVALID_PARAMETER);
    io.type = WdfRequestTypeWrite;
    io.told = NULL;
    assert_int_equal(kmdf_request_make(device, &io, &request), STATUS_INVALID_PARAMETER);
    io.told = told;
    WDFREQUEST made[KMDF_REQUESTS];
    for (unsigned i = 0; i < KMDF_REQUESTS; i++) made[i] = ask_for(WdfRequestTypeRead, 0, i, 1);
    assert_int_equal(kmdf_request_make(device, &io, &request), STATUS_INSUFFICIENT_RESOURCES);
    assert_int_equal(kmdf_device_remove(device), STATUS_INVALID_DEVICE_STATE); /* clients wait */
    assert_violation(VIOL_WDF_STATE);
    for (unsigned i = 0; i < KMDF_REQUESTS; i++) WdfRequestComplete(made[i], STATUS_CANCELLED);
    assert_int_equal(told_count, KMDF_REQUESTS);
    assert_null(request);
    mdl = lock_bytes(0, 8, MEMORY_ACCESS_READ);
    execute_all(transaction, TO, 0, 8); /* the device has its power still */
    assert_completed(WdfDmaTransactionDmaCompleted(transaction, completed), TRUE, STATUS_SUCCESS);
    end_transaction();
}

static void ERR_08_a_request_is_told_what_was_moved_before_it_failed(void **state)
{
    (void)state;
    begin();
    WDFREQUEST request = ask_for(WdfRequestTypeRead, 0, 0, 3u * PAGE);
    assert_int_equal(WdfDmaTransactionInitializeUsingRequest(transaction, request, program, FROM), STATUS_SUCCESS);
    assert_int_equal(WdfDmaTransactionExecute(transaction, NULL), STATUS_SUCCESS);
    assert_completed(WdfDmaTransactionDmaCompleted(transaction, completed), FALSE, STATUS_MORE_PROCESSING_REQUIRED);
    assert_completed(WdfDmaTransactionDmaCompletedFinal(transaction, 100, completed), TRUE, STATUS_SUCCESS);
    size_t bytes = WdfDmaTransactionGetBytesTransferred(transaction);
    assert_int_equal(WdfDmaTransactionRelease(transaction), STATUS_SUCCESS);
    WdfRequestCompleteWithInformation(request, STATUS_INVALID_DEVICE_STATE, bytes);
    assert_told(STATUS_INVALID_DEVICE_STATE, PAGE + 100u);
    remove_device();
    laws_check();
}

/* ---- Racers: who is first says how it ended, who is last completes ---------------------------------------------------- */

static struct race {
    bool       begun;
    NTSTATUS   status;
    unsigned   references;
    WDFREQUEST request;
} race;

static void finish_line(NTSTATUS status)
{
    if (!race.begun) race.status = status;
    race.begun = true;
    if (--race.references != 0u) return;
    size_t bytes = WdfDmaTransactionGetBytesTransferred(transaction);
    assert_int_equal(WdfDmaTransactionRelease(transaction), STATUS_SUCCESS);
    WdfRequestCompleteWithInformation(race.request, race.status, bytes);
}

static void run_done(void)
{
    NTSTATUS status;
    assert_true(WdfDmaTransactionDmaCompletedWithLength(transaction, PAGE, &status));
    finish_line(status);
}

static void run_cancel(void)
{
    assert_false(WdfDmaTransactionCancel(transaction)); /* its engine is stopped then, and done comes */
    finish_line(STATUS_CANCELLED);
}

static void run_timeout(void)
{
    finish_line(STATUS_UNSUCCESSFUL);
}

static void WCA_04_the_first_says_how_it_ended_and_the_last_completes(void **state)
{
    (void)state;
    void (*const racers[])(void) = { run_done, run_cancel, run_timeout };
    const NTSTATUS says[] = { STATUS_SUCCESS, STATUS_CANCELLED, STATUS_UNSUCCESSFUL };
    const unsigned orders[][3] = { { 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 }, { 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 } };
    begin();
    for (unsigned i = 0; i < 6u; i++) {
        race = (struct race){ .references = 3, .request = ask_for(WdfRequestTypeWrite, 0, 0, PAGE) };
        assert_int_equal(WdfDmaTransactionInitializeUsingRequest(transaction, race.request, program, TO), STATUS_SUCCESS);
        assert_int_equal(WdfDmaTransactionExecute(transaction, NULL), STATUS_SUCCESS);
        for (unsigned k = 0; k < 3u; k++) {
            assert_int_equal(told_count, 0);
            racers[orders[i][k]]();
        }
        assert_told(says[orders[i][0]], PAGE);
    }
    remove_device();
    laws_check();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        kmdf_test(WTX_03_the_direction_is_that_of_the_request),
        kmdf_test(WTX_03_a_request_lives_until_its_transaction_is_released),
        kmdf_test(PRT_07_a_request_that_cannot_be_is_not_made),
        kmdf_test(ERR_08_a_request_is_told_what_was_moved_before_it_failed),
        kmdf_test(WCA_04_the_first_says_how_it_ended_and_the_last_completes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
