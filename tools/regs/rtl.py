# SPDX-License-Identifier: Apache-2.0
"""rtl - one Verilog module per block of registers.

The shape of the output is the house's: header, ports, next state, registers,
read, checks. It uses only what Verilator, Icarus 11 and Yosys all accept.
"""

import textwrap

from regs import rtl_checks
from regs.model import Kind, Names, first_sentence
from regs.verilog import Field, broken, conj, number, some, wrapped, zeros

ARRAY_WORDS = 256  # a window of more words is sparse, and its read is a case


def render(top):
    """{file name: text} for every block that the generator decodes."""
    files = {}
    for block in top.blocks:
        if block.own_regs and not top.is_external(block):
            files[f"{block.module}.sv"] = Module(top, block).render()
    return files


class Module:
    def __init__(self, top, block):
        self.top = top
        self.block = block
        self.registered = top.registered_read
        self.regs = block.own_regs
        self.fields = {r.name: [Field(r, f) for f in r.fields] for r in self.regs}
        self.all = [f for r in self.regs for f in self.fields[r.name]]
        self.names = Names(f"port of {block.module}")
        for name in ("clk", "rst_n", "wr_valid", "wr_addr", "wr_data", "wr_hit", "rd_valid", "rd_addr",
                     "rd_data", "rd_hit", "unused_ok"):
            self.names.claim(name, "the bus")
        self.out = []

    def put(self, *lines):
        self.out.extend(lines)

    def section(self, name):
        self.put("    // " + "-" * 72, f"    // {name}", "")

    def render(self):
        self.header()
        self.ports()
        self.constants()
        self.writes()
        self.next_state()
        self.registers()
        self.outputs()
        self.read()
        rtl_checks.unused(self)
        rtl_checks.checks(self)
        self.put("endmodule", "", "`default_nettype wire")
        return "\n".join(line.rstrip() for line in self.out) + "\n"

    # ------------------------------------------------------------------------
    # Facts

    def writable(self):
        return [r for r in self.regs if r.writable]

    def when(self, reg):
        """The parameters without which nothing in the register can be written, as a term."""
        if reg.present_if:
            outer = f"{reg.present_if} != 0"
        else:
            outer = ""
        terms = []
        for f in reg.fields:
            if f.writable:
                if not f.present_if or f.present_if == reg.present_if:
                    return outer
                if f"{f.present_if} != 0" not in terms:
                    terms.append(f"{f.present_if} != 0")
        inner = " || ".join(terms)
        if not outer:
            return inner
        return f"{outer} && ({inner})" if len(terms) > 1 else f"{outer} && {inner}"

    def params(self):
        """(name, default, comment) of each parameter."""
        presents, widths = {}, {}
        for reg in self.regs:
            if reg.present_if:
                presents.setdefault(reg.present_if, []).append(reg.name)
            for f in reg.fields:
                if f.present_if:
                    presents.setdefault(f.present_if, []).append(f"{reg.name}.{f.name}")
                if f.width_param:
                    widths.setdefault(f.width_param, []).append((f.width, f"{reg.name}.{f.name}"))
        params = []
        for name, users in presents.items():
            self.names.claim(name, "a present_if")
            params.append((name, 1, f"0 leaves out {some(users)}"))
        for name, users in widths.items():
            self.names.claim(name, "a width_param")
            cap = min(width for width, _ in users)
            params.append((name, cap, f"bits of {some([u for _, u in users])}: 1..{cap}"))
        self.width_caps = {name: min(w for w, _ in users) for name, users in widths.items()}
        return params

    # ------------------------------------------------------------------------
    # Parts of the file

    def header(self):
        block = self.block
        what = first_sentence(block.desc) or f"the registers of {block.title or block.name}."
        self.put("// SPDX-License-Identifier: Apache-2.0", "//",
                 f"// Generated from {self.top.source} by tools/regs.py: change that, not this.", "//")
        self.put(*wrapped(f"{block.module} - {what}", "// "))
        self.put(
            "//",
            "//     wr --> decode --> fields --> ports",
            "//     rd --> decode --> rd_data",
            "//",
            "// Latency     a write shows in its field one clock later, pulses in its own clock;",
            *(("//             a read is answered one clock after rd_valid, and has no side effect.",) if self.registered
              else ("//             a read is combinational and has no side effect.",)),
            "// Throughput  one write and one read per clock, never stalled.",
            "// Errors      wr_hit is low where no register can be written, rd_hit where there is",
            "//             none; one that is write-only or left out reads zero.",
            "",
            "`default_nettype none",
            "",
        )

    def ports(self):
        params = self.params()
        if params:
            rows = []
            name_pad = max(len(name) for name, _, _ in params)
            for i, (name, value, comment) in enumerate(params):
                comma = "," if i + 1 < len(params) else ""
                rows.append((f"    parameter int {name:<{name_pad}} = {value}{comma}", comment))
            pad = max(len(row) for row, _ in rows)
            self.put(f"module {self.block.module} #(")
            self.put(*[f"{row:<{pad}}  // {comment}" for row, comment in rows])
            self.put(") (")
        else:
            self.put(f"module {self.block.module} (")

        addr = f"[{self.block.addr_w - 1}:0]"
        self.rows = []  # (direction, range, name, comment), or a comment line
        self.rows += [
            ("input", "", "clk", None),
            ("input", "", "rst_n", "synchronous, active low"),
            "Write: one clock, always taken, whole words",
            ("input", "", "wr_valid", None),
            ("input", addr, "wr_addr", "word index"),
            ("input", "[31:0]", "wr_data", None),
            ("output", "", "wr_hit", "wr_addr can be written"),
            "Read",
            *([("input", "", "rd_valid", "a word is asked for")] if self.registered else []),
            ("input", addr, "rd_addr", "word index"),
            ("output", "[31:0]", "rd_data", "one clock later, else zero" if self.registered else None),
            ("output", "", "rd_hit", "there is a register at rd_addr"),
        ]
        for reg in self.regs:
            self.reg_ports(reg)

        widths = [len(r[1]) for r in self.rows if not isinstance(r, str)]
        names = [len(r[2]) for r in self.rows if not isinstance(r, str)]
        pad, name_pad = max(widths), max(n + 1 for n in names)
        last = max(i for i, r in enumerate(self.rows) if not isinstance(r, str))
        for i, row in enumerate(self.rows):
            if isinstance(row, str):
                self.put("", *wrapped(row, "    // "))
                continue
            direction, span, name, comment = row
            kind = "input  wire " if direction == "input" else "output logic"
            name += "," if i != last else ""
            line = f"    {kind} {span:<{pad}} {name:<{name_pad}}"
            self.put(f"{line} // {comment}" if comment else line)
        self.put(");", "")

    def reg_ports(self, reg):
        rows = []

        def port(direction, span, name, comment=None):
            self.names.claim(name, f"a field of {reg.name}")
            rows.append((direction, span, name, comment))

        fields = self.fields[reg.name]
        if any(f.f.kind is Kind.PASS for f in fields):
            port("output", "", f"{reg.name.lower()}_wr", "in the clock of a write")
        if any(f.f.swmod for f in fields):
            port("output", "", f"{reg.name.lower()}_swmod", "in the clock of a write; _q follows")
        for field in fields:
            f, base, span = field.f, field.base, field.range
            if f.kind is Kind.INPUT:
                port("input", span, base)
            elif f.kind is Kind.PASS:
                if f.readable:
                    port("input", span, base)
                port("output", span, f"{base}_wdata")
            elif f.kind is Kind.PULSE:
                port("output", span, f"{base}_pulse", "in the clock of a write")
            elif f.kind is Kind.STICKY:
                port("input", span, f"{base}_set", "wins over a clear")
                port("output", span, f"{base}_q")
            elif f.kind is Kind.STORE:
                if f.hwclr:
                    port("input", "", f"{base}_clr", "wins over a write")
                if f.hwset:
                    port("input", "", f"{base}_set", "wins over a write")
                if f.we:
                    port("input", "", f"{base}_we", "wins over a write")
                    port("input", span, f"{base}_d")
                if f.hw_reads:
                    port("output", span, f"{base}_q")
        if rows:
            text = f"{reg.name.upper()} 0x{reg.offset:02x}"
            about = reg.title or first_sentence(reg.desc)
            self.rows.append(f"{text}: {about}" if about else text)
            self.rows += rows

    def constants(self):
        width = self.block.addr_w
        pad = max(len(r.name) for r in self.regs)
        for reg in self.regs:
            value = f"{width}'h{reg.offset // 4:0{-(-width // 4)}x}"
            self.put(f"    localparam logic [{width - 1}:0] AT_{reg.name.upper():<{pad}} = {value};")
        self.put("")

    def writes(self):
        if not self.writable():
            self.put("    assign wr_hit = 1'b0;", "")
            return
        self.section("Write")
        rows = []
        for reg in self.writable():
            when = self.when(reg)
            when = f" && ({when})" if "||" in when else f" && {when}" if when else ""
            rows.append((f"{reg.name.lower()}_wr", f"wr_valid && wr_addr == AT_{reg.name.upper()}{when}",
                         any(f.f.kind is Kind.PASS for f in self.fields[reg.name])))
        pad = max(len(name) for name, _, _ in rows)
        for name, value, is_port in rows:
            if not is_port:
                self.names.claim(name, "a write strobe")
            self.put(f"    {'assign' if is_port else 'wire  '} {name:<{pad}} = {value};")
        self.put("", "    always_comb begin", "        case (wr_addr)")
        always = [r for r in self.writable() if not self.when(r)]
        self.one_arm(always, "wr_hit")
        for reg in self.writable():
            if self.when(reg):
                self.put(f"            AT_{reg.name.upper()}: wr_hit = {self.when(reg)};")
        self.put("            default: wr_hit = 1'b0;", "        endcase", "    end", "")

    def next_state(self):
        stored = [f for f in self.all if f.f.stored]
        if not stored:
            return
        self.section("Next state: of two who write in one clock, hardware wins")
        for reg in self.regs:
            for field in self.fields[reg.name]:
                if not field.f.stored:
                    continue
                f, base = field.f, field.base
                wr = f"{reg.name.lower()}_wr"
                span = f"{field.range} " if field.range else ""
                if f.we:
                    self.names.claim(f"{base}_next", "a next state")
                else:
                    self.names.claim(f"{base}_d", "a next state")
                if f.kind is Kind.STICKY:
                    mask = wr if not field.range else f"{{{field.width}{{{wr}}}}}"
                    value = f"({base}_q & ~({mask} & {field.data})) | {base}_set"
                else:
                    value = f"{wr} ? {field.data} : {base}_q"
                    if f.hwclr:
                        value = f"{base}_clr ? {field.zero} : {value}"
                    if f.hwset:
                        value = f"{base}_set ? {field.ones} : {value}"
                    if f.we:
                        value = f"{base}_we ? {base}_d : {value}"
                self.put(*broken(f"wire {span}{self.next_of(field)} = {value};", "    "))
        self.put("")
        # A field that no port shows still needs its flip-flops declared.
        hidden = [f for f in stored if not f.f.hw_reads]
        if hidden:
            at = len(self.out)
            while not self.out[at - 1].startswith("    // Next state"):
                at -= 1
            rows = [f"    logic {f.range + ' ' if f.range else ''}{f.base}_q;" for f in hidden]
            for f in hidden:
                self.names.claim(f"{f.base}_q", "a register")
            self.out[at + 1:at + 1] = rows + [""]

    @staticmethod
    def next_of(field):
        return f"{field.base}_next" if field.f.we else f"{field.base}_d"

    def registers(self):
        stored = [f for f in self.all if f.f.stored]
        if not stored:
            return
        self.section("Registers")
        groups = {}
        for f in stored:
            groups.setdefault(tuple(f.present), []).append(f)
        for present, fields in sorted(groups.items(), key=lambda item: item[0] != ()):
            indent = "    " + ("    " if present else "")
            if present:
                label = "_".join(present).lower()
                self.names.claim(f"g_{label}", "a generate block")
                self.put(f"    generate if ({conj(present)}) begin : g_{label}")
            self.flip_flops(indent, fields)
            if present:
                self.put(f"    end else begin : g_no_{label}")
                pad = max(len(f.base) for f in fields) + 2
                self.put(*[f"        assign {f.base + '_q':<{pad}} = {f.zero};" for f in fields])
                self.put("    end endgenerate")
            self.put("")

    def flip_flops(self, indent, fields):
        reset = [f for f in fields if f.f.reset is not None]
        plain = [f for f in fields if f.f.reset is None]
        if reset:
            pad = max(len(f.base) for f in reset) + 2
            self.put(f"{indent}always_ff @(posedge clk) begin", f"{indent}    if (!rst_n) begin")
            self.put(*[f"{indent}        {f.base + '_q':<{pad}} <= {f.reset};" for f in reset])
            self.put(f"{indent}    end else begin")
            self.put(*[f"{indent}        {f.base + '_q':<{pad}} <= {self.next_of(f)};" for f in reset])
            self.put(f"{indent}    end", f"{indent}end")
        if plain:
            if reset:
                self.put("")
            pad = max(len(f.base) for f in plain) + 2
            self.put(f"{indent}always_ff @(posedge clk) begin")
            self.put(*[f"{indent}    {f.base + '_q':<{pad}} <= {self.next_of(f)};" for f in plain])
            self.put(f"{indent}end")

    def outputs(self):
        rows = []
        for reg in self.regs:
            wr = f"{reg.name.lower()}_wr"
            fields = self.fields[reg.name]
            if any(f.f.swmod for f in fields):
                rows.append((f"{reg.name.lower()}_swmod", wr))
            for field in fields:
                also = f" && {field.f.present_if} != 0" if field.f.present_if else ""
                if field.f.kind is Kind.PULSE:
                    rows.append((f"{field.base}_pulse", f"{wr} && {field.data}{also}"))
                elif field.f.kind is Kind.PASS:
                    rows.append((f"{field.base}_wdata", field.data))
        if rows:
            self.section("Strobes and data in the clock of a write")
            pad = max(len(name) for name, _ in rows)
            self.put(*[f"    assign {name:<{pad}} = {value};" for name, value in rows], "")

    def read(self):
        self.section("Read")
        readable = [r for r in self.regs if r.readable]
        pad = max((len(r.name) for r in readable), default=0) + 3
        for reg in readable:
            self.names.claim(f"{reg.name.lower()}_rd", "a read word")
            value = self.word(reg)
            if reg.present_if:
                value = f"{reg.present_if} != 0 ? {value} : '0"
            self.put(*broken(f"wire [31:0] {reg.name.lower() + '_rd':<{pad}} = {value};", "    "))
        if readable:
            self.put("")

        if self.registered:
            self.read_registered(readable)
        elif self.block.window // 4 <= ARRAY_WORDS:
            self.read_array()
        else:
            self.read_case(readable)
        self.put("    always_comb begin", "        case (rd_addr)")
        self.one_arm(self.regs, "rd_hit")
        self.put("            default: rd_hit = 1'b0;", "        endcase", "    end", "")

    def read_array(self):
        self.names.claim("words", "the read words")
        last = (1 << self.block.addr_w) - 1
        self.put("    // The word at each address, the highest first. An indexed array becomes a tree of",
                 "    // multiplexers, which costs less than a case over the addresses.",
                 f"    wire [{last}:0][31:0] words = {{")
        rows = []
        at = last
        for reg in sorted(self.regs, key=lambda r: -r.offset):
            word = reg.offset // 4
            if word < at:
                rows.append((zeros(at - word), ""))
            rows.append((f"{reg.name.lower()}_rd", "") if reg.readable
                        else ("32'h0", f"  // {reg.name.upper()} is write-only"))
            at = word - 1
        if at >= 0:
            rows.append((zeros(at + 1), ""))
        for i, (text, comment) in enumerate(rows):
            comma = "," if i + 1 < len(rows) else ""
            self.put(f"        {text}{comma}{comment}")
        self.put("    };", "", "    assign rd_data = words[rd_addr];", "")

    def read_registered(self, readable):
        """A flip-flop's synchronous reset costs no logic, so a word that is not asked for is cleared by it."""
        pad = max(len(r.name) for r in readable) + 5
        for reg in readable:
            self.names.claim(f"{reg.name.lower()}_rd_q", "a read word")
        self.put("    // Each word has a register, which is zero when it is not asked for: the read is an OR of",
                 "    // them all, less than multiplexers cost, and no path leads from a field to the bus.")
        names = [f"{r.name.lower()}_rd_q" for r in readable]
        self.put(*[f"    {line}" for line in textwrap.wrap(f"logic [31:0] {', '.join(names)};", 92, subsequent_indent="    ")])
        self.put("", "    always_ff @(posedge clk) begin")
        for reg in readable:
            name = reg.name.lower()
            self.put(*broken(f"{name + '_rd_q':<{pad}} <= rd_valid && rd_addr == AT_{reg.name.upper()} ? {name}_rd : '0;",
                             "        "))
        self.put("    end", "")
        self.put(*[f"    {line}" for line in textwrap.wrap(f"assign rd_data = {' | '.join(names)};", 92,
                                                           subsequent_indent="    ")], "")

    def read_case(self, readable):
        self.put("    always_comb begin", "        case (rd_addr)")
        pad = max((len(r.name) for r in readable), default=0) + 1
        for reg in readable:
            at = f"{reg.name.upper()}:"
            self.put(f"            AT_{at:<{pad}} rd_data = {reg.name.lower()}_rd;")
        self.put("            default: rd_data = '0;", "        endcase", "    end", "")

    def one_arm(self, regs, name):
        """A case arm for all of the registers."""
        lines = textwrap.wrap(", ".join(f"AT_{r.name.upper()}" for r in regs), 70)
        for i, line in enumerate(lines):
            end = f": {name} = 1'b1;" if i + 1 == len(lines) else ""
            self.put(f"            {line}{end}")

    def word(self, reg):
        parts, bit = [], 32
        for field in sorted(self.fields[reg.name], key=lambda f: -f.f.lsb):
            f = field.f
            if not f.readable:
                continue
            if f.lsb + f.width < bit:
                parts.append(number(bit - f.lsb - f.width, 0))
            parts.append(field.value)
            bit = f.lsb
        if bit:
            parts.append(number(bit, 0))
        return parts[0] if len(parts) == 1 else "{" + ", ".join(parts) + "}"
