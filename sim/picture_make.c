// SPDX-License-Identifier: Apache-2.0
//
// Paints the project's own picture, in whole numbers only, so that it is the same picture on every machine.
#include "picture.h"

#include <string.h>

enum { HORIZON = 316, STRIP = 424, SUN_X = 452, SUN_Y = 236, SUN_R = 44 };

struct colour {
    int r, g, b; // may leave 0 .. 255 until it is put
};

// ---- Noise: values of a lattice, 0 .. 255, and smooth between them

static uint32_t hash(uint32_t x, uint32_t y, uint32_t seed)
{
    uint32_t h = x * 0x9e3779b1u ^ y * 0x85ebca77u ^ seed * 0xc2b2ae3du;
    h ^= h >> 15;
    h *= 0x2c1b3c6du;
    h ^= h >> 12;
    h *= 0x297a2d39u;
    return h ^ h >> 15;
}

static int mix(int a, int b, int t) { return a + (b - a) * t / 256; } // t: 0 .. 256

static int smooth(int t) { return t * t / 256 * (768 - 2 * t) / 256; }

static int noise(int x, int y, int cell, uint32_t seed)
{
    const int cx = x / cell, cy = y / cell;
    const int tx = smooth(x % cell * 256 / cell), ty = smooth(y % cell * 256 / cell);
    int       corner[4];
    for (int i = 0; i < 4; i++) corner[i] = (int)(hash((uint32_t)(cx + i % 2), (uint32_t)(cy + i / 2), seed) & 255u);
    return mix(mix(corner[0], corner[1], tx), mix(corner[2], corner[3], tx), ty);
}

static int fractal(int x, int y, int cell, uint32_t seed)
{
    int sum = 0;
    for (int part = 128; part >= 8 && cell >= 2; part /= 2, cell /= 2) sum += noise(x, y, cell, seed++) * part / 256;
    return sum;
}

// ---- Colours

static struct colour blend(struct colour a, struct colour b, int t)
{
    return (struct colour){ mix(a.r, b.r, t), mix(a.g, b.g, t), mix(a.b, b.b, t) };
}

static struct colour add(struct colour a, int r, int g, int b)
{
    return (struct colour){ a.r + r, a.g + g, a.b + b };
}

static uint32_t byte_of(int value) { return value < 0 ? 0u : value > 255 ? 255u : (uint32_t)value; }

static void put(struct picture *picture, int x, int y, struct colour c)
{
    if (x < 0 || x >= PICTURE_WIDTH || y < 0 || y >= PICTURE_HEIGHT) return;
    picture->pixels[y * PICTURE_WIDTH + x] = byte_of(c.r) << 16 | byte_of(c.g) << 8 | byte_of(c.b);
}

// ---- The landscape

static struct colour sky(int x, int y)
{
    static const struct { int y; struct colour colour; } stops[] = {
        { 0, { 10, 14, 44 } }, { 110, { 42, 38, 98 } }, { 205, { 148, 76, 118 } }, { 270, { 236, 134, 84 } }, { HORIZON, { 255, 208, 120 } },
    };
    int i = 0;
    while (i < 3 && y >= stops[i + 1].y) i++;
    struct colour c = blend(stops[i].colour, stops[i + 1].colour, (y - stops[i].y) * 256 / (stops[i + 1].y - stops[i].y));

    const int dx = x - SUN_X, dy = y - SUN_Y, d2 = dx * dx + dy * dy;
    const int glow = 900000 / (d2 + 4200);
    c = add(c, glow, glow * 3 / 4, glow / 3);
    if (d2 < SUN_R * SUN_R) c = (struct colour){ 255, 246 - (y - SUN_Y + SUN_R) / 2, 214 - (y - SUN_Y + SUN_R) };

    const int cloud = fractal(x + 900, y * 4, 128, 40) - 118; // long and flat
    if (cloud > 0) c = blend(c, (struct colour){ 255, 190, 160 }, (cloud > 40 ? 160 : cloud * 4) * (y < 160 ? y : 160) / 160);
    const uint32_t star = hash((uint32_t)x, (uint32_t)y, 7);
    if (star % 331u == 0 && y < 170) c = add(c, (int)(star >> 24) * (170 - y) / 170, (int)(star >> 24) * (170 - y) / 180, 120);
    return c;
}

static struct colour land(int x, int y)
{
    static const struct { int base, rise, cell; struct colour colour; } ranges[] = {
        { 190, 130, 160, { 122, 84, 128 } }, { 236, 108, 96, { 76, 58, 104 } }, { 278, 70, 52, { 34, 34, 62 } },
    };
    struct colour c = sky(x, y);
    for (int i = 0; i < 3; i++) {
        const int top = ranges[i].base + ranges[i].rise - fractal(x + 300 * i, 0, ranges[i].cell, 11u + 20u * (uint32_t)i) * ranges[i].rise / 200;
        if (y < top) continue;
        c = blend(ranges[i].colour, (struct colour){ 232, 140, 120 }, (y - top) * 2 > 90 ? 90 : (y - top) * 2); // haze
        const int rock = fractal(x * 2, y * 3, 16, 90u + (uint32_t)i) - 120;
        c = add(c, rock / 3, rock / 4, rock / 3);
    }
    return c;
}

