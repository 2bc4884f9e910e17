/* SPDX-License-Identifier: Apache-2.0 */
/* Clients and the miniport: requests in any order, of any size, cancelled at any time, over an engine that is slow, fails, hangs and
 * loses interrupts. Each is told once, what it says has moved has moved, and in the end nothing is left. */
#include "port_fixture.h"

#include "fuzz.h"
#include "miniport_video.h"
#include "video_client.h"
#include "video_compat.h"

#define SLOTS       6u
#define SLOT_BYTES  (5u * 4096u) /* of the frame buffer, and of the client: nobody else's */
#define FRAME_BYTES (SLOTS * SLOT_BYTES)

static const VIDEO_ACCESS_RANGE ranges[] = {
    { .RangeStart.QuadPart = SOC_ENGINE, .RangeLength = 0x1000 },
    { .RangeStart.QuadPart = SOC_BUS_DEVICE, .RangeLength = FRAME_BYTES },
};
static const struct port_bus_device devices[] = {
    { .ranges = ranges, .range_count = 2, .line = SOC_LINE_ENGINE, .channels = FAKE_CHANNELS },
};
static const struct port_bus bus = { devices, 1 };

static struct slot {
    VP_REQUEST             request;
    struct miniport_copy   copy;
    struct miniport_copied copied;
    bool                   asked;
} slots[SLOTS];
static uintptr_t region; /* of the client: slot n has [n * SLOT_BYTES, + SLOT_BYTES) */
static uint8_t   bytes[SLOT_BYTES];
static unsigned  locks;
static struct miniport_config wishes;

static ULONG entry(PVOID context1, PVOID context2)
{
    return miniport_entry_with(context1, context2, &wishes);
}

/* ---- Copies --------------------------------------------------------------------------------------------------------------- */

/* The client's bytes and the frame buffer's agree as far as the request says. */
static void look(const struct slot *slot)
{
    uint32_t moved = slot->copied.moved_bytes;
    const uint8_t *frame = host_memory(SOC_BUS_DEVICE + slot->copy.frame_offset, slot->copy.length_bytes);
    assert_true(moved <= slot->copy.length_bytes);
    assert_int_equal(slot->copied.status == MINIPORT_OK, moved == slot->copy.length_bytes && slot->copied.status == MINIPORT_OK);
    assert_int_equal(memory_client_read(client, (uintptr_t)slot->copy.buffer, bytes, moved), MEMORY_OK);
    assert_memory_equal(bytes, frame, moved);
}

static VOID told(PVP_REQUEST request)
{
    struct slot *slot = request->Context;
    assert_int_equal(irql_current(), IRQL_DISPATCH);
    assert_true(slot->asked);
    slot->asked = false;
}

static void send(void)
{
    unsigned n = below(SLOTS);
    struct slot *slot = &slots[n];
    if (slot->asked) return;
    uint32_t at = below(SLOT_BYTES / 2u), length = chance(16) ? below(2u) : 1u + below(SLOT_BYTES / 2u);
    bool fits = !chance(16);
    slot->copied = (struct miniport_copied){ 0 };
    slot->copy = (struct miniport_copy){
        .buffer = region + n * SLOT_BYTES + at,
        .length_bytes = length,
        .frame_offset = fits ? n * SLOT_BYTES + below(SLOT_BYTES / 2u) : word_of_input(),
        .to_frame_buffer = below(2),
        .tag = below(4),
    };
    if (chance(16)) slot->copy.buffer = word_of_input();
    fixture_fill(bytes, length, word_of_input());
    if (slot->copy.to_frame_buffer != 0u) (void)memory_client_write(client, region + n * SLOT_BYTES + at, bytes, length);
    slot->request = (VP_REQUEST){
        .Packet = { IOCTL_MINIPORT_COPY, NULL, &slot->copy, chance(32) ? below(24) : sizeof slot->copy, &slot->copied, sizeof slot->copied },
        .Told = told, .Context = slot,
    };
    slot->asked = true;
    assert_int_equal(VpSendRequest(0, &slot->request), NO_ERROR);
}

/* What was told since: only when nobody can touch the bytes any more. */
static void look_at_told(void)
{
    for (unsigned n = 0; n < SLOTS; n++) {
        struct slot *slot = &slots[n];
        if (slot->asked || slot->request.Told == NULL) continue;
        if (slot->request.StatusBlock.Status == NO_ERROR) look(slot);
        slot->request.Told = NULL;
    }
}

/* ---- Everything else a client, or a careless miniport, may call -------------------------------------------------------------- */

