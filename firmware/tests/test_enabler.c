/* SPDX-License-Identifier: Apache-2.0 */
/* DMA enablers: profiles, limits, what they are asked, power. */
#include <stdio.h>

#include "kmdf_fixture.h"

static WDF_DMA_ENABLER_CONFIG config;
static NTSTATUS created;

/* Device-add that tries config, whatever comes of it. */
static NTSTATUS add_tried(WDFDEVICE made)
{
    created = WdfDmaEnablerCreate(made, &config, WDF_NO_OBJECT_ATTRIBUTES, &enabler);
    return STATUS_SUCCESS;
}

static NTSTATUS try_config(void)
{
    assert_int_equal(add_device(add_tried), STATUS_SUCCESS);
    return created;
}

static void configured(WDF_DMA_PROFILE profile, size_t maximum)
{
    WDF_DMA_ENABLER_CONFIG_INIT(&config, profile, maximum);
}

/* ---- WEN-04 ------------------------------------------------------------------------------------------------------------ */

static void WEN_04_a_configuration_is_judged_before_anything_is_taken(void **state)
{
    (void)state;
    const struct { ULONG size, width, version, flags; WDF_DMA_PROFILE profile; size_t maximum; NTSTATUS status; } cases[] = {
        { 0, 0, 0, 0, WdfDmaProfilePacket, PAGE, STATUS_SUCCESS },
        { 1, 0, 0, 0, WdfDmaProfilePacket, PAGE, STATUS_INFO_LENGTH_MISMATCH },
        { 0, 0, 0, 0, WdfDmaProfileInvalid, PAGE, STATUS_INVALID_PARAMETER },
        { 0, 0, 0, 0, (WDF_DMA_PROFILE)9, PAGE, STATUS_INVALID_PARAMETER },
        { 0, 0, 0, 0, WdfDmaProfileScatterGather, 0, STATUS_INVALID_PARAMETER },
        { 0, 0, 0, 0, WdfDmaProfileScatterGather, SOC_BUS_HOST_BYTES + 1u, STATUS_INVALID_PARAMETER },
        { 0, 23, 0, 0, WdfDmaProfileScatterGather, PAGE, STATUS_INVALID_PARAMETER },
        { 0, 24, 0, 0, WdfDmaProfileScatterGather, PAGE, STATUS_INSUFFICIENT_RESOURCES }, /* no frame is as low as that */
        { 0, 31, 0, 0, WdfDmaProfileScatterGather, PAGE, STATUS_SUCCESS },
        { 0, 31, 0, 0, WdfDmaProfilePacket, PAGE, STATUS_INSUFFICIENT_RESOURCES }, /* nor is the window */
        { 0, 32, 0, 0, WdfDmaProfilePacket, PAGE, STATUS_SUCCESS },
        { 0, 32, 0, 0, WdfDmaProfileScatterGather, PAGE, STATUS_SUCCESS },
        { 0, 33, 0, 0, WdfDmaProfileScatterGather, PAGE, STATUS_INVALID_PARAMETER },
        { 0, 63, 0, 0, WdfDmaProfileScatterGather64, PAGE, STATUS_SUCCESS },
        { 0, 64, 0, 0, WdfDmaProfileScatterGather64, PAGE, STATUS_INVALID_PARAMETER },
        { 0, 0, 3, 0, WdfDmaProfileScatterGather, PAGE, STATUS_SUCCESS },
        { 0, 0, 2, 0, WdfDmaProfileScatterGather, PAGE, STATUS_NOT_SUPPORTED },
        { 0, 0, 0, 1, WdfDmaProfileScatterGather, PAGE, STATUS_SUCCESS },
        { 0, 0, 3, 2, WdfDmaProfileScatterGather, PAGE, STATUS_SUCCESS },
        { 0, 0, 0, 2, WdfDmaProfileScatterGather, PAGE, STATUS_INVALID_PARAMETER }, /* what version 2 does not have */
        { 0, 0, 3, 4, WdfDmaProfileScatterGather, PAGE, STATUS_INVALID_PARAMETER },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        configured(cases[i].profile, cases[i].maximum);
        config.Size += cases[i].size;
        config.AddressWidthOverride = cases[i].width;
        config.WdmDmaVersionOverride = cases[i].version;
        config.Flags = cases[i].flags;
        if (try_config() != cases[i].status) fail_msg("case %zu: %x", i, (unsigned)created);
        remove_device();
    }
}

