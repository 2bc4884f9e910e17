/* SPDX-License-Identifier: Apache-2.0 */
/* Transfers of a transaction: Execute, EvtProgramDma, the three that complete one, Cancel. */
#include "kmdf_fixture.h"
#include "laws.h"

#define TO   WdfDmaDirectionWriteToDevice
#define FROM WdfDmaDirectionReadFromDevice

static WDFDMATRANSACTION second;

static void begin_two(WDF_DMA_PROFILE profile, size_t maximum, uint32_t length)
{
    begin_transaction(profile, maximum, 0, length);
    assert_int_equal(WdfDmaTransactionCreate(enabler, WDF_NO_OBJECT_ATTRIBUTES, &second), STATUS_SUCCESS);
    programs_clear();
}

static void end_two(void)
{
    end_transaction();
    laws_check();
}

/* ---- Execute ----------------------------------------------------------------------------------------------------------- */

static void WTX_09_several_transactions_of_a_scatter_gather_profile_run_at_once(void **state)
{
    (void)state;
    begin_two(WdfDmaProfileScatterGather, PAGE, PAGE);
    assert_int_equal(initialize(transaction, TO, 0, PAGE), STATUS_SUCCESS);
    assert_int_equal(initialize(second, TO, 0, PAGE), STATUS_SUCCESS);
    assert_int_equal(WdfDmaTransactionExecute(transaction, NULL), STATUS_SUCCESS);
    assert_int_equal(WdfDmaTransactionExecute(second, NULL), STATUS_SUCCESS);
    assert_int_equal(program_count, 2);
    assert_completed(WdfDmaTransactionDmaCompleted(second, completed), TRUE, STATUS_SUCCESS); /* in whatever order */
    assert_completed(WdfDmaTransactionDmaCompleted(transaction, completed), TRUE, STATUS_SUCCESS);
    end_two();
}

static void WTX_09_a_packet_profile_has_one_and_version_3_lets_others_wait(void **state)
{
    (void)state;
    begin_two(WdfDmaProfilePacket, PAGE, PAGE);
    assert_int_equal(initialize(transaction, TO, 0, PAGE), STATUS_SUCCESS);
    assert_int_equal(initialize(second, TO, 0, PAGE), STATUS_SUCCESS);
    assert_int_equal(WdfDmaTransactionExecute(transaction, NULL), STATUS_SUCCESS);
    assert_int_equal(WdfDmaTransactionExecute(second, NULL), STATUS_SUCCESS);
    assert_int_equal(program_count, 1);
    assert_completed(WdfDmaTransactionDmaCompleted(transaction, completed), TRUE, STATUS_SUCCESS);
    assert_int_equal(program_count, 2);
    assert_ptr_equal(programs[1].transaction, second);
    assert_completed(WdfDmaTransactionDmaCompleted(second, completed), TRUE, STATUS_SUCCESS);
    end_two();
}

static void WTX_09_a_packet_profile_of_version_2_is_busy(void **state)
{
    (void)state;
    begin_enabler(WdfDmaProfilePacket, PAGE, 0);
    assert_int_equal(WdfDmaTransactionCreate(enabler, WDF_NO_OBJECT_ATTRIBUTES, &transaction), STATUS_SUCCESS);
    assert_int_equal(WdfDmaTransactionCreate(enabler, WDF_NO_OBJECT_ATTRIBUTES, &second), STATUS_SUCCESS);
    mdl = lock_bytes(0, PAGE, MEMORY_ACCESS_READ);
    execute_all(transaction, TO, 0, PAGE);
    assert_int_equal(initialize(second, TO, 0, PAGE), STATUS_SUCCESS);
    assert_int_equal(WdfDmaTransactionExecute(second, NULL), STATUS_WDF_BUSY);
    assert_int_equal(WdfDmaTransactionRelease(second), STATUS_SUCCESS);
    assert_completed(WdfDmaTransactionDmaCompleted(transaction, completed), TRUE, STATUS_SUCCESS);
    assert_int_equal(initialize(second, TO, 0, PAGE), STATUS_SUCCESS);
    assert_int_equal(WdfDmaTransactionExecute(second, NULL), STATUS_SUCCESS);
    assert_completed(WdfDmaTransactionDmaCompleted(second, completed), TRUE, STATUS_SUCCESS);
    end_two();
}

