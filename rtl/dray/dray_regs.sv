// SPDX-License-Identifier: Apache-2.0
//
// Generated from dray.rdl by tools/regs.py: change that, not this.
//
// dray_regs - One page of registers: 0x000 identity, then 0x100 bytes a channel. 32-bit
// accesses only; no read has a side effect.
//
//     wr --> decode --> fields --> ports
//     rd --> decode --> rd_data
//
// Latency     a write shows in its field one clock later, pulses in its own clock;
//             a read is answered one clock after rd_valid, and has no side effect.
// Throughput  one write and one read per clock, never stalled.
// Errors      wr_hit is low where no register can be written, rd_hit where there is
//             none; one that is write-only or left out reads zero.

`default_nettype none

module dray_regs #(
    parameter int WATCHDOG = 1  // 0 leaves out WATCHDOG
) (
    input  wire         clk,
    input  wire         rst_n,                   // synchronous, active low

    // Write: one clock, always taken, whole words
    input  wire         wr_valid,
    input  wire  [5:0]  wr_addr,                 // word index
    input  wire  [31:0] wr_data,
    output logic        wr_hit,                  // wr_addr can be written

    // Read
    input  wire         rd_valid,                // a word is asked for
    input  wire  [5:0]  rd_addr,                 // word index
    output logic [31:0] rd_data,                 // one clock later, else zero
    output logic        rd_hit,                  // there is a register at rd_addr

    // CAPABILITIES 0x08: Capabilities
    input  wire  [3:0]  capabilities_data_lg,
    input  wire  [5:0]  capabilities_addr_width,
    input  wire  [3:0]  capabilities_channels,
    input  wire  [3:0]  capabilities_bound_lg,

    // FEATURES 0x0c: Features
    input  wire         features_bytes,
    input  wire         features_gate,
    input  wire         features_stream_out,
    input  wire         features_fill,
    input  wire         features_rows,
    input  wire         features_lists,
    input  wire         features_stream_in,
    input  wire         features_counters,
    input  wire         features_priority,
    input  wire         features_budget,
    input  wire         features_watchdog,
    input  wire         features_coalesce,
    input  wire         features_attributes,
    input  wire  [7:0]  features_streams_out,
    input  wire  [7:0]  features_streams_in,

    // IRQ_SUMMARY 0x14: Interrupt summary
    input  wire  [7:0]  irq_summary_channels,

    // WATCHDOG 0x18: Watchdog
    output logic        watchdog_swmod,          // in the clock of a write; _q follows
    output logic [15:0] watchdog_time_q
);

    localparam logic [5:0] AT_ID           = 6'h00;
    localparam logic [5:0] AT_VERSION      = 6'h01;
    localparam logic [5:0] AT_CAPABILITIES = 6'h02;
    localparam logic [5:0] AT_FEATURES     = 6'h03;
    localparam logic [5:0] AT_SCRATCH      = 6'h04;
    localparam logic [5:0] AT_IRQ_SUMMARY  = 6'h05;
    localparam logic [5:0] AT_WATCHDOG     = 6'h06;

    // ------------------------------------------------------------------------
    // Write

    wire   scratch_wr  = wr_valid && wr_addr == AT_SCRATCH;
    wire   watchdog_wr = wr_valid && wr_addr == AT_WATCHDOG && WATCHDOG != 0;

    always_comb begin
        case (wr_addr)
            AT_SCRATCH: wr_hit = 1'b1;
            AT_WATCHDOG: wr_hit = WATCHDOG != 0;
            default: wr_hit = 1'b0;
        endcase
    end

    // ------------------------------------------------------------------------
    // Next state: of two who write in one clock, hardware wins

    logic [31:0] scratch_value_q;

    wire [31:0] scratch_value_d = scratch_wr ? wr_data : scratch_value_q;
    wire [15:0] watchdog_time_d = watchdog_wr ? wr_data[15:0] : watchdog_time_q;

    // ------------------------------------------------------------------------
    // Registers

    always_ff @(posedge clk) begin
        if (!rst_n) begin
            scratch_value_q <= 32'h0;
        end else begin
            scratch_value_q <= scratch_value_d;
        end
    end

    generate if (WATCHDOG != 0) begin : g_watchdog
        always_ff @(posedge clk) begin
            if (!rst_n) begin
                watchdog_time_q <= 16'h0;
            end else begin
                watchdog_time_q <= watchdog_time_d;
            end
        end
    end else begin : g_no_watchdog
        assign watchdog_time_q = '0;
    end endgenerate

    // ------------------------------------------------------------------------
    // Strobes and data in the clock of a write

    assign watchdog_swmod = watchdog_wr;

    // ------------------------------------------------------------------------
    // Read

    wire [31:0] id_rd           = 32'h44524159;
    wire [31:0] version_rd      = {8'h0, 8'h0, 8'h1, 8'h0};
    wire [31:0] capabilities_rd = {4'h0, capabilities_bound_lg, 4'h0, capabilities_channels, 2'h0,
        capabilities_addr_width, 4'h0, capabilities_data_lg};
    wire [31:0] features_rd     = {features_streams_in, features_streams_out, 2'h0,
        features_attributes, 1'b0, features_coalesce, features_watchdog, features_budget,
        features_priority, features_counters, features_stream_in, features_lists, features_rows,
        features_fill, features_stream_out, features_gate, features_bytes};
    wire [31:0] scratch_rd      = scratch_value_q;
    wire [31:0] irq_summary_rd  = {24'h0, irq_summary_channels};
    wire [31:0] watchdog_rd     = WATCHDOG != 0 ? {16'h0, watchdog_time_q} : '0;

    // Each word has a register, which is zero when it is not asked for: the read is an OR of
    // them all, less than multiplexers cost, and no path leads from a field to the bus.
    logic [31:0] id_rd_q, version_rd_q, capabilities_rd_q, features_rd_q, scratch_rd_q,
        irq_summary_rd_q, watchdog_rd_q;

    always_ff @(posedge clk) begin
        id_rd_q           <= rd_valid && rd_addr == AT_ID ? id_rd : '0;
        version_rd_q      <= rd_valid && rd_addr == AT_VERSION ? version_rd : '0;
        capabilities_rd_q <= rd_valid && rd_addr == AT_CAPABILITIES ? capabilities_rd : '0;
        features_rd_q     <= rd_valid && rd_addr == AT_FEATURES ? features_rd : '0;
        scratch_rd_q      <= rd_valid && rd_addr == AT_SCRATCH ? scratch_rd : '0;
        irq_summary_rd_q  <= rd_valid && rd_addr == AT_IRQ_SUMMARY ? irq_summary_rd : '0;
        watchdog_rd_q     <= rd_valid && rd_addr == AT_WATCHDOG ? watchdog_rd : '0;
    end

    assign rd_data = id_rd_q | version_rd_q | capabilities_rd_q | features_rd_q | scratch_rd_q |
        irq_summary_rd_q | watchdog_rd_q;

    always_comb begin
        case (rd_addr)
            AT_ID, AT_VERSION, AT_CAPABILITIES, AT_FEATURES, AT_SCRATCH,
            AT_IRQ_SUMMARY, AT_WATCHDOG: rd_hit = 1'b1;
            default: rd_hit = 1'b0;
        endcase
    end

    // ------------------------------------------------------------------------
    // Read by no field, or not in every configuration

    wire unused_ok = &{1'b0, watchdog_time_d};

    // ------------------------------------------------------------------------
    // Checks: live in every simulation and in the proof, absent from synthesis

`ifndef SYNTHESIS
    logic asked_q;  // for a register that is there, the clock before

    always @(posedge clk) asked_q <= rd_valid && rd_hit;

    always @(posedge clk) if (rst_n) begin
        // A hit is exactly one register's strobe
        if (wr_valid) assert (8'(wr_hit) == 8'(scratch_wr) + 8'(watchdog_wr));

        // What is not there reads zero
        if (!asked_q) assert (rd_data == '0);
    end
`endif

endmodule

`default_nettype wire
