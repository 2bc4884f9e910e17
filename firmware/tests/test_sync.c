/* SPDX-License-Identifier: Apache-2.0 */
/* VideoPortSynchronizeExecution and the interrupt lock; the short wait. */
#include "port_fixture.h"

/* What ISR and driver share: two words that always say the same, when nobody looks in between. */
static struct {
    uint32_t first, second;
} shared;

static unsigned isrs;
static UCHAR    level_seen;
static unsigned calls;

static BOOLEAN isr(PVOID ext)
{
    assert_ptr_equal(ext, extension);
    host_irq_set(SOC_LINE_ENGINE, false);
    shared.first++;
    (void)clock_cycles();
    shared.second++;
    isrs++;
    return TRUE;
}

static void attach(PVIDEO_HW_INTERRUPT interrupt)
{
    VP_DEVICE_ATTACHMENT attachment = { .HwInterrupt = interrupt, .InterruptLine = SOC_LINE_ENGINE, .Channels = 1 };
    assert_int_equal(VpAttachDevice(extension, &attachment), NO_ERROR);
}

static int begin(void **state)
{
    memset(&shared, 0, sizeof shared);
    isrs = 0;
    calls = 0;
    level_seen = 0xff;
    (void)port_begin(state);
    assert_int_equal(VpDetachDevice(extension), NO_ERROR);
    attach(isr);
    return 0;
}

static BOOLEAN at_level(PVOID context)
{
    (void)context;
    level_seen = VideoPortGetCurrentIrql();
    calls++;
    return TRUE;
}

static BOOLEAN refuses(PVOID context)
{
    assert_null(context);
    calls++;
    return FALSE;
}

static void IRQ_06_each_priority_has_its_level(void **state)
{
    (void)state;
    const struct { VIDEO_SYNCHRONIZE_PRIORITY priority; enum irql from, at; } table[] = {
        { VpLowPriority, IRQL_PASSIVE, IRQL_DISPATCH },  { VpMediumPriority, IRQL_PASSIVE, IRQL_DEVICE },
        { VpHighPriority, IRQL_PASSIVE, IRQL_DEVICE },   { VpLowPriority, IRQL_DISPATCH, IRQL_DISPATCH },
        { VpHighPriority, IRQL_DISPATCH, IRQL_DEVICE },  { VpLowPriority, IRQL_DEVICE, IRQL_DEVICE },
        { VpMediumPriority, IRQL_DEVICE, IRQL_DEVICE },
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        enum irql old = irql_raise(table[i].from);
        assert_true(VideoPortSynchronizeExecution(extension, table[i].priority, at_level, NULL));
        assert_int_equal(level_seen, table[i].at);
        assert_int_equal(irql_current(), table[i].from); /* IRQ-08 */
        irql_lower(old);
    }
    assert_no_violation();
}

static void IRQ_06_the_routine_decides_what_comes_back(void **state)
{
    (void)state;
    assert_false(VideoPortSynchronizeExecution(extension, VpLowPriority, refuses, NULL));
    assert_false(VideoPortSynchronizeExecution(extension, VpHighPriority, refuses, NULL));
    assert_int_equal(calls, 2);
    assert_false(VideoPortSynchronizeExecution(extension, VpHighPriority, NULL, NULL));
    assert_no_violation();
}

static BOOLEAN with_the_line_high(PVOID context)
{
    (void)context;
    host_irq_set(SOC_LINE_ENGINE, true);
    (void)host_irq_poll();
    return isrs == 0u ? TRUE : FALSE;
}

static void IRQ_06_the_interrupt_lock_keeps_the_isr_out_and_the_low_priority_does_not(void **state)
{
    (void)state;
    assert_true(VideoPortSynchronizeExecution(extension, VpHighPriority, with_the_line_high, NULL));
    assert_int_equal(isrs, 1); /* it came when the lock was let go */
    isrs = 0;
    assert_true(VideoPortSynchronizeExecution(extension, VpMediumPriority, with_the_line_high, NULL));
    assert_int_equal(isrs, 1);
    isrs = 0;
    assert_false(VideoPortSynchronizeExecution(extension, VpLowPriority, with_the_line_high, NULL));
}

/* ---- Stress: an ISR at every distance from the reader -------------------------------------------------------------- */

static struct clock_timer ticker;
static unsigned ticks, torn;

static void tick(void *context)
{
    (void)context;
    host_irq_set(SOC_LINE_ENGINE, true);
    ticks++;
    clock_timer_start(&ticker, 1u + ticks % 7u, tick, NULL);
}

static BOOLEAN read_shared(PVOID context)
{
    (void)context;
    uint32_t first = shared.first;
    (void)clock_cycles(); /* time goes by, interrupts come if they may */
    if (first != shared.second) torn++;
    return TRUE;
}

