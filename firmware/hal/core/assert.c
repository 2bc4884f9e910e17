/* SPDX-License-Identifier: Apache-2.0 */
/* A failed assert() of picolibc: says where, and ends the run. */
#include <assert.h>

#include "console.h"
#include "hal.h"

_Noreturn void __assert_func(const char *file, int line, const char *function, const char *expression)
{
    console_print("%s:%d: %s: assertion failed: %s\n", file, line, function, expression);
    hal_exit(2);
}
