/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of this room share and nobody else sees. Callers hold DISPATCH. */
#ifndef PACKET_PRIVATE_H
#define PACKET_PRIVATE_H

#include "packet.h"

/* Registers that one packet could get if no other packet were there; windowed ones have to be consecutive. */
uint32_t packet_registers_lasting(const struct packet_adapter *adapter);

/* Takes count registers for a packet, or for a common buffer's life; false: not free now. Windowed: *first is the
 * lowest, a register of the gate. */
bool packet_registers_take(struct packet_adapter *adapter, uint32_t count, uint16_t *first);
bool packet_registers_take_lasting(struct packet_adapter *adapter, uint32_t count, uint16_t *first);
void packet_registers_give(struct packet_adapter *adapter, uint32_t count, uint16_t first);
void packet_registers_give_lasting(struct packet_adapter *adapter, uint32_t count, uint16_t first);

/* The next packet by everything that limits one. */
struct packet_plan {
    uint32_t length_bytes; /* 0: it can never be */
    uint32_t registers, bounced;
};
struct packet_plan packet_plan(const struct packet_adapter *adapter, const struct packet *packet); /* pure */

/* Opens the map for a packet whose registers and bounce pages are taken, and gives the list to the face. */
void packet_map(struct packet_adapter *adapter, struct packet *packet);
void packet_unmap(struct packet_adapter *adapter, struct packet *packet);

/* Copies bounced pages: in before the device run, out after it, moved_bytes of them. */
void packet_bounce_in(struct packet_adapter *adapter, struct packet *packet);
void packet_bounce_out(struct packet_adapter *adapter, struct packet *packet, uint32_t moved_bytes);
bool packet_bounce_take(struct packet_adapter *adapter, struct packet *packet, uint32_t count);
void packet_bounce_give(struct packet_adapter *adapter, struct packet *packet);

/* SYNC, then flush of the posting bridge. false: one did not end in time, and frames are not free. */
bool packet_quiet(struct packet_adapter *adapter);

/* Takes what the adapter's gate has refused since: the owner of the channel keeps it, and VIOL_STRAY_DMA finds one that
 * should have been idle (ERR-05, SUP-05). */
void packet_faults(const struct packet_adapter *adapter);

/* Frames of a packet that never became quiet leave for good. */
void packet_quarantine(struct packet_adapter *adapter, struct packet *packet);

/* Runs what the queue and the registers allow; nested calls return at once, the outer one goes on. The head of the queue
 * may have been planned just before; NULL: it has not. */
void packet_serve(struct packet_adapter *adapter, const struct packet_plan *planned);

/* Puts a packet at the end of the queue, or in front of it. */
void packet_append(struct packet_adapter *adapter, struct packet *packet);
__attribute__((cold)) void packet_prepend(struct packet_adapter *adapter, struct packet *packet);

/* Gives the head of the queue its registers, if they are free, and tells the face. Cold: the loop that serves packets is to
 * save no registers for it. */
__attribute__((cold, noinline)) bool packet_grant(struct packet_adapter *adapter, struct packet *packet);

/* Takes out of the queue what stands behind before, or the head. */
void packet_take_out(struct packet_adapter *adapter, struct packet *before, struct packet *packet);

/* Who owns a channel of this gate; NULL: nobody. Channels are counted by gate. */
struct packet_adapter *packet_adapter_at(const struct packet_system *system, const struct map *map, unsigned channel);

static inline enum map_access packet_access(const struct packet *packet)
{
    return packet->direction == PACKET_TO_DEVICE ? MAP_READ : MAP_WRITE;
}

#endif
