/* SPDX-License-Identifier: Apache-2.0 */
/* The matrix of section 9.2: every pair of values of its parameters in some case, and the corners all with all.
 *
 * A case is one request that is moved in packets; bytes, packet lengths, elements and registers are held against what
 * section 3 says. Page size is the build's; latency is the simulation's. */
#include "opened.h"

#include <stdlib.h>

#include "packet_list.h"

enum { DIRECTION, MODE, BASE, LENGTH, REGISTERS_OF, FRAGMENTS, CACHES, LEVEL, POINT, DEPTH, CHANNELS, PARAMETERS };

static const unsigned sizes[PARAMETERS] = { 2, 3, 5, 16, 4, 5, 2, 2, 3, 2, 2 };

#define CASES_MAX 400u
#define PAGES_MAX 40u

static unsigned cases[CASES_MAX][PARAMETERS];
static unsigned case_count;

/* ---- Which cases ----------------------------------------------------------------------------------------------------- */

static bool paired[PARAMETERS][16][PARAMETERS][16];

static unsigned gain_of(const unsigned *values, unsigned set)
{
    unsigned gain = 0;
    for (unsigned a = 0; a < set; a++) {
        if (!paired[a][values[a]][set][values[set]]) gain++;
    }
    return gain;
}

static void mark(const unsigned *values)
{
    for (unsigned a = 0; a < PARAMETERS; a++) {
        for (unsigned b = 0; b < PARAMETERS; b++) paired[a][values[a]][b][values[b]] = true;
    }
}

static bool pair_is_left(unsigned *a, unsigned *va, unsigned *b, unsigned *vb)
{
    for (*a = 0; *a < PARAMETERS; (*a)++) {
        for (*b = *a + 1u; *b < PARAMETERS; (*b)++) {
            for (*va = 0; *va < sizes[*a]; (*va)++) {
                for (*vb = 0; *vb < sizes[*b]; (*vb)++) {
                    if (!paired[*a][*va][*b][*vb]) return true;
                }
            }
        }
    }
    return false;
}

/* Greedy: a pair that is left, and for the rest what makes the most new pairs with what stands before it. */
static void cases_make(void)
{
    memset(paired, 0, sizeof paired);
    case_count = 0;
    uint32_t random = 1;
    unsigned a, va, b, vb;
    while (pair_is_left(&a, &va, &b, &vb)) {
        assert_true(case_count < CASES_MAX);
        unsigned *values = cases[case_count++];
        for (unsigned p = 0; p < PARAMETERS; p++) {
            unsigned best = opened_random(&random) % sizes[p], most = 0;
            for (unsigned v = 0; v < sizes[p]; v++) {
                values[p] = v;
                unsigned gain = gain_of(values, p);
                if (gain > most) {
                    most = gain;
                    best = v;
                }
            }
            values[p] = p == a ? va : p == b ? vb : best;
        }
        mark(values);
    }
}

/* ---- What they are --------------------------------------------------------------------------------------------------- */

static struct {
    BOOLEAN  to_device, windowed, bounced;
    uint32_t base, length, maximum, registers;
    unsigned level, point;
} now;

static uint32_t registers_of(unsigned value)
{
    static const uint32_t counts[] = { 1, 2, 5, 0 };
    return counts[value];
}

static uint32_t base_of(unsigned value)
{
    const uint32_t bases[] = { 0, 1, 3, PAGE - 4u, PAGE - 1u };
    return bases[value];
}

static uint32_t length_of(unsigned value, uint32_t registers, uint32_t maximum)
{
    const uint32_t lengths[] = { 1, 2, 3, 4, 31, 32, 33, PAGE - 1u, PAGE, PAGE + 1u, registers * PAGE - 1u, registers * PAGE,
                                 registers * PAGE + 1u, maximum - 1u, maximum + 1u, 10u * maximum };
    uint32_t most = (PAGES_MAX - 1u) * PAGE;
    return lengths[value] < most ? lengths[value] : most;
}

