/* SPDX-License-Identifier: Apache-2.0 */
/* A picture by the whole sequence: a client's pages are locked, started, executed, completed, unlocked; the screen runs
 * meanwhile. The client has room for a band of it, and one page of each band is not in memory when it is locked. Part of
 * the picture comes back to an odd address.
 */
#include <stddef.h>

#include "cache.h"
#include "clock.h"
#include "console.h"
#include "irql.h"
#include "memory_client.h"
#include "memory_pager.h"
#include "miniport_video.h"
#include "mmio.h"
#include "port.h"
#include "selftest.h"
#include "selftest_picture.h"
#include "soc.h"

#define WIDTH            SELFTEST_WIDTH
#define HEIGHT           SELFTEST_HEIGHT
#define LINE_BYTES       (WIDTH * 2u) /* RGB565 */
#define PICTURE_BYTES    (LINE_BYTES * HEIGHT)
#define BANDS            3u
#define BAND_BYTES       (PICTURE_BYTES / BANDS)
#define BAND_PAGES       ((BAND_BYTES + MEMORY_PAGE_BYTES - 1u) / MEMORY_PAGE_BYTES)
#define ENGINE_BYTES     0x1000u
#define DIRECT_REGISTERS 160u
#define BACK_OFFSET      5u     /* in the client's page */
#define BACK_FRAME       12347u /* in the frame buffer */
#define BACK_BYTES       901u
#define FRAMES           2u     /* the first may have been half way through */
#define WAIT_CYCLES      20000000u

static const VIDEO_ACCESS_RANGE ranges[] = {
    { .RangeStart.QuadPart = SOC_ENGINE, .RangeLength = ENGINE_BYTES },
    { .RangeStart.QuadPart = SOC_BUS_DEVICE, .RangeLength = PICTURE_BYTES },
};
static const struct port_bus_device devices[] = {
    { .ranges = ranges, .range_count = 2, .line = SOC_LINE_ENGINE, .channels = SELFTEST_CHANNELS },
};
static const struct port_bus bus = { devices, 1 };

static struct memory_client *client;
static uintptr_t             band, back; /* of the client */

/* ---- The client ----------------------------------------------------------------------------------------------------------- */

static bool client_made(void)
{
    client = memory_client_create();
    if (client == NULL || memory_client_map(client, BAND_PAGES, MEMORY_MAY_WRITE, &band) != MEMORY_OK) return false;
    if (memory_client_map(client, 1u, MEMORY_MAY_WRITE, &back) != MEMORY_OK) return false;
    (void)memory_client_attach(client);
    return true;
}

static bool band_painted(uint32_t number)
{
    uint16_t line[WIDTH];
    for (uint32_t y = 0; y < HEIGHT / BANDS; y++) {
        uint32_t first = (number * HEIGHT / BANDS + y) * WIDTH;
        for (uint32_t x = 0; x < WIDTH; x++) line[x] = selftest_pixel(first + x);
        if (memory_client_write(client, band + y * LINE_BYTES, line, sizeof line) != MEMORY_OK) return false;
    }
    return true;
}

/* @return pages of the band that a lock must bring in */
static uint32_t pages_absent(void)
{
    uint32_t absent = 0;
    for (uint32_t i = 0; i < BAND_PAGES; i++) {
        absent += memory_client_page(client, band + i * MEMORY_PAGE_BYTES).resident ? 0u : 1u;
    }
    return absent;
}

/* ---- Requests ------------------------------------------------------------------------------------------------------------- */

static volatile uint32_t tells;

static VOID told(PVP_REQUEST request)
{
    (void)request;
    tells++;
}

/* Waits until the driver has told, at DISPATCH. @return its status */
static VP_STATUS ask(ULONG code, PVOID input, ULONG input_bytes, PVOID output, ULONG output_bytes)
{
    static VP_REQUEST request;
    uint32_t before = tells;
    request = (VP_REQUEST){
        .Packet = { .IoControlCode = code, .InputBuffer = input, .InputBufferLength = input_bytes,
                    .OutputBuffer = output, .OutputBufferLength = output_bytes },
        .Told = told,
    };
    VP_STATUS status = VpSendRequest(0, &request);
    if (status != NO_ERROR) return status;
    while (tells == before) irql_idle();
    return request.StatusBlock.Status;
}

