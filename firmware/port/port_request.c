/* SPDX-License-Identifier: Apache-2.0 */
/* Requests: from a client to HwStartIO, under the device lock, and back, told once. */
#include <string.h>

#include "irql.h"
#include "memory_client.h"
#include "port_private.h"
#include "violation.h"

static struct port_device *device_numbered(ULONG number)
{
    for (unsigned i = 0; i < VP_MAX_DEVICES; i++) {
        struct port_device *device = &port_devices()[i];
        if (device->start_io == NULL) continue;
        if (number == 0u) return device;
        number--;
    }
    return NULL;
}

static struct port_device *open_device(ULONG number)
{
    struct port_device *device = device_numbered(number);
    return device != NULL && device->opened ? device : NULL;
}

PVOID VpGetDeviceExtension(ULONG DeviceNumber)
{
    const struct port_device *device = device_numbered(DeviceNumber);
    return device != NULL ? device->extension : NULL;
}

VP_STATUS VpOpenDevice(ULONG DeviceNumber)
{
    if (!irql_assert_passive()) return ERROR_INVALID_PARAMETER;
    struct port_device *device = device_numbered(DeviceNumber);
    if (device == NULL) return ERROR_DEV_NOT_EXIST;
    if (!device->opened) device->opened = device->initialize(device->extension) != FALSE;
    return device->opened ? NO_ERROR : VP_ERROR_IO_DEVICE;
}

/* ---- Under way ------------------------------------------------------------------------------------------------------ */

/* At DISPATCH. The link that leads to a request that HwStartIO has got; NULL: there is none of this packet. */
static PVP_REQUEST *link_of(struct port_device *device, const VIDEO_REQUEST_PACKET *packet)
{
    for (PVP_REQUEST *link = &device->started; *link != NULL; link = &(*link)->Next) {
        if (&(*link)->Packet == packet) return link;
    }
    return NULL;
}

/* Takes it out, so that nobody can do it again. At DISPATCH. @return NULL: it is not under way */
static PVP_REQUEST take_out(struct port_device *device, const VIDEO_REQUEST_PACKET *packet)
{
    PVP_REQUEST *link = link_of(device, packet);
    if (link == NULL) {
        violation_report(VIOL_REQUEST, (uintptr_t)packet, (uintptr_t)device->extension, 0u, 0u);
        return NULL;
    }
    PVP_REQUEST request = *link;
    *link = request->Next;
    return request;
}

VOID VpCompleteRequest(PVOID HwDeviceExtension, PVIDEO_REQUEST_PACKET RequestPacket)
{
    if (!irql_assert_at_most(IRQL_DISPATCH)) return;
    struct port_device *device = port_device_of(HwDeviceExtension);
    if (device == NULL) return;
    enum irql old = irql_raise(IRQL_DISPATCH);
    PVP_REQUEST request = take_out(device, RequestPacket);
    if (request != NULL) request->Told(request);
    irql_lower(old);
}

/* HwStartIO may have completed the request before it returns: then the request is somebody else's by now, and is not looked at. */
static void start(struct port_device *device, PVP_REQUEST request)
{
    enum irql old = irql_raise(IRQL_DISPATCH);
    PVIDEO_REQUEST_PACKET packet = &request->Packet;
    request->Next = device->started;
    device->started = request;
    irql_lower(old);

    device->locks++;
    BOOLEAN done = device->start_io(device->extension, packet);
    device->locks--;
    if (done) VpCompleteRequest(device->extension, packet);
}

/* The one place where HwStartIO is called; what it sends itself waits for its return. */
static void serve(struct port_device *device)
{
    while (device->locks == 0u && device->waiting != NULL) {
        PVP_REQUEST request = device->waiting;
        device->waiting = request->Next;
        start(device, request);
    }
}

