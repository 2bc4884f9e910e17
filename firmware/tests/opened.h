/* SPDX-License-Identifier: Apache-2.0 */
/** @file opened.h  One adapter and one locked buffer: what a test of the port works on, from open to close. */
#ifndef OPENED_H
#define OPENED_H

#include "port_fixture.h"

static PVP_DMA_ADAPTER adapter;
static PVOID           mdl;

static inline void open_described(const VP_DEVICE_DESCRIPTION_EX *description, uint32_t base, uint32_t length)
{
    adapter = VpGetDmaAdapterEx(extension, description);
    assert_non_null(adapter);
    mdl = lock_at(base, length, VpModifyAccess);
    assert_non_null(mdl);
    executes_clear();
}

/* Registers and depth of 0: as many as are wanted, and one packet at a time. */
static inline void open_direct(ULONG maximum, ULONG registers, ULONG depth, uint32_t base, uint32_t length)
{
    VP_DEVICE_DESCRIPTION_EX description = described(TRUE, maximum);
    description.MapRegisters = registers;
    description.Depth = depth;
    open_described(&description, base, length);
}

static inline void open_windowed(ULONG maximum, ULONG registers, uint32_t base, uint32_t length)
{
    VP_DEVICE_DESCRIPTION_EX description = described(FALSE, maximum);
    description.MapRegisters = registers;
    open_described(&description, base, length);
}

static inline void open_bounced(ULONG pages, uint32_t base, uint32_t length)
{
    VP_DEVICE_DESCRIPTION_EX description = described(TRUE, 16 * PAGE);
    description.BouncePages = pages;
    description.BounceAlways = TRUE;
    open_described(&description, base, length);
}

/* What a test had refused on purpose: nobody is to find it in the gate later. */
static inline void forget_refused(void)
{
    struct map_fault fault;
    (void)map_fault_take(&gate, &fault);
}

static inline void close_all(void)
{
    assert_no_violation();
    VideoPortUnlockBuffer(extension, mdl);
    VideoPortPutDmaAdapter(extension, adapter);
    assert_no_violation();
}

static inline ULONG registers_free(void)
{
    return information(adapter).RegistersFree;
}

/* Bytes that the list before the last Complete moved, checked against what the client had written. */
static inline void assert_device_has(uint32_t at, uint32_t length, uint32_t seed, uint32_t index)
{
    for (uint32_t i = 0; i < length; i++) assert_int_equal(device_bytes[at + i], fixture_byte(seed, index + i));
}

static inline uint32_t opened_random(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

#endif
