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
    parameter int STREAM_IN = 0,
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
    input  wire                 chunk_from,    // its source is a stream, and all of it is there
    input  wire                 chunk_ends,
    input  wire  [BYTE_LG-1:0]  chunk_stay,
    input  wire  [ADDR_W-1:BYTE_LG] chunk_dst,
    input  wire  [BEAT_W-1:0]   chunk_beats,
    input  wire  [BEAT_W:0]     chunk_out,
    input  wire  [BYTE_LG-1:0]  chunk_src_lane,
    input  wire  [BYTE_LG-1:0]  chunk_dst_lane,
    input  wire  [BYTE_LG-1:0]  chunk_low,
    input  wire  [BYTE_LG-1:0]  chunk_high,
    input  wire                 chunk_top,
    input  wire                 chunk_spills,
    output logic                chunk_done,

    // What is at hand
    input  wire                 whole_valid,
    input  wire  [1:0]          whole_resp,
    output logic                whole_ready,
    input  wire                 alone,
    input  wire  [BEAT_W-1:0]   at_hand,
    input  wire                 came,

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
    output logic                cmd_from,      // source beats come from the channel's stream
    output logic                cmd_ends,      // the packet ends in the chunk
    output logic [BYTE_LG-1:0]  cmd_stay,      // the last source beat is taken up to this lane, and stays. 0: it goes
    output logic                cmd_start,     // first command of its chunk
    output logic                cmd_final,     // last command of its chunk
    output logic                cmd_head,      // the first destination beat of the chunk is in it
    output logic [BEAT_W-1:0]   cmd_out,       // destination beats
    output logic [BEAT_W-1:0]   cmd_beats,     // source beats of the chunk
    output logic                cmd_fill,      // its data is the next pattern; the first of its job takes it
    output logic [BYTE_LG-1:0]  cmd_src_lane,
    output logic [BYTE_LG-1:0]  cmd_dst_lane,
    output logic [BYTE_LG-1:0]  cmd_low,
    output logic [BYTE_LG-1:0]  cmd_high
);

    localparam int BURST    = 1 << (BOUND_LG - BYTE_LG);
    localparam int GATHER   = dray_pkg::min(4, BURST);
    localparam int BACK_OUT = DATA_W == 32 ? 2 : 1;
    localparam int PLAIN_W  = CH_W + 10 + (ADDR_W - BYTE_LG) + 3 * BEAT_W + 5 + 4 * BYTE_LG;
    localparam int QUEUE_W  = PLAIN_W + (STREAM_IN != 0 ? 2 + BYTE_LG : 0);

    localparam logic [BEAT_W-1:0] BURST_CAP = BEAT_W'(BURST);
    localparam logic [BEAT_W-1:0] LOW_MASK  = BEAT_W'(BURST - 1);
    localparam logic [BEAT_W:0]   GATHER_CAP = (BEAT_W+1)'(GATHER);

    // ------------------------------------------------------------------------
    // The oldest chunk. What depends on it alone is found before the queue: where its first beat lies between two burst
    // boundaries, and whether one burst carries all of it. It never reaches a third burst.

    wire [1:0] in_kind  = chunk_refused ? dray_pkg::KIND_ERROR : chunk_kind;
    wire [4:0] in_cause = chunk_refused ? dray_regs_pkg::DRAY_CAUSE_FAULT : chunk_cause;
    wire       in_last  = chunk_last || chunk_refused;
    wire [BEAT_W-1:0] in_beats = chunk_refused ? '0 : chunk_beats;
    wire [BEAT_W:0]   in_out   = chunk_refused ? '0 : chunk_out;
    wire [BEAT_W-1:0] in_low   = BEAT_W'(chunk_dst) & LOW_MASK;
    wire [BEAT_W-1:0] in_room  = BURST_CAP - in_low;
    wire              in_one   = in_out <= (BEAT_W+1)'(in_room);
    wire              in_some  = in_out != '0;
    // One whose end would be written from address 0 on is an error as a whole. It ends its job, as what follows is one too.
    wire [BEAT_W+1:0] in_reach = (BEAT_W+2)'(in_low) + (BEAT_W+2)'(in_out) + (BEAT_W+2)'(chunk_spills);
    wire              in_wraps = chunk_top && in_reach > (BEAT_W+2)'(BURST);
    // A source beat that only fills part of the first destination beat completes none.
    wire              in_primes = chunk_dst_lane < chunk_src_lane;

    wire                    valid, first, last, stream, one, some, primes, wraps, from, packet_ends;
    wire [QUEUE_W-1:0]      oldest;
    wire [CH_W-1:0]         channel;
    wire [1:0]              kind;
    wire [4:0]              cause;
    wire [ADDR_W-1:BYTE_LG] dst;
    wire [BEAT_W-1:0]       beats, room_first;
    wire [BEAT_W:0]         out;
    wire [BYTE_LG-1:0]      src_lane, dst_lane, low, high, stay;

    dray_queue #(.WIDTH(QUEUE_W), .DEPTH_LG(CHUNKS_LG)) u_chunks (
        .clk, .rst_n,
        .in_valid(chunk_valid),
        .in_data(QUEUE_W'({chunk_from, chunk_ends, chunk_stay, chunk_channel, in_kind, in_cause, chunk_first, in_last,
                           chunk_stream, chunk_dst, in_beats, in_out, chunk_src_lane, chunk_dst_lane, chunk_low, chunk_high,
                           in_room, in_one, in_some, in_primes, in_wraps})),
        .out_valid(valid), .out_ready(chunk_done), .out_data(oldest)
    );

    assign {from, packet_ends, stay, channel, kind, cause, first, last, stream, dst, beats, out, src_lane, dst_lane, low, high,
            room_first, one, some, primes, wraps} = (PLAIN_W+2+BYTE_LG)'(oldest);

    // ------------------------------------------------------------------------
    // How much of it: all up to the boundary once it is whole, and while it still comes in what was at hand a clock ago

    logic [BEAT_W:0]   planned_q;  // destination beats already planned
    logic [BEAT_W:0]   rest_q;     // those that are not, once a command of it went out
    logic [BEAT_W-1:0] room_q;     // ... to the next boundary
    logic              second_q;   // ... which is behind all of it
    logic              started_q;  // a command of it went out
    logic              fired_q;    // ... in the clock before
    logic              part_q, part_more_q;  // enough of it was at hand then for a command; with a beat more it is
    logic [BEAT_W-1:0] part_beats_q, part_beats_more_q;

    wire              copies   = kind == dray_pkg::KIND_COPY && !from;
    wire              fills    = kind == dray_pkg::KIND_FILL;
    wire              comes    = kind == dray_pkg::KIND_COPY && from;  // from the stream
    wire              whole    = !copies || whole_valid;
    wire              came_bad = copies && whole_valid && whole_resp != 2'b00;
    wire              empty    = !(copies || fills || comes) || came_bad || wraps || dropping[channel];
    wire [BEAT_W:0]   rest     = started_q ? rest_q : out;
    wire [BEAT_W-1:0] room     = started_q ? room_q : room_first;
    wire              fits     = one || second_q;
    wire              part_ready;
    wire [BEAT_W-1:0] part_beats;
    wire [BEAT_W-1:0] burst    = !whole ? part_beats : fits ? rest[BEAT_W-1:0] : room;
    wire              is_final = whole && (empty || fits);
    wire              fills_room = whole ? !fits : part_beats == room;
    wire              go       = valid && (whole || (part_ready && !empty));

    wire data_fire = go && order_room && !back_valid && cmd_ready;

    assign chunk_done  = data_fire && is_final;
    assign whole_ready = chunk_done && copies;

    always_ff @(posedge clk) begin
        if (!rst_n || chunk_done) begin
            planned_q <= '0;
            started_q <= 1'b0;
            second_q  <= 1'b0;
        end else if (data_fire) begin
            planned_q <= planned_q + (BEAT_W+1)'(burst);
            started_q <= 1'b1;
            second_q  <= second_q || fills_room;
        end
    end

    always_ff @(posedge clk) if (data_fire) begin
        rest_q <= rest - (BEAT_W+1)'(burst);
        room_q <= fills_room ? BURST_CAP : room - burst;
    end

    // A part is counted a clock ahead, without and with the beat that may come in meanwhile. It counts if nothing was
    // planned in that clock, so it is still the same chunk.
    wire [BEAT_W:0]   less      = planned_q + (BEAT_W+1)'(primes);
    wire [BEAT_W:0]   coming    = (BEAT_W+1)'(at_hand) - less;   // the highest bit: not even one
    wire [BEAT_W:0]   more      = coming + 1'b1;
    wire              over      = coming >= (BEAT_W+1)'(room);
    wire              over_more = more >= (BEAT_W+1)'(room);

    always_ff @(posedge clk) begin
        fired_q           <= data_fire;
        part_q            <= valid && copies && alone && !coming[BEAT_W] && coming != '0 && (over || coming >= GATHER_CAP);
        part_more_q       <= valid && copies && alone && !more[BEAT_W] && more != '0 && (over_more || more >= GATHER_CAP);
        part_beats_q      <= over ? room : coming[BEAT_W-1:0];
        part_beats_more_q <= over_more ? room : more[BEAT_W-1:0];
    end

    assign part_ready = !fired_q && (came ? part_more_q : part_q);
    assign part_beats = came ? part_beats_more_q : part_beats_q;

    // ------------------------------------------------------------------------
    // Command

    wire [ADDR_W-1:BYTE_LG] place  = dst + (ADDR_W-BYTE_LG)'(planned_q);
    wire [BEAT_W-1:0]       part   = empty ? '0 : burst;

    assign back_ready    = cmd_ready;
    assign cmd_valid     = back_valid || (go && order_room);
    assign cmd_channel   = back_valid ? back_channel : channel;
    assign cmd_look      = back_valid ? back_write : some && !empty && !stream;
    assign cmd_addr      = back_valid ? {back_addr, 4'b1000} : {place, {BYTE_LG{1'b0}}};
    assign cmd_kind      = !back_valid ? dray_pkg::WRITE_DATA :
                           back_write ? dray_pkg::WRITE_BACK : dray_pkg::WRITE_FINISH;
    assign cmd_out       = back_valid ? (back_write ? BEAT_W'(BACK_OUT) : '0) : part;
    assign cmd_cause     = came_bad ? (whole_resp[0] ? dray_regs_pkg::DRAY_CAUSE_READ_DECERR
                                                     : dray_regs_pkg::DRAY_CAUSE_READ_SLVERR) :
                           wraps ? dray_regs_pkg::DRAY_CAUSE_ADDRESS :
                           copies || fills || comes ? dray_regs_pkg::DRAY_CAUSE_NONE : cause;
    assign cmd_job_first = first && !started_q;
    assign cmd_job_last  = last && is_final;
    assign cmd_stream    = stream && !back_valid;
    assign cmd_from      = comes && !back_valid;
    assign cmd_ends      = comes && packet_ends;
    assign cmd_stay      = stay;
    assign cmd_start     = !started_q;
    assign cmd_final     = is_final;
    assign cmd_head      = planned_q == '0;
    assign cmd_beats     = fills ? BEAT_W'(first) : beats;
    assign cmd_fill      = fills && !back_valid;
    assign cmd_src_lane  = src_lane;
    assign cmd_dst_lane  = dst_lane;
    assign cmd_low       = low;
    assign cmd_high      = is_final ? high : '0;

    // ------------------------------------------------------------------------
    // Checks

`ifndef SYNTHESIS
    always @(posedge clk) if (rst_n) begin
        if (data_fire && !empty) assert ((BEAT_W+1)'(burst) <= rest);
        if (data_fire && !empty) assert (burst <= room);
        if (data_fire && is_final && !empty) assert ((BEAT_W+1)'(burst) == rest);
        if (cmd_valid && cmd_look) assert (cmd_out != '0);
    end
`endif

endmodule

`default_nettype wire
