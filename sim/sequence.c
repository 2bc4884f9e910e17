// SPDX-License-Identifier: Apache-2.0
//
// Turns trace records into the lines of a table.
#include "sequence.h"

#include "trace.h"

static const char *level_name(unsigned level)
{
    switch (level) {
    case IRQL_PASSIVE:  return "PASSIVE";
    case IRQL_DISPATCH: return "DISPATCH";
    case IRQL_DEVICE:   return "DEVICE";
    case IRQL_CLOCK:    return "CLOCK";
    case IRQL_HIGH:     return "HIGH";
    default:            return "?";
    }
}

// Pages and frames come by the hundred.
static bool only_counted(unsigned event)
{
    return (event >= TRACE_PAGE_IN && event <= TRACE_FAULT) || event == TRACE_MAP || event == TRACE_UNMAP;
}

static void print_counts(struct sequence *sequence)
{
    const char *before = "                           ";
    bool        any    = false;
    for (unsigned event = 0; event < SEQUENCE_EVENTS; event++) {
        if (sequence->many[event] == 0) continue;
        fprintf(sequence->to, "%s%u x %s", any ? ", " : before, sequence->many[event], trace_name((enum trace_event)event));
        sequence->many[event] = 0;
        any = true;
    }
    if (any) fputc('\n', sequence->to);
}

static void print(struct sequence *sequence, const struct system_record *record)
{
    if (sequence->before != NULL) sequence->before();
    print_counts(sequence);
    fprintf(sequence->to, "  %13llu  %-8s  %-15s  %u.%-3u  %u\n", (unsigned long long)record->cycle, level_name(record->level),
            trace_name((enum trace_event)record->event), (unsigned)(record->argument >> 28),
            (unsigned)(record->argument >> 20 & 0xffu), (unsigned)(record->argument & 0xfffffu));
}

static void print_rest(struct sequence *sequence)
{
    const unsigned more = sequence->completed - SEQUENCE_PACKETS;
    if (sequence->before != NULL) sequence->before();
    fprintf(sequence->to, "                 and so on: %u more packet%s, %u interrupts in all\n", more, more == 1 ? "" : "s", sequence->interrupts);
    for (unsigned event = 0; event < SEQUENCE_EVENTS; event++) sequence->many[event] = 0;
}

void sequence_record(struct sequence *sequence, const struct system_record *record)
{
    const unsigned event = record->event;
    const bool     life  = event == TRACE_GET || event == TRACE_LOCK || event == TRACE_REQUEST;
    const bool     end   = event == TRACE_NOTIFY || event == TRACE_UNLOCK;
    if (sequence->told || event >= SEQUENCE_EVENTS) return;
    if (!sequence->begun) {
        sequence->begun = true;
        if (sequence->before != NULL) sequence->before();
        fprintf(sequence->to, "%15s  %-8s  %-15s  %s\n", "cycle", "level", "event", "adapter.packet, value");
    }
    if (event == TRACE_COMPLETE_RETURN) sequence->completed++;
    if (event == TRACE_ISR) sequence->interrupts++;
    sequence->told = event == TRACE_NOTIFY;

    if (only_counted(event)) sequence->many[event]++;
    else if (life || sequence->completed < SEQUENCE_PACKETS) print(sequence, record);
    else if (sequence->completed == SEQUENCE_PACKETS && (event == TRACE_COMPLETE_RETURN)) print(sequence, record);
    else if (end) {
        if (event == TRACE_UNLOCK && sequence->completed > SEQUENCE_PACKETS) print_rest(sequence);
        print(sequence, record);
    }
}
