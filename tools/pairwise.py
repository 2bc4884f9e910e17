#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""pairwise.py - every two values of the engine's parameters together, in some legal combination.

    pairwise.py --sources LIST.f [--tools verilator,yosys] [--only N] [--runs N --cases N --make MAKE --out DIR]

Each combination is elaborated in Verilator (lint, no waiver) and in Yosys; a tool that says a word has failed. Some of them
are built, and run random cases against the reference model. Combinations that are not legal must be refused with the sentence
of rtl/dray/dray.sv that says what to do. A new parameter is one line of PARAMETERS, and a rule if it has one.
"""

import argparse
import functools
import itertools
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import lint_rtl
import tree

COUNT = 200
SEED = 2026
TOP = "dray"

# Values at both ends, and where something changes between them. STREAM_OUT and STREAM_IN say which channels have one.
PARAMETERS: dict[str, tuple] = {
    "DATA_W": (32, 64, 128),
    "ADDR_W": (24, 30, 32, 33, 40, 48),
    "CHANNELS": (1, 2, 3, 4, 7, 8),
    "FIFO_BEATS": (8, 32, 128, 256, 512, 1024),
    "DESCRIPTORS": (1, 2, 3, 7, 8, 15, 48, 64),
    "READS": (1, 2, 3, 16, 48, 64, 255),
    "BURST_BEATS": (1, 2, 4, 8, 16, 64, 256),
    "BYTES": (0, 1),
    "FILL": (0, 1),
    "ROWS": (0, 1),
    "GATE": (0, 1),
    "WINDOW": (0, 1, 2, 16, 63, 64, 256),
    "PAGE_LG": (9, 10, 11, 12),
    "GUARD_FRAMES": (256, 4096, 16384, 65536),
    "LISTS": (0, 1),
    "COUNTERS": (0, 1),
    "BUDGET": (0, 1),
    "WATCHDOG": (0, 1),
    "COALESCE": (0, 1),
    "PRIORITY": (0, 1),
    "ATTRIBUTES": (0, 1),
    "STREAM_OUT": ("none", "first", "last", "all"),
    "STREAM_IN": ("none", "first", "last", "all"),
    "STREAM_BEATS": (4, 33, 128, 512),
}

Chosen = dict


def burst_of(chosen: Chosen) -> int:
    """Beats of the longest burst: a page bounds it too."""
    return min(chosen["BURST_BEATS"], (8 << chosen["PAGE_LG"]) // chosen["DATA_W"])


# What makes a combination illegal, as far as the table can: the parameters it looks at, and when it is broken.
RULES: list[tuple[tuple[str, ...], Callable[[Chosen], bool]]] = [
    (("BURST_BEATS", "DATA_W"), lambda c: c["BURST_BEATS"] * c["DATA_W"] < 128),
    (("FIFO_BEATS", "BURST_BEATS", "DATA_W", "PAGE_LG"), lambda c: c["FIFO_BEATS"] < 2 * burst_of(c)),
    (("STREAM_OUT", "STREAM_BEATS", "BURST_BEATS", "DATA_W", "PAGE_LG"),
     lambda c: c["STREAM_OUT"] != "none" and c["STREAM_BEATS"] < 2 * burst_of(c)),
    (("STREAM_IN", "STREAM_BEATS", "BURST_BEATS", "DATA_W", "PAGE_LG"),
     lambda c: c["STREAM_IN"] != "none" and c["STREAM_BEATS"] < 2 * burst_of(c)),
    (("STREAM_IN", "STREAM_BEATS"),
     lambda c: c["STREAM_IN"] != "none" and c["STREAM_BEATS"] & (c["STREAM_BEATS"] - 1) != 0),
    (("FILL", "BYTES"), lambda c: bool(c["FILL"]) and not c["BYTES"]),
    (("FILL", "ADDR_W"), lambda c: bool(c["FILL"]) and c["ADDR_W"] < 32),
    (("ROWS", "ADDR_W"), lambda c: bool(c["ROWS"]) and c["ADDR_W"] < 32),
    (("GATE", "GUARD_FRAMES", "PAGE_LG", "ADDR_W"),
     lambda c: bool(c["GATE"]) and c["GUARD_FRAMES"] << c["PAGE_LG"] > 1 << c["ADDR_W"]),
]

# Illegal settings, and a word of the sentence that each must bring.
REFUSED: list[tuple[dict[str, str], str]] = [
    ({"DATA_W": "48"}, "DATA_W is 32, 64 or 128"),
    ({"DATA_W": "256"}, "DATA_W is 32, 64 or 128"),
    ({"ADDR_W": "49"}, "ADDR_W is 24 to 48"),
    ({"ADDR_W": "20", "FILL": "0", "ROWS": "0", "GATE": "0"}, "ADDR_W is 24 to 48"),
    ({"CHANNELS": "9"}, "CHANNELS is 1 to 8"),
    ({"BURST_BEATS": "512", "FIFO_BEATS": "1024"}, "BURST_BEATS is 1 to 256"),
    ({"BURST_BEATS": "12"}, "BURST_BEATS is a power of two"),
    ({"BURST_BEATS": "1"}, "take BURST_BEATS of at least 128 / DATA_W"),
    ({"FIFO_BEATS": "16"}, "FIFO_BEATS holds two bursts"),
    ({"DESCRIPTORS": "0"}, "DESCRIPTORS is at least 1"),
    ({"READS": "0"}, "READS is 1 to 255"),
    ({"READS": "256"}, "READS is 1 to 255"),
    ({"BYTES": "0"}, "FILL needs BYTES"),
    ({"ADDR_W": "31"}, "a pattern has 32 bits"),
    ({"ADDR_W": "31", "FILL": "0"}, "a stride has 32 bits"),
    ({"PAGE_LG": "13"}, "PAGE_LG is 9 to 12"),
    ({"PAGE_LG": "8"}, "PAGE_LG is 9 to 12"),
    ({"WINDOW": "257"}, "WINDOW is 0 to 256"),
    ({"GUARD_FRAMES": "128"}, "GUARD_FRAMES is a power of two"),
    ({"GUARD_FRAMES": "5000"}, "GUARD_FRAMES is a power of two"),
    ({"GUARD_BASE": "48'h40001000"}, "GUARD_BASE is a multiple"),
    ({"ADDR_W": "24", "FILL": "0", "ROWS": "0", "WINDOW": "0"}, "GUARD_BASE is a multiple"),
    ({"WINDOW_BASE": "48'hC0001000"}, "WINDOW_BASE is a multiple"),
    ({"STREAM_OUT": "4"}, "STREAM_OUT has one bit a channel"),
    ({"STREAM_OUT": "1", "STREAM_BEATS": "16"}, "STREAM_BEATS holds two bursts"),
    ({"STREAM_IN": "1", "STREAM_BEATS": "16"}, "STREAM_BEATS holds two bursts"),
    ({"STREAM_IN": "4"}, "STREAM_IN has one bit a channel"),
    ({"STREAM_IN": "1", "STREAM_BEATS": "48"}, "STREAM_BEATS is a power of two"),
    ({"STREAM_BEATS": "8192"}, "STREAM_BEATS is at most 4096"),
    ({"FIFO_BEATS": "16384"}, "FIFO_BEATS is at most 8192"),
]


def legal(chosen: Chosen) -> bool:
    """Of a part of a combination: no rule is broken whose parameters are all there."""
    return not any(broken(chosen) for names, broken in RULES if all(name in chosen for name in names))


# What rules look at; all else goes with everything. In this order a rule is soon seen to be broken.
RULED = sorted({name for names, _ in RULES for name in names},
               key=("DATA_W", "BURST_BEATS", "PAGE_LG", "FIFO_BEATS", "STREAM_OUT", "STREAM_IN", "STREAM_BEATS").__contains__, reverse=True)


@functools.cache
def completes(ruled: tuple) -> bool:
    """Whether some legal combination has these values."""
    chosen = dict(ruled)
    name = next((name for name in RULED if name not in chosen), None)
    if name is None:
        return True
    return any(legal({**chosen, name: value}) and completes((*ruled, (name, value))) for value in PARAMETERS[name])


def possible(chosen: Chosen) -> bool:
    return legal(chosen) and completes(tuple((name, chosen[name]) for name in RULED if name in chosen))


def pairs_of(chosen: Chosen) -> Iterator[tuple]:
    names = [name for name in PARAMETERS if name in chosen]
    for one, two in itertools.combinations(names, 2):
        yield one, chosen[one], two, chosen[two]


def all_pairs() -> set[tuple]:
    """Every two values of two parameters that go together at all."""
    found = set()
    for one, two in itertools.combinations(PARAMETERS, 2):
        for a, b in itertools.product(PARAMETERS[one], PARAMETERS[two]):
            if possible({one: a, two: b}):
                found.add((one, a, two, b))
    return found


def filled(start: Chosen, left: set[tuple], dice: random.Random) -> Chosen | None:
    """A combination with these values and as many pairs that are left as it goes; None if it went astray."""
    chosen = dict(start)
    names = [name for name in PARAMETERS if name not in chosen]
    dice.shuffle(names)
    for name in names:
        best: list[Chosen] = []
        most = -1
        for value in PARAMETERS[name]:
            more = {**chosen, name: value}
            if not possible(more):
                continue
            new = sum(pair in left for pair in pairs_of(more) if name in (pair[0], pair[2]))
            if new >= most:
                best = [*best, more] if new == most else [more]
                most = new
        if not best:
            return None
        chosen = dice.choice(best)
    return chosen


def combinations(count: int = COUNT, seed: int = SEED) -> tuple[list[Chosen], set[tuple]]:
    """So many combinations, and the pairs that they leave out."""
    dice = random.Random(seed)
    left = all_pairs()
    found: list[Chosen] = []
    while len(found) < count:
        start: Chosen = {}
        if left:
            one, a, two, b = dice.choice(sorted(left, key=repr))
            start = {one: a, two: b}
        chosen = filled(start, left, dice)
        if chosen is not None:
            found.append(chosen)
            left -= set(pairs_of(chosen))
    return found, left


def settings(chosen: Chosen) -> dict[str, str]:
    """As Verilog parameters; the bases stand where this address width lets them."""
    channels, addr_w = chosen["CHANNELS"], chosen["ADDR_W"]
    streams = {"none": 0, "first": 1, "last": 1 << channels - 1, "all": (1 << channels) - 1}
    given = {name: str(value) for name, value in chosen.items()}
    for name in ("STREAM_OUT", "STREAM_IN"):
        given[name] = str(streams[chosen[name]])
    if addr_w < 31:
        given["GUARD_BASE"] = "48'h0"
    if addr_w < 32:
        span = (1 << max(1, (chosen["WINDOW"] - 1).bit_length())) << chosen["PAGE_LG"]
        given["WINDOW_BASE"] = f"48'h{(1 << addr_w) - span:x}"
    return given


def runs(chosen: Chosen) -> bool:
    """The bench can use it: its memory is there, and every channel's MiB of it is guarded, and cleared in good time."""
    if chosen["ADDR_W"] < 32:
        return False
    enough = chosen["GUARD_FRAMES"] << chosen["PAGE_LG"] >= (chosen["CHANNELS"] << 20) + (1 << 19)
    return not chosen["GATE"] or (enough and chosen["GUARD_FRAMES"] * chosen["CHANNELS"] <= 1 << 17)


