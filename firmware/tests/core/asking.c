/* SPDX-License-Identifier: Apache-2.0 */
/* The miniport is found and asked on the core: real engine, real traps, a client's pages that come in when they are needed. */
#include <string.h>

#include "cache.h"
#include "clock.h"
#include "irql.h"
#include "map.h"
#include "memory_client.h"
#include "memory_pager.h"
#include "memory_status.h"
#include "miniport_video.h"
#include "port.h"
#include "soc.h"
#include "tap.h"

#define FRAMES      ((SOC_BUS_HOST_BYTES + SOC_BUS_DEVICE_BYTES) / HAL_PAGE_BYTES)
#define CHANNELS    2u
#define FRAME_BYTES (32u * 4096u)
#define PAGES       14u
#define LENGTH      (11u * HAL_PAGE_BYTES + 123u)
#define AT          77u
#define FRAME_AT    1001u
#define ASKED_AT    (13u * HAL_PAGE_BYTES)     /* input and output of a request, in the client */
#define TOLD_AT     (ASKED_AT + 64u)

static struct map gate;
static uint8_t    guard_counts[MAP_COUNT_BYTES(FRAMES, CHANNELS)];
static struct memory_client *client;
static uintptr_t  buffer;
static uint8_t    bytes[LENGTH];

static const VIDEO_ACCESS_RANGE ranges[] = {
    { .RangeStart.QuadPart = SOC_ENGINE, .RangeLength = 0x1000 },
    { .RangeStart.QuadPart = SOC_BUS_DEVICE, .RangeLength = FRAME_BYTES },
};
static const struct port_bus_device devices[] = {
    { .ranges = ranges, .range_count = 2, .line = SOC_LINE_ENGINE, .channels = CHANNELS },
};
static const struct port_bus bus = { devices, 1 };

static uint8_t pattern(uint32_t seed, uint32_t i)
{
    return (uint8_t)((seed * 40503u + i * 73u) >> 3 ^ i ^ i >> 8);
}

static void fill(uint32_t seed)
{
    for (uint32_t i = 0; i < LENGTH; i++) bytes[i] = pattern(seed, i);
}

static uint32_t wrong_of(const uint8_t *found, uint32_t seed, uint32_t length)
{
    uint32_t wrong = 0;
    for (uint32_t i = 0; i < length; i++) wrong += found[i] != pattern(seed, i) ? 1u : 0u;
    return wrong;
}

static uint8_t *frame(void)
{
    return cache_uncached(SOC_BUS_DEVICE + FRAME_AT);
}

static void found(void)
{
    memory_init();
    expect(map_init(&gate, SOC_GATE, guard_counts, sizeof guard_counts) == MAP_OK);
    port_init(&gate, 100);
    expect(port_load_driver(miniport_entry, &bus) == NO_ERROR);
    expect(VpOpenDevice(1) == ERROR_DEV_NOT_EXIST);
    expect(VpOpenDevice(0) == NO_ERROR);
    client = memory_client_create();
    (void)memory_client_attach(client);
    expect(memory_client_map(client, PAGES, MEMORY_MAY_WRITE, &buffer) == MEMORY_OK);
}

static struct miniport_copied ask(struct miniport_copy copy)
{
    struct miniport_copied copied = { .status = 1 };
    ULONG written = 0;
    expect(memory_client_write(client, buffer + ASKED_AT, &copy, sizeof copy) == MEMORY_OK);
    VP_STATUS status = VpDeviceIoControl(0, IOCTL_MINIPORT_COPY, (PVOID)(buffer + ASKED_AT), sizeof copy,
                                         (PVOID)(buffer + TOLD_AT), sizeof copied, &written);
    expect(status == NO_ERROR && written == sizeof copied);
    expect(memory_client_read(client, buffer + TOLD_AT, &copied, sizeof copied) == MEMORY_OK);
    expect(irql_current() == IRQL_PASSIVE);
    return copied;
}

static struct miniport_copy copy_of(uint32_t to_frame_buffer)
{
    return (struct miniport_copy){ .buffer = buffer + AT, .length_bytes = LENGTH, .frame_offset = FRAME_AT,
                                   .to_frame_buffer = to_frame_buffer, .tag = 9 };
}

