/* SPDX-License-Identifier: Apache-2.0 */
/* A faulted adapter: it starts nothing, its queue waits, and VpResetAdapter takes it into use again. */
#include "port_fixture.h"

static PVP_DMA_ADAPTER adapter;
static PVOID           mdl;
static ULONG           waiting_length;

static void open_deep(ULONG depth)
{
    VP_DEVICE_DESCRIPTION_EX description = described(TRUE, 2 * PAGE);
    description.Depth = depth;
    adapter = VpGetDmaAdapterEx(extension, &description);
    mdl = lock_at(0, 2 * PAGE, VpModifyAccess);
    assert_non_null(adapter);
    assert_non_null(mdl);
    executes_clear();
}

static void close_all(void)
{
    VideoPortUnlockBuffer(extension, mdl);
    VideoPortPutDmaAdapter(extension, adapter);
    assert_no_violation();
}

static VP_STATUS start_waiting(void)
{
    waiting_length = 16;
    return VideoPortStartDma(extension, adapter, mdl, 0, &waiting_length, execute_recording, &waiting_length, TRUE);
}

static VP_STATUS fail_packet(unsigned number)
{
    return VideoPortCompleteDmaEx(extension, adapter, executes[number].list, TRUE, 3, VP_ERROR_IO_DEVICE);
}

static void ERR_06_a_faulted_adapter_starts_nothing_until_it_is_reset(void **state)
{
    (void)state;
    open_deep(1);
    PVP_DMA_ADAPTER other = adapter_direct(PAGE);
    assert_int_equal(start(adapter, mdl, 0, 8, TRUE), NO_ERROR);
    assert_false(information(adapter).Faulted);
    assert_int_equal(fail_packet(0), NO_ERROR);
    assert_true(information(adapter).Faulted);
    assert_int_equal(start(adapter, mdl, 0, 8, TRUE), VP_ERROR_IO_DEVICE);
    assert_int_equal(start_length, 8); /* untouched */
    assert_int_equal(execute_count, 1);

    assert_int_equal(start(other, mdl, 0, 8, TRUE), NO_ERROR); /* ADP-08 */
    assert_int_equal(complete_last(other, TRUE), NO_ERROR);
    VideoPortPutDmaAdapter(extension, other);

    assert_int_equal(VpResetAdapter(extension, adapter), NO_ERROR);
    assert_false(information(adapter).Faulted);
    client_fill(0, 100, 3);
    assert_int_equal(start(adapter, mdl, 0, 100, TRUE), NO_ERROR);
    assert_int_equal(device_run(0, executes[execute_count - 1u].list, TRUE, 0), 100);
    for (uint32_t i = 0; i < 100u; i++) assert_int_equal(device_bytes[i], fixture_byte(3, i));
    assert_int_equal(complete_last(adapter, TRUE), NO_ERROR);
    assert_int_equal(VpResetAdapter(extension, adapter), NO_ERROR); /* nothing to do */
    close_all();
}

static void ERR_06_a_start_that_waits_is_executed_by_the_reset_or_cancelled(void **state)
{
    (void)state;
    for (unsigned cancelled = 0; cancelled < 2u; cancelled++) {
        open_deep(1);
        assert_int_equal(start(adapter, mdl, 0, 8, TRUE), NO_ERROR);
        assert_int_equal(start_waiting(), NO_ERROR);
        assert_int_equal(fail_packet(0), NO_ERROR);
        assert_int_equal(execute_count, 1); /* not on a channel that has just failed */
        assert_int_equal(information(adapter).Queued, 1);
        if (cancelled != 0u) assert_true(VpCancelQueuedDma(extension, adapter, &waiting_length));
        assert_int_equal(VpResetAdapter(extension, adapter), NO_ERROR);
        assert_int_equal(execute_count, 2u - cancelled);
        if (cancelled == 0u) assert_int_equal(complete_last(adapter, TRUE), NO_ERROR);
        close_all();
    }
}

static void ERR_06_no_reset_while_a_packet_executes(void **state)
{
    (void)state;
    open_deep(2);
    assert_int_equal(start(adapter, mdl, 0, 8, TRUE), NO_ERROR);
    assert_int_equal(start_waiting(), NO_ERROR);
    assert_int_equal(execute_count, 2);
    assert_int_equal(fail_packet(0), NO_ERROR);
    assert_int_equal(VpResetAdapter(extension, adapter), ERROR_BUSY);
    assert_true(information(adapter).Faulted);
    assert_int_equal(fail_packet(1), NO_ERROR);
    assert_int_equal(VpResetAdapter(extension, adapter), NO_ERROR);
    close_all();
}

static void ERR_07_an_adapter_that_does_not_become_quiet_stays_faulted_and_is_put(void **state)
{
    (void)state;
    port_set_timeout(1000);
    open_deep(1);
    assert_int_equal(start(adapter, mdl, 0, 8, TRUE), NO_ERROR);
    assert_int_equal(fail_packet(0), NO_ERROR);
    uint32_t *outstanding = &fake.outstanding[information(adapter).Channel];
    for (*outstanding = 1u; *outstanding != 0u; *outstanding = *outstanding == 1u ? 0xffffffffu : 0u) { /* and all ones */
        assert_int_equal(VpResetAdapter(extension, adapter), VP_ERROR_IO_DEVICE);
        assert_int_equal(start(adapter, mdl, 0, 8, TRUE), VP_ERROR_IO_DEVICE);
    }
    fake.sync_hangs = true;
    assert_int_equal(VpResetAdapter(extension, adapter), VP_ERROR_IO_DEVICE);
    fake.sync_hangs = false;
    fake.flush_hangs = true;
    assert_int_equal(VpResetAdapter(extension, adapter), VP_ERROR_IO_DEVICE);
    fake.flush_hangs = false;
    assert_true(information(adapter).Faulted);
    assert_int_equal(VpResetAdapter(extension, adapter), NO_ERROR); /* it has come to rest after all */
    assert_int_equal(start(adapter, mdl, 0, 8, TRUE), NO_ERROR);
    assert_int_equal(fail_packet(1), NO_ERROR);
    close_all();
}

static void IRQ_02_reset_up_to_dispatch(void **state)
{
    (void)state;
    open_deep(1);
    enum irql old = irql_raise(IRQL_DISPATCH);
    assert_int_equal(VpResetAdapter(extension, adapter), NO_ERROR);
    (void)irql_raise(IRQL_DEVICE);
    assert_int_equal(VpResetAdapter(extension, adapter), ERROR_INVALID_PARAMETER);
    assert_violation(VIOL_IRQL);
    irql_lower(old);
    assert_int_equal(VpResetAdapter(extension, (PVP_DMA_ADAPTER)(void *)extension), ERROR_INVALID_PARAMETER);
    assert_violation(VIOL_ADAPTER);
    close_all();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        port_test(ERR_06_a_faulted_adapter_starts_nothing_until_it_is_reset),
        port_test(ERR_06_a_start_that_waits_is_executed_by_the_reset_or_cancelled),
        port_test(ERR_06_no_reset_while_a_packet_executes),
        port_test(ERR_07_an_adapter_that_does_not_become_quiet_stays_faulted_and_is_put),
        port_test(IRQ_02_reset_up_to_dispatch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
