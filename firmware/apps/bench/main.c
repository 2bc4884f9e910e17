/* SPDX-License-Identifier: Apache-2.0 */
/* What the driver costs on the core: a line of text for each part of a request, which tools/driver_bench.py reads.
 *
 *     row lock_unlock 4096 N        Lock, Start, Execute, Complete, Unlock of one resident page; nothing is moved
 *     row pin_unpin 4096 N          of that, Lock and Unlock alone
 *     row submit 4096 N             a request from the call to its return: locked, mapped, and the engine has begun
 *     row interrupt_to_dpc 4096 N   from the cycle in which the interrupt is let in to the first at DISPATCH
 *     row dpc_to_client 4096 N      from there to the cycle in which who waits at PASSIVE sees that it is over
 *     row dma_beats_cpu S N         the fewest bytes that a request, all in all, moves faster than the CPU
 *     end
 *
 * Each is the worst of some runs; before them one has brought the code into the instruction cache.
 */
#include <stddef.h>
#include <string.h>

#include "cache.h"
#include "clock.h"
#include "console.h"
#include "irq.h"
#include "irql.h"
#include "map.h"
#include "memory_client.h"
#include "memory_frame.h"
#include "miniport_video.h"
#include "port.h"
#include "soc.h"
#include "violation.h"

#define CHANNELS         2u
#define ENGINE_BYTES     0x1000u
#define FRAME_BYTES      (16u * MEMORY_PAGE_BYTES)
#define GUARDED_FRAMES   ((SOC_BUS_HOST_BYTES + SOC_BUS_DEVICE_BYTES) / MEMORY_PAGE_BYTES)
#define DIRECT_REGISTERS 160u
#define BUFFER_BYTES     FRAME_BYTES
#define ONE_BYTES        4096u /* of the rows for one buffer */
#define RUNS             8u
#define SIZE_STEP        64u

static const VIDEO_ACCESS_RANGE ranges[] = {
    { .RangeStart.QuadPart = SOC_ENGINE, .RangeLength = ENGINE_BYTES },
    { .RangeStart.QuadPart = SOC_BUS_DEVICE, .RangeLength = FRAME_BYTES },
};
static const struct port_bus_device devices[] = {
    { .ranges = ranges, .range_count = 2, .line = SOC_LINE_ENGINE, .channels = CHANNELS },
};
static const struct port_bus bus = { devices, 1 };

static struct map gate;
static uint8_t    guard_counts[MAP_COUNT_BYTES(GUARDED_FRAMES, CHANNELS)];
static uintptr_t  buffer; /* of a client: BUFFER_BYTES, resident */

/* ---- One request ------------------------------------------------------------------------------------------------------- */

static struct {
    VP_REQUEST            request;
    struct miniport_copy  copy;
    struct miniport_copied copied;
    volatile bool         over;
    uint32_t              dpc_at;
    struct irq_handler    handler;
    struct irql_work      work;
} one;

/* The first thing at DISPATCH: it comes before the driver's DPC. */
static void dispatched(void *context)
{
    (void)context;
    one.dpc_at = clock_cycles();
}

/* Behind the driver's ISR on the same line; what it costs is in the row. The interrupt is not its own. */
static bool listen(void *context)
{
    (void)context;
    (void)irql_work_queue(&one.work, dispatched, NULL);
    return false;
}

static VOID told(PVP_REQUEST request)
{
    (void)request;
    one.over = true;
}

struct times {
    uint32_t submit, interrupt_to_dpc, dpc_to_client, all;
};

