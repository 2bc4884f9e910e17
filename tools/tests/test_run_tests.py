#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The test runner, on little programs that pass, fail, crash, hang and lie."""

import json
import os
import pty
import stat
import subprocess
import sys
import time
from pathlib import Path

from common import run_tool, tree_of
import tap

PASSES = "echo 1..2; echo ok 1 - one; echo ok 2 - two"


def run(*bodies: str, options: tuple[str, ...] = ()) -> tuple[subprocess.CompletedProcess[str], dict]:
    """Runs one shell program a body; gives what the runner printed and its JSON."""
    with tree_of({f"p{number}.sh": f"#!/bin/sh\n{body}\n" for number, body in enumerate(bodies)}) as root:
        names = [f"p{number}.sh" for number in range(len(bodies))]
        for name in names:
            (root / name).chmod(stat.S_IRWXU)
        result = run_tool("run_tests.py", "--json", "out/test.json", *options, *names, cwd=root)
        return result, json.loads((root / "out/test.json").read_text())


def refused(body: str, because: str, options: tuple[str, ...] = ()) -> None:
    result, _ = run(body, options=options)
    assert result.returncode == 1, result.stdout
    assert because in result.stdout, result.stdout


def last_line(result: subprocess.CompletedProcess[str]) -> str:
    return result.stdout.splitlines()[-1]


@tap.test
def passing_programs_print_one_line() -> None:
    result, out = run(PASSES, PASSES)
    assert (result.returncode, result.stdout) == (0, "4 passed, 0 failed\n"), result.stdout
    assert out["passed"] == 4 and [p["program"] for p in out["programs"]] == ["p0.sh", "p1.sh"]


@tap.test
def a_failure_is_shown_with_its_diagnostics_and_standard_error() -> None:
    result, out = run("echo 1..2; echo not ok 1 - one; echo '# because'; echo ok 2; echo sanitizer >&2; exit 1", PASSES)
    assert result.returncode == 1
    for said in ("FAIL p0.sh: one", "# because", "| sanitizer"):
        assert said in result.stdout, result.stdout
    assert last_line(result) == "3 passed, 1 failed"
    assert out["programs"][0]["results"][0]["lines"] == ["# because"]


@tap.test
def a_skip_is_counted_and_its_reason_shown() -> None:
    result, _ = run("echo 1..2; echo ok 1 - one; echo 'ok 2 - two # SKIP no board'")
    assert result.returncode == 0 and "two: no board" in result.stdout
    assert last_line(result) == "1 passed, 0 failed, 1 skipped"


@tap.test
def a_skip_as_cmocka_words_it_is_no_failure() -> None:
    result, _ = run("echo 1..2; echo ok 1 - one; echo 'not ok 2 # SKIP two'")
    assert result.returncode == 0 and last_line(result) == "1 passed, 0 failed, 1 skipped", result.stdout


@tap.test
def a_program_may_skip_itself() -> None:
    result, _ = run("echo '1..0 # SKIP no solver'", PASSES)
    assert result.returncode == 0 and "no solver" in result.stdout
    assert last_line(result) == "2 passed, 0 failed, 1 skipped"


@tap.test
def several_cmocka_groups_in_one_program_add_up() -> None:
    result, _ = run(f"{PASSES}; {PASSES}")
    assert result.returncode == 0 and last_line(result) == "4 passed, 0 failed"


@tap.test
def a_crash_is_a_failure() -> None:
    refused(f"{PASSES}; kill -SEGV $$", "crashed: Segmentation fault")


@tap.test
def no_plan_is_a_failure() -> None:
    refused("echo ok 1 - one", "printed no plan")


@tap.test
def fewer_tests_than_planned_are_a_failure() -> None:
    refused("echo 1..3; echo ok 1; echo ok 2", "planned 3 tests, ran 2")


@tap.test
def more_tests_than_planned_are_a_failure() -> None:
    refused("echo 1..1; echo ok 1; echo ok 2", "planned 1 tests, ran 2")


@tap.test
def a_bad_exit_code_without_a_failing_test_is_a_failure() -> None:
    refused(f"{PASSES}; exit 23", "exit code 23 without a failing test")


