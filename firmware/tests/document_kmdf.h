/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file document_kmdf.h
 * A KMDF driver's DMA part as document 4 and the PLX9x5x sample describe one, for our engine: a channel for each direction, a
 * transaction for each, and the bytes that moved read back from the descriptors.
 */
#ifndef DOCUMENT_KMDF_H
#define DOCUMENT_KMDF_H

#include "wdf.h"

#define DOCUMENT_SLOTS   32u /* descriptors of a ring */
#define DOCUMENT_MAXIMUM 4096u /* bytes of a transfer: in pages of 512 the ring has room for its elements */

/** Its ranges: 0 the engine's registers, 1 the device's memory, which reads and writes begin at. */
EVT_WDF_DRIVER_DEVICE_ADD document_device_add;

/** One request of a direction at a time, as sequential queues give them. */
VOID document_io_read(WDFDEVICE Device, WDFREQUEST Request);
VOID document_io_write(WDFDEVICE Device, WDFREQUEST Request);

/** How often it had something to trace: errors, and requests that it completes. */
extern unsigned document_traced;

#endif
