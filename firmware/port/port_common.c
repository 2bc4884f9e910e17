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

VOID VideoPortStallExecution(ULONG Microseconds)
{
    clock_stall_us(Microseconds);
}
