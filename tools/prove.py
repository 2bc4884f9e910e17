#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""prove.py - the proofs of rtl/formal, and whether they can fail.

    prove.py [--mutants] [PROOF ...]

A proof is a NAME.sby with its tasks and an environment. With --mutants each line of rtl/formal/mutants.toml is then changed, one
at a time, in a copy of its file, and its proof must find a trace from reset that does harm. Two tasks run at a time. Writes build/proofs.json, a list of
{proof, task, status, depth, seconds, mutants, killed}; of a task without mutants of its own the counts are 0. The last line
says how many proofs passed and how many mutants were killed; exit status 1 if one did not, or if fewer than 95 % of the
mutants were killed. What each said is in build/prove/.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import time
import tomllib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FORMAL = ROOT / "rtl" / "formal"
OUT = ROOT / "build" / "prove"
ENVIRONMENT = {**os.environ, "PATH": f"{ROOT / '.venv' / 'bin'}:{os.environ['PATH']}"}     # tools find each other by name
JSON = ROOT / "build" / "proofs.json"
SECONDS = 1200                  # for one task
WANTED_KILLED = 0.95
MUTANT_DEPTH = 24               # clocks from reset in which a mutant must do its harm


@dataclass
class Row:
    proof: str
    task: str
    status: str                 # PASS, FAIL, UNKNOWN, ERROR, TIMEOUT
    depth: int
    seconds: float
    mutants: int = 0
    killed: int = 0


def section(text: str, name: str) -> list[str]:
    found = re.search(rf"^\[{name}\]\n(.*?)(?=^\[|\Z)", text, re.M | re.S)
    return [line.split() for line in found.group(1).splitlines() if line.strip()] if found else []


def tasks_of(sby: str) -> dict[str, list[str]]:
    """Each task, with the groups of tasks that it is in."""
    return {words[0]: words for words in section(sby, "tasks")}


def depth_of(sby: str, groups: list[str]) -> int:
    for words in section(sby, "options"):
        if words[-2] == "depth" and (len(words) == 2 or words[0].rstrip(":") in groups):
            return int(words[-1])
    raise ValueError("a task without a depth")


def run(sby: Path, task: str, work: Path) -> tuple[str, float]:
    """(what sby made of it, seconds); its log stays in the folder."""
    begun = time.monotonic()
    command = ["sby", "-f", "-d", str(work.relative_to(ROOT)), str(sby.relative_to(ROOT)), task]
    try:
        done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
                              timeout=SECONDS, check=False, env=ENVIRONMENT)
    except subprocess.TimeoutExpired:
        return "TIMEOUT", time.monotonic() - begun
    found = re.search(r"DONE \((\w+)", done.stdout)
    return found.group(1) if found else "ERROR", time.monotonic() - begun


def prove(proof: str, task: str) -> Row:
    sby = FORMAL / f"{proof}.sby"
    text = sby.read_text(encoding="utf-8")
    status, seconds = run(sby, task, OUT / f"{proof}_{task}")
    return Row(proof, task, status, depth_of(text, tasks_of(text)[task]), round(seconds, 1))


def mutated(mutant: dict) -> Path:
    """The proof, with one of its files changed; ValueError when the text is not there once."""
    source = ROOT / mutant["file"]
    text = source.read_text(encoding="utf-8")
    if text.count(mutant["old"]) != 1:
        raise ValueError(f"{mutant['name']}: the text to replace stands {text.count(mutant['old'])} times in {mutant['file']}")
    here = OUT / "mutants" / mutant["name"]
    here.mkdir(parents=True, exist_ok=True)
    (here / source.name).write_text(text.replace(mutant["old"], mutant["new"]), encoding="utf-8")
    sby = (FORMAL / f"{mutant['proof']}.sby").read_text(encoding="utf-8")
    changed = sby.replace(f"\n{mutant['file']}\n", f"\n{(here / source.name).relative_to(ROOT)}\n")
    if changed == sby:
        raise ValueError(f"{mutant['name']}: {mutant['proof']}.sby does not read {mutant['file']}")
    # A failed induction alone may start where the design never comes.
    changed = re.sub(r"^prove: depth \d+$", f"prove: depth {MUTANT_DEPTH}", changed.replace("mode prove", "mode bmc"), flags=re.M)
    (here / f"{mutant['proof']}.sby").write_text(changed, encoding="utf-8")
    return here / f"{mutant['proof']}.sby"


def killed(mutant: dict) -> tuple[str, str, bool]:
    """(proof, task, killed)."""
    sby = mutated(mutant)
    status, _ = run(sby, mutant["task"], sby.parent / mutant["task"])
    dead = status == "FAIL"
    print(f"{'killed' if dead else 'SURVIVED' if status == 'PASS' else status:9} {mutant['proof']:12} {mutant['task']:8} {mutant['name']}",
          flush=True)
    return mutant["proof"], mutant["task"], dead


def planned(only: list[str]) -> list[tuple[str, str]]:
    proofs = {path.stem: path for path in sorted(FORMAL.glob("*.sby"))}
    unknown = [name for name in only if name not in proofs]
    if unknown:
        raise ValueError(f"no proof of that name: {', '.join(unknown)}; there are {', '.join(proofs)}")
    return [(name, task) for name, path in proofs.items() if not only or name in only
            for task in tasks_of(path.read_text(encoding="utf-8"))]


def mutants_of(proofs: set[str]) -> list[dict]:
    read = tomllib.loads((FORMAL / "mutants.toml").read_text(encoding="utf-8"))
    return [mutant for mutant in read["mutant"] if mutant["proof"] in proofs]


def main() -> int:
    parser = argparse.ArgumentParser(description="the proofs of rtl/formal, and whether they can fail")
    parser.add_argument("--mutants", action="store_true", help="break what is proved, one line at a time")
    parser.add_argument("proofs", nargs="*", metavar="PROOF")
    options = parser.parse_args()
    OUT.mkdir(parents=True, exist_ok=True)
    try:
        plan = planned(options.proofs)
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            rows = []
            for row in pool.map(lambda one: prove(*one), plan):
                print(f"{row.status:9} {row.proof:12} {row.task:8} depth {row.depth:3}  {row.seconds:6.1f} s", flush=True)
                rows.append(row)
            if options.mutants:
                for proof, task, dead in pool.map(killed, mutants_of({proof for proof, _ in plan})):
                    row = next(row for row in rows if (row.proof, row.task) == (proof, task))
                    row.mutants += 1
                    row.killed += dead
    except ValueError as error:
        print(f"prove.py: {error}", file=sys.stderr)
        return 1
    JSON.write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n", encoding="utf-8")
    passed, mutants, dead = sum(row.status == "PASS" for row in rows), sum(row.mutants for row in rows), sum(row.killed for row in rows)
    print(f"{passed} of {len(rows)} proofs passed" + (f", {dead} of {mutants} mutants killed" if options.mutants else ""))
    return 0 if passed == len(rows) and dead >= WANTED_KILLED * mutants else 1


if __name__ == "__main__":
    sys.exit(main())
