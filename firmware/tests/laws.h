/* SPDX-License-Identifier: Apache-2.0 */
/** @file laws.h  Laws L1 to L5 over the trace of one test: every record since hal_init(), and nothing is left over. */
#ifndef LAWS_H
#define LAWS_H

#include "host.h"
#include "trace_laws.h"

static inline void laws_check(void)
{
    static struct laws laws;
    laws_begin(&laws, &laws_of_a_test);
    assert_true(host_trace_count() <= HOST_RECORDS);
    for (size_t i = 0; i < host_trace_count(); i++) {
        const struct host_record *record = host_trace_at(i);
        laws_record(&laws, record->cycle, record->event, record->level, record->argument);
    }
    laws_end(&laws);
    enum law law = laws_first_broken(&laws);
    if (law != LAWS) fail_msg("%s", laws.broken[law]);
}

#endif
