// SPDX-License-Identifier: Apache-2.0
//
// soc_crossbar_read - read addresses and data between two managers and two memories.
//
// One ID everywhere: a manager hears its answers in the order it asked, whichever memory gives them. So each manager
// has a queue of who answers next, each memory one of whom it answers next, and both are entered in the clock in
// which the memory takes the address. That one order of all entries is what keeps two queues from waiting for each other.
// Nothing waits for a memory to drain before the other is asked.
//
//     a, b --> arbiter of each memory --> AR        R --> head of the memory's queue == head of the manager's --> a, b
//
// Latency     none.
// Throughput  a beat a clock and memory.
// Errors      an address in neither memory is answered with DECERR here.

`default_nettype none

module soc_crossbar_read #(
    parameter int DATA_W   = 64,
    parameter int QUEUE_LG = 6   // log2 of the bursts in flight, each manager and memory
) (
    input  wire                clk,
    input  wire                rst_n,

    // Managers
    input  wire                a_arvalid,
    output logic               a_arready,
    input  wire  [31:0]        a_araddr,
    input  wire  [7:0]         a_arlen,
    output logic               a_rvalid,
    input  wire                a_rready,
    output logic [DATA_W-1:0]  a_rdata,
    output logic [1:0]         a_rresp,
    output logic               a_rlast,

    input  wire                b_arvalid,
    output logic               b_arready,
    input  wire  [31:0]        b_araddr,
    input  wire  [7:0]         b_arlen,
    output logic               b_rvalid,
    input  wire                b_rready,
    output logic [DATA_W-1:0]  b_rdata,
    output logic [1:0]         b_rresp,
    output logic               b_rlast,

    // Memories
    output logic               host_arvalid,
    input  wire                host_arready,
    output logic [31:0]        host_araddr,
    output logic [7:0]         host_arlen,
    input  wire                host_rvalid,
    output logic               host_rready,
    input  wire  [DATA_W-1:0]  host_rdata,
    input  wire  [1:0]         host_rresp,
    input  wire                host_rlast,

    output logic               device_arvalid,
    input  wire                device_arready,
    output logic [31:0]        device_araddr,
    output logic [7:0]         device_arlen,
    input  wire                device_rvalid,
    output logic               device_rready,
    input  wire  [DATA_W-1:0]  device_rdata,
    input  wire  [1:0]         device_rresp,
    input  wire                device_rlast
);

    localparam logic [8:0] HOST   = 9'h080;  // address bits 31..23
    localparam logic [8:0] DEVICE = 9'h081;
    localparam logic [1:0] DECERR = 2'b11;

    // Who answers: one bit each, none of them for an address in neither memory
    wire a_is_host   = a_araddr[31:23] == HOST;
    wire a_is_device = a_araddr[31:23] == DEVICE;
    wire b_is_host   = b_araddr[31:23] == HOST;
    wire b_is_device = b_araddr[31:23] == DEVICE;

    wire       a_full, a_empty, b_full, b_empty;
    wire [9:0] a_next, b_next;  // {length, from device, from host}
    wire       host_full, host_empty, host_to, device_full, device_empty, device_to;

    // ------------------------------------------------------------------------
    // Addresses

    wire a_to_host   = a_arvalid && a_is_host && !a_full && !host_full;
    wire b_to_host   = b_arvalid && b_is_host && !b_full && !host_full;
    wire a_to_device = a_arvalid && a_is_device && !a_full && !device_full;
    wire b_to_device = b_arvalid && b_is_device && !b_full && !device_full;
    wire host_pick, device_pick;

    soc_arbiter u_host_arbiter (
        .clk, .rst_n, .want_a (a_to_host), .want_b (b_to_host), .valid (host_arvalid), .ready (host_arready), .pick (host_pick)
    );

    soc_arbiter u_device_arbiter (
        .clk, .rst_n, .want_a (a_to_device), .want_b (b_to_device), .valid (device_arvalid), .ready (device_arready),
        .pick (device_pick)
    );

    assign host_araddr   = host_pick ? b_araddr : a_araddr;
    assign host_arlen    = host_pick ? b_arlen : a_arlen;
    assign device_araddr = device_pick ? b_araddr : a_araddr;
    assign device_arlen  = device_pick ? b_arlen : a_arlen;

    wire host_fire   = host_arvalid && host_arready;
    wire device_fire = device_arvalid && device_arready;

    assign a_arready = a_is_host   ? host_fire && !host_pick :
                       a_is_device ? device_fire && !device_pick : !a_full;
    assign b_arready = b_is_host   ? host_fire && host_pick :
                       b_is_device ? device_fire && device_pick : !b_full;

    // ------------------------------------------------------------------------
    // Order

    wire a_done, b_done, host_done, device_done;

    soc_queue #(.W(10), .DEPTH_LG(QUEUE_LG)) u_a (
        .clk, .rst_n, .push (a_arvalid && a_arready), .push_data ({a_arlen, a_is_device, a_is_host}), .full (a_full),
        .pop (a_done), .head (a_next), .empty (a_empty)
    );
    soc_queue #(.W(10), .DEPTH_LG(QUEUE_LG)) u_b (
        .clk, .rst_n, .push (b_arvalid && b_arready), .push_data ({b_arlen, b_is_device, b_is_host}), .full (b_full),
        .pop (b_done), .head (b_next), .empty (b_empty)
    );
    soc_queue #(.W(1), .DEPTH_LG(QUEUE_LG)) u_host (
        .clk, .rst_n, .push (host_fire), .push_data (host_pick), .full (host_full),
        .pop (host_done), .head (host_to), .empty (host_empty)
    );
    soc_queue #(.W(1), .DEPTH_LG(QUEUE_LG)) u_device (
        .clk, .rst_n, .push (device_fire), .push_data (device_pick), .full (device_full),
        .pop (device_done), .head (device_to), .empty (device_empty)
    );

    // ------------------------------------------------------------------------
    // Data

    wire a_of_host   = !a_empty && a_next[0];
    wire a_of_device = !a_empty && a_next[1];
    wire a_of_none   = !a_empty && a_next[1:0] == '0;
    wire b_of_host   = !b_empty && b_next[0];
    wire b_of_device = !b_empty && b_next[1];
    wire b_of_none   = !b_empty && b_next[1:0] == '0;

    logic [7:0] a_none_q, b_none_q;  // beats of DECERR given so far

    wire a_host_turn   = a_of_host && !host_empty && !host_to;
    wire b_host_turn   = b_of_host && !host_empty && host_to;
    wire a_device_turn = a_of_device && !device_empty && !device_to;
    wire b_device_turn = b_of_device && !device_empty && device_to;

    assign a_rvalid = (a_host_turn && host_rvalid) || (a_device_turn && device_rvalid) || a_of_none;
    assign b_rvalid = (b_host_turn && host_rvalid) || (b_device_turn && device_rvalid) || b_of_none;
    assign a_rdata  = a_of_host ? host_rdata : a_of_device ? device_rdata : '0;
    assign b_rdata  = b_of_host ? host_rdata : b_of_device ? device_rdata : '0;
    assign a_rresp  = a_of_host ? host_rresp : a_of_device ? device_rresp : DECERR;
    assign b_rresp  = b_of_host ? host_rresp : b_of_device ? device_rresp : DECERR;
    assign a_rlast  = a_of_host ? host_rlast : a_of_device ? device_rlast : a_none_q == a_next[9:2];
    assign b_rlast  = b_of_host ? host_rlast : b_of_device ? device_rlast : b_none_q == b_next[9:2];

    assign host_rready   = (a_host_turn && a_rready) || (b_host_turn && b_rready);
    assign device_rready = (a_device_turn && a_rready) || (b_device_turn && b_rready);

    wire a_fire = a_rvalid && a_rready;
    wire b_fire = b_rvalid && b_rready;

    assign a_done      = a_fire && a_rlast;
    assign b_done      = b_fire && b_rlast;
    assign host_done   = host_rvalid && host_rready && host_rlast;
    assign device_done = device_rvalid && device_rready && device_rlast;

    always_ff @(posedge clk) begin
        if (!rst_n) begin
            a_none_q <= '0;
            b_none_q <= '0;
        end else begin
            if (a_of_none && a_fire) a_none_q <= a_rlast ? '0 : a_none_q + 1'b1;
            if (b_of_none && b_fire) b_none_q <= b_rlast ? '0 : b_none_q + 1'b1;
        end
    end

`ifndef SYNTHESIS
    always @(posedge clk) if (rst_n) begin
        if (host_rvalid) assert (!host_empty);
        if (device_rvalid) assert (!device_empty);
    end
`endif

endmodule

`default_nettype wire