static void PRT_07_a_client_is_told_once_and_every_byte_is_there(void)
{
    fill(1);
    expect(memory_client_write(client, buffer + AT, bytes, LENGTH) == MEMORY_OK);
    for (uint32_t page = 0; page < PAGES; page++) expect(memory_evict(client, buffer + page * HAL_PAGE_BYTES));
    struct miniport_copied copied = ask(copy_of(1));
    expect(copied.status == MINIPORT_OK && copied.moved_bytes == LENGTH);
    expect(wrong_of(frame(), 1, LENGTH) == 0u);

    fill(2);
    memcpy(frame(), bytes, LENGTH);
    copied = ask(copy_of(0));
    expect(copied.status == MINIPORT_OK && copied.moved_bytes == LENGTH);
    expect(memory_client_read(client, buffer + AT, bytes, LENGTH) == MEMORY_OK);
    expect(wrong_of(bytes, 2, LENGTH) == 0u);
}

static void PRT_07_what_is_not_the_clients_is_refused(void)
{
    struct miniport_copy copy = copy_of(1);
    ULONG written = 1;
    copy.length_bytes = PAGES * HAL_PAGE_BYTES;
    expect(memory_client_write(client, buffer + ASKED_AT, &copy, sizeof copy) == MEMORY_OK);
    expect(VpDeviceIoControl(0, IOCTL_MINIPORT_COPY, (PVOID)(buffer + ASKED_AT), sizeof copy, (PVOID)(buffer + TOLD_AT),
                             sizeof(struct miniport_copied), &written) == ERROR_INVALID_PARAMETER);
    expect(written == 0u);
}

/* ---- Cancelled on the way ------------------------------------------------------------------------------------------------ */

static volatile unsigned tells;

static VOID told(PVP_REQUEST request)
{
    (void)request;
    tells++;
    expect(irql_current() == IRQL_DISPATCH);
}

/* @return bytes that moved; LENGTH when it was too late */
static uint32_t cancelled_after(uint32_t cycles)
{
    static VP_REQUEST request;
    static struct miniport_copy copy;
    static struct miniport_copied copied;
    static VP_REQUEST cancel;
    static struct miniport_tag tag = { 9 };
    unsigned before = tells;
    copy = copy_of(1);
    request = (VP_REQUEST){ .Packet = { IOCTL_MINIPORT_COPY, NULL, &copy, sizeof copy, &copied, sizeof copied }, .Told = told };
    expect(VpSendRequest(0, &request) == NO_ERROR);
    uint32_t begun = clock_cycles();
    while (clock_cycles() - begun < cycles) { }

    cancel = (VP_REQUEST){ .Packet = { IOCTL_MINIPORT_CANCEL, NULL, &tag, sizeof tag, NULL, 0 }, .Told = told };
    expect(VpSendRequest(0, &cancel) == NO_ERROR);
    while (tells < before + 2u) irql_idle();
    expect(tells == before + 2u);
    bool in_time = cancel.StatusBlock.Status == NO_ERROR;
    expect(copied.status == (in_time ? (int32_t)MINIPORT_ERR_CANCELLED : (int32_t)MINIPORT_OK));
    expect(in_time || copied.moved_bytes == LENGTH);
    return copied.moved_bytes;
}

static void CAN_03_a_copy_that_is_cancelled_has_moved_what_it_says(void)
{
    unsigned partly = 0;
    for (uint32_t cycles = 0; cycles < 1500u; cycles += 500u) {
        fill(cycles + 3u);
        expect(memory_client_write(client, buffer + AT, bytes, LENGTH) == MEMORY_OK);
        uint32_t moved = cancelled_after(cycles);
        expect(wrong_of(frame(), cycles + 3u, moved) == 0u);
        partly += moved != 0u && moved != LENGTH ? 1u : 0u;
        expect(memory_use().pins == 0u);
    }
    expect(partly != 0u);
    console_print("# %u copies were cancelled in the middle\n", partly);
    fill(5);
    expect(memory_client_write(client, buffer + AT, bytes, LENGTH) == MEMORY_OK);
    expect(ask(copy_of(1)).status == MINIPORT_OK); /* CAN-05 */
    expect(wrong_of(frame(), 5, LENGTH) == 0u);
}

static void given_back(void)
{
    PVOID extension = VpGetDeviceExtension(0);
    expect(miniport_unload(extension) == MINIPORT_OK);
    expect(VpDetachDevice(extension) == NO_ERROR);
    (void)memory_client_attach(NULL);
    expect(memory_client_destroy(client) == MEMORY_OK);
    expect(memory_check_leaks());
}

int main(void)
{
    tap_run(found);
    tap_run(PRT_07_a_client_is_told_once_and_every_byte_is_there);
    tap_run(PRT_07_what_is_not_the_clients_is_refused);
    tap_run(CAN_03_a_copy_that_is_cancelled_has_moved_what_it_says);
    tap_run(given_back);
    return tap_plan();
}
