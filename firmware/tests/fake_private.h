/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FAKE_PRIVATE_H
#define FAKE_PRIVATE_H

#include <stdbool.h>
#include <stdint.h>

/* Of descriptors that were fetched: slot 0, and slot 1 where it has one. */
struct fake_descriptor {
    uint32_t words[4], second[4];
};

/* What an engine that has everything says of it. @return cause; DRAY_CAUSE_NONE */
uint32_t fake_decode(unsigned number, const struct fake_descriptor *descriptor);

/* Moves its bytes. @return cause; *moved is what landed, *packet_end whether the packet from the stream ended */
uint32_t fake_move(unsigned number, const struct fake_descriptor *descriptor, uint32_t *moved, bool *packet_end);

/* Registers of options, counters and streams. @return false: there is none at the offset, or it was not built */
bool fake_option_read(unsigned number, uint32_t offset, uint32_t *value);
bool fake_option_write(unsigned number, uint32_t offset, uint32_t value);
uint32_t fake_features(void);

/* The gate and the posting bridge behind the fake engine. */
void fake_gate_begin(void);

#endif
