// SPDX-License-Identifier: Apache-2.0
//
// dray_receive - give each read beat to whom it belongs, and judge its response.
//
// All accesses bear one ID, so responses come in the order of the requests. Every beat has a place
// that was reserved before it was asked for, so nothing here ever stalls the bus for long.
//
//     m_axi_r --> order --> data FIFO, what is at hand --> dray_plan
//                      |--> descriptors --> dray_decode
//                      `--> lists --> dray_elements
//
// Latency     a beat is at hand one clock after its handshake.
// Throughput  1 beat per clock.
// Errors      the worst response of a chunk goes with it; nothing of the chunk from the first bad beat
//             on counts as at hand. Descriptors and elements bear their response with them.

`default_nettype none

module dray_receive #(
    parameter int DATA_W   = 64,
    parameter int LISTS    = 1,
    parameter int CH_W     = 1,
    parameter int READS_LG = 6,
    parameter int CHUNKS_LG = 6,
    parameter int BEAT_W   = 5
) (
    input  wire                 clk,
    input  wire                 rst_n,

    // Order of the responses
    input  wire                 order_valid,
    input  wire  [1:0]          order_kind,
    input  wire  [CH_W-1:0]     order_channel,
    input  wire                 order_epoch,
    input  wire                 order_list,    // a list's fetch, not a descriptor's
    input  wire  [1:0]          order_skip,
    output logic                order_done,
    output logic                fetch_end,
    output logic [CH_W-1:0]     end_channel,
    output logic                burst_done,    // a last beat came, from the bus

    // AXI4 read data channel
    input  wire                 m_axi_rvalid,
    output logic                m_axi_rready,
    input  wire  [DATA_W-1:0]   m_axi_rdata,
    input  wire  [1:0]          m_axi_rresp,
    input  wire                 m_axi_rlast,

    // Descriptor beats
    output logic                desc_valid,
    output logic                desc_epoch,
    output logic [CH_W-1:0]     desc_channel,
    output logic [DATA_W-1:0]   desc_data,
    output logic [1:0]          desc_resp,
    output logic                desc_more,     // a burst of descriptors is coming in, or did until the last clock

    // Beats of lists, and what was said when they were asked for
    output logic                list_valid,
    output logic [CH_W-1:0]     list_channel,
    output logic [DATA_W-1:0]   list_data,
    output logic [1:0]          list_resp,
    output logic                list_end,      // of the burst
    output logic                list_last,     // the list ends with the burst
    output logic [1:0]          list_skip,

    // Data beats, and what is at hand of the oldest chunk that is not whole
    output logic                data_valid,
    output logic [DATA_W-1:0]   data,
    output logic                whole_valid,   // the oldest chunk is whole
    output logic [1:0]          whole_resp,
    input  wire                 whole_ready,   // the write side is through with it
    output logic                alone,         // no whole chunk waits: the oldest is the one that is coming in
    output logic [BEAT_W-1:0]   at_hand,       // good beats of that
    output logic                came           // ... one more than in the clock before
);

    // ------------------------------------------------------------------------
    // Order

    localparam int ORDER_W = 6 + CH_W;

    wire            head_valid, head_epoch, queued_list;
    wire [1:0]      head_skip;
    wire [1:0]      head_kind;
    wire [CH_W-1:0] head_channel;

    dray_queue #(.WIDTH(ORDER_W), .DEPTH_LG(READS_LG), .BYPASS(1)) u_order (
        .clk, .rst_n,
        .in_valid(order_valid), .in_data({order_skip, order_list, order_kind, order_channel, order_epoch}),
        .out_valid(head_valid), .out_ready(order_done),
        .out_data({head_skip, queued_list, head_kind, head_channel, head_epoch})
    );

    // What a queue gives back is not known to be constant, so a build without lists says it again.
    wire head_list = LISTS != 0 && queued_list;
    wire is_fault = head_kind == dray_pkg::READ_FAULT;
    wire is_desc  = head_kind == dray_pkg::READ_DESC;
    wire is_data  = head_kind == dray_pkg::READ_DATA;
    wire r_fire   = m_axi_rvalid && m_axi_rready;
    wire bad      = m_axi_rresp[1];

    assign m_axi_rready = head_valid && !is_fault;
    assign burst_done   = r_fire && m_axi_rlast;
    assign order_done   = burst_done || (head_valid && is_fault);
    assign fetch_end    = order_done && !is_data;
    assign end_channel  = head_channel;

    // ------------------------------------------------------------------------
    // Descriptors

    wire fetch_valid = (r_fire && is_desc) || (head_valid && is_fault);

    assign desc_valid   = fetch_valid && !head_list;
    assign desc_epoch   = head_epoch;
    assign desc_channel = head_channel;
    assign desc_data    = m_axi_rdata;
    logic mid_q, late_q;

    always_ff @(posedge clk) begin
        if (!rst_n) begin
            mid_q  <= 1'b0;
            late_q <= 1'b0;
        end else begin
            if (r_fire && is_desc && !head_list) mid_q <= !m_axi_rlast;
            late_q <= mid_q;
        end
    end

    assign desc_more    = mid_q || late_q;
    assign desc_resp    = is_fault ? dray_pkg::RESP_FAULT : bad ? m_axi_rresp : 2'b00;

    // ------------------------------------------------------------------------
    // Lists

    assign list_valid   = fetch_valid && head_list;
    assign list_channel = head_channel;
    assign list_data    = m_axi_rdata;
    assign list_resp    = desc_resp;
    assign list_end     = is_fault || m_axi_rlast;
    assign list_last    = head_epoch;
    assign list_skip    = head_skip;

    // ------------------------------------------------------------------------
    // Data

    wire [CHUNKS_LG:0] wholes, wholes_next_unused;
    logic [BEAT_W-1:0] at_hand_q;
    logic              bad_q;      // a beat of the chunk was bad
    logic [1:0]        resp_q;

    wire       data_fire = r_fire && is_data;
    wire       data_end  = data_fire && m_axi_rlast;
    wire [1:0] resp      = bad_q ? resp_q : bad ? m_axi_rresp : 2'b00;

    assign data_valid = data_fire;
    assign data       = m_axi_rdata;
    assign alone      = wholes == '0;
    assign at_hand    = at_hand_q;

    wire whole_fire = whole_valid && whole_ready;

    dray_count #(.WIDTH(CHUNKS_LG + 1)) u_wholes (
        .clk, .rst_n, .more(data_end), .fewer(whole_fire), .again(1'b0), .next(wholes_next_unused), .count(wholes)
    );

    always_ff @(posedge clk) begin
        if (!rst_n || data_end) begin
            at_hand_q <= '0;
            bad_q     <= 1'b0;
        end else if (data_fire) begin
            at_hand_q <= at_hand_q + BEAT_W'(!bad && !bad_q);
            bad_q     <= bad_q || bad;
        end
    end

    always_ff @(posedge clk) begin
        if (data_fire) resp_q <= resp;
        came <= data_fire && !m_axi_rlast && !bad && !bad_q;
    end

    dray_queue #(.WIDTH(2), .DEPTH_LG(CHUNKS_LG), .BYPASS(1)) u_whole (
        .clk, .rst_n,
        .in_valid(data_end), .in_data(resp),
        .out_valid(whole_valid), .out_ready(whole_ready), .out_data(whole_resp)
    );

endmodule

`default_nettype wire
