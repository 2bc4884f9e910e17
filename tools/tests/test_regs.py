#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The register generator: what it writes is linted, simulated, compiled and read back against the description."""

import functools
import itertools
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from cmsis_svd.parser import SVDParser
import cmsis_svd
from lxml import etree
from systemrdl import RDLCompiler
from systemrdl.node import FieldNode, RegNode

from common import run_tool, tree_of
from regs import properties
import tap

# One field of every kind, and one register that may be left out of every kind.
SAMPLE = """
enum cause_e {
    NONE   = 0 { desc = "No error."; };
    SLVERR = 1 { desc = "A subordinate answered SLVERR."; };
    DECERR = 2 { desc = "Nobody answered at that address."; };
};

addrmap demo {
    name = "Registers of the demo";
    desc = "A block that has a field of every kind. It moves nothing.";
    default sw = rw;
    default hw = r;

    enum mode_e { ONCE = 0; CYCLIC = 1; FOREVER = 3; };

    regfile channel_t {
        desc = "Registers of one channel.";
        default sw = rw;
        default hw = r;
        reg {
            desc = "Switches of the channel. Written at any time.";
            field { desc = "The channel runs."; hwclr; } run[0:0] = 0;
            field { desc = "How it goes round."; encode = mode_e; } mode[5:4] = 1;
            field { desc = "Begin again."; sw = w; singlepulse; } restart[8:8] = 0;
            field { desc = "Depth | height."; present_if = "HAS_LISTS"; } deep[15:12] = 5;
            field { desc = "Stop."; sw = w; singlepulse; present_if = "HAS_LISTS"; } stop[16:16] = 0;
        } CONTROL @0x00;
        reg {
            desc = "What the channel does.";
            field { desc = "It is busy."; sw = r; hw = w; } busy[0:0];
            field { desc = "Why it stopped."; sw = r; hw = w; encode = cause_e; } cause[7:4];
            field { desc = "Depth of lists."; sw = r; hw = w; present_if = "HAS_LISTS"; } depth[11:8];
        } STATUS @0x04;
        reg {
            desc = "Interrupts that wait.";
            field { desc = "Sources."; woclr; hwset; } source[3:0] = 0;
            field { desc = "A list ended."; hw = w; woclr; hwset; present_if = "HAS_LISTS"; } list[8:8] = 0;
        } EVENT @0x08;
        reg {
            desc = "First address of the ring.";
            field { desc = "Address."; width_param = "RING_W"; } addr[31:4];
        } RING @0x0c;
        reg {
            desc = "Producer index; a write is the doorbell.";
            field { desc = "Index."; hwclr; swmod; } index[15:0] = 0;
        } PRODUCER @0x10;
        reg {
            desc = "Next slot.";
            field { desc = "Index."; hw = rw; we; } index[15:0] = 0x8001;
        } NEXT @0x14;
        reg {
            desc = "A command word for the list walker.";
            present_if = "HAS_LISTS";
            field { desc = "Operation."; sw = w; passthrough; } op[3:0];
            field { desc = "Operand."; sw = w; passthrough; } arg[31:8];
        } COMMAND @0x18;
        reg {
            desc = "Time until an interrupt.";
            present_if = "HAS_TIMER";
            field { desc = "Clocks."; hwset; } clocks[15:0] = 0x1234;
            field { desc = "Both are built."; present_if = "HAS_LISTS"; } both[31:31] = 1;
        } TIMER @0x1c;
        reg {
            desc = "Lives in the list walker.";
            field { desc = "Value."; hw = rw; passthrough; } value[23:0];
        } WALK @0x24;
    };

    reg {
        name = "Identity";
        desc = "Says who this is, e.g. to a probe. Constant.";
        field { desc = "Letters."; sw = r; hw = na; } letters[31:8] = 0x447261;
        field { desc = "Version."; sw = r; hw = w; } version[7:0];
    } IDENTITY @0x0;
    reg {
        desc = "Holds what is written.";
        field { desc = "Anything."; hw = na; } value[31:0] = 0xcafe0001;
    } SCRATCH @0x4;
    reg {
        desc = "Marks, one a user.";
        field { desc = "Mark."; } mark[7:0] = 0x11;
    } MARK[2] @0x8;
    external reg {
        desc = "Table of somebody else.";
        field { desc = "Frame."; } frame[19:0];
        field { desc = "Entry is valid."; } valid[31:31];
    } ENTRY[16] @0x40;

    channel_t channel[4] @0x100 += 0x80;

    regfile {
        desc = "A timer that lies far apart.";
        reg { desc = "Low."; field { desc = "Bits."; sw = rw; hw = r; } value[31:0] = 7; } LOW @0x0;
        reg { desc = "Start."; field { desc = "Go."; sw = w; hw = r; singlepulse; } go[0:0] = 0; } START @0x7f8;
        reg { desc = "High."; field { desc = "Bits."; sw = r; hw = w; } value[31:0]; } HIGH @0x7fc;
    } far @0x800;

    regfile {
        layout_only;
        desc = "A descriptor in memory.";
        reg { desc = "Source address."; field {} addr[31:0]; } SOURCE @0x0;
        reg { desc = "Control."; field { desc = "Type."; encode = cause_e; } kind[3:0];
              field { desc = "Tag."; } tag[31:20]; } CONTROL @0xc;
    } slot @0x2000;
};

addrmap fault_t {
    layout_only;
    desc = "A fault record.";
    reg { desc = "Where."; field { desc = "Address."; } addr[31:0]; } WHERE @0x0;
    reg { desc = "Why."; field { desc = "Cause."; encode = cause_e; } cause[3:0]; } WHY @0x4;
};
"""

