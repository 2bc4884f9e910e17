// SPDX-License-Identifier: Apache-2.0
//
// dray_retire - end jobs in ring order, when their last response has come and never earlier.
//
// Jobs stand in a list per channel from decoding on. Three places move along it: where the next job
// is written, which job's data comes in next, which job finishes next; between the last two lie the
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
    parameter int JOBS_LG  = 7   // log2 of the jobs of a channel between decoding and finish
) (
    input  wire                 clk,
    input  wire                 rst_n,

    // Jobs, as they are decoded
    input  wire  [CHANNELS-1:0] job_valid,
    input  wire  [CHANNELS*16-1:0] job_index,
    input  wire  [CHANNELS*16-1:0] job_index_after,
    input  wire  [CHANNELS-1:0] job_in_segment,
    input  wire  [CHANNELS*16-1:0] job_left,
    input  wire  [CHANNELS*(ADDR_W-4)-1:0] job_addr,
    input  wire                 job_irq,
    input  wire                 job_back,
    input  wire                 job_generation,
    input  wire  [11:0]         job_tag,
    output logic [CHANNELS-1:0] idle,      // no job of the channel stands in the list
    output logic [CHANNELS-1:0] room,

    // Order of the write responses
    input  wire                 order_valid,
    input  wire  [1:0]          order_kind,
    input  wire  [CH_W-1:0]     order_channel,
    input  wire                 order_last,
    input  wire  [4:0]          order_cause,
    input  wire  [BYTES_W-1:0]  order_bytes,
    output logic                order_done,
    output logic [CH_W-1:0]     done_channel,
    output logic                burst_done,   // a response came, from the bus

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
    input  wire  [CHANNELS-1:0] settle,
    output logic [CHANNELS-1:0] settled,
    output logic                restore,
    output logic [CHANNELS-1:0] error,     // pulse: a response was bad
    output logic [CHANNELS-1:0] finish,
    output logic [CHANNELS-1:0] fail,
    output logic [15:0]         job_out_index,
    output logic [15:0]         job_out_index_after,
    output logic                job_out_in_segment,
    output logic [15:0]         job_out_left,
    output logic [ADDR_W-1:4]   job_out_addr,
    output logic                job_out_irq,
    output logic [4:0]          fail_cause,
    output logic [31:0]         fail_moved,
    output logic [CHANNELS-1:0] ending     // a job of the channel is between its data and its finish
);

    localparam int SLOT_W  = ADDR_W - 4;
    localparam int JOB_W   = 64 + SLOT_W;
    localparam int PLACE_W = JOBS_LG + (CHANNELS > 1 ? CH_W : 0);
    localparam int HEAD_W  = 8 + CH_W + BYTES_W;

    localparam logic [JOBS_LG:0] JOBS_CAP = (JOBS_LG+1)'((1 << JOBS_LG) - 2);

    // ------------------------------------------------------------------------
    // Order of the responses

    wire               head_valid, head_last;
    wire [1:0]         head_kind;
    wire [CH_W-1:0]    head_channel;
    wire [4:0]         head_cause;
    wire [BYTES_W-1:0] head_bytes;

    dray_queue #(.WIDTH(HEAD_W), .DEPTH_LG(ORDER_LG)) u_order (
        .clk, .rst_n,
        .in_valid(order_valid), .in_data({order_kind, order_channel, order_last, order_cause, order_bytes}),
        .out_valid(head_valid), .out_ready(order_done),
        .out_data({head_kind, head_channel, head_last, head_cause, head_bytes})
    );

    wire is_data   = head_kind == dray_pkg::WRITE_DATA;
    wire is_mark   = head_kind == dray_pkg::WRITE_MARK;
    wire is_back   = head_kind == dray_pkg::WRITE_BACK;
    wire is_finish = head_kind == dray_pkg::WRITE_FINISH;
    wire awaits    = is_data || is_back;
    wire ends_data = (is_data || is_mark) && head_last;
    wire ends_job  = is_back || is_finish;

    // ------------------------------------------------------------------------
    // State

    logic [CHANNELS-1:0][JOBS_LG:0] write_q;  // where the next job goes
    logic [CHANNELS-1:0][JOBS_LG:0] data_q;  // the job whose data comes in next
    logic [CHANNELS-1:0][JOBS_LG:0] finish_q;  // the job that finishes next
    logic [CHANNELS-1:0][31:0] moved_q;  // bytes of the job at data_q that came back OKAY
    logic [CHANNELS-1:0][4:0] cause_q;  // its first bad response
    logic [CHANNELS-1:0] failing_q;   // an error was found: statuses are written whether asked for or not
    logic [CHANNELS-1:0] captured_q;  // FAILED is taken

    logic                data_last_q;  // ends of data took the last turn before ends of stream jobs

    // One event a clock goes through the job list
    logic              event_q, event_data_q, event_settle_q;
    logic [CH_W-1:0]   event_channel_q;
    logic [JOBS_LG:0]  event_place_q;
    logic [31:0]       event_moved_q;
    logic [4:0]        event_cause_q;

    // One write-back waits for dray_plan
    logic              back_valid_q, back_write_q;
    logic [CH_W-1:0]   back_channel_q;
    logic [SLOT_W-1:0] back_addr_q;

    // ------------------------------------------------------------------------
    // The event of this clock

    // The shortest jobs of one channel can end in every second clock, so the other events are given their turn: ends of
    // stream jobs one by one, a channel that settles at once.
    wire quiet      = !(event_q && event_data_q) && !back_valid_q && payload_room;
    wire others     = |settle || (stream_valid && data_last_q);
    wire may_pop    = !ends_data || (quiet && !others);
    wire pop        = head_valid && may_pop && (!awaits || m_axi_bvalid);
    wire lists      = pop && (ends_data || ends_job);   // it needs the job list
    wire from_stream = stream_valid && !lists && quiet && !(|settle);
    wire settling   = |settle && !lists && !from_stream && !event_q && !event_settle_q;

    assign m_axi_bready = head_valid && awaits && may_pop;
    assign order_done   = pop;
    assign done_channel = head_channel;
    assign burst_done   = m_axi_bvalid && m_axi_bready;
    assign stream_ready = from_stream;

    wire       bad      = awaits && m_axi_bresp[1];
    wire [4:0] bad_data = m_axi_bresp[0] ? dray_regs_pkg::DRAY_CAUSE_WRITE_DECERR : dray_regs_pkg::DRAY_CAUSE_WRITE_SLVERR;
    wire [4:0] bad_back = m_axi_bresp[0] ? dray_regs_pkg::DRAY_CAUSE_BACK_DECERR : dray_regs_pkg::DRAY_CAUSE_BACK_SLVERR;

    logic [CH_W-1:0] settle_channel;
    always_comb begin
        settle_channel = '0;
        for (int c = CHANNELS - 1; c >= 0; c--) if (settle[c]) settle_channel = CH_W'(c);
    end

    wire [31:0] moved_so_far = moved_q[head_channel];
    wire [4:0]  cause_so_far = cause_q[head_channel];
    wire        clean        = cause_so_far == dray_regs_pkg::DRAY_CAUSE_NONE;
    wire [31:0] moved_now    = moved_so_far + (clean && !bad ? 32'(head_bytes) : '0);
    wire [4:0]  cause_now    = !clean ? cause_so_far : bad && is_data ? bad_data : head_cause;

    wire [CH_W-1:0]  event_channel = lists ? head_channel : from_stream ? stream_channel : settle_channel;
    wire             takes_data    = from_stream || (lists && ends_data) || (!lists && !from_stream);
    wire [JOBS_LG:0] data_place    = data_q[event_channel];
    wire [JOBS_LG:0] finish_place  = finish_q[event_channel];
    wire [JOBS_LG:0] event_place   = takes_data ? data_place : finish_place;

    always_ff @(posedge clk) begin
        if (!rst_n) begin
            event_q        <= 1'b0;
            event_settle_q <= 1'b0;
            data_last_q    <= 1'b0;
        end else begin
            event_q        <= lists || from_stream;
            event_settle_q <= settling;
            data_last_q    <= !from_stream && (data_last_q || (pop && ends_data));
        end
    end

    always_ff @(posedge clk) begin
        event_data_q    <= takes_data;
        event_channel_q <= event_channel;
        event_place_q   <= event_place;
        event_moved_q   <= from_stream ? stream_moved : moved_now;
        event_cause_q   <= from_stream ? stream_cause : ends_data ? cause_now : bad ? bad_back : head_cause;
    end

    for (genvar c = 0; c < CHANNELS; c++) begin : g_data
        wire mine = pop && head_channel == CH_W'(c);

        assign error[c] = mine && (bad || (is_finish && head_cause != dray_regs_pkg::DRAY_CAUSE_NONE));

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

    (* no_rw_check *) logic [JOB_W-1:0] jobs [0:(CHANNELS<<JOBS_LG)-1];
    (* no_rw_check *) logic [36:0]      ends [0:(CHANNELS<<JOBS_LG)-1];  // {cause, moved}, while a write-back flies

    logic [JOB_W-1:0]  job_q, job_d;
    logic [36:0]       end_q;
    logic [CH_W-1:0]   in_channel;
    wire  [JOBS_LG-1:0] in_job    = JOBS_LG'(write_q[in_channel]);
    wire  [PLACE_W-1:0] in_place  = PLACE_W'({in_channel, in_job});
    wire  [PLACE_W-1:0] out_place = PLACE_W'({event_channel, event_place[JOBS_LG-1:0]});
    wire  [PLACE_W-1:0] end_place = PLACE_W'({event_channel_q, event_place_q[JOBS_LG-1:0]});

    always_comb begin
        in_channel = '0;
        job_d      = '0;
        for (int c = 0; c < CHANNELS; c++) begin
            if (job_valid[c]) begin
                in_channel = CH_W'(c);
                job_d = {job_index[c*16 +: 16], job_index_after[c*16 +: 16], job_in_segment[c], job_left[c*16 +: 16],
                         job_addr[c*SLOT_W +: SLOT_W], job_irq, job_back, job_generation, job_tag};
            end
        end
    end

    always_ff @(posedge clk) begin
        if (job_valid != '0) jobs[in_place] <= job_d;
        job_q <= jobs[out_place];
    end

    wire keeps_end = event_q && event_data_q;

    always_ff @(posedge clk) begin
        if (keeps_end) ends[end_place] <= {event_cause_q, event_moved_q};
        end_q <= ends[out_place];
    end

    wire        job_q_back, job_q_generation;
    wire [11:0] job_q_tag;

    assign {job_out_index, job_out_index_after, job_out_in_segment, job_out_left, job_out_addr, job_out_irq,
            job_q_back, job_q_generation, job_q_tag} = job_q;

    // ------------------------------------------------------------------------
    // What the event means

    wire [JOBS_LG:0] oldest    = finish_q[event_channel_q];
    wire             alone     = event_place_q == oldest;  // every earlier job has finished
    wire             bad_event = event_cause_q != dray_regs_pkg::DRAY_CAUSE_NONE;
    wire             data_end  = event_q && event_data_q;
    wire             wants     = job_q_back || bad_event || failing_q[event_channel_q];
    wire             writes    = data_end && wants && !cyclic[event_channel_q];
    wire             waits     = data_end && !writes && !alone;
    wire             direct    = data_end && !writes && alone;
    wire             flown     = event_q && !event_data_q;

    // A job that was right, but whose status could not be written, is wrong all the same.
    wire [4:0]  end_cause = end_q[36:32];
    wire [4:0]  cause     = flown && end_cause != dray_regs_pkg::DRAY_CAUSE_NONE ? end_cause : event_cause_q;
    wire [31:0] moved     = flown ? end_q[31:0] : event_moved_q;
    wire        finishes  = direct || flown;
    wire        good      = cause == dray_regs_pkg::DRAY_CAUSE_NONE;
    wire        first     = !captured_q[event_channel_q];

    assign fail_cause = cause;
    assign fail_moved = moved;
    assign restore    = write_q[event_channel_q] != data_q[event_channel_q];

    for (genvar c = 0; c < CHANNELS; c++) begin : g_list
        wire here      = event_channel_q == CH_W'(c);
        wire pops_data = (lists || from_stream) && takes_data && event_channel == CH_W'(c);
        wire pops_end  = lists && ends_job && head_channel == CH_W'(c);
        wire clears    = event_settle_q && here;

        wire [JOBS_LG:0] used = write_q[c] - finish_q[c];

        assign idle[c]    = used == '0;
        assign room[c]    = used < JOBS_CAP;
        assign settled[c] = clears;
        assign finish[c]  = finishes && here && good && first;
        assign fail[c]    = finishes && here && !good && first;
        assign ending[c]  = data_q[c] != finish_q[c] || (event_q && here);

        always_ff @(posedge clk) begin
            if (!rst_n) begin
                write_q[c]  <= '0;
                data_q[c]   <= '0;
                finish_q[c] <= '0;
            end else begin
                if (clears) write_q[c] <= data_q[c];
                else        write_q[c] <= write_q[c] + (JOBS_LG+1)'(job_valid[c]);
                data_q[c]   <= data_q[c] + (JOBS_LG+1)'(pops_data);
                finish_q[c] <= finish_q[c] + (JOBS_LG+1)'(pops_end || (direct && here));
            end
        end

        always_ff @(posedge clk) begin
            if (!rst_n || clears) begin
                failing_q[c]  <= 1'b0;
                captured_q[c] <= 1'b0;
            end else begin
                if (event_q && here && bad_event) failing_q[c]  <= 1'b1;
                if (fail[c])                      captured_q[c] <= 1'b1;
            end
        end
    end

    // ------------------------------------------------------------------------
    // Write-back

    localparam int PAYLOAD_W = 50;

    wire                 payload_valid;
    wire [PAYLOAD_W-1:0] payload;
    logic [3:0]          payloads_q;
    wire                 payload_room = payloads_q < 4'd12;

    dray_queue #(.WIDTH(PAYLOAD_W), .DEPTH_LG(4)) u_payload (
        .clk, .rst_n,
        .in_valid(writes), .in_data({job_q_tag, event_cause_q, job_q_generation, event_moved_q}),
        .out_valid(payload_valid), .out_ready(back_data_ready), .out_data(payload)
    );

    wire [31:0] status = {4'h0, payload[49:38], 3'b000, payload[37:33], 3'b000, payload[32], 1'b0,
                          dray_regs_pkg::DRAY_DESC_TYPE_DONE};

    assign back_data_valid = payload_valid;
    assign back_data       = {status, payload[31:0]};
    assign back_valid      = back_valid_q;
    assign back_write      = back_write_q;
    assign back_channel    = back_channel_q;
    assign back_addr       = back_addr_q;

    always_ff @(posedge clk) begin
        if (!rst_n) begin
            back_valid_q <= 1'b0;
            payloads_q   <= '0;
        end else begin
            back_valid_q <= writes || waits || (back_valid_q && !back_ready);
            payloads_q   <= payloads_q + 4'(writes) - 4'(back_data_valid && back_data_ready);
        end
    end

    always_ff @(posedge clk) if (writes || waits) begin
        back_write_q   <= writes;
        back_channel_q <= event_channel_q;
        back_addr_q    <= job_out_addr;
    end

    // ------------------------------------------------------------------------
    // Checks

`ifndef SYNTHESIS
    always @(posedge clk) if (rst_n) begin
        if (writes || waits) assert (!back_valid_q);
        if (m_axi_bvalid) assert (head_valid || !m_axi_bready);
        for (int c = 0; c < CHANNELS; c++) begin
            if (finish[c]) assert (data_q[c] != write_q[c] || event_place_q != write_q[c]);
            assert (write_q[c] - finish_q[c] >= data_q[c] - finish_q[c]);
            if (settled[c]) assert (data_q[c] == finish_q[c]);
        end
    end
`endif

endmodule

`default_nettype wire
