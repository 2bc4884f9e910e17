// SPDX-License-Identifier: Apache-2.0
//
// soc_core - the soft core with its Wishbone ports as plain requests.
//
// VexRiscv, Linux variant: rv32ima, machine, supervisor and user mode, Sv32, 4 KiB of cache on either side. It asks
// for 32-byte lines word by word, word 0 first, and ignores bus errors, so whatever is asked for must be answered.
//
//     VexRiscv --> instr, data: valid and payload stay until ready; rdata counts in the cycle of ready
//
// Latency     none: wires.
// Throughput  the core's: one word a clock on either port.
// Errors      none can be told to it.

`default_nettype none

module soc_core #(
    parameter logic [31:0] RESET_VECTOR = 32'h8000_0000
) (
    input  wire         clk,
    input  wire         rst_n,         // synchronous, active low

    input  wire         irq_timer,
    input  wire         irq_software,
    input  wire  [31:0] irq_external,  // level, masked by the core's own CSR 0xBC0

    // Instruction port: reads of whole lines
    output logic        instr_valid,
    input  wire         instr_ready,
    output logic        instr_more,    // the next word of the line follows
    output logic [31:0] instr_addr,    // byte address of a word
    input  wire  [31:0] instr_rdata,

    // Data port
    output logic        data_valid,
    input  wire         data_ready,
    output logic        data_more,
    output logic [31:0] data_addr,     // byte address of a word
    output logic        data_write,
    output logic [3:0]  data_wstrb,    // all ones on a read
    output logic [31:0] data_wdata,
    input  wire  [31:0] data_rdata
);

    wire [29:0] instr_word, data_word;
    wire        instr_cyc, instr_stb, instr_we, data_cyc, data_stb;
    wire [31:0] instr_mosi;
    wire [3:0]  instr_sel;
    wire [2:0]  instr_cti, data_cti;
    wire [1:0]  instr_bte, data_bte;

    VexRiscv u_core (
        .clk,
        .reset                  (!rst_n),
        .externalResetVector    (RESET_VECTOR),
        .timerInterrupt         (irq_timer),
        .softwareInterrupt      (irq_software),
        .externalInterruptArray (irq_external),

        .iBusWishbone_CYC       (instr_cyc),
        .iBusWishbone_STB       (instr_stb),
        .iBusWishbone_ACK       (instr_ready),
        .iBusWishbone_WE        (instr_we),
        .iBusWishbone_ADR       (instr_word),
        .iBusWishbone_DAT_MISO  (instr_rdata),
        .iBusWishbone_DAT_MOSI  (instr_mosi),
        .iBusWishbone_SEL       (instr_sel),
        .iBusWishbone_ERR       (1'b0),
        .iBusWishbone_CTI       (instr_cti),
        .iBusWishbone_BTE       (instr_bte),

        .dBusWishbone_CYC       (data_cyc),
        .dBusWishbone_STB       (data_stb),
        .dBusWishbone_ACK       (data_ready),
        .dBusWishbone_WE        (data_write),
        .dBusWishbone_ADR       (data_word),
        .dBusWishbone_DAT_MISO  (data_rdata),
        .dBusWishbone_DAT_MOSI  (data_wdata),
        .dBusWishbone_SEL       (data_wstrb),
        .dBusWishbone_ERR       (1'b0),
        .dBusWishbone_CTI       (data_cti),
        .dBusWishbone_BTE       (data_bte)
    );

    assign instr_valid = instr_cyc && instr_stb;
    assign instr_addr  = {instr_word, 2'b00};
    assign data_valid  = data_cyc && data_stb;
    assign data_addr   = {data_word, 2'b00};

    // Bursts of Wishbone that count up; their lines are whole, so their order needs no code.
    assign instr_more = instr_cti == 3'b010;
    assign data_more  = data_cti == 3'b010;

    wire unused_ok = &{1'b0, instr_we, instr_mosi, instr_sel, instr_bte, data_bte};

endmodule

`default_nettype wire
