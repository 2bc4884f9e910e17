// SPDX-License-Identifier: Apache-2.0
//
// gate_check_env - one page of dray_gate_check, which the solver chooses: what its tables say of it, and what passes.
//
// The tables are written at any time. A burst of the page may pass in a clock only if what was written last, up to the
// clock before, allows it.

`default_nettype none

module gate_check_env #(
    parameter int IS_WRITE = 0
) (
    input wire        clk,
    input wire        in_valid,
    input wire        in_look,
    input wire        in_channel,
    input wire [31:0] in_addr,
    input wire        out_ready,
    input wire        closed,
    input wire        window_write,
    input wire [5:0]  window_index,
    input wire [25:0] window_entry,
    input wire        guard_write,
    input wire [12:0] guard_index,
    input wire        guard_bit
);

    logic rst_n = 1'b0;
    always @(posedge clk) rst_n <= 1'b1;

    wire        in_ready, out_valid, out_look, out_refused, out_channel, admit, admit_channel;
    wire [2:0]  out_cause;
    wire [31:0] out_addr, out_side;

    // The address goes along as the side band, so that it is known on the way out.
    dray_gate_check #(.SIDE_W(32), .IS_WRITE(IS_WRITE)) dut (
        .clk, .rst_n, .in_valid, .in_ready, .in_look, .in_channel, .in_addr, .in_side(in_addr),
        .out_valid, .out_ready, .out_look, .out_refused, .out_cause, .out_channel, .out_addr, .out_side,
        .admit, .admit_channel, .closed, .window_write, .window_index, .window_entry, .guard_write, .guard_index, .guard_bit
    );

    // ------------------------------------------------------------------------
    // The page: one entry of the window, one bit of the guard

    logic [5:0]  entry_at_q;
    logic [12:0] guard_at_q;
    logic [25:0] entry_q;
    logic        guard_q;

    always @(posedge clk) begin
        entry_at_q <= entry_at_q;
        guard_at_q <= guard_at_q;
        if (window_write && window_index == entry_at_q) entry_q <= window_entry;
        if (guard_write && guard_index == guard_at_q)   guard_q <= guard_bit;
    end

    wire [31:0] addr      = dut.addr_q;
    wire        channel   = dut.channel_q;
    wire        in_window = addr[31:18] == 14'h3000;
    wire        in_range  = addr[31:24] == 8'h40;
    wire        is_entry  = addr[17:12] == entry_at_q;
    wire        is_guard  = {channel, addr[23:12]} == guard_at_q;
    wire        allows    = entry_q[0] && entry_q[5:3] == {2'b00, channel} && (IS_WRITE != 0 ? entry_q[2] : entry_q[1]);

    // Before a table was first written it holds anything; then it and the copy are the same anything.
    always @(posedge clk) if (!rst_n) begin
        assume (dut.window[entry_at_q] == entry_q);
        assume (dut.guard[guard_at_q] == guard_q);
    end

    // ------------------------------------------------------------------------
    // Two places, in order

    logic [31:0] out_was_q;
    logic        stalled_q;
    wire         in_fire = in_valid && in_ready;

    always @(posedge clk) begin
        stalled_q <= rst_n && out_valid && !out_ready;
        out_was_q <= out_addr;
    end

    always @(posedge clk) if (rst_n) begin
        assert (dut.window[entry_at_q] == entry_q);
        assert (dut.guard[guard_at_q] == guard_q);
        if (dut.valid_q) assert (dut.side_q == addr);
        if (dut.valid_q && !dut.stale_q && is_entry) assert (dut.entry_q == entry_q);
        if (dut.valid_q && !dut.stale_q && is_guard) assert (dut.guard_q == guard_q);

        if (admit) assert (!closed && (in_window || in_range));
        if (admit && in_window && is_entry) assert (allows);
        if (admit && in_window && is_entry) assert (dut.passed_addr == {entry_q[25:6], addr[11:0]});
        if (admit && !in_window) assert (dut.passed_addr == addr);
        if (admit && !in_window && is_guard) assert (guard_q);
        if (admit) assert (admit_channel == channel && !window_write && !guard_write);

        if (out_valid && out_look) assert (out_refused == (out_cause != 3'd0));
        if (out_valid && !out_look) assert (!out_refused);
        if (stalled_q) assert (out_valid && out_addr == out_was_q);
        if (in_fire) assert (!dut.valid_q || dut.judged);
        if (out_valid && out_refused) assert (out_addr == out_side);

        cover (admit && in_window && is_entry && dut.passed_addr[31:12] == 20'h12345);
        cover (out_valid && out_refused && out_cause == 3'd3);
        cover (dut.stale_q && dut.valid_q && !dut.judged);
    end

    // What is judged stands at the way out in the next clock, as it was judged.
    logic        judged_q, refused_q;
    logic [31:0] expected_q, side_q;

    always @(posedge clk) begin
        judged_q   <= rst_n && dut.judged;
        refused_q  <= dut.look_q && !admit;
        expected_q <= dut.look_q && !admit ? addr : dut.passed_addr;
        side_q     <= addr;
        if (rst_n && judged_q) assert (out_valid && out_refused == refused_q && out_addr == expected_q && out_side == side_q);
    end

endmodule

`default_nettype wire
