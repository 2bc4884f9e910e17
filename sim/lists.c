// SPDX-License-Identifier: Apache-2.0
//
// Writes lists, and what they move into the expected image.
#include "lists.h"

void list_add(struct list *list, uint32_t addr, uint32_t length)
{
    list->elements[list->count].addr     = addr;
    list->elements[list->count++].length = length;
}

uint32_t list_total(const struct list *list, unsigned elements)
{
    uint32_t sum = 0;
    for (unsigned i = 0; i < elements; i++) sum += list->elements[i].length;
    return sum;
}

void list_expect(struct engine *engine, const struct list *list, unsigned elements)
{
    for (unsigned i = 0; i < elements; i++) {
        uint32_t other = list->other + list_total(list, i), piece = list->elements[i].addr, length = list->elements[i].length;
        testing_expect_copy(engine, list->side == GATHER ? piece : other, list->side == GATHER ? other : piece, length);
    }
}

struct descriptor list_write(struct engine *engine, const struct list *list)
{
    for (unsigned i = 0; i < list->count; i++)
        element_write(engine, list->at + i * ELEMENT_BYTES, list->elements[i].addr, list->elements[i].length);
    return (struct descriptor){ .type = DRAY_DESC_TYPE_LIST, .length = list->count,
                                .source      = list->side == GATHER ? list->at : list->other,
                                .destination = list->side == GATHER ? list->other : list->at,
                                .flags       = list->side == GATHER ? 0 : DESCRIPTOR_SCATTER };
}

uint16_t list_put(struct ring *ring, const struct list *list)
{
    struct descriptor one = list_write(ring->engine, list);
    list_expect(ring->engine, list, list->count);
    return ring_put(ring, &one);
}
