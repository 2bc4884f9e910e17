// SPDX-License-Identifier: Apache-2.0
//
// soc_crossbar_write - write addresses, data and answers between two managers and two memories.
//
// Data follows in the order of the addresses, on both sides, and answers come back in it; the queues that keep it are
// entered in the clock in which the memory takes the address, as those of soc_crossbar_read are.
//
//     a, b --> arbiter of each memory --> AW        W --> queues of data --> W        B --> queues of answers --> a, b
//
// Latency     none for AW and B; data goes out one clock behind its address at the earliest.
// Throughput  a beat a clock and memory.
// Errors      a write to an address in neither memory is swallowed, and answered with DECERR.

`default_nettype none

module soc_crossbar_write #(
    parameter int DATA_W   = 64,
    parameter int QUEUE_LG = 6   // log2 of the bursts in flight, each manager and memory
) (
    input  wire                  clk,
    input  wire                  rst_n,

    // Managers
    input  wire                  a_awvalid,
    output logic                 a_awready,
    input  wire  [31:0]          a_awaddr,
    input  wire  [7:0]           a_awlen,
    input  wire                  a_wvalid,
    output logic                 a_wready,
    input  wire  [DATA_W-1:0]    a_wdata,
    input  wire  [DATA_W/8-1:0]  a_wstrb,
    input  wire                  a_wlast,
    output logic                 a_bvalid,
    input  wire                  a_bready,
    output logic [1:0]           a_bresp,

    input  wire                  b_awvalid,
    output logic                 b_awready,
    input  wire  [31:0]          b_awaddr,
    input  wire  [7:0]           b_awlen,
    input  wire                  b_wvalid,
    output logic                 b_wready,
    input  wire  [DATA_W-1:0]    b_wdata,
    input  wire  [DATA_W/8-1:0]  b_wstrb,
    input  wire                  b_wlast,
    output logic                 b_bvalid,
    input  wire                  b_bready,
    output logic [1:0]           b_bresp,

    // Memories
    output logic                 host_awvalid,
    input  wire                  host_awready,
    output logic [31:0]          host_awaddr,
    output logic [7:0]           host_awlen,
    output logic                 host_wvalid,
    input  wire                  host_wready,
    output logic [DATA_W-1:0]    host_wdata,
    output logic [DATA_W/8-1:0]  host_wstrb,
    output logic                 host_wlast,
    input  wire                  host_bvalid,
    output logic                 host_bready,
    input  wire  [1:0]           host_bresp,

    output logic                 device_awvalid,
    input  wire                  device_awready,
    output logic [31:0]          device_awaddr,
    output logic [7:0]           device_awlen,
    output logic                 device_wvalid,
    input  wire                  device_wready,
    output logic [DATA_W-1:0]    device_wdata,
    output logic [DATA_W/8-1:0]  device_wstrb,
    output logic                 device_wlast,
    input  wire                  device_bvalid,
    output logic                 device_bready,
    input  wire  [1:0]           device_bresp
);

    localparam logic [8:0] HOST   = 9'h080;  // address bits 31..23
    localparam logic [8:0] DEVICE = 9'h081;
    localparam logic [1:0] DECERR = 2'b11;

    // Where to: {device, host}, neither for an address in no memory
    wire [1:0] a_where = {a_awaddr[31:23] == DEVICE, a_awaddr[31:23] == HOST};
    wire [1:0] b_where = {b_awaddr[31:23] == DEVICE, b_awaddr[31:23] == HOST};

    // Queues: a data queue never holds more than its answer queue, so only that one can be full.
    wire       a_full, b_full, host_full, device_full;
    wire       a_data_full, b_data_full, host_data_full, device_data_full;
    wire       a_data_empty, b_data_empty, host_data_empty, device_data_empty;
    wire       a_empty, b_empty, host_empty, device_empty;
    wire [1:0] a_data_to, b_data_to, a_next, b_next;
    wire       host_data_of, device_data_of, host_to, device_to;

    // ------------------------------------------------------------------------
    // Addresses

    wire a_to_host   = a_awvalid && a_where[0] && !a_full && !host_full;
    wire b_to_host   = b_awvalid && b_where[0] && !b_full && !host_full;
    wire a_to_device = a_awvalid && a_where[1] && !a_full && !device_full;
    wire b_to_device = b_awvalid && b_where[1] && !b_full && !device_full;
    wire host_pick, device_pick;

    soc_arbiter u_host_arbiter (
        .clk, .rst_n, .want_a (a_to_host), .want_b (b_to_host), .valid (host_awvalid), .ready (host_awready), .pick (host_pick)
    );

    soc_arbiter u_device_arbiter (
        .clk, .rst_n, .want_a (a_to_device), .want_b (b_to_device), .valid (device_awvalid), .ready (device_awready),
        .pick (device_pick)
    );

    assign host_awaddr   = host_pick ? b_awaddr : a_awaddr;
    assign host_awlen    = host_pick ? b_awlen : a_awlen;
    assign device_awaddr = device_pick ? b_awaddr : a_awaddr;
    assign device_awlen  = device_pick ? b_awlen : a_awlen;

    wire host_fire   = host_awvalid && host_awready;
    wire device_fire = device_awvalid && device_awready;

    assign a_awready = a_where[0] ? host_fire && !host_pick : a_where[1] ? device_fire && !device_pick : !a_full;
    assign b_awready = b_where[0] ? host_fire && host_pick : b_where[1] ? device_fire && device_pick : !b_full;

    wire a_aw_fire = a_awvalid && a_awready;
    wire b_aw_fire = b_awvalid && b_awready;

    // ------------------------------------------------------------------------
    // Order of data

    wire a_last      = a_wvalid && a_wready && a_wlast;
    wire b_last      = b_wvalid && b_wready && b_wlast;
    wire host_last   = host_wvalid && host_wready && host_wlast;
    wire device_last = device_wvalid && device_wready && device_wlast;

    soc_queue #(.W(2), .DEPTH_LG(QUEUE_LG)) u_a_data (
        .clk, .rst_n, .push (a_aw_fire), .push_data (a_where), .full (a_data_full),
        .pop (a_last), .head (a_data_to), .empty (a_data_empty)
    );
    soc_queue #(.W(2), .DEPTH_LG(QUEUE_LG)) u_b_data (
        .clk, .rst_n, .push (b_aw_fire), .push_data (b_where), .full (b_data_full),
        .pop (b_last), .head (b_data_to), .empty (b_data_empty)
    );
    soc_queue #(.W(1), .DEPTH_LG(QUEUE_LG)) u_host_data (
        .clk, .rst_n, .push (host_fire), .push_data (host_pick), .full (host_data_full),
        .pop (host_last), .head (host_data_of), .empty (host_data_empty)
    );
    soc_queue #(.W(1), .DEPTH_LG(QUEUE_LG)) u_device_data (
        .clk, .rst_n, .push (device_fire), .push_data (device_pick), .full (device_data_full),
        .pop (device_last), .head (device_data_of), .empty (device_data_empty)
    );

    wire a_host_data   = !a_data_empty && a_data_to[0] && !host_data_empty && !host_data_of;
    wire b_host_data   = !b_data_empty && b_data_to[0] && !host_data_empty && host_data_of;
    wire a_device_data = !a_data_empty && a_data_to[1] && !device_data_empty && !device_data_of;
    wire b_device_data = !b_data_empty && b_data_to[1] && !device_data_empty && device_data_of;
    wire a_no_data     = !a_data_empty && a_data_to == '0;
    wire b_no_data     = !b_data_empty && b_data_to == '0;

    assign host_wvalid   = (a_host_data && a_wvalid) || (b_host_data && b_wvalid);
    assign host_wdata    = host_data_of ? b_wdata : a_wdata;
    assign host_wstrb    = host_data_of ? b_wstrb : a_wstrb;
    assign host_wlast    = host_data_of ? b_wlast : a_wlast;
    assign device_wvalid = (a_device_data && a_wvalid) || (b_device_data && b_wvalid);
    assign device_wdata  = device_data_of ? b_wdata : a_wdata;
    assign device_wstrb  = device_data_of ? b_wstrb : a_wstrb;
    assign device_wlast  = device_data_of ? b_wlast : a_wlast;

    assign a_wready = (a_host_data && host_wready) || (a_device_data && device_wready) || a_no_data;
    assign b_wready = (b_host_data && host_wready) || (b_device_data && device_wready) || b_no_data;

    // ------------------------------------------------------------------------
    // Order of answers

    logic [QUEUE_LG:0] a_swallowed_q, b_swallowed_q;  // writes to no memory whose data has come, not yet answered

    wire a_b_fire      = a_bvalid && a_bready;
    wire b_b_fire      = b_bvalid && b_bready;
    wire host_b_fire   = host_bvalid && host_bready;
    wire device_b_fire = device_bvalid && device_bready;

    soc_queue #(.W(2), .DEPTH_LG(QUEUE_LG)) u_a (
        .clk, .rst_n, .push (a_aw_fire), .push_data (a_where), .full (a_full),
        .pop (a_b_fire), .head (a_next), .empty (a_empty)
    );
    soc_queue #(.W(2), .DEPTH_LG(QUEUE_LG)) u_b (
        .clk, .rst_n, .push (b_aw_fire), .push_data (b_where), .full (b_full),
        .pop (b_b_fire), .head (b_next), .empty (b_empty)
    );
    soc_queue #(.W(1), .DEPTH_LG(QUEUE_LG)) u_host (
        .clk, .rst_n, .push (host_fire), .push_data (host_pick), .full (host_full),
        .pop (host_b_fire), .head (host_to), .empty (host_empty)
    );
    soc_queue #(.W(1), .DEPTH_LG(QUEUE_LG)) u_device (
        .clk, .rst_n, .push (device_fire), .push_data (device_pick), .full (device_full),
        .pop (device_b_fire), .head (device_to), .empty (device_empty)
    );

    wire a_host_turn   = !a_empty && a_next[0] && !host_empty && !host_to;
    wire b_host_turn   = !b_empty && b_next[0] && !host_empty && host_to;
    wire a_device_turn = !a_empty && a_next[1] && !device_empty && !device_to;
    wire b_device_turn = !b_empty && b_next[1] && !device_empty && device_to;
    wire a_none_turn   = !a_empty && a_next == '0 && a_swallowed_q != '0;
    wire b_none_turn   = !b_empty && b_next == '0 && b_swallowed_q != '0;

    assign a_bvalid = (a_host_turn && host_bvalid) || (a_device_turn && device_bvalid) || a_none_turn;
    assign b_bvalid = (b_host_turn && host_bvalid) || (b_device_turn && device_bvalid) || b_none_turn;
    assign a_bresp  = a_next[0] ? host_bresp : a_next[1] ? device_bresp : DECERR;
    assign b_bresp  = b_next[0] ? host_bresp : b_next[1] ? device_bresp : DECERR;

    assign host_bready   = (a_host_turn && a_bready) || (b_host_turn && b_bready);
    assign device_bready = (a_device_turn && a_bready) || (b_device_turn && b_bready);

    always_ff @(posedge clk) begin
        if (!rst_n) begin
            a_swallowed_q <= '0;
            b_swallowed_q <= '0;
        end else begin
            a_swallowed_q <= a_swallowed_q + (QUEUE_LG+1)'(a_no_data && a_last) - (QUEUE_LG+1)'(a_none_turn && a_b_fire);
            b_swallowed_q <= b_swallowed_q + (QUEUE_LG+1)'(b_no_data && b_last) - (QUEUE_LG+1)'(b_none_turn && b_b_fire);
        end
    end

    wire unused_ok = &{1'b0, a_data_full, b_data_full, host_data_full, device_data_full};

`ifndef SYNTHESIS
    always @(posedge clk) if (rst_n) begin
        if (host_bvalid) assert (!host_empty);
        if (device_bvalid) assert (!device_empty);
    end
`endif

endmodule

`default_nettype wire
