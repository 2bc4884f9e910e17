# SPDX-License-Identifier: Apache-2.0
"""verilog - a field in the words of Verilog, and how statements are broken into lines."""

import textwrap

from regs.model import Kind


class Field:
    """A field with its names and widths in Verilog."""

    def __init__(self, reg, field):
        self.reg = reg
        self.f = field
        self.base = f"{reg.name}_{field.name}".lower()
        self.width = field.width_param or field.width
        self.present = sorted({p for p in (reg.present_if, field.present_if) if p})

    @property
    def range(self):
        if self.f.width_param:
            return f"[{self.f.width_param}-1:0]"
        return f"[{self.f.width - 1}:0]" if self.f.width > 1 else ""

    @property
    def data(self):
        """Its part of the written word."""
        lsb = self.f.lsb
        if self.f.width_param:
            top = f"{self.f.width_param}+{lsb - 1}" if lsb > 1 else self.f.width_param
            top = f"{self.f.width_param}-1" if lsb == 0 else top
            return f"wr_data[{top}:{lsb}]"
        if self.f.width == 1:
            return f"wr_data[{lsb}]"
        if self.f.width == 32:
            return "wr_data"
        return f"wr_data[{lsb + self.f.width - 1}:{lsb}]"

    @property
    def reset(self):
        value = number(self.f.width, self.f.reset)
        return f"{self.f.width_param}'({value})" if self.f.width_param else value

    @property
    def zero(self):
        return "'0" if self.f.width_param or self.f.width > 1 else "1'b0"

    @property
    def ones(self):
        return "1'b1" if self.range == "" else f"{{{self.width}{{1'b1}}}}"

    @property
    def value(self):
        """What a read shows, exactly f.width bits."""
        f = self.f
        if f.kind is Kind.CONST:
            value = number(f.width, f.reset)
        elif f.stored:
            value = f"{self.base}_q"
        else:
            value = self.base
        if f.width_param:
            value = f"{f.width}'({value})"
        if f.present_if and not f.stored:
            value = f"({f.present_if} != 0 ? {value} : {number(f.width, 0)})"
        return value


def number(width, value):
    if width == 1:
        return f"1'b{value}"
    return f"{width}'h{value:x}"


def zeros(count):
    return "32'h0" if count == 1 else f"{{{count}{{32'h0}}}}"


def broken(text, indent, width=100):
    """A statement on as many lines as it needs."""
    return textwrap.wrap(text, width, initial_indent=indent, subsequent_indent=indent + "    ",
                         break_long_words=False, break_on_hyphens=False)


def conj(names):
    return " && ".join(f"{n} != 0" for n in names)


def some(users):
    users = [u.upper() for u in users]
    return ", ".join(users) if len(users) <= 3 else f"{', '.join(users[:2])} and {len(users) - 2} more"


def wrapped(text, prefix, width=96):
    return [prefix + line for line in textwrap.wrap(text, width - len(prefix))]
