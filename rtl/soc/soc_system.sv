// SPDX-License-Identifier: Apache-2.0
//
// soc_system - the system's own registers: bridges, cycle counter, resets, error log.
//
//     missed, error pulses --> log          cycles --> mtime too
//
// Latency     1 clock.
// Throughput  one access a clock.
// Errors      this is where the core finds those that it cannot be told.

`default_nettype none

module soc_system #(
    parameter int CLOCK_HZ       = 50_000_000,
    parameter int PROGRAM_BYTES  = 1 << 20,
    parameter int HOST_BRIDGE    = 1,
    parameter int POSTING_BRIDGE = 1
) (
    input  wire         clk,
    input  wire         rst_n,

    input  wire         wr_valid,
    input  wire  [3:0]  wr_addr,
    input  wire  [31:0] wr_data,
    output logic        wr_hit,
    input  wire  [3:0]  rd_addr,
    output logic [31:0] rd_data,
    output logic        rd_hit,

    output logic [63:0] cycles,             // since reset

    // Bridges: start is one clock, busy is up from the clock behind it
    output logic        drain_start,
    input  wire         drain_busy,
    output logic        flush_start,
    input  wire         flush_busy,

    output logic        engine_rst_n,
    output logic        gate_rst_n,

    // Pulses
    input  wire         missed,             // an access of the core found nothing
    input  wire  [31:0] missed_addr,
    input  wire         missed_write,
    input  wire         host_read_error,
    input  wire         host_write_error,
    input  wire         alias_read_error,
    input  wire         alias_write_error,
    input  wire         posted_write_error,
    input  wire         registers_error
);

    logic [31:0] missed_addr_q;
    logic [15:0] missed_count_q;
    logic        missed_write_q;
    wire         drain_wr, drain_one, flush_wr, flush_one, record_held, engine_reset, gate_reset;
    wire         seen_host_read, seen_host_write, seen_alias_read, seen_alias_write, seen_posted, seen_registers;

    soc_system_regs u_regs (
        .clk, .rst_n, .wr_valid, .wr_addr, .wr_data, .wr_hit, .rd_addr, .rd_data, .rd_hit,
        .drain_wr,
        .drain_busy,
        .drain_busy_wdata           (drain_one),
        .flush_wr,
        .flush_busy,
        .flush_busy_wdata           (flush_one),
        .cycles_value               (cycles[31:0]),
        .cycles_high_value          (cycles[63:32]),
        .reset_control_engine_q     (engine_reset),
        .reset_control_gate_q       (gate_reset),
        .decode_error_valid_set     (missed),
        .decode_error_valid_q       (record_held),
        .decode_error_is_write      (missed_write_q),
        .decode_error_count         (missed_count_q),
        .decode_addr_addr           (missed_addr_q),
        .bus_error_host_read_set    (host_read_error),
        .bus_error_host_read_q      (seen_host_read),
        .bus_error_host_write_set   (host_write_error),
        .bus_error_host_write_q     (seen_host_write),
        .bus_error_alias_read_set   (alias_read_error),
        .bus_error_alias_read_q     (seen_alias_read),
        .bus_error_alias_write_set  (alias_write_error),
        .bus_error_alias_write_q    (seen_alias_write),
        .bus_error_posted_write_set (posted_write_error),
        .bus_error_posted_write_q   (seen_posted),
        .bus_error_registers_set    (registers_error),
        .bus_error_registers_q      (seen_registers),
        .clock_hertz                (32'(CLOCK_HZ)),
        .memory_program_kib         (16'(PROGRAM_BYTES / 1024)),
        .memory_no_host_bridge      (HOST_BRIDGE == 0),
        .memory_no_posting_bridge   (POSTING_BRIDGE == 0)
    );

    always_ff @(posedge clk) begin
        if (!rst_n) begin
            cycles         <= '0;
            missed_count_q <= '0;
        end else begin
            cycles         <= cycles + 1'b1;
            missed_count_q <= missed_count_q + 16'(missed);
        end
    end

    // The record counts only while it is held, so it needs no reset.
    always_ff @(posedge clk) begin
        if (missed && !record_held) missed_addr_q  <= missed_addr;
        if (missed && !record_held) missed_write_q <= missed_write;
    end

    assign drain_start  = drain_wr && drain_one;
    assign flush_start  = flush_wr && flush_one;
    assign engine_rst_n = rst_n && !engine_reset;
    assign gate_rst_n   = rst_n && !gate_reset;

    // What was seen shows in the register alone.
    wire unused_ok = &{1'b0, seen_host_read, seen_host_write, seen_alias_read, seen_alias_write, seen_posted, seen_registers};

endmodule

`default_nettype wire
