// SPDX-License-Identifier: Apache-2.0
//
// dray_step - where a job of dray_read goes on.
//
// A place is the offset of an address in its burst boundary. A job is two addresses and where it ends, counted from the
// boundary below its next byte, so a chunk that does not end it leads to the next boundary: one more in the high bits
// of the address, one less in those of the end. Otherwise a job goes on by a stride, or back by a row, or where
// something new begins: a job, or an element of a list. Whether what is left ends before the next boundary is found here
// too, so that dray_read has it in a flip-flop.
//
// No sum waits for another one: the end follows from the place as it was.
//
//     by a chunk   {high + 1, 0}          end - boundary
//     by a stride  address + stride       end + stride, less the boundary if its place has passed it
//     by a row     address - row          row + place, as it was behind the row, plus the boundary if that is less than row's
//     anew                                length + place
//
// Latency     none: combinational.
// Throughput  1 step per clock.
// Errors      none: an address past the last one has its highest bit set.

`default_nettype none

module dray_step #(
    parameter int ADDR_W   = 32,
    parameter int BOUND_LG = 7    // log2 of the burst boundary, bytes
) (
    // The job as it stands
    input  wire  [ADDR_W:0]     src,
    input  wire  [ADDR_W:0]     dst,
    input  wire  [BOUND_LG-1:0] place,      // of its next byte; that of src, but for a fill
    input  wire  [32:0]         stop,       // where it ends
    input  wire  [BOUND_LG:0]   upto,       // ... and its next chunk

    // Rows
    input  wire                 strides,    // go by a stride
    input  wire                 back,       // go back by a row
    input  wire  [31:0]         row,        // bytes
    input  wire                 row_short,  // ... fewer than two boundaries
    input  wire  [31:0]         src_stride,
    input  wire  [31:0]         dst_stride,

    // Something new begins: a job, or an element of a list
    input  wire                 job,
    input  wire  [31:0]         job_len,
    input  wire                 job_short,
    input  wire  [BOUND_LG-1:0] job_place,
    input  wire                 elem,
    input  wire  [31:0]         elem_len,
    input  wire                 elem_short,
    input  wire  [BOUND_LG-1:0] elem_place,

    output logic [ADDR_W:0]     src_next,
    output logic [ADDR_W:0]     dst_next,
    output logic [32:0]         stop_next,
    output logic                fits_next   // what is left is one chunk
);

    localparam int BYTES_W = BOUND_LG + 1;
    localparam int HIGH_W  = ADDR_W + 1 - BOUND_LG;

    wire by_row = strides || back;

    // ------------------------------------------------------------------------
    // Addresses: the low bits, then the high ones with their carry

    wire [31:0] src_by = strides ? src_stride : ~row;
    wire [31:0] dst_by = strides ? dst_stride : ~row;

    function automatic logic [HIGH_W-1:0] high_of(input logic sign, input logic [31:0] value);
        high_of = HIGH_W'({{17{sign}}, value} >> BOUND_LG);
    endfunction

    // The lowest bit of a sum is a carry in.
    wire [BYTES_W:0]   src_low_sum = {1'b0, src[BOUND_LG-1:0], 1'b1} + {1'b0, src_by[BOUND_LG-1:0], back};
    wire [BYTES_W-1:0] src_sum     = BYTES_W'(src_low_sum >> 1);
    wire [BYTES_W-1:0] src_low     = by_row ? src_sum : upto;

    // dst + upto - place, or dst + stride: three summands in one sum
    wire [BYTES_W-1:0] dst_here = {1'b0, dst[BOUND_LG-1:0]};
    wire [BYTES_W-1:0] dst_add  = by_row ? {1'b0, dst_by[BOUND_LG-1:0]} : upto;
    wire [BYTES_W-1:0] dst_less = by_row ? '0 : {1'b1, ~place};
    wire [BYTES_W-1:0] dst_low;

    dray_sum #(.WIDTH(BYTES_W)) u_dst_low (.one(dst_here), .two(dst_add), .three(dst_less), .carry(!strides), .sum(dst_low));

    wire [HIGH_W-1:0] src_more = by_row ? high_of(strides ? src_stride[31] : 1'b1, src_by) : '0;
    wire [HIGH_W-1:0] dst_more = by_row ? high_of(strides ? dst_stride[31] : 1'b1, dst_by) : '0;
    wire [HIGH_W:0]   src_high = {src[ADDR_W:BOUND_LG], 1'b1} + {src_more, src_low[BOUND_LG]};
    wire [HIGH_W:0]   dst_high = {dst[ADDR_W:BOUND_LG], 1'b1} + {dst_more, dst_low[BOUND_LG]};

    assign src_next = {HIGH_W'(src_high >> 1), src_low[BOUND_LG-1:0]};
    assign dst_next = {HIGH_W'(dst_high >> 1), dst_low[BOUND_LG-1:0]};

    // ------------------------------------------------------------------------
    // The end

    // Each has its own sum: which of them counts is known late.
    wire [32:0] job_stop  = {1'b0, job_len} + 33'(job_place);
    wire [32:0] elem_stop = {1'b0, elem_len} + 33'(elem_place);
    wire [BOUND_LG-1:0]  below     = ~place;
    wire [32-BOUND_LG:0] back_high = (33-BOUND_LG)'(({1'b0, row} + 33'(below)) >> BOUND_LG);
    wire [32:0]          back_stop = {back_high, place};

    function automatic logic fits(input logic is_short, input logic [BYTES_W:0] low);
        fits = is_short && !low[BYTES_W] && (!low[BOUND_LG] || low[BOUND_LG-1:0] == '0);
    endfunction

    wire [BYTES_W-1:0]   by_stride   = stop[BYTES_W-1:0] + {1'b0, src_stride[BOUND_LG-1:0]};
    wire [BYTES_W-1:0]   stride_stop = {by_stride[BOUND_LG] ^ src_sum[BOUND_LG], by_stride[BOUND_LG-1:0]};

    wire [32-BOUND_LG:0] fewer    = stop[32:BOUND_LG] - 1'b1;
    wire                 one_left = stop[32:BOUND_LG+2] == '0 && stop[BOUND_LG+1] != stop[BOUND_LG];

    wire [32:0] stride_end  = 33'(stride_stop);
    wire        stride_fits = !stride_stop[BOUND_LG] || stride_stop[BOUND_LG-1:0] == '0;
    wire        chunk_fits  = one_left && (stop[BOUND_LG] || stop[BOUND_LG-1:0] == '0);

    // Where an element begins, no row ends.
    wire [32:0] own_stop = back ? back_stop : strides ? stride_end : {fewer, stop[BOUND_LG-1:0]};
    wire        own_fits = back ? fits(row_short, back_stop[BYTES_W:0]) : strides ? stride_fits : chunk_fits;

    assign stop_next = job ? job_stop : elem ? elem_stop : own_stop;
    assign fits_next = job ? fits(job_short, job_stop[BYTES_W:0]) : elem ? fits(elem_short, elem_stop[BYTES_W:0]) : own_fits;

endmodule

`default_nettype wire
