/* SPDX-License-Identifier: Apache-2.0 */
/* The timer of a device: the clock queues a DPC in every period, and the DPC calls the miniport. */
#include "irql.h"
#include "port_private.h"
#include "trace.h"
#include "violation.h"

#define SECOND_US 1000000u

static void run_tick(void *context, struct dpc_call call)
{
    struct port_device *device = context;
    (void)call;
    trace_record(TRACE_DPC, 0u, 0u, 0u);
    device->in_tick = true;
    device->tick(device->extension);
    device->in_tick = false;
    trace_record(TRACE_DPC_RETURN, 0u, 0u, 0u);
}

/* At CLOCK: a DPC that hangs holds up the tick, not the clock. FALSE of the queue: the tick before has not run yet. */
static void expired(void *context)
{
    struct port_device *device = context;
    clock_timer_start(&device->tick_timer, device->tick_cycles, expired, device);
    bool queued = dpc_queue(&device->tick_dpc, (struct dpc_call){ .argument = NULL });
    trace_record(TRACE_DPC_QUEUED, 0u, 0u, queued);
}

void port_timer_attach(struct port_device *device, PVIDEO_HW_TIMER tick, ULONG period_us)
{
    device->tick = tick;
    device->tick_cycles = clock_cycles_of_us(period_us != 0u ? period_us : SECOND_US);
    if (tick != NULL) dpc_init_object(&device->tick_dpc, run_tick, device);
}

/* Neither the clock nor the queue knows of it any more. At DISPATCH, where no tick runs. */
static void stop(struct port_device *device)
{
    device->ticking = false;
    (void)clock_timer_stop(&device->tick_timer);
    (void)dpc_dequeue(&device->tick_dpc);
}

void port_timer_detach(struct port_device *device)
{
    if (device->tick == NULL) return;
    enum irql old = irql_raise(IRQL_DISPATCH);
    stop(device);
    irql_lower(old);
    dpc_remove_object(&device->tick_dpc);
}

static struct port_device *timed_device(PVOID extension)
{
    struct port_device *device = port_device_of(extension);
    if (device != NULL && device->tick != NULL) return device;
    violation_report(VIOL_TIMER, (uintptr_t)extension, 0u, 0u, 0u);
    return NULL;
}

VOID VideoPortStartTimer(PVOID HwDeviceExtension)
{
    if (!irql_assert_at_most(IRQL_DISPATCH)) return;
    struct port_device *device = timed_device(HwDeviceExtension);
    if (device == NULL) return;
    enum irql old = irql_raise(IRQL_DISPATCH); /* a DPC that stops it in the middle would stop half of it */
    if (!device->ticking) clock_timer_start(&device->tick_timer, device->tick_cycles, expired, device);
    device->ticking = true;
    irql_lower(old);
}

VOID VideoPortStopTimer(PVOID HwDeviceExtension)
{
    if (!irql_assert_at_most(IRQL_DISPATCH)) return;
    struct port_device *device = timed_device(HwDeviceExtension);
    if (device == NULL) return;
    if (device->in_tick) {
        violation_report(VIOL_TIMER, (uintptr_t)HwDeviceExtension, 1u, 0u, 0u);
        return;
    }
    enum irql old = irql_raise(IRQL_DISPATCH);
    stop(device);
    irql_lower(old);
}
