/* SPDX-License-Identifier: Apache-2.0 */
#include "fake.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "hal.h"
#include "fake_private.h"
#include "host.h"
#include "soc.h"

#define POSTED 128u

static struct host_device gate_device;

/* ---- Posting bridge ------------------------------------------------------------------------------------------------ */

static struct {
    uint32_t bus[POSTED];
    uint8_t  byte[POSTED];
    unsigned count;
} posted;

static void post_oldest(void)
{
    *host_memory(posted.bus[0], 1) = posted.byte[0];
    posted.count--;
    memmove(posted.bus, posted.bus + 1, posted.count * sizeof posted.bus[0]);
    memmove(posted.byte, posted.byte + 1, posted.count);
}

static bool flush(void *context)
{
    (void)context;
    if (fake.flush_hangs) return false;
    while (posted.count != 0u) post_oldest();
    return true;
}

static void store(uint32_t bus, uint8_t byte)
{
    bool host = bus - SOC_BUS_HOST < SOC_BUS_HOST_BYTES;
    if (!host || fake.no_posting) {
        *host_memory(bus, 1) = byte;
        return;
    }
    if (posted.count == POSTED) post_oldest();
    posted.bus[posted.count] = bus;
    posted.byte[posted.count++] = byte;
}

/* The engine's own later reads see what the bridge holds: the newest first. */
static uint8_t load(uint32_t bus)
{
    for (unsigned i = posted.count; i != 0u; i--) {
        if (posted.bus[i - 1u] == bus) return posted.byte[i - 1u];
    }
    return *host_memory(bus, 1);
}

/* ---- Gate ---------------------------------------------------------------------------------------------------------- */

static bool refuse(unsigned channel, uint64_t address, bool write, uint32_t cause)
{
    if ((fake.fault_status & DRAY_GATE_FAULT_STATUS_VALID_MASK) == 0u) {
        fake.fault_addr = (uint32_t)address;
        fake.fault_info = cause | (write ? DRAY_GATE_FAULT_INFO_IS_WRITE_MASK : 0u) | channel << DRAY_GATE_FAULT_INFO_CHANNEL_SHIFT;
    }
    fake.fault_status = (fake.fault_status | DRAY_GATE_FAULT_STATUS_VALID_MASK) + (1u << DRAY_GATE_FAULT_STATUS_COUNT_SHIFT);
    return false;
}

static bool translate(unsigned channel, uint64_t address, bool write, uint32_t *bus)
{
    uint64_t entry_number = (address - SOC_BUS_WINDOW) / HAL_PAGE_BYTES;
    if (address >= SOC_BUS_WINDOW && entry_number < fake.config.window) {
        const struct fake_entry *entry = &fake.window[entry_number];
        if (!entry->valid) return refuse(channel, address, write, DRAY_GATE_FAULT_CAUSE_NO_ENTRY);
        if (entry->channel != channel) return refuse(channel, address, write, DRAY_GATE_FAULT_CAUSE_OWNER);
        if (!(write ? entry->write : entry->read)) return refuse(channel, address, write, DRAY_GATE_FAULT_CAUSE_DIRECTION);
        *bus = entry->frame * HAL_PAGE_BYTES + (uint32_t)(address % HAL_PAGE_BYTES);
        return true;
    }
    uint64_t frame = (address - SOC_BUS_HOST) / HAL_PAGE_BYTES;
    if (address < SOC_BUS_HOST || address - SOC_BUS_HOST >= SOC_BUS_HOST_BYTES + SOC_BUS_DEVICE_BYTES) {
        return refuse(channel, address, write, DRAY_GATE_FAULT_CAUSE_OUTSIDE);
    }
    if ((fake.guard[channel][frame] & (write ? 2u : 1u)) == 0u) return refuse(channel, address, write, DRAY_GATE_FAULT_CAUSE_DIRECTION);
    *bus = (uint32_t)address;
    return true;
}

