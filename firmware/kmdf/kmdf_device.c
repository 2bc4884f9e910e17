/* SPDX-License-Identifier: Apache-2.0 */
/* Devices: device-add, hardware, power; and what a driver says of the kernel. */
#include <assert.h>
#include <string.h>

#include "cache.h"
#include "kmdf_private.h"

static struct kmdf_device devices[KMDF_DEVICES];
const struct kmdf_kind kmdf_devices = { KMDF_POOL(kmdf_device, devices) };

static struct packet_system system_;

/* What device-add gets, and what it makes of it. */
struct WDFDEVICE_INIT {
    const struct kmdf_bus_device *bus;
    WDF_PNPPOWER_EVENT_CALLBACKS  callbacks;
    struct kmdf_device           *made;
};

struct WDFCMRESLIST__ {
    unsigned count;
    CM_PARTIAL_RESOURCE_DESCRIPTOR descriptors[KMDF_RANGES + 1u];
};

void kmdf_init(struct map *map, uint32_t direct_registers)
{
    assert(map != NULL);
    kmdf_objects_init();
    packet_system_init(&system_, map, direct_registers);
}

struct packet_system *kmdf_system(void)
{
    return &system_;
}

/* ---- What a driver calls --------------------------------------------------------------------------------------------- */

VOID WdfDeviceInitSetPnpPowerEventCallbacks(PWDFDEVICE_INIT DeviceInit, PWDF_PNPPOWER_EVENT_CALLBACKS PnpPowerEventCallbacks)
{
    if (!irql_assert_passive() || DeviceInit == NULL || PnpPowerEventCallbacks == NULL) return;
    if (PnpPowerEventCallbacks->Size == sizeof *PnpPowerEventCallbacks) DeviceInit->callbacks = *PnpPowerEventCallbacks;
    else kmdf_wrong_state(PnpPowerEventCallbacks, PnpPowerEventCallbacks->Size, __func__);
}

NTSTATUS WdfDeviceCreate(PWDFDEVICE_INIT *DeviceInit, PWDF_OBJECT_ATTRIBUTES DeviceAttributes, WDFDEVICE *Device)
{
    if (!irql_assert_passive() || DeviceInit == NULL || *DeviceInit == NULL || Device == NULL) return STATUS_INVALID_PARAMETER;
    PWDFDEVICE_INIT init = *DeviceInit;
    NTSTATUS status;
    struct kmdf_device *device = kmdf_object_take(&kmdf_devices, NULL, DeviceAttributes, &status);
    if (device == NULL) return status;
    device->bus = init->bus;
    device->callbacks = init->callbacks;
    init->made = device;
    *DeviceInit = NULL;
    *Device = (WDFDEVICE)(void *)device;
    return STATUS_SUCCESS;
}

VOID WdfDeviceSetAlignmentRequirement(WDFDEVICE Device, ULONG AlignmentRequirement)
{
    if (!irql_assert_at_most(IRQL_DISPATCH)) return;
    struct kmdf_device *device = kmdf_of(Device, kmdf_devices);
    if (device == NULL) return;
    if ((AlignmentRequirement & (AlignmentRequirement + 1u)) == 0u) device->alignment = AlignmentRequirement;
    else kmdf_wrong_state(device, AlignmentRequirement, __func__); /* no mask */
}

ULONG WdfDeviceGetAlignmentRequirement(WDFDEVICE Device)
{
    if (!irql_assert_at_most(IRQL_DISPATCH)) return 0u;
    const struct kmdf_device *device = kmdf_of(Device, kmdf_devices);
    return device != NULL ? device->alignment : 0u;
}

ULONG WdfCmResourceListGetCount(WDFCMRESLIST List)
{
    return irql_assert_passive() && List != NULL ? List->count : 0u;
}

PCM_PARTIAL_RESOURCE_DESCRIPTOR WdfCmResourceListGetDescriptor(WDFCMRESLIST List, ULONG Index)
{
    return irql_assert_passive() && List != NULL && Index < List->count ? &List->descriptors[Index] : NULL;
}

/* ---- Up, down -------------------------------------------------------------------------------------------------------- */

static struct WDFCMRESLIST__ resources_of(const struct kmdf_bus_device *bus)
{
    struct WDFCMRESLIST__ list = { .count = bus->range_count + 1u };
    for (unsigned i = 0; i < bus->range_count; i++) {
        list.descriptors[i].Type = CmResourceTypeMemory;
        list.descriptors[i].u.Memory.Start.QuadPart = bus->ranges[i].start;
        list.descriptors[i].u.Memory.Length = bus->ranges[i].bytes;
    }
    list.descriptors[bus->range_count].Type = CmResourceTypeInterrupt;
    list.descriptors[bus->range_count].u.Interrupt.Level = bus->line;
    list.descriptors[bus->range_count].u.Interrupt.Vector = bus->line;
    return list;
}

