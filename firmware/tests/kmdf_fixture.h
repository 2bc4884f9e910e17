/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file kmdf_fixture.h  What tests of the framework begin with: a driver that does in device-add what the test says.
 *
 * The device here has no engine: device_run() moves the bytes of a list through the gate, to or from device_bytes.
 */
#ifndef KMDF_FIXTURE_H
#define KMDF_FIXTURE_H

#include "client_fixture.h"

#include "kmdf.h"

static const struct kmdf_range kmdf_ranges[] = {
    { SOC_ENGINE, 0x1000u },
    { SOC_BUS_DEVICE, 16u * 4096u },
};
static struct kmdf_bus_device on_the_bus;

static WDFDEVICE         device;
static WDFDMAENABLER     enabler;
static WDFDMATRANSACTION transaction;
static struct memory_mdl *mdl;

/* What device-add does behind WdfDeviceCreate(). */
static NTSTATUS (*adds)(WDFDEVICE device);
static WDF_PNPPOWER_EVENT_CALLBACKS power;

static inline NTSTATUS fixture_add(WDFDRIVER driver, PWDFDEVICE_INIT init)
{
    (void)driver;
    WDFDEVICE made;
    WdfDeviceInitSetPnpPowerEventCallbacks(init, &power);
    NTSTATUS status = WdfDeviceCreate(&init, WDF_NO_OBJECT_ATTRIBUTES, &made);
    if (!NT_SUCCESS(status)) return status;
    assert_null(init);
    return adds != NULL ? adds(made) : STATUS_SUCCESS;
}

static inline NTSTATUS add_device(NTSTATUS (*what)(WDFDEVICE device))
{
    adds = what;
    return kmdf_device_add(fixture_add, &on_the_bus, &device);
}

static inline void remove_device(void)
{
    assert_no_violation();
    assert_int_equal(kmdf_device_remove(device), STATUS_SUCCESS);
    assert_no_violation();
}

static inline int kmdf_begin_with(const struct fake_config *config, uint32_t registers)
{
    gate_begin(config);
    kmdf_init(&gate, registers);
    on_the_bus = (struct kmdf_bus_device){ .ranges = kmdf_ranges, .range_count = 2, .line = SOC_LINE_ENGINE, .channels = FAKE_CHANNELS };
    WDF_PNPPOWER_EVENT_CALLBACKS_INIT(&power);
    client_begin();
    return 0;
}

static inline int kmdf_begin(void **state)
{
    (void)state;
    return kmdf_begin_with(&(struct fake_config){ 0 }, 256u);
}

#define kmdf_test(name) cmocka_unit_test_setup_teardown(name, kmdf_begin, client_end)

/* ---- An enabler and a transaction -------------------------------------------------------------------------------------- */

static WDF_DMA_ENABLER_CONFIG enabler_config;
static size_t                 enabler_elements; /* 0: not set */

static inline NTSTATUS add_enabler(WDFDEVICE made)
{
    NTSTATUS status = WdfDmaEnablerCreate(made, &enabler_config, WDF_NO_OBJECT_ATTRIBUTES, &enabler);
    if (NT_SUCCESS(status) && enabler_elements != 0u) WdfDmaEnablerSetMaximumScatterGatherElements(enabler, enabler_elements);
    return status;
}

/* A device with an enabler of this profile and version, at power. */
static inline void begin_enabler(WDF_DMA_PROFILE profile, size_t maximum, ULONG version)
{
    WDF_DMA_ENABLER_CONFIG_INIT(&enabler_config, profile, maximum);
    enabler_config.WdmDmaVersionOverride = version;
    assert_int_equal(add_device(add_enabler), STATUS_SUCCESS);
}

static inline PMDL mdl_handle(struct memory_mdl *of)
{
    return (PMDL)(void *)of;
}

static inline struct memory_mdl *lock_bytes(uint32_t offset, uint32_t length, enum memory_access access)
{
    struct memory_mdl *made = NULL;
    assert_int_equal(memory_lock(NULL, buffer + offset, length, access, NULL, &made), MEMORY_OK);
    return made;
}

