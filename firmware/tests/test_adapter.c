/* SPDX-License-Identifier: Apache-2.0 */
/* Get and Put: descriptions, grants, channels, handles, levels. */
#include "port_fixture.h"

/* What a failing Get must leave as it was. */
static unsigned channels_left(void)
{
    PVP_DMA_ADAPTER taken[FAKE_CHANNELS + 1u];
    unsigned count = 0;
    while (count <= FAKE_CHANNELS && (taken[count] = adapter_direct(PAGE)) != NULL) count++;
    for (unsigned i = 0; i < count; i++) VideoPortPutDmaAdapter(extension, taken[i]);
    return count;
}

static void ADP_01_the_adapter_is_opaque_and_its_address_tells(void **state)
{
    (void)state;
    PVP_DMA_ADAPTER a = adapter_direct(PAGE), b = adapter_direct(PAGE);
    assert_non_null(a);
    assert_non_null(b);
    assert_ptr_not_equal(a, b);
    VideoPortPutDmaAdapter(extension, a);
    VideoPortPutDmaAdapter(extension, b);
}

static void ADP_02_a_get_that_fails_leaves_everything_as_it_was(void **state)
{
    (void)state;
    VP_DEVICE_DESCRIPTION_EX bad[6];
    for (unsigned i = 0; i < 6; i++) bad[i] = described(TRUE, 4 * PAGE);
    bad[0].Channel = 7;                                     /* no such channel */
    bad[1].MapRegisters = 0, bad[1].Base.ScatterGather = FALSE, bad[1].AddressBits = 20; /* window beyond the reach */
    bad[2].FrameBufferLength = PAGE, bad[2].FrameBufferRead = TRUE; /* frame buffer outside the guard: address 0 */
    bad[3].Boundary = 3 * PAGE;
    bad[4].FrameBufferLength = PAGE;                        /* no direction */
    bad[5].BouncePages = 1000;
    for (unsigned i = 0; i < 6; i++) {
        assert_null(VpGetDmaAdapterEx(extension, &bad[i]));
        assert_int_equal(channels_left(), FAKE_CHANNELS);
        assert_int_equal(memory_use().common_frames, 0);
        assert_int_equal(map_registers_free(&gate), FAKE_WINDOW);
    }
    for (unsigned i = 0; i < 20; i++) assert_null(VpGetDmaAdapterEx(extension, &bad[2])); /* numbers and registers come back */
    PVP_DMA_ADAPTER all = adapter_direct((REGISTERS - 1u) * PAGE);
    assert_int_equal(information(all).Registers, REGISTERS);
    VideoPortPutDmaAdapter(extension, all);
    assert_null(VideoPortGetDmaAdapter(extension, NULL));
    assert_null(VideoPortGetDmaAdapter(&bad, &bad[0].Base)); /* not attached */
}

static void ADP_03_two_adapters_have_two_channels(void **state)
{
    (void)state;
    PVP_DMA_ADAPTER a = adapter_direct(PAGE), b = adapter_direct(PAGE);
    assert_int_equal(information(a).Channel, 0);
    assert_int_equal(information(b).Channel, 1);
    VideoPortPutDmaAdapter(extension, a);
    VideoPortPutDmaAdapter(extension, b);
}

static void ADP_04_a_small_pool_shrinks_the_grant(void **state)
{
    (void)state;
    PVP_DMA_ADAPTER all = adapter_direct(20 * PAGE), rest = adapter_direct(20 * PAGE);
    assert_int_equal(information(all).Registers, 21);
    assert_int_equal(information(rest).Registers, REGISTERS - 21u);
    VideoPortPutDmaAdapter(extension, rest);
    VideoPortPutDmaAdapter(extension, all);
    PVP_DMA_ADAPTER odd = adapter_direct(3 * PAGE + 1u);
    assert_int_equal(information(odd).Registers, 5);
    VideoPortPutDmaAdapter(extension, odd);
}

