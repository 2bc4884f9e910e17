// SPDX-License-Identifier: Apache-2.0
//
// Random copies on all channels at once, while the memory holds back on all five of its channels at random.
#include "testing.h"

#include <string.h>

enum {
    RINGS    = ENGINE_MEMORY_BASE, // 64 KiB each
    SLOTS_LG = 6,
    SLOTS    = 1 << SLOTS_LG,
    SOURCE   = ENGINE_MEMORY_BASE + 0x40000, // shared by all channels
    TARGET   = ENGINE_MEMORY_BASE + 0x80000, // of channel 0; the next ones behind it
    AREA     = 0x20000,
    OPEN     = 0xc0000,
    LIMIT    = 400000,
    ROUNDS   = 6,
};

// Short ones often, long ones now and then.
static uint32_t random_length(uint64_t *random, unsigned unit)
{
    uint32_t most = memory_random(random) % 8 == 0 ? 3000 : 100;
    return (1 + (uint32_t)(memory_random(random) % (most / unit))) * unit;
}

// Fills a ring with copies to places that do not touch each other, with random flags.
static void put_copies(struct ring *ring, uint64_t *random, unsigned count)
{
    struct engine *engine = ring->engine;
    unsigned       unit   = engine->parameters->bytes ? 1 : engine->width_bytes;
    uint32_t       target = TARGET + ring->channel * AREA, at = 0;
    for (unsigned i = 0; i < count; i++) {
        uint32_t length = random_length(random, unit);
        uint32_t source = SOURCE + (uint32_t)(memory_random(random) % (AREA / 2 / unit)) * unit;
        at += (uint32_t)(memory_random(random) % 40) * unit;
        if (at + length > AREA) break;
        uint32_t flags = 0, dice = (uint32_t)memory_random(random);
        if (dice % 4 == 0) flags |= DESCRIPTOR_WRITE_BACK;
        if (dice / 4 % 8 == 0) flags |= DESCRIPTOR_FENCE;
        if (dice / 32 % 4 == 0) flags |= DESCRIPTOR_IRQ;
        testing_expect_copy(engine, source, target + at, length);
        ring_put(ring, &(struct descriptor){ .source = source, .destination = target + at, .length = length, .flags = flags,
                                             .tag = i });
        at += length;
    }
}

static void check_write_backs(struct ring *ring, uint16_t from)
{
    for (uint16_t index = from; index != ring->producer; index++) {
        uint64_t slot = ring_slot(ring, index);
        uint32_t was  = 0;
        memcpy(&was, memory_expected(ring->engine->memory, slot + DRAY_DESCRIPTOR_LENGTH, 4), 4);
        uint32_t control = 0;
        memcpy(&control, memory_expected(ring->engine->memory, slot + DRAY_DESCRIPTOR_CONTROL, 4), 4);
        if (!(control & DESCRIPTOR_WRITE_BACK)) continue;
        struct write_back back = ring_write_back(ring, slot);
        assert_int_equal(back.type, DRAY_DESC_TYPE_DONE);
        assert_int_equal(back.cause, DRAY_CAUSE_NONE);
        assert_int_equal(back.moved, was);
        testing_expect_slot(ring->engine, slot);
    }
}

static void run(void **state, unsigned latency, unsigned spread, struct memory_stalls stalls, uint64_t seed)
{
    struct engine *engine = testing_engine(state, &(struct engine_config){ .latency = latency, .spread = spread, .seed = seed,
                                                                           .open_bytes = OPEN });
    struct ring rings[2];
    uint64_t    random = seed * 2 + 1;
    testing_fill(engine, seed);
    memory_set_stalls(engine->memory, stalls);
    engine->registers.pause_most = 3;
    for (unsigned c = 0; c < engine->channels; c++) ring_start(&rings[c], engine, c, RINGS + c * 0x10000u, SLOTS_LG);

    for (unsigned round = 0; round < ROUNDS; round++) {
        uint16_t from[2] = { 0, 0 };
        for (unsigned c = 0; c < engine->channels; c++) {
            from[c] = rings[c].producer;
            memory_forbid(engine->memory, TARGET + c * AREA, AREA);
            put_copies(&rings[c], &random, 1 + (unsigned)(memory_random(&random) % SLOTS));
        }
        for (unsigned c = 0; c < engine->channels; c++) ring_doorbell(&rings[c]);
        for (unsigned c = 0; c < engine->channels; c++) ring_wait_empty(&rings[c], LIMIT);
        for (unsigned c = 0; c < engine->channels; c++) check_write_backs(&rings[c], from[c]);
        testing_memory(engine);
        testing_clean(engine);
    }
}

static void copies_are_right_when_the_memory_never_stalls(void **state)
{
    run(state, 1, 0, (struct memory_stalls){ 0 }, testing_seed());
}

static void copies_are_right_when_every_channel_stalls_a_little(void **state)
{
    run(state, 13, 0, (struct memory_stalls){ 40, 40, 40, 40, 40 }, testing_seed() + 1);
}

static void copies_are_right_when_every_channel_stalls_most_of_the_time(void **state)
{
    run(state, 2, 5, (struct memory_stalls){ 200, 200, 200, 200, 200 }, testing_seed() + 2);
}

static void copies_are_right_when_only_reads_are_slow(void **state)
{
    run(state, 100, 60, (struct memory_stalls){ .arready = 120, .rvalid = 150 }, testing_seed() + 3);
}

static void copies_are_right_when_only_writes_are_slow(void **state)
{
    run(state, 30, 200, (struct memory_stalls){ .awready = 150, .wready = 180, .bvalid = 200 }, testing_seed() + 4);
}

static void copies_are_right_when_addresses_are_slow(void **state)
{
    run(state, 3, 0, (struct memory_stalls){ .arready = 220, .awready = 220 }, testing_seed() + 5);
}

int main(void)
{
    const struct testing_case cases[] = {
        TESTING_CASE(copies_are_right_when_the_memory_never_stalls),
        TESTING_CASE(copies_are_right_when_every_channel_stalls_a_little),
        TESTING_CASE(copies_are_right_when_every_channel_stalls_most_of_the_time),
        TESTING_CASE(copies_are_right_when_only_reads_are_slow),
        TESTING_CASE(copies_are_right_when_only_writes_are_slow),
        TESTING_CASE(copies_are_right_when_addresses_are_slow),
    };
    TESTING_ADD(testing_plain, cases);
    return testing_run("random");
}
