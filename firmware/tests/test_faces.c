/* SPDX-License-Identifier: Apache-2.0 */
/* Two faces, one packet core: the same transfer through each leaves the same trace of it. */
#include "client_fixture.h"

#include "kmdf.h"
#include "port.h"
#include "video_ex.h"

#define BYTES   (7u * PAGE + 5u)
#define MAXIMUM (3u * PAGE)
#define RECORDS 400u

/* What the core and the memory below it say of packets and pages; a face adds nothing to these. */
static bool of_the_core(uint32_t event)
{
    return event == TRACE_START || event == TRACE_EXECUTE || event == TRACE_EXECUTE_RETURN || event == TRACE_START_RETURN
        || event == TRACE_COMPLETE || event == TRACE_COMPLETE_RETURN || event == TRACE_MAP || event == TRACE_UNMAP
        || event == TRACE_GET || event == TRACE_PUT || event == TRACE_LOCK || event == TRACE_PIN || event == TRACE_UNPIN;
}

struct said {
    unsigned count;
    struct { uint32_t event, level, argument; } records[RECORDS];
};

static void take_trace(struct said *said)
{
    said->count = 0;
    for (size_t i = 0; i < host_trace_count(); i++) {
        const struct host_record *record = host_trace_at(i);
        if (!of_the_core(record->event)) continue;
        assert_true(said->count < RECORDS);
        said->records[said->count].event = record->event;
        said->records[said->count].level = record->level;
        said->records[said->count++].argument = record->argument;
    }
}

/* ---- Through the video port -------------------------------------------------------------------------------------------- */

static PVP_SCATTER_GATHER_LIST port_list;

static VOID port_execute(PVOID extension, PVP_DMA_ADAPTER adapter, PVP_SCATTER_GATHER_LIST list, PVOID context)
{
    (void)extension;
    (void)adapter;
    (void)context;
    port_list = list;
}

static void through_the_port(BOOLEAN to_device, BOOLEAN scatter_gather, struct said *said)
{
    static uint32_t extension[4];
    static ULONG length;
    VP_DEVICE_ATTACHMENT attachment = { .Channels = FAKE_CHANNELS };
    VP_DEVICE_DESCRIPTION_EX description = {
        .Size = sizeof description, .Base = { .ScatterGather = scatter_gather, .Dma32BitAddresses = TRUE, .MaximumLength = MAXIMUM },
        .Channel = VP_ANY_CHANNEL, .CommonPages = KMDF_COMMON_BUFFERS,
    };
    gate_begin(&(struct fake_config){ 0 });
    port_init(&gate, 256);
    client_begin();
    assert_int_equal(VpAttachDevice(extension, &attachment), NO_ERROR);
    PVP_DMA_ADAPTER adapter = VpGetDmaAdapterEx(extension, &description);
    PVOID mdl = VideoPortLockBuffer(extension, (PVOID)(buffer + 9u), BYTES, VpModifyAccess);
    for (ULONG done = 0; done < BYTES; done += length) {
        length = BYTES - done < MAXIMUM ? BYTES - done : MAXIMUM;
        assert_int_equal(VideoPortStartDma(extension, adapter, mdl, done, &length, port_execute, NULL, to_device), NO_ERROR);
        assert_int_equal(VideoPortCompleteDma(extension, adapter, port_list, to_device), NO_ERROR);
    }
    VideoPortUnlockBuffer(extension, mdl);
    VideoPortPutDmaAdapter(extension, adapter);
    assert_int_equal(VpDetachDevice(extension), NO_ERROR);
    take_trace(said);
    (void)client_end(NULL);
}

/* ---- Through the framework --------------------------------------------------------------------------------------------- */

static WDF_DMA_ENABLER_CONFIG config;
static WDFDMAENABLER enabler;

static NTSTATUS kmdf_add(WDFDRIVER driver, PWDFDEVICE_INIT init)
{
    WDFDEVICE made;
    (void)driver;
    assert_int_equal(WdfDeviceCreate(&init, WDF_NO_OBJECT_ATTRIBUTES, &made), STATUS_SUCCESS);
    return WdfDmaEnablerCreate(made, &config, WDF_NO_OBJECT_ATTRIBUTES, &enabler);
}

static BOOLEAN kmdf_program(WDFDMATRANSACTION transaction, WDFDEVICE device, WDFCONTEXT context, WDF_DMA_DIRECTION direction, PSCATTER_GATHER_LIST list)
{
    (void)transaction;
    (void)device;
    (void)context;
    (void)direction;
    (void)list;
    return TRUE;
}

static void through_the_framework(BOOLEAN to_device, BOOLEAN scatter_gather, struct said *said)
{
    static const struct kmdf_bus_device bus = { .line = SOC_LINE_ENGINE, .channels = FAKE_CHANNELS };
    WDFDEVICE device;
    WDFDMATRANSACTION transaction;
    NTSTATUS status = STATUS_SUCCESS;
    gate_begin(&(struct fake_config){ 0 });
    kmdf_init(&gate, 256);
    client_begin();
    WDF_DMA_ENABLER_CONFIG_INIT(&config, scatter_gather ? WdfDmaProfileScatterGather : WdfDmaProfilePacket, MAXIMUM);
    assert_int_equal(kmdf_device_add(kmdf_add, &bus, &device), STATUS_SUCCESS);
    assert_int_equal(WdfDmaTransactionCreate(enabler, WDF_NO_OBJECT_ATTRIBUTES, &transaction), STATUS_SUCCESS);
    struct memory_mdl *mdl = NULL;
    assert_int_equal(memory_lock(NULL, buffer + 9u, BYTES, MEMORY_ACCESS_MODIFY, NULL, &mdl), MEMORY_OK);
    assert_int_equal(WdfDmaTransactionInitializeUsingOffset(transaction, kmdf_program, to_device ? WdfDmaDirectionWriteToDevice : WdfDmaDirectionReadFromDevice,
                                                            (PMDL)(void *)mdl, 0, BYTES), STATUS_SUCCESS);
    assert_int_equal(WdfDmaTransactionExecute(transaction, NULL), STATUS_SUCCESS);
    while (!WdfDmaTransactionDmaCompleted(transaction, &status)) assert_int_equal(status, STATUS_MORE_PROCESSING_REQUIRED);
    assert_int_equal(status, STATUS_SUCCESS);
    assert_int_equal(memory_unlock(mdl), MEMORY_OK);
    assert_int_equal(kmdf_device_remove(device), STATUS_SUCCESS);
    take_trace(said);
    (void)client_end(NULL);
}

/* ---- Side by side ------------------------------------------------------------------------------------------------------ */

static void COM_01_COM_02_both_faces_leave_the_same_trace_of_the_core(void **state)
{
    (void)state;
    static struct said port, framework;
    for (unsigned i = 0; i < 4u; i++) {
        through_the_port((i & 1u) != 0u, (i & 2u) != 0u, &port);
        through_the_framework((i & 1u) != 0u, (i & 2u) != 0u, &framework);
        assert_true(port.count > 3u * 7u);
        for (unsigned k = 0; k < port.count && k < framework.count; k++) {
            if (memcmp(&port.records[k], &framework.records[k], sizeof port.records[k]) != 0) {
                fail_msg("record %u: %s %x, %s %x", k, trace_name((enum trace_event)port.records[k].event), port.records[k].argument,
                         trace_name((enum trace_event)framework.records[k].event), framework.records[k].argument);
            }
        }
        assert_int_equal(port.count, framework.count);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(COM_01_COM_02_both_faces_leave_the_same_trace_of_the_core) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
