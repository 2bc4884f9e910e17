// SPDX-License-Identifier: Apache-2.0
//
// soc_posting_reads - the read side of the posting bridge: no read passes a write that the engine was told is done.
//
// Every burst that soc_posting took and memory has not answered stands here as the block of host memory it begins in,
// and whether it reaches into the next. A read of a block that one touches waits, and asks for a drain.
//
//     take, retire --> live blocks --+
//     AR ----------------------------+--> AR, or wait and drain
//
// Latency     none for a read that meets nothing.
// Throughput  an address a clock.
// Errors      none.

`default_nettype none

module soc_posting_reads #(
    parameter int DATA_W      = 64,
    parameter int BURST_BEATS = 16,  // of a block: no burst is longer
    parameter int LIVE_LG     = 6    // as in soc_posting
) (
    input  wire         clk,
    input  wire         rst_n,

    // From the write side
    input  wire         take,
    input  wire  [31:0] take_addr,
    input  wire  [7:0]  take_len,
    input  wire         retire,
    output logic        drain_start,    // one clock, when a read has begun to wait

    // From the engine, to the memory bus
    input  wire         s_axi_arvalid,
    output logic        s_axi_arready,
    input  wire  [31:0] s_axi_araddr,
    input  wire  [7:0]  s_axi_arlen,
    output logic        m_axi_arvalid,
    input  wire         m_axi_arready
);

    localparam int LIVE     = 1 << LIVE_LG;
    localparam int BEAT_LG  = $clog2(DATA_W / 8);
    localparam int BEATS_LG = $clog2(BURST_BEATS);
    localparam int BLOCK_LG = BEAT_LG + BEATS_LG;
    localparam int BLOCK_W  = 23 - BLOCK_LG;
    localparam int END_W    = 9;  // holds a beat's place in its block plus a length

    localparam logic [8:0] HOST = 9'h080;  // address bits 31..23

    // ------------------------------------------------------------------------
    // State

    logic [LIVE-1:0]    live_q;
    logic [LIVE-1:0]    crosses_q;
    logic [BLOCK_W-1:0] block_q [0:LIVE-1];
    logic [LIVE_LG-1:0] newest_q, oldest_q;
    logic               shown_q;    // the address stands at the memory bus: what comes later is no longer before it
    logic               waiting_q;  // the drain has been asked for

    // ------------------------------------------------------------------------
    // Comparison

    wire [BLOCK_W-1:0] block        = s_axi_araddr[BLOCK_LG +: BLOCK_W];
    wire [END_W-1:0]   read_end     = END_W'(s_axi_araddr[BEAT_LG +: BEATS_LG]) + END_W'(s_axi_arlen);
    wire [END_W-1:0]   take_end     = END_W'(take_addr[BEAT_LG +: BEATS_LG]) + END_W'(take_len);
    wire               read_crosses = read_end >= END_W'(BURST_BEATS);
    wire               take_crosses = take_end >= END_W'(BURST_BEATS);
    wire [BLOCK_W-1:0] block_before = block - 1'b1;
    wire [BLOCK_W-1:0] block_behind = block + 1'b1;

    wire asks_host = s_axi_arvalid && s_axi_araddr[31:23] == HOST && !shown_q;
    logic met;

    // Looked at only when there is an address: most of the time a simulation has nothing to do here.
    always_comb begin
        met = 1'b0;
        if (asks_host) begin
            for (int i = 0; i < LIVE; i++) begin
                if (live_q[i] && (block_q[i] == block || (crosses_q[i] && block_q[i] == block_before) ||
                                  (read_crosses && block_q[i] == block_behind))) met = 1'b1;
            end
        end
    end

    // ------------------------------------------------------------------------
    // Registers

    always_ff @(posedge clk) begin
        if (!rst_n) begin
            live_q    <= '0;
            newest_q  <= '0;
            oldest_q  <= '0;
            shown_q   <= 1'b0;
            waiting_q <= 1'b0;
        end else begin
            if (take) live_q[newest_q] <= 1'b1;
            if (retire) live_q[oldest_q] <= 1'b0;
            newest_q  <= newest_q + LIVE_LG'(take);
            oldest_q  <= oldest_q + LIVE_LG'(retire);
            shown_q   <= m_axi_arvalid && !m_axi_arready;
            waiting_q <= met;
        end
    end

    always_ff @(posedge clk) begin
        if (take) block_q[newest_q]   <= take_addr[BLOCK_LG +: BLOCK_W];
        if (take) crosses_q[newest_q] <= take_crosses;
    end

    assign m_axi_arvalid = s_axi_arvalid && !met;
    assign s_axi_arready = m_axi_arready && !met;
    assign drain_start   = met && !waiting_q;

    wire unused_ok = &{1'b0, s_axi_araddr, take_addr};

`ifndef SYNTHESIS
    initial if (BURST_BEATS != 1 << BEATS_LG || BURST_BEATS > 256) $fatal(1, "BURST_BEATS");

    always @(posedge clk) if (rst_n) begin
        if (take) assert (!live_q[newest_q] && 32'(take_len) < BURST_BEATS);
        if (retire) assert (live_q[oldest_q]);
        if (s_axi_arvalid) assert (32'(s_axi_arlen) < BURST_BEATS);
    end
`endif

endmodule

`default_nettype wire
