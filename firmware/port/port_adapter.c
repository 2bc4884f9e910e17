/* SPDX-License-Identifier: Apache-2.0 */
/* Adapters: from a description to the packet core's configuration, handles, Put. */
#include <assert.h>
#include <string.h>

#include "irql.h"
#include "port_private.h"
#include "violation.h"

#define BITS_ISA 24u /* of a device that claims neither 32 nor 64 */

struct port_adapter *port_adapter_of(PVOID extension, PVP_DMA_ADAPTER handle)
{
    const uint8_t *at = (const uint8_t *)(const void *)handle;

    for (unsigned i = 0; i < VP_MAX_ADAPTERS && at != NULL; i++) {
        struct port_adapter *adapter = &port_adapters()[i];
        uintptr_t offset = (uintptr_t)at - (uintptr_t)adapter->handles;
        if (offset >= PORT_HANDLES) continue;
        if (adapter->device == NULL || handle != port_handle_of(adapter)) {
            violation_report(VIOL_STALE_ADAPTER, (uintptr_t)handle, (uintptr_t)extension, 0u, 0u);
            return NULL;
        }
        if (adapter->device->extension == extension) return adapter;
        break;
    }
    violation_report(VIOL_ADAPTER, (uintptr_t)handle, (uintptr_t)extension, 0u, 0u);
    return NULL;
}

/* 64 overrides 32; scatter/gather implies 32 at least (DD-03, DD-04). */
static unsigned claimed_bits(const VP_DEVICE_DESCRIPTION_EX *description)
{
    if (description->AddressBits != 0u) return description->AddressBits;
    if (description->Base.Dma64BitAddresses) return 64u;
    if (description->Base.Dma32BitAddresses || description->Base.ScatterGather) return 32u;
    return BITS_ISA;
}

static uint64_t reach_of(const VP_DEVICE_DESCRIPTION_EX *description)
{
    unsigned bits = claimed_bits(description);
    uint64_t reach = bits >= 64u ? UINT64_MAX : (UINT64_C(1) << bits) - 1u;
    uint64_t highest = (uint64_t)description->HighestAddress.QuadPart;
    return highest != 0u && highest < reach ? highest : reach;
}

static enum map_access frame_buffer_access(const VP_DEVICE_DESCRIPTION_EX *description)
{
    return (enum map_access)((description->FrameBufferRead ? MAP_READ : 0) | (description->FrameBufferWrite ? MAP_WRITE : 0));
}

/* Lists share an arena; what the device can take and what a list can hold both bound its elements. */
static void lists_divide(struct port_adapter *adapter, const VP_DEVICE_DESCRIPTION_EX *description,
                         struct packet_adapter_config *config)
{
    adapter->list_elements = VP_LIST_ELEMENTS / config->depth;
    uint32_t held = adapter->list_elements - 1u;
    config->elements_max = description->MaximumElements != 0u && description->MaximumElements < held
        ? description->MaximumElements : held;
}

static struct port_adapter *free_entry(void)
{
    for (unsigned i = 0; i < VP_MAX_ADAPTERS; i++) {
        if (port_adapters()[i].device == NULL) return &port_adapters()[i];
    }
    return NULL;
}

static bool description_sane(const VP_DEVICE_DESCRIPTION_EX *description)
{
    return description->Size == sizeof *description && description->Base.MaximumLength != 0u
           && description->Depth <= VP_MAX_DEPTH && description->AddressBits <= 64u;
}

/* Claiming a reach that the device's address width does not have is a lie that would truncate addresses (DD-09). */
static bool claims_too_much(const struct port_device *device, unsigned bits)
{
    return bits > device->map->addr_bits;
}

static struct port_adapter *adapter_open(struct port_device *device, const VP_DEVICE_DESCRIPTION_EX *description)
{
    struct port_adapter *adapter = free_entry();
    if (adapter == NULL) return NULL;

    struct packet_adapter_config config = {
        .face = &port_face,
        .map = device->map,
        .reach = reach_of(description),
        .maximum_bytes = description->Base.MaximumLength,
        .element_bytes_max = description->MaximumElementLength,
        .alignment_bytes = description->Alignment,
        .boundary_bytes = description->Boundary,
        .granularity_bytes = description->LengthGranularity,
        .registers_max = description->MapRegisters,
        .common_pages = description->CommonPages,
        .depth = description->Depth != 0u ? description->Depth : 1u,
        .bounce_pages = description->BouncePages,
        .bounce_always = description->BounceAlways != FALSE,
        .channels = device->channels,
        .channel = description->Channel,
        .windowed = !description->Base.ScatterGather,
        .device_bus = (uint32_t)description->FrameBuffer.QuadPart,
        .device_bytes = description->FrameBufferLength,
        .device_access = frame_buffer_access(description),
    };
    lists_divide(adapter, description, &config);
    if (packet_adapter_open(&adapter->core, port_system(), &config) != PACKET_OK) return NULL;
    memset(adapter->packets, 0, sizeof adapter->packets);
    adapter->lists_used = 0;
    for (unsigned i = 0; i < config.depth; i++) port_spoil(port_list_at(adapter, i), adapter->list_elements - 1u);
    adapter->life++;
    adapter->device = device;
    return adapter;
}

