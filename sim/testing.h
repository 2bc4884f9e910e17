// SPDX-License-Identifier: Apache-2.0
//
// What every co-simulation test begins and ends with: one engine, and a report that must be empty.
//
//     static void a_word_is_copied(void **state)
//     {
//         struct engine *engine = testing_engine(state, &(struct engine_config){ .latency = 13 });
//         ...
//         testing_clean(engine);
//     }
//     int main(void)
//     {
//         const struct testing_case cases[] = { TESTING_CASE(a_word_is_copied) };
//         TESTING_ADD(testing_widths, cases);
//         return testing_run("copy");
//     }
//
// A test runs once for each configuration; its name is then `default64: a_word_is_copied`.
#ifndef SIM_TESTING_H
#define SIM_TESTING_H

#include "engine.h"
#include "ring.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct testing_case {
    const char *name;
    void (*run)(void **state);
};

#define TESTING_CASE(function) { #function, function }

// Lists of configurations, each ending with NULL.
extern const char *const testing_widths[];  // default32, default64, default128: two channels, the first with a stream out
extern const char *const testing_one[];     // default64
extern const char *const testing_words[];   // min32, up5k
extern const char *const testing_all[];     // testing_words and testing_widths
extern const char *const testing_streams[]; // testing_widths, and full64, a channel of which has both streams
extern const char *const testing_options[]; // full64: four channels with every option
extern const char *const testing_every[];

// $SEED, or 1. Every random test starts from it and prints it when it fails.
uint64_t testing_seed(void);

// A new engine of the configuration that the test runs for. It is freed after the test, however that ends.
struct engine *testing_engine(void **state, const struct engine_config *config);

// The same with random bytes in memory (testing_fill), and channel 0 runs an empty ring.
struct engine *testing_begin(void **state, const struct engine_config *config, struct ring *ring, uint64_t base, unsigned slots_lg);

// The doorbell, until all that was put is done, in so many cycles at most; then memory and report are looked at.
void testing_flush(struct ring *ring, unsigned limit);

// Fails with the report if it holds an error.
void testing_clean(struct engine *engine);

// Fails if any byte of memory differs from what is expected (memory_expected).
void testing_memory(struct engine *engine);

// Random bytes in the first MiB of the image, copied into the expected image; no byte is permitted.
void testing_fill(struct engine *engine, uint64_t seed);

// A linear copy that is to happen: permitted in the image, done in the expected image.
void testing_expect_copy(struct engine *engine, uint64_t source, uint64_t destination, uint32_t len_bytes);

// Write-backs that are there: taken over into the expected image, so that it can be compared as a whole.
void testing_expect_slot(struct engine *engine, uint64_t slot_addr);

// Each case for each configuration; then all that was added.
void testing_add(const char *const *kinds, const struct testing_case *cases, size_t count);
#define TESTING_ADD(kinds, cases) testing_add((kinds), (cases), sizeof(cases) / sizeof(cases)[0])
int testing_run(const char *group);

#endif
