#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Fails on a file without its licence line, a leftover, a path of somebody's machine, a waiver, a misplaced assume,
or a size cast that Yosys misreads.

What is searched for is written in pieces here, so that this file passes its own check.
"""

import re
import sys
from pathlib import Path

import tree

LICENCE = "SPDX-License-Identifier: Apache-2.0"
HEAD_LINES = 5                                                  # a shebang or an XML line may stand first
BEARS_NO_COMMENT = {".json", ".csv", ".png", ".hex", ".mem", ".bin", ".fst", ".ppm", ".gz", ".rpt", ".log"}
BEARS_NO_LICENCE = {"LICENSE"}

CODE = {".sv", ".v", ".svh", ".c", ".h", ".cpp", ".mk", ".py", ".sh", ".S", ".ld", ".f", ".sby", ""}
RTL = {".sv", ".v"}

LEFTOVER = re.compile(r"\b(TO" r"DO|T" r"BD|FIX" r"ME|X" r"XX)\b")
MACHINE_PATH = re.compile(r"(?<![\w./~$)}-])/(?:wo" r"rk|ho" r"me|ro" r"ot|Use" r"rs|mn" r"t)\b")
WAIVER = re.compile(r"lint_" r"off|GCC diag" r"nostic|clang diag" r"nostic|NO" r"LINT|(?<![\w-])-W" r"no-\w")
ASSUME = re.compile(r"^[^/\"]*\b(as" r"sume|co" r"ver)\s*(?:property\b|\()", re.MULTILINE)

# Yosys takes the operator for a part of the size: with W = 8, ~W'(x) becomes a cast to ~8 bits.
CAST = re.compile(r"(?:[~!]|[=(,?:{]\s*[-+&|^])\s*\w+'\(")


def bears_licence(path: Path, text: str) -> bool:
    return (path.name in BEARS_NO_LICENCE or not text
            or LICENCE in "\n".join(text.splitlines()[:HEAD_LINES]))


def lines_with(pattern: re.Pattern[str], text: str) -> list[tuple[int, str]]:
    return [(text.count("\n", 0, hit.start(1 if hit.groups() else 0)) + 1, hit.group().strip().split("\n")[-1])
            for hit in pattern.finditer(text)]


def complaints_of(path: Path, text: str) -> list[str]:
    """path is relative to the root, because the rules differ by room."""
    found = [] if bears_licence(path, text) else [f"{path}: no line '{LICENCE}' at the top"]
    checks = [(LEFTOVER, "left over"), (MACHINE_PATH, "a path of one machine")]
    if path.suffix in CODE:
        checks.append((WAIVER, "a waiver; mend what it hides"))
    if path.suffix in RTL and path.parts[:2] != ("rtl", "formal"):
        checks.append((ASSUME, "belongs into rtl/formal"))
    if path.suffix in RTL:
        checks.append((CAST, "an operator right before a size cast, which Yosys misreads; name the cast value first"))
    for pattern, what in checks:
        found += [f"{path}:{line}: '{hit}' is {what}" for line, hit in lines_with(pattern, text)]
    return found


def complaints(root: Path) -> list[str]:
    found = []
    for path in tree.files(root):
        if path.suffix not in BEARS_NO_COMMENT:
            text = path.read_text(encoding="utf-8", errors="replace")
            if path.name not in BEARS_NO_LICENCE:
                found += complaints_of(path.relative_to(root), text)
    return found


if __name__ == "__main__":
    sys.exit(tree.report(complaints(Path(sys.argv[1] if len(sys.argv) > 1 else "."))))
