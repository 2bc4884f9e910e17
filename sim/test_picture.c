// SPDX-License-Identifier: Apache-2.0
//
// Pictures of every kind and size of PNG become what the screen should show.
#include "picture.h"

#include <png.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char path[] = "build/sim/test_picture.png";

static struct picture picture;
static char           why[PICTURE_WHY];

// ---- Files of every kind

struct kind {
    uint32_t width, height;
    int      type, depth, interlace;
};

enum { SAMPLES_MAX = 8 }; // bytes of a pixel

static void write_png(const struct kind *kind, const uint8_t *rows, size_t row_bytes, void (*more)(png_structp png, png_infop info))
{
    FILE       *file = fopen(path, "wb");
    png_structp png  = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    png_infop   info = png_create_info_struct(png);
    assert_non_null(file);
    png_init_io(png, file);
    png_set_compression_level(png, 1);
    png_set_IHDR(png, info, kind->width, kind->height, kind->depth, kind->type, kind->interlace, PNG_COMPRESSION_TYPE_DEFAULT,
                 PNG_FILTER_TYPE_DEFAULT);
    if (more != NULL) more(png, info);
    png_write_info(png, info);
    const int passes = png_set_interlace_handling(png);
    for (int pass = 0; pass < passes; pass++)
        for (uint32_t y = 0; y < kind->height; y++) png_write_row(png, rows + (size_t)y * row_bytes);
    png_write_end(png, info);
    png_destroy_write_struct(&png, &info);
    fclose(file);
}

static uint8_t sample(uint32_t x, uint32_t y, uint32_t channel) { return (uint8_t)(x * (3 + channel) + y * (7 + 2 * channel) + channel * 40); }

// 8 bits a channel; of 16 bits, the low byte repeats the high one, so the value is exactly the 8-bit one.
static void write_samples(const struct kind *kind, unsigned channels, void (*more)(png_structp png, png_infop info))
{
    const size_t bytes = channels * (unsigned)kind->depth / 8u;
    uint8_t     *rows  = malloc((size_t)kind->width * kind->height * bytes);
    uint8_t     *to    = rows;
    assert_true(rows != NULL && bytes <= SAMPLES_MAX);
    for (uint32_t i = 0; i < kind->width * kind->height; i++)
        for (uint32_t c = 0; c < channels; c++)
            for (int part = 0; part < kind->depth / 8; part++) *to++ = sample(i % kind->width, i / kind->width, c);
    write_png(kind, rows, kind->width * bytes, more);
    free(rows);
}

static void loads(void)
{
    if (!picture_load(&picture, path, why)) fail_msg("%s", why);
}

static uint32_t rgb(unsigned r, unsigned g, unsigned b) { return r << 16 | g << 8 | b; }

static void shows(uint32_t (*expected)(uint32_t x, uint32_t y))
{
    loads();
    for (uint32_t i = 0; i < PICTURE_PIXELS; i++) {
        const uint32_t should = expected(i % 640, i / 640);
        if (picture.pixels[i] != should) fail_msg("pixel %u, %u is %06x, not %06x", i % 640, i / 640, picture.pixels[i], should);
    }
}

static uint32_t colour(uint32_t x, uint32_t y) { return rgb(sample(x, y, 0), sample(x, y, 1), sample(x, y, 2)); }
static uint32_t grey(uint32_t x, uint32_t y) { return sample(x, y, 0) * 0x010101u; }
static uint32_t shade(unsigned value, unsigned alpha) { return (value * alpha + 127) / 255; }

static uint32_t colour_over_black(uint32_t x, uint32_t y)
{
    const unsigned a = sample(x, y, 3);
    return rgb(shade(sample(x, y, 0), a), shade(sample(x, y, 1), a), shade(sample(x, y, 2), a));
}

static uint32_t grey_over_black(uint32_t x, uint32_t y) { return shade(sample(x, y, 0), sample(x, y, 1)) * 0x010101u; }

static void each_interlace(int type, int depth, unsigned channels, uint32_t (*expected)(uint32_t x, uint32_t y))
{
    for (int interlace = PNG_INTERLACE_NONE; interlace <= PNG_INTERLACE_ADAM7; interlace++) {
        write_samples(&(struct kind){ 640, 480, type, depth, interlace }, channels, NULL);
        shows(expected);
    }
}

static void a_picture_of_640_x_480_is_unchanged_interlaced_or_not(void **state)
{
    (void)state;
    each_interlace(PNG_COLOR_TYPE_RGB, 8, 3, colour);
}

static void sixteen_bits_become_eight(void **state)
{
    (void)state;
    each_interlace(PNG_COLOR_TYPE_RGB, 16, 3, colour);
    each_interlace(PNG_COLOR_TYPE_GRAY, 16, 1, grey);
}

static void grey_becomes_colour(void **state)
{
    (void)state;
    each_interlace(PNG_COLOR_TYPE_GRAY, 8, 1, grey);
}

static void alpha_lies_over_black(void **state)
{
    (void)state;
    each_interlace(PNG_COLOR_TYPE_RGB_ALPHA, 8, 4, colour_over_black);
    each_interlace(PNG_COLOR_TYPE_RGB_ALPHA, 16, 4, colour_over_black);
    each_interlace(PNG_COLOR_TYPE_GRAY_ALPHA, 8, 2, grey_over_black);
}

static uint32_t few_bits; // of a pixel

static uint32_t few_bits_of(uint32_t x, uint32_t y)
{
    const uint8_t byte = sample(x * few_bits / 8, y, 0);
    return byte >> (8 - few_bits - x * few_bits % 8) & ((1u << few_bits) - 1u);
}

