/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file packet.h
 * The packet core under both Windows faces: adapters, map registers, the queue of starts, staging and completing.
 *
 *     packet_start:     check - hold the MDL - wait for depth and registers, first come first served
 *       then, once:     length - registers - drain the caches - map - list - face tells the length - face executes
 *     packet_complete:  check - close the map - SYNC - flush the posting bridge - invalidate - bounce out - mark dirty
 *                       - let the MDL go - registers - face forgets the list - serve who waits
 *
 *                 start            resources                 face's execute       complete
 *        FREE ----------> QUEUED ------------> STAGING -----> EXECUTING -> IN_FLIGHT -----> COMPLETING -> FREE
 *                            `--cancel--> FREE                     `---complete inside execute----^
 *
 * A packet is the face's memory and the core's from packet_start() until the face's `freed` is called for it.
 * Nothing recurses: what Execute starts or completes on its own adapter is served by the loop that called Execute.
 *
 * Two modes. *Direct*: elements are physical, merged where frames are neighbours; the guard is opened for them, and a map
 * register is a frame open in it. *Windowed*: consecutive registers of the gate's window make one element of any frames.
 *
 * Every function raises to DISPATCH for its books. Context on the last line: [passive] [<= dispatch].
 */
#ifndef PACKET_H
#define PACKET_H

#include <stdbool.h>
#include <stdint.h>

#include "map.h"
#include "memory_mdl.h"

/** Outcome of a call. On an error nothing was changed. */
enum packet_status {
    PACKET_OK            = 0,
    PACKET_ERR_ARGUMENT  = -1, /**< broken rule; its violation was recorded where it has one */
    PACKET_ERR_RESOURCES = -2, /**< can never be served as things are */
    PACKET_ERR_FAULTED   = -3, /**< a device run failed, or frames are in quarantine: packet_adapter_reset() */
    PACKET_ERR_STATE     = -4, /**< something is outstanding that must not be */
};

/** Name of a status, for logs. Never NULL. [any] */
const char *packet_status_name(enum packet_status status);

#define PACKET_ANY_CHANNEL  0xffu
#define PACKET_DEPTH_MAX    8u
#define PACKET_ADAPTERS_MAX 8u  /**< at a time; the trace has room for 16 numbers */
#define PACKET_COMMON_MAX   8u  /**< common buffers at a time */
#define PACKET_BOUNCE_MAX   16u /**< bounce pages of one adapter */

enum packet_direction {
    PACKET_TO_DEVICE,   /**< the engine reads the buffer */
    PACKET_FROM_DEVICE, /**< the engine writes it */
};

enum packet_state {
    PACKET_FREE,
    PACKET_QUEUED,
    PACKET_STAGING,
    PACKET_EXECUTING,  /**< the face's execute is on the stack */
    PACKET_IN_FLIGHT,
    PACKET_COMPLETING,
    PACKET_HELD,       /**< no packet: registers that packets to come will use */
};

struct packet_adapter;

/** One start and its packet. The face fills the first block before packet_start(); the rest is private. */
struct packet {
    struct memory_mdl    *mdl;
    uint32_t              offset;       /**< bytes from the base of the buffer */
    uint32_t              wanted_bytes; /**< at least 1, offset + wanted_bytes inside the buffer */
    enum packet_direction direction;
    struct packet        *hold;         /**< one that packet_hold() has granted: its registers are used; NULL: its own */

    uint32_t              length_bytes; /**< of this packet; final when `staged` is called */
    uint8_t               number;       /**< in the trace, modulo 256 */
    enum packet_state     state;
    bool                  quarantined, holds;
    const struct packet_face *face;
    struct packet        *next;
    uint32_t              elements;
    uint16_t              first_register, registers, bounced;
    uint32_t              bounce[PACKET_BOUNCE_MAX]; /* bus addresses, in the order of the bounced pages */
};

/** What a face does. All at DISPATCH, none waits. */
struct packet_face {
    /** Element @p index of the list; they come in order, from 0. */
    void (*element)(struct packet *packet, uint32_t index, uint64_t address, uint32_t length_bytes);
    /** The list has @p count elements and packet->length_bytes is final: tell the caller, once (STA-15). */
    void (*staged)(struct packet *packet, uint32_t count);
    /** Program the device. May complete this packet and start others; its last act touches the packet no more. */
    void (*execute)(struct packet *packet);
    /** The packet is FREE again: completed or cancelled. Spoil the list. */
    void (*freed)(struct packet *packet);
    /** packet_hold() has its registers. What is started with them now is executed before packet_start() returns. */
    void (*held)(struct packet *packet);
};

/** A common buffer. Treat the fields as private; a copy of one is its receipt. */
struct packet_common {
    struct packet_adapter *adapter;
    void    *cpu;
    uint64_t logical;
    uint32_t bus, bytes;
    uint16_t first_register, registers;
    bool     cached;
};

