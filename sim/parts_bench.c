// SPDX-License-Identifier: Apache-2.0
//
// Clocks the parts and everything round them; plays the core's data port.
#include "parts_bench.h"

#include <stdlib.h>
#include <string.h>

static struct parts_bench *opened;

static struct memory *new_memory(struct parts_bench *bench, const struct parts_config *config, struct axi *bus, uint64_t base,
                                 size_t size)
{
    struct memory_config memory = { .width_bytes = PARTS_BYTES, .base = base, .size_bytes = size, .latency = config->latency,
                                    .spread = config->spread, .stalls = config->stalls, .seed = parts_random(bench),
                                    .w_may_pause = true, .writes_free = true };
    return memory_new(&memory, bus, &bench->report);
}

struct parts_bench *parts_open(const struct parts_config *config)
{
    (void)parts_close(NULL);
    struct parts_bench *bench = opened = calloc(1, sizeof *bench);
    assert_non_null(bench);
    const char *seed = getenv("SEED");
    bench->seed      = (seed != NULL ? strtoull(seed, NULL, 0) : 1u) * 2u + 1u;
    bench->model     = parts_new();
    struct parts_pins *pins = &bench->pins;
    bench->host     = new_memory(bench, config, &pins->host, PARTS_HOST, PARTS_HOST_SIZE);
    bench->device   = new_memory(bench, config, &pins->device, PARTS_DEVICE, PARTS_DEVICE_SIZE);
    bench->x_host   = new_memory(bench, config, &pins->x_host, PARTS_HOST, PARTS_HOST_SIZE);
    bench->x_device = new_memory(bench, config, &pins->x_device, PARTS_DEVICE, PARTS_DEVICE_SIZE);
    manager_init(&bench->engine, &pins->engine, &bench->report, PARTS_BYTES, parts_random(bench));
    manager_init(&bench->a, &pins->a, &bench->report, PARTS_BYTES, parts_random(bench));
    manager_init(&bench->b, &pins->b, &bench->report, PARTS_BYTES, parts_random(bench));
    bench->engine.stall = bench->a.stall = bench->b.stall = config->stall;
    pins->uart_rxd = true;
    parts_ticks(bench, 4);
    pins->rst_n   = true;
    bench->errors = 0;
    return bench;
}

int parts_close(void **state)
{
    (void)state;
    if (opened == NULL) return 0;
    parts_free(opened->model);
    memory_free(opened->host);
    memory_free(opened->device);
    memory_free(opened->x_host);
    memory_free(opened->x_device);
    free(opened);
    opened = NULL;
    return 0;
}

void parts_clean(struct parts_bench *bench)
{
    if (bench->report.count == 0) return;
    report_print(&bench->report, stderr);
    fail_msg("%u errors, the first: %s", bench->report.count, bench->report.text[0]);
}

void parts_tick(struct parts_bench *bench)
{
    parts_clock(bench->model, &bench->pins);
    bench->report.cycle = ++bench->cycle;
    bench->errors |= bench->pins.errors;
    memory_clock(bench->host);
    memory_clock(bench->device);
    memory_clock(bench->x_host);
    memory_clock(bench->x_device);
    manager_clock(&bench->engine);
    manager_clock(&bench->a);
    manager_clock(&bench->b);
}

void parts_ticks(struct parts_bench *bench, unsigned cycles)
{
    while (cycles-- > 0) parts_tick(bench);
}

static uint32_t access_word(struct parts_bench *bench, enum parts_way way)
{
    struct parts_pins *pins  = &bench->pins;
    bool              *valid = way == PARTS_VIA_HOST ? &pins->host_valid : &pins->alias_valid;
    const bool        *ready = way == PARTS_VIA_HOST ? &pins->host_ready : &pins->alias_ready;
    *valid                   = true;
    for (unsigned i = 0; i < PARTS_PATIENCE; i++) {
        parts_tick(bench);
        if (!*ready) continue;
        *valid = false;
        return pins->core_rdata;
    }
    fail_msg("the core's access at 0x%x is not answered", (unsigned)pins->core_addr);
    return 0;
}

void parts_store(struct parts_bench *bench, enum parts_way way, uint32_t addr, unsigned bytes, uint32_t value)
{
    bench->pins.core_addr  = addr & ~3u;
    bench->pins.core_write = true;
    bench->pins.core_wstrb = (uint8_t)(((1u << bytes) - 1u) << (addr & 3u));
    bench->pins.core_wdata = bytes == 1 ? (value & 0xffu) * 0x01010101u : bytes == 2 ? (value & 0xffffu) * 0x00010001u : value;
    (void)access_word(bench, way);
}

uint32_t parts_load(struct parts_bench *bench, enum parts_way way, uint32_t addr)
{
    bench->pins.core_addr  = addr;
    bench->pins.core_write = false;
    bench->pins.core_wstrb = 0xf;
    return access_word(bench, way);
}

static void start_and_wait(struct parts_bench *bench, bool *start, const bool *busy)
{
    *start = true;
    parts_tick(bench);
    *start = false;
    for (unsigned i = 0; i < PARTS_PATIENCE; i++) {
        parts_tick(bench);
        if (!*busy) return;
    }
    fail_msg("a drain does not end");
}

void parts_drain(struct parts_bench *bench)
{
    start_and_wait(bench, &bench->pins.drain_start, &bench->pins.drain_busy);
}

void parts_flush(struct parts_bench *bench)
{
    start_and_wait(bench, &bench->pins.flush_start, &bench->pins.flush_busy);
}

void parts_wait(struct parts_bench *bench, const struct manager *manager)
{
    for (unsigned i = 0; i < 100u * PARTS_PATIENCE; i++) {
        if (manager_idle(manager)) return;
        parts_tick(bench);
    }
    fail_msg("a manager is not answered");
}

uint64_t parts_random(struct parts_bench *bench)
{
    return memory_random(&bench->seed);
}
