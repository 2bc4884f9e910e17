// SPDX-License-Identifier: Apache-2.0
//
// dray_retire - end jobs in ring order, when their last response has come and never earlier.
//
// Jobs stand in a list per channel from decoding on. Four places move along it: where the next job
// is written, which the reader takes next, which job's data comes in next, which job finishes next; between the last two lie the
// write-backs in flight. Write responses come in the order of their addresses, so one queue says what
// each of them means.
//
//     m_axi_b --> order --> bytes, cause --> [job list] --> write-back --> dray_plan
//                                                |------> finish, fail --> dray_channel
//                                                `------> restore: the first job that never began
//
// Latency     2 clocks from the last response to consumer index and interrupt status.
// Throughput  1 response per clock; 1 end of a job per 2 clocks.
// Errors      SLVERR and DECERR on data and on write-back, and what dray_commit found.

`default_nettype none

module dray_retire #(
    parameter int ADDR_W   = 32,
    parameter int CHANNELS = 2,
    parameter int CH_W     = 1,
    parameter int BYTES_W  = 8,
    parameter int ORDER_LG = 6,
    parameter int JOBS_LG  = 7,  // log2 of the jobs of a channel between decoding and finish
    parameter int AHEAD    = 48, // descriptors of a channel that may be on their way to decoding
    parameter int STREAM_IN = 0
) (
    input  wire                 clk,
    input  wire                 rst_n,

    // Jobs, as they are decoded
    input  wire  [CHANNELS-1:0] job_valid,
    input  wire  [CH_W-1:0]     job_channel,
    input  wire  [CHANNELS*16-1:0] job_index,
    input  wire  [CHANNELS*2-1:0] job_leaves,  // so far the consumer index moves on behind it
    input  wire  [CHANNELS-1:0] job_in_segment,
    input  wire  [CHANNELS*16-1:0] job_end,
    input  wire  [CHANNELS*(ADDR_W-4)-1:0] job_addr,
    input  wire                 job_irq,
    input  wire                 job_back,
    input  wire                 job_generation,
    input  wire  [11:0]         job_tag,
    input  wire  [CHANNELS-1:0] job_taken, // the reader begins with the next job
    output logic [CHANNELS-1:0] idle,      // every job that the reader began has finished
    output logic [CHANNELS-1:0] room,      // for all that may be on their way

    // Order of the write responses
    input  wire                 order_valid,
    input  wire  [1:0]          order_kind,
    input  wire  [CH_W-1:0]     order_channel,
    input  wire                 order_last,
    input  wire                 order_ends,
    input  wire  [4:0]          order_cause,
    input  wire  [BYTES_W-1:0]  order_bytes,
    output logic                order_done,
    output logic [CH_W-1:0]     done_channel,
    input  wire                 order_room,   // data may still enter it
    output logic                burst_done,   // a response came, from the bus
    output logic                awaiting,     // for one

    // AXI4 write response channel
    input  wire                 m_axi_bvalid,
    output logic                m_axi_bready,
    input  wire  [1:0]          m_axi_bresp,

    // Ends of stream jobs
    input  wire                 stream_valid,
    output logic                stream_ready,
    input  wire  [CH_W-1:0]     stream_channel,
    input  wire  [31:0]         stream_moved,
    input  wire  [4:0]          stream_cause,

    // Write-backs
    output logic                back_valid,
    input  wire                 back_ready,
    output logic                back_write,
    output logic [CH_W-1:0]     back_channel,
    output logic [ADDR_W-1:4]   back_addr,
    output logic                back_data_valid,
    input  wire                 back_data_ready,
    output logic [63:0]         back_data,

    // Channels
    input  wire  [CHANNELS-1:0] cyclic,
    input  wire  [CHANNELS-1:0] bitten,    // pulse: what ends next came too late
    input  wire  [CHANNELS-1:0] settle,    // which job is the oldest that never began? It is forgotten
    input  wire                 jumps,     // a link may move its channel in this clock: it goes first
    output logic [CHANNELS-1:0] found,     // answer, in two clocks: its ring index, then its slot address
    output logic [CHANNELS-1:0] settled,   // ... the second
    output logic                answers,   // one of these
    output logic                restore,   // there is one
    output logic                restore_in_segment,
    output logic [15:0]         restore_end,
    output logic [ADDR_W-1:4]   restore_place,  // the ring index in its low bits, or the slot address
    output logic [CHANNELS-1:0] error,     // pulse: a response was bad
    output logic [CHANNELS-1:0] finish,
    output logic [CHANNELS-1:0] fail,
    output logic [CHANNELS-1:0] fail_counted, // two clocks after fail: fail_moved is right
    output logic [15:0]         job_out_index,
    output logic [15:0]         job_out_after,
    output logic [ADDR_W-1:4]   job_out_addr,
    output logic                job_out_irq,
    output logic [4:0]          fail_cause,
    output logic [31:0]         fail_moved,
    output logic [CHANNELS-1:0] ending,    // a job of the channel is between its data and its finish
    output logic                ended,     // the data of a job has
    output logic [CH_W-1:0]     ended_channel,
    output logic [31:0]         ended_bytes
);

    localparam int SLOT_W  = ADDR_W - 4;
    localparam int JOB_W   = 50 + SLOT_W;
    localparam int PLACE_W = JOBS_LG + (CHANNELS > 1 ? CH_W : 0);
    localparam int ENDS_W  = STREAM_IN != 0 ? 1 : 0;  // a packet ended with the job
    localparam int HEAD_W  = 11 + CH_W + BYTES_W + ENDS_W;

    localparam logic [JOBS_LG-1:0] FIRST    = JOBS_LG'(1);
    localparam logic [12:0]        TAPS     = dray_pkg::taps(JOBS_LG);
    localparam logic [JOBS_LG-1:0] JOBS_CAP = JOBS_LG'((1 << JOBS_LG) - 4 - AHEAD);

    function automatic logic [JOBS_LG-1:0] behind(input logic [JOBS_LG-1:0] place);
        behind = {place[JOBS_LG-2:0], ^(place & TAPS[JOBS_LG-1:0])};
    endfunction

    // ------------------------------------------------------------------------
    // Order of the responses

    // What an entry will mean is found out before it goes in.
    wire order_data  = order_kind == dray_pkg::WRITE_DATA;
    wire order_back  = order_kind == dray_pkg::WRITE_BACK;
    wire order_ended = (order_data || order_kind == dray_pkg::WRITE_MARK) && order_last;
    wire order_bad   = order_cause != dray_regs_pkg::DRAY_CAUSE_NONE;
    wire order_stops = order_kind == dray_pkg::WRITE_FINISH && order_bad;
    wire order_over  = order_kind == dray_pkg::WRITE_FINISH || order_back;

    wire               head_valid, head_ends, is_data, is_back, awaits, ends_data, ends_job, stops;
    wire [HEAD_W-1:0]  head;
    wire [CH_W-1:0]    head_channel;
    wire [4:0]         head_cause;
    wire [BYTES_W-1:0] head_bytes;

    dray_queue #(.WIDTH(HEAD_W), .DEPTH_LG(ORDER_LG)) u_order (
        .clk, .rst_n,
        .in_valid(order_valid),
        .in_data(HEAD_W'({order_ends, order_data, order_back, order_data || order_back, order_ended, order_over, order_stops,
                          order_channel, order_cause, order_bytes})),
        .out_valid(head_valid), .out_ready(order_done), .out_data(head)
    );

    assign {head_ends, is_data, is_back, awaits, ends_data, ends_job, stops, head_channel, head_cause, head_bytes} =
           (12+CH_W+BYTES_W)'(head);

    // ------------------------------------------------------------------------
    // State

    // Equal means that no job stands between
    logic [CHANNELS-1:0][JOBS_LG-1:0] write_q;   // where the next job goes
    logic [CHANNELS-1:0][JOBS_LG-1:0] taken_q;   // the job that the reader takes next
    logic [CHANNELS-1:0][JOBS_LG-1:0] data_q;    // the job whose data comes in next
    logic [CHANNELS-1:0][JOBS_LG-1:0] finish_q;  // the job that finishes next
    logic [CHANNELS-1:0][31:0] moved_q;  // bytes of the job at data_q that came back OKAY
    logic [CHANNELS-1:0][4:0] cause_q;  // its first bad response
    logic [CHANNELS-1:0] failing_q;   // an error was found: statuses are written whether asked for or not
    logic [CHANNELS-1:0] captured_q;  // FAILED is taken
    logic [CHANNELS-1:0] late_q;      // what ends next came too late

    // Questions of the clock before, and whose is answered
    logic [CHANNELS-1:0] asks_q;
    logic              asks;         // one of them
    logic              found_q, settled_q;
    logic [CH_W-1:0]   found_channel_q;

    // One event a clock goes through the job list
    logic              event_q, event_settle_q;
    logic              event_ends_data_q, event_ends_job_q;
    logic              stream_clear_q;  // the end of a stream job may have its turn
    logic [CH_W-1:0]   event_channel_q;
    logic [JOBS_LG-1:0] event_place_q;
    logic [31:0]       event_moved_q;
    logic [4:0]        event_cause_q;
    logic              event_bad_q;    // it has a cause
    logic              event_ends_q;   // its packet ended
    logic              event_writes_q; // a status may be written
    logic              event_wants_q;  // ... whatever the job asked for

    // ------------------------------------------------------------------------
    // The event of this clock

    // A response is never made to wait for a write-back to be sent: the write before it may wait for this
    // very response. Write-backs of streams have no response behind them, and at most two wait.
    //
    // The shortest jobs of one channel could keep the list busy, so the other events go first: ends of stream jobs, of
    // which one comes in two clocks at most, and a channel that asks.
    wire quiet       = !event_ends_data_q;
    wire from_stream = stream_valid && stream_clear_q && quiet && !asks;
    wire looks       = ends_data || ends_job;           // it needs the job list
    wire may_pop     = !looks || !(asks || from_stream || (ends_data && !quiet));
    wire pop         = head_valid && may_pop && (!awaits || m_axi_bvalid);
    wire lists       = pop && looks;
    wire settling    = asks && !event_settle_q;

    assign m_axi_bready = head_valid && awaits && may_pop;
    assign order_done   = pop;
    assign done_channel = head_channel;
    assign burst_done   = m_axi_bvalid && m_axi_bready;
    assign awaiting     = head_valid && awaits;
    assign stream_ready = from_stream;

    wire       bad      = awaits && m_axi_bresp[1];
    wire [4:0] bad_data = m_axi_bresp[0] ? dray_regs_pkg::DRAY_CAUSE_WRITE_DECERR : dray_regs_pkg::DRAY_CAUSE_WRITE_SLVERR;
    wire [4:0] bad_back = m_axi_bresp[0] ? dray_regs_pkg::DRAY_CAUSE_BACK_DECERR : dray_regs_pkg::DRAY_CAUSE_BACK_SLVERR;

    logic [CH_W-1:0] settle_channel;
    always_comb begin
        settle_channel = '0;
        for (int c = CHANNELS - 1; c >= 0; c--) if (asks_q[c]) settle_channel = CH_W'(c);
    end

    wire [31:0] moved_so_far = moved_q[head_channel];
    wire [4:0]  cause_so_far = cause_q[head_channel];
    wire        clean        = cause_so_far == dray_regs_pkg::DRAY_CAUSE_NONE;
    wire [31:0] moved_now    = moved_so_far + (clean && !bad ? 32'(head_bytes) : '0);
    wire [4:0]  cause_now    = !clean ? cause_so_far : bad && is_data ? bad_data : head_cause;

    wire [CH_W-1:0]  event_channel = asks ? settle_channel : from_stream ? stream_channel : head_channel;
    wire             takes_data    = asks || from_stream || !ends_job;
    wire [JOBS_LG-1:0] data_place   = data_q[event_channel];
    wire [JOBS_LG-1:0] finish_place = finish_q[event_channel];
    wire [JOBS_LG-1:0] event_place  = takes_data ? data_place : finish_place;
    wire [4:0]       event_found   = from_stream ? stream_cause : ends_data ? cause_now : bad ? bad_back : head_cause;
    // One that only waits for the write-backs before it is not late itself.
    wire             may_be_late   = late_q[event_channel] && (from_stream || !ends_job || is_back);
    wire             event_late    = may_be_late && (event_found == dray_regs_pkg::DRAY_CAUSE_NONE ||
                                                     event_found == dray_regs_pkg::DRAY_CAUSE_ABORTED);
    wire [4:0]       event_cause   = event_late ? dray_regs_pkg::DRAY_CAUSE_WATCHDOG : event_found;
    wire             event_bad     = event_cause != dray_regs_pkg::DRAY_CAUSE_NONE;

    always_ff @(posedge clk) begin
        if (!rst_n) begin
            event_q           <= 1'b0;
            event_ends_data_q <= 1'b0;
            event_ends_job_q  <= 1'b0;
            event_settle_q <= 1'b0;
            found_q        <= 1'b0;
            settled_q      <= 1'b0;
            asks_q         <= '0;
            asks           <= 1'b0;
            stream_clear_q <= 1'b0;
        end else begin
            event_q           <= lists || from_stream;
            event_ends_data_q <= from_stream || (lists && !ends_job);
            event_ends_job_q  <= lists && ends_job;
            event_settle_q <= settling;
            found_q        <= event_settle_q || (found_q && jumps);
            settled_q      <= jumps ? settled_q : found_q;
            asks_q         <= settle;
            asks           <= |settle && !(event_settle_q || found_q || settled_q);
            stream_clear_q <= order_room && !back_valid && !from_stream;
        end
    end

    always_ff @(posedge clk) begin
        event_channel_q <= event_channel;
        event_place_q   <= event_place;
        event_moved_q   <= from_stream ? stream_moved : moved_now;
        event_cause_q   <= event_cause;
        event_bad_q     <= event_bad;
        event_ends_q    <= head_ends && !from_stream;
        event_writes_q  <= !cyclic[event_channel];
        event_wants_q   <= event_bad || failing_q[event_channel] ||
                           (event_q && event_bad_q && event_channel_q == event_channel);
    end

    for (genvar c = 0; c < CHANNELS; c++) begin : g_data
        wire mine = pop && head_channel == CH_W'(c);

        assign error[c] = mine && (bad || stops);

        always_ff @(posedge clk) begin
            if (!rst_n || (mine && ends_data)) begin
                moved_q[c] <= '0;
                cause_q[c] <= dray_regs_pkg::DRAY_CAUSE_NONE;
            end else if (mine && is_data) begin
                moved_q[c] <= moved_now;
                if (clean && bad) cause_q[c] <= bad_data;
            end
        end
    end

    // ------------------------------------------------------------------------
    // Job list

    (* no_rw_check, ram_style = "block" *) logic [JOB_W-1:0] jobs [0:(CHANNELS<<JOBS_LG)-1];
    // While a write-back flies: the cause, and how much was moved
    (* no_rw_check, ram_style = "block" *) logic [5:0]       ends  [0:(CHANNELS<<JOBS_LG)-1];
    (* no_rw_check, ram_style = "block" *) logic [31:0]      moves [0:(CHANNELS<<JOBS_LG)-1];

    logic [JOB_W-1:0]  job_q, job_d;
    logic [5:0]        end_q;  // {it has a cause, cause}
    wire  [JOBS_LG-1:0] in_job    = JOBS_LG'(write_q[job_channel]);
    wire  [PLACE_W-1:0] in_place  = PLACE_W'({job_channel, in_job});
    wire  [PLACE_W-1:0] out_place = PLACE_W'({event_channel, event_place[JOBS_LG-1:0]});
    wire  [PLACE_W-1:0] end_place = PLACE_W'({event_channel_q, event_place_q[JOBS_LG-1:0]});

    always_comb begin
        job_d = '0;
        for (int c = 0; c < CHANNELS; c++)
            if (job_channel == CH_W'(c))
                job_d = {job_index[c*16 +: 16], job_leaves[c*2 +: 2], job_in_segment[c], job_end[c*16 +: 16],
                         job_addr[c*SLOT_W +: SLOT_W], job_irq, job_back, job_generation, job_tag};
    end

    always_ff @(posedge clk) begin
        if (job_valid != '0) jobs[in_place] <= job_d;
        job_q <= jobs[out_place];
    end

    always_ff @(posedge clk) begin
        if (event_ends_data_q) ends[end_place] <= {event_bad_q, event_cause_q};
        end_q <= ends[out_place];
    end

    wire       end_bad   = end_q[5];
    wire [4:0] end_cause = end_q[4:0];

    // Nobody but FAILED asks how much was moved, and it can wait until that can be read back.
    logic [PLACE_W-1:0] fail_place_q;
    logic [31:0]        fail_moved_q;

    always_ff @(posedge clk) begin
        if (event_ends_data_q) moves[end_place] <= event_moved_q;
        fail_place_q <= end_place;
        fail_moved_q <= moves[fail_place_q];
    end

    wire        job_q_back, job_q_generation, job_q_in_segment;
    wire [1:0]  job_q_leaves;
    wire [15:0] job_q_end;
    wire [11:0] job_q_tag;

    assign {job_out_index, job_q_leaves, job_q_in_segment, job_q_end, job_out_addr, job_out_irq,
            job_q_back, job_q_generation, job_q_tag} = job_q;

    assign job_out_after = job_out_index + 16'(job_q_leaves);

    // What was found stays for both clocks of the answer.
    logic              restore_q, restore_in_segment_q;
    logic [15:0]       restore_end_q, restore_index_q;
    logic [ADDR_W-1:4] restore_addr_q;
    logic [CHANNELS-1:0] begun;  // every job of the channel is

    always_ff @(posedge clk) if (event_settle_q) begin
        found_channel_q      <= event_channel_q;
        restore_q            <= !begun[event_channel_q];
        restore_in_segment_q <= job_q_in_segment;
        restore_end_q        <= job_q_end;
        restore_index_q      <= job_out_index;
        restore_addr_q       <= job_out_addr;
    end

    assign answers            = (found_q || settled_q) && !jumps;
    assign restore            = restore_q;
    assign restore_in_segment = restore_in_segment_q;
    assign restore_end        = restore_end_q;
    assign restore_place      = {restore_addr_q[ADDR_W-1:20], settled_q ? restore_addr_q[19:4] : restore_index_q};

    // ------------------------------------------------------------------------
    // What the event means

    wire data_end = event_ends_data_q;
    wire wants    = event_writes_q && (job_q_back || event_wants_q);
    wire alone    = event_place_q == finish_q[event_channel_q];  // every earlier job has finished
    wire writes   = data_end && wants;
    wire waits    = data_end && !wants && !alone;
    wire direct   = data_end && !wants && alone;
    wire flown    = event_ends_job_q;

    // A job that was right, but whose status could not be written, is wrong all the same.
    wire [4:0] cause    = flown && end_bad ? end_cause : event_cause_q;
    wire       first     = !captured_q[event_channel_q];
    wire       ends_well = flown ? !end_bad : direct;

    assign ended         = data_end;
    assign ended_channel = event_channel_q;
    assign ended_bytes   = event_moved_q;

    assign fail_cause = cause;
    assign fail_moved = fail_moved_q;

    for (genvar c = 0; c < CHANNELS; c++) begin : g_list
        wire here      = event_channel_q == CH_W'(c);
        wire pops_data = (lists || from_stream) && takes_data && event_channel == CH_W'(c);
        wire pops_end  = lists && ends_job && head_channel == CH_W'(c);
        wire clears    = settled_q && answers && found_channel_q == CH_W'(c);

        // Where all is settled with its data, a job finishes a clock late: no other event of the channel comes in between.
        logic direct_q;

        always_ff @(posedge clk) direct_q <= rst_n && direct && here;

        wire ends_one = pops_end || direct_q;

        // Counted a clock late, and compared a clock later.
        wire [JOBS_LG-1:0] used, used_next_unused;
        logic              more_q, fewer_q, room_q;

        dray_count #(.WIDTH(JOBS_LG)) u_used (
            .clk, .rst_n(rst_n && !clears), .more(more_q), .fewer(fewer_q), .again(1'b0), .next(used_next_unused), .count(used)
        );

        always_ff @(posedge clk) begin
            more_q  <= rst_n && job_valid[c];
            fewer_q <= rst_n && ends_one;
            room_q  <= used < JOBS_CAP;
        end

        assign idle[c]    = taken_q[c] == finish_q[c];
        assign begun[c]   = write_q[c] == data_q[c];
        assign room[c]    = room_q;
        assign found[c]   = answers && found_channel_q == CH_W'(c);
        assign settled[c] = clears;
        assign finish[c]  = here && first && !event_bad_q && ends_well;
        assign fail[c]    = here && first && (event_bad_q ? direct || flown : flown && end_bad);
        assign ending[c]  = (data_q[c] != finish_q[c] && !direct_q) || (event_q && here);

        // Those that never began are forgotten when nothing else is left.
        always_ff @(posedge clk) begin
            if (!rst_n || clears) begin
                write_q[c]  <= FIRST;
                taken_q[c]  <= FIRST;
                data_q[c]   <= FIRST;
                finish_q[c] <= FIRST;
            end else begin
                if (job_valid[c]) write_q[c]  <= behind(write_q[c]);
                if (job_taken[c]) taken_q[c]  <= behind(taken_q[c]);
                if (pops_data)    data_q[c]   <= behind(data_q[c]);
                if (ends_one)     finish_q[c] <= behind(finish_q[c]);
            end
        end

        always_ff @(posedge clk) begin
            if (!rst_n || clears) begin
                failing_q[c]  <= 1'b0;
                captured_q[c] <= 1'b0;
            end else begin
                if (event_q && here && event_bad_q) failing_q[c]  <= 1'b1;
                if (fail[c])                      captured_q[c] <= 1'b1;
            end
        end

        always_ff @(posedge clk) begin
            if (!rst_n || clears || pops_data || (pops_end && is_back)) late_q[c] <= 1'b0;
            else if (bitten[c])                            late_q[c] <= 1'b1;
        end

`ifndef SYNTHESIS
        always @(posedge clk) if (rst_n) begin
            assert (used < JOBS_LG'((1 << JOBS_LG) - 1));
            assert (!(pops_end && direct_q));
            if (event_q && here && event_ends_data_q) assert (!direct_q);
            if (used == '0 && !more_q) assert (write_q[c] == finish_q[c] && data_q[c] == finish_q[c] && taken_q[c] == finish_q[c]);
        end
`endif

        logic counts_q;

        always_ff @(posedge clk) begin
            counts_q        <= rst_n && fail[c];
            fail_counted[c] <= rst_n && counts_q;
        end
    end

    // ------------------------------------------------------------------------
    // Write-back

    localparam int PAYLOAD_W = 50 + ENDS_W;

    wire                 payload_valid;
    wire [PAYLOAD_W-1:0] payload_out;
    wire [50:0]          payload = 51'(payload_out);

    // While one waits, dray_plan sends no data: what ends meanwhile had its place in the order before.
    localparam int BACKS_LG = ORDER_LG + 1;
    localparam int BACK_W   = 1 + CH_W + SLOT_W;

    dray_queue #(.WIDTH(BACK_W), .DEPTH_LG(BACKS_LG), .BYPASS(1)) u_back (
        .clk, .rst_n,
        .in_valid(writes || waits), .in_data({writes, event_channel_q, job_out_addr}),
        .out_valid(back_valid), .out_ready(back_ready), .out_data({back_write, back_channel, back_addr})
    );

    dray_queue #(.WIDTH(PAYLOAD_W), .DEPTH_LG(BACKS_LG)) u_payload (
        .clk, .rst_n,
        .in_valid(writes), .in_data(PAYLOAD_W'({event_ends_q, job_q_tag, event_cause_q, job_q_generation, event_moved_q})),
        .out_valid(payload_valid), .out_ready(back_data_ready), .out_data(payload_out)
    );

    wire [31:0] status = {4'h0, payload[49:38], 1'b0, payload[50], 1'b0, payload[37:33], 3'b000, payload[32], 1'b0,
                          dray_regs_pkg::DRAY_DESC_TYPE_DONE};

    assign back_data_valid = payload_valid;
    assign back_data       = {status, payload[31:0]};

    // ------------------------------------------------------------------------
    // Checks

`ifndef SYNTHESIS
    always @(posedge clk) if (rst_n) begin
        if (m_axi_bvalid) assert (head_valid || !m_axi_bready);
        for (int c = 0; c < CHANNELS; c++) begin
            if (job_valid[c]) assert (job_channel == CH_W'(c));
            if (settled[c]) assert (data_q[c] == finish_q[c]);
        end
    end
`endif

endmodule

`default_nettype wire
