#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The packet core against docs/contract/oracle.py: the same numbers for its worked cases and for random ones. Prints TAP."""

import importlib.util
import random
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve()
while not (ROOT / "docs" / "contract" / "oracle.py").is_file():
    ROOT = ROOT.parent
sys.path.insert(0, str(ROOT / "tools"))
import tap  # noqa: E402

SPEC = importlib.util.spec_from_file_location("oracle", ROOT / "docs" / "contract" / "oracle.py")
oracle = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(oracle)

P = 4096
RANDOM = 3000


def answers(questions: list[str]) -> list[list[str]]:
    """What the firmware's arithmetic says to each question."""
    program = ROOT / "build" / "firmware" / "gcc-default" / "oracle_answers"
    done = subprocess.run([str(program)], input="\n".join(questions) + "\n", capture_output=True, text=True, check=True)
    return [line.split() for line in done.stdout.splitlines()]


def same(asked: list[tuple[str, list[str]]]) -> None:
    for (question, wanted), got in zip(asked, answers([question for question, _ in asked]), strict=True):
        assert got == wanted, f"{question}: firmware {got}, oracle {wanted}"


def split(offset: int, total: int, maximum: int, registers: int, page: int) -> tuple[str, list[str]]:
    return (f"split {offset} {total} {maximum} {registers} {page}",
            [str(length) for length in oracle.vp_split(offset, 0, total, maximum, registers, page)])


def elements(frames: list[int], offset: int, length: int, page: int, boundary: int, longest: int) -> tuple[str, list[str]]:
    """The firmware never crosses 4 GiB, so the oracle is told not to either."""
    wanted = oracle.build_sg(frames, offset, 0, length, page, boundary or 1 << 32, longest)
    return (f"elements {boundary} {longest} {page} {offset} {length} {' '.join(map(str, frames))}",
            [f"{address}:{bytes_of}" for address, bytes_of in wanted])


@tap.test
def STA_11_the_worked_splits_are_the_oracles() -> None:
    same([split(0, 12 * P, 1 << 30, 5, P), split(0x10, 12 * P, 1 << 30, 5, P), split(0xffc, 10000, 4096, 2, P),
          split(0xfff, 4098, 1 << 30, 1, P)])
    assert oracle.vp_split(0, 0, 12 * P, 1 << 30, 5, P) == [20480, 20480, 8192]       # the oracle is what it was


@tap.test
def STA_11_random_splits_are_the_oracles() -> None:
    dice = random.Random(1)
    same([split(dice.randrange(page), dice.randrange(1, 200000), dice.randrange(500, 100000), dice.randrange(1, 20), page)
          for page in (512, P) for _ in range(RANDOM)])


@tap.test
def WEN_05_fragments_are_the_oracles() -> None:
    dice = random.Random(2)
    cases = [(12 * P, 1 << 30, 5), (65536, 65536, 17), (65536, 65536, 16)]
    cases += [(dice.randrange(1, 300000), dice.randrange(500, 100000), dice.randrange(2, 20)) for _ in range(RANDOM)]
    same([(f"fragments {total} {maximum} {registers} {P}", [str(n) for n in oracle.kmdf_split(total, maximum, registers, P)])
          for total, maximum, registers in cases])


@tap.test
def SGL_05_the_worked_elements_are_the_oracles() -> None:
    same([elements([7, 8, 3, 4, 5, 9], 0x100, 5 * P, P, 0, 0), elements([7, 8, 3], 0x1100, 0x100, P, 0, 0),
          elements([0xfffff, 0x100000], 0, 2 * P, P, 0, 0)])


@tap.test
def SGL_05_random_elements_are_the_oracles() -> None:
    dice = random.Random(3)
    asked = []
    for _ in range(RANDOM):
        frames, at = [], dice.randrange(1, 1 << 20)
        for _ in range(dice.randrange(1, 30)):
            frames.append(at)
            at = at + 1 if dice.random() < 0.6 else dice.randrange(1, 1 << 21)
        offset = dice.randrange(P)
        length = dice.randrange(1, len(frames) * P - offset + 1)
        boundary = dice.choice([0, 0, P, 4 * P, 65536])
        asked.append(elements(frames, offset, length, P, boundary, dice.choice([0, 0, 2 * P, 5 * P])))
    same(asked)


tap.main()
