/* SPDX-License-Identifier: Apache-2.0 */
/* Levels, lines, timers, deferred work and DPCs in any order, also from inside each other: nothing runs at a level that forbids it,
 * twice, too early, or never. */
#include "fixture.h"

#include "dpc.h"
#include "fuzz.h"

#define TIMERS 4u
#define WORKS  3u
#define DPCS   3u
#define LINES  3u
#define BUSY   4u /* how often what is called may call something itself, in one act */

static struct { struct clock_timer timer; uint64_t due; bool armed; } timers[TIMERS];
static struct { struct irql_work work; bool queued; } works[WORKS];
static struct { struct dpc dpc; bool queued; } dpcs[DPCS];
static struct { struct irq_handler handler; bool connected, high, claims; } lines[LINES];
static unsigned busy, in_dispatch;

static void act(void);

/* What runs above PASSIVE does something itself now and then. */
static void meanwhile(void)
{
    enum irql level = irql_current();
    if (busy != 0u && chance(2)) {
        busy--;
        act();
    }
    assert_int_equal(irql_current(), level);
}

/* ---- What is called -------------------------------------------------------------------------------------------------------- */

static void expired(void *context)
{
    unsigned n = (unsigned)(uintptr_t)context;
    assert_int_equal(irql_current(), IRQL_CLOCK);
    assert_true(timers[n].armed);
    assert_true(clock_cycles64() >= timers[n].due);
    timers[n].armed = false;
    meanwhile();
}

static void worked(void *context)
{
    unsigned n = (unsigned)(uintptr_t)context;
    assert_int_equal(irql_current(), IRQL_DISPATCH);
    assert_true(works[n].queued && irql_in_dispatch());
    works[n].queued = false;
    in_dispatch++;
    assert_int_equal(in_dispatch, 1); /* IRQ-01: none of them in another */
    meanwhile();
    in_dispatch--;
}

static void called(void *context, struct dpc_call call)
{
    unsigned n = (unsigned)(uintptr_t)context;
    assert_int_equal(irql_current(), IRQL_DISPATCH);
    assert_true(dpcs[n].queued);
    assert_ptr_equal(call.argument, &dpcs[n]);
    dpcs[n].queued = false;
    in_dispatch++;
    assert_int_equal(in_dispatch, 1);
    meanwhile();
    in_dispatch--;
}

static bool served(void *context)
{
    unsigned n = (unsigned)(uintptr_t)context;
    assert_int_equal(irql_current(), IRQL_DEVICE);
    assert_true(lines[n].connected && lines[n].high && irq_enabled(n));
    if (lines[n].claims) {
        lines[n].high = false;
        host_irq_set(n, false);
    }
    meanwhile();
    return lines[n].claims;
}

/* ---- Calls ------------------------------------------------------------------------------------------------------------------ */

static void timer(void)
{
    unsigned n = below(TIMERS);
    bool stops = chance(3);
    uint32_t delay = stops ? 0u : below(3000);
    uint32_t saved = irql_interrupts_off();
    if (stops) {
        assert_int_equal(clock_timer_stop(&timers[n].timer), timers[n].armed);
    } else {
        timers[n].due = clock_cycles64() + delay;
        clock_timer_start(&timers[n].timer, delay, expired, (void *)(uintptr_t)n);
    }
    timers[n].armed = !stops;
    irql_interrupts_restore(saved);
}

static void work(void)
{
    unsigned n = below(WORKS);
    uint32_t saved = irql_interrupts_off();
    bool was = works[n].queued;
    works[n].queued = true;
    assert_int_equal(irql_work_queue(&works[n].work, worked, (void *)(uintptr_t)n), !was);
    irql_interrupts_restore(saved);
}

static void dpc(void)
{
    unsigned n = below(DPCS);
    uint32_t saved = irql_interrupts_off();
    bool was = dpcs[n].queued;
    if (chance(4)) {
        assert_int_equal(dpc_dequeue(&dpcs[n].dpc), was);
        dpcs[n].queued = false;
    } else {
        dpcs[n].queued = true;
        assert_int_equal(dpc_queue(&dpcs[n].dpc, (struct dpc_call){ NULL, &dpcs[n] }), !was);
    }
    irql_interrupts_restore(saved);
}

static void line(void)
{
    unsigned n = below(LINES);
    switch (below(4)) {
    case 0:
        if (irql_current() > IRQL_DISPATCH) break;
        if (lines[n].connected) irq_disconnect(&lines[n].handler);
        else irq_connect(&lines[n].handler, n, served, (void *)(uintptr_t)n);
        lines[n].connected = !lines[n].connected;
        if (!lines[n].connected) assert_false(irq_enabled(n));
        break;
    case 1: if (lines[n].connected) irq_enable(n); break;
    case 2: irq_disable(n); break;
    default:
        lines[n].high = below(2) != 0u;
        lines[n].claims = lines[n].high && !chance(8); /* what nobody claims is stuck in the end (SUP-02) */
        host_irq_set(n, lines[n].high);
        break;
    }
}

static void level(void)
{
    static const enum irql levels[] = { IRQL_PASSIVE, IRQL_DISPATCH, IRQL_DEVICE, IRQL_CLOCK, IRQL_HIGH };
    enum irql now = irql_current(), wanted = levels[below(5)];
    if (wanted < now) return;
    enum irql old = irql_raise(wanted);
    assert_int_equal(old, now);
    if (busy != 0u) {
        busy--;
        act();
    }
    assert_int_equal(irql_current(), wanted);
    irql_lower(old);
}

static void time(void)
{
    host_clock_advance(below(2000));
    (void)host_irq_poll();
}

static void act(void)
{
    static void (*const acts[])(void) = { timer, work, dpc, line, line, level, level, time };
    acts[below(8)]();
}

/* ---- One input -------------------------------------------------------------------------------------------------------------- */

static void everything_comes_to_rest(void)
{
    for (unsigned n = 0; n < LINES; n++) {
        host_irq_set(n, false);
        if (lines[n].connected) irq_disconnect(&lines[n].handler);
    }
    for (unsigned i = 0; i < 8u; i++) {
        host_clock_advance(IRQL_WINDOW_CYCLES);
        (void)host_irq_poll();
    }
    for (unsigned n = 0; n < TIMERS; n++) assert_false(timers[n].armed);
    for (unsigned n = 0; n < WORKS; n++) assert_false(works[n].queued);
    for (unsigned n = 0; n < DPCS; n++) {
        assert_false(dpcs[n].queued);
        dpc_remove_object(&dpcs[n].dpc);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    input_begin(data, size);
    memset(timers, 0, sizeof timers);
    memset(works, 0, sizeof works);
    memset(lines, 0, sizeof lines);
    memset(dpcs, 0, sizeof dpcs);
    in_dispatch = 0;
    fixture_begin(NULL);
    dpc_init();
    for (unsigned n = 0; n < DPCS; n++) dpc_init_object(&dpcs[n].dpc, called, (void *)(uintptr_t)n);
    while (input_left()) {
        busy = BUSY;
        act();
        assert_int_equal(irql_current(), IRQL_PASSIVE);
    }
    busy = 0;
    everything_comes_to_rest();
    assert_no_violation();
    return fixture_end(NULL);
}
