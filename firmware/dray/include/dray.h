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
 *     dray_channel_open(&copy, &engine, 0, &(struct dray_ring){ ring, ring_bus, 256, false });
 *     struct dray_job jobs[] = { dray_copy(source, destination, n), dray_fill(0u, elsewhere, m) };
 *     dray_submit(&copy, jobs, 2);
 *     while (dray_retire(&copy, &result) == DRAY_EMPTY) { }
 *     // result.status, result.moved_bytes, result.tag
 *
 * docs/programming.md has a whole program.
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

#include "dray_types.h"

#ifdef __cplusplus
extern "C" {
#endif

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

/** Name of a status, for logs. Never NULL. [any] */
const char *dray_status_name(enum dray_status status);

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
 * The same with options.
 *
 * @return as dray_channel_open(); DRAY_ERR_ARGUMENT for an option out of its range; DRAY_ERR_ABSENT for one that was
 *         not built. On an error nothing was changed.
 *
 * Spec HW-01, HW-16. [thread]
 */
enum dray_status dray_channel_open_with(struct dray_channel *channel, struct dray *engine, unsigned number,
                                        const struct dray_ring *ring, const struct dray_channel_options *options);

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

/** Ring index that the next job to be prepared gets. [any] */
uint16_t dray_next_index(const struct dray_channel *channel);

/**
 * Can this channel do this job?
 *
 * @return DRAY_OK; DRAY_ERR_ARGUMENT for a length or count of zero, an unknown flag, a tag too large, an address
 *         or alignment this build cannot do, a stream for a kind that has none, rows without a spare, or write-back in
 *         a cyclic ring; DRAY_ERR_ABSENT for a kind or stream that was not built
 *
 * Spec HW-01, HW-03, HW-10. [any]
 */
enum dray_status dray_check(const struct dray_channel *channel, const struct dray_job *job);

/**
 * Write @p job into the next free slot, one of rows into the next two; the engine does not see it before dray_ring().
 *
 * Lists and jobs from a stream are written back without being told to, except in a cyclic ring: only the engine
 * knows how long they were.
 *
 * @return as dray_check(); DRAY_ERR_FULL. On an error nothing was changed.
 *
 * Spec EXE-05, HW-03, HW-10. [any]
 */
enum dray_status dray_prepare(struct dray_channel *channel, const struct dray_job *job);

/**
 * Write @p jobs into @p segment and a link to it into the next free slot.
 *
 * @param segment      segment[slots], uncached, yours again when the link has retired; rows have two slots, all else one,
 *                     and there are DRAY_COUNT_MAX at most
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
 * @return DRAY_OK, then @p result is filled; DRAY_EMPTY; DRAY_ERR_HALTED, DRAY_ERR_STOPPED or DRAY_ERR_PAUSED when only
 *         descriptors are left that never began, or a segment in which one failed (dray_failure() knows): decide with
 *         dray_resume(), dray_skip() or dray_drop(); DRAY_ERR_GONE
 *
 * Spec ERR-01, PRT-05. [any]
 */
enum dray_status dray_retire(struct dray_channel *channel, struct dray_result *result);

/**
 * Retire up to @p budget jobs and call the channel's `done` for each, in order: in a polling loop, or behind
 * dray_irq_take() in the handler or what it has scheduled. What comes meanwhile sets the interrupt again.
 *
 * @return DRAY_EMPTY when nothing is left to retire; DRAY_OK when the budget is used up: call again; as dray_retire()
 *         when the channel stands still
 *
 * Spec ISR-04, PRT-05. [any, bounded by budget]
 */
enum dray_status dray_service(struct dray_channel *channel, unsigned budget);

/**
 * Bytes of a batch that have not been moved yet.
 *
 * @param jobs   jobs[count] as they were prepared, one behind the other
 * @param first  dray_next_index() before the first of them was prepared
 * @return while the channel runs, a job that has not ended counts whole, so it is never too small; exact when the channel
 *         stands still. Jobs that have been retired count as moved: their results say more. All ones if nobody answers.
 *
 * Spec HW-02, PRT-05. [any]
 */
uint64_t dray_residue(struct dray_channel *channel, const struct dray_job *jobs, unsigned count, uint16_t first);

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

/** Go on at NEXT. @return DRAY_OK, DRAY_ERR_STATE unless HALTED, STOPPED or PAUSED, DRAY_ERR_GONE. Spec HW-06. [any] */
enum dray_status dray_resume(struct dray_channel *channel);

/** Move NEXT behind one more descriptor of the ring without executing it: it retires with DRAY_ERR_ABORTED and no byte. @return as dray_resume(), and DRAY_ERR_STATE if none is left. [any] */
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

/**
 * Begin no further job, let what began come to its end, then stand still: dray_resume() goes on, and nothing is lost.
 *
 * @param polls  how often to look, at least 1
 * @return DRAY_OK when PAUSED; DRAY_BUSY after @p polls looks: call again; DRAY_ERR_HALTED or DRAY_ERR_STOPPED when an
 *         error or an abort came first; DRAY_ERR_STATE when OFF; DRAY_ERR_GONE
 *
 * Spec HW-05, design 2. [any, bounded by polls]
 */
enum dray_status dray_pause(struct dray_channel *channel, unsigned polls);

/**
 * Give up everything at once: dray_stop(), then dray_drop(). What was not retired never will be, and every slot is free.
 *
 * @return as dray_stop(), and DRAY_ERR_STATE when OFF; with DRAY_BUSY the engine still touches memory
 *
 * Spec CAN-03, CAN-05. [any, bounded by polls]
 */
enum dray_status dray_terminate(struct dray_channel *channel, unsigned polls);

/**
 * Wait until everything that was rung has come to its end and nothing is outstanding. Nothing is retired by it.
 *
 * @param polls  how often to look, at least 1
 * @return DRAY_OK; DRAY_BUSY after @p polls looks; DRAY_ERR_HALTED, DRAY_ERR_STOPPED or DRAY_ERR_PAUSED when the channel stands
 *         still before it; DRAY_ERR_STATE when OFF or cyclic; DRAY_ERR_GONE
 *
 * Spec CPL-04. [any, bounded by polls]
 */
enum dray_status dray_synchronize(struct dray_channel *channel, unsigned polls);

/**
 * Where the engine is: ring index behind the newest job that has ended, write-back and all. In a cyclic ring it goes round
 * without end: the period that runs stands in the slot of this index, modulo the ring.
 *
 * @return DRAY_OK; DRAY_ERR_GONE, then @p index is unchanged
 *
 * Spec HW-02. [any]
 */
enum dray_status dray_position(const struct dray_channel *channel, uint16_t *index);

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

/**
 * After how many clocks without an answer the memory is given up, for all channels: rounded up to 256, and
 * reached after up to twice as long. Off after dray_init().
 *
 * @param clocks  up to 16776960; 0: never
 * @return DRAY_OK; DRAY_ERR_ARGUMENT; DRAY_ERR_ABSENT where it was not built, 0 apart
 *
 * Spec design 2 (errors). [any]
 */
enum dray_status dray_watchdog(const struct dray *engine, uint32_t clocks);

/** TID and TDEST of packets whose first beat is still to come. @return DRAY_OK, DRAY_ERR_ABSENT without a stream from memory. [any] */
enum dray_status dray_stream_label(const struct dray_channel *channel, uint8_t tid, uint8_t tdest);

/** TID and TDEST of the newest beat from the channel's stream. @return DRAY_OK, DRAY_ERR_ABSENT without one, DRAY_ERR_GONE. [any] */
enum dray_status dray_stream_seen(const struct dray_channel *channel, uint8_t *tid, uint8_t *tdest);

/** What a channel has done since reset, or since it was last taken, modulo 2^48. */
struct dray_counters {
    uint64_t bytes;        /**< moved by jobs that have ended, whether well or not */
    uint64_t bursts;       /**< addresses that the memory took: of descriptors, data and write-back */
    uint64_t busy_clocks;  /**< something was outstanding */
    uint64_t stall_clocks; /**< ... and nothing came back */
    uint64_t faults;       /**< bursts that the gate refused */
};

/**
 * Counters of a channel, as of some tens of clocks.
 *
 * @return DRAY_OK; DRAY_ERR_ABSENT; DRAY_ERR_GONE; DRAY_BUSY if the engine does not deliver. On an error @p counters is unchanged.
 *
 * Spec HW-13. [any]
 */
enum dray_status dray_counters_read(const struct dray_channel *channel, struct dray_counters *counters);

/** The same, and what is returned is not counted again: nothing is lost between two calls. Spec HW-13. [any] */
enum dray_status dray_counters_take(const struct dray_channel *channel, struct dray_counters *counters);

#ifdef __cplusplus
}
#endif

#endif
