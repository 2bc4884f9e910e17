/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file trace_laws.h
 * The checker of laws L1 to L5 over trace records, for unit tests on the host and for runs on the core.
 *
 *   L1  order       Get < Lock < { Start < Execute < ISR < DPC < Complete }+ < Unlock < Put; calls nest; no DMA call in an
 *                   ISR, Execute at DISPATCH. Put may be missing, and ISR and DPC where a Complete is not made in a DPC.
 *   L2  asynchrony  Start never waits for the device: it completes nothing itself, and has its own time only
 *   L3  ownership   a frame is mapped between its packet's Start and Execute, unmapped inside its Complete, and between the
 *                   two it stays pinned and with its page
 *   L4  once        one Complete an Execute, one Unlock a Lock, one Put a Get, one notification a request
 *   L5  idle        the client is told when the Completes have moved the whole request, or when one has failed
 *
 *     static struct laws laws;
 *     laws_begin(&laws, &laws_of_a_run);
 *     while (...) laws_record(&laws, cycle, event, level, argument);
 *     laws_end(&laws);
 *     for (enum law law = LAW_ORDER; law < LAWS; law++) puts(laws.broken[law][0] == '\0' ? "pass" : laws.broken[law]);
 *
 * What a record does not say is taken from its neighbours: a request's buffer is the one locked last, and a packet
 * belongs to the oldest request of its adapter that has not been told. Values are modulo 2^20, sums too.
 */
#ifndef TRACE_LAWS_H
#define TRACE_LAWS_H

#include <stdbool.h>
#include <stdint.h>

#include "trace.h"

enum law {
    LAW_ORDER, /* L1 */
    LAW_ASYNC, /* L2 */
    LAW_OWNER, /* L3 */
    LAW_ONCE,  /* L4 */
    LAW_IDLE,  /* L5 */
    LAWS,
};

#define LAWS_ADAPTERS 16u
#define LAWS_PACKETS  256u
#define LAWS_REQUESTS 64u
#define LAWS_MDLS     256u
#define LAWS_FRAMES   16384u
#define LAWS_CALLS    64u
#define LAWS_WHY      200u

/** How strict. Times of 0 are not judged. */
struct laws_config {
    uint32_t start_cycles;       /**< what a Start may take beside its pages, before Execute and behind it */
    uint32_t start_page_cycles;  /**< and for each frame it maps */
    bool     violations_break;   /**< a recorded violation breaks the law it is about */
    bool     put_is_due;         /**< every Get has its Put at the end */
};

/** Of the core: memory 100 cycles away and the screen on. */
extern const struct laws_config laws_of_a_run;
/** Of a unit test on the host, whose clock means nothing and whose violations are asserted elsewhere. */
extern const struct laws_config laws_of_a_test;

/** What follows is private, but for reading. */
struct laws_packet {
    enum { LAWS_IDLE, LAWS_STARTED, LAWS_EXECUTED, LAWS_COMPLETING } state;
    uint32_t mapped_bytes;
    uint32_t frames;              /* open for it now */
    uint32_t isrs, queued_by_software, excuses; /* counts when it was executed */
    bool     has_request;
    unsigned request;
};

struct laws_request {
    uint32_t bytes, moved, packets;
    uint32_t mdl;        /* LAWS_MDLS: none was locked */
    uint32_t excuses;
    bool     failed, told;
};

struct laws_adapter {
    bool     open;
    uint32_t gets;
    uint32_t excuses;    /* failing status, timeouts, aborts, faults, cancellations: why a request may end short */
    struct laws_packet  packets[LAWS_PACKETS];
    struct laws_request requests[LAWS_REQUESTS];
    unsigned first, count; /* of the requests that are kept */
};

struct laws_call {
    enum trace_event event;
    uint32_t adapter, packet;
    uint64_t mark, away; /* when its own time began, and what others took of it */
    uint32_t frames;     /* that it mapped since */
};

struct laws_frame {
    uint16_t pins, maps;
    bool     resident;
};

struct laws {
    struct laws_config  config;
    struct laws_adapter adapters[LAWS_ADAPTERS];
    struct laws_frame   frames[LAWS_FRAMES];
    bool                locked[LAWS_MDLS];
    struct laws_call    calls[LAWS_CALLS];
    unsigned            depth;
    uint32_t            newest_mdl, locks;
    uint32_t            isrs, dpcs, queued, queued_by_software;

    uint64_t            records;
    uint32_t            executes, completes, maps, notifies;
    char                broken[LAWS][LAWS_WHY]; /**< empty: the law holds; else the first record that breaks it, and how */
};

void laws_begin(struct laws *laws, const struct laws_config *config);
void laws_record(struct laws *laws, uint64_t cycle, uint32_t event, uint32_t level, uint32_t argument);

/** Judges what is left over. */
void laws_end(struct laws *laws);

/** "L1" .. "L5". */
const char *laws_name(enum law law);

/** The first law that is broken, in their order; LAWS: all hold. */
enum law laws_first_broken(const struct laws *laws);

#endif
