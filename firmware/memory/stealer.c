/* SPDX-License-Identifier: Apache-2.0 */
/* The stealer: takes frames away at the worst times. */
#include "clock.h"
#include "memory_pager.h"
#include "space.h"

static struct {
    enum memory_steal mode;
    uint32_t period; /* cycles; 0: only when called */
    struct clock_timer timer;
    struct irql_work work;
} stealer;

void stealer_init(void)
{
    (void)clock_timer_stop(&stealer.timer);
    stealer.mode = MEMORY_STEAL_OFF;
    stealer.period = 0;
    stealer.work = (struct irql_work){ .queued = false };
}

void memory_steal_set(enum memory_steal mode)
{
    stealer.mode = mode;
}

uint32_t memory_steal(void)
{
    if (!irql_assert_at_most(IRQL_DISPATCH)) return 0;
    switch (stealer.mode) {
    case MEMORY_STEAL_OFF:        return 0;
    case MEMORY_STEAL_ON:         return pager_evict_up_to(1u);
    case MEMORY_STEAL_AGGRESSIVE: return pager_evict_up_to(MEMORY_FRAMES);
    }
    return 0;
}

static void tick(void *context);

static void rearm(void)
{
    if (stealer.period != 0u) clock_timer_start(&stealer.timer, stealer.period, tick, &stealer);
}

/* The next period begins when this theft is over: PASSIVE code always gets its turn between two. */
static void steal(void *context)
{
    (void)context;
    (void)memory_steal();
    rearm();
}

static void tick(void *context)
{
    (void)context;
    (void)irql_work_queue(&stealer.work, steal, &stealer);
}

void memory_steal_every(uint32_t period_cycles)
{
    (void)irql_assert_passive();
    (void)clock_timer_stop(&stealer.timer);
    stealer.period = period_cycles;
    rearm();
}
