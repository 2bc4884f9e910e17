// SPDX-License-Identifier: Apache-2.0
//
// soc - the system round the engine, without the memories behind its bus.
//
// docs/system.md has the address map and what each part promises. This file only wires the parts.
//
//     u_core --> u_decode --+--> u_program
//                           +--> u_bus --> host memory, device memory
//                           `--> u_registers --> u_clint, u_uart, u_system, u_video, trace port, u_engine
//     u_engine --> u_bus
//         `------> u_video --> pins
//
// Latency     the parts'.
// Throughput  a beat a clock on either memory.
// Errors      see u_system: what the core cannot be told stands in its registers.

`default_nettype none

module soc #(
    parameter int DATA_W         = 64,          // of the memory bus, bits: 32, 64, 128
    parameter int PROGRAM_BYTES  = 1 << 20,
    parameter     IMAGE          = "",          // of the program, for $readmemh
    parameter int CLOCK_HZ       = 50_000_000,
    parameter int UART_DIVISOR   = 8,           // clocks a bit
    parameter int HOST_BRIDGE    = 1,           // 0: bypassed
    parameter int POSTING_BRIDGE = 1,           // 0: bypassed
    parameter int ADDR_W         = 32,          // the engine's, bits; less than 32: it does not reach all of memory
    parameter int FIFO_BEATS     = 256,
    parameter int DESCRIPTORS    = 48,
    parameter int READS          = 48,
    parameter int WINDOW         = 64,
    parameter int EXTRAS         = 0,           // 1: fill, rows, lists and counters of the engine too
    parameter int PIXEL_CLOCKS   = 4,           // of the screen, see soc_video
    parameter int SCALE_LG       = 0
) (
    input  wire                  clk,
    input  wire                  rst_n,

    // Console
    output logic                 uart_txd,
    input  wire                  uart_rxd,

    // Trace port: one clock a record
    output logic                 trace_valid,
    output logic [15:0]          trace_addr,
    output logic [31:0]          trace_data,

    // Screen
    output logic                 video_pixel,   // the pins changed: a new pixel
    output logic                 video_hsync,
    output logic                 video_vsync,
    output logic                 video_de,
    output logic [23:0]          video_rgb,

    // Interrupt of the engine, for observers
    output logic                 engine_irq,

    // Faults on the engine's bus, see soc_fault; a board ties them low
    input  wire                  fault_read,
    input  wire                  fault_write,
    input  wire  [31:0]          fault_first,
    input  wire  [31:0]          fault_last,
    input  wire  [1:0]           fault_resp,
    input  wire                  fault_hang,

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

    // ------------------------------------------------------------------------
    // Core, program memory, decoder

    wire        instr_valid, instr_ready, instr_more, data_valid, data_ready, data_more, data_write;
    wire [31:0] instr_addr, instr_rdata, data_addr, data_wdata, data_rdata;
    wire [3:0]  data_wstrb;
    wire        irq_software, irq_timer, uart_irq;
    wire        program_valid, program_ready, host_valid, host_ready, alias_valid, alias_ready;
    wire        registers_valid, registers_ready, decode_missed, registers_missed;
    wire [31:0] program_rdata, host_rdata, alias_rdata, registers_rdata;

    soc_core u_core (
        .clk, .rst_n, .irq_timer, .irq_software, .irq_external ({30'd0, uart_irq, engine_irq}),
        .instr_valid, .instr_ready, .instr_more, .instr_addr, .instr_rdata,
        .data_valid, .data_ready, .data_more, .data_addr, .data_write, .data_wstrb, .data_wdata, .data_rdata
    );

    soc_program #(.BYTES(PROGRAM_BYTES), .IMAGE(IMAGE)) u_program (
        .clk, .rst_n, .instr_valid, .instr_ready, .instr_more, .instr_addr, .instr_rdata,
        .data_valid (program_valid), .data_ready (program_ready), .data_more, .data_addr, .data_write, .data_wstrb, .data_wdata,
        .data_rdata (program_rdata)
    );

    soc_decode #(.PROGRAM_BYTES(PROGRAM_BYTES)) u_decode (
        .data_valid, .data_ready, .data_addr, .data_rdata,
        .program_valid, .program_ready, .program_rdata, .host_valid, .host_ready, .host_rdata,
        .alias_valid, .alias_ready, .alias_rdata, .registers_valid, .registers_ready, .registers_rdata,
        .missed (decode_missed)
    );

    // ------------------------------------------------------------------------
    // Registers

    wire [63:0] cycles;
    wire [13:0] block_addr;
    wire        clint_wr_valid, uart_wr_valid, system_wr_valid, video_wr_valid;
    wire        clint_wr_hit, uart_wr_hit, system_wr_hit, video_wr_hit;
    wire        clint_rd_hit, uart_rd_hit, system_rd_hit, video_rd_hit;
    wire [31:0] clint_rd_data, uart_rd_data, system_rd_data, video_rd_data, engine_rdata, gate_rdata;
    wire        engine_valid, engine_ready, gate_valid, gate_ready, refused;
    wire        drain_start, drain_busy, flush_start, flush_busy, engine_rst_n, gate_rst_n;
    wire        host_read_error, host_write_error, alias_read_error, alias_write_error, posted_error;

    soc_registers u_registers (
        .clk, .rst_n, .registers_valid, .registers_ready, .registers_addr (data_addr[17:0]), .registers_write (data_write),
        .registers_wstrb (data_wstrb), .registers_wdata (data_wdata), .registers_rdata, .missed (registers_missed),
        .engine_valid, .engine_ready, .engine_rdata, .gate_valid, .gate_ready, .gate_rdata,
        .clint_wr_valid, .uart_wr_valid, .system_wr_valid, .video_wr_valid, .block_addr,
        .clint_wr_hit, .uart_wr_hit, .system_wr_hit, .video_wr_hit,
        .clint_rd_data, .uart_rd_data, .system_rd_data, .video_rd_data,
        .clint_rd_hit, .uart_rd_hit, .system_rd_hit, .video_rd_hit,
        .trace_valid, .trace_addr, .trace_data
    );

    soc_clint u_clint (
        .clk, .rst_n, .wr_valid (clint_wr_valid), .wr_addr (block_addr), .wr_data (data_wdata), .wr_hit (clint_wr_hit),
        .rd_addr (block_addr), .rd_data (clint_rd_data), .rd_hit (clint_rd_hit), .cycles, .irq_software, .irq_timer
    );

    soc_uart #(.DIVISOR(UART_DIVISOR)) u_uart (
        .clk, .rst_n, .wr_valid (uart_wr_valid), .wr_addr (block_addr[1:0]), .wr_data (data_wdata), .wr_hit (uart_wr_hit),
        .rd_addr (block_addr[1:0]), .rd_data (uart_rd_data), .rd_hit (uart_rd_hit),
        .txd (uart_txd), .rxd (uart_rxd), .irq (uart_irq)
    );

    soc_system #(
        .CLOCK_HZ(CLOCK_HZ), .PROGRAM_BYTES(PROGRAM_BYTES), .HOST_BRIDGE(HOST_BRIDGE), .POSTING_BRIDGE(POSTING_BRIDGE)
    ) u_system (
        .clk, .rst_n, .wr_valid (system_wr_valid), .wr_addr (block_addr[3:0]), .wr_data (data_wdata), .wr_hit (system_wr_hit),
        .rd_addr (block_addr[3:0]), .rd_data (system_rd_data), .rd_hit (system_rd_hit), .cycles,
        .drain_start, .drain_busy, .flush_start, .flush_busy, .engine_rst_n, .gate_rst_n,
        .missed (decode_missed || registers_missed), .missed_addr (data_addr), .missed_write (data_write),
        .host_read_error, .host_write_error, .alias_read_error, .alias_write_error, .posted_write_error (posted_error),
        .registers_error (refused)
    );

    // ------------------------------------------------------------------------
    // Engine, screen, memory bus

    wire                dma_arvalid, dma_arready, dma_rvalid, dma_rready, dma_rlast;
    wire                dma_awvalid, dma_awready, dma_wvalid, dma_wready, dma_wlast;
    wire                dma_bvalid, dma_bready;
    wire [31:0]         dma_araddr, dma_awaddr;
    wire [7:0]          dma_arlen, dma_awlen;
    wire [DATA_W-1:0]   dma_rdata, dma_wdata;
    wire [DATA_W/8-1:0] dma_wstrb;
    wire [1:0]          dma_rresp, dma_bresp;
    wire                screen_tvalid, screen_tready, screen_tlast;
    wire [DATA_W-1:0]   screen_tdata;
    wire [DATA_W/8-1:0] screen_tkeep;

    soc_engine #(
        .DATA_W(DATA_W), .ADDR_W(ADDR_W), .FIFO_BEATS(FIFO_BEATS), .DESCRIPTORS(DESCRIPTORS), .READS(READS), .WINDOW(WINDOW),
        .EXTRAS(EXTRAS)
    ) u_engine (
        .clk, .rst_n, .engine_rst_n, .gate_rst_n, .engine_valid, .engine_ready, .engine_rdata,
        .gate_valid, .gate_ready, .gate_rdata, .data_addr (data_addr[11:0]), .data_write, .data_wstrb, .data_wdata,
        .refused, .irq (engine_irq), .fault_read, .fault_write, .fault_first, .fault_last, .fault_resp, .fault_hang,
        .m_axi_arvalid (dma_arvalid), .m_axi_arready (dma_arready), .m_axi_araddr (dma_araddr),
        .m_axi_arlen (dma_arlen),
        .m_axi_rvalid (dma_rvalid), .m_axi_rready (dma_rready), .m_axi_rdata (dma_rdata), .m_axi_rresp (dma_rresp),
        .m_axi_rlast (dma_rlast),
        .m_axi_awvalid (dma_awvalid), .m_axi_awready (dma_awready), .m_axi_awaddr (dma_awaddr),
        .m_axi_awlen (dma_awlen),
        .m_axi_wvalid (dma_wvalid), .m_axi_wready (dma_wready), .m_axi_wdata (dma_wdata), .m_axi_wstrb (dma_wstrb),
        .m_axi_wlast (dma_wlast),
        .m_axi_bvalid (dma_bvalid), .m_axi_bready (dma_bready), .m_axi_bresp (dma_bresp),
        .m_axis_tvalid (screen_tvalid), .m_axis_tready (screen_tready), .m_axis_tdata (screen_tdata),
        .m_axis_tkeep (screen_tkeep), .m_axis_tlast (screen_tlast)
    );

    soc_video #(.DATA_W(DATA_W), .PIXEL_CLOCKS(PIXEL_CLOCKS), .SCALE_LG(SCALE_LG)) u_video (
        .clk, .rst_n, .wr_valid (video_wr_valid), .wr_addr (block_addr[1:0]), .wr_data (data_wdata), .wr_hit (video_wr_hit),
        .rd_addr (block_addr[1:0]), .rd_data (video_rd_data), .rd_hit (video_rd_hit),
        .s_axis_tvalid (screen_tvalid), .s_axis_tready (screen_tready), .s_axis_tdata (screen_tdata),
        .s_axis_tkeep (screen_tkeep[0]), .s_axis_tlast (screen_tlast),
        .video_pixel, .video_hsync, .video_vsync, .video_de, .video_rgb
    );

    soc_bus #(.DATA_W(DATA_W), .HOST_BRIDGE(HOST_BRIDGE), .POSTING_BRIDGE(POSTING_BRIDGE)) u_bus (
        .clk, .rst_n, .host_valid, .host_ready, .host_rdata, .alias_valid, .alias_ready, .alias_rdata,
        .data_addr, .data_write, .data_wstrb, .data_wdata, .drain_start, .drain_busy, .flush_start, .flush_busy,
        .host_read_error, .host_write_error, .alias_read_error, .alias_write_error, .posted_error,
        .s_axi_arvalid (dma_arvalid), .s_axi_arready (dma_arready), .s_axi_araddr (dma_araddr),
        .s_axi_arlen (dma_arlen),
        .s_axi_rvalid (dma_rvalid), .s_axi_rready (dma_rready), .s_axi_rdata (dma_rdata), .s_axi_rresp (dma_rresp),
        .s_axi_rlast (dma_rlast),
        .s_axi_awvalid (dma_awvalid), .s_axi_awready (dma_awready), .s_axi_awaddr (dma_awaddr),
        .s_axi_awlen (dma_awlen),
        .s_axi_wvalid (dma_wvalid), .s_axi_wready (dma_wready), .s_axi_wdata (dma_wdata), .s_axi_wstrb (dma_wstrb),
        .s_axi_wlast (dma_wlast),
        .s_axi_bvalid (dma_bvalid), .s_axi_bready (dma_bready), .s_axi_bresp (dma_bresp),
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

    // A beat of the stream has whole pixels or none, so the first of its bytes speaks for all.
    wire unused_ok = &{1'b0, screen_tkeep};

endmodule

`default_nettype wire
