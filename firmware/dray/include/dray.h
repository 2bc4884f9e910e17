/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file dray.h
 * Native driver of one Dray engine. Hardware: rtl/dray, docs/registers.md.
 *
 * Work stands in a ring of 16-byte descriptors that you own; the engine reads them itself:
 *
 *     static _Alignas(4096) struct dray_descriptor ring[256];
 *
 *     dray_init(&engine, base);
 *     dray_channel_open(&copy, &engine, 0, &(struct dray_ring){ ring, ring_bus, 256 });
 *     dray_submit(&copy, &(struct dray_job){ source, destination, n, DRAY_IRQ, 7 }, 1);
 *     while (dray_retire(&copy, &result) == DRAY_EMPTY) { }
 *     // result.status, result.moved_bytes, result.tag
 *
 *      retired          consumer           producer         staged
 *         |  yours to      |  the engine's    |  prepared,     |  free
 *         v  look at       v                  v  not rung      v
 *     ----+----------------+------------------+----------------+----   indices run free, 16 bits
 *
 * Ownership: a descriptor and both its buffers belong to the engine from dray_ring() until
 * dray_retire() or dray_retire_slots() has given it back.
 *
 * Ring memory is read by the engine and, for write-back, written by it: give its uncached address.
 *
 * Context, on the last line of each comment:
 *   [thread]  not from an interrupt handler; may wait
 *   [any]     thread, DISPATCH or interrupt; never waits
 * One channel must not be used from two contexts at the same time, dray_irq_take() apart.
 */
#ifndef DRAY_H
#define DRAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dray_regs.h"

#ifdef __cplusplus
extern "C" {
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
    DRAY_ERR_UNKNOWN       = -16, /**< a cause that this driver does not know */
    DRAY_ERR_DESC_SLVERR   = -17, /**< from here on: -16 - cause of docs/registers.md */
    DRAY_ERR_DESC_DECERR   = -18,
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
    DRAY_ERR_ABORTED       = -32, /**< cut short by dray_abort() or dray_channel_close() */
};

/** Name of a status, for logs. Never NULL. [any] */
const char *dray_status_name(enum dray_status status);

/** State of a channel, as the STATUS register has it. */
enum dray_state {
    DRAY_OFF      = DRAY_CHANNEL_STATE_OFF,
    DRAY_RUNNING  = DRAY_CHANNEL_STATE_RUNNING,
    DRAY_DRAINING = DRAY_CHANNEL_STATE_DRAINING,
    DRAY_HALTED   = DRAY_CHANNEL_STATE_HALTED,
    DRAY_STOPPED  = DRAY_CHANNEL_STATE_STOPPED,
    DRAY_GONE     = 8, /**< registers read all ones */
};

/** Flags of a job; they are bits of the descriptor's control word. */
enum dray_flag {
    DRAY_IRQ        = DRAY_DESCRIPTOR_CONTROL_IRQ_MASK,        /**< DONE interrupt when it retires */
    DRAY_WRITE_BACK = DRAY_DESCRIPTOR_CONTROL_WRITE_BACK_MASK, /**< leaves bytes moved and status in its slot */
    DRAY_FENCE      = DRAY_DESCRIPTOR_CONTROL_FENCE_MASK,      /**< begins after every earlier one has ended */
    DRAY_TO_STREAM  = DRAY_DESCRIPTOR_CONTROL_TO_STREAM_MASK,  /**< destination is the channel's stream */
};

