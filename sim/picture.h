// SPDX-License-Identifier: Apache-2.0
//
// Pictures of the screen's size: from any PNG file, to a PNG file, and one that the project makes itself.
//
//     static struct picture picture;
//     char why[PICTURE_WHY];
//     if (!picture_load(&picture, "cat.png", why)) fprintf(stderr, "run: %s\n", why);
//
// A picture of 640 x 480 is taken as it is; any other is scaled to fit, nearest neighbour, aspect kept, centred on
// black. Grey, palette, 16 bits, interlaced: all become 8 bits of red, green, blue; what is transparent lies over black.
#ifndef SIM_PICTURE_H
#define SIM_PICTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    PICTURE_WIDTH      = 640,
    PICTURE_HEIGHT     = 480,
    PICTURE_PIXELS     = PICTURE_WIDTH * PICTURE_HEIGHT,
    PICTURE_BYTES      = PICTURE_PIXELS * 4,
    PICTURE_SIDE_MAX   = 30000,    // of a file, pixels
    PICTURE_PIXELS_MAX = 60000000, // of a file: 240 MB while it is read
    PICTURE_WHY        = 400,
};

struct picture {
    uint32_t pixels[PICTURE_PIXELS]; // 0x00rrggbb, row by row
};

// @param why  why[PICTURE_WHY]; a sentence that says what is wrong and what to do, when false is returned
bool picture_load(struct picture *picture, const char *path, char *why);
bool picture_save(const struct picture *picture, const char *path, char *why);

// The project's own: an evening by a lake, with rulers, ramps of every byte value and single-pixel detail. No eight
// pixels of it are the same as eight others, so what lands in a wrong place shows; none is magenta, so an underrun shows.
void picture_make(struct picture *picture);

// @return how many pixels differ; the first is in *first if not NULL.
size_t picture_compare(const struct picture *is, const struct picture *should, size_t *first);

#endif