static void ADP_05_fewer_than_two_registers_only_when_asked_for(void **state)
{
    (void)state;
    const struct { uint32_t pool; ULONG asked; bool granted; } cases[] = {
        { 0, 0, false }, { 1, 0, false }, { 2, 0, true }, { 1, 1, true }, { 0, 1, false },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        VP_DEVICE_ATTACHMENT attachment = { .Channels = 1 };
        port_init(&gate, cases[i].pool);
        assert_int_equal(VpAttachDevice(extension, &attachment), NO_ERROR);
        VP_DEVICE_DESCRIPTION_EX description = described(TRUE, 8 * PAGE);
        description.MapRegisters = cases[i].asked;
        PVP_DMA_ADAPTER adapter = VpGetDmaAdapterEx(extension, &description);
        assert_int_equal(adapter != NULL, cases[i].granted);
        if (adapter != NULL) VideoPortPutDmaAdapter(extension, adapter);
    }
}

static void ADP_06_an_adapter_that_was_put_is_stale_even_when_its_place_is_used_again(void **state)
{
    (void)state;
    PVOID mdl = lock_at(0, PAGE, VpReadAccess);
    PVP_DMA_ADAPTER old = adapter_direct(PAGE);
    VideoPortPutDmaAdapter(extension, old);
    assert_int_equal(start(old, mdl, 0, 16, TRUE), ERROR_INVALID_PARAMETER);
    assert_violation(VIOL_STALE_ADAPTER);
    PVP_DMA_ADAPTER new = adapter_direct(PAGE);
    assert_ptr_not_equal(old, new);
    assert_int_equal(start(old, mdl, 0, 16, TRUE), ERROR_INVALID_PARAMETER);
    assert_violation(VIOL_STALE_ADAPTER);
    assert_int_equal(execute_count, 0);
    VideoPortPutDmaAdapter(extension, old);
    assert_violation(VIOL_STALE_ADAPTER);
    VideoPortPutDmaAdapter(extension, new);
    VideoPortUnlockBuffer(extension, mdl);
}

static void ADP_07_put_is_refused_with_a_code_for_what_is_outstanding(void **state)
{
    (void)state;
    executes_clear();
    PVP_DMA_ADAPTER adapter = adapter_direct(4 * PAGE);
    PVOID mdl = lock_at(0, 2 * PAGE, VpReadAccess);
    PHYSICAL_ADDRESS logical;

    PVOID common = VideoPortAllocateCommonBuffer(extension, adapter, 100, &logical, FALSE, NULL);
    VideoPortPutDmaAdapter(extension, adapter);
    assert_violation(VIOL_PUT_COMMON_BUFFER);
    VideoPortReleaseCommonBuffer(extension, adapter, 100, logical, common, FALSE);

    assert_int_equal(start(adapter, mdl, 0, PAGE, TRUE), NO_ERROR);
    VideoPortPutDmaAdapter(extension, adapter);
    assert_violation(VIOL_PUT_LIST);
    static ULONG waiting = 16;
    assert_int_equal(VideoPortStartDma(extension, adapter, mdl, 0, &waiting, execute_recording, &waiting, TRUE), NO_ERROR);
    VideoPortPutDmaAdapter(extension, adapter);
    assert_violation(VIOL_PUT_LIST);
    assert_int_equal(information(adapter).Queued, 1); /* still an adapter, nothing changed */

    assert_int_equal(complete_last(adapter, TRUE), NO_ERROR);
    assert_int_equal(complete_last(adapter, TRUE), NO_ERROR);
    VideoPortPutDmaAdapter(extension, adapter);
    assert_no_violation();
    VideoPortUnlockBuffer(extension, mdl);
}

static void ADP_09_get_ends_at_the_limit_and_works_again_after_a_put(void **state)
{
    (void)state;
    PVP_DMA_ADAPTER a = adapter_direct(PAGE), b = adapter_direct(PAGE);
    assert_null(adapter_direct(PAGE));
    VideoPortPutDmaAdapter(extension, a);
    a = adapter_direct(PAGE);
    assert_non_null(a);
    VideoPortPutDmaAdapter(extension, a);
    VideoPortPutDmaAdapter(extension, b);
}

