// SPDX-License-Identifier: Apache-2.0
//
// soc_posting_bridge - what the engine wrote last stands here before memory has it.
//
// The adapter's internal cache: the engine sees its own writes, nobody else does until a drain.
//
//     engine: AW W B --> soc_posting -------> memory bus
//             AR R   --> soc_posting_reads --> memory bus
//
// Latency     none for reads, see the two parts for the rest; BYPASS: wires.
// Throughput  a beat a clock each way.
// Errors      posted_error pulses when a write fails that the engine was told is done.

`default_nettype none

module soc_posting_bridge #(
    parameter int DATA_W      = 64,
    parameter int BURST_BEATS = 16,  // longest burst of the engine
    parameter int BYPASS      = 0    // 1: every write goes to memory before it is answered
) (
    input  wire                  clk,
    input  wire                  rst_n,

    // Drain: from two sides, busy for both
    input  wire                  flush_start,
    input  wire                  alias_start,
    output logic                 drain_busy,
    output logic                 posted_error,

    // From the engine
    input  wire                  s_axi_arvalid,
    output logic                 s_axi_arready,
    input  wire  [31:0]          s_axi_araddr,
    input  wire  [7:0]           s_axi_arlen,
    input  wire                  s_axi_awvalid,
    output logic                 s_axi_awready,
    input  wire  [31:0]          s_axi_awaddr,
    input  wire  [7:0]           s_axi_awlen,
    input  wire                  s_axi_wvalid,
    output logic                 s_axi_wready,
    input  wire  [DATA_W-1:0]    s_axi_wdata,
    input  wire  [DATA_W/8-1:0]  s_axi_wstrb,
    input  wire                  s_axi_wlast,
    output logic                 s_axi_bvalid,
    input  wire                  s_axi_bready,
    output logic [1:0]           s_axi_bresp,

    // To the memory bus; the read's address, length and data need no bridge
    output logic                 m_axi_arvalid,
    input  wire                  m_axi_arready,
    output logic                 m_axi_awvalid,
    input  wire                  m_axi_awready,
    output logic [31:0]          m_axi_awaddr,
    output logic [7:0]           m_axi_awlen,
    output logic                 m_axi_wvalid,
    input  wire                  m_axi_wready,
    output logic [DATA_W-1:0]    m_axi_wdata,
    output logic [DATA_W/8-1:0]  m_axi_wstrb,
    output logic                 m_axi_wlast,
    input  wire                  m_axi_bvalid,
    output logic                 m_axi_bready,
    input  wire  [1:0]           m_axi_bresp
);

    generate if (BYPASS == 0) begin : g_bridge
        wire take, retire, reads_start;

        soc_posting #(.DATA_W(DATA_W)) u_writes (
            .clk, .rst_n,
            .drain_start (flush_start || alias_start || reads_start), .drain_busy, .posted_error, .take, .retire,
            .s_axi_awvalid, .s_axi_awready, .s_axi_awaddr, .s_axi_awlen,
            .s_axi_wvalid, .s_axi_wready, .s_axi_wdata, .s_axi_wstrb, .s_axi_wlast,
            .s_axi_bvalid, .s_axi_bready, .s_axi_bresp,
            .m_axi_awvalid, .m_axi_awready, .m_axi_awaddr, .m_axi_awlen,
            .m_axi_wvalid, .m_axi_wready, .m_axi_wdata, .m_axi_wstrb, .m_axi_wlast,
            .m_axi_bvalid, .m_axi_bready, .m_axi_bresp
        );

        soc_posting_reads #(.DATA_W(DATA_W), .BURST_BEATS(BURST_BEATS)) u_reads (
            .clk, .rst_n, .take, .take_addr (s_axi_awaddr), .take_len (s_axi_awlen), .retire,
            .drain_start (reads_start), .s_axi_arvalid, .s_axi_arready, .s_axi_araddr, .s_axi_arlen, .m_axi_arvalid, .m_axi_arready
        );
    end else begin : g_wires
        assign {m_axi_arvalid, s_axi_arready} = {s_axi_arvalid, m_axi_arready};
        assign {m_axi_awvalid, s_axi_awready} = {s_axi_awvalid, m_axi_awready};
        assign {m_axi_awaddr, m_axi_awlen}    = {s_axi_awaddr, s_axi_awlen};
        assign {m_axi_wvalid, s_axi_wready}   = {s_axi_wvalid, m_axi_wready};
        assign {m_axi_wdata, m_axi_wstrb, m_axi_wlast} = {s_axi_wdata, s_axi_wstrb, s_axi_wlast};
        assign {s_axi_bvalid, m_axi_bready, s_axi_bresp} = {m_axi_bvalid, s_axi_bready, m_axi_bresp};
        assign {drain_busy, posted_error}     = '0;

        wire unused_ok = &{1'b0, clk, rst_n, flush_start, alias_start, s_axi_araddr, s_axi_arlen};
    end endgenerate

endmodule

`default_nettype wire