# ---- the tools


@dataclass(frozen=True)
class Said:
    """What a tool said about a combination, or nothing."""
    tool: str
    given: dict[str, str]
    text: str

    def __str__(self) -> str:
        return f"{self.tool} on {' '.join(f'{name}={value}' for name, value in self.given.items())}\n{self.text}"


def elaborate(tool: str, given: dict[str, str], sources: list[str]) -> Said:
    top = lint_rtl.Top(TOP, tuple(sources), tuple(given.items()))
    command = {"verilator": lint_rtl.verilator, "yosys": lint_rtl.yosys}[tool]
    return Said(tool, given, lint_rtl.complaint(command(top, lint_rtl.SYNTHESIS if tool == "yosys" else [])))


def spread(jobs: int, work: Callable, items: list) -> list:
    with ThreadPoolExecutor(jobs) as pool:
        return list(pool.map(work, items))


def refused_wrongly(tools: list[str], sources: list[str], jobs: int) -> list[str]:
    """Illegal settings that a tool took, or refused without the sentence."""
    items = [(tool, given, sentence) for tool in tools for given, sentence in REFUSED]
    answers = spread(jobs, lambda item: elaborate(item[0], item[1], sources), items)
    return [f"{said}\n  does not say: {sentence}" for (_, _, sentence), said in zip(items, answers) if sentence not in said.text]


