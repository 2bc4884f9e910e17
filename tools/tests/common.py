# SPDX-License-Identifier: Apache-2.0
"""What the tools' tests share: the tools on the import path, and small trees to try a checker on."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TOOLS = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TOOLS))


@contextmanager
def tree_of(files: dict[str, str]) -> Iterator[Path]:
    """A folder with these files, gone afterwards. It lies in build/: the YoWASP tools see no absolute path in /tmp."""
    home = TOOLS.parent / "build"
    home.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home) as name:
        root = Path(name)
        for path, text in files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text)
        yield root


def run_tool(tool: str, *arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, str(TOOLS / tool), *arguments], capture_output=True, text=True,
                          check=False, cwd=cwd)
