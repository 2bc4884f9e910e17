/* SPDX-License-Identifier: Apache-2.0 */
/* From a packet to what the engine sees: length, elements, window entries, guard, bounce pages. */
#include <assert.h>
#include <stddef.h>

#include "cache.h"
#include "memory_frame.h"
#include "packet_list.h"
#include "packet_private.h"
#include "trace.h"

/* Where a bounced page stands while its length is planned: nowhere near another page, so nothing merges that may not. */
#define PLANNED_AT(n) ((UINT64_C(1) << 40) + (uint64_t)(n) * 2u * MEMORY_PAGE_BYTES)

static uint32_t smaller(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

/* How far behind a place where an element may begin. */
static uint32_t misaligned(const struct packet_adapter_config *config, uint32_t at)
{
    return at & (config->alignment_bytes - 1u);
}

/* One page's part of a packet. */
struct part {
    uint32_t bus, bytes;
    uint32_t at; /* in the bounce page: where it is in its own, or on the alignment below (DD-08) */
    bool     bounced;
};

static struct part part_at(const struct packet_adapter *adapter, const struct packet *packet, uint32_t done, uint32_t length)
{
    uint32_t run;
    uint32_t bus = memory_mdl_bus(packet->mdl, packet->offset + done, &run);
    uint32_t beside = misaligned(&adapter->config, bus);
    return (struct part){
        .bus = bus,
        .bytes = smaller(run, length - done),
        .at = bus % MEMORY_PAGE_BYTES - beside,
        .bounced = beside != 0u || bus >= adapter->bounced_from,
    };
}

static void list_begin(struct packet_list *list, const struct packet_adapter *adapter)
{
    list->elements_max = adapter->config.windowed ? 1u : adapter->config.elements_max;
    list->element_bytes_max = adapter->config.element_bytes_max;
    list->boundary_bytes = adapter->config.boundary_bytes;
    list->emit = NULL;
    list->elements = 0;
    list->bytes = 0;
    list->open_bytes = 0;
}

/* Can nothing end a packet of so many pages early? Each may have an element of its own. */
static bool unlimited(const struct packet_adapter *adapter, uint32_t pages)
{
    return adapter->whole_pages && (adapter->config.elements_max == 0u || pages <= adapter->config.elements_max);
}

/* How far a direct packet of at most limit bytes gets: elements and bounce pages may end it early. */
static uint32_t direct_length(const struct packet_adapter *adapter, const struct packet *packet, uint32_t page_offset, uint32_t limit)
{
    if (unlimited(adapter, memory_pages_spanned(page_offset, limit))) return limit;
    struct packet_list list;
    uint32_t bounced = 0;
    list_begin(&list, adapter);
    while (list.bytes < limit) {
        struct part part = part_at(adapter, packet, list.bytes, limit);
        uint64_t address = part.bus;
        if (part.bounced) {
            if (bounced == adapter->config.bounce_pages) break;
            address = PLANNED_AT(bounced++) + part.at;
        }
        if (packet_list_add(&list, address, part.bytes) != part.bytes) break;
    }
    return list.bytes;
}

static uint32_t bounced_pages(const struct packet_adapter *adapter, const struct packet *packet, uint32_t length)
{
    uint32_t bounced = 0;
    for (uint32_t done = 0; done < length;) {
        struct part part = part_at(adapter, packet, done, length);
        if (part.bounced) bounced++;
        done += part.bytes;
    }
    return bounced;
}

struct packet_plan packet_plan(const struct packet_adapter *adapter, const struct packet *packet)
{
    const struct packet_adapter_config *config = &adapter->config;
    uint32_t page_offset = (memory_mdl_page_offset(packet->mdl) + packet->offset) % MEMORY_PAGE_BYTES;
    uint32_t registers = packet->hold != NULL ? packet->hold->registers : packet_registers_lasting(adapter);
    uint32_t length = packet_chunk(page_offset, packet->wanted_bytes, config->maximum_bytes, registers, MEMORY_PAGE_BYTES);

    if (!config->windowed) length = direct_length(adapter, packet, page_offset, length);
    else if (misaligned(config, page_offset) != 0u) length = 0u; /* the window keeps the offset, and nothing is copied */
    else if (config->element_bytes_max != 0u) length = smaller(length, config->element_bytes_max);
    length = packet_granular(length, packet->wanted_bytes, config->granularity_bytes);
    return (struct packet_plan){
        .length_bytes = length,
        .registers = memory_pages_spanned(page_offset, length),
        .bounced = config->bounce_pages == 0u ? 0u : bounced_pages(adapter, packet, length), /* windowed adapters have none */
    };
}

static void emit(void *context, uint32_t index, uint64_t address, uint32_t length_bytes)
{
    struct packet *packet = context;
    packet->face->element(packet, index, address, length_bytes);
}

static void trace_frame(enum trace_event event, const struct packet_adapter *adapter, const struct packet *packet,
                        uint32_t bus)
{
    trace_record(event, adapter->number, packet->number, memory_frame_of_bus(bus));
}

/* Start's mapping of one page: from here on the channel may reach the frame. */
static void map_frame(struct packet_adapter *adapter, struct packet *packet, uint32_t reg, uint32_t bus)
{
    struct map *map = adapter->map;
    uint32_t frame = bus / MEMORY_PAGE_BYTES;
    enum map_status status = adapter->config.windowed
        ? map_entry_set(map, reg, frame, adapter->channel, packet_access(packet))
        : map_guard_open(map, frame, adapter->channel, packet_access(packet));
    assert(status == MAP_OK); /* the books gave the register, memory is guarded, and the depth bounds how often it is open */
    (void)status;
    trace_frame(TRACE_MAP, adapter, packet, bus);
}

static void map_windowed(struct packet_adapter *adapter, struct packet *packet, struct packet_list *list)
{
    uint32_t reg = packet->first_register;
    uint32_t page_offset = memory_mdl_bus(packet->mdl, packet->offset, NULL) % MEMORY_PAGE_BYTES;

    for (uint32_t done = 0; done < packet->length_bytes; reg++) {
        struct part part = part_at(adapter, packet, done, packet->length_bytes);
        map_frame(adapter, packet, reg, part.bus);
        done += part.bytes;
    }
    (void)packet_list_add(list, map_window_address(adapter->map, packet->first_register) + page_offset,
                          packet->length_bytes);
}

static void map_direct(struct packet_adapter *adapter, struct packet *packet, struct packet_list *list)
{
    uint32_t bounced = 0;
    for (uint32_t done = 0; done < packet->length_bytes;) {
        struct part part = part_at(adapter, packet, done, packet->length_bytes);
        uint32_t bus = part.bounced ? packet->bounce[bounced++] + part.at : part.bus;
        map_frame(adapter, packet, 0u, bus);
        (void)packet_list_add(list, bus, part.bytes);
        done += part.bytes;
    }
}

void packet_map(struct packet_adapter *adapter, struct packet *packet)
{
    struct packet_list list;
    list_begin(&list, adapter);
    list.emit = emit;
    list.context = packet;
    packet->face = adapter->config.face;
    if (adapter->config.windowed) map_windowed(adapter, packet, &list);
    else map_direct(adapter, packet, &list);
    packet_list_end(&list);
    assert(list.bytes == packet->length_bytes);
    packet->elements = list.elements;
}

void packet_unmap(struct packet_adapter *adapter, struct packet *packet)
{
    struct map *map = adapter->map;
    uint32_t reg = packet->first_register, bounced = 0;
    for (uint32_t done = 0; done < packet->length_bytes;) {
        struct part part = part_at(adapter, packet, done, packet->length_bytes);
        uint32_t bus = part.bounced ? packet->bounce[bounced++] : part.bus;
        if (adapter->config.windowed) (void)map_entry_clear(map, reg++);
        else (void)map_guard_close(map, bus / MEMORY_PAGE_BYTES, adapter->channel, packet_access(packet));
        trace_frame(TRACE_UNMAP, adapter, packet, bus);
        done += part.bytes;
    }
}

void packet_quarantine(struct packet_adapter *adapter, struct packet *packet)
{
    uint32_t pages = 0, bounced = 0;
    for (uint32_t done = 0; done < packet->length_bytes; pages++) {
        struct part part = part_at(adapter, packet, done, packet->length_bytes);
        (void)memory_frame_quarantine(part.bounced ? packet->bounce[bounced++] : part.bus);
        done += part.bytes;
    }
    packet->quarantined = true;
    adapter->faulted = true;
    adapter->counts.quarantined += pages;
    trace_record(TRACE_QUARANTINE, adapter->number, packet->number, pages);
}

/* ---- Bounce pages ------------------------------------------------------------------------------------------------- */

bool packet_bounce_take(struct packet_adapter *adapter, struct packet *packet, uint32_t count)
{
    uint32_t free = 0;
    for (uint32_t i = 0; i < adapter->config.bounce_pages; i++) free += 1u - (adapter->bounce_used >> i & 1u);
    if (count > free) return false;

    packet->bounced = 0;
    for (uint32_t i = 0; packet->bounced < count; i++) {
        if ((adapter->bounce_used >> i & 1u) != 0u) continue;
        adapter->bounce_used |= 1u << i;
        packet->bounce[packet->bounced++] = adapter->bounce_bus + i * MEMORY_PAGE_BYTES;
    }
    adapter->counts.bounced += count;
    return true;
}

/* A page in quarantine is never given back: its bit stays. */
void packet_bounce_give(struct packet_adapter *adapter, struct packet *packet)
{
    for (uint32_t i = 0; i < packet->bounced && !packet->quarantined; i++) {
        adapter->bounce_used &= ~(1u << ((packet->bounce[i] - adapter->bounce_bus) / MEMORY_PAGE_BYTES));
    }
    packet->bounced = 0;
}

/* In for both directions: what the device does not write comes back as it was, and no foreign bytes leak (BNC-02). */
void packet_bounce_in(struct packet_adapter *adapter, struct packet *packet)
{
    uint32_t bounced = 0;
    for (uint32_t done = 0; bounced < packet->bounced;) {
        struct part part = part_at(adapter, packet, done, packet->length_bytes);
        if (part.bounced) {
            uint8_t *page = cache_cpu(packet->bounce[bounced++]);
            (void)memory_mdl_read(packet->mdl, packet->offset + done, page + part.at, part.bytes);
        }
        done += part.bytes;
    }
}

void packet_bounce_out(struct packet_adapter *adapter, struct packet *packet, uint32_t moved_bytes)
{
    uint32_t bounced = 0;
    for (uint32_t done = 0; bounced < packet->bounced && done < moved_bytes;) {
        struct part part = part_at(adapter, packet, done, packet->length_bytes);
        if (part.bounced) {
            const uint8_t *page = cache_cpu(packet->bounce[bounced++]);
            (void)memory_mdl_write(packet->mdl, packet->offset + done, page + part.at,
                                   smaller(part.bytes, moved_bytes - done));
        }
        done += part.bytes;
    }
}