/* A device that is done at once, and a driver that deletes the transaction and makes another in its place. */
static void finish_and_replace(WDFDMATRANSACTION t, PSCATTER_GATHER_LIST list)
{
    NTSTATUS status;
    (void)list;
    assert_true(WdfDmaTransactionDmaCompleted(t, &status));
    WdfObjectDelete(t);
    assert_int_equal(WdfDmaTransactionCreate(enabler, WDF_NO_OBJECT_ATTRIBUTES, &second), STATUS_SUCCESS);
}

static void WTX_10_a_transaction_may_be_deleted_before_execute_returns(void **state)
{
    (void)state;
    begin_transaction(WdfDmaProfileScatterGather, PAGE, 0, PAGE);
    programs_clear();
    program_more = finish_and_replace;
    assert_int_equal(initialize(transaction, TO, 0, PAGE), STATUS_SUCCESS);
    WdfDmaTransactionSetImmediateExecution(transaction, TRUE);
    assert_int_equal(WdfDmaTransactionExecute(transaction, NULL), STATUS_SUCCESS);
    assert_ptr_equal(second, transaction); /* the same place, and as new */
    program_more = NULL;
    execute_all(second, TO, 0, PAGE);
    assert_completed(WdfDmaTransactionDmaCompleted(second, completed), TRUE, STATUS_SUCCESS);
    end_two();
}

static void WTX_11_immediate_execution_is_now_or_never(void **state)
{
    (void)state;
    begin_two(WdfDmaProfilePacket, PAGE, PAGE);
    WdfDmaTransactionSetImmediateExecution(second, TRUE);
    assert_int_equal(initialize(second, TO, 0, PAGE), STATUS_SUCCESS);
    assert_int_equal(WdfDmaTransactionExecute(second, NULL), STATUS_SUCCESS);
    assert_int_equal(program_count, 1);
    WdfDmaTransactionSetImmediateExecution(transaction, TRUE);
    assert_int_equal(initialize(transaction, TO, 0, PAGE), STATUS_SUCCESS);
    assert_int_equal(WdfDmaTransactionExecute(transaction, NULL), STATUS_INSUFFICIENT_RESOURCES);
    assert_completed(WdfDmaTransactionDmaCompleted(second, completed), TRUE, STATUS_SUCCESS);
    assert_int_equal(program_count, 1); /* nothing was queued */
    assert_int_equal(WdfDmaTransactionRelease(transaction), STATUS_SUCCESS); /* and it is said for once */
    assert_int_equal(initialize(transaction, TO, 0, PAGE), STATUS_SUCCESS);
    assert_int_equal(WdfDmaTransactionRelease(second), STATUS_SUCCESS);
    assert_int_equal(initialize(second, TO, 0, PAGE), STATUS_SUCCESS);
    assert_int_equal(WdfDmaTransactionExecute(second, NULL), STATUS_SUCCESS);
    assert_int_equal(WdfDmaTransactionExecute(transaction, NULL), STATUS_SUCCESS);
    assert_completed(WdfDmaTransactionDmaCompleted(second, completed), TRUE, STATUS_SUCCESS);
    assert_completed(WdfDmaTransactionDmaCompleted(transaction, completed), TRUE, STATUS_SUCCESS);
    end_two();
}

/* ---- EvtProgramDma ----------------------------------------------------------------------------------------------------- */

static void WPG_01_WTX_15_WTX_18_it_is_called_once_for_each_transfer(void **state)
{
    (void)state;
    begin_transaction(WdfDmaProfileScatterGather, 2u * PAGE, 0, 5u * PAGE + 10u);
    execute_all(transaction, TO, 10, 5u * PAGE);
    const uint32_t want[] = { 2u * PAGE, 2u * PAGE, PAGE };
    uint32_t moved = 0;
    for (unsigned i = 0; i < 3u; i++) {
        assert_int_equal(program_count, i + 1u);
        assert_ptr_equal(programs[i].transaction, transaction);
        assert_ptr_equal(programs[i].context, &programs);
        assert_int_equal(programs[i].level, DISPATCH_LEVEL);
        assert_int_equal(programs[i].bytes, want[i]);
        assert_int_equal(programs[i].current, want[i]);
        assert_int_equal(programs[i].moved, moved); /* where it stands on the device's side */
        moved += want[i];
        BOOLEAN last = i == 2u;
        assert_completed(WdfDmaTransactionDmaCompleted(transaction, completed), last, last ? STATUS_SUCCESS : STATUS_MORE_PROCESSING_REQUIRED);
        assert_int_equal(WdfDmaTransactionGetBytesTransferred(transaction), moved);
    }
    assert_int_equal(KeGetCurrentIrql(), PASSIVE_LEVEL);
    end_two();
}

