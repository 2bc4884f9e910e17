/* SPDX-License-Identifier: Apache-2.0 */
/* Interrupts, time and console of a host build: a core's masks as bits, taken where the core would take them. */
#include "../machine.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include "host.h"
#include "irq.h"

#define BIT(irq) (1u << (unsigned)(irq))

static struct {
    bool     on;     /* mstatus.MIE */
    uint32_t enable; /* mie, one bit an enum machine_irq */
    bool     soft;
    uint32_t lines, lines_open;
    uint64_t deadline;
} core;

static struct {
    uint64_t cycle;
    uint64_t (*now)(void *context);
    void (*wait)(void *context, uint32_t cycles);
    void *context;
} time_source;

static struct {
    void (*put)(char c, void *context);
    void *context;
    const char *typed;
} console;

/* ---- Interrupts ---------------------------------------------------------------------------------------------------- */

static uint32_t pending(void)
{
    uint32_t bits = core.soft ? BIT(MACHINE_SOFT) : 0u;
    if ((core.lines & core.lines_open) != 0u) bits |= BIT(MACHINE_EXTERNAL);
    if (core.deadline != UINT64_MAX && machine_now() >= core.deadline) bits |= BIT(MACHINE_TIMER);
    return bits;
}

/* As a RISC-V core: external first, then software, then timer; a trap turns interrupts off until it returns. */
unsigned host_irq_poll(void)
{
    unsigned taken = 0;
    while (core.on) {
        uint32_t ready = pending() & core.enable;
        if (ready == 0u) break;
        enum machine_irq which = (ready & BIT(MACHINE_EXTERNAL)) != 0u ? MACHINE_EXTERNAL
                               : (ready & BIT(MACHINE_SOFT)) != 0u     ? MACHINE_SOFT
                                                                       : MACHINE_TIMER;
        core.on = false;
        irql_serve(which);
        core.on = true;
        taken++;
    }
    return taken;
}

void host_irq_set(unsigned line, bool high)
{
    core.lines = (core.lines & ~(1u << line)) | (uint32_t)high << line;
}

void host_irq_corrupt_mask(void)
{
    core.enable ^= BIT(MACHINE_EXTERNAL);
}

void machine_init(void)
{
    core.on = false;
    core.soft = false;
    core.lines = 0;
    core.lines_open = 0;
    core.deadline = UINT64_MAX;
    time_source.cycle = 0;
    time_source.now = NULL;
    time_source.wait = NULL;
    console.typed = "";
    machine_mask(IRQL_PASSIVE);
    core.on = true;
}

uint32_t machine_mask_wanted(enum irql level)
{
    switch (level) {
    case IRQL_PASSIVE:  return BIT(MACHINE_EXTERNAL) | BIT(MACHINE_SOFT) | BIT(MACHINE_TIMER);
    case IRQL_DISPATCH: return BIT(MACHINE_EXTERNAL) | BIT(MACHINE_TIMER);
    case IRQL_DEVICE:   return BIT(MACHINE_TIMER);
    case IRQL_CLOCK:    return 0;
    case IRQL_HIGH:     return 0;
    }
    return 0;
}

uint32_t machine_mask_found(void)
{
    return core.enable;
}

void machine_mask(enum irql level)
{
    core.enable = machine_mask_wanted(level);
}

uint32_t machine_off(void)
{
    uint32_t was = core.on;
    core.on = false;
    return was;
}

void machine_on(uint32_t saved)
{
    if (saved == 0u) return;
    core.on = true;
    (void)host_irq_poll();
}

void machine_soft(bool set)
{
    core.soft = set;
}

void machine_lines_mask(uint32_t lines)
{
    core.lines_open = lines;
}

uint32_t machine_lines_pending(void)
{
    return core.lines;
}

/* ---- Time ------------------------------------------------------------------------------------------------------------ */

uint64_t machine_now(void)
{
    return time_source.now != NULL ? time_source.now(time_source.context) : time_source.cycle;
}

static void pass(uint32_t cycles)
{
    if (time_source.wait != NULL) {
        time_source.wait(time_source.context, cycles);
    } else {
        time_source.cycle += cycles;
    }
}

/* Reading the time takes time, so a loop that waits for it ends. */
uint32_t machine_now32(void)
{
    pass(1u);
    (void)host_irq_poll();
    return (uint32_t)machine_now();
}

void machine_timer(uint64_t deadline)
{
    core.deadline = deadline;
}

void machine_wait(void)
{
    uint64_t now = machine_now();
    if ((pending() & core.enable) != 0u) return;
    if (time_source.wait != NULL || core.deadline == UINT64_MAX) {
        pass(64u);
    } else if (core.deadline > now) {
        time_source.cycle = core.deadline;
    }
}

void host_clock_advance(uint32_t cycles)
{
    pass(cycles);
    (void)host_irq_poll();
}

void host_clock_source(uint64_t (*now)(void *context), void (*wait)(void *context, uint32_t cycles), void *context)
{
    time_source.now = now;
    time_source.wait = wait;
    time_source.context = context;
}

/* ---- Console --------------------------------------------------------------------------------------------------------- */

void machine_putc(char c)
{
    if (console.put != NULL) {
        console.put(c, console.context);
    } else {
        (void)putchar(c);
    }
}

int machine_getc(void)
{
    return *console.typed == '\0' ? -1 : (unsigned char)*console.typed++;
}

void host_on_console(void (*put)(char c, void *context), void *context)
{
    console.put = put;
    console.context = context;
}

void host_console_type(const char *text)
{
    console.typed = text;
}

void hal_exit(int status)
{
    exit(status);
}
