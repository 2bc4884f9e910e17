/* SPDX-License-Identifier: Apache-2.0 */
/* Spin locks: DPCs stay out while one is held, and every misuse is found. */
#include "port_fixture.h"

static PSPIN_LOCK lock;
static unsigned   runs;

static VOID dpc(PVOID ext, PVOID context)
{
    (void)ext;
    (void)context;
    runs++;
}

static int begin(void **state)
{
    (void)port_begin(state);
    runs = 0;
    interrupts_left = 0;
    assert_int_equal(VideoPortCreateSpinLock(extension, &lock), NO_ERROR);
    return 0;
}

static int end(void **state)
{
    assert_int_equal(VideoPortDeleteSpinLock(extension, lock), NO_ERROR);
    assert_int_equal(VpDetachDevice(extension), NO_ERROR);
    return port_end(state);
}

/* A clock tick queues the DPC at any level. */
static void queue(void *context)
{
    (void)context;
    (void)VideoPortQueueDpc(extension, dpc, NULL);
}

static void a_dpc_waits_until_the_lock_is_released(void **state)
{
    (void)state;
    static struct clock_timer timer;
    UCHAR old = 0xff;
    VideoPortAcquireSpinLock(extension, lock, &old);
    assert_int_equal(old, IRQL_PASSIVE);
    assert_int_equal(VideoPortGetCurrentIrql(), IRQL_DISPATCH);
    clock_timer_start(&timer, 10, queue, NULL);
    host_clock_advance(100);
    assert_int_equal(runs, 0);
    VideoPortReleaseSpinLock(extension, lock, old);
    assert_int_equal(runs, 1); /* IRQ-04: inside the release */
    assert_int_equal(VideoPortGetCurrentIrql(), IRQL_PASSIVE);
    clock_timer_start(&timer, 10, queue, NULL);
    host_clock_advance(100);
    assert_int_equal(runs, 2);
    assert_no_violation();
}

static void an_interrupt_comes_while_a_lock_is_held(void **state)
{
    (void)state;
    UCHAR old = 0xff;
    interrupts_left = 1;
    VideoPortAcquireSpinLock(extension, lock, &old);
    host_irq_set(SOC_LINE_ENGINE, true);
    (void)host_irq_poll();
    assert_int_equal(interrupts_left, 0);
    VideoPortReleaseSpinLock(extension, lock, old);
}

static VOID dpc_takes_the_lock(PVOID ext, PVOID context)
{
    (void)context;
    VideoPortAcquireSpinLockAtDpcLevel(ext, lock);
    assert_int_equal(VideoPortGetCurrentIrql(), IRQL_DISPATCH);
    VideoPortReleaseSpinLockFromDpcLevel(ext, lock);
    assert_int_equal(VideoPortGetCurrentIrql(), IRQL_DISPATCH);
    runs++;
}

static void two_locks_nest_and_a_dpc_takes_them_after_their_release(void **state)
{
    (void)state;
    PSPIN_LOCK inner;
    UCHAR old = 0xff, inner_old = 0xff;
    assert_int_equal(VideoPortCreateSpinLock(extension, &inner), NO_ERROR);
    VideoPortAcquireSpinLock(extension, lock, &old);
    assert_true(VideoPortQueueDpc(extension, dpc_takes_the_lock, NULL));
    VideoPortAcquireSpinLock(extension, inner, &inner_old);
    assert_int_equal(inner_old, IRQL_DISPATCH);
    VideoPortReleaseSpinLock(extension, inner, inner_old);
    assert_int_equal(VideoPortGetCurrentIrql(), IRQL_DISPATCH);
    assert_int_equal(runs, 0);
    VideoPortReleaseSpinLock(extension, lock, old);
    assert_int_equal(runs, 1);
    assert_int_equal(VideoPortDeleteSpinLock(extension, inner), NO_ERROR);
    assert_no_violation();
}

/* ---- Misuse -------------------------------------------------------------------------------------------------------- */

static void a_lock_that_is_held_is_not_taken_again_and_not_deleted(void **state)
{
    (void)state;
    UCHAR old = 0xff, again = 0xee;
    VideoPortAcquireSpinLock(extension, lock, &old);
    VideoPortAcquireSpinLock(extension, lock, &again);
    assert_violation(VIOL_SPIN_LOCK);
    assert_int_equal(again, 0xee);
    VideoPortAcquireSpinLockAtDpcLevel(extension, lock);
    assert_violation(VIOL_SPIN_LOCK);
    assert_int_equal(VideoPortDeleteSpinLock(extension, lock), ERROR_INVALID_PARAMETER);
    assert_violation(VIOL_SPIN_LOCK);
    VideoPortReleaseSpinLock(extension, lock, old);
    assert_no_violation();
}