static void WPG_01_the_bytes_of_every_transfer_go_where_they_belong(void **state)
{
    (void)state;
    static uint8_t got[5 * 4096];
    begin_transaction(WdfDmaProfileScatterGatherDuplex, 2u * PAGE, 3, 5u * PAGE);
    client_fill(3, 5u * PAGE, 3);
    for (unsigned round = 0; round < 2u; round++) {
        WDF_DMA_DIRECTION direction = round == 0u ? TO : FROM;
        NTSTATUS status;
        execute_all(transaction, direction, 7, 5u * PAGE - 7u);
        do {
            struct programmed *last = &programs[program_count - 1u];
            assert_int_equal(device_run(direction == TO ? 1u : 0u, last->list, direction, (uint32_t)last->moved), last->bytes);
        } while (!WdfDmaTransactionDmaCompleted(transaction, &status));
        assert_int_equal(status, STATUS_SUCCESS);
        assert_int_equal(WdfDmaTransactionRelease(transaction), STATUS_SUCCESS);
        if (round == 0u) for (uint32_t i = 0; i < 5u * PAGE - 7u; i++) assert_int_equal(device_bytes[i], fixture_byte(3, i + 7u));
        fixture_fill(device_bytes, 5u * PAGE, 4);
    }
    client_read(3, got, 5u * PAGE);
    assert_memory_equal(got + 7, device_bytes, 5u * PAGE - 7u);
    for (uint32_t i = 0; i < 7u; i++) assert_int_equal(got[i], fixture_byte(3, i));
    end_two();
}

static BOOLEAN program_false(WDFDMATRANSACTION t, WDFDEVICE of, WDFCONTEXT context, WDF_DMA_DIRECTION direction, PSCATTER_GATHER_LIST list)
{
    (void)program(t, of, context, direction, list);
    return FALSE;
}

static void WPG_02_what_it_returns_changes_nothing(void **state)
{
    (void)state;
    begin_transaction(WdfDmaProfileScatterGather, PAGE, 0, PAGE);
    programs_clear();
    assert_int_equal(WdfDmaTransactionInitializeUsingOffset(transaction, program_false, TO, mdl_handle(mdl), 0, PAGE), STATUS_SUCCESS);
    assert_int_equal(WdfDmaTransactionExecute(transaction, NULL), STATUS_SUCCESS);
    assert_int_equal(WdfDmaTransactionGetCurrentDmaTransferLength(transaction), PAGE); /* who only returns FALSE has ended nothing */
    assert_completed(WdfDmaTransactionDmaCompleted(transaction, completed), TRUE, STATUS_SUCCESS);
    end_two();
}

static BOOLEAN program_fails(WDFDMATRANSACTION t, WDFDEVICE of, WDFCONTEXT context, WDF_DMA_DIRECTION direction, PSCATTER_GATHER_LIST list)
{
    NTSTATUS status = STATUS_UNSUCCESSFUL;
    (void)program(t, of, context, direction, list);
    assert_true(WdfDmaTransactionDmaCompletedFinal(t, 0, &status));
    assert_int_equal(status, STATUS_SUCCESS);
    assert_int_equal(fake_open_frames(), 0);
    assert_int_equal(WdfDmaTransactionRelease(t), STATUS_SUCCESS);
    return FALSE;
}

static void WPG_03_a_driver_that_cannot_start_ends_the_transaction_inside(void **state)
{
    (void)state;
    begin_transaction(WdfDmaProfileScatterGather, PAGE, 0, 4u * PAGE);
    programs_clear();
    assert_int_equal(WdfDmaTransactionInitializeUsingOffset(transaction, program_fails, TO, mdl_handle(mdl), 0, 4u * PAGE), STATUS_SUCCESS);
    assert_int_equal(WdfDmaTransactionExecute(transaction, NULL), STATUS_SUCCESS);
    assert_int_equal(program_count, 1);
    execute_all(transaction, TO, 0, PAGE); /* it is as new */
    assert_completed(WdfDmaTransactionDmaCompleted(transaction, completed), TRUE, STATUS_SUCCESS);
    end_two();
}

