#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""mutate.py - break one thing at a time and see that a test notices.

    mutate.py [--list] [--units | --trees] [NAME ...]

A mutant (tools/mutants*.toml) either empties the body of one C function or replaces one piece of
text. It is built in a copy of the tree under build/mutate/, and its command must then fail; the
same command must pass in the unchanged copy first. A mutant of the firmware that names a unit test
instead (mutate_unit.py) needs no copy: --units takes these only, --trees the others. A mutant that
survives is an error, and so is one that fails without saying what it is expected to say (the
pattern `shows`). What each said is in build/mutate/NAME.log.
Writes build/mutate.json: [{name, file, rule, killed, seconds, said}]; what was not run stays as it was.
"""

import argparse
import json
import pathlib
import re
import shutil
import subprocess
import sys
import time
import tomllib

import mutate_unit

ROOT = pathlib.Path(__file__).resolve().parent.parent
HERE = ROOT / "build" / "mutate"
TREE = HERE / "tree"
BUILT = ("build/sim", "build/firmware")
FOLDERS = ("rtl", "firmware", "sim", "tools", "docs", "constraints")

NEVER = r"(?!)"         # shows nothing: what does not build is not killed

tried: set[str] = set()         # commands that pass without any mutant


def parameters(signature: str) -> list[str]:
    """Names of the parameters in `type name(type a, struct b *b)`."""
    inside = signature[signature.index("(") + 1 : signature.rindex(")")].strip()
    if inside in ("", "void"):
        return []
    return [re.search(r"(\w+)\s*(?:\[[^\]]*\])?$", part.strip()).group(1) for part in inside.split(",")]


def empty_body(text: str, function: str, result: str | None) -> str:
    """The same text with an empty body in one function; `result` is what it then returns."""
    found = re.search(rf"^[^\n;#=]*\b{function}\([^;{{}}]*\)\s*\{{", text, re.M)
    if not found:
        raise ValueError(f"no function {function}")
    depth, end = 1, found.end()
    while depth:
        depth += {"{": 1, "}": -1}.get(text[end], 0)
        end += 1
    unused = "".join(f" (void){name};" for name in parameters(found.group(0)))
    value = f" return {result};" if result else ""
    return text[: found.end()] + unused + value + " }" + text[end:]


def mutated(mutant: dict, text: str) -> str:
    if "function" in mutant:
        return empty_body(text, mutant["function"], mutant.get("returns"))
    if text.count(mutant["old"]) != 1:
        raise ValueError(f"the text to replace stands {text.count(mutant['old'])} times")
    return text.replace(mutant["old"], mutant["new"])


def same(one: pathlib.Path, other: pathlib.Path) -> bool:
    return other.is_file() and one.read_bytes() == other.read_bytes()


def bring(source: pathlib.Path, target: pathlib.Path) -> None:
    """One file, unless it is there already: the copy may have been built from a mutant of it since, so a file that was
    restored keeps its later time, and one that changed gets a new one."""
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, target)
    elif not same(source, target):
        shutil.copyfile(source, target)


def copy_tree(root: pathlib.Path = ROOT, tree: pathlib.Path = TREE) -> None:
    """The sources, as they are now; what was built is taken along once and then kept; the copy sets itself up."""
    tree.mkdir(parents=True, exist_ok=True)
    files = {path.relative_to(root) for path in root.glob("*") if path.is_file()}
    for name in FOLDERS:
        files |= {path.relative_to(root) for path in (root / name).rglob("*") if path.is_file() and "__pycache__" not in path.parts}
        for path in list((tree / name).rglob("*")):
            if path.is_file() and path.relative_to(tree) not in files:
                path.unlink()
    for name in BUILT:
        if (root / name).is_dir() and not (tree / name).exists():
            shutil.copytree(root / name, tree / name)
    for name in sorted(files):
        bring(root / name, tree / name)


def attempt(command: str, seconds: int) -> tuple[bool, str]:
    """Runs a command in the copy; (it passed, all that it said)."""
    try:
        done = subprocess.run(command, shell=True, cwd=TREE, capture_output=True, text=True, timeout=seconds,
                              errors="replace")
    except subprocess.TimeoutExpired:
        return False, f"no end within {seconds} s"
    return done.returncode == 0, done.stdout + done.stderr


def last_line(said: str) -> str:
    lines = [line for line in said.splitlines() if line.strip()]
    return lines[-1].strip() if lines else "nothing"


def shown(pattern: str, said: str) -> str | None:
    """What it said that shows the harm; None when it failed in some other way."""
    found = re.search(pattern, said, re.M)
    return found.group(0).strip() if found else None


def plan(root: pathlib.Path = ROOT) -> list[dict]:
    """Every mutant of every file, with the defaults of its file."""
    mutants = []
    for path in sorted((root / "tools").glob("mutants*.toml")):
        read = tomllib.loads(path.read_text(encoding="utf-8"))
        mutants += [dict(read.get("default", {}), **mutant) for mutant in read["mutant"]]
    return mutants


def outcome(mutant: dict, passed: bool, said: str, pattern: str, begun: float) -> dict:
    """What a mutant came to, told and kept."""
    (HERE / f"{mutant['name']}.log").write_text(said, encoding="utf-8")
    harm = shown(pattern, said)
    killed = not passed and harm is not None
    row = {"name": mutant["name"], "file": mutant["file"], "rule": mutant.get("rule"), "killed": killed,
           "seconds": round(time.monotonic() - begun, 1), "said": harm or last_line(said)}
    print(f"{'killed' if killed else 'SURVIVED' if passed else 'ASTRAY':9} {mutant['name']:72} {row['said']}", flush=True)
    return row


def try_in_tree(mutant: dict) -> dict:
    """Changes the file in the copy, builds and runs there, and puts it back."""
    path, begun, seconds = TREE / mutant["file"], time.monotonic(), int(mutant.get("seconds", 900))
    before = path.read_text(encoding="utf-8")
    try:
        path.write_text(mutated(mutant, before), encoding="utf-8")
        built, said = attempt(mutant["build"], seconds)
        if not built:
            raise ValueError(f"does not build: {last_line(said)}")
        passed, said = attempt(mutant["run"], seconds)
    finally:
        path.write_text(before, encoding="utf-8")
    return outcome(mutant, passed, said, mutant["shows"], begun)


def try_in_trees(mutants: list[dict]) -> list[dict]:
    if not mutants:
        return []
    copy_tree()
    for mutant in mutants:
        for command in (mutant["build"], mutant["run"]):
            if command in tried:
                continue
            tried.add(command)
            passed, said = attempt(command, int(mutant.get("seconds", 900)))
            if not passed:
                raise ValueError(f"without any mutant `{command}` fails: {last_line(said)}")
    return [named(mutant, try_in_tree) for mutant in mutants]


def try_unit(bench: mutate_unit.Bench, mutant: dict) -> dict:
    begun = time.monotonic()
    text = mutated(mutant, (ROOT / mutant["file"]).read_text(encoding="utf-8"))
    passed, said = mutate_unit.attempt(bench, mutant, text)
    return outcome(mutant, passed, said, mutate_unit.pattern_of(mutant), begun)


def try_units(mutants: list[dict], jobs: int) -> list[dict]:
    if not mutants:
        return []
    bench = mutate_unit.bench(ROOT, HERE / "unit")
    for unit in mutate_unit.units(mutants):
        if wrong := mutate_unit.unchanged(bench, unit):
            raise ValueError(wrong)
    return list(mutate_unit.each(bench, mutants, lambda at, mutant: named(mutant, lambda one: try_unit(at, one)), jobs))


def named(mutant: dict, attempt_of) -> dict:
    """An error in the plan is told with the mutant that has it; the others are tried all the same."""
    begun = time.monotonic()
    try:
        return attempt_of(mutant)
    except ValueError as error:
        return outcome(mutant, False, f"{error}\n", NEVER, begun)


def keep(rows: list[dict], known: list[dict]) -> None:
    """Rows of this run over those of earlier ones, of mutants that still exist."""
    path = ROOT / "build" / "mutate.json"
    before = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else []
    all_rows = {row["name"]: row for row in [*before, *rows]}
    kept = [all_rows[mutant["name"]] for mutant in known if mutant["name"] in all_rows]
    path.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description="break one thing at a time and see that a test notices")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--units", action="store_true", help="only those that a unit test kills")
    parser.add_argument("--trees", action="store_true", help="only the others")
    parser.add_argument("-j", "--jobs", type=int, default=2, help="unit tests at a time")
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()

    known = plan()
    unknown = set(options.names) - {mutant["name"] for mutant in known}
    if unknown:
        print(f"mutate.py: no mutant {', '.join(sorted(unknown))}; --list names them", file=sys.stderr)
        return 2
    mutants = [mutant for mutant in known
               if (not options.names or mutant["name"] in options.names)
               and not (options.units and "unit" not in mutant) and not (options.trees and "unit" in mutant)]
    if options.list:
        print("\n".join(f"{mutant['name']:72} {mutant['file']}" for mutant in mutants))
        return 0

    HERE.mkdir(parents=True, exist_ok=True)
    try:
        rows = try_units([mutant for mutant in mutants if "unit" in mutant], options.jobs)
        rows += try_in_trees([mutant for mutant in mutants if "unit" not in mutant])
    except ValueError as error:
        print(f"mutate.py: {error}", file=sys.stderr)
        return 2
    keep(rows, known)
    survivors = sum(not row["killed"] for row in rows)
    print(f"{len(rows) - survivors} of {len(rows)} mutants killed")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
