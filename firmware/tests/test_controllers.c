/* SPDX-License-Identifier: Apache-2.0 */
/* Two controllers: an engine and a gate each, one memory, one pool; a line of their own, or one for both. */
#include "port_fixture.h"

#include "irq.h"

#define SECOND_GATE  (SOC_REGISTERS + 0x8000u)
#define SECOND_BASE  (SOC_BUS_WINDOW + 0x01000000u)
#define ENTRIES      8u

/* The second gate: what it was told, and nothing else. */
static struct {
    uint8_t  guard[FAKE_CHANNELS][FAKE_FRAMES];
    uint32_t entries[ENTRIES];
    uint32_t syncs, outstanding, addr_bits;
    bool     sync_hangs;
} second;
static struct host_device second_device;
static struct map second_map;
static uint8_t    second_counts[FAKE_FRAMES * FAKE_CHANNELS];

static uint32_t second_read(void *context, uint32_t offset)
{
    (void)context;
    uint32_t lg = 0;
    while ((1u << lg) < PAGE) lg++;
    switch (offset) {
    case DRAY_GATE_ID:           return 0x47415445u;
    case DRAY_GATE_CAPABILITIES:
        return ENTRIES | lg << DRAY_GATE_CAPABILITIES_PAGE_LG_SHIFT | FAKE_CHANNELS << DRAY_GATE_CAPABILITIES_CHANNELS_SHIFT
               | second.addr_bits << DRAY_GATE_CAPABILITIES_ADDR_WIDTH_SHIFT | DRAY_GATE_CAPABILITIES_READY_MASK;
    case DRAY_GATE_WINDOW_BASE:  return SECOND_BASE;
    case DRAY_GATE_GUARD_BASE:   return SOC_BUS_HOST;
    case DRAY_GATE_GUARD_SIZE:   return (SOC_BUS_HOST_BYTES + SOC_BUS_DEVICE_BYTES) / PAGE;
    case DRAY_GATE_SYNC:         return second.sync_hangs;
    case DRAY_GATE_OUTSTANDING(0): return second.outstanding;
    default: return 0;
    }
}

static void second_write(void *context, uint32_t offset, uint32_t value)
{
    (void)context;
    if (offset >= 0x400u) second.entries[(offset - 0x400u) / 4u] = value;
    if (offset == DRAY_GATE_SYNC) second.syncs++;
    if (offset != DRAY_GATE_GUARD_SET) return;
    second.guard[value >> DRAY_GATE_GUARD_SET_CHANNEL_SHIFT][value & DRAY_GATE_GUARD_SET_FRAME_MASK] =
        (uint8_t)(value >> DRAY_GATE_GUARD_SET_MAY_READ_SHIFT & 3u);
}

static unsigned second_open(void)
{
    unsigned open = 0;
    for (unsigned channel = 0; channel < FAKE_CHANNELS; channel++) {
        for (unsigned i = 0; i < FAKE_FRAMES; i++) open += second.guard[channel][i] != 0u;
    }
    for (unsigned i = 0; i < ENTRIES; i++) open += second.entries[i] & 1u;
    return open;
}

/* ---- Two devices ------------------------------------------------------------------------------------------------------- */

static uint32_t other[4]; /* the extension of the second */

static struct { unsigned asked, mine, dpcs; bool raised; } isrs[2];

static VOID dpc(PVOID ext, PVOID context)
{
    (void)ext;
    (*(unsigned *)context)++;
}

static BOOLEAN isr(unsigned number, PVOID ext)
{
    isrs[number].asked++;
    if (!isrs[number].raised) return FALSE;
    isrs[number].raised = false;
    isrs[number].mine++;
    host_irq_set(SOC_LINE_ENGINE, isrs[0].raised || isrs[1].raised);
    (void)VideoPortQueueDpc(ext, dpc, &isrs[number].dpcs);
    return TRUE;
}

static BOOLEAN first_isr(PVOID ext)
{
    assert_ptr_equal(ext, extension);
    return isr(0, ext);
}

static BOOLEAN second_isr(PVOID ext)
{
    assert_ptr_equal(ext, other);
    return isr(1, ext);
}

static VP_STATUS attach(PVOID ext, PVIDEO_HW_INTERRUPT routine, unsigned line, UCHAR number)
{
    VP_DEVICE_ATTACHMENT attachment = { .HwInterrupt = routine, .InterruptLine = line, .Channels = FAKE_CHANNELS, .Gate = number };
    return VpAttachDevice(ext, &attachment);
}

