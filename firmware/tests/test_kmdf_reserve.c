/* SPDX-License-Identifier: Apache-2.0 */
/* Map registers that a transaction keeps: AllocateResources, EvtReserveDma, FreeResources. */
#include "kmdf_fixture.h"
#include "laws.h"

#define TO WdfDmaDirectionWriteToDevice

static WDFDMATRANSACTION second, reserved_last;
static unsigned          reserved_count;
static void            (*in_reserve)(WDFDMATRANSACTION t);

static VOID reserved(WDFDMATRANSACTION t, PVOID context)
{
    assert_ptr_equal(context, &reserved_count);
    assert_int_equal(KeGetCurrentIrql(), DISPATCH_LEVEL);
    reserved_last = t;
    reserved_count++;
    if (in_reserve != NULL) in_reserve(t);
}

static NTSTATUS reserve(WDFDMATRANSACTION t, ULONG registers)
{
    return WdfDmaTransactionAllocateResources(t, TO, registers, reserved, &reserved_count);
}

static void begin(uint32_t registers)
{
    on_the_bus.registers_max[0] = registers;
    begin_transaction(WdfDmaProfilePacket, 8u * PAGE, 0, 5u * PAGE);
    assert_int_equal(WdfDmaTransactionCreate(enabler, WDF_NO_OBJECT_ATTRIBUTES, &second), STATUS_SUCCESS);
    programs_clear();
    reserved_count = 0;
    in_reserve = NULL;
}

static void end(void)
{
    end_transaction();
    laws_check();
}

static void run(WDFDMATRANSACTION t, unsigned transfers)
{
    execute_all(t, TO, 0, 5u * PAGE);
    for (unsigned i = 1; i < transfers; i++) assert_completed(WdfDmaTransactionDmaCompleted(t, completed), FALSE, STATUS_MORE_PROCESSING_REQUIRED);
    assert_completed(WdfDmaTransactionDmaCompleted(t, completed), TRUE, STATUS_SUCCESS);
    assert_int_equal(program_count, transfers);
    assert_int_equal(WdfDmaTransactionRelease(t), STATUS_SUCCESS);
}

static void WTX_12_registers_are_kept_until_they_are_freed(void **state)
{
    (void)state;
    begin(6);
    assert_int_equal(reserve(transaction, 6), STATUS_SUCCESS);
    assert_int_equal(reserved_count, 1);
    for (unsigned i = 0; i < 3u; i++) run(transaction, 1); /* through completion and Release */
    assert_int_equal(reserved_count, 1);

    assert_int_equal(initialize(second, TO, 0, PAGE), STATUS_SUCCESS);
    assert_int_equal(WdfDmaTransactionExecute(second, NULL), STATUS_SUCCESS); /* it waits: none is left */
    assert_int_equal(program_count, 1);
    run(transaction, 1); /* and is overtaken by who needs to wait for nothing */
    WdfDmaTransactionFreeResources(transaction);
    assert_ptr_equal(programs[program_count - 1u].transaction, second); /* begun inside */
    assert_completed(WdfDmaTransactionDmaCompleted(second, completed), TRUE, STATUS_SUCCESS);
    WdfDmaTransactionFreeResources(transaction); /* RELEASED, and nothing is held: nothing to do */
    end();
}

static void execute_inside(WDFDMATRANSACTION t)
{
    assert_int_equal(initialize(t, TO, 0, 5u * PAGE), STATUS_SUCCESS);
    assert_int_equal(WdfDmaTransactionExecute(t, NULL), STATUS_SUCCESS);
    assert_int_equal(program_count, 1); /* called at once */
}

