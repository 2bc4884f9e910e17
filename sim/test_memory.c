// SPDX-License-Identifier: Apache-2.0
//
// The memory model keeps its latency to the cycle and finds each broken rule: it is the judge of all other tests.
#include "memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { BASE = 0x1000, BYTES = 0x4000, WIDTH = 8, LATENCY = 13 };

static struct axi     bus;
static struct report  report;
static struct memory *memory;

static void open_memory(struct memory_config config)
{
    memset(&bus, 0, sizeof bus);
    memset(&report, 0, sizeof report);
    config.width_bytes = WIDTH;
    config.base        = BASE;
    config.size_bytes  = BYTES;
    if (config.latency == 0) config.latency = LATENCY;
    memory = memory_new(&config, &bus, &report);
    memory_clock(memory); // readies come with the first clock
    report.cycle++;
}

static int close_memory(void **state)
{
    (void)state;
    memory_free(memory);
    memory = NULL;
    return 0;
}

static void one_cycle(void)
{
    memory_clock(memory);
    report.cycle++;
}

static struct axi_address address(uint64_t addr, unsigned beats)
{
    return (struct axi_address){ .valid = true, .ready = true, .addr = addr, .len = (uint8_t)(beats - 1), .size = 3,
                                 .burst = BUS_INCR };
}

static void write_burst(uint64_t addr, unsigned beats, uint16_t strb)
{
    bus.aw = address(addr, beats);
    for (unsigned i = 0; i < beats; i++) {
        bus.w = (struct axi_write_data){ .valid = true, .ready = true, .last = i + 1 == beats, .strb = strb };
        memset(bus.w.data, 0x50 + (int)i, sizeof bus.w.data);
        one_cycle();
        bus.aw.valid = false;
    }
    bus.w.valid = false;
}

static void expect_error(const char *text)
{
    if (report.count == 0 || strstr(report.text[0], text) == NULL)
        fail_msg("expected `%s`, got %u errors, first `%s`", text, report.count, report.text[0]);
}

static void the_first_beat_comes_l_cycles_after_the_address_then_one_a_cycle(void **state)
{
    (void)state;
    open_memory((struct memory_config){ .latency = LATENCY });
    for (unsigned i = 0; i < 256; i++) *memory_at(memory, BASE + i, 1) = (uint8_t)i;
    bus.r.ready    = true;
    uint64_t start = report.cycle;
    bus.ar         = address(BASE, 4);
    one_cycle();
    bus.ar = address(BASE + 0x40, 4); // a second one, right behind
    one_cycle();
    bus.ar.valid = false;
    for (unsigned beat = 0; beat < 8; beat++) {
        while (!bus.r.valid) one_cycle();
        assert_int_equal(report.cycle, start + LATENCY + beat);
        assert_int_equal(bus.r.data[0], (beat / 4) * 0x40 + beat % 4 * WIDTH);
        assert_int_equal(bus.r.last, beat % 4 == 3);
        one_cycle();
    }
    assert_false(bus.r.valid);
    assert_int_equal(report.count, 0);
}

static void the_response_comes_l_cycles_after_the_last_beat_and_only_then_the_bytes_change(void **state)
{
    (void)state;
    open_memory((struct memory_config){ .latency = LATENCY });
    memory_permit(memory, BASE + 2, 13);
    bus.b.ready = true;
    bus.aw      = address(BASE, 2);
    bus.w       = (struct axi_write_data){ .valid = true, .ready = true, .strb = 0xfc, .data = { 1, 1, 1, 1, 1, 1, 1, 1 } };
    one_cycle();
    bus.aw.valid  = false;
    bus.w.last    = true;
    bus.w.strb    = 0x7f;
    uint64_t last = report.cycle;
    one_cycle();
    bus.w.valid = false;
    while (!bus.b.valid) {
        assert_int_equal(*memory_at(memory, BASE + 2, 1), 0);
        one_cycle();
    }
    assert_int_equal(report.cycle, last + LATENCY);
    for (unsigned i = 0; i < 16; i++) assert_int_equal(*memory_at(memory, BASE + i, 1), i >= 2 && i < 15);
    assert_int_equal(report.count, 0);
}

static void no_more_than_64_reads_are_taken(void **state)
{
    (void)state;
    open_memory((struct memory_config){ .latency = 1000 });
    for (unsigned i = 0; i < 100; i++) {
        bool ready   = bus.ar.ready;
        bus.ar       = address(BASE, 1);
        bus.ar.ready = ready;
        one_cycle();
    }
    assert_int_equal(memory_counts(memory)->reads_now, 64);
}

