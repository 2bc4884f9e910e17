/* SPDX-License-Identifier: Apache-2.0 */
/* The level of every function of the framework: VIOL_IRQL exactly where the contract's table 2.2 says no. */
#include "kmdf_fixture.h"

static BOOLEAN nothing(WDFINTERRUPT interrupt, WDFCONTEXT context)
{
    (void)interrupt;
    (void)context;
    return TRUE;
}

static VOID reserved(WDFDMATRANSACTION of, PVOID context)
{
    (void)of;
    (void)context;
}

/* Without any object: what is asked first is the level. */
static WDFOBJECT made;
static PVOID     out;
static NTSTATUS  said;
static WDF_DMA_ENABLER_CONFIG   dma;
static WDF_COMMON_BUFFER_CONFIG common;
static WDF_INTERRUPT_CONFIG     interrupt;

#define CALL(name, ...) static void call_##name(void) { (void)(__VA_ARGS__); }
CALL(enabler_create, WdfDmaEnablerCreate(NULL, &dma, NULL, (WDFDMAENABLER *)&made))
CALL(enabler_elements, (WdfDmaEnablerSetMaximumScatterGatherElements(NULL, 1), 0))
CALL(common_create, WdfCommonBufferCreate(NULL, 1, NULL, (WDFCOMMONBUFFER *)&made))
CALL(common_create_with, WdfCommonBufferCreateWithConfig(NULL, 1, &common, NULL, (WDFCOMMONBUFFER *)&made))
CALL(interrupt_create, WdfInterruptCreate(NULL, &interrupt, NULL, (WDFINTERRUPT *)&made))
CALL(map_io, MmMapIoSpace((PHYSICAL_ADDRESS){ .QuadPart = SOC_ENGINE }, 4, MmNonCached))
CALL(resources, WdfCmResourceListGetCount(NULL))
CALL(device_alignment, (WdfDeviceSetAlignmentRequirement(NULL, 0), 0))
CALL(device_alignment_get, WdfDeviceGetAlignmentRequirement(NULL))
CALL(enabler_maximum, WdfDmaEnablerGetMaximumLength(NULL))
CALL(enabler_fragment, WdfDmaEnablerGetFragmentLength(NULL, WdfDmaDirectionReadFromDevice))
CALL(enabler_elements_get, WdfDmaEnablerGetMaximumScatterGatherElements(NULL))
CALL(create, WdfDmaTransactionCreate(NULL, NULL, (WDFDMATRANSACTION *)&made))
CALL(initialize, WdfDmaTransactionInitialize(NULL, program, WdfDmaDirectionReadFromDevice, NULL, NULL, 1))
CALL(initialize_offset, WdfDmaTransactionInitializeUsingOffset(NULL, program, WdfDmaDirectionReadFromDevice, NULL, 0, 1))
CALL(initialize_request, WdfDmaTransactionInitializeUsingRequest(NULL, NULL, program, WdfDmaDirectionReadFromDevice))
CALL(maximum, (WdfDmaTransactionSetMaximumLength(NULL, 1), 0))
CALL(single, (WdfDmaTransactionSetSingleTransferRequirement(NULL, TRUE), 0))
CALL(immediate, (WdfDmaTransactionSetImmediateExecution(NULL, TRUE), 0))
CALL(info, (WdfDmaTransactionGetTransferInfo(NULL, NULL, NULL), 0))
CALL(allocate, WdfDmaTransactionAllocateResources(NULL, WdfDmaDirectionReadFromDevice, 1, reserved, NULL))
CALL(free_resources, (WdfDmaTransactionFreeResources(NULL), 0))
CALL(execute, WdfDmaTransactionExecute(NULL, NULL))
CALL(completed, WdfDmaTransactionDmaCompleted(NULL, &said))
CALL(completed_with, WdfDmaTransactionDmaCompletedWithLength(NULL, 0, &said))
CALL(completed_final, WdfDmaTransactionDmaCompletedFinal(NULL, 0, &said))
CALL(transferred, WdfDmaTransactionGetBytesTransferred(NULL))
CALL(current, WdfDmaTransactionGetCurrentDmaTransferLength(NULL))
CALL(get_device, WdfDmaTransactionGetDevice(NULL))
CALL(get_request, WdfDmaTransactionGetRequest(NULL))
CALL(cancel, WdfDmaTransactionCancel(NULL))
CALL(release, WdfDmaTransactionRelease(NULL))
CALL(common_virtual, WdfCommonBufferGetAlignedVirtualAddress(NULL))
CALL(common_logical, WdfCommonBufferGetAlignedLogicalAddress(NULL))
CALL(common_length, WdfCommonBufferGetLength(NULL))
CALL(synchronize, WdfInterruptSynchronize(NULL, nothing, NULL))
CALL(request_input, WdfRequestRetrieveInputWdmMdl(NULL, (PMDL *)&out))
CALL(request_output, WdfRequestRetrieveOutputWdmMdl(NULL, (PMDL *)&out))
CALL(request_set, (WdfRequestSetInformation(NULL, 1), 0))
CALL(request_get, WdfRequestGetInformation(NULL))
CALL(request_complete, (WdfRequestComplete(NULL, STATUS_SUCCESS), 0))
CALL(request_complete_with, (WdfRequestCompleteWithInformation(NULL, STATUS_SUCCESS, 1), 0))
CALL(queue_dpc, WdfInterruptQueueDpcForIsr(NULL))
CALL(acquire, (WdfInterruptAcquireLock(NULL), 0))
CALL(release_lock, (WdfInterruptReleaseLock(NULL), 0))

