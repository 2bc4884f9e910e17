/* SPDX-License-Identifier: Apache-2.0 */
/* From a system call to a request and back. */
#include "serve.h"

#include <stddef.h>

#include "clock.h"
#include "console.h"
#include "measure.h"
#include "memory_client.h"
#include "memory_status.h"
#include "picture_client.h"
#include "thief.h"

static struct {
    struct miniport        *miniport;
    struct picture_result  *result;
    struct miniport_request request;
    struct serve_counts     counts;
    uint32_t                told_at;
} server;

void serve_begin(struct miniport *miniport, struct picture_result *result)
{
    server.miniport = miniport;
    server.result = result;
}

struct serve_counts serve_counts(void)
{
    return server.counts;
}

/* At DISPATCH, when nothing of the request is left in the driver. */
static void told(struct miniport_request *request)
{
    (void)request;
    server.told_at = clock_cycles();
    server.counts.told++;
}

static uint32_t absent_pages(const struct memory_client *client, uint32_t at, uint32_t pages)
{
    uint32_t absent = 0;
    for (uint32_t i = 0; i < pages; i++) {
        if (!memory_client_page(client, at + i * MEMORY_PAGE_BYTES).resident) absent++;
    }
    return absent;
}

/* The client waits. Meanwhile the processor is the thief's, but for what interrupts it. */
static enum miniport_status transfer(const uint32_t call[8], enum miniport_direction direction)
{
    server.request = (struct miniport_request){
        .buffer = (void *)call[0],
        .length_bytes = call[1],
        .frame_offset = call[2],
        .direction = direction,
        .told = told,
    };
    uint32_t before = server.counts.told;
    thief_wakes();
    enum miniport_status status = miniport_submit(server.miniport, &server.request);
    if (status != MINIPORT_OK) return status;
    server.counts.asked++;
    while (server.counts.told == before) thief_step();
    return server.request.status;
}

static enum miniport_status show(const struct memory_task *task)
{
    struct picture_result *result = server.result;
    result->pages = memory_pages_spanned(task->call[0], task->call[1]);
    result->absent = absent_pages(task->client, task->call[0], result->pages);
    uint32_t interrupts = server.miniport->counts.interrupts;

    uint32_t begun = clock_cycles();
    enum miniport_status status = transfer(task->call, MINIPORT_TO_FRAME_BUFFER);
    server.counts.frames = measure_frames();
    result->notify_cycles = server.told_at - begun;
    result->bytes = server.request.moved_bytes;
    result->packets = server.request.packets;
    result->elements = server.request.elements;
    result->dma_cycles = server.request.dma_cycles;
    result->interrupts = server.miniport->counts.interrupts - interrupts;
    return status;
}

static enum miniport_status read_back(const struct memory_task *task)
{
    server.result->back_requests++;
    return transfer(task->call, MINIPORT_FROM_FRAME_BUFFER);
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
                      dray_status_name(server.request.cause));
    }
    if (status < server.result->status) server.result->status = status;
    return 0u - (uint32_t)status;
}
