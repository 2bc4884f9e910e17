/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A miniport as the documents of the video port describe one: it knows video.h and its device's registers, nothing else.
 *
 *     start_io: Lock, Start, wait for the event ... dpc: Complete, next Start | event ... Unlock, status, TRUE
 */
#include "document_miniport.h"

#include "dray_regs.h"

#define SLOTS       16u
#define WORDS       4u  /* of a slot */
#define RANGES      2u
#define REGISTERS   0u  /* which range is which */
#define MEMORY      1u
#define SECONDS_TWO (-20000000)

struct extension {
    VIDEO_ACCESS_RANGE ranges[RANGES];
    PUCHAR          registers;
    PVP_DMA_ADAPTER adapter;
    PULONG          ring;
    PHYSICAL_ADDRESS ring_at;
    PEVENT          event;
    USHORT          producer;
    BOOLEAN         running;

    /* The one request, and its packet. */
    struct document_copy copy;
    PVOID           mdl;
    PVP_SCATTER_GATHER_LIST list;
    ULONG           length, moved;
    VP_STATUS       status;
};

static ULONG read_register(struct extension *ext, ULONG offset)
{
    return VideoPortReadRegisterUlong((PULONG)(PVOID)(ext->registers + offset));
}

static VOID write_register(struct extension *ext, ULONG offset, ULONG value)
{
    VideoPortWriteRegisterUlong((PULONG)(PVOID)(ext->registers + offset), value);
}

/* ---- A packet: HwVidExecuteDma, HwVidInterrupt, the DPC ---------------------------------------------------------------- */

static VOID execute(PVOID HwDeviceExtension, PVP_DMA_ADAPTER VpDmaAdapter, PVP_SCATTER_GATHER_LIST SGList, PVOID Context)
{
    struct extension *ext = HwDeviceExtension;
    ULONG device = (ULONG)ext->ranges[MEMORY].RangeStart.QuadPart + ext->copy.frame_offset + ext->moved;
    (void)VpDmaAdapter;
    (void)Context;

    ext->list = SGList;
    ext->running = TRUE;
    for (ULONG i = 0; i < SGList->NumberOfElements; i++) {
        PULONG slot = ext->ring + (ext->producer % SLOTS) * WORDS;
        ULONG client = (ULONG)SGList->Elements[i].Address.QuadPart;
        slot[0] = ext->copy.to_frame_buffer ? client : device;
        slot[1] = ext->copy.to_frame_buffer ? device : client;
        slot[2] = SGList->Elements[i].Length;
        slot[3] = DRAY_DESC_TYPE_LINEAR | ((ext->producer & SLOTS) == 0u ? DRAY_DESCRIPTOR_CONTROL_GENERATION_MASK : 0u)
                | (i + 1u == SGList->NumberOfElements ? DRAY_DESCRIPTOR_CONTROL_IRQ_MASK : 0u);
        device += SGList->Elements[i].Length;
        ext->producer++;
    }
    write_register(ext, DRAY_CHANNEL_PRODUCER(0), ext->producer);
}

static VP_STATUS start_packet(struct extension *ext)
{
    ext->length = ext->copy.length - ext->moved;
    return VideoPortStartDma(ext, ext->adapter, ext->mdl, ext->moved, &ext->length, execute, NULL, ext->copy.to_frame_buffer);
}

static VOID dpc(PVOID HwDeviceExtension, PVOID Context)
{
    struct extension *ext = HwDeviceExtension;
    (void)Context;

    if (!ext->running || read_register(ext, DRAY_CHANNEL_CONSUMER(0)) != ext->producer) return;
    ext->running = FALSE;
    ULONG length = ext->length;
    ext->status = VideoPortCompleteDma(ext, ext->adapter, ext->list, ext->copy.to_frame_buffer);
    ext->moved += length;
    if (ext->status == NO_ERROR && ext->moved < ext->copy.length) ext->status = start_packet(ext);
    else (void)VideoPortSetEvent(ext, ext->event);
}

static BOOLEAN interrupt(PVOID HwDeviceExtension)
{
    struct extension *ext = HwDeviceExtension;
    if ((read_register(ext, DRAY_IRQ_SUMMARY) & 1u) == 0u) return FALSE;
    write_register(ext, DRAY_CHANNEL_IRQ_STATUS(0), read_register(ext, DRAY_CHANNEL_IRQ_STATUS(0)));
    (void)VideoPortQueueDpc(ext, dpc, NULL);
    return TRUE;
}

/* ---- Requests: HwVidStartIO -------------------------------------------------------------------------------------------- */

static VP_STATUS copy(struct extension *ext, PVIDEO_REQUEST_PACKET packet)
{
    LARGE_INTEGER timeout;
    if (packet->InputBufferLength < sizeof ext->copy || packet->OutputBufferLength < sizeof(ULONG)) return ERROR_INSUFFICIENT_BUFFER;

    VideoPortMoveMemory(&ext->copy, packet->InputBuffer, sizeof ext->copy);
    ext->moved = 0;
    ext->mdl = VideoPortLockBuffer(ext, ext->copy.buffer, ext->copy.length, ext->copy.to_frame_buffer ? VpReadAccess : VpWriteAccess);
    if (ext->mdl == NULL) return ERROR_INVALID_PARAMETER;
    timeout.QuadPart = SECONDS_TWO;
    ext->status = start_packet(ext);
    if (ext->status == NO_ERROR) {
        VP_STATUS waited = VideoPortWaitForSingleObject(ext, ext->event, &timeout);
        if (waited != NO_ERROR) ext->status = waited;
    }
    VideoPortUnlockBuffer(ext, ext->mdl);
    VideoPortMoveMemory(packet->OutputBuffer, &ext->moved, sizeof ext->moved);
    packet->StatusBlock->Information = sizeof ext->moved;
    return ext->status;
}

