/* SPDX-License-Identifier: Apache-2.0 */
/* Events: created, set, cleared, read, waited for. */
#include "port_fixture.h"

#define US(n) (-(LONGLONG)(n) * 10) /* of a timeout from now */

static PEVENT   event;
static unsigned runs;

/* Sets the event from a DPC, as a driver does that tells the main loop. */
static VOID dpc_sets(PVOID ext, PVOID context)
{
    assert_int_equal(VideoPortGetCurrentIrql(), IRQL_DISPATCH);
    (void)VideoPortSetEvent(ext, context);
    runs++;
}

static BOOLEAN isr(PVOID ext)
{
    host_irq_set(SOC_LINE_ENGINE, false);
    return VideoPortQueueDpc(ext, dpc_sets, event);
}

static int begin(void **state)
{
    (void)port_begin(state);
    assert_int_equal(VpDetachDevice(extension), NO_ERROR);
    VP_DEVICE_ATTACHMENT attachment = { .HwInterrupt = isr, .InterruptLine = SOC_LINE_ENGINE, .Channels = 1 };
    assert_int_equal(VpAttachDevice(extension, &attachment), NO_ERROR);
    event = NULL;
    runs = 0;
    return 0;
}

static void make(ULONG flags)
{
    assert_int_equal(VideoPortCreateEvent(extension, flags, NULL, &event), NO_ERROR);
    assert_non_null(event);
}

static int end(void **state)
{
    if (event != NULL) assert_int_equal(VideoPortDeleteEvent(extension, event), NO_ERROR);
    assert_int_equal(VpDetachDevice(extension), NO_ERROR);
    return port_end(state);
}

static VP_STATUS wait_for(LONGLONG units)
{
    LARGE_INTEGER timeout = { .QuadPart = units };
    return VideoPortWaitForSingleObject(extension, event, &timeout);
}

/* ---- State --------------------------------------------------------------------------------------------------------- */

static void an_event_is_signaled_as_its_flags_and_set_and_clear_say(void **state)
{
    (void)state;
    make(INITIAL_EVENT_SIGNALED);
    assert_int_not_equal(VideoPortReadStateEvent(extension, event), 0);
    assert_int_equal(VideoPortDeleteEvent(extension, event), NO_ERROR);
    make(NOTIFICATION_EVENT);
    assert_int_equal(VideoPortReadStateEvent(extension, event), 0);
    assert_int_equal(VideoPortSetEvent(extension, event), 0);
    assert_int_not_equal(VideoPortSetEvent(extension, event), 0); /* it was already */
    assert_int_not_equal(VideoPortReadStateEvent(extension, event), 0);
    VideoPortClearEvent(extension, event);
    assert_int_equal(VideoPortReadStateEvent(extension, event), 0);
    assert_int_equal(VideoPortSetEvent(extension, event), 0);
    assert_no_violation();
}

static void a_wait_clears_a_synchronization_event_and_leaves_a_notification_event(void **state)
{
    (void)state;
    make(INITIAL_EVENT_SIGNALED);
    assert_int_equal(VideoPortWaitForSingleObject(extension, event, NULL), NO_ERROR);
    assert_int_equal(wait_for(0), WAIT_TIMEOUT);
    assert_int_equal(VideoPortDeleteEvent(extension, event), NO_ERROR);
    make(NOTIFICATION_EVENT | INITIAL_EVENT_SIGNALED);
    assert_int_equal(VideoPortWaitForSingleObject(extension, event, NULL), NO_ERROR);
    assert_int_equal(wait_for(0), NO_ERROR);
    assert_int_equal(wait_for(US(5)), NO_ERROR);
    VideoPortClearEvent(extension, event);
    assert_int_equal(wait_for(US(5)), WAIT_TIMEOUT);
}