/* @return true: every byte moved, and the client was told once */
static bool moved(uintptr_t buffer, uint32_t bytes, uint32_t frame_offset, bool to_frame_buffer)
{
    static struct miniport_copy   copy;
    static struct miniport_copied copied;
    uint32_t before = tells;
    copy = (struct miniport_copy){ .buffer = buffer, .length_bytes = bytes, .frame_offset = frame_offset,
                                   .to_frame_buffer = to_frame_buffer ? 1u : 0u };
    VP_STATUS status = ask(IOCTL_MINIPORT_COPY, &copy, sizeof copy, &copied, sizeof copied);
    bool holds = status == NO_ERROR && copied.status == MINIPORT_OK && copied.moved_bytes == bytes && tells == before + 1u;
    if (!holds) console_print("driver: %s, %u bytes moved\n", miniport_status_name((enum miniport_status)copied.status),
                              (unsigned)copied.moved_bytes);
    return holds;
}

/* ---- The parts ------------------------------------------------------------------------------------------------------------ */

static bool good(bool holds, const char *what)
{
    if (!holds) console_print("driver: %s\n", what);
    return holds;
}

static bool loaded(struct map *gate)
{
    port_init(gate, DIRECT_REGISTERS);
    return port_load_driver(miniport_entry, &bus) == NO_ERROR && VpOpenDevice(0) == NO_ERROR;
}

static bool screen_begun(void)
{
    static struct miniport_screen screen = { .length_bytes = PICTURE_BYTES };
    mmio_write32(SOC_REGISTERS + SOC_VIDEO_CONTROL, SOC_VIDEO_CONTROL_FORMAT_MASK);
    mmio_write32(SOC_REGISTERS + SOC_VIDEO_CONTROL, SOC_VIDEO_CONTROL_FORMAT_MASK | SOC_VIDEO_CONTROL_ENABLE_MASK);
    return ask(IOCTL_MINIPORT_SCREEN_ON, &screen, sizeof screen, NULL, 0) == NO_ERROR;
}

static bool picture_arrives(void)
{
    const volatile uint16_t *pixels = cache_uncached(SOC_BUS_DEVICE);
    uint32_t wrong = 0, absent = 0;
    for (uint32_t i = 0; i < BANDS; i++) {
        if (!band_painted(i)) return false;
        (void)memory_evict(client, band + i * MEMORY_PAGE_BYTES);
        absent += pages_absent();
        if (!moved(band, BAND_BYTES, i * BAND_BYTES, true)) return false;
    }
    for (uint32_t i = 0; i < WIDTH * HEIGHT; i++) wrong += pixels[i] != selftest_pixel(i) ? 1u : 0u;
    console_print("picture: %u x %u in %u bands, %u pages came in when they were locked, %u pixels wrong\n", WIDTH, HEIGHT, BANDS,
                  (unsigned)absent, (unsigned)wrong);
    return wrong == 0u;
}

static bool part_comes_back(void)
{
    static uint8_t bytes[BACK_BYTES];
    uint32_t wrong = 0;
    if (!moved(back + BACK_OFFSET, BACK_BYTES, BACK_FRAME, false)) return false;
    if (memory_client_read(client, back + BACK_OFFSET, bytes, BACK_BYTES) != MEMORY_OK) return false;
    for (uint32_t i = 0; i < BACK_BYTES; i++) {
        uint32_t at = BACK_FRAME + i;
        wrong += bytes[i] != (uint8_t)(selftest_pixel(at / 2u) >> 8u * (at % 2u)) ? 1u : 0u;
    }
    console_print("picture: %u bytes of it come back, %u wrong\n", BACK_BYTES, (unsigned)wrong);
    return wrong == 0u;
}

static bool screen_shows(void)
{
    uint32_t begin = clock_cycles(), before = mmio_read32(SOC_REGISTERS + SOC_VIDEO_FRAMES), frames = 0;
    while (frames < FRAMES && clock_cycles() - begin < WAIT_CYCLES) frames = mmio_read32(SOC_REGISTERS + SOC_VIDEO_FRAMES) - before;
    uint32_t underruns = mmio_read32(SOC_REGISTERS + SOC_VIDEO_UNDERRUNS);
    console_print("screen: %s, %u pixels late\n", frames >= FRAMES ? "it scans" : "it STANDS", (unsigned)underruns);
    return frames >= FRAMES && underruns == 0u;
}

static bool nothing_left(void)
{
    struct memory_use use = memory_use();
    bool holds = use.mdls == 0u && use.pins == 0u && use.quarantined == 0u;
    console_print("driver: %u locks left\n", (unsigned)(use.mdls + use.pins));
    return holds;
}

bool selftest_driver(struct map *gate)
{
    if (!good(loaded(gate), "it does not load") || !good(client_made(), "no room for the client")) return false;
    if (!good(screen_begun(), "no screen")) return false;
    return picture_arrives() && part_comes_back() && screen_shows() && nothing_left();
}
