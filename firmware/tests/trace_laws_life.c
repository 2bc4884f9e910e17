/* SPDX-License-Identifier: Apache-2.0 */
/* The checker's books of what lives longer than a packet: adapters, buffers, requests, frames. */
#include "trace_laws_private.h"

#include <stddef.h>

/* ---- Requests -------------------------------------------------------------------------------------------------------- */

static struct laws_request *request_at(struct laws_adapter *adapter, unsigned age, unsigned *index)
{
    *index = (adapter->first + age) % LAWS_REQUESTS;
    return &adapter->requests[*index];
}

/* One that was refused after it was recorded is unlocked and never told; it is passed over. */
struct laws_request *laws_request_running(struct laws *laws, struct laws_adapter *adapter, unsigned *index)
{
    for (unsigned age = 0; age < adapter->count; age++) {
        struct laws_request *request = request_at(adapter, age, index);
        bool refused = request->packets == 0u && request->mdl < LAWS_MDLS && !laws->locked[request->mdl];
        if (!request->told && !refused) return request;
    }
    return NULL;
}

static void request(struct laws *laws, const struct laws_step *at)
{
    struct laws_adapter *adapter = &laws->adapters[at->adapter];
    unsigned index;

    if (!adapter->open) laws_break(laws, at, LAW_ORDER, "no Get came before it");
    if (adapter->count == LAWS_REQUESTS) { /* the oldest is forgotten; end() would have judged it */
        if (!request_at(adapter, 0, &index)->told) laws_break(laws, at, LAW_ONCE, "%u requests wait", LAWS_REQUESTS);
        adapter->first = (adapter->first + 1u) % LAWS_REQUESTS;
        adapter->count--;
    }
    *request_at(adapter, adapter->count++, &index) = (struct laws_request){
        .bytes = at->value, .mdl = laws->newest_mdl, .excuses = adapter->excuses,
    };
}

static bool in_flight(const struct laws_adapter *adapter, unsigned request)
{
    for (unsigned i = 0; i < LAWS_PACKETS; i++) {
        const struct laws_packet *packet = &adapter->packets[i];
        bool flies = packet->state == LAWS_STARTED || packet->state == LAWS_EXECUTED;
        if (flies && packet->has_request && packet->request == request) return true;
    }
    return false;
}

static struct laws_request *oldest_untold(struct laws_adapter *adapter, uint32_t bytes, unsigned *index)
{
    struct laws_request *any = NULL;
    unsigned any_index = 0;
    for (unsigned age = 0; age < adapter->count; age++) {
        struct laws_request *request = request_at(adapter, age, index);
        if (request->told) continue;
        /* A refused one lies there for ever: one with packets, or of the length that is told, goes before it. */
        if (request->packets != 0u || request->bytes == bytes) return request;
        if (any == NULL) any = request, any_index = *index;
    }
    *index = any_index;
    return any;
}

/* Who is told is unlocked. If the oldest is not, and nothing was moved, it is one that was taken back before it began. */
static struct laws_request *told_now(const struct laws *laws, struct laws_adapter *adapter, uint32_t bytes, unsigned *index)
{
    struct laws_request *oldest = oldest_untold(adapter, bytes, index);
    unsigned oldest_index = *index;
    if (oldest == NULL || bytes != 0u || oldest->mdl >= LAWS_MDLS || !laws->locked[oldest->mdl]) return oldest;
    for (unsigned age = 0; age < adapter->count; age++) {
        struct laws_request *request = request_at(adapter, age, index);
        bool unlocked = request->mdl < LAWS_MDLS && !laws->locked[request->mdl];
        if (!request->told && request->packets == 0u && unlocked) return request;
    }
    *index = oldest_index;
    return oldest;
}

