// SPDX-License-Identifier: Apache-2.0
//
// Clocks the system and its memories, and watches its pins.
#include "system.h"

#include "elf.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RESET_CYCLES = 8, WATCH_CYCLES = 127, STUCK_CYCLES = 100000, SEND_MAX = 256, WHY_BYTES = 400 };

// One direction of the console's pins: 8N1.
struct line {
    unsigned left;  // bits still to come; 0: idle
    unsigned clock; // cycles until the next bit is looked at, or driven
    unsigned bits;
};

struct system {
    struct system_config config;
    struct soc_model    *model;
    struct soc_pins      pins;
    struct memory       *host, *device;
    struct report        report;
    struct line          from, to; // what the system sends; what it is sent
    uint8_t              send[SEND_MAX];
    unsigned             send_head, send_count;
    unsigned             divisor;
    uint64_t             cycle, life; // life: the cycle of the last sign of it
    uint64_t             asked;       // since when the same data access has stood, if it stands
    uint32_t             asked_addr, asked_pc;
    enum system_end      end;
    uint32_t             status;
    struct system_record last;
    bool                 any_record;
    char                 why[WHY_BYTES];
};

struct system_config system_defaults(void)
{
    return (struct system_config){ .latency = 13, .seed = 1, .quiet_max = 20000000 };
}