OUTPUTS = ("--rtl", "rtl", "--c", "demo_regs.h", "--svd", "demo.svd", "--md", "demo.md")

# Every combination of what may be left out, at its widest and at its narrowest.
BUILDS = [{"HAS_LISTS": lists, "HAS_TIMER": timer, "RING_W": width}
          for lists, timer, width in itertools.product((1, 0), (1, 0), (28, 1))]

BENCH = """
`timescale 1ns / 1ns
module bench #(parameter int HAS_LISTS = 1, parameter int HAS_TIMER = 1, parameter int RING_W = 28);
    localparam logic [31:0] LISTS = HAS_LISTS != 0 ? 32'hffffffff : 0;
    localparam logic [31:0] TIMER = HAS_TIMER != 0 ? 32'hffffffff : 0;

    logic clk = 0, rst_n = 0, wr_valid = 0;
    logic [4:0] wr_addr = 0, rd_addr = 0;
    logic [31:0] wr_data = 0;
    wire wr_hit, rd_hit;
    wire [31:0] rd_data;
    always #50 clk = !clk;

    logic control_run_clr = 0, status_busy = 1, event_list_set = 0, producer_index_clr = 0;
    logic next_index_we = 0, timer_clocks_set = 0;
    logic [3:0] status_cause = 2, status_depth = 9, event_source_set = 0;
    logic [15:0] next_index_d = 0;
    logic [23:0] walk_value = 24'habcdef;
    wire control_run_q, control_restart_pulse, control_stop_pulse, event_list_q, producer_swmod;
    wire command_wr, walk_wr, timer_both_q;
    wire [1:0] control_mode_q;
    wire [3:0] control_deep_q, event_source_q, command_op_wdata;
    wire [RING_W-1:0] ring_addr_q;
    wire [15:0] producer_index_q, next_index_q, timer_clocks_q;
    wire [23:0] command_arg_wdata, walk_value_wdata;

    demo_channel_regs #(.HAS_LISTS(HAS_LISTS), .HAS_TIMER(HAS_TIMER), .RING_W(RING_W)) dut (.*);

    int bad = 0;
    task automatic must(input bit good, input [8*40-1:0] what);
        if (!good) begin bad++; $display("wrong: %0s at %0t", what, $time); end
    endtask
    // Begins in the middle of a clock and leaves the write standing, so that its strobes can be seen.
    task automatic put(input [4:0] at, input [31:0] data, input bit hit);
        wr_valid = 1; wr_addr = at; wr_data = data; #1;
        must(wr_hit === hit, "write hit");
        must(at == 0 || !(control_restart_pulse || control_stop_pulse), "a pulse of another register");
        must(at == 4 || !producer_swmod, "a doorbell of another register");
        must(at == 6 || !command_wr, "a command of another register");
        must(at == 9 || !walk_wr, "a passthrough of another register");
    endtask
    task automatic step; @(negedge clk); wr_valid = 0; endtask
    task automatic write(input [4:0] at, input [31:0] data, input bit hit); put(at, data, hit); step; endtask
    task automatic see(input [4:0] at, input [31:0] data, input bit hit, input [8*40-1:0] what);
        rd_addr = at; #1;
        must(rd_data === data && rd_hit === hit, what);
        if (rd_data !== data) $display("    read %h, expected %h", rd_data, data);
    endtask

    initial begin
        repeat (3) @(negedge clk);
        rst_n = 1; @(negedge clk);

        // Reset values and inputs
        see(0, 32'h10 | (32'h5000 & LISTS), 1, "control after reset");
        see(1, 32'h21 | (32'h900 & LISTS), 1, "status");
        see(2, 0, 1, "event after reset");
        see(4, 0, 1, "producer after reset");
        see(5, 32'h8001, 1, "next after reset");
        see(6, 0, 1, "a write-only register reads zero");
        see(7, (32'h1234 | (32'h80000000 & LISTS)) & TIMER, 1, "timer after reset");
        see(9, 32'habcdef, 1, "read of a passthrough");

        // Storage, pulses
        put(0, 32'h0001a131, 1);
        must(control_restart_pulse === 1 && control_stop_pulse === LISTS[0], "pulse in the clock of the write");
        step; #1;
        must(!control_restart_pulse && !control_stop_pulse, "pulse is one clock");
        must(control_run_q && control_mode_q == 3 && control_deep_q == (4'ha & LISTS[3:0]), "stored");
        see(0, 32'h31 | (32'ha000 & LISTS), 1, "a pulse reads zero");
        wr_addr = 0; wr_data = 0; @(negedge clk);
        must(control_run_q, "nothing without valid");
        control_run_clr = 1; write(0, 32'h31, 1); control_run_clr = 0;
        must(!control_run_q && control_mode_q == 3, "hwclr wins over a write");
        write(3, 32'hffffffff, 1);
        see(3, ((64'h1 << RING_W) - 1) << 4, 1, "width_param");

        // Sticky bits
        event_source_set = 4'b0110; event_list_set = 1; @(negedge clk);
        event_source_set = 0; event_list_set = 0;
        see(2, 32'h6 | (32'h100 & LISTS), 1, "set");
        write(2, 32'h2, 1); see(2, 32'h4 | (32'h100 & LISTS), 1, "a one clears, a zero does not");
        event_source_set = 4'b0100; write(2, 32'h104, 1); event_source_set = 0;
        see(2, 32'h4, 1, "set wins over clear");
        write(2, 32'hf, 1); see(2, 0, 1, "cleared");

        // Doorbell
        put(4, 32'h1234beef, 1);
        must(producer_swmod === 1 && producer_index_q == 0, "swmod in the clock of the write");
        step; #1; must(!producer_swmod && producer_index_q == 16'hbeef, "the value follows");
        put(4, 32'hbeef, 1); must(producer_swmod, "the same value strobes too"); step;
        producer_index_clr = 1; @(negedge clk); producer_index_clr = 0; see(4, 0, 1, "hwclr clears all bits");

        // Hardware writes
        next_index_we = 1; next_index_d = 77; write(5, 99, 1); next_index_we = 0;
        see(5, 77, 1, "we wins over a write");
        write(5, 99, 1); see(5, 99, 1, "software writes without we");
        timer_clocks_set = 1; @(negedge clk); timer_clocks_set = 0;
        see(7, (32'hffff | (32'h80000000 & LISTS)) & TIMER, 1, "hwset sets all bits");
        write(7, 32'h5, HAS_TIMER != 0); see(7, 32'h5 & TIMER, 1, "timer");

        // Passthrough
        put(6, 32'h12345678, HAS_LISTS != 0);
        must(command_wr === LISTS[0], "passthrough strobe");
        must(!command_wr || (command_op_wdata == 8 && command_arg_wdata == 24'h123456), "passthrough data");
        step; #1; must(!command_wr, "passthrough is one clock");
        put(9, 32'h00654321, 1); must(walk_wr && walk_value_wdata == 24'h654321, "passthrough of a readable"); step;

        // Misses
        write(1, 32'hffffffff, 0);
        write(8, 32'hffffffff, 0);
        write(31, 32'hffffffff, 0);
        see(8, 0, 0, "a hole"); see(10, 0, 0, "behind the last"); see(31, 0, 0, "the end of the window");
        see(0, 32'h30 | (32'h0000 & LISTS), 1, "a miss changes nothing");

        rst_n = 0; @(negedge clk); rst_n = 1; @(negedge clk);
        see(0, 32'h10 | (32'h5000 & LISTS), 1, "reset again");
        if (bad == 0) $display("PASS");
        $finish;
    end
endmodule
"""

