// SPDX-License-Identifier: Apache-2.0
//
// dray_account - what of one channel is outstanding: it has drained when nothing is.
//
// Work is counted once on every leg of its way: as a chunk from dray_read to dray_commit, as an entry
// of the write order from there to its response, and as a stream end from dray_commit to its
// handshake. What stands in registers between two legs is told by their owners.
//
// Latency     1 clock: drained follows the last event.
// Throughput  one event per leg and clock.
// Errors      none.

`default_nettype none

module dray_account #(
    parameter int CHUNKS_W = 7,
    parameter int ORDER_W  = 7
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
    output logic drained
);

    logic [CHUNKS_W-1:0] chunks_q;
    logic [ORDER_W-1:0]  order_q;
    logic [CHUNKS_W-1:0] streams_q;
    logic                drained_q;

    wire [CHUNKS_W-1:0] chunks_d  = chunks_q + CHUNKS_W'(chunk_more) - CHUNKS_W'(chunk_fewer);
    wire [ORDER_W-1:0]  order_d   = order_q + ORDER_W'(order_more) - ORDER_W'(order_fewer);
    wire [CHUNKS_W-1:0] streams_d = streams_q + CHUNKS_W'(stream_more) - CHUNKS_W'(stream_fewer);

    always_ff @(posedge clk) begin
        if (!rst_n) begin
            chunks_q  <= '0;
            order_q   <= '0;
            streams_q <= '0;
            drained_q <= 1'b1;
        end else begin
            chunks_q  <= chunks_d;
            order_q   <= order_d;
            streams_q <= streams_d;
            drained_q <= chunks_d == '0 && order_d == '0 && streams_d == '0 && !held;
        end
    end

    assign drained = drained_q && !held;

endmodule

`default_nettype wire
