// SPDX-License-Identifier: Apache-2.0
//
// soc_uart - the console: bytes to and from two pins.
//
// 8 data bits, no parity, one stop bit, least significant bit first.
//
//     data --> [16 bytes] --> txd          rxd --> [16 bytes] --> data
//
// Latency     10 bit times a byte.
// Throughput  back to back bytes both ways at once.
// Errors      a byte received without room is lost and rx_overrun says so; one whose stop bit is low is dropped.

`default_nettype none

module soc_uart #(
    parameter int DIVISOR = 8  // clocks a bit after reset, at least 4
) (
    input  wire         clk,
    input  wire         rst_n,

    input  wire         wr_valid,
    input  wire  [1:0]  wr_addr,
    input  wire  [31:0] wr_data,
    output logic        wr_hit,
    input  wire  [1:0]  rd_addr,
    output logic [31:0] rd_data,
    output logic        rd_hit,

    output logic        txd,
    input  wire         rxd,      // asynchronous
    output logic        irq       // level: a received byte is held
);

    localparam logic [3:0] BITS = 4'd10;  // start, 8 of data, stop

    // ------------------------------------------------------------------------
    // Registers

    logic [15:0] clocks_q;  // a bit
    wire  [15:0] clocks_wdata;
    wire  [7:0]  tx_byte;
    wire  [7:0]  rx_head;
    wire         data_wr, divisor_wr, rx_take, overrun;
    wire         tx_full, tx_empty, rx_full, rx_empty;
    logic        tx_busy;
    logic        overrun_set;

    soc_uart_regs u_regs (
        .clk, .rst_n, .wr_valid, .wr_addr, .wr_data, .wr_hit, .rd_addr, .rd_data, .rd_hit,
        .data_wr,
        .data_value             (rx_head),
        .data_value_wdata       (tx_byte),
        .status_tx_ready        (!tx_full),
        .status_tx_idle         (tx_empty && !tx_busy),
        .status_rx_valid        (!rx_empty),
        .status_rx_overrun_set  (overrun_set),
        .status_rx_overrun_q    (overrun),
        .command_rx_take_pulse  (rx_take),
        .divisor_wr,
        .divisor_clocks         (clocks_q),
        .divisor_clocks_wdata   (clocks_wdata)
    );

    always_ff @(posedge clk) begin
        if (!rst_n)          clocks_q <= DIVISOR[15:0];
        else if (divisor_wr) clocks_q <= clocks_wdata;
    end

    // ------------------------------------------------------------------------
    // Send

    logic [9:0]  tx_bits_q;   // bit 0 is on the pin
    logic [3:0]  tx_left_q;   // bits still to come, this one included
    logic [15:0] tx_clock_q;  // clocks left of this bit, less one
    wire  [7:0]  tx_head;

    wire tx_start = !tx_empty && !tx_busy;
    wire tx_step  = tx_clock_q == '0;

    soc_queue #(.W(8), .DEPTH_LG(4)) u_tx (
        .clk, .rst_n,
        .push (data_wr && !tx_full), .push_data (tx_byte), .full (tx_full),
        .pop  (tx_start), .head (tx_head), .empty (tx_empty)
    );

    always_ff @(posedge clk) begin
        if (!rst_n) begin
            tx_left_q  <= '0;
            tx_bits_q  <= '1;
            tx_clock_q <= '0;
        end else if (tx_start) begin
            tx_left_q  <= BITS;
            tx_bits_q  <= {1'b1, tx_head, 1'b0};
            tx_clock_q <= clocks_q - 1'b1;
        end else if (tx_busy) begin
            tx_clock_q <= tx_step ? clocks_q - 1'b1 : tx_clock_q - 1'b1;
            if (tx_step) tx_left_q <= tx_left_q - 1'b1;
            if (tx_step) tx_bits_q <= {1'b1, tx_bits_q[9:1]};
        end
    end

    assign tx_busy = tx_left_q != '0;
    assign txd     = tx_bits_q[0];

    // ------------------------------------------------------------------------
    // Receive: each bit is looked at in its middle

    logic [1:0]  rx_sync_q;
    logic [7:0]  rx_bits_q;
    logic [3:0]  rx_left_q;   // bits still to be looked at, start and stop included
    logic [15:0] rx_clock_q;
    wire         rx_pin   = rx_sync_q[1];
    wire         rx_busy  = rx_left_q != '0;
    wire         rx_look  = rx_busy && rx_clock_q == '0;
    wire         rx_start = rx_look && rx_left_q == BITS;
    wire         rx_stop  = rx_look && rx_left_q == 4'd1;
    wire         rx_done  = rx_stop && rx_pin;

    soc_queue #(.W(8), .DEPTH_LG(4)) u_rx (
        .clk, .rst_n,
        .push (rx_done && !rx_full), .push_data (rx_bits_q), .full (rx_full),
        .pop  (rx_take && !rx_empty), .head (rx_head), .empty (rx_empty)
    );

    always_ff @(posedge clk) begin
        if (!rst_n) begin
            rx_sync_q  <= '1;
            rx_left_q  <= '0;
            rx_clock_q <= '0;
        end else begin
            rx_sync_q  <= {rx_sync_q[0], rxd};
            rx_clock_q <= !rx_busy ? clocks_q >> 1 : rx_look ? clocks_q - 1'b1 : rx_clock_q - 1'b1;
            if (!rx_busy && !rx_pin)      rx_left_q <= BITS;
            else if (rx_start && rx_pin)  rx_left_q <= '0;  // a glitch, no start bit
            else if (rx_look)             rx_left_q <= rx_left_q - 1'b1;
        end
    end

    always_ff @(posedge clk) begin
        if (rx_look && !rx_stop) rx_bits_q <= {rx_pin, rx_bits_q[7:1]};
    end

    assign overrun_set = rx_done && rx_full;
    assign irq         = !rx_empty;

    wire unused_ok = &{1'b0, overrun};

`ifndef SYNTHESIS
    initial if (DIVISOR < 4 || DIVISOR > 65535) $fatal(1, "DIVISOR");
`endif

endmodule

`default_nettype wire
