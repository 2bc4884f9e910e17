// SPDX-License-Identifier: Apache-2.0
//
// soc_alias - make each access of the core one beat on the memory bus.
//
// It holds nothing, so it is the way round the core's cache and the host bridge. A read of host memory asks the
// posting bridge to drain first, so that polled words and common buffers show what the engine was told is written.
//
//     request --> drain (host memory, reads) --> AR --> R --> ready
//             `-> AW + W --------------------------> B --> ready
//
// Latency     2 clocks and the memory's; a read the drain's as well.
// Throughput  one access at a time.
// Errors      read_error, write_error pulse; the core cannot be told. What failed reads zero.

`default_nettype none

module soc_alias #(
    parameter int DATA_W = 64,  // of the memory bus, bits: 32, 64, 128
    parameter int DRAIN  = 1    // 0: nothing is asked to drain
) (
    input  wire                  clk,
    input  wire                  rst_n,

    input  wire                  request_valid,
    output logic                 request_ready,   // one clock, with rdata
    input  wire  [31:0]          request_addr,    // its top four bits are not looked at
    input  wire                  request_write,
    input  wire  [3:0]           request_wstrb,
    input  wire  [31:0]          request_wdata,
    output logic [31:0]          request_rdata,
    output logic                 read_error,
    output logic                 write_error,

    // Posting bridge: busy is up from the clock behind start until what it held is in memory
    output logic                 drain_start,
    input  wire                  drain_busy,

    output logic                 m_axi_arvalid,
    input  wire                  m_axi_arready,
    output logic [31:0]          m_axi_araddr,
    output logic [7:0]           m_axi_arlen,
    input  wire                  m_axi_rvalid,
    output logic                 m_axi_rready,
    input  wire  [DATA_W-1:0]    m_axi_rdata,
    input  wire  [1:0]           m_axi_rresp,
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
    output logic                 m_axi_bready,
    input  wire  [1:0]           m_axi_bresp
);

    localparam int LANES   = DATA_W / 32;
    localparam int BEAT_LG = $clog2(DATA_W / 8);
    localparam int LANE_W  = LANES > 1 ? BEAT_LG - 2 : 1;

    // ------------------------------------------------------------------------
    // State

    typedef enum logic [1:0] {
        Idle,   // looks at the request
        Drain,  // waits for the posting bridge
        Ask,    // the address, of a write the data too, is going out
        Answer  // waits for the response
    } state_e;

    state_e state_q, state_d;
    logic   asked_q, written_q;

    wire ar_fire  = m_axi_arvalid && m_axi_arready;
    wire aw_fire  = m_axi_awvalid && m_axi_awready;
    wire w_fire   = m_axi_wvalid && m_axi_wready;
    wire all_out  = request_write ? (asked_q || aw_fire) && (written_q || w_fire) : ar_fire;
    wire answered = request_write ? m_axi_bvalid : m_axi_rvalid;
    wire is_host  = !request_addr[23];
    wire drains   = DRAIN != 0 && is_host && !request_write;

    always_comb begin
        state_d = state_q;
        case (state_q)
            Idle: begin
                if (request_valid && drains) state_d = Drain;
                else if (request_valid) state_d = Ask;
            end
            Drain:  if (!drain_busy) state_d = Ask;
            Ask:    if (all_out) state_d = Answer;
            Answer: if (answered) state_d = Idle;
        endcase
    end

    always_ff @(posedge clk) begin
        if (!rst_n) begin
            state_q   <= Idle;
            asked_q   <= 1'b0;
            written_q <= 1'b0;
        end else begin
            state_q   <= state_d;
            asked_q   <= state_q == Ask && (asked_q || aw_fire);
            written_q <= state_q == Ask && (written_q || w_fire);
        end
    end

    // ------------------------------------------------------------------------
    // Bus: the word stands in its lane of a whole beat

    wire [LANE_W-1:0] lane   = LANES > 1 ? request_addr[2 +: LANE_W] : '0;
    wire [31:0]       beat   = {4'h4, request_addr[27:BEAT_LG], BEAT_LG'(0)};
    wire              failed = state_q == Answer && answered && (request_write ? m_axi_bresp : m_axi_rresp) != 2'b00;

    assign drain_start   = state_q == Idle && request_valid && drains;
    assign m_axi_arvalid = state_q == Ask && !request_write;
    assign m_axi_araddr  = beat;
    assign m_axi_arlen   = '0;
    assign m_axi_rready  = state_q == Answer && !request_write;
    assign m_axi_awvalid = state_q == Ask && request_write && !asked_q;
    assign m_axi_awaddr  = beat;
    assign m_axi_awlen   = '0;
    assign m_axi_wvalid  = state_q == Ask && request_write && !written_q;
    assign m_axi_wdata   = {LANES{request_wdata}};
    assign m_axi_wstrb   = (DATA_W/8)'(request_wstrb) << {lane, 2'b00};
    assign m_axi_wlast   = 1'b1;
    assign m_axi_bready  = state_q == Answer && request_write;

    assign request_ready = state_q == Answer && answered;
    assign request_rdata = failed ? '0 : 32'(m_axi_rdata >> {lane, 5'd0});
    assign read_error    = failed && !request_write;
    assign write_error   = failed && request_write;

    wire unused_ok = &{1'b0, request_addr, m_axi_rlast};

`ifndef SYNTHESIS
    always @(posedge clk) if (rst_n) begin
        if (m_axi_rvalid && m_axi_rready) assert (m_axi_rlast);
        if (state_q != Idle) assert (request_valid);
    end
`endif

endmodule

`default_nettype wire
