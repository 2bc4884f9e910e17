// SPDX-License-Identifier: Apache-2.0
//
// Runs a program as a shell would, for tests of command lines: what it printed and how it ended.
//
//     struct shell shell;
//     shell_run(&shell, (const char *[]){ "build/sim/run", "--latency", "13", NULL });
//     assert_int_equal(shell.status, 0);
#ifndef SIM_SHELL_H
#define SIM_SHELL_H

#include <stdbool.h>

enum { SHELL_TEXT = 32768 };

struct shell {
    int  status;          // exit status; 256 + the signal that ended it; -1: it did not start
    char out[SHELL_TEXT]; // the beginning of its standard output, and of its standard error
    char err[SHELL_TEXT];
};

// @param words  program and arguments, ended by NULL
void shell_run(struct shell *shell, const char *const *words);

// The number behind "name": in a file of JSON. @return false: no such file or name.
bool shell_json(const char *path, const char *name, double *value);

// Whether a file of JSON has this text.
bool shell_json_has(const char *path, const char *text);

#endif