/* The engine's interrupt is kept out until the request has been submitted. @return false: it went wrong */
static bool request(uint32_t bytes, struct times *times)
{
    one.copy = (struct miniport_copy){ .buffer = buffer, .length_bytes = bytes, .to_frame_buffer = 1u };
    one.request = (VP_REQUEST){
        .Packet = {
            .IoControlCode = IOCTL_MINIPORT_COPY,
            .InputBuffer = &one.copy, .InputBufferLength = sizeof one.copy,
            .OutputBuffer = &one.copied, .OutputBufferLength = sizeof one.copied,
        },
        .Told = told,
    };
    one.over = false;
    irq_disable(SOC_LINE_ENGINE);
    uint32_t begun = clock_cycles();
    if (VpSendRequest(0, &one.request) != NO_ERROR) return false;
    uint32_t submitted = clock_cycles();
    while (!irq_line_pending(SOC_LINE_ENGINE)) {
    }
    uint32_t risen = clock_cycles();
    irq_enable(SOC_LINE_ENGINE);
    while (!one.over) {
    }
    uint32_t seen = clock_cycles();
    *times = (struct times){
        .submit = submitted - begun,
        .interrupt_to_dpc = one.dpc_at - risen,
        .dpc_to_client = seen - one.dpc_at,
        .all = seen - begun,
    };
    return one.copied.status == MINIPORT_OK && one.copied.moved_bytes == bytes;
}