VP_STATUS VpSendRequest(ULONG DeviceNumber, PVP_REQUEST Request)
{
    if (!irql_assert_passive() || Request == NULL || Request->Told == NULL) return ERROR_INVALID_PARAMETER;
    struct port_device *device = open_device(DeviceNumber);
    if (device == NULL) return ERROR_DEV_NOT_EXIST;

    Request->StatusBlock = (STATUS_BLOCK){ .Information = 0u };
    Request->Packet.StatusBlock = &Request->StatusBlock;
    Request->Next = NULL;
    PVP_REQUEST *end = &device->waiting;
    while (*end != NULL) end = &(*end)->Next;
    *end = Request;
    serve(device);
    return NO_ERROR;
}

/* ---- Device lock ----------------------------------------------------------------------------------------------------- */

VOID VideoPortAcquireDeviceLock(PVOID HwDeviceExtension)
{
    if (!irql_assert_passive()) return;
    struct port_device *device = port_device_of(HwDeviceExtension);
    if (device != NULL) device->locks++;
}

VOID VideoPortReleaseDeviceLock(PVOID HwDeviceExtension)
{
    if (!irql_assert_passive()) return;
    struct port_device *device = port_device_of(HwDeviceExtension);
    if (device == NULL || device->locks == 0u) {
        violation_report(VIOL_DEVICE_LOCK, (uintptr_t)HwDeviceExtension, 0u, 0u, 0u);
        return;
    }
    device->locks--;
    serve(device);
}

/* ---- A client's request, with its own addresses ----------------------------------------------------------------------- */

struct wait {
    VP_REQUEST    request; /* first: Told gets it */
    volatile bool over;
    uint64_t      buffer[VP_IO_BYTES / sizeof(uint64_t)]; /* of input and output, as METHOD_BUFFERED says */
};

static VOID told(PVP_REQUEST Request)
{
    ((struct wait *)(void *)Request)->over = true;
}

/* What the miniport says that it wrote, as far as there is room. */
static VP_STATUS hand_out(const struct wait *wait, PVOID output, PULONG information)
{
    VP_STATUS status = wait->request.StatusBlock.Status;
    ULONG_PTR said = wait->request.StatusBlock.Information, room = wait->request.Packet.OutputBufferLength;
    ULONG bytes = (ULONG)(said < room ? said : room);

    if (said > room) violation_report(VIOL_REQUEST, (uintptr_t)said, (uintptr_t)room, 1u, 0u);
    if (status != NO_ERROR && status != ERROR_MORE_DATA) bytes = 0u;
    if (bytes != 0u && memory_client_write(memory_client_current(), (uintptr_t)output, wait->buffer, bytes) != MEMORY_OK) {
        return ERROR_INVALID_PARAMETER;
    }
    if (information != NULL) *information = bytes;
    return status;
}

VP_STATUS VpDeviceIoControl(ULONG DeviceNumber, ULONG IoControlCode, PVOID InputBuffer, ULONG InputBufferLength,
                            PVOID OutputBuffer, ULONG OutputBufferLength, PULONG Information)
{
    if (!irql_assert_passive()) return ERROR_INVALID_PARAMETER;
    struct port_device *device = open_device(DeviceNumber);
    if (device == NULL) return ERROR_DEV_NOT_EXIST;
    if (InputBufferLength > VP_IO_BYTES || OutputBufferLength > VP_IO_BYTES) return ERROR_NOT_ENOUGH_MEMORY;
    if (device->locks != 0u) {
        violation_report(VIOL_DEVICE_LOCK, (uintptr_t)device->extension, 1u, 0u, 0u);
        return ERROR_BUSY;
    }
    struct wait wait = { .over = false };
    wait.request.Told = told;
    wait.request.Packet = (VIDEO_REQUEST_PACKET){ IoControlCode, NULL, wait.buffer, InputBufferLength, wait.buffer, OutputBufferLength };
    if (InputBufferLength != 0u
        && memory_client_read(memory_client_current(), (uintptr_t)InputBuffer, wait.buffer, InputBufferLength) != MEMORY_OK) {
        return ERROR_INVALID_PARAMETER;
    }
    VP_STATUS status = VpSendRequest(DeviceNumber, &wait.request);
    if (status != NO_ERROR) return status;
    while (!wait.over) irql_idle();
    return hand_out(&wait, OutputBuffer, Information);
}
