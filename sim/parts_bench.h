// SPDX-License-Identifier: Apache-2.0
//
// What a test of the system's parts begins and ends with: the model, its memories, an engine to play, and a report.
//
//     static void a_store_is_read_back(void **state)
//     {
//         struct parts_bench *bench = parts_open(&(struct parts_config){ .latency = 13 });
//         parts_store(bench, PARTS_VIA_HOST, 0x40000000, 4, 1);
//         ...
//         parts_clean(bench);
//     }
//
// parts_close is the teardown of every test.
#ifndef SIM_PARTS_BENCH_H
#define SIM_PARTS_BENCH_H

#include "manager.h"
#include "memory.h"
#include "parts_model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum {
    PARTS_HOST        = 0x40000000,
    PARTS_HOST_SIZE   = 0x00020000, // what these tests use of it
    PARTS_DEVICE      = 0x40800000,
    PARTS_DEVICE_SIZE = 0x00010000,
    PARTS_PATIENCE    = 20000, // cycles
};

enum parts_way { PARTS_VIA_HOST, PARTS_VIA_ALIAS };

struct parts_config {
    unsigned             latency, spread;
    struct memory_stalls stalls;
    uint8_t              stall; // of the managers
};

struct parts_bench {
    struct parts     *model;
    struct parts_pins pins;
    struct report     report;
    struct memory    *host, *device, *x_host, *x_device;
    struct manager    engine, a, b;
    uint64_t          cycle, seed;
    unsigned          errors; // enum parts_error, of all cycles
};

struct parts_bench *parts_open(const struct parts_config *config);
int  parts_close(void **state);
void parts_clean(struct parts_bench *bench); // fails with the report if it holds an error

void parts_tick(struct parts_bench *bench);
void parts_ticks(struct parts_bench *bench, unsigned cycles);

// One access of the core. @param bytes  1, 2 or 4; addr is a multiple of it, in the memory bus's addresses.
void     parts_store(struct parts_bench *bench, enum parts_way way, uint32_t addr, unsigned bytes, uint32_t value);
uint32_t parts_load(struct parts_bench *bench, enum parts_way way, uint32_t addr); // a whole word

void parts_drain(struct parts_bench *bench);
void parts_flush(struct parts_bench *bench);
void parts_wait(struct parts_bench *bench, const struct manager *manager); // until it is idle

uint64_t parts_random(struct parts_bench *bench);

#define PARTS_TEST(function) cmocka_unit_test_teardown(function, parts_close)

#endif
