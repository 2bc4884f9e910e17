#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""chart.py writes what was measured into the pages, and nothing when a measurement is missing."""

import json
import pathlib
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

from common import TOOLS
import chart
import tap

SIZES = (8, 16, 32, 64, 128, 256, 512, 1024, 4096, 16384)
PAGE = "before\n" + chart.BEGIN + "old\n" + chart.END + "after\n"


def bench_rows() -> list[dict]:
    rows = [{"case": "linear", "width": 64, "latency": latency, "size": size, "count": 128,
             "cycles": int(chart.bound(size)) + 7 * latency} for latency in chart.LATENCIES for size in SIZES]
    return [*rows, {"case": "unaligned", "width": 64, "latency": 1, "size": 64, "count": 128, "cycles": 9},
            {"case": "linear", "width": 32, "latency": 1, "size": 64, "count": 128, "cycles": 9}]


def tree(folder: str, rows: list[dict], screen: bool) -> pathlib.Path:
    root = pathlib.Path(folder)
    (root / "docs").mkdir()
    (root / "run").mkdir()
    (root / "docs" / "peers.csv").write_bytes((TOOLS.parent / "docs" / "peers.csv").read_bytes())
    (root / "README.md").write_text(PAGE, encoding="utf-8")
    (root / "bench.json").write_text(json.dumps(rows), encoding="utf-8")
    if screen:
        (root / "run" / "screen.png").write_bytes(b"screen")
    return root


def run(root: pathlib.Path) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, TOOLS / "chart.py", "--root", root, "--bench", root / "bench.json", "--run", root / "run"],
                          capture_output=True, text=True, check=False)


def refused(rows: list[dict], screen: bool, words: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = tree(folder, rows, screen)
        done = run(root)
        assert done.returncode == 1 and words in done.stderr, done
        assert done.stderr.count("\n") == 1, done.stderr
        assert (root / "README.md").read_text(encoding="utf-8") == PAGE
        assert not (root / "docs" / "bus-use.svg").exists()


@tap.test
def table_drawing_and_screen_are_those_that_were_measured() -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = tree(folder, bench_rows(), True)
        done = run(root)
        assert done.returncode == 0, done.stderr
        page = (root / "README.md").read_text(encoding="utf-8")
        assert "| 100 | 1280 | 1980 | 7341 | 1926 |" in page and "old" not in page, page
        assert page.startswith("before\n") and page.endswith("after\n")
        assert (root / "docs" / "screen.png").read_bytes() == b"screen"
        drawing = xml.etree.ElementTree.parse(root / "docs" / "bus-use.svg").getroot()
        lines = [element for element in drawing if element.tag.endswith("polyline")]
        assert len(lines) == 1 + 2 * len(chart.LATENCIES), len(lines)
        assert all(len(line.get("points").split()) == len(SIZES) for line in lines)


@tap.test
def a_row_that_was_not_measured_is_named() -> None:
    rows = [row for row in bench_rows() if row["latency"] != 13 or row["size"] != 256]
    refused(rows, True, "latency 13, size 256")


@tap.test
def without_a_screen_nothing_is_written() -> None:
    refused(bench_rows(), False, "make run")


@tap.test
def the_best_peer_has_the_fewest_cycles_of_those_that_fetch_descriptors() -> None:
    peers = chart.read_peers(TOOLS.parent / "docs" / "peers.csv")
    assert chart.best(peers, 1, 64) == 1635 and chart.best(peers, 100, 64) == 1926
    assert all(len(peer) == len(SIZES) * len(chart.LATENCIES) for peer in peers.values())


tap.main()
