/* SPDX-License-Identifier: Apache-2.0 */
/* The timer of a device: HwVidTimer once in a period, at DISPATCH, until it is stopped. */
#include "port_fixture.h"

#define SECOND HAL_CLOCK_HZ

static unsigned ticks;
static void (*inside)(void); /* what HwVidTimer does besides */

static VOID tick(PVOID ext)
{
    assert_ptr_equal(ext, extension);
    assert_int_equal(VideoPortGetCurrentIrql(), IRQL_DISPATCH);
    ticks++;
    if (inside != NULL) inside();
}

static void attach(PVIDEO_HW_TIMER routine, ULONG period_us)
{
    VP_DEVICE_ATTACHMENT attachment = { .Channels = 1, .HwTimer = routine, .TimerPeriod = period_us };
    assert_int_equal(VpAttachDevice(extension, &attachment), NO_ERROR);
}

static int begin(void **state)
{
    ticks = 0;
    inside = NULL;
    (void)port_begin(state);
    assert_int_equal(VpDetachDevice(extension), NO_ERROR);
    attach(tick, 0);
    return 0;
}

static int end(void **state)
{
    assert_int_equal(VpDetachDevice(extension), NO_ERROR);
    unsigned before = ticks;
    host_clock_advance(3u * SECOND);
    assert_int_equal(ticks, before); /* nothing of the timer is left */
    return port_end(state);
}

static void pass(unsigned periods, uint32_t cycles)
{
    for (unsigned i = 0; i < periods; i++) host_clock_advance(cycles);
}

static void the_timer_calls_once_a_second_from_start_to_stop(void **state)
{
    (void)state;
    pass(2, SECOND);
    assert_int_equal(ticks, 0); /* not started */
    VideoPortStartTimer(extension);
    host_clock_advance(SECOND - 1000u);
    assert_int_equal(ticks, 0);
    host_clock_advance(1000u);
    assert_int_equal(ticks, 1);
    pass(3, SECOND);
    assert_int_equal(ticks, 4);
    VideoPortStopTimer(extension);
    pass(2, SECOND);
    assert_int_equal(ticks, 4);
    VideoPortStartTimer(extension);
    pass(2, SECOND);
    assert_int_equal(ticks, 6);
    assert_no_violation();
}

static void the_period_is_what_the_attachment_says(void **state)
{
    (void)state;
    assert_int_equal(VpDetachDevice(extension), NO_ERROR);
    attach(tick, 2000);
    VideoPortStartTimer(extension);
    pass(10, clock_cycles_of_us(1000));
    assert_int_equal(ticks, 5);
}

static void a_second_start_and_a_second_stop_change_nothing(void **state)
{
    (void)state;
    VideoPortStopTimer(extension);
    VideoPortStartTimer(extension);
    host_clock_advance(SECOND - 1000u);
    VideoPortStartTimer(extension); /* the period goes on */
    host_clock_advance(1000u);
    assert_int_equal(ticks, 1);
    VideoPortStopTimer(extension);
    VideoPortStopTimer(extension);
    pass(2, SECOND);
    assert_int_equal(ticks, 1);
    assert_no_violation();
}

/* ---- With DPCs ----------------------------------------------------------------------------------------------------- */

static void ticks_that_a_long_dispatch_holds_back_are_one(void **state)
{
    (void)state;
    VideoPortStartTimer(extension);
    enum irql old = irql_raise(IRQL_DISPATCH);
    pass(3, SECOND);
    assert_int_equal(ticks, 0);
    irql_lower(old);
    assert_int_equal(ticks, 1);
    host_clock_advance(SECOND);
    assert_int_equal(ticks, 2); /* the clock went on meanwhile */
}

static void after_stop_no_tick_comes_that_was_queued_before(void **state)
{
    (void)state;
    VideoPortStartTimer(extension);
    enum irql old = irql_raise(IRQL_DISPATCH);
    host_clock_advance(SECOND);
    VideoPortStopTimer(extension);
    irql_lower(old);
    assert_int_equal(ticks, 0);
    old = irql_raise(IRQL_DISPATCH);
    VideoPortStartTimer(extension);
    host_clock_advance(SECOND);
    VideoPortStopTimer(extension);
    VideoPortStartTimer(extension);
    irql_lower(old);
    assert_int_equal(ticks, 0); /* nor does it count for the new start */
    host_clock_advance(SECOND);
    assert_int_equal(ticks, 1);
}

static char order[8];

static VOID dpc_d(PVOID ext, PVOID context)
{
    (void)ext;
    (void)context;
    strcat(order, "d");
}

static void say_t(void)
{
    strcat(order, "t");
}

