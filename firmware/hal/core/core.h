/* SPDX-License-Identifier: Apache-2.0 */
/** @file core.h  What the C and the assembly of hal/core tell each other. */
#ifndef CORE_H
#define CORE_H

#include <stdint.h>

/** What trap_entry leaves on the stack of an interrupted machine mode. Offsets are in entry.S. */
struct trap_frame {
    uint32_t saved[16];
    uint32_t mepc;
    uint32_t mstatus;
    uint32_t unused[2];
};

_Static_assert(sizeof(struct trap_frame) == 80, "FRAME of entry.S");

/** entry.S calls these. mcause has its top bit set for an interrupt. Interrupts are off. */
void trap_machine(uint32_t mcause, struct trap_frame *frame);
void trap_interrupt(uint32_t mcause);

/** csr.S */
void core_cache_empty(void);
void core_table_set(uint32_t satp);
uint32_t core_trap_value(void);
extern char user_access_begin[], user_access_end[], user_access_fault[];

#endif
