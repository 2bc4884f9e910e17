// SPDX-License-Identifier: Apache-2.0
//
// dray_elements - keep the elements of lists that came in, and show them to the reader one by one.
//
// Elements are checked as they come in and stand in a block RAM, a part of it for each channel, in places that
// were reserved when they were asked for. At 128 bits a word of it holds two. One is shown at a time; whose
// turn it is changes in every clock, so that no channel holds up another.
//
//     dray_receive --> [word_q] --> checks --> [words] --> [ram_q] --> dray_read
//
// Latency     3 clocks from the last beat of an element to its being shown.
// Throughput  1 element per clock, of one channel 1 per 2 clocks; at 128 bits 2 in 3 clocks.
// Errors      an element that came back bad, was refused, or makes no sense bears its cause, in its place.
//             Once a job has ended before its list, nothing of the channel is shown until it has settled.

`default_nettype none

module dray_elements #(
    parameter int DATA_W   = 64,
    parameter int ADDR_W   = 32,
    parameter int CHANNELS = 2,
    parameter int CH_W     = 1,
    parameter int BYTES    = 1,
    parameter int LIST_LG  = 7,   // log2 of the longest burst, bytes
    parameter int BOUND_LG = 7,   // log2 of the burst boundary, bytes
    parameter int WORDS_LG = 6    // log2 of the words of a channel
) (
    input  wire                     clk,
    input  wire                     rst_n,

    // Places: taken when a burst is asked for
    input  wire  [CHANNELS-1:0]     reserve,
    input  wire  [LIST_LG-3:0]      reserve_words,
    output logic [CHANNELS-1:0]     room,      // for the longest burst
    input  wire  [CHANNELS-1:0]     settled,   // pulse: forget everything

    // Fetched beats: whole bursts, never interleaved
    input  wire                     beat_valid,
    input  wire  [CH_W-1:0]         beat_channel,
    input  wire  [DATA_W-1:0]       beat_data,
    input  wire  [1:0]              beat_resp, // AXI code, or RESP_FAULT: refused, one beat for all
    input  wire                     beat_end,  // of its burst
    input  wire                     beat_last, // the list ends with the burst
    input  wire  [1:0]              beat_skip, // {last, first} half of the burst belongs to nobody

    // Elements, to the reader
    input  wire  [CHANNELS-1:0]     wanted,    // it may take another one of the channel
    input  wire  [CHANNELS-1:0]     take,      // it takes the one that is shown
    input  wire  [CHANNELS-1:0]     ended,     // pulse: a job ended before its list
    output logic [CHANNELS-1:0]     broken,    // ... since the channel settled
    output logic [CHANNELS-1:0]     valid,     // one of the channel is shown
    output logic                    last,      // of its list
    output logic                    bad,
    output logic [4:0]              cause,     // of a bad one
    output logic [ADDR_W-1:0]       addr,
    output logic [31:0]             len,
    output logic                    is_short   // len is less than two burst boundaries
);

    localparam int PAIR     = DATA_W == 128 ? 1 : 0;      // two elements a word
    localparam int WORDS    = 1 << (LIST_LG - 3 - PAIR);  // of the longest burst
    localparam int SHORT_W  = dray_pkg::min(ADDR_W, 32);  // address bits that an element has
    localparam int COUNT_W  = WORDS_LG + 1;
    localparam int CHOICE_W = CHANNELS > 1 ? CH_W : 0;
    localparam int IN_W     = 64 * (1 + PAIR);
    localparam int HALF_W   = SHORT_W + 34;               // {short, bad, address or cause, length}
    localparam int WORD_W   = (1 + PAIR) * HALF_W + 1 + 2 * PAIR;

    localparam logic [COUNT_W-1:0] WORDS_CAP = COUNT_W'((1 << WORDS_LG) - WORDS);
    localparam logic [31:0]        LOW_BITS  = BYTES != 0 ? 32'd0 : 32'(DATA_W / 8 - 1);
    localparam logic [31:0]        HIGH_MASK = ~((32'd1 << ADDR_W) - 32'd1);  // all address bits fit: 0

    // ------------------------------------------------------------------------
    // State

    (* no_rw_check, ram_style = "block" *) logic [WORD_W-1:0] words [0:(CHANNELS<<WORDS_LG)-1];

    // Free-running words of a channel: reserved, written, read; and which half of the last one is read next
    logic [CHANNELS-1:0][COUNT_W-1:0] reserved_q, write_q;
    logic [CHANNELS-1:0][COUNT_W:0]   read_q;
    logic [CHANNELS-1:0]              broken_q;

    logic              half_q;       // the first beat of an element has come
    logic              later_q;      // the first word of a burst has come
    logic              word_valid_q, word_end_q;
    logic [CH_W-1:0]   word_channel_q;
    logic [IN_W-1:0]   word_q;
    logic [1:0]        word_resp_q, word_skip_q;

    logic              shown_q;      // ram_q is the next word of channel_q
    logic [CH_W-1:0]   channel_q;
    logic              second_q;     // its first half was taken
    logic [WORD_W-1:0] ram_q;

    // ------------------------------------------------------------------------
    // Words come in

    wire is_whole = DATA_W != 32 || half_q || beat_resp == dray_pkg::RESP_FAULT;

    always_ff @(posedge clk) begin
        if (!rst_n) begin
            half_q       <= 1'b0;
            later_q      <= 1'b0;
            word_valid_q <= 1'b0;
        end else begin
            if (beat_valid) half_q  <= !is_whole;
            if (beat_valid) later_q <= !beat_end;
            word_valid_q <= beat_valid && is_whole;
        end
    end

    // An element is as bad as its worst beat.
    always_ff @(posedge clk) if (beat_valid) begin
        word_channel_q <= beat_channel;
        word_resp_q    <= !half_q || beat_resp > word_resp_q ? beat_resp : word_resp_q;
        word_end_q     <= beat_end && beat_last;
        word_skip_q    <= {beat_end && beat_skip[1], !later_q && beat_skip[0]};
    end

    if (DATA_W == 32) begin : g_halves
        always_ff @(posedge clk) if (beat_valid) word_q <= {beat_data, word_q[63:32]};
    end else begin : g_whole
        always_ff @(posedge clk) if (beat_valid) word_q <= beat_data;
    end

    wire [(1+PAIR)*HALF_W-1:0] halves;

    for (genvar h = 0; h <= PAIR; h++) begin : g_check
        wire [31:0] at        = word_q[64*h +: 32];
        wire [31:0] count     = word_q[64*h+32 +: 32];
        wire        wrong_len = count == '0 || (count & LOW_BITS) != '0;
        wire        wrong_at  = (at & (HIGH_MASK | LOW_BITS)) != '0;
        wire        is_bad    = word_resp_q != 2'b00 || wrong_len || wrong_at;

        logic [4:0] why;

        always_comb begin
            why = dray_regs_pkg::DRAY_CAUSE_ADDRESS;
            if      (word_resp_q == dray_pkg::RESP_FAULT) why = dray_regs_pkg::DRAY_CAUSE_FAULT;
            else if (word_resp_q == 2'b10)                why = dray_regs_pkg::DRAY_CAUSE_LIST_SLVERR;
            else if (word_resp_q == 2'b11)                why = dray_regs_pkg::DRAY_CAUSE_LIST_DECERR;
            else if (wrong_len)                           why = dray_regs_pkg::DRAY_CAUSE_LENGTH;
        end

        wire [SHORT_W-1:0] place_or_why = is_bad ? SHORT_W'(why) : at[SHORT_W-1:0];

        wire               short_len    = count[31:BOUND_LG+1] == '0;

        assign halves[h*HALF_W +: HALF_W] = {short_len, is_bad, place_or_why, count};
    end

    wire [WORD_W-1:0] word_d;

    if (PAIR != 0) begin : g_pair
        assign word_d = {word_end_q, word_skip_q, halves};
    end else begin : g_one
        wire unused = &{1'b0, word_skip_q};

        assign word_d = {word_end_q, halves};
    end

    // ------------------------------------------------------------------------
    // The element that is shown

    wire              shown_end, first_only, second;
    wire [HALF_W-1:0] shown;

    if (PAIR != 0) begin : g_shown_pair
        wire from_second;

        assign {shown_end, first_only, from_second} = ram_q[WORD_W-1:2*HALF_W];
        assign second = second_q || from_second;
        assign shown  = second ? ram_q[2*HALF_W-1:HALF_W] : ram_q[HALF_W-1:0];
    end else begin : g_shown_one
        wire unused = second_q;

        assign {shown_end, shown} = ram_q;
        assign first_only = 1'b0;
        assign second     = 1'b1;
    end

    wire word_ends = second || first_only;

    assign is_short = shown[HALF_W-1];
    assign bad    = shown[HALF_W-2];
    assign addr   = ADDR_W'(shown[HALF_W-3:32]);
    assign cause  = shown[36:32];
    assign len    = shown[31:0];
    assign last   = shown_end && word_ends;
    assign broken = broken_q;

    // ------------------------------------------------------------------------
    // The one to be shown next. What is taken in this clock is known late, so the RAM does not ask for it: behind the last
    // element of a word that is taken, the channel is not shown for one clock.

    logic [CHANNELS-1:0] want;
    logic                any;
    logic [CH_W-1:0]     choice;

    // An element is wanted as long as its list lasts, so here nobody goes before others.
    dray_turn #(.CHANNELS(CHANNELS), .CH_W(CH_W)) u_turn (
        .clk, .rst_n, .want, .outranks({CHANNELS*CHANNELS{1'b0}}), .any, .choice, .taken(any)
    );

    function automatic logic [COUNT_W:0] behind(input logic [COUNT_W-1:0] word, input logic ends);
        behind = ends ? {word + 1'b1, 1'b0} : {word, 1'b1};
    endfunction

    wire             again     = take != '0 && choice == channel_q;
    wire [COUNT_W:0] read_here = read_q[choice];
    wire             is_there  = read_here[COUNT_W:1] != write_q[choice] && !(again && word_ends);

    wire [WORDS_LG-1:0]          in_place   = WORDS_LG'(write_q[word_channel_q]);
    wire [WORDS_LG-1:0]          out_place  = WORDS_LG'(read_here >> 1);
    wire [WORDS_LG+CHOICE_W-1:0] write_addr = (WORDS_LG+CHOICE_W)'({word_channel_q, in_place});
    wire [WORDS_LG+CHOICE_W-1:0] read_addr  = (WORDS_LG+CHOICE_W)'({choice, out_place});

    always_ff @(posedge clk) begin
        if (word_valid_q) words[write_addr] <= word_d;
        ram_q <= words[read_addr];
    end

    always_ff @(posedge clk) begin
        if (!rst_n) shown_q <= 1'b0;
        else        shown_q <= any && is_there;
    end

    always_ff @(posedge clk) begin
        channel_q <= choice;
        second_q  <= again || read_here[0];
    end

    // ------------------------------------------------------------------------
    // Channels

    wire [CHANNELS-1:0][COUNT_W-1:0] used;

    for (genvar c = 0; c < CHANNELS; c++) begin : g_channel
        wire [COUNT_W-1:0] here = read_q[c][COUNT_W:1];

        assign used[c]  = reserved_q[c] - here;
        assign room[c]  = used[c] <= WORDS_CAP;
        assign want[c]  = wanted[c] && here != write_q[c];
        assign valid[c] = shown_q && channel_q == CH_W'(c) && !broken_q[c];

        always_ff @(posedge clk) begin
            if (!rst_n || settled[c]) begin
                reserved_q[c] <= '0;
                write_q[c]    <= '0;
                read_q[c]     <= '0;
                broken_q[c]   <= 1'b0;
            end else begin
                if (reserve[c]) reserved_q[c] <= reserved_q[c] + COUNT_W'(reserve_words);
                write_q[c]  <= write_q[c] + COUNT_W'(word_valid_q && word_channel_q == CH_W'(c));
                if (take[c]) read_q[c] <= behind(here, word_ends);
                broken_q[c] <= broken_q[c] || ended[c];
            end
        end
    end

    // ------------------------------------------------------------------------
    // Checks

`ifndef SYNTHESIS
    always @(posedge clk) if (rst_n) begin
        for (int c = 0; c < CHANNELS; c++) begin
            if (take[c])    assert (valid[c]);
            if (reserve[c]) assert (room[c]);
            if (settled[c]) assert (!take[c] && !(word_valid_q && word_channel_q == CH_W'(c)));
            assert (used[c] <= COUNT_W'(1 << WORDS_LG));
        end
        if (beat_valid && beat_end) assert (is_whole);
    end
`endif

endmodule

`default_nettype wire
