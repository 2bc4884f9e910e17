# SPDX-License-Identifier: Apache-2.0
"""reader - read a SystemRDL description and judge it.

The subset, in the words of SystemRDL:

    addrmap dray {                           the top: its own registers,
        reg {...} IDENTITY @0x0;             blocks (regfile or addrmap, single or array),
        channel channel[8] @0x100 += 0x100;  and layouts
    };

A block holds registers of 32 bits and nothing deeper. An `external` register
or regfile is decoded by somebody else: it has no RTL, but stands in the C
header, the SVD file and the register page.

Field kinds (Kind below) follow from sw, hw and the usual field properties:

    sw=rw  hw=r | na             STORE   flip-flops; hw=na has no port
    sw=w   hw=r                  STORE   the same, and not readable
    ... + hwclr, hwset, we       STORE   hardware wins over software: write < clr < set < we
    sw=rw  woclr hwset           STICKY  write one to clear, set wins; one bit per bit
    sw=r   hw=w                  INPUT   no storage
    sw=r   hw=na, reset          CONST
    sw=w   singlepulse           PULSE   high in the clock of the write
    sw=w   hw=r   passthrough    PASS    the data in the clock of the write
    sw=rw  hw=rw  passthrough    PASS    the same, read back from an input

User-defined properties, known without a declaration in the file:

    present_if = "NAME"    reg, field       exists only where parameter NAME is not 0
    width_param = "NAME"   field            parameter NAME is its width, 1 to the width declared
    passthrough            field            no storage, see PASS
    layout_only            addrmap,regfile  a layout of memory, not registers
    registered_read        addrmap          of the top: a read is answered one clock later, see rtl.py
"""

from systemrdl import RDLCompileError, RDLCompiler
from systemrdl import component as comp
from systemrdl.messages import MessagePrinter, Severity
from systemrdl.node import AddrmapNode, RegfileNode, RegNode

from regs.model import Block, Enum, EnumValue, Field, Instance, Kind, Layout, Reg, Refused, Top, bare, tidy
from regs.properties import UDPS, as_declared, classify, flag, parameter, path, refuse, where


class Collector(MessagePrinter):
    """Keeps the compiler's messages as plain sentences."""

    def __init__(self):
        self.lines = []

    def print_message(self, severity, text, src_ref):
        if severity == Severity.ERROR or (severity == Severity.FATAL and not self.lines):
            self.lines.append(where(src_ref) + text)


def load(path, top_name=None):
    """The checked model of the description at `path`; raises Refused."""
    if not path.is_file():
        raise Refused(f"{path} cannot be read.")
    text = path.read_text(encoding="utf-8")

    messages = Collector()
    compiler = RDLCompiler(message_printer=messages)
    for udp in UDPS:
        compiler.register_udp(*as_declared(udp, text))
    try:
        compiler.compile_file(str(path))
        maps = {n: d for n, d in compiler.root.comp_defs.items() if isinstance(d, comp.Addrmap)}
        layouts = [n for n, d in maps.items() if d.properties.get("layout_only")]
        if top_name is None:
            tops = [n for n in maps if n not in layouts]
            if not tops:
                raise Refused(f"{path.name} has no addrmap to generate.")
            top_name = tops[-1]
        elif top_name not in maps:
            raise Refused(f"{path.name} has no addrmap {top_name}.")
        top_node = compiler.elaborate(top_name).top
        layout_nodes = [compiler.elaborate(n).top for n in layouts]
    except RDLCompileError:
        raise Refused(*messages.lines) from None

    return Reader(path.name, top_node).read(layout_nodes)