static void DPC_07_the_timer_has_an_object_of_its_own_in_the_one_queue(void **state)
{
    (void)state;
    order[0] = '\0';
    inside = say_t;
    VideoPortStartTimer(extension);
    enum irql old = irql_raise(IRQL_DISPATCH);
    host_clock_advance(SECOND);
    assert_true(VideoPortQueueDpc(extension, dpc_d, NULL)); /* the tick does not stand in its way */
    irql_lower(old);
    assert_string_equal(order, "td");
    old = irql_raise(IRQL_DISPATCH);
    assert_true(VideoPortQueueDpc(extension, dpc_d, NULL));
    host_clock_advance(SECOND);
    VideoPortStopTimer(extension); /* takes the last of the queue */
    host_clock_advance(SECOND);
    VideoPortStartTimer(extension);
    host_clock_advance(SECOND); /* and the queue still has its end */
    irql_lower(old);
    assert_string_equal(order, "tddt");
}

static void a_device_is_detached_while_its_timer_runs(void **state)
{
    (void)state;
    VideoPortStartTimer(extension);
    host_clock_advance(SECOND);
    assert_int_equal(VpDetachDevice(extension), NO_ERROR);
    pass(2, SECOND);
    assert_int_equal(ticks, 1);
    attach(tick, 0);
    pass(2, SECOND);
    assert_int_equal(ticks, 1); /* a new life begins stopped */
    VideoPortStartTimer(extension);
    host_clock_advance(SECOND);
    assert_int_equal(ticks, 2);
}

static PEVENT event;

static void set_event(void)
{
    (void)VideoPortSetEvent(extension, event);
}

static void the_timer_ends_a_wait_of_the_main_loop(void **state)
{
    (void)state;
    inside = set_event;
    assert_int_equal(VideoPortCreateEvent(extension, 0, NULL, &event), NO_ERROR);
    VideoPortStartTimer(extension);
    assert_int_equal(VideoPortWaitForSingleObject(extension, event, NULL), NO_ERROR);
    assert_int_equal(ticks, 1);
    assert_int_equal(VideoPortDeleteEvent(extension, event), NO_ERROR);
}

/* ---- Misuse -------------------------------------------------------------------------------------------------------- */

static void stop_inside(void)
{
    VideoPortStartTimer(extension); /* changes nothing */
    assert_no_violation();
    VideoPortStopTimer(extension);
}

static void the_timer_cannot_stop_itself(void **state)
{
    (void)state;
    inside = stop_inside;
    VideoPortStartTimer(extension);
    host_clock_advance(SECOND);
    assert_violation(VIOL_TIMER);
    host_clock_advance(SECOND);
    assert_int_equal(ticks, 2);
    assert_violation(VIOL_TIMER);
}

static void without_a_routine_there_is_no_timer(void **state)
{
    (void)state;
    assert_int_equal(VpDetachDevice(extension), NO_ERROR);
    VideoPortStartTimer(extension);
    assert_violation(VIOL_TIMER);
    attach(NULL, 0);
    VideoPortStartTimer(extension);
    assert_violation(VIOL_TIMER);
    VideoPortStopTimer(extension);
    assert_violation(VIOL_TIMER);
    pass(2, SECOND);
}

static void IRQ_02_the_timer_is_started_and_stopped_up_to_dispatch(void **state)
{
    (void)state;
    static const enum irql levels[] = { IRQL_PASSIVE, IRQL_DISPATCH, IRQL_DEVICE };
    for (size_t i = 0; i < 3; i++) {
        ticks = 0;
        enum irql old = irql_raise(levels[i]);
        VideoPortStartTimer(extension);
        assert_int_equal(irql_current(), levels[i]); /* IRQ-08 */
        irql_lower(old);
        host_clock_advance(SECOND);
        assert_int_equal(ticks, levels[i] <= IRQL_DISPATCH);
        VideoPortStartTimer(extension);
        violation_reset();
        old = irql_raise(levels[i]);
        VideoPortStopTimer(extension);
        assert_int_equal(violation_count_of(VIOL_IRQL), levels[i] > IRQL_DISPATCH);
        assert_int_equal(irql_current(), levels[i]);
        irql_lower(old);
        ticks = 0;
        host_clock_advance(SECOND);
        assert_int_equal(ticks, levels[i] > IRQL_DISPATCH); /* it runs on */
    }
}

#define timer_test(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        timer_test(the_timer_calls_once_a_second_from_start_to_stop),
        timer_test(the_period_is_what_the_attachment_says),
        timer_test(a_second_start_and_a_second_stop_change_nothing),
        timer_test(ticks_that_a_long_dispatch_holds_back_are_one),
        timer_test(after_stop_no_tick_comes_that_was_queued_before),
        timer_test(DPC_07_the_timer_has_an_object_of_its_own_in_the_one_queue),
        timer_test(a_device_is_detached_while_its_timer_runs),
        timer_test(the_timer_ends_a_wait_of_the_main_loop),
        timer_test(the_timer_cannot_stop_itself),
        timer_test(without_a_routine_there_is_no_timer),
        timer_test(IRQ_02_the_timer_is_started_and_stopped_up_to_dispatch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
