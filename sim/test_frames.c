// SPDX-License-Identifier: Apache-2.0
//
// Frames are built from the pins alone, and pins of another timing are told.
#include "screen.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

// A scan: the right timing, unless a test changes a number of it.
struct scan {
    unsigned line, lines, width, height, hsync, hsync_end, vsync, vsync_end;
};

static const struct scan right = { 800, 525, 640, 480, 656, 752, 490, 492 };

static struct screen  screen;
static struct picture last;
static uint64_t       cycle, told_first;
static unsigned       told;

static uint32_t colour(unsigned frame, unsigned x, unsigned y) { return (frame * 77 + x * 31 + y * 4099) & 0xffffffu; }

static void on_frame(void *user, const struct screen *is)
{
    assert_ptr_equal(user, &last);
    last       = is->picture;
    told_first = is->first_cycle;
    told++;
}

static int begin(void **state)
{
    (void)state;
    memset(&screen, 0, sizeof screen);
    screen.frame = on_frame;
    screen.user  = &last;
    cycle = told = 0;
    return 0;
}

static void one(const struct scan *scan, unsigned frame, unsigned x, unsigned y)
{
    const struct system_pixel pixel = {
        .hsync = x >= scan->hsync && x < scan->hsync_end,
        .vsync = y >= scan->vsync && y < scan->vsync_end,
        .de    = x < scan->width && y < scan->height,
        .rgb   = x < scan->width && y < scan->height ? colour(frame, x, y) : 0,
    };
    screen_pixel(&screen, cycle += 4, &pixel);
}

static void frame(const struct scan *scan, unsigned number)
{
    for (unsigned i = 0; i < scan->line * scan->lines; i++) one(scan, number, i % scan->line, i / scan->line);
}

static void a_frame_between_two_vsyncs_is_told_pixel_by_pixel(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 4; i++) frame(&right, i);
    assert_int_equal(screen.errors, 0);
    assert_int_equal(told, 3); // the first began before a vsync was seen
    for (unsigned i = 0; i < PICTURE_PIXELS; i++) assert_int_equal(last.pixels[i], colour(3, i % 640, i / 640));
    assert_int_equal(told_first, 3u * 800 * 525 * 4 + 4);
    assert_int_equal(screen.pixels, 4 * PICTURE_PIXELS);
}

static void a_scan_that_is_met_in_its_middle_is_followed_from_the_next_vsync(void **state)
{
    (void)state;
    for (unsigned i = 800 * 100 + 333; i < 800 * 525; i++) one(&right, 0, i % 800, i / 800);
    frame(&right, 1);
    assert_int_equal(told, 1);
    for (unsigned i = 0; i < PICTURE_PIXELS; i++) assert_int_equal(last.pixels[i], colour(1, i % 640, i / 640));
}

static void magenta_is_counted(void **state)
{
    (void)state;
    const struct system_pixel pixel = { .de = true, .rgb = SCREEN_MAGENTA };
    for (unsigned i = 0; i < 17; i++) screen_pixel(&screen, i, &pixel);
    assert_int_equal(screen.magenta, 17);
}

static void refused(struct scan scan, const char *because)
{
    begin(NULL);
    frame(&right, 0);
    frame(&scan, 1);
    frame(&scan, 2);
    if (screen.errors == 0 || strstr(screen.why, because) == NULL) fail_msg("'%s', not '%s'", screen.why, because);
    assert_true(told <= 1); // the frame that ends with the first right vsync may be whole
}

static void wrong_timing_is_told_and_no_such_frame_is_whole(void **state)
{
    (void)state;
    struct scan scan = right;
    scan.line = 799;
    refused(scan, "row 1 begins 143 pixels behind hsync, not 144");
    scan = right;
    scan.line = 808;
    scan.hsync += 8; // the picture stands where it should behind hsync
    scan.hsync_end += 8;
    refused(scan, "a line has 808 pixels, not 800");
    scan = right;
    scan.lines = 524;
    refused(scan, "the first row comes 34 lines behind vsync, not 35");
    scan = right;
    scan.vsync_end = 493;
    refused(scan, "vsync is 3 lines long, not 2");
    scan = right;
    scan.hsync_end = 750;
    refused(scan, "hsync is 94 pixels long, not 96");
    scan = right;
    scan.width = 639;
    refused(scan, "row 0 has 639 pixels, not 640");
    scan = right;
    scan.height = 481;
    refused(scan, "a frame has 481 rows of pixels, not 480");
    scan = right;
    scan.hsync -= 8;
    scan.hsync_end -= 8;
    refused(scan, "a line has 792 pixels, not 800");
}

static void a_frame_of_too_many_lines_below_the_picture_is_told(void **state)
{
    (void)state;
    struct scan scan = right;
    scan.vsync += 1;
    scan.vsync_end += 1;
    scan.lines = 526; // the picture stands where it should behind vsync
    frame(&right, 0);
    frame(&scan, 1);
    frame(&scan, 2);
    assert_non_null(strstr(screen.why, "a frame has 526 lines, not 525"));
}

static void a_right_frame_behind_a_wrong_one_is_whole_again(void **state)
{
    (void)state;
    struct scan scan = right;
    scan.width = 600;
    frame(&right, 0);
    frame(&scan, 1);
    assert_int_equal(told, 0);
    frame(&right, 2);
    frame(&right, 3);
    assert_int_equal(told, 2);
    for (unsigned i = 0; i < PICTURE_PIXELS; i++) assert_int_equal(last.pixels[i], colour(3, i % 640, i / 640));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_frame_between_two_vsyncs_is_told_pixel_by_pixel, begin),
        cmocka_unit_test_setup(a_scan_that_is_met_in_its_middle_is_followed_from_the_next_vsync, begin),
        cmocka_unit_test_setup(magenta_is_counted, begin),
        cmocka_unit_test_setup(wrong_timing_is_told_and_no_such_frame_is_whole, begin),
        cmocka_unit_test_setup(a_frame_of_too_many_lines_below_the_picture_is_told, begin),
        cmocka_unit_test_setup(a_right_frame_behind_a_wrong_one_is_whole_again, begin),
    };
    return cmocka_run_group_tests_name("frames", tests, NULL, NULL);
}
