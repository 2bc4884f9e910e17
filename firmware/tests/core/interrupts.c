/* SPDX-License-Identifier: Apache-2.0 */
/* Levels on the core: real traps, real masks. The external interrupt is the UART's receiver: the harness sends
 * bytes, and the program asks for one by storing a TRACE_MARK. */
#include <stddef.h>
#include <string.h>

#include "clock.h"
#include "irq.h"
#include "irql.h"
#include "mmio.h"
#include "soc.h"
#include "tap.h"
#include "trace.h"

static char order[40];
static unsigned length;
static struct irq_handler handler;
static bool (*queued)(void); /* the one DPC that is queued */

static void say(char c)
{
    uint32_t saved = irql_interrupts_off();
    if (length + 1u < sizeof order) order[length++] = c;
    irql_interrupts_restore(saved);
}

static void begin(void)
{
    memset(order, 0, sizeof order);
    length = 0;
}

static bool said(const char *wanted)
{
    __asm__ __volatile__("" ::: "memory");
    bool same = strcmp(order, wanted) == 0;
    if (!same) console_print("# said %s, wanted %s\n", order, wanted);
    return same;
}

/* Waits for something that interrupts will say, for a bounded time. */
static void wait_for(char c)
{
    uint32_t begun = clock_cycles();
    while (clock_cycles() - begun < 20000u) {
        __asm__ __volatile__("" ::: "memory");
        if (strchr(order, c) != NULL) return;
    }
}

static void ask_for_a_byte(void)
{
    trace_record(TRACE_MARK, 0, 0, 0);
}

static void queue(bool (*dpc)(void))
{
    uint32_t saved = irql_interrupts_off();
    queued = dpc;
    irql_interrupts_restore(saved);
    irql_soft_pend();
}

static bool drain(void *context)
{
    (void)context;
    uint32_t saved = irql_interrupts_off();
    bool (*dpc)(void) = queued;
    queued = NULL;
    irql_interrupts_restore(saved);
    if (dpc == NULL) return true;
    trace_record(TRACE_DPC, 0, 0, 0);
    bool done = dpc();
    trace_record(TRACE_DPC_RETURN, 0, 0, 0);
    return done;
}

static bool dpc_d(void)
{
    say(irql_current() == IRQL_DISPATCH ? 'd' : '?');
    return true;
}

static bool isr(void *context)
{
    (void)context;
    if (console_getc() < 0) return false;
    trace_record(TRACE_ISR, 0, 0, 0);
    say(irql_current() == IRQL_DEVICE ? 'i' : '?');
    queue(dpc_d);
    return true;
}

static void DPC_01_the_software_interrupt_runs_a_dpc_over_passive_code_at_once(void)
{
    begin();
    queue(dpc_d);
    say('p');
    expect(said("dp"));
    expect(irql_current() == IRQL_PASSIVE);
}

static void IRQ_12_lower_drains_before_it_returns(void)
{
    begin();
    enum irql old = irql_raise(IRQL_DISPATCH);
    queue(dpc_d);
    say('q');
    irql_lower(old);
    say('l');
    expect(said("qdl"));
}

static void DPC_01_an_isr_over_passive_code_is_followed_by_its_dpc(void)
{
    begin();
    ask_for_a_byte();
    wait_for('d');
    expect(said("id"));
}

static void IRQ_01_a_device_interrupts_dispatch_code_and_its_dpc_waits(void)
{
    begin();
    enum irql old = irql_raise(IRQL_DISPATCH);
    ask_for_a_byte();
    wait_for('i');
    say('-');
    irql_lower(old);
    expect(said("i-d"));
}

static bool dpc_is_interrupted(void)
{
    say('<');
    ask_for_a_byte();
    wait_for('i');
    say(irql_current() == IRQL_DISPATCH ? '>' : '?');
    return true;
}

static void IRQ_11_a_device_interrupt_nests_in_a_dpc(void)
{
    begin();
    queue(dpc_is_interrupted);
    expect(said("<i>d"));
}

static void IRQ_01_a_device_waits_while_the_level_is_device(void)
{
    begin();
    enum irql old = irql_raise(IRQL_DEVICE);
    ask_for_a_byte();
    uint32_t begun = clock_cycles();
    while (!irq_line_pending(SOC_LINE_UART) && clock_cycles() - begun < 20000u) {
    }
    expect(irq_line_pending(SOC_LINE_UART));
    say('l');
    irql_lower(old);
    expect(said("lid"));
}

