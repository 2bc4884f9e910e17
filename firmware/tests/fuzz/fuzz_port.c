/* SPDX-License-Identifier: Apache-2.0 */
/* The functions of video.h and video_ex.h in any order with any arguments: a call is served, or refused with a status, and
 * when everything was given back nothing is left. Levels, registers, pins, the guard and the queue are looked at. */
#include "port_fixture.h"

#include "fuzz.h"

#define ADAPTERS VP_MAX_ADAPTERS
#define MDLS     6u
#define STARTS   16u
#define COMMONS  4u
#define EVENTS   VP_MAX_EVENTS

static PVP_DMA_ADAPTER adapters[ADAPTERS];
static PVOID           mdls[MDLS];
static ULONG           lengths[STARTS]; /* of a Start, as long as it may be queued */
static PEVENT          events[EVENTS];
static PSPIN_LOCK      spins[VP_MAX_SPIN_LOCKS];
static struct { PVP_DMA_ADAPTER adapter; PVP_SCATTER_GATHER_LIST list; BOOLEAN to_device; ULONG bytes; } flights[64];
static unsigned        flight_count;
static struct { PVP_DMA_ADAPTER adapter; PVOID cpu; PHYSICAL_ADDRESS logical; ULONG length; BOOLEAN cached; } commons[COMMONS];
static BOOLEAN         direction; /* of the Start that is being made */

static uint8_t foreign[64]; /* pointers that were never given out point here */

static PVP_DMA_ADAPTER any_adapter(void)
{
    return chance(24) ? (PVP_DMA_ADAPTER)(void *)&foreign[below(64)] : adapters[below(ADAPTERS)];
}

static PVOID any_extension(void)
{
    return chance(32) ? &foreign[below(64)] : (PVOID)extension;
}

static void forget_flight(unsigned n)
{
    flights[n] = flights[--flight_count];
}

/* ---- What the port calls --------------------------------------------------------------------------------------------- */

static VOID execute(PVOID ext, PVP_DMA_ADAPTER adapter, PVP_SCATTER_GATHER_LIST list, PVOID context)
{
    const ULONG *length = context;
    assert_int_equal(irql_current(), IRQL_DISPATCH);
    assert_int_equal(list_bytes(list), *length);
    bool to_device = ((uintptr_t)(const void *)length - (uintptr_t)lengths) / sizeof lengths[0] % 2u == 0u;
    if (chance(5)) {
        assert_int_equal(VideoPortCompleteDmaEx(ext, adapter, list, to_device, 0, VP_ERROR_IO_DEVICE), NO_ERROR);
        return;
    }
    assert_true(flight_count < 64u);
    flights[flight_count].adapter = adapter;
    flights[flight_count].list = list;
    flights[flight_count].to_device = to_device;
    flights[flight_count++].bytes = *length;
}

static VOID dpc(PVOID ext, PVOID context)
{
    (void)context;
    assert_int_equal(irql_current(), IRQL_DISPATCH);
    if (chance(2)) (void)VideoPortQueueDpc(ext, dpc, NULL);
}

static BOOLEAN synchronized(PVOID context)
{
    (void)context;
    return VideoPortQueueDpc(extension, dpc, NULL);
}

/* ---- What a miniport may call ------------------------------------------------------------------------------------------ */

static void get(void)
{
    unsigned n = below(ADAPTERS);
    VP_DEVICE_DESCRIPTION_EX description = described(below(2) != 0u, chance(16) ? 0u : 1u + below(6 * PAGE));
    description.MaximumElements = below(5);
    description.MaximumElementLength = chance(4) ? below(2000) : 0u;
    description.Boundary = chance(4) ? 1u << below(20) : chance(8) ? below(9999) : 0u;
    description.LengthGranularity = chance(4) ? below(70) : 0u;
    description.Depth = below(6);
    description.MapRegisters = below(8);
    description.CommonPages = below(3);
    description.AddressBits = chance(8) ? below(70) : 0u;
    description.BouncePages = below(5);
    description.BounceAlways = below(2) != 0u;
    description.Channel = chance(3) ? (UCHAR)below(3) : VP_ANY_CHANNEL;
    if (adapters[n] == NULL) adapters[n] = VpGetDmaAdapterEx(any_extension(), &description);
}

static void put(void)
{
    unsigned n = below(ADAPTERS);
    VP_ADAPTER_INFORMATION found;
    PVP_DMA_ADAPTER adapter = chance(16) ? any_adapter() : adapters[n];
    VideoPortPutDmaAdapter(any_extension(), adapter);
    for (unsigned i = 0; i < ADAPTERS; i++) {
        if (adapters[i] != NULL && !VpQueryAdapter(extension, adapters[i], &found)) adapters[i] = NULL;
    }
}

static void lock(void)
{
    unsigned n = below(MDLS);
    if (mdls[n] != NULL) return;
    mdls[n] = VideoPortLockBuffer(any_extension(), (PVOID)(buffer + below(CLIENT_PAGES * PAGE + 9u)), below(8 * PAGE),
                                  (VP_LOCK_OPERATION)below(4));
}

