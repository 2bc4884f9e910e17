# SPDX-License-Identifier: Apache-2.0
"""TAP both ways: what a test program printed, read; and tests written in Python, printed.

A Python test program is a row of functions whose names are sentences:

    import tap
    @tap.test
    def two_and_two_are_four():
        assert 2 + 2 == 4
    tap.main()
"""

import re
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field

PLAN = re.compile(r"1\.\.(\d+)\s*(?:#\s*skip\S*\s*(.*))?$", re.IGNORECASE)
RESULT = re.compile(r"(not )?ok\b\s*(?:\d+)?\s*(?:- )?(.*?)\s*(?:#\s*skip\S*\s*(.*))?$", re.IGNORECASE)
BAIL = re.compile(r"Bail out!\s*(.*)", re.IGNORECASE)


@dataclass
class Result:
    """One test: `passed`, `failed` or `skipped`, with the reason or the lines that followed it."""
    name: str
    outcome: str
    reason: str = ""
    lines: list[str] = field(default_factory=list)


@dataclass
class Report:
    """All that one program printed. A cmocka program with several groups prints several plans; they add up."""
    planned: int | None = None
    results: list[Result] = field(default_factory=list)
    bailed: str | None = None


def parse(text: str) -> Report:
    report = Report()
    for line in text.splitlines():
        if plan := PLAN.match(line):
            report.planned = (report.planned or 0) + int(plan[1])
            if plan[1] == "0":
                report.results.append(Result("all of it", "skipped", plan[2] or "no reason given"))
                report.planned += 1
        elif bail := BAIL.match(line):
            report.bailed = bail[1] or "no reason given"
        elif result := RESULT.match(line):
            report.results.append(read_result(*result.groups()))
        elif report.results:
            report.results[-1].lines.append(line)
    return report


def read_result(failed: str | None, name: str, skipped: str | None) -> Result:
    """cmocka 1.1.5 reports a skip as `not ok 3 # SKIP name`: the directive decides, and its text is all there is."""
    if skipped is not None:
        return Result(name or skipped, "skipped", skipped or "no reason given")
    return Result(name, "failed" if failed else "passed")


# ---- for test programs

_tests: list[Callable[[], None]] = []


class Skip(Exception):
    """Raise it with the reason, to skip the test that runs."""


def test(function: Callable[[], None]) -> Callable[[], None]:
    _tests.append(function)
    return function


def main() -> None:
    """Runs every test of the program and prints what came out; exits 1 on a failure."""
    failed = False
    print(f"1..{len(_tests)}", flush=True)
    for number, function in enumerate(_tests, 1):
        name = function.__name__
        try:
            function()
            print(f"ok {number} - {name}", flush=True)
        except Skip as reason:
            print(f"ok {number} - {name} # SKIP {reason}", flush=True)
        except Exception:       # whatever a test raises is its failure, and the next one still runs
            failed = True
            print(f"not ok {number} - {name}")
            for line in traceback.format_exc().splitlines():
                print(f"# {line}", flush=True)
    sys.exit(1 if failed else 0)
