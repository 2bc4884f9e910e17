/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file cache.h
 * The three places where bytes can be old, and the addresses that go round them.
 *
 *     CPU --> (1) data cache --> (2) host bridge --> host memory <-- (3) posting bridge <-- engine
 *
 *     (1) write-through, not coherent: holds old bytes after the engine wrote   cache_invalidate()
 *     (2) holds the CPU's newest bytes, and old ones after the engine wrote     cache_drain(), cache_invalidate()
 *     (3) holds the engine's newest bytes                                       cache_posted_flush()
 *
 * Before a transfer of either direction: cache_drain(). TO device it brings the bytes to memory; FROM device it
 * keeps a later eviction from overwriting what the engine wrote (STA-07). After a transfer FROM device:
 * cache_posted_flush(), then cache_invalidate(), then look at the bytes (CPL-01).
 *
 * None has a form by line, so none takes a range. Only the packet core calls them (MAP-11).
 *
 * Addresses. A *bus address* is what the engine says and what a frame number counts; it is 32 bits everywhere. A CPU
 * pointer comes from cache_cpu() or cache_uncached(), never from a cast: on the host they point into a model in
 * which a missing call shows old bytes.
 */
#ifndef CACHE_H
#define CACHE_H

#include <stdbool.h>
#include <stdint.h>

enum cache_status {
    CACHE_OK      = 0,
    CACHE_TIMEOUT = -1, /**< the posting bridge did not become empty in time: quarantine the frames */
};

/** Calls since hal_init(), for MAP-11 and the bench. */
struct cache_counts {
    uint32_t drains, invalidates, flushes, timeouts;
};

/**
 * Writes back and empties every line of the host bridge. Returns when memory has answered.
 *
 * STA-07. [any]
 */
void cache_drain(void);

/**
 * Makes the CPU see memory: drains the host bridge, then empties the core's whole data cache (133 cycles).
 *
 * Stores of the CPU are not lost: (1) is write-through and (2) is written back first. STA-07, CPL-01. [any]
 */
void cache_invalidate(void);

/**
 * Tells the posting bridge to write what it holds, and waits until memory has answered each write.
 *
 * @param timeout_cycles  how long to wait, 1 .. 2^31 - 1
 * @return CACHE_OK, or CACHE_TIMEOUT: the flush goes on, and may be asked for again
 *
 * CPL-01, CPL-04. [any]
 */
enum cache_status cache_posted_flush(uint32_t timeout_cycles);

/** What was called. [any] */
struct cache_counts cache_counts(void);

/**
 * CPU pointer to a bus address: host memory through (1) and (2); device memory has only the uncached view.
 *
 * @return NULL when @p bus is in neither
 *
 * [any]
 */
void *cache_cpu(uint32_t bus);

/** CPU pointer that goes round (1) and (2); a read through it drains (3) first. NULL as above. [any] */
void *cache_uncached(uint32_t bus);

/**
 * Bus address of a pointer from cache_cpu() or cache_uncached(), or of one into the same object.
 *
 * @return 0 for a pointer that the engine cannot reach: program memory, registers, NULL
 *
 * [any]
 */
uint32_t cache_bus(const void *cpu);

#endif
