// SPDX-License-Identifier: Apache-2.0
//
// dray_claim - what of a stream the next chunk of its job can have.
//
// A chunk is cut when all of it is there: up to the burst boundary, or to the packet's end, or to the end of the job.
// All that is decided in the clock before, for the job that dray_read holds or takes in that clock. Beats and ends are
// offsets from the boundary below the job's next byte, as in dray_step. A claim makes what is known here old for a
// clock; so what a chunk does to its job is never asked for.
//
// Latency     1 clock.
// Throughput  a claim every second clock.
// Errors      none.

`default_nettype none

module dray_claim #(
    parameter int BOUND_LG = 7,
    parameter int BYTE_LG  = 3,
    parameter int PLACE_W  = 8
) (
    input  wire                 clk,

    // The stream: free-running places of beats
    input  wire                 stale,         // what is there changes in this clock
    input  wire  [PLACE_W-1:0]  claimed,       // of the first beat that is left
    input  wire  [BYTE_LG-1:0]  lane,          // ... and where to begin in it
    input  wire  [PLACE_W-1:0]  come,          // behind the last beat that has come
    input  wire                 end_none,      // no packet ends in them
    input  wire                 end_valid,     // one does, and this is the first end:
    input  wire  [PLACE_W-1:0]  end_place,     // behind its last whole beat
    input  wire  [BYTE_LG-1:0]  end_lanes,     // ... so many lanes more
    input  wire                 end_empty,     // ... and then a beat without lanes

    // The job: the one that is held, or a new one
    input  wire  [BOUND_LG-1:0] job_place,     // offset of its next byte
    input  wire  [BOUND_LG:0]   job_stop,      // where it ends, if
    input  wire                 job_fits,      // ... that is no further than the boundary
    input  wire                 begins,
    input  wire  [BOUND_LG-1:0] begin_place,   // ... it begins in the beat of this one, at the lane above
    input  wire  [BOUND_LG:0]   begin_len,     // bytes, if
    input  wire                 begin_short,   // ... that is all of them

    // Its next chunk
    output logic                arrived,       // is there
    output logic                fits,          // ends the job
    output logic                ends,          // ends the packet
    output logic                empty,         // ... with a beat without lanes
    output logic                is_void,       // has no byte
    output logic [BOUND_LG:0]   upto           // ends here
);

    localparam int BYTES_W = BOUND_LG + 1;

    localparam logic [BYTES_W-1:0] BOUND = BYTES_W'(1 << BOUND_LG);

    // ------------------------------------------------------------------------
    // The job

    wire [BOUND_LG-1:0] begin_at  = (begin_place >> BYTE_LG << BYTE_LG) | BOUND_LG'(lane);
    wire [BYTES_W:0]   begin_sum  = {1'b0, begin_len} + (BYTES_W+1)'(begin_at);
    wire               begin_fits = begin_short && !begin_sum[BYTES_W] &&
                                    (!begin_sum[BOUND_LG] || begin_sum[BOUND_LG-1:0] == '0);
    wire [BOUND_LG-1:0] place = begins ? begin_at : job_place;
    wire [PLACE_W-1:0] beat = PLACE_W'(place >> BYTE_LG);
    wire               near = begins ? begin_fits : job_fits;
    wire [BYTES_W-1:0] stop = begins ? begin_sum[BYTES_W-1:0] : job_stop;
    wire [BYTES_W-1:0] most = near ? stop : BOUND;

    // ------------------------------------------------------------------------
    // How far what has come reaches, and how far the packet: there - claimed + beat, three summands in one sum

    wire [PLACE_W-1:0] unclaimed  = ~claimed;
    wire [PLACE_W-1:0] come_reach, end_reach;

    dray_sum #(.WIDTH(PLACE_W)) u_come (.one(come), .two(unclaimed), .three(beat), .carry(1'b1), .sum(come_reach));
    dray_sum #(.WIDTH(PLACE_W)) u_end (.one(end_place), .two(unclaimed), .three(beat), .carry(1'b1), .sum(end_reach));

    wire [BYTES_W-1:0] end_stop   = BYTES_W'({end_reach, end_lanes});

    // The packet's last beat is no further than the boundary.
    wire end_below = end_reach >> (BOUND_LG - BYTE_LG) == '0;
    wire end_at    = end_reach >> (BOUND_LG - BYTE_LG) == PLACE_W'(1) && end_stop == BOUND && !end_empty;
    wire end_near  = end_valid && (end_below || end_at);

    // It may be there before the job's end is; a new job that wants neither it nor all up to the boundary looks once more.
    wire sooner = end_stop < stop;
    wire far    = come_reach >> (BOUND_LG - BYTE_LG) != '0;
    wire enough = !begins && {come_reach, {BYTE_LG{1'b0}}} >= (PLACE_W+BYTE_LG)'(stop);

    logic              is_end_q;   // the chunk goes up to the packet's end
    logic              full_q;     // ... or the job ends there too
    logic              none_q;     // ... where it begins
    logic [BYTES_W-1:0] end_stop_q, most_q;

    always_ff @(posedge clk) begin
        arrived    <= !stale && (end_valid || (end_none && (far || (near && enough))));
        is_end_q   <= end_near && (!near || sooner);
        full_q     <= end_near && end_stop == stop && !end_empty;
        none_q     <= end_stop == {1'b0, place};
        fits       <= near && !(end_near && sooner);
        empty      <= end_empty;
        end_stop_q <= end_stop;
        most_q     <= most;
    end

    // Its last beat may have no lanes at all: that is not claimed where the job is full before it.
    assign ends    = is_end_q || full_q;
    assign is_void = is_end_q && none_q;
    assign upto    = is_end_q ? end_stop_q : most_q;

endmodule

`default_nettype wire
