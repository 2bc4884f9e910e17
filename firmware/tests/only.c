/* SPDX-License-Identifier: Apache-2.0 */
/* Linked into a test program, it runs only the tests that $TEST matches: tools/mutate_unit.py asks for those of one rule. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static void __attribute__((constructor)) choose(void)
{
    const char *pattern = getenv("TEST");
    if (pattern != NULL) cmocka_set_test_filter(pattern);
}