/** Interrupt bits of a channel, as IRQ_STATUS has them. */
enum dray_irq {
    DRAY_IRQ_DONE    = DRAY_CHANNEL_IRQ_STATUS_DONE_MASK,
    DRAY_IRQ_HALTED  = DRAY_CHANNEL_IRQ_STATUS_HALTED_MASK,
    DRAY_IRQ_STOPPED = DRAY_CHANNEL_IRQ_STATUS_STOPPED_MASK,
    DRAY_IRQ_ALL     = DRAY_IRQ_DONE | DRAY_IRQ_HALTED | DRAY_IRQ_STOPPED,
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

/** Slots of the longest ring. */
#define DRAY_SLOTS_MAX 32768u

/** Highest tag. */
#define DRAY_TAG_MAX 0xfffu

/** One engine. Allocate it statically; read the capabilities, leave the rest alone. */
struct dray {
    uintptr_t base;
    uint32_t  version;      /**< major << 16 | minor << 8 | patch */
    uint32_t  bound_bytes;  /**< no burst crosses a multiple of it */
    uint8_t   channels;     /**< 1..8 */
    uint8_t   data_bytes;   /**< width of the data bus */
    uint8_t   addr_bits;    /**< width of an address */
    bool      any_byte;     /**< any alignment; otherwise multiples of data_bytes */
    bool      gated;        /**< a gate stands between engine and bus */
    bool      stream_out;   /**< memory to stream is built */
};

/** Ring memory, given by the caller for as long as the channel is open. */
struct dray_ring {
    struct dray_descriptor *slots;   /**< slots[slot_count], where the CPU sees them, uncached */
    uint64_t                bus;     /**< where the engine sees slots[0]; a multiple of 16 * slot_count */
    uint32_t                slot_count; /**< a power of two, 1..DRAY_SLOTS_MAX */
};

/** One channel. Allocate it statically; treat the fields as private. */
struct dray_channel {
    struct dray     *engine;
    struct dray_ring ring;
    uintptr_t        base;
    uint16_t         retired, consumer, producer, staged;
    uint8_t          number;
    bool             cyclic;
};

/** One transfer. */
struct dray_job {
    uint64_t source;       /**< bus address of source[length_bytes] */
    uint64_t destination;  /**< bus address of destination[length_bytes]; with DRAY_TO_STREAM ignored */
    uint32_t length_bytes; /**< 1 .. 4 GiB - 1 */
    uint32_t flags;        /**< of enum dray_flag */
    uint16_t tag;          /**< 0..DRAY_TAG_MAX; comes back in the result */
};

/** What became of one descriptor. */
struct dray_result {
    enum dray_status status;      /**< DRAY_OK, or what stopped it */
    uint32_t         moved_bytes; /**< from its start, without a gap; of a link, 0 */
    uint16_t         index;       /**< its ring index */
    uint16_t         tag;
};

/** Why a channel stands still. */
struct dray_failure {
    enum dray_status status;       /**< cause of FAILED; DRAY_ERR_STOPPED after an abort that cut nothing short */
    uint16_t         failed_index; /**< ring index of FAILED; in a segment the ring's link; next_index if none */
    uint16_t         next_index;   /**< first that never began */
    uint32_t         moved_bytes;  /**< by FAILED */
    uint64_t         failed_bus;   /**< bus address of FAILED's slot */
    uint64_t         next_bus;     /**< bus address of NEXT's slot */
};

/**
 * Attach to the engine at @p base, read what it can do, and turn every channel off.
 *
 * @param base  address of its registers, a multiple of 4
 * @return DRAY_OK; DRAY_ERR_ARGUMENT; DRAY_ERR_GONE if everything reads all ones; DRAY_ERR_ABSENT if no
 *         engine of this major version answers. On an error @p engine is unchanged.
 *
 * Spec HW-01, DD-09. [thread]
 */
enum dray_status dray_init(struct dray *engine, uintptr_t base);

/** Bit n: channel n has an enabled interrupt bit set. All ones if nobody answers. Spec ISR-01, ISR-06. [any] */
uint32_t dray_irq_summary(const struct dray *engine);

/**
 * Open channel @p number on @p ring: indices zero, its interrupt bits cleared and enabled.
 *
 * @param ring  copied; its memory is cleared, so that nothing in it is a valid descriptor
 * @return DRAY_OK; DRAY_ERR_ARGUMENT for a channel the engine lacks or a ring of wrong size or alignment;
 *         DRAY_ERR_STATE if the channel does not come to OFF; DRAY_ERR_GONE. On an error nothing was changed.
 *
 * Spec design 2 (rings), CMB-07. [thread]
 */
enum dray_status dray_channel_open(struct dray_channel *channel, struct dray *engine, unsigned number,
                                   const struct dray_ring *ring);

/**
 * The same for a ring that goes round by itself. Fill all its slots, then ring once: it is OFF until then. From then on a
 * period is one descriptor, none of them retires, and dray_end_period() or dray_abort() ends it.
 *
 * @return as dray_channel_open()
 *
 * Spec design 2 (cyclic). [thread]
 */
enum dray_status dray_channel_open_cyclic(struct dray_channel *channel, struct dray *engine, unsigned number,
                                          const struct dray_ring *ring);

/**
 * Turn the channel off; what runs is stopped as by an abort.
 *
 * @return DRAY_OK when it is off: ring and buffers are yours; DRAY_BUSY when something is still outstanding
 *         after @p polls looks: call again; DRAY_ERR_GONE
 *
 * Spec CAN-03. [thread]
 */
enum dray_status dray_channel_close(struct dray_channel *channel, unsigned polls);

/** Free slots: how many more can be prepared. [any] */
unsigned dray_free_slots(const struct dray_channel *channel);

/**
 * Write @p job into the next free slot; the engine does not see it before dray_ring().
 *
 * @return DRAY_OK; DRAY_ERR_FULL; DRAY_ERR_ARGUMENT for a length of zero, an unknown flag, a tag too large, an address
 *         or alignment this build cannot do, or write-back in a cyclic ring; DRAY_ERR_ABSENT for a stream that was not
 *         built. On an error nothing was changed.
 *
 * Spec EXE-05, HW-03, HW-10. [any]
 */
enum dray_status dray_prepare(struct dray_channel *channel, const struct dray_job *job);

/**
 * Write @p jobs into @p segment and a link to it into the next free slot.
 *
 * @param segment      segment[count], uncached, yours again when the link has retired
 * @param segment_bus  where the engine sees it, a multiple of 16
 * @return as dray_prepare(); on an error ring and segment are unchanged
 *
 * Spec design 2 (link). [any]
 */
enum dray_status dray_prepare_segment(struct dray_channel *channel, struct dray_descriptor *segment,
                                      uint64_t segment_bus, const struct dray_job *jobs, unsigned count);

/** Forget what was prepared and not rung. [any] */
void dray_discard(struct dray_channel *channel);

/** Hand everything prepared to the engine: one publish, one doorbell. Nothing prepared, nothing rung. Spec EXE-05. [any] */
void dray_ring(struct dray_channel *channel);

/**
 * Prepare @p count jobs and ring once: all of them or none.
 *
 * @return as dray_prepare(); on an error nothing was changed
 *
 * Spec EXE-05. [any]
 */
enum dray_status dray_submit(struct dray_channel *channel, const struct dray_job *jobs, unsigned count);

/** Slots that have been consumed and not yet retired; reads one register, no memory. [any] */
unsigned dray_consumed(struct dray_channel *channel);

/** Give @p count consumed slots back without looking at them. @p count must not exceed dray_consumed(). [any] */
void dray_retire_slots(struct dray_channel *channel, unsigned count);

/**
 * Give the oldest consumed descriptor back and say what became of it.
 *
 * @return DRAY_OK, then @p result is filled; DRAY_EMPTY; DRAY_ERR_HALTED or DRAY_ERR_STOPPED when only descriptors
 *         are left that never began, or a segment in which one failed (dray_failure() knows): decide with dray_resume(), dray_skip() or dray_drop(); DRAY_ERR_GONE
 *
 * Spec ERR-01, PRT-05. [any]
 */
enum dray_status dray_retire(struct dray_channel *channel, struct dray_result *result);

/** State of the channel. [any] */
enum dray_state dray_state(const struct dray_channel *channel);

/** True while an address, beat or response of the channel is outstanding, or nobody answers. Spec CPL-04. [any] */
bool dray_outstanding(const struct dray_channel *channel);

/**
 * Why the channel stands still.
 *
 * @return DRAY_OK, then @p failure is filled; DRAY_ERR_STATE if it does not; DRAY_ERR_GONE
 *
 * Spec ERR-01, HW-06. [any]
 */
enum dray_status dray_failure(const struct dray_channel *channel, struct dray_failure *failure);

/** Go on at NEXT. @return DRAY_OK, DRAY_ERR_STATE unless HALTED or STOPPED, DRAY_ERR_GONE. Spec HW-06. [any] */
enum dray_status dray_resume(struct dray_channel *channel);

/** Move NEXT behind one more descriptor of the ring without executing it. @return as dray_resume(), and DRAY_ERR_STATE if none is left. [any] */
enum dray_status dray_skip(struct dray_channel *channel);

/** Give up everything in the ring and run on, empty: every slot is free. @return as dray_resume(). [any] */
enum dray_status dray_drop(struct dray_channel *channel);

/** Tell the channel to begin nothing more; it drains and comes to STOPPED. @return DRAY_OK, DRAY_ERR_GONE. Spec HW-05. [any] */
enum dray_status dray_abort(struct dray_channel *channel);

/**
 * dray_abort(), then wait until nothing is outstanding.
 *
 * @param polls  how often to look, at least 1
 * @return DRAY_OK when STOPPED, HALTED or OFF; DRAY_BUSY after @p polls looks; DRAY_ERR_GONE
 *
 * Spec CAN-03, CAN-05. [any, bounded by polls]
 */
enum dray_status dray_stop(struct dray_channel *channel, unsigned polls);

/** Cyclic ring: stop when the period that has begun is over. @return DRAY_OK, DRAY_ERR_STATE, DRAY_ERR_GONE. [any] */
enum dray_status dray_end_period(struct dray_channel *channel);

/**
 * The sticky interrupt bits, cleared as they are returned: one that is set meanwhile stays for the next call.
 *
 * The line has fallen, if nothing else holds it, when this returns.
 *
 * @return bits of enum dray_irq; 0 if nobody answers
 *
 * Spec ISR-02, ISR-04, ISR-07. [any]
 */
uint32_t dray_irq_take(const struct dray_channel *channel);

/** Which interrupt bits reach the line, of enum dray_irq. Spec ISR-05. [any] */
void dray_irq_enable(const struct dray_channel *channel, uint32_t bits);

#ifdef __cplusplus
}
#endif

#endif
