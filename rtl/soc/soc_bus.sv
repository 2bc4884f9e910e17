// SPDX-License-Identifier: Apache-2.0
//
// soc_bus - the memory bus: the core's two ways and the engine's one to host and device memory.
//
// This file only wires the parts.
//
//     host_ requests  --> bridge --+--> join --+--> crossbar --> host memory, device memory
//     alias_ requests --> alias ---'           |
//     engine (AXI4) --> posting bridge --------'
//
// Latency     the parts'.
// Throughput  a beat a clock on either memory.
// Errors      pulses for what the core cannot be told.

`default_nettype none

module soc_bus #(
    parameter int DATA_W         = 64,  // bits: 32, 64, 128
    parameter int HOST_BRIDGE    = 1,   // 0: bypassed
    parameter int POSTING_BRIDGE = 1    // 0: bypassed
) (
    input  wire                  clk,
    input  wire                  rst_n,

    // The core's two ways: one request at a time on either; rdata counts with ready
    input  wire                  host_valid,
    output logic                 host_ready,
    output logic [31:0]          host_rdata,
    input  wire                  alias_valid,
    output logic                 alias_ready,
    output logic [31:0]          alias_rdata,
    input  wire  [31:0]          data_addr,
    input  wire                  data_write,
    input  wire  [3:0]           data_wstrb,
    input  wire  [31:0]          data_wdata,

    // Bridges: start is one clock, busy is up from the clock behind it
    input  wire                  drain_start,
    output logic                 drain_busy,
    input  wire                  flush_start,
    output logic                 flush_busy,

    // Pulses
    output logic                 host_read_error,
    output logic                 host_write_error,
    output logic                 alias_read_error,
    output logic                 alias_write_error,
    output logic                 posted_error,

    // The engine
    input  wire                   s_axi_arvalid,
    output logic                  s_axi_arready,
    input  wire  [31:0]           s_axi_araddr,
    input  wire  [7:0]            s_axi_arlen,
    output logic                  s_axi_rvalid,
    input  wire                   s_axi_rready,
    output logic [DATA_W-1:0]     s_axi_rdata,
    output logic [1:0]            s_axi_rresp,
    output logic                  s_axi_rlast,
    input  wire                   s_axi_awvalid,
    output logic                  s_axi_awready,
    input  wire  [31:0]           s_axi_awaddr,
    input  wire  [7:0]            s_axi_awlen,
    input  wire                   s_axi_wvalid,
    output logic                  s_axi_wready,
    input  wire  [DATA_W-1:0]     s_axi_wdata,
    input  wire  [DATA_W/8-1:0]   s_axi_wstrb,
    input  wire                   s_axi_wlast,
    output logic                  s_axi_bvalid,
    input  wire                   s_axi_bready,
    output logic [1:0]            s_axi_bresp,

    // Host memory
    output logic                  m_axi_host_arvalid,
    input  wire                   m_axi_host_arready,
    output logic [31:0]           m_axi_host_araddr,
    output logic [7:0]            m_axi_host_arlen,
    output logic [2:0]            m_axi_host_arsize,
    output logic [1:0]            m_axi_host_arburst,
    input  wire                   m_axi_host_rvalid,
    output logic                  m_axi_host_rready,
    input  wire  [DATA_W-1:0]     m_axi_host_rdata,
    input  wire  [1:0]            m_axi_host_rresp,
    input  wire                   m_axi_host_rlast,
    output logic                  m_axi_host_awvalid,
    input  wire                   m_axi_host_awready,
    output logic [31:0]           m_axi_host_awaddr,
    output logic [7:0]            m_axi_host_awlen,
    output logic [2:0]            m_axi_host_awsize,
    output logic [1:0]            m_axi_host_awburst,
    output logic                  m_axi_host_wvalid,
    input  wire                   m_axi_host_wready,
    output logic [DATA_W-1:0]     m_axi_host_wdata,
    output logic [DATA_W/8-1:0]   m_axi_host_wstrb,
    output logic                  m_axi_host_wlast,
    input  wire                   m_axi_host_bvalid,
    output logic                  m_axi_host_bready,
    input  wire  [1:0]            m_axi_host_bresp,

    // Device memory
    output logic                  m_axi_device_arvalid,
    input  wire                   m_axi_device_arready,
    output logic [31:0]           m_axi_device_araddr,
    output logic [7:0]            m_axi_device_arlen,
    output logic [2:0]            m_axi_device_arsize,
    output logic [1:0]            m_axi_device_arburst,
    input  wire                   m_axi_device_rvalid,
    output logic                  m_axi_device_rready,
    input  wire  [DATA_W-1:0]     m_axi_device_rdata,
    input  wire  [1:0]            m_axi_device_rresp,
    input  wire                   m_axi_device_rlast,
    output logic                  m_axi_device_awvalid,
    input  wire                   m_axi_device_awready,
    output logic [31:0]           m_axi_device_awaddr,
    output logic [7:0]            m_axi_device_awlen,
    output logic [2:0]            m_axi_device_awsize,
    output logic [1:0]            m_axi_device_awburst,
    output logic                  m_axi_device_wvalid,
    input  wire                   m_axi_device_wready,
    output logic [DATA_W-1:0]     m_axi_device_wdata,
    output logic [DATA_W/8-1:0]   m_axi_device_wstrb,
    output logic                  m_axi_device_wlast,
    input  wire                   m_axi_device_bvalid,
    output logic                  m_axi_device_bready,
    input  wire  [1:0]            m_axi_device_bresp
);

    localparam logic [2:0] BEAT_SIZE  = 3'($clog2(DATA_W / 8));
    localparam logic [1:0] BURST_INCR = 2'b01;

    // ------------------------------------------------------------------------
    // The core

    wire                bridge_arvalid, bridge_arready, bridge_rvalid, bridge_rready, bridge_rlast;
    wire                bridge_awvalid, bridge_awready, bridge_wvalid, bridge_wready, bridge_wlast;
    wire                bridge_bvalid, bridge_bready;
    wire [31:0]         bridge_araddr, bridge_awaddr;
    wire [7:0]          bridge_arlen, bridge_awlen;
    wire [DATA_W-1:0]   bridge_rdata, bridge_wdata;
    wire [DATA_W/8-1:0] bridge_wstrb;
    wire [1:0]          bridge_rresp, bridge_bresp;
    wire                alias_axi_arvalid, alias_axi_arready, alias_axi_rvalid, alias_axi_rready, alias_axi_rlast;
    wire                alias_axi_awvalid, alias_axi_awready, alias_axi_wvalid, alias_axi_wready, alias_axi_wlast;
    wire                alias_axi_bvalid, alias_axi_bready;
    wire [31:0]         alias_axi_araddr, alias_axi_awaddr;
    wire [7:0]          alias_axi_arlen, alias_axi_awlen;
    wire [DATA_W-1:0]   alias_axi_rdata, alias_axi_wdata;
    wire [DATA_W/8-1:0] alias_axi_wstrb;
    wire [1:0]          alias_axi_rresp, alias_axi_bresp;
    wire                core_arvalid, core_arready, core_rvalid, core_rready, core_rlast;
    wire                core_awvalid, core_awready, core_wvalid, core_wready, core_wlast;
    wire                core_bvalid, core_bready;
    wire [31:0]         core_araddr, core_awaddr;
    wire [7:0]          core_arlen, core_awlen;
    wire [DATA_W-1:0]   core_rdata, core_wdata;
    wire [DATA_W/8-1:0] core_wstrb;
    wire [1:0]          core_rresp, core_bresp;
    wire                alias_start;

    generate if (HOST_BRIDGE != 0) begin : g_host_bridge
        soc_host_bridge #(.DATA_W(DATA_W)) u_host_bridge (
            .clk, .rst_n,
            .request_valid (host_valid), .request_ready (host_ready), .request_addr (data_addr), .request_write (data_write),
            .request_wstrb (data_wstrb), .request_wdata (data_wdata), .request_rdata (host_rdata),
            .read_error (host_read_error), .write_error (host_write_error), .drain_start, .drain_busy,
            .m_axi_arvalid (bridge_arvalid), .m_axi_arready (bridge_arready), .m_axi_araddr (bridge_araddr),
            .m_axi_arlen (bridge_arlen),
            .m_axi_rvalid (bridge_rvalid), .m_axi_rready (bridge_rready), .m_axi_rdata (bridge_rdata),
            .m_axi_rresp (bridge_rresp), .m_axi_rlast (bridge_rlast),
            .m_axi_awvalid (bridge_awvalid), .m_axi_awready (bridge_awready), .m_axi_awaddr (bridge_awaddr),
            .m_axi_awlen (bridge_awlen),
            .m_axi_wvalid (bridge_wvalid), .m_axi_wready (bridge_wready), .m_axi_wdata (bridge_wdata),
            .m_axi_wstrb (bridge_wstrb), .m_axi_wlast (bridge_wlast),
            .m_axi_bvalid (bridge_bvalid), .m_axi_bready (bridge_bready), .m_axi_bresp (bridge_bresp)
        );
    end else begin : g_no_host_bridge
        wire asks_drain;

        soc_alias #(.DATA_W(DATA_W), .DRAIN(0)) u_host (
            .clk, .rst_n,
            .request_valid (host_valid), .request_ready (host_ready), .request_addr (data_addr), .request_write (data_write),
            .request_wstrb (data_wstrb), .request_wdata (data_wdata), .request_rdata (host_rdata),
            .read_error (host_read_error), .write_error (host_write_error), .drain_start (asks_drain), .drain_busy (1'b0),
            .m_axi_arvalid (bridge_arvalid), .m_axi_arready (bridge_arready), .m_axi_araddr (bridge_araddr),
            .m_axi_arlen (bridge_arlen),
            .m_axi_rvalid (bridge_rvalid), .m_axi_rready (bridge_rready), .m_axi_rdata (bridge_rdata),
            .m_axi_rresp (bridge_rresp), .m_axi_rlast (bridge_rlast),
            .m_axi_awvalid (bridge_awvalid), .m_axi_awready (bridge_awready), .m_axi_awaddr (bridge_awaddr),
            .m_axi_awlen (bridge_awlen),
            .m_axi_wvalid (bridge_wvalid), .m_axi_wready (bridge_wready), .m_axi_wdata (bridge_wdata),
            .m_axi_wstrb (bridge_wstrb), .m_axi_wlast (bridge_wlast),
            .m_axi_bvalid (bridge_bvalid), .m_axi_bready (bridge_bready), .m_axi_bresp (bridge_bresp)
        );

        assign drain_busy = 1'b0;

        wire unused_ok = &{1'b0, asks_drain, drain_start};
    end endgenerate

    soc_alias #(.DATA_W(DATA_W)) u_alias (
        .clk, .rst_n,
        .request_valid (alias_valid), .request_ready (alias_ready), .request_addr (data_addr), .request_write (data_write),
        .request_wstrb (data_wstrb), .request_wdata (data_wdata), .request_rdata (alias_rdata),
        .read_error (alias_read_error), .write_error (alias_write_error), .drain_start (alias_start), .drain_busy (flush_busy),
        .m_axi_arvalid (alias_axi_arvalid), .m_axi_arready (alias_axi_arready), .m_axi_araddr (alias_axi_araddr),
        .m_axi_arlen (alias_axi_arlen),
        .m_axi_rvalid (alias_axi_rvalid), .m_axi_rready (alias_axi_rready), .m_axi_rdata (alias_axi_rdata),
        .m_axi_rresp (alias_axi_rresp), .m_axi_rlast (alias_axi_rlast),
        .m_axi_awvalid (alias_axi_awvalid), .m_axi_awready (alias_axi_awready), .m_axi_awaddr (alias_axi_awaddr),
        .m_axi_awlen (alias_axi_awlen),
        .m_axi_wvalid (alias_axi_wvalid), .m_axi_wready (alias_axi_wready), .m_axi_wdata (alias_axi_wdata),
        .m_axi_wstrb (alias_axi_wstrb), .m_axi_wlast (alias_axi_wlast),
        .m_axi_bvalid (alias_axi_bvalid), .m_axi_bready (alias_axi_bready), .m_axi_bresp (alias_axi_bresp)
    );

    soc_join #(.DATA_W(DATA_W)) u_join (
        .clk, .rst_n,
        .a_axi_arvalid (bridge_arvalid), .a_axi_arready (bridge_arready), .a_axi_araddr (bridge_araddr),
        .a_axi_arlen (bridge_arlen), .a_axi_rvalid (bridge_rvalid), .a_axi_rready (bridge_rready),
        .a_axi_awvalid (bridge_awvalid), .a_axi_awready (bridge_awready), .a_axi_awaddr (bridge_awaddr),
        .a_axi_awlen (bridge_awlen), .a_axi_wvalid (bridge_wvalid), .a_axi_wready (bridge_wready),
        .a_axi_wdata (bridge_wdata), .a_axi_wstrb (bridge_wstrb), .a_axi_wlast (bridge_wlast),
        .a_axi_bvalid (bridge_bvalid), .a_axi_bready (bridge_bready),
        .b_axi_arvalid (alias_axi_arvalid), .b_axi_arready (alias_axi_arready), .b_axi_araddr (alias_axi_araddr),
        .b_axi_arlen (alias_axi_arlen), .b_axi_rvalid (alias_axi_rvalid), .b_axi_rready (alias_axi_rready),
        .b_axi_awvalid (alias_axi_awvalid), .b_axi_awready (alias_axi_awready), .b_axi_awaddr (alias_axi_awaddr),
        .b_axi_awlen (alias_axi_awlen), .b_axi_wvalid (alias_axi_wvalid), .b_axi_wready (alias_axi_wready),
        .b_axi_wdata (alias_axi_wdata), .b_axi_wstrb (alias_axi_wstrb), .b_axi_wlast (alias_axi_wlast),
        .b_axi_bvalid (alias_axi_bvalid), .b_axi_bready (alias_axi_bready),
        .m_axi_arvalid (core_arvalid), .m_axi_arready (core_arready), .m_axi_araddr (core_araddr),
        .m_axi_arlen (core_arlen), .m_axi_rvalid (core_rvalid), .m_axi_rready (core_rready),
        .m_axi_rlast (core_rlast), .m_axi_awvalid (core_awvalid), .m_axi_awready (core_awready),
        .m_axi_awaddr (core_awaddr), .m_axi_awlen (core_awlen), .m_axi_wvalid (core_wvalid),
        .m_axi_wready (core_wready), .m_axi_wdata (core_wdata), .m_axi_wstrb (core_wstrb), .m_axi_wlast (core_wlast),
        .m_axi_bvalid (core_bvalid), .m_axi_bready (core_bready)
    );

    assign {bridge_rdata, bridge_rresp, bridge_rlast, bridge_bresp} = {core_rdata, core_rresp, core_rlast, core_bresp};
    assign {alias_axi_rdata, alias_axi_rresp, alias_axi_rlast}      = {core_rdata, core_rresp, core_rlast};
    assign alias_axi_bresp = core_bresp;

    // ------------------------------------------------------------------------
    // The engine: reads go past the posting bridge, which only says when

    wire                posted_arvalid, posted_arready, posted_rvalid, posted_rready, posted_rlast;
    wire                posted_awvalid, posted_awready, posted_wvalid, posted_wready, posted_wlast;
    wire                posted_bvalid, posted_bready;
    wire [31:0]         posted_araddr, posted_awaddr;
    wire [7:0]          posted_arlen, posted_awlen;
    wire [DATA_W-1:0]   posted_rdata, posted_wdata;
    wire [DATA_W/8-1:0] posted_wstrb;
    wire [1:0]          posted_rresp, posted_bresp;

    soc_posting_bridge #(.DATA_W(DATA_W), .BYPASS(POSTING_BRIDGE == 0 ? 1 : 0)) u_posting (
        .clk, .rst_n, .flush_start, .alias_start, .drain_busy (flush_busy), .posted_error,
        .s_axi_arvalid, .s_axi_arready, .s_axi_araddr, .s_axi_arlen,
        .s_axi_awvalid, .s_axi_awready, .s_axi_awaddr, .s_axi_awlen,
        .s_axi_wvalid, .s_axi_wready, .s_axi_wdata, .s_axi_wstrb, .s_axi_wlast, .s_axi_bvalid, .s_axi_bready, .s_axi_bresp,
        .m_axi_arvalid (posted_arvalid), .m_axi_arready (posted_arready), .m_axi_awvalid (posted_awvalid),
        .m_axi_awready (posted_awready), .m_axi_awaddr (posted_awaddr), .m_axi_awlen (posted_awlen),
        .m_axi_wvalid (posted_wvalid), .m_axi_wready (posted_wready), .m_axi_wdata (posted_wdata),
        .m_axi_wstrb (posted_wstrb), .m_axi_wlast (posted_wlast), .m_axi_bvalid (posted_bvalid),
        .m_axi_bready (posted_bready), .m_axi_bresp (posted_bresp)
    );

    assign {posted_araddr, posted_arlen, posted_rready} = {s_axi_araddr, s_axi_arlen, s_axi_rready};
    assign {s_axi_rvalid, s_axi_rdata, s_axi_rresp, s_axi_rlast} =
           {posted_rvalid, posted_rdata, posted_rresp, posted_rlast};

    // ------------------------------------------------------------------------
    // The crossbar

    soc_crossbar_read #(.DATA_W(DATA_W)) u_crossbar_read (
        .clk, .rst_n,
        .a_arvalid (core_arvalid), .a_arready (core_arready), .a_araddr (core_araddr), .a_arlen (core_arlen),
        .a_rvalid (core_rvalid), .a_rready (core_rready), .a_rdata (core_rdata), .a_rresp (core_rresp),
        .a_rlast (core_rlast),
        .b_arvalid (posted_arvalid), .b_arready (posted_arready), .b_araddr (posted_araddr), .b_arlen (posted_arlen),
        .b_rvalid (posted_rvalid), .b_rready (posted_rready), .b_rdata (posted_rdata), .b_rresp (posted_rresp),
        .b_rlast (posted_rlast),
        .host_arvalid (m_axi_host_arvalid), .host_arready (m_axi_host_arready), .host_araddr (m_axi_host_araddr),
        .host_arlen (m_axi_host_arlen), .host_rvalid (m_axi_host_rvalid), .host_rready (m_axi_host_rready),
        .host_rdata (m_axi_host_rdata), .host_rresp (m_axi_host_rresp), .host_rlast (m_axi_host_rlast),
        .device_arvalid (m_axi_device_arvalid), .device_arready (m_axi_device_arready),
        .device_araddr (m_axi_device_araddr), .device_arlen (m_axi_device_arlen),
        .device_rvalid (m_axi_device_rvalid), .device_rready (m_axi_device_rready),
        .device_rdata (m_axi_device_rdata), .device_rresp (m_axi_device_rresp), .device_rlast (m_axi_device_rlast)
    );

    soc_crossbar_write #(.DATA_W(DATA_W)) u_crossbar_write (
        .clk, .rst_n,
        .a_awvalid (core_awvalid), .a_awready (core_awready), .a_awaddr (core_awaddr), .a_awlen (core_awlen),
        .a_wvalid (core_wvalid), .a_wready (core_wready), .a_wdata (core_wdata), .a_wstrb (core_wstrb),
        .a_wlast (core_wlast), .a_bvalid (core_bvalid), .a_bready (core_bready), .a_bresp (core_bresp),
        .b_awvalid (posted_awvalid), .b_awready (posted_awready), .b_awaddr (posted_awaddr), .b_awlen (posted_awlen),
        .b_wvalid (posted_wvalid), .b_wready (posted_wready), .b_wdata (posted_wdata), .b_wstrb (posted_wstrb),
        .b_wlast (posted_wlast), .b_bvalid (posted_bvalid), .b_bready (posted_bready), .b_bresp (posted_bresp),
        .host_awvalid (m_axi_host_awvalid), .host_awready (m_axi_host_awready), .host_awaddr (m_axi_host_awaddr),
        .host_awlen (m_axi_host_awlen), .host_wvalid (m_axi_host_wvalid), .host_wready (m_axi_host_wready),
        .host_wdata (m_axi_host_wdata), .host_wstrb (m_axi_host_wstrb), .host_wlast (m_axi_host_wlast),
        .host_bvalid (m_axi_host_bvalid), .host_bready (m_axi_host_bready), .host_bresp (m_axi_host_bresp),
        .device_awvalid (m_axi_device_awvalid), .device_awready (m_axi_device_awready),
        .device_awaddr (m_axi_device_awaddr), .device_awlen (m_axi_device_awlen),
        .device_wvalid (m_axi_device_wvalid), .device_wready (m_axi_device_wready),
        .device_wdata (m_axi_device_wdata), .device_wstrb (m_axi_device_wstrb), .device_wlast (m_axi_device_wlast),
        .device_bvalid (m_axi_device_bvalid), .device_bready (m_axi_device_bready),
        .device_bresp (m_axi_device_bresp)
    );

    assign {m_axi_host_arsize, m_axi_host_arburst, m_axi_host_awsize, m_axi_host_awburst} = {2{BEAT_SIZE, BURST_INCR}};
    assign {m_axi_device_arsize, m_axi_device_arburst, m_axi_device_awsize, m_axi_device_awburst} =
           {2{BEAT_SIZE, BURST_INCR}};

`ifndef SYNTHESIS
    initial if (DATA_W != 32 && DATA_W != 64 && DATA_W != 128) $fatal(1, "DATA_W");
`endif

endmodule

`default_nettype wire
