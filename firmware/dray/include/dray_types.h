/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file dray_types.h
 * What the calls of dray.h take and give: statuses, layouts in memory, capabilities, rings, jobs, results, options.
 */
#ifndef DRAY_TYPES_H
#define DRAY_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dray_regs.h"

#ifdef __cplusplus
#define DRAY_ASSERT static_assert
#else
#define DRAY_ASSERT _Static_assert
#endif

/** Outcome of a call or of a descriptor. Errors are negative. */
enum dray_status {
    DRAY_OK                = 0,  /**< done */
    DRAY_EMPTY             = 1,  /**< nothing has retired since */
    DRAY_BUSY              = 2,  /**< not yet: something is still outstanding */
    DRAY_ERR_ARGUMENT      = -1, /**< refused before anything was touched */
    DRAY_ERR_STATE         = -2, /**< the channel is not in a state for this */
    DRAY_ERR_FULL          = -3, /**< not so many free slots in the ring */
    DRAY_ERR_ABSENT        = -4, /**< no engine there, not this version, or an option that was not built */
    DRAY_ERR_GONE          = -5, /**< registers read all ones: nobody answers any more */
    DRAY_ERR_HALTED        = -6, /**< an error stopped the channel: what comes next never began */
    DRAY_ERR_STOPPED       = -7, /**< ABORT stopped the channel: what comes next never began */
    DRAY_ERR_PAUSED        = -8, /**< PAUSE stopped the channel: what comes next never began */
    DRAY_ERR_UNTOLD        = -9, /**< it began, and its status could not be written behind an earlier error */
    DRAY_ERR_UNKNOWN       = -16, /**< a cause that this driver does not know */
    DRAY_ERR_DESC_SLVERR   = -17, /**< from here on: -16 - cause of docs/registers.md */
    DRAY_ERR_DESC_DECERR   = -18,
    DRAY_ERR_LIST_SLVERR   = -19,
    DRAY_ERR_LIST_DECERR   = -20,
    DRAY_ERR_READ_SLVERR   = -21,
    DRAY_ERR_READ_DECERR   = -22,
    DRAY_ERR_WRITE_SLVERR  = -23,
    DRAY_ERR_WRITE_DECERR  = -24,
    DRAY_ERR_BACK_SLVERR   = -25,
    DRAY_ERR_BACK_DECERR   = -26,
    DRAY_ERR_TYPE          = -27,
    DRAY_ERR_GENERATION    = -28,
    DRAY_ERR_LENGTH        = -29,
    DRAY_ERR_ADDRESS       = -30,
    DRAY_ERR_FAULT         = -31,
    DRAY_ERR_ABORTED       = -32, /**< cut short by dray_abort() or dray_channel_close(), or skipped */
    DRAY_ERR_WATCHDOG      = -33, /**< the memory did not answer in time */
    DRAY_ERR_BUDGET        = -34, /**< one slot more in segments than the budget allows */
};

/** State of a channel, as the STATUS register has it. */
enum dray_state {
    DRAY_OFF      = DRAY_CHANNEL_STATE_OFF,
    DRAY_RUNNING  = DRAY_CHANNEL_STATE_RUNNING,
    DRAY_DRAINING = DRAY_CHANNEL_STATE_DRAINING,
    DRAY_HALTED   = DRAY_CHANNEL_STATE_HALTED,
    DRAY_STOPPED  = DRAY_CHANNEL_STATE_STOPPED,
    DRAY_PAUSED   = DRAY_CHANNEL_STATE_PAUSED,
    DRAY_GONE     = 8, /**< registers read all ones */
};

/** Options an engine may have been built with, as FEATURES has them; for dray_has(). */
enum dray_feature {
    DRAY_HAS_BYTES      = DRAY_FEATURES_BYTES_MASK,      /**< any alignment and length; else multiples of data_bytes */
    DRAY_HAS_GATE       = DRAY_FEATURES_GATE_MASK,       /**< a gate stands between engine and bus */
    DRAY_HAS_FILL       = DRAY_FEATURES_FILL_MASK,       /**< dray_kind_fill */
    DRAY_HAS_ROWS       = DRAY_FEATURES_ROWS_MASK,       /**< dray_kind_rows */
    DRAY_HAS_LISTS      = DRAY_FEATURES_LISTS_MASK,      /**< dray_kind_gather and dray_kind_scatter */
    DRAY_HAS_COUNTERS   = DRAY_FEATURES_COUNTERS_MASK,   /**< dray_counters_read() */
    DRAY_HAS_PRIORITY   = DRAY_FEATURES_PRIORITY_MASK,   /**< options priority and bursts_max */
    DRAY_HAS_BUDGET     = DRAY_FEATURES_BUDGET_MASK,     /**< option budget_slots */
    DRAY_HAS_WATCHDOG   = DRAY_FEATURES_WATCHDOG_MASK,   /**< dray_watchdog() */
    DRAY_HAS_COALESCE   = DRAY_FEATURES_COALESCE_MASK,   /**< options irq_count and irq_clocks */
    DRAY_HAS_ATTRIBUTES = DRAY_FEATURES_ATTRIBUTES_MASK, /**< option attributes */
};

