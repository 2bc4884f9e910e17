// SPDX-License-Identifier: Apache-2.0
//
// The first program of docs/programming.md, cut out of the page as it stands there, with the real engine.
#include "driver.h"

int first_program(void);

#define main first_program
#include "first_program.c"
#undef main

static struct engine *begin(void **state)
{
    told = failed = 0; // as a program begins
    memset(&channel, 0, sizeof channel);
    struct engine *bench = testing_engine(state, &(struct engine_config){ .latency = 13, .open_bytes = 0x40000 });
    driver_attach(bench);
    return bench;
}

static void end(struct engine *bench)
{
    (void)fixture_end(NULL);
    testing_clean(bench);
}

static uint8_t pixel(unsigned x, unsigned y)
{
    x -= (WIDTH - WIDE) / 2;
    y -= (HEIGHT - HIGH) / 2;
    return x < WIDE && y < HIGH ? (uint8_t)(y * WIDE + x) : 0x80;
}

static void the_first_program_moves_its_picture(void **state)
{
    struct engine *bench = begin(state);
    assert_int_equal(first_program(), 0);
    (void)driver_flush(NULL);
    for (unsigned y = 0; y < HEIGHT; y++) {
        for (unsigned x = 0; x < WIDTH; x++) {
            assert_int_equal(*host_memory(SOC_BUS_HOST + FRAME + y * WIDTH + x, 1), pixel(x, y));
            assert_int_equal(*host_memory(SOC_BUS_HOST + COPY + y * WIDTH + x, 1), pixel(x, y));
        }
    }
    assert_int_equal(engine_state(bench, 0), DRAY_CHANNEL_STATE_OFF);
    end(bench);
}

static void and_says_when_the_bus_refuses_it(void **state)
{
    struct engine *bench = begin(state);
    memory_fault_add(bench->memory, &(struct memory_fault){ .direction = MEMORY_READ, .first = SOC_BUS_HOST + PICTURE + 100,
                                                             .last = SOC_BUS_HOST + PICTURE + 101, .count = 1, .resp = BUS_SLVERR, .beat = MEMORY_BEATS_HIT });
    assert_int_equal(first_program(), 1);
    assert_int_equal(engine_state(bench, 0), DRAY_CHANNEL_STATE_OFF);
    end(bench);
}

static void and_when_the_engine_cannot_do_it(void **state)
{
    struct engine *bench = begin(state);
    assert_int_equal(first_program(), 1);
    end(bench);
}

int main(void)
{
    static const char *const able[] = { "default32", "default64", "default128", NULL }, *const unable[] = { "min32", NULL };
    const struct testing_case cases[] = {
        TESTING_CASE(the_first_program_moves_its_picture),
        TESTING_CASE(and_says_when_the_bus_refuses_it),
    };
    const struct testing_case small[] = { TESTING_CASE(and_when_the_engine_cannot_do_it) };
    TESTING_ADD(able, cases);
    TESTING_ADD(unable, small);
    return testing_run("driver: program");
}