static void WPG_04_nothing_is_completed_while_the_device_runs(void **state)
{
    (void)state;
    begin_transaction(WdfDmaProfileScatterGather, PAGE, 0, PAGE);
    execute_all(transaction, TO, 0, PAGE);
    fake.outstanding[0] = 1;
    assert_completed(WdfDmaTransactionDmaCompletedFinal(transaction, 8, completed), FALSE, STATUS_INVALID_DEVICE_STATE);
    assert_violation(VIOL_ENGINE_BUSY);
    assert_int_equal(WdfDmaTransactionGetBytesTransferred(transaction), 0);
    assert_true(fake_open_frames() != 0u);
    fake.outstanding[0] = 0;
    assert_completed(WdfDmaTransactionDmaCompletedFinal(transaction, 8, completed), TRUE, STATUS_SUCCESS);
    end_two();
}

static void WPG_05_a_list_is_over_when_its_transfer_is(void **state)
{
    (void)state;
    begin_transaction(WdfDmaProfileScatterGather, PAGE, 0, PAGE);
    execute_all(transaction, TO, 0, PAGE);
    assert_int_equal(programs[0].list->NumberOfElements, 1);
    assert_int_equal(programs[0].list->Elements[0].Length, PAGE);
    assert_completed(WdfDmaTransactionDmaCompleted(transaction, completed), TRUE, STATUS_SUCCESS);
    assert_true(programs[0].list->NumberOfElements > KMDF_LIST_ELEMENTS);
    assert_int_not_equal(programs[0].list->Elements[0].Length, PAGE);
    assert_int_not_equal(programs[0].list->Elements[0].Address.QuadPart, programs[0].first_address);
    end_transaction();

    begin_transaction(WdfDmaProfilePacket, PAGE, 0, PAGE);
    execute_all(transaction, TO, 0, PAGE);
    assert_int_equal(programs[0].elements, 1);
    assert_true(programs[0].list->NumberOfElements > 1u); /* of a packet profile: with the callback */
    assert_int_not_equal(programs[0].list->Elements[0].Length, PAGE);
    assert_completed(WdfDmaTransactionDmaCompleted(transaction, completed), TRUE, STATUS_SUCCESS);
    end_two();
}

static unsigned depth, depth_max;

static BOOLEAN program_instant(WDFDMATRANSACTION t, WDFDEVICE of, WDFCONTEXT context, WDF_DMA_DIRECTION direction, PSCATTER_GATHER_LIST list)
{
    NTSTATUS status;
    (void)program(t, of, context, direction, list);
    if (++depth > depth_max) depth_max = depth;
    BOOLEAN done = WdfDmaTransactionDmaCompleted(t, &status);
    assert_int_equal(status, done ? STATUS_SUCCESS : STATUS_MORE_PROCESSING_REQUIRED);
    assert_int_equal(done, program_count == 40u);
    depth--;
    return TRUE;
}

static void WPG_06_what_completes_inside_does_not_nest(void **state)
{
    (void)state;
    const WDF_DMA_PROFILE profiles[] = { WdfDmaProfileScatterGather, WdfDmaProfilePacket };
    for (unsigned i = 0; i < 2u; i++) {
        begin_transaction(profiles[i], PAGE, 0, 40u * PAGE);
        programs_clear();
        depth_max = 0;
        assert_int_equal(WdfDmaTransactionInitializeUsingOffset(transaction, program_instant, TO, mdl_handle(mdl), 0, 40u * PAGE), STATUS_SUCCESS);
        assert_int_equal(WdfDmaTransactionExecute(transaction, NULL), STATUS_SUCCESS);
        assert_int_equal(program_count, 40);
        assert_int_equal(depth_max, 1);
        assert_int_equal(WdfDmaTransactionGetBytesTransferred(transaction), 40u * PAGE);
        end_transaction();
    }
    laws_check();
}

/* ---- Completed --------------------------------------------------------------------------------------------------------- */

