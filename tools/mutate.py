#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""mutate.py - break one thing at a time and see that a test notices.

    mutate.py [--list] [NAME ...]

A mutant (tools/mutants.toml) either empties the body of one C function or replaces one piece of
text. It is built in a copy of the tree under build/mutate/, and its command must then fail; the
same command must pass in the unchanged copy first. A mutant that survives is an error, and so is
one that fails without saying what it is expected to say (the pattern `shows`). What each said is
in build/mutate/NAME.log.
Writes build/mutate.json: [{name, file, killed, seconds, said}].
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

ROOT = pathlib.Path(__file__).resolve().parent.parent
HERE = ROOT / "build" / "mutate"
TREE = HERE / "tree"
BUILT = ("build/sim", "build/firmware")
FOLDERS = ("rtl", "firmware", "sim", "tools", "docs", "constraints")


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


def main() -> int:
    parser = argparse.ArgumentParser(description="break one thing at a time and see that a test notices")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()

    plan = tomllib.loads((ROOT / "tools" / "mutants.toml").read_text(encoding="utf-8"))
    mutants = [dict(plan["default"], **mutant) for mutant in plan["mutant"]]
    unknown = set(options.names) - {mutant["name"] for mutant in mutants}
    if unknown:
        print(f"mutate.py: no mutant {', '.join(sorted(unknown))}; --list names them", file=sys.stderr)
        return 2
    if options.names:
        mutants = [mutant for mutant in mutants if mutant["name"] in options.names]
    if options.list:
        print("\n".join(f"{mutant['name']:32} {mutant['file']}" for mutant in mutants))
        return 0

    copy_tree()
    seconds = int(plan["default"].get("seconds", 900))
    for command in dict.fromkeys(step for mutant in mutants for step in (mutant["build"], mutant["run"])):
        passed, said = attempt(command, seconds)
        if not passed:
            print(f"mutate.py: without any mutant `{command}` fails: {last_line(said)}", file=sys.stderr)
            return 2

    rows = []
    for mutant in mutants:
        path, start = TREE / mutant["file"], time.monotonic()
        before = path.read_text(encoding="utf-8")
        try:
            path.write_text(mutated(mutant, before), encoding="utf-8")
            built, said = attempt(mutant["build"], seconds)
            if not built:
                print(f"mutate.py: {mutant['name']} does not build: {last_line(said)}", file=sys.stderr)
                return 2
            passed, said = attempt(mutant["run"], seconds)
        except ValueError as error:
            print(f"mutate.py: {mutant['name']}: {error} in {mutant['file']}", file=sys.stderr)
            return 2
        finally:
            path.write_text(before, encoding="utf-8")
        (HERE / f"{mutant['name']}.log").write_text(said, encoding="utf-8")
        harm = shown(mutant["shows"], said)
        killed = not passed and harm is not None
        rows.append({"name": mutant["name"], "file": mutant["file"], "killed": killed,
                     "seconds": round(time.monotonic() - start, 1), "said": harm or last_line(said)})
        result = "killed" if killed else "SURVIVED" if passed else "ASTRAY"
        print(f"{result:9} {mutant['name']:36} {rows[-1]['said']}", flush=True)

    (ROOT / "build" / "mutate.json").write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    survivors = sum(not row["killed"] for row in rows)
    print(f"{len(rows) - survivors} of {len(rows)} mutants killed")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