TOP_BENCH = """
module bench;
    logic clk = 0, rst_n = 0, wr_valid = 0;
    logic [5:0] wr_addr = 0, rd_addr = 0;
    logic [31:0] wr_data = 0;
    wire wr_hit, rd_hit;
    wire [31:0] rd_data;
    wire [7:0] mark0_mark_q, mark1_mark_q;
    always #50 clk = !clk;
    demo_regs dut (.identity_version(8'h42), .*);

    int bad = 0;
    task automatic see(input [5:0] at, input [31:0] data, input bit hit);
        rd_addr = at; #1;
        if (rd_data !== data || rd_hit !== hit) begin bad++; $display("word %0d is %h", at, rd_data); end
    endtask
    initial begin
        repeat (3) @(negedge clk);
        rst_n = 1;
        see(0, 32'h44726142, 1); see(1, 32'hcafe0001, 1); see(2, 32'h11, 1); see(3, 32'h11, 1);
        wr_valid = 1;
        wr_addr = 1; wr_data = 32'h600df00d; @(negedge clk);
        wr_addr = 3; wr_data = 32'hffffff5a; @(negedge clk);
        wr_addr = 0; wr_data = 32'hffffffff; #1 if (wr_hit) bad++;
        @(negedge clk) wr_addr = 16; #1 if (wr_hit) bad++;
        wr_valid = 0;
        see(0, 32'h44726142, 1); see(1, 32'h600df00d, 1); see(2, 32'h11, 1); see(3, 32'h5a, 1);
        see(4, 0, 0); see(16, 0, 0); see(63, 0, 0);
        if (mark1_mark_q !== 8'h5a) bad++;
        if (bad == 0) $display("PASS");
        $finish;
    end
endmodule
"""

