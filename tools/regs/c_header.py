# SPDX-License-Identifier: Apache-2.0
"""c_header - offsets, shifts, masks and enumerations for C11 and C++17."""

import re

from regs.model import Names


def render(top, file_name):
    return Header(top, file_name).render()


class Header:
    def __init__(self, top, file_name):
        self.top = top
        self.guard = re.sub(r"\W", "_", file_name).upper()
        self.names = Names("C constant")
        self.out = []

    def render(self):
        top = self.top
        self.out += [
            "/* SPDX-License-Identifier: Apache-2.0",
            " *",
            f" * Generated from {top.source} by tools/regs.py: change that, not this.",
            " *",
            " * A register's name is its byte offset; NAME_FIELD_MASK is in place, and",
            " * (value & MASK) >> SHIFT is the field.",
            " */",
            f"#ifndef {self.guard}",
            f"#define {self.guard}",
        ]
        if top.block.regs:
            self.comment(f"Registers of {top.name}")
            for reg in top.block.regs:
                self.out.append("")
                self.offset(top.prefix, reg, reg.offset)
                self.fields(top.block.prefix, reg)
        done = []
        for inst in top.instances:
            self.instance(inst)
            if all(inst.block is not b for b in done):
                done.append(inst.block)
                self.comment(f"Fields of {inst.block.name}")
                for reg in inst.block.regs:
                    self.out.append("")
                    self.fields(inst.block.prefix, reg)
        for layout in top.layouts:
            self.comment(f"Layout of {layout.name} in memory, byte offsets from its start")
            self.define(f"{layout.prefix}_BYTES", f"{layout.size}u", layout.name)
            for reg in layout.regs:
                self.out.append("")
                self.offset(layout.prefix, reg, reg.offset)
                self.fields(layout.prefix, reg)
        for enum in top.enums:
            self.comment(f"Values of {enum.name}")
            for v in enum.values:
                self.define(f"{top.prefix}_{enum.name.upper()}_{v.name.upper()}", f"{v.value}u",
                            f"enumeration {enum.name}")
        self.out += ["", f"#endif /* {self.guard} */"]
        return "\n".join(self.out) + "\n"

    def comment(self, text):
        self.out += ["", f"/* {text} */"]

    def define(self, name, value, owner, args=""):
        if self.names.claim(name, owner):
            self.out.append(f"#define {name}{args} {value}")

    def offset(self, prefix, reg, base):
        name, owner = f"{prefix}_{reg.name.upper()}", f"{prefix}.{reg.name}"
        if reg.count is None:
            self.define(name, hex3(base), owner)
        else:
            self.define(f"{name}_COUNT", f"{reg.count}u", owner)
            self.define(name, f"({hex3(base)} + {hex3(reg.stride)} * (i))", owner, "(i)")

    def instance(self, inst):
        title = f"Block {inst.name}"
        if inst.count is not None:
            title += f": {inst.count}, 0x{inst.stride:x} bytes apart"
        self.comment(title)
        if inst.count is None:
            self.define(f"{inst.prefix}_BASE", hex3(inst.base), inst.name)
        else:
            self.define(f"{inst.prefix}_COUNT", f"{inst.count}u", inst.name)
            self.define(f"{inst.prefix}_STRIDE", hex3(inst.stride), inst.name)
            value = f"({hex3(inst.base)} + {hex3(inst.stride)} * (ch))"
            self.define(f"{inst.prefix}_BASE", value, inst.name, "(ch)")
        for reg in inst.block.regs:
            name, owner = f"{inst.prefix}_{reg.name.upper()}", f"{inst.prefix}.{reg.name}"
            address = hex3(inst.base + reg.offset)
            args = []
            if inst.count is not None:
                args.append("ch")
                address += f" + {hex3(inst.stride)} * (ch)"
            if reg.count is not None:
                args.append("i")
                address += f" + {hex3(reg.stride)} * (i)"
                self.define(f"{name}_COUNT", f"{reg.count}u", owner)
            if args:
                self.define(name, f"({address})", owner, f"({', '.join(args)})")
            else:
                self.define(name, address, owner)

    def fields(self, prefix, reg):
        name = f"{prefix}_{reg.name.upper()}"
        for f in reg.fields:
            field, owner = f"{name}_{f.name.upper()}", f"{prefix}.{reg.name}.{f.name}"
            self.define(f"{field}_SHIFT", f"{f.lsb}u", owner)
            self.define(f"{field}_MASK", f"0x{f.mask:08x}u", owner)


def hex3(value):
    return f"0x{value:03x}u"
