# SPDX-License-Identifier: Apache-2.0
"""markdown - the register page."""

from regs.model import Kind, first_sentence

ACCESS = {"rw": "read, write", "ro": "read", "wo": "write", "w1c": "read, write 1 to clear"}


def render(top):
    out = [
        "<!-- SPDX-License-Identifier: Apache-2.0 -->",
        f"<!-- Generated from {top.source} by tools/regs.py: change that, not this. -->",
        "",
        f"# {top.block.title or 'Registers of ' + top.name}",
        "",
    ]
    paragraphs(out, top.block.desc)
    out += [
        "Registers are 32 bits wide and are read and written whole. No read has a side effect.",
        "Bits that no field names read zero and ignore what is written.",
        "",
    ]
    if top.block.regs:
        register_table(out, top.block.regs, 0)
    for inst in top.instances:
        out += [f"## {inst_title(inst)}", ""]
        paragraphs(out, inst.block.desc)
        register_table(out, inst.block.regs, inst.base, inst.stride if inst.count is not None else None)

    for reg in top.block.regs:
        register(out, reg, reg.name.upper(), "##")
    done = []
    for inst in top.instances:
        if any(inst.block is b for b in done):
            continue
        done.append(inst.block)
        for reg in inst.block.regs:
            register(out, reg, f"{inst.block.name.upper()}.{reg.name.upper()}", "##")

    if top.layouts:
        out += ["## Layouts in memory", ""]
    for layout in top.layouts:
        out += [f"### {layout.title or layout.name.upper()}", ""]
        paragraphs(out, layout.desc)
        out += [f"{layout.size} bytes, little-endian words.", "",
                "| Offset | Word | Description |", "| --- | --- | --- |"]
        for reg in layout.regs:
            out.append(f"| {offset(reg, 0, None)} | {reg.name.upper()} | {cell(summary(reg))} |")
        out.append("")
        for reg in layout.regs:
            register(out, reg, f"{layout.name.upper()}.{reg.name.upper()}", "####")
    return "\n".join(out).rstrip("\n") + "\n"


def inst_title(inst):
    title = inst.block.title or f"Block {inst.name.upper()}"
    if inst.count is None:
        return f"{title}, at 0x{inst.base:03x}"
    return f"{title}: {inst.count}, at 0x{inst.base:03x} + 0x{inst.stride:x} n"


def register_table(out, regs, base, stride=None):
    out += ["| Offset | Name | Access | Reset | Description |", "| --- | --- | --- | --- | --- |"]
    for reg in regs:
        out.append(f"| {offset(reg, base, stride)} | {reg.name.upper()} | {access(reg)} | {reset(reg.reset)} "
                   f"| {cell(summary(reg))} |")
    out.append("")


def register(out, reg, name, level):
    title = f" - {reg.title}" if reg.title else ""
    out += [f"{level} {name}{title}", ""]
    paragraphs(out, reg.desc)
    if reg.present_if:
        out += [f"Present only where {reg.present_if} is not 0; reads zero elsewhere.", ""]
    layout = all(f.kind is Kind.LAYOUT for f in reg.fields)
    if layout:
        out += ["| Bits | Field | Description |", "| --- | --- | --- |"]
    else:
        out += ["| Bits | Field | Access | Reset | Description |", "| --- | --- | --- | --- | --- |"]
    for f in sorted(reg.fields, key=lambda f: -f.lsb):
        span = f"{f.lsb + f.width - 1}:{f.lsb}" if f.width > 1 else f"{f.lsb}"
        middle = "" if layout else f" {ACCESS[f.access]} | {reset(f.reset)} |"
        out.append(f"| {span} | {f.name.upper()} |{middle} {cell(field_text(f))} |")
    out.append("")
    for f in reg.fields:
        if f.encode:
            out += [f"{f.name.upper()}:", "", "| Value | Name | Meaning |", "| --- | --- | --- |"]
            out += [f"| {v.value} | {v.name.upper()} | {cell(v.desc)} |" for v in f.encode.values]
            out.append("")


def field_text(f):
    parts = [f.desc] if f.desc else []
    if f.present_if:
        parts.append(f"Present only where {f.present_if} is not 0.")
    if f.width_param:
        parts.append(f"{f.width_param} bits wide; those above read zero.")
    return " ".join(parts)


def summary(reg):
    return reg.title or first_sentence(reg.desc)


def access(reg):
    kinds = {f.access for f in reg.fields}
    return ACCESS[kinds.pop()] if len(kinds) == 1 else {"rw": "read, write", "ro": "read"}[reg.access]


def offset(reg, base, stride):
    text = f"0x{base + reg.offset:03x}"
    if stride is not None:
        text += f" + 0x{stride:x} n"
    if reg.count is not None:
        text += f" + 0x{reg.stride:x} i"
    return text



def reset(value):
    if value is None:
        return "-"
    return f"0x{value:x}" if value > 9 else f"{value}"


def cell(text):
    return " ".join(text.split()).replace("|", "\\|")


def paragraphs(out, text):
    if text:
        out += text.split("\n") + [""]
