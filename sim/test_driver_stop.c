// SPDX-License-Identifier: Apache-2.0
//
// The miniport stops the real engine in the middle, by a cancellation or a deadline: counts are true, and what follows works.
#include "driver.h"

#include "laws.h"
#include "map.h"
#include "miniport.h"
#include "port.h"

enum {
    LENGTH       = 9000,
    CLIENT_PAGES = 8,
    FRAME_BYTES  = 64 * 1024,
    GUARDED      = 4096,
    PAGE         = 4096,
    LIMIT        = 400000,
    AT           = 77,     // in the client's buffer
    FRAME_AT     = 1001,
    GUARD        = 64,     // bytes on both sides that stay as they are
};

static struct map            gate;
static uint8_t               counts[GUARDED * 2];
static struct miniport       miniport;
static struct memory_client *client;
static uintptr_t             buffer;
static uint8_t               sent[LENGTH + 2 * GUARD], old[LENGTH + 2 * GUARD], got[LENGTH + 2 * GUARD];

static void told(struct miniport_request *request)
{
    request->context = (void *)((uintptr_t)request->context + 1);
}

static struct engine *begin(void **state, const struct miniport_config *wanted)
{
    struct engine *engine = testing_engine(state, &(struct engine_config){ .latency = 13 });
    struct miniport_config config = *wanted;
    driver_attach(engine);
    config.registers          = SOC_ENGINE;
    config.line               = SOC_LINE_ENGINE;
    config.frame_buffer_bus   = SOC_BUS_DEVICE;
    config.frame_buffer_bytes = FRAME_BYTES;
    assert_int_equal(map_init(&gate, SOC_GATE, counts, sizeof counts), MAP_OK);
    port_init(&gate, 64);
    assert_int_equal(miniport_find(&miniport, &config), MINIPORT_OK);
    client = memory_client_create();
    (void)memory_client_attach(client);
    assert_int_equal(memory_client_map(client, CLIENT_PAGES, MEMORY_MAY_WRITE, &buffer), MEMORY_OK);
    return engine;
}

static void end(struct engine *engine)
{
    assert_int_equal(miniport_release(&miniport), MINIPORT_OK);
    (void)memory_client_attach(NULL);
    assert_int_equal(memory_client_destroy(client), MEMORY_OK);
    assert_no_violation();
    laws_check();
    (void)fixture_end(NULL);
    testing_clean(engine);
}

static void fill(uint8_t *bytes, uint32_t length, uint64_t seed)
{
    for (uint32_t i = 0; i < length; i++) bytes[i] = (uint8_t)(memory_random(&seed) >> 40);
}

// The bytes of the source, and others where they will go to.
static struct miniport_request prepare(enum miniport_direction direction, uint64_t seed)
{
    bool     to_frame = direction == MINIPORT_TO_FRAME_BUFFER;
    uint8_t *frame    = host_memory(SOC_BUS_DEVICE + FRAME_AT - GUARD, sizeof sent);
    fill(sent, sizeof sent, seed);
    fill(old, sizeof old, ~seed);
    memcpy(frame, to_frame ? old : sent, sizeof sent);
    assert_int_equal(memory_client_write(client, buffer + AT - GUARD, to_frame ? sent : old, sizeof sent), MEMORY_OK);
    return (struct miniport_request){ .buffer = (void *)(buffer + AT), .length_bytes = LENGTH, .frame_offset = FRAME_AT,
                                      .direction = direction, .told = told };
}

static void wait_told(const struct miniport_request *request)
{
    uint64_t begun = engine_cycle(driver.engine);
    while (request->context == NULL) {
        if (engine_cycle(driver.engine) - begun > LIMIT) engine_stop(driver.engine, "the client was never told");
        driver_clocks(4);
    }
    driver_clocks(200); // a stray beat would come now
    assert_int_equal((uintptr_t)request->context, 1);
}

