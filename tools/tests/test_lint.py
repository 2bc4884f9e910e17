#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The linters, each on a sample that is clean and on samples that are not."""

import os
import subprocess
from pathlib import Path

from common import TOOLS, run_tool, tree_of
import generate
import lint_listed
import lint_text
import tap

LICENCE = "// SPDX-License-Identifier: Apache-2.0\n"
CLEAN = """module clean #(parameter int W = 8) (input logic clk, input logic [W-1:0] d, output logic [W-1:0] q);
  always_ff @(posedge clk) q <= d;
endmodule
"""
OFFENCES = {
    "a width that does not fit": "output logic [3:0] q);\n  assign q = d;",
    "a latch": "output logic [7:0] q);\n  always_comb if (d[0]) q = d;",
    "an undriven output": "output logic [7:0] q, output logic r);\n  assign q = d;",
    "an unused input": "input logic spare, output logic [7:0] q);\n  assign q = d;",
    "an unknown module": "output logic [7:0] q);\n  nobody u_nobody (.d(d), .q(q));",
}


def text_complaints(files: dict[str, str]) -> list[str]:
    with tree_of(files) as root:
        return lint_text.complaints(root)


def lint_rtl(source: str, *parameters: str) -> subprocess.CompletedProcess[str]:
    name = source.split()[1]
    with tree_of({f"rtl/dray/{name}.sv": source, "x.f": f"rtl/dray/{name}.sv   # the only one\n"}) as root:
        return run_tool("lint_rtl.py", ":".join(["x.f", name, *parameters]), cwd=root)


@tap.test
def the_file_that_git_keeps_in_a_worktree_is_not_ours() -> None:
    assert text_complaints({".git": "gitdir: elsewhere\n"}) == []


@tap.test
def clean_rtl_is_silent() -> None:
    result = lint_rtl(CLEAN, "W=3")
    assert (result.returncode, result.stdout + result.stderr) == (0, ""), result.stdout + result.stderr


@tap.test
def each_offence_in_rtl_is_refused() -> None:
    for what, body in OFFENCES.items():
        result = lint_rtl(f"module bad (input logic [7:0] d, {body}\nendmodule\n")
        assert result.returncode == 1 and result.stdout, what


@tap.test
def rtl_that_only_synthesis_sees_is_linted_too() -> None:
    source = CLEAN.replace("endmodule", "`ifdef SYNTHESIS\n  nobody u_nobody (.clk(clk));\n`endif\nendmodule")
    result = lint_rtl(source)
    for tool in ("icarus on clean -DSYNTHESIS", "yosys on clean -DSYNTHESIS"):
        assert tool in result.stdout, result.stdout


@tap.test
def a_parameter_reaches_all_three_tools() -> None:
    source = CLEAN.replace("endmodule", "  if (W == 5) begin : g_bad\n    nobody u_nobody (.clk(clk));\n  end\nendmodule")
    assert lint_rtl(source).returncode == 0
    result = lint_rtl(source, "W=5")
    for tool in ("verilator on", "icarus on", "yosys on"):
        assert tool in result.stdout, result.stdout


@tap.test
def what_passed_is_remembered_by_content() -> None:
    with tree_of({"rtl/dray/clean.sv": CLEAN, "x.f": "rtl/dray/clean.sv\n"}) as root:
        command = ("lint_rtl.py", "--seen", "seen", "x.f:clean")
        assert run_tool(*command, cwd=root).returncode == 0
        assert len(list((root / "seen").iterdir())) == 1
        (root / "rtl/dray/clean.sv").write_text(CLEAN.replace("q <= d", "q <= 0"))
        assert run_tool(*command, cwd=root).returncode == 1
        assert len(list((root / "seen").iterdir())) == 1, "a failure was remembered"


@tap.test
def rtl_in_no_list_is_named() -> None:
    with tree_of({"rtl/dray/clean.sv": CLEAN, "x.f": "rtl/dray/clean.sv\n", "rtl/soc/lost.sv": CLEAN}) as root:
        result = run_tool("lint_rtl.py", "x.f:clean", cwd=root)
    assert result.returncode == 1 and result.stdout == "rtl/soc/lost.sv: in no list of what to lint\n", result.stdout


@tap.test
def c_in_no_list_is_named() -> None:
    with tree_of({"firmware/hal/a.c": "", "sim/b.c": "", "firmware/hal/a.h": ""}) as root:
        assert lint_listed.complaints(root, ".c", ["firmware", "sim"], {"sim/b.c"}) == [
            "firmware/hal/a.c: in no list of what to lint"]


