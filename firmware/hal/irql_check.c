/* SPDX-License-Identifier: Apache-2.0 */
/* Questions about the level, and what they find. */
#include "irql.h"

#include "machine.h"
#include "violation.h"

const char *irql_name(enum irql level)
{
    switch (level) {
    case IRQL_PASSIVE:  return "PASSIVE";
    case IRQL_DISPATCH: return "DISPATCH";
    case IRQL_DEVICE:   return "DEVICE";
    case IRQL_CLOCK:    return "CLOCK";
    case IRQL_HIGH:     return "HIGH";
    }
    return "?";
}

/* IRQ-10: the variable and the mask registers say the same. */
void irql_check_mask(void)
{
#if HAL_CHECKS
    uint32_t saved = machine_off();
    enum irql level = irql_current();
    uint32_t found = machine_mask_found();
    machine_on(saved);
    uint32_t wanted = machine_mask_wanted(level);
    if (found != wanted) violation_report(VIOL_IRQL_MASK, (uintptr_t)level, found, wanted, 0);
#endif
}

static bool check(bool holds, enum irql level, const char *where)
{
    irql_check_mask();
    if (!holds) violation_report(VIOL_IRQL, (uintptr_t)irql_current(), (uintptr_t)level, (uintptr_t)where, 0);
    return holds;
}

bool irql_check_at_most(enum irql level, const char *where)
{
    return check(irql_current() <= level, level, where);
}

bool irql_check_exactly(enum irql level, const char *where)
{
    return check(irql_current() == level, level, where);
}

bool irql_check_at_least(enum irql level, const char *where)
{
    return check(irql_current() >= level, level, where);
}
