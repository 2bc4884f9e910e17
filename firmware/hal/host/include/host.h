/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file host.h
 * The machine of a host build, seen from a test: its devices, its memory behind the caches, its interrupts, its time.
 *
 *     hal_init();
 *     host_device_attach(&engine, SOC_ENGINE, 0x1000u, engine_read, engine_write, &fake);
 *     ...
 *     host_irq_set(SOC_LINE_ENGINE, true);   // the line is high: the ISR runs when the level allows
 *     host_irq_poll();                       // ... here, at the latest
 *
 * The core's own registers (bridges, cycle counter, UART, trace port) are the hal's and need no device.
 *
 * Nothing here runs by itself. Interrupts are taken in host_irq_poll(), and where the core would take them: when a
 * level is lowered, when a line is opened, at the end of a trap, in irql_idle(), at irql_soft_pend(), and after every
 * register access (a device that raises its line inside mmio_write32 interrupts its caller there).
 */
#ifndef HOST_H
#define HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "trace.h"

/* ---- Devices --------------------------------------------------------------------------------------------------- */

/** A device on the register bus. The caller's, static or longer than its use; treat the fields as private. */
struct host_device {
    struct host_device *next;
    uintptr_t base;
    uint32_t  bytes;
    uint32_t (*read)(void *context, uint32_t offset);
    void (*write)(void *context, uint32_t offset, uint32_t value);
    void *context;
};

/**
 * Attaches a device. The newest one that covers an address gets the access; hal_init() takes all away.
 *
 * @param read, write  get the offset from @p base, a multiple of 4
 */
void host_device_attach(struct host_device *device, uintptr_t base, uint32_t bytes,
                        uint32_t (*read)(void *context, uint32_t offset),
                        void (*write)(void *context, uint32_t offset, uint32_t value), void *context);

/** Is told of each mmio_publish(), after the drain. NULL: nobody. */
void host_on_publish(void (*published)(void *context), void *context);

/** Register accesses since hal_init(). */
struct host_accesses {
    uint32_t reads, writes, publishes;
};
struct host_accesses host_accesses(void);

/* ---- Memory as the engine sees it -------------------------------------------------------------------------------- */

/**
 * Memory behind caches and bridges: what an engine model reads and writes.
 *
 * @param bus    bus address in host or device memory
 * @return memory[bytes], or NULL when a byte of it is in neither
 */
uint8_t *host_memory(uint32_t bus, size_t bytes);

/**
 * true: the CPU's cached view is memory itself, and a missing cache call shows nothing. Default false: stores of the
 * CPU stay in its view until a drain, and its view stays as it was until an invalidate. Drains first.
 */
void host_cache_bypass(bool bypassed);

/** Writes one dirty line of the modelled host bridge back, as an eviction at a bad time would. */
void host_cache_evict(uint32_t bus);

/**
 * The posting bridge: what cache_posted_flush() asks.
 *
 * @param flush  does what it can and @return true: empty. false: not yet; it is asked again until the time is over.
 *               NULL: always empty.
 */
void host_on_posted_flush(bool (*flush)(void *context), void *context);

/* ---- Interrupts -------------------------------------------------------------------------------------------------- */

/** Sets the level of a line; it stays until it is set again. */
void host_irq_set(unsigned line, bool high);

/** Takes every interrupt that is pending and that the level allows. @return how many */
unsigned host_irq_poll(void);

/** Makes the mask registers disagree with the level, to see that the next check finds it (IRQ-10). */
void host_irq_corrupt_mask(void);

/* ---- Time -------------------------------------------------------------------------------------------------------- */

/** Moves the time on and polls. Timers that are due call when the level allows. */
void host_clock_advance(uint32_t cycles);

/**
 * Takes the time from somewhere else: the cycle count of a Verilated engine.
 *
 * @param now   @return cycles since reset
 * @param wait  lets @p cycles go by; called where the core would spend time: host_clock_advance(), irql_idle(), and
 *              one cycle at each clock_cycles()
 * NULL, NULL: a counter of the hal's own, one cycle more at each reading.
 */
void host_clock_source(uint64_t (*now)(void *context), void (*wait)(void *context, uint32_t cycles), void *context);

/* ---- Trace and console ------------------------------------------------------------------------------------------- */

/** One trace record, as the trace port would make it. */
struct host_record {
    uint64_t         cycle;
    enum trace_event event;
    enum irql        level;
    uint32_t         argument;
};

/** Records kept; later ones are counted only. */
#define HOST_RECORDS 65536u

size_t host_trace_count(void);
const struct host_record *host_trace_at(size_t index);
void host_trace_clear(void);

/** Is told of each record as well. NULL: nobody. */
void host_on_trace(void (*recorded)(const struct host_record *record, void *context), void *context);

/** Where console output goes. NULL: standard output. */
void host_on_console(void (*put)(char c, void *context), void *context);

/** What console_getc() will read. */
void host_console_type(const char *text);

#endif
