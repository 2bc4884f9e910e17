/* SPDX-License-Identifier: Apache-2.0 */
/* Descriptors of every type, as the fake engine decodes and moves them: a byte at a time, each through the gate. */
#include "fake.h"

#include <stddef.h>

#include "fake_private.h"

#define CONTROL(name) DRAY_DESCRIPTOR_CONTROL_##name##_MASK

static uint32_t type_of(const struct fake_descriptor *descriptor)
{
    return descriptor->words[3] & CONTROL(DESC_TYPE);
}

static bool has(const struct fake_descriptor *descriptor, uint32_t flag)
{
    return (descriptor->words[3] & flag) != 0u;
}

uint32_t fake_decode(unsigned number, const struct fake_descriptor *descriptor)
{
    static const uint32_t needs[8] = { [DRAY_DESC_TYPE_FILL] = DRAY_FEATURES_FILL_MASK, [DRAY_DESC_TYPE_ROWS] = DRAY_FEATURES_ROWS_MASK,
                                       [DRAY_DESC_TYPE_LIST] = DRAY_FEATURES_LISTS_MASK };
    uint32_t type = type_of(descriptor), features = fake_features();
    bool to = has(descriptor, CONTROL(TO_STREAM)), from = has(descriptor, CONTROL(FROM_STREAM)), scatter = has(descriptor, CONTROL(SCATTER));
    bool list = type == DRAY_DESC_TYPE_LIST, copy = type == DRAY_DESC_TYPE_LINEAR, rows = type == DRAY_DESC_TYPE_ROWS;

    if (!(copy || rows || list || type == DRAY_DESC_TYPE_FILL || type == DRAY_DESC_TYPE_LINK)) return DRAY_CAUSE_TYPE;
    if ((features & needs[type]) != needs[type] || has(descriptor, CONTROL(TWO_SLOT)) != rows || (scatter && !list)) return DRAY_CAUSE_TYPE;
    if (rows && (descriptor->second[3] & 7u) != 0u) return DRAY_CAUSE_TYPE;
    if (has(descriptor, CONTROL(WRITE_BACK)) && (fake.channels[number].control & DRAY_CHANNEL_CONTROL_CYCLIC_MASK) != 0u) return DRAY_CAUSE_TYPE;
    if (to && (from || !(copy || (list && !scatter)) || (features >> DRAY_FEATURES_STREAMS_OUT_SHIFT >> number & 1u) == 0u)) return DRAY_CAUSE_TYPE;
    if (from && (!copy || (features >> DRAY_FEATURES_STREAMS_IN_SHIFT >> number & 1u) == 0u)) return DRAY_CAUSE_TYPE;
    if (descriptor->words[2] == 0u || (rows && descriptor->second[3] >> DRAY_SECOND_COUNT_ROWS_SHIFT == 0u)) return DRAY_CAUSE_LENGTH;
    if (list && (descriptor->words[scatter ? 1 : 0] % 8u != 0u)) return DRAY_CAUSE_ADDRESS;
    return DRAY_CAUSE_NONE;
}

static bool word_at(unsigned number, uint32_t at, uint32_t *word)
{
    *word = 0;
    for (uint32_t i = 0; i < 4u; i++) {
        uint8_t byte;
        if (!fake_access(number, (uint64_t)at + i, false, &byte)) return false;
        *word |= (uint32_t)byte << 8u * i;
    }
    return true;
}

/* Address of byte @p offset of what a list names. @return false: behind its end, or the list was refused */
static bool in_list(unsigned number, uint32_t list, uint32_t elements, uint32_t offset, uint32_t *address)
{
    for (; elements != 0u; elements--, list += DRAY_ELEMENT_BYTES) {
        uint32_t length;
        if (!word_at(number, list, address) || !word_at(number, list + DRAY_ELEMENT_LENGTH, &length)) return false;
        *address += offset;
        if (offset < length) return true;
        offset -= length;
    }
    return false;
}

/* Address of byte @p offset on one side: 0 source, 1 destination. @return false: there is none */
static bool place(unsigned number, const struct fake_descriptor *descriptor, unsigned side, uint32_t offset, uint32_t *address)
{
    const uint32_t *words = descriptor->words;
    if (type_of(descriptor) == DRAY_DESC_TYPE_ROWS) {
        *address = words[side] + offset / words[2] * descriptor->second[side] + offset % words[2];
        return offset / words[2] < descriptor->second[3] >> DRAY_SECOND_COUNT_ROWS_SHIFT;
    }
    if (type_of(descriptor) == DRAY_DESC_TYPE_LIST && has(descriptor, CONTROL(SCATTER)) == (side == 1u)) {
        return in_list(number, words[side], words[2], offset, address);
    }
    *address = words[side] + offset;
    return type_of(descriptor) == DRAY_DESC_TYPE_LIST || offset < words[2];
}

/* @return false: refused */
static bool take(unsigned number, const struct fake_descriptor *descriptor, uint32_t from, uint32_t offset, uint8_t *byte)
{
    struct fake_channel *channel = &fake.channels[number];
    if (has(descriptor, CONTROL(FROM_STREAM))) {
        *byte = channel->packet_next++;
        channel->packet_left--;
        return true;
    }
    if (type_of(descriptor) != DRAY_DESC_TYPE_FILL) return fake_access(number, from, false, byte);
    *byte = (uint8_t)(descriptor->words[0] >> 8u * (offset % 4u));
    return true;
}

uint32_t fake_move(unsigned number, const struct fake_descriptor *descriptor, uint32_t *moved, bool *packet_end)
{
    struct fake_channel *channel = &fake.channels[number];
    bool failing = fake.fail_in == 0, from_stream = has(descriptor, CONTROL(FROM_STREAM));
    uint32_t from, to;
    if (fake.fail_in >= 0) fake.fail_in--;
    for (*moved = 0; place(number, descriptor, 0, *moved, &from) && place(number, descriptor, 1, *moved, &to); (*moved)++) {
        uint8_t byte;
        if (from_stream && channel->packet_left == 0u) break;
        if (failing && *moved == fake.fail_moved) return fake.fail_cause;
        if (!take(number, descriptor, from, *moved, &byte)) return DRAY_CAUSE_FAULT;
        if (has(descriptor, CONTROL(TO_STREAM))) channel->streamed++;
        else if (!fake_access(number, to, true, &byte)) return DRAY_CAUSE_FAULT;
        fake.bytes_moved++;
    }
    *packet_end = from_stream && channel->packet_left == 0u;
    return failing ? fake.fail_cause : DRAY_CAUSE_NONE;
}
