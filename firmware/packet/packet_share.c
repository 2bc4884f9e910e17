/* SPDX-License-Identifier: Apache-2.0 */
/* A common buffer that two adapters reach: a device with a channel for each direction has one ring for both. */
#include <assert.h>
#include <stddef.h>

#include "irql.h"
#include "memory_status.h"
#include "packet_private.h"

static void close_pages(const struct packet_adapter *adapter, const struct packet_common *common, uint32_t pages)
{
    for (uint32_t i = 0; i < pages; i++) {
        (void)map_guard_close(adapter->map, common->bus / MEMORY_PAGE_BYTES + i, adapter->channel, MAP_READ_WRITE);
    }
}

static bool open_pages(const struct packet_adapter *adapter, const struct packet_common *common)
{
    for (uint32_t i = 0; i < common->registers; i++) {
        uint64_t frame = common->bus / MEMORY_PAGE_BYTES + i;
        if (map_guard_open(adapter->map, frame, adapter->channel, MAP_READ_WRITE) == MAP_OK) continue;
        close_pages(adapter, common, i);
        return false;
    }
    return true;
}

bool packet_common_share(const struct packet_common *common, struct packet_adapter *adapter)
{
    assert(common != NULL && adapter != NULL && adapter->open && !adapter->config.windowed && !common->adapter->config.windowed);

    enum irql old = irql_raise(IRQL_DISPATCH);
    uint16_t none;
    bool shared = packet_registers_take_lasting(adapter, common->registers, &none);
    if (shared && !open_pages(adapter, common)) {
        packet_registers_give_lasting(adapter, common->registers, 0u);
        shared = false;
    }
    if (shared) adapter->common++;
    irql_lower(old);
    return shared;
}

void packet_common_unshare(const struct packet_common *common, struct packet_adapter *adapter)
{
    assert(common != NULL && adapter != NULL && adapter->common != 0u);

    enum irql old = irql_raise(IRQL_DISPATCH);
    close_pages(adapter, common, common->registers);
    packet_registers_give_lasting(adapter, common->registers, 0u);
    adapter->common--;
    packet_serve(adapter, NULL);
    irql_lower(old);
}
