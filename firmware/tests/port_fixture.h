/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file port_fixture.h  What tests of the port begin with: machine, gate, one device, one client.
 *
 * The device here has no engine: device_run() moves the bytes of a list through the gate, to or from device_bytes.
 */
#ifndef PORT_FIXTURE_H
#define PORT_FIXTURE_H

#include "client_fixture.h"

#include "port.h"
#include "video_ex.h"

#define REGISTERS    32u /* for all direct adapters */

static uint32_t  extension[4];
static unsigned  interrupts_left;

static inline BOOLEAN port_fixture_interrupt(PVOID ext)
{
    (void)ext;
    host_irq_set(SOC_LINE_ENGINE, --interrupts_left != 0u);
    return TRUE;
}

static inline int port_begin_with(const struct fake_config *config)
{
    gate_begin(config);
    port_init(&gate, REGISTERS);
    VP_DEVICE_ATTACHMENT attachment = { .HwInterrupt = port_fixture_interrupt, .InterruptLine = SOC_LINE_ENGINE, .Channels = FAKE_CHANNELS };
    assert_int_equal(VpAttachDevice(extension, &attachment), NO_ERROR);
    client_begin();
    return 0;
}

static inline int port_begin(void **state)
{
    (void)state;
    return port_begin_with(&(struct fake_config){ 0 });
}

static inline int port_end(void **state)
{
    return client_end(state);
}

#define port_test(name) cmocka_unit_test_setup_teardown(name, port_begin, port_end)

/* Instead of port_begin(): the device is the miniport's that the test loads. */
static inline int port_begin_working(void **state)
{
    (void)port_begin(state);
    assert_int_equal(VpDetachDevice(extension), NO_ERROR);
    fixture_cycles = 0;
    host_clock_source(fixture_now, fixture_engine_works, NULL);
    return 0;
}

static inline int port_end_working(void **state)
{
    host_clock_source(NULL, NULL, NULL);
    return port_end(state);
}

static inline VP_DEVICE_DESCRIPTION_EX described(BOOLEAN scatter_gather, ULONG maximum)
{
    return (VP_DEVICE_DESCRIPTION_EX){
        .Size = sizeof(VP_DEVICE_DESCRIPTION_EX),
        .Base = { .ScatterGather = scatter_gather, .Dma32BitAddresses = TRUE, .MaximumLength = maximum },
        .Channel = VP_ANY_CHANNEL,
    };
}

static inline PVP_DMA_ADAPTER adapter_direct(ULONG maximum)
{
    VP_DEVICE_DESCRIPTION_EX description = described(TRUE, maximum);
    return VpGetDmaAdapterEx(extension, &description);
}

static inline VP_ADAPTER_INFORMATION information(PVP_DMA_ADAPTER adapter)
{
    VP_ADAPTER_INFORMATION found = { 0 };
    assert_true(VpQueryAdapter(extension, adapter, &found));
    return found;
}

static inline PVOID lock_at(uint32_t offset, uint32_t length, VP_LOCK_OPERATION operation)
{
    return VideoPortLockBuffer(extension, (PVOID)(buffer + offset), length, operation);
}

/* Moves the bytes of a list from device_bytes + at to memory, or the other way, as far as the gate lets it. @return bytes */
static inline uint32_t device_run(unsigned channel, PVP_SCATTER_GATHER_LIST list, BOOLEAN to_device, uint32_t at)
{
    uint32_t moved = 0;
    for (ULONG i = 0; i < list->NumberOfElements; i++) {
        for (ULONG k = 0; k < list->Elements[i].Length; k++) {
            uint64_t address = (uint64_t)list->Elements[i].Address.QuadPart + k;
            if (!fake_access(channel, address, !to_device, &device_bytes[at + moved])) return moved;
            moved++;
        }
    }
    return moved;
}

/* What Execute was called with, oldest first. */
#define EXECUTES_MAX 64u
static struct executed {
    PVP_SCATTER_GATHER_LIST list;
    PVOID    context;
    ULONG    elements, bytes, first_length;
    uint64_t first_address;
    UCHAR    level;
} executes[EXECUTES_MAX];
static unsigned execute_count;

static inline void executes_clear(void)
{
    execute_count = 0;
}

/* SGL-03, SGL-04: in order, none empty, and together the length that Start's variable holds now. */
static inline ULONG list_bytes(PVP_SCATTER_GATHER_LIST list)
{
    ULONG bytes = 0;
    for (ULONG i = 0; i < list->NumberOfElements; i++) {
        assert_true(list->Elements[i].Length > 0u);
        bytes += list->Elements[i].Length;
    }
    return bytes;
}

static inline VOID execute_recording(PVOID ext, PVP_DMA_ADAPTER adapter, PVP_SCATTER_GATHER_LIST list, PVOID context)
{
    assert_ptr_equal(ext, extension);
    assert_non_null(adapter);
    assert_true(execute_count < EXECUTES_MAX);
    executes[execute_count++] = (struct executed){
        .list = list, .context = context, .elements = list->NumberOfElements, .bytes = list_bytes(list),
        .first_length = list->Elements[0].Length, .first_address = (uint64_t)list->Elements[0].Address.QuadPart,
        .level = VideoPortGetCurrentIrql(),
    };
}

/* Starts one packet with the recording Execute. The variable is static, as a miniport's has to be. */
static ULONG start_length;
static inline VP_STATUS start(PVP_DMA_ADAPTER adapter, PVOID mdl, ULONG offset, ULONG length, BOOLEAN to_device)
{
    start_length = length;
    return VideoPortStartDma(extension, adapter, mdl, offset, &start_length, execute_recording, &start_length, to_device);
}

static inline VP_STATUS complete_last(PVP_DMA_ADAPTER adapter, BOOLEAN to_device)
{
    return VideoPortCompleteDma(extension, adapter, executes[execute_count - 1u].list, to_device);
}

#endif
