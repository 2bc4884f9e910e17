#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""mutate.py empties what it is told to, and its plan names things that exist."""

import tomllib

from common import TOOLS
import mutate
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
    plan = tomllib.loads((ROOT / "tools" / "mutants.toml").read_text(encoding="utf-8"))
    names = [mutant["name"] for mutant in plan["mutant"]]
    assert len(set(names)) == len(names), names
    for mutant in plan["mutant"]:
        before = (ROOT / mutant["file"]).read_text(encoding="utf-8")
        assert mutate.mutated(mutant, before) != before, mutant["name"]
        assert len(mutant["shows"]) > 5, mutant["name"]


@tap.test
def a_mutant_shows_its_harm_or_went_astray() -> None:
    pattern = r"[1-9]\d* bytes wrong"
    assert mutate.shown(pattern, "read\n  > back: 12 bytes wrong\nend\n") == "12 bytes wrong"
    assert mutate.shown(pattern, "  > back: 0 bytes wrong\nthe limit of cycles\n") is None
    assert mutate.last_line("one\ntwo\n\n") == "two" and mutate.last_line("") == "nothing"


tap.main()