def build_and_run(chosen: list[Chosen], args: argparse.Namespace) -> list[str]:
    """Builds one program with all of them, and lets each run its random cases."""
    kinds = {f"pair{n}": settings(one) for n, one in enumerate(chosen)}
    room = args.out / "sim"
    quote = str.maketrans({"'": "\\'"})
    variables = [f"SIM_{kind}={' '.join(f'{name}={value}' for name, value in given.items())}".translate(quote) for kind, given in kinds.items()]
    made = subprocess.run([args.make, "-s", f"-j{args.jobs}", f"SIM={room}", f"SIM_KINDS={' '.join(kinds)}", *variables,
                           "SIM_OPT=OPT_FAST=-O1 OPT_SLOW=-O0", f"{room}/soak"],
                          capture_output=True, text=True, check=False, env={**os.environ, "MAKEFLAGS": ""})
    if made.returncode:
        return [f"make ended with {made.returncode}\n{made.stdout[-4000:]}{made.stderr[-4000:]}"]

    def run(kind: str) -> str:
        done = subprocess.run([f"{room}/soak"], capture_output=True, text=True, check=False,
                              env={**os.environ, "KIND": kind, "COUNT": str(args.cases), "SEED": "1", "MINUTES": ""})
        return "" if done.returncode == 0 else f"{kind}: {variables[list(kinds).index(kind)]}\n{done.stdout}{done.stderr}"

    return [said for said in spread(args.jobs, run, list(kinds)) if said]