static void events_end_at_the_limit_of_a_device_and_a_deleted_one_makes_room(void **state)
{
    (void)state;
    PEVENT many[VP_MAX_EVENTS], one_more = (PEVENT)(void *)&runs;
    for (unsigned i = 0; i < VP_MAX_EVENTS; i++) assert_int_equal(VideoPortCreateEvent(extension, 0, NULL, &many[i]), NO_ERROR);
    assert_int_equal(VideoPortCreateEvent(extension, 0, NULL, &one_more), ERROR_NOT_ENOUGH_MEMORY);
    assert_ptr_equal(one_more, &runs); /* unchanged */
    (void)VideoPortSetEvent(extension, many[1]);
    assert_int_equal(VideoPortReadStateEvent(extension, many[0]), 0);
    assert_int_equal(VideoPortReadStateEvent(extension, many[2]), 0);
    assert_int_equal(VideoPortDeleteEvent(extension, many[1]), NO_ERROR);
    make(0);
    assert_int_equal(VideoPortReadStateEvent(extension, event), 0); /* nothing of the old one is left */
    assert_int_equal(VpDetachDevice(extension), ERROR_INVALID_PARAMETER);
    for (unsigned i = 0; i < VP_MAX_EVENTS; i++) {
        if (i != 1u) assert_int_equal(VideoPortDeleteEvent(extension, many[i]), NO_ERROR);
    }
}

static void what_is_no_event_of_the_device_is_refused(void **state)
{
    (void)state;
    static uint32_t other[4];
    VP_DEVICE_ATTACHMENT attachment = { .Channels = 1 };
    assert_int_equal(VpAttachDevice(other, &attachment), NO_ERROR);
    make(0);
    assert_int_equal(VideoPortCreateEvent(extension, 4, NULL, &event), ERROR_INVALID_PARAMETER);
    assert_int_equal(VideoPortCreateEvent(extension, 0, other, &event), ERROR_INVALID_PARAMETER);
    assert_int_equal(VideoPortCreateEvent(extension, 0, NULL, NULL), ERROR_INVALID_PARAMETER);
    assert_int_equal(VideoPortCreateEvent(&runs, 0, NULL, &event), ERROR_INVALID_PARAMETER);
    assert_no_violation();
    assert_int_equal(VideoPortSetEvent(other, event), 0);
    assert_violation(VIOL_EVENT);
    assert_int_equal(VideoPortReadStateEvent(extension, event), 0);
    (void)VideoPortSetEvent(extension, event);
    VideoPortClearEvent(other, event);
    assert_violation(VIOL_EVENT);
    assert_int_not_equal(VideoPortReadStateEvent(extension, event), 0);
    assert_int_equal(VideoPortWaitForSingleObject(other, event, NULL), ERROR_INVALID_PARAMETER);
    assert_violation(VIOL_EVENT);
    assert_int_equal(VideoPortDeleteEvent(other, event), ERROR_INVALID_PARAMETER);
    assert_violation(VIOL_EVENT);
    assert_int_equal(VideoPortDeleteEvent(extension, event), NO_ERROR);
    assert_int_equal(VideoPortDeleteEvent(extension, event), ERROR_INVALID_PARAMETER);
    assert_violation(VIOL_EVENT);
    event = NULL;
    assert_int_equal(VpDetachDevice(other), NO_ERROR);
}

/* ---- Waiting ------------------------------------------------------------------------------------------------------- */

static struct clock_timer timer;

static void raise_line(void *context)
{
    (void)context;
    host_irq_set(SOC_LINE_ENGINE, true);
}

static void a_wait_ends_when_a_dpc_sets_the_event(void **state)
{
    (void)state;
    make(0);
    clock_timer_start(&timer, clock_cycles_of_us(100), raise_line, NULL);
    uint64_t begun = clock_cycles64();
    assert_int_equal(VideoPortWaitForSingleObject(extension, event, NULL), NO_ERROR);
    assert_int_equal(runs, 1);
    assert_true(clock_cycles64() - begun >= clock_cycles_of_us(100));
    clock_timer_start(&timer, clock_cycles_of_us(100), raise_line, NULL);
    assert_int_equal(wait_for(US(200)), NO_ERROR); /* before its timeout */
    assert_true(clock_cycles64() - begun < clock_cycles_of_us(300));
    assert_int_equal(runs, 2);
    assert_no_violation();
}

