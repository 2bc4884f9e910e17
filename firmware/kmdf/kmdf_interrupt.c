/* SPDX-License-Identifier: Apache-2.0 */
/* Interrupts: ISR, DPC, and the lock between them. */
#include "kmdf_private.h"
#include "trace.h"

struct kmdf_interrupt {
    struct kmdf_object   object;
    struct kmdf_device  *device;
    WDF_INTERRUPT_CONFIG config;
    struct irq_handler   handler;
    struct dpc           dpc;
    bool                 connected, locked; /* one hart: the lock is the device's level, and a flag that finds who takes it twice */
    enum irql            before;            /* of who called WdfInterruptAcquireLock() */
    uint64_t             context[KMDF_CONTEXT_BYTES / sizeof(uint64_t)];
};

static struct kmdf_interrupt interrupts[KMDF_INTERRUPTS];

static void gone(struct kmdf_object *object)
{
    dpc_remove_object(&((struct kmdf_interrupt *)(void *)object)->dpc);
}

const struct kmdf_kind kmdf_interrupts = { KMDF_POOL(kmdf_interrupt, interrupts), .gone = gone };

static WDFINTERRUPT handle_of(struct kmdf_interrupt *interrupt)
{
    return (WDFINTERRUPT)(void *)interrupt;
}

static WDFDEVICE device_of(const struct kmdf_interrupt *interrupt)
{
    return (WDFDEVICE)(void *)interrupt->device;
}

/* ---- The machine's side ---------------------------------------------------------------------------------------------- */

static bool isr(void *context)
{
    struct kmdf_interrupt *interrupt = context;
    interrupt->locked = true;
    BOOLEAN mine = interrupt->config.EvtInterruptIsr(handle_of(interrupt), 0u);
    interrupt->locked = false;
    if (mine) trace_record(TRACE_ISR, 0u, 0u, interrupt->device->bus->line);
    return mine != FALSE;
}

static void run_dpc(void *context, struct dpc_call call)
{
    struct kmdf_interrupt *interrupt = context;
    (void)call;
    trace_record(TRACE_DPC, 0u, 0u, 0u);
    interrupt->config.EvtInterruptDpc(handle_of(interrupt), device_of(interrupt));
    trace_record(TRACE_DPC_RETURN, 0u, 0u, 0u);
}

static NTSTATUS call_locked(struct kmdf_interrupt *interrupt, NTSTATUS (*callback)(WDFINTERRUPT, WDFDEVICE))
{
    if (callback == NULL) return STATUS_SUCCESS;
    enum irql old = irql_raise(IRQL_DEVICE);
    interrupt->locked = true;
    NTSTATUS status = callback(handle_of(interrupt), device_of(interrupt));
    interrupt->locked = false;
    irql_lower(old);
    return status;
}

/* What the device says while it is told that it may interrupt waits for the end of that. */
NTSTATUS kmdf_interrupts_up(struct kmdf_device *device)
{
    struct kmdf_interrupt *interrupt = NULL;
    while ((interrupt = kmdf_child(device, &kmdf_interrupts, interrupt)) != NULL) {
        irq_connect(&interrupt->handler, device->bus->line, isr, interrupt);
        irq_enable(device->bus->line);
        interrupt->connected = true;
        NTSTATUS status = call_locked(interrupt, interrupt->config.EvtInterruptEnable);
        if (!NT_SUCCESS(status)) return status;
    }
    return STATUS_SUCCESS;
}

NTSTATUS kmdf_interrupts_down(struct kmdf_device *device)
{
    NTSTATUS status = STATUS_SUCCESS;
    struct kmdf_interrupt *interrupt = NULL;
    while ((interrupt = kmdf_child(device, &kmdf_interrupts, interrupt)) != NULL) {
        if (!interrupt->connected) continue;
        NTSTATUS one = call_locked(interrupt, interrupt->config.EvtInterruptDisable);
        if (NT_SUCCESS(status)) status = one;
        irq_disconnect(&interrupt->handler);
        (void)dpc_dequeue(&interrupt->dpc);
        interrupt->connected = false;
    }
    return status;
}

/* ---- What a driver calls --------------------------------------------------------------------------------------------- */