static void IRQ_06_data_of_the_isr_is_whole_under_the_lock_and_torn_without(void **state)
{
    (void)state;
    torn = 0;
    clock_timer_start(&ticker, 1, tick, NULL);
    for (unsigned i = 0; i < 500; i++) assert_true(VideoPortSynchronizeExecution(extension, VpHighPriority, read_shared, NULL));
    assert_int_equal(torn, 0);
    assert_true(isrs > 100u);
    for (unsigned i = 0; i < 500; i++) assert_true(VideoPortSynchronizeExecution(extension, VpLowPriority, read_shared, NULL));
    assert_true(torn > 0u);
    assert_true(clock_timer_stop(&ticker));
}

/* ---- The lock's own rules ------------------------------------------------------------------------------------------ */

static BOOLEAN recurses(PVOID context)
{
    (void)context;
    return VideoPortSynchronizeExecution(extension, VpHighPriority, at_level, NULL);
}

static BOOLEAN low_inside(PVOID context)
{
    (void)context;
    return VideoPortSynchronizeExecution(extension, VpLowPriority, at_level, NULL);
}

static void IRQ_07_the_interrupt_lock_is_not_recursive(void **state)
{
    (void)state;
    assert_false(VideoPortSynchronizeExecution(extension, VpHighPriority, recurses, NULL));
    assert_violation(VIOL_LOCK_RECURSION);
    assert_int_equal(calls, 0);
    assert_true(VideoPortSynchronizeExecution(extension, VpHighPriority, low_inside, NULL)); /* takes no lock */
    assert_true(VideoPortSynchronizeExecution(extension, VpHighPriority, at_level, NULL)); /* usable as before */
    assert_no_violation();
}

static BOOLEAN isr_that_takes_the_lock(PVOID ext)
{
    host_irq_set(SOC_LINE_ENGINE, false);
    return !VideoPortSynchronizeExecution(ext, VpMediumPriority, at_level, NULL);
}

static void IRQ_07_the_isr_holds_the_interrupt_lock(void **state)
{
    (void)state;
    assert_int_equal(VpDetachDevice(extension), NO_ERROR);
    attach(isr_that_takes_the_lock);
    host_irq_set(SOC_LINE_ENGINE, true);
    assert_int_equal(host_irq_poll(), 1);
    assert_violation(VIOL_LOCK_RECURSION);
    assert_int_equal(calls, 0);
}

static void IRQ_07_the_interrupt_lock_is_not_usable_before_attach_or_after_detach(void **state)
{
    (void)state;
    static uint32_t unattached[4];
    assert_false(VideoPortSynchronizeExecution(unattached, VpHighPriority, at_level, NULL));
    assert_violation(VIOL_LOCK_RECURSION);
    assert_int_equal(VpDetachDevice(extension), NO_ERROR);
    assert_false(VideoPortSynchronizeExecution(extension, VpMediumPriority, at_level, NULL));
    assert_violation(VIOL_LOCK_RECURSION);
    assert_false(VideoPortSynchronizeExecution(extension, VpLowPriority, at_level, NULL));
    assert_int_equal(calls, 0);
}

static void IRQ_07_a_device_without_an_isr_has_no_lock_and_runs_at_the_low_priority(void **state)
{
    (void)state;
    assert_int_equal(VpDetachDevice(extension), NO_ERROR);
    attach(NULL);
    assert_true(VideoPortSynchronizeExecution(extension, VpHighPriority, at_level, NULL));
    assert_int_equal(level_seen, IRQL_DISPATCH);
    assert_true(VideoPortSynchronizeExecution(extension, VpMediumPriority, low_inside, NULL));
    assert_no_violation();
}

static BOOLEAN takes_cycles(PVOID context)
{
    host_clock_advance(*(uint32_t *)context);
    return TRUE;
}

static BOOLEAN long_isr(PVOID ext)
{
    (void)ext;
    host_irq_set(SOC_LINE_ENGINE, false);
    host_clock_advance(700);
    return TRUE;
}

static void IRQ_07_the_longest_hold_of_the_interrupt_lock_is_known(void **state)
{
    (void)state;
    uint32_t cycles[] = { 300, 500, 400 };
    assert_int_equal(VpInterruptLockCycles(extension), 0);
    for (size_t i = 0; i < 3; i++) assert_true(VideoPortSynchronizeExecution(extension, VpHighPriority, takes_cycles, &cycles[i]));
    assert_in_range(VpInterruptLockCycles(extension), 500, 510);
    uint32_t without_lock = 5000;
    assert_true(VideoPortSynchronizeExecution(extension, VpLowPriority, takes_cycles, &without_lock));
    assert_in_range(VpInterruptLockCycles(extension), 500, 510);
    assert_int_equal(VpDetachDevice(extension), NO_ERROR);
    assert_int_equal(VpInterruptLockCycles(extension), 0);
    attach(long_isr);
    host_irq_set(SOC_LINE_ENGINE, true);
    assert_int_equal(host_irq_poll(), 1);
    assert_in_range(VpInterruptLockCycles(extension), 700, 710);
}

