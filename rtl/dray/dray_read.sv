// SPDX-License-Identifier: Apache-2.0
//
// dray_read - cut jobs into chunks: one read burst, and where its bytes go.
//
// A burst ends at the next multiple of the burst boundary, a power of two that no page is smaller
// than, so 4 KiB pages, map pages and the longest burst are one rule. A chunk is asked for only when
// its beats have a place: in the data FIFO, and for a stream also in the stream's own buffer. A fill reads
// nothing, so its chunks end at the burst boundaries of its destination.
//
//     dray_jobs --> [one slot a channel] --turn--> chunk --> dray_request
//
// A clock either takes a job or gives a chunk, so both go one way into the slots. Rows are chunks like
// others; where a row ends, the addresses go by the strides, which dray_jobs shows all the while: at once
// if the row was one chunk, else in two more clocks: a stride forward, and a row's length back.
//
// Latency     1 clock from job to chunk.
// Throughput  1 job or chunk per clock; 2 more at the end of a row of several chunks.
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
    parameter int ROWS     = 1,
    parameter int BYTE_LG  = $clog2(DATA_W / 8),
    parameter int BEAT_W   = BOUND_LG - BYTE_LG + 1  // holds 0..beats of a burst
) (
    input  wire                 clk,
    input  wire                 rst_n,

    // Jobs
    input  wire  [CHANNELS-1:0] job_valid,
    output logic [CHANNELS-1:0] job_ready,
    output logic [CHANNELS-1:0] job_soon,    // a chunk of the job waits for the bus only
    output logic [CHANNELS-1:0] job_held,    // a job of the channel is here
    input  wire  [1:0]          job_kind,
    input  wire  [4:0]          job_cause,
    input  wire  [ADDR_W-1:0]   job_src,
    input  wire  [ADDR_W-1:0]   job_dst,
    input  wire  [31:0]         job_len,
    input  wire                 job_stream,
    input  wire                 job_two,     // a second slot follows, with kind, cause, strides and rows in the same places
    output logic [CHANNELS-1:0] second_wanted,
    output logic [CHANNELS-1:0] second_ended,
    input  wire  [CHANNELS-1:0] second,      // that of the channel is shown
    input  wire  [CHANNELS-1:0] drop,        // forget the job of the channel
    input  wire  [CHANNELS-1:0] run,         // 0: no second slot will come

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

    localparam logic [BYTES_W-1:0] BOUND     = BYTES_W'(1 << BOUND_LG);
    localparam logic [BYTES_W-1:0] LANE_MASK = BYTES_W'(DATA_W / 8 - 1);

    // In a word-aligned build the low bits are zero by dray_decode's check; here they leave the netlist.
    localparam logic [31:0] LOW_BITS = BYTES != 0 ? 32'd0 : 32'(DATA_W / 8 - 1);
    // A name of its own: Yosys takes a complement before a size cast for a part of the size, and masks all of it.
    localparam logic [ADDR_W-1:0] LOW_ADDR = ADDR_W'(LOW_BITS);

    // ------------------------------------------------------------------------
    // State: one job a channel

    logic [CHANNELS-1:0] held_q, first_q, stream_q;
    logic [CHANNELS-1:0][1:0] kind_q;
    logic [CHANNELS-1:0][4:0] cause_q;
    logic [CHANNELS-1:0][ADDR_W:0] src_q;   // the highest bit: past the last address
    logic [CHANNELS-1:0][ADDR_W:0] dst_q;
    logic [CHANNELS-1:0][31:0] left_q;
    logic [CHANNELS-1:0][BYTE_LG-1:0] low_q;

    // Of a job with a second slot
    logic [CHANNELS-1:0] two_q;      // it has one
    logic [CHANNELS-1:0] half_q;     // it has not been looked at
    logic [CHANNELS-1:0] more_q;     // another row follows
    logic [CHANNELS-1:0] whole_q;    // the next chunk is the first of its row
    logic [CHANNELS-1:0] forth_q;    // a row has ended: go by a stride
    logic [CHANNELS-1:0] back_q;     // ... and then back by a row
    logic [CHANNELS-1:0][15:0] rows_q;  // rows left, this one included
    logic [CHANNELS-1:0][31:0] row_q;   // bytes of a row

    logic [SPACE_W-1:0]  space_q;  // beats of the FIFO not promised to anybody

    function automatic logic [ADDR_W:0] extend(input logic sign, input logic [31:0] value);
        extend = (ADDR_W+1)'({{17{sign}}, value});
    endfunction

    // ------------------------------------------------------------------------
    // Whose turn it is

    wire fifo_room = space_q >= SPACE_W'(BURST);

    logic [CHANNELS-1:0] want;
    logic [CH_W-1:0]     turn;
    logic                any;

    for (genvar c = 0; c < CHANNELS; c++) begin : g_want
        wire copies_here = kind_q[c] == dray_pkg::KIND_COPY;

        wire strides = !(half_q[c] || more_q[c] || forth_q[c]) || second[c];
        wire steps   = half_q[c] || forth_q[c] || back_q[c];

        assign want[c]      = held_q[c] && strides && (steps || !copies_here || (fifo_room && (!stream_q[c] || stream_room[c])));
        assign job_soon[c]  = any && turn == CH_W'(c);
        assign job_ready[c] = !held_q[c];
        assign job_held[c]  = held_q[c];
    end

    // A clock without a chunk: the second slot is looked at, or a row has ended
    wire load_fire  = ROWS != 0 && any && !job_fire && half_q[turn];
    wire forth_fire = ROWS != 0 && any && !job_fire && forth_q[turn];
    wire back_fire  = ROWS != 0 && any && !job_fire && back_q[turn];
    wire step_fire  = load_fire || forth_fire || back_fire;
    wire chunk_fire = chunk_valid && chunk_ready;

    dray_turn #(.CHANNELS(CHANNELS), .CH_W(CH_W)) u_turn (
        .clk, .rst_n, .want, .any, .choice(turn), .taken(chunk_fire || step_fire)
    );

    wire   job_fire    = job_valid != '0;
    assign chunk_valid = any && !job_fire && !step_fire;

    // ------------------------------------------------------------------------
    // The chunk

    wire [ADDR_W:0]    src    = src_q[turn];
    wire [ADDR_W:0]    dst    = dst_q[turn];
    wire [31:0]        left   = left_q[turn];
    wire [BYTE_LG-1:0] low    = low_q[turn];
    wire [1:0]         kind_here = kind_q[turn];
    wire               reads  = kind_here == dray_pkg::KIND_COPY;
    wire               filling = kind_here == dray_pkg::KIND_FILL;
    wire               writes = (reads && !stream_q[turn]) || filling;

    wire [BOUND_LG-1:0] place   = filling ? dst[BOUND_LG-1:0] : src[BOUND_LG-1:0];
    wire [BYTES_W-1:0] room     = BOUND - {1'b0, place};
    wire               fits     = left <= 32'(room);
    wire [BYTES_W-1:0] bytes    = fits ? left[BYTES_W-1:0] : room;

    // A chunk whose end would be written from address 0 on is an error as a whole. It is no longer than a burst.
    wire [BYTES_W:0]   dst_over = (BYTES_W+1)'(dst[BOUND_LG-1:0]) + (BYTES_W+1)'(bytes);
    wire               wraps  = &dst[ADDR_W-1:BOUND_LG] && dst_over > {1'b0, BOUND};
    wire               past   = (reads && src[ADDR_W]) || (writes && (dst[ADDR_W] || wraps));
    wire [1:0]         kind   = past ? dray_pkg::KIND_ERROR : kind_here;
    wire               copies = kind == dray_pkg::KIND_COPY;
    wire               fills  = kind == dray_pkg::KIND_FILL;
    wire               moves  = copies || fills;

    wire               last     = !moves || fits;
    wire [BYTES_W-1:0] src_lane = BYTES_W'(src[BYTE_LG-1:0]);
    wire [BYTES_W:0]   dst_end  = (BYTES_W+1)'(dst[BYTE_LG-1:0]) + (BYTES_W+1)'(bytes);
    wire [BYTES_W:0]   src_end  = (BYTES_W+1)'(src_lane) + (BYTES_W+1)'(bytes) + (BYTES_W+1)'(LANE_MASK);
    wire [BEAT_W-1:0]  src_beats = BEAT_W'(src_end >> BYTE_LG);
    wire [BYTE_LG-1:0] high     = dst_end[BYTE_LG-1:0];
    wire [BEAT_W:0]    whole    = dst_end[BYTES_W:BYTE_LG];

    // Where to go on: by the bytes of the chunk, by a stride, or back by a row
    wire               row_ends = last && moves && more_q[turn];
    wire               strides  = forth_fire || (chunk_valid && row_ends && whole_q[turn]);
    wire [31:0]        row      = row_q[turn];
    wire [15:0]        rows     = rows_q[turn];
    wire [31:0]        src_stride = 32'(job_src);
    wire [31:0]        dst_stride = 32'(job_dst);
    wire [31:0]        src_by   = strides ? src_stride : back_fire ? ~row : 32'(bytes);
    wire [31:0]        dst_by   = strides ? dst_stride : back_fire ? ~row : 32'(bytes);
    wire               src_sign = strides ? src_stride[31] : back_fire;
    wire               dst_sign = strides ? dst_stride[31] : back_fire;
    wire [ADDR_W:0]    src_next = src + extend(src_sign, src_by) + (ADDR_W+1)'(back_fire);
    wire [ADDR_W:0]    dst_next = dst + extend(dst_sign, dst_by) + (ADDR_W+1)'(back_fire);
    wire               row_next = back_fire || (strides && !forth_fire);  // the next chunk begins a row

    assign chunk_channel  = turn;
    assign chunk_kind     = kind;
    assign chunk_cause    = past ? dray_regs_pkg::DRAY_CAUSE_ADDRESS : cause_q[turn];
    assign chunk_first    = first_q[turn];
    assign chunk_last     = last && !row_ends;
    assign chunk_stream   = stream_q[turn];
    assign chunk_src      = src[ADDR_W-1:0];
    assign chunk_dst      = dst[ADDR_W-1:BYTE_LG];
    assign chunk_beats    = copies ? src_beats : '0;
    assign chunk_out      = moves ? whole + (BEAT_W+1)'(last && high != '0) : '0;
    assign chunk_src_lane = fills ? '0 : src[BYTE_LG-1:0];
    assign chunk_dst_lane = dst[BYTE_LG-1:0];
    assign chunk_low      = low;
    assign chunk_high     = last ? high : '0;

    // ------------------------------------------------------------------------
    // Registers

    wire [ADDR_W:0]   src_d  = job_fire ? {1'b0, job_src & ~LOW_ADDR} : src_next;
    wire [ADDR_W:0]   dst_d  = job_fire ? {1'b0, job_dst & ~LOW_ADDR} : dst_next;
    wire [31:0]       left_d = job_fire ? job_len & ~LOW_BITS : row_next ? row : left - 32'(bytes);
    wire [BYTE_LG-1:0] low_new = dst_d[BYTE_LG-1:0];
    // Once a beat was completed, the next one is written from its first lane.
    wire [BYTE_LG-1:0] low_d = job_fire || row_next ? low_new : whole != '0 ? '0 : low;

    for (genvar c = 0; c < CHANNELS; c++) begin : g_slot
        wire here  = turn == CH_W'(c);
        wire mine  = chunk_fire && here;
        wire ends  = mine && chunk_last;
        wire halved = half_q[c] && !run[c];  // nothing of it has begun

        assign second_wanted[c] = ROWS != 0 && held_q[c] && two_q[c];
        assign second_ended[c]  = ROWS != 0 && ends && two_q[c];

        always_ff @(posedge clk) begin
            if (!rst_n)                 held_q[c] <= 1'b0;
            else if (job_valid[c])      held_q[c] <= 1'b1;
            else if (drop[c] || ends || halved) held_q[c] <= 1'b0;
        end

        always_ff @(posedge clk) if (job_valid[c] || mine || ((forth_fire || back_fire) && here)) begin
            src_q[c]  <= src_d;
            dst_q[c]  <= dst_d;
            left_q[c] <= left_d;
            low_q[c]  <= low_d;
        end

        always_ff @(posedge clk) if (job_valid[c] || (load_fire && here)) begin
            kind_q[c]  <= job_fire || job_kind == dray_pkg::KIND_ERROR ? job_kind : kind_q[c];
            cause_q[c] <= job_cause;
        end

        always_ff @(posedge clk) begin
            if (job_valid[c])            stream_q[c] <= job_stream;
            if (job_valid[c] || mine)    first_q[c]  <= job_fire;
        end

        if (ROWS != 0) begin : g_rows
            always_ff @(posedge clk) begin
                if (job_valid[c]) begin
                    two_q[c]   <= job_two;
                    half_q[c]  <= job_two;
                    more_q[c]  <= 1'b0;
                    whole_q[c] <= 1'b1;
                    forth_q[c] <= 1'b0;
                    back_q[c]  <= 1'b0;
                end else if (here) begin
                    if (load_fire) begin
                        half_q[c] <= 1'b0;
                        rows_q[c] <= job_len[15:0];
                        row_q[c]  <= left_q[c];
                        more_q[c] <= job_len[15:0] != 16'd1 && job_kind != dray_pkg::KIND_ERROR;
                    end
                    if (chunk_fire) begin
                        whole_q[c] <= row_next;
                        forth_q[c] <= row_ends && !whole_q[c];
                    end
                    if (forth_fire) begin
                        forth_q[c] <= 1'b0;
                        back_q[c]  <= 1'b1;
                    end
                    if (back_fire) begin
                        back_q[c]  <= 1'b0;
                        whole_q[c] <= 1'b1;
                    end
                    if ((chunk_fire || back_fire) && row_next) begin
                        rows_q[c] <= rows - 16'd1;
                        more_q[c] <= rows != 16'd2;
                    end
                end
            end
        end else begin : g_no_rows
            wire unused = &{1'b0, job_two, rows};

            assign two_q[c]   = 1'b0;
            assign half_q[c]  = 1'b0;
            assign more_q[c]  = 1'b0;
            assign whole_q[c] = 1'b0;
            assign forth_q[c] = 1'b0;
            assign back_q[c]  = 1'b0;
            assign rows_q[c]  = '0;
            assign row_q[c]   = '0;
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
        if (chunk_fire && moves) assert (bytes != '0);
        if (chunk_fire && moves) assert (bytes <= room);
        if (chunk_fire && copies) assert (chunk_beats != '0);
    end
`endif

endmodule

`default_nettype wire