NTSTATUS WdfInterruptCreate(WDFDEVICE Device, PWDF_INTERRUPT_CONFIG Configuration, PWDF_OBJECT_ATTRIBUTES Attributes,
                            WDFINTERRUPT *Interrupt)
{
    if (!irql_assert_passive() || Configuration == NULL || Interrupt == NULL) return STATUS_INVALID_PARAMETER;
    struct kmdf_device *device = kmdf_of(Device, kmdf_devices);
    if (device == NULL) return STATUS_INVALID_PARAMETER;
    if (Configuration->Size != sizeof *Configuration) return STATUS_INFO_LENGTH_MISMATCH;
    if (Configuration->EvtInterruptIsr == NULL) return STATUS_INVALID_PARAMETER;
    if (device->powered) {
        kmdf_wrong_state(device, device->powered, __func__);
        return STATUS_INVALID_DEVICE_REQUEST;
    }
    NTSTATUS status;
    struct kmdf_interrupt *interrupt = kmdf_object_take(&kmdf_interrupts, device, Attributes, &status);
    if (interrupt == NULL) return status;
    interrupt->device = device;
    interrupt->config = *Configuration;
    dpc_init_object(&interrupt->dpc, run_dpc, interrupt);
    *Interrupt = handle_of(interrupt);
    return STATUS_SUCCESS;
}

BOOLEAN WdfInterruptQueueDpcForIsr(WDFINTERRUPT Interrupt)
{
    if (!irql_assert_at_most(IRQL_DEVICE)) return FALSE;
    struct kmdf_interrupt *interrupt = kmdf_of(Interrupt, kmdf_interrupts);
    if (interrupt == NULL || interrupt->config.EvtInterruptDpc == NULL) return FALSE;
    enum irql old = irql_current();
    if (old < IRQL_DISPATCH) (void)irql_raise(IRQL_DISPATCH);
    bool queued = dpc_queue(&interrupt->dpc, (struct dpc_call){ NULL, NULL });
    trace_record(TRACE_DPC_QUEUED, 0u, 0u, queued);
    irql_lower(old);
    return queued ? TRUE : FALSE;
}

/* false, with the violation: it is held, or the device cannot interrupt (IRQ-07). */
static bool lockable(const struct kmdf_interrupt *interrupt)
{
    if (interrupt->connected && !interrupt->locked) return true;
    violation_report(VIOL_LOCK_RECURSION, (uintptr_t)interrupt, interrupt->connected, irql_current(), 0u);
    return false;
}

VOID WdfInterruptAcquireLock(WDFINTERRUPT Interrupt)
{
    if (!irql_assert_at_most(IRQL_DEVICE)) return;
    struct kmdf_interrupt *interrupt = kmdf_of(Interrupt, kmdf_interrupts);
    if (interrupt == NULL || !lockable(interrupt)) return;
    interrupt->before = irql_raise(IRQL_DEVICE);
    interrupt->locked = true;
}

VOID WdfInterruptReleaseLock(WDFINTERRUPT Interrupt)
{
    if (!irql_assert_at_most(IRQL_DEVICE)) return;
    struct kmdf_interrupt *interrupt = kmdf_of(Interrupt, kmdf_interrupts);
    if (interrupt == NULL) return;
    if (!interrupt->locked) {
        violation_report(VIOL_LOCK_RECURSION, (uintptr_t)interrupt, interrupt->connected, irql_current(), 0u);
        return;
    }
    interrupt->locked = false;
    irql_lower(interrupt->before);
}

BOOLEAN WdfInterruptSynchronize(WDFINTERRUPT Interrupt, PFN_WDF_INTERRUPT_SYNCHRONIZE Callback, WDFCONTEXT Context)
{
    if (!irql_assert_at_most(IRQL_DISPATCH) || Callback == NULL) return FALSE;
    struct kmdf_interrupt *interrupt = kmdf_of(Interrupt, kmdf_interrupts);
    if (interrupt == NULL || !lockable(interrupt)) return FALSE;
    enum irql old = irql_raise(IRQL_DEVICE);
    interrupt->locked = true;
    BOOLEAN result = Callback(Interrupt, Context);
    interrupt->locked = false;
    irql_lower(old);
    return result;
}

WDFDEVICE WdfInterruptGetDevice(WDFINTERRUPT Interrupt)
{
    const struct kmdf_interrupt *interrupt = kmdf_of(Interrupt, kmdf_interrupts);
    return interrupt != NULL ? device_of(interrupt) : NULL;
}
