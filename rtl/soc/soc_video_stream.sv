// SPDX-License-Identifier: Apache-2.0
//
// soc_video_stream - the next pixel of the frame, taken apart from the beats of the stream and kept in step with the scan.
//
// A frame of the stream ends with TLAST. When the stream ends its frame early there are no more pixels until the scan
// begins the next one; when the scan is ready first, the rest of the stream's frame is dropped. A pixel that the scan
// had to do without is dropped when it comes. Dropping takes a pixel a clock, four times the speed of the scan.
//
//     beat --> [beat_q] --> pixel at left_q --> take, or drop
//
// Latency     1 clock from beat to pixel.
// Throughput  a pixel a clock; a beat when its last pixel goes.
// Errors      none here: a pixel that is not there is pixel_valid low.

`default_nettype none

module soc_video_stream #(
    parameter int DATA_W = 64
) (
    input  wire                clk,
    input  wire                rst_n,

    input  wire                enable,
    input  wire                narrow,       // 0: XRGB8888, 1: RGB565
    input  wire                scanning,

    input  wire                s_axis_tvalid,
    output logic               s_axis_tready,
    input  wire  [DATA_W-1:0]  s_axis_tdata,
    input  wire                s_axis_tkeep,
    input  wire                s_axis_tlast,

    input  wire                take,         // the scan shows a pixel in this clock, whether there is one or not
    input  wire                frame_begin,  // the next pixel to be taken is the first of a frame
    output logic               pixel_valid,
    output logic [23:0]        pixel
);

    localparam int HALVES = DATA_W / 16;
    localparam int HALF_W = $clog2(HALVES);
    localparam int DEBT_W = 20;  // holds a frame of pixels

    // ------------------------------------------------------------------------
    // State

    logic [DATA_W-1:0] beat_q;
    logic              last_q;    // beat_q ends the stream's frame
    logic              held_q;    // a pixel is left in beat_q
    logic [HALF_W-1:0] half_q;    // its lowest 16 bits
    logic              ended_q;   // the stream's frame is over, the scan's is not
    logic              skip_q;    // the scan's frame is over, the stream's is not
    logic [DEBT_W-1:0] debt_q;    // pixels of this frame that the scan did without and the stream still has

    localparam logic [HALF_W-1:0] LAST_HALF = '1;

    wire [HALF_W-1:0] step     = narrow ? HALF_W'(1) : HALF_W'(2);
    wire              is_last  = half_q >= LAST_HALF - (step - 1'b1);
    wire              late     = debt_q != '0 || skip_q;
    wire              drop     = held_q && late && !ended_q;
    wire              use_it   = take && pixel_valid;
    wire              go       = drop || use_it;
    wire              over     = go && is_last;              // beat_q is used up
    wire              ends     = over && last_q;             // and the stream's frame with it
    wire              s_fire   = s_axis_tvalid && s_axis_tready;
    wire              bare_end = s_fire && !s_axis_tkeep && s_axis_tlast;
    wire              finish   = ends || bare_end;

    // A held beat of the next frame waits for the scan to begin it.
    assign pixel_valid   = held_q && !late && !ended_q;
    assign s_axis_tready = enable && scanning && (!held_q || over) && !ended_q && !ends;

    // ------------------------------------------------------------------------
    // Pixel

    wire [31:0] wide = 32'(beat_q >> {half_q, 4'd0});
    wire [4:0]  red5   = wide[15:11];
    wire [5:0]  green6 = wide[10:5];
    wire [4:0]  blue5  = wide[4:0];

    assign pixel = narrow ? {red5, red5[4:2], green6, green6[5:4], blue5, blue5[4:2]} : wide[23:0];

    // ------------------------------------------------------------------------
    // Registers

    always_ff @(posedge clk) begin
        if (!rst_n || !enable) begin
            held_q  <= 1'b0;
            ended_q <= 1'b0;
            skip_q  <= 1'b0;
            debt_q  <= '0;
        end else begin
            held_q <= (s_fire && s_axis_tkeep) || (held_q && !over);

            // Whichever frame ends first waits for, or runs after, the other.
            if (frame_begin) ended_q <= 1'b0;
            else if (finish && !skip_q) ended_q <= 1'b1;
            if (finish) skip_q <= 1'b0;
            else if (frame_begin && !ended_q) skip_q <= 1'b1;

            // While the stream is still in an older frame, what the scan misses is owed by the next one.
            if (frame_begin || ended_q || (finish && !skip_q)) debt_q <= '0;
            else debt_q <= debt_q + DEBT_W'(take && !pixel_valid) - DEBT_W'(drop && !skip_q);
        end
    end

    always_ff @(posedge clk) begin
        if (s_fire) {last_q, beat_q} <= {s_axis_tlast, s_axis_tdata};
        if (s_fire) half_q <= '0;
        else if (go) half_q <= half_q + step;
    end

    wire unused_ok = &{1'b0, wide[31:24]};

`ifndef SYNTHESIS
    initial if (DATA_W != 32 && DATA_W != 64 && DATA_W != 128) $fatal(1, "DATA_W");
`endif

endmodule

`default_nettype wire
