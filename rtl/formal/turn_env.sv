// SPDX-License-Identifier: Apache-2.0
//
// turn_env - dray_turn, and one channel that waits: how often others went before it.

`default_nettype none

module turn_env #(
    parameter int CHANNELS = 3,
    parameter int CH_W     = $clog2(CHANNELS)
) (
    input wire                  clk,
    input wire [CHANNELS-1:0]   want,
    input wire [3*CHANNELS-1:0] ranked,  // how high each of them stands
    input wire                  ranks,   // ... if that counts in this clock
    input wire                  taken
);

    logic rst_n = 1'b0;
    always @(posedge clk) rst_n <= 1'b1;

    wire            any;
    wire [CH_W-1:0] choice;

    logic [CHANNELS*CHANNELS-1:0] above;

    for (genvar n = 0; n < CHANNELS; n++) begin : g_rank
        for (genvar m = 0; m < CHANNELS; m++) begin : g_above
            assign above[n*CHANNELS + m] = ranks && ranked[3*n +: 3] > ranked[3*m +: 3];
        end
    end

    wire take = taken && any;

    dray_turn #(.CHANNELS(CHANNELS), .CH_W(CH_W)) dut (
        .clk, .rst_n, .want, .outranks(above), .any, .choice, .taken(take)
    );

    // ------------------------------------------------------------------------
    // One that waits

    logic [CH_W-1:0] one_q;      // which
    logic [CH_W:0]   before_q;   // others that were taken since it wants
    logic            equals_q;   // nobody had a rank since then

    wire waits = want[one_q] && !(take && choice == one_q);

    always @(posedge clk) begin
        one_q    <= one_q;
        before_q <= rst_n && waits ? before_q + (CH_W+1)'(take) : '0;
        equals_q <= !ranks && (equals_q || !(rst_n && waits));
        assume (one_q < CHANNELS);
    end

    // Places from the one whose turn came last to the one that waits.
    logic [CH_W:0] steps;

    always_comb begin
        steps = '0;
        for (int c = 0; c < CHANNELS; c++) begin
            if (dut.above_q[one_q]) steps += (CH_W+1)'(dut.above_q[c] && CH_W'(c) < one_q);
            else steps += (CH_W+1)'(dut.above_q[c] || CH_W'(c) < one_q);
        end
    end

    // Those above the last one are a run up to the highest.
    logic runs;

    always_comb begin
        runs = 1'b1;
        for (int c = 1; c < CHANNELS; c++) if (dut.above_q[c-1] && !dut.above_q[c]) runs = 1'b0;
    end

    always @(posedge clk) if (rst_n) begin
        assert (runs);
        assert (any == (want != '0));
        if (any) assert (want[choice]);
        for (int c = 0; c < CHANNELS; c++) if (any && want[c]) assert (!above[c*CHANNELS + 32'(choice)]);
        if (equals_q && want[one_q] && !ranks) assert (before_q + steps < CHANNELS);

        cover (equals_q && waits && before_q == CHANNELS - 2 && take);
        cover (take && want == '1 && choice == CH_W'(1) && above[CHANNELS]);
    end

endmodule

`default_nettype wire
