/* SPDX-License-Identifier: Apache-2.0 */
/* The core: its interrupt enables, the CLINT, the UART. */
#include "../machine.h"

#include "core.h"
#include "mmio.h"
#include "soc.h"
#include "user.h"

#define SATP_SV32 0x80000000u

static uint32_t reg_read(uint32_t reg)
{
    return mmio_read32(SOC_REGISTERS + reg);
}

static void reg_write(uint32_t reg, uint32_t value)
{
    mmio_write32(SOC_REGISTERS + reg, value);
}

void machine_init(void)
{
    (void)machine_off();
    machine_lines_mask(0);
    machine_soft(false);
    machine_timer(UINT64_MAX);
    machine_mask(IRQL_PASSIVE);
    machine_on(1u);
}

/* ---- Interrupts ------------------------------------------------------------------------------------------------------ */

/* The store may still be on its way when the next instruction asks: read it back. */
void machine_soft(bool pending)
{
    reg_write(SOC_CLINT_MSIP, pending ? 1u : 0u);
    (void)reg_read(SOC_CLINT_MSIP);
}

/* ---- Time ------------------------------------------------------------------------------------------------------------ */

uint32_t machine_now32(void)
{
    return reg_read(SOC_SYSTEM_CYCLES);
}

uint64_t machine_now(void)
{
    for (;;) {
        uint32_t high = reg_read(SOC_CLINT_MTIME_HIGH);
        uint32_t low = reg_read(SOC_CLINT_MTIME);
        if (reg_read(SOC_CLINT_MTIME_HIGH) == high) return (uint64_t)high << 32 | low;
    }
}

/* High word to all ones first, so that no half-written value fires. */
void machine_timer(uint64_t deadline)
{
    reg_write(SOC_CLINT_MTIMECMP_HIGH, UINT32_MAX);
    reg_write(SOC_CLINT_MTIMECMP, (uint32_t)deadline);
    reg_write(SOC_CLINT_MTIMECMP_HIGH, (uint32_t)(deadline >> 32));
    (void)reg_read(SOC_CLINT_MTIMECMP_HIGH);
}

/* ---- Translation ------------------------------------------------------------------------------------------------------ */

#if HAL_HAS_MMU
void user_table_set(uint32_t root)
{
    core_table_set(root == 0u ? SATP_SV32 : SATP_SV32 | root / HAL_PAGE_BYTES);
}
#endif

/* ---- Console ---------------------------------------------------------------------------------------------------------- */

void machine_putc(char c)
{
    while ((reg_read(SOC_UART_STATUS) & SOC_UART_STATUS_TX_READY_MASK) == 0u) {
    }
    reg_write(SOC_UART_DATA, (uint8_t)c);
}

int machine_getc(void)
{
    if ((reg_read(SOC_UART_STATUS) & SOC_UART_STATUS_RX_VALID_MASK) == 0u) return -1;
    int byte = (int)(reg_read(SOC_UART_DATA) & SOC_UART_DATA_VALUE_MASK);
    reg_write(SOC_UART_COMMAND, SOC_UART_COMMAND_RX_TAKE_MASK);
    return byte;
}

void hal_exit(int status)
{
    (void)machine_off();
    while ((reg_read(SOC_UART_STATUS) & SOC_UART_STATUS_TX_IDLE_MASK) == 0u) {
    }
    mmio_write32(SOC_TRACE_EXIT, (uint32_t)status);
    for (;;) machine_wait();
}