static void ADP_11_a_channel_can_be_named(void **state)
{
    (void)state;
    VP_DEVICE_DESCRIPTION_EX description = described(TRUE, PAGE);
    description.Channel = 1;
    PVP_DMA_ADAPTER one = VpGetDmaAdapterEx(extension, &description);
    assert_int_equal(information(one).Channel, 1);
    assert_null(VpGetDmaAdapterEx(extension, &description));
    assert_int_equal(channels_left(), 1);
    VideoPortPutDmaAdapter(extension, one);
}

static void the_frame_buffer_is_open_from_get_until_put(void **state)
{
    (void)state;
    uint8_t byte = 1;
    VP_DEVICE_DESCRIPTION_EX description = described(TRUE, PAGE);
    description.FrameBuffer.QuadPart = SOC_BUS_DEVICE;
    description.FrameBufferLength = 3 * PAGE - 1u;
    description.FrameBufferWrite = TRUE;
    PVP_DMA_ADAPTER adapter = VpGetDmaAdapterEx(extension, &description);
    assert_non_null(adapter);
    assert_true(fake_access(0, SOC_BUS_DEVICE + 2u * PAGE, true, &byte));
    assert_false(fake_access(0, SOC_BUS_DEVICE + 2u * PAGE, false, &byte));
    assert_false(fake_access(0, SOC_BUS_DEVICE + 3u * PAGE, true, &byte));
    assert_false(fake_access(1, SOC_BUS_DEVICE, true, &byte));
    VideoPortPutDmaAdapter(extension, adapter);
    assert_false(fake_access(0, SOC_BUS_DEVICE, true, &byte));
}

/* ---- Descriptions -------------------------------------------------------------------------------------------------- */

static void DD_01_without_scatter_gather_there_is_one_element(void **state)
{
    (void)state;
    executes_clear();
    client_fill(5, 6 * PAGE, 3);
    PVOID mdl = lock_at(5, 6 * PAGE, VpReadAccess);
    for (BOOLEAN several = FALSE; several <= TRUE; several++) {
        VP_DEVICE_DESCRIPTION_EX description = described(several, 8 * PAGE);
        PVP_DMA_ADAPTER adapter = VpGetDmaAdapterEx(extension, &description);
        assert_int_equal(information(adapter).Windowed, !several);
        assert_int_equal(start(adapter, mdl, 0, 6 * PAGE, TRUE), NO_ERROR);
        const struct executed *last = &executes[execute_count - 1u];
        assert_int_equal(last->elements, several ? 7 : 1); /* frames are scattered by construction */
        assert_int_equal(last->bytes, 6 * PAGE);
        memset(device_bytes, 0, sizeof device_bytes);
        assert_int_equal(device_run(0, last->list, TRUE, 0), 6 * PAGE);
        for (uint32_t i = 0; i < 6 * PAGE; i++) assert_int_equal(device_bytes[i], fixture_byte(3, i));
        assert_int_equal(complete_last(adapter, TRUE), NO_ERROR);
        VideoPortPutDmaAdapter(extension, adapter);
    }
    VideoPortUnlockBuffer(extension, mdl);
}

static void DD_03_the_flags_give_the_reach(void **state)
{
    (void)state;
    const struct { BOOLEAN several, b32, b64; uint64_t reach; } cases[] = {
        { TRUE, FALSE, FALSE, 0xffffffffu }, { FALSE, TRUE, FALSE, 0xffffffffu }, { FALSE, FALSE, FALSE, 0xffffffu },
    };
    port_begin_with(&(struct fake_config){ .addr_bits = 32 });
    for (size_t i = 0; i < 3; i++) {
        VP_DEVICE_DESCRIPTION description = { cases[i].several, cases[i].b32, cases[i].b64, PAGE };
        PVP_DMA_ADAPTER adapter = VideoPortGetDmaAdapter(extension, &description);
        /* The window stands at 3 GiB: with 16 MiB of reach there is none, and such an adapter cannot be. */
        assert_int_equal(adapter != NULL, cases[i].reach > SOC_BUS_WINDOW);
        if (adapter != NULL) VideoPortPutDmaAdapter(extension, adapter);
    }
}

