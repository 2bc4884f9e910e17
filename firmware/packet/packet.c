/* SPDX-License-Identifier: Apache-2.0 */
/* System and adapters: opening, granting, closing. */
#include "packet.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "dpc.h"
#include "irql.h"
#include "memory_frame.h"
#include "packet_private.h"
#include "trace.h"
#include "violation.h"

#define TIMEOUT_CYCLES 100000u

const char *packet_status_name(enum packet_status status)
{
    switch (status) {
    case PACKET_OK:            return "ok";
    case PACKET_ERR_ARGUMENT:  return "bad argument";
    case PACKET_ERR_RESOURCES: return "no resources";
    case PACKET_ERR_FAULTED:   return "adapter faulted";
    case PACKET_ERR_STATE:     return "outstanding";
    }
    return "unknown";
}

void packet_system_init(struct packet_system *system, struct map *map, uint32_t direct_registers)
{
    assert(system != NULL && map != NULL);
    assert(map->page_bytes == MEMORY_PAGE_BYTES); /* one page size for gates and memory */

    *system = (struct packet_system){ .map = map, .direct_registers = direct_registers, .timeout_cycles = TIMEOUT_CYCLES };
    dpc_init();
}

void packet_system_set_timeout(struct packet_system *system, uint32_t timeout_cycles)
{
    assert(system != NULL && timeout_cycles != 0u);
    system->timeout_cycles = timeout_cycles;
}

static bool power_or_zero(uint32_t bytes)
{
    return (bytes & (bytes - 1u)) == 0u || bytes == 0u;
}

static bool alignment_sane(const struct packet_adapter_config *config, const struct map *map)
{
    uint32_t alignment = config->alignment_bytes;
    if (!power_or_zero(alignment) || alignment > map->page_bytes) return false;
    if (config->boundary_bytes != 0u && config->boundary_bytes < alignment) return false;
    return alignment == 0u || (config->element_bytes_max & (alignment - 1u)) == 0u;
}

static bool config_sane(const struct packet_adapter_config *config, const struct map *map)
{
    if (config->face == NULL || config->maximum_bytes == 0u || config->depth > PACKET_DEPTH_MAX) return false;
    if (config->bounce_pages > PACKET_BOUNCE_MAX || (config->windowed && config->bounce_pages != 0u)) return false;
    uint32_t boundary = config->boundary_bytes;
    if (!power_or_zero(boundary) || !alignment_sane(config, map)) return false;
    if (config->windowed && boundary != 0u && boundary < map->page_bytes) return false;
    if (config->device_bytes == 0u) return true;
    return config->device_access != 0 && config->device_bus % map->page_bytes == 0u;
}

struct packet_adapter *packet_adapter_at(const struct packet_system *system, const struct map *map, unsigned channel)
{
    for (unsigned number = 0; number < PACKET_ADAPTERS_MAX; number++) {
        struct packet_adapter *adapter = system->adapters[number];
        if (adapter != NULL && adapter->map == map && adapter->channel == channel) return adapter;
    }
    return NULL;
}

/* Steps of opening; each gives back what it took when a later one fails. */

static bool channel_find(struct packet_adapter *adapter)
{
    for (unsigned channel = 0; channel < adapter->map->channels; channel++) {
        bool wanted = adapter->config.channel == PACKET_ANY_CHANNEL || adapter->config.channel == channel;
        bool owned = (adapter->config.channels >> channel & 1u) != 0u;
        if (!wanted || !owned || packet_adapter_at(adapter->system, adapter->map, channel) != NULL) continue;
        adapter->channel = (uint8_t)channel;
        return true;
    }
    return false;
}

static bool number_take(struct packet_adapter *adapter)
{
    for (unsigned number = 0; number < PACKET_ADAPTERS_MAX; number++) {
        if (adapter->system->adapters[number] != NULL) continue;
        adapter->system->adapters[number] = adapter;
        adapter->number = (uint8_t)number;
        return true;
    }
    return false;
}

static void number_give(struct packet_adapter *adapter)
{
    adapter->system->adapters[adapter->number] = NULL;
}

/* All that is wanted, or as many as there are: at least two, unless one was asked for. */
static bool registers_grant(struct packet_adapter *adapter)
{
    const struct packet_adapter_config *config = &adapter->config;
    struct packet_system *system = adapter->system;
    struct map *map = adapter->map;
    uint32_t pages = ((config->maximum_bytes - 1u) >> map->page_lg) + 2u; /* rounded up, and one for what begins inside a page */
    uint32_t wanted = pages * config->depth;
    uint32_t pool = config->windowed ? map_registers_free(map) : system->direct_registers;
    bool all = wanted < pool && config->common_pages < pool - wanted;
    uint32_t granted = all ? wanted + config->common_pages : pool;

    if (config->registers_max != 0u && granted > config->registers_max) granted = config->registers_max;
    if (granted < (config->registers_max == 1u ? 1u : 2u)) return false;
    if (config->windowed) {
        unsigned first;
        if (map_registers_take(map, granted, &first) != MAP_OK) return false;
        uint64_t begin = map_window_address(map, first), end = begin + (uint64_t)granted * map->page_bytes - 1u;
        bool crosses = config->boundary_bytes != 0u && (begin ^ end) >= config->boundary_bytes; /* a power of two */
        if (end > config->reach || crosses) {
            (void)map_registers_give(map, first, granted);
            return false;
        }
        adapter->first_register = (uint16_t)first;
    } else {
        system->direct_registers -= granted;
    }
    adapter->registers = granted;
    return true;
}

static void registers_return(struct packet_adapter *adapter)
{
    if (adapter->config.windowed) {
        (void)map_registers_give(adapter->map, adapter->first_register, adapter->registers);
    } else {
        adapter->system->direct_registers += adapter->registers;
    }
}

