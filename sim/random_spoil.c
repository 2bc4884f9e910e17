// SPDX-License-Identifier: Apache-2.0
//
// What is wrong with a random descriptor: in its words, in its elements, or on the bus.
#include "random_private.h"

// Two faults never stand in one burst, so that it is known which of them the burst meets.
static bool is_apart(const struct random_case *random, enum memory_direction direction, uint64_t first, uint64_t last)
{
    uint64_t bound = random_bound(random);
    for (unsigned i = 0; i < random->fault_count; i++) {
        const struct memory_fault *other = &random->faults[i];
        if (other->direction == direction && first / bound <= other->last / bound && last / bound >= other->first / bound)
            return false;
    }
    return true;
}

// A fault of whole beats that touches a byte of [addr, addr + count), a logical address of the channel.
static void random_fault(struct random_case *random, unsigned channel, enum memory_direction direction, uint64_t addr, uint32_t count)
{
    uint64_t width = random->engine->width_bytes, physical;
    if (random->fault_count == MEMORY_FAULTS) return;
    if (!reference_reach(random->reference, channel, direction, addr + random_below(random, count), &physical)) return;
    uint64_t first = physical / width * width, last = first + width * (1 + random_below(random, 3)) - 1;
    if (first < random_base(random) || !is_apart(random, direction, first, last)) return;
    random->faults[random->fault_count++] = (struct memory_fault){ .direction = direction,
                                                                   .first     = first,
                                                                   .last      = last,
                                                                   .count     = ~0u,
                                                                   .resp      = random_below(random, 2) ? BUS_SLVERR : BUS_DECERR,
                                                                   .beat      = MEMORY_BEATS_HIT };
}

static void random_slot_fault(struct random_case *random, unsigned channel, enum memory_direction direction, uint64_t slot)
{
    uint64_t first, last;
    if (!reference_reach(random->reference, channel, direction, slot, &first)) return;
    last = first + SLOT_BYTES - 1u;
    if (random->fault_count == MEMORY_FAULTS || !is_apart(random, direction, first, last)) return;
    random->faults[random->fault_count++] = (struct memory_fault){
        .direction = direction, .first = first, .last = last, .count = ~0u,
        .resp = random_below(random, 2) ? BUS_SLVERR : BUS_DECERR, .beat = MEMORY_BEATS_HIT,
    };
}

bool random_spoil_element(struct random_case *random, unsigned channel, bool scatters, uint64_t at, uint64_t *piece, uint32_t *length)
{
    switch (random_below(random, 6)) {
    case 0: *length = 0; return true;
    case 1:
    case 2: random_fault(random, channel, MEMORY_READ, at, ELEMENT_BYTES); break;
    case 3: random_fault(random, channel, scatters ? MEMORY_WRITE : MEMORY_READ, *piece, *length); break;
    case 4: *piece = (*piece >> 32 << 32) + 0x90000000u + random_below(random, 1 << 20); return true;
    default: *length = 0xffffffffu - random_below(random, 1000); break; // on and on, until the gate ends it
    }
    return false;
}

// A bit of the address's high half: nobody may go there, where the side has an address.
static bool turn_high(struct random_case *random, const struct descriptor *made, uint32_t turned[2])
{
    bool streams = (made->flags & (DESCRIPTOR_TO_STREAM | DESCRIPTOR_FROM_STREAM)) != 0;
    if (random_is_wide(random) && !random->engine->parameters->gate) return false; // nothing is there
    turned[0] ^= 1u << random_below(random, 32);
    return made->type == DRAY_DESC_TYPE_ROWS || (made->type == DRAY_DESC_TYPE_LINEAR && !streams);
}

// Of one that has nothing but address bits there.
static bool spoil_bare(struct random_case *random, unsigned channel, uint64_t second, struct descriptor *made, uint32_t turned[2])
{
    switch (random_below(random, 8)) {
    case 0: made->rows = 1 + random_below(random, 4); return true;
    case 1: turned[1] ^= DRAY_SECOND_COUNT_GENERATION_MASK; return true;
    case 2: turned[1] ^= 1u << (random_below(random, 2) ? random_below(random, 4) : 5 + random_below(random, 11)); return true;
    case 3: made->source_stride = 1 << random_below(random, 30); return true;
    case 4: made->destination_stride = 1 << random_below(random, 30); return true;
    case 5: random_slot_fault(random, channel, MEMORY_READ, second); return false;
    default: return turn_high(random, made, turned);
    }
}

