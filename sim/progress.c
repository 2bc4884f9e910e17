// SPDX-License-Identifier: Apache-2.0
//
// Draws the bar on standard error, at most some times a second.
#define _POSIX_C_SOURCE 200809L

#include "progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { WIDTH = 30 };

static const double pause_seconds = 0.2;

static double seconds_now(void)
{
    struct timespec now;
    (void)timespec_get(&now, TIME_UTC);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

struct progress progress_begin(uint64_t expected_cycles)
{
    const double now = seconds_now();
    return (struct progress){ .terminal = isatty(STDERR_FILENO) != 0, .expected = expected_cycles, .begun = now, .last = now };
}

// What was expected may be wrong, so the bar comes nearer to its end and never reaches it.
static double part_of(const struct progress *progress, uint64_t cycles)
{
    const double part = (double)cycles / (double)progress->expected;
    return part < 0.9 ? part : 1.0 - 0.01 / (part - 0.8);
}

void progress_show(struct progress *progress, uint64_t cycles, const char *what)
{
    const double now = seconds_now();
    if (!progress->terminal || now - progress->last < pause_seconds) return;
    progress->last  = now;
    progress->shown = true;
    const double part = part_of(progress, cycles);
    char         bar[WIDTH + 1];
    for (int i = 0; i < WIDTH; i++) bar[i] = i < (int)(part * WIDTH) ? '#' : '.';
    bar[WIDTH] = '\0';
    fprintf(stderr, "\r\033[K  [%s] %2.0f %%  %.1f million cycles, %.2f a second: %s", bar, part * 100.0, (double)cycles / 1e6,
            (double)cycles / 1e6 / (now - progress->begun), what);
    fflush(stderr);
}

void progress_clear(struct progress *progress)
{
    if (progress->shown) fprintf(stderr, "\r\033[K");
    progress->shown = false;
}
