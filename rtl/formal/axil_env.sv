// SPDX-License-Identifier: Apache-2.0
//
// axil_env - dray_axil between a manager that keeps AXI4-Lite's rules and a register block that knows every other word.

`default_nettype none

module axil_env (
    input wire        clk,
    input wire        awvalid,
    input wire [11:0] awaddr,
    input wire        wvalid,
    input wire [31:0] wdata,
    input wire [3:0]  wstrb,
    input wire        bready,
    input wire        arvalid,
    input wire [11:0] araddr,
    input wire        rready,
    input wire [31:0] rd_data   // what the register block answers in the clock behind rd_valid
);

    logic rst_n = 1'b0;
    always @(posedge clk) rst_n <= 1'b1;

    wire        awready, wready, bvalid, arready, rvalid, wr_valid, rd_valid;
    wire [1:0]  bresp, rresp;
    wire [31:0] rdata, wr_data;
    wire [9:0]  wr_addr, rd_addr;

    dray_axil dut (
        .clk, .rst_n, .s_axil_awvalid(awvalid), .s_axil_awready(awready), .s_axil_awaddr(awaddr), .s_axil_wvalid(wvalid),
        .s_axil_wready(wready), .s_axil_wdata(wdata), .s_axil_wstrb(wstrb), .s_axil_bvalid(bvalid), .s_axil_bready(bready),
        .s_axil_bresp(bresp), .s_axil_arvalid(arvalid), .s_axil_arready(arready), .s_axil_araddr(araddr),
        .s_axil_rvalid(rvalid), .s_axil_rready(rready), .s_axil_rdata(rdata), .s_axil_rresp(rresp),
        .wr_valid, .wr_addr, .wr_data, .wr_hit(wr_addr[0]), .rd_valid, .rd_addr, .rd_data, .rd_hit(rd_addr[0])
    );

    wire aw_fire = awvalid && awready;
    wire w_fire  = wvalid && wready;
    wire b_fire  = bvalid && bready;
    wire ar_fire = arvalid && arready;
    wire r_fire  = rvalid && rready;

    // ------------------------------------------------------------------------
    // What went in and has not come out

    logic        write_q, read_q, write_bad_q, read_bad_q, asked_q, b_held_q, r_held_q, told_q;
    logic [1:0]  b_was_q, r_was_q;
    logic [31:0] data_q, r_data_was_q;

    always @(posedge clk) begin
        if (!rst_n) begin
            write_q <= 1'b0;
            read_q  <= 1'b0;
            asked_q <= 1'b0;
            told_q  <= 1'b0;
        end else begin
            write_q <= aw_fire || (write_q && !b_fire);
            read_q  <= ar_fire || (read_q && !r_fire);
            asked_q <= ar_fire;
            told_q  <= asked_q || (told_q && !r_fire);
        end
        b_held_q <= rst_n && bvalid && !bready;
        r_held_q <= rst_n && rvalid && !rready;
    end

    always @(posedge clk) begin
        if (aw_fire) write_bad_q <= wstrb != 4'hf || awaddr[1:0] != 2'b00 || !awaddr[2];
        if (ar_fire) read_bad_q  <= araddr[1:0] != 2'b00 || !araddr[2];
        if (asked_q) data_q <= rd_data;
        b_was_q      <= bresp;
        r_was_q      <= rresp;
        r_data_was_q <= rdata;
    end

    always @(posedge clk) if (rst_n) begin
        // Responses: one each, never before its request, and they stay until they are taken
        assert (bvalid == write_q);
        assert (rvalid == told_q && (!rvalid || read_q) && (!asked_q || read_q));
        assert (read_q == (asked_q || told_q) && dut.asked_q == asked_q && !(asked_q && told_q));
        if (b_held_q) assert (bvalid && bresp == b_was_q);
        if (r_held_q) assert (rvalid && rresp == r_was_q && rdata == r_data_was_q);
        if (bvalid) assert (bresp == (write_bad_q ? 2'b10 : 2'b00));
        if (read_q) assert (dut.r_bad_q == read_bad_q);
        if (rvalid) assert (rresp == (read_bad_q ? 2'b10 : 2'b00) && rdata == data_q);

        // Requests: address and data of a write are taken together, and there is room for their response
        assert (aw_fire == w_fire);
        if (aw_fire) assert (!write_q || b_fire);
        if (ar_fire) assert (!read_q);

        // The register block: each whole write once, no other
        assert (wr_valid == (aw_fire && wstrb == 4'hf && awaddr[1:0] == 2'b00));
        if (wr_valid) assert (wr_addr == awaddr[11:2] && wr_data == wdata);
        assert (rd_valid == ar_fire);
        if (rd_valid) assert (rd_addr == araddr[11:2]);

        cover (b_fire && aw_fire && bresp == 2'b10);
        cover (r_held_q && r_fire);
    end

endmodule

`default_nettype wire
