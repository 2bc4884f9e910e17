// SPDX-License-Identifier: Apache-2.0
//
// Reads and writes PNG files with libpng, and fits what was read to the screen.
//
// libpng leaves by longjmp. So everything it may interrupt lives in one struct that outlives the jump, the functions that
// call setjmp keep nothing in locals, and whoever made the struct gives everything back in one place.
#include "picture.h"

#include <errno.h>
#include <png.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SIGNATURE_BYTES = 8, CHANNELS = 4 };

struct job {
    FILE       *file;
    png_structp png;
    png_infop   info;
    uint8_t    *bytes; // rows of RGBA, of RGB when writing
    png_bytep  *rows;
    uint32_t    width, height;
    char        message[120]; // of libpng
};

static bool say(char *why, const char *format, ...) __attribute__((format(printf, 2, 3)));

static bool say(char *why, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    (void)vsnprintf(why, PICTURE_WHY, format, args);
    va_end(args);
    return false;
}

static void on_error(png_structp png, png_const_charp message)
{
    struct job *job = png_get_error_ptr(png);
    (void)snprintf(job->message, sizeof job->message, "%s", message);
    png_longjmp(png, 1);
}

static void on_warning(png_structp png, png_const_charp message)
{
    (void)png;
    (void)message;
}

// ---- Reading

// What is in the file becomes 8 bits of RGBA, whatever it is.
static void ask_for_rgba(struct job *job)
{
    const png_byte type = png_get_color_type(job->png, job->info);
    png_set_expand(job->png); // palette to RGB, few bits of grey to eight, tRNS to alpha
    png_set_scale_16(job->png);
    if ((type & PNG_COLOR_MASK_COLOR) == 0) png_set_gray_to_rgb(job->png);
    png_set_add_alpha(job->png, 0xff, PNG_FILLER_AFTER);
    (void)png_set_interlace_handling(job->png);
    png_read_update_info(job->png, job->info);
}

static bool read_header(struct job *job)
{
    if (setjmp(png_jmpbuf(job->png)) != 0) return false;
    png_init_io(job->png, job->file);
    png_set_user_limits(job->png, PNG_UINT_31_MAX, PNG_UINT_31_MAX); // ours come behind it, with a sentence
    png_read_info(job->png, job->info);
    job->width  = png_get_image_width(job->png, job->info);
    job->height = png_get_image_height(job->png, job->info);
    return true;
}

static bool read_pixels(struct job *job)
{
    if (setjmp(png_jmpbuf(job->png)) != 0) return false;
    ask_for_rgba(job);
    png_read_image(job->png, job->rows);
    png_read_end(job->png, NULL);
    return true;
}

static bool allocate(struct job *job, size_t channels)
{
    job->bytes = malloc((size_t)job->width * job->height * channels);
    job->rows  = malloc(job->height * sizeof *job->rows);
    if (job->bytes == NULL || job->rows == NULL) return false;
    for (uint32_t y = 0; y < job->height; y++) job->rows[y] = job->bytes + (size_t)y * job->width * channels;
    return true;
}

static void give_back(struct job *job)
{
    free(job->rows);
    free(job->bytes);
    if (job->file != NULL) (void)fclose(job->file);
}

static bool damaged(const struct job *job, const char *path, char *why)
{
    if (feof(job->file)) return say(why, "%s ends too early; get a whole copy of it.", path);
    return say(why, "%s is damaged (%s); get a good copy of it.", path, job->message);
}

static bool read_file(struct job *job, const char *path, char *why)
{
    if (!read_header(job)) return damaged(job, path, why);
    if (job->width > PICTURE_SIDE_MAX || job->height > PICTURE_SIDE_MAX)
        return say(why, "%s is more than %d pixels wide or high; make it smaller first.", path, PICTURE_SIDE_MAX);
    if ((uint64_t)job->width * job->height > PICTURE_PIXELS_MAX)
        return say(why, "%s has %u x %u pixels, more than %d million; make it smaller first.", path, job->width, job->height,
                   PICTURE_PIXELS_MAX / 1000000);
    if (!allocate(job, CHANNELS)) return say(why, "%s is too large for the memory of this machine; make it smaller first.", path);
    return read_pixels(job) || damaged(job, path, why);
}

static bool looks_like_png(struct job *job, const char *path, char *why)
{
    png_byte signature[SIGNATURE_BYTES];
    errno = 0;
    const size_t got = fread(signature, 1, sizeof signature, job->file);
    if (ferror(job->file)) return say(why, "%s cannot be read (%s); name a PNG file.", path, strerror(errno));
    if (got == 0) return say(why, "%s is empty; name a PNG file.", path);
    if (png_sig_cmp(signature, 0, got) != 0) return say(why, "%s is no PNG file; convert the picture to PNG first.", path);
    if (got < sizeof signature) return say(why, "%s ends too early; get a whole copy of it.", path);
    rewind(job->file);
    return true;
}

