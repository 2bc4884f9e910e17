// SPDX-License-Identifier: Apache-2.0
//
// board_shift - words of ten bits, one a pixel, two bits a clock for pads that send on both edges.
//
// The bit clock is five times the pixel clock, from the same PLL. A bit that turns with every word tells when a new one
// stands: seen through two flip-flops, it is taken in the middle of its time, wherever the edges of the two clocks lie.
//
//     clk_pixel: words, turn --> clk_bit: 2 flip-flops --> take --> shift --> two bits
//
// Latency     3 clocks of clk_bit.
// Throughput  a word in five clocks.
// Errors      none.

`default_nettype none

module board_shift #(
    parameter int LANES = 4
) (
    input  wire                  clk_pixel,
    input  wire                  rst_pixel_n,
    input  wire  [10*LANES-1:0]  words,

    input  wire                  clk_bit,
    output logic [2*LANES-1:0]   bits      // of each lane: bit 0 goes first
);

    logic                turn_q;
    logic [2:0]          turn_seen_q;
    logic [10*LANES-1:0] words_q, shift_q;

    always_ff @(posedge clk_pixel) begin
        turn_q  <= rst_pixel_n && !turn_q;
        words_q <= words;
    end

    wire take = turn_seen_q[2] != turn_seen_q[1];

    always_ff @(posedge clk_bit) turn_seen_q <= {turn_seen_q[1:0], turn_q};

    for (genvar i = 0; i < LANES; i++) begin : g_lane
        always_ff @(posedge clk_bit) begin
            if (take) shift_q[10*i +: 10] <= words_q[10*i +: 10];
            else shift_q[10*i +: 10] <= {2'b00, shift_q[10*i+2 +: 8]};
        end

        assign bits[2*i +: 2] = shift_q[10*i +: 2];
    end

endmodule

`default_nettype wire
