/* SPDX-License-Identifier: Apache-2.0 */
/* Common buffers, registers, plain memory. */
#include <string.h>

#include "clock.h"
#include "irql.h"
#include "mmio.h"
#include "port_private.h"
#include "violation.h"

PVOID VideoPortAllocateCommonBuffer(PVOID HwDeviceExtension, PVP_DMA_ADAPTER VpDmaAdapter, ULONG DesiredLength,
                                    PPHYSICAL_ADDRESS LogicalAddress, BOOLEAN CacheEnabled, PVOID Reserved)
{
    if (!irql_assert_passive() || LogicalAddress == NULL || Reserved != NULL || DesiredLength == 0u) return NULL;
    struct port_adapter *adapter = port_adapter_of(HwDeviceExtension, VpDmaAdapter);
    if (adapter == NULL) return NULL;
    const struct packet_common *common = CacheEnabled ? packet_common_take_cached(&adapter->core, DesiredLength)
                                                      : packet_common_take_uncached(&adapter->core, DesiredLength);
    if (common == NULL) return NULL;
    LogicalAddress->QuadPart = (LONGLONG)common->logical;
    return common->cpu;
}

VOID VideoPortReleaseCommonBuffer(PVOID HwDeviceExtension, PVP_DMA_ADAPTER VpDmaAdapter, ULONG Length,
                                  PHYSICAL_ADDRESS LogicalAddress, PVOID VirtualAddress, BOOLEAN CacheEnabled)
{
    if (!irql_assert_passive()) return;
    struct port_adapter *adapter = port_adapter_of(HwDeviceExtension, VpDmaAdapter);
    if (adapter == NULL) return;
    struct packet_common receipt = {
        .adapter = &adapter->core,
        .cpu = VirtualAddress,
        .logical = (uint64_t)LogicalAddress.QuadPart,
        .bytes = Length,
        .cached = CacheEnabled != FALSE,
    };
    (void)packet_common_give(&receipt);
}

/* ---- The pair without an adapter ------------------------------------------------------------------------------------- */

static struct port_adapter *first_adapter_of(PVOID extension)
{
    const struct port_device *device = port_device_of(extension);
    for (unsigned i = 0; i < VP_MAX_ADAPTERS && device != NULL; i++) {
        if (port_adapters()[i].device == device) return &port_adapters()[i];
    }
    return NULL;
}

/* The first adapter of today need not be that of the allocation. */
static struct port_adapter *holder_of(PVOID extension, PVOID cpu)
{
    const struct port_device *device = port_device_of(extension);
    for (unsigned i = 0; i < VP_MAX_ADAPTERS && device != NULL; i++) {
        struct port_adapter *adapter = &port_adapters()[i];
        if (adapter->device == device && packet_common_held(&adapter->core, cpu)) return adapter;
    }
    return NULL;
}

PVOID VideoPortGetCommonBuffer(PVOID HwDeviceExtension, ULONG DesiredLength, ULONG Alignment, PPHYSICAL_ADDRESS LogicalAddress,
                               PULONG pActualLength, BOOLEAN CacheEnabled)
{
    (void)Alignment;
    if (!irql_assert_passive() || pActualLength == NULL) return NULL;
    struct port_adapter *adapter = first_adapter_of(HwDeviceExtension);
    if (adapter == NULL) return NULL;
    PVOID cpu = VideoPortAllocateCommonBuffer(HwDeviceExtension, port_handle_of(adapter), DesiredLength, LogicalAddress,
                                              CacheEnabled, NULL);
    if (cpu != NULL) *pActualLength = DesiredLength;
    return cpu;
}

VOID VideoPortFreeCommonBuffer(PVOID HwDeviceExtension, ULONG Length, PVOID VirtualAddress, PHYSICAL_ADDRESS LogicalAddress,
                               BOOLEAN CacheEnabled)
{
    if (!irql_assert_passive()) return;
    struct port_adapter *adapter = holder_of(HwDeviceExtension, VirtualAddress);
    if (adapter == NULL) {
        violation_report(VIOL_CB_MISMATCH, (uintptr_t)VirtualAddress, (uintptr_t)LogicalAddress.QuadPart, Length, CacheEnabled);
        return;
    }
    VideoPortReleaseCommonBuffer(HwDeviceExtension, port_handle_of(adapter), Length, LogicalAddress, VirtualAddress, CacheEnabled);
}

/* ---- Hand-over, registers, plain memory ------------------------------------------------------------------------------ */

VOID VpSyncCommonBuffer(PVOID HwDeviceExtension, PVP_DMA_ADAPTER VpDmaAdapter)
{
    if (!irql_assert_at_most(IRQL_DISPATCH)) return;
    if (port_adapter_of(HwDeviceExtension, VpDmaAdapter) != NULL) packet_common_sync();
}

ULONG VideoPortReadRegisterUlong(PULONG Register)
{
    return mmio_read32((uintptr_t)Register);
}

VOID VideoPortWriteRegisterUlong(PULONG Register, ULONG Value)
{
    mmio_publish();
    mmio_write32((uintptr_t)Register, Value);
}

VOID VideoPortZeroMemory(PVOID Destination, ULONG Length)
{
    memset(Destination, 0, Length);
}

VOID VideoPortMoveMemory(PVOID Destination, PVOID Source, ULONG Length)
{
    memmove(Destination, Source, Length);
}

ULONG VideoPortCompareMemory(PVOID Source1, PVOID Source2, ULONG Length)
{
    const UCHAR *one = Source1, *two = Source2;
    ULONG equal = 0;
    while (equal < Length && one[equal] == two[equal]) equal++;
    return equal;
}

VOID VideoPortStallExecution(ULONG Microseconds)
{
    clock_stall_us(Microseconds);
}
