// SPDX-License-Identifier: Apache-2.0
//
// fifo_env - board_fifo between two clocks that tick when the solver likes, and one entry that is followed through it.
//
// All indices, those that are seen across the border too, stand in one order: that is why full and empty are never wrong.

`default_nettype none

module fifo_env (
    input wire       clk_in,
    input wire       push,
    input wire [3:0] push_data,
    input wire       follow,    // the entry that is pushed now is the one
    input wire       clk_out,
    input wire       pop
);

    localparam int DEPTH_LG = 2;
    localparam int INDEX_W  = DEPTH_LG + 1;

    // Both sides begin in reset. Each leaves it by its own clock, and none before both clocks have ticked.
    logic ticked_in_q = 1'b0, ticked_out_q = 1'b0, rst_in_n = 1'b0, rst_out_n = 1'b0;

    wire ticked = ticked_in_q && ticked_out_q;

    always @(posedge clk_in) {ticked_in_q, rst_in_n} <= {1'b1, ticked};
    always @(posedge clk_out) {ticked_out_q, rst_out_n} <= {1'b1, ticked};

    wire       full, empty;
    wire [3:0] head;

    wire pushes = rst_in_n && push && !full;
    wire pops   = rst_out_n && pop && !empty;

    board_fifo #(.W(4), .DEPTH_LG(DEPTH_LG)) dut (
        .clk_in, .rst_in_n, .push(pushes), .push_data, .full, .clk_out, .rst_out_n, .pop(pops), .head, .empty
    );

    // ------------------------------------------------------------------------
    // One entry

    logic               followed_q = 1'b0, gone_q = 1'b0;
    logic [INDEX_W-1:0] at_q;
    logic [3:0]         data_q;

    wire leaves = pops && followed_q && !gone_q && dut.read_q == at_q;

    always @(posedge clk_in) if (pushes && follow && !followed_q) begin
        followed_q <= 1'b1;
        at_q       <= dut.write_q;
        data_q     <= push_data;
    end

    always @(posedge clk_out) if (leaves) gone_q <= 1'b1;

    // ------------------------------------------------------------------------
    // Indices as numbers, counted from what the writer knows of the reader

    function automatic logic [INDEX_W-1:0] number(input logic [INDEX_W-1:0] gray);
        number = gray ^ (gray >> 1) ^ (gray >> 2);
    endfunction

    wire [INDEX_W-1:0] base       = number(dut.read_seen_q);
    wire [INDEX_W-1:0] read_seen  = number(dut.read_seen_0_q) - base;
    wire [INDEX_W-1:0] read       = dut.read_q - base;
    wire [INDEX_W-1:0] write_seen = number(dut.write_seen_q) - base;
    wire [INDEX_W-1:0] write_next = number(dut.write_seen_0_q) - base;
    wire [INDEX_W-1:0] write      = dut.write_q - base;
    wire [INDEX_W-1:0] at         = at_q - dut.read_q;   // entries before the one
    wire [INDEX_W-1:0] held       = dut.write_q - dut.read_q;

    always_comb if (ticked) begin
        assert (read_seen <= read && read <= write_seen && write_seen <= write_next && write_next <= write);
        assert (write <= INDEX_W'(1 << DEPTH_LG));
        if (followed_q && !gone_q) assert (at < held && dut.entries[at_q[DEPTH_LG-1:0]] == data_q);
        if (leaves) assert (head == data_q);
    end

    // What crosses changes one bit at a time, so a bit that is caught in its change is the index before or the one after.
    logic [INDEX_W-1:0] write_was_q, read_was_q;

    always @(posedge clk_in) write_was_q <= dut.write_gray_q;
    always @(posedge clk_out) read_was_q <= dut.read_gray_q;

    wire [INDEX_W-1:0] write_changed = write_was_q ^ dut.write_gray_q;
    wire [INDEX_W-1:0] read_changed  = read_was_q ^ dut.read_gray_q;

    always_comb begin
        if (rst_in_n) assert ((write_changed & (write_changed - 1'b1)) == '0);
        if (rst_out_n) assert ((read_changed & (read_changed - 1'b1)) == '0);
    end

    // A side in reset has moved nothing and seen nothing.
    always_comb begin
        if (ticked_in_q && !rst_in_n) assert (dut.write_q == '0 && dut.read_seen_0_q == '0 && dut.read_seen_q == '0);
        if (ticked_out_q && !rst_out_n) assert (dut.read_q == '0 && dut.write_seen_0_q == '0 && dut.write_seen_q == '0);
        if (ticked_in_q) assert (dut.write_gray_q == (dut.write_q ^ (dut.write_q >> 1)));
        if (ticked_out_q) assert (dut.read_gray_q == (dut.read_q ^ (dut.read_q >> 1)));
        if (rst_in_n || rst_out_n) assert (ticked);
        if (!rst_in_n) assert (!followed_q);
        if (!followed_q) assert (!gone_q);
    end

    always @(posedge clk_out) begin
        cover (leaves && at_q == INDEX_W'(6));
        cover (full && held == INDEX_W'(4));
    end

endmodule

`default_nettype wire
