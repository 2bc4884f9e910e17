#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""contract.py - which rule of the contract is tested, and which mutant of it is killed.

    contract.py [--sections 2,3,4,5,7,8] [--quiet]

Rules are those that docs/contract/contract.md numbers in these sections. A test of a rule bears its name (LCK_01_... proves
LCK-01, STA_03_UNL_05_... proves two); it is a unit test, a co-simulation or a test of a program for the core. A mutant
of a rule says `rule = "LCK-01"` in tools/mutants*.toml; whether it was killed stands in build/mutate.json. What a rule
does without, and why, stands in docs/contract/waivers.toml.

Errors, and exit status 1: a rule of the documents ([D]) without a test; a test, mutant or waiver of a rule that does not
exist; a waiver of what is there; a mutant that survived.
Writes build/contract.json: {rule: {tests: [...], mutant, killed, waived}}.
"""

import argparse
import json
import re
import sys
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SECTIONS = "2,3,4,5,7,8"

SECTION = re.compile(r"^## (\d+)\.", re.M)
ROW = re.compile(r"^\| ([A-Z]{2,3}-\d\d)(?: \[([^\]]*)\])? \|", re.M)
INLINE = re.compile(r"\(([A-Z]{2,3}-\d\d) \[([^\]]*)\]\)")
IN_NAME = re.compile(r"(?<![A-Za-z0-9])([A-Z]{2,3})_(\d\d)(?![0-9])")

# What makes a function a test: a cmocka test, or one that a program of the core runs.
TESTS = {
    "firmware/tests/test_*.c": re.compile(r"^static void (\w+)\(void \*\*", re.M),
    "sim/test_*.c": re.compile(r"^static void (\w+)\(void \*\*", re.M),
    "firmware/tests/core/*.c": re.compile(r"\btap_run\((\w+)\)"),
    "firmware/tests/*/*.py": re.compile(r"^@tap\.test\ndef (\w+)\(", re.M),
}


@dataclass
class Rule:
    """One rule: the paragraph that it stands in, where it comes from, and what was found for it."""
    section: int
    source: str
    tests: list[str] = field(default_factory=list)
    mutants: list[str] = field(default_factory=list)
    killed: bool | None = None          # None: no mutant, or not run
    waived_test: str = ""
    waived_mutant: str = ""

    def of_documents(self) -> bool:
        return re.search(r"\bD\b", self.source) is not None


def rules_of(contract: str) -> dict[str, Rule]:
    """Every numbered rule with the section it stands in; a rule's first mention with a tag is the rule."""
    begins = [(match.start(), int(match[1])) for match in SECTION.finditer(contract)]
    found: dict[str, Rule] = {}
    for match in sorted([*ROW.finditer(contract), *INLINE.finditer(contract)], key=re.Match.start):
        section = max((begin for begin in begins if begin[0] < match.start()), default=(0, 0))[1]
        found.setdefault(match[1], Rule(section, match[2] or ""))
    return found


def rules_in_name(name: str) -> list[str]:
    return [f"{letters}-{number}" for letters, number in IN_NAME.findall(name)]


def tests_in(root: Path) -> list[tuple[str, str]]:
    """(program, test), in the order of the files."""
    return [(path.stem, name) for pattern, test in TESTS.items() for path in sorted(root.glob(pattern))
            for name in test.findall(path.read_text(encoding="utf-8"))]


def mutants_in(root: Path) -> list[dict]:
    return [mutant for path in sorted((root / "tools").glob("mutants*.toml"))
            for mutant in tomllib.loads(path.read_text(encoding="utf-8"))["mutant"]]


def json_of(path: Path) -> list[dict]:
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else []


def take_tests(rules: dict[str, Rule], tests: list[tuple[str, str]]) -> list[str]:
    wrong = []
    for program, name in tests:
        for rule in rules_in_name(name):
            if rule in rules:
                rules[rule].tests.append(f"{program}: {name}")
            else:
                wrong.append(f"{program}: {name} names the rule {rule}, which does not exist")
    return wrong


def take_mutants(rules: dict[str, Rule], mutants: list[dict], outcomes: list[dict]) -> list[str]:
    wrong, killed = [], {outcome["name"]: outcome["killed"] for outcome in outcomes}
    for mutant in mutants:
        if (name := mutant.get("rule")) is None:
            continue
        if name not in rules:
            wrong.append(f"the mutant {mutant['name']} is of the rule {name}, which does not exist")
            continue
        rule, outcome = rules[name], killed.get(mutant["name"])
        rule.mutants.append(mutant["name"])
        if outcome is not None:
            rule.killed = outcome and rule.killed is not False
        if outcome is False:
            wrong.append(f"{name}: the mutant {mutant['name']} survived")
    return wrong


