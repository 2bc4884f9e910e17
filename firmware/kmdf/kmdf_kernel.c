/* SPDX-License-Identifier: Apache-2.0 */
/* What a driver says of the kernel: MDLs, registers, plain memory. */
#include <string.h>

#include "cache.h"
#include "kmdf_private.h"
#include "mmio.h"

VOID RtlAssert(const CHAR *Expression, const CHAR *FileName, ULONG LineNumber)
{
    violation_report(VIOL_ASSERT, (uintptr_t)Expression, (uintptr_t)FileName, LineNumber, 0u);
}

VOID RtlZeroMemory(PVOID Destination, SIZE_T Length)
{
    memset(Destination, 0, Length);
}

VOID RtlCopyMemory(PVOID Destination, const VOID *Source, SIZE_T Length)
{
    memcpy(Destination, Source, Length);
}

KIRQL KeGetCurrentIrql(VOID)
{
    return (KIRQL)irql_current();
}

static const struct memory_mdl *mdl_of(PMDL Mdl)
{
    return (const struct memory_mdl *)(const void *)Mdl;
}

/* Any page will do; this one is not the first, so that nothing is NULL. */
PVOID MmGetMdlVirtualAddress(PMDL Mdl)
{
    return (PVOID)(uintptr_t)(MEMORY_PAGE_BYTES + memory_mdl_page_offset(mdl_of(Mdl)));
}

ULONG MmGetMdlByteCount(PMDL Mdl)
{
    return memory_mdl_length(mdl_of(Mdl));
}

ULONG MmGetMdlByteOffset(PMDL Mdl)
{
    return memory_mdl_page_offset(mdl_of(Mdl));
}

/* Registers stand where the bus says; memory is reached round the caches, or through them. */
PVOID MmMapIoSpace(PHYSICAL_ADDRESS PhysicalAddress, SIZE_T NumberOfBytes, MEMORY_CACHING_TYPE CacheType)
{
    if (!irql_assert_passive() || NumberOfBytes == 0u) return NULL;
    uint32_t address = (uint32_t)PhysicalAddress.QuadPart;
    void *memory = CacheType == MmCached ? cache_cpu(address) : cache_uncached(address);
    return memory != NULL ? memory : (PVOID)(uintptr_t)address;
}

VOID MmUnmapIoSpace(PVOID BaseAddress, SIZE_T NumberOfBytes)
{
    (void)irql_assert_passive();
    (void)BaseAddress;
    (void)NumberOfBytes;
}

ULONG READ_REGISTER_ULONG(volatile ULONG *Register)
{
    return mmio_read32((uintptr_t)Register);
}

VOID WRITE_REGISTER_ULONG(volatile ULONG *Register, ULONG Value)
{
    mmio_publish();
    mmio_write32((uintptr_t)Register, Value);
}
