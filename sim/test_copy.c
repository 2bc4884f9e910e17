// SPDX-License-Identifier: Apache-2.0
//
// Every short copy at every pair of offsets, and round every page and burst boundary, is memcpy and no byte more.
#include "testing.h"

#include <string.h>

enum {
    RING     = ENGINE_MEMORY_BASE,
    SLOTS_LG = 7,
    SLOTS    = 1 << SLOTS_LG,
    SOURCE   = ENGINE_MEMORY_BASE + 0x40000,
    TARGET   = ENGINE_MEMORY_BASE + 0x80000,
    OPEN     = 0xc0000,
    LIMIT    = 200000,
};

struct copy { uint32_t source, destination, length; };

// A batch of copies between two areas: all of a ring, then both areas are compared.
struct batch {
    struct engine *engine;
    struct ring    ring;
    struct copy    copies[SLOTS];
    unsigned       count, area_bytes;
};

static void batch_run(struct batch *batch)
{
    if (batch->count == 0) return;
    struct engine *engine = batch->engine;
    uint8_t       *wanted = memory_expected(engine->memory, TARGET, batch->area_bytes);
    memory_fill_random(engine->memory, SOURCE, batch->area_bytes, engine_cycle(engine));
    memory_fill_random(engine->memory, TARGET, batch->area_bytes, engine_cycle(engine) + 1);
    memcpy(memory_expected(engine->memory, SOURCE, batch->area_bytes), memory_at(engine->memory, SOURCE, batch->area_bytes),
           batch->area_bytes);
    memcpy(wanted, memory_at(engine->memory, TARGET, batch->area_bytes), batch->area_bytes);
    memory_forbid(engine->memory, TARGET, batch->area_bytes);

    for (unsigned i = 0; i < batch->count; i++) {
        const struct copy *copy = &batch->copies[i];
        testing_expect_copy(engine, copy->source, copy->destination, copy->length);
        ring_put(&batch->ring, &(struct descriptor){ .source = copy->source, .destination = copy->destination,
                                                     .length = copy->length,
                                                     .flags  = i + 1 == batch->count ? DESCRIPTOR_IRQ : 0 });
    }
    ring_doorbell(&batch->ring);
    ring_wait_done(&batch->ring, LIMIT);

    const uint8_t *got = memory_at(engine->memory, TARGET, batch->area_bytes);
    for (unsigned i = 0; memcmp(got, wanted, batch->area_bytes) != 0 && i < batch->count; i++) {
        const struct copy *copy = &batch->copies[i];
        for (uint32_t byte = 0; byte < copy->length; byte++)
            if (got[copy->destination - TARGET + byte] != wanted[copy->destination - TARGET + byte])
                fail_msg("copy of %u bytes from 0x%08x to 0x%08x: byte %u is wrong", (unsigned)copy->length,
                         (unsigned)copy->source, (unsigned)copy->destination, (unsigned)byte);
    }
    testing_clean(engine);
    batch->count = 0;
}

static void batch_add(struct batch *batch, uint32_t source, uint32_t destination, uint32_t length)
{
    batch->copies[batch->count++] = (struct copy){ source, destination, length };
    if (batch->count == SLOTS) batch_run(batch);
}

static struct batch *batch_open(void **state, unsigned latency, unsigned area_bytes)
{
    static struct batch batch;
    batch = (struct batch){ .engine = testing_engine(state, &(struct engine_config){ .latency = latency, .open_bytes = OPEN }),
                            .area_bytes = area_bytes };
    ring_start(&batch.ring, batch.engine, 0, RING, SLOTS_LG);
    return &batch;
}

static void every_pair_of_offsets_at_every_short_length_is_memcpy(void **state)
{
    enum { PLACE = 128 };
    struct batch *batch = batch_open(state, 3, SLOTS * PLACE);
    unsigned      width = batch->engine->width_bytes;
    for (unsigned from = 0; from < width; from++)
        for (unsigned to = 0; to < width; to++)
            for (unsigned length = 1; length <= 3 * width + 2; length++) {
                unsigned place = batch->count * PLACE + 16;
                batch_add(batch, SOURCE + place + from, TARGET + place + to, length);
            }
    batch_run(batch);
    testing_memory(batch->engine);
}

static void HW_09_page_and_burst_boundaries_are_memcpy(void **state)
{
    enum { PLACE = 0x4000, PLACES = 16 };
    struct batch *batch = batch_open(state, 7, PLACES * PLACE);
    unsigned      width = batch->engine->width_bytes, burst = width * batch->engine->parameters->burst_beats;
    const unsigned before[] = { 0, 1, width - 1, width, width + 1, burst - 1, burst, burst + 1 };
    const unsigned lengths[] = { 1, 2, width, burst - 1, burst, burst + 1, 2 * burst + 3, 4095, 4096, 4097, 9000 };
    for (unsigned a = 0; a < 8; a++)
        for (unsigned b = 0; b < 8; b++)
            for (unsigned l = 0; l < sizeof lengths / sizeof lengths[0]; l++) {
                unsigned place = batch->count * PLACE + 0x1000;
                batch_add(batch, SOURCE + place - before[a], TARGET + place - before[b], lengths[l]);
                if (batch->count == PLACES) batch_run(batch);
            }
    batch_run(batch);
    testing_memory(batch->engine);
}

// For the build without bytes, but true of all.
static void whole_words_are_memcpy(void **state)
{
    enum { PLACE = 0x1000, PLACES = 32 };
    struct batch *batch = batch_open(state, 5, PLACES * PLACE);
    unsigned      width = batch->engine->width_bytes;
    for (unsigned from = 0; from < 4; from++)
        for (unsigned to = 0; to < 4; to++)
            for (unsigned length = 1; length < 70; length += length < 20 ? 1 : 7) {
                unsigned place = batch->count * PLACE + 0x400;
                batch_add(batch, SOURCE + place + from * width, TARGET + place + to * width, length * width);
                if (batch->count == PLACES) batch_run(batch);
            }
    batch_run(batch);
    testing_memory(batch->engine);
}

int main(void)
{
    const struct testing_case words[] = { TESTING_CASE(whole_words_are_memcpy) };
    const struct testing_case bytes[] = { TESTING_CASE(every_pair_of_offsets_at_every_short_length_is_memcpy),
                                          TESTING_CASE(HW_09_page_and_burst_boundaries_are_memcpy) };
    TESTING_ADD(testing_all, words);
    TESTING_ADD(testing_widths, bytes);
    return testing_run("copy");
}
