// SPDX-License-Identifier: Apache-2.0
//
// Runs a group of tests for each configuration, and cleans up behind each.
#include "testing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TESTS_MAX = 256, NAME_BYTES = 160, FILL_BYTES = 1 << 20 };

const char *const testing_widths[]  = { "default32", "default64", "default128", NULL };
const char *const testing_one[]     = { "default64", NULL };
const char *const testing_words[]   = { "min32", "up5k", NULL };
const char *const testing_all[]     = { "min32", "up5k", "default32", "default64", "default128", NULL };
const char *const testing_streams[] = { "default32", "default64", "default128", "full64", NULL };
const char *const testing_options[] = { "full64", NULL };
const char *const testing_every[]   = { "min32", "up5k", "default32", "default64", "default128", "full64", "plain64", "wide64", NULL };

static struct engine *engine_now; // of the test that runs

uint64_t testing_seed(void)
{
    const char *text = getenv("SEED");
    return text == NULL ? 1 : strtoull(text, NULL, 0);
}

static void stop_test(void)
{
    fail_msg("a wait ran out (SEED=%llu)", (unsigned long long)testing_seed());
}

struct engine *testing_engine(void **state, const struct engine_config *config)
{
    struct engine_config own = *config;
    own.kind                 = *state;
    if (own.seed == 0) own.seed = testing_seed();
    engine_free(engine_now);
    engine_now       = engine_new(&own);
    engine_now->stop = stop_test;
    return engine_now;
}

struct engine *testing_begin(void **state, const struct engine_config *config, struct ring *ring, uint64_t base, unsigned slots_lg)
{
    struct engine *engine = testing_engine(state, config);
    testing_fill(engine, testing_seed());
    ring_start(ring, engine, 0, base, slots_lg);
    return engine;
}

void testing_flush(struct ring *ring, unsigned limit)
{
    ring_doorbell(ring);
    ring_wait_empty(ring, limit);
    testing_memory(ring->engine);
    testing_clean(ring->engine);
}

static int free_engine(void **state)
{
    (void)state;
    engine_free(engine_now);
    engine_now = NULL;
    return 0;
}

void testing_clean(struct engine *engine)
{
    if (engine->report.count == 0) return;
    report_print(&engine->report, stderr);
    fail_msg("%u protocol errors (SEED=%llu); first: %s", engine->report.count, (unsigned long long)testing_seed(),
             engine->report.text[0]);
}

void testing_memory(struct engine *engine)
{
    uint64_t addr  = 0;
    size_t   count = memory_compare(engine->memory, &addr);
    if (count == 0) return;
    engine_print(engine);
    fail_msg("%zu bytes differ, first at 0x%llx: is 0x%02x, should be 0x%02x (SEED=%llu)", count, (unsigned long long)addr,
             (unsigned)*memory_at(engine->memory, addr, 1), (unsigned)*memory_expected(engine->memory, addr, 1),
             (unsigned long long)testing_seed());
}

void testing_fill(struct engine *engine, uint64_t seed)
{
    memory_fill_random(engine->memory, ENGINE_MEMORY_BASE, FILL_BYTES, seed);
    memcpy(memory_expected(engine->memory, ENGINE_MEMORY_BASE, FILL_BYTES),
           memory_at(engine->memory, ENGINE_MEMORY_BASE, FILL_BYTES), FILL_BYTES);
    memory_forbid_all(engine->memory);
}

void testing_expect_copy(struct engine *engine, uint64_t source, uint64_t destination, uint32_t len_bytes)
{
    memory_permit(engine->memory, destination, len_bytes);
    memmove(memory_expected(engine->memory, destination, len_bytes), memory_expected(engine->memory, source, len_bytes),
            len_bytes);
}

void testing_expect_slot(struct engine *engine, uint64_t slot_addr)
{
    memcpy(memory_expected(engine->memory, slot_addr, SLOT_BYTES), memory_at(engine->memory, slot_addr, SLOT_BYTES),
           SLOT_BYTES);
}

static struct CMUnitTest tests[TESTS_MAX];
static char              names[TESTS_MAX][NAME_BYTES];
static size_t            total;

void testing_add(const char *const *kinds, const struct testing_case *cases, size_t count)
{
    const char *only = getenv("KIND"); // one configuration, by hand
    for (size_t k = 0; kinds[k] != NULL; k++) {
        if (only != NULL && strcmp(only, kinds[k]) != 0) continue;
        for (size_t i = 0; i < count && total < TESTS_MAX; i++, total++) {
            snprintf(names[total], NAME_BYTES, "%s: %s", kinds[k], cases[i].name);
            tests[total] = (struct CMUnitTest){ .name = names[total], .test_func = cases[i].run, .teardown_func = free_engine };
            // cmocka hands the initial state on as it is; nobody writes through it.
            memcpy(&tests[total].initial_state, &kinds[k], sizeof kinds[k]);
        }
    }
}

int testing_run(const char *group)
{
    if (getenv("TEST") != NULL) cmocka_set_test_filter(getenv("TEST")); // a pattern: '*: a_word*'
    return _cmocka_run_group_tests(group, tests, total, NULL, NULL);
}
