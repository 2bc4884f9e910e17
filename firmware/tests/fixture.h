/* SPDX-License-Identifier: Apache-2.0 */
/** @file fixture.h  What every unit test of hal and memory begins with: a machine, and violations that are expected. */
#ifndef FIXTURE_H
#define FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cache.h"
#include "clock.h"
#include "hal.h"
#include "host.h"
#include "irq.h"
#include "irql.h"
#include "memory_client.h"
#include "memory_frame.h"
#include "memory_mdl.h"
#include "memory_pager.h"
#include "memory_status.h"
#include "violation.h"

/* Violations are counted, not printed; a bugcheck jumps to where bugchecked() stands. */
static jmp_buf fixture_bugcheck;
static bool    fixture_catching;

static inline void fixture_violation(const struct violation *violation, void *context)
{
    (void)violation;
    (void)context;
    if (fixture_catching) longjmp(fixture_bugcheck, 1);
}

/* Runs what must end in a bugcheck. The level is not restored: begin the next part with fixture_begin(). */
#define bugchecked(statement) \
    (fixture_catching = true, setjmp(fixture_bugcheck) == 0 ? ((statement), fixture_catching = false, false) : \
                                                              (fixture_catching = false, true))

static inline int fixture_begin(void **state)
{
    (void)state;
    fixture_catching = false;
    hal_init();
    violation_set_hook(fixture_violation, NULL);
    memory_init();
    return 0;
}

/* UNL-06: nothing leaks, whatever the test was about; and the level is where it began. */
static inline int fixture_end(void **state)
{
    (void)state;
    violation_reset();
    assert_int_equal(irql_current(), IRQL_PASSIVE);
    assert_true(memory_check_leaks());
    return 0;
}

/* Asserts that exactly one violation was reported, and which; forgets it. */
#define assert_violation(expected) \
    do { \
        assert_int_equal(violation_count(), 1); \
        assert_string_equal(violation_name(violation_last(0)->code), violation_name(expected)); \
        violation_reset(); \
    } while (0)

#define assert_no_violation() \
    do { \
        if (violation_count() != 0u) fail_msg("violation %s", violation_name(violation_last(0)->code)); \
    } while (0)

/* A byte that tells where it belongs. */
static inline uint8_t fixture_byte(uint32_t seed, uint32_t index)
{
    uint32_t x = (index + 1u) * 2654435761u ^ seed * 2246822519u;
    return (uint8_t)(x >> 24 ^ x >> 11);
}

static inline void fixture_fill(uint8_t *bytes, uint32_t length, uint32_t seed)
{
    for (uint32_t i = 0; i < length; i++) bytes[i] = fixture_byte(seed, i);
}

#define fixture_test(name) cmocka_unit_test_setup_teardown(name, fixture_begin, fixture_end)

#endif
