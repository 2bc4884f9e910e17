// SPDX-License-Identifier: Apache-2.0
//
// dray_sum - three summands and a carry in one carry chain: one gate in front of it where two sums would be two chains.
//
// Latency     none: combinational.
// Throughput  1 sum per clock.
// Errors      none: modulo 2 ** WIDTH.

`default_nettype none

module dray_sum #(
    parameter int WIDTH = 8
) (
    input  wire  [WIDTH-1:0] one,
    input  wire  [WIDTH-1:0] two,
    input  wire  [WIDTH-1:0] three,
    input  wire              carry,
    output logic [WIDTH-1:0] sum
);

    wire [WIDTH-1:0] sums    = one ^ two ^ three;
    wire [WIDTH-1:0] carries = (one & two) | (one & three) | (two & three);

    assign sum = sums + ((carries << 1) | WIDTH'(carry));

endmodule

`default_nettype wire
