/* SPDX-License-Identifier: Apache-2.0 */
/* The record of broken rules. */
#include "violation.h"

#include <stddef.h>

#include "console.h"
#include "hal.h"
#include "irql.h"
#include "trace.h"

#define CODES ((unsigned)VIOL_ASSERT + 1u)

static struct {
    struct violation ring[VIOLATION_RING];
    uint32_t count;
    uint16_t of[CODES];
    violation_hook *hook;
    void *context;
} records;

static const char *const names[CODES] = {
    "NONE", "IRQL", "STALE_ADAPTER", "ADAPTER", "CAPABILITY", "MDL", "NOT_LOCKED", "LIST", "DOUBLE_COMPLETE",
    "DIRECTION", "ENGINE_BUSY", "UNLOCK_IN_FLIGHT", "PUT_COMMON_BUFFER", "PUT_LIST", "PUT_REGISTER", "PUT_QUEUE",
    "REG_OVERALLOC", "REG_DOUBLE_FREE", "REG_MAPPED_AT_FREE", "NOT_FLUSHED", "FLUSH_UNMAPPED", "FLUSH_TOO_LONG",
    "ZERO_LENGTH", "OUT_OF_MDL", "CB_MISMATCH", "GUARD_BEFORE", "GUARD_AFTER", "STRAY_DMA", "WDF_STATE", "LEAK",
    "IRQL_MASK", "LOCK_RECURSION", "PAGED_AT_DISPATCH", "TRAP", "FRAME", "EVENT", "TIMER", "SPIN_LOCK",
    "REQUEST", "DEVICE_LOCK", "ASSERT",
};

const char *violation_name(enum violation_code code)
{
    return (unsigned)code < CODES ? names[code] : "?";
}

static void print(const struct violation *violation)
{
    console_print("violation %s %x %x %x %x\n", violation_name(violation->code), (unsigned)violation->p[0],
                  (unsigned)violation->p[1], (unsigned)violation->p[2], (unsigned)violation->p[3]);
}

void violation_report(enum violation_code code, uintptr_t p1, uintptr_t p2, uintptr_t p3, uintptr_t p4)
{
    uint32_t saved = irql_interrupts_off();
    struct violation violation = { .code = code, .p = { p1, p2, p3, p4 } };
    records.ring[records.count % VIOLATION_RING] = violation;
    records.count++;
    if ((unsigned)code < CODES) records.of[code]++;
    irql_interrupts_restore(saved);
    trace_record(TRACE_VIOLATION, 0, (uint32_t)code, (uint32_t)p1);
    if (records.hook != NULL) {
        records.hook(&violation, records.context);
    } else {
        print(&violation);
    }
}

void violation_bugcheck(enum violation_code code, uintptr_t p1, uintptr_t p2, uintptr_t p3, uintptr_t p4)
{
    violation_report(code, p1, p2, p3, p4);
    console_puts("bugcheck: ");
    print(violation_last(0));
    hal_exit(3);
}

void violation_set_hook(violation_hook *hook, void *context)
{
    records.hook = hook;
    records.context = context;
}

uint32_t violation_count(void)
{
    return records.count;
}

uint32_t violation_count_of(enum violation_code code)
{
    return (unsigned)code < CODES ? records.of[code] : 0u;
}

const struct violation *violation_last(unsigned age)
{
    if (age >= VIOLATION_RING || age >= records.count) return NULL;
    return &records.ring[(records.count - 1u - age) % VIOLATION_RING];
}

void violation_reset(void)
{
    records.count = 0;
    for (unsigned code = 0; code < CODES; code++) records.of[code] = 0;
}
