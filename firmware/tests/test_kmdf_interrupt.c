/* SPDX-License-Identifier: Apache-2.0 */
/* A device's interrupt: ISR, DPC, lock. */
#include "kmdf_fixture.h"
#include "laws.h"

static WDFINTERRUPT interrupt;

/* The device: events that it has not told yet, and a line that is high while there are some. */
static unsigned events, isr_count, dpc_count, seen, dpc_seen;
static bool     mine;
static void   (*in_isr)(void), (*in_dpc)(void);

static void device_tells(unsigned count)
{
    events = count;
    host_irq_set(SOC_LINE_ENGINE, count != 0u);
}

/* As the core would take it. */
static void device_interrupts(unsigned count)
{
    device_tells(count);
    (void)host_irq_poll();
}

static BOOLEAN isr(WDFINTERRUPT of, ULONG message)
{
    assert_ptr_equal(of, interrupt);
    assert_int_equal(message, 0);
    assert_int_equal(KeGetCurrentIrql(), IRQL_DEVICE);
    isr_count++;
    if (in_isr != NULL) in_isr();
    if (!mine) return FALSE;
    seen++;
    device_tells(events - 1u);
    (void)WdfInterruptQueueDpcForIsr(of);
    return TRUE;
}

static VOID dpc(WDFINTERRUPT of, WDFOBJECT associated)
{
    assert_ptr_equal(of, interrupt);
    assert_ptr_equal(associated, device);
    assert_int_equal(KeGetCurrentIrql(), DISPATCH_LEVEL);
    dpc_count++;
    WdfInterruptAcquireLock(of); /* a snapshot of what the ISR keeps */
    dpc_seen += seen;
    seen = 0;
    WdfInterruptReleaseLock(of);
    assert_int_equal(KeGetCurrentIrql(), DISPATCH_LEVEL);
    if (in_dpc != NULL) in_dpc();
}

static char steps[100];

static void note(const char *name)
{
    strncat(steps, name, sizeof steps - strlen(steps) - 1u);
}

static NTSTATUS step(const char *name)
{
    assert_int_equal(KeGetCurrentIrql(), IRQL_DEVICE);
    note(name);
    WdfInterruptAcquireLock(interrupt); /* it is held */
    assert_violation(VIOL_LOCK_RECURSION);
    return STATUS_SUCCESS;
}

static NTSTATUS enable_status;
static NTSTATUS enable(WDFINTERRUPT of, WDFDEVICE whose)
{
    interrupt = of;
    device = whose;
    assert_ptr_equal(WdfInterruptGetDevice(of), whose);
    (void)step("enable ");
    return enable_status;
}

static NTSTATUS disable(WDFINTERRUPT of, WDFDEVICE whose)
{
    (void)of;
    assert_ptr_equal(whose, device);
    return step("disable ");
}

static NTSTATUS d0(WDFDEVICE made, WDF_POWER_DEVICE_STATE previous)
{
    (void)made;
    (void)previous;
    note("d0 ");
    WdfInterruptAcquireLock(interrupt); /* the device cannot interrupt yet */
    assert_violation(VIOL_LOCK_RECURSION);
    return STATUS_SUCCESS;
}

static NTSTATUS d0_exit(WDFDEVICE made, WDF_POWER_DEVICE_STATE target)
{
    note("exit ");
    return d0(made, target); /* nor can it any more */
}

static NTSTATUS fill(WDFDMAENABLER e)
{
    (void)e;
    note("fill ");
    return STATUS_SUCCESS;
}

static NTSTATUS add_interrupt(WDFDEVICE made)
{
    WDF_INTERRUPT_CONFIG config;
    WDF_INTERRUPT_CONFIG_INIT(&config, isr, dpc);
    config.EvtInterruptEnable = enable;
    config.EvtInterruptDisable = disable;
    NTSTATUS status = WdfInterruptCreate(made, &config, WDF_NO_OBJECT_ATTRIBUTES, &interrupt);
    return NT_SUCCESS(status) ? add_enabler(made) : status;
}

static void begin(WDF_DMA_PROFILE profile)
{
    isr_count = dpc_count = seen = dpc_seen = events = 0;
    in_isr = in_dpc = NULL;
    mine = true;
    steps[0] = '\0';
    enable_status = STATUS_SUCCESS;
    WDF_DMA_ENABLER_CONFIG_INIT(&enabler_config, profile, PAGE);
    assert_int_equal(add_device(add_interrupt), STATUS_SUCCESS);
}

static void end(void)
{
    remove_device();
    laws_check();
}

static void WIN_01_five_interrupts_and_one_dpc_that_sees_them_all(void **state)
{
    (void)state;
    begin(WdfDmaProfileScatterGather);
    enum irql old = irql_raise(IRQL_DISPATCH);
    for (unsigned i = 0; i < 5u; i++) device_interrupts(1);
    assert_int_equal(isr_count, 5);
    assert_int_equal(dpc_count, 0);
    irql_lower(old);
    assert_int_equal(dpc_count, 1);
    assert_int_equal(dpc_seen, 5);
    end();
}