static void WDC_01_a_transfer_is_completed_once(void **state)
{
    (void)state;
    begin_two(WdfDmaProfilePacket, PAGE, PAGE);
    assert_int_equal(initialize(transaction, TO, 0, PAGE), STATUS_SUCCESS);
    assert_int_equal(initialize(second, TO, 0, PAGE), STATUS_SUCCESS);
    assert_int_equal(WdfDmaTransactionExecute(transaction, NULL), STATUS_SUCCESS);
    assert_int_equal(WdfDmaTransactionExecute(second, NULL), STATUS_SUCCESS);
    assert_completed(WdfDmaTransactionDmaCompleted(second, completed), FALSE, STATUS_INVALID_DEVICE_REQUEST); /* it waits */
    assert_violation(VIOL_WDF_STATE);
    assert_completed(WdfDmaTransactionDmaCompleted(transaction, completed), TRUE, STATUS_SUCCESS);
    assert_completed(WdfDmaTransactionDmaCompleted(transaction, completed), FALSE, STATUS_INVALID_DEVICE_REQUEST);
    assert_violation(VIOL_WDF_STATE);
    enum irql old = irql_raise(IRQL_DEVICE);
    assert_completed(WdfDmaTransactionDmaCompleted(second, completed), FALSE, STATUS_INVALID_DEVICE_REQUEST);
    irql_lower(old);
    assert_violation(VIOL_IRQL);
    assert_true(WdfDmaTransactionDmaCompleted(second, NULL));
    end_two();
}

static void WDC_02_WTX_16_false_means_that_the_next_has_begun(void **state)
{
    (void)state;
    begin_transaction(WdfDmaProfileScatterGather, 2u * PAGE, 0, 3u * PAGE);
    execute_all(transaction, TO, 0, 3u * PAGE);
    assert_int_equal(WdfDmaTransactionGetCurrentDmaTransferLength(transaction), 2u * PAGE);
    assert_completed(WdfDmaTransactionDmaCompleted(transaction, completed), FALSE, STATUS_MORE_PROCESSING_REQUIRED);
    assert_int_equal(program_count, 2);
    assert_int_equal(WdfDmaTransactionGetCurrentDmaTransferLength(transaction), PAGE); /* the next one's by now */
    assert_completed(WdfDmaTransactionDmaCompleted(transaction, completed), TRUE, STATUS_SUCCESS);
    assert_int_equal(WdfDmaTransactionGetCurrentDmaTransferLength(transaction), 0);
    end_two();
}

static void WDC_03_WTX_17_the_buffer_is_the_devices_until_true(void **state)
{
    (void)state;
    static uint8_t got[2 * 4096];
    begin_transaction(WdfDmaProfileScatterGather, PAGE, 0, 2u * PAGE);
    client_fill(0, 2u * PAGE, 1);
    execute_all(transaction, FROM, 0, 2u * PAGE);
    fixture_fill(device_bytes, 2u * PAGE, 2);
    for (unsigned i = 0; i < 2u; i++) {
        assert_int_equal(fake_open_frames(), 1);
        assert_int_equal(device_run(0, programs[i].list, FROM, i * PAGE), PAGE);
        assert_completed(WdfDmaTransactionDmaCompleted(transaction, completed), i == 1u, i == 1u ? STATUS_SUCCESS : STATUS_MORE_PROCESSING_REQUIRED);
    }
    assert_int_equal(fake_open_frames(), 0); /* nothing is held */
    client_read(0, got, 2u * PAGE);
    assert_memory_equal(got, device_bytes, 2u * PAGE);
    end_two();
}

static void WDC_04_a_transfer_that_moved_less_goes_on_behind_it(void **state)
{
    (void)state;
    begin_transaction(WdfDmaProfileScatterGather, 2u * PAGE, 0, 4u * PAGE);
    execute_all(transaction, TO, 0, 4u * PAGE);
    assert_completed(WdfDmaTransactionDmaCompletedWithLength(transaction, 100, completed), FALSE, STATUS_MORE_PROCESSING_REQUIRED);
    assert_int_equal(programs[1].moved, 100);
    assert_int_equal(programs[1].bytes, 2u * PAGE);
    assert_int_equal(programs[1].first_address, programs[0].first_address + 100u);
    assert_completed(WdfDmaTransactionDmaCompletedWithLength(transaction, 2u * PAGE, completed), FALSE, STATUS_MORE_PROCESSING_REQUIRED);
    assert_int_equal(programs[2].bytes, 2u * PAGE - 100u);
    assert_completed(WdfDmaTransactionDmaCompletedWithLength(transaction, 2u * PAGE - 100u, completed), TRUE, STATUS_SUCCESS);
    assert_int_equal(WdfDmaTransactionGetBytesTransferred(transaction), 4u * PAGE);
    end_two();
}

