// SPDX-License-Identifier: Apache-2.0
//
// Prints the sequence of the first request as the trace port told it: the first packets in full, then how many more.
//
//     struct sequence sequence = { .to = stdout };
//     sequence_record(&sequence, &record);             // each record
//
//          cycle  level     event            adapter.packet
//        1024112  DISPATCH  START            0.0     1228800
//                           64 x MAP
#ifndef SIM_SEQUENCE_H
#define SIM_SEQUENCE_H

#include "system.h"

#include <stdbool.h>
#include <stdio.h>

enum { SEQUENCE_PACKETS = 2, SEQUENCE_EVENTS = 128 };

struct sequence {
    FILE *to;
    void (*before)(void); // called before something is printed; NULL: nothing is in the way

    // Private.
    bool     begun, told;
    unsigned completed, interrupts; // packets and ISRs so far
    unsigned many[SEQUENCE_EVENTS]; // records of events that are only counted, since the last line
};

void sequence_record(struct sequence *sequence, const struct system_record *record);

#endif
