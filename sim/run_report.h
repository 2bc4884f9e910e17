// SPDX-License-Identifier: Apache-2.0
//
// What a run of the main job has shown: a summary, run.json, and a sentence for each thing that is not as it should be.
#ifndef SIM_RUN_REPORT_H
#define SIM_RUN_REPORT_H

#include "job.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct run_verdict {
    size_t   pixels_wrong, first_wrong;
    unsigned failures;
};

// Prints each failure as a sentence, on one line of its own.
struct run_verdict run_judge(const struct job *job, FILE *to);

void run_print_summary(const struct job *job, const struct run_verdict *verdict, const char *folder, FILE *to);

// @return false: it could not be written.
bool run_write_json(const struct job *job, const struct run_verdict *verdict, const char *path);

#endif
