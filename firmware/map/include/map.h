/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file map.h
 * Driver of the gate: which memory the engine may touch, and through which address.
 *
 *     window   logical page n  --register n-->  physical frame, for one channel and direction
 *     guard    physical frame  --two bits a channel-->  may read, may write
 *
 *     map_init(&map, base, counts, sizeof counts);
 *     map_registers_take(&map, 5, &first);
 *     for (i = 0; i < 5; i++) map_entry_set(&map, first + i, frame[i], channel, MAP_READ);
 *     // the engine reads map_window_address(&map, first) .. + 5 pages
 *     for (i = 0; i < 5; i++) map_entry_clear(&map, first + i);
 *     map_sync_start(&map);
 *     while (!map_synced(&map)) { }          // only now are the frames free
 *     map_registers_give(&map, first, 5);
 *
 * What is cleared or closed admits nothing from the next cycle on; what was admitted before has its last
 * response when a SYNC that was started afterwards is done.
 *
 * Access is seen from the engine: MAP_READ, it reads memory. Frames are physical frame numbers.
 * Context: [thread] PASSIVE; [dispatch] callers hold DISPATCH, as the books are shared; [any].
 */
#ifndef MAP_H
#define MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dray_gate_regs.h"

/** Outcome of a call. Errors are negative; on an error nothing was changed. */
enum map_status {
    MAP_OK           = 0,
    MAP_ERR_ARGUMENT = -1, /**< a channel, register or access that does not exist */
    MAP_ERR_ABSENT   = -2, /**< no gate there, or not ready in time */
    MAP_ERR_FULL     = -3, /**< not so many consecutive registers, or a frame opened too often */
    MAP_ERR_STATE    = -4, /**< taken twice, given twice, set twice, cleared twice, or given while set */
    MAP_ERR_OUTSIDE  = -5, /**< the guard does not cover this frame */
};

/** Name of a status, for logs. Never NULL. [any] */
const char *map_status_name(enum map_status status);

/** What the engine may do; bits. */
enum map_access {
    MAP_READ       = 1,
    MAP_WRITE      = 2,
    MAP_READ_WRITE = MAP_READ | MAP_WRITE,
};

#define MAP_REGISTERS_MAX 256u
#define MAP_CHANNELS_MAX  8u

/** How often one frame can be open for one channel and direction at a time. */
#define MAP_OPEN_MAX 15u

/** Bytes of count memory that a gate of @p frames and @p channels needs. */
#define MAP_COUNT_BYTES(frames, channels) ((size_t)(frames) * (channels))

/** One gate. Allocate it statically; read the capabilities, leave the rest alone. */
struct map {
    uintptr_t base;
    uint64_t  window_base;   /**< logical address of register 0 */
    uint64_t  guard_base;    /**< physical address of the first guarded frame */
    uint64_t  guard_first;   /* its number */
    uint32_t  guard_frames;  /**< 0: no guard */
    uint32_t  page_bytes;
    uint16_t  registers;     /**< of the window, 0..MAP_REGISTERS_MAX */
    uint8_t   page_lg, channels, addr_bits;
    uint32_t  taken[MAP_REGISTERS_MAX / 32u];
    uint32_t  valid[MAP_REGISTERS_MAX / 32u];
    uint8_t  *counts; /* one byte a frame and channel: readers in the low half, writers in the high */
};

/** What the gate refused first. */
struct map_fault {
    uint64_t address;   /**< of the burst */
    uint32_t cause;     /**< DRAY_GATE_FAULT_CAUSE_* */
    uint32_t count;     /**< bursts refused since reset, modulo 65536 */
    uint8_t  channel;
    enum map_access access;
};

/**
 * Attach to the gate at @p base; all registers invalid, every guarded frame closed.
 *
 * @param counts       counts[count_bytes], kept for ever; may be NULL for a gate without a guard
 * @param count_bytes  at least MAP_COUNT_BYTES of this gate
 * @return MAP_OK; MAP_ERR_ABSENT if no gate answers or it is not ready after its reset; MAP_ERR_ARGUMENT for
 *         too little count memory. On an error @p map is unchanged.
 *
 * Spec MAP-05. [thread]
 */
enum map_status map_init(struct map *map, uintptr_t base, uint8_t *counts, size_t count_bytes);

/**
 * Take @p count consecutive registers, the lowest that are free.
 *
 * @return MAP_OK, then *first is the lowest; MAP_ERR_FULL; MAP_ERR_ARGUMENT for a count of zero
 *
 * Spec MAP-01, MAP-05. [dispatch]
 */
enum map_status map_registers_take(struct map *map, unsigned count, unsigned *first);

/**
 * Give back exactly what map_registers_take() gave, every register cleared before.
 *
 * @return MAP_OK; MAP_ERR_ARGUMENT; MAP_ERR_STATE if one is not taken or still set
 *
 * Spec MAP-04, MAP-19. [dispatch]
 */
enum map_status map_registers_give(struct map *map, unsigned first, unsigned count);

/** Longest run of consecutive free registers. [dispatch] */
unsigned map_registers_free(const struct map *map);

/**
 * Alias logical page @p reg to @p frame for one channel, from the next cycle on.
 *
 * @return MAP_OK; MAP_ERR_ARGUMENT; MAP_ERR_STATE if the register is not taken or already set
 *
 * Spec MAP-01, MAP-04. [dispatch]
 */
enum map_status map_entry_set(struct map *map, unsigned reg, uint64_t frame, unsigned channel, enum map_access access);

/** Close register @p reg: an access faults. @return MAP_OK, MAP_ERR_ARGUMENT, MAP_ERR_STATE if it is not set. Spec MAP-05. [dispatch] */
enum map_status map_entry_clear(struct map *map, unsigned reg);

/** Logical address of register @p reg. [any] */
uint64_t map_window_address(const struct map *map, unsigned reg);

/** True if the guard covers @p frame. [any] */
bool map_guarded(const struct map *map, uint64_t frame);

/**
 * Let @p channel touch @p frame once more; the gate learns of the first opening of each direction only.
 *
 * @return MAP_OK; MAP_ERR_ARGUMENT; MAP_ERR_OUTSIDE; MAP_ERR_FULL at MAP_OPEN_MAX
 *
 * Spec 7.2 (b). [dispatch]
 */
enum map_status map_guard_open(struct map *map, uint64_t frame, unsigned channel, enum map_access access);

/** Take one opening back; the last of a direction closes it. @return as map_guard_open(), MAP_ERR_STATE if it is not open. [dispatch] */
enum map_status map_guard_close(struct map *map, uint64_t frame, unsigned channel, enum map_access access);

/** How often @p frame is open for @p channel to read or to write; one direction at a time. [dispatch] */
unsigned map_guard_count(const struct map *map, uint64_t frame, unsigned channel, enum map_access access);

/** Ask the gate to tell when every burst that was admitted before now has had its last response. Spec design 2 (SYNC). [dispatch] */
void map_sync_start(struct map *map);

/** True when the SYNC that was started last is done; never while the gate reads all ones. [any] */
bool map_synced(const struct map *map);

/** Take the fault record, so that the next fault is recorded. @return false when there is none. Spec ERR-05. [dispatch] */
bool map_fault_take(struct map *map, struct map_fault *fault);

/** Bursts of @p channel that were admitted and not yet answered. Spec CPL-04. [any] */
unsigned map_outstanding(const struct map *map, unsigned channel);

#endif
