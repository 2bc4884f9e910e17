/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file port.h
 * Starts the video port. Everything else is in video.h, for miniports, and video_ex.h.
 *
 *     map_init(&gate, SOC_GATE, counts, sizeof counts);
 *     port_init(&gate, 256);
 *     ...                                              // VpAttachDevice(), in the miniport
 */
#ifndef PORT_H
#define PORT_H

#include <stdint.h>

#include "map.h"

/**
 * Forget every device and adapter, and take the gate, the DPC queue and the hal's dispatch hook.
 *
 * @param map               of the gate, initialized, for ever
 * @param direct_registers  frames that all scatter/gather adapters together may have open in the guard
 *
 * [passive]
 */
void port_init(struct map *map, uint32_t direct_registers);

/** How long a SYNC or a flush of the posting bridge may take before its frames go into quarantine. [passive] */
void port_set_timeout(uint32_t timeout_cycles);

#endif
