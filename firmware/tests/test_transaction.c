/* SPDX-License-Identifier: Apache-2.0 */
/* DMA transactions: create, initialize, settings, what is allowed when, release. */
#include <stdio.h>

#include "kmdf_fixture.h"

/* ---- WTX-00: every operation in every state ---------------------------------------------------------------------------- */

enum at { CREATED, INITIALIZED, TRANSFER, COMPLETED, FAILED, RELEASED, STATES };

static void bring_to(enum at at)
{
    programs_clear();
    assert_int_equal(WdfDmaTransactionCreate(enabler, WDF_NO_OBJECT_ATTRIBUTES, &transaction), STATUS_SUCCESS);
    if (at == CREATED) return;
    assert_int_equal(initialize(transaction, WdfDmaDirectionWriteToDevice, 0, 100), STATUS_SUCCESS);
    if (at == RELEASED) assert_int_equal(WdfDmaTransactionRelease(transaction), STATUS_SUCCESS);
    if (at == INITIALIZED || at == RELEASED) return;
    assert_int_equal(WdfDmaTransactionExecute(transaction, NULL), STATUS_SUCCESS);
    if (at == COMPLETED) assert_completed(WdfDmaTransactionDmaCompleted(transaction, completed), TRUE, STATUS_SUCCESS);
    if (at == FAILED) assert_completed(WdfDmaTransactionDmaCompletedWithLength(transaction, 101, completed), TRUE, STATUS_INVALID_PARAMETER);
}

/* Ends a transaction in whatever state. */
static void put_away(void)
{
    NTSTATUS status;
    if (WdfDmaTransactionGetCurrentDmaTransferLength(transaction) != 0u) (void)WdfDmaTransactionDmaCompletedFinal(transaction, 0, &status);
    WdfObjectDelete(transaction);
}

static NTSTATUS op_initialize(void) { return initialize(transaction, WdfDmaDirectionWriteToDevice, 0, 100); }
static NTSTATUS op_single(void) { WdfDmaTransactionSetSingleTransferRequirement(transaction, TRUE); return STATUS_SUCCESS; }
static NTSTATUS op_maximum(void) { WdfDmaTransactionSetMaximumLength(transaction, 50); return STATUS_SUCCESS; }
static NTSTATUS op_immediate(void) { WdfDmaTransactionSetImmediateExecution(transaction, FALSE); return STATUS_SUCCESS; }
static NTSTATUS op_info(void) { WdfDmaTransactionGetTransferInfo(transaction, NULL, NULL); return STATUS_SUCCESS; }
static NTSTATUS op_execute(void) { return WdfDmaTransactionExecute(transaction, NULL); }
static NTSTATUS op_completed(void)
{
    NTSTATUS status;
    (void)WdfDmaTransactionDmaCompleted(transaction, &status);
    return status;
}
static NTSTATUS op_cancel(void) { return WdfDmaTransactionCancel(transaction) ? STATUS_SUCCESS : STATUS_UNSUCCESSFUL; }
static NTSTATUS op_release(void) { return WdfDmaTransactionRelease(transaction); }

#define YES  { STATUS_SUCCESS, false }
#define NO   { STATUS_SUCCESS, true } /* returns nothing, and is a violation */
#define DEVICE_REQUEST { STATUS_INVALID_DEVICE_REQUEST, true }

