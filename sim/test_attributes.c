// SPDX-License-Identifier: Apache-2.0
//
// Every address of a channel goes out with the channel's AxPROT, AxCACHE and AxQOS: descriptors, data and write-back.
#include "testing.h"

enum {
    RING   = ENGINE_MEMORY_BASE,
    SOURCE = ENGINE_MEMORY_BASE + 0x10000,
    TARGET = ENGINE_MEMORY_BASE + 0x20000,
    SPAN   = 0x4000, // of a channel: so much behind the one before
    PLACES = 4,
    OPEN   = 0x40000,
    LIMIT  = 40000,
    COUNT  = 20,
};

struct attributes { unsigned prot, cache, qos; };

static struct engine    *engine;
static struct attributes wanted[PLACES];
static unsigned          seen[PLACES][2], wrong; // addresses of each channel and direction

static void look(const struct axi_address *at, unsigned direction)
{
    unsigned channel = at->addr / SPAN % PLACES;
    if (!at->valid) return;
    seen[channel][direction]++;
    wrong += at->prot != wanted[channel].prot || at->cache != wanted[channel].cache || at->qos != wanted[channel].qos;
}

static void watch(void *user)
{
    (void)user;
    look(&engine->pins.memory.ar, 0);
    look(&engine->pins.memory.aw, 1);
}

static void copy_on_all(void)
{
    struct ring rings[PLACES];
    engine->watch = watch;
    wrong         = 0;
    for (unsigned c = 0; c < engine->channels; c++) {
        seen[c][0] = seen[c][1] = 0;
        ring_start(&rings[c], engine, c, RING + c * SPAN, 5);
        for (unsigned i = 0; i < COUNT; i++) {
            testing_expect_copy(engine, SOURCE + c * SPAN + i * 320, TARGET + c * SPAN + i * 320, 304);
            ring_put(&rings[c], &(struct descriptor){ .source = SOURCE + c * SPAN + i * 320,
                                                      .destination = TARGET + c * SPAN + i * 320, .length = 304,
                                                      .flags = DESCRIPTOR_WRITE_BACK });
        }
        ring_doorbell(&rings[c]);
    }
    for (unsigned c = 0; c < engine->channels; c++) {
        ring_wait_empty(&rings[c], LIMIT);
        for (unsigned i = 0; i < COUNT; i++) testing_expect_slot(engine, ring_slot(&rings[c], (uint16_t)i));
        assert_true(seen[c][0] > COUNT && seen[c][1] > 2 * COUNT);
        ring_stop(&rings[c], LIMIT);
    }
    assert_int_equal(wrong, 0);
    testing_memory(engine);
    testing_clean(engine);
}

static void begin(void **state)
{
    engine = testing_engine(state, &(struct engine_config){ .latency = 5, .open_bytes = OPEN, .stalls = { 90, 0, 90, 0, 0 } });
    testing_fill(engine, testing_seed());
    assert_in_range(engine->channels, 1, PLACES);
    for (unsigned c = 0; c < PLACES; c++) wanted[c] = (struct attributes){ 0, 3, 0 };
}

static void after_reset_they_are_those_of_plain_memory(void **state)
{
    begin(state);
    copy_on_all();
}

static void each_channel_has_its_own(void **state)
{
    begin(state);
    for (unsigned round = 0; round < 8; round++) {
        for (unsigned c = 0; c < engine->channels; c++) {
            uint64_t random = testing_seed() + 16 * round + c;
            uint32_t word   = (uint32_t)(memory_random(&random) >> 40) & 0xff7u;
            wanted[c]       = (struct attributes){ word & 7, word >> 4 & 15, word >> 8 & 15 };
            engine_write(engine, DRAY_CHANNEL_ATTRIBUTES(c), word);
            assert_int_equal(engine_read(engine, DRAY_CHANNEL_ATTRIBUTES(c)), word);
        }
        copy_on_all();
    }
}

int main(void)
{
    const struct testing_case plain[] = { TESTING_CASE(after_reset_they_are_those_of_plain_memory) };
    const struct testing_case cases[] = { TESTING_CASE(each_channel_has_its_own) };
    TESTING_ADD(testing_all, plain);
    TESTING_ADD(testing_options, cases);
    return testing_run("attributes");
}