static int begin(void **state)
{
    (void)port_begin(state);
    memset(&second, 0, sizeof second);
    memset(isrs, 0, sizeof isrs);
    second.addr_bits = 32;
    host_device_attach(&second_device, SECOND_GATE, 0x1000u, second_read, second_write, NULL);
    assert_int_equal(map_init(&second_map, SECOND_GATE, second_counts, sizeof second_counts), MAP_OK);
    assert_int_equal(VpDetachDevice(extension), NO_ERROR);
    assert_int_equal(attach(other, NULL, 0, 1), ERROR_INVALID_PARAMETER); /* no such gate yet */
    assert_int_equal(port_add_gate(&second_map), 1);
    assert_int_equal(port_add_gate(&second_map), 0); /* there is no room for a third */
    assert_int_equal(attach(extension, first_isr, SOC_LINE_ENGINE, 0), NO_ERROR);
    assert_int_equal(attach(other, second_isr, SOC_LINE_ENGINE, 1), NO_ERROR);
    executes_clear();
    return 0;
}

static int end(void **state)
{
    assert_int_equal(second_open(), 0);
    return port_end(state);
}

#define controller_test(name) cmocka_unit_test_setup_teardown(name, begin, end)

static PVP_SCATTER_GATHER_LIST other_list;

static VOID other_execute(PVOID ext, PVP_DMA_ADAPTER adapter, PVP_SCATTER_GATHER_LIST list, PVOID context)
{
    (void)adapter;
    (void)context;
    assert_ptr_equal(ext, other);
    other_list = list;
}

static PVP_DMA_ADAPTER other_adapter(BOOLEAN scatter_gather, ULONG maximum)
{
    VP_DEVICE_DESCRIPTION_EX description = described(scatter_gather, maximum);
    return VpGetDmaAdapterEx(other, &description);
}

static ULONG other_length;

static VP_STATUS other_start(PVP_DMA_ADAPTER adapter, PVOID mdl, ULONG length)
{
    other_length = length;
    return VideoPortStartDma(other, adapter, mdl, 0, &other_length, other_execute, NULL, TRUE);
}

static void STA_04_each_controllers_frames_are_open_in_its_own_gate(void **state)
{
    (void)state;
    PVP_DMA_ADAPTER one = adapter_direct(2 * PAGE), two = other_adapter(TRUE, 2 * PAGE);
    assert_non_null(two);
    VP_ADAPTER_INFORMATION found;
    assert_true(VpQueryAdapter(other, two, &found));
    assert_int_equal(found.Channel, 0); /* as that of the first: channels are counted by gate */
    assert_int_equal(information(one).Channel, 0);
    PVOID mdl = lock_at(0, 2 * PAGE, VpReadAccess);

    assert_int_equal(other_start(two, mdl, 2 * PAGE), NO_ERROR);
    assert_int_equal(second_open(), 2);
    assert_int_equal(fake_open_frames(), 0);
    assert_int_equal(start(one, mdl, 0, PAGE, TRUE), NO_ERROR);
    assert_int_equal(fake_open_frames(), 1);
    assert_int_equal(second_open(), 2);

    unsigned syncs = fake.syncs;
    assert_int_equal(VideoPortCompleteDma(other, two, other_list, TRUE), NO_ERROR);
    assert_int_equal(second_open(), 0);
    assert_int_equal(second.syncs, 1);
    assert_int_equal(fake.syncs, syncs); /* the first gate was not asked */
    assert_int_equal(fake_open_frames(), 1);
    assert_int_equal(VideoPortCompleteDma(other, one, executes[0].list, TRUE), ERROR_INVALID_PARAMETER);
    assert_violation(VIOL_ADAPTER);
    assert_int_equal(complete_last(one, TRUE), NO_ERROR);
    VideoPortUnlockBuffer(extension, mdl);
    VideoPortPutDmaAdapter(other, two);
    VideoPortPutDmaAdapter(extension, one);
    assert_no_violation();
}

static void MAP_05_each_controller_has_a_window_of_its_own(void **state)
{
    (void)state;
    PVP_DMA_ADAPTER two = other_adapter(FALSE, 3 * PAGE);
    PHYSICAL_ADDRESS logical;
    PVOID mdl = lock_at(5, 3 * PAGE, VpReadAccess);
    assert_int_equal(other_start(two, mdl, 3 * PAGE), NO_ERROR);
    assert_int_equal(other_list->NumberOfElements, 1);
    assert_int_equal(other_list->Elements[0].Address.QuadPart, SECOND_BASE + 5u);
    assert_int_equal(second_open(), 4);
    assert_int_equal(fake_open_entries(), 0);
    assert_int_equal(VideoPortCompleteDma(other, two, other_list, TRUE), NO_ERROR);
    PVOID cpu = VideoPortAllocateCommonBuffer(other, two, PAGE, &logical, FALSE, NULL);
    assert_non_null(cpu);
    assert_int_equal(second_open(), 1);
    VideoPortReleaseCommonBuffer(other, two, PAGE, logical, cpu, FALSE);
    VideoPortUnlockBuffer(other, mdl);
    VideoPortPutDmaAdapter(other, two);
    assert_no_violation();
}