static void WTX_14_WDC_01_each_state_allows_what_the_table_says(void **state)
{
    (void)state;
    const struct { NTSTATUS (*call)(void); struct { NTSTATUS status; bool violation; } in[STATES]; } table[] = {
        /*               CREATED         INITIALIZED     TRANSFER        COMPLETED       FAILED          RELEASED */
        { op_initialize, { YES,          DEVICE_REQUEST, DEVICE_REQUEST, DEVICE_REQUEST, DEVICE_REQUEST, YES } },
        { op_single,     { YES,          NO,             NO,             NO,             NO,             YES } },
        { op_maximum,    { NO,           YES,            YES,            NO,             NO,             NO } },
        { op_immediate,  { YES,          YES,            NO,             NO,             NO,             YES } },
        { op_info,       { NO,           YES,            NO,             NO,             NO,             NO } },
        { op_execute,    { DEVICE_REQUEST, YES,          DEVICE_REQUEST, DEVICE_REQUEST, DEVICE_REQUEST, DEVICE_REQUEST } },
        { op_completed,  { DEVICE_REQUEST, DEVICE_REQUEST, YES,          DEVICE_REQUEST, DEVICE_REQUEST, DEVICE_REQUEST } },
        { op_cancel,     { { STATUS_UNSUCCESSFUL, true }, { STATUS_UNSUCCESSFUL, false }, { STATUS_UNSUCCESSFUL, false },
                           { STATUS_UNSUCCESSFUL, false }, { STATUS_UNSUCCESSFUL, false }, { STATUS_UNSUCCESSFUL, true } } },
        { op_release,    { YES, YES, { STATUS_INVALID_DEVICE_STATE, true }, YES, YES, { STATUS_INVALID_DEVICE_STATE, false } } },
    };
    begin_enabler(WdfDmaProfileScatterGather, PAGE, 3);
    mdl = lock_bytes(0, 100, MEMORY_ACCESS_READ);
    for (size_t op = 0; op < sizeof table / sizeof table[0]; op++) {
        for (unsigned at = 0; at < STATES; at++) {
            bring_to((enum at)at);
            NTSTATUS status = table[op].call();
            bool violated = violation_count() != 0u;
            if (status != table[op].in[at].status || violated != table[op].in[at].violation) {
                fail_msg("operation %zu in state %u: %x, %u violations", op, at, (unsigned)status, violation_count());
            }
            if (violated) assert_violation(VIOL_WDF_STATE);
            put_away();
            assert_no_violation();
        }
    }
    end_transaction();
}

static void WTX_14_a_transaction_in_transfer_is_not_deleted(void **state)
{
    (void)state;
    begin_enabler(WdfDmaProfileScatterGather, PAGE, 3);
    mdl = lock_bytes(0, 100, MEMORY_ACCESS_READ);
    bring_to(TRANSFER);
    WdfObjectDelete(transaction);
    assert_violation(VIOL_WDF_STATE);
    WdfObjectDelete(enabler);
    assert_violation(VIOL_WDF_STATE);
    assert_int_equal(WdfDmaTransactionGetCurrentDmaTransferLength(transaction), 100);
    put_away();
    WdfObjectDelete(enabler); /* and gives its channel back */
    end_transaction();
}

static void WTX_14_release_makes_it_new(void **state)
{
    (void)state;
    begin_enabler(WdfDmaProfileScatterGather, PAGE, 3);
    mdl = lock_bytes(0, 100, MEMORY_ACCESS_READ);
    for (unsigned at = 0; at < STATES; at++) {
        if (at == TRANSFER) continue;
        bring_to((enum at)at);
        NTSTATUS status = WdfDmaTransactionRelease(transaction);
        assert_int_equal(status, at == RELEASED ? STATUS_INVALID_DEVICE_STATE : STATUS_SUCCESS);
        assert_int_equal(WdfDmaTransactionGetBytesTransferred(transaction), 0);
        assert_int_equal(WdfDmaTransactionRelease(transaction), STATUS_INVALID_DEVICE_STATE); /* as the error path of a driver may */
        execute_all(transaction, WdfDmaDirectionWriteToDevice, 0, 100);
        put_away();
        assert_no_violation();
    }
    end_transaction();
}

/* ---- Create, initialize ------------------------------------------------------------------------------------------------ */

typedef struct {
    ULONG starts;
} SMALL;
typedef struct {
    uint8_t bytes[KMDF_CONTEXT_BYTES + 1u];
} LARGE;
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(SMALL, small_of)
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(LARGE, large_of)

static void WTX_01_transactions_are_made_at_dispatch_until_there_are_none(void **state)
{
    (void)state;
    WDFDMATRANSACTION made[KMDF_TRANSACTIONS], more = NULL;
    WDF_OBJECT_ATTRIBUTES attributes;
    begin_enabler(WdfDmaProfileScatterGather, PAGE, 3);
    enum irql old = irql_raise(IRQL_DISPATCH);
    WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, LARGE);
    assert_int_equal(WdfDmaTransactionCreate(enabler, &attributes, &more), STATUS_INSUFFICIENT_RESOURCES);
    WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, SMALL);
    for (unsigned i = 0; i < KMDF_TRANSACTIONS; i++) {
        assert_int_equal(WdfDmaTransactionCreate(enabler, &attributes, &made[i]), STATUS_SUCCESS);
        assert_int_equal(small_of(made[i])->starts, 0);
        assert_null(large_of(made[i])); /* another type */
        small_of(made[i])->starts = i;
    }
    assert_int_equal(WdfDmaTransactionCreate(enabler, &attributes, &more), STATUS_INSUFFICIENT_RESOURCES);
    WdfObjectDelete(made[3]);
    assert_int_equal(WdfDmaTransactionCreate(enabler, &attributes, &more), STATUS_SUCCESS); /* the spare of low memory */
    assert_int_equal(small_of(more)->starts, 0);
    assert_int_equal(small_of(made[4])->starts, 4);
    assert_ptr_equal(WdfDmaTransactionGetDevice(more), device);
    irql_lower(old);
    attributes.Size++;
    assert_int_equal(WdfDmaTransactionCreate(enabler, &attributes, &more), STATUS_INFO_LENGTH_MISMATCH);
    assert_int_equal(WdfDmaTransactionCreate(enabler, NULL, NULL), STATUS_INVALID_PARAMETER);
    remove_device();
}

