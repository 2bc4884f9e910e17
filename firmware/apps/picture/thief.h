/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file thief.h
 * Takes every frame that is not pinned, at the worst times, and lives in it.
 *
 *     thief_begin();
 *     thief_wakes();                        // one page a while: while a buffer is locked, while its owner computes;
 *                                           // and everything before each DPC of the engine
 *     while (!told) thief_step();           // and here, where a second client moves into a frame that was stolen
 */
#ifndef THIEF_H
#define THIEF_H

#include <stdbool.h>
#include <stdint.h>

/** Makes the second client and listens to the engine's interrupt. @return false: no room for it. [passive] */
bool thief_begin(void);

/** Steals one page now and then, by the clock, and all there is before each DPC that the engine causes. [passive] */
void thief_wakes(void);

/** Steals nothing. [passive] */
void thief_sleeps(void);

/** Re-uses the frame that was freed last, then steals all there is. [passive] */
void thief_step(void);

/** How often it came before a DPC of the engine, and what it took at these times and at its steps. [any] */
struct thief_counts {
    uint32_t dpcs, pages, moved_in;
};
struct thief_counts thief_counts(void);

#endif