/* Frames of the buffer, none of them a client's at the time. */
static void frames_of(unsigned kind, uint16_t frames[PAGES_MAX])
{
    uint32_t random = 99;
    for (uint32_t i = 0; i < PAGES_MAX; i++) {
        uint32_t at = kind == 0u ? i : kind == 1u ? PAGES_MAX - 1u - i : kind == 3u ? i / 2u * 4u + i % 2u : i % 2u * 100u + i;
        frames[i] = (uint16_t)(MEMORY_FRAME_FIRST + at);
    }
    for (uint32_t i = PAGES_MAX - 1u; kind == 2u && i != 0u; i--) {
        uint32_t j = opened_random(&random) % (i + 1u);
        uint16_t frame = frames[i];
        frames[i] = frames[j];
        frames[j] = frame;
    }
}

/* ---- How one runs ---------------------------------------------------------------------------------------------------- */

static struct { uint32_t done, packets; ULONG length; PVP_SCATTER_GATHER_LIST list; bool over; } run;

static void packet_ends(PVP_DMA_ADAPTER handle)
{
    unsigned channel = (unsigned)information(handle).Channel;
    assert_int_equal(device_run(channel, run.list, now.to_device, run.done), run.length);
    run.done += run.length;
    assert_int_equal(VideoPortCompleteDma(extension, handle, run.list, now.to_device), NO_ERROR);
    run.over = true;
}

static VOID packet_dpc(PVOID ext, PVOID context)
{
    (void)ext;
    packet_ends(context);
}

/* The packet is as long, has as many elements, and holds as many registers as the rules say. */
static VOID packet_executes(PVOID ext, PVP_DMA_ADAPTER handle, PVP_SCATTER_GATHER_LIST list, PVOID context)
{
    VP_ADAPTER_INFORMATION found = information(handle);
    uint32_t at = (now.base + run.done) % PAGE, wanted = *(const ULONG *)context;
    uint32_t length = packet_chunk(at, wanted, now.maximum, found.Registers, PAGE);
    if (now.bounced) length = packet_chunk(at, length, now.maximum, 5, PAGE); /* five bounce pages */
    assert_int_equal(run.length, length);
    assert_int_equal(list_bytes(list), length);
    assert_int_equal(found.Registers - found.RegistersFree, memory_pages_spanned(at, length));
    assert_true(list->NumberOfElements <= memory_pages_spanned(at, length));
    if (now.windowed) assert_int_equal(list->NumberOfElements, 1);
    run.list = list;
    run.packets++;
    if (now.point == 0u) packet_ends(handle);
    else if (now.point == 1u) assert_true(VideoPortQueueDpc(ext, packet_dpc, handle));
}

static void packet_starts(PVP_DMA_ADAPTER handle, struct memory_mdl *of)
{
    static ULONG wanted;
    run.over = false;
    wanted = run.length = now.length - run.done;
    enum irql old = irql_raise(now.level == 0u ? IRQL_PASSIVE : IRQL_DISPATCH);
    assert_int_equal(VideoPortStartDma(extension, handle, of, run.done, &run.length, packet_executes, &wanted, now.to_device), NO_ERROR);
    irql_lower(old);
    if (now.point == 2u) packet_ends(handle);
    assert_true(run.over);
}

static VP_DEVICE_DESCRIPTION_EX description_of(const unsigned *values)
{
    now.to_device = values[DIRECTION] == 0u;
    now.windowed = values[MODE] == 1u;
    now.bounced = values[MODE] == 2u;
    now.registers = registers_of(values[REGISTERS_OF]);
    now.maximum = 3 * PAGE + 5u;
    now.base = base_of(values[BASE]);
    now.length = length_of(values[LENGTH], now.registers != 0u ? now.registers : 6u, now.maximum);
    now.level = values[LEVEL];
    now.point = values[POINT];
    VP_DEVICE_DESCRIPTION_EX description = described(!now.windowed, now.maximum);
    description.MapRegisters = now.registers;
    description.Depth = values[DEPTH] == 0u ? 1u : 4u;
    description.BouncePages = now.bounced ? 5u : 0u;
    description.BounceAlways = now.bounced;
    return description;
}

