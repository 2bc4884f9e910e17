// SPDX-License-Identifier: Apache-2.0
//
// pair_env - dray_pair beside the plainest queue of two there is.

`default_nettype none

module pair_env (
    input wire       clk,
    input wire       in_valid,
    input wire [3:0] in_data,
    input wire       out_ready
);

    // Reset is low in the first clock and high from then on.
    logic rst_n = 1'b0;
    always @(posedge clk) rst_n <= 1'b1;

    wire       in_ready, out_valid, both;
    wire [3:0] out_data;

    dray_pair #(.WIDTH(4)) dut (.clk, .rst_n, .in_valid, .in_ready, .in_data, .out_valid, .out_ready, .out_data, .both);

    wire push = in_valid && in_ready;
    wire pop  = out_valid && out_ready;

    logic [1:0] held_q;  // how many
    logic [3:0] one_q;   // the older one
    logic [3:0] two_q;   // the one behind it

    always @(posedge clk) begin
        if (!rst_n) held_q <= 2'd0;
        else        held_q <= held_q + 2'(push) - 2'(pop);
    end

    always @(posedge clk) begin
        if (held_q == 2'd0 || pop) one_q <= held_q == 2'd2 ? two_q : in_data;
        if (push) two_q <= in_data;
    end

    always @(posedge clk) if (rst_n) begin
        assert (out_valid == (held_q != 2'd0));
        assert (both == (held_q == 2'd2));
        assert (in_ready == (held_q != 2'd2 && held_q != 2'd3));
        if (held_q != 2'd0) assert (out_data == one_q);
        if (held_q == 2'd2) assert (dut.tail_q == two_q);

        cover (both && pop);
        cover (push && pop && out_data != in_data);
    end

endmodule

`default_nettype wire
