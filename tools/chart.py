#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""chart.py - what the measurements of this tree say, into the pages that show them.

    chart.py [--bench build/bench.json] [--run build/run]

Draws docs/bus-use.svg (bus use against transfer size, one line a latency, with the bound of the
bus and the best peer that fetches its descriptors), writes the table under README's "Measured",
and copies the simulated screen to docs/screen.png. Reads build/bench.json (make bench), build/run
(make run) and docs/peers.csv, and changes nothing when one is missing or has not all its rows.
"""

import argparse
import csv
import json
import math
import pathlib
import shutil
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
WIDTH = 64
BEAT = WIDTH // 8
COUNT = 128
LATENCIES = (1, 13, 100)
TABLE_SIZE = 64
FETCHING = ("idma24", "zipcpu")  # the others are handed their descriptors on a port, beside the bus
BEGIN, END = "<!-- make chart writes from here -->\n", "<!-- to here -->\n"

X0, Y0, PLOT_W, PLOT_H = 70, 30, 660, 340
COLOURS = {1: "#1b6ca8", 13: "#2a9d5c", 100: "#c1440e"}


class Missing(Exception):
    """A measurement that is not there; the text says which command makes it."""


def read_bench(path: pathlib.Path) -> dict[tuple[int, int], int]:
    """{(latency, size): cycles} of the aligned linear case at 64 bits."""
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Missing(f"{path} cannot be read; say make bench first") from error
    return {(row["latency"], row["size"]): row["cycles"] for row in rows
            if row["case"] == "linear" and row["width"] == WIDTH and row["count"] == COUNT}


def read_peers(path: pathlib.Path) -> dict[str, dict[tuple[int, int], int]]:
    peers: dict[str, dict[tuple[int, int], int]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(line for line in file if not line.startswith("#")):
            peers.setdefault(row["peer"], {})[int(row["latency"]), int(row["size"])] = int(row["cycles"])
    return peers


def beats(size: int) -> int:
    return math.ceil(size / BEAT)


def use(size: int, cycles: float) -> float:
    """Part of the cycles in which a beat of the payload moved."""
    return COUNT * beats(size) / cycles


def bound(size: int) -> float:
    """Payload and descriptors share the one read channel."""
    return COUNT * (beats(size) + math.ceil(16 / BEAT))


def best(peers: dict[str, dict[tuple[int, int], int]], latency: int, size: int) -> int:
    """Fewest cycles of a peer that fetches its descriptors, as Dray does."""
    return min(peers[name][latency, size] for name in FETCHING)


def chart(bench: dict, peers: dict, sizes: list[int]) -> str:
    def x(size: int) -> float:
        return X0 + PLOT_W * math.log2(size / sizes[0]) / math.log2(sizes[-1] / sizes[0])

    def y(part: float) -> float:
        return Y0 + PLOT_H * (1 - part)

    def line(points: list[tuple[int, float]], style: str) -> str:
        path = " ".join(f"{x(size):.1f},{y(part):.1f}" for size, part in points)
        return f'<polyline fill="none" {style} points="{path}"/>'

    def text(left: float, top: float, words: str, more: str = "") -> str:
        return f'<text x="{left:.1f}" y="{top:.1f}" {more}>{words}</text>'

    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {X0 + PLOT_W + 220} {Y0 + PLOT_H + 60}" '
           'font-family="sans-serif" font-size="13">',
           "<!-- SPDX-License-Identifier: Apache-2.0; drawn by tools/chart.py -->",
           '<rect width="100%" height="100%" fill="#fff"/>']
    for percent in range(0, 101, 20):
        out.append(f'<path d="M{X0} {y(percent / 100):.1f}h{PLOT_W}" stroke="#ddd"/>')
        out.append(text(X0 - 8, y(percent / 100) + 4, f"{percent} %", 'text-anchor="end"'))
    for size in sizes:
        out.append(f'<path d="M{x(size):.1f} {Y0}v{PLOT_H}" stroke="#eee"/>')
        out.append(text(x(size), Y0 + PLOT_H + 18, str(size), 'text-anchor="middle"'))
    out.append(text(X0 + PLOT_W + 14, Y0 + 12 + 20 * 7, "(peers that fetch descriptors)", 'font-size="11"'))
    out.append(text(X0 + PLOT_W / 2, Y0 + PLOT_H + 42, "bytes of a transfer (128 of them, 64-bit bus, scattered pages)",
                    'text-anchor="middle"'))
    out.append(line([(size, use(size, bound(size))) for size in sizes], 'stroke="#000" stroke-width="1" stroke-dasharray="1 3"'))
    for latency in LATENCIES:
        colour = COLOURS[latency]
        out.append(line([(size, use(size, best(peers, latency, size))) for size in sizes],
                        f'stroke="{colour}" stroke-width="1.2" stroke-dasharray="6 4"'))
        out.append(line([(size, use(size, bench[latency, size])) for size in sizes], f'stroke="{colour}" stroke-width="2.4"'))
    legend = [("bound of the bus", "#000", "1 3", 1.0)]
    for latency in LATENCIES:
        legend += [(f"Dray, latency {latency}", COLOURS[latency], "", 2.4), (f"best peer, latency {latency}", COLOURS[latency], "6 4", 1.2)]
    for row, (words, colour, dash, width) in enumerate(legend):
        top = Y0 + 12 + 20 * row
        out.append(f'<path d="M{X0 + PLOT_W + 14} {top - 4}h28" stroke="{colour}" stroke-width="{width}" stroke-dasharray="{dash}"/>')
        out.append(text(X0 + PLOT_W + 48, top, words))
    return "\n".join([*out, "</svg>", ""])


def table(bench: dict, peers: dict) -> str:
    rows = ["| memory latency | bound of the bus | Dray, 64 bits | axi_cdma (no descriptors) | iDMA |", "| --- | --- | --- | --- | --- |"]
    rows += [f"| {latency} | {bound(TABLE_SIZE):.0f} | {bench[latency, TABLE_SIZE]} | {peers['axi_cdma'][latency, TABLE_SIZE]} "
             f"| {peers['idma24'][latency, TABLE_SIZE]} |" for latency in LATENCIES]
    return "\n".join(rows) + "\n"


def with_table(readme: str, rows: str) -> str:
    before, begin, rest = readme.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise Missing("README.md has lost the two comments round its table")
    return before + begin + rows + end + after


def main() -> int:
    parser = argparse.ArgumentParser(description="write the measurements of this tree into the pages that show them")
    parser.add_argument("--bench", type=pathlib.Path, default=ROOT / "build" / "bench.json")
    parser.add_argument("--run", type=pathlib.Path, default=ROOT / "build" / "run")
    parser.add_argument("--root", type=pathlib.Path, default=ROOT)
    options = parser.parse_args()
    try:
        bench, peers = read_bench(options.bench), read_peers(options.root / "docs" / "peers.csv")
        sizes = sorted({size for _, size in peers["axi_cdma"]})
        absent = [key for key in ((latency, size) for latency in LATENCIES for size in sizes) if key not in bench]
        if absent:
            raise Missing(f"{options.bench} has no row for latency {absent[0][0]}, size {absent[0][1]}; say make bench first")
        screen = options.run / "screen.png"
        if not screen.is_file():
            raise Missing(f"there is no {screen}; say make run first")
        readme = options.root / "README.md"
        page = with_table(readme.read_text(encoding="utf-8"), table(bench, peers))
    except Missing as missing:
        print(f"chart.py: {missing}.", file=sys.stderr)
        return 1
    (options.root / "docs" / "bus-use.svg").write_text(chart(bench, peers, sizes), encoding="utf-8")
    readme.write_text(page, encoding="utf-8")
    shutil.copyfile(screen, options.root / "docs" / "screen.png")
    print("wrote docs/bus-use.svg, README.md, docs/screen.png")
    return 0


if __name__ == "__main__":
    sys.exit(main())