@tap.test
def bailing_out_is_a_failure() -> None:
    refused("echo 1..1; echo ok 1; echo 'Bail out! no memory'", "bailed out: no memory")


@tap.test
def a_program_that_does_not_start_is_a_failure() -> None:
    result = run_tool("run_tests.py", "no/such/program")
    assert result.returncode == 1 and "does not start" in result.stdout, result.stdout


@tap.test
def no_test_at_all_is_a_failure() -> None:
    for programs in ((), ("echo 1..0",)):
        result, _ = run(*programs)
        assert result.returncode == 1 and "no test ran" in result.stdout, result.stdout


@tap.test
def a_hanging_program_is_killed_with_its_children() -> None:
    begun = time.monotonic()
    result, out = run("echo 1..1; sleep 60 & echo $! > child; wait; echo ok 1; ", options=("--timeout", "0.5"))
    assert result.returncode == 1 and "killed after 0.5 s" in result.stdout, result.stdout
    assert time.monotonic() - begun < 20
    assert out["programs"][0]["problem"], out


@tap.test
def programs_run_two_at_a_time() -> None:
    meet = "touch $0.here; for i in $(seq 200); do [ $(ls *.here | wc -l) = 2 ] && break; sleep 0.05; done; " \
           "[ $(ls *.here | wc -l) = 2 ] && echo 1..1 && echo ok 1"
    result, _ = run(meet, meet)
    assert last_line(result) == "2 passed, 0 failed", result.stdout


@tap.test
def cmocka_is_told_to_print_tap() -> None:
    result, _ = run('echo 1..1; [ "$CMOCKA_MESSAGE_OUTPUT" = TAP ] && echo ok 1')
    assert result.returncode == 0, result.stdout


@tap.test
def a_real_cmocka_program_is_understood() -> None:
    source = """#include <stdarg.h>\n#include <stddef.h>\n#include <setjmp.h>\n#include <stdint.h>\n#include <cmocka.h>
    static void good(void **state) { (void)state; }
    static void bad(void **state) { (void)state; assert_int_equal(1, 2); }
    static void left_out(void **state) { (void)state; skip(); }
    int main(void) {
        const struct CMUnitTest tests[] = {cmocka_unit_test(good), cmocka_unit_test(bad), cmocka_unit_test(left_out)};
        return cmocka_run_group_tests(tests, NULL, NULL);
    }"""
    with tree_of({"t.c": source}) as root:
        subprocess.run(["gcc", "t.c", "-o", "t", "-lcmocka"], cwd=root, check=True)
        result = run_tool("run_tests.py", "t", cwd=root)
    assert "FAIL t: bad" in result.stdout and "0x1 != 0x2" in result.stdout, result.stdout
    assert last_line(result) == "1 passed, 1 failed, 1 skipped", result.stdout


@tap.test
def a_python_program_that_fails_says_where() -> None:
    program = f"import sys; sys.path.insert(0, {str(Path(tap.__file__).parent)!r}); import tap\n" \
              "@tap.test\ndef never() -> None:\n    assert 2 + 2 == 5\ntap.main()\n"
    with tree_of({"t.py": program}) as root:
        result = run_tool("run_tests.py", "t.py", cwd=root)
    assert "FAIL t.py: never" in result.stdout and "2 + 2 == 5" in result.stdout, result.stdout


@tap.test
def on_a_terminal_a_progress_line_stands_until_the_end() -> None:
    with tree_of({"p.sh": f"#!/bin/sh\n{PASSES}\n"}) as root:
        (root / "p.sh").chmod(stat.S_IRWXU)
        try:
            here, there = pty.openpty()
        except OSError as error:
            raise tap.Skip(f"this system gives no terminal: {error}")
        tool = Path(tap.__file__).with_name("run_tests.py")
        subprocess.run([sys.executable, str(tool), "p.sh"], stdout=there, cwd=root, check=True)
        os.close(there)
        shown = os.read(here, 65536).decode()
        os.close(here)
    assert "[0/1] 0 passed, 0 failed" in shown and shown.rstrip().endswith("2 passed, 0 failed"), shown


tap.main()
