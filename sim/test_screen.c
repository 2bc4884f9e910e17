// SPDX-License-Identifier: Apache-2.0
//
// The screen, seen from its pins: timing, every pixel, and what is shown when pixels are not there in time.
#include "parts_bench.h"

#include <string.h>

enum {
    WIDTH = 640, HEIGHT = 480, LINE = 800, LINES = 525, CLOCKS = 4, PIXELS = WIDTH * HEIGHT,
    HSYNC_FIRST = 656, HSYNC_END = 752, VSYNC_FIRST = 490, VSYNC_END = 492,
    MAGENTA = 0xff00ff,
    CONTROL = 0, UNDERRUNS = 2, FRAMES = 3, // word indices
    ENABLE = 1, RGB565 = 2,
};

static struct parts_bench *bench;
static uint32_t            picture[PIXELS]; // what the stream carries
static uint32_t            screen[PIXELS];  // what the pins showed
static bool                narrow;
static unsigned            x, y;            // of the pixel that the pins show next
static unsigned            clocks;          // since the pins changed

// The stream: beats of `picture` from pixel `next` on, over and over; it rests while `held` counts down.
static unsigned next, held, length; // length: pixels of a frame, as the stream sees it

static uint32_t pixel_at(unsigned number) { return picture[number % PIXELS]; }

static void offer(void)
{
    struct axis   *stream = &bench->pins.stream;
    const unsigned each   = narrow ? 4 : 2; // pixels a beat
    if (stream->valid && stream->ready) {
        next += each;
        if (next >= length) next = 0;
        stream->valid = false;
    }
    if (held != 0) {
        held--;
        return;
    }
    stream->valid = true;
    stream->keep  = 0xff;
    stream->last  = next + each >= length;
    for (unsigned i = 0; i < each; i++) {
        const uint32_t pixel = pixel_at(next + i);
        if (narrow) memcpy(stream->data + 2 * i, &(uint16_t){ (uint16_t)pixel }, 2);
        else memcpy(stream->data + 4 * i, &pixel, 4);
    }
}

// Memories and managers have nothing to do with the screen, so only the model is clocked.
static void one_clock(void)
{
    offer();
    parts_clock(bench->model, &bench->pins);
    clocks++;
}

static void write_reg(uint8_t addr, uint32_t value)
{
    bench->pins.video = (struct parts_block){ .wr_valid = true, .addr = addr, .wdata = value };
    parts_clock(bench->model, &bench->pins);
    bench->pins.video.wr_valid = false;
}

static uint32_t read_reg(uint8_t addr)
{
    bench->pins.video.addr = addr;
    one_clock();
    return bench->pins.video.rdata;
}

static void begin(bool is_narrow)
{
    bench  = parts_open(&(struct parts_config){ .latency = 1 });
    narrow = is_narrow;
    next = held = clocks = x = y = 0;
    length = PIXELS;
    bench->pins.stream.valid = false;
    uint64_t random = 99;
    for (unsigned i = 0; i < PIXELS; i++) picture[i] = (uint32_t)(memory_random(&random) >> 32);
    write_reg(CONTROL, ENABLE | (narrow ? RGB565 : 0));
}

// To the next pixel on the pins: which place it has is counted, and must agree with every pin.
static void one_pixel(void)
{
    do {
        one_clock();
        assert_true(clocks <= 4 * CLOCKS);
    } while (!bench->pins.video_pixel);
    if (x != 0 || y != 0) assert_int_equal(clocks, CLOCKS);
    clocks = 0;
    const struct parts_pins *pins = &bench->pins;
    assert_int_equal(pins->video_de, x < WIDTH && y < HEIGHT);
    assert_int_equal(pins->video_hsync, x >= HSYNC_FIRST && x < HSYNC_END);
    assert_int_equal(pins->video_vsync, y >= VSYNC_FIRST && y < VSYNC_END);
    if (pins->video_de) screen[y * WIDTH + x] = pins->video_rgb;
    else assert_int_equal(pins->video_rgb, 0);
    if (++x < LINE) return;
    x = 0;
    y = (y + 1) % LINES;
}

static void run_to(unsigned to_x, unsigned to_y)
{
    do one_pixel(); while (x != to_x || y != to_y);
}

// What the pins should show of a pixel of the picture.
static uint32_t shown(unsigned number)
{
    const uint32_t p = pixel_at(number);
    if (!narrow) return p & 0xffffffu;
    const uint32_t r = p >> 11 & 31, g = p >> 5 & 63, b = p & 31;
    return (r << 3 | r >> 2) << 16 | (g << 2 | g >> 4) << 8 | b << 3 | b >> 2;
}

