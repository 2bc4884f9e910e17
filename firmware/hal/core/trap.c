/* SPDX-License-Identifier: Apache-2.0 */
/* What a trap means. */
#include "../machine.h"
#include "core.h"
#include "hal.h"
#include "violation.h"

#define INTERRUPT     0x80000000u
#define CODE_SOFTWARE 3u
#define CODE_TIMER    7u
#define MPRV          0x20000u

void trap_interrupt(uint32_t mcause)
{
    uint32_t code = mcause & ~INTERRUPT;
    irql_serve(code == CODE_SOFTWARE ? MACHINE_SOFT : code == CODE_TIMER ? MACHINE_TIMER : MACHINE_EXTERNAL);
}

/* A fault of an access with the rights of U mode goes on where it returns false; whoever asked knows what to do. */
static int fault_is_expected(const struct trap_frame *frame)
{
#if HAL_HAS_MMU
    return frame->mepc >= (uint32_t)user_access_begin && frame->mepc < (uint32_t)user_access_end;
#else
    (void)frame;
    return 0;
#endif
}

void trap_machine(uint32_t mcause, struct trap_frame *frame)
{
    if ((mcause & INTERRUPT) != 0u) {
        trap_interrupt(mcause);
        return;
    }
    if (!fault_is_expected(frame)) violation_bugcheck(VIOL_TRAP, mcause, frame->mepc, core_trap_value(), 0);
#if HAL_HAS_MMU
    frame->mepc = (uint32_t)user_access_fault;
    frame->mstatus &= ~MPRV;
#endif
}
