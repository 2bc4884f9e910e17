/* SPDX-License-Identifier: Apache-2.0 */
/* Levels, and work that waits for them to drop. */
#include "dpcs.h"

/* ---- Raise and lower ------------------------------------------------------------------------------------------------- */

static void IRQ_01_raise_returns_the_level_before(void **state)
{
    (void)state;
    assert_int_equal(irql_raise(IRQL_DISPATCH), IRQL_PASSIVE);
    assert_int_equal(irql_raise(IRQL_DEVICE), IRQL_DISPATCH);
    assert_int_equal(irql_raise(IRQL_DEVICE), IRQL_DEVICE);
    assert_int_equal(irql_raise(IRQL_HIGH), IRQL_DEVICE);
    irql_lower(IRQL_DEVICE);
    irql_lower(IRQL_PASSIVE);
    assert_int_equal(irql_current(), IRQL_PASSIVE);
    assert_no_violation();
}

static void IRQ_02_raising_down_and_lowering_up_are_violations_and_change_nothing(void **state)
{
    (void)state;
    enum irql old = irql_raise(IRQL_DEVICE);
    assert_int_equal(irql_raise(IRQL_DISPATCH), IRQL_DEVICE);
    assert_violation(VIOL_IRQL);
    irql_lower(IRQL_HIGH);
    assert_violation(VIOL_IRQL);
    assert_int_equal(irql_current(), IRQL_DEVICE);
    irql_lower(old);
}

static void IRQ_02_checks_report_level_and_allowed_level(void **state)
{
    (void)state;
    enum irql old = irql_raise(IRQL_DISPATCH);
    assert_true(irql_check_at_most(IRQL_DISPATCH, "here"));
    assert_true(irql_check_at_least(IRQL_DISPATCH, "here"));
    assert_true(irql_check_exactly(IRQL_DISPATCH, "here"));
    assert_no_violation();
    assert_false(irql_check_exactly(IRQL_PASSIVE, "here"));
    assert_int_equal(violation_last(0)->p[0], IRQL_DISPATCH);
    assert_int_equal(violation_last(0)->p[1], IRQL_PASSIVE);
    assert_string_equal((const char *)violation_last(0)->p[2], "here");
    assert_violation(VIOL_IRQL);
    assert_false(irql_check_at_least(IRQL_DEVICE, "here"));
    assert_violation(VIOL_IRQL);
    irql_lower(old);
}

static void IRQ_10_a_mask_that_disagrees_with_the_level_is_found(void **state)
{
    (void)state;
    host_irq_corrupt_mask();
    (void)irql_check_at_most(IRQL_HIGH, "here");
#if HAL_CHECKS
    assert_violation(VIOL_IRQL_MASK);
#else
    assert_no_violation();
#endif
    host_irq_corrupt_mask();
    assert_true(irql_check_at_most(IRQL_HIGH, "here"));
    assert_no_violation();
}

/* ---- Deferred work ---------------------------------------------------------------------------------------------------- */

static void DPC_01_queueing_at_dispatch_runs_nothing_and_lowering_does(void **state)
{
    (void)state;
    enum irql old = irql_raise(IRQL_DISPATCH);
    queue(dpc_d);
    say('q');
    assert_true(irql_soft_pending());
    irql_lower(old);
    say('l');
    assert_string_equal(order, "qdl");
    assert_false(irql_soft_pending());
}

static void IRQ_12_lowering_from_a_device_level_drains_as_well(void **state)
{
    (void)state;
    enum irql old = irql_raise(IRQL_CLOCK);
    queue(dpc_d);
    irql_lower(IRQL_DISPATCH);
    say('l');
    irql_lower(old);
    say('p');
    assert_string_equal(order, "ldp");
}

static void dpc_queues_another(void)
{
    say('a');
    queue(dpc_d);
    say('b');
}

static void IRQ_04_what_a_dpc_queues_has_run_when_lower_returns(void **state)
{
    (void)state;
    enum irql old = irql_raise(IRQL_DISPATCH);
    queue(dpc_queues_another);
    irql_lower(old);
    assert_string_equal(order, "abd");
    assert_int_equal(dpcs.deepest, 1);
}

static void dpc_lowers(void)
{
    irql_lower(IRQL_PASSIVE);
    say('x');
}

