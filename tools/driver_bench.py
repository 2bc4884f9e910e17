#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""driver_bench.py - what the driver costs on the soft core, against its limits, into build/bench.json.

    driver_bench.py --boot build/sim/boot --elf build/firmware/core-quick/bench.elf [--json build/bench.json]

Runs firmware/apps/bench on the simulated system (program memory at one wait state, checks and trace off) and counts the bytes
of each room in that program. Rows go beside those of the engine, in the same form:

    driver_*      cycles of one part of a request of `size` bytes; firmware/apps/bench/main.c says of which
    footprint_*   bytes, instead of cycles, of a room; footprint_driver is what hal, dray, map, memory, packet and port have
                  together, with the tables that no room owns by name

`limit` and `ratio` are null where there is no limit. Exit status 1: a limit is missed, or the program did not end well.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path

import footprint

ROOT = Path(__file__).resolve().parent.parent
LATENCY = 13
SECONDS = 600
LIMITS = {"driver_lock_unlock": 4000, "footprint_driver": 28 * 1024}
DRIVER = ("hal", "dray", "map", "memory", "packet", "port", "unnamed")


def row_of(case: str, size: int, unit: str, value: int) -> dict:
    limit = LIMITS.get(case)
    return {"case": case, "config": "quick", "width": 64, "latency": LATENCY, "size": size, "count": 1, "src_offset": 0,
            "dst_offset": 0, unit: value, "limit": limit, "ratio": round(value / limit, 4) if limit else None}


def measured(text: str) -> list[dict]:
    """Rows of what the program said; ValueError when it did not say all of it."""
    lines = text.splitlines()
    if "end" not in lines:
        raise ValueError(f"the program did not end well; it said: {text.strip()[-200:] or 'nothing'}")
    words = [line.split() for line in lines if line.startswith("row ")]
    return [row_of(f"driver_{name}", int(size), "cycles", int(cycles)) for _, name, size, cycles in words]


def counted(sums: dict[str, int]) -> list[dict]:
    rows = [row_of(f"footprint_{room}", 0, "bytes", sums[room]) for room in (*footprint.ROOMS, "unnamed", "library") if room in sums]
    return [*rows, row_of("footprint_driver", 0, "bytes", sum(sums.get(room, 0) for room in DRIVER))]


def value_of(row: dict) -> int:
    return row["bytes"] if "bytes" in row else row["cycles"]


def over(row: dict) -> bool:
    return row["limit"] is not None and value_of(row) > row["limit"]


def line_of(row: dict) -> str:
    unit = "bytes" if "bytes" in row else "cycles"
    text = f"{row['case']:26} S={row['size']:<6} {value_of(row):9} {unit:6}"
    return text if row["limit"] is None else f"{text} of {row['limit']:6}  {row['ratio']:6.3f}{' OVER' if over(row) else ''}"


def keep(path: Path, rows: list[dict]) -> None:
    """Rows of the engine stay, rows of the driver are these."""
    before = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else []
    kept = [row for row in before if not row["case"].startswith(("driver_", "footprint_"))]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("[\n" + ",\n".join(json.dumps(row) for row in [*kept, *rows]) + "\n]\n", encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description="what the driver costs on the soft core")
    parser.add_argument("--boot", type=Path, required=True)
    parser.add_argument("--elf", type=Path, required=True)
    parser.add_argument("--json", type=Path, default=ROOT / "build" / "bench.json")
    options = parser.parse_args()
    ran = subprocess.run([options.boot, "--latency", str(LATENCY), options.elf], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                         text=True, errors="replace", timeout=SECONDS, check=False)
    try:
        rows = measured(ran.stdout) + counted(footprint.rooms(options.elf))
    except ValueError as error:
        print(f"driver_bench.py: {error}", file=sys.stderr)
        return 1
    print("\n".join(line_of(row) for row in rows))
    keep(options.json, rows)
    missed = sum(over(row) for row in rows)
    print(f"{len(rows)} rows of the driver, {missed} over their limit")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
