// SPDX-License-Identifier: Apache-2.0
//
// soc_engine - the engine with its gate, its two register ports, and the faults a test may ask for.
//
// This file only wires the parts. Channel 0 moves memory, channel 1 feeds the screen.
//
//     engine_, gate_ requests --> AXI4-Lite --> dray --> fault --> m_axi
//                                                `--> m_axis
//
// Latency     the parts'.
// Throughput  a beat a clock.
// Errors      refused pulses when a register access is not answered with OKAY.

`default_nettype none

module soc_engine #(
    parameter int DATA_W      = 64,
    parameter int ADDR_W      = 32,
    parameter int FIFO_BEATS  = 256,
    parameter int DESCRIPTORS = 48,
    parameter int READS       = 48,
    parameter int WINDOW      = 64,
    parameter int EXTRAS      = 0    // 1: fill, rows, lists and counters too
) (
    input  wire                  clk,
    input  wire                  rst_n,
    input  wire                  engine_rst_n,
    input  wire                  gate_rst_n,

    // Registers: ready comes with the data
    input  wire                  engine_valid,
    output logic                 engine_ready,
    output logic [31:0]          engine_rdata,
    input  wire                  gate_valid,
    output logic                 gate_ready,
    output logic [31:0]          gate_rdata,
    input  wire  [11:0]          data_addr,
    input  wire                  data_write,
    input  wire  [3:0]           data_wstrb,
    input  wire  [31:0]          data_wdata,
    output logic                 refused,
    output logic                 irq,

    // Faults, see soc_fault
    input  wire                  fault_read,
    input  wire                  fault_write,
    input  wire  [31:0]          fault_first,
    input  wire  [31:0]          fault_last,
    input  wire  [1:0]           fault_resp,
    input  wire                  fault_hang,

    // To the posting bridge
    output logic                  m_axi_arvalid,
    input  wire                   m_axi_arready,
    output logic [31:0]           m_axi_araddr,
    output logic [7:0]            m_axi_arlen,
    input  wire                   m_axi_rvalid,
    output logic                  m_axi_rready,
    input  wire  [DATA_W-1:0]     m_axi_rdata,
    input  wire  [1:0]            m_axi_rresp,
    input  wire                   m_axi_rlast,
    output logic                  m_axi_awvalid,
    input  wire                   m_axi_awready,
    output logic [31:0]           m_axi_awaddr,
    output logic [7:0]            m_axi_awlen,
    output logic                  m_axi_wvalid,
    input  wire                   m_axi_wready,
    output logic [DATA_W-1:0]     m_axi_wdata,
    output logic [DATA_W/8-1:0]   m_axi_wstrb,
    output logic                  m_axi_wlast,
    input  wire                   m_axi_bvalid,
    output logic                  m_axi_bready,
    input  wire  [1:0]            m_axi_bresp,

    // To the screen
    output logic                 m_axis_tvalid,
    input  wire                  m_axis_tready,
    output logic [DATA_W-1:0]    m_axis_tdata,
    output logic [DATA_W/8-1:0]  m_axis_tkeep,
    output logic                 m_axis_tlast
);

    localparam int STRB_W = DATA_W / 8;

    // ------------------------------------------------------------------------
    // Registers

    wire        engine_arvalid, engine_arready, engine_rvalid, engine_rready, engine_awvalid, engine_awready;
    wire        engine_wvalid, engine_wready, engine_bvalid, engine_bready, engine_refused;
    wire [11:0] engine_araddr, engine_awaddr;
    wire [31:0] engine_axil_rdata, engine_wdata;
    wire [3:0]  engine_wstrb;
    wire [1:0]  engine_rresp, engine_bresp;
    wire        gate_arvalid, gate_arready, gate_rvalid, gate_rready, gate_awvalid, gate_awready;
    wire        gate_wvalid, gate_wready, gate_bvalid, gate_bready, gate_refused;
    wire [11:0] gate_araddr, gate_awaddr;
    wire [31:0] gate_axil_rdata, gate_wdata;
    wire [3:0]  gate_wstrb;
    wire [1:0]  gate_rresp, gate_bresp;

    soc_axil u_engine_axil (
        .clk, .rst_n, .request_valid (engine_valid), .request_ready (engine_ready), .request_addr (data_addr),
        .request_write (data_write), .request_wstrb (data_wstrb), .request_wdata (data_wdata), .request_rdata (engine_rdata),
        .refused (engine_refused),
        .m_axil_arvalid (engine_arvalid), .m_axil_arready (engine_arready), .m_axil_araddr (engine_araddr),
        .m_axil_rvalid (engine_rvalid), .m_axil_rready (engine_rready), .m_axil_rdata (engine_axil_rdata),
        .m_axil_rresp (engine_rresp), .m_axil_awvalid (engine_awvalid), .m_axil_awready (engine_awready),
        .m_axil_awaddr (engine_awaddr), .m_axil_wvalid (engine_wvalid), .m_axil_wready (engine_wready),
        .m_axil_wdata (engine_wdata), .m_axil_wstrb (engine_wstrb), .m_axil_bvalid (engine_bvalid),
        .m_axil_bready (engine_bready), .m_axil_bresp (engine_bresp)
    );

    soc_axil u_gate_axil (
        .clk, .rst_n, .request_valid (gate_valid), .request_ready (gate_ready), .request_addr (data_addr),
        .request_write (data_write), .request_wstrb (data_wstrb), .request_wdata (data_wdata), .request_rdata (gate_rdata),
        .refused (gate_refused),
        .m_axil_arvalid (gate_arvalid), .m_axil_arready (gate_arready), .m_axil_araddr (gate_araddr),
        .m_axil_rvalid (gate_rvalid), .m_axil_rready (gate_rready), .m_axil_rdata (gate_axil_rdata),
        .m_axil_rresp (gate_rresp), .m_axil_awvalid (gate_awvalid), .m_axil_awready (gate_awready),
        .m_axil_awaddr (gate_awaddr), .m_axil_wvalid (gate_wvalid), .m_axil_wready (gate_wready),
        .m_axil_wdata (gate_wdata), .m_axil_wstrb (gate_wstrb), .m_axil_bvalid (gate_bvalid),
        .m_axil_bready (gate_bready), .m_axil_bresp (gate_bresp)
    );

    assign refused = engine_refused || gate_refused;

    // ------------------------------------------------------------------------
    // Engine

    wire                dma_arvalid, dma_arready, dma_rvalid, dma_rready, dma_rlast;
    wire                dma_awvalid, dma_awready, dma_wvalid, dma_wready, dma_wlast;
    wire                dma_bvalid, dma_bready;
    wire [31:0]         dma_araddr, dma_awaddr;
    wire [7:0]          dma_arlen, dma_awlen;
    wire [DATA_W-1:0]   dma_rdata, dma_wdata;
    wire [DATA_W/8-1:0] dma_wstrb;
    wire [1:0]          dma_rresp, dma_bresp;
    wire [ADDR_W-1:0]   araddr, awaddr;
    wire [2:0]          arsize, awsize, arprot, awprot;
    wire [1:0]          arburst, awburst, channel_irq, tvalid, tlast, no_tready;
    wire [15:0]         tid, tdest;
    wire [3:0]          arcache, awcache, arqos, awqos;
    wire [2*DATA_W-1:0] tdata;
    wire [2*STRB_W-1:0] tkeep;

    dray #(
        .DATA_W(DATA_W), .ADDR_W(ADDR_W), .CHANNELS(2), .FIFO_BEATS(FIFO_BEATS), .DESCRIPTORS(DESCRIPTORS), .READS(READS),
        .BUDGET(0), .WATCHDOG(0), .COALESCE(0), .PRIORITY(0), .ATTRIBUTES(0), .WINDOW(WINDOW), .STREAM_OUT(2),
        .COUNTERS(EXTRAS), .FILL(EXTRAS), .ROWS(EXTRAS), .LISTS(EXTRAS)  // the firmware needs none: it copies and scans out
    ) u_dray (
        .clk, .rst_n (engine_rst_n), .gate_rst_n, .irq, .channel_irq,
        .s_axil_arvalid (engine_arvalid), .s_axil_arready (engine_arready), .s_axil_araddr (engine_araddr),
        .s_axil_rvalid (engine_rvalid), .s_axil_rready (engine_rready), .s_axil_rdata (engine_axil_rdata),
        .s_axil_rresp (engine_rresp), .s_axil_awvalid (engine_awvalid), .s_axil_awready (engine_awready),
        .s_axil_awaddr (engine_awaddr), .s_axil_wvalid (engine_wvalid), .s_axil_wready (engine_wready),
        .s_axil_wdata (engine_wdata), .s_axil_wstrb (engine_wstrb), .s_axil_bvalid (engine_bvalid),
        .s_axil_bready (engine_bready), .s_axil_bresp (engine_bresp),
        .s_axil_gate_arvalid (gate_arvalid), .s_axil_gate_arready (gate_arready), .s_axil_gate_araddr (gate_araddr),
        .s_axil_gate_rvalid (gate_rvalid), .s_axil_gate_rready (gate_rready), .s_axil_gate_rdata (gate_axil_rdata),
        .s_axil_gate_rresp (gate_rresp), .s_axil_gate_awvalid (gate_awvalid), .s_axil_gate_awready (gate_awready),
        .s_axil_gate_awaddr (gate_awaddr), .s_axil_gate_wvalid (gate_wvalid), .s_axil_gate_wready (gate_wready),
        .s_axil_gate_wdata (gate_wdata), .s_axil_gate_wstrb (gate_wstrb), .s_axil_gate_bvalid (gate_bvalid),
        .s_axil_gate_bready (gate_bready), .s_axil_gate_bresp (gate_bresp),
        .m_axi_arvalid (dma_arvalid), .m_axi_arready (dma_arready), .m_axi_araddr (araddr),
        .m_axi_arlen (dma_arlen),
        .m_axi_rvalid (dma_rvalid), .m_axi_rready (dma_rready), .m_axi_rdata (dma_rdata), .m_axi_rresp (dma_rresp),
        .m_axi_rlast (dma_rlast),
        .m_axi_awvalid (dma_awvalid), .m_axi_awready (dma_awready), .m_axi_awaddr (awaddr),
        .m_axi_awlen (dma_awlen),
        .m_axi_wvalid (dma_wvalid), .m_axi_wready (dma_wready), .m_axi_wdata (dma_wdata), .m_axi_wstrb (dma_wstrb),
        .m_axi_wlast (dma_wlast),
        .m_axi_bvalid (dma_bvalid), .m_axi_bready (dma_bready), .m_axi_bresp (dma_bresp),
        .m_axi_arsize (arsize), .m_axi_arburst (arburst), .m_axi_arprot (arprot), .m_axi_arcache (arcache), .m_axi_arqos (arqos),
        .m_axi_awsize (awsize), .m_axi_awburst (awburst), .m_axi_awprot (awprot), .m_axi_awcache (awcache), .m_axi_awqos (awqos),
        .m_axis_tvalid (tvalid), .m_axis_tready ({m_axis_tready, 1'b0}), .m_axis_tdata (tdata), .m_axis_tkeep (tkeep),
        .m_axis_tlast (tlast), .m_axis_tid (tid), .m_axis_tdest (tdest),
        .s_axis_tvalid (2'b00), .s_axis_tready (no_tready), .s_axis_tdata ({2*DATA_W{1'b0}}),
        .s_axis_tkeep ({2*STRB_W{1'b0}}), .s_axis_tlast (2'b00), .s_axis_tid (16'd0), .s_axis_tdest (16'd0)
    );

    assign dma_araddr    = 32'(araddr);
    assign dma_awaddr    = 32'(awaddr);
    assign m_axis_tvalid = tvalid[1];
    assign m_axis_tdata  = tdata[DATA_W +: DATA_W];
    assign m_axis_tkeep  = tkeep[STRB_W +: STRB_W];
    assign m_axis_tlast  = tlast[1];

    // ------------------------------------------------------------------------
    // Faults

    soc_fault #(.DATA_W(DATA_W)) u_fault (
        .clk, .rst_n, .fault_read, .fault_write, .fault_first, .fault_last, .fault_resp, .fault_hang,
        .s_axi_arvalid (dma_arvalid), .s_axi_arready (dma_arready), .s_axi_araddr (dma_araddr),
        .s_axi_rvalid (dma_rvalid), .s_axi_rready (dma_rready), .s_axi_rresp (dma_rresp),
        .s_axi_awvalid (dma_awvalid), .s_axi_awready (dma_awready), .s_axi_awaddr (dma_awaddr),
        .s_axi_wvalid (dma_wvalid), .s_axi_wready (dma_wready), .s_axi_wstrb (dma_wstrb), .s_axi_wlast (dma_wlast),
        .s_axi_bvalid (dma_bvalid), .s_axi_bready (dma_bready), .s_axi_bresp (dma_bresp),
        .m_axi_arvalid, .m_axi_arready, .m_axi_rvalid, .m_axi_rready, .m_axi_rresp, .m_axi_rlast,
        .m_axi_awvalid, .m_axi_awready, .m_axi_wvalid, .m_axi_wready, .m_axi_wstrb, .m_axi_bvalid, .m_axi_bready, .m_axi_bresp
    );

    assign {m_axi_araddr, m_axi_arlen} = {dma_araddr, dma_arlen};
    assign {m_axi_awaddr, m_axi_awlen} = {dma_awaddr, dma_awlen};
    assign {m_axi_wdata, m_axi_wlast}  = {dma_wdata, dma_wlast};
    assign {dma_rdata, dma_rlast}      = {m_axi_rdata, m_axi_rlast};

    // Every burst is of whole beats in rising order; nobody on this bus looks at the attributes.
    wire unused_ok = &{1'b0, arsize, awsize, arburst, awburst, arprot, awprot, arcache, awcache, arqos, awqos, channel_irq,
                       tvalid[0], tlast[0], tdata[DATA_W-1:0], tkeep[STRB_W-1:0], tid, tdest, no_tready};

    // ------------------------------------------------------------------------
    // Checks

`ifndef SYNTHESIS
    localparam logic [2:0] BEAT_SIZE  = 3'($clog2(STRB_W));
    localparam logic [1:0] BURST_INCR = 2'b01;

    always @(posedge clk) if (engine_rst_n) begin
        if (dma_arvalid) assert (arsize == BEAT_SIZE && arburst == BURST_INCR);
        if (dma_awvalid) assert (awsize == BEAT_SIZE && awburst == BURST_INCR);
    end
`endif

endmodule

`default_nettype wire