static void control(void)
{
    static const ULONG codes[] = { IOCTL_MINIPORT_SCREEN_ON, IOCTL_MINIPORT_SCREEN_OFF, IOCTL_MINIPORT_CANCEL, IOCTL_MINIPORT_COPY, 7u };
    struct miniport_screen wish = { below(FRAME_BYTES + 9u), below(FRAME_BYTES) };
    uintptr_t in = buffer + below(PAGE), out = chance(16) ? word_of_input() : in + 256u;
    ULONG code = codes[below(5)], information = 0;
    if (code == IOCTL_MINIPORT_CANCEL) wish.frame_offset = below(5);
    if (code == IOCTL_MINIPORT_COPY && !chance(8)) return; /* with whatever stands there, and only now and then */
    (void)memory_client_write(client, in, &wish, sizeof wish);
    (void)VpDeviceIoControl(chance(32) ? 1u : 0u, code, (PVOID)in, chance(8) ? below(200) : sizeof wish, (PVOID)out, below(150), &information);
    assert_true(information <= 150u);
}

static void device_lock(void)
{
    PVOID ext = chance(16) ? (PVOID)bytes : VpGetDeviceExtension(0);
    if (below(2) != 0u) {
        VideoPortAcquireDeviceLock(ext);
        locks += ext == VpGetDeviceExtension(0) ? 1u : 0u;
    } else {
        VideoPortReleaseDeviceLock(ext);
        if (ext == VpGetDeviceExtension(0) && locks != 0u) locks--;
    }
}

static void careless(void)
{
    VP_LOGGED_ERROR error;
    PVOID ext = chance(8) ? (PVOID)bytes : VpGetDeviceExtension(0);
    VIDEO_REQUEST_PACKET foreign = { .IoControlCode = 1 };
    switch (below(5)) {
    case 0: VpCompleteRequest(ext, &foreign); break;
    case 1: VideoPortLogError(ext, chance(2) ? NULL : &foreign, ERROR_BUSY, below(9)); break;
    case 2: (void)VpQueryError(ext, &error); break;
    case 3: (void)VpOpenDevice(below(3)); break;
    default: (void)port_load_driver(entry, &bus); break; /* it has a driver */
    }
}

/* ---- The engine ---------------------------------------------------------------------------------------------------------------- */

static void engine(void)
{
    switch (below(9)) {
    case 0: fake.hangs = below(2) != 0u; break;
    case 1: fake.silent = below(2) != 0u; break;
    case 2: fake.stop_after = chance(4) ? below(3000) : 0u; break;
    case 3: fake.abort_moved = below(600); break;
    case 4: fake_fail((int)below(6), chance(2) ? DRAY_CAUSE_READ_SLVERR : DRAY_CAUSE_WRITE_DECERR, below(700)); break;
    case 5: fake_raise(below(2), below(256)); break;
    case 6: host_clock_advance(below(200000)); break;
    default: (void)fake_run(1u + below(4)); break;
    }
    (void)host_irq_poll();
}

static void run(void)
{
    (void)fake_run(1u + below(8));
    (void)host_irq_poll();
}

static void steal(void)
{
    memory_steal_set((enum memory_steal)below(3));
    (void)memory_steal();
}

/* ---- One input ------------------------------------------------------------------------------------------------------------------ */

static bool under_way(void)
{
    unsigned asked = 0;
    for (unsigned n = 0; n < SLOTS; n++) asked += slots[n].asked ? 1u : 0u;
    return asked != 0u;
}

static void everything_ends(void)
{
    while (locks != 0u) {
        VideoPortReleaseDeviceLock(VpGetDeviceExtension(0));
        locks--;
    }
    fake.hangs = false;
    fake.silent = false;
    fake.stop_after = 0;
    fake.fail_in = -1;
    for (unsigned i = 0; i < 4000u && under_way(); i++) {
        (void)fake_run(1);
        host_clock_advance(20000);
        (void)host_irq_poll();
    }
    for (unsigned n = 0; n < SLOTS; n++) assert_false(slots[n].asked);
    look_at_told();
    PVOID ext = VpGetDeviceExtension(0);
    (void)miniport_screen_off(miniport_of(ext));
    assert_int_equal(miniport_unload(ext), MINIPORT_OK);
    assert_int_equal(VpDetachDevice(ext), NO_ERROR);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static void (*const acts[])(void) = { send, send, send, run, run, engine, engine, control, device_lock, careless, steal };
    input_begin(data, size);
    memset(slots, 0, sizeof slots);
    locks = 0;
    assert_int_equal(port_begin_working(NULL), 0);
    fake_slow(true);
    port_init(&gate, 600);
    wishes = (struct miniport_config){ .packet_bytes_max = 512u + below(6u * PAGE), .depth = below(5), .retries = (uint8_t)below(4),
                                       .ring_slots = 16u, .one_element = below(2) != 0u, .deadline_restarts = below(2) != 0u };
    assert_int_equal(memory_client_map(client, FRAME_BYTES / PAGE, MEMORY_MAY_WRITE, &region), MEMORY_OK);
    assert_int_equal(port_load_driver(entry, &bus), NO_ERROR);
    assert_int_equal(VpOpenDevice(0), NO_ERROR);
    while (input_left()) {
        acts[below(11)]();
        assert_int_equal(irql_current(), IRQL_PASSIVE);
        look_at_told();
    }
    everything_ends();
    assert_int_equal(port_end_working(NULL), 0);
    return 0;
}
