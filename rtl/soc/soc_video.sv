// SPDX-License-Identifier: Apache-2.0
//
// soc_video - the screen: a stream of pixels on the pins of a display, in its own time.
//
// 640 x 480 in 800 x 525 pixels, one every PIXEL_CLOCKS clocks. The scan begins with the first data after ENABLE and then
// never waits: a pixel that is not there in its cycle is magenta and is counted. The stream is kept in step with the scan: a
// pixel that comes too late is dropped, and TLAST ends the frame of the stream, wherever the scan is. Where memory is
// small, each pixel of the stream is shown as a square: along a line the pins keep it, for the lines below it is stored.
//
//     s_axis --> soc_video_stream --> pixel, or magenta --> pins
//                      ^ take, frame end        `--> [line] --^
//     counters --------'
//
// Latency     2 clocks from the cycle of a pixel to its pins.
// Throughput  one pixel in PIXEL_CLOCKS clocks.
// Errors      underruns.

`default_nettype none

module soc_video #(
    parameter int DATA_W       = 64,  // of the stream, bits: 32, 64, 128
    parameter int PIXEL_CLOCKS = 4,   // 2..4
    parameter int SCALE_LG     = 0    // a pixel of the stream is a square of 1 << SCALE_LG pixels: 0..2
) (
    input  wire                 clk,
    input  wire                 rst_n,

    input  wire                 wr_valid,
    input  wire  [1:0]          wr_addr,
    input  wire  [31:0]         wr_data,
    output logic                wr_hit,
    input  wire  [1:0]          rd_addr,
    output logic [31:0]         rd_data,
    output logic                rd_hit,

    // Pixels, lowest byte first; whole pixels only
    input  wire                 s_axis_tvalid,
    output logic                s_axis_tready,
    input  wire  [DATA_W-1:0]   s_axis_tdata,
    input  wire                 s_axis_tkeep,   // of its lowest byte: a beat without bytes only ends a frame
    input  wire                 s_axis_tlast,

    // Pins, active high; they change with video_pixel
    output logic                video_pixel,
    output logic                video_hsync,
    output logic                video_vsync,
    output logic                video_de,
    output logic [23:0]         video_rgb
);

    localparam logic [9:0]  WIDTH       = 10'd640;
    localparam logic [9:0]  HSYNC_FIRST = 10'd656;
    localparam logic [9:0]  HSYNC_END   = 10'd752;
    localparam logic [9:0]  LINE_LAST   = 10'd799;
    localparam logic [9:0]  HEIGHT      = 10'd480;
    localparam logic [9:0]  VSYNC_FIRST = 10'd490;
    localparam logic [9:0]  VSYNC_END   = 10'd492;
    localparam logic [9:0]  FRAME_LAST  = 10'd524;
    localparam logic [23:0] MAGENTA     = 24'hff00ff;
    localparam logic [1:0]  LAST_PHASE  = 2'(PIXEL_CLOCKS - 1);
    localparam logic [9:0]  SQUARE      = 10'((1 << SCALE_LG) - 1);

    // ------------------------------------------------------------------------
    // Registers

    logic [31:0] underruns_q, frames_q;
    logic        scanning_q;
    logic [9:0]  x_q, y_q;      // of the pixel to come
    logic [1:0]  phase_q;       // clocks of this pixel
    wire         enable, format;

    soc_video_regs u_regs (
        .clk, .rst_n, .wr_valid, .wr_addr, .wr_data, .wr_hit, .rd_addr, .rd_data, .rd_hit,
        .control_enable_q (enable),
        .control_format_q (format),
        .status_scanning  (scanning_q),
        .status_line      (y_q),
        .underruns_pixels (underruns_q),
        .frames_count     (frames_q)
    );

    // ------------------------------------------------------------------------
    // Scan

    wire step       = scanning_q && phase_q == LAST_PHASE;
    wire is_visible = x_q < WIDTH && y_q < HEIGHT;
    wire line_end   = x_q == LINE_LAST;
    wire frame_end  = line_end && y_q == FRAME_LAST;
    wire is_column  = (x_q & SQUARE) == '0;   // the first of a square's
    wire is_line    = (y_q & SQUARE) == '0;
    wire take       = step && is_visible && is_column && is_line;
    wire shown      = step && x_q == WIDTH - 1'b1 && y_q == HEIGHT - 1'b1;

    wire        pixel_valid;
    wire [23:0] pixel;

    soc_video_stream #(.DATA_W(DATA_W)) u_stream (
        .clk, .rst_n, .enable, .narrow (format), .scanning (scanning_q),
        .s_axis_tvalid, .s_axis_tready, .s_axis_tdata, .s_axis_tkeep, .s_axis_tlast,
        .take, .frame_begin (step && frame_end), .pixel_valid, .pixel
    );

    always_ff @(posedge clk) begin
        if (!rst_n || !enable) begin
            scanning_q <= 1'b0;
            x_q        <= '0;
            y_q        <= '0;
            phase_q    <= '0;
        end else begin
            scanning_q <= scanning_q || s_axis_tvalid;
            phase_q    <= step ? '0 : phase_q + 2'(scanning_q);
            if (step) x_q <= line_end ? '0 : x_q + 1'b1;
            if (step && line_end) y_q <= frame_end ? '0 : y_q + 1'b1;
        end
    end

    always_ff @(posedge clk) begin
        if (!rst_n) begin
            underruns_q <= '0;
            frames_q    <= '0;
        end else begin
            underruns_q <= underruns_q + 32'(take && !pixel_valid);
            frames_q    <= frames_q + 32'(shown);
        end
    end

    // ------------------------------------------------------------------------
    // Squares: the line that was taken, for those below it

    wire [23:0] fresh = pixel_valid ? pixel : MAGENTA;
    wire [23:0] above;

    generate if (SCALE_LG != 0) begin : g_line
        localparam int LINE_W = 10 - SCALE_LG;

        logic [23:0]       line [0:(1<<LINE_W)-1];
        logic [23:0]       above_q;
        wire  [LINE_W-1:0] square = x_q[9:SCALE_LG];

        always_ff @(posedge clk) begin
            if (take) line[square] <= fresh;
            above_q <= line[square];  // a pixel lasts two clocks at least, so it is there in time
        end

        assign above = above_q;
    end else begin : g_no_line
        assign above = fresh;
    end endgenerate

    // ------------------------------------------------------------------------
    // Pins

    always_ff @(posedge clk) begin
        if (!rst_n || !enable) begin
            video_pixel <= 1'b0;
            video_hsync <= 1'b0;
            video_vsync <= 1'b0;
            video_de    <= 1'b0;
        end else begin
            video_pixel <= step;
            if (step) video_hsync <= x_q >= HSYNC_FIRST && x_q < HSYNC_END;
            if (step) video_vsync <= y_q >= VSYNC_FIRST && y_q < VSYNC_END;
            if (step) video_de    <= is_visible;
        end
    end

    always_ff @(posedge clk) begin
        if (step && !is_visible)    video_rgb <= '0;
        else if (step && is_column) video_rgb <= is_line ? fresh : above;
    end

`ifndef SYNTHESIS
    initial if (PIXEL_CLOCKS < 2 || PIXEL_CLOCKS > 4) $fatal(1, "PIXEL_CLOCKS");
    initial if (SCALE_LG < 0 || SCALE_LG > 2) $fatal(1, "SCALE_LG");
`endif

endmodule

`default_nettype wire
