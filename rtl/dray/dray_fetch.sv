// SPDX-License-Identifier: Apache-2.0
//
// dray_fetch - choose the channel whose descriptors are fetched next.
//
// Channels take turns, the higher priority first. The wish that was chosen stands in a register until the read path takes it.
// In its first clock there, when nothing is chosen, the channel counts its slots, so it never asks for them twice.
//
//     channel wishes --> [request_q] --> dray_request
//
// Latency     1 clock.
// Throughput  1 burst per 2 clocks: one burst brings several descriptors.
// Errors      none here: dray_request marks what the gate refuses, dray_receive what the bus refuses.

`default_nettype none

module dray_fetch #(
    parameter int ADDR_W   = 32,
    parameter int CHANNELS = 2,
    parameter int SLOT_BEATS_LG = 1,  // log2 of the beats of one slot
    parameter int CH_W     = 1
) (
    input  wire                         clk,
    input  wire                         rst_n,

    // Wishes
    input  wire  [CHANNELS*CHANNELS-1:0] outranks,
    input  wire  [CHANNELS-1:0]         wish_valid,
    input  wire  [CHANNELS*(ADDR_W-4)-1:0] wish_addr,
    input  wire  [CHANNELS*3-1:0]       wish_less,  // slots, less one
    input  wire  [CHANNELS-1:0]         wish_epoch,
    output logic [CHANNELS-1:0]         taken,      // pulse, in the clock after it was chosen
    output logic [2:0]                  taken_less,

    // Request to the read path
    output logic                        req_valid,
    input  wire                         req_ready,
    output logic [CH_W-1:0]             req_channel,
    output logic [ADDR_W-1:0]           req_addr,
    output logic [7:0]                  req_len,    // beats - 1
    output logic                        req_epoch,
    output logic [CHANNELS-1:0]         req_pending // which channel stands in the register
);

    localparam int SLOT_W = ADDR_W - 4;

    // ------------------------------------------------------------------------
    // State

    logic               valid_q;
    logic               first_q;    // it has come in this clock
    logic [CH_W-1:0]    channel_q;
    logic [SLOT_W-1:0]  addr_q;
    logic [2:0]         less_q;
    logic               epoch_q;

    // ------------------------------------------------------------------------
    // Choice: the next one after the last one that was served

    logic               any;
    logic [CH_W-1:0]    choice;

    dray_turn #(.CHANNELS(CHANNELS), .CH_W(CH_W)) u_turn (
        .clk, .rst_n, .want(wish_valid), .outranks, .any, .choice, .taken(any && !valid_q)
    );

    logic [SLOT_W-1:0]  addr_d;
    logic [2:0]         less_d;
    logic               epoch_d;

    always_comb begin
        addr_d  = '0;
        less_d  = '0;
        epoch_d = 1'b0;
        for (int c = 0; c < CHANNELS; c++) begin
            if (choice == CH_W'(c)) begin
                addr_d  = wish_addr[c*SLOT_W +: SLOT_W];
                less_d  = wish_less[c*3 +: 3];
                epoch_d = wish_epoch[c];
            end
        end
    end

    for (genvar c = 0; c < CHANNELS; c++) begin : g_channel
        assign req_pending[c] = valid_q && channel_q == CH_W'(c);
        assign taken[c]       = first_q && channel_q == CH_W'(c);
    end

    // ------------------------------------------------------------------------
    // Registers

    always_ff @(posedge clk) begin
        if (!rst_n) valid_q <= 1'b0;
        else        valid_q <= valid_q ? !req_ready : any;
        first_q <= rst_n && any && !valid_q;
    end

    always_ff @(posedge clk) if (!valid_q) begin
        channel_q <= choice;
        addr_q    <= addr_d;
        less_q    <= less_d;
        epoch_q   <= epoch_d;
    end

    assign req_valid   = valid_q;
    assign req_channel = channel_q;
    assign req_addr    = {addr_q, 4'b0000};
    assign req_len     = (8'(less_q) << SLOT_BEATS_LG) | 8'((1 << SLOT_BEATS_LG) - 1);
    assign taken_less  = less_q;
    assign req_epoch   = epoch_q;

endmodule

`default_nettype wire
