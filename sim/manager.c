// SPDX-License-Identifier: Apache-2.0
//
// One ID: every channel walks through the operations of its direction in the order in which they were given.
#include "manager.h"

#include "memory.h"

#include <assert.h>
#include <string.h>

void manager_init(struct manager *manager, struct axi *bus, struct report *report, unsigned width_bytes, uint64_t seed)
{
    memset(manager, 0, sizeof *manager);
    manager->bus         = bus;
    manager->report      = report;
    manager->width_bytes = width_bytes;
    manager->random      = seed | 1u;
    bus->r.ready = bus->b.ready = true;
}

static unsigned add(struct manager *manager, bool is_write, uint32_t addr, unsigned beats)
{
    assert(manager->count < MANAGER_OPS && beats >= 1 && beats <= MANAGER_BEATS && addr % manager->width_bytes == 0);
    struct manager_op *op = &manager->ops[manager->count];
    memset(op, 0, sizeof *op);
    op->is_write = is_write;
    op->addr     = addr;
    op->beats    = beats;
    return manager->count++;
}

unsigned manager_read(struct manager *manager, uint32_t addr, unsigned beats)
{
    return add(manager, false, addr, beats);
}

unsigned manager_write(struct manager *manager, uint32_t addr, unsigned beats, uint64_t seed, uint16_t strb)
{
    const unsigned     number = add(manager, true, addr, beats);
    struct manager_op *op     = &manager->ops[number];
    uint64_t           random = seed | 1u;
    for (unsigned i = 0; i < beats * manager->width_bytes; i++) op->data[i] = (uint8_t)(memory_random(&random) >> 56);
    for (unsigned i = 0; i < beats; i++) op->strb[i] = strb;
    return number;
}

// The first op of this direction from `at` on, or count.
static unsigned next_op(const struct manager *manager, unsigned at, bool is_write)
{
    while (at < manager->count && manager->ops[at].is_write != is_write) at++;
    return at;
}

bool manager_idle(const struct manager *manager)
{
    return next_op(manager, manager->r, false) == manager->count && next_op(manager, manager->b, true) == manager->count;
}

static bool rests(struct manager *manager)
{
    return manager->stall != 0 && (memory_random(&manager->random) >> 56) < manager->stall;
}

static void take_r(struct manager *manager)
{
    const struct axi_read_data *r = &manager->bus->r;
    manager->r = next_op(manager, manager->r, false);
    if (manager->r >= manager->ar) {
        report_error(manager->report, "R: nobody asked");
        return;
    }
    struct manager_op *op = &manager->ops[manager->r];
    memcpy(op->data + manager->r_beat * manager->width_bytes, r->data, manager->width_bytes);
    if (r->resp > op->resp) op->resp = r->resp;
    manager->r_beat++;
    if (r->last != (manager->r_beat == op->beats)) report_error(manager->report, "R: last is wrong at 0x%x", (unsigned)op->addr);
    if (manager->r_beat < op->beats) return;
    op->done        = manager->cycle;
    manager->r_beat = 0;
    manager->r++;
}

static void take_b(struct manager *manager)
{
    manager->b = next_op(manager, manager->b, true);
    if (manager->b >= manager->w || manager->b >= manager->aw) {
        report_error(manager->report, "B: before its write");
        return;
    }
    struct manager_op *op = &manager->ops[manager->b++];
    op->resp              = manager->bus->b.resp;
    op->done              = manager->cycle;
}

static void address(struct manager *manager, struct axi_address *channel, unsigned *at, bool is_write)
{
    if (channel->valid && channel->ready) {
        manager->ops[*at].asked = manager->cycle;
        channel->valid          = false;
        (*at)++;
    }
    *at = next_op(manager, *at, is_write);
    if (channel->valid || *at == manager->count || rests(manager)) return;
    channel->valid = true;
    channel->addr  = manager->ops[*at].addr;
    channel->len   = (uint8_t)(manager->ops[*at].beats - 1);
}

static void data(struct manager *manager)
{
    struct axi_write_data *w = &manager->bus->w;
    if (w->valid && w->ready) {
        w->valid = false;
        if (++manager->w_beat == manager->ops[manager->w].beats) {
            manager->w_beat = 0;
            manager->w++;
        }
    }
    manager->w = next_op(manager, manager->w, true);
    if (w->valid || manager->w == manager->count || rests(manager)) return;
    const struct manager_op *op = &manager->ops[manager->w];
    w->valid = true;
    w->last  = manager->w_beat + 1 == op->beats;
    w->strb  = op->strb[manager->w_beat];
    memcpy(w->data, op->data + manager->w_beat * manager->width_bytes, manager->width_bytes);
}

void manager_clock(struct manager *manager)
{
    struct axi *bus = manager->bus;
    manager->cycle++;
    address(manager, &bus->ar, &manager->ar, false);
    address(manager, &bus->aw, &manager->aw, true);
    data(manager);
    if (bus->r.valid && bus->r.ready) take_r(manager);
    if (bus->b.valid && bus->b.ready) take_b(manager);
    bus->r.ready = !rests(manager);
    bus->b.ready = !rests(manager);
}
