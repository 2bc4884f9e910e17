/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of devices, and timers: what interrupts whom. */
#include "dpcs.h"

/* ---- Lines ------------------------------------------------------------------------------------------------------------ */

static bool isr(void *context)
{
    assert_int_equal(irql_current(), IRQL_DEVICE);
    host_irq_set(SOC_LINE_ENGINE, false);
    say('i');
    if (context != NULL) queue(dpc_d);
    return true;
}

static void dpc_is_interrupted(void)
{
    say('<');
    host_irq_set(SOC_LINE_ENGINE, true);
    (void)host_irq_poll();
    assert_int_equal(irql_current(), IRQL_DISPATCH);
    say('>');
}

static void IRQ_11_an_isr_nests_in_a_dpc_and_its_dpc_runs_behind(void **state)
{
    (void)state;
    static struct irq_handler handler;
    irq_connect(&handler, SOC_LINE_ENGINE, isr, &dpcs);
    irq_enable(SOC_LINE_ENGINE);
    queue(dpc_is_interrupted);
    (void)host_irq_poll();
    assert_string_equal(order, "<i>d");
    assert_int_equal(dpcs.deepest, 1);
    irq_disconnect(&handler);
}

static void IRQ_01_a_device_waits_for_the_device_level_to_end(void **state)
{
    (void)state;
    static struct irq_handler handler;
    irq_connect(&handler, SOC_LINE_ENGINE, isr, NULL);
    irq_enable(SOC_LINE_ENGINE);
    enum irql old = irql_raise(IRQL_DEVICE);
    host_irq_set(SOC_LINE_ENGINE, true);
    assert_int_equal(host_irq_poll(), 0);
    say('l');
    irql_lower(IRQL_DISPATCH);
    say('p');
    irql_lower(old);
    assert_string_equal(order, "lip");
}

static void DPC_01_IRQ_14_a_dpc_queued_by_an_isr_over_passive_runs_at_the_end_of_the_trap(void **state)
{
    (void)state;
    static struct irq_handler handler;
    irq_connect(&handler, SOC_LINE_ENGINE, isr, &dpcs);
    host_irq_set(SOC_LINE_ENGINE, true);
    assert_int_equal(host_irq_poll(), 0); /* the line is masked */
    irq_enable(SOC_LINE_ENGINE);
    assert_string_equal(order, "id");
}

static void DPC_01_a_dpc_queued_by_an_isr_over_dispatch_waits_for_lower(void **state)
{
    (void)state;
    static struct irq_handler handler;
    irq_connect(&handler, SOC_LINE_ENGINE, isr, &dpcs);
    irq_enable(SOC_LINE_ENGINE);
    enum irql old = irql_raise(IRQL_DISPATCH);
    host_irq_set(SOC_LINE_ENGINE, true);
    (void)host_irq_poll();
    say('-');
    irql_lower(old);
    assert_string_equal(order, "i-d");
}

static bool isr_not_mine(void *context)
{
    (*(unsigned *)context)++;
    return false;
}

static void ISR_01_all_handlers_of_a_shared_line_are_asked(void **state)
{
    (void)state;
    static struct irq_handler first, second;
    unsigned asked = 0;
    irq_connect(&first, SOC_LINE_ENGINE, isr_not_mine, &asked);
    irq_connect(&second, SOC_LINE_ENGINE, isr, NULL);
    irq_enable(SOC_LINE_ENGINE);
    host_irq_set(SOC_LINE_ENGINE, true);
    (void)host_irq_poll();
    assert_int_equal(asked, 1);
    assert_string_equal(order, "i");
    assert_int_equal(irq_unclaimed(SOC_LINE_ENGINE), 0);
    irq_disconnect(&first);
    irq_connect(&first, SOC_LINE_ENGINE, isr_not_mine, &asked); /* now behind the one that claims */
    host_irq_set(SOC_LINE_ENGINE, true);
    (void)host_irq_poll();
    assert_int_equal(asked, 2);
    irq_disconnect(&first);
    irq_disconnect(&second);
    assert_false(irq_enabled(SOC_LINE_ENGINE));
}

static void SUP_02_a_line_that_nobody_claims_is_closed(void **state)
{
    (void)state;
    static struct irq_handler handler;
    unsigned asked = 0;
    irq_connect(&handler, SOC_LINE_ENGINE, isr_not_mine, &asked);
    host_irq_set(SOC_LINE_ENGINE, true);
    irq_enable(SOC_LINE_ENGINE);
    assert_int_equal(asked, IRQ_UNCLAIMED_MAX);
    assert_true(irq_stuck(SOC_LINE_ENGINE));
    assert_true(irq_line_pending(SOC_LINE_ENGINE));
    assert_false(irq_enabled(SOC_LINE_ENGINE));
    host_irq_set(SOC_LINE_ENGINE, false);
    irq_enable(SOC_LINE_ENGINE);
    assert_false(irq_stuck(SOC_LINE_ENGINE));
    assert_int_equal(irq_unclaimed(SOC_LINE_ENGINE), IRQ_UNCLAIMED_MAX);
}

/* ---- Time ------------------------------------------------------------------------------------------------------------- */

static void expired(void *context)
{
    assert_int_equal(irql_current(), IRQL_CLOCK);
    say(*(const char *)context);
}

static void dpc_hangs_until_the_watchdog(void)
{
    for (unsigned i = 0; i < 1000 && strchr(order, 't') == NULL; i++) (void)clock_cycles();
    say('h');
}

