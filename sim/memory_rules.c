// SPDX-License-Identifier: Apache-2.0
//
// Judges the manager of a memory: every AXI4 rule that its side of the port can break.
#include "memory_private.h"

#include <string.h>

enum { PAGE_BYTES = 4096 };

static bool same_address(const struct axi_address *a, const struct axi_address *b)
{
    return a->addr == b->addr && a->len == b->len && a->size == b->size && a->burst == b->burst && a->prot == b->prot &&
           a->cache == b->cache && a->qos == b->qos;
}

static bool same_beat(const struct axi_write_data *a, const struct axi_write_data *b, unsigned width_bytes)
{
    return a->last == b->last && a->strb == b->strb && memcmp(a->data, b->data, width_bytes) == 0;
}

// What was valid and not taken stands unchanged; the beats of a burst follow each other.
void memory_rules_stable(struct memory *memory)
{
    const struct axi *bus = memory->bus;
    if (memory->ar_stalled && !(bus->ar.valid && same_address(&bus->ar, &memory->ar_was)))
        report_error(memory->report, "AR: changed or withdrawn before ARREADY");
    if (memory->aw_stalled && !(bus->aw.valid && same_address(&bus->aw, &memory->aw_was)))
        report_error(memory->report, "AW: changed or withdrawn before AWREADY");
    if (memory->w_stalled && !(bus->w.valid && same_beat(&bus->w, &memory->w_was, memory->config.width_bytes)))
        report_error(memory->report, "W: changed or withdrawn before WREADY");
    if (memory->w_open && !bus->w.valid && !memory->config.w_may_pause)
        report_error(memory->report, "W: WVALID low within a burst");

    memory->ar_stalled = bus->ar.valid && !bus->ar.ready;
    memory->aw_stalled = bus->aw.valid && !bus->aw.ready;
    memory->w_stalled  = bus->w.valid && !bus->w.ready;
    if (memory->ar_stalled) memory->ar_was = bus->ar;
    if (memory->aw_stalled) memory->aw_was = bus->aw;
    if (memory->w_stalled) memory->w_was = bus->w;
    if (bus->w.valid) memory->w_open = !(bus->w.ready && bus->w.last);
}

void memory_rules_address(struct memory *memory, const char *channel, const struct axi_address *address)
{
    if (address->burst != BUS_INCR)
        report_error(memory->report, "%s 0x%llx: burst type %u, not INCR", channel, (unsigned long long)address->addr,
                     (unsigned)address->burst);
    if ((1u << (address->size & 7u)) > memory->config.width_bytes)
        report_error(memory->report, "%s 0x%llx: size %u is wider than the bus", channel, (unsigned long long)address->addr,
                     (unsigned)address->size);
    uint64_t size = 1u << (address->size & 7u);
    uint64_t last = (address->addr & ~(size - 1u)) + (address->len + 1u) * size - 1u;
    if (address->addr / PAGE_BYTES != last / PAGE_BYTES)
        report_error(memory->report, "%s 0x%llx, %u beats: crosses 4 KiB", channel, (unsigned long long)address->addr,
                     address->len + 1u);
}

void memory_rules_beat(struct memory *memory, const struct burst *burst)
{
    const struct axi_write_data *w = &memory->bus->w;
    if (w->last != (burst->taken + 1 == burst->beats))
        report_error(memory->report, "W: WLAST is %d on beat %u of %u of 0x%llx", w->last, burst->taken, burst->beats,
                     (unsigned long long)burst->addr);

    // Only lanes from the beat's address to the end of its size may carry a byte.
    uint64_t addr  = burst_beat_addr(burst, burst->taken);
    unsigned lane  = (unsigned)addr & (memory->config.width_bytes - 1u);
    unsigned end   = (lane & ~(burst->size_bytes - 1u)) + burst->size_bytes;
    uint32_t lanes = ((1u << end) - 1u) & ~((1u << lane) - 1u);
    if (w->strb & ~lanes)
        report_error(memory->report, "W: strobe 0x%x outside the burst on beat %u of 0x%llx", (unsigned)w->strb, burst->taken,
                     (unsigned long long)burst->addr);
    if (!memory_image_permitted(memory, addr - lane, w->strb))
        report_error(memory->report, "W: strobe 0x%x on beat %u of 0x%llx (at 0x%llx) writes a guard byte", (unsigned)w->strb,
                     burst->taken, (unsigned long long)burst->addr, (unsigned long long)(addr - lane));
}