static uint32_t few_grey(uint32_t x, uint32_t y) { return few_bits_of(x, y) * (255u / ((1u << few_bits) - 1u)) * 0x010101u; }

static void write_packed(int type, void (*more)(png_structp png, png_infop info))
{
    static uint8_t rows[640 * 480];
    const uint32_t row_bytes = 640 * few_bits / 8;
    for (uint32_t i = 0; i < row_bytes * 480; i++) rows[i] = sample(i % row_bytes, i / row_bytes, 0);
    write_png(&(struct kind){ 640, 480, type, (int)few_bits, PNG_INTERLACE_NONE }, rows, row_bytes, more);
}

static void grey_of_one_two_and_four_bits_spans_black_to_white(void **state)
{
    (void)state;
    for (few_bits = 1; few_bits <= 4; few_bits *= 2) {
        write_packed(PNG_COLOR_TYPE_GRAY, NULL);
        shows(few_grey);
    }
}

static void set_palette(png_structp png, png_infop info)
{
    png_color colours[256];
    for (unsigned i = 0; i < 256; i++) colours[i] = (png_color){ (png_byte)(255 - i), (png_byte)(i * 5), (png_byte)(i ^ 0x55) };
    png_set_PLTE(png, info, colours, 1 << few_bits);
}

static uint32_t palette_colour(uint32_t index) { return rgb(255 - index, index * 5 & 255u, index ^ 0x55u); }
static uint32_t of_palette(uint32_t x, uint32_t y) { return palette_colour(few_bits_of(x, y)); }

static void a_palette_of_any_depth_is_looked_up(void **state)
{
    (void)state;
    for (few_bits = 1; few_bits <= 8; few_bits *= 2) {
        write_packed(PNG_COLOR_TYPE_PALETTE, set_palette);
        shows(of_palette);
    }
}

static void set_palette_with_holes(png_structp png, png_infop info)
{
    png_byte alpha[256];
    for (unsigned i = 0; i < 256; i++) alpha[i] = (png_byte)(i * 3);
    set_palette(png, info);
    png_set_tRNS(png, info, alpha, 1 << few_bits, NULL);
}

static uint32_t of_palette_with_holes(uint32_t x, uint32_t y)
{
    const uint32_t index = few_bits_of(x, y), full = palette_colour(index), a = index * 3 & 255u;
    return rgb(shade(full >> 16, a), shade(full >> 8 & 255u, a), shade(full & 255u, a));
}

static void set_clear_colour(png_structp png, png_infop info)
{
    const png_color_16 clear = { .red = sample(5, 9, 0), .green = sample(5, 9, 1), .blue = sample(5, 9, 2) };
    png_set_tRNS(png, info, NULL, 0, &clear);
}

static uint32_t colour_but_the_clear_one(uint32_t x, uint32_t y) { return colour(x, y) == colour(5, 9) ? 0 : colour(x, y); }

static void transparency_of_a_palette_and_of_one_colour_lies_over_black(void **state)
{
    (void)state;
    few_bits = 8;
    write_packed(PNG_COLOR_TYPE_PALETTE, set_palette_with_holes);
    shows(of_palette_with_holes);
    write_samples(&(struct kind){ 640, 480, PNG_COLOR_TYPE_RGB, 8, PNG_INTERLACE_NONE }, 3, set_clear_colour);
    shows(colour_but_the_clear_one);
}

// ---- Sizes

static struct kind size; // of the file; and where it lies on the screen:
static uint32_t    left, top, width, height;

static uint32_t scaled_colour(uint32_t x, uint32_t y)
{
    if (x < left || x >= left + width || y < top || y >= top + height) return 0;
    return colour((2 * (x - left) + 1) * size.width / (2 * width), (2 * (y - top) + 1) * size.height / (2 * height));
}

static void any_size_is_scaled_with_its_aspect_and_centred_on_black(void **state)
{
    static const struct { uint32_t from[2], at[2], to[2]; } sizes[] = {
        { { 1, 1 }, { 80, 0 }, { 480, 480 } },       { { 333, 77 }, { 0, 166 }, { 640, 148 } },
        { { 5000, 3000 }, { 0, 48 }, { 640, 384 } }, { { 320, 240 }, { 0, 0 }, { 640, 480 } },
        { { 1, 3000 }, { 319, 0 }, { 1, 480 } },     { { 9000, 1 }, { 0, 239 }, { 640, 1 } },
        { { 641, 480 }, { 0, 0 }, { 640, 479 } },
    };
    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        size = (struct kind){ sizes[i].from[0], sizes[i].from[1], PNG_COLOR_TYPE_RGB, 8, (int)(i % 2) };
        left = sizes[i].at[0], top = sizes[i].at[1], width = sizes[i].to[0], height = sizes[i].to[1];
        write_samples(&size, 3, NULL);
        shows(scaled_colour);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_picture_of_640_x_480_is_unchanged_interlaced_or_not),
        cmocka_unit_test(sixteen_bits_become_eight),
        cmocka_unit_test(grey_becomes_colour),
        cmocka_unit_test(alpha_lies_over_black),
        cmocka_unit_test(grey_of_one_two_and_four_bits_spans_black_to_white),
        cmocka_unit_test(a_palette_of_any_depth_is_looked_up),
        cmocka_unit_test(transparency_of_a_palette_and_of_one_colour_lies_over_black),
        cmocka_unit_test(any_size_is_scaled_with_its_aspect_and_centred_on_black),
    };
    return cmocka_run_group_tests_name("picture", tests, NULL, NULL);
}
