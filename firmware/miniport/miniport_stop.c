/* SPDX-License-Identifier: Apache-2.0 */
/* Deadlines, stopping, cancelling: whatever the engine does, a request ends, with a true count.
 *
 *     deadline over -> DPC -> done after all? an interrupt was lost : stop -> counted, completed -> again, or told
 *     stop: mask, abort, look some times; not at rest: look again by the timer; never: shut out by the gate
 */
#include <assert.h>

#include "irq.h"
#include "miniport_private.h"

#define STOP_POLLS   200u  /* looks in one DPC */
#define STOP_LOOKS   20u   /* DPCs */
#define LOOK_US      100u  /* between two of them */
#define POLL_US      1000u /* how often an engine is looked at whose line is masked (SUP-02) */
#define KIB          1024u

#define LOG_STUCK    1u /* where an error was logged */
#define LOG_HUNG     2u
#define LOG_LATE     3u

/* ---- Watch ---------------------------------------------------------------------------------------------------------- */

/* At CLOCK, above DISPATCH and the ISR: one word is written, and the DPC judges it. */
static void expired(void *context)
{
    struct miniport *miniport = context;
    miniport->watch.expired = miniport->watch.generation;
    (void)VideoPortQueueDpc(miniport, miniport_dpc, NULL);
}

static void wind(struct miniport *miniport, uint32_t cycles)
{
    miniport->watch.generation++;
    miniport->watch.wound = true;
    clock_timer_start(&miniport->watch.timer, cycles, expired, miniport);
}

/* To the deadline; or sooner, when nobody else looks. */
static void wind_to_deadline(struct miniport *miniport)
{
    const struct miniport_watch *watch = &miniport->watch;
    uint32_t gone_by = clock_cycles() - watch->begun_at;
    uint32_t left = gone_by < watch->cycles ? watch->cycles - gone_by : 1u;
    uint32_t poll = clock_cycles_of_us(POLL_US);
    wind(miniport, irq_stuck(miniport->config.line) && left > poll ? poll : left);
}

void miniport_watch_begin(struct miniport *miniport, const struct miniport_packet *packet)
{
    const struct miniport_config *config = &miniport->config;
    if (config->deadline_us == 0u && config->deadline_us_per_kib == 0u) return;
    uint32_t kib = packet->length / KIB + (packet->length % KIB != 0u ? 1u : 0u);
    miniport->watch.begun_at = clock_cycles();
    miniport->watch.cycles = clock_cycles_of_us(config->deadline_us + config->deadline_us_per_kib * kib);
    miniport->watch.consumed = dray_consumed(&miniport->copy);
    wind_to_deadline(miniport);
}

void miniport_watch_end(struct miniport *miniport)
{
    if (!miniport->watch.wound) return;
    (void)clock_timer_stop(&miniport->watch.timer);
    miniport->watch.generation++; /* one that expires at this very moment is late */
    miniport->watch.wound = false;
}

bool miniport_watch_due(struct miniport *miniport)
{
    bool due = miniport->watch.wound && miniport->watch.expired == miniport->watch.generation;
    if (due) miniport->watch.expired--; /* seen */
    return due;
}

/* ---- Stopping ------------------------------------------------------------------------------------------------------- */

/* What is known to have landed of the oldest packet while the engine has not come to rest. */
static uint32_t moved_so_far(struct miniport *miniport)
{
    const struct miniport_packet *packet = miniport_oldest(miniport);
    if (packet == NULL || packet->state != MINIPORT_RUNNING) return 0u;
    unsigned slots = dray_consumed(&miniport->copy);
    uint32_t moved = 0;
    for (unsigned i = 0; i < slots && i < packet->slots; i++) moved += packet->list->Elements[i].Length;
    return moved;
}

/* Complete closes the gate; what does not become quiet behind it goes into quarantine. */
static void shut_out(struct miniport *miniport)
{
    miniport->hung = true;
    miniport->counts.hung++;
    VideoPortLogError(miniport, NULL, WAIT_TIMEOUT, LOG_HUNG);
    miniport_fail(miniport, MINIPORT_ERR_TIMEOUT, DRAY_BUSY);
    miniport_complete_all(miniport, moved_so_far(miniport));
}

/* CAN-03, CAN-04: the interrupt is masked, so what comes in meanwhile is consumed here. */
void miniport_stop(struct miniport *miniport)
{
    miniport_watch_end(miniport);
    enum dray_status status = dray_stop(&miniport->copy, STOP_POLLS);
    if (status == DRAY_BUSY && ++miniport->looks < STOP_LOOKS) {
        wind(miniport, clock_cycles_of_us(LOOK_US));
        return;
    }
    if (status == DRAY_ERR_GONE) {
        miniport->gone = true;
        miniport_fail(miniport, MINIPORT_ERR_GONE, DRAY_ERR_GONE);
        miniport_complete_all(miniport, 0u);
    } else if (status == DRAY_BUSY) {
        shut_out(miniport);
    } else {
        (void)dray_irq_take(&miniport->copy);
        miniport_harvest(miniport);
        dray_irq_enable(&miniport->copy, DRAY_IRQ_ALL);
    }
    miniport->stopping = false;
}

