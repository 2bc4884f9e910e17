/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file irql.h
 * The level at which code runs, and who may interrupt it.
 *
 *     level     masked                        how it is entered
 *     PASSIVE   nothing                       main(), the client in U mode
 *     DISPATCH  software interrupt            irql_raise, or the software interrupt: DPCs
 *     DEVICE    and the external interrupt    irql_raise, or a device's line: ISRs
 *     CLOCK     and the timer                 irql_raise, or the timer: clock.h callbacks
 *     HIGH      everything, by mstatus.MIE    irql_raise
 *
 * Code is preempted only by something of a higher level (IRQ-01). The level is a variable and the mask registers at
 * once; a build with HAL_CHECKS compares them at every raise, lower and assert (IRQ-10), and reports VIOL_IRQL_MASK.
 *
 *     enum irql old = irql_raise(IRQL_DISPATCH);
 *     ...                               // no DPC runs here, device interrupts do
 *     irql_lower(old);                  // a pending DPC has run when this returns
 *
 * The queue of DPCs belongs to whoever registers the dispatch hook; the hal only knows that there is work.
 *
 * Context legend, here and in every header of hal and memory: [any]; [passive]; [<= dispatch]; [dispatch];
 * [device] under a device's ISR; [host] only in host builds; [core] only on the core.
 */
#ifndef IRQL_H
#define IRQL_H

#include <stdbool.h>
#include <stdint.h>

#include "hal.h"

/** Levels. The numbers of the first two are those of Windows; compare with < and >=. */
enum irql {
    IRQL_PASSIVE  = 0,
    IRQL_DISPATCH = 2,
    IRQL_DEVICE   = 3,
    IRQL_CLOCK    = 4,
    IRQL_HIGH     = 5,
};

/** Name of a level, for logs. Never NULL. [any] */
const char *irql_name(enum irql level);

/** The level at which the caller runs. [any] */
enum irql irql_current(void);

/**
 * Raises the level.
 *
 * @param level  the current one or above; a lower one is VIOL_IRQL, and nothing changes
 * @return the level before, for irql_lower()
 *
 * IRQ-01. [any]
 */
enum irql irql_raise(enum irql level);

/**
 * Lowers the level to what an irql_raise() returned.
 *
 * Below DISPATCH the pending work is done before it returns: the dispatch hook runs inside this call (IRQ-04, IRQ-12).
 *
 * @param level  the current one or below; a higher one is VIOL_IRQL, and nothing changes. PASSIVE from inside the
 *               dispatch hook is VIOL_IRQL as well: a DPC may not re-enter the drain (trap (b) of 7.1).
 *
 * IRQ-04, IRQ-12. [any]
 */
void irql_lower(enum irql level);

/**
 * Registers who does the deferred work.
 *
 * @param drain  called at DISPATCH, never nested, when the level would drop below DISPATCH and irql_soft_pend() was
 *               called since the last call. It runs what is queued, at most its budget (DPC-08).
 *               @return true: all done. false: work is left; PASSIVE code runs for about IRQL_WINDOW_CYCLES, then it
 *               is called again. Work that is queued while it runs is its own to find, or is pended again.
 *               NULL removes the hook; pending work then waits.
 * @param context  handed to @p drain
 *
 * DPC-01, DPC-08. [passive]
 */
void irql_dispatch_hook(bool (*drain)(void *context), void *context);

/** Work of the hal's other users (a stealer's tick): like a DPC of their own. Static, zeroed; fields are private. */
struct irql_work {
    struct irql_work *next;
    void (*run)(void *context);
    void *context;
    bool  queued;
};

/**
 * Has @p run called once at DISPATCH, before the dispatch hook. @return false: it was queued already, nothing changed.
 *
 * [any]
 */
bool irql_work_queue(struct irql_work *work, void (*run)(void *context), void *context);

/** How long PASSIVE code runs between two calls of a dispatch hook that keeps returning false. */
#define IRQL_WINDOW_CYCLES 1024u

/**
 * Says that there is deferred work: the software interrupt becomes pending. Never runs it synchronously (DPC-01);
 * at PASSIVE it is taken at once by the trap, so the hook has run when this returns there.
 *
 * [any]
 */
void irql_soft_pend(void);

/** Is deferred work waiting for the level to drop? [any] */
bool irql_soft_pending(void);

/** Does the caller run inside the dispatch hook, or in something that interrupted it? [any] */
bool irql_in_dispatch(void);

/**
 * Waits for an interrupt at PASSIVE. Returns after one was served, and at once when one was served since it returned
 * last, or when work is pending; so this loop waits for what an interrupt does, and cannot miss it (IRQ-13):
 *
 *     while (!done) irql_idle();
 *
 * On the host the time goes on to the next timer, and what is pending is served. VIOL_IRQL above PASSIVE. [passive]
 */
void irql_idle(void);

/**
 * Shuts all interrupts out for a few instructions, without a change of level: the pop of a queue that an ISR pushes to
 * (trap (c) of 7.1). Keep it short; nothing in between may fault or call irql_*.
 *
 * @return what irql_interrupts_restore() wants
 *
 * [any]
 */
uint32_t irql_interrupts_off(void);
void irql_interrupts_restore(uint32_t saved);

/** VIOL_IRQL with (level, allowed, @p where) unless it holds. @return whether it holds. [any] */
bool irql_check_at_most(enum irql level, const char *where);
bool irql_check_exactly(enum irql level, const char *where);
bool irql_check_at_least(enum irql level, const char *where);

/** At the top of an entry point. Always true in a build without HAL_CHECKS. IRQ-02. */
#if HAL_CHECKS
#define irql_assert_at_most(level)  irql_check_at_most((level), __func__)
#define irql_assert_exactly(level)  irql_check_exactly((level), __func__)
#define irql_assert_at_least(level) irql_check_at_least((level), __func__)
#define irql_assert_passive()       irql_check_exactly(IRQL_PASSIVE, __func__)
#else
#define irql_assert_at_most(level)  ((void)(level), true)
#define irql_assert_exactly(level)  ((void)(level), true)
#define irql_assert_at_least(level) ((void)(level), true)
#define irql_assert_passive()       (true)
#endif

#endif
