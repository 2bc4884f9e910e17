/* SPDX-License-Identifier: Apache-2.0 */
/** @file client_fixture.h  What tests of both faces begin with: machine, gate, one client and its buffer. */
#ifndef CLIENT_FIXTURE_H
#define CLIENT_FIXTURE_H

#include "fixture.h"

#include "fake.h"
#include "map.h"

#define PAGE         MEMORY_PAGE_BYTES
#define CLIENT_PAGES 40u

static struct map gate;
static uint8_t    gate_counts[FAKE_FRAMES * FAKE_CHANNELS];

static uintptr_t buffer; /* of the client, CLIENT_PAGES pages */
static struct memory_client *client;

static uint8_t device_bytes[CLIENT_PAGES * 4096u];

static inline void gate_begin(const struct fake_config *config)
{
    fixture_begin(NULL);
    fake_begin(config);
    assert_int_equal(map_init(&gate, SOC_GATE, gate_counts, sizeof gate_counts), MAP_OK);
}

static inline void client_begin(void)
{
    client = memory_client_create();
    assert_non_null(client);
    (void)memory_client_attach(client);
    assert_int_equal(memory_client_map(client, CLIENT_PAGES, MEMORY_MAY_WRITE, &buffer), MEMORY_OK);
}

/* Nothing is open in the gate when a test has given everything back. */
static inline int client_end(void **state)
{
    assert_int_equal(fake_open_entries(), 0);
    assert_int_equal(fake_open_frames(), 0);
    (void)memory_client_attach(NULL);
    return fixture_end(state);
}

static inline void client_fill(uint32_t offset, uint32_t length, uint32_t seed)
{
    static uint8_t bytes[sizeof device_bytes];
    fixture_fill(bytes, length, seed);
    assert_int_equal(memory_client_write(client, buffer + offset, bytes, length), MEMORY_OK);
}

static inline void client_read(uint32_t offset, void *to, uint32_t length)
{
    assert_int_equal(memory_client_read(client, buffer + offset, to, length), MEMORY_OK);
}

/* Time goes by: a look at the clock is a cycle, and while the processor waits the engine works. */
static uint64_t fixture_cycles;

static inline uint64_t fixture_now(void *context)
{
    (void)context;
    return fixture_cycles++;
}

static inline void fixture_engine_works(void *context, uint32_t wait)
{
    (void)context;
    fixture_cycles += wait;
    (void)fake_run(1);
}

#endif
