// SPDX-License-Identifier: Apache-2.0
//
// dray_request - put read bursts on the bus and note what each response will belong to.
//
// Descriptors go before lists, and lists before data. Every burst passes the gate; behind it a passed burst is an AR and an
// entry of the response order, a refused one is an entry that nobody waits for. Chunks go to the
// write side in the order in which their data will come.
//
//     fetch --.                         .--> m_axi_ar
//     list ---+--> gate (outside) ------+--> order (dray_receive)
//     chunk --'                         `--> chunks (dray_plan)
//
// Latency     that of the gate.
// Throughput  1 burst per clock.
// Errors      a refused fetch of descriptors or of a list is READ_FAULT in the order; a refused data burst is a chunk of
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

    // List fetch
    input  wire                list_valid,
    output logic               list_ready,
    input  wire  [CH_W-1:0]    list_channel,
    input  wire  [ADDR_W-1:0]  list_addr,
    input  wire  [7:0]         list_len,
    input  wire                list_last,    // goes with the response, as list_skip does
    input  wire  [1:0]         list_skip,

    // Chunk
    input  wire                chunk_valid,
    output logic               chunk_ready,
    input  wire  [CH_W-1:0]    chunk_channel,
    input  wire  [ADDR_W-1:0]  chunk_addr,
    input  wire  [BEAT_W-1:0]  chunk_beats,
    input  wire  [7:0]         chunk_len,     // ... less one, of a burst
    input  wire  [CHUNK_W-1:0] chunk_data,
    input  wire                chunk_reads,   // it may have a burst
    input  wire                chunk_copies,  // it has one

    // Through the gate
    output logic               gate_valid,
    input  wire                gate_ready,
    output logic               gate_look,
    output logic [CH_W-1:0]    gate_channel,
    output logic [ADDR_W-1:0]  gate_addr,
    output logic [CHUNK_W+BEAT_W+12:0] gate_side,
    input  wire                passed_valid,
    output logic               passed_ready,
    input  wire                passed_refused,
    input  wire  [CH_W-1:0]    passed_channel,
    input  wire  [ADDR_W-1:0]  passed_addr,
    input  wire  [CHUNK_W+BEAT_W+12:0] passed_side,

    // AXI4 read address channel
    output logic               m_axi_arvalid,
    input  wire                m_axi_arready,
    output logic [ADDR_W-1:0]  m_axi_araddr,
    output logic [7:0]         m_axi_arlen,

    // Order of the responses
    output logic               order_valid,
    output logic [1:0]         order_kind,
    output logic [CH_W-1:0]    order_channel,
    output logic               order_epoch,   // of a list: its end
    output logic               order_list,    // a list's fetch, not a descriptor's
    output logic [1:0]         order_skip,
    input  wire                order_done,    // an entry was used up
    input  wire                fetch_end,     // ... that was a fetch of descriptors or of a list
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

    wire [READS_W-1:0]  reads, reads_next_unused;    // bursts from here to their last beat
    wire [CHUNKS_W-1:0] chunks, chunks_next_unused;  // chunks from here to the write side's end of them

    // ------------------------------------------------------------------------
    // Choice

    wire reads_room  = reads < READS_W'(READS);
    wire chunks_room = chunks < CHUNKS_W'(CHUNKS);
    wire take_fetch  = fetch_valid && reads_room;
    wire take_list   = list_valid && !fetch_valid && reads_room;
    wire takes       = take_fetch || take_list;
    wire take_chunk  = chunk_valid && !takes && chunks_room && (!chunk_reads || reads_room);
    wire gate_fire   = gate_valid && gate_ready;

    wire [CH_W-1:0]   taken_channel = fetch_valid ? fetch_channel : list_channel;
    wire [ADDR_W-1:0] taken_addr    = fetch_valid ? fetch_addr : list_addr;
    wire [7:0]        taken_len     = fetch_valid ? fetch_len : list_len;

    assign gate_valid   = takes || take_chunk;
    assign fetch_ready  = take_fetch && gate_ready;
    assign list_ready   = take_list && gate_ready;
    assign chunk_ready  = take_chunk && gate_ready;
    assign gate_look    = takes || chunk_copies;
    assign gate_channel = takes ? taken_channel : chunk_channel;
    assign gate_addr    = takes ? taken_addr : chunk_addr;

    wire [7:0] len       = takes ? taken_len : chunk_len;
    wire       taken_end = fetch_valid ? fetch_epoch : list_last;
    assign gate_side = {list_skip, take_list, chunk_data, chunk_beats, len, taken_end, takes};

    // ------------------------------------------------------------------------
    // Behind the gate

    wire               is_fetch, is_list, epoch;
    wire [1:0]         passed_skip;
    wire [7:0]         passed_len;
    wire [BEAT_W-1:0]  passed_beats;
    wire [CHUNK_W-1:0] passed_chunk;

    assign {passed_skip, is_list, passed_chunk, passed_beats, passed_len, epoch, is_fetch} = passed_side;

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
    assign order_list    = is_list;
    assign order_skip    = passed_skip;

    assign out_valid     = passed_fire && !is_fetch;
    assign out_channel   = passed_channel;
    assign out_data      = passed_chunk;
    assign out_refused   = passed_refused;
    assign refund        = out_valid && passed_refused;
    assign refund_beats  = passed_beats;

    // ------------------------------------------------------------------------
    // Registers

    wire new_read  = gate_fire && (takes || chunk_copies);
    wire new_chunk = gate_fire && take_chunk;

    dray_count #(.WIDTH(READS_W)) u_reads (
        .clk, .rst_n, .more(new_read), .fewer(order_done), .again(refund), .next(reads_next_unused), .count(reads)
    );
    dray_count #(.WIDTH(CHUNKS_W)) u_chunks (
        .clk, .rst_n, .more(new_chunk), .fewer(out_done), .again(1'b0), .next(chunks_next_unused), .count(chunks)
    );

    for (genvar c = 0; c < CHANNELS; c++) begin : g_fetching
        wire [READS_W-1:0] fetches, fetches_next_unused;

        wire more  = gate_fire && takes && taken_channel == CH_W'(c);
        wire fewer = fetch_end && fetch_end_channel == CH_W'(c);

        dray_count #(.WIDTH(READS_W)) u_fetches (
            .clk, .rst_n, .more, .fewer, .again(1'b0), .next(fetches_next_unused), .count(fetches)
        );

        assign fetching[c] = fetches != '0;
    end

endmodule

`default_nettype wire
