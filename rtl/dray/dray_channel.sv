// SPDX-License-Identifier: Apache-2.0
//
// dray_channel - where one channel stands in its ring.
//
// One register is the position of the next slot to be asked for: a free-running index in the ring, a slot
// address inside a segment. What was asked for and is not decoded is a mere count behind it, so a step only
// counts down, and a link only has to move the position and clear the count. Position less count is the
// next descriptor to be decoded, and NEXT when the channel stands still.
//
//     registers --> position --> waiting --> fetch wish --> dray_fetch
//                    ^  ^-- taken -------------------------'
//                    '-- link -- dray_decode;  restore -- dray_retire
//
// Latency     a doorbell or a link is a fetch wish in the next clock; a fetch wish every second clock.
// Throughput  one step per clock.
// Errors      FAILED and NEXT hold what went wrong, and where; see dray.rdl.

`default_nettype none

module dray_channel #(
    parameter int ADDR_W      = 32,
    parameter int DESCRIPTORS = 48,  // slots that may be fetched ahead
    parameter int READING     = 36,  // ... while the newest job reads data
    parameter int BOUND_SLOTS = 8,   // slots between two burst boundaries
    parameter int AHEAD_W     = $clog2(DESCRIPTORS + 1),
    parameter int WAIT_W      = AHEAD_W,
    parameter int BUDGET      = 1,
    parameter int WATCHDOG    = 1,
    parameter int COALESCE    = 1,
    parameter int PRIORITY    = 1,
    parameter int ATTRIBUTES  = 1,
    parameter int COUNTERS    = 1,
    parameter int STREAM_OUT  = 0,   // 1: the channel has a stream from memory
    parameter int STREAM_IN   = 0,   // ... to memory
    parameter int SLOT_BEATS  = 2    // beats of one slot: steps are at least so many clocks apart
) (
    input  wire               clk,
    input  wire               rst_n,

    // Register page
    input  wire               wr_valid,
    input  wire  [5:0]        wr_addr,
    input  wire  [31:0]       wr_data,
    output logic              wr_hit,
    input  wire               rd_valid,
    input  wire  [5:0]        rd_addr,
    output logic [31:0]       rd_data,
    output logic              rd_hit,
    output logic              irq,
    output logic [15:0]       out_ids,      // TDEST, TID of packets from memory
    input  wire  [15:0]       in_ids,       // ... that came last

    // Fetch wish: slots at an address, never past the producer, the segment or a burst boundary
    output logic              fetch_valid,
    output logic [ADDR_W-1:4] fetch_addr,
    output logic [2:0]        fetch_less,   // slots, less one
    output logic              epoch,        // changes when what was fetched ahead became worthless
    input  wire               taken,        // a clock after it was chosen
    input  wire  [2:0]        taken_less,
    input  wire               taken_epoch,
    input  wire  [WAIT_W-1:0] decoded,      // descriptors decoded and not begun: they count as ahead too
    input  wire               room,         // the job list has room for all that may be ahead
    input  wire               reads_none,   // the newest job reads no data

    // Next descriptor to be decoded
    output logic              run,          // it may be decoded and begun: a flip-flop
    output logic              leaving,      // it stops: a job that has not begun never will
    output logic              cyclic,
    output logic [15:0]       index,
    output logic              in_segment,
    output logic              ends_segment, // it is the last of its segment
    output logic              amid,       // a link cannot stand there
    output logic              alone,        // no slot follows it: it ends its segment, or the ring wraps behind it
    output logic [15:0]       segment_end,  // low bits of the address behind the segment
    output logic [ADDR_W-1:4] addr,
    output logic              generation,   // the one it must bear
    output logic              over,         // one more than the budget of segments allows
    output logic [1:0]        leaves,       // once it has retired, the consumer index moves on by so many
    input  wire               step,         // it was decoded
    input  wire               step_two,     // ... and says that it has a second slot
    input  wire               step_link,    // ... and that it is a link
    input  wire               linked,       // ... and it is a good one

    // Where a link or a restore leads: a slot address, or a ring index in its low bits
    input  wire  [ADDR_W-1:4] jump_place,
    input  wire  [15:0]       jump_end,     // low bits of the address behind the segment there

    // What else software says
    output logic [2:0]        level,        // of priority
    output logic [5:0]        cap,          // bursts on their way; 0: any number
    output logic [2:0]        prot,
    output logic [3:0]        cache,
    output logic [3:0]        qos,
    output logic              take,         // pulse: a snapshot of the counters
    output logic              clear,
    input  wire               pending,

    // The engine tells
    input  wire               tick_64,
    input  wire               bite,         // the memory does not answer
    output logic              bitten,       // pulse: that stops this channel
    input  wire               error,        // a job of this channel went wrong
    input  wire               drained,      // nothing of this channel is outstanding
    output logic              kill,         // ABORT: issue no further address
    output logic              settle,       // drained: look for the oldest job that never began, and forget them all
    input  wire               found,        // answer, twice: its ring index, its slot address; with restore, there is one
    input  wire               restore,
    input  wire               restore_in_segment,
    input  wire               finish,       // a job retired well
    input  wire  [15:0]       finish_index,
    input  wire               finish_irq,
    input  wire               fail,         // a job retired with an error, the oldest so far
    input  wire  [4:0]        fail_cause,
    input  wire  [15:0]       fail_index,
    input  wire  [ADDR_W-1:4] fail_addr,
    input  wire               fail_counted, // two clocks later: what it had moved
    input  wire  [31:0]       fail_moved
);

    localparam int SLOT_W = ADDR_W - 4;
    localparam int ALL_W  = dray_pkg::max(AHEAD_W, WAIT_W) + 1;

    localparam logic [2:0]         BOUND_MASK = 3'(BOUND_SLOTS - 1);
    localparam logic [AHEAD_W-1:0] AHEAD_CAP   = AHEAD_W'(DESCRIPTORS - BOUND_SLOTS);
    localparam logic [AHEAD_W-1:0] READING_CAP = AHEAD_W'(READING - BOUND_SLOTS);

    // ------------------------------------------------------------------------
    // Registers that software sees

    wire        enable, cyclic_wish;
    wire        resume, skip, drop, abort_now, end_period, pause;
    wire [27:0] ring_base;
    wire [3:0]  size_lg;
    wire [15:0] producer;
    wire        doorbell;
    wire        done_on, halted_on, stopped_on, done_irq, halted_irq, stopped_irq;
    logic       done_set, halted_set, stopped_set;
    logic [15:0] consumer_q;
    logic [15:0] failed_index_q;
    logic [4:0]  failed_cause_q;
    wire  [4:0]  failed_cause;
    logic [SLOT_W-1:0] failed_addr_q;
    logic [31:0] failed_moved_q;
    logic [2:0]  state_code;
    logic        busy;

    // Addresses as software reads them: 48 bits, the high half apart
    wire [47:0] failed_addr = 48'({failed_addr_q, 4'b0000});
    wire [47:0] next_addr   = 48'({addr, 4'b0000});

    localparam int HIGH   = ADDR_W > 32 ? 1 : 0;
    localparam int HIGH_W = ADDR_W > 32 ? ADDR_W - 32 : 1;

    wire [HIGH_W-1:0] ring_base_high;
    wire [SLOT_W-1:0] base = SLOT_W'({ring_base_high, ring_base});

    wire [15:0] budget, coalesce_time;
    wire [7:0]  coalesce_count;
    wire        coalesce_change, watchdog_on, watchdog_irq;

    dray_channel_regs #(.ADDR_HIGH(HIGH), .ADDR_HIGH_W(HIGH_W), .BUDGET(BUDGET), .WATCHDOG(WATCHDOG),
        .COALESCE(COALESCE), .PRIORITY(PRIORITY), .ATTRIBUTES(ATTRIBUTES), .COUNTERS(COUNTERS),
        .STREAM_OUT(STREAM_OUT), .STREAM_IN(STREAM_IN)) u_regs (
        .clk, .rst_n, .wr_valid, .wr_addr, .wr_data, .wr_hit, .rd_valid, .rd_addr, .rd_data, .rd_hit,
        .control_enable_q        (enable),
        .control_cyclic_q        (cyclic_wish),
        .command_resume_pulse    (resume),
        .command_skip_pulse      (skip),
        .command_drop_pulse      (drop),
        .command_abort_pulse     (abort_now),
        .command_end_period_pulse(end_period),
        .command_pause_pulse     (pause),
        .status_state            (state_code),
        .status_busy             (busy),
        .irq_status_done_set     (done_set),
        .irq_status_done_q       (done_irq),
        .irq_status_halted_set   (halted_set),
        .irq_status_halted_q     (halted_irq),
        .irq_status_stopped_set  (stopped_set),
        .irq_status_stopped_q    (stopped_irq),
        .irq_status_watchdog_set (bitten),
        .irq_status_watchdog_q   (watchdog_irq),
        .irq_enable_watchdog_q   (watchdog_on),
        .irq_enable_done_q       (done_on),
        .irq_enable_halted_q     (halted_on),
        .irq_enable_stopped_q    (stopped_on),
        .ring_base_addr_q        (ring_base),
        .ring_base_high_addr_q   (ring_base_high),
        .ring_size_slots_lg_q    (size_lg),
        .producer_index_clr      (state_q == Off),
        .producer_swmod          (doorbell),
        .producer_index_q        (producer),
        .consumer_index          (consumer_q),
        .failed_index            (failed_index_q),
        .failed_cause            (failed_cause),
        .failed_addr_addr        (failed_addr[31:0]),
        .failed_addr_high_addr   (failed_addr[47:32]),
        .failed_moved_bytes      (failed_moved_q),
        .next_index              (index_q),
        .next_addr_addr          (next_addr[31:0]),
        .next_addr_high_addr     (next_addr[47:32]),
        .stream_tid_q            (out_ids[7:0]),
        .stream_tdest_q          (out_ids[15:8]),
        .stream_in_tid           (in_ids[7:0]),
        .stream_in_tdest         (in_ids[15:8]),
        .budget_slots_q          (budget),
        .priority_rank_q             (level),
        .priority_bursts_q           (cap),
        .attributes_prot_q       (prot),
        .attributes_cache_q      (cache),
        .attributes_qos_q        (qos),
        .snapshot_take_pulse     (take),
        .snapshot_clear_pulse    (clear),
        .snapshot_pending        (pending),
        // The counters' own RAM answers for these, in the same clock.
        .count_bytes_value    (32'd0),
        .count_bytes_high_value    (16'd0),
        .count_bursts_value   (32'd0),
        .count_bursts_high_value   (16'd0),
        .count_busy_value     (32'd0),
        .count_busy_high_value    (16'd0),
        .count_stall_value    (32'd0),
        .count_stall_high_value    (16'd0),
        .count_faults_value   (32'd0),
        .count_faults_high_value   (16'd0),
        .coalesce_swmod          (coalesce_change),
        .coalesce_count_q        (coalesce_count),
        .coalesce_time_q         (coalesce_time)
    );

    // ------------------------------------------------------------------------
    // State

    typedef enum logic [2:0] {
        Off,       // not enabled; indices are zero
        Running,   // takes descriptors
        Draining,  // stopping, something is outstanding
        Seeking,   // drained; the ring index of the first job that never began is looked up
        Placing,   // ... and if it stands in a segment, its place there
        Halted,    // stopped by an error
        Stopped,   // stopped by ABORT or END_PERIOD
        Paused     // stopped by PAUSE
    } state_e;

    state_e             state_q, state_d;
    logic               run_q;
    logic               failed_q, failed_d;  // an error was seen since the last start
    logic               kill_q, kill_d;      // ABORT or disable, not END_PERIOD
    logic               pause_q, pause_d;    // PAUSE, and nothing stronger since
    logic               cyclic_q;            // as it was when the channel was enabled
    logic               in_segment_q, in_segment_d;
    logic [SLOT_W-1:0]  ask_q;               // the next slot to be asked for; in the ring its low bits are the index
    logic [AHEAD_W-1:0] ahead_q;             // slots asked for and not decoded
    logic [15:0]        limit_q;             // low bits of where asking ends: the segment's end, or the producer index
    logic [15:0]        index_q;             // of the next descriptor, a clock late; in a segment, of the ring's link
    logic               epoch_q;
    logic               skips_q, drops_q;    // SKIP or DROP in the clock before
    logic               moved_q, moved_2q;   // software moved it one or two clocks before, and so moves the consumer index

    // ------------------------------------------------------------------------
    // Position

    wire [SLOT_W-1:0] ahead    = SLOT_W'(ahead_q);
    wire [SLOT_W-1:0] slot     = ask_q - ahead;      // of the next descriptor
    wire [15:0]       slot_low = slot[15:0];
    wire [15:0]       ask_low  = ask_q[15:0];
    wire [15:0]       waiting  = limit_q - ask_low;  // slots that may be asked for
    wire              none     = limit_q == ask_low;

    // The ring's size does not change while the channel is enabled.
    logic [15:0] mask;

    always_ff @(posedge clk) mask <= ~(16'hffff << size_lg);

    // Newest index below the producer that fell on this slot; it and the index differ by whole laps.
    wire [15:0] below     = producer + ~slot_low;
    wire        lap       = slot_low[size_lg] ^ (cyclic_q && below[size_lg]);
    wire        wraps     = (slot_low & mask) == mask;  // behind this slot

    // The last of its segment, if it has one slot or two. The second may not have been asked for.
    wire is_last = in_segment_q && none && ahead_q == AHEAD_W'(1);
    wire is_pair = in_segment_q && ((none && ahead_q == AHEAD_W'(2)) || (waiting == 16'd1 && ahead_q == AHEAD_W'(1)));

    // Where steps are clocks apart these have one of them to settle.
    wire last, pair;

    if (SLOT_BEATS > 1) begin : g_settled
        logic last_q, pair_q, alone_q, amid_q, generation_q;

        always_ff @(posedge clk) begin
            last_q   <= is_last;
            pair_q   <= is_pair;
            alone_q  <= in_segment_q ? is_last : wraps;
            amid_q   <= in_segment_q && !is_last;
            if (!in_segment_q) generation_q <= !lap;
        end

        assign last       = last_q;
        assign pair       = pair_q;
        assign alone      = alone_q;
        assign amid       = amid_q;
        assign index      = index_q;
        assign generation = generation_q;
    end else begin : g_direct
        logic lap_q;  // of the ring's link

        always_ff @(posedge clk) if (!in_segment_q) lap_q <= lap;

        assign last       = is_last;
        assign pair       = is_pair;
        assign alone      = in_segment_q ? is_last : wraps;
        assign amid       = in_segment_q && !is_last;
        assign index      = in_segment_q ? index_q : slot_low;
        assign generation = !(in_segment_q ? lap_q : lap);
    end

    if (BUDGET != 0) begin : g_budget
        dray_budget #(.SLOT_BEATS(SLOT_BEATS)) u_budget (
            .clk, .rst_n, .budget, .step, .in_segment(in_segment_q), .renew(placed), .over
        );
    end else begin : g_no_budget
        wire unused = &{1'b0, budget};

        assign over = 1'b0;
    end

    wire [SLOT_W-1:0] ring_mask = SLOT_W'(mask);

    assign addr         = in_segment_q ? slot : base | (slot & ring_mask);
    assign in_segment   = in_segment_q;
    assign ends_segment = last;
    assign segment_end  = limit_q;
    assign cyclic       = cyclic_q;

    // A link keeps the place of the segment in the ring, that of its last slot; the last of a segment gives it up. Of a bad
    // one nobody asks.
    wire leaves_one  = !step_link && (!in_segment_q || last);
    wire leaves_more = step_two && (!in_segment_q || (pair && !(ADDR_W > 32 && step_link)));
    assign leaves = {1'b0, leaves_one} + {1'b0, leaves_more};

    // ------------------------------------------------------------------------
    // Fetch wish

    wire             endless   = cyclic_q && !in_segment_q;
    wire [2:0]       room_mask = in_segment_q ? BOUND_MASK : mask[2:0] & BOUND_MASK;
    wire [2:0]       room_less = ~ask_low[2:0] & room_mask;  // slots to the boundary, less one
    wire             fits      = !endless && waiting[15:3] == '0 && waiting[2:0] <= room_less;

    // How many may stand ahead beside those that were decoded; negative, none.
    logic [ALL_W:0] most_q;

    always_ff @(posedge clk) most_q <= (ALL_W+1)'(reads_none ? AHEAD_CAP : READING_CAP) - (ALL_W+1)'(decoded);

    wire [ALL_W-1:0] most = most_q[ALL_W-1:0];
    wire             free = !most_q[ALL_W] && ALL_W'(ahead_q) <= most;

    assign fetch_valid = run_q && (endless || !none) && room && free;
    assign fetch_less  = fits ? waiting[2:0] - 3'd1 : room_less;
    assign fetch_addr  = in_segment_q ? ask_q : base | (ask_q & ring_mask);
    assign epoch       = epoch_q;

    // ------------------------------------------------------------------------
    // Next position

    wire standing = state_q == Halted || state_q == Stopped || state_q == Paused;
    wire placed   = found && state_q == Placing;
    wire closes   = step && last && !linked;
    wire recalls  = found && restore && (state_q == Seeking || restore_in_segment);
    wire adds     = taken && taken_epoch == epoch_q;
    wire rewinds  = state_q == Seeking;   // what was asked for is asked for again
    wire returns  = closes || skips_q;               // to the ring, behind where it was left

    // In the ring only the low bits mean something.
    logic [SLOT_W-17:0] from_high;
    logic [15:0]        from_low;
    wire  [SLOT_W-17:0] ask_high    = ask_q[SLOT_W-1:16];
    wire  [SLOT_W-17:0] place_high  = jump_place[ADDR_W-1:20];
    wire  [15:0]        place_low   = jump_place[19:4];
    wire                leaps       = linked || recalls;

    always_comb begin
        from_high = ask_high;
        from_low  = ask_low;
        if (leaps)        {from_high, from_low} = {place_high, place_low};
        else if (returns) from_low = index_q;
        else if (drops_q) from_low = producer;

        in_segment_d = in_segment_q;
        if (linked)                in_segment_d = 1'b1;
        else if (recalls)          in_segment_d = state_q == Placing;
        else if (returns || drops_q) in_segment_d = 1'b0;
    end

    // How far it moves, less one, or minus what stands ahead, less one
    wire              goes_on = adds && !linked;
    wire [SLOT_W-1:0] far     = rewinds ? ~ahead : goes_on ? SLOT_W'(taken_less) : '0;
    wire              moves   = rewinds || goes_on || returns;
    wire [SLOT_W-1:0] ask_d   = {from_high, from_low} + far + SLOT_W'(moves);

    // One adder for what is asked for and what is decoded; its lowest bit is a carry in.
    wire [AHEAD_W-1:0] ahead_change = adds ? AHEAD_W'(taken_less) : {AHEAD_W{step}};
    wire [AHEAD_W:0]   ahead_sum    = {ahead_q, 1'b1} + {ahead_change, adds && !step};
    wire [AHEAD_W-1:0] ahead_d      = AHEAD_W'(ahead_sum >> 1);
    wire [15:0]        producer_now = doorbell ? wr_data[15:0] : producer;

    always_ff @(posedge clk) begin
        if (!rst_n || state_q == Off) begin
            in_segment_q <= 1'b0;
            ask_q        <= '0;
        end else begin
            in_segment_q <= in_segment_d;
            ask_q        <= ask_d;
        end
    end

    always_ff @(posedge clk) begin
        if (!rst_n || linked || rewinds || state_q == Off) ahead_q <= '0;
        else                                               ahead_q <= ahead_d;
    end

    always_ff @(posedge clk) begin
        if (!in_segment_q) index_q  <= slot_low;
        if (state_q == Off) cyclic_q <= cyclic_wish;
        if (leaps && state_q != Seeking) limit_q <= jump_end;
        else if (!in_segment_d)          limit_q <= producer_now;
    end

    // ------------------------------------------------------------------------
    // Next state

    wire stops = failed_q || error || bitten || abort_now || end_period || pause || !enable;

    always_comb begin
        state_d     = state_q;
        failed_d    = failed_q || error || bitten;
        kill_d      = kill_q || bitten;
        pause_d     = pause_q && !kill_d;
        halted_set  = 1'b0;
        stopped_set = 1'b0;

        case (state_q)
            Off: begin
                failed_d = 1'b0;
                kill_d   = 1'b0;
                if (enable) state_d = Running;
            end

            Running: begin
                if (abort_now || !enable) kill_d = 1'b1;
                pause_d = pause;
                if (stops) state_d = Draining;
            end

            Draining: begin
                if (abort_now || !enable) kill_d = 1'b1;
                if (drained) state_d = Seeking;
            end

            // Jobs that were decoded but never began are forgotten; the oldest of them is NEXT.
            Seeking: if (found) state_d = Placing;

            Placing: if (found) begin
                kill_d      = 1'b0;
                halted_set  = failed_q;
                stopped_set = !failed_q;
                if (failed_q)     state_d = Halted;
                else if (pause_q) state_d = Paused;
                else              state_d = Stopped;
            end

            Halted, Stopped, Paused: begin
                if (resume) begin
                    failed_d = 1'b0;
                    state_d  = Running;
                end
                if (!enable) state_d = Off;
            end

            default: state_d = Off;
        endcase
    end

    always_ff @(posedge clk) begin
        if (!rst_n) begin
            state_q  <= Off;
            run_q    <= 1'b0;
            failed_q <= 1'b0;
            kill_q   <= 1'b0;
            pause_q  <= 1'b0;
            epoch_q  <= 1'b0;
            skips_q  <= 1'b0;
            drops_q  <= 1'b0;
            moved_q  <= 1'b0;
            moved_2q <= 1'b0;
        end else begin
            state_q  <= state_d;
            run_q    <= (state_q == Running && !stops) || (enable && (state_q == Off || (standing && resume)));
            failed_q <= failed_d;
            kill_q   <= kill_d;
            pause_q  <= pause_d;
            epoch_q  <= epoch_q ^ (linked || placed);
            skips_q  <= standing && skip;
            drops_q  <= standing && drop;
            moved_q  <= skips_q || drops_q || (standing && resume);
            moved_2q <= moved_q;
        end
    end

    // The consumer index follows what retires, up to what failed even when that was found first; on RESUME it jumps
    // behind what failed.
    always_ff @(posedge clk) begin
        if (!rst_n || state_q == Off)  consumer_q <= '0;
        else if (moved_2q)             consumer_q <= index_q;
        else if (finish)               consumer_q <= finish_index;
    end

    // Where the watchdog stops a channel that had begun nothing, FAILED is NEXT itself, and nothing of it was moved.
    wire takes_next;

    always_ff @(posedge clk) begin
        if (fail || takes_next) begin
            failed_index_q <= takes_next ? index_q : fail_index;
            failed_addr_q  <= takes_next ? addr : fail_addr;
        end
        if (fail)         failed_cause_q <= fail_cause;
        if (takes_next)   failed_moved_q <= '0;
        if (fail_counted) failed_moved_q <= fail_moved;
    end

    if (WATCHDOG != 0) begin : g_watchdog
        logic watched_q;   // bitten since the last start
        logic captured_q;  // FAILED is taken
        logic rests_q;     // the state of the clock before was Placing

        wire starts = state_q == Off || (standing && resume);

        assign bitten       = bite && !drained && !watched_q && (state_q == Running || state_q == Draining);
        assign takes_next   = rests_q && state_q == Halted && watched_q && !captured_q;
        assign failed_cause = watched_q && !captured_q ? dray_regs_pkg::DRAY_CAUSE_WATCHDOG : failed_cause_q;

        always_ff @(posedge clk) begin
            watched_q  <= rst_n && !starts && (watched_q || bitten);
            captured_q <= rst_n && !starts && (captured_q || fail);
            rests_q    <= rst_n && state_q == Placing;
        end
    end else begin : g_no_watchdog
        wire unused = &{1'b0, bite};

        assign bitten       = 1'b0;
        assign takes_next   = 1'b0;
        assign failed_cause = failed_cause_q;
    end

    // ------------------------------------------------------------------------
    // Outputs

    assign run      = run_q;
    assign leaving  = state_q == Draining;
    assign settle   = rewinds || (state_q == Draining && drained);
    assign kill     = kill_q;
    assign busy     = !drained;
    assign irq      = (done_irq && done_on) || (halted_irq && halted_on) || (stopped_irq && stopped_on) ||
                      (watchdog_irq && watchdog_on);

    wire done = finish && finish_irq;

    if (COALESCE != 0) begin : g_coalesce
        dray_coalesce u_coalesce (
            .clk, .rst_n, .tick(tick_64), .count(coalesce_count), .units(coalesce_time), .change(coalesce_change),
            .done, .tell(done_set)
        );
    end else begin : g_at_once
        wire unused = &{1'b0, tick_64, coalesce_count, coalesce_time, coalesce_change};

        assign done_set = done;
    end

    always_comb begin
        case (state_q)
            Off:      state_code = dray_regs_pkg::DRAY_CHANNEL_STATE_OFF;
            Running:  state_code = dray_regs_pkg::DRAY_CHANNEL_STATE_RUNNING;
            Draining: state_code = dray_regs_pkg::DRAY_CHANNEL_STATE_DRAINING;
            Seeking, Placing:
                      state_code = dray_regs_pkg::DRAY_CHANNEL_STATE_DRAINING;
            Halted:   state_code = dray_regs_pkg::DRAY_CHANNEL_STATE_HALTED;
            Paused:   state_code = dray_regs_pkg::DRAY_CHANNEL_STATE_PAUSED;
            default:  state_code = dray_regs_pkg::DRAY_CHANNEL_STATE_STOPPED;
        endcase
    end

    // ------------------------------------------------------------------------
    // Checks

`ifndef SYNTHESIS
    always @(posedge clk) if (rst_n) begin
        assert ({1'b0, ahead_q} <= (AHEAD_W+1)'(DESCRIPTORS));
        assert (run_q == (state_q == Running && !failed_q));
        if (fetch_valid && !in_segment_q) assert (limit_q == producer);
        if (step && !linked) assert (ahead_q != '0);
        if (linked) assert (step && step_link);
        if (returns) assert (!adds);
        if (step && SLOT_BEATS > 1) assert (last == is_last && (in_segment_q || index_q == slot_low));
    end
`endif

endmodule

`default_nettype wire
