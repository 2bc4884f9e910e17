// SPDX-License-Identifier: Apache-2.0
//
// A bar on the terminal that overwrites itself while a run goes on; nothing at all in a pipe.
//
//     struct progress progress = progress_begin(30000000);
//     progress_show(&progress, cycles, "the picture moves");     // now and then
//     progress_clear(&progress);                                 // before anything else is printed
#ifndef SIM_PROGRESS_H
#define SIM_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
    bool     terminal, shown;
    uint64_t expected; // cycles
    double   begun, last; // seconds
};

struct progress progress_begin(uint64_t expected_cycles);
void progress_show(struct progress *progress, uint64_t cycles, const char *what);
void progress_clear(struct progress *progress);

#endif
