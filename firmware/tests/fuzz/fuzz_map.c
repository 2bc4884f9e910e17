/* SPDX-License-Identifier: Apache-2.0 */
/* The gate's driver against a model of its books: what is open in the gate is what was opened and not closed. */
#include "port_fixture.h"

#include "fuzz.h"

#define ENTRIES 16u
#define FRAMES  8u
#define FIRST   (SOC_BUS_HOST / PAGE)

static struct {
    bool     taken[ENTRIES], valid[ENTRIES];
    unsigned channel[ENTRIES], access[ENTRIES], frame[ENTRIES];
    unsigned open[FRAMES][FAKE_CHANNELS][2];
} model;

static void take(void)
{
    unsigned count = below(6), first = 0;
    if (map_registers_take(&gate, count, &first) != MAP_OK) return;
    assert_true(count != 0u && first + count <= ENTRIES);
    for (unsigned i = first; i < first + count; i++) {
        assert_false(model.taken[i]);
        model.taken[i] = true;
    }
}

static void give(void)
{
    unsigned first = below(20), count = below(6);
    bool good = count != 0u && first + count <= ENTRIES;
    for (unsigned i = first; good && i < first + count; i++) good = model.taken[i] && !model.valid[i];
    assert_int_equal(map_registers_give(&gate, first, count) == MAP_OK, good);
    for (unsigned i = first; good && i < first + count; i++) model.taken[i] = false;
}

static void set(void)
{
    unsigned reg = below(20), channel = below(4), access = below(4), frame = below(FRAMES);
    bool good = reg < ENTRIES && channel < FAKE_CHANNELS && access != 0u && model.taken[reg] && !model.valid[reg];
    assert_int_equal(map_entry_set(&gate, reg, FIRST + frame, channel, (enum map_access)access) == MAP_OK, good);
    if (!good) return;
    model.valid[reg] = true;
    model.channel[reg] = channel;
    model.access[reg] = access;
    model.frame[reg] = frame;
}

static void clear(void)
{
    unsigned reg = below(20);
    bool good = reg < ENTRIES && model.valid[reg];
    assert_int_equal(map_entry_clear(&gate, reg) == MAP_OK, good);
    if (good) model.valid[reg] = false;
}

static void guard(void)
{
    unsigned frame = below(FRAMES + 1u), channel = below(3), access = below(4);
    bool opens = below(2) != 0u, good = frame < FRAMES && channel < FAKE_CHANNELS && access != 0u;
    uint64_t number = frame < FRAMES ? FIRST + frame : FIRST + gate.guard_frames;
    for (unsigned way = 0; good && way < 2u; way++) {
        unsigned count = model.open[frame][channel][way];
        if ((access >> way & 1u) != 0u && (opens ? count == MAP_OPEN_MAX : count == 0u)) good = false;
    }
    enum map_status status = opens ? map_guard_open(&gate, number, channel, (enum map_access)access)
                                   : map_guard_close(&gate, number, channel, (enum map_access)access);
    assert_int_equal(status == MAP_OK, good);
    for (unsigned way = 0; good && way < 2u; way++) {
        if ((access >> way & 1u) != 0u) model.open[frame][channel][way] += opens ? 1u : 0u - 1u;
    }
}

static void compare(void)
{
    for (unsigned i = 0; i < ENTRIES; i++) {
        assert_int_equal(fake.window[i].valid, model.valid[i]);
        if (!model.valid[i]) continue;
        assert_int_equal(fake.window[i].channel, model.channel[i]);
        assert_int_equal(fake.window[i].frame, FIRST + model.frame[i]);
        assert_int_equal(fake.window[i].read * 1u + fake.window[i].write * 2u, model.access[i]);
    }
    for (unsigned f = 0; f < FRAMES; f++) {
        for (unsigned c = 0; c < FAKE_CHANNELS; c++) {
            assert_int_equal(fake.guard[c][f] & 1u, model.open[f][c][0] != 0u);
            assert_int_equal(fake.guard[c][f] >> 1 & 1u, model.open[f][c][1] != 0u);
            assert_int_equal(map_guard_count(&gate, FIRST + f, c, MAP_READ), model.open[f][c][0]);
            assert_int_equal(map_guard_count(&gate, FIRST + f, c, MAP_WRITE), model.open[f][c][1]);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static void (*const acts[])(void) = { take, give, set, clear, guard, guard };
    input_begin(data, size);
    hal_init();
    fake_begin(&(struct fake_config){ .window = ENTRIES });
    static bool found;
    if (!found) assert_int_equal(map_init(&gate, SOC_GATE, gate_counts, sizeof gate_counts), MAP_OK);
    found = true; /* closing thousands of frames for each input would be all that is fuzzed */
    memset(gate.taken, 0, sizeof gate.taken);
    memset(gate.valid, 0, sizeof gate.valid);
    memset(gate_counts, 0, FRAMES * FAKE_CHANNELS);
    memset(&model, 0, sizeof model);
    while (input_left()) acts[below(6)]();
    compare();
    return 0;
}