static void WIN_01_what_is_not_mine_is_left_alone(void **state)
{
    (void)state;
    begin(WdfDmaProfileScatterGather);
    mine = false;
    device_interrupts(1);
    host_irq_set(SOC_LINE_ENGINE, false);
    assert_true(isr_count != 0u);
    assert_int_equal(irq_unclaimed(SOC_LINE_ENGINE), isr_count);
    assert_int_equal(dpc_count, 0);
    end();
}

static void lock_again(void)
{
    WdfInterruptAcquireLock(interrupt);
    assert_violation(VIOL_LOCK_RECURSION);
}

static void WIN_01_IRQ_07_the_isr_holds_the_lock(void **state)
{
    (void)state;
    begin(WdfDmaProfileScatterGather);
    in_isr = lock_again;
    device_interrupts(1);
    assert_int_equal(isr_count, 1);
    in_isr = NULL;

    WdfInterruptAcquireLock(interrupt);
    assert_int_equal(KeGetCurrentIrql(), IRQL_DEVICE);
    device_interrupts(1);
    assert_int_equal(isr_count, 1); /* shut out */
    lock_again();
    WdfInterruptReleaseLock(interrupt);
    assert_int_equal(isr_count, 2);
    assert_int_equal(KeGetCurrentIrql(), PASSIVE_LEVEL);
    WdfInterruptReleaseLock(interrupt);
    assert_violation(VIOL_LOCK_RECURSION);
    end();
}

static void queue_twice(void)
{
    in_dpc = NULL;
    assert_true(WdfInterruptQueueDpcForIsr(interrupt)); /* it runs, so it stands in the queue no more */
    assert_false(WdfInterruptQueueDpcForIsr(interrupt));
}

static void WIN_02_a_dpc_is_queued_once_and_again_while_it_runs(void **state)
{
    (void)state;
    begin(WdfDmaProfileScatterGather);
    enum irql old = irql_raise(IRQL_DISPATCH);
    assert_true(WdfInterruptQueueDpcForIsr(interrupt));
    assert_false(WdfInterruptQueueDpcForIsr(interrupt));
    in_dpc = queue_twice;
    irql_lower(old);
    assert_int_equal(dpc_count, 2);
    assert_true(WdfInterruptQueueDpcForIsr(interrupt)); /* at PASSIVE: it has run when this returns */
    assert_int_equal(dpc_count, 3);
    end();
}

/* Two transactions, of which the ISR keeps which are done. */
static WDFDMATRANSACTION both[2];
static unsigned          done, ended;

static void keep_done(void)
{
    done |= 1u << (events - 1u);
}

static void complete_done(void)
{
    for (unsigned i = 0; i < 2u; i++) {
        NTSTATUS status;
        if ((done >> i & 1u) == 0u) continue;
        done &= ~(1u << i);
        assert_true(WdfDmaTransactionDmaCompleted(both[i], &status));
        ended++;
    }
}

static void WIN_03_one_dpc_completes_all_that_the_isr_kept(void **state)
{
    (void)state;
    begin(WdfDmaProfileScatterGatherDuplex);
    mdl = lock_bytes(0, PAGE, MEMORY_ACCESS_MODIFY);
    programs_clear();
    ended = 0;
    for (unsigned i = 0; i < 2u; i++) {
        assert_int_equal(WdfDmaTransactionCreate(enabler, WDF_NO_OBJECT_ATTRIBUTES, &both[i]), STATUS_SUCCESS);
        assert_int_equal(initialize(both[i], i == 0u ? WdfDmaDirectionReadFromDevice : WdfDmaDirectionWriteToDevice, 0, PAGE), STATUS_SUCCESS);
        assert_int_equal(WdfDmaTransactionExecute(both[i], NULL), STATUS_SUCCESS);
    }
    in_isr = keep_done;
    in_dpc = complete_done;
    enum irql old = irql_raise(IRQL_DISPATCH);
    device_interrupts(2);
    irql_lower(old);
    assert_int_equal(dpc_count, 1);
    assert_int_equal(ended, 2);
    assert_int_equal(memory_unlock(mdl), MEMORY_OK);
    end();
}

static void WIN_04_IRQ_07_the_lock_and_the_interrupt_live_between_enable_and_disable(void **state)
{
    (void)state;
    power.EvtDeviceD0Entry = d0;
    power.EvtDeviceD0Exit = d0_exit;
    begin(WdfDmaProfileScatterGather);
    assert_string_equal(steps, "d0 enable ");
    steps[0] = '\0';
    end();
    assert_string_equal(steps, "disable exit d0 ");
    device_interrupts(1);
    assert_int_equal(isr_count, 0);
    host_irq_set(SOC_LINE_ENGINE, false);
}