static void a_wait_from_now_ends_after_its_time_and_leaves_no_timer(void **state)
{
    (void)state;
    make(0);
    const LONGLONG us[] = { 1, 7, 1000, 1000000, 100000000 }; /* the last is longer than a timer of the hal */
    for (size_t i = 0; i < sizeof us / sizeof us[0]; i++) {
        uint64_t begun = clock_cycles64(), wanted = (uint64_t)us[i] * (HAL_CLOCK_HZ / 1000000u);
        assert_int_equal(wait_for(US(us[i])), WAIT_TIMEOUT);
        uint64_t lasted = clock_cycles64() - begun;
        assert_true(lasted >= wanted && lasted < wanted + 16u + wanted / 100000u);
    }
    assert_int_equal(wait_for(-1), WAIT_TIMEOUT); /* 100 ns */
    assert_false(VideoPortReadStateEvent(extension, event));
    uint64_t now = clock_cycles64();
    host_clock_advance(1000);
    assert_int_equal(host_irq_poll(), 0);
    assert_true(clock_cycles64() == now + 1000u);
}

static void a_wait_until_an_absolute_time_counts_from_reset(void **state)
{
    (void)state;
    make(0);
    host_clock_advance(clock_cycles_of_us(500));
    uint64_t begun = clock_cycles64();
    assert_int_equal(wait_for(-US(400)), WAIT_TIMEOUT); /* it is past already */
    assert_true(clock_cycles64() - begun < 16u);
    assert_int_equal(wait_for(-US(800)), WAIT_TIMEOUT);
    assert_true(clock_cycles64() >= clock_cycles_of_us(800) && clock_cycles64() < clock_cycles_of_us(801));
}

static void a_timeout_of_many_years_is_for_ever(void **state)
{
    (void)state;
    make(0);
    const LONGLONG far[] = { INT64_MIN, -INT64_MAX, INT64_MAX };
    for (size_t i = 0; i < sizeof far / sizeof far[0]; i++) {
        clock_timer_start(&timer, clock_cycles_of_us(3), raise_line, NULL);
        assert_int_equal(wait_for(far[i]), NO_ERROR);
    }
    assert_int_equal(runs, 3);
}

static VOID dpc_deletes(PVOID ext, PVOID context)
{
    assert_int_equal(VideoPortDeleteEvent(ext, context), ERROR_INVALID_PARAMETER);
    runs++;
}

static void queue_delete(void *context)
{
    assert_true(VideoPortQueueDpc(extension, dpc_deletes, context));
}

static void an_event_is_not_deleted_under_its_waiter(void **state)
{
    (void)state;
    make(0);
    clock_timer_start(&timer, 100, queue_delete, event);
    assert_int_equal(wait_for(US(50)), WAIT_TIMEOUT);
    assert_int_equal(runs, 1);
    assert_violation(VIOL_EVENT);
    assert_int_equal(VideoPortSetEvent(extension, event), 0); /* it is still there */
    assert_no_violation();
}

/* ---- Levels -------------------------------------------------------------------------------------------------------- */

static void IRQ_05_a_wait_with_a_timeout_at_dispatch_is_a_violation(void **state)
{
    (void)state;
    make(INITIAL_EVENT_SIGNALED);
    enum irql old = irql_raise(IRQL_DISPATCH);
    uint64_t begun = clock_cycles64();
    assert_int_equal(wait_for(US(10)), ERROR_INVALID_PARAMETER);
    assert_violation(VIOL_IRQL);
    assert_int_equal(wait_for(1), ERROR_INVALID_PARAMETER);
    assert_violation(VIOL_IRQL);
    assert_int_equal(VideoPortWaitForSingleObject(extension, event, NULL), ERROR_INVALID_PARAMETER);
    assert_violation(VIOL_IRQL);
    assert_true(clock_cycles64() == begun); /* nobody waited */
    assert_int_not_equal(VideoPortReadStateEvent(extension, event), 0); /* nor took it */
    assert_int_equal(irql_current(), IRQL_DISPATCH);
    irql_lower(old);
}

