/* SPDX-License-Identifier: Apache-2.0 */
/** @file miniport_fixture.h  A miniport over the fake engine, a client with a buffer, and the laws as a trace must obey them. */
#ifndef MINIPORT_FIXTURE_H
#define MINIPORT_FIXTURE_H

#include "fixture.h"

#include "fake.h"
#include "laws.h"
#include "map.h"
#include "miniport.h"
#include "port.h"
#include "trace.h"

#define PAGE         MEMORY_PAGE_BYTES
#define CLIENT_PAGES 40u
#define FRAME_BYTES  (32u * 4096u)

static struct map gate;
static uint8_t    gate_counts[FAKE_FRAMES * FAKE_CHANNELS];
static struct miniport miniport;
static struct memory_client *client;
static uintptr_t  buffer;
static unsigned   told_count;

static inline void told(struct miniport_request *request)
{
    assert_int_equal(irql_current(), IRQL_DISPATCH);
    told_count++;
    request->context = (void *)((uintptr_t)request->context + 1u); /* how often this one was told */
}

static inline int miniport_begin_with(const struct miniport_config *wanted)
{
    struct miniport_config config = *wanted;
    fixture_begin(NULL);
    fake_begin(&(struct fake_config){ 0 });
    assert_int_equal(map_init(&gate, SOC_GATE, gate_counts, sizeof gate_counts), MAP_OK);
    port_init(&gate, 300);
    client = memory_client_create();
    (void)memory_client_attach(client);
    assert_int_equal(memory_client_map(client, CLIENT_PAGES, MEMORY_MAY_WRITE, &buffer), MEMORY_OK);
    config.registers = SOC_ENGINE;
    config.line = SOC_LINE_ENGINE;
    config.frame_buffer_bus = SOC_BUS_DEVICE;
    config.frame_buffer_bytes = FRAME_BYTES;
    if (config.ring_slots == 0u) config.ring_slots = 16; /* fits in the smallest page */
    assert_int_equal(miniport_find(&miniport, &config), MINIPORT_OK);
    told_count = 0;
    return 0;
}

static inline int miniport_begin(void **state)
{
    (void)state;
    return miniport_begin_with(&(struct miniport_config){ .packet_bytes_max = 8 * PAGE });
}

static inline int miniport_end(void **state)
{
    assert_int_equal(miniport_release(&miniport), MINIPORT_OK);
    laws_check();
    assert_int_equal(fake_open_entries(), 0);
    assert_int_equal(fake_open_frames(), 0);
    (void)memory_client_attach(NULL);
    return fixture_end(state);
}

#define miniport_test(name) cmocka_unit_test_setup_teardown(name, miniport_begin, miniport_end)

static inline struct miniport_request request_of(uint32_t offset, uint32_t length, uint32_t frame_offset,
                                                 enum miniport_direction direction)
{
    return (struct miniport_request){
        .buffer = (void *)(buffer + offset), .length_bytes = length, .frame_offset = frame_offset, .direction = direction, .told = told,
    };
}

static inline void submit(struct miniport_request *request)
{
    assert_int_equal(miniport_submit(&miniport, request), MINIPORT_OK);
}

static inline void run_to_the_end(const struct miniport_request *request)
{
    for (unsigned i = 0; i < 1000u && (uintptr_t)request->context == 0u; i++) fake_run(1);
    assert_int_equal((uintptr_t)request->context, 1);
}

static inline void client_fill(uint32_t offset, uint32_t length, uint32_t seed)
{
    static uint8_t bytes[CLIENT_PAGES * 4096u];
    fixture_fill(bytes, length, seed);
    assert_int_equal(memory_client_write(client, buffer + offset, bytes, length), MEMORY_OK);
}

static inline void assert_frame_is(uint32_t frame_offset, uint32_t length, uint32_t seed)
{
    const uint8_t *frame = host_memory(SOC_BUS_DEVICE + frame_offset, length);
    for (uint32_t i = 0; i < length; i++) assert_int_equal(frame[i], fixture_byte(seed, i));
}

static inline void assert_client_is(uint32_t offset, uint32_t length, uint32_t seed)
{
    static uint8_t bytes[CLIENT_PAGES * 4096u];
    assert_int_equal(memory_client_read(client, buffer + offset, bytes, length), MEMORY_OK);
    for (uint32_t i = 0; i < length; i++) assert_int_equal(bytes[i], fixture_byte(seed, i));
}

#endif
