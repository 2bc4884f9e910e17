/* SPDX-License-Identifier: Apache-2.0 */
/** @file trace_laws_private.h  What the files of the checker share. */
#ifndef TRACE_LAWS_PRIVATE_H
#define TRACE_LAWS_PRIVATE_H

#include "trace_laws.h"

#define LAWS_MODULUS (1u << 20) /* of a value in a record */

/* One record, taken apart. */
struct laws_step {
    uint64_t         cycle;
    enum trace_event event;
    uint32_t         level, adapter, packet, value;
};

/* @param at  NULL: at the end */
void laws_break(struct laws *laws, const struct laws_step *at, enum law law, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* The oldest request that has not been told and whose buffer is locked; its index in *index. NULL: none. */
struct laws_request *laws_request_running(struct laws *laws, struct laws_adapter *adapter, unsigned *index);

/* Adapters, buffers and requests: GET, PUT, LOCK, UNLOCK, REQUEST, NOTIFY. */
void laws_life(struct laws *laws, const struct laws_step *at);

/* Frames: PAGE_IN, EVICT, PIN, UNPIN, MAP, UNMAP. */
void laws_memory(struct laws *laws, const struct laws_step *at, uint32_t argument);

/* What comes unasked: ISR, DPC_QUEUED, VIOLATION, and why a request may end short. */
void laws_signal(struct laws *laws, const struct laws_step *at);

void laws_adapter_end(struct laws *laws, uint32_t number);

#endif