def main() -> int:
    parser = argparse.ArgumentParser(description="every two values of the engine's parameters together")
    parser.add_argument("--sources", type=Path, required=True)
    parser.add_argument("--tools", default="verilator,yosys")
    parser.add_argument("--only", type=int, default=COUNT, help="so many of the combinations")
    parser.add_argument("--runs", type=int, default=0, help="so many are built and run")
    parser.add_argument("--cases", type=int, default=20)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 2)
    parser.add_argument("--make", default="make")
    parser.add_argument("--out", type=Path, default=Path("build/pairwise"))
    args = parser.parse_args()

    sources, tools = tree.listed(args.sources), args.tools.split(",")
    chosen, left = combinations()
    found = [f"no combination has {pair}" for pair in sorted(left, key=repr)]
    items = [(tool, settings(one)) for one in chosen[:args.only] for tool in tools]
    found += [str(said) for said in spread(args.jobs, lambda item: elaborate(*item, sources), items) if said.text]
    found += refused_wrongly(tools, sources, args.jobs)
    print(f"{len(chosen[:args.only])} combinations and {len(REFUSED)} illegal ones in {' and '.join(tools)}", flush=True)
    if args.runs and not found:
        built = [one for one in chosen if runs(one)][:args.runs]
        found += build_and_run(built, args)
        print(f"{len(built)} of them were built, {args.cases} random cases each")
    return tree.report(found)


if __name__ == "__main__":
    sys.exit(main())
