// SPDX-License-Identifier: Apache-2.0
//
// What the engine must do, whatever the timing: a model in terms of descriptors and bytes, without clocks.
//
//     struct reference *reference = reference_new(parameters, base, size_bytes);
//     memcpy(reference_at(reference, base, size_bytes), image, size_bytes);
//     reference_guard(reference, 0, base, 1 << 20, REFERENCE_READ | REFERENCE_WRITE);
//     reference_start(reference, 0, ring, slots_lg, false);
//     reference_doorbell(reference, 0, 12);
//     ...                                                    // the engine does the same, and comes to rest
//     reference_settle(reference, 0, &seen, image, &report); // was that possible?
//     reference_compare(reference, image, &addr);            // and is every byte as it must be?
//
// Written from docs/theory.md, which says what is fixed. What it leaves to the timing is taken from what was
// seen, after it was judged: how many descriptors began behind one whose write failed, how many bytes one
// moved that failed, and which bytes behind those it had written by then. A case must not depend on the timing
// otherwise: a descriptor that reads what an earlier one writes needs a fence, and that is asserted.
#ifndef SIM_REFERENCE_H
#define SIM_REFERENCE_H

#include "memory.h"
#include "model.h"
#include "report.h"
#include "source.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { REFERENCE_READ = 1, REFERENCE_WRITE = 2 };

struct reference;

// @param base, size_bytes  the memory; accesses elsewhere are never admitted by a gate.
struct reference *reference_new(const struct model_parameters *parameters, uint64_t base, size_t size_bytes);
void              reference_free(struct reference *reference);

// The image, at physical addresses.
uint8_t *reference_at(struct reference *reference, uint64_t addr, size_t len_bytes);
uint32_t reference_word(struct reference *reference, uint64_t addr);
void     reference_set_word(struct reference *reference, uint64_t addr, uint32_t value);

// The gate, as the bench programs it.
void reference_guard(struct reference *reference, unsigned channel, uint64_t addr, size_t len_bytes, unsigned rights);
void reference_window(struct reference *reference, unsigned entry, unsigned channel, uint64_t frame_addr, unsigned rights);

// Where the bus goes in that page. @return false if the gate refuses it.
bool reference_reach(const struct reference *reference, unsigned channel, enum memory_direction direction, uint64_t addr,
                     uint64_t *physical);

// Errors of the bus: direction, first, last, resp and beat; every burst that touches the range fails. Two faults of one
// direction never stand in the same burst boundary.
void reference_fault_add(struct reference *reference, const struct memory_fault *fault);
void reference_faults_clear(struct reference *reference);

// Channels. Commands are RESUME, SKIP and DROP, each alone, of a channel that stands; ABORT, PAUSE and END_PERIOD of one that
// runs, at any time: it may have been at rest by then.
void reference_start(struct reference *reference, unsigned channel, uint64_t base, unsigned slots_lg, bool cyclic);
void reference_budget(struct reference *reference, unsigned channel, unsigned slots); // from the next start on; 0: no limit
void reference_doorbell(struct reference *reference, unsigned channel, uint16_t producer);
void reference_command(struct reference *reference, unsigned channel, uint32_t mask);

// Where a channel came to rest, as its registers say.
struct reference_seen {
    uint32_t state, interrupts;
    uint16_t consumer;
    uint16_t failed, next; // of HALTED; next of STOPPED too
    uint32_t cause, moved;
    uint64_t failed_addr, next_addr;
};

// Executes what the channel was given until it rests, as far as it must, and then as far as was seen. After ABORT and
// END_PERIOD as far as was seen, and the last may have been cut short by ABORT. Every disagreement is an error of the report.
// @param image  the whole memory as the engine left it, for the statuses of what failed.
void reference_settle(struct reference *reference, unsigned channel, const struct reference_seen *seen, const uint8_t *image,
                      struct report *report);

// Where the channel's stream to memory comes from, and goes on from descriptor to descriptor. Of a channel with errors of
// the bus, ABORT is not allowed: nothing would tell how far into the stream its last descriptor came.
void reference_source(struct reference *reference, unsigned channel, struct source *source);

// Interrupt bits that software cleared.
void reference_acknowledge(struct reference *reference, unsigned channel, uint32_t mask);

// What came out of a channel's stream since the last call must be this.
struct reference_packets {
    const uint8_t *bytes;
    size_t         count;
    const size_t  *end;  // bytes up to the end of each packet
    const bool    *cut;  // it was closed by a beat without bytes
    unsigned       packets;
};
void reference_compare_stream(struct reference *reference, unsigned channel, const struct reference_packets *seen,
                              struct report *report);

// Every page that the reference ever had in hand: elsewhere nobody may write, and the memory model reports who does. Bytes that may
// be either of two are taken over. @return how many are wrong; the first is in *addr.
size_t reference_compare(struct reference *reference, const uint8_t *image, uint64_t *addr);

// How many descriptors were executed to their end, failed, were cut short; those that began with bytes to move, and the brief ones
// among them; stops; and how many halts had each cause.
enum { REFERENCE_CAUSES = 32, REFERENCE_BRIEF = 256 };
struct reference_counts { uint64_t done, failed, stopped, cut, movers, brief, bytes, halts[REFERENCE_CAUSES]; };

void reference_counts_add(struct reference_counts *sum, const struct reference_counts *more);
const struct reference_counts *reference_counts(const struct reference *reference);

// Whether a descriptor of that type is one.
bool reference_type_known(uint32_t type);

#endif