static void say(struct system *system, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void say(struct system *system, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(system->why, sizeof system->why, format, args);
    va_end(args);
}

// Ends the run with a sentence, and adds where the firmware stands.
static void stop(struct system *system, enum system_end end, const char *what)
{
    char record[100] = "no trace record";
    if (system->any_record)
        snprintf(record, sizeof record, "last trace record: cycle %llu, event %u, level %u, argument 0x%08x",
                 (unsigned long long)system->last.cycle, system->last.event, system->last.level,
                 (unsigned)system->last.argument);
    system->end = end;
    say(system, "%s at cycle %llu; pc 0x%08x; %s", what, (unsigned long long)system->cycle,
        (unsigned)soc_model_pc(system->model), record);
}

static struct memory *new_memory(struct system *system, struct axi *bus, uint64_t base, size_t size)
{
    const struct system_config *config = &system->config;
    return memory_new(&(struct memory_config){ .width_bytes = soc_model_data_w() / 8, .base = base, .size_bytes = size,
                                               .latency = config->latency, .spread = config->spread, .stalls = config->stalls,
                                               .seed = config->seed, .w_may_pause = true, .writes_free = true },
                      bus, &system->report);
}

static void clock_once(struct system *system)
{
    soc_model_clock(system->model, &system->pins);
    system->report.cycle = ++system->cycle;
    memory_clock(system->host);
    memory_clock(system->device);
}

struct system *system_new(const struct system_config *config)
{
    struct system *system = calloc(1, sizeof *system);
    assert(system != NULL);
    system->config  = *config;
    system->model   = soc_model_new();
    system->divisor = soc_model_uart_divisor();
    system->host    = new_memory(system, &system->pins.host, SYSTEM_HOST_BASE, SYSTEM_HOST_BYTES);
    system->device  = new_memory(system, &system->pins.device, SYSTEM_DEVICE_BASE, SYSTEM_DEVICE_BYTES);
    if (config->wave != NULL && !soc_model_trace(system->model, config->wave)) {
        system_free(system);
        return NULL;
    }
    system->pins.uart_rxd = true;
    for (int i = 0; i < RESET_CYCLES; i++) clock_once(system);
    system->cycle      = 0;
    return system;
}

void system_free(struct system *system)
{
    if (system == NULL) return;
    if (system->report.count != 0) report_print(&system->report, stderr);
    soc_model_free(system->model);
    memory_free(system->host);
    memory_free(system->device);
    free(system);
}

// ---- Loading

static void *place(void *user, uint32_t addr, uint32_t bytes)
{
    struct system *system = user;
    size_t         program_bytes;
    uint8_t       *program = (uint8_t *)soc_model_program(system->model, &program_bytes);
    const uint32_t program_base = 0x80000000u;
    if (addr >= program_base && addr - program_base <= program_bytes && bytes <= program_bytes - (addr - program_base))
        return program + (addr - program_base);
    if (addr >= SYSTEM_HOST_BASE && addr - SYSTEM_HOST_BASE <= SYSTEM_HOST_BYTES &&
        bytes <= SYSTEM_HOST_BYTES - (addr - SYSTEM_HOST_BASE))
        return memory_at(system->host, addr, bytes);
    return NULL;
}

bool system_load(struct system *system, const char *path)
{
    const char *problem = elf_load(path, place, system);
    if (problem == NULL) return true;
    say(system, "%s: %s", path, problem);
    return false;
}

// ---- Console

// What the pin was in this cycle; a byte is told when its stop bit is seen.
static void console_listen(struct system *system)
{
    struct line *line = &system->from;
    const bool   pin  = system->pins.uart_txd;
    if (line->left == 0) {
        if (pin) return;
        line->left  = 9; // eight of data and the stop bit
        line->clock = system->divisor + system->divisor / 2;
        return;
    }
    if (--line->clock != 0) return;
    line->clock = system->divisor;
    if (--line->left != 0) {
        line->bits = (line->bits >> 1) | (pin ? 0x80u : 0u);
        return;
    }
    system->life = system->cycle;
    if (pin && system->config.console != NULL) system->config.console(system->config.user, (uint8_t)line->bits);
}

static void console_drive(struct system *system)
{
    struct line *line = &system->to;
    if (line->left == 0) {
        if (system->send_count == 0) return;
        line->bits  = ((unsigned)system->send[system->send_head] << 1) | 0x200u;
        line->left  = 10;
        line->clock = 1;
        system->send_head = (system->send_head + 1) % SEND_MAX;
        system->send_count--;
    }
    if (--line->clock != 0) return;
    line->clock = system->divisor;
    system->pins.uart_rxd = line->bits & 1u;
    line->bits >>= 1;
    line->left--;
}

void system_send(struct system *system, const void *bytes, unsigned len)
{
    const uint8_t *from = bytes;
    assert(len <= SEND_MAX - system->send_count);
    for (unsigned i = 0; i < len; i++)
        system->send[(system->send_head + system->send_count++) % SEND_MAX] = from[i];
}

// ---- Running

static void take_record(struct system *system)
{
    const struct soc_pins *pins = &system->pins;
    if (pins->trace_addr == SYSTEM_EXIT_OFFSET) {
        system->status = pins->trace_data;
        stop(system, SYSTEM_EXITED, "the firmware ended");
        return;
    }
    system->last = (struct system_record){ .cycle    = system->cycle,
                                           .event    = (uint16_t)((pins->trace_addr & 0xfffu) / 4u),
                                           .level    = (uint8_t)(pins->trace_addr >> 12),
                                           .argument = pins->trace_data };
    system->any_record = true;
    system->life       = system->cycle;
    if (system->config.trace != NULL) system->config.trace(system->config.user, &system->last);
}

// Each access of the core changes something on its data port; one that stands unchanged for long is not answered.
static void watch_access(struct system *system)
{
    uint32_t addr;
    bool     is_write;
    const bool     stands = soc_model_data_access(system->model, &addr, &is_write);
    const uint32_t pc     = soc_model_pc(system->model);
    if (!stands || addr != system->asked_addr || pc != system->asked_pc) {
        system->asked      = system->cycle;
        system->asked_addr = addr;
        system->asked_pc   = pc;
    } else if (system->cycle - system->asked >= STUCK_CYCLES) {
        char what[80];
        snprintf(what, sizeof what, "a %s at 0x%08x is not answered", is_write ? "store" : "load", (unsigned)addr);
        stop(system, SYSTEM_STUCK, what);
    }
}

static void watch(struct system *system)
{
    if (system->config.cycles_max != 0 && system->cycle >= system->config.cycles_max)
        stop(system, SYSTEM_LIMIT, "the cycle limit was reached");
    else if (system->config.quiet_max != 0 && system->cycle - system->life >= system->config.quiet_max)
        stop(system, SYSTEM_QUIET, "neither console nor trace port has shown a sign of life");
    else
        watch_access(system);
}

enum system_end system_run(struct system *system, uint64_t cycles)
{
    struct soc_pins *pins = &system->pins;
    pins->rst_n = true;
    for (; cycles != 0 && system->end == SYSTEM_RUNNING; cycles--) {
        clock_once(system);
        if (!pins->uart_txd || system->from.left != 0) console_listen(system);
        if (system->to.left != 0 || system->send_count != 0) console_drive(system);
        if (pins->trace_valid) take_record(system);
        if (pins->video_pixel && system->config.pixel != NULL)
            system->config.pixel(system->config.user, &(struct system_pixel){ pins->video_hsync, pins->video_vsync,
                                                                              pins->video_de, pins->video_rgb });
        if (system->cycle % WATCH_CYCLES == 0 || system->cycle == system->config.cycles_max)
            if (system->end == SYSTEM_RUNNING) watch(system);
    }
    return system->end;
}

enum system_end system_end_of(const struct system *system) { return system->end; }
uint32_t system_status(const struct system *system) { return system->status; }
const char *system_why(const struct system *system) { return system->why; }
uint64_t system_cycle(const struct system *system) { return system->cycle; }
unsigned system_bus_errors(const struct system *system) { return system->report.count; }
struct soc_pins *system_pins(struct system *system) { return &system->pins; }
struct memory *system_host(struct system *system) { return system->host; }
struct memory *system_device(struct system *system) { return system->device; }
struct soc_model *system_model(struct system *system) { return system->model; }
