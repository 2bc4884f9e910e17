/* SPDX-License-Identifier: Apache-2.0 */
/* The main job: a picture in scattered pages, some of them absent, is moved by DMA to the screen and read back.
 *
 *     boot - the port finds the miniport's device - screen on - client's address space - the client runs, serve.c answers it - check.c - measure.c - verdict
 */
#include <stddef.h>

#include "cache.h"
#include "check.h"
#include "clock.h"
#include "console.h"
#include "map.h"
#include "measure.h"
#include "memory_client.h"
#include "memory_pager.h"
#include "memory_task.h"
#include "miniport_video.h"
#include "mmio.h"
#include "picture_block.h"
#include "picture_client.h"
#include "port.h"
#include "serve.h"
#include "soc.h"
#include "thief.h"
#include "violation.h"

#define WIDTH            640u
#define HEIGHT           480u
#define PIXEL_BYTES      4u
#define GUARDED_FRAMES   ((SOC_BUS_HOST_BYTES + SOC_BUS_DEVICE_BYTES) / MEMORY_PAGE_BYTES)
#define CHANNELS         2u
#define ENGINE_BYTES     0x1000u
#define DIRECT_REGISTERS 160u
#define STACK_PAGES      2u
#define TOLD_VIOLATIONS  4u /* printed; all are counted */

/* In .data, so that what the loader writes is not cleared at start. */
struct picture_block picture_block = { .request = { .magic = PICTURE_MAGIC, .width = WIDTH, .height = HEIGHT } };

static struct map            gate;
static uint8_t               guard_counts[MAP_COUNT_BYTES(GUARDED_FRAMES, CHANNELS)];
static struct miniport      *miniport; /* in the port's extension, found by number */
static struct memory_client *client;
static struct memory_task    task;

/* The client's regions. */
static uintptr_t job_at, picture_at, back_at;

static void violated(const struct violation *violation, void *context)
{
    (void)context;
    if (violation_count() > TOLD_VIOLATIONS) return;
    console_print("violation %s %x %x\n", violation_name(violation->code), (unsigned)violation->p[0], (unsigned)violation->p[1]);
}

static bool good(bool holds, const char *what)
{
    if (!holds) console_print("wrong: %s\n", what);
    return holds;
}

/* ---- Boot -------------------------------------------------------------------------------------------------------------- */

static uint32_t picture_bytes(const struct picture_request *request)
{
    return request->width * request->height * PIXEL_BYTES;
}

static struct picture_request accepted(void)
{
    struct picture_request request = picture_block.request;
    if (request.magic != PICTURE_MAGIC) request = (struct picture_request){ .width = WIDTH, .height = HEIGHT };
    return request;
}

/* The frame buffer is the picture, and behind it what the screen does not show: room for checks, or a second one. */
static uint32_t frame_buffer_bytes(const struct picture_request *request)
{
    uint32_t bytes = picture_bytes(request);
    return bytes + ((request->flags & PICTURE_SATURATE) != 0u ? bytes : 2u * CHECK_FRAME_BYTES);
}

/* The machine: one engine behind the gate, and the memory that it fills. */
static VIDEO_ACCESS_RANGE ranges[] = {
    { .RangeStart.QuadPart = SOC_ENGINE, .RangeLength = ENGINE_BYTES },
    { .RangeStart.QuadPart = SOC_BUS_DEVICE },
};
static const struct port_bus_device devices[] = {
    { .ranges = ranges, .range_count = 2, .line = SOC_LINE_ENGINE, .channels = CHANNELS },
};
static const struct port_bus bus = { devices, 1 };

static struct miniport_config wishes;

static ULONG driver_entry(PVOID Context1, PVOID Context2)
{
    return miniport_entry_with(Context1, Context2, &wishes);
}