class Reader:
    def __init__(self, source, top_node):
        self.node = top_node
        name = top_node.inst_name.lower()
        block = Block(name, name.upper(), f"{name}_regs", title(top_node), desc(top_node), [])
        self.top = Top(name, name.upper(), source, 0, block)
        self.top.registered_read = bool(top_node.get_property("registered_read"))
        self.blocks = {}
        self.enums = {}

    def read(self, layout_nodes):
        top = self.top
        end = 0
        inside = set()
        for node in self.node.children():
            if isinstance(node, RegNode):
                top.block.regs.append(self.reg(node))
                end = max(end, top.block.regs[-1].end)
            elif isinstance(node, (RegfileNode, AddrmapNode)):
                if node.get_property("layout_only"):
                    inside.add(node.type_name)
                    top.layouts.append(self.layout(node))
                else:
                    top.instances.append(self.instance(node))
                    end = max(end, node.raw_address_offset + node.total_size)
            else:
                refuse(node, f"{node.inst_name} is neither a register nor a block of registers.")
        for node in layout_nodes:
            if node.inst_name not in inside and node.inst_name != self.node.inst_name:
                top.layouts.append(self.layout(node))

        top.size = 1 << max(2, (end - 1).bit_length())
        top.enums = list(self.enums.values())
        self.set_windows()
        return top

    def set_windows(self):
        """A block decodes its whole stride, so that its user compares only what is above."""
        own_end = max((r.end for r in self.top.block.regs), default=4)
        window = 1 << max(2, (own_end - 1).bit_length())
        first = min((i.base for i in self.top.instances), default=window)
        while window * 2 <= first:
            window *= 2
        self.top.block.window = window

        for inst in self.top.instances:
            block = inst.block
            block_end = max(r.end for r in block.regs)
            window = 1 << max(2, (block_end - 1).bit_length())
            if inst.count is not None:
                while window * 2 <= inst.stride:
                    window *= 2
            block.window = max(block.window, window)

    # ------------------------------------------------------------------------
    # Nodes

    def prefix(self, name):
        name = bare(name).upper()
        if name.startswith(self.top.prefix + "_"):
            return name
        return f"{self.top.prefix}_{name}"

    def dims(self, node):
        """Count and stride of an array of one dimension, else None and 0."""
        if not node.is_array:
            return None, 0
        if len(node.array_dimensions) != 1:
            refuse(node, f"{node.inst_name} has more than one dimension.")
        return node.array_dimensions[0], node.array_stride

    def instance(self, node):
        count, stride = self.dims(node)
        key = node.type_name or node.inst_name
        if key not in self.blocks:
            regs = self.flat_regs(node)
            prefix = self.prefix(key)
            self.blocks[key] = Block(
                bare(key).lower(), prefix, f"{prefix.lower()}_regs", title(node), desc(node), regs
            )
        external = isinstance(node, RegfileNode) and bool(node.external)
        return Instance(node.inst_name, self.prefix(node.inst_name), node.raw_address_offset,
                        self.blocks[key], count, stride, external)

    def flat_regs(self, node):
        regs = []
        for child in node.children():
            if not isinstance(child, RegNode):
                refuse(child, f"{child.inst_name} is too deep: a block holds registers only.")
            regs.append(self.reg(child, coerced=bool(node.external)))
        return regs

    def layout(self, node):
        regs = []
        for child in node.children():
            if not isinstance(child, RegNode):
                refuse(child, f"{child.inst_name} is too deep: a layout holds words only.")
            regs.append(self.reg(child, layout=True))
        name = bare(node.inst_name)
        return Layout(name.lower(), self.prefix(name), title(node), desc(node), node.size, regs)

    def reg(self, node, layout=False, coerced=False):
        width = node.get_property("regwidth")
        if width != 32 or node.get_property("accesswidth") != 32:
            refuse(node, f"Register {node.inst_name} is {width} bits wide; only 32 are supported.")
        if node.raw_address_offset % 4:
            refuse(node, f"Register {node.inst_name} does not stand on a multiple of 4 bytes.")
        if node.is_alias or node.inst.overlaps_with_names:
            refuse(node, f"Register {node.inst_name} shares its address with another one.")
        count, stride = self.dims(node)
        return Reg(
            name=node.inst_name,
            offset=node.raw_address_offset,
            title=title(node),
            desc=desc(node),
            fields=[self.field(f, layout) for f in node.fields()],
            count=count,
            stride=stride or 4,
            external=bool(node.external) and not coerced,
            present_if=parameter(node, "present_if"),
        )

    def field(self, node, layout):
        if node.inst.overlaps_with_names:
            refuse(node, f"Field {path(node)} shares its bits with another one.")
        if node.msb < node.lsb:
            refuse(node, f"Field {path(node)} counts its bits from the left.")
        reset = node.get_property("reset")
        if reset is not None and not isinstance(reset, int):
            refuse(node, f"The reset of {path(node)} is not a number.")

        field = Field(node.inst_name, node.low, node.width, Kind.LAYOUT, "rw", desc(node), reset)
        field.encode = self.enum(node)
        if layout:
            return field

        field.present_if = parameter(node, "present_if")
        field.width_param = parameter(node, "width_param")
        field.swmod = node.get_property("swmod")
        field.hwset = flag(node, "hwset")
        field.hwclr = flag(node, "hwclr")
        field.we = flag(node, "we")
        classify(node, field)
        return field

    def enum(self, node):
        encode = node.get_property("encode")
        if encode is None:
            return None
        name = bare(encode.type_name).lower()
        values = [EnumValue(m.name, m.value, tidy(m.rdl_desc or "")) for m in encode]
        if name in self.enums:
            known = self.enums[name]
            if known.values != values:
                refuse(node, f"Two enumerations are called {name}.")
            known.width = min(known.width, node.width)
            return known
        self.enums[name] = Enum(name, node.width, values)
        return self.enums[name]


def title(node):
    return node.get_property("name") if "name" in node.inst.properties else ""


def desc(node):
    return tidy(node.get_property("desc") or "")