static void expired(void *context)
{
    (void)context;
    say(irql_current() == IRQL_CLOCK ? 't' : '?');
}

static bool dpc_waits_for_the_clock(void)
{
    wait_for('t');
    say('h');
    return true;
}

static void IRQ_01_the_clock_interrupts_a_dpc(void)
{
    static struct clock_timer timer;
    begin();
    clock_timer_start(&timer, 2000, expired, NULL);
    queue(dpc_waits_for_the_clock);
    expect(said("th"));
}

static void IRQ_13_idle_wakes_for_a_timer_at_every_distance(void)
{
    static struct clock_timer timer;
    for (uint32_t delay = 0; delay < 400; delay += 7) {
        begin();
        clock_timer_start(&timer, delay, expired, NULL);
        while (order[0] == '\0') {
            irql_idle();
            __asm__ __volatile__("" ::: "memory");
        }
        expect(said("t"));
    }
}

static unsigned again_runs;

static bool dpc_again(void)
{
    again_runs++;
    queued = dpc_again;
    return false;
}

static void DPC_08_a_dpc_that_comes_again_for_ever_lets_passive_code_go_on(void)
{
    again_runs = 0;
    queue(dpc_again);
    uint32_t begun = clock_cycles();
    unsigned turns = 0;
    while (clock_cycles() - begun < 20000u) turns++;
    enum irql old = irql_raise(IRQL_DISPATCH);
    queued = NULL;
    irql_lower(old);
    expect(turns > 20u);
    expect(again_runs > 3u);
}

static void IRQ_10_the_masks_agree_with_every_level(void)
{
    static const enum irql levels[] = { IRQL_DISPATCH, IRQL_DEVICE, IRQL_CLOCK, IRQL_HIGH };
    for (unsigned i = 0; i < 4; i++) {
        enum irql old = irql_raise(levels[i]);
        expect(irql_check_exactly(levels[i], __func__));
        irql_lower(old);
    }
    expect(irql_check_exactly(IRQL_PASSIVE, __func__));
}

/* With interrupts coming all the time, levels and order hold. */
static unsigned stress_isrs, stress_dpcs;

static bool stress_dpc(void)
{
    stress_dpcs++;
    return true;
}

static void stress_tick(void *context)
{
    struct clock_timer *timer = context;
    stress_isrs++;
    queue(stress_dpc);
    if (stress_isrs < 300u) clock_timer_start(timer, 1000u + stress_isrs % 13u * 97u, stress_tick, timer);
}

static void IRQ_10_levels_hold_under_a_storm_of_interrupts(void)
{
    static struct clock_timer timer;
    stress_isrs = 0;
    clock_timer_start(&timer, 100, stress_tick, &timer);
    while (stress_isrs < 300u) {
        enum irql old = irql_raise(IRQL_DISPATCH);
        unsigned dpcs = stress_dpcs;
        __asm__ __volatile__("" ::: "memory");
        for (unsigned i = 0; i < 20; i++) __asm__ __volatile__("" ::: "memory");
        if (!expect(dpcs == stress_dpcs)) break; /* no DPC runs at DISPATCH */
        irql_lower(old);
        expect(irql_current() == IRQL_PASSIVE);
    }
    expect(stress_dpcs > 250u);
}

int main(void)
{
    irq_connect(&handler, SOC_LINE_UART, isr, NULL);
    irq_enable(SOC_LINE_UART);
    irql_dispatch_hook(drain, NULL);
    tap_run(DPC_01_the_software_interrupt_runs_a_dpc_over_passive_code_at_once);
    tap_run(IRQ_12_lower_drains_before_it_returns);
    tap_run(DPC_01_an_isr_over_passive_code_is_followed_by_its_dpc);
    tap_run(IRQ_01_a_device_interrupts_dispatch_code_and_its_dpc_waits);
    tap_run(IRQ_11_a_device_interrupt_nests_in_a_dpc);
    tap_run(IRQ_01_a_device_waits_while_the_level_is_device);
    tap_run(IRQ_01_the_clock_interrupts_a_dpc);
    tap_run(IRQ_13_idle_wakes_for_a_timer_at_every_distance);
    tap_run(DPC_08_a_dpc_that_comes_again_for_ever_lets_passive_code_go_on);
    tap_run(IRQ_10_the_masks_agree_with_every_level);
    tap_run(IRQ_10_levels_hold_under_a_storm_of_interrupts);
    return tap_plan();
}
