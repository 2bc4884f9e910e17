/* SPDX-License-Identifier: Apache-2.0 */
/* The self-test of a board: every part of the hardware that the firmware relies on, and one line that says how it went.
 *
 *     memory - gate, copies, kinds, a bus error, counters - a picture by the whole sequence - the screen - verdict
 *
 * The text has no cycle counts, so a board and the simulation of its configuration print the same.
 */
#include "console.h"
#include "memory_status.h"
#include "selftest.h"
#include "soc.h"
#include "violation.h"

#define GUARDED_FRAMES (SOC_BUS_BYTES / MEMORY_PAGE_BYTES)

static struct map gate;
static uint8_t    guard_counts[MAP_COUNT_BYTES(GUARDED_FRAMES, SELFTEST_CHANNELS)];

static void violated(const struct violation *violation, void *context)
{
    (void)context;
    console_print("violation: %s\n", violation_name(violation->code));
}

static bool gate_is_there(void)
{
    memory_init();
    enum map_status status = map_init(&gate, SOC_GATE, guard_counts, sizeof guard_counts);
    if (status != MAP_OK) console_print("gate: %s\n", map_status_name(status));
    return status == MAP_OK;
}

int main(void)
{
    violation_set_hook(violated, NULL);
    console_puts("selftest: begin\n");
    bool well = selftest_memory();
    well = well && gate_is_there() && selftest_engine(&gate) && selftest_driver(&gate);
    well = well && violation_count() == 0u;
    console_puts(well ? "selftest: all well\n" : "selftest: FAILED\n");
    return well ? 0 : 1;
}
