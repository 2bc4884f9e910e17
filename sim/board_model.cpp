// SPDX-License-Identifier: Apache-2.0
//
// Gives a Verilated board its C face. Compiled with BOARD_CLOCK_HZ and BOARD_BAUD as the board was Verilated.
#include "Vboard.h"

#include "board_model.h"

#include <verilated.h>

struct board_model {
    VerilatedContext context;
    Vboard           top{&context, "board"};
};

extern "C" {

board_model *board_model_new(void) { return new board_model; }

void board_model_free(board_model *board)
{
    if (board == nullptr) return;
    board->top.final();
    delete board;
}

void board_model_clock(board_model *board, board_pins *pins)
{
    Vboard &top  = board->top;
    top.rst_n    = pins->rst_n;
    top.uart_rxd = pins->uart_rxd;
    top.clk      = 0;
    top.eval();
    pins->uart_txd    = top.uart_txd;
    pins->ended_well  = top.ended_well;
    pins->ended_badly = top.ended_badly;
    pins->video_pixel = top.video_pixel;
    pins->video_hsync = top.video_hsync;
    pins->video_vsync = top.video_vsync;
    pins->video_de    = top.video_de;
    pins->video_rgb   = top.video_rgb;
    top.clk           = 1;
    top.eval();
}

unsigned board_model_divisor(void) { return (BOARD_CLOCK_HZ + BOARD_BAUD / 2) / BOARD_BAUD; }

} // extern "C"
