/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file check.h
 * One packet by hand, with nothing between the steps that could do a forgotten step's work by chance.
 *
 *     to device     the CPU's newest bytes reach the engine, though the doorbell of an uncached ring publishes nothing
 *     from device   the engine's bytes are there as soon as Complete has returned: nothing posted, nothing cached; the
 *                   engine works on, so that the posting bridge does not empty itself in time. At several places of a page,
 *                   since what the driver reads on its way throws some line or other out of the cache
 *     stray         the same descriptor once more, after Complete: it faults, and no byte lands
 */
#ifndef CHECK_H
#define CHECK_H

#include <stdbool.h>
#include <stdint.h>

#include "map.h"
#include "memory_client.h"
#include "memory_mdl.h"
#include "miniport.h"

struct check {
    struct map           *gate;
    struct miniport      *miniport;     /**< idle, its channel is borrowed */
    struct memory_client *client;       /**< in force */
    uint32_t              buffer;       /**< of the client: CHECK_BUFFER_BYTES of one page that it may write */
    uint32_t              frame_offset; /**< CHECK_FRAME_BYTES of the frame buffer that nobody looks at */
};

#define CHECK_FRAME_BYTES 4096u

/** So few that the posting bridge holds all of them, in three cache lines. */
#define CHECK_BYTES 73u

/** Where the checks put them. */
#define CHECK_PLACES       8u
#define CHECK_APART        480u
#define CHECK_BUFFER_BYTES ((CHECK_PLACES - 1u) * CHECK_APART + CHECK_BYTES)

/** What each check found, at all its places; CHECK_BYTES + 1 for one that could not be made. */
struct check_result {
    uint32_t to_device_wrong, from_device_wrong;
    uint32_t stray_landed; /**< bytes; and 1 more if nothing faulted */
};

/** Makes all three. @return true: nothing is wrong. [passive] */
bool check_run(const struct check *check, struct check_result *result);

#endif
