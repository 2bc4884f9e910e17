// SPDX-License-Identifier: Apache-2.0
//
// What is no picture is refused with a sentence, what is written is read back, and the project's own picture is a hard one.
#include "picture.h"

#include <png.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char path[] = "build/sim/test_picture_file.png";

static struct picture picture, other;
static char           why[PICTURE_WHY];

// ---- Errors

static void refused(const char *file, const char *words)
{
    why[0] = '\0';
    assert_false(picture_load(&picture, file, why));
    if (strstr(why, words) == NULL || strstr(why, file) == NULL) fail_msg("'%s' does not say '%s'", why, words);
    assert_int_equal(why[strlen(why) - 1], '.');
    assert_null(strchr(why, '\n'));
}

static void put_file(const void *bytes, size_t len)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, len, file), len);
    fclose(file);
}

static void a_missing_file_is_refused(void **state)
{
    (void)state;
    refused("build/sim/there is none.png", "cannot be opened (No such file or directory)");
}

static void what_cannot_be_read_is_refused(void **state)
{
    (void)state;
    refused("build", "cannot be read (Is a directory)");
}

static void a_text_file_and_an_empty_file_are_refused(void **state)
{
    (void)state;
    put_file("this is no picture\n", 19);
    refused(path, "is no PNG file");
    put_file("x", 1);
    refused(path, "is no PNG file");
    put_file("", 0);
    refused(path, "is empty");
}

static void a_png_cut_short_anywhere_is_refused(void **state)
{
    (void)state;
    static const png_image small = { .version = PNG_IMAGE_VERSION, .width = 40, .height = 30, .format = PNG_FORMAT_RGB };
    static uint8_t         bytes[8000];
    png_image              image = small;
    for (size_t i = 0; i < 40 * 30 * 3; i++) bytes[i] = (uint8_t)(i * i / 7);
    assert_true(png_image_write_to_file(&image, path, 0, bytes, 0, NULL) != 0);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    const size_t len = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    assert_true(len > 100 && len < sizeof bytes);
    for (size_t cut = 1; cut < len; cut += 13) {
        put_file(bytes, cut);
        refused(path, "ends too early");
    }
    put_file(bytes, len - 1);
    refused(path, "ends too early");
    bytes[len / 2] ^= 0x10;
    put_file(bytes, len);
    refused(path, "is damaged");
}

static void a_picture_beyond_the_limits_is_refused_before_it_is_read(void **state)
{
    (void)state;
    // The header of 30001 x 10 and of 20000 x 20000 pixels; the checksum is right.
    static const uint8_t head[] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
    static const struct { uint32_t width, height; const char *words; } huge[] = {
        { 30001, 10, "more than 30000 pixels wide or high" }, { 20000, 20000, "20000 x 20000 pixels, more than 60 million" },
    };
    for (size_t i = 0; i < 2; i++) {
        uint8_t bytes[33 + 8] = { 0 };
        memcpy(bytes, head, 16);
        for (int k = 0; k < 4; k++) bytes[16 + k] = (uint8_t)(huge[i].width >> (24 - 8 * k));
        for (int k = 0; k < 4; k++) bytes[20 + k] = (uint8_t)(huge[i].height >> (24 - 8 * k));
        bytes[24] = 8;
        bytes[25] = 2;
        uint32_t crc = 0xffffffffu;
        for (int k = 12; k < 29; k++) {
            crc ^= bytes[k];
            for (int bit = 0; bit < 8; bit++) crc = crc >> 1 ^ (crc & 1u ? 0xedb88320u : 0u);
        }
        for (int k = 0; k < 4; k++) bytes[29 + k] = (uint8_t)(~crc >> (24 - 8 * k));
        memcpy(bytes + 33, "\0\0\0\0IDAT", 8);
        put_file(bytes, sizeof bytes);
        refused(path, huge[i].words);
    }
}

