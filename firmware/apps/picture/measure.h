/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file measure.h
 * What the CPU needs for the same bytes, and what the screen does while the bus is full.
 */
#ifndef MEASURE_H
#define MEASURE_H

#include <stdbool.h>
#include <stdint.h>

#include "miniport.h"
#include "picture_block.h"

/**
 * Copies the picture with the CPU, three ways, from cached host memory to the frame buffer, which is uncached. One
 * sixteenth is copied and counted sixteen times, because every line costs the same and a simulation is slow.
 *
 * @param from   the picture in the backing store
 * @param whole  the fastest of the three then copies all of it, and cpu_copy_cycles is what that took
 *
 * [passive]
 */
void measure_cpu(const void *from, void *to, uint32_t bytes, bool whole, struct picture_result *result);

/** What a saturating copy did. */
struct measure_saturation {
    uint32_t bytes, cycles;
    uint32_t underruns; /**< pixels, while it ran */
    uint32_t wrong;     /**< words of those that were looked at */
    bool     good;      /**< it never ran dry, and the screen had its frames */
};

/**
 * Copies inside the frame buffer without a pause, on the copy channel, while two whole frames and more are scanned.
 *
 * @param bytes  [0, bytes) of the frame buffer is copied to [bytes, 2 * bytes)
 *
 * [passive]
 */
struct measure_saturation measure_saturate(struct miniport *miniport, uint32_t bytes);

/** Frames that the screen has shown, and pixels that came too late, since reset. [any] */
uint32_t measure_frames(void);
uint32_t measure_underruns(void);

#endif
