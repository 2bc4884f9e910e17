// SPDX-License-Identifier: Apache-2.0
//
// soc_decode - send each access of the core's data port to the part that answers for its address.
//
// The core hangs on an access that nobody answers, so what decodes to nothing is answered here, and told to the log.
//
//             +--> program memory  0x8000_0000
//     data ---+--> host bridge     0x4000_0000, host memory only
//             +--> alias           0xB000_0000, both memories
//             +--> registers       0xF000_0000
//             `--> nothing: reads zero, logged
//
// Latency     none: a selection of wires, and of the part that answers.
// Throughput  the part's.
// Errors      missed pulses once for each access that decodes to nothing.

`default_nettype none

module soc_decode #(
    parameter int PROGRAM_BYTES = 1 << 20
) (
    // From the core
    input  wire         data_valid,
    output logic        data_ready,
    input  wire  [31:0] data_addr,
    output logic [31:0] data_rdata,

    // The parts; address, direction and data go to each as they are
    output logic        program_valid,
    input  wire         program_ready,
    input  wire  [31:0] program_rdata,

    output logic        host_valid,
    input  wire         host_ready,
    input  wire  [31:0] host_rdata,

    output logic        alias_valid,
    input  wire         alias_ready,
    input  wire  [31:0] alias_rdata,

    output logic        registers_valid,
    input  wire         registers_ready,
    input  wire  [31:0] registers_rdata,

    output logic        missed
);

    localparam int PROGRAM_LG = $clog2(PROGRAM_BYTES);

    wire is_program   = data_addr[31:28] == 4'h8 && data_addr[27:PROGRAM_LG] == '0;
    wire is_host      = data_addr[31:23] == 9'h080;  // 0x4000_0000, 8 MiB
    wire is_alias     = data_addr[31:24] == 8'hb0;   // 16 MiB
    wire is_registers = data_addr[31:18] == 14'h3c00;  // 0xF000_0000, 256 KiB
    wire is_none      = !is_program && !is_host && !is_alias && !is_registers;

    assign program_valid   = data_valid && is_program;
    assign host_valid      = data_valid && is_host;
    assign alias_valid     = data_valid && is_alias;
    assign registers_valid = data_valid && is_registers;
    assign missed          = data_valid && is_none;

    assign data_ready = is_program   ? program_ready :
                        is_host      ? host_ready :
                        is_alias     ? alias_ready :
                        is_registers ? registers_ready : 1'b1;

    assign data_rdata = is_program   ? program_rdata :
                        is_host      ? host_rdata :
                        is_alias     ? alias_rdata :
                        is_registers ? registers_rdata : '0;

    wire unused_ok = &{1'b0, data_addr};

endmodule

`default_nettype wire
