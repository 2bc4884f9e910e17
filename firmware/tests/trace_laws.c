/* SPDX-License-Identifier: Apache-2.0 */
/* The checker: books over adapters, packets, frames and calls, and what each event may find in them. */
#include "trace_laws.h"

#include <assert.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "trace_laws_private.h"

const struct laws_config laws_of_a_run = { .start_cycles = 8000u, .start_page_cycles = 10000u, .violations_break = true };
const struct laws_config laws_of_a_test = { .put_is_due = true };

const char *laws_name(enum law law)
{
    static const char *const names[LAWS] = { "L1", "L2", "L3", "L4", "L5" };
    return names[law];
}

enum law laws_first_broken(const struct laws *laws)
{
    unsigned law = LAW_ORDER;
    while (law < LAWS && laws->broken[law][0] == '\0') law++;
    return (enum law)law;
}

void laws_begin(struct laws *laws, const struct laws_config *config)
{
    assert(laws != NULL && config != NULL);
    memset(laws, 0, sizeof *laws);
    laws->config = *config;
    laws->newest_mdl = LAWS_MDLS;
}

/* Only the first break of a law is told: what comes behind it follows from it. */
void laws_break(struct laws *laws, const struct laws_step *at, enum law law, const char *format, ...)
{
    char *why = laws->broken[law];
    if (why[0] != '\0') return;
    int length = at == NULL
        ? snprintf(why, LAWS_WHY, "%s: at the end, ", laws_name(law))
        : snprintf(why, LAWS_WHY, "%s: record %llu, cycle %llu, %s of adapter %u, packet %u: ", laws_name(law),
                   (unsigned long long)laws->records, (unsigned long long)at->cycle, trace_name(at->event),
                   (unsigned)at->adapter, (unsigned)at->packet);
    va_list values;
    va_start(values, format);
    if (length > 0 && (unsigned)length < LAWS_WHY) (void)vsnprintf(why + length, LAWS_WHY - (unsigned)length, format, values);
    va_end(values);
}

/* ---- Calls: they nest, on one hart -------------------------------------------------------------------------------- */

static void call(struct laws *laws, const struct laws_step *at)
{
    if (laws->depth == LAWS_CALLS) {
        laws_break(laws, at, LAW_ORDER, "calls are nested %u deep", LAWS_CALLS);
        return;
    }
    laws->calls[laws->depth++] = (struct laws_call){ .event = at->event, .adapter = at->adapter, .packet = at->packet, .mark = at->cycle };
}

static bool leave(struct laws *laws, const struct laws_step *at, enum trace_event entered, struct laws_call *left)
{
    struct laws_call *top = laws->depth != 0u ? &laws->calls[laws->depth - 1u] : NULL;
    if (top == NULL || top->event != entered || top->adapter != at->adapter || top->packet != at->packet) {
        laws_break(laws, at, LAW_ORDER, "what returns here is not the call that was entered last");
        return false;
    }
    *left = *top;
    laws->depth--;
    /* Time that a DPC took of the calls below it is not theirs. */
    for (unsigned i = 0; entered == TRACE_DPC && i < laws->depth; i++) laws->calls[i].away += at->cycle - left->mark;
    return true;
}

static bool inside(const struct laws *laws, enum trace_event event)
{
    for (unsigned i = 0; i < laws->depth; i++) {
        if (laws->calls[i].event == event) return true;
    }
    return false;
}

/* The Start whose own code runs now, if any: nothing that it called, and no DPC, lies above it. */
static const struct laws_call *bare_start(const struct laws *laws)
{
    const struct laws_call *top = laws->depth != 0u ? &laws->calls[laws->depth - 1u] : NULL;
    return top != NULL && top->event == TRACE_START ? top : NULL;
}

static void own_time(struct laws *laws, const struct laws_step *at, const struct laws_call *start)
{
    uint64_t spent = at->cycle - start->mark;
    uint64_t own = spent > start->away ? spent - start->away : 0u;
    uint64_t allowed = (uint64_t)laws->config.start_cycles + (uint64_t)laws->config.start_page_cycles * start->frames;
    if (laws->config.start_cycles != 0u && own > allowed) {
        laws_break(laws, at, LAW_ASYNC, "Start of packet %u spent %llu cycles on its own: it waits", (unsigned)start->packet,
                   (unsigned long long)own);
    }
}

/* ---- Packets -------------------------------------------------------------------------------------------------------- */

