/* SPDX-License-Identifier: Apache-2.0 */
/* The room as a whole: start, names, and what is still taken. */
#include "memory_status.h"

#include <stddef.h>

#include "memory_pager.h"
#include "space.h"
#include "violation.h"

void memory_init(void)
{
    (void)irql_assert_passive();
    frame_init();
    common_init();
    store_init();
    space_init();
    pager_init();
    mdl_init();
    stealer_init();
}

const char *memory_status_name(enum memory_status status)
{
    switch (status) {
    case MEMORY_OK:             return "ok";
    case MEMORY_ERR_LENGTH:     return "length 0";
    case MEMORY_ERR_WRAP:       return "address wraps";
    case MEMORY_ERR_RANGE:      return "not the client's page";
    case MEMORY_ERR_PROTECTION: return "access not permitted";
    case MEMORY_ERR_NO_FRAME:   return "every frame is pinned";
    case MEMORY_ERR_NO_MDL:     return "no MDL";
    case MEMORY_ERR_QUOTA:      return "quota of pinned pages";
    case MEMORY_ERR_IRQL:       return "wrong level";
    case MEMORY_ERR_MDL:        return "not a locked MDL";
    case MEMORY_ERR_IN_FLIGHT:  return "packets in flight";
    case MEMORY_ERR_FULL:       return "table full";
    }
    return "unknown";
}

struct memory_use memory_use(void)
{
    return (struct memory_use){
        .mdls = mdl_used(),
        .pins = frame_pins_sum(),
        .clients = space_clients(),
        .frames = frame_owned(MEMORY_OWNER_PAGE),
        .common_frames = common_taken(),
        .quarantined = frame_owned(MEMORY_OWNER_QUARANTINED) + common_quarantined(),
    };
}

static bool gone(const char *what, uint32_t count)
{
    if (count != 0u) violation_report(VIOL_LEAK, (uintptr_t)what, count, 0, 0);
    return count == 0u;
}

bool memory_check_leaks(void)
{
    struct memory_use use = memory_use();
    bool mdls = gone("MDL", use.mdls);
    bool pins = gone("pin", use.pins);
    bool common = gone("common frame", use.common_frames);
    return mdls && pins && common;
}
