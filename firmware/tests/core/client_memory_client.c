/* SPDX-License-Identifier: Apache-2.0 */
/* The client: U mode, pages that come and go, and a driver that is asked by system call. */
#include "client_call.h"
#include "client_memory.h"

/* Words that are spread over all pages: a page fault at nearly every access under an aggressive stealer. */
static uint32_t spread(uint32_t i)
{
    return (i * 1237u + 5u) % CLIENT_WORDS;
}

static uint32_t touches_every_page(uint32_t *words)
{
    for (uint32_t page = 0; page < CLIENT_PAGES; page++) {
        if (words[page * PAGE_WORDS + page] != 0u) return 1;
    }
    for (uint32_t i = 0; i < 150u; i++) words[spread(i)] = pattern(1, spread(i));
    for (uint32_t i = 0; i < 150u; i++) {
        if (words[spread(i)] != pattern(1, spread(i))) return 2;
    }
    return 0;
}

static uint32_t bytes_and_halves(uint32_t *words)
{
    uint8_t *bytes = (uint8_t *)&words[3u * PAGE_WORDS];
    for (uint32_t i = 0; i < 300u; i++) bytes[i * 13u] = (uint8_t)i;
    for (uint32_t i = 0; i < 300u; i++) {
        if (bytes[i * 13u] != (uint8_t)i) return 3;
    }
    return 0;
}

static uint32_t asks_the_driver(uint32_t *words)
{
    uint32_t sum = 0;
    if (client_call(CALL_ADD, 11, 22, 33) != 66u) return 4;
    for (uint32_t i = 0; i < 3000u; i++) {
        words[i] = pattern(2, i);
        sum += words[i];
    }
    if (client_call(CALL_SUM, (uint32_t)words, 0, 3000) != sum) return 5;
    if (client_call(CALL_FILL, (uint32_t)&words[500], 7, 2500) != 0u) return 6;
    for (uint32_t i = 0; i < 2500u; i++) {
        if (words[500u + i] != pattern(7, i)) return 7;
    }
    if (words[499] != pattern(2, 499) || client_call(CALL_WAIT, 0, 0, 0) != 1u) return 8;
    return 0;
}

static uint32_t has_a_buffer_filled_behind_its_back(uint32_t *words)
{
    uint8_t *buffer = (uint8_t *)&words[8u * PAGE_WORDS] + 4000;
    uint32_t length = 3u * 4096u;
    if (client_call(CALL_LOCK, (uint32_t)buffer, length, 9) != 0u) return 9;
    for (uint32_t i = 0; i < length; i++) {
        if (buffer[i] != (uint8_t)pattern(9, i)) return 10;
    }
    return 0;
}

uint32_t client_main(uint32_t at)
{
    uint32_t *words = (uint32_t *)at;
    uint32_t failed = touches_every_page(words);
    if (failed == 0u) failed = bytes_and_halves(words);
    if (failed == 0u) failed = asks_the_driver(words);
    if (failed == 0u) failed = has_a_buffer_filled_behind_its_back(words);
    return failed;
}

uint32_t client_reads_zero(uint32_t at)
{
    return *(const uint32_t *)at;
}

uint32_t client_stores(uint32_t at)
{
    *(uint32_t *)at = 1;
    return 0;
}

uint32_t client_jumps(uint32_t at)
{
    __asm__ __volatile__("jr %0" : : "r"(at));
    return 0;
}

uint32_t client_is_illegal(uint32_t at)
{
    (void)at;
    __asm__ __volatile__(".word 0x30002573"); /* csrr a0, mstatus */
    return 0;
}

uint32_t client_counts(uint32_t rounds)
{
    uint32_t sum = 0;
    for (uint32_t i = 0; i < rounds; i++) sum = (sum ^ i) * 3u;
    return sum;
}
