// SPDX-License-Identifier: Apache-2.0
//
// soc_ram - a memory of the chip's own behind the memory bus.
//
// One burst each way at a time. What it does not have, it says: an address beyond BYTES is answered with DECERR.
//
//     AR --> address --> [beats] --> R          AW, W --> [beats], B
//
// Latency     2 clocks from AR to the first beat, 1 from the last W to B.
// Throughput  a beat a clock; bursts one behind the other without a gap.
// Errors      DECERR, and nothing is written.

`default_nettype none

module soc_ram #(
    parameter int DATA_W = 64,
    parameter int BYTES  = 1 << 16  // a power of two, at most half of the memory bus's region
) (
    input  wire                 clk,
    input  wire                 rst_n,

    input  wire                 s_axi_arvalid,
    output logic                s_axi_arready,
    input  wire  [22:0]         s_axi_araddr,
    input  wire  [7:0]          s_axi_arlen,
    output logic                s_axi_rvalid,
    input  wire                 s_axi_rready,
    output logic [DATA_W-1:0]   s_axi_rdata,
    output logic [1:0]          s_axi_rresp,
    output logic                s_axi_rlast,
    input  wire                 s_axi_awvalid,
    output logic                s_axi_awready,
    input  wire  [22:0]         s_axi_awaddr,
    input  wire                 s_axi_wvalid,
    output logic                s_axi_wready,
    input  wire  [DATA_W-1:0]   s_axi_wdata,
    input  wire  [DATA_W/8-1:0] s_axi_wstrb,
    input  wire                 s_axi_wlast,
    output logic                s_axi_bvalid,
    input  wire                 s_axi_bready,
    output logic [1:0]          s_axi_bresp
);

    localparam int STRB_W  = DATA_W / 8;
    localparam int BEAT_LG = $clog2(STRB_W);
    localparam int SIZE_LG = $clog2(BYTES);
    localparam int INDEX_W = SIZE_LG - BEAT_LG;
    localparam logic [1:0] OKAY   = 2'b00;
    localparam logic [1:0] DECERR = 2'b11;

    logic [DATA_W-1:0] beats [0:(1<<INDEX_W)-1];

    // ------------------------------------------------------------------------
    // Reads

    logic               reading_q, read_absent_q;
    logic [INDEX_W-1:0] read_index_q;
    logic [7:0]         read_left_q;  // beats behind this one

    wire ar_fire  = s_axi_arvalid && s_axi_arready;
    wire advance  = !s_axi_rvalid || s_axi_rready;
    wire read_end = advance && read_left_q == '0;

    assign s_axi_arready = !reading_q || read_end;

    always_ff @(posedge clk) begin
        if (!rst_n) begin
            reading_q    <= 1'b0;
            s_axi_rvalid <= 1'b0;
        end else begin
            reading_q <= ar_fire || (reading_q && !read_end);
            if (advance) s_axi_rvalid <= reading_q;
        end
    end

    always_ff @(posedge clk) begin
        if (ar_fire) begin
            read_index_q  <= s_axi_araddr[SIZE_LG-1:BEAT_LG];
            read_absent_q <= s_axi_araddr >> SIZE_LG != '0;
            read_left_q   <= s_axi_arlen;
        end else if (advance) begin
            read_index_q <= read_index_q + 1'b1;
            read_left_q  <= read_left_q - 1'b1;
        end
        if (advance) begin
            s_axi_rresp <= read_absent_q ? DECERR : OKAY;
            s_axi_rlast <= read_left_q == '0;
        end
    end

    always_ff @(posedge clk) begin
        if (advance) s_axi_rdata <= beats[read_index_q];
    end

    // ------------------------------------------------------------------------
    // Writes

    logic               writing_q, write_absent_q;
    logic [INDEX_W-1:0] write_index_q;

    wire aw_fire   = s_axi_awvalid && s_axi_awready;
    wire w_fire    = s_axi_wvalid && s_axi_wready;
    wire write_end = w_fire && s_axi_wlast;
    wire b_room    = !s_axi_bvalid || s_axi_bready;

    assign s_axi_awready = !writing_q || write_end;
    assign s_axi_wready  = writing_q && b_room;

    always_ff @(posedge clk) begin
        if (!rst_n) begin
            writing_q    <= 1'b0;
            s_axi_bvalid <= 1'b0;
        end else begin
            writing_q    <= aw_fire || (writing_q && !write_end);
            s_axi_bvalid <= write_end || !b_room;
        end
    end

    always_ff @(posedge clk) begin
        if (aw_fire) begin
            write_index_q  <= s_axi_awaddr[SIZE_LG-1:BEAT_LG];
            write_absent_q <= s_axi_awaddr >> SIZE_LG != '0;
        end else if (w_fire) begin
            write_index_q <= write_index_q + 1'b1;
        end
        if (write_end) s_axi_bresp <= write_absent_q ? DECERR : OKAY;
    end

    wire [STRB_W-1:0] strb = w_fire && !write_absent_q ? s_axi_wstrb : '0;

    for (genvar i = 0; i < STRB_W; i++) begin : g_lane
        always_ff @(posedge clk) if (strb[i]) beats[write_index_q][8*i +: 8] <= s_axi_wdata[8*i +: 8];
    end

    wire unused_ok = &{1'b0, s_axi_araddr, s_axi_awaddr};

`ifndef SYNTHESIS
    initial if (BYTES != 1 << $clog2(BYTES) || BYTES < 4096 || BYTES > 1 << 22) $fatal(1, "BYTES");
`endif

endmodule

`default_nettype wire