static void a_lock_is_released_as_it_was_taken(void **state)
{
    (void)state;
    UCHAR level = 0xff;
    VideoPortAcquireSpinLock(extension, lock, &level);
    VideoPortReleaseSpinLockFromDpcLevel(extension, lock);
    assert_violation(VIOL_SPIN_LOCK);
    VideoPortReleaseSpinLock(extension, lock, IRQL_DISPATCH); /* not the level that Acquire gave */
    assert_violation(VIOL_SPIN_LOCK);
    assert_int_equal(VideoPortGetCurrentIrql(), IRQL_DISPATCH);
    VideoPortReleaseSpinLock(extension, lock, level);
    assert_no_violation();

    enum irql old = irql_raise(IRQL_DISPATCH);
    VideoPortReleaseSpinLock(extension, lock, IRQL_DISPATCH); /* nobody holds it */
    assert_violation(VIOL_SPIN_LOCK);
    VideoPortAcquireSpinLockAtDpcLevel(extension, lock);
    VideoPortReleaseSpinLock(extension, lock, IRQL_DISPATCH);
    assert_violation(VIOL_SPIN_LOCK);
    VideoPortReleaseSpinLockFromDpcLevel(extension, lock);
    assert_no_violation();
    irql_lower(old);
}

static void locks_end_at_the_limit_and_belong_to_their_device(void **state)
{
    (void)state;
    static uint32_t other[4];
    VP_DEVICE_ATTACHMENT attachment = { .Channels = 1 };
    PSPIN_LOCK many[VP_MAX_SPIN_LOCKS] = { NULL };
    UCHAR old = 0xee;
    assert_int_equal(VpAttachDevice(other, &attachment), NO_ERROR);
    for (unsigned i = 1; i < VP_MAX_SPIN_LOCKS; i++) assert_int_equal(VideoPortCreateSpinLock(extension, &many[i]), NO_ERROR);
    assert_int_equal(VideoPortCreateSpinLock(extension, &many[0]), ERROR_NOT_ENOUGH_MEMORY);
    assert_null(many[0]);
    assert_int_equal(VideoPortCreateSpinLock(extension, NULL), ERROR_INVALID_PARAMETER);
    assert_int_equal(VideoPortCreateSpinLock(&runs, &many[0]), ERROR_INVALID_PARAMETER);
    assert_int_equal(VpDetachDevice(extension), ERROR_INVALID_PARAMETER);
    assert_no_violation();
    VideoPortAcquireSpinLock(other, lock, &old);
    assert_violation(VIOL_SPIN_LOCK);
    assert_int_equal(old, 0xee);
    assert_int_equal(VideoPortGetCurrentIrql(), IRQL_PASSIVE);
    for (unsigned i = 1; i < VP_MAX_SPIN_LOCKS; i++) assert_int_equal(VideoPortDeleteSpinLock(extension, many[i]), NO_ERROR);
    assert_int_equal(VideoPortDeleteSpinLock(extension, many[1]), ERROR_INVALID_PARAMETER);
    assert_violation(VIOL_SPIN_LOCK);
    assert_int_equal(VpDetachDevice(other), NO_ERROR);
}

static void call_create(void)  { PSPIN_LOCK made; if (VideoPortCreateSpinLock(extension, &made) == NO_ERROR) (void)VideoPortDeleteSpinLock(extension, made); }
static void call_delete(void)  { if (irql_current() > IRQL_DISPATCH) assert_int_equal(VideoPortDeleteSpinLock(extension, lock), ERROR_INVALID_PARAMETER); }
static void call_take(void)    { UCHAR old = 0xee; VideoPortAcquireSpinLock(extension, lock, &old); if (old != 0xee) VideoPortReleaseSpinLock(extension, lock, old); }
static void call_take_at(void) { VideoPortAcquireSpinLockAtDpcLevel(extension, lock); VideoPortReleaseSpinLockFromDpcLevel(extension, lock); }

static void IRQ_02_the_functions_of_spin_locks_have_their_levels(void **state)
{
    (void)state;
    const struct { void (*call)(void); enum irql least, most; } table[] = {
        { call_create, IRQL_PASSIVE, IRQL_PASSIVE }, { call_delete, IRQL_PASSIVE, IRQL_DISPATCH },
        { call_take, IRQL_PASSIVE, IRQL_DISPATCH },  { call_take_at, IRQL_DISPATCH, IRQL_DISPATCH },
    };
    static const enum irql levels[] = { IRQL_PASSIVE, IRQL_DISPATCH, IRQL_DEVICE };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        for (size_t k = 0; k < 3; k++) {
            violation_reset();
            enum irql old = irql_raise(levels[k]);
            table[i].call();
            assert_int_equal(irql_current(), levels[k]); /* IRQ-08 */
            irql_lower(old);
            bool allowed = levels[k] >= table[i].least && levels[k] <= table[i].most;
            assert_int_equal(violation_count(), violation_count_of(VIOL_IRQL));
            assert_int_equal(violation_count() != 0u, !allowed);
        }
    }
    violation_reset();
}

#define spin_test(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        spin_test(a_dpc_waits_until_the_lock_is_released),
        spin_test(an_interrupt_comes_while_a_lock_is_held),
        spin_test(two_locks_nest_and_a_dpc_takes_them_after_their_release),
        spin_test(a_lock_that_is_held_is_not_taken_again_and_not_deleted),
        spin_test(a_lock_is_released_as_it_was_taken),
        spin_test(locks_end_at_the_limit_and_belong_to_their_device),
        spin_test(IRQ_02_the_functions_of_spin_locks_have_their_levels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
