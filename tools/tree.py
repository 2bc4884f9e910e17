# SPDX-License-Identifier: Apache-2.0
"""Which files are ours: what the checkers read, seen from the root they are given."""

import os
from collections.abc import Iterator
from pathlib import Path

NOT_OURS = {".git", ".venv", "build", "__pycache__"}


def files(root: Path, *suffixes: str) -> Iterator[Path]:
    """Every file below root that is neither built nor installed; of these suffixes when some are given."""
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(set(folders) - NOT_OURS)
        for name in sorted(set(names) - NOT_OURS):  # .git is a file in a worktree
            path = Path(folder, name)
            if not path.is_symlink() and (not suffixes or path.suffix in suffixes):
                yield path


def listed(listing: Path) -> list[str]:
    """The sources that a .f list names: one a line, # comments."""
    lines = (line.partition("#")[0].strip() for line in listing.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line]


def report(complaints: list[str]) -> int:
    """Prints what was found and gives the exit code of a checker."""
    for complaint in complaints:
        print(complaint)
    return 1 if complaints else 0