static VP_STATUS name(PVIDEO_REQUEST_PACKET packet)
{
    static const CHAR text[] = DOCUMENT_NAME;
    ULONG room = packet->OutputBufferLength;
    ULONG bytes = room < sizeof text ? room : (ULONG)sizeof text;
    VideoPortMoveMemory(packet->OutputBuffer, (PVOID)(ULONG_PTR)text, bytes);
    packet->StatusBlock->Information = bytes;
    return bytes == sizeof text ? NO_ERROR : ERROR_MORE_DATA;
}

/* No more DMA for the rest of its life. */
static VP_STATUS end(struct extension *ext)
{
    VideoPortReleaseCommonBuffer(ext, ext->adapter, SLOTS * WORDS * sizeof(ULONG), ext->ring_at, ext->ring, FALSE);
    VideoPortPutDmaAdapter(ext, ext->adapter);
    VideoPortFreeDeviceBase(ext, ext->registers);
    return VideoPortDeleteEvent(ext, ext->event);
}

static BOOLEAN start_io(PVOID HwDeviceExtension, PVIDEO_REQUEST_PACKET RequestPacket)
{
    struct extension *ext = HwDeviceExtension;
    VP_STATUS status = ERROR_INVALID_FUNCTION;

    RequestPacket->StatusBlock->Information = 0;
    if (RequestPacket->IoControlCode == IOCTL_DOCUMENT_COPY) status = copy(ext, RequestPacket);
    if (RequestPacket->IoControlCode == IOCTL_DOCUMENT_NAME) status = name(RequestPacket);
    if (RequestPacket->IoControlCode == IOCTL_DOCUMENT_END) status = end(ext);
    if (status != NO_ERROR) VideoPortLogError(ext, RequestPacket, status, 1u);
    RequestPacket->StatusBlock->Status = status;
    return TRUE;
}

/* ---- Beginning ----------------------------------------------------------------------------------------------------------- */

static VP_STATUS find_adapter(PVOID HwDeviceExtension, PVOID HwContext, PWSTR ArgumentString, PVIDEO_PORT_CONFIG_INFO ConfigInfo,
                              PUCHAR Again)
{
    struct extension *ext = HwDeviceExtension;
    VP_DEVICE_DESCRIPTION description;
    (void)HwContext;
    (void)ArgumentString;
    (void)Again;

    if (ConfigInfo->Length < sizeof *ConfigInfo) return ERROR_INVALID_PARAMETER;
    if (VideoPortGetAccessRanges(ext, 0, NULL, RANGES, ext->ranges, NULL, NULL, NULL) != NO_ERROR) return ERROR_DEV_NOT_EXIST;
    ext->registers = VideoPortGetDeviceBase(ext, ext->ranges[REGISTERS].RangeStart, ext->ranges[REGISTERS].RangeLength, 0);
    if (ext->registers == NULL || read_register(ext, DRAY_ID) != 0x44524159u) return ERROR_DEV_NOT_EXIST;

    VideoPortZeroMemory(&description, sizeof description);
    description.ScatterGather = TRUE;
    description.Dma32BitAddresses = TRUE;
    description.MaximumLength = 4096; /* in pages of 512 nine elements: the ring has room */
    ext->adapter = VideoPortGetDmaAdapter(ext, &description);
    if (ext->adapter == NULL) return ERROR_INVALID_PARAMETER;
    ext->ring = VideoPortAllocateCommonBuffer(ext, ext->adapter, SLOTS * WORDS * sizeof(ULONG), &ext->ring_at, FALSE, NULL);
    if (ext->ring == NULL) {
        VideoPortPutDmaAdapter(ext, ext->adapter);
        return ERROR_INVALID_PARAMETER;
    }
    return NO_ERROR;
}

static BOOLEAN initialize(PVOID HwDeviceExtension)
{
    struct extension *ext = HwDeviceExtension;
    if (VideoPortCreateEvent(ext, 0, NULL, &ext->event) != NO_ERROR) return FALSE;
    write_register(ext, DRAY_CHANNEL_RING_BASE(0), (ULONG)ext->ring_at.QuadPart);
    write_register(ext, DRAY_CHANNEL_RING_SIZE(0), 4); /* log2 of SLOTS */
    write_register(ext, DRAY_CHANNEL_IRQ_ENABLE(0), DRAY_CHANNEL_IRQ_STATUS_DONE_MASK);
    write_register(ext, DRAY_CHANNEL_CONTROL(0), DRAY_CHANNEL_CONTROL_ENABLE_MASK);
    return TRUE;
}

ULONG DriverEntry(PVOID Context1, PVOID Context2)
{
    VIDEO_HW_INITIALIZATION_DATA data;
    VideoPortZeroMemory(&data, sizeof data);
    data.HwInitDataSize = sizeof data;
    data.AdapterInterfaceType = PCIBus;
    data.HwFindAdapter = find_adapter;
    data.HwInitialize = initialize;
    data.HwInterrupt = interrupt;
    data.HwStartIO = start_io;
    data.HwDeviceExtensionSize = sizeof(struct extension);
    return VideoPortInitialize(Context1, Context2, &data, NULL);
}