static void WTX_02_what_cannot_be_moved_is_refused(void **state)
{
    (void)state;
    begin_transaction(WdfDmaProfileScatterGather, PAGE, 5, 100);
    const struct { size_t offset, length; WDF_DMA_DIRECTION direction; NTSTATUS status; } cases[] = {
        { 0, 100, WdfDmaDirectionWriteToDevice, STATUS_SUCCESS }, { 99, 1, WdfDmaDirectionReadFromDevice, STATUS_SUCCESS },
        { 0, 0, WdfDmaDirectionWriteToDevice, STATUS_INVALID_PARAMETER }, { 100, 1, WdfDmaDirectionWriteToDevice, STATUS_INVALID_PARAMETER },
        { 1, 100, WdfDmaDirectionWriteToDevice, STATUS_INVALID_PARAMETER }, { (size_t)-1, 2, WdfDmaDirectionWriteToDevice, STATUS_INVALID_PARAMETER },
        { 0, (size_t)1 << 31, WdfDmaDirectionWriteToDevice, STATUS_INVALID_PARAMETER }, { 0, 1, (WDF_DMA_DIRECTION)2, STATUS_INVALID_PARAMETER },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        PVOID at = (PVOID)((uintptr_t)MmGetMdlVirtualAddress(mdl_handle(mdl)) + cases[i].offset);
        assert_int_equal(WdfDmaTransactionInitialize(transaction, program, cases[i].direction, mdl_handle(mdl), at, cases[i].length), cases[i].status);
        assert_int_equal(WdfDmaTransactionRelease(transaction), NT_SUCCESS(cases[i].status) ? STATUS_SUCCESS : STATUS_INVALID_DEVICE_STATE);
        assert_int_equal(initialize(transaction, cases[i].direction, cases[i].offset, cases[i].length), cases[i].status);
        (void)WdfDmaTransactionRelease(transaction);
    }
    assert_int_equal(MmGetMdlByteOffset(mdl_handle(mdl)), 5);
    assert_int_equal(MmGetMdlByteCount(mdl_handle(mdl)), 100);
    assert_int_equal(WdfDmaTransactionInitializeUsingOffset(transaction, NULL, WdfDmaDirectionWriteToDevice, mdl_handle(mdl), 0, 1), STATUS_INVALID_PARAMETER);
    assert_no_violation();
    end_transaction();
}

static void WTX_02_the_buffer_is_locked_and_for_writing_if_it_is_written(void **state)
{
    (void)state;
    begin_transaction(WdfDmaProfileScatterGather, PAGE, 0, 100);
    struct memory_mdl *locked = mdl;
    mdl = lock_bytes(200, 100, MEMORY_ACCESS_READ);
    assert_int_equal(initialize(transaction, WdfDmaDirectionReadFromDevice, 0, 1), STATUS_INVALID_PARAMETER);
    assert_int_equal(initialize(transaction, WdfDmaDirectionWriteToDevice, 0, 1), STATUS_SUCCESS);
    assert_int_equal(WdfDmaTransactionRelease(transaction), STATUS_SUCCESS);
    assert_int_equal(memory_unlock(mdl), MEMORY_OK);
    assert_int_equal(WdfDmaTransactionInitialize(transaction, program, WdfDmaDirectionWriteToDevice, mdl_handle(mdl), NULL, 1), STATUS_INVALID_PARAMETER);
    assert_violation(VIOL_NOT_LOCKED);
    mdl = locked;
    end_transaction();
}

