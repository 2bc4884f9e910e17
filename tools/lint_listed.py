#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Fails when a source file of ours is in no list, so that nothing escapes a linter by being forgotten.

    lint_listed.py <suffix> <folder>... -- <file>...      every file of that suffix in these folders is among the files
"""

import sys
from pathlib import Path

import tree


def complaints(root: Path, suffix: str, homes: list[str], listed: set[str]) -> list[str]:
    ours = [str(path.relative_to(root)) for home in homes for path in tree.files(root / home, suffix)]
    return [f"{path}: in no list of what to lint" for path in ours if path not in listed]


if __name__ == "__main__":
    cut = sys.argv.index("--")
    sys.exit(tree.report(complaints(Path("."), sys.argv[1], sys.argv[2:cut], set(sys.argv[cut + 1:]))))
