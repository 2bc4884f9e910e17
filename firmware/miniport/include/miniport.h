/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file miniport.h
 * Video miniport of the engine: moves a client's buffer to the frame buffer and back, and shows the frame buffer.
 *
 *     static struct miniport miniport;
 *     static struct miniport_request request;
 *
 *     miniport_find(&miniport, &(struct miniport_config){ .registers = SOC_ENGINE, .line = SOC_LINE_ENGINE,
 *         .frame_buffer_bus = SOC_BUS_DEVICE, .frame_buffer_bytes = 640 * 480 * 4 });
 *     request = (struct miniport_request){ .buffer = picture, .length_bytes = n, .told = told };
 *     miniport_submit(&miniport, &request);             // PASSIVE, in the context of the buffer's owner
 *     ...                                               // told(&request) at DISPATCH, once: status, moved_bytes
 *
 * A request is locked when it is submitted, runs in packets as large as the port allows, is unlocked, and then the
 * client is told. Requests run one after the other; with a depth above 1 several packets of one stand in the ring.
 *
 *     submit: lock   start --> execute --> doorbell ... interrupt --> dpc: complete, next start | unlock, told
 *
 * Nothing is waited for without end. A packet that is not done by its deadline is looked at: an interrupt that was lost is
 * made good, and an engine that hangs is stopped, the packet counted, completed, and tried again from where it stood.
 * miniport_cancel() stops in the same way. An engine that does not even stop is shut out by the gate: its frames are
 * never used again, and requests fail until it has come to rest.
 *
 * Ownership: a request and its buffer are the miniport's from miniport_submit() until `told` is called.
 */
#ifndef MINIPORT_H
#define MINIPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "clock.h"
#include "dray.h"
#include "video_ex.h"

/** Outcome of a call or of a request. */
enum miniport_status {
    MINIPORT_OK           = 0,  /**< every byte moved */
    MINIPORT_ERR_ARGUMENT = -1, /**< no length, outside the frame buffer, or an alignment the engine cannot do */
    MINIPORT_ERR_ENGINE   = -2, /**< no engine there, or it lacks what is asked */
    MINIPORT_ERR_PORT     = -3, /**< no adapter, common buffer or map register */
    MINIPORT_ERR_LOCK     = -4, /**< the buffer cannot be locked for this */
    MINIPORT_ERR_DEVICE   = -5, /**< the engine stopped with an error: request->cause */
    MINIPORT_ERR_GONE     = -6, /**< the engine does not answer any more */
    MINIPORT_ERR_STATE    = -7, /**< requests are running, or the screen is on already; nothing left to cancel */
    MINIPORT_ERR_TIMEOUT  = -8, /**< a packet was not done by its deadline, retries included */
    MINIPORT_ERR_CANCELLED = -9, /**< by miniport_cancel() */
};

/** Name of a status, for logs. Never NULL. [any] */
const char *miniport_status_name(enum miniport_status status);

enum miniport_direction {
    MINIPORT_TO_FRAME_BUFFER,
    MINIPORT_FROM_FRAME_BUFFER,
};

#define MINIPORT_DEPTH_MAX 4u

/** The machine, and how to use it. Zero: the default where a field has one. */
struct miniport_config {
    uintptr_t registers;          /**< of the engine */
    unsigned  line;               /**< its external interrupt */
    uint32_t  frame_buffer_bus;   /**< a page boundary in device memory */
    uint32_t  frame_buffer_bytes; /**< at least 1 */
    uint32_t  packet_bytes_max;   /**< 0: 256 KiB */
    uint32_t  ring_slots;         /**< a power of two, at most a page; 0: 64, or as many as a page holds */
    uint32_t  depth;              /**< packets in the ring at a time, 1..MINIPORT_DEPTH_MAX; 0: 1 */
    uint32_t  map_registers;      /**< take no more; 0: what the packet size wants */
    uint32_t  locked_pages;       /**< most pages of all requests; 0: no limit */
    uint8_t   copy_channel;       /**< of the engine */
    uint8_t   screen_channel;     /**< the one with the screen's stream; the same as copy_channel: the other one of 0 and 1 */
    uint32_t  deadline_us;        /**< of a packet ... */
    uint32_t  deadline_us_per_kib; /**< ... and for each KiB of it, or part of one; both 0: none (TMO-01) */
    uint8_t   retries;            /**< of a packet that was not done in time; 0: 2 (TMO-05) */
    bool      deadline_restarts;  /**< whenever a descriptor ends: slow is not dead (TMO-07) */
    bool      one_element;        /**< do without scatter/gather: through the window of the gate */
};

/** One request. Allocate it statically; set the first block and zero the rest. */
struct miniport_request {
    void                   *buffer;       /**< client address of buffer[length_bytes], any byte */
    uint32_t                length_bytes; /**< at least 1 */
    uint32_t                frame_offset; /**< bytes from the start of the frame buffer */
    enum miniport_direction direction;
    void (*told)(struct miniport_request *request); /**< once, at DISPATCH; must not submit */
    void                   *context;      /**< the caller's */

    enum miniport_status    status;       /**< valid when told */
    enum dray_status        cause;        /**< of MINIPORT_ERR_DEVICE */
    uint32_t                moved_bytes;  /**< from the start of the buffer, without a gap */
    uint32_t                packets, elements;
    uint32_t                dma_cycles;   /**< from the first StartDma to the return of the last CompleteDma */

