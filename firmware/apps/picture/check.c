/* SPDX-License-Identifier: Apache-2.0 */
/* A driver of some lines: Lock, Start, Execute, look, Complete, look again, Unlock. */
#include "check.h"

#include <stddef.h>

#include "cache.h"
#include "dray.h"
#include "mmio.h"
#include "soc.h"
#include "video_ex.h"

#define POLLS        10000u
#define KEEPERS      4u
#define FILLERS      6u
#define FILLER_BYTES 3072u

#define IMPOSSIBLE (CHECK_BYTES + 1u)

/* One packet. */
struct hand {
    const struct check     *check;
    BOOLEAN                 to_device;
    PVP_SCATTER_GATHER_LIST list;
    struct dray_job         job;
    bool                    keepers; /**< the engine goes on working behind the job */
    bool                    done;
};

static uint8_t pattern(uint32_t seed, uint32_t i)
{
    return (uint8_t)((seed * 40503u + i * 73u) >> 3 ^ i);
}

/* ---- The device run ------------------------------------------------------------------------------------------------- */

static struct dray_channel *channel_of(const struct check *check)
{
    return &check->miniport->copy;
}

static uint32_t consumer_of(const struct dray_channel *channel)
{
    return mmio_read32(SOC_ENGINE + DRAY_CHANNEL_CONSUMER(channel->number));
}

/* @return true: everything before @p index has ended well; false: something failed, or never ended */
static bool wait_for(const struct dray_channel *channel, uint16_t index)
{
    struct dray_failure failure;
    for (unsigned i = 0; i < POLLS; i++) {
        if ((int16_t)(consumer_of(channel) - index) >= 0) return true;
        if (dray_failure(channel, &failure) == DRAY_OK) return false;
    }
    return false;
}

/* Prepares what keeps the engine at work for some thousand cycles after a transfer: copies beside the picture, and now and
 * then a byte into host memory, so that the posting bridge sees no reason to give away what it holds. */
static void prepare_keepers(const struct check *check)
{
    struct miniport *miniport = check->miniport;
    uint64_t frame = (uint64_t)miniport->config.frame_buffer_bus + check->frame_offset;
    uint64_t behind_ring = (uint64_t)miniport->copy_ring.bus.QuadPart + miniport->copy_ring.bytes;
    for (uint32_t i = 0; i < KEEPERS * (FILLERS + 1u); i++) {
        bool filler = i % (FILLERS + 1u) != FILLERS;
        struct dray_job job = {
            .source = frame,
            .destination = filler ? frame + FILLER_BYTES : behind_ring + i * 8u,
            .length_bytes = filler ? FILLER_BYTES : 1u,
        };
        (void)dray_prepare(&miniport->copy, &job);
    }
}

/* The doorbell without dray_ring(): the ring is uncached, so there is nothing to publish, and the bytes of the transfer
 * are the business of who mapped them. @return true: the first job has ended well */
static bool run(const struct hand *hand)
{
    struct dray_channel *channel = channel_of(hand->check);
    uint16_t first = channel->staged;
    if (dray_prepare(channel, &hand->job) != DRAY_OK) return false;
    if (hand->keepers) prepare_keepers(hand->check);
    mmio_write32(SOC_ENGINE + DRAY_CHANNEL_PRODUCER(channel->number), channel->staged);
    return wait_for(channel, (uint16_t)(first + 1u));
}

/* Waits for the rest, and brings the driver's own indices up to date. */
static void settle(const struct check *check)
{
    struct dray_channel *channel = channel_of(check);
    bool done = wait_for(channel, channel->staged);
    dray_ring(channel);
    if (done) dray_retire_slots(channel, dray_consumed(channel));
    else (void)dray_drop(channel);
}

static VOID execute(PVOID HwDeviceExtension, PVP_DMA_ADAPTER VpDmaAdapter, PVP_SCATTER_GATHER_LIST SGList, PVOID Context)
{
    struct hand *hand = Context;
    (void)HwDeviceExtension;
    (void)VpDmaAdapter;
    uint64_t client = (uint64_t)SGList->Elements[0].Address.QuadPart;
    uint64_t frame = (uint64_t)hand->check->miniport->config.frame_buffer_bus + hand->check->frame_offset;
    hand->list = SGList;
    hand->job = (struct dray_job){
        .source = hand->to_device ? client : frame,
        .destination = hand->to_device ? frame : client,
        .length_bytes = SGList->Elements[0].Length,
    };
    hand->done = SGList->NumberOfElements == 1u && run(hand);
}

