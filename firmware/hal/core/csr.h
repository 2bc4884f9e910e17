/* SPDX-License-Identifier: Apache-2.0 */
/** @file csr.h  The core's registers that are touched at every change of level, inline. The rest is in csr.S. */
#ifndef CSR_H
#define CSR_H

#include <stdint.h>

#include "irql.h"

#define CSR_MIE  0x008u /* of mstatus */
#define CSR_MSIE 0x008u
#define CSR_MTIE 0x080u
#define CSR_MEIE 0x800u

/* The library is one without Zicsr in its name, so the assembler is told here. */
#define CSR_ASM(text) ".option push\n\t.option arch, +zicsr\n\t" text "\n\t.option pop"

#define CSR_INLINE static inline __attribute__((always_inline))

CSR_INLINE uint32_t machine_off(void)
{
    uint32_t was;
    __asm__ __volatile__(CSR_ASM("csrrci %0, mstatus, 8") : "=r"(was) : : "memory");
    return was & CSR_MIE;
}

/* machine_on(1) is CSR_MIE too: what is not 0 is. */
CSR_INLINE void machine_on(uint32_t saved)
{
    if (__builtin_constant_p(saved)) __asm__ __volatile__(CSR_ASM("csrsi mstatus, 8") : : : "memory");
    else __asm__ __volatile__(CSR_ASM("csrs mstatus, %0") : : "r"(saved) : "memory");
}

static inline uint32_t machine_mask_wanted(enum irql level)
{
    uint32_t soft = level < IRQL_DISPATCH ? CSR_MSIE : 0u, device = level < IRQL_DEVICE ? CSR_MEIE : 0u;
    return soft | device | (level < IRQL_CLOCK ? CSR_MTIE : 0u);
}

static inline uint32_t machine_mask_found(void)
{
    uint32_t mie;
    __asm__ __volatile__(CSR_ASM("csrr %0, mie") : "=r"(mie));
    return mie;
}

CSR_INLINE void machine_mask(enum irql level)
{
    __asm__ __volatile__(CSR_ASM("csrw mie, %0") : : "r"(machine_mask_wanted(level)) : "memory");
}

#endif
