// SPDX-License-Identifier: Apache-2.0
//
// The types of descriptors: when each makes no sense, and which bytes it moves.
//
// A new type is one line of the table, and its functions.
#include "reference_private.h"

bool reference_beyond(const struct reference *reference, uint64_t addr)
{
    return addr >> reference->parameters.addr_w != 0;
}

// A word-aligned build moves whole beats from and to whole beats.
bool reference_misfits(const struct reference *reference, uint64_t value)
{
    return !reference->parameters.bytes && value % reference->width != 0;
}

// What a second slot has beside addresses and its generation is of rows.
uint32_t reference_bare_second(const struct reference *reference, const struct place *place,
                               const struct reference_descriptor *descriptor)
{
    (void)reference, (void)place;
    bool bare = (descriptor->count & ~(uint32_t)DRAY_SECOND_COUNT_GENERATION_MASK) == 0 && descriptor->source_stride == 0 &&
                descriptor->destination_stride == 0;
    return bare ? 0 : reference_bit(DRAY_CAUSE_TYPE);
}

// ---- linear: one source, one destination

static uint32_t linear_check(const struct reference *reference, const struct place *place,
                             const struct reference_descriptor *descriptor)
{
    (void)place;
    uint32_t causes = 0;
    if (descriptor->length == 0 || reference_misfits(reference, descriptor->length)) causes |= reference_bit(DRAY_CAUSE_LENGTH);
    bool from = reference_from_stream(descriptor); // its source word means nothing
    if (!from && (reference_beyond(reference, descriptor->source) || reference_misfits(reference, descriptor->source)))
        causes |= reference_bit(DRAY_CAUSE_ADDRESS);
    if (reference_to_stream(descriptor)) return causes;
    if (reference_beyond(reference, descriptor->destination) || reference_misfits(reference, descriptor->destination))
        causes |= reference_bit(DRAY_CAUSE_ADDRESS);
    return causes;
}

static bool linear_piece(const struct reference *reference, unsigned channel, const struct reference_descriptor *descriptor,
                         unsigned n, struct piece *piece)
{
    (void)reference, (void)channel;
    *piece = (struct piece){ .source      = descriptor->source,
                             .destination = reference_to_stream(descriptor) ? 0 : descriptor->destination,
                             .count       = descriptor->length };
    return n == 0;
}

// ---- fill: the source word itself, over and over

static uint32_t fill_check(const struct reference *reference, const struct place *place, const struct reference_descriptor *descriptor)
{
    (void)place;
    uint32_t causes = 0;
    if (!reference->parameters.fill || reference_to_stream(descriptor) || reference_from_stream(descriptor))
        causes |= reference_bit(DRAY_CAUSE_TYPE);
    if (descriptor->length == 0 || reference_misfits(reference, descriptor->length)) causes |= reference_bit(DRAY_CAUSE_LENGTH);
    if (reference_beyond(reference, descriptor->destination) || reference_misfits(reference, descriptor->destination))
        causes |= reference_bit(DRAY_CAUSE_ADDRESS);
    return causes;
}

static bool fill_piece(const struct reference *reference, unsigned channel, const struct reference_descriptor *descriptor,
                       unsigned n, struct piece *piece)
{
    (void)reference, (void)channel;
    *piece = (struct piece){
        .source = (uint32_t)descriptor->source, .destination = descriptor->destination, .count = descriptor->length, .fills = true,
    };
    return n == 0;
}

// ---- rows: two slots; as many times one source and one destination, from stride to stride

static uint32_t rows_check(const struct reference *reference, const struct place *place, const struct reference_descriptor *descriptor)
{
    uint32_t causes = linear_check(reference, place, descriptor);
    if (!reference->parameters.rows || reference_to_stream(descriptor) || reference_from_stream(descriptor))
        causes |= reference_bit(DRAY_CAUSE_TYPE);
    return causes;
}

