#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs test programs, some at a time, and says what came out: `N passed, N failed` is the last line.

    run_tests.py [-j N] [--timeout SECONDS] [--json FILE] <program>...

A program is a cmocka executable, or anything that prints TAP. It has failed, whatever its tests say, when it prints no
plan, crashes, ends non-zero without a failing test, runs fewer or more tests than planned, bails out, or takes too long.
Passing programs are quiet; of a failing one its failures, with what it wrote to standard error (the sanitizers do).
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import asdict, dataclass, field
from pathlib import Path

import tap

STDERR_LINES = 200          # a sanitizer's report has its cause at the top, so what is shown begins there
AFTER_KILL_SECONDS = 5      # for the pipes of a killed program to close


@dataclass
class Outcome:
    """One program: its tests, and what was wrong with the program itself, if anything was."""
    program: str
    results: list[tap.Result] = field(default_factory=list)
    problem: str = ""
    stderr: str = ""
    seconds: float = 0.0

    def count(self, outcome: str) -> int:
        return sum(result.outcome == outcome for result in self.results)

    def failures(self) -> int:
        return self.count("failed") + bool(self.problem)


class Runner:
    """Starts programs and can kill all that run: each has a process group of its own, its children included."""

    def __init__(self, timeout: float) -> None:
        self.timeout = timeout
        self.running: dict[str, subprocess.Popen[str]] = {}
        self.lock = threading.Lock()

    def run(self, program: str) -> Outcome:
        outcome = Outcome(program)
        begun = time.monotonic()
        command = [sys.executable, program] if program.endswith(".py") else [str(Path(program).absolute())]
        try:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                       stderr=subprocess.PIPE, text=True, errors="replace", start_new_session=True,
                                       env={**os.environ, "CMOCKA_MESSAGE_OUTPUT": "TAP"})
        except OSError as error:
            outcome.problem = f"does not start: {error.strerror}"
            return outcome
        with self.lock:
            self.running[program] = process
        stdout, outcome.stderr, killed = self.collect(process)
        with self.lock:
            del self.running[program]
        outcome.seconds = round(time.monotonic() - begun, 3)
        report = tap.parse(stdout)
        outcome.results = report.results
        outcome.problem = (f"killed after {self.timeout:g} s" if killed
                           else problem_of(report, process.returncode))
        return outcome

    def collect(self, process: subprocess.Popen[str]) -> tuple[str, str, bool]:
        try:
            return *process.communicate(timeout=self.timeout), False
        except subprocess.TimeoutExpired:
            kill_group(process)
        try:
            return *process.communicate(timeout=AFTER_KILL_SECONDS), True
        except subprocess.TimeoutExpired:       # a grandchild in a group of its own still holds the pipe
            return "", "", True

    def kill_all(self) -> None:
        with self.lock:
            for process in self.running.values():
                kill_group(process)


def kill_group(process: subprocess.Popen[str]) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def problem_of(report: tap.Report, code: int) -> str:
    """What is wrong with a program beyond its failing tests, or nothing."""
    if code < 0:
        return f"crashed: {signal.strsignal(-code) or -code}"
    if report.bailed is not None:
        return f"bailed out: {report.bailed}"
    if report.planned is None:
        return f"printed no plan (exit code {code})"
    if len(report.results) != report.planned:
        return f"planned {report.planned} tests, ran {len(report.results)} (exit code {code})"
    failing = any(result.outcome == "failed" for result in report.results)
    if code != 0 and not failing:
        return f"exit code {code} without a failing test"
    return ""


class Progress:
    """One line on a terminal that overwrites itself; nothing in a pipe."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.tick = 0.5 if sys.stdout.isatty() else None        # seconds between two looks

    def show(self, done: list[Outcome], running: list[str]) -> None:
        if self.tick:
            passed, failed = sum(o.count("passed") for o in done), sum(o.failures() for o in done)
            names = " ".join(Path(name).name for name in running)
            line = f"[{len(done)}/{self.total}] {passed} passed, {failed} failed  {names}"
            print("\r\033[K" + line[:shutil.get_terminal_size().columns - 1], end="", flush=True)

    def clear(self) -> None:
        if self.tick:
            print("\r\033[K", end="", flush=True)


def tell(outcome: Outcome) -> None:
    """The skips of a program, and all there is to know when it failed."""
    for result in outcome.results:
        if result.outcome == "skipped":
            print(f"SKIP {outcome.program}: {result.name}: {result.reason}")
        elif result.outcome == "failed":
            print(f"FAIL {outcome.program}: {result.name}")
            for line in result.lines:
                print(f"     {line}")
    if outcome.problem:
        print(f"FAIL {outcome.program}: {outcome.problem}")
    if outcome.failures() and outcome.stderr:
        lines = outcome.stderr.splitlines()
        for line in lines[:STDERR_LINES]:
            print(f"   | {line}")
        if len(lines) > STDERR_LINES:
            print(f"   | ({len(lines) - STDERR_LINES} more lines)")


def run_all(programs: list[str], jobs: int, timeout: float) -> list[Outcome]:
    runner, progress, done = Runner(timeout), Progress(len(programs)), []
    with ThreadPoolExecutor(jobs) as pool:
        try:
            waiting = {pool.submit(runner.run, program) for program in programs}
            while waiting:
                progress.show(done, list(runner.running))
                ended, waiting = wait(waiting, progress.tick, FIRST_COMPLETED)
                progress.clear()
                for future in ended:
                    done.append(future.result())
                    tell(done[-1])
        except KeyboardInterrupt:
            pool.shutdown(wait=False, cancel_futures=True)
            runner.kill_all()
            progress.clear()
            sys.exit(130)
    return sorted(done, key=lambda outcome: programs.index(outcome.program))


def main() -> int:
    options = argparse.ArgumentParser(description="run TAP test programs")
    options.add_argument("-j", "--jobs", type=int, default=2)
    options.add_argument("--timeout", type=float, default=300, help="seconds for one program")
    options.add_argument("--json", type=Path, help="where to write every result")
    options.add_argument("programs", nargs="*")
    chosen = options.parse_args()

    outcomes = run_all(chosen.programs, chosen.jobs, chosen.timeout)
    passed, skipped = (sum(o.count(kind) for o in outcomes) for kind in ("passed", "skipped"))
    failed = sum(o.failures() for o in outcomes)
    if chosen.json:
        chosen.json.parent.mkdir(parents=True, exist_ok=True)
        chosen.json.write_text(json.dumps({"passed": passed, "failed": failed, "skipped": skipped,
                                           "programs": [asdict(o) for o in outcomes]}, indent=1) + "\n")
    if passed + failed == 0:
        print("FAIL no test ran")
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed or passed == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
