// SPDX-License-Identifier: Apache-2.0
//
// Generated from soc.rdl by tools/regs.py: change that, not this.
//
// soc_uart_regs - 8 data bits, no parity, 1 stop bit; 16 bytes of room on either side.
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

module soc_uart_regs (
    input  wire         clk,
    input  wire         rst_n,                 // synchronous, active low

    // Write: one clock, always taken, whole words
    input  wire         wr_valid,
    input  wire  [1:0]  wr_addr,               // word index
    input  wire  [31:0] wr_data,
    output logic        wr_hit,                // wr_addr can be written

    // Read
    input  wire  [1:0]  rd_addr,               // word index
    output logic [31:0] rd_data,
    output logic        rd_hit,                // there is a register at rd_addr

    // DATA 0x00: Data
    output logic        data_wr,               // in the clock of a write
    input  wire  [7:0]  data_value,
    output logic [7:0]  data_value_wdata,

    // STATUS 0x04: Status
    input  wire         status_tx_ready,
    input  wire         status_tx_idle,
    input  wire         status_rx_valid,
    input  wire         status_rx_overrun_set, // wins over a clear
    output logic        status_rx_overrun_q,

    // COMMAND 0x08: Command
    output logic        command_rx_take_pulse, // in the clock of a write

    // DIVISOR 0x0c: Divisor
    output logic        divisor_wr,            // in the clock of a write
    input  wire  [15:0] divisor_clocks,
    output logic [15:0] divisor_clocks_wdata
);

    localparam logic [1:0] AT_DATA    = 2'h0;
    localparam logic [1:0] AT_STATUS  = 2'h1;
    localparam logic [1:0] AT_COMMAND = 2'h2;
    localparam logic [1:0] AT_DIVISOR = 2'h3;

    // ------------------------------------------------------------------------
    // Write

    assign data_wr    = wr_valid && wr_addr == AT_DATA;
    wire   status_wr  = wr_valid && wr_addr == AT_STATUS;
    wire   command_wr = wr_valid && wr_addr == AT_COMMAND;
    assign divisor_wr = wr_valid && wr_addr == AT_DIVISOR;

    always_comb begin
        case (wr_addr)
            AT_DATA, AT_STATUS, AT_COMMAND, AT_DIVISOR: wr_hit = 1'b1;
            default: wr_hit = 1'b0;
        endcase
    end

    // ------------------------------------------------------------------------
    // Next state: of two who write in one clock, hardware wins

    wire status_rx_overrun_d = (status_rx_overrun_q & ~(status_wr & wr_data[3])) |
        status_rx_overrun_set;

    // ------------------------------------------------------------------------
    // Registers

    always_ff @(posedge clk) begin
        if (!rst_n) begin
            status_rx_overrun_q <= 1'b0;
        end else begin
            status_rx_overrun_q <= status_rx_overrun_d;
        end
    end

    // ------------------------------------------------------------------------
    // Strobes and data in the clock of a write

    assign data_value_wdata      = wr_data[7:0];
    assign command_rx_take_pulse = command_wr && wr_data[0];
    assign divisor_clocks_wdata  = wr_data[15:0];

    // ------------------------------------------------------------------------
    // Read

    wire [31:0] data_rd    = {24'h0, data_value};
    wire [31:0] status_rd  = {28'h0, status_rx_overrun_q, status_rx_valid, status_tx_idle,
        status_tx_ready};
    wire [31:0] divisor_rd = {16'h0, divisor_clocks};

    // The word at each address, the highest first. An indexed array becomes a tree of
    // multiplexers, which costs less than a case over the addresses.
    wire [3:0][31:0] words = {
        divisor_rd,
        32'h0,  // COMMAND is write-only
        status_rd,
        data_rd
    };

    assign rd_data = words[rd_addr];

    always_comb begin
        case (rd_addr)
            AT_DATA, AT_STATUS, AT_COMMAND, AT_DIVISOR: rd_hit = 1'b1;
            default: rd_hit = 1'b0;
        endcase
    end

    // ------------------------------------------------------------------------
    // Read by no field, or not in every configuration

    wire unused_ok = &{1'b0, wr_data[31:16]};

    // ------------------------------------------------------------------------
    // Checks: live in every simulation and in the proof, absent from synthesis

`ifndef SYNTHESIS
    logic live_q;  // the clock before was out of reset

    always @(posedge clk) live_q <= rst_n;

    // status_rx_overrun: only a one written to it clears a bit, and set wins
    logic status_rx_overrun_want_q;
    always @(posedge clk) begin
        status_rx_overrun_want_q <= (status_wr ? status_rx_overrun_q & ~wr_data[3] :
            status_rx_overrun_q) | status_rx_overrun_set;
        if (rst_n && live_q) assert (status_rx_overrun_q == status_rx_overrun_want_q);
    end

    always @(posedge clk) if (rst_n) begin
        // A hit is exactly one register's strobe
        if (wr_valid) assert (8'(wr_hit) == 8'(data_wr) + 8'(status_wr) + 8'(command_wr) +
            8'(divisor_wr));

        // What is not there reads zero
        if (!rd_hit) assert (rd_data == '0);
    end
`endif

endmodule

`default_nettype wire