/**
 * What a job does beside copying, which is none of these. A program has the code of those kinds that it names; every job
 * is cut at bursts, pages and elements by the engine.
 */
struct dray_kind;
#ifdef __cplusplus
extern "C" {
#endif
extern const struct dray_kind dray_kind_fill;    /**< the 32 bits of source, lowest byte first, over and over */
extern const struct dray_kind dray_kind_rows;    /**< count times length_bytes, from stride to stride */
extern const struct dray_kind dray_kind_gather;  /**< source is a list of elements, which go to destination one behind the other */
extern const struct dray_kind dray_kind_scatter; /**< destination is a list of elements, which are filled one behind the other */
#ifdef __cplusplus
}
#endif

/** Flags of a job; they are bits of the descriptor's control word. */
enum dray_flag {
    DRAY_IRQ         = DRAY_DESCRIPTOR_CONTROL_IRQ_MASK,         /**< DONE interrupt when it retires */
    DRAY_WRITE_BACK  = DRAY_DESCRIPTOR_CONTROL_WRITE_BACK_MASK,  /**< leaves bytes moved and status in its slot */
    DRAY_FENCE       = DRAY_DESCRIPTOR_CONTROL_FENCE_MASK,       /**< begins after every earlier one has ended */
    DRAY_TO_STREAM   = DRAY_DESCRIPTOR_CONTROL_TO_STREAM_MASK,   /**< a copy, a gather: destination is the channel's stream, one packet */
    DRAY_FROM_STREAM = DRAY_DESCRIPTOR_CONTROL_FROM_STREAM_MASK, /**< a copy: source is the channel's stream; ends with the packet or with length_bytes */
};

/** Interrupt bits of a channel, as IRQ_STATUS has them. */
enum dray_irq {
    DRAY_IRQ_DONE     = DRAY_CHANNEL_IRQ_STATUS_DONE_MASK,
    DRAY_IRQ_HALTED   = DRAY_CHANNEL_IRQ_STATUS_HALTED_MASK,
    DRAY_IRQ_STOPPED  = DRAY_CHANNEL_IRQ_STATUS_STOPPED_MASK,
    DRAY_IRQ_WATCHDOG = DRAY_CHANNEL_IRQ_STATUS_WATCHDOG_MASK, /**< the memory does not answer; HALTED comes if it does after all */
    DRAY_IRQ_ALL      = DRAY_IRQ_DONE | DRAY_IRQ_HALTED | DRAY_IRQ_STOPPED | DRAY_IRQ_WATCHDOG,
};

/** One slot, exactly as the engine reads it. */
struct dray_descriptor {
    uint32_t source;      /**< bus address; of a link, that of the segment */
    uint32_t destination; /**< bus address */
    uint32_t length;      /**< bytes; of a link, descriptors; after write-back, bytes moved */
    uint32_t control;     /**< DRAY_DESCRIPTOR_CONTROL_*; after write-back, DRAY_WRITE_BACK_STATUS_* */
};

DRAY_ASSERT(sizeof(struct dray_descriptor) == DRAY_DESCRIPTOR_BYTES, "a slot is 16 bytes");
DRAY_ASSERT(offsetof(struct dray_descriptor, destination) == DRAY_DESCRIPTOR_DESTINATION, "engine layout");
DRAY_ASSERT(offsetof(struct dray_descriptor, length) == DRAY_DESCRIPTOR_LENGTH, "engine layout");
DRAY_ASSERT(offsetof(struct dray_descriptor, control) == DRAY_DESCRIPTOR_CONTROL, "engine layout");
DRAY_ASSERT(DRAY_WRITE_BACK_MOVED == DRAY_DESCRIPTOR_LENGTH, "write-back overwrites the length");
DRAY_ASSERT(DRAY_WRITE_BACK_STATUS == DRAY_DESCRIPTOR_CONTROL, "write-back overwrites the control word");

