/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file soc.h
 * Where things stand in the address space of the core. docs/system.md has the map; the registers' own
 * offsets are in soc_regs.h, counted from SOC_REGISTERS.
 *
 *     mmio_write32(SOC_REGISTERS + SOC_SYSTEM_DRAIN, 1u);
 *
 * On the host the same numbers are used: register addresses go through hal/host, and bus addresses through cache.h.
 */
#ifndef SOC_H
#define SOC_H

#include <stdint.h>

#include "soc_regs.h"

/** Registers: base of everything below. Uncached. */
#define SOC_REGISTERS 0xf0000000u

#define SOC_ENGINE (SOC_REGISTERS + 0x0000u)  /**< registers of the engine, 4 KiB */
#define SOC_GATE   (SOC_REGISTERS + 0x1000u)  /**< registers of the gate, 4 KiB; window entries included */
#define SOC_TRACE  (SOC_REGISTERS + 0x30000u) /**< trace port, see trace.h */
#define SOC_TRACE_EXIT (SOC_TRACE + 0xfffcu)      /**< a store here ends a simulation; the value is the exit status */

/** Bus addresses: what the engine says, and what a frame number counts from. */
#define SOC_BUS_HOST         0x40000000u /**< host memory; the core's cached address is the same */
#define SOC_BUS_DEVICE       0x40800000u /**< device memory: the frame buffer */
#define SOC_BUS_BYTES        0x01000000u /**< of the memory bus: half of it may be host memory, half device memory */
#define SOC_BUS_WINDOW       0xc0000000u /**< logical page 0 of the gate's window */

/** How much memory there is; a board may have less than a half, set with -D. */
#ifndef SOC_BUS_HOST_BYTES
#define SOC_BUS_HOST_BYTES   0x00800000u
#endif
#ifndef SOC_BUS_DEVICE_BYTES
#define SOC_BUS_DEVICE_BYTES 0x00800000u
#endif

/** The core's uncached view of host and device memory: bus address plus this. */
#define SOC_UNCACHED_OFFSET 0x70000000u

/** Program memory. Its size is in the register SOC_SYSTEM_MEMORY; the linker script says how much is used. */
#define SOC_PROGRAM 0x80000000u

/** Lines of the external interrupt; bit numbers of the core's mask. */
enum soc_line {
    SOC_LINE_ENGINE = 0,
    SOC_LINE_UART   = 1,
};

#define SOC_LINES 32u

#endif