static uint32_t larger(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

static bool worst_of(uint32_t bytes, unsigned runs, struct times *worst)
{
    struct times times;
    *worst = (struct times){ 0 };
    if (!request(bytes, &times)) return false;
    for (unsigned i = 0; i < runs; i++) {
        if (!request(bytes, &times)) return false;
        worst->submit = larger(worst->submit, times.submit);
        worst->interrupt_to_dpc = larger(worst->interrupt_to_dpc, times.interrupt_to_dpc);
        worst->dpc_to_client = larger(worst->dpc_to_client, times.dpc_to_client);
        worst->all = larger(worst->all, times.all);
    }
    return true;
}

/* ---- Everything but the transfer --------------------------------------------------------------------------------------- */

static VOID execute(PVOID HwDeviceExtension, PVP_DMA_ADAPTER VpDmaAdapter, PVP_SCATTER_GATHER_LIST SGList, PVOID Context)
{
    (void)HwDeviceExtension;
    (void)VpDmaAdapter;
    *(PVP_SCATTER_GATHER_LIST *)Context = SGList;
}

/* Lock and Unlock. @return their cycles; 0: it went wrong */
static uint32_t pin_to_unpin(struct miniport *miniport, BOOLEAN to_device)
{
    uint32_t begun = clock_cycles();
    PVOID mdl = VideoPortLockBuffer(miniport, (PVOID)buffer, ONE_BYTES, to_device ? VpReadAccess : VpWriteAccess);
    VideoPortUnlockBuffer(miniport, mdl);
    uint32_t cycles = clock_cycles() - begun;
    return mdl != NULL ? cycles : 0u;
}

/* And Start, Execute, Complete between them. @return their cycles; 0: it went wrong */
static uint32_t lock_to_unlock(struct miniport *miniport, BOOLEAN to_device)
{
    PVP_SCATTER_GATHER_LIST list = NULL;
    ULONG length = ONE_BYTES;
    uint32_t begun = clock_cycles();
    PVOID mdl = VideoPortLockBuffer(miniport, (PVOID)buffer, ONE_BYTES, to_device ? VpReadAccess : VpWriteAccess);
    if (VideoPortStartDma(miniport, miniport->copy_adapter, mdl, 0, &length, execute, &list, to_device) != NO_ERROR) return 0u;
    if (VideoPortCompleteDma(miniport, miniport->copy_adapter, list, to_device) != NO_ERROR) return 0u;
    VideoPortUnlockBuffer(miniport, mdl);
    uint32_t cycles = clock_cycles() - begun;
    return length == ONE_BYTES ? cycles : 0u;
}

/* In both directions. @return false: it went wrong */
static bool worst_cycles(struct miniport *miniport, uint32_t (*once)(struct miniport *miniport, BOOLEAN to_device), uint32_t *worst)
{
    *worst = 0;
    for (unsigned i = 0; i < 2u * (RUNS + 1u); i++) {
        uint32_t cycles = once(miniport, i % 2u == 0u ? TRUE : FALSE);
        if (cycles == 0u) return false;
        if (i >= 2u) *worst = larger(*worst, cycles);
    }
    return true;
}

/* ---- Against the CPU ----------------------------------------------------------------------------------------------------- */

/* From cached host memory to the frame buffer, which is uncached, by blocks of eight words: the fastest there is. */
static uint32_t cpu_cycles(const void *from, uint32_t bytes)
{
    uint32_t begun = clock_cycles();
    memcpy(cache_uncached(SOC_BUS_DEVICE), from, bytes);
    return clock_cycles() - begun;
}

static bool dma_is_faster(const void *from, uint32_t bytes, struct times *times)
{
    if (!worst_of(bytes, 1u, times)) return false;
    (void)cpu_cycles(from, bytes);
    return times->all <= cpu_cycles(from, bytes);
}

/* Between two sizes of which the larger one is faster; 0: none is. */
static uint32_t fewest_bytes(const void *from, struct times *times)
{
    uint32_t slow = 0, fast = SIZE_STEP;
    while (!dma_is_faster(from, fast, times)) {
        slow = fast;
        fast *= 2u;
        if (fast > BUFFER_BYTES) return 0u;
    }
    while (fast - slow > SIZE_STEP) {
        uint32_t middle = (slow + fast) / 2u / SIZE_STEP * SIZE_STEP;
        if (dma_is_faster(from, middle, times)) fast = middle;
        else slow = middle;
    }
    (void)dma_is_faster(from, fast, times);
    return fast;
}

/* ---- All of it ----------------------------------------------------------------------------------------------------------- */

static bool begin(void)
{
    memory_init();
    if (map_init(&gate, SOC_GATE, guard_counts, sizeof guard_counts) != MAP_OK) return false;
    port_init(&gate, DIRECT_REGISTERS);
    if (port_load_driver(miniport_entry, &bus) != NO_ERROR || VpOpenDevice(0) != NO_ERROR) return false;
    irq_connect(&one.handler, SOC_LINE_ENGINE, listen, NULL);

    struct memory_client *client = memory_client_create();
    if (client == NULL || memory_client_map(client, BUFFER_BYTES / MEMORY_PAGE_BYTES, MEMORY_MAY_WRITE, &buffer) != MEMORY_OK) return false;
    (void)memory_client_attach(client);
    for (uint32_t at = 0; at < BUFFER_BYTES; at += MEMORY_PAGE_BYTES) {
        if (memory_client_write32(client, buffer + at, at) != MEMORY_OK) return false;
    }
    return true;
}

static void row(const char *name, uint32_t bytes, uint32_t cycles)
{
    console_print("row %s %u %u\n", name, (unsigned)bytes, (unsigned)cycles);
}

static bool measured(void)
{
    uint32_t cycles;
    struct times times;
    uint32_t from = memory_common_take(BUFFER_BYTES, UINT32_MAX);
    struct miniport *miniport = miniport_of(VpGetDeviceExtension(0));
    if (from == 0u || !worst_cycles(miniport, lock_to_unlock, &cycles)) return false;
    row("lock_unlock", ONE_BYTES, cycles);
    if (!worst_cycles(miniport, pin_to_unpin, &cycles)) return false;
    row("pin_unpin", ONE_BYTES, cycles);
    if (!worst_of(ONE_BYTES, RUNS, &times)) return false;
    row("submit", ONE_BYTES, times.submit);
    row("interrupt_to_dpc", ONE_BYTES, times.interrupt_to_dpc);
    row("dpc_to_client", ONE_BYTES, times.dpc_to_client);
    uint32_t bytes = fewest_bytes(cache_cpu(from), &times);
    if (bytes == 0u) return false;
    row("dma_beats_cpu", bytes, times.all);
    return violation_count() == 0u;
}

int main(void)
{
    bool good = begin() && measured();
    console_print("%s\n", good ? "end" : "wrong");
    return good ? 0 : 1;
}