static void stop_begin(struct miniport *miniport, VP_STATUS why)
{
    VpExecuteResult(miniport, miniport->copy_adapter, why);
    miniport->counts.stops++;
    miniport->stopping = true;
    miniport->looks = 0;
    dray_irq_enable(&miniport->copy, 0u);
    miniport_stop(miniport);
}

static bool slow_but_alive(struct miniport *miniport)
{
    unsigned consumed = dray_consumed(&miniport->copy);
    bool moved = consumed != miniport->watch.consumed;
    miniport->watch.consumed = consumed;
    return miniport->config.deadline_restarts && moved;
}

void miniport_late(struct miniport *miniport)
{
    const struct miniport_packet *packet = miniport_oldest(miniport);
    if (packet == NULL || packet->state != MINIPORT_RUNNING) return;

    if (clock_cycles() - miniport->watch.begun_at < miniport->watch.cycles) { /* a look before the deadline */
        wind_to_deadline(miniport);
        return;
    }
    if (slow_but_alive(miniport)) {
        miniport->watch.begun_at = clock_cycles();
        wind_to_deadline(miniport);
        return;
    }
    miniport->counts.timeouts++;
    if (irq_stuck(miniport->config.line)) VideoPortLogError(miniport, NULL, WAIT_TIMEOUT, LOG_STUCK);
    else VideoPortLogError(miniport, NULL, WAIT_TIMEOUT, LOG_LATE);
    if (miniport->retries == miniport->config.retries) {
        miniport_fail(miniport, MINIPORT_ERR_TIMEOUT, DRAY_ERR_ABORTED);
    } else {
        miniport->retries++;
        miniport->counts.retries++;
    }
    stop_begin(miniport, WAIT_TIMEOUT);
}

bool miniport_recover(struct miniport *miniport)
{
    if (miniport->hung) {
        if (dray_stop(&miniport->copy, STOP_POLLS) != DRAY_OK || dray_drop(&miniport->copy) != DRAY_OK) return false;
        (void)dray_irq_take(&miniport->copy);
        dray_irq_enable(&miniport->copy, DRAY_IRQ_ALL);
        miniport->hung = false;
    }
    miniport->faulted = VpResetAdapter(miniport, miniport->copy_adapter) != NO_ERROR;
    return !miniport->faulted;
}

/* ---- Cancelling ----------------------------------------------------------------------------------------------------- */

/* One that has not begun leaves the queue; nothing of it was ever started. */
static bool take_out(struct miniport *miniport, const struct miniport_request *request)
{
    for (struct miniport_request *before = miniport->head; before != NULL && before->next != NULL; before = before->next) {
        if (before->next != request) continue;
        before->next = request->next;
        if (miniport->tail == request) miniport->tail = before;
        return true;
    }
    return false;
}

struct cancellation {
    struct miniport         *miniport;
    struct miniport_request *request;
};

static BOOLEAN cancel_at_dispatch(PVOID context)
{
    const struct cancellation *cancellation = context;
    struct miniport *miniport = cancellation->miniport;
    struct miniport_request *request = cancellation->request;

    if (request != miniport->head) {
        if (!take_out(miniport, request)) return FALSE;
        miniport->counts.cancelled++;
        request->status = MINIPORT_ERR_CANCELLED;
        VpExecuteResult(miniport, miniport->copy_adapter, MINIPORT_ERR_CANCELLED);
        miniport_tell(miniport, request);
        return TRUE;
    }
    if (request == NULL || miniport->failing) return FALSE; /* another end came first (CAN-06) */
    miniport->counts.cancelled++;
    miniport_fail(miniport, MINIPORT_ERR_CANCELLED, DRAY_ERR_ABORTED);
    miniport_cancel_waiting(miniport);
    if (miniport->count != 0u && !miniport->stopping) stop_begin(miniport, MINIPORT_ERR_CANCELLED);
    miniport_run(miniport);
    return TRUE;
}

enum miniport_status miniport_cancel(struct miniport *miniport, struct miniport_request *request)
{
    assert(miniport != NULL && miniport->attached && request != NULL);

    struct cancellation cancellation = { miniport, request };
    BOOLEAN cancelled = VideoPortSynchronizeExecution(miniport, VpLowPriority, cancel_at_dispatch, &cancellation);
    return cancelled ? MINIPORT_OK : MINIPORT_ERR_STATE;
}
