/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file clock.h
 * Time in cycles, and one-shot timers.
 *
 *     static struct clock_timer watchdog;
 *
 *     clock_timer_start(&watchdog, clock_cycles_of_us(500), expired, &packet);
 *     ...
 *     clock_timer_stop(&watchdog);
 *
 * Callbacks run at IRQL_CLOCK, above DISPATCH and every ISR, so a DPC that hangs cannot stop them. They do little: queue
 * a DPC, pend the software interrupt.
 */
#ifndef CLOCK_H
#define CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "hal.h"

/** Cycles since reset, modulo 2^32. Differences of two readings are right up to 2^32 - 1 cycles. [any] */
uint32_t clock_cycles(void);

/** Cycles since reset. [any] */
uint64_t clock_cycles64(void);

/** How many cycles @p us microseconds have, the clock rounded up to whole MHz; saturates at 2^32 - 1. [any] */
uint32_t clock_cycles_of_us(uint32_t us);

/** How many cycles @p units of 100 ns have, at least; saturates at 2^64 - 1, but not below some weeks. [any] */
uint64_t clock_cycles_of_100ns(uint64_t units);

/** Waits actively, as VideoPortStallExecution does. Keep it to some microseconds above PASSIVE. [any] */
void clock_stall_us(uint32_t us);

/** One timer. Allocate it statically, zeroed; treat the fields as private. */
struct clock_timer {
    struct clock_timer *next;
    uint64_t deadline;
    void (*expired)(void *context);
    void *context;
    bool armed;
};

/**
 * Arms a timer; one that is armed is moved to the new deadline.
 *
 * @param delay_cycles  from now; 0 expires as soon as the level allows
 * @param expired       called once, at IRQL_CLOCK, after the timer was taken out: it may start the timer again
 *
 * TMO-02. [any]
 */
void clock_timer_start(struct clock_timer *timer, uint32_t delay_cycles, void (*expired)(void *context), void *context);

/**
 * Disarms a timer.
 *
 * @return true: it was armed, and will not call. false: it has called, is calling in the code that was interrupted,
 *         or was never armed
 *
 * TMO-03. [any]
 */
bool clock_timer_stop(struct clock_timer *timer);

#endif