    struct miniport_request *next;        /* private from here on */
    PVOID                    mdl;
    uint32_t                 started_at;  /* cycle of the first StartDma */
};

struct miniport;

/** One packet of the running request. Private. */
struct miniport_packet {
    struct miniport        *miniport;
    PVP_SCATTER_GATHER_LIST list;
    ULONG                   length;  /* the variable that Start is given; final at Execute */
    uint32_t                offset;  /* in the request */
    uint16_t                first_slot;
    uint16_t                slots;
    enum { MINIPORT_WAITING, MINIPORT_RUNNING, MINIPORT_NOT_PROGRAMMED } state;
};

/** Memory of a ring, from the port. Private. */
struct miniport_ring {
    PVOID            cpu;
    PHYSICAL_ADDRESS bus;
    ULONG            bytes;
};

/** What the ISR leaves for the DPC; touched under the interrupt lock only. Private. */
struct miniport_events {
    uint32_t copy, screen; /* bits of enum dray_irq, added up */
    bool     gone;
};

/** What happened, for tests and logs. */
struct miniport_counts {
    uint32_t requests, packets, interrupts, not_mine, dpcs, dpcs_empty, dpc_merged, told, failed;
    uint32_t timeouts;  /**< deadlines that passed with the packet not done */
    uint32_t recovered; /**< packets that were done, and no interrupt had said so (TMO-06) */
    uint32_t stops;     /**< the engine was stopped in the middle */
    uint32_t retries, cancelled;
    uint32_t hung;      /**< the engine did not stop */
};

/** The deadline of the oldest packet. Private. */
struct miniport_watch {
    struct clock_timer timer;
    uint32_t generation;        /* of what the timer was wound for; another one is late, and means nothing (TMO-03) */
    uint32_t expired;           /* written by the clock alone */
    uint32_t begun_at, cycles;
    unsigned consumed;          /* slots, when it began */
    bool     wound;
};

/** The device extension. Allocate it statically; treat the fields as private. */
struct miniport {
    struct miniport_config config;
    struct dray            engine;
    struct dray_channel    copy, screen;
    PVP_DMA_ADAPTER        copy_adapter, screen_adapter;
    struct miniport_ring   copy_ring, screen_ring;
    struct miniport_events events;
    struct miniport_counts counts;
    struct miniport_request *head, *tail;  /* head runs */
    struct miniport_packet   packets[MINIPORT_DEPTH_MAX];
    unsigned first, count;                 /* packets of the head, oldest first */
    uint32_t started;                      /* bytes of the head that have been executed */
    enum dray_status screen_cause;         /* why the screen halted */
    struct miniport_watch watch;
    unsigned retries;                      /* of the oldest packet */
    unsigned looks;                        /* for an engine to stop */
    bool     attached, gone, failing, screen_on;
    bool     found;                        /* by the port, which attaches and detaches it */
    bool     stopping;                     /* told to, and not at rest yet */
    bool     hung;                         /* it never came to rest: shut out */
    bool     faulted;                      /* the adapter waits for its reset */
};

/**
 * Find the engine, attach it to the port, get the copy adapter and its ring, and the screen's where there is a channel
 * and a stream for one.
 *
 * @return MINIPORT_OK; MINIPORT_ERR_ARGUMENT, _ENGINE, _PORT: then everything is given back
 *
 * Spec L1, ADP-03. [passive]
 */
enum miniport_status miniport_find(struct miniport *miniport, const struct miniport_config *config);

/** Give everything back. @return MINIPORT_OK; MINIPORT_ERR_STATE with requests running or the screen on. [passive] */
enum miniport_status miniport_release(struct miniport *miniport);

/**
 * Lock the buffer and queue the request.
 *
 * @return MINIPORT_OK: request->told will be called exactly once, perhaps before this returns. MINIPORT_ERR_ARGUMENT,
 *         _LOCK, _GONE: never
 *
 * Spec PRT-01..07. [passive]
 */
enum miniport_status miniport_submit(struct miniport *miniport, struct miniport_request *request);

/**
 * Take a request back. One that runs is stopped in the middle: the bytes that moved are counted.
 *
 * @return MINIPORT_OK: it is told with MINIPORT_ERR_CANCELLED, once, perhaps before this returns. MINIPORT_ERR_STATE: too
 *         late; it is being told, or was, with what came first
 *
 * Spec CAN-01..06. [<= dispatch]
 */
enum miniport_status miniport_cancel(struct miniport *miniport, struct miniport_request *request);

/**
 * Show a part of the frame buffer: a cyclic channel feeds it to the stream, one descriptor a picture, for ever.
 *
 * @param frame_offset, length_bytes  inside the frame buffer
 * @return MINIPORT_OK; MINIPORT_ERR_ARGUMENT; MINIPORT_ERR_ENGINE if there is no such channel; MINIPORT_ERR_STATE if on
 *
 * Spec ADP-03, COM-04. [passive]
 */
enum miniport_status miniport_screen_on(struct miniport *miniport, uint32_t frame_offset, uint32_t length_bytes);

/** How the screen does. @return MINIPORT_OK; MINIPORT_ERR_STATE if off; MINIPORT_ERR_DEVICE if its channel has halted. [<= dispatch] */
enum miniport_status miniport_screen_status(const struct miniport *miniport);

/** Stop at once. @return MINIPORT_OK; MINIPORT_ERR_STATE if off; MINIPORT_ERR_DEVICE if it does not come to rest. [passive] */
enum miniport_status miniport_screen_off(struct miniport *miniport);

#endif