static struct colour lake(int x, int y)
{
    const int depth  = y - HORIZON;
    const int ripple = (fractal(x, y * 6, 48, 60) - 120) * (depth + 8) / 60;
    int       from   = HORIZON - 1 - depth * 2 + ripple;
    if (from < 0) from = 0;
    if (from >= HORIZON) from = HORIZON - 1;
    struct colour c = land(x + ripple / 4 < 0 ? 0 : x + ripple / 4, from);
    c = blend(c, (struct colour){ 18, 40, 70 }, 70 + depth);
    if (hash((uint32_t)x / 3u, (uint32_t)y, 61) % 97u == 0 && depth > 4) c = add(c, 60, 50, 30); // sparkle
    return c;
}

// ---- What tests: ramps, single pixels, figures

// Four ramps through every byte value; then stripes, chequers, and rings that grow finer than a pixel.
static struct colour strip(int x, int y)
{
    const int row = (y - STRIP) / 7, level = x * 256 / 512;
    if (x < 512 && row < 8) {
        static const struct colour masks[8] = { { 1, 1, 1 }, { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 }, { 1, 1, 0 }, { 0, 1, 1 }, { 1, 1, 1 }, { 1, 1, 1 } };
        const int v = row == 6 ? 255 - level : row == 7 ? (int)(hash((uint32_t)x, (uint32_t)y, 5) & 255u) : level;
        return (struct colour){ masks[row].r * v, masks[row].g * v, masks[row].b * v };
    }
    const int cx = x - 583, cy = y - 452, d2 = cx * cx + cy * cy;
    if (x >= 556 && x < 611) return (struct colour){ d2 * 2 & 255, d2 * 3 & 255, 255 - (d2 & 255) };
    if (x >= 611) return (x + y) % 2 != 0 ? (struct colour){ 250, 250, 240 } : (struct colour){ 20, 30, 40 };
    return x % (1 + (y - STRIP) / 10) == 0 ? (struct colour){ 240, 240, 230 } : (struct colour){ 12, 20, 30 };
}

// Figures and letters of 3 x 5, a bit a pixel, from the top left on.
static uint32_t glyph(char c)
{
    static const char     letters[] = "0123456789DRAY";
    static const uint16_t bits[]    = { 075557, 026227, 071747, 071717, 055711, 074717, 074757, 071111, 075757, 075717, 065556, 065655, 025755, 055222 };
    const char *at = strchr(letters, c);
    return at != NULL && c != '\0' ? bits[at - letters] : 0u;
}

static void text(struct picture *picture, int x, int y, int size, const char *words, struct colour colour)
{
    for (; *words != '\0'; words++, x += 4 * size) {
        for (int i = 0; i < 15 * size * size; i++) {
            const int px = i % (3 * size), py = i / (3 * size);
            if ((glyph(*words) >> (14 - (py / size * 3 + px / size)) & 1u) != 0) put(picture, x + px, y + py, colour);
        }
    }
}

static void number(struct picture *picture, int x, int y, int value)
{
    const char digits[4] = { (char)('0' + value / 100), (char)('0' + value / 10 % 10), (char)('0' + value % 10), '\0' };
    text(picture, x, y, 1, digits, (struct colour){ 255, 240, 200 });
}

static void rulers(struct picture *picture)
{
    for (int x = 0; x < PICTURE_WIDTH; x += 8) {
        for (int i = 0; i < (x % 64 == 0 ? 7 : x % 32 == 0 ? 5 : 3); i++) put(picture, x, i, (struct colour){ 255, 230, 180 });
        if (x % 64 == 0) number(picture, x + 3, 3, x);
    }
    for (int y = 8; y < STRIP; y += 8) {
        for (int i = 0; i < (y % 32 == 0 ? 7 : 3); i++) put(picture, i, y, (struct colour){ 255, 230, 180 });
        if (y % 32 == 0) number(picture, 9, y - 2, y);
    }
}

// A grain of single bits over everything: too faint to see, and no two places are the same.
static void grain(struct picture *picture)
{
    for (uint32_t i = 0; i < PICTURE_PIXELS; i++) {
        picture->pixels[i] ^= hash(i, 3, 1) & 0x030303u;
        if (picture->pixels[i] == 0xff00ff) picture->pixels[i] = 0xfe01fe;
    }
}

void picture_make(struct picture *picture)
{
    for (int y = 0; y < PICTURE_HEIGHT; y++) {
        for (int x = 0; x < PICTURE_WIDTH; x++) put(picture, x, y, y < HORIZON ? land(x, y) : y < STRIP ? lake(x, y) : strip(x, y));
    }
    text(picture, 42, 52, 13, "DRAY", (struct colour){ 20, 20, 52 });
    text(picture, 40, 50, 13, "DRAY", (struct colour){ 250, 226, 190 });
    rulers(picture);
    grain(picture);
}
