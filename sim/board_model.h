// SPDX-License-Identifier: Apache-2.0
//
// C face of a board in simulation: rtl/board/board_system.sv with the board's own parameters. All memory is inside it, and
// the program is in program memory from the start, as in a bitstream.
//
//     struct board_model *board = board_model_new();
//     struct board_pins pins = { .rst_n = false, .uart_rxd = true };
//     board_model_clock(board, &pins);
//     board_model_free(board);
#ifndef SIM_BOARD_MODEL_H
#define SIM_BOARD_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Inputs are set by the caller and stay; outputs are what was driven in the cycle that ended.
struct board_pins {
    bool rst_n, uart_rxd;
    bool uart_txd;
    bool ended_well, ended_badly; // the program's own word, until reset
    bool video_pixel, video_hsync, video_vsync, video_de;
    uint32_t video_rgb;
};

struct board_model;

struct board_model *board_model_new(void);
void board_model_free(struct board_model *board);
void board_model_clock(struct board_model *board, struct board_pins *pins);

// Clocks a bit of the console.
unsigned board_model_divisor(void);

#ifdef __cplusplus
}
#endif

#endif
