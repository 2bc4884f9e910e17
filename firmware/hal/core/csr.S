/* SPDX-License-Identifier: Apache-2.0 */
/* The core's own registers as functions, and accesses with the rights of U mode.
 *
 * MPRV is set for one access, or a block of them, with interrupts off, and cleared before anything else: no handler
 * ever runs translated. A page fault in between goes to access_fault by way of trap.c, which has cleared MPRV. */
#include "hal.h"

    .option arch, +zicsr

#define MIE         8
#define MPP         0x1800
#define MPRV        0x20000
#define LINES       0xbc0
#define LINES_NOW   0xfc0

    .macro function name
    .section .text.\name, "ax"
    .globl  \name
\name:
    .endm

    function machine_lines_mask
    csrw    LINES, a0
    ret

    /* LINES_NOW shows only lines that LINES lets through: open all of them for the look. */
    function machine_lines_pending
    csrrci  t0, mstatus, MIE
    li      t1, -1
    csrrw   t1, LINES, t1
    csrr    a0, LINES_NOW
    csrw    LINES, t1
    andi    t0, t0, MIE
    csrs    mstatus, t0
    ret

    function machine_wait
    wfi
    ret

    function core_trap_value
    csrr    a0, mtval
    ret

#if HAL_HAS_CACHE
    function core_cache_empty
    .word   0x500f
    ret
#endif

#if HAL_HAS_MMU

    function core_table_set
    csrw    satp, a0
    sfence.vma
    ret

    function user_table_changed
    sfence.vma
    ret

    .section .text.user_access, "ax"
    .globl  user_access_begin, user_access_end, user_access_fault
user_access_begin:

    .macro begin name
    .globl  \name
\name:
    li      t2, MPP
    csrrci  t1, mstatus, MIE
    csrc    mstatus, t2
    li      t2, MPRV
    csrs    mstatus, t2
    .endm

    .macro end
    csrc    mstatus, t2
    .endm

    .macro done
    andi    t1, t1, MIE
    csrs    mstatus, t1
    li      a0, 1
    ret
    .endm

    .macro block op, at
    \op     a2, 0(\at)
    \op     a3, 4(\at)
    \op     a4, 8(\at)
    \op     a5, 12(\at)
    \op     a6, 16(\at)
    \op     a7, 20(\at)
    \op     t3, 24(\at)
    \op     t4, 28(\at)
    .endm

    begin user_load8
    lbu     a2, 0(a0)
    end
    sb      a2, 0(a1)
    done

    begin user_load32
    lw      a2, 0(a0)
    end
    sw      a2, 0(a1)
    done

    begin user_load_block
    block   lw, a0
    end
    block   sw, a1
    done

    begin user_store8
    sb      a1, 0(a0)
    end
    done

    begin user_store32
    sw      a1, 0(a0)
    end
    done

    .globl  user_store_block
user_store_block:
    block   lw, a1
    begin   store_block
    block   sw, a0
    end
    done

user_access_end:
user_access_fault:
    andi    t1, t1, MIE
    csrs    mstatus, t1
    li      a0, 0
    ret

#endif
