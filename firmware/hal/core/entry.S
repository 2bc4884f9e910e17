/* SPDX-License-Identifier: Apache-2.0 */
/* Where every trap arrives, and the way into U mode and out of it.
 *
 * mscratch is 0 while machine mode runs, and points to the client's registers while U mode runs. An interrupt of
 * machine mode keeps its frame on the stack, so traps nest. An exception of U mode is the return of user_enter(). */
#include "hal.h"

    .option arch, +zicsr

#define FRAME       80              /* struct trap_frame of trap.c */
#define MEPC        64
#define MSTATUS     68
#define KERNEL      64              /* ra and s0 .. s11 */
#define MIE         8
#define MPIE        0x80
#define MPP         0x1800

    .macro caller_saved op
    \op     ra, 0(sp)
    \op     t0, 4(sp)
    \op     t1, 8(sp)
    \op     t2, 12(sp)
    \op     a0, 16(sp)
    \op     a1, 20(sp)
    \op     a2, 24(sp)
    \op     a3, 28(sp)
    \op     a4, 32(sp)
    \op     a5, 36(sp)
    \op     a6, 40(sp)
    \op     a7, 44(sp)
    \op     t3, 48(sp)
    \op     t4, 52(sp)
    \op     t5, 56(sp)
    \op     t6, 60(sp)
    .endm

    .macro callee_saved op
    \op     ra, 0(sp)
    \op     s0, 4(sp)
    \op     s1, 8(sp)
    \op     s2, 12(sp)
    \op     s3, 16(sp)
    \op     s4, 20(sp)
    \op     s5, 24(sp)
    \op     s6, 28(sp)
    \op     s7, 32(sp)
    \op     s8, 36(sp)
    \op     s9, 40(sp)
    \op     s10, 44(sp)
    \op     s11, 48(sp)
    .endm

    .section .text.trap, "ax"
    .globl trap_entry
    .balign 4
trap_entry:
#if HAL_HAS_MMU
    csrrw   sp, mscratch, sp
    bnez    sp, from_user
    csrrw   sp, mscratch, sp
#endif
    addi    sp, sp, -FRAME
    caller_saved sw
    csrr    t0, mepc
    sw      t0, MEPC(sp)
    csrr    t0, mstatus
    sw      t0, MSTATUS(sp)
    csrr    a0, mcause
    mv      a1, sp
    call    trap_machine
    lw      t0, MEPC(sp)
    csrw    mepc, t0
    lw      t0, MSTATUS(sp)
    csrw    mstatus, t0
    caller_saved lw
    addi    sp, sp, FRAME
    mret

#if HAL_HAS_MMU

/* x5 .. x31 but a0, which is the pointer itself; base is \at. */
    .macro user_registers op, at
    \op     x1, 4(\at)
    \op     x3, 12(\at)
    \op     x4, 16(\at)
    \op     x5, 20(\at)
    \op     x6, 24(\at)
    \op     x7, 28(\at)
    \op     x8, 32(\at)
    \op     x9, 36(\at)
    \op     x11, 44(\at)
    \op     x12, 48(\at)
    \op     x13, 52(\at)
    \op     x14, 56(\at)
    \op     x15, 60(\at)
    \op     x16, 64(\at)
    \op     x17, 68(\at)
    \op     x18, 72(\at)
    \op     x19, 76(\at)
    \op     x20, 80(\at)
    \op     x21, 84(\at)
    \op     x22, 88(\at)
    \op     x23, 92(\at)
    \op     x24, 96(\at)
    \op     x25, 100(\at)
    \op     x26, 104(\at)
    \op     x27, 108(\at)
    \op     x28, 112(\at)
    \op     x29, 116(\at)
    \op     x30, 120(\at)
    \op     x31, 124(\at)
    .endm

from_user:                              /* sp: the client's registers; mscratch: its sp */
    user_registers sw, sp
    sw      a0, 40(sp)
    mv      s0, sp
    csrrw   t0, mscratch, zero
    sw      t0, 8(s0)
    csrr    t0, mepc
    sw      t0, 0(s0)
    .option push
    .option norelax
    la      gp, __global_pointer$
    .option pop
    la      tp, __tls_base
    lw      sp, kernel_sp
    csrr    a0, mcause
    bgez    a0, from_exception
    call    trap_interrupt
    mv      a0, s0
    j       resume

from_exception:
    csrr    t0, mtval
    la      t1, fault_address
    sw      t0, 0(t1)
    callee_saved lw
    addi    sp, sp, KERNEL
    csrsi   mstatus, MIE
    ret

    .globl user_enter
user_enter:                             /* a0: the client's registers */
    csrci   mstatus, MIE
    addi    sp, sp, -KERNEL
    callee_saved sw
    la      t0, kernel_sp
    sw      sp, 0(t0)
resume:
    lw      t0, 0(a0)
    csrw    mepc, t0
    li      t0, MPP
    csrc    mstatus, t0
    li      t0, MPIE
    csrs    mstatus, t0
    csrw    mscratch, a0
    lw      sp, 8(a0)
    user_registers lw, a0
    lw      a0, 40(a0)
    mret

    .globl user_fault_address
user_fault_address:
    lw      a0, fault_address
    ret

    .section .bss.trap, "aw", @nobits
    .balign 4
kernel_sp:
    .zero   4
fault_address:
    .zero   4

#else

/* Without U mode the client is a coroutine: user_enter() switches to it, client_call() back. */
    .macro coroutine op
    \op     ra, 4(t0)
    \op     sp, 8(t0)
    \op     s0, 32(t0)
    \op     s1, 36(t0)
    \op     s2, 72(t0)
    \op     s3, 76(t0)
    \op     s4, 80(t0)
    \op     s5, 84(t0)
    \op     s6, 88(t0)
    \op     s7, 92(t0)
    \op     s8, 96(t0)
    \op     s9, 100(t0)
    \op     s10, 104(t0)
    \op     s11, 108(t0)
    .endm

    .globl user_enter
user_enter:
    addi    sp, sp, -KERNEL
    callee_saved sw
    la      t1, kernel_sp
    sw      sp, 0(t1)
    sw      a0, 4(t1)
    mv      t0, a0
    coroutine lw
    lw      t1, 0(t0)
    lw      a0, 40(t0)
    jr      t1

    .globl client_call
client_call:                            /* number, a, b, c: to where an ecall would have them */
    la      t1, kernel_sp
    lw      t0, 4(t1)
    sw      ra, 0(t0)
    coroutine sw
    sw      a0, 68(t0)
    sw      a1, 40(t0)
    sw      a2, 44(t0)
    sw      a3, 48(t0)
    lw      sp, 0(t1)
    callee_saved lw
    addi    sp, sp, KERNEL
    li      a0, 8
    ret

    .globl user_fault_address
user_fault_address:
    li      a0, 0
    ret

    .section .bss.trap, "aw", @nobits
    .balign 4
kernel_sp:
    .zero   8

#endif