/* Lock, Start, Execute, Complete. @return the MDL, or NULL */
static PVOID packet(struct hand *hand)
{
    struct miniport *miniport = hand->check->miniport;
    ULONG length = CHECK_BYTES;
    PVOID buffer = (void *)hand->check->buffer;
    PVOID mdl = VideoPortLockBuffer(miniport, buffer, CHECK_BYTES, hand->to_device ? VpReadAccess : VpWriteAccess);
    if (mdl == NULL) return NULL;
    if (hand->to_device == FALSE) {
        /* The CPU's cache and the host bridge hold what was there before. */
        uint8_t old[CHECK_BYTES];
        (void)memory_client_read(hand->check->client, hand->check->buffer, old, sizeof old);
    }
    VP_STATUS status = VideoPortStartDma(miniport, miniport->copy_adapter, mdl, 0, &length, execute, hand, hand->to_device);
    /* With keepers the channel is not quiet, which a good run would have to be. */
    VP_STATUS outcome = hand->keepers ? VP_ERROR_IO_DEVICE : NO_ERROR;
    if (status == NO_ERROR) {
        status = VideoPortCompleteDmaEx(miniport, miniport->copy_adapter, hand->list, hand->to_device, length, outcome);
    }
    hand->done = hand->done && status == NO_ERROR && length == CHECK_BYTES;
    return mdl;
}

/* ---- The frame buffer's side, round every cache ------------------------------------------------------------------------ */

static uint8_t *frame_bytes(const struct check *check)
{
    return cache_uncached(check->miniport->config.frame_buffer_bus + check->frame_offset);
}

static void frame_fill(const struct check *check, uint32_t seed)
{
    for (uint32_t i = 0; i < CHECK_BYTES; i++) frame_bytes(check)[i] = pattern(seed, i);
}

static uint32_t wrong_of(const uint8_t *bytes, uint32_t seed)
{
    uint32_t wrong = 0;
    for (uint32_t i = 0; i < CHECK_BYTES; i++) wrong += bytes[i] != pattern(seed, i) ? 1u : 0u;
    return wrong;
}

/* ---- The client's side ------------------------------------------------------------------------------------------------ */

static bool client_fill(const struct check *check, uint32_t seed)
{
    uint8_t bytes[CHECK_BYTES];
    for (uint32_t i = 0; i < CHECK_BYTES; i++) bytes[i] = pattern(seed, i);
    return memory_client_write(check->client, check->buffer, bytes, sizeof bytes) == MEMORY_OK;
}

static uint32_t client_wrong(const struct check *check, uint32_t seed)
{
    uint8_t bytes[CHECK_BYTES];
    if (memory_client_read(check->client, check->buffer, bytes, sizeof bytes) != MEMORY_OK) return IMPOSSIBLE;
    return wrong_of(bytes, seed);
}

/* ---- The checks ------------------------------------------------------------------------------------------------------- */

static uint32_t to_device(const struct check *check)
{
    struct hand hand = { .check = check, .to_device = TRUE };
    frame_fill(check, 1);
    if (!client_fill(check, 2)) return IMPOSSIBLE;
    PVOID mdl = packet(&hand);
    settle(check);
    uint32_t wrong = hand.done ? wrong_of(frame_bytes(check), 2) : IMPOSSIBLE;
    VideoPortUnlockBuffer(check->miniport, mdl);
    return wrong;
}

/* Nothing is asked of the caches here: what Complete promised is all there is. @return what is still locked */
static PVOID from_device(const struct check *check, struct hand *hand, uint32_t *wrong)
{
    *hand = (struct hand){ .check = check, .to_device = FALSE, .keepers = true };
    *wrong = IMPOSSIBLE;
    frame_fill(check, 3);
    if (!client_fill(check, 4)) return NULL;
    PVOID mdl = packet(hand);
    uint32_t found = client_wrong(check, 3);
    settle(check);
    bool reset = VpResetAdapter(check->miniport, check->miniport->copy_adapter) == NO_ERROR;
    if (hand->done && reset) *wrong = found;
    return mdl;
}

/* The frames are still the client's, so a byte that lands is seen. */
static uint32_t stray(const struct check *check, const struct hand *hand, PVOID mdl)
{
    struct map_fault fault;
    uint32_t bus = memory_mdl_bus(mdl, 0, NULL);
    frame_fill(check, 5);
    (void)map_fault_take(check->gate, &fault);
    struct hand again = *hand;
    again.keepers = false;
    bool landed = run(&again);
    settle(check);
    bool faulted = map_fault_take(check->gate, &fault) && fault.channel == 0u && fault.access == MAP_WRITE;
    uint8_t now[CHECK_BYTES];
    const uint8_t *uncached = cache_uncached(bus);
    for (uint32_t i = 0; i < CHECK_BYTES; i++) now[i] = uncached[i];
    return wrong_of(now, 3) + (landed || !faulted ? 1u : 0u);
}

bool check_run(const struct check *check, struct check_result *result)
{
    *result = (struct check_result){ .stray_landed = IMPOSSIBLE };
    result->to_device_wrong = to_device(check);
    for (uint32_t place = 0; place < CHECK_PLACES; place++) {
        struct check here = *check;
        struct hand hand;
        uint32_t wrong;
        here.buffer += place * CHECK_APART;
        PVOID mdl = from_device(&here, &hand, &wrong);
        result->from_device_wrong += wrong;
        if (hand.done && place + 1u == CHECK_PLACES) result->stray_landed = stray(&here, &hand, mdl);
        if (mdl != NULL) VideoPortUnlockBuffer(check->miniport, mdl);
    }
    return result->to_device_wrong + result->from_device_wrong + result->stray_landed == 0u;
}
