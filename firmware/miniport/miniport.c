/* SPDX-License-Identifier: Apache-2.0 */
/* Finding, releasing, submitting. What runs afterwards is in miniport_run.c. */
#include "miniport.h"

#include <assert.h>
#include <stddef.h>

#include "hal.h"
#include "miniport_private.h"

#define PACKET_BYTES   (256u * 1024u)
#define RING_SLOTS     (HAL_PAGE_BYTES < 1024u ? HAL_PAGE_BYTES / DRAY_DESCRIPTOR_BYTES : 64u) /* a ring fits in a page */
#define SCREEN_SLOTS   2u
#define CLOSE_POLLS    100000u
#define RETRIES        2u

const char *miniport_status_name(enum miniport_status status)
{
    switch (status) {
    case MINIPORT_OK:           return "ok";
    case MINIPORT_ERR_ARGUMENT: return "bad argument";
    case MINIPORT_ERR_ENGINE:   return "no such engine";
    case MINIPORT_ERR_PORT:     return "no resources of the port";
    case MINIPORT_ERR_LOCK:     return "cannot be locked";
    case MINIPORT_ERR_DEVICE:   return "engine stopped";
    case MINIPORT_ERR_GONE:     return "engine gone";
    case MINIPORT_ERR_STATE:    return "wrong state";
    case MINIPORT_ERR_TIMEOUT:  return "not done in time";
    case MINIPORT_ERR_CANCELLED: return "cancelled";
    }
    return "unknown";
}

static struct miniport_config with_defaults(const struct miniport_config *config)
{
    struct miniport_config full = *config;
    if (full.packet_bytes_max == 0u) full.packet_bytes_max = PACKET_BYTES;
    if (full.ring_slots == 0u) full.ring_slots = RING_SLOTS;
    if (full.depth == 0u) full.depth = 1u;
    if (full.retries == 0u) full.retries = RETRIES;
    if (full.screen_channel == full.copy_channel) full.screen_channel = full.copy_channel == 0u ? 1u : 0u;
    return full;
}

static bool ring_take(struct miniport *miniport, PVP_DMA_ADAPTER adapter, struct miniport_ring *ring, uint32_t slots)
{
    ring->bytes = slots * DRAY_DESCRIPTOR_BYTES;
    ring->cpu = VideoPortAllocateCommonBuffer(miniport, adapter, ring->bytes, &ring->bus, FALSE, NULL);
    return ring->cpu != NULL;
}

static void ring_give(struct miniport *miniport, PVP_DMA_ADAPTER adapter, struct miniport_ring *ring)
{
    if (ring->cpu == NULL) return;
    VideoPortReleaseCommonBuffer(miniport, adapter, ring->bytes, ring->bus, ring->cpu, FALSE);
    ring->cpu = NULL;
}

static struct dray_ring ring_of(const struct miniport_ring *ring)
{
    return (struct dray_ring){ .slots = ring->cpu, .bus = (uint64_t)ring->bus.QuadPart, .slot_count = ring->bytes / DRAY_DESCRIPTOR_BYTES };
}

/* Every packet of the depth fits into the ring, so Execute always finds free slots (EXE-06 is for surprises). */
static PVP_DMA_ADAPTER copy_adapter_get(struct miniport *miniport)
{
    const struct miniport_config *config = &miniport->config;
    VP_DEVICE_DESCRIPTION_EX description = {
        .Size = sizeof description,
        .Base = {
            .ScatterGather = config->one_element ? FALSE : TRUE,
            .Dma32BitAddresses = miniport->engine.addr_bits >= 32u,
            .MaximumLength = config->packet_bytes_max,
        },
        .AddressBits = miniport->engine.addr_bits < 32u ? miniport->engine.addr_bits : 0u,
        .MaximumElements = config->ring_slots / config->depth,
        .Depth = config->depth,
        .MapRegisters = config->map_registers,
        .CommonPages = 1u, /* the ring */
        .Channel = config->copy_channel,
        .FrameBufferRead = TRUE,
        .FrameBufferWrite = TRUE,
        .FrameBuffer.QuadPart = (LONGLONG)config->frame_buffer_bus,
        .FrameBufferLength = config->frame_buffer_bytes,
    };
    return VpGetDmaAdapterEx(miniport, &description);
}

