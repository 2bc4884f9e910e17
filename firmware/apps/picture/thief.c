/* SPDX-License-Identifier: Apache-2.0 */
/* The thief: rides on the engine's interrupt, so what it does at DISPATCH comes before the driver's own DPC. */
#include "thief.h"

#include <stddef.h>

#include "irq.h"
#include "irql.h"
#include "memory_client.h"
#include "memory_pager.h"
#include "soc.h"

#define ROOMS         16u    /* pages that the second client lives in, one at a time */
#define PERIOD_CYCLES 100000u

static struct {
    struct memory_client *client;
    uintptr_t             rooms;
    uint32_t              room;
    struct irq_handler    handler;
    struct irql_work      work;
    struct thief_counts   counts;
    bool                  awake;
} thief;

static void steal_all(void)
{
    memory_steal_set(MEMORY_STEAL_AGGRESSIVE);
    thief.counts.pages += memory_steal();
    memory_steal_set(MEMORY_STEAL_ON);
}

static void steal_before_dpcs(void *context)
{
    (void)context;
    if (!thief.awake) return;
    thief.counts.dpcs++;
    steal_all();
}

/* Behind the driver's ISR on the same line. The interrupt is not its own, so it says so. */
static bool listen(void *context)
{
    (void)context;
    if (thief.awake) (void)irql_work_queue(&thief.work, steal_before_dpcs, NULL);
    return false;
}

bool thief_begin(void)
{
    thief.client = memory_client_create();
    if (thief.client == NULL) return false;
    if (memory_client_map(thief.client, ROOMS, MEMORY_MAY_WRITE, &thief.rooms) != MEMORY_OK) return false;
    irq_connect(&thief.handler, SOC_LINE_ENGINE, listen, NULL);
    return true;
}

void thief_wakes(void)
{
    thief.awake = true;
    memory_steal_set(MEMORY_STEAL_ON);
    memory_steal_every(PERIOD_CYCLES);
}

void thief_sleeps(void)
{
    thief.awake = false;
    memory_steal_every(0);
    memory_steal_set(MEMORY_STEAL_OFF);
}

void thief_step(void)
{
    uint32_t old;
    thief.room = (thief.room + 1u) % ROOMS;
    if (memory_client_read32(thief.client, thief.rooms + thief.room * MEMORY_PAGE_BYTES, &old) == MEMORY_OK) {
        thief.counts.moved_in++;
    }
    steal_all();
}

struct thief_counts thief_counts(void)
{
    return thief.counts;
}
