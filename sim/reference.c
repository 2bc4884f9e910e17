// SPDX-License-Identifier: Apache-2.0
//
// The bytes of the reference model: its image, those that may be either of two, and the errors of the bus.
#include "reference_private.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

// A byte of `either`; the last where two writes behind each other failed, which random cases hardly ever do.
enum { CERTAIN, ONE_OF_TWO, ANYTHING };

struct reference *reference_new(const struct model_parameters *parameters, uint64_t base, size_t size_bytes)
{
    struct reference *reference = calloc(1, sizeof *reference);
    if (reference == NULL) abort();
    reference->parameters = *parameters;
    reference->base       = base;
    reference->size_bytes = size_bytes;
    reference->width      = parameters->data_w / 8;
    reference->bound      = reference->width * parameters->burst_beats;
    if (reference->bound > 1u << parameters->page_lg) reference->bound = 1u << parameters->page_lg;
    reference->image  = calloc(1, size_bytes);
    reference->other  = calloc(1, size_bytes);
    reference->either = calloc(1, size_bytes);
    reference->guard  = calloc(parameters->guard_frames, MODEL_CHANNELS_MAX);
    reference->held   = calloc(size_bytes / REFERENCE_HELD, sizeof *reference->held);
    if (!reference->image || !reference->other || !reference->either || !reference->guard || !reference->held) abort();
    return reference;
}

void reference_free(struct reference *reference)
{
    if (reference == NULL) return;
    for (unsigned i = 0; i < MODEL_CHANNELS_MAX; i++) free(reference->channels[i].stream.bytes);
    free(reference->image);
    free(reference->other);
    free(reference->either);
    free(reference->guard);
    free(reference->held);
    free(reference);
}

void reference_counts_add(struct reference_counts *sum, const struct reference_counts *more)
{
    sum->done += more->done;
    sum->failed += more->failed;
    sum->stopped += more->stopped;
    sum->cut += more->cut;
    sum->movers += more->movers;
    sum->brief += more->brief;
    sum->bytes += more->bytes;
    for (unsigned i = 0; i < REFERENCE_CAUSES; i++) sum->halts[i] += more->halts[i];
}

const struct reference_counts *reference_counts(const struct reference *reference)
{
    return &reference->counts;
}

bool reference_holds(const struct reference *reference, uint64_t addr, uint64_t count)
{
    uint64_t offset = addr - reference->base;
    return offset < reference->size_bytes && count <= reference->size_bytes - offset;
}

uint8_t *reference_at(struct reference *reference, uint64_t addr, size_t len_bytes)
{
    assert(reference_holds(reference, addr, len_bytes));
    uint64_t from = addr - reference->base;
    for (uint64_t page = from / REFERENCE_HELD; page * REFERENCE_HELD < from + len_bytes; page++) reference->held[page] = true;
    return reference->image + from;
}

uint32_t reference_word(struct reference *reference, uint64_t addr)
{
    const uint8_t *at = reference_at(reference, addr, 4);
    return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

void reference_set_word(struct reference *reference, uint64_t addr, uint32_t value)
{
    const uint8_t bytes[4] = { (uint8_t)value, (uint8_t)(value >> 8), (uint8_t)(value >> 16), (uint8_t)(value >> 24) };
    reference_put(reference, addr, bytes, 4);
}

void reference_put(struct reference *reference, uint64_t addr, const uint8_t *bytes, size_t count)
{
    memmove(reference_at(reference, addr, count), bytes, count);
    memset(reference->either + (addr - reference->base), CERTAIN, count);
}

void reference_put_maybe(struct reference *reference, uint64_t addr, const uint8_t *bytes, size_t count)
{
    uint64_t from = addr - reference->base;
    assert(reference_holds(reference, addr, count) && reference->maybe_count < REFERENCE_RANGES);
    (void)reference_at(reference, addr, count);
    for (size_t i = 0; i < count; i++) reference->either[from + i] = reference->either[from + i] ? ANYTHING : ONE_OF_TWO;
    memcpy(reference->other + from, bytes, count);
    reference->maybe[reference->maybe_count++] = (struct reference_range){ addr, count };
}

size_t reference_compare(struct reference *reference, const uint8_t *image, uint64_t *addr)
{
    for (unsigned i = 0; i < reference->maybe_count; i++) {
        uint64_t from = reference->maybe[i].first - reference->base;
        for (uint64_t at = from; at < from + reference->maybe[i].count; at++) {
            bool other = reference->either[at] == ONE_OF_TWO && image[at] == reference->other[at];
            if (other || reference->either[at] == ANYTHING) reference->image[at] = image[at];
            reference->either[at] = CERTAIN;
        }
    }
    reference->maybe_count = 0;
    size_t different = 0;
    for (size_t page = 0; page < reference->size_bytes; page += REFERENCE_HELD) {
        if (!reference->held[page / REFERENCE_HELD] || memcmp(reference->image + page, image + page, REFERENCE_HELD) == 0) continue;
        for (size_t i = page; i < page + REFERENCE_HELD; i++)
            if (image[i] != reference->image[i] && different++ == 0) *addr = reference->base + i;
    }
    return different;
}

// ---- errors of the bus

void reference_fault_add(struct reference *reference, const struct memory_fault *fault)
{
    assert(reference->fault_count < REFERENCE_FAULTS && fault->resp != BUS_OKAY);
    reference->faults[reference->fault_count++] = *fault;
}

void reference_faults_clear(struct reference *reference)
{
    reference->fault_count = 0;
}

// The first beat of [addr, addr + count) that fails, as it touches a fault: which of the bytes it has, [*first, *end). A
// burst is made of whole beats, so a fault also hits whoever only shares its beat.
const struct memory_fault *reference_fault_at(const struct reference *reference, enum memory_direction direction, uint64_t addr,
                                              uint64_t count, uint64_t *first, uint64_t *end)
{
    const struct memory_fault *found = NULL;
    for (unsigned i = 0; i < reference->fault_count; i++) {
        const struct memory_fault *fault = &reference->faults[i];
        uint64_t from = fault->first / reference->width * reference->width;
        uint64_t to   = (fault->last / reference->width + 1) * reference->width;
        if (fault->direction != direction || to <= addr || from >= addr + count) continue;
        if (from < addr) from = addr;
        if (to > addr + count) to = addr + count;
        if (found != NULL && from >= *first) continue;
        found  = fault;
        *first = from;
        *end   = to;
    }
    return found;
}
