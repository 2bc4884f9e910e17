// SPDX-License-Identifier: Apache-2.0
//
// dray_decode - turn fetched descriptors into jobs, in ring order.
//
// Descriptors wait in a block RAM, a part of it for each channel. They are read a beat a clock, put
// together, checked as read and handed on; nothing is read twice. One that cannot be handed on at
// once (its channel is busy with a long job, or its fence is not yet open) is put back, so that no
// channel holds up another.
//
//     fetched beats --> [ram] --> [ram_q] --> [desc_q] --> checks --> job, step
//                          ^-------- put back ----'
//
// Latency     4 clocks from the last fetched beat to the job.
// Throughput  1 descriptor per 16 bytes of bus width.
// Errors      a descriptor that came back with an error, or is stale, of no type, empty or out of the
//             address range is a job of kind ERROR; its channel decodes no further.

`default_nettype none

module dray_decode #(
    parameter int DATA_W   = 64,
    parameter int ADDR_W   = 32,
    parameter int CHANNELS = 2,
    parameter int CH_W     = 1,
    parameter int BEATS_LG = 7,  // log2 of the beats buffered a channel
    parameter int BYTES    = 1,
    parameter int STREAM_OUT = 0
) (
    input  wire                     clk,
    input  wire                     rst_n,

    // Fetched beats
    input  wire                     in_valid,
    input  wire  [CH_W-1:0]         in_channel,
    input  wire  [DATA_W-1:0]       in_data,
    input  wire  [1:0]              in_resp,   // AXI code, or RESP_FAULT: refused, one beat for all

    // Channels: their position, from dray_channel
    input  wire  [CHANNELS-1:0]     run,
    input  wire  [CHANNELS-1:0]     settled,   // pulse: forget what is buffered
    input  wire  [CHANNELS-1:0]     cyclic,    // no write-back into this ring
    input  wire  [CHANNELS-1:0]     in_segment,
    input  wire  [CHANNELS-1:0]     ends_segment,
    input  wire  [CHANNELS-1:0]     generation,
    output logic [CHANNELS-1:0]     step,
    output logic                    step_link,
    output logic [ADDR_W-1:4]       step_target,
    output logic [15:0]             step_count,

    // Jobs
    input  wire  [CHANNELS-1:0]     idle,      // every earlier job of the channel has finished
    input  wire  [CHANNELS-1:0]     room,      // the job list of the channel has room
    input  wire  [CHANNELS-1:0]     ready,     // a job is taken in this clock
    input  wire  [CHANNELS-1:0]     soon,      // the job before is at its end and will not wait for a stream
    output logic [CHANNELS-1:0]     job_valid,
    output logic [1:0]              job_kind,
    output logic [4:0]              job_cause,
    output logic [ADDR_W-1:0]       job_src,
    output logic [ADDR_W-1:0]       job_dst,
    output logic [31:0]             job_len,
    output logic                    job_stream,
    output logic                    job_irq,
    output logic                    job_back,
    output logic                    job_generation,
    output logic [11:0]             job_tag,
    output logic [CHANNELS-1:0]     holding    // a descriptor of the channel is between RAM and job
);

    localparam int SLOT_BEATS = 128 / DATA_W;
    localparam int COUNT_W    = SLOT_BEATS > 2 ? 2 : 1;
    localparam int RAM_W      = DATA_W + 2;
    localparam int ALIGN      = BYTES != 0 ? 0 : $clog2(DATA_W / 8);

    localparam logic [COUNT_W-1:0] LAST_BEAT = COUNT_W'(SLOT_BEATS - 1);
    localparam logic [BEATS_LG:0]  SLOT_STEP = (BEATS_LG+1)'(SLOT_BEATS);
    localparam logic [31:0]        LEN_MASK  = (32'd1 << ALIGN) - 32'd1;
    localparam logic [31:0]        HIGH_MASK = ~((32'd1 << ADDR_W) - 32'd1);  // all address bits fit: 0
    localparam int                 RAM_LG    = BEATS_LG + (CHANNELS > 1 ? CH_W : 0);

    // ------------------------------------------------------------------------
    // State

    (* no_rw_check, ram_style = "block" *) logic [RAM_W-1:0] ram [0:(CHANNELS<<BEATS_LG)-1];

    // Free-running: written, read, and read for good
    logic [CHANNELS-1:0][BEATS_LG:0] write_q;
    logic [CHANNELS-1:0][BEATS_LG:0] read_q;
    logic [CHANNELS-1:0][BEATS_LG:0] done_q;

    logic [CHANNELS-1:0] dead_q;    // an ERROR job was handed on: decode no further
    logic [CHANNELS-1:0] fence_q;   // waits until the channel is idle
    logic [CHANNELS-1:0] stream_q;  // the last job of the channel goes to its stream

    logic               mid_q;      // in the middle of a descriptor
    logic [CH_W-1:0]    mid_channel_q;
    logic [COUNT_W-1:0] mid_beat_q;

    logic               b_valid_q, b_last_q;  // ram_q holds a beat
    logic [CH_W-1:0]    b_channel_q;
    logic [RAM_W-1:0]   ram_q;

    logic               c_valid_q;            // desc_q holds a descriptor
    logic [CH_W-1:0]    c_channel_q;
    logic [127:0]       desc_q;
    logic [1:0]         resp_q;

    // ------------------------------------------------------------------------
    // The descriptor at hand

    wire [31:0] src  = desc_q[31:0];
    wire [31:0] dst  = desc_q[63:32];
    wire [31:0] len  = desc_q[95:64];
    wire [31:0] ctrl = desc_q[127:96];

    wire [2:0] desc_type   = ctrl[2:0];
    wire       has_two     = ctrl[3];
    wire       stream      = ctrl[8];
    wire [6:0] reserved    = ctrl[15:9];
    wire [3:0] reserved_hi = ctrl[31:28];

    wire is_stale = ctrl[4] != generation_here;
    wire is_link = desc_type == dray_regs_pkg::DRAY_DESC_TYPE_LINK;
    wire is_copy = desc_type == dray_regs_pkg::DRAY_DESC_TYPE_LINEAR;

    logic        last_here, in_segment_here, generation_here, stream_built;

    always_comb begin
        last_here       = 1'b0;
        in_segment_here = 1'b0;
        generation_here = 1'b0;
        stream_built    = 1'b0;
        for (int c = 0; c < CHANNELS; c++) begin
            if (c_channel_q == CH_W'(c)) begin
                last_here       = ends_segment[c];
                in_segment_here = in_segment[c];
                generation_here = generation[c];
                stream_built    = STREAM_OUT[c];
            end
        end
    end

    wire link_inside = is_link && in_segment_here && !last_here;

    wire bad_type = !(is_copy || is_link) || has_two || reserved != '0 || reserved_hi != '0 ||
                    link_inside || (stream && (!stream_built || is_link)) || (ctrl[6] && cyclic[c_channel_q]);
    wire bad_len  = len == '0 || (is_copy && (len & LEN_MASK) != '0) || (is_link && len[31:16] != '0);

    wire src_high  = (src & HIGH_MASK) != '0;
    wire dst_high  = (dst & HIGH_MASK) != '0;
    wire unaligned = (src & LEN_MASK) != '0 || (!stream && (dst & LEN_MASK) != '0);
    wire bad_addr = src_high || (is_copy && !stream && dst_high) ||
                    (is_copy && unaligned) || (is_link && src[3:0] != '0);

    logic [4:0] cause;

    always_comb begin
        cause = dray_regs_pkg::DRAY_CAUSE_NONE;
        if      (resp_q == dray_pkg::RESP_FAULT)  cause = dray_regs_pkg::DRAY_CAUSE_FAULT;
        else if (resp_q == 2'b10)                 cause = dray_regs_pkg::DRAY_CAUSE_DESC_SLVERR;
        else if (resp_q == 2'b11)                 cause = dray_regs_pkg::DRAY_CAUSE_DESC_DECERR;
        else if (is_stale)      cause = dray_regs_pkg::DRAY_CAUSE_GENERATION;
        else if (bad_type)                        cause = dray_regs_pkg::DRAY_CAUSE_TYPE;
        else if (bad_len)                         cause = dray_regs_pkg::DRAY_CAUSE_LENGTH;
        else if (bad_addr)                        cause = dray_regs_pkg::DRAY_CAUSE_ADDRESS;
    end

    wire bad = cause != dray_regs_pkg::DRAY_CAUSE_NONE;

    // ------------------------------------------------------------------------
    // What happens to it: handed on, kept for the next clock, or put back

    // Stream jobs and memory jobs finish by different ways, so they do not overlap within a channel.
    wire to_stream = stream && !bad;
    wire switches  = to_stream != stream_q[c_channel_q];
    wire fenced    = ((ctrl[7] && !bad) || switches) && !idle[c_channel_q];
    wire may_run   = run[c_channel_q] && !dead_q[c_channel_q];
    wire hand_on   = c_valid_q && may_run && !fenced && room[c_channel_q] && ready[c_channel_q];
    wire keep      = c_valid_q && may_run && !fenced && room[c_channel_q] && !hand_on && soon[c_channel_q];
    wire put_back  = c_valid_q && !hand_on && !keep;
    wire move      = !keep;

    // After a link or an error whatever was read behind it is worthless.
    wire forget    = hand_on && (is_link || bad);

    // ------------------------------------------------------------------------
    // Next beat to read

    logic [CHANNELS-1:0] filled, want;
    logic                any;
    logic [CH_W-1:0]     turn;
    wire                 start = !mid_q && move && any;

    for (genvar c = 0; c < CHANNELS; c++) begin : g_want
        wire here    = c_channel_q == CH_W'(c);
        wire leaving = here && (put_back || forget);

        assign filled[c] = write_q[c] != read_q[c];
        assign want[c]   = filled[c] && run[c] && !dead_q[c] && !(fence_q[c] && !idle[c]) &&
                           (ready[c] || soon[c]) && !leaving;
    end

    dray_turn #(.CHANNELS(CHANNELS), .CH_W(CH_W)) u_turn (
        .clk, .rst_n, .want, .any, .choice(turn), .taken(start)
    );

    wire [CH_W-1:0] a_channel = mid_q ? mid_channel_q : turn;
    wire            dropped   = c_valid_q && (put_back || forget) && a_channel == c_channel_q;
    wire            a_fire    = move && (mid_q ? filled[mid_channel_q] && !dropped : any);
    wire            a_last    = (mid_q ? mid_beat_q : '0) == LAST_BEAT;
    wire            b_lost    = c_valid_q && (put_back || forget) && b_channel_q == c_channel_q;
    wire [1:0]      b_resp    = ram_q[DATA_W+1:DATA_W];
    wire            b_fault   = b_resp == dray_pkg::RESP_FAULT;
    wire            b_fire    = b_valid_q && move && !b_lost;
    wire            b_whole   = b_last_q || b_fault;

    // ------------------------------------------------------------------------
    // RAM

    logic [CHANNELS-1:0] reads;

    wire [BEATS_LG-1:0] in_beat  = BEATS_LG'(write_q[in_channel]);
    wire [BEATS_LG-1:0] a_beat   = BEATS_LG'(read_q[a_channel]);
    wire [RAM_LG-1:0]   in_place = RAM_LG'({in_channel, in_beat});
    wire [RAM_LG-1:0]   a_place  = RAM_LG'({a_channel, a_beat});

    always_ff @(posedge clk) begin
        if (in_valid) ram[in_place] <= {in_resp, in_data};
        if (move)     ram_q <= ram[a_place];
    end

    for (genvar c = 0; c < CHANNELS; c++) begin : g_pointer
        wire here  = c_channel_q == CH_W'(c);
        wire write = in_valid && in_channel == CH_W'(c);
        wire back  = here && put_back;
        wire clear = settled[c] || (here && forget);

        assign reads[c] = a_fire && a_channel == CH_W'(c);

        always_ff @(posedge clk) begin
            if (!rst_n) begin
                write_q[c] <= '0;
                read_q[c]  <= '0;
                done_q[c]  <= '0;
            end else begin
                write_q[c] <= write_q[c] + (BEATS_LG+1)'(write);
                if (clear)     read_q[c] <= write_q[c] + (BEATS_LG+1)'(write);
                else if (back) read_q[c] <= done_q[c];
                else           read_q[c] <= read_q[c] + (BEATS_LG+1)'(reads[c]);
                if (clear)                 done_q[c] <= write_q[c] + (BEATS_LG+1)'(write);
                else if (here && hand_on)  done_q[c] <= done_q[c] + SLOT_STEP;
            end
        end

        always_ff @(posedge clk) begin
            if (!rst_n || settled[c]) dead_q[c] <= 1'b0;
            else if (here && hand_on && bad) dead_q[c] <= 1'b1;

            if (!rst_n || settled[c] || idle[c]) fence_q[c] <= 1'b0;
            else if (here && c_valid_q && fenced) fence_q[c] <= 1'b1;

            if (!rst_n) stream_q[c] <= 1'b0;
            else if (here && hand_on) stream_q[c] <= to_stream;
        end

        assign holding[c]   = (c_valid_q && here) || (b_valid_q && b_channel_q == CH_W'(c)) ||
                              (mid_q && mid_channel_q == CH_W'(c));
        assign job_valid[c] = hand_on && here;
        assign step[c]      = hand_on && here;
    end

    // ------------------------------------------------------------------------
    // Registers

    // A channel that stops leaves the middle of its descriptor behind.
    wire mid_stops = mid_q && (!run[mid_channel_q] || dropped || (b_fire && b_fault && b_channel_q == mid_channel_q));

    always_ff @(posedge clk) begin
        if (!rst_n) begin
            mid_q     <= 1'b0;
            b_valid_q <= 1'b0;
            c_valid_q <= 1'b0;
        end else begin
            if (mid_stops)   mid_q <= 1'b0;
            else if (a_fire) mid_q <= !a_last;
            if (move) begin
                b_valid_q <= a_fire && !mid_stops;
                c_valid_q <= b_fire && b_whole;
            end
        end
    end

    always_ff @(posedge clk) begin
        if (a_fire) begin
            mid_channel_q <= a_channel;
            mid_beat_q    <= (mid_q ? mid_beat_q : '0) + 1'b1;
            b_last_q      <= a_last;
        end
        if (move) b_channel_q <= a_channel;
        if (b_fire) begin
            c_channel_q <= b_channel_q;
            resp_q      <= resp_d;
        end
    end

    // A descriptor is as bad as its worst beat; the first beat of one starts anew.
    logic first_q;  // the next beat in ram_q is the first of its descriptor
    wire [1:0] resp_d = first_q || b_resp > resp_q ? b_resp : resp_q;

    always_ff @(posedge clk) begin
        if (!rst_n)                       first_q <= 1'b1;
        else if (b_valid_q && move)       first_q <= b_whole || b_lost;
        else if (!b_valid_q && !mid_q)    first_q <= 1'b1;
    end

    if (DATA_W == 128) begin : g_whole
        always_ff @(posedge clk) if (b_fire) desc_q <= ram_q[127:0];
    end else begin : g_beats
        always_ff @(posedge clk) if (b_fire) desc_q <= {ram_q[DATA_W-1:0], desc_q[127:DATA_W]};
    end

    // ------------------------------------------------------------------------
    // Outputs

    assign step_link      = is_link && !bad;
    assign step_target    = (ADDR_W-4)'(src >> 4);
    assign step_count     = len[15:0];
    assign job_kind       = bad ? dray_pkg::KIND_ERROR : is_link ? dray_pkg::KIND_NULL : dray_pkg::KIND_COPY;
    assign job_cause      = cause;
    assign job_src        = ADDR_W'(src);
    assign job_dst        = stream ? '0 : ADDR_W'(dst);
    assign job_len        = len;
    assign job_stream     = to_stream;
    assign job_irq        = ctrl[5];
    assign job_back       = ctrl[6];
    assign job_generation = ctrl[4];
    assign job_tag        = ctrl[27:16];

`ifndef SYNTHESIS
    always @(posedge clk) if (rst_n) begin
        if (hand_on) assert (!(is_link && stream) || bad);
        if (forget) assert (hand_on);
        if (in_valid) assert (write_q[in_channel] - done_q[in_channel] < (BEATS_LG+1)'(1 << BEATS_LG));
    end
`endif

endmodule

`default_nettype wire
