// SPDX-License-Identifier: Apache-2.0
//
// The screen on the cable: what the pads send is taken apart again as a monitor would, at many phases of the three clocks.
#include "dvi_model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum {
    LANES = 4, CLOCK_LANE = 3, WORD = 10,
    LINE = 40, SHOWN = 30, LINES = 24, PIXELS = LINE * LINES, // of a burst of pixels
    REST = 100,                                               // pixels without any, between two bursts
    TAIL = 40,
    TOTAL = 2 * PIXELS + 2 * REST + TAIL,
    BITS = (TOTAL + 20) * WORD,
    SYSTEM_NS = 20, PIXEL_NS = 40, BIT_NS = 8,
};

struct pixel {
    bool     hsync, vsync, de;
    uint32_t rgb;
};

static struct pixel sent[2 * PIXELS];
static uint8_t      lanes[LANES][BITS];
static unsigned     bits;               // of each lane

// ---- Sending

static void make_pixels(void)
{
    uint32_t random = 12345;
    for (unsigned i = 0; i < 2 * PIXELS; i++) {
        const unsigned x = i % LINE, y = i / LINE % LINES;
        random = random * 1664525u + 1013904223u;
        // Flat colours drive the balance farthest, so every third line is flat.
        const uint32_t rgb = y % 3 == 0 ? (y % 2 == 0 ? 0x0100ffu : 0xfe7f10u) : random >> 8;
        sent[i] = (struct pixel){ .hsync = x >= 33 && x < 37, .vsync = y >= 22, .de = x < SHOWN && y < 20 };
        if (sent[i].de) sent[i].rgb = rgb;
    }
}

static bool high(unsigned ns, unsigned period) { return ns % period >= period / 2; }

// The pins of the screen: as many pixels as the cable takes, every other eight of them half a pixel late.
static void drive(struct dvi_pins *pins, unsigned clock)
{
    const unsigned pixel = clock / 2, second = PIXELS + REST;
    const bool     rests = pixel >= PIXELS && pixel < second;
    pins->video_pixel = (clock & 1) == (clock >> 4 & 1) && !rests && pixel < second + PIXELS;
    if (!pins->video_pixel) return;
    const struct pixel *now = &sent[pixel < PIXELS ? pixel : pixel - REST];
    pins->hsync = now->hsync, pins->vsync = now->vsync, pins->de = now->de, pins->rgb = now->rgb;
}

static void receive(uint8_t pads)
{
    if (bits + 2 > BITS) return;
    for (unsigned lane = 0; lane < LANES; lane++) {
        lanes[lane][bits]     = pads >> (2 * lane) & 1;
        lanes[lane][bits + 1] = pads >> (2 * lane + 1) & 1;
    }
    bits += 2;
}

// One nanosecond a step; the inputs change just behind an edge of the system's clock.
static void transmit(unsigned system_phase, unsigned pixel_phase, unsigned bit_phase)
{
    struct dvi_model *model = dvi_model_new();
    struct dvi_pins   pins  = { 0 };
    unsigned          clock = 0;
    bits = 0;
    for (unsigned ns = 0; ns < TOTAL * PIXEL_NS; ns++) {
        const bool clk = high(ns + system_phase, SYSTEM_NS), clk_bit = high(ns + bit_phase, BIT_NS);
        const bool edge = clk && !pins.clk, bit_edge = clk_bit && !pins.clk_bit;
        if (bit_edge && ns > 8 * PIXEL_NS) receive(pins.bits);
        pins.clk = clk, pins.clk_bit = clk_bit, pins.clk_pixel = high(ns + pixel_phase, PIXEL_NS);
        dvi_model_settle(model, &pins);
        if (ns > 4 * PIXEL_NS) pins.rst_n = pins.rst_pixel_n = true;
        if (edge && ns > 20 * PIXEL_NS) drive(&pins, clock++);
    }
    dvi_model_free(model);
}

// ---- Receiving

