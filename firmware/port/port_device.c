/* SPDX-License-Identifier: Apache-2.0 */
/* Devices: their interrupt, their interrupt lock, their DPC. */
#include <assert.h>
#include <string.h>

#include "irql.h"
#include "port.h"
#include "port_private.h"
#include "trace.h"
#include "violation.h"

static struct packet_system system_;
static struct port_device   devices[VP_MAX_DEVICES];
static struct port_adapter  adapters[VP_MAX_ADAPTERS];
static struct map          *gates[VP_MAX_DEVICES];

void port_init(struct map *map, uint32_t direct_registers)
{
    memset(devices, 0, sizeof devices);
    memset(adapters, 0, sizeof adapters);
    memset(gates, 0, sizeof gates);
    gates[0] = map;
    packet_system_init(&system_, map, direct_registers);
}

unsigned port_add_gate(struct map *map)
{
    assert(map != NULL && map->page_bytes == gates[0]->page_bytes);
    (void)irql_assert_passive();
    for (unsigned i = 1; i < VP_MAX_DEVICES; i++) {
        if (gates[i] != NULL) continue;
        gates[i] = map;
        return i;
    }
    return 0u;
}

void port_set_timeout(uint32_t timeout_cycles)
{
    packet_system_set_timeout(&system_, timeout_cycles);
}

struct packet_system *port_system(void)
{
    return &system_;
}

struct port_adapter *port_adapters(void)
{
    return adapters;
}

struct port_device *port_devices(void)
{
    return devices;
}

struct port_device *port_device_of(PVOID extension)
{
    for (unsigned i = 0; i < VP_MAX_DEVICES && extension != NULL; i++) {
        if (devices[i].extension == extension) return &devices[i];
    }
    return NULL;
}

/* The interrupt lock is the device's level and a flag that finds who takes it twice. At the device's level. */
static void lock(struct port_device *device)
{
    assert(!device->lock_held);
    device->lock_held = true;
#if HAL_CHECKS
    device->locked_at = clock_cycles();
#endif
}

static void unlock(struct port_device *device)
{
#if HAL_CHECKS
    uint32_t held = clock_cycles() - device->locked_at;
    if (held > device->locked_cycles_max) device->locked_cycles_max = held;
#endif
    device->lock_held = false;
}

static bool interrupt(void *context)
{
    struct port_device *device = context;
    lock(device);
    BOOLEAN mine = device->interrupt(device->extension);
    unlock(device);
    if (mine) trace_record(TRACE_ISR, 0u, 0u, device->line);
    return mine != FALSE;
}

static void run_dpc(void *context, struct dpc_call call)
{
    struct port_device *device = context;
    trace_record(TRACE_DPC, 0u, 0u, 0u);
    ((PMINIPORT_DPC_ROUTINE)call.routine)(device->extension, call.argument);
    trace_record(TRACE_DPC_RETURN, 0u, 0u, 0u);
}

static struct port_device *free_entry(void)
{
    for (unsigned i = 0; i < VP_MAX_DEVICES; i++) {
        if (devices[i].extension == NULL) return &devices[i];
    }
    return NULL;
}

void port_device_connect(struct port_device *device, PVIDEO_HW_INTERRUPT routine, unsigned line)
{
    device->interrupt = routine;
    device->line = line;
    device->interrupts = true;
    irq_connect(&device->handler, line, interrupt, device);
    irq_enable(line);
}

VP_STATUS VpAttachDevice(PVOID HwDeviceExtension, const VP_DEVICE_ATTACHMENT *Attachment)
{
    if (!irql_assert_passive()) return ERROR_INVALID_PARAMETER;
    if (HwDeviceExtension == NULL || Attachment == NULL || Attachment->Channels == 0u
        || Attachment->Channels > MAP_CHANNELS_MAX || Attachment->Gate >= VP_MAX_DEVICES || gates[Attachment->Gate] == NULL
        || port_device_of(HwDeviceExtension) != NULL) {
        return ERROR_INVALID_PARAMETER;
    }
    struct port_device *device = free_entry();
    if (device == NULL) return ERROR_NOT_ENOUGH_MEMORY;

    *device = (struct port_device){
        .extension = HwDeviceExtension,
        .map = gates[Attachment->Gate],
        .channels = (1u << Attachment->Channels) - 1u,
        .quota = { .limit = Attachment->LockedPages },
    };
    dpc_init_object(&device->dpc, run_dpc, device);
    port_timer_attach(device, Attachment->HwTimer, Attachment->TimerPeriod);
    if (Attachment->HwInterrupt != NULL) port_device_connect(device, Attachment->HwInterrupt, (unsigned)Attachment->InterruptLine);
    return NO_ERROR;
}

