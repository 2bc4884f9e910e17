// SPDX-License-Identifier: Apache-2.0
//
// soc_program - the memory that holds all code, firmware data and stacks.
//
// Both ports of the core reach it at once, so fetching never waits for loads and stores.
//
//     instr --> [words] <-- data
//
// Latency     one wait state: ready is one clock behind valid.
// Throughput  of a line a word every clock behind the first, else a word every second clock, on each port.
// Errors      none: the caller stays inside BYTES.

`default_nettype none

module soc_program #(
    parameter int BYTES = 1 << 20,  // a power of two
    parameter     IMAGE = ""        // $readmemh file of 32-bit words; empty: loaded by other means
) (
    input  wire         clk,
    input  wire         rst_n,

    input  wire         instr_valid,
    output logic        instr_ready,
    input  wire         instr_more,    // the next word of the line will be asked for
    input  wire  [31:0] instr_addr,
    output logic [31:0] instr_rdata,

    input  wire         data_valid,
    output logic        data_ready,
    input  wire         data_more,
    input  wire  [31:0] data_addr,
    input  wire         data_write,
    input  wire  [3:0]  data_wstrb,
    input  wire  [31:0] data_wdata,
    output logic [31:0] data_rdata
);

    localparam int WORDS  = BYTES / 4;
    localparam int WORD_W = $clog2(WORDS);

    // What one port reads while the other stores to that word means nothing, so a block RAM may give anything.
    (* no_rw_check *) logic [31:0] words [0:WORDS-1];

    initial if (IMAGE != "") $readmemh(IMAGE, words);

    // While a word of a line is answered, the one behind it is read: the lines are aligned, so only their low bits count on.
    wire [2:0]        instr_low  = instr_addr[4:2] + 3'(instr_ready);
    wire [2:0]        data_low   = data_addr[4:2] + 3'(data_ready);
    wire [WORD_W-1:0] instr_word = {instr_addr[WORD_W+1:5], instr_low};
    wire [WORD_W-1:0] data_word  = {data_addr[WORD_W+1:5], data_low};
    wire              store      = data_valid && data_write && !data_ready;

    always_ff @(posedge clk) begin
        instr_rdata <= words[instr_word];
    end

    always_ff @(posedge clk) begin
        if (store && data_wstrb[0]) words[data_word][7:0]   <= data_wdata[7:0];
        if (store && data_wstrb[1]) words[data_word][15:8]  <= data_wdata[15:8];
        if (store && data_wstrb[2]) words[data_word][23:16] <= data_wdata[23:16];
        if (store && data_wstrb[3]) words[data_word][31:24] <= data_wdata[31:24];
        data_rdata <= words[data_word];
    end

    always_ff @(posedge clk) begin
        if (!rst_n) begin
            instr_ready <= 1'b0;
            data_ready  <= 1'b0;
        end else begin
            instr_ready <= instr_valid && (!instr_ready || instr_more);
            data_ready  <= data_valid && (!data_ready || data_more);
        end
    end

    // Address bits above the memory: the decoder has seen them.
    wire unused_ok = &{1'b0, instr_addr, data_addr};

`ifndef SYNTHESIS
    always @(posedge clk) if (rst_n) begin
        if (instr_ready) assert (instr_valid && !(instr_more && instr_addr[4:2] == 3'd7));
        if (data_ready)  assert (data_valid && !(data_more && (data_write || data_addr[4:2] == 3'd7)));
    end

    initial if (BYTES != 1 << $clog2(BYTES) || BYTES < 1024) $fatal(1, "BYTES");
`endif

endmodule

`default_nettype wire
