#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""mutate.py empties what it is told to, and its plan names things that exist."""

import os
import pathlib
import tempfile

from common import TOOLS
import mutate
import mutate_unit
import tap

ROOT = TOOLS.parent

SOURCE = """
static int add(int a, const int *b);

static int add(int a, const int *b)
{
    if (a) { return *b; }
    return a + *b;
}

void quiet(void)
{
    add(1, 0);
}
"""


@tap.test
def the_body_of_a_function_becomes_empty() -> None:
    text = mutate.empty_body(SOURCE, "add", "7")
    assert "{ (void)a; (void)b; return 7; }" in text, text
    assert "return *b" not in text and "add(1, 0);" in text, text


@tap.test
def a_function_without_parameters_or_result_becomes_empty() -> None:
    assert "void quiet(void)\n{ }" in mutate.empty_body(SOURCE, "quiet", None)


@tap.test
def a_function_that_is_not_there_is_an_error() -> None:
    try:
        mutate.empty_body(SOURCE, "absent", None)
    except ValueError as error:
        assert "absent" in str(error)
        return
    raise AssertionError("no error")


@tap.test
def text_to_replace_must_stand_once() -> None:
    for old in ("absent", "a"):
        try:
            mutate.mutated({"old": old, "new": "x"}, SOURCE)
        except ValueError:
            continue
        raise AssertionError(old)


@tap.test
def every_mutant_of_the_plan_can_be_made() -> None:
    plan = mutate.plan(ROOT)
    names = [mutant["name"] for mutant in plan]
    assert len(set(names)) == len(names), names
    for mutant in plan:
        before = (ROOT / mutant["file"]).read_text(encoding="utf-8")
        assert mutate.mutated(mutant, before) != before, mutant["name"]
        assert len(mutate_unit.pattern_of(mutant)) > 5, mutant["name"]


@tap.test
def a_mutant_of_a_unit_test_is_named_after_its_rule_which_the_test_bears() -> None:
    for mutant in mutate.plan(ROOT):
        if "unit" not in mutant:
            continue
        rule = mutate_unit.name_of(mutant["rule"])
        assert mutant["name"].startswith(f"{rule}_"), mutant["name"]
        program = (ROOT / "firmware" / "tests" / f"{mutant['unit']}.c").read_text(encoding="utf-8")
        assert rule in program, f"{mutant['unit']} has no test of {rule}"


@tap.test
def what_a_unit_test_died_in_is_the_test_that_comes_next() -> None:
    bench = mutate_unit.Bench(ROOT, ROOT, ROOT, [], {"test_x": ["LCK_01_a", "STA_02_b", "LCK_01_c"]})
    said = mutate_unit.with_the_dead(bench, "test_x", "LCK-01", "1..2\nok 1 - LCK_01_a\nAssertion failed\n")
    assert mutate.shown(mutate_unit.pattern_of({"rule": "LCK-01"}), said) == "not ok 2 - LCK_01_c"
    whole = "1..1\nok 1 - STA_02_b\n"
    assert mutate_unit.with_the_dead(bench, "test_x", "STA-02", whole) == whole


@tap.test
def a_failing_test_of_another_rule_does_not_count() -> None:
    pattern = mutate_unit.pattern_of({"rule": "LCK-01"})
    assert mutate.shown(pattern, "not ok 3 - LCK_01_failure_pins_none\n")
    assert mutate.shown(pattern, "not ok 3 - UNL_01_once\nok 4 - LCK_01_failure_pins_none\n") is None
    assert mutate.shown(mutate.NEVER, "not ok 3 - LCK_01_failure_pins_none\n") is None


@tap.test
def a_mutant_shows_its_harm_or_went_astray() -> None:
    pattern = r"[1-9]\d* bytes wrong"
    assert mutate.shown(pattern, "read\n  > back: 12 bytes wrong\nend\n") == "12 bytes wrong"
    assert mutate.shown(pattern, "  > back: 0 bytes wrong\nthe limit of cycles\n") is None
    assert mutate.last_line("one\ntwo\n\n") == "two" and mutate.last_line("") == "nothing"


@tap.test
def a_file_that_was_restored_is_newer_than_what_its_mutant_built() -> None:
    with tempfile.TemporaryDirectory() as folder:
        root, tree = pathlib.Path(folder, "root"), pathlib.Path(folder, "tree")
        source, copy = root / "rtl" / "a.sv", tree / "rtl" / "a.sv"
        source.parent.mkdir(parents=True)
        source.write_text("first", encoding="utf-8")
        os.utime(source, (1000, 1000))
        mutate.copy_tree(root, tree)
        assert copy.read_text(encoding="utf-8") == "first" and copy.stat().st_mtime == 1000
        copy.write_text("first", encoding="utf-8")  # restored after a mutant
        restored = copy.stat().st_mtime
        mutate.copy_tree(root, tree)
        assert copy.stat().st_mtime == restored > 1000
        source.write_text("second", encoding="utf-8")
        os.utime(source, (1000, 1000))
        mutate.copy_tree(root, tree)
        assert copy.read_text(encoding="utf-8") == "second" and copy.stat().st_mtime > 1000
        source.unlink()
        mutate.copy_tree(root, tree)
        assert not copy.exists()


tap.main()
