/* SPDX-License-Identifier: Apache-2.0 */
/** @file stop_fixture.h  Requests with a deadline over an engine that is slow, hangs, or is told to stop. */
#ifndef STOP_FIXTURE_H
#define STOP_FIXTURE_H

#include "miniport_fixture.h"

#define DEADLINE_US 1000u
#define LENGTH      (12u * PAGE)

static struct miniport_request request, other;

static const struct miniport_config watched = { .packet_bytes_max = 4 * PAGE, .deadline_us = DEADLINE_US };

static inline int begin_with(const struct miniport_config *config)
{
    int failed = miniport_begin_with(config);
    memset(host_memory(SOC_BUS_DEVICE, FRAME_BYTES), 0x11, FRAME_BYTES);
    client_fill(0, CLIENT_PAGES * PAGE, 3);
    fake_slow(true);
    return failed;
}

static inline int begin(void **state)
{
    (void)state;
    return begin_with(&watched);
}

/* And half a millisecond for each KiB. */
static inline int begin_long(void **state)
{
    (void)state;
    struct miniport_config config = watched;
    config.deadline_us_per_kib = 500;
    return begin_with(&config);
}

#define stop_test(name) cmocka_unit_test_setup_teardown(name, begin, miniport_end)

static inline void submit_bytes(struct miniport_request *wanted, uint32_t length)
{
    *wanted = request_of(0, length, 0, MINIPORT_TO_FRAME_BUFFER);
    assert_int_equal(miniport_submit(&miniport, wanted), MINIPORT_OK);
}

static inline void time_goes_by(uint32_t us)
{
    host_clock_advance(clock_cycles_of_us(us));
    (void)host_irq_poll();
}

static inline bool was_told(const struct miniport_request *wanted)
{
    assert_true((uintptr_t)wanted->context <= 1u);
    return (uintptr_t)wanted->context == 1u;
}

/* Bytes moved are there, the others are as they were; and nothing is held any more. */
static inline void assert_ended(const struct miniport_request *ended, enum miniport_status status, uint32_t moved)
{
    assert_true(was_told(ended));
    assert_string_equal(miniport_status_name(ended->status), miniport_status_name(status));
    assert_int_equal(ended->moved_bytes, moved);
    assert_frame_is(0, moved, 3);
    for (uint32_t i = moved; i < LENGTH; i++) assert_int_equal(*host_memory(SOC_BUS_DEVICE + i, 1), 0x11);
    if (miniport.head == NULL) assert_int_equal(memory_use().pins, 0);
}

/* CAN-05: the engine works as ever. */
static inline void assert_works(void)
{
    submit_bytes(&other, 3 * PAGE);
    for (unsigned i = 0; i < 20u && !was_told(&other); i++) fake_run(1);
    assert_true(was_told(&other));
    assert_int_equal(other.status, MINIPORT_OK);
    assert_int_equal(other.moved_bytes, 3 * PAGE);
    assert_frame_is(0, 3 * PAGE, 3);
}

#endif
