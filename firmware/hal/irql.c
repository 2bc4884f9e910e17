/* SPDX-License-Identifier: Apache-2.0 */
/* The level: a variable and the machine's masks, changed together with interrupts off. */
#include "irql.h"

#include <stddef.h>

#include "clock.h"
#include "machine.h"
#include "violation.h"

static struct {
    enum irql level;
    bool      pending;  /* deferred work waits for the level to drop */
    bool      draining; /* the hook is running, or was interrupted */
    bool      shown;    /* what the software interrupt is set to */
    bool      window;   /* PASSIVE code has its turn: the software interrupt is held back */
    bool (*drain)(void *context);
    void *context;
    uint32_t served; /* interrupts, and what irql_idle() knew of them when it returned last */
    uint32_t known;
    struct irql_work *work;
    struct clock_timer window_timer;
} state;

/* Changed by traps between two statements of anybody: read it fresh. */
static inline void reread(void)
{
    __asm__ __volatile__("" ::: "memory");
}

void irql_init(void)
{
    state.level = IRQL_PASSIVE;
    state.pending = false;
    state.draining = false;
    state.shown = false;
    state.window = false;
    state.drain = NULL;
    state.context = NULL;
    state.served = 0;
    state.known = 0;
    state.work = NULL;
    state.window_timer = (struct clock_timer){ .armed = false };
}

enum irql irql_current(void)
{
    reread();
    return state.level;
}

/* ---- Deferred work ----------------------------------------------------------------------------------------------- */

/* Interrupts are off. The machine's software interrupt shows what may be served now. */
static void show_pending(void)
{
#if HAL_HAS_SOFT_IRQ
    bool shown = state.pending && !state.window && (state.drain != NULL || state.work != NULL);
    if (shown == state.shown) return; /* a register access costs more than the question */
    state.shown = shown;
    machine_soft(shown);
#endif
}

static void window_over(void *context)
{
    (void)context;
    uint32_t saved = machine_off();
    state.window = false;
    show_pending();
    machine_on(saved);
}

/* On the last steps back to PASSIVE, so that the window is its own and not spent on the way. Interrupts are off. */
static inline void begin_window(void)
{
    if (!state.window || state.window_timer.armed) return;
    clock_timer_start(&state.window_timer, IRQL_WINDOW_CYCLES, window_over, NULL);
}

static inline bool servable(void)
{
    return state.pending && (state.drain != NULL || state.work != NULL);
}

static bool take_pending(void)
{
    uint32_t saved = machine_off();
    bool taken = servable();
    if (taken) state.pending = false;
    show_pending();
    machine_on(saved);
    return taken;
}

static void run_work(void)
{
    for (;;) {
        uint32_t saved = machine_off();
        struct irql_work *work = state.work;
        if (work != NULL) {
            state.work = work->next;
            work->queued = false;
        }
        machine_on(saved);
        if (work == NULL) return;
        work->run(work->context);
    }
}

/* At DISPATCH with interrupts on: one pass, or several when work came in behind the hook's back. A hook that has spent
 * its budget gets no second pass before PASSIVE code had its window (DPC-08). */
static void drain_pending(void)
{
    state.draining = true;
    while (take_pending()) {
        run_work();
        bool done = state.drain == NULL || state.drain(state.context);
        if (!done) {
            uint32_t saved = machine_off();
            state.pending = true;
            state.window = true;
            show_pending();
            machine_on(saved);
            break;
        }
    }
    state.draining = false;
}

void irql_dispatch_hook(bool (*drain)(void *context), void *context)
{
    uint32_t saved = machine_off();
    state.drain = drain;
    state.context = context;
    show_pending();
    machine_on(saved);
}

/* Without a software interrupt nothing traps, so PASSIVE code serves here what the trap would have served. */
static void serve_if_passive(void)
{
#if !HAL_HAS_SOFT_IRQ
    if (irql_current() < IRQL_DISPATCH && !state.window) irql_lower(irql_raise(IRQL_DISPATCH));
#endif
}

void irql_soft_pend(void)
{
    uint32_t saved = machine_off();
    state.pending = true;
    show_pending();
    machine_on(saved);
    serve_if_passive();
}

