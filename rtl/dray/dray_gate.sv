// SPDX-License-Identifier: Apache-2.0
//
// dray_gate - what stands between the burst generators and the bus, and trusts neither.
//
// Both directions are judged by tables that only this register port writes; it has a reset of its own,
// so that a reset of the engine opens nothing. SYNC counts down the responses that were outstanding
// when it was written: with one ID they come back in order.
//
//     read bursts  --> dray_gate_check --> AR     s_axil --> registers, window, guard
//     write bursts --> dray_gate_check --> AW
//
// Latency     2 clocks a burst.
// Throughput  1 burst per clock and direction.
// Errors      the first refusal is kept as a fault record until software clears it; all are counted.
// After reset the guard is cleared, one frame of one channel a clock; until then everything is refused.

`default_nettype none

module dray_gate #(
    parameter int ADDR_W   = 32,
    parameter int CHANNELS = 2,
    parameter int CH_W     = 1,
    parameter int READ_SIDE_W  = 8,
    parameter int WRITE_SIDE_W = 8,
    parameter int WINDOW   = 64,
    parameter int PAGE_LG  = 12,
    parameter int GUARD_FRAMES = 4096,
    parameter logic [47:0] WINDOW_BASE = 48'hC000_0000,
    parameter logic [47:0] GUARD_BASE  = 48'h4000_0000
) (
    input  wire                     clk,
    input  wire                     rst_n,

    // AXI4-Lite subordinate
    input  wire                     s_axil_awvalid,
    output logic                    s_axil_awready,
    input  wire  [11:0]             s_axil_awaddr,
    input  wire                     s_axil_wvalid,
    output logic                    s_axil_wready,
    input  wire  [31:0]             s_axil_wdata,
    input  wire  [3:0]              s_axil_wstrb,
    output logic                    s_axil_bvalid,
    input  wire                     s_axil_bready,
    output logic [1:0]              s_axil_bresp,
    input  wire                     s_axil_arvalid,
    output logic                    s_axil_arready,
    input  wire  [11:0]             s_axil_araddr,
    output logic                    s_axil_rvalid,
    input  wire                     s_axil_rready,
    output logic [31:0]             s_axil_rdata,
    output logic [1:0]              s_axil_rresp,

    // Read bursts
    input  wire                     read_valid,
    output logic                    read_ready,
    input  wire                     read_look,
    input  wire  [CH_W-1:0]         read_channel,
    input  wire  [ADDR_W-1:0]       read_addr,
    input  wire  [READ_SIDE_W-1:0]  read_side,
    output logic                    read_out_valid,
    input  wire                     read_out_ready,
    output logic                    read_out_refused,
    output logic [CH_W-1:0]         read_out_channel,
    output logic [ADDR_W-1:0]       read_out_addr,
    output logic [READ_SIDE_W-1:0]  read_out_side,

    // Write bursts
    input  wire                     write_valid,
    output logic                    write_ready,
    input  wire                     write_look,
    input  wire  [CH_W-1:0]         write_channel,
    input  wire  [ADDR_W-1:0]       write_addr,
    input  wire  [WRITE_SIDE_W-1:0] write_side,
    output logic                    write_out_valid,
    input  wire                     write_out_ready,
    output logic                    write_out_refused,
    output logic [CH_W-1:0]         write_out_channel,
    output logic [ADDR_W-1:0]       write_out_addr,
    output logic [WRITE_SIDE_W-1:0] write_out_side,
    input  wire                     write_void,    // the burst at the output is given up, not sent

    // Last responses, with the channel they belong to
    input  wire                     read_done,
    input  wire  [CH_W-1:0]         read_done_channel,
    input  wire                     write_done,
    input  wire  [CH_W-1:0]         write_done_channel
);

    localparam int INDEX_W   = WINDOW > 1 ? $clog2(WINDOW) : 1;
    localparam int FRAMES_LG = $clog2(GUARD_FRAMES);
    localparam int FRAME_W   = ADDR_W - PAGE_LG;
    localparam int ENTRY_W   = FRAME_W + 6;
    localparam int PLACE_W   = FRAMES_LG + (CHANNELS > 1 ? CH_W : 0);

    localparam logic [PLACE_W-1:0] LAST_PLACE = PLACE_W'((CHANNELS << FRAMES_LG) - 1);

    // ------------------------------------------------------------------------
    // Registers that software sees

    wire        wr_valid, wr_hit, rd_valid, rd_hit, regs_wr_hit, regs_rd_hit;
    wire [9:0]  wr_addr, rd_addr;
    wire [31:0] wr_data, rd_data;

    dray_axil u_axil (
        .clk, .rst_n,
        .s_axil_awvalid, .s_axil_awready, .s_axil_awaddr, .s_axil_wvalid, .s_axil_wready, .s_axil_wdata,
        .s_axil_wstrb, .s_axil_bvalid, .s_axil_bready, .s_axil_bresp, .s_axil_arvalid, .s_axil_arready,
        .s_axil_araddr, .s_axil_rvalid, .s_axil_rready, .s_axil_rdata, .s_axil_rresp,
        .wr_valid, .wr_addr, .wr_data, .wr_hit, .rd_valid, .rd_addr, .rd_data, .rd_hit
    );

    // 0x000: registers; 0x400 + 4 n: window entry n, write only
    wire wr_low       = wr_addr[9:5] == '0;
    wire rd_low       = rd_addr[9:5] == '0;
    wire [8:0] entry_least = {1'b0, wr_addr[7:0]} + 9'd1;  // entries that a window with this one has at least
    wire entry_hit    = wr_addr[9:8] == 2'b01 && entry_least <= 9'(WINDOW);
    wire window_write = wr_valid && entry_hit;

    assign wr_hit  = wr_low ? regs_wr_hit : entry_hit;
    assign rd_hit  = rd_low && regs_rd_hit;

    logic              ready_q;
    logic              set_wr, set_read, set_write, sync_wr, sync_value_unused;
    logic [23:0]       set_frame;
    logic [2:0]        set_channel;
    logic              fault_held, fault_now;
    logic [15:0]       fault_count_q;
    logic [47:0]       fault_addr_q;
    logic [2:0]        fault_cause_q, fault_channel_q;
    logic              fault_write_q;
    logic [15:0]       frame_high;
    logic [8:0]        pending_reads_q, pending_writes_q;
    logic [8*8-1:0]    reads_out, writes_out;

    dray_gate_regs u_regs (
        .clk, .rst_n,
        .wr_valid(wr_valid && wr_low), .wr_addr(wr_addr[4:0]), .wr_data, .wr_hit(regs_wr_hit),
        .rd_valid(rd_valid && rd_low), .rd_addr(rd_addr[4:0]), .rd_data, .rd_hit(regs_rd_hit),
        .capabilities_window      (9'(WINDOW)),
        .capabilities_page_lg     (4'(PAGE_LG)),
        .capabilities_channels    (4'(CHANNELS)),
        .capabilities_addr_width  (6'(ADDR_W)),
        .capabilities_ready       (ready_q),
        .window_base_addr         (WINDOW_BASE[31:0]),
        .guard_base_addr          (GUARD_BASE[31:0]),
        .guard_size_frames        (32'(GUARD_FRAMES)),
        .guard_set_wr             (set_wr),
        .guard_set_frame_wdata    (set_frame),
        .guard_set_may_read_wdata (set_read),
        .guard_set_may_write_wdata(set_write),
        .guard_set_channel_wdata  (set_channel),
        .sync_wr                  (sync_wr),
        .sync_pending             (sync_q || pending_reads_q != '0 || pending_writes_q != '0),
        .sync_pending_wdata       (sync_value_unused),
        .fault_status_valid_set   (fault_now),
        .fault_status_valid_q     (fault_held),
        .fault_status_count       (fault_count_q),
        .fault_addr_addr          (fault_addr_q[31:0]),
        .fault_addr_high_addr     (fault_addr_q[47:32]),
        .fault_info_cause         (fault_cause_q),
        .fault_info_is_write      (fault_write_q),
        .fault_info_channel       (fault_channel_q),
        .window_high_frame_q      (frame_high),
        .outstanding0_reads(reads_out[7:0]),   .outstanding0_writes(writes_out[7:0]),
        .outstanding1_reads(reads_out[15:8]),  .outstanding1_writes(writes_out[15:8]),
        .outstanding2_reads(reads_out[23:16]), .outstanding2_writes(writes_out[23:16]),
        .outstanding3_reads(reads_out[31:24]), .outstanding3_writes(writes_out[31:24]),
        .outstanding4_reads(reads_out[39:32]), .outstanding4_writes(writes_out[39:32]),
        .outstanding5_reads(reads_out[47:40]), .outstanding5_writes(writes_out[47:40]),
        .outstanding6_reads(reads_out[55:48]), .outstanding6_writes(writes_out[55:48]),
        .outstanding7_reads(reads_out[63:56]), .outstanding7_writes(writes_out[63:56])
    );

    // ------------------------------------------------------------------------
    // Tables: after reset they are cleared from one end to the other

    logic [PLACE_W-1:0] sweep_q;

    wire               set_in_range = 32'(set_frame) < GUARD_FRAMES && 4'(set_channel) < 4'(CHANNELS);
    wire [PLACE_W-1:0] set_place    = PLACE_W'({CH_W'(set_channel), FRAMES_LG'(set_frame)});

    // A write stands in a register for one clock: it is in force when it is answered.
    logic               guard_write, guard_read_bit, guard_write_bit, entry_write;
    logic [PLACE_W-1:0] guard_index;
    logic [INDEX_W-1:0] entry_index;
    logic [ENTRY_W-1:0] entry_word;

    always_ff @(posedge clk) begin
        guard_write     <= rst_n && (!ready_q || (set_wr && set_in_range));
        entry_write     <= rst_n && (!ready_q || window_write);
        guard_index     <= ready_q ? set_place : sweep_q;
        guard_read_bit  <= ready_q && set_read;
        guard_write_bit <= ready_q && set_write;
        entry_index     <= ready_q ? INDEX_W'(wr_addr) : INDEX_W'(sweep_q);
        entry_word      <= ENTRY_W'({frame_high, wr_data[31:1], ready_q && wr_data[0]});  // cleared: not valid
    end

    always_ff @(posedge clk) begin
        if (!rst_n) begin
            ready_q <= 1'b0;
            sweep_q <= '0;
        end else if (!ready_q) begin
            ready_q <= sweep_q == LAST_PLACE;
            sweep_q <= sweep_q + 1'b1;
        end
    end

    // ------------------------------------------------------------------------
    // Both directions

    wire            read_admit, write_admit;
    wire            read_look_unused, write_out_look;
    wire [CH_W-1:0] read_next, write_next;  // their channels
    wire [2:0]      read_cause, write_cause;

    dray_gate_check #(
        .ADDR_W(ADDR_W), .CHANNELS(CHANNELS), .CH_W(CH_W), .SIDE_W(READ_SIDE_W), .IS_WRITE(0),
        .WINDOW(WINDOW), .PAGE_LG(PAGE_LG), .FRAMES_LG(FRAMES_LG), .INDEX_W(INDEX_W),
        .WINDOW_BASE(WINDOW_BASE), .GUARD_BASE(GUARD_BASE)
    ) u_read (
        .clk, .rst_n,
        .in_valid(read_valid), .in_ready(read_ready), .in_look(read_look), .in_channel(read_channel),
        .in_addr(read_addr), .in_side(read_side),
        .out_valid(read_out_valid), .out_ready(read_out_ready), .out_look(read_look_unused), .out_refused(read_out_refused),
        .out_cause(read_cause), .out_channel(read_out_channel), .out_addr(read_out_addr),
        .out_side(read_out_side), .admit(read_admit), .admit_channel(read_next),
        .closed(!ready_q), .window_write(entry_write), .window_index(entry_index), .window_entry(entry_word),
        .guard_write, .guard_index, .guard_bit(guard_read_bit)
    );

    dray_gate_check #(
        .ADDR_W(ADDR_W), .CHANNELS(CHANNELS), .CH_W(CH_W), .SIDE_W(WRITE_SIDE_W), .IS_WRITE(1),
        .WINDOW(WINDOW), .PAGE_LG(PAGE_LG), .FRAMES_LG(FRAMES_LG), .INDEX_W(INDEX_W),
        .WINDOW_BASE(WINDOW_BASE), .GUARD_BASE(GUARD_BASE)
    ) u_write (
        .clk, .rst_n,
        .in_valid(write_valid), .in_ready(write_ready), .in_look(write_look), .in_channel(write_channel),
        .in_addr(write_addr), .in_side(write_side),
        .out_valid(write_out_valid), .out_ready(write_out_ready), .out_look(write_out_look), .out_refused(write_out_refused),
        .out_cause(write_cause), .out_channel(write_out_channel), .out_addr(write_out_addr),
        .out_side(write_out_side), .admit(write_admit), .admit_channel(write_next),
        .closed(!ready_q), .window_write(entry_write), .window_index(entry_index), .window_entry(entry_word),
        .guard_write, .guard_index, .guard_bit(guard_write_bit)
    );

    // ------------------------------------------------------------------------
    // Fault record

    wire read_fault  = read_out_valid && read_out_ready && read_out_refused;
    wire write_fault = write_out_valid && write_out_ready && write_out_refused && !write_void;

    assign fault_now = read_fault || write_fault;

    always_ff @(posedge clk) begin
        if (!rst_n) fault_count_q <= '0;
        else        fault_count_q <= fault_count_q + 16'(read_fault) + 16'(write_fault);
    end

    always_ff @(posedge clk) if (fault_now && !fault_held) begin
        fault_write_q   <= write_fault;
        fault_addr_q    <= 48'(write_fault ? write_out_addr : read_out_addr);
        fault_cause_q   <= write_fault ? write_cause : read_cause;
        fault_channel_q <= 3'(write_fault ? write_out_channel : read_out_channel);
    end

    // ------------------------------------------------------------------------
    // Outstanding bursts: a burst counts from the clock before it stands on the bus

    // What happens comes late in its clock; all of it is counted in the next one, SYNC too.
    wire write_fire = write_out_valid && write_out_ready;

    logic            read_admit_q, read_done_q, write_admit_q, write_done_q, given_up_q, write_fire_q, write_waits_q, sync_q;
    logic [CH_W-1:0] read_next_q, read_done_channel_q, write_next_q, write_done_channel_q, given_up_channel_q;

    always_ff @(posedge clk) begin
        if (!rst_n) begin
            {read_admit_q, read_done_q, write_admit_q, write_done_q, given_up_q, sync_q} <= '0;
        end else begin
            read_admit_q  <= read_admit;
            read_done_q   <= read_done;
            write_admit_q <= write_admit;
            write_done_q  <= write_done;
            given_up_q    <= write_fire && write_void && write_out_look && !write_out_refused;
            sync_q        <= sync_wr;
        end
    end

    always_ff @(posedge clk) begin
        write_fire_q         <= write_fire;
        write_waits_q        <= write_out_valid && !write_out_ready && write_out_look && !write_out_refused;
        read_next_q          <= read_next;
        read_done_channel_q  <= read_done_channel;
        write_next_q         <= write_next;
        write_done_channel_q <= write_done_channel;
        given_up_channel_q   <= write_out_channel;
    end

    wire [8:0] reads, reads_next, writes, writes_next;
    logic      waits_q;

    dray_count #(.WIDTH(9)) u_reads (
        .clk, .rst_n, .more(read_admit_q), .fewer(read_done_q), .again(1'b0), .next(reads_next), .count(reads)
    );
    dray_count #(.WIDTH(9)) u_writes (
        .clk, .rst_n, .more(write_admit_q), .fewer(write_done_q), .again(given_up_q), .next(writes_next), .count(writes)
    );

    // A burst that is given up counts for a SYNC only if it stood at the output when SYNC was written. What SYNC waits
    // for ends before all that came behind it.
    wire       given_counts = given_up_q && waits_q;
    wire [8:0] reads_less   = pending_reads_q - 9'd1;
    wire [8:0] writes_less  = pending_writes_q + {8'hff, write_done_q != given_counts};

    always_ff @(posedge clk) begin
        if (!rst_n) begin
            pending_reads_q  <= '0;
            pending_writes_q <= '0;
            waits_q          <= 1'b0;
        end else if (sync_q) begin
            pending_reads_q  <= reads_next;
            pending_writes_q <= writes_next;
            waits_q          <= write_admit_q || write_waits_q;
        end else begin
            if (write_fire_q) waits_q <= 1'b0;
            if (read_done_q && pending_reads_q != '0)                       pending_reads_q  <= reads_less;
            if ((write_done_q || given_counts) && pending_writes_q != '0)   pending_writes_q <= writes_less;
        end
    end

    for (genvar c = 0; c < 8; c++) begin : g_outstanding
        if (c < CHANNELS) begin : g_count
            wire [7:0] reads_of, reads_of_next, writes_of, writes_of_next;

            wire more_reads   = read_admit_q && read_next_q == CH_W'(c);
            wire fewer_reads  = read_done_q && read_done_channel_q == CH_W'(c);
            wire more_writes  = write_admit_q && write_next_q == CH_W'(c);
            wire fewer_writes = write_done_q && write_done_channel_q == CH_W'(c);
            wire given_up     = given_up_q && given_up_channel_q == CH_W'(c);

            dray_count #(.WIDTH(8)) u_reads_of (
                .clk, .rst_n, .more(more_reads), .fewer(fewer_reads), .again(1'b0), .next(reads_of_next), .count(reads_of)
            );
            dray_count #(.WIDTH(8)) u_writes_of (
                .clk, .rst_n, .more(more_writes), .fewer(fewer_writes), .again(given_up), .next(writes_of_next),
                .count(writes_of)
            );

            assign reads_out[8*c +: 8]  = reads_of;
            assign writes_out[8*c +: 8] = writes_of;

            wire unused = &{1'b0, reads_of_next, writes_of_next};
        end else begin : g_none
            assign reads_out[8*c +: 8]  = '0;
            assign writes_out[8*c +: 8] = '0;
        end
    end

`ifndef SYNTHESIS
    always @(posedge clk) if (rst_n) begin
        assert (pending_reads_q <= reads);
        assert (pending_writes_q <= writes);
    end
`endif

endmodule

`default_nettype wire
