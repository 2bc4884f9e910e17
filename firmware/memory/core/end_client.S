/* SPDX-License-Identifier: Apache-2.0 */
/* Where a client's entry function returns to: the last system call, CLIENT_CALL_END. */
#include "hal.h"

    .section .client.end, "ax"
    .globl  client_end
client_end:
#if HAL_HAS_MMU
    li      a7, -1
    ecall
#else
    mv      a1, a0
    li      a0, -1
    call    client_call
#endif
1:  j       1b
