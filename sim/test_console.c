// SPDX-License-Identifier: Apache-2.0
//
// The console: what goes out on one pin comes back on the other.
#include "parts_bench.h"

#include <string.h>

enum {
    DATA = 0, STATUS = 1, COMMAND = 2, DIVISOR = 3, // word indices
    TX_READY = 1, TX_IDLE = 2, RX_VALID = 4, RX_OVERRUN = 8, TAKE = 1,
    ROOM = 16,
};

static struct parts_bench *bench;
static bool                loop; // txd is wired to rxd

static void one_clock(void)
{
    parts_clock(bench->model, &bench->pins);
    if (loop) bench->pins.uart_rxd = bench->pins.uart_txd;
}

static void write_reg(uint8_t addr, uint32_t value)
{
    bench->pins.uart = (struct parts_block){ .wr_valid = true, .addr = addr, .wdata = value };
    one_clock();
    bench->pins.uart.wr_valid = false;
}

static uint32_t read_reg(uint8_t addr)
{
    bench->pins.uart.addr = addr;
    one_clock();
    return bench->pins.uart.rdata;
}

static void begin(unsigned divisor)
{
    bench = parts_open(&(struct parts_config){ .latency = 1 });
    loop  = true;
    write_reg(DIVISOR, divisor);
    assert_int_equal(read_reg(DIVISOR), divisor);
}

static void text_comes_back_over_the_wire(unsigned divisor)
{
    static const char text[] = "The quick brown fox jumps over the lazy dog.\r\n\x80\xff\x55\xaa";
    char              back[sizeof text];
    size_t            sent = 0, got = 0;
    begin(divisor);
    for (unsigned i = 0; got < sizeof text && i < 100000; i++) {
        const uint32_t status = read_reg(STATUS);
        if (sent < sizeof text && (status & TX_READY)) write_reg(DATA, (uint8_t)text[sent++]);
        if (!(status & RX_VALID)) continue;
        assert_true(bench->pins.uart_irq);
        back[got++] = (char)read_reg(DATA);
        write_reg(COMMAND, TAKE);
    }
    assert_int_equal(got, sizeof text);
    assert_memory_equal(back, text, sizeof text);
    assert_int_equal(read_reg(STATUS) & RX_OVERRUN, 0);
}

static void text_comes_back_at_several_speeds(void **state)
{
    (void)state;
    text_comes_back_over_the_wire(4);
    text_comes_back_over_the_wire(5);
    text_comes_back_over_the_wire(16);
    text_comes_back_over_the_wire(87);
}

static void a_byte_is_a_start_bit_eight_bits_and_a_stop_bit(void **state)
{
    (void)state;
    enum { BIT = 10 };
    begin(BIT);
    write_reg(DATA, 0xa5);
    while (bench->pins.uart_txd) one_clock();
    const bool bits[10] = { 0, 1, 0, 1, 0, 0, 1, 0, 1, 1 };
    for (unsigned i = 0; i < 10 * BIT; i++) {
        assert_int_equal(bench->pins.uart_txd, bits[i / BIT]);
        one_clock();
    }
    for (unsigned i = 0; i < 50; i++) {
        one_clock();
        assert_true(bench->pins.uart_txd);
    }
    assert_true((read_reg(STATUS) & TX_IDLE) != 0);
}

static void reading_takes_nothing_away(void **state)
{
    (void)state;
    begin(4);
    write_reg(DATA, 'x');
    for (unsigned i = 0; i < 100; i++) one_clock();
    for (unsigned i = 0; i < 3; i++) assert_int_equal(read_reg(DATA), 'x');
    write_reg(COMMAND, TAKE);
    assert_int_equal(read_reg(STATUS) & RX_VALID, 0);
    assert_false(bench->pins.uart_irq);
}

static void a_byte_too_many_is_lost_and_said_so(void **state)
{
    (void)state;
    begin(4);
    for (unsigned i = 0; i <= ROOM; i++) {
        while ((read_reg(STATUS) & TX_READY) == 0) {}
        write_reg(DATA, 'a' + i);
    }
    for (unsigned i = 0; i < 2000; i++) one_clock();
    assert_true((read_reg(STATUS) & RX_OVERRUN) != 0);
    write_reg(STATUS, RX_OVERRUN);
    assert_int_equal(read_reg(STATUS) & RX_OVERRUN, 0);
    for (unsigned i = 0; i < ROOM; i++) {
        assert_int_equal(read_reg(DATA), 'a' + i);
        write_reg(COMMAND, TAKE);
    }
    assert_int_equal(read_reg(STATUS) & RX_VALID, 0);
}

static void a_glitch_is_no_start_bit_and_a_low_stop_bit_no_byte(void **state)
{
    (void)state;
    enum { BIT = 20 };
    begin(BIT);
    loop = false;
    bench->pins.uart_rxd = false;
    for (unsigned i = 0; i < BIT / 4; i++) one_clock();
    bench->pins.uart_rxd = true;
    for (unsigned i = 0; i < 20 * BIT; i++) one_clock();
    assert_int_equal(read_reg(STATUS) & RX_VALID, 0);
    bench->pins.uart_rxd = false; // a break: ten bits low
    for (unsigned i = 0; i < 10 * BIT; i++) one_clock();
    bench->pins.uart_rxd = true;
    for (unsigned i = 0; i < 20 * BIT; i++) one_clock();
    assert_int_equal(read_reg(STATUS) & RX_VALID, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PARTS_TEST(text_comes_back_at_several_speeds),
        PARTS_TEST(a_byte_is_a_start_bit_eight_bits_and_a_stop_bit),
        PARTS_TEST(reading_takes_nothing_away),
        PARTS_TEST(a_byte_too_many_is_lost_and_said_so),
        PARTS_TEST(a_glitch_is_no_start_bit_and_a_low_stop_bit_no_byte),
    };
    return cmocka_run_group_tests_name("console", tests, NULL, NULL);
}
