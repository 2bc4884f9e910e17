// SPDX-License-Identifier: Apache-2.0
//
// core_tests - runs the test programs of the firmware on the simulated system, one after the other, as one TAP stream.
//
//     core_tests [program.elf ...]        without arguments those that firmware.mk names
//
// A program prints TAP on its console. What it says is passed on under its name; then comes what its trace says: frames
// are pinned, evicted and given in order, DPCs run at DISPATCH and never inside each other, ISRs at DEVICE. A store of
// TRACE_MARK asks for one byte on the console's receiver, which is the only external interrupt that needs no engine.
#include "system.h"

#include "trace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef CORE_PROGRAMS
#define CORE_PROGRAMS ""
#endif

enum {
    CORE_CYCLES_MAX = 60000000,
    CORE_QUIET_MAX  = 5000000,
    CORE_LINE_BYTES = 200,
    CORE_FRAMES     = 1 << 14,
};

// One program as it runs.
struct core_run {
    struct system *system;
    const char    *name;
    char           line[CORE_LINE_BYTES];
    unsigned       length;
    unsigned       results, planned;
    bool           plan;

    uint16_t pins[CORE_FRAMES];
    bool     resident[CORE_FRAMES];
    unsigned dpcs; // that have begun and not returned
    char     broken[CORE_LINE_BYTES];
};

static unsigned results, failed; // of all programs

static void result(const char *program, bool good, const char *what)
{
    results++;
    failed += good ? 0u : 1u;
    printf("%sok %u - %s: %s\n", good ? "" : "not ", results, program, what);
}

// ---- the console

static void line_ended(struct core_run *run)
{
    const bool bad  = strncmp(run->line, "not ok ", 7) == 0;
    const bool good = strncmp(run->line, "ok ", 3) == 0;
    if (good || bad) {
        const char *name = strstr(run->line, " - ");
        run->results++;
        result(run->name, good, name != NULL ? name + 3 : run->line);
    } else if (sscanf(run->line, "1..%u", &run->planned) == 1) {
        run->plan = true;
    } else {
        printf("%s%s\n", run->line[0] == '#' ? "" : "# ", run->line);
    }
}

static void console(void *user, uint8_t byte)
{
    struct core_run *run = user;
    if (byte != '\n') {
        if (run->length + 1u < sizeof run->line) run->line[run->length++] = (char)byte;
        return;
    }
    run->line[run->length] = '\0';
    run->length            = 0;
    line_ended(run);
}

// ---- the trace

static void broken(struct core_run *run, const struct system_record *record, const char *law)
{
    if (run->broken[0] != '\0') return;
    snprintf(run->broken, sizeof run->broken, "cycle %llu, %s at level %u, argument 0x%08x: %s",
             (unsigned long long)record->cycle, trace_name((enum trace_event)record->event), record->level,
             (unsigned)record->argument, law);
}

static void judge(struct core_run *run, const struct system_record *record, bool holds, const char *law)
{
    if (!holds) broken(run, record, law);
}

static void trace(void *user, const struct system_record *record)
{
    struct core_run *run   = user;
    const uint32_t   frame = record->argument & (CORE_FRAMES - 1u);
    switch (record->event) {
    case TRACE_PAGE_IN:
        judge(run, record, !run->resident[frame], "the frame belongs to another page");
        run->resident[frame] = true;
        break;
    case TRACE_EVICT:
        judge(run, record, run->resident[frame], "the frame belongs to no page");
        judge(run, record, run->pins[frame] == 0, "the frame is pinned");
        judge(run, record, record->level == IRQL_DISPATCH, "pages go at DISPATCH");
        run->resident[frame] = false;
        break;
    case TRACE_PIN:
        judge(run, record, run->resident[frame], "the frame belongs to no page");
        run->pins[frame]++;
        break;
    case TRACE_UNPIN:
        judge(run, record, run->pins[frame] > 0, "the frame is not pinned");
        run->pins[frame]--;
        break;
    case TRACE_DPC:
        judge(run, record, record->level == IRQL_DISPATCH, "a DPC runs at DISPATCH");
        judge(run, record, run->dpcs == 0, "a DPC runs inside another");
        run->dpcs++;
        break;
    case TRACE_DPC_RETURN:
        judge(run, record, run->dpcs == 1, "no DPC runs");
        run->dpcs--;
        break;
    case TRACE_ISR:
        judge(run, record, record->level == IRQL_DEVICE, "an ISR runs at DEVICE");
        break;
    case TRACE_MARK: system_send(run->system, "x", 1); break;
    default:         break;
    }
}

static bool nothing_pinned(const struct core_run *run)
{
    for (unsigned frame = 0; frame < CORE_FRAMES; frame++) {
        if (run->pins[frame] != 0) return false;
    }
    return true;
}

// ---- one program

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

static void run_program(const char *path)
{
    static struct core_run run;
    memset(&run, 0, sizeof run);
    char name[64];
    snprintf(name, sizeof name, "%.*s", (int)strcspn(base_name(path), "."), base_name(path));
    run.name = name;

    struct system_config config = system_defaults();
    config.console              = console;
    config.trace                = trace;
    config.user                 = &run;
    config.cycles_max           = CORE_CYCLES_MAX;
    config.quiet_max            = CORE_QUIET_MAX;
    run.system                  = system_new(&config);

    const bool loaded = system_load(run.system, path);
    const bool exited = loaded && system_run(run.system, UINT64_MAX) == SYSTEM_EXITED;
    if (!exited) printf("# %s\n", system_why(run.system));
    printf("# %s: %llu cycles\n", name, (unsigned long long)system_cycle(run.system));
    result(name, exited && run.plan && run.planned == run.results, "runs to its end and prints its plan");
    if (run.broken[0] != '\0') printf("# %s\n", run.broken);
    result(name, run.broken[0] == '\0' && run.dpcs == 0 && nothing_pinned(&run), "its trace keeps the laws of frames and levels");
    result(name, system_bus_errors(run.system) == 0, "no rule of the bus is broken");
    system_free(run.system);
}

int main(int argc, char **argv)
{
    static const char *const programs[] = { CORE_PROGRAMS };
    setvbuf(stdout, NULL, _IOLBF, 0);
    for (int i = 1; i < argc; i++) run_program(argv[i]);
    for (size_t i = 0; argc == 1 && i < sizeof programs / sizeof programs[0]; i++) run_program(programs[i]);
    printf("1..%u\n", results);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