/** Pools and limits that all adapters share, and the gate of those that name none. Allocate it statically; treat the fields as private. */
struct packet_system {
    struct map            *map;
    struct packet_adapter *adapters[PACKET_ADAPTERS_MAX];
    uint32_t               direct_registers; /* not granted */
    uint32_t               timeout_cycles;   /* of SYNC, and of the posting bridge */
    struct packet_common   common[PACKET_COMMON_MAX];
};

/** What an adapter shall be. Zero: no limit, where a field has one. */
struct packet_adapter_config {
    const struct packet_face *face;
    struct map *map;              /**< its gate; NULL: the system's. Channels are counted by gate */
    uint64_t reach;               /**< highest bus address that the device can say */
    uint32_t maximum_bytes;       /**< of one packet, at least 1 */
    uint32_t elements_max;        /**< of one list */
    uint32_t element_bytes_max;
    uint32_t alignment_bytes;     /**< every element begins at a multiple of it, if need be in a bounce page; a power of
                                       two, at most a page and the boundary, a divisor of element_bytes_max */
    uint32_t boundary_bytes;      /**< no element crosses a multiple of it; a power of two, at least a page if windowed */
    uint32_t granularity_bytes;   /**< a packet shorter than wanted is a multiple of it */
    uint32_t registers_max;       /**< grant no more; 1 is allowed only when it is said here */
    uint32_t common_pages;        /**< registers wanted besides, for common buffers */
    uint32_t depth;               /**< packets between execute and complete, 1..PACKET_DEPTH_MAX; 0: 1 */
    uint32_t bounce_pages;        /**< for frames beyond the reach, 0..PACKET_BOUNCE_MAX */
    uint32_t channels;            /**< bits: those of this device */
    uint8_t  channel;             /**< one of them, or PACKET_ANY_CHANNEL: the lowest that is free */
    bool     windowed;            /**< one element through the window */
    bool     bounce_always;       /**< every page is bounced: tests (BNC-04) */
    uint32_t device_bus;          /**< device memory that is opened in the guard until close; a page boundary */
    uint32_t device_bytes;        /**< 0: none */
    enum map_access device_access;
};

/** What the books say, for tests and logs. */
struct packet_counts {
    uint32_t started, executed, completed, cancelled; /**< packets */
    uint32_t bounced;     /**< pages */
    uint32_t quarantined; /**< pages */
};

/** One adapter. Allocate it statically, zeroed; read grants and counts, leave the rest alone. */
struct packet_adapter {
    struct packet_system        *system;
    struct map                  *map;
    struct packet_adapter_config config;
    struct packet_counts         counts;
    struct map_fault             fault;   /**< the newest refusal of its channel; cause 0: none */
    struct packet *head, *tail;     /* QUEUED, oldest first */
    struct packet *in_execute;      /* NULL as soon as it was completed */
    uint32_t registers;             /**< granted */
    uint32_t registers_common;      /**< of them, held by common buffers */
    uint32_t registers_packets;     /**< of them, held by packets */
    uint16_t first_register;        /* windowed: of the block in the window */
    uint8_t  number, channel;
    uint8_t  next_packet;
    bool     open, staging, faulted;
    uint32_t queued, executing, common;
    uint32_t held[MAP_REGISTERS_MAX / 32u];   /* windowed: bits of the block, by anyone */
    uint32_t lasting[MAP_REGISTERS_MAX / 32u]; /* of them, by common buffers */
    uint32_t bounce_bus, bounce_used;         /* run of bounce pages, bits */
    uint32_t bounced_from;                    /* pages from this bus address on are bounced; UINT32_MAX: none is */
    bool     whole_pages;                     /* no page is cut or bounced: only elements_max can end a packet early */
};

/** Begin: no adapter, DPC queue empty. @param direct_registers frames that all direct adapters may have open. [passive] */
void packet_system_init(struct packet_system *system, struct map *map, uint32_t direct_registers);

/** How long a SYNC or a flush of the posting bridge may take before frames go into quarantine; default 100000 cycles. [passive] */
void packet_system_set_timeout(struct packet_system *system, uint32_t timeout_cycles);

/**
 * Open an adapter: channel, map registers, device memory. Fewer registers than wanted may be granted.
 *
 * Wanted are ceil(maximum / page) + 1 for each packet of the depth, and common_pages.
 *
 * @return PACKET_OK; PACKET_ERR_ARGUMENT; PACKET_ERR_RESOURCES if there is no channel, number, bounce page, or fewer
 *         than two registers (one, if registers_max says so). On an error everything is as before.
 *
 * Spec ADP-02, ADP-04, ADP-05, ADP-11. [passive]
 */
enum packet_status packet_adapter_open(struct packet_adapter *adapter, struct packet_system *system,
                                       const struct packet_adapter_config *config);