static unsigned word_at(unsigned lane, unsigned at)
{
    unsigned word = 0;
    for (unsigned i = 0; i < WORD; i++) word |= (unsigned)lanes[lane][at + i] << i;
    return word;
}

// Where words begin: the clock's lane rises there.
static unsigned first_word(void)
{
    unsigned at = WORD;
    while (at < bits && !(lanes[CLOCK_LANE][at] && !lanes[CLOCK_LANE][at - 1])) at++;
    return at;
}

// @return the control bits, or -1 for a word of the picture
static int control_of(unsigned word)
{
    static const unsigned words[] = { 0x354, 0x0ab, 0x154, 0x2ab };
    for (int i = 0; i < 4; i++)
        if (words[i] == word) return i;
    return -1;
}

static unsigned data_of(unsigned word)
{
    const unsigned chain = (word & 0xff) ^ (word & 0x200 ? 0xff : 0);
    const unsigned same  = word & 0x100 ? 0 : 0xfe;
    return (chain ^ (chain << 1) ^ same) & 0xff;
}

static struct pixel pixel_at(unsigned at)
{
    const unsigned blue = word_at(0, at), green = word_at(1, at), red = word_at(2, at);
    const int      control = control_of(blue);
    if (control < 0) return (struct pixel){ .de = true, .rgb = data_of(red) << 16 | data_of(green) << 8 | data_of(blue) };
    assert_int_equal(control_of(green), 0);
    assert_int_equal(control_of(red), 0);
    return (struct pixel){ .hsync = !(control & 1), .vsync = !(control & 2) };
}

// One burst, from its first visible pixel. @return where it ends
static unsigned burst_is_right(unsigned at, const struct pixel *burst)
{
    while (at + WORD <= bits && !pixel_at(at).de) at += WORD;
    for (unsigned i = 0; i < PIXELS; i++, at += WORD) {
        assert_true(at + WORD <= bits);
        const struct pixel is = pixel_at(at);
        assert_int_equal(is.de, burst[i].de);
        assert_int_equal(is.rgb, burst[i].rgb);
        if (is.de) continue;
        assert_int_equal(is.hsync, burst[i].hsync);
        assert_int_equal(is.vsync, burst[i].vsync);
    }
    return at;
}

// Ones less zeros since the picture's line began: what a cable's transformer sees.
static void lanes_are_balanced(unsigned first)
{
    for (unsigned lane = 0; lane < CLOCK_LANE; lane++) {
        int balance = 0;
        for (unsigned at = first; at + WORD <= bits; at += WORD) {
            if (control_of(word_at(lane, at)) >= 0) balance = 0;
            else for (unsigned i = 0; i < WORD; i++) balance += lanes[lane][at + i] ? 1 : -1;
            assert_in_range(balance + WORD, 0, 2 * WORD);
        }
    }
}

static void clock_has_a_period_a_pixel(unsigned first)
{
    for (unsigned at = first; at + WORD <= bits; at += WORD) assert_int_equal(word_at(CLOCK_LANE, at), 0x01f);
}

// ---- Tests

static void pixels_arrive_in_order_at_every_phase(void **state)
{
    (void)state;
    for (unsigned phase = 0; phase < PIXEL_NS; phase += 3) {
        transmit(phase % SYSTEM_NS, phase * 7 % PIXEL_NS, phase * 5 % BIT_NS);
        const unsigned first = first_word();
        clock_has_a_period_a_pixel(first);
        unsigned at = burst_is_right(first, sent);
        // Between the bursts the cable carries blanking without sync pulses.
        for (unsigned i = 2; i < REST / 2; i++) {
            const struct pixel is = pixel_at(at + i * WORD);
            assert_false(is.de || is.hsync || is.vsync);
        }
        (void)burst_is_right(at, sent + PIXELS);
        lanes_are_balanced(first);
    }
}

static int setup(void **state)
{
    (void)state;
    make_pixels();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pixels_arrive_in_order_at_every_phase),
    };
    return cmocka_run_group_tests(tests, setup, NULL);
}
