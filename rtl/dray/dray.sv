// SPDX-License-Identifier: Apache-2.0
//
// dray - a scatter/gather bus-master DMA engine.
//
// Work arrives in rings of descriptors in memory; bytes move from memory to memory, to a stream, or from one, at
// any alignment; every burst passes the gate. This file only connects the rooms:
//
//     s_axil --> dray_channel x N --> dray_fetch --> dray_request --> gate --> m_axi_ar
//                    |   ^                                              |
//                  dray_decode <----------------------- dray_receive <--+----- m_axi_r
//                    |                                      |
//                  dray_jobs --> dray_read --> chunks --> dray_plan --> gate --> dray_commit --> m_axi_aw
//                                                                      |
//                  dray_retire <--- order <----------------------------+
//                    ^                 dray_work, dray_sink --> dray_align --> m_axi_w, dray_stream
//                    '--- m_axi_b
//
// dray_list stands beside dray_jobs: it takes lists from dray_decode and asks dray_request for their elements, which
// dray_receive gives to dray_elements; that shows them to dray_read.
//
// Latency     doorbell to descriptor AR 4 clocks, descriptor to payload AR 6, last B to irq 2, as make bench
//             measures them with the gate; without it the first two are 1 less.
// Throughput  the data bus: one beat per clock in, one out.
// Errors      every response is judged; an error ends one descriptor of one channel. See docs/theory.md.
// All accesses bear one ID. The price: a memory that never answers stops every channel of the port.