static void unlock(void)
{
    unsigned n = below(MDLS);
    VideoPortUnlockBuffer(extension, chance(16) ? (PVOID)&foreign[below(64)] : mdls[n]);
    if (mdls[n] != NULL && memory_mdl_state(mdls[n]) != MEMORY_MDL_LOCKED) mdls[n] = NULL;
}

/* The variable of a Start that may be queued is nobody else's; even ones go to the device. */
static bool in_use(unsigned n)
{
    for (unsigned i = 0; i < ADAPTERS; i++) {
        VP_ADAPTER_INFORMATION found;
        if (adapters[i] != NULL && VpQueryAdapter(extension, adapters[i], &found) && found.Queued != 0u && lengths[n] != 0u) return true;
    }
    return false;
}

static void begin_packet(void)
{
    unsigned n = below(STARTS);
    if (in_use(n)) return;
    lengths[n] = below(9 * PAGE);
    direction = n % 2u == 0u;
    VP_STATUS status = VideoPortStartDma(any_extension(), any_adapter(), chance(16) ? (PVOID)foreign : mdls[below(MDLS)],
                                         chance(4) ? below(8 * PAGE) : 0u, chance(32) ? NULL : &lengths[n],
                                         chance(32) ? NULL : execute, &lengths[n], direction);
    assert_true(status == NO_ERROR || status == ERROR_NOT_ENOUGH_MEMORY || status == ERROR_INVALID_PARAMETER || status == VP_ERROR_IO_DEVICE);
}

static void cancel(void)
{
    (void)VpCancelQueuedDma(any_extension(), any_adapter(), &lengths[below(STARTS)]);
}

static void complete(void)
{
    if (flight_count == 0u) return;
    unsigned n = below(flight_count);
    PVP_DMA_ADAPTER adapter = chance(8) ? any_adapter() : flights[n].adapter;
    PVP_SCATTER_GATHER_LIST list = chance(16) ? (PVP_SCATTER_GATHER_LIST)(void *)foreign : flights[n].list;
    BOOLEAN to_device = chance(8) ? !flights[n].to_device : flights[n].to_device;
    bool right = adapter == flights[n].adapter && list == flights[n].list && to_device == flights[n].to_device;
    PVP_SCATTER_GATHER_LIST mine = flights[n].list;
    ULONG moved = below(flights[n].bytes + 2u);
    VP_STATUS outcome = chance(2) ? NO_ERROR : VP_ERROR_IO_DEVICE;
    unsigned before = flight_count;
    fake.outstanding[0] = chance(16) ? 1u : 0u;
    /* What Complete serves may be executed in the same list before it returns, so the flight goes first. */
    ULONG bytes = flights[n].bytes;
    forget_flight(n);
    VP_STATUS status = below(2) != 0u ? VideoPortCompleteDmaEx(extension, adapter, list, to_device, moved, outcome)
                                      : VideoPortCompleteDma(extension, adapter, list, to_device);
    fake.outstanding[0] = 0;
    if (status == NO_ERROR) {
        assert_true(right);
        return;
    }
    assert_int_equal(status, ERROR_INVALID_PARAMETER);
    assert_int_equal(flight_count, before - 1u); /* a Complete that is refused serves nobody */
    flights[flight_count].adapter = right || adapter != NULL ? flights[flight_count].adapter : NULL;
    flights[flight_count].list = mine;
    flights[flight_count].bytes = bytes;
    flight_count++;
}

static void device(void)
{
    if (flight_count == 0u) return;
    unsigned n = below(flight_count);
    VP_ADAPTER_INFORMATION found;
    if (VpQueryAdapter(extension, flights[n].adapter, &found)) (void)device_run((unsigned)found.Channel, flights[n].list, flights[n].to_device, 0);
}

static void common(void)
{
    unsigned n = below(COMMONS);
    if (commons[n].cpu == NULL) {
        commons[n].adapter = any_adapter();
        commons[n].length = below(4 * PAGE);
        commons[n].cached = below(2) != 0u;
        commons[n].cpu = VideoPortAllocateCommonBuffer(extension, commons[n].adapter, commons[n].length, &commons[n].logical, commons[n].cached, NULL);
        return;
    }
    VpSyncCommonBuffer(extension, commons[n].adapter);
    VideoPortReleaseCommonBuffer(extension, commons[n].adapter, commons[n].length + 1u, commons[n].logical, commons[n].cpu, commons[n].cached);
    VideoPortReleaseCommonBuffer(extension, commons[n].adapter, commons[n].length, commons[n].logical, commons[n].cpu, commons[n].cached);
    if (irql_current() == IRQL_PASSIVE) commons[n].cpu = NULL; /* above it, both were refused */
}

