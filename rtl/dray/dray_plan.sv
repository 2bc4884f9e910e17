// SPDX-License-Identifier: Apache-2.0
//
// dray_plan - plan write bursts: how much of the oldest chunk goes out next, and where to.
//
// An address is planned only for beats that are at hand. A chunk that is whole goes out in as few
// bursts as its boundaries allow; one that is still coming in goes out in parts of at least GATHER
// beats, so that a lone transfer need not wait for its last beat. Write-backs go first: they are short
// and few.
//
//     chunks --> [queue] --> head --.
//     at hand ----------------------+--> command --> gate --> dray_commit
//     write-backs ------------------'
//
// Latency     1 clock from the last beat at hand to the command.
// Throughput  1 command per clock.
// Errors      a chunk that came back bad, or was refused, is one command without beats, with its cause.

`default_nettype none

module dray_plan #(
    parameter int DATA_W   = 64,
    parameter int ADDR_W   = 32,
    parameter int CHANNELS = 2,
    parameter int CH_W     = 1,
    parameter int BOUND_LG = 7,
    parameter int CHUNKS_LG = 6,
    parameter int BYTE_LG  = $clog2(DATA_W / 8),
    parameter int BEAT_W   = BOUND_LG - BYTE_LG + 1
) (
    input  wire                 clk,
    input  wire                 rst_n,

    // Chunks, in the order in which their data comes
    input  wire                 chunk_valid,
    input  wire  [CH_W-1:0]     chunk_channel,
    input  wire                 chunk_refused,
    input  wire  [1:0]          chunk_kind,
    input  wire  [4:0]          chunk_cause,
    input  wire                 chunk_first,
    input  wire                 chunk_last,
    input  wire                 chunk_stream,
    input  wire  [ADDR_W-1:BYTE_LG] chunk_dst,
    input  wire  [BEAT_W-1:0]   chunk_beats,
    input  wire  [BEAT_W:0]     chunk_out,
    input  wire  [BYTE_LG-1:0]  chunk_src_lane,
    input  wire  [BYTE_LG-1:0]  chunk_dst_lane,
    input  wire  [BYTE_LG-1:0]  chunk_low,
    input  wire  [BYTE_LG-1:0]  chunk_high,
    output logic                chunk_done,

    // What is at hand
    input  wire                 whole_valid,
    input  wire  [1:0]          whole_resp,
    output logic                whole_ready,
    input  wire  [BEAT_W-1:0]   at_hand,

    input  wire                 order_room,    // for one more data command in the response order

    // Channels whose work is to be thrown away
    input  wire  [CHANNELS-1:0] dropping,

    // Write-backs
    input  wire                 back_valid,
    output logic                back_ready,
    input  wire                 back_write,    // 0: only keeps its place in the order
    input  wire  [CH_W-1:0]     back_channel,
    input  wire  [ADDR_W-1:4]   back_addr,

    // Commands, to the gate
    output logic                cmd_valid,
    input  wire                 cmd_ready,
    output logic                cmd_look,
    output logic [CH_W-1:0]     cmd_channel,
    output logic [ADDR_W-1:0]   cmd_addr,
    output logic [1:0]          cmd_kind,
    output logic [4:0]          cmd_cause,
    output logic                cmd_job_first,
    output logic                cmd_job_last,
    output logic                cmd_stream,
    output logic                cmd_start,     // first command of its chunk
    output logic                cmd_final,     // last command of its chunk
    output logic                cmd_head,      // the first destination beat of the chunk is in it
    output logic [BEAT_W-1:0]   cmd_out,       // destination beats
    output logic [BEAT_W-1:0]   cmd_beats,     // source beats of the chunk
    output logic                cmd_fill,      // its data is the next pattern; the first of its job takes it
    output logic [BYTE_LG-1:0]  cmd_src_lane,
    output logic [BYTE_LG-1:0]  cmd_dst_lane,
    output logic [BYTE_LG-1:0]  cmd_low,
    output logic [BYTE_LG-1:0]  cmd_high,
    output logic [BOUND_LG:0]   cmd_bytes
);

    localparam int BURST    = 1 << (BOUND_LG - BYTE_LG);
    localparam int GATHER   = dray_pkg::min(4, BURST);
    localparam int BACK_OUT = DATA_W == 32 ? 2 : 1;
    localparam int QUEUE_W  = CH_W + 10 + (ADDR_W - BYTE_LG) + 2 * BEAT_W + 1 + 4 * BYTE_LG;

    localparam logic [BEAT_W-1:0] BURST_CAP = BEAT_W'(BURST);
    localparam logic [BEAT_W-1:0] LOW_MASK  = BEAT_W'(BURST - 1);

    // ------------------------------------------------------------------------
    // The oldest chunk

    wire [1:0] in_kind  = chunk_refused ? dray_pkg::KIND_ERROR : chunk_kind;
    wire [4:0] in_cause = chunk_refused ? dray_regs_pkg::DRAY_CAUSE_FAULT : chunk_cause;
    wire       in_last  = chunk_last || chunk_refused;
    wire [BEAT_W-1:0] in_beats = chunk_refused ? '0 : chunk_beats;
    wire [BEAT_W:0]   in_out   = chunk_refused ? '0 : chunk_out;

    wire                    valid, first, last, stream;
    wire [CH_W-1:0]         channel;
    wire [1:0]              kind;
    wire [4:0]              cause;
    wire [ADDR_W-1:BYTE_LG] dst;
    wire [BEAT_W-1:0]       beats;
    wire [BEAT_W:0]         out;
    wire [BYTE_LG-1:0]      src_lane, dst_lane, low, high;

    dray_queue #(.WIDTH(QUEUE_W), .DEPTH_LG(CHUNKS_LG)) u_chunks (
        .clk, .rst_n,
        .in_valid(chunk_valid),
        .in_data({chunk_channel, in_kind, in_cause, chunk_first, in_last, chunk_stream, chunk_dst, in_beats, in_out,
                  chunk_src_lane, chunk_dst_lane, chunk_low, chunk_high}),
        .out_valid(valid), .out_ready(chunk_done),
        .out_data({channel, kind, cause, first, last, stream, dst, beats, out, src_lane, dst_lane, low, high})
    );

    // ------------------------------------------------------------------------
    // How much of it

    logic [BEAT_W:0] planned_q;  // destination beats already planned
    logic            started_q;  // a command of it went out

    wire              copies  = kind == dray_pkg::KIND_COPY;
    wire              fills   = kind == dray_pkg::KIND_FILL;
    wire              whole   = !copies || whole_valid;
    wire              came_bad = copies && whole_valid && whole_resp != 2'b00;
    wire              empty   = !(copies || fills) || came_bad || dropping[channel];
    // A source beat that only fills part of the first destination beat completes none.
    wire              primes  = dst_lane < src_lane;
    wire [BEAT_W:0]   coming  = at_hand > BEAT_W'(primes) ? (BEAT_W+1)'(at_hand) - (BEAT_W+1)'(primes) : '0;
    wire [BEAT_W:0]   ready   = whole_valid || fills ? out : coming;
    wire [BEAT_W:0]   more    = ready - planned_q;
    wire [BEAT_W-1:0] dst_low = BEAT_W'(dst) + planned_q[BEAT_W-1:0];
    wire [BEAT_W-1:0] room    = BURST_CAP - (dst_low & LOW_MASK);
    wire              fits    = more <= (BEAT_W+1)'(room);
    wire [BEAT_W-1:0] burst   = fits ? more[BEAT_W-1:0] : room;
    wire              is_final = whole && (empty || fits);
    wire              enough  = !fits || burst >= BEAT_W'(GATHER) || burst == room;
    wire              go      = valid && (is_final || (!empty && burst != '0 && enough));

    wire data_fire = go && order_room && !back_valid && cmd_ready;

    assign chunk_done  = data_fire && is_final;
    assign whole_ready = chunk_done && copies;

    always_ff @(posedge clk) begin
        if (!rst_n || chunk_done) begin
            planned_q <= '0;
            started_q <= 1'b0;
        end else if (data_fire) begin
            planned_q <= planned_q + (BEAT_W+1)'(burst);
            started_q <= 1'b1;
        end
    end

    // ------------------------------------------------------------------------
    // Command

    wire [ADDR_W-1:BYTE_LG] place  = dst + (ADDR_W-BYTE_LG)'(planned_q);
    wire [BEAT_W-1:0]       part   = empty ? '0 : burst;
    wire                    head   = planned_q == '0;
    wire                    tail   = is_final && high != '0;
    wire [BOUND_LG:0]       full   = {part, {BYTE_LG{1'b0}}};
    wire [BOUND_LG:0]       skipped = head ? (BOUND_LG+1)'(low) : '0;
    wire [BYTE_LG:0]        rest   = {1'b1, {BYTE_LG{1'b0}}} - {1'b0, high};
    wire [BOUND_LG:0]       behind = tail ? (BOUND_LG+1)'(rest) : '0;

    assign back_ready    = cmd_ready;
    assign cmd_valid     = back_valid || (go && order_room);
    assign cmd_channel   = back_valid ? back_channel : channel;
    assign cmd_look      = back_valid ? back_write : part != '0 && !stream;
    assign cmd_addr      = back_valid ? {back_addr, 4'b1000} : {place, {BYTE_LG{1'b0}}};
    assign cmd_kind      = !back_valid ? dray_pkg::WRITE_DATA :
                           back_write ? dray_pkg::WRITE_BACK : dray_pkg::WRITE_FINISH;
    assign cmd_out       = back_valid ? (back_write ? BEAT_W'(BACK_OUT) : '0) : part;
    assign cmd_cause     = came_bad ? (whole_resp[0] ? dray_regs_pkg::DRAY_CAUSE_READ_DECERR
                                                     : dray_regs_pkg::DRAY_CAUSE_READ_SLVERR) :
                           copies || fills ? dray_regs_pkg::DRAY_CAUSE_NONE : cause;
    assign cmd_job_first = first && !started_q;
    assign cmd_job_last  = last && is_final;
    assign cmd_stream    = stream && !back_valid;
    assign cmd_start     = !started_q;
    assign cmd_final     = is_final;
    assign cmd_head      = head;
    assign cmd_beats     = fills ? BEAT_W'(first) : beats;
    assign cmd_fill      = fills && !back_valid;
    assign cmd_src_lane  = src_lane;
    assign cmd_dst_lane  = dst_lane;
    assign cmd_low       = low;
    assign cmd_high      = tail ? high : '0;
    assign cmd_bytes     = part == '0 ? '0 : full - skipped - behind;

    // ------------------------------------------------------------------------
    // Checks

`ifndef SYNTHESIS
    always @(posedge clk) if (rst_n) begin
        if (valid && !whole && !dropping[channel]) assert (coming <= out);
        if (valid && !empty) assert (ready >= planned_q);
        if (data_fire && part != '0) assert (cmd_bytes != '0);
        if (data_fire && part != '0) assert ({1'b0, part} <= {1'b0, room});
        if (cmd_valid && cmd_look && !back_valid) assert ({1'b0, burst} <= {1'b0, BURST_CAP});
    end
`endif

endmodule

`default_nettype wire
