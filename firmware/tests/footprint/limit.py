#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The driver's bytes in firmware/apps/bench, against the limit that make bench measures them by. Prints TAP."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve()
while not (ROOT / "tools" / "footprint.py").is_file():
    ROOT = ROOT.parent
sys.path.insert(0, str(ROOT / "tools"))
import driver_bench  # noqa: E402
import footprint  # noqa: E402
import tap  # noqa: E402

PROGRAM = ROOT / "build" / "firmware" / "core-quick" / "bench.elf"


@tap.test
def the_driver_without_checks_and_trace_is_no_larger_than_its_limit() -> None:
    rows = driver_bench.counted(footprint.rooms(PROGRAM))
    assert not any(driver_bench.over(row) for row in rows), "\n".join(driver_bench.line_of(row) for row in rows)


tap.main()
