// SPDX-License-Identifier: Apache-2.0
//
// Generated from dray.rdl by tools/regs.py: change that, not this.
//
// dray_channel_regs - the registers of channel.
//
//     wr --> decode --> fields --> ports
//     rd --> decode --> rd_data
//
// Latency     a write shows in its field one clock later, pulses in its own clock;
//             a read is answered one clock after rd_valid, and has no side effect.
// Throughput  one write and one read per clock, never stalled.
// Errors      wr_hit is low where no register can be written, rd_hit where there is
//             none; one that is write-only or left out reads zero.

`default_nettype none

module dray_channel_regs #(
    parameter int WATCHDOG    = 1,  // 0 leaves out IRQ_STATUS.WATCHDOG, IRQ_ENABLE.WATCHDOG
    parameter int ADDR_HIGH   = 1,  // 0 leaves out RING_BASE_HIGH, FAILED_ADDR_HIGH, NEXT_ADDR_HIGH
    parameter int BUDGET      = 1,  // 0 leaves out BUDGET
    parameter int COALESCE    = 1,  // 0 leaves out COALESCE
    parameter int PRIORITY    = 1,  // 0 leaves out PRIORITY
    parameter int ATTRIBUTES  = 1,  // 0 leaves out ATTRIBUTES
    parameter int COUNTERS    = 1,  // 0 leaves out SNAPSHOT, COUNT_BYTES and 9 more
    parameter int STREAM_OUT  = 1,  // 0 leaves out STREAM
    parameter int STREAM_IN   = 1,  // 0 leaves out STREAM_IN
    parameter int ADDR_HIGH_W = 16  // bits of RING_BASE_HIGH.ADDR: 1..16
) (
    input  wire                    clk,
    input  wire                    rst_n,                    // synchronous, active low

    // Write: one clock, always taken, whole words
    input  wire                    wr_valid,
    input  wire  [5:0]             wr_addr,                  // word index
    input  wire  [31:0]            wr_data,
    output logic                   wr_hit,                   // wr_addr can be written

    // Read
    input  wire                    rd_valid,                 // a word is asked for
    input  wire  [5:0]             rd_addr,                  // word index
    output logic [31:0]            rd_data,                  // one clock later, else zero
    output logic                   rd_hit,                   // there is a register at rd_addr

    // CONTROL 0x00: Control
    output logic                   control_enable_q,
    output logic                   control_cyclic_q,

    // COMMAND 0x04: Command
    output logic                   command_resume_pulse,     // in the clock of a write
    output logic                   command_skip_pulse,       // in the clock of a write
    output logic                   command_drop_pulse,       // in the clock of a write
    output logic                   command_abort_pulse,      // in the clock of a write
    output logic                   command_end_period_pulse, // in the clock of a write
    output logic                   command_pause_pulse,      // in the clock of a write

    // STATUS 0x08: Status
    input  wire  [2:0]             status_state,
    input  wire                    status_busy,

    // IRQ_STATUS 0x0c: Interrupt status
    input  wire                    irq_status_done_set,      // wins over a clear
    output logic                   irq_status_done_q,
    input  wire                    irq_status_halted_set,    // wins over a clear
    output logic                   irq_status_halted_q,
    input  wire                    irq_status_stopped_set,   // wins over a clear
    output logic                   irq_status_stopped_q,
    input  wire                    irq_status_watchdog_set,  // wins over a clear
    output logic                   irq_status_watchdog_q,

    // IRQ_ENABLE 0x10: Interrupt enable
    output logic                   irq_enable_done_q,
    output logic                   irq_enable_halted_q,
    output logic                   irq_enable_stopped_q,
    output logic                   irq_enable_watchdog_q,

    // RING_BASE 0x14: Ring base
    output logic [27:0]            ring_base_addr_q,

    // RING_BASE_HIGH 0x18: Ring base, high
    output logic [ADDR_HIGH_W-1:0] ring_base_high_addr_q,

    // RING_SIZE 0x1c: Ring size
    output logic [3:0]             ring_size_slots_lg_q,

    // PRODUCER 0x20: Producer index
    output logic                   producer_swmod,           // in the clock of a write; _q follows
    input  wire                    producer_index_clr,       // wins over a write
    output logic [15:0]            producer_index_q,

    // CONSUMER 0x24: Consumer index
    input  wire  [15:0]            consumer_index,

    // FAILED 0x28: Failed: ring index
    input  wire  [15:0]            failed_index,
    input  wire  [4:0]             failed_cause,

    // FAILED_ADDR 0x2c: Failed: slot address
    input  wire  [31:0]            failed_addr_addr,

    // FAILED_MOVED 0x30: Failed: bytes moved
    input  wire  [31:0]            failed_moved_bytes,

    // NEXT 0x34: Next: ring index
    input  wire  [15:0]            next_index,

    // NEXT_ADDR 0x38: Next: slot address
    input  wire  [31:0]            next_addr_addr,

    // FAILED_ADDR_HIGH 0x3c: Failed: slot address, high
    input  wire  [15:0]            failed_addr_high_addr,

    // NEXT_ADDR_HIGH 0x40: Next: slot address, high
    input  wire  [15:0]            next_addr_high_addr,

    // BUDGET 0x44: Budget of segments
    output logic [15:0]            budget_slots_q,

    // COALESCE 0x48: Interrupt coalescing
    output logic                   coalesce_swmod,           // in the clock of a write; _q follows
    output logic [7:0]             coalesce_count_q,
    output logic [15:0]            coalesce_time_q,

    // PRIORITY 0x4c: Priority
    output logic [2:0]             priority_rank_q,
    output logic [5:0]             priority_bursts_q,

    // ATTRIBUTES 0x50: Bus attributes
    output logic [2:0]             attributes_prot_q,
    output logic [3:0]             attributes_cache_q,
    output logic [3:0]             attributes_qos_q,

    // SNAPSHOT 0x54: Snapshot
    output logic                   snapshot_take_pulse,      // in the clock of a write
    output logic                   snapshot_clear_pulse,     // in the clock of a write
    input  wire                    snapshot_pending,

    // COUNT_BYTES 0x80: Bytes moved
    input  wire  [31:0]            count_bytes_value,

    // COUNT_BYTES_HIGH 0x84: Bytes moved, high
    input  wire  [15:0]            count_bytes_high_value,

    // COUNT_BURSTS 0x88: Bursts
    input  wire  [31:0]            count_bursts_value,

    // COUNT_BURSTS_HIGH 0x8c: Bursts, high
    input  wire  [15:0]            count_bursts_high_value,

    // COUNT_BUSY 0x90: Busy clocks
    input  wire  [31:0]            count_busy_value,

    // COUNT_BUSY_HIGH 0x94: Busy clocks, high
    input  wire  [15:0]            count_busy_high_value,

    // COUNT_STALL 0x98: Stalled clocks
    input  wire  [31:0]            count_stall_value,

    // COUNT_STALL_HIGH 0x9c: Stalled clocks, high
    input  wire  [15:0]            count_stall_high_value,

    // COUNT_FAULTS 0xa0: Faults
    input  wire  [31:0]            count_faults_value,

    // COUNT_FAULTS_HIGH 0xa4: Faults, high
    input  wire  [15:0]            count_faults_high_value,

    // STREAM 0xc0: Stream
    output logic [7:0]             stream_tid_q,
    output logic [7:0]             stream_tdest_q,

    // STREAM_IN 0xc4: Stream in
    input  wire  [7:0]             stream_in_tid,
    input  wire  [7:0]             stream_in_tdest
);

    localparam logic [5:0] AT_CONTROL           = 6'h00;
    localparam logic [5:0] AT_COMMAND           = 6'h01;
    localparam logic [5:0] AT_STATUS            = 6'h02;
    localparam logic [5:0] AT_IRQ_STATUS        = 6'h03;
    localparam logic [5:0] AT_IRQ_ENABLE        = 6'h04;
    localparam logic [5:0] AT_RING_BASE         = 6'h05;
    localparam logic [5:0] AT_RING_BASE_HIGH    = 6'h06;
    localparam logic [5:0] AT_RING_SIZE         = 6'h07;
    localparam logic [5:0] AT_PRODUCER          = 6'h08;
    localparam logic [5:0] AT_CONSUMER          = 6'h09;
    localparam logic [5:0] AT_FAILED            = 6'h0a;
    localparam logic [5:0] AT_FAILED_ADDR       = 6'h0b;
    localparam logic [5:0] AT_FAILED_MOVED      = 6'h0c;
    localparam logic [5:0] AT_NEXT              = 6'h0d;
    localparam logic [5:0] AT_NEXT_ADDR         = 6'h0e;
    localparam logic [5:0] AT_FAILED_ADDR_HIGH  = 6'h0f;
    localparam logic [5:0] AT_NEXT_ADDR_HIGH    = 6'h10;
    localparam logic [5:0] AT_BUDGET            = 6'h11;
    localparam logic [5:0] AT_COALESCE          = 6'h12;
    localparam logic [5:0] AT_PRIORITY          = 6'h13;
    localparam logic [5:0] AT_ATTRIBUTES        = 6'h14;
    localparam logic [5:0] AT_SNAPSHOT          = 6'h15;
    localparam logic [5:0] AT_COUNT_BYTES       = 6'h20;
    localparam logic [5:0] AT_COUNT_BYTES_HIGH  = 6'h21;
    localparam logic [5:0] AT_COUNT_BURSTS      = 6'h22;
    localparam logic [5:0] AT_COUNT_BURSTS_HIGH = 6'h23;
    localparam logic [5:0] AT_COUNT_BUSY        = 6'h24;
    localparam logic [5:0] AT_COUNT_BUSY_HIGH   = 6'h25;
    localparam logic [5:0] AT_COUNT_STALL       = 6'h26;
    localparam logic [5:0] AT_COUNT_STALL_HIGH  = 6'h27;
    localparam logic [5:0] AT_COUNT_FAULTS      = 6'h28;
    localparam logic [5:0] AT_COUNT_FAULTS_HIGH = 6'h29;
    localparam logic [5:0] AT_STREAM            = 6'h30;
    localparam logic [5:0] AT_STREAM_IN         = 6'h31;

    // ------------------------------------------------------------------------
    // Write

    wire   control_wr        = wr_valid && wr_addr == AT_CONTROL;
    wire   command_wr        = wr_valid && wr_addr == AT_COMMAND;
    wire   irq_status_wr     = wr_valid && wr_addr == AT_IRQ_STATUS;
    wire   irq_enable_wr     = wr_valid && wr_addr == AT_IRQ_ENABLE;
    wire   ring_base_wr      = wr_valid && wr_addr == AT_RING_BASE;
    wire   ring_base_high_wr = wr_valid && wr_addr == AT_RING_BASE_HIGH && ADDR_HIGH != 0;
    wire   ring_size_wr      = wr_valid && wr_addr == AT_RING_SIZE;
    wire   producer_wr       = wr_valid && wr_addr == AT_PRODUCER;
    wire   budget_wr         = wr_valid && wr_addr == AT_BUDGET && BUDGET != 0;
    wire   coalesce_wr       = wr_valid && wr_addr == AT_COALESCE && COALESCE != 0;
    wire   priority_wr       = wr_valid && wr_addr == AT_PRIORITY && PRIORITY != 0;
    wire   attributes_wr     = wr_valid && wr_addr == AT_ATTRIBUTES && ATTRIBUTES != 0;
    wire   snapshot_wr       = wr_valid && wr_addr == AT_SNAPSHOT && COUNTERS != 0;
    wire   stream_wr         = wr_valid && wr_addr == AT_STREAM && STREAM_OUT != 0;

    always_comb begin
        case (wr_addr)
            AT_CONTROL, AT_COMMAND, AT_IRQ_STATUS, AT_IRQ_ENABLE, AT_RING_BASE,
            AT_RING_SIZE, AT_PRODUCER: wr_hit = 1'b1;
            AT_RING_BASE_HIGH: wr_hit = ADDR_HIGH != 0;
            AT_BUDGET: wr_hit = BUDGET != 0;
            AT_COALESCE: wr_hit = COALESCE != 0;
            AT_PRIORITY: wr_hit = PRIORITY != 0;
            AT_ATTRIBUTES: wr_hit = ATTRIBUTES != 0;
            AT_SNAPSHOT: wr_hit = COUNTERS != 0;
            AT_STREAM: wr_hit = STREAM_OUT != 0;
            default: wr_hit = 1'b0;
        endcase
    end

    // ------------------------------------------------------------------------
    // Next state: of two who write in one clock, hardware wins

    wire control_enable_d = control_wr ? wr_data[0] : control_enable_q;
    wire control_cyclic_d = control_wr ? wr_data[1] : control_cyclic_q;
    wire irq_status_done_d = (irq_status_done_q & ~(irq_status_wr & wr_data[0])) |
        irq_status_done_set;
    wire irq_status_halted_d = (irq_status_halted_q & ~(irq_status_wr & wr_data[1])) |
        irq_status_halted_set;
    wire irq_status_stopped_d = (irq_status_stopped_q & ~(irq_status_wr & wr_data[2])) |
        irq_status_stopped_set;
    wire irq_status_watchdog_d = (irq_status_watchdog_q & ~(irq_status_wr & wr_data[3])) |
        irq_status_watchdog_set;
    wire irq_enable_done_d = irq_enable_wr ? wr_data[0] : irq_enable_done_q;
    wire irq_enable_halted_d = irq_enable_wr ? wr_data[1] : irq_enable_halted_q;
    wire irq_enable_stopped_d = irq_enable_wr ? wr_data[2] : irq_enable_stopped_q;
    wire irq_enable_watchdog_d = irq_enable_wr ? wr_data[3] : irq_enable_watchdog_q;
    wire [27:0] ring_base_addr_d = ring_base_wr ? wr_data[31:4] : ring_base_addr_q;
    wire [ADDR_HIGH_W-1:0] ring_base_high_addr_d = ring_base_high_wr ? wr_data[ADDR_HIGH_W-1:0] :
        ring_base_high_addr_q;
    wire [3:0] ring_size_slots_lg_d = ring_size_wr ? wr_data[3:0] : ring_size_slots_lg_q;
    wire [15:0] producer_index_d = producer_index_clr ? '0 : producer_wr ? wr_data[15:0] :
        producer_index_q;
    wire [15:0] budget_slots_d = budget_wr ? wr_data[15:0] : budget_slots_q;
    wire [7:0] coalesce_count_d = coalesce_wr ? wr_data[7:0] : coalesce_count_q;
    wire [15:0] coalesce_time_d = coalesce_wr ? wr_data[31:16] : coalesce_time_q;
    wire [2:0] priority_rank_d = priority_wr ? wr_data[2:0] : priority_rank_q;
    wire [5:0] priority_bursts_d = priority_wr ? wr_data[13:8] : priority_bursts_q;
    wire [2:0] attributes_prot_d = attributes_wr ? wr_data[2:0] : attributes_prot_q;
    wire [3:0] attributes_cache_d = attributes_wr ? wr_data[7:4] : attributes_cache_q;
    wire [3:0] attributes_qos_d = attributes_wr ? wr_data[11:8] : attributes_qos_q;
    wire [7:0] stream_tid_d = stream_wr ? wr_data[7:0] : stream_tid_q;
    wire [7:0] stream_tdest_d = stream_wr ? wr_data[15:8] : stream_tdest_q;

    // ------------------------------------------------------------------------
    // Registers

    always_ff @(posedge clk) begin
        if (!rst_n) begin
            control_enable_q     <= 1'b0;
            control_cyclic_q     <= 1'b0;
            irq_status_done_q    <= 1'b0;
            irq_status_halted_q  <= 1'b0;
            irq_status_stopped_q <= 1'b0;
            irq_enable_done_q    <= 1'b0;
            irq_enable_halted_q  <= 1'b0;
            irq_enable_stopped_q <= 1'b0;
            producer_index_q     <= 16'h0;
        end else begin
            control_enable_q     <= control_enable_d;
            control_cyclic_q     <= control_cyclic_d;
            irq_status_done_q    <= irq_status_done_d;
            irq_status_halted_q  <= irq_status_halted_d;
            irq_status_stopped_q <= irq_status_stopped_d;
            irq_enable_done_q    <= irq_enable_done_d;
            irq_enable_halted_q  <= irq_enable_halted_d;
            irq_enable_stopped_q <= irq_enable_stopped_d;
            producer_index_q     <= producer_index_d;
        end
    end

    always_ff @(posedge clk) begin
        ring_base_addr_q     <= ring_base_addr_d;
        ring_size_slots_lg_q <= ring_size_slots_lg_d;
    end

    generate if (WATCHDOG != 0) begin : g_watchdog
        always_ff @(posedge clk) begin
            if (!rst_n) begin
                irq_status_watchdog_q <= 1'b0;
                irq_enable_watchdog_q <= 1'b0;
            end else begin
                irq_status_watchdog_q <= irq_status_watchdog_d;
                irq_enable_watchdog_q <= irq_enable_watchdog_d;
            end
        end
    end else begin : g_no_watchdog
        assign irq_status_watchdog_q = 1'b0;
        assign irq_enable_watchdog_q = 1'b0;
    end endgenerate

    generate if (ADDR_HIGH != 0) begin : g_addr_high
        always_ff @(posedge clk) begin
            ring_base_high_addr_q <= ring_base_high_addr_d;
        end
    end else begin : g_no_addr_high
        assign ring_base_high_addr_q = '0;
    end endgenerate

    generate if (BUDGET != 0) begin : g_budget
        always_ff @(posedge clk) begin
            if (!rst_n) begin
                budget_slots_q <= 16'h0;
            end else begin
                budget_slots_q <= budget_slots_d;
            end
        end
    end else begin : g_no_budget
        assign budget_slots_q = '0;
    end endgenerate

    generate if (COALESCE != 0) begin : g_coalesce
        always_ff @(posedge clk) begin
            if (!rst_n) begin
                coalesce_count_q <= 8'h0;
                coalesce_time_q  <= 16'h0;
            end else begin
                coalesce_count_q <= coalesce_count_d;
                coalesce_time_q  <= coalesce_time_d;
            end
        end
    end else begin : g_no_coalesce
        assign coalesce_count_q = '0;
        assign coalesce_time_q  = '0;
    end endgenerate

    generate if (PRIORITY != 0) begin : g_priority
        always_ff @(posedge clk) begin
            if (!rst_n) begin
                priority_rank_q   <= 3'h0;
                priority_bursts_q <= 6'h0;
            end else begin
                priority_rank_q   <= priority_rank_d;
                priority_bursts_q <= priority_bursts_d;
            end
        end
    end else begin : g_no_priority
        assign priority_rank_q   = '0;
        assign priority_bursts_q = '0;
    end endgenerate

    generate if (ATTRIBUTES != 0) begin : g_attributes
        always_ff @(posedge clk) begin
            if (!rst_n) begin
                attributes_prot_q  <= 3'h0;
                attributes_cache_q <= 4'h3;
                attributes_qos_q   <= 4'h0;
            end else begin
                attributes_prot_q  <= attributes_prot_d;
                attributes_cache_q <= attributes_cache_d;
                attributes_qos_q   <= attributes_qos_d;
            end
        end
    end else begin : g_no_attributes
        assign attributes_prot_q  = '0;
        assign attributes_cache_q = '0;
        assign attributes_qos_q   = '0;
    end endgenerate

    generate if (STREAM_OUT != 0) begin : g_stream_out
        always_ff @(posedge clk) begin
            if (!rst_n) begin
                stream_tid_q   <= 8'h0;
                stream_tdest_q <= 8'h0;
            end else begin
                stream_tid_q   <= stream_tid_d;
                stream_tdest_q <= stream_tdest_d;
            end
        end
    end else begin : g_no_stream_out
        assign stream_tid_q   = '0;
        assign stream_tdest_q = '0;
    end endgenerate

    // ------------------------------------------------------------------------
    // Strobes and data in the clock of a write

    assign command_resume_pulse     = command_wr && wr_data[0];
    assign command_skip_pulse       = command_wr && wr_data[1];
    assign command_drop_pulse       = command_wr && wr_data[2];
    assign command_abort_pulse      = command_wr && wr_data[3];
    assign command_end_period_pulse = command_wr && wr_data[4];
    assign command_pause_pulse      = command_wr && wr_data[5];
    assign producer_swmod           = producer_wr;
    assign coalesce_swmod           = coalesce_wr;
    assign snapshot_take_pulse      = snapshot_wr && wr_data[0];
    assign snapshot_clear_pulse     = snapshot_wr && wr_data[1];

    // ------------------------------------------------------------------------
    // Read

    wire [31:0] control_rd           = {30'h0, control_cyclic_q, control_enable_q};
    wire [31:0] status_rd            = {23'h0, status_busy, 5'h0, status_state};
    wire [31:0] irq_status_rd        = {28'h0, irq_status_watchdog_q, irq_status_stopped_q,
        irq_status_halted_q, irq_status_done_q};
    wire [31:0] irq_enable_rd        = {28'h0, irq_enable_watchdog_q, irq_enable_stopped_q,
        irq_enable_halted_q, irq_enable_done_q};
    wire [31:0] ring_base_rd         = {ring_base_addr_q, 4'h0};
    wire [31:0] ring_base_high_rd    = ADDR_HIGH != 0 ? {16'h0, 16'(ring_base_high_addr_q)} : '0;
    wire [31:0] ring_size_rd         = {28'h0, ring_size_slots_lg_q};
    wire [31:0] producer_rd          = {16'h0, producer_index_q};
    wire [31:0] consumer_rd          = {16'h0, consumer_index};
    wire [31:0] failed_rd            = {11'h0, failed_cause, failed_index};
    wire [31:0] failed_addr_rd       = failed_addr_addr;
    wire [31:0] failed_moved_rd      = failed_moved_bytes;
    wire [31:0] next_rd              = {16'h0, next_index};
    wire [31:0] next_addr_rd         = next_addr_addr;
    wire [31:0] failed_addr_high_rd  = ADDR_HIGH != 0 ? {16'h0, failed_addr_high_addr} : '0;
    wire [31:0] next_addr_high_rd    = ADDR_HIGH != 0 ? {16'h0, next_addr_high_addr} : '0;
    wire [31:0] budget_rd            = BUDGET != 0 ? {16'h0, budget_slots_q} : '0;
    wire [31:0] coalesce_rd          = COALESCE != 0 ? {coalesce_time_q, 8'h0, coalesce_count_q} :
        '0;
    wire [31:0] priority_rd          = PRIORITY != 0 ? {18'h0, priority_bursts_q, 5'h0,
        priority_rank_q} : '0;
    wire [31:0] attributes_rd        = ATTRIBUTES != 0 ? {20'h0, attributes_qos_q,
        attributes_cache_q, 1'b0, attributes_prot_q} : '0;
    wire [31:0] snapshot_rd          = COUNTERS != 0 ? {23'h0, snapshot_pending, 8'h0} : '0;
    wire [31:0] count_bytes_rd       = COUNTERS != 0 ? count_bytes_value : '0;
    wire [31:0] count_bytes_high_rd  = COUNTERS != 0 ? {16'h0, count_bytes_high_value} : '0;
    wire [31:0] count_bursts_rd      = COUNTERS != 0 ? count_bursts_value : '0;
    wire [31:0] count_bursts_high_rd = COUNTERS != 0 ? {16'h0, count_bursts_high_value} : '0;
    wire [31:0] count_busy_rd        = COUNTERS != 0 ? count_busy_value : '0;
    wire [31:0] count_busy_high_rd   = COUNTERS != 0 ? {16'h0, count_busy_high_value} : '0;
    wire [31:0] count_stall_rd       = COUNTERS != 0 ? count_stall_value : '0;
    wire [31:0] count_stall_high_rd  = COUNTERS != 0 ? {16'h0, count_stall_high_value} : '0;
    wire [31:0] count_faults_rd      = COUNTERS != 0 ? count_faults_value : '0;
    wire [31:0] count_faults_high_rd = COUNTERS != 0 ? {16'h0, count_faults_high_value} : '0;
    wire [31:0] stream_rd            = STREAM_OUT != 0 ? {16'h0, stream_tdest_q, stream_tid_q} : '0;
    wire [31:0] stream_in_rd         = STREAM_IN != 0 ? {16'h0, stream_in_tdest, stream_in_tid} :
        '0;

    // Each word has a register, which is zero when it is not asked for: the read is an OR of
    // them all, less than multiplexers cost, and no path leads from a field to the bus.
    logic [31:0] control_rd_q, status_rd_q, irq_status_rd_q, irq_enable_rd_q, ring_base_rd_q,
        ring_base_high_rd_q, ring_size_rd_q, producer_rd_q, consumer_rd_q, failed_rd_q,
        failed_addr_rd_q, failed_moved_rd_q, next_rd_q, next_addr_rd_q, failed_addr_high_rd_q,
        next_addr_high_rd_q, budget_rd_q, coalesce_rd_q, priority_rd_q, attributes_rd_q,
        snapshot_rd_q, count_bytes_rd_q, count_bytes_high_rd_q, count_bursts_rd_q,
        count_bursts_high_rd_q, count_busy_rd_q, count_busy_high_rd_q, count_stall_rd_q,
        count_stall_high_rd_q, count_faults_rd_q, count_faults_high_rd_q, stream_rd_q,
        stream_in_rd_q;

    always_ff @(posedge clk) begin
        control_rd_q           <= rd_valid && rd_addr == AT_CONTROL ? control_rd : '0;
        status_rd_q            <= rd_valid && rd_addr == AT_STATUS ? status_rd : '0;
        irq_status_rd_q        <= rd_valid && rd_addr == AT_IRQ_STATUS ? irq_status_rd : '0;
        irq_enable_rd_q        <= rd_valid && rd_addr == AT_IRQ_ENABLE ? irq_enable_rd : '0;
        ring_base_rd_q         <= rd_valid && rd_addr == AT_RING_BASE ? ring_base_rd : '0;
        ring_base_high_rd_q    <= rd_valid && rd_addr == AT_RING_BASE_HIGH ? ring_base_high_rd : '0;
        ring_size_rd_q         <= rd_valid && rd_addr == AT_RING_SIZE ? ring_size_rd : '0;
        producer_rd_q          <= rd_valid && rd_addr == AT_PRODUCER ? producer_rd : '0;
        consumer_rd_q          <= rd_valid && rd_addr == AT_CONSUMER ? consumer_rd : '0;
        failed_rd_q            <= rd_valid && rd_addr == AT_FAILED ? failed_rd : '0;
        failed_addr_rd_q       <= rd_valid && rd_addr == AT_FAILED_ADDR ? failed_addr_rd : '0;
        failed_moved_rd_q      <= rd_valid && rd_addr == AT_FAILED_MOVED ? failed_moved_rd : '0;
        next_rd_q              <= rd_valid && rd_addr == AT_NEXT ? next_rd : '0;
        next_addr_rd_q         <= rd_valid && rd_addr == AT_NEXT_ADDR ? next_addr_rd : '0;
        failed_addr_high_rd_q  <= rd_valid && rd_addr == AT_FAILED_ADDR_HIGH ? failed_addr_high_rd :
            '0;
        next_addr_high_rd_q    <= rd_valid && rd_addr == AT_NEXT_ADDR_HIGH ? next_addr_high_rd : '0;
        budget_rd_q            <= rd_valid && rd_addr == AT_BUDGET ? budget_rd : '0;
        coalesce_rd_q          <= rd_valid && rd_addr == AT_COALESCE ? coalesce_rd : '0;
        priority_rd_q          <= rd_valid && rd_addr == AT_PRIORITY ? priority_rd : '0;
        attributes_rd_q        <= rd_valid && rd_addr == AT_ATTRIBUTES ? attributes_rd : '0;
        snapshot_rd_q          <= rd_valid && rd_addr == AT_SNAPSHOT ? snapshot_rd : '0;
        count_bytes_rd_q       <= rd_valid && rd_addr == AT_COUNT_BYTES ? count_bytes_rd : '0;
        count_bytes_high_rd_q  <= rd_valid && rd_addr == AT_COUNT_BYTES_HIGH ? count_bytes_high_rd :
            '0;
        count_bursts_rd_q      <= rd_valid && rd_addr == AT_COUNT_BURSTS ? count_bursts_rd : '0;
        count_bursts_high_rd_q <= rd_valid && rd_addr == AT_COUNT_BURSTS_HIGH ? count_bursts_high_rd
            : '0;
        count_busy_rd_q        <= rd_valid && rd_addr == AT_COUNT_BUSY ? count_busy_rd : '0;
        count_busy_high_rd_q   <= rd_valid && rd_addr == AT_COUNT_BUSY_HIGH ? count_busy_high_rd :
            '0;
        count_stall_rd_q       <= rd_valid && rd_addr == AT_COUNT_STALL ? count_stall_rd : '0;
        count_stall_high_rd_q  <= rd_valid && rd_addr == AT_COUNT_STALL_HIGH ? count_stall_high_rd :
            '0;
        count_faults_rd_q      <= rd_valid && rd_addr == AT_COUNT_FAULTS ? count_faults_rd : '0;
        count_faults_high_rd_q <= rd_valid && rd_addr == AT_COUNT_FAULTS_HIGH ? count_faults_high_rd
            : '0;
        stream_rd_q            <= rd_valid && rd_addr == AT_STREAM ? stream_rd : '0;
        stream_in_rd_q         <= rd_valid && rd_addr == AT_STREAM_IN ? stream_in_rd : '0;
    end

    assign rd_data = control_rd_q | status_rd_q | irq_status_rd_q | irq_enable_rd_q |
        ring_base_rd_q | ring_base_high_rd_q | ring_size_rd_q | producer_rd_q | consumer_rd_q |
        failed_rd_q | failed_addr_rd_q | failed_moved_rd_q | next_rd_q | next_addr_rd_q |
        failed_addr_high_rd_q | next_addr_high_rd_q | budget_rd_q | coalesce_rd_q |
        priority_rd_q | attributes_rd_q | snapshot_rd_q | count_bytes_rd_q |
        count_bytes_high_rd_q | count_bursts_rd_q | count_bursts_high_rd_q | count_busy_rd_q |
        count_busy_high_rd_q | count_stall_rd_q | count_stall_high_rd_q | count_faults_rd_q |
        count_faults_high_rd_q | stream_rd_q | stream_in_rd_q;

    always_comb begin
        case (rd_addr)
            AT_CONTROL, AT_COMMAND, AT_STATUS, AT_IRQ_STATUS, AT_IRQ_ENABLE,
            AT_RING_BASE, AT_RING_BASE_HIGH, AT_RING_SIZE, AT_PRODUCER,
            AT_CONSUMER, AT_FAILED, AT_FAILED_ADDR, AT_FAILED_MOVED, AT_NEXT,
            AT_NEXT_ADDR, AT_FAILED_ADDR_HIGH, AT_NEXT_ADDR_HIGH, AT_BUDGET,
            AT_COALESCE, AT_PRIORITY, AT_ATTRIBUTES, AT_SNAPSHOT, AT_COUNT_BYTES,
            AT_COUNT_BYTES_HIGH, AT_COUNT_BURSTS, AT_COUNT_BURSTS_HIGH,
            AT_COUNT_BUSY, AT_COUNT_BUSY_HIGH, AT_COUNT_STALL,
            AT_COUNT_STALL_HIGH, AT_COUNT_FAULTS, AT_COUNT_FAULTS_HIGH, AT_STREAM,
            AT_STREAM_IN: rd_hit = 1'b1;
            default: rd_hit = 1'b0;
        endcase
    end

    // ------------------------------------------------------------------------
    // Read by no field, or not in every configuration

    wire unused_ok = &{1'b0, irq_status_watchdog_d, irq_enable_watchdog_d,
        ring_base_high_addr_d, budget_slots_d, coalesce_count_d, coalesce_time_d,
        priority_rank_d, priority_bursts_d, attributes_prot_d, attributes_cache_d,
        attributes_qos_d, stream_tid_d, stream_tdest_d};

    // ------------------------------------------------------------------------
    // Checks: live in every simulation and in the proof, absent from synthesis

`ifndef SYNTHESIS
    initial if (ADDR_HIGH_W < 1 || ADDR_HIGH_W > 16) $fatal(1, "ADDR_HIGH_W");

    logic asked_q;  // for a register that is there, the clock before

    always @(posedge clk) asked_q <= rd_valid && rd_hit;

    logic live_q;  // the clock before was out of reset

    always @(posedge clk) live_q <= rst_n;

    // irq_status_done: only a one written to it clears a bit, and set wins
    logic irq_status_done_want_q;
    always @(posedge clk) begin
        irq_status_done_want_q <= (irq_status_wr ? irq_status_done_q & ~wr_data[0] :
            irq_status_done_q) | irq_status_done_set;
        if (rst_n && live_q) assert (irq_status_done_q == irq_status_done_want_q);
    end

    // irq_status_halted: only a one written to it clears a bit, and set wins
    logic irq_status_halted_want_q;
    always @(posedge clk) begin
        irq_status_halted_want_q <= (irq_status_wr ? irq_status_halted_q & ~wr_data[1] :
            irq_status_halted_q) | irq_status_halted_set;
        if (rst_n && live_q) assert (irq_status_halted_q == irq_status_halted_want_q);
    end

    // irq_status_stopped: only a one written to it clears a bit, and set wins
    logic irq_status_stopped_want_q;
    always @(posedge clk) begin
        irq_status_stopped_want_q <= (irq_status_wr ? irq_status_stopped_q & ~wr_data[2] :
            irq_status_stopped_q) | irq_status_stopped_set;
        if (rst_n && live_q) assert (irq_status_stopped_q == irq_status_stopped_want_q);
    end

    generate if (WATCHDOG != 0) begin : g_irq_status_watchdog_check
        // irq_status_watchdog: only a one written to it clears a bit, and set wins
        logic irq_status_watchdog_want_q;
        always @(posedge clk) begin
            irq_status_watchdog_want_q <= (irq_status_wr ? irq_status_watchdog_q & ~wr_data[3] :
                irq_status_watchdog_q) | irq_status_watchdog_set;
            if (rst_n && live_q) assert (irq_status_watchdog_q == irq_status_watchdog_want_q);
        end
    end endgenerate

    always @(posedge clk) if (rst_n) begin
        // A hit is exactly one register's strobe
        if (wr_valid) assert (8'(wr_hit) == 8'(control_wr) + 8'(command_wr) + 8'(irq_status_wr)
            + 8'(irq_enable_wr) + 8'(ring_base_wr) + 8'(ring_base_high_wr) + 8'(ring_size_wr) +
            8'(producer_wr) + 8'(budget_wr) + 8'(coalesce_wr) + 8'(priority_wr) +
            8'(attributes_wr) + 8'(snapshot_wr) + 8'(stream_wr));

        // What is not there reads zero
        if (!asked_q) assert (rd_data == '0);
    end
`endif

endmodule

`default_nettype wire
