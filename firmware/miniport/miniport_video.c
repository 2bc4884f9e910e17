/* SPDX-License-Identifier: Apache-2.0 */
/* DriverEntry, find-adapter, initialize, start-io: the miniport as the port calls it. */
#include "miniport_video.h"

#include <stddef.h>

#include "miniport_private.h"

#define REGISTERS   0u /* which range is which */
#define MEMORY      1u
#define RANGES      2u

/* Far above what the slowest bus needs: a packet that takes so long has met an engine that hangs. */
#define DEADLINE_US         100000u
#define DEADLINE_US_PER_KIB 1000u

/* One copy under way. */
struct copy {
    struct miniport_request request; /* first: `told` gets it */
    PVIDEO_REQUEST_PACKET   packet;  /* NULL: this entry is free */
    uint32_t                tag;
};

/* The device extension. */
struct video {
    struct miniport miniport; /* first: the port knows the device by this address */
    struct copy     copies[MINIPORT_COPIES];
};

_Static_assert(sizeof(struct video) <= VP_EXTENSION_BYTES, "the port has room for it");

/* ---- Requests ------------------------------------------------------------------------------------------------------ */

static VP_STATUS code_of(enum miniport_status status)
{
    switch (status) {
    case MINIPORT_OK:           return NO_ERROR;
    case MINIPORT_ERR_ARGUMENT:
    case MINIPORT_ERR_LOCK:     return ERROR_INVALID_PARAMETER;
    case MINIPORT_ERR_PORT:     return ERROR_NOT_ENOUGH_MEMORY;
    case MINIPORT_ERR_STATE:    return ERROR_BUSY;
    case MINIPORT_ERR_TIMEOUT:  return WAIT_TIMEOUT;
    case MINIPORT_ERR_ENGINE:
    case MINIPORT_ERR_DEVICE:
    case MINIPORT_ERR_GONE:
    case MINIPORT_ERR_CANCELLED: return VP_ERROR_IO_DEVICE;
    }
    return VP_ERROR_IO_DEVICE;
}

/* The last act for a copy: its entry is free before its client is told, and may ask again. */
static void told(struct miniport_request *request)
{
    struct copy *copy = (struct copy *)(void *)request;
    PVIDEO_REQUEST_PACKET packet = copy->packet;
    struct miniport_copied *copied = packet->OutputBuffer;

    *copied = (struct miniport_copied){
        .status = (int32_t)request->status,
        .cause = (int32_t)request->cause,
        .moved_bytes = request->moved_bytes,
        .packets = request->packets,
        .elements = request->elements,
        .dma_cycles = request->dma_cycles,
    };
    packet->StatusBlock->Status = NO_ERROR;
    packet->StatusBlock->Information = sizeof *copied;
    copy->packet = NULL;
    VpCompleteRequest(request->context, packet);
}

static struct copy *copy_free(struct video *video)
{
    for (unsigned i = 0; i < MINIPORT_COPIES; i++) {
        if (video->copies[i].packet == NULL) return &video->copies[i];
    }
    return NULL;
}

static VP_STATUS begin_copy(struct video *video, PVIDEO_REQUEST_PACKET packet)
{
    const struct miniport_copy *wish = packet->InputBuffer;
    struct copy *copy = copy_free(video);
    if (copy == NULL) return ERROR_BUSY;

    *copy = (struct copy){
        .request = {
            .buffer = (void *)(uintptr_t)wish->buffer,
            .length_bytes = wish->length_bytes,
            .frame_offset = wish->frame_offset,
            .direction = wish->to_frame_buffer != 0u ? MINIPORT_TO_FRAME_BUFFER : MINIPORT_FROM_FRAME_BUFFER,
            .told = told,
            .context = video,
        },
        .packet = packet,
        .tag = wish->tag,
    };
    VP_STATUS status = code_of(miniport_submit(&video->miniport, &copy->request));
    if (status != NO_ERROR) copy->packet = NULL; /* never told */
    return status;
}

static VP_STATUS screen_on(struct video *video, PVIDEO_REQUEST_PACKET packet)
{
    const struct miniport_screen *screen = packet->InputBuffer;
    return code_of(miniport_screen_on(&video->miniport, screen->frame_offset, screen->length_bytes));
}

static VP_STATUS screen_off(struct video *video, PVIDEO_REQUEST_PACKET packet)
{
    (void)packet;
    return code_of(miniport_screen_off(&video->miniport));
}

static VP_STATUS cancel(struct video *video, PVIDEO_REQUEST_PACKET packet)
{
    const struct miniport_tag *which = packet->InputBuffer;
    uint32_t tag = which->tag;
    VP_STATUS status = ERROR_INVALID_PARAMETER;
    for (unsigned i = 0; i < MINIPORT_COPIES; i++) {
        struct copy *copy = &video->copies[i];
        if (copy->packet == NULL || copy->tag != tag) continue;
        if (miniport_cancel(&video->miniport, &copy->request) == MINIPORT_OK) status = NO_ERROR;
    }
    return status;
}