static WDFDEVICE handle_of(struct kmdf_device *device)
{
    return (WDFDEVICE)(void *)device;
}

static NTSTATUS prepare(struct kmdf_device *device)
{
    struct WDFCMRESLIST__ list = resources_of(device->bus);
    PFN_WDF_DEVICE_PREPARE_HARDWARE prepare_hardware = device->callbacks.EvtDevicePrepareHardware;
    return prepare_hardware != NULL ? prepare_hardware(handle_of(device), &list, &list) : STATUS_SUCCESS;
}

static NTSTATUS release(struct kmdf_device *device)
{
    struct WDFCMRESLIST__ list = resources_of(device->bus);
    PFN_WDF_DEVICE_RELEASE_HARDWARE release_hardware = device->callbacks.EvtDeviceReleaseHardware;
    return release_hardware != NULL ? release_hardware(handle_of(device), &list) : STATUS_SUCCESS;
}

static NTSTATUS enter_d0(struct kmdf_device *device)
{
    PFN_WDF_DEVICE_D0_ENTRY entry = device->callbacks.EvtDeviceD0Entry;
    return entry != NULL ? entry(handle_of(device), WdfPowerDeviceD3Final) : STATUS_SUCCESS;
}

static NTSTATUS leave_d0(struct kmdf_device *device)
{
    PFN_WDF_DEVICE_D0_EXIT leave = device->callbacks.EvtDeviceD0Exit;
    return leave != NULL ? leave(handle_of(device), WdfPowerDeviceD3Final) : STATUS_SUCCESS;
}

static NTSTATUS dma_up(struct kmdf_device *device)
{
    device->powered = true;
    return kmdf_enablers_up(device);
}

static NTSTATUS dma_down(struct kmdf_device *device)
{
    NTSTATUS status = kmdf_enablers_down(device);
    device->powered = false;
    return status;
}

/* Each step up, and the step down that ends it. */
static const struct step {
    NTSTATUS (*up)(struct kmdf_device *device);
    NTSTATUS (*down)(struct kmdf_device *device);
} steps[] = { { prepare, release }, { enter_d0, leave_d0 }, { kmdf_interrupts_up, kmdf_interrupts_down }, { dma_up, dma_down } };
#define STEPS (sizeof steps / sizeof steps[0])

/* Ends the first count steps. @return what the first callback that failed returned */
static NTSTATUS go_down(struct kmdf_device *device, size_t count)
{
    NTSTATUS status = STATUS_SUCCESS;
    while (count-- != 0u) {
        NTSTATUS one = steps[count].down(device);
        if (NT_SUCCESS(status)) status = one;
    }
    return status;
}

static NTSTATUS go_up(struct kmdf_device *device)
{
    for (size_t i = 0; i < STEPS; i++) {
        NTSTATUS status = steps[i].up(device);
        if (NT_SUCCESS(status)) continue;
        (void)go_down(device, i + 1u); /* one that failed half way is ended too */
        return status;
    }
    return STATUS_SUCCESS;
}

NTSTATUS kmdf_device_add(PFN_WDF_DRIVER_DEVICE_ADD add, const struct kmdf_bus_device *bus, WDFDEVICE *device)
{
    bool sane = add != NULL && bus != NULL && device != NULL && bus->range_count <= KMDF_RANGES && bus->channels != 0u
             && bus->channels <= MAP_CHANNELS_MAX && bus->line < SOC_LINES;
    if (!irql_assert_passive() || !sane) return STATUS_INVALID_PARAMETER;

    struct WDFDEVICE_INIT init = { .bus = bus };
    NTSTATUS status = add(NULL, &init);
    if (NT_SUCCESS(status)) status = init.made != NULL ? go_up(init.made) : STATUS_INVALID_DEVICE_STATE;
    if (!NT_SUCCESS(status)) {
        if (init.made != NULL) (void)kmdf_object_delete(&init.made->object);
        return status;
    }
    *device = handle_of(init.made);
    return STATUS_SUCCESS;
}

/* A transaction is in transfer, or a client waits. */
static bool busy(const struct kmdf_device *device)
{
    const struct kmdf_object *request = NULL;
    while ((request = kmdf_child(device, &kmdf_requests, request)) != NULL) {
        if (kmdf_requests.in_use(request)) return true;
    }
    return kmdf_transferring(device);
}

NTSTATUS kmdf_device_remove(WDFDEVICE Device)
{
    if (!irql_assert_passive()) return STATUS_INVALID_PARAMETER;
    struct kmdf_device *device = kmdf_of(Device, kmdf_devices);
    if (device == NULL) return STATUS_INVALID_PARAMETER;
    if (busy(device)) {
        kmdf_wrong_state(device, 0u, __func__);
        return STATUS_INVALID_DEVICE_STATE;
    }
    (void)go_down(device, STEPS); /* a device that is gone cannot fail any more */
    return kmdf_object_delete(&device->object) ? STATUS_SUCCESS : STATUS_INVALID_DEVICE_STATE;
}