FAR_BENCH = """
module bench;
    logic clk = 0, rst_n = 0, wr_valid = 0;
    logic [8:0] wr_addr = 0, rd_addr = 0;
    logic [31:0] wr_data = 0;
    wire wr_hit, rd_hit, start_go_pulse;
    wire [31:0] rd_data, low_value_q;
    always #50 clk = !clk;
    demo_far_regs dut (.high_value(32'h89abcdef), .*);

    int bad = 0;
    task automatic see(input [8:0] at, input [31:0] data, input bit hit);
        rd_addr = at; #1;
        if (rd_data !== data || rd_hit !== hit) begin bad++; $display("word %0d is %h", at, rd_data); end
    endtask
    initial begin
        repeat (3) @(negedge clk);
        rst_n = 1;
        see(0, 7, 1); see(1, 0, 0); see(510, 0, 1); see(511, 32'h89abcdef, 1);
        wr_valid = 1; wr_addr = 510; wr_data = 1; #1 if (!wr_hit || !start_go_pulse) bad++;
        wr_addr = 511; #1 if (wr_hit || start_go_pulse) bad++;
        if (bad == 0) $display("PASS");
        $finish;
    end
endmodule
"""

# The same description with its reads registered, and its benches: an answer comes one clock after the question.
REGISTERED_SAMPLE = SAMPLE.replace('name = "Registers of the demo";', 'name = "Registers of the demo"; registered_read;')


def registered(bench: str) -> str:
    return (bench.replace("wr_valid = 0;", "wr_valid = 0, rd_valid = 0;", 1)
            .replace("rd_addr = at; #1;", "rd_addr = at; rd_valid = 1; @(negedge clk) rd_valid = 0;"))


# What a mistake in the generator would write; the bench or the checks in the block must notice.
MUTANTS = {
    "clear wins over set": (r"event_source_d = [^;]*;",
                            r"event_source_d = (event_source_q | event_source_set) & ~({4{event_wr}} & wr_data[3:0]);"),
    "a sticky bit is never cleared": (r"~\(\{4\{event_wr\}\} & wr_data\[3:0\]\)", r"4'hf"),
    "software wins over we": (r"next_index_we \? next_index_d : next_wr \? wr_data\[15:0\] :",
                              "next_wr ? wr_data[15:0] : next_index_we ? next_index_d :"),
    "a pulse at any address": (r"control_restart_pulse( *)= control_wr &&", r"control_restart_pulse\1= wr_valid &&"),
    "a write without valid": (r"control_wr( *)= wr_valid && ", r"control_wr\1= "),
    "a hit that is none": (r"AT_CONTROL, AT_EVENT, AT_RING,", r"AT_CONTROL, AT_STATUS, AT_EVENT, AT_RING,"),
    "a register that is missed": (r"AT_CONTROL, AT_EVENT, AT_RING,", r"AT_CONTROL, AT_EVENT,"),
    "another reset value": (r"16'h8001", r"16'h8000"),
    "two words exchanged": (r"event_rd,\n        status_rd,", r"status_rd,\n        event_rd,"),
    "a strobe that is late": (r"producer_swmod( *)= producer_wr",
                              r"producer_swmod\1= producer_wr && producer_index_q != 0"),
}


REGISTERED_MUTANTS = {
    "two words exchanged": (r"AT_STATUS \? status_rd : '0;", "AT_EVENT ? status_rd : '0;"),
    "a word that stays": (r"rd_valid && rd_addr == AT_NEXT \? next_rd : '0;", "rd_addr == AT_NEXT ? next_rd : next_rd_q;"),
    "a word that is missed": (r" \| event_rd_q", ""),
}