static void notify(struct laws *laws, const struct laws_step *at)
{
    struct laws_adapter *adapter = &laws->adapters[at->adapter];
    unsigned index;
    struct laws_request *request = told_now(laws, adapter, at->value, &index);

    laws->notifies++;
    if (request == NULL) {
        laws_break(laws, at, LAW_ONCE, "nobody waits to be told");
        return;
    }
    request->told = true;
    bool excused = request->failed || adapter->excuses != request->excuses;
    if (in_flight(adapter, index)) laws_break(laws, at, LAW_IDLE, "a packet of the request is in flight");
    if (request->packets == 0u && !excused && at->value != 0u) laws_break(laws, at, LAW_IDLE, "nothing was started for it");
    if (excused) {
        if (at->value == request->bytes && request->failed && request->moved != request->bytes)
            laws_break(laws, at, LAW_IDLE, "%u bytes are told of %u that were moved", (unsigned)at->value, (unsigned)request->moved);
        return;
    }
    if (at->value != request->moved || request->moved != request->bytes) {
        laws_break(laws, at, LAW_IDLE, "%u bytes are told, %u were moved of %u, and nothing failed", (unsigned)at->value,
                   (unsigned)request->moved, (unsigned)request->bytes);
    }
}

/* ---- Adapters and buffers ---------------------------------------------------------------------------------------------- */

static void get(struct laws *laws, const struct laws_step *at)
{
    struct laws_adapter *adapter = &laws->adapters[at->adapter];
    if (adapter->open) laws_break(laws, at, LAW_ONCE, "the adapter was not given back");
    adapter->open = true;
    adapter->gets++;
}

static void put(struct laws *laws, const struct laws_step *at)
{
    struct laws_adapter *adapter = &laws->adapters[at->adapter];
    if (!adapter->open) laws_break(laws, at, LAW_ONCE, "the adapter is not open");
    for (unsigned i = 0; i < LAWS_PACKETS; i++) {
        if (adapter->packets[i].state != LAWS_IDLE) laws_break(laws, at, LAW_ORDER, "its packet %u is not completed", i);
    }
    adapter->open = false;
}

static void lock(struct laws *laws, const struct laws_step *at)
{
    if (laws->locked[at->packet]) laws_break(laws, at, LAW_ONCE, "MDL %u is locked", (unsigned)at->packet);
    else laws->locks++;
    laws->locked[at->packet] = true;
    laws->newest_mdl = at->packet;
}

/* With one buffer locked a packet can only be of it; with several the requests tell. */
static bool uses(const struct laws *laws, const struct laws_adapter *adapter, const struct laws_packet *packet, uint32_t mdl)
{
    if (packet->state != LAWS_STARTED && packet->state != LAWS_EXECUTED) return false;
    if (packet->has_request && adapter->requests[packet->request].mdl < LAWS_MDLS) return adapter->requests[packet->request].mdl == mdl;
    return laws->locks == 1u;
}

static void unlock(struct laws *laws, const struct laws_step *at)
{
    if (!laws->locked[at->packet]) {
        laws_break(laws, at, LAW_ONCE, "MDL %u is not locked", (unsigned)at->packet);
        return;
    }
    for (unsigned i = 0; i < LAWS_ADAPTERS; i++) {
        for (unsigned j = 0; j < LAWS_PACKETS; j++) {
            if (uses(laws, &laws->adapters[i], &laws->adapters[i].packets[j], at->packet))
                laws_break(laws, at, LAW_ORDER, "packet %u of adapter %u still moves it", j, i);
        }
    }
    laws->locked[at->packet] = false;
    laws->locks--;
}

void laws_life(struct laws *laws, const struct laws_step *at)
{
    switch ((int)at->event) {
    case TRACE_GET:     get(laws, at); break;
    case TRACE_PUT:     put(laws, at); break;
    case TRACE_LOCK:    lock(laws, at); break;
    case TRACE_UNLOCK:  unlock(laws, at); break;
    case TRACE_REQUEST: request(laws, at); break;
    case TRACE_NOTIFY:  notify(laws, at); break;
    default: break;
    }
}

