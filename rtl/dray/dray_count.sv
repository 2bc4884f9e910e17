// SPDX-License-Identifier: Apache-2.0
//
// dray_count - count things that begin and end, some of them two at a time.
//
// What changes is put together to one small signed number first, so one adder is enough.
//
// Latency     1 clock; next is the count that follows.
// Throughput  one beginning and two ends per clock.
// Errors      none: the owner reserves before it begins, and nothing ends that has not begun.

`default_nettype none

module dray_count #(
    parameter int WIDTH = 8
) (
    input  wire              clk,
    input  wire              rst_n,
    input  wire              more,
    input  wire              fewer,
    input  wire              again,  // one more that ends
    output logic [WIDTH-1:0] next,
    output logic [WIDTH-1:0] count
);

    wire odd  = more ^ fewer ^ again;
    wire down = more ? fewer && again : fewer || again;

    logic [WIDTH-1:0] count_q;

    assign next  = count_q + {{WIDTH-1{down}}, odd};
    assign count = count_q;

    always_ff @(posedge clk) begin
        if (!rst_n) count_q <= '0;
        else        count_q <= next;
    end

`ifndef SYNTHESIS
    always @(posedge clk) if (rst_n) begin
        if (down) assert (next < count_q);
        if (odd && !down) assert (next > count_q);
    end
`endif

endmodule

`default_nettype wire
