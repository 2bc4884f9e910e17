// SPDX-License-Identifier: Apache-2.0
//
// soc_posting - the write side of the posting bridge between engine and memory bus.
//
// A write to host memory is answered as soon as its last beat is taken, and its last 16 beats stay here: the oldest
// burst goes on only when a newer one needs its room, when somebody asks for a drain, or after 4096 clocks without a
// write. So what the engine was told is written may not be in memory yet, and the posting bridge's read side
// (soc_posting_reads) keeps the engine itself from noticing. A write to any other memory passes, with its own answer.
//
//     AW --> held bursts ---> release --+--> AW         host memory: B at the last beat
//     W  --> 32 beats -------------------+--> W          other memory: straight through, B from there
//
// A burst longer than 16 beats is released at once. There are 32 places for beats, so that a stream goes through
// at full rate while the release of the burst before it is under way.
//
// Latency     1 clock from the last beat to B; 2 clocks from the address that needs room to the one that makes it.
// Throughput  a beat a clock.
// Errors      a posted write that fails was answered long ago: posted_error pulses.

`default_nettype none

module soc_posting #(
    parameter int DATA_W  = 64,
    parameter int BEATS   = 16,    // held when nothing happens
    parameter int QUIET   = 4096,  // clocks without a write after which everything goes out
    parameter int LIVE_LG = 6      // log2 of the bursts between AW and the memory's answer
) (
    input  wire                  clk,
    input  wire                  rst_n,

    // Drain: busy is up from the clock behind start until memory has answered every write taken before
    input  wire                  drain_start,
    output logic                 drain_busy,
    output logic                 posted_error,

    // To the read side: a burst of host memory is taken, the oldest is in memory
    output logic                 take,
    output logic                 retire,

    // From the engine
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

    // To the memory bus
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

    localparam int STRB_W  = DATA_W / 8;
    localparam int QUIET_W = $clog2(QUIET);
    localparam int COUNT_W = LIVE_LG + 1;
    localparam int HELD_W  = LIVE_LG + 9;  // beats of all live bursts

    localparam logic [8:0]         HOST       = 9'h080;  // address bits 31..23
    localparam logic [QUIET_W-1:0] QUIET_LAST = QUIET_W'(QUIET - 1);

    // ------------------------------------------------------------------------
    // Queues. An entry of the three that say "passes" is 1 for a write that goes straight through.

    wire s_aw_fire = s_axi_awvalid && s_axi_awready;
    wire s_w_fire  = s_axi_wvalid && s_axi_wready;
    wire s_b_fire  = s_axi_bvalid && s_axi_bready;
    wire m_aw_fire = m_axi_awvalid && m_axi_awready;
    wire m_w_fire  = m_axi_wvalid && m_axi_wready;
    wire m_b_fire  = m_axi_bvalid && m_axi_bready;

    wire is_host = s_axi_awaddr[31:23] == HOST;

    // Bursts held: in the order of their addresses, until released
    wire        held_full, held_empty, release_fire;
    wire [39:0] held;
    wire [7:0]  held_len = held[7:0];

    soc_queue #(.W(40), .DEPTH_LG(LIVE_LG)) u_held (
        .clk, .rst_n, .push (take), .push_data ({s_axi_awaddr, s_axi_awlen}), .full (held_full),
        .pop (release_fire), .head (held), .empty (held_empty)
    );

    // Beats held
    wire                   beats_full, beats_empty, beat_in, beat_out;
    wire [DATA_W+STRB_W:0] beat;

    soc_queue #(.W(DATA_W + STRB_W + 1), .DEPTH_LG(5)) u_beats (
        .clk, .rst_n, .push (beat_in), .push_data ({s_axi_wlast, s_axi_wstrb, s_axi_wdata}), .full (beats_full),
        .pop (beat_out), .head (beat), .empty (beats_empty)
    );

    // Whose beats come from the engine next, and whose go out next
    wire in_full, in_empty, in_passes, out_full, out_empty, out_passes;
    wire m_aw_passes;

    soc_queue #(.W(1), .DEPTH_LG(LIVE_LG)) u_in (
        .clk, .rst_n, .push (s_aw_fire), .push_data (!is_host), .full (in_full),
        .pop (s_w_fire && s_axi_wlast), .head (in_passes), .empty (in_empty)
    );
    soc_queue #(.W(1), .DEPTH_LG(LIVE_LG)) u_out (
        .clk, .rst_n, .push (m_aw_fire), .push_data (m_aw_passes), .full (out_full),
        .pop (m_w_fire && m_axi_wlast), .head (out_passes), .empty (out_empty)
    );

    // Whose answer the engine hears next, and whose the memory gives next
    wire told_full, told_empty, told_passes, heard_full, heard_empty, heard_passes;

    soc_queue #(.W(1), .DEPTH_LG(LIVE_LG)) u_told (
        .clk, .rst_n, .push (s_aw_fire), .push_data (!is_host), .full (told_full),
        .pop (s_b_fire), .head (told_passes), .empty (told_empty)
    );
    soc_queue #(.W(1), .DEPTH_LG(LIVE_LG)) u_heard (
        .clk, .rst_n, .push (m_aw_fire), .push_data (m_aw_passes), .full (heard_full),
        .pop (m_b_fire), .head (heard_passes), .empty (heard_empty)
    );

    // ------------------------------------------------------------------------
    // State

    logic [COUNT_W-1:0] taken_q;     // bursts since reset, modulo 2^COUNT_W: of the engine,
    logic [COUNT_W-1:0] released_q;  // sent on,
    logic [COUNT_W-1:0] retired_q;   // answered by memory
    logic [COUNT_W-1:0] mark_q;      // where a drain ends
    logic               drain_q;
    logic [HELD_W-1:0]  held_q;      // beats of the bursts held, those still to come included
    logic [COUNT_W-1:0] coming_q;    // posted bursts whose last beat has not come
    logic [COUNT_W-1:0] untold_q;    // posted bursts whose last beat has come, not yet answered
    logic [QUIET_W-1:0] quiet_q;
    logic               shown_q;     // an address stands at the memory bus
    logic               shown_pass_q;

    // ------------------------------------------------------------------------
    // Addresses: a release goes before a write that passes; a write passes only when no beat of a posted one is to
    // come before its own, so beats go out in the order in which they come

    wire room         = !in_full && !told_full;
    wire live_full    = taken_q - retired_q == COUNT_W'(1 << LIVE_LG);
    wire may_send     = !out_full && !heard_full;
    wire pressed      = held_q > HELD_W'(BEATS);
    wire marked       = drain_q && released_q != mark_q;
    wire want_release = !held_empty && may_send && (pressed || marked);
    wire want_pass    = s_axi_awvalid && !is_host && room && may_send && coming_q == '0;
    wire passes       = shown_q ? shown_pass_q : !want_release;

    assign m_axi_awvalid = passes ? want_pass : want_release;
    assign m_axi_awaddr  = passes ? s_axi_awaddr : held[39:8];
    assign m_axi_awlen   = passes ? s_axi_awlen : held_len;
    assign m_aw_passes   = passes;
    assign release_fire  = m_aw_fire && !passes;

    assign s_axi_awready = is_host ? room && !held_full && !live_full : m_aw_fire && passes;
    assign take          = s_aw_fire && is_host;
    assign retire        = m_b_fire && !heard_passes;

    // ------------------------------------------------------------------------
    // Beats

    wire through = !in_empty && in_passes && !out_empty && out_passes;

    assign s_axi_wready = through ? m_axi_wready : !in_empty && !in_passes && !beats_full;
    assign beat_in      = s_w_fire && !in_passes;
    assign m_axi_wvalid = through ? s_axi_wvalid : !out_empty && !out_passes && !beats_empty;
    assign beat_out     = m_w_fire && !out_passes;
    assign m_axi_wdata  = through ? s_axi_wdata : beat[DATA_W-1:0];
    assign m_axi_wstrb  = through ? s_axi_wstrb : beat[DATA_W +: STRB_W];
    assign m_axi_wlast  = through ? s_axi_wlast : beat[DATA_W+STRB_W];

    wire posted_end = beat_in && s_axi_wlast;

    // ------------------------------------------------------------------------
    // Answers

    wire pass_turn = !told_empty && told_passes && !heard_empty && heard_passes;

    assign s_axi_bvalid = pass_turn ? m_axi_bvalid : !told_empty && !told_passes && untold_q != '0;
    assign s_axi_bresp  = pass_turn ? m_axi_bresp : 2'b00;
    assign m_axi_bready = heard_passes ? pass_turn && s_axi_bready : !heard_empty;
    assign posted_error = retire && m_axi_bresp != 2'b00;

    // ------------------------------------------------------------------------
    // Registers

    wire quiet_over = quiet_q == QUIET_LAST && !drain_q;
    wire drain_done = retired_q == mark_q;

    always_ff @(posedge clk) begin
        if (!rst_n) begin
            taken_q    <= '0;
            released_q <= '0;
            retired_q  <= '0;
            held_q     <= '0;
            coming_q   <= '0;
            untold_q   <= '0;
            quiet_q    <= '0;
            drain_q    <= 1'b0;
            shown_q    <= 1'b0;
        end else begin
            taken_q    <= taken_q + COUNT_W'(take);
            released_q <= released_q + COUNT_W'(release_fire);
            retired_q  <= retired_q + COUNT_W'(retire);
            held_q     <= held_q + (take ? HELD_W'(s_axi_awlen) + 1'b1 : '0)
                                 - (release_fire ? HELD_W'(held_len) + 1'b1 : '0);
            coming_q   <= coming_q + COUNT_W'(take) - COUNT_W'(posted_end);
            untold_q   <= untold_q + COUNT_W'(posted_end) - COUNT_W'(s_b_fire && !told_passes);
            quiet_q    <= held_empty || take || beat_in ? '0 : quiet_q + QUIET_W'(!quiet_over);
            drain_q    <= drain_start || quiet_over || (drain_q && !drain_done);
            shown_q    <= m_axi_awvalid && !m_axi_awready;
        end
    end

    always_ff @(posedge clk) begin
        if (drain_start || quiet_over) mark_q <= taken_q;
        shown_pass_q <= passes;
    end

    assign drain_busy = drain_q;

    // ------------------------------------------------------------------------
    // Checks

`ifndef SYNTHESIS
    initial if (BEATS > 32) $fatal(1, "BEATS");

    always @(posedge clk) if (rst_n) begin
        if (m_axi_bvalid) assert (!heard_empty);
        if (shown_q) assert (m_axi_awvalid);
        assert (retired_q == released_q || taken_q != retired_q);
        // What goes straight through is never behind a posted beat that has not come.
        if (!out_empty && out_passes) assert (in_empty || in_passes);
    end
`endif

endmodule

`default_nettype wire
