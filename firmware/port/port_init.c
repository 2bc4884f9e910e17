/* SPDX-License-Identifier: Apache-2.0 */
/* Drivers and their devices: DriverEntry, find-adapter, what a device's ranges are. */
#include <assert.h>
#include <string.h>

#include "cache.h"
#include "irql.h"
#include "port.h"
#include "port_private.h"
#include "trace.h"
#include "violation.h"

/* Two words: what the extension's first member wants, whatever it is. */
static uint64_t extensions[VP_MAX_DEVICES][VP_EXTENSION_BYTES / sizeof(uint64_t)];

static const struct port_bus *loading; /* of the DriverEntry that runs */

ULONG port_load_driver(ULONG (*entry)(PVOID Context1, PVOID Context2), const struct port_bus *bus)
{
    assert(entry != NULL && bus != NULL);
    static WCHAR nothing;

    if (!irql_assert_passive()) return ERROR_INVALID_PARAMETER;
    loading = bus;
    ULONG status = entry((PVOID)(uintptr_t)bus, &nothing);
    loading = NULL;
    return status;
}

/* ---- Find-adapter -------------------------------------------------------------------------------------------------- */

static bool taken(const struct port_bus_device *found)
{
    for (unsigned i = 0; i < VP_MAX_DEVICES; i++) {
        if (port_devices()[i].bus == found) return true;
    }
    return false;
}

/* Room for an extension, zeroed, that no device has. */
static PVOID extension_take(void)
{
    for (unsigned i = 0; i < VP_MAX_DEVICES; i++) {
        if (port_device_of(extensions[i]) != NULL) continue;
        memset(extensions[i], 0, sizeof extensions[i]);
        return extensions[i];
    }
    return NULL;
}

static VP_STATUS ask_miniport(struct port_device *device, const VIDEO_HW_INITIALIZATION_DATA *data, PVOID argument2,
                              PVOID context)
{
    UCHAR again = FALSE;
    VIDEO_PORT_CONFIG_INFO config = {
        .Length = sizeof config,
        .AdapterInterfaceType = data->AdapterInterfaceType,
        .BusInterruptLevel = device->bus->line,
        .BusInterruptVector = device->bus->line,
        .InterruptMode = LevelSensitive,
        .InterruptShareable = 1u,
        .Master = TRUE,
        .DriverRegistryPath = argument2,
        .SystemMemorySize = SOC_BUS_HOST_BYTES,
    };
    VP_STATUS status = data->HwFindAdapter(device->extension, context, NULL, &config, &again);
    if (status != NO_ERROR) return status;
    if (data->HwInterrupt != NULL && config.BusInterruptLevel >= SOC_LINES) return ERROR_INVALID_PARAMETER;
    if (data->HwInterrupt != NULL) port_device_connect(device, data->HwInterrupt, (unsigned)config.BusInterruptLevel);
    return NO_ERROR;
}

static VP_STATUS find(const struct port_bus_device *bus, const VIDEO_HW_INITIALIZATION_DATA *data, PVOID argument2, PVOID context)
{
    VP_DEVICE_ATTACHMENT attachment = { .Channels = (UCHAR)bus->channels, .Gate = (UCHAR)bus->gate, .HwTimer = data->HwTimer };
    PVOID extension = extension_take();
    VP_STATUS status = extension != NULL ? VpAttachDevice(extension, &attachment) : ERROR_NOT_ENOUGH_MEMORY;
    if (status != NO_ERROR) return status;

    struct port_device *device = port_device_of(extension);
    device->bus = bus;
    status = ask_miniport(device, data, argument2, context);
    if (status == NO_ERROR) {
        device->initialize = data->HwInitialize;
        device->start_io = data->HwStartIO;
        return NO_ERROR;
    }
    if (VpDetachDevice(extension) != NO_ERROR) violation_report(VIOL_LEAK, (uintptr_t)extension, (uintptr_t)status, 0u, 0u);
    return status;
}

static ULONG judge(const VIDEO_HW_INITIALIZATION_DATA *data, ULONG bytes)
{
    if (bytes < SIZE_OF_NT4_VIDEO_HW_INITIALIZATION_DATA || bytes > sizeof *data) return VP_STATUS_REVISION_MISMATCH;
    if (data->HwFindAdapter == NULL || data->HwInitialize == NULL || data->HwStartIO == NULL) return ERROR_INVALID_PARAMETER;
    return data->HwDeviceExtensionSize <= VP_EXTENSION_BYTES ? NO_ERROR : ERROR_NOT_ENOUGH_MEMORY;
}

