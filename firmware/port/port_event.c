/* SPDX-License-Identifier: Apache-2.0 */
/* Events. Set at DISPATCH at most and waited for by the main loop alone, so a wait is a loop around irql_idle(). */
#include "clock.h"
#include "irql.h"
#include "port_private.h"
#include "violation.h"

#define EVENT_FLAGS     (NOTIFICATION_EVENT | INITIAL_EVENT_SIGNALED)
#define FOR_EVER        UINT64_MAX
#define WAKE_CYCLES_MAX UINT32_C(0x40000000) /* a timer of the hal takes 32 bits; a longer wait wakes on the way */

/* NULL, with VIOL_EVENT, unless this is an event of this extension. */
static PEVENT event_of(PVOID extension, PVOID object)
{
    struct port_device *device = port_device_of(extension);

    for (unsigned i = 0; i < VP_MAX_EVENTS && device != NULL; i++) {
        PEVENT event = &device->events[i];
        if (event == object && event->used) return event;
    }
    violation_report(VIOL_EVENT, (uintptr_t)object, (uintptr_t)extension, 0u, 0u);
    return NULL;
}

VP_STATUS VideoPortCreateEvent(PVOID HwDeviceExtension, ULONG EventFlag, PVOID Unused, PEVENT *ppEvent)
{
    if (!irql_assert_passive()) return ERROR_INVALID_PARAMETER;
    struct port_device *device = port_device_of(HwDeviceExtension);
    if (device == NULL || ppEvent == NULL || Unused != NULL || (EventFlag & ~EVENT_FLAGS) != 0u) return ERROR_INVALID_PARAMETER;

    for (unsigned i = 0; i < VP_MAX_EVENTS; i++) {
        PEVENT event = &device->events[i];
        if (event->used) continue;
        *event = (struct _ENG_EVENT){
            .used = true,
            .notification = (EventFlag & NOTIFICATION_EVENT) != 0u,
            .signaled = (EventFlag & INITIAL_EVENT_SIGNALED) != 0u,
        };
        *ppEvent = event;
        return NO_ERROR;
    }
    return ERROR_NOT_ENOUGH_MEMORY;
}

VP_STATUS VideoPortDeleteEvent(PVOID HwDeviceExtension, PEVENT pEvent)
{
    if (!irql_assert_at_most(IRQL_DISPATCH)) return ERROR_INVALID_PARAMETER;
    PEVENT event = event_of(HwDeviceExtension, pEvent);
    if (event == NULL) return ERROR_INVALID_PARAMETER;
    if (event->waited) {
        violation_report(VIOL_EVENT, (uintptr_t)pEvent, (uintptr_t)HwDeviceExtension, 1u, 0u);
        return ERROR_INVALID_PARAMETER;
    }
    event->used = false;
    return NO_ERROR;
}

/* @return what it was */
static bool exchange(PEVENT event, bool signaled)
{
    uint32_t saved = irql_interrupts_off();
    bool was = event->signaled;
    event->signaled = signaled;
    irql_interrupts_restore(saved);
    return was;
}

LONG VideoPortSetEvent(PVOID HwDeviceExtension, PEVENT pEvent)
{
    if (!irql_assert_at_most(IRQL_DISPATCH)) return 0;
    PEVENT event = event_of(HwDeviceExtension, pEvent);
    return event != NULL && exchange(event, true) ? 1 : 0;
}

VOID VideoPortClearEvent(PVOID HwDeviceExtension, PEVENT pEvent)
{
    if (!irql_assert_at_most(IRQL_DISPATCH)) return;
    PEVENT event = event_of(HwDeviceExtension, pEvent);
    if (event != NULL) (void)exchange(event, false);
}

LONG VideoPortReadStateEvent(PVOID HwDeviceExtension, PEVENT pEvent)
{
    if (!irql_assert_at_most(IRQL_DISPATCH)) return 0;
    PEVENT event = event_of(HwDeviceExtension, pEvent);
    return event != NULL && event->signaled ? 1 : 0;
}

/* ---- Waiting ------------------------------------------------------------------------------------------------------- */

/* A set that comes in between is neither lost nor seen twice: look and clear are one step. */
static bool satisfied(PEVENT event)
{
    uint32_t saved = irql_interrupts_off();
    bool was = event->signaled;
    event->signaled = was && event->notification;
    irql_interrupts_restore(saved);
    return was;
}

static uint64_t deadline_of(const LARGE_INTEGER *timeout)
{
    if (timeout == NULL) return FOR_EVER;
    if (timeout->QuadPart > 0) return clock_cycles_of_100ns((uint64_t)timeout->QuadPart);
    uint64_t now = clock_cycles64(), delay = clock_cycles_of_100ns(UINT64_C(0) - (uint64_t)timeout->QuadPart);
    return delay < FOR_EVER - now ? now + delay : FOR_EVER;
}

/* The timer is there to wake irql_idle(). */
static void woken(void *context)
{
    (void)context;
}

static void sleep_until(struct clock_timer *wake, uint64_t now, uint64_t deadline)
{
    if (deadline != FOR_EVER) {
        uint64_t left = deadline - now;
        clock_timer_start(wake, left < WAKE_CYCLES_MAX ? (uint32_t)left : WAKE_CYCLES_MAX, woken, NULL);
    }
    irql_idle();
}

static VP_STATUS wait_until(PEVENT event, uint64_t deadline)
{
    struct clock_timer wake = { .armed = false };
    bool over = false;

    event->waited = true;
    bool good = satisfied(event);
    while (!good && !over) {
        uint64_t now = clock_cycles64();
        over = now >= deadline;
        if (!over) sleep_until(&wake, now, deadline);
        good = satisfied(event);
    }
    (void)clock_timer_stop(&wake);
    event->waited = false;
    return good ? NO_ERROR : WAIT_TIMEOUT;
}

VP_STATUS VideoPortWaitForSingleObject(PVOID HwDeviceExtension, PVOID Object, PLARGE_INTEGER Timeout)
{
    bool polls = Timeout != NULL && Timeout->QuadPart == 0;
    if (!(polls ? irql_assert_at_most(IRQL_DISPATCH) : irql_assert_passive())) return ERROR_INVALID_PARAMETER;
    PEVENT event = event_of(HwDeviceExtension, Object);
    if (event == NULL) return ERROR_INVALID_PARAMETER;
    if (polls) return satisfied(event) ? NO_ERROR : WAIT_TIMEOUT;
    return wait_until(event, deadline_of(Timeout));
}
