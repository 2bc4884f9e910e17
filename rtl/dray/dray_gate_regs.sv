// SPDX-License-Identifier: Apache-2.0
//
// Generated from dray_gate.rdl by tools/regs.py: change that, not this.
//
// dray_gate_regs - The register port of the gate between engine and bus: programmed by the port
// driver, never by the engine's driver. 32-bit accesses only; no read has a side effect.
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

module dray_gate_regs (
    input  wire         clk,
    input  wire         rst_n,                     // synchronous, active low

    // Write: one clock, always taken, whole words
    input  wire         wr_valid,
    input  wire  [4:0]  wr_addr,                   // word index
    input  wire  [31:0] wr_data,
    output logic        wr_hit,                    // wr_addr can be written

    // Read
    input  wire         rd_valid,                  // a word is asked for
    input  wire  [4:0]  rd_addr,                   // word index
    output logic [31:0] rd_data,                   // one clock later, else zero
    output logic        rd_hit,                    // there is a register at rd_addr

    // CAPABILITIES 0x04: Capabilities
    input  wire  [8:0]  capabilities_window,
    input  wire  [3:0]  capabilities_page_lg,
    input  wire  [3:0]  capabilities_channels,
    input  wire  [5:0]  capabilities_addr_width,
    input  wire         capabilities_ready,

    // WINDOW_BASE 0x08: Window base
    input  wire  [31:0] window_base_addr,

    // GUARD_BASE 0x0c: Guard base
    input  wire  [31:0] guard_base_addr,

    // GUARD_SIZE 0x10: Guard size
    input  wire  [31:0] guard_size_frames,

    // GUARD_SET 0x14: Guard set
    output logic        guard_set_wr,              // in the clock of a write
    output logic [23:0] guard_set_frame_wdata,
    output logic        guard_set_may_read_wdata,
    output logic        guard_set_may_write_wdata,
    output logic [2:0]  guard_set_channel_wdata,

    // SYNC 0x18: Synchronize
    output logic        sync_wr,                   // in the clock of a write
    input  wire         sync_pending,
    output logic        sync_pending_wdata,

    // FAULT_STATUS 0x1c: Fault status
    input  wire         fault_status_valid_set,    // wins over a clear
    output logic        fault_status_valid_q,
    input  wire  [15:0] fault_status_count,

    // FAULT_ADDR 0x20: Fault address
    input  wire  [31:0] fault_addr_addr,

    // FAULT_ADDR_HIGH 0x24: Fault address, high
    input  wire  [15:0] fault_addr_high_addr,

    // FAULT_INFO 0x28: Fault information
    input  wire  [2:0]  fault_info_cause,
    input  wire         fault_info_is_write,
    input  wire  [2:0]  fault_info_channel,

    // WINDOW_HIGH 0x2c: Window entry, high
    output logic [15:0] window_high_frame_q,

    // OUTSTANDING0 0x40: Outstanding
    input  wire  [7:0]  outstanding0_reads,
    input  wire  [7:0]  outstanding0_writes,

    // OUTSTANDING1 0x44: Outstanding
    input  wire  [7:0]  outstanding1_reads,
    input  wire  [7:0]  outstanding1_writes,

    // OUTSTANDING2 0x48: Outstanding
    input  wire  [7:0]  outstanding2_reads,
    input  wire  [7:0]  outstanding2_writes,

    // OUTSTANDING3 0x4c: Outstanding
    input  wire  [7:0]  outstanding3_reads,
    input  wire  [7:0]  outstanding3_writes,

    // OUTSTANDING4 0x50: Outstanding
    input  wire  [7:0]  outstanding4_reads,
    input  wire  [7:0]  outstanding4_writes,

    // OUTSTANDING5 0x54: Outstanding
    input  wire  [7:0]  outstanding5_reads,
    input  wire  [7:0]  outstanding5_writes,

    // OUTSTANDING6 0x58: Outstanding
    input  wire  [7:0]  outstanding6_reads,
    input  wire  [7:0]  outstanding6_writes,

    // OUTSTANDING7 0x5c: Outstanding
    input  wire  [7:0]  outstanding7_reads,
    input  wire  [7:0]  outstanding7_writes
);

    localparam logic [4:0] AT_ID              = 5'h00;
    localparam logic [4:0] AT_CAPABILITIES    = 5'h01;
    localparam logic [4:0] AT_WINDOW_BASE     = 5'h02;
    localparam logic [4:0] AT_GUARD_BASE      = 5'h03;
    localparam logic [4:0] AT_GUARD_SIZE      = 5'h04;
    localparam logic [4:0] AT_GUARD_SET       = 5'h05;
    localparam logic [4:0] AT_SYNC            = 5'h06;
    localparam logic [4:0] AT_FAULT_STATUS    = 5'h07;
    localparam logic [4:0] AT_FAULT_ADDR      = 5'h08;
    localparam logic [4:0] AT_FAULT_ADDR_HIGH = 5'h09;
    localparam logic [4:0] AT_FAULT_INFO      = 5'h0a;
    localparam logic [4:0] AT_WINDOW_HIGH     = 5'h0b;
    localparam logic [4:0] AT_OUTSTANDING0    = 5'h10;
    localparam logic [4:0] AT_OUTSTANDING1    = 5'h11;
    localparam logic [4:0] AT_OUTSTANDING2    = 5'h12;
    localparam logic [4:0] AT_OUTSTANDING3    = 5'h13;
    localparam logic [4:0] AT_OUTSTANDING4    = 5'h14;
    localparam logic [4:0] AT_OUTSTANDING5    = 5'h15;
    localparam logic [4:0] AT_OUTSTANDING6    = 5'h16;
    localparam logic [4:0] AT_OUTSTANDING7    = 5'h17;

    // ------------------------------------------------------------------------
    // Write

    assign guard_set_wr    = wr_valid && wr_addr == AT_GUARD_SET;
    assign sync_wr         = wr_valid && wr_addr == AT_SYNC;
    wire   fault_status_wr = wr_valid && wr_addr == AT_FAULT_STATUS;
    wire   window_high_wr  = wr_valid && wr_addr == AT_WINDOW_HIGH;

    always_comb begin
        case (wr_addr)
            AT_GUARD_SET, AT_SYNC, AT_FAULT_STATUS, AT_WINDOW_HIGH: wr_hit = 1'b1;
            default: wr_hit = 1'b0;
        endcase
    end

    // ------------------------------------------------------------------------
    // Next state: of two who write in one clock, hardware wins

    wire fault_status_valid_d = (fault_status_valid_q & ~(fault_status_wr & wr_data[0])) |
        fault_status_valid_set;
    wire [15:0] window_high_frame_d = window_high_wr ? wr_data[15:0] : window_high_frame_q;

    // ------------------------------------------------------------------------
    // Registers

    always_ff @(posedge clk) begin
        if (!rst_n) begin
            fault_status_valid_q <= 1'b0;
            window_high_frame_q  <= 16'h0;
        end else begin
            fault_status_valid_q <= fault_status_valid_d;
            window_high_frame_q  <= window_high_frame_d;
        end
    end

    // ------------------------------------------------------------------------
    // Strobes and data in the clock of a write

    assign guard_set_frame_wdata     = wr_data[23:0];
    assign guard_set_may_read_wdata  = wr_data[24];
    assign guard_set_may_write_wdata = wr_data[25];
    assign guard_set_channel_wdata   = wr_data[31:29];
    assign sync_pending_wdata        = wr_data[0];

    // ------------------------------------------------------------------------
    // Read

    wire [31:0] id_rd              = 32'h47415445;
    wire [31:0] capabilities_rd    = {capabilities_ready, 1'b0, capabilities_addr_width, 4'h0,
        capabilities_channels, capabilities_page_lg, 3'h0, capabilities_window};
    wire [31:0] window_base_rd     = window_base_addr;
    wire [31:0] guard_base_rd      = guard_base_addr;
    wire [31:0] guard_size_rd      = guard_size_frames;
    wire [31:0] sync_rd            = {31'h0, sync_pending};
    wire [31:0] fault_status_rd    = {fault_status_count, 15'h0, fault_status_valid_q};
    wire [31:0] fault_addr_rd      = fault_addr_addr;
    wire [31:0] fault_addr_high_rd = {16'h0, fault_addr_high_addr};
    wire [31:0] fault_info_rd      = {21'h0, fault_info_channel, 4'h0, fault_info_is_write,
        fault_info_cause};
    wire [31:0] window_high_rd     = {16'h0, window_high_frame_q};
    wire [31:0] outstanding0_rd    = {16'h0, outstanding0_writes, outstanding0_reads};
    wire [31:0] outstanding1_rd    = {16'h0, outstanding1_writes, outstanding1_reads};
    wire [31:0] outstanding2_rd    = {16'h0, outstanding2_writes, outstanding2_reads};
    wire [31:0] outstanding3_rd    = {16'h0, outstanding3_writes, outstanding3_reads};
    wire [31:0] outstanding4_rd    = {16'h0, outstanding4_writes, outstanding4_reads};
    wire [31:0] outstanding5_rd    = {16'h0, outstanding5_writes, outstanding5_reads};
    wire [31:0] outstanding6_rd    = {16'h0, outstanding6_writes, outstanding6_reads};
    wire [31:0] outstanding7_rd    = {16'h0, outstanding7_writes, outstanding7_reads};

    // Each word has a register, which is zero when it is not asked for: the read is an OR of
    // them all, less than multiplexers cost, and no path leads from a field to the bus.
    logic [31:0] id_rd_q, capabilities_rd_q, window_base_rd_q, guard_base_rd_q, guard_size_rd_q,
        sync_rd_q, fault_status_rd_q, fault_addr_rd_q, fault_addr_high_rd_q, fault_info_rd_q,
        window_high_rd_q, outstanding0_rd_q, outstanding1_rd_q, outstanding2_rd_q,
        outstanding3_rd_q, outstanding4_rd_q, outstanding5_rd_q, outstanding6_rd_q,
        outstanding7_rd_q;

    always_ff @(posedge clk) begin
        id_rd_q              <= rd_valid && rd_addr == AT_ID ? id_rd : '0;
        capabilities_rd_q    <= rd_valid && rd_addr == AT_CAPABILITIES ? capabilities_rd : '0;
        window_base_rd_q     <= rd_valid && rd_addr == AT_WINDOW_BASE ? window_base_rd : '0;
        guard_base_rd_q      <= rd_valid && rd_addr == AT_GUARD_BASE ? guard_base_rd : '0;
        guard_size_rd_q      <= rd_valid && rd_addr == AT_GUARD_SIZE ? guard_size_rd : '0;
        sync_rd_q            <= rd_valid && rd_addr == AT_SYNC ? sync_rd : '0;
        fault_status_rd_q    <= rd_valid && rd_addr == AT_FAULT_STATUS ? fault_status_rd : '0;
        fault_addr_rd_q      <= rd_valid && rd_addr == AT_FAULT_ADDR ? fault_addr_rd : '0;
        fault_addr_high_rd_q <= rd_valid && rd_addr == AT_FAULT_ADDR_HIGH ? fault_addr_high_rd : '0;
        fault_info_rd_q      <= rd_valid && rd_addr == AT_FAULT_INFO ? fault_info_rd : '0;
        window_high_rd_q     <= rd_valid && rd_addr == AT_WINDOW_HIGH ? window_high_rd : '0;
        outstanding0_rd_q    <= rd_valid && rd_addr == AT_OUTSTANDING0 ? outstanding0_rd : '0;
        outstanding1_rd_q    <= rd_valid && rd_addr == AT_OUTSTANDING1 ? outstanding1_rd : '0;
        outstanding2_rd_q    <= rd_valid && rd_addr == AT_OUTSTANDING2 ? outstanding2_rd : '0;
        outstanding3_rd_q    <= rd_valid && rd_addr == AT_OUTSTANDING3 ? outstanding3_rd : '0;
        outstanding4_rd_q    <= rd_valid && rd_addr == AT_OUTSTANDING4 ? outstanding4_rd : '0;
        outstanding5_rd_q    <= rd_valid && rd_addr == AT_OUTSTANDING5 ? outstanding5_rd : '0;
        outstanding6_rd_q    <= rd_valid && rd_addr == AT_OUTSTANDING6 ? outstanding6_rd : '0;
        outstanding7_rd_q    <= rd_valid && rd_addr == AT_OUTSTANDING7 ? outstanding7_rd : '0;
    end

    assign rd_data = id_rd_q | capabilities_rd_q | window_base_rd_q | guard_base_rd_q |
        guard_size_rd_q | sync_rd_q | fault_status_rd_q | fault_addr_rd_q | fault_addr_high_rd_q
        | fault_info_rd_q | window_high_rd_q | outstanding0_rd_q | outstanding1_rd_q |
        outstanding2_rd_q | outstanding3_rd_q | outstanding4_rd_q | outstanding5_rd_q |
        outstanding6_rd_q | outstanding7_rd_q;

    always_comb begin
        case (rd_addr)
            AT_ID, AT_CAPABILITIES, AT_WINDOW_BASE, AT_GUARD_BASE, AT_GUARD_SIZE,
            AT_GUARD_SET, AT_SYNC, AT_FAULT_STATUS, AT_FAULT_ADDR,
            AT_FAULT_ADDR_HIGH, AT_FAULT_INFO, AT_WINDOW_HIGH, AT_OUTSTANDING0,
            AT_OUTSTANDING1, AT_OUTSTANDING2, AT_OUTSTANDING3, AT_OUTSTANDING4,
            AT_OUTSTANDING5, AT_OUTSTANDING6, AT_OUTSTANDING7: rd_hit = 1'b1;
            default: rd_hit = 1'b0;
        endcase
    end

    // ------------------------------------------------------------------------
    // Read by no field, or not in every configuration

    wire unused_ok = &{1'b0, wr_data[28:26]};

    // ------------------------------------------------------------------------
    // Checks: live in every simulation and in the proof, absent from synthesis

`ifndef SYNTHESIS
    logic asked_q;  // for a register that is there, the clock before

    always @(posedge clk) asked_q <= rd_valid && rd_hit;

    logic live_q;  // the clock before was out of reset

    always @(posedge clk) live_q <= rst_n;

    // fault_status_valid: only a one written to it clears a bit, and set wins
    logic fault_status_valid_want_q;
    always @(posedge clk) begin
        fault_status_valid_want_q <= (fault_status_wr ? fault_status_valid_q & ~wr_data[0] :
            fault_status_valid_q) | fault_status_valid_set;
        if (rst_n && live_q) assert (fault_status_valid_q == fault_status_valid_want_q);
    end

    always @(posedge clk) if (rst_n) begin
        // A hit is exactly one register's strobe
        if (wr_valid) assert (8'(wr_hit) == 8'(guard_set_wr) + 8'(sync_wr) + 8'(fault_status_wr)
            + 8'(window_high_wr));

        // What is not there reads zero
        if (!asked_q) assert (rd_data == '0);
    end
`endif

endmodule

`default_nettype wire