static void WTX_04_a_part_in_the_middle_can_make_a_transfer_too_fragmented(void **state)
{
    (void)state;
    enabler_elements = 2;
    begin_transaction(WdfDmaProfileScatterGather, 2u * PAGE, 0, 4u * PAGE);
    execute_all(transaction, WdfDmaDirectionWriteToDevice, 0, 4u * PAGE);
    assert_int_equal(programs[0].bytes, 2u * PAGE);
    assert_completed(WdfDmaTransactionDmaCompletedWithLength(transaction, 1, completed), TRUE, STATUS_WDF_TOO_FRAGMENTED);
    assert_int_equal(WdfDmaTransactionGetBytesTransferred(transaction), 1); /* WDC-07 */
    assert_int_equal(program_count, 1);
    assert_int_equal(WdfDmaTransactionRelease(transaction), STATUS_SUCCESS);
    assert_int_equal(initialize(transaction, WdfDmaDirectionWriteToDevice, 1, 3u * PAGE), STATUS_WDF_TOO_FRAGMENTED);
    enabler_elements = 0;
    end_transaction();
}

static void WTX_05_what_failed_is_used_again(void **state)
{
    (void)state;
    begin_transaction(WdfDmaProfilePacket, PAGE, 0, 100);
    WDFDMATRANSACTION other;
    assert_int_equal(WdfDmaTransactionCreate(enabler, WDF_NO_OBJECT_ATTRIBUTES, &other), STATUS_SUCCESS);
    assert_int_equal(initialize(transaction, WdfDmaDirectionWriteToDevice, 0, 0), STATUS_INVALID_PARAMETER);
    assert_int_equal(WdfDmaTransactionRelease(transaction), STATUS_INVALID_DEVICE_STATE); /* it was, by itself */
    execute_all(other, WdfDmaDirectionWriteToDevice, 0, 100);
    WdfDmaTransactionSetImmediateExecution(transaction, TRUE);
    assert_int_equal(initialize(transaction, WdfDmaDirectionWriteToDevice, 0, 100), STATUS_SUCCESS);
    assert_int_equal(WdfDmaTransactionExecute(transaction, NULL), STATUS_INSUFFICIENT_RESOURCES);
    assert_int_equal(initialize(transaction, WdfDmaDirectionWriteToDevice, 0, 100), STATUS_INVALID_DEVICE_REQUEST); /* not released */
    assert_violation(VIOL_WDF_STATE);
    assert_int_equal(WdfDmaTransactionRelease(transaction), STATUS_SUCCESS);
    assert_completed(WdfDmaTransactionDmaCompleted(other, completed), TRUE, STATUS_SUCCESS);
    execute_all(transaction, WdfDmaDirectionWriteToDevice, 0, 100);
    assert_int_equal(program_count, 1);
    assert_completed(WdfDmaTransactionDmaCompleted(transaction, completed), TRUE, STATUS_SUCCESS);
    end_transaction();
}

/* ---- Settings ---------------------------------------------------------------------------------------------------------- */

static unsigned transfers_of(size_t maximum)
{
    programs_clear();
    assert_int_equal(initialize(transaction, WdfDmaDirectionWriteToDevice, 0, 8u * PAGE), STATUS_SUCCESS);
    if (maximum != 0u) WdfDmaTransactionSetMaximumLength(transaction, maximum);
    assert_int_equal(WdfDmaTransactionExecute(transaction, NULL), STATUS_SUCCESS);
    NTSTATUS status;
    while (!WdfDmaTransactionDmaCompleted(transaction, &status)) assert_int_equal(status, STATUS_MORE_PROCESSING_REQUIRED);
    assert_int_equal(status, STATUS_SUCCESS);
    assert_int_equal(WdfDmaTransactionRelease(transaction), STATUS_SUCCESS);
    return program_count;
}

static void WTX_06_the_maximum_length_only_gets_less_and_until_release(void **state)
{
    (void)state;
    on_the_bus.registers_max[0] = 4;
    begin_transaction(WdfDmaProfileScatterGather, 8u * PAGE, 0, 8u * PAGE);
    assert_int_equal(transfers_of(0), 3); /* of three pages: the fourth register is kept back, also where it is not needed */
    assert_int_equal(transfers_of(2u * PAGE), 4);
    assert_int_equal(transfers_of(0), 3);
    assert_int_equal(transfers_of(8u * PAGE), 3);
    end_transaction();
}

