// SPDX-License-Identifier: Apache-2.0
//
// soc_axil - make an access of the core an AXI4-Lite transfer.
//
//     request --> AW + W --> B --> ready
//             `-> AR ------> R --> ready
//
// Latency     2 clocks and the subordinate's.
// Throughput  one transfer at a time.
// Errors      refused pulses when the response is not OKAY; a read then gives zero.

`default_nettype none

module soc_axil #(
    parameter int ADDR_W = 12
) (
    input  wire               clk,
    input  wire               rst_n,

    input  wire               request_valid,
    output logic              request_ready,  // one clock, with rdata
    input  wire  [ADDR_W-1:0] request_addr,
    input  wire               request_write,
    input  wire  [3:0]        request_wstrb,
    input  wire  [31:0]       request_wdata,
    output logic [31:0]       request_rdata,
    output logic              refused,

    output logic              m_axil_arvalid,
    input  wire               m_axil_arready,
    output logic [ADDR_W-1:0] m_axil_araddr,
    input  wire               m_axil_rvalid,
    output logic              m_axil_rready,
    input  wire  [31:0]       m_axil_rdata,
    input  wire  [1:0]        m_axil_rresp,
    output logic              m_axil_awvalid,
    input  wire               m_axil_awready,
    output logic [ADDR_W-1:0] m_axil_awaddr,
    output logic              m_axil_wvalid,
    input  wire               m_axil_wready,
    output logic [31:0]       m_axil_wdata,
    output logic [3:0]        m_axil_wstrb,
    input  wire               m_axil_bvalid,
    output logic              m_axil_bready,
    input  wire  [1:0]        m_axil_bresp
);

    logic asked_q;    // the address is out
    logic written_q;  // the data is out

    wire read_done  = m_axil_rvalid && m_axil_rready;
    wire write_done = m_axil_bvalid && m_axil_bready;
    wire done       = read_done || write_done;
    wire is_read    = request_valid && !request_write;
    wire is_write   = request_valid && request_write;

    always_ff @(posedge clk) begin
        if (!rst_n || done) begin
            asked_q   <= 1'b0;
            written_q <= 1'b0;
        end else begin
            if (m_axil_arvalid && m_axil_arready) asked_q <= 1'b1;
            if (m_axil_awvalid && m_axil_awready) asked_q <= 1'b1;
            if (m_axil_wvalid && m_axil_wready) written_q <= 1'b1;
        end
    end

    assign m_axil_arvalid = is_read && !asked_q;
    assign m_axil_araddr  = request_addr;
    assign m_axil_rready  = is_read && asked_q;
    assign m_axil_awvalid = is_write && !asked_q;
    assign m_axil_awaddr  = request_addr;
    assign m_axil_wvalid  = is_write && !written_q;
    assign m_axil_wdata   = request_wdata;
    assign m_axil_wstrb   = request_wstrb;
    assign m_axil_bready  = is_write && asked_q && written_q;

    assign request_ready = done;
    assign request_rdata = m_axil_rresp == 2'b00 ? m_axil_rdata : '0;
    assign refused       = (read_done && m_axil_rresp != 2'b00) || (write_done && m_axil_bresp != 2'b00);

endmodule

`default_nettype wire
