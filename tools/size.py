#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""size.py - synthesise configurations of the engine, and measure their area and clock.

    size.py --sources LIST.f --config min32="DATA_W=32 CHANNELS=1 ..." ... [--only NAME] [--seed N] [--json FILE]

Area is that of the bare engine as Yosys maps it. For the clock its pins are put on shift registers, so that each path from a
pin begins and ends in a flip-flop, and nextpnr places and routes that. LUT4-eq is LUT4 + 2 CCU2C + 6 DPR16X4. The exit status is
the number of runs that are over a limit.
"""

import argparse
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import tree

LOG_LINES = 20


@dataclass(frozen=True)
class Family:
    """One kind of device: how it is synthesised, placed and asked for."""
    synth: str
    place: tuple[str, ...]
    target_mhz: int


# Plain LUTs are smaller than wide multiplexers on ECP5. On iCE40 the mapper may sweep flip-flops too.
FAMILIES = {
    "ecp5": Family("synth_ecp5 -nowidelut", ("nextpnr-ecp5", "--85k", "--speed", "6", "--package", "CABGA381", "--lpf-allow-unconstrained"), 110),
    "ice40-hx8k": Family("synth_ice40 -dff", ("nextpnr-ice40", "--hx8k", "--package", "ct256", "--pcf-allow-unconstrained"), 60),
    "ice40-up5k": Family("synth_ice40 -dff -device u", ("nextpnr-ice40", "--up5k", "--package", "sg48", "--pcf-allow-unconstrained"), 24),
}

# Which families a configuration is built for.
RUNS = {
    "min32": ("ecp5", "ice40-hx8k", "ice40-up5k"), "default32": ("ecp5", "ice40-hx8k"), "default64": ("ecp5",), "full64": ("ecp5",),
    "up5k": ("ice40-up5k",),
}

# What must be reached: (what, at most or at least, how much). LUT4s are a device's logic where it has no other.
LIMITS = {
    ("min32", "ecp5"): [("lut4_eq", "most", 1500)],
    ("min32", "ice40-hx8k"): [("lut4", "most", 1900)],
    ("min32", "ice40-up5k"): [("lut4", "most", 1900), ("fmax_mhz", "least", 24)],
    ("default32", "ecp5"): [("lut4_eq", "most", 3000), ("fmax_mhz", "least", 110)],
    ("default32", "ice40-hx8k"): [("fmax_mhz", "least", 60)],
    ("default64", "ecp5"): [("lut4_eq", "most", 4000), ("fmax_mhz", "least", 110)],
    ("full64", "ecp5"): [("lut4_eq", "most", 7000), ("fmax_mhz", "least", 100)],
    ("up5k", "ice40-up5k"): [("logic_cells", "most", 1900), ("fmax_mhz", "least", 20)],
}


class Failed(Exception):
    """A tool did not end well."""


def tool(command: list[str], log: Path) -> None:
    with log.open("w") as out:
        code = subprocess.run(command, stdout=out, stderr=subprocess.STDOUT, check=False).returncode
    if code:
        tail = "\n".join(log.read_text().splitlines()[-LOG_LINES:])
        raise Failed(f"{Path(command[0]).name} ended with {code}; the end of {log}:\n{tail}")


def wrapper(ports: dict, parameters: list[str]) -> str:
    """The engine with each input on one shift register and each output on another."""
    inputs = {name: len(port["bits"]) for name, port in ports.items() if port["direction"] == "input" and name != "clk"}
    outputs = {name: len(port["bits"]) for name, port in ports.items() if port["direction"] == "output"}
    lines, at = [], 0
    for name, width in inputs.items():
        lines.append(f"        .{name}(in_q[{at + width - 1}:{at}])")
        at += width
    wide_in, at = at, 0
    for name, width in outputs.items():
        lines.append(f"        .{name}(out[{at + width - 1}:{at}])")
        at += width
    wide_out = at
    generics = ", ".join(f".{name}({value})" for name, value in (item.split("=") for item in parameters))
    return "\n".join([
        "// SPDX-License-Identifier: Apache-2.0",
        "// Written by tools/size.py: the engine between two shift registers.",
        "module size_top (input wire clk, input wire serial_in, input wire load, output wire serial_out);",
        f"    reg  [{wide_in - 1}:0] in_q;",
        f"    reg  [{wide_out - 1}:0] out_q;",
        f"    wire [{wide_out - 1}:0] out;",
        f"    always @(posedge clk) in_q  <= {{in_q[{wide_in - 2}:0], serial_in}};",
        f"    always @(posedge clk) out_q <= load ? out : {{out_q[{wide_out - 2}:0], 1'b0}};",
        f"    assign serial_out = out_q[{wide_out - 1}];",
        f"    dray #({generics}) u_engine (",
        "        .clk(clk),",
        ",\n".join(lines),
        "    );",
        "endmodule",
        "",
    ])


def top_of(netlist: dict) -> dict:
    """The engine: Yosys gives it a name of its own when it sets parameters."""
    return next(module for module in netlist["modules"].values() if int(module["attributes"].get("top", "0"), 2))


def count(engine: dict) -> dict[str, int]:
    cells: dict[str, int] = {}
    for cell in engine["cells"].values():
        cells[cell["type"]] = cells.get(cell["type"], 0) + 1

    def total(*names: str) -> int:
        return sum(number for name, number in cells.items() if name.startswith(names))

    area = {
        "lut4": total("LUT4", "SB_LUT4"), "ccu2c": total("CCU2C"), "dpr16x4": total("TRELLIS_DPR16X4"),
        "ff": total("TRELLIS_FF", "SB_DFF"), "bram": total("DP16KD", "PDPW16KD", "SB_RAM40"), "carry": total("SB_CARRY"),
    }
    area["lut4_eq"] = area["lut4"] + 2 * area["ccu2c"] + 6 * area["dpr16x4"]
    return area


class Builder:
    """Runs the tools for one tree; each run has files of its own in the folder `out`."""

    def __init__(self, args: argparse.Namespace) -> None:
        self.args = args
        self.sources = tree.listed(args.sources)

    def measure(self, name: str, family_name: str, parameters: list[str]) -> dict:
        family = FAMILIES[family_name]
        base = self.args.out / f"{name.replace(' ', '')}-{family_name}"
        area_json, top_json, top_sv = (base.with_suffix(end) for end in (".area.json", ".json", ".sv"))
        report = base.with_suffix(".report.json")

        setting = " ".join(f"-set {item.replace('=', ' ')}" for item in parameters)
        read = f"read_verilog -sv {' '.join(self.sources)}"
        tool([self.args.yosys, "-q", "-p", f"{read}; chparam {setting} dray; {family.synth} -top dray -json {area_json}"],
             base.with_suffix(".area.log"))
        engine = top_of(json.loads(area_json.read_text()))
        row = {"config": name, "family": family_name, **count(engine)}

        top_sv.write_text(wrapper(engine["ports"], parameters))
        tool([self.args.yosys, "-q", "-p", f"{read} {top_sv}; {family.synth} -top size_top -json {top_json}"],
             base.with_suffix(".synth.log"))
        place = [str(Path(self.args.yosys).parent / family.place[0]) if "/" in self.args.yosys else family.place[0]]
        tool([*place, *family.place[1:], "--json", str(top_json), "--seed", str(self.args.seed), "--freq", str(family.target_mhz),
              "--timing-allow-fail", "--report", str(report), "-q"], base.with_suffix(".place.log"))
        placed = json.loads(report.read_text())
        row["logic_cells"] = sum(use["used"] for kind, use in placed["utilization"].items() if kind in ("TRELLIS_COMB", "ICESTORM_LC"))
        row["fmax_mhz"] = round(min(clock["achieved"] for clock in placed["fmax"].values()), 2)
        row["seed"] = self.args.seed
        return row


def over(row: dict) -> list[str]:
    """What of a row misses its limit, as text."""
    missed = []
    for what, kind, limit in LIMITS.get((row["config"], row["family"]), []):
        if (row[what] > limit) if kind == "most" else (row[what] < limit):
            missed.append(f"{what} {row[what]}, at {kind} {limit}")
    return missed


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sources", type=Path, required=True)
    parser.add_argument("--config", action="append", default=[], metavar="NAME=PARAMETERS")
    parser.add_argument("--only", default="")
    parser.add_argument("--family", default="")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--yosys", default="yosys")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--out", type=Path, default=Path("build/size"))
    parser.add_argument("--json", type=Path, default=Path("build/size.json"))
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)

    builder = Builder(args)
    work = []
    for config in args.config:
        name, parameters = config.split("=", 1)
        given = dict(item.split("=") for item in parameters.split())  # of two values the later one
        for family in RUNS[name.split()[0]]:
            if args.only in ("", name) and args.family in ("", family):
                work.append((name, family, [f"{key}={value}" for key, value in given.items()]))
    if not work:
        print(f"size: no run is named {args.only} {args.family}".rstrip(), file=sys.stderr)
        return 1

    rows, missed = [], 0
    print(f"{'config':<17}{'family':<11}{'LUT4':>6}{'CCU2C':>7}{'DPR':>5}{'FF':>6}{'BRAM':>6}{'LUT4-eq':>9}{'cells':>7}{'MHz':>8}")
    with ThreadPoolExecutor(args.jobs) as pool:
        for row in pool.map(lambda item: builder.measure(*item), work):
            rows.append(row)
            why = over(row)
            missed += bool(why)
            print(f"{row['config']:<17}{row['family']:<11}{row['lut4']:>6}{row['ccu2c']:>7}{row['dpr16x4']:>5}{row['ff']:>6}"
                  f"{row['bram']:>6}{row['lut4_eq']:>9}{row['logic_cells']:>7}{row['fmax_mhz']:>8}"
                  f"{'  OVER: ' + '; '.join(why) if why else ''}", flush=True)
    args.json.parent.mkdir(parents=True, exist_ok=True)
    args.json.write_text(json.dumps(rows, indent=1) + "\n")
    return missed


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Failed as failure:
        print(f"size: {failure}", file=sys.stderr)
        sys.exit(1)
