/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file kmdf.h
 * Starts the framework and brings a device to its driver. What drivers use is in wdf.h.
 *
 *     map_init(&gate, SOC_GATE, counts, sizeof counts);
 *     kmdf_init(&gate, 256);
 *     kmdf_device_add(EvtDriverDeviceAdd, &device_on_the_bus, &device);
 *     ...
 *     kmdf_device_remove(device);
 *
 * Windows' two faces stand on the same packet core, but a gate belongs to one at a time.
 */
#ifndef KMDF_H
#define KMDF_H

#include <stdint.h>

#include "map.h"
#include "wdf.h"

#define KMDF_DEVICES        2u
#define KMDF_ENABLERS       4u /**< of all devices, as the following */
#define KMDF_TRANSACTIONS   8u
#define KMDF_COMMON_BUFFERS 8u
#define KMDF_INTERRUPTS     4u
#define KMDF_REQUESTS       8u
#define KMDF_DEPTH          4u  /**< transfers of a path between EvtProgramDma and DmaCompleted, where the profile lets several run */
#define KMDF_LIST_ELEMENTS  64u /**< of a list: no path is granted more map registers */
#define KMDF_DEVICE_CONTEXT_BYTES 1024u
#define KMDF_CONTEXT_BYTES        128u /**< of every other object */
#define KMDF_RANGES         4u  /**< of a device */

/** A device as the machine knows it. Static: the framework keeps a pointer. */
struct kmdf_bus_device {
    const struct kmdf_range {
        uint32_t start, bytes; /**< registers by their address, memory by its bus address */
    } *ranges;                 /**< ranges[range_count] */
    unsigned range_count;      /**< 0 .. KMDF_RANGES */
    unsigned line;             /**< of the core; devices may share one */
    unsigned channels;         /**< of its engine: channels 0 .. channels - 1 of the gate */
    uint32_t registers_max[2]; /**< most map registers for a path that reads from the device, that writes to it; 0: no limit */
    uint32_t memory_bus, memory_bytes; /**< device memory that the engine may touch by itself; bytes 0: none */
};

/**
 * Forget every object, and take the gate, the DPC queue and the hal's dispatch hook.
 *
 * @param map               of the gate, initialized, for ever
 * @param direct_registers  frames that all scatter/gather paths together may have open in the guard
 *
 * [passive]
 */
void kmdf_init(struct map *map, uint32_t direct_registers);

/**
 * Bring a device to its driver: device-add, prepare-hardware, D0, interrupts, DMA. What has begun is ended when a
 * step fails.
 *
 * @param device  gets the device, on success only
 * @return what the first callback that failed returned; STATUS_INVALID_DEVICE_STATE if device-add made no device;
 *         STATUS_INVALID_PARAMETER
 *
 * Spec WEN-08. [passive]
 */
NTSTATUS kmdf_device_add(PFN_WDF_DRIVER_DEVICE_ADD add, const struct kmdf_bus_device *bus, WDFDEVICE *device);

/**
 * The way back: DMA, interrupts, D0 exit, release-hardware, deletion.
 *
 * @return STATUS_SUCCESS; STATUS_INVALID_DEVICE_STATE with VIOL_WDF_STATE: a transaction is in transfer, or a
 *         client waits; nothing was changed
 *
 * Spec WEN-08. [passive]
 */
NTSTATUS kmdf_device_remove(WDFDEVICE device);

/** What a client asks a device for. */
struct kmdf_io {
    WDF_REQUEST_TYPE type;
    uint32_t  code;   /**< of a device control */
    uintptr_t buffer; /**< of the client whose context this is, any byte alignment */
    uint32_t  length; /**< bytes, at least 1 */
    void    (*told)(void *context, NTSTATUS status, size_t information); /**< called once, at DISPATCH */
    void     *context;
};

/**
 * Make a request for a driver: its buffer is locked, for writing if the driver writes it. Who makes it hands it to the
 * driver; there are no queues here.
 *
 * @return STATUS_SUCCESS: told will be called; STATUS_INVALID_PARAMETER: also a buffer that is not the client's;
 *         STATUS_INSUFFICIENT_RESOURCES
 *
 * Spec WTX-03, PRT-07. [passive]
 */
NTSTATUS kmdf_request_make(WDFDEVICE device, const struct kmdf_io *io, WDFREQUEST *request);

#endif