static void ADP_04_both_controllers_live_on_one_pool(void **state)
{
    (void)state;
    PVP_DMA_ADAPTER one = adapter_direct(REGISTERS * PAGE); /* wants one more than there are */
    assert_int_equal(information(one).Registers, REGISTERS);
    assert_null(other_adapter(TRUE, PAGE));
    VideoPortPutDmaAdapter(extension, one);
    PVP_DMA_ADAPTER two = other_adapter(TRUE, PAGE);
    assert_non_null(two);
    VideoPortPutDmaAdapter(other, two);
}

static void DD_09_each_controller_has_the_reach_of_its_own_gate(void **state)
{
    (void)state;
    assert_int_equal(VpDetachDevice(other), NO_ERROR);
    second_map.addr_bits = 24;
    assert_int_equal(attach(other, second_isr, SOC_LINE_ENGINE, 1), NO_ERROR);
    assert_null(other_adapter(TRUE, PAGE)); /* claims 32 */
    assert_violation(VIOL_CAPABILITY);
    VideoPortPutDmaAdapter(extension, adapter_direct(PAGE));
    assert_no_violation();
}

static void ERR_03_a_controller_that_hangs_leaves_the_other_running(void **state)
{
    (void)state;
    PVP_DMA_ADAPTER one = adapter_direct(PAGE), two = other_adapter(TRUE, PAGE);
    PVOID mdl = lock_at(0, PAGE, VpReadAccess);
    port_set_timeout(1000);
    assert_int_equal(other_start(two, mdl, PAGE), NO_ERROR);
    second.sync_hangs = true;
    second.outstanding = 1;
    assert_int_equal(VideoPortCompleteDma(other, two, other_list, TRUE), ERROR_INVALID_PARAMETER);
    assert_violation(VIOL_ENGINE_BUSY);
    assert_int_equal(start(one, mdl, 0, PAGE, TRUE), NO_ERROR);
    assert_int_equal(complete_last(one, TRUE), NO_ERROR);
    assert_int_equal(VpResetAdapter(extension, one), NO_ERROR);
    second.sync_hangs = false;
    second.outstanding = 0;
    assert_int_equal(VideoPortCompleteDma(other, two, other_list, TRUE), NO_ERROR);
    VideoPortUnlockBuffer(extension, mdl);
    VideoPortPutDmaAdapter(extension, one);
    VideoPortPutDmaAdapter(other, two);
    assert_no_violation();
}

/* ---- Lines ------------------------------------------------------------------------------------------------------------ */

static void raise(bool first_one, bool second_one)
{
    isrs[0].raised = first_one;
    isrs[1].raised = second_one;
    host_irq_set(SOC_LINE_ENGINE, true);
    (void)host_irq_poll();
    assert_false(irq_line_pending(SOC_LINE_ENGINE));
}

static void ISR_01_on_a_shared_line_each_takes_its_own(void **state)
{
    (void)state;
    raise(true, false);
    assert_int_equal(isrs[0].dpcs, 1);
    assert_int_equal(isrs[1].dpcs, 0);
    assert_int_equal(isrs[1].mine, 0);
    raise(false, true);
    assert_int_equal(isrs[0].dpcs, 1);
    assert_int_equal(isrs[1].dpcs, 1);
    raise(true, true);
    assert_int_equal(isrs[0].dpcs, 2); /* DPC-07: an object each, so none is lost */
    assert_int_equal(isrs[1].dpcs, 2);
    assert_int_equal(irq_unclaimed(SOC_LINE_ENGINE), 0);

    assert_int_equal(VpDetachDevice(extension), NO_ERROR);
    assert_true(irq_enabled(SOC_LINE_ENGINE)); /* the other still needs it */
    raise(false, true);
    assert_int_equal(isrs[1].dpcs, 3);
    assert_int_equal(VpDetachDevice(other), NO_ERROR);
    assert_false(irq_enabled(SOC_LINE_ENGINE));
}

static void ISR_01_with_lines_of_their_own_nobody_else_is_asked(void **state)
{
    (void)state;
    assert_int_equal(VpDetachDevice(other), NO_ERROR);
    assert_int_equal(attach(other, second_isr, SOC_LINE_UART, 1), NO_ERROR);
    raise(true, false);
    assert_int_equal(isrs[0].mine, 1);
    assert_int_equal(isrs[1].asked, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        controller_test(STA_04_each_controllers_frames_are_open_in_its_own_gate),
        controller_test(MAP_05_each_controller_has_a_window_of_its_own),
        controller_test(ADP_04_both_controllers_live_on_one_pool),
        controller_test(DD_09_each_controller_has_the_reach_of_its_own_gate),
        controller_test(ERR_03_a_controller_that_hangs_leaves_the_other_running),
        controller_test(ISR_01_on_a_shared_line_each_takes_its_own),
        controller_test(ISR_01_with_lines_of_their_own_nobody_else_is_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
