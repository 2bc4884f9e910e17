// SPDX-License-Identifier: Apache-2.0
//
// dvi - the screen's way to the pads of a board, with its three clocks as inputs, so that a test may shift them at will.
//
//     video_ --> board_dvi --> board_shift --> bits

`default_nettype none

module dvi (
    input  wire         clk,
    input  wire         rst_n,
    input  wire         video_pixel,
    input  wire         video_hsync,
    input  wire         video_vsync,
    input  wire         video_de,
    input  wire  [23:0] video_rgb,
    input  wire         clk_pixel,
    input  wire         rst_pixel_n,
    input  wire         clk_bit,
    output logic [7:0]  bits         // two of each lane: blue, green, red, clock
);

    localparam logic [9:0] CLOCK_WORD = 10'b0000011111;

    wire [9:0] red, green, blue;

    board_dvi u_dvi (
        .clk, .rst_n, .video_pixel, .video_hsync, .video_vsync, .video_de, .video_rgb,
        .clk_pixel, .rst_pixel_n, .red, .green, .blue
    );

    board_shift #(.LANES(4)) u_shift (
        .clk_pixel, .rst_pixel_n, .words ({CLOCK_WORD, red, green, blue}), .clk_bit, .bits
    );

endmodule

`default_nettype wire
