// SPDX-License-Identifier: Apache-2.0
//
// selftest - runs the self-test that stands in a board's program memory, and keeps what comes out of its UART.
//
//     selftest [--cycles N] FILE
//
// The text goes to the terminal and to FILE. The exit status is 0 only when the program ended well by its own word, the text
// ends with the line that says so, and the screen's pins show the picture; 2 when the command line is wrong.
#include "board_model.h"
#include "screen.h"
#include "selftest_picture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FAILED = 1, MISUSED = 2, RESET_CYCLES = 8, TEXT_BYTES = 8192, CYCLES = 200000000 };

static const char good[] = "\nselftest: all well\n";

static struct {
    unsigned clocks; // until the next look at the pin; 0: waiting for a start bit
    unsigned left;   // bits, the stop bit included
    unsigned bits;
} line;

static char     text[TEXT_BYTES];
static unsigned length;

static void take(char byte)
{
    if (length + 1 < sizeof text) text[length++] = byte;
    putchar(byte);
    fflush(stdout);
}

// ---- The screen: each pixel of the picture is a square

static struct screen screen;
static unsigned      shown;     // frames since the program ended
static uint32_t      wrong;     // pixels of the last of them

static uint32_t wanted(unsigned x, unsigned y)
{
    const unsigned square = PICTURE_WIDTH / SELFTEST_WIDTH;
    const uint32_t pixel  = selftest_pixel(y / square * SELFTEST_WIDTH + x / square);
    const uint32_t red = pixel >> 11, green = pixel >> 5 & 0x3f, blue = pixel & 0x1f;
    return (red << 3 | red >> 2) << 16 | (green << 2 | green >> 4) << 8 | (blue << 3 | blue >> 2);
}

static void frame(void *user, const struct screen *whole)
{
    (void)user;
    wrong = 0;
    shown++;
    for (unsigned i = 0; i < PICTURE_PIXELS; i++)
        wrong += whole->picture.pixels[i] != wanted(i % PICTURE_WIDTH, i / PICTURE_WIDTH) ? 1 : 0;
}

static void look(uint64_t cycle, const struct board_pins *pins)
{
    if (pins->video_pixel)
        screen_pixel(&screen, cycle, &(struct system_pixel){ pins->video_hsync, pins->video_vsync, pins->video_de, pins->video_rgb });
}

// ---- The UART: 8N1, each bit looked at in its middle.
static void listen(bool pin)
{
    const unsigned divisor = board_model_divisor();
    if (line.clocks == 0) {
        if (!pin) line.clocks = divisor + divisor / 2, line.left = 9;
        return;
    }
    if (--line.clocks != 0) return;
    if (--line.left == 0) {
        if (pin) take((char)line.bits);
        return;
    }
    line.clocks = divisor;
    line.bits   = (line.bits >> 1) | (pin ? 0x80u : 0u);
}

// Runs until the program has ended and, if it ended well, the screen has shown a frame more. @return how it ended
static struct board_pins run(uint64_t cycles)
{
    struct board_model *board = board_model_new();
    struct board_pins   pins  = { .rst_n = false, .uart_rxd = true };
    uint64_t            cycle = 0;
    for (; cycle < cycles && !pins.ended_badly && !(pins.ended_well && shown != 0); cycle++) {
        pins.rst_n = cycle >= RESET_CYCLES;
        board_model_clock(board, &pins);
        if (!pins.rst_n) continue;
        listen(pins.uart_txd);
        look(cycle, &pins);
        if (!pins.ended_well) shown = 0;
    }
    if (cycle == cycles) fprintf(stderr, "selftest: no end after %llu cycles\n", (unsigned long long)cycles);
    board_model_free(board);
    return pins;
}

static bool keep(const char *path)
{
    FILE      *file    = fopen(path, "w");
    const bool written = file != NULL && fwrite(text, 1, length, file) == length;
    if (file == NULL || fclose(file) != 0 || !written) {
        fprintf(stderr, "selftest: %s cannot be written\n", path);
        return false;
    }
    return true;
}

static bool ends_well(void)
{
    const size_t tail = sizeof good - 1;
    return length >= tail && memcmp(text + length - tail, good, tail) == 0;
}

static int usage(void)
{
    fprintf(stderr, "usage: selftest [--cycles N] FILE\n");
    return MISUSED;
}

static int complain(const char *what)
{
    fprintf(stderr, "selftest: %s\n", what);
    return FAILED;
}

int main(int argc, char **argv)
{
    uint64_t    cycles = CYCLES;
    const char *path   = NULL;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--cycles") == 0 && i + 1 < argc) cycles = strtoull(argv[++i], NULL, 0);
        else if (argv[i][0] == '-' || path != NULL) return usage();
        else path = argv[i];
    }
    if (path == NULL || cycles == 0) return usage();

    screen.frame = frame;
    const bool well = run(cycles).ended_well;
    if (!keep(path)) return FAILED;
    if (!well) return complain("it did not end well");
    if (!ends_well()) return complain("the text does not end as it should");
    if (shown == 0 || screen.errors != 0) return complain(shown == 0 ? "the screen shows nothing" : screen.why);
    if (wrong != 0) return complain("the screen does not show the picture");
    return EXIT_SUCCESS;
}