// Up to moved_bytes all is new, behind it each byte is new or old, and round it nothing has changed.
static void check(const struct miniport_request *request)
{
    if (request->direction == MINIPORT_TO_FRAME_BUFFER) {
        memcpy(got, host_memory(SOC_BUS_DEVICE + FRAME_AT - GUARD, sizeof got), sizeof got);
    } else {
        assert_int_equal(memory_client_read(client, buffer + AT - GUARD, got, sizeof got), MEMORY_OK);
    }
    assert_memory_equal(got, old, GUARD);
    assert_memory_equal(got + GUARD + LENGTH, old + GUARD + LENGTH, GUARD);
    assert_memory_equal(got + GUARD, sent + GUARD, request->moved_bytes);
    for (uint32_t i = request->moved_bytes; i < LENGTH; i++) {
        uint8_t byte = got[GUARD + i];
        assert_true(byte == sent[GUARD + i] || byte == old[GUARD + i]);
    }
    assert_int_equal(memory_use().pins, 0);
}

static void whole(enum miniport_direction direction, uint64_t seed)
{
    struct miniport_request request = prepare(direction, seed);
    assert_int_equal(miniport_submit(&miniport, &request), MINIPORT_OK);
    wait_told(&request);
    assert_int_equal(request.status, MINIPORT_OK);
    assert_int_equal(request.moved_bytes, LENGTH);
    check(&request);
}

// A cancellation after every so many cycles, from before the first descriptor to behind the last byte.
static void cancelled_everywhere(void **state, uint32_t depth, unsigned step)
{
    struct engine *engine = begin(state, &(struct miniport_config){ .packet_bytes_max = PAGE, .depth = depth });
    unsigned partly = 0, late = 0;
    for (unsigned cycles = 0; late < 2; cycles += step) {
        enum miniport_direction direction = (cycles / step) % 2 == 0 ? MINIPORT_TO_FRAME_BUFFER : MINIPORT_FROM_FRAME_BUFFER;
        struct miniport_request request   = prepare(direction, cycles + 1);
        assert_int_equal(miniport_submit(&miniport, &request), MINIPORT_OK);
        driver_clocks(cycles);
        bool in_time = miniport_cancel(&miniport, &request) == MINIPORT_OK;
        wait_told(&request);
        assert_int_equal(request.status, in_time ? MINIPORT_ERR_CANCELLED : MINIPORT_OK);
        partly += in_time && request.moved_bytes != 0 && request.moved_bytes != LENGTH;
        late += !in_time;
        check(&request);
        if (cycles / step % 4 == 0) whole(direction, cycles);
    }
    assert_true(partly > 10);
    print_message("[   INFO   ] %s: %u requests were cancelled in the middle\n", engine->name, partly);
    end(engine);
}

static void CAN_03_a_cancellation_at_any_cycle_counts_what_moved(void **state)
{
    cancelled_everywhere(state, 1, 23);
}

static void CAN_03_and_with_three_packets_in_the_ring(void **state)
{
    cancelled_everywhere(state, 3, 29);
}

// Each packet is stopped again and again, and goes on where it stood: a count that is wrong by one byte shows.
static void TMO_04_deadlines_that_are_too_short_lose_no_byte_and_write_none_twice(void **state)
{
    struct engine *engine = begin(state, &(struct miniport_config){ .packet_bytes_max = 2 * PAGE, .deadline_us = 3, .retries = 255 });
    for (unsigned i = 0; i < 6; i++) {
        enum miniport_direction direction = i % 2 == 0 ? MINIPORT_TO_FRAME_BUFFER : MINIPORT_FROM_FRAME_BUFFER;
        whole(direction, i + 1);
    }
    assert_true(miniport.counts.timeouts > 20);
    assert_int_equal(miniport.counts.timeouts, miniport.counts.retries);
    assert_int_equal(miniport.counts.failed, 0);
    print_message("[   INFO   ] %s: %u deadlines passed\n", engine->name, (unsigned)miniport.counts.timeouts);
    end(engine);
}

int main(void)
{
    static const char *const one[] = { "default64", NULL };
    const struct testing_case cases[] = {
        TESTING_CASE(CAN_03_a_cancellation_at_any_cycle_counts_what_moved),
        TESTING_CASE(CAN_03_and_with_three_packets_in_the_ring),
        TESTING_CASE(TMO_04_deadlines_that_are_too_short_lose_no_byte_and_write_none_twice),
    };
    TESTING_ADD(one, cases);
    return testing_run("driver: stop");
}
