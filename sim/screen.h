// SPDX-License-Identifier: Apache-2.0
//
// A monitor: builds frames from hsync, vsync, de and rgb alone, and says so when their timing is not that of the screen.
//
//     static struct screen screen = { .frame = frame_is_whole };
//     screen_pixel(&screen, cycle, &pixel);            // each pixel, as the pins change
//     if (screen.errors != 0) puts(screen.why);
//
// As a monitor does, it looks for the syncs first: a frame is whole when it lies between two rising edges of vsync and
// has 480 rows of 640 pixels. The scan before the first vsync is looked at but not told as a frame.
#ifndef SIM_SCREEN_H
#define SIM_SCREEN_H

#include "picture.h"
#include "system.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    SCREEN_LINE    = 800, // pixels from hsync to hsync
    SCREEN_LINES   = 525, // lines from vsync to vsync
    SCREEN_HSYNC   = 96,  // pixels it is high
    SCREEN_VSYNC   = 2,   // lines it is high
    SCREEN_LEFT    = 144, // pixels from the rise of hsync to the first of a row
    SCREEN_TOP     = 35,  // lines from the rise of vsync to the first row
    SCREEN_MAGENTA = 0xff00ff,
};

struct screen {
    void (*frame)(void *user, const struct screen *screen); // a whole frame: picture, first_cycle; NULL: nobody is told
    void *user;

    struct picture picture;     // the frame as far as it has been seen
    uint64_t       first_cycle; // of its first visible pixel
    unsigned       frames;      // whole ones
    uint64_t       pixels, magenta; // visible ones since the scan began, and how many of them were magenta
    unsigned       errors;      // of timing
    char           why[160];    // the first of them

    // Private from here on: what the pins were, and counts since they rose.
    bool     hsync, vsync, de, line_known, frame_known;
    bool     torn;              // the frame has an error, or begins in its middle
    unsigned since_hsync, lines, column, row;
};

void screen_pixel(struct screen *screen, uint64_t cycle, const struct system_pixel *pixel);

#endif
