# SPDX-License-Identifier: Apache-2.0
"""rtl_checks - what stands at the end of a block: its unused inputs and its checks."""

import textwrap

from regs.model import Kind
from regs.verilog import broken, conj


def unused(module):
    """Inputs and wires that no field, or not every configuration, reads."""
    rows = []
    used = 0
    for f in module.all:
        if f.f.writable and not f.f.width_param:
            used |= f.f.mask
    bit = 31
    while bit >= 0:
        if used >> bit & 1:
            bit -= 1
            continue
        low = bit
        while low > 0 and not used >> (low - 1) & 1:
            low -= 1
        rows.append("wr_data" if bit - low == 31 else
                    f"wr_data[{bit}]" if bit == low else f"wr_data[{bit}:{low}]")
        bit = low - 1
    if not module.writable():
        rows = ["wr_valid", "wr_addr", *rows]
    if not any(f.f.stored for f in module.all):
        rows += ["rst_n"] if module.registered else ["clk", "rst_n"]
    elif not any(f.f.stored and f.f.reset is not None for f in module.all):
        rows.append("rst_n")
    rows += [module.next_of(f) for f in module.all if f.f.stored and f.present]
    if rows:
        module.section("Read by no field, or not in every configuration")
        lines = textwrap.wrap("wire unused_ok = &{1'b0, " + ", ".join(rows) + "};", 92,
                              subsequent_indent="    ")
        module.put(*[f"    {line}" for line in lines], "")


def checks(module):
    module.section("Checks: live in every simulation and in the proof, absent from synthesis")
    module.put("`ifndef SYNTHESIS")
    for name, cap in module.width_caps.items():
        module.put(f'    initial if ({name} < 1 || {name} > {cap}) $fatal(1, "{name}");')
    if module.width_caps:
        module.put("")
    if module.registered:
        module.names.claim("asked_q", "a check")
        module.put("    logic asked_q;  // for a register that is there, the clock before", "")
        module.put("    always @(posedge clk) asked_q <= rd_valid && rd_hit;", "")
    stickies = [f for f in module.all if f.f.kind is Kind.STICKY]
    if stickies:
        module.names.claim("live_q", "a check")
        module.put("    logic live_q;  // the clock before was out of reset", "")
        module.put("    always @(posedge clk) live_q <= rst_n;", "")
    for field in stickies:
        sticky_check(module, field)
    module.put("    always @(posedge clk) if (rst_n) begin")
    strobes = [f"{r.name.lower()}_wr" for r in module.writable()]
    if strobes:
        module.put("        // A hit is exactly one register's strobe")
        any_strobe = " + ".join(f"8'({s})" for s in strobes)
        lines = textwrap.wrap(f"if (wr_valid) assert (8'(wr_hit) == {any_strobe});", 88,
                              subsequent_indent="    ")
        module.put(*[f"        {line}" for line in lines], "")
    module.put("        // What is not there reads zero")
    module.put(f"        if (!{'asked_q' if module.registered else 'rd_hit'}) assert (rd_data == '0);")
    module.put("    end", "`endif", "")


def sticky_check(module, field):
    base, wr = field.base, f"{field.reg.name.lower()}_wr"
    span = f"{field.range} " if field.range else ""
    want = f"{base}_want_q"
    module.names.claim(want, "a check")
    indent = "        " if field.present else "    "
    if field.present:
        module.names.claim(f"g_{base}_check", "a check")
        module.put(f"    generate if ({conj(field.present)}) begin : g_{base}_check")
    module.put(f"{indent}// {base}: only a one written to it clears a bit, and set wins",
             f"{indent}logic {span}{want};",
             f"{indent}always @(posedge clk) begin")
    kept = f"({wr} ? {base}_q & ~{field.data} : {base}_q)"
    module.put(*broken(f"{want} <= {kept} | {base}_set;", indent + "    "))
    module.put(f"{indent}    if (rst_n && live_q) assert ({base}_q == {want});", f"{indent}end")
    if field.present:
        module.put("    end endgenerate")
    module.put("")
