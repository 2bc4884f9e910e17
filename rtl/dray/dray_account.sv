// SPDX-License-Identifier: Apache-2.0
//
// dray_account - what of one channel is outstanding: it has drained when nothing is.
//
// Work is counted once on every leg of its way: as a chunk from dray_read to dray_commit, as an entry
// of the write order from there to its response, and as a stream end from dray_commit to its
// handshake. What stands in registers between two legs is told by their owners.
//
// Events come late in their clock, so they are counted in the next one. Nothing is missed by that: where
// work goes on to a leg, its owner still held it in the clock of the event, and drained looks back one clock.
//
// Latency     2 clocks: drained follows the last event.
// Throughput  one event per leg and clock.
// Errors      none.

`default_nettype none

module dray_account #(
    parameter int CHUNKS_W = 7,
    parameter int ORDER_W  = 7,
    parameter int JOBS_W   = 8,   // holds all jobs of a channel: the shortest to a stream wait in its buffer, one a beat
    parameter int PRIORITY = 1
) (
    input  wire  clk,
    input  wire  rst_n,
    input  wire  chunk_more,    // a chunk was cut
    input  wire  chunk_fewer,   // its last command was committed
    input  wire  order_more,    // an entry of the write order was made
    input  wire  order_fewer,   // ... and used up
    input  wire  stream_more,   // a stream job will end
    input  wire  stream_fewer,  // ... and has
    input  wire  held,          // something of the channel stands in a register
    input  wire  [5:0] cap,     // chunks that may be on their way; 0: no cap
    output logic full,          // there are
    output logic drained
);

    wire [CHUNKS_W-1:0] chunks, chunks_next;
    wire [JOBS_W-1:0]   streams, streams_next;
    wire [ORDER_W-1:0]  order, order_next;
    logic               drained_q;
    logic               chunk_more_q, chunk_fewer_q, order_more_q, order_fewer_q, stream_more_q, stream_fewer_q;

    always_ff @(posedge clk) begin
        if (!rst_n) {chunk_more_q, chunk_fewer_q, order_more_q, order_fewer_q, stream_more_q, stream_fewer_q} <= '0;
        else        {chunk_more_q, chunk_fewer_q, order_more_q, order_fewer_q, stream_more_q, stream_fewer_q} <=
                    {chunk_more, chunk_fewer, order_more, order_fewer, stream_more, stream_fewer};
    end

    dray_count #(.WIDTH(CHUNKS_W)) u_chunks (
        .clk, .rst_n, .more(chunk_more_q), .fewer(chunk_fewer_q), .again(1'b0), .next(chunks_next), .count(chunks)
    );
    dray_count #(.WIDTH(ORDER_W)) u_order (
        .clk, .rst_n, .more(order_more_q), .fewer(order_fewer_q), .again(1'b0), .next(order_next), .count(order)
    );
    dray_count #(.WIDTH(JOBS_W)) u_streams (
        .clk, .rst_n, .more(stream_more_q), .fewer(stream_fewer_q), .again(1'b0), .next(streams_next), .count(streams)
    );

    always_ff @(posedge clk) begin
        if (!rst_n) drained_q <= 1'b1;
        else        drained_q <= chunks_next == '0 && order_next == '0 && streams_next == '0 && !held;
    end

    assign drained = drained_q && !held;

    // The count is a clock late, so a chunk of the last clock is looked at apart.
    if (PRIORITY != 0) begin : g_cap
        logic at_cap_q, near_q;

        wire [CHUNKS_W-1:0] most = CHUNKS_W'(cap);

        always_ff @(posedge clk) begin
            at_cap_q <= rst_n && cap != '0 && chunks_next >= most;
            near_q   <= rst_n && cap != '0 && chunks_next == most - 1'b1;
        end

        assign full = at_cap_q || (near_q && chunk_more_q);
    end else begin : g_no_cap
        wire unused = &{1'b0, cap};

        assign full = 1'b0;
    end

`ifndef SYNTHESIS
    always @(posedge clk) if (rst_n && drained) assert (chunks == '0 && order == '0 && streams == '0);
`endif

endmodule

`default_nettype wire
