/* SPDX-License-Identifier: Apache-2.0 */
/* The register bus of a host build: attached devices, and the core's own registers that somebody may look at. */
#include "mmio.h"

#include <stddef.h>

#include "cache.h"
#include "host.h"
#include "hostbus.h"

static struct {
    struct host_device *devices;
    struct host_accesses accesses;
    void (*published)(void *context);
    void *published_context;
} bus;

static struct {
    struct host_record records[HOST_RECORDS];
    size_t count;
    void (*recorded)(const struct host_record *record, void *context);
    void *context;
} trace;

void hostbus_init(void)
{
    bus.devices = NULL;
    bus.accesses = (struct host_accesses){ 0 };
    bus.published = NULL;
    trace.recorded = NULL;
    trace.count = 0;
}

void host_device_attach(struct host_device *device, uintptr_t base, uint32_t bytes,
                        uint32_t (*read)(void *context, uint32_t offset),
                        void (*write)(void *context, uint32_t offset, uint32_t value), void *context)
{
    *device = (struct host_device){ bus.devices, base, bytes, read, write, context };
    bus.devices = device;
}

static struct host_device *device_at(uintptr_t addr)
{
    for (struct host_device *device = bus.devices; device != NULL; device = device->next) {
        if (addr >= device->base && addr - device->base < device->bytes) return device;
    }
    return NULL;
}

/* ---- Trace port ------------------------------------------------------------------------------------------------------ */

static bool trace_write(uintptr_t addr, uint32_t value)
{
    if (addr < SOC_TRACE || addr - SOC_TRACE >= 8u * TRACE_LEVEL_STRIDE) return false;
    uint32_t offset = (uint32_t)(addr - SOC_TRACE);
    struct host_record record = {
        .cycle = machine_now(),
        .event = (enum trace_event)(offset % TRACE_LEVEL_STRIDE / 4u),
        .level = (enum irql)(offset / TRACE_LEVEL_STRIDE),
        .argument = value,
    };
    if (trace.count < HOST_RECORDS) trace.records[trace.count] = record;
    trace.count++;
    if (trace.recorded != NULL) trace.recorded(&record, trace.context);
    return true;
}

size_t host_trace_count(void)
{
    return trace.count;
}

const struct host_record *host_trace_at(size_t index)
{
    return index < trace.count && index < HOST_RECORDS ? &trace.records[index] : NULL;
}

void host_trace_clear(void)
{
    trace.count = 0;
}

void host_on_trace(void (*recorded)(const struct host_record *record, void *context), void *context)
{
    trace.recorded = recorded;
    trace.context = context;
}

/* ---- Accesses -------------------------------------------------------------------------------------------------------- */

uint32_t mmio_read32(uintptr_t addr)
{
    struct host_device *device = device_at(addr);
    bus.accesses.reads++;
    uint32_t value = device != NULL ? device->read(device->context, (uint32_t)(addr - device->base)) : 0u;
    (void)host_irq_poll();
    return value;
}

void mmio_write32(uintptr_t addr, uint32_t value)
{
    struct host_device *device = device_at(addr);
    if (device == NULL && trace_write(addr, value)) return;
    bus.accesses.writes++;
    if (device != NULL) device->write(device->context, (uint32_t)(addr - device->base), value);
    (void)host_irq_poll();
}

void mmio_publish(void)
{
    bus.accesses.publishes++;
    hostbus_drain();
    if (bus.published != NULL) bus.published(bus.published_context);
}

void host_on_publish(void (*published)(void *context), void *context)
{
    bus.published = published;
    bus.published_context = context;
}

struct host_accesses host_accesses(void)
{
    return bus.accesses;
}
