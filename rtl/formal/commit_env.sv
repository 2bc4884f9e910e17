// SPDX-License-Identifier: Apache-2.0
//
// commit_env - dray_commit behind a gate that shows it the commands of jobs in order, and for each channel what is owed: the
// end of the job that has begun.

`default_nettype none

module commit_env #(
    parameter int CHANNELS = 2,
    parameter int ADDR_W   = 16
) (
    input wire                clk,
    input wire [CHANNELS-1:0] run,
    input wire [CHANNELS-1:0] kill,
    input wire [CHANNELS-1:0] settled,
    input wire                planned,
    input wire                cmd_valid,
    input wire                cmd_refused,
    input wire                cmd_channel,
    input wire [ADDR_W-1:0]   cmd_addr,
    input wire [1:0]          cmd_kind,
    input wire [4:0]          cmd_cause,
    input wire                cmd_job_first,
    input wire                cmd_job_last,
    input wire                cmd_stream,
    input wire                cmd_ends,
    input wire [4:0]          cmd_out,
    input wire                cmd_head,
    input wire [2:0]          cmd_low,
    input wire [2:0]          cmd_high,
    input wire                awready,
    input wire                work_ready,
    input wire                order_done
);

    logic rst_n = 1'b0;
    always @(posedge clk) rst_n <= 1'b1;

    wire [CHANNELS-1:0] dropping, error, cut;
    wire                room, cmd_ready, cmd_void, awvalid, aw_channel, work_valid, work_drop, work_close, work_channel;
    wire                order_valid, order_channel, order_last, order_ends;
    wire [ADDR_W-1:0]   awaddr;
    wire [7:0]          awlen, order_bytes;
    wire [4:0]          work_cause, order_cause;
    wire [1:0]          order_kind;

    dray_commit #(.ADDR_W(ADDR_W), .CHANNELS(CHANNELS)) dut (
        .clk, .rst_n, .run, .kill, .settled, .dropping, .error, .cut, .planned, .room, .cmd_valid, .cmd_ready, .cmd_refused,
        .cmd_void, .cmd_channel, .cmd_addr, .cmd_kind, .cmd_cause, .cmd_job_first, .cmd_job_last, .cmd_stream, .cmd_ends,
        .cmd_out, .cmd_head, .cmd_low, .cmd_high, .m_axi_awvalid(awvalid), .m_axi_awready(awready), .m_axi_awaddr(awaddr),
        .m_axi_awlen(awlen), .aw_channel, .work_valid, .work_ready, .work_drop, .work_close, .work_channel, .work_cause,
        .order_valid, .order_kind, .order_channel, .order_last, .order_ends, .order_cause, .order_bytes, .order_done
    );

    wire fire    = cmd_valid && cmd_ready;
    wire is_data = cmd_kind == dray_pkg::WRITE_DATA;
    wire on_bus  = dut.u_aw.in_valid;
    wire of_data = order_valid && (order_kind == dray_pkg::WRITE_DATA || order_kind == dray_pkg::WRITE_MARK);

    // ------------------------------------------------------------------------
    // What the neighbours promise: commands of a job follow each other, the first one first; write-backs are none of a job

    logic [CHANNELS-1:0] killed_q;  // since the channel settled
    logic [CHANNELS-1:0] first_q;   // the next command of the channel begins a job
    logic [CHANNELS-1:0] stream_q;  // the job that goes on is one to a stream

    always @(posedge clk) begin
        for (int c = 0; c < CHANNELS; c++) begin
            if (!rst_n || settled[c]) first_q[c] <= 1'b1;
            else if (fire && is_data && cmd_channel == 1'(c)) begin
                first_q[c]  <= cmd_job_last;
                stream_q[c] <= cmd_stream;
            end
        end
    end

    always @(posedge clk) begin
        if (cmd_valid && is_data) assume (cmd_job_first == first_q[cmd_channel]);
        if (cmd_valid && is_data && !cmd_job_first) assume (cmd_stream == stream_q[cmd_channel]);
        if (cmd_valid && !is_data) assume (!cmd_stream && cmd_kind != dray_pkg::WRITE_MARK && cmd_cause == 5'd0);
        // What is killed stays so until all of it is given up, and settles when nothing of it is on its way.
        for (int c = 0; c < CHANNELS; c++) begin
            if (killed_q[c]) assume (kill[c] || dut.dropping_q[c]);
            if (settled[c]) assume (!(cmd_valid && cmd_channel == 1'(c)) && !dut.open_q[c] && !dut.cut_q[c] && !kill[c]);
        end
        // Work is counted before it comes, and ends once.
        if (planned || dut.cut_fire) assume (dut.used_q < 7'd60);
        if (order_done || cmd_valid) assume (dut.used_q > 7'd4);
    end

    // ------------------------------------------------------------------------
    // What is owed

    logic [CHANNELS-1:0] owed_q;    // a job to memory has begun, and its end is not in the order
    logic [CHANNELS-1:0] failed_q;  // an error since the channel settled
    logic                held_q;
    logic [ADDR_W+7:0]   aw_was_q;

    always @(posedge clk) begin
        held_q   <= rst_n && awvalid && !awready;
        aw_was_q <= {awaddr, awlen};
        for (int c = 0; c < CHANNELS; c++) begin
            if (!rst_n) owed_q[c] <= 1'b0;
            else if (of_data && order_channel == 1'(c)) owed_q[c] <= !order_last;
            else if (fire && is_data && cmd_channel == 1'(c) && cmd_job_first && !cmd_void && !cmd_stream) owed_q[c] <= 1'b1;
            failed_q[c] <= rst_n && !settled[c] && (failed_q[c] || error[c]);
            killed_q[c] <= rst_n && !settled[c] && (killed_q[c] || kill[c]);
        end
    end

    wire signed [8:0] counted = 9'(dut.used_q) + 9'(dut.change_q);

    always @(posedge clk) if (rst_n) begin
        assert (counted >= 9'sd0 && counted <= 9'sd63 && dut.change_q >= -3'sd2 && dut.change_q <= 3'sd2);
        for (int c = 0; c < CHANNELS; c++) begin
            assert (owed_q[c] == (dut.open_q[c] && !dut.stream_q[c]));
            if (dut.open_q[c]) assert (dut.stream_q[c] == stream_q[c] && (!first_q[c] || dut.dropping_q[c]));
            if (!dut.open_q[c]) assert (first_q[c] || dut.dropping_q[c]);
            if (dut.cut_q[c]) assert (dut.open_q[c] && dut.dropping_q[c]);
            if (dut.dropping_q[c] && dut.open_q[c]) assert (dut.cut_q[c]);
            if (failed_q[c]) assert (dut.dropping_q[c]);
        end

        // Nothing behind an error or a kill
        if (on_bus && is_data) assert (!failed_q[cmd_channel] && !killed_q[cmd_channel] && !kill[cmd_channel]);
        if (on_bus && is_data) assert (!cmd_refused && cmd_cause == 5'd0 && (run[cmd_channel] || !cmd_job_first));
        if (on_bus) assert (!cmd_refused && order_valid && order_channel == cmd_channel);

        // An end for each job, and none besides: it has begun before, or begins now
        if (of_data && order_last) assert (owed_q[order_channel] || (fire && cmd_job_first && !cmd_void));
        if (of_data && !order_last) assert (!cut[order_channel] && !dropping[order_channel]);
        if (of_data && order_kind == dray_pkg::WRITE_DATA) assert (on_bus);

        // Addresses stay
        if (held_q) assert (awvalid && {awaddr, awlen} == aw_was_q);

        cover (of_data && order_last && order_cause == dray_regs_pkg::DRAY_CAUSE_ABORTED);
        cover (failed_q[0] && on_bus && is_data && cmd_channel);
        cover (failed_q[0] && settled[0]);
    end

endmodule

`default_nettype wire