static void WTX_06_a_smaller_maximum_counts_from_the_next_transfer(void **state)
{
    (void)state;
    begin_transaction(WdfDmaProfileScatterGather, 4u * PAGE, 0, 8u * PAGE);
    execute_all(transaction, WdfDmaDirectionWriteToDevice, 0, 8u * PAGE);
    WdfDmaTransactionSetMaximumLength(transaction, PAGE);
    assert_completed(WdfDmaTransactionDmaCompleted(transaction, completed), FALSE, STATUS_MORE_PROCESSING_REQUIRED);
    assert_int_equal(programs[0].bytes, 4u * PAGE);
    assert_int_equal(programs[1].bytes, PAGE);
    assert_completed(WdfDmaTransactionDmaCompletedFinal(transaction, 0, completed), TRUE, STATUS_SUCCESS);
    end_transaction();
}

static void WTX_07_a_maximum_of_nothing_is_refused(void **state)
{
    (void)state;
    begin_transaction(WdfDmaProfileScatterGather, PAGE, 0, 100);
    assert_int_equal(initialize(transaction, WdfDmaDirectionWriteToDevice, 0, 100), STATUS_SUCCESS);
    WdfDmaTransactionSetMaximumLength(transaction, 0);
    assert_violation(VIOL_WDF_STATE);
    assert_int_equal(WdfDmaTransactionExecute(transaction, NULL), STATUS_SUCCESS);
    assert_completed(WdfDmaTransactionDmaCompleted(transaction, completed), TRUE, STATUS_SUCCESS);
    end_transaction();
}

static NTSTATUS single(size_t offset, size_t length)
{
    WdfDmaTransactionSetSingleTransferRequirement(transaction, TRUE);
    NTSTATUS status = initialize(transaction, WdfDmaDirectionWriteToDevice, offset, length);
    if (NT_SUCCESS(status)) assert_int_equal(WdfDmaTransactionRelease(transaction), STATUS_SUCCESS);
    return status;
}

static void WTX_08_one_transfer_or_none(void **state)
{
    (void)state;
    on_the_bus.registers_max[0] = 8;
    enabler_elements = 8;
    begin_transaction(WdfDmaProfileScatterGather, 8u * PAGE, 0, 10u * PAGE);
    assert_int_equal(single(0, 8u * PAGE), STATUS_SUCCESS); /* all eight registers: none is kept back */
    WdfDmaTransactionSetSingleTransferRequirement(transaction, TRUE);
    execute_all(transaction, WdfDmaDirectionWriteToDevice, 0, 8u * PAGE);
    assert_int_equal(programs[0].bytes, 8u * PAGE);
    assert_completed(WdfDmaTransactionDmaCompleted(transaction, completed), TRUE, STATUS_SUCCESS);
    assert_int_equal(WdfDmaTransactionRelease(transaction), STATUS_SUCCESS);
    assert_int_equal(single(0, 8u * PAGE + 1u), STATUS_WDF_TOO_MANY_TRANSFERS);
    assert_int_equal(single(1, 8u * PAGE), STATUS_WDF_NOT_ENOUGH_MAP_REGISTERS);
    assert_int_equal(initialize(transaction, WdfDmaDirectionWriteToDevice, 1, 8u * PAGE), STATUS_SUCCESS); /* it was for once */
    assert_int_equal(WdfDmaTransactionRelease(transaction), STATUS_SUCCESS);
    end_transaction();

    enabler_elements = 3;
    begin_transaction(WdfDmaProfileScatterGather, 8u * PAGE, 0, 8u * PAGE);
    assert_int_equal(single(0, 4u * PAGE), STATUS_WDF_TOO_FRAGMENTED);
    enabler_elements = 0;
    end_transaction();
}

static void WTX_08_a_device_that_moves_less_has_failed(void **state)
{
    (void)state;
    begin_transaction(WdfDmaProfileScatterGather, 4u * PAGE, 0, 4u * PAGE);
    WdfDmaTransactionSetSingleTransferRequirement(transaction, TRUE);
    execute_all(transaction, WdfDmaDirectionWriteToDevice, 0, 4u * PAGE);
    assert_completed(WdfDmaTransactionDmaCompletedWithLength(transaction, PAGE, completed), TRUE, STATUS_WDF_TOO_MANY_TRANSFERS);
    assert_int_equal(WdfDmaTransactionGetBytesTransferred(transaction), PAGE);
    end_transaction();
}

