// SPDX-License-Identifier: Apache-2.0
//
// soc_clint - software and timer interrupt of the core.
//
// Five words far apart, so they are decoded here and not by a generated block.
//
//     msip --> irq_software          mtime >= mtimecmp --> irq_timer
//
// Latency     1 clock from a write, or from the cycle that mtime names, to the interrupt.
// Throughput  one access a clock.
// Errors      wr_hit and rd_hit are low where there is no register.

`default_nettype none

module soc_clint (
    input  wire         clk,
    input  wire         rst_n,

    input  wire         wr_valid,
    input  wire  [13:0] wr_addr,       // word index
    input  wire  [31:0] wr_data,
    output logic        wr_hit,
    input  wire  [13:0] rd_addr,
    output logic [31:0] rd_data,
    output logic        rd_hit,

    input  wire  [63:0] cycles,        // since reset: mtime
    output logic        irq_software,
    output logic        irq_timer
);

    localparam logic [13:0] AT_MSIP          = soc_regs_pkg::SOC_CLINT_MSIP_WORD;
    localparam logic [13:0] AT_MTIMECMP      = soc_regs_pkg::SOC_CLINT_MTIMECMP_WORD;
    localparam logic [13:0] AT_MTIMECMP_HIGH = soc_regs_pkg::SOC_CLINT_MTIMECMP_HIGH_WORD;
    localparam logic [13:0] AT_MTIME         = soc_regs_pkg::SOC_CLINT_MTIME_WORD;
    localparam logic [13:0] AT_MTIME_HIGH    = soc_regs_pkg::SOC_CLINT_MTIME_HIGH_WORD;

    logic [63:0] compare_q;
    wire  [31:0] compare_low  = compare_q[31:0];
    wire  [31:0] compare_high = compare_q[63:32];
    wire  [31:0] time_low     = cycles[31:0];
    wire  [31:0] time_high    = cycles[63:32];

    always_ff @(posedge clk) begin
        if (!rst_n) begin
            irq_software <= 1'b0;
            irq_timer    <= 1'b0;
            compare_q    <= '1;
        end else begin
            if (wr_valid && wr_addr == AT_MSIP) irq_software <= wr_data[0];
            if (wr_valid && wr_addr == AT_MTIMECMP) compare_q[31:0] <= wr_data;
            if (wr_valid && wr_addr == AT_MTIMECMP_HIGH) compare_q[63:32] <= wr_data;
            irq_timer <= cycles >= compare_q;
        end
    end

    always_comb begin
        rd_hit = 1'b1;
        case (rd_addr)
            AT_MSIP:          rd_data = {31'd0, irq_software};
            AT_MTIMECMP:      rd_data = compare_low;
            AT_MTIMECMP_HIGH: rd_data = compare_high;
            AT_MTIME:         rd_data = time_low;
            AT_MTIME_HIGH:    rd_data = time_high;
            default: begin
                rd_data = '0;
                rd_hit  = 1'b0;
            end
        endcase
    end

    assign wr_hit = wr_addr == AT_MSIP || wr_addr == AT_MTIMECMP || wr_addr == AT_MTIMECMP_HIGH;

endmodule

`default_nettype wire
