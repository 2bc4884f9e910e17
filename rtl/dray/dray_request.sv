// SPDX-License-Identifier: Apache-2.0
//
// dray_request - put read bursts on the bus and note what each response will belong to.
//
// Descriptors go before data. Every burst passes the gate; behind it a passed burst is an AR and an
// entry of the response order, a refused one is an entry that nobody waits for. Chunks go to the
// write side in the order in which their data will come.
//
//     fetch --.                         .--> m_axi_ar
//             +--> gate (outside) ------+--> order (dray_receive)
//     chunk --'                         `--> chunks (dray_plan)
//
// Latency     that of the gate.
// Throughput  1 burst per clock.
// Errors      a refused descriptor fetch is READ_FAULT in the order; a refused data burst is a chunk of
//             kind ERROR, cause FAULT, and its FIFO space is refunded.

`default_nettype none

module dray_request #(
    parameter int ADDR_W   = 32,
    parameter int CHANNELS = 2,
    parameter int CH_W     = 1,
    parameter int READS    = 48,   // read bursts in flight
    parameter int CHUNKS   = 64,   // chunks between here and the write side
    parameter int BEAT_W   = 5,
    parameter int CHUNK_W  = 64    // chunk, as packed by dray: kind, cause, last, then what is passed on
) (
    input  wire                clk,
    input  wire                rst_n,

    // Descriptor fetch
    input  wire                fetch_valid,
    output logic               fetch_ready,
    input  wire  [CH_W-1:0]    fetch_channel,
    input  wire  [ADDR_W-1:0]  fetch_addr,
    input  wire  [7:0]         fetch_len,
    input  wire                fetch_epoch,

    // Chunk
    input  wire                chunk_valid,
    output logic               chunk_ready,
    input  wire  [CH_W-1:0]    chunk_channel,
    input  wire  [ADDR_W-1:0]  chunk_addr,
    input  wire  [BEAT_W-1:0]  chunk_beats,
    input  wire  [CHUNK_W-1:0] chunk_data,
    input  wire                chunk_copies,  // it has a burst

    // Through the gate
    output logic               gate_valid,
    input  wire                gate_ready,
    output logic               gate_look,
    output logic [CH_W-1:0]    gate_channel,
    output logic [ADDR_W-1:0]  gate_addr,
    output logic [CHUNK_W+BEAT_W+9:0] gate_side,
    input  wire                passed_valid,
    output logic               passed_ready,
    input  wire                passed_refused,
    input  wire  [CH_W-1:0]    passed_channel,
    input  wire  [ADDR_W-1:0]  passed_addr,
    input  wire  [CHUNK_W+BEAT_W+9:0] passed_side,

    // AXI4 read address channel
    output logic               m_axi_arvalid,
    input  wire                m_axi_arready,
    output logic [ADDR_W-1:0]  m_axi_araddr,
    output logic [7:0]         m_axi_arlen,

    // Order of the responses
    output logic               order_valid,
    output logic [1:0]         order_kind,
    output logic [CH_W-1:0]    order_channel,
    output logic               order_epoch,
    input  wire                order_done,    // an entry was used up
    input  wire                fetch_end,     // ... that was a descriptor fetch
    input  wire  [CH_W-1:0]    fetch_end_channel,

    // Chunks to the write side
    output logic               out_valid,
    output logic [CH_W-1:0]    out_channel,
    output logic [CHUNK_W-1:0] out_data,
    output logic               out_refused,
    input  wire                out_done,      // the write side is through with one
    output logic               refund,
    output logic [BEAT_W-1:0]  refund_beats,
    output logic [CHANNELS-1:0] fetching      // a fetch of the channel is on its way
);

    localparam int READS_W  = dray_pkg::max($clog2(READS + 1), 1);
    localparam int CHUNKS_W = $clog2(CHUNKS + 1);

    // ------------------------------------------------------------------------
    // State

    logic [READS_W-1:0]  reads_q;   // bursts from here to their last beat
    logic [CHUNKS_W-1:0] chunks_q;  // chunks from here to the write side's end of them

    // ------------------------------------------------------------------------
    // Choice

    wire reads_room  = reads_q < READS_W'(READS);
    wire chunks_room = chunks_q < CHUNKS_W'(CHUNKS);
    wire take_fetch  = fetch_valid && reads_room;
    wire take_chunk  = chunk_valid && !take_fetch && chunks_room && (!chunk_copies || reads_room);
    wire gate_fire   = gate_valid && gate_ready;

    assign gate_valid   = take_fetch || take_chunk;
    assign fetch_ready  = take_fetch && gate_ready;
    assign chunk_ready  = take_chunk && gate_ready;
    assign gate_look    = take_fetch || chunk_copies;
    assign gate_channel = take_fetch ? fetch_channel : chunk_channel;
    assign gate_addr    = take_fetch ? fetch_addr : chunk_addr;

    wire [7:0] chunk_len = 8'(chunk_beats - 1'b1);
    wire [7:0] len       = take_fetch ? fetch_len : chunk_len;
    assign gate_side = {chunk_data, chunk_beats, len, fetch_epoch, take_fetch};

    // ------------------------------------------------------------------------
    // Behind the gate

    wire               is_fetch, epoch;
    wire [7:0]         passed_len;
    wire [BEAT_W-1:0]  passed_beats;
    wire [CHUNK_W-1:0] passed_chunk;

    assign {passed_chunk, passed_beats, passed_len, epoch, is_fetch} = passed_side;

    wire has_burst   = is_fetch || passed_beats != '0;
    wire on_bus      = has_burst && !passed_refused;
    wire passed_fire = passed_valid && passed_ready;

    assign m_axi_arvalid = passed_valid && on_bus;
    assign m_axi_araddr  = passed_addr;
    assign m_axi_arlen   = passed_len;
    assign passed_ready  = !on_bus || m_axi_arready;

    assign order_valid   = passed_fire && (on_bus || is_fetch);
    assign order_kind    = !is_fetch ? dray_pkg::READ_DATA :
                           passed_refused ? dray_pkg::READ_FAULT : dray_pkg::READ_DESC;
    assign order_channel = passed_channel;
    assign order_epoch   = epoch;

    assign out_valid     = passed_fire && !is_fetch;
    assign out_channel   = passed_channel;
    assign out_data      = passed_chunk;
    assign out_refused   = passed_refused;
    assign refund        = out_valid && passed_refused;
    assign refund_beats  = passed_beats;

    // ------------------------------------------------------------------------
    // Registers

    wire new_read  = gate_fire && (take_fetch || chunk_copies);
    wire new_chunk = gate_fire && take_chunk;

    always_ff @(posedge clk) begin
        if (!rst_n) begin
            reads_q  <= '0;
            chunks_q <= '0;
        end else begin
            reads_q  <= reads_q + READS_W'(new_read) - READS_W'(order_done) - READS_W'(refund);
            chunks_q <= chunks_q + CHUNKS_W'(new_chunk) - CHUNKS_W'(out_done);
        end
    end

    for (genvar c = 0; c < CHANNELS; c++) begin : g_fetching
        logic [READS_W-1:0] fetches_q;

        wire more  = gate_fire && take_fetch && fetch_channel == CH_W'(c);
        wire fewer = fetch_end && fetch_end_channel == CH_W'(c);

        always_ff @(posedge clk) begin
            if (!rst_n) fetches_q <= '0;
            else        fetches_q <= fetches_q + READS_W'(more) - READS_W'(fewer);
        end

        assign fetching[c] = fetches_q != '0;
    end

endmodule

`default_nettype wire