def one(properties_of_a: str, reset: str = " = 0") -> str:
    """A description of one register with one field."""
    return f"addrmap t {{ reg {{ field {{ {properties_of_a} }} a[7:0]{reset}; }} R; }};"


GOOD_REG = "reg { field { sw = rw; hw = r; } a[7:0] = 0; } R @0x0;"
REFUSED = {
    "registers overlap":
        (f"addrmap t {{ {GOOD_REG} reg {{ field {{ sw = rw; hw = r; }} a[7:0] = 0; }} S @0x2; }};", "Instance 'S'"),
    "a field beyond its register": ("addrmap t { reg { field { sw = r; hw = w; } a[35:4]; } R; };", "exceeds MSb"),
    "a field of more than 32 bits":
        ("addrmap t { reg { regwidth = 64; field { sw = r; hw = w; } a[39:0]; } R; };", "R is 64 bits wide"),
    "a read side effect":
        (one("sw = rw; hw = r; rclr;"), "Reading R.a would have a side effect"),
    "bits shared":
        ("addrmap t { reg { field { sw = r; hw = w; } a[7:0]; field { sw = w; hw = r; } b[7:0] = 0; } R; };",
         "shares its bits"),
    "an address shared":
        ("addrmap t { reg { field { sw = r; hw = w; } a; } R @0; reg { field { sw = w; hw = r; } a = 0; } S @0; };",
         "shares its address"),
    "hardware that writes always": (one(""), "R.a is written by hardware"),
    "woclr without hwset": (one("sw = rw; hw = r; woclr;"), "R.a is woclr"),
    "sticky without reset": (one("sw = rw; hw = r; woclr; hwset;", reset=""), "needs a reset"),
    "software wins":
        (one("sw = rw; hw = r; woclr; hwset; precedence = sw;"), "hardware wins"),
    "a counter": (one("sw = rw; hw = r; counter;"), "asks for counter"),
    "too deep": (f"addrmap t {{ regfile {{ regfile {{ {GOOD_REG} }} inner; }} outer; }};", "inner is too deep"),
    "a present_if that is no name":
        ('addrmap t { reg { present_if = "a b"; field { sw = rw; hw = r; } a[7:0] = 0; } R; };', "not an UPPER_CASE"),
    "one port name twice":
        ("addrmap t { reg { field { sw = r; hw = w; } c_d[7:0]; } B; reg { field { sw = r; hw = w; } d[7:0]; } B_C; };",
         "b_c_d"),
    "one constant twice":
        ("addrmap t { reg { field { sw = rw; hw = r; } a[7:0] = 0; } B; reg { field { sw = rw; hw = r; } x[7:0] = 0; } "
         "B_A_LSB; };", "T_B_A_LSB"),
    "a syntax error": ("addrmap t {", "t.rdl:"),
    "nothing to generate": ("field f {};", "t.rdl has no addrmap to generate."),
}


# ---- what the description says, read without the generator's model


@dataclass(frozen=True)
class Fact:
    """One register, or one word of a layout."""
    prefix: str                                             # of its constants: DEMO_CHANNEL_CONTROL
    address: int                                            # of its first element
    strides: tuple[tuple[int, int], ...]                    # (count, stride) of each array round it
    fields: tuple[tuple[str, int, int, str], ...]           # name, lowest bit, width, access
    values: tuple[tuple[str, int], ...]                     # of its enumerations
    layout: bool
    offset: int                                             # from the start of its block


def access_of(field: FieldNode) -> str:
    return {"rw": "read-write", "r": "read-only", "w": "write-only"}[field.get_property("sw").name]


def facts_below(node, prefix: str, layout: bool) -> list[Fact]:
    found = []
    for reg in node.descendants():
        if isinstance(reg, RegNode):
            inside = reg.parent if reg.parent != node else None
            is_layout = layout or bool(inside and inside.get_property("layout_only"))
            strides = tuple((n.array_dimensions[0], n.array_stride) for n in (inside, reg) if n and n.is_array)
            base = inside.raw_address_offset if inside and not is_layout else 0
            fields = tuple((f.inst_name.upper(), f.low, f.width, access_of(f)) for f in reg.fields())
            values = tuple((f"DEMO_{f.get_property('encode').type_name[:-2].upper()}_{m.name}", m.value)
                           for f in reg.fields() if f.get_property("encode") for m in f.get_property("encode"))
            path = "_".join(n.inst_name.upper() for n in (inside, reg) if n)
            found.append(Fact(f"{prefix}_{path}", base + reg.raw_address_offset, strides, fields, values, is_layout,
                              reg.raw_address_offset))
    return found


