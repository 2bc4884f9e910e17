// SPDX-License-Identifier: Apache-2.0
//
// dray_gate_check - one direction of the gate: may this burst pass, and where does it go?
//
// A burst lies inside one page, so one look decides. Inside the window the entry of its page is asked,
// and gives the frame; inside the guarded range two bits per frame and channel are asked; all else is
// refused. The tables are copies of this direction's own, written by dray_gate.
//
//     in --> [window ram, guard ram] --> judge --> [out_q] --> out
//
// A write to a table makes every look that has not been judged worthless: it is done again. So from
// the clock after the write nothing passes through what stood there before.
//
// Latency     2 clocks; 2 more when a table is written meanwhile.
// Throughput  1 burst per clock.
// Errors      out_refused with a cause.
// Proof       rtl/formal/gate_check.sby

`default_nettype none

module dray_gate_check #(
    parameter int ADDR_W   = 32,
    parameter int CHANNELS = 2,
    parameter int CH_W     = 1,
    parameter int SIDE_W   = 8,
    parameter int IS_WRITE = 0,
    parameter int WINDOW   = 64,       // entries, 0: no window
    parameter int PAGE_LG  = 12,
    parameter int FRAMES_LG = 12,      // log2 of the guarded frames
    parameter int INDEX_W  = 6,        // window index
    parameter logic [47:0] WINDOW_BASE = 48'hC000_0000,
    parameter logic [47:0] GUARD_BASE  = 48'h4000_0000,
    parameter int ENTRY_W  = ADDR_W - PAGE_LG + 6
) (
    input  wire                clk,
    input  wire                rst_n,

    input  wire                in_valid,
    output logic               in_ready,
    input  wire                in_look,      // 0: no burst, passes as it is
    input  wire  [CH_W-1:0]    in_channel,
    input  wire  [ADDR_W-1:0]  in_addr,
    input  wire  [SIDE_W-1:0]  in_side,

    output logic               out_valid,
    input  wire                out_ready,
    output logic               out_look,
    output logic               out_refused,
    output logic [2:0]         out_cause,
    output logic [CH_W-1:0]    out_channel,
    output logic [ADDR_W-1:0]  out_addr,
    output logic [SIDE_W-1:0]  out_side,
    output logic               admit,        // a burst reaches out in the next clock, not refused
    output logic [CH_W-1:0]    admit_channel,

    // Tables
    input  wire                closed,       // after reset: refuse everything
    input  wire                window_write,
    input  wire  [INDEX_W-1:0] window_index,
    input  wire  [ENTRY_W-1:0] window_entry, // {frame, channel[2:0], may_write, may_read, valid}
    input  wire                guard_write,
    input  wire  [FRAMES_LG+(CHANNELS>1?CH_W:0)-1:0] guard_index, // {channel, frame}
    input  wire                guard_bit
);

    localparam int SPAN_LG  = INDEX_W + PAGE_LG;    // bytes of the window
    localparam int RANGE_LG = FRAMES_LG + PAGE_LG;  // bytes of the guarded range
    localparam int LOOK_W   = dray_pkg::max(INDEX_W, FRAMES_LG);
    localparam int GUARD_LG = FRAMES_LG + (CHANNELS > 1 ? CH_W : 0);

    // ------------------------------------------------------------------------
    // Tables

    (* no_rw_check *) logic [ENTRY_W-1:0] window [0:(1<<INDEX_W)-1];
    (* no_rw_check *) logic               guard  [0:(CHANNELS<<FRAMES_LG)-1];

    logic [ENTRY_W-1:0] entry_q;
    logic               guard_q;

    // ------------------------------------------------------------------------
    // State

    logic              valid_q, look_q;
    logic              stale_q;  // a table was written in the clock before: this one is for looking again
    logic [CH_W-1:0]   channel_q;
    logic [ADDR_W-1:0] addr_q;
    logic [SIDE_W-1:0] side_q;

    logic              out_valid_q, out_look_q, refused_q;
    logic [2:0]        cause_q;
    logic [CH_W-1:0]   out_channel_q;
    logic [ADDR_W-1:0] out_addr_q;
    logic [SIDE_W-1:0] out_side_q;

    // ------------------------------------------------------------------------
    // Looking, and again after each write, so that a stalled burst is judged by what the tables say now. Where to look
    // is chosen by a flip-flop; ready is late and only says whether.

    wire table_write = window_write || guard_write;
    wire out_free    = !out_valid_q || out_ready;
    wire judged      = valid_q && out_free && (!look_q || (!stale_q && !table_write));
    wire in_fire     = in_valid && in_ready;
    wire looks       = in_ready || stale_q;

    assign in_ready = !stale_q && (!valid_q || judged);

    wire [LOOK_W-1:0]   look_page    = LOOK_W'((stale_q ? addr_q : in_addr) >> PAGE_LG);
    wire [CH_W-1:0]     look_channel = stale_q ? channel_q : in_channel;
    wire [INDEX_W-1:0]  look_entry   = INDEX_W'(look_page);
    wire [GUARD_LG-1:0] look_frame   = GUARD_LG'({look_channel, FRAMES_LG'(look_page)});

    always_ff @(posedge clk) begin
        if (window_write) window[window_index] <= window_entry;
        if (looks) entry_q <= window[look_entry];
    end

    always_ff @(posedge clk) begin
        if (guard_write) guard[guard_index] <= guard_bit;
        if (looks) guard_q <= guard[look_frame];
    end

    // ------------------------------------------------------------------------
    // Judging

    wire in_span   = (addr_q >> SPAN_LG) == ADDR_W'(WINDOW_BASE >> SPAN_LG);
    wire in_window = WINDOW != 0 && in_span;
    wire in_range  = (addr_q >> RANGE_LG) == ADDR_W'(GUARD_BASE >> RANGE_LG);

    wire               entry_valid   = entry_q[0];
    wire               entry_allows  = IS_WRITE != 0 ? entry_q[2] : entry_q[1];
    wire [2:0]         entry_channel = entry_q[5:3];
    wire [ADDR_W-PAGE_LG-1:0] entry_frame = entry_q[ENTRY_W-1:6];
    wire               entry_mine    = entry_channel == 3'(channel_q);

    logic [2:0] cause;

    always_comb begin
        cause = 3'd0;
        if (look_q) begin
            if (in_window) begin
                if      (!entry_valid)  cause = dray_gate_regs_pkg::DRAY_GATE_FAULT_CAUSE_NO_ENTRY;
                else if (!entry_mine)   cause = dray_gate_regs_pkg::DRAY_GATE_FAULT_CAUSE_OWNER;
                else if (!entry_allows) cause = dray_gate_regs_pkg::DRAY_GATE_FAULT_CAUSE_DIRECTION;
            end else if (in_range) begin
                if (!guard_q)           cause = dray_gate_regs_pkg::DRAY_GATE_FAULT_CAUSE_DIRECTION;
            end else                    cause = dray_gate_regs_pkg::DRAY_GATE_FAULT_CAUSE_OUTSIDE;
            if (closed && cause == 3'd0) cause = dray_gate_regs_pkg::DRAY_GATE_FAULT_CAUSE_NO_ENTRY;
        end
    end

    wire [ADDR_W-1:0] passed_addr = in_window ? {entry_frame, addr_q[PAGE_LG-1:0]} : addr_q;

    // ------------------------------------------------------------------------
    // Registers

    always_ff @(posedge clk) begin
        if (!rst_n) begin
            valid_q     <= 1'b0;
            out_valid_q <= 1'b0;
            stale_q     <= 1'b0;
        end else begin
            valid_q     <= in_fire || (valid_q && !judged);
            out_valid_q <= judged || (out_valid_q && !out_ready);
            stale_q     <= table_write;
        end
    end

    always_ff @(posedge clk) begin
        if (in_fire) begin
            look_q    <= in_look;
            channel_q <= in_channel;
            addr_q    <= in_addr;
            side_q    <= in_side;
        end
        if (judged) begin
            out_look_q    <= look_q;
            refused_q     <= cause != 3'd0;
            cause_q       <= cause;
            out_channel_q <= channel_q;
            // What is refused keeps its logical address, for the fault record.
            out_addr_q    <= cause != 3'd0 ? addr_q : passed_addr;
            out_side_q    <= side_q;
        end
    end

    assign out_valid   = out_valid_q;
    assign out_look    = out_look_q;
    assign out_refused = refused_q;
    assign out_cause   = cause_q;
    assign out_channel = out_channel_q;
    assign out_addr    = out_addr_q;
    assign out_side    = out_side_q;
    assign admit_channel = channel_q;
    assign admit       = judged && look_q && cause == 3'd0;

`ifndef SYNTHESIS
    initial if (PAGE_LG < 9 || PAGE_LG > 12) $fatal(1, "PAGE_LG");

    always @(posedge clk) if (rst_n) begin
        if (admit) assert (!closed);
        if (admit && in_window) assert (entry_valid && entry_mine && entry_allows);
        if (admit && !in_window) assert (in_range && guard_q);
    end
`endif

endmodule

`default_nettype wire
