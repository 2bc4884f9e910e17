/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file mmio.h
 * The only way firmware touches a register.
 *
 * On the core these are single accesses. With MMIO_HOST they are ordinary functions of hal/host, which hands each
 * access to the device that is attached at that address (host.h): a fake in a unit test, or the Verilated engine.
 *
 *     descriptor->control = control;     // ordinary stores to the ring
 *     mmio_publish();                    // the engine will see them ...
 *     mmio_write32(doorbell, producer);  // ... before it sees this
 */
#ifndef MMIO_H
#define MMIO_H

#include <stdint.h>

#ifdef MMIO_HOST

/** Reads the register at @p addr: 32 bits, aligned to 4. An address where nothing is attached reads 0. [any] */
uint32_t mmio_read32(uintptr_t addr);

/** Writes the register at @p addr: 32 bits, aligned to 4. Where nothing is attached it changes nothing. [any] */
void mmio_write32(uintptr_t addr, uint32_t value);

/**
 * Makes every store before it visible to the engine before any register write after it.
 *
 * It drains the host bridge as cache_drain() does, so it also covers descriptors that were written through the
 * cached address. It does not touch the posting bridge or the core's cache: it is for what the CPU has written.
 *
 * EXE-05, DPC trap (d) of 7.1. [any]
 */
void mmio_publish(void);

#else

#include "hal.h"
#include "soc.h"

static inline uint32_t mmio_read32(uintptr_t addr)
{
    return *(const volatile uint32_t *)addr;
}

static inline void mmio_write32(uintptr_t addr, uint32_t value)
{
    *(volatile uint32_t *)addr = value;
}

/* The data port keeps order, so DRAIN finds every earlier store in the bridge. It always ends: memory answers. */
static inline void mmio_publish(void)
{
    __asm__ volatile("fence rw, rw" ::: "memory");
#if HAL_HAS_BRIDGES
    mmio_write32(SOC_REGISTERS + SOC_SYSTEM_DRAIN, 1u);
    while ((mmio_read32(SOC_REGISTERS + SOC_SYSTEM_DRAIN) & SOC_SYSTEM_DRAIN_BUSY_MASK) != 0u) {
    }
    __asm__ volatile("" ::: "memory");
#endif
}

#endif

#endif
