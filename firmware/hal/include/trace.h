/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file trace.h
 * One store a record: what happened, at which level, to whom. The hardware adds the cycle.
 *
 *     trace_record(TRACE_START, adapter, packet, length_bytes);
 *
 *     address    SOC_TRACE + event * 4 + level * 0x1000
 *     argument   adapter[31:28]  packet[27:20]  value[19:0]      most events
 *                client[31:28]   page[27:14]    frame[13:0]      memory events: PAGE_IN .. UNPIN, FAULT
 *
 * The checker of laws L1 to L5 (firmware/tests/trace_laws.h) reads the same enumeration. On the host the records go to a ring (host.h).
 */
#ifndef TRACE_H
#define TRACE_H

#include <stdint.h>

#include "hal.h"
#include "irql.h"
#include "mmio.h"
#include "soc.h"

/** Events. The numbers are part of the trace format: append, never renumber. */
enum trace_event {
    TRACE_NONE            = 0,
    /* Life of an adapter and of a buffer. */
    TRACE_GET             = 1,  /**< adapter made; value: channel */
    TRACE_PUT             = 2,  /**< adapter given back */
    TRACE_LOCK            = 3,  /**< packet: MDL number; value: pages */
    TRACE_UNLOCK          = 4,  /**< packet: MDL number; value: pages */
    /* One packet, in the order of law L1. */
    TRACE_START           = 5,  /**< StartDma entered; value: bytes asked for */
    TRACE_EXECUTE         = 6,  /**< HwVidExecuteDma is called; value: bytes mapped */
    TRACE_EXECUTE_RETURN  = 7,
    TRACE_START_RETURN    = 8,  /**< value: result */
    TRACE_ISR             = 9,  /**< an ISR claimed; value: line or status */
    TRACE_DPC_QUEUED      = 10, /**< value: 1 queued, 0 was queued already */
    TRACE_DPC             = 11, /**< a DPC routine begins */
    TRACE_DPC_RETURN      = 12,
    TRACE_COMPLETE        = 13, /**< CompleteDma entered; value: bytes moved */
    TRACE_COMPLETE_RETURN = 14, /**< value: result */
    TRACE_NOTIFY          = 15, /**< the client is told; value: bytes of the whole request */
    TRACE_REQUEST         = 16, /**< the client asked; value: bytes of the whole request */
    TRACE_CANCEL          = 17, /**< value: 1 it was queued, 0 too late */
    TRACE_TIMEOUT         = 18,
    TRACE_ABORT           = 19,
    TRACE_QUARANTINE      = 20, /**< frames not freed: SYNC or flush did not end; value: pages */
    TRACE_STATUS          = 21, /**< the packet's outcome as the miniport saw it; value: status */
    /* Memory: client, page, frame. */
    TRACE_PAGE_IN         = 32, /**< the page got this frame */
    TRACE_EVICT           = 33, /**< the frame was taken from the page */
    TRACE_PIN             = 34, /**< pin count of the frame went up */
    TRACE_UNPIN           = 35, /**< pin count of the frame went down */
    TRACE_FAULT           = 36, /**< page fault; frame: enum memory_access */
    /* The gate: adapter, packet; value: frame number counted from SOC_BUS_HOST. */
    TRACE_MAP             = 48, /**< frame may be reached by the adapter's channel from here on */
    TRACE_UNMAP           = 49, /**< no burst is admitted to the frame from here on */
    TRACE_GATE_FAULT      = 50, /**< value: cause */
    /* Machine. */
    TRACE_VIOLATION       = 64, /**< packet: enum violation_code; value: parameter 1 */
    TRACE_MARK            = 65, /**< whatever a test wants to say */
};

#define TRACE_LEVEL_STRIDE 0x1000u

/** Name of an event as the checker prints it; "?" for a number that has none. Never NULL. [any] */
const char *trace_name(enum trace_event event);

#if HAL_TRACE
static inline void trace_raw(enum trace_event event, uint32_t argument)
{
    mmio_write32(SOC_TRACE + (uint32_t)event * 4u + (uint32_t)irql_current() * TRACE_LEVEL_STRIDE, argument);
}
#else
static inline void trace_raw(enum trace_event event, uint32_t argument)
{
    (void)event;
    (void)argument;
}
#endif

/** @param adapter 0 .. 15; @param packet modulo 256; @param value modulo 2^20. SIM-01. [any] */
static inline void trace_record(enum trace_event event, uint32_t adapter, uint32_t packet, uint32_t value)
{
    trace_raw(event, (adapter & 0xfu) << 28 | (packet & 0xffu) << 20 | (value & 0xfffffu));
}

/** @param client 0 .. 15; @param page of the client; @param frame counted from SOC_BUS_HOST; both modulo 2^14. [any] */
static inline void trace_page(enum trace_event event, uint32_t client, uint32_t page, uint32_t frame)
{
    trace_raw(event, (client & 0xfu) << 28 | (page & 0x3fffu) << 14 | (frame & 0x3fffu));
}

#endif
