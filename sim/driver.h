// SPDX-License-Identifier: Apache-2.0
//
// The firmware's host build over the Verilated engine: the same drivers, the real RTL, one process, no CPU.
//
//     driver_attach(engine);                        // after testing_engine(); registers, time, interrupt, memory
//     dray_init(&dray, SOC_ENGINE);                 // any driver of firmware/
//     driver_clocks(100);
//
// Memory behind the caches is the hal's (host_memory). The bench's memory fetches from it what the bus asks for, and
// what the bus wrote goes there through a posting bridge of 16 bursts: driver_posted of them are still on their way.
#ifndef SIM_DRIVER_H
#define SIM_DRIVER_H

#include "testing.h"

#include "fixture.h"

enum { DRIVER_POSTED = 16, DRIVER_BURST_BYTES = 16 * BUS_BYTES_MAX };

struct driver_write {
    uint64_t addr;
    unsigned bytes;
    uint8_t  before[DRIVER_BURST_BYTES], after[DRIVER_BURST_BYTES];
};

static struct {
    struct engine      *engine;
    struct host_device  registers, gate;
    struct driver_write flying[MEMORY_OUTSTANDING]; // addresses taken, no response yet; in order
    unsigned            flying_first, flying_count;
    struct driver_write posted[DRIVER_POSTED];
    unsigned            posted_count;
    unsigned            interrupts; // edges of the line
    bool                line;
} driver;

static inline void driver_line(void)
{
    bool high = driver.engine->pins.irq;
    driver.interrupts += high && !driver.line;
    driver.line = high;
    host_irq_set(SOC_LINE_ENGINE, high);
}

// Only bytes that the burst changed: its neighbours may be the CPU's by now.
static inline void driver_post_oldest(void)
{
    struct driver_write *write = &driver.posted[0];
    uint8_t             *to    = host_memory((uint32_t)write->addr, write->bytes);
    for (unsigned i = 0; i < write->bytes; i++) {
        if (write->before[i] != write->after[i]) to[i] = write->after[i];
    }
    driver.posted_count--;
    memmove(driver.posted, driver.posted + 1, driver.posted_count * sizeof driver.posted[0]);
}

static inline bool driver_flush(void *context)
{
    (void)context;
    while (driver.posted_count != 0) driver_post_oldest();
    return true;
}

static inline void driver_event(void *user, const struct memory_event *event)
{
    (void)user;
    unsigned width = driver.engine->width_bytes;
    uint64_t addr  = event->addr / width * width;
    unsigned bytes = event->beats * width;
    if (event->kind != MEMORY_AR && event->kind != MEMORY_AW && event->kind != MEMORY_B) return;
    if (event->kind != MEMORY_B) {
        // What is posted is seen by the engine's own later accesses.
        (void)driver_flush(NULL);
        const uint8_t *from = host_memory((uint32_t)addr, bytes);
        if (from == NULL) return; // outside: the memory answers DECERR
        memcpy(memory_at(driver.engine->memory, addr, bytes), from, bytes);
    }
    if (event->kind == MEMORY_AW) {
        unsigned             number = (driver.flying_first + driver.flying_count++) % MEMORY_OUTSTANDING;
        struct driver_write *write  = &driver.flying[number];
        write->addr  = addr;
        write->bytes = bytes;
        memcpy(write->before, memory_at(driver.engine->memory, addr, bytes), bytes);
    }
    if (event->kind == MEMORY_B) {
        struct driver_write *write = &driver.flying[driver.flying_first];
        driver.flying_first = (driver.flying_first + 1) % MEMORY_OUTSTANDING;
        driver.flying_count--;
        memcpy(write->after, memory_at(driver.engine->memory, write->addr, write->bytes), write->bytes);
        if (driver.posted_count == DRIVER_POSTED) driver_post_oldest();
        driver.posted[driver.posted_count++] = *write;
    }
}

static inline uint32_t driver_register_read(void *context, uint32_t offset)
{
    (void)context;
    uint32_t value = engine_read(driver.engine, offset);
    driver_line();
    return value;
}

static inline void driver_register_write(void *context, uint32_t offset, uint32_t value)
{
    (void)context;
    engine_write(driver.engine, offset, value);
    driver_line();
}

static inline uint32_t driver_gate_read(void *context, uint32_t offset)
{
    (void)context;
    uint32_t value = gate_read(driver.engine, offset);
    driver_line();
    return value;
}

static inline void driver_gate_write(void *context, uint32_t offset, uint32_t value)
{
    (void)context;
    gate_write(driver.engine, offset, value);
    driver_line();
}

static inline uint64_t driver_now(void *context)
{
    (void)context;
    return engine_cycle(driver.engine);
}

static inline void driver_wait(void *context, uint32_t cycles)
{
    (void)context;
    for (uint32_t i = 0; i < cycles; i++) {
        engine_clock(driver.engine);
        driver_line();
    }
}

// Lets cycles go by; interrupts are taken as they come, not only at the end.
static inline void driver_clocks(unsigned cycles)
{
    for (unsigned i = 0; i < cycles; i++) host_clock_advance(1);
}

// Registers and time; the bench's memory stays what it is.
static inline void driver_attach_registers(struct engine *engine)
{
    (void)fixture_begin(NULL);
    memset(&driver, 0, sizeof driver);
    driver.engine = engine;
    host_device_attach(&driver.registers, SOC_ENGINE, 0x1000u, driver_register_read, driver_register_write, NULL);
    host_device_attach(&driver.gate, SOC_GATE, 0x1000u, driver_gate_read, driver_gate_write, NULL);
    host_clock_source(driver_now, driver_wait, NULL);
}

static inline void driver_attach(struct engine *engine)
{
    driver_attach_registers(engine);
    memory_permit(engine->memory, ENGINE_MEMORY_BASE, ENGINE_MEMORY_BYTES);
    memory_log(engine->memory, driver_event, NULL);
    host_on_posted_flush(driver_flush, NULL);
}

#endif
