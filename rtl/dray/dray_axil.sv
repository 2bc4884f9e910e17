// SPDX-License-Identifier: Apache-2.0
//
// dray_axil - an AXI4-Lite subordinate in front of a register block.
//
// A write is taken when address and data are both there, a read when no answer waits. What the
// registers do not know, and a write of less than a whole word, is answered with SLVERR and has no
// effect.
//
//     s_axil --> wr_valid, wr_addr, wr_data / rd_valid, rd_addr, rd_data --> register block
//
// Latency     the write strobe is in the clock of the W handshake, B one clock later; R two clocks after AR.
// Throughput  1 write per clock, 1 read per 3 clocks.
// Errors      SLVERR.
// Proof       rtl/formal/axil.sby

`default_nettype none

module dray_axil #(
    parameter int ADDR_LG = 12  // log2 of the bytes of the register page
) (
    input  wire                clk,
    input  wire                rst_n,

    input  wire                s_axil_awvalid,
    output logic               s_axil_awready,
    input  wire  [ADDR_LG-1:0] s_axil_awaddr,
    input  wire                s_axil_wvalid,
    output logic               s_axil_wready,
    input  wire  [31:0]        s_axil_wdata,
    input  wire  [3:0]         s_axil_wstrb,
    output logic               s_axil_bvalid,
    input  wire                s_axil_bready,
    output logic [1:0]         s_axil_bresp,
    input  wire                s_axil_arvalid,
    output logic               s_axil_arready,
    input  wire  [ADDR_LG-1:0] s_axil_araddr,
    output logic               s_axil_rvalid,
    input  wire                s_axil_rready,
    output logic [31:0]        s_axil_rdata,
    output logic [1:0]         s_axil_rresp,

    // Register block: one word index a side; wr_hit and rd_hit answer in the same clock, rd_data in the next
    output logic               wr_valid,
    output logic [ADDR_LG-3:0] wr_addr,
    output logic [31:0]        wr_data,
    input  wire                wr_hit,
    output logic               rd_valid,
    output logic [ADDR_LG-3:0] rd_addr,
    input  wire  [31:0]        rd_data,
    input  wire                rd_hit
);

    localparam logic [1:0] OKAY   = 2'b00;
    localparam logic [1:0] SLVERR = 2'b10;

    // ------------------------------------------------------------------------
    // State

    logic        b_valid_q, b_bad_q;
    logic        asked_q;               // rd_data answers in this clock
    logic        r_valid_q, r_bad_q;
    logic [31:0] r_data_q;

    // ------------------------------------------------------------------------
    // Handshakes

    wire write_fire = s_axil_awvalid && s_axil_wvalid && (!b_valid_q || s_axil_bready);
    wire read_fire  = s_axil_arvalid && s_axil_arready;
    wire whole      = s_axil_wstrb == 4'hf && s_axil_awaddr[1:0] == 2'b00;
    wire read_whole = s_axil_araddr[1:0] == 2'b00;

    assign s_axil_awready = write_fire;
    assign s_axil_wready  = write_fire;
    assign s_axil_arready = !asked_q && !r_valid_q;

    assign wr_valid = write_fire && whole;
    assign wr_addr  = s_axil_awaddr[ADDR_LG-1:2];
    assign wr_data  = s_axil_wdata;
    assign rd_valid = read_fire;
    assign rd_addr  = s_axil_araddr[ADDR_LG-1:2];

    // ------------------------------------------------------------------------
    // Registers

    always_ff @(posedge clk) begin
        if (!rst_n) begin
            b_valid_q <= 1'b0;
            asked_q   <= 1'b0;
            r_valid_q <= 1'b0;
        end else begin
            b_valid_q <= write_fire || (b_valid_q && !s_axil_bready);
            asked_q   <= read_fire;
            r_valid_q <= asked_q || (r_valid_q && !s_axil_rready);
        end
    end

    always_ff @(posedge clk) begin
        if (write_fire) b_bad_q <= !whole || !wr_hit;
        if (read_fire) r_bad_q <= !read_whole || !rd_hit;
        if (asked_q) r_data_q <= rd_data;
    end

    // ------------------------------------------------------------------------
    // Outputs

    assign s_axil_bvalid = b_valid_q;
    assign s_axil_bresp  = b_bad_q ? SLVERR : OKAY;
    assign s_axil_rvalid = r_valid_q;
    assign s_axil_rdata  = r_data_q;
    assign s_axil_rresp  = r_bad_q ? SLVERR : OKAY;

endmodule

`default_nettype wire