static void IRQ_01_the_clock_interrupts_a_dpc_that_hangs(void **state)
{
    (void)state;
    static struct clock_timer timer;
    char t = 't';
    clock_timer_start(&timer, 100, expired, &t);
    queue(dpc_hangs_until_the_watchdog);
    (void)host_irq_poll();
    assert_string_equal(order, "th");
}

static void TMO_03_timers_expire_in_the_order_of_their_deadlines_once(void **state)
{
    (void)state;
    static struct clock_timer timers[4];
    char name[4] = { 'a', 'b', 'c', 'x' };
    memset(timers, 0, sizeof timers);
    clock_timer_start(&timers[2], 300, expired, &name[2]);
    clock_timer_start(&timers[0], 900, expired, &name[0]);
    clock_timer_start(&timers[1], 200, expired, &name[1]);
    clock_timer_start(&timers[3], 250, expired, &name[3]);
    clock_timer_start(&timers[0], 100, expired, &name[0]); /* moved */
    assert_true(clock_timer_stop(&timers[3]));
    assert_false(clock_timer_stop(&timers[3]));
    host_clock_advance(1000);
    host_clock_advance(1000);
    assert_string_equal(order, "abc");
    assert_false(clock_timer_stop(&timers[0]));
}

static void TMO_03_a_timer_waits_while_the_level_is_at_clock(void **state)
{
    (void)state;
    static struct clock_timer timer;
    char t = 't';
    enum irql old = irql_raise(IRQL_CLOCK);
    clock_timer_start(&timer, 10, expired, &t);
    host_clock_advance(100);
    say('l');
    irql_lower(old);
    assert_string_equal(order, "lt");
}

static void IRQ_13_idle_wakes_for_the_timer_and_does_not_wait_when_work_is_there(void **state)
{
    (void)state;
    static struct clock_timer timer;
    char t = 't';
    clock_timer_start(&timer, 5000, expired, &t);
    irql_idle();
    assert_string_equal(order, "t");
    enum irql old = irql_raise(IRQL_DISPATCH);
    irql_idle();
#if HAL_CHECKS
    assert_violation(VIOL_IRQL);
#endif
    irql_lower(old);
}

static void IRQ_13_idle_does_not_wait_for_what_was_served_just_before(void **state)
{
    (void)state;
    static struct clock_timer timers[2];
    char name[2] = { 't', 'u' };
    memset(timers, 0, sizeof timers);
    clock_timer_start(&timers[0], 100, expired, &name[0]);
    clock_timer_start(&timers[1], 90000, expired, &name[1]);
    host_clock_advance(200);
    irql_idle(); /* while (!done) irql_idle(): done became true between the two */
    assert_string_equal(order, "t");
    assert_true(clock_cycles64() < 90000u);
    irql_idle();
    assert_string_equal(order, "tu");
}

static void stall_lasts_as_many_cycles_as_asked(void **state)
{
    (void)state;
    uint64_t begin_cycle = clock_cycles64();
    clock_stall_us(3);
    assert_true(clock_cycles64() - begin_cycle >= clock_cycles_of_us(3));
    assert_int_equal(clock_cycles_of_us(1), HAL_CLOCK_HZ / 1000000u);
    assert_true(clock_cycles_of_us(UINT32_MAX) == UINT32_MAX);
}

static void a_time_in_units_of_100_ns_becomes_cycles_and_is_never_too_short(void **state)
{
    (void)state;
    assert_int_equal(clock_cycles_of_100ns(0), 0);
    assert_int_equal(clock_cycles_of_100ns(1), (HAL_CLOCK_HZ + 9999999u) / 10000000u);
    for (uint64_t units = 3; units < UINT64_C(1000000000000); units = units * 7u + 1u) {
        uint64_t wanted = (units * HAL_CLOCK_HZ + 9999999u) / 10000000u;
        assert_true(clock_cycles_of_100ns(units) >= wanted);
        assert_true(clock_cycles_of_100ns(units) - wanted <= wanted / 65536u + 1u);
    }
    assert_true(clock_cycles_of_100ns(UINT64_C(1) << 44) < UINT64_MAX); /* weeks */
    assert_true(clock_cycles_of_100ns(UINT64_C(1) << 62) == UINT64_MAX);
    assert_true(clock_cycles_of_100ns(UINT64_MAX) == UINT64_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        dpc_test(IRQ_11_an_isr_nests_in_a_dpc_and_its_dpc_runs_behind),
        dpc_test(IRQ_01_a_device_waits_for_the_device_level_to_end),
        dpc_test(DPC_01_IRQ_14_a_dpc_queued_by_an_isr_over_passive_runs_at_the_end_of_the_trap),
        dpc_test(DPC_01_a_dpc_queued_by_an_isr_over_dispatch_waits_for_lower),
        dpc_test(ISR_01_all_handlers_of_a_shared_line_are_asked),
        dpc_test(SUP_02_a_line_that_nobody_claims_is_closed),
        dpc_test(IRQ_01_the_clock_interrupts_a_dpc_that_hangs),
        dpc_test(TMO_03_timers_expire_in_the_order_of_their_deadlines_once),
        dpc_test(TMO_03_a_timer_waits_while_the_level_is_at_clock),
        dpc_test(IRQ_13_idle_wakes_for_the_timer_and_does_not_wait_when_work_is_there),
        dpc_test(IRQ_13_idle_does_not_wait_for_what_was_served_just_before),
        dpc_test(stall_lasts_as_many_cycles_as_asked),
        dpc_test(a_time_in_units_of_100_ns_becomes_cycles_and_is_never_too_short),
    };
    return cmocka_run_group_tests_name("irq", tests, NULL, NULL);
}
