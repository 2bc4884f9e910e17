/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file packet_list.h
 * The arithmetic of packets: how long one is, and which elements it has. Pure; the oracle's numbers are its tests.
 *
 *     struct packet_list list = { .elements_max = 16 };
 *     packet_list_add(&list, 0x7100, 0xf00);       // neighbours become one element
 *     packet_list_add(&list, 0x8000, 0x1000);
 *     packet_list_end(&list);                      // list.elements 1, list.bytes 0x1f00
 */
#ifndef PACKET_LIST_H
#define PACKET_LIST_H

#include <stdint.h>

/** min(wanted, maximum, registers * page - page_offset): STA-11. @param page_offset below @p page_bytes. [any] */
uint32_t packet_chunk(uint32_t page_offset, uint32_t wanted_bytes, uint32_t maximum_bytes, uint32_t registers,
                      uint32_t page_bytes);

/** The same as KMDF has it, with one register kept back: WEN-05. @param registers at least 2. [any] */
uint32_t packet_fragment(uint32_t maximum_bytes, uint32_t registers, uint32_t page_bytes);

/** Cut a length that is less than wanted down to a multiple of @p granularity_bytes; 0 is none: STA-12. [any] */
uint32_t packet_granular(uint32_t length_bytes, uint32_t wanted_bytes, uint32_t granularity_bytes);

/** Builds a list element by element. Set the first block, zero the rest. */
struct packet_list {
    uint32_t elements_max;      /**< 0: no limit */
    uint32_t element_bytes_max; /**< 0: no limit */
    uint64_t boundary_bytes;    /**< no element crosses a multiple of it; a power of two; 0: 4 GiB, as for every larger one */
    void (*emit)(void *context, uint32_t index, uint64_t address, uint32_t length_bytes); /**< NULL: only count */
    void *context;

    uint32_t elements;          /**< begun */
    uint32_t bytes;             /**< accepted */
    uint64_t address;           /* of the element that is still open */
    uint32_t open_bytes;
};

/**
 * Add a contiguous fragment: part of a page.
 *
 * Merged with the element before when that ends where this begins and no limit forbids it; cut where it is itself too
 * long or crosses the boundary.
 *
 * @return bytes accepted; less than @p length_bytes when elements_max was reached
 *
 * Spec SGL-03..05, SGL-08. [any]
 */
uint32_t packet_list_add(struct packet_list *list, uint64_t address, uint32_t length_bytes);

/** Emit the last element. [any] */
void packet_list_end(struct packet_list *list);

#endif
