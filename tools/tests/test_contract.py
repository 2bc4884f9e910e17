#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""contract.py finds rules, tests, mutants and waivers, and complains about what does not fit."""

import csv
import json
from pathlib import Path

from common import TOOLS, run_tool, tree_of
import contract
import tap

CONTRACT = """# A contract

## 2. Levels

| id | rule | test |
| --- | --- | --- |
| IRQ-01 [D] | Preempted only by what is higher. | nest |
| IRQ-08 [P] | Each exit asserts. | trace |

Calling it at PASSIVE is a violation (QDP-01 [D]), as IRQ-01 says.

## 5. Elsewhere

| id | rule | test |
| --- | --- | --- |
| WEN-01 [D, S] | In its room. | there |
"""

TEST = """
static void IRQ_01_QDP_01_both_hold(void **state)
{
}
"""

CORE = "int main(void) { tap_run(IRQ_08_on_the_core); }\n"
MUTANT = '[[mutant]]\nname = "IRQ_01_nests"\nrule = "IRQ-01"\nfile = "a.c"\n'
WAIVER = '[[waiver]]\nrule = "IRQ-08"\nmutant = "one line cannot"\n'


def tree(**more: str) -> dict[str, str]:
    """A complete small tree, and what a test changes in it."""
    files = {"docs/contract/contract.md": CONTRACT, "docs/contract/waivers.toml": WAIVER, "firmware/tests/test_a.c": TEST,
             "firmware/tests/core/b.c": CORE, "tools/mutants-a.toml": MUTANT}
    return files | {path.replace("__", "/"): text for path, text in more.items()}


def judge(files: dict[str, str]) -> tuple[dict[str, contract.Rule], list[str]]:
    with tree_of(files) as root:
        return contract.judge(root, {2})


@tap.test
def rules_have_the_section_and_the_tag_of_their_table_or_of_the_text() -> None:
    rules = contract.rules_of(CONTRACT)
    assert {name: rule.section for name, rule in rules.items()} == {"IRQ-01": 2, "IRQ-08": 2, "QDP-01": 2, "WEN-01": 5}
    assert rules["QDP-01"].of_documents() and rules["WEN-01"].of_documents() and not rules["IRQ-08"].of_documents()


@tap.test
def a_complete_tree_has_nothing_wrong() -> None:
    rules, wrong = judge(tree())
    assert wrong == [] and list(rules) == ["IRQ-01", "IRQ-08", "QDP-01"], wrong
    assert rules["IRQ-01"].tests == ["test_a: IRQ_01_QDP_01_both_hold"] and rules["IRQ-01"].mutants == ["IRQ_01_nests"]
    assert rules["IRQ-08"].tests == ["b: IRQ_08_on_the_core"] and rules["IRQ-08"].waived_mutant == "one line cannot"


@tap.test
def a_rule_of_the_documents_without_a_test_is_wrong() -> None:
    _, wrong = judge(tree() | {"firmware/tests/test_a.c": TEST.replace("IRQ_01_", "")})
    assert len(wrong) == 1 and "IRQ-01" in wrong[0], wrong
    waived = WAIVER + '[[waiver]]\nrule = "IRQ-01"\ntest = "there is no second hart"\n'
    _, wrong = judge(tree() | {"firmware/tests/test_a.c": TEST.replace("IRQ_01_", ""), "docs/contract/waivers.toml": waived})
    assert wrong == [], wrong


@tap.test
def what_names_no_rule_or_waives_what_is_there_is_wrong() -> None:
    for path, text, what in (("firmware/tests/test_a.c", TEST + TEST.replace("IRQ_01", "IRQ_99"), "IRQ-99"),
                             ("tools/mutants-a.toml", MUTANT.replace("IRQ-01", "IRQ-98"), "IRQ-98"),
                             ("docs/contract/waivers.toml", WAIVER.replace("IRQ-08", "IRQ-97"), "IRQ-97"),
                             ("docs/contract/waivers.toml", WAIVER.replace("mutant", "test"), "IRQ-08"),
                             ("docs/contract/waivers.toml", WAIVER.replace("IRQ-08", "IRQ-01"), "IRQ-01")):
        _, wrong = judge(tree() | {path: text})
        assert len(wrong) == 1 and what in wrong[0], (path, wrong)


@tap.test
def a_mutant_that_survived_is_wrong_and_one_that_was_not_run_is_not_killed() -> None:
    rules, _ = judge(tree())
    assert rules["IRQ-01"].killed is None
    for killed in (True, False):
        rules, wrong = judge(tree() | {"build/mutate.json": json.dumps([{"name": "IRQ_01_nests", "killed": killed}])})
        assert rules["IRQ-01"].killed is killed and bool(wrong) is not killed, wrong


@tap.test
def a_name_may_bear_several_rules_and_no_part_of_a_word_is_one() -> None:
    assert contract.rules_in_name("STA_03_UNL_05_a_buffer") == ["STA-03", "UNL-05"]
    assert contract.rules_in_name("DD_08_elements") == ["DD-08"]
    assert contract.rules_in_name("CRC_320_of_bytes") == [] and contract.rules_in_name("XSTA_03_x") == []


@tap.test
def the_table_and_the_file_are_written_and_the_exit_status_tells() -> None:
    with tree_of(tree()) as root:
        done = run_tool("contract.py", "--sections", "2", "--root", str(root))
        assert done.returncode == 0 and "IRQ-01" in done.stdout and "3 rules: 3 tested" in done.stdout, done
        written = json.loads((root / "build" / "contract.json").read_text(encoding="utf-8"))
        assert written["IRQ-08"] == {"tests": ["b: IRQ_08_on_the_core"], "mutant": None, "mutants": [], "killed": None,
                                     "waived": "one line cannot"}, written
        (root / "firmware" / "tests" / "test_a.c").unlink()
        assert run_tool("contract.py", "--sections", "2", "--root", str(root)).returncode == 1


@tap.test
def the_contract_of_this_tree_has_its_rules() -> None:
    root = Path(TOOLS).parent
    rules = contract.rules_of((root / "docs" / "contract" / "contract.md").read_text(encoding="utf-8"))
    with open(root / "docs" / "contract" / "rules.csv", encoding="utf-8", newline="") as index:
        listed = [row["id"] for row in csv.DictReader(index)]
    assert len(listed) > 200 and [name for name in listed if name not in rules] == []


tap.main()
