// SPDX-License-Identifier: Apache-2.0
//
// board_dvi - the pins of the screen, at the system's clock, as words for a DVI cable, at the pixel clock.
//
// The system makes a pixel as often as the pixel clock takes one, so a fifo of some pixels between the two neither fills
// nor empties once it is half full. Before that, and when the screen is off, the cable carries blanking.
//
//     video_ --> board_fifo --> board_tmds x 3 --> words
//
// Latency     8 pixels, and those of fifo and coder.
// Throughput  a pixel a clock of clk_pixel.
// Errors      none; a fifo that empties is filled to the half again.

`default_nettype none

module board_dvi (
    input  wire         clk,
    input  wire         rst_n,
    input  wire         video_pixel,   // a new pixel
    input  wire         video_hsync,   // active high
    input  wire         video_vsync,
    input  wire         video_de,
    input  wire  [23:0] video_rgb,

    input  wire         clk_pixel,
    input  wire         rst_pixel_n,
    output logic [9:0]  red,           // bit 0 goes first
    output logic [9:0]  green,
    output logic [9:0]  blue
);

    localparam logic [3:0] HALF = 4'd8;  // of the fifo's 16 entries

    wire        full, empty, hsync, vsync, de;
    wire [23:0] rgb;
    logic [3:0] wait_q;      // pixels for which the fifo has had something
    logic       running_q;

    wire push = video_pixel && !full;
    wire pop  = running_q && !empty;

    board_fifo #(.W(27), .DEPTH_LG(4)) u_fifo (
        .clk_in (clk), .rst_in_n (rst_n), .push, .push_data ({video_hsync, video_vsync, video_de, video_rgb}), .full,
        .clk_out (clk_pixel), .rst_out_n (rst_pixel_n), .pop, .head ({hsync, vsync, de, rgb}), .empty
    );

    always_ff @(posedge clk_pixel) begin
        if (!rst_pixel_n || empty) begin
            wait_q    <= '0;
            running_q <= 1'b0;
        end else begin
            wait_q    <= wait_q == HALF ? HALF : wait_q + 1'b1;
            running_q <= wait_q == HALF;
        end
    end

    // 640 x 480 has its sync pulses low; blue carries them.
    wire [1:0]  sync  = pop ? {!vsync, !hsync} : 2'b11;
    wire        shown = pop && de;
    wire [7:0]  data_red = rgb[23:16], data_green = rgb[15:8], data_blue = rgb[7:0];

    board_tmds u_red   (.clk (clk_pixel), .rst_n (rst_pixel_n), .de (shown), .control (2'b00), .data (data_red), .word (red));
    board_tmds u_green (.clk (clk_pixel), .rst_n (rst_pixel_n), .de (shown), .control (2'b00), .data (data_green), .word (green));
    board_tmds u_blue  (.clk (clk_pixel), .rst_n (rst_pixel_n), .de (shown), .control (sync), .data (data_blue), .word (blue));

endmodule

`default_nettype wire
