/* SPDX-License-Identifier: Apache-2.0 */
/* Completing, in the order of the amendment to section 3.10 in docs/contract. */
#include "packet.h"

#include <assert.h>
#include <stddef.h>

#include "cache.h"
#include "clock.h"
#include "irql.h"
#include "packet_private.h"
#include "trace.h"
#include "violation.h"

bool packet_quiet(struct packet_adapter *adapter)
{
    struct map *map = adapter->map;
    uint32_t timeout = adapter->system->timeout_cycles;

    map_sync_start(map);
    uint32_t begin = clock_cycles();
    while (!map_synced(map)) {
        if (clock_cycles() - begin >= timeout) return false;
    }
    /* Every burst has its response, but the posting bridge answers before memory has the bytes. */
    return cache_posted_flush(timeout) == CACHE_OK;
}

static bool completable(const struct packet *packet)
{
    return packet->state == PACKET_EXECUTING || packet->state == PACKET_IN_FLIGHT;
}

/* With several packets of the adapter in flight the channel may well be busy: then SYNC alone has to tell. */
static bool engine_busy(const struct packet_adapter *adapter)
{
    return adapter->executing == 1u && map_outstanding(adapter->map, adapter->channel) != 0u;
}

static enum violation_code complete_violation(const struct packet_adapter *adapter, const struct packet *packet,
                                              enum packet_direction direction, uint32_t moved_bytes,
                                              enum packet_outcome outcome)
{
    if (!completable(packet)) return VIOL_DOUBLE_COMPLETE;
    if (direction != packet->direction) return VIOL_DIRECTION;
    if (moved_bytes > packet->length_bytes) return VIOL_FLUSH_TOO_LONG;
    if (outcome == PACKET_RUN_GOOD && engine_busy(adapter)) return VIOL_ENGINE_BUSY;
    return VIOL_NONE;
}

static void finish(struct packet_adapter *adapter, struct packet *packet, uint32_t moved_bytes)
{
    bool from_device = packet->direction == PACKET_FROM_DEVICE;

    packet->state = PACKET_COMPLETING;
    if (adapter->in_execute == packet) adapter->in_execute = NULL;

    packet_faults(adapter); /* while it is still known whose it was */
    packet_unmap(adapter, packet);
    if (!packet_quiet(adapter)) packet_quarantine(adapter, packet);
    if (from_device) cache_invalidate();
    if (from_device) packet_bounce_out(adapter, packet, moved_bytes);
    /* All of it, not only what was moved: behind a failed byte the device may have written too (LCK-11). */
    if (from_device) (void)memory_mdl_mark_dirty(packet->mdl, packet->offset, packet->length_bytes);
    (void)memory_mdl_release(packet->mdl); /* an unlock that waited for this packet happens here (UNL-03) */

    if (packet->hold == NULL) packet_registers_give(adapter, packet->registers, packet->first_register);
    packet_bounce_give(adapter, packet);
    adapter->executing--;
    adapter->counts.completed++;
    packet->state = PACKET_FREE;
    adapter->config.face->freed(packet);
}

enum packet_status packet_complete(struct packet_adapter *adapter, struct packet *packet, enum packet_direction direction,
                                   uint32_t moved_bytes, enum packet_outcome outcome)
{
    assert(adapter != NULL && adapter->open && packet != NULL);

    enum irql old = irql_raise(IRQL_DISPATCH);
    enum violation_code code = complete_violation(adapter, packet, direction, moved_bytes, outcome);
    if (code != VIOL_NONE) {
        irql_lower(old);
        violation_report(code, (uintptr_t)packet, adapter->number, (uintptr_t)direction, moved_bytes);
        return PACKET_ERR_ARGUMENT;
    }
    uint8_t adapter_number = adapter->number, number = packet->number;
    trace_record(TRACE_COMPLETE, adapter_number, number, moved_bytes);
    if (outcome == PACKET_RUN_FAILED) adapter->faulted = true;
    finish(adapter, packet, moved_bytes);
    packet_serve(adapter, NULL);
    trace_record(TRACE_COMPLETE_RETURN, adapter_number, number, 0u);
    irql_lower(old);
    return PACKET_OK;
}

enum packet_status packet_adapter_reset(struct packet_adapter *adapter)
{
    assert(adapter != NULL && adapter->open);

    enum irql old = irql_raise(IRQL_DISPATCH);
    enum packet_status status = adapter->executing == 0u ? PACKET_OK : PACKET_ERR_STATE;
    if (status == PACKET_OK && adapter->faulted) {
        bool quiet = map_outstanding(adapter->map, adapter->channel) == 0u && packet_quiet(adapter);
        if (!quiet) status = PACKET_ERR_FAULTED;
        adapter->faulted = !quiet;
    }
    packet_serve(adapter, NULL);
    irql_lower(old);
    return status;
}