bool irql_work_queue(struct irql_work *work, void (*run)(void *context), void *context)
{
    uint32_t saved = machine_off();
    bool fresh = !work->queued;
    if (fresh) {
        work->next = NULL;
        work->run = run;
        work->context = context;
        work->queued = true;
        struct irql_work **end = &state.work;
        while (*end != NULL) end = &(*end)->next;
        *end = work;
        state.pending = true;
        show_pending();
    }
    machine_on(saved);
    serve_if_passive();
    return fresh;
}

bool irql_soft_pending(void)
{
    reread();
    return state.pending;
}

bool irql_in_dispatch(void)
{
    reread();
    return state.draining;
}

/* ---- Levels -------------------------------------------------------------------------------------------------------- */

static inline void set_level(enum irql level)
{
    uint32_t saved = machine_off();
    state.level = level;
    machine_mask(level);
    machine_on(saved);
}

/* @return the level, as it stays */
static __attribute__((cold, noinline)) enum irql misused(enum irql level, const char *where)
{
    violation_report(VIOL_IRQL, (uintptr_t)state.level, (uintptr_t)level, (uintptr_t)where, 0);
    return state.level;
}

enum irql irql_raise(enum irql level)
{
    irql_check_mask();
    enum irql old = state.level;
    if (level < old) return misused(level, __func__);
    if (level != old) set_level(level);
    return old;
}

/* To below DISPATCH, when something is pending or PASSIVE code has its window. */
static __attribute__((noinline)) void drain_and_lower(enum irql level)
{
    bool drained = false;
    for (;;) {
        uint32_t saved = machine_off();
        bool again = servable() && !(state.window && drained);
        if (!again) {
            begin_window();
            state.level = level;
            machine_mask(level);
        }
        machine_on(saved);
        if (!again) return;
        set_level(IRQL_DISPATCH);
        drain_pending();
        drained = true;
    }
}

void irql_lower(enum irql level)
{
    irql_check_mask();
    if (level > state.level || (level < IRQL_DISPATCH && state.draining)) {
        (void)misused(level, __func__);
        return;
    }
    if (level == state.level) return;
    uint32_t saved = machine_off();
    if (level >= IRQL_DISPATCH || (!state.pending && !state.window)) {
        state.level = level;
        machine_mask(level);
        machine_on(saved);
        return;
    }
    machine_on(saved);
    drain_and_lower(level);
}

static enum irql level_of(enum machine_irq which)
{
    switch (which) {
    case MACHINE_EXTERNAL: return IRQL_DEVICE;
    case MACHINE_SOFT:     return IRQL_DISPATCH;
    case MACHINE_TIMER:    return IRQL_CLOCK;
    }
    return IRQL_HIGH;
}

static void serve_at_level(enum machine_irq which)
{
    enum irql interrupted = state.level;
    state.served++;
    state.level = level_of(which);
    machine_mask(state.level);
    machine_on(1u);
    switch (which) {
    case MACHINE_EXTERNAL: irq_serve(); break;
    case MACHINE_SOFT:     drain_pending(); break;
    case MACHINE_TIMER:    clock_serve(); break;
    }
    (void)machine_off();
    if (interrupted < IRQL_DISPATCH) begin_window();
    state.level = interrupted;
    machine_mask(interrupted);
}

/* The level to go back to is the interrupted one, never PASSIVE by assumption (trap (a) of 7.1). */
void irql_serve(enum machine_irq which)
{
    serve_at_level(which);
#if !HAL_HAS_SOFT_IRQ
    while (state.level < IRQL_DISPATCH && servable() && !state.window) serve_at_level(MACHINE_SOFT);
#endif
}

void irql_idle(void)
{
    if (!irql_assert_passive()) return;
    uint32_t saved = machine_off();
    bool quiet = state.served == state.known && (!servable() || state.window);
    if (quiet) machine_wait();
    machine_on(saved);
    state.known = state.served;
}

uint32_t irql_interrupts_off(void)
{
    return machine_off();
}

void irql_interrupts_restore(uint32_t saved)
{
    machine_on(saved);
}