/* What the miniport has made and not given back. */
static bool has_objects(const struct port_device *device)
{
    for (unsigned i = 0; i < VP_MAX_ADAPTERS; i++) {
        if (adapters[i].device == device) return true;
    }
    for (unsigned i = 0; i < VP_MAX_EVENTS; i++) {
        if (device->events[i].used) return true;
    }
    for (unsigned i = 0; i < VP_MAX_SPIN_LOCKS; i++) {
        if (device->spin_locks[i].state != PORT_SPIN_NONE) return true;
    }
    return device->locks != 0u || device->waiting != NULL || device->started != NULL;
}

VP_STATUS VpDetachDevice(PVOID HwDeviceExtension)
{
    if (!irql_assert_passive()) return ERROR_INVALID_PARAMETER;
    struct port_device *device = port_device_of(HwDeviceExtension);
    if (device == NULL) return ERROR_INVALID_PARAMETER;
    if (has_objects(device)) return ERROR_INVALID_PARAMETER;
    if (device->interrupts) irq_disconnect(&device->handler);
    port_timer_detach(device);
    dpc_remove_object(&device->dpc);
    memset(device, 0, sizeof *device);
    return NO_ERROR;
}

BOOLEAN VideoPortQueueDpc(PVOID HwDeviceExtension, PMINIPORT_DPC_ROUTINE CallbackRoutine, PVOID Context)
{
    if (!irql_assert_at_least(IRQL_DISPATCH)) return FALSE;
    struct port_device *device = port_device_of(HwDeviceExtension);
    if (device == NULL || CallbackRoutine == NULL) return FALSE;
    bool queued = dpc_queue(&device->dpc, (struct dpc_call){ (void (*)(void))CallbackRoutine, Context });
    trace_record(TRACE_DPC_QUEUED, 0u, 0u, queued);
    return queued ? TRUE : FALSE;
}

static BOOLEAN call_locked(struct port_device *device, PMINIPORT_SYNCHRONIZE_ROUTINE routine, PVOID context)
{
    enum irql old = irql_raise(IRQL_DEVICE);
    lock(device);
    BOOLEAN result = routine(context);
    unlock(device);
    irql_lower(old);
    return result;
}

static BOOLEAN call_raised(PMINIPORT_SYNCHRONIZE_ROUTINE routine, PVOID context)
{
    enum irql old = irql_current();
    if (old < IRQL_DISPATCH) (void)irql_raise(IRQL_DISPATCH);
    BOOLEAN result = routine(context);
    irql_lower(old);
    return result;
}

/* The lock comes and goes with the device, and is not recursive (IRQ-07). */
BOOLEAN VideoPortSynchronizeExecution(PVOID HwDeviceExtension, VIDEO_SYNCHRONIZE_PRIORITY Priority,
                                      PMINIPORT_SYNCHRONIZE_ROUTINE SynchronizeRoutine, PVOID Context)
{
    if (!irql_assert_at_most(IRQL_DEVICE) || SynchronizeRoutine == NULL) return FALSE;
    struct port_device *device = port_device_of(HwDeviceExtension);
    bool locked = Priority != VpLowPriority && (device == NULL || device->interrupts);
    if (locked && (device == NULL || device->lock_held)) {
        violation_report(VIOL_LOCK_RECURSION, (uintptr_t)HwDeviceExtension, device != NULL, irql_current(), 0u);
        return FALSE;
    }
    if (device == NULL) return FALSE;
    return locked ? call_locked(device, SynchronizeRoutine, Context) : call_raised(SynchronizeRoutine, Context);
}

ULONG VpInterruptLockCycles(PVOID HwDeviceExtension)
{
    const struct port_device *device = port_device_of(HwDeviceExtension);
    return device != NULL ? device->locked_cycles_max : 0u;
}

UCHAR VideoPortGetCurrentIrql(VOID)
{
    return (UCHAR)irql_current();
}
