#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Fails when one room looks into another that it must not see.

    apps -> {miniport, dray, map, memory}     miniport -> {port, kmdf, dray}
    {port, kmdf} -> packet -> {memory, map} -> hal     dray -> hal
    rtl/board -> rtl/soc -> rtl/dray

A room sees what its arrows lead to, however far, with one exception: the miniport sees the two faces, the engine's
driver and the machine, never the gate or the frames behind the faces. In C a room sees another by including a
header, in RTL by instantiating a module or naming a package. Tests, proofs and sim/ see everything; nothing sees them.
"""

import re
import sys
from pathlib import Path

import tree

ARROWS: dict[str, set[str]] = {
    "firmware/hal": set(),
    "firmware/dray": {"firmware/hal"},
    "firmware/map": {"firmware/hal"},
    "firmware/memory": {"firmware/hal"},
    "firmware/packet": {"firmware/memory", "firmware/map"},
    "firmware/port": {"firmware/packet"},
    "firmware/kmdf": {"firmware/packet"},
    "firmware/miniport": {"firmware/port", "firmware/kmdf", "firmware/dray"},
    "firmware/apps": {"firmware/miniport", "firmware/dray", "firmware/map", "firmware/memory"},
    "rtl/dray": set(),
    "rtl/soc": {"rtl/dray"},
    "rtl/board": {"rtl/soc"},
}
ONLY_DIRECT = {"firmware/miniport": {"firmware/hal"}}       # and what it sees besides its arrows
SEE_ALL = {"firmware/tests", "rtl/formal", "sim", "tools"}
ROOMED = {"firmware", "rtl"}                                # here every folder is a room of the tables above

INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^">]+)[">]', re.MULTILINE)
C_COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
DEFINES = re.compile(r"^\s*(?:module|package|interface)\s+(\w+)", re.MULTILINE)


def visible(room: str) -> set[str]:
    """The rooms that a room may see, itself included."""
    if room in ONLY_DIRECT:
        return {room} | ARROWS[room] | ONLY_DIRECT[room]
    return {room}.union(*(visible(next_room) for next_room in ARROWS[room]))


def room_of(path: Path) -> str:
    """`firmware/port` of `firmware/port/include/video.h`; `sim` of anything below sim/."""
    return "/".join(path.parts[:2]) if path.parts[0] in ROOMED and len(path.parts) > 2 else path.parts[0]


def may_see(room: str, other: str) -> bool:
    return room == other or room in SEE_ALL or other in visible(room)


def looks_c(root: Path, sources: list[Path]) -> list[tuple[Path, str, set[str]]]:
    """(file, header, rooms that header may mean) for each include of a header of ours."""
    headers = [path for path in sources if path.suffix == ".h"]
    looks = []
    for path in sources:
        for name in INCLUDE.findall((root / path).read_text(errors="replace")):
            tail = Path(name).parts
            rooms = {room_of(header) for header in headers if header.parts[-len(tail):] == tail}
            beside = (root / path).parent / name
            if beside.exists():
                rooms = {room_of(beside.resolve().relative_to(root))}
            looks.append((path, name, rooms))
    return looks


def looks_rtl(root: Path, sources: list[Path]) -> list[tuple[Path, str, set[str]]]:
    """(file, module or package, its rooms) for each module instantiated and each package named."""
    texts = {path: C_COMMENT.sub(" ", (root / path).read_text(errors="replace")) for path in sources}
    homes: dict[str, set[str]] = {}
    for path, text in texts.items():
        for name in DEFINES.findall(text):
            homes.setdefault(name, set()).add(room_of(path))
    looks = []
    for path, text in texts.items():
        for name, rooms in homes.items():
            if re.search(rf"\b{name}\s*(?:#\s*\(|::|\w+\s*\()", text):
                looks.append((path, name, rooms))
    return looks


def complaints(root: Path) -> list[str]:
    root = root.resolve()
    c_files = [path.relative_to(root) for path in tree.files(root, ".c", ".h", ".cpp", ".S")]
    rtl_files = [path.relative_to(root) for path in tree.files(root, ".sv", ".v")]
    strange = {room_of(path) for path in c_files + rtl_files if path.parts[0] in ROOMED} - set(ARROWS) - SEE_ALL
    found = [f"{room}: no room of tools/arrows.py; say there what it may see" for room in sorted(strange)]
    for path, name, rooms in looks_c(root, c_files) + looks_rtl(root, rtl_files):
        room = room_of(path)
        if room in strange or room in rooms:
            continue
        hidden = sorted(other for other in rooms - strange if not may_see(room, other))
        if hidden:
            found.append(f"{path}: {room} must not see {hidden[0]}, yet names {name}")
    return found


if __name__ == "__main__":
    sys.exit(tree.report(complaints(Path(sys.argv[1] if len(sys.argv) > 1 else "."))))
