// SPDX-License-Identifier: Apache-2.0
//
// dray_coalesce - one interrupt for several descriptors: by count or by time, whichever is first.
//
//     done --> [seen_q, timer_q] --> tell
//
// The time runs from the first descriptor that was not told, whatever state its channel is in: nothing is
// ever left untold, not even where the ring runs dry, or the channel stops or is switched off.
//
// Latency     none where one of count and time is 0, or count is 1.
// Throughput  1 descriptor per clock.
// Errors      none.

`default_nettype none

module dray_coalesce (
    input  wire         clk,
    input  wire         rst_n,
    input  wire         tick,    // a unit of time has gone by
    input  wire  [7:0]  count,
    input  wire  [15:0] units,
    input  wire         change,  // pulse: count or time is written
    input  wire         done,    // a descriptor that interrupts has retired
    output logic        tell
);

    logic [7:0]  seen_q;   // the number of the next one
    logic [15:0] timer_q;
    logic        open_q;   // there is one that was not told

    wire at_once = count[7:1] == '0 || units == '0;
    wire enough  = done && (at_once || seen_q == count);
    wire due     = open_q && (timer_q == units || change);

    assign tell = enough || due;

    always_ff @(posedge clk) begin
        if (!rst_n || tell) seen_q <= 8'd1;
        else if (done)      seen_q <= seen_q + 8'd1;

        if (!rst_n || !open_q) timer_q <= '0;
        else if (tick)         timer_q <= timer_q + 16'd1;

        open_q <= rst_n && (open_q || done) && !tell;
    end

`ifndef SYNTHESIS
    always @(posedge clk) if (rst_n) begin
        assert (open_q == (seen_q != 8'd1));
        if (open_q && !tell) assert (seen_q <= count);
    end
`endif

endmodule

`default_nettype wire