static const struct {
    void    (*call)(void);
    enum irql highest;
} table[] = {
    { call_enabler_create, IRQL_PASSIVE }, { call_enabler_elements, IRQL_PASSIVE }, { call_common_create, IRQL_PASSIVE },
    { call_common_create_with, IRQL_PASSIVE }, { call_interrupt_create, IRQL_PASSIVE }, { call_map_io, IRQL_PASSIVE },
    { call_resources, IRQL_PASSIVE }, { call_device_alignment, IRQL_DISPATCH }, { call_device_alignment_get, IRQL_DISPATCH },
    { call_enabler_maximum, IRQL_DISPATCH }, { call_enabler_fragment, IRQL_DISPATCH }, { call_enabler_elements_get, IRQL_DISPATCH },
    { call_create, IRQL_DISPATCH }, { call_initialize, IRQL_DISPATCH }, { call_initialize_offset, IRQL_DISPATCH },
    { call_initialize_request, IRQL_DISPATCH }, { call_maximum, IRQL_DISPATCH }, { call_single, IRQL_DISPATCH },
    { call_immediate, IRQL_DISPATCH }, { call_info, IRQL_DISPATCH }, { call_allocate, IRQL_DISPATCH },
    { call_free_resources, IRQL_DISPATCH }, { call_execute, IRQL_DISPATCH }, { call_completed, IRQL_DISPATCH },
    { call_completed_with, IRQL_DISPATCH }, { call_completed_final, IRQL_DISPATCH }, { call_transferred, IRQL_DISPATCH },
    { call_current, IRQL_DISPATCH }, { call_get_device, IRQL_DISPATCH }, { call_get_request, IRQL_DISPATCH },
    { call_cancel, IRQL_DISPATCH }, { call_release, IRQL_DISPATCH }, { call_common_virtual, IRQL_DISPATCH },
    { call_common_logical, IRQL_DISPATCH }, { call_common_length, IRQL_DISPATCH }, { call_synchronize, IRQL_DISPATCH },
    { call_request_input, IRQL_DISPATCH }, { call_request_output, IRQL_DISPATCH }, { call_request_set, IRQL_DISPATCH },
    { call_request_get, IRQL_DISPATCH }, { call_request_complete, IRQL_DISPATCH }, { call_request_complete_with, IRQL_DISPATCH },
    { call_queue_dpc, IRQL_DEVICE }, { call_acquire, IRQL_DEVICE }, { call_release_lock, IRQL_DEVICE },
};

static void IRQ_02_IRQ_08_every_function_of_the_framework_has_its_level(void **state)
{
    (void)state;
    const enum irql levels[] = { IRQL_PASSIVE, IRQL_DISPATCH, IRQL_DEVICE, IRQL_CLOCK };
    WDF_DMA_ENABLER_CONFIG_INIT(&dma, WdfDmaProfilePacket, PAGE);
    WDF_COMMON_BUFFER_CONFIG_INIT(&common, 0);
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        for (unsigned k = 0; k < 4u; k++) {
            enum irql old = irql_raise(levels[k]);
            table[i].call();
            assert_int_equal(irql_current(), levels[k]); /* it is the caller's again */
            irql_lower(old);
            bool refused = violation_count_of(VIOL_IRQL) != 0u;
            if (refused != (levels[k] > table[i].highest)) fail_msg("call %zu at %s", i, irql_name(levels[k]));
            violation_reset();
        }
    }
}

static void WTX_01_no_handle_but_a_live_one_of_its_kind_is_taken(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        if (table[i].call == call_map_io || table[i].call == call_resources) continue;
        table[i].call();
        if (violation_count() > 1u || violation_count_of(VIOL_WDF_STATE) != violation_count()) fail_msg("call %zu", i);
        violation_reset();
    }
    begin_transaction(WdfDmaProfileScatterGather, PAGE, 0, 8);
    assert_int_equal(WdfDmaEnablerGetMaximumLength((WDFDMAENABLER)(void *)transaction), 0);
    assert_violation(VIOL_WDF_STATE);
    assert_int_equal(WdfDmaTransactionRelease((WDFDMATRANSACTION)(void *)((char *)transaction + 8)), STATUS_INVALID_DEVICE_STATE);
    assert_violation(VIOL_WDF_STATE);
    WdfObjectDelete(&said);
    assert_violation(VIOL_WDF_STATE);
    enum irql old = irql_raise(IRQL_DISPATCH);
    WdfObjectDelete(enabler);
    assert_violation(VIOL_IRQL);
    irql_lower(old);
    ASSERT(transaction != NULL);
    assert_no_violation();
    ASSERT(transaction == NULL);
    assert_violation(VIOL_ASSERT);
    end_transaction();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        kmdf_test(IRQ_02_IRQ_08_every_function_of_the_framework_has_its_level),
        kmdf_test(WTX_01_no_handle_but_a_live_one_of_its_kind_is_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
