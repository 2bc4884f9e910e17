/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file selftest.h
 * Parts of the self-test. Each prints one line or more, the same on a board and in its simulation, and says whether all was well.
 *
 *     memory.c   every word of both memories, and what lies behind them
 *     engine.c   the engine by its own driver: gate, alignments, kinds, an address where nothing answers, counters
 *     driver.c   a picture by the video port's whole sequence, and the screen
 */
#ifndef SELFTEST_H
#define SELFTEST_H

#include <stdbool.h>
#include <stdint.h>

#include "map.h"

#define SELFTEST_CHANNELS 2u

/** Before memory_init(): nothing in host and device memory survives it. [passive] */
bool selftest_memory(void);

/** After memory_init(); borrows channel 0 and common frames, and gives all of it back. [passive] */
bool selftest_engine(struct map *gate);

/** Last: the driver stays loaded. [passive] */
bool selftest_driver(struct map *gate);

#endif
