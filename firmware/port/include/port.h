/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file port.h
 * Starts the video port. Everything else is in video.h, for miniports, and video_ex.h.
 *
 *     map_init(&gate, SOC_GATE, counts, sizeof counts);
 *     port_init(&gate, 256);
 *     port_load_driver(DriverEntry, &bus);             // finds its devices on the bus; or VpAttachDevice(), in the miniport
 */
#ifndef PORT_H
#define PORT_H

#include <stdint.h>

#include "map.h"
#include "video.h"

/**
 * Forget every device and adapter, and take the gate, the DPC queue and the hal's dispatch hook.
 *
 * @param map               of the gate, initialized, for ever
 * @param direct_registers  frames that all scatter/gather adapters together may have open in the guard
 *
 * [passive]
 */
void port_init(struct map *map, uint32_t direct_registers);

/**
 * Make the gate of a further controller known; memory and direct registers are shared.
 *
 * @param map  initialized, with the same page size, for ever
 * @return its number, for VP_DEVICE_ATTACHMENT and struct port_bus_device; 0, that of port_init()'s, when there are
 *         VP_MAX_DEVICES
 *
 * [passive]
 */
unsigned port_add_gate(struct map *map);

/** How long a SYNC or a flush of the posting bridge may take before its frames go into quarantine. [passive] */
void port_set_timeout(uint32_t timeout_cycles);

/** A device as the machine knows it. */
struct port_bus_device {
    const VIDEO_ACCESS_RANGE *ranges; /**< ranges[range_count]: registers by their address, memory by its bus address */
    unsigned range_count;
    unsigned line;     /**< of the core; devices may share one */
    unsigned channels; /**< of its engine: channels 0 .. channels - 1 of its gate */
    unsigned gate;     /**< that its engine stands behind: what port_add_gate() returned, or 0 */
};

/** Every device that there is. Static: the port keeps a pointer. */
struct port_bus {
    const struct port_bus_device *devices; /**< devices[count] */
    unsigned count;
};

/**
 * Begin a driver: its DriverEntry looks for its devices among those of the bus that have no driver yet.
 *
 * @return what DriverEntry returned, NO_ERROR with one device at least
 *
 * [passive]
 */
ULONG port_load_driver(ULONG (*entry)(PVOID Context1, PVOID Context2), const struct port_bus *bus);

#endif
