// SPDX-License-Identifier: Apache-2.0
//
// board_system - a board without its pads and clocks: the system with all its memory on the chip.
//
// This is what `make selftest` simulates, with the very parameters of the board, and what the board's top wires to pins.
//
//     u_soc --> u_host, u_device: block RAM
//        `----> console, screen, how the program ended
//
// Latency     the parts'.
// Throughput  the parts'.
// Errors      what lies beyond a memory is answered with DECERR, see soc_ram.

`default_nettype none

module board_system #(
    parameter     IMAGE          = "",           // of the program, for $readmemh
    parameter int CLOCK_HZ       = 50_000_000,
    parameter int BAUD           = 115_200,
    parameter int DATA_W         = 64,
    parameter int PROGRAM_BYTES  = 1 << 17,
    parameter int HOST_BYTES     = 1 << 16,
    parameter int DEVICE_BYTES   = 1 << 16,
    parameter int FIFO_BEATS     = 256,
    parameter int DESCRIPTORS    = 48,
    parameter int READS          = 64,
    parameter int WINDOW         = 64,
    parameter int EXTRAS         = 1,
    parameter int PIXEL_CLOCKS   = 2,
    parameter int SCALE_LG       = 2
) (
    input  wire         clk,
    input  wire         rst_n,

    output logic        uart_txd,
    input  wire         uart_rxd,

    output logic        video_pixel,
    output logic        video_hsync,
    output logic        video_vsync,
    output logic        video_de,
    output logic [23:0] video_rgb,

    output logic        ended_well,   // until reset
    output logic        ended_badly
);

    localparam logic [15:0] EXIT = 16'hfffc;  // of the trace port: the program's exit status

    wire        trace_valid, engine_irq;
    wire [15:0] trace_addr;
    wire [31:0] trace_data;

    wire                host_arvalid, host_arready, host_rvalid, host_rready, host_rlast;
    wire                host_awvalid, host_awready, host_wvalid, host_wready, host_wlast, host_bvalid, host_bready;
    wire                device_arvalid, device_arready, device_rvalid, device_rready, device_rlast;
    wire                device_awvalid, device_awready, device_wvalid, device_wready, device_wlast, device_bvalid, device_bready;
    wire [31:0]         host_araddr, host_awaddr, device_araddr, device_awaddr;
    wire [7:0]          host_arlen, host_awlen, device_arlen, device_awlen;
    wire [2:0]          host_arsize, host_awsize, device_arsize, device_awsize;
    wire [1:0]          host_arburst, host_awburst, device_arburst, device_awburst;
    wire [1:0]          host_rresp, host_bresp, device_rresp, device_bresp;
    wire [DATA_W-1:0]   host_rdata, host_wdata, device_rdata, device_wdata;
    wire [DATA_W/8-1:0] host_wstrb, device_wstrb;

    soc #(
        .DATA_W(DATA_W), .PROGRAM_BYTES(PROGRAM_BYTES), .IMAGE(IMAGE), .CLOCK_HZ(CLOCK_HZ),
        .UART_DIVISOR((CLOCK_HZ + BAUD / 2) / BAUD), .FIFO_BEATS(FIFO_BEATS), .DESCRIPTORS(DESCRIPTORS), .READS(READS),
        .WINDOW(WINDOW), .EXTRAS(EXTRAS), .PIXEL_CLOCKS(PIXEL_CLOCKS), .SCALE_LG(SCALE_LG)
    ) u_soc (
        .clk, .rst_n, .uart_txd, .uart_rxd, .trace_valid, .trace_addr, .trace_data,
        .video_pixel, .video_hsync, .video_vsync, .video_de, .video_rgb, .engine_irq,
        .fault_read (1'b0), .fault_write (1'b0), .fault_first (32'd0), .fault_last (32'd0), .fault_resp (2'b00),
        .fault_hang (1'b0),
        .m_axi_host_arvalid (host_arvalid), .m_axi_host_arready (host_arready), .m_axi_host_araddr (host_araddr),
        .m_axi_host_arlen (host_arlen), .m_axi_host_arsize (host_arsize), .m_axi_host_arburst (host_arburst),
        .m_axi_host_rvalid (host_rvalid), .m_axi_host_rready (host_rready), .m_axi_host_rdata (host_rdata),
        .m_axi_host_rresp (host_rresp), .m_axi_host_rlast (host_rlast),
        .m_axi_host_awvalid (host_awvalid), .m_axi_host_awready (host_awready), .m_axi_host_awaddr (host_awaddr),
        .m_axi_host_awlen (host_awlen), .m_axi_host_awsize (host_awsize), .m_axi_host_awburst (host_awburst),
        .m_axi_host_wvalid (host_wvalid), .m_axi_host_wready (host_wready), .m_axi_host_wdata (host_wdata),
        .m_axi_host_wstrb (host_wstrb), .m_axi_host_wlast (host_wlast),
        .m_axi_host_bvalid (host_bvalid), .m_axi_host_bready (host_bready), .m_axi_host_bresp (host_bresp),
        .m_axi_device_arvalid (device_arvalid), .m_axi_device_arready (device_arready), .m_axi_device_araddr (device_araddr),
        .m_axi_device_arlen (device_arlen), .m_axi_device_arsize (device_arsize), .m_axi_device_arburst (device_arburst),
        .m_axi_device_rvalid (device_rvalid), .m_axi_device_rready (device_rready), .m_axi_device_rdata (device_rdata),
        .m_axi_device_rresp (device_rresp), .m_axi_device_rlast (device_rlast),
        .m_axi_device_awvalid (device_awvalid), .m_axi_device_awready (device_awready), .m_axi_device_awaddr (device_awaddr),
        .m_axi_device_awlen (device_awlen), .m_axi_device_awsize (device_awsize), .m_axi_device_awburst (device_awburst),
        .m_axi_device_wvalid (device_wvalid), .m_axi_device_wready (device_wready), .m_axi_device_wdata (device_wdata),
        .m_axi_device_wstrb (device_wstrb), .m_axi_device_wlast (device_wlast),
        .m_axi_device_bvalid (device_bvalid), .m_axi_device_bready (device_bready), .m_axi_device_bresp (device_bresp)
    );

    soc_ram #(.DATA_W(DATA_W), .BYTES(HOST_BYTES)) u_host (
        .clk, .rst_n, .s_axi_arvalid (host_arvalid), .s_axi_arready (host_arready), .s_axi_araddr (host_araddr[22:0]),
        .s_axi_arlen (host_arlen), .s_axi_rvalid (host_rvalid), .s_axi_rready (host_rready), .s_axi_rdata (host_rdata),
        .s_axi_rresp (host_rresp), .s_axi_rlast (host_rlast), .s_axi_awvalid (host_awvalid), .s_axi_awready (host_awready),
        .s_axi_awaddr (host_awaddr[22:0]), .s_axi_wvalid (host_wvalid), .s_axi_wready (host_wready),
        .s_axi_wdata (host_wdata), .s_axi_wstrb (host_wstrb), .s_axi_wlast (host_wlast), .s_axi_bvalid (host_bvalid),
        .s_axi_bready (host_bready), .s_axi_bresp (host_bresp)
    );

    soc_ram #(.DATA_W(DATA_W), .BYTES(DEVICE_BYTES)) u_device (
        .clk, .rst_n, .s_axi_arvalid (device_arvalid), .s_axi_arready (device_arready), .s_axi_araddr (device_araddr[22:0]),
        .s_axi_arlen (device_arlen), .s_axi_rvalid (device_rvalid), .s_axi_rready (device_rready), .s_axi_rdata (device_rdata),
        .s_axi_rresp (device_rresp), .s_axi_rlast (device_rlast), .s_axi_awvalid (device_awvalid),
        .s_axi_awready (device_awready), .s_axi_awaddr (device_awaddr[22:0]), .s_axi_wvalid (device_wvalid),
        .s_axi_wready (device_wready), .s_axi_wdata (device_wdata), .s_axi_wstrb (device_wstrb), .s_axi_wlast (device_wlast),
        .s_axi_bvalid (device_bvalid), .s_axi_bready (device_bready), .s_axi_bresp (device_bresp)
    );

    // ------------------------------------------------------------------------
    // How the program ended

    wire ends = trace_valid && trace_addr == EXIT;

    always_ff @(posedge clk) begin
        if (!rst_n) begin
            ended_well  <= 1'b0;
            ended_badly <= 1'b0;
        end else if (ends) begin
            ended_well  <= trace_data == '0;
            ended_badly <= trace_data != '0;
        end
    end

    // Every burst is of whole beats in rising order; the upper address bits have chosen the memory.
    wire unused_ok = &{1'b0, engine_irq, host_araddr, host_awaddr, device_araddr, device_awaddr, host_awlen, device_awlen,
                       host_arsize, host_awsize, device_arsize, device_awsize, host_arburst, host_awburst, device_arburst,
                       device_awburst};

endmodule

`default_nettype wire
