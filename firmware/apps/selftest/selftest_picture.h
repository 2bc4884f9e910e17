/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file selftest_picture.h
 * The picture of the self-test, as its client paints it and as the simulation expects it on the screen.
 */
#ifndef SELFTEST_PICTURE_H
#define SELFTEST_PICTURE_H

#include <stdint.h>

#define SELFTEST_WIDTH  160u
#define SELFTEST_HEIGHT 120u

/** RGB565 of a pixel, counted along the lines from the upper left one. [any] */
static inline uint16_t selftest_pixel(uint32_t number)
{
    uint32_t x = number % SELFTEST_WIDTH, y = number / SELFTEST_WIDTH;
    return (uint16_t)((x * 31u / SELFTEST_WIDTH) << 11 | (y * 63u / SELFTEST_HEIGHT) << 5 | ((x ^ y) >> 2 & 0x1fu));
}

#endif