static void IRQ_05_a_timeout_of_zero_asks_at_dispatch(void **state)
{
    (void)state;
    make(0);
    enum irql old = irql_raise(IRQL_DISPATCH);
    assert_int_equal(wait_for(0), WAIT_TIMEOUT);
    (void)VideoPortSetEvent(extension, event);
    assert_int_equal(wait_for(0), NO_ERROR);
    assert_int_equal(wait_for(0), WAIT_TIMEOUT); /* the wait has cleared it */
    irql_lower(old);
    assert_no_violation();
}

static void call_create(void) { PEVENT made; if (VideoPortCreateEvent(extension, 0, NULL, &made) == NO_ERROR) (void)VideoPortDeleteEvent(extension, made); }
static void call_delete(void) { if (irql_current() > IRQL_DISPATCH) assert_int_equal(VideoPortDeleteEvent(extension, event), ERROR_INVALID_PARAMETER); }
static void call_set(void)    { (void)VideoPortSetEvent(extension, event); }
static void call_clear(void)  { VideoPortClearEvent(extension, event); }
static void call_read(void)   { (void)VideoPortReadStateEvent(extension, event); }
static void call_ask(void)    { (void)wait_for(0); }
static void call_wait(void)   { (void)wait_for(US(1)); }

static void IRQ_02_the_functions_of_events_have_their_levels(void **state)
{
    (void)state;
    const struct { void (*call)(void); enum irql most; } table[] = {
        { call_create, IRQL_PASSIVE }, { call_delete, IRQL_DISPATCH }, { call_set, IRQL_DISPATCH }, { call_clear, IRQL_DISPATCH },
        { call_read, IRQL_DISPATCH },  { call_ask, IRQL_DISPATCH },    { call_wait, IRQL_PASSIVE },
    };
    static const enum irql levels[] = { IRQL_PASSIVE, IRQL_DISPATCH, IRQL_DEVICE };
    make(NOTIFICATION_EVENT);
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        for (size_t k = 0; k < sizeof levels / sizeof levels[0]; k++) {
            violation_reset();
            LONG before = VideoPortReadStateEvent(extension, event);
            enum irql old = irql_raise(levels[k]);
            table[i].call();
            assert_int_equal(irql_current(), levels[k]); /* IRQ-08 */
            irql_lower(old);
            bool allowed = levels[k] <= table[i].most;
            assert_int_equal(violation_count_of(VIOL_IRQL) != 0u, !allowed);
            if (!allowed) assert_int_equal(VideoPortReadStateEvent(extension, event), before);
        }
    }
    violation_reset();
}

#define event_test(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        event_test(an_event_is_signaled_as_its_flags_and_set_and_clear_say),
        event_test(a_wait_clears_a_synchronization_event_and_leaves_a_notification_event),
        event_test(events_end_at_the_limit_of_a_device_and_a_deleted_one_makes_room),
        event_test(what_is_no_event_of_the_device_is_refused),
        event_test(a_wait_ends_when_a_dpc_sets_the_event),
        event_test(a_wait_from_now_ends_after_its_time_and_leaves_no_timer),
        event_test(a_wait_until_an_absolute_time_counts_from_reset),
        event_test(a_timeout_of_many_years_is_for_ever),
        event_test(an_event_is_not_deleted_under_its_waiter),
        event_test(IRQ_05_a_wait_with_a_timeout_at_dispatch_is_a_violation),
        event_test(IRQ_05_a_timeout_of_zero_asks_at_dispatch),
        event_test(IRQ_02_the_functions_of_events_have_their_levels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
