// SPDX-License-Identifier: Apache-2.0
//
// Runs the picture program and watches trace port, pins and gate.
#include "job.h"

#include "elf_symbols.h"

#include "memory_pager.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum {
    PROGRAM_BASE     = (int)0x80000000,
    STORE_PAGE       = 0,
    CHANNELS         = 2,
    TICK_CYCLES      = 1 << 15,
    STRIDE_CYCLES    = 64,
    FRAME_CYCLES     = SCREEN_LINE * SCREEN_LINES * 4,
    DESCRIPTOR_BYTES = 16,
};

_Static_assert(PICTURE_BYTES <= MEMORY_STORE_PAGES * MEMORY_PAGE_BYTES, "the picture fits into the store");

static bool say(struct job *job, const char *format, ...) __attribute__((format(printf, 2, 3)));

static bool say(struct job *job, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    (void)vsnprintf(job->why, sizeof job->why, format, args);
    va_end(args);
    return false;
}

// Behind the firmware's end the system's own count stands still.
static uint64_t now(const struct job *job) { return system_cycle(job->system) + job->cycles_after; }

static double seconds_now(void)
{
    struct timespec now;
    (void)timespec_get(&now, TIME_UTC);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

// ---- Watching

static void wave_begins(struct job *job)
{
    if (job->config.wave != NULL && !job->config.wave_whole) (void)soc_model_trace(system_model(job->system), job->config.wave);
}

static void wave_ends(struct job *job)
{
    if (job->config.wave != NULL && !job->config.wave_whole) soc_model_trace_end(system_model(job->system));
}

// The frame buffer is only written while the picture moves, so what is read of device memory is the screen's.
static uint64_t device_reads(const struct job *job) { return memory_counts(system_device(job->system))->r; }

// The picture's request is the first of all; what its adapter does until the client is told belongs to it.
static void follow(struct job *job, const struct system_record *record)
{
    const uint32_t adapter = record->argument >> 28;
    if (record->event == TRACE_GET) job->channels[adapter] = record->argument & 0xfffffu;
    if (record->event == TRACE_REQUEST && !job->asked) {
        job->asked   = true;
        job->adapter = adapter;
        wave_begins(job);
    }
    if (!job->asked || job->told || adapter != job->adapter) return;
    if (record->event == TRACE_START && job->first_start == 0) {
        job->first_start  = record->cycle;
        job->beats_before = device_reads(job);
    }
    if (record->event == TRACE_EXECUTE) job->packets++;
    if (record->event == TRACE_COMPLETE) job->moved += record->argument & 0xfffffu;
    if (record->event == TRACE_COMPLETE_RETURN) {
        job->last_complete = record->cycle;
        job->screen_beats  = device_reads(job) - job->beats_before;
    }
    if (record->event == TRACE_NOTIFY) {
        job->told       = true;
        job->told_cycle = record->cycle;
        wave_ends(job);
    }
}

static void on_record(void *user, const struct system_record *record)
{
    struct job *job = user;
    job->life = record->cycle;
    job->last = *record;
    laws_record(&job->laws, record->cycle, record->event, record->level, record->argument);
    follow(job, record);
    if (job->config.record != NULL) job->config.record(job->config.user, record);
}

static void on_console(void *user, uint8_t byte)
{
    struct job *job = user;
    job->life = now(job);
    if (job->config.console != NULL) job->config.console(job->config.user, byte);
}

static void on_pixel(void *user, const struct system_pixel *pixel)
{
    struct job *job = user;
    screen_pixel(&job->screen, now(job), pixel);
}

static void on_frame(void *user, const struct screen *screen)
{
    struct job *job = user;
    if (job->shown || !job->told || screen->first_cycle <= job->told_cycle) return;
    job->shown = true;
    job->frame = screen->picture;
}

// One cycle of the bus, while the picture moves.
static void watch_bus(struct job *job)
{
    const uint32_t copy = job->channels[job->adapter];
    if (soc_model_outstanding(system_model(job->system), copy) == 0) return;
    job->engine_cycles++;
    unsigned others = 0;
    for (unsigned channel = 0; channel < CHANNELS; channel++)
        if (channel != copy) others += soc_model_outstanding(system_model(job->system), channel);
    job->overlap_cycles += others != 0;
}

// ---- Beginning

static uint32_t *program_at(struct job *job, uint32_t addr, uint32_t bytes)
{
    size_t         program_bytes;
    uint32_t      *program = soc_model_program(system_model(job->system), &program_bytes);
    const uint32_t offset  = addr - (uint32_t)PROGRAM_BASE;
    return offset % 4 == 0 && offset <= program_bytes && bytes <= program_bytes - offset ? program + offset / 4 : NULL;
}

static bool find_block(struct job *job)
{
    struct elf_symbol symbol;
    const char       *firmware = job->config.firmware;
    if (!elf_symbol(firmware, "picture_block", &symbol) || symbol.bytes != sizeof(struct picture_block))
        return say(job, "%s has no picture_block of %zu bytes; name the picture program with --firmware.", firmware, sizeof(struct picture_block));
    if (!symbol.loaded || program_at(job, symbol.addr, symbol.bytes) == NULL)
        return say(job, "picture_block of %s lies where the program clears it; give it an initial value.", firmware);
    job->block.addr = symbol.addr;
    return true;
}

static void fill_block(struct job *job)
{
    const struct picture_request request = {
        .magic = PICTURE_MAGIC, .flags = job->config.flags, .width = PICTURE_WIDTH, .height = PICTURE_HEIGHT,
        .store_page = STORE_PAGE, .map_registers = job->config.registers,
    };
    memcpy(program_at(job, job->block.addr, sizeof(struct picture_block)), &request, sizeof request);
}

static void fill_store(struct job *job)
{
    for (uint32_t i = 0; i < PICTURE_PIXELS; i++)
        memory_set_word(system_host(job->system), memory_store_bus(STORE_PAGE) + 4 * i, job->config.picture->pixels[i]);
}

bool job_begin(struct job *job, const struct job_config *config)
{
    memset(job, 0, sizeof *job);
    job->config = *config;
    job->screen.frame = on_frame;
    job->screen.user  = job;
    laws_begin(&job->laws, &laws_of_a_run);

    struct system_config system = system_defaults();
    system.latency    = config->latency;
    system.cycles_max = config->cycles_max;
    system.quiet_max  = 0; // judged here
    system.wave    = config->wave_whole ? config->wave : NULL;
    system.console = on_console;
    system.trace   = on_record;
    system.pixel   = on_pixel;
    system.user    = job;
    job->system = system_new(&system);
    if (job->system == NULL || (config->wave != NULL && !soc_model_traces()))
        return say(job, "this build writes no waves; say: make run TRACE=1.");
    if (!system_load(job->system, config->firmware)) return say(job, "%s; say: make firmware.", system_why(job->system));
    if (!find_block(job)) return false;
    fill_block(job);
    fill_store(job);
    return true;
}

// ---- Running

static void read_result(struct job *job)
{
    const uint32_t *words = program_at(job, job->block.addr, sizeof(struct picture_block));
    memcpy(&job->firmware, words + sizeof(struct picture_request) / 4, sizeof job->firmware);
}

// The firmware has ended; screen and engine go on without it until a frame that is due has been seen.
static void see_the_frame(struct job *job)
{
    struct soc_pins *pins = system_pins(job->system);
    for (unsigned i = 0; i < 2 * FRAME_CYCLES && job->told && !job->shown; i++) {
        soc_model_clock(system_model(job->system), pins);
        memory_clock(system_host(job->system));
        memory_clock(system_device(job->system));
        job->cycles_after++;
        if (pins->video_pixel)
            on_pixel(job, &(struct system_pixel){ pins->video_hsync, pins->video_vsync, pins->video_de, pins->video_rgb });
    }
}

static bool lives(struct job *job)
{
    const uint64_t writes = memory_counts(system_device(job->system))->w;
    if (writes != job->writes) job->life = now(job);
    job->writes = writes;
    job->hangs  = job->config.quiet_max != 0 && now(job) - job->life > job->config.quiet_max;
    return !job->hangs;
}

static void say_where(struct job *job, const char *how)
{
    const uint32_t pc = soc_model_pc(system_model(job->system));
    char           place[ELF_NAME];
    if (elf_function(job->config.firmware, pc, place)[0] == '\0') (void)snprintf(place, sizeof place, "no function");
    (void)say(job, "the firmware %s in %s, pc 0x%08x, at cycle %" PRIu64 "; its last record is %s at cycle %" PRIu64 ", level %u.", how, place,
              (unsigned)pc, now(job), trace_name((enum trace_event)job->last.event), job->last.cycle, job->last.level);
}

static void judge_end(struct job *job)
{
    const enum system_end end = system_end_of(job->system);
    if (end == SYSTEM_STUCK) {
        (void)say(job, "%s.", system_why(job->system));
    } else if (end != SYSTEM_EXITED) {
        say_where(job, job->hangs ? "hangs" : "was stopped by the limit of cycles");
    } else if (system_status(job->system) != 0) {
        (void)say(job, "the firmware failed with status %u; what it said last stands above.", (unsigned)system_status(job->system));
    } else if (job->firmware.magic != PICTURE_MAGIC) {
        (void)say(job, "the firmware ended and left no result.");
    } else {
        job->good = true;
    }
}

void job_run(struct job *job)
{
    const double begun = seconds_now();
    uint64_t     tick  = 0;
    // By the cycle while there is something to count; a request is never followed by its first burst within STRIDE_CYCLES.
    while (system_run(job->system, job->asked && !job->told ? 1 : STRIDE_CYCLES) == SYSTEM_RUNNING) {
        if (job->asked && !job->told) watch_bus(job);
        job->cycles = now(job);
        if (job->cycles < tick) continue;
        tick = job->cycles + TICK_CYCLES;
        if (!lives(job)) break;
        if (job->config.tick != NULL) job->config.tick(job->config.user);
    }
    read_result(job);
    judge_end(job);
    if (job->good) see_the_frame(job);
    laws_end(&job->laws);
    job->cycles     = now(job);
    job->underruns  = soc_model_underruns(system_model(job->system));
    job->bus_errors = system_bus_errors(job->system);
    job->seconds    = seconds_now() - begun;
}

void job_end(struct job *job)
{
    system_free(job->system);
    job->system = NULL;
}

double job_bus_limit(const struct job *job)
{
    const uint32_t beat   = soc_model_data_w() / 8u;
    const double   cycles = (double)(job->last_complete - job->first_start);
    const double   bytes  = (double)job->moved;
    const double   fetched = (double)job->firmware.elements * ((DESCRIPTOR_BYTES + beat - 1u) / beat) * beat;
    if (cycles <= 0.0 || bytes <= 0.0) return 0.0;
    return beat * (1.0 - (double)job->screen_beats / cycles) * bytes / (bytes + fetched);
}
