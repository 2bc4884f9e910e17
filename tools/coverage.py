#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""coverage.py - which lines of the firmware the unit tests of the host run.

    coverage.py [--least PERCENT] FOLDER...

A folder is a build of the unit tests with --coverage, run to its end: objects with their .gcno and .gcda beside them. A line
counts when any build has code for it, and is run when any ran it. Sources are those of firmware/ outside apps/ and tests/.
Prints each file and writes build/coverage.json: {percent, lines, run, files: {file: {lines, run, percent, missed}}}.
Exit status 1: fewer than PERCENT of all lines were run.
"""

import argparse
import json
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OUTSIDE = ("firmware/apps/", "firmware/tests/")

Counts = dict[str, dict[int, int]]      # of each file, how often each line was run


def counted(file: str) -> bool:
    return file.startswith("firmware/") and not file.startswith(OUTSIDE)


def add(counts: Counts, report: dict) -> None:
    """One report of gcov: headers and sources of one object."""
    for source in report["files"]:
        file = source["file"]
        if counted(file):
            for line in source["lines"]:
                counts[file][line["line_number"]] = counts[file].get(line["line_number"], 0) + line["count"]


def reports(folder: Path) -> list[dict]:
    """What gcov says of every object that has notes, a line each; of one that was never run each count is 0."""
    notes = [str(path) for path in sorted(folder.rglob("*.gcno")) if "tests" not in path.parts]
    said = subprocess.run(["gcov", "--json-format", "--stdout", *notes], check=True, capture_output=True, text=True).stdout
    return [json.loads(line) for line in said.splitlines()]


def ranges(numbers: list[int]) -> str:
    """3,5-7"""
    parts: list[list[int]] = []
    for number in numbers:
        if parts and parts[-1][1] == number - 1:
            parts[-1][1] = number
        else:
            parts.append([number, number])
    return ",".join(str(a) if a == b else f"{a}-{b}" for a, b in parts)


def summary(counts: Counts) -> dict:
    files = {}
    for file in sorted(counts):
        lines = counts[file]
        missed = sorted(number for number, count in lines.items() if count == 0)
        files[file] = {"lines": len(lines), "run": len(lines) - len(missed),
                       "percent": round(100 * (len(lines) - len(missed)) / len(lines), 1), "missed": ranges(missed)}
    lines, run = (sum(entry[what] for entry in files.values()) for what in ("lines", "run"))
    return {"percent": round(100 * run / max(lines, 1), 2), "lines": lines, "run": run, "files": files}


def main() -> int:
    parser = argparse.ArgumentParser(description="lines of the firmware that its unit tests run")
    parser.add_argument("--least", type=float, default=0.0, help="percent")
    parser.add_argument("--json", type=Path, default=ROOT / "build" / "coverage.json")
    parser.add_argument("folders", nargs="+", type=Path)
    options = parser.parse_args()

    counts: Counts = defaultdict(dict)
    for folder in options.folders:
        for report in reports(folder):
            add(counts, report)
    found = summary(counts)
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    for file, entry in found["files"].items():
        print(f"{entry['percent']:6.1f} %  {entry['run']:4} of {entry['lines']:4}  {file:44} {entry['missed']}".rstrip())
    print(f"{found['percent']:6.2f} %  {found['run']} of {found['lines']} lines of firmware/ outside apps/")
    return 1 if found["percent"] < options.least or not found["lines"] else 0


if __name__ == "__main__":
    sys.exit(main())
