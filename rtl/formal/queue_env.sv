// SPDX-License-Identifier: Apache-2.0
//
// queue_env - dray_queue, and one entry of it that is followed from the way in to the way out.
//
// Which entry that is, the solver chooses: the proof is about any of them. What is known of it is where it must stand,
// which is also what makes the induction go through.

`default_nettype none

module queue_env #(
    parameter int BYPASS = 0
) (
    input wire       clk,
    input wire       in_valid,
    input wire [3:0] in_data,
    input wire       out_ready,
    input wire       follow     // the entry that comes in now is the one
);

    localparam int DEPTH_LG = 3;
    localparam int PLACES   = (1 << DEPTH_LG) - 2;  // in RAM
    localparam logic [12:0] TAPS = dray_pkg::taps(DEPTH_LG);

    logic rst_n = 1'b0;
    always @(posedge clk) rst_n <= 1'b1;

    wire       out_valid;
    wire [3:0] out_data;

    dray_queue #(.WIDTH(4), .DEPTH_LG(DEPTH_LG), .BYPASS(BYPASS)) dut (
        .clk, .rst_n, .in_valid, .in_data, .out_valid, .out_ready, .out_data
    );

    wire pop = out_valid && out_ready;

    // ------------------------------------------------------------------------
    // How many there are, and how many stand before the one

    logic [3:0] held_q, ahead_q;
    logic       followed_q, gone_q;
    logic [3:0] data_q;

    wire begins = in_valid && follow && !followed_q;
    wire leaves = pop && followed_q && !gone_q && ahead_q == 4'd0;

    always @(posedge clk) begin
        if (!rst_n) begin
            held_q     <= 4'd0;
            followed_q <= 1'b0;
            gone_q     <= 1'b0;
        end else begin
            held_q     <= held_q + 4'(in_valid) - 4'(pop);
            followed_q <= followed_q || begins;
            gone_q     <= gone_q || leaves;
        end
    end

    always @(posedge clk) begin
        if (begins) begin
            data_q  <= in_data;
            ahead_q <= held_q - 4'(pop);
        end else if (pop && !leaves) ahead_q <= ahead_q - 4'd1;
    end

    // The writer's promise: it has counted what is inside.
    always @(posedge clk) if (in_valid) assume (held_q < 4'd8);

    // ------------------------------------------------------------------------
    // Places in RAM, from the oldest on

    function automatic logic [DEPTH_LG-1:0] behind(input logic [DEPTH_LG-1:0] place);
        behind = {place[DEPTH_LG-2:0], ^(place & TAPS[DEPTH_LG-1:0])};
    endfunction

    logic [DEPTH_LG-1:0] place [0:PLACES];
    logic [DEPTH_LG-1:0] last;   // behind the youngest
    logic [3:0]          there;  // what stands where the one must be

    wire [3:0] in_front = 4'(dut.out_valid_q) + 4'(dut.ram_valid_q);
    wire [3:0] in_ram   = ahead_q - in_front;

    assign place[0] = dut.read_q;
    for (genvar n = 0; n < PLACES; n++) begin : g_place
        assign place[n+1] = behind(place[n]);
    end

    always_comb begin
        last  = place[0];
        there = dut.out_q;
        for (int n = 0; n <= PLACES; n++) if (dut.used_q == 4'(n)) last = place[n];
        if (ahead_q == 4'(dut.out_valid_q)) there = dut.ram_q;
        if (ahead_q >= in_front) for (int n = 0; n < PLACES; n++) if (in_ram == 4'(n)) there = dut.ram[place[n]];
    end

    always @(posedge clk) if (rst_n) begin
        assert (held_q == dut.used_q + in_front);
        assert (dut.read_q != '0 && dut.write_q != '0 && dut.write_q == last);
        if (in_front < 4'd2) assert (dut.used_q <= 4'd1);
        if (followed_q && !gone_q) assert (ahead_q < held_q && there == data_q);
        if (leaves) assert (out_data == data_q);
        if (gone_q) assert (followed_q);

        cover (held_q == 4'd8 && pop);
        cover (leaves && dut.read_q == dut.write_q);
    end

endmodule

`default_nettype wire
