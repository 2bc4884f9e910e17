// SPDX-License-Identifier: Apache-2.0
//
// Generated from soc.rdl by tools/regs.py: change that, not this.
//
// soc_video_regs - 640 x 480 from channel 1 of the engine, one pixel every fourth clock; never
// waits.
//
//     wr --> decode --> fields --> ports
//     rd --> decode --> rd_data
//
// Latency     a write shows in its field one clock later, pulses in its own clock;
//             a read is combinational and has no side effect.
// Throughput  one write and one read per clock, never stalled.
// Errors      wr_hit is low where no register can be written, rd_hit where there is
//             none; one that is write-only or left out reads zero.

`default_nettype none

module soc_video_regs (
    input  wire         clk,
    input  wire         rst_n,            // synchronous, active low

    // Write: one clock, always taken, whole words
    input  wire         wr_valid,
    input  wire  [1:0]  wr_addr,          // word index
    input  wire  [31:0] wr_data,
    output logic        wr_hit,           // wr_addr can be written

    // Read
    input  wire  [1:0]  rd_addr,          // word index
    output logic [31:0] rd_data,
    output logic        rd_hit,           // there is a register at rd_addr

    // CONTROL 0x00: Control
    output logic        control_enable_q,
    output logic        control_format_q,

    // STATUS 0x04: Status
    input  wire         status_scanning,
    input  wire  [9:0]  status_line,

    // UNDERRUNS 0x08: Underruns
    input  wire  [31:0] underruns_pixels,

    // FRAMES 0x0c: Frames
    input  wire  [31:0] frames_count
);

    localparam logic [1:0] AT_CONTROL   = 2'h0;
    localparam logic [1:0] AT_STATUS    = 2'h1;
    localparam logic [1:0] AT_UNDERRUNS = 2'h2;
    localparam logic [1:0] AT_FRAMES    = 2'h3;

    // ------------------------------------------------------------------------
    // Write

    wire   control_wr = wr_valid && wr_addr == AT_CONTROL;

    always_comb begin
        case (wr_addr)
            AT_CONTROL: wr_hit = 1'b1;
            default: wr_hit = 1'b0;
        endcase
    end

    // ------------------------------------------------------------------------
    // Next state: of two who write in one clock, hardware wins

    wire control_enable_d = control_wr ? wr_data[0] : control_enable_q;
    wire control_format_d = control_wr ? wr_data[1] : control_format_q;

    // ------------------------------------------------------------------------
    // Registers

    always_ff @(posedge clk) begin
        if (!rst_n) begin
            control_enable_q <= 1'b0;
            control_format_q <= 1'b0;
        end else begin
            control_enable_q <= control_enable_d;
            control_format_q <= control_format_d;
        end
    end

    // ------------------------------------------------------------------------
    // Read

    wire [31:0] control_rd   = {30'h0, control_format_q, control_enable_q};
    wire [31:0] status_rd    = {6'h0, status_line, 15'h0, status_scanning};
    wire [31:0] underruns_rd = underruns_pixels;
    wire [31:0] frames_rd    = frames_count;

    // The word at each address, the highest first. An indexed array becomes a tree of
    // multiplexers, which costs less than a case over the addresses.
    wire [3:0][31:0] words = {
        frames_rd,
        underruns_rd,
        status_rd,
        control_rd
    };

    assign rd_data = words[rd_addr];

    always_comb begin
        case (rd_addr)
            AT_CONTROL, AT_STATUS, AT_UNDERRUNS, AT_FRAMES: rd_hit = 1'b1;
            default: rd_hit = 1'b0;
        endcase
    end

    // ------------------------------------------------------------------------
    // Read by no field, or not in every configuration

    wire unused_ok = &{1'b0, wr_data[31:2]};

    // ------------------------------------------------------------------------
    // Checks: live in every simulation and in the proof, absent from synthesis

`ifndef SYNTHESIS
    always @(posedge clk) if (rst_n) begin
        // A hit is exactly one register's strobe
        if (wr_valid) assert (8'(wr_hit) == 8'(control_wr));

        // What is not there reads zero
        if (!rd_hit) assert (rd_data == '0);
    end
`endif

endmodule

`default_nettype wire
