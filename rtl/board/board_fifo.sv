// SPDX-License-Identifier: Apache-2.0
//
// board_fifo - a first-in first-out memory from one clock to another.
//
// Each side shows the other its index in Gray code, of which one bit changes at a time: whatever a synchroniser makes of a
// changing bit is the index before or the one after, never a third. What a side sees of the other is old, so the writer
// takes it for fuller than it is, and the reader for emptier.
//
//     clk_in: push --> [entries] --> head :clk_out
//                write index --> 2 flip-flops --> empty
//                full <-- 2 flip-flops <-- read index
//
// Latency     3 clocks of clk_out from push to head.
// Throughput  an entry a clock on either side.
// Errors      none: the caller neither pushes when full nor pops when empty.
// Proof       rtl/formal/fifo.sby

`default_nettype none

module board_fifo #(
    parameter int W        = 8,
    parameter int DEPTH_LG = 4   // log2 of the entries, at least 2
) (
    input  wire           clk_in,
    input  wire           rst_in_n,
    input  wire           push,
    input  wire  [W-1:0]  push_data,
    output logic          full,

    input  wire           clk_out,
    input  wire           rst_out_n,
    input  wire           pop,
    output logic [W-1:0]  head,
    output logic          empty
);

    localparam int INDEX_W = DEPTH_LG + 1;  // one bit more than an index: full is not empty

    logic [W-1:0]       entries [0:(1<<DEPTH_LG)-1];
    logic [INDEX_W-1:0] write_q, write_gray_q, read_q, read_gray_q;
    logic [INDEX_W-1:0] read_seen_0_q, read_seen_q;    // in clk_in
    logic [INDEX_W-1:0] write_seen_0_q, write_seen_q;  // in clk_out

    wire [INDEX_W-1:0]  write_d     = write_q + INDEX_W'(push);
    wire [INDEX_W-1:0]  read_d      = read_q + INDEX_W'(pop);
    wire [DEPTH_LG-1:0] write_index = write_q[DEPTH_LG-1:0];
    wire [DEPTH_LG-1:0] read_index  = read_q[DEPTH_LG-1:0];

    // ------------------------------------------------------------------------
    // Writer

    always_ff @(posedge clk_in) begin
        if (push) entries[write_index] <= push_data;
    end

    always_ff @(posedge clk_in) begin
        if (!rst_in_n) begin
            write_q       <= '0;
            write_gray_q  <= '0;
            read_seen_0_q <= '0;
            read_seen_q   <= '0;
        end else begin
            write_q       <= write_d;
            write_gray_q  <= write_d ^ (write_d >> 1);
            read_seen_0_q <= read_gray_q;
            read_seen_q   <= read_seen_0_q;
        end
    end

    // In Gray code an index that is a whole memory ahead differs in its two upper bits.
    localparam logic [INDEX_W-1:0] LAP = INDEX_W'(3) << (DEPTH_LG - 1);

    assign full = write_gray_q == (read_seen_q ^ LAP);

    // ------------------------------------------------------------------------
    // Reader

    always_ff @(posedge clk_out) begin
        if (!rst_out_n) begin
            read_q         <= '0;
            read_gray_q    <= '0;
            write_seen_0_q <= '0;
            write_seen_q   <= '0;
        end else begin
            read_q         <= read_d;
            read_gray_q    <= read_d ^ (read_d >> 1);
            write_seen_0_q <= write_gray_q;
            write_seen_q   <= write_seen_0_q;
        end
    end

    assign empty = read_gray_q == write_seen_q;
    assign head  = entries[read_index];

`ifndef SYNTHESIS
    initial if (DEPTH_LG < 2) $fatal(1, "DEPTH_LG");
    always @(posedge clk_in) if (rst_in_n && push) assert (!full);
    always @(posedge clk_out) if (rst_out_n && pop) assert (!empty);
`endif

endmodule

`default_nettype wire
