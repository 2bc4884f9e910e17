// SPDX-License-Identifier: Apache-2.0
//
// dray_work - what dray_align has to do: commands, and what dray_commit made of them, two deep.
//
// What the first clock of a command does is known here already, so dray_align reads it from flip-flops.
//
// Latency     1 clock.
// Throughput  1 command per clock.
// Errors      none: a command that is dropped takes its source beats and makes none; those of a stream stay there.

`default_nettype none

module dray_work #(
    parameter int DATA_W  = 64,
    parameter int CH_W    = 1,
    parameter int BEAT_W  = 5,
    parameter int BYTE_LG = $clog2(DATA_W / 8)
) (
    input  wire                 clk,
    input  wire                 rst_n,

    // A command, or the end of a stream that is cut short
    input  wire                 in_valid,
    output logic                in_ready,
    input  wire                 in_close,
    input  wire                 in_drop,
    input  wire  [CH_W-1:0]     in_channel,
    input  wire  [4:0]          in_cause,
    input  wire  [1:0]          in_kind,
    input  wire                 in_stream,     // its destination is a stream
    input  wire                 in_from,       // ... its source
    input  wire                 in_fill,
    input  wire  [BYTE_LG-1:0]  in_stay,
    input  wire                 in_last,       // of its job
    input  wire                 in_start,      // first of its chunk
    input  wire                 in_final,      // last of its chunk
    input  wire                 in_head,
    input  wire  [BEAT_W-1:0]   in_out,        // destination beats
    input  wire  [BEAT_W-1:0]   in_beats,      // source beats of its chunk
    input  wire  [BYTE_LG-1:0]  in_src_lane,
    input  wire  [BYTE_LG-1:0]  in_dst_lane,
    input  wire  [BYTE_LG-1:0]  in_low,        // first lane of the first destination beat
    input  wire  [BYTE_LG-1:0]  in_high,       // lanes of the last one; 0: all

    // The same, to dray_align
    output logic                work_valid,
    input  wire                 work_ready,
    output logic                work_both,     // another one waits behind it
    output logic                work_data,     // it moves data; else it writes back, or does nothing
    output logic [1:0]          work_source,   // dray_pkg::SOURCE_*
    output logic                work_close,
    output logic                work_drop,
    output logic [CH_W-1:0]     work_channel,
    output logic [4:0]          work_cause,
    output logic                work_stream,
    output logic                work_leaves,   // its source beats stay where they are
    output logic [BYTE_LG-1:0]  work_stay,
    output logic                work_last,
    output logic                work_start,
    output logic                work_final,
    output logic                work_head,
    output logic [BEAT_W-1:0]   work_out,
    output logic                work_out_none,
    output logic                work_out_one,
    output logic [BEAT_W-1:0]   work_beats,
    output logic                work_beats_none,
    output logic                work_beats_one,
    output logic [BYTE_LG-1:0]  work_turn,     // lanes that a source byte goes up by
    output logic [BYTE_LG-1:0]  work_lane,     // that the chunk's first byte goes to
    output logic [BYTE_LG-1:0]  work_low,
    output logic [BYTE_LG-1:0]  work_high,

    // Its first clock
    output logic                work_takes,    // takes a source beat, if it starts its chunk
    output logic                work_may_take, // ... if it does not, and any is left
    output logic                work_makes,    // makes a destination beat, if it starts its chunk
    output logic                work_primes    // the chunk's first source beat finishes no destination beat
);

    localparam int WORK_W = 24 + CH_W + 2 * BEAT_W + 5 * BYTE_LG;

    localparam logic [BYTE_LG-1:0] BACK_LOW = BYTE_LG'(DATA_W == 128 ? 8 : 0);

    wire is_data = in_kind == dray_pkg::WRITE_DATA && !in_close;
    wire is_back = in_kind == dray_pkg::WRITE_BACK && !in_close;
    wire is_from = in_from && !in_close;

    wire [1:0] source = is_back ? dray_pkg::SOURCE_BACK : in_fill ? dray_pkg::SOURCE_FILL :
                        is_from ? dray_pkg::SOURCE_STREAM : dray_pkg::SOURCE_FIFO;

    wire out_none   = in_out == '0 || in_close;
    wire out_one    = in_out == BEAT_W'(1) && !in_close;
    wire beats_none = in_beats == '0;
    wire beats_one  = in_beats == BEAT_W'(1);
    wire leaves     = is_from && in_drop;
    wire primes     = in_dst_lane < in_src_lane;
    wire may_take   = is_data && !leaves && (!out_none || in_final);
    wire takes      = may_take && !beats_none;
    wire makes      = !out_none && !(takes && primes);
    wire stream     = is_data && in_stream;

    wire [BYTE_LG-1:0] apart    = in_dst_lane - in_src_lane;
    wire [BYTE_LG-1:0] turn     = is_back ? '0 : apart;
    wire [BYTE_LG-1:0] low      = is_back ? BACK_LOW : in_low;
    wire [BYTE_LG-1:0] high     = is_back ? '0 : in_high;
    wire               head     = is_back || in_head;

    wire [WORK_W-1:0] in_pack = {is_data, source, in_close, in_drop, in_channel, in_cause, stream, leaves, in_stay, in_last,
                                 in_start, in_final, head, in_out, out_none, out_one, in_beats, beats_none, beats_one,
                                 turn, in_dst_lane, low, high, takes, may_take, makes, primes};
    wire [WORK_W-1:0] out_pack;

    dray_pair #(.WIDTH(WORK_W)) u_pair (
        .clk, .rst_n, .in_valid, .in_ready, .in_data(in_pack),
        .out_valid(work_valid), .out_ready(work_ready), .out_data(out_pack), .both(work_both)
    );

    assign {work_data, work_source, work_close, work_drop, work_channel, work_cause, work_stream, work_leaves, work_stay,
            work_last, work_start, work_final, work_head, work_out, work_out_none, work_out_one, work_beats, work_beats_none,
            work_beats_one, work_turn, work_lane, work_low, work_high, work_takes, work_may_take, work_makes,
            work_primes} = out_pack;

endmodule

`default_nettype wire
