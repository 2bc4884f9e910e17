# SPDX-License-Identifier: Apache-2.0
"""svd - the registers as a CMSIS-SVD 1.3 device with one peripheral at address 0."""

from xml.sax.saxutils import escape

ACCESS = {"rw": "read-write", "ro": "read-only", "wo": "write-only", "w1c": "read-write"}


def render(top):
    return Svd(top).render()


class Svd:
    def __init__(self, top):
        self.top = top
        self.out = []
        self.depth = 0

    def render(self):
        top = self.top
        text = top.block.desc or top.block.title or top.name
        self.out += [
            '<?xml version="1.0" encoding="utf-8"?>',
            "<!-- SPDX-License-Identifier: Apache-2.0 -->",
            f"<!-- Generated from {top.source} by tools/regs.py: change that, not this. -->",
        ]
        self.open('device schemaVersion="1.3" '
                  'xmlns:xs="http://www.w3.org/2001/XMLSchema-instance" '
                  'xs:noNamespaceSchemaLocation="CMSIS-SVD.xsd"')
        self.leaf("name", top.prefix)
        self.leaf("version", "1.0")
        self.leaf("description", text)
        self.leaf("addressUnitBits", 8)
        self.leaf("width", 32)
        self.leaf("size", 32)
        self.open("peripherals")
        self.open("peripheral")
        self.leaf("name", top.prefix)
        self.leaf("description", text)
        self.leaf("baseAddress", "0x0")
        self.open("addressBlock")
        self.leaf("offset", "0x0")
        self.leaf("size", f"0x{top.size:x}")
        self.leaf("usage", "registers")
        self.close("addressBlock")
        self.open("registers")
        for reg in top.block.regs:
            self.reg(reg)
        for inst in top.instances:
            self.cluster(inst)
        for tag in ("registers", "peripheral", "peripherals", "device"):
            self.close(tag)
        return "\n".join(self.out) + "\n"

    def open(self, tag):
        self.out.append("  " * self.depth + f"<{tag}>")
        self.depth += 1

    def close(self, tag):
        self.depth -= 1
        self.out.append("  " * self.depth + f"</{tag}>")

    def leaf(self, tag, value):
        text = escape(" ".join(str(value).split()))
        self.out.append("  " * self.depth + f"<{tag}>{text}</{tag}>")

    def dim(self, name, count, stride):
        if count is not None:
            self.leaf("dim", count)
            self.leaf("dimIncrement", f"0x{stride:x}")
        self.leaf("name", name.upper() + ("[%s]" if count is not None else ""))

    def cluster(self, inst):
        self.open("cluster")
        self.dim(inst.name, inst.count, inst.stride)
        self.leaf("description", inst.block.desc or inst.block.title or inst.name)
        self.leaf("addressOffset", f"0x{inst.base:x}")
        for reg in inst.block.regs:
            self.reg(reg)
        self.close("cluster")

    def reg(self, reg):
        self.open("register")
        self.dim(reg.name, reg.count, reg.stride)
        self.leaf("description", ". ".join(t for t in (reg.title, reg.desc) if t) or reg.name)
        self.leaf("addressOffset", f"0x{reg.offset:x}")
        self.leaf("access", ACCESS[reg.access])
        if reg.reset is not None:
            self.leaf("resetValue", f"0x{reg.reset:x}")
            self.leaf("resetMask", "0xffffffff")
        self.open("fields")
        for f in reg.fields:
            self.field(f)
        self.close("fields")
        self.close("register")

    def field(self, field):
        self.open("field")
        self.leaf("name", field.name.upper())
        if field.desc:
            self.leaf("description", field.desc)
        self.leaf("bitOffset", field.lsb)
        self.leaf("bitWidth", field.width)
        self.leaf("access", ACCESS[field.access])
        if field.access == "w1c":
            self.leaf("modifiedWriteValues", "oneToClear")
        if field.encode:
            self.open("enumeratedValues")
            for v in field.encode.values:
                self.open("enumeratedValue")
                self.leaf("name", v.name)
                if v.desc:
                    self.leaf("description", v.desc)
                self.leaf("value", v.value)
                self.close("enumeratedValue")
            self.close("enumeratedValues")
        self.close("field")