static void all_shown(unsigned first, unsigned end)
{
    for (unsigned i = first; i < end; i++)
        if (screen[i] != shown(i)) fail_msg("pixel %u, %u is %06x, not %06x", i % WIDTH, i / WIDTH, (unsigned)screen[i], (unsigned)shown(i));
}

static void all_magenta(unsigned first, unsigned end)
{
    for (unsigned i = first; i < end; i++)
        if (screen[i] != MAGENTA) fail_msg("pixel %u, %u is %06x, not magenta", i % WIDTH, i / WIDTH, (unsigned)screen[i]);
}

static void nothing_is_shown_before_the_first_data(void **state)
{
    (void)state;
    begin(false);
    for (unsigned i = 0; i < 1000; i++) {
        parts_clock(bench->model, &bench->pins);
        assert_false(bench->pins.video_pixel);
    }
    clocks = 0;
    one_pixel();
    assert_int_equal(screen[0], shown(0));
    assert_int_equal(read_reg(UNDERRUNS), 0);
}

static void two_frames_are_shown_pixel_by_pixel(void **state)
{
    (void)state;
    begin(false);
    run_to(0, 0);
    all_shown(0, PIXELS);
    memset(screen, 0, sizeof screen);
    run_to(0, 0);
    all_shown(0, PIXELS);
    assert_int_equal(read_reg(UNDERRUNS), 0);
    assert_int_equal(read_reg(FRAMES), 2);
}

static void rgb565_is_widened_to_full_range(void **state)
{
    (void)state;
    begin(true);
    picture[0] = 0xffff;
    picture[1] = 0;
    run_to(0, 0);
    all_shown(0, PIXELS);
    assert_int_equal(screen[0], 0xffffff);
    assert_int_equal(read_reg(UNDERRUNS), 0);
}

static void pixels_that_are_late_are_magenta_counted_and_dropped(void **state)
{
    (void)state;
    begin(false);
    run_to(100, 10);
    held = 50 * CLOCKS; // the stream rests for the time of fifty pixels
    run_to(0, 0);
    const unsigned at = 10 * WIDTH + 100;
    unsigned       missing = 0;
    for (unsigned i = at; i < at + 80; i++) missing += screen[i] == MAGENTA;
    assert_true(missing >= 45 && missing <= 70);
    all_shown(0, at);
    all_shown(at + 80, PIXELS);
    assert_int_equal(read_reg(UNDERRUNS), missing);
}

static void a_stream_that_ends_its_frame_early_is_in_step_again_in_the_next(void **state)
{
    (void)state;
    begin(false);
    length = PIXELS - 1000;
    run_to(0, 479);
    length = PIXELS;
    run_to(0, 0);
    all_shown(0, PIXELS - 1000);
    all_magenta(PIXELS - 1000, PIXELS);
    assert_int_equal(read_reg(UNDERRUNS), 1000);
    run_to(0, 0);
    all_shown(0, PIXELS);
    assert_int_equal(read_reg(UNDERRUNS), 1000);
}

static void a_stream_whose_frame_is_too_long_is_in_step_again_in_the_next(void **state)
{
    (void)state;
    begin(false);
    length = PIXELS + 600;
    run_to(0, 400);
    length = PIXELS + 600;
    run_to(0, 0);
    all_shown(0, PIXELS);
    assert_int_equal(read_reg(UNDERRUNS), 0);
    length = PIXELS + 600; // the rest of it is dropped while the next frame begins
    run_to(0, 0);
    all_shown(700, PIXELS);
}

static void disabled_it_is_dark_and_begins_anew(void **state)
{
    (void)state;
    begin(false);
    run_to(5, 5);
    write_reg(CONTROL, 0);
    for (unsigned i = 0; i < 100; i++) parts_clock(bench->model, &bench->pins);
    assert_false(bench->pins.video_de);
    bench->pins.stream.valid = false;
    next = clocks = x = y = 0;
    write_reg(CONTROL, ENABLE);
    run_to(0, 3);
    all_shown(0, 3 * WIDTH);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PARTS_TEST(nothing_is_shown_before_the_first_data),
        PARTS_TEST(two_frames_are_shown_pixel_by_pixel),
        PARTS_TEST(rgb565_is_widened_to_full_range),
        PARTS_TEST(pixels_that_are_late_are_magenta_counted_and_dropped),
        PARTS_TEST(a_stream_that_ends_its_frame_early_is_in_step_again_in_the_next),
        PARTS_TEST(a_stream_whose_frame_is_too_long_is_in_step_again_in_the_next),
        PARTS_TEST(disabled_it_is_dark_and_begins_anew),
    };
    return cmocka_run_group_tests_name("screen", tests, NULL, NULL);
}
