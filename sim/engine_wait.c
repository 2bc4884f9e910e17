// SPDX-License-Identifier: Apache-2.0
//
// Waits of the bench: each has an end, and one that runs out says where everything stands.
#include "engine.h"

#include <inttypes.h>
#include <stdio.h>

enum { POLL_CYCLES = 4 };

static const char *state_name(uint32_t state)
{
    static const char *const names[] = { "OFF", "RUNNING", "DRAINING", "HALTED", "STOPPED", "PAUSED", "?6", "?7" };
    return names[state & 7u];
}

static void print_channel(struct engine *engine, unsigned channel)
{
    uint32_t status = engine_read(engine, DRAY_CHANNEL_STATUS(channel));
    uint32_t failed = engine_read(engine, DRAY_CHANNEL_FAILED(channel));
    fprintf(stderr, "  channel %u: %s%s, producer %" PRIu32 ", consumer %" PRIu32 ", interrupts 0x%" PRIx32, channel,
            state_name(status & DRAY_CHANNEL_STATUS_STATE_MASK), status & DRAY_CHANNEL_STATUS_BUSY_MASK ? " busy" : "",
            engine_read(engine, DRAY_CHANNEL_PRODUCER(channel)), engine_read(engine, DRAY_CHANNEL_CONSUMER(channel)),
            engine_read(engine, DRAY_CHANNEL_IRQ_STATUS(channel)));
    fprintf(stderr, "; failed %" PRIu32 " at 0x%08" PRIx32 " cause %" PRIu32 " moved %" PRIu32 ", next %" PRIu32 " at 0x%08" PRIx32,
            failed & DRAY_CHANNEL_FAILED_INDEX_MASK, engine_read(engine, DRAY_CHANNEL_FAILED_ADDR(channel)),
            (failed & DRAY_CHANNEL_FAILED_CAUSE_MASK) >> DRAY_CHANNEL_FAILED_CAUSE_SHIFT,
            engine_read(engine, DRAY_CHANNEL_FAILED_MOVED(channel)), engine_read(engine, DRAY_CHANNEL_NEXT(channel)),
            engine_read(engine, DRAY_CHANNEL_NEXT_ADDR(channel)));
    if (engine->parameters->gate)
        fprintf(stderr, "; outstanding 0x%04" PRIx32, gate_read(engine, DRAY_GATE_OUTSTANDING(channel)));
    fputc('\n', stderr);
}

void engine_print(struct engine *engine)
{
    const struct memory_counts *counts = memory_counts(engine->memory);
    const struct axi           *bus    = &engine->pins.memory;
    fprintf(stderr, "  %s at cycle %" PRIu64 ": AR %" PRIu64 " R %" PRIu64 " AW %" PRIu64 " W %" PRIu64 " B %" PRIu64
            "; outstanding %u reads, %u writes\n", engine->name, engine_cycle(engine), counts->ar, counts->r, counts->aw, counts->w,
            counts->b, counts->reads_now, counts->writes_now);
    fprintf(stderr, "  last AR %" PRIu64 " R %" PRIu64 " AW %" PRIu64 " W %" PRIu64 " B %" PRIu64
            "; valid/ready AR %d%d R %d%d AW %d%d W %d%d B %d%d\n", counts->last_ar, counts->last_r, counts->last_aw, counts->last_w,
            counts->last_b, bus->ar.valid, bus->ar.ready, bus->r.valid, bus->r.ready, bus->aw.valid, bus->aw.ready, bus->w.valid,
            bus->w.ready, bus->b.valid, bus->b.ready);
    for (unsigned i = 0; i < engine->channels; i++) print_channel(engine, i);
    if (engine->parameters->gate)
        fprintf(stderr, "  gate: sync %" PRIu32 ", fault status 0x%08" PRIx32 " at 0x%08" PRIx32 " info 0x%" PRIx32 "\n",
                gate_read(engine, DRAY_GATE_SYNC), gate_read(engine, DRAY_GATE_FAULT_STATUS),
                gate_read(engine, DRAY_GATE_FAULT_ADDR), gate_read(engine, DRAY_GATE_FAULT_INFO));
    report_print(&engine->report, stderr);
}

void engine_stop(struct engine *engine, const char *why)
{
    fprintf(stderr, "%s\n", why);
    engine_print(engine);
    engine->stop();
}

uint64_t engine_wait_irq(struct engine *engine, unsigned limit)
{
    for (unsigned i = 0; !engine->pins.irq; i++) {
        if (i == limit) engine_stop(engine, "no interrupt came");
        engine_clock(engine);
    }
    return engine->irq_rose;
}

uint64_t engine_wait_channel_irq(struct engine *engine, unsigned channel, unsigned limit)
{
    for (unsigned i = 0; !(engine->pins.channel_irq >> channel & 1); i++) {
        if (i == limit) engine_stop(engine, "no interrupt of the channel came");
        engine_clock(engine);
    }
    return engine_cycle(engine) - 1;
}

void engine_wait_state(struct engine *engine, unsigned channel, uint32_t state, unsigned limit)
{
    uint64_t end = engine_cycle(engine) + limit;
    while (engine_state(engine, channel) != state) {
        if (engine_cycle(engine) >= end) {
            fprintf(stderr, "channel %u never came to %s\n", channel, state_name(state));
            engine_stop(engine, "a state never came");
        }
        engine_clocks(engine, POLL_CYCLES);
    }
}

bool engine_quiet(struct engine *engine, unsigned cycles)
{
    for (unsigned i = 0; i < cycles; i++) {
        engine_clock(engine);
        const struct axi *bus = &engine->pins.memory;
        if (bus->ar.valid || bus->r.valid || bus->aw.valid || bus->w.valid || bus->b.valid) return false;
    }
    return true;
}