static void every_broken_rule_of_an_address_is_found(void **state)
{
    (void)state;
    open_memory((struct memory_config){ .latency = 1 });
    bus.ar       = address(BASE + 0xff8, 2);
    one_cycle();
    bus.ar.valid = false;
    expect_error("crosses 4 KiB");

    close_memory(state);
    open_memory((struct memory_config){ .latency = 1 });
    bus.ar       = address(BASE, 2);
    bus.ar.burst = 0;
    one_cycle();
    expect_error("not INCR");

    close_memory(state);
    open_memory((struct memory_config){ .latency = 1 });
    bus.ar      = address(BASE, 2);
    bus.ar.size = 4;
    one_cycle();
    expect_error("wider than the bus");

    close_memory(state);
    open_memory((struct memory_config){ .latency = 1 });
    bus.ar = address(BASE + BYTES, 1);
    one_cycle();
    expect_error("no memory there");

    close_memory(state);
    open_memory((struct memory_config){ .latency = 1 });
    bus.aw       = address(BASE, 1);
    bus.aw.ready = false;
    one_cycle();
    bus.aw.addr += 8;
    one_cycle();
    expect_error("AW: changed");
}

static void every_broken_rule_of_a_beat_is_found(void **state)
{
    (void)state;
    open_memory((struct memory_config){ .latency = 1 });
    memory_permit(memory, BASE, 8);
    write_burst(BASE, 1, 0xff);
    assert_int_equal(report.count, 0);
    write_burst(BASE + 8, 1, 0x01);
    expect_error("guard byte");

    close_memory(state);
    open_memory((struct memory_config){ .latency = 1, .writes_free = true });
    bus.aw = address(BASE, 2);
    bus.w  = (struct axi_write_data){ .valid = true, .ready = true, .strb = 0xff, .last = true };
    one_cycle();
    expect_error("WLAST");

    close_memory(state);
    open_memory((struct memory_config){ .latency = 1, .writes_free = true });
    bus.w = (struct axi_write_data){ .valid = true, .ready = true, .strb = 0xff, .last = true };
    one_cycle();
    expect_error("without an address");

    close_memory(state);
    open_memory((struct memory_config){ .latency = 1, .writes_free = true });
    bus.aw = address(BASE, 2);
    bus.w  = (struct axi_write_data){ .valid = true, .ready = true, .strb = 0xff };
    one_cycle();
    bus.aw.valid = bus.w.valid = false;
    one_cycle();
    expect_error("WVALID low within a burst");

    close_memory(state);
    open_memory((struct memory_config){ .latency = 1, .writes_free = true });
    write_burst(BASE + 4, 1, 0xff);
    expect_error("outside the burst");
}

static void a_fault_hits_the_burst_and_beat_that_it_names(void **state)
{
    (void)state;
    open_memory((struct memory_config){ .latency = 1 });
    memory_fault_add(memory, &(struct memory_fault){ .direction = MEMORY_READ,
                                                     .first = BASE + 0x100,
                                                     .last = BASE + 0x1ff,
                                                     .skip = 1,
                                                     .count = 1,
                                                     .resp = BUS_SLVERR,
                                                     .beat = 2 });
    bus.r.ready = true;
    unsigned errors = 0;
    for (unsigned burst = 0; burst < 4; burst++) {
        bus.ar = address(burst == 0 ? BASE : BASE + 0x100, 4);
        one_cycle();
        bus.ar.valid = false;
        for (unsigned beat = 0; beat < 4; beat++) {
            while (!bus.r.valid) one_cycle();
            assert_int_equal(bus.r.resp, burst == 2 && beat == 2 ? BUS_SLVERR : BUS_OKAY);
            errors += bus.r.resp != BUS_OKAY;
            one_cycle();
        }
    }
    assert_int_equal(errors, 1);
}

static void a_failed_write_leaves_no_byte_and_a_silent_one_waits_to_be_answered(void **state)
{
    (void)state;
    open_memory((struct memory_config){ .latency = 1, .writes_free = true });
    memory_fault_add(memory, &(struct memory_fault){ .direction = MEMORY_WRITE, .first = 0, .last = UINT64_MAX, .count = 1,
                                                     .resp = BUS_DECERR, .silent = true });
    bus.b.ready = true;
    write_burst(BASE, 1, 0xff);
    for (unsigned i = 0; i < 100; i++) {
        one_cycle();
        assert_false(bus.b.valid);
    }
    memory_answer(memory);
    one_cycle();
    assert_true(bus.b.valid);
    assert_int_equal(bus.b.resp, BUS_DECERR);
    assert_int_equal(*memory_at(memory, BASE, 1), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(the_first_beat_comes_l_cycles_after_the_address_then_one_a_cycle, close_memory),
        cmocka_unit_test_teardown(the_response_comes_l_cycles_after_the_last_beat_and_only_then_the_bytes_change, close_memory),
        cmocka_unit_test_teardown(no_more_than_64_reads_are_taken, close_memory),
        cmocka_unit_test_teardown(every_broken_rule_of_an_address_is_found, close_memory),
        cmocka_unit_test_teardown(every_broken_rule_of_a_beat_is_found, close_memory),
        cmocka_unit_test_teardown(a_fault_hits_the_burst_and_beat_that_it_names, close_memory),
        cmocka_unit_test_teardown(a_failed_write_leaves_no_byte_and_a_silent_one_waits_to_be_answered, close_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
