// SPDX-License-Identifier: Apache-2.0
//
// dray_read - cut jobs into chunks: one read burst, and where its bytes go.
//
// A burst ends at the next multiple of the burst boundary, a power of two that no page is smaller
// than, so 4 KiB pages, map pages and the longest burst are one rule. A chunk is asked for only when
// its beats have a place: in the data FIFO, and for a stream also in the stream's own buffer.
//
//     jobs --> [one slot a channel] --turn--> chunk --> dray_request
//
// Latency     1 clock from job to chunk.
// Throughput  1 chunk per clock; the next job follows without a gap.
// Errors      a job that runs past the last address goes on as an error chunk, cause ADDRESS.

`default_nettype none

module dray_read #(
    parameter int DATA_W   = 64,
    parameter int ADDR_W   = 32,
    parameter int CHANNELS = 2,
    parameter int CH_W     = 1,
    parameter int BOUND_LG = 7,    // log2 of the burst boundary, bytes
    parameter int FIFO_BEATS = 256,
    parameter int BYTES    = 1,
    parameter int BYTE_LG  = $clog2(DATA_W / 8),
    parameter int BEAT_W   = BOUND_LG - BYTE_LG + 1  // holds 0..beats of a burst
) (
    input  wire                 clk,
    input  wire                 rst_n,

    // Jobs
    input  wire  [CHANNELS-1:0] job_valid,
    output logic [CHANNELS-1:0] job_ready,
    output logic [CHANNELS-1:0] job_soon,    // the last chunk of the job waits for the bus only
    output logic [CHANNELS-1:0] job_held,    // a job of the channel is here
    input  wire  [1:0]          job_kind,
    input  wire  [4:0]          job_cause,
    input  wire  [ADDR_W-1:0]   job_src,
    input  wire  [ADDR_W-1:0]   job_dst,
    input  wire  [31:0]         job_len,
    input  wire                 job_stream,
    input  wire  [CHANNELS-1:0] drop,        // forget the job of the channel

    // Space: beats of the data FIFO given back, stream buffers with room for a burst
    input  wire                 freed,       // one beat left the FIFO
    input  wire                 refund,      // a burst was refused
    input  wire  [BEAT_W-1:0]   refund_beats,
    input  wire  [CHANNELS-1:0] stream_room,

    // Chunk
    output logic                chunk_valid,
    input  wire                 chunk_ready,
    output logic [CH_W-1:0]     chunk_channel,
    output logic [1:0]          chunk_kind,
    output logic [4:0]          chunk_cause,
    output logic                chunk_first,   // of its job
    output logic                chunk_last,    // of its job
    output logic                chunk_stream,
    output logic [ADDR_W-1:0]   chunk_src,
    output logic [ADDR_W-1:BYTE_LG] chunk_dst, // the beat that the first byte goes to
    output logic [BEAT_W-1:0]   chunk_beats,   // source beats
    output logic [BEAT_W:0]     chunk_out,     // destination beats that it completes
    output logic [BYTE_LG-1:0]  chunk_src_lane,
    output logic [BYTE_LG-1:0]  chunk_dst_lane,
    output logic [BYTE_LG-1:0]  chunk_low,     // first lane of the first destination beat to be written
    output logic [BYTE_LG-1:0]  chunk_high     // lanes of the last destination beat; 0: all
);

    localparam int BYTES_W  = BOUND_LG + 1;             // holds 0..boundary
    localparam int SPACE_W  = $clog2(FIFO_BEATS + 1);
    localparam int BURST    = 1 << (BOUND_LG - BYTE_LG);
    localparam int HIGH_W   = ADDR_W - BOUND_LG;

    localparam logic [BYTES_W-1:0] BOUND     = BYTES_W'(1 << BOUND_LG);
    localparam logic [BYTES_W-1:0] LANE_MASK = BYTES_W'(DATA_W / 8 - 1);

    // In a word-aligned build the low bits are zero by dray_decode's check; here they leave the netlist.
    localparam logic [31:0] LOW_BITS = BYTES != 0 ? 32'd0 : 32'(DATA_W / 8 - 1);

    // ------------------------------------------------------------------------
    // State: one job a channel

    logic [CHANNELS-1:0] held_q, first_q, stream_q;
    logic [CHANNELS-1:0][1:0] kind_q;
    logic [CHANNELS-1:0][4:0] cause_q;
    logic [CHANNELS-1:0][ADDR_W-1:0] src_q;
    logic [CHANNELS-1:0][ADDR_W-1:0] dst_q;
    logic [CHANNELS-1:0][31:0] left_q;
    logic [CHANNELS-1:0][BYTE_LG-1:0] low_q;

    logic [SPACE_W-1:0]  space_q;  // beats of the FIFO not promised to anybody

    // ------------------------------------------------------------------------
    // Whose turn it is

    wire fifo_room = space_q >= SPACE_W'(BURST);

    logic [CHANNELS-1:0] is_last, want;
    logic [CH_W-1:0]     turn;
    logic                any;

    for (genvar c = 0; c < CHANNELS; c++) begin : g_want
        wire [31:0]        left = left_q[c];
        wire [BYTES_W-1:0] room = BOUND - BYTES_W'(src_q[c][BOUND_LG-1:0]);
        wire               copies = kind_q[c] == dray_pkg::KIND_COPY;

        assign is_last[c] = !copies || left <= 32'(room);
        assign want[c]    = held_q[c] && (!copies || (fifo_room && (!stream_q[c] || stream_room[c])));
        assign job_soon[c]  = held_q[c] && is_last[c] && !stream_q[c];
        assign job_ready[c] = !held_q[c] || (chunk_fire && turn == CH_W'(c) && is_last[c]);
        assign job_held[c]  = held_q[c];
    end

    wire chunk_fire = chunk_valid && chunk_ready;

    dray_turn #(.CHANNELS(CHANNELS), .CH_W(CH_W)) u_turn (
        .clk, .rst_n, .want, .any, .choice(turn), .taken(chunk_fire)
    );

    assign chunk_valid = any;

    // ------------------------------------------------------------------------
    // The chunk

    wire [ADDR_W-1:0]  src    = src_q[turn];
    wire [ADDR_W-1:0]  dst    = dst_q[turn];
    wire [31:0]        left   = left_q[turn];
    wire [BYTE_LG-1:0] low    = low_q[turn];
    wire [1:0]         kind   = kind_q[turn];

    wire [BYTES_W-1:0] room     = BOUND - {1'b0, src[BOUND_LG-1:0]};
    wire [BYTES_W-1:0] bytes    = is_last[turn] ? left[BYTES_W-1:0] : room;
    wire [ADDR_W:0]    dst_next = {1'b0, dst} + (ADDR_W+1)'(bytes);
    wire               past     = dst_next[ADDR_W] && !stream_q[turn];

    // A chunk whose end would be written from address 0 on is an error as a whole. It is no longer than a burst.
    wire               wraps    = kind == dray_pkg::KIND_COPY && past && dst_next[BOUND_LG-1:0] != '0;
    wire               last     = is_last[turn] || wraps;
    wire               copies   = kind == dray_pkg::KIND_COPY && !wraps;
    wire [BYTES_W-1:0] src_lane = BYTES_W'(src[BYTE_LG-1:0]);
    wire [BYTES_W:0]   dst_end  = (BYTES_W+1)'(dst[BYTE_LG-1:0]) + (BYTES_W+1)'(bytes);
    wire [BYTES_W:0]   src_end  = (BYTES_W+1)'(src_lane) + (BYTES_W+1)'(bytes) + (BYTES_W+1)'(LANE_MASK);
    wire [BEAT_W-1:0]  src_beats = BEAT_W'(src_end >> BYTE_LG);
    wire [BYTE_LG-1:0] high     = dst_end[BYTE_LG-1:0];
    wire [BEAT_W:0]    whole    = dst_end[BYTES_W:BYTE_LG];

    wire [HIGH_W:0]    src_high = {1'b0, src[ADDR_W-1:BOUND_LG]} + 1'b1;
    wire               runs_out = src_high[HIGH_W] || past;

    assign chunk_channel  = turn;
    assign chunk_kind     = wraps ? dray_pkg::KIND_ERROR : kind;
    assign chunk_cause    = wraps ? dray_regs_pkg::DRAY_CAUSE_ADDRESS : cause_q[turn];
    assign chunk_first    = first_q[turn];
    assign chunk_last     = last;
    assign chunk_stream   = stream_q[turn];
    assign chunk_src      = src;
    assign chunk_dst      = dst[ADDR_W-1:BYTE_LG];
    assign chunk_beats    = copies ? src_beats : '0;
    assign chunk_out      = copies ? whole + (BEAT_W+1)'(last && high != '0) : '0;
    assign chunk_src_lane = src[BYTE_LG-1:0];
    assign chunk_dst_lane = dst[BYTE_LG-1:0];
    assign chunk_low      = low;
    assign chunk_high     = last ? high : '0;

    // ------------------------------------------------------------------------
    // Registers

    for (genvar c = 0; c < CHANNELS; c++) begin : g_slot
        wire mine = chunk_fire && turn == CH_W'(c);

        always_ff @(posedge clk) begin
            if (!rst_n)                 held_q[c] <= 1'b0;
            else if (job_valid[c])      held_q[c] <= 1'b1;
            else if (drop[c])           held_q[c] <= 1'b0;
            else if (mine && last)      held_q[c] <= 1'b0;
        end

        always_ff @(posedge clk) begin
            if (job_valid[c]) begin
                first_q[c]  <= 1'b1;
                stream_q[c] <= job_stream;
                kind_q[c]   <= job_kind;
                cause_q[c]  <= job_cause;
                src_q[c]    <= job_src & ~ADDR_W'(LOW_BITS);
                dst_q[c]    <= job_dst & ~ADDR_W'(LOW_BITS);
                left_q[c]   <= job_len & ~LOW_BITS;
                low_q[c]    <= job_dst[BYTE_LG-1:0] & ~LOW_BITS[BYTE_LG-1:0];
            end else if (mine) begin
                first_q[c] <= 1'b0;
                src_q[c]   <= {src_high[HIGH_W-1:0], {BOUND_LG{1'b0}}};
                dst_q[c]   <= dst_next[ADDR_W-1:0];
                left_q[c]  <= left - 32'(bytes);
                // Once a beat was completed, the next one is written from its first lane.
                if (whole != '0) low_q[c] <= '0;
                if (runs_out) begin
                    kind_q[c]  <= dray_pkg::KIND_ERROR;
                    cause_q[c] <= dray_regs_pkg::DRAY_CAUSE_ADDRESS;
                end
            end
        end
    end

    wire [BEAT_W-1:0] spent    = chunk_fire ? chunk_beats : '0;
    wire [BEAT_W-1:0] returned = refund ? refund_beats : '0;

    always_ff @(posedge clk) begin
        if (!rst_n) space_q <= SPACE_W'(FIFO_BEATS);
        else        space_q <= space_q - SPACE_W'(spent) + SPACE_W'(returned) + SPACE_W'(freed);
    end

    // ------------------------------------------------------------------------
    // Checks

`ifndef SYNTHESIS
    always @(posedge clk) if (rst_n) begin
        assert (space_q <= SPACE_W'(FIFO_BEATS));
        for (int c = 0; c < CHANNELS; c++) if (job_valid[c]) assert (job_ready[c]);
        if (chunk_fire && copies) assert (bytes != '0);
        if (chunk_fire && copies) assert (bytes <= room);
        if (chunk_fire && copies) assert (chunk_beats != '0);
    end
`endif

endmodule

`default_nettype wire