static void start(struct laws *laws, const struct laws_step *at)
{
    struct laws_adapter *adapter = &laws->adapters[at->adapter];
    struct laws_packet *packet = &adapter->packets[at->packet];

    if (!adapter->open) laws_break(laws, at, LAW_ORDER, "no Get came before it");
    if (at->level > IRQL_DISPATCH) laws_break(laws, at, LAW_ORDER, "a Start at level %u", (unsigned)at->level);
    if (packet->state != LAWS_IDLE) laws_break(laws, at, LAW_ONCE, "the packet has been started and not completed");
    if (laws->locks == 0u) laws_break(laws, at, LAW_ORDER, "nothing is locked");
    *packet = (struct laws_packet){ .state = LAWS_STARTED };
    struct laws_request *request = laws_request_running(laws, adapter, &packet->request);
    packet->has_request = request != NULL;
    if (request != NULL) {
        request->packets++;
        if (request->mdl < LAWS_MDLS && !laws->locked[request->mdl]) laws_break(laws, at, LAW_ORDER, "its buffer is not locked");
    }
    call(laws, at);
}

static void execute(struct laws *laws, const struct laws_step *at)
{
    struct laws_adapter *adapter = &laws->adapters[at->adapter];
    struct laws_packet *packet = &adapter->packets[at->packet];

    if (at->level != IRQL_DISPATCH) laws_break(laws, at, LAW_ORDER, "an Execute at level %u", (unsigned)at->level);
    if (packet->state == LAWS_IDLE) laws_break(laws, at, LAW_ORDER, "no Start came before it");
    else if (packet->state != LAWS_STARTED) laws_break(laws, at, LAW_ONCE, "a second Execute of one Start");
    if (packet->frames == 0u) laws_break(laws, at, LAW_OWNER, "nothing is mapped for it");
    if (bare_start(laws) != NULL) own_time(laws, at, bare_start(laws));
    packet->state = LAWS_EXECUTED;
    packet->mapped_bytes = at->value;
    packet->isrs = laws->isrs;
    packet->queued_by_software = laws->queued_by_software;
    packet->excuses = adapter->excuses;
    laws->executes++;
    call(laws, at);
}

static void execute_return(struct laws *laws, const struct laws_step *at)
{
    struct laws_call left;
    if (!leave(laws, at, TRACE_EXECUTE, &left) || laws->depth == 0u) return;
    /* A Start that goes on behind Execute has its time from here. */
    struct laws_call *below = &laws->calls[laws->depth - 1u];
    below->mark = at->cycle;
    below->away = 0;
    below->frames = 0;
}

static void start_return(struct laws *laws, const struct laws_step *at)
{
    struct laws_call left;
    if (leave(laws, at, TRACE_START, &left)) own_time(laws, at, &left);
}

/* What an interrupt brought about: a Complete in a DPC that nothing else asked for. */
static bool without_interrupt(const struct laws *laws, const struct laws_adapter *adapter, const struct laws_packet *packet)
{
    return inside(laws, TRACE_DPC) && laws->isrs == packet->isrs && laws->queued_by_software == packet->queued_by_software
           && adapter->excuses == packet->excuses;
}

static void complete(struct laws *laws, const struct laws_step *at)
{
    struct laws_adapter *adapter = &laws->adapters[at->adapter];
    struct laws_packet *packet = &adapter->packets[at->packet];
    struct laws_request *request = packet->has_request ? &adapter->requests[packet->request] : NULL;
    bool whole = at->value == packet->mapped_bytes;

    if (at->level > IRQL_DISPATCH) laws_break(laws, at, LAW_ORDER, "a Complete at level %u", (unsigned)at->level);
    if (packet->state == LAWS_STARTED) laws_break(laws, at, LAW_ORDER, "no Execute came before it");
    else if (packet->state != LAWS_EXECUTED) laws_break(laws, at, LAW_ONCE, "the packet has been completed, or never started");
    if (whole && without_interrupt(laws, adapter, packet)) {
        laws_break(laws, at, LAW_ORDER, "in a DPC, and no interrupt was claimed since its Execute");
    }
    if (bare_start(laws) != NULL) {
        laws_break(laws, at, LAW_ASYNC, "Start of packet %u waits for it", (unsigned)bare_start(laws)->packet);
    }
    if (request != NULL) {
        request->moved = (request->moved + at->value) % LAWS_MODULUS;
        request->failed = request->failed || !whole;
    }
    packet->state = LAWS_COMPLETING;
    laws->completes++;
    call(laws, at);
}