static bool bounce_open(struct packet_adapter *adapter)
{
    uint32_t bytes = adapter->config.bounce_pages * MEMORY_PAGE_BYTES;
    if (bytes == 0u) return true;
    uint32_t limit = adapter->config.reach < UINT32_MAX ? (uint32_t)adapter->config.reach : UINT32_MAX;
    adapter->bounce_bus = memory_common_take(bytes, limit);
    return adapter->bounce_bus != 0u;
}

static void bounce_close(struct packet_adapter *adapter)
{
    if (adapter->bounce_bus == 0u) return;
    (void)memory_common_give(adapter->bounce_bus, adapter->config.bounce_pages * MEMORY_PAGE_BYTES);
}

/* What the limits mean for a page of host memory, found once. */
static void limits_settle(struct packet_adapter *adapter)
{
    struct packet_adapter_config *config = &adapter->config;
    if (config->depth == 0u) config->depth = 1u;
    if (config->alignment_bytes == 0u) config->alignment_bytes = 1u;

    adapter->bounced_from = UINT32_MAX;
    if (config->bounce_always) adapter->bounced_from = 0u;
    else if (config->reach < UINT32_MAX) adapter->bounced_from = ((uint32_t)config->reach + 1u) & ~(MEMORY_PAGE_BYTES - 1u);
    if (config->windowed) adapter->bounced_from = UINT32_MAX;

    bool cut = (config->element_bytes_max != 0u && config->element_bytes_max < MEMORY_PAGE_BYTES)
            || (config->boundary_bytes != 0u && config->boundary_bytes < MEMORY_PAGE_BYTES);
    bool bounced = config->alignment_bytes > 1u || adapter->bounced_from < SOC_BUS_HOST + SOC_BUS_HOST_BYTES;
    adapter->whole_pages = !cut && !bounced;
}

static uint32_t device_pages(const struct packet_adapter *adapter)
{
    return (adapter->config.device_bytes + MEMORY_PAGE_BYTES - 1u) / MEMORY_PAGE_BYTES;
}

static void device_close(struct packet_adapter *adapter, uint32_t pages)
{
    uint64_t first = adapter->config.device_bus / MEMORY_PAGE_BYTES;
    for (uint32_t i = 0; i < pages; i++) {
        (void)map_guard_close(adapter->map, first + i, adapter->channel, adapter->config.device_access);
    }
}

static bool device_open(struct packet_adapter *adapter)
{
    uint64_t first = adapter->config.device_bus / MEMORY_PAGE_BYTES;
    for (uint32_t i = 0; i < device_pages(adapter); i++) {
        if (map_guard_open(adapter->map, first + i, adapter->channel, adapter->config.device_access) == MAP_OK) continue;
        device_close(adapter, i);
        return false;
    }
    return true;
}

static bool adapter_open(struct packet_adapter *adapter)
{
    if (!channel_find(adapter)) return false;
    if (number_take(adapter)) {
        if (registers_grant(adapter)) {
            if (bounce_open(adapter)) {
                if (device_open(adapter)) return true;
                bounce_close(adapter);
            }
            registers_return(adapter);
        }
        number_give(adapter);
    }
    return false;
}

enum packet_status packet_adapter_open(struct packet_adapter *adapter, struct packet_system *system,
                                       const struct packet_adapter_config *config)
{
    assert(adapter != NULL && system != NULL && config != NULL && !adapter->open);

    struct map *map = config->map != NULL ? config->map : system->map;
    if (!config_sane(config, map)) return PACKET_ERR_ARGUMENT;
    enum irql old = irql_raise(IRQL_DISPATCH);
    *adapter = (struct packet_adapter){ .system = system, .map = map, .config = *config };
    limits_settle(adapter);
    adapter->open = adapter_open(adapter);
    if (adapter->open) trace_record(TRACE_GET, adapter->number, 0u, adapter->channel);
    bool opened = adapter->open;
    irql_lower(old);
    return opened ? PACKET_OK : PACKET_ERR_RESOURCES;
}

/* What is outstanding, as the code that tells it; VIOL_NONE: nothing. */
static enum violation_code outstanding(const struct packet_adapter *adapter)
{
    if (adapter->executing != 0u) return VIOL_PUT_LIST;
    if (adapter->queued != 0u) return VIOL_PUT_QUEUE;
    if (adapter->common != 0u) return VIOL_PUT_COMMON_BUFFER;
    if (adapter->registers_packets != 0u) return VIOL_PUT_REGISTER;
    return VIOL_NONE;
}

enum packet_status packet_adapter_close(struct packet_adapter *adapter)
{
    assert(adapter != NULL && adapter->open);

    enum irql old = irql_raise(IRQL_DISPATCH);
    enum violation_code code = outstanding(adapter);
    if (code != VIOL_NONE) {
        irql_lower(old);
        violation_report(code, (uintptr_t)adapter, adapter->number, adapter->executing, adapter->queued);
        return PACKET_ERR_STATE;
    }
    packet_faults(adapter);
    device_close(adapter, device_pages(adapter));
    if (!packet_quiet(adapter)) {
        for (uint32_t i = 0; i < adapter->config.bounce_pages; i++) {
            (void)memory_frame_quarantine(adapter->bounce_bus + i * MEMORY_PAGE_BYTES);
        }
    }
    bounce_close(adapter);
    registers_return(adapter);
    number_give(adapter);
    adapter->open = false;
    trace_record(TRACE_PUT, adapter->number, 0u, adapter->channel);
    irql_lower(old);
    return PACKET_OK;
}

uint32_t packet_adapter_available(const struct packet_adapter *adapter)
{
    assert(adapter != NULL);
    return packet_registers_lasting(adapter);
}