static void two_devices_have_two_locks(void **state)
{
    (void)state;
    static uint32_t second[4];
    VP_DEVICE_ATTACHMENT attachment = { .HwInterrupt = isr, .InterruptLine = SOC_LINE_ENGINE, .Channels = 1 };
    assert_int_equal(VpAttachDevice(second, &attachment), NO_ERROR);
    assert_true(VideoPortSynchronizeExecution(extension, VpHighPriority, at_level, NULL));
    assert_true(VideoPortSynchronizeExecution(second, VpHighPriority, recurses, NULL));
    assert_int_equal(calls, 2);
    assert_no_violation();
    assert_int_equal(VpDetachDevice(second), NO_ERROR);
}

/* ---- Stall --------------------------------------------------------------------------------------------------------- */

static void a_stall_lasts_as_long_as_was_asked_and_interrupts_come_meanwhile(void **state)
{
    (void)state;
    for (ULONG us = 1; us <= 1000u; us *= 10u) {
        uint64_t begun = clock_cycles64();
        VideoPortStallExecution(us);
        uint64_t lasted = clock_cycles64() - begun;
        assert_true(lasted >= clock_cycles_of_us(us) && lasted < clock_cycles_of_us(us) + 8u);
    }
    clock_timer_start(&ticker, clock_cycles_of_us(1), tick, NULL);
    VideoPortStallExecution(2);
    assert_true(isrs > 0u);
    assert_true(clock_timer_stop(&ticker));
}

/* ---- What an ISR may call ------------------------------------------------------------------------------------------ */

#define DEVICE_AT 0x70000000u

static uint32_t device_register;
static uint8_t  bytes[8];

static uint32_t device_read(void *context, uint32_t offset)
{
    (void)context;
    return offset == 4u ? device_register : 0u;
}

static void device_write(void *context, uint32_t offset, uint32_t value)
{
    (void)context;
    if (offset == 4u) device_register = ~value;
}

static VOID dpc(PVOID ext, PVOID context)
{
    assert_ptr_equal(ext, extension);
    ++*(unsigned *)context;
}

static BOOLEAN isr_of_a_driver(PVOID ext)
{
    PULONG status = (PULONG)(uintptr_t)(DEVICE_AT + 4u);
    host_irq_set(SOC_LINE_ENGINE, false);
    VideoPortWriteRegisterUlong(status, 0xff00ff0fu);
    assert_int_equal(VideoPortReadRegisterUlong(status), 0x00ff00f0u);
    VideoPortMoveMemory(&bytes[1], &bytes[0], 6); /* they overlap */
    VideoPortZeroMemory(&bytes[0], 2);
    VideoPortStallExecution(2);
    assert_int_equal(VideoPortGetCurrentIrql(), IRQL_DEVICE);
    return VideoPortQueueDpc(ext, dpc, &calls);
}

static void ISR_03_an_isr_may_use_registers_memory_a_short_stall_and_its_dpc(void **state)
{
    (void)state;
    static struct host_device device;
    static const uint8_t before[8] = { 1, 2, 3, 4, 5, 6, 7, 8 }, after[8] = { 0, 0, 2, 3, 4, 5, 6, 8 };
    memcpy(bytes, before, sizeof bytes);
    host_device_attach(&device, DEVICE_AT, 16, device_read, device_write, NULL);
    assert_int_equal(VpDetachDevice(extension), NO_ERROR);
    attach(isr_of_a_driver);
    host_irq_set(SOC_LINE_ENGINE, true);
    (void)host_irq_poll();
    assert_int_equal(calls, 1);
    assert_memory_equal(bytes, after, sizeof bytes);
    assert_no_violation();
}

#define sync_test(name) cmocka_unit_test_setup_teardown(name, begin, port_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        sync_test(IRQ_06_each_priority_has_its_level),
        sync_test(IRQ_06_the_routine_decides_what_comes_back),
        sync_test(IRQ_06_the_interrupt_lock_keeps_the_isr_out_and_the_low_priority_does_not),
        sync_test(IRQ_06_data_of_the_isr_is_whole_under_the_lock_and_torn_without),
        sync_test(IRQ_07_the_interrupt_lock_is_not_recursive),
        sync_test(IRQ_07_the_isr_holds_the_interrupt_lock),
        sync_test(IRQ_07_the_interrupt_lock_is_not_usable_before_attach_or_after_detach),
        sync_test(IRQ_07_a_device_without_an_isr_has_no_lock_and_runs_at_the_low_priority),
        sync_test(IRQ_07_the_longest_hold_of_the_interrupt_lock_is_known),
        sync_test(two_devices_have_two_locks),
        sync_test(ISR_03_an_isr_may_use_registers_memory_a_short_stall_and_its_dpc),
        sync_test(a_stall_lasts_as_long_as_was_asked_and_interrupts_come_meanwhile),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
