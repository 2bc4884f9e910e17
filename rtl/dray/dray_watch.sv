// SPDX-License-Identifier: Apache-2.0
//
// dray_watch - see that the memory does not answer, and which channels it leaves waiting.
//
// All accesses bear one ID, so what is late is late for everyone behind it: the port is watched as one, its reads and its
// writes apart. A lap of the timer in which one of them waited for the memory all the time and nothing moved is one too long.
// Then every channel is bitten that was busy all that lap and got nothing of its own. A stream whose sink holds it back
// waits for nobody at this port.
//
//     port, channels --> [quiet_q, still_q] --lap--> bite
//
// Latency     bites after at least one lap without a move, and less than two.
// Throughput  watches in every clock.
// Errors      it is one.

`default_nettype none

module dray_watch #(
    parameter int CHANNELS = 2
) (
    input  wire                 clk,
    input  wire                 rst_n,
    input  wire                 tick,         // each 256 clocks
    input  wire  [15:0]         units,        // ticks of a lap; 0: off
    input  wire                 change,       // pulse: units is written

    // The port: it waits for the memory; something was handed over in this clock
    input  wire                 read_waits,
    input  wire                 read_moves,
    input  wire                 write_waits,
    input  wire                 write_moves,

    // Channels
    input  wire  [CHANNELS-1:0] busy,
    input  wire  [CHANNELS-1:0] moves,
    output logic [CHANNELS-1:0] bite          // pulse
);

    logic [15:0]         count_q;
    logic                read_quiet_q, write_quiet_q;
    logic [CHANNELS-1:0] still_q;

    wire lap  = tick && count_q == units;
    wire hung = lap && (read_quiet_q || write_quiet_q);

    always_ff @(posedge clk) begin
        if (!rst_n || units == '0 || change || lap) count_q <= 16'd1;
        else if (tick)                              count_q <= count_q + 16'd1;

        read_quiet_q  <= rst_n && read_waits && !read_moves && (read_quiet_q || lap);
        write_quiet_q <= rst_n && write_waits && !write_moves && (write_quiet_q || lap);
        still_q       <= {CHANNELS{rst_n}} & busy & ~moves & (still_q | {CHANNELS{lap}});
        bite          <= {CHANNELS{rst_n && hung}} & still_q;
    end

`ifndef SYNTHESIS
    always @(posedge clk) if (rst_n && units == '0) assert (!lap);
`endif

endmodule

`default_nettype wire
