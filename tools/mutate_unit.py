# SPDX-License-Identifier: Apache-2.0
"""Mutants of the firmware that a unit test of the host kills, for mutate.py: one file is compiled and one test linked.

Everything else is taken from build/firmware/gcc-default as `make firmware-unit` left it, so a mutant takes a second or
two and several can be tried at a time. A mutant says `unit = "test_lock"`: its test program, of which only the
tests that bear the name of its `rule` are run. One of them must fail; `shows` says how, where that is not enough.
"""

import shlex
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import tap

SECONDS = 20            # for one compilation or one program; a mutant may well have no end


@dataclass
class Bench:
    """Where the sources are, what they are compiled with, and where mutants are built."""
    root: Path
    built: Path
    here: Path
    compile: list[str]
    tests: dict[str, list[str]] = field(default_factory=dict)     # of each program, in their order

    def program(self, unit: str, mutant: Path | None, out: Path) -> subprocess.CompletedProcess:
        """Links a test; a mutated object comes before the archive, which then has nothing to add for it."""
        objects = [str(self.built / "tests" / f"{unit}.o"), str(self.built / "tests" / "only.o"),
                   *([str(mutant)] if mutant else []), str(self.built / "unit.a")]
        return said([*self.compile, "-o", str(out), *objects, "-lcmocka"], self.root)


def said(command: list[str], cwd: Path, **more: str) -> subprocess.CompletedProcess:
    """Standard error comes with standard output: a sanitizer's report is what shows the harm."""
    try:
        return subprocess.run(command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              errors="replace", timeout=SECONDS, check=False, **more)
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, 1, f"no end within {SECONDS} s\n")


def pattern_of(mutant: dict) -> str:
    """A failing test of the rule, unless the mutant says what else shows it."""
    return mutant.get("shows") or rf"^not ok \d+ - \w*{name_of(mutant['rule'])}_\w*"


def name_of(rule: str) -> str:
    """LCK-01 as it stands in the names of tests."""
    return rule.replace("-", "_")


def run(program: Path, root: Path, *tests: str) -> subprocess.CompletedProcess:
    return said(["env", "CMOCKA_MESSAGE_OUTPUT=TAP", *(f"TEST=*{test}*" for test in tests), str(program.absolute())], root)


def bench(root: Path, here: Path) -> Bench:
    subprocess.run(["make", "-s", "firmware-unit"], cwd=root, check=True)
    built = root / "build" / "firmware" / "gcc-default"
    here.mkdir(parents=True, exist_ok=True)
    return Bench(root, built, here, shlex.split((built / "unit.flags").read_text(encoding="utf-8")))


def unchanged(bench: Bench, unit: str) -> str:
    """What is wrong with a test without any mutant; nothing, if it passes."""
    program = bench.here / unit
    linked = bench.program(unit, None, program)
    if linked.returncode != 0:
        return f"{unit} does not link: {linked.stdout}"
    ran = run(program, bench.root)
    bench.tests[unit] = [result.name for result in tap.parse(ran.stdout).results]
    return "" if ran.returncode == 0 else f"without any mutant {unit} fails: {ran.stdout[-2000:]}"


def with_the_dead(bench: Bench, unit: str, rule: str, said_by: str) -> str:
    """An assertion or a sanitizer ends the program before it has said which test it was in: the one that comes next."""
    done = len(tap.parse(said_by).results)
    tests = [name for name in bench.tests[unit] if name_of(rule) in name]
    return f"{said_by}\nnot ok {done + 1} - {tests[done]}: the program ended in it\n" if done < len(tests) else said_by


def attempt(bench: Bench, mutant: dict, text: str) -> tuple[bool, str]:
    """(its test passed, all that it said); ValueError when it does not build."""
    if not any(name_of(mutant["rule"]) in name for name in bench.tests[mutant["unit"]]):
        raise ValueError(f"no test of {mutant['rule']} in {mutant['unit']}")
    folder = bench.here / mutant["name"]
    folder.mkdir(exist_ok=True)
    source, program = folder / Path(mutant["file"]).name, folder / mutant["unit"]
    source.write_text(text, encoding="utf-8")
    built = said([*bench.compile, f"-I{Path(mutant['file']).parent}", "-c", str(source), "-o", str(source.with_suffix(".o"))],
                 bench.root)
    if built.returncode != 0:
        raise ValueError(f"does not build: {built.stdout}")
    linked = bench.program(mutant["unit"], source.with_suffix(".o"), program)
    if linked.returncode != 0:
        raise ValueError(f"does not link: {linked.stdout}")
    ran = run(program, bench.root, name_of(mutant["rule"]))
    program.unlink()
    return ran.returncode == 0, with_the_dead(bench, mutant["unit"], mutant["rule"], ran.stdout)


def each(bench: Bench, mutants: list[dict], judge, jobs: int):
    """Judges the mutants, some at a time; yields what each came to, in their order."""
    with ThreadPoolExecutor(jobs) as pool:
        yield from pool.map(lambda mutant: judge(bench, mutant), mutants)


def units(mutants: list[dict]) -> list[str]:
    return sorted({mutant["unit"] for mutant in mutants})

