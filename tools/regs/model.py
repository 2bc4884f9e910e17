# SPDX-License-Identifier: Apache-2.0
"""model - what a description says, once it has been read and judged (reader.py)."""

import enum
import re
from dataclasses import dataclass, field as member


class Refused(Exception):
    """The description is not accepted; `lines` says why, a sentence each."""

    def __init__(self, *lines):
        super().__init__("\n".join(lines))
        self.lines = lines


class Kind(enum.Enum):
    STORE = "store"
    STICKY = "sticky"
    INPUT = "input"
    CONST = "const"
    PULSE = "pulse"
    PASS = "pass"
    LAYOUT = "layout"


@dataclass
class EnumValue:
    name: str
    value: int
    desc: str


@dataclass
class Enum:
    name: str  # of the type, without _e or _t
    width: int  # bits, of the narrowest field that uses it
    values: list


@dataclass
class Field:
    name: str
    lsb: int
    width: int  # bits, as declared
    kind: Kind
    access: str  # "rw", "ro", "wo", "w1c"
    desc: str
    reset: int | None = None
    encode: Enum | None = None
    present_if: str | None = None
    width_param: str | None = None
    swmod: bool = False
    hwset: bool = False
    hwclr: bool = False
    we: bool = False
    hw_reads: bool = False

    @property
    def mask(self):
        return ((1 << self.width) - 1) << self.lsb

    @property
    def readable(self):
        return self.access != "wo"

    @property
    def writable(self):
        return self.access != "ro"

    @property
    def stored(self):
        return self.kind in (Kind.STORE, Kind.STICKY)


@dataclass
class Reg:
    name: str
    offset: int  # bytes, from the start of its block
    title: str  # the RDL name property where given, else ""
    desc: str
    fields: list
    count: int | None = None  # of an array
    stride: int = 4  # bytes
    external: bool = False
    present_if: str | None = None

    @property
    def readable(self):
        return any(f.readable for f in self.fields)

    @property
    def writable(self):
        return any(f.writable for f in self.fields)

    @property
    def end(self):
        return self.offset + self.stride * ((self.count or 1) - 1) + 4

    @property
    def access(self):
        if self.readable and self.writable:
            return "rw"
        return "ro" if self.readable else "wo"

    @property
    def reset(self):
        """What a read gives after reset, None where a field has no known value."""
        value = 0
        for f in self.fields:
            if not f.readable:
                continue
            if f.reset is None:
                return None
            value |= f.reset << f.lsb
        return value


@dataclass
class Block:
    """A flat set of registers: the top's own, or a regfile type."""

    name: str  # of the type: "channel"; of the top: its name
    prefix: str  # of its constants: "DRAY_CHANNEL"
    module: str
    title: str
    desc: str
    regs: list
    window: int = 0  # bytes its RTL decodes, a power of two

    @property
    def addr_w(self):
        """Bits of the word index."""
        return max(1, (self.window // 4 - 1).bit_length())

    @property
    def own_regs(self):
        """The registers that its RTL holds, arrays written out."""
        regs = []
        for reg in self.regs:
            if reg.external:
                continue
            if reg.count is None:
                regs.append(reg)
                continue
            for i in range(reg.count):
                regs.append(
                    Reg(f"{reg.name}{i}", reg.offset + i * reg.stride, reg.title, reg.desc,
                        reg.fields, present_if=reg.present_if)
                )
        return regs


@dataclass
class Instance:
    name: str
    prefix: str
    base: int  # bytes
    block: Block
    count: int | None
    stride: int
    external: bool


@dataclass
class Layout:
    name: str
    prefix: str
    title: str
    desc: str
    size: int  # bytes
    regs: list


@dataclass
class Top:
    name: str
    prefix: str
    source: str  # file name of the description
    size: int  # bytes
    block: Block  # its own registers
    registered_read: bool = False
    instances: list = member(default_factory=list)
    layouts: list = member(default_factory=list)
    enums: list = member(default_factory=list)

    @property
    def blocks(self):
        """Every distinct block once, the top's own registers first."""
        found = [self.block] if self.block.regs else []
        for inst in self.instances:
            if all(inst.block is not b for b in found):
                found.append(inst.block)
        return found

    def is_external(self, block):
        uses = [i for i in self.instances if i.block is block]
        return bool(uses) and all(i.external for i in uses)


# ----------------------------------------------------------------------------
# Names and prose


def bare(name):
    """A type's name without the _e, _t that marks it as a type."""
    return re.sub(r"_[et]$", "", name)


def tidy(text):
    """Paragraphs on a line each, the sentences as written."""
    paragraphs = re.split(r"\n\s*\n", text.strip())
    return "\n\n".join(" ".join(p.split()) for p in paragraphs)


def first_sentence(text):
    """Up to the first full stop that ends a sentence."""
    line = text.split("\n", 1)[0]
    found = re.match(r".*?[.!?](?=\s+[A-Z(`]|\s*$)", line)
    return found.group(0) if found else line


class Names:
    """Refuses a generated name that is already taken by something else."""

    def __init__(self, what):
        self.what = what
        self.taken = {}

    def claim(self, name, owner):
        if name in self.taken and self.taken[name] != owner:
            raise Refused(f"The {self.what} {name} would stand for both {self.taken[name]} and {owner}.")
        new = name not in self.taken
        self.taken[name] = owner
        return new
