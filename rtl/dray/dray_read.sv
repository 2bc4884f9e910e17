// SPDX-License-Identifier: Apache-2.0
//
// dray_read - cut jobs into chunks: one read burst, and where its bytes go.
//
// A burst ends at the next multiple of the burst boundary, a power of two that no page is smaller
// than, so 4 KiB pages, map pages and the longest burst are one rule. A chunk is asked for only when
// its beats have a place: in the data FIFO, and for a stream also in the stream's own buffer. A fill reads
// nothing, so its chunks end at the burst boundaries of its destination.
//
// A job from a stream reads nothing either: its source beats are those in the channel's dray_sink, and as an
// address it has that of the destination's first beat, so that its chunks end there or nearly. A chunk of it is
// cut when all of it is there, as dray_claim says.
//
//     dray_jobs --> [one slot a channel] --turn--> dray_chunk --> dray_request
//                          ^                 |
//                          '--- dray_step <--'
//
// Whose turn it is was chosen in the clock before, from those that want and the job that is shown then. A clock either
// takes a job or gives a chunk, so both go one way into the slots; while the job of an empty slot is shown, it
// is loaded, whether dray_jobs lets go of it or not. Rows are chunks like
// others; where a row ends, the addresses go by the strides: at once if the row was one chunk, else in two
// more clocks: a stride forward, and a row's length back.
//
// A list is a job in pieces too: where one ends, the listed side goes on where the next element says, and the other
// side goes on by the bytes; at once if dray_elements shows that element, else in a clock of its own.
//
// Latency     1 clock from job to chunk.
// Throughput  1 job or chunk per clock; 2 more at the end of a row of several chunks, 1 more where a list begins.
// Errors      a job that runs past the last address goes on as an error chunk, cause ADDRESS; so does a bad element
//             of a list, with its own cause. A job from a stream whose channel stops before its first chunk has never begun.

