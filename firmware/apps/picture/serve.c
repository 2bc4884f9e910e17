/* SPDX-License-Identifier: Apache-2.0 */
/* From a system call to a request of the port, and back. */
#include "serve.h"

#include <stddef.h>

#include "clock.h"
#include "console.h"
#include "irql.h"
#include "measure.h"
#include "memory_client.h"
#include "memory_status.h"
#include "picture_client.h"
#include "thief.h"

/* Nonpageable: the port, the miniport and its DPC read and write them. */
static struct {
    struct picture_result *result;
    VP_REQUEST             request;
    struct miniport_copied copied;
    struct serve_counts    counts;
    uint32_t               told_at;
    volatile uint32_t      tells; /* of all requests */
} server;

void serve_begin(struct picture_result *result)
{
    server.result = result;
}

struct serve_counts serve_counts(void)
{
    return server.counts;
}

/* At DISPATCH, when nothing of the request is left in the driver. */
static VOID told(PVP_REQUEST request)
{
    server.told_at = clock_cycles();
    if (request->Packet.IoControlCode == IOCTL_MINIPORT_COPY) server.counts.told++;
    server.tells++;
}

/* Waits for the answer; meanwhile the processor is somebody else's, but for what interrupts it. */
static VP_STATUS ask(ULONG code, PVOID input, ULONG input_bytes, PVOID output, ULONG output_bytes, void (*meanwhile)(void))
{
    uint32_t before = server.tells;
    server.request = (VP_REQUEST){
        .Packet = {
            .IoControlCode = code,
            .InputBuffer = input,
            .InputBufferLength = input_bytes,
            .OutputBuffer = output,
            .OutputBufferLength = output_bytes,
        },
        .Told = told,
    };
    VP_STATUS status = VpSendRequest(SERVE_DEVICE, &server.request);
    if (status != NO_ERROR) return status;
    while (server.tells == before) meanwhile();
    return server.request.StatusBlock.Status;
}

bool serve_screen_on(uint32_t bytes)
{
    struct miniport_screen screen = { .length_bytes = bytes };
    return ask(IOCTL_MINIPORT_SCREEN_ON, &screen, sizeof screen, NULL, 0, irql_idle) == NO_ERROR;
}

static uint32_t absent_pages(const struct memory_client *client, uint32_t at, uint32_t pages)
{
    uint32_t absent = 0;
    for (uint32_t i = 0; i < pages; i++) {
        if (!memory_client_page(client, at + i * MEMORY_PAGE_BYTES).resident) absent++;
    }
    return absent;
}

/* The client waits, and the processor is the thief's. */
static enum miniport_status transfer(const uint32_t call[8], bool to_frame_buffer)
{
    struct miniport_copy copy = {
        .buffer = call[0],
        .length_bytes = call[1],
        .frame_offset = call[2],
        .to_frame_buffer = to_frame_buffer ? 1u : 0u,
    };
    server.copied = (struct miniport_copied){ 0 };
    thief_wakes();
    server.counts.asked++;
    VP_STATUS status = ask(IOCTL_MINIPORT_COPY, &copy, sizeof copy, &server.copied, sizeof server.copied, thief_step);
    return status == NO_ERROR ? (enum miniport_status)server.copied.status : MINIPORT_ERR_ARGUMENT; /* it was not begun */
}

static enum miniport_status show(const struct memory_task *task)
{
    struct picture_result *result = server.result;
    result->pages = memory_pages_spanned(task->call[0], task->call[1]);
    result->absent = absent_pages(task->client, task->call[0], result->pages);
    const struct miniport *miniport = miniport_of(VpGetDeviceExtension(SERVE_DEVICE));
    uint32_t interrupts = miniport->counts.interrupts;

    uint32_t begun = clock_cycles();
    enum miniport_status status = transfer(task->call, true);
    server.counts.frames = measure_frames();
    result->notify_cycles = server.told_at - begun;
    result->bytes = server.copied.moved_bytes;
    result->packets = server.copied.packets;
    result->elements = server.copied.elements;
    result->dma_cycles = server.copied.dma_cycles;
    result->interrupts = miniport->counts.interrupts - interrupts;
    return status;
}

static enum miniport_status read_back(const struct memory_task *task)
{
    server.result->back_requests++;
    return transfer(task->call, false);
}

static enum miniport_status answer(const struct memory_task *task)
{
    switch (task->call[7]) {
    case PICTURE_CALL_SHOW:      return show(task);
    case PICTURE_CALL_READ_BACK: return read_back(task);
    }
    return MINIPORT_ERR_ARGUMENT;
}

uint32_t serve(const struct memory_task *task)
{
    enum miniport_status status = answer(task);
    if (status != MINIPORT_OK) {
        console_print("wrong: call %u: %s, %s\n", (unsigned)task->call[7], miniport_status_name(status),
                      dray_status_name((enum dray_status)server.copied.cause));
    }
    if (status < server.result->status) server.result->status = status;
    return 0u - (uint32_t)status;
}
