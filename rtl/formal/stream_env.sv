// SPDX-License-Identifier: Apache-2.0
//
// stream_env - dray_stream between an engine that reserves a place before it reads, and a sink that is ready when it likes.
//
// Whether its queue is one is the proof of dray_queue; here it is only counted.

`default_nettype none

module stream_env (
    input wire        clk,
    input wire        reserve,
    input wire [2:0]  reserve_beats,
    input wire        settled,
    input wire [15:0] ids,
    input wire        in_valid,
    input wire [31:0] in_data,
    input wire [1:0]  in_high,
    input wire        in_last,
    input wire        in_close,
    input wire [4:0]  in_cause,
    input wire        tready,
    input wire        end_ready
);

    localparam int BEATS = 14;
    localparam int BURST = 4;

    logic rst_n = 1'b0;
    always @(posedge clk) rst_n <= 1'b1;

    wire        room, tvalid, tlast, end_valid;
    wire [31:0] tdata, end_moved;
    wire [3:0]  tkeep;
    wire [7:0]  tid, tdest;
    wire [4:0]  end_cause;

    dray_stream #(.DATA_W(32), .BEATS(BEATS), .BURST(BURST), .OUT_W(3)) dut (
        .clk, .rst_n, .reserve, .reserve_beats, .room, .settled, .ids, .in_valid, .in_data, .in_high, .in_last, .in_close,
        .in_cause, .m_axis_tvalid(tvalid), .m_axis_tready(tready), .m_axis_tdata(tdata), .m_axis_tkeep(tkeep),
        .m_axis_tlast(tlast), .m_axis_tid(tid), .m_axis_tdest(tdest), .end_valid, .end_ready, .end_moved, .end_cause
    );

    // ------------------------------------------------------------------------
    // Places: reserved and not filled, filled with beats, filled with the end of what was cut short

    logic [4:0] reserved_q, beats_q;
    logic       closing_q, closed_q;  // that end is in the queue; it has come since the channel settled

    wire comes  = in_valid && !in_close;
    wire closes = in_valid && in_close;
    wire leaves = dut.pop && !dut.head_close;

    always @(posedge clk) begin
        if (!rst_n || settled) begin
            reserved_q <= 5'd0;
            beats_q    <= 5'd0;
            closing_q  <= 1'b0;
            closed_q   <= 1'b0;
        end else begin
            reserved_q <= reserved_q + (reserve ? 5'(reserve_beats) : 5'd0) - 5'(comes);
            beats_q    <= beats_q + 5'(comes) - 5'(leaves);
            closing_q  <= closes || (closing_q && !(dut.pop && dut.head_close));
            closed_q   <= closed_q || closes;
        end
    end

    wire [4:0] held = 5'(dut.u_queue.used_q) + 5'(dut.u_queue.out_valid_q) + 5'(dut.u_queue.ram_valid_q);

    always @(posedge clk) begin
        if (reserve) assume (room && reserve_beats <= 3'(BURST) && !settled);
        if (comes) assume (reserved_q != 5'd0);
        if (closes) assume (in_last && !closed_q);
        if (settled) assume (!in_valid && !dut.head_valid && held == 5'd0 && !dut.packet_q);
        // What the queue's own proof says of its places and its head.
        assume (dut.u_queue.ram_empty == (dut.u_queue.used_q == '0));
        if (dut.head_valid && dut.head_close) assume (closing_q && dut.head_last);
        if (dut.head_valid && !dut.head_close) assume (beats_q != 5'd0);
        if (held == 5'd0) assume (!dut.head_valid);
    end

    // ------------------------------------------------------------------------
    // The stream as it was the clock before

    logic        stalled_q, inside_q;
    logic [52:0] was_q;
    logic [15:0] ids_q;

    wire [52:0] now = {tdata, tkeep, tlast, tid, tdest};

    always @(posedge clk) begin
        stalled_q <= rst_n && tvalid && !tready;
        was_q     <= now;
        inside_q  <= rst_n && (tvalid ? !(tready && tlast) : inside_q);
        if (tvalid) ids_q <= {tdest, tid};
    end

    always @(posedge clk) if (rst_n) begin
        assert (beats_q <= 5'(BEATS) && reserved_q <= 5'(BEATS) && held == beats_q + 5'(closing_q));
        assert (!closing_q || closed_q);
        assert (5'(dut.room_q) + reserved_q + beats_q == 5'(BEATS));
        if (5'(dut.u_queue.out_valid_q) + 5'(dut.u_queue.ram_valid_q) < 5'd2) assert (dut.u_queue.used_q <= 5'd1);

        if (stalled_q) assert (tvalid && now == was_q);
        if (inside_q && tvalid) assert ({tdest, tid} == ids_q);
        assert (inside_q == dut.begun_q && (!inside_q || dut.ids_q == ids_q));
        if (dut.packet_q) assert (dut.begun_q);
        if (dut.begun_q && !dut.packet_q) assert (stalled_q && tvalid);
        if (tvalid) assert (tkeep == 4'h0 || tkeep == 4'h1 || tkeep == 4'h3 || tkeep == 4'h7 || tkeep == 4'hf);
        if (tvalid && tkeep == 4'h0) assert (tlast && dut.packet_q);

        cover (held == 5'd12 && tvalid && tready && tlast);
        cover (tvalid && tkeep == 4'h0);
    end

endmodule

`default_nettype wire
