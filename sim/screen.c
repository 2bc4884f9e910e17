// SPDX-License-Identifier: Apache-2.0
//
// Follows the edges of the screen's pins.
#include "screen.h"

#include <stdarg.h>
#include <stdio.h>

static void wrong(struct screen *screen, uint64_t cycle, const char *format, ...) __attribute__((format(printf, 3, 4)));

static void wrong(struct screen *screen, uint64_t cycle, const char *format, ...)
{
    screen->torn = true;
    if (screen->errors++ != 0) return;
    const int len = snprintf(screen->why, sizeof screen->why, "cycle %llu, frame %u: ", (unsigned long long)cycle, screen->frames);
    va_list   args;
    va_start(args, format);
    (void)vsnprintf(screen->why + len, sizeof screen->why - (size_t)len, format, args);
    va_end(args);
}

// ---- Syncs

static void line_begins(struct screen *screen, uint64_t cycle)
{
    if (screen->line_known && screen->since_hsync != SCREEN_LINE)
        wrong(screen, cycle, "a line has %u pixels, not %d", screen->since_hsync, SCREEN_LINE);
    screen->line_known  = true;
    screen->since_hsync = 0;
    screen->lines++;
}

static void hsync_ends(struct screen *screen, uint64_t cycle)
{
    if (screen->line_known && screen->since_hsync != SCREEN_HSYNC)
        wrong(screen, cycle, "hsync is %u pixels long, not %d", screen->since_hsync, SCREEN_HSYNC);
}

static void frame_begins(struct screen *screen, uint64_t cycle)
{
    if (screen->frame_known) {
        if (screen->lines != SCREEN_LINES) wrong(screen, cycle, "a frame has %u lines, not %d", screen->lines, SCREEN_LINES);
        if (screen->row != PICTURE_HEIGHT) wrong(screen, cycle, "a frame has %u rows of pixels, not %d", screen->row, PICTURE_HEIGHT);
        if (!screen->torn) {
            screen->frames++;
            if (screen->frame != NULL) screen->frame(screen->user, screen);
        }
    }
    screen->frame_known = true;
    screen->torn        = false;
    screen->lines       = 0;
    screen->row         = 0;
}

static void vsync_ends(struct screen *screen, uint64_t cycle)
{
    if (screen->frame_known && screen->lines != SCREEN_VSYNC)
        wrong(screen, cycle, "vsync is %u lines long, not %d", screen->lines, SCREEN_VSYNC);
}

// ---- Rows

static void row_begins(struct screen *screen, uint64_t cycle)
{
    screen->column = 0;
    if (screen->line_known && screen->since_hsync != SCREEN_LEFT)
        wrong(screen, cycle, "row %u begins %u pixels behind hsync, not %d", screen->row, screen->since_hsync, SCREEN_LEFT);
    if (screen->row != 0) return;
    screen->first_cycle = cycle;
    if (screen->frame_known && screen->lines != SCREEN_TOP)
        wrong(screen, cycle, "the first row comes %u lines behind vsync, not %d", screen->lines, SCREEN_TOP);
}

static void row_ends(struct screen *screen, uint64_t cycle)
{
    if (screen->column != PICTURE_WIDTH) wrong(screen, cycle, "row %u has %u pixels, not %d", screen->row, screen->column, PICTURE_WIDTH);
    screen->row++;
}

static void visible(struct screen *screen, uint32_t rgb)
{
    screen->pixels++;
    screen->magenta += rgb == SCREEN_MAGENTA;
    if (screen->column < PICTURE_WIDTH && screen->row < PICTURE_HEIGHT)
        screen->picture.pixels[screen->row * PICTURE_WIDTH + screen->column] = rgb;
    screen->column++;
}

void screen_pixel(struct screen *screen, uint64_t cycle, const struct system_pixel *pixel)
{
    screen->since_hsync++;
    if (screen->de && !pixel->de) row_ends(screen, cycle);
    if (pixel->hsync && !screen->hsync) line_begins(screen, cycle);
    if (!pixel->hsync && screen->hsync) hsync_ends(screen, cycle);
    if (pixel->vsync && !screen->vsync) frame_begins(screen, cycle);
    if (!pixel->vsync && screen->vsync) vsync_ends(screen, cycle);
    if (pixel->de && !screen->de) row_begins(screen, cycle);
    if (pixel->de) visible(screen, pixel->rgb & 0xffffffu);
    screen->hsync = pixel->hsync;
    screen->vsync = pixel->vsync;
    screen->de    = pixel->de;
}
