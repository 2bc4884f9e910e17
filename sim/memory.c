// SPDX-License-Identifier: Apache-2.0
//
// Moves bursts through the memory model, each in the cycle that is due to it.
//
// A write becomes visible when its response is given, not when its beats come: a reader that does not
// wait for the response finds the old bytes, as it may in a real system.
#include "memory_private.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct memory *memory_new(const struct memory_config *config, struct axi *bus, struct report *report)
{
    assert(config->latency > 0 && config->size_bytes % 8 == 0 && config->outstanding <= MEMORY_OUTSTANDING);
    assert(config->width_bytes == 4 || config->width_bytes == 8 || config->width_bytes == 16);

    struct memory *memory = calloc(1, sizeof *memory);
    if (memory == NULL) abort();
    memory->config = *config;
    if (memory->config.outstanding == 0) memory->config.outstanding = MEMORY_OUTSTANDING;
    memory->bus       = bus;
    memory->report    = report;
    memory->random    = config->seed | 1u;
    memory->image     = calloc(1, config->size_bytes);
    memory->expected  = calloc(1, config->size_bytes);
    memory->permitted = calloc(1, config->size_bytes / 8 + 2);
    memory->beats     = calloc(MEMORY_OUTSTANDING, sizeof *memory->beats);
    if (!memory->image || !memory->expected || !memory->permitted || !memory->beats) abort();
    memory_reset(memory);
    return memory;
}

void memory_free(struct memory *memory)
{
    if (memory == NULL) return;
    free(memory->image);
    free(memory->expected);
    free(memory->permitted);
    free(memory->beats);
    free(memory);
}

void memory_reset(struct memory *memory)
{
    memory->read_head = memory->read_count = 0;
    memory->write_head = memory->write_count = memory->write_filled = 0;
    memory->ar_stalled = memory->aw_stalled = memory->w_stalled = memory->w_open = false;
    memory->fault_count = 0;
    memory_counts_clear(memory);
    memory->bus->ar.ready = memory->bus->aw.ready = memory->bus->w.ready = false;
    memory->bus->r.valid = memory->bus->b.valid = false;
}

static bool happens(struct memory *memory, uint8_t chance)
{
    return chance != 0 && (memory_random(&memory->random) >> 56) < chance;
}

static void note(struct memory *memory, enum memory_event_kind kind, uint64_t addr, unsigned beats, uint8_t resp)
{
    if (memory->log == NULL) return;
    struct memory_event event = { kind, memory->report->cycle, addr, beats, resp };
    memory->log(memory->log_user, &event);
}

// A burst as it was asked for, with its delay and its fate.
static struct burst begin(struct memory *memory, enum memory_direction direction, const struct axi_address *address)
{
    struct burst burst = { .addr = address->addr, .beats = address->len + 1u, .size_bytes = 1u << (address->size & 7u),
                           .fail_beat = MEMORY_ALL_BEATS };
    if (memory->config.spread != 0) burst.extra = (unsigned)(memory_random(&memory->random) % (memory->config.spread + 1u));
    for (unsigned i = 0; i < memory->fault_count; i++) {
        struct memory_fault *fault = &memory->faults[i];
        if (fault->direction != direction || burst_end(&burst) <= fault->first || burst.addr > fault->last) continue;
        unsigned number = fault->seen++;
        if (number < fault->skip || number - fault->skip >= fault->count) continue;
        burst.resp       = fault->resp;
        burst.fail_beat  = fault->beat;
        burst.fail_first = fault->first;
        burst.fail_last  = fault->last;
        burst.silent     = fault->silent;
        burst.extra += fault->delay;
    }
    if (!memory_holds(memory, burst.addr, burst_end(&burst) - burst.addr)) {
        report_error(memory->report, "%s at 0x%llx, %u beats: no memory there", direction == MEMORY_READ ? "read" : "write",
                     (unsigned long long)burst.addr, burst.beats);
        burst.resp      = BUS_DECERR;
        burst.fail_beat = MEMORY_ALL_BEATS;
    }
    burst.due = memory->report->cycle + memory->config.latency + burst.extra;
    return burst;
}

static void take_ar(struct memory *memory)
{
    const struct axi_address *ar = &memory->bus->ar;
    memory_rules_address(memory, "AR", ar);
    memory->reads[(memory->read_head + memory->read_count++) % MEMORY_OUTSTANDING] = begin(memory, MEMORY_READ, ar);
    memory->counts.ar++;
    memory->counts.last_ar   = memory->report->cycle;
    memory->counts.reads_now = memory->read_count;
    if (memory->read_count > memory->counts.reads_most) memory->counts.reads_most = memory->read_count;
    note(memory, MEMORY_AR, ar->addr, ar->len + 1u, BUS_OKAY);
}

static void give_r(struct memory *memory)
{
    struct burst *burst = &memory->reads[memory->read_head];
    memory->counts.r++;
    memory->counts.last_r = memory->report->cycle;
    note(memory, MEMORY_R, burst_beat_addr(burst, burst->taken), burst->beats, memory->bus->r.resp);
    if (++burst->taken < burst->beats) return;
    memory->read_head        = (memory->read_head + 1) % MEMORY_OUTSTANDING;
    memory->counts.reads_now = --memory->read_count;
}

static void take_aw(struct memory *memory)
{
    const struct axi_address *aw = &memory->bus->aw;
    memory_rules_address(memory, "AW", aw);
    memory->writes[(memory->write_head + memory->write_count++) % MEMORY_OUTSTANDING] = begin(memory, MEMORY_WRITE, aw);
    memory->counts.aw++;
    memory->counts.last_aw    = memory->report->cycle;
    memory->counts.writes_now = memory->write_count;
    if (memory->write_count > memory->counts.writes_most) memory->counts.writes_most = memory->write_count;
    note(memory, MEMORY_AW, aw->addr, aw->len + 1u, BUS_OKAY);
}

