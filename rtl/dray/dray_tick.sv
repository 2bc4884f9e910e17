// SPDX-License-Identifier: Apache-2.0
//
// dray_tick - divide the clock, once for all who count time.
//
// Latency     none.
// Throughput  a pulse each 64 clocks, and one each 256.
// Errors      none.

`default_nettype none

module dray_tick (
    input  wire  clk,
    input  wire  rst_n,
    output logic tick_64,
    output logic tick_256
);

    logic [7:0] count_q;

    always_ff @(posedge clk) begin
        if (!rst_n) count_q <= '0;
        else        count_q <= count_q + 8'd1;
    end

    always_ff @(posedge clk) begin
        tick_64  <= rst_n && &count_q[5:0];
        tick_256 <= rst_n && &count_q;
    end

endmodule

`default_nettype wire
