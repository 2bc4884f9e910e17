#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""driver_bench.py judges what the program said, and footprint.py gives each room the bytes that are its own."""

import json
import subprocess
from pathlib import Path

from common import tree_of
import driver_bench
import footprint
import tap

SAID = "row lock_unlock 4096 3000\nrow submit 4096 5000\nend\n"
ENGINE = {"case": "linear", "cycles": 9}

# One loop a room: `low` is inlined into main(), and stays the port's.
LOW = """static inline int low(volatile int *at) { int sum = 0; for (int i = 0; i < 9; i++) sum += at[i] * 3; return sum; }
static const char *const low_text = "the port's own text";
"""
MAIN = """#include "../port/low.h"
const int table[5] = { 1, 2, 3, 4, 5 };
const char *said;
int main(void) { said = low_text; return low((volatile int *)16) + table[*(volatile int *)4]; }
"""
SCRIPT = "SECTIONS { . = 0x80000000; .text : { *(.text*) } .rodata : { *(.rodata* .srodata*) } .bss : { *(.bss* .sbss*) } }\n"
FILES = {"firmware/port/low.h": LOW, "firmware/apps/main.c": MAIN, "program.ld": SCRIPT}


def linked(root: Path) -> Path:
    elf = root / "program.elf"
    subprocess.run([footprint.PREFIX + "gcc", "-g", "-O1", "-march=rv32im", "-mabi=ilp32", "-nostdlib", "-nostartfiles", "-e", "main",
                    "-T", "program.ld", "-o", elf.name, "firmware/apps/main.c"], cwd=root, check=True)
    return elf


@tap.test
def every_row_has_the_form_of_the_engine_and_a_limit_where_there_is_one() -> None:
    rows = driver_bench.measured(SAID) + driver_bench.counted({"port": 100, "hal": 200, "miniport": 7})
    by_case = {row["case"]: row for row in rows}
    assert (by_case["driver_lock_unlock"]["ratio"] == 0.75 and by_case["driver_submit"]["limit"] is None
            and by_case["footprint_driver"]["bytes"] == 300 and by_case["footprint_miniport"]["bytes"] == 7
            and not any(driver_bench.over(row) for row in rows))


@tap.test
def what_is_over_its_limit_is_found() -> None:
    rows = driver_bench.measured(SAID.replace("3000", "4001")) + driver_bench.counted({"port": 28 * 1024, "unnamed": 1})
    assert [row["case"] for row in rows if driver_bench.over(row)] == ["driver_lock_unlock", "footprint_driver"]


@tap.test
def a_program_that_did_not_end_well_has_no_rows() -> None:
    try:
        driver_bench.measured(SAID.replace("end", "wrong"))
    except ValueError as error:
        assert "did not end well" in str(error)
    else:
        raise AssertionError("it has rows")


@tap.test
def rows_of_the_engine_stay_and_those_of_the_driver_are_new() -> None:
    with tree_of({"bench.json": json.dumps([ENGINE, {"case": "driver_submit"}, {"case": "footprint_hal"}])}) as root:
        driver_bench.keep(root / "bench.json", driver_bench.measured(SAID))
        cases = [row["case"] for row in json.loads((root / "bench.json").read_text(encoding="utf-8"))]
    assert cases == ["linear", "driver_lock_unlock", "driver_submit"]


@tap.test
def code_that_was_inlined_and_strings_belong_to_the_room_that_wrote_them() -> None:
    with tree_of(FILES) as root:
        sums = footprint.rooms(linked(root), root)
    text = len("the port's own text") + 1
    assert sums["port"] > text + 16 and sums["apps"] >= 20 + 12 and sums["library"] == 0 and sums["hal"] == 0


tap.main()
