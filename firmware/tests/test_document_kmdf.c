/* SPDX-License-Identifier: Apache-2.0 */
/* The driver of document 4: requests of a client, from device memory and to it, and the error path in its order. */
#include "document_kmdf.h"
#include "kmdf_fixture.h"
#include "laws.h"

#define BYTES (10u * PAGE + 77u)

struct answer {
    unsigned count;
    NTSTATUS status;
    size_t   bytes;
};

static void told(void *context, NTSTATUS status, size_t information)
{
    struct answer *answer = context;
    answer->count++;
    answer->status = status;
    answer->bytes = information;
}

static void ask(struct answer *answer, WDF_REQUEST_TYPE type, uint32_t offset, uint32_t length)
{
    WDFREQUEST request;
    struct kmdf_io io = { .type = type, .buffer = buffer + offset, .length = length, .told = told, .context = answer };
    *answer = (struct answer){ .count = 0 };
    assert_int_equal(kmdf_request_make(device, &io, &request), STATUS_SUCCESS);
    if (type == WdfRequestTypeRead) document_io_read(device, request);
    else document_io_write(device, request);
    assert_int_equal(irql_current(), IRQL_PASSIVE);
}

static void begin(void)
{
    assert_int_equal(kmdf_device_add(document_device_add, &on_the_bus, &device), STATUS_SUCCESS);
}

static int begin_with_memory(void **state)
{
    (void)kmdf_begin(state);
    on_the_bus.memory_bus = SOC_BUS_DEVICE;
    on_the_bus.memory_bytes = 16u * 4096u;
    fake.no_posting = true; /* on the core a look at a common buffer empties the posting bridge first; here nobody sees the look */
    return 0;
}

static void end(void)
{
    remove_device();
    laws_check();
}

static void wait_for(const struct answer *answer)
{
    for (unsigned i = 0; i < 1000u && answer->count == 0u; i++) (void)fake_run(1);
    assert_int_equal(answer->count, 1);
}

static uint8_t *device_memory(void)
{
    return host_memory(SOC_BUS_DEVICE, 16u * 4096u);
}

static void WPG_01_a_driver_from_the_document_moves_what_its_client_asks_for(void **state)
{
    (void)state;
    static uint8_t got[BYTES];
    struct answer answer;
    begin();
    for (unsigned slow = 0; slow < 2u; slow++) {
        fake_slow(slow != 0u);
        client_fill(13, BYTES, slow);
        ask(&answer, WdfRequestTypeWrite, 13, BYTES);
        wait_for(&answer);
        assert_int_equal(answer.status, STATUS_SUCCESS);
        assert_int_equal(answer.bytes, BYTES);
        for (uint32_t i = 0; i < BYTES; i++) assert_int_equal(device_memory()[i], fixture_byte(slow, i));

        fixture_fill(device_memory(), BYTES, 10u + slow);
        ask(&answer, WdfRequestTypeRead, 13, BYTES);
        wait_for(&answer);
        assert_int_equal(answer.status, STATUS_SUCCESS);
        assert_int_equal(answer.bytes, BYTES);
        client_read(13, got, BYTES);
        for (uint32_t i = 0; i < BYTES; i++) assert_int_equal(got[i], fixture_byte(10u + slow, i));
    }
    end();
}

static void WPG_01_both_directions_run_at_once(void **state)
{
    (void)state;
    struct answer read, write;
    begin();
    fake_slow(true);
    ask(&read, WdfRequestTypeRead, 0, BYTES);
    ask(&write, WdfRequestTypeWrite, 20u * PAGE, BYTES);
    assert_int_equal(read.count + write.count, 0);
    wait_for(&read);
    wait_for(&write);
    assert_int_equal(read.bytes, BYTES);
    assert_int_equal(write.bytes, BYTES);
    end();
}

/* Where the newest record of an event stands. */
static size_t newest(enum trace_event event)
{
    for (size_t i = host_trace_count(); i-- != 0u;) {
        if (host_trace_at(i)->event == (uint32_t)event) return i;
    }
    fail_msg("no %s", trace_name(event));
    return 0;
}

