// SPDX-License-Identifier: Apache-2.0
//
// board_tmds - one colour of a pixel as ten bits for a DVI cable: few edges, and as many ones as zeros in the long run.
//
// Digital Visual Interface 1.0, section 3.2. Outside the picture the two control bits go out as words with many edges.
//
//     data --> edges (8 bits become 9) --> balance (9 become 10) --> word
//
// Latency     2 clocks.
// Throughput  a pixel a clock.
// Errors      none.

`default_nettype none

module board_tmds (
    input  wire        clk,
    input  wire        rst_n,
    input  wire        de,
    input  wire  [1:0] control,
    input  wire  [7:0] data,
    output logic [9:0] word      // bit 0 goes first
);

    // ------------------------------------------------------------------------
    // Edges: each bit tells whether the next differs, or whether it does not

    wire [3:0] ones    = 4'(data[0]) + 4'(data[1]) + 4'(data[2]) + 4'(data[3]) + 4'(data[4]) + 4'(data[5]) + 4'(data[6]) + 4'(data[7]);
    wire       is_xnor = ones > 4'd4 || (ones == 4'd4 && !data[0]);
    wire [7:0] chain;

    assign chain[0] = data[0];
    for (genvar i = 1; i < 8; i++) begin : g_chain
        assign chain[i] = chain[i-1] ^ data[i] ^ is_xnor;
    end

    logic [7:0] chain_q;
    logic       is_xor_q, de_q;
    logic [1:0] control_q;

    always_ff @(posedge clk) begin
        chain_q   <= chain;
        is_xor_q  <= !is_xnor;
        control_q <= control;
        de_q      <= rst_n && de;
    end

    // ------------------------------------------------------------------------
    // Balance: half the ones that went out beyond the zeros, -8 .. 8

    logic signed [4:0] balance_q;

    wire        [3:0] chain_ones = 4'(chain_q[0]) + 4'(chain_q[1]) + 4'(chain_q[2]) + 4'(chain_q[3])
                                 + 4'(chain_q[4]) + 4'(chain_q[5]) + 4'(chain_q[6]) + 4'(chain_q[7]);
    wire signed [4:0] excess     = $signed({1'b0, chain_ones}) - 5'sd4;
    wire signed [4:0] is_xor     = $signed({4'd0, is_xor_q});
    wire signed [4:0] is_not_xor = 5'sd1 - is_xor;
    wire              is_even    = balance_q == 5'sd0 || excess == 5'sd0;
    wire              same_sign  = balance_q[4] == excess[4];
    wire              invert     = is_even ? !is_xor_q : same_sign;
    wire signed [4:0] flag       = is_even ? 5'sd0 : invert ? is_xor : -is_not_xor;
    wire signed [4:0] change     = invert ? flag - excess : flag + excess;

    always_ff @(posedge clk) begin
        if (!rst_n || !de_q) balance_q <= 5'sd0;
        else balance_q <= balance_q + change;
    end

    // ------------------------------------------------------------------------
    // Word

    wire [9:0] outside = control_q == 2'b00 ? 10'b1101010100 :
                         control_q == 2'b01 ? 10'b0010101011 :
                         control_q == 2'b10 ? 10'b0101010100 : 10'b1010101011;

    always_ff @(posedge clk) begin
        word <= de_q ? {invert, is_xor_q, chain_q ^ {8{invert}}} : outside;
    end

endmodule

`default_nettype wire
