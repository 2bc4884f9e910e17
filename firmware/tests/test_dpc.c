/* SPDX-License-Identifier: Apache-2.0 */
/* The port's DPC: one object a device, FIFO, never synchronous. */
#include "port_fixture.h"

static char order[128];

static void say(char c)
{
    size_t length = strlen(order);
    if (length + 1u < sizeof order) order[length] = c;
}

static unsigned runs;
static PVOID    seen_context;

static int begin(void **state)
{
    memset(order, 0, sizeof order);
    runs = 0;
    seen_context = NULL;
    interrupts_left = 0;
    return port_begin(state);
}

static VOID first(PVOID ext, PVOID context)
{
    assert_ptr_equal(ext, extension);
    assert_int_equal(VideoPortGetCurrentIrql(), IRQL_DISPATCH);
    seen_context = context;
    runs++;
    say('a');
}

static VOID other(PVOID ext, PVOID context)
{
    (void)ext;
    (void)context;
    say('b');
}

static void DPC_01_a_dpc_runs_when_the_level_drops_and_never_at_once(void **state)
{
    (void)state;
    enum irql old = irql_raise(IRQL_DISPATCH);
    assert_true(VideoPortQueueDpc(extension, first, order));
    assert_int_equal(runs, 0);
    enum irql higher = irql_raise(IRQL_DEVICE);
    irql_lower(higher);
    assert_int_equal(runs, 0);
    irql_lower(old);
    assert_int_equal(runs, 1);
    assert_ptr_equal(seen_context, order);
}

static void DPC_02_a_dpc_that_is_queued_keeps_its_first_context(void **state)
{
    (void)state;
    enum irql old = irql_raise(IRQL_DISPATCH);
    assert_true(VideoPortQueueDpc(extension, first, &runs));
    assert_false(VideoPortQueueDpc(extension, first, order));
    irql_lower(old);
    assert_int_equal(runs, 1);
    assert_ptr_equal(seen_context, &runs);
}

static void DPC_03_a_second_routine_that_is_queued_meanwhile_never_runs(void **state)
{
    (void)state;
    enum irql old = irql_raise(IRQL_DISPATCH);
    assert_true(VideoPortQueueDpc(extension, first, NULL));
    assert_false(VideoPortQueueDpc(extension, other, NULL));
    irql_lower(old);
    assert_string_equal(order, "a");
}

static VOID queues_again(PVOID ext, PVOID context)
{
    say('r');
    if (++runs < 3u) assert_true(VideoPortQueueDpc(ext, queues_again, context));
    say('.');
}

static void DPC_06_a_dpc_may_be_queued_again_while_it_runs(void **state)
{
    (void)state;
    enum irql old = irql_raise(IRQL_DISPATCH);
    assert_true(VideoPortQueueDpc(extension, queues_again, NULL));
    irql_lower(old);
    assert_string_equal(order, "r.r.r.");
}

/* What the running one was queued with is safe from what is queued while it begins. */
static VOID is_interrupted(PVOID ext, PVOID context)
{
    say(*(const char *)context);
    if (runs++ == 0u) {
        enum irql old = irql_raise(IRQL_DEVICE);
        assert_true(VideoPortQueueDpc(ext, other, NULL));
        irql_lower(old);
    }
    say(*(const char *)context);
}

static void DPC_06_the_running_dpc_keeps_its_context_when_another_is_queued(void **state)
{
    (void)state;
    enum irql old = irql_raise(IRQL_DISPATCH);
    assert_true(VideoPortQueueDpc(extension, is_interrupted, "x"));
    irql_lower(old);
    assert_string_equal(order, "xxb");
}

static VOID other_device(PVOID ext, PVOID context)
{
    (void)ext;
    say(*(const char *)context);
}

static void DPC_07_two_devices_have_two_objects_in_one_queue(void **state)
{
    (void)state;
    static uint32_t second[2];
    VP_DEVICE_ATTACHMENT attachment = { .Channels = 1 };
    assert_int_equal(VpAttachDevice(second, &attachment), NO_ERROR);
    enum irql old = irql_raise(IRQL_DISPATCH);
    assert_true(VideoPortQueueDpc(second, other_device, "2"));
    assert_true(VideoPortQueueDpc(extension, first, NULL));
    irql_lower(old);
    assert_string_equal(order, "2a");
    assert_int_equal(VpDetachDevice(second), NO_ERROR);
}

