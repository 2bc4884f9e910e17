/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MINIPORT_PRIVATE_H
#define MINIPORT_PRIVATE_H

#include <stddef.h>

#include "miniport.h"

BOOLEAN miniport_interrupt(PVOID HwDeviceExtension);
VOID    miniport_dpc(PVOID HwDeviceExtension, PVOID Context);

/* Packets that have ended are completed; of a channel at rest, all. At DISPATCH. */
void miniport_harvest(struct miniport *miniport);

/* Starts what can be started, and tells who is done. At DISPATCH. */
void miniport_run(struct miniport *miniport);

/* The request ends like this, unless another end came first. At DISPATCH. */
void miniport_fail(struct miniport *miniport, enum miniport_status status, enum dray_status cause);

/* Completes every packet of the head, whatever became of it: moved_bytes are the oldest's. At DISPATCH. */
void miniport_complete_all(struct miniport *miniport, uint32_t moved_bytes);

/* Takes a waiting packet back. At DISPATCH. */
void miniport_cancel_waiting(struct miniport *miniport);

/* Unlocks a request that is in no queue any more, and tells. At DISPATCH. */
void miniport_tell(struct miniport *miniport, struct miniport_request *request);

/* ---- miniport_stop.c: deadlines, and an engine that is told to stop. At DISPATCH. ---- */

/* The oldest packet's deadline begins, if it has one; ends, if it runs. */
void miniport_watch_begin(struct miniport *miniport, const struct miniport_packet *packet);
void miniport_watch_end(struct miniport *miniport);

/* The deadline, or the next look at an engine that stops, is over. Called by the DPC alone: true only once. */
bool miniport_watch_due(struct miniport *miniport);

/* What a packet that is over its deadline deserves. */
void miniport_late(struct miniport *miniport);

/* Goes on with stopping. */
void miniport_stop(struct miniport *miniport);

/* Adapter and engine work again after a packet failed; false: they do not. */
bool miniport_recover(struct miniport *miniport);

static inline struct miniport_packet *miniport_oldest(struct miniport *miniport)
{
    return miniport->count != 0u ? &miniport->packets[miniport->first] : NULL;
}

/* miniport_find() for a device that the port has attached, and connects when this returns. At PASSIVE. */
enum miniport_status miniport_open(struct miniport *miniport, const struct miniport_config *config);

/* Adds a locked request to the queue and runs it if none runs. At DISPATCH. */
void miniport_enqueue(struct miniport *miniport, struct miniport_request *request);

#endif
