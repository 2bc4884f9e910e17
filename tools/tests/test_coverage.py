#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""coverage.py counts the lines that ran, over several builds, and fails below the limit."""

import json
import subprocess
from collections import defaultdict
from pathlib import Path

from common import TOOLS, run_tool, tree_of
import coverage
import tap

ROOM = """int half(int a)
{
    if (a > 2)
        return a / 2;
    return 0;
}

int never(void)
{
    return 1;
}
"""
APP = "int app(void)\n{\n    return 2;\n}\n"
MAIN = "int half(int a);\nint main(void)\n{\n    return half(1);\n}\n"


def build(root: Path) -> Path:
    """The program of a small tree, run once: its notes and counts lie in build/a."""
    (root / "build" / "a" / "tests").mkdir(parents=True)
    objects = []
    for source in ("room/half.c", "apps/app.c", "tests/main.c"):
        target = root / "build" / "a" / ("tests" if source.startswith("tests") else "") / f"{Path(source).stem}.o"
        subprocess.run(["gcc", "--coverage", "-O0", "-c", f"firmware/{source}", "-o", str(target)], cwd=root, check=True)
        objects.append(str(target))
    subprocess.run(["gcc", "--coverage", *objects, "-o", "build/a/program"], cwd=root, check=True)
    subprocess.run(["build/a/program"], cwd=root, check=False)
    return root / "build" / "a"


def small_tree():
    return tree_of({"firmware/room/half.c": ROOM, "firmware/apps/app.c": APP, "firmware/tests/main.c": MAIN})


@tap.test
def lines_that_ran_are_counted_and_the_others_are_named() -> None:
    with small_tree() as root:
        out = root / "coverage.json"
        done = run_tool("coverage.py", "--json", str(out), str(build(root)), cwd=root)
        found = json.loads(out.read_text(encoding="utf-8"))
        assert done.returncode == 0 and list(found["files"]) == ["firmware/room/half.c"], (done, found)
        entry = found["files"]["firmware/room/half.c"]
        assert entry["missed"] == "4,8,10" and (entry["run"], entry["lines"]) == (3, 6), entry
        assert found["percent"] == 50.0, found


@tap.test
def too_few_lines_and_none_at_all_are_failures() -> None:
    with small_tree() as root:
        folder, out = str(build(root)), str(root / "coverage.json")
        assert run_tool("coverage.py", "--least", "50", "--json", out, folder, cwd=root).returncode == 0
        assert run_tool("coverage.py", "--least", "51", "--json", out, folder, cwd=root).returncode == 1
        assert run_tool("coverage.py", "--json", out, str(root / "firmware"), cwd=root).returncode != 0


@tap.test
def a_line_has_run_when_any_build_ran_it() -> None:
    counts: coverage.Counts = defaultdict(dict)
    for first, second in ((0, 3), (2, 0)):
        coverage.add(counts, {"files": [{"file": "firmware/a.c", "lines": [{"line_number": 1, "count": first},
                                                                          {"line_number": 2, "count": second}]}]})
    assert counts == {"firmware/a.c": {1: 2, 2: 3}} and coverage.summary(counts)["percent"] == 100.0


@tap.test
def missed_lines_are_told_as_ranges() -> None:
    assert coverage.ranges([]) == "" and coverage.ranges([3, 5, 6, 7, 9]) == "3,5-7,9"


@tap.test
def programs_and_tests_are_not_the_firmware() -> None:
    assert coverage.counted("firmware/dray/dray.c") and not coverage.counted("firmware/apps/a/main.c")
    assert not coverage.counted("firmware/tests/fake.c") and not coverage.counted("/usr/include/stdio.h")
    assert (TOOLS.parent / "firmware" / "dray" / "dray.c").is_file()


tap.main()