static bool find_engine(const struct picture_request *request)
{
    ranges[1].RangeLength = frame_buffer_bytes(request);
    wishes.map_registers = request->map_registers;
    wishes.one_element = (request->flags & PICTURE_ONE_ELEMENT) != 0u;
    memory_init();
    if (!good(map_init(&gate, SOC_GATE, guard_counts, sizeof guard_counts) == MAP_OK, "no gate")) return false;
    port_init(&gate, DIRECT_REGISTERS);
    if (!good(port_load_driver(driver_entry, &bus) == NO_ERROR && VpOpenDevice(SERVE_DEVICE) == NO_ERROR, "no engine")) return false;
    miniport = miniport_of(VpGetDeviceExtension(SERVE_DEVICE));
    return true;
}

static bool screen_on(uint32_t bytes)
{
    mmio_write32(SOC_REGISTERS + SOC_VIDEO_CONTROL, SOC_VIDEO_CONTROL_ENABLE_MASK);
    return good(serve_screen_on(bytes), "no screen");
}

/* ---- The client ---------------------------------------------------------------------------------------------------------- */

static bool make_client(const struct picture_request *request)
{
    uint32_t pages = picture_bytes(request) / MEMORY_PAGE_BYTES, back_pages = pages + PICTURE_GUARD_PAGES;
    client = memory_client_create();
    if (client == NULL || !memory_store_reserve(request->store_page, pages)) return false;
    if (memory_client_map(client, 1, MEMORY_MAY_WRITE, &job_at) != MEMORY_OK) return false;
    if (memory_client_map_stored(client, pages, MEMORY_MAY_WRITE, request->store_page, &picture_at) != MEMORY_OK) return false;
    if (memory_client_map(client, back_pages, MEMORY_MAY_WRITE, &back_at) != MEMORY_OK) return false;

    struct picture_job job = {
        .picture = (uint32_t)picture_at,
        .bytes = picture_bytes(request),
        .back = (uint32_t)back_at,
        .back_bytes = back_pages * MEMORY_PAGE_BYTES,
    };
    if (memory_client_write(client, job_at, &job, sizeof job) != MEMORY_OK) return false;
    return memory_task_start(&task, client, picture_client, (uint32_t)job_at, STACK_PAGES) == MEMORY_OK;
}

/* @return true: it ran to its end, and the driver never refused it */
static bool run_client(void)
{
    for (;;) {
        enum memory_task_stop stop = memory_task_run(&task);
        if (stop == MEMORY_TASK_CALL) {
            memory_task_return(&task, serve(&task));
            continue;
        }
        thief_sleeps();
        if (stop == MEMORY_TASK_ENDED) return good(task.call[0] == 0u, "the driver refused the client");
        console_print("wrong: the client stopped at %x: %s\n", (unsigned)task.fault_address, memory_status_name(task.reason));
        return false;
    }
}

static bool client_is_content(struct picture_result *result)
{
    struct picture_job job;
    if (!good(memory_client_read(client, job_at, &job, sizeof job) == MEMORY_OK, "the client's job is gone")) return false;
    result->back_wrong = job.wrong;
    console_print("read back: whole and %u pieces, %u bytes wrong, %u guard bytes lost\n", (unsigned)job.pieces, (unsigned)job.wrong,
                  (unsigned)job.guards);
    return good(job.wrong == 0u && job.guards == 0u && job.pieces != 0u, "what came back");
}

static bool client_was_told_once(void)
{
    struct serve_counts counts = serve_counts();
    return good(counts.told == counts.asked && miniport->counts.told == counts.asked, "the client is told exactly once");
}

/* ---- Afterwards ------------------------------------------------------------------------------------------------------------ */

static bool checked(uint32_t bytes)
{
    struct check check = {
        .gate = &gate,
        .miniport = miniport,
        .client = client,
        .buffer = (uint32_t)back_at + 2u * MEMORY_PAGE_BYTES + 29u,
        .frame_offset = bytes + 5u,
    };
    struct check_result result;
    bool holds = check_run(&check, &result);
    console_print("by hand: %u bytes wrong to the device, %u from it, %u of a stray access\n", (unsigned)result.to_device_wrong,
                  (unsigned)result.from_device_wrong, (unsigned)result.stray_landed);
    return good(holds, "by hand");
}

