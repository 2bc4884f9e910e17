/* SPDX-License-Identifier: Apache-2.0 */
/* The order in which the machine comes up. */
#include "hal.h"

#include "machine.h"
#include "violation.h"

void hal_init(void)
{
    irq_init();
    irql_init();
    machine_init();
    clock_init();
    machine_cache_init();
    violation_reset();
}
