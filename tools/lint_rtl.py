#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Lints RTL tops in Verilator, Icarus and Yosys. Clean is when no tool says a word.

    lint_rtl.py [--seen DIR] <list.f>:<top>[:<PARAMETER>=<value>]...

A list has one source a line, seen from the root of the tree, and # comments. Every .sv below rtl/, proofs apart,
stands in some list. Icarus and Yosys read each top twice, with the checks beside the code and as SYNTHESIS leaves it.
Verilator reads it once, with the checks: an input whose every bit is judged, if only by a check, is a used input.
--seen remembers what passed by its content, so only what changed is linted again.
"""

import argparse
import hashlib
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import lint_listed
import tree

HOMES = ["rtl/dray", "rtl/soc", "rtl/board"]
SYNTHESIS = ["-DSYNTHESIS"]
NOISE = ("- V e r i l a t i o n", "- Verilator: ")      # its report of a good run


@dataclass(frozen=True)
class Top:
    """One module with one set of parameters."""
    name: str
    sources: tuple[str, ...]
    parameters: tuple[tuple[str, str], ...]

    def title(self) -> str:
        return " ".join([self.name, *(f"{name}={value}" for name, value in self.parameters)])


def parse(entry: str) -> Top:
    path, name, *pairs = entry.split(":")
    return Top(name, tuple(tree.listed(Path(path))), tuple((key, value) for key, _, value in (p.partition("=") for p in pairs)))


def verilator(top: Top, define: list[str]) -> list[str]:
    return ["verilator", "--lint-only", "-Wall", "-Wpedantic", "--top-module", top.name, *define,
            *(f"-G{name}={value}" for name, value in top.parameters), *top.sources]


def icarus(top: Top, define: list[str]) -> list[str]:
    # `-o /dev/null` as root would replace the device; the null target writes nothing.
    return ["iverilog", "-g2012", "-Wall", "-t", "null", "-s", top.name, *define,
            *(f"-P{top.name}.{name}={value}" for name, value in top.parameters), *top.sources]


def yosys(top: Top, define: list[str]) -> list[str]:
    chosen = "".join(f" -chparam {name} {value}" for name, value in top.parameters)
    reading = "" if define else "-nosynthesis "
    return ["yosys", "-q", "-p", f"read_verilog -sv {reading}{' '.join(top.sources)};"
            f" hierarchy -check -top {top.name}{chosen}; proc; check -assert"]


def complaint(command: list[str]) -> str:
    """What a tool said, or nothing."""
    result = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    lines = [line for line in (result.stdout + result.stderr).splitlines()
             if line.strip() and not line.startswith(NOISE)]
    if result.returncode != 0 and not lines:
        lines = [f"exit code {result.returncode}"]
    return "\n".join(lines)


def key_of(top: Top) -> str:
    text = repr(top).encode() + b"".join(Path(source).read_bytes() for source in top.sources)
    return hashlib.sha256(text + Path(__file__).read_bytes()).hexdigest()[:24]


def lint(top: Top) -> list[str]:
    found = []
    for tool, define in ((verilator, []), (icarus, []), (icarus, SYNTHESIS), (yosys, []), (yosys, SYNTHESIS)):
        said = complaint(tool(top, define))
        if said:
            found.append(f"{tool.__name__} on {' '.join([top.title(), *define])}\n{said}")
    return found


def main() -> int:
    options = argparse.ArgumentParser(description="lint RTL in three tools")
    options.add_argument("--seen", type=Path)
    options.add_argument("tops", nargs="*")
    chosen = options.parse_args()
    tops = [parse(entry) for entry in chosen.tops]
    listed = {source for top in tops for source in top.sources}
    found = lint_listed.complaints(Path("."), ".sv", HOMES, listed)
    marks = {top: chosen.seen / key_of(top) for top in tops} if chosen.seen else {}
    fresh = [top for top in tops if top not in marks or not marks[top].exists()]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for top, said in zip(fresh, pool.map(lint, fresh)):
            found += said
            if not said and top in marks:
                marks[top].parent.mkdir(parents=True, exist_ok=True)
                marks[top].touch()
    return tree.report(found)


if __name__ == "__main__":
    sys.exit(main())