static void what_cannot_be_written_is_told(void **state)
{
    (void)state;
    picture_make(&picture);
    assert_false(picture_save(&picture, "build/sim/no such folder/a.png", why));
    assert_non_null(strstr(why, "cannot be written"));
    if (!picture_save(&picture, "/dev/full", why)) assert_non_null(strstr(why, "cannot be written"));
    else fail_msg("a full disk was not noticed");
}

// ---- Out and in again

static void what_is_written_is_read_back(void **state)
{
    (void)state;
    picture_make(&other);
    if (!picture_save(&other, path, why)) fail_msg("%s", why);
    if (!picture_load(&picture, path, why)) fail_msg("%s", why);
    assert_int_equal(picture_compare(&picture, &other, NULL), 0);
    size_t first;
    picture.pixels[777] ^= 1;
    picture.pixels[9999] ^= 0x800000;
    assert_int_equal(picture_compare(&picture, &other, &first), 2);
    assert_int_equal(first, 777);
}

struct burst {
    uint32_t pixels[8];
};

static int compare_bursts(const void *a, const void *b) { return memcmp(a, b, sizeof(struct burst)); }

static void no_burst_of_the_projects_own_picture_is_like_another(void **state)
{
    static struct burst bursts[PICTURE_PIXELS / 8];
    (void)state;
    picture_make(&picture);
    memcpy(bursts, picture.pixels, sizeof bursts);
    qsort(bursts, PICTURE_PIXELS / 8, sizeof bursts[0], compare_bursts);
    for (size_t i = 1; i < PICTURE_PIXELS / 8; i++) assert_int_not_equal(compare_bursts(&bursts[i - 1], &bursts[i]), 0);
}

static void it_has_every_byte_value_in_each_colour_and_no_magenta(void **state)
{
    bool seen[3][256] = { { false } };
    (void)state;
    picture_make(&picture);
    for (size_t i = 0; i < PICTURE_PIXELS; i++) {
        for (int c = 0; c < 3; c++) seen[c][picture.pixels[i] >> (16 - 8 * c) & 255u] = true;
        assert_int_equal(picture.pixels[i] >> 24, 0);
        assert_int_not_equal(picture.pixels[i], 0xff00ff);
    }
    for (int c = 0; c < 3; c++)
        for (int v = 0; v < 256; v++) assert_true(seen[c][v]);
}

static void it_is_not_itself_when_it_is_turned_or_mirrored(void **state)
{
    (void)state;
    picture_make(&picture);
    size_t across = 0, down = 0, both = 0;
    for (size_t i = 0; i < PICTURE_PIXELS; i++) {
        const size_t x = i % 640, y = i / 640;
        across += picture.pixels[i] == picture.pixels[y * 640 + 639 - x];
        down += picture.pixels[i] == picture.pixels[(479 - y) * 640 + x];
        both += picture.pixels[i] == picture.pixels[PICTURE_PIXELS - 1 - i];
    }
    assert_true(across < PICTURE_PIXELS / 50 && down < PICTURE_PIXELS / 50 && both < PICTURE_PIXELS / 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_missing_file_is_refused),
        cmocka_unit_test(what_cannot_be_read_is_refused),
        cmocka_unit_test(a_text_file_and_an_empty_file_are_refused),
        cmocka_unit_test(a_png_cut_short_anywhere_is_refused),
        cmocka_unit_test(a_picture_beyond_the_limits_is_refused_before_it_is_read),
        cmocka_unit_test(what_cannot_be_written_is_told),
        cmocka_unit_test(what_is_written_is_read_back),
        cmocka_unit_test(no_burst_of_the_projects_own_picture_is_like_another),
        cmocka_unit_test(it_has_every_byte_value_in_each_colour_and_no_magenta),
        cmocka_unit_test(it_is_not_itself_when_it_is_turned_or_mirrored),
    };
    return cmocka_run_group_tests_name("picture_file", tests, NULL, NULL);
}