static void WIN_04_a_device_that_cannot_interrupt_does_not_come_to_power(void **state)
{
    (void)state;
    begin(WdfDmaProfileScatterGather);
    end();
    enable_status = STATUS_UNSUCCESSFUL;
    enabler_config.EvtDmaEnablerFill = fill; /* is not reached */
    steps[0] = '\0';
    assert_int_equal(add_device(add_interrupt), STATUS_UNSUCCESSFUL);
    assert_string_equal(steps, "enable disable ");
    assert_no_violation();
}

static void WIN_04_an_interrupt_is_made_before_its_device_has_power(void **state)
{
    (void)state;
    WDFINTERRUPT late = NULL;
    WDF_INTERRUPT_CONFIG config;
    begin(WdfDmaProfileScatterGather);
    WDF_INTERRUPT_CONFIG_INIT(&config, isr, dpc);
    assert_int_equal(WdfInterruptCreate(device, &config, WDF_NO_OBJECT_ATTRIBUTES, &late), STATUS_INVALID_DEVICE_REQUEST);
    assert_violation(VIOL_WDF_STATE);
    config.EvtInterruptIsr = NULL;
    assert_int_equal(WdfInterruptCreate(device, &config, WDF_NO_OBJECT_ATTRIBUTES, &late), STATUS_INVALID_PARAMETER);
    config.Size++;
    assert_int_equal(WdfInterruptCreate(device, &config, WDF_NO_OBJECT_ATTRIBUTES, &late), STATUS_INFO_LENGTH_MISMATCH);
    assert_null(late);
    end();
}

/* The device is done before EvtProgramDma returns. */
static void done_at_once(WDFDMATRANSACTION t, PSCATTER_GATHER_LIST list)
{
    (void)t;
    (void)list;
    device_interrupts(1);
    assert_int_equal(isr_count, 1);
    assert_int_equal(dpc_count, 0);
}

static void WIN_05_a_dpc_does_not_overlap_a_callback_of_its_device(void **state)
{
    (void)state;
    begin(WdfDmaProfileScatterGather);
    assert_int_equal(WdfDmaTransactionCreate(enabler, WDF_NO_OBJECT_ATTRIBUTES, &transaction), STATUS_SUCCESS);
    mdl = lock_bytes(0, PAGE, MEMORY_ACCESS_READ);
    programs_clear();
    program_more = done_at_once;
    assert_int_equal(initialize(transaction, WdfDmaDirectionWriteToDevice, 0, PAGE), STATUS_SUCCESS);
    assert_int_equal(WdfDmaTransactionExecute(transaction, NULL), STATUS_SUCCESS);
    assert_int_equal(dpc_count, 1); /* when Execute lowered */
    assert_completed(WdfDmaTransactionDmaCompleted(transaction, completed), TRUE, STATUS_SUCCESS);
    assert_int_equal(memory_unlock(mdl), MEMORY_OK);
    end();
}

static BOOLEAN returns(WDFINTERRUPT of, WDFCONTEXT context)
{
    assert_ptr_equal(of, interrupt);
    assert_int_equal(KeGetCurrentIrql(), IRQL_DEVICE);
    lock_again();
    return *(BOOLEAN *)context;
}

static void WIN_06_what_is_called_under_the_lock_returns_its_own(void **state)
{
    (void)state;
    begin(WdfDmaProfileScatterGather);
    BOOLEAN wanted = TRUE;
    assert_true(WdfInterruptSynchronize(interrupt, returns, &wanted));
    wanted = FALSE;
    assert_false(WdfInterruptSynchronize(interrupt, returns, &wanted));
    assert_int_equal(KeGetCurrentIrql(), PASSIVE_LEVEL);
    wanted = TRUE;
    WdfInterruptAcquireLock(interrupt);
    enum irql old = irql_current();
    assert_false(WdfInterruptSynchronize(interrupt, returns, &wanted)); /* above DISPATCH */
    assert_violation(VIOL_IRQL);
    assert_int_equal(irql_current(), old);
    WdfInterruptReleaseLock(interrupt);
    end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        kmdf_test(WIN_01_five_interrupts_and_one_dpc_that_sees_them_all),
        kmdf_test(WIN_01_what_is_not_mine_is_left_alone),
        kmdf_test(WIN_01_IRQ_07_the_isr_holds_the_lock),
        kmdf_test(WIN_02_a_dpc_is_queued_once_and_again_while_it_runs),
        kmdf_test(WIN_03_one_dpc_completes_all_that_the_isr_kept),
        kmdf_test(WIN_04_IRQ_07_the_lock_and_the_interrupt_live_between_enable_and_disable),
        kmdf_test(WIN_04_a_device_that_cannot_interrupt_does_not_come_to_power),
        kmdf_test(WIN_04_an_interrupt_is_made_before_its_device_has_power),
        kmdf_test(WIN_05_a_dpc_does_not_overlap_a_callback_of_its_device),
        kmdf_test(WIN_06_what_is_called_under_the_lock_returns_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
