/* SPDX-License-Identifier: Apache-2.0 */
/* The video port's lock, events and timer on the core: real traps, and a core that sleeps while it waits. The device is the
 * UART's receiver; the harness sends a byte when the program stores a TRACE_MARK. */
#include "clock.h"
#include "irq.h"
#include "irql.h"
#include "map.h"
#include "port.h"
#include "soc.h"
#include "tap.h"
#include "trace.h"
#include "video_ex.h"

#define FRAMES    ((SOC_BUS_HOST_BYTES + SOC_BUS_DEVICE_BYTES) / HAL_PAGE_BYTES)
#define CHANNELS  2u
#define PERIOD_US 300u
#define HELD_CYCLES_MAX 1500u
#define US(n)     (-(LONGLONG)(n) * 10) /* of a timeout from now */

static struct map gate;
static uint8_t    guard_counts[MAP_COUNT_BYTES(FRAMES, CHANNELS)];
static uint32_t   extension[1];
static PEVENT     event;
static unsigned   isrs, ticks;

static VOID dpc(PVOID ext, PVOID context)
{
    expect(VideoPortGetCurrentIrql() == IRQL_DISPATCH);
    (void)VideoPortSetEvent(ext, context);
}

static BOOLEAN isr(PVOID ext)
{
    if (console_getc() < 0) return FALSE;
    isrs++;
    (void)VideoPortQueueDpc(ext, dpc, event);
    return TRUE;
}

static VOID tick(PVOID ext)
{
    ticks++;
    if (ticks == 5u) (void)VideoPortSetEvent(ext, event);
}

static VP_STATUS wait_for(LONGLONG units)
{
    LARGE_INTEGER timeout = { .QuadPart = units };
    return VideoPortWaitForSingleObject(extension, event, &timeout);
}

static void ask_for_a_byte(void)
{
    trace_record(TRACE_MARK, 0, 0, 0);
}

static BOOLEAN while_the_line_is_high(PVOID context)
{
    unsigned before = isrs;
    uint32_t begun = clock_cycles();
    *(UCHAR *)context = VideoPortGetCurrentIrql();
    ask_for_a_byte();
    while (!irq_line_pending(SOC_LINE_UART) && clock_cycles() - begun < 20000u) {
    }
    expect(irq_line_pending(SOC_LINE_UART));
    VideoPortStallExecution(5);
    __asm__ __volatile__("" ::: "memory");
    return before == isrs ? TRUE : FALSE;
}

static void IRQ_06_the_interrupt_lock_keeps_the_isr_out_until_it_is_let_go(void)
{
    UCHAR level = 0xff;
    unsigned before = isrs;
    expect(VideoPortSynchronizeExecution(extension, VpHighPriority, while_the_line_is_high, &level));
    expect(level == IRQL_DEVICE);
    expect(isrs == before + 1u);
    expect(VideoPortGetCurrentIrql() == IRQL_PASSIVE);
    VideoPortClearEvent(extension, event);
}

static void a_wait_ends_with_the_dpc_of_an_interrupt(void)
{
    for (unsigned i = 0; i < 20u; i++) {
        ask_for_a_byte();
        expect(wait_for(US(20000)) == NO_ERROR);
        expect(wait_for(0) == WAIT_TIMEOUT); /* the wait has cleared it */
    }
}

static BOOLEAN reads_registers(PVOID context)
{
    ULONG *sum = context;
    for (unsigned i = 0; i < 4u; i++) *sum += VideoPortReadRegisterUlong((PULONG)SOC_REGISTERS);
    return TRUE;
}

/* Of the ISR, which ran before, too. */
static void IRQ_07_the_interrupt_lock_is_held_for_a_sequence_of_registers_only(void)
{
    ULONG sum = 0;
    expect(VideoPortSynchronizeExecution(extension, VpHighPriority, reads_registers, &sum));
    ULONG held = VpInterruptLockCycles(extension);
    console_print("# the interrupt lock was held for %u cycles\n", (unsigned)held);
    expect(held > 20u && held < HELD_CYCLES_MAX);
}

static void IRQ_05_a_wait_from_now_lasts_as_long_as_was_asked(void)
{
    for (LONGLONG units = 1; units < 20000; units += units / 2 + 3) {
        uint32_t begun = clock_cycles();
        expect(wait_for(-units) == WAIT_TIMEOUT);
        uint32_t lasted = clock_cycles() - begun, wanted = (uint32_t)clock_cycles_of_100ns((uint64_t)units);
        expect(lasted >= wanted);
        expect(lasted < wanted + 8000u);
    }
}

static void IRQ_05_at_dispatch_a_timeout_of_zero_asks(void)
{
    enum irql old = irql_raise(IRQL_DISPATCH);
    expect(wait_for(0) == WAIT_TIMEOUT);
    (void)VideoPortSetEvent(extension, event);
    expect(wait_for(0) == NO_ERROR);
    irql_lower(old);
}

static void the_timer_calls_in_every_period_while_the_main_loop_sleeps(void)
{
    uint32_t begun = clock_cycles();
    VideoPortStartTimer(extension);
    expect(VideoPortWaitForSingleObject(extension, event, NULL) == NO_ERROR);
    VideoPortStopTimer(extension);
    uint32_t lasted = clock_cycles() - begun;
    expect(ticks == 5u);
    expect(lasted >= 5u * clock_cycles_of_us(PERIOD_US));
    expect(lasted < 6u * clock_cycles_of_us(PERIOD_US));
    expect(wait_for(US(3u * PERIOD_US)) == WAIT_TIMEOUT);
    expect(ticks == 5u); /* stopped */
}

static void attached(void)
{
    VP_DEVICE_ATTACHMENT attachment = {
        .HwInterrupt = isr,
        .InterruptLine = SOC_LINE_UART,
        .Channels = 1,
        .HwTimer = tick,
        .TimerPeriod = PERIOD_US,
    };
    expect(map_init(&gate, SOC_GATE, guard_counts, sizeof guard_counts) == MAP_OK);
    port_init(&gate, 1);
    expect(VpAttachDevice(extension, &attachment) == NO_ERROR);
    expect(VideoPortCreateEvent(extension, 0, NULL, &event) == NO_ERROR);
}

static void detached(void)
{
    expect(VideoPortDeleteEvent(extension, event) == NO_ERROR);
    expect(VpDetachDevice(extension) == NO_ERROR);
}

int main(void)
{
    tap_run(attached);
    tap_run(a_wait_ends_with_the_dpc_of_an_interrupt);
    tap_run(IRQ_07_the_interrupt_lock_is_held_for_a_sequence_of_registers_only);
    tap_run(IRQ_06_the_interrupt_lock_keeps_the_isr_out_until_it_is_let_go);
    tap_run(IRQ_05_a_wait_from_now_lasts_as_long_as_was_asked);
    tap_run(IRQ_05_at_dispatch_a_timeout_of_zero_asks);
    tap_run(the_timer_calls_in_every_period_while_the_main_loop_sleeps);
    tap_run(detached);
    return tap_plan();
}
