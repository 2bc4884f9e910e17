/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file violation.h
 * A rule was broken: record it, tell the hook, go on. A bugcheck does not go on.
 *
 *     if (!known(list)) {
 *         violation_report(VIOL_LIST, (uintptr_t)list, adapter->number, 0, 0);
 *         return ERROR_INVALID_PARAMETER;
 *     }
 *
 * The hook decides what a violation means: a test remembers it or jumps out, release logs, paranoid halts.
 */
#ifndef VIOLATION_H
#define VIOLATION_H

#include <stdint.h>

/** Codes: contract 8.5, then what the machine itself finds. Numbers are stable: append. */
enum violation_code {
    VIOL_NONE               = 0,
    VIOL_IRQL               = 1,  /**< level, allowed level, name of the function */
    VIOL_STALE_ADAPTER      = 2,
    VIOL_ADAPTER            = 3,
    VIOL_CAPABILITY         = 4,
    VIOL_MDL                = 5,  /**< MDL: not one that is locked now */
    VIOL_NOT_LOCKED         = 6,
    VIOL_LIST               = 7,
    VIOL_DOUBLE_COMPLETE    = 8,
    VIOL_DIRECTION          = 9,
    VIOL_ENGINE_BUSY        = 10,
    VIOL_UNLOCK_IN_FLIGHT   = 11, /**< MDL, packets in flight */
    VIOL_PUT_COMMON_BUFFER  = 12,
    VIOL_PUT_LIST           = 13,
    VIOL_PUT_REGISTER       = 14,
    VIOL_PUT_QUEUE          = 15,
    VIOL_REG_OVERALLOC      = 16,
    VIOL_REG_DOUBLE_FREE    = 17,
    VIOL_REG_MAPPED_AT_FREE = 18,
    VIOL_NOT_FLUSHED        = 19,
    VIOL_FLUSH_UNMAPPED     = 20,
    VIOL_FLUSH_TOO_LONG     = 21,
    VIOL_ZERO_LENGTH        = 22,
    VIOL_OUT_OF_MDL         = 23,
    VIOL_CB_MISMATCH        = 24,
    VIOL_GUARD_BEFORE       = 25,
    VIOL_GUARD_AFTER        = 26,
    VIOL_STRAY_DMA          = 27,
    VIOL_WDF_STATE          = 28, /**< object, its state, name of the function: no such object, or not now */
    VIOL_LEAK               = 29, /**< what leaked, how many */
    VIOL_IRQL_MASK          = 30, /**< level, mask found, mask expected: the two disagree (IRQ-10) */
    VIOL_LOCK_RECURSION     = 31, /**< interrupt lock taken twice, or not usable now (IRQ-07) */
    VIOL_PAGED_AT_DISPATCH  = 32, /**< address, level: IRQL_NOT_LESS_OR_EQUAL (IRQ-03) */
    VIOL_TRAP               = 33, /**< mcause, mepc, mtval: an exception that nothing expects */
    VIOL_FRAME              = 34, /**< frame, pins: a pin count out of range */
    VIOL_EVENT              = 35, /**< object, extension: no event of this device, or deleted under its waiter */
    VIOL_TIMER              = 36, /**< extension, 0 it has no timer, 1 the timer's routine stops its timer */
    VIOL_SPIN_LOCK          = 37, /**< lock, extension, level: taken twice, not held so, or none of this device */
    VIOL_REQUEST            = 38, /**< packet, extension, 0: not under way; or bytes said, room, 1: more than there is room */
    VIOL_DEVICE_LOCK        = 39, /**< extension, 0 released and not held, 1 a wait under the lock for who needs it */
    VIOL_ASSERT             = 40, /**< expression, file, line: what a driver of KMDF asserts is false */
};

/** One record of the ring. */
struct violation {
    enum violation_code code;
    uintptr_t           p[4];
};

/** Records kept; older ones are overwritten. */
#define VIOLATION_RING 16u

/** Name of a code without VIOL_, as tests and logs say it. Never NULL. [any] */
const char *violation_name(enum violation_code code);

/**
 * Records a violation, traces it, calls the hook, returns when the hook returns.
 *
 * Contract 8.5. [any]
 */
__attribute__((cold)) void violation_report(enum violation_code code, uintptr_t p1, uintptr_t p2, uintptr_t p3, uintptr_t p4);

/**
 * The same for what cannot go on. When the hook returns, the machine prints the record and halts: hal_exit(3).
 * A test's hook leaves by longjmp().
 *
 * [any]
 */
_Noreturn void violation_bugcheck(enum violation_code code, uintptr_t p1, uintptr_t p2, uintptr_t p3, uintptr_t p4);

/**
 * Replaces the hook; NULL brings back the default, which prints the record.
 *
 * @return the hook before
 *
 * [any]
 */
typedef void violation_hook(const struct violation *violation, void *context);
void violation_set_hook(violation_hook *hook, void *context);

/** Violations since violation_reset(). [any] */
uint32_t violation_count(void);
uint32_t violation_count_of(enum violation_code code);

/**
 * The @p age-th newest record, 0 the newest.
 *
 * @return NULL when there are not that many, or it was overwritten
 *
 * [any]
 */
const struct violation *violation_last(unsigned age);

/** Forgets all records; the hook stays. [any] */
void violation_reset(void);

#endif