static void WDC_04_WDC_11_final_ends_it_with_success_whatever_is_left(void **state)
{
    (void)state;
    const struct { bool single; size_t bytes; NTSTATUS status; } cases[] = {
        { false, 0, STATUS_SUCCESS }, { false, 100, STATUS_SUCCESS }, { false, PAGE, STATUS_SUCCESS },
        { true, 0, STATUS_WDF_TOO_MANY_TRANSFERS }, { true, PAGE, STATUS_SUCCESS },
    };
    begin_transaction(WdfDmaProfileScatterGather, PAGE, 0, 4u * PAGE);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        WdfDmaTransactionSetSingleTransferRequirement(transaction, cases[i].single);
        execute_all(transaction, TO, 0, cases[i].single ? PAGE : 4u * PAGE);
        assert_completed(WdfDmaTransactionDmaCompletedFinal(transaction, cases[i].bytes, completed), TRUE, cases[i].status);
        assert_int_equal(WdfDmaTransactionGetBytesTransferred(transaction), cases[i].bytes); /* this tells, not the status */
        assert_int_equal(program_count, 1);
        assert_int_equal(WdfDmaTransactionRelease(transaction), STATUS_SUCCESS);
    }
    end_two();
}

static void WDC_05_nothing_moved_is_the_same_transfer_again(void **state)
{
    (void)state;
    begin_transaction(WdfDmaProfileScatterGather, PAGE, 0, 2u * PAGE);
    execute_all(transaction, TO, 0, 2u * PAGE);
    for (unsigned retry = 1; retry <= 3u; retry++) {
        assert_completed(WdfDmaTransactionDmaCompletedWithLength(transaction, 0, completed), FALSE, STATUS_MORE_PROCESSING_REQUIRED);
        assert_int_equal(program_count, retry + 1u);
        assert_int_equal(programs[retry].moved, 0);
        assert_int_equal(programs[retry].first_address, programs[0].first_address);
    }
    assert_completed(WdfDmaTransactionDmaCompletedFinal(transaction, 0, completed), TRUE, STATUS_SUCCESS);
    end_two();
}

static void WDC_06_more_than_there_was_is_counted_as_nothing(void **state)
{
    (void)state;
    begin_transaction(WdfDmaProfileScatterGather, PAGE, 0, 4u * PAGE);
    for (unsigned i = 0; i < 2u; i++) {
        execute_all(transaction, TO, 0, 4u * PAGE);
        assert_completed(WdfDmaTransactionDmaCompleted(transaction, completed), FALSE, STATUS_MORE_PROCESSING_REQUIRED);
        assert_completed(i == 0u ? WdfDmaTransactionDmaCompletedWithLength(transaction, PAGE + 1u, completed)
                                 : WdfDmaTransactionDmaCompletedFinal(transaction, PAGE + 1u, completed), TRUE, STATUS_INVALID_PARAMETER);
        assert_int_equal(WdfDmaTransactionGetBytesTransferred(transaction), PAGE);
        assert_int_equal(fake_open_frames(), 0);
        assert_int_equal(WdfDmaTransactionRelease(transaction), STATUS_SUCCESS);
    }
    end_two();
}

static void WDC_07_a_next_transfer_that_cannot_be_ends_it(void **state)
{
    (void)state;
    begin_transaction(WdfDmaProfileScatterGather, PAGE, 0, 2u * PAGE);
    execute_all(transaction, TO, 0, 2u * PAGE);
    fake.sync_hangs = true; /* its frames are quarantined, and the path with them */
    assert_completed(WdfDmaTransactionDmaCompleted(transaction, completed), TRUE, STATUS_INVALID_DEVICE_STATE);
    assert_int_equal(WdfDmaTransactionGetBytesTransferred(transaction), PAGE);
    assert_int_equal(program_count, 1);
    fake.sync_hangs = false;
    assert_int_equal(WdfDmaTransactionRelease(transaction), STATUS_SUCCESS);
    assert_int_equal(initialize(transaction, TO, PAGE, PAGE), STATUS_SUCCESS);
    assert_int_equal(WdfDmaTransactionExecute(transaction, NULL), STATUS_INVALID_DEVICE_STATE);
    end_transaction();
}

