// SPDX-License-Identifier: Apache-2.0
//
// Takes the beats of one stream and looks at each.
#include "sink.h"

#include "memory.h"

#include <stdlib.h>
#include <string.h>

void sink_init(struct sink *sink, struct axis *bus, struct report *report, unsigned width_bytes)
{
    *sink = (struct sink){ .bus = bus, .report = report, .width_bytes = width_bytes, .mode = SINK_ALWAYS, .random = 1 };
    bus->ready = true;
}

void sink_end(struct sink *sink)
{
    free(sink->bytes);
    sink->bytes = NULL;
    sink->room  = 0;
}

void sink_clear(struct sink *sink)
{
    sink->count   = 0;
    sink->packets = 0;
    sink->beats = sink->underruns = 0;
    sink->started                 = false;
}

static void append(struct sink *sink, const uint8_t *bytes, unsigned count)
{
    if (sink->count + count > sink->room) {
        sink->room  = 2 * sink->room + 4096;
        sink->bytes = realloc(sink->bytes, sink->room);
        if (sink->bytes == NULL) abort();
    }
    memcpy(sink->bytes + sink->count, bytes, count);
    sink->count += count;
}

// TKEEP marks the first bytes of a beat; all of them but in the last beat of a packet.
static void take(struct sink *sink)
{
    const struct axis *beat = sink->bus;
    unsigned           all  = (1u << sink->width_bytes) - 1u, kept = 0;
    while (beat->keep >> kept & 1) kept++;
    if (beat->keep != (1u << kept) - 1u)
        report_error(sink->report, "stream: TKEEP 0x%x is not the first bytes of the beat", (unsigned)beat->keep);
    if (beat->keep != all && !beat->last)
        report_error(sink->report, "stream: TKEEP 0x%x before the last beat of a packet", (unsigned)beat->keep);
    bool goes_on = sink->beats != 0 && !sink->ended;
    if (goes_on && (beat->id != sink->id || beat->dest != sink->dest))
        report_error(sink->report, "stream: TID or TDEST changes within a packet");
    sink->id    = beat->id;
    sink->dest  = beat->dest;
    sink->ended = beat->last;
    append(sink, beat->data, kept);
    sink->beats++;
    sink->last_beat = sink->report->cycle;
    if (!beat->last) return;
    if (sink->packets == SINK_PACKETS_MAX) {
        report_error(sink->report, "stream: more than %d packets", SINK_PACKETS_MAX);
        return;
    }
    sink->packet_cut[sink->packets]   = kept == 0;
    sink->packet_end[sink->packets++] = sink->count;
}

static bool ready_next(struct sink *sink)
{
    switch (sink->mode) {
    case SINK_STALLED: return false;
    case SINK_ALWAYS: return true;
    case SINK_RANDOM: return (memory_random(&sink->random) >> 56) < sink->chance;
    case SINK_PACED: return sink->report->cycle + 1 >= sink->due;
    }
    return false;
}

void sink_clock(struct sink *sink)
{
    struct axis *bus = sink->bus;
    if (sink->stalled && !(bus->valid && bus->last == sink->was.last && bus->keep == sink->was.keep &&
                           bus->id == sink->was.id && bus->dest == sink->was.dest &&
                           memcmp(bus->data, sink->was.data, sink->width_bytes) == 0))
        report_error(sink->report, "stream: beat changed or withdrawn before TREADY");
    sink->stalled = bus->valid && !bus->ready;
    if (sink->stalled) sink->was = *bus;

    if (sink->mode == SINK_PACED && sink->started && bus->ready && !bus->valid) sink->underruns++;
    if (bus->valid && bus->ready) {
        take(sink);
        sink->started = true;
        sink->due     = sink->report->cycle + sink->period;
    }
    bus->ready = ready_next(sink);
}
