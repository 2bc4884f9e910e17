// SPDX-License-Identifier: Apache-2.0
//
// dray_align - move source beats to the lanes they belong to, and out.
//
// A source beat is turned by the distance of the two alignments. Its lanes from a threshold on finish
// the destination beat that is being made; the others wait in a rest, one for each channel, and begin
// the next one. So reads and writes are cut where their own addresses want it, and no byte is read
// twice.
//
//     data FIFO, dray_sink --> turn --> [rest] --> merge --> [w_q] --> m_axi_w
//                                                      `---> stream buffers
//
// Latency     1 clock from a source beat to the W beat it finishes. No beat comes before its address was taken.
// Throughput  1 destination beat per clock; one clock more where a job's first source beat finishes none.
// Errors      work that was dropped takes its source beats and writes nothing; beats of a stream it leaves there.

`default_nettype none

module dray_align #(
    parameter int DATA_W   = 64,
    parameter int CHANNELS = 2,
    parameter int CH_W     = 1,
    parameter int BEAT_W   = 5,
    parameter int BYTES    = 1,
    parameter int STREAM_IN = 0,
    parameter int BYTE_LG  = $clog2(DATA_W / 8)
) (
    input  wire                 clk,
    input  wire                 rst_n,

    // Work, as in dray_work
    input  wire                 work_valid,
    output logic                work_ready,
    input  wire                 work_waits,      // its address has not been taken
    input  wire                 work_data,
    input  wire  [1:0]          work_source,
    input  wire                 work_close,
    input  wire                 work_drop,
    input  wire  [CH_W-1:0]     work_channel,
    input  wire  [4:0]          work_cause,
    input  wire                 work_stream,
    input  wire                 work_leaves,
    input  wire  [BYTE_LG-1:0]  work_stay,
    input  wire                 work_last,
    input  wire                 work_start,
    input  wire                 work_final,
    input  wire                 work_head,
    input  wire  [BEAT_W-1:0]   work_out,
    input  wire                 work_out_none,
    input  wire                 work_out_one,
    input  wire  [BEAT_W-1:0]   work_beats,      // 0 if its chunk takes no source beats
    input  wire                 work_beats_none,
    input  wire                 work_beats_one,
    input  wire  [BYTE_LG-1:0]  work_turn,
    input  wire  [BYTE_LG-1:0]  work_lane,
    input  wire  [BYTE_LG-1:0]  work_low,
    input  wire  [BYTE_LG-1:0]  work_high,
    input  wire                 work_takes,
    input  wire                 work_may_take,
    input  wire                 work_makes,
    input  wire                 work_primes,

    // Source beats
    input  wire                 data_valid,
    output logic                data_ready,
    input  wire  [DATA_W-1:0]   data,

    // Source beats of streams to memory
    input  wire  [CHANNELS-1:0] from_valid,
    output logic [CHANNELS-1:0] from_ready,
    input  wire  [CHANNELS*DATA_W-1:0] from_data,
    output logic [BYTE_LG-1:0]  from_stay,    // taken up to this lane, the beat stays; 0: it goes

    // Patterns of fills, one a job
    input  wire                 fill_valid,
    output logic                fill_ready,
    input  wire  [31:0]         fill_data,

    // What write-backs write: {status, bytes moved}
    input  wire                 back_valid,
    output logic                back_ready,
    input  wire  [63:0]         back_data,

    // AXI4 write data channel
    output logic                m_axi_wvalid,
    input  wire                 m_axi_wready,
    output logic [DATA_W-1:0]   m_axi_wdata,
    output logic [DATA_W/8-1:0] m_axi_wstrb,
    output logic                m_axi_wlast,

    // Streams: their space is reserved
    output logic [CHANNELS-1:0] stream_valid,
    output logic [DATA_W-1:0]   stream_data,
    output logic [BYTE_LG-1:0]  stream_high,  // lanes of a last beat; 0: all
    output logic                stream_last,
    output logic                stream_close, // no beat: the job was cut short
    output logic [4:0]          stream_cause
);

    localparam int LANES = DATA_W / 8;
    localparam int ONE_STREAM = (STREAM_IN & (STREAM_IN - 1)) == 0 ? 1 : 0;

    localparam logic [LANES-1:0] ALL_LANES = '1;

    // ------------------------------------------------------------------------
    // State

    // Source beats of the chunk not yet taken, and destination beats of the command not yet made: how many, and whether
    // that is none or one.
    logic              mid_q;    // in the middle of a command
    logic              takes_q;  // ... whose next clock takes a source beat
    logic              makes_q;  // ... and makes a destination beat
    logic [BEAT_W-1:0] left_q, make_q;
    logic              left_none_q, left_one_q, make_none_q, make_one_q;
    logic              prime_q;  // the next source beat finishes no destination beat
    logic              fresh_q;  // the next source beat is the first of its chunk
    logic              made_q;   // a destination beat of the command was made

    logic              w_valid_q, w_last_q;
    logic [DATA_W-1:0] w_data_q;
    logic [LANES-1:0]  w_strb_q;

    // ------------------------------------------------------------------------
    // What this clock does: known before it begins

    wire opens = work_start && !mid_q;
    wire on    = work_may_take && !left_none_q;  // goes on with the chunk
    wire takes = opens ? work_takes : mid_q ? takes_q : on;
    wire makes = opens ? work_makes : mid_q ? makes_q : !work_out_none && !(on && prime_q);

    logic comes;

    always_comb begin
        case (work_source)
            dray_pkg::SOURCE_STREAM: comes = from_valid[work_channel];
            dray_pkg::SOURCE_FILL:   comes = fill_valid;
            dray_pkg::SOURCE_BACK:   comes = back_valid;
            default:                 comes = data_valid;
        endcase
    end

    wire is_back = work_source == dray_pkg::SOURCE_BACK;
    wire onto_w  = !work_drop && !work_stream;
    wire w_free  = !w_valid_q || m_axi_wready;
    wire go      = work_valid && !work_waits && (comes || !(takes || is_back)) && (w_free || !(makes && onto_w));

    // ------------------------------------------------------------------------
    // ... and what the next one will do

    wire left_none = opens ? work_beats_none : left_none_q;
    wire left_one  = opens ? work_beats_one : left_one_q;
    wire make_none = mid_q ? make_none_q : work_out_none;
    wire make_one  = mid_q ? make_one_q : work_out_one;
    wire prime     = opens ? work_primes : prime_q;
    wire fresh     = opens || fresh_q;

    wire all_made  = make_none || (makes && make_one);
    wire all_taken = left_none || (takes && left_one);
    wire ends      = go && all_made && (!(work_data && work_final) || all_taken || work_leaves);
    wire take_next = work_data && !work_leaves && !all_taken && (!all_made || work_final);

    assign work_ready = ends;
    assign data_ready = go && takes && work_source == dray_pkg::SOURCE_FIFO;
    assign fill_ready = go && takes && work_source == dray_pkg::SOURCE_FILL;
    assign from_stay  = left_one ? work_stay : '0;
    assign back_ready = ends && is_back;

    for (genvar c = 0; c < CHANNELS; c++) begin : g_from
        assign from_ready[c] = go && takes && work_source == dray_pkg::SOURCE_STREAM && work_channel == CH_W'(c);
    end

    wire [BEAT_W-1:0] left = opens ? work_beats : left_q;
    wire [BEAT_W-1:0] make = mid_q ? make_q : work_out;

    always_ff @(posedge clk) begin
        if (!rst_n || ends) mid_q <= 1'b0;
        else if (go)        mid_q <= 1'b1;

        if (go && work_data) begin
            prime_q <= prime && !takes;
            fresh_q <= fresh && !takes;
        end
        if (go && work_data && (opens || takes)) begin
            left_q      <= left - BEAT_W'(takes);
            left_none_q <= all_taken;
            left_one_q  <= takes ? left == BEAT_W'(2) : left_one;
        end
        if (go) begin
            takes_q     <= take_next;
            makes_q     <= !all_made && !(take_next && prime && !takes);
            make_q      <= make - BEAT_W'(makes);
            make_none_q <= all_made;
            make_one_q  <= makes ? make == BEAT_W'(2) : make_one;
            made_q      <= makes || (mid_q && made_q);
        end
    end

    wire is_first = !mid_q || !made_q;

    // ------------------------------------------------------------------------
    // Lanes

    // Beats of streams: who has none gives zeros.
    logic [DATA_W-1:0] from_beat;

    always_comb begin
        from_beat = '0;
        for (int c = 0; c < CHANNELS; c++)
            if (STREAM_IN[c] && (ONE_STREAM != 0 || work_channel == CH_W'(c))) from_beat = from_beat | from_data[c*DATA_W +: DATA_W];
    end

    // Write-back: bytes 8..15 of a slot, the status word last
    wire [DATA_W-1:0] back_beat;

    if (DATA_W == 32) begin : g_back32
        assign back_beat = is_first ? back_data[31:0] : back_data[63:32];
    end else if (DATA_W == 64) begin : g_back64
        assign back_beat = back_data;
    end else begin : g_back128
        assign back_beat = {back_data, 64'd0};
    end

    // A pattern is taken as the one source beat of its job. Turned, it is whole in the rest, which then
    // makes every other beat.
    logic [DATA_W-1:0] source;

    always_comb begin
        case (work_source)
            dray_pkg::SOURCE_STREAM: source = from_beat;
            dray_pkg::SOURCE_FILL:   source = {(DATA_W/32){fill_data}};
            dray_pkg::SOURCE_BACK:   source = back_beat;
            default:                 source = data;
        endcase
    end

    wire [DATA_W-1:0] made;

    if (BYTES != 0) begin : g_bytes
        logic [CHANNELS*DATA_W-1:0] rests_q;

        wire [BYTE_LG-1:0]  threshold = fresh ? work_lane : work_turn;
        wire [DATA_W-1:0]   rest      = rests_q[work_channel*DATA_W +: DATA_W];
        wire [LANES-1:0]    new_lanes = is_back ? ALL_LANES : takes ? ALL_LANES << threshold : '0;

        // Turned by one lane, by two, by four ...
        wire [(BYTE_LG+1)*DATA_W-1:0] turns;
        wire [DATA_W-1:0]             turned = turns[BYTE_LG*DATA_W +: DATA_W];

        assign turns[0 +: DATA_W] = source;

        for (genvar s = 0; s < BYTE_LG; s++) begin : g_turn
            wire [DATA_W-1:0] as_is = turns[s*DATA_W +: DATA_W];

            assign turns[(s+1)*DATA_W +: DATA_W] = work_turn[s] ? {as_is[DATA_W-(8<<s)-1:0], as_is[DATA_W-1:DATA_W-(8<<s)]} : as_is;
        end

        for (genvar l = 0; l < LANES; l++) begin : g_lane
            assign made[8*l +: 8] = new_lanes[l] ? turned[8*l +: 8] : rest[8*l +: 8];
        end

        // What a beat leaves over is the rest. One that only adds to the rest leaves the lanes below it as they are.
        for (genvar c = 0; c < CHANNELS; c++) begin : g_rest
            wire mine = go && takes && work_channel == CH_W'(c);

            for (genvar l = 0; l < LANES; l++) begin : g_lane
                always_ff @(posedge clk) if (mine && (makes || new_lanes[l])) rests_q[c*DATA_W + 8*l +: 8] <= turned[8*l +: 8];
            end
        end
    end else begin : g_words
        wire unused = &{1'b0, work_turn, work_lane};

        assign made = source;
    end

    wire [BYTE_LG-1:0] first_lane = work_head && is_first ? work_low : '0;
    wire [BYTE_LG-1:0] high       = make_one ? work_high : '0;

    wire [LANES-1:0] from_first = ALL_LANES << first_lane;
    wire [LANES-1:0] past_last  = high == '0 ? '0 : ALL_LANES << high;
    wire [LANES-1:0] strb       = from_first & ~past_last;

    // ------------------------------------------------------------------------
    // Out

    always_ff @(posedge clk) begin
        if (!rst_n)      w_valid_q <= 1'b0;
        else if (w_free) w_valid_q <= go && makes && onto_w;
    end

    always_ff @(posedge clk) if (w_free) begin
        w_data_q <= made;
        w_strb_q <= strb;
        w_last_q <= make_one;
    end

    assign m_axi_wvalid = w_valid_q;
    assign m_axi_wdata  = w_data_q;
    assign m_axi_wstrb  = w_strb_q;
    assign m_axi_wlast  = w_last_q;

    wire closes = ends && work_cause != dray_regs_pkg::DRAY_CAUSE_NONE && (work_close || work_stream);

    for (genvar c = 0; c < CHANNELS; c++) begin : g_stream
        assign stream_valid[c] = ((go && makes && work_stream && !work_drop) || closes) && work_channel == CH_W'(c);
    end

    assign stream_data  = made;
    assign stream_high  = high;
    assign stream_last  = closes || (work_last && work_final && make_one);
    assign stream_close = closes;
    assign stream_cause = work_cause;

`ifndef SYNTHESIS
    always @(posedge clk) if (rst_n) begin
        if (work_valid && !work_close) assert (make_none == (make == '0) && make_one == (make == BEAT_W'(1)));
        if (work_valid && work_data) assert (left_none == (left == '0) && left_one == (left == BEAT_W'(1)));
        if (work_valid && work_data) assert (takes == (!left_none && !work_leaves && (!make_none || work_final)));
        if (work_valid) assert (makes == (!make_none && !(takes && prime)));
        if (work_valid && work_close) assert (make_none && !takes);
        if (m_axi_wvalid) assert (m_axi_wstrb != '0);
        if (go && work_data && !takes && makes && !work_drop) assert (BYTES != 0);
    end
`endif

endmodule

`default_nettype wire
