// SPDX-License-Identifier: Apache-2.0
//
// Sends a stream: packets of given or of random lengths, with gaps as it is told.
//
//     source_packet(&engine->sources[0], 1500, false); // bytes made up; they are source->bytes
//     engine->sources[0].mode = SOURCE_ALWAYS;
//
// All packets stand behind each other in `bytes`. A packet may end with a beat that has no bytes.
#ifndef SIM_SOURCE_H
#define SIM_SOURCE_H

#include "bus.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum source_mode {
    SOURCE_SILENT, // TVALID low, once the beat that is shown was taken
    SOURCE_ALWAYS, // TVALID high while there is a packet
    SOURCE_RANDOM, // a new beat in `chance` of 256 cycles
};

struct source_packet {
    size_t   first, count; // in bytes
    bool     bare_end;     // TLAST comes in a beat of its own, without bytes; count is a multiple of the bus width
};

struct source {
    struct axis     *bus;
    unsigned         width_bytes;
    enum source_mode mode;
    uint8_t          chance;
    unsigned         endless; // not 0: when no packet is left, another of less than so many bytes is made up
    uint64_t         random, content; // of the gaps; of bytes and lengths

    uint8_t              *bytes;
    size_t                count, room;
    struct source_packet *packets; // TID of packet n is n, TDEST is ~n
    size_t                packet_count, packet_room;
    uint64_t              beats; // taken by the engine

    // private
    size_t packet, at; // of the next beat
};

void source_init(struct source *source, struct axis *bus, unsigned width_bytes);
void source_end(struct source *source); // frees the packets

// A packet of random bytes behind the others. @param count  with a bare end, rounded down to whole beats
void source_packet(struct source *source, size_t count, bool bare_end);

// Packet n of an endless source, made up if it is not there yet.
const struct source_packet *source_at(struct source *source, size_t n);

// Once after each clock of the model.
void source_clock(struct source *source);

#endif