static VOID forever(PVOID ext, PVOID context)
{
    runs++;
    if (context != NULL) (void)VideoPortQueueDpc(ext, forever, runs < 1000u ? context : NULL);
}

static void DPC_08_a_dpc_that_queues_itself_for_ever_does_not_stop_the_main_loop(void **state)
{
    (void)state;
    enum irql old = irql_raise(IRQL_DISPATCH);
    assert_true(VideoPortQueueDpc(extension, forever, &runs));
    irql_lower(old); /* returns */
    assert_true(runs >= 1u && runs <= 16u);
    while (runs < 1000u) host_clock_advance(IRQL_WINDOW_CYCLES);
    host_clock_advance(IRQL_WINDOW_CYCLES);
}

static void QDP_01_queueing_at_passive_is_a_violation(void **state)
{
    (void)state;
    assert_false(VideoPortQueueDpc(extension, first, NULL));
    assert_violation(VIOL_IRQL);
    assert_int_equal(runs, 0);
}

static void IRQ_01_an_interrupt_preempts_a_dpc_and_no_dpc_another(void **state)
{
    (void)state;
    enum irql old = irql_raise(IRQL_DISPATCH);
    assert_true(VideoPortQueueDpc(extension, first, NULL));
    interrupts_left = 1;
    host_irq_set(SOC_LINE_ENGINE, true);
    host_irq_poll();
    assert_int_equal(interrupts_left, 0); /* the ISR ran at DISPATCH */
    assert_int_equal(runs, 0);
    irql_lower(old);
    assert_int_equal(runs, 1);
}

static void a_device_is_attached_once_and_detached_without_adapters_only(void **state)
{
    (void)state;
    VP_DEVICE_ATTACHMENT attachment = { .Channels = 1 };
    assert_int_equal(VpAttachDevice(extension, &attachment), ERROR_INVALID_PARAMETER);
    PVP_DMA_ADAPTER adapter = adapter_direct(PAGE);
    assert_int_equal(VpDetachDevice(extension), ERROR_INVALID_PARAMETER);
    VideoPortPutDmaAdapter(extension, adapter);
    assert_int_equal(VpDetachDevice(extension), NO_ERROR);
    assert_int_equal(VpDetachDevice(extension), ERROR_INVALID_PARAMETER);
    static uint32_t many[VP_MAX_DEVICES + 1u];
    for (unsigned i = 0; i < VP_MAX_DEVICES; i++) assert_int_equal(VpAttachDevice(&many[i], &attachment), NO_ERROR);
    assert_int_equal(VpAttachDevice(&many[VP_MAX_DEVICES], &attachment), ERROR_NOT_ENOUGH_MEMORY);
    for (unsigned i = 0; i < VP_MAX_DEVICES; i++) assert_int_equal(VpDetachDevice(&many[i]), NO_ERROR);
}

#define dpc_test(name) cmocka_unit_test_setup_teardown(name, begin, port_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        dpc_test(DPC_01_a_dpc_runs_when_the_level_drops_and_never_at_once),
        dpc_test(DPC_02_a_dpc_that_is_queued_keeps_its_first_context),
        dpc_test(DPC_03_a_second_routine_that_is_queued_meanwhile_never_runs),
        dpc_test(DPC_06_a_dpc_may_be_queued_again_while_it_runs),
        dpc_test(DPC_06_the_running_dpc_keeps_its_context_when_another_is_queued),
        dpc_test(DPC_07_two_devices_have_two_objects_in_one_queue),
        dpc_test(DPC_08_a_dpc_that_queues_itself_for_ever_does_not_stop_the_main_loop),
        dpc_test(QDP_01_queueing_at_passive_is_a_violation),
        dpc_test(IRQ_01_an_interrupt_preempts_a_dpc_and_no_dpc_another),
        dpc_test(a_device_is_attached_once_and_detached_without_adapters_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
