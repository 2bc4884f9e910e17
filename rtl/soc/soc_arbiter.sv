// SPDX-License-Identifier: Apache-2.0
//
// soc_arbiter - whose address one memory sees.
//
// Turns are taken when both ask, and an address that has been shown stays until it is taken.
//
//     want --> [turn] --> pick
//
// Latency     none.
// Throughput  an address a clock.
// Errors      none.

`default_nettype none

module soc_arbiter (
    input  wire  clk,
    input  wire  rst_n,

    input  wire  want_a,
    input  wire  want_b,
    output logic valid,
    input  wire  ready,
    output logic pick    // 0: a, 1: b
);

    logic held_q, pick_q;  // pick_q: who was shown last

    assign pick  = held_q ? pick_q : want_b && (!want_a || !pick_q);
    assign valid = want_a || want_b;

    always_ff @(posedge clk) begin
        if (!rst_n) begin
            held_q <= 1'b0;
            pick_q <= 1'b0;
        end else begin
            held_q <= valid && !ready;
            if (valid) pick_q <= pick;
        end
    end

`ifndef SYNTHESIS
    always @(posedge clk) if (rst_n) begin
        if (held_q) assert (pick_q ? want_b : want_a);
    end
`endif

endmodule

`default_nettype wire