void laws_adapter_end(struct laws *laws, uint32_t number)
{
    struct laws_adapter *adapter = &laws->adapters[number];
    if (adapter->open && laws->config.put_is_due) laws_break(laws, NULL, LAW_ONCE, "adapter %u was not given back", (unsigned)number);
    for (unsigned i = 0; i < LAWS_PACKETS; i++) {
        if (adapter->packets[i].state != LAWS_IDLE)
            laws_break(laws, NULL, LAW_ONCE, "packet %u of adapter %u is not completed", i, (unsigned)number);
    }
    for (unsigned age = 0; age < adapter->count; age++) {
        unsigned index;
        const struct laws_request *request = request_at(adapter, age, &index);
        bool refused = request->packets == 0u && request->mdl < LAWS_MDLS && !laws->locked[request->mdl];
        if (!request->told && !refused) laws_break(laws, NULL, LAW_ONCE, "a request of adapter %u was never told", (unsigned)number);
    }
}

/* ---- Frames ------------------------------------------------------------------------------------------------------------ */

static void map(struct laws *laws, const struct laws_step *at)
{
    struct laws_packet *packet = &laws->adapters[at->adapter].packets[at->packet];
    struct laws_frame *frame = &laws->frames[at->value % LAWS_FRAMES];

    laws->maps++;
    if (packet->state != LAWS_STARTED) laws_break(laws, at, LAW_OWNER, "frame %u is mapped for a packet that does not start", (unsigned)at->value);
    if (frame->resident && frame->pins == 0u) laws_break(laws, at, LAW_OWNER, "frame %u is mapped and not pinned", (unsigned)at->value);
    frame->maps++;
    packet->frames++;
    if (laws->depth != 0u) laws->calls[laws->depth - 1u].frames++;
}

static void unmap(struct laws *laws, const struct laws_step *at)
{
    struct laws_packet *packet = &laws->adapters[at->adapter].packets[at->packet];
    struct laws_frame *frame = &laws->frames[at->value % LAWS_FRAMES];

    if (packet->state != LAWS_COMPLETING) laws_break(laws, at, LAW_OWNER, "frame %u is taken from a packet that runs", (unsigned)at->value);
    if (frame->maps == 0u || packet->frames == 0u) {
        laws_break(laws, at, LAW_OWNER, "frame %u is not mapped", (unsigned)at->value);
        return;
    }
    frame->maps--;
    packet->frames--;
}

/* The bytes of a mapped frame are the device's: its page may not go, and no other may come. */
static void page(struct laws *laws, const struct laws_step *at, uint32_t number)
{
    struct laws_frame *frame = &laws->frames[number];
    bool last_unpin = at->event == TRACE_UNPIN && frame->pins <= 1u;

    if (frame->maps != 0u && at->event != TRACE_PIN && (at->event != TRACE_UNPIN || last_unpin)) {
        laws_break(laws, at, LAW_OWNER, "frame %u is mapped for a packet", (unsigned)number);
    }
    if (at->event == TRACE_EVICT && frame->pins != 0u) laws_break(laws, at, LAW_OWNER, "frame %u is pinned", (unsigned)number);
    if (at->event == TRACE_UNPIN && frame->pins == 0u) laws_break(laws, at, LAW_ONCE, "frame %u is not pinned", (unsigned)number);
    if (at->event == TRACE_PIN) frame->pins++;
    if (at->event == TRACE_UNPIN && frame->pins != 0u) frame->pins--;
    if (at->event == TRACE_PAGE_IN) frame->resident = true;
    if (at->event == TRACE_EVICT) frame->resident = false;
}

void laws_memory(struct laws *laws, const struct laws_step *at, uint32_t argument)
{
    if (at->event == TRACE_MAP) map(laws, at);
    else if (at->event == TRACE_UNMAP) unmap(laws, at);
    else page(laws, at, argument % LAWS_FRAMES);
}
