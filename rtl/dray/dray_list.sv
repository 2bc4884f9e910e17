// SPDX-License-Identifier: Apache-2.0
//
// dray_list - ask for the elements of lists ahead.
//
// A list that was decoded waits as {address, elements left} in a block RAM, a part of it for each channel.
// The walker takes one after the other, channels in turn, asks for the next burst of it and writes back what
// is left. A burst ends at a power of two that no page is smaller than, and is asked for only when
// dray_elements has a place for the longest one.
//
//     dray_decode --> [new_q] --> [lists] --> walker --> [ask_q] --> dray_request
//                                    ^-- what is left --'
//
// Latency     5 clocks from the list to the request.
// Throughput  1 burst per 3 clocks.
// Errors      none here: dray_request marks what the gate refuses, dray_receive what the bus refuses. Once a
//             job has ended before its list, the channel asks for nothing until it has settled.

`default_nettype none

module dray_list #(
    parameter int DATA_W   = 64,
    parameter int ADDR_W   = 32,
    parameter int CHANNELS = 2,
    parameter int CH_W     = 1,
    parameter int LIST_LG  = 7,   // log2 of the burst boundary, bytes
    parameter int LISTS_LG = 6    // log2 of the lists of a channel that wait
) (
    input  wire                     clk,
    input  wire                     rst_n,

    // Lists, as they are decoded
    input  wire  [CHANNELS-1:0]     in_valid,
    input  wire  [CH_W-1:0]         in_channel,
    input  wire  [ADDR_W-1:3]       in_addr,
    input  wire  [15:0]             in_count,

    // Channels
    input  wire  [CHANNELS*CHANNELS-1:0] outranks,
    input  wire  [CHANNELS-1:0]     run,       // new jobs may begin
    input  wire  [CHANNELS-1:0]     held,      // a job of the channel is in the reader
    input  wire  [CHANNELS-1:0]     broken,    // a job ended before its list
    input  wire  [CHANNELS-1:0]     settled,   // pulse: forget everything
    input  wire  [CHANNELS-1:0]     room,      // for the words of the longest burst
    output logic [CHANNELS-1:0]     pending,   // a request of the channel stands here

    // Request to the read path
    output logic                    ask_valid,
    input  wire                     ask_ready,
    output logic [CH_W-1:0]         ask_channel,
    output logic [ADDR_W-1:0]       ask_addr,
    output logic [7:0]              ask_len,   // beats - 1
    output logic                    ask_last,  // the list ends with it
    output logic [1:0]              ask_skip,  // {last, first} half of the burst belongs to nobody

    // Places that it takes, a clock earlier
    output logic [CHANNELS-1:0]     reserve,
    output logic [LIST_LG-3:0]      reserve_words
);

    localparam int PAIR     = DATA_W == 128 ? 1 : 0;      // two elements a word
    localparam int PART_W   = LIST_LG - 2;                // holds 0..elements of the longest burst
    localparam int CHOICE_W = CHANNELS > 1 ? CH_W : 0;
    localparam int LIST_W   = ADDR_W + 13;

    localparam logic [PART_W-1:0] PART_CAP = PART_W'(1 << (LIST_LG - 3));

    // ------------------------------------------------------------------------
    // State

    (* no_rw_check, ram_style = "block" *) logic [LIST_W-1:0] lists [0:(CHANNELS<<LISTS_LG)-1];

    // Free-running: lists that came, lists that were walked to their end
    logic [CHANNELS-1:0][LISTS_LG:0] came_q, walked_q;

    logic [CHANNELS-1:0] new_valid_q;  // a list has come
    logic [CH_W-1:0]     new_channel_q;
    logic [ADDR_W-1:3]   new_addr_q;
    logic [15:0]         new_count_q;

    logic              look_q;       // ram_q is the oldest list of channel_q
    logic              walk_q;       // ... and list_q, a clock later
    logic [CH_W-1:0]   channel_q;
    logic [LIST_W-1:0] ram_q, list_q;

    logic              ask_valid_q, ask_last_q;
    logic [CH_W-1:0]   ask_channel_q;
    logic [ADDR_W-1:3] ask_addr_q;
    logic [7:0]        ask_len_q;
    logic [1:0]        ask_skip_q;

    // ------------------------------------------------------------------------
    // Every third clock a list is looked at

    logic [CHANNELS-1:0] want;
    logic                any;
    logic [CH_W-1:0]     choice;
    wire                 looks = any && !look_q && !walk_q;

    dray_turn #(.CHANNELS(CHANNELS), .CH_W(CH_W)) u_turn (
        .clk, .rst_n, .want, .outranks, .any, .choice, .taken(looks)
    );

    wire [ADDR_W-1:3] addr  = list_q[LIST_W-1:16];
    wire [15:0]       left  = list_q[15:0];
    wire [PART_W-1:0] place = {1'b0, addr[LIST_LG-1:3]};
    wire [PART_W-1:0] rest  = PART_CAP - place;
    wire              fits  = left <= 16'(rest);
    wire [PART_W-1:0] part  = fits ? left[PART_W-1:0] : rest;

    // At two elements a word, a burst may begin in a second half and end in a first one.
    wire [PART_W-1:0] halves    = part + PART_W'(addr[3]) + 1'b1;
    wire [PART_W-1:0] words     = PAIR != 0 ? halves >> 1 : part;
    wire [7:0]        beats     = DATA_W == 32 ? 8'({words, 1'b0}) : 8'(words);
    wire [ADDR_W-1:3] addr_next = addr + (ADDR_W-3)'(part);
    wire [15:0]       left_next = left - 16'(part);

    // A list that comes in is written first: the walker comes back if it has something to write too.
    wire fire = walk_q && !(ask_valid_q && !ask_ready) && (fits || new_valid_q == '0);

    wire [LISTS_LG-1:0] in_place   = LISTS_LG'(came_q[new_channel_q]);
    wire [LISTS_LG-1:0] here_place = LISTS_LG'(walked_q[channel_q]);
    wire [LISTS_LG-1:0] next_place = LISTS_LG'(walked_q[choice]);

    wire [LISTS_LG+CHOICE_W-1:0] in_addr_ram = (LISTS_LG+CHOICE_W)'({new_channel_q, in_place});
    wire [LISTS_LG+CHOICE_W-1:0] back_addr   = (LISTS_LG+CHOICE_W)'({channel_q, here_place});
    wire [LISTS_LG+CHOICE_W-1:0] read_addr   = (LISTS_LG+CHOICE_W)'({choice, next_place});
    wire [LISTS_LG+CHOICE_W-1:0] write_addr  = new_valid_q != '0 ? in_addr_ram : back_addr;
    wire [LIST_W-1:0]            list_d      = new_valid_q != '0 ? {new_addr_q, new_count_q} : {addr_next, left_next};

    always_ff @(posedge clk) begin
        new_valid_q   <= rst_n ? in_valid : '0;
        new_channel_q <= in_channel;
        new_addr_q    <= in_addr;
        new_count_q   <= in_count;
    end

    always_ff @(posedge clk) begin
        if (new_valid_q != '0 || (fire && !fits)) lists[write_addr] <= list_d;
        ram_q  <= lists[read_addr];
        list_q <= ram_q;
    end

    always_ff @(posedge clk) begin
        if (!rst_n) begin
            look_q      <= 1'b0;
            walk_q      <= 1'b0;
            ask_valid_q <= 1'b0;
        end else begin
            look_q      <= looks;
            walk_q      <= look_q;
            ask_valid_q <= fire || (ask_valid_q && !ask_ready);
        end
    end

    always_ff @(posedge clk) if (looks) channel_q <= choice;

    // ------------------------------------------------------------------------
    // Request

    always_ff @(posedge clk) if (fire) begin
        ask_channel_q <= channel_q;
        ask_addr_q    <= addr;
        ask_len_q     <= beats - 8'd1;
        ask_last_q    <= fits;
        ask_skip_q    <= PAIR != 0 ? {addr[3] ^ part[0], addr[3]} : 2'b00;
    end

    assign ask_valid     = ask_valid_q;
    assign ask_channel   = ask_channel_q;
    assign ask_addr      = PAIR != 0 ? {ask_addr_q[ADDR_W-1:4], 4'b0000} : {ask_addr_q, 3'b000};
    assign ask_len       = ask_len_q;
    assign ask_last      = ask_last_q;
    assign ask_skip      = ask_skip_q;
    assign reserve_words = words;

    // ------------------------------------------------------------------------
    // Channels

    for (genvar c = 0; c < CHANNELS; c++) begin : g_channel
        wire here = channel_q == CH_W'(c);

        // A job that has begun comes to its end, whatever became of those before it.
        assign want[c]    = came_q[c] != walked_q[c] && (run[c] || held[c]) && !broken[c] && room[c];
        assign reserve[c] = fire && here;
        assign pending[c] = (ask_valid_q && ask_channel_q == CH_W'(c)) || ((look_q || walk_q) && here);

        always_ff @(posedge clk) begin
            if (!rst_n || settled[c]) begin
                came_q[c]   <= '0;
                walked_q[c] <= '0;
            end else begin
                came_q[c]   <= came_q[c] + (LISTS_LG+1)'(new_valid_q[c]);
                if (reserve[c] && fits) walked_q[c] <= walked_q[c] + 1'b1;
            end
        end
    end

    // ------------------------------------------------------------------------
    // Checks

`ifndef SYNTHESIS
    always @(posedge clk) if (rst_n) begin
        for (int c = 0; c < CHANNELS; c++) begin
            if (new_valid_q[c]) assert (came_q[c] - walked_q[c] < (LISTS_LG+1)'(1 << LISTS_LG));
            if (new_valid_q[c]) assert (new_channel_q == CH_W'(c) && new_count_q != '0);
            if (settled[c])  assert (!pending[c] && !new_valid_q[c]);
        end
        if (fire) assert (part != '0 && part <= rest);
    end
`endif

endmodule

`default_nettype wire
