// SPDX-License-Identifier: Apache-2.0
//
// Lists of the reference model: each element is a piece, and an error of an element takes effect in its place.
#include "reference_private.h"

enum { LIST_MOST = 0xffff };

static bool scatters(const struct reference_descriptor *descriptor)
{
    return (descriptor->control & DRAY_DESCRIPTOR_CONTROL_SCATTER_MASK) != 0;
}

static uint64_t list_addr(const struct reference_descriptor *descriptor)
{
    return scatters(descriptor) ? descriptor->destination : descriptor->source;
}

static uint32_t list_check(const struct reference *reference, const struct place *place,
                           const struct reference_descriptor *descriptor)
{
    (void)place;
    uint32_t causes = 0;
    uint64_t other = scatters(descriptor) ? descriptor->source : descriptor->destination;
    uint64_t list      = list_addr(descriptor), end = list + (uint64_t)DRAY_ELEMENT_BYTES * descriptor->length;
    bool     to_stream = reference_to_stream(descriptor);
    if (!reference->parameters.lists || (to_stream && scatters(descriptor)) || reference_from_stream(descriptor))
        causes |= reference_bit(DRAY_CAUSE_TYPE);
    if (descriptor->length == 0 || descriptor->length > LIST_MOST) causes |= reference_bit(DRAY_CAUSE_LENGTH);
    if (list % DRAY_ELEMENT_BYTES != 0 || end > (uint64_t)1 << reference->parameters.addr_w)
        causes |= reference_bit(DRAY_CAUSE_ADDRESS);
    if (!to_stream && (reference_beyond(reference, other) || reference_misfits(reference, other)))
        causes |= reference_bit(DRAY_CAUSE_ADDRESS);
    return causes;
}

// The element at an address of the channel, and what is wrong with it. It has the low bits of its own address.
static uint32_t element(const struct reference *reference, unsigned channel, uint64_t addr, uint32_t words[2])
{
    uint64_t physical, first, end;
    uint32_t causes = 0;
    if (!reference_reach(reference, channel, MEMORY_READ, addr, &physical)) return reference_bit(DRAY_CAUSE_FAULT);
    const struct memory_fault *fault = reference_fault_at(reference, MEMORY_READ, physical, DRAY_ELEMENT_BYTES, &first, &end);
    if (fault != NULL) return reference_bus_cause(fault, DRAY_CAUSE_LIST_SLVERR, DRAY_CAUSE_LIST_DECERR);
    for (unsigned i = 0; i < 2; i++) {
        const uint8_t *at = reference->image + (physical - reference->base) + 4 * i;
        words[i] = at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
    }
    if (words[1] == 0 || reference_misfits(reference, words[1])) causes |= reference_bit(DRAY_CAUSE_LENGTH);
    if (reference_beyond(reference, words[0]) || reference_misfits(reference, words[0])) causes |= reference_bit(DRAY_CAUSE_ADDRESS);
    return causes;
}

// The other side is as far as the elements before this one say.
static bool list_piece(const struct reference *reference, unsigned channel, const struct reference_descriptor *descriptor,
                       unsigned n, struct piece *piece)
{
    uint64_t before = 0, list = list_addr(descriptor), high = list >> 32 << 32;
    uint32_t words[2] = { 0 };
    if (n >= descriptor->length) return false;
    for (unsigned i = 0; i < n; i++) {
        if (element(reference, channel, list + DRAY_ELEMENT_BYTES * i, words) != 0) return false;
        before += words[1];
    }
    *piece = (struct piece){ .count = 1, .causes = element(reference, channel, list + DRAY_ELEMENT_BYTES * n, words) };
    if (piece->causes != 0) return true;
    piece->count       = words[1];
    piece->source      = scatters(descriptor) ? descriptor->source + before : high + words[0];
    piece->destination = scatters(descriptor) ? high + words[0] : descriptor->destination + before;
    if (reference_to_stream(descriptor)) piece->destination = before;
    return true;
}

const struct reference_type reference_list = { .check = list_check, .piece = list_piece, .check_second = reference_bare_second };
