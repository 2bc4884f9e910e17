// SPDX-License-Identifier: Apache-2.0
//
// soc_join - two managers of the core's side on one port of the memory bus.
//
// The host bridge may have many writes in flight and one read, the alias one access. The bridge goes first.
//
//     a ---+--> [whose turn] --> m        one read at a time; writes by whole bursts, answers in their order
//     b ---'
//
// Latency     none.
// Throughput  a beat a clock; an idle clock between bursts.
// Errors      responses go to whoever asked.

`default_nettype none

module soc_join #(
    parameter int DATA_W = 64
) (
    input  wire                  clk,
    input  wire                  rst_n,

    // First manager
    input  wire                  a_axi_arvalid,
    output logic                 a_axi_arready,
    input  wire  [31:0]          a_axi_araddr,
    input  wire  [7:0]           a_axi_arlen,
    output logic                 a_axi_rvalid,
    input  wire                  a_axi_rready,
    input  wire                  a_axi_awvalid,
    output logic                 a_axi_awready,
    input  wire  [31:0]          a_axi_awaddr,
    input  wire  [7:0]           a_axi_awlen,
    input  wire                  a_axi_wvalid,
    output logic                 a_axi_wready,
    input  wire  [DATA_W-1:0]    a_axi_wdata,
    input  wire  [DATA_W/8-1:0]  a_axi_wstrb,
    input  wire                  a_axi_wlast,
    output logic                 a_axi_bvalid,
    input  wire                  a_axi_bready,

    // Second manager
    input  wire                  b_axi_arvalid,
    output logic                 b_axi_arready,
    input  wire  [31:0]          b_axi_araddr,
    input  wire  [7:0]           b_axi_arlen,
    output logic                 b_axi_rvalid,
    input  wire                  b_axi_rready,
    input  wire                  b_axi_awvalid,
    output logic                 b_axi_awready,
    input  wire  [31:0]          b_axi_awaddr,
    input  wire  [7:0]           b_axi_awlen,
    input  wire                  b_axi_wvalid,
    output logic                 b_axi_wready,
    input  wire  [DATA_W-1:0]    b_axi_wdata,
    input  wire  [DATA_W/8-1:0]  b_axi_wstrb,
    input  wire                  b_axi_wlast,
    output logic                 b_axi_bvalid,
    input  wire                  b_axi_bready,

    // Bus; read data and responses go to both as they are
    output logic                 m_axi_arvalid,
    input  wire                  m_axi_arready,
    output logic [31:0]          m_axi_araddr,
    output logic [7:0]           m_axi_arlen,
    input  wire                  m_axi_rvalid,
    output logic                 m_axi_rready,
    input  wire                  m_axi_rlast,
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
    output logic                 m_axi_bready
);

    // ------------------------------------------------------------------------
    // Reads: the turn is kept from the address, taken or not, to the last beat

    logic reading_q;  // the turn is kept
    logic reader_q;   // 0: a, 1: b
    logic asked_q;    // its address is out

    wire reader    = reading_q ? reader_q : !a_axi_arvalid;
    wire ar_fire   = m_axi_arvalid && m_axi_arready;
    wire read_done = m_axi_rvalid && m_axi_rready && m_axi_rlast;

    always_ff @(posedge clk) begin
        if (!rst_n) begin
            reading_q <= 1'b0;
            asked_q   <= 1'b0;
        end else begin
            reading_q <= (reading_q || m_axi_arvalid) && !read_done;
            asked_q   <= (asked_q || ar_fire) && !read_done;
        end
    end

    always_ff @(posedge clk) if (!reading_q) reader_q <= reader;

    assign m_axi_arvalid = !asked_q && (reader ? b_axi_arvalid : a_axi_arvalid);
    assign m_axi_araddr  = reader ? b_axi_araddr : a_axi_araddr;
    assign m_axi_arlen   = reader ? b_axi_arlen : a_axi_arlen;
    assign a_axi_arready = !reader && !asked_q && m_axi_arready;
    assign b_axi_arready = reader && !asked_q && m_axi_arready;
    assign a_axi_rvalid  = asked_q && !reader_q && m_axi_rvalid;
    assign b_axi_rvalid  = asked_q && reader_q && m_axi_rvalid;
    assign m_axi_rready  = asked_q && (reader_q ? b_axi_rready : a_axi_rready);

    // ------------------------------------------------------------------------
    // Writes: the turn is kept until address and last beat are out

    logic writing_q, writer_q;
    logic address_out_q, beats_out_q;
    logic answers_full, answers_empty, answer_to;

    wire a_writes    = a_axi_awvalid || a_axi_wvalid;
    wire b_writes    = b_axi_awvalid || b_axi_wvalid;
    wire writer      = writing_q ? writer_q : !a_writes;
    wire may_write   = writing_q || !answers_full;
    wire aw_fire     = m_axi_awvalid && m_axi_awready;
    wire last_fire   = m_axi_wvalid && m_axi_wready && m_axi_wlast;
    wire address_out = address_out_q || aw_fire;
    wire beats_out   = beats_out_q || last_fire;
    wire write_done  = address_out && beats_out;

    always_ff @(posedge clk) begin
        if (!rst_n) begin
            writing_q     <= 1'b0;
            address_out_q <= 1'b0;
            beats_out_q   <= 1'b0;
        end else begin
            writing_q     <= (writing_q || (may_write && (a_writes || b_writes))) && !write_done;
            address_out_q <= address_out && !write_done;
            beats_out_q   <= beats_out && !write_done;
        end
    end

    always_ff @(posedge clk) if (!writing_q) writer_q <= writer;

    // Entered with the address, so an answer never comes before its entry.
    soc_queue #(.W(1), .DEPTH_LG(4)) u_answers (
        .clk, .rst_n,
        .push (aw_fire), .push_data (writer), .full (answers_full),
        .pop  (m_axi_bvalid && m_axi_bready), .head (answer_to), .empty (answers_empty)
    );

    assign m_axi_awvalid = may_write && !address_out_q && (writer ? b_axi_awvalid : a_axi_awvalid);
    assign m_axi_awaddr  = writer ? b_axi_awaddr : a_axi_awaddr;
    assign m_axi_awlen   = writer ? b_axi_awlen : a_axi_awlen;
    assign m_axi_wvalid  = may_write && !beats_out_q && (writer ? b_axi_wvalid : a_axi_wvalid);
    assign m_axi_wdata   = writer ? b_axi_wdata : a_axi_wdata;
    assign m_axi_wstrb   = writer ? b_axi_wstrb : a_axi_wstrb;
    assign m_axi_wlast   = writer ? b_axi_wlast : a_axi_wlast;
    assign a_axi_awready = may_write && !writer && !address_out_q && m_axi_awready;
    assign b_axi_awready = may_write && writer && !address_out_q && m_axi_awready;
    assign a_axi_wready  = may_write && !writer && !beats_out_q && m_axi_wready;
    assign b_axi_wready  = may_write && writer && !beats_out_q && m_axi_wready;

    assign a_axi_bvalid = !answers_empty && !answer_to && m_axi_bvalid;
    assign b_axi_bvalid = !answers_empty && answer_to && m_axi_bvalid;
    assign m_axi_bready = !answers_empty && (answer_to ? b_axi_bready : a_axi_bready);

`ifndef SYNTHESIS
    always @(posedge clk) if (rst_n) begin
        if (m_axi_bvalid) assert (!answers_empty);
        if (m_axi_rvalid) assert (asked_q);
    end
`endif

endmodule

`default_nettype wire
