/* SPDX-License-Identifier: Apache-2.0 */
/* The driver of document 4 on the core: KMDF over the real engine and gate, a client's scattered pages, real interrupts. */
#include <string.h>

#include "../document_kmdf.h"
#include "cache.h"
#include "clock.h"
#include "irql.h"
#include "kmdf.h"
#include "map.h"
#include "memory_client.h"
#include "memory_status.h"
#include "soc.h"
#include "tap.h"

#define FRAMES   ((SOC_BUS_HOST_BYTES + SOC_BUS_DEVICE_BYTES) / HAL_PAGE_BYTES)
#define CHANNELS 2u
#define PAGES    6u
#define BYTES    (5u * HAL_PAGE_BYTES + 77u)
#define OFFSET   13u /* in its first page */

static struct map            gate;
static uint8_t               guard_counts[MAP_COUNT_BYTES(FRAMES, CHANNELS)];
static struct memory_client *client;
static uintptr_t             buffer;
static uint8_t               bytes[BYTES];
static WDFDEVICE             device;

static const struct kmdf_range ranges[] = { { SOC_ENGINE, 0x1000u }, { SOC_BUS_DEVICE, 16u * HAL_PAGE_BYTES } };
static const struct kmdf_bus_device on_the_bus = {
    .ranges = ranges, .range_count = 2, .line = SOC_LINE_ENGINE, .channels = CHANNELS,
    .memory_bus = SOC_BUS_DEVICE, .memory_bytes = 16u * HAL_PAGE_BYTES,
};

static volatile struct answer {
    unsigned count;
    NTSTATUS status;
    size_t   bytes;
} answer;

static void told(void *context, NTSTATUS status, size_t information)
{
    (void)context;
    answer.status = status;
    answer.bytes = information;
    answer.count++;
}

static void fill(uint8_t *at, uint32_t seed)
{
    for (uint32_t i = 0; i < BYTES; i++) at[i] = (uint8_t)((i + seed) * 167u >> 3);
}

static void ask(WDF_REQUEST_TYPE type)
{
    WDFREQUEST request;
    struct kmdf_io io = { .type = type, .buffer = buffer + OFFSET, .length = BYTES, .told = told };
    answer.count = 0;
    if (!expect(kmdf_request_make(device, &io, &request) == STATUS_SUCCESS)) return;
    if (type == WdfRequestTypeRead) document_io_read(device, request);
    else document_io_write(device, request);
    uint32_t begun = clock_cycles();
    while (answer.count == 0u && clock_cycles() - begun < 1000000u) irql_idle();
    expect(answer.count == 1u);
    expect(answer.status == STATUS_SUCCESS);
    expect(answer.bytes == BYTES);
}

static void the_driver_finds_its_device(void)
{
    expect(map_init(&gate, SOC_GATE, guard_counts, sizeof guard_counts) == MAP_OK);
    kmdf_init(&gate, 256u);
    client = memory_client_create();
    (void)memory_client_attach(client);
    expect(memory_client_map(client, PAGES, MEMORY_MAY_WRITE, &buffer) == MEMORY_OK);
    expect(kmdf_device_add(document_device_add, &on_the_bus, &device) == STATUS_SUCCESS);
}

static void WPG_01_what_a_client_writes_is_in_the_device(void)
{
    fill(bytes, 1u);
    expect(memory_client_write(client, buffer + OFFSET, bytes, BYTES) == MEMORY_OK);
    ask(WdfRequestTypeWrite);
    expect(memcmp(cache_uncached(SOC_BUS_DEVICE), bytes, BYTES) == 0);
}

static void WPG_01_what_the_device_has_is_read_by_the_client(void)
{
    static uint8_t got[BYTES];
    fill(cache_uncached(SOC_BUS_DEVICE), 2u);
    ask(WdfRequestTypeRead);
    fill(bytes, 2u);
    expect(memory_client_read(client, buffer + OFFSET, got, BYTES) == MEMORY_OK);
    expect(memcmp(got, bytes, BYTES) == 0);
}

static void the_device_is_taken_away(void)
{
    expect(kmdf_device_remove(device) == STATUS_SUCCESS);
    (void)memory_client_attach(NULL);
    expect(memory_client_destroy(client) == MEMORY_OK);
    expect(memory_check_leaks());
}

int main(void)
{
    memory_init();
    tap_run(the_driver_finds_its_device);
    tap_run(WPG_01_what_a_client_writes_is_in_the_device);
    tap_run(WPG_01_what_the_device_has_is_read_by_the_client);
    tap_run(the_device_is_taken_away);
    return tap_plan();
}
