// SPDX-License-Identifier: Apache-2.0
//
// dray_pair - a queue of two: what comes in may wait one clock for what goes out, and no path of ready
// runs through.
//
// Latency     1 clock.
// Throughput  1 entry per clock.
// Errors      none.
// Proof       rtl/formal/pair.sby

`default_nettype none

module dray_pair #(
    parameter int WIDTH = 8
) (
    input  wire              clk,
    input  wire              rst_n,
    input  wire              in_valid,
    output logic             in_ready,
    input  wire  [WIDTH-1:0] in_data,
    output logic             out_valid,
    input  wire              out_ready,
    output logic [WIDTH-1:0] out_data,
    output logic             both       // another one waits behind the one that is shown
);

    logic             head_valid_q, tail_valid_q;
    logic [WIDTH-1:0] head_q, tail_q;

    assign in_ready  = !tail_valid_q;
    assign out_valid = head_valid_q;
    assign out_data  = head_q;
    assign both      = tail_valid_q;

    wire in_fire  = in_valid && in_ready;
    wire head_free = !head_valid_q || out_ready;

    always_ff @(posedge clk) begin
        if (!rst_n) begin
            head_valid_q <= 1'b0;
            tail_valid_q <= 1'b0;
        end else begin
            head_valid_q <= tail_valid_q || in_fire || (head_valid_q && !out_ready);
            tail_valid_q <= !head_free && (tail_valid_q || in_fire);
        end
    end

    always_ff @(posedge clk) begin
        if (head_free) head_q <= tail_valid_q ? tail_q : in_data;
        if (in_fire)   tail_q <= in_data;
    end

endmodule

`default_nettype wire