static void IRQ_12_a_dpc_that_lowers_to_passive_does_not_enter_the_drain_again(void **state)
{
    (void)state;
    enum irql old = irql_raise(IRQL_DISPATCH);
    queue(dpc_lowers);
    queue(dpc_d);
    irql_lower(old);
    assert_string_equal(order, "xd");
    assert_int_equal(dpcs.deepest, 1);
    assert_violation(VIOL_IRQL);
}

static void dpc_raises_and_lowers(void)
{
    enum irql old = irql_raise(IRQL_DEVICE);
    say('r');
    irql_lower(old);
    assert_int_equal(irql_current(), IRQL_DISPATCH);
}

static void IRQ_06_a_dpc_may_raise_to_the_device_level_and_come_back(void **state)
{
    (void)state;
    queue(dpc_raises_and_lowers);
    (void)host_irq_poll();
    assert_string_equal(order, "r");
    assert_no_violation();
}

static void dpc_requeues_itself(void)
{
    say('.');
    dpcs.queue[dpcs.tail++ % CAPACITY] = dpc_requeues_itself;
}

static void DPC_08_a_dpc_that_requeues_itself_for_ever_lets_passive_code_go_on(void **state)
{
    (void)state;
    dpcs.budget = 4;
    queue(dpc_requeues_itself);
    (void)host_irq_poll();
    assert_string_equal(order, "....");
    for (unsigned turn = 1; turn < 5; turn++) {
        host_clock_advance(IRQL_WINDOW_CYCLES / 2u);
        assert_int_equal(dpcs.runs, turn * 4u); /* the window is PASSIVE's */
        host_clock_advance(IRQL_WINDOW_CYCLES);
        assert_int_equal(dpcs.runs, (turn + 1u) * 4u);
    }
    irql_dispatch_hook(NULL, NULL);
}

static void DPC_01_without_a_hook_the_work_waits_for_one(void **state)
{
    (void)state;
    irql_dispatch_hook(NULL, NULL);
    queue(dpc_d);
    irql_lower(irql_raise(IRQL_DISPATCH));
    assert_string_equal(order, "");
    irql_dispatch_hook(drain, &dpcs);
    irql_lower(irql_raise(IRQL_DISPATCH));
    assert_string_equal(order, "d");
}

static void work_w(void *context)
{
    assert_int_equal(irql_current(), IRQL_DISPATCH);
    say(*(const char *)context);
}

static void DPC_02_work_is_queued_once_and_runs_before_the_hook(void **state)
{
    (void)state;
    static struct irql_work work;
    work = (struct irql_work){ .queued = false };
    char w = 'w';
    char v = 'v';
    enum irql old = irql_raise(IRQL_DISPATCH);
    queue(dpc_d);
    assert_true(irql_work_queue(&work, work_w, &w));
    assert_false(irql_work_queue(&work, work_w, &v));
    irql_lower(old);
    assert_string_equal(order, "wd");
    assert_true(irql_work_queue(&work, work_w, &v));
    (void)host_irq_poll();
    assert_string_equal(order, "wdv");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        dpc_test(IRQ_01_raise_returns_the_level_before),
        dpc_test(IRQ_02_raising_down_and_lowering_up_are_violations_and_change_nothing),
        dpc_test(IRQ_02_checks_report_level_and_allowed_level),
        dpc_test(IRQ_10_a_mask_that_disagrees_with_the_level_is_found),
        dpc_test(DPC_01_queueing_at_dispatch_runs_nothing_and_lowering_does),
        dpc_test(IRQ_12_lowering_from_a_device_level_drains_as_well),
        dpc_test(IRQ_04_what_a_dpc_queues_has_run_when_lower_returns),
        dpc_test(IRQ_12_a_dpc_that_lowers_to_passive_does_not_enter_the_drain_again),
        dpc_test(IRQ_06_a_dpc_may_raise_to_the_device_level_and_come_back),
        dpc_test(DPC_08_a_dpc_that_requeues_itself_for_ever_lets_passive_code_go_on),
        dpc_test(DPC_01_without_a_hook_the_work_waits_for_one),
        dpc_test(DPC_02_work_is_queued_once_and_runs_before_the_hook),
    };
    return cmocka_run_group_tests_name("irql", tests, NULL, NULL);
}
