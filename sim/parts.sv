// SPDX-License-Identifier: Apache-2.0
//
// parts - the parts of the system that are tested by their pins, in one model.
//
// The memory bus as `soc` wires it, with the tests in place of core and engine; the crossbar once more, alone, so that
// both of its managers can be driven hard; the screen with the tests as its stream; the console.
//
//     host_, alias_ requests, engine_ (AXI4) through fault --> bus --> m_axi_host_, m_axi_device_
//     a_, b_ (AXI4) --> crossbar --> x_host_, x_device_ (AXI4)

`default_nettype none

module parts #(
    parameter int DATA_W         = 64,
    parameter int HOST_BRIDGE    = 1,
    parameter int POSTING_BRIDGE = 1
) (
    input  wire                  clk,
    input  wire                  rst_n,

    // The core's two ways
    input  wire                  host_valid,
    output logic                 host_ready,
    input  wire                  alias_valid,
    output logic                 alias_ready,
    input  wire  [31:0]          core_addr,
    input  wire                  core_write,
    input  wire  [3:0]           core_wstrb,
    input  wire  [31:0]          core_wdata,
    output logic [31:0]          core_rdata,
    input  wire                  drain_start,
    output logic                 drain_busy,
    input  wire                  flush_start,
    output logic                 flush_busy,
    output logic [4:0]           errors,        // posted, alias write, alias read, host write, host read

    // The engine, and the faults it meets
    input  wire                  fault_read,
    input  wire                  fault_write,
    input  wire  [31:0]          fault_first,
    input  wire  [31:0]          fault_last,
    input  wire  [1:0]           fault_resp,
    input  wire                  fault_hang,
    input  wire                   engine_arvalid,
    output logic                  engine_arready,
    input  wire  [31:0]           engine_araddr,
    input  wire  [7:0]            engine_arlen,
    output logic                  engine_rvalid,
    input  wire                   engine_rready,
    output logic [DATA_W-1:0]     engine_rdata,
    output logic [1:0]            engine_rresp,
    output logic                  engine_rlast,
    input  wire                   engine_awvalid,
    output logic                  engine_awready,
    input  wire  [31:0]           engine_awaddr,
    input  wire  [7:0]            engine_awlen,
    input  wire                   engine_wvalid,
    output logic                  engine_wready,
    input  wire  [DATA_W-1:0]     engine_wdata,
    input  wire  [DATA_W/8-1:0]   engine_wstrb,
    input  wire                   engine_wlast,
    output logic                  engine_bvalid,
    input  wire                   engine_bready,
    output logic [1:0]            engine_bresp,

    // The memories
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
    input  wire  [1:0]            m_axi_device_bresp,

    // The crossbar alone
    input  wire                   a_arvalid,
    output logic                  a_arready,
    input  wire  [31:0]           a_araddr,
    input  wire  [7:0]            a_arlen,
    output logic                  a_rvalid,
    input  wire                   a_rready,
    output logic [DATA_W-1:0]     a_rdata,
    output logic [1:0]            a_rresp,
    output logic                  a_rlast,
    input  wire                   a_awvalid,
    output logic                  a_awready,
    input  wire  [31:0]           a_awaddr,
    input  wire  [7:0]            a_awlen,
    input  wire                   a_wvalid,
    output logic                  a_wready,
    input  wire  [DATA_W-1:0]     a_wdata,
    input  wire  [DATA_W/8-1:0]   a_wstrb,
    input  wire                   a_wlast,
    output logic                  a_bvalid,
    input  wire                   a_bready,
    output logic [1:0]            a_bresp,
    input  wire                   b_arvalid,
    output logic                  b_arready,
    input  wire  [31:0]           b_araddr,
    input  wire  [7:0]            b_arlen,
    output logic                  b_rvalid,
    input  wire                   b_rready,
    output logic [DATA_W-1:0]     b_rdata,
    output logic [1:0]            b_rresp,
    output logic                  b_rlast,
    input  wire                   b_awvalid,
    output logic                  b_awready,
    input  wire  [31:0]           b_awaddr,
    input  wire  [7:0]            b_awlen,
    input  wire                   b_wvalid,
    output logic                  b_wready,
    input  wire  [DATA_W-1:0]     b_wdata,
    input  wire  [DATA_W/8-1:0]   b_wstrb,
    input  wire                   b_wlast,
    output logic                  b_bvalid,
    input  wire                   b_bready,
    output logic [1:0]            b_bresp,
    output logic                  x_host_arvalid,
    input  wire                   x_host_arready,
    output logic [31:0]           x_host_araddr,
    output logic [7:0]            x_host_arlen,
    input  wire                   x_host_rvalid,
    output logic                  x_host_rready,
    input  wire  [DATA_W-1:0]     x_host_rdata,
    input  wire  [1:0]            x_host_rresp,
    input  wire                   x_host_rlast,
    output logic                  x_host_awvalid,
    input  wire                   x_host_awready,
    output logic [31:0]           x_host_awaddr,
    output logic [7:0]            x_host_awlen,
    output logic                  x_host_wvalid,
    input  wire                   x_host_wready,
    output logic [DATA_W-1:0]     x_host_wdata,
    output logic [DATA_W/8-1:0]   x_host_wstrb,
    output logic                  x_host_wlast,
    input  wire                   x_host_bvalid,
    output logic                  x_host_bready,
    input  wire  [1:0]            x_host_bresp,
    output logic                  x_device_arvalid,
    input  wire                   x_device_arready,
    output logic [31:0]           x_device_araddr,
    output logic [7:0]            x_device_arlen,
    input  wire                   x_device_rvalid,
    output logic                  x_device_rready,
    input  wire  [DATA_W-1:0]     x_device_rdata,
    input  wire  [1:0]            x_device_rresp,
    input  wire                   x_device_rlast,
    output logic                  x_device_awvalid,
    input  wire                   x_device_awready,
    output logic [31:0]           x_device_awaddr,
    output logic [7:0]            x_device_awlen,
    output logic                  x_device_wvalid,
    input  wire                   x_device_wready,
    output logic [DATA_W-1:0]     x_device_wdata,
    output logic [DATA_W/8-1:0]   x_device_wstrb,
    output logic                  x_device_wlast,
    input  wire                   x_device_bvalid,
    output logic                  x_device_bready,
    input  wire  [1:0]            x_device_bresp,

    // The screen
    input  wire                  video_wr_valid,
    input  wire  [1:0]           video_addr,
    input  wire  [31:0]          video_wdata,
    output logic [31:0]          video_rdata,
    input  wire                  axis_tvalid,
    output logic                 axis_tready,
    input  wire  [DATA_W-1:0]    axis_tdata,
    input  wire                  axis_tkeep,
    input  wire                  axis_tlast,
    output logic                 video_pixel,
    output logic                 video_hsync,
    output logic                 video_vsync,
    output logic                 video_de,
    output logic [23:0]          video_rgb,

    // The console
    input  wire                  uart_wr_valid,
    input  wire  [1:0]           uart_addr,
    input  wire  [31:0]          uart_wdata,
    output logic [31:0]          uart_rdata,
    output logic                 uart_txd,
    input  wire                  uart_rxd,
    output logic                 uart_irq
);

    wire        posted_error, host_read_error, host_write_error, alias_read_error, alias_write_error;
    wire [31:0] host_rdata, alias_rdata;

    wire                marked_arvalid, marked_arready, marked_rvalid, marked_rready, marked_rlast;
    wire                marked_awvalid, marked_awready, marked_wvalid, marked_wready, marked_wlast;
    wire                marked_bvalid, marked_bready;
    wire [31:0]         marked_araddr, marked_awaddr;
    wire [7:0]          marked_arlen, marked_awlen;
    wire [DATA_W-1:0]   marked_rdata, marked_wdata;
    wire [DATA_W/8-1:0] marked_wstrb;
    wire [1:0]          marked_rresp, marked_bresp;

    soc_fault #(.DATA_W(DATA_W)) u_fault (
        .clk, .rst_n, .fault_read, .fault_write, .fault_first, .fault_last, .fault_resp, .fault_hang,
        .s_axi_arvalid (engine_arvalid), .s_axi_arready (engine_arready), .s_axi_araddr (engine_araddr),
        .s_axi_rvalid (engine_rvalid), .s_axi_rready (engine_rready), .s_axi_rresp (engine_rresp),
        .s_axi_awvalid (engine_awvalid), .s_axi_awready (engine_awready), .s_axi_awaddr (engine_awaddr),
        .s_axi_wvalid (engine_wvalid), .s_axi_wready (engine_wready), .s_axi_wstrb (engine_wstrb),
        .s_axi_wlast (engine_wlast), .s_axi_bvalid (engine_bvalid), .s_axi_bready (engine_bready),
        .s_axi_bresp (engine_bresp),
        .m_axi_arvalid (marked_arvalid), .m_axi_arready (marked_arready), .m_axi_rvalid (marked_rvalid),
        .m_axi_rready (marked_rready), .m_axi_rresp (marked_rresp), .m_axi_rlast (marked_rlast),
        .m_axi_awvalid (marked_awvalid), .m_axi_awready (marked_awready), .m_axi_wvalid (marked_wvalid),
        .m_axi_wready (marked_wready), .m_axi_wstrb (marked_wstrb), .m_axi_bvalid (marked_bvalid),
        .m_axi_bready (marked_bready), .m_axi_bresp (marked_bresp)
    );

    assign {marked_araddr, marked_arlen} = {engine_araddr, engine_arlen};
    assign {marked_awaddr, marked_awlen} = {engine_awaddr, engine_awlen};
    assign {marked_wdata, marked_wlast}  = {engine_wdata, engine_wlast};
    assign {engine_rdata, engine_rlast}  = {marked_rdata, marked_rlast};

    soc_bus #(.DATA_W(DATA_W), .HOST_BRIDGE(HOST_BRIDGE), .POSTING_BRIDGE(POSTING_BRIDGE)) u_bus (
        .clk, .rst_n, .host_valid, .host_ready, .host_rdata, .alias_valid, .alias_ready, .alias_rdata,
        .data_addr (core_addr), .data_write (core_write), .data_wstrb (core_wstrb), .data_wdata (core_wdata),
        .drain_start, .drain_busy, .flush_start, .flush_busy,
        .host_read_error, .host_write_error, .alias_read_error, .alias_write_error, .posted_error,
        .s_axi_arvalid (marked_arvalid), .s_axi_arready (marked_arready), .s_axi_araddr (marked_araddr),
        .s_axi_arlen (marked_arlen),
        .s_axi_rvalid (marked_rvalid), .s_axi_rready (marked_rready), .s_axi_rdata (marked_rdata),
        .s_axi_rresp (marked_rresp), .s_axi_rlast (marked_rlast),
        .s_axi_awvalid (marked_awvalid), .s_axi_awready (marked_awready), .s_axi_awaddr (marked_awaddr),
        .s_axi_awlen (marked_awlen),
        .s_axi_wvalid (marked_wvalid), .s_axi_wready (marked_wready), .s_axi_wdata (marked_wdata),
        .s_axi_wstrb (marked_wstrb), .s_axi_wlast (marked_wlast),
        .s_axi_bvalid (marked_bvalid), .s_axi_bready (marked_bready), .s_axi_bresp (marked_bresp),
        .m_axi_host_arvalid, .m_axi_host_arready, .m_axi_host_araddr, .m_axi_host_arlen, .m_axi_host_arsize,
        .m_axi_host_arburst, .m_axi_host_rvalid, .m_axi_host_rready, .m_axi_host_rdata, .m_axi_host_rresp,
        .m_axi_host_rlast, .m_axi_host_awvalid, .m_axi_host_awready, .m_axi_host_awaddr, .m_axi_host_awlen,
        .m_axi_host_awsize, .m_axi_host_awburst, .m_axi_host_wvalid, .m_axi_host_wready, .m_axi_host_wdata,
        .m_axi_host_wstrb, .m_axi_host_wlast, .m_axi_host_bvalid, .m_axi_host_bready, .m_axi_host_bresp,
        .m_axi_device_arvalid, .m_axi_device_arready, .m_axi_device_araddr, .m_axi_device_arlen, .m_axi_device_arsize,
        .m_axi_device_arburst, .m_axi_device_rvalid, .m_axi_device_rready, .m_axi_device_rdata, .m_axi_device_rresp,
        .m_axi_device_rlast, .m_axi_device_awvalid, .m_axi_device_awready, .m_axi_device_awaddr, .m_axi_device_awlen,
        .m_axi_device_awsize, .m_axi_device_awburst, .m_axi_device_wvalid, .m_axi_device_wready, .m_axi_device_wdata,
        .m_axi_device_wstrb, .m_axi_device_wlast, .m_axi_device_bvalid, .m_axi_device_bready, .m_axi_device_bresp
    );

    assign core_rdata = alias_valid ? alias_rdata : host_rdata;
    assign errors     = {posted_error, alias_write_error, alias_read_error, host_write_error, host_read_error};

    soc_crossbar_read #(.DATA_W(DATA_W)) u_crossbar_read_alone (
        .clk, .rst_n,
        .a_arvalid (a_arvalid), .a_arready (a_arready), .a_araddr (a_araddr), .a_arlen (a_arlen),
        .a_rvalid (a_rvalid), .a_rready (a_rready), .a_rdata (a_rdata), .a_rresp (a_rresp), .a_rlast (a_rlast),
        .b_arvalid (b_arvalid), .b_arready (b_arready), .b_araddr (b_araddr), .b_arlen (b_arlen),
        .b_rvalid (b_rvalid), .b_rready (b_rready), .b_rdata (b_rdata), .b_rresp (b_rresp), .b_rlast (b_rlast),
        .host_arvalid (x_host_arvalid), .host_arready (x_host_arready), .host_araddr (x_host_araddr),
        .host_arlen (x_host_arlen), .host_rvalid (x_host_rvalid), .host_rready (x_host_rready),
        .host_rdata (x_host_rdata), .host_rresp (x_host_rresp), .host_rlast (x_host_rlast),
        .device_arvalid (x_device_arvalid), .device_arready (x_device_arready), .device_araddr (x_device_araddr),
        .device_arlen (x_device_arlen), .device_rvalid (x_device_rvalid), .device_rready (x_device_rready),
        .device_rdata (x_device_rdata), .device_rresp (x_device_rresp), .device_rlast (x_device_rlast)
    );

    soc_crossbar_write #(.DATA_W(DATA_W)) u_crossbar_write_alone (
        .clk, .rst_n,
        .a_awvalid (a_awvalid), .a_awready (a_awready), .a_awaddr (a_awaddr), .a_awlen (a_awlen),
        .a_wvalid (a_wvalid), .a_wready (a_wready), .a_wdata (a_wdata), .a_wstrb (a_wstrb), .a_wlast (a_wlast),
        .a_bvalid (a_bvalid), .a_bready (a_bready), .a_bresp (a_bresp),
        .b_awvalid (b_awvalid), .b_awready (b_awready), .b_awaddr (b_awaddr), .b_awlen (b_awlen),
        .b_wvalid (b_wvalid), .b_wready (b_wready), .b_wdata (b_wdata), .b_wstrb (b_wstrb), .b_wlast (b_wlast),
        .b_bvalid (b_bvalid), .b_bready (b_bready), .b_bresp (b_bresp),
        .host_awvalid (x_host_awvalid), .host_awready (x_host_awready), .host_awaddr (x_host_awaddr),
        .host_awlen (x_host_awlen), .host_wvalid (x_host_wvalid), .host_wready (x_host_wready),
        .host_wdata (x_host_wdata), .host_wstrb (x_host_wstrb), .host_wlast (x_host_wlast),
        .host_bvalid (x_host_bvalid), .host_bready (x_host_bready), .host_bresp (x_host_bresp),
        .device_awvalid (x_device_awvalid), .device_awready (x_device_awready), .device_awaddr (x_device_awaddr),
        .device_awlen (x_device_awlen), .device_wvalid (x_device_wvalid), .device_wready (x_device_wready),
        .device_wdata (x_device_wdata), .device_wstrb (x_device_wstrb), .device_wlast (x_device_wlast),
        .device_bvalid (x_device_bvalid), .device_bready (x_device_bready), .device_bresp (x_device_bresp)
    );

    wire [1:0] hits;

    soc_video #(.DATA_W(DATA_W)) u_video (
        .clk, .rst_n, .wr_valid (video_wr_valid), .wr_addr (video_addr), .wr_data (video_wdata), .wr_hit (hits[0]),
        .rd_addr (video_addr), .rd_data (video_rdata), .rd_hit (hits[1]),
        .s_axis_tvalid (axis_tvalid), .s_axis_tready (axis_tready), .s_axis_tdata (axis_tdata), .s_axis_tkeep (axis_tkeep),
        .s_axis_tlast (axis_tlast), .video_pixel, .video_hsync, .video_vsync, .video_de, .video_rgb
    );

    wire [1:0] uart_hits;

    soc_uart #(.DIVISOR(4)) u_uart (
        .clk, .rst_n, .wr_valid (uart_wr_valid), .wr_addr (uart_addr), .wr_data (uart_wdata), .wr_hit (uart_hits[0]),
        .rd_addr (uart_addr), .rd_data (uart_rdata), .rd_hit (uart_hits[1]), .txd (uart_txd), .rxd (uart_rxd), .irq (uart_irq)
    );

    wire unused_ok = &{1'b0, hits, uart_hits};

endmodule

`default_nettype wire
