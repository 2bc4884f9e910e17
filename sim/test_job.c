// SPDX-License-Identifier: Apache-2.0
//
// The main job at one latency, JOB_LATENCY: with a list of elements a packet on the project's own picture, the bus then kept
// full while frames are scanned; or, where JOB_ANY is defined, with one element a packet on about all that a PNG can be.
#include "picture.h"
#include "shell.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#ifndef JOB_LATENCY
#define JOB_LATENCY 13
#endif

#define TEXT_OF(number) #number
#define TEXT(number)    TEXT_OF(number)
#ifdef JOB_ANY
#define OUT "build/sim/test_job_any.out"
#else
#define OUT "build/sim/test_job_" TEXT(JOB_LATENCY) ".out"
#endif
#define JSON OUT "/run.json"

static struct shell shell;

static double number(const char *name)
{
    double value = -1.0;
    if (!shell_json(JSON, name, &value)) fail_msg("run.json has no %s", name);
    return value;
}

// @param more  further options, ended by NULL
static void run(const char *const *more)
{
    const char *words[16] = { "build/sim/run", "--out", OUT, "--latency", TEXT(JOB_LATENCY) };
    for (int at = 5; *more != NULL && at < 15; at++) words[at] = *more++;
    shell_run(&shell, words);
    if (shell.status != 0) fail_msg("status %d\n%s%s", shell.status, shell.out, shell.err);
    assert_string_equal(shell.err, "");
    assert_int_equal(number("bytes"), PICTURE_BYTES);
    assert_int_equal(number("pixels_wrong"), 0);
    assert_int_equal(number("underruns"), 0);
    assert_int_equal(number("back_wrong"), 0);
    assert_int_equal(number("latency"), JOB_LATENCY);
    assert_true(shell_json_has(JSON, "\"laws\": {\"L1\": \"pass\", \"L2\": \"pass\", \"L3\": \"pass\", \"L4\": \"pass\", \"L5\": \"pass\"}"));
    assert_true(number("frames") >= 3);
    assert_true(number("absent") > 0 && number("absent") < number("pages"));
    assert_true(number("engine_cycles") > 0 && number("engine_cycles") <= number("dma_cycles"));
    assert_true(number("overlap_cycles") > 0 && number("overlap_cycles") <= number("engine_cycles"));
    assert_true(number("bytes_per_cycle") > 0 && number("bytes_per_cycle") < number("bus_limit"));
    assert_true(number("packets") > 1 && number("interrupts") > 0);
}

#ifdef JOB_ANY

#include <png.h>

#define IMAGE "build/sim/test_job_any.png"

// 333 x 77, interlaced, 16 bits, alpha: about all that a PNG can be at once.
static void write_image(void)
{
    enum { WIDTH = 333, HEIGHT = 77, SAMPLES = 4 };
    static uint8_t rows[HEIGHT][WIDTH * SAMPLES * 2];
    for (unsigned y = 0; y < HEIGHT; y++)
        for (unsigned i = 0; i < sizeof rows[y]; i++) rows[y][i] = (uint8_t)(i * 37 + y * 101 + i * y);
    FILE       *file = fopen(IMAGE, "wb");
    png_structp png  = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    png_infop   info = png_create_info_struct(png);
    assert_non_null(file);
    png_init_io(png, file);
    png_set_IHDR(png, info, WIDTH, HEIGHT, 16, PNG_COLOR_TYPE_RGB_ALPHA, PNG_INTERLACE_ADAM7, PNG_COMPRESSION_TYPE_DEFAULT,
                 PNG_FILTER_TYPE_DEFAULT);
    png_write_info(png, info);
    for (int pass = png_set_interlace_handling(png); pass > 0; pass--)
        for (unsigned y = 0; y < HEIGHT; y++) png_write_row(png, rows[y]);
    png_write_end(png, info);
    png_destroy_write_struct(&png, &info);
    fclose(file);
}

static void one_element_a_packet_through_the_window_shows_any_picture(void **state)
{
    static struct picture image, screen;
    char                  why[PICTURE_WHY];
    size_t                first;
    (void)state;
    write_image();
    run((const char *[]){ "--no-cpu", "--one-element", "--image", IMAGE, NULL });
    assert_true(number("elements") == number("packets"));
    assert_true(picture_load(&image, IMAGE, why) && picture_load(&screen, OUT "/screen.png", why));
    assert_int_equal(picture_compare(&screen, &image, &first), 0);
}

#define JOB one_element_a_packet_through_the_window_shows_any_picture

#else

#define WHOLE (JOB_LATENCY == 13) // the CPU's fastest copy is made in full
#define TIMES (JOB_LATENCY == 1 ? 1.5 : 4.0)

static double least(double a, double b) { return a < b ? a : b; }

static void lists_of_scattered_pages_show_the_picture_on_a_full_bus_and_beat_the_cpu(void **state)
{
    (void)state;
    run((const char *[]){ "--saturate", WHOLE ? "--cpu-whole" : NULL, NULL });
    assert_true(number("elements") > 10 * number("packets"));

    const double cpu = number("cpu_copy_cycles"), dma = number("dma_cycles");
    const double scaled = least(number("cpu_words_cycles"), least(number("cpu_unrolled_cycles"), number("cpu_memcpy_cycles")));
    print_message("L = " TEXT(JOB_LATENCY) ": CPU %.0f cycles, DMA %.0f: %.1f times\n", cpu, dma, cpu / dma);
    assert_true(cpu >= TIMES * dma);
    assert_true(cpu > 0.99 * scaled && cpu < 1.01 * scaled);
    assert_true((number("cpu_copy_bytes") == PICTURE_BYTES) == WHOLE);
}

#define JOB lists_of_scattered_pages_show_the_picture_on_a_full_bus_and_beat_the_cpu

#endif

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(JOB) };
    return cmocka_run_group_tests_name(OUT, tests, NULL, NULL);
}