def facts() -> list[Fact]:
    compiler = RDLCompiler()
    for udp in properties.UDPS:
        compiler.register_udp(udp, soft=False)
    with tree_of({"demo.rdl": SAMPLE}) as root:
        compiler.compile_file(str(root / "demo.rdl"))
    demo = facts_below(compiler.elaborate("demo").top, "DEMO", False)
    return demo + facts_below(compiler.elaborate("fault_t").top, "DEMO_FAULT", True)


def expected_constants(shift: str) -> dict[str, int]:
    """What the C header (shift = SHIFT) and the package (LSB) both say, arrays by their first element."""
    found = {"DEMO_SLOT_BYTES": 16, "DEMO_FAULT_BYTES": 8, "DEMO_CHANNEL_COUNT": 4, "DEMO_CHANNEL_STRIDE": 0x80,
             "DEMO_CHANNEL_BASE": 0x100, "DEMO_FAR_BASE": 0x800}
    for fact in facts():
        found[fact.prefix] = fact.address if shift == "SHIFT" else fact.offset
        found |= {f"{fact.prefix}_{name}_{shift}": low for name, low, _, _ in fact.fields}
        found |= dict(fact.values)
    return found


# ---- running


@functools.cache
def generated(sample: str = SAMPLE) -> dict[str, str]:
    with tree_of({"demo.rdl": sample}) as root:
        result = run_tool("regs.py", "demo.rdl", *OUTPUTS, cwd=root)
        assert (result.returncode, result.stdout + result.stderr) == (0, ""), result.stderr
        return {str(p.relative_to(root)): p.read_text() for p in sorted(root.rglob("*")) if p.is_file()}


def run(root: Path, *command: str) -> str:
    result = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout + result.stderr


def simulate(rtl: dict[str, str], bench: str, build: dict[str, int]) -> str:
    with tree_of(rtl | {"bench.sv": bench}) as root:
        parameters = [f"-Pbench.{name}={value}" for name, value in build.items()]
        # The bench speaks of parts of words in procedures, of which Icarus says that it is sorry; rtl/ is linted apart.
        run(root, "iverilog", "-g2012", "-o", "bench", "-s", "bench", *parameters, "bench.sv", *rtl)
        return run(root, "vvp", "-n", "bench")


def rtl_files(sample: str = SAMPLE) -> dict[str, str]:
    return {name: text for name, text in generated(sample).items() if name.endswith("_regs.sv")}


@tap.test
def the_same_description_gives_the_same_bytes() -> None:
    first = dict(generated())
    generated.cache_clear()
    assert generated() == first


@tap.test
def every_file_says_where_it_comes_from() -> None:
    files = dict(generated())
    del files["demo.rdl"]
    assert sorted(files) == ["demo.md", "demo.svd", "demo_regs.h", "rtl/demo_channel_regs.sv", "rtl/demo_far_regs.sv",
                             "rtl/demo_regs.sv", "rtl/demo_regs_pkg.sv"]
    for name, text in files.items():
        head = "\n".join(text.splitlines()[:5])
        assert "SPDX-License-Identifier: Apache-2.0" in head, name
        assert "enerated from demo.rdl by tools/regs.py" in head, name


@tap.test
def the_rtl_is_clean_in_three_tools_with_and_without_each_option() -> None:
    for sample in (SAMPLE, REGISTERED_SAMPLE):
        files = {f"rtl/dray/{Path(name).name}": text for name, text in generated(sample).items() if name.endswith(".sv")}
        with tree_of(files | {"x.f": "".join(f"{name}\n" for name in files if "_channel_" not in name),
                              "y.f": "rtl/dray/demo_channel_regs.sv\n"}) as root:
            builds = ["".join(f":{name}={value}" for name, value in build.items()) for build in BUILDS]
            tops = ["x.f:demo_regs", "x.f:demo_far_regs", *[f"y.f:demo_channel_regs{build}" for build in builds]]
            result = run_tool("lint_rtl.py", *tops, cwd=root)
            assert (result.returncode, result.stdout + result.stderr) == (0, ""), result.stdout + result.stderr


@tap.test
def lines_are_short_and_clean() -> None:
    for name, text in [*generated().items(), *generated(REGISTERED_SAMPLE).items()]:
        if name.endswith(".sv"):
            for line in text.splitlines():
                assert len(line) <= 100 and line == line.rstrip() and "\t" not in line, f"{name}: {line}"


@tap.test
def the_channel_block_does_what_the_description_says_in_every_build() -> None:
    for build in BUILDS:
        said = simulate(rtl_files(), BENCH, build)
        assert said.splitlines() == ["PASS"], f"{build}: {said}"


@tap.test
def the_top_block_holds_only_its_own_registers() -> None:
    said = simulate(rtl_files(), TOP_BENCH, {})
    assert said.splitlines() == ["PASS"], said


