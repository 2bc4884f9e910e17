/* SPDX-License-Identifier: Apache-2.0 */
/* Execute, interrupt, DPC: the loop over the packets of a request. All but the interrupt runs at DISPATCH, so the
 * queue, the request and its packets need no lock; the events of the ISR do. */
#include <assert.h>
#include <stddef.h>

#include "clock.h"
#include "miniport.h"
#include "miniport_private.h"

#define ALL_ONES 0xffffffffu

static bool to_device(const struct miniport_request *request)
{
    return request->direction == MINIPORT_TO_FRAME_BUFFER;
}

/* ---- Execute ------------------------------------------------------------------------------------------------------- */

/* One element of the list is one descriptor; the last of the packet interrupts. */
static enum dray_status program(struct miniport *miniport, const struct miniport_packet *packet,
                                const VP_SCATTER_GATHER_LIST *list)
{
    const struct miniport_request *request = miniport->head;
    uint64_t frame = (uint64_t)miniport->config.frame_buffer_bus + request->frame_offset + packet->offset;

    for (ULONG i = 0; i < list->NumberOfElements; i++) {
        const VP_SCATTER_GATHER_ELEMENT *element = &list->Elements[i];
        uint64_t client = (uint64_t)element->Address.QuadPart;
        struct dray_job job = {
            .source = to_device(request) ? client : frame,
            .destination = to_device(request) ? frame : client,
            .length_bytes = element->Length,
            .flags = i + 1u == list->NumberOfElements ? (uint32_t)DRAY_IRQ : 0u,
        };
        enum dray_status status = dray_prepare(&miniport->copy, &job);
        if (status != DRAY_OK) return status;
        frame += element->Length;
    }
    return DRAY_OK;
}

/* HwVidExecuteDma. What the DPC needs stands in the packet before the doorbell: the interrupt may come with it (EXE-08). */
static VOID execute(PVOID HwDeviceExtension, PVP_DMA_ADAPTER VpDmaAdapter, PVP_SCATTER_GATHER_LIST SGList, PVOID Context)
{
    struct miniport *miniport = HwDeviceExtension;
    struct miniport_packet *packet = Context;

    packet->list = SGList;
    packet->offset = miniport->started;
    packet->first_slot = miniport->copy.staged;
    packet->slots = (uint16_t)SGList->NumberOfElements;
    packet->state = MINIPORT_RUNNING;
    miniport->head->elements += SGList->NumberOfElements;
    miniport->started += packet->length; /* final since before this call (STA-14) */

    enum dray_status status = miniport->failing ? DRAY_ERR_STATE : program(miniport, packet, SGList);
    if (status == DRAY_OK) {
        if (miniport_oldest(miniport) == packet) miniport_watch_begin(miniport, packet); /* before the start (TMO-02) */
        dray_ring(&miniport->copy); /* the last act: nothing behind it can fail (EXE-05) */
        return;
    }
    dray_discard(&miniport->copy);
    packet->state = MINIPORT_NOT_PROGRAMMED;
    VpExecuteResult(miniport, VpDmaAdapter, VP_ERROR_IO_DEVICE);
    (void)VideoPortQueueDpc(miniport, miniport_dpc, NULL); /* FALSE: the run that is queued finds this packet as well */
}

/* ---- Requests ------------------------------------------------------------------------------------------------------ */

void miniport_fail(struct miniport *miniport, enum miniport_status status, enum dray_status cause)
{
    if (miniport->failing) return; /* the first error is the request's */
    miniport->failing = true;
    miniport->head->status = status;
    miniport->head->cause = cause;
}

/* Starts packets as deep as the ring goes. A Start that waits for registers is the last: the offset of the next is known
 * only when it was executed. */
