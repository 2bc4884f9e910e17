// SPDX-License-Identifier: Apache-2.0
//
// dray_jobs - where decoded jobs wait until the reader takes them.
//
// Jobs of all channels stand in one block RAM, a part of it for each channel. One entry at a time is
// read out and shown to the reader; if its channel cannot take it, another channel's is shown instead
// and this one is read again later, so that no channel holds up another.
//
//     dray_decode --> [ram] --> [ram_q] --> dray_read
//
// Latency     2 clocks.
// Throughput  1 job in per clock, 1 out per 2 clocks.
// Errors      none here: a job of kind ERROR bears its cause in its source.

`default_nettype none

module dray_jobs #(
    parameter int ADDR_W   = 32,
    parameter int CHANNELS = 2,
    parameter int CH_W     = 1,
    parameter int PLACE_LG = 6,  // log2 of the entries of a channel, two fewer
    parameter int BOUND_LG = 7,  // log2 of the burst boundary, bytes
    parameter int STREAM_IN = 0
) (
    input  wire                     clk,
    input  wire                     rst_n,

    // Jobs, as they are decoded; their places are reserved
    input  wire  [CHANNELS-1:0]     in_valid,
    input  wire  [CH_W-1:0]         in_channel,
    input  wire  [1:0]              in_kind,
    input  wire  [4:0]              in_cause,
    input  wire  [ADDR_W-1:0]       in_src,
    input  wire  [ADDR_W-1:0]       in_dst,
    input  wire  [31:0]             in_len,
    input  wire                     in_stream,
    input  wire                     in_from,
    input  wire                     in_fence,
    input  wire                     in_list,
    input  wire                     in_scatter,
    input  wire                     in_two,    // a second slot follows
    input  wire                     in_second, // this is one

    // Channels
    input  wire  [CHANNELS*CHANNELS-1:0] outranks,
    input  wire  [CHANNELS-1:0]     run,
    input  wire  [CHANNELS-1:0]     settled,   // pulse: forget what waits
    input  wire  [CHANNELS-1:0]     idle,      // every job that was taken has finished
    input  wire  [CHANNELS-1:0]     hold,      // a link may come in: what it leads to is fetched before data is read
    output logic [CHANNELS*PLACE_LG-1:0] waiting,  // entries, a clock late

    // Jobs, to the reader
    input  wire  [CHANNELS-1:0]     wanted,    // it waits for the second slot of its job of the channel
    output logic [CHANNELS-1:0]     second,    // ... taken in this clock
    output logic                    job_list,
    output logic                    job_scatter,
    output logic                    job_two,
    input  wire  [CHANNELS-1:0]     ready,     // it has no job of the channel
    input  wire  [CHANNELS-1:0]     soon,      // ... or perhaps not in the next clock
    output logic [CHANNELS-1:0]     job_shown, // one of the channel stands here
    output logic [CHANNELS-1:0]     job_valid, // ... and is taken in this clock
    output logic [1:0]              job_kind,
    output logic [4:0]              job_cause,
    output logic [ADDR_W-1:0]       job_src,
    output logic [ADDR_W-1:0]       job_dst,
    output logic [31:0]             job_len,
    output logic                    job_short, // ... and it is less than two burst boundaries
    output logic                    job_stream,
    output logic                    job_from
);

    localparam int PLAIN_W = 2 * ADDR_W + 41;
    localparam int ENTRY_W = PLAIN_W + (STREAM_IN != 0 ? 1 : 0);
    localparam int RAM_LG  = PLACE_LG + (CHANNELS > 1 ? CH_W : 0);

    localparam logic [PLACE_LG-1:0] FIRST = PLACE_LG'(1);
    localparam logic [12:0]         TAPS  = dray_pkg::taps(PLACE_LG);

    function automatic logic [PLACE_LG-1:0] behind(input logic [PLACE_LG-1:0] place);
        behind = {place[PLACE_LG-2:0], ^(place & TAPS[PLACE_LG-1:0])};
    endfunction

    // ------------------------------------------------------------------------
    // State

    (* no_rw_check, ram_style = "block" *) logic [ENTRY_W-1:0] ram [0:(CHANNELS<<PLACE_LG)-1];

    // Equal means that none waits
    logic [CHANNELS-1:0][PLACE_LG-1:0] write_q;
    logic [CHANNELS-1:0][PLACE_LG-1:0] read_q;

    logic [CHANNELS-1:0] fence_q;   // the next job of the channel waits until it is idle
    logic [CHANNELS-1:0] stream_q;  // the last job of the channel went to its stream

    logic [CHANNELS-1:0] here_q;    // ram_q is the next job of this channel
    logic [CH_W-1:0]    channel_q;  // ... which is this one
    logic [ENTRY_W-1:0] ram_q;

    // ------------------------------------------------------------------------
    // The job that is shown

    wire fence, is_second;

    assign {job_from, job_short, job_list, job_scatter, is_second, job_two, job_kind, job_stream, fence, job_src, job_dst, job_len} =
           (PLAIN_W+1)'(ram_q);
    assign job_cause = job_kind == dray_pkg::KIND_ERROR ? job_src[4:0] : dray_regs_pkg::DRAY_CAUSE_NONE;

    // Stream jobs and memory jobs finish by different ways, so they do not overlap within a channel. The job itself comes
    // late from its RAM, so all else is looked at before it.
    wire stands   = stream_q[channel_q];
    wire busy     = !idle[channel_q];
    wire fenced   = (fence || job_stream != stands) && busy;

    // ------------------------------------------------------------------------
    // The one to be shown next: what was taken in this clock is not read again

    logic [CHANNELS-1:0] want;
    logic                any;
    logic [CH_W-1:0]     choice;

    dray_turn #(.CHANNELS(CHANNELS), .CH_W(CH_W)) u_turn (
        .clk, .rst_n, .want, .outranks, .any, .choice, .taken(any)
    );

    wire [PLACE_LG-1:0] in_place   = write_q[in_channel];
    wire [PLACE_LG-1:0] out_place  = read_q[choice];
    wire [RAM_LG-1:0]   write_addr = RAM_LG'({in_channel, in_place});
    wire [RAM_LG-1:0]   read_addr  = RAM_LG'({choice, out_place});

    wire [ADDR_W-1:0]  in_word  = in_kind == dray_pkg::KIND_ERROR ? ADDR_W'(in_cause) : in_src;
    wire               in_short = in_len[31:BOUND_LG+1] == '0;
    wire [ENTRY_W-1:0] in_entry = ENTRY_W'({in_from, in_short, in_list, in_scatter, in_second, in_two, in_kind, in_stream, in_fence, in_word,
                                            in_dst, in_len});

    always_ff @(posedge clk) begin
        if (in_valid != '0) ram[write_addr] <= in_entry;
        ram_q <= ram[read_addr];
    end

    always_ff @(posedge clk) begin
        for (int c = 0; c < CHANNELS; c++) here_q[c] <= rst_n && any && !settled[c] && choice == CH_W'(c);
    end

    always_ff @(posedge clk) channel_q <= choice;

    for (genvar c = 0; c < CHANNELS; c++) begin : g_channel
        // What a job waits for is its second slot, so the entry that is shown for it is taken.
        assign want[c] = write_q[c] != read_q[c] &&
                         (wanted[c] ? !here_q[c]
                                    : run[c] && !fence_q[c] && (ready[c] || soon[c]) && !(here_q[c] && ready[c] && !hold[c]));
        assign second[c] = here_q[c] && is_second && wanted[c];
        assign job_shown[c] = here_q[c];
        assign job_valid[c] = here_q[c] && run[c] && ready[c] && !hold[c] && !is_second && !fenced;

        wire took = job_valid[c] || second[c];

        wire [PLACE_LG-1:0] count_unused;
        logic               more_q, fewer_q;

        dray_count #(.WIDTH(PLACE_LG)) u_waiting (
            .clk, .rst_n(rst_n && !settled[c]), .more(more_q), .fewer(fewer_q), .again(1'b0),
            .next(waiting[c*PLACE_LG +: PLACE_LG]), .count(count_unused)
        );

        always_ff @(posedge clk) begin
            more_q  <= rst_n && in_valid[c];
            fewer_q <= rst_n && took;

            if (!rst_n || settled[c]) begin
                write_q[c] <= FIRST;
                read_q[c]  <= FIRST;
                fence_q[c] <= 1'b0;
            end else begin
                if (in_valid[c]) write_q[c] <= behind(write_q[c]);
                if (took)        read_q[c]  <= behind(read_q[c]);
                fence_q[c] <= !idle[c] && (fence_q[c] || (here_q[c] && !is_second && fenced));
            end

            if (!rst_n)            stream_q[c] <= 1'b0;
            else if (job_valid[c]) stream_q[c] <= job_stream;
        end
    end

    // ------------------------------------------------------------------------
    // Checks

`ifndef SYNTHESIS
    always @(posedge clk) if (rst_n) begin
        for (int c = 0; c < CHANNELS; c++) begin
            if (in_valid[c]) assert (behind(write_q[c]) != read_q[c]);
            if (in_valid[c]) assert (in_channel == CH_W'(c));
            if (job_valid[c]) assert (write_q[c] != read_q[c]);
            if (here_q[c]) assert (channel_q == CH_W'(c) && (!wanted[c] || is_second));
            if (settled[c])  assert (!in_valid[c] && !job_valid[c]);
        end
    end
`endif

endmodule

`default_nettype wire