/** Close it. @return PACKET_OK; PACKET_ERR_STATE with a violation for what is outstanding. Spec ADP-07. [passive] */
enum packet_status packet_adapter_close(struct packet_adapter *adapter);

/**
 * Take a faulted adapter into use again; its device has been stopped and cleared before. Nothing may be outstanding: SYNC
 * and the flush of the posting bridge end in time. Then the queue is served. Frames in quarantine stay there.
 *
 * @return PACKET_OK, also for one that is not faulted; PACKET_ERR_STATE: a packet executes; PACKET_ERR_FAULTED: it is not
 *         quiet, and stays faulted; complete, cancel and close work as ever
 *
 * Spec ERR-06, ERR-07. [<= dispatch]
 */
enum packet_status packet_adapter_reset(struct packet_adapter *adapter);

/** Registers that a packet can get when nothing else is in flight: what is granted, less common buffers. Spec CMB-02. [<= dispatch] */
uint32_t packet_adapter_available(const struct packet_adapter *adapter);

/**
 * Queue a packet and serve the queue.
 *
 * @return PACKET_OK: `execute` was called or will be, or packet_cancel() takes it back. PACKET_ERR_ARGUMENT with its
 *         violation; PACKET_ERR_RESOURCES; PACKET_ERR_FAULTED
 *
 * Spec STA-01..27. [<= dispatch]
 */
enum packet_status packet_start(struct packet_adapter *adapter, struct packet *packet);

/** Take a packet back that still waits. @return true: `execute` is never called. false: too late. Spec CAN-01. [<= dispatch] */
bool packet_cancel(struct packet_adapter *adapter, struct packet *packet);

/**
 * Wait in the queue for registers, as a packet does, and keep them: packets that name this one as their hold use them, one at a
 * time, ahead of all that wait, and are as long as they allow.
 *
 * @param packet     no packet, but what stands for the registers; the face fills nothing
 * @param registers  at least 1
 * @return PACKET_OK: `held` was called or will be, or packet_cancel() takes it back; PACKET_ERR_RESOURCES: more than
 *         packet_adapter_available(); PACKET_ERR_FAULTED
 *
 * Spec MAP-13, MAP-14. [<= dispatch]
 */
enum packet_status packet_hold(struct packet_adapter *adapter, struct packet *packet, uint32_t registers);

/** Give them back; no packet uses them now. Who waits is served, perhaps inside. Spec MAP-14. [<= dispatch] */
void packet_unhold(struct packet_adapter *adapter, struct packet *packet);

/** How the device run of a packet went. */
enum packet_outcome {
    PACKET_RUN_GOOD,   /**< the device says it is done: it must be quiet, or Complete is refused */
    PACKET_RUN_FAILED, /**< error, abort, or nobody answers: close and wait, and quarantine what does not become quiet;
                          the adapter is faulted, and what waits in its queue goes on waiting (ERR-06) */
};

/**
 * End a packet.
 *
 * @param moved_bytes  from its start; bounced bytes behind are left as they were. At most length_bytes.
 * @return PACKET_OK; PACKET_ERR_ARGUMENT with VIOL_DOUBLE_COMPLETE, VIOL_DIRECTION or VIOL_ENGINE_BUSY
 *
 * Spec CPL-01..12. [<= dispatch]
 */
enum packet_status packet_complete(struct packet_adapter *adapter, struct packet *packet, enum packet_direction direction,
                                   uint32_t moved_bytes, enum packet_outcome outcome);

/**
 * Memory for CPU and device at once, zeroed.
 *
 * @return NULL when there are no frames within the reach, no registers, no entry, or a Start waits that needs them
 *
 * Spec CMB-01..07. [passive]
 */
const struct packet_common *packet_common_take_cached(struct packet_adapter *adapter, uint32_t bytes);
const struct packet_common *packet_common_take_uncached(struct packet_adapter *adapter, uint32_t bytes);

/** Give it back; every field must be what was taken. @return PACKET_OK, PACKET_ERR_ARGUMENT with VIOL_CB_MISMATCH. Spec CMB-03. [passive] */
enum packet_status packet_common_give(const struct packet_common *receipt);

/**
 * Let a second adapter reach a common buffer too: another channel of the same gate, both without a window. It takes map
 * registers of this one as well, until packet_common_unshare(), which comes before packet_common_give().
 *
 * @return false when there are no registers; nothing was changed
 *
 * Spec CMB-02. [<= dispatch]
 */
bool packet_common_share(const struct packet_common *common, struct packet_adapter *adapter);
void packet_common_unshare(const struct packet_common *common, struct packet_adapter *adapter);

/** Is there a common buffer of this adapter at this address? [<= dispatch] */
bool packet_common_held(const struct packet_adapter *adapter, const void *cpu);

/** Cached common buffer: CPU's stores to memory, and the engine's bytes to the CPU. Spec CMB-04. [<= dispatch] */
void packet_common_sync(void);

#endif
