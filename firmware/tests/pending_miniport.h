/* SPDX-License-Identifier: Apache-2.0 */
/** @file pending_miniport.h  A miniport that says what it was called with, and whose requests stay pending. */
#ifndef PENDING_MINIPORT_H
#define PENDING_MINIPORT_H

#include "request_fixture.h"

static struct {
    VP_STATUS find_status;
    ULONG     extension_bytes, data_bytes;
    unsigned  finds, initializes, starts, nested, depth;
    BOOLEAN   ready, keep_adapter;
    PVOID     extensions[4];
    PVIDEO_REQUEST_PACKET got[4];
    BOOLEAN (*start_io)(PVOID, PVIDEO_REQUEST_PACKET);
    UCHAR     level;
} pending;

static inline VP_STATUS pending_find(PVOID ext, PVOID context, PWSTR argument, PVIDEO_PORT_CONFIG_INFO info, PUCHAR again)
{
    assert_null(context);
    assert_null(argument);
    assert_int_equal(*again, FALSE);
    assert_int_equal(info->Length, sizeof *info);
    assert_int_equal(info->BusInterruptLevel, SOC_LINE_ENGINE);
    for (ULONG i = 0; i < pending.extension_bytes; i++) assert_int_equal(((UCHAR *)ext)[i], 0);
    if (pending.extension_bytes != 0u) memset(ext, 0xff, pending.extension_bytes);
    assert_false(VideoPortSynchronizeExecution(ext, VpHighPriority, NULL, NULL));
    pending.extensions[pending.finds++] = ext;
    if (pending.keep_adapter) {
        VP_DEVICE_DESCRIPTION description = { .ScatterGather = TRUE, .MaximumLength = PAGE };
        assert_non_null(VideoPortGetDmaAdapter(ext, &description));
    }
    return pending.find_status;
}

static inline BOOLEAN pending_initialize(PVOID ext)
{
    assert_ptr_equal(ext, pending.extensions[0]);
    pending.initializes++;
    return pending.ready;
}

static inline BOOLEAN pending_interrupt(PVOID ext)
{
    (void)ext;
    return FALSE;
}

static inline BOOLEAN pending_start(PVOID ext, PVIDEO_REQUEST_PACKET packet)
{
    pending.level = VideoPortGetCurrentIrql();
    pending.nested += pending.depth++;
    pending.got[pending.starts++ % 4u] = packet;
    BOOLEAN done = pending.start_io != NULL ? pending.start_io(ext, packet) : FALSE;
    pending.depth--;
    return done;
}

static inline ULONG pending_entry(PVOID context1, PVOID context2)
{
    VIDEO_HW_INITIALIZATION_DATA data = {
        .HwInitDataSize = pending.data_bytes, .HwFindAdapter = pending_find, .HwInitialize = pending_initialize,
        .HwInterrupt = pending_interrupt, .HwStartIO = pending_start, .HwDeviceExtensionSize = pending.extension_bytes,
    };
    return VideoPortInitialize(context1, context2, &data, NULL);
}

static inline void load_pending(void)
{
    memset(&pending, 0, sizeof pending);
    pending.ready = TRUE;
    pending.extension_bytes = 64;
    pending.data_bytes = sizeof(VIDEO_HW_INITIALIZATION_DATA);
    assert_int_equal(port_load_driver(pending_entry, &bus), NO_ERROR);
    assert_int_equal(VpOpenDevice(0), NO_ERROR);
    assert_int_equal(VpOpenDevice(0), NO_ERROR);
    assert_int_equal(pending.initializes, 1);
}

#endif
