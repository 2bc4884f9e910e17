#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""pairwise.py covers every pair, a part of its combinations is clean in Verilator, and what is illegal is refused with a sentence."""

import os
from pathlib import Path

from common import TOOLS
import pairwise
import tap
import tree

PART = 24

os.chdir(TOOLS.parent)
SOURCES = tree.listed(Path("rtl/dray/dray.f"))


@tap.test
def every_pair_that_goes_together_is_in_some_combination() -> None:
    chosen, left = pairwise.combinations()
    assert len(chosen) == pairwise.COUNT and not left, left
    wanted = pairwise.all_pairs()
    assert ("DATA_W", 128, "BURST_BEATS", 1) in wanted and ("DATA_W", 64, "BURST_BEATS", 1) not in wanted
    assert all(pairwise.legal(one) for one in chosen)


@tap.test
def every_parameter_of_the_engine_is_in_the_table() -> None:
    text = Path("rtl/dray/dray.sv").read_text(encoding="utf-8")
    head = text[text.index("module dray"):text.index(") (")]
    named = {line.split("=")[0].split()[-1] for line in head.splitlines() if line.strip().startswith("parameter")}
    assert named - {"WINDOW_BASE", "GUARD_BASE"} == set(pairwise.PARAMETERS), named ^ set(pairwise.PARAMETERS)


@tap.test
def every_rule_of_the_engine_has_a_setting_that_breaks_it() -> None:
    text = Path("rtl/dray/dray.sv").read_text(encoding="utf-8")
    for rule in text.split("`DRAY_RULE(")[1:]:
        sentence = rule.split('"')[1]
        assert any(said in sentence for _, said in pairwise.REFUSED), sentence


@tap.test
def a_part_of_the_combinations_is_clean_in_verilator() -> None:
    chosen, _ = pairwise.combinations()
    given = [pairwise.settings(one) for one in chosen[::len(chosen) // PART][:PART]]
    said = pairwise.spread(os.cpu_count() or 1, lambda one: pairwise.elaborate("verilator", one, SOURCES), given)
    assert not any(one.text for one in said), "\n".join(str(one) for one in said if one.text)


@tap.test
def what_is_illegal_is_refused_with_a_sentence() -> None:
    found = pairwise.refused_wrongly(["verilator"], SOURCES, os.cpu_count() or 1)
    assert not found, "\n".join(found)


tap.main()
