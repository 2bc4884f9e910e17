/* SPDX-License-Identifier: Apache-2.0 */
/** @file trace_laws_fixture.h  Traces as tests of the checker write them: records, the parts of a good trace, the verdict. */
#ifndef TRACE_LAWS_FIXTURE_H
#define TRACE_LAWS_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "trace_laws.h"
#include "violation.h"

enum { FRAME = 200, PAGE = 4096, WAIT = 60000 };

static struct laws laws;
static uint64_t    now;

static inline int begin(void **state)
{
    (void)state;
    laws_begin(&laws, &laws_of_a_run);
    now = 1000;
    return 0;
}

/* One record, ten cycles after the last. */
static inline void say(enum trace_event event, enum irql level, uint32_t adapter, uint32_t packet, uint32_t value)
{
    laws_record(&laws, now += 10, event, level, adapter << 28 | packet << 20 | value);
}

static inline void dispatch(enum trace_event event, uint32_t packet, uint32_t value)
{
    say(event, IRQL_DISPATCH, 0, packet, value);
}

static inline void page(enum trace_event event, uint32_t frame)
{
    laws_record(&laws, now += 10, event, IRQL_DISPATCH, 1u << 28 | 3u << 14 | frame);
}

/* ---- The parts of a good trace ----------------------------------------------------------------------------------------- */

static inline void get(uint32_t adapter)
{
    say(TRACE_GET, IRQL_PASSIVE, adapter, 0, 0);
}

static inline void lock(uint32_t mdl)
{
    page(TRACE_PAGE_IN, FRAME + mdl);
    page(TRACE_PIN, FRAME + mdl);
    say(TRACE_LOCK, IRQL_PASSIVE, 0, mdl, 1);
}

static inline void unlock(uint32_t mdl)
{
    dispatch(TRACE_UNLOCK, mdl, 1);
    page(TRACE_UNPIN, FRAME + mdl);
}

static inline void opened(uint32_t bytes)
{
    get(0);
    lock(0);
    say(TRACE_REQUEST, IRQL_PASSIVE, 0, 0, bytes);
}

static inline void started(uint32_t packet, uint32_t wanted, uint32_t mapped)
{
    dispatch(TRACE_START, packet, wanted);
    dispatch(TRACE_MAP, packet, FRAME);
    dispatch(TRACE_EXECUTE, packet, mapped);
    dispatch(TRACE_EXECUTE_RETURN, packet, 0);
    dispatch(TRACE_START_RETURN, packet, 0);
}

static inline void interrupted(void)
{
    say(TRACE_DPC_QUEUED, IRQL_DEVICE, 0, 0, 1);
    say(TRACE_ISR, IRQL_DEVICE, 0, 0, 0);
}

static inline void completed(uint32_t packet, uint32_t moved)
{
    dispatch(TRACE_COMPLETE, packet, moved);
    dispatch(TRACE_UNMAP, packet, FRAME);
    dispatch(TRACE_COMPLETE_RETURN, packet, 0);
}

static inline void told(uint32_t bytes)
{
    unlock(0);
    dispatch(TRACE_NOTIFY, 0, bytes);
}

/* A request of two packets, to its end. */
static inline void good_request(void)
{
    opened(2 * PAGE);
    started(0, 2 * PAGE, PAGE);
    interrupted();
    dispatch(TRACE_DPC, 0, 0);
    completed(0, PAGE);
    started(1, PAGE, PAGE);
    dispatch(TRACE_DPC_RETURN, 0, 0);
    interrupted();
    dispatch(TRACE_DPC, 0, 0);
    completed(1, PAGE);
    told(2 * PAGE);
    dispatch(TRACE_DPC_RETURN, 0, 0);
    say(TRACE_PUT, IRQL_PASSIVE, 0, 0, 0);
}

static inline void passes(void)
{
    laws_end(&laws);
    enum law law = laws_first_broken(&laws);
    if (law != LAWS) fail_msg("%s", laws.broken[law]);
}

static inline void breaks(enum law law, const char *words)
{
    laws_end(&laws);
    if (strstr(laws.broken[law], words) == NULL) fail_msg("%s says '%s', not '%s'", laws_name(law), laws.broken[law], words);
    assert_memory_equal(laws.broken[law], laws_name(law), 2);
}

#define T(name) cmocka_unit_test_setup(name, begin)

#endif
