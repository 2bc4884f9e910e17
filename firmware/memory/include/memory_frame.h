/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file memory_frame.h
 * The frame pool: who owns each frame of host memory, how often it is pinned, and which is next.
 *
 * Frames of clients are handed out in a fixed scattered order: of a fresh pool, two pages that are taken one after the
 * other never lie side by side, so a list of one element for two pages is a bug that shows. One that was freed is the
 * next to be handed out. Common frames are contiguous
 * runs from the lowest addresses, for what an engine with a short reach must see.
 *
 * A frame that is freed is filled with the poison pattern, so that who uses it afterwards reads nonsense.
 */
#ifndef MEMORY_FRAME_H
#define MEMORY_FRAME_H

#include <stdbool.h>
#include <stdint.h>

#include "memory_status.h"

/** Word that fills a free frame; the low half is the frame number. */
#define MEMORY_POISON 0xdead0000u

/** No frame. */
#define MEMORY_FRAME_NONE 0xffffu

/** Who owns a frame. */
enum memory_owner {
    MEMORY_OWNER_FREE        = 0,
    MEMORY_OWNER_PAGE        = 1, /**< resident page of a client */
    MEMORY_OWNER_LOADING     = 2, /**< taken for a page whose content is on its way */
    MEMORY_OWNER_QUARANTINED = 3, /**< the engine may still write it: never used again */
};

/** Bus address of a frame. [any] */
static inline uint32_t memory_frame_bus(uint32_t frame)
{
    return SOC_BUS_HOST + frame * MEMORY_PAGE_BYTES;
}

/** Frame that a bus address of host memory lies in. [any] */
static inline uint32_t memory_frame_of_bus(uint32_t bus)
{
    return (bus - SOC_BUS_HOST) / MEMORY_PAGE_BYTES;
}

/** Owner of a frame of clients; FREE for any other number. [any] */
enum memory_owner memory_frame_owner(uint32_t frame);

/** Pin count of a frame of clients; 0 for any other number. [any] */
uint32_t memory_frame_pins(uint32_t frame);

/** Frames of clients that are free. [any] */
uint32_t memory_frames_free(void);

/**
 * Takes frames away for good: the engine may still write them, because a SYNC or a posted flush did not end. They leave
 * their page (whose last content in the store, or zeroes, is what the client finds) when their last pin goes.
 *
 * @param bus    any address in the frame, host memory
 * @return true: it was a frame of clients, or a common frame
 *
 * Contract 3.10 as amended. [<= dispatch]
 */
bool memory_frame_quarantine(uint32_t bus);

/**
 * Takes a contiguous run of common frames: common buffers, rings, bounce pages.
 *
 * @param bytes      1 .. ; rounded up to whole frames
 * @param bus_limit  the run ends at or below this bus address; 0xffffffff for no limit
 * @return bus address, aligned to MEMORY_PAGE_BYTES; 0 when there is no such run. Content: zero.
 *
 * [<= dispatch]
 */
uint32_t memory_common_take(uint32_t bytes, uint32_t bus_limit);

/**
 * Gives a run back, with what memory_common_take() was asked for and returned. Quarantined frames in it stay away.
 *
 * @return false: not such a run; nothing was changed
 *
 * [<= dispatch]
 */
bool memory_common_give(uint32_t bus, uint32_t bytes);

#endif
