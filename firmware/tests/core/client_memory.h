/* SPDX-License-Identifier: Apache-2.0 */
/** @file client_memory.h  What the program client_memory.c and its client agree on. */
#ifndef CLIENT_MEMORY_H
#define CLIENT_MEMORY_H

#include <stdint.h>

enum call {
    CALL_ADD    = 1, /* a + b + c, as the driver computes it */
    CALL_SUM    = 2, /* sum of the c words at a, as the firmware reads them */
    CALL_FILL   = 3, /* the firmware writes the pattern of seed b into the c words at a */
    CALL_LOCK   = 4, /* locks b bytes at a; the frames are evicted all round; the pattern of seed c is "DMA" */
    CALL_WAIT   = 5, /* comes back when a timer has expired */
    CALL_WRITES = 6, /* how many pages became writable so far */
};

/* What the client does; the argument of its entry function is the address of its words. */
#define CLIENT_PAGES 24u
#define PAGE_WORDS   1024u
#define CLIENT_WORDS (CLIENT_PAGES * PAGE_WORDS)

/* The word at an index, by a seed. */
static inline uint32_t pattern(uint32_t seed, uint32_t index)
{
    uint32_t x = (index + 1u) * 2654435761u ^ seed * 2246822519u;
    return x ^ x >> 15;
}

uint32_t client_main(uint32_t words);   /* @return 0, or the number of the check that failed */
uint32_t client_reads_zero(uint32_t at); /* loads one word */
uint32_t client_stores(uint32_t at);     /* stores one word */
uint32_t client_jumps(uint32_t at);      /* goes to an address */
uint32_t client_is_illegal(uint32_t at); /* reads a register of machine mode */
uint32_t client_counts(uint32_t rounds); /* computes without a call */

#endif