/** One piece of a list, exactly as the engine reads it. A list is an array of them, aligned to 8. */
struct dray_element {
    uint32_t address;      /**< bus address of piece[length_bytes] */
    uint32_t length_bytes; /**< at least 1 */
};

DRAY_ASSERT(sizeof(struct dray_element) == DRAY_ELEMENT_BYTES, "an element is 8 bytes");
DRAY_ASSERT(offsetof(struct dray_element, length_bytes) == DRAY_ELEMENT_LENGTH, "engine layout");

/** Slots of the longest ring. */
#define DRAY_SLOTS_MAX 32768u

/** Slots behind a ring that has `spare`. */
#define DRAY_SPARE_SLOTS 2u

/** Highest tag. */
#define DRAY_TAG_MAX 0xfffu

/** Most rows of a job, elements of a list, slots of a segment. */
#define DRAY_COUNT_MAX 0xffffu

/** One engine. Allocate it statically; read the capabilities, leave the rest alone. */
struct dray {
    uintptr_t base;
    uint32_t  version;      /**< major << 16 | minor << 8 | patch */
    uint32_t  features;     /**< FEATURES; ask dray_has() */
    uint32_t  bound_bytes;  /**< no burst crosses a multiple of it */
    uint8_t   channels;     /**< 1..8 */
    uint8_t   data_bytes;   /**< width of the data bus */
    uint8_t   addr_bits;    /**< width of an address; jobs name the lowest 32 of them */
    uint8_t   stream_out;   /**< bit n: channel n has a stream from memory */
    uint8_t   stream_in;    /**< bit n: channel n has a stream to memory */
};

/** True if the engine has all these features, of enum dray_feature. [any] */
static inline bool dray_has(const struct dray *engine, uint32_t features)
{
    return (engine->features & features) == features;
}

/** True if an address, a stride or a length can be @p value: any byte, or a multiple of data_bytes, a power of two. [any] */
static inline bool dray_aligned(const struct dray *engine, uint32_t value)
{
    return dray_has(engine, DRAY_HAS_BYTES) || (value & (engine->data_bytes - 1u)) == 0u;
}

/** True if channel @p number has a stream from memory. [any] */
static inline bool dray_has_stream_out(const struct dray *engine, unsigned number)
{
    return ((uint32_t)engine->stream_out >> number & 1u) != 0u;
}

/** True if channel @p number has a stream to memory. [any] */
static inline bool dray_has_stream_in(const struct dray *engine, unsigned number)
{
    return ((uint32_t)engine->stream_in >> number & 1u) != 0u;
}

/** Ring memory, given by the caller for as long as the channel is open. */
struct dray_ring {
    struct dray_descriptor *slots;   /**< slots[slot_count], where the CPU sees them, uncached */
    uint64_t                bus;     /**< where the engine sees slots[0]; a multiple of 16 * slot_count */
    uint32_t                slot_count; /**< a power of two, 1..DRAY_SLOTS_MAX */
    bool                    spare;   /**< slots[slot_count + DRAY_SPARE_SLOTS]: jobs of rows have two slots, which never wrap, so one
                                          that comes to the ring's last slot stands behind the ring. Without it there are no rows. */
};

/** What became of one job. */
struct dray_result {
    enum dray_status status;      /**< DRAY_OK, or what stopped it */
    uint32_t         moved_bytes; /**< from its start, without a gap; of all rows together, modulo 4 GiB; of a segment, 0 */
    uint16_t         index;       /**< its ring index */
    uint16_t         tag;
    bool             packet_end;  /**< the packet from the stream ended in it */
};

/** Called by dray_service() for each job, in order, with the context of the channel's options. It may submit. */
typedef void dray_done(void *context, const struct dray_result *result);

/** Attributes of a channel's addresses: AxPROT 0..7, AxCACHE 0..15, AxQOS 0..15. */
#define DRAY_ATTRIBUTES(prot, cache, qos) ((uint16_t)(0x8000u | (qos) << 8 | (cache) << 4 | (prot)))

/** How a channel is to behave. All zero is what dray_channel_open() takes, and what every build can do. */
struct dray_channel_options {
    uint8_t    priority;     /**< 0..7: the higher goes first; equals take turns */
    uint8_t    bursts_max;   /**< so many bursts on their way at most, 1..63; 0: no cap */
    uint16_t   budget_slots; /**< so many slots of segments in a row at most; 0: no limit; with a spare at least 2 */
    uint8_t    irq_count;    /**< DONE after so many jobs with DRAY_IRQ, 2..255 ... */
    uint32_t   irq_clocks;   /**< ... or so long after the first of them, up to 4194240, in steps of 64; both or none */
    uint16_t   attributes;   /**< DRAY_ATTRIBUTES(); 0: DRAY_ATTRIBUTES(0, 3, 0) */
    bool       cyclic;       /**< the ring goes round by itself */
    dray_done *done;         /**< for dray_service() */
    void      *context;
};