static void DD_06_the_description_is_copied(void **state)
{
    (void)state;
    executes_clear();
    VP_DEVICE_DESCRIPTION description = { TRUE, TRUE, FALSE, 2 * PAGE };
    PVP_DMA_ADAPTER adapter = VideoPortGetDmaAdapter(extension, &description);
    memset(&description, 0xff, sizeof description);
    PVOID mdl = lock_at(0, 6 * PAGE, VpReadAccess);
    assert_int_equal(start(adapter, mdl, 0, 6 * PAGE, TRUE), NO_ERROR);
    assert_int_equal(start_length, 2 * PAGE);
    assert_int_equal(complete_last(adapter, TRUE), NO_ERROR);
    VideoPortUnlockBuffer(extension, mdl);
    VideoPortPutDmaAdapter(extension, adapter);
}

static void DD_07_a_length_of_zero_is_refused(void **state)
{
    (void)state;
    VP_DEVICE_DESCRIPTION description = { TRUE, TRUE, FALSE, 0 };
    assert_null(VideoPortGetDmaAdapter(extension, &description));
    VP_DEVICE_DESCRIPTION_EX old = described(TRUE, PAGE);
    old.Size = sizeof old - 4u;
    assert_null(VpGetDmaAdapterEx(extension, &old));
}

static void DD_09_claiming_more_than_the_hardware_has_is_refused(void **state)
{
    (void)state;
    VP_DEVICE_DESCRIPTION description = { TRUE, TRUE, TRUE, PAGE };
    assert_null(VideoPortGetDmaAdapter(extension, &description));
    assert_violation(VIOL_CAPABILITY);
    port_begin_with(&(struct fake_config){ .addr_bits = 28 });
    description.Dma64BitAddresses = FALSE;
    assert_null(VideoPortGetDmaAdapter(extension, &description));
    assert_violation(VIOL_CAPABILITY);
}

/* ---- Levels -------------------------------------------------------------------------------------------------------- */

static PVP_DMA_ADAPTER level_adapter;
static PVOID           level_mdl;
static PHYSICAL_ADDRESS level_logical;

static BOOLEAN yes(PVOID context)
{
    (void)context;
    return TRUE;
}

static void call_get(void)      { VP_DEVICE_DESCRIPTION d = { TRUE, TRUE, FALSE, PAGE }; PVP_DMA_ADAPTER a = VideoPortGetDmaAdapter(extension, &d); if (a != NULL) VideoPortPutDmaAdapter(extension, a); }
static void call_put(void)      { if (irql_current() != IRQL_PASSIVE) VideoPortPutDmaAdapter(extension, level_adapter); }
static void call_lock(void)     { PVOID m = lock_at(0, 1, VpReadAccess); if (m != NULL) VideoPortUnlockBuffer(extension, m); }
static void call_allocate(void) { PVOID p = VideoPortAllocateCommonBuffer(extension, level_adapter, 1, &level_logical, FALSE, NULL); if (p != NULL) VideoPortReleaseCommonBuffer(extension, level_adapter, 1, level_logical, p, FALSE); }
static void call_start(void)    { executes_clear(); if (start(level_adapter, level_mdl, 0, 8, TRUE) == NO_ERROR) (void)complete_last(level_adapter, TRUE); }
static void call_unlock(void)   { if (irql_current() > IRQL_DISPATCH) VideoPortUnlockBuffer(extension, level_mdl); }
static void call_cancel(void)   { (void)VpCancelQueuedDma(extension, level_adapter, NULL); }
static void call_low(void)      { (void)VideoPortSynchronizeExecution(extension, VpLowPriority, yes, NULL); }
static void call_high(void)     { (void)VideoPortSynchronizeExecution(extension, VpHighPriority, yes, NULL); }
static VOID nothing(PVOID ext, PVOID context) { (void)ext; (void)context; }
static void call_queue(void)    { (void)VideoPortQueueDpc(extension, nothing, NULL); }

