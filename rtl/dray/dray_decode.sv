// SPDX-License-Identifier: Apache-2.0
//
// dray_decode - turn fetched descriptors into jobs, as they come in.
//
// Descriptors are put together from their beats, checked as read and handed on at once: dray_fetch asks
// for a descriptor only when dray_jobs has a place for it, so nothing here ever waits. A link moves the
// position of its channel in the next clock, whatever the jobs before it are waiting for.
//
//     fetched beats --> [desc_q] --> checks --> step (dray_channel)
//                                        `----> job (dray_jobs, dray_retire)
//
// Where addresses have more than 32 bits any type may have a second slot, which holds the rest of them: a link or a list is
// whole with that one, and dray_wide keeps until then what its first slot said.
//
// Latency     1 clock from the last fetched beat to the job.
// Throughput  1 beat per clock.
// Errors      a descriptor that came back with an error, or is stale, of no type, empty or out of the
//             address range is a job of kind ERROR; its channel decodes no further.

`default_nettype none

module dray_decode #(
    parameter int DATA_W   = 64,
    parameter int ADDR_W   = 32,
    parameter int CHANNELS = 2,
    parameter int CH_W     = 1,
    parameter int BYTES    = 1,
    parameter int FILL     = 1,
    parameter int ROWS     = 1,
    parameter int LISTS    = 1,
    parameter int STREAM_OUT = 0,
    parameter int STREAM_IN  = 0
) (
    input  wire                     clk,
    input  wire                     rst_n,

    // Fetched beats: whole descriptors, never interleaved
    input  wire                     in_valid,
    input  wire  [CH_W-1:0]         in_channel,
    input  wire                     in_epoch,
    input  wire  [DATA_W-1:0]       in_data,
    input  wire  [1:0]              in_resp,   // AXI code, or RESP_FAULT: refused, one beat for all

    // Channels: their position, from dray_channel
    input  wire  [CHANNELS-1:0]     run,
    input  wire  [CHANNELS-1:0]     settled,   // pulse: the channel starts anew
    input  wire  [CHANNELS-1:0]     epoch,     // what was fetched in another one is worthless
    input  wire  [CHANNELS-1:0]     cyclic,    // no write-back into this ring
    input  wire  [CHANNELS-1:0]     amid,    // no link can stand there
    input  wire  [CHANNELS-1:0]     alone,     // no second slot can follow
    input  wire  [CHANNELS-1:0]     generation,
    input  wire  [CHANNELS-1:0]     over,      // the budget of segments is spent
    output logic [CHANNELS-1:0]     step,
    output logic                    step_two,  // it says that it has a second slot
    output logic                    step_link, // ... that it is a link
    output logic                    jumps,     // it may be a good link
    output logic [CHANNELS-1:0]     linked,    // it is one, to
    output logic [ADDR_W-1:4]       link_target,
    output logic [15:0]             link_end,  // low bits of the address behind the segment there

    // Jobs, and their second slots: strides in place of addresses, above them the high address bits; rows in place of the length
    output logic [CHANNELS-1:0]     job_valid,
    output logic                    job_second,
    output logic                    job_two,   // a second slot follows
    output logic [CH_W-1:0]         job_channel,
    output logic [1:0]              job_kind,
    output logic [4:0]              job_cause,
    output logic [ADDR_W-1:0]       job_src,
    output logic [ADDR_W-1:0]       job_dst,
    output logic [31:0]             job_len,
    output logic                    job_list,    // one side is a list
    output logic                    job_scatter, // ... the destination
    output logic                    job_list_known, // where a list stands is known with this slot:
    output logic [ADDR_W-1:3]       job_list_addr,
    output logic [15:0]             job_list_count,
    output logic                    job_stream,
    output logic                    job_from,  // its source is the stream
    output logic                    job_fence,
    output logic                    job_irq,
    output logic                    job_back,
    output logic                    job_generation,
    output logic [11:0]             job_tag,
    output logic [CHANNELS-1:0]     holding,   // a descriptor of the channel stands here
    output logic [CHANNELS-1:0]     reads_none // the newest job of the channel reads no data
);

    localparam int SLOT_BEATS = 128 / DATA_W;
    localparam int COUNT_W    = SLOT_BEATS > 2 ? 2 : 1;
    localparam int ALIGN      = BYTES != 0 ? 0 : $clog2(DATA_W / 8);
    localparam int WIDE       = ADDR_W > 32 ? 1 : 0;
    localparam int TWO        = ROWS != 0 || WIDE != 0 ? 1 : 0;

    localparam logic [COUNT_W-1:0] LAST_BEAT = COUNT_W'(SLOT_BEATS - 1);
    localparam logic [31:0]        LEN_MASK  = (32'd1 << ALIGN) - 32'd1;
    localparam logic [12:0]        PAST_MASK = ~((13'd1 << (dray_pkg::min(ADDR_W, 32) - 19)) - 13'd1);
    localparam logic [31:0]        HIGH_MASK = ~((32'd1 << ADDR_W) - 32'd1);  // all address bits fit: 0

    // ------------------------------------------------------------------------
    // State

    logic [COUNT_W-1:0] beat_q;     // of the descriptor that is coming in
    logic               valid_q;    // desc_q holds a descriptor
    logic [CH_W-1:0]    channel_q;
    logic               epoch_q;
    logic [127:0]       desc_q;
    logic [1:0]         resp_q;

    // What was found out while its last beat came in
    logic               link_q, fill_q, rows_q, two_q, list_q;
    logic [ADDR_W-1:3]  list_addr_q;
    logic               link_good_q;                                // a link, and right as far as it says itself
    logic               type_wrong_q, len_wrong_q, addr_wrong_q, list_past_q;  // as a first slot
    logic               second_wrong_q, zero_wrong_q, rows_none_q;  // as a second slot

    logic [CHANNELS-1:0] dead_q;    // an ERROR job was handed on: decode no further
    logic [CHANNELS-1:0] reads_none_q;
    logic [CHANNELS-1:0] second_q;  // the next slot of the channel is the second of its descriptor

    // ------------------------------------------------------------------------
    // The descriptor that is whole with this beat: what its own words say

    logic [127:0] whole;

    if (DATA_W == 128) begin : g_whole
        assign whole = in_data;
    end else begin : g_beats
        assign whole = {in_data, desc_q[127:DATA_W]};
    end

    wire [31:0] in_src  = whole[31:0];
    wire [31:0] in_dst  = whole[63:32];
    wire [31:0] in_len  = whole[95:64];
    wire [31:0] in_ctrl = whole[127:96];

    wire [2:0] desc_type   = in_ctrl[2:0];
    wire       has_two     = in_ctrl[3];
    wire       to_stream   = in_ctrl[8];
    wire       from_stream = STREAM_IN != 0 && in_ctrl[9];
    wire       scatter     = in_ctrl[10];
    wire [3:0] reserved_hi = in_ctrl[31:28];

    wire stream_built = STREAM_OUT[32'(in_channel)];
    wire from_built   = STREAM_IN[32'(in_channel)];

    wire is_link  = desc_type == dray_regs_pkg::DRAY_DESC_TYPE_LINK;
    wire is_copy  = desc_type == dray_regs_pkg::DRAY_DESC_TYPE_LINEAR;
    wire is_fill  = FILL != 0 && desc_type == dray_regs_pkg::DRAY_DESC_TYPE_FILL;
    wire is_rows  = ROWS != 0 && desc_type == dray_regs_pkg::DRAY_DESC_TYPE_ROWS;
    wire is_list  = LISTS != 0 && desc_type == dray_regs_pkg::DRAY_DESC_TYPE_LIST;
    wire gathers  = is_list && !scatter;
    wire scatters = is_list && scatter;

    wire [6:0] reserved = {in_ctrl[15:11], scatter && !is_list, in_ctrl[9] && STREAM_IN == 0};

    wire two_wrong  = WIDE != 0 ? is_rows && !has_two : has_two != is_rows;
    wire type_wrong = !(is_copy || is_fill || is_rows || is_list || is_link) || two_wrong || reserved != '0 ||
                      reserved_hi != '0 || (to_stream && (!stream_built || !(is_copy || gathers))) ||
                      (from_stream && (!from_built || !is_copy || to_stream));

    wire counts    = is_link || is_list;  // the length is a number of things
    wire len_none  = in_len == '0;
    wire len_wrong = len_none || (!counts && (in_len & LEN_MASK) != '0) || (counts && in_len[31:16] != '0);

    // A list never runs past the last address. Its elements are looked at as they come in.
    wire [31:0] in_list    = scatter ? in_dst : in_src;
    wire [16:0] list_end   = 17'(in_list[18:3]) + {1'b0, in_len[15:0]};
    wire        list_past  = list_end[16] && list_end[15:0] != '0 && (in_list[31:19] | PAST_MASK) == '1;

    wire src_high   = (in_src & HIGH_MASK) != '0;
    wire dst_high   = (in_dst & HIGH_MASK) != '0;
    wire unaligned  = (!gathers && !from_stream && (in_src & LEN_MASK) != '0) ||
                      (!to_stream && !scatters && (in_dst & LEN_MASK) != '0);
    wire addr_wrong = (!is_fill && !from_stream && src_high) || (!is_link && !to_stream && dst_high) ||
                      (!is_link && !is_fill && unaligned) || (is_link && in_src[3:0] != '0) || (is_list && in_list[2:0] != '0);

    wire link_wrong = type_wrong || len_none || in_len[31:16] != '0 || in_src[3:0] != '0 || src_high;

    // A second slot: bit 4 of its last word is the generation too.
    wire zero_wrong = in_ctrl[3:0] != '0 || in_ctrl[15:5] != '0;
    wire rows_none  = in_ctrl[31:16] == '0;

    // ------------------------------------------------------------------------
    // The descriptor at hand, and what its channel says to it

    wire [31:0] src  = desc_q[31:0];
    wire [31:0] dst  = desc_q[63:32];
    wire [31:0] len  = desc_q[95:64];
    wire [31:0] ctrl = desc_q[127:96];

    // Its other bits were judged when they came in, and the generation is judged now.
    wire unused = &{1'b0, ctrl[31:28], ctrl[15:11], ctrl[3:0], in_ctrl[4]};

    wire is_second = TWO != 0 && second_q[channel_q];
    wire is_stale  = ctrl[4] != generation[channel_q];
    wire is_over   = over[channel_q];

    wire ends_here = link_q && !(WIDE != 0 && two_q);  // else with its second slot
    wire misplaced = (ends_here && amid[channel_q]) || (two_q && alone[channel_q]) || (ctrl[6] && cyclic[channel_q]);

    // What its first slot said, and what is wrong with the second one for that; where there is no wide address, nothing
    wire                wide_rows, wide_link, wide_list, wide_type, wide_addr;
    wire [ADDR_W-1:3]   wide_place;
    wire [15:0]         wide_count;

    if (WIDE != 0) begin : g_wide
        // A list of one slot stands below 4 GiB, as its elements do.
        wire ignores_src = fill_q || (STREAM_IN != 0 && ctrl[9]);
        wire ignores_dst = link_q || ctrl[8];

        dray_wide #(.ADDR_W(ADDR_W), .CHANNELS(CHANNELS), .CH_W(CH_W)) u_wide (
            .clk, .channel(channel_q),
            .first(step != '0 && !is_second), .rows(rows_q), .link(link_q), .list(list_q), .scatter(ctrl[10]),
            .ignores_src, .ignores_dst, .past(list_past_q), .src(src[31:3]), .dst(dst[31:3]), .count(len[15:0]),
            .second_src(src), .second_dst(dst), .second_high(len), .second_rows(ctrl[31:16]), .amid(amid[channel_q]),
            .was_rows(wide_rows), .was_link(wide_link), .was_list(wide_list),
            .wrong_type(wide_type), .wrong_addr(wide_addr), .place(wide_place), .place_count(wide_count)
        );
    end else begin : g_narrow
        wire unused_first = rows_q;

        assign wide_rows  = 1'b1;
        assign wide_link  = 1'b0;
        assign wide_list  = 1'b0;
        assign wide_type  = 1'b0;
        assign wide_addr  = 1'b0;
        assign wide_place = '0;
        assign wide_count = '0;
    end

    wire wrong_addr   = addr_wrong_q || (WIDE == 0 && list_q && list_past_q);
    wire second_type  = zero_wrong_q || wide_type;
    wire second_len   = rows_none_q && wide_rows;
    wire second_wrong = second_wrong_q || (WIDE != 0 && (wide_type || second_len || wide_addr));
    wire wrong_here = is_second ? second_wrong : type_wrong_q || len_wrong_q || wrong_addr || misplaced;
    wire wrong_type = is_second ? second_type : type_wrong_q || misplaced;
    wire wrong_len  = is_second ? second_len : len_wrong_q;

    // Whether it is bad is needed at once, why only later.
    wire bad = resp_q != 2'b00 || is_over || is_stale || wrong_here;

    logic [4:0] cause;

    always_comb begin
        cause = dray_regs_pkg::DRAY_CAUSE_ADDRESS;
        if      (resp_q == dray_pkg::RESP_FAULT)  cause = dray_regs_pkg::DRAY_CAUSE_FAULT;
        else if (resp_q == 2'b10)                 cause = dray_regs_pkg::DRAY_CAUSE_DESC_SLVERR;
        else if (resp_q == 2'b11)                 cause = dray_regs_pkg::DRAY_CAUSE_DESC_DECERR;
        else if (is_over)                         cause = dray_regs_pkg::DRAY_CAUSE_BUDGET;
        else if (is_stale)                        cause = dray_regs_pkg::DRAY_CAUSE_GENERATION;
        else if (wrong_type)                      cause = dray_regs_pkg::DRAY_CAUSE_TYPE;
        else if (wrong_len)                       cause = dray_regs_pkg::DRAY_CAUSE_LENGTH;
    end

    // ------------------------------------------------------------------------
    // What happens to it

    wire wide_linked = is_second && wide_link && !bad;

    // Where a good link leads is needed first of all, so each channel looks whether it is one of its own.
    for (genvar c = 0; c < CHANNELS; c++) begin : g_channel
        wire here  = valid_q && channel_q == CH_W'(c);
        wire takes = here && run[c] && !dead_q[c] && epoch_q == epoch[c];
        wire fits  = ctrl[4] == generation[c] && !over[c] && !amid[c] && !(ctrl[6] && cyclic[c]) && !(TWO != 0 && second_q[c]);

        assign holding[c]   = here;
        assign step[c]      = takes;
        assign linked[c]    = takes && ((fits && link_good_q) || (WIDE != 0 && wide_linked));
        assign job_valid[c] = takes;
        // A bad one may say so too: nothing is fetched behind it.
        assign reads_none[c] = takes && !is_second ? fill_q || (STREAM_IN != 0 && ctrl[9]) : reads_none_q[c];

        always_ff @(posedge clk) begin
            if (!rst_n || settled[c]) dead_q[c] <= 1'b0;
            else if (takes && bad)    dead_q[c] <= 1'b1;

            if (!rst_n || settled[c]) second_q[c] <= 1'b0;
            else if (takes)           second_q[c] <= job_two;

            reads_none_q[c] <= rst_n && !settled[c] && reads_none[c];
        end
    end

    // ------------------------------------------------------------------------
    // Registers

    wire in_fault = in_resp == dray_pkg::RESP_FAULT;
    wire in_whole = beat_q == LAST_BEAT || in_fault;
    wire in_first = beat_q == '0;

    always_ff @(posedge clk) begin
        if (!rst_n) begin
            beat_q  <= '0;
            valid_q <= 1'b0;
        end else begin
            if (in_valid) beat_q <= in_whole ? '0 : beat_q + 1'b1;
            valid_q <= in_valid && in_whole;
        end
    end

    // A descriptor is as bad as its worst beat.
    wire [1:0] resp = in_first || in_resp > resp_q ? in_resp : resp_q;

    always_ff @(posedge clk) if (in_valid) begin
        channel_q <= in_channel;
        epoch_q   <= in_epoch;
        resp_q    <= resp;
        desc_q    <= whole;

        link_q         <= is_link;
        fill_q         <= is_fill;
        two_q          <= has_two;
        list_q         <= is_list;
        list_addr_q    <= (ADDR_W-3)'(in_list >> 3);
        rows_q         <= is_rows;
        link_good_q    <= is_link && !link_wrong && resp == 2'b00 && !(WIDE != 0 && has_two);
        type_wrong_q   <= type_wrong;
        len_wrong_q    <= len_wrong;
        addr_wrong_q   <= addr_wrong;
        list_past_q    <= list_past;
        second_wrong_q <= zero_wrong || (WIDE == 0 && (rows_none || !len_none)) || unaligned;
        zero_wrong_q   <= zero_wrong;
        rows_none_q    <= rows_none;
    end

    // ------------------------------------------------------------------------
    // Outputs

    // Of a job to a stream only the bits that cuts are made at are looked at.
    wire [11:0] dst_low   = ctrl[8] ? 12'd0 : dst[11:0];
    wire [15:0] rows      = is_second ? ctrl[31:16] : 16'd0;
    wire        plain     = !bad && !is_second;

    // The words of a second slot that is no rows' count as one row.
    wire [31:0] high      = WIDE != 0 && is_second ? len : 32'd0;
    wire [31:0] len_wide  = is_second ? {16'd0, wide_rows ? rows : 16'd1} : len;

    wire        by_second = WIDE != 0 && is_second;

    assign step_two       = two_q;
    assign step_link      = by_second ? wide_link : link_q;
    assign jumps          = valid_q && (link_good_q || (by_second && wide_link));
    assign link_target    = by_second ? wide_place[ADDR_W-1:4] : (ADDR_W-4)'(src >> 4);
    assign link_end       = by_second ? wide_place[19:4] + wide_count : src[19:4] + len[15:0];
    assign job_channel    = channel_q;
    assign job_second     = is_second;
    assign job_two        = two_q && plain;
    assign job_kind       = bad ? dray_pkg::KIND_ERROR : is_second ? dray_pkg::KIND_COPY : link_q ? dray_pkg::KIND_NULL :
                            fill_q ? dray_pkg::KIND_FILL : dray_pkg::KIND_COPY;
    assign job_cause      = cause;
    assign job_src        = ADDR_W'({high[15:0], src});
    assign job_dst        = ADDR_W'({high[31:16], dst[31:12], dst_low});
    assign job_len        = WIDE != 0 ? len_wide : len | 32'(rows);
    assign job_list       = list_q && plain;
    assign job_scatter    = ctrl[10];
    assign job_list_known = (job_list && !(WIDE != 0 && two_q)) || (by_second && wide_list && !bad);
    assign job_list_addr  = by_second ? wide_place : list_addr_q;
    assign job_list_count = by_second ? wide_count : len[15:0];
    assign job_stream     = ctrl[8] && plain;
    assign job_from       = STREAM_IN != 0 && ctrl[9] && plain;
    assign job_fence      = ctrl[7] && plain;
    assign job_irq        = ctrl[5];
    assign job_back       = ctrl[6];
    assign job_generation = ctrl[4];
    assign job_tag        = ctrl[27:16];

`ifndef SYNTHESIS
    always @(posedge clk) if (rst_n) begin
        if (step != '0 && !bad) assert (!(link_q && ctrl[8]));
        if (step != '0) assert ((linked != '0) == ((ends_here && plain) || wide_linked));
        if (step != '0 && plain && link_q) assert (linked != '0 || job_two);
        if (in_valid && in_fault) assert (in_first);
        if (in_valid && !in_first) assert (in_channel == channel_q);
    end
`endif

endmodule

`default_nettype wire
