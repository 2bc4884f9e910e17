/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file user.h
 * U mode and translated accesses: what firmware/memory builds clients from. Nobody else includes it.
 *
 * The page tables are Sv32, in host memory. On the core its MMU walks them; on the host a model walks them in
 * software, with a translation buffer that keeps old entries until user_table_changed(), as the core's does. Pages of
 * HAL_PAGE_BYTES other than 4096 exist only on the host; the tables are the same, the offset is narrower.
 */
#ifndef USER_H
#define USER_H

#include <stdbool.h>
#include <stdint.h>

#include "hal.h"

/** Bits of a page table entry. Present is V; the two software bits are free for the owner of the table. */
#define USER_PTE_V       0x001u
#define USER_PTE_R       0x002u
#define USER_PTE_W       0x004u
#define USER_PTE_X       0x008u
#define USER_PTE_U       0x010u
#define USER_PTE_A       0x040u
#define USER_PTE_D       0x080u
#define USER_PTE_SOFT0   0x100u
#define USER_PTE_SOFT1   0x200u
#define USER_PTE_PPN_LG  10u

/** Entries of one table, whatever the size of a page. */
#define USER_TABLE_ENTRIES 1024u
#define USER_TABLE_BYTES   (USER_TABLE_ENTRIES * 4u)

/** Entry for a page or a table at a bus address. Pure. [any] */
static inline uint32_t user_pte(uint32_t bus, uint32_t bits)
{
    return bus / HAL_PAGE_BYTES << USER_PTE_PPN_LG | bits;
}

/** Bus address of the page or table of an entry. Pure. [any] */
static inline uint32_t user_pte_bus(uint32_t entry)
{
    return (entry >> USER_PTE_PPN_LG) * HAL_PAGE_BYTES;
}

/** Registers of U mode. */
struct user_registers {
    uint32_t x[32]; /**< x[0] is the pc */
};

/** Exceptions of U mode, numbers of mcause. */
enum user_cause {
    USER_FETCH_FAULT = 12,
    USER_LOAD_FAULT  = 13,
    USER_STORE_FAULT = 15,
    USER_CALL        = 8,
};

/** Puts the tables at bus address @p root in force; 0: none, every access faults. [any] */
void user_table_set(uint32_t root);

/** An entry lost a right or was widened: forget what was translated. Gaining a mapping does not need it. [any] */
void user_table_changed(void);

/**
 * One access with the rights of U mode through the tables in force, with interrupts shut out.
 *
 * @param address  of the client; 32-bit accesses are aligned to 4, blocks to 4, and a block lies in one page
 * @return false: page fault, nothing was accessed
 *
 * [any]
 */
bool user_load8(uint32_t address, uint8_t *value);
bool user_store8(uint32_t address, uint8_t value);
bool user_load32(uint32_t address, uint32_t *value);
bool user_store32(uint32_t address, uint32_t value);

/** Words of a block: what one shut-out moves. */
#define USER_BLOCK_WORDS 8u

bool user_load_block(uint32_t address, uint32_t words[USER_BLOCK_WORDS]);
bool user_store_block(uint32_t address, const uint32_t words[USER_BLOCK_WORDS]);

/**
 * Goes into U mode and returns at its next exception; interrupts are served on the way and do not return.
 *
 * @param registers  in: where to go on; out: where it stopped
 * @return mcause; with HAL_HAS_MMU 0 the client runs as a coroutine of machine mode, and USER_CALL is all it returns
 *
 * [passive] [core]
 */
uint32_t user_enter(struct user_registers *registers);

/** mtval of the last exception of U mode: the faulting address. [passive] [core] */
uint32_t user_fault_address(void);

#endif
