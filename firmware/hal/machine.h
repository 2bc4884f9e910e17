/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file machine.h
 * What the common half of the hal wants of a machine: hal/core and hal/host implement it. Private to hal.
 */
#ifndef MACHINE_H
#define MACHINE_H

#include <stdbool.h>
#include <stdint.h>

#include "irql.h"

/** The three interrupts of a core, in the order in which it takes them. */
enum machine_irq { MACHINE_EXTERNAL, MACHINE_SOFT, MACHINE_TIMER };

/* ---- Downwards: the machine provides --------------------------------------------------------------------------- */

/** Reset state: every line masked, no timer, no software interrupt, level PASSIVE's mask, interrupts on. */
void machine_init(void);

/* What every raise and lower does is inline on the core: interrupt enables as a level allows them (interrupts are off),
 * as they are and as they should be (IRQ-10); the global enable, where off returns what on wants, and on(1) opens. */
#ifdef MMIO_HOST
void machine_mask(enum irql level);
uint32_t machine_mask_found(void);
uint32_t machine_mask_wanted(enum irql level);
uint32_t machine_off(void);
void machine_on(uint32_t saved);
#else
#include "core/csr.h"
#endif

/** CLINT msip. */
void machine_soft(bool pending);

/** The core's mask of lines, one bit a line; and the lines themselves, whatever the mask. */
void machine_lines_mask(uint32_t lines);
uint32_t machine_lines_pending(void);

/** Cycle counter, and the cycle at which the timer interrupt comes; UINT64_MAX for never. */
uint64_t machine_now(void);
uint32_t machine_now32(void);
void machine_timer(uint64_t deadline);

/** Waits for an interrupt that the mask allows. Interrupts are off; none is taken. */
void machine_wait(void);

/** Console. */
void machine_putc(char c);
int machine_getc(void);

/** Bridges and caches to a known state; counts to zero. */
void machine_cache_init(void);

/* ---- Upwards: the machine calls --------------------------------------------------------------------------------- */

/** An interrupt was taken. Called with interrupts off, at the interrupted level; returns the same. */
void irql_serve(enum machine_irq which);

/* ---- Sideways ----------------------------------------------------------------------------------------------------- */

void irql_init(void);

/** Reports VIOL_IRQL_MASK when level and mask registers disagree (IRQ-10); nothing in a build without HAL_CHECKS. */
void irql_check_mask(void);
void irq_init(void);
void irq_serve(void);
void clock_init(void);
void clock_serve(void);

#endif
