/* SPDX-License-Identifier: Apache-2.0 */
/* From reset to main(). Data lies where it runs, so there is nothing to copy. */
#include "hal.h"

    .option arch, +zicsr
    .section .start, "ax"
    .globl _start
_start:
    .option push
    .option norelax
    la      gp, __global_pointer$
    .option pop
    la      tp, __tls_base
    la      sp, __stack_end
    csrci   mstatus, 8
    csrw    mie, zero
#if HAL_HAS_MMU
    csrw    mscratch, zero          /* machine mode runs: what trap_entry looks at first */
    csrw    medeleg, zero
    csrw    mideleg, zero
    csrw    satp, zero
#endif
    la      t0, trap_entry
    csrw    mtvec, t0

    la      t0, __bss_begin
    la      t1, __bss_end
1:  bgeu    t0, t1, 2f
    sw      zero, 0(t0)
    addi    t0, t0, 4
    j       1b
2:
    call    hal_init
    li      a0, 0
    li      a1, 0
    call    main
    call    hal_exit
3:  j       3b
