// SPDX-License-Identifier: Apache-2.0
//
// Generated from soc.rdl by tools/regs.py: change that, not this.
//
// soc_system_regs - Bridges, cycle counter, resets, decode errors.
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

module soc_system_regs (
    input  wire         clk,
    input  wire         rst_n,                      // synchronous, active low

    // Write: one clock, always taken, whole words
    input  wire         wr_valid,
    input  wire  [3:0]  wr_addr,                    // word index
    input  wire  [31:0] wr_data,
    output logic        wr_hit,                     // wr_addr can be written

    // Read
    input  wire  [3:0]  rd_addr,                    // word index
    output logic [31:0] rd_data,
    output logic        rd_hit,                     // there is a register at rd_addr

    // DRAIN 0x00: Host bridge
    output logic        drain_wr,                   // in the clock of a write
    input  wire         drain_busy,
    output logic        drain_busy_wdata,

    // FLUSH 0x04: Posting bridge
    output logic        flush_wr,                   // in the clock of a write
    input  wire         flush_busy,
    output logic        flush_busy_wdata,

    // CYCLES 0x08: Cycles, low
    input  wire  [31:0] cycles_value,

    // CYCLES_HIGH 0x0c: Cycles, high
    input  wire  [31:0] cycles_high_value,

    // RESET_CONTROL 0x10: Reset
    output logic        reset_control_engine_q,
    output logic        reset_control_gate_q,

    // DECODE_ERROR 0x14: Decode error
    input  wire         decode_error_valid_set,     // wins over a clear
    output logic        decode_error_valid_q,
    input  wire         decode_error_is_write,
    input  wire  [15:0] decode_error_count,

    // DECODE_ADDR 0x18: Decode error address
    input  wire  [31:0] decode_addr_addr,

    // BUS_ERROR 0x1c: Bus errors
    input  wire         bus_error_host_read_set,    // wins over a clear
    output logic        bus_error_host_read_q,
    input  wire         bus_error_host_write_set,   // wins over a clear
    output logic        bus_error_host_write_q,
    input  wire         bus_error_alias_read_set,   // wins over a clear
    output logic        bus_error_alias_read_q,
    input  wire         bus_error_alias_write_set,  // wins over a clear
    output logic        bus_error_alias_write_q,
    input  wire         bus_error_posted_write_set, // wins over a clear
    output logic        bus_error_posted_write_q,
    input  wire         bus_error_registers_set,    // wins over a clear
    output logic        bus_error_registers_q,

    // CLOCK 0x20: Clock
    input  wire  [31:0] clock_hertz,

    // MEMORY 0x24: Memory
    input  wire  [15:0] memory_program_kib,
    input  wire         memory_no_host_bridge,
    input  wire         memory_no_posting_bridge
);

    localparam logic [3:0] AT_DRAIN         = 4'h0;
    localparam logic [3:0] AT_FLUSH         = 4'h1;
    localparam logic [3:0] AT_CYCLES        = 4'h2;
    localparam logic [3:0] AT_CYCLES_HIGH   = 4'h3;
    localparam logic [3:0] AT_RESET_CONTROL = 4'h4;
    localparam logic [3:0] AT_DECODE_ERROR  = 4'h5;
    localparam logic [3:0] AT_DECODE_ADDR   = 4'h6;
    localparam logic [3:0] AT_BUS_ERROR     = 4'h7;
    localparam logic [3:0] AT_CLOCK         = 4'h8;
    localparam logic [3:0] AT_MEMORY        = 4'h9;

    // ------------------------------------------------------------------------
    // Write

    assign drain_wr         = wr_valid && wr_addr == AT_DRAIN;
    assign flush_wr         = wr_valid && wr_addr == AT_FLUSH;
    wire   reset_control_wr = wr_valid && wr_addr == AT_RESET_CONTROL;
    wire   decode_error_wr  = wr_valid && wr_addr == AT_DECODE_ERROR;
    wire   bus_error_wr     = wr_valid && wr_addr == AT_BUS_ERROR;

    always_comb begin
        case (wr_addr)
            AT_DRAIN, AT_FLUSH, AT_RESET_CONTROL, AT_DECODE_ERROR, AT_BUS_ERROR: wr_hit = 1'b1;
            default: wr_hit = 1'b0;
        endcase
    end

    // ------------------------------------------------------------------------
    // Next state: of two who write in one clock, hardware wins

    wire reset_control_engine_d = reset_control_wr ? wr_data[0] : reset_control_engine_q;
    wire reset_control_gate_d = reset_control_wr ? wr_data[1] : reset_control_gate_q;
    wire decode_error_valid_d = (decode_error_valid_q & ~(decode_error_wr & wr_data[0])) |
        decode_error_valid_set;
    wire bus_error_host_read_d = (bus_error_host_read_q & ~(bus_error_wr & wr_data[0])) |
        bus_error_host_read_set;
    wire bus_error_host_write_d = (bus_error_host_write_q & ~(bus_error_wr & wr_data[1])) |
        bus_error_host_write_set;
    wire bus_error_alias_read_d = (bus_error_alias_read_q & ~(bus_error_wr & wr_data[2])) |
        bus_error_alias_read_set;
    wire bus_error_alias_write_d = (bus_error_alias_write_q & ~(bus_error_wr & wr_data[3])) |
        bus_error_alias_write_set;
    wire bus_error_posted_write_d = (bus_error_posted_write_q & ~(bus_error_wr & wr_data[4])) |
        bus_error_posted_write_set;
    wire bus_error_registers_d = (bus_error_registers_q & ~(bus_error_wr & wr_data[5])) |
        bus_error_registers_set;

    // ------------------------------------------------------------------------
    // Registers

    always_ff @(posedge clk) begin
        if (!rst_n) begin
            reset_control_engine_q   <= 1'b0;
            reset_control_gate_q     <= 1'b0;
            decode_error_valid_q     <= 1'b0;
            bus_error_host_read_q    <= 1'b0;
            bus_error_host_write_q   <= 1'b0;
            bus_error_alias_read_q   <= 1'b0;
            bus_error_alias_write_q  <= 1'b0;
            bus_error_posted_write_q <= 1'b0;
            bus_error_registers_q    <= 1'b0;
        end else begin
            reset_control_engine_q   <= reset_control_engine_d;
            reset_control_gate_q     <= reset_control_gate_d;
            decode_error_valid_q     <= decode_error_valid_d;
            bus_error_host_read_q    <= bus_error_host_read_d;
            bus_error_host_write_q   <= bus_error_host_write_d;
            bus_error_alias_read_q   <= bus_error_alias_read_d;
            bus_error_alias_write_q  <= bus_error_alias_write_d;
            bus_error_posted_write_q <= bus_error_posted_write_d;
            bus_error_registers_q    <= bus_error_registers_d;
        end
    end

    // ------------------------------------------------------------------------
    // Strobes and data in the clock of a write

    assign drain_busy_wdata = wr_data[0];
    assign flush_busy_wdata = wr_data[0];

    // ------------------------------------------------------------------------
    // Read

    wire [31:0] drain_rd         = {31'h0, drain_busy};
    wire [31:0] flush_rd         = {31'h0, flush_busy};
    wire [31:0] cycles_rd        = cycles_value;
    wire [31:0] cycles_high_rd   = cycles_high_value;
    wire [31:0] reset_control_rd = {30'h0, reset_control_gate_q, reset_control_engine_q};
    wire [31:0] decode_error_rd  = {decode_error_count, 14'h0, decode_error_is_write,
        decode_error_valid_q};
    wire [31:0] decode_addr_rd   = decode_addr_addr;
    wire [31:0] bus_error_rd     = {26'h0, bus_error_registers_q, bus_error_posted_write_q,
        bus_error_alias_write_q, bus_error_alias_read_q, bus_error_host_write_q,
        bus_error_host_read_q};
    wire [31:0] clock_rd         = clock_hertz;
    wire [31:0] memory_rd        = {14'h0, memory_no_posting_bridge, memory_no_host_bridge,
        memory_program_kib};

    // The word at each address, the highest first. An indexed array becomes a tree of
    // multiplexers, which costs less than a case over the addresses.
    wire [15:0][31:0] words = {
        {6{32'h0}},
        memory_rd,
        clock_rd,
        bus_error_rd,
        decode_addr_rd,
        decode_error_rd,
        reset_control_rd,
        cycles_high_rd,
        cycles_rd,
        flush_rd,
        drain_rd
    };

    assign rd_data = words[rd_addr];

    always_comb begin
        case (rd_addr)
            AT_DRAIN, AT_FLUSH, AT_CYCLES, AT_CYCLES_HIGH, AT_RESET_CONTROL,
            AT_DECODE_ERROR, AT_DECODE_ADDR, AT_BUS_ERROR, AT_CLOCK, AT_MEMORY: rd_hit = 1'b1;
            default: rd_hit = 1'b0;
        endcase
    end

    // ------------------------------------------------------------------------
    // Read by no field, or not in every configuration

    wire unused_ok = &{1'b0, wr_data[31:6]};

    // ------------------------------------------------------------------------
    // Checks: live in every simulation and in the proof, absent from synthesis

`ifndef SYNTHESIS
    logic live_q;  // the clock before was out of reset

    always @(posedge clk) live_q <= rst_n;

    // decode_error_valid: only a one written to it clears a bit, and set wins
    logic decode_error_valid_want_q;
    always @(posedge clk) begin
        decode_error_valid_want_q <= (decode_error_wr ? decode_error_valid_q & ~wr_data[0] :
            decode_error_valid_q) | decode_error_valid_set;
        if (rst_n && live_q) assert (decode_error_valid_q == decode_error_valid_want_q);
    end

    // bus_error_host_read: only a one written to it clears a bit, and set wins
    logic bus_error_host_read_want_q;
    always @(posedge clk) begin
        bus_error_host_read_want_q <= (bus_error_wr ? bus_error_host_read_q & ~wr_data[0] :
            bus_error_host_read_q) | bus_error_host_read_set;
        if (rst_n && live_q) assert (bus_error_host_read_q == bus_error_host_read_want_q);
    end

    // bus_error_host_write: only a one written to it clears a bit, and set wins
    logic bus_error_host_write_want_q;
    always @(posedge clk) begin
        bus_error_host_write_want_q <= (bus_error_wr ? bus_error_host_write_q & ~wr_data[1] :
            bus_error_host_write_q) | bus_error_host_write_set;
        if (rst_n && live_q) assert (bus_error_host_write_q == bus_error_host_write_want_q);
    end

    // bus_error_alias_read: only a one written to it clears a bit, and set wins
    logic bus_error_alias_read_want_q;
    always @(posedge clk) begin
        bus_error_alias_read_want_q <= (bus_error_wr ? bus_error_alias_read_q & ~wr_data[2] :
            bus_error_alias_read_q) | bus_error_alias_read_set;
        if (rst_n && live_q) assert (bus_error_alias_read_q == bus_error_alias_read_want_q);
    end

    // bus_error_alias_write: only a one written to it clears a bit, and set wins
    logic bus_error_alias_write_want_q;
    always @(posedge clk) begin
        bus_error_alias_write_want_q <= (bus_error_wr ? bus_error_alias_write_q & ~wr_data[3] :
            bus_error_alias_write_q) | bus_error_alias_write_set;
        if (rst_n && live_q) assert (bus_error_alias_write_q == bus_error_alias_write_want_q);
    end

    // bus_error_posted_write: only a one written to it clears a bit, and set wins
    logic bus_error_posted_write_want_q;
    always @(posedge clk) begin
        bus_error_posted_write_want_q <= (bus_error_wr ? bus_error_posted_write_q & ~wr_data[4] :
            bus_error_posted_write_q) | bus_error_posted_write_set;
        if (rst_n && live_q) assert (bus_error_posted_write_q == bus_error_posted_write_want_q);
    end

    // bus_error_registers: only a one written to it clears a bit, and set wins
    logic bus_error_registers_want_q;
    always @(posedge clk) begin
        bus_error_registers_want_q <= (bus_error_wr ? bus_error_registers_q & ~wr_data[5] :
            bus_error_registers_q) | bus_error_registers_set;
        if (rst_n && live_q) assert (bus_error_registers_q == bus_error_registers_want_q);
    end

    always @(posedge clk) if (rst_n) begin
        // A hit is exactly one register's strobe
        if (wr_valid) assert (8'(wr_hit) == 8'(drain_wr) + 8'(flush_wr) + 8'(reset_control_wr) +
            8'(decode_error_wr) + 8'(bus_error_wr));

        // What is not there reads zero
        if (!rd_hit) assert (rd_data == '0);
    end
`endif

endmodule

`default_nettype wire