static void start_packets(struct miniport *miniport)
{
    struct miniport_request *request = miniport->head;

    while (!miniport->failing && !miniport->stopping && miniport->count < miniport->config.depth && miniport->started < request->length_bytes) {
        struct miniport_packet *packet = &miniport->packets[(miniport->first + miniport->count) % MINIPORT_DEPTH_MAX];
        *packet = (struct miniport_packet){
            .miniport = miniport,
            .length = request->length_bytes - miniport->started,
            .state = MINIPORT_WAITING,
        };
        miniport->count++;
        if (request->packets == 0u) request->started_at = clock_cycles();
        VP_STATUS status = VideoPortStartDma(miniport, miniport->copy_adapter, request->mdl, miniport->started,
                                             &packet->length, execute, packet, to_device(request) ? TRUE : FALSE);
        if (status != NO_ERROR) {
            miniport->count--;
            miniport_fail(miniport, MINIPORT_ERR_PORT, DRAY_OK);
            return;
        }
        miniport->counts.packets++;
        request->packets++;
        if (packet->state == MINIPORT_WAITING) return;
    }
}

static bool finished(const struct miniport *miniport)
{
    if (miniport->count != 0u || miniport->stopping) return false;
    return miniport->failing || miniport->head->moved_bytes == miniport->head->length_bytes;
}

/* Unlocked, out of the queue, and only then told: what the client does next finds nothing of this request left (PRT-07). */
static void finish(struct miniport *miniport)
{
    struct miniport_request *request = miniport->head;

    miniport->head = request->next;
    miniport->started = 0;
    miniport->retries = 0;
    miniport->failing = false;
    if (miniport->faulted) (void)miniport_recover(miniport);
    miniport_tell(miniport, request);
}

void miniport_tell(struct miniport *miniport, struct miniport_request *request)
{
    if (request->status != MINIPORT_OK) miniport->counts.failed++;
    VideoPortUnlockBuffer(miniport, request->mdl);
    VpTraceNotify(miniport, miniport->copy_adapter, request->moved_bytes);
    miniport->counts.told++;
    request->told(request);
}

/* Runs the head until it waits for the engine; one that ends at once is followed by the next. */
void miniport_run(struct miniport *miniport)
{
    while (miniport->head != NULL) {
        if (miniport->gone) miniport_fail(miniport, MINIPORT_ERR_GONE, DRAY_ERR_GONE);
        bool broken = !miniport->gone && miniport->faulted && miniport->count == 0u && !miniport_recover(miniport);
        if (broken) {
            VpExecuteResult(miniport, miniport->copy_adapter, VP_ERROR_IO_DEVICE);
            miniport_fail(miniport, MINIPORT_ERR_DEVICE, DRAY_ERR_STATE);
        }
        start_packets(miniport);
        if (!finished(miniport)) return;
        finish(miniport);
    }
}

void miniport_enqueue(struct miniport *miniport, struct miniport_request *request)
{
    request->status = MINIPORT_OK;
    request->cause = DRAY_OK;
    request->moved_bytes = 0;
    request->packets = 0;
    request->elements = 0;
    request->dma_cycles = 0;
    request->next = NULL;
    miniport->counts.requests++;
    if (miniport->head != NULL) {
        miniport->tail->next = request;
        miniport->tail = request;
        return;
    }
    miniport->head = request;
    miniport->tail = request;
    miniport_run(miniport);
}

/* ---- Interrupt ----------------------------------------------------------------------------------------------------- */

/* HwVidInterrupt. Adds up before it queues, so a DPC that is queued already sees this event too (DPC-04, DPC-05). */
BOOLEAN miniport_interrupt(PVOID HwDeviceExtension)
{
    struct miniport *miniport = HwDeviceExtension;
    uint32_t summary = dray_irq_summary(&miniport->engine);

    if (summary == ALL_ONES) { /* not a status: nobody answers (ISR-06) */
        miniport->events.gone = true;
        (void)VideoPortQueueDpc(miniport, miniport_dpc, NULL);
        return FALSE;
    }
    uint32_t copy = 0, screen = 0;
    if ((summary >> miniport->copy.number & 1u) != 0u && miniport->copy.engine != NULL) copy = dray_irq_take(&miniport->copy);
    if (miniport->screen.engine != NULL && (summary >> miniport->screen.number & 1u) != 0u) screen = dray_irq_take(&miniport->screen);
    if ((copy | screen) == 0u) {
        miniport->counts.not_mine++;
        return FALSE;
    }
    miniport->events.copy |= copy;
    miniport->events.screen |= screen;
    miniport->counts.interrupts++;
    if (!VideoPortQueueDpc(miniport, miniport_dpc, NULL)) miniport->counts.dpc_merged++;
    return TRUE;
}