static void WTX_12_a_waiter_is_told_inside_and_executes_at_once(void **state)
{
    (void)state;
    begin(6);
    assert_int_equal(reserve(transaction, 4), STATUS_SUCCESS);
    in_reserve = execute_inside;
    assert_int_equal(reserve(second, 6), STATUS_SUCCESS);
    assert_int_equal(reserved_count, 1); /* first come, first served */
    assert_int_equal(initialize(second, TO, 0, PAGE), STATUS_SUCCESS);
    assert_int_equal(WdfDmaTransactionExecute(second, NULL), STATUS_INVALID_DEVICE_REQUEST); /* not before it is told */
    assert_violation(VIOL_WDF_STATE);
    assert_int_equal(WdfDmaTransactionRelease(second), STATUS_SUCCESS);
    WdfDmaTransactionFreeResources(transaction);
    assert_int_equal(reserved_count, 2);
    assert_ptr_equal(reserved_last, second);
    assert_completed(WdfDmaTransactionDmaCompleted(second, completed), TRUE, STATUS_SUCCESS);
    WdfObjectDelete(second); /* and its registers with it */
    run(transaction, 1);
    end();
}

static void WTX_12_what_cannot_be_reserved_is_refused(void **state)
{
    (void)state;
    begin(6);
    assert_int_equal(reserve(transaction, 7), STATUS_INSUFFICIENT_RESOURCES);
    assert_int_equal(WdfDmaTransactionAllocateResources(transaction, (WDF_DMA_DIRECTION)2, 1, reserved, NULL), STATUS_INVALID_PARAMETER);
    assert_int_equal(WdfDmaTransactionAllocateResources(transaction, TO, 1, NULL, NULL), STATUS_INVALID_PARAMETER);
    assert_int_equal(reserve(transaction, 0), STATUS_INVALID_DEVICE_REQUEST); /* what it needs is not known */
    assert_violation(VIOL_WDF_STATE);
    WdfDmaTransactionFreeResources(transaction); /* CREATED */
    assert_violation(VIOL_WDF_STATE);
    assert_int_equal(reserve(transaction, 3), STATUS_SUCCESS);
    assert_int_equal(reserve(transaction, 3), STATUS_INVALID_DEVICE_REQUEST); /* RESERVED */
    assert_violation(VIOL_WDF_STATE);
    assert_int_equal(WdfDmaTransactionExecute(transaction, NULL), STATUS_INVALID_DEVICE_REQUEST);
    assert_violation(VIOL_WDF_STATE);
    execute_all(transaction, TO, 0, PAGE);
    WdfDmaTransactionFreeResources(transaction); /* TRANSFER */
    assert_violation(VIOL_WDF_STATE);
    assert_completed(WdfDmaTransactionDmaCompleted(transaction, completed), TRUE, STATUS_SUCCESS);
    WdfDmaTransactionFreeResources(transaction);
    end();

    begin_transaction(WdfDmaProfileScatterGather, PAGE, 0, PAGE);
    assert_int_equal(reserve(transaction, 1), STATUS_INVALID_DEVICE_REQUEST);
    assert_violation(VIOL_WDF_STATE);
    end_transaction();
    begin_enabler(WdfDmaProfilePacket, PAGE, 0);
    assert_int_equal(WdfDmaTransactionCreate(enabler, WDF_NO_OBJECT_ATTRIBUTES, &transaction), STATUS_SUCCESS);
    assert_int_equal(reserve(transaction, 1), STATUS_INVALID_DEVICE_REQUEST); /* of version 2 */
    assert_violation(VIOL_WDF_STATE);
    remove_device();
}

static void WTX_12_an_initialized_transaction_reserves_what_it_needs(void **state)
{
    (void)state;
    begin(9);
    assert_int_equal(initialize(transaction, TO, 1, 4u * PAGE), STATUS_SUCCESS); /* five pages */
    assert_int_equal(reserve(transaction, 0), STATUS_SUCCESS);
    assert_int_equal(reserve(second, 4), STATUS_SUCCESS); /* what is left of nine */
    assert_int_equal(reserved_count, 2);
    assert_int_equal(WdfDmaTransactionExecute(transaction, NULL), STATUS_SUCCESS);
    assert_int_equal(programs[0].bytes, 4u * PAGE);
    assert_completed(WdfDmaTransactionDmaCompleted(transaction, completed), TRUE, STATUS_SUCCESS);
    end(); /* with its device everything is given back */
}

