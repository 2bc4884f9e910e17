/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file dpc.h
 * Deferred procedure calls: objects in one FIFO queue, run when the level drops below DISPATCH.
 *
 *     static struct dpc dpc;
 *
 *     dpc_init_object(&dpc, run, device);
 *     dpc_queue(&dpc, call);                // from an ISR: true, and false while it is still queued
 *
 * An object stands in the queue once, and leaves it before its routine runs, so it may be queued again meanwhile.
 * A pass runs DPC_CAPACITY routines at most; then PASSIVE code gets a turn (DPC-08).
 */
#ifndef DPC_H
#define DPC_H

#include <stdbool.h>

/** Most objects that there can be, and most routines of one pass. */
#define DPC_CAPACITY 16u

/** What one queueing carries to the run that it causes, whatever is queued meanwhile. */
struct dpc_call {
    void (*routine)(void); /**< cast back before it is called; may be NULL */
    void *argument;
};

/** One object. Allocate it statically; treat the fields as private. */
struct dpc {
    struct dpc *next;
    void (*run)(void *context, struct dpc_call call);
    void *context;
    struct dpc_call call;
    bool  queued;
};

/** Empty queue, no objects; takes the hal's dispatch hook. [passive] */
void dpc_init(void);

/**
 * Make @p dpc known. The queue holds every object there is, so it cannot overflow.
 *
 * @param run  called at DISPATCH with @p context and what dpc_queue() got, never nested
 *
 * Spec DPC-07. [passive]
 */
void dpc_init_object(struct dpc *dpc, void (*run)(void *context, struct dpc_call call), void *context);

/** Take @p dpc out of the queue and forget it. [passive] */
void dpc_remove_object(struct dpc *dpc);

/**
 * Put @p dpc at the end of the queue, interrupts masked for some instructions. Runs nothing.
 *
 * @return false when it is queued already: nothing changed, not even the call
 *
 * Spec DPC-01, DPC-02, DPC-06. [>= dispatch]
 */
bool dpc_queue(struct dpc *dpc, struct dpc_call call);

/**
 * Take @p dpc out of the queue: its routine does not run for what was queued so far.
 *
 * @return whether it stood there
 *
 * [any]
 */
bool dpc_dequeue(struct dpc *dpc);

#endif
