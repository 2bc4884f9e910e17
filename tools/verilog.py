#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""verilog.py - the engine, in one configuration, as one plain Verilog-2005 file.

    verilog.py --sources LIST.f --out FILE.v --set "DATA_W=64 CHANNELS=2 ..." [--yosys YOSYS]

For tools that read no SystemVerilog. Yosys elaborates the sources with these parameters, without
the checks, and writes them as modules without parameters; this names them after their sources
(dray_queue, dray_queue_2, ...).
"""

import argparse
import pathlib
import re
import subprocess
import sys
import tempfile

import tree

TOP = "dray"
LOG_LINES = 20

# A module that Yosys gave its parameters to: \$paramod$<hash>\name or \$paramod\name\NAME=value...
PARAMOD = re.compile(r"\\\$paramod(?:\$[0-9a-f]+\\(?P<hashed>\w+)|\\(?P<named>\w+)\\\S*)")


class Failed(Exception):
    """The sources cannot be translated; the text says why."""


def script(sources: list[str], parameters: dict[str, str], out: str) -> str:
    values = " ".join(f"-set {name} {value}" for name, value in parameters.items())
    return "\n".join([
        f"read_verilog -sv -DSYNTHESIS {' '.join(sources)}",
        f"chparam {values} {TOP}" if values else "",
        f"hierarchy -check -top {TOP}",
        "proc",
        "opt -full",  # among others, a memory is written by words, not bit by bit
        "pmuxtree",  # what is left of a case would be written as a function with a $ in its name
        "opt_clean",
        f"write_verilog -noattr {out}",
    ])


def with_plain_names(text: str) -> str:
    """Modules bear the names of their sources; the second of a name gets a number."""
    names: dict[str, str] = {}
    used: dict[str, int] = {}
    for found in re.finditer(r"^module (\S+)", text, re.M):
        given = found.group(1).rstrip("(")
        match = PARAMOD.fullmatch(given)
        if match:
            base = match["hashed"] or match["named"]
            used[base] = used.get(base, 0) + 1
            names[given] = base if used[base] == 1 else f"{base}_{used[base]}"
    return PARAMOD.sub(lambda match: names[match.group(0)], text)


def header(parameters: dict[str, str]) -> str:
    lines = ["// SPDX-License-Identifier: Apache-2.0", "//",
             f"// {TOP} as plain Verilog-2005, written by make verilog: rtl/dray/dray.sv documents it. Parameters:", "//"]
    lines += [f"//     {name:14} {value}" for name, value in parameters.items()]
    return "\n".join([*lines, "", ""])


def translate(yosys: str, sources: list[str], parameters: dict[str, str], room: pathlib.Path) -> str:
    # Yosys from a wheel sees the working directory only, so what it writes stands below `room`, not in /tmp.
    with tempfile.TemporaryDirectory(dir=room) as folder:
        steps, plain = pathlib.Path(folder) / "steps.ys", pathlib.Path(folder) / "plain.v"
        steps.write_text(script(sources, parameters, plain.as_posix()), encoding="utf-8")
        done = subprocess.run([yosys, "-q", steps.as_posix()], capture_output=True, text=True, check=False)
        if done.returncode:
            tail = "\n".join((done.stdout + done.stderr).splitlines()[-LOG_LINES:])
            raise Failed(f"yosys ended with {done.returncode}:\n{tail}")
        text = plain.read_text(encoding="utf-8")
    return header(parameters) + with_plain_names(re.sub(r"\A/\*.*?\*/\s*", "", text, flags=re.S))


def main() -> int:
    parser = argparse.ArgumentParser(description="write the engine as one plain Verilog-2005 file")
    parser.add_argument("--sources", type=pathlib.Path, required=True)
    parser.add_argument("--set", default="", dest="parameters")
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--yosys", default="yosys")
    options = parser.parse_args()
    try:
        sources = tree.listed(options.sources)
        for word in options.parameters.split():
            if not re.fullmatch(r"[A-Z_0-9]+=\d+", word):
                raise Failed(f"{word} is no parameter; write NAME=NUMBER")
        parameters = dict(word.split("=") for word in options.parameters.split())
        options.out.parent.mkdir(parents=True, exist_ok=True)
        text = translate(options.yosys, sources, parameters, options.out.parent)
        options.out.write_text(text, encoding="utf-8")
    except (OSError, Failed) as error:
        print(f"verilog.py: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
