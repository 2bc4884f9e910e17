// SPDX-License-Identifier: Apache-2.0
//
// boot - runs one program on the simulated system, with its console on the terminal.
//
//     boot [--latency L] [--cycles N] [--wave file.fst] [--trace] program.elf
//
// The exit status is the program's own (modulo 128), or 125 when the run ended in another way.
#include "system.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BROKEN = 125 };

static void console(void *user, uint8_t byte)
{
    (void)user;
    putchar(byte);
    fflush(stdout);
}

static void trace(void *user, const struct system_record *record)
{
    (void)user;
    printf("[%llu] event %u level %u argument 0x%08x\n", (unsigned long long)record->cycle, record->event, record->level,
           (unsigned)record->argument);
}

static double seconds(void)
{
    struct timespec now;
    timespec_get(&now, TIME_UTC);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static int usage(void)
{
    fprintf(stderr, "usage: boot [--latency L] [--cycles N] [--wave file.fst] [--trace] program.elf\n");
    return BROKEN;
}

int main(int argc, char **argv)
{
    struct system_config config = system_defaults();
    const char          *path   = NULL;
    config.console              = console;
    for (int i = 1; i < argc; i++) {
        const bool more = i + 1 < argc;
        if (strcmp(argv[i], "--trace") == 0) config.trace = trace;
        else if (strcmp(argv[i], "--latency") == 0 && more) config.latency = (unsigned)strtoul(argv[++i], NULL, 0);
        else if (strcmp(argv[i], "--cycles") == 0 && more) config.cycles_max = strtoull(argv[++i], NULL, 0);
        else if (strcmp(argv[i], "--wave") == 0 && more) config.wave = argv[++i];
        else if (argv[i][0] == '-' || path != NULL) return usage();
        else path = argv[i];
    }
    if (path == NULL || config.latency == 0) return usage();

    struct system *system = system_new(&config);
    if (system == NULL) {
        fprintf(stderr, "boot: this build writes no waves; build with TRACE=1\n");
        return BROKEN;
    }
    int status = BROKEN;
    if (!system_load(system, path)) {
        fprintf(stderr, "boot: %s\n", system_why(system));
    } else {
        const double begun = seconds();
        if (system_run(system, UINT64_MAX) == SYSTEM_EXITED) status = (int)(system_status(system) & 0x7fu);
        const double took = seconds() - begun;
        fprintf(stderr, "boot: %s; status %u; %.2f million cycles a second\n", system_why(system),
                (unsigned)system_status(system), (double)system_cycle(system) / took / 1e6);
    }
    if (system_bus_errors(system) != 0) status = BROKEN;
    system_free(system);
    return status;
}