/* No packet ever runs on it: its common buffer is the ring, and the range of the guard is what it shows. */
static PVP_DMA_ADAPTER screen_adapter_get(struct miniport *miniport)
{
    const struct miniport_config *config = &miniport->config;
    VP_DEVICE_DESCRIPTION_EX description = {
        .Size = sizeof description,
        .Base = { .ScatterGather = TRUE, .MaximumLength = 1u },
        .AddressBits = miniport->engine.addr_bits < 32u ? miniport->engine.addr_bits : 0u,
        .Channel = config->screen_channel,
        .FrameBufferRead = TRUE,
        .FrameBuffer.QuadPart = (LONGLONG)config->frame_buffer_bus,
        .FrameBufferLength = config->frame_buffer_bytes,
    };
    return VpGetDmaAdapterEx(miniport, &description);
}

static bool has_screen(const struct miniport *miniport)
{
    return dray_has_stream_out(&miniport->engine, miniport->config.screen_channel);
}

static enum miniport_status give_back(struct miniport *miniport, enum miniport_status status)
{
    ring_give(miniport, miniport->screen_adapter, &miniport->screen_ring);
    ring_give(miniport, miniport->copy_adapter, &miniport->copy_ring);
    if (miniport->screen_adapter != NULL) VideoPortPutDmaAdapter(miniport, miniport->screen_adapter);
    if (miniport->copy_adapter != NULL) VideoPortPutDmaAdapter(miniport, miniport->copy_adapter);
    if (miniport->attached && !miniport->found) (void)VpDetachDevice(miniport);
    miniport->screen_adapter = NULL;
    miniport->copy_adapter = NULL;
    miniport->attached = false;
    return status;
}

static enum miniport_status attach(struct miniport *miniport)
{
    VP_DEVICE_ATTACHMENT attachment = {
        .HwInterrupt = miniport_interrupt,
        .InterruptLine = miniport->config.line,
        .Channels = miniport->engine.channels,
        .LockedPages = miniport->config.locked_pages,
    };
    return VpAttachDevice(miniport, &attachment) == NO_ERROR ? MINIPORT_OK : MINIPORT_ERR_PORT;
}

static enum miniport_status find_port(struct miniport *miniport)
{
    if (!miniport->found && attach(miniport) != MINIPORT_OK) return MINIPORT_ERR_PORT;
    miniport->attached = true;
    miniport->copy_adapter = copy_adapter_get(miniport);
    if (miniport->copy_adapter == NULL) return MINIPORT_ERR_PORT;
    if (!ring_take(miniport, miniport->copy_adapter, &miniport->copy_ring, miniport->config.ring_slots)) return MINIPORT_ERR_PORT;
    if (!has_screen(miniport)) return MINIPORT_OK;
    miniport->screen_adapter = screen_adapter_get(miniport);
    if (miniport->screen_adapter == NULL) return MINIPORT_ERR_PORT;
    return ring_take(miniport, miniport->screen_adapter, &miniport->screen_ring, SCREEN_SLOTS) ? MINIPORT_OK
                                                                                            : MINIPORT_ERR_PORT;
}

static enum miniport_status find(struct miniport *miniport)
{
    const struct miniport_config *config = &miniport->config;
    if (miniport->config.depth > MINIPORT_DEPTH_MAX || config->frame_buffer_bytes == 0u) return MINIPORT_ERR_ARGUMENT;
    if (dray_init(&miniport->engine, config->registers) != DRAY_OK) return MINIPORT_ERR_ENGINE;
    enum miniport_status status = find_port(miniport);
    if (status != MINIPORT_OK) return give_back(miniport, status);

    struct dray_ring ring = ring_of(&miniport->copy_ring);
    if (dray_channel_open(&miniport->copy, &miniport->engine, miniport->config.copy_channel, &ring) != DRAY_OK) {
        return give_back(miniport, MINIPORT_ERR_ENGINE);
    }
    return MINIPORT_OK;
}

enum miniport_status miniport_find(struct miniport *miniport, const struct miniport_config *config)
{
    assert(miniport != NULL && config != NULL);

    *miniport = (struct miniport){ .config = with_defaults(config) };
    return find(miniport);
}

enum miniport_status miniport_open(struct miniport *miniport, const struct miniport_config *config)
{
    assert(miniport != NULL && config != NULL);

    *miniport = (struct miniport){ .config = with_defaults(config), .found = true };
    return find(miniport);
}

enum miniport_status miniport_release(struct miniport *miniport)
{
    assert(miniport != NULL && miniport->attached);

