/* SPDX-License-Identifier: Apache-2.0 */
#include "packet_list.h"

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>

#define LINE_4GIB (UINT64_C(1) << 32)

static uint32_t least(uint32_t a, uint64_t b)
{
    return a < b ? a : (uint32_t)b;
}

uint32_t packet_chunk(uint32_t page_offset, uint32_t wanted_bytes, uint32_t maximum_bytes, uint32_t registers,
                      uint32_t page_bytes)
{
    assert(page_offset < page_bytes);
    if (registers == 0u) return 0u;
    return least(least(wanted_bytes, maximum_bytes), (uint64_t)registers * page_bytes - page_offset);
}

uint32_t packet_fragment(uint32_t maximum_bytes, uint32_t registers, uint32_t page_bytes)
{
    assert(registers >= 2u);
    return least(maximum_bytes, (uint64_t)(registers - 1u) * page_bytes);
}

uint32_t packet_granular(uint32_t length_bytes, uint32_t wanted_bytes, uint32_t granularity_bytes)
{
    if (granularity_bytes <= 1u || length_bytes >= wanted_bytes) return length_bytes;
    return length_bytes - length_bytes % granularity_bytes;
}

/* The narrower of what was declared and the 4 GiB line: engines count addresses in 32 bits. */
static uint64_t boundary_of(const struct packet_list *list)
{
    return list->boundary_bytes != 0u && list->boundary_bytes < LINE_4GIB ? list->boundary_bytes : LINE_4GIB;
}

static bool merges(const struct packet_list *list, uint64_t address, uint32_t length_bytes)
{
    if (list->open_bytes == 0u || list->address + list->open_bytes != address) return false;
    uint64_t crossed = list->address ^ (address + length_bytes - 1u);
    if (crossed >= boundary_of(list)) return false; /* a power of two: an address bit from it upwards has changed */
    uint64_t together = (uint64_t)list->open_bytes + length_bytes;
    return together <= (list->element_bytes_max != 0u ? list->element_bytes_max : UINT32_MAX);
}

/* How much of a fragment one element can hold. */
static uint32_t piece_of(const struct packet_list *list, uint64_t address, uint32_t length_bytes)
{
    uint64_t boundary = boundary_of(list);
    uint32_t piece = least(length_bytes, boundary - (address & (boundary - 1u)));
    return list->element_bytes_max != 0u ? least(piece, list->element_bytes_max) : piece;
}

void packet_list_end(struct packet_list *list)
{
    if (list->open_bytes == 0u) return;
    if (list->emit != NULL) list->emit(list->context, list->elements - 1u, list->address, list->open_bytes);
    list->open_bytes = 0;
}

uint32_t packet_list_add(struct packet_list *list, uint64_t address, uint32_t length_bytes)
{
    assert(list != NULL && length_bytes != 0u);

    uint32_t done = 0;
    while (done < length_bytes) {
        uint32_t piece = piece_of(list, address + done, length_bytes - done);
        if (merges(list, address + done, piece)) {
            list->open_bytes += piece;
        } else {
            if (list->elements_max != 0u && list->elements == list->elements_max) break;
            packet_list_end(list);
            list->elements++;
            list->address = address + done;
            list->open_bytes = piece;
        }
        done += piece;
    }
    list->bytes += done;
    return done;
}