// ---- Fitting

static uint32_t over_black(const uint8_t *rgba)
{
    uint32_t pixel = 0;
    for (int i = 0; i < 3; i++) pixel = pixel << 8 | (rgba[i] * rgba[3] + 127u) / 255u;
    return pixel;
}

// The middle of the target's pixel, in pixels of the source.
static uint32_t nearest(uint32_t at, uint32_t from, uint32_t to)
{
    return (uint32_t)((2u * (uint64_t)at + 1u) * from / (2u * (uint64_t)to));
}

static uint32_t scaled(uint32_t side, uint32_t by, uint32_t of)
{
    const uint32_t result = (uint32_t)(((uint64_t)side * by + of / 2u) / of);
    return result == 0 ? 1 : result;
}

static void fit(struct picture *picture, const struct job *job)
{
    const bool     wide   = (uint64_t)job->width * PICTURE_HEIGHT >= (uint64_t)job->height * PICTURE_WIDTH;
    const uint32_t width  = wide ? PICTURE_WIDTH : scaled(job->width, PICTURE_HEIGHT, job->height);
    const uint32_t height = wide ? scaled(job->height, PICTURE_WIDTH, job->width) : PICTURE_HEIGHT;
    const uint32_t left = (PICTURE_WIDTH - width) / 2, top = (PICTURE_HEIGHT - height) / 2;

    memset(picture, 0, sizeof *picture);
    for (uint32_t y = 0; y < height; y++) {
        const uint8_t *row = job->rows[nearest(y, job->height, height)];
        uint32_t      *to  = picture->pixels + (size_t)(top + y) * PICTURE_WIDTH + left;
        for (uint32_t x = 0; x < width; x++) to[x] = over_black(row + (size_t)nearest(x, job->width, width) * CHANNELS);
    }
}

bool picture_load(struct picture *picture, const char *path, char *why)
{
    struct job job = { .file = fopen(path, "rb") };
    if (job.file == NULL) return say(why, "%s cannot be opened (%s); name a PNG file.", path, strerror(errno));
    bool good = looks_like_png(&job, path, why);
    if (good) {
        job.png  = png_create_read_struct(PNG_LIBPNG_VER_STRING, &job, on_error, on_warning);
        job.info = job.png != NULL ? png_create_info_struct(job.png) : NULL;
        good = job.info != NULL ? read_file(&job, path, why) : say(why, "%s: there is no memory left to read it.", path);
        if (good) fit(picture, &job);
        png_destroy_read_struct(&job.png, &job.info, NULL);
    }
    give_back(&job);
    return good;
}

// ---- Writing

static bool write_pixels(struct job *job)
{
    if (setjmp(png_jmpbuf(job->png)) != 0) return false;
    png_init_io(job->png, job->file);
    png_set_IHDR(job->png, job->info, job->width, job->height, 8, PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
                 PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_set_compression_level(job->png, 3);
    png_write_info(job->png, job->info);
    png_write_image(job->png, job->rows);
    png_write_end(job->png, NULL);
    return fflush(job->file) == 0;
}

static void to_rgb(struct job *job, const struct picture *picture)
{
    uint8_t *to = job->bytes;
    for (size_t i = 0; i < PICTURE_PIXELS; i++) {
        *to++ = (uint8_t)(picture->pixels[i] >> 16);
        *to++ = (uint8_t)(picture->pixels[i] >> 8);
        *to++ = (uint8_t)picture->pixels[i];
    }
}

bool picture_save(const struct picture *picture, const char *path, char *why)
{
    struct job job = { .file = fopen(path, "wb"), .width = PICTURE_WIDTH, .height = PICTURE_HEIGHT };
    if (job.file == NULL) return say(why, "%s cannot be written (%s); make its folder writable.", path, strerror(errno));
    job.png  = png_create_write_struct(PNG_LIBPNG_VER_STRING, &job, on_error, on_warning);
    job.info = job.png != NULL ? png_create_info_struct(job.png) : NULL;
    bool good = job.info != NULL && allocate(&job, 3);
    if (good) {
        to_rgb(&job, picture);
        good = write_pixels(&job);
    }
    png_destroy_write_struct(&job.png, &job.info);
    give_back(&job);
    return good || say(why, "%s cannot be written; look whether the disk is full.", path);
}

size_t picture_compare(const struct picture *is, const struct picture *should, size_t *first)
{
    size_t wrong = 0;
    for (size_t i = PICTURE_PIXELS; i-- > 0;) {
        if (is->pixels[i] == should->pixels[i]) continue;
        wrong++;
        if (first != NULL) *first = i;
    }
    return wrong;
}