`default_nettype none

module dray #(
    parameter int DATA_W       = 64,    // bus width, bits: 32, 64 or 128
    parameter int ADDR_W       = 32,    // address width, bits: 24..48
    parameter int CHANNELS     = 2,     // 1..8
    parameter int FIFO_BEATS   = 256,   // beats of read data in flight or waiting: a power of two
    parameter int DESCRIPTORS  = 48,    // descriptors buffered, a channel
    parameter int READS        = 48,    // read bursts in flight
    parameter int BURST_BEATS  = 16,    // longest burst, a power of two, 1..256
    parameter int BYTES        = 1,     // 0: addresses and lengths are multiples of the bus width
    parameter int FILL         = 1,     // 0: no descriptors of type FILL
    parameter int ROWS         = 1,     // 0: no descriptors of type ROWS
    parameter int LISTS        = 1,     // 0: no descriptors of type LIST
    parameter int GATE         = 1,     // 0: no gate, the driver is trusted
    parameter int WINDOW       = 64,    // window entries, 0..256
    parameter int PAGE_LG      = 12,    // log2 of the page size: 9..12
    parameter int GUARD_FRAMES = 4096,  // guarded frames: a power of two
    parameter logic [47:0] WINDOW_BASE = 48'hC000_0000,
    parameter logic [47:0] GUARD_BASE  = 48'h4000_0000,
    parameter int STREAM_OUT   = 0,     // bit n: channel n has a stream from memory
    parameter int STREAM_IN    = 0,     // bit n: channel n has a stream to memory
    parameter int STREAM_BEATS = 128,   // beats of a stream's buffer
    parameter int BUDGET       = 1,     // 0: no budget of segments
    parameter int WATCHDOG     = 1,     // 0: no watchdog
    parameter int COALESCE     = 1,     // 0: no interrupts by count or timer
    parameter int PRIORITY     = 1,     // 0: all channels take turns, and no cap
    parameter int ATTRIBUTES   = 1,     // 0: one AxPROT, AxCACHE and AxQOS for all
    parameter int COUNTERS     = 1      // 0: no counters of bytes, bursts and clocks
) (
    input  wire                         clk,
    input  wire                         rst_n,       // the engine
    input  wire                         gate_rst_n,  // the gate

    // AXI4-Lite subordinate: engine
    input  wire                         s_axil_awvalid,
    output logic                        s_axil_awready,
    input  wire  [11:0]                 s_axil_awaddr,
    input  wire                         s_axil_wvalid,
    output logic                        s_axil_wready,
    input  wire  [31:0]                 s_axil_wdata,
    input  wire  [3:0]                  s_axil_wstrb,
    output logic                        s_axil_bvalid,
    input  wire                         s_axil_bready,
    output logic [1:0]                  s_axil_bresp,
    input  wire                         s_axil_arvalid,
    output logic                        s_axil_arready,
    input  wire  [11:0]                 s_axil_araddr,
    output logic                        s_axil_rvalid,
    input  wire                         s_axil_rready,
    output logic [31:0]                 s_axil_rdata,
    output logic [1:0]                  s_axil_rresp,

    // AXI4-Lite subordinate: gate
    input  wire                         s_axil_gate_awvalid,
    output logic                        s_axil_gate_awready,
    input  wire  [11:0]                 s_axil_gate_awaddr,
    input  wire                         s_axil_gate_wvalid,
    output logic                        s_axil_gate_wready,
    input  wire  [31:0]                 s_axil_gate_wdata,
    input  wire  [3:0]                  s_axil_gate_wstrb,
    output logic                        s_axil_gate_bvalid,
    input  wire                         s_axil_gate_bready,
    output logic [1:0]                  s_axil_gate_bresp,
    input  wire                         s_axil_gate_arvalid,
    output logic                        s_axil_gate_arready,
    input  wire  [11:0]                 s_axil_gate_araddr,
    output logic                        s_axil_gate_rvalid,
    input  wire                         s_axil_gate_rready,
    output logic [31:0]                 s_axil_gate_rdata,
    output logic [1:0]                  s_axil_gate_rresp,

    // Interrupts: level
    output logic                        irq,
    output logic [CHANNELS-1:0]         channel_irq,

    // AXI4 manager
    output logic                        m_axi_arvalid,
    input  wire                         m_axi_arready,
    output logic [ADDR_W-1:0]           m_axi_araddr,
    output logic [7:0]                  m_axi_arlen,
    output logic [2:0]                  m_axi_arsize,
    output logic [1:0]                  m_axi_arburst,
    output logic [2:0]                  m_axi_arprot,
    output logic [3:0]                  m_axi_arcache,
    output logic [3:0]                  m_axi_arqos,
    input  wire                         m_axi_rvalid,
    output logic                        m_axi_rready,
    input  wire  [DATA_W-1:0]           m_axi_rdata,
    input  wire  [1:0]                  m_axi_rresp,
    input  wire                         m_axi_rlast,
    output logic                        m_axi_awvalid,
    input  wire                         m_axi_awready,
    output logic [ADDR_W-1:0]           m_axi_awaddr,
    output logic [7:0]                  m_axi_awlen,
    output logic [2:0]                  m_axi_awsize,
    output logic [1:0]                  m_axi_awburst,
    output logic [2:0]                  m_axi_awprot,
    output logic [3:0]                  m_axi_awcache,
    output logic [3:0]                  m_axi_awqos,
    output logic                        m_axi_wvalid,
    input  wire                         m_axi_wready,
    output logic [DATA_W-1:0]           m_axi_wdata,
    output logic [DATA_W/8-1:0]         m_axi_wstrb,
    output logic                        m_axi_wlast,
    input  wire                         m_axi_bvalid,
    output logic                        m_axi_bready,
    input  wire  [1:0]                  m_axi_bresp,

    // AXI4-Stream managers, one a channel
    output logic [CHANNELS-1:0]         m_axis_tvalid,
    input  wire  [CHANNELS-1:0]         m_axis_tready,
    output logic [CHANNELS*DATA_W-1:0]  m_axis_tdata,
    output logic [CHANNELS*DATA_W/8-1:0] m_axis_tkeep,
    output logic [CHANNELS-1:0]         m_axis_tlast,
    output logic [CHANNELS*8-1:0]       m_axis_tid,
    output logic [CHANNELS*8-1:0]       m_axis_tdest,

    // AXI4-Stream subordinates, one a channel
    input  wire  [CHANNELS-1:0]         s_axis_tvalid,
    output logic [CHANNELS-1:0]         s_axis_tready,
    input  wire  [CHANNELS*DATA_W-1:0]  s_axis_tdata,
    input  wire  [CHANNELS*DATA_W/8-1:0] s_axis_tkeep,
    input  wire  [CHANNELS-1:0]         s_axis_tlast,
    input  wire  [CHANNELS*8-1:0]       s_axis_tid,
    input  wire  [CHANNELS*8-1:0]       s_axis_tdest
);

    localparam int BYTE_LG   = $clog2(DATA_W / 8);
    localparam int BURST_LG  = BYTE_LG + $clog2(BURST_BEATS);
    localparam int BOUND_LG  = dray_pkg::min(BURST_LG, PAGE_LG);
    localparam int BURST     = 1 << (BOUND_LG - BYTE_LG);
    localparam int BEAT_W    = BOUND_LG - BYTE_LG + 1;
    localparam int BYTES_W   = BOUND_LG + 1;
    localparam int CH_W      = CHANNELS > 1 ? $clog2(CHANNELS) : 1;
    localparam int SLOT_W    = ADDR_W - 4;
    localparam int SLOT_BEATS = 128 / DATA_W;
    // Descriptors that are fetched far ahead take their beats from the data before them, and none is left
    // to fill the gaps in the last data: so many keep a memory of 100 clocks busy, as make bench finds. Jobs that read
    // no data have no such gaps.
    localparam int READING   = dray_pkg::min(DESCRIPTORS, DATA_W == 32 ? 22 : DATA_W == 64 ? 36 : 52);
    localparam int AHEAD_W   = dray_pkg::max($clog2(DESCRIPTORS + 1), 3);
    localparam int FETCH_LG  = dray_pkg::min(dray_pkg::min(BOUND_LG, 7), $clog2(DESCRIPTORS + 1) + 3);
    localparam int PLACE_LG  = $clog2(DESCRIPTORS + 7);  // of a job that waits; how many do is known some clocks late
    localparam int WAIT_W    = PLACE_LG;
    localparam int FETCH_SLOTS = 1 << (FETCH_LG - 4);  // of the longest descriptor fetch
    localparam int LIST_LG   = dray_pkg::min(BOUND_LG, BYTE_LG + 4);  // of the longest fetch of a list, bytes
    localparam int READS_LG  = dray_pkg::max($clog2(READS), 2);
    localparam int CHUNKS_LG = 6;
    localparam int ORDER_LG  = 7;
    localparam int JOBS_LG   = DESCRIPTORS > 32 ? 8 : 7;
    localparam int FROM_W    = 2 + BYTE_LG;            // what only a job from a stream needs to be known
    localparam int PLAIN_W   = 12 + (ADDR_W - BYTE_LG) + 2 * BEAT_W + 1 + 4 * BYTE_LG;
    localparam int CHUNK_W   = PLAIN_W + (STREAM_IN != 0 ? FROM_W : 0);
    localparam int READ_SIDE_W  = CHUNK_W + BEAT_W + 13;
    localparam int COMMAND_W = FROM_W + 14 + 2 * BEAT_W + 4 * BYTE_LG;

    // ------------------------------------------------------------------------
    // Registers: page 0 is the engine's, page n + 1 that of channel n

    wire        wr_valid, rd_valid, rd_hit, wr_hit;
    wire [9:0]  wr_addr, rd_addr;
    wire [31:0] wr_data, rd_data;

    dray_axil u_axil (
        .clk, .rst_n,
        .s_axil_awvalid, .s_axil_awready, .s_axil_awaddr, .s_axil_wvalid, .s_axil_wready, .s_axil_wdata,
        .s_axil_wstrb, .s_axil_bvalid, .s_axil_bready, .s_axil_bresp, .s_axil_arvalid, .s_axil_arready,
        .s_axil_araddr, .s_axil_rvalid, .s_axil_rready, .s_axil_rdata, .s_axil_rresp,
        .wr_valid, .wr_addr, .wr_data, .wr_hit, .rd_valid, .rd_addr, .rd_data, .rd_hit
    );

    logic [CHANNELS:0]    page_wr_hit, page_rd_hit;
    logic [CHANNELS:0]    page_wr, page_rd;
    logic [CHANNELS:0][31:0] page_rd_data;

    for (genvar p = 0; p <= CHANNELS; p++) begin : g_page
        assign page_wr[p] = wr_addr[9:6] == 4'(p);
        assign page_rd[p] = rd_addr[9:6] == 4'(p);
    end

    logic [31:0] rd_word;
    wire  [31:0] counter_word;

    always_comb begin
        rd_word = '0;
        for (int p = 0; p <= CHANNELS; p++) rd_word = rd_word | page_rd_data[p];
        rd_word = rd_word | counter_word;
    end

    assign wr_hit  = |(page_wr & page_wr_hit);
    assign rd_hit  = |(page_rd & page_rd_hit);
    assign rd_data = rd_word;

    wire [15:0] watchdog_time;
    wire        watchdog_change;

    dray_regs #(.WATCHDOG(WATCHDOG)) u_regs (
        .clk, .rst_n,
        .wr_valid(wr_valid && page_wr[0]), .wr_addr(wr_addr[5:0]), .wr_data, .wr_hit(page_wr_hit[0]),
        .rd_valid(rd_valid && page_rd[0]), .rd_addr(rd_addr[5:0]), .rd_data(page_rd_data[0]), .rd_hit(page_rd_hit[0]),
        .capabilities_data_lg   (4'(BYTE_LG)),
        .capabilities_addr_width(6'(ADDR_W)),
        .capabilities_channels  (4'(CHANNELS)),
        .capabilities_bound_lg  (4'(BOUND_LG)),
        .features_bytes         (1'(BYTES != 0)),
        .features_gate          (1'(GATE != 0)),
        .features_stream_out    (1'(STREAM_OUT != 0)),
        .features_fill          (1'(FILL != 0)),
        .features_rows          (1'(ROWS != 0)),
        .features_stream_in     (1'(STREAM_IN != 0)),
        .features_lists         (1'(LISTS != 0)),
        .features_counters      (1'(COUNTERS != 0)),
        .features_priority      (1'(PRIORITY != 0)),
        .features_attributes    (1'(ATTRIBUTES != 0)),
        .features_budget        (1'(BUDGET != 0)),
        .features_watchdog      (1'(WATCHDOG != 0)),
        .features_coalesce      (1'(COALESCE != 0)),
        .features_streams_out   (8'(STREAM_OUT)),
        .features_streams_in    (8'(STREAM_IN)),
        .watchdog_swmod         (watchdog_change),
        .watchdog_time_q        (watchdog_time),
        .irq_summary_channels   (8'(channel_irq))
    );

    assign irq = |channel_irq;

    // ------------------------------------------------------------------------
    // Channels

    wire [CHANNELS-1:0]         wish_valid, wish_taken, epoch, run, leaving, cyclic, in_segment, ends_segment, amid, alone, generation, linked;
    wire [CHANNELS-1:0]         over, bite, bitten, full, take, clear, pending, moves;
    wire [CHANNELS-1:0][2:0]    level, prot;
    wire [CHANNELS-1:0][3:0]    cache, qos;
    wire [CHANNELS-1:0][5:0]    cap;
    wire [CHANNELS*CHANNELS-1:0] outranks;
    wire                        tick_64, tick_256;
    wire [CHANNELS*SLOT_W-1:0]  wish_addr, here_addr;
    wire [CHANNELS*3-1:0]       wish_less;
    wire [2:0]                  taken_less;
    wire                        fetch_epoch;
    wire [CHANNELS*16-1:0]      here_index, here_end;
    wire [CHANNELS*2-1:0]       here_leaves;
    wire [CHANNELS-1:0]         step, kill, settle, found, settled, finish, fail, fail_counted, drained;
    wire [CHANNELS-1:0]         commit_error, retire_error, job_room;
    wire [CHANNELS*WAIT_W-1:0]  job_waiting;
    wire [CHANNELS*16-1:0]      out_ids, in_ids;
    wire                        step_two, step_link, restore;
    wire                        jumps, answers;
    wire [SLOT_W-1:0]           link_target, jump_place;
    wire [15:0]                 link_end, jump_end;
    wire [15:0]                 out_index, out_after, restore_end;
    wire                        out_irq, restore_in_segment;
    wire [SLOT_W-1:0]           out_addr, restore_place;
    wire [4:0]                  fail_cause;
    wire [31:0]                 fail_moved;

    // A link and a restore never move a channel in one clock.
    assign jump_place = answers ? restore_place : link_target;
    assign jump_end   = answers ? restore_end : link_end;

    for (genvar c = 0; c < CHANNELS; c++) begin : g_channel
        dray_channel #(
            .ADDR_W(ADDR_W), .DESCRIPTORS(DESCRIPTORS), .READING(READING), .BOUND_SLOTS(FETCH_SLOTS), .AHEAD_W(AHEAD_W), .WAIT_W(WAIT_W),
            .SLOT_BEATS(SLOT_BEATS), .BUDGET(BUDGET), .WATCHDOG(WATCHDOG), .COALESCE(COALESCE),
            .PRIORITY(PRIORITY), .ATTRIBUTES(ATTRIBUTES), .COUNTERS(COUNTERS),
            .STREAM_OUT((STREAM_OUT >> c) & 1), .STREAM_IN((STREAM_IN >> c) & 1)
        ) u_channel (
            .clk, .rst_n,
            .wr_valid(wr_valid && page_wr[c+1]), .wr_addr(wr_addr[5:0]), .wr_data, .wr_hit(page_wr_hit[c+1]),
            .rd_valid(rd_valid && page_rd[c+1]), .rd_addr(rd_addr[5:0]), .rd_data(page_rd_data[c+1]),
            .rd_hit(page_rd_hit[c+1]),
            .irq(channel_irq[c]), .out_ids(out_ids[c*16 +: 16]), .in_ids(in_ids[c*16 +: 16]),
            .fetch_valid(wish_valid[c]), .fetch_addr(wish_addr[c*SLOT_W +: SLOT_W]), .fetch_less(wish_less[c*3 +: 3]),
            .epoch(epoch[c]), .taken(wish_taken[c]), .taken_less, .taken_epoch(fetch_epoch), .decoded(job_waiting[c*WAIT_W +: WAIT_W]), .room(job_room[c]),
            .reads_none(reads_none[c]),
            .run(run[c]), .leaving(leaving[c]), .cyclic(cyclic[c]), .index(here_index[c*16 +: 16]), .in_segment(in_segment[c]),
            .ends_segment(ends_segment[c]), .amid(amid[c]), .alone(alone[c]), .segment_end(here_end[c*16 +: 16]),
            .addr(here_addr[c*SLOT_W +: SLOT_W]), .generation(generation[c]), .over(over[c]), .leaves(here_leaves[c*2 +: 2]),
            .step(step[c]), .step_two, .step_link, .linked(linked[c]), .jump_place, .jump_end,
            .level(level[c]), .cap(cap[c]), .prot(prot[c]), .cache(cache[c]), .qos(qos[c]),
            .take(take[c]), .clear(clear[c]), .pending(pending[c]),
            .tick_64, .bite(bite[c]), .bitten(bitten[c]),
            .error(commit_error[c] || retire_error[c]), .drained(drained[c]), .kill(kill[c]),
            .settle(settle[c]), .found(found[c]), .restore, .restore_in_segment,
            .finish(finish[c]), .finish_index(out_after), .finish_irq(out_irq),
            .fail(fail[c]), .fail_cause, .fail_index(out_index), .fail_addr(out_addr),
            .fail_counted(fail_counted[c]), .fail_moved
        );
    end

    // Who goes before whom changes hardly ever, so it is a register.
    if (PRIORITY != 0) begin : g_ranks
        for (genvar n = 0; n < CHANNELS; n++) begin : g_above
            for (genvar m = 0; m < CHANNELS; m++) begin : g_below
                logic above_q;

                always_ff @(posedge clk) above_q <= level[n] > level[m];
                assign outranks[n*CHANNELS + m] = above_q;
            end
        end
    end else begin : g_no_ranks
        wire unused = &{1'b0, level};

        assign outranks = '0;
    end

    // ------------------------------------------------------------------------
    // Descriptors: fetch and decode

    wire                fetch_valid, fetch_ready;
    wire [CH_W-1:0]     fetch_channel;
    wire [ADDR_W-1:0]   fetch_addr;
    wire [7:0]          fetch_len;
    wire [CHANNELS-1:0] fetch_pending, fetching;

    dray_fetch #(
        .ADDR_W(ADDR_W), .CHANNELS(CHANNELS), .SLOT_BEATS_LG($clog2(SLOT_BEATS)), .CH_W(CH_W)
    ) u_fetch (
        .clk, .rst_n,
        .outranks, .wish_valid, .wish_addr, .wish_less, .wish_epoch(epoch), .taken(wish_taken), .taken_less,
        .req_valid(fetch_valid), .req_ready(fetch_ready), .req_channel(fetch_channel), .req_addr(fetch_addr),
        .req_len(fetch_len), .req_epoch(fetch_epoch), .req_pending(fetch_pending)
    );

    wire                desc_valid, desc_epoch, desc_more;
    wire [CH_W-1:0]     desc_channel;
    wire [DATA_W-1:0]   desc_data;
    wire [1:0]          desc_resp;
    wire [CHANNELS-1:0] job_valid, holding, reads_none;
    wire [CH_W-1:0]     job_channel;
    wire [1:0]          job_kind;
    wire [4:0]          job_cause;
    wire [ADDR_W-1:0]   job_src, job_dst;
    wire [31:0]         job_len;
    wire                job_list, job_scatter;
    wire                job_list_known;
    wire [ADDR_W-1:3]   job_list_addr;
    wire [15:0]         job_list_count;
    wire                job_second, job_two, job_stream, job_from, job_fence, job_irq, job_back, job_generation;
    wire [11:0]         job_tag;

    dray_decode #(
        .DATA_W(DATA_W), .ADDR_W(ADDR_W), .CHANNELS(CHANNELS), .CH_W(CH_W), .BYTES(BYTES), .FILL(FILL), .ROWS(ROWS),
        .LISTS(LISTS), .STREAM_OUT(STREAM_OUT), .STREAM_IN(STREAM_IN)
    ) u_decode (
        .clk, .rst_n,
        .in_valid(desc_valid), .in_channel(desc_channel), .in_epoch(desc_epoch), .in_data(desc_data), .in_resp(desc_resp),
        .run, .settled, .epoch, .cyclic, .amid, .alone, .generation, .over,
        .step, .step_two, .step_link, .jumps, .linked, .link_target, .link_end,
        .job_valid, .job_second, .job_two, .job_channel, .job_kind, .job_cause, .job_src, .job_dst, .job_len, .job_stream,
        .job_from, .job_fence, .job_list, .job_scatter, .job_list_known, .job_list_addr, .job_list_count,
        .job_irq, .job_back, .job_generation, .job_tag, .holding, .reads_none
    );

    wire [CHANNELS-1:0]        job_idle, take_ready, take_soon, take_held, take_shown, take_valid;
    wire [1:0]                 take_kind;
    wire [4:0]                 take_cause;
    wire [ADDR_W-1:0]          take_src, take_dst;
    wire [31:0]                take_len;
    wire                       take_short, take_stream, take_from, take_two, take_list, take_scatter;
    wire [CHANNELS-1:0]        second_wanted, second;

    dray_jobs #(
        .ADDR_W(ADDR_W), .CHANNELS(CHANNELS), .CH_W(CH_W), .PLACE_LG(PLACE_LG), .BOUND_LG(BOUND_LG), .STREAM_IN(STREAM_IN)
    ) u_jobs (
        .clk, .rst_n,
        .in_valid(job_valid), .in_channel(job_channel), .in_kind(job_kind), .in_cause(job_cause), .in_src(job_src),
        .in_dst(job_dst), .in_len(job_len), .in_stream(job_stream), .in_from(job_from), .in_fence(job_fence),
        .in_two(job_two), .in_second(job_second), .in_list(job_list), .in_scatter(job_scatter),
        .outranks, .run, .settled, .idle(job_idle), .waiting(job_waiting),
        .hold(ends_segment & {CHANNELS{desc_more}}),
        .wanted(second_wanted), .second,
        .job_list(take_list), .job_scatter(take_scatter),
        .job_two(take_two), .ready(take_ready), .soon(take_soon), .job_shown(take_shown), .job_valid(take_valid),
        .job_kind(take_kind), .job_short(take_short),
        .job_cause(take_cause),
        .job_src(take_src), .job_dst(take_dst), .job_len(take_len), .job_stream(take_stream), .job_from(take_from)
    );

    // ------------------------------------------------------------------------
    // Lists: elements are fetched ahead, for the jobs that wait and for the one that is read

    wire                list_valid, list_ready, list_last, came_valid, came_end, came_last;
    wire [CH_W-1:0]     list_channel, came_channel;
    wire [ADDR_W-1:0]   list_addr, elem_addr;
    wire [7:0]          list_len;
    wire [1:0]          list_skip, came_resp, came_skip;
    wire [DATA_W-1:0]   came_data;
    wire [CHANNELS-1:0] list_pending, elem_wanted, elem_take, elem_ended, elem_valid;
    wire                elem_last, elem_bad, elem_short;
    wire [4:0]          elem_cause;
    wire [31:0]         elem_len;

    if (LISTS != 0) begin : g_lists
        wire [CHANNELS-1:0] reserve, elem_room, broken;
        wire [LIST_LG-3:0]  reserve_words;

        dray_list #(
            .DATA_W(DATA_W), .ADDR_W(ADDR_W), .CHANNELS(CHANNELS), .CH_W(CH_W), .LIST_LG(LIST_LG), .LISTS_LG(PLACE_LG)
        ) u_list (
            .clk, .rst_n,
            .in_valid(job_valid & {CHANNELS{job_list_known}}), .in_channel(job_channel), .in_addr(job_list_addr),
            .in_count(job_list_count),
            .outranks, .run, .held(take_held), .broken, .settled, .room(elem_room), .pending(list_pending),
            .ask_valid(list_valid), .ask_ready(list_ready), .ask_channel(list_channel), .ask_addr(list_addr),
            .ask_len(list_len), .ask_last(list_last), .ask_skip(list_skip), .reserve, .reserve_words
        );
        dray_elements #(
            .DATA_W(DATA_W), .ADDR_W(ADDR_W), .CHANNELS(CHANNELS), .CH_W(CH_W), .BYTES(BYTES), .LIST_LG(LIST_LG), .BOUND_LG(BOUND_LG)
        ) u_elements (
            .clk, .rst_n, .reserve, .reserve_words, .room(elem_room), .settled,
            .beat_valid(came_valid), .beat_channel(came_channel), .beat_data(came_data), .beat_resp(came_resp),
            .beat_end(came_end), .beat_last(came_last), .beat_skip(came_skip),
            .wanted(elem_wanted), .take(elem_take), .ended(elem_ended), .broken, .valid(elem_valid), .last(elem_last),
            .bad(elem_bad), .cause(elem_cause), .addr(elem_addr), .len(elem_len), .is_short(elem_short)
        );
    end else begin : g_no_lists
        wire unused = &{1'b0, list_ready, came_valid, came_end, came_last, came_channel, came_resp, came_skip, came_data,
                        job_list_known, job_list_addr, job_list_count, elem_wanted, elem_take, elem_ended};

        assign list_valid   = 1'b0;
        assign list_channel = '0;
        assign list_addr    = '0;
        assign list_len     = '0;
        assign list_last    = 1'b0;
        assign list_skip    = '0;
        assign list_pending = '0;
        assign elem_valid   = '0;
        assign elem_last    = 1'b0;
        assign elem_bad     = 1'b0;
        assign elem_cause   = '0;
        assign elem_addr    = '0;
        assign elem_len     = '0;
        assign elem_short   = 1'b0;
    end

    // ------------------------------------------------------------------------
    // Reads: chunks, gate, bus

    wire                chunk_valid, chunk_ready, chunk_reads, chunk_first, chunk_last, chunk_stream, chunk_from, chunk_ends, chunk_top, chunk_spills;
    wire [CH_W-1:0]     chunk_channel;
    wire [1:0]          chunk_kind;
    wire [4:0]          chunk_cause;
    wire [ADDR_W-1:0]   chunk_src;
    wire [ADDR_W-1:BYTE_LG] chunk_dst;
    wire [BEAT_W-1:0]   chunk_beats;
    wire [7:0]          chunk_len;
    wire [BEAT_W:0]     chunk_out;
    wire [BYTE_LG-1:0]  chunk_src_lane, chunk_dst_lane, chunk_low, chunk_high, chunk_stay;
    wire                refund, data_taken;
    wire [BEAT_W-1:0]   refund_beats;
    wire [CHANNELS-1:0] dropping, cut, stream_room;
    wire [CHANNELS-1:0] from_near, from_begins, from_arrived, from_fits, from_ends, from_empty, from_void;
    wire [CHANNELS*BOUND_LG-1:0]   from_place;
    wire [CHANNELS*BYTES_W-1:0]    from_stop, from_upto;
    wire [CHANNELS*BYTE_LG-1:0]    from_lane;

    dray_read #(
        .DATA_W(DATA_W), .ADDR_W(ADDR_W), .CHANNELS(CHANNELS), .CH_W(CH_W), .BOUND_LG(BOUND_LG),
        .FIFO_BEATS(FIFO_BEATS), .BYTES(BYTES), .ROWS(ROWS), .LISTS(LISTS), .STREAM_IN(STREAM_IN)
    ) u_read (
        .clk, .rst_n,
        .job_shown(take_shown), .job_valid(take_valid), .job_ready(take_ready), .job_soon(take_soon), .job_held(take_held), .job_kind(take_kind),
        .job_cause(take_cause), .job_src(take_src), .job_dst(take_dst), .job_len(take_len), .job_short(take_short), .job_stream(take_stream),
        .job_from(take_from), .job_list(take_list), .job_scatter(take_scatter),
        .elem_wanted, .elem_take, .elem_ended, .elem_valid, .elem_last, .elem_bad, .elem_cause, .elem_addr, .elem_len, .elem_short,
        .job_two(take_two), .second_wanted, .second, .run,
        .outranks, .full, .drop(dropping | kill), .leaving, .freed(data_taken), .refund, .refund_beats, .stream_room,
        .chunk_valid, .chunk_ready, .chunk_channel, .chunk_reads, .chunk_kind, .chunk_cause, .chunk_first, .chunk_last,
        .from_place, .from_stop, .from_near, .from_begins, .from_lane,
        .from_arrived, .from_fits, .from_ends, .from_empty, .from_void, .from_upto,
        .chunk_from, .chunk_ends, .chunk_stay,
        .chunk_stream, .chunk_src, .chunk_dst, .chunk_beats, .chunk_len, .chunk_out, .chunk_src_lane, .chunk_dst_lane,
        .chunk_low, .chunk_high, .chunk_top, .chunk_spills
    );

    wire [CHUNK_W-1:0] chunk_pack = CHUNK_W'({chunk_from, chunk_ends, chunk_stay,
                                     chunk_kind, chunk_cause, chunk_first, chunk_last, chunk_stream, chunk_dst,
                                     chunk_beats, chunk_out, chunk_src_lane, chunk_dst_lane, chunk_low, chunk_high,
                                     chunk_top, chunk_spills});

    wire [BEAT_W-1:0] chunk_read = chunk_from ? '0 : chunk_beats;

    // The pattern of a fill goes its own way to dray_align, in the same order.
    wire        pattern_valid, pattern_taken;
    wire [31:0] pattern;

    if (FILL != 0) begin : g_fill
        dray_queue #(.WIDTH(32), .DEPTH_LG(CHUNKS_LG + 1)) u_patterns (
            .clk, .rst_n,
            .in_valid(chunk_valid && chunk_ready && chunk_first && chunk_kind == dray_pkg::KIND_FILL),
            .in_data(32'(chunk_src)),
            .out_valid(pattern_valid), .out_ready(pattern_taken), .out_data(pattern)
        );
    end else begin : g_no_fill
        wire unused = pattern_taken;

        assign pattern_valid = 1'b0;
        assign pattern       = '0;
    end

    wire                    ask_valid, ask_ready, ask_look, asked_valid, asked_ready, asked_refused;
    wire [CH_W-1:0]         ask_channel, asked_channel;
    wire [ADDR_W-1:0]       ask_addr, asked_addr;
    wire [READ_SIDE_W-1:0]  ask_side, asked_side;
    wire                    order_valid, order_epoch, order_list, order_done, fetch_end, read_done;
    wire [1:0]              order_skip;
    wire [1:0]              order_kind;
    wire [CH_W-1:0]         order_channel, end_channel;
    wire                    plan_valid, plan_refused, plan_done;
    wire [CH_W-1:0]         plan_channel;
    wire [CHUNK_W-1:0]      plan_pack;

    dray_request #(
        .ADDR_W(ADDR_W), .CHANNELS(CHANNELS), .CH_W(CH_W), .READS(READS), .CHUNKS(1 << CHUNKS_LG), .BEAT_W(BEAT_W),
        .CHUNK_W(CHUNK_W)
    ) u_request (
        .clk, .rst_n,
        .fetch_valid, .fetch_ready, .fetch_channel, .fetch_addr, .fetch_len, .fetch_epoch,
        .list_valid, .list_ready, .list_channel, .list_addr, .list_len, .list_last, .list_skip,
        .chunk_valid, .chunk_ready, .chunk_channel, .chunk_addr(chunk_src),
        .chunk_beats(chunk_read), .chunk_len, .chunk_data(chunk_pack),
        .chunk_reads, .chunk_copies(chunk_kind == dray_pkg::KIND_COPY && !chunk_from),
        .gate_valid(ask_valid), .gate_ready(ask_ready), .gate_look(ask_look), .gate_channel(ask_channel),
        .gate_addr(ask_addr), .gate_side(ask_side),
        .passed_valid(asked_valid), .passed_ready(asked_ready), .passed_refused(asked_refused),
        .passed_channel(asked_channel), .passed_addr(asked_addr), .passed_side(asked_side),
        .m_axi_arvalid, .m_axi_arready, .m_axi_araddr, .m_axi_arlen,
        .order_valid, .order_kind, .order_channel, .order_epoch, .order_list, .order_skip, .order_done,
        .fetch_end, .fetch_end_channel(end_channel),
        .out_valid(plan_valid), .out_channel(plan_channel), .out_data(plan_pack), .out_refused(plan_refused),
        .out_done(plan_done), .refund, .refund_beats, .fetching
    );

    wire                whole_valid, whole_ready, data_valid, data_alone, data_came;
    wire [1:0]          whole_resp;
    wire [BEAT_W-1:0]   at_hand;
    wire [DATA_W-1:0]   data;

    dray_receive #(
        .DATA_W(DATA_W), .LISTS(LISTS), .CH_W(CH_W), .READS_LG(READS_LG), .CHUNKS_LG(CHUNKS_LG), .BEAT_W(BEAT_W)
    ) u_receive (
        .clk, .rst_n,
        .order_valid, .order_kind, .order_channel, .order_epoch, .order_list, .order_skip, .order_done, .fetch_end, .end_channel,
        .list_valid(came_valid), .list_channel(came_channel), .list_data(came_data), .list_resp(came_resp), .list_end(came_end),
        .list_last(came_last), .list_skip(came_skip),
        .burst_done(read_done),
        .m_axi_rvalid, .m_axi_rready, .m_axi_rdata, .m_axi_rresp, .m_axi_rlast,
        .desc_valid, .desc_epoch, .desc_channel, .desc_data, .desc_resp, .desc_more,
        .data_valid, .data, .whole_valid, .whole_resp, .whole_ready, .alone(data_alone), .at_hand, .came(data_came)
    );

    wire               fifo_valid;
    wire [DATA_W-1:0]  fifo_data;

    dray_queue #(.WIDTH(DATA_W), .DEPTH_LG(dray_pkg::max($clog2(FIFO_BEATS), 2))) u_fifo (
        .clk, .rst_n,
        .in_valid(data_valid), .in_data(data),
        .out_valid(fifo_valid), .out_ready(data_taken), .out_data(fifo_data)
    );

    // ------------------------------------------------------------------------
    // Writes: plan, gate, commit, align

    wire [1:0]              p_kind;
    wire [4:0]              p_cause;
    wire                    p_first, p_last, p_stream, p_from, p_ends, p_top, p_spills;
    wire [ADDR_W-1:BYTE_LG] p_dst;
    wire [BEAT_W-1:0]       p_beats;
    wire [BEAT_W:0]         p_out;
    wire [BYTE_LG-1:0]      p_src_lane, p_dst_lane, p_low, p_high, p_stay;

    assign {p_from, p_ends, p_stay,
            p_kind, p_cause, p_first, p_last, p_stream, p_dst, p_beats, p_out, p_src_lane, p_dst_lane, p_low, p_high,
            p_top, p_spills} =
           (PLAIN_W+FROM_W)'(plan_pack);

    wire                back_valid, back_ready, back_write, back_data_valid, back_data_ready;
    wire [CH_W-1:0]     back_channel;
    wire [SLOT_W-1:0]   back_addr;
    wire [63:0]         back_data;

    wire                cmd_valid, cmd_ready, cmd_look, order_room;
    wire [CH_W-1:0]     cmd_channel;
    wire [ADDR_W-1:0]   cmd_addr;
    wire [COMMAND_W-1:0] cmd_pack;
    wire [1:0]          n_kind;
    wire [4:0]          n_cause;
    wire                n_from, n_ends;
    wire [BYTE_LG-1:0]  n_stay;
    wire                n_first, n_last, n_stream, n_start, n_final, n_head, n_fill;
    wire [BEAT_W-1:0]   n_out, n_beats;
    wire [BYTE_LG-1:0]  n_src_lane, n_dst_lane, n_low, n_high;

    dray_plan #(
        .DATA_W(DATA_W), .ADDR_W(ADDR_W), .CHANNELS(CHANNELS), .CH_W(CH_W), .BOUND_LG(BOUND_LG), .CHUNKS_LG(CHUNKS_LG),
        .STREAM_IN(STREAM_IN)
    ) u_plan (
        .clk, .rst_n,
        .chunk_valid(plan_valid), .chunk_channel(plan_channel), .chunk_refused(plan_refused),
        .chunk_kind(p_kind), .chunk_cause(p_cause), .chunk_first(p_first), .chunk_last(p_last),
        .chunk_from(p_from), .chunk_ends(p_ends), .chunk_stay(p_stay),
        .chunk_stream(p_stream), .chunk_dst(p_dst), .chunk_beats(p_beats), .chunk_out(p_out),
        .chunk_src_lane(p_src_lane), .chunk_dst_lane(p_dst_lane), .chunk_low(p_low), .chunk_high(p_high),
        .chunk_top(p_top), .chunk_spills(p_spills),
        .chunk_done(plan_done),
        .whole_valid, .whole_resp, .whole_ready, .alone(data_alone), .at_hand, .came(data_came), .order_room, .dropping,
        .back_valid, .back_ready, .back_write, .back_channel, .back_addr,
        .cmd_valid, .cmd_ready, .cmd_look, .cmd_channel, .cmd_addr,
        .cmd_kind(n_kind), .cmd_cause(n_cause), .cmd_job_first(n_first), .cmd_job_last(n_last),
        .cmd_from(n_from), .cmd_ends(n_ends), .cmd_stay(n_stay),
        .cmd_stream(n_stream), .cmd_start(n_start), .cmd_final(n_final), .cmd_head(n_head), .cmd_out(n_out),
        .cmd_beats(n_beats), .cmd_fill(n_fill), .cmd_src_lane(n_src_lane), .cmd_dst_lane(n_dst_lane), .cmd_low(n_low),
        .cmd_high(n_high)
    );

    assign cmd_pack = {n_from, n_ends, n_stay,
                       n_kind, n_cause, n_first, n_last, n_stream, n_start, n_final, n_head, n_fill, n_out, n_beats,
                       n_src_lane, n_dst_lane, n_low, n_high};

    wire                 told_valid, told_ready, told_refused, told_void;
    wire [CH_W-1:0]      told_channel;
    wire [ADDR_W-1:0]    told_addr;
    wire [COMMAND_W-1:0] told_pack;
    wire [1:0]           t_kind;
    wire [4:0]           t_cause;
    wire                 t_from, t_ends;
    wire [BYTE_LG-1:0]   t_stay;
    wire                 t_first, t_last, t_stream, t_start, t_final, t_head, t_fill;
    wire [BEAT_W-1:0]    t_out, t_beats;
    wire [BYTE_LG-1:0]   t_src_lane, t_dst_lane, t_low, t_high;

    assign {t_from, t_ends, t_stay,
            t_kind, t_cause, t_first, t_last, t_stream, t_start, t_final, t_head, t_fill, t_out, t_beats, t_src_lane,
            t_dst_lane, t_low, t_high} = told_pack;

    wire               work_in_valid, work_in_ready, work_in_drop, work_in_close;
    wire [CH_W-1:0]    work_in_channel, aw_channel;
    wire [4:0]         work_in_cause;
    wire               write_order_valid, write_order_last, write_order_ends, write_order_done, write_done;
    wire [1:0]         write_order_kind;
    wire [CH_W-1:0]    write_order_channel, write_done_channel;
    wire [4:0]         write_order_cause;
    wire [BYTES_W-1:0] write_order_bytes;

    dray_commit #(
        .ADDR_W(ADDR_W), .CHANNELS(CHANNELS), .CH_W(CH_W), .BEAT_W(BEAT_W), .BYTES_W(BYTES_W), .BYTE_LG(BYTE_LG),
        .ORDER_LG(ORDER_LG)
    ) u_commit (
        .clk, .rst_n, .run, .kill, .settled, .dropping, .error(commit_error), .cut,
        .planned(cmd_valid && cmd_ready), .room(order_room),
        .cmd_valid(told_valid), .cmd_ready(told_ready), .cmd_refused(told_refused), .cmd_void(told_void),
        .cmd_channel(told_channel), .cmd_addr(told_addr), .cmd_kind(t_kind), .cmd_cause(t_cause),
        .cmd_job_first(t_first), .cmd_job_last(t_last), .cmd_stream(t_stream), .cmd_ends(t_ends),
        .cmd_out(t_out), .cmd_head(t_head), .cmd_low(t_low), .cmd_high(t_high),
        .m_axi_awvalid, .m_axi_awready, .m_axi_awaddr, .m_axi_awlen, .aw_channel,
        .work_valid(work_in_valid), .work_ready(work_in_ready), .work_drop(work_in_drop), .work_close(work_in_close),
        .work_channel(work_in_channel), .work_cause(work_in_cause),
        .order_valid(write_order_valid), .order_kind(write_order_kind), .order_channel(write_order_channel),
        .order_last(write_order_last), .order_ends(write_order_ends), .order_cause(write_order_cause),
        .order_bytes(write_order_bytes), .order_done(write_order_done)
    );

    wire               work_valid, work_ready, work_both, work_data, work_close, work_drop, work_stream, work_leaves, work_last,
                       work_start, work_final, work_head, work_out_none, work_out_one, work_beats_none, work_beats_one,
                       work_takes, work_may_take, work_makes, work_primes;
    wire [1:0]         work_source;
    wire [CH_W-1:0]    work_channel;
    wire [4:0]         work_cause;
    wire [BEAT_W-1:0]  work_out, work_beats;
    wire [BYTE_LG-1:0] work_turn, work_lane, work_low, work_high, work_stay;

    dray_work #(.DATA_W(DATA_W), .CH_W(CH_W), .BEAT_W(BEAT_W)) u_work (
        .clk, .rst_n,
        .in_valid(work_in_valid), .in_ready(work_in_ready), .in_close(work_in_close), .in_drop(work_in_drop),
        .in_channel(work_in_channel), .in_cause(work_in_cause), .in_kind(t_kind), .in_stream(t_stream), .in_from(t_from),
        .in_fill(t_fill), .in_stay(t_stay), .in_last(t_last), .in_start(t_start), .in_final(t_final), .in_head(t_head),
        .in_out(t_out), .in_beats(t_beats), .in_src_lane(t_src_lane), .in_dst_lane(t_dst_lane), .in_low(t_low),
        .in_high(t_high),
        .work_valid, .work_ready, .work_both, .work_data, .work_source, .work_close, .work_drop, .work_channel, .work_cause,
        .work_stream, .work_leaves, .work_stay, .work_last, .work_start, .work_final, .work_head, .work_out, .work_out_none,
        .work_out_one, .work_beats, .work_beats_none, .work_beats_one, .work_turn, .work_lane, .work_low, .work_high,
        .work_takes, .work_may_take, .work_makes, .work_primes
    );

    // An address that is not taken is that of the newest work.
    wire work_waits = m_axi_awvalid && !m_axi_awready && !work_both;

    wire [CHANNELS-1:0] from_valid, from_ready, from_busy;
    wire [CHANNELS*DATA_W-1:0] from_data;
    wire [BYTE_LG-1:0]  from_stay;

    wire [CHANNELS-1:0] stream_in;
    wire [DATA_W-1:0]   stream_data;
    wire [BYTE_LG-1:0]  stream_high;
    wire                stream_last, stream_close;
    wire [4:0]          stream_cause;

    dray_align #(
        .DATA_W(DATA_W), .CHANNELS(CHANNELS), .CH_W(CH_W), .BEAT_W(BEAT_W), .BYTES(BYTES), .STREAM_IN(STREAM_IN)
    ) u_align (
        .clk, .rst_n,
        .work_valid, .work_ready, .work_waits, .work_data, .work_source, .work_close, .work_drop, .work_channel, .work_cause,
        .work_stream, .work_leaves, .work_stay, .work_last, .work_start, .work_final, .work_head, .work_out, .work_out_none,
        .work_out_one, .work_beats, .work_beats_none, .work_beats_one, .work_turn, .work_lane, .work_low, .work_high,
        .work_takes, .work_may_take, .work_makes, .work_primes,
        .data_valid(fifo_valid), .data_ready(data_taken), .data(fifo_data),
        .from_valid, .from_ready, .from_data, .from_stay,
        .fill_valid(pattern_valid), .fill_ready(pattern_taken), .fill_data(pattern),
        .back_valid(back_data_valid), .back_ready(back_data_ready), .back_data,
        .m_axi_wvalid, .m_axi_wready, .m_axi_wdata, .m_axi_wstrb, .m_axi_wlast,
        .stream_valid(stream_in), .stream_data, .stream_high, .stream_last, .stream_close, .stream_cause
    );

    // ------------------------------------------------------------------------
    // Streams

    wire [CHANNELS-1:0]    ends_valid, ends_ready;
    wire [CHANNELS*32-1:0] ends_moved;
    wire [CHANNELS*5-1:0]  ends_cause;
    wire                   chunk_fire = chunk_valid && chunk_ready;

    for (genvar c = 0; c < CHANNELS; c++) begin : g_stream
        if (STREAM_OUT[c]) begin : g_out
            dray_stream #(.DATA_W(DATA_W), .BEATS(STREAM_BEATS), .BURST(BURST), .OUT_W(BEAT_W + 1)) u_stream (
                .clk, .rst_n,
                .reserve(chunk_fire && chunk_stream && chunk_channel == CH_W'(c)), .reserve_beats(chunk_out),
                .room(stream_room[c]), .settled(settled[c]), .ids(out_ids[c*16 +: 16]),
                .in_valid(stream_in[c]), .in_data(stream_data), .in_high(stream_high), .in_last(stream_last),
                .in_close(stream_close), .in_cause(stream_cause),
                .m_axis_tvalid(m_axis_tvalid[c]), .m_axis_tready(m_axis_tready[c]),
                .m_axis_tdata(m_axis_tdata[c*DATA_W +: DATA_W]), .m_axis_tkeep(m_axis_tkeep[c*DATA_W/8 +: DATA_W/8]),
                .m_axis_tlast(m_axis_tlast[c]),
                .m_axis_tid(m_axis_tid[c*8 +: 8]), .m_axis_tdest(m_axis_tdest[c*8 +: 8]),
                .end_valid(ends_valid[c]), .end_ready(ends_ready[c]), .end_moved(ends_moved[c*32 +: 32]),
                .end_cause(ends_cause[c*5 +: 5])
            );
        end else begin : g_none
            assign stream_room[c]   = 1'b1;
            assign m_axis_tvalid[c] = 1'b0;
            assign m_axis_tdata[c*DATA_W +: DATA_W]       = '0;
            assign m_axis_tkeep[c*DATA_W/8 +: DATA_W/8] = '0;
            assign m_axis_tlast[c]  = 1'b0;
            assign m_axis_tid[c*8 +: 8]   = '0;
            assign m_axis_tdest[c*8 +: 8] = '0;
            assign ends_valid[c]    = 1'b0;
            assign ends_moved[c*32 +: 32] = '0;
            assign ends_cause[c*5 +: 5]   = '0;

            wire unused = &{1'b0, m_axis_tready[c], stream_in[c], stream_data, stream_high, stream_last, stream_close,
                            stream_cause, out_ids[c*16 +: 16]};
        end
    end

    for (genvar c = 0; c < CHANNELS; c++) begin : g_sink
        if (STREAM_IN[c]) begin : g_in
            wire mine  = chunk_fire && chunk_from && chunk_channel == CH_W'(c);
            wire works = t_from && told_data && told_channel == CH_W'(c);

            dray_sink #(.DATA_W(DATA_W), .BEATS(STREAM_BEATS), .BOUND_LG(BOUND_LG), .JOBS_W(WAIT_W + 2)) u_sink (
                .clk, .rst_n,
                .s_axis_tvalid(s_axis_tvalid[c]), .s_axis_tready(s_axis_tready[c]),
                .s_axis_tdata(s_axis_tdata[c*DATA_W +: DATA_W]), .s_axis_tkeep(s_axis_tkeep[c*DATA_W/8 +: DATA_W/8]),
                .s_axis_tlast(s_axis_tlast[c]), .s_axis_tid(s_axis_tid[c*8 +: 8]), .s_axis_tdest(s_axis_tdest[c*8 +: 8]),
                .ids(in_ids[c*16 +: 16]),
                .job_more(job_valid[c] && job_from), .job_fewer(mine && chunk_last), .settled(settled[c]),
                .job_place(from_place[c*BOUND_LG +: BOUND_LG]), .job_stop(from_stop[c*BYTES_W +: BYTES_W]),
                .job_fits(from_near[c]), .begins(from_begins[c]), .begin_place(take_dst[BOUND_LG-1:0]),
                .begin_len(take_len[BOUND_LG:0]), .begin_short(take_short), .lane(from_lane[c*BYTE_LG +: BYTE_LG]),
                .next_arrived(from_arrived[c]), .next_fits(from_fits[c]), .next_ends(from_ends[c]),
                .next_empty(from_empty[c]), .next_void(from_void[c]), .next_upto(from_upto[c*BYTES_W +: BYTES_W]),
                .claim(mine && chunk_kind == dray_pkg::KIND_COPY), .claim_beats(chunk_beats), .claim_ends(chunk_ends),
                .claim_stay(chunk_stay),
                .work_more(told_fire && works), .work_fewer(work_ready && work_source == dray_pkg::SOURCE_STREAM && work_channel == CH_W'(c)),
                .busy(from_busy[c]),
                .out_valid(from_valid[c]), .out_ready(from_ready[c]), .out_data(from_data[c*DATA_W +: DATA_W]),
                .out_stay(from_stay)
            );
        end else begin : g_none
            assign s_axis_tready[c] = 1'b0;
            assign in_ids[c*16 +: 16] = '0;
            assign from_lane[c*BYTE_LG +: BYTE_LG] = '0;
            assign from_arrived[c] = 1'b0;
            assign from_fits[c]   = 1'b0;
            assign from_ends[c]   = 1'b0;
            assign from_empty[c]  = 1'b0;
            assign from_void[c]   = 1'b0;
            assign from_upto[c*BYTES_W +: BYTES_W] = '0;
            assign from_busy[c]   = 1'b0;
            assign from_valid[c]  = 1'b0;
            assign from_data[c*DATA_W +: DATA_W] = '0;

            wire unused = &{1'b0, s_axis_tvalid[c], s_axis_tdata[c*DATA_W +: DATA_W], s_axis_tkeep[c*DATA_W/8 +: DATA_W/8],
                            s_axis_tlast[c], s_axis_tid[c*8 +: 8], s_axis_tdest[c*8 +: 8], from_ready[c], from_stay,
                            from_place[c*BOUND_LG +: BOUND_LG], from_stop[c*BYTES_W +: BYTES_W], from_near[c], from_begins[c]};
        end
    end

    wire            end_ready;
    wire            any_end = |ends_valid;
    logic [CH_W-1:0] which_end;
    logic [31:0]     end_moved;
    logic [4:0]      end_cause;

    always_comb begin
        which_end = '0;
        end_moved = '0;
        end_cause = '0;
        // Of the last one that is built nobody asks whether it is valid: nothing is taken while none is.
        for (int c = CHANNELS - 1; c >= 0; c--) begin
            if (STREAM_OUT[c] && (ends_valid[c] || (STREAM_OUT >> (c + 1)) == 0)) begin
                which_end = CH_W'(c);
                end_moved = ends_moved[c*32 +: 32];
                end_cause = ends_cause[c*5 +: 5];
            end
        end
    end

    for (genvar c = 0; c < CHANNELS; c++) begin : g_end
        assign ends_ready[c] = end_ready && which_end == CH_W'(c);
    end

    // ------------------------------------------------------------------------
    // Retire

    wire [CHANNELS-1:0] ending;
    wire                write_waits, ended;
    wire [CH_W-1:0]     ended_channel;
    wire [31:0]         ended_bytes;

    dray_retire #(
        .ADDR_W(ADDR_W), .CHANNELS(CHANNELS), .CH_W(CH_W), .BYTES_W(BYTES_W), .ORDER_LG(ORDER_LG), .JOBS_LG(JOBS_LG),
        .AHEAD(DESCRIPTORS), .STREAM_IN(STREAM_IN)
    ) u_retire (
        .clk, .rst_n,
        .job_valid(job_valid & ~{CHANNELS{job_second}}), .job_channel, .job_index(here_index),
        .job_leaves(here_leaves), .job_in_segment(in_segment), .job_end(here_end), .job_addr(here_addr), .job_irq,
        .job_back, .job_generation, .job_tag,
        .job_taken(take_valid), .idle(job_idle), .room(job_room),
        .order_valid(write_order_valid), .order_kind(write_order_kind), .order_channel(write_order_channel),
        .order_last(write_order_last), .order_ends(write_order_ends), .order_cause(write_order_cause),
        .order_bytes(write_order_bytes),
        .order_done(write_order_done), .order_room, .done_channel(write_done_channel), .burst_done(write_done),
        .awaiting(write_waits), .bitten,
        .m_axi_bvalid, .m_axi_bready, .m_axi_bresp,
        .stream_valid(any_end), .stream_ready(end_ready), .stream_channel(which_end), .stream_moved(end_moved),
        .stream_cause(end_cause),
        .back_valid, .back_ready, .back_write, .back_channel, .back_addr, .back_data_valid, .back_data_ready, .back_data,
        .cyclic, .settle, .jumps, .found, .settled, .answers, .restore, .restore_in_segment, .restore_end, .restore_place, .error(retire_error), .finish, .fail, .fail_counted,
        .job_out_index(out_index), .job_out_after(out_after), .job_out_addr(out_addr), .job_out_irq(out_irq), .fail_cause,
        .fail_moved, .ending, .ended, .ended_channel, .ended_bytes
    );

    // ------------------------------------------------------------------------
    // What is outstanding

    wire told_fire = told_valid && told_ready;
    wire told_data = t_kind == dray_pkg::WRITE_DATA;
    wire stream_job_ends = (told_fire && told_data && t_stream &&
                            ((t_last && !work_in_drop) || work_in_cause != dray_regs_pkg::DRAY_CAUSE_NONE));

    for (genvar c = 0; c < CHANNELS; c++) begin : g_account
        dray_account #(.CHUNKS_W(CHUNKS_LG + 1), .ORDER_W(ORDER_LG + 1), .JOBS_W(JOBS_LG), .PRIORITY(PRIORITY)) u_account (
            .clk, .rst_n,
            .chunk_more  (chunk_fire && chunk_channel == CH_W'(c)),
            .chunk_fewer (told_fire && told_data && t_final && told_channel == CH_W'(c)),
            .order_more  (write_order_valid && write_order_channel == CH_W'(c)),
            .order_fewer (write_order_done && write_done_channel == CH_W'(c)),
            .stream_more (STREAM_OUT[c] && ((stream_job_ends && told_channel == CH_W'(c)) ||
                          (work_in_valid && work_in_close && work_in_channel == CH_W'(c)))),
            .stream_fewer(ends_valid[c] && ends_ready[c]),
            .held        (take_held[c] || holding[c] || fetching[c] || fetch_pending[c] || list_pending[c] || ending[c] || cut[c] ||
                          from_busy[c]),
            .cap         (cap[c]),
            .full        (full[c]),
            .drained     (drained[c])
        );
    end

    // ------------------------------------------------------------------------
    // Time

    if (WATCHDOG != 0 || COALESCE != 0) begin : g_tick
        dray_tick u_tick (.clk, .rst_n, .tick_64, .tick_256);
    end else begin : g_no_tick
        assign tick_64  = 1'b0;
        assign tick_256 = 1'b0;
    end

    // What comes back to a channel
    for (genvar c = 0; c < CHANNELS; c++) begin : g_moves
        assign moves[c] = (m_axi_rvalid && m_axi_rready && end_channel == CH_W'(c)) ||
                          (write_order_done && write_done_channel == CH_W'(c)) || (m_axis_tvalid[c] && m_axis_tready[c]) ||
                          (s_axis_tvalid[c] && s_axis_tready[c]);
    end

    if (WATCHDOG != 0) begin : g_watch
        dray_watch #(.CHANNELS(CHANNELS)) u_watch (
            .clk, .rst_n, .tick(tick_256), .units(watchdog_time), .change(watchdog_change),
            .read_waits(m_axi_arvalid || m_axi_rready),
            .read_moves((m_axi_arvalid && m_axi_arready) || (m_axi_rvalid && m_axi_rready)),
            .write_waits(m_axi_awvalid || m_axi_wvalid || write_waits),
            .write_moves((m_axi_awvalid && m_axi_awready) || (m_axi_wvalid && m_axi_wready) || write_done),
            .busy(~drained), .moves, .bite
        );
    end else begin : g_no_watch
        wire unused = &{1'b0, tick_256, watchdog_time, watchdog_change, write_waits};

        assign bite = '0;
    end

    // ------------------------------------------------------------------------
    // Counters

    if (COUNTERS != 0) begin : g_counters
        wire [CHANNELS-1:0] read, write, read_fault, write_fault;
        wire                read_refused  = asked_valid && asked_ready && asked_refused;
        wire                write_refused = told_fire && told_refused && !told_void;

        for (genvar c = 0; c < CHANNELS; c++) begin : g_events
            assign read[c]        = m_axi_arvalid && m_axi_arready && asked_channel == CH_W'(c);
            assign write[c]       = m_axi_awvalid && m_axi_awready && aw_channel == CH_W'(c);
            assign read_fault[c]  = read_refused && asked_channel == CH_W'(c);
            assign write_fault[c] = write_refused && told_channel == CH_W'(c);
        end

        wire [CH_W-1:0] rd_channel = CH_W'(rd_addr[9:6] - 4'd1);

        dray_counters #(.CHANNELS(CHANNELS), .CH_W(CH_W)) u_counters (
            .clk, .rst_n, .take, .clear, .pending, .ended, .ended_channel, .ended_bytes, .read, .write, .busy(~drained), .moves,
            .read_fault, .write_fault,
            .rd_valid(rd_valid && |(page_rd[CHANNELS:1] & page_rd_hit[CHANNELS:1]) && rd_addr[5:4] == 2'b10),
            .rd_channel, .rd_kind(rd_addr[3:1]), .rd_high(rd_addr[0]), .rd_data(counter_word)
        );
    end else begin : g_no_counters
        wire unused = &{1'b0, take, clear, moves, ended, ended_channel, ended_bytes};

        assign pending      = '0;
        assign counter_word = '0;
    end

    // ------------------------------------------------------------------------
    // Gate

    if (GATE != 0) begin : g_gate
        dray_gate #(
            .ADDR_W(ADDR_W), .CHANNELS(CHANNELS), .CH_W(CH_W), .READ_SIDE_W(READ_SIDE_W), .WRITE_SIDE_W(COMMAND_W),
            .WINDOW(WINDOW), .PAGE_LG(PAGE_LG), .GUARD_FRAMES(GUARD_FRAMES), .WINDOW_BASE(WINDOW_BASE),
            .GUARD_BASE(GUARD_BASE)
        ) u_gate (
            .clk, .rst_n(gate_rst_n),
            .s_axil_awvalid(s_axil_gate_awvalid), .s_axil_awready(s_axil_gate_awready),
            .s_axil_awaddr(s_axil_gate_awaddr), .s_axil_wvalid(s_axil_gate_wvalid),
            .s_axil_wready(s_axil_gate_wready), .s_axil_wdata(s_axil_gate_wdata), .s_axil_wstrb(s_axil_gate_wstrb),
            .s_axil_bvalid(s_axil_gate_bvalid), .s_axil_bready(s_axil_gate_bready), .s_axil_bresp(s_axil_gate_bresp),
            .s_axil_arvalid(s_axil_gate_arvalid), .s_axil_arready(s_axil_gate_arready),
            .s_axil_araddr(s_axil_gate_araddr), .s_axil_rvalid(s_axil_gate_rvalid),
            .s_axil_rready(s_axil_gate_rready), .s_axil_rdata(s_axil_gate_rdata), .s_axil_rresp(s_axil_gate_rresp),
            .read_valid(ask_valid), .read_ready(ask_ready), .read_look(ask_look), .read_channel(ask_channel),
            .read_addr(ask_addr), .read_side(ask_side),
            .read_out_valid(asked_valid), .read_out_ready(asked_ready), .read_out_refused(asked_refused),
            .read_out_channel(asked_channel), .read_out_addr(asked_addr), .read_out_side(asked_side),
            .write_valid(cmd_valid), .write_ready(cmd_ready), .write_look(cmd_look), .write_channel(cmd_channel),
            .write_addr(cmd_addr), .write_side(cmd_pack),
            .write_out_valid(told_valid), .write_out_ready(told_ready), .write_out_refused(told_refused),
            .write_out_channel(told_channel), .write_out_addr(told_addr), .write_out_side(told_pack),
            .write_void(told_void),
            .read_done, .read_done_channel(end_channel), .write_done, .write_done_channel
        );
    end else begin : g_trust
        dray_pass #(.WIDTH(CH_W + ADDR_W + READ_SIDE_W)) u_reads (
            .clk, .rst_n, .in_valid(ask_valid), .in_ready(ask_ready), .in_data({ask_channel, ask_addr, ask_side}),
            .out_valid(asked_valid), .out_ready(asked_ready), .out_data({asked_channel, asked_addr, asked_side})
        );
        dray_pass #(.WIDTH(CH_W + ADDR_W + COMMAND_W)) u_writes (
            .clk, .rst_n, .in_valid(cmd_valid), .in_ready(cmd_ready), .in_data({cmd_channel, cmd_addr, cmd_pack}),
            .out_valid(told_valid), .out_ready(told_ready), .out_data({told_channel, told_addr, told_pack})
        );

        assign asked_refused = 1'b0;
        assign told_refused  = 1'b0;

        // No gate, no registers of one: reads and writes are answered with SLVERR.
        dray_axil u_axil (
            .clk, .rst_n(gate_rst_n),
            .s_axil_awvalid(s_axil_gate_awvalid), .s_axil_awready(s_axil_gate_awready),
            .s_axil_awaddr(s_axil_gate_awaddr), .s_axil_wvalid(s_axil_gate_wvalid),
            .s_axil_wready(s_axil_gate_wready), .s_axil_wdata(s_axil_gate_wdata), .s_axil_wstrb(s_axil_gate_wstrb),
            .s_axil_bvalid(s_axil_gate_bvalid), .s_axil_bready(s_axil_gate_bready), .s_axil_bresp(s_axil_gate_bresp),
            .s_axil_arvalid(s_axil_gate_arvalid), .s_axil_arready(s_axil_gate_arready),
            .s_axil_araddr(s_axil_gate_araddr), .s_axil_rvalid(s_axil_gate_rvalid),
            .s_axil_rready(s_axil_gate_rready), .s_axil_rdata(s_axil_gate_rdata), .s_axil_rresp(s_axil_gate_rresp),
            .wr_valid(none_wr), .wr_addr(none_wr_addr), .wr_data(none_wr_data), .wr_hit(1'b0),
            .rd_valid(none_rd), .rd_addr(none_rd_addr), .rd_data(32'd0), .rd_hit(1'b0)
        );

        wire        none_wr, none_rd;
        wire [9:0]  none_wr_addr, none_rd_addr;
        wire [31:0] none_wr_data;
        wire        unused = &{1'b0, none_wr, none_rd, none_wr_addr, none_rd_addr, none_wr_data, ask_look, cmd_look, told_void,
                               read_done, write_done};
    end

    // ------------------------------------------------------------------------
    // What goes with every address

    localparam logic [1:0] BURST_INCR = 2'b01;

    assign m_axi_arsize  = 3'(BYTE_LG);
    assign m_axi_arburst = BURST_INCR;
    assign m_axi_arprot  = ATTRIBUTES != 0 ? prot[asked_channel] : 3'b000;
    assign m_axi_arcache = ATTRIBUTES != 0 ? cache[asked_channel] : 4'b0011;
    assign m_axi_arqos   = ATTRIBUTES != 0 ? qos[asked_channel] : 4'b0000;
    assign m_axi_awsize  = 3'(BYTE_LG);
    assign m_axi_awburst = BURST_INCR;
    assign m_axi_awprot  = ATTRIBUTES != 0 ? prot[aw_channel] : 3'b000;
    assign m_axi_awcache = ATTRIBUTES != 0 ? cache[aw_channel] : 4'b0011;
    assign m_axi_awqos   = ATTRIBUTES != 0 ? qos[aw_channel] : 4'b0000;

    // ------------------------------------------------------------------------
    // Legal parameters. Each rule says what to do, in synthesis too; Icarus elaborates no system task, so it says it at time 0.

`ifdef __ICARUS__
`define DRAY_RULE(name, broken, text) initial if (broken) $fatal(1, text);
`else
`define DRAY_RULE(name, broken, text) if (broken) begin : g_bad_``name $error(text); end
`endif

    localparam int WINDOW_LG = PAGE_LG + $clog2(WINDOW > 1 ? WINDOW : 2);  // log2 of the bytes of the window, rounded up
    localparam int GUARD_LG  = PAGE_LG + $clog2(GUARD_FRAMES);
    localparam int GUARD_FITS  = (GUARD_BASE >> ADDR_W) == 48'd0 && ((GUARD_BASE >> GUARD_LG) << GUARD_LG) == GUARD_BASE ? 1 : 0;
    localparam int WINDOW_FITS = (WINDOW_BASE >> ADDR_W) == 48'd0 && ((WINDOW_BASE >> WINDOW_LG) << WINDOW_LG) == WINDOW_BASE ? 1 : 0;

    `DRAY_RULE(data_w, DATA_W != 32 && DATA_W != 64 && DATA_W != 128, "DATA_W is 32, 64 or 128")
    `DRAY_RULE(addr_w, ADDR_W < 24 || ADDR_W > 48, "ADDR_W is 24 to 48")
    `DRAY_RULE(channels, CHANNELS < 1 || CHANNELS > 8, "CHANNELS is 1 to 8")
    `DRAY_RULE(burst, BURST_BEATS < 1 || BURST_BEATS > 256, "BURST_BEATS is 1 to 256")
    `DRAY_RULE(burst_power, (1 << $clog2(BURST_BEATS)) != BURST_BEATS, "BURST_BEATS is a power of two")
    `DRAY_RULE(burst_slot, BOUND_LG < 4, "a burst holds a descriptor: take BURST_BEATS of at least 128 / DATA_W")
    `DRAY_RULE(fifo, FIFO_BEATS < 2 * BURST, "FIFO_BEATS holds two bursts: take at least 2 * BURST_BEATS, or shorter bursts")
    `DRAY_RULE(descriptors, DESCRIPTORS < 1, "DESCRIPTORS is at least 1")
    `DRAY_RULE(reads, READS < 1 || READS > 255, "READS is 1 to 255")
    `DRAY_RULE(fill_bytes, FILL != 0 && BYTES == 0, "FILL needs BYTES: set BYTES=1, or FILL=0")
    `DRAY_RULE(fill_addr, FILL != 0 && ADDR_W < 32, "a pattern has 32 bits: take ADDR_W of at least 32, or FILL=0")
    `DRAY_RULE(rows_addr, ROWS != 0 && ADDR_W < 32, "a stride has 32 bits: take ADDR_W of at least 32, or ROWS=0")
    `DRAY_RULE(page, PAGE_LG < 9 || PAGE_LG > 12, "PAGE_LG is 9 to 12")
    `DRAY_RULE(window, WINDOW < 0 || WINDOW > 256, "WINDOW is 0 to 256")
    `DRAY_RULE(guard, GATE != 0 && (GUARD_FRAMES < 256 || GUARD_FRAMES > 1 << 20 || (1 << $clog2(GUARD_FRAMES)) != GUARD_FRAMES),
               "GUARD_FRAMES is a power of two, 256 to 1048576")
    `DRAY_RULE(guard_place, GATE != 0 && (GUARD_LG > ADDR_W || GUARD_FITS == 0),
               "GUARD_BASE is a multiple of GUARD_FRAMES pages, and these lie below 2 ** ADDR_W: set GUARD_BASE or GUARD_FRAMES")
    `DRAY_RULE(window_place, GATE != 0 && WINDOW != 0 && WINDOW_FITS == 0,
               "WINDOW_BASE is a multiple of WINDOW pages, rounded up to a power of two, and lies below 2 ** ADDR_W: set WINDOW_BASE")
    `DRAY_RULE(stream, (STREAM_OUT >> CHANNELS) != 0, "STREAM_OUT has one bit a channel")
    `DRAY_RULE(stream_in, (STREAM_IN >> CHANNELS) != 0, "STREAM_IN has one bit a channel")
    `DRAY_RULE(stream_power, STREAM_IN != 0 && (1 << $clog2(STREAM_BEATS)) != STREAM_BEATS,
               "STREAM_BEATS is a power of two, or STREAM_IN is 0")
    `DRAY_RULE(stream_most, STREAM_BEATS > 4096, "STREAM_BEATS is at most 4096")
    `DRAY_RULE(fifo_most, FIFO_BEATS > 8192, "FIFO_BEATS is at most 8192")
    `DRAY_RULE(stream_beats, (STREAM_OUT != 0 || STREAM_IN != 0) && STREAM_BEATS < 2 * BURST, "STREAM_BEATS holds two bursts: take at least 2 * BURST_BEATS")

`undef DRAY_RULE

endmodule

`default_nettype wire
