// SPDX-License-Identifier: Apache-2.0
//
// dray_stream - the buffer of one channel's stream, from memory.
//
// Data that waits for tready waits here, never in the shared data path: a read for this stream is
// asked for only when there is room for its beats. A descriptor is a packet; one that was cut short is
// closed by a beat of TKEEP 0 with TLAST, unless none of its beats has gone out.
//
//     dray_align --> [queue] --> m_axis
//                         `----> ends of jobs --> dray_retire
//
// Latency     3 clocks.
// Throughput  1 beat per clock.
// Errors      the cause of a job that was cut short goes with its end.
// Proof       rtl/formal/stream.sby

`default_nettype none

module dray_stream #(
    parameter int DATA_W  = 64,
    parameter int BEATS   = 128,  // beats of room
    parameter int BURST   = 16,   // beats of the longest burst
    parameter int OUT_W   = 6,
    parameter int BYTE_LG = $clog2(DATA_W / 8)
) (
    input  wire                 clk,
    input  wire                 rst_n,

    // Room: reserved when a read is asked for, given back when a beat goes out
    input  wire                 reserve,
    input  wire  [OUT_W-1:0]    reserve_beats,
    output logic                room,        // for one more burst
    input  wire                 settled,     // pulse: the channel starts anew, nothing is on its way
    input  wire  [15:0]         ids,         // TDEST, TID of the next packet

    // Beats and ends
    input  wire                 in_valid,
    input  wire  [DATA_W-1:0]   in_data,
    input  wire  [BYTE_LG-1:0]  in_high,
    input  wire                 in_last,
    input  wire                 in_close,
    input  wire  [4:0]          in_cause,

    // AXI4-Stream manager
    output logic                m_axis_tvalid,
    input  wire                 m_axis_tready,
    output logic [DATA_W-1:0]   m_axis_tdata,
    output logic [DATA_W/8-1:0] m_axis_tkeep,
    output logic                m_axis_tlast,
    output logic [7:0]          m_axis_tid,
    output logic [7:0]          m_axis_tdest,

    // Ends of jobs
    output logic                end_valid,
    input  wire                 end_ready,
    output logic [31:0]         end_moved,
    output logic [4:0]          end_cause
);

    localparam int LANES    = DATA_W / 8;
    localparam int DEPTH_LG = $clog2(BEATS + 2);
    localparam int ENTRY_W  = DATA_W + BYTE_LG + 7;
    localparam int ROOM_W   = $clog2(BEATS + 1);

    // ------------------------------------------------------------------------
    // Queue

    wire               head_valid, head_last, head_close, pop;
    wire [4:0]         head_cause;
    wire [BYTE_LG-1:0] head_high;
    wire [DATA_W-1:0]  head_data;

    dray_queue #(.WIDTH(ENTRY_W), .DEPTH_LG(DEPTH_LG)) u_queue (
        .clk, .rst_n,
        .in_valid, .in_data({in_close, in_cause, in_last, in_high, in_data}),
        .out_valid(head_valid), .out_ready(pop),
        .out_data({head_close, head_cause, head_last, head_high, head_data})
    );

    // ------------------------------------------------------------------------
    // State

    logic              packet_q;  // a packet has begun and has not ended
    logic              end_q;     // an end waits for dray_retire
    logic [31:0]       moved_q;   // bytes of the job handed over
    logic [31:0]       end_moved_q;
    logic [4:0]        end_cause_q;
    logic [ROOM_W-1:0] room_q;
    logic              begun_q;   // a beat of the packet was shown, if not taken
    logic [15:0]       ids_q;

    // The end of a job is held back while the end before it waits; nothing else is.
    wire allowed = head_valid && !(head_last && end_q);
    wire silent  = head_close && !packet_q;
    wire shown   = allowed && !silent;
    wire ends    = pop && head_last;

    assign pop = allowed && (silent || m_axis_tready);

    wire [BYTE_LG:0] lanes = head_close ? '0 : head_high == '0 ? (BYTE_LG+1)'(LANES) : {1'b0, head_high};
    wire [31:0]      moved = moved_q + 32'(lanes);

    always_ff @(posedge clk) begin
        if (!rst_n) begin
            packet_q <= 1'b0;
            end_q    <= 1'b0;
            moved_q  <= '0;
        end else begin
            if (pop) packet_q <= !head_last;
            if (pop) moved_q  <= head_last ? '0 : moved;
            end_q <= ends || (end_q && !end_ready);
        end
    end

    // A packet keeps what stood in the register when its first beat was shown.
    wire [15:0] ids_now = begun_q ? ids_q : ids;

    always_ff @(posedge clk) begin
        if (!rst_n) begun_q <= 1'b0;
        else        begun_q <= (begun_q || shown) && !ends;
    end

    always_ff @(posedge clk) ids_q <= ids_now;

    always_ff @(posedge clk) if (ends) begin
        end_moved_q <= moved;
        end_cause_q <= head_cause;
    end

    always_ff @(posedge clk) begin
        if (!rst_n || settled) room_q <= ROOM_W'(BEATS);
        else room_q <= room_q - (reserve ? ROOM_W'(reserve_beats) : '0) + ROOM_W'(pop && !head_close);
    end

    // ------------------------------------------------------------------------
    // Outputs

    assign room          = room_q > ROOM_W'(BURST);
    assign m_axis_tvalid = shown;
    assign m_axis_tdata  = head_data;
    assign m_axis_tlast  = head_last;
    assign m_axis_tid    = ids_now[7:0];
    assign m_axis_tdest  = ids_now[15:8];
    assign end_valid     = end_q;
    assign end_moved     = end_moved_q;
    assign end_cause     = end_cause_q;

    always_comb begin
        for (int l = 0; l < LANES; l++) m_axis_tkeep[l] = (BYTE_LG+1)'(l) < lanes;
    end

`ifndef SYNTHESIS
    initial if (BEATS < 2 * BURST) $fatal(1, "STREAM_BEATS must hold two bursts");

    always @(posedge clk) if (rst_n) begin
        if (!settled) assert (room_q <= ROOM_W'(BEATS));
        if (settled) assert (!head_valid && !in_valid);
    end
`endif

endmodule

`default_nettype wire
