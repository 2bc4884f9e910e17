/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file client_call.h
 * What client code may use: the system call. For _client.c files; everything here is inline, because client pages
 * cannot see the firmware's functions.
 *
 *     uint32_t done = client_call(CALL_WRITE, (uint32_t)buffer, length, offset);
 *
 * The numbers of calls belong to the application that serves them.
 */
#ifndef CLIENT_CALL_H
#define CLIENT_CALL_H

#include <stdint.h>

#include "hal.h"

/** Number of the call that the end of the entry function makes. An application does not use it. */
#define CLIENT_CALL_END 0xffffffffu

/**
 * Asks the driver, and waits for its answer.
 *
 * @param number   a7: what is asked
 * @param a, b, c  a0, a1, a2
 * @return a0 of memory_task_return()
 */
#if HAL_HAS_MMU && defined(__riscv)
static inline uint32_t client_call(uint32_t number, uint32_t a, uint32_t b, uint32_t c)
{
    register uint32_t a0 __asm__("a0") = a;
    register uint32_t a1 __asm__("a1") = b;
    register uint32_t a2 __asm__("a2") = c;
    register uint32_t a7 __asm__("a7") = number;
    __asm__ __volatile__("ecall" : "+r"(a0) : "r"(a1), "r"(a2), "r"(a7) : "memory");
    return a0;
}
#else
uint32_t client_call(uint32_t number, uint32_t a, uint32_t b, uint32_t c); /* a switch of coroutines */
#endif

#endif