/* ---- DPC ----------------------------------------------------------------------------------------------------------- */

struct snapshot {
    struct miniport       *miniport;
    struct miniport_events events;
};

static BOOLEAN take_events(PVOID context)
{
    struct snapshot *snapshot = context;
    snapshot->events = snapshot->miniport->events;
    snapshot->miniport->events = (struct miniport_events){ 0 };
    return TRUE;
}

/* Takes the oldest packet off and completes it. The Complete may execute the next one. */
static void complete(struct miniport *miniport, uint32_t moved_bytes, VP_STATUS outcome)
{
    struct miniport_packet packet = *miniport_oldest(miniport);
    BOOLEAN write_to_device = to_device(miniport->head) ? TRUE : FALSE;

    miniport_watch_end(miniport);
    miniport->first = (miniport->first + 1u) % MINIPORT_DEPTH_MAX;
    miniport->count--;
    if (outcome != NO_ERROR) miniport->faulted = true;
    /* Behind a failed packet bytes may have moved too, but there is a gap before them. */
    if (miniport->head->moved_bytes == packet.offset) miniport->head->moved_bytes += moved_bytes;
    VP_STATUS status = VideoPortCompleteDmaEx(miniport, miniport->copy_adapter, packet.list, write_to_device, moved_bytes, outcome);
    if (status != NO_ERROR) { /* not quiet, though it says it is done: close it by force, and believe nothing more */
        miniport_fail(miniport, MINIPORT_ERR_DEVICE, DRAY_ERR_UNKNOWN);
        miniport->faulted = true;
        (void)VideoPortCompleteDmaEx(miniport, miniport->copy_adapter, packet.list, write_to_device, moved_bytes, VP_ERROR_IO_DEVICE);
    }
    miniport->head->dma_cycles = clock_cycles() - miniport->head->started_at;
}

/* The newest packet may still wait in the port's queue: it is taken back, so that no Complete executes it. */
void miniport_cancel_waiting(struct miniport *miniport)
{
    if (miniport->count == 0u) return;
    struct miniport_packet *newest = &miniport->packets[(miniport->first + miniport->count - 1u) % MINIPORT_DEPTH_MAX];
    if (newest->state != MINIPORT_WAITING) return;
    if (VpCancelQueuedDma(miniport, miniport->copy_adapter, newest)) miniport->count--;
}

void miniport_complete_all(struct miniport *miniport, uint32_t moved_bytes)
{
    miniport_cancel_waiting(miniport);
    for (; miniport->count != 0u; moved_bytes = 0) complete(miniport, moved_bytes, VP_ERROR_IO_DEVICE);
}

/* Bytes of the oldest packet that landed before its failed descriptor, and those of the descriptor itself. */
static uint32_t moved_before(const struct miniport_packet *packet, const struct dray_failure *failure)
{
    uint16_t good = (uint16_t)(failure->failed_index - packet->first_slot);
    if (good >= packet->slots) return 0;
    uint32_t moved = 0;
    for (uint16_t i = 0; i < good; i++) moved += packet->list->Elements[i].Length;
    uint32_t whole = packet->list->Elements[good].Length;
    return moved + (failure->moved_bytes < whole ? failure->moved_bytes : whole);
}

/* How many slots have ended well. The index is read before the state: of a channel that still runs it counts good ones
 * only, and of one that has halted since, FAILED tells. */
