// SPDX-License-Identifier: Apache-2.0
//
// Makes a random case and runs its rounds.
#include "random_case.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

enum { ROUNDS = 4 };

uint32_t random_below(struct random_case *random, uint32_t below)
{
    return below == 0 ? 0 : (uint32_t)((memory_random(&random->random) >> 32) % below);
}

bool random_once_in(struct random_case *random, uint32_t times)
{
    return random_below(random, times) == 0;
}

uint32_t random_page(const struct random_case *random)
{
    return 1u << random->engine->parameters->page_lg;
}

bool random_has_window(const struct random_case *random)
{
    return random->engine->parameters->gate && random->engine->parameters->window >= RANDOM_WINDOW * random->engine->channels;
}

// ---- ends that nobody waits for

static struct random_case *stopping; // the one whose engine ran into a limit

static void say_seed(int number)
{
    (void)number;
    random_say_seed(stopping, "a check of the bench failed");
}

static void stop_case(void)
{
    random_say_seed(stopping, "a wait ran out");
    stopping->stop();
}

// ---- making a case

static uint8_t random_chance(struct random_case *random)
{
    return (uint8_t)(random_once_in(random, 2) ? 0 : random_below(random, 220));
}

static void open_pages(struct random_case *random, unsigned channel, uint64_t addr, size_t len_bytes, unsigned rights)
{
    engine_guard(random->engine, channel, addr, len_bytes, rights);
    reference_guard(random->reference, channel, addr, len_bytes, rights);
}

static unsigned random_rights(struct random_case *random)
{
    return random->has_errors && random_once_in(random, 24) ? random_below(random, 4) : ENGINE_READ | ENGINE_WRITE;
}

// Behind every area there is a page that nobody may touch.
static void open_gate(struct random_case *random)
{
    uint32_t page = random_page(random);
    for (unsigned c = 0; c < random->engine->channels; c++) {
        open_pages(random, c, random_source(random), RANDOM_SOURCE_LEN, ENGINE_READ);
        if (random->has_errors && random_once_in(random, 2))
            open_pages(random, c, random_source(random) + random_below(random, RANDOM_SOURCE_LEN / page) * page, 1, 0);
        open_pages(random, c, random_ring(random, c), 2 * RANDOM_PAGE, ENGINE_READ | ENGINE_WRITE);
        for (uint32_t at = 0; at < RANDOM_SEGMENT_LEN; at += page)
            open_pages(random, c, random_segments(random, c) + at, 1, random_rights(random));
        for (uint32_t at = 0; at < RANDOM_LIST_LEN; at += page)
            open_pages(random, c, random_lists(random, c) + at, 1, random_rights(random));
        for (uint32_t at = 0; at < RANDOM_TARGET_LEN; at += page)
            open_pages(random, c, random_target(random, c) + at, 1, random_rights(random));
        uint32_t turn = random_below(random, RANDOM_WINDOW);
        for (unsigned i = 0; i < RANDOM_WINDOW && random_has_window(random); i++) { // frames in another order than pages
            unsigned entry = c * RANDOM_WINDOW + i, rights = random_rights(random);
            uint64_t frame = random_frames(random, c) + ((i * 3 + turn) % RANDOM_WINDOW) * page;
            engine_window_open(random->engine, entry, c, frame, rights);
            reference_window(random->reference, entry, c, frame, rights);
        }
    }
}

// Two pages of the window in front of the memory's first two, in another order, for the first channel alone.
static void open_edge(struct random_case *random)
{
    uint32_t page = random_page(random);
    for (unsigned i = 0; i < RANDOM_EDGE / page; i++) {
        unsigned entry = random->engine->parameters->window - RANDOM_EDGE / page + i;
        uint64_t frame = random_frames(random, 0) + (RANDOM_WINDOW + 3 - 2 * i) * page;
        engine_window_open(random->engine, entry, 0, frame, ENGINE_READ | ENGINE_WRITE);
        reference_window(random->reference, entry, 0, frame, ENGINE_READ | ENGINE_WRITE);
    }
    open_pages(random, 0, random_base(random), RANDOM_EDGE, ENGINE_READ | ENGINE_WRITE);
}

static void fill(struct random_case *random, uint64_t addr, uint32_t len_bytes)
{
    memory_fill_random(random->engine->memory, addr, len_bytes, random_below(random, ~0u));
    memcpy(reference_at(random->reference, addr, len_bytes), memory_at(random->engine->memory, addr, len_bytes), len_bytes);
}

struct random_case *random_case_new(const char *kind, uint64_t seed, void (*stop)(void))
{
    static const unsigned latencies[] = { 1, 1, 2, 5, 13, 40, 100 };
    struct random_case *random = calloc(1, sizeof *random);
    if (random == NULL) abort();
    random->kind   = kind;
    random->seed   = seed;
    random->random = seed * 0x9e3779b97f4a7c15u | 1u;
    random->stop   = stop;
    for (unsigned i = 0; i < 4; i++) memory_random(&random->random);

    random->has_errors = random_below(random, 3) != 0;
    struct engine_config config = { .kind = kind, .memory_base = model_kind_find(kind)->parameters.guard_base, .seed = seed, .latency = latencies[random_below(random, 7)] };
    if (random_once_in(random, 3)) config.spread = random_below(random, 100);
    random->engine       = engine_new(&config);
    random->engine->stop = stop_case;
    if (random_below(random, 3) != 0)
        memory_set_stalls(random->engine->memory,
                          (struct memory_stalls){ random_chance(random), random_chance(random), random_chance(random),
                                                  random_chance(random), random_chance(random) });
    random->engine->registers.pause_most = random_below(random, 4);
    random->reference = reference_new(random->engine->parameters, random_base(random), ENGINE_MEMORY_BYTES);
    fill(random, random_base(random), RANDOM_EDGE + RANDOM_SOURCE_LEN);
    for (unsigned c = 0; c < random->engine->channels; c++) fill(random, random_home(random, c), 0x40000);
    for (unsigned c = 0; c < random->engine->channels; c++) {
        static const unsigned packets[] = { 40, 256, 256, 3000 };
        random->engine->sources[c].content += seed;
        random->engine->sources[c].endless = packets[random_below(random, 4)];
        reference_source(random->reference, c, &random->engine->sources[c]);
    }
    if (random->engine->parameters->gate) open_gate(random);
    if (random_is_high(random)) open_edge(random);
    return random;
}

void random_case_free(struct random_case *random)
{
    if (random == NULL) return;
    reference_free(random->reference);
    engine_free(random->engine);
    free(random);
}

// ----

bool random_case_run(struct random_case *random)
{
    stopping = random;
    signal(SIGABRT, say_seed); // asserts of the model and of the engine
    for (random->round = 0; random->round < ROUNDS && !random->failed; random->round++) random_round(random);
    return !random->failed;
}
