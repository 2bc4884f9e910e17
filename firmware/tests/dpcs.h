/* SPDX-License-Identifier: Apache-2.0 */
/** @file dpcs.h  A queue of DPCs as the port has one, in ten lines, and a record of who said what in which order. */
#ifndef DPCS_H
#define DPCS_H

#include "fixture.h"

#define CAPACITY 8u

static struct {
    void (*queue[CAPACITY])(void);
    unsigned head, tail, budget;
    unsigned runs, nested, deepest;
} dpcs;

static char order[64];

static inline void say(char c)
{
    size_t length = strlen(order);
    if (length + 1u < sizeof order) order[length] = c;
}

static inline void queue(void (*routine)(void))
{
    dpcs.queue[dpcs.tail++ % CAPACITY] = routine;
    irql_soft_pend();
}

static inline bool drain(void *context)
{
    assert_ptr_equal(context, &dpcs);
    assert_int_equal(irql_current(), IRQL_DISPATCH);
    unsigned spent = 0;
    while (dpcs.head != dpcs.tail && spent++ < dpcs.budget) {
        dpcs.nested++;
        if (dpcs.nested > dpcs.deepest) dpcs.deepest = dpcs.nested;
        dpcs.queue[dpcs.head++ % CAPACITY]();
        dpcs.nested--;
        dpcs.runs++;
    }
    return dpcs.head == dpcs.tail;
}

static inline int begin(void **state)
{
    fixture_begin(state);
    memset(&dpcs, 0, sizeof dpcs);
    memset(order, 0, sizeof order);
    dpcs.budget = CAPACITY;
    irql_dispatch_hook(drain, &dpcs);
    return 0;
}

static inline void dpc_d(void)
{
    say('d');
}

#define dpc_test(name) cmocka_unit_test_setup_teardown(name, begin, fixture_end)

#endif
