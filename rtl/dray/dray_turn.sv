// SPDX-License-Identifier: Apache-2.0
//
// dray_turn - whose turn it is: of those that want and that nobody who wants outranks, the one that has waited longest.
//
// Latency     none: the choice is combinational; the turn moves on in the clock in which it is taken.
// Throughput  1 choice per clock.
// Errors      none.
// Proof       rtl/formal/turn.sby

`default_nettype none

module dray_turn #(
    parameter int CHANNELS = 2,
    parameter int CH_W     = 1
) (
    input  wire                 clk,
    input  wire                 rst_n,
    input  wire  [CHANNELS-1:0] want,
    input  wire  [CHANNELS*CHANNELS-1:0] outranks, // bit n CHANNELS + m: n goes before m
    output logic                any,
    output logic [CH_W-1:0]     choice,
    input  wire                 taken
);

    // Those above the last one served go first, in order; then the others, in order.
    logic [CHANNELS-1:0] above_q;

    logic [CHANNELS-1:0] best;

    always_comb begin
        best = want;
        for (int n = 0; n < CHANNELS; n++)
            for (int m = 0; m < CHANNELS; m++) if (want[n] && outranks[n*CHANNELS + m]) best[m] = 1'b0;
    end

    wire [CHANNELS-1:0] first = best & above_q;

    always_comb begin
        choice = '0;
        for (int c = CHANNELS - 1; c >= 0; c--) if (best[c])  choice = CH_W'(c);
        for (int c = CHANNELS - 1; c >= 0; c--) if (first[c]) choice = CH_W'(c);
    end

    assign any = |want;

    always_ff @(posedge clk) begin
        if (!rst_n) above_q <= '0;
        else if (taken) for (int c = 0; c < CHANNELS; c++) above_q[c] <= CH_W'(c) > choice;
    end

`ifndef SYNTHESIS
    always @(posedge clk) if (rst_n) begin
        if (any) assert (want[choice]);
        if (taken) assert (any);
    end
`endif

endmodule

`default_nettype wire