def take_waivers(rules: dict[str, Rule], waivers: list[dict]) -> list[str]:
    """A waiver says what is missing: `test`, `mutant` or both, each with its reason."""
    wrong = []
    for waiver in waivers:
        rule = rules.get(waiver["rule"])
        if rule is None:
            wrong.append(f"{waiver['rule']} is waived and does not exist")
            continue
        rule.waived_test, rule.waived_mutant = waiver.get("test", ""), waiver.get("mutant", "")
        for what, reason, there in (("test", rule.waived_test, rule.tests), ("mutant", rule.waived_mutant, rule.mutants)):
            if reason and there:
                wrong.append(f"{waiver['rule']}: a {what} is waived, but there is {there[0]}")
    return wrong


def untested(rules: dict[str, Rule]) -> list[str]:
    return [f"{name}: a rule of the documents without a test"
            for name, rule in rules.items() if rule.of_documents() and not rule.tests and not rule.waived_test]


def row_of(name: str, rule: Rule) -> str:
    state = {None: "not run" if rule.mutants else "", True: "killed", False: "SURVIVED"}[rule.killed]
    tests = rule.tests[0] + (f" (+{len(rule.tests) - 1})" if len(rule.tests) > 1 else "") if rule.tests else "-"
    mutant = rule.mutants[0] + (f" (+{len(rule.mutants) - 1})" if len(rule.mutants) > 1 else "") if rule.mutants else "-"
    waived = "; ".join(f"no {what}: {reason}" for what, reason in (("test", rule.waived_test), ("mutant", rule.waived_mutant))
                       if reason)
    return f"{name:7} {rule.source.split(':')[0]:4.4} {tests:100.100} {mutant:60.60} {state:8} {waived}".rstrip()


def summary(rules: dict[str, Rule]) -> str:
    documents = [rule for rule in rules.values() if rule.of_documents()]
    count = lambda of, has: sum(1 for rule in of if has(rule))
    return "\n".join([
        f"{len(rules)} rules: {count(rules.values(), lambda r: r.tests)} tested, "
        f"{count(rules.values(), lambda r: not r.tests and r.waived_test)} of the others waived",
        f"{len(documents)} rules of the documents: {count(documents, lambda r: r.tests)} tested, "
        f"{count(documents, lambda r: not r.tests and r.waived_test)} of the others waived",
        f"{count(rules.values(), lambda r: r.mutants)} rules have a mutant, {count(rules.values(), lambda r: r.killed)} of them "
        f"killed; {count(rules.values(), lambda r: r.waived_mutant)} can have none",
    ])


def judge(root: Path, sections: set[int]) -> tuple[dict[str, Rule], list[str]]:
    """The rules of these sections with all that was found, and what is wrong."""
    rules = rules_of((root / "docs" / "contract" / "contract.md").read_text(encoding="utf-8"))
    waivers = tomllib.loads((root / "docs" / "contract" / "waivers.toml").read_text(encoding="utf-8")).get("waiver", [])
    wrong = take_tests(rules, tests_in(root))
    wrong += take_mutants(rules, mutants_in(root), json_of(root / "build" / "mutate.json"))
    wrong += take_waivers(rules, waivers)
    chosen = {name: rule for name, rule in rules.items() if rule.section in sections}
    return chosen, wrong + untested(chosen)


def main() -> int:
    parser = argparse.ArgumentParser(description="rules of the contract, their tests and their mutants")
    parser.add_argument("--sections", default=SECTIONS)
    parser.add_argument("--quiet", action="store_true", help="no table")
    parser.add_argument("--root", type=Path, default=ROOT)
    options = parser.parse_args()

    rules, wrong = judge(options.root, {int(section) for section in options.sections.split(",")})
    if not options.quiet:
        print("\n".join(row_of(name, rule) for name, rule in rules.items()))
    out = options.root / "build" / "contract.json"
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps({name: {"tests": rule.tests, "mutant": rule.mutants[0] if rule.mutants else None,
                                      "mutants": rule.mutants, "killed": rule.killed,
                                      "waived": rule.waived_test or rule.waived_mutant or None}
                               for name, rule in rules.items()}, indent=1) + "\n", encoding="utf-8")
    print(summary(rules))
    for line in wrong:
        print(f"contract.py: {line}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
