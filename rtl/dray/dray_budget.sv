// SPDX-License-Identifier: Apache-2.0
//
// dray_budget - count the slots that were taken from segments since the last one of the ring.
//
// Links may lead round for ever. The budget ends that: once so many slots were taken, the next one of a
// segment is an error. What was decoded and never began is fetched again, so the count begins anew then.
//
//     step --> [spent_q] --> over --> dray_decode
//
// Latency     where steps are clocks apart, the compare has one of them to itself.
// Throughput  1 step per clock.
// Errors      over is the error; dray_decode gives it to the descriptor at hand.

`default_nettype none

module dray_budget #(
    parameter int SLOT_BEATS = 2     // beats of one slot: steps are at least so many clocks apart
) (
    input  wire         clk,
    input  wire         rst_n,
    input  wire  [15:0] budget,      // slots; 0: no limit
    input  wire         step,        // a slot was taken
    input  wire         in_segment,  // ... from a segment
    input  wire         renew,       // pulse: the channel has settled
    output logic        over         // the next one is too many
);

    logic [15:0] spent_q;

    wire spent = budget != '0 && spent_q == budget;

    always_ff @(posedge clk) begin
        if (!rst_n || renew || (step && !in_segment)) spent_q <= '0;
        else if (step)                                spent_q <= spent_q + 16'd1;
    end

    if (SLOT_BEATS > 1) begin : g_settled
        logic late_q;

        always_ff @(posedge clk) late_q <= spent;
        assign over = in_segment && late_q;
    end else begin : g_direct
        assign over = in_segment && spent;
    end

`ifndef SYNTHESIS
    // The compare was never late.
    always @(posedge clk) if (rst_n && step && in_segment && budget != '0) assert (over == (spent_q == budget));
`endif

endmodule

`default_nettype wire
