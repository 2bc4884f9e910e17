// SPDX-License-Identifier: Apache-2.0
//
// Drives one AXI4-Lite access at a time and clocks the bench until its response.
#include "axil.h"

#include "memory.h"

enum { LIMIT_CYCLES = 10000 };

struct axil_manager axil_manager(struct axil *bus, void (*clock)(void *user), void *user, struct report *report)
{
    return (struct axil_manager){ .bus = bus, .clock = clock, .user = user, .report = report, .random = 1, .limit = LIMIT_CYCLES };
}

static unsigned pause_cycles(struct axil_manager *manager)
{
    return manager->pause_most == 0 ? 0 : (unsigned)(memory_random(&manager->random) % (manager->pause_most + 1u));
}

static uint8_t hung(struct axil_manager *manager, const char *what, uint32_t addr)
{
    report_error(manager->report, "AXI4-Lite %s at 0x%03x: no answer in %u cycles", what, (unsigned)addr, manager->limit);
    *manager->bus = (struct axil){ .ar.valid = false };
    return BUS_DECERR;
}

uint8_t axil_write_bytes(struct axil_manager *manager, uint32_t addr, uint32_t value, uint8_t strb)
{
    struct axil *bus      = manager->bus;
    unsigned     aw_pause = pause_cycles(manager), w_pause = pause_cycles(manager), b_pause = pause_cycles(manager);
    bool         aw_done = false, w_done = false;

    bus->aw.addr = addr;
    bus->w.data  = value;
    bus->w.strb  = strb;
    for (unsigned i = 0; i < manager->limit; i++) {
        bus->aw.valid = !aw_done && i >= aw_pause;
        bus->w.valid  = !w_done && i >= w_pause;
        bus->b.ready  = i >= b_pause;
        manager->clock(manager->user);

        if (bus->aw.valid && bus->aw.ready) aw_done = true;
        if (bus->w.valid && bus->w.ready) {
            w_done              = true;
            manager->data_cycle = manager->report->cycle - 1; // the clock has moved on
        }
        bus->aw.valid = bus->aw.valid && !aw_done;
        bus->w.valid  = bus->w.valid && !w_done;
        if (!bus->b.valid || !bus->b.ready) continue;
        bus->b.ready = false;
        if (!aw_done || !w_done) report_error(manager->report, "AXI4-Lite write at 0x%03x: B before its AW and W", (unsigned)addr);
        return bus->b.resp;
    }
    return hung(manager, "write", addr);
}

uint8_t axil_write(struct axil_manager *manager, uint32_t addr, uint32_t value)
{
    return axil_write_bytes(manager, addr, value, 0xf);
}

uint8_t axil_read(struct axil_manager *manager, uint32_t addr, uint32_t *value)
{
    struct axil *bus      = manager->bus;
    unsigned     ar_pause = pause_cycles(manager), r_pause = pause_cycles(manager);
    bool         ar_done = false;

    bus->ar.addr = addr;
    for (unsigned i = 0; i < manager->limit; i++) {
        bus->ar.valid = !ar_done && i >= ar_pause;
        bus->r.ready  = i >= r_pause;
        manager->clock(manager->user);

        if (bus->ar.valid && bus->ar.ready) ar_done = true;
        bus->ar.valid = bus->ar.valid && !ar_done;
        if (!bus->r.valid || !bus->r.ready) continue;
        bus->r.ready        = false;
        manager->data_cycle = manager->report->cycle - 1;
        *value              = bus->r.data;
        if (!ar_done) report_error(manager->report, "AXI4-Lite read at 0x%03x: R before its AR", (unsigned)addr);
        return bus->r.resp;
    }
    *value = 0;
    return hung(manager, "read", addr);
}