static void run_case(const unsigned *values)
{
    static uint16_t frames[PAGES_MAX];
    static uint8_t  got[sizeof device_bytes], before[sizeof device_bytes];

    assert_int_equal(port_begin(NULL), 0);
    host_cache_bypass(values[CACHES] == 0u);
    VP_DEVICE_DESCRIPTION_EX description = description_of(values);
    frames_of(values[FRAGMENTS], frames);
    PVP_DMA_ADAPTER other = values[CHANNELS] == 1u ? adapter_direct(PAGE) : NULL;
    PVP_DMA_ADAPTER used = VpGetDmaAdapterEx(extension, &description);
    assert_non_null(used);
    struct memory_mdl *whole = memory_mdl_build(frames, PAGES_MAX, 0, PAGES_MAX * PAGE);
    struct memory_mdl *of = memory_mdl_build(frames, memory_pages_spanned(now.base, now.length), now.base, now.length);
    assert_non_null(of);

    fixture_fill(before, PAGES_MAX * PAGE, 5);
    assert_int_equal(memory_mdl_write(whole, 0, before, PAGES_MAX * PAGE), MEMORY_OK);
    if (now.to_device) memset(device_bytes, 0, sizeof device_bytes);
    else fixture_fill(device_bytes, now.length, 9);
    static ULONG beside = 16; /* a packet of the other channel stands open all the while */
    PVP_SCATTER_GATHER_LIST list = NULL;
    if (other != NULL) {
        executes_clear();
        assert_int_equal(VideoPortStartDma(extension, other, whole, 0, &beside, execute_recording, NULL, TRUE), NO_ERROR);
        list = executes[0].list;
    }
    memset(&run, 0, sizeof run);
    while (run.done < now.length) packet_starts(used, of);
    assert_int_equal(run.done, now.length);
    if (other != NULL) assert_int_equal(VideoPortCompleteDma(extension, other, list, TRUE), NO_ERROR);

    assert_int_equal(memory_mdl_read(whole, 0, got, PAGES_MAX * PAGE), MEMORY_OK);
    for (uint32_t i = 0; i < PAGES_MAX * PAGE; i++) {
        bool inside = i >= now.base && i < now.base + now.length;
        assert_int_equal(got[i], inside && !now.to_device ? fixture_byte(9, i - now.base) : before[i]);
    }
    if (now.to_device) assert_device_has(0, now.length, 5, now.base);
    assert_int_equal(memory_unlock(of), MEMORY_OK);
    assert_int_equal(memory_unlock(whole), MEMORY_OK);
    VideoPortPutDmaAdapter(extension, used);
    if (other != NULL) VideoPortPutDmaAdapter(extension, other);
    assert_no_violation();
    assert_int_equal(port_end(NULL), 0);
}

static void show(const unsigned *values)
{
    print_message("case");
    for (unsigned p = 0; p < PARAMETERS; p++) print_message(" %u", values[p]);
    print_message("\n");
}

static void every_pair_of_the_matrix_moves_every_byte(void **state)
{
    (void)state;
    cases_make();
    assert_true(case_count >= sizes[LENGTH] * sizes[BASE]);
    for (unsigned n = 0; n < case_count; n++) {
        if (getenv("SHOW") != NULL) show(cases[n]);
        run_case(cases[n]);
    }
}

/* All with all where packets begin and end: base, length, registers, mode, direction. */
static void every_corner_of_a_packet_moves_every_byte(void **state)
{
    (void)state;
    unsigned values[PARAMETERS] = { 0 };
    uint32_t random = 4;
    for (unsigned base = 0; base < sizes[BASE]; base++) {
        for (unsigned corner = 0; corner < 7u * 4u * 3u; corner++) {
            static const unsigned lengths[] = { 0, 7, 8, 9, 10, 12, 14 };
            values[BASE] = base;
            values[LENGTH] = lengths[corner % 7u];
            values[REGISTERS_OF] = corner / 7u % 4u;
            values[MODE] = corner / 28u;
            values[DIRECTION] = opened_random(&random) % 2u;
            values[FRAGMENTS] = opened_random(&random) % 5u;
            values[CACHES] = 1;
            values[POINT] = opened_random(&random) % 3u;
            values[LEVEL] = opened_random(&random) % 2u;
            run_case(values);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_pair_of_the_matrix_moves_every_byte),
        cmocka_unit_test(every_corner_of_a_packet_moves_every_byte),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