    if (miniport->head != NULL || miniport->screen_on) return MINIPORT_ERR_STATE;
    enum dray_status closed = dray_channel_close(&miniport->copy, CLOSE_POLLS);
    return give_back(miniport, closed == DRAY_BUSY ? MINIPORT_ERR_DEVICE : MINIPORT_OK);
}

static bool inside(const struct miniport *miniport, uint32_t offset, uint32_t length)
{
    uint32_t bytes = miniport->config.frame_buffer_bytes;
    return length != 0u && offset < bytes && length <= bytes - offset;
}

struct submission {
    struct miniport         *miniport;
    struct miniport_request *request;
};

static BOOLEAN submit_at_dispatch(PVOID context)
{
    struct submission *submission = context;
    if (submission->miniport->gone) return FALSE;
    miniport_enqueue(submission->miniport, submission->request);
    return TRUE;
}

enum miniport_status miniport_submit(struct miniport *miniport, struct miniport_request *request)
{
    assert(miniport != NULL && miniport->attached && request != NULL && request->told != NULL);

    if (!inside(miniport, request->frame_offset, request->length_bytes)) return MINIPORT_ERR_ARGUMENT;
    uint64_t all = (uint64_t)(uintptr_t)request->buffer | request->frame_offset | request->length_bytes;
    if (!dray_aligned(&miniport->engine, (uint32_t)all)) return MINIPORT_ERR_ARGUMENT;
    if (miniport->gone) return MINIPORT_ERR_GONE;

    bool to_device = request->direction == MINIPORT_TO_FRAME_BUFFER;
    PVOID mdl = VideoPortLockBuffer(miniport, request->buffer, request->length_bytes, to_device ? VpReadAccess : VpWriteAccess);
    if (mdl == NULL) return MINIPORT_ERR_LOCK;
    request->mdl = mdl;
    VpTraceRequest(miniport, miniport->copy_adapter, request->length_bytes);

    /* The queue is the DPC's too, so it is changed at DISPATCH. Behind this call the request may be told already. */
    struct submission submission = { miniport, request };
    if (VideoPortSynchronizeExecution(miniport, VpLowPriority, submit_at_dispatch, &submission)) return MINIPORT_OK;
    VideoPortUnlockBuffer(miniport, mdl);
    return MINIPORT_ERR_GONE;
}

enum miniport_status miniport_screen_on(struct miniport *miniport, uint32_t frame_offset, uint32_t length_bytes)
{
    assert(miniport != NULL && miniport->attached);

    if (miniport->screen_adapter == NULL) return MINIPORT_ERR_ENGINE;
    if (miniport->screen_on) return MINIPORT_ERR_STATE;
    if (!inside(miniport, frame_offset, length_bytes)) return MINIPORT_ERR_ARGUMENT;
    if (!dray_aligned(&miniport->engine, frame_offset | length_bytes)) return MINIPORT_ERR_ARGUMENT;

    struct dray_ring ring = ring_of(&miniport->screen_ring);
    if (dray_channel_open_cyclic(&miniport->screen, &miniport->engine, miniport->config.screen_channel, &ring) != DRAY_OK) {
        return MINIPORT_ERR_ENGINE;
    }
    miniport->screen_cause = DRAY_OK;
    struct dray_job picture = {
        .source = (uint64_t)miniport->config.frame_buffer_bus + frame_offset,
        .length_bytes = length_bytes,
        .flags = DRAY_TO_STREAM,
    };
    struct dray_job pictures[SCREEN_SLOTS] = { picture, picture };
    if (dray_submit(&miniport->screen, pictures, SCREEN_SLOTS) != DRAY_OK) return MINIPORT_ERR_ENGINE;
    miniport->screen_on = true;
    return MINIPORT_OK;
}

enum miniport_status miniport_screen_status(const struct miniport *miniport)
{
    assert(miniport != NULL);

    if (!miniport->screen_on) return MINIPORT_ERR_STATE;
    return miniport->screen_cause == DRAY_OK ? MINIPORT_OK : MINIPORT_ERR_DEVICE;
}

enum miniport_status miniport_screen_off(struct miniport *miniport)
{
    assert(miniport != NULL);

    if (!miniport->screen_on) return MINIPORT_ERR_STATE;
    if (dray_channel_close(&miniport->screen, CLOSE_POLLS) == DRAY_BUSY) return MINIPORT_ERR_DEVICE;
    miniport->screen_on = false;
    return MINIPORT_OK;
}
