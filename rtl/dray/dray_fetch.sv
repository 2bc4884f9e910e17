// SPDX-License-Identifier: Apache-2.0
//
// dray_fetch - choose the channel whose descriptors are fetched next.
//
// Channels take turns, the higher priority first. The wish that was chosen stands in a register until the read path takes it;
// the channel counts the slots from the moment it was chosen, so it never asks for them twice.
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
    parameter int AHEAD_W  = 6,
    parameter int SLOT_BEATS_LG = 1,  // log2 of the beats of one slot
    parameter int CH_W     = 1
) (
    input  wire                         clk,
    input  wire                         rst_n,

    // Wishes
    input  wire  [CHANNELS*CHANNELS-1:0] outranks,
    input  wire  [CHANNELS-1:0]         wish_valid,
    output logic [CHANNELS-1:0]         wish_take,
    input  wire  [CHANNELS*(ADDR_W-4)-1:0] wish_addr,
    input  wire  [CHANNELS*AHEAD_W-1:0] wish_slots,
    input  wire  [CHANNELS-1:0]         wish_epoch,

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
    logic [CH_W-1:0]    channel_q;
    logic [SLOT_W-1:0]  addr_q;
    logic [AHEAD_W-1:0] slots_q;
    logic               epoch_q;

    // ------------------------------------------------------------------------
    // Choice: the next one after the last one that was served

    logic               any;
    logic [CH_W-1:0]    choice;

    dray_turn #(.CHANNELS(CHANNELS), .CH_W(CH_W)) u_turn (
        .clk, .rst_n, .want(wish_valid), .outranks, .any, .choice, .taken(any && !valid_q)
    );

    logic [SLOT_W-1:0]  addr_d;
    logic [AHEAD_W-1:0] slots_d;
    logic               epoch_d;

    always_comb begin
        addr_d  = '0;
        slots_d = '0;
        epoch_d = 1'b0;
        for (int c = 0; c < CHANNELS; c++) begin
            if (choice == CH_W'(c)) begin
                addr_d  = wish_addr[c*SLOT_W +: SLOT_W];
                slots_d = wish_slots[c*AHEAD_W +: AHEAD_W];
                epoch_d = wish_epoch[c];
            end
        end
    end

    for (genvar c = 0; c < CHANNELS; c++) begin : g_channel
        assign wish_take[c]   = any && !valid_q && choice == CH_W'(c);
        assign req_pending[c] = valid_q && channel_q == CH_W'(c);
    end

    // ------------------------------------------------------------------------
    // Registers

    always_ff @(posedge clk) begin
        if (!rst_n) valid_q <= 1'b0;
        else        valid_q <= valid_q ? !req_ready : any;
    end

    always_ff @(posedge clk) if (!valid_q) begin
        channel_q <= choice;
        addr_q    <= addr_d;
        slots_q   <= slots_d;
        epoch_q   <= epoch_d;
    end

    wire [7:0] beats = (8'(slots_q) << SLOT_BEATS_LG) - 8'd1;

    assign req_valid   = valid_q;
    assign req_channel = channel_q;
    assign req_addr    = {addr_q, 4'b0000};
    assign req_len     = beats;
    assign req_epoch   = epoch_q;

endmodule

`default_nettype wire