ULONG VideoPortInitialize(PVOID Argument1, PVOID Argument2, PVIDEO_HW_INITIALIZATION_DATA HwInitializationData, PVOID HwContext)
{
    if (!irql_assert_passive()) return ERROR_INVALID_PARAMETER;
    const struct port_bus *bus = loading;
    if (bus == NULL || Argument1 != bus || HwInitializationData == NULL) return ERROR_INVALID_PARAMETER;

    ULONG status = judge(HwInitializationData, HwInitializationData->HwInitDataSize);
    if (status != NO_ERROR) return status;
    status = ERROR_DEV_NOT_EXIST;
    bool found = false;
    for (unsigned i = 0; i < bus->count; i++) {
        if (taken(&bus->devices[i])) continue;
        VP_STATUS one = find(&bus->devices[i], HwInitializationData, Argument2, HwContext);
        found = found || one == NO_ERROR;
        if (one != ERROR_DEV_NOT_EXIST) status = (ULONG)one;
    }
    return found ? NO_ERROR : status;
}

/* ---- Ranges -------------------------------------------------------------------------------------------------------- */

static const struct port_bus_device *bus_of(PVOID extension)
{
    const struct port_device *device = port_device_of(extension);
    return device != NULL ? device->bus : NULL;
}

VP_STATUS VideoPortGetAccessRanges(PVOID HwDeviceExtension, ULONG NumRequestedResources,
                                   struct _IO_RESOURCE_DESCRIPTOR *RequestedResources, ULONG NumAccessRanges,
                                   PVIDEO_ACCESS_RANGE AccessRanges, PVOID VendorId, PVOID DeviceId, PULONG Slot)
{
    const struct port_bus_device *bus = bus_of(HwDeviceExtension);
    bool plain = NumRequestedResources == 0u && RequestedResources == NULL && VendorId == NULL && DeviceId == NULL;
    if (!irql_assert_passive() || bus == NULL || !plain || AccessRanges == NULL) return ERROR_INVALID_PARAMETER;
    if (bus->range_count > NumAccessRanges) return ERROR_MORE_DATA;

    memset(AccessRanges, 0, NumAccessRanges * sizeof *AccessRanges);
    memcpy(AccessRanges, bus->ranges, bus->range_count * sizeof *AccessRanges);
    if (Slot != NULL) *Slot = 0u;
    return NO_ERROR;
}

PVOID VideoPortGetDeviceBase(PVOID HwDeviceExtension, PHYSICAL_ADDRESS IoAddress, ULONG NumberOfUchars, UCHAR InIoSpace)
{
    const struct port_bus_device *bus = bus_of(HwDeviceExtension);
    if (!irql_assert_passive() || bus == NULL || InIoSpace != 0u || NumberOfUchars == 0u) return NULL;

    for (unsigned i = 0; i < bus->range_count; i++) {
        const VIDEO_ACCESS_RANGE *range = &bus->ranges[i];
        uint64_t offset = (uint64_t)IoAddress.QuadPart - (uint64_t)range->RangeStart.QuadPart;
        if (offset >= range->RangeLength || NumberOfUchars > range->RangeLength - offset) continue;
        uint32_t address = (uint32_t)IoAddress.QuadPart;
        void *memory = cache_uncached(address); /* NULL: registers, which stand where the bus says */
        return memory != NULL ? memory : (PVOID)(uintptr_t)address;
    }
    return NULL;
}

void port_device_memory(const struct port_device *device, VP_DEVICE_DESCRIPTION_EX *description)
{
    const struct port_bus_device *bus = device != NULL ? device->bus : NULL;
    for (unsigned i = 0; bus != NULL && i < bus->range_count; i++) {
        const VIDEO_ACCESS_RANGE *range = &bus->ranges[i];
        if (cache_uncached((uint32_t)range->RangeStart.QuadPart) == NULL) continue;
        description->FrameBuffer = range->RangeStart;
        description->FrameBufferLength = range->RangeLength;
        description->FrameBufferRead = TRUE;
        description->FrameBufferWrite = TRUE;
    }
}

VOID VideoPortFreeDeviceBase(PVOID HwDeviceExtension, PVOID MappedAddress)
{
    (void)irql_assert_passive();
    (void)HwDeviceExtension;
    (void)MappedAddress;
}

/* ---- Log ----------------------------------------------------------------------------------------------------------- */

VOID VideoPortLogError(PVOID HwDeviceExtension, PVIDEO_REQUEST_PACKET Vrp, VP_STATUS ErrorCode, ULONG UniqueId)
{
    struct port_device *device = port_device_of(HwDeviceExtension);
    if (device == NULL) return;
    ULONG code = Vrp != NULL ? Vrp->IoControlCode : 0u;
    uint32_t saved = irql_interrupts_off();
    device->error = (VP_LOGGED_ERROR){ device->error.Count + 1u, code, ErrorCode, UniqueId };
    irql_interrupts_restore(saved);
    trace_record(TRACE_STATUS, 0u, 0u, (uint32_t)ErrorCode);
}

BOOLEAN VpQueryError(PVOID HwDeviceExtension, PVP_LOGGED_ERROR Error)
{
    const struct port_device *device = port_device_of(HwDeviceExtension);
    if (device == NULL || Error == NULL) return FALSE;
    *Error = device->error;
    return TRUE;
}
