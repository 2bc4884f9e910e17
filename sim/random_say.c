// SPDX-License-Identifier: Apache-2.0
//
// Holds the image against the reference model's, and says which descriptor is to blame and how to run the case again.
#include "random_case.h"

#include <inttypes.h>
#include <stdio.h>

static void print_note(const struct random_note *note)
{
    fprintf(stderr, "  channel %u, index %u, slot 0x%08" PRIx64 ": type %" PRIu32 ", 0x%08" PRIx64 " to 0x%08" PRIx64 ", %" PRIu32
            " bytes, flags 0x%03" PRIx32 ", %" PRIu32 " rows by %" PRId32 " and %" PRId32 "\n", note->channel, note->index, note->slot, note->descriptor.type,
            note->descriptor.source, note->descriptor.destination, note->descriptor.length, note->descriptor.flags,
            note->descriptor.rows, note->descriptor.source_stride, note->descriptor.destination_stride);
}

// One row of it, or all of a descriptor that has none.
static bool row_touches(struct random_case *random, const struct random_note *note, uint64_t destination, uint64_t addr)
{
    uint32_t span;
    for (uint32_t done = 0; done < note->descriptor.length && done < RANDOM_TARGET_LEN; done += span) {
        uint64_t physical, at = destination + done;
        span = random_page(random) - (uint32_t)at % random_page(random);
        if (span > note->descriptor.length - done) span = note->descriptor.length - done;
        reference_reach(random->reference, note->channel, MEMORY_WRITE, at, &physical);
        if (addr >= physical && addr < physical + span) return true;
    }
    return false;
}

static bool touches(struct random_case *random, const struct random_note *note, uint64_t addr)
{
    const struct descriptor *one = &note->descriptor;
    if (addr >= note->slot && addr < note->slot + SLOT_BYTES) return true;
    if (one->type == DRAY_DESC_TYPE_LINK || one->flags & DESCRIPTOR_TO_STREAM) return false;
    for (unsigned n = 0; n == 0 || n < one->rows; n++)
        if (row_touches(random, note, one->destination + (uint64_t)((int64_t)n * one->destination_stride), addr)) return true;
    return false;
}

void random_say_seed(const struct random_case *random, const char *why)
{
    fprintf(stderr, "%s: %s in round %u; again with KIND=%s SEED=%" PRIu64 " COUNT=1\n", random->kind, why, random->round,
            random->kind, random->seed);
}

void random_check_report(struct random_case *random)
{
    if (random->engine->report.count == 0 || random->failed) return;
    random->failed = true;
    random_say_seed(random, "something is wrong");
    report_print(&random->engine->report, stderr);
    engine_print(random->engine);
}

void random_check_image(struct random_case *random)
{
    uint64_t addr  = 0;
    size_t   wrong = reference_compare(random->reference, memory_at(random->engine->memory, random_base(random), 1), &addr);
    if (wrong == 0 || random->failed) return;
    random->failed = true;
    random_say_seed(random, "memory is wrong");
    fprintf(stderr, "%zu bytes differ, first at 0x%08" PRIx64 ": is 0x%02x, should be 0x%02x. Descriptors that touch it:\n", wrong,
            addr, (unsigned)*memory_at(random->engine->memory, addr, 1), (unsigned)*reference_at(random->reference, addr, 1));
    for (unsigned i = 0; i < random->note_count; i++)
        if (touches(random, &random->notes[i], addr)) print_note(&random->notes[i]);
    engine_print(random->engine);
}