static bool measured(const struct picture_request *request, struct picture_result *result)
{
    bool holds = true;
    uint32_t bytes = picture_bytes(request);
    if ((request->flags & PICTURE_CPU_COPIES) != 0u) {
        measure_cpu(memory_store_at(request->store_page), cache_uncached(SOC_BUS_DEVICE), bytes,
                    (request->flags & PICTURE_CPU_WHOLE) != 0u, result);
        console_print("by the CPU, scaled: %u cycles by words, %u unrolled, %u memcpy; the best took %u for %u bytes\n",
                      (unsigned)result->cpu_words_cycles, (unsigned)result->cpu_unrolled_cycles, (unsigned)result->cpu_memcpy_cycles,
                      (unsigned)result->cpu_copy_cycles, (unsigned)result->cpu_copy_bytes);
    }
    if ((request->flags & PICTURE_SATURATE) != 0u) {
        struct measure_saturation full = measure_saturate(miniport, bytes);
        console_print("saturated: %u bytes in %u cycles, %u underruns, %u words wrong\n", (unsigned)full.bytes,
                      (unsigned)full.cycles, (unsigned)full.underruns, (unsigned)full.wrong);
        holds = good(full.good, "the saturated bus");
    }
    return holds;
}

/* The screen has shown the whole picture: one frame may have been half way through when it came. */
static bool shown_whole(void)
{
    uint32_t before = serve_counts().frames;
    while (measure_frames() - before < 2u) {
    }
    console_print("screen: %u frames, %u underruns\n", (unsigned)measure_frames(), (unsigned)measure_underruns());
    return good(measure_underruns() == 0u, "underruns");
}

static bool nothing_left(void)
{
    struct memory_use use = memory_use();
    struct memory_pager_counts pager = memory_pager_counts();
    struct thief_counts thief = thief_counts();
    console_print("pages: %u in, %u out, %u written back; stolen %u, before %u DPCs; %u moved in\n", (unsigned)pager.page_ins,
                  (unsigned)pager.evictions, (unsigned)pager.write_backs, (unsigned)thief.pages, (unsigned)thief.dpcs,
                  (unsigned)thief.moved_in);
    picture_block.result.page_ins = pager.page_ins;
    picture_block.result.evictions = pager.evictions;
    picture_block.result.violations = violation_count();
    bool stole = thief.dpcs != 0u && thief.pages != 0u && thief.moved_in != 0u;
    return good(stole, "the thief slept") & good(use.mdls == 0u && use.pins == 0u, "something is still locked")
         & good(use.quarantined == 0u, "frames in quarantine") & good(violation_count() == 0u, "violations");
}

static void print_result(const struct picture_result *result)
{
    console_print("shown: %u bytes, %u of %u pages were absent, %u packets, %u elements, %u interrupts\n", (unsigned)result->bytes,
                  (unsigned)result->absent, (unsigned)result->pages, (unsigned)result->packets, (unsigned)result->elements,
                  (unsigned)result->interrupts);
    console_print("cycles: %u from Lock to the client, %u of DMA\n", (unsigned)result->notify_cycles,
                  (unsigned)result->dma_cycles);
}

static bool job_done(const struct picture_request *request)
{
    struct picture_result *result = &picture_block.result;
    if (!good(picture_bytes(request) == WIDTH * HEIGHT * PIXEL_BYTES, "a picture of that size")) return false;
    if (!find_engine(request)) return false;
    serve_begin(result);
    if (!screen_on(picture_bytes(request))) return false;
    if (!good(make_client(request) && thief_begin(), "no room for the clients")) return false;

    bool holds = run_client();
    print_result(result);
    holds = holds && client_is_content(result);
    holds = client_was_told_once() && holds;
    holds = holds && checked(picture_bytes(request)) && measured(request, result);
    holds = shown_whole() && holds;
    return nothing_left() && holds && result->status == MINIPORT_OK;
}

int main(void)
{
    struct picture_request request = accepted();
    violation_set_hook(violated, NULL);
    bool holds = job_done(&request);
    picture_block.result.magic = PICTURE_MAGIC;
    console_print("%s after %u cycles\n", holds ? "good" : "bad", (unsigned)clock_cycles());
    return holds ? 0 : 1;
}
