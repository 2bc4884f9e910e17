// SPDX-License-Identifier: Apache-2.0
//
// dray_sink - the buffer of one channel's stream, to memory.
//
// A beat has three states: in, claimed by a chunk of dray_read, taken by dray_align. Chunks are cut only of beats
// that are here, so nobody else ever waits for the stream. The ends of packets stand in a list of their own, which
// chunks read as they claim beats; dray_claim says what the next one can have. When the channel starts anew, what was claimed and not taken is free again, so no
// beat is lost; where a descriptor ended in the middle of a beat, the beat stays, and the next one begins there.
//
//     s_axis --> [queue] --> dray_align
//        `-----> [ends of packets] --> dray_claim --> dray_read
//
// Latency     4 clocks from a beat to dray_align, 3 to dray_read.
// Throughput  1 beat per clock in, 1 out; a claim every second clock.
// Errors      none. Without a descriptor to put them into, no beats are taken in.

`default_nettype none

module dray_sink #(
    parameter int DATA_W  = 64,
    parameter int BEATS   = 128,  // beats of room
    parameter int BOUND_LG = 7,   // log2 of the burst boundary, bytes
    parameter int JOBS_W  = 8,    // holds all jobs between decoding and their last chunk
    parameter int BYTE_LG = $clog2(DATA_W / 8),
    parameter int BEAT_W  = BOUND_LG - BYTE_LG + 1
) (
    input  wire                 clk,
    input  wire                 rst_n,

    // AXI4-Stream subordinate
    input  wire                 s_axis_tvalid,
    output logic                s_axis_tready,
    input  wire  [DATA_W-1:0]   s_axis_tdata,
    input  wire  [DATA_W/8-1:0] s_axis_tkeep,   // the lowest lanes; all of them but in the last beat of a packet
    input  wire                 s_axis_tlast,
    input  wire  [7:0]          s_axis_tid,
    input  wire  [7:0]          s_axis_tdest,
    output logic [15:0]         ids,            // TDEST, TID of the beat that came last

    // Jobs from the stream
    input  wire                 job_more,       // one was decoded
    input  wire                 job_fewer,      // the last chunk of one was cut
    input  wire                 settled,        // pulse: the channel starts anew, nothing is on its way

    // The job of dray_read, and the next chunk of it: as in dray_claim
    input  wire  [BOUND_LG-1:0] job_place,
    input  wire  [BOUND_LG:0]   job_stop,
    input  wire                 job_fits,
    input  wire                 begins,
    input  wire  [BOUND_LG-1:0] begin_place,
    input  wire  [BOUND_LG:0]   begin_len,
    input  wire                 begin_short,
    output logic [BYTE_LG-1:0]  lane,           // where to begin in the first beat
    output logic                next_arrived,
    output logic                next_fits,
    output logic                next_ends,
    output logic                next_empty,
    output logic                next_void,
    output logic [BOUND_LG:0]   next_upto,
    input  wire                 claim,
    input  wire  [BEAT_W-1:0]   claim_beats,
    input  wire                 claim_ends,     // the packet ends in them
    input  wire  [BYTE_LG-1:0]  claim_stay,     // the last of them is claimed up to this lane and stays; 0: it goes

    // Beats, to dray_align
    input  wire                 work_more,      // work that will take beats was given to it
    input  wire                 work_fewer,     // ... and it is through with it
    output logic                busy,           // there is such work
    output logic                out_valid,
    input  wire                 out_ready,
    output logic [DATA_W-1:0]   out_data,
    input  wire  [BYTE_LG-1:0]  out_stay        // as of a claim
);

    localparam int LANES    = DATA_W / 8;
    localparam int DEPTH_LG = $clog2(BEATS);
    localparam int PLACE_W  = DEPTH_LG + 1;
    localparam int WORK_W   = 2;
    localparam int BURST    = 1 << (BOUND_LG - BYTE_LG);

    // ------------------------------------------------------------------------
    // State: free-running places in the stream, of beats and of ends of packets

    logic [DEPTH_LG:0]  in_q, claim_q, take_q;
    logic [DEPTH_LG:0]  ends_in_q, ends_claim_q, ends_take_q;
    logic [BYTE_LG-1:0] claim_lane_q, take_lane_q;  // where the first beat that is left begins
    logic [JOBS_W-1:0]  jobs_q;
    logic [WORK_W-1:0]  works_q;
    logic [15:0]        ids_q;

    // ------------------------------------------------------------------------
    // In

    wire [DEPTH_LG:0] used    = in_q - take_q;
    wire              in_fire = s_axis_tvalid && s_axis_tready;
    wire              in_ends = in_fire && s_axis_tlast;

    logic [BYTE_LG:0] in_lanes;

    always_comb begin
        in_lanes = '0;
        for (int l = 0; l < LANES; l++) in_lanes = in_lanes + (BYTE_LG+1)'(s_axis_tkeep[l]);
    end

    assign s_axis_tready = jobs_q != '0 && used != PLACE_W'(BEATS);

    // ------------------------------------------------------------------------
    // Beats

    wire head_last;
    wire goes  = out_valid && out_ready && out_stay == '0;
    wire stays = out_valid && out_ready && out_stay != '0;

    dray_queue #(.WIDTH(DATA_W + 1), .DEPTH_LG(DEPTH_LG)) u_beats (
        .clk, .rst_n,
        .in_valid(in_fire), .in_data({s_axis_tlast, s_axis_tdata}),
        .out_valid, .out_ready(goes), .out_data({head_last, out_data})
    );

    // ------------------------------------------------------------------------
    // Ends of packets: the place behind the last whole beat, lanes more, and whether there is a beat without any

    (* no_rw_check, ram_style = "block" *) logic [DEPTH_LG+BYTE_LG+1:0] ends [0:(1<<DEPTH_LG)-1];

    logic [DEPTH_LG+BYTE_LG+1:0] end_q;
    logic                        end_valid_q;  // end_q is the first end that is not claimed
    logic [DEPTH_LG:0]           ends_claim_d;

    always_comb begin
        ends_claim_d = ends_claim_q + PLACE_W'(claim && claim_ends);
        if (settled) ends_claim_d = ends_take_q;
    end

    wire [DEPTH_LG:0] in_whole = in_q + PLACE_W'(in_lanes[BYTE_LG]);

    // What is written in this clock is read in the next one.
    always_ff @(posedge clk) begin
        if (in_ends) ends[ends_in_q[DEPTH_LG-1:0]] <= {in_lanes == '0, in_lanes[BYTE_LG-1:0], in_whole};
        end_q <= ends[ends_claim_d[DEPTH_LG-1:0]];
    end

    // ------------------------------------------------------------------------
    // What is there

    wire [DEPTH_LG:0]  end_place;
    wire [BYTE_LG-1:0] end_lanes;
    wire               end_empty;

    assign {end_empty, end_lanes, end_place} = end_q;

    dray_claim #(.BOUND_LG(BOUND_LG), .BYTE_LG(BYTE_LG), .PLACE_W(PLACE_W)) u_claim (
        .clk,
        .stale(claim || settled), .claimed(claim_q), .lane(claim_lane_q), .come(in_q),
        .end_none(ends_in_q == ends_claim_q), .end_valid(end_valid_q), .end_place, .end_lanes, .end_empty,
        .job_place, .job_stop, .job_fits, .begins, .begin_place, .begin_len, .begin_short,
        .arrived(next_arrived), .fits(next_fits), .ends(next_ends), .empty(next_empty), .is_void(next_void), .upto(next_upto)
    );

    assign lane = claim_lane_q;

    // ------------------------------------------------------------------------
    // Registers

    always_ff @(posedge clk) begin
        if (!rst_n) begin
            in_q         <= '0;
            take_q       <= '0;
            claim_q      <= '0;
            ends_in_q    <= '0;
            ends_take_q  <= '0;
            ends_claim_q <= '0;
            claim_lane_q <= '0;
            take_lane_q  <= '0;
            end_valid_q  <= 1'b0;
            works_q      <= '0;
        end else begin
            in_q         <= in_q + PLACE_W'(in_fire);
            take_q       <= take_q + PLACE_W'(goes);
            ends_in_q    <= ends_in_q + PLACE_W'(in_ends);
            ends_take_q  <= ends_take_q + PLACE_W'(goes && head_last);
            ends_claim_q <= ends_claim_d;
            end_valid_q  <= ends_in_q != ends_claim_d;
            works_q      <= works_q + WORK_W'(work_more) - WORK_W'(work_fewer);

            if (goes || stays) take_lane_q <= out_stay;

            if (settled) begin
                claim_q      <= take_q;
                claim_lane_q <= take_lane_q;
            end else if (claim) begin
                claim_q      <= claim_q + PLACE_W'(claim_beats) - PLACE_W'(claim_stay != '0);
                claim_lane_q <= claim_stay;
            end
        end
    end

    always_ff @(posedge clk) begin
        if (!rst_n || settled) jobs_q <= '0;
        else                   jobs_q <= jobs_q + JOBS_W'(job_more) - JOBS_W'(job_fewer);
    end

    always_ff @(posedge clk) begin
        if (!rst_n)       ids_q <= '0;
        else if (in_fire) ids_q <= {s_axis_tdest, s_axis_tid};
    end

    assign busy = works_q != '0;
    assign ids  = ids_q;

    // ------------------------------------------------------------------------
    // Checks

`ifndef SYNTHESIS
    initial if (BEATS < 2 * BURST || BEATS != 1 << DEPTH_LG) $fatal(1, "STREAM_BEATS is a power of two that holds two bursts");

    wire [DATA_W/8-1:0] keep_next = s_axis_tkeep + 1'b1;

    always @(posedge clk) if (rst_n) begin
        if (in_fire) assert ((s_axis_tkeep & keep_next) == '0 && (s_axis_tlast || keep_next == '0));
        if (claim) assert (next_arrived && !settled);
        if (settled) assert (!busy && !out_ready);
        if (goes) assert (take_q != claim_q);
        if (job_fewer && !settled) assert (jobs_q != '0);
    end
`endif

endmodule

`default_nettype wire
