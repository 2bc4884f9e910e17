#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""footprint.py - bytes that each room of the firmware has in a program of the core.

    footprint.py program.elf

Each instruction belongs to the file that its line is in, also when link-time optimisation has put it into a function of
another room; a constant or a variable to the file that declares it; a string to the first room, from below, whose sources
have it. What nobody owns by name (tables that the compiler makes of a switch) is the room `unnamed`; what comes with the
compiler and the C library is `library`. Zeroed data and stacks are not counted: they take no place in an image.
"""

import argparse
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "riscv64-unknown-elf-"
ROOMS = ("hal", "dray", "map", "memory", "packet", "port", "kmdf", "miniport", "apps")  # from below
CODE, CONSTANTS = (".start", ".text"), (".rodata", ".data")


def said(*command: str, given: str | None = None) -> str:
    return subprocess.run(command, input=given, capture_output=True, text=True, errors="replace", check=True).stdout


def room_of(path: str) -> str | None:
    found = re.search(r"firmware/(\w+)/", os.path.normpath(path))
    return found[1] if found else None


def sections(elf: Path) -> dict[str, tuple[int, int]]:
    """{name: (address, bytes)}"""
    found = re.findall(r"^\s*\d+ (\.\w+)\s+(\w+)\s+(\w+)", said(PREFIX + "objdump", "-h", str(elf)), re.M)
    return {name: (int(address, 16), int(size, 16)) for name, size, address in found}


def count_code(elf: Path, address: int, size: int, sums: Counter) -> None:
    at = range(address, address + size, 4)
    lines = said(PREFIX + "addr2line", "-e", str(elf), given="\n".join(hex(one) for one in at)).splitlines()
    for line in lines:
        sums[room_of(line) or "library"] += 4


def named(elf: Path) -> list[tuple[int, int, str]]:
    """[(address, bytes, room)] of every symbol that has a size."""
    rows = []
    for line in said(PREFIX + "nm", "-S", "-l", str(elf)).splitlines():
        found = re.match(r"(\w+) (\w+) \w \S+(?:\s+(.*))?", line)
        if found:
            rows.append((int(found[1], 16), int(found[2], 16), room_of(found[3] or "") or "unnamed"))
    return rows


def bytes_of(elf: Path, section: str) -> bytes:
    dump = said(PREFIX + "objdump", "-s", "-j", section, str(elf))
    return b"".join(bytes.fromhex(row[:36].replace(" ", "")) for row in re.findall(r"^ \w+ (.{36})", dump, re.M))


def owner_of(text: str, sources: dict[str, str]) -> str:
    escaped = text.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')
    return next((room for room in sources if escaped in sources[room]), "library")


def count_strings(content: bytes, address: int, covered: set[int], sources: dict[str, str], sums: Counter) -> None:
    at = 0
    while at < len(content):
        if address + at in covered or content[at] == 0:
            at += 1
            continue
        end = content.index(0, at)
        sums[owner_of(content[at:end].decode("latin1"), sources)] += end + 1 - at
        at = end + 1


def sources_of(root: Path) -> dict[str, str]:
    return {room: "".join(path.read_text(encoding="utf-8") for path in sorted((root / "firmware" / room).rglob("*.[ch]")))
            for room in ROOMS}


def rooms(elf: Path, root: Path = ROOT) -> Counter:
    """{room: bytes of code, constants and initialised data}"""
    sums, where = Counter(), sections(elf)
    for name in CODE:
        if name in where:
            count_code(elf, *where[name], sums)
    symbols = named(elf)
    sources = sources_of(root)
    for name in CONSTANTS:
        if name not in where:
            continue
        first, length = where[name]
        inside = [row for row in symbols if first <= row[0] < first + length]
        covered = set()
        for address, size, room in inside:
            sums[room] += size
            covered.update(range(address, address + size))
        if name == ".rodata":
            count_strings(bytes_of(elf, name), first, covered, sources, sums)
    return sums


def main() -> int:
    parser = argparse.ArgumentParser(description="bytes of each room in a program of the core")
    parser.add_argument("elf", type=Path)
    sums = rooms(parser.parse_args().elf)
    for room in (*ROOMS, "unnamed", "library"):
        print(f"{room:10} {sums[room]:6} bytes of code and constants")
    print(f"{'all':10} {sum(sums.values()):6}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