static void WTX_12_where_common_buffers_have_all_registers_none_is_reserved(void **state)
{
    (void)state;
    WDFCOMMONBUFFER all;
    begin(6);
    assert_int_equal(WdfCommonBufferCreate(enabler, 6u * PAGE, WDF_NO_OBJECT_ATTRIBUTES, &all), STATUS_SUCCESS);
    assert_int_equal(initialize(transaction, TO, 0, PAGE), STATUS_SUCCESS);
    assert_int_equal(reserve(transaction, 0), STATUS_INSUFFICIENT_RESOURCES);
    assert_int_equal(reserve(second, 1), STATUS_INSUFFICIENT_RESOURCES);
    WdfObjectDelete(all);
    assert_int_equal(reserve(transaction, 0), STATUS_SUCCESS);
    end();
}

static void WTX_11_WTX_12_an_immediate_reservation_does_not_wait(void **state)
{
    (void)state;
    begin(6);
    assert_int_equal(reserve(transaction, 4), STATUS_SUCCESS);
    WdfDmaTransactionSetImmediateExecution(second, TRUE);
    assert_int_equal(reserve(second, 3), STATUS_INSUFFICIENT_RESOURCES);
    assert_int_equal(reserve(second, 2), STATUS_SUCCESS); /* nothing was changed */
    assert_int_equal(reserved_count, 2);
    end();
}

static void WTX_13_a_reservation_splits_what_needs_more(void **state)
{
    (void)state;
    begin(8);
    assert_int_equal(reserve(transaction, 2), STATUS_SUCCESS);
    execute_all(transaction, TO, 10, 5u * PAGE - 10u);
    assert_int_equal(programs[0].bytes, 2u * PAGE - 10u); /* one page, and the rest of the first */
    assert_int_equal(programs[0].current, 2u * PAGE - 10u);
    assert_completed(WdfDmaTransactionDmaCompleted(transaction, completed), FALSE, STATUS_MORE_PROCESSING_REQUIRED);
    assert_int_equal(programs[1].bytes, 2u * PAGE);
    assert_completed(WdfDmaTransactionDmaCompleted(transaction, completed), FALSE, STATUS_MORE_PROCESSING_REQUIRED);
    assert_int_equal(programs[2].bytes, PAGE);
    assert_completed(WdfDmaTransactionDmaCompleted(transaction, completed), TRUE, STATUS_SUCCESS);
    WdfDmaTransactionFreeResources(transaction);
    assert_int_equal(WdfDmaTransactionRelease(transaction), STATUS_SUCCESS);
    run(transaction, 1);
    end();
}

static void WCA_01_a_reservation_that_waits_is_taken_back(void **state)
{
    (void)state;
    begin(6);
    assert_int_equal(reserve(transaction, 4), STATUS_SUCCESS);
    assert_int_equal(reserve(second, 4), STATUS_SUCCESS);
    assert_true(WdfDmaTransactionCancel(second));
    WdfDmaTransactionFreeResources(transaction);
    assert_int_equal(reserved_count, 1); /* it is never told */
    assert_int_equal(WdfDmaTransactionRelease(second), STATUS_SUCCESS);
    run(second, 1);
    assert_int_equal(reserve(transaction, 4), STATUS_SUCCESS);
    assert_false(WdfDmaTransactionCancel(transaction)); /* RESERVED, and told */
    end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        kmdf_test(WTX_12_registers_are_kept_until_they_are_freed),
        kmdf_test(WTX_12_a_waiter_is_told_inside_and_executes_at_once),
        kmdf_test(WTX_12_what_cannot_be_reserved_is_refused),
        kmdf_test(WTX_12_an_initialized_transaction_reserves_what_it_needs),
        kmdf_test(WTX_12_where_common_buffers_have_all_registers_none_is_reserved),
        kmdf_test(WTX_11_WTX_12_an_immediate_reservation_does_not_wait),
        kmdf_test(WTX_13_a_reservation_splits_what_needs_more),
        kmdf_test(WCA_01_a_reservation_that_waits_is_taken_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
