/* SPDX-License-Identifier: Apache-2.0 */
/** @file tap.h  Test results of a program on the core, as TAP on its console. sim/core_tests.c reads them. */
#ifndef TAP_H
#define TAP_H

#include <stdbool.h>

#include "console.h"
#include "hal.h"
#include "violation.h"

static struct {
    unsigned run, failed;
    bool     good; /* the test that is going on */
} tap;

/* Part of a test: says where it failed, and goes on. */
#define expect(condition) tap_expect((condition), #condition, __LINE__)

static inline bool tap_expect(bool holds, const char *what, int line)
{
    if (!holds && tap.good) console_print("# line %d: %s\n", line, what);
    tap.good = tap.good && holds;
    return holds;
}

/* Ends the test that is going on. A violation that nobody expected is a failure. */
static inline void tap_end(const char *name)
{
    if (violation_count() != 0u) {
        console_print("# violation %s\n", violation_name(violation_last(0)->code));
        tap.good = false;
    }
    violation_reset();
    tap.run++;
    tap.failed += tap.good ? 0u : 1u;
    console_print("%sok %u - %s\n", tap.good ? "" : "not ", tap.run, name);
    tap.good = true;
}

#define tap_run(test) \
    do { \
        tap.good = true; \
        test(); \
        tap_end(#test); \
    } while (0)

/* The plan, at the end. @return what main() returns */
static inline int tap_plan(void)
{
    console_print("1..%u\n", tap.run);
    return tap.failed == 0u ? 0 : 1;
}

#endif