/* When the next transfer begins, the one before it holds nothing and its list is over. */
static void look_back(WDFDMATRANSACTION t, PSCATTER_GATHER_LIST list)
{
    (void)t;
    (void)list;
    assert_int_equal(fake_open_frames(), 1);
    if (program_count == 2u) assert_int_equal(programs[1].moved, PAGE);
}

static void WDC_08_the_old_transfer_is_over_before_the_next_begins(void **state)
{
    (void)state;
    begin_transaction(WdfDmaProfileScatterGather, PAGE, 0, 2u * PAGE);
    programs_clear();
    program_more = look_back;
    assert_int_equal(initialize(transaction, TO, 0, 2u * PAGE), STATUS_SUCCESS);
    assert_int_equal(WdfDmaTransactionExecute(transaction, NULL), STATUS_SUCCESS);
    unsigned synced = fake.syncs;
    assert_completed(WdfDmaTransactionDmaCompleted(transaction, completed), FALSE, STATUS_MORE_PROCESSING_REQUIRED);
    assert_true(fake.syncs > synced);
    assert_int_equal(program_count, 2);
    assert_completed(WdfDmaTransactionDmaCompleted(transaction, completed), TRUE, STATUS_SUCCESS);
    end_two();
}

/* The second EvtProgramDma ends the transaction and deletes it; DmaCompleted is on the stack. */
static void delete_the_second(WDFDMATRANSACTION t, PSCATTER_GATHER_LIST list)
{
    NTSTATUS status;
    (void)list;
    if (program_count != 2u) return;
    assert_true(WdfDmaTransactionDmaCompletedFinal(t, 0, &status));
    WdfObjectDelete(t);
    assert_int_equal(WdfDmaTransactionCreate(enabler, WDF_NO_OBJECT_ATTRIBUTES, &second), STATUS_SUCCESS);
}

static void WDC_09_nothing_of_it_is_touched_once_the_next_has_begun(void **state)
{
    (void)state;
    begin_transaction(WdfDmaProfileScatterGather, PAGE, 0, 2u * PAGE);
    programs_clear();
    program_more = delete_the_second;
    assert_int_equal(initialize(transaction, TO, 0, 2u * PAGE), STATUS_SUCCESS);
    assert_int_equal(WdfDmaTransactionExecute(transaction, NULL), STATUS_SUCCESS);
    assert_completed(WdfDmaTransactionDmaCompleted(transaction, completed), FALSE, STATUS_MORE_PROCESSING_REQUIRED);
    assert_ptr_equal(second, transaction);
    assert_int_equal(initialize(second, TO, 0, PAGE), STATUS_SUCCESS); /* CREATED: nobody has written its state */
    end_two();
}

/* ---- Cancel ------------------------------------------------------------------------------------------------------------ */

static void WCA_01_what_waits_is_taken_back_and_never_called(void **state)
{
    (void)state;
    begin_two(WdfDmaProfilePacket, PAGE, PAGE);
    assert_int_equal(initialize(transaction, TO, 0, PAGE), STATUS_SUCCESS);
    assert_int_equal(initialize(second, TO, 0, PAGE), STATUS_SUCCESS);
    assert_false(WdfDmaTransactionCancel(second)); /* not executed */
    assert_int_equal(WdfDmaTransactionExecute(transaction, NULL), STATUS_SUCCESS);
    assert_int_equal(WdfDmaTransactionExecute(second, NULL), STATUS_SUCCESS);
    assert_true(WdfDmaTransactionCancel(second));
    assert_false(WdfDmaTransactionCancel(second));
    assert_false(WdfDmaTransactionCancel(transaction)); /* in flight */
    assert_completed(WdfDmaTransactionDmaCompleted(transaction, completed), TRUE, STATUS_SUCCESS);
    assert_false(WdfDmaTransactionCancel(transaction)); /* over */
    assert_int_equal(program_count, 1);
    assert_int_equal(WdfDmaTransactionRelease(second), STATUS_SUCCESS);
    end_two();
}