`default_nettype none

module dray_read #(
    parameter int DATA_W   = 64,
    parameter int ADDR_W   = 32,
    parameter int CHANNELS = 2,
    parameter int CH_W     = 1,
    parameter int BOUND_LG = 7,    // log2 of the burst boundary, bytes
    parameter int FIFO_BEATS = 256,
    parameter int BYTES    = 1,
    parameter int ROWS     = 1,
    parameter int LISTS    = 1,
    parameter int STREAM_IN = 0,
    parameter int BYTE_LG  = $clog2(DATA_W / 8),
    parameter int BEAT_W   = BOUND_LG - BYTE_LG + 1  // holds 0..beats of a burst
) (
    input  wire                 clk,
    input  wire                 rst_n,

    // Jobs
    input  wire  [CHANNELS-1:0] job_shown,   // one of the channel stands there
    input  wire  [CHANNELS-1:0] job_valid,   // ... and is taken
    output logic [CHANNELS-1:0] job_ready,
    output logic [CHANNELS-1:0] job_soon,    // a chunk of the job waits for the bus only
    output logic [CHANNELS-1:0] job_held,    // a job of the channel is here
    input  wire  [1:0]          job_kind,
    input  wire  [4:0]          job_cause,
    input  wire  [ADDR_W-1:0]   job_src,
    input  wire  [ADDR_W-1:0]   job_dst,
    input  wire  [31:0]         job_len,
    input  wire                 job_short,   // less than two burst boundaries
    input  wire                 job_stream,
    input  wire                 job_from,
    input  wire                 job_list,    // addresses and lengths come from a list, that
    input  wire                 job_scatter, // ... of the destination, else of the source
    input  wire                 job_two,     // a second slot follows, with kind, cause, strides and rows in the same places
    output logic [CHANNELS-1:0] second_wanted,
    input  wire  [CHANNELS-1:0] second,      // that of the channel is shown, and taken in this clock
    input  wire  [CHANNELS-1:0] drop,        // forget the job of the channel
    input  wire  [CHANNELS-1:0] run,         // 0: no second slot will come
    input  wire  [CHANNELS-1:0] leaving,     // the channel stops: no job of it begins any more

    input  wire  [CHANNELS*CHANNELS-1:0] outranks,
    input  wire  [CHANNELS-1:0] full,        // the channel has as many bursts on their way as it may

    // Elements of lists
    output logic [CHANNELS-1:0] elem_wanted,
    output logic [CHANNELS-1:0] elem_take,
    output logic [CHANNELS-1:0] elem_ended,  // the job ended before its list
    input  wire  [CHANNELS-1:0] elem_valid,  // the next of the channel is shown
    input  wire                 elem_last,
    input  wire                 elem_bad,
    input  wire  [4:0]          elem_cause,
    input  wire  [ADDR_W-1:0]   elem_addr,
    input  wire  [31:0]         elem_len,
    input  wire                 elem_short,

    // Space: beats of the data FIFO given back, stream buffers with room for a burst
    input  wire                 freed,       // one beat left the FIFO
    input  wire                 refund,      // a burst was refused
    input  wire  [BEAT_W-1:0]   refund_beats,
    input  wire  [CHANNELS-1:0] stream_room,

    // Jobs from a stream, to dray_claim: where the one that is held stands, and which one begins
    output logic [CHANNELS*BOUND_LG-1:0] from_place,
    output logic [CHANNELS*(BOUND_LG+1)-1:0] from_stop,
    output logic [CHANNELS-1:0] from_near,
    output logic [CHANNELS-1:0] from_begins,
    input  wire  [CHANNELS*BYTE_LG-1:0] from_lane,  // where it begins in its first beat

    // ... and what its next chunk can have
    input  wire  [CHANNELS-1:0] from_arrived,
    input  wire  [CHANNELS-1:0] from_fits,
    input  wire  [CHANNELS-1:0] from_ends,
    input  wire  [CHANNELS-1:0] from_empty,
    input  wire  [CHANNELS-1:0] from_void,
    input  wire  [CHANNELS*(BOUND_LG+1)-1:0] from_upto,

    // Chunk
    output logic                chunk_valid,
    input  wire                 chunk_ready,
    output logic [CH_W-1:0]     chunk_channel,
    output logic                chunk_reads,   // it may have a read burst
    output logic [1:0]          chunk_kind,
    output logic [4:0]          chunk_cause,
    output logic                chunk_first,   // of its job
    output logic                chunk_last,    // of its job
    output logic                chunk_stream,
    output logic                chunk_from,    // its source is the stream
    output logic                chunk_ends,    // ... whose packet ends in it, and the job with it
    output logic [BYTE_LG-1:0]  chunk_stay,    // lanes of its last beat that it takes; the rest is left there. 0: all
    output logic [ADDR_W-1:0]   chunk_src,
    output logic [ADDR_W-1:BYTE_LG] chunk_dst, // the beat that the first byte goes to
    output logic [BEAT_W-1:0]   chunk_beats,   // source beats
    output logic [7:0]          chunk_len,     // ... that a read burst has, less one
    output logic [BEAT_W:0]     chunk_out,     // destination beats that it completes
    output logic [BYTE_LG-1:0]  chunk_src_lane,
    output logic [BYTE_LG-1:0]  chunk_dst_lane,
    output logic [BYTE_LG-1:0]  chunk_low,     // first lane of the first destination beat to be written
    output logic [BYTE_LG-1:0]  chunk_high,    // lanes of the last destination beat; 0: all
    output logic                chunk_top,     // it is written into the last places there are before a burst boundary
    output logic                chunk_spills   // bytes of it begin a beat that the next one completes
);

    localparam int BYTES_W  = BOUND_LG + 1;             // holds 0..boundary
    localparam int SPACE_W  = $clog2(FIFO_BEATS + 1);
    localparam int BURST_LG = BOUND_LG - BYTE_LG;
    localparam int TWO      = ROWS != 0 || ADDR_W > 32 ? 1 : 0;  // jobs may have a second slot
    localparam logic WIDE   = ADDR_W > 32;                       // ... with the high bits of their addresses

    localparam logic [BYTES_W-1:0] BOUND = BYTES_W'(1 << BOUND_LG);

    // In a word-aligned build the low bits are zero by dray_decode's check; here they leave the netlist.
    localparam int LOW_BITS = BYTES != 0 ? 0 : DATA_W / 8 - 1;
    localparam logic [ADDR_W:0] LOW_ADDR = (ADDR_W+1)'(LOW_BITS);
    localparam logic [32:0]     LOW_END  = 33'(LOW_BITS);

    // ------------------------------------------------------------------------
    // State: one job a channel

    logic [CHANNELS-1:0] held_q, first_q, stream_q, from_q;
    logic [CHANNELS-1:0][1:0] kind_q;
    logic [CHANNELS-1:0][4:0] cause_q;
    logic [CHANNELS-1:0][ADDR_W:0] src_q;   // the highest bit: past the last address
    logic [CHANNELS-1:0][ADDR_W:0] dst_q;
    logic [CHANNELS-1:0][32:0] end_q;       // where it ends, counted from the boundary below the next byte
    logic [CHANNELS-1:0] fits_q;            // ... at or before the next boundary
    logic [CHANNELS-1:0][BYTE_LG-1:0] low_q;

    // Of a job with a second slot
    logic [CHANNELS-1:0] half_q;     // it has not come
    logic [CHANNELS-1:0][31:0] src_stride_q, dst_stride_q;
    logic [CHANNELS-1:0] more_q;     // another row follows
    logic [CHANNELS-1:0] whole_q;    // the next chunk is the first of its row
    logic [CHANNELS-1:0] forth_q;    // a row has ended: go by a stride
    logic [CHANNELS-1:0] back_q;     // ... and then back by a row
    logic [CHANNELS-1:0][15:0] rows_q;  // rows left, this one included
    logic [CHANNELS-1:0][31:0] row_q;   // bytes of a row
    logic [CHANNELS-1:0] short_q;       // ... less than two boundaries

    // Of a list
    logic [CHANNELS-1:0] list_q, scatter_q;
    logic [CHANNELS-1:0] lacks_q;    // the next element is not here yet
    logic [CHANNELS-1:0] final_q;    // the one that is here is the last
    logic [CHANNELS-1:0][ADDR_W-1:0] high_q;  // bits above 31 of its addresses

    logic [SPACE_W-1:0]  space_q;  // beats of the FIFO not promised to anybody, a clock ago
    logic                spends_q, freed_q;
    logic [BEAT_W-1:0]   spent_q, back_beats_q;

    // ------------------------------------------------------------------------
    // Whose turn it is

    // Beats are counted a clock late: behind a chunk there is room if there was room for two.
    wire room_one  = |space_q[SPACE_W-1:BURST_LG];
    wire room_two  = |space_q[SPACE_W-1:BURST_LG+1];
    wire fifo_room = room_two || (room_one && !spends_q);

    logic [CHANNELS-1:0] able, want, loads, fits_here, ends_here;
    logic [CHANNELS-1:0][BYTES_W-1:0] upto_here;
    logic [CH_W-1:0]     turn_q, turn_next;
    logic                any_next;

    for (genvar c = 0; c < CHANNELS; c++) begin : g_want
        wire copies_here = kind_q[c] == dray_pkg::KIND_COPY;

        wire [BYTES_W-1:0] upto_own = fits_q[c] ? end_q[c][BYTES_W-1:0] : BOUND;

        assign from_place[c*BOUND_LG +: BOUND_LG]  = src_q[c][BOUND_LG-1:0];
        assign from_stop[c*BYTES_W +: BYTES_W]     = end_q[c][BYTES_W-1:0];
        assign from_near[c]   = fits_q[c];
        assign from_begins[c] = loads[c];

        if (STREAM_IN[c]) begin : g_from
            assign fits_here[c] = from_q[c] ? from_fits[c] : fits_q[c];
            assign ends_here[c] = from_q[c] && from_ends[c];
            assign upto_here[c] = from_q[c] ? from_upto[c*BYTES_W +: BYTES_W] : upto_own;
        end else begin : g_alone
            wire unused = &{1'b0, from_arrived[c], from_fits[c], from_ends[c], from_empty[c], from_void[c],
                            from_lane[c*BYTE_LG +: BYTE_LG], from_upto[c*BYTES_W +: BYTES_W]};

            assign fits_here[c] = fits_q[c];
            assign ends_here[c] = 1'b0;
            assign upto_here[c] = upto_own;
        end

        wire fed   = STREAM_IN[c] && from_q[c] ? from_arrived[c] : !stream_q[c] || stream_room[c];
        wire reads = copies_here && !from_q[c] && !forth_q[c] && !back_q[c];

        // Room in the FIFO is everybody's: who only waits for that keeps the turn.
        assign want[c]      = able[c] && (fifo_room || !reads);
        assign able[c]      = held_q[c] && !half_q[c] && !lacks_q[c] &&
                              (forth_q[c] || back_q[c] ||
                               (!full[c] && (!copies_here || fed)));
        assign loads[c]     = job_shown[c] && !held_q[c];
        assign job_soon[c]  = any && turn == CH_W'(c);
        assign job_ready[c] = !held_q[c];
        assign job_held[c]  = held_q[c];

        assign second_wanted[c] = TWO != 0 && held_q[c] && half_q[c];
    end

    wire [CH_W-1:0] turn = turn_q;
    wire any       = want[turn];
    wire loading   = loads != '0;

    // A clock without a chunk: a list that lacks its element gets it, whoever's turn it is, or a row has ended
    wire [CHANNELS-1:0] supplied = held_q & lacks_q & elem_valid & ~(half_q & {CHANNELS{WIDE}});
    wire supplies  = LISTS != 0 && supplied != '0;
    wire elem_fire = supplies && !loading;
    wire gives     = any && !loading && !elem_fire;
    wire forth     = ROWS != 0 && forth_q[turn];
    wire back      = ROWS != 0 && back_q[turn];
    wire step_fire = gives && (forth || back);

    assign chunk_valid = gives && !forth && !back;

    wire chunk_fire = chunk_valid && chunk_ready;
    wire turn_ends  = any_next && (chunk_fire || step_fire || !able[turn]);

    dray_turn #(.CHANNELS(CHANNELS), .CH_W(CH_W)) u_turn (
        .clk, .rst_n, .want(able | loads), .outranks, .any(any_next), .choice(turn_next), .taken(turn_ends)
    );

    always_ff @(posedge clk) begin
        if (!rst_n)         turn_q <= '0;
        else if (turn_ends) turn_q <= turn_next;
    end

    // ------------------------------------------------------------------------
    // The chunk

    wire [ADDR_W:0]    src    = src_q[turn];
    wire [ADDR_W:0]    dst    = dst_q[turn];
    wire               fits   = fits_here[turn];
    wire [BYTE_LG-1:0] low    = low_q[turn];
    wire [1:0]         kind_here = kind_q[turn];
    wire               reads  = kind_here == dray_pkg::KIND_COPY;
    wire               filling = kind_here == dray_pkg::KIND_FILL;
    wire               writes = (reads && !stream_q[turn]) || filling;

    wire [BOUND_LG-1:0] place   = filling ? dst[BOUND_LG-1:0] : src[BOUND_LG-1:0];
    wire [BYTES_W-1:0] upto     = upto_here[turn];
    wire               from     = STREAM_IN != 0 && from_q[turn];
    wire               packet_ends = STREAM_IN != 0 && ends_here[turn];
    wire               nothing  = from && from_void[turn];

    // One whose end would be written from address 0 on is found by dray_plan.
    wire               past   = (reads && !from && src[ADDR_W]) || (writes && dst[ADDR_W] && !nothing);
    wire [1:0]         kind   = past ? dray_pkg::KIND_ERROR : kind_here;
    wire               copies = kind == dray_pkg::KIND_COPY;
    wire               fills  = kind == dray_pkg::KIND_FILL;
    wire               moves  = copies || fills;

    wire               last     = !moves || fits || packet_ends;

    // Another element follows. In memory each has writes of its own; in a stream they are one packet.
    wire               follows  = LISTS != 0 && fits && list_q[turn] && !final_q[turn];
    wire               goes_on  = follows && moves;
    wire               flushes  = last && !(goes_on && stream_q[turn]);

    wire [BEAT_W-1:0]  src_beats;
    wire [BEAT_W:0]    chunk_whole;

    dray_chunk #(.BOUND_LG(BOUND_LG), .BYTE_LG(BYTE_LG)) u_chunk (
        .place, .upto, .lane(dst[BYTE_LG-1:0]), .low, .flushes, .is_void(nothing), .empty(packet_ends && from_empty[turn]),
        .len(chunk_len), .beats(src_beats), .out(chunk_whole), .high(chunk_high), .spills(chunk_spills)
    );

    // Where to go on: by the chunk, by a stride, or back by a row
    wire               row_ends = last && moves && more_q[turn];
    wire               strides  = forth || (!back && fits && more_q[turn] && whole_q[turn]);
    wire               row_next = back || (strides && !forth);  // the next chunk begins a row
    wire [15:0]        rows     = rows_q[turn];

    wire               elem_loads = elem_fire || (follows && elem_valid[turn]);
    wire               scatters = supplies ? (supplied & scatter_q) != '0 : scatter_q[turn];
    wire               elem_src = elem_loads && !scatters;
    wire               elem_dst = elem_loads && scatters;

    assign chunk_channel  = turn;
    assign chunk_reads    = reads && !from;
    assign chunk_kind     = kind;
    assign chunk_cause    = past ? dray_regs_pkg::DRAY_CAUSE_ADDRESS : cause_q[turn];
    assign chunk_first    = first_q[turn];
    assign chunk_last     = last && !row_ends && !goes_on;
    assign chunk_stream   = stream_q[turn];
    assign chunk_src      = src[ADDR_W-1:0];
    assign chunk_dst      = dst[ADDR_W-1:BYTE_LG];
    assign chunk_from     = from;
    assign chunk_ends     = packet_ends && copies;
    assign chunk_stay     = from && fits && !packet_ends ? upto[BYTE_LG-1:0] : '0;
    assign chunk_beats    = copies ? src_beats : '0;
    assign chunk_out      = moves ? chunk_whole : '0;
    assign chunk_src_lane = fills ? '0 : src[BYTE_LG-1:0];
    assign chunk_dst_lane = dst[BYTE_LG-1:0];
    assign chunk_low      = low;
    assign chunk_top      = writes && &dst[ADDR_W-1:BOUND_LG];

    // ------------------------------------------------------------------------
    // Registers

    // Where a list lacked its element, the other side has moved on already. A job from a stream begins in the middle of
    // a beat where the one before it ended there.
    logic [BOUND_LG-1:0] lacks_place;
    logic [BYTE_LG-1:0]  load_lane;

    always_comb begin
        lacks_place = '0;
        load_lane   = '0;
        for (int c = 0; c < CHANNELS; c++) begin
            if (supplied[c])              lacks_place = lacks_place | from_place[c*BOUND_LG +: BOUND_LG];
            if (loads[c] && STREAM_IN[c]) load_lane   = load_lane | from_lane[c*BYTE_LG +: BYTE_LG];
        end
    end

    wire              load_from  = STREAM_IN != 0 && job_from;
    wire [ADDR_W-1:0] load_src   = load_from ? {job_dst[ADDR_W-1:BYTE_LG], load_lane} : job_src;
    wire [BOUND_LG-1:0] load_place = job_kind == dray_pkg::KIND_FILL ? job_dst[BOUND_LG-1:0] : load_src[BOUND_LG-1:0];
    wire [BOUND_LG-1:0] elem_place = !scatters ? elem_addr[BOUND_LG-1:0] : supplies ? lacks_place : upto[BOUND_LG-1:0];
    wire              begins     = loading || elem_loads;

    // An element has the low bits of its address, its job the high ones.
    logic [ADDR_W-1:0] elem_here;

    always_comb begin
        elem_here = elem_addr;
        for (int c = 0; c < CHANNELS; c++) if (supplies ? supplied[c] : turn == CH_W'(c)) elem_here = elem_here | high_q[c];
    end

    wire [ADDR_W:0]   src_step, dst_step;
    wire [32:0]       end_step;
    wire              fits_d;

    dray_step #(.ADDR_W(ADDR_W), .BOUND_LG(BOUND_LG)) u_step (
        .src, .dst, .place, .stop(end_q[turn]), .upto,
        .strides, .back, .row(row_q[turn]), .row_short(short_q[turn]), .src_stride(src_stride_q[turn]), .dst_stride(dst_stride_q[turn]),
        .job(loading), .job_len, .job_short, .job_place(load_place),
        .elem(elem_loads), .elem_len, .elem_short, .elem_place,
        .src_next(src_step), .dst_next(dst_step), .stop_next(end_step), .fits_next(fits_d)
    );

    wire [ADDR_W:0]   src_d = (loading ? {1'b0, load_src} : elem_src ? {1'b0, elem_here} : src_step) & ~LOW_ADDR;
    wire [ADDR_W:0]   dst_d = (loading ? {1'b0, job_dst}  : elem_dst ? {1'b0, elem_here} : dst_step) & ~LOW_ADDR;
    wire [32:0]       end_d = end_step & ~LOW_END;
    // Once a beat was completed, the next one is written from its first lane.
    wire [BYTE_LG-1:0] low_new = dst_d[BYTE_LG-1:0];
    wire [BYTE_LG-1:0] low_d = begins || row_next || follows ? low_new : chunk_whole != '0 ? '0 : low;

    for (genvar c = 0; c < CHANNELS; c++) begin : g_slot
        wire here  = turn == CH_W'(c);
        wire mine  = chunk_fire && here;
        wire ends  = mine && chunk_last;
        wire gives_up = from_q[c] && first_q[c] && leaving[c];
        wire halved   = half_q[c] && !run[c];  // its second slot will not come, and nothing of it has begun

        always_ff @(posedge clk) begin
            if (!rst_n)                 held_q[c] <= 1'b0;
            else if (job_valid[c])      held_q[c] <= 1'b1;
            else if (drop[c] || gives_up || halved || ends) held_q[c] <= 1'b0;
        end

        wire moves_on = loads[c] || mine || (step_fire && here);
        wire listed   = elem_fire && supplied[c];

        wire       halves  = half_q[c] && second[c];

        if (ADDR_W > 32) begin : g_wide
            always_ff @(posedge clk) begin
                if (halves)                                src_q[c] <= {1'b0, job_src[ADDR_W-1:32], src_q[c][31:0]};
                else if (moves_on || (listed && elem_src)) src_q[c] <= src_d;
            end

            always_ff @(posedge clk) begin
                if (halves)                                dst_q[c] <= {1'b0, job_dst[ADDR_W-1:32], dst_q[c][31:0]};
                else if (moves_on || (listed && elem_dst)) dst_q[c] <= dst_d;
            end

            // A list stands in the same 4 GiB as all of its elements.
            always_ff @(posedge clk) begin
                if (loads[c])    high_q[c] <= '0;
                else if (halves) high_q[c] <= {scatter_q[c] ? job_dst[ADDR_W-1:32] : job_src[ADDR_W-1:32], 32'd0};
            end
        end else begin : g_narrow
            always_ff @(posedge clk) if (moves_on || (listed && elem_src)) src_q[c] <= src_d;
            always_ff @(posedge clk) if (moves_on || (listed && elem_dst)) dst_q[c] <= dst_d;

            assign high_q[c] = '0;
        end

        always_ff @(posedge clk) if (moves_on || (listed && elem_dst)) low_q[c] <= low_d;

        always_ff @(posedge clk) if (moves_on || listed) begin
            end_q[c]  <= end_d;
            fits_q[c] <= fits_d;
        end

        wire       is_bad  = elem_take[c] ? elem_bad : job_kind == dray_pkg::KIND_ERROR;
        wire [1:0] kind_by = elem_take[c] ? dray_pkg::KIND_ERROR : job_kind;

        always_ff @(posedge clk) if (loads[c] || halves || elem_take[c]) begin
            kind_q[c]  <= loads[c] || is_bad ? kind_by : kind_q[c];
            cause_q[c] <= elem_take[c] ? elem_cause : job_cause;
        end

        always_ff @(posedge clk) begin
            if (loads[c])         stream_q[c] <= job_stream;
            if (loads[c])         from_q[c]   <= STREAM_IN[c] && job_from;
            if (loads[c] || mine) first_q[c]  <= loading;
        end

        assign elem_take[c]   = listed || (mine && moves && follows && elem_valid[c]);
        assign elem_wanted[c] = !held_q[c] || (list_q[c] && (lacks_q[c] || !final_q[c]));  // the next job may be a list
        assign elem_ended[c] = ends && list_q[c] && kind == dray_pkg::KIND_ERROR;

        if (LISTS != 0) begin : g_lists
            wire no_list = ADDR_W > 32 && halves && is_bad;  // a second slot was wrong, so nobody fetches the list

            always_ff @(posedge clk) begin
                if (loads[c]) begin
                    list_q[c]    <= job_list;
                    scatter_q[c] <= job_scatter;
                    lacks_q[c]   <= job_list;
                end else if (no_list) begin
                    list_q[c]    <= 1'b0;
                    lacks_q[c]   <= 1'b0;
                end else if (mine || listed) begin
                    lacks_q[c]   <= goes_on && !elem_take[c];
                end
                if (elem_take[c]) final_q[c] <= elem_last;
            end
        end else begin : g_no_lists
            wire unused = &{1'b0, job_list, job_scatter, elem_last};

            assign list_q[c]    = 1'b0;
            assign scatter_q[c] = 1'b0;
            assign lacks_q[c]   = 1'b0;
            assign final_q[c]   = 1'b0;
        end

        if (TWO != 0) begin : g_two
            always_ff @(posedge clk) begin
                if (loads[c])    half_q[c] <= job_two;
                else if (halves) half_q[c] <= 1'b0;
            end
        end else begin : g_one
            wire unused = job_two;

            assign half_q[c] = 1'b0;
        end

        if (ROWS != 0) begin : g_rows
            always_ff @(posedge clk) begin
                if (loads[c]) begin
                    row_q[c]   <= job_len & ~LOW_END[31:0];
                    short_q[c] <= job_short;
                    more_q[c]  <= 1'b0;
                    whole_q[c] <= 1'b1;
                    forth_q[c] <= 1'b0;
                    back_q[c]  <= 1'b0;
                end else if (halves) begin
                    rows_q[c]       <= job_len[15:0];
                    src_stride_q[c] <= 32'(job_src);
                    dst_stride_q[c] <= 32'(job_dst);
                    more_q[c]       <= job_len[15:0] != 16'd1 && job_kind != dray_pkg::KIND_ERROR;
                end else if (here) begin
                    if (chunk_fire) begin
                        whole_q[c] <= row_next;
                        forth_q[c] <= row_ends && !whole_q[c];
                    end
                    if (step_fire) begin
                        forth_q[c] <= 1'b0;
                        back_q[c]  <= forth;
                        if (back) whole_q[c] <= 1'b1;
                    end
                    if ((chunk_fire || step_fire) && row_next) begin
                        rows_q[c] <= rows - 16'd1;
                        more_q[c] <= rows != 16'd2;
                    end
                end
            end
        end else begin : g_no_rows
            wire unused = &{1'b0, rows};

            assign more_q[c]  = 1'b0;
            assign whole_q[c] = 1'b0;
            assign forth_q[c] = 1'b0;
            assign back_q[c]  = 1'b0;
            assign rows_q[c]  = '0;
            assign row_q[c]   = '0;
            assign short_q[c] = 1'b0;
            assign src_stride_q[c] = '0;
            assign dst_stride_q[c] = '0;
        end
    end

    always_ff @(posedge clk) begin
        if (!rst_n) begin
            spends_q <= 1'b0;
            freed_q  <= 1'b0;
            back_beats_q <= '0;
            space_q  <= SPACE_W'(FIFO_BEATS);
        end else begin
            spends_q <= chunk_fire && copies && !from;
            freed_q  <= freed;
            back_beats_q <= refund ? refund_beats : '0;
            space_q  <= space_q - (spends_q ? SPACE_W'(spent_q) : '0) + SPACE_W'(back_beats_q) + SPACE_W'(freed_q);
        end
    end

    always_ff @(posedge clk) spent_q <= src_beats;

    // ------------------------------------------------------------------------
    // Checks

`ifndef SYNTHESIS
    always @(posedge clk) if (rst_n) begin
        assert (space_q <= SPACE_W'(FIFO_BEATS));
        for (int c = 0; c < CHANNELS; c++) if (job_valid[c]) assert (loads[c]);
        if (chunk_fire && moves) assert (upto > {1'b0, place} || (packet_ends && nothing));
        if (chunk_fire && moves) assert (upto <= BOUND);
        for (int c = 0; c < CHANNELS; c++) if (held_q[c] && (kind_q[c] == dray_pkg::KIND_COPY || kind_q[c] == dray_pkg::KIND_FILL)) assert (fits_q[c] == (end_q[c] <= 33'(BOUND)) || half_q[c] || forth_q[c] || back_q[c] || lacks_q[c]);
        if (chunk_fire && copies) assert (chunk_beats != '0);
    end
`endif

endmodule

`default_nettype wire
