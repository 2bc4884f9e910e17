// SPDX-License-Identifier: Apache-2.0
//
// dray_queue - first in, first out, in a block RAM, with its head in a register.
//
// The engine keeps everything it must remember about work in flight in queues of this kind. Space is
// reserved by the writer before it asks for something that will be pushed, so there is no in_ready:
// an overflow is a broken promise and is asserted. Places in RAM follow each other as dray_pkg says.
//
//     in --> [ram] --> [ram_q] --> [out_q] --> out
//        `------ BYPASS, when all are empty ---^
//
// Latency     3 clocks from in_valid to out_valid; 1 with BYPASS when the queue is empty.
// Throughput  1 entry per clock in, 1 out.
// Errors      none.
// Proof       rtl/formal/queue.sby

`default_nettype none

module dray_queue #(
    parameter int WIDTH    = 8,
    parameter int DEPTH_LG = 6,  // log2 of the entries, 2..13: two fewer in RAM, and two behind it
    parameter int BYPASS   = 0   // 1: an entry that meets an empty queue is at its head in the next clock
) (
    input  wire              clk,
    input  wire              rst_n,

    input  wire              in_valid,
    input  wire  [WIDTH-1:0] in_data,

    output logic             out_valid,
    input  wire              out_ready,
    output logic [WIDTH-1:0] out_data
);

    // ------------------------------------------------------------------------
    // State

    (* no_rw_check, ram_style = "block" *) logic [WIDTH-1:0] ram [0:(1<<DEPTH_LG)-1];

    logic [DEPTH_LG-1:0] write_q, read_q;  // equal means empty, never full
    logic                ram_valid_q, out_valid_q;
    logic [WIDTH-1:0]    ram_q, out_q;

    localparam logic [12:0]         TAPS  = dray_pkg::taps(DEPTH_LG);
    localparam logic [DEPTH_LG-1:0] FIRST = DEPTH_LG'(1);

    function automatic logic [DEPTH_LG-1:0] behind(input logic [DEPTH_LG-1:0] place);
        behind = {place[DEPTH_LG-2:0], ^(place & TAPS[DEPTH_LG-1:0])};
    endfunction

    // ------------------------------------------------------------------------
    // Movement

    wire ram_empty = write_q == read_q;
    wire out_free  = !out_valid_q || out_ready;
    wire direct    = BYPASS != 0 && in_valid && ram_empty && !ram_valid_q && out_free;
    wire ram_write = in_valid && !direct;
    wire ram_take  = ram_valid_q && out_free;
    wire ram_read  = !ram_empty && (!ram_valid_q || ram_take);

    // A word is read at the earliest in the clock after it was written, so the RAM never reads and
    // writes one address at once.
    always_ff @(posedge clk) begin
        if (ram_write) ram[write_q] <= in_data;
        if (ram_read)  ram_q <= ram[read_q];
    end

    always_ff @(posedge clk) begin
        if (!rst_n) begin
            write_q     <= FIRST;
            read_q      <= FIRST;
            ram_valid_q <= 1'b0;
            out_valid_q <= 1'b0;
        end else begin
            if (ram_write) write_q <= behind(write_q);
            if (ram_read)  read_q  <= behind(read_q);
            ram_valid_q <= ram_read || (ram_valid_q && !ram_take);
            out_valid_q <= direct || ram_take || (out_valid_q && !out_ready);
        end
    end

    // Whether it is anything at all, out_valid_q says.
    always_ff @(posedge clk) if (out_free) out_q <= BYPASS != 0 && !ram_valid_q ? in_data : ram_q;

    assign out_valid = out_valid_q;
    assign out_data  = out_q;

    // ------------------------------------------------------------------------
    // Checks

`ifndef SYNTHESIS
    initial if (DEPTH_LG < 2 || DEPTH_LG > 13) $fatal(1, "DEPTH_LG is 2 to 13");

    logic [DEPTH_LG:0] used_q;  // entries in RAM

    always @(posedge clk) begin
        if (!rst_n) used_q <= '0;
        else        used_q <= used_q + (DEPTH_LG+1)'(ram_write) - (DEPTH_LG+1)'(ram_read);
    end

    always @(posedge clk) if (rst_n) begin
        assert (used_q <= (DEPTH_LG+1)'((1 << DEPTH_LG) - 2));
        assert (ram_empty == (used_q == '0));
        if (ram_valid_q) assert (out_valid_q || ram_take);
    end
`endif

endmodule

`default_nettype wire