bool random_spoil_second(struct random_case *random, unsigned channel, uint64_t second, struct descriptor *made, uint32_t turned[2])
{
    if (made->type != DRAY_DESC_TYPE_ROWS) return spoil_bare(random, channel, second, made, turned);
    switch (random_below(random, 9)) {
    case 0: made->rows = 0; return true;
    case 1: turned[1] ^= DRAY_SECOND_COUNT_GENERATION_MASK; return true;
    case 2: turned[1] ^= 1u << random_below(random, 4); return true;
    case 3: turned[1] ^= 1u << (5 + random_below(random, 11)); return true;
    case 4: return turn_high(random, made, turned);
    case 5: random_slot_fault(random, channel, MEMORY_READ, second); return false;
    case 6: random_slot_fault(random, channel, MEMORY_WRITE, second); return false; // nobody writes there
    case 7: // the second row begins before the first address, or behind the last
        made->source_stride = INT32_MIN;
        return made->rows > 1;
    default:
        if (!random->engine->parameters->gate) return false; // nothing would end it below the last address
        made->destination_stride = INT32_MAX;
        return made->rows > 1;
    }
}

bool random_spoil(struct random_case *random, unsigned channel, uint64_t slot, struct descriptor *made, uint32_t *turned)
{
    bool comes  = (made->flags & DESCRIPTOR_FROM_STREAM) != 0, rows = made->type == DRAY_DESC_TYPE_ROWS;
    bool copies = made->type == DRAY_DESC_TYPE_LINEAR && !comes, streams = (made->flags & DESCRIPTOR_TO_STREAM) != 0;
    bool writes = made->type != DRAY_DESC_TYPE_LINK && !streams;
    uint32_t type, row, reserved = random->engine->parameters->stream_in >> channel & 1 ? 10 : 9; // the first such bit
    switch (random_below(random, 13)) {
    case 0: made->length = 0; return true;
    case 1:
        do type = random_below(random, 8);
        while (random_type_known(random, type));
        *turned |= made->type ^ type;
        return true;
    case 2:
        *turned |= 1u << (random_below(random, 2) ? reserved + random_below(random, 16 - reserved) : 28 + random_below(random, 4));
        if (made->type == DRAY_DESC_TYPE_LIST) *turned ^= *turned & DESCRIPTOR_SCATTER ? DESCRIPTOR_SCATTER | 1u << 11 : 0;
        return true;
    case 3: *turned |= DRAY_DESCRIPTOR_CONTROL_GENERATION_MASK; return true;
    case 4: // where any may have a second slot, one that takes another's is not wrong at once
        if (random_is_wide(random) && !(made->flags & DESCRIPTOR_TWO_SLOT)) return false;
        *turned |= DRAY_DESCRIPTOR_CONTROL_TWO_SLOT_MASK;
        return true;
    case 5: random_slot_fault(random, channel, MEMORY_READ, slot); break;
    case 6: random_slot_fault(random, channel, MEMORY_WRITE, slot); break;
    case 7:
    case 8:
        row = rows ? random_below(random, made->rows) : 0;
        if (copies || rows) random_fault(random, channel, MEMORY_READ, random_row(made->source, made->source_stride, row), made->length);
        break;
    case 9:
    case 10:
        row = rows ? random_below(random, made->rows) : 0;
        if (writes) random_fault(random, channel, MEMORY_WRITE, random_row(made->destination, made->destination_stride, row), made->length);
        break;
    case 11: // on and on, until the gate ends it
        if (!copies || !random->engine->parameters->gate || made->source >= random_source(random) + RANDOM_SOURCE_LEN) return false;
        made->length = 0xffffffffu - random_below(random, 1000);
        if (!streams) random_permit(random, channel, made->destination, RANDOM_TARGET_LEN);
        return true;
    default:
        if (copies && random->engine->parameters->gate) made->source = 0x90000000u + random_below(random, 1 << 20);
        if (copies && !random->engine->parameters->bytes) made->source |= 1;
        return copies && (random->engine->parameters->gate || !random->engine->parameters->bytes);
    }
    return false;
}
