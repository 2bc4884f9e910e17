// SPDX-License-Identifier: Apache-2.0
//
// soc_registers - send each access to a register to the block that holds it.
//
// The engine and its gate answer over AXI4-Lite when they like; the blocks of the system are written in one clock and
// read through a register; the trace port only listens. Only whole words are written.
//
//     registers --> block select --+--> engine, gate (AXI4-Lite)
//                                  +--> clint, uart, system, video: wr and rd, shared; one hit and rd_data each
//                                  `--> trace
//
// Latency     1 wait state, engine and gate theirs.
// Throughput  an access every second clock.
// Errors      missed pulses for an access to no register, and for a store that is no whole word.

`default_nettype none

module soc_registers (
    input  wire         clk,
    input  wire         rst_n,

    // From the decoder; the address counts from 0xF000_0000
    input  wire         registers_valid,
    output logic        registers_ready,
    input  wire  [17:0] registers_addr,
    input  wire         registers_write,
    input  wire  [3:0]  registers_wstrb,
    input  wire  [31:0] registers_wdata,
    output logic [31:0] registers_rdata,
    output logic        missed,

    // To the AXI4-Lite ports; ready comes with the data
    output logic        engine_valid,
    input  wire         engine_ready,
    input  wire  [31:0] engine_rdata,
    output logic        gate_valid,
    input  wire         gate_ready,
    input  wire  [31:0] gate_rdata,

    // To the blocks: word index for both directions
    output logic        clint_wr_valid,
    output logic        uart_wr_valid,
    output logic        system_wr_valid,
    output logic        video_wr_valid,
    output logic [13:0] block_addr,
    input  wire         clint_wr_hit,
    input  wire         uart_wr_hit,
    input  wire         system_wr_hit,
    input  wire         video_wr_hit,
    input  wire  [31:0] clint_rd_data,
    input  wire  [31:0] uart_rd_data,
    input  wire  [31:0] system_rd_data,
    input  wire  [31:0] video_rd_data,
    input  wire         clint_rd_hit,
    input  wire         uart_rd_hit,
    input  wire         system_rd_hit,
    input  wire         video_rd_hit,

    // Trace port: one clock for each record
    output logic        trace_valid,
    output logic [15:0] trace_addr,   // offset of the store: level and event
    output logic [31:0] trace_data
);

    // ------------------------------------------------------------------------
    // Block select

    wire [5:0]  page   = registers_addr[17:12];
    wire [11:0] offset = registers_addr[11:0];

    wire is_engine = page == 6'h00;
    wire is_gate   = page == 6'h01;
    wire unused_ok = &{1'b0, offset};
    wire is_clint  = page[5:4] == 2'd1;
    wire is_trace  = page[5:4] == 2'd3;
    // A block of the system is some words at the start of its page.
    wire is_uart   = page == 6'h20 && offset[11:4] == '0;
    wire is_system = page == 6'h21 && offset[11:6] == '0;
    wire is_video  = page == 6'h22 && offset[11:4] == '0;
    wire is_axil   = is_engine || is_gate;

    // ------------------------------------------------------------------------
    // Blocks: one clock to write or to read, one to answer

    logic        answer_q;
    logic [31:0] rdata_q;

    wire access = registers_valid && !is_axil && !answer_q;
    wire whole  = registers_wstrb == 4'hf;
    wire write  = access && registers_write && whole;

    wire wr_hit = (is_clint && clint_wr_hit) || (is_uart && uart_wr_hit) || (is_system && system_wr_hit) ||
                  (is_video && video_wr_hit) || is_trace;
    wire rd_hit = (is_clint && clint_rd_hit) || (is_uart && uart_rd_hit) || (is_system && system_rd_hit) ||
                  (is_video && video_rd_hit) || is_trace;

    wire [31:0] rd_data = is_clint  ? clint_rd_data :
                          is_uart   ? uart_rd_data :
                          is_system ? system_rd_data :
                          is_video  ? video_rd_data : '0;

    always_ff @(posedge clk) begin
        if (!rst_n) answer_q <= 1'b0;
        else        answer_q <= access;
    end

    always_ff @(posedge clk) begin
        if (access) rdata_q <= rd_hit ? rd_data : '0;
    end

    assign block_addr      = registers_addr[15:2];
    assign clint_wr_valid  = write && is_clint;
    assign uart_wr_valid   = write && is_uart;
    assign system_wr_valid = write && is_system;
    assign video_wr_valid  = write && is_video;
    assign trace_valid     = write && is_trace;
    assign trace_addr      = registers_addr[15:0];
    assign trace_data      = registers_wdata;
    assign missed          = access && (registers_write ? !whole || !wr_hit : !rd_hit);

    // ------------------------------------------------------------------------
    // AXI4-Lite ports, and the answer

    assign engine_valid    = registers_valid && is_engine;
    assign gate_valid      = registers_valid && is_gate;
    assign registers_ready = is_engine ? engine_ready : is_gate ? gate_ready : answer_q;
    assign registers_rdata = is_engine ? engine_rdata : is_gate ? gate_rdata : rdata_q;

endmodule

`default_nettype wire
