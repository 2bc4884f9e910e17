// SPDX-License-Identifier: Apache-2.0
//
// Collects what the checkers of a bench find wrong, each with its cycle.
//
// Every checker of one bench writes into one report; a test ends by asking that it is empty.
#ifndef SIM_REPORT_H
#define SIM_REPORT_H

#include <stdint.h>
#include <stdio.h>

enum { REPORT_KEPT = 8, REPORT_TEXT_BYTES = 200 };

struct report {
    uint64_t cycle; // set by whoever clocks the bench
    unsigned count; // of all errors; the first REPORT_KEPT are kept as text
    char     text[REPORT_KEPT][REPORT_TEXT_BYTES];
};

void report_clear(struct report *report);
void report_error(struct report *report, const char *format, ...) __attribute__((format(printf, 2, 3)));
void report_print(const struct report *report, FILE *file);

#endif
