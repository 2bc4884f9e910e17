// SPDX-License-Identifier: Apache-2.0
//
// dray_commit - the point of no return: here a job begins, goes on, or fails.
//
// Commands arrive in order, judged by the gate. A good one becomes a write address, an entry of the
// response order and work for dray_align. The first error of a channel ends its job here: from then on
// everything of that channel is thrown away until the channel has settled, so nothing behind an error
// ever reaches the bus, and no other channel notices.
//
//     commands --> gate --> [dropping, open] --> [aw_q] --> m_axi_aw
//                                  |-----------> order (dray_retire)
//                                  `-----------> dray_align
//
// Latency     1 clock to the address, which nothing takes back any more.
// Throughput  1 command per clock.
// Errors      the cause goes into the order as the end of the job; error tells the channel.
// Proof       rtl/formal/commit.sby

`default_nettype none

module dray_commit #(
    parameter int ADDR_W   = 32,
    parameter int CHANNELS = 2,
    parameter int CH_W     = 1,
    parameter int BEAT_W   = 5,
    parameter int BYTES_W  = 8,
    parameter int BYTE_LG  = 3,
    parameter int ORDER_LG = 6   // log2 of the entries of the response order
) (
    input  wire                 clk,
    input  wire                 rst_n,

    // Channels
    input  wire  [CHANNELS-1:0] run,       // new jobs may begin
    input  wire  [CHANNELS-1:0] kill,      // nothing may go on
    input  wire  [CHANNELS-1:0] settled,   // pulse: the channel starts from NEXT
    output logic [CHANNELS-1:0] dropping,
    output logic [CHANNELS-1:0] error,     // pulse: a job of the channel failed
    output logic [CHANNELS-1:0] cut,       // the end of a job that was cut short is on its way

    // Commands on their way, and room for more. Data may take less than the whole order, so that what a
    // response brings about, a write-back or a mark, never waits behind data that waits for a response.
    input  wire                 planned,   // a command was sent to the gate
    output logic                room,

    // Commands, judged
    input  wire                 cmd_valid,
    output logic                cmd_ready,
    input  wire                 cmd_refused,
    output logic                cmd_void,  // given up: it is not sent, nor a fault
    input  wire  [CH_W-1:0]     cmd_channel,
    input  wire  [ADDR_W-1:0]   cmd_addr,
    input  wire  [1:0]          cmd_kind,
    input  wire  [4:0]          cmd_cause,
    input  wire                 cmd_job_first,
    input  wire                 cmd_job_last,
    input  wire                 cmd_stream,
    input  wire                 cmd_ends,   // the packet of a job from a stream ends with the job
    input  wire  [BEAT_W-1:0]   cmd_out,
    input  wire                 cmd_head,
    input  wire  [BYTE_LG-1:0]  cmd_low,
    input  wire  [BYTE_LG-1:0]  cmd_high,

    // AXI4 write address channel
    output logic                m_axi_awvalid,
    input  wire                 m_axi_awready,
    output logic [ADDR_W-1:0]   m_axi_awaddr,
    output logic [7:0]          m_axi_awlen,
    output logic [CH_W-1:0]     aw_channel,  // whose address that is

    // Work for the data path: the command itself, and what became of it
    output logic                work_valid,
    input  wire                 work_ready,
    output logic                work_drop,   // take its source beats, write nothing
    output logic                work_close,  // no command: end the stream of work_channel, cut short
    output logic [CH_W-1:0]     work_channel,
    output logic [4:0]          work_cause,

    // Order of the write responses
    output logic                order_valid,
    output logic [1:0]          order_kind,
    output logic [CH_W-1:0]     order_channel,
    output logic                order_last,   // the job ends with it
    output logic                order_ends,   // ... and its packet
    output logic [4:0]          order_cause,
    output logic [BYTES_W-1:0]  order_bytes,
    input  wire                 order_done    // an entry was used up
);

    // Commands are counted a clock late: one more than this may be on its way.
    localparam logic [ORDER_LG:0] DATA_CAP = (ORDER_LG+1)'((1 << ORDER_LG) - 9);

    // ------------------------------------------------------------------------
    // State

    logic [CHANNELS-1:0] dropping_q;  // throw everything away
    logic [CHANNELS-1:0] open_q;      // a job has begun and its end is not in the order
    logic [CHANNELS-1:0] stream_q;    // ... and it goes to the stream
    logic [CHANNELS-1:0] cut_q;       // that job was cut short: its end must be put into the order
    logic [ORDER_LG:0]   used_q;      // entries of the order, and commands that may become one
    logic signed [2:0]   change_q;    // ... and by how much that changed in the clock before

    // ------------------------------------------------------------------------
    // The command at hand

    wire is_data  = cmd_kind == dray_pkg::WRITE_DATA;
    wire is_back  = cmd_kind == dray_pkg::WRITE_BACK;
    wire may_not  = dropping_q[cmd_channel] || kill[cmd_channel] || (cmd_job_first && !run[cmd_channel]);
    wire drop     = is_data && may_not;
    wire fails    = is_data && !drop && (cmd_refused || cmd_cause != dray_regs_pkg::DRAY_CAUSE_NONE);
    wire on_bus   = !drop && !fails && !cmd_refused && cmd_out != '0 && !cmd_stream;

    // Whether a command is taken does not depend on what becomes of it.
    wire       aw_free;
    wire [7:0] len = 8'(cmd_out - 1'b1);
    wire fire = cmd_valid && cmd_ready;

    dray_pass #(.WIDTH(CH_W + ADDR_W + 8)) u_aw (
        .clk, .rst_n,
        .in_valid(fire && on_bus), .in_ready(aw_free), .in_data({cmd_channel, cmd_addr, len}),
        .out_valid(m_axi_awvalid), .out_ready(m_axi_awready), .out_data({aw_channel, m_axi_awaddr, m_axi_awlen})
    );

    wire any_cut = |cut_q;

    assign cmd_ready = work_ready && aw_free && !any_cut;
    assign cmd_void  = drop;

    wire [4:0] cause = cmd_refused ? dray_regs_pkg::DRAY_CAUSE_FAULT : cmd_cause;

    // The end of a stream job is told by its stream.
    wire ends_here = is_data && !drop && !cmd_stream && (fails || (cmd_job_last && !on_bus));
    wire cuts      = drop && !dropping_q[cmd_channel] && !cmd_job_first;

    // ------------------------------------------------------------------------
    // Jobs cut short, when no command is in the way

    logic [CHANNELS-1:0] cut_here;
    logic [CH_W-1:0]     cut_channel;

    always_comb begin
        cut_channel = '0;
        for (int c = CHANNELS - 1; c >= 0; c--) if (cut_q[c]) cut_channel = CH_W'(c);
    end

    wire cut_stream = stream_q[cut_channel];
    wire cut_fire   = any_cut && work_ready && aw_free;

    for (genvar c = 0; c < CHANNELS; c++) begin : g_cut
        assign cut_here[c] = cut_fire && cut_channel == CH_W'(c);
    end

    assign work_close = any_cut;

    // ------------------------------------------------------------------------
    // Outputs

    wire fail_stream = fire && fails && cmd_stream;

    // Bytes of a burst: its beats, less the lanes before the first one and behind the last
    wire [BYTES_W-1:0] full    = BYTES_W'({cmd_out, {BYTE_LG{1'b0}}});
    wire [BYTES_W-1:0] skipped = cmd_head ? BYTES_W'(cmd_low) : '0;
    wire [BYTE_LG:0]   rest    = {1'b1, {BYTE_LG{1'b0}}} - {1'b0, cmd_high};
    wire [BYTES_W-1:0] behind  = cmd_high == '0 ? '0 : BYTES_W'(rest);

    assign work_valid   = cut_fire ? cut_stream : fire;
    assign work_drop    = drop || fails || cmd_refused;
    assign work_channel = any_cut ? cut_channel : cmd_channel;
    assign work_cause   = any_cut ? dray_regs_pkg::DRAY_CAUSE_ABORTED : fails ? cause : dray_regs_pkg::DRAY_CAUSE_NONE;

    assign order_valid   = cut_fire ? !cut_stream : fire && (on_bus || ends_here || !is_data);
    assign order_channel = work_channel;
    assign order_kind    = cut_fire || ends_here ? dray_pkg::WRITE_MARK :
                           is_back && cmd_refused ? dray_pkg::WRITE_FINISH : cmd_kind;
    assign order_last    = cut_fire || (is_data && (cmd_job_last || fails));
    assign order_ends    = !cut_fire && is_data && cmd_job_last && cmd_ends && !fails;
    assign order_cause   = cut_fire ? dray_regs_pkg::DRAY_CAUSE_ABORTED :
                           fails || cmd_refused ? cause : dray_regs_pkg::DRAY_CAUSE_NONE;
    assign order_bytes   = cut_fire || !on_bus ? '0 : full - skipped - behind;
    assign dropping      = dropping_q;
    assign room          = used_q < DATA_CAP;
    assign cut           = cut_q;

    // ------------------------------------------------------------------------
    // Registers

    for (genvar c = 0; c < CHANNELS; c++) begin : g_channel
        wire mine    = cmd_valid && cmd_channel == CH_W'(c) && is_data;
        wire taken   = fire && cmd_channel == CH_W'(c) && is_data;
        wire alone   = kill[c] && !dropping_q[c] && !mine;  // killed with no command at hand

        assign error[c] = taken && fails;

        always_ff @(posedge clk) begin
            if (!rst_n || settled[c])                 dropping_q[c] <= 1'b0;
            else if ((taken && (drop || fails)) || alone) dropping_q[c] <= 1'b1;

            if (!rst_n || settled[c] || cut_here[c])  open_q[c] <= 1'b0;
            else if (taken && !drop)                  open_q[c] <= !cmd_job_last && !fails;

            if (!rst_n || settled[c] || cut_here[c])  cut_q[c] <= 1'b0;
            else if ((taken && cuts) || alone)        cut_q[c] <= open_q[c];
        end

        always_ff @(posedge clk) if (taken && !drop) stream_q[c] <= cmd_stream;
    end

    always_ff @(posedge clk) begin
        if (!rst_n) begin
            used_q   <= '0;
            change_q <= '0;
        end else begin
            used_q   <= used_q + {{ORDER_LG-2{change_q[2]}}, change_q};
            change_q <= 3'(planned) + 3'(cut_fire && !cut_stream) - 3'(order_done) - 3'(fire && !order_valid);
        end
    end

    // ------------------------------------------------------------------------
    // Checks

`ifndef SYNTHESIS
    logic              stalled_q;
    logic [ADDR_W+7:0] stalled_aw_q;

    always @(posedge clk) begin
        stalled_q    <= rst_n && m_axi_awvalid && !m_axi_awready;
        stalled_aw_q <= {m_axi_awaddr, m_axi_awlen};
    end

    always @(posedge clk) if (rst_n) begin
        assert (used_q <= (ORDER_LG+1)'(1 << ORDER_LG));
        if (stalled_q) assert (m_axi_awvalid);
        if (stalled_q) assert ({m_axi_awaddr, m_axi_awlen} == stalled_aw_q);
        if (fire && on_bus) assert (!cmd_refused && cmd_out != '0);
        if (fire && on_bus && is_data) assert (!dropping_q[cmd_channel] && cmd_cause == dray_regs_pkg::DRAY_CAUSE_NONE);
        if (fail_stream) assert (work_valid);
        if (fire && is_data && !drop) assert (open_q[cmd_channel] != cmd_job_first);
    end
`endif

endmodule

`default_nettype wire