PVP_DMA_ADAPTER VpGetDmaAdapterEx(PVOID HwDeviceExtension, const VP_DEVICE_DESCRIPTION_EX *Description)
{
    if (!irql_assert_passive()) return NULL;
    struct port_device *device = port_device_of(HwDeviceExtension);
    if (device == NULL || Description == NULL || !description_sane(Description)) return NULL;
    if (claims_too_much(device, claimed_bits(Description))) {
        violation_report(VIOL_CAPABILITY, claimed_bits(Description), device->map->addr_bits, 0u, 0u);
        return NULL;
    }
    enum irql old = irql_raise(IRQL_DISPATCH); /* a DPC in the middle finds the list of adapters whole (ADP-10) */
    struct port_adapter *adapter = adapter_open(device, Description);
    irql_lower(old);
    return adapter != NULL ? port_handle_of(adapter) : NULL;
}

PVP_DMA_ADAPTER VideoPortGetDmaAdapter(PVOID HwDeviceExtension, PVP_DEVICE_DESCRIPTION VpDeviceDescription)
{
    if (!irql_assert_passive() || VpDeviceDescription == NULL) return NULL;
    VP_DEVICE_DESCRIPTION_EX description = {
        .Size = sizeof description,
        .Base = *VpDeviceDescription,
        .Channel = VP_ANY_CHANNEL,
    };
    port_device_memory(port_device_of(HwDeviceExtension), &description);
    return VpGetDmaAdapterEx(HwDeviceExtension, &description);
}

VOID VideoPortPutDmaAdapter(PVOID HwDeviceExtension, PVP_DMA_ADAPTER VpDmaAdapter)
{
    if (!irql_assert_passive()) return;
    struct port_adapter *adapter = port_adapter_of(HwDeviceExtension, VpDmaAdapter);
    if (adapter == NULL) return;
    enum irql old = irql_raise(IRQL_DISPATCH);
    if (packet_adapter_close(&adapter->core) == PACKET_OK) adapter->device = NULL;
    irql_lower(old);
}

BOOLEAN VpQueryAdapter(PVOID HwDeviceExtension, PVP_DMA_ADAPTER VpDmaAdapter, PVP_ADAPTER_INFORMATION Information)
{
    if (!irql_assert_at_most(IRQL_DISPATCH) || Information == NULL) return FALSE;
    struct port_adapter *adapter = port_adapter_of(HwDeviceExtension, VpDmaAdapter);
    if (adapter == NULL) return FALSE;
    const struct packet_adapter *core = &adapter->core;
    *Information = (VP_ADAPTER_INFORMATION){
        .Registers = core->registers,
        .RegistersFree = core->registers - core->registers_common - core->registers_packets,
        .MaximumElements = core->config.windowed ? 1u : core->config.elements_max,
        .Channel = core->channel,
        .Executing = core->executing,
        .Queued = core->queued,
        .Windowed = core->config.windowed,
        .Faulted = core->faulted,
        .Bounced = core->counts.bounced,
        .Quarantined = core->counts.quarantined,
        .FaultAddress.QuadPart = (LONGLONG)core->fault.address,
        .FaultCause = core->fault.cause,
        .FaultWrite = core->fault.access == MAP_WRITE,
    };
    return TRUE;
}

VP_STATUS VpResetAdapter(PVOID HwDeviceExtension, PVP_DMA_ADAPTER VpDmaAdapter)
{
    if (!irql_assert_at_most(IRQL_DISPATCH)) return ERROR_INVALID_PARAMETER;
    struct port_adapter *adapter = port_adapter_of(HwDeviceExtension, VpDmaAdapter);
    if (adapter == NULL) return ERROR_INVALID_PARAMETER;
    switch (packet_adapter_reset(&adapter->core)) {
    case PACKET_OK:            return NO_ERROR;
    case PACKET_ERR_STATE:     return ERROR_BUSY;
    case PACKET_ERR_FAULTED:
    case PACKET_ERR_ARGUMENT:
    case PACKET_ERR_RESOURCES: return VP_ERROR_IO_DEVICE;
    }
    return VP_ERROR_IO_DEVICE;
}
