#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""prove.py tells a proof that holds from one that does not, and a mutant that harms from one that survives."""

import contextlib
import io
import json
import sys

from common import tree_of
import prove
import tap

COUNTER = """module counter(input wire clk, input wire go);
    logic rst_n = 1'b0;
    logic [2:0] count_q;
    always @(posedge clk) rst_n <= 1'b1;
    always @(posedge clk) count_q <= !rst_n ? 3'd0 : count_q == 3'd5 ? 3'd0 : count_q + 3'(go);
    always @(posedge clk) if (rst_n) assert (count_q <= 3'd5);
endmodule
"""

SBY = """[tasks]
prove
[options]
prove: mode prove
prove: depth 2
[engines]
smtbmc boolector
[script]
read_slang --threads 1 --top counter counter.sv
prep -top counter
[files]
{file}
"""

MUTANT = '[[mutant]]\nproof = "counter"\ntask = "prove"\nname = "{name}"\nfile = "{file}"\nold = "{old}"\nnew = "{new}"\n'


def proved(counter: str, old: str = "count_q == 3'd5", new: str = "count_q == 3'd6", *arguments: str) -> tuple[int, str, list[dict]]:
    """(exit status, what was said, rows) of a proof of this counter with one mutant."""
    with tree_of({"counter.sv": counter}) as root:
        file = str((root / "counter.sv").relative_to(prove.ROOT))
        (root / "counter.sby").write_text(SBY.format(file=file), encoding="utf-8")
        (root / "mutants.toml").write_text(MUTANT.format(name="one", file=file, old=old, new=new), encoding="utf-8")
        prove.FORMAL, prove.OUT, prove.JSON = root, root / "out", root / "proofs.json"
        sys.argv = ["prove.py", *(arguments or ("--mutants",))]
        said = io.StringIO()
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            status = prove.main()
        rows = json.loads(prove.JSON.read_text(encoding="utf-8")) if prove.JSON.is_file() else []
    return status, said.getvalue(), rows


@tap.test
def a_proof_that_holds_passes_and_its_mutant_is_killed() -> None:
    status, said, rows = proved(COUNTER)
    assert status == 0 and "1 of 1 proofs passed, 1 of 1 mutants killed" in said, said
    assert rows[0] | {"seconds": 0} == {"proof": "counter", "task": "prove", "status": "PASS", "depth": 2, "seconds": 0,
                                       "mutants": 1, "killed": 1}, rows


@tap.test
def a_proof_that_does_not_hold_fails() -> None:
    status, said, rows = proved(COUNTER.replace("<= 3'd5)", "<= 3'd4)"))
    assert status == 1 and rows[0]["status"] != "PASS" and "0 of 1 proofs passed" in said, said


@tap.test
def a_mutant_that_survives_is_an_error() -> None:
    status, said, rows = proved(COUNTER, new="count_q == 3'd4")
    assert status == 1 and "SURVIVED" in said and rows[0]["killed"] == 0, said


@tap.test
def a_mutant_whose_text_is_not_there_is_an_error() -> None:
    status, said, _ = proved(COUNTER, old="nowhere")
    assert status == 1 and "stands 0 times" in said, said


@tap.test
def an_unknown_proof_is_refused_with_those_there_are() -> None:
    status, said, _ = proved(COUNTER, "x", "y", "nothing")
    assert status == 1 and "no proof of that name: nothing; there are counter" in said, said


tap.main()