@tap.test
def a_block_of_few_registers_far_apart_is_read_too() -> None:
    said = simulate(rtl_files(), FAR_BENCH, {})
    assert said.splitlines() == ["PASS"], said


@tap.test
def a_registered_read_answers_the_same_one_clock_later() -> None:
    for bench, builds in ((BENCH, BUILDS), (TOP_BENCH, [{}]), (FAR_BENCH, [{}])):
        for build in builds:
            said = simulate(rtl_files(REGISTERED_SAMPLE), registered(bench), build)
            assert said.splitlines() == ["PASS"], f"{build}: {said}"


def notice(rtl: dict[str, str], bench: str, mutants: dict[str, tuple[str, str]]) -> None:
    name = "rtl/demo_channel_regs.sv"
    for what, (old, new) in mutants.items():
        mutant, count = re.subn(old, new, rtl[name], count=1)
        assert count == 1 and mutant != rtl[name], f"{what}: nothing to change"
        said = simulate(rtl | {name: mutant}, bench, BUILDS[0])
        assert said.splitlines() != ["PASS"], f"{what}: nobody noticed"


@tap.test
def each_mistake_in_the_rtl_is_noticed() -> None:
    notice(rtl_files(), BENCH, MUTANTS)
    notice(rtl_files(REGISTERED_SAMPLE), registered(BENCH), REGISTERED_MUTANTS)


@tap.test
def what_is_left_out_has_no_flip_flops() -> None:
    with tree_of(rtl_files()) as root:
        counts = []
        for build in (BUILDS[0], BUILDS[-1]):
            chosen = "".join(f" -chparam {name} {value}" for name, value in build.items())
            said = run(root, "yosys", "-p", "read_verilog -sv rtl/demo_channel_regs.sv; hierarchy -check -top "
                       f"demo_channel_regs{chosen}; proc; opt -full; simplemap; opt -full; select -count t:*DFF*")
            counts.append(int(re.findall(r"(\d+) objects\.", said)[-1]))
    run_mode_event_producer_next = 1 + 2 + 4 + 16 + 16
    everything = run_mode_event_producer_next + 28 + 4 + 1 + 16 + 1
    assert counts == [everything, run_mode_event_producer_next + 1], counts


@tap.test
def the_c_header_compiles_alone_and_its_numbers_are_right() -> None:
    expected = expected_constants("SHIFT")
    arrays = {f.prefix: f.strides for f in facts() if f.strides and not f.layout}
    masks = {f"{f.prefix}_{name}_MASK": ((1 << width) - 1) << low
             for f in facts() for name, low, width, _ in f.fields}
    checks = []
    for name, value in (expected | masks).items():
        strides = arrays.get(name, ((4, 0x80),) if name == "DEMO_CHANNEL_BASE" else ())
        for index in (0, 1, *([strides[0][0] - 1] if strides else [])):
            call = f"({', '.join(f'{index}u' for _ in strides)})" if strides else ""
            want = value + index * sum(stride for _, stride in strides)
            checks.append(f"static_assert({name}{call} == {want}u, \"{name}\");")
            checks.append(f"static_assert(sizeof({name}{call}) == sizeof(unsigned), \"{name} is unsigned\");")
    program = "#include <assert.h>\n#include \"demo_regs.h\"\n" + "\n".join(checks) + "\nint main(void) { return 0; }\n"
    header = generated()["demo_regs.h"]
    defined = set(re.findall(r"#define (\w+)", header)) - {"DEMO_REGS_H"}
    told = set(expected) | set(masks) | {"DEMO_MARK_COUNT", "DEMO_ENTRY_COUNT"}
    assert defined == told, defined ^ told
    warnings = ("-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Werror", "-fsyntax-only")
    alone = '#include "demo_regs.h"\nextern int x;\n'
    with tree_of({"demo_regs.h": header, "all.c": program, "alone.c": alone}) as root:
        for source in ("all.c", "alone.c"):
            run(root, "gcc", "-std=c11", *warnings, source)
            run(root, "g++", "-std=c++17", *warnings, "-x", "c++", source)