static void WTX_08_an_enabler_can_require_it_of_all(void **state)
{
    (void)state;
    WDF_DMA_ENABLER_CONFIG_INIT(&enabler_config, WdfDmaProfileScatterGather, PAGE);
    enabler_config.WdmDmaVersionOverride = 3;
    enabler_config.Flags = WDF_DMA_ENABLER_CONFIG_REQUIRE_SINGLE_TRANSFER;
    assert_int_equal(add_device(add_enabler), STATUS_SUCCESS);
    assert_int_equal(WdfDmaTransactionCreate(enabler, WDF_NO_OBJECT_ATTRIBUTES, &transaction), STATUS_SUCCESS);
    mdl = lock_bytes(0, 2u * PAGE, MEMORY_ACCESS_READ);
    assert_int_equal(initialize(transaction, WdfDmaDirectionWriteToDevice, 0, PAGE + 1u), STATUS_WDF_TOO_MANY_TRANSFERS);
    end_transaction();
}

static void WTX_08_WTX_11_WCA_01_version_2_has_none_of_these(void **state)
{
    (void)state;
    begin_enabler(WdfDmaProfileScatterGather, PAGE, 0);
    mdl = lock_bytes(0, 2u * PAGE, MEMORY_ACCESS_READ);
    assert_int_equal(WdfDmaTransactionCreate(enabler, WDF_NO_OBJECT_ATTRIBUTES, &transaction), STATUS_SUCCESS);
    WdfDmaTransactionSetSingleTransferRequirement(transaction, TRUE);
    assert_violation(VIOL_WDF_STATE);
    WdfDmaTransactionSetImmediateExecution(transaction, TRUE);
    assert_violation(VIOL_WDF_STATE);
    assert_int_equal(initialize(transaction, WdfDmaDirectionWriteToDevice, 0, PAGE + 1u), STATUS_SUCCESS);
    assert_false(WdfDmaTransactionCancel(transaction));
    assert_violation(VIOL_WDF_STATE);
    end_transaction();
}

static void MAP_30_what_a_transaction_needs_is_told_exactly(void **state)
{
    (void)state;
    ULONG registers = 0, elements = 0;
    begin_transaction(WdfDmaProfileScatterGather, PAGE, 0, 4u * PAGE);
    uint16_t frames[] = { 8, 9, 11, 12, 13 };
    struct memory_mdl *built = memory_mdl_build(frames, 5, 1, 5u * PAGE - 1u);
    assert_int_equal(WdfDmaTransactionInitializeUsingOffset(transaction, program, WdfDmaDirectionWriteToDevice, mdl_handle(built), PAGE, 3u * PAGE), STATUS_SUCCESS);
    WdfDmaTransactionGetTransferInfo(transaction, &registers, &elements); /* more than one transfer can be */
    assert_int_equal(registers, 4);
    assert_int_equal(elements, 2);
    assert_int_equal(WdfDmaTransactionRelease(transaction), STATUS_SUCCESS);
    assert_int_equal(memory_unlock(built), MEMORY_OK);
    end_transaction();

    begin_transaction(WdfDmaProfilePacket, PAGE, 0, 4u * PAGE);
    assert_int_equal(initialize(transaction, WdfDmaDirectionWriteToDevice, 1, 2u * PAGE), STATUS_SUCCESS);
    WdfDmaTransactionGetTransferInfo(transaction, &registers, &elements);
    assert_int_equal(registers, 3);
    assert_int_equal(elements, 1);
    end_transaction();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        kmdf_test(WTX_14_WDC_01_each_state_allows_what_the_table_says),
        kmdf_test(WTX_14_a_transaction_in_transfer_is_not_deleted),
        kmdf_test(WTX_14_release_makes_it_new),
        kmdf_test(WTX_01_transactions_are_made_at_dispatch_until_there_are_none),
        kmdf_test(WTX_02_what_cannot_be_moved_is_refused),
        kmdf_test(WTX_02_the_buffer_is_locked_and_for_writing_if_it_is_written),
        kmdf_test(WTX_04_a_part_in_the_middle_can_make_a_transfer_too_fragmented),
        kmdf_test(WTX_05_what_failed_is_used_again),
        kmdf_test(WTX_06_the_maximum_length_only_gets_less_and_until_release),
        kmdf_test(WTX_06_a_smaller_maximum_counts_from_the_next_transfer),
        kmdf_test(WTX_07_a_maximum_of_nothing_is_refused),
        kmdf_test(WTX_08_one_transfer_or_none),
        kmdf_test(WTX_08_a_device_that_moves_less_has_failed),
        kmdf_test(WTX_08_an_enabler_can_require_it_of_all),
        kmdf_test(WTX_08_WTX_11_WCA_01_version_2_has_none_of_these),
        kmdf_test(MAP_30_what_a_transaction_needs_is_told_exactly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
