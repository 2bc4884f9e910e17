/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file irq.h
 * Lines of the external interrupt and who serves them. Lines are level sensitive and may be shared.
 *
 *     static struct irq_handler handler;
 *
 *     irq_connect(&handler, SOC_LINE_ENGINE, my_isr, &device);
 *     irq_enable(SOC_LINE_ENGINE);
 *
 * An ISR runs at IRQL_DEVICE. It silences its device and reads one of the device's registers back before it
 * returns, so that the line is low when the trap ends (ISR-02).
 */
#ifndef IRQ_H
#define IRQ_H

#include <stdbool.h>
#include <stdint.h>

#include "soc.h"

/** Calls in a row that nobody claimed before a line is masked (SUP-02). */
#define IRQ_UNCLAIMED_MAX 64u

/** One connection. Allocate it statically; treat the fields as private. */
struct irq_handler {
    struct irq_handler *next;
    bool (*isr)(void *context);
    void    *context;
    unsigned line;
};

/**
 * Adds @p isr to a line. Every ISR of the line is called at each interrupt, in the order of connection.
 *
 * @param handler  the caller's, not connected; it stays the hal's until irq_disconnect()
 * @param line     0 .. SOC_LINES - 1
 * @param isr      called at IRQL_DEVICE. @return true: the interrupt was mine (ISR-01)
 *
 * [<= dispatch]
 */
void irq_connect(struct irq_handler *handler, unsigned line, bool (*isr)(void *context), void *context);

/** Takes a connection away; masks the line when it was the last one. One that is not connected: nothing. [<= dispatch] */
void irq_disconnect(struct irq_handler *handler);

/** Opens or masks one line in the core's mask register. The level is unchanged. [any] */
void irq_enable(unsigned line);
void irq_disable(unsigned line);
bool irq_enabled(unsigned line);

/** Is the line high now, whatever its mask? [any] */
bool irq_line_pending(unsigned line);

/** Interrupts of the line that no ISR claimed, since hal_init() (SUP-03). [any] */
uint32_t irq_unclaimed(unsigned line);

/** Was the line masked because IRQ_UNCLAIMED_MAX in a row were not claimed (SUP-02)? irq_enable() clears it. [any] */
bool irq_stuck(unsigned line);

#endif
