// SPDX-License-Identifier: Apache-2.0
//
// dray_pass - a register where a build without a gate would have it.
//
// Latency     1 clock.
// Throughput  1 request per clock.
// Errors      none: nothing is refused.

`default_nettype none

module dray_pass #(
    parameter int WIDTH = 32
) (
    input  wire              clk,
    input  wire              rst_n,
    input  wire              in_valid,
    output logic             in_ready,
    input  wire  [WIDTH-1:0] in_data,
    output logic             out_valid,
    input  wire              out_ready,
    output logic [WIDTH-1:0] out_data
);

    logic             valid_q;
    logic [WIDTH-1:0] data_q;

    assign in_ready  = !valid_q || out_ready;
    assign out_valid = valid_q;
    assign out_data  = data_q;

    always_ff @(posedge clk) begin
        if (!rst_n)        valid_q <= 1'b0;
        else if (in_ready) valid_q <= in_valid;
    end

    always_ff @(posedge clk) if (in_ready) data_q <= in_data;

endmodule

`default_nettype wire
