// SPDX-License-Identifier: Apache-2.0
//
// dray_counters - count what the channels do, in one block RAM with one adder.
//
// What comes clock by clock is gathered in small counters, and each of them is folded into its total in turn.
// Bytes come with the end of a descriptor, never in two clocks one after the other, and are added at once. A
// total begins at zero where the one before it is not to be counted again: after reset, and after a
// snapshot that clears.
//
//     clocks, addresses --> [gathered] --turn--.
//     ends of descriptors ---------------------+--> [totals] --snapshot--> [shown] --> registers
//
// Latency     a snapshot takes at most two turns of all counters, each of two clocks at most.
// Throughput  every event of every clock.
// Errors      none; totals have 48 bits and go round.

`default_nettype none

module dray_counters #(
    parameter int CHANNELS = 2,
    parameter int CH_W     = 1
) (
    input  wire                 clk,
    input  wire                 rst_n,

    // Snapshots
    input  wire  [CHANNELS-1:0] take,        // pulse
    input  wire  [CHANNELS-1:0] clear,       // with take
    output logic [CHANNELS-1:0] pending,

    // What happens
    input  wire                 ended,       // a descriptor has; never in two clocks one after the other
    input  wire  [CH_W-1:0]     ended_channel,
    input  wire  [31:0]         ended_bytes,
    input  wire  [CHANNELS-1:0] read,        // a read address was taken
    input  wire  [CHANNELS-1:0] write,
    input  wire  [CHANNELS-1:0] busy,
    input  wire  [CHANNELS-1:0] moves,       // something came back
    input  wire  [CHANNELS-1:0] read_fault,
    input  wire  [CHANNELS-1:0] write_fault,

    // Register read: channel, counter, high half; the answer comes in the next clock, else it is zero
    input  wire                 rd_valid,
    input  wire  [CH_W-1:0]     rd_channel,
    input  wire  [2:0]          rd_kind,
    input  wire                 rd_high,
    output logic [31:0]         rd_data
);

    localparam int TOTAL_W = 48;
    localparam int PLACE_W = CH_W + 3;
    localparam int GATHER_W = $clog2(4 * (5 * CHANNELS + 2));  // two a clock, two clocks a counter

    localparam logic [2:0] BYTES  = 3'd0;
    localparam logic [2:0] BURSTS = 3'd1;
    localparam logic [2:0] BUSY   = 3'd2;
    localparam logic [2:0] STALL  = 3'd3;
    localparam logic [2:0] FAULTS = 3'd4;

    (* no_rw_check, ram_style = "block" *) logic [TOTAL_W-1:0] totals [0:(8<<CH_W)-1];
    (* no_rw_check, ram_style = "block" *) logic [TOTAL_W-1:0] shown  [0:(8<<CH_W)-1];

    logic [2:0]          kind_q;      // whose turn it is
    logic [CH_W-1:0]     channel_q;
    logic [CHANNELS-1:0] asked_q, asked_clear_q;   // a snapshot waits for its channel's turn
    logic                copies_q, clears_q;       // this turn of the channel is one
    logic [CHANNELS-1:0][4:0] fresh_q;             // the total begins at zero
    logic [CHANNELS-1:0][GATHER_W-1:0] bursts_q, busy_q, stall_q, faults_q;

    // The visit of the clock before: its total is there, to be written back, or shown, or both
    logic                visit_q, shows_q;
    logic [PLACE_W-1:0]  place_q;
    logic [31:0]         add_q;
    logic [TOTAL_W-1:0]  total_q, shown_q;
    logic                high_q;

    // ------------------------------------------------------------------------
    // Whom this clock visits

    // An end of the channel whose bytes have their turn is that turn, so no total is read in the clock in which it is written.
    // Their turn alone adds nothing, so then they are not written, and a total that is to begin at zero still has to.
    wire [PLACE_W-1:0] turn_place  = {channel_q, kind_q};
    wire [PLACE_W-1:0] ended_place = {ended_channel, BYTES};
    wire               turns       = !ended || ended_place == turn_place;
    wire               visits      = ended || turns;
    wire [PLACE_W-1:0] place       = ended ? ended_place : turn_place;
    wire [CH_W-1:0]    channel     = ended ? ended_channel : channel_q;
    wire [2:0]         kind        = ended ? BYTES : kind_q;

    wire starts = kind_q == BYTES;
    wire ends   = kind_q == FAULTS;
    wire copies = turns && (starts ? asked_q[channel_q] : copies_q);
    wire clears = copies && (starts ? asked_clear_q[channel_q] : clears_q);

    wire [GATHER_W-1:0] bursts_here = bursts_q[channel];
    wire [GATHER_W-1:0] busy_here   = busy_q[channel];
    wire [GATHER_W-1:0] stall_here  = stall_q[channel];
    wire [GATHER_W-1:0] faults_here = faults_q[channel];
    wire [4:0]          fresh_here  = fresh_q[channel];

    logic [GATHER_W-1:0] gathered;
    logic                fresh;

    always_comb begin
        case (kind)
            BURSTS:  gathered = bursts_here;
            BUSY:    gathered = busy_here;
            STALL:   gathered = stall_here;
            FAULTS:  gathered = faults_here;
            default: gathered = '0;
        endcase
        fresh = 1'b0;
        for (int k = 0; k < 5; k++) if (kind == 3'(k)) fresh = fresh_here[k];
    end

    // ------------------------------------------------------------------------
    // Totals

    wire [TOTAL_W-1:0] sum = total_q + TOTAL_W'(add_q);

    always_ff @(posedge clk) begin
        if (visit_q) totals[place_q] <= sum;
        if (fresh) total_q <= '0;
        else       total_q <= totals[place];
    end

    always_ff @(posedge clk) begin
        if (shows_q) shown[place_q] <= sum;
        if (!rd_valid) shown_q <= '0;
        else           shown_q <= shown[{rd_channel, rd_kind}];
    end

    always_ff @(posedge clk) begin
        if (!rst_n) begin
            kind_q    <= BYTES;
            channel_q <= '0;
            visit_q   <= 1'b0;
            copies_q  <= 1'b0;
            clears_q  <= 1'b0;
        end else begin
            visit_q <= ended || (turns && !starts);
            if (turns) begin
                kind_q   <= ends ? BYTES : kind_q + 3'd1;
                copies_q <= copies;
                clears_q <= clears;
                if (ends) channel_q <= channel_q == CH_W'(CHANNELS - 1) ? '0 : channel_q + CH_W'(1);
            end
        end
    end

    always_ff @(posedge clk) begin
        shows_q <= copies;
        place_q <= place;
        add_q   <= ended ? ended_bytes : 32'(gathered);
        high_q  <= rd_high;
    end

    wire [31:0] low_half  = shown_q[31:0];
    wire [31:0] high_half = 32'(shown_q[TOTAL_W-1:32]);

    assign rd_data = high_q ? high_half : low_half;

    // ------------------------------------------------------------------------
    // Channels

    for (genvar c = 0; c < CHANNELS; c++) begin : g_channel
        wire here  = turns && channel_q == CH_W'(c);
        wire first = here && starts;
        wire last  = here && ends;
        wire met   = visits && channel == CH_W'(c);

        assign pending[c] = asked_q[c] || (copies_q && channel_q == CH_W'(c)) || (shows_q && place_q[PLACE_W-1:3] == CH_W'(c));

        always_ff @(posedge clk) begin
            asked_q[c]       <= rst_n && (take[c] || (asked_q[c] && !first));
            asked_clear_q[c] <= rst_n && ((take[c] && clear[c]) || (asked_clear_q[c] && !first));

            for (int k = 0; k < 5; k++) begin
                if (!rst_n)                         fresh_q[c][k] <= 1'b1;
                else if (met && kind == 3'(k))      fresh_q[c][k] <= clears || (fresh && starts && !ended);
            end

            if (!rst_n) begin
                bursts_q[c] <= '0;
                busy_q[c]   <= '0;
                stall_q[c]  <= '0;
                faults_q[c] <= '0;
            end else begin
                bursts_q[c] <= (here && kind_q == BURSTS ? '0 : bursts_q[c]) + GATHER_W'(read[c]) + GATHER_W'(write[c]);
                busy_q[c]   <= (here && kind_q == BUSY ? '0 : busy_q[c]) + GATHER_W'(busy[c]);
                stall_q[c]  <= (here && kind_q == STALL ? '0 : stall_q[c]) + GATHER_W'(busy[c] && !moves[c]);
                faults_q[c] <= (last ? '0 : faults_q[c]) + GATHER_W'(read_fault[c]) + GATHER_W'(write_fault[c]);
            end
        end
    end

    // ------------------------------------------------------------------------
    // Checks

`ifndef SYNTHESIS
    logic ended_q;

    always @(posedge clk) ended_q <= rst_n && ended;

    always @(posedge clk) if (rst_n) begin
        if (ended) assert (!ended_q);
        if (visit_q && visits) assert (place != place_q);
        for (int c = 0; c < CHANNELS; c++) assert (bursts_q[c] < GATHER_W'((1 << GATHER_W) - 2));
    end
`endif

endmodule

`default_nettype wire
