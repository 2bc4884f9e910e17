// SPDX-License-Identifier: Apache-2.0
//
// dray_chunk - what a chunk of dray_read is to those who execute it: beats and lanes, from its first and last byte.
//
//     place .. upto          of what is read, or of a fill's destination: offsets in one burst boundary
//     lane  .. lane + bytes  of what is written, from its first beat on
//
// Latency     none: combinational.
// Throughput  1 chunk per clock.
// Errors      none.

`default_nettype none

module dray_chunk #(
    parameter int BOUND_LG = 7,
    parameter int BYTE_LG  = 3,
    parameter int BEAT_W   = BOUND_LG - BYTE_LG + 1
) (
    input  wire  [BOUND_LG-1:0] place,
    input  wire  [BOUND_LG:0]   upto,
    input  wire  [BYTE_LG-1:0]  lane,      // that its first byte goes to
    input  wire  [BYTE_LG-1:0]  low,       // first lane of that beat which is the job's
    input  wire                 flushes,   // no byte follows that could complete its last destination beat
    input  wire                 is_void,   // it has no byte
    input  wire                 empty,     // a source beat without lanes follows

    output logic [7:0]          len,       // source beats - 1
    output logic [BEAT_W-1:0]   beats,     // source beats
    output logic [BEAT_W:0]     out,       // destination beats that it completes
    output logic [BYTE_LG-1:0]  high,      // lanes of the last destination beat; 0: all
    output logic                spills     // bytes of it begin a beat that the next one completes
);

    localparam int BYTES_W = BOUND_LG + 1;

    // One less than the beats that upto has begun, from the first one on; the lowest bit is a carry in.
    wire [BEAT_W-1:0] first   = BEAT_W'(place >> BYTE_LG);
    wire [BEAT_W:0]   len_sum = {upto[BOUND_LG:BYTE_LG], 1'b1} + {~first, upto[BYTE_LG-1:0] != '0};

    wire [BEAT_W-1:0] len_here  = BEAT_W'(len_sum >> 1);
    wire [BEAT_W:0]   beats_sum = {len_here, 1'b1} + (BEAT_W+1)'({empty, 1'b1});

    // lane + upto - place: three summands in one sum
    wire [BYTES_W:0] begun = (BYTES_W+1)'(lane);
    wire [BYTES_W:0] added = {1'b0, upto};
    wire [BYTES_W:0] less  = {2'b11, ~place};
    wire [BYTES_W:0] stop;

    dray_sum #(.WIDTH(BYTES_W + 1)) u_stop (.one(begun), .two(added), .three(less), .carry(1'b1), .sum(stop));

    // A packet may end without a byte more: then there is a last destination beat only if a rest waits for one.
    wire partial = stop[BYTE_LG-1:0] != '0 && !(is_void && stop[BYTE_LG-1:0] == low);

    wire [BEAT_W:0] whole = stop[BYTES_W:BYTE_LG];

    assign len    = 8'(len_here);
    assign beats  = BEAT_W'(beats_sum >> 1);
    assign out    = whole + (BEAT_W+1)'(flushes && partial);
    assign high   = flushes ? stop[BYTE_LG-1:0] : '0;
    assign spills = !flushes && stop[BYTE_LG-1:0] != '0;

endmodule

`default_nettype wire
