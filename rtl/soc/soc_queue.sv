// SPDX-License-Identifier: Apache-2.0
//
// soc_queue - a small first-in first-out memory that shows its oldest entry.
//
//     push --> [entries] --> head
//
// Latency     1 clock from push to head.
// Throughput  one push and one pop a clock, also when full or holding one.
// Errors      none: the caller neither pushes when full, unless it pops, nor pops when empty.

`default_nettype none

module soc_queue #(
    parameter int W        = 8,  // entry, bits
    parameter int DEPTH_LG = 4   // log2 of the entries held
) (
    input  wire            clk,
    input  wire            rst_n,

    input  wire            push,
    input  wire  [W-1:0]   push_data,
    output logic           full,

    input  wire            pop,
    output logic [W-1:0]   head,
    output logic           empty
);

    logic [W-1:0]      entries [0:(1<<DEPTH_LG)-1];
    logic [DEPTH_LG:0] write_q, read_q;  // one bit more than an index: full is not empty

    wire [DEPTH_LG-1:0] write_index = write_q[DEPTH_LG-1:0];
    wire [DEPTH_LG-1:0] read_index  = read_q[DEPTH_LG-1:0];

    always_ff @(posedge clk) begin
        if (push) entries[write_index] <= push_data;
    end

    always_ff @(posedge clk) begin
        if (!rst_n) begin
            write_q <= '0;
            read_q  <= '0;
        end else begin
            write_q <= write_q + (DEPTH_LG+1)'(push);
            read_q  <= read_q + (DEPTH_LG+1)'(pop);
        end
    end

    assign head  = entries[read_index];
    assign empty = write_q == read_q;
    assign full  = write_index == read_index && !empty;

`ifndef SYNTHESIS
    always @(posedge clk) if (rst_n) begin
        if (push) assert (!full || pop);
        if (pop) assert (!empty);
    end
`endif

endmodule

`default_nettype wire
