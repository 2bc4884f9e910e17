/* SPDX-License-Identifier: Apache-2.0 */
/** @file request_fixture.h  A bus with one device or two, and a client that asks what the port has found there. */
#ifndef REQUEST_FIXTURE_H
#define REQUEST_FIXTURE_H

#include "port_fixture.h"

#include "video_client.h"

#define FRAME_BYTES (64u * 4096u)

static const VIDEO_ACCESS_RANGE ranges[] = {
    { .RangeStart.QuadPart = SOC_ENGINE, .RangeLength = 0x1000 },
    { .RangeStart.QuadPart = SOC_BUS_DEVICE, .RangeLength = FRAME_BYTES },
};
static const struct port_bus_device devices[] = {
    { .ranges = ranges, .range_count = 2, .line = SOC_LINE_ENGINE, .channels = FAKE_CHANNELS },
    { .ranges = &ranges[1], .range_count = 1, .line = SOC_LINE_ENGINE, .channels = FAKE_CHANNELS },
};
static const struct port_bus bus = { devices, 1 };

#define request_test(name) cmocka_unit_test_setup_teardown(name, port_begin_working, port_end_working)

/* Asks with input and output in the client's last page, as a client does. */
static inline VP_STATUS ask(ULONG code, const void *input, ULONG input_bytes, void *output, ULONG output_bytes, PULONG information)
{
    uintptr_t in = buffer + (CLIENT_PAGES - 1u) * PAGE + 3u, out = in + VP_IO_BYTES + 2u;
    if (input_bytes != 0u) assert_int_equal(memory_client_write(client, in, input, input_bytes), MEMORY_OK);
    VP_STATUS status = VpDeviceIoControl(0, code, (PVOID)in, input_bytes, (PVOID)out, output_bytes, information);
    if (output_bytes != 0u) assert_int_equal(memory_client_read(client, out, output, output_bytes), MEMORY_OK);
    assert_int_equal(irql_current(), IRQL_PASSIVE); /* IRQ-08 */
    return status;
}

#endif