static void IRQ_02_every_entry_point_has_its_levels(void **state)
{
    (void)state;
    const struct { void (*call)(void); enum irql least, most; } table[] = {
        { call_get, IRQL_PASSIVE, IRQL_PASSIVE },      { call_put, IRQL_PASSIVE, IRQL_PASSIVE },
        { call_lock, IRQL_PASSIVE, IRQL_PASSIVE },     { call_allocate, IRQL_PASSIVE, IRQL_PASSIVE },
        { call_start, IRQL_PASSIVE, IRQL_DISPATCH },   { call_unlock, IRQL_PASSIVE, IRQL_DISPATCH },
        { call_cancel, IRQL_PASSIVE, IRQL_DISPATCH },  { call_low, IRQL_PASSIVE, IRQL_DEVICE },
        { call_high, IRQL_PASSIVE, IRQL_DEVICE },      { call_queue, IRQL_DISPATCH, IRQL_HIGH },
    };
    level_adapter = adapter_direct(PAGE);
    level_mdl = lock_at(0, 64, VpReadAccess);
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        for (enum irql level = IRQL_PASSIVE; level <= IRQL_DEVICE; level = level == IRQL_PASSIVE ? IRQL_DISPATCH : level + 1) {
            bool allowed = level >= table[i].least && level <= table[i].most;
            violation_reset();
            enum irql old = irql_raise(level);
            table[i].call();
            assert_int_equal(irql_current(), level); /* IRQ-08 */
            irql_lower(old);
            assert_int_equal(violation_count_of(VIOL_IRQL) != 0u, !allowed);
        }
    }
    violation_reset();
    VideoPortUnlockBuffer(extension, level_mdl);
    VideoPortPutDmaAdapter(extension, level_adapter);
}

static void LCK_12_the_device_has_a_quota_of_locked_pages(void **state)
{
    (void)state;
    assert_int_equal(VpDetachDevice(extension), NO_ERROR);
    VP_DEVICE_ATTACHMENT attachment = { .Channels = 1, .LockedPages = 8 };
    assert_int_equal(VpAttachDevice(extension, &attachment), NO_ERROR);
    assert_null(lock_at(0, 8 * PAGE + 1u, VpReadAccess));
    PVOID mdl = lock_at(0, 8 * PAGE, VpReadAccess);
    assert_non_null(mdl);
    assert_null(lock_at(9 * PAGE, 1, VpReadAccess));
    VideoPortUnlockBuffer(extension, mdl);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        port_test(ADP_01_the_adapter_is_opaque_and_its_address_tells),
        port_test(ADP_02_a_get_that_fails_leaves_everything_as_it_was),
        port_test(ADP_03_two_adapters_have_two_channels),
        port_test(ADP_04_a_small_pool_shrinks_the_grant),
        port_test(ADP_05_fewer_than_two_registers_only_when_asked_for),
        port_test(ADP_06_an_adapter_that_was_put_is_stale_even_when_its_place_is_used_again),
        port_test(ADP_07_put_is_refused_with_a_code_for_what_is_outstanding),
        port_test(ADP_09_get_ends_at_the_limit_and_works_again_after_a_put),
        port_test(ADP_11_a_channel_can_be_named),
        port_test(the_frame_buffer_is_open_from_get_until_put),
        port_test(DD_01_without_scatter_gather_there_is_one_element),
        port_test(DD_03_the_flags_give_the_reach),
        port_test(DD_06_the_description_is_copied),
        port_test(DD_07_a_length_of_zero_is_refused),
        port_test(DD_09_claiming_more_than_the_hardware_has_is_refused),
        port_test(IRQ_02_every_entry_point_has_its_levels),
        port_test(LCK_12_the_device_has_a_quota_of_locked_pages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