static void event(void)
{
    unsigned n = below(EVENTS);
    PVOID object = chance(16) ? (PVOID)&foreign[below(64)] : (PVOID)events[n];
    switch (below(6)) {
    case 0: if (events[n] == NULL && VideoPortCreateEvent(extension, below(5), NULL, &events[n]) != NO_ERROR) events[n] = NULL; break;
    case 1: (void)VideoPortSetEvent(extension, object); break;
    case 2: VideoPortClearEvent(extension, object); break;
    case 3: (void)VideoPortReadStateEvent(extension, object); break;
    case 4: (void)VideoPortWaitForSingleObject(extension, object, &(LARGE_INTEGER){ .QuadPart = -(LONGLONG)below(300) }); break;
    default: if (VideoPortDeleteEvent(extension, object) == NO_ERROR) events[n] = NULL; break;
    }
}

static void spin(void)
{
    unsigned n = below(VP_MAX_SPIN_LOCKS);
    UCHAR old = (UCHAR)irql_current();
    if (spins[n] == NULL) {
        if (VideoPortCreateSpinLock(extension, &spins[n]) != NO_ERROR) spins[n] = NULL;
        return;
    }
    VideoPortReleaseSpinLock(extension, spins[n], old); /* nobody holds it */
    VideoPortAcquireSpinLock(extension, spins[n], &old);
    if (irql_current() == IRQL_DISPATCH) {
        VideoPortAcquireSpinLockAtDpcLevel(extension, spins[n]); /* would wait for ever */
        VideoPortReleaseSpinLock(extension, spins[n], old);
    }
    if (chance(3) && VideoPortDeleteSpinLock(extension, spins[n]) == NO_ERROR) spins[n] = NULL;
}

static void rest(void)
{
    switch (below(5)) {
    case 0: (void)VideoPortQueueDpc(any_extension(), dpc, NULL); break;
    case 1: (void)VideoPortSynchronizeExecution(any_extension(), (VIDEO_SYNCHRONIZE_PRIORITY)below(3), synchronized, NULL); break;
    case 2: host_clock_advance(1u + below(5000)); break;
    case 3: memory_steal_set((enum memory_steal)below(3)); (void)memory_steal(); break;
    default: VideoPortStartTimer(any_extension()); VideoPortStopTimer(any_extension()); break;
    }
}

/* ---- One input --------------------------------------------------------------------------------------------------------- */

static void give_everything_back(void)
{
    while (flight_count != 0u) {
        unsigned n = flight_count - 1u;
        PVP_DMA_ADAPTER adapter = flights[n].adapter;
        PVP_SCATTER_GATHER_LIST list = flights[n].list;
        BOOLEAN to_device = flights[n].to_device;
        flight_count--;
        assert_int_equal(VideoPortCompleteDmaEx(extension, adapter, list, to_device, 0, VP_ERROR_IO_DEVICE), NO_ERROR);
    }
    for (unsigned n = 0; n < COMMONS; n++) {
        if (commons[n].cpu != NULL) VideoPortReleaseCommonBuffer(extension, commons[n].adapter, commons[n].length, commons[n].logical, commons[n].cpu, commons[n].cached);
    }
    for (unsigned n = 0; n < ADAPTERS; n++) {
        VP_ADAPTER_INFORMATION found;
        if (adapters[n] == NULL) continue;
        assert_true(VpQueryAdapter(extension, adapters[n], &found));
        assert_int_equal(found.Queued, 0); /* nobody waits for what will not come */
        assert_int_equal(found.Executing, 0);
        assert_int_equal(found.RegistersFree, found.Registers);
        VideoPortPutDmaAdapter(extension, adapters[n]);
        assert_false(VpQueryAdapter(extension, adapters[n], &found));
    }
    for (unsigned n = 0; n < MDLS; n++) {
        if (mdls[n] != NULL) VideoPortUnlockBuffer(extension, mdls[n]);
    }
    for (unsigned n = 0; n < EVENTS; n++) {
        if (events[n] != NULL) assert_int_equal(VideoPortDeleteEvent(extension, events[n]), NO_ERROR);
    }
    for (unsigned n = 0; n < VP_MAX_SPIN_LOCKS; n++) {
        if (spins[n] != NULL) assert_int_equal(VideoPortDeleteSpinLock(extension, spins[n]), NO_ERROR);
    }
    host_clock_advance(10u * IRQL_WINDOW_CYCLES);
    assert_int_equal(VpDetachDevice(extension), NO_ERROR);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static void (*const acts[])(void) = { get, put, lock, unlock, begin_packet, begin_packet, begin_packet, cancel, complete,
                                          complete, device, common, event, spin, rest };
    input_begin(data, size);
    memset(adapters, 0, sizeof adapters);
    memset(mdls, 0, sizeof mdls);
    memset(lengths, 0, sizeof lengths);
    memset(events, 0, sizeof events);
    memset(spins, 0, sizeof spins);
    memset(commons, 0, sizeof commons);
    flight_count = 0;
    assert_int_equal(port_begin(NULL), 0);
    while (input_left()) {
        bool raised = chance(4);
        enum irql old = irql_raise(raised ? IRQL_DISPATCH : IRQL_PASSIVE), level = irql_current();
        acts[below(15)]();
        assert_int_equal(irql_current(), level);
        irql_lower(old);
    }
    give_everything_back();
    assert_int_equal(port_end(NULL), 0);
    return 0;
}
