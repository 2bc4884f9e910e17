// SPDX-License-Identifier: Apache-2.0
//
// Clocks engine, memory, sinks and sources together, and speaks to both register ports.
#include "engine.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    RESET_CYCLES = 8,
    READY_LIMIT  = 100000, // reads of CAPABILITIES until the guard has been cleared
    SYNC_CYCLES  = 8,
    FRAME_BITS   = 26, // of a window entry; WINDOW_HIGH has the others
};

static void clock_engine(void *user)
{
    engine_clock(user);
}

static void stop_program(void)
{
    exit(EXIT_FAILURE);
}

struct engine *engine_new(const struct engine_config *config)
{
    const struct model_kind *kind = model_kind_find(config->kind);
    if (kind == NULL) {
        fprintf(stderr, "there is no configuration `%s`\n", config->kind);
        exit(EXIT_FAILURE);
    }
    struct engine *engine = calloc(1, sizeof *engine);
    if (engine == NULL) abort();
    engine->name        = kind->name;
    engine->parameters  = &kind->parameters;
    engine->width_bytes = kind->parameters.data_w / 8;
    engine->channels    = kind->parameters.channels;
    engine->model       = model_new(kind);
    engine->stop        = stop_program;
    uint64_t base       = config->memory_base ? config->memory_base : ENGINE_MEMORY_BASE;
    engine->memory      = memory_new(&(struct memory_config){ .width_bytes = engine->width_bytes,
                                                              .base        = base,
                                                              .size_bytes  = ENGINE_MEMORY_BYTES,
                                                              .latency     = config->latency ? config->latency : 1,
                                                              .spread      = config->spread,
                                                              .stalls      = config->stalls,
                                                              .seed        = config->seed,
                                                              .outstanding = config->outstanding },
                                     &engine->pins.memory, &engine->report);
    engine->registers = axil_manager(&engine->pins.registers, clock_engine, engine, &engine->report);
    engine->gate      = axil_manager(&engine->pins.gate, clock_engine, engine, &engine->report);
    for (unsigned i = 0; i < engine->channels; i++) {
        sink_init(&engine->sinks[i], &engine->pins.stream_out[i], &engine->report, engine->width_bytes);
        source_init(&engine->sources[i], &engine->pins.stream_in[i], engine->width_bytes);
    }

    const char *path = getenv("TRACE_FILE");
    if (path != NULL && !model_trace(engine->model, path))
        fprintf(stderr, "no trace: build with TRACE=1 to have one\n");

    engine_reset(engine);
    for (unsigned i = 0; config->open_bytes != 0 && i < engine->channels; i++)
        engine_guard(engine, i, base, config->open_bytes, ENGINE_READ | ENGINE_WRITE);
    return engine;
}

void engine_free(struct engine *engine)
{
    if (engine == NULL) return;
    for (unsigned i = 0; i < engine->channels; i++) {
        sink_end(&engine->sinks[i]);
        source_end(&engine->sources[i]);
    }
    memory_free(engine->memory);
    model_free(engine->model);
    free(engine);
}

void engine_reset(struct engine *engine)
{
    engine->pins.rst_n = engine->pins.gate_rst_n = false;
    memory_reset(engine->memory);
    for (unsigned i = 0; i < RESET_CYCLES; i++) {
        model_clock(engine->model, &engine->pins);
        engine->report.cycle++;
    }
    engine->pins.rst_n = engine->pins.gate_rst_n = true;
    engine->irq_was                              = false;
    if (!engine->parameters->gate) return;
    for (unsigned i = 0; i < READY_LIMIT; i++)
        if (gate_read(engine, DRAY_GATE_CAPABILITIES) & DRAY_GATE_CAPABILITIES_READY_MASK) return;
    engine_stop(engine, "the gate never became ready");
}

unsigned engine_stream_in(const struct engine *engine)
{
    for (unsigned c = 0; c < engine->channels; c++)
        if (engine->parameters->stream_in >> c & 1) return c;
    return 0;
}

void engine_clock(struct engine *engine)
{
    model_clock(engine->model, &engine->pins);
    memory_clock(engine->memory);
    for (unsigned i = 0; i < engine->channels; i++) {
        sink_clock(&engine->sinks[i]);
        source_clock(&engine->sources[i]);
    }
    if (engine->pins.irq && !engine->irq_was) engine->irq_rose = engine->report.cycle;
    engine->irq_was = engine->pins.irq;
    engine->report.cycle++;
    if (engine->watch != NULL) engine->watch(engine->watch_user);
}

void engine_clocks(struct engine *engine, unsigned cycles)
{
    for (unsigned i = 0; i < cycles; i++) engine_clock(engine);
}

