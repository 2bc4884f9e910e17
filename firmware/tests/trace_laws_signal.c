/* SPDX-License-Identifier: Apache-2.0 */
/* The checker's books of what comes unasked: interrupts, and what the firmware says went wrong. */
#include "trace_laws_private.h"

#include "violation.h"

static void isr(struct laws *laws, const struct laws_step *at)
{
    if (at->level < IRQL_DEVICE) laws_break(laws, at, LAW_ORDER, "an ISR at level %u", (unsigned)at->level);
    laws->isrs++;
}

static void dpc_queued(struct laws *laws, const struct laws_step *at)
{
    laws->queued += at->value != 0u;
    laws->queued_by_software += at->level != IRQL_DEVICE; /* above it, the clock queues a tick */
}

static enum law law_of(enum violation_code code)
{
    switch ((int)code) {
    case VIOL_IRQL:
    case VIOL_ENGINE_BUSY:
    case VIOL_UNLOCK_IN_FLIGHT:
    case VIOL_IRQL_MASK:
    case VIOL_LOCK_RECURSION:
    case VIOL_PAGED_AT_DISPATCH: return LAW_ORDER;
    case VIOL_NOT_FLUSHED:
    case VIOL_FLUSH_UNMAPPED:
    case VIOL_REG_MAPPED_AT_FREE:
    case VIOL_GUARD_BEFORE:
    case VIOL_GUARD_AFTER:
    case VIOL_STRAY_DMA:
    case VIOL_FRAME: return LAW_OWNER;
    default: return LAW_ONCE;
    }
}

static void violation(struct laws *laws, const struct laws_step *at)
{
    if (!laws->config.violations_break) return;
    laws_break(laws, at, law_of((enum violation_code)at->packet), "the firmware recorded violation %u", (unsigned)at->packet);
}

void laws_signal(struct laws *laws, const struct laws_step *at)
{
    switch ((int)at->event) {
    case TRACE_ISR:        isr(laws, at); break;
    case TRACE_DPC_QUEUED: dpc_queued(laws, at); break;
    case TRACE_VIOLATION:  violation(laws, at); break;
    default:               laws->adapters[at->adapter].excuses++; break;
    }
}
