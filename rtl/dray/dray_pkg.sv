// SPDX-License-Identifier: Apache-2.0
//
// dray_pkg - constants that several modules of the engine share.
//
// A *job* is a descriptor that was decoded. A *chunk* is the part of a job that one read burst
// carries; a job that moves nothing is one chunk without a burst. A *command* is what one write burst
// (or one act without a burst) makes the datapath do.

`default_nettype none

package dray_pkg;

    // What a job or a chunk is
    localparam logic [1:0] KIND_COPY  = 2'd0;  // moves bytes
    localparam logic [1:0] KIND_NULL  = 2'd1;  // moves nothing and is right: a link
    localparam logic [1:0] KIND_ERROR = 2'd2;  // stands for an error, in its place in the order
    localparam logic [1:0] KIND_FILL  = 2'd3;  // moves bytes and reads none

    // What the next read response belongs to
    localparam logic [1:0] READ_DATA  = 2'd0;
    localparam logic [1:0] READ_DESC  = 2'd1;  // descriptors, or elements of a list
    localparam logic [1:0] READ_FAULT = 2'd2;  // no response: a fetch that was refused

    // What the next write response belongs to
    localparam logic [1:0] WRITE_DATA   = 2'd0;
    localparam logic [1:0] WRITE_BACK   = 2'd1;
    localparam logic [1:0] WRITE_MARK   = 2'd2;  // no response: the end of a job that wrote nothing last
    localparam logic [1:0] WRITE_FINISH = 2'd3;  // no response: a job that waits for earlier write-backs

    // Where a destination beat comes from
    localparam logic [1:0] SOURCE_FIFO   = 2'd0;
    localparam logic [1:0] SOURCE_STREAM = 2'd1;
    localparam logic [1:0] SOURCE_FILL   = 2'd2;
    localparam logic [1:0] SOURCE_BACK   = 2'd3;

    // How a beat of descriptors or of a list came back, beside the AXI codes OKAY 0, SLVERR 2, DECERR 3
    localparam logic [1:0] RESP_FAULT = 2'd1;

    function automatic int max(input int a, input int b);
        max = a > b ? a : b;
    endfunction

    function automatic int min(input int a, input int b);
        min = a < b ? a : b;
    endfunction

    // Places in a RAM follow each other as the states of a linear feedback shift register, which costs one gate where a
    // counter costs a chain; place 0 never comes. These bits of a place of lg bits, 2 to 13, are added up to the
    // lowest bit of the next one: a primitive polynomial.
    function automatic logic [12:0] taps(input int lg);
        taps = lg == 2 ? 13'h003 : lg == 3 ? 13'h006 : lg == 4 ? 13'h00c : lg == 5 ? 13'h014 : lg == 6 ? 13'h030 :
               lg == 7 ? 13'h060 : lg == 8 ? 13'h0b8 : lg == 9 ? 13'h110 : lg == 10 ? 13'h240 : lg == 11 ? 13'h500 :
               lg == 12 ? 13'he08 : 13'h1c80;
    endfunction

endpackage

`default_nettype wire