// ---- registers

static uint32_t judged_read(struct engine *engine, struct axil_manager *port, const char *name, uint32_t offset)
{
    uint32_t value;
    uint8_t  resp = axil_read(port, offset, &value);
    if (resp != BUS_OKAY) report_error(&engine->report, "%s register 0x%03x: read answered %u", name, (unsigned)offset, resp);
    return value;
}

static void judged_write(struct engine *engine, struct axil_manager *port, const char *name, uint32_t offset, uint32_t value)
{
    uint8_t resp = axil_write(port, offset, value);
    if (resp != BUS_OKAY) report_error(&engine->report, "%s register 0x%03x: write answered %u", name, (unsigned)offset, resp);
}

uint32_t engine_read(struct engine *engine, uint32_t offset)
{
    return judged_read(engine, &engine->registers, "engine", offset);
}

void engine_write(struct engine *engine, uint32_t offset, uint32_t value)
{
    judged_write(engine, &engine->registers, "engine", offset, value);
}

uint32_t gate_read(struct engine *engine, uint32_t offset)
{
    return judged_read(engine, &engine->gate, "gate", offset);
}

void gate_write(struct engine *engine, uint32_t offset, uint32_t value)
{
    judged_write(engine, &engine->gate, "gate", offset, value);
}

uint32_t engine_state(struct engine *engine, unsigned channel)
{
    return (engine_read(engine, DRAY_CHANNEL_STATUS(channel)) & DRAY_CHANNEL_STATUS_STATE_MASK) >> DRAY_CHANNEL_STATUS_STATE_SHIFT;
}

// ---- gate

void engine_guard(struct engine *engine, unsigned channel, uint64_t addr, size_t len_bytes, unsigned rights)
{
    if (!engine->parameters->gate) return;
    unsigned page_lg = engine->parameters->page_lg;
    uint64_t first   = (addr - engine->parameters->guard_base) >> page_lg;
    uint64_t last    = (addr - engine->parameters->guard_base + len_bytes - 1) >> page_lg;
    uint32_t word    = (uint32_t)channel << DRAY_GATE_GUARD_SET_CHANNEL_SHIFT;
    if (rights & ENGINE_READ) word |= DRAY_GATE_GUARD_SET_MAY_READ_MASK;
    if (rights & ENGINE_WRITE) word |= DRAY_GATE_GUARD_SET_MAY_WRITE_MASK;
    for (uint64_t frame = first; frame <= last; frame++) gate_write(engine, DRAY_GATE_GUARD_SET, word | (uint32_t)frame);
}

static uint32_t entry_offset(const struct engine *engine, unsigned entry)
{
    assert(entry < engine->parameters->window);
    return 0x400u + DRAY_GATE_WINDOW_ENTRY_BYTES * entry;
}

uint64_t engine_window_open(struct engine *engine, unsigned entry, unsigned channel, uint64_t frame_addr, unsigned rights)
{
    unsigned page_lg = engine->parameters->page_lg;
    uint32_t word    = DRAY_GATE_WINDOW_ENTRY_WORD_VALID_MASK | (uint32_t)channel << DRAY_GATE_WINDOW_ENTRY_WORD_CHANNEL_SHIFT |
                    (uint32_t)(frame_addr >> page_lg) << DRAY_GATE_WINDOW_ENTRY_WORD_FRAME_SHIFT;
    if (rights & ENGINE_READ) word |= DRAY_GATE_WINDOW_ENTRY_WORD_MAY_READ_MASK;
    if (rights & ENGINE_WRITE) word |= DRAY_GATE_WINDOW_ENTRY_WORD_MAY_WRITE_MASK;
    if (engine->parameters->addr_w > page_lg + FRAME_BITS) gate_write(engine, DRAY_GATE_WINDOW_HIGH, (uint32_t)(frame_addr >> (page_lg + FRAME_BITS)));
    gate_write(engine, entry_offset(engine, entry), word);
    return engine->parameters->window_base + ((uint64_t)entry << page_lg);
}

void engine_window_close(struct engine *engine, unsigned entry)
{
    gate_write(engine, entry_offset(engine, entry), 0);
}

void engine_sync(struct engine *engine, unsigned limit)
{
    gate_write(engine, DRAY_GATE_SYNC, 1);
    for (uint64_t end = engine_cycle(engine) + limit; engine_cycle(engine) < end; engine_clocks(engine, SYNC_CYCLES))
        if ((gate_read(engine, DRAY_GATE_SYNC) & DRAY_GATE_SYNC_PENDING_MASK) == 0) return;
    engine_stop(engine, "SYNC never read 0");
}
