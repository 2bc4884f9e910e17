// SPDX-License-Identifier: Apache-2.0
//
// Receives a stream: keeps its bytes and packets, holds back as it is told, and judges the sender.
#ifndef SIM_SINK_H
#define SIM_SINK_H

#include "bus.h"
#include "report.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SINK_PACKETS_MAX = 1024 };

enum sink_mode {
    SINK_STALLED, // TREADY low
    SINK_ALWAYS,  // TREADY high
    SINK_RANDOM,  // TREADY high in `chance` of 256 cycles
    SINK_PACED,   // a beat every `period` cycles from the first one on; a beat that is late is an underrun
};

struct sink {
    struct axis   *bus;
    struct report *report;
    unsigned       width_bytes;
    enum sink_mode mode;
    uint8_t        chance;
    unsigned       period;
    uint64_t       random;

    uint8_t *bytes; // all that came, packet behind packet
    size_t   count, room;
    size_t   packet_end[SINK_PACKETS_MAX]; // count after each TLAST
    bool     packet_cut[SINK_PACKETS_MAX]; // it was closed by a beat of TKEEP 0
    unsigned packets;
    uint64_t beats, underruns, last_beat; // last_beat: cycle of it
    uint8_t  id, dest;                    // of the beat that came last
    bool     ended;                       // it had TLAST

    // private
    bool        stalled, started;
    uint64_t    due;
    struct axis was;
};

void sink_init(struct sink *sink, struct axis *bus, struct report *report, unsigned width_bytes);
void sink_end(struct sink *sink); // frees the bytes
void sink_clear(struct sink *sink); // forgets what came

// Once after each clock of the model.
void sink_clock(struct sink *sink);

#endif