/* Final, then release and complete, then EvtProgramDma returns. */
static void assert_order(void)
{
    assert_true(newest(TRACE_EXECUTE) < newest(TRACE_COMPLETE));
    assert_true(newest(TRACE_COMPLETE_RETURN) < newest(TRACE_UNLOCK));
    assert_true(newest(TRACE_UNLOCK) < newest(TRACE_NOTIFY));
    assert_true(newest(TRACE_NOTIFY) < newest(TRACE_EXECUTE_RETURN));
}

/* The channel cannot take a transfer any more: from the first, or from the second. */
static void error_at(WDF_REQUEST_TYPE type, unsigned transfers)
{
    struct answer answer;
    struct fake_channel *channel = &fake.channels[type == WdfRequestTypeRead ? 0 : 1];
    begin();
    unsigned open = fake_open_frames(); /* device memory and rings */
    fake_slow(true);
    if (transfers == 0u) channel->state = DRAY_CHANNEL_STATE_STOPPED;
    ask(&answer, type, 0, BYTES);
    if (transfers != 0u) {
        enum irql old = irql_raise(IRQL_DISPATCH); /* the DPC comes later */
        while (channel->consumer != channel->producer) (void)fake_run(1);
        channel->state = DRAY_CHANNEL_STATE_STOPPED;
        irql_lower(old);
    }
    assert_int_equal(answer.count, 1);
    assert_int_equal(answer.status, STATUS_INVALID_DEVICE_STATE);
    assert_int_equal(answer.bytes, transfers * DOCUMENT_MAXIMUM);
    assert_int_equal(fake_open_frames(), open);
    assert_no_violation();
    assert_order();
    end();
}

static void WPG_03_a_read_that_cannot_start_ends_as_the_document_says(void **state)
{
    (void)state;
    document_traced = 0;
    error_at(WdfRequestTypeRead, 0);
    assert_int_equal(document_traced, 2); /* of the error, and of the completion */
}

static void WPG_03_so_does_one_in_the_middle(void **state)
{
    (void)state;
    error_at(WdfRequestTypeRead, 1);
}

static void WPG_03_and_a_write(void **state)
{
    (void)state;
    error_at(WdfRequestTypeWrite, 0);
    error_at(WdfRequestTypeWrite, 1);
}

static void WDC_11_what_moved_before_an_error_is_read_from_the_descriptors(void **state)
{
    (void)state;
    struct answer answer;
    begin();
    fake_fail(2, DRAY_CAUSE_WRITE_SLVERR, 100); /* the third descriptor, after 100 bytes */
    ask(&answer, WdfRequestTypeRead, PAGE - 10u, BYTES); /* begins inside a page: the second descriptor has the rest of it */
    wait_for(&answer);
    assert_int_equal(answer.status, STATUS_UNSUCCESSFUL);
    assert_int_equal(answer.bytes, PAGE == 4096u ? DOCUMENT_MAXIMUM + 10u : PAGE + 110u);

    fixture_fill(device_memory(), BYTES, 4);
    ask(&answer, WdfRequestTypeRead, 0, BYTES); /* the channel runs again */
    wait_for(&answer);
    assert_int_equal(answer.status, STATUS_SUCCESS);
    assert_int_equal(answer.bytes, BYTES);
    end();
}

#define document_test(name) cmocka_unit_test_setup_teardown(name, begin_with_memory, client_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        document_test(WPG_01_a_driver_from_the_document_moves_what_its_client_asks_for),
        document_test(WPG_01_both_directions_run_at_once),
        document_test(WPG_03_a_read_that_cannot_start_ends_as_the_document_says),
        document_test(WPG_03_so_does_one_in_the_middle),
        document_test(WPG_03_and_a_write),
        document_test(WDC_11_what_moved_before_an_error_is_read_from_the_descriptors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