static void WEN_04_system_profiles_are_not_supported(void **state)
{
    (void)state;
    for (WDF_DMA_PROFILE profile = WdfDmaProfileSystem; profile <= WdfDmaProfileSystemDuplex; profile++) {
        configured(profile, PAGE);
        assert_int_equal(try_config(), STATUS_NOT_SUPPORTED);
        remove_device();
    }
}

/* A profile says how many adapters there are, and what each can say. */
static void WEN_04_profiles_differ_in_paths_and_elements(void **state)
{
    (void)state;
    const struct { WDF_DMA_PROFILE profile; unsigned paths, elements; } cases[] = {
        { WdfDmaProfilePacket, 1, 1 }, { WdfDmaProfilePacket64, 1, 1 },
        { WdfDmaProfileScatterGather, 1, 3 }, { WdfDmaProfileScatterGather64, 1, 3 },
        { WdfDmaProfileScatterGatherDuplex, 2, 3 }, { WdfDmaProfileScatterGather64Duplex, 2, 3 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        begin_transaction(cases[i].profile, 3u * PAGE, 0, 3u * PAGE); /* its frames are scattered */
        WDFDMATRANSACTION other;
        assert_int_equal(WdfDmaTransactionCreate(enabler, WDF_NO_OBJECT_ATTRIBUTES, &other), STATUS_SUCCESS);
        execute_all(transaction, WdfDmaDirectionReadFromDevice, 0, 3u * PAGE);
        assert_int_equal(programs[0].elements, cases[i].elements);
        assert_int_equal(initialize(other, WdfDmaDirectionWriteToDevice, 0, 3u * PAGE), STATUS_SUCCESS);
        assert_int_equal(WdfDmaTransactionExecute(other, NULL), STATUS_SUCCESS);

        if (cases[i].elements > 1u) { /* a list that lives on: the second path is the second channel */
            assert_int_equal(device_run(0, programs[0].list, WdfDmaDirectionReadFromDevice, 0), 3u * PAGE);
            assert_int_equal(device_run(cases[i].paths - 1u, programs[1].list, WdfDmaDirectionWriteToDevice, 0), 3u * PAGE);
        }
        assert_completed(WdfDmaTransactionDmaCompleted(transaction, completed), TRUE, STATUS_SUCCESS);
        assert_completed(WdfDmaTransactionDmaCompleted(other, completed), TRUE, STATUS_SUCCESS);
        end_transaction();
    }
}

/* ---- WEN-01, WEN-02 ---------------------------------------------------------------------------------------------------- */

static void WEN_01_an_enabler_is_made_at_passive_before_its_device_has_power(void **state)
{
    (void)state;
    begin_enabler(WdfDmaProfileScatterGather, PAGE, 0);
    WDFDMAENABLER late = NULL;
    assert_int_equal(WdfDmaEnablerCreate(device, &enabler_config, WDF_NO_OBJECT_ATTRIBUTES, &late), STATUS_INVALID_DEVICE_REQUEST);
    assert_violation(VIOL_WDF_STATE);
    enum irql old = irql_raise(IRQL_DISPATCH);
    assert_int_equal(WdfDmaEnablerCreate(device, &enabler_config, WDF_NO_OBJECT_ATTRIBUTES, &late), STATUS_INVALID_PARAMETER);
    irql_lower(old);
    assert_violation(VIOL_IRQL);
    assert_null(late);
    assert_int_equal(WdfDmaEnablerCreate(NULL, &enabler_config, WDF_NO_OBJECT_ATTRIBUTES, &late), STATUS_INVALID_PARAMETER);
    assert_violation(VIOL_WDF_STATE);
    WDF_OBJECT_ATTRIBUTES attributes;
    WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
    attributes.ParentObject = enabler; /* its parent is always its enabler, and is not to be said */
    assert_int_equal(WdfDmaTransactionCreate(enabler, &attributes, &transaction), STATUS_INVALID_PARAMETER);
    remove_device();
}

static unsigned gone_count;
static WDFOBJECT gone_first;

static VOID gone(WDFOBJECT object)
{
    if (gone_count++ == 0u) gone_first = object;
}

static void WEN_01_children_are_deleted_with_their_device(void **state)
{
    (void)state;
    begin_enabler(WdfDmaProfileScatterGather, PAGE, 0);
    WDF_OBJECT_ATTRIBUTES attributes;
    WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
    attributes.EvtCleanupCallback = gone;
    attributes.EvtDestroyCallback = gone;
    gone_count = 0;
    assert_int_equal(WdfDmaTransactionCreate(enabler, &attributes, &transaction), STATUS_SUCCESS);
    remove_device();
    assert_int_equal(gone_count, 2);
    assert_ptr_equal(gone_first, transaction);
    assert_int_equal(WdfDmaEnablerGetMaximumLength(enabler), 0);
    assert_violation(VIOL_WDF_STATE);
    assert_int_equal(WdfDmaTransactionRelease(transaction), STATUS_INVALID_DEVICE_STATE);
    assert_violation(VIOL_WDF_STATE);
    assert_int_equal(kmdf_device_remove(device), STATUS_INVALID_PARAMETER);
    assert_violation(VIOL_WDF_STATE);
}

static NTSTATUS add_with_elements(WDFDEVICE made)
{
    WdfDeviceSetAlignmentRequirement(made, 15);
    assert_int_equal(WdfDeviceGetAlignmentRequirement(made), 15);
    WdfDeviceSetAlignmentRequirement(made, 14);
    assert_violation(VIOL_WDF_STATE); /* a mask has no holes */
    NTSTATUS status = add_enabler(made);
    assert_int_equal(WdfDmaEnablerGetMaximumScatterGatherElements(enabler), WDF_DMA_ENABLER_UNLIMITED_FRAGMENTS);
    WdfDmaEnablerSetMaximumScatterGatherElements(enabler, 0);
    assert_violation(VIOL_WDF_STATE);
    WdfDmaEnablerSetMaximumScatterGatherElements(enabler, 5);
    return status;
}

static void WEN_02_elements_are_limited_before_the_device_has_power(void **state)
{
    (void)state;
    WDF_DMA_ENABLER_CONFIG_INIT(&enabler_config, WdfDmaProfileScatterGather, PAGE);
    assert_int_equal(add_device(add_with_elements), STATUS_SUCCESS);
    assert_int_equal(WdfDeviceGetAlignmentRequirement(device), 15);
    assert_int_equal(WdfDmaEnablerGetMaximumScatterGatherElements(enabler), 5);
    WdfDmaEnablerSetMaximumScatterGatherElements(enabler, 7);
    assert_violation(VIOL_WDF_STATE);
    assert_int_equal(WdfDmaEnablerGetMaximumScatterGatherElements(enabler), 5);
    remove_device();
}

static NTSTATUS add_aligned(WDFDEVICE made)
{
    WdfDeviceSetAlignmentRequirement(made, 15);
    return add_enabler(made);
}

static void WEN_03_a_buffer_of_a_client_need_not_be_aligned(void **state)
{
    (void)state;
    WDF_DMA_ENABLER_CONFIG_INIT(&enabler_config, WdfDmaProfileScatterGather, PAGE);
    assert_int_equal(add_device(add_aligned), STATUS_SUCCESS);
    assert_int_equal(WdfDmaTransactionCreate(enabler, WDF_NO_OBJECT_ATTRIBUTES, &transaction), STATUS_SUCCESS);
    mdl = lock_bytes(3, 100, MEMORY_ACCESS_READ);
    client_fill(3, 100, 5);
    execute_all(transaction, WdfDmaDirectionWriteToDevice, 2, 90);
    assert_int_equal(programs[0].first_address % 16u, 5); /* where it is, not a copy of it */
    assert_int_equal(device_run(0, programs[0].list, WdfDmaDirectionWriteToDevice, 0), 90);
    for (uint32_t i = 0; i < 90; i++) assert_int_equal(device_bytes[i], fixture_byte(5, i + 2u));
    assert_completed(WdfDmaTransactionDmaCompleted(transaction, completed), TRUE, STATUS_SUCCESS);
    end_transaction();
}

/* ---- Lengths ----------------------------------------------------------------------------------------------------------- */

static void WEN_05_one_register_is_kept_back_for_what_begins_inside_a_page(void **state)
{
    (void)state;
    const struct { uint32_t registers; size_t maximum, fragment; } cases[] = {
        { 17, 16u * PAGE, 16u * PAGE }, { 16, 16u * PAGE, 15u * PAGE }, { 2, 16u * PAGE, PAGE }, { 16, 100, 100 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        on_the_bus.registers_max[0] = cases[i].registers;
        begin_enabler(WdfDmaProfileScatterGather, cases[i].maximum, 0);
        assert_int_equal(WdfDmaEnablerGetFragmentLength(enabler, WdfDmaDirectionWriteToDevice), cases[i].fragment);
        assert_int_equal(WdfDmaEnablerGetMaximumLength(enabler), cases[i].maximum);
        remove_device();
    }
    on_the_bus.registers_max[0] = 1; /* it would be kept back */
    configured(WdfDmaProfileScatterGather, PAGE);
    assert_int_equal(try_config(), STATUS_INSUFFICIENT_RESOURCES);
    remove_device();
}

static void WEN_06_a_duplex_enabler_has_a_fragment_length_for_each_direction(void **state)
{
    (void)state;
    on_the_bus.registers_max[0] = 17;
    on_the_bus.registers_max[1] = 9;
    begin_enabler(WdfDmaProfileScatterGatherDuplex, 16u * PAGE, 3);
    assert_int_equal(WdfDmaEnablerGetFragmentLength(enabler, WdfDmaDirectionReadFromDevice), 16u * PAGE);
    assert_int_equal(WdfDmaEnablerGetFragmentLength(enabler, WdfDmaDirectionWriteToDevice), 8u * PAGE);
    assert_int_equal(WdfDmaEnablerGetFragmentLength(enabler, (WDF_DMA_DIRECTION)2), 0);
    remove_device();
}

static void WEN_07_lists_are_there_whatever_the_flags_say(void **state)
{
    (void)state;
    WDF_DMA_ENABLER_CONFIG_INIT(&enabler_config, WdfDmaProfileScatterGather, 16u * PAGE);
    enabler_config.Flags = WDF_DMA_ENABLER_CONFIG_NO_SGLIST_PREALLOCATION;
    assert_int_equal(add_device(add_enabler), STATUS_SUCCESS);
    assert_int_equal(WdfDmaTransactionCreate(enabler, WDF_NO_OBJECT_ATTRIBUTES, &transaction), STATUS_SUCCESS);
    mdl = lock_bytes(1, 16u * PAGE, MEMORY_ACCESS_READ);
    execute_all(transaction, WdfDmaDirectionWriteToDevice, 0, 16u * PAGE); /* the worst case: every page an element */
    assert_int_equal(programs[0].elements, 17);
    assert_int_equal(programs[0].bytes, 16u * PAGE);
    assert_completed(WdfDmaTransactionDmaCompleted(transaction, completed), TRUE, STATUS_SUCCESS);
    end_transaction();
}

/* ---- Power ------------------------------------------------------------------------------------------------------------- */

static char called[200];

static void note(const char *what)
{
    strncat(called, what, sizeof called - strlen(called) - 1u);
}

static NTSTATUS enable_status;
static NTSTATUS fill(WDFDMAENABLER e) { (void)e; note("fill "); return STATUS_SUCCESS; }
static NTSTATUS enable(WDFDMAENABLER e) { (void)e; note("enable "); return enable_status; }
static NTSTATUS io_start(WDFDMAENABLER e) { (void)e; note("start "); return STATUS_SUCCESS; }
static NTSTATUS io_stop(WDFDMAENABLER e) { (void)e; note("stop "); return STATUS_SUCCESS; }
static NTSTATUS disable(WDFDMAENABLER e) { (void)e; note("disable "); return STATUS_SUCCESS; }
static NTSTATUS flush(WDFDMAENABLER e) { (void)e; note("flush "); return STATUS_SUCCESS; }

static NTSTATUS prepare(WDFDEVICE d, WDFCMRESLIST raw, WDFCMRESLIST translated)
{
    note("prepare ");
    assert_int_equal(WdfCmResourceListGetCount(raw), 3);
    PCM_PARTIAL_RESOURCE_DESCRIPTOR memory = WdfCmResourceListGetDescriptor(translated, 1);
    assert_int_equal(memory->Type, CmResourceTypeMemory);
    assert_int_equal(memory->u.Memory.Start.QuadPart, SOC_BUS_DEVICE);
    assert_int_equal(memory->u.Memory.Length, 16u * 4096u);
    assert_int_equal(WdfCmResourceListGetDescriptor(translated, 2)->Type, CmResourceTypeInterrupt);
    assert_null(WdfCmResourceListGetDescriptor(translated, 3));
    return add_enabler(d);
}

static NTSTATUS release_hardware(WDFDEVICE d, WDFCMRESLIST translated)
{
    (void)d;
    assert_int_equal(WdfCmResourceListGetCount(translated), 3);
    note("release ");
    return STATUS_SUCCESS;
}

static NTSTATUS d0_entry(WDFDEVICE d, WDF_POWER_DEVICE_STATE previous)
{
    (void)d;
    assert_int_equal(previous, WdfPowerDeviceD3Final);
    note("d0 ");
    return STATUS_SUCCESS;
}

static NTSTATUS d0_exit(WDFDEVICE d, WDF_POWER_DEVICE_STATE target)
{
    (void)d;
    (void)target;
    note("exit ");
    return STATUS_SUCCESS;
}

static void with_callbacks(void)
{
    WDF_DMA_ENABLER_CONFIG_INIT(&enabler_config, WdfDmaProfileScatterGather, PAGE);
    enabler_config.EvtDmaEnablerFill = fill;
    enabler_config.EvtDmaEnablerEnable = enable;
    enabler_config.EvtDmaEnablerSelfManagedIoStart = io_start;
    enabler_config.EvtDmaEnablerSelfManagedIoStop = io_stop;
    enabler_config.EvtDmaEnablerDisable = disable;
    enabler_config.EvtDmaEnablerFlush = flush;
    power.EvtDevicePrepareHardware = prepare;
    power.EvtDeviceReleaseHardware = release_hardware;
    power.EvtDeviceD0Entry = d0_entry;
    power.EvtDeviceD0Exit = d0_exit;
    enable_status = STATUS_SUCCESS;
    called[0] = '\0';
}

static void WEN_08_dma_comes_to_power_last_and_leaves_it_first(void **state)
{
    (void)state;
    with_callbacks();
    assert_int_equal(add_device(NULL), STATUS_SUCCESS);
    assert_string_equal(called, "prepare d0 fill enable start ");
    called[0] = '\0';
    remove_device();
    assert_string_equal(called, "stop disable flush exit release ");
}

static void WEN_08_a_device_whose_dma_fails_is_taken_down_again(void **state)
{
    (void)state;
    with_callbacks();
    enable_status = STATUS_UNSUCCESSFUL;
    assert_int_equal(add_device(NULL), STATUS_UNSUCCESSFUL);
    assert_string_equal(called, "prepare d0 fill enable stop disable flush exit release ");
    assert_no_violation();
    assert_int_equal(kmdf_device_remove(device), STATUS_INVALID_PARAMETER); /* there is none */
    violation_reset();
}

static NTSTATUS d0_starts_dma(WDFDEVICE d, WDF_POWER_DEVICE_STATE previous)
{
    (void)d;
    (void)previous;
    device = d;
    assert_int_equal(WdfDmaTransactionCreate(enabler, WDF_NO_OBJECT_ATTRIBUTES, &transaction), STATUS_SUCCESS);
    assert_int_equal(initialize(transaction, WdfDmaDirectionWriteToDevice, 0, 8), STATUS_SUCCESS);
    assert_int_equal(WdfDmaTransactionExecute(transaction, NULL), STATUS_INVALID_DEVICE_REQUEST);
    assert_violation(VIOL_WDF_STATE);
    return STATUS_SUCCESS;
}

static void WEN_08_no_dma_before_the_device_has_power(void **state)
{
    (void)state;
    programs_clear();
    mdl = lock_bytes(0, 8, MEMORY_ACCESS_READ);
    WDF_DMA_ENABLER_CONFIG_INIT(&enabler_config, WdfDmaProfileScatterGather, PAGE);
    power.EvtDeviceD0Entry = d0_starts_dma;
    assert_int_equal(add_device(add_enabler), STATUS_SUCCESS);
    assert_int_equal(program_count, 0);
    assert_int_equal(WdfDmaTransactionExecute(transaction, NULL), STATUS_SUCCESS); /* nothing was changed */
    assert_int_equal(kmdf_device_remove(device), STATUS_INVALID_DEVICE_STATE);      /* it is in transfer */
    assert_violation(VIOL_WDF_STATE);
    assert_completed(WdfDmaTransactionDmaCompleted(transaction, completed), TRUE, STATUS_SUCCESS);
    end_transaction();
}

static void WEN_09_elements_are_counted_as_pages(void **state)
{
    (void)state;
    enabler_elements = 4;
    begin_transaction(WdfDmaProfileScatterGather, 8u * PAGE, 0, 8u * PAGE);
    assert_int_equal(initialize(transaction, WdfDmaDirectionWriteToDevice, 0, 4u * PAGE), STATUS_SUCCESS);
    assert_int_equal(WdfDmaTransactionRelease(transaction), STATUS_SUCCESS);
    assert_int_equal(initialize(transaction, WdfDmaDirectionWriteToDevice, 1, 4u * PAGE), STATUS_WDF_TOO_FRAGMENTED);

    /* Five pages that lie side by side, which the list would show as one element. */
    uint16_t frames[] = { 8, 9, 10, 11, 12 };
    struct memory_mdl *contiguous = memory_mdl_build(frames, 5, 0, 5u * PAGE);
    assert_int_equal(WdfDmaTransactionInitializeUsingOffset(transaction, program, WdfDmaDirectionWriteToDevice, mdl_handle(contiguous), 0, 5u * PAGE),
                     STATUS_WDF_TOO_FRAGMENTED);
    assert_int_equal(memory_unlock(contiguous), MEMORY_OK);
    enabler_elements = 0;
    end_transaction();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        kmdf_test(WEN_04_a_configuration_is_judged_before_anything_is_taken),
        kmdf_test(WEN_04_system_profiles_are_not_supported),
        kmdf_test(WEN_04_profiles_differ_in_paths_and_elements),
        kmdf_test(WEN_01_an_enabler_is_made_at_passive_before_its_device_has_power),
        kmdf_test(WEN_01_children_are_deleted_with_their_device),
        kmdf_test(WEN_02_elements_are_limited_before_the_device_has_power),
        kmdf_test(WEN_03_a_buffer_of_a_client_need_not_be_aligned),
        kmdf_test(WEN_05_one_register_is_kept_back_for_what_begins_inside_a_page),
        kmdf_test(WEN_06_a_duplex_enabler_has_a_fragment_length_for_each_direction),
        kmdf_test(WEN_07_lists_are_there_whatever_the_flags_say),
        kmdf_test(WEN_08_dma_comes_to_power_last_and_leaves_it_first),
        kmdf_test(WEN_08_a_device_whose_dma_fails_is_taken_down_again),
        kmdf_test(WEN_08_no_dma_before_the_device_has_power),
        kmdf_test(WEN_09_elements_are_counted_as_pages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