@tap.test
def each_compiler_refuses_what_it_alone_sees() -> None:
    seen_by = {"gcc": "!defined __clang__ && !defined __riscv", "clang": "defined __clang__", "riscv": "defined __riscv"}
    narrows = "char narrow(int wide);\nchar narrow(int wide)\n{\n    return wide;\n}\n"
    for culprit, condition in seen_by.items():
        with tree_of({"x.c": f"extern int there;\n#if {condition}\n{narrows}#endif\n"}) as root:
            refusing = [compiler for compiler in seen_by if not compiles(root.relative_to(TOOLS.parent), compiler)]
        assert refusing == [culprit], (culprit, refusing)


def compiles(folder: Path, compiler: str) -> bool:
    """By the rules of the Makefile, so that its flags are what is tried."""
    clean = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")}
    return subprocess.run(["make", f"OUT={folder}", f"{folder}/lint/{compiler}/{folder}/x.o"], cwd=TOOLS.parent,
                          env=clean, capture_output=True, check=False).returncode == 0


@tap.test
def a_clean_file_passes_the_text_checks() -> None:
    assert text_complaints({"rtl/dray/a.sv": LICENCE, "LICENSE": "Apache", "a.json": "{}"}) == []


@tap.test
def a_missing_licence_is_named() -> None:
    assert text_complaints({"a.c": "int x;\n"}) == ["a.c: no line 'SPDX-License-Identifier: Apache-2.0' at the top"]
    assert len(text_complaints({"a.c": "\n" * 9 + LICENCE})) == 1


@tap.test
def leftovers_are_named_with_their_line() -> None:
    for word in ("TO" "DO", "T" "BD", "FIX" "ME"):
        said = text_complaints({"a.md": f"{LICENCE}one\n{word}: two\n"})
        assert said == [f"a.md:3: '{word}' is left over"], said


@tap.test
def a_path_of_one_machine_is_named() -> None:
    for path in ("/wo" "rk/x", "/ho" "me/me/x", "/ro" "ot/x"):
        assert len(text_complaints({"a.sh": f"{LICENCE}cat {path}\n"})) == 1, path
    assert text_complaints({"a.sh": f"{LICENCE}cat net/wo" "rk/x\n"}) == []


@tap.test
def waivers_are_named() -> None:
    for waiver in ("/* verilator lint_" "off WIDTH */", "#pragma GCC diag" "nostic push", "x: CFLAGS += -W" "no-unused"):
        assert len(text_complaints({"rtl/dray/a.sv": f"{LICENCE}{waiver}\n"})) == 1, waiver


@tap.test
def assume_is_at_home_in_formal_only() -> None:
    text = f"{LICENCE}always @(posedge clk) if (a) as" "sume (b);\n"
    assert len(text_complaints({"rtl/dray/a.sv": text})) == 1
    assert text_complaints({"rtl/formal/a.sv": text}) == []
    assert text_complaints({"rtl/dray/a.sv": f"{LICENCE}// We as" "sume (here) nothing.\n"}) == []


@tap.test
def a_size_cast_that_yosys_misreads_is_named() -> None:
    for bad in ("assign a = b & ~W'(c);", "assign a = !8'(c);", "assign a = (-W'(c));", "f(|W'(c));"):
        assert text_complaints({"rtl/a.sv": f"{LICENCE}{bad}\n"}), bad
    for good in ("assign a = b & W'(c);", "assign a = b - W'(c);", "assign a = b && 1'(c);", "assign a = ~c;"):
        assert not text_complaints({"rtl/a.sv": f"{LICENCE}{good}\n"}), good


@tap.test
def a_generated_file_that_differs_or_is_missing_is_named() -> None:
    with tree_of({"fresh/a.h": "1", "fresh/b.h": "2", "fresh/c.h": "3", "ours/a.h": "1", "ours/b.h": "x"}) as root:
        said = generate.differences(root / "fresh", root / "ours")
    assert said == ["b.h: differs from its description; run make regs", "c.h: generated but not there; run make regs"], said


@tap.test
def no_register_description_is_no_difference() -> None:
    result = run_tool("generate.py", "--check", cwd=Path(TOOLS.parent))
    assert (result.returncode, result.stdout) == (0, "")


tap.main()