static uint32_t rows_check_second(const struct reference *reference, const struct place *place,
                                  const struct reference_descriptor *descriptor)
{
    (void)place;
    uint32_t causes = 0;
    if (descriptor->count & ~(uint32_t)(DRAY_SECOND_COUNT_ROWS_MASK | DRAY_SECOND_COUNT_GENERATION_MASK))
        causes |= reference_bit(DRAY_CAUSE_TYPE);
    if ((descriptor->count & DRAY_SECOND_COUNT_ROWS_MASK) == 0) causes |= reference_bit(DRAY_CAUSE_LENGTH);
    if (reference_misfits(reference, descriptor->source_stride) ||
        reference_misfits(reference, descriptor->destination_stride))
        causes |= reference_bit(DRAY_CAUSE_ADDRESS);
    return causes;
}

// Before address 0 is as far out as it gets.
static uint64_t row_addr(uint64_t start, uint32_t stride, unsigned n)
{
    return (uint64_t)((int64_t)start + (int64_t)(int32_t)stride * (int64_t)n);
}

static bool rows_piece(const struct reference *reference, unsigned channel, const struct reference_descriptor *descriptor,
                       unsigned n, struct piece *piece)
{
    (void)reference, (void)channel;
    *piece = (struct piece){ .source      = row_addr(descriptor->source, descriptor->source_stride, n),
                             .destination = row_addr(descriptor->destination, descriptor->destination_stride, n),
                             .count       = descriptor->length };
    return n < descriptor->count >> DRAY_SECOND_COUNT_ROWS_SHIFT;
}

// ---- link: moves nothing, and the descriptors at its target come next

static uint32_t link_check(const struct reference *reference, const struct place *place,
                           const struct reference_descriptor *descriptor)
{
    uint32_t causes = 0;
    if (descriptor->length == 0) causes |= reference_bit(DRAY_CAUSE_LENGTH);
    if (reference_beyond(reference, descriptor->source) || descriptor->source % REFERENCE_SLOT != 0)
        causes |= reference_bit(DRAY_CAUSE_ADDRESS);
    if (place->in_segment && place->left != 1 && !reference_says_two(descriptor)) causes |= reference_bit(DRAY_CAUSE_TYPE);
    if (reference_to_stream(descriptor) || reference_from_stream(descriptor)) causes |= reference_bit(DRAY_CAUSE_TYPE);
    return causes;
}

static uint32_t link_check_second(const struct reference *reference, const struct place *place,
                                  const struct reference_descriptor *descriptor)
{
    uint32_t causes = reference_bare_second(reference, place, descriptor);
    if (place->in_segment && place->left != 2) causes |= reference_bit(DRAY_CAUSE_TYPE);
    return causes;
}

static bool link_piece(const struct reference *reference, unsigned channel, const struct reference_descriptor *descriptor,
                       unsigned n, struct piece *piece)
{
    (void)reference, (void)channel, (void)descriptor, (void)n, (void)piece;
    return false;
}

// ----

static const struct reference_type linear = { .check = linear_check, .piece = linear_piece, .check_second = reference_bare_second };
static const struct reference_type fill   = { .check = fill_check, .piece = fill_piece, .check_second = reference_bare_second };
static const struct reference_type rows   = { .check = rows_check, .piece = rows_piece, .check_second = rows_check_second, .two_always = true };
static const struct reference_type a_link = { .check = link_check, .piece = link_piece, .check_second = link_check_second, .leads_away = true };

static const struct reference_type *const types[8] = {
    [DRAY_DESC_TYPE_LINEAR] = &linear,
    [DRAY_DESC_TYPE_FILL]   = &fill,
    [DRAY_DESC_TYPE_ROWS]   = &rows,
    [DRAY_DESC_TYPE_LIST]   = &reference_list,
    [DRAY_DESC_TYPE_LINK]   = &a_link,
};

const struct reference_type *reference_type(uint32_t type)
{
    return types[type & 7u];
}

bool reference_type_known(uint32_t type)
{
    return reference_type(type) != NULL;
}
