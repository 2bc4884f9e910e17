// SPDX-License-Identifier: Apache-2.0
//
// dray_wide - judge the second slot of descriptors by what their first slots said, where addresses have more than 32 bits.
//
// A second slot holds bits 47..32 of both addresses. Those of rows hold strides and a number of rows beside, those of other
// types nothing. The bits of a side without an address mean nothing, as its word in the first slot does.
//
//     first slot --> [first_q, one a channel] --> with the second slot: what is wrong, and where a link or a list leads
//
// Latency     none: the second slot is judged while it stands in dray_decode.
// Throughput  1 slot per clock.
// Errors      wrong_type: something where there must be nothing, or a link amid its segment; wrong_addr: a bit above
//             the address width, or a list past the last address.

`default_nettype none

module dray_wide #(
    parameter int ADDR_W   = 40,
    parameter int CHANNELS = 2,
    parameter int CH_W     = 1
) (
    input  wire                clk,
    input  wire  [CH_W-1:0]    channel,      // of the slot at hand

    // First slot
    input  wire                first,        // it is one, and was taken
    input  wire                rows,
    input  wire                link,
    input  wire                list,
    input  wire                scatter,      // the list is the destination's
    input  wire                ignores_src,  // it has no such address
    input  wire                ignores_dst,
    input  wire                past,         // the list would run past 4 GiB, were it in the last of them
    input  wire  [31:3]        src,
    input  wire  [31:3]        dst,
    input  wire  [15:0]        count,        // of elements, or of the link's descriptors

    // Second slot
    input  wire  [31:0]        second_src,
    input  wire  [31:0]        second_dst,
    input  wire  [31:0]        second_high,
    input  wire  [15:0]        second_rows,
    input  wire                amid,         // no link can stand there

    // ... and its first one
    output logic               was_rows,
    output logic               was_link,
    output logic               was_list,
    output logic               wrong_type,
    output logic               wrong_addr,
    output logic [ADDR_W-1:3]  place,        // of the link's segment, or of the list
    output logic [15:0]        place_count
);

    localparam int HIGH_W  = ADDR_W - 32;
    localparam int FIRST_W = 52;

    localparam logic [15:0] HIGH_MASK = 16'(17'h1ffff << HIGH_W);  // bits above the address width

    // ------------------------------------------------------------------------
    // State: of the newest first slot of each channel

    logic [CHANNELS-1:0][FIRST_W-1:0] first_q;

    wire [28:0]        first_place = list && scatter ? dst : src;
    wire [FIRST_W-1:0] first_d     = {rows, link, list, scatter, ignores_src, ignores_dst, past, count, first_place};

    for (genvar c = 0; c < CHANNELS; c++) begin : g_channel
        always_ff @(posedge clk) if (first && channel == CH_W'(c)) first_q[c] <= first_d;
    end

    wire        was_scatter, ignored_src, ignored_dst, was_past;
    wire [28:0] low;

    assign {was_rows, was_link, was_list, was_scatter, ignored_src, ignored_dst, was_past, place_count, low} = first_q[channel];

    // ------------------------------------------------------------------------
    // Both together

    wire [15:0]       src_high   = second_high[15:0];
    wire [15:0]       dst_high   = second_high[31:16];
    wire [HIGH_W-1:0] place_high = HIGH_W'(was_list && was_scatter ? dst_high : src_high);
    wire              has_more   = second_src != '0 || second_dst != '0 || second_rows != '0;
    wire              src_wrong  = !ignored_src && (src_high & HIGH_MASK) != '0;
    wire              dst_wrong  = !ignored_dst && (dst_high & HIGH_MASK) != '0;

    assign wrong_type = (!was_rows && has_more) || (was_link && amid);
    assign wrong_addr = src_wrong || dst_wrong || (was_list && was_past && &place_high);
    assign place      = {place_high, low};

endmodule

`default_nettype wire
