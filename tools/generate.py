#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes what is generated from the register descriptions, or checks that it is what is committed.

    generate.py [--check] <description.rdl>[:rtl=<folder>][:c=<file.h>][:svd=<file.svd>][:md=<file.md>]...

One argument is one run of tools/regs.py. With --check it writes into a folder of its own and compares.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import tree

REGS = Path(__file__).with_name("regs.py")


def write(entry: str, root: Path) -> None:
    """Runs the generator for one entry, with every output below root."""
    source, *outputs = entry.split(":")
    command = [sys.executable, str(REGS), source]
    for output in outputs:
        kind, _, path = output.partition("=")
        command += [f"--{kind}", str(root / path)]
    result = subprocess.run(command, check=False)
    if result.returncode != 0:
        sys.exit(result.returncode)


def differences(fresh: Path, committed: Path) -> list[str]:
    found = []
    for path in tree.files(fresh):
        name = path.relative_to(fresh)
        ours = committed / name
        if not ours.exists():
            found.append(f"{name}: generated but not there; run make regs")
        elif ours.read_bytes() != path.read_bytes():
            found.append(f"{name}: differs from its description; run make regs")
    return found


def main(arguments: list[str]) -> int:
    if arguments[:1] != ["--check"]:
        for entry in arguments:
            write(entry, Path("."))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        for entry in arguments[1:]:
            write(entry, Path(folder))
        return tree.report(differences(Path(folder), Path(".")))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
