// SPDX-License-Identifier: Apache-2.0
//
// dray_channel - where one channel stands in its ring.
//
// The position is that of the next descriptor to be decoded: an index in the ring and, inside a
// segment, a slot address. What was asked for ahead of it is a mere count, so a link only has to move
// the position and clear the count. The same position is NEXT when the channel stands still.
//
//     registers --> position --> fetch wish --> dray_fetch
//                       ^-- step -- dray_decode;  ^-- restore -- dray_retire
//
// Latency     a doorbell is a fetch wish in the next clock.
// Throughput  one step per clock.
// Errors      FAILED and NEXT hold what went wrong, and where; see dray.rdl.

`default_nettype none

module dray_channel #(
    parameter int ADDR_W      = 32,
    parameter int DESCRIPTORS = 48,  // slots that may be fetched ahead
    parameter int BOUND_SLOTS = 8,   // slots between two burst boundaries
    parameter int AHEAD_W     = $clog2(DESCRIPTORS + 1),
    parameter int WAIT_W      = AHEAD_W
) (
    input  wire               clk,
    input  wire               rst_n,

    // Register page
    input  wire               wr_valid,
    input  wire  [5:0]        wr_addr,
    input  wire  [31:0]       wr_data,
    output logic              wr_hit,
    input  wire  [5:0]        rd_addr,
    output logic [31:0]       rd_data,
    output logic              rd_hit,
    output logic              irq,

    // Fetch wish: slots at an address, never past the producer, the segment or a burst boundary
    output logic              fetch_valid,
    input  wire               fetch_take,
    output logic [ADDR_W-1:4] fetch_addr,
    output logic [AHEAD_W-1:0] fetch_slots,
    output logic              epoch,        // changes when what was fetched ahead became worthless
    input  wire  [WAIT_W-1:0] decoded,      // descriptors decoded and not begun: they count as ahead too
    input  wire               room,         // the job list has room for all that may be ahead

    // Next descriptor to be decoded
    output logic              run,          // it may be decoded and begun
    output logic              cyclic,
    output logic [15:0]       index,
    output logic              in_segment,
    output logic [15:0]       left,         // descriptors left in the segment, this one included
    output logic              ends_segment, // it is the last of its segment
    output logic              alone,        // no slot follows it: it ends its segment, or the ring wraps behind it
    output logic [ADDR_W-1:4] addr,
    output logic              generation,   // the one it must bear
    output logic [15:0]       index_after,  // consumer index once it has retired
    input  wire               step,         // it was decoded
    input  wire               step_two,     // ... and has a second slot
    input  wire               step_link,    // ... and is a link to
    input  wire  [ADDR_W-1:4] step_target,
    input  wire  [15:0]       step_count,

    // The engine tells
    input  wire               error,        // a job of this channel went wrong
    input  wire               drained,      // nothing of this channel is outstanding
    output logic              kill,         // ABORT: issue no further address
    output logic              settle,       // pulse, while drained: forget every job that never began
    input  wire               settled,      // answer; with restore, the oldest of them
    input  wire               restore,
    input  wire  [15:0]       restore_index,
    input  wire               restore_in_segment,
    input  wire  [15:0]       restore_left,
    input  wire  [ADDR_W-1:4] restore_addr,
    input  wire               finish,       // a job retired well
    input  wire  [15:0]       finish_index,
    input  wire               finish_irq,
    input  wire               fail,         // a job retired with an error, the oldest so far
    input  wire  [4:0]        fail_cause,
    input  wire  [15:0]       fail_index,
    input  wire  [ADDR_W-1:4] fail_addr,
    input  wire  [31:0]       fail_moved
);

    localparam int SLOT_W = ADDR_W - 4;

    localparam logic [3:0] BOUND_MASK = 4'(BOUND_SLOTS - 1);

    // ------------------------------------------------------------------------
    // Registers that software sees

    wire        enable, cyclic_wish;
    wire        resume, skip, drop, abort_now, end_period;
    wire [27:0] ring_base;
    wire [3:0]  size_lg;
    wire [15:0] producer;
    wire        done_on, halted_on, stopped_on, done_irq, halted_irq, stopped_irq;
    logic       done_set, halted_set, stopped_set;
    logic [15:0] consumer_q;
    logic [15:0] failed_index_q;
    logic [4:0]  failed_cause_q;
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

    dray_channel_regs #(.ADDR_HIGH(HIGH), .ADDR_HIGH_W(HIGH_W)) u_regs (
        .clk, .rst_n, .wr_valid, .wr_addr, .wr_data, .wr_hit, .rd_addr, .rd_data, .rd_hit,
        .control_enable_q        (enable),
        .control_cyclic_q        (cyclic_wish),
        .command_resume_pulse    (resume),
        .command_skip_pulse      (skip),
        .command_drop_pulse      (drop),
        .command_abort_pulse     (abort_now),
        .command_end_period_pulse(end_period),
        .status_state            (state_code),
        .status_busy             (busy),
        .irq_status_done_set     (done_set),
        .irq_status_done_q       (done_irq),
        .irq_status_halted_set   (halted_set),
        .irq_status_halted_q     (halted_irq),
        .irq_status_stopped_set  (stopped_set),
        .irq_status_stopped_q    (stopped_irq),
        .irq_enable_done_q       (done_on),
        .irq_enable_halted_q     (halted_on),
        .irq_enable_stopped_q    (stopped_on),
        .ring_base_addr_q        (ring_base),
        .ring_base_high_addr_q   (ring_base_high),
        .ring_size_slots_lg_q    (size_lg),
        .producer_index_clr      (state_q == Off),
        .producer_index_q        (producer),
        .consumer_index          (consumer_q),
        .failed_index            (failed_index_q),
        .failed_cause            (failed_cause_q),
        .failed_addr_addr        (failed_addr[31:0]),
        .failed_addr_high_addr   (failed_addr[47:32]),
        .failed_moved_bytes      (failed_moved_q),
        .next_index              (index_q),
        .next_addr_addr          (next_addr[31:0]),
        .next_addr_high_addr     (next_addr[47:32])
    );

    // ------------------------------------------------------------------------
    // State

    typedef enum logic [2:0] {
        Off,       // not enabled; indices are zero
        Running,   // takes descriptors
        Draining,  // stopping, something is outstanding
        Settling,  // drained; the position of the first job that never began is looked up
        Halted,    // stopped by an error
        Stopped    // stopped by ABORT or END_PERIOD
    } state_e;

    state_e             state_q, state_d;
    logic               failed_q, failed_d;  // an error was seen since the last start
    logic               kill_q, kill_d;      // ABORT or disable, not END_PERIOD
    logic               cyclic_q;         // as it was when the channel was enabled
    logic [15:0]        index_q, index_d;
    logic               in_segment_q, in_segment_d;
    logic [15:0]        left_q, left_d;
    logic [SLOT_W-1:0]  slot_q, slot_d;      // in a segment: address of the next slot
    logic [AHEAD_W-1:0] ahead_q, ahead_d;    // slots asked for and not decoded
    logic               epoch_q, epoch_d;

    // ------------------------------------------------------------------------
    // Position

    wire [15:0] mask       = ~(16'hffff << size_lg);
    wire [15:0] newest     = producer & mask;
    wire        old_lap    = cyclic_q && (index_q & mask) >= newest;
    wire [15:0] lap_source = cyclic_q ? producer : index_q;
    wire        lap        = |(lap_source & (mask + 16'd1));

    wire [SLOT_W-1:0] ring_here = base | SLOT_W'(index_q & mask);

    assign addr        = in_segment_q ? slot_q : ring_here;
    assign generation  = !(lap ^ old_lap);
    assign index       = index_q;
    assign in_segment  = in_segment_q;
    assign left        = left_q;
    assign cyclic      = cyclic_q;

    // A link keeps the place of the segment in the ring; the last of a segment gives it up.
    wire last_of_segment = in_segment_q && left_q == 16'd1;
    wire leaves_ring     = !step_link && (!in_segment_q || last_of_segment);
    wire [15:0] index_next = index_q + 16'(leaves_ring);
    wire        two_leave  = !in_segment_q || left_q == 16'd2;  // the ring, or the segment with the second slot
    wire        one_more   = step_two && two_leave;
    assign index_after   = index_next + 16'(one_more);
    assign ends_segment  = last_of_segment;
    assign alone         = in_segment_q ? left_q == 16'd1 : (index_q & mask) == mask;

    // ------------------------------------------------------------------------
    // Fetch wish

    wire [SLOT_W-1:0] ahead_wide = SLOT_W'(ahead_q);
    wire [SLOT_W-1:0] position   = (in_segment_q ? slot_q : SLOT_W'(index_q)) + ahead_wide;
    wire [15:0]       position_low = position[15:0];
    wire [15:0]       published  = producer - index_q;
    wire [15:0]       waiting    = (in_segment_q ? left_q : published) - 16'(ahead_q);
    wire              endless    = cyclic_q && !in_segment_q;
    wire              any        = endless || waiting != '0;
    wire [3:0]        room_mask  = in_segment_q ? BOUND_MASK : mask[3:0] & BOUND_MASK;
    wire [3:0]        position_nibble = position_low[3:0];
    wire [3:0]        room_less  = ~position_nibble & room_mask;  // slots to the boundary, less one
    wire              fits       = !endless && waiting <= 16'(room_less);
    wire [AHEAD_W-1:0] slots     = fits ? AHEAD_W'(waiting) : AHEAD_W'(room_less) + 1'b1;
    wire [AHEAD_W+1:0] total     = (AHEAD_W+2)'(ahead_q) + (AHEAD_W+2)'(slots) + (AHEAD_W+2)'(decoded);

    assign fetch_valid = state_q == Running && !failed_q && any && room && total <= (AHEAD_W+2)'(DESCRIPTORS);
    assign fetch_slots = slots;
    assign fetch_addr  = in_segment_q ? position : base | SLOT_W'(position_low & mask);
    assign epoch       = epoch_q;

    // ------------------------------------------------------------------------
    // Next state

    wire standing = state_q == Halted || state_q == Stopped;

    always_comb begin
        state_d      = state_q;
        failed_d     = failed_q || error;
        kill_d       = kill_q;
        index_d      = index_q;
        in_segment_d = in_segment_q;
        left_d       = left_q;
        slot_d       = slot_q;
        ahead_d      = ahead_q;
        epoch_d      = epoch_q;
        halted_set   = 1'b0;
        stopped_set  = 1'b0;

        if (step) begin
            index_d = index_next;
            slot_d  = slot_q + 1'b1;
            left_d  = left_q - 16'd1;
            ahead_d = ahead_q - 1'b1;
            if (last_of_segment) in_segment_d = 1'b0;
        end
        if (fetch_take) ahead_d = ahead_d + fetch_slots;
        // What stands behind a link, or behind a segment, was not fetched for what comes now.
        if (step && step_link) begin
            in_segment_d = 1'b1;
            slot_d       = step_target;
            left_d       = step_count;
            ahead_d      = '0;
            epoch_d      = !epoch_q;
        end

        case (state_q)
            Off: begin
                failed_d     = 1'b0;
                kill_d       = 1'b0;
                index_d      = '0;
                in_segment_d = 1'b0;
                ahead_d      = '0;
                if (enable) state_d = Running;
            end

            Running: begin
                if (abort_now || !enable) kill_d = 1'b1;
                if (failed_q || error || abort_now || end_period || !enable) state_d = Draining;
            end

            Draining: begin
                if (abort_now || !enable) kill_d = 1'b1;
                if (drained) state_d = Settling;
            end

            // Jobs that were decoded but never began are forgotten; the oldest of them is NEXT.
            Settling: if (settled) begin
                ahead_d = '0;
                epoch_d = !epoch_q;
                kill_d  = 1'b0;
                if (restore) begin
                    index_d      = restore_index;
                    in_segment_d = restore_in_segment;
                    left_d       = restore_left;
                    slot_d       = restore_addr;
                end
                halted_set  = failed_q;
                stopped_set = !failed_q;
                if (failed_q) state_d = Halted;
                else          state_d = Stopped;
            end

            Halted, Stopped: begin
                if (skip) begin
                    index_d      = index_q + 16'd1;
                    in_segment_d = 1'b0;
                end
                if (drop) begin
                    index_d      = producer;
                    in_segment_d = 1'b0;
                end
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
            state_q      <= Off;
            failed_q     <= 1'b0;
            kill_q       <= 1'b0;
            in_segment_q <= 1'b0;
            index_q      <= '0;
            ahead_q      <= '0;
            epoch_q      <= 1'b0;
        end else begin
            state_q      <= state_d;
            failed_q     <= failed_d;
            kill_q       <= kill_d;
            in_segment_q <= in_segment_d;
            index_q      <= index_d;
            ahead_q      <= ahead_d;
            epoch_q      <= epoch_d;
        end
    end

    always_ff @(posedge clk) begin
        if (state_q == Off) cyclic_q <= cyclic_wish;
        slot_q <= slot_d;
        left_q <= left_d;
    end

    // The consumer index follows what retires, up to what failed even when that was found first; on RESUME it jumps
    // behind what failed.
    always_ff @(posedge clk) begin
        if (!rst_n || state_q == Off)                           consumer_q <= '0;
        else if (standing && (resume || skip || drop) && !fail) consumer_q <= index_d;
        else if (finish)                                        consumer_q <= finish_index;
    end

    always_ff @(posedge clk) if (fail) begin
        failed_index_q <= fail_index;
        failed_cause_q <= fail_cause;
        failed_addr_q  <= fail_addr;
        failed_moved_q <= fail_moved;
    end

    // ------------------------------------------------------------------------
    // Outputs

    assign run      = state_q == Running && !failed_q;
    assign settle   = state_q == Settling;
    assign kill     = kill_q;
    assign busy     = !drained;
    assign done_set = finish && finish_irq;
    assign irq      = (done_irq && done_on) || (halted_irq && halted_on) || (stopped_irq && stopped_on);

    always_comb begin
        case (state_q)
            Off:      state_code = dray_regs_pkg::DRAY_CHANNEL_STATE_OFF;
            Running:  state_code = dray_regs_pkg::DRAY_CHANNEL_STATE_RUNNING;
            Draining: state_code = dray_regs_pkg::DRAY_CHANNEL_STATE_DRAINING;
            Settling: state_code = dray_regs_pkg::DRAY_CHANNEL_STATE_DRAINING;
            Halted:   state_code = dray_regs_pkg::DRAY_CHANNEL_STATE_HALTED;
            default:  state_code = dray_regs_pkg::DRAY_CHANNEL_STATE_STOPPED;
        endcase
    end

endmodule

`default_nettype wire
