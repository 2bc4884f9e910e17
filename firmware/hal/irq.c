/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of the external interrupt: a mask, and a list of handlers that is short. */
#include "irq.h"

#include <assert.h>
#include <stddef.h>

#include "irql.h"
#include "machine.h"

static struct {
    struct irq_handler *handlers;
    uint32_t open;  /* the core's mask */
    uint32_t stuck; /* masked because nobody claimed them */
    uint32_t unclaimed[SOC_LINES];
    uint8_t  in_a_row[SOC_LINES];
} lines;

_Static_assert(IRQ_UNCLAIMED_MAX < 256u, "in_a_row counts to it");

void irq_init(void)
{
    lines.handlers = NULL;
    lines.open = 0;
    lines.stuck = 0;
    for (unsigned line = 0; line < SOC_LINES; line++) {
        lines.unclaimed[line] = 0;
        lines.in_a_row[line] = 0;
    }
}

static void set_open(uint32_t open)
{
    lines.open = open;
    machine_lines_mask(open);
}

void irq_connect(struct irq_handler *handler, unsigned line, bool (*isr)(void *context), void *context)
{
    assert(handler != NULL && isr != NULL && line < SOC_LINES);
    (void)irql_assert_at_most(IRQL_DISPATCH);

    *handler = (struct irq_handler){ .isr = isr, .context = context, .line = line };
    uint32_t saved = machine_off();
    struct irq_handler **end = &lines.handlers;
    while (*end != NULL) end = &(*end)->next;
    *end = handler;
    machine_on(saved);
}

void irq_disconnect(struct irq_handler *handler)
{
    assert(handler != NULL);
    (void)irql_assert_at_most(IRQL_DISPATCH);

    uint32_t saved = machine_off();
    bool found = false;
    bool others = false;
    struct irq_handler **link = &lines.handlers;
    while (*link != NULL) {
        if (*link == handler) {
            *link = handler->next;
            found = true;
            continue;
        }
        others = others || (*link)->line == handler->line;
        link = &(*link)->next;
    }
    if (found && !others) set_open(lines.open & ~(1u << handler->line));
    machine_on(saved);
}

void irq_enable(unsigned line)
{
    assert(line < SOC_LINES);
    uint32_t saved = machine_off();
    lines.in_a_row[line] = 0;
    lines.stuck &= ~(1u << line);
    set_open(lines.open | 1u << line);
    machine_on(saved);
}

void irq_disable(unsigned line)
{
    assert(line < SOC_LINES);
    uint32_t saved = machine_off();
    set_open(lines.open & ~(1u << line));
    machine_on(saved);
}

bool irq_enabled(unsigned line)
{
    return line < SOC_LINES && (lines.open >> line & 1u) != 0u;
}

bool irq_line_pending(unsigned line)
{
    return line < SOC_LINES && (machine_lines_pending() >> line & 1u) != 0u;
}

uint32_t irq_unclaimed(unsigned line)
{
    return line < SOC_LINES ? lines.unclaimed[line] : 0u;
}

bool irq_stuck(unsigned line)
{
    return line < SOC_LINES && (lines.stuck >> line & 1u) != 0u;
}

/* SUP-02, SUP-03: count what nobody wants; a line that goes on for ever is closed, for somebody to poll. */
static void judge(unsigned line, bool claimed)
{
    if (claimed) {
        lines.in_a_row[line] = 0;
        return;
    }
    lines.unclaimed[line]++;
    lines.in_a_row[line]++;
    if (lines.in_a_row[line] < IRQ_UNCLAIMED_MAX) return;
    irq_disable(line);
    lines.stuck |= 1u << line;
}

/* At DEVICE. Lines that rise meanwhile raise the interrupt again. */
void irq_serve(void)
{
    uint32_t high = machine_lines_pending() & lines.open;
    for (unsigned line = 0; high >> line != 0u; line++) {
        if ((high >> line & 1u) == 0u) continue;
        bool claimed = false;
        for (struct irq_handler *handler = lines.handlers; handler != NULL; handler = handler->next) {
            if (handler->line == line && handler->isr(handler->context)) claimed = true;
        }
        judge(line, claimed);
        if (line == SOC_LINES - 1u) break;
    }
}
