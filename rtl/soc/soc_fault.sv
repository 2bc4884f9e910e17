// SPDX-License-Identifier: Apache-2.0
//
// soc_fault - bus errors on the engine's side of the posting bridge, on demand.
//
// What the posting bridge has taken never fails, so this is where a test makes a transfer fail: a burst that begins in
// [first, last] is answered with the response given, a write of that kind changes no byte, and hang holds back every answer.
// A board ties it off.
//
//     engine --> [marks] --> posting bridge
//
// Latency     data goes out one clock behind its address at the earliest, else none.
// Throughput  a beat a clock each way.
// Errors      those asked for.

`default_nettype none

module soc_fault #(
    parameter int DATA_W   = 64,
    parameter int QUEUE_LG = 7   // log2 of the bursts in flight, each way
) (
    input  wire                  clk,
    input  wire                  rst_n,

    // What to do; may change at any time, for addresses to come
    input  wire                  fault_read,
    input  wire                  fault_write,
    input  wire  [31:0]          fault_first,
    input  wire  [31:0]          fault_last,
    input  wire  [1:0]           fault_resp,
    input  wire                  fault_hang,

    // From the engine
    input  wire                  s_axi_arvalid,
    output logic                 s_axi_arready,
    input  wire  [31:0]          s_axi_araddr,
    output logic                 s_axi_rvalid,
    input  wire                  s_axi_rready,
    output logic [1:0]           s_axi_rresp,
    input  wire                  s_axi_awvalid,
    output logic                 s_axi_awready,
    input  wire  [31:0]          s_axi_awaddr,
    input  wire                  s_axi_wvalid,
    output logic                 s_axi_wready,
    input  wire  [DATA_W/8-1:0]  s_axi_wstrb,
    input  wire                  s_axi_wlast,
    output logic                 s_axi_bvalid,
    input  wire                  s_axi_bready,
    output logic [1:0]           s_axi_bresp,

    // To the posting bridge; what is not here goes past
    output logic                 m_axi_arvalid,
    input  wire                  m_axi_arready,
    input  wire                  m_axi_rvalid,
    output logic                 m_axi_rready,
    input  wire  [1:0]           m_axi_rresp,
    input  wire                  m_axi_rlast,
    output logic                 m_axi_awvalid,
    input  wire                  m_axi_awready,
    output logic                 m_axi_wvalid,
    input  wire                  m_axi_wready,
    output logic [DATA_W/8-1:0]  m_axi_wstrb,
    input  wire                  m_axi_bvalid,
    output logic                 m_axi_bready,
    input  wire  [1:0]           m_axi_bresp
);

    // A mark is {fails, response}.
    wire read_hit  = fault_read && s_axi_araddr >= fault_first && s_axi_araddr <= fault_last;
    wire write_hit = fault_write && s_axi_awaddr >= fault_first && s_axi_awaddr <= fault_last;

    wire       reads_full, reads_empty, data_full, data_empty, writes_full, writes_empty, data_fails;
    wire [2:0] read_mark, write_mark;

    soc_queue #(.W(3), .DEPTH_LG(QUEUE_LG)) u_reads (
        .clk, .rst_n, .push (s_axi_arvalid && s_axi_arready), .push_data ({read_hit, fault_resp}), .full (reads_full),
        .pop (s_axi_rvalid && s_axi_rready && m_axi_rlast), .head (read_mark), .empty (reads_empty)
    );
    soc_queue #(.W(1), .DEPTH_LG(QUEUE_LG)) u_data (
        .clk, .rst_n, .push (s_axi_awvalid && s_axi_awready), .push_data (write_hit), .full (data_full),
        .pop (s_axi_wvalid && s_axi_wready && s_axi_wlast), .head (data_fails), .empty (data_empty)
    );
    soc_queue #(.W(3), .DEPTH_LG(QUEUE_LG)) u_writes (
        .clk, .rst_n, .push (s_axi_awvalid && s_axi_awready), .push_data ({write_hit, fault_resp}), .full (writes_full),
        .pop (s_axi_bvalid && s_axi_bready), .head (write_mark), .empty (writes_empty)
    );

    assign m_axi_arvalid = s_axi_arvalid && !reads_full;
    assign s_axi_arready = m_axi_arready && !reads_full;
    assign s_axi_rvalid  = m_axi_rvalid && !fault_hang;
    assign m_axi_rready  = s_axi_rready && !fault_hang;
    assign s_axi_rresp   = read_mark[2] ? read_mark[1:0] : m_axi_rresp;

    assign m_axi_awvalid = s_axi_awvalid && !writes_full;
    assign s_axi_awready = m_axi_awready && !writes_full;
    assign m_axi_wvalid  = s_axi_wvalid && !data_empty;
    assign s_axi_wready  = m_axi_wready && !data_empty;
    assign m_axi_wstrb   = data_fails ? '0 : s_axi_wstrb;
    assign s_axi_bvalid  = m_axi_bvalid && !fault_hang;
    assign m_axi_bready  = s_axi_bready && !fault_hang;
    assign s_axi_bresp   = write_mark[2] ? write_mark[1:0] : m_axi_bresp;

    wire unused_ok = &{1'b0, reads_empty, data_full, writes_empty};

endmodule

`default_nettype wire