static unsigned good_slots(struct miniport *miniport, bool *halted, struct dray_failure *failure)
{
    unsigned consumed = dray_consumed(&miniport->copy);
    *halted = dray_failure(&miniport->copy, failure) == DRAY_OK;
    return *halted ? (uint16_t)(failure->failed_index - miniport->copy.retired) : consumed;
}

/* Stopped by us, and nothing else was wrong. */
static bool was_told_to(const struct miniport *miniport, const struct dray_failure *failure)
{
    return miniport->stopping && (failure->status == DRAY_ERR_STOPPED || failure->status == DRAY_ERR_ABORTED);
}

/* Everything that has finished, not one packet a run (DPC-04). */
void miniport_harvest(struct miniport *miniport)
{
    struct dray_failure failure;
    bool halted;
    unsigned good = good_slots(miniport, &halted, &failure);
    struct miniport_packet *packet;

    while ((packet = miniport_oldest(miniport)) != NULL && packet->state != MINIPORT_WAITING) {
        if (packet->state == MINIPORT_NOT_PROGRAMMED) {
            miniport_fail(miniport, MINIPORT_ERR_DEVICE, DRAY_ERR_STATE);
            complete(miniport, 0u, VP_ERROR_IO_DEVICE);
            continue;
        }
        if (packet->slots > good) break;
        good -= packet->slots;
        dray_retire_slots(&miniport->copy, packet->slots);
        miniport->retries = 0;
        complete(miniport, packet->length, NO_ERROR);
    }
    if (!halted) {
        if (packet != NULL && packet->state == MINIPORT_RUNNING && !miniport->watch.wound) miniport_watch_begin(miniport, packet);
        return;
    }
    uint32_t moved = 0;
    if (miniport->head != NULL) {
        if (!was_told_to(miniport, &failure)) miniport_fail(miniport, MINIPORT_ERR_DEVICE, failure.status);
        if (packet != NULL && packet->state == MINIPORT_RUNNING) moved = moved_before(packet, &failure);
    }
    /* Nothing is outstanding in a halted channel. What is left in the ring is given up and it runs on, empty. */
    (void)dray_drop(&miniport->copy);
    miniport_complete_all(miniport, moved);
    if (miniport->head != NULL) miniport->started = miniport->head->moved_bytes; /* a retry begins here (STA-27) */
}

/* The screen shows nothing any more until it is switched off and on. */
static void screen_halted(struct miniport *miniport)
{
    struct dray_failure failure;
    if (dray_failure(&miniport->screen, &failure) == DRAY_OK) miniport->screen_cause = failure.status;
}

/* HwVidDpcRoutine. May find nothing: an interrupt that came while the run before was looking has been served by it. */
VOID miniport_dpc(PVOID HwDeviceExtension, PVOID Context)
{
    struct miniport *miniport = HwDeviceExtension;
    struct snapshot snapshot = { .miniport = miniport };

    (void)Context;
    miniport->counts.dpcs++;
    (void)VideoPortSynchronizeExecution(miniport, VpHighPriority, take_events, &snapshot);
    if (snapshot.events.gone) miniport->gone = true;
    if ((snapshot.events.screen & DRAY_IRQ_HALTED) != 0u) screen_halted(miniport);
    if (miniport->head == NULL) {
        miniport->counts.dpcs_empty++;
        return;
    }
    bool due = miniport_watch_due(miniport);
    if (miniport->gone) {
        miniport_fail(miniport, MINIPORT_ERR_GONE, DRAY_ERR_GONE);
        miniport->stopping = false;
        miniport_complete_all(miniport, 0u);
    } else if (miniport->stopping) {
        if (due) miniport_stop(miniport);
    } else {
        unsigned packets = miniport->count;
        miniport_harvest(miniport);
        if (due && miniport->count != packets && snapshot.events.copy == 0u) miniport->counts.recovered++;
        if (due && miniport->count == packets) miniport_late(miniport);
    }
    miniport_run(miniport);
}
