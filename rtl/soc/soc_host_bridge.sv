// SPDX-License-Identifier: Apache-2.0
//
// soc_host_bridge - eight lines of host memory between the core's data port and the memory bus.
//
// It is a cache the core does not know of. A store takes a line without reading memory and marks its bytes dirty; a
// load of a line that was not read fills what is not dirty. A new line takes the place of the oldest, whose dirty
// bytes, and no others, go to memory. DRAIN writes every line back, oldest first, and then empties all.
//
//     request --> tags --> hit ------------------------> ready
//                      `-> miss --> write back --> take --> fill --> hit
//
// Latency     a hit is answered in its clock; a fill costs the memory's latency, a write-back waits for its beats only.
// Throughput  a word a clock.
// Errors      read_error, write_error pulse with a response that is not OKAY; the core cannot be told.

`default_nettype none

module soc_host_bridge #(
    parameter int DATA_W = 64  // of the memory bus, bits: 32, 64, 128
) (
    input  wire                  clk,
    input  wire                  rst_n,

    input  wire                  request_valid,
    output logic                 request_ready,  // with rdata
    input  wire  [31:0]          request_addr,   // 0x4000_0000 .. 0x407F_FFFF
    input  wire                  request_write,
    input  wire  [3:0]           request_wstrb,
    input  wire  [31:0]          request_wdata,
    output logic [31:0]          request_rdata,
    output logic                 read_error,
    output logic                 write_error,

    input  wire                  drain_start,
    output logic                 drain_busy,     // until memory has answered

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

    localparam int LINES   = 8;
    localparam int BYTES   = 32;            // of a line: one of the core's
    localparam int BEATS   = BYTES * 8 / DATA_W;
    localparam int STRB_W  = DATA_W / 8;
    localparam int LANES   = DATA_W / 32;
    localparam int BEAT_W  = $clog2(BEATS);
    localparam int LANE_W  = LANES > 1 ? $clog2(LANES) : 1;
    localparam int BEAT_LG = $clog2(STRB_W);
    localparam int TAG_W   = 18;            // address bits 22..5

    localparam logic [BEAT_W-1:0] LAST_BEAT = '1;
    localparam logic [8:0]        HOST      = 9'h080;  // address bits 31..23

    // ------------------------------------------------------------------------
    // State

    typedef enum logic [2:0] {
        Serve,  // answers hits, decides about the rest
        Write,  // the line at_q goes to memory
        Ask,    // the address of the line at_q goes out
        Fill,   // its beats come in
        Drain   // decides about the line at_q
    } state_e;

    state_e           state_q, state_d;
    logic [LINES-1:0] valid_q;   // the tag means something
    logic [LINES-1:0] filled_q;  // every byte that is not dirty is memory's
    logic [TAG_W-1:0] tag_q   [0:LINES-1];
    logic [BYTES-1:0] dirty_q [0:LINES-1];
    logic [DATA_W-1:0] data   [0:LINES*BEATS-1];

    logic [2:0]        oldest_q;  // lines are taken in turn, so this is the next to go
    logic [2:0]        at_q;      // line that is written, filled or looked at
    logic [BEAT_W-1:0] beat_q;    // of a write-back or fill
    logic              asked_q;   // write-back: the address is out
    logic              beats_out_q;
    logic              drain_q, draining_q;
    logic [3:0]        left_q;    // drain: lines still to be looked at
    logic [3:0]        flight_q;  // write-backs without a response
    logic [TAG_W-1:0]  flight_tag_q;  // line of the newest of them

    // ------------------------------------------------------------------------
    // Lookup

    wire [TAG_W-1:0]  tag  = request_addr[22:5];
    wire [BEAT_W-1:0] beat = request_addr[BEAT_LG +: BEAT_W];
    wire [LANE_W-1:0] lane = LANES > 1 ? request_addr[2 +: LANE_W] : '0;
    wire [4:0]        byte_at = {request_addr[4:2], 2'b00};

    wire [LINES-1:0] match;
    for (genvar i = 0; i < LINES; i++) begin : g_match
        assign match[i] = valid_q[i] && tag_q[i] == tag;
    end

    wire       hit  = match != '0;
    wire [2:0] line = {match[7] || match[6] || match[5] || match[4],
                       match[7] || match[6] || match[3] || match[2],
                       match[7] || match[5] || match[3] || match[1]};

    wire serving   = state_q == Serve && request_valid && !drain_q;
    wire store_hit = serving && hit && request_write;
    wire load_hit  = serving && hit && !request_write && filled_q[line];
    wire fill_miss = serving && hit && !request_write && !filled_q[line];
    wire miss      = serving && !hit;
    wire must_save = valid_q[oldest_q] && dirty_q[oldest_q] != '0;

    // ------------------------------------------------------------------------
    // Next state

    wire aw_fire    = m_axi_awvalid && m_axi_awready;
    wire w_fire     = m_axi_wvalid && m_axi_wready;
    wire r_fire     = m_axi_rvalid && m_axi_rready;
    wire b_fire     = m_axi_bvalid && m_axi_bready;
    wire beats_out  = beats_out_q || (w_fire && m_axi_wlast);
    wire saved      = state_q == Write && (asked_q || aw_fire) && beats_out;
    wire take       = miss && !must_save;
    // A fill must not pass a write-back of the same line; of another it may.
    wire may_ask    = flight_q == '0 || (flight_q == 4'd1 && flight_tag_q != tag_q[at_q]);
    wire may_fly    = flight_q != '1;
    wire filled     = state_q == Fill && r_fire && m_axi_rlast;
    wire at_dirty   = valid_q[at_q] && dirty_q[at_q] != '0;
    wire drain_next = state_q == Drain && left_q != '0 && !at_dirty;
    wire drained    = state_q == Drain && left_q == '0 && flight_q == '0;

    always_comb begin
        state_d = state_q;
        case (state_q)
            Serve: begin
                if (drain_q) state_d = Drain;
                else if (fill_miss) state_d = Ask;
                else if (miss && must_save && may_fly) state_d = Write;
            end
            Write: begin
                if (saved && draining_q) state_d = Drain;
                else if (saved) state_d = Serve;
            end
            Ask:   if (m_axi_arvalid && m_axi_arready) state_d = Fill;
            Fill:  if (filled) state_d = Serve;
            Drain: begin
                if (left_q != '0 && at_dirty && may_fly) state_d = Write;
                else if (drained) state_d = Serve;
            end
            default: state_d = Serve;
        endcase
    end

    // ------------------------------------------------------------------------
    // Registers

    always_ff @(posedge clk) begin
        if (!rst_n) begin
            state_q     <= Serve;
            oldest_q    <= '0;
            drain_q     <= 1'b0;
            draining_q  <= 1'b0;
            flight_q    <= '0;
            beat_q      <= '0;
            asked_q     <= 1'b0;
            beats_out_q <= 1'b0;
        end else begin
            state_q     <= state_d;
            oldest_q    <= oldest_q + 3'(take);
            drain_q     <= drain_start || (drain_q && !drained);
            draining_q  <= (state_q == Serve && drain_q) || (draining_q && !drained);
            flight_q    <= flight_q + 4'(saved) - 4'(b_fire);
            beat_q      <= beat_q + BEAT_W'(w_fire || r_fire);  // comes back to 0 at the end of a line
            asked_q     <= state_q == Write && !saved && (asked_q || aw_fire);
            beats_out_q <= state_q == Write && !saved && beats_out;
        end
    end

    always_ff @(posedge clk) begin
        if (state_q == Serve) at_q <= fill_miss ? line : oldest_q;
        else if (drain_next)  at_q <= at_q + 1'b1;
        if (state_q == Serve) left_q <= 4'(LINES);
        else if (drain_next)  left_q <= left_q - 1'b1;
        if (saved) flight_tag_q <= tag_q[at_q];
    end

    always_ff @(posedge clk) begin
        if (!rst_n || drained) valid_q <= '0;
        else if (take)         valid_q[oldest_q] <= 1'b1;
    end

    always_ff @(posedge clk) begin
        if (take) tag_q[oldest_q] <= tag;
        if (take) filled_q[oldest_q] <= 1'b0;
        else if (filled) filled_q[at_q] <= 1'b1;
        if (take) dirty_q[oldest_q] <= '0;
        else if (saved) dirty_q[at_q] <= '0;
        else if (store_hit) dirty_q[line] <= dirty_q[line] | (BYTES'(request_wstrb) << byte_at);
    end

    // ------------------------------------------------------------------------
    // Data: one write port, of the core or of a fill; a fill keeps its hands off dirty bytes

    wire [BYTES-1:0]    at_dirty_bytes = dirty_q[at_q];
    wire [STRB_W-1:0]   at_dirty_beat  = at_dirty_bytes[{beat_q, BEAT_LG'(0)} +: STRB_W];
    wire [STRB_W-1:0]   store_strb     = STRB_W'(request_wstrb) << {lane, 2'b00};
    wire [STRB_W-1:0]   data_strb      = store_hit ? store_strb : r_fire ? ~at_dirty_beat : '0;
    wire [DATA_W-1:0]   data_in        = store_hit ? {LANES{request_wdata}} : m_axi_rdata;
    wire [BEAT_W+2:0]   data_at        = state_q == Serve ? {line, beat} : {at_q, beat_q};
    wire [DATA_W-1:0]   data_out       = data[data_at];

    for (genvar i = 0; i < STRB_W; i++) begin : g_data
        always_ff @(posedge clk) if (data_strb[i]) data[data_at][8*i +: 8] <= data_in[8*i +: 8];
    end

    // ------------------------------------------------------------------------
    // Outputs

    assign request_ready = store_hit || load_hit;
    assign request_rdata = 32'(data_out >> {lane, 5'd0});

    assign m_axi_arvalid = state_q == Ask && may_ask;
    assign m_axi_araddr  = {HOST, tag_q[at_q], 5'd0};
    assign m_axi_arlen   = 8'(BEATS - 1);
    assign m_axi_rready  = state_q == Fill;

    assign m_axi_awvalid = state_q == Write && !asked_q;
    assign m_axi_awaddr  = {HOST, tag_q[at_q], 5'd0};
    assign m_axi_awlen   = 8'(BEATS - 1);
    assign m_axi_wvalid  = state_q == Write && !beats_out_q;
    assign m_axi_wdata   = data_out;
    assign m_axi_wstrb   = at_dirty_beat;
    assign m_axi_wlast   = beat_q == LAST_BEAT;
    assign m_axi_bready  = 1'b1;

    assign drain_busy  = drain_q;
    assign read_error  = r_fire && m_axi_rresp != 2'b00;
    assign write_error = b_fire && m_axi_bresp != 2'b00;

    wire unused_ok = &{1'b0, request_addr};

    // ------------------------------------------------------------------------
    // Checks

`ifndef SYNTHESIS
    always @(posedge clk) if (rst_n) begin
        assert ((match & (match - 1'b1)) == '0);          // a line stands in one place
        assert (!(b_fire && flight_q == '0));
        if (request_valid) assert (request_addr[31:23] == HOST);
        if (r_fire) assert (m_axi_rlast == (beat_q == LAST_BEAT));
        if (state_q == Serve) assert (beat_q == '0);
    end
`endif

endmodule

`default_nettype wire