static const struct {
    ULONG     code, input_bytes, output_bytes;
    VP_STATUS (*serve)(struct video *video, PVIDEO_REQUEST_PACKET packet);
} services[] = {
    { IOCTL_MINIPORT_COPY, sizeof(struct miniport_copy), sizeof(struct miniport_copied), begin_copy },
    { IOCTL_MINIPORT_SCREEN_ON, sizeof(struct miniport_screen), 0u, screen_on },
    { IOCTL_MINIPORT_SCREEN_OFF, 0u, 0u, screen_off },
    { IOCTL_MINIPORT_CANCEL, sizeof(struct miniport_tag), 0u, cancel },
};

/* HwVidStartIO. A copy that was begun is pending, and may have been told already. */
static BOOLEAN start_io(PVOID HwDeviceExtension, PVIDEO_REQUEST_PACKET RequestPacket)
{
    VP_STATUS status = ERROR_INVALID_FUNCTION;
    for (size_t i = 0; i < sizeof services / sizeof services[0]; i++) {
        if (services[i].code != RequestPacket->IoControlCode) continue;
        bool fits = RequestPacket->InputBufferLength >= services[i].input_bytes
                 && RequestPacket->OutputBufferLength >= services[i].output_bytes;
        status = fits ? services[i].serve(HwDeviceExtension, RequestPacket) : ERROR_INSUFFICIENT_BUFFER;
        if (status == NO_ERROR && services[i].output_bytes != 0u) return FALSE;
        break;
    }
    RequestPacket->StatusBlock->Status = status;
    RequestPacket->StatusBlock->Information = 0u;
    return TRUE;
}

/* ---- Beginning ------------------------------------------------------------------------------------------------------- */

static VP_STATUS find_adapter(PVOID HwDeviceExtension, PVOID HwContext, PWSTR ArgumentString, PVIDEO_PORT_CONFIG_INFO ConfigInfo,
                              PUCHAR Again)
{
    struct video *video = HwDeviceExtension;
    const struct miniport_config *wishes = HwContext;
    VIDEO_ACCESS_RANGE ranges[RANGES];
    (void)ArgumentString;
    (void)Again;

    if (ConfigInfo->Length < sizeof *ConfigInfo) return ERROR_INVALID_PARAMETER;
    if (VideoPortGetAccessRanges(video, 0, NULL, RANGES, ranges, NULL, NULL, NULL) != NO_ERROR) return ERROR_DEV_NOT_EXIST;
    PVOID registers = VideoPortGetDeviceBase(video, ranges[REGISTERS].RangeStart, ranges[REGISTERS].RangeLength, 0);
    if (registers == NULL || ranges[MEMORY].RangeLength == 0u) return ERROR_DEV_NOT_EXIST;
    struct miniport_config config = { 0 };
    if (wishes != NULL) config = *wishes;
    config.registers = (uintptr_t)registers;
    config.line = (unsigned)ConfigInfo->BusInterruptLevel;
    config.frame_buffer_bus = (uint32_t)ranges[MEMORY].RangeStart.QuadPart;
    config.frame_buffer_bytes = ranges[MEMORY].RangeLength;
    if ((config.deadline_us | config.deadline_us_per_kib) == 0u) {
        config.deadline_us = DEADLINE_US;
        config.deadline_us_per_kib = DEADLINE_US_PER_KIB;
    }
    enum miniport_status status = miniport_open(&video->miniport, &config);
    if (status == MINIPORT_ERR_ENGINE) return ERROR_DEV_NOT_EXIST; /* something else stands there */
    return status == MINIPORT_OK ? NO_ERROR : ERROR_INVALID_PARAMETER;
}

/* The engine needs no more than find_adapter did. */
static BOOLEAN initialize(PVOID HwDeviceExtension)
{
    const struct video *video = HwDeviceExtension;
    return video->miniport.gone ? FALSE : TRUE;
}

struct miniport *miniport_of(PVOID HwDeviceExtension)
{
    return &((struct video *)HwDeviceExtension)->miniport;
}

ULONG miniport_entry(PVOID Context1, PVOID Context2)
{
    return miniport_entry_with(Context1, Context2, NULL);
}

ULONG miniport_entry_with(PVOID Context1, PVOID Context2, struct miniport_config *wishes)
{
    VIDEO_HW_INITIALIZATION_DATA data = {
        .HwInitDataSize = sizeof data,
        .AdapterInterfaceType = PCIBus,
        .HwFindAdapter = find_adapter,
        .HwInitialize = initialize,
        .HwInterrupt = miniport_interrupt,
        .HwStartIO = start_io,
        .HwDeviceExtensionSize = sizeof(struct video),
    };
    return VideoPortInitialize(Context1, Context2, &data, wishes);
}

enum miniport_status miniport_unload(PVOID HwDeviceExtension)
{
    return miniport_release(miniport_of(HwDeviceExtension));
}