bool fake_access(unsigned channel, uint64_t address, bool write, uint8_t *byte)
{
    uint32_t bus;
    if (!translate(channel, address, write, &bus)) return false;
    if (write) store(bus, *byte);
    else *byte = load(bus);
    return true;
}

static uint32_t gate_read(void *context, uint32_t offset)
{
    (void)context;
    uint32_t lg = 0;
    while ((1u << lg) < HAL_PAGE_BYTES) lg++;
    switch (offset) {
    case DRAY_GATE_ID:           return 0x47415445u;
    case DRAY_GATE_CAPABILITIES:
        return fake.config.window | lg << DRAY_GATE_CAPABILITIES_PAGE_LG_SHIFT | FAKE_CHANNELS << DRAY_GATE_CAPABILITIES_CHANNELS_SHIFT
               | fake.config.addr_bits << DRAY_GATE_CAPABILITIES_ADDR_WIDTH_SHIFT | DRAY_GATE_CAPABILITIES_READY_MASK;
    case DRAY_GATE_WINDOW_BASE:  return SOC_BUS_WINDOW;
    case DRAY_GATE_GUARD_BASE:   return SOC_BUS_HOST;
    case DRAY_GATE_GUARD_SIZE:   return (SOC_BUS_HOST_BYTES + SOC_BUS_DEVICE_BYTES) / HAL_PAGE_BYTES;
    case DRAY_GATE_SYNC:         return fake.sync_hangs;
    case DRAY_GATE_FAULT_STATUS: return fake.fault_status;
    case DRAY_GATE_FAULT_ADDR:   return fake.fault_addr;
    case DRAY_GATE_FAULT_INFO:   return fake.fault_info;
    case DRAY_GATE_OUTSTANDING(0): return fake.outstanding[0];
    case DRAY_GATE_OUTSTANDING(1): return fake.outstanding[1];
    default: return 0;
    }
}

static void gate_write(void *context, uint32_t offset, uint32_t value)
{
    (void)context;
    if (offset >= 0x400u) {
        assert_true(offset < 0x400u + 4u * fake.config.window);
        fake.entry_writes++;
        fake.window[(offset - 0x400u) / 4u] = (struct fake_entry){
            .valid = value & 1u, .read = value >> 1 & 1u, .write = value >> 2 & 1u, .channel = value >> 3 & 7u, .frame = value >> 6,
        };
        return;
    }
    switch (offset) {
    case DRAY_GATE_GUARD_SET:
        fake.guard_writes++;
        assert_true((value & DRAY_GATE_GUARD_SET_FRAME_MASK) < FAKE_FRAMES);
        fake.guard[value >> DRAY_GATE_GUARD_SET_CHANNEL_SHIFT][value & DRAY_GATE_GUARD_SET_FRAME_MASK] =
            (uint8_t)(value >> DRAY_GATE_GUARD_SET_MAY_READ_SHIFT & 3u);
        return;
    case DRAY_GATE_SYNC:         fake.syncs++; return;
    case DRAY_GATE_FAULT_STATUS: fake.fault_status &= ~(value & 1u); return;
    case DRAY_GATE_WINDOW_HIGH:  return;
    default: fail_msg("gate: a store to 0x%x", (unsigned)offset);
    }
}

unsigned fake_open_entries(void)
{
    unsigned open = 0;
    for (unsigned i = 0; i < FAKE_WINDOW; i++) open += fake.window[i].valid;
    return open;
}

unsigned fake_open_frames(void)
{
    unsigned open = 0;
    for (unsigned channel = 0; channel < FAKE_CHANNELS; channel++) {
        for (unsigned i = 0; i < FAKE_FRAMES; i++) open += fake.guard[channel][i] != 0u;
    }
    return open;
}

void fake_gate_begin(void)
{
    posted.count = 0;
    host_device_attach(&gate_device, SOC_GATE, 0x1000u, gate_read, gate_write, NULL);
    host_on_posted_flush(flush, NULL);
}
