# SPDX-License-Identifier: Apache-2.0
"""package - offsets, fields and enumerations as constants of one Verilog package."""

import textwrap

from regs.model import Names


def render(top):
    return Package(top).render()


class Package:
    def __init__(self, top):
        self.top = top
        self.names = Names("package constant")
        self.offset_w = max(12, (top.size - 1).bit_length())
        self.out = []

    def render(self):
        top = self.top
        name = f"{top.name}_regs_pkg"
        self.out += [
            "// SPDX-License-Identifier: Apache-2.0",
            "//",
            f"// Generated from {top.source} by tools/regs.py: change that, not this.",
            "//",
            f"// {name} - where the registers of {top.name} and their fields are.",
            "//",
            "// NAME is a byte offset from the start of its block, NAME_WORD the same as a word",
            "// index, NAME_FIELD_LSB and NAME_FIELD_W a field's lowest bit and width in bits.",
            "",
            "`default_nettype none",
            "",
            f"package {name};",
        ]
        for block in top.blocks:
            self.block(block)
        for layout in top.layouts:
            self.layout(layout)
        for enum in top.enums:
            self.group(f"Enumeration {enum.name}")
            prefix = f"{top.prefix}_{enum.name.upper()}"
            for v in enum.values:
                self.bits(f"{prefix}_{v.name.upper()}", enum.width, f"{enum.width}'d{v.value}",
                          f"enumeration {enum.name}")
        self.out += ["", "    // Nobody needs every constant."]
        text = "localparam logic unused_ok = &{1'b0, " + ", ".join(self.names.taken) + "};"
        self.out += ["    " + line for line in textwrap.wrap(text, 94, subsequent_indent="    ")]
        self.out += ["", "endpackage", "", "`default_nettype wire"]
        return "\n".join(self.out) + "\n"

    def group(self, title):
        self.out += ["", f"    // {title}"]

    def int(self, name, value, owner):
        self.names.claim(name, owner)
        self.out.append(f"    localparam int {name} = {value};")

    def bits(self, name, width, value, owner):
        self.names.claim(name, owner)
        self.out.append(f"    localparam logic [{width - 1}:0] {name} = {value};")

    def offset(self, name, value, owner):
        self.bits(name, self.offset_w, f"{self.offset_w}'h{value:03x}", owner)

    def block(self, block):
        self.group(f"Block {block.name}")
        self.int(f"{block.prefix}_ADDR_W", block.addr_w, block.name)
        for inst in self.top.instances:
            if inst.block is block:
                self.offset(f"{inst.prefix}_BASE", inst.base, inst.name)
                if inst.count is not None:
                    self.int(f"{inst.prefix}_COUNT", inst.count, inst.name)
                    self.int(f"{inst.prefix}_STRIDE", inst.stride, inst.name)
        for reg in block.regs:
            self.reg(reg, block.prefix, block.addr_w)

    def layout(self, layout):
        self.group(f"Layout {layout.name}, in memory")
        self.int(f"{layout.prefix}_BYTES", layout.size, layout.name)
        for reg in layout.regs:
            self.reg(reg, layout.prefix, None)

    def reg(self, reg, prefix, addr_w):
        name = f"{prefix}_{reg.name.upper()}"
        owner = f"{prefix}.{reg.name}"
        self.out.append("")
        self.offset(name, reg.offset, owner)
        width = addr_w or self.offset_w - 2
        self.bits(f"{name}_WORD", width, f"{width}'h{reg.offset // 4:0{-(-width // 4)}x}", owner)
        if reg.count is not None:
            self.int(f"{name}_COUNT", reg.count, owner)
            self.int(f"{name}_STRIDE", reg.stride, owner)
        for f in reg.fields:
            self.int(f"{name}_{f.name.upper()}_LSB", f.lsb, f"{owner}.{f.name}")
            self.int(f"{name}_{f.name.upper()}_W", f.width, f"{owner}.{f.name}")
