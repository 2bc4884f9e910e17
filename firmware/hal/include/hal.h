/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file hal.h
 * What the machine of this build has, and how it starts. Every HAL_* below may be set with -D.
 *
 * On the core main() is called after hal_init(), at PASSIVE, with the interrupts on. A host program calls hal_init()
 * itself, and again to begin a new test.
 */
#ifndef HAL_H
#define HAL_H

/** 1: entry points check their level (irql_assert_*), the masks are compared with the level. 0: release build. */
#ifndef HAL_CHECKS
#define HAL_CHECKS 1
#endif

/** 1: trace records are stored. 0: trace_record() is empty. */
#ifndef HAL_TRACE
#define HAL_TRACE 1
#endif

/** 1: the core translates (Sv32) and has a U mode. 0: pages are always resident; and there is no U mode. */
#ifndef HAL_HAS_MMU
#define HAL_HAS_MMU 1
#endif

/** Bytes of a page: of the MMU, and of the gate's frames. 4096 wherever the core's MMU is in; the host takes any. */
#ifndef HAL_PAGE_BYTES
#define HAL_PAGE_BYTES 4096u
#endif

/** 1: the core has a data cache that does not see what the engine writes. */
#ifndef HAL_HAS_CACHE
#define HAL_HAS_CACHE 1
#endif

/** 1: host bridge and posting bridge are there (or bypassed by their parameter, which reads as always done). */
#ifndef HAL_HAS_BRIDGES
#define HAL_HAS_BRIDGES 1
#endif

/** 1: the software interrupt is the CLINT's. 0: it is served when a trap ends or a level is lowered (IRQ-14). */
#ifndef HAL_HAS_SOFT_IRQ
#define HAL_HAS_SOFT_IRQ 1
#endif

/** Clock of the core, Hz. */
#ifndef HAL_CLOCK_HZ
#define HAL_CLOCK_HZ 50000000u
#endif

#ifndef __ASSEMBLER__

/**
 * Brings the machine to PASSIVE: no handler connected, every line masked, no timer armed, caches and bridges empty,
 * no violation recorded. The start-up code of the core calls it before main(). [once; a host test each time]
 */
void hal_init(void);

/** Ends the run. On the core: the simulator stops with @p status; a board halts. On the host: exit(). [any] */
_Noreturn void hal_exit(int status);

#endif

#endif
