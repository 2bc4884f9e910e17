// SPDX-License-Identifier: Apache-2.0
//
// The board of docs/programming.md's first program: registers and memory of the host build, on both sides.
#ifndef SIM_BOARD_H
#define SIM_BOARD_H

#include <stdint.h>

#include "cache.h"
#include "soc.h"

#define BOARD_ENGINE SOC_ENGINE

static inline uint64_t board_bus(uint32_t offset) { return SOC_BUS_HOST + offset; }
static inline void    *board_cpu(uint32_t offset) { return cache_uncached(SOC_BUS_HOST + offset); }

#endif