/* The enabler, a transaction of it, and a buffer that may be moved both ways. */
static inline void begin_transaction(WDF_DMA_PROFILE profile, size_t maximum, uint32_t offset, uint32_t length)
{
    begin_enabler(profile, maximum, 3u);
    assert_int_equal(WdfDmaTransactionCreate(enabler, WDF_NO_OBJECT_ATTRIBUTES, &transaction), STATUS_SUCCESS);
    mdl = lock_bytes(offset, length, MEMORY_ACCESS_MODIFY);
}

static inline void end_transaction(void)
{
    assert_int_equal(memory_unlock(mdl), MEMORY_OK);
    remove_device();
}

/* ---- EvtProgramDma: what it was called with, oldest first --------------------------------------------------------------- */

#define PROGRAMS_MAX 64u
static struct programmed {
    WDFDMATRANSACTION    transaction;
    PSCATTER_GATHER_LIST list;
    WDFCONTEXT context;
    ULONG      elements, bytes, first_length;
    uint64_t   first_address;
    size_t     moved, current; /* what the transaction said inside */
    KIRQL      level;
} programs[PROGRAMS_MAX];
static unsigned program_count;

/* What EvtProgramDma does besides; NULL: the device stands still. */
static void (*program_more)(WDFDMATRANSACTION transaction, PSCATTER_GATHER_LIST list);

static inline ULONG list_bytes(PSCATTER_GATHER_LIST list)
{
    ULONG bytes = 0;
    for (ULONG i = 0; i < list->NumberOfElements; i++) {
        assert_true(list->Elements[i].Length > 0u);
        bytes += list->Elements[i].Length;
    }
    return bytes;
}

static inline BOOLEAN program(WDFDMATRANSACTION t, WDFDEVICE of, WDFCONTEXT context, WDF_DMA_DIRECTION direction, PSCATTER_GATHER_LIST list)
{
    (void)direction;
    assert_ptr_equal(of, device);
    assert_true(program_count < PROGRAMS_MAX);
    programs[program_count++] = (struct programmed){
        .transaction = t, .list = list, .context = context, .elements = list->NumberOfElements, .bytes = list_bytes(list),
        .first_length = list->Elements[0].Length, .first_address = (uint64_t)list->Elements[0].Address.QuadPart,
        .moved = WdfDmaTransactionGetBytesTransferred(t), .current = WdfDmaTransactionGetCurrentDmaTransferLength(t),
        .level = KeGetCurrentIrql(),
    };
    if (program_more != NULL) program_more(t, list);
    return TRUE;
}

static inline void programs_clear(void)
{
    program_count = 0;
    program_more = NULL;
}

static inline NTSTATUS initialize(WDFDMATRANSACTION t, WDF_DMA_DIRECTION direction, size_t offset, size_t length)
{
    return WdfDmaTransactionInitializeUsingOffset(t, program, direction, mdl_handle(mdl), offset, length);
}

static inline void execute_all(WDFDMATRANSACTION t, WDF_DMA_DIRECTION direction, size_t offset, size_t length)
{
    programs_clear();
    assert_int_equal(initialize(t, direction, offset, length), STATUS_SUCCESS);
    assert_int_equal(WdfDmaTransactionExecute(t, &programs), STATUS_SUCCESS);
}

/* Completes what runs, and says how that went. */
#define assert_completed(call, wanted_return, wanted_status) \
    do { \
        NTSTATUS completed_status = 1; \
        NTSTATUS *const completed = &completed_status; \
        assert_int_equal((call), (wanted_return)); \
        assert_int_equal(completed_status, (wanted_status)); \
    } while (0)

/* Moves the bytes of a list from device_bytes + at to memory, or the other way, as far as the gate lets it. @return bytes */
static inline uint32_t device_run(unsigned channel, PSCATTER_GATHER_LIST list, WDF_DMA_DIRECTION direction, uint32_t at)
{
    uint32_t moved = 0;
    for (ULONG i = 0; i < list->NumberOfElements; i++) {
        for (ULONG k = 0; k < list->Elements[i].Length; k++) {
            uint64_t address = (uint64_t)list->Elements[i].Address.QuadPart + k;
            if (!fake_access(channel, address, direction == WdfDmaDirectionReadFromDevice, &device_bytes[at + moved])) return moved;
            moved++;
        }
    }
    return moved;
}

#endif