static void WCA_02_between_two_transfers_it_depends_on_who_comes_first(void **state)
{
    (void)state;
    begin_two(WdfDmaProfilePacket, PAGE, 2u * PAGE);
    execute_all(transaction, TO, 0, 2u * PAGE);
    assert_false(WdfDmaTransactionCancel(transaction)); /* before: what runs is the last */
    assert_completed(WdfDmaTransactionDmaCompleted(transaction, completed), TRUE, STATUS_CANCELLED);
    assert_int_equal(WdfDmaTransactionGetBytesTransferred(transaction), PAGE);
    assert_int_equal(WdfDmaTransactionRelease(transaction), STATUS_SUCCESS);

    execute_all(transaction, TO, 0, 2u * PAGE); /* it was for once */
    assert_int_equal(initialize(second, TO, 0, PAGE), STATUS_SUCCESS);
    assert_int_equal(WdfDmaTransactionExecute(second, NULL), STATUS_SUCCESS);
    assert_completed(WdfDmaTransactionDmaCompleted(transaction, completed), FALSE, STATUS_MORE_PROCESSING_REQUIRED);
    assert_ptr_equal(programs[1].transaction, second); /* who waited is first, and its next transfer waits */
    assert_int_equal(WdfDmaTransactionGetCurrentDmaTransferLength(transaction), PAGE);
    assert_true(WdfDmaTransactionCancel(transaction));
    assert_completed(WdfDmaTransactionDmaCompleted(second, completed), TRUE, STATUS_SUCCESS);
    assert_int_equal(program_count, 2);
    end_two();
}

static void WCA_03_a_transfer_in_flight_is_ended_by_its_driver(void **state)
{
    (void)state;
    begin_transaction(WdfDmaProfileScatterGather, PAGE, 0, 2u * PAGE);
    execute_all(transaction, FROM, 0, 2u * PAGE);
    assert_false(WdfDmaTransactionCancel(transaction));
    assert_true(fake_open_frames() != 0u); /* until the driver has stopped its engine and says so */
    assert_completed(WdfDmaTransactionDmaCompletedWithLength(transaction, 30, completed), TRUE, STATUS_CANCELLED);
    assert_int_equal(WdfDmaTransactionGetBytesTransferred(transaction), 30);
    end_two();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        kmdf_test(WTX_09_several_transactions_of_a_scatter_gather_profile_run_at_once),
        kmdf_test(WTX_09_a_packet_profile_has_one_and_version_3_lets_others_wait),
        kmdf_test(WTX_09_a_packet_profile_of_version_2_is_busy),
        kmdf_test(WTX_10_a_transaction_may_be_deleted_before_execute_returns),
        kmdf_test(WTX_11_immediate_execution_is_now_or_never),
        kmdf_test(WPG_01_WTX_15_WTX_18_it_is_called_once_for_each_transfer),
        kmdf_test(WPG_01_the_bytes_of_every_transfer_go_where_they_belong),
        kmdf_test(WPG_02_what_it_returns_changes_nothing),
        kmdf_test(WPG_03_a_driver_that_cannot_start_ends_the_transaction_inside),
        kmdf_test(WPG_04_nothing_is_completed_while_the_device_runs),
        kmdf_test(WPG_05_a_list_is_over_when_its_transfer_is),
        kmdf_test(WPG_06_what_completes_inside_does_not_nest),
        kmdf_test(WDC_01_a_transfer_is_completed_once),
        kmdf_test(WDC_02_WTX_16_false_means_that_the_next_has_begun),
        kmdf_test(WDC_03_WTX_17_the_buffer_is_the_devices_until_true),
        kmdf_test(WDC_04_a_transfer_that_moved_less_goes_on_behind_it),
        kmdf_test(WDC_04_WDC_11_final_ends_it_with_success_whatever_is_left),
        kmdf_test(WDC_05_nothing_moved_is_the_same_transfer_again),
        kmdf_test(WDC_06_more_than_there_was_is_counted_as_nothing),
        kmdf_test(WDC_07_a_next_transfer_that_cannot_be_ends_it),
        kmdf_test(WDC_08_the_old_transfer_is_over_before_the_next_begins),
        kmdf_test(WDC_09_nothing_of_it_is_touched_once_the_next_has_begun),
        kmdf_test(WCA_01_what_waits_is_taken_back_and_never_called),
        kmdf_test(WCA_02_between_two_transfers_it_depends_on_who_comes_first),
        kmdf_test(WCA_03_a_transfer_in_flight_is_ended_by_its_driver),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
