/* SPDX-License-Identifier: Apache-2.0 */
/* Timers: a list in the order of their deadlines; the machine's timer is set to the first. */
#include "clock.h"

#include <assert.h>
#include <stddef.h>

#include "irql.h"
#include "machine.h"

#define NEVER         UINT64_MAX
#define CYCLES_PER_US ((HAL_CLOCK_HZ + 999999u) / 1000000u)

/* Cycles of 100 ns in 1/65536, rounded up: a product and a shift, for a core that has no division of 64 bits. */
#define CYCLES_PER_100NS_Q16 ((UINT64_C(65536) * HAL_CLOCK_HZ + 9999999u) / 10000000u)

static struct clock_timer *timers;
static uint64_t machine_deadline; /* what the machine's timer is set to */

void clock_init(void)
{
    timers = NULL;
    machine_deadline = NEVER;
    machine_timer(NEVER);
}

uint32_t clock_cycles(void)
{
    return machine_now32();
}

uint64_t clock_cycles64(void)
{
    return machine_now();
}

uint32_t clock_cycles_of_us(uint32_t us)
{
    return us > UINT32_MAX / CYCLES_PER_US ? UINT32_MAX : us * CYCLES_PER_US;
}

uint64_t clock_cycles_of_100ns(uint64_t units)
{
    if (units > (UINT64_MAX - 65535u) / CYCLES_PER_100NS_Q16) return UINT64_MAX;
    return (units * CYCLES_PER_100NS_Q16 + 65535u) >> 16;
}

void clock_stall_us(uint32_t us)
{
    uint32_t cycles = clock_cycles_of_us(us);
    uint32_t begin = clock_cycles();
    while (clock_cycles() - begin < cycles) {
    }
}

/* Interrupts are off. */
static void set_first(void)
{
    uint64_t deadline = timers == NULL ? NEVER : timers->deadline;
    if (deadline == machine_deadline) return;
    machine_deadline = deadline;
    machine_timer(deadline);
}

static bool take_out(struct clock_timer *timer)
{
    for (struct clock_timer **link = &timers; *link != NULL; link = &(*link)->next) {
        if (*link != timer) continue;
        *link = timer->next;
        timer->armed = false;
        return true;
    }
    return false;
}

void clock_timer_start(struct clock_timer *timer, uint32_t delay_cycles, void (*expired)(void *context), void *context)
{
    assert(timer != NULL && expired != NULL);

    uint64_t deadline = machine_now() + delay_cycles;
    uint32_t saved = machine_off();
    (void)take_out(timer);
    timer->deadline = deadline;
    timer->expired = expired;
    timer->context = context;
    timer->armed = true;
    struct clock_timer **link = &timers;
    while (*link != NULL && (*link)->deadline <= deadline) link = &(*link)->next;
    timer->next = *link;
    *link = timer;
    set_first();
    machine_on(saved);
}

bool clock_timer_stop(struct clock_timer *timer)
{
    assert(timer != NULL);

    uint32_t saved = machine_off();
    bool was_armed = take_out(timer);
    set_first();
    machine_on(saved);
    return was_armed;
}

static struct clock_timer *take_due(uint64_t now)
{
    uint32_t saved = machine_off();
    struct clock_timer *timer = timers;
    if (timer != NULL && timer->deadline <= now) {
        timers = timer->next;
        timer->armed = false;
    } else {
        timer = NULL;
        set_first();
    }
    machine_on(saved);
    return timer;
}

/* At CLOCK. A timer that starts itself with no delay is called again at the next interrupt, not in this loop. */
void clock_serve(void)
{
    uint64_t now = machine_now();
    for (struct clock_timer *timer = take_due(now); timer != NULL; timer = take_due(now)) {
        timer->expired(timer->context);
    }
}
