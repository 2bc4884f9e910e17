/* SPDX-License-Identifier: Apache-2.0 */
/* A driver of some lines: Lock, Start, Execute, look, Complete, look again, Unlock. */
#include "check.h"

#include <stddef.h>

#include "cache.h"
#include "dray.h"
#include "mmio.h"
#include "soc.h"
#include "video_ex.h"

#define POLLS 10000u

#define IMPOSSIBLE (CHECK_BYTES + 1u)

/* One packet. */
struct hand {
    const struct check     *check;
    BOOLEAN                 to_device;
    PVP_SCATTER_GATHER_LIST list;
    struct dray_job         job;
    bool                    done;
};

static uint8_t pattern(uint32_t seed, uint32_t i)
{
    return (uint8_t)((seed * 40503u + i * 73u) >> 3 ^ i);
}

/* ---- The device run ------------------------------------------------------------------------------------------------- */

/* The doorbell without dray_ring(): the ring is uncached, so there is nothing to publish, and the bytes of the transfer
 * are the business of who mapped them. dray_ring() afterwards brings the driver's own indices up to date. */
static bool run(const struct hand *hand)
{
    struct dray_channel *channel = &hand->check->miniport->copy;
    if (dray_prepare(channel, &hand->job) != DRAY_OK) return false;
    mmio_write32(SOC_ENGINE + DRAY_CHANNEL_PRODUCER(channel->number), channel->staged);
    struct dray_failure failure;
    bool done = false;
    for (unsigned i = 0; i < POLLS && !done; i++) {
        done = mmio_read32(SOC_ENGINE + DRAY_CHANNEL_CONSUMER(channel->number)) == channel->staged;
        if (!done && dray_failure(channel, &failure) == DRAY_OK) break;
    }
    dray_ring(channel);
    if (!done) (void)dray_drop(channel);
    else if (dray_consumed(channel) == 1u) dray_retire_slots(channel, 1u);
    return done;
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
    if (status == NO_ERROR) status = VideoPortCompleteDma(miniport, miniport->copy_adapter, hand->list, hand->to_device);
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
    uint32_t wrong = hand.done ? wrong_of(frame_bytes(check), 2) : IMPOSSIBLE;
    VideoPortUnlockBuffer(check->miniport, mdl);
    return wrong;
}

/* Nothing is asked of the caches here: what Complete promised is all there is. */
static uint32_t from_device(const struct check *check, struct hand *hand, PVOID *mdl)
{
    frame_fill(check, 3);
    if (!client_fill(check, 4)) return IMPOSSIBLE;
    *mdl = packet(hand);
    uint32_t wrong = client_wrong(check, 3);
    return hand->done ? wrong : IMPOSSIBLE;
}

/* The frames are still the client's, so a byte that lands is seen. */
static uint32_t stray(const struct check *check, const struct hand *hand, PVOID mdl)
{
    struct map_fault fault;
    uint32_t bus = memory_mdl_bus(mdl, 0, NULL);
    frame_fill(check, 5);
    (void)map_fault_take(check->gate, &fault);
    bool landed = run(hand);
    bool faulted = map_fault_take(check->gate, &fault) && fault.channel == 0u && fault.access == MAP_WRITE;
    uint8_t now[CHECK_BYTES];
    const uint8_t *uncached = cache_uncached(bus);
    for (uint32_t i = 0; i < CHECK_BYTES; i++) now[i] = uncached[i];
    return wrong_of(now, 3) + (landed || !faulted ? 1u : 0u);
}

bool check_run(const struct check *check, struct check_result *result)
{
    struct hand hand = { .check = check, .to_device = FALSE };
    PVOID mdl = NULL;
    *result = (struct check_result){ .stray_landed = IMPOSSIBLE };
    result->to_device_wrong = to_device(check);
    result->from_device_wrong = from_device(check, &hand, &mdl);
    if (hand.done) result->stray_landed = stray(check, &hand, mdl);
    if (mdl != NULL) VideoPortUnlockBuffer(check->miniport, mdl);
    return result->to_device_wrong + result->from_device_wrong + result->stray_landed == 0u;
}
