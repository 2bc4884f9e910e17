// SPDX-License-Identifier: Apache-2.0
//
// What the programs of the system harness share: registers, text, and the verdict on one claim.
#ifndef SIM_PROGRAM_H
#define SIM_PROGRAM_H

#include "soc.h"

#include <stdbool.h>
#include <stdint.h>

// The three names of one word of host memory.
#define CACHED(offset)   (*(volatile uint32_t *)(SOC_BUS_HOST + (offset)))
#define UNCACHED(offset) (*(volatile uint32_t *)(SOC_BUS_HOST + SOC_UNCACHED_OFFSET + (offset)))

static inline volatile uint32_t *reg(uint32_t offset)
{
    return (volatile uint32_t *)(SOC_REGISTERS + offset);
}

static inline void put(const char *text)
{
    for (; *text != '\0'; text++) {
        while ((*reg(SOC_UART_STATUS) & SOC_UART_STATUS_TX_READY_MASK) == 0) {}
        *reg(SOC_UART_DATA) = (uint8_t)*text;
    }
}

static inline void put_done(void)
{
    while ((*reg(SOC_UART_STATUS) & SOC_UART_STATUS_TX_IDLE_MASK) == 0) {}
}

static inline void put_hex(uint32_t value)
{
    char text[9];
    for (int i = 0; i < 8; i++) text[i] = "0123456789abcdef"[(value >> (28 - 4 * i)) & 15u];
    text[8] = '\0';
    put(text);
}

// Prints a line and counts what is not as it should be.
static inline unsigned claim(const char *what, uint32_t is, uint32_t should)
{
    put(what);
    if (is == should) {
        put(": ok\n");
        return 0;
    }
    put(": ");
    put_hex(is);
    put(", not ");
    put_hex(should);
    put("\n");
    return 1;
}

static inline void drain(void)
{
    *reg(SOC_SYSTEM_DRAIN) = 1;
    while (*reg(SOC_SYSTEM_DRAIN) != 0) {}
}

static inline void flush(void)
{
    *reg(SOC_SYSTEM_FLUSH) = 1;
    while (*reg(SOC_SYSTEM_FLUSH) != 0) {}
}

// Empties the core's data cache.
static inline void invalidate(void)
{
    __asm__ volatile(".word 0x500f" ::: "memory");
}

void trap(uint32_t cause);

#endif