static void complete_return(struct laws *laws, const struct laws_step *at)
{
    struct laws_packet *packet = &laws->adapters[at->adapter].packets[at->packet];
    struct laws_call left;
    if (packet->frames != 0u) laws_break(laws, at, LAW_OWNER, "%u of its frames are still mapped", (unsigned)packet->frames);
    (void)leave(laws, at, TRACE_COMPLETE, &left);
    packet->state = LAWS_IDLE;
    packet->frames = 0;
}

static void cancel(struct laws *laws, const struct laws_step *at)
{
    struct laws_adapter *adapter = &laws->adapters[at->adapter];
    struct laws_packet *packet = &adapter->packets[at->packet];
    if (at->value == 0u) return;
    adapter->excuses++;
    if (packet->state != LAWS_STARTED) laws_break(laws, at, LAW_ONCE, "what is cancelled does not wait");
    packet->state = LAWS_IDLE;
}

/* ---- DPCs ------------------------------------------------------------------------------------------------------------ */

static void dpc(struct laws *laws, const struct laws_step *at)
{
    if (at->level != IRQL_DISPATCH) laws_break(laws, at, LAW_ORDER, "a DPC at level %u", (unsigned)at->level);
    if (inside(laws, TRACE_DPC)) laws_break(laws, at, LAW_ORDER, "a DPC inside a DPC");
    if (++laws->dpcs > laws->queued) laws_break(laws, at, LAW_ORDER, "a DPC that nobody queued");
    call(laws, at);
}

/* ---- One record ------------------------------------------------------------------------------------------------------ */

void laws_record(struct laws *laws, uint64_t cycle, uint32_t event, uint32_t level, uint32_t argument)
{
    struct laws_call left;
    struct laws_step step = {
        .cycle = cycle, .event = (enum trace_event)event, .level = level,
        .adapter = argument >> 28, .packet = argument >> 20 & 0xffu, .value = argument % LAWS_MODULUS,
    };

    laws->records++;
    switch (step.event) {
    case TRACE_START:           start(laws, &step); break;
    case TRACE_EXECUTE:         execute(laws, &step); break;
    case TRACE_EXECUTE_RETURN:  execute_return(laws, &step); break;
    case TRACE_START_RETURN:    start_return(laws, &step); break;
    case TRACE_COMPLETE:        complete(laws, &step); break;
    case TRACE_COMPLETE_RETURN: complete_return(laws, &step); break;
    case TRACE_CANCEL:          cancel(laws, &step); break;
    case TRACE_DPC:             dpc(laws, &step); break;
    case TRACE_DPC_RETURN:      (void)leave(laws, &step, TRACE_DPC, &left); break;
    case TRACE_ISR:
    case TRACE_DPC_QUEUED:
    case TRACE_VIOLATION:
    case TRACE_TIMEOUT:
    case TRACE_ABORT:
    case TRACE_STATUS:
    case TRACE_GATE_FAULT:
    case TRACE_QUARANTINE:      laws_signal(laws, &step); break;
    case TRACE_GET:
    case TRACE_PUT:
    case TRACE_LOCK:
    case TRACE_UNLOCK:
    case TRACE_REQUEST:
    case TRACE_NOTIFY:          laws_life(laws, &step); break;
    case TRACE_PAGE_IN:
    case TRACE_EVICT:
    case TRACE_PIN:
    case TRACE_UNPIN:
    case TRACE_MAP:
    case TRACE_UNMAP:           laws_memory(laws, &step, argument); break;
    case TRACE_NONE:
    case TRACE_FAULT:
    case TRACE_MARK:            break;
    }
}

void laws_end(struct laws *laws)
{
    if (laws->depth != 0u) laws_break(laws, NULL, LAW_ORDER, "%u calls have not returned", laws->depth);
    for (uint32_t i = 0; i < LAWS_ADAPTERS; i++) laws_adapter_end(laws, i);
    if (laws->locks != 0u) laws_break(laws, NULL, LAW_ONCE, "%u buffers are locked", (unsigned)laws->locks);
    for (uint32_t i = 0; i < LAWS_FRAMES; i++) {
        if (laws->frames[i].maps != 0u) laws_break(laws, NULL, LAW_OWNER, "frame %u is mapped", (unsigned)i);
    }
}
