# SPDX-License-Identifier: Apache-2.0
"""properties - the properties that SystemRDL does not have, and how a field's properties make its kind."""

import pathlib
import re

from systemrdl import component as comp
from systemrdl.rdltypes import AccessType, OnWriteType, PrecedenceType
from systemrdl.udp import UDPDefinition

from regs.model import Kind, Refused


class PresentIf(UDPDefinition):
    name = "present_if"
    valid_components = {comp.Reg, comp.Field}
    valid_type = str


class WidthParam(UDPDefinition):
    name = "width_param"
    valid_components = {comp.Field}
    valid_type = str


class Passthrough(UDPDefinition):
    name = "passthrough"
    valid_components = {comp.Field}
    valid_type = bool
    default_assignment = True


class LayoutOnly(UDPDefinition):
    name = "layout_only"
    valid_components = {comp.Addrmap, comp.Regfile}
    valid_type = bool
    default_assignment = True


class RegisteredRead(UDPDefinition):
    name = "registered_read"
    valid_components = {comp.Addrmap}
    valid_type = bool
    default_assignment = True


UDPS = (PresentIf, WidthParam, Passthrough, LayoutOnly, RegisteredRead)


def as_declared(udp, text):
    """The property and whether the description declares it itself; then its default is the one there."""
    declared = re.search(rf"\bproperty\s+{udp.name}\s*\{{(.*?)\}}", text, re.DOTALL)
    if declared is None:
        return udp, False
    default = udp.default_assignment if re.search(r"\bdefault\b", declared[1]) else None
    return type(udp.__name__, (udp,), {"default_assignment": default}), True


# Standard properties that would change what the generated block means.
REFUSED_FIELD_PROPERTIES = (
    "anded", "counter", "decr", "decrthreshold", "enable", "haltenable", "haltmask", "hwenable",
    "hwmask", "incr", "intr", "mask", "next", "ored", "overflow", "paritycheck", "resetsignal",
    "saturate", "sticky", "stickybit", "swacc", "swwe", "swwel", "threshold", "underflow", "wel",
    "woset", "xored",
)


# ----------------------------------------------------------------------------
# Refusing


def where(src_ref):
    """file:line: of a place in the description."""
    path = getattr(src_ref, "path", None)
    if path is None:
        return ""
    line = getattr(src_ref, "line", None)
    name = pathlib.Path(path).name
    return f"{name}:{line}: " if line else f"{name}: "


def refuse(node, sentence):
    raise Refused(where(node.inst_src_ref) + sentence)


def path(node):
    return f"{node.parent.inst_name}.{node.inst_name}"


# ----------------------------------------------------------------------------
# Field kinds


def classify(node, field):
    """Set kind and access of a register's field, or refuse it."""
    sw = node.get_property("sw")
    hw = node.get_property("hw")
    name = path(node)
    passes = bool(node.get_property("passthrough"))
    pulse = node.get_property("singlepulse")
    onwrite = node.get_property("onwrite")
    sets = field.hwset or field.hwclr or field.we

    if node.get_property("onread") is not None:
        refuse(node, f"Reading {name} would have a side effect; no register read may.")
    for prop in REFUSED_FIELD_PROPERTIES:
        if prop in node.inst.properties and node.get_property(prop):
            refuse(node, f"Field {name} asks for {prop}, which is not supported.")
    if "precedence" in node.inst.properties and node.get_property("precedence") == PrecedenceType.sw:
        refuse(node, f"Field {name} asks for precedence=sw, but hardware wins here.")
    if onwrite not in (None, OnWriteType.woclr):
        refuse(node, f"Field {name} asks for onwrite={onwrite.name}, which is not supported.")
    if sw not in (AccessType.rw, AccessType.r, AccessType.w):
        refuse(node, f"Field {name} asks for sw={sw.name}, which is not supported.")
    if sw == AccessType.r and field.swmod:
        refuse(node, f"Field {name} asks for swmod, but software cannot write it.")

    field.access = {AccessType.rw: "rw", AccessType.r: "ro", AccessType.w: "wo"}[sw]
    field.hw_reads = hw in (AccessType.r, AccessType.rw)

    if onwrite == OnWriteType.woclr:
        if sw != AccessType.rw or not field.hwset or field.hwclr or field.we or passes:
            refuse(node, f"Field {name} is woclr, so it must be sw=rw and hwset, without hwclr or we.")
        if field.reset is None:
            refuse(node, f"Field {name} is sticky and needs a reset.")
        field.kind, field.access, field.hw_reads = Kind.STICKY, "w1c", True
    elif pulse:
        if sw != AccessType.w or sets or passes:
            refuse(node, f"Field {name} is singlepulse, so it must be sw=w and nothing more.")
        field.kind, field.reset = Kind.PULSE, None
    elif passes:
        if (sw, hw) not in ((AccessType.w, AccessType.r), (AccessType.rw, AccessType.rw)) or sets:
            refuse(node, f"Field {name} is passthrough, so it must be sw=w hw=r or sw=rw hw=rw.")
        if field.reset is not None:
            refuse(node, f"Field {name} is passthrough: it has no storage and no reset.")
        field.kind = Kind.PASS
    elif sw == AccessType.r:
        if sets:
            refuse(node, f"Field {name} is sw=r with storage, which is not supported.")
        if hw == AccessType.w:
            if field.reset is not None:
                refuse(node, f"Field {name} is sw=r hw=w: it has no storage and no reset.")
            field.kind = Kind.INPUT
        elif hw == AccessType.na and field.reset is not None:
            field.kind = Kind.CONST
            if field.width_param:
                refuse(node, f"Field {name} is a constant and takes no width_param.")
        else:
            refuse(node, f"Field {name} is sw=r, so it must be hw=w, or hw=na with a reset.")
    else:
        if hw in (AccessType.rw, AccessType.w) and not sets:
            refuse(node, f"Field {name} is written by hardware: say we, hwset or hwclr, or hw=r.")
        if sw == AccessType.w and not field.hw_reads:
            refuse(node, f"Field {name} is sw=w, but nobody reads it.")
        field.kind = Kind.STORE


def parameter(node, prop):
    value = node.get_property(prop)
    if value is not None and not re.fullmatch(r"[A-Z][A-Z0-9_]*", value):
        refuse(node, f'{prop} of {node.inst_name} is "{value}", not an UPPER_CASE parameter name.')
    return value


def flag(node, prop):
    value = node.get_property(prop)
    if not isinstance(value, bool):
        refuse(node, f"Field {path(node)} points {prop} at another element, which is not supported.")
    return value