@tap.test
def the_package_agrees_with_the_description() -> None:
    package = generated()["rtl/demo_regs_pkg.sv"]
    numbers = {}
    for name, base, digits in re.findall(r"localparam \S+ (?:\[\S+\] )?(\w+) = (?:\d+'([hd]))?([0-9a-f]+);", package):
        numbers[name] = int(digits, 16 if base == "h" else 10)
    expected = expected_constants("LSB")
    expected |= {f"{f.prefix}_WORD": f.offset // 4 for f in facts()}
    expected |= {f"{f.prefix}_{name}_W": width for f in facts() for name, _, width, _ in f.fields}
    expected |= {"DEMO_ADDR_W": 6, "DEMO_CHANNEL_ADDR_W": 5, "DEMO_FAR_ADDR_W": 9, "DEMO_MARK_COUNT": 2,
                 "DEMO_MARK_STRIDE": 4, "DEMO_ENTRY_COUNT": 16, "DEMO_ENTRY_STRIDE": 4}
    assert numbers == expected, {k: (numbers.get(k), expected.get(k)) for k in numbers.keys() | expected.keys()
                                 if numbers.get(k) != expected.get(k)}


@tap.test
def the_svd_file_is_valid_and_reads_back_as_the_description() -> None:
    text = generated()["demo.svd"]
    schemas = Path(cmsis_svd.__file__).parent / "schemas"
    schema = etree.XMLSchema(etree.parse(str(schemas / "CMSIS-SVD_1_3_9.xsd")))
    schema.assertValid(etree.fromstring(text.encode()))

    with tree_of({"demo.svd": text}) as root:
        device = SVDParser.for_xml_file(str(root / "demo.svd")).get_device()
    peripheral = device.get_peripherals()[0]
    read = {}

    for register in peripheral.get_registers():
        fields = tuple(sorted((f.name, f.bit_offset, f.bit_width, f.access.value) for f in register.get_fields()))
        read[re.sub(r"[\[\]]", "", f"DEMO_{register.name}")] = (register.address_offset, fields)

    expected = {}
    for fact in facts():
        if not fact.layout:
            expected |= elements(fact)
    assert read == expected, {k: (read.get(k), expected.get(k)) for k in read.keys() | expected.keys()
                              if read.get(k) != expected.get(k)}
    clear = [f.name for r in peripheral.get_registers() for f in r.get_fields()
             if f.modified_write_values and f.modified_write_values.value == "oneToClear"]
    assert clear == ["SOURCE", "LIST"] * 4, clear


def elements(fact: Fact) -> dict[str, tuple]:
    """Each element of an array under the name and address that a reader of the SVD file gives it."""
    fields = tuple(sorted(fact.fields))
    if not fact.strides:
        return {fact.prefix: (fact.address, fields)}
    (count, stride), = fact.strides
    block = "DEMO_CHANNEL" if fact.prefix.startswith("DEMO_CHANNEL_") else fact.prefix
    rest = fact.prefix[len(block):]
    return {f"{block}{i}{rest}": (fact.address + i * stride, fields) for i in range(count)}


@tap.test
def the_page_has_every_register_field_and_sentence() -> None:
    page = generated()["demo.md"]
    for fact in facts():
        for name, low, width, _ in fact.fields:
            bits = f"{low + width - 1}:{low}" if width > 1 else f"{low}"
            assert f"| {bits} | {name} |" in page, (fact.prefix, name)
    for sentence in re.findall(r'desc = "(.*?)"', SAMPLE):
        assert sentence.replace("|", "\\|") in page, sentence
    for row in ("| 0x000 | IDENTITY | read | - | Identity |",
                "| 0x004 | SCRATCH | read, write | 0xcafe0001 | Holds what is written. |",
                "| 0x100 + 0x80 n | CONTROL | read, write | 0x5010 | Switches of the channel. |",
                "| 0x108 + 0x80 n | EVENT | read, write 1 to clear | 0 | Interrupts that wait. |",
                "| 0x00c | CONTROL | Control. |", "| 1 | SLVERR | A subordinate answered SLVERR. |"):
        assert row in page, row


@tap.test
def a_bad_description_is_refused_in_one_sentence_and_writes_nothing() -> None:
    for what, (text, sentence) in REFUSED.items():
        with tree_of({"t.rdl": text}) as root:
            result = run_tool("regs.py", "t.rdl", *OUTPUTS, cwd=root)
            lines = result.stderr.splitlines()
            assert result.returncode == 1, what
            assert len(lines) == 1 and lines[0].startswith("regs.py: ") and sentence in lines[0], f"{what}: {lines}"
            assert [p.name for p in root.iterdir()] == ["t.rdl"], what


@tap.test
def a_description_may_declare_the_properties_itself() -> None:
    declared = ("property passthrough { type = boolean; component = field; };\n"
                "property width_param { type = string; component = field; };\n")
    with tree_of({"demo.rdl": declared + SAMPLE}) as root:
        result = run_tool("regs.py", "demo.rdl", *OUTPUTS, cwd=root)
        assert (result.returncode, result.stderr) == (0, ""), result.stderr
        for name, text in generated().items():
            assert name == "demo.rdl" or (root / name).read_text() == text, name


if __name__ == "__main__":
    sys.exit(tap.main())