/** One channel. Allocate it statically; treat the fields as private. */
struct dray_channel {
    struct dray     *engine;
    struct dray_ring ring;
    uintptr_t        base;
    dray_done       *done;
    void            *context;
    uint16_t         retired, consumer, producer, staged;
    uint8_t          number;
    bool             cyclic;
};

/** One job. dray_copy() and its neighbours fill it in; flags and tag may be set afterwards. */
struct dray_job {
    uint64_t       source;       /**< bus address; of a fill the pattern; of a gather the list; with DRAY_FROM_STREAM ignored */
    uint64_t       destination;  /**< bus address; of a scatter the list; with DRAY_TO_STREAM ignored */
    uint32_t       length_bytes; /**< 1 .. 4 GiB - 1; of rows that of one row; of a list that of all pieces together */
    uint32_t       flags;        /**< of enum dray_flag */
    uint16_t       tag;          /**< 0..DRAY_TAG_MAX; comes back in the result */
    uint16_t       count;        /**< rows, or elements of a list, 1..DRAY_COUNT_MAX; else ignored */
    int32_t        source_stride, destination_stride; /**< of rows: bytes from the start of one to that of the next */
    const struct dray_kind *kind; /**< NULL: a copy */
};

/** @p length_bytes from one place to another. [any] */
static inline struct dray_job dray_copy(uint64_t from, uint64_t to, uint32_t length_bytes)
{
    struct dray_job job = { from, to, length_bytes, 0u, 0u, 0u, 0, 0, NULL };
    return job;
}

/** @p pattern, lowest byte first, over and over. [any] */
static inline struct dray_job dray_fill(uint32_t pattern, uint64_t to, uint32_t length_bytes)
{
    struct dray_job job = { pattern, to, length_bytes, 0u, 0u, 0u, 0, 0, &dray_kind_fill };
    return job;
}

/** @p rows of @p row_bytes each; strides in bytes, from the start of a row to that of the next. [any] */
static inline struct dray_job dray_rows(uint64_t from, int32_t from_stride, uint64_t to, int32_t to_stride,
                                        uint32_t row_bytes, uint16_t rows)
{
    struct dray_job job = { from, to, row_bytes, 0u, 0u, rows, from_stride, to_stride, &dray_kind_rows };
    return job;
}

/** The pieces of the list, a multiple of 8, to one place; together they have @p length_bytes. [any] */
static inline struct dray_job dray_gather(uint64_t list, uint16_t elements, uint64_t to, uint32_t length_bytes)
{
    struct dray_job job = { list, to, length_bytes, 0u, 0u, elements, 0, 0, &dray_kind_gather };
    return job;
}

/** One place to the pieces of the list, a multiple of 8; together they have @p length_bytes. [any] */
static inline struct dray_job dray_scatter(uint64_t from, uint64_t list, uint16_t elements, uint32_t length_bytes)
{
    struct dray_job job = { from, list, length_bytes, 0u, 0u, elements, 0, 0, &dray_kind_scatter };
    return job;
}

/** One packet to the channel's stream; TLAST comes with its last byte. [any] */
static inline struct dray_job dray_send(uint64_t from, uint32_t length_bytes)
{
    struct dray_job job = { from, 0u, length_bytes, DRAY_TO_STREAM, 0u, 0u, 0, 0, NULL };
    return job;
}

/** A packet from the channel's stream, or as much of it as there is room. The result says how long it was, and whether it ended. [any] */
static inline struct dray_job dray_receive(uint64_t to, uint32_t room_bytes)
{
    struct dray_job job = { 0u, to, room_bytes, DRAY_FROM_STREAM, 0u, 0u, 0, 0, NULL };
    return job;
}

/** Why a channel stands still. */
struct dray_failure {
    enum dray_status status;       /**< cause of FAILED; DRAY_ERR_STOPPED or DRAY_ERR_PAUSED where nothing was cut short */
    uint16_t         failed_index; /**< ring index of FAILED; in a segment the ring's link; next_index if none */
    uint16_t         next_index;   /**< first that never began */
    uint32_t         moved_bytes;  /**< by FAILED */
    uint64_t         failed_bus;   /**< bus address of FAILED's slot */
    uint64_t         next_bus;     /**< bus address of NEXT's slot */
};

#endif
