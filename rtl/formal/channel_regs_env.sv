// SPDX-License-Identifier: Apache-2.0
//
// channel_regs_env - dray_channel_regs between a bus that writes and reads anything and a channel that says anything.

`default_nettype none

module channel_regs_env (
    input wire        clk,
    input wire        wr_valid,
    input wire [5:0]  wr_addr,
    input wire [31:0] wr_data,
    input wire        rd_valid,
    input wire [5:0]  rd_addr,
    input wire [3:0]  set,      // events of IRQ_STATUS
    input wire [31:0] channel   // whatever else the channel tells
);

    // Reset for two clocks: what the registers remember of the clock before is known then.
    logic rst_n = 1'b0, begun_q = 1'b0;
    always @(posedge clk) {rst_n, begun_q} <= {begun_q, 1'b1};

    wire [31:0] rd_data;
    wire [3:0]  is;
    wire        wr_hit, rd_hit;

    dray_channel_regs dut (
        .clk, .rst_n, .wr_valid, .wr_addr, .wr_data, .wr_hit, .rd_valid, .rd_addr, .rd_data, .rd_hit,
        .irq_status_done_set(set[0]), .irq_status_halted_set(set[1]), .irq_status_stopped_set(set[2]),
        .irq_status_watchdog_set(set[3]), .irq_status_done_q(is[0]), .irq_status_halted_q(is[1]),
        .irq_status_stopped_q(is[2]), .irq_status_watchdog_q(is[3]), .status_state(channel[2:0]),
        .status_busy(channel[0]), .producer_index_clr(channel[0]), .consumer_index(channel[15:0]),
        .failed_index(channel[15:0]), .failed_cause(channel[4:0]), .failed_addr_addr(channel),
        .failed_moved_bytes(channel), .next_index(channel[15:0]), .next_addr_addr(channel),
        .failed_addr_high_addr(channel[15:0]), .next_addr_high_addr(channel[15:0]), .snapshot_pending(channel[0]),
        .count_bytes_value(channel), .count_bytes_high_value(channel[15:0]), .count_bursts_value(channel),
        .count_bursts_high_value(channel[15:0]), .count_busy_value(channel), .count_busy_high_value(channel[15:0]),
        .count_stall_value(channel), .count_stall_high_value(channel[15:0]), .count_faults_value(channel),
        .count_faults_high_value(channel[15:0]), .stream_in_tid(channel[7:0]), .stream_in_tdest(channel[7:0])
    );

    // ------------------------------------------------------------------------
    // Events: one that came and that no 1 written to IRQ_STATUS has cleared since is shown

    wire        clears = wr_valid && wr_addr == 6'd3;
    logic [3:0] owed_q;

    always @(posedge clk) owed_q <= !rst_n ? '0 : (clears ? owed_q & ~wr_data[3:0] : owed_q) | set;

    always @(posedge clk) if (rst_n) begin
        assert (is == owed_q);
        assert (!clears || wr_hit);

        cover (clears && wr_data[0] && set[0] && is[0]);
        cover (rd_hit && rd_valid && rd_data != '0);
    end

endmodule

`default_nettype wire