static void take_w(struct memory *memory)
{
    memory->counts.w++;
    memory->counts.last_w = memory->report->cycle;
    if (memory->write_filled == memory->write_count) {
        report_error(memory->report, "W: a beat without an address");
        return;
    }
    unsigned      number = (memory->write_head + memory->write_filled) % MEMORY_OUTSTANDING;
    struct burst *burst  = &memory->writes[number];
    memory_rules_beat(memory, burst);
    note(memory, MEMORY_W, burst_beat_addr(burst, burst->taken), burst->beats, BUS_OKAY);

    struct write_beat *beat = &memory->beats[number][burst->taken];
    memcpy(beat->data, memory->bus->w.data, BUS_BYTES_MAX);
    beat->strb = memory->bus->w.strb;
    if (++burst->taken < burst->beats) return;
    memory->write_filled++;
    uint64_t soonest = memory->report->cycle + memory->config.latency + burst->extra;
    if (burst->due < soonest) burst->due = soonest;
}

// The bytes of the oldest write land. What failed leaves no byte.
static void land(struct memory *memory, unsigned number)
{
    const struct burst *burst = &memory->writes[number];
    if (burst->resp != BUS_OKAY) return;
    uint64_t lane_mask = ~(uint64_t)(memory->config.width_bytes - 1u);
    for (unsigned i = 0; i < burst->beats; i++) {
        const struct write_beat *beat = &memory->beats[number][i];
        uint8_t *to = memory->image + ((burst_beat_addr(burst, i) & lane_mask) - memory->config.base);
        if (beat->strb == (uint16_t)((1u << memory->config.width_bytes) - 1u)) {
            memcpy(to, beat->data, memory->config.width_bytes);
            continue;
        }
        for (unsigned lane = 0; lane < memory->config.width_bytes; lane++)
            if (beat->strb >> lane & 1) to[lane] = beat->data[lane];
    }
}

static void give_b(struct memory *memory)
{
    struct burst *burst = &memory->writes[memory->write_head];
    memory->counts.b++;
    memory->counts.last_b = memory->report->cycle;
    note(memory, MEMORY_B, burst->addr, burst->beats, burst->resp);
    memory->write_head        = (memory->write_head + 1) % MEMORY_OUTSTANDING;
    memory->counts.writes_now = --memory->write_count;
    memory->write_filled--;
}

static bool beat_fails(const struct burst *burst)
{
    if (burst->fail_beat == MEMORY_ALL_BEATS) return true;
    if (burst->fail_beat != MEMORY_BEATS_HIT) return (unsigned)burst->fail_beat == burst->taken;
    return burst_beat_addr(burst, burst->taken) <= burst->fail_last && burst_beat_addr(burst, burst->taken + 1) > burst->fail_first;
}

static void offer_r(struct memory *memory, uint64_t next)
{
    struct axi_read_data *r     = &memory->bus->r;
    const struct burst   *burst = &memory->reads[memory->read_head];
    r->valid = memory->read_count != 0 && burst->due <= next && !burst->silent && !happens(memory, memory->config.stalls.rvalid);
    if (!r->valid) return;

    r->resp = burst->resp != BUS_OKAY && beat_fails(burst) ? burst->resp : BUS_OKAY;
    r->last = burst->taken + 1 == burst->beats;
    if (r->resp != BUS_OKAY) { // whoever uses it is found out
        memset(r->data, 0xee, sizeof r->data);
        return;
    }
    uint64_t lanes = burst_beat_addr(burst, burst->taken) & ~(uint64_t)(memory->config.width_bytes - 1u);
    memcpy(r->data, memory->image + (lanes - memory->config.base), memory->config.width_bytes);
}

static void offer_b(struct memory *memory, uint64_t next)
{
    struct axi_write_response *b     = &memory->bus->b;
    const struct burst        *burst = &memory->writes[memory->write_head];
    b->valid = memory->write_filled != 0 && burst->due <= next && !burst->silent && !happens(memory, memory->config.stalls.bvalid);
    if (!b->valid) return;
    b->resp = burst->resp;
    land(memory, memory->write_head);
}

void memory_clock(struct memory *memory)
{
    struct axi *bus  = memory->bus;
    uint64_t    next = memory->report->cycle + 1;

    memory_rules_stable(memory);
    bool r_stands = bus->r.valid && !bus->r.ready;
    bool b_stands = bus->b.valid && !bus->b.ready;
    if (bus->r.valid && bus->r.ready) give_r(memory);
    if (bus->ar.valid && bus->ar.ready) take_ar(memory);
    if (bus->b.valid && bus->b.ready) give_b(memory);
    if (bus->aw.valid && bus->aw.ready) take_aw(memory);
    if (bus->w.valid && bus->w.ready) take_w(memory);

    const struct memory_stalls *stalls = &memory->config.stalls;
    bus->ar.ready = memory->read_count < memory->config.outstanding && !happens(memory, stalls->arready);
    bus->aw.ready = memory->write_count < memory->config.outstanding && !happens(memory, stalls->awready);
    bus->w.ready  = !(memory->config.w_waits && memory->write_filled == memory->write_count) && !happens(memory, stalls->wready);
    if (!r_stands) offer_r(memory, next);
    if (!b_stands) offer_b(memory, next);
}
